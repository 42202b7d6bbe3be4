//! Where things stand on the sheet: columns, rows, and their names in formulas.

use crate::disclosure::Disclosure;

/// The item's number.
pub(super) const NUMBER: u16 = 0;
/// The question.
pub(super) const QUESTION: u16 = 1;
/// The answer.
pub(super) const ANSWER: u16 = 2;
/// The remark.
pub(super) const REMARK: u16 = 3;
/// What is still to be done, in words; the last column that is seen.
pub(super) const STATE: u16 = 4;
/// Hidden: what the answer means, `yes`, `m` for methods, `t` for a text, `x` for what is not understood.
pub(super) const SAID: u16 = 5;
/// Hidden: 1 where the item is asked, 0 where it is not, 0.5 where that is open.
pub(super) const ASKED: u16 = 6;
/// Hidden: 1 where a remark is needed and missing.
pub(super) const LACKS: u16 = 7;
/// Hidden: the state as a number, the place of its word in [`super::logic::State`].
pub(super) const CODE: u16 = 8;
/// Hidden: the methods of an answer in one spelling, each between commas (`、`).
pub(super) const METHODS: u16 = 9;
/// Hidden: the first of the words to choose from, where they are too long for the list itself.
pub(super) const LIST: u16 = 10;

/// The rows of a sheet, counted from 0.
#[derive(Debug)]
pub(super) struct Rows {
    /// The row of the form's id.
    pub(super) id: u32,
    /// The row of the headings.
    pub(super) heading: u32,
    /// The row of each entry, and the section that begins above it.
    pub(super) entries: Vec<(u32, Option<usize>)>,
    /// The last row of the table.
    pub(super) last: u32,
}

impl Rows {
    /// The rows of a disclosure whose head takes so many rows below the form's id.
    pub(super) fn new(disclosure: &Disclosure, head: u32) -> Self {
        let id = 2;
        let heading = id + head + 2;
        let mut row = heading;
        let mut section = None;
        let entries = disclosure.entries.iter().map(|entry| {
            let of = entry.item.map(|at| disclosure.form.items[at].section);
            let begins = of.filter(|of| section != Some(*of));
            if begins.is_some() {
                section = begins;
                row += 1;
            }
            row += 1;
            (row, begins)
        });
        let entries = entries.collect();
        Self {
            id,
            heading,
            entries,
            last: row,
        }
    }

    /// The first row below the headings.
    pub(super) fn first(&self) -> u32 {
        self.heading + 1
    }

    /// A column of the table, as a range that does not move.
    pub(super) fn range(&self, column: u16) -> String {
        let letters = letters(column);
        format!(
            "${letters}${}:${letters}${}",
            self.first() + 1,
            self.last + 1
        )
    }
}

/// The name of a cell: `C12`.
pub(super) fn cell(row: u32, column: u16) -> String {
    format!("{}{}", letters(column), row + 1)
}

/// The letters of a column.
pub(super) fn letters(column: u16) -> String {
    crate::place::column_letters(column.into())
}
