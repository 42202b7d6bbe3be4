//! Learning: what each example says for or against a control, and how sure a match is.
//!
//! Run by hand in a release build (see `schemas/wordings.tsv`); deterministic. Two linear machines are learnt, one for
//! the control (multi-class margins after Crammer and Singer) and one for being turned round, both as weights of the
//! examples; then the weights of the evidence, on examples that were left out while learning.

#![allow(clippy::print_stdout)] // its figures are what one runs it for

use std::collections::HashMap;

use serde::Deserialize;

use super::*;
use crate::control::evidence::{Evidence, WEIGHTS};
use crate::control::{Question, THRESHOLD};

/// How hard the margins are enforced.
const FORCE: f32 = 2.0;
const FORCE_TURNED: f32 = 1.0;
/// How often all examples are gone through.
const ROUNDS: usize = 40;
/// What says less than this is left out of the file.
const LEAST: f32 = 0.03;
/// The share of the wordings of a part that a sure match should be right for.
const AIM: f64 = 0.97;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/wordings.tsv");

type Vector = Vec<(u32, f32)>;

/// What is learnt for each example: for and against classes, and for being turned.
struct Learnt {
    says: Vec<Vec<(usize, f32)>>,
    turns: Vec<f32>,
}

fn learn(vectors: &[Vector], examples: &[Example], classes: usize) -> Learnt {
    let labels: Vec<usize> = examples.iter().map(|example| example.class).collect();
    let says = learn_classes(vectors, &labels, classes);
    let turned: Vec<bool> = examples.iter().map(|example| example.turned).collect();
    let round = |number: f32| (number * UNIT).round() / UNIT;
    let kept = |row: &Vec<f32>| -> Vec<(usize, f32)> {
        let rounded = row
            .iter()
            .enumerate()
            .map(|(class, says)| (class, round(*says)));
        rounded.filter(|(_, says)| says.abs() >= LEAST).collect()
    };
    Learnt {
        says: says.iter().map(kept).collect(),
        turns: learn_turned(vectors, &turned)
            .into_iter()
            .map(round)
            .collect(),
    }
}

/// The dual of the multi-class machine, one example after the other (Keerthi et al. 2008).
fn learn_classes(vectors: &[Vector], labels: &[usize], classes: usize) -> Vec<Vec<f32>> {
    let mut plane = vec![0.0f32; SLOTS * classes];
    let mut says = vec![vec![0.0f32; classes]; vectors.len()];
    for round in 0..ROUNDS {
        let mut moved = 0.0f32;
        for at in order(vectors.len(), round) {
            let (vector, label) = (&vectors[at], labels[at]);
            let mut pull: Vec<f32> = (0..classes)
                .map(|class| f32::from(u8::from(class != label)))
                .collect();
            for (slot, weight) in vector {
                let row = &plane[*slot as usize * classes..][..classes];
                pull.iter_mut()
                    .zip(row)
                    .for_each(|(pull, there)| *pull += weight * there);
            }
            for (pull, says) in pull.iter_mut().zip(&says[at]) {
                *pull -= says;
            }
            let mut sorted = pull.clone();
            sorted[label] += FORCE;
            sorted.sort_by(|a, b| b.total_cmp(a));
            let (mut level, mut taken) = (sorted[0] - FORCE, 1);
            while taken < classes && level < taken as f32 * sorted[taken] {
                level += sorted[taken];
                taken += 1;
            }
            level /= taken as f32;
            for class in 0..classes {
                let most = if class == label { FORCE } else { 0.0 };
                let new = (level - pull[class]).min(most);
                let step = new - says[at][class];
                if step.abs() > 1e-6 {
                    moved = moved.max(step.abs());
                    says[at][class] = new;
                    for (slot, weight) in vector {
                        plane[*slot as usize * classes + class] += step * weight;
                    }
                }
            }
        }
        if moved < 0.005 {
            break;
        }
    }
    says
}

