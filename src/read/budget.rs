//! What is taken from a workbook, held against the limits: cells, their characters, all text together.
//!
//! Every reader of cells puts them through here, so that no format can be used to get round a limit.

use super::beside::{Beside, Look};
use super::grid::{Area, Cell, CellValue, Sheet};
use super::merged::Merged;
use super::runs::Text;
use super::{broken, out_of_memory, too_large};
use crate::finding::Finding;
use crate::limits::Limits;
use crate::place::Place;

/// Rows of the largest sheet any program has; what lies beyond is no sheet.
pub(super) const MAX_ROWS: u32 = 1_048_576;
/// Columns of the largest sheet any program has.
pub(super) const MAX_COLUMNS: u32 = 16_384;

/// Bytes that a run of text takes beside its text.
const RUN: usize = 64;

/// Bytes that a cell takes beside its text.
pub(super) const CELL: usize = 32;
/// Bytes that a text takes at least, and beside what it says.
const TEXT: usize = 32;

/// Bytes that a text takes, with what the system's memory adds.
pub(super) fn text_bytes(length: usize) -> usize {
    TEXT.max(length + TEXT / 2)
}

/// What a file takes of memory while it is read, by estimate, against the limit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Memory<'l> {
    taken: usize,
    limits: &'l Limits,
}

impl<'l> Memory<'l> {
    /// Begins with what is held already.
    pub(super) fn new(held: usize, limits: &'l Limits) -> Self {
        Self {
            taken: held,
            limits,
        }
    }

    /// What may still be taken.
    pub(super) fn left(&self) -> usize {
        self.limits.memory.saturating_sub(self.taken)
    }

    /// Takes so many bytes more.
    pub(super) fn take(
        &mut self,
        bytes: usize,
        place: impl FnOnce() -> Place,
    ) -> Result<(), Finding> {
        self.taken = self.taken.saturating_add(bytes);
        if self.taken > self.limits.memory {
            return Err(out_of_memory(place(), self.limits));
        }
        Ok(())
    }

    /// That there is nothing left for more.
    pub(super) fn none_left(&self, place: Place) -> Finding {
        out_of_memory(place, self.limits)
    }

    /// Gives back what was taken.
    pub(super) fn give(&mut self, bytes: usize) {
        self.taken = self.taken.saturating_sub(bytes);
    }
}

/// What has been taken from a workbook so far.
pub(super) struct Budget<'l> {
    cells: usize,
    copies: usize,
    text: usize,
    looks: usize,
    sheets: usize,
    /// Kinds of things beside the cells of which some were left out.
    over: Vec<&'static str>,
    /// True if merged areas were left out.
    over_merges: bool,
    memory: Memory<'l>,
    limits: &'l Limits,
}

impl<'l> Budget<'l> {
    /// `held` are the bytes that the reader holds already: the file, the text of the part at work.
    pub(super) fn new(held: usize, limits: &'l Limits) -> Self {
        Self {
            memory: Memory::new(held, limits),
            cells: 0,
            copies: 0,
            text: 0,
            looks: 0,
            sheets: 0,
            over: Vec::new(),
            over_merges: false,
            limits,
        }
    }

    /// Allows for one more sheet.
    pub(super) fn sheet(&mut self) -> Result<(), Finding> {
        self.sheets += 1;
        let allowed = self.limits.sheets;
        if self.sheets > allowed {
            let found = format!("> {allowed}");
            return Err(too_large(Place::File, "limit-sheets", allowed, found));
        }
        Ok(())
    }

    /// True if one more thing may be kept beside the cells of a sheet, where `count` of its kind are. What is left
    /// out is told once a kind; `limit` is its label `limit-…`.
    pub(super) fn beside(&mut self, limit: &'static str, count: usize) -> bool {
        let fits = count < self.limits.objects;
        if !fits && !self.over.contains(&limit) {
            self.over.push(limit);
        }
        fits
    }

    /// Keeps a merged area, unless a sheet has too many.
    pub(super) fn merge(&mut self, sheet: &mut Sheet, area: Area) {
        if sheet.merges.len() < merges(self.limits) {
            sheet.merges.push(area);
        } else {
            self.over_merges = true;
        }
    }

    /// What was left out beside the cells.
    pub(super) fn left_out(&self) -> impl Iterator<Item = Finding> {
        let over = self.over.iter().map(|limit| (*limit, self.limits.objects));
        let merges = self
            .over_merges
            .then(|| ("limit-merges", merges(self.limits)));
        over.chain(merges)
            .map(|(limit, allowed)| too_large(Place::File, limit, allowed, format!("> {allowed}")))
    }

    /// Puts a value into a sheet. An empty text is nothing, and no sheet has cells beyond the last row or column.
    pub(super) fn put(
        &mut self,
        sheet: &mut Sheet,
        row: u32,
        column: u32,
        value: CellValue,
    ) -> Result<(), Finding> {
        let place = |sheet: &Sheet| Place::Cell {
            sheet: sheet.name.clone(),
            row,
            column,
        };
        if let CellValue::Text(text) = &value {
            if text.is_empty() {
                return Ok(());
            }
            self.text(text, || place(sheet))?;
        }
        if row >= MAX_ROWS || column >= MAX_COLUMNS {
            return Err(broken(place(sheet), "detail-contradictory"));
        }
        self.cells += 1;
        if self.cells > self.limits.cells {
            return Err(self.too_many(place(sheet)));
        }
        self.memory.take(CELL, || place(sheet))?;
        sheet.cells.push(Cell { row, column, value });
        Ok(())
    }

