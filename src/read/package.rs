//! The zip package of a workbook: inflated once under the limits before any parser sees it.
//!
//! What calamine does not tell is taken from the parts on the way: hidden rows, merged areas, the
//! order of sheets, macros, links to other files. Sizes are counted while inflating; what the zip
//! headers say about them is not believed.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::beside::Beside;
use super::grid::Area;
use super::{broken, damaged, too_large};
use crate::finding::Finding;
use crate::limits::Limits;
use crate::place::{Place, parse_address};

/// What was learned from the parts of a package.
#[derive(Debug, Default)]
pub(super) struct Package {
    /// True if it has the parts of an Excel workbook in XML.
    pub(super) is_workbook: bool,
    /// Another kind of document: its label `detail-…`.
    pub(super) other_kind: Option<&'static str>,
    pub(super) has_macros: bool,
    pub(super) external_links: Vec<String>,
    parts: HashMap<String, Extras>,
    sheet_parts: HashMap<String, String>,
}

/// What calamine does not tell about a sheet.
#[derive(Debug, Default, Clone)]
pub(super) struct Extras {
    pub(super) hidden_rows: Vec<u32>,
    pub(super) merges: Vec<Area>,
    pub(super) hidden_columns: Vec<(u32, u32)>,
    pub(super) beside: Beside,
}

impl Package {
    /// What is known about the sheet of this name beyond its cells.
    pub(super) fn extras(&self, sheet: &str) -> Extras {
        self.sheet_parts
            .get(sheet)
            .and_then(|part| self.parts.get(part))
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
    let mut relations: Vec<(String, String, String)> = Vec::new();
    let mut sheet_ids: Vec<(String, String)> = Vec::new();
    let mut folder = String::new();
    let mut total = 0u64;
    let mut buffer = Vec::new();
    for index in 0..archive.len() {
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
        let keep = lower.ends_with(".xml") || lower.ends_with(".rels");
        inflate(file, &name, packed, keep, &mut total, &mut buffer, limits)?;
        // No part of a workbook has a document type declaration; whoever wrote one is after the parser.
        if find(&buffer, b"<!DOCTYPE").is_some() {
            return Err(broken(Place::File, "detail-doctype"));
        }
        package.note_name(&lower, &buffer);
        if lower.ends_with("workbook.xml.rels") {
            relations = relationships(&buffer);
        } else if lower.ends_with(".rels") && lower.contains("externallinks/") {
            let links = relationships(&buffer)
                .into_iter()
                .map(|(_, target, _)| target);
            package.external_links.extend(links);
        } else if lower.ends_with("workbook.xml") {
            folder = lower
                .strip_suffix("workbook.xml")
                .unwrap_or_default()
                .to_owned();
            sheet_ids = sheets(&buffer);
        } else if keep && lower.contains("worksheets/") {
            package.parts.insert(lower, extras(&buffer));
        }
    }
    let targets: HashMap<String, String> = relations
        .into_iter()
        .map(|(id, target, _)| (id, target))
        .collect();
    for (name, id) in sheet_ids {
        let Some(target) = targets.get(&id) else {
            continue;
        };
        let target = target.to_ascii_lowercase();
        // A target that starts with a stroke is of the package, any other of the workbook's folder.
        let part = match target.strip_prefix('/') {
            Some(absolute) => absolute.to_owned(),
            None => format!("{folder}{}", target.trim_start_matches("./")),
        };
        if package.parts.contains_key(&part) {
            package.sheet_parts.insert(name, part);
        }
    }
    Ok(package)
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
        if lower.ends_with("vbaproject.bin") || lower.contains("macrosheets/") {
            self.has_macros = true;
        }
    }
}

/// The number of members a zip says it has, before a list of that length is made.
pub(super) fn declared_entries(bytes: &[u8]) -> Option<usize> {
    let tail = bytes.len().saturating_sub(22 + 65_535);
    let at = bytes[tail..]
        .windows(4)
        .rposition(|window| window == b"PK\x05\x06")?
        + tail;
    let count = bytes.get(at + 10..at + 12)?;
    Some(usize::from(u16::from_le_bytes([count[0], count[1]])))
}

/// Inflates one member into `buffer` (which stays empty where it is only counted).
pub(super) fn inflate(
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

fn attribute(element: &BytesStart<'_>, local: &str) -> Option<String> {
    element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == local)
        .and_then(|attribute| {
            attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .ok()
                .map(std::borrow::Cow::into_owned)
        })
}

/// Calls `visit` for every start tag; broken XML ends it, for calamine will tell.
fn elements(bytes: &[u8], mut visit: impl FnMut(&BytesStart<'_>) -> bool) {
    let Ok(text) = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) else {
        return;
    };
    let mut reader = Reader::from_str(text);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(element) | Event::Empty(element) => {
                if !visit(&element) {
                    return;
                }
            }
            Event::Eof => return,
            Event::End(_)
            | Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_) => {}
        }
    }
}

/// Id, target and type of each relationship.
fn relationships(bytes: &[u8]) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    elements(bytes, |element| {
        if element.local_name().as_ref() == "Relationship"
            && let (Some(id), Some(target)) =
                (attribute(element, "Id"), attribute(element, "Target"))
        {
            found.push((id, target, attribute(element, "Type").unwrap_or_default()));
        }
        found.len() < 10_000
    });
    found
}

/// Name and relationship id of each sheet.
fn sheets(bytes: &[u8]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    elements(bytes, |element| {
        if element.name().local_name().as_ref() == "sheet"
            && let (Some(name), Some(id)) = (attribute(element, "name"), attribute(element, "id"))
        {
            found.push((name, id));
        }
        found.len() < 10_000
    });
    found
}

/// Hidden rows and merged areas of a sheet. Tokenised only where the bytes say there are any.
fn extras(bytes: &[u8]) -> Extras {
    let mut extras = Extras::default();
    if holds(bytes, b"hidden=") {
        let mut next = 0u32;
        elements(bytes, |element| {
            // NOTE: by local name, but a form control's anchor holds an xdr:row without attributes.
            if element.local_name().as_ref() == "row" && !element.attributes_raw().is_empty() {
                let row = attribute(element, "r")
                    .and_then(|r| r.parse::<u32>().ok())
                    .map_or(next, |r| r.saturating_sub(1));
                next = row + 1;
                if attribute(element, "hidden").is_some_and(|value| value == "1" || value == "true")
                {
                    extras.hidden_rows.push(row);
                }
            }
            element.local_name().as_ref() != "mergeCells"
        });
        extras.hidden_rows.sort_unstable();
        extras.hidden_rows.dedup();
    }
    if let Some(start) = find(bytes, b"mergeCells") {
        // From the tag's own start on; what follows the cells is small.
        let start = bytes[..start]
            .iter()
            .rposition(|byte| *byte == b'<')
            .unwrap_or(start);
        elements(&bytes[start..], |element| {
            if element.local_name().as_ref() == "mergeCell" {
                extras
                    .merges
                    .extend(attribute(element, "ref").as_deref().and_then(parse_area));
            }
            true
        });
        extras.merges.sort_unstable();
    }
    extras
}

fn parse_area(reference: &str) -> Option<Area> {
    let (first, last) = reference.split_once(':')?;
    let (first, last) = (parse_address(first)?, parse_address(last)?);
    (first.0 <= last.0 && first.1 <= last.1).then_some(Area { first, last })
}

fn holds(bytes: &[u8], word: &[u8]) -> bool {
    find(bytes, word).is_some()
}

fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    let first = word[0];
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|byte| *byte == first) {
        let at = from + at;
        if bytes[at..].starts_with(word) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}
