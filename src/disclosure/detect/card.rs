//! Cards: sheets with a little block for each question, its answer and remark below under labels of their own.

use std::collections::{BTreeMap, BTreeSet};

use super::numbers::{leading_number, number_in};
use crate::answer::ItemNumber;
use crate::disclosure::layout::{Answers, At, Columns, Layout, Question, Slot};
use crate::disclosure::legend::Legend;
use crate::disclosure::page::Page;
use crate::disclosure::resolve::answer_in;
use crate::read::grid::{Cell, CellValue};
use crate::text::is_blank;
use crate::vocabulary::{Role, Vocabulary};

/// The least number of cards that make a sheet one of cards.
const LEAST: usize = 3;

/// The cards of a sheet; `None` where there are none.
pub(super) fn layout(page: &Page<'_>) -> Option<Layout> {
    let labels = labels(page, Role::Answer)?;
    let rows: Vec<u32> = labels.iter().map(|label| label.row).collect();
    let numbers = numbers(page, &rows)?;
    let beside = labels
        .iter()
        .filter(|label| right_of(page, label).is_some())
        .count();
    // Where the next label stands below, the value is not there.
    let labelled = labels.iter().filter(|label| {
        let below = page.cell(label.row + 1, label.column);
        below.is_some_and(is_label)
    });
    let below = beside * 3 < labels.len() && labelled.count() * 2 < labels.len();
    let mut slots: Vec<Slot> = Vec::new();
    for (at, (label, number)) in labels.iter().zip(&numbers).enumerate() {
        let end = numbers.get(at + 1).map_or(u32::MAX, |next| next.at.0);
        let remarks = in_rows(page, number.at.0, end)
            .filter(|cell| has_role(cell, Role::Remark))
            .map(|cell| value_at(page, cell, below))
            .collect();
        slots.push(Slot {
            number_at: number.at,
            number: Some(number.number.clone()),
            written_number: number.number.to_string(),
            numeric: number.numeric,
            question: question(page, number, label),
            answers: Answers::Word(value_at(page, label, below)),
            remarks,
            section: None,
            reference: None,
        });
    }
    let answered = slots
        .iter()
        .flat_map(|slot| slot.answers.cells())
        .filter(|at| answer_in(&page.said(*at)).is_some())
        .count();
    let legend = page.sheet.cells.iter().find_map(|cell| match &cell.value {
        CellValue::Text(text) => Legend::in_text(text),
        CellValue::Number(_) | CellValue::Bool(_) | CellValue::Date(_) | CellValue::Error(_) => {
            None
        }
    });
    Some(Layout {
        header_row: None,
        repeated: Vec::new(),
        band: (0, u32::MAX),
        end: u32::MAX,
        columns: Columns::default(),
        slots,
        block_row: None,
        answered,
        other_answers: Vec::new(),
        legend: legend.unwrap_or_default(),
        named: None,
        given: None,
    })
}

fn has_role(cell: &Cell, role: Role) -> bool {
    let CellValue::Text(text) = &cell.value else {
        return false;
    };
    let bare = text.trim().trim_end_matches([':', '：']);
    text.len() <= 60 && Vocabulary::get().roles(bare).contains(&role)
}

/// The labels of one role that stand one below the other, in the column that has the most.
fn labels<'p>(page: &Page<'p>, role: Role) -> Option<Vec<&'p Cell>> {
    let mut columns: BTreeMap<u32, Vec<&Cell>> = BTreeMap::new();
    for cell in page.sheet.cells.iter().filter(|cell| has_role(cell, role)) {
        columns.entry(cell.column).or_default().push(cell);
    }
    let most = columns.into_values().max_by_key(Vec::len)?;
    (most.len() >= LEAST).then_some(most)
}

/// The cells of the rows from one up to another.
fn in_rows<'p>(page: &Page<'p>, from: u32, to: u32) -> impl Iterator<Item = &'p Cell> {
    let cells = &page.sheet.cells;
    let start = cells.partition_point(|cell| cell.row < from);
    let end = cells.partition_point(|cell| cell.row < to);
    cells[start..end.max(start)].iter()
}

