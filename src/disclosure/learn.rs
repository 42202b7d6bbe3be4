//! From a blank or filled workbook to what it shows of its form: the other way round than `build`.
//!
//! Only what stands there is told; `form::import` makes a form of it.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::build::Part;
use super::layout::{At, Layout, Slot};
use super::page::Page;
use super::{detect, head, notes, plain, recognise};
use crate::answer::{Answer, ItemNumber};
use crate::form::import::{Learned, LearnedRow, Unsure};
use crate::form::{Field, Remarks};
use crate::language::Localised;
use crate::read::grid::{Cell, Sheet, Workbook};
use crate::text::{fold, is_blank};
use crate::vocabulary::{Role, Vocabulary};

/// Fewer numbered rows than this are no form.
const FEWEST_ROWS: usize = 3;
/// A cell or list that offers more words than this is no choice to make.
const MOST_WORDS: usize = 60;

/// The forms on the visible sheets of a workbook, in order; tables whose numbers go on are one form.
pub(crate) fn learn(workbook: &Workbook) -> Vec<Learned> {
    let pages: Vec<Page<'_>> = workbook.sheets.iter().map(Page::new).collect();
    let layouts: Vec<Vec<Layout>> = pages.iter().map(layouts).collect();
    let mut groups: Vec<Vec<Part<'_>>> = Vec::new();
    for (page, layouts) in pages.iter().zip(&layouts) {
        let mut begins = is_titled(page);
        for layout in layouts {
            let part = Part {
                page,
                layout,
                given_from: 0,
            };
            // Another sheet goes on only where it has no title of its own.
            match groups.last_mut() {
                Some(group) if !begins && recognise::are_apart(group, &part) => group.push(part),
                Some(_) | None => groups.push(vec![part]),
            }
            begins = false;
        }
    }
    let beside: Vec<&Sheet> = pages
        .iter()
        .zip(&layouts)
        .filter(|(page, layouts)| layouts.is_empty() && page.visible && page.has_cells)
        .map(|(page, _)| page.sheet)
        .collect();
    let remarks_elsewhere = pages.iter().zip(&layouts).any(|(page, layouts)| {
        layouts.is_empty() && page.has_cells && !notes::of_sheet(page).is_empty()
    });
    groups
        .iter()
        .map(|parts| learned(parts, &beside, remarks_elsewhere))
        .filter(|learned| learned.rows.len() >= FEWEST_ROWS)
        .collect()
}

fn layouts(page: &Page<'_>) -> Vec<Layout> {
    if !page.visible || !page.has_cells {
        return Vec::new();
    }
    if let Some(layout) = plain::layout(page.sheet) {
        return vec![layout];
    }
    let found = detect::layouts(page);
    if found.is_empty() {
        // Cards without answers look like nothing else, either.
        return detect::cards(page).into_iter().collect();
    }
    found
}

/// True if the sheet says itself what it is.
fn is_titled(page: &Page<'_>) -> bool {
    let mut texts = recognise::titles(page, None).into_iter().skip(1);
    texts.any(|text| Vocabulary::get().is_title(&text))
}

