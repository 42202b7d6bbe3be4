//! What stands beside the tables of a disclosure, or is hidden, so that nothing is lost in silence.

use std::collections::BTreeSet;

use super::Part;
use crate::disclosure::{HeaderValue, HiddenColumn, NotRead, NotReadKind};
use crate::place::{Place, column_letters};
use crate::read::beside::ShapeKind;
use crate::text::is_blank;

/// Where the first answer of a table stands.
pub(super) fn first_answer(part: &Part<'_>) -> Option<Place> {
    let cells = part
        .layout
        .slots
        .iter()
        .flat_map(|slot| slot.answers.cells());
    let at = cells.min()?;
    Some(part.page.place(at.0, at.1))
}

/// Columns of a table that are hidden and hold answers or remarks.
pub(super) fn hidden_columns(parts: &[Part<'_>]) -> Vec<HiddenColumn> {
    let mut hidden = Vec::new();
    for part in parts {
        let columns = &part.layout.columns;
        let marks = columns.marks.iter().map(|(_, column)| *column);
        let held: BTreeSet<u32> = marks
            .chain(columns.answer)
            .chain(columns.question)
            .chain(columns.remarks.iter().copied())
            .chain(columns.numbers.iter().copied())
            .filter(|column| part.page.is_column_hidden(*column))
            .collect();
        let rows = &part.layout.slots;
        for column in held {
            let filled = rows
                .iter()
                .find(|slot| !is_blank(&part.page.text(slot.row(), column)));
            if let Some(slot) = filled {
                let row = part.layout.header_row.unwrap_or(slot.row());
                hidden.push(HiddenColumn {
                    place: part.page.place(row, column),
                    column: column_letters(column),
                });
            }
        }
    }
    hidden
}

/// Comments, text boxes and ticked boxes that belong to no item.
pub(super) fn not_read(
    parts: &[Part<'_>],
    comments: &[Place],
    header: &[HeaderValue],
) -> Vec<NotRead> {
    let mut found: Vec<NotRead> = Vec::new();
    let mut sheets: BTreeSet<&str> = BTreeSet::new();
    for part in parts {
        if !sheets.insert(&part.page.name) {
            continue;
        }
        let page = part.page;
        let beside = &page.sheet.beside;
        let of_items: BTreeSet<(u32, u32)> = parts
            .iter()
            .filter(|other| std::ptr::eq(other.page.sheet, page.sheet))
            .flat_map(|other| &other.layout.slots)
            .flat_map(|slot| slot.answers.cells())
            .map(|at| page.anchor(at.0, at.1))
            .collect();
        let mut add = |kind, at: (u32, u32), text: &str| {
            let place = page.place(at.0, at.1);
            found.push(NotRead {
                kind,
                place,
                text: text.trim().to_owned(),
            });
        };
        for comment in &beside.comments {
            let place = page.place(comment.row, comment.column);
            if !comments.contains(&place) && !is_blank(&comment.text) {
                add(
                    NotReadKind::Comment,
                    (comment.row, comment.column),
                    &comment.text,
                );
            }
        }
        for shape in &beside.shapes {
            let said = header
                .iter()
                .any(|value| value.written == shape.text.trim());
            let middle = page.anchor(shape.middle.0, shape.middle.1);
            let is_text = shape.kind == ShapeKind::Text && !is_blank(&shape.text);
            // A shape over an answer is told as an answer.
            if is_text && !said && !of_items.contains(&middle) {
                add(NotReadKind::TextBox, shape.area.first, &shape.text);
            }
        }
        for check_box in &beside.boxes {
            let at = page.anchor(check_box.middle.0, check_box.middle.1);
            let example = || {
                let mut row = page.sheet.rows_between(at.0, at.0 + 1);
                row.any(super::stray::is_example)
            };
            if check_box.ticked == Some(true) && !of_items.contains(&at) && !example() {
                add(NotReadKind::CheckBox, check_box.middle, &check_box.label);
            }
        }
    }
    found
}
