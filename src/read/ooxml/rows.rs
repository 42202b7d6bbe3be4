//! The rows of a sheet in one pass: values, styles, hidden rows and heights together.
//!
//! Only rows that are written as spreadsheet programs write them are taken. Whatever is not expected (a foreign
//! prefix, a comment between cells, a type of value that does not exist, a tag that does not end) makes
//! [`Rows::read`] give the sheet back, and calamine reads the workbook and says what is wrong with it. What is
//! taken is what calamine would tell; `tests` below hold the two against each other.

use super::is_true;
use super::looks::Inside;
use super::strings::{Strings, is_plain, resolved, runs, unescaped};
use super::styles;
use super::tags::{Cursor, Ends};
use crate::limits::Limits;
use crate::read::budget::{CELL, MAX_COLUMNS, MAX_ROWS, text_bytes};
use crate::read::grid::{Cell, CellValue};
use crate::read::serial::{self, Kind};

/// What values are made with.
#[derive(Debug)]
pub(in crate::read) struct Workings {
    pub(in crate::read) strings: Strings,
    /// What the formats of the workbook make of numbers.
    pub(in crate::read) kinds: Vec<Kind>,
    pub(in crate::read) is_1904: bool,
    /// Cells that may still be taken.
    cells: usize,
    /// Bytes of text that may still be taken.
    text: usize,
    /// Characters of a cell.
    chars: usize,
    /// Bytes of memory that may still be taken.
    pub(in crate::read) memory: usize,
    /// True if there was not enough of it.
    pub(in crate::read) is_full: bool,
}

impl Workings {
    pub(in crate::read) fn new(limits: &Limits) -> Self {
        Self {
            strings: Strings::default(),
            kinds: Vec::new(),
            is_1904: false,
            cells: limits.cells,
            text: limits.text_bytes,
            chars: limits.cell_chars,
            memory: limits.memory,
            is_full: false,
        }
    }

    /// Takes strings and formats of numbers from the part that has them; `None` where they are not as expected. The
    /// bytes of strings are kept.
    pub(in crate::read) fn with(mut self, part: &str, bytes: &mut Vec<u8>) -> Option<Self> {
        match part {
            "xl/sharedstrings.xml" => {
                let part = String::from_utf8(std::mem::take(bytes)).ok()?;
                self.strings = Strings::read(part)?;
            }
            "xl/styles.xml" => self.kinds = styles::kinds(std::str::from_utf8(bytes).ok()?)?,
            _ => {}
        }
        Some(self)
    }
}

/// A row as its tag has it.
pub(super) struct Row<'x> {
    pub(super) row: u32,
    pub(super) is_hidden: bool,
    /// Its height as written.
    pub(super) height: Option<&'x str>,
}

/// A cell beside its value.
pub(super) struct Drawn<'x> {
    pub(super) address: (u32, u32),
    pub(super) style: u32,
    pub(super) inside: Inside<'x>,
}

