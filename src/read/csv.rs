//! Separated text: CSV with commas or semicolons, TSV, in any encoding that Japanese offices save it in.
//!
//! A record is a row as Excel shows it: blank lines count, a line feed within quotes does not begin a row.
//! Everything stays text, so an item number keeps its zeros.

use encoding_rs::{Encoding, SHIFT_JIS, UTF_8};

use super::budget::{Budget, MAX_COLUMNS, MAX_ROWS, empty_sheet, settle};
use super::grid::{CellValue, Sheet, Workbook};
use super::{Content, Reading, broken, damaged, marked, not_read, out_of_memory};
use crate::finding::{Finding, Value, rule};
use crate::language::Localised;
use crate::limits::Limits;
use crate::place::Place;

/// Records of more than one field that are looked at to find the separator.
const SAMPLE: usize = 200;
/// Fields that are looked at to find it.
const SAMPLE_FIELDS: usize = 100_000;
/// How many characters of a field are looked at for that.
const SAMPLE_CHARACTERS: usize = 10_000;

/// Reads separated text; `name` is the file's, its stem becomes the name of the sheet.
pub(super) fn read(bytes: &[u8], name: &str, limits: &Limits) -> Reading {
    match decode(bytes, limits) {
        Ok(text) => table(&text, name, limits),
        Err(finding) => Reading::refused(finding),
    }
}

/// Bytes as text: by the byte order mark, else UTF-8 if they are, else Shift_JIS.
fn decode<'b>(bytes: &'b [u8], limits: &Limits) -> Result<std::borrow::Cow<'b, str>, Finding> {
    let (encoding, start) = match Encoding::for_bom(bytes) {
        Some(found) => found,
        None => match std::str::from_utf8(bytes) {
            Ok(text) => return Ok(text.into()),
            Err(_) => (SHIFT_JIS, 0),
        },
    };
    // Two bytes of most characters become three, and both texts are held.
    if encoding != UTF_8 && bytes.len() / 2 * 5 > limits.memory {
        return Err(out_of_memory(Place::File, limits));
    }
    let (text, malformed) = encoding.decode_without_bom_handling(&bytes[start..]);
    if !malformed {
        return Ok(text);
    }
    // Where it stops being UTF-8 if it was to be that; for other encodings the line where it does.
    let tried = match (encoding == SHIFT_JIS, start) {
        (true, 0) => "UTF-8, UTF-16, Shift_JIS (CP932)".to_owned(),
        _ => encoding.name().to_owned(),
    };
    let at = match std::str::from_utf8(&bytes[start..]) {
        Err(error) if encoding == UTF_8 || start == 0 => start + error.valid_up_to(),
        _ => start,
    };
    let values = [("tried", tried.as_str()), ("at", &at.to_string())];
    Err(Finding::new(rule::FILE_DAMAGED, Place::File).with(
        "detail",
        Value::Local(Localised::label("detail-not-decoded", &values)),
    ))
}

fn table(text: &str, name: &str, limits: &Limits) -> Reading {
    // A text has no such characters; bytes of another kind have.
    if text.contains('\0') {
        return Reading::refused(not_read("detail-other"));
    }
    // NOTE: Excel takes a first line "sep=;" for the separator and does not show it.
    let told = text
        .strip_prefix("sep=")
        .and_then(|rest| Some((rest.chars().next()?, rest)));
    let (separator, text) = match told {
        Some((separator, rest)) if separator.is_ascii() => {
            let rest = &rest[1..];
            let rest = rest.strip_prefix('\r').unwrap_or(rest);
            (Some(separator), rest.strip_prefix('\n').unwrap_or(rest))
        }
        Some(_) | None => {
            let own = marked::separator(text);
            (own.or_else(|| separator_of(text)), text)
        }
    };
    let Some(separator) = separator else {
        return Reading::refused(not_read("detail-not-table"));
    };
    let mut sheet = empty_sheet(stem(name), true);
    let mut reading = match fill(text, separator, &mut sheet, limits) {
        Ok(None) => Reading::of(Content::Nothing),
        // The rest of the file went into one cell; what was read before it is kept.
        Ok(Some(place)) => Reading::refused(broken(place, "detail-open-quote")),
        Err(finding) => return Reading::refused(finding),
    };
    settle(&mut sheet);
    reading.content = Content::Grid(Workbook {
        sheets: vec![sheet],
        ..Workbook::default()
    });
    reading
}