    /// Allows for so many copies of a cell that a file writes once, before they are made.
    ///
    /// They cost the sender nothing, so only one cell in eight may be a copy.
    pub(super) fn copies(&mut self, count: u64, place: impl Fn() -> Place) -> Result<(), Finding> {
        let allowed = self.limits.cells / 8;
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        self.copies = self.copies.saturating_add(count);
        if self.copies > allowed {
            return Err(too_large(
                place(),
                "limit-cells",
                allowed,
                format!("> {allowed}"),
            ));
        }
        Ok(())
    }

    /// Counts a text that is kept, of a cell or beside it.
    pub(super) fn text(&mut self, text: &str, place: impl Fn() -> Place) -> Result<(), Finding> {
        let limits = self.limits;
        // Bytes bound characters from above, so most texts need no counting.
        if text.len() > limits.cell_chars {
            let found = text.chars().count();
            if found > limits.cell_chars {
                return Err(too_large(place(), "limit-cell", limits.cell_chars, found));
            }
        }
        self.memory.take(text_bytes(text.len()), &place)?;
        self.text += text.len();
        if self.text > limits.text_bytes {
            let allowed = format!("{} bytes", limits.text_bytes);
            let found = format!("> {allowed}");
            return Err(too_large(place(), "limit-text", allowed, found));
        }
        Ok(())
    }

    /// Keeps the look of a cell. One text may be that of many cells, and each run costs more than its text.
    pub(super) fn look(&mut self, sheet: &mut Sheet, look: Option<Look>) -> Result<(), Finding> {
        let Some(look) = look else {
            return Ok(());
        };
        let bytes: usize = look.runs.iter().map(|run| run.text.len() + RUN).sum();
        self.looks += bytes;
        let place = Place::Cell {
            sheet: sheet.name.clone(),
            row: look.row,
            column: look.column,
        };
        self.memory.take(bytes, || place.clone())?;
        if self.looks > self.limits.text_bytes {
            let allowed = format!("{} bytes", self.limits.text_bytes);
            let found = format!("> {allowed}");
            return Err(too_large(place, "limit-text", allowed, found));
        }
        sheet.beside.looks.push(look);
        Ok(())
    }

    fn too_many(&self, place: Place) -> Finding {
        let allowed = self.limits.cells;
        too_large(place, "limit-cells", allowed, format!("> {allowed}"))
    }
}

/// How many merged areas of a sheet are kept.
pub(super) fn merges(limits: &Limits) -> usize {
    limits.objects.saturating_mul(20)
}

/// Bytes that a shared string takes beside its text.
pub(super) const STRING: usize = 64;

/// What shared strings take of memory.
pub(super) fn held_by(strings: &[Text]) -> usize {
    let each = |text: &Text| STRING + text.content.len() + text.runs.len() * 4;
    strings.iter().map(each).sum()
}

/// Refuses more shared strings than there may be cells: each of them is that of a cell.
pub(super) fn too_many_strings(kept: usize, limits: &Limits) -> Result<(), Finding> {
    let allowed = limits.cells;
    if kept.saturating_mul(STRING) > limits.memory {
        return Err(out_of_memory(Place::File, limits));
    }
    if kept < allowed {
        return Ok(());
    }
    let found = format!("> {allowed}");
    Err(too_large(Place::File, "limit-strings", allowed, found))
}

/// A sheet that holds nothing yet.
pub(super) fn empty_sheet(name: &str, visible: bool) -> Sheet {
    Sheet {
        name: name.into(),
        visible,
        has_cells: true,
        cells: Vec::new(),
        hidden_rows: Vec::new(),
        hidden_columns: Vec::new(),
        merges: Vec::new(),
        merged: Merged::default(),
        beside: Beside::default(),
    }
}

/// Brings the lists of a sheet into order once all of it was read.
pub(super) fn settle(sheet: &mut Sheet) {
    sort_cells(&mut sheet.cells);
    sheet.hidden_rows.sort_unstable();
    sheet.hidden_rows.dedup();
    sheet.hidden_columns.sort_unstable();
    sheet.merges.retain(|area| area.first != area.last);
    sheet.merges.sort_unstable();
    sheet.merges.dedup();
    sheet.merged = Merged::of(&sheet.merges);
    let beside = &mut sheet.beside;
    beside.comments.sort_by_key(|it| (it.row, it.column));
    beside.looks.reverse();
    beside.looks.sort_by_key(|it| (it.row, it.column));
    beside.looks.dedup_by_key(|it| (it.row, it.column));
    beside.shapes.sort_by_key(|it| it.area.first);
    beside.boxes.sort_by_key(|it| it.area.first);
}

/// Sorts cells; of several at one address the last one written counts, as in Excel.
pub(super) fn sort_cells(cells: &mut Vec<Cell>) {
    let sorted = cells
        .windows(2)
        .all(|pair| (pair[0].row, pair[0].column) < (pair[1].row, pair[1].column));
    if !sorted {
        cells.reverse();
        cells.sort_by_key(|cell| (cell.row, cell.column));
        cells.dedup_by_key(|cell| (cell.row, cell.column));
    }
}
