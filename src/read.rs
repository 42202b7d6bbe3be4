//! Reading: from bytes to cells or to a tree of values, each with its place.
//!
//! This module knows file formats and no forms. Content never makes it fail: what cannot be read
//! becomes a finding, and what was read before that is kept.

pub(crate) mod beside;
mod budget;
mod compound;
mod csv;
pub(crate) mod grid;
mod json;
pub(crate) mod marked;
mod members;
mod merged;
mod ods;
pub(crate) mod ooxml;
mod package;
mod pull;
mod runs;
mod serial;
mod spreadsheetml;
mod structure;
mod toml;
pub(crate) mod tree;
mod xls;
mod xlsb;
mod xlsx;
pub(crate) mod xml;
pub(crate) mod xstring;

pub(crate) use self::package::{declared_entries, inflate};

use zip::result::ZipError;

use self::members::Kind;
use crate::finding::{Finding, Value, rule};
use crate::language::Localised;
use crate::limits::Limits;
use crate::place::Place;
use crate::returned;
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

/// A text that breaks the rules of its format: the reason in both languages, and how to mend a text.
fn miswritten(place: Place, format: &str, reason: Localised) -> Finding {
    let detail = Localised {
        ja: format!("{format}: {}", reason.ja),
        en: format!("{format}: {}", reason.en),
    };
    Finding::new(rule::FILE_DAMAGED, place)
        .with("detail", Value::Local(detail))
        .advising(Localised::label("advice-text", &[]))
}

/// The same, with a reason of our own: the label `detail-…`.
fn broken(place: Place, key: &str) -> Finding {
    Finding::new(rule::FILE_DAMAGED, place).with("detail", Value::Local(Localised::label(key, &[])))
}

/// A package that cannot be unpacked: what happened in the reader's words, with what the library says behind it.
fn unpackable(error: &ZipError) -> Finding {
    let said = error.to_string();
    let key = match error {
        // The table of members stands at the very end, and is what a file lacks that was cut short.
        ZipError::InvalidArchive(_) if said.contains("EOCD") => "detail-zip-cut",
        ZipError::UnsupportedArchive(detail) if detail.contains("assword") => {
            return Finding::new(rule::FILE_ENCRYPTED, Place::File);
        }
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => {
            "detail-zip-method"
        }
        _ => "detail-zip-broken",
    };
    let detail = Localised::label(key, &[("detail", &said)]);
    Finding::new(rule::FILE_DAMAGED, Place::File).with("detail", Value::Local(detail))
}

/// A file of a kind that is not read; `key` is the label `detail-…`.
fn not_read(key: &str) -> Finding {
    Finding::new(rule::NOTHING_RECOGNISED, Place::File)
        .with("detail", Value::Local(Localised::label(key, &[])))
}

/// More memory than a file may take. What is met is only known to be more than allowed.
fn out_of_memory(place: Place, limits: &Limits) -> Finding {
    let allowed = limits.memory;
    too_large(
        place,
        "limit-memory",
        format!("{allowed} bytes"),
        format!("> {allowed} bytes"),
    )
}

/// A limit that the file goes over. `limit` is its label `limit-…`; numbers may have a unit behind them.
pub(crate) fn too_large(
    place: Place,
    limit: &str,
    allowed: impl ToString,
    found: impl ToString,
) -> Finding {
    let (allowed, found) = (allowed.to_string(), found.to_string());
    let finding = Finding::new(rule::FILE_TOO_LARGE, place)
        .with("limit", Value::Local(Localised::label(limit, &[])))
        .with("allowed", Value::plain(&allowed))
        .with("found", Value::plain(&found));
    let Some(option) = option(limit) else {
        return finding;
    };
    let number = |text: &str| -> u64 {
        let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
        let end = digits.find(|c: char| !c.is_ascii_digit());
        digits[..end.unwrap_or(digits.len())].parse().unwrap_or(0)
    };
    // What was found is often only known to be more; twice as much is a good next try.
    let mut raised = number(&allowed).saturating_mul(2);
    match limit {
        // The name of the part stands there as well.
        "limit-member" | "limit-ratio" => {}
        "limit-depth" => raised = raised.min(Limits::DEEPEST as u64),
        _ => raised = raised.max(number(&found)),
    }
    let raise = format!("--limit {option}={raised}");
    // Only texts have values, and anything may hold too many disclosures; the other advice is for workbooks.
    let advice = match limit {
        "limit-items" => "advice-large-items",
        "limit-value" | "limit-values" => "advice-large-text",
        _ => "advice-large-file",
    };
    finding.advising(Localised::label(advice, &[("raise", &raise)]))
}

/// The name of a limit on the command line, from its label.
fn option(limit: &str) -> Option<&'static str> {
    Some(match limit {
        "limit-file" => "file-bytes",
        "limit-members" => "entries",
        "limit-member" => "part-bytes",
        "limit-inflated" => "total-bytes",
        "limit-ratio" => "ratio",
        "limit-cells" | "limit-strings" => "cells",
        "limit-cell" | "limit-value" => "cell-chars",
        "limit-text" | "limit-beside-text" => "text-bytes",
        "limit-memory" => "memory",
        "limit-items" => "items",
        "limit-values" => "values",
        "limit-depth" => "depth",
        "limit-sheets" => "sheets",
        "limit-comments" | "limit-boxes" | "limit-shapes" | "limit-lists" | "limit-looks"
        | "limit-choices" | "limit-merges" => "objects",
        _ => return None,
    })
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
    structure::within(text, format == "TOML", limits).map(|()| text)
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

