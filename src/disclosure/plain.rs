//! The plain sheet that this tool writes: it names its form, so nothing about it has to be guessed.
//!
//! A cell `様式ID` or `Form ID` with the form's id to its right makes a sheet a plain one. Below it stand
//! the fields of the head, one or two labels in a row, each with its value to the right; then the headings of
//! number, question, answer and remark, in any order; then the items, among them rows that hold no number,
//! such as the titles of sections; then the remark texts under a heading of their own; then what no form asks
//! for under another ([`mod@kept`]). Other columns, such as the state of each item and what is hidden to find it
//! out, are not read. People may move columns and add rows; the words of the headings decide. A table of
//! separated text may hold several disclosures, one below the other.

mod kept;

use std::borrow::Cow;

pub(crate) use kept::is_kept_title;
pub(super) use kept::kept;

use super::detect::numbers::number_in;
use super::head::value_of;
use super::layout::{Answers, Columns, Layout, Question, Slot};
use super::legend::Legend;
use super::{HeaderValue, Placed};
use crate::answer::ItemNumber;
use crate::form::Field;
use crate::read::grid::{Cell, CellValue, Sheet};
use crate::read::marked::{is_form_label, is_mark};
use crate::text::is_blank;
use crate::vocabulary::{Role, Vocabulary};

/// Rows in which the form's id may stand, and rows of the head below it.
const SEARCHED: usize = 40;

/// The form that a plain sheet names, and which rows are about it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Named {
    /// The form's id.
    pub(super) form: String,
    /// The row in which it stands.
    pub(super) row: u32,
    /// The column of its label, and so of the first labels of the head.
    label: u32,
    /// The column in which it stands, and so the first values of the head.
    value: u32,
    /// The row of the heading of other content, if there is any.
    pub(super) kept_row: Option<u32>,
    /// The first row of the next disclosure on the sheet.
    pub(super) end: u32,
}

/// Finds the first table of a plain sheet; `None` where the sheet is not one.
pub(super) fn layout(sheet: &Sheet) -> Option<Layout> {
    layouts(sheet).into_iter().next()
}

/// Finds the tables of a plain sheet, one for each form that it names; none where the sheet is not one.
pub(super) fn layouts(sheet: &Sheet) -> Vec<Layout> {
    let starts = starts(sheet);
    let ends = starts.iter().skip(1).map(|start| {
        // The title of a disclosure stands right above the form's id.
        let mut above = sheet.rows_between(start.row.saturating_sub(1), start.row);
        start.row - u32::from(above.next().is_some())
    });
    let ends = ends.chain([u32::MAX]);
    let found = starts.iter().zip(ends);
    found
        .filter_map(|(start, end)| table(sheet, start, end))
        .collect()
}

/// The table below the row that names a form.
fn table(sheet: &Sheet, start: &Start, end: u32) -> Option<Layout> {
    let heads = sheet
        .rows_between(start.row + 1, end)
        // A name of a product may be what heads a column elsewhere.
        .filter(|cells| cells[0].column != start.label || field_of(&cells[0]).is_none())
        .take(SEARCHED)
        .find_map(columns)?;
    let items = || sheet.rows_between(heads.row + 1, end);
    let kept_row = items()
        .find(|cells| is_titled(cells, heads.number, is_kept_title))
        .map(|cells| cells[0].row);
    let end_of_items = kept_row.unwrap_or(end);
    let block_row = sheet
        .rows_between(heads.row + 1, end_of_items)
        .find(|cells| {
            is_titled(cells, heads.number, |text| {
                Vocabulary::get().is_block_title(text)
            })
        })
        .map(|cells| cells[0].row);
    let slots: Vec<Slot> = sheet
        .rows_between(heads.row + 1, block_row.unwrap_or(end_of_items))
        .filter_map(|cells| slot(sheet, &heads, cells))
        .collect();
    let answered = |slot: &&Slot| !is_blank(&sheet.text(slot.row(), heads.answer));
    Some(Layout {
        header_row: Some(heads.row),
        repeated: Vec::new(),
        band: (0, u32::MAX),
        end: end_of_items,
        answered: slots.iter().filter(answered).count(),
        slots,
        columns: Columns {
            numbers: vec![heads.number],
            question: heads.question,
            answer: Some(heads.answer),
            remarks: heads.remark.into_iter().collect(),
            ..Columns::default()
        },
        block_row,
        other_answers: Vec::new(),
        legend: Legend::default(),
        named: Some(Named {
            form: start.form.clone(),
            row: start.row,
            label: start.label,
            value: start.value,
            kept_row,
            end,
        }),
        given: None,
    })
}

fn slot(sheet: &Sheet, heads: &Heads, cells: &[Cell]) -> Option<Slot> {
    let cell = cells.iter().find(|cell| cell.column == heads.number)?;
    let (number, numeric) = number(cell)?;
    let question = heads.question.map(|column| Question {
        at: (cell.row, column),
        text: sheet.text(cell.row, column).into_owned(),
    });
    Some(Slot {
        number_at: (cell.row, cell.column),
        number,
        written_number: cell.value.text().into_owned(),
        numeric,
        question: question.filter(|question| !is_blank(&question.text)),
        answers: Answers::Word((cell.row, heads.answer)),
        remarks: heads
            .remark
            .map(|column| (cell.row, column))
            .into_iter()
            .collect(),
        section: None,
        reference: None,
    })
}

