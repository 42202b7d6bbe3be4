//! Columns: which of a table's columns hold the questions, answers, remarks and the rest.
//!
//! Header words decide where they are there and the cells below agree; otherwise the shape of the columns does.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::heading::HeaderRow;
use super::numbers::{Numbered, Numbering};
use super::region::Region;
use crate::answer::Answer;
use crate::disclosure::layout::Columns;
use crate::disclosure::legend::Legend;
use crate::disclosure::page::{Page, none_chosen};
use crate::disclosure::resolve::resolve;
use crate::read::grid::{Cell, CellValue};
use crate::text::is_blank;
use crate::vocabulary::{Mark, Role, Vocabulary};

/// The columns of a table, and what is to be said about the choice.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) columns: Columns,
    /// Rows of items with something that is an answer, or a mark.
    pub(super) answered: usize,
    pub(super) other_answers: Vec<u32>,
}

/// A region and its items, while its columns are looked for.
pub(super) struct Search<'a, 'p> {
    pub(super) page: &'a Page<'p>,
    pub(super) region: &'a Region,
    pub(super) header: Option<&'a HeaderRow>,
    pub(super) numbering: &'a Numbering,
    pub(super) legend: &'a Legend,
    rows: BTreeSet<u32>,
}

impl<'a, 'p> Search<'a, 'p> {
    pub(super) fn new(
        page: &'a Page<'p>,
        region: &'a Region,
        numbering: &'a Numbering,
        numbers: &[Numbered],
        legend: &'a Legend,
    ) -> Self {
        let numbered = numbers.iter().filter(|row| row.number.is_some());
        Self {
            page,
            region,
            header: region.header.as_ref(),
            numbering,
            legend,
            rows: numbered.map(|row| row.at.0).collect(),
        }
    }

    /// Finds the columns; `None` where nothing can be an answer.
    pub(super) fn columns(&self) -> Option<Found> {
        let mut found = self.answers()?;
        found.columns.numbers = self.numbering.columns();
        found.columns.references = self.headed(Role::Reference).to_vec();
        found.columns.question = self.question(&found.columns);
        let free = |column: &u32| {
            !found.columns.is_answer(*column)
                && Some(*column) != found.columns.question
                && !found.columns.numbers.contains(column)
        };
        let sections = self.headed(Role::Section).iter().copied();
        found.columns.sections = sections.filter(|column| free(column)).collect();
        found.columns.remarks = self.remarks(&found.columns);
        Some(found)
    }

    fn headed(&self, role: Role) -> &[u32] {
        self.header.map_or(&[], |header| header.columns(role))
    }