/// Reads a file by what it is, whatever its name says.
pub(crate) fn read(source: &Source, limits: &Limits) -> Reading {
    let mut reading = as_written(source, limits);
    if let Content::Grid(workbook) = &mut reading.content {
        returned::recall::set_aside(workbook);
        workbook.sheets.iter_mut().for_each(marked::restore);
    }
    reading
}

/// Reads a file, every text as it stands in it, and with what this tool itself put there.
pub(crate) fn as_written(source: &Source, limits: &Limits) -> Reading {
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
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return match members::kind(bytes, limits) {
            Kind::OpenDocument => guarded(|| ods::read(bytes, limits)),
            Kind::Xlsb => guarded(|| xlsb::read(bytes, limits)),
            Kind::Other => xlsx::read(bytes, limits),
        };
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return compound(bytes, limits);
    }
    if bytes.starts_with(b"%PDF") {
        return Reading::refused(not_read("detail-pdf"));
    }
    text(source, limits)
}

/// A parser's panic on a hostile file is that file's fault, and must not end a batch.
fn guarded(read: impl FnOnce() -> Reading) -> Reading {
    let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(read));
    read.unwrap_or_else(|_| Reading::refused(broken(Place::File, "detail-contradictory")))
}

/// Reads what is no container: a text of some kind, in some encoding.
fn text(source: &Source, limits: &Limits) -> Reading {
    let bytes = source.bytes.as_slice();
    let start = beginning(bytes);
    let ends_with = |endings: &[&str]| {
        let name = source.name.to_ascii_lowercase();
        endings.iter().any(|ending| name.ends_with(ending))
    };
    match start.as_bytes() {
        [] => Reading::refused(not_read("detail-empty")),
        _ if is_html(&start) => Reading::refused(not_read("detail-html")),
        // A heading such as <項目> may begin a table.
        [b'<', ..] if !ends_with(TABLES) || is_markup(&start) => xml::read(bytes, limits),
        [b'{', ..] if !ends_with(TABLES) => json::read(bytes, limits),
        _ if ends_with(&[".toml"]) => toml::read(bytes, limits),
        _ if ends_with(&[".json"]) => json::read(bytes, limits),
        _ if ends_with(&[".xml"]) => xml::read(bytes, limits),
        _ if !ends_with(TABLES) && looks_like_toml(bytes) => toml::read(bytes, limits),
        _ => {
            let reading = csv::read(bytes, &source.name, limits);
            match reading.content {
                Content::Nothing if ends_with(WORKBOOKS) => {
                    Reading::refused(broken(Place::File, "detail-not-workbook"))
                }
                Content::Grid(_) | Content::Tree(_) | Content::Nothing => reading,
            }
        }
    }
}

/// Names of files that are expected to be workbooks.
const WORKBOOKS: &[&str] = &[".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"];

/// Names of files that are expected to be tables of separated text.
const TABLES: &[&str] = &[".csv", ".tsv", ".tab", ".txt"];

/// The first characters of a text in ASCII, without a byte order mark and white space.
fn beginning(bytes: &[u8]) -> String {
    let (bytes, step, from) = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => (rest, 1, 0),
        [0xff, 0xfe, rest @ ..] => (rest, 2, 0),
        [0xfe, 0xff, rest @ ..] => (rest, 2, 1),
        [b'<', 0, ..] => (bytes, 2, 0),
        [0, b'<', ..] => (bytes, 2, 1),
        _ => (bytes, 1, 0),
    };
    bytes
        .iter()
        .skip(from)
        .step_by(step)
        .skip_while(|byte| byte.is_ascii_whitespace())
        .take(256)
        .map(|byte| {
            if byte.is_ascii() {
                char::from(*byte)
            } else {
                '\u{fffd}'
            }
        })
        .collect()
}

/// A page saved under the name of a workbook, as web systems do: HTML, or a web archive around it.
fn is_html(start: &str) -> bool {
    let start = start.to_ascii_lowercase();
    [
        "<html",
        "<!doctype html",
        "<table",
        "<meta",
        "<head",
        "<body",
        "<style",
        "mime-version:",
    ]
    .iter()
    .any(|tag| start.starts_with(tag))
}

/// True for what only XML begins with.
fn is_markup(start: &str) -> bool {
    start.starts_with("<?xml") || start.starts_with("<!--") || start.starts_with("<Workbook")
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
fn compound(bytes: &[u8], limits: &Limits) -> Reading {
    // Stream names stand in UTF-16 in the directory of the file.
    let holds = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(wide.len()).any(|window| window == wide)
    };
    if holds("EncryptedPackage") || holds("EncryptionInfo") || holds("DataSpaces") {
        return Reading::refused(Finding::new(rule::FILE_ENCRYPTED, Place::File));
    }
    if holds("Workbook") || holds("Book") {
        return guarded(|| xls::read(bytes, limits));
    }
    Reading::refused(broken(Place::File, "detail-compound"))
}
