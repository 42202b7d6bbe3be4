//! Evidence: what examples and patterns say about a question, and how sure that makes a match.
//!
//! The examples rank the controls. How sure the first one is depends on its lead, on whether the patterns of terms
//! agree, and on what speaks for the question being turned round; the weights of these facts were learnt on
//! wordings that the examples did not contain (`wordings/learn.rs` prints them).

use super::patterns::{Asked, Named};
use super::wordings::{Compared, Wordings};
use super::{Controls, Question, THRESHOLD};

/// How many facts there are.
const FACTS: usize = 12;

/// What each fact counts, and the constant.
pub(super) const WEIGHTS: [f64; FACTS + 1] = [
    0.76, 0.30, 3.42, 1.00, 0.38, -0.09, -0.96, -1.58, -1.30, -3.70, -3.02, -1.82, -3.71,
];

/// What a question comes to at most that denies, or that names another control.
const UNSURE: f64 = THRESHOLD - 0.01;

/// From where on the terms of a question surely name a control.
const RIVAL: f64 = 0.9;

/// The least resemblance of an example that is worth telling.
const RESEMBLES: f32 = 0.2;

/// What is known of a question.
pub(super) struct Evidence<'c> {
    wordings: &'c Wordings,
    compared: Compared,
    named: Vec<Option<Named>>,
    denied: bool,
    for_value: bool,
}

impl<'c> Evidence<'c> {
    /// The evidence of a question.
    pub(super) fn of(controls: &Controls, wordings: &'c Wordings, question: &Question<'_>) -> Self {
        let (asked, letters) = Asked::new(question);
        Self {
            wordings,
            compared: wordings.compare(&letters, &asked.own),
            named: controls.named(&asked),
            denied: asked.own.denied,
            for_value: asked.own.for_value,
        }
    }

    /// The controls for which something speaks, by their place in the catalogue, the likeliest first.
    pub(super) fn ranked(&self) -> Vec<usize> {
        let scores = &self.compared.scores;
        let mut ranked: Vec<usize> = (0..scores.len() - 1)
            .filter(|at| scores[*at] > 0.0)
            .collect();
        ranked.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
        ranked
    }

    /// How sure a control is, 0 to 1.
    pub(super) fn confidence(&self, control: usize) -> f64 {
        let facts = self.facts(control);
        let sum: f64 = facts
            .iter()
            .zip(WEIGHTS)
            .map(|(fact, weight)| fact * weight)
            .sum();
        let sure = 1.0 / (1.0 + (-sum - WEIGHTS[FACTS]).exp());
        // A question that denies is never sure, whatever it resembles; nor one whose terms surely name another control.
        let pattern = |at: usize| {
            let named = self.named[at].as_ref();
            named.map_or(0.0, |named| named.confidence)
        };
        let others = (0..self.named.len()).filter(|at| *at != control);
        let rival = others.map(pattern).fold(0.0, f64::max);
        if self.denied || (rival >= RIVAL && rival > pattern(control)) {
            sure.min(UNSURE)
        } else {
            sure
        }
    }

    /// The facts about a control, in the order of the weights.
    pub(super) fn facts(&self, control: usize) -> [f64; FACTS] {
        let scores = &self.compared.scores;
        let none = scores.len() - 1;
        let score = scores[control];
        let lead = |others: f32| f64::from(score - others).min(1.0);
        let others = scores[..none]
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != control);
        let second = others.map(|(_, score)| *score).fold(f32::MIN, f32::max);
        let sure = |at: usize| {
            self.named[at]
                .as_ref()
                .map_or(0.0, |named| named.confidence)
        };
        let pattern = sure(control);
        let rival = (0..none)
            .filter(|at| *at != control)
            .map(sure)
            .fold(0.0, f64::max);
        let turned = f64::from(self.compared.turned);
        let alike = |turned| {
            self.wordings
                .nearest(&self.compared, control, turned)
                .map_or(0.0, |(_, alike)| alike)
        };
        [
            f64::from(score),
            lead(second),
            lead(scores[none]),
            pattern,
            pattern - rival,
            f64::from(u8::from(pattern > rival)),
            turned,
            turned.max(-0.8),
            turned.max(-0.4),
            f64::from(alike(true) - alike(false)),
            f64::from(u8::from(self.denied)),
            f64::from(u8::from(self.for_value)),
        ]
    }

    /// The words of the question and the example that speak for a control.
    pub(super) fn because(&self, control: usize) -> Vec<String> {
        let mut because = self.named[control]
            .as_ref()
            .map_or_else(Vec::new, |named| named.because.clone());
        let nearest = self.wordings.nearest(&self.compared, control, false);
        if let Some((example, _)) = nearest.filter(|(_, alike)| *alike >= RESEMBLES) {
            because.push(format!("「{}」", example.text));
        }
        because
    }
}
