//! Layout: where on a sheet the numbers, questions, answers and remarks stand.
//!
//! Found by content: header words decide where they are there and the cells below agree; otherwise
//! the shape of the columns does. No position is assumed.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::plain::Named;
use crate::answer::{Answer, ItemNumber};
use crate::read::grid::{Cell, CellValue, Sheet};
use crate::text::is_blank;
use crate::vocabulary::{Role, Vocabulary};

/// Where the answers stand.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum AnswerColumns {
    /// A word in one column.
    Word(u32),
    /// A mark in one of several columns, each for one answer.
    Marks(Vec<(Answer, u32)>),
}

/// A row with an item number.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NumberRow {
    pub(super) row: u32,
    /// The number; `None` where the cell cannot be one but the row is answered (a date, say).
    pub(super) number: Option<ItemNumber>,
    /// True if the cell holds a number, not a text: `4.10` has become 4.1.
    pub(super) numeric: bool,
}

/// The layout of a table of items.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Layout {
    pub(super) header_row: Option<u32>,
    pub(super) rows: Vec<NumberRow>,
    pub(super) number_column: u32,
    pub(super) question_column: Option<u32>,
    pub(super) answers: AnswerColumns,
    pub(super) remark_column: Option<u32>,
    /// The row of the heading of a block of remark texts.
    pub(super) block_row: Option<u32>,
    /// Item rows with something that is an answer, or a mark.
    pub(super) answered_rows: usize,
    /// Other columns that are answered as a whole too: which one holds, the sheet does not say.
    pub(super) other_answers: Vec<u32>,
    /// The form that the sheet names, where it is one of this tool's own.
    pub(super) named: Option<Named>,
}

impl Layout {
    /// The first row that belongs to the table.
    pub(super) fn first_row(&self) -> u32 {
        let first = self.rows.first().map(|row| row.row);
        self.header_row
            .or(first)
            .unwrap_or(0)
            .min(first.unwrap_or(u32::MAX))
    }

    /// True if something stands where the answer of a row goes.
    pub(super) fn is_answered(&self, sheet: &Sheet, row: u32) -> bool {
        match &self.answers {
            AnswerColumns::Word(column) => !is_blank(&sheet.text(row, *column)),
            AnswerColumns::Marks(columns) => columns
                .iter()
                .any(|(_, column)| !is_blank(&sheet.text(row, *column))),
        }
    }

    /// The last row with an item.
    pub(super) fn last_row(&self) -> u32 {
        let last = self.rows.last().map(|row| row.row);
        last.or(self.header_row).unwrap_or(0)
    }
}

/// Header words of one row.
#[derive(Debug, Default)]
struct HeaderRow {
    row: u32,
    roles: BTreeMap<Role, Vec<u32>>,
    choices: Vec<(Answer, u32)>,
}

impl HeaderRow {
    fn score(&self) -> usize {
        self.roles.len()
            + if self.choices.len() >= 2 {
                self.choices.len()
            } else {
                0
            }
    }

    /// True if the row can head a table: it names numbers or questions, and answers or remarks.
    fn is_header(&self) -> bool {
        let asks =
            self.roles.contains_key(&Role::Number) || self.roles.contains_key(&Role::Question);
        let answers = self.roles.contains_key(&Role::Answer)
            || self.roles.contains_key(&Role::Remark)
            || self.choices.len() >= 2;
        asks && answers
    }
}

