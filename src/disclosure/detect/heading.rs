//! Headings: the rows whose words name the columns of a table.

use std::collections::BTreeMap;

use super::numbers::{leading_number, number_in};
use crate::answer::Answer;
use crate::disclosure::page::Page;
use crate::read::grid::{Cell, CellValue};
use crate::vocabulary::{Role, Vocabulary};

/// How many rows the upper row of a heading may be high, on squared paper.
const TALL: u32 = 4;

/// Header words of one row.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct HeaderRow {
    pub(super) row: u32,
    /// The upper row of a heading over two rows; the same row otherwise.
    pub(super) top: u32,
    pub(super) roles: BTreeMap<Role, Vec<u32>>,
    pub(super) choices: Vec<(Answer, u32)>,
    /// Further columns of the same answers, group by group: which of them holds, the sheet does not say.
    pub(super) more: Vec<Vec<(Answer, u32)>>,
    /// Cells that only seem to name a column: by the end of their words.
    loose: usize,
    /// Columns of what was written at another time.
    pub(super) stale: Vec<u32>,
    /// Columns headed as answers that may be the reader's marks.
    pub(super) secondary: Vec<u32>,
    /// Columns that a running number may head (通番).
    pub(super) running: Vec<u32>,
}

impl HeaderRow {
    pub(super) fn score(&self) -> usize {
        let choices = if self.choices.len() >= 2 {
            self.choices.len()
        } else {
            0
        };
        2 * (self.roles.len() + choices) - self.loose.min(self.roles.len())
    }

    /// True if the row can head a table: it names numbers or questions, and answers or remarks.
    fn is_header(&self) -> bool {
        let asks = self.has(Role::Number) || self.has(Role::Question);
        let answers = self.has(Role::Answer) || self.has(Role::Remark) || self.choices.len() >= 2;
        asks && answers
    }

    fn has(&self, role: Role) -> bool {
        self.roles.contains_key(&role)
    }

    /// The columns of a role.
    pub(super) fn columns(&self, role: Role) -> &[u32] {
        self.roles.get(&role).map_or(&[], Vec::as_slice)
    }

    /// True if the column is headed so and in no other way.
    pub(super) fn is_only(&self, column: u32, role: Role) -> bool {
        self.roles
            .iter()
            .all(|(other, columns)| (*other == role) == columns.contains(&column))
    }

    /// True if both head the same columns in the same way.
    pub(super) fn is_same(&self, other: &HeaderRow) -> bool {
        self.roles == other.roles && self.choices == other.choices
    }

    /// Only what is named within some columns.
    pub(super) fn within(&self, band: (u32, u32)) -> HeaderRow {
        let inside = |column: &u32| (band.0..=band.1).contains(column);
        let mut part = self.clone();
        for columns in part.roles.values_mut() {
            columns.retain(inside);
        }
        part.roles.retain(|_, columns| !columns.is_empty());
        part.choices.retain(|(_, column)| inside(column));
        part.more
            .retain(|group| group.iter().all(|(_, column)| inside(column)));
        part
    }

    /// The bands of columns of tables that stand side by side: number to number, each with its answers.
    pub(super) fn bands(&self) -> Vec<(u32, u32)> {
        // 質問 may head numbers or questions; beside 番号 it heads questions.
        let numbers = self.columns(Role::Number).iter().copied();
        let mut starts: Vec<u32> = numbers
            .filter(|column| self.is_only(*column, Role::Number))
            .collect();
        if starts.len() < 2 {
            starts = self.columns(Role::Question).to_vec();
        }
        starts.sort_unstable();
        let answers = self.columns(Role::Answer);
        let answered =
            |from: u32, to: u32| answers.iter().any(|column| (from..to).contains(column));
        let ends: Vec<u32> = starts.iter().skip(1).copied().chain([u32::MAX]).collect();
        let bands: Vec<(u32, u32)> = starts.iter().copied().zip(ends).collect();
        if bands.len() < 2 || !bands.iter().all(|(from, to)| answered(*from, *to)) {
            return vec![(0, u32::MAX)];
        }
        bands
            .iter()
            .enumerate()
            .map(|(at, (from, to))| (if at == 0 { 0 } else { *from }, to.saturating_sub(1)))
            .collect()
    }

