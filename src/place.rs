//! Places: where in a file something stands.
//!
//! A place is made by `read`, travels with the value, and is printed by `report`.
//! Nothing on the way recomputes it.

use std::fmt;
use std::sync::Arc;

/// Where in a source something stands.
///
/// Rows and columns of cells are zero-based inside and shown in Excel's way (`MDS!D13`);
/// lines and columns of text are one-based, columns counted in characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// The file as a whole.
    File,
    /// A sheet as a whole.
    Sheet(Arc<str>),
    /// A cell of a sheet, zero-based row and column.
    Cell {
        /// Sheet name as written in the workbook.
        sheet: Arc<str>,
        /// Zero-based row.
        row: u32,
        /// Zero-based column.
        column: u32,
    },
    /// A position in a text file, one-based line and column.
    Text {
        /// One-based line.
        line: u32,
        /// One-based column in characters.
        column: u32,
    },
}

impl Place {
    /// The sheet this place is on, if it is on one.
    pub fn sheet(&self) -> Option<&str> {
        match self {
            Place::Sheet(sheet) | Place::Cell { sheet, .. } => Some(sheet),
            Place::File | Place::Text { .. } => None,
        }
    }

    /// The cell's address in Excel's notation, if the place is a cell.
    ///
    /// ```
    /// use kaijisho::Place;
    /// let place = Place::Cell { sheet: "MDS".into(), row: 12, column: 3 };
    /// assert_eq!(place.cell().as_deref(), Some("D13"));
    /// ```
    pub fn cell(&self) -> Option<String> {
        match self {
            Place::Cell { row, column, .. } => Some(address(*row, *column)),
            Place::File | Place::Sheet(_) | Place::Text { .. } => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::File => Ok(()),
            Place::Sheet(sheet) => write!(f, "{sheet}"),
            Place::Cell { sheet, row, column } => write!(f, "{sheet}!{}", address(*row, *column)),
            Place::Text { line, column } => write!(f, "{line}:{column}"),
        }
    }
}

/// Excel's address of a zero-based row and column.
pub(crate) fn address(row: u32, column: u32) -> String {
    format!("{}{}", column_letters(column), u64::from(row) + 1)
}

/// Excel's letters of a zero-based column: 0 → A, 25 → Z, 26 → AA.
pub(crate) fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(
            b'A' + u8::try_from(rest % 26).expect("below 26"),
        ));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// Zero-based row and column of an address such as `D13`; `None` where it is not one.
pub(crate) fn parse_address(text: &str) -> Option<(u32, u32)> {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (head, digits) = text.split_at(letters);
    if head.is_empty() || head.len() > 3 || digits.is_empty() || digits.len() > 7 {
        return None;
    }
    let column = head.bytes().fold(0u32, |sum, b| {
        sum * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1
    });
    let row: u32 = digits.parse().ok()?;
    (row > 0).then(|| (row - 1, column - 1))
}

/// Turns byte offsets of a text into one-based lines and columns.
#[derive(Debug)]
pub(crate) struct Lines<'t> {
    text: &'t str,
    /// Where each block of bytes begins, so that nothing need be counted from the start of the text.
    blocks: Vec<Block>,
}

/// The beginning of a block of bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Block {
    /// Characters before it.
    characters: usize,
    /// Ends of lines before it.
    ends: usize,
    /// Where the line begins that it begins in.
    start: usize,
}

/// Bytes of a block.
const BLOCK: usize = 1024;

impl<'t> Lines<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let mut blocks = Vec::with_capacity(text.len() / BLOCK + 1);
        let mut block = Block::default();
        for (at, bytes) in text.as_bytes().chunks(BLOCK).enumerate() {
            blocks.push(block);
            block = block.behind(at * BLOCK, bytes);
        }
        blocks.push(block);
        Self { text, blocks }
    }

    /// What stands before a byte offset.
    fn before(&self, offset: usize) -> Block {
        let at = offset / BLOCK;
        let bytes = &self.text.as_bytes()[at * BLOCK..offset];
        self.blocks[at].behind(at * BLOCK, bytes)
    }

    /// The place of a byte offset; offsets past the end give the end.
    pub(crate) fn place(&self, offset: usize) -> Place {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let here = self.before(offset);
        // Most lines are shorter than what would be counted of the blocks at both ends.
        let before = match offset - here.start {
            0..BLOCK => characters(&self.text.as_bytes()[here.start..offset]),
            _ => here.characters - self.before(here.start).characters,
        };
        let column = before + 1;
        Place::Text {
            line: u32::try_from(here.ends + 1).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }
}

impl Block {
    /// What stands before the end of these bytes, which begin at this offset.
    fn behind(self, offset: usize, bytes: &[u8]) -> Self {
        let last = memchr::memrchr(b'\n', bytes);
        Self {
            characters: self.characters + characters(bytes),
            ends: self.ends
                + last.map_or(0, |last| {
                    memchr::memchr_iter(b'\n', &bytes[..=last]).count()
                }),
            start: last.map_or(self.start, |last| offset + last + 1),
        }
    }
}

/// Characters that start in these bytes of UTF-8.
fn characters(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .filter(|byte| **byte & 0b1100_0000 != 0b1000_0000)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_there_and_back() {
        for (row, column, text) in [
            (0, 0, "A1"),
            (12, 3, "D13"),
            (0, 26, "AA1"),
            (1_048_575, 16_383, "XFD1048576"),
        ] {
            assert_eq!(address(row, column), text);
            assert_eq!(parse_address(text), Some((row, column)));
        }
        for bad in ["", "A", "1", "A0", "AAAA1", "D13x"] {
            assert_eq!(parse_address(bad), None, "{bad}");
        }
    }

    #[test]
    fn lines_count_characters() {
        let lines = Lines::new("あい\nう");
        assert_eq!(lines.place(3), Place::Text { line: 1, column: 2 });
        assert_eq!(lines.place(7), Place::Text { line: 2, column: 1 });
        assert_eq!(lines.place(99), Place::Text { line: 2, column: 2 });
        let long = "あ".repeat(3000);
        let place = Lines::new(&long).place(3 * 2345);
        assert_eq!(
            place,
            Place::Text {
                line: 1,
                column: 2346
            }
        );
    }
}
