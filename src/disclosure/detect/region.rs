//! Regions: the part of a sheet that one heading speaks for.

use super::heading::HeaderRow;
use crate::disclosure::page::Page;
use crate::read::grid::Cell;

/// Rows and columns of one table.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Region {
    /// The heading; `None` for a sheet without one.
    pub(super) header: Option<HeaderRow>,
    /// Rows that head the same columns again, one or two together.
    pub(super) repeated: Vec<u32>,
    /// The first row below the heading.
    pub(super) from: u32,
    /// The first row that belongs to something else.
    pub(super) to: u32,
    /// The first and last column.
    pub(super) band: (u32, u32),
}

impl Region {
    /// The region below a heading, or the whole sheet.
    pub(super) fn new(header: Option<HeaderRow>, to: u32, band: (u32, u32)) -> Self {
        Self {
            from: header.as_ref().map_or(0, |header| header.row + 1),
            header,
            repeated: Vec::new(),
            to,
            band,
        }
    }

    /// The rows that hold something, each with its cells of the band.
    pub(super) fn rows<'p>(&self, page: &Page<'p>) -> impl DoubleEndedIterator<Item = &'p [Cell]> {
        let cells = &page.sheet.cells;
        let start = cells.partition_point(|cell| cell.row < self.from);
        let end = cells.partition_point(|cell| cell.row < self.to);
        let (first, last) = self.band;
        cells[start..end.max(start)]
            .chunk_by(|a, b| a.row == b.row)
            .map(move |row| {
                let from = row.partition_point(|cell| cell.column < first);
                let to = row.partition_point(|cell| cell.column <= last);
                &row[from..to]
            })
            .filter(|row| !row.is_empty() && self.repeated.binary_search(&row[0].row).is_err())
    }

    /// The cells, row by row.
    pub(super) fn cells<'p>(&self, page: &Page<'p>) -> impl Iterator<Item = &'p Cell> {
        self.rows(page).flatten()
    }
}
