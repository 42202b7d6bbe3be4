//! The zip package of a workbook: inflated once under the limits before any parser sees it.
//!
//! What calamine does not tell is taken from the parts on the way: hidden rows, merged areas, the
//! order of sheets, macros, links to other files. Sizes are counted while inflating; what the zip
//! headers say about them is not believed.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io::{Cursor, Read};

use memchr::memmem;
use zip::ZipArchive;

use super::budget::{Memory, STRING};
use super::grid::Cell;
use super::ooxml::book::{self, Book};
use super::ooxml::looks::Looks;
use super::ooxml::rows::Workings;
use super::ooxml::sheet::{self, Extras};
use super::ooxml::validations::{self, Names};
use super::ooxml::{Gauge, Parts, decode, relationships};
use super::{broken, damaged, too_large, unpackable};
use crate::finding::{Finding, Value, rule};
use crate::language::Localised;
use crate::limits::Limits;
use crate::place::Place;
use crate::text::show;

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
    /// The sheets with their cells, where all is written as programs write it.
    pub(super) quick: Option<Vec<Quick>>,
    /// Bytes of memory that cells may still take.
    pub(super) memory: usize,
    sheets: HashMap<String, Extras>,
    sheet_parts: HashMap<String, String>,
}

/// A sheet that was read on the way.
#[derive(Debug)]
pub(super) struct Quick {
    pub(super) name: String,
    pub(super) visible: bool,
    /// False for a sheet that can have none, such as a chart.
    pub(super) has_cells: bool,
    pub(super) cells: Option<Vec<Cell>>,
    pub(super) extras: Extras,
}

impl Package {
    /// The part that is the sheet of this name.
    pub(super) fn part(&self, sheet: &str) -> Option<&str> {
        self.sheet_parts.get(sheet).map(String::as_str)
    }

    /// What is known about the sheet of this name beyond its cells.
    pub(super) fn extras(&self, sheet: &str) -> Extras {
        self.sheet_parts
            .get(sheet)
            .and_then(|part| self.sheets.get(part))
            .cloned()
            .unwrap_or_default()
    }
}

/// Inflates every part under the limits. Cells are read on the way if `on_the_way` says so and all is written as
/// programs write it.
pub(super) fn inspect(bytes: &[u8], limits: &Limits, on_the_way: bool) -> Result<Package, Finding> {
    let mut archive = open(bytes, limits)?;
    let mut taking = Taking {
        workings: Some(Workings::new(limits)).filter(|_| on_the_way),
        ..Taking::default()
    };
    taking.parts.gauge = Gauge::new(limits);
    let mut memory = Memory::new(bytes.len(), limits);
    let mut total = 0u64;
    let mut buffer = Vec::new();
    for index in in_order(&archive) {
        let file = archive
            .by_index(index)
            .map_err(|error| unpackable(&error))?;
        let name = match file.name() {
            Ok(name) => name.trim_start_matches('/').replace('\\', "/"),
            Err(error) => return Err(unpackable(&error)),
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
        taking.part(lower, &mut buffer, &mut memory)?;
    }
    Ok(taking.finish(&memory, limits))
}

/// The archive, which has no more members than allowed.
fn open<'b>(bytes: &'b [u8], limits: &Limits) -> Result<ZipArchive<Cursor<&'b [u8]>>, Finding> {
    if let Some(entries) = declared_entries(bytes).filter(|entries| *entries > limits.entries) {
        return Err(too_large(
            Place::File,
            "limit-members",
            limits.entries,
            entries,
        ));
    }
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| unpackable(&error))?;
    if archive.len() > limits.entries {
        return Err(too_large(
            Place::File,
            "limit-members",
            limits.entries,
            archive.len(),
        ));
    }
    each_once(&archive, bytes)?;
    Ok(archive)
}

/// Bytes of a part whose cells are read on the way at most: part and cells then stand in memory side by side.
const WHOLE: usize = 24 << 20;

/// Refuses a package with two members of one name, whatever the case of its letters: programs differ in which of them
/// they show, so that what is checked here need not be what a person sees.
pub(super) fn each_once(archive: &ZipArchive<Cursor<&[u8]>>, bytes: &[u8]) -> Result<(), Finding> {
    let mut known = HashSet::new();
    for index in 0..archive.len() {
        let Some(Ok(name)) = archive.name_for_index(index) else {
            continue;
        };
        let path = name.replace('\\', "/").to_ascii_lowercase();
        if !known.insert(path.trim_start_matches('/').to_owned()) {
            return Err(twice(&show(&name, 60)));
        }
    }
    // Of members with the very same name the archive knows the last one only.
    match declared_entries(bytes) {
        Some(entries) if entries > archive.len() => Err(twice("zip")),
        Some(_) | None => Ok(()),
    }
}

fn twice(name: &str) -> Finding {
    let detail = Localised::label("detail-member-twice", &[("name", name)]);
    Finding::new(rule::FILE_DAMAGED, Place::File).with("detail", Value::Local(detail))
}

/// What is taken from the parts while they are inflated.
#[derive(Default)]
struct Taking {
    package: Package,
    parts: Parts,
    /// The names of sheets by their parts.
    names: HashMap<String, String>,
    book: Option<Book>,
    /// Bytes of memory that the cells take that were read on the way.
    cells: usize,
    /// What cells are read with, as long as all is written as programs write it.
    workings: Option<Workings>,
}

