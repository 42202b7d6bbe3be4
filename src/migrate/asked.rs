//! The step that takes back what the new form does not ask, and what would contradict itself there.
//!
//! | the new item is not asked, because of an answer that was carried; its own answer is | then |
//! |---|---|
//! | yes, or methods ticked | both are left to a person |
//! | no, not applicable, see note, a text | it is left blank, which is right on the new form |
//! | any that does not contradict, and the old form did not ask it either | it stays as the old sheet says it |

use std::collections::BTreeMap;

use super::{Outcome, Reason, Step, fill};
use crate::answer::{Answer, State};
use crate::disclosure::Disclosure;
use crate::form::{Enabled, OnDisabled};

/// Takes answers back until what was carried fits together; then says which open items are not asked.
///
/// What contradicts is taken back for good, and all else is looked at anew, for it may be asked after all. Every round
/// but the last takes back at least one more answer, so there is an end.
pub(super) fn settle(new: &mut Disclosure, old: &Disclosure, steps: &mut [Step]) {
    let mut conflicts: BTreeMap<usize, Reason> = BTreeMap::new();
    let (filled, decided) = (new.clone(), steps.to_vec());
    loop {
        *new = filled.clone();
        steps.clone_from_slice(&decided);
        for (at, reason) in &conflicts {
            take_back(new, steps, *at, reason.clone());
        }
        let found = without_unasked(new, old, steps);
        if found.is_empty() {
            break;
        }
        for (at, reason) in found {
            // An item that contradicts several names the first.
            conflicts.entry(at).or_insert(reason);
        }
    }
    let open: Vec<(usize, Reason)> = steps
        .iter()
        .enumerate()
        .filter(|(_, step)| match &step.outcome {
            Outcome::Carried { .. } | Outcome::Left(Reason::Contradicts { .. } | Reason::Date) => {
                false
            }
            Outcome::Left(_) => true,
        })
        .filter_map(|(at, _)| Some((at, not_asked(new, at)?)))
        .collect();
    for (at, reason) in open {
        steps[at].outcome = Outcome::Left(reason);
    }
}

fn take_back(new: &mut Disclosure, steps: &mut [Step], at: usize, reason: Reason) {
    fill::clear(new, at);
    steps[at].outcome = Outcome::Left(reason);
}

/// Takes back what is not asked, until nothing is or something contradicts, which comes back.
fn without_unasked(
    new: &mut Disclosure,
    old: &Disclosure,
    steps: &mut [Step],
) -> Vec<(usize, Reason)> {
    loop {
        let number = |at: usize| new.form.items[at].number.clone();
        let found: Vec<(usize, Reason)> = carried(steps)
            .filter_map(|at| Some((at, contradicted(new, old, steps, at)?)))
            .flat_map(|(child, above)| {
                let with = |at| Reason::Contradicts { with: number(at) };
                [(child, with(above)), (above, with(child))]
            })
            .collect();
        if !found.is_empty() {
            return found;
        }
        let unasked: Vec<(usize, Reason)> = carried(steps)
            .filter(|at| !was_not_asked(old, &steps[*at]))
            .filter_map(|at| Some((at, not_asked(new, at)?)))
            .collect();
        if unasked.is_empty() {
            return unasked;
        }
        for (at, reason) in unasked {
            take_back(new, steps, at, reason);
        }
    }
}

fn carried(steps: &[Step]) -> impl Iterator<Item = usize> + '_ {
    steps
        .iter()
        .enumerate()
        .filter_map(|(at, step)| matches!(step.outcome, Outcome::Carried { .. }).then_some(at))
}

/// The item whose carried answer speaks against the yes of this one.
fn contradicted(new: &Disclosure, old: &Disclosure, steps: &[Step], at: usize) -> Option<usize> {
    let entry = &new.entries[at];
    let says_yes = entry.answer == Some(Answer::Yes) || !entry.options.is_empty();
    if !says_yes || new.form.items[at].on_disabled == OnDisabled::Tolerate {
        return None;
    }
    let above = deciding(new, at)?;
    match new.entries[above].answer {
        // The old sheet says the same of both, and nothing speaks against it.
        Some(Answer::Na) if was_not_asked(old, &steps[at]) => None,
        Some(Answer::Yes | Answer::No | Answer::Na | Answer::SeeNote) | None => Some(above),
    }
}

/// Why an item has nothing to say, if an answer that was carried decides so.
fn not_asked(new: &Disclosure, at: usize) -> Option<Reason> {
    if new.form.items[at].on_disabled == OnDisabled::Tolerate && is_answered(new, at) {
        return None;
    }
    deciding(new, at).map(|above| Reason::NotAsked {
        by: new.form.items[above].number.clone(),
    })
}

/// The answered item by which an item is not asked; items between the two are not asked themselves.
fn deciding(new: &Disclosure, at: usize) -> Option<usize> {
    let mut at = at;
    // Conditions lead nowhere in circles; the bound is for a form in which they do all the same.
    for _ in 0..new.form.items.len() {
        let Enabled::No { by } = new.enabled(at) else {
            return None;
        };
        at = new.form.position(&by)?;
        if is_answered(new, at) {
            return Some(at);
        }
    }
    None
}

fn is_answered(new: &Disclosure, at: usize) -> bool {
    new.entries[at].state == State::Answered
}

/// True if the old form did not ask the item either, and the old sheet answers it all the same.
fn was_not_asked(old: &Disclosure, step: &Step) -> bool {
    let Outcome::Carried {
        entry: Some(entry), ..
    } = &step.outcome
    else {
        return false;
    };
    let item = old.entries[*entry].item;
    item.is_some_and(|item| matches!(old.enabled(item), Enabled::No { .. }))
}
