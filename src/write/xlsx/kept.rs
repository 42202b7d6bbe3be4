//! The block of a sheet with what no form asks for, below the remark texts.

use rust_xlsxwriter::XlsxError;

use super::sheet::{Writer, lines};
use crate::write::plain;

impl Writer<'_> {
    /// Writes the block from this row on: its heading, the headings of its columns, and a row for each piece.
    pub(super) fn kept(&mut self, from: u32) -> Result<(), XlsxError> {
        let look = self.look;
        let rows = plain::kept(self.disclosure, self.speech.words);
        for (at, (row, cells)) in (from..).zip(&rows).enumerate() {
            let format = match at {
                0 => &look.block,
                1 => &look.heading,
                _ => &look.note,
            };
            for (column, text) in (0..).zip(cells) {
                self.text(row, column, text, format)?;
            }
            let widths = [14, 62, 17, 46, 11];
            let tall = cells
                .iter()
                .zip(widths)
                .map(|(text, width)| lines(text, width));
            self.height(row, tall.max().unwrap_or(1))?;
        }
        Ok(())
    }
}
