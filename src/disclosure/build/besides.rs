//! What stands on the sheets of a disclosure and belongs to no item, so that nothing is lost in silence.

use std::collections::BTreeSet;

use super::Part;
use crate::answer::Answer;
use crate::disclosure::layout::{Layout, Slot};
use crate::disclosure::page::Page;
use crate::disclosure::{HeaderValue, HiddenColumn, NotRead, NotReadKind, Unmatched};
use crate::place::{Place, column_letters};
use crate::read::beside::ShapeKind;
use crate::read::grid::Cell;
use crate::text::is_blank;
use crate::vocabulary::{Mark, Vocabulary};

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

/// Rows within the tables that are answered but have no number: what they say belongs to no item.
pub(super) fn unmatched(parts: &[Part<'_>]) -> Option<Unmatched> {
    let mut unmatched: Option<Unmatched> = None;
    for part in parts {
        for (cell, text) in part
            .page
            .sheet
            .rows()
            .filter_map(|cells| stray(part, parts, cells))
        {
            unmatched
                .get_or_insert_with(|| Unmatched {
                    place: part.page.place(cell.0, cell.1),
                    count: 0,
                    found: text,
                })
                .count += 1;
        }
    }
    unmatched
}

/// The cell of a row without a number that seems to answer something, and the row's text.
fn stray(part: &Part<'_>, parts: &[Part<'_>], cells: &[Cell]) -> Option<((u32, u32), String)> {
    let (page, layout) = (part.page, part.layout);
    let words = Vocabulary::get();
    let row = cells[0].row;
    let in_table = layout
        .header_row
        .map_or(layout.first_row() <= row, |header| row > header)
        && layout.block_row.is_none_or(|block| row < block)
        && row < layout.end
        && layout.repeated.binary_search(&row).is_err();
    let numbered = |layout: &Layout| layout.slots.iter().any(|slot| slot.row() == row);
    if !in_table || layout.columns.numbers.is_empty() || numbered(layout) {
        return None;
    }
    // A card's answer stands below its number.
    let of_item = |slot: &Slot| slot.answers.cells().iter().any(|at| at.0 == row);
    if parts.iter().any(|other| {
        std::ptr::eq(other.page.sheet, page.sheet) && other.layout.slots.iter().any(of_item)
    }) {
        return None;
    }
    // Headings repeated within the table, and a legend of the answers, belong to no item and lose nothing.
    let heading = cells.iter().any(|cell| {
        let text = cell.value.text();
        text.len() <= 240 && (!words.roles(&text).is_empty() || is_legend(&text))
    });
    let example = is_example(cells) || is_heading_again(page, layout, cells);
    let of_remark = |slot: &Slot| slot.remarks.iter().any(|at| at.0 == row);
    if example || layout.slots.iter().any(of_remark) {
        return None;
    }
    // Between the number of a card and its answer stand labels and the like.
    let is_card = layout.slots.first().is_some_and(|slot| {
        let cells = slot.answers.cells();
        cells.iter().any(|at| at.0 != slot.row())
    });
    let inside = row < layout.last_row() && !heading && !is_card;
    let found = cells
        .iter()
        .filter(|cell| layout.has_column(cell.column))
        .find(|cell| {
            let text = cell.value.text();
            let answered = if layout.columns.answer.is_some() {
                words.answer(&text).is_some()
            } else {
                words.mark(&text) == Some(Mark::On)
            };
            let said = !is_blank(&text) && page.area(row, cell.column).is_none();
            let answer = layout.columns.is_answer(cell.column) && (answered || inside && said);
            let remark = layout.columns.remarks.contains(&cell.column)
                && inside
                && said
                && !words.is_empty_remark(&text);
            answer || remark
        })?;
    let text = cells
        .iter()
        .map(|cell| cell.value.text())
        .collect::<Vec<_>>()
        .join(" ");
    Some(((row, found.column), text))
}

/// True for a row that says what the row above the first item says: a heading in words that nobody knows, printed again.
fn is_heading_again(page: &Page<'_>, layout: &Layout, cells: &[Cell]) -> bool {
    let first = layout.first_row();
    let above = page.sheet.cells.partition_point(|cell| cell.row < first);
    let Some(row) = page.sheet.cells[..above].last().map(|cell| cell.row) else {
        return false;
    };
    let start = page.sheet.cells.partition_point(|cell| cell.row < row);
    let heading = &page.sheet.cells[start..above];
    heading.len() >= 2
        && heading.len() == cells.len()
        && heading
            .iter()
            .zip(cells)
            .all(|(one, again)| one.column == again.column && one.value == again.value)
}

/// True for a row that shows how to fill in the others.
fn is_example(cells: &[Cell]) -> bool {
    let words = Vocabulary::get();
    cells
        .iter()
        .any(|cell| words.is_example(&cell.value.text()))
}

/// True for a text that lists the answers to choose from.
fn is_legend(text: &str) -> bool {
    let words = Vocabulary::get();
    let mut answers: Vec<Answer> = text
        .split([',', '、', '・', '/', '／', '\n', ' ', '　'])
        .filter_map(|part| words.answer(part))
        .collect();
    answers.dedup();
    answers.len() > 1
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
                let row = page.sheet.rows().find(|cells| cells[0].row == at.0);
                row.is_some_and(is_example)
            };
            if check_box.ticked == Some(true) && !of_items.contains(&at) && !example() {
                add(NotReadKind::CheckBox, check_box.middle, &check_box.label);
            }
        }
    }
    found
}
