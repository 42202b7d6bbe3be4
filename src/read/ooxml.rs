//! The parts of a workbook that calamine does not show: what stands beside the cells.
//!
//! A part is read once, when the package is inflated, and only what is kept of it stays in memory.
//! Parts are known by the relationships that lead to them, never by their names; elements by their
//! local names, so that strict workbooks and foreign prefixes read alike.

mod anchor;
pub(super) mod book;
mod comments;
mod controls;
mod drawing;
pub(super) mod looks;
pub(super) mod rows;
pub(super) mod sheet;
pub(super) mod strings;
mod styles;
mod tags;
pub(super) mod validations;
mod vml;

use std::borrow::Cow;
use std::collections::HashMap;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::beside::Comment;
use super::too_large;
use crate::finding::Finding;
use crate::limits::Limits;
use crate::place::Place;

/// How many of what has no limit of its own (names, authors) are kept from a part.
pub(super) const KEPT: usize = 10_000;
/// How many relationships are kept from all parts together.
const RELATIONS: usize = 100_000;
/// How many bytes anything kept counts for beside its text.
const KEPT_EACH: usize = 64;

/// What has been kept so far, against the limits; what is left out is told once a kind.
#[derive(Clone, Debug)]
pub(super) struct Gauge {
    text: usize,
    over: Vec<(&'static str, usize)>,
    /// How many of a kind are kept from a part.
    pub(super) objects: usize,
    /// How many bytes of text are kept from all parts together.
    most_text: usize,
}

impl Default for Gauge {
    fn default() -> Self {
        Self::new(&Limits::default())
    }
}

impl Gauge {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            text: 0,
            over: Vec::new(),
            objects: limits.objects,
            most_text: limits.text_bytes / 2,
        }
    }

    /// How many bytes are kept so far, by estimate.
    pub(super) fn bytes(&self) -> usize {
        self.text
    }

    /// How many cells, and how many stretches of text, with a look of their own are kept from all parts together.
    pub(super) fn looks(&self) -> usize {
        self.objects.saturating_mul(10)
    }

    /// How many merged areas are kept of a sheet.
    pub(super) fn merges(&self) -> usize {
        self.objects.saturating_mul(20)
    }

    /// True if one more may be kept beside `count` of its kind. `limit` is the kind's label `limit-…`.
    pub(super) fn admits(&mut self, limit: &'static str, count: usize, text: usize) -> bool {
        self.text = self.text.saturating_add(text + KEPT_EACH);
        if count >= self.objects {
            self.note(limit, self.objects);
        } else if self.text > self.most_text {
            self.note("limit-beside-text", self.most_text);
        } else {
            return true;
        }
        false
    }

    /// Notes that something was left out.
    pub(super) fn note(&mut self, limit: &'static str, allowed: usize) {
        if !self.over.iter().any(|(known, _)| *known == limit) {
            self.over.push((limit, allowed));
        }
    }

    /// What was left out, one finding a kind.
    pub(super) fn findings(&self) -> impl Iterator<Item = Finding> {
        self.over
            .iter()
            .map(|(limit, allowed)| too_large(Place::File, limit, allowed, format!("> {allowed}")))
    }
}

/// A relationship of a part.
#[derive(Clone, Debug)]
pub(super) struct Relation {
    pub(super) id: String,
    /// The path in the package, in lower case.
    pub(super) target: String,
    /// The last word of the type: `comments`, `drawing`…
    pub(super) kind: String,
}

/// What was read from the parts that sheets relate to, by path.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// The relationships of each sheet.
    relations: HashMap<String, Vec<Relation>>,
    /// What a part is, by the relationship that leads to it.
    kinds: HashMap<String, String>,
    notes: HashMap<String, Vec<comments::Note>>,
    threads: HashMap<String, Vec<Comment>>,
    drawings: HashMap<String, drawing::Drawing>,
    vml: HashMap<String, Vec<vml::Control>>,
    /// The properties of controls.
    properties: HashMap<String, controls::Properties>,
    pub(super) looks: looks::Looks,
    pub(super) gauge: Gauge,
}

impl Parts {
    /// Takes the relationships of the part whose `.rels` part this is.
    pub(super) fn relate(&mut self, rels: &str, bytes: &[u8]) {
        let Some((folder, name)) = rels.split_once("_rels/") else {
            return;
        };
        let part = format!("{folder}{}", name.strip_suffix(".rels").unwrap_or(name));
        let mut relations = relationships(bytes);
        relations.truncate(RELATIONS.saturating_sub(self.kinds.len()));
        for relation in &mut relations {
            relation.target = resolve(folder, &relation.target);
            self.kinds
                .insert(relation.target.clone(), relation.kind.clone());
        }
        self.relations.insert(part, relations);
    }

