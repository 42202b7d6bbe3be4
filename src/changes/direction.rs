//! Whether a change is for the better: by the profile where it asks, else by the control.

use jiff::civil::Date;

use super::pairing::{How, Pair};
use super::{Basis, ChangeKind, Direction};
use crate::answer::{Answer, State};
use crate::assess::{Assessment, Outcome, Verdict, assess};
use crate::control::{Controls, Polarity};
use crate::crosswalk::LinkKind;
use crate::disclosure::{Disclosure, Entry};
use crate::profile::{Level, Profile, Requirement, Target};

/// What judges the changes between two disclosures.
pub(super) struct Judge<'a> {
    old: &'a Disclosure,
    new: &'a Disclosure,
    /// What each requirement comes to on the old sheet and on the new one.
    assessments: Option<[Assessment<'a>; 2]>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(
        old: &'a Disclosure,
        new: &'a Disclosure,
        profile: Option<(&'a Profile, Date)>,
    ) -> Self {
        Self {
            old,
            new,
            assessments: profile
                .map(|(profile, date)| [assess(old, profile, date), assess(new, profile, date)]),
        }
    }

    /// The control that the items of a pair answer: the same on both sides, or that of the only side.
    pub(super) fn control(&self, pair: &Pair<'a>) -> Option<&'a str> {
        let of = |disclosure: &'a Disclosure, entries: &[&Entry]| {
            let mut controls = entries.iter().map(|entry| {
                entry
                    .item
                    .and_then(|at| disclosure.form.items[at].control())
            });
            let first = controls.next()??;
            controls.all(|other| other == Some(first)).then_some(first)
        };
        let (old, new) = (of(self.old, &pair.old), of(self.new, &pair.new));
        match (pair.old.is_empty(), pair.new.is_empty()) {
            (true, _) => new,
            (_, true) => old,
            _ => new
                .filter(|control| old.is_none_or(|old| old == *control))
                .or(old),
        }
    }

    /// The gravest level of the requirements on the items of a pair.
    pub(super) fn level(&self, pair: &Pair<'a>) -> Option<Level> {
        let outcomes = self.outcomes(pair);
        let levels = outcomes.iter().map(|[old, _]| old.requirement.level);
        levels.min()
    }

    /// The direction of a change, and what it rests on.
    pub(super) fn direction(&self, kind: ChangeKind, pair: &Pair<'a>) -> (Direction, Basis) {
        let neutral = |basis| (Direction::Neutral, basis);
        match pair.how {
            How::OneForm => return neutral(Basis::OtherForm),
            How::Link { sure: false, .. } => return neutral(Basis::Unsure),
            How::Link { kind, .. } if kind != LinkKind::Same => return neutral(Basis::Link(kind)),
            // A sheet that lacks one side of a link: as if the item had gone or come.
            How::Link { .. } | How::Item => {}
        }
        if kind == ChangeKind::Question {
            return neutral(Basis::Words);
        }
        if let Some(found) = self.by_profile(pair) {
            return found;
        }
        if kind == ChangeKind::Remark {
            return neutral(Basis::Words);
        }
        let Some(control) = self
            .control(pair)
            .and_then(|id| Controls::bundled().get(id))
        else {
            return neutral(Basis::NoControl);
        };
        match control.polarity {
            Polarity::Fact => neutral(Basis::Fact),
            Polarity::Good => by_answers(pair),
        }
    }

    /// The outcomes, before and after, of the requirements that look at an item of the pair.
    fn outcomes(&self, pair: &Pair<'a>) -> Vec<[&Outcome<'a>; 2]> {
        let Some([old, new]) = &self.assessments else {
            return Vec::new();
        };
        let control = self.control(pair);
        let asks = |requirement: &Requirement| match &requirement.target {
            Target::Control(id) => control == Some(id.as_str()),
            Target::OneOf(ids) => ids.iter().any(|id| control == Some(id.as_str())),
            Target::Question(_) => false,
            Target::Item { form, number } => {
                let among = |disclosure: &Disclosure, entries: &[&Entry]| {
                    disclosure.form.id == *form
                        && entries.iter().any(|entry| entry.number == *number)
                };
                among(self.old, &pair.old) || among(self.new, &pair.new)
            }
        };
        old.outcomes
            .iter()
            .zip(&new.outcomes)
            .filter(|(old, _)| asks(old.requirement))
            .map(|(old, new)| [old, new])
            .collect()
    }

    fn by_profile(&self, pair: &Pair<'a>) -> Option<(Direction, Basis)> {
        let outcomes = self.outcomes(pair);
        if outcomes.is_empty() {
            return None;
        }
        for (direction, is_it) in [(Direction::Regressed, true), (Direction::Improved, false)] {
            let moved = outcomes.iter().find(|[old, new]| {
                let (old, new) = (rank(old.verdict), rank(new.verdict));
                if is_it { new < old } else { new > old }
            });
            if let Some([old, new]) = moved {
                let basis = Basis::Requirement {
                    id: old.requirement.id.clone(),
                    old: old.verdict,
                    new: new.verdict,
                };
                return Some((direction, basis));
            }
        }
        Some((Direction::Neutral, Basis::SameVerdict))
    }
}

/// The higher, the better. Not applicable is as good as met; a waiver leaves open what it waives.
fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Unmet => 0,
        Verdict::Undecided | Verdict::Waived => 1,
        Verdict::Met | Verdict::NotApplicable => 2,
    }
}

/// Where yes is good: yes to no, or to nothing clear, is worse, and the other way round better.
fn by_answers(pair: &Pair<'_>) -> (Direction, Basis) {
    // What is not on the sheet says nothing, as a blank does.
    let says = |entries: &[&Entry]| match entries.first() {
        None => Says::Nothing,
        Some(entry) => match (entry.answer, entry.state) {
            (Some(Answer::Yes), _) => Says::Yes,
            (Some(Answer::No), _) => Says::No,
            (Some(Answer::Na), _) => Says::Other,
            (Some(Answer::SeeNote), _) => Says::Nothing,
            (None, State::Answered) => Says::Other,
            (None, State::Unanswered | State::Conflicting | State::Unknown) => Says::Nothing,
        },
    };
    match (says(&pair.old), says(&pair.new)) {
        (Says::Yes, Says::No | Says::Nothing) => (Direction::Regressed, Basis::Control),
        (Says::No | Says::Nothing, Says::Yes) => (Direction::Improved, Basis::Control),
        _ => (Direction::Neutral, Basis::Unclear),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Yes,
    No,
    /// Not applicable, or a text or methods where no yes or no is asked.
    Other,
    /// Nothing clear.
    Nothing,
}
