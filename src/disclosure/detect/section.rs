//! Sections: the headings under which items stand, in rows or columns of their own.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::region::Region;
use crate::disclosure::layout::Layout;
use crate::disclosure::page::Page;
use crate::read::grid::CellValue;
use crate::text::is_blank;
use crate::vocabulary::Vocabulary;

/// How long the heading of a section is at most, in bytes.
const LONGEST: usize = 300;

/// Gives each item the heading it stands under, and takes out rows that only are such headings.
pub(super) fn fill(page: &Page<'_>, region: &Region, layout: &mut Layout) {
    headings_with_numbers(page, layout);
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
            let Some(first) = cells.first() else { continue };
            let CellValue::Text(text) = &first.value else {
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
    let is_heading = |slot: &crate::disclosure::layout::Slot| {
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