/// The name of a file without folders and ending.
fn stem(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    match file.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => file,
    }
}

/// Puts all fields into the sheet. Returns the place of a quote that is never closed.
fn fill(
    text: &str,
    separator: char,
    sheet: &mut Sheet,
    limits: &Limits,
) -> Result<Option<Place>, Finding> {
    let mut budget = Budget::new(text.len(), limits);
    let mut fields = Fields::new(text, separator, limits.cell_chars);
    while let Some(field) = fields.next_field() {
        if field.row >= MAX_ROWS || field.column >= MAX_COLUMNS {
            let cell = crate::place::address(field.row, field.column);
            return Err(damaged(Place::File, format!("Cell {cell}")));
        }
        let content = as_shown(&field.content).replace("\r\n", "\n");
        budget.put(
            sheet,
            field.row,
            field.column,
            CellValue::Text(content.into()),
        )?;
        if field.is_open {
            return Ok(Some(Place::Cell {
                sheet: sheet.name.clone(),
                row: field.row,
                column: field.column,
            }));
        }
    }
    Ok(None)
}

/// NOTE: `="4.10"` is how programs keep Excel from making a number of a text; Excel shows 4.10.
fn as_shown(field: &str) -> &str {
    field
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'))
        .filter(|inner| !inner.contains('"'))
        .unwrap_or(field)
}

/// The separator with which most records have the same number of fields, two at least.
fn separator_of(text: &str) -> Option<char> {
    // In the order of preference: no text holds tabs, many hold semicolons.
    [';', ',', '\t']
        .into_iter()
        .filter_map(|separator| Some((agreement(text, separator)?, separator)))
        .max_by_key(|(score, _)| *score)
        .map(|(_, separator)| separator)
}

/// How well a separator fits; greater is better.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    /// False where quotes stand within fields, as they do where fields are torn apart.
    no_stray_quotes: bool,
    /// Records with the most common number of fields.
    records: usize,
    /// That number.
    width: u32,
}

fn agreement(text: &str, separator: char) -> Option<Score> {
    let mut widths = std::collections::BTreeMap::new();
    let mut fields = Fields::new(text, separator, SAMPLE_CHARACTERS);
    let (mut width, mut records, mut no_stray_quotes) = (0, 0, true);
    for seen in 0.. {
        let field = fields.next_field();
        let ended = field.as_ref().is_none_or(|field| field.column == 0);
        if ended && width > 1 {
            *widths.entry(width).or_insert(0usize) += 1;
            records += 1;
        }
        match field {
            Some(field) if records < SAMPLE && seen < SAMPLE_FIELDS => {
                width = field.column + 1;
                no_stray_quotes &= field.is_quoted || !field.content.contains('"');
            }
            Some(_) | None => break,
        }
    }
    let (width, records) = widths
        .into_iter()
        .max_by_key(|(width, count)| (*count, *width))?;
    Some(Score {
        no_stray_quotes,
        records,
        width,
    })
}

/// A field, and where Excel shows it.
struct Field {
    row: u32,
    column: u32,
    content: String,
    is_quoted: bool,
    /// True if it begins with a quote that is never closed.
    is_open: bool,
}

/// The fields of a text in order.
struct Fields<'t> {
    rest: &'t str,
    separator: char,
    row: u32,
    column: u32,
    ended: bool,
    /// Bytes of a field that are kept, more than a cell may have characters; the rest is stepped over.
    most: usize,
}

impl<'t> Fields<'t> {
    fn new(text: &'t str, separator: char, characters: usize) -> Self {
        Self {
            // No character is longer than four bytes.
            most: characters.saturating_add(1).saturating_mul(4),
            rest: text,
            separator,
            row: 0,
            column: 0,
            ended: text.is_empty(),
        }
    }

    fn next_field(&mut self) -> Option<Field> {
        if self.ended {
            return None;
        }
        let (row, column) = (self.row, self.column);
        let mut content = String::new();
        let (mut is_quoted, mut is_open) = (false, false);
        if let Some(quoted) = self.rest.strip_prefix('"') {
            self.rest = quoted;
            is_quoted = true;
            is_open = !self.quoted(&mut content);
        }
        let separator = self.separator;
        let end = self
            .rest
            .find([separator, '\n', '\r'])
            .unwrap_or(self.rest.len());
        self.keep(&mut content, end);
        self.rest = &self.rest[end..];
        self.step();
        Some(Field {
            row,
            column,
            content,
            is_quoted,
            is_open,
        })
    }