/// Who is told of rows and cells on the way.
pub(super) trait Told {
    fn row(&mut self, row: &Row<'_>);
    fn cell(&mut self, cell: &Drawn<'_>);
}

/// Reads rows: from the name of `sheetData` up to that of its closing tag, or to the end of the part where it closes
/// itself.
pub(super) struct Rows<'x, 'w> {
    cursor: Cursor<'x>,
    workings: &'w mut Workings,
    cells: Vec<Cell>,
    is_sorted: bool,
}

impl<'x, 'w> Rows<'x, 'w> {
    /// The cells that hold something, sorted, each address once; `None` where the rows are not as expected or
    /// hold more than is allowed.
    pub(super) fn read(
        rows: &'x str,
        workings: &'w mut Workings,
        told: &mut impl Told,
    ) -> Option<Vec<Cell>> {
        let mut all = Self {
            cursor: Cursor::new(rows),
            workings,
            cells: Vec::new(),
            is_sorted: true,
        };
        if !all.cursor.takes("sheetData") {
            return None;
        }
        if all.cursor.attributes(|_, _| Some(()))? == Ends::Open {
            all.rows(told)?;
        }
        let mut cells = all.cells;
        if !all.is_sorted {
            // Out of order or twice: the last one written counts, as in Excel.
            cells.reverse();
            cells.sort_by_key(|cell| (cell.row, cell.column));
            cells.dedup_by_key(|cell| (cell.row, cell.column));
        }
        Some(cells)
    }

    fn rows(&mut self, told: &mut impl Told) -> Option<()> {
        let mut next = 0;
        loop {
            self.cursor.skip_space();
            if self.cursor.takes("</") {
                return self.cursor.is_done().then_some(());
            }
            if !self.cursor.takes("<row") {
                return None;
            }
            let mut row = Row {
                row: next,
                is_hidden: false,
                height: None,
            };
            let ends = self.cursor.attributes(|key, value| {
                match key {
                    "r" => {
                        let number = digits(value).filter(|r| (1..=MAX_ROWS).contains(r))?;
                        row.row = number - 1;
                    }
                    "hidden" => row.is_hidden = is_true(value),
                    "ht" => row.height = Some(value),
                    _ => {}
                }
                Some(())
            })?;
            told.row(&row);
            next = row.row + 1;
            if ends == Ends::Open {
                self.cells_of(row.row, told)?;
            }
        }
    }

    fn cells_of(&mut self, row: u32, told: &mut impl Told) -> Option<()> {
        let mut column = 0;
        loop {
            self.cursor.skip_space();
            if self.cursor.takes("</row>") {
                return Some(());
            }
            if !self.cursor.takes("<c") {
                return None;
            }
            let mut address = (row, column);
            let (mut style, mut kind) = (None, None);
            let ends = self.cursor.attributes(|key, value| {
                match key {
                    "r" => address = place(value)?,
                    // A cell without a number of its format is plain; one that is no number is that of the first.
                    "s" => style = Some(digits(value).unwrap_or(0)),
                    "t" => kind = Some(value),
                    _ => {}
                }
                Some(())
            })?;
            if address.1 >= MAX_COLUMNS {
                return None;
            }
            column = address.1 + 1;
            if ends == Ends::Itself {
                continue;
            }
            let (value, inside) = self.content(style, kind)?;
            if let Some(value) = value {
                self.keep(address, value)?;
            }
            told.cell(&Drawn {
                address,
                style: style.unwrap_or(0),
                inside,
            });
        }
    }

    /// Puts a value where it belongs, if there is room for it.
    fn keep(&mut self, (row, column): (u32, u32), value: CellValue) -> Option<()> {
        let mut bytes = CELL;
        if let CellValue::Text(text) = &value {
            if text.is_empty() {
                return Some(());
            }
            bytes += text_bytes(text.len());
            if text.len() > self.workings.chars {
                return None;
            }
            self.workings.text = self.workings.text.checked_sub(text.len())?;
        }
        self.workings.cells = self.workings.cells.checked_sub(1)?;
        let left = self.workings.memory.checked_sub(bytes);
        self.workings.is_full = left.is_none();
        self.workings.memory = left?;
        if let Some(last) = self.cells.last() {
            self.is_sorted &= (last.row, last.column) < (row, column);
        }
        self.cells.push(Cell { row, column, value });
        Some(())
    }

    /// What is in a cell, up to its end. The value that stands last counts.
    fn content(
        &mut self,
        style: Option<u32>,
        kind: Option<&'x str>,
    ) -> Option<(Option<CellValue>, Inside<'x>)> {
        let mut value = None;
        let mut inside = Inside::Nothing;
        loop {
            self.cursor.skip_space();
            if self.cursor.takes("<v>") {
                let text = self.cursor.text();
                if !self.cursor.takes("</v>") {
                    return None;
                }
                value = self.value(text, style, kind)?;
                inside = match kind {
                    Some("s") => Inside::Shared(text.trim()),
                    _ => Inside::Value,
                };
            } else if self.cursor.takes("</c>") {
                return Some((value, inside));
            } else if self.cursor.takes("<is>") {
                let within = self.cursor.up_to("</is>")?;
                value = Some(CellValue::Text(own(within)?.into()));
                inside = Inside::Own(within);
            } else if self.cursor.takes("<f") {
                self.formula()?;
                value = None;
                inside = Inside::Value;
            } else if self.cursor.takes("<v/>") || self.cursor.takes("<is/>") {
                value = None;
                inside = Inside::Value;
            } else {
                return None;
            }
        }
    }

    /// Goes past a formula.
    fn formula(&mut self) -> Option<()> {
        if self.cursor.attributes(|_, _| Some(()))? == Ends::Itself {
            return Some(());
        }
        let formula = self.cursor.text();
        // A reference that is none would be calamine's to complain of.
        (self.cursor.takes("</f>") && (is_plain(formula) || resolved(formula).is_some()))
            .then_some(())
    }

    fn value(
        &mut self,
        text: &str,
        style: Option<u32>,
        kind: Option<&str>,
    ) -> Option<Option<CellValue>> {
        Some(match kind {
            Some("s") if text.is_empty() => None,
            Some("s") => {
                let number = usize::try_from(digits(text)?).ok()?;
                let text = self.workings.strings.text(number)?;
                Some(CellValue::Text(text.into()))
            }
            None | Some("n") if text.is_empty() => None,
            None | Some("n") => {
                let is_number = text
                    .bytes()
                    .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
                let number: f64 = text.parse().ok().filter(|_| is_number)?;
                Some(self.number(number, style))
            }
            Some("str") => {
                let text = if is_plain(text) {
                    text.to_owned()
                } else {
                    unescaped(&resolved(text)?)?
                };
                Some(CellValue::Text(text.into()))
            }
            Some("b") => match text.trim() {
                "" => None,
                "0" => Some(CellValue::Bool(false)),
                "1" => Some(CellValue::Bool(true)),
                _ => return None,
            },
            Some("e") => Some(CellValue::Error(serial::error_named(text)?)),
            Some("inlineStr") => None,
            // Dates as text, and what does not exist.
            Some(_) => return None,
        })
    }

    fn number(&self, number: f64, style: Option<u32>) -> CellValue {
        let kind = style
            .and_then(|style| usize::try_from(style).ok())
            .and_then(|style| self.workings.kinds.get(style))
            .copied()
            .unwrap_or(Kind::Number);
        match kind {
            // Booleans have a type of their own here.
            Kind::Bool => CellValue::Number(number),
            Kind::Number | Kind::Date | Kind::Duration => {
                serial::value(number, kind, self.workings.is_1904)
            }
        }
    }
}

/// The text that stands in a cell itself.
fn own(within: &str) -> Option<String> {
    let single = within
        .strip_prefix("<t>")
        .and_then(|rest| rest.strip_suffix("</t>"))
        .filter(|text| is_plain(text) && memchr::memchr(b'<', text.as_bytes()).is_none());
    match single {
        Some(text) => Some(text.trim_matches([' ', '\t', '\n']).to_owned()),
        None => runs(within),
    }
}

/// A number of digits alone.
#[inline]
fn digits(text: &str) -> Option<u32> {
    if text.is_empty() || text.len() > 9 {
        return None;
    }
    text.bytes().try_fold(0, |sum, byte| {
        byte.is_ascii_digit()
            .then(|| sum * 10 + u32::from(byte - b'0'))
    })
}

/// An address such as `B4`, within the largest sheet.
#[inline]
fn place(text: &str) -> Option<(u32, u32)> {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, number) = text.split_at(letters);
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let column = letters.bytes().fold(0, |sum, byte| {
        sum * 26 + u32::from(byte.to_ascii_uppercase() - b'A') + 1
    });
    let row = digits(number)?;
    ((1..=MAX_ROWS).contains(&row) && column <= MAX_COLUMNS).then(|| (row - 1, column - 1))
}
