//! The table that a user describes: rows and columns are stated, the numbers in them are found as anywhere else.

use std::sync::Arc;

use super::columns::Found;
use super::neighbours::{lost_zeros, relative};
use super::numbers::{
    Numbered, Numbering, in_column, leading_number, levels, number_in, parts as parts_of,
};
use super::region::Region;
use super::{block_title, drop_sums, is_answered, legend, remarks_below, section, slots};
use crate::answer::{Answer, ItemNumber};
use crate::disclosure::layout::{Answers, At, Columns, Layout, Slot};
use crate::disclosure::legend::Legend;
use crate::disclosure::page::Page;
use crate::disclosure::resolve::answer_in;
use crate::form::Field;
use crate::read::grid::CellValue;
use crate::text::{fold, is_blank};
use crate::vocabulary::{Mark, Vocabulary};

/// A table as described. Rows and columns are zero-based.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::disclosure) struct Stated {
    /// The sheet's name; `None` for every visible sheet that no other table names.
    pub(in crate::disclosure) sheet: Option<String>,
    pub(in crate::disclosure) header_row: Option<u32>,
    pub(in crate::disclosure) first_row: u32,
    pub(in crate::disclosure) last_row: Option<u32>,
    pub(in crate::disclosure) columns: Columns,
    /// How many rows below the number the answer stands, and the remark.
    pub(in crate::disclosure) answer_row: u32,
    pub(in crate::disclosure) remark_row: u32,
    pub(in crate::disclosure) codes: Vec<(String, Answer)>,
    pub(in crate::disclosure) head: Vec<(Field, At)>,
}

/// Where a table may reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::disclosure) struct Bounds {
    /// The first row behind it that belongs to another table.
    pub(in crate::disclosure) end: u32,
    /// The first and last column.
    pub(in crate::disclosure) band: (u32, u32),
}

/// Why a table as described is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::disclosure) enum Absent {
    /// No cell of the column holds a number.
    NoNumber,
    /// The columns of numbers are neither parts nor levels.
    Mixed,
    /// Numbers are there, but the sheet by itself says more than is read as described.
    Elsewhere,
}

impl Stated {
    /// The first row that belongs to the table.
    pub(in crate::disclosure) fn start(&self) -> u32 {
        self.header_row.unwrap_or(self.first_row)
    }

    /// The first and last column that it names.
    pub(in crate::disclosure) fn band(&self) -> (u32, u32) {
        let columns = &self.columns;
        let named = || {
            let marks = columns.marks.iter().map(|(_, column)| *column);
            let lists = [
                &columns.numbers,
                &columns.remarks,
                &columns.sections,
                &columns.references,
            ];
            marks
                .chain(columns.question)
                .chain(columns.answer)
                .chain(lists.into_iter().flatten().copied())
        };
        (named().min().unwrap_or(0), named().max().unwrap_or(0))
    }

    /// True for another table of the same sheet.
    pub(in crate::disclosure) fn is_beside(&self, other: &Stated) -> bool {
        let name = |table: &Stated| table.sheet.as_deref().map(fold);
        !std::ptr::eq(self, other) && name(self) == name(other)
    }

    /// True if both have numbers in the same column.
    pub(in crate::disclosure) fn shares_numbers(&self, other: &Stated) -> bool {
        let mut numbers = self.columns.numbers.iter();
        numbers.any(|column| other.columns.numbers.contains(column))
    }

    /// True if answers or remarks stand below the numbers.
    fn is_card(&self) -> bool {
        self.answer_row > 0 || self.remark_row > 0
    }
}

/// The table on a sheet.
pub(in crate::disclosure) fn layout(
    page: &Page<'_>,
    stated: &Stated,
    bounds: Bounds,
) -> Result<Layout, Absent> {
    let (region, block_row) = region(page, stated, bounds);
    let (numbering, mut numbers) = numbering(page, &region, stated)?;
    let mut found = Found {
        columns: stated.columns.clone(),
        answered: 0,
        other_answers: Vec::new(),
    };
    if let Numbering::Question(column) = numbering {
        found.columns.question = Some(column);
    }
    numbers.retain(|row| {
        row.number.is_some() || is_answered(page, &found, row.at.0 + stated.answer_row)
    });
    let legend = if stated.codes.is_empty() {
        legend(page, &region, None, &numbers)
    } else {
        Legend::of(stated.codes.iter().cloned())
    };
    let mut slots = slots(page, &numbering, &found, numbers);
    for slot in &mut slots {
        without_number(page, slot, &stated.columns.numbers);
        move_down(slot, stated);
    }
    let answered = slots
        .iter()
        .filter(|slot| says_something(page, slot, &legend))
        .count();
    let mut layout = Layout {
        repeated: Vec::new(),
        header_row: stated.header_row,
        band: bounds.band,
        end: bounds.end,
        columns: found.columns,
        slots,
        block_row,
        answered,
        other_answers: Vec::new(),
        legend,
        named: None,
        given: Some(stated.head.clone()),
    };
    drop_sums(page, &mut layout);
    if stated.is_card() {
        sections_of_cards(page, &mut layout);
    } else {
        remarks_below(page, &region, &mut layout);
        section::fill(page, &region, &mut layout);
    }
    Ok(layout)
}

