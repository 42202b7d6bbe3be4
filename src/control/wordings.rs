//! Wordings: example questions with the control each asks about, from `schemas/wordings.tsv`.
//!
//! A question is compared with every example. What an example says for or against a control stands beside it in the
//! file; it was learnt from the examples (`learn.rs`), so that the right control comes first for each of them. The
//! sum over all examples, each as far as it resembles the question, is the score of a control.

mod features;
#[cfg(test)]
mod learn;

use std::sync::LazyLock;

use rayon::prelude::*;

use super::Controls;
use super::terms::{Reading, Terms, letters};
use features::{Features, KINDS, SLOTS, features};

/// The unit of the numbers in the file.
const UNIT: f32 = 100.0;

/// An example question.
#[derive(Clone, Debug)]
pub(super) struct Example {
    /// As written.
    pub(super) text: &'static str,
    /// The control it asks about, as an index into the catalogue; the number of controls where it is none.
    pub(super) class: usize,
    /// True if its yes says what a no to the control says.
    pub(super) turned: bool,
    /// What it says for or against a class.
    says: Vec<(usize, f32)>,
    /// What it says for or against being turned.
    turns: f32,
}

/// All examples, with the places of their features.
#[derive(Debug)]
pub(super) struct Wordings {
    pub(super) examples: Vec<Example>,
    /// How much a slot counts: rare ones count more.
    rarity: Vec<f32>,
    /// The examples of each class.
    of_class: Vec<Vec<u16>>,
    /// For each slot where its places start.
    starts: Vec<u32>,
    /// The examples with the feature, and how much it counts in them.
    places: Vec<(u16, f32)>,
    /// The sum of what all examples say for being turned.
    turned_at_all: f32,
}

/// How a question compares with the examples.
#[derive(Debug)]
pub(super) struct Compared {
    /// For each control how much speaks for it; the last is for none.
    pub(super) scores: Vec<f32>,
    /// How much speaks for the question being turned round: above 0 it probably is.
    pub(super) turned: f32,
    /// How much each example resembles the question, 0 to 1.
    alike: Vec<f32>,
}

static BUNDLED: LazyLock<Wordings> = LazyLock::new(|| {
    let examples = parse(include_str!("../../schemas/wordings.tsv"));
    let features: Vec<Features> = examples
        .par_iter()
        .map(|example| read(example.text))
        .collect();
    Wordings::new(examples, &features)
});

fn read(text: &str) -> Features {
    let letters = letters(text);
    features(&letters, &Terms::bundled().read_letters(&letters))
}

/// The examples of the file: part, control, text and what was learnt, between tabs.
fn parse(file: &'static str) -> Vec<Example> {
    let lines = file
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    let example = |line: &'static str| {
        let mut fields = line.split('\t').skip(1);
        let (named, text) = (fields.next()?, fields.next()?);
        let turned = named.starts_with('!');
        let mut says = Vec::new();
        let mut turns = 0.0;
        for word in fields.next().unwrap_or_default().split(' ') {
            let Some((name, number)) = word.split_once(':') else {
                continue;
            };
            let number = number.parse::<f32>().ok()? / UNIT;
            if name == "!" {
                turns = number;
            } else {
                says.push((class(name)?, number));
            }
        }
        Some(Example {
            text,
            class: class(named.trim_start_matches('!'))?,
            turned,
            says,
            turns,
        })
    };
    lines.filter_map(example).collect()
}

fn class(name: &str) -> Option<usize> {
    let controls = Controls::bundled();
    match name {
        "-" => Some(controls.controls.len()),
        name => controls.index.get(name).copied(),
    }
}