/// The head of a plain sheet: labels, each with its value to the right, whatever the value is.
pub(super) fn head(sheet: &Sheet, named: &Named, header_row: u32) -> Vec<HeaderValue> {
    let mut found: Vec<HeaderValue> = Vec::new();
    for cells in sheet
        .rows()
        .filter(|cells| cells[0].row > named.row && cells[0].row < header_row)
    {
        for (field, column, text) in fields(cells, named) {
            if found.iter().all(|known| known.field != field) {
                let text = Placed {
                    text: text.trim().to_owned(),
                    place: sheet.place(cells[0].row, column),
                };
                found.push(value_of(field, text));
            }
        }
    }
    found
}

/// The fields of a row of the head, with the columns of their values.
fn fields<'c>(cells: &'c [Cell], named: &Named) -> Vec<(Field, u32, Cow<'c, str>)> {
    let mut found = Vec::new();
    // A value may be a word that is a label elsewhere, so what stands where a value stands is never one.
    let mut value_column = None;
    for (at, label) in cells.iter().enumerate() {
        if value_column == Some(label.column) {
            continue;
        }
        let Some(field) = field_of(label) else {
            if at == 0 {
                // A row that begins with something else is none of the head.
                break;
            }
            continue;
        };
        let usual = label.column + (named.value - named.label);
        let next = cells.get(at + 1);
        let value = cells[at + 1..].iter().find(|cell| cell.column == usual);
        // Somebody may have moved the value; a second label on the right is not it.
        let value = value.or_else(|| next.filter(|next| field_of(next).is_none()));
        let column = value.map_or(usual, |value| value.column);
        value_column = Some(column);
        let text = value.map_or(Cow::Borrowed(""), |value| value.value.text());
        found.push((field, column, text));
    }
    found
}

/// The field that a cell is the label of.
fn field_of(cell: &Cell) -> Option<Field> {
    match &cell.value {
        CellValue::Text(text) => Vocabulary::get().field(text),
        CellValue::Number(_) | CellValue::Bool(_) | CellValue::Date(_) | CellValue::Error(_) => {
            None
        }
    }
}

/// The row that names a form.
struct Start {
    form: String,
    row: u32,
    label: u32,
    value: u32,
}

/// The forms that a sheet names. A second one needs the mark of a table with several.
fn starts(sheet: &Sheet) -> Vec<Start> {
    let start = |label: &Cell, id: &Cell| Start {
        form: id.value.text().trim().to_owned(),
        row: id.row,
        label: label.column,
        value: id.column,
    };
    let first = sheet.rows().take(SEARCHED).find_map(|cells| {
        let at = cells.iter().position(is_form_label)?;
        Some(start(&cells[at], cells.get(at + 1)?))
    });
    let Some(first) = first else {
        return Vec::new();
    };
    let next = sheet
        .rows_between(first.row + 1, u32::MAX)
        .filter(|cells| is_mark(cells))
        .map(|cells| start(&cells[0], &cells[1]));
    let next: Vec<Start> = next.collect();
    std::iter::once(first).chain(next).collect()
}

struct Heads {
    row: u32,
    number: u32,
    question: Option<u32>,
    answer: u32,
    remark: Option<u32>,
}

/// The columns that a row of headings names; `None` where it heads no items.
fn columns(cells: &[Cell]) -> Option<Heads> {
    let mut taken: Vec<u32> = Vec::new();
    let mut column = |role: Role| {
        let found = cells.iter().find(|cell| {
            !taken.contains(&cell.column)
                && matches!(&cell.value, CellValue::Text(text)
                    if text.len() < 200 && Vocabulary::get().roles(text).contains(&role))
        })?;
        taken.push(found.column);
        Some(found.column)
    };
    Some(Heads {
        row: cells[0].row,
        number: column(Role::Number)?,
        answer: column(Role::Answer)?,
        question: column(Role::Question),
        remark: column(Role::Remark),
    })
}

/// A heading: alone in its row, in the column of the numbers.
fn is_titled(cells: &[Cell], number_column: u32, is_title: impl Fn(&str) -> bool) -> bool {
    cells.len() == 1
        && cells[0].column == number_column
        && matches!(&cells[0].value, CellValue::Text(text) if is_title(text))
}

/// The number in a cell, where it can be one, and whether Excel stored it as a number.
fn number(cell: &Cell) -> Option<(Option<ItemNumber>, bool)> {
    match &cell.value {
        CellValue::Text(text) => Some((Some(ItemNumber::parse(text)?), false)),
        CellValue::Number(_) | CellValue::Date(_) => {
            Some((number_in(cell).map(|(number, _)| number), true))
        }
        CellValue::Bool(_) | CellValue::Error(_) => None,
    }
}