/// The rows of items, and the row of the title of a block of remark texts below them.
fn region(page: &Page<'_>, stated: &Stated, bounds: Bounds) -> (Region, Option<u32>) {
    let mut region = Region {
        from: stated.first_row,
        ..Region::new(None, bounds.end, bounds.band)
    };
    let block = |from: u32| {
        let below = Region {
            from,
            ..Region::new(None, bounds.end, bounds.band)
        };
        // In a card the label of its remark looks like the title of a block.
        (!stated.is_card())
            .then(|| block_title(page, &below, super::LEAST))
            .flatten()
    };
    let block_row = match stated.last_row {
        Some(last) => {
            region.to = region.to.min(last + 1);
            block(last + 1)
        }
        None => {
            let row = block(stated.first_row);
            region.to = region.to.min(row.unwrap_or(u32::MAX));
            row
        }
    };
    (region, block_row)
}

/// The rows with numbers, in the columns stated.
fn numbering(
    page: &Page<'_>,
    region: &Region,
    stated: &Stated,
) -> Result<(Numbering, Vec<Numbered>), Absent> {
    let (way, mut rows) = match stated.columns.numbers.as_slice() {
        [column] => {
            let question = stated.columns.question;
            let before = question.is_none_or(|question| question == *column);
            let rows = in_one_column(page, region, *column, before);
            let headed = question.is_some() || rows.iter().any(|row| row.rest.is_some());
            let way = if before && headed {
                Numbering::Question(*column)
            } else {
                Numbering::Column(*column)
            };
            (way, rows)
        }
        columns => {
            let parts = parts_of(page, region, columns).map(|rows| (false, rows));
            let found = parts.or_else(|| levels(page, region, columns).map(|rows| (true, rows)));
            let (by_level, rows) = found.ok_or(Absent::Mixed)?;
            let way = if by_level {
                Numbering::Levels(columns.to_vec())
            } else {
                Numbering::Parts(columns.to_vec())
            };
            (way, rows)
        }
    };
    if rows.iter().all(|row| row.number.is_none()) {
        return Err(Absent::NoNumber);
    }
    relative(&mut rows);
    lost_zeros(&mut rows);
    Ok((way, rows))
}

/// The numbers of a column; with `before`, also those in front of a question.
fn in_one_column(page: &Page<'_>, region: &Region, column: u32, before: bool) -> Vec<Numbered> {
    let mut rows = in_column(page, region, column);
    if before {
        let cells = region.cells(page).filter(|cell| cell.column == column);
        rows.extend(cells.filter_map(|cell| {
            let CellValue::Text(text) = &cell.value else {
                return None;
            };
            if number_in(cell).is_some() {
                return None;
            }
            let (number, rest) = leading_number(text)?;
            (rest.chars().filter(|c| c.is_alphabetic()).count() >= 2).then(|| Numbered {
                at: (cell.row, cell.column),
                written: text[..text.len() - rest.len()].trim().to_owned(),
                rest: Some(rest.trim().to_owned()),
                number: Some(number),
                numeric: false,
            })
        }));
        rows.sort_by_key(|row| row.at);
    }
    rows
}

/// Takes the number out of a question that stands in a column of numbers.
fn without_number(page: &Page<'_>, slot: &mut Slot, numbers: &[u32]) {
    let Some(question) = &mut slot.question else {
        return;
    };
    let (row, column) = question.at;
    if !numbers.contains(&column) || page.text(row, column) != question.text {
        return;
    }
    if ItemNumber::parse(&question.text).is_some() {
        slot.question = None;
    } else if let Some((_, rest)) = leading_number(&question.text) {
        question.text = rest.trim().to_owned();
    }
}

/// Puts answer and remark of a card where they stand.
fn move_down(slot: &mut Slot, stated: &Stated) {
    match &mut slot.answers {
        Answers::Word(at) => at.0 += stated.answer_row,
        Answers::Marks(marks) => {
            for (_, at) in marks {
                at.0 += stated.answer_row;
            }
        }
    }
    for at in &mut slot.remarks {
        at.0 += stated.remark_row;
    }
}

fn says_something(page: &Page<'_>, slot: &Slot, legend: &Legend) -> bool {
    match &slot.answers {
        Answers::Word(at) => {
            let text = page.said(*at);
            legend.answer(&text).is_some() || answer_in(&text).is_some()
        }
        Answers::Marks(marks) => {
            let words = Vocabulary::get();
            let mut cells = marks.iter();
            cells.any(|(_, at)| words.mark(&page.said(*at)) == Some(Mark::On))
        }
    }
}

/// The sections of cards, from their column alone: between cards stand too many other texts.
fn sections_of_cards(page: &Page<'_>, layout: &mut Layout) {
    let mut last: Option<Arc<str>> = None;
    for slot in &mut layout.slots {
        let columns = layout.columns.sections.iter();
        let mut texts = columns.map(|column| page.text(slot.number_at.0, *column));
        if let Some(text) = texts.find(|text| !is_blank(text)) {
            last = Some(text.trim().into());
        }
        slot.section.clone_from(&last);
    }
}