impl Taking {
    /// Takes what is wanted of a part; its name is in lower case.
    fn part(
        &mut self,
        name: String,
        bytes: &mut Vec<u8>,
        memory: &mut Memory<'_>,
    ) -> Result<(), Finding> {
        let held = bytes.len();
        memory.take(held, || Place::File)?;
        self.package.note_name(&name, bytes);
        if name.ends_with(".rels") {
            if name.contains("externallinks/") {
                let links = relationships(bytes).into_iter();
                let targets = links.map(|link| link.target);
                self.package.external_links.extend(targets);
            } else {
                self.parts.relate(&name, bytes);
            }
        } else if name.ends_with("workbook.xml") {
            let text = decode(bytes);
            self.book(&name, &text, is_utf8(&text));
        } else if name.contains("worksheets/") && name.ends_with(".xml") {
            let title = self.names.get(&name).map_or("", String::as_str);
            let place = || Place::Sheet(title.into());
            let text = decode(bytes);
            let left = memory.left();
            let mut usual = self
                .workings
                .as_mut()
                .filter(|_| is_utf8(&text) && text.len() <= WHOLE);
            if let Some(workings) = &mut usual {
                workings.memory = left;
            }
            let extras = sheet::read(&name, title, &text, &mut self.parts, usual);
            memory.take(extras.bytes(), place)?;
            match &self.workings {
                Some(workings) if workings.is_full => return Err(memory.none_left(place())),
                Some(workings) if extras.cells.is_some() => {
                    self.cells += left - workings.memory;
                    memory.take(left - workings.memory, place)?;
                }
                Some(_) | None => self.workings = None,
            }
            self.package.sheets.insert(name, extras);
        } else {
            let before = self.parts.gauge.bytes();
            self.parts.read(&name, bytes);
            memory.take(self.parts.gauge.bytes() - before, || Place::File)?;
            if name.ends_with("sharedstrings.xml") {
                let strings = memmem::find_iter(bytes, b"<si").count();
                memory.take(held.saturating_add(strings * STRING), || Place::File)?;
            }
            let workings = self.workings.take();
            self.workings = workings.and_then(|workings| workings.with(&name, bytes));
        }
        memory.give(held);
        Ok(())
    }

    fn book(&mut self, name: &str, text: &str, as_it_stands: bool) {
        self.package.names = validations::names(text);
        let read = book::read(text);
        for sheet in &read.sheets {
            if let Some(part) = self.parts.target(name, &sheet.id) {
                self.names.insert(part.to_owned(), sheet.name.clone());
                let parts = &mut self.package.sheet_parts;
                parts.insert(sheet.name.clone(), part.to_owned());
            }
        }
        if name == "xl/workbook.xml" {
            if let Some(workings) = &mut self.workings {
                workings.is_1904 = read.is_1904;
            }
            self.book = Some(read).filter(|book| book.is_clear && as_it_stands);
        }
    }

    fn finish(self, memory: &Memory<'_>, limits: &Limits) -> Package {
        let mut package = self.package;
        // Cells that are read again do not count twice.
        package.memory = memory.left() + self.cells;
        package.quick = self
            .workings
            .and(self.book)
            // One with more sheets than allowed is refused where all others are.
            .filter(|book| book.sheets.len() <= limits.sheets)
            .and_then(|book| package.taken(&book, &self.parts));
        if package.quick.is_none() {
            // They are read again, and should not stand in memory twice.
            package
                .sheets
                .values_mut()
                .for_each(|extras| extras.cells = None);
        }
        package.left_out = self.parts.gauge.findings().collect();
        package.looks = self.parts.looks;
        package
    }
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

/// True if the text stands in its part as it is.
#[allow(clippy::ptr_arg, reason = "whether it is borrowed is what is asked")]
fn is_utf8(text: &Cow<'_, str>) -> bool {
    matches!(text, Cow::Borrowed(_))
}

impl Package {
    /// The sheets in order with their cells, each from a part of its own; `None` if any was not read so. Whoever takes
    /// them need not ask for what stands beside them.
    fn taken(&mut self, book: &Book, parts: &Parts) -> Option<Vec<Quick>> {
        if !parts.is_usual() || book.sheets.is_empty() {
            return None;
        }
        let mut found = Vec::with_capacity(book.sheets.len());
        let mut known = HashSet::new();
        for sheet in &book.sheets {
            let (part, kind) = sheet.part(parts)?;
            let has_cells = match kind {
                "worksheet" => self.sheets.contains_key(part),
                "chartsheet" | "dialogsheet" => true,
                _ => false,
            };
            if !has_cells || !known.insert(part) || !known.insert(&sheet.name) {
                return None;
            }
            found.push((sheet, part, kind == "worksheet"));
        }
        let taken = found.into_iter().map(|(sheet, part, has_cells)| {
            let mut extras = self.sheets.remove(part).unwrap_or_default();
            Quick {
                name: sheet.name.clone(),
                visible: sheet.visible == Some(true),
                has_cells,
                cells: extras.cells.take().filter(|_| has_cells),
                extras,
            }
        });
        Some(taken.collect())
    }

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