    /// Which of the answer words are headings of columns for marks.
    ///
    /// NOTE: "No." heads the column of numbers and is the English answer as well: it is an answer only
    /// where another cell to its left heads the numbers and no cell to its right says no, or where it
    /// stands right behind a yes, as in the lower row of a heading (Yes | No | N/A).
    fn choose_columns(&mut self, candidates: &[(Answer, u32, bool)]) {
        let first_number = self.columns(Role::Number).iter().min().copied();
        let mut groups: Vec<Vec<(Answer, u32)>> = Vec::new();
        for (at, (answer, column, is_number)) in candidates.iter().enumerate() {
            let again = candidates[at + 1..]
                .iter()
                .any(|(other, _, _)| other == answer);
            let behind_yes = at.checked_sub(1).is_some_and(|before| {
                let (other, left, _) = &candidates[before];
                let between = |other: &u32| (left + 1..*column).contains(other);
                *other == Answer::Yes && !self.roles.values().flatten().any(between)
            });
            if *is_number && !behind_yes && (first_number == Some(*column) || again) {
                continue;
            }
            match groups.last_mut() {
                Some(group) if group.iter().all(|(known, _)| known != answer) => {
                    group.push((*answer, *column));
                }
                _ => groups.push(vec![(*answer, *column)]),
            }
        }
        // One answer word alone may well be something else: See note heads the remarks.
        groups.retain(|group| group.len() >= 2);
        let columns: Vec<u32> = groups.iter().flatten().map(|(_, column)| *column).collect();
        for named in self.roles.values_mut() {
            named.retain(|known| !columns.contains(known));
        }
        self.roles.retain(|_, columns| !columns.is_empty());
        let mut groups = groups.into_iter();
        self.choices = groups.next().unwrap_or_default();
        self.more = groups.collect();
    }

    /// Where the columns of marks stand there twice, those that are meant: not last year's, nor an example's.
    fn pick_group(&mut self, page: &Page<'_>) {
        if self.more.is_empty() {
            return;
        }
        let words = Vocabulary::get();
        let mut groups = vec![std::mem::take(&mut self.choices)];
        groups.append(&mut self.more);
        let above = if self.top < self.row {
            Some(self.top)
        } else {
            self.row.checked_sub(1)
        };
        let other = |group: &[(Answer, u32)]| {
            let first = above.zip(group.first());
            let heading = first.map(|(above, (_, column))| page.text(above, *column));
            heading.is_some_and(|heading| {
                words.is_stale(&heading) || words.is_example(&heading) || words.is_readers(&heading)
            })
        };
        if groups.iter().any(|group| !other(group)) {
            groups.retain(|group| !other(group));
        }
        let mut groups = groups.into_iter();
        self.choices = groups.next().unwrap_or_default();
        self.more = groups.collect();
    }

    /// True if the row below may name the columns under one of this row's: はい, いいえ, 対象外 under 回答.
    fn is_above(&self, below: &HeaderRow) -> bool {
        let asks = self.has(Role::Number) || self.has(Role::Question);
        let finer = below.has(Role::Answer) || below.has(Role::Remark) || below.has(Role::Number);
        asks && self.choices.len() < 2 && (below.choices.len() >= 2 || (!self.is_header() && finer))
    }

    /// This row with the finer names of the row below.
    fn over(mut self, below: HeaderRow) -> HeaderRow {
        self.choices.extend(below.choices);
        self.more.extend(below.more);
        self.row = below.row;
        self.loose += below.loose;
        self.running.extend(below.running);
        self.secondary.extend(below.secondary);
        self.stale.extend(below.stale);
        for (role, columns) in below.roles {
            let known = self.roles.entry(role).or_default();
            for column in columns {
                if !known.contains(&column) {
                    known.push(column);
                }
            }
        }
        self
    }
}