struct Number {
    at: At,
    number: ItemNumber,
    numeric: bool,
    /// The question behind the number, where it stands in the same cell.
    rest: Option<String>,
}

/// The number of each card: the nearest above its answer, in the column in which most cards have theirs.
fn numbers(page: &Page<'_>, rows: &[u32]) -> Option<Vec<Number>> {
    let mut cards: Vec<Vec<Number>> = Vec::new();
    let mut columns: BTreeMap<u32, usize> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        let from = if at == 0 { 0 } else { rows[at - 1] + 1 };
        let found: Vec<Number> = in_rows(page, from, row + 1).filter_map(number_of).collect();
        let own: BTreeSet<u32> = found.iter().map(|number| number.at.1).collect();
        for column in own {
            *columns.entry(column).or_default() += 1;
        }
        cards.push(found);
    }
    let usual = columns
        .into_iter()
        .max_by_key(|(column, count)| (*count, std::cmp::Reverse(*column)))?
        .0;
    cards
        .into_iter()
        .map(|mut found| {
            let at = found.iter().rposition(|number| number.at.1 == usual);
            let at = at.or(found.len().checked_sub(1))?;
            Some(found.swap_remove(at))
        })
        .collect()
}

/// The number in a cell, alone or before the question.
fn number_of(cell: &Cell) -> Option<Number> {
    let at = (cell.row, cell.column);
    if let Some((number, numeric)) = number_in(cell) {
        return Some(Number {
            at,
            number,
            numeric,
            rest: None,
        });
    }
    let CellValue::Text(text) = &cell.value else {
        return None;
    };
    let (number, rest) = leading_number(text)?;
    Some(Number {
        at,
        number,
        numeric: false,
        rest: Some(rest.trim().to_owned()).filter(|rest| !is_blank(rest)),
    })
}

fn right_of<'p>(page: &Page<'p>, label: &Cell) -> Option<&'p Cell> {
    let column = page
        .area(label.row, label.column)
        .map_or(label.column, |area| area.last.1);
    in_rows(page, label.row, label.row + 1)
        .find(|cell| cell.column > column)
        .filter(|cell| !is_label(cell))
}

fn is_label(cell: &Cell) -> bool {
    [Role::Answer, Role::Remark, Role::Question, Role::Number]
        .iter()
        .any(|role| has_role(cell, *role))
}

/// Where the value of a label stands: to its right, or below.
fn value_at(page: &Page<'_>, label: &Cell, below: bool) -> At {
    let area = page.area(label.row, label.column);
    if below {
        let row = area.map_or(label.row, |area| area.last.0);
        return (row + 1, label.column);
    }
    match right_of(page, label) {
        Some(cell) => (cell.row, cell.column),
        None => (label.row, area.map_or(label.column, |area| area.last.1) + 1),
    }
}

/// The question of a card: behind the number, beside the label of the question, or the longest text between.
fn question(page: &Page<'_>, number: &Number, answer: &Cell) -> Option<Question> {
    if let Some(rest) = &number.rest {
        return Some(Question {
            at: number.at,
            text: rest.clone(),
        });
    }
    let cells = || in_rows(page, number.at.0, answer.row.max(number.at.0 + 1));
    let labelled = cells()
        .find(|cell| has_role(cell, Role::Question))
        .and_then(|label| right_of(page, label))
        .filter(|cell| (cell.row, cell.column) != number.at);
    let longest = || {
        cells()
            .filter(|cell| (cell.row, cell.column) != number.at && !is_label(cell))
            .filter(|cell| matches!(cell.value, CellValue::Text(_)))
            .max_by_key(|cell| cell.value.text().len())
    };
    labelled.or_else(longest).map(|cell| Question {
        at: (cell.row, cell.column),
        text: cell.value.text().into_owned(),
    })
}
