//! Printed answers: columns that each print one and the same answer, the chosen one told from the others.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::{Search, marked_word};
use crate::answer::Answer;
use crate::read::grid::CellValue;
use crate::text::is_blank;
use crate::vocabulary::{Role, Vocabulary};

impl Search<'_, '_> {
    /// The columns of marks that the printed words of the rows make: `□はい | □いいえ | □対象外`, the words with marks
    /// beside them, or the words of which only the chosen one is left.
    pub(super) fn printed_marks(&self) -> Option<Vec<(Answer, u32)>> {
        let printed = self.printed();
        let marks = self
            .in_every_row(&printed)
            .or_else(|| self.one_left(&printed))?;
        // Two columns each headed as answers are two times of answering, alike as they may be.
        let named = self.headed(Role::Answer);
        let headed = marks.iter().filter(|(_, column)| named.contains(column));
        (headed.count() < 2).then_some(marks)
    }

    /// What each column prints: the answers by count, how many cells hold anything, whether boxes stand before words.
    fn printed(&self) -> BTreeMap<u32, Printed> {
        let words = Vocabulary::get();
        let mut columns: BTreeMap<u32, Printed> = BTreeMap::new();
        let mut count = |column: u32, text: &str| {
            if is_blank(text) {
                return;
            }
            let printed = columns.entry(column).or_default();
            printed.filled += 1;
            if text.len() <= 60
                && let Some((mark, word)) = marked_word(text)
                && let Some(answer) = words.answer(word)
            {
                printed.boxed |= mark.is_some();
                *printed.answers.entry(answer).or_default() += 1;
            }
        };
        let mut boxes = BTreeSet::new();
        for at in self.beside() {
            count(at.1, &self.page.said(at));
            boxes.insert(at);
        }
        for cell in self.item_cells() {
            if let CellValue::Text(text) = &cell.value
                && !boxes.contains(&(cell.row, cell.column))
            {
                count(cell.column, text);
            }
        }
        columns
    }

    /// Columns that print the same answer in nearly every row.
    fn in_every_row(&self, printed: &BTreeMap<u32, Printed>) -> Option<Vec<(Answer, u32)>> {
        let nearly_all = |count: usize| count * 5 >= self.rows.len() * 4;
        let marks: Vec<(Answer, u32)> = printed
            .iter()
            .filter_map(|(column, printed)| {
                let (answer, count) = printed.usual()?;
                nearly_all(count).then_some((answer, *column))
            })
            .collect();
        let boxed = printed.values().any(|printed| printed.boxed);
        let looks =
            !self.page.sheet.beside.looks.is_empty() || !self.page.sheet.beside.shapes.is_empty();
        let beside = self.marks_beside(&marks);
        let enough = marks.len() >= 3 || (marks.len() == 2 && (boxed || looks || beside.is_some()));
        if !enough || !are_different(&marks) {
            return None;
        }
        Some(match beside {
            Some(beside) if !boxed => beside,
            Some(_) | None => marks,
        })
    }

    /// Marks in cells of their own to the left or to the right of the printed words.
    fn marks_beside(&self, marks: &[(Answer, u32)]) -> Option<Vec<(Answer, u32)>> {
        let words = Vocabulary::get();
        let printed: Vec<u32> = marks.iter().map(|(_, column)| *column).collect();
        let moved = |step: i64| -> Option<Vec<(Answer, u32)>> {
            let columns = marks.iter().map(|(answer, column)| {
                let column = u32::try_from(i64::from(*column) + step).ok()?;
                (!printed.contains(&column)).then_some((*answer, column))
            });
            columns.collect()
        };
        let marked = |columns: &[(Answer, u32)]| {
            let cells = self.item_cells().filter(|cell| {
                let beside = columns.iter().any(|(_, column)| *column == cell.column);
                beside && words.mark(&cell.value.text()).is_some()
            });
            cells.count()
        };
        let sides: Vec<(usize, Vec<(Answer, u32)>)> = [1, -1]
            .into_iter()
            .filter_map(moved)
            .map(|columns| (marked(&columns), columns))
            .collect();
        let most = sides.iter().map(|(count, _)| *count).max()?;
        let mut best = sides.into_iter().filter(|(count, _)| *count == most);
        let (count, columns) = best.next()?;
        (count * 2 >= self.rows.len() && best.next().is_none()).then_some(columns)
    }

    /// Columns side by side, each with one and the same answer, of which a row keeps the chosen one.
    fn one_left(&self, printed: &BTreeMap<u32, Printed>) -> Option<Vec<(Answer, u32)>> {
        let constant: Vec<(Answer, u32, usize)> = printed
            .iter()
            .filter_map(|(column, printed)| {
                let (answer, count) = printed.usual()?;
                (count * 10 >= printed.filled * 9).then_some((answer, *column, count))
            })
            .collect();
        let run = constant
            .chunk_by(|a, b| a.1 + 1 == b.1)
            .filter(|run| run.len() >= 2)
            .max_by_key(|run| run.len())?;
        let filled: usize = run.iter().map(|(_, _, count)| count).sum();
        // Each row holds about one of them: neither all, which would be last year's beside this year's, nor none.
        let about_one = filled * 2 >= self.rows.len() && filled <= self.rows.len() * 3 / 2;
        let marks: Vec<(Answer, u32)> = run
            .iter()
            .map(|(answer, column, _)| (*answer, *column))
            .collect();
        (about_one && are_different(&marks)).then_some(marks)
    }
}

/// What a column prints.
#[derive(Debug, Default)]
struct Printed {
    answers: BTreeMap<Answer, usize>,
    filled: usize,
    boxed: bool,
}

impl Printed {
    /// The answer that it prints most often.
    fn usual(&self) -> Option<(Answer, usize)> {
        let most = self.answers.iter().max_by_key(|(_, count)| **count);
        most.map(|(answer, count)| (*answer, *count))
    }
}

fn are_different(marks: &[(Answer, u32)]) -> bool {
    let answers: BTreeSet<Answer> = marks.iter().map(|(answer, _)| *answer).collect();
    answers.len() == marks.len()
}
