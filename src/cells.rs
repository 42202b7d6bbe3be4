//! The cells of a file as they were read, before any form is looked for.
//!
//! For programs that judge the reader: it is held against other readers with them. Disclosures are made by
//! [`examine()`](crate::examine()), not from here.

use std::sync::Arc;

use jiff::civil::Date;

use crate::finding::Finding;
use crate::limits::Limits;
use crate::place::{Place, address};
use crate::read::{self, Content, grid};
use crate::source::Source;

/// What was read of a file with cells.
#[derive(Debug)]
pub struct Cells {
    /// Its sheets in their order; none where it is no workbook or could not be read.
    pub sheets: Vec<CellSheet>,
    /// What is to be said about the file.
    pub findings: Vec<Finding>,
}

/// A sheet with the cells that hold something.
#[derive(Debug)]
pub struct CellSheet {
    /// Its name.
    pub name: Arc<str>,
    /// False where it is hidden.
    pub visible: bool,
    /// False for charts and the like.
    pub has_cells: bool,
    /// Sorted by row, then column; each address once.
    pub cells: Vec<CellRead>,
    /// Zero-based hidden rows, sorted.
    pub hidden_rows: Vec<u32>,
    /// Zero-based hidden columns, first and last of each stretch, sorted.
    pub hidden_columns: Vec<(u32, u32)>,
    /// Merged areas in Excel's notation (`A1:B2`), sorted by row and column.
    pub merges: Vec<String>,
    /// Comments, by their cell.
    pub comments: Vec<(Place, String)>,
}

/// A cell that holds something.
#[derive(Clone, Debug, PartialEq)]
pub struct CellRead {
    /// Zero-based row.
    pub row: u32,
    /// Zero-based column.
    pub column: u32,
    /// What it holds.
    pub value: ReadValue,
}

impl CellRead {
    /// The address in Excel's notation.
    pub fn address(&self) -> String {
        address(self.row, self.column)
    }
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum ReadValue {
    /// A text, as written.
    Text(String),
    /// A number that is no date.
    Number(f64),
    /// True or false.
    Bool(bool),
    /// A number whose format makes it a date.
    Date(Date),
    /// An error such as `#REF!`.
    Error(&'static str),
}

/// Reads the cells of a file of any format with cells, texts exactly as they stand in it.
///
/// ```
/// use kaijisho::{Limits, Source, cells};
/// let read = cells(&Source::new("a.csv", b"No.,answer\n1,yes\n".to_vec()), &Limits::default());
/// assert_eq!(read.sheets[0].cells[3].address(), "B2");
/// ```
pub fn cells(source: &Source, limits: &Limits) -> Cells {
    let reading = read::as_written(source, limits);
    let sheets = match reading.content {
        Content::Grid(workbook) => workbook.sheets.into_iter().map(sheet).collect(),
        Content::Tree(_) | Content::Nothing => Vec::new(),
    };
    Cells {
        sheets,
        findings: reading.findings,
    }
}

fn sheet(sheet: grid::Sheet) -> CellSheet {
    let area = |area: &grid::Area| {
        let [first, last] = [area.first, area.last].map(|(row, column)| address(row, column));
        format!("{first}:{last}")
    };
    let comments = sheet.beside.comments.iter().map(|comment| {
        let place = sheet.place(comment.row, comment.column);
        (place, comment.text.clone())
    });
    CellSheet {
        comments: comments.collect(),
        merges: sheet.merges.iter().map(area).collect(),
        name: sheet.name,
        visible: sheet.visible,
        has_cells: sheet.has_cells,
        cells: sheet.cells.into_iter().map(cell).collect(),
        hidden_rows: sheet.hidden_rows,
        hidden_columns: sheet.hidden_columns,
    }
}

fn cell(cell: grid::Cell) -> CellRead {
    CellRead {
        row: cell.row,
        column: cell.column,
        value: match cell.value {
            grid::CellValue::Text(text) => ReadValue::Text(text.into()),
            grid::CellValue::Number(number) => ReadValue::Number(number),
            grid::CellValue::Bool(value) => ReadValue::Bool(value),
            grid::CellValue::Date(date) => ReadValue::Date(date),
            grid::CellValue::Error(error) => ReadValue::Error(error),
        },
    }
}
