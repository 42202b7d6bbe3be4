//! What stands on the sheets of disclosures besides head, items and remarks, so that a conversion keeps it.
//!
//! Whatever was read is taken away cell by cell; what is left is a line outside the table, a row without an
//! item, or a cell in a column of the vendor's own. What a form prints (its title, its headings, the words
//! over its columns) is no content where the form is known.

mod used;

use std::collections::HashSet;

use self::used::Used;
use super::build::Part;
use super::kept::{Kept, KeptKind};
use super::{Disclosure, NotReadKind, head};
use crate::form::FormSource;
use crate::place::Place;
use crate::read::grid::{Cell, Sheet};
use crate::text::is_blank;
use crate::vocabulary::Vocabulary;

/// How long a text is at most that is taken for the label of the one beside it, in characters.
const LABEL: usize = 40;

/// Keeps what is left on the sheets of each disclosure, and on covers that say something of the head.
///
/// `groups` are the tables of each disclosure, in the same order.
pub(super) fn keep<'s>(
    groups: &[&[Part<'_>]],
    covers: impl Iterator<Item = &'s Sheet>,
    disclosures: &mut [Disclosure],
) {
    let mut found: Vec<Vec<Kept>> = vec![Vec::new(); disclosures.len()];
    let mut sheets: Vec<&Sheet> = Vec::new();
    for part in groups.iter().flat_map(|parts| parts.iter()) {
        let sheet = part.page.sheet;
        if sheets.iter().all(|known| !std::ptr::eq(*known, sheet)) {
            sheets.push(sheet);
            of_sheet(part, groups, disclosures, &mut found);
        }
    }
    of_covers(covers, disclosures, &mut found);
    let mut seen: HashSet<Place> = HashSet::new();
    for (disclosure, found) in disclosures.iter_mut().zip(&mut found) {
        let beside = disclosure.not_read.iter();
        found.extend(
            beside
                .filter(|text| seen.insert(text.place.clone()))
                .map(|text| Kept {
                    kind: match text.kind {
                        NotReadKind::Comment => KeptKind::Comment,
                        NotReadKind::TextBox => KeptKind::TextBox,
                        NotReadKind::CheckBox => KeptKind::CheckBox,
                    },
                    item: None,
                    label: String::new(),
                    text: text.text.clone(),
                    origin: None,
                    place: text.place.clone(),
                }),
        );
    }
    for ((disclosure, mut found), parts) in disclosures.iter_mut().zip(found).zip(groups) {
        if disclosure.form.source == FormSource::Derived {
            found.extend(of_derived(disclosure, parts));
        }
        found.sort_by(|one, other| one.place.cmp(&other.place));
        disclosure.keep(found);
    }
}

/// The rest of a sheet, for each disclosure on it.
fn of_sheet(
    any: &Part<'_>,
    groups: &[&[Part<'_>]],
    disclosures: &[Disclosure],
    found: &mut [Vec<Kept>],
) {
    let sheet = any.page.sheet;
    let used = Used::new(sheet, groups, disclosures);
    for cells in sheet.rows() {
        let row = cells[0].row;
        if used.skips(row) {
            continue;
        }
        let left: Vec<&Cell> = used.left(cells);
        if left.is_empty() {
            continue;
        }
        if let Some(items) = used.items_of(row) {
            for cell in left {
                let own = items
                    .iter()
                    .find(|item| item.part.layout.has_column(cell.column));
                let item = own.unwrap_or(&items[0]);
                let header = item.part.layout.header_row;
                found[item.owner].push(Kept {
                    kind: KeptKind::Cell,
                    item: Some(item.number.clone()),
                    label: header.map_or_else(String::new, |header| {
                        sheet.text(header, cell.column).trim().to_owned()
                    }),
                    text: cell.value.text().into_owned(),
                    origin: None,
                    place: sheet.place(row, cell.column),
                });
            }
        } else {
            let kind = match left.as_slice() {
                _ if used.is_row(row, &left) => KeptKind::Row,
                [_] if used.is_between(row) => KeptKind::Section,
                _ => KeptKind::Line,
            };
            found[used.owner_of(row)].extend(lines(sheet, kind, &left));
        }
    }
}

/// A row outside the items: labels with their values, or a label and what follows it, or a text.
fn lines(sheet: &Sheet, kind: KeptKind, cells: &[&Cell]) -> Vec<Kept> {
    let texts: Vec<String> = cells
        .iter()
        .map(|cell| cell.value.text().into_owned())
        .collect();
    let is_label = |text: &String| text.chars().count() <= LABEL;
    let line = |at: usize, label: &str, text: String| Kept {
        kind,
        item: None,
        label: label.to_owned(),
        text,
        origin: None,
        place: sheet.place(cells[at].row, cells[at].column),
    };
    if let [text] = texts.as_slice() {
        let pair = labelled(text).filter(|_| kind != KeptKind::Section);
        return vec![match pair {
            Some((label, value)) => line(0, label, value.to_owned()),
            None => line(0, "", text.clone()),
        }];
    }
    let in_pairs = kind == KeptKind::Line
        && texts.len().is_multiple_of(2)
        && texts.iter().step_by(2).all(is_label);
    if in_pairs {
        let pairs = texts.chunks_exact(2).enumerate();
        return pairs
            .map(|(at, pair)| line(at * 2, &pair[0], pair[1].clone()))
            .collect();
    }
    vec![match texts.split_first() {
        Some((label, rest)) if is_label(label) => line(0, label, rest.join("\n")),
        Some(_) | None => line(0, "", texts.join("\n")),
    }]
}

/// Label and value of a text such as `電話：03-0000-0000`.
fn labelled(text: &str) -> Option<(&str, &str)> {
    let (label, value) = text.split_once(['：', ':'])?;
    let (label, value) = (label.trim(), value.trim());
    let is_label = !is_blank(label) && label.chars().count() <= LABEL && !label.contains('\n');
    (is_label && !is_blank(value) && !value.starts_with("//")).then_some((label, value))
}

/// The rest of covers; one that says nothing of the head is no cover.
fn of_covers<'s>(
    covers: impl Iterator<Item = &'s Sheet>,
    disclosures: &[Disclosure],
    found: &mut [Vec<Kept>],
) {
    let (Some(first), Some(kept)) = (disclosures.first(), found.first_mut()) else {
        return;
    };
    for sheet in covers {
        let values = head::labelled(sheet, 0, 200);
        if values.iter().all(|value| value.written.is_empty()) {
            continue;
        }
        for cells in sheet.rows().take(200) {
            let left: Vec<&Cell> = cells
                .iter()
                .filter(|cell| {
                    let text = cell.value.text();
                    let place = sheet.place(cell.row, cell.column);
                    let is_value = values.iter().any(|value| value.place == place);
                    let is_label = text.len() <= 240 && Vocabulary::get().field(&text).is_some();
                    let is_title = used::is_title(&first.form, &text);
                    !is_blank(&text) && !is_value && !is_label && !is_title
                })
                .collect();
            if !left.is_empty() {
                kept.extend(lines(sheet, KeptKind::Line, &left));
            }
        }
    }
}

/// The headings and citations of a form that nobody knows, by which its items are recognised again.
fn of_derived(disclosure: &Disclosure, parts: &[Part<'_>]) -> Vec<Kept> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut section = "";
    let numbers = used::numbers(disclosure);
    for part in parts {
        for slot in &part.layout.slots {
            let place = part.page.place(slot.number_at.0, slot.number_at.1);
            let Some(number) = numbers.get(&place).filter(|number| seen.insert(**number)) else {
                continue;
            };
            let mut add = |kind, text: &str| {
                found.push(Kept {
                    kind,
                    item: Some((*number).clone()),
                    label: String::new(),
                    text: text.to_owned(),
                    origin: None,
                    place: place.clone(),
                });
            };
            let heading = slot.section.as_deref().unwrap_or_default();
            if heading != section {
                add(KeptKind::Section, heading);
                section = heading;
            }
            if let Some(reference) = &slot.reference {
                add(KeptKind::Reference, reference);
            }
        }
    }
    found
}
