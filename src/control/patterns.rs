//! Patterns: which controls the terms of a question name.
//!
//! A control explains the terms of a question that stand in its pattern or often stand beside it. The control that
//! explains most and leaves least unexplained is the likeliest; how sure it is depends on what stays unexplained,
//! on how much the pattern says, and on how far the next control is behind. A question that asks for the absence
//! of a thing is never sure: its yes would be taken for the opposite.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::terms::{Reading, Spoken, Term, TermId, Terms, letters};
use super::{Control, Controls, Question, Subject};

/// How much a term counts that no pattern and no neighbour explains.
const UNEXPLAINED: f64 = 0.6;
/// How much a neighbour of the pattern counts.
const BESIDE: f64 = 0.5;
/// How much a term counts that only the heading or the question above names.
const FROM_ABOVE: f64 = 0.6;
/// How much a term of the pattern counts that stands in brackets only.
const ASIDE: f64 = 0.2;
/// How much an unexplained term in brackets counts.
const ASIDE_UNEXPLAINED: f64 = 0.2;
/// The least weight of a pattern that the question itself must name.
const OWN_WORDS: f64 = 0.5;
/// The weight from which on a term is a topic of its own.
const TOPIC: f64 = 1.0;
/// What the same chapter of the guideline is worth, and the wrong subject costs.
const SAME_CHAPTER: f64 = 0.2;
/// How much a word counts that is no term at all.
const UNREAD: f64 = 0.09;
/// The weight of a pattern from which on it says enough.
const ENOUGH: f64 = 1.0;
/// The lead over the next control from which on there is no doubt.
const LEAD: f64 = 0.3;
/// What a turned question comes to at most.
const TURNED: f64 = 0.3;

/// The patterns of a control, as terms.
struct Known {
    patterns: Vec<Vec<TermId>>,
    /// Every term of the patterns and those that often stand beside them.
    explained: BTreeSet<TermId>,
}

static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let terms = Terms::bundled();
    let ids = |names: &str| -> Vec<TermId> {
        names
            .split(' ')
            .filter(|name| !name.is_empty())
            .map(|name| {
                terms
                    .id(name)
                    .expect("tests check that every term of a pattern exists")
            })
            .collect()
    };
    let known = |control: &Control| {
        let patterns: Vec<Vec<TermId>> = control.patterns.iter().map(|p| ids(p)).collect();
        let explained = patterns
            .iter()
            .flatten()
            .copied()
            .chain(ids(&control.with))
            .collect();
        Known {
            patterns,
            explained,
        }
    };
    Controls::bundled().iter().map(known).collect()
});

/// What a question says, and what stands above it.
pub(super) struct Asked {
    pub(super) own: Reading,
    /// For each term the word that names it in a heading or in the question above.
    above: Vec<Option<String>>,
    chapters: Vec<u32>,
    subject: Subject,
}

/// A control whose pattern a question names.
pub(super) struct Named {
    /// How much it explains; controls are compared by it.
    score: f64,
    /// How sure the terms alone make it, 0 to 1.
    pub(super) confidence: f64,
    /// The words of the pattern.
    pub(super) because: Vec<String>,
}

impl Controls {
    /// For each control what the terms of a question say; `None` where none of its patterns is named.
    pub(super) fn named(&self, asked: &Asked) -> Vec<Option<Named>> {
        let own = asked.own.named();
        let hold = |(control, known)| self.hold(control, known, asked, &own);
        let mut all: Vec<Option<Named>> = self.iter().zip(KNOWN.iter()).map(hold).collect();
        let score = |named: &Option<Named>| named.as_ref().map(|named| named.score);
        let best = all.iter().filter_map(score).fold(f64::MIN, f64::max);
        let mut sorted: Vec<f64> = all.iter().filter_map(score).collect();
        sorted.sort_by(|a, b| b.total_cmp(a));
        let second = sorted.get(1).copied().unwrap_or(f64::MIN);
        for named in all.iter_mut().flatten() {
            // The first is measured against the second, all others against the first.
            let rival = if named.score < best { best } else { second };
            let lead = ((named.score - rival) / LEAD).clamp(-1.0, 1.0);
            named.confidence *= 0.75 + 0.25 * lead;
        }
        all
    }

