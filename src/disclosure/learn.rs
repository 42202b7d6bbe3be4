//! From a blank or filled workbook to what it shows of its form: the other way round than `build`.
//!
//! Only what stands there is told; `form::import` makes a form of it.

use std::collections::{HashMap, HashSet};

use super::detect::{self, AnswerColumns, Layout, NumberRow};
use super::{head, plain, recognise};
use crate::answer::{Answer, ItemNumber};
use crate::form::import::{Learned, LearnedRow, Unsure};
use crate::form::{Field, Remarks};
use crate::language::Localised;
use crate::read::grid::{Cell, Sheet, Workbook};
use crate::text::{fold, is_blank};
use crate::vocabulary::{Role, Vocabulary};

/// Fewer numbered rows than this are no form.
const FEWEST_ROWS: usize = 3;

/// The tables of questions on the visible sheets of a workbook, in order.
pub(crate) fn learn(workbook: &Workbook) -> Vec<Learned> {
    workbook
        .sheets
        .iter()
        .filter(|sheet| sheet.visible && sheet.has_cells)
        .filter_map(|sheet| {
            let layout = plain::layout(sheet).or_else(|| detect::layout(sheet))?;
            Some(Learner::new(sheet, &layout).learned())
        })
        .filter(|learned| learned.rows.len() >= FEWEST_ROWS)
        .collect()
}

struct Learner<'s> {
    sheet: &'s Sheet,
    layout: &'s Layout,
    /// The columns under headings of chapters and groups.
    section_columns: Vec<u32>,
    /// The columns under headings of references, with the heading.
    reference_columns: Vec<(u32, String)>,
    /// The lists to choose from by row, of the column of answers.
    lists: HashMap<u32, &'s [String]>,
    unsure: Vec<Unsure>,
}

impl<'s> Learner<'s> {
    fn new(sheet: &'s Sheet, layout: &'s Layout) -> Self {
        let words = Vocabulary::get();
        let (mut section_columns, mut reference_columns) = (Vec::new(), Vec::new());
        for cell in heading_cells(sheet, layout) {
            let text = cell.value.text();
            let roles = words.roles(&text);
            let taken = [
                Some(layout.number_column),
                layout.question_column,
                layout.remark_column,
            ];
            if taken.contains(&Some(cell.column)) {
                continue;
            }
            if roles.contains(&Role::Section) {
                section_columns.push(cell.column);
            } else if roles.contains(&Role::Reference) {
                reference_columns.push((cell.column, text.trim().to_owned()));
            }
        }
        Self {
            sheet,
            layout,
            section_columns,
            reference_columns,
            lists: lists(sheet, layout),
            unsure: Vec::new(),
        }
    }

    fn learned(mut self) -> Learned {
        let (sheet, layout) = (self.sheet, self.layout);
        let titles = recognise::titles(sheet, Some(layout));
        let family = recognise::family(&titles);
        let labels = head::labelled(sheet, 0, layout.first_row());
        let headers = Field::ALL
            .into_iter()
            .filter(|field| labels.iter().any(|label| label.field == *field))
            .collect();
        let rows = self.rows();
        Learned {
            sheet: sheet.name.clone(),
            titles: names(&titles),
            above: short(&titles),
            family,
            headers,
            choices: self.choices(),
            remarks: self.remarks(),
            rows,
            unsure: self.unsure,
        }
    }