    /// Reads a part that a sheet or the workbook relates to; any other is left alone.
    pub(super) fn read(&mut self, part: &str, bytes: &[u8]) {
        let Some(kind) = self.kinds.get(part) else {
            return;
        };
        let text = decode(bytes);
        match kind.as_str() {
            "comments" => {
                let notes = comments::notes(&text, &mut self.gauge);
                self.notes.insert(part.to_owned(), notes);
            }
            "threadedComment" => {
                let threads = comments::threads(&text, &mut self.gauge);
                self.threads.insert(part.to_owned(), threads);
            }
            "drawing" => {
                let drawing = drawing::read(&text, &mut self.gauge);
                self.drawings.insert(part.to_owned(), drawing);
            }
            "vmlDrawing" => {
                let controls = vml::read(&text, &mut self.gauge);
                self.vml.insert(part.to_owned(), controls);
            }
            "ctrlProp" => self
                .properties
                .extend(controls::properties(&text).map(|found| (part.to_owned(), found))),
            "control" => self
                .properties
                .extend(controls::active_x(&text).map(|found| (part.to_owned(), found))),
            "theme" => self.looks.palette.read_theme(&text),
            "styles" => self.looks.read_styles(&text),
            "sharedStrings" => self.looks.read_strings(&text, &mut self.gauge),
            _ => {}
        }
    }

    /// True if the package leads to its workbook as programs have it.
    pub(super) fn is_usual(&self) -> bool {
        let mut books = self.targets("", "officeDocument").peekable();
        books.peek().is_some() && books.all(|target| target == "xl/workbook.xml")
    }

    /// The relationships of a sheet.
    fn of(&self, sheet: &str) -> &[Relation] {
        self.relations.get(sheet).map_or(&[], Vec::as_slice)
    }

    /// Where a relationship of a part leads.
    pub(super) fn target(&self, part: &str, id: &str) -> Option<&str> {
        let mut relations = self.of(part).iter();
        relations
            .find(|relation| relation.id == id)
            .map(|relation| relation.target.as_str())
    }

    /// The parts of one kind that a sheet relates to.
    fn targets<'p>(&'p self, sheet: &str, kind: &'p str) -> impl Iterator<Item = &'p str> {
        self.of(sheet)
            .iter()
            .filter(move |relation| relation.kind == kind)
            .map(|relation| relation.target.as_str())
    }
}

/// A piece of XML, as [`walk`] tells it.
pub(super) enum Piece<'p, 'x> {
    /// An element begins.
    Open(&'p BytesStart<'x>),
    /// An element of this local name ends.
    Close(&'p str),
    /// A stretch of text; what stands between two elements can come in several.
    Text(&'p str),
}

/// Tells every element and text in order until `visit` says false; broken XML ends it. True if all was told.
///
/// Of `mc:AlternateContent` the first choice is told and the rest passed over, so that nothing is told
/// twice. Closing tags need not match, for Excel's own VML leaves `<br>` open.
pub(super) fn walk(text: &str, mut visit: impl FnMut(Piece<'_, '_>) -> bool) -> bool {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    reader.config_mut().expand_empty_elements = true;
    let mut depth = 0usize;
    // Whether a choice was taken, for each open mc:AlternateContent.
    let mut taken: Vec<bool> = Vec::new();
    let mut passed_over: Option<usize> = None;
    while let Ok(event) = reader.read_event() {
        let goes_on = match event {
            Event::Start(element) => {
                depth += 1;
                let name = element.local_name();
                match (name.as_ref(), taken.last_mut()) {
                    _ if passed_over.is_some() => {}
                    ("AlternateContent", _) => taken.push(false),
                    ("Choice" | "Fallback", Some(true)) => passed_over = Some(depth),
                    ("Choice" | "Fallback", Some(taken)) => *taken = true,
                    _ => {}
                }
                passed_over.is_some() || visit(Piece::Open(&element))
            }
            Event::End(element) => {
                let was_over = passed_over;
                if passed_over == Some(depth) {
                    passed_over = None;
                }
                depth = depth.saturating_sub(1);
                let name = element.local_name();
                if was_over.is_none() && name.as_ref() == "AlternateContent" {
                    taken.pop();
                }
                was_over.is_some() || visit(Piece::Close(name.as_ref()))
            }
            Event::Text(part) => passed_over.is_some() || visit(Piece::Text(&part.xml10_content())),
            Event::CData(part) => {
                passed_over.is_some() || visit(Piece::Text(&part.xml10_content()))
            }
            Event::GeneralRef(reference) => {
                let name = reference.xml10_content();
                let mut buffer = [0u8; 4];
                let resolved = match reference.resolve_char_ref() {
                    Ok(Some(c)) => Some(&*c.encode_utf8(&mut buffer)),
                    Ok(None) => quick_xml::escape::resolve_xml_entity(&name),
                    Err(_) => None,
                };
                passed_over.is_some() || resolved.is_none_or(|text| visit(Piece::Text(text)))
            }
            Event::Eof => return true,
            Event::Empty(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_) => true,
        };
        if !goes_on {
            return false;
        }
    }
    false
}

/// The value of an attribute by its local name.
pub(crate) fn attribute(element: &BytesStart<'_>, local: &str) -> Option<String> {
    element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == local)
        .and_then(|attribute| {
            attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .ok()
                .map(Cow::into_owned)
        })
}

/// True for an attribute that says yes, as XML Schema spells it.
pub(crate) fn is_true(value: &str) -> bool {
    matches!(value, "1" | "true" | "on" | "t")
}

/// A part as text: UTF-8, or UTF-16 with or without a byte order mark.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let encoding = match (Encoding::for_bom(bytes), bytes) {
        (Some((encoding, _)), _) => encoding,
        (None, [b'<', 0, ..]) => UTF_16LE,
        (None, [0, b'<', ..]) => UTF_16BE,
        (None, _) => UTF_8,
    };
    encoding.decode_with_bom_removal(bytes).0
}