/// The rows of a sheet that can head a table, in order.
pub(super) fn header_rows(page: &Page<'_>) -> Vec<HeaderRow> {
    let mut headers: Vec<HeaderRow> = Vec::new();
    let mut above: Option<HeaderRow> = None;
    for cells in page.sheet.rows() {
        // A row with an item number is no heading, whatever stands in it.
        let is_item = cells.iter().any(is_of_item);
        let mut found = if is_item {
            HeaderRow {
                row: cells[0].row,
                top: cells[0].row,
                ..HeaderRow::default()
            }
        } else {
            words_of(page, cells)
        };
        let joined = above
            .take()
            .filter(|above| !is_item && found.row - above.row <= TALL && above.is_above(&found));
        let mut replaces = false;
        if let Some(joined) = joined {
            replaces = headers.last().is_some_and(|last| last.row == joined.row);
            found = joined.over(found);
        }
        found.pick_group(page);
        if found.is_header() {
            if replaces {
                headers.pop();
            }
            headers.push(found.clone());
        }
        above = Some(found);
    }
    headers
}

/// True for a cell with an item number, alone or before a question, or of an example.
pub(super) fn is_of_item(cell: &Cell) -> bool {
    if number_in(cell).is_some() {
        return true;
    }
    let CellValue::Text(text) = &cell.value else {
        return false;
    };
    if Vocabulary::get().is_example(text) {
        return true;
    }
    let question =
        leading_number(text).map(|(_, rest)| rest.chars().filter(|c| c.is_alphabetic()).count());
    question.is_some_and(|letters| letters >= 6)
}

/// What the cells of a row name.
fn words_of(page: &Page<'_>, cells: &[Cell]) -> HeaderRow {
    let words = Vocabulary::get();
    let mut found = HeaderRow {
        row: cells[0].row,
        top: cells[0].row,
        ..HeaderRow::default()
    };
    let mut candidates: Vec<(Answer, u32, bool)> = Vec::new();
    let mut loose: Vec<(Role, u32)> = Vec::new();
    for cell in cells {
        let CellValue::Text(text) = &cell.value else {
            continue;
        };
        if text.len() > 240 {
            continue;
        }
        let said =
            |role: Role| words.roles(text).contains(&role) || words.loose_role(text) == Some(role);
        let readers = words.is_readers(text) && (said(Role::Answer) || said(Role::Remark));
        if readers || words.is_stale(text) || words.is_example(text) {
            found.stale.push(cell.column);
            continue;
        }
        let roles = words.roles(text);
        if roles.contains(&Role::Answer) && words.is_secondary(text) {
            found.secondary.push(cell.column);
        }
        for role in roles {
            found.roles.entry(*role).or_default().push(cell.column);
        }
        if words.is_running_number(text) {
            found.running.push(cell.column);
        }
        if let Some(answer) = words.answer(text) {
            candidates.push((answer, cell.column, roles.contains(&Role::Number)));
        } else if roles.is_empty() {
            loose.extend(words.loose_role(text).map(|role| (role, cell.column)));
        }
    }
    // Words that only end like a heading count where others of the row are headings, or all are alike.
    if !found.roles.is_empty() || loose.len() >= 3 {
        found.loose = loose.len();
        for (role, column) in loose {
            found.roles.entry(role).or_default().push(column);
        }
    }
    found.choose_columns(&candidates);
    // A heading of remarks over several columns heads them all.
    if let Some(remarks) = found.roles.get_mut(&Role::Remark) {
        for column in remarks.clone() {
            let area = page.area(found.row, column);
            let more = area.map_or(column, |area| area.last.1.min(column + 8));
            remarks.extend(column + 1..=more);
        }
    }
    found
}
