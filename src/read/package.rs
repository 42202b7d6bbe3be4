//! The zip package of a workbook: inflated once under the limits before any parser sees it.
//!
//! What calamine does not tell is taken from the parts on the way: hidden rows, merged areas, the
//! order of sheets, macros, links to other files. Sizes are counted while inflating; what the zip
//! headers say about them is not believed.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use memchr::memmem;
use zip::ZipArchive;

use super::ooxml::looks::Looks;
use super::ooxml::sheet::{self, Extras};
use super::ooxml::validations::{self, Names};
use super::ooxml::{Gauge, Parts, Piece, attribute, decode, relationships, walk};
use super::{broken, damaged, too_large};
use crate::finding::Finding;
use crate::limits::Limits;
use crate::place::Place;

/// What was learned from the parts of a package.
#[derive(Debug, Default)]
pub(super) struct Package {
    /// True if it has the parts of an Excel workbook in XML.
    pub(super) is_workbook: bool,
    /// Another kind of document: its label `detail-…`.
    pub(super) other_kind: Option<&'static str>,
    pub(super) has_macros: bool,
    /// True if it has sheets of Excel 4 macros, which make a workbook of another kind.
    pub(super) has_macro_sheets: bool,
    pub(super) external_links: Vec<String>,
    /// What stands beside the cells and was left out, for there was too much of it.
    pub(super) left_out: Vec<Finding>,
    /// Defined names.
    pub(super) names: Names,
    /// What the looks of cells are told from.
    pub(super) looks: Looks,
    sheets: HashMap<String, Extras>,
    sheet_parts: HashMap<String, String>,
}

impl Package {
    /// What is known about the sheet of this name beyond its cells.
    pub(super) fn extras(&self, sheet: &str) -> Extras {
        self.sheet_parts
            .get(sheet)
            .and_then(|part| self.sheets.get(part))
            .cloned()
            .unwrap_or_default()
    }
}

/// Inflates every part under the limits.
pub(super) fn inspect(bytes: &[u8], limits: &Limits) -> Result<Package, Finding> {
    if let Some(entries) = declared_entries(bytes).filter(|entries| *entries > limits.entries) {
        return Err(too_large(
            Place::File,
            "limit-members",
            limits.entries,
            entries,
        ));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| damaged(Place::File, format!("zip: {error}")))?;
    if archive.len() > limits.entries {
        return Err(too_large(
            Place::File,
            "limit-members",
            limits.entries,
            archive.len(),
        ));
    }
    let mut package = Package::default();
    let mut parts = Parts::default();
    parts.gauge = Gauge::new(limits);
    let mut names: HashMap<String, String> = HashMap::new();
    let mut total = 0u64;
    let mut buffer = Vec::new();
    for index in in_order(&archive) {
        let file = match archive.by_index(index) {
            Ok(file) => file,
            Err(zip::result::ZipError::UnsupportedArchive(detail))
                if detail.contains("assword") =>
            {
                return Err(Finding::new(
                    crate::finding::rule::FILE_ENCRYPTED,
                    Place::File,
                ));
            }
            Err(error) => return Err(damaged(Place::File, format!("zip: {error}"))),
        };
        let name = match file.name() {
            Ok(name) => name.trim_start_matches('/').replace('\\', "/"),
            Err(error) => return Err(damaged(Place::File, format!("zip: {error}"))),
        };
        let packed = file.compressed_size();
        let lower = name.to_ascii_lowercase();
        let keep = [".xml", ".rels", ".vml"]
            .iter()
            .any(|ending| lower.ends_with(ending));
        inflate(file, &name, packed, keep, &mut total, &mut buffer, limits)?;
        // No part of a workbook has a document type declaration; whoever wrote one is after the parser.
        if memmem::find(&buffer, b"<!DOCTYPE").is_some() {
            return Err(broken(Place::File, "detail-doctype"));
        }
        package.note_name(&lower, &buffer);
        if lower.ends_with(".rels") {
            if lower.contains("externallinks/") {
                let links = relationships(&buffer).into_iter();
                package.external_links.extend(links.map(|link| link.target));
            } else {
                parts.relate(&lower, &buffer);
            }
        } else if lower.ends_with("workbook.xml") {
            let text = decode(&buffer);
            package.names = validations::names(&text);
            for (name, id) in sheets(&text) {
                if let Some(part) = parts.target(&lower, &id) {
                    names.insert(part.to_owned(), name.clone());
                    package.sheet_parts.insert(name, part.to_owned());
                }
            }
        } else if lower.contains("worksheets/") && lower.ends_with(".xml") {
            let name = names.get(&lower).map_or("", String::as_str);
            let extras = sheet::read(&lower, name, &decode(&buffer), &mut parts);
            package.sheets.insert(lower, extras);
        } else {
            parts.read(&lower, &buffer);
        }
    }
    package.left_out = parts.gauge.findings().collect();
    package.looks = parts.looks;
    Ok(package)
}

