//! The plain sheet that this tool writes: it names its form, so nothing about it has to be guessed.
//!
//! A cell `様式ID` or `Form ID` with the form's id to its right makes a sheet a plain one. Below it stand
//! the fields of the head, a label and a value in each row; then the headings of number, question, answer
//! and remark, in any order; then the items; then the remark texts under a heading of their own. People
//! may move columns and add rows; the words of the headings decide.

use super::detect::{AnswerColumns, Layout, NumberRow, number_in};
use super::head::value_of;
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
pub(super) struct Named {
    /// The form's id.
    pub(super) form: String,
    /// The row in which it stands.
    pub(super) row: u32,
}

/// Finds the table of a plain sheet; `None` where the sheet is not one.
pub(super) fn layout(sheet: &Sheet) -> Option<Layout> {
    let named = named(sheet)?;
    let header = sheet
        .rows()
        .filter(|cells| cells[0].row > named.row)
        .take(SEARCHED)
        .find_map(columns)?;
    let below = |cells: &&[Cell]| cells[0].row > header.row;
    let block_row = sheet
        .rows()
        .filter(below)
        .find(|cells| is_block(cells, header.number))
        .map(|cells| cells[0].row);
    let rows: Vec<NumberRow> = sheet
        .rows()
        .filter(below)
        .filter(|cells| block_row.is_none_or(|block| cells[0].row < block))
        .filter_map(|cells| number(cells.iter().find(|cell| cell.column == header.number)?))
        .collect();
    let answered = |row: &&NumberRow| !is_blank(&sheet.text(row.row, header.answer));
    Some(Layout {
        header_row: Some(header.row),
        answered_rows: rows.iter().filter(answered).count(),
        other_answers: Vec::new(),
        rows,
        number_column: header.number,
        question_column: header.question,
        answers: AnswerColumns::Word(header.answer),
        remark_column: header.remark,
        block_row,
        named: Some(named),
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

struct Columns {
    row: u32,
    number: u32,
    question: Option<u32>,
    answer: u32,
    remark: Option<u32>,
}

/// The columns that a row of headings names; `None` where it heads no items.
fn columns(cells: &[Cell]) -> Option<Columns> {
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
    Some(Columns {
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

fn number(cell: &Cell) -> Option<NumberRow> {
    let (number, numeric) = match &cell.value {
        CellValue::Text(text) => (Some(ItemNumber::parse(text)?), false),
        CellValue::Number(_) | CellValue::Date(_) => (number_in(cell).map(|(n, _)| n), true),
        CellValue::Bool(_) | CellValue::Error(_) => return None,
    };
    Some(NumberRow {
        row: cell.row,
        number,
        numeric,
    })
}