    fn rows(&mut self) -> Vec<LearnedRow> {
        let headings = self.headings();
        let mut headings = headings.into_iter().peekable();
        let mut section: Option<String> = None;
        let mut columns: Vec<String> = vec![String::new(); self.section_columns.len()];
        let (mut rows, mut filled): (Vec<LearnedRow>, Vec<bool>) = Default::default();
        for row in &self.layout.rows {
            while let Some((_, text)) = headings.next_if(|(at, _)| *at < row.row) {
                section = Some(text);
            }
            for (column, text) in self.section_columns.iter().zip(&mut columns) {
                let here = self.sheet.text(row.row, *column);
                if !is_blank(&here) {
                    *text = here.trim().to_owned();
                }
            }
            let place = self.sheet.place(row.row, self.layout.number_column);
            let Some(number) = number(row, rows.last()) else {
                let found = self.sheet.text(row.row, self.layout.number_column);
                let values = [("found", found.as_ref())];
                let what = Localised::label("import-no-number", &values);
                self.unsure.push(Unsure::new(place, what));
                continue;
            };
            let in_columns: Vec<&str> = columns
                .iter()
                .map(String::as_str)
                .filter(|text| !text.is_empty())
                .collect();
            let answered = |column| !is_blank(&self.sheet.text(row.row, column));
            filled.push(
                answer_columns(&self.layout.answers)
                    .into_iter()
                    .any(answered),
            );
            rows.push(LearnedRow {
                place,
                number,
                text: self.question(row.row),
                section: if in_columns.is_empty() {
                    section.clone()
                } else {
                    Some(in_columns.join(" / "))
                },
                cited: self.cited(row.row),
                offered: self.offered(row.row),
                is_asked: self.has_answer_cell(row.row),
            });
        }
        Self::mark_headings(&mut rows, &filled);
        rows
    }

    fn question(&self, row: u32) -> String {
        self.layout
            .question_column
            .map_or_else(String::new, |column| {
                self.sheet.text(row, column).trim().to_owned()
            })
    }

    fn cited(&self, row: u32) -> Vec<(String, String)> {
        self.reference_columns
            .iter()
            .map(|(column, heading)| (heading, self.sheet.text(row, *column)))
            .filter(|(_, text)| !is_blank(text))
            .map(|(heading, text)| (heading.clone(), text.trim().to_owned()))
            .collect()
    }

    /// Rows within the table that hold nothing but a heading, with its text.
    fn headings(&mut self) -> Vec<(u32, String)> {
        let (sheet, layout) = (self.sheet, self.layout);
        let words = Vocabulary::get();
        let first = layout.header_row.map_or(0, |row| row + 1);
        let mut numbered = layout.rows.iter().map(|row| row.row).peekable();
        let mut found = Vec::new();
        for cells in sheet.rows() {
            let row = cells[0].row;
            while numbered.next_if(|numbered| *numbered < row).is_some() {}
            if row < first || row > layout.last_row() || numbered.peek() == Some(&row) {
                continue;
            }
            let said: Vec<&Cell> = cells
                .iter()
                .filter(|cell| !is_blank(&cell.value.text()))
                .collect();
            let repeated = said
                .iter()
                .any(|cell| !words.roles(&cell.value.text()).is_empty());
            let [start, ..] = said.as_slice() else {
                continue;
            };
            if repeated {
                continue;
            }
            let text = said
                .iter()
                .map(|cell| cell.value.text().trim().to_owned())
                .collect::<Vec<_>>()
                .join(" ");
            let is_heading = said.len() <= 2
                && text.chars().count() <= 100
                && !self.lists.contains_key(&row)
                && !said.iter().any(|cell| {
                    is_answer_column(&layout.answers, cell.column)
                        || Some(cell.column) == layout.remark_column
                });
            if is_heading {
                found.push((row, text));
            } else {
                let place = sheet.place(row, start.column);
                let values = [("found", crate::text::show(&text, 60))];
                let values: Vec<(&str, &str)> = values
                    .iter()
                    .map(|(name, text)| (*name, text.as_str()))
                    .collect();
                let what = Localised::label("import-row-without-number", &values);
                self.unsure.push(Unsure::new(place, what));
            }
        }
        found
    }

    /// The words a row offers: of a list in its cell, of boxes printed there, of boxes drawn over it.
    fn offered(&self, row: u32) -> Vec<String> {
        let drawn: Vec<String> = self
            .sheet
            .beside
            .boxes
            .iter()
            .filter(|drawn| drawn.middle.0 == row && !is_blank(&drawn.label))
            .map(|drawn| drawn.label.trim().to_owned())
            .collect();
        let printed = answer_columns(&self.layout.answers)
            .into_iter()
            .find_map(|column| printed_boxes(&self.sheet.text(row, column)));
        match (self.lists.get(&row), printed) {
            (_, Some(printed)) => printed,
            (Some(list), None) => list.to_vec(),
            (None, None) if drawn.len() >= 2 => drawn,
            (None, None) => Vec::new(),
        }
    }