    /// Adds so many bytes of the rest, as far as they are kept.
    fn keep(&self, content: &mut String, bytes: usize) {
        let mut room = self.most.saturating_sub(content.len()).min(bytes);
        while !self.rest.is_char_boundary(room) {
            room -= 1;
        }
        content.push_str(&self.rest[..room]);
    }

    /// Takes what stands within quotes; false if they are never closed.
    fn quoted(&mut self, content: &mut String) -> bool {
        while let Some(at) = self.rest.find('"') {
            self.keep(content, at);
            self.rest = &self.rest[at + 1..];
            match self.rest.strip_prefix('"') {
                Some(rest) => {
                    content.push('"');
                    self.rest = rest;
                }
                None => return true,
            }
        }
        self.keep(content, self.rest.len());
        self.rest = "";
        false
    }

    /// Goes past the separator or the end of the line.
    fn step(&mut self) {
        let mut characters = self.rest.chars();
        match characters.next() {
            None => self.ended = true,
            Some(c) if c == self.separator => self.column = self.column.saturating_add(1),
            Some(c) => {
                if c == '\r' && characters.as_str().starts_with('\n') {
                    characters.next();
                }
                self.row = self.row.saturating_add(1);
                self.column = 0;
                self.ended = characters.as_str().is_empty();
            }
        }
        self.rest = characters.as_str();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(bytes: &[u8]) -> Vec<(u32, u32, String)> {
        let reading = read(bytes, "folder/MDS.csv", &Limits::default());
        let Content::Grid(book) = reading.content else {
            panic!("no table: {:?}", reading.findings);
        };
        assert_eq!(&*book.sheets[0].name, "MDS");
        book.sheets[0]
            .cells
            .iter()
            .map(|cell| (cell.row, cell.column, cell.value.text().into_owned()))
            .collect()
    }

    fn refused(bytes: &[u8]) -> &'static str {
        read(bytes, "a.csv", &Limits::default()).findings[0].rule
    }

    #[test]
    fn rows_are_those_of_excel() {
        let found = cells("a,\"b\r\nc\"\r\n\r\n,\"d\"\"e\"\rf,=\"4.10\"".as_bytes());
        let expected = [
            (0, 0, "a"),
            (0, 1, "b\nc"),
            (2, 1, "d\"e"),
            (3, 0, "f"),
            (3, 1, "4.10"),
        ];
        let expected: Vec<_> = expected
            .iter()
            .map(|(row, column, text)| (*row, *column, (*text).to_owned()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn encodings_and_separators() {
        let expected = [(0, 0, "項目".to_owned()), (0, 1, "回答,備考".to_owned())];
        for text in [
            "項目\t回答,備考",
            "項目;\"回答,備考\"",
            "sep=|\r\n項目|回答,備考",
        ] {
            let utf16: Vec<u8> = format!("\u{feff}{text}")
                .encode_utf16()
                .flat_map(u16::to_be_bytes)
                .collect();
            assert_eq!(cells(text.as_bytes()), expected, "{text}");
            assert_eq!(cells(format!("\u{feff}{text}").as_bytes()), expected);
            assert_eq!(cells(&SHIFT_JIS.encode(text).0), expected, "{text}");
            assert_eq!(cells(&utf16), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_table() {
        assert_eq!(
            refused("ただの文章です。\n二行目".as_bytes()),
            rule::NOTHING_RECOGNISED
        );
        assert_eq!(refused(b"a,b\n\x00\x01"), rule::NOTHING_RECOGNISED);
        assert_eq!(refused(b"a,b\n\x81\x00\xff\xfe"), rule::FILE_DAMAGED);
        assert_eq!(refused(b"\xff\xfea\x00,\x00b"), rule::FILE_DAMAGED);
        assert_eq!(refused(b"a,\"b\nc,d"), rule::FILE_DAMAGED);
        assert_eq!(refused(",".repeat(20_000).as_bytes()), rule::FILE_DAMAGED);
        let lines = format!("a,b{}c", "\n".repeat(1_048_576));
        assert_eq!(refused(lines.as_bytes()), rule::FILE_DAMAGED);
    }
}