/// The members of a package so that each comes after those that it is read with: relationships first,
/// then what they lead to, sheets last.
fn in_order(archive: &ZipArchive<Cursor<&[u8]>>) -> Vec<usize> {
    let rank = |index: &usize| {
        let name = archive.name_for_index(*index).and_then(Result::ok);
        let name = name.unwrap_or_default();
        let name = name.to_ascii_lowercase().replace('\\', "/");
        if name.ends_with(".rels") {
            0
        } else if name.ends_with("workbook.xml") || name.contains("theme/") {
            1
        } else if name.ends_with("styles.xml") {
            2
        } else if name.contains("worksheets/") {
            4
        } else {
            3
        }
    };
    let mut order: Vec<usize> = (0..archive.len()).collect();
    order.sort_by_cached_key(rank);
    order
}

impl Package {
    fn note_name(&mut self, lower: &str, content: &[u8]) {
        match lower {
            "[content_types].xml" => {
                let text = String::from_utf8_lossy(content);
                // UTF-16 content types cannot be searched this way; the names of the parts decide then.
                if text.contains("wordprocessingml") {
                    self.other_kind = Some("detail-docx");
                } else if text.contains("presentationml") {
                    self.other_kind = Some("detail-pptx");
                }
            }
            "encryptedpackage" => self.other_kind = Some("detail-other"),
            _ => {}
        }
        if lower.ends_with("workbook.xml") {
            self.is_workbook = true;
        }
        self.has_macro_sheets |= lower.contains("macrosheets/");
        if lower.ends_with("vbaproject.bin") || lower.contains("macrosheets/") {
            self.has_macros = true;
        }
    }
}

/// The number of members a zip says it has, before a list of that length is made.
pub(crate) fn declared_entries(bytes: &[u8]) -> Option<usize> {
    let tail = bytes.len().saturating_sub(22 + 65_535);
    let at = bytes[tail..]
        .windows(4)
        .rposition(|window| window == b"PK\x05\x06")?
        + tail;
    let count = bytes.get(at + 10..at + 12)?;
    Some(usize::from(u16::from_le_bytes([count[0], count[1]])))
}

/// Inflates one member into `buffer` (which stays empty where it is only counted).
pub(crate) fn inflate(
    mut file: impl Read,
    name: &str,
    packed: u64,
    keep: bool,
    total: &mut u64,
    buffer: &mut Vec<u8>,
    limits: &Limits,
) -> Result<(), Finding> {
    buffer.clear();
    let mut chunk = [0u8; 32 * 1024];
    let mut part = 0u64;
    loop {
        let count = file
            .read(&mut chunk)
            .map_err(|error| damaged(Place::File, format!("zip: {name}: {error}")))?;
        if count == 0 {
            return Ok(());
        }
        part += count as u64;
        *total += count as u64;
        let ratio = part > 1024 * 1024 && part / packed.max(1) > limits.ratio;
        if part > limits.part_bytes || ratio {
            let allowed = if ratio {
                format!("{} : 1", limits.ratio)
            } else {
                format!("{} bytes", limits.part_bytes)
            };
            let limit = if ratio { "limit-ratio" } else { "limit-member" };
            return Err(too_large(
                Place::File,
                limit,
                allowed,
                format!("{name}: > {part} bytes"),
            ));
        }
        if *total > limits.total_bytes {
            return Err(too_large(
                Place::File,
                "limit-inflated",
                format!("{} bytes", limits.total_bytes),
                format!("> {total} bytes"),
            ));
        }
        if keep {
            buffer.extend_from_slice(&chunk[..count]);
        }
    }
}

/// Name and relationship id of each sheet.
fn sheets(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    walk(text, |piece| {
        if let Piece::Open(element) = piece
            && element.local_name().as_ref() == "sheet"
            && let (Some(name), Some(id)) = (attribute(element, "name"), attribute(element, "id"))
        {
            found.push((name, id));
        }
        found.len() < 10_000
    });
    found
}