    /// False where the cell for the answer is a part of the cell of the question or of the number.
    fn has_answer_cell(&self, row: u32) -> bool {
        let anchor = |column: u32| self.sheet.anchor(row, column);
        let asking = [Some(self.layout.number_column), self.layout.question_column];
        let asking: Vec<(u32, u32)> = asking.into_iter().flatten().map(anchor).collect();
        answer_columns(&self.layout.answers)
            .into_iter()
            .any(|column| !asking.contains(&anchor(column)))
    }

    /// Where nearly every row has a list or boxes, a row without any that has rows below it is their heading.
    fn mark_headings(rows: &mut [LearnedRow], filled: &[bool]) {
        let offering = rows.iter().filter(|row| !row.offered.is_empty()).count();
        if offering * 5 < rows.len() * 3 {
            return;
        }
        let parents: HashSet<ItemNumber> =
            rows.iter().filter_map(|row| row.number.parent()).collect();
        for (row, filled) in rows.iter_mut().zip(filled) {
            if row.offered.is_empty() && parents.contains(&row.number) && !filled {
                row.is_asked = false;
            }
        }
    }

    /// The answers that the table offers to every row.
    fn choices(&self) -> Vec<Answer> {
        let mut choices: Vec<Answer> = match &self.layout.answers {
            AnswerColumns::Marks(marks) => marks.iter().map(|(answer, _)| *answer).collect(),
            AnswerColumns::Word(column) => heading_cells(self.sheet, self.layout)
                .filter(|cell| cell.column == *column)
                .map(|cell| answers_in(&cell.value.text()))
                .find(|answers| answers.len() >= 2)
                .unwrap_or_default(),
        };
        choices.sort_unstable();
        choices.dedup();
        choices
    }

    fn remarks(&self) -> Option<Remarks> {
        match (self.layout.block_row, self.layout.remark_column) {
            (Some(_), _) => Some(Remarks::Block),
            (None, Some(_)) => Some(Remarks::Row),
            (None, None) => None,
        }
    }
}

/// The cells of the headings of the table, which may take two rows.
fn heading_cells<'s>(sheet: &'s Sheet, layout: &Layout) -> impl Iterator<Item = &'s Cell> {
    let last = layout.header_row;
    sheet.cells.iter().filter(move |cell| {
        last.is_some_and(|last| (last.saturating_sub(1)..=last).contains(&cell.row))
    })
}

fn answer_columns(answers: &AnswerColumns) -> Vec<u32> {
    match answers {
        AnswerColumns::Word(column) => vec![*column],
        AnswerColumns::Marks(marks) => marks.iter().map(|(_, column)| *column).collect(),
    }
}

fn is_answer_column(answers: &AnswerColumns, column: u32) -> bool {
    answer_columns(answers).contains(&column)
}

/// The drop-down lists of the cells for answers, by row.
fn lists<'s>(sheet: &'s Sheet, layout: &Layout) -> HashMap<u32, &'s [String]> {
    let columns = answer_columns(&layout.answers);
    let mut lists: HashMap<u32, &[String]> = HashMap::new();
    for choices in sheet
        .beside
        .choices
        .iter()
        .filter(|list| list.words.len() >= 2)
    {
        for area in &choices.areas {
            if !columns
                .iter()
                .any(|column| (area.first.1..=area.last.1).contains(column))
            {
                continue;
            }
            // Only rows with items matter: an area may reach to the end of the sheet.
            let from = layout.rows.partition_point(|row| row.row < area.first.0);
            for row in layout.rows[from..]
                .iter()
                .take_while(|row| row.row <= area.last.0)
            {
                lists.entry(row.row).or_insert(&choices.words);
            }
        }
    }
    lists
}

