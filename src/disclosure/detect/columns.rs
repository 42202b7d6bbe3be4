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
use crate::disclosure::resolve::answer_in;
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
    pub(super) rows: BTreeSet<u32>,
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
        // Remarks behind another column of answers speak of those.
        let last = found.columns.last_answer().unwrap_or(0);
        let own = |remark: &u32| {
            !found
                .other_answers
                .iter()
                .any(|other| (last..*remark).contains(other))
        };
        if found.columns.remarks.iter().any(own) {
            found.columns.remarks.retain(own);
        }
        Some(found)
    }

    pub(super) fn headed(&self, role: Role) -> &[u32] {
        self.header.map_or(&[], |header| header.columns(role))
    }

    /// The cells of the rows of items, without those that hold the numbers.
    pub(super) fn item_cells(&self) -> impl Iterator<Item = &'p Cell> {
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
            let mut found = self.marks(header.choices.clone());
            let others = header.more.iter().filter_map(|group| group.first());
            found.other_answers = others.map(|(_, column)| *column).collect();
            return Some(found);
        }
        // What is headed as something else does not answer: なし among the remarks is no いいえ.
        let mut hits = self.hits();
        hits.retain(|column, _| {
            let roles = [Role::Remark, Role::Reference, Role::Section];
            let other = roles.iter().any(|role| self.headed(*role).contains(column));
            !other || self.headed(Role::Answer).contains(column)
        });
        let of = |column: &u32| hits.get(column).copied().unwrap_or(0);
        let named = self.headed(Role::Answer);
        let most = hits
            .iter()
            .max_by_key(|(column, count)| (**count, std::cmp::Reverse(**column)))
            .map(|(column, _)| *column);
        let is_secondary = |column: &u32| {
            let header = self.header;
            header.is_some_and(|header| header.secondary.contains(column))
        };
        // 回答 counts before 判定, unless nothing stands there.
        let best_named = named.iter().copied().max_by_key(|column| {
            let first = !is_secondary(column) && (of(column) > 0 || self.is_filled(*column));
            let visible = !self.page.is_column_hidden(*column);
            (
                first && visible,
                first,
                of(column),
                std::cmp::Reverse(*column),
            )
        });
        let printed = self.printed_marks();
        if let Some(marks) = printed {
            // A heading over all of them stands above the first, or above a cell beside it.
            let columns = || marks.iter().map(|(_, column)| *column);
            let (first, last) = (columns().min().unwrap_or(0), columns().max().unwrap_or(0));
            let about = first.saturating_sub(1)..=last + 1;
            if best_named.is_none_or(|named| about.contains(&named)) {
                return Some(self.marks(marks));
            }
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
                let marks_of_reader =
                    is_secondary(other) && named.contains(&column) && !is_secondary(&column);
                let stale = self
                    .header
                    .is_some_and(|header| header.stale.contains(other));
                // Beside a heading of answers, what is headed otherwise is something else.
                let headed = !named.is_empty() && self.has_heading(**other);
                let other_answers = full && !headed || named.contains(other);
                **other != column && other_answers && !marks_of_reader && !stale
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

    /// True if the heading says anything about the column.
    fn has_heading(&self, column: u32) -> bool {
        let header = self.header;
        header.is_some_and(|header| !is_blank(&self.page.text(header.row, column)))
    }

    /// True if anything stands in the column in a row of an item.
    fn is_filled(&self, column: u32) -> bool {
        self.item_cells().any(|cell| cell.column == column)
            || self.beside().any(|at| at.1 == column)
    }

    /// In how many rows of items each column holds an answer.
    fn hits(&self) -> BTreeMap<u32, usize> {
        let words = Vocabulary::get();
        let mut hits: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        // A sheet says a few words many times.
        let mut known: HashMap<String, bool> = HashMap::new();
        let mut answers = |text: &str| {
            // The number of a remark is no answer here, though See Note 5 may be one.
            if is_blank(text) || text.len() > 400 {
                return false;
            }
            if let Some(answers) = known.get(text) {
                return *answers;
            }
            let answers = words.remark_key(text, false).is_none()
                && (self.legend.answer(text).is_some()
                    || text.len() <= 240 && answer_in(text).is_some()
                    || none_chosen(text, None).is_some());
            known.insert(text.to_owned(), answers);
            answers
        };
        let mut add = |row: u32, column: u32, text: &str| {
            if answers(text) {
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
        for area in self.page.sheet.merged.areas() {
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
        // What was answered another time, and remarks that happen to be なし, are no answers.
        let no_answers = |column: u32| {
            self.header.is_some_and(|header| {
                header.stale.contains(&column) || header.is_only(column, Role::Remark)
            })
        };
        hits.into_iter()
            .filter(|(column, _)| !no_answers(*column))
            .map(|(column, rows)| (column, rows.len()))
            .collect()
    }

    fn in_band(&self, column: u32) -> bool {
        (self.region.band.0..=self.region.band.1).contains(&column)
    }

    /// Cells in the rows of items with check boxes or comments.
    pub(super) fn beside(&self) -> impl Iterator<Item = (u32, u32)> {
        let boxes = self.page.boxed().map(|(at, _)| at);
        let comments = &self.page.sheet.beside.comments;
        let comments = comments.iter().map(|comment| (comment.row, comment.column));
        boxes
            .chain(comments)
            .filter(|at| self.rows.contains(&at.0) && self.in_band(at.1))
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
        let mut filled: BTreeMap<u32, usize> = BTreeMap::new();
        for cell in self.item_cells() {
            if let CellValue::Text(text) = &cell.value
                && !columns.is_answer(cell.column)
            {
                *lengths.entry(cell.column).or_default() += text.len();
                *filled.entry(cell.column).or_default() += 1;
            }
        }
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
        // Without a heading: the longest texts of the columns that are filled nearly everywhere.
        let longest = |full: bool| {
            lengths
                .iter()
                .filter(|(column, _)| {
                    let filled = filled.get(column).copied().unwrap_or(0);
                    !other(column) && (!full || filled * 5 >= self.rows.len() * 4)
                })
                .max_by_key(|(column, length)| (**length, std::cmp::Reverse(**column)))
                .map(|(column, _)| *column)
        };
        let long_enough = |column: &u32| length(column) > 8 * self.rows.len();
        headed
            .or_else(|| longest(true).filter(long_enough))
            .or_else(|| longest(false))
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
            named.dedup();
            return named;
        }
        let other = |column: u32| {
            [Role::Reference, Role::Section, Role::Number, Role::Answer]
                .iter()
                .any(|role| self.headed(*role).contains(&column))
        };
        // Without a heading: the nearest column after the answers that reads like remarks, then one before them.
        let last_answer = columns.last_answer().unwrap_or(0);
        let mut free_columns: Vec<u32> = self
            .item_cells()
            .filter(|cell| free(cell.column) && !other(cell.column))
            .map(|cell| cell.column)
            .collect::<BTreeSet<u32>>()
            .into_iter()
            .collect();
        let blocks: Vec<u32> = free_columns
            .iter()
            .copied()
            .filter(|column| self.is_block_of_texts(*column))
            .collect();
        free_columns.retain(|column| {
            !blocks.contains(column)
                && !column
                    .checked_sub(1)
                    .is_some_and(|left| blocks.contains(&left))
        });
        free_columns.sort_by_key(|column| (*column < last_answer, *column));
        let found = free_columns
            .iter()
            .copied()
            .find(|column| self.reads_like_remarks(*column));
        found
            .map(|column| self.with_unheaded(column, &free_columns))
            .unwrap_or_default()
    }

    /// A column of remarks, and those to its right that go on without a heading of their own.
    fn with_unheaded(&self, column: u32, free: &[u32]) -> Vec<u32> {
        let mut columns = vec![column];
        let mut next = column + 1;
        while free.contains(&next)
            && self.header.is_none_or(|header| {
                let heading = self.page.text(header.row, next);
                is_blank(&heading)
                    || self.page.anchor(header.row, next) == self.page.anchor(header.row, column)
            })
            && self.reads_like_remarks(next)
        {
            columns.push(next);
            next += 1;
        }
        columns
    }
}

impl Search<'_, '_> {
    /// True unless the column holds scores, chapters, clauses or verdicts: few different short texts, or one over many rows.
    fn reads_like_remarks(&self, column: u32) -> bool {
        let words = Vocabulary::get();
        let stale = |header: &HeaderRow| {
            header.stale.contains(&column)
                || header.secondary.contains(&column)
                || header.running.contains(&column)
        };
        if self.header.is_some_and(stale) {
            return false;
        }
        let cells: Vec<&Cell> = self
            .item_cells()
            .filter(|cell| cell.column == column)
            .collect();
        let texts: Vec<std::borrow::Cow<'_, str>> = cells
            .iter()
            .map(|cell| cell.value.text())
            .filter(|text| !words.is_empty_remark(text))
            .collect();
        let count = |is: &dyn Fn(&str) -> bool| texts.iter().filter(|text| is(text.trim())).count();
        let most = |count: usize| count * 2 > texts.len();
        if most(count(&|text| words.remark_key(text, false).is_some())) {
            return true;
        }
        let different: BTreeSet<&str> = texts.iter().map(|text| text.trim()).collect();
        let short = count(&|text| text.chars().count() <= 2);
        let answers = count(&|text| words.answer(text).is_some());
        let merged = cells.iter().filter(|cell| {
            let area = self.page.area(cell.row, cell.column);
            area.is_some_and(|area| area.last.0 > area.first.0)
        });
        let merged = merged.count();
        let runs = texts
            .windows(2)
            .filter(|pair| pair[0].trim() == pair[1].trim())
            .count();
        let few = texts.len() >= 8 && different.len() <= 4;
        let some = texts.len() * 5 < self.rows.len() * 4;
        let numbers_of_remarks = some && short == texts.len() && different.len() == texts.len();
        (numbers_of_remarks || !most(short))
            && !most(merged)
            && !most(count(&is_clause))
            && !most(answers)
            && !most(runs)
            && !few
    }

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
            let own = self.page.anchor(cell.row, column + 1) == (cell.row, column);
            let explained = !own && !is_blank(&self.page.text(cell.row, column + 1));
            match key.filter(|_| explained) {
                Some(key) => {
                    labels += 1;
                    keys.insert(key);
                }
                None => others += 1,
            }
        }
        // A column with a heading of its own is no text of this one's numbers.
        let headed = self.header.is_some_and(|header| {
            let next = (header.row, column + 1);
            let merged = self.page.anchor(next.0, next.1) == self.page.anchor(next.0, column);
            !merged && !is_blank(&self.page.text(next.0, next.1))
        });
        // The texts of a block stand beside its numbers and nowhere else.
        let next = self
            .region
            .cells(self.page)
            .filter(|cell| cell.column == column + 1);
        let texts = next.filter(|cell| !is_blank(&cell.value.text())).count();
        let alone = texts <= labels + labels / 4 + 1;
        labels >= 2 && labels > others * 4 && keys.len() == labels && alone && !headed
    }
}

/// True for the number of a clause: 6.5.C.15, 14.1, 8.2 ①.
fn is_clause(text: &str) -> bool {
    let text = text.trim();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    text.chars().count() <= 24
        && digits >= 2
        && text.contains('.')
        && text.split(['.', ' ', '　']).count() >= 2
}

/// A word with a box or mark in front of it: `□はい`; without one the mark is `None`.
pub(crate) fn marked_word(text: &str) -> Option<(Option<Mark>, &str)> {
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
