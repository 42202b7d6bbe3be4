//! Records of a workbook stream, each with the records that continue it, and the texts in them.

use super::super::runs::Text;
use super::Globals;

pub(super) const FORMULA: u16 = 0x0006;
pub(super) const EOF: u16 = 0x000a;
pub(super) const NOTE: u16 = 0x001c;
pub(super) const DATE_MODE: u16 = 0x0022;
pub(super) const FILE_PASS: u16 = 0x002f;
pub(super) const FONT: u16 = 0x0031;
pub(super) const CONTINUE: u16 = 0x003c;
pub(super) const CODE_PAGE: u16 = 0x0042;
pub(super) const OBJECT: u16 = 0x005d;
pub(super) const COLUMNS: u16 = 0x007d;
pub(super) const BOUND_SHEET: u16 = 0x0085;
pub(super) const PALETTE: u16 = 0x0092;
pub(super) const MANY_RK: u16 = 0x00bd;
pub(super) const RICH_STRING: u16 = 0x00d6;
pub(super) const XF: u16 = 0x00e0;
pub(super) const MERGES: u16 = 0x00e5;
pub(super) const DRAWING: u16 = 0x00ec;
pub(super) const STRINGS: u16 = 0x00fc;
pub(super) const SHARED_STRING: u16 = 0x00fd;
pub(super) const SUP_BOOK: u16 = 0x01ae;
pub(super) const TEXT_OBJECT: u16 = 0x01b6;
pub(super) const VALIDATION: u16 = 0x01be;
pub(super) const NUMBER: u16 = 0x0203;
pub(super) const LABEL: u16 = 0x0204;
pub(super) const BOOL_OR_ERROR: u16 = 0x0205;
pub(super) const STRING: u16 = 0x0207;
pub(super) const ROW: u16 = 0x0208;
pub(super) const RK: u16 = 0x027e;
pub(super) const FORMAT: u16 = 0x041e;
pub(super) const BOF: u16 = 0x0809;

/// A record, and the records that continue it.
pub(super) struct Record<'s> {
    pub(super) kind: u16,
    parts: Vec<&'s [u8]>,
}

/// The records of a stream from an offset on.
pub(super) struct Records<'s> {
    stream: &'s [u8],
    at: usize,
}

impl<'s> Records<'s> {
    pub(super) fn new(stream: &'s [u8], at: usize) -> Self {
        Self { stream, at }
    }

    /// Bytes gone past so far.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The next record.
    ///
    /// # Errors
    /// In words, where the stream ends before it does.
    pub(super) fn next(&mut self) -> Result<Record<'s>, &'static str> {
        let (kind, data) = self.one().ok_or("xls: the file ends before its end")?;
        let mut parts = vec![data];
        loop {
            let before = self.at;
            match self.one() {
                Some((CONTINUE, data)) => parts.push(data),
                Some(_) | None => {
                    self.at = before;
                    break;
                }
            }
        }
        Ok(Record { kind, parts })
    }

    fn one(&mut self) -> Option<(u16, &'s [u8])> {
        let head = self.stream.get(self.at..self.at.checked_add(4)?)?;
        let kind = u16::from_le_bytes([head[0], head[1]]);
        let length = usize::from(u16::from_le_bytes([head[2], head[3]]));
        let start = self.at + 4;
        let data = self.stream.get(start..start + length)?;
        self.at = start + length;
        Some((kind, data))
    }
}

impl<'s> Record<'s> {
    /// The data of the record itself, without what continues it.
    pub(super) fn data(&self) -> &'s [u8] {
        self.parts.first().copied().unwrap_or_default()
    }

    /// All data, joined where it is continued.
    pub(super) fn joined(&self) -> Vec<u8> {
        self.parts.concat()
    }

    /// The data of the records that continue this one, as a record of its own.
    pub(super) fn continued(&self) -> Record<'s> {
        Record {
            kind: CONTINUE,
            parts: self.parts.iter().skip(1).copied().collect(),
        }
    }

    pub(super) fn u16(&self, at: usize) -> Option<u16> {
        let bytes = self.data().get(at..at + 2)?;
        Some(u16::from_le_bytes([bytes[0], bytes[1]]))
    }

    pub(super) fn u32(&self, at: usize) -> Option<u32> {
        let bytes = self.data().get(at..at + 4)?;
        Some(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    pub(super) fn f64(&self, at: usize) -> Option<f64> {
        let bytes = self.data().get(at..at + 8)?;
        bytes.try_into().ok().map(f64::from_le_bytes)
    }

    pub(super) fn reader(&self) -> Reader<'_, 's> {
        Reader {
            parts: &self.parts,
            at: 0,
        }
    }
}

/// Reads on through a record and what continues it. Past the end everything is empty.
pub(super) struct Reader<'r, 's> {
    parts: &'r [&'s [u8]],
    at: usize,
}