/// Finds the table of a sheet; `None` where there is none.
pub(super) fn layout(sheet: &Sheet) -> Option<Layout> {
    let header = header_row(sheet);
    let block_row = block_row(sheet, header.as_ref().map(|header| header.row));
    let after = header.as_ref().map(|header| header.row);
    let in_table = |row: u32| {
        after.is_none_or(|after| row > after) && block_row.is_none_or(|block| row < block)
    };
    let number_column = number_column(sheet, header.as_ref(), &in_table)?;
    let mut rows = number_rows(sheet, number_column, &in_table);
    let item_rows: HashSet<u32> = rows
        .iter()
        .filter(|row| row.number.is_some())
        .map(|row| row.row)
        .collect();
    if item_rows.is_empty() || (header.is_none() && item_rows.len() < 3) {
        return None;
    }
    let (answers, answered, other_answers) =
        answer_columns(sheet, header.as_ref(), number_column, &item_rows)?;
    // A cell in the number column that is no number matters only where the row is answered.
    let answered_cells = |row: u32| match &answers {
        AnswerColumns::Word(column) => Vocabulary::get()
            .answer(&sheet.text(row, *column))
            .is_some(),
        AnswerColumns::Marks(columns) => columns
            .iter()
            .any(|(_, column)| Vocabulary::get().mark(&sheet.text(row, *column)).is_some()),
    };
    rows.retain(|row| row.number.is_some() || answered_cells(row.row));
    let question_column =
        question_column(sheet, header.as_ref(), number_column, &answers, &item_rows);
    let remark_column = remark_column(
        sheet,
        header.as_ref(),
        number_column,
        question_column,
        &answers,
        &item_rows,
    );
    Some(Layout {
        header_row: after,
        rows,
        number_column,
        question_column,
        answers,
        remark_column,
        block_row,
        answered_rows: answered,
        other_answers,
        named: None,
    })
}

fn header_row(sheet: &Sheet) -> Option<HeaderRow> {
    let words = Vocabulary::get();
    let mut best: Option<HeaderRow> = None;
    let mut above: Option<HeaderRow> = None;
    for cells in sheet.rows() {
        let mut found = HeaderRow {
            row: cells[0].row,
            ..HeaderRow::default()
        };
        let mut candidates: Vec<(Answer, u32, bool)> = Vec::new();
        for cell in cells {
            let CellValue::Text(text) = &cell.value else {
                continue;
            };
            if text.len() > 200 {
                continue;
            }
            let roles = words.roles(text);
            for role in roles {
                found.roles.entry(*role).or_default().push(cell.column);
            }
            if let Some(answer) = words.answer(text) {
                candidates.push((answer, cell.column, roles.contains(&Role::Number)));
            }
        }
        found.choose_columns(&candidates);
        // A heading over two rows: はい, いいえ, 対象外 stand under 回答.
        let joined = above
            .take()
            .filter(|above| above.row + 1 == found.row && above.is_header_above(&found))
            // A row with an item number is no heading, whatever answers stand in it.
            .filter(|_| cells.iter().all(|cell| number_in(cell).is_none()));
        if let Some(mut joined) = joined {
            joined.choices.append(&mut found.choices);
            joined.row = found.row;
            for (role, columns) in std::mem::take(&mut found.roles) {
                joined.roles.entry(role).or_default().extend(columns);
            }
            found = joined;
        }
        if found.is_header()
            && best
                .as_ref()
                .is_none_or(|best| found.score() > best.score())
        {
            best = Some(HeaderRow {
                row: found.row,
                roles: found.roles.clone(),
                choices: found.choices.clone(),
            });
        }
        above = Some(found);
    }
    best
}

impl HeaderRow {
    /// Which of the answer words are headings of columns for marks.
    ///
    /// NOTE: "No." heads the column of numbers and is the English answer as well: it is an answer only
    /// where another cell to its left heads the numbers and no cell to its right says no.
    fn choose_columns(&mut self, candidates: &[(Answer, u32, bool)]) {
        let numbers = self.roles.get(&Role::Number);
        let first_number = numbers.and_then(|columns| columns.iter().min().copied());
        for (at, (answer, column, is_number)) in candidates.iter().enumerate() {
            let again = candidates[at + 1..]
                .iter()
                .any(|(other, _, _)| other == answer);
            if *is_number && (first_number == Some(*column) || again) {
                continue;
            }
            if !self.choices.iter().any(|(known, _)| known == answer) {
                self.choices.push((*answer, *column));
                for columns in self.roles.values_mut() {
                    columns.retain(|known| known != column);
                }
                self.roles.retain(|_, columns| !columns.is_empty());
            }
        }
    }

    fn is_header_above(&self, below: &HeaderRow) -> bool {
        let asks =
            self.roles.contains_key(&Role::Number) || self.roles.contains_key(&Role::Question);
        asks && self.choices.len() < 2 && below.choices.len() >= 2
    }
}

