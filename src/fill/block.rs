//! A block of remark texts below a table: which of its rows are free.

use crate::disclosure::{At, Layout, Page, remark_label};
use crate::text::is_blank;
use crate::vocabulary::Vocabulary;

/// How many rows without a label are looked at below the last one.
const ROWS: u32 = 200;

/// A row of a block that holds no text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FreeRow {
    /// The label as written, or as it is to be written.
    pub(super) label: String,
    key: u32,
    /// Where the label stands.
    pub(super) at: At,
    /// Where the text belongs.
    pub(super) text_at: At,
    /// True if the label is to be written, too.
    pub(super) is_new: bool,
}

/// A block of remark texts.
#[derive(Debug)]
pub(super) struct Block {
    free: Vec<FreeRow>,
    /// True if there are rows with labels.
    labelled: bool,
}

impl Block {
    /// The block below a table; `None` where there is none.
    pub(super) fn of(page: &Page<'_>, layout: &Layout) -> Option<Self> {
        let title = layout.block_row?;
        let mut block = Self {
            free: Vec::new(),
            labelled: false,
        };
        let (mut last, mut label_column, mut text_column) = (title, None, None);
        let mut numbers: Vec<(u32, String)> = Vec::new();
        let mut ended = None;
        let inside = |column: u32| (layout.band.0..=layout.band.1).contains(&column);
        for cells in page.sheet.rows_between(title + 1, layout.end) {
            let row = cells[0].row;
            let cells: Vec<_> = cells.iter().filter(|cell| inside(cell.column)).collect();
            let is_label = |text: &str| remark_label(text, true).is_some();
            let label = cells.iter().find(|cell| {
                label_column.is_none_or(|known| known == cell.column)
                    && is_label(&cell.value.text())
            });
            let Some(label) = label else {
                // The text of the row above goes on, or the block is over.
                let goes_on = cells.first().is_some_and(|cell| {
                    label_column.is_some_and(|labels| cell.column > labels) && row == last + 1
                });
                if goes_on {
                    last = row;
                    continue;
                }
                if block.labelled && !cells.is_empty() {
                    ended = Some(row);
                    break;
                }
                continue;
            };
            let text = cells
                .iter()
                .find(|cell| cell.column > label.column && !is_blank(&cell.value.text()));
            text_column = text_column.or(text.map(|cell| cell.column));
            let written = label.value.text().trim().to_owned();
            let key = remark_label(&written, true).unwrap_or(0);
            numbers.push((key, written.clone()));
            label_column = Some(label.column);
            block.labelled = true;
            last = row;
            if text.is_none() {
                let area = page.area(row, label.column);
                let behind = area.map_or(label.column, |area| area.last.1) + 1;
                block.free.push(FreeRow {
                    label: written,
                    key,
                    at: (row, label.column),
                    text_at: (row, behind),
                    is_new: false,
                });
            }
        }
        // The texts stand in one column.
        if let Some(column) = text_column {
            for row in &mut block.free {
                row.text_at.1 = column;
            }
        }
        if block.free.is_empty() {
            let end = ended.unwrap_or(layout.end).min(last + 1 + ROWS);
            let labels = label_column.unwrap_or(layout.band.0);
            let texts = text_column.unwrap_or(labels + 1);
            block.add_rows(page, (last + 1, end), (labels, texts), &numbers);
        }
        Some(block)
    }

    /// Rows in which nothing stands, up to the first in which something does.
    fn add_rows(
        &mut self,
        page: &Page<'_>,
        rows: (u32, u32),
        (labels, texts): (u32, u32),
        numbers: &[(u32, String)],
    ) {
        let next = page.sheet.rows_between(rows.0, u32::MAX).next();
        let end = next.map_or(rows.1, |cells| cells[0].row.min(rows.1));
        let before = numbers.last().map_or("備考", |(_, label)| {
            label.trim_end_matches(|c: char| c.is_numeric() || matches!(c, ')' | '）' | '.'))
        });
        let highest = numbers.iter().map(|(key, _)| *key).max().unwrap_or(0);
        for (row, number) in (rows.0..end).zip(highest + 1..) {
            self.free.push(FreeRow {
                label: format!("{before}{number}"),
                key: number,
                at: (row, labels),
                text_at: (row, texts),
                is_new: true,
            });
        }
    }

    /// True if the template prints labels.
    pub(super) fn is_labelled(&self) -> bool {
        self.labelled
    }

    /// Takes the row of a reference.
    pub(super) fn take(&mut self, reference: &str) -> Option<FreeRow> {
        let key = Vocabulary::get().remark_key(reference, true)?;
        let at = self
            .free
            .iter()
            .position(|row| row.key == key && !row.is_new)?;
        Some(self.free.remove(at))
    }

    /// Takes the next free row.
    pub(super) fn next(&mut self) -> Option<FreeRow> {
        (!self.free.is_empty()).then(|| self.free.remove(0))
    }
}
