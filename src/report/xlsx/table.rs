//! A sheet that is one table: frozen head, filter, widths by content, print set-up.

use rust_xlsxwriter::{Color, Worksheet, XlsxError};

use super::look::{self, Look, Tone};
use crate::language::Language;

/// Links that Excel follows on one sheet; the others stay plain text.
///
/// Source: Microsoft, "Excel specifications and limits".
const LINK_LIMIT: usize = 65_530;

/// How many rows are looked at for the width of a column.
const MEASURED: usize = 2_000;

/// A column: its head, and how narrow and wide it may get, full-width characters counting two.
pub(in crate::report) struct Column {
    pub(in crate::report) head: String,
    pub(in crate::report) narrowest: usize,
    pub(in crate::report) widest: usize,
}

/// What stands in a cell.
#[derive(Clone, Debug)]
pub(in crate::report) enum Cell {
    Text(String),
    Number(usize),
    /// A coloured word.
    Word(Tone, String),
    /// A text that leads to a cell of this workbook, `internal:'回答'!A12`.
    Link(String, String),
    /// An empty cell to be filled in by hand.
    FillIn,
}

impl Cell {
    /// Its text, for measuring; numbers are always narrow.
    fn text(&self) -> &str {
        match self {
            Cell::Text(text) | Cell::Word(_, text) | Cell::Link(text, _) => text,
            Cell::Number(_) | Cell::FillIn => "",
        }
    }

    fn lines(&self, width: usize) -> usize {
        look::lines(self.text(), width)
    }
}

/// A sheet that is one table.
pub(in crate::report) struct Table {
    pub(in crate::report) name: String,
    pub(in crate::report) colour: u32,
    pub(in crate::report) columns: Vec<Column>,
    pub(in crate::report) rows: Vec<Vec<Cell>>,
    /// Columns that stay when one scrolls to the right.
    pub(in crate::report) frozen: u16,
    /// Least height of every row in points, for rows that are filled in by hand.
    pub(in crate::report) height: f64,
}

impl Table {
    /// The same table without the column of this head, if nothing stands in it.
    pub(in crate::report) fn without_empty(self, key: &str, language: Language) -> Self {
        let head = language.label(key);
        let Some(at) = self.columns.iter().position(|column| column.head == head) else {
            return self;
        };
        let is_empty = |cell: &Cell| matches!(cell, Cell::Text(text) if text.is_empty());
        if self.rows.iter().all(|row| is_empty(&row[at])) {
            return self.without(key, language);
        }
        self
    }

    /// The same table without the column of this head.
    pub(in crate::report) fn without(mut self, key: &str, language: Language) -> Self {
        let head = language.label(key);
        if let Some(at) = self.columns.iter().position(|column| column.head == head) {
            self.columns.remove(at);
            for row in &mut self.rows {
                row.remove(at);
            }
        }
        self
    }

    pub(in crate::report) fn write(
        &self,
        sheet: &mut Worksheet,
        look: &Look,
    ) -> Result<(), XlsxError> {
        sheet.set_name(&self.name)?;
        sheet.set_tab_color(Color::RGB(self.colour));
        look::printed(sheet, &self.name);
        sheet.set_freeze_panes(1, self.frozen)?;
        sheet.set_repeat_rows(0, 0)?;
        let widths: Vec<usize> = self
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| self.width_of(at, column))
            .collect();
        let mut head_lines = 1;
        for (at, (column, width)) in (0..).zip(self.columns.iter().zip(&widths)) {
            // The button of the filter takes two columns.
            head_lines = head_lines.max(look::lines(&column.head, width.saturating_sub(3)));
            sheet.set_column_width(at, *width as f64)?;
            sheet.write_string_with_format(0, at, &column.head, &look.head)?;
        }
        sheet.set_row_height(0, look::height(head_lines))?;
        let mut links = 0;
        for (at, row) in (1..).zip(&self.rows) {
            let lines = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| cell.lines(*width));
            let height = look::height(lines.max().unwrap_or(1));
            sheet.set_row_height(at, height.max(self.height))?;
            for (column, cell) in (0..).zip(row) {
                write_cell(sheet, at, column, cell, look, &mut links)?;
            }
        }
        let last_row =
            u32::try_from(self.rows.len()).map_err(|_| XlsxError::RowColumnLimitError)?;
        let last_column = u16::try_from(self.columns.len() - 1).expect("tables have few columns");
        sheet.autofilter(0, 0, last_row, last_column)?;
        look::numbers_as_text(sheet, last_row, last_column)
    }

    /// Wide enough for head and content, within the column's bounds.
    fn width_of(&self, at: usize, column: &Column) -> usize {
        let content = self
            .rows
            .iter()
            .take(MEASURED)
            .filter_map(|row| row.get(at))
            .map(|cell| look::width(cell.text()))
            .max()
            .unwrap_or(0);
        let wanted = (content + 1).max(look::width(&column.head) + 3);
        wanted.clamp(column.narrowest, column.widest)
    }
}

fn write_cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    look: &Look,
    links: &mut usize,
) -> Result<(), XlsxError> {
    let fitting = |text: &str| look::fitting(text, look.language);
    match cell {
        Cell::Text(text) => {
            sheet.write_string_with_format(row, column, fitting(text), &look.text)?;
        }
        Cell::Number(number) => {
            sheet.write_number_with_format(row, column, *number as f64, &look.number)?;
        }
        Cell::Word(tone, text) => {
            sheet.write_string_with_format(row, column, fitting(text), look.tone(*tone))?;
        }
        Cell::Link(text, target) if *links < LINK_LIMIT => {
            *links += 1;
            let text = fitting(text);
            sheet.write_url_with_options(
                row,
                column,
                target.as_str(),
                text,
                "",
                Some(&look.link),
            )?;
        }
        Cell::Link(text, _) => {
            sheet.write_string_with_format(row, column, fitting(text), &look.text)?;
        }
        Cell::FillIn => {
            sheet.write_blank(row, column, &look.fill_in)?;
        }
    }
    Ok(())
}
