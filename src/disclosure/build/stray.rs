//! Rows within a table that are answered but have no number: what they say belongs to no item.

use std::collections::HashSet;

use super::Part;
use crate::answer::Answer;
use crate::disclosure::Unmatched;
use crate::disclosure::layout::Slot;
use crate::read::grid::Cell;
use crate::text::is_blank;
use crate::vocabulary::{Mark, Vocabulary};

/// The rows of the tables that belong to no item and seem to say something about one.
pub(super) fn unmatched(parts: &[Part<'_>]) -> Option<Unmatched> {
    let mut unmatched: Option<Unmatched> = None;
    let mut taken: Option<(&str, HashSet<u32>)> = None;
    for part in parts {
        // Tables of one sheet stand together, so its rows are gathered once.
        if taken
            .as_ref()
            .is_none_or(|(sheet, _)| **sheet != *part.page.name)
        {
            taken = Some((&part.page.name, rows_of_items(parts, part)));
        }
        let Some(table) = taken.as_ref().and_then(|(_, rows)| Table::new(part, rows)) else {
            continue;
        };
        let rows = part.page.sheet.rows_between(table.from, table.to);
        for (cell, text) in rows.filter_map(|cells| table.stray(cells)) {
            unmatched
                .get_or_insert_with(|| Unmatched {
                    place: part.page.place(cell.0, cell.1),
                    count: 0,
                    found: text,
                })
                .count += 1;
        }
    }
    unmatched
}

/// The rows in which numbers, answers and remarks of items stand, of all tables on the sheet of one.
fn rows_of_items(parts: &[Part<'_>], of: &Part<'_>) -> HashSet<u32> {
    let same = parts
        .iter()
        .filter(|part| std::ptr::eq(part.page.sheet, of.page.sheet));
    same.flat_map(|part| &part.layout.slots)
        .flat_map(|slot| {
            let cells = slot.answers.cells().into_iter();
            cells
                .chain(slot.remarks.iter().copied())
                .map(|at| at.0)
                .chain([slot.row()])
        })
        .collect()
}

/// A table, with what has to be known of it to judge its other rows.
struct Table<'a> {
    part: &'a Part<'a>,
    items: &'a HashSet<u32>,
    from: u32,
    to: u32,
    last: u32,
    /// True if answers stand below their numbers: labels stand between, too.
    is_cards: bool,
    /// The row above the first item.
    heading: &'a [Cell],
}

impl<'a> Table<'a> {
    fn new(part: &'a Part<'a>, items: &'a HashSet<u32>) -> Option<Self> {
        let layout = part.layout;
        if layout.columns.numbers.is_empty() {
            return None;
        }
        let first = layout.first_row();
        let below = |slot: &Slot| slot.answers.cells().iter().any(|at| at.0 != slot.row());
        let cells = &part.page.sheet.cells;
        let above = cells.partition_point(|cell| cell.row < first);
        let heading = match above.checked_sub(1).map(|last| cells[last].row) {
            Some(row) => &cells[cells.partition_point(|cell| cell.row < row)..above],
            None => &[],
        };
        Some(Self {
            part,
            items,
            from: layout.header_row.map_or(first, |header| header + 1),
            to: layout.end.min(layout.block_row.unwrap_or(u32::MAX)),
            last: layout.last_row(),
            is_cards: layout.slots.first().is_some_and(below),
            heading,
        })
    }

    /// The cell of a row without a number that seems to answer something, and the row's text.
    fn stray(&self, cells: &[Cell]) -> Option<((u32, u32), String)> {
        let (page, layout) = (self.part.page, self.part.layout);
        let words = Vocabulary::get();
        let row = cells[0].row;
        let known = self.items.contains(&row) || layout.repeated.binary_search(&row).is_ok();
        if known || is_example(cells) || self.is_heading_again(cells) {
            return None;
        }
        // Headings repeated within the table, and a legend of the answers, belong to no item and lose nothing.
        let heading = cells.iter().any(|cell| {
            let text = cell.value.text();
            text.len() <= 240 && (!words.roles(&text).is_empty() || is_legend(&text))
        });
        let inside = row < self.last && !heading && !self.is_cards;
        let found = cells
            .iter()
            .filter(|cell| layout.has_column(cell.column))
            .find(|cell| {
                let text = cell.value.text();
                let answered = if layout.columns.answer.is_some() {
                    words.answer(&text).is_some()
                } else {
                    words.mark(&text) == Some(Mark::On)
                };
                let said = !is_blank(&text) && page.area(row, cell.column).is_none();
                let answer = layout.columns.is_answer(cell.column) && (answered || inside && said);
                let remark = layout.columns.remarks.contains(&cell.column)
                    && inside
                    && said
                    && !words.is_empty_remark(&text);
                answer || remark
            })?;
        let text = cells
            .iter()
            .map(|cell| cell.value.text())
            .collect::<Vec<_>>()
            .join(" ");
        Some(((row, found.column), text))
    }

    /// True for a row that says what the row above the first item says: a heading in words that nobody knows, again.
    fn is_heading_again(&self, cells: &[Cell]) -> bool {
        let heading = self.heading;
        let same =
            |(one, again): (&Cell, &Cell)| one.column == again.column && one.value == again.value;
        heading.len() >= 2 && heading.len() == cells.len() && heading.iter().zip(cells).all(same)
    }
}

/// True for a row that shows how to fill in the others.
pub(in crate::disclosure) fn is_example(cells: &[Cell]) -> bool {
    let words = Vocabulary::get();
    cells
        .iter()
        .any(|cell| words.is_example(&cell.value.text()))
}

/// True for a text that lists the answers to choose from.
fn is_legend(text: &str) -> bool {
    let words = Vocabulary::get();
    let mut answers: Vec<Answer> = text
        .split([',', '、', '・', '/', '／', '\n', ' ', '　'])
        .filter_map(|part| words.answer(part))
        .collect();
    answers.dedup();
    answers.len() > 1
}
