//! The answers of the old sheet that lead nowhere: nothing that was said may get lost.

use std::collections::{HashMap, HashSet};

use super::{Outcome, Reason, Step};
use crate::answer::ItemNumber;
use crate::crosswalk::Link;
use crate::disclosure::{Disclosure, Entry, Remark};
use crate::text::is_blank;

/// One step for each entry that says something and that no step so far shows, in the order of the old sheet.
pub(super) fn steps(old: &Disclosure, links: &[Link], steps: &[Step]) -> Vec<Step> {
    let shown: HashSet<usize> = steps.iter().flat_map(shown).collect();
    let mut by_source: HashMap<&ItemNumber, Vec<&Link>> = HashMap::new();
    for link in links {
        for number in &link.from {
            by_source.entry(number).or_default().push(link);
        }
    }
    let mut first: HashMap<usize, &Entry> = HashMap::new();
    let mut rest = Vec::new();
    for (at, entry) in old.entries.iter().enumerate() {
        let before = entry.item.and_then(|item| {
            let before = first.get(&item).copied();
            first.entry(item).or_insert(entry);
            before
        });
        if shown.contains(&at) || !says_something(entry) || is_in_head(old, entry) {
            continue;
        }
        let links = by_source.get(&entry.number).map_or(&[][..], Vec::as_slice);
        let reason = match (entry.item, before) {
            (None, _) => Reason::UnknownItem,
            (Some(_), Some(before)) if says_the_same(before, entry) => continue,
            (Some(_), Some(_)) => Reason::Duplicate,
            (Some(_), None) if links.is_empty() => Reason::Dropped,
            (Some(_), None) => Reason::Near,
        };
        rest.push(Step {
            item: None,
            links: links.iter().map(|link| (*link).clone()).collect(),
            entries: vec![at],
            outcome: Outcome::Left(reason),
        });
    }
    rest
}

/// The entries that a step shows: the one that was carried, or all that a person should look at.
fn shown(step: &Step) -> Vec<usize> {
    match &step.outcome {
        Outcome::Carried { entry, .. } => entry.iter().copied().collect(),
        Outcome::Left(_) => step.entries.clone(),
    }
}

fn says_something(entry: &Entry) -> bool {
    !is_blank(&entry.written)
        || entry.drawn
        || entry.remark.reference.is_some()
        || entry
            .remark
            .text
            .as_ref()
            .is_some_and(|text| !is_blank(text))
}

fn says_the_same(one: &Entry, other: &Entry) -> bool {
    (one.answer, &one.options, one.state) == (other.answer, &other.options, other.state)
        && (one.answer.is_some() || one.written.trim() == other.written.trim())
        && (other.remark == one.remark || other.remark.text.is_none())
}

/// True for an item that is a field of the old head and says nothing more: the head tells it, and what became of it.
fn is_in_head(old: &Disclosure, entry: &Entry) -> bool {
    let asked = old.form.headers.iter();
    let told = asked
        .filter(|asked| asked.item.as_ref() == Some(&entry.number))
        .filter_map(|asked| old.field(asked.field))
        .any(|value| !value.written.is_empty());
    told && entry.remark == Remark::default()
}