/// Id, target as written, and the last word of the type of each relationship within the package.
pub(super) fn relationships(bytes: &[u8]) -> Vec<Relation> {
    let mut found = Vec::new();
    walk(&decode(bytes), |piece| {
        if let Piece::Open(element) = piece
            && element.local_name().as_ref() == "Relationship"
            && let (Some(id), Some(target)) =
                (attribute(element, "Id"), attribute(element, "Target"))
        {
            let kind = attribute(element, "Type").unwrap_or_default();
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            found.push(Relation { id, target, kind });
        }
        found.len() < KEPT
    });
    found
}

/// The path of a target, in lower case: from the package's root with a stroke, else from the folder.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.to_ascii_lowercase().replace('\\', "/");
    let from = if target.starts_with('/') { "" } else { folder };
    let mut path: Vec<&str> = Vec::new();
    for step in from.split('/').chain(target.split('/')) {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            _ => path.push(step),
        }
    }
    path.join("/")
}

#[cfg(test)]
mod whole;

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let mut told = String::new();
        walk(text, |piece| {
            match piece {
                Piece::Open(element) => {
                    told.push_str(&format!("<{}", element.local_name().as_ref()))
                }
                Piece::Close(_) => told.push('>'),
                Piece::Text(text) => told.push_str(text),
            }
            true
        });
        told
    }

    #[test]
    fn text_is_told_whole_across_entities() {
        assert_eq!(
            told("<a>x&amp;&#35069;<![CDATA[<y>]]>\r\nz</a>"),
            "<ax&製<y>\nz>"
        );
    }

    #[test]
    fn one_alternative_is_told() {
        let text = "<r><mc:AlternateContent><mc:Choice><mc:AlternateContent><mc:Choice><a/></mc:Choice><mc:Fallback><b/></mc:Fallback></mc:AlternateContent></mc:Choice><mc:Choice><c/></mc:Choice><mc:Fallback><d><e/></d></mc:Fallback></mc:AlternateContent><f/></r>";
        assert_eq!(
            told(text),
            "<r<AlternateContent<Choice<AlternateContent<Choice<a>>>>><f>>"
        );
        let fallback = "<mc:AlternateContent><mc:Fallback><d/></mc:Fallback></mc:AlternateContent>";
        assert_eq!(told(fallback), "<AlternateContent<Fallback<d>>>");
    }

    #[test]
    fn targets_are_paths() {
        assert_eq!(
            resolve("xl/worksheets/", "../Comments1.xml"),
            "xl/comments1.xml"
        );
        assert_eq!(
            resolve("xl/worksheets/", "/xl/comments1.xml"),
            "xl/comments1.xml"
        );
        assert_eq!(resolve("xl/", "./worksheets/a.xml"), "xl/worksheets/a.xml");
        assert_eq!(resolve("", "../../a.xml"), "a.xml");
    }

    #[test]
    fn parts_in_utf_16() {
        let text = "<a>製</a>";
        let mut wide = vec![0xff, 0xfe];
        wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(decode(&wide), text);
        assert_eq!(decode(&wide[2..]), text);
        assert_eq!(decode(b"\xef\xbb\xbf<a/>"), "<a/>");
    }
}