    /// A control held against a question; `None` where none of its patterns is named.
    fn hold(
        &self,
        control: &Control,
        known: &Known,
        asked: &Asked,
        own: &[Option<&Spoken>],
    ) -> Option<Named> {
        let terms = &Terms::bundled().terms;
        let share = |term: &TermId| match own[*term] {
            Some(word) if word.aside => ASIDE,
            Some(_) => 1.0,
            None => FROM_ABOVE,
        };
        let worth = |pattern: &Vec<TermId>| -> f64 {
            pattern
                .iter()
                .map(|term| terms[*term].weight * share(term))
                .sum()
        };
        let named = |pattern: &&Vec<TermId>| {
            // A heading names topics; its verbs and small words are not the question's.
            let above =
                |term: &TermId| terms[*term].weight >= TOPIC && asked.above[*term].is_some();
            let at_hand = |term: &TermId| own[*term].is_some() || above(term);
            let own_weight: f64 = pattern
                .iter()
                .filter(|term| own[**term].is_some())
                .map(|term| terms[*term].weight)
                .sum();
            pattern.iter().all(at_hand) && own_weight >= OWN_WORDS
        };
        let pattern = known
            .patterns
            .iter()
            .filter(named)
            .max_by(|a, b| worth(a).total_cmp(&worth(b)))?;
        let said = worth(pattern);
        let rest = Rest::new(asked, own, known, pattern);
        let explained = said + BESIDE * rest.beside;
        let agrees = self
            .area(control)
            .is_some_and(|area| asked.chapters.contains(&area.chapter));
        let mut score = explained - UNEXPLAINED * rest.unexplained;
        if agrees {
            score += SAME_CHAPTER;
        }
        if !asked.fits(control.subject) {
            score -= SAME_CHAPTER;
        }
        let open = UNEXPLAINED * rest.unexplained + UNREAD * asked.own.unread as f64;
        let mut confidence = explained / (explained + open) * (said / ENOUGH).min(1.0);
        if rest.turned {
            confidence = confidence.min(TURNED);
        }
        let words = pattern.iter().filter_map(|term| match own[*term] {
            Some(word) => Some(&word.text),
            None => asked.above[*term].as_ref(),
        });
        let mut because: Vec<String> = Vec::new();
        for word in words {
            if !because.contains(word) {
                because.push(word.clone());
            }
        }
        Some(Named {
            score,
            confidence,
            because,
        })
    }
}

/// What a question says beside the pattern of a control.
struct Rest {
    /// The weight of words that often stand beside it.
    beside: f64,
    /// The weight of words that it does not explain.
    unexplained: f64,
    /// True if the question asks the other way round, or for something else than yes or no.
    turned: bool,
}

impl Rest {
    fn new(asked: &Asked, own: &[Option<&Spoken>], known: &Known, pattern: &[TermId]) -> Self {
        let terms = &Terms::bundled().terms;
        let mut rest = Rest {
            beside: 0.0,
            unexplained: 0.0,
            turned: asked.own.denied || asked.own.for_value || asked.wants_wrong(),
        };
        for word in &asked.own.words {
            let factor = if word.aside { ASIDE_UNEXPLAINED } else { 1.0 };
            // A word with several senses is explained if one of them is.
            if word.terms.iter().any(|term| pattern.contains(term)) {
                continue;
            }
            let senses = word.terms.iter().map(|term| terms[*term].weight);
            let explained = |term: &&TermId| known.explained.contains(term);
            match word.terms.iter().find(explained) {
                Some(term) => rest.beside += terms[*term].weight * factor,
                None => {
                    rest.unexplained += senses.fold(f64::INFINITY, f64::min) * factor;
                    rest.turned |=
                        !word.aside && word.terms.iter().any(|term| terms[*term].reverses);
                }
            }
        }
        let above = asked.above.iter().enumerate();
        for (term, _) in above.filter(|(_, word)| word.is_some()) {
            if terms[term].scope && own[term].is_none() && !known.explained.contains(&term) {
                rest.unexplained += terms[term].weight * FROM_ABOVE;
            }
        }
        rest
    }
}

impl Asked {
    /// Reads a question; its letters come along.
    pub(super) fn new(question: &Question<'_>) -> (Self, Vec<char>) {
        let terms = Terms::bundled();
        let letters = letters(question.text);
        let mut above: Vec<Option<String>> = vec![None; terms.terms.len()];
        for text in [question.section, question.parent_text.unwrap_or_default()] {
            let reading = terms.read(text);
            for (place, word) in above.iter_mut().zip(reading.named()) {
                if let (None, Some(word)) = (&place, word) {
                    *place = Some(word.text.clone());
                }
            }
        }
        let asked = Self {
            own: terms.read_letters(&letters),
            above,
            chapters: question
                .references
                .iter()
                .filter_map(|text| chapter(text))
                .collect(),
            subject: question.subject,
        };
        (asked, letters)
    }

    /// True if the question names something nobody wants and nothing that stands against it.
    fn wants_wrong(&self) -> bool {
        let terms = &Terms::bundled().terms;
        let any = |flag: fn(&Term) -> bool| {
            let mut named = self.own.words.iter().flat_map(|word| &word.terms);
            named.any(|term| flag(&terms[*term]))
        };
        any(|term| term.wrong) && !any(|term| term.prevents)
    }

    fn fits(&self, subject: Subject) -> bool {
        matches!(
            (self.subject, subject),
            (Subject::Both, _) | (_, Subject::Both)
        ) || self.subject == subject
    }
}

/// The chapter of システム運用編 that a clause names: the number after the name of the volume.
fn chapter(reference: &str) -> Option<u32> {
    let text = crate::text::fold(reference);
    let (_, rest) = text.split_once("運用編")?;
    let digits: String = rest
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .take(3)
        .collect();
    digits.parse().ok()
}
