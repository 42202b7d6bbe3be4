//! Matching: which control a question of an unknown form asks about.
//!
//! Deterministic and pure. A match is only as good as its confidence; below [`THRESHOLD`] nobody may rest a verdict on it.

use super::{Control, Controls, Subject};
use crate::text::fold;

/// From this confidence on, 0 to 1, a match counts as certain.
pub const THRESHOLD: f64 = 0.7;

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
    /// The words that decided, as a person would look for them.
    pub because: Vec<String>,
}

impl Match<'_> {
    /// True if a verdict may rest on it.
    pub fn is_certain(&self) -> bool {
        self.confidence >= THRESHOLD
    }
}

impl Controls {
    /// The controls that a question may ask about, the likeliest first; of equals the first of the catalogue.
    pub fn match_question(&self, question: &Question<'_>) -> Vec<Match<'_>> {
        let text = fold(question.text);
        let mut matches: Vec<Match<'_>> = self
            .iter()
            .filter_map(|control| {
                let groups = control.words.ja.iter().chain(&control.words.en);
                let group = groups
                    .filter(|group| group.split(' ').all(|word| text.contains(word)))
                    .max_by_key(|group| group.len())?;
                Some(Match {
                    control,
                    confidence: 0.5,
                    because: group.split(' ').map(str::to_owned).collect(),
                })
            })
            .collect();
        matches.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        matches
    }
}
