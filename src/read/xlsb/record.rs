//! Records of a part, and the texts in them.

use super::super::damaged;
use super::super::runs::Text;
use crate::finding::Finding;
use crate::place::Place;

pub(super) const ROW: u16 = 0;
pub(super) const RK: u16 = 2;
pub(super) const ERROR: u16 = 3;
pub(super) const BOOL: u16 = 4;
pub(super) const REAL: u16 = 5;
pub(super) const STRING: u16 = 6;
pub(super) const SHARED_STRING: u16 = 7;
pub(super) const FORMULA_STRING: u16 = 8;
pub(super) const FORMULA_NUMBER: u16 = 9;
pub(super) const FORMULA_BOOL: u16 = 10;
pub(super) const FORMULA_ERROR: u16 = 11;
pub(super) const SHARED_ITEM: u16 = 19;
pub(super) const FONT: u16 = 43;
pub(super) const FORMAT: u16 = 44;
pub(super) const FILL: u16 = 45;
pub(super) const CELL_FORMAT: u16 = 47;
pub(super) const COLUMNS: u16 = 60;
pub(super) const RICH_STRING: u16 = 62;
pub(super) const END_SHEET_DATA: u16 = 146;
pub(super) const WORKBOOK: u16 = 153;
pub(super) const SHEET: u16 = 156;
pub(super) const MERGE: u16 = 176;
pub(super) const BEGIN_CELL_FORMATS: u16 = 617;
pub(super) const END_CELL_FORMATS: u16 = 618;
pub(super) const COMMENT: u16 = 635;
pub(super) const COMMENT_TEXT: u16 = 637;

/// A record: what it is, and its data.
pub(super) struct Record<'p> {
    pub(super) kind: u16,
    pub(super) data: Data<'p>,
}

/// The records of a part.
pub(super) struct Records<'p> {
    rest: &'p [u8],
}

impl<'p> Records<'p> {
    pub(super) fn new(part: &'p [u8]) -> Self {
        Self { rest: part }
    }

    /// The next record; `None` at the end of the part.
    pub(super) fn next(&mut self) -> Result<Option<Record<'p>>, Finding> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let record = self.one();
        let ended = || damaged(Place::File, "xlsb: a part ends before its end");
        record.map(Some).ok_or_else(ended)
    }

    fn one(&mut self) -> Option<Record<'p>> {
        let kind = u16::try_from(self.packed(2)?).ok()?;
        let length = usize::try_from(self.packed(4)?).ok()?;
        let data = self.rest.get(..length)?;
        self.rest = &self.rest[length..];
        Some(Record {
            kind,
            data: Data { rest: data },
        })
    }

    /// A number in as many bytes as it needs, seven bits in each.
    fn packed(&mut self, most: u32) -> Option<u32> {
        let mut number = 0;
        for place in 0..most {
            let (byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            number |= u32::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                break;
            }
        }
        Some(number)
    }
}

/// The data of a record, read from the start. Past its end everything is empty.
#[derive(Clone, Copy)]
pub(super) struct Data<'p> {
    rest: &'p [u8],
}

impl<'p> Data<'p> {
    pub(super) fn bytes(&mut self, count: usize) -> &'p [u8] {
        let (taken, rest) = self.rest.split_at(count.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    pub(super) fn skip(&mut self, count: usize) {
        self.bytes(count);
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.bytes(1).first().copied()
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.bytes(2).try_into().ok().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.bytes(4).try_into().ok().map(u32::from_le_bytes)
    }

    pub(super) fn f64(&mut self) -> Option<f64> {
        self.bytes(8).try_into().ok().map(f64::from_le_bytes)
    }

    /// A text in UTF-16; one that is not there is empty.
    pub(super) fn text(&mut self) -> String {
        let length = match self.u32() {
            Some(u32::MAX) | None => 0,
            Some(length) => usize::try_from(length).unwrap_or(usize::MAX),
        };
        let units: Vec<u16> = self
            .bytes(length.saturating_mul(2))
            .chunks_exact(2)
            .map(|two| u16::from_le_bytes([two[0], two[1]]))
            .collect();
        String::from_utf16_lossy(&units)
    }

    /// A text with its fonts; the phonetic guide behind it is left out.
    pub(super) fn rich_text(&mut self) -> Text {
        let flags = self.u8().unwrap_or(0);
        let content = self.text();
        let count = if flags & 1 != 0 { self.u32() } else { None };
        let runs = (0..count.unwrap_or(0))
            .map_while(|_| Some((self.u16()?, self.u16()?)))
            .collect();
        Text { content, runs }
    }
}
