//! Which items of two disclosures belong together.

use std::collections::{BTreeMap, HashMap, VecDeque};

use crate::answer::ItemNumber;
use crate::control::THRESHOLD;
use crate::crosswalk::{Crosswalk, LinkKind, links};
use crate::disclosure::{Disclosure, Entry};
use crate::form::{FormSource, least_likeness};
use crate::text::{fold, similarity};

/// Items that belong together; one side is empty where the other has no partner.
#[derive(Clone, Debug)]
pub(super) struct Pair<'a> {
    pub(super) old: Vec<&'a Entry>,
    pub(super) new: Vec<&'a Entry>,
    pub(super) how: How,
    /// True if both sheets print the question and it is not the same.
    pub(super) reworded: bool,
}

/// What brings the items of a pair together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum How {
    /// They are one item of one form.
    Item,
    /// Two forms ask it, by a link of this kind.
    Link { kind: LinkKind, sure: bool },
    /// Only one of the two forms asks it.
    OneForm,
}

impl Pair<'_> {
    /// True if the answer of the one is the answer of the other.
    pub(super) fn is_one_to_one(&self) -> bool {
        match self.how {
            How::Item => true,
            How::Link { kind, .. } => kind == LinkKind::Same,
            How::OneForm => false,
        }
    }
}

/// Every item of both disclosures, each in one pair at least.
pub(super) fn pairs<'a>(
    old: &'a Disclosure,
    new: &'a Disclosure,
    crosswalks: &[Crosswalk],
) -> Vec<Pair<'a>> {
    let derived = |disclosure: &Disclosure| disclosure.form.source == FormSource::Derived;
    if derived(old) && derived(new) {
        by_question(old, new)
    } else if old.form.id == new.form.id {
        by_number(old, new)
    } else {
        by_links(old, new, crosswalks)
    }
}

fn item<'a>(old: Option<&'a Entry>, new: Option<&'a Entry>, how: How) -> Pair<'a> {
    let text = |entry: Option<&Entry>| Some(fold(&entry?.text.as_ref()?.text));
    let reworded = match (text(old), text(new)) {
        (Some(old), Some(new)) => how == How::Item && old != new,
        _ => false,
    };
    Pair {
        old: old.into_iter().collect(),
        new: new.into_iter().collect(),
        how,
        reworded,
    }
}

/// Items of one form: by number, the second of a number with the second.
fn by_number<'a>(old: &'a Disclosure, new: &'a Disclosure) -> Vec<Pair<'a>> {
    // An item that one edition of the form does not have is no change of the vendor's.
    let how = |here: &Disclosure, entry: &Entry| match here.form.position(&entry.number) {
        None if entry.item.is_some() => How::OneForm,
        _ => How::Item,
    };
    let mut rest: HashMap<&ItemNumber, VecDeque<&Entry>> = HashMap::new();
    for entry in &new.entries {
        rest.entry(&entry.number).or_default().push_back(entry);
    }
    let mut pairs: Vec<Pair<'a>> = Vec::new();
    for entry in &old.entries {
        let partner = rest.get_mut(&entry.number).and_then(VecDeque::pop_front);
        let how = if partner.is_some() {
            How::Item
        } else {
            how(new, entry)
        };
        pairs.push(item(Some(entry), partner, how));
    }
    for entry in &new.entries {
        let left = rest.get_mut(&entry.number).and_then(VecDeque::pop_front);
        if let Some(left) = left {
            pairs.push(item(None, Some(left), how(old, left)));
        }
    }
    pairs
}

/// Items of two sheets that describe themselves: the same question under the same number, or the same
/// question under another one. The same number with another question is another item.
fn by_question<'a>(old: &'a Disclosure, new: &'a Disclosure) -> Vec<Pair<'a>> {
    let text = |entry: &Entry| {
        let text = entry.text.as_ref();
        text.map(|text| fold(&text.text)).unwrap_or_default()
    };
    let alike = least_likeness(false);
    let mut taken = vec![false; new.entries.len()];
    let mut partner: Vec<Option<usize>> = vec![None; old.entries.len()];
    let mut by_number: HashMap<&ItemNumber, Vec<usize>> = HashMap::new();
    let mut by_text: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, entry) in new.entries.iter().enumerate() {
        by_number.entry(&entry.number).or_default().push(at);
        by_text.entry(text(entry)).or_default().push(at);
    }
    let none = Vec::new();
    // The question word for word first, so that a moved number does not take another's partner.
    for round in [true, false] {
        for (at, entry) in old.entries.iter().enumerate() {
            if partner[at].is_some() {
                continue;
            }
            let asked = text(entry);
            let numbered = by_number.get(&entry.number).unwrap_or(&none);
            let found = numbered.iter().copied().find(|candidate| {
                let other = text(&new.entries[*candidate]);
                !taken[*candidate]
                    && if round {
                        other == asked
                    } else {
                        asked.is_empty() || other.is_empty() || similarity(&asked, &other) >= alike
                    }
            });
            if let Some(found) = found {
                taken[found] = true;
                partner[at] = Some(found);
            }
        }
        if round {
            for (at, entry) in old.entries.iter().enumerate() {
                let asked = text(entry);
                if partner[at].is_some() || asked.is_empty() {
                    continue;
                }
                let same = by_text.get(&asked).unwrap_or(&none);
                if let Some(found) = same.iter().copied().find(|candidate| !taken[*candidate]) {
                    taken[found] = true;
                    partner[at] = Some(found);
                }
            }
        }
    }
    let kept = old.entries.iter().zip(&partner).map(|(entry, partner)| {
        let partner = partner.map(|at| &new.entries[at]);
        item(Some(entry), partner, How::Item)
    });
    let added = new
        .entries
        .iter()
        .zip(&taken)
        .filter(|(_, taken)| !**taken)
        .map(|(entry, _)| item(None, Some(entry), How::Item));
    kept.chain(added).collect()
}

/// Items of two forms: by the links between them.
fn by_links<'a>(
    old: &'a Disclosure,
    new: &'a Disclosure,
    crosswalks: &[Crosswalk],
) -> Vec<Pair<'a>> {
    let found = links(&old.form, &new.form, crosswalks);
    let entries = |disclosure: &'a Disclosure, numbers: &[ItemNumber]| -> Vec<&'a Entry> {
        let entry = |number| disclosure.entry(number);
        numbers.iter().filter_map(entry).collect()
    };
    let mut pairs: Vec<Pair<'a>> = Vec::new();
    for link in &found.links {
        let (from, to) = (entries(old, &link.from), entries(new, &link.to));
        if from.is_empty() && to.is_empty() {
            continue;
        }
        pairs.push(Pair {
            old: from,
            new: to,
            how: How::Link {
                kind: link.kind,
                sure: link.confidence >= THRESHOLD,
            },
            reworded: false,
        });
    }
    let alone = |number: &ItemNumber, disclosure: &'a Disclosure| disclosure.entry(number);
    for number in &found.unlinked_from {
        if let Some(entry) = alone(number, old) {
            pairs.push(item(Some(entry), None, How::OneForm));
        }
    }
    for number in &found.unlinked_to {
        if let Some(entry) = alone(number, new) {
            pairs.push(item(None, Some(entry), How::OneForm));
        }
    }
    // Rows that neither form knows.
    let unknown = |entry: &&Entry| entry.item.is_none();
    for entry in old.entries.iter().filter(unknown) {
        pairs.push(item(Some(entry), None, How::OneForm));
    }
    for entry in new.entries.iter().filter(unknown) {
        pairs.push(item(None, Some(entry), How::OneForm));
    }
    pairs
}