/// The heading of a block of remark texts: alone in its row, below the header.
fn block_row(sheet: &Sheet, header: Option<u32>) -> Option<u32> {
    let words = Vocabulary::get();
    sheet
        .rows()
        .filter(|cells| header.is_some_and(|header| cells[0].row > header))
        .find(|cells| {
            cells.len() <= 2
                && matches!(&cells[0].value, CellValue::Text(text) if words.is_block_title(text))
        })
        .map(|cells| cells[0].row)
}

/// The item number in a cell, if it can be one.
pub(super) fn number_in(cell: &Cell) -> Option<(ItemNumber, bool)> {
    match &cell.value {
        CellValue::Text(text) => {
            if Vocabulary::get().remark_key(text, false).is_some() {
                return None;
            }
            ItemNumber::parse(text).map(|number| (number, false))
        }
        CellValue::Number(number) if *number > 0.0 && *number < 1000.0 => {
            ItemNumber::parse(&cell.value.text()).map(|number| (number, true))
        }
        CellValue::Number(_) | CellValue::Bool(_) | CellValue::Date(_) | CellValue::Error(_) => {
            None
        }
    }
}

fn number_column(
    sheet: &Sheet,
    header: Option<&HeaderRow>,
    in_table: &dyn Fn(u32) -> bool,
) -> Option<u32> {
    let mut numbers: BTreeMap<u32, BTreeSet<ItemNumber>> = BTreeMap::new();
    for cell in sheet.cells.iter().filter(|cell| in_table(cell.row)) {
        if let Some((number, _)) = number_in(cell) {
            numbers.entry(cell.column).or_default().insert(number);
        }
    }
    let named = |column: &u32, role: Role| {
        header.is_some_and(|header| {
            header
                .roles
                .get(&role)
                .is_some_and(|columns| columns.contains(column))
        })
    };
    // A column headed as numbers wins while it holds any; then the one with the most different numbers, leftmost.
    numbers
        .iter()
        .max_by_key(|(column, numbers)| {
            let headed = named(column, Role::Number) && !named(column, Role::Question);
            (headed, numbers.len(), std::cmp::Reverse(**column))
        })
        .map(|(column, _)| *column)
}

fn number_rows(sheet: &Sheet, column: u32, in_table: &dyn Fn(u32) -> bool) -> Vec<NumberRow> {
    sheet
        .cells
        .iter()
        .filter(|cell| cell.column == column && in_table(cell.row))
        .filter_map(|cell| match (number_in(cell), &cell.value) {
            (Some((number, numeric)), _) => Some(NumberRow {
                row: cell.row,
                number: Some(number),
                numeric,
            }),
            (None, CellValue::Date(_) | CellValue::Number(_)) => Some(NumberRow {
                row: cell.row,
                number: None,
                numeric: true,
            }),
            (None, CellValue::Text(_) | CellValue::Bool(_) | CellValue::Error(_)) => None,
        })
        .collect()
}

/// Where the answers stand, and in how many item rows there is one.
fn answer_columns(
    sheet: &Sheet,
    header: Option<&HeaderRow>,
    number_column: u32,
    item_rows: &HashSet<u32>,
) -> Option<(AnswerColumns, usize, Vec<u32>)> {
    if let Some(header) = header.filter(|header| header.choices.len() >= 2) {
        let marks: Vec<(Answer, u32)> = header.choices.clone();
        let marked = item_rows
            .iter()
            .filter(|row| {
                marks
                    .iter()
                    .any(|(_, column)| !is_blank(&sheet.text(**row, *column)))
            })
            .count();
        return Some((AnswerColumns::Marks(marks), marked, Vec::new()));
    }
    let mut hits: BTreeMap<u32, usize> = BTreeMap::new();
    for cell in sheet
        .cells
        .iter()
        .filter(|cell| cell.column != number_column && item_rows.contains(&cell.row))
    {
        if let CellValue::Text(text) = &cell.value
            && text.len() <= 240
            && super::resolve::resolve(None, text).answer.is_some()
        {
            *hits.entry(cell.column).or_default() += 1;
        }
    }
    let named = header
        .and_then(|header| header.roles.get(&Role::Answer))
        .map(Vec::as_slice)
        .unwrap_or_default();
    let of = |column: &u32| hits.get(column).copied().unwrap_or(0);
    let most = hits
        .iter()
        .max_by_key(|(column, count)| (**count, std::cmp::Reverse(**column)))
        .map(|(column, _)| *column);
    let best_named = named
        .iter()
        .copied()
        .max_by_key(|column| (of(column), std::cmp::Reverse(*column)));
    let column = match (best_named, most) {
        // The heading counts unless the answers clearly stand elsewhere.
        (Some(named), Some(most)) if of(&named) == 0 && of(&most) * 2 > item_rows.len() => most,
        (Some(named), _) => named,
        (None, Some(most)) => most,
        (None, None) => {
            // Nothing answered and no heading: the column before the remarks, after the question.
            let header = header?;
            let question = header.roles.get(&Role::Question)?.first()?;
            question + 1
        }
    };
    // A column that is answered in most rows where the chosen one is answered, too, or more.
    let others = hits
        .iter()
        .filter(|(other, count)| {
            let full = **count * 2 > item_rows.len() && **count * 2 > of(&column);
            **other != column && (full || named.contains(other))
        })
        .map(|(other, _)| *other)
        .collect();
    Some((AnswerColumns::Word(column), of(&column), others))
}

