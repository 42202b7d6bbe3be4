//! The head of a disclosure: date, manufacturer, product, model, version.
//!
//! Named by labels above the table, with the value beside, below or in the same cell; or, in a form
//! without a head of its own, the answers of certain items.

use std::collections::HashMap;

use super::build::Part;
use super::layout::At;
use super::{Disclosure, Entry, HeaderValue, Placed, date, plain};
use crate::form::{Field, Form};
use crate::read::grid::{Cell, CellValue, Sheet};
use crate::text::is_blank;
use crate::vocabulary::Vocabulary;

/// The head: from items where the form says so, otherwise from labels above the table. A sheet of this
/// tool's own has labels for what is not asked as an item.
pub(super) fn header(parts: &[Part<'_>], form: &Form, entries: &[Entry]) -> Vec<HeaderValue> {
    let mut found = Vec::new();
    for asked in &form.headers {
        if let Some(number) = &asked.item {
            let entry = entries.iter().find(|entry| entry.number == *number);
            if let Some(entry) = entry {
                let value = Placed {
                    text: entry.written.trim().to_owned(),
                    place: entry.place.clone(),
                };
                found.push(value_of(asked.field, value));
            }
        }
    }
    let named = parts
        .first()
        .and_then(|part| Some((part, part.layout.named.as_ref()?)));
    if let Some((part, named)) = named {
        let labelled = plain::head(part.page.sheet, named, part.layout.first_row());
        for value in labelled {
            if !found.iter().any(|known| known.field == value.field) {
                found.push(value);
            }
        }
    } else if form.headers.iter().all(|asked| asked.item.is_none()) {
        found = beside_tables(parts);
    }
    for part in parts {
        for (field, at) in part.layout.given.iter().flatten() {
            let value = at_address(part.page.sheet, *field, *at);
            match found.iter_mut().find(|known| known.field == *field) {
                Some(known) => *known = value,
                None => found.push(value),
            }
        }
    }
    found
}

/// The field in a cell that the user names; a label before it in the same cell is left out.
fn at_address(sheet: &Sheet, field: Field, at: At) -> HeaderValue {
    let mut text = sheet.text(at.0, at.1).trim().to_owned();
    let mut labelled = inline(&text).into_iter();
    if let Some((_, value)) = labelled.find(|(label, _)| *label == field) {
        text = value;
    } else if field == Field::Date
        && date::parse_date(&text).is_none()
        && let Some(first) = sheet.cell(at.0, at.1)
        && let Some(row) = sheet.rows().find(|cells| cells[0].row == first.row)
    {
        let from = row.partition_point(|cell| cell.column < first.column);
        text = in_pieces(&row[from..], first).unwrap_or(text);
    }
    value_of(
        field,
        Placed {
            text,
            place: sheet.place(at.0, at.1),
        },
    )
}

/// The fields above the first table; then those that only stand elsewhere on its sheets.
fn beside_tables(parts: &[Part<'_>]) -> Vec<HeaderValue> {
    let mut found: Vec<HeaderValue> = Vec::new();
    for part in parts {
        let (first, last) = (part.layout.first_row(), part.layout.last_row());
        let rows = part
            .layout
            .header_row
            .map_or(first, |header| header.min(first));
        let above = labelled(part.page.sheet, part.given_from, rows);
        let below = labelled(part.page.sheet, last + 1, part.layout.end.min(last + 60));
        // What is filled counts before a label without a value.
        let below = below.into_iter().filter(|value| !value.written.is_empty());
        for value in above.into_iter().chain(below) {
            match found.iter_mut().find(|known| known.field == value.field) {
                None => found.push(value),
                Some(known) if known.written.is_empty() && !value.written.is_empty() => {
                    *known = value;
                }
                Some(_) => {}
            }
        }
    }
    found
}

pub(super) fn value_of(field: Field, value: Placed) -> HeaderValue {
    let date = if field == Field::Date {
        date::parse_date(&value.text)
    } else {
        None
    };
    HeaderValue {
        field,
        written: value.text,
        date,
        place: value.place,
    }
}

/// Fields named by a label, with the value to the right, below, or after a colon. Rows `from..to`.
pub(crate) fn labelled(sheet: &Sheet, from: u32, to: u32) -> Vec<HeaderValue> {
    let words = Vocabulary::get();
    let mut found: Vec<HeaderValue> = Vec::new();
    let mut empty: Vec<(Field, u32, u32)> = Vec::new();
    let mut value_columns: HashMap<u32, usize> = HashMap::new();
    for cells in sheet
        .rows()
        .filter(|cells| (from..to).contains(&cells[0].row))
    {
        for (at, cell) in cells.iter().enumerate() {
            let CellValue::Text(text) = &cell.value else {
                continue;
            };
            if text.len() > 1000 {
                continue;
            }
            for (label, value) in inline(text) {
                if !found.iter().any(|known| known.field == label) {
                    found.push(value_of(
                        label,
                        Placed {
                            text: value,
                            place: sheet.place(cell.row, cell.column),
                        },
                    ));
                }
            }
            let Some(field) = words.field(text) else {
                continue;
            };
            if found.iter().any(|known| known.field == field) {
                continue;
            }
            // A colon may stand in a narrow column of its own between the label and the value.
            let mut behind = cells[at + 1..].iter().peekable();
            let colon = behind.next_if(|next| matches!(next.value.text().trim(), ":" | "："));
            let right = behind.next().filter(|next| !is_label(&next.value));
            let below = right
                .is_none()
                .then(|| below(sheet, cells, cell, to))
                .flatten();
            match right.or(below) {
                Some(value) => {
                    let mut text = value.value.text().trim().to_owned();
                    if field == Field::Date && date::parse_date(&text).is_none() {
                        text = in_pieces(cells, value).unwrap_or(text);
                    }
                    // The first cell of an empty date may be its 年, behind the cell for the number.
                    if field != Field::Date || date::parse_date(&text).is_some() {
                        *value_columns.entry(value.column).or_default() += 1;
                    }
                    found.push(value_of(
                        field,
                        Placed {
                            text,
                            place: sheet.place(value.row, value.column),
                        },
                    ));
                }
                None => empty.push((field, cell.row, colon.unwrap_or(cell).column)),
            }
        }
    }
    // Where a value should stand is where the other values stand.
    let usual = value_columns
        .into_iter()
        .max_by_key(|(column, count)| (*count, std::cmp::Reverse(*column)))
        .map(|(column, _)| column);
    for (field, row, column) in empty {
        if !found.iter().any(|known| known.field == field) {
            let after_label = sheet.area(row, column).map_or(column, |area| area.last.1) + 1;
            let column = usual.filter(|usual| *usual > column).unwrap_or(after_label);
            found.push(value_of(
                field,
                Placed {
                    text: String::new(),
                    place: sheet.place(row, column),
                },
            ));
        }
    }
    found
}

/// A date of which each part stands in a cell of its own: 2026 年 9 月 30 日.
fn in_pieces(row: &[Cell], first: &Cell) -> Option<String> {
    let mut text = String::new();
    for cell in row
        .iter()
        .filter(|cell| cell.row == first.row && cell.column >= first.column)
        .take(8)
    {
        text.push_str(cell.value.text().trim());
        if date::parse_date(&text).is_some() && text.chars().count() > 5 {
            return Some(text);
        }
    }
    None
}

/// The value below a label, where labels stand side by side and each has its value below.
fn below<'s>(sheet: &'s Sheet, row: &[Cell], label: &Cell, to: u32) -> Option<&'s Cell> {
    let labels = row.iter().filter(|cell| is_label(&cell.value)).count();
    let next = sheet
        .area(label.row, label.column)
        .map_or(label.row, |area| area.last.0)
        + 1;
    let below = sheet.exact(next, label.column)?;
    // Labels one below the other have their values beside them.
    let stacked = label.row > 0
        && sheet
            .exact(label.row - 1, label.column)
            .is_some_and(|above| is_label(&above.value));
    (labels >= 2 && next < to && !stacked && !is_label(&below.value)).then_some(below)
}

