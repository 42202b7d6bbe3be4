//! The head of a disclosure: date, manufacturer, product, model, version.
//!
//! Named by labels above the table, with the value beside, below or in the same cell; or, in a form
//! without a head of its own, the answers of certain items.

use std::collections::HashMap;

use super::detect::Layout;
use super::{Disclosure, Entry, HeaderValue, Placed, date, plain};
use crate::form::{Field, Form};
use crate::read::grid::{CellValue, Sheet, Workbook};
use crate::text::is_blank;
use crate::vocabulary::Vocabulary;

/// The head: from items where the form says so, otherwise from labels above the table. A sheet of this
/// tool's own has labels for what is not asked as an item.
pub(super) fn header(
    sheet: &Sheet,
    layout: &Layout,
    form: &Form,
    entries: &[Entry],
) -> Vec<HeaderValue> {
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
    if let Some(named) = &layout.named {
        let labelled = plain::head(sheet, named, layout.first_row());
        for value in labelled {
            if !found.iter().any(|known| known.field == value.field) {
                found.push(value);
            }
        }
    } else if form.headers.iter().all(|asked| asked.item.is_none()) {
        found = labelled(sheet, 0, layout.first_row());
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
pub(super) fn labelled(sheet: &Sheet, from: u32, to: u32) -> Vec<HeaderValue> {
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
            let right = cells.get(at + 1).filter(|next| !is_label(&next.value));
            let below = sheet.exact(cell.row + 1, cell.column).filter(|below| {
                below.row < to
                    && !is_label(&below.value)
                    && right.is_none()
                    && cells.get(at + 1).is_some()
            });
            match right.or(below) {
                Some(value) => {
                    *value_columns.entry(value.column).or_default() += 1;
                    let text = value.value.text().trim().to_owned();
                    found.push(value_of(
                        field,
                        Placed {
                            text,
                            place: sheet.place(value.row, value.column),
                        },
                    ));
                }
                None => empty.push((field, cell.row, cell.column)),
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

fn is_label(value: &CellValue) -> bool {
    matches!(value, CellValue::Text(text) if text.len() < 200 && Vocabulary::get().field(text).is_some())
}

/// Labels and values within one cell: `製品名：見本カルテ　バージョン：3.2`.
fn inline(text: &str) -> Vec<(Field, String)> {
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

/// Fields that a disclosure's own sheet does not name at all may stand on a cover sheet.
pub(super) fn from_covers(
    workbook: &Workbook,
    layouts: &[Option<Layout>],
    disclosures: &mut [Disclosure],
) {
    let covers: Vec<HeaderValue> = workbook
        .sheets
        .iter()
        .zip(layouts)
        .filter(|(sheet, layout)| layout.is_none() && sheet.visible && sheet.has_cells)
        .flat_map(|(sheet, _)| labelled(sheet, 0, 200))
        .filter(|value| !value.written.is_empty())
        .collect();
    for disclosure in disclosures {
        for value in &covers {
            if disclosure.field(value.field).is_none() {
                disclosure.header.push(value.clone());
            }
        }
    }
}
