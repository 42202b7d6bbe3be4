//! One requirement held against a disclosure: which items it looks at, and which of them counts.

use jiff::civil::Date;

use super::asked::judge_question;
use super::item::judge_item;
use super::{Outcome, Verdict, Why};
use crate::answer::Answer;
use crate::control::{Controls, Subject};
use crate::disclosure::Disclosure;
use crate::form::{Form, FormSource, Item};
use crate::profile::{Requirement, Target};

pub(super) fn judge<'a>(
    disclosure: &'a Disclosure,
    requirement: &'a Requirement,
    date: Date,
) -> Outcome<'a> {
    let form: &Form = &disclosure.form;
    let plain = |verdict, why| Outcome::plain(requirement, verdict, why);
    match &requirement.target {
        Target::Item { form: id, number } => {
            // Another edition of the same form has its own id, `id@edition`, and the same numbers where it has them.
            if form.id != *id && form.id.split('@').next() != Some(id) {
                return plain(Verdict::NotApplicable, Why::OtherForm);
            }
            match form.position(number) {
                Some(item) => judge_item(disclosure, requirement, item, date),
                None => plain(Verdict::Undecided, Why::NotAsked),
            }
        }
        Target::Control(id) => judge_control(disclosure, requirement, id, date),
        Target::OneOf(ids) => ids
            .iter()
            .map(|id| judge_control(disclosure, requirement, id, date))
            .min_by_key(rank)
            .unwrap_or_else(|| plain(Verdict::Undecided, Why::NotAsked)),
        Target::Question(text) => judge_question(disclosure, requirement, text, date),
    }
}

/// Holds a requirement against the items that answer a control.
fn judge_control<'a>(
    disclosure: &'a Disclosure,
    requirement: &'a Requirement,
    id: &str,
    date: Date,
) -> Outcome<'a> {
    let form: &Form = &disclosure.form;
    let plain = |verdict, why| Outcome::plain(requirement, verdict, why);

    let subject = Controls::bundled()
        .get(id)
        .map_or(Subject::Both, |control| control.subject);
    let other = match subject {
        Subject::Both => false,
        Subject::Product => form.family.is_service(),
        Subject::Service => !form.family.is_service(),
    };
    if other {
        return plain(Verdict::NotApplicable, Why::OtherSubject);
    }
    let positions = form
        .items
        .iter()
        .enumerate()
        .filter(|(_, item)| item.control() == Some(id));
    let judged: Vec<Outcome<'a>> = positions
        .map(|(item, _)| judge_item(disclosure, requirement, item, date))
        .collect();
    // A rule over everything takes the worst anyway.
    let disputed = !requirement.from_rule && are_disputed(&judged);
    // A rule over everything speaks of every item; elsewhere one of several ways is enough.
    let counts = if requirement.from_rule || disputed {
        judged.into_iter().min_by_key(worst)
    } else {
        judged.into_iter().min_by_key(rank)
    };
    if disputed && let Some(outcome) = counts {
        return Outcome {
            verdict: Verdict::Undecided,
            why: Why::Disputed,
            ..outcome
        };
    }
    counts.unwrap_or_else(|| match likeliest(form, id) {
        Some(item) => Outcome {
            item: Some(item),
            entry: form
                .position(&item.number)
                .and_then(|at| disclosure.entry_at(at)),
            assess_risk: requirement.assess_risk_on_no,
            ..plain(Verdict::Undecided, Why::Uncertain)
        },
        None => {
            let (verdict, why) = not_asked(form, requirement);
            plain(verdict, why)
        }
    })
}

/// True if questions that were only recognised by their words disagree: which of them asks the control, a person has to say.
fn are_disputed(judged: &[Outcome<'_>]) -> bool {
    let recognised = |verdict| {
        judged.iter().any(|outcome| {
            outcome.verdict == verdict && outcome.item.is_some_and(|item| item.confidence < 1.0)
        })
    };
    recognised(Verdict::Met) && recognised(Verdict::Unmet)
}

/// The item that may answer a control, where none surely does.
fn likeliest<'f>(form: &'f Form, control: &str) -> Option<&'f Item> {
    form.items
        .iter()
        .filter(|item| item.control.as_deref() == Some(control))
        .reduce(|best, next| {
            if next.confidence > best.confidence {
                next
            } else {
                best
            }
        })
}

/// What a requirement on a control comes to that no item of the form answers.
fn not_asked(form: &Form, requirement: &Requirement) -> (Verdict, Why) {
    match form.source {
        FormSource::Derived => (Verdict::Undecided, Why::Derived),
        // A rule over everything wants what the form asks, and nothing beside it.
        FormSource::Bundled | FormSource::Imported | FormSource::Given if requirement.from_rule => {
            (Verdict::NotApplicable, Why::NotAsked)
        }
        FormSource::Bundled | FormSource::Imported | FormSource::Given => {
            (Verdict::Undecided, Why::NotAsked)
        }
    }
}

/// What needs work comes first.
fn worst(outcome: &Outcome<'_>) -> u8 {
    match outcome.verdict {
        Verdict::Unmet => 0,
        Verdict::Undecided => 1,
        Verdict::Met => 2,
        Verdict::NotApplicable => 3,
        Verdict::Waived => 4,
    }
}

/// The best of several items comes first.
fn rank(outcome: &Outcome<'_>) -> u8 {
    let says_na = outcome.entry.and_then(|entry| entry.answer) == Some(Answer::Na);
    match outcome.verdict {
        Verdict::Met if !says_na => 0,
        Verdict::Undecided => 1,
        Verdict::Unmet => 2,
        Verdict::Met => 3,
        Verdict::NotApplicable => 4,
        Verdict::Waived => 5,
    }
}