fn learned(parts: &[Part<'_>], covers: &[&Sheet], remarks_elsewhere: bool) -> Learned {
    let first = &parts[0];
    let titles = recognise::titles(first.page, Some(first.layout));
    let mut labels = head::labelled(first.page.sheet, 0, first.layout.first_row());
    for cover in covers {
        labels.extend(head::labelled(cover, 0, 200));
    }
    let mut rows: Vec<LearnedRow> = Vec::new();
    let mut filled: Vec<bool> = Vec::new();
    let mut unsure = Vec::new();
    let mut choices = BTreeSet::new();
    for part in parts {
        let learner = Learner::new(part);
        learner.add_rows(&mut rows, &mut filled, &mut unsure);
        learner.add_unnumbered(&mut unsure);
        choices.extend(learner.choices());
    }
    mark_headings(&mut rows, &filled);
    let in_block = remarks_elsewhere || parts.iter().any(|part| part.layout.block_row.is_some());
    let in_row = parts
        .iter()
        .flat_map(|part| &part.layout.slots)
        .any(|slot| !slot.remarks.is_empty());
    Learned {
        sheet: first.page.name.clone(),
        family: recognise::family(&titles),
        titles: names(&titles),
        above: short(&titles),
        headers: Field::ALL
            .into_iter()
            .filter(|field| labels.iter().any(|label| label.field == *field))
            .collect(),
        choices: choices.into_iter().collect(),
        remarks: match (in_block, in_row) {
            (true, _) => Some(Remarks::Block),
            (false, true) => Some(Remarks::Row),
            (false, false) => None,
        },
        rows,
        unsure,
    }
}

/// Where nearly every row has a list or boxes, a row without any that has rows below it is their heading.
fn mark_headings(rows: &mut [LearnedRow], filled: &[bool]) {
    let offering = rows.iter().filter(|row| !row.offered.is_empty()).count();
    if offering * 5 < rows.len() * 3 {
        return;
    }
    let parents: HashSet<ItemNumber> = rows.iter().filter_map(|row| row.number.parent()).collect();
    for (row, filled) in rows.iter_mut().zip(filled) {
        if row.offered.is_empty() && parents.contains(&row.number) && !filled {
            row.is_asked = false;
        }
    }
}

/// Learns from one table.
struct Learner<'p, 's> {
    page: &'p Page<'s>,
    layout: &'p Layout,
    /// The headings of the columns of references.
    references: Vec<(u32, String)>,
    /// The words of drop-down lists, by the cell that offers them.
    lists: HashMap<At, &'p [String]>,
}

impl<'p, 's> Learner<'p, 's> {
    fn new(part: &'p Part<'s>) -> Self {
        let (page, layout) = (part.page, part.layout);
        let references = layout.columns.references.iter().map(|column| {
            let heading = heading_cells(page, layout).find(|cell| {
                cell.column == *column
                    && Vocabulary::get()
                        .roles(&cell.value.text())
                        .contains(&Role::Reference)
            });
            let text = heading.map_or_else(String::new, |cell| cell.value.text().trim().to_owned());
            (*column, text)
        });
        Self {
            page,
            layout,
            references: references.collect(),
            lists: lists(page, layout),
        }
    }

    fn add_rows(
        &self,
        rows: &mut Vec<LearnedRow>,
        filled: &mut Vec<bool>,
        unsure: &mut Vec<Unsure>,
    ) {
        for slot in &self.layout.slots {
            let place = self.page.place(slot.number_at.0, slot.number_at.1);
            let Some(number) = number(slot, rows.last()) else {
                let values = [("found", slot.written_number.as_str())];
                unsure.push(Unsure::new(
                    place,
                    Localised::label("import-no-number", &values),
                ));
                continue;
            };
            let cells = slot.answers.cells();
            let offered = self.offered(&cells);
            filled.push(
                cells
                    .iter()
                    .any(|at| !is_blank(&self.page.text(at.0, at.1))),
            );
            let question = slot.question.as_ref();
            rows.push(LearnedRow {
                place,
                number,
                text: question.map_or_else(String::new, |question| question.text.trim().to_owned()),
                section: slot.section.as_deref().map(str::to_owned),
                cited: self.cited(slot),
                offered,
                is_asked: self.has_answer_cell(slot),
            });
        }
    }

    fn cited(&self, slot: &Slot) -> Vec<(String, String)> {
        if self.references.is_empty() {
            let reference = slot.reference.iter();
            return reference
                .map(|text| (String::new(), text.to_string()))
                .collect();
        }
        self.references
            .iter()
            .map(|(column, heading)| (heading, self.page.text(slot.row(), *column)))
            .filter(|(_, text)| !is_blank(text))
            .map(|(heading, text)| (heading.clone(), text.trim().to_owned()))
            .collect()
    }

    /// The words a row offers: behind boxes printed in its cells or drawn over them, or of a list.
    fn offered(&self, cells: &[At]) -> Vec<String> {
        let said = |at: &At| self.page.said(*at).into_owned();
        let printed = cells.iter().find_map(|at| printed_boxes(&said(at)));
        let list = || {
            cells
                .iter()
                .find_map(|at| self.lists.get(at))
                .map(|list| list.to_vec())
        };
        let side_by_side = || {
            let text = cells.first().map(said)?;
            (answers_in(&text).len() >= 2).then(|| {
                let words = answers_in(&text).into_iter();
                words.map(|answer| answer.code().to_owned()).collect()
            })
        };
        printed
            .or_else(list)
            .or_else(side_by_side)
            .unwrap_or_default()
    }

    /// False where the cells for the answer are a part of the cell of the question or of the number.
    fn has_answer_cell(&self, slot: &Slot) -> bool {
        let anchor = |at: At| self.page.anchor(at.0, at.1);
        let question = slot.question.as_ref().map(|question| anchor(question.at));
        let asking = [Some(anchor(slot.number_at)), question];
        let mut cells = slot.answers.cells().into_iter();
        cells.any(|at| !asking.contains(&Some(anchor(at))))
    }

    /// Rows within the table that ask or offer something and have no number.
    fn add_unnumbered(&self, unsure: &mut Vec<Unsure>) {
        let (page, layout) = (self.page, self.layout);
        let words = Vocabulary::get();
        let mut used: BTreeSet<u32> = BTreeSet::new();
        for slot in &layout.slots {
            used.insert(slot.row());
            used.extend(slot.question.iter().map(|question| question.at.0));
            used.extend(slot.answers.cells().iter().map(|at| at.0));
            used.extend(slot.remarks.iter().map(|at| at.0));
        }
        let first = layout
            .header_row
            .map_or(0, |row| row + 1)
            .max(layout.first_row());
        for cells in page.rows() {
            let row = cells[0].row;
            if row < first || row > layout.last_row() || used.contains(&row) {
                continue;
            }
            let said: Vec<&Cell> = cells
                .iter()
                .filter(|cell| layout.has_column(cell.column) && !is_blank(&cell.value.text()))
                .collect();
            let repeats_headings = said
                .iter()
                .any(|cell| !words.roles(&cell.value.text()).is_empty());
            let asks = |cell: &&Cell| {
                Some(cell.column) == layout.columns.question
                    || layout.columns.is_answer(cell.column)
            };
            if repeats_headings || said.len() < 2 || !said.iter().any(asks) {
                continue;
            }
            let text: Vec<String> = said
                .iter()
                .map(|cell| cell.value.text().trim().to_owned())
                .collect();
            let text = crate::text::show(&text.join(" "), 60);
            let what = Localised::label("import-row-without-number", &[("found", &text)]);
            unsure.push(Unsure::new(page.place(row, said[0].column), what));
        }
    }

    /// The answers that the table offers to every row.
    fn choices(&self) -> Vec<Answer> {
        let columns = &self.layout.columns;
        let marks: Vec<Answer> = columns.marks.iter().map(|(answer, _)| *answer).collect();
        if !marks.is_empty() {
            return marks;
        }
        heading_cells(self.page, self.layout)
            .filter(|cell| Some(cell.column) == columns.answer)
            .map(|cell| answers_in(&cell.value.text()))
            .find(|answers| answers.len() >= 2)
            .unwrap_or_default()
    }
}

/// The cells of the headings of the table, which may take two rows.
fn heading_cells<'p>(page: &'p Page<'_>, layout: &Layout) -> impl Iterator<Item = &'p Cell> {
    let last = layout.header_row;
    page.sheet.cells.iter().filter(move |cell| {
        last.is_some_and(|last| (last.saturating_sub(1)..=last).contains(&cell.row))
    })
}

/// The drop-down lists of the cells for answers.
fn lists<'p>(page: &'p Page<'_>, layout: &Layout) -> HashMap<At, &'p [String]> {
    let mut cells: Vec<At> = layout
        .slots
        .iter()
        .flat_map(|slot| slot.answers.cells())
        .collect();
    cells.sort_unstable();
    let mut lists: HashMap<At, &[String]> = HashMap::new();
    for choices in page
        .beside
        .choices
        .iter()
        .filter(|list| (2..=MOST_WORDS).contains(&list.words.len()))
    {
        for area in &choices.areas {
            // Only cells of items matter: an area may reach to the end of the sheet.
            let from = cells.partition_point(|at| at.0 < area.first.0);
            let within = cells[from..].iter().take_while(|at| at.0 <= area.last.0);
            for at in within.filter(|at| (area.first.1..=area.last.1).contains(&at.1)) {
                lists.entry(*at).or_insert(&choices.words);
            }
        }
    }
    lists
}

/// The number of a row. Stored as a number it has lost its zeros: what follows 4.9 is 4.10, not 4.1.
fn number(slot: &Slot, before: Option<&LearnedRow>) -> Option<ItemNumber> {
    let number = slot.number.clone()?;
    if !slot.numeric {
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
    (2..=MOST_WORDS).contains(&words.len()).then_some(words)
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
