//! Layout: where on a sheet each item's number, question, answer and remark stand.
//!
//! A layout is found by content ([`super::detect`]), read from a sheet of this tool's own ([`super::plain`]),
//! or described by the user ([`super::given`]). What is built from it does not know which.

use std::sync::Arc;

use super::legend::Legend;
use super::plain::Named;
use crate::answer::{Answer, ItemNumber};
use crate::form::Field;

/// A zero-based row and column.
pub(crate) type At = (u32, u32);

/// Where the answer of an item stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answers {
    /// A word in one cell.
    Word(At),
    /// A mark in one of several cells, each for one answer.
    Marks(Vec<(Answer, At)>),
}

impl Answers {
    /// The cells in which the answer stands, or may stand.
    pub(crate) fn cells(&self) -> Vec<At> {
        match self {
            Answers::Word(at) => vec![*at],
            Answers::Marks(marks) => marks.iter().map(|(_, at)| *at).collect(),
        }
    }
}

/// The question of an item.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Question {
    pub(crate) at: At,
    /// The text without a number before it.
    pub(crate) text: String,
}

/// One item of a sheet, and where its parts stand.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Slot {
    /// Where the number stands.
    pub(crate) number_at: At,
    /// The number; `None` where the cell cannot be one but the row is answered (a date, say).
    pub(crate) number: Option<ItemNumber>,
    /// The number as written.
    pub(crate) written_number: String,
    /// True if the cell holds a number, not a text: `4.10` has become 4.1.
    pub(crate) numeric: bool,
    pub(crate) question: Option<Question>,
    pub(crate) answers: Answers,
    /// Where its remark stands, in one cell or in several.
    pub(crate) remarks: Vec<At>,
    /// The heading it stands under.
    pub(crate) section: Option<Arc<str>>,
    /// What stands in the columns of references.
    pub(crate) reference: Option<Arc<str>>,
}

impl Slot {
    /// The row of the number.
    pub(crate) fn row(&self) -> u32 {
        self.number_at.0
    }
}

/// The columns of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Columns {
    pub(crate) numbers: Vec<u32>,
    pub(crate) question: Option<u32>,
    /// In a table with an answer in one column: that column.
    pub(crate) answer: Option<u32>,
    /// In a table of marks: the columns, each for one answer.
    pub(crate) marks: Vec<(Answer, u32)>,
    pub(crate) remarks: Vec<u32>,
    pub(crate) sections: Vec<u32>,
    pub(crate) references: Vec<u32>,
}

impl Columns {
    /// True if answers stand in this column.
    pub(crate) fn is_answer(&self, column: u32) -> bool {
        self.answer == Some(column) || self.marks.iter().any(|(_, mark)| *mark == column)
    }

    /// The last column of an answer.
    pub(crate) fn last_answer(&self) -> Option<u32> {
        let marks = self.marks.iter().map(|(_, column)| *column);
        marks.chain(self.answer).max()
    }

    /// The first column of an answer.
    pub(crate) fn first_answer(&self) -> Option<u32> {
        let marks = self.marks.iter().map(|(_, column)| *column);
        marks.chain(self.answer).min()
    }
}

/// A table of items.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Layout {
    /// The row of the heading; of the lower one, where there are two.
    pub(crate) header_row: Option<u32>,
    /// Rows that head the same columns again, sorted.
    pub(crate) repeated: Vec<u32>,
    /// The first and last column that belong to the table, where others stand beside it.
    pub(crate) band: (u32, u32),
    /// The first row behind the table that belongs to another one.
    pub(crate) end: u32,
    pub(crate) columns: Columns,
    pub(crate) slots: Vec<Slot>,
    /// The row of the heading of a block of remark texts below the items.
    pub(crate) block_row: Option<u32>,
    /// Items with something that is an answer, or a mark.
    pub(crate) answered: usize,
    /// Other columns that are answered as a whole too: which one holds, the sheet does not say.
    pub(crate) other_answers: Vec<u32>,
    /// What the codes in the column of answers mean, where the sheet says so.
    pub(crate) legend: Legend,
    /// The form that the sheet names, where it is one of this tool's own.
    pub(crate) named: Option<Named>,
    /// In a layout that the user described: the cells of the head that it names.
    pub(crate) given: Option<Vec<(Field, At)>>,
}

impl Layout {
    /// The first row that belongs to the table.
    pub(crate) fn first_row(&self) -> u32 {
        let first = self.slots.iter().map(Slot::row).min();
        self.header_row
            .unwrap_or(u32::MAX)
            .min(first.unwrap_or(u32::MAX))
    }

    /// The last row with an item.
    pub(crate) fn last_row(&self) -> u32 {
        let rows = self.slots.iter().map(|slot| {
            let answer = match &slot.answers {
                Answers::Word(at) => Some(at.0),
                Answers::Marks(marks) => marks.iter().map(|(_, at)| at.0).max(),
            };
            let remarks = slot.remarks.iter().map(|at| at.0);
            remarks.chain(answer).fold(slot.row(), u32::max)
        });
        rows.max().or(self.header_row).unwrap_or(0)
    }

    /// True if the column belongs to the table.
    pub(crate) fn has_column(&self, column: u32) -> bool {
        (self.band.0..=self.band.1).contains(&column)
    }

    /// Numbers and questions, in order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (Option<&ItemNumber>, &str)> {
        self.slots.iter().map(|slot| {
            let question = slot.question.as_ref();
            (
                slot.number.as_ref(),
                question.map_or("", |question| question.text.as_str()),
            )
        })
    }
}