    /// The cells of the rows of items, without those that hold the numbers.
    fn item_cells(&self) -> impl Iterator<Item = &'p Cell> {
        let numbers = match self.numbering {
            Numbering::Question(_) => Vec::new(),
            way => way.columns(),
        };
        self.region
            .cells(self.page)
            .filter(move |cell| !numbers.contains(&cell.column) && self.rows.contains(&cell.row))
    }

    /// Where the answers stand.
    fn answers(&self) -> Option<Found> {
        if let Some(header) = self.header.filter(|header| header.choices.len() >= 2) {
            return Some(self.marks(header.choices.clone()));
        }
        let hits = self.hits();
        let of = |column: &u32| hits.get(column).copied().unwrap_or(0);
        let named = self.headed(Role::Answer);
        let most = hits
            .iter()
            .max_by_key(|(column, count)| (**count, std::cmp::Reverse(**column)))
            .map(|(column, _)| *column);
        let best_named = named
            .iter()
            .copied()
            .max_by_key(|column| (of(column), std::cmp::Reverse(*column)));
        let printed = self
            .printed_marks()
            .map(|marks| self.marks_beside(marks))
            .or_else(|| self.words_left(named));
        if let Some(marks) = printed
            && best_named.is_none_or(|named| {
                // The heading stands over all of them, or over the words beside which they stand.
                marks.iter().any(|(_, column)| column.abs_diff(named) <= 1)
            })
        {
            return Some(self.marks(marks));
        }
        let column = match (best_named, most) {
            // The heading counts unless the answers clearly stand elsewhere.
            (Some(named), Some(most)) if of(&named) == 0 && of(&most) * 2 > self.rows.len() => most,
            (Some(named), _) => named,
            (None, Some(most)) if of(&most) * 4 >= self.rows.len() => most,
            (None, most) => self.offered().or(most).or_else(|| self.empty_answers())?,
        };
        // A column that is answered in most rows where the chosen one is answered, too, or more.
        let others = hits
            .iter()
            .filter(|(other, count)| {
                let full = **count * 2 > self.rows.len() && **count * 2 > of(&column);
                **other != column && (full || named.contains(other))
            })
            .map(|(other, _)| *other)
            .collect();
        Some(Found {
            columns: Columns {
                answer: Some(column),
                ..Columns::default()
            },
            answered: of(&column),
            other_answers: others,
        })
    }

    /// In how many rows of items each column holds an answer.
    fn hits(&self) -> BTreeMap<u32, usize> {
        let mut hits: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        let mut add = |row: u32, column: u32, text: &str| {
            if is_blank(text) || text.len() > 400 {
                return;
            }
            let answers = self.legend.answer(text).is_some()
                || text.len() <= 240 && resolve(None, text).answer.is_some()
                || none_chosen(text, None).is_some();
            if answers {
                hits.entry(column).or_default().insert(row);
            }
        };
        for cell in self.item_cells() {
            match &cell.value {
                CellValue::Text(text) => add(cell.row, cell.column, text),
                CellValue::Number(_) if !self.legend.is_empty() => {
                    add(cell.row, cell.column, &cell.value.text());
                }
                CellValue::Number(_)
                | CellValue::Bool(_)
                | CellValue::Date(_)
                | CellValue::Error(_) => {}
            }
        }
        // A merged cell answers all the rows that it reaches over.
        for area in &self.page.sheet.merges {
            if area.last.0 > area.first.0 && self.in_band(area.first.1) {
                let text = self.page.text(area.first.0, area.first.1);
                for row in self.rows.range(area.first.0 + 1..=area.last.0) {
                    add(*row, area.first.1, &text);
                }
            }
        }
        for at in self.beside() {
            add(at.0, at.1, &self.page.said(at));
        }
        hits.into_iter()
            .map(|(column, rows)| (column, rows.len()))
            .collect()
    }

    fn in_band(&self, column: u32) -> bool {
        (self.region.band.0..=self.region.band.1).contains(&column)
    }

    /// Cells in the rows of items with check boxes or comments.
    fn beside(&self) -> impl Iterator<Item = (u32, u32)> {
        let boxes = self.page.boxed().map(|(at, _)| at);
        let comments = &self.page.sheet.beside.comments;
        let comments = comments.iter().map(|comment| (comment.row, comment.column));
        boxes
            .chain(comments)
            .filter(|at| self.rows.contains(&at.0) && self.in_band(at.1))
    }

    /// Columns that each print one and the same answer in most rows: `□はい | □いいえ | □対象外`.
    fn printed_marks(&self) -> Option<Vec<(Answer, u32)>> {
        let words = Vocabulary::get();
        let mut counts: HashMap<(u32, Answer), usize> = HashMap::new();
        let mut boxed = !self.page.sheet.beside.looks.is_empty();
        let mut count = |column: u32, text: &str| {
            if let Some((mark, word)) = marked_word(text)
                && let Some(answer) = words.answer(word)
            {
                boxed |= mark.is_some();
                *counts.entry((column, answer)).or_default() += 1;
            }
        };
        for cell in self.item_cells() {
            if let CellValue::Text(text) = &cell.value
                && text.len() <= 60
            {
                count(cell.column, text);
            }
        }
        for at in self.beside() {
            count(at.1, &self.page.said(at));
        }
        let mut marks: Vec<(Answer, u32)> = counts
            .iter()
            .filter(|(_, count)| **count * 5 >= self.rows.len() * 4)
            .map(|((column, answer), _)| (*answer, *column))
            .collect();
        marks.sort_by_key(|(_, column)| *column);
        let answers: BTreeSet<Answer> = marks.iter().map(|(answer, _)| *answer).collect();
        // Two columns each headed as answers are two times of answering, alike as they may be.
        let named = self.headed(Role::Answer);
        let headed = marks
            .iter()
            .filter(|(_, column)| named.contains(column))
            .count();
        let enough = marks.len() >= 3 || (marks.len() == 2 && boxed);
        (enough && headed < 2 && answers.len() == marks.len()).then_some(marks)
    }

    /// Where the marks stand in columns of their own behind or before the printed words (はい | ○ | いいえ | …): these columns.
    fn marks_beside(&self, printed: Vec<(Answer, u32)>) -> Vec<(Answer, u32)> {
        let words = Vocabulary::get();
        let is_printed = |column: u32| printed.iter().any(|(_, known)| *known == column);
        for aside in [1, -1] {
            let beside: Option<Vec<(Answer, u32)>> = printed
                .iter()
                .map(|(answer, column)| Some((*answer, column.checked_add_signed(aside)?)))
                .collect();
            let Some(beside) = beside else {
                continue;
            };
            let within = |column: u32| beside.iter().any(|(_, known)| *known == column);
            let mut marked = 0usize;
            let mut cells = self.item_cells().filter(|cell| within(cell.column));
            let only_marks = cells.all(|cell| {
                let text = cell.value.text();
                marked += usize::from(!is_blank(&text));
                is_blank(&text) || words.mark(&text).is_some() || matches!(&*text, "1" | "0")
            });
            if only_marks && marked >= 2 && !beside.iter().any(|(_, column)| is_printed(*column)) {
                return beside;
            }
        }
        printed
    }

    /// Columns of which each holds one and the same answer, in rows of their own: what is left where the
    /// words that do not hold were deleted.
    fn words_left(&self, named: &[u32]) -> Option<Vec<(Answer, u32)>> {
        let words = Vocabulary::get();
        let mut found: BTreeMap<u32, (BTreeSet<Answer>, BTreeSet<u32>)> = BTreeMap::new();
        let mut others: BTreeMap<u32, usize> = BTreeMap::new();
        for cell in self.item_cells() {
            let text = cell.value.text();
            let answer = (text.len() <= 60).then(|| words.answer(&text)).flatten();
            match answer {
                Some(answer) => {
                    let (answers, rows) = found.entry(cell.column).or_default();
                    answers.insert(answer);
                    rows.insert(cell.row);
                }
                None => *others.entry(cell.column).or_default() += usize::from(!is_blank(&text)),
            }
        }
        // A remark may be なし, and remarks are more than that.
        let mostly = |column: &u32, rows: &BTreeSet<u32>| {
            others
                .get(column)
                .is_none_or(|others| others * 4 <= rows.len())
        };
        let single: Vec<(Answer, u32, &BTreeSet<u32>)> = found
            .iter()
            .filter(|(column, (answers, rows))| {
                answers.len() == 1 && rows.len() >= 2 && mostly(column, rows)
            })
            .filter_map(|(column, (answers, rows))| Some((*answers.first()?, *column, rows)))
            .collect();
        let answers: BTreeSet<Answer> = single.iter().map(|(answer, _, _)| *answer).collect();
        let rows: BTreeSet<u32> = single
            .iter()
            .flat_map(|(_, _, rows)| rows.iter().copied())
            .collect();
        // Two columns of answers are alike in their rows; what is left of one choice is not. Where three words
        // stand, none was deleted yet.
        let held = |row: &u32| {
            let columns = single.iter().filter(|(_, _, rows)| rows.contains(row));
            columns.count()
        };
        let held = rows.iter().map(held).filter(|held| *held < 3);
        let (chosen, cells) = held.fold((0, 0), |(rows, cells), held| (rows + 1, cells + held));
        let apart = chosen > 0 && cells * 4 <= chosen * 5;
        let beside = single.windows(2).all(|pair| pair[1].1 - pair[0].1 <= 4);
        let headed = single
            .iter()
            .filter(|(_, column, _)| named.contains(column))
            .count();
        let fits = single.len() >= 2
            && answers.len() == single.len()
            && rows.len() * 2 >= self.rows.len()
            && apart
            && beside
            && headed < 2;
        fits.then(|| {
            let columns = single.iter();
            columns
                .map(|(answer, column, _)| (*answer, *column))
                .collect()
        })
    }

    fn marks(&self, marks: Vec<(Answer, u32)>) -> Found {
        let filled = |row: &&u32| {
            marks
                .iter()
                .any(|(_, column)| !is_blank(&self.page.said((**row, *column))))
        };
        Found {
            answered: self.rows.iter().filter(filled).count(),
            columns: Columns {
                marks,
                ..Columns::default()
            },
            other_answers: Vec::new(),
        }
    }

    /// The column whose cells offer answers to choose from.
    fn offered(&self) -> Option<u32> {
        let words = Vocabulary::get();
        let lists = self.page.sheet.beside.choices.iter();
        let answers = lists.filter(|list| {
            let known = list
                .words
                .iter()
                .filter(|word| words.answer(word).is_some());
            known.count() >= 2
        });
        let areas = answers.flat_map(|list| &list.areas);
        areas
            .filter(|area| {
                let rows = self.rows.range(area.first.0..=area.last.0).count();
                rows > 0 && self.in_band(area.first.1)
            })
            .map(|area| area.first.1)
            .min()
    }

    /// Nothing answered and no heading of answers: the empty column between question and remarks.
    fn empty_answers(&self) -> Option<u32> {
        let questions = self.headed(Role::Question);
        let question = *questions.first()?;
        let taken = |column: u32| {
            [Role::Remark, Role::Reference, Role::Section, Role::Number]
                .iter()
                .any(|role| self.headed(*role).contains(&column))
        };
        (question + 1..=question + 2).find(|column| !taken(*column))
    }

    fn question(&self, columns: &Columns) -> Option<u32> {
        if let Numbering::Question(column) = self.numbering {
            return Some(*column);
        }
        let mut lengths: BTreeMap<u32, usize> = BTreeMap::new();
        let mut texts: BTreeMap<u32, BTreeSet<&str>> = BTreeMap::new();
        for cell in self.item_cells() {
            if let CellValue::Text(text) = &cell.value
                && !columns.is_answer(cell.column)
            {
                *lengths.entry(cell.column).or_default() += text.len();
                texts.entry(cell.column).or_default().insert(text);
            }
        }
        // Each item asks something else; chapters come again, and few items have a remark.
        let asks = |column: &u32| {
            texts
                .get(column)
                .is_some_and(|texts| texts.len() * 10 >= self.rows.len() * 6)
        };
        let length = |column: &u32| lengths.get(column).copied().unwrap_or(0);
        let headed = self
            .headed(Role::Question)
            .iter()
            .copied()
            .filter(|column| !columns.numbers.contains(column) && length(column) > 0)
            .max_by_key(length);
        let other = |column: &u32| {
            [Role::Remark, Role::Reference, Role::Section]
                .iter()
                .any(|role| self.headed(*role).contains(column))
        };
        let first_answer = columns.first_answer().unwrap_or(0);
        // Without a heading: the longest texts, before the answers where there are any.
        let longest = |before: bool| {
            lengths
                .iter()
                .filter(|(column, _)| !other(column) && (**column < first_answer) == before)
                .max_by_key(|(column, length)| (**length, std::cmp::Reverse(**column)))
                .map(|(column, _)| *column)
        };
        let after = || longest(false).filter(|column| length(column) > 12 * self.rows.len());
        let before = longest(true);
        headed
            .or_else(|| before.filter(asks))
            .or_else(|| after().filter(asks))
            .or(before)
            .or_else(after)
    }

    fn remarks(&self, columns: &Columns) -> Vec<u32> {
        let free = |column: u32| {
            !columns.numbers.contains(&column)
                && Some(column) != columns.question
                && !columns.is_answer(column)
        };
        let named = self.headed(Role::Remark).iter().copied();
        let mut named: Vec<u32> = named
            .filter(|column| free(*column) && !self.is_block_of_texts(*column))
            .collect();
        if !named.is_empty() {
            named.sort_unstable();
            return named;
        }
        let other = |column: u32| {
            [Role::Reference, Role::Section, Role::Number, Role::Answer]
                .iter()
                .any(|role| self.headed(*role).contains(&column))
        };
        let last_answer = columns.last_answer().unwrap_or(0);
        // Without a heading: the nearest column after the answers that says anything of its own.
        let after: BTreeSet<u32> = self
            .item_cells()
            .filter(|cell| cell.column > last_answer && free(cell.column) && !other(cell.column))
            .map(|cell| cell.column)
            .collect();
        let mut after = after.into_iter();
        after
            .find(|column| self.is_free_text(*column))
            .into_iter()
            .collect()
    }

    /// True for a column of texts of people's own: not numbers, not answers, not the same few words again and again.
    fn is_free_text(&self, column: u32) -> bool {
        let words = Vocabulary::get();
        let is_former = self
            .header
            .is_some_and(|header| words.is_former(&self.page.text(header.row, column)));
        if is_former {
            return false;
        }
        let (mut cells, mut answers, mut texts) = (0usize, 0usize, BTreeSet::new());
        for cell in self.item_cells().filter(|cell| cell.column == column) {
            if words.is_empty_remark(&cell.value.text()) {
                continue;
            }
            cells += 1;
            if let CellValue::Text(text) = &cell.value {
                let is_answer = text.len() <= 60 && resolve(None, text).answer.is_some();
                answers += usize::from(is_answer && words.remark_key(text, false).is_none());
                texts.insert(text.trim());
            }
        }
        let repeated = cells >= 6 && texts.len() <= 3 || {
            let full = cells * 10 > self.rows.len() * 9;
            full && cells >= 6 && texts.len() * 3 < cells
        };
        !texts.is_empty() && answers * 2 <= cells && !repeated
    }
}

