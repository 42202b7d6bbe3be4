//! Matching: which control a question of an unknown form asks about.
//!
//! A control explains the terms of a question that stand in its pattern or often stand beside it. The control that
//! explains most and leaves least unexplained is the likeliest; how sure it is depends on what stays unexplained,
//! on how much the pattern says, and on how far the next control is behind. A question that asks for the absence
//! of a thing is never sure: its yes would be taken for the opposite.
//!
//! Deterministic and pure. Below [`THRESHOLD`] nobody may rest a verdict on a match.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::terms::{Reading, Spoken, Term, TermId, Terms};
use super::{Control, Controls, Subject};

/// From this confidence on, 0 to 1, a match counts as certain.
pub const THRESHOLD: f64 = 0.7;

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
/// What words alone come to at most; only a form that names the control is surer.
const SUREST: f64 = 0.99;
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
/// Matches less sure than this are not worth telling.
const FLOOR: f64 = 0.1;

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
    /// The words of the question that decided, in the order of the question's terms.
    pub because: Vec<String>,
}

impl Match<'_> {
    /// True if a verdict may rest on it.
    pub fn is_certain(&self) -> bool {
        self.confidence >= THRESHOLD
    }
}

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
struct Asked {
    own: Reading,
    /// For each term the word that names it in a heading or in the question above.
    above: Vec<Option<String>>,
    chapters: Vec<u32>,
    subject: Subject,
}

/// One control held against a question.
struct Candidate<'c> {
    control: &'c Control,
    score: f64,
    confidence: f64,
    because: Vec<String>,
}

impl Controls {
    /// The controls that a question may ask about, the likeliest first; of equals the first of the catalogue.
    ///
    /// Every match is told whose confidence is at least 0.1. At most one of them is certain.
    pub fn match_question(&self, question: &Question<'_>) -> Vec<Match<'_>> {
        let asked = Asked::new(question);
        let own = asked.own.named();
        let mut candidates: Vec<Candidate<'_>> = self
            .iter()
            .zip(KNOWN.iter())
            .filter_map(|(control, known)| self.hold(control, known, &asked, &own))
            .collect();
        candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
        let scores: Vec<f64> = candidates.iter().map(|candidate| candidate.score).collect();
        let matches = candidates.into_iter().enumerate().map(|(at, candidate)| {
            // The first is measured against the second, all others against the first.
            let rival = scores
                .get(usize::from(at == 0))
                .copied()
                .unwrap_or(f64::MIN);
            let lead = ((candidate.score - rival) / LEAD).clamp(-1.0, 1.0);
            let confidence = candidate.confidence * (0.75 + 0.25 * lead);
            Match {
                control: candidate.control,
                confidence: ((confidence * 100.0).round() / 100.0).min(SUREST),
                because: candidate.because,
            }
        });
        let mut matches: Vec<Match<'_>> = matches.filter(|m| m.confidence >= FLOOR).collect();
        matches.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        matches
    }

    /// A control held against a question; `None` where none of its patterns is named.
    fn hold<'c>(
        &'c self,
        control: &'c Control,
        known: &Known,
        asked: &Asked,
        own: &[Option<&Spoken>],
    ) -> Option<Candidate<'c>> {
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
        Some(Candidate {
            control,
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
    fn new(question: &Question<'_>) -> Self {
        let terms = Terms::bundled();
        let mut above: Vec<Option<String>> = vec![None; terms.terms.len()];
        for text in [question.section, question.parent_text.unwrap_or_default()] {
            let reading = terms.read(text);
            for (place, word) in above.iter_mut().zip(reading.named()) {
                if let (None, Some(word)) = (&place, word) {
                    *place = Some(word.text.clone());
                }
            }
        }
        Self {
            own: terms.read(question.text),
            above,
            chapters: question
                .references
                .iter()
                .filter_map(|text| chapter(text))
                .collect(),
            subject: question.subject,
        }
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