/// The dual of a machine with two classes and squared loss, both classes counting the same.
fn learn_turned(vectors: &[Vector], turned: &[bool]) -> Vec<f32> {
    let (mut plane, mut base) = (vec![0.0f32; SLOTS], 0.0f32);
    let mut turns = vec![0.0f32; vectors.len()];
    let many = turned.iter().filter(|turned| **turned).count() as f32;
    let all = turned.len() as f32;
    for round in 0..ROUNDS * 3 {
        for at in order(vectors.len(), round) {
            let (sign, count) = if turned[at] {
                (1.0, many)
            } else {
                (-1.0, all - many)
            };
            let soft = 0.5 / (FORCE_TURNED * all / (2.0 * count));
            let value: f32 = base
                + vectors[at]
                    .iter()
                    .map(|(slot, weight)| plane[*slot as usize] * weight)
                    .sum::<f32>();
            let old = turns[at] * sign;
            let new = (old - (sign * value - 1.0 + old * soft) / (2.0 + soft)).max(0.0);
            let step = (new - old) * sign;
            turns[at] += step;
            base += step;
            for (slot, weight) in &vectors[at] {
                plane[*slot as usize] += step * weight;
            }
        }
    }
    turns
}

/// All numbers below `count`, in an order that is another for every round.
fn order(count: usize, round: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|at| {
        (*at as u64 + 1)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15 ^ ((round as u64) << 20))
            .rotate_left(17)
    });
    order
}

/// The examples with what they say, as they would be bundled.
fn taught(mut examples: Vec<Example>) -> (Wordings, Learnt) {
    let features: Vec<Features> = examples
        .par_iter()
        .map(|example| read(example.text))
        .collect();
    let classes = Controls::bundled().controls.len() + 1;
    let plain = Wordings::new(examples.clone(), &features);
    let vectors: Vec<Vector> = features
        .iter()
        .map(|features| plain.weighed(features))
        .collect();
    let learnt = learn(&vectors, &examples, classes);
    for ((example, says), turns) in examples.iter_mut().zip(&learnt.says).zip(&learnt.turns) {
        example.says.clone_from(says);
        example.turns = *turns;
    }
    (Wordings::new(examples, &features), learnt)
}

#[derive(Deserialize)]
struct Labelled {
    text: String,
    #[serde(default)]
    section: String,
    #[serde(default)]
    also: Vec<String>,
}

#[derive(Deserialize)]
struct Part {
    question: Vec<Labelled>,
}