impl Search<'_, '_> {
    /// True for a column of remark numbers with their texts beside them: a block, not the remarks of the rows.
    fn is_block_of_texts(&self, column: u32) -> bool {
        let words = Vocabulary::get();
        let cells = self
            .region
            .cells(self.page)
            .filter(|cell| cell.column == column);
        let (mut labels, mut others, mut keys) = (0usize, 0usize, BTreeSet::new());
        for cell in cells {
            let text = cell.value.text();
            let key = words.remark_key(&text, true);
            let explained = !is_blank(&self.page.text(cell.row, column + 1));
            match key.filter(|_| explained) {
                Some(key) => {
                    labels += 1;
                    keys.insert(key);
                }
                None => others += 1,
            }
        }
        let headed = self.header.is_some_and(|header| {
            header
                .roles
                .values()
                .flatten()
                .any(|other| *other == column + 1)
        });
        labels >= 2 && labels > others * 4 && keys.len() == labels && !headed
    }
}

/// A word with a box or mark in front of it: `□はい`; without one the mark is `None`.
pub(in crate::disclosure) fn marked_word(text: &str) -> Option<(Option<Mark>, &str)> {
    let text = text.trim();
    let first = text.chars().next()?;
    let rest = text[first.len_utf8()..]
        .trim_start_matches(['\u{fe0e}', '\u{fe0f}'])
        .trim();
    match Vocabulary::get().mark(first.encode_utf8(&mut [0; 4])) {
        Some(mark) if !rest.is_empty() && !first.is_alphanumeric() => Some((Some(mark), rest)),
        _ => Some((None, text)),
    }
}