impl Wordings {
    /// The bundled examples.
    pub(super) fn bundled() -> &'static Wordings {
        &BUNDLED
    }

    fn new(examples: Vec<Example>, features: &[Features]) -> Self {
        let mut counts = vec![0u32; SLOTS];
        let slots = |features: &Features| -> Vec<u32> {
            features.iter().flatten().map(|(slot, _)| *slot).collect()
        };
        for slot in features.iter().flat_map(slots) {
            counts[slot as usize] += 1;
        }
        let all = features.len() as f32;
        // Most slots are empty, and few counts are large.
        let rare = |count: u32| ((1.0 + all) / (1.0 + count as f32)).ln() + 1.0;
        let small: Vec<f32> = (0..64).map(rare).collect();
        let rarity = counts
            .iter()
            .map(|count| {
                let known = small.get(*count as usize);
                known.copied().unwrap_or_else(|| rare(*count))
            })
            .collect();
        let mut starts = Vec::with_capacity(SLOTS + 1);
        let mut start = 0;
        for count in &counts {
            starts.push(start);
            start += count;
        }
        starts.push(start);
        let turned_at_all = examples.iter().map(|example| example.turns).sum();
        let mut of_class = vec![Vec::new(); Controls::bundled().controls.len() + 1];
        for (at, example) in examples.iter().enumerate() {
            of_class[example.class].push(at as u16);
        }
        let mut wordings = Self {
            examples,
            rarity,
            of_class,
            starts,
            places: vec![(0, 0.0); start as usize],
            turned_at_all,
        };
        let mut next = wordings.starts.clone();
        for (at, features) in features.iter().enumerate() {
            for (slot, weight) in wordings.weighed(features) {
                let place = &mut next[slot as usize];
                wordings.places[*place as usize] = (at as u16, weight);
                *place += 1;
            }
        }
        wordings
    }

    /// The features with their weights, of length 1 together.
    fn weighed(&self, features: &Features) -> Vec<(u32, f32)> {
        let mut weighed = Vec::with_capacity(features.iter().map(Vec::len).sum());
        for (kind, share) in features.iter().zip(KINDS) {
            let from = weighed.len();
            weighed.extend(
                kind.iter()
                    .map(|(slot, count)| (*slot, count * self.rarity[*slot as usize])),
            );
            scale(&mut weighed[from..], share);
        }
        scale(&mut weighed, 1.0);
        weighed
    }

    /// Compares a question that was read with all examples.
    pub(super) fn compare(&self, letters: &[char], reading: &Reading) -> Compared {
        let mut alike = vec![0.0f32; self.examples.len()];
        for (slot, weight) in self.weighed(&features(letters, reading)) {
            let slot = slot as usize;
            let places = self.starts[slot] as usize..self.starts[slot + 1] as usize;
            for (at, there) in &self.places[places] {
                alike[usize::from(*at)] += weight * there;
            }
        }
        let mut scores = vec![0.0; Controls::bundled().controls.len() + 1];
        let mut turned = self.turned_at_all;
        for (example, alike) in self
            .examples
            .iter()
            .zip(&alike)
            .filter(|(_, alike)| **alike > 0.0)
        {
            turned += example.turns * alike;
            for (class, says) in &example.says {
                scores[*class] += says * alike;
            }
        }
        Compared {
            scores,
            turned,
            alike,
        }
    }

    /// The example of a class that resembles the question most, and how much; turned ones or the others.
    pub(super) fn nearest(
        &self,
        compared: &Compared,
        class: usize,
        turned: bool,
    ) -> Option<(&Example, f32)> {
        let all = self.of_class[class].iter().map(|at| usize::from(*at));
        all.map(|at| (&self.examples[at], compared.alike[at]))
            .filter(|(example, _)| example.turned == turned)
            .reduce(|best, next| if next.1 > best.1 { next } else { best })
    }
}

/// Makes weights this long together.
fn scale(weights: &mut [(u32, f32)], length: f32) {
    let square: f32 = weights.iter().map(|(_, weight)| weight * weight).sum();
    if square > 0.0 {
        let factor = length / square.sqrt();
        weights.iter_mut().for_each(|(_, weight)| *weight *= factor);
    }
}