/// The labelled wordings by text: the heading and the other controls that are right.
fn labelled() -> HashMap<String, Labelled> {
    let mut all = HashMap::new();
    for part in ["seen", "further", "seen-a", "seen-b"] {
        let file = format!("{}/tests/matching/{part}.toml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(file).expect("a part of the wordings");
        let part: Part = toml::from_str(&text).expect("the wordings are TOML");
        all.extend(
            part.question
                .into_iter()
                .map(|question| (question.text.clone(), question)),
        );
    }
    all
}

/// A left-out wording, matched.
struct Tried {
    part: &'static str,
    evidence: Vec<f64>,
    right: bool,
    askable: bool,
    line: String,
}

fn try_out(
    wordings: &Wordings,
    examples: &[(&'static str, Example)],
    labels: &HashMap<String, Labelled>,
) -> Vec<Tried> {
    let controls = Controls::bundled();
    let tried = |(part, example): &(&'static str, Example)| {
        let label = labels.get(example.text);
        let question = Question {
            section: label.map_or("", |label| &label.section),
            ..Question::new(example.text)
        };
        let evidence = Evidence::of(controls, wordings, &question);
        let best = evidence.ranked().first().copied();
        let accepted = |class: usize| {
            let id = controls.controls[class].id.as_str();
            class == example.class
                || label.is_some_and(|label| label.also.iter().any(|also| also == id))
        };
        let right = !example.turned && best.is_some_and(accepted);
        let told = best.map_or("-", |class| controls.controls[class].id.as_str());
        Tried {
            part,
            evidence: best.map_or_else(
                || vec![0.0; WEIGHTS.len() - 1],
                |class| evidence.facts(class).to_vec(),
            ),
            right,
            askable: !example.turned && example.class < controls.controls.len(),
            line: format!(
                "{told} <- {}{}",
                if example.turned { "!" } else { "" },
                example.text
            ),
        }
    };
    examples.par_iter().map(tried).collect()
}

/// The weights of the facts that tell right matches from wrong ones best; the last is the constant.
fn weigh(tried: &[&Tried]) -> Vec<f64> {
    let count = tried[0].evidence.len();
    let all = tried.len() as f64;
    let mean: Vec<f64> = (0..count)
        .map(|at| tried.iter().map(|t| t.evidence[at]).sum::<f64>() / all)
        .collect();
    let spread: Vec<f64> = (0..count)
        .map(|at| {
            (tried
                .iter()
                .map(|t| (t.evidence[at] - mean[at]).powi(2))
                .sum::<f64>()
                / all)
                .sqrt()
                + 1e-9
        })
        .collect();
    let rows: Vec<Vec<f64>> = tried
        .iter()
        .map(|t| {
            t.evidence
                .iter()
                .enumerate()
                .map(|(at, fact)| (fact - mean[at]) / spread[at])
                .chain([1.0])
                .collect()
        })
        .collect();
    let mut weights = vec![0.0; count + 1];
    for _ in 0..3000 {
        let mut slope = vec![0.0; count + 1];
        for (row, t) in rows.iter().zip(tried) {
            let sum: f64 = row
                .iter()
                .zip(&weights)
                .map(|(fact, weight)| fact * weight)
                .sum();
            let error = f64::from(u8::from(t.right)) - 1.0 / (1.0 + (-sum).exp());
            slope
                .iter_mut()
                .zip(row)
                .for_each(|(slope, fact)| *slope += error * fact);
        }
        for (at, (weight, slope)) in weights.iter_mut().zip(&slope).enumerate() {
            let hold = if at < count { 10.0 * *weight } else { 0.0 };
            *weight += (slope - hold) / all;
        }
    }
    let constant = weights[count]
        - (0..count)
            .map(|at| weights[at] * mean[at] / spread[at])
            .sum::<f64>();
    (0..count)
        .map(|at| weights[at] / spread[at])
        .chain([constant])
        .collect()
}

fn sum(weights: &[f64], facts: &[f64]) -> f64 {
    facts
        .iter()
        .zip(weights)
        .map(|(fact, weight)| fact * weight)
        .sum::<f64>()
        + weights[facts.len()]
}

/// Precision and coverage at a cut.
fn figures<'t>(tried: impl Iterator<Item = (&'t Tried, f64)>, cut: f64) -> (f64, f64) {
    let (mut sure, mut right, mut askable) = (0.0, 0.0, 0.0);
    for (t, sum) in tried {
        askable += f64::from(u8::from(t.askable));
        sure += f64::from(u8::from(sum >= cut));
        right += f64::from(u8::from(sum >= cut && t.right));
    }
    (right / f64::max(sure, 1.0), right / f64::max(askable, 1.0))
}

/// Leaves out one writer after the other, and prints the figures and the weights of the evidence.
fn cross_validate(all: &[(&'static str, Example)], without: &[&str]) {
    let labels = labelled();
    let mut tried: Vec<Tried> = Vec::new();
    for part in ["a", "b", "u", "m0", "m1"] {
        let half = part
            .strip_prefix('m')
            .and_then(|half| half.parse::<usize>().ok());
        let left_out = |(at, (of, _)): &(usize, &(&'static str, Example))| match half {
            Some(half) => *of == "m" && at % 2 == half,
            None => *of == part,
        };
        let (out, kept): (Vec<_>, Vec<_>) = all.iter().enumerate().partition(left_out);
        let kept = kept
            .into_iter()
            .filter(|(_, (of, _))| !without.contains(of));
        let (wordings, _) = taught(kept.map(|(_, (_, example))| example.clone()).collect());
        let out: Vec<_> = out
            .into_iter()
            .map(|(_, example)| example.clone())
            .collect();
        tried.extend(try_out(&wordings, &out, &labels));
    }
    let mut summed: Vec<(&Tried, f64)> = Vec::new();
    for part in ["a", "b", "u"] {
        let others: Vec<&Tried> = tried.iter().filter(|t| t.part != part).collect();
        let weights = weigh(&others);
        summed.extend(
            tried
                .iter()
                .filter(|t| t.part == part)
                .map(|t| (t, sum(&weights, &t.evidence))),
        );
    }
    let mut best = (0.0, 0.0, 0.0);
    for step in -10..50 {
        let cut = f64::from(step) / 10.0;
        let (precision, coverage) = figures(summed.iter().copied(), cut);
        if precision >= AIM && coverage > best.2 {
            best = (cut, precision, coverage);
        }
        if step % 4 == 0 {
            println!("cut {cut:.1}: precision {precision:.3} coverage {coverage:.3}");
        }
    }
    for part in ["a", "b", "u"] {
        let of = summed.iter().copied().filter(|(t, _)| t.part == part);
        let askable = of.clone().filter(|(t, _)| t.askable).count();
        let first = of.clone().filter(|(t, _)| t.right).count();
        println!(
            "{part}: first {:.3}, at {:.1} {:.3?}",
            first as f64 / askable as f64,
            best.0,
            figures(of, best.0)
        );
    }
    for (t, _) in summed.iter().filter(|(t, sum)| *sum >= best.0 && !t.right) {
        println!("  wrong: {}", t.line);
    }
    let mut weights = weigh(&tried.iter().collect::<Vec<_>>());
    // The cut becomes the threshold.
    if let Some(constant) = weights.last_mut() {
        *constant += (THRESHOLD / (1.0 - THRESHOLD)).ln() - best.0;
    }
    println!(
        "cut {:.1}: precision {:.3}, coverage {:.3}; weights {weights:.2?}",
        best.0, best.1, best.2
    );
}

fn controls_of(text: &str) -> usize {
    Controls::bundled()
        .match_question(&Question::new(text))
        .len()
}

#[test]
#[ignore = "writes schemas/wordings.tsv; minutes without --release"]
fn learn_wordings() {
    let file: &'static str = include_str!("../../../schemas/wordings.tsv");
    let lines: Vec<&'static str> = file.lines().filter(|line| !line.starts_with('#')).collect();
    let examples = parse(file);
    assert_eq!(lines.len(), examples.len(), "a line that is no example");
    let parts = lines
        .iter()
        .map(|line| line.split('\t').next().unwrap_or_default());
    let all: Vec<(&'static str, Example)> = parts.zip(examples.iter().cloned()).collect();
    println!("without what was written after looking at single results:");
    cross_validate(&all, &["n"]);
    println!("with all:");
    cross_validate(&all, &[]);
    let start = std::time::Instant::now();
    let bundled = Wordings::bundled();
    println!(
        "{} examples made ready in {:?}",
        bundled.examples.len(),
        start.elapsed()
    );
    let start = std::time::Instant::now();
    for (_, example) in all.iter().take(100) {
        std::hint::black_box(controls_of(example.text));
    }
    println!("100 questions matched in {:?}", start.elapsed());
    let (_, learnt) = taught(examples);
    let controls = Controls::bundled();
    let name = |class: usize| {
        controls
            .controls
            .get(class)
            .map_or("-", |control| &control.id)
    };
    let mut text: String = file
        .lines()
        .take_while(|line| line.starts_with('#'))
        .map(|line| format!("{line}\n"))
        .collect();
    for ((line, says), turns) in lines.iter().zip(&learnt.says).zip(&learnt.turns) {
        let fields: Vec<&str> = line.split('\t').take(3).collect();
        let mut words: Vec<String> = says
            .iter()
            .map(|(class, says)| format!("{}:{:.0}", name(*class), says * UNIT))
            .collect();
        words.push(format!("!:{:.0}", turns * UNIT));
        text.push_str(&format!("{}\t{}\n", fields.join("\t"), words.join(" ")));
    }
    std::fs::write(FILE, text).expect("the file can be written");
}