fn is_label(value: &CellValue) -> bool {
    let words = Vocabulary::get();
    matches!(value, CellValue::Text(text)
        if text.len() < 200 && (words.field(text).is_some() || words.is_other_label(text)))
}

/// Labels and values within one cell: `製品名：見本カルテ　バージョン：3.2`.
pub(super) fn inline(text: &str) -> Vec<(Field, String)> {
    if !text.contains([':', '：']) {
        return Vec::new();
    }
    let words = Vocabulary::get();
    let mut found: Vec<(Field, String)> = Vec::new();
    for part in text
        .split(['\n', '　', '\t'])
        .flat_map(|part| part.split("  "))
    {
        match part
            .split_once([':', '：'])
            .and_then(|(label, value)| Some((words.field(label)?, value.trim())))
        {
            Some((field, value)) if !value.is_empty() => found.push((field, value.to_owned())),
            Some(_) => {}
            None => {
                if let Some((_, value)) = found.last_mut().filter(|_| !is_blank(part)) {
                    value.push(' ');
                    value.push_str(part.trim());
                }
            }
        }
    }
    found
}

/// Fields that a disclosure's own sheets do not name at all, or leave empty, may stand on a cover sheet.
pub(super) fn from_covers<'s>(
    covers: impl Iterator<Item = &'s Sheet>,
    disclosures: &mut [Disclosure],
) {
    let covers: Vec<HeaderValue> = covers
        .flat_map(|sheet| labelled(sheet, 0, 200))
        .filter(|value| !value.written.is_empty())
        .collect();
    for disclosure in disclosures {
        for value in &covers {
            let known = disclosure
                .header
                .iter_mut()
                .find(|known| known.field == value.field);
            match known {
                None => disclosure.header.push(value.clone()),
                Some(known) if known.written.is_empty() => *known = value.clone(),
                Some(_) => {}
            }
        }
    }
}
