//! Sections: the headings under which items stand, in rows or columns of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::region::Region;
use crate::answer::ItemNumber;
use crate::disclosure::layout::{Layout, Slot};
use crate::disclosure::page::Page;
use crate::read::grid::CellValue;
use crate::text::is_blank;
use crate::vocabulary::Vocabulary;

/// How long the heading of a section is at most, in bytes.
const LONGEST: usize = 300;

/// Gives each item the heading it stands under, and takes out rows that only are such headings.
pub(super) fn fill(page: &Page<'_>, region: &Region, layout: &mut Layout) {
    headings_with_numbers(page, layout);
    numbered_chapters(page, layout);
    let mut by_row: BTreeMap<u32, usize> = BTreeMap::new();
    for (at, slot) in layout.slots.iter().enumerate() {
        by_row.insert(slot.row(), at);
    }
    let words = Vocabulary::get();
    let mut heading: Option<Arc<str>> = None;
    let mut column: Option<Arc<str>> = None;
    for cells in region.rows(page) {
        let row = cells[0].row;
        let Some(at) = by_row.get(&row) else {
            let texts = cells.iter().filter_map(|cell| match &cell.value {
                CellValue::Text(text) => Some((cell, text)),
                CellValue::Number(_)
                | CellValue::Bool(_)
                | CellValue::Date(_)
                | CellValue::Error(_) => None,
            });
            let Some((first, text)) = texts.max_by_key(|(_, text)| text.len()) else {
                continue;
            };
            // A heading stands alone before the answers; a row that says more is something else.
            let before = layout
                .columns
                .first_answer()
                .is_none_or(|answer| first.column < answer);
            let alone = cells.len() <= 2 && text.len() <= LONGEST && !is_blank(text);
            if before && alone && words.roles(text).is_empty() && words.answer(text).is_none() {
                heading = Some(text.trim().into());
            }
            continue;
        };
        let written = layout.columns.sections.iter().rev().find_map(|section| {
            let text = page.text(row, *section);
            (!is_blank(&text) && text.len() <= LONGEST).then(|| Arc::from(text.trim()))
        });
        if written.is_some() {
            column = written;
        }
        layout.slots[*at].section = column.clone().or_else(|| heading.clone());
    }
}

/// Rows whose title reaches over the answers, merged, head what follows: no item, though they have a number.
fn headings_with_numbers(page: &Page<'_>, layout: &mut Layout) {
    let is_heading = |slot: &Slot| {
        let question = slot.question.as_ref().map(|question| question.at);
        let cells = slot.answers.cells();
        question.is_some()
            && !cells.is_empty()
            && cells.iter().all(|at| {
                let anchor = page.anchor(at.0, at.1);
                anchor != *at
                    && anchor.0 == at.0
                    && (question.map(|question| page.anchor(question.0, question.1))
                        == Some(anchor)
                        || page.anchor(slot.number_at.0, slot.number_at.1) == anchor)
            })
    };
    let kept: Vec<bool> = layout.slots.iter().map(|slot| !is_heading(slot)).collect();
    if kept.iter().any(|kept| *kept) {
        let mut kept = kept.into_iter();
        layout.slots.retain(|_| kept.next().unwrap_or(true));
    }
}

/// Chapters with numbers, and nothing to answer: `1. 規程類` above 1.1, or above an item that has the same number.
fn numbered_chapters(page: &Page<'_>, layout: &mut Layout) {
    if layout.answered == 0 {
        return;
    }
    let is_open = |slot: &Slot| {
        let cells = slot
            .answers
            .cells()
            .into_iter()
            .chain(slot.remarks.iter().copied());
        cells.into_iter().all(|at| {
            is_blank(&page.said(at)) && page.comment(at).is_none() && page.shape(at).is_none()
        })
    };
    let open: Vec<bool> = layout.slots.iter().map(is_open).collect();
    let number = |slot: &Slot| slot.number.clone().filter(|_| slot.question.is_some());
    let numbers: Vec<Option<ItemNumber>> = layout.slots.iter().map(number).collect();
    let mut rows_of: BTreeMap<&ItemNumber, usize> = BTreeMap::new();
    for number in numbers.iter().flatten() {
        *rows_of.entry(number).or_default() += 1;
    }
    let parents: BTreeSet<ItemNumber> = numbers
        .iter()
        .flatten()
        .filter_map(ItemNumber::parent)
        .collect();
    let top = |number: &ItemNumber| !number.as_str().contains('.');
    // Chapters are never answered: one answered number with parts shows that such numbers are items.
    let are_chapters = numbers.iter().zip(&open).all(|(number, open)| {
        number
            .as_ref()
            .is_none_or(|number| *open || !top(number) || !parents.contains(number))
    });
    let all_parts = numbers
        .iter()
        .flatten()
        .all(|number| !top(number) || parents.contains(number));
    let kept: Vec<bool> = numbers
        .iter()
        .zip(&open)
        .map(|(number, open)| {
            let Some(number) = number.as_ref().filter(|_| *open) else {
                return true;
            };
            let chapter = are_chapters && all_parts && top(number) && parents.contains(number);
            let again = rows_of.get(number).is_some_and(|rows| *rows > 1) && top(number);
            !(chapter || again)
        })
        .collect();
    // Where most rows would go, it is not chapters that are open.
    let gone = kept.iter().filter(|kept| !**kept).count();
    if gone == 0 || gone * 2 > kept.len() {
        return;
    }
    let mut kept = kept.into_iter();
    layout.slots.retain(|_| kept.next().unwrap_or(true));
}
