//! Matching: which control a question of an unknown form asks about.
//!
//! The question is compared with examples (`wordings.rs`) and read into terms (`patterns.rs`); what both say is weighed
//! in `evidence.rs`. A question that asks for the absence of a thing must not be sure: its yes would be taken for the
//! opposite.
//!
//! Deterministic and pure. Below [`THRESHOLD`] nobody may rest a verdict on a match.

use super::evidence::Evidence;
use super::wordings::Wordings;
use super::{Control, Controls, Subject};

/// From this confidence on, 0 to 1, a match counts as certain.
pub const THRESHOLD: f64 = 0.7;

/// What words alone come to at most; only a form that names the control is surer.
const SUREST: f64 = 0.99;
/// What a control comes to at most that is not the likeliest.
const NOT_FIRST: f64 = THRESHOLD - 0.01;
/// Matches less sure than this are not worth telling.
const FLOOR: f64 = 0.1;
/// How many controls are looked at.
const LIKELIEST: usize = 5;

/// A question of a form that is not known, as far as the sheet tells.
#[derive(Clone, Copy, Debug)]
pub struct Question<'q> {
    /// The question itself.
    pub text: &'q str,
    /// The headings above it; empty where there are none.
    pub section: &'q str,
    /// The clauses it cites, as written.
    pub references: &'q [String],
    /// Whether the form is about a product or a service, where that is known.
    pub subject: Subject,
    /// The question above it, on whose answer it depends.
    pub parent_text: Option<&'q str>,
}

impl<'q> Question<'q> {
    /// A question of which nothing but the text is known.
    pub fn new(text: &'q str) -> Self {
        Self {
            text,
            section: "",
            references: &[],
            subject: Subject::Both,
            parent_text: None,
        }
    }
}

/// A control that a question may ask about.
#[derive(Clone, Debug)]
pub struct Match<'c> {
    /// The control.
    pub control: &'c Control,
    /// How sure the match is, above 0 and at most 1.
    pub confidence: f64,
    /// What decided: the words of the question that name the control, and in 「」 the example that resembles it most.
    pub because: Vec<String>,
}

impl Match<'_> {
    /// True if a verdict may rest on it.
    pub fn is_certain(&self) -> bool {
        self.confidence >= THRESHOLD
    }
}

impl Controls {
    /// The controls that a question may ask about, the likeliest first.
    ///
    /// Every match is told whose confidence is at least 0.1. At most one of them is certain.
    pub fn match_question(&self, question: &Question<'_>) -> Vec<Match<'_>> {
        let evidence = Evidence::of(self, Wordings::bundled(), question);
        let ranked = evidence.ranked().into_iter().take(LIKELIEST).enumerate();
        let matched = |(rank, at): (usize, usize)| {
            let most = if rank == 0 { SUREST } else { NOT_FIRST };
            Match {
                control: &self.controls[at],
                confidence: ((evidence.confidence(at) * 100.0).floor() / 100.0).min(most),
                because: evidence.because(at),
            }
        };
        let mut matches: Vec<Match<'_>> = ranked
            .map(matched)
            .filter(|m| m.confidence >= FLOOR)
            .collect();
        matches.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        matches
    }
}