fn is_answer_column(answers: &AnswerColumns, column: u32) -> bool {
    match answers {
        AnswerColumns::Word(answer) => *answer == column,
        AnswerColumns::Marks(marks) => marks.iter().any(|(_, mark)| *mark == column),
    }
}

fn question_column(
    sheet: &Sheet,
    header: Option<&HeaderRow>,
    number_column: u32,
    answers: &AnswerColumns,
    item_rows: &HashSet<u32>,
) -> Option<u32> {
    let mut lengths: BTreeMap<u32, usize> = BTreeMap::new();
    for cell in sheet
        .cells
        .iter()
        .filter(|cell| item_rows.contains(&cell.row))
    {
        if let CellValue::Text(text) = &cell.value
            && cell.column != number_column
            && !is_answer_column(answers, cell.column)
        {
            *lengths.entry(cell.column).or_default() += text.len();
        }
    }
    let named = header
        .and_then(|header| header.roles.get(&Role::Question))
        .map(Vec::as_slice)
        .unwrap_or_default();
    let length = |column: &u32| lengths.get(column).copied().unwrap_or(0);
    let headed = named
        .iter()
        .copied()
        .filter(|column| *column != number_column && length(column) > 0)
        .max_by_key(length);
    let last_answer = match answers {
        AnswerColumns::Word(column) => *column,
        AnswerColumns::Marks(marks) => marks.iter().map(|(_, column)| *column).min().unwrap_or(0),
    };
    headed.or_else(|| {
        lengths
            .iter()
            .filter(|(column, _)| **column < last_answer)
            .max_by_key(|(column, length)| (**length, std::cmp::Reverse(**column)))
            .map(|(column, _)| *column)
    })
}

fn remark_column(
    sheet: &Sheet,
    header: Option<&HeaderRow>,
    number_column: u32,
    question_column: Option<u32>,
    answers: &AnswerColumns,
    item_rows: &HashSet<u32>,
) -> Option<u32> {
    let free = |column: u32| {
        column != number_column
            && Some(column) != question_column
            && !is_answer_column(answers, column)
    };
    let named = header
        .and_then(|header| header.roles.get(&Role::Remark))
        .map(Vec::as_slice)
        .unwrap_or_default();
    if let Some(column) = named.iter().copied().find(|column| free(*column)) {
        return Some(column);
    }
    let reference = |column: u32| {
        header.is_some_and(|header| {
            header
                .roles
                .get(&Role::Reference)
                .is_some_and(|columns| columns.contains(&column))
        })
    };
    let last_answer = match answers {
        AnswerColumns::Word(column) => *column,
        AnswerColumns::Marks(marks) => marks.iter().map(|(_, column)| *column).max().unwrap_or(0),
    };
    // Without a heading: the nearest column after the answers that says anything.
    sheet
        .cells
        .iter()
        .filter(|cell| {
            item_rows.contains(&cell.row)
                && cell.column > last_answer
                && free(cell.column)
                && !reference(cell.column)
        })
        .map(|cell| cell.column)
        .min()
}
