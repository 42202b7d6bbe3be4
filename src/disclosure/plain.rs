//! The plain sheet that this tool writes: it names its form, so nothing about it has to be guessed.
//!
//! A cell `様式ID` or `Form ID` with the form's id to its right makes a sheet a plain one. Below it stand
//! the fields of the head, a label and a value in each row; then the headings of number, question, answer
//! and remark, in any order; then the items; then the remark texts under a heading of their own. People
//! may move columns and add rows; the words of the headings decide.

use super::detect::numbers::number_in;
use super::head::value_of;
use super::layout::{Answers, Columns, Layout, Question, Slot};
use super::legend::Legend;
use super::{HeaderValue, Placed};
use crate::answer::ItemNumber;
use crate::read::grid::{Cell, CellValue, Sheet};
use crate::text::{fold, is_blank};
use crate::vocabulary::{Role, Vocabulary};

/// The label of the cell to the left of the form's id.
pub(crate) const FORM_LABEL: [&str; 2] = ["様式ID", "Form ID"];

/// Rows in which the form's id may stand, and rows of the head below it.
const SEARCHED: usize = 40;

/// The form that a plain sheet names.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Named {
    /// The form's id.
    pub(super) form: String,
    /// The row in which it stands.
    pub(super) row: u32,
}

/// Finds the table of a plain sheet; `None` where the sheet is not one.
pub(super) fn layout(sheet: &Sheet) -> Option<Layout> {
    let named = named(sheet)?;
    let heads = sheet
        .rows()
        .filter(|cells| cells[0].row > named.row)
        .take(SEARCHED)
        .find_map(columns)?;
    let below = |cells: &&[Cell]| cells[0].row > heads.row;
    let block_row = sheet
        .rows()
        .filter(below)
        .find(|cells| is_block(cells, heads.number))
        .map(|cells| cells[0].row);
    let slots: Vec<Slot> = sheet
        .rows()
        .filter(below)
        .filter(|cells| block_row.is_none_or(|block| cells[0].row < block))
        .filter_map(|cells| slot(sheet, &heads, cells))
        .collect();
    let answered = |slot: &&Slot| !is_blank(&sheet.text(slot.row(), heads.answer));
    Some(Layout {
        header_row: Some(heads.row),
        repeated: Vec::new(),
        band: (0, u32::MAX),
        end: u32::MAX,
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
        named: Some(named),
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

/// The head of a plain sheet: a label and its value in each row, whatever the value is.
pub(super) fn head(sheet: &Sheet, named: &Named, header_row: u32) -> Vec<HeaderValue> {
    let mut found: Vec<HeaderValue> = Vec::new();
    for cells in sheet
        .rows()
        .filter(|cells| cells[0].row > named.row && cells[0].row < header_row)
    {
        let label = &cells[0];
        let Some(field) = Vocabulary::get().field(&label.value.text()) else {
            continue;
        };
        if found.iter().all(|known| known.field != field) {
            let value = cells.get(1);
            let column = value.map_or(label.column + 1, |value| value.column);
            let text = value.map_or("".into(), |value| value.value.text());
            let text = Placed {
                text: text.trim().to_owned(),
                place: sheet.place(label.row, column),
            };
            found.push(value_of(field, text));
        }
    }
    found
}

fn named(sheet: &Sheet) -> Option<Named> {
    let labels = FORM_LABEL.map(fold);
    sheet.rows().take(SEARCHED).find_map(|cells| {
        let at = cells.iter().position(
            |cell| matches!(&cell.value, CellValue::Text(text) if labels.contains(&fold(text))),
        )?;
        let id = cells.get(at + 1)?;
        Some(Named {
            form: id.value.text().trim().to_owned(),
            row: id.row,
        })
    })
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

/// The heading of the remark texts: alone in its row, in the column of the numbers.
fn is_block(cells: &[Cell], number_column: u32) -> bool {
    cells.len() == 1
        && cells[0].column == number_column
        && matches!(&cells[0].value, CellValue::Text(text) if Vocabulary::get().is_block_title(text))
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