impl<'r, 's> Reader<'r, 's> {
    /// Reads on through these parts.
    pub(super) fn over(parts: &'r [&'s [u8]]) -> Self {
        Self { parts, at: 0 }
    }

    /// What is left of the part that is read.
    fn rest(&mut self) -> &'s [u8] {
        loop {
            let Some((part, more)) = self.parts.split_first() else {
                return &[];
            };
            if self.at < part.len() || more.is_empty() {
                return part.get(self.at..).unwrap_or_default();
            }
            self.parts = more;
            self.at = 0;
        }
    }

    pub(super) fn is_empty(&mut self) -> bool {
        self.rest().is_empty()
    }

    pub(super) fn skip(&mut self, count: usize) {
        let mut left = count;
        while left > 0 {
            let step = self.rest().len().min(left);
            if step == 0 {
                return;
            }
            self.at += step;
            left -= step;
        }
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        let byte = *self.rest().first()?;
        self.at += 1;
        Some(byte)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.u8()?, self.u8()?]))
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        let low = u32::from(self.u16()?);
        Some(low | u32::from(self.u16()?) << 16)
    }

    /// So many bytes of the part that is read, fewer at its end.
    pub(super) fn bytes(&mut self, count: usize) -> &'s [u8] {
        let rest = self.rest();
        let taken = &rest[..count.min(rest.len())];
        self.at += taken.len();
        taken
    }

    /// A text with a length of two bytes; in bytes of the code page where it is no Unicode.
    pub(super) fn text(&mut self, globals: &Globals, two_bytes: bool) -> Text {
        let length = if two_bytes {
            self.u16().map(usize::from)
        } else {
            self.u8().map(usize::from)
        };
        self.characters(globals, length.unwrap_or(0))
    }

    /// A text with a length of one byte.
    pub(super) fn short_text(&mut self, globals: &Globals) -> Text {
        self.text(globals, false)
    }

    fn characters(&mut self, globals: &Globals, length: usize) -> Text {
        let content = if globals.is_biff8 {
            let flags = self.u8().unwrap_or(0);
            self.units(length, flags)
        } else {
            globals.decode(self.bytes(length))
        };
        Text {
            content,
            runs: Vec::new(),
        }
    }

    /// Unicode with a flag whether each character has two bytes; each continuing part begins with such a flag.
    pub(super) fn units(&mut self, length: usize, flags: u8) -> String {
        let mut units: Vec<u16> = Vec::new();
        let mut is_wide = flags & 1 != 0;
        loop {
            let left = length - units.len();
            let in_part = self
                .parts
                .first()
                .map_or(0, |part| part.len() - self.at.min(part.len()));
            if is_wide {
                let taken = self.exactly(in_part.min(left * 2) & !1);
                let pairs = taken.chunks_exact(2);
                units.extend(pairs.map(|two| u16::from_le_bytes([two[0], two[1]])));
            } else {
                let taken = self.exactly(in_part.min(left));
                units.extend(taken.iter().copied().map(u16::from));
            }
            if units.len() >= length || self.parts.len() < 2 {
                return String::from_utf16_lossy(&units);
            }
            self.parts = &self.parts[1..];
            self.at = 0;
            match self.u8() {
                Some(flags) => is_wide = flags & 1 != 0,
                None => return String::from_utf16_lossy(&units),
            }
        }
    }

    fn exactly(&mut self, count: usize) -> &'s [u8] {
        let part = self.parts.first().copied().unwrap_or_default();
        let end = self.at.saturating_add(count).min(part.len());
        let taken = part.get(self.at..end).unwrap_or_default();
        self.at = end.max(self.at);
        taken
    }

    /// A shared text: its characters, its fonts, and its phonetic guide, which is left out.
    pub(super) fn rich_text(&mut self) -> Text {
        let length = self.u16().map_or(0, usize::from);
        let flags = self.u8().unwrap_or(0);
        let runs = if flags & 8 != 0 {
            self.u16().unwrap_or(0)
        } else {
            0
        };
        let guide = if flags & 4 != 0 {
            self.u32().unwrap_or(0)
        } else {
            0
        };
        let content = self.units(length, flags);
        let runs = (0..runs)
            .map_while(|_| Some((self.u16()?, self.u16()?)))
            .collect();
        self.skip(usize::try_from(guide).unwrap_or(usize::MAX));
        Text { content, runs }
    }
}
