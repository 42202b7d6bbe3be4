//! Reading: from bytes to cells or to a tree of values, each with its place.
//!
//! This module knows file formats and no forms. Content never makes it fail: what cannot be read
//! becomes a finding, and what was read before that is kept.

pub(crate) mod beside;
pub(crate) mod grid;
mod json;
mod ooxml;
mod package;
mod toml;
pub(crate) mod tree;
mod xlsx;
pub(crate) mod xml;
pub(crate) mod xstring;

use crate::finding::{Finding, Value, rule};
use crate::language::Localised;
use crate::limits::Limits;
use crate::place::Place;
use crate::source::Source;

/// What a file holds.
#[derive(Debug)]
pub(crate) enum Content {
    /// A workbook.
    Grid(grid::Workbook),
    /// A document of nested values.
    Tree(tree::Node),
    /// Nothing that could be read; the findings say why.
    Nothing,
}

/// What a file holds, and what is to be said about the file.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) content: Content,
    pub(crate) findings: Vec<Finding>,
}

impl Reading {
    fn of(content: Content) -> Self {
        Self {
            content,
            findings: Vec::new(),
        }
    }

    fn refused(finding: Finding) -> Self {
        Self {
            content: Content::Nothing,
            findings: vec![finding],
        }
    }
}

/// A file that cannot be read as what it seems to be.
fn damaged(place: Place, detail: impl ToString) -> Finding {
    Finding::new(rule::FILE_DAMAGED, place).with("detail", Value::plain(detail))
}

/// The same, with a reason of our own: the label `detail-…`.
fn broken(place: Place, key: &str) -> Finding {
    Finding::new(rule::FILE_DAMAGED, place).with("detail", Value::Local(Localised::label(key, &[])))
}

/// A file of a kind that is not read; `key` is the label `detail-…`.
fn not_read(key: &str) -> Finding {
    Finding::new(rule::NOTHING_RECOGNISED, Place::File)
        .with("detail", Value::Local(Localised::label(key, &[])))
}

/// A limit that the file goes over. `limit` is its label `limit-…`.
fn too_large(place: Place, limit: &str, allowed: impl ToString, found: impl ToString) -> Finding {
    Finding::new(rule::FILE_TOO_LARGE, place)
        .with("limit", Value::Local(Localised::label(limit, &[])))
        .with("allowed", Value::plain(allowed))
        .with("found", Value::plain(found))
}

/// The text of a JSON or TOML file, with no more values than allowed.
fn utf8<'b>(bytes: &'b [u8], format: &str, limits: &Limits) -> Result<&'b str, Finding> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to().to_string();
        let values = [("format", format), ("at", at.as_str())];
        Finding::new(rule::FILE_DAMAGED, Place::File).with(
            "detail",
            Value::Local(Localised::label("detail-not-utf8", &values)),
        )
    })?;
    match too_many_values(text, limits) {
        Some(finding) => Err(finding),
        None => Ok(text),
    }
}

/// Refuses a text that is longer than a cell may be. Bytes bound characters from above.
fn short_enough(text: &str, place: &Place, limits: &Limits) -> Result<(), Finding> {
    if text.len() <= limits.cell_chars {
        return Ok(());
    }
    let found = text.chars().count();
    if found <= limits.cell_chars {
        return Ok(());
    }
    Err(too_large(
        place.clone(),
        "limit-value",
        limits.cell_chars,
        found,
    ))
}

/// Refuses a text with more values than allowed before any of them is kept. Separators count them from above.
fn too_many_values(text: &str, limits: &Limits) -> Option<Finding> {
    let count = text
        .bytes()
        .filter(|byte| matches!(byte, b',' | b'=' | b'[' | b'{'))
        .count();
    (count > limits.values).then(|| too_large(Place::File, "limit-values", limits.values, count))
}

/// Reads a file by what it is, whatever its name says.
pub(crate) fn read(source: &Source, limits: &Limits) -> Reading {
    if source.size > limits.file_bytes || source.bytes.len() as u64 > limits.file_bytes {
        let found = format!("{} bytes", source.size.max(source.bytes.len() as u64));
        return Reading::refused(too_large(
            Place::File,
            "limit-file",
            format!("{} bytes", limits.file_bytes),
            found,
        ));
    }
    let bytes = source.bytes.as_slice();
    let text_start = bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(bytes)
        .trim_ascii_start();
    match text_start {
        [] => Reading::refused(not_read("detail-empty")),
        _ if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") => {
            xlsx::read(bytes, limits)
        }
        _ if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") => compound(bytes),
        _ if bytes.starts_with(b"%PDF") => Reading::refused(not_read("detail-pdf")),
        [b'<', ..] => xml::read(bytes, limits),
        [b'{', ..] => json::read(bytes, limits),
        _ if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") => {
            xml::read(bytes, limits)
        }
        _ if source.name.to_ascii_lowercase().ends_with(".toml") => toml::read(bytes, limits),
        _ if source.name.to_ascii_lowercase().ends_with(".json") => json::read(bytes, limits),
        _ if source.name.to_ascii_lowercase().ends_with(".xml") => xml::read(bytes, limits),
        _ if is_spreadsheet_name(&source.name) => {
            Reading::refused(broken(Place::File, "detail-not-workbook"))
        }
        _ if looks_like_toml(text_start) => toml::read(bytes, limits),
        _ => Reading::refused(not_read("detail-other")),
    }
}

fn is_spreadsheet_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

/// A text whose first line that says something is a table heading or a key.
fn looks_like_toml(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    let first = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'));
    first.is_some_and(|line| {
        line.starts_with('[')
            || line.split_once('=').is_some_and(|(key, _)| {
                !key.trim().is_empty()
                    && key
                        .trim()
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '"'))
            })
    })
}

/// An OLE compound file: a workbook with a password, or one of Excel 97 to 2003.
fn compound(bytes: &[u8]) -> Reading {
    // Stream names stand in UTF-16 in the directory of the file.
    let holds = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(wide.len()).any(|window| window == wide)
    };
    let finding = if holds("EncryptedPackage") || holds("EncryptionInfo") || holds("DataSpaces") {
        Finding::new(rule::FILE_ENCRYPTED, Place::File)
    } else if holds("Workbook") || holds("Book") {
        not_read("detail-xls")
    } else {
        broken(Place::File, "detail-compound")
    };
    Reading::refused(finding)
}