/// The number of a row. Stored as a number it has lost its zeros: what follows 4.9 is 4.10, not 4.1.
fn number(row: &NumberRow, before: Option<&LearnedRow>) -> Option<ItemNumber> {
    let number = row.number.clone()?;
    if !row.numeric {
        return Some(number);
    }
    let follows = |before: &LearnedRow| {
        let (head, last) = before.number.as_str().rsplit_once('.')?;
        let next = last.parse::<u32>().ok()? + 1;
        let next = ItemNumber::new(format!("{head}.{next}"));
        let stored = next.as_str().trim_end_matches('0');
        (next.as_str().ends_with('0') && stored == number.as_str()).then_some(next)
    };
    Some(before.and_then(follows).unwrap_or(number))
}

/// Answers listed in a heading: `回答（はい・いいえ・対象外）`.
fn answers_in(heading: &str) -> Vec<Answer> {
    let words = Vocabulary::get();
    heading
        .split([
            '(', ')', '（', '）', '/', '／', '・', '、', ',', '，', '\n', ' ', '　',
        ])
        .filter_map(|part| words.answer(part))
        .collect()
}

/// The words behind boxes printed in a cell: `□はい　□いいえ`; `None` where there are no two.
fn printed_boxes(text: &str) -> Option<Vec<String>> {
    let is_box = |c: char| {
        matches!(
            c,
            '□' | '☐'
                | '■'
                | '☑'
                | '☒'
                | '▢'
                | '○'
                | '◯'
                | '〇'
                | '●'
                | '◉'
                | '✓'
                | '✔'
                | '✅'
        )
    };
    let text = text.trim();
    if text.len() > 2000 || !text.starts_with(is_box) {
        return None;
    }
    let words: Vec<String> = text
        .split(is_box)
        .map(|word| {
            let bare = word.split(['(', '（', '[', '［']).next().unwrap_or(word);
            let ends = |c: char| {
                c.is_whitespace() || matches!(c, '、' | '・' | ',' | '/' | '／' | '：' | ':')
            };
            bare.trim_matches(ends).to_owned()
        })
        .filter(|word| !is_blank(word))
        .collect();
    (words.len() >= 2).then_some(words)
}

/// The texts above a table that are short enough for an edition; the sheet's name among them.
///
/// What names a guideline tells the edition of that, not of the form.
fn short(titles: &[String]) -> Vec<String> {
    let short = titles
        .iter()
        .filter(|text| text.chars().count() <= 40)
        .filter(|text| !text.contains("ガイドライン") && !fold(text).contains("guideline"));
    short.cloned().collect()
}

/// The texts by which a sheet like this one is known: its titles proper; else the first text that is no label.
fn names(titles: &[String]) -> Vec<String> {
    let words = Vocabulary::get();
    let (sheet, above) = titles
        .split_first()
        .map_or(("", titles), |(sheet, above)| (sheet.as_str(), above));
    let short = |text: &&String| text.chars().count() <= 120;
    let proper: Vec<String> = above
        .iter()
        .filter(short)
        .filter(|text| words.is_title(text) && words.field(text).is_none())
        .map(|text| text.trim().to_owned())
        .take(3)
        .collect();
    let mut names = if proper.is_empty() {
        let first = above.iter().filter(short).find(|text| {
            words.field(text).is_none() && words.roles(text).is_empty() && !is_blank(text)
        });
        first
            .map(|text| text.trim().to_owned())
            .into_iter()
            .collect()
    } else {
        proper
    };
    if words.is_title(sheet) && !names.iter().any(|name| name == sheet) {
        names.push(sheet.to_owned());
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_as_people_print_them() {
        let boxes = |text| printed_boxes(text).unwrap_or_default().join("|");
        assert_eq!(boxes("□はい　□いいえ □対象外"), "はい|いいえ|対象外");
        assert_eq!(boxes("○はい・○いいえ"), "はい|いいえ");
        assert_eq!(boxes("□知識 □生体 □その他（　　　）"), "知識|生体|その他");
        assert_eq!(boxes("□"), "");
        assert_eq!(boxes("はい □"), "");
    }

    #[test]
    fn answers_of_a_heading() {
        assert_eq!(
            answers_in("回答（はい・いいえ）"),
            [Answer::Yes, Answer::No]
        );
        assert!(answers_in("回答").is_empty());
    }
}
