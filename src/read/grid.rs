//! Grids: the cells of a workbook as written, each at its true address.

use std::sync::Arc;

use jiff::civil::Date;

use super::beside::Beside;
use super::merged::Merged;
use crate::place::Place;
use crate::returned::recall::List;

/// A workbook: its sheets in order.
#[derive(Debug, Default)]
pub(crate) struct Workbook {
    pub(crate) sheets: Vec<Sheet>,
    /// Lists of findings that this tool sent out with the workbook; they are none of its sheets.
    pub(crate) returned: Vec<List>,
}

/// A sheet, with nothing but the cells that hold something.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) name: Arc<str>,
    pub(crate) visible: bool,
    /// False for charts and other sheets without cells.
    pub(crate) has_cells: bool,
    /// Sorted by row, then column; each address once.
    pub(crate) cells: Vec<Cell>,
    /// Hidden rows, sorted.
    pub(crate) hidden_rows: Vec<u32>,
    /// Hidden columns, first and last of each stretch, sorted.
    pub(crate) hidden_columns: Vec<(u32, u32)>,
    /// Merged areas, sorted by first row.
    pub(crate) merges: Vec<Area>,
    /// The same, found by address.
    pub(crate) merged: Merged,
    /// What Excel shows and the cells do not hold.
    pub(crate) beside: Beside,
}

/// A cell that holds something.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cell {
    pub(crate) row: u32,
    pub(crate) column: u32,
    pub(crate) value: CellValue,
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum CellValue {
    Text(Box<str>),
    Number(f64),
    Bool(bool),
    Date(Date),
    Error(&'static str),
}

impl CellValue {
    /// The value as a person would write it; numbers in their shortest spelling.
    pub(crate) fn text(&self) -> std::borrow::Cow<'_, str> {
        match self {
            CellValue::Text(text) => text.as_ref().into(),
            CellValue::Number(number) => number.to_string().into(),
            CellValue::Bool(true) => "TRUE".into(),
            CellValue::Bool(false) => "FALSE".into(),
            CellValue::Date(date) => date.to_string().into(),
            CellValue::Error(error) => (*error).into(),
        }
    }
}

/// A merged area, zero-based, both ends inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Area {
    pub(crate) first: (u32, u32),
    pub(crate) last: (u32, u32),
}

impl Sheet {
    /// The cell at an address; within a merged area its top left cell.
    pub(crate) fn cell(&self, row: u32, column: u32) -> Option<&Cell> {
        let (row, column) = self.anchor(row, column);
        self.exact(row, column)
    }

    /// The cell at exactly this address.
    pub(crate) fn exact(&self, row: u32, column: u32) -> Option<&Cell> {
        self.cells
            .binary_search_by(|cell| (cell.row, cell.column).cmp(&(row, column)))
            .ok()
            .map(|at| &self.cells[at])
    }

    /// The text at an address, empty where nothing is.
    pub(crate) fn text(&self, row: u32, column: u32) -> std::borrow::Cow<'_, str> {
        self.cell(row, column)
            .map_or("".into(), |cell| cell.value.text())
    }

    /// The rows that hold something, in order, each once.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &[Cell]> {
        self.cells.chunk_by(|a, b| a.row == b.row)
    }

    /// The rows from one up to another that hold something.
    pub(crate) fn rows_between(&self, from: u32, to: u32) -> impl Iterator<Item = &[Cell]> {
        let start = self.cells.partition_point(|cell| cell.row < from);
        let end = self.cells.partition_point(|cell| cell.row < to);
        self.cells[start..end.max(start)].chunk_by(|a, b| a.row == b.row)
    }

    /// The top left address of the merged area around an address, or the address itself.
    pub(crate) fn anchor(&self, row: u32, column: u32) -> (u32, u32) {
        self.area(row, column)
            .map_or((row, column), |area| area.first)
    }

    /// The merged area around an address.
    pub(crate) fn area(&self, row: u32, column: u32) -> Option<Area> {
        self.merged.around(row, column)
    }

    /// True if the row is hidden.
    pub(crate) fn is_hidden(&self, row: u32) -> bool {
        self.hidden_rows.binary_search(&row).is_ok()
    }

    /// True if the column is hidden.
    pub(crate) fn is_column_hidden(&self, column: u32) -> bool {
        self.hidden_columns
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&column))
    }

    /// The place of an address; within a merged area its top left cell.
    pub(crate) fn place(&self, row: u32, column: u32) -> Place {
        let (row, column) = self.anchor(row, column);
        Place::Cell {
            sheet: self.name.clone(),
            row,
            column,
        }
    }
}
