//! The project's own XML: decoded, checked for well-formedness, and made a tree.
//!
//! A document type declaration is refused, no entity but the five of XML is known, and nothing
//! outside the file is looked at. quick-xml is lenient; what it lets pass is checked here: one root,
//! attributes once, allowed characters, namespaces, and the text of tokens ([`strict`]). Characters that
//! XML cannot hold are written as `_x000B_` ([`super::xstring`]).

mod fhir;
pub(super) mod strict;

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

use super::pull::{self, Space};
use super::structure::VALUE;
use super::tree::{Node, NodeValue};
use super::xstring::{is_xml_char, unescape};
use super::{
    Content, Reading, damaged, ods, out_of_memory, short_enough, spreadsheetml, too_large,
};
use crate::finding::{Finding, Value, rule};
use crate::language::Localised;
use crate::limits::Limits;
use crate::place::{Lines, Place};
use crate::text::show;

/// The namespace of `schemas/disclosure.xsd`.
pub(crate) const NAMESPACE: &str = "urn:kaijisho:disclosure:1";
/// What the namespace begins with in every version.
const ANY_VERSION: &str = "urn:kaijisho:disclosure:";
/// The version of the format that is read: `kaijisho/disclosure/1` in JSON and TOML.
pub(crate) const VERSION: &str = "1";

/// The namespace of FHIR.
pub(crate) const FHIR: &str = "http://hl7.org/fhir";

/// Element names of the XML, and the keys they have in JSON and TOML.
const KEYS: [(&str, &str); 5] = [
    ("disclosure", "documents"),
    ("item", "items"),
    ("option", "options"),
    ("note", "remarks"),
    ("kept", "kept"),
];

/// Reads XML in any encoding that it declares and that is known.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Reading {
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(finding) => return Reading::refused(finding),
    };
    match pull::root(&text, limits) {
        Some((Space::Spreadsheet, _)) => return spreadsheetml::read(&text, limits),
        Some((Space::Office, _)) => return ods::flat(&text, limits),
        Some(_) | None => {}
    }
    match parse(&text, limits) {
        Ok(Parsed::Known(root)) => Reading::of(Content::Tree(root)),
        Ok(Parsed::Other(name)) => refused(Localised::label(
            "detail-other-xml",
            &[("root", &name), ("namespace", NAMESPACE)],
        )),
        Ok(Parsed::Version(version)) => refused(other_version(&version)),
        Err(finding) => Reading::refused(finding),
    }
}

fn refused(detail: Localised) -> Reading {
    let finding = Finding::new(rule::NOTHING_RECOGNISED, Place::File);
    Reading::refused(finding.with("detail", Value::Local(detail)))
}

/// What is said of a disclosure in another version of the format, whatever it is written in.
pub(crate) fn other_version(version: &str) -> Localised {
    let found = show(version, 40);
    Localised::label(
        "detail-other-version",
        &[("found", &found), ("known", VERSION)],
    )
}

fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Finding> {
    let (encoding, start) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, length),
        None => (declared(bytes)?, 0),
    };
    let (text, malformed) = encoding.decode_without_bom_handling(&bytes[start..]);
    if malformed {
        // The first replacement character is where the bytes stop being text.
        let at = text.find('\u{fffd}').unwrap_or(0);
        return Err(damaged(
            Lines::new(&text).place(at),
            format!("XML: not {}", encoding.name()),
        ));
    }
    Ok(text)
}

/// The encoding that the XML declaration names; UTF-8 without one.
fn declared(bytes: &[u8]) -> Result<&'static Encoding, Finding> {
    match bytes {
        [b'<', 0, ..] => return Ok(UTF_16LE),
        [0, b'<', ..] => return Ok(UTF_16BE),
        _ => {}
    }
    let head = &bytes[..bytes.len().min(256)];
    let head = head.split(|byte| *byte == b'>').next().unwrap_or(head);
    let head = String::from_utf8_lossy(head);
    let Some((_, rest)) = head
        .split_once("encoding")
        .filter(|_| head.starts_with("<?xml"))
    else {
        return Ok(UTF_8);
    };
    let name: String = rest
        .chars()
        .skip_while(|c| matches!(c, '=' | ' ' | '\t' | '\r' | '\n' | '"' | '\''))
        .take_while(|c| !matches!(c, '"' | '\''))
        .collect();
    let line = Place::Text { line: 1, column: 1 };
    match Encoding::for_label(name.as_bytes()) {
        // A label of UTF-16 on bytes that are not is a lie.
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => Err(damaged(
            line,
            format!("XML: declared {name}, but the bytes are not UTF-16"),
        )),
        Some(encoding) => Ok(encoding),
        None => Err(damaged(line, format!("XML: unknown encoding {name:?}"))),
    }
}

enum Parsed {
    /// A document of this project, or a FHIR resource.
    Known(Node),
    /// Our own in a version that is not read.
    Version(String),
    Other(String),
}

/// What an XML file is, by its root.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Ours,
    Fhir,
    Other,
}

impl Kind {
    fn of(namespace: Option<&str>, name: &str) -> Self {
        match (namespace, name) {
            (Some(NAMESPACE), "kaijisho") => Kind::Ours,
            (Some(FHIR), _) => Kind::Fhir,
            _ => Kind::Other,
        }
    }

    /// The namespace in which elements have their bare names.
    fn namespace(self) -> Option<&'static str> {
        match self {
            Kind::Ours => Some(NAMESPACE),
            Kind::Fhir => Some(FHIR),
            Kind::Other => None,
        }
    }
}

struct Open {
    name: String,
    place: Place,
    text: String,
    entries: Vec<(String, Place, Node)>,
}

fn parse(text: &str, limits: &Limits) -> Result<Parsed, Finding> {
    let lines = Lines::new(text);
    if let Some((at, c)) = text.char_indices().find(|(_, c)| !is_xml_char(*c)) {
        return Err(damaged(
            lines.place(at),
            format!("XML: character U+{:04X} is not allowed", u32::from(c)),
        ));
    }
    let mut reader = NsReader::from_str(text);
    reader.config_mut().check_comments = true;
    reader.config_mut().expand_empty_elements = true;
    let mut open: Vec<Open> = Vec::new();
    let mut root: Option<Parsed> = None;
    let mut kind = Kind::Other;
    let deepest = limits.depth.min(Limits::DEEPEST);
    let mut depth = 0usize;
    let mut values = 0usize;
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let (namespace, event) = match reader.read_resolved_event() {
            Ok((namespace, event)) => (bound(&namespace), event),
            Err(error) => {
                let at = usize::try_from(reader.error_position()).unwrap_or(at);
                return Err(damaged(lines.place(at), format!("XML: {error}")));
            }
        };
        let place = lines.place(at);
        strict::check(&event).map_err(|reason| damaged(place.clone(), format!("XML: {reason}")))?;
        match event {
            Event::Start(element) => {
                depth += 1;
                if depth > deepest {
                    let found = format!("> {deepest}");
                    return Err(too_large(place, "limit-depth", deepest, found));
                }
                if depth == 1 && root.is_some() {
                    return Err(damaged(place, "XML: more than one root element"));
                }
                let name = element.local_name().as_ref().to_owned();
                let namespace = namespace.map_err(|prefix| {
                    damaged(
                        place.clone(),
                        format!("XML: prefix {prefix:?} is not declared"),
                    )
                })?;
                if depth == 1 {
                    kind = Kind::of(namespace.as_deref(), &name);
                    if kind == Kind::Other {
                        let version = namespace.as_deref().filter(|_| name == "kaijisho");
                        let version = version.and_then(|bound| bound.strip_prefix(ANY_VERSION));
                        root = Some(match version {
                            Some(version) => Parsed::Version(version.to_owned()),
                            None => Parsed::Other(element.name().as_ref().to_owned()),
                        });
                    }
                }
                strict::prefixes(&element, reader.resolver())
                    .map_err(|reason| damaged(place.clone(), format!("XML: {reason}")))?;
                let attributes = attributes(&element, &place, limits, kind)?;
                if kind != Kind::Other {
                    values += 1 + attributes.len();
                    if values > limits.values {
                        return Err(too_large(
                            place,
                            "limit-values",
                            limits.values,
                            format!("> {}", limits.values),
                        ));
                    }
                    if text.len() * 2 + values * VALUE > limits.memory {
                        return Err(out_of_memory(place, limits));
                    }
                    let foreign = namespace.as_deref() != kind.namespace();
                    let name = if foreign {
                        element.name().as_ref().to_owned()
                    } else {
                        name
                    };
                    open.push(Open {
                        name,
                        place,
                        text: String::new(),
                        entries: attributes,
                    });
                }
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                if kind == Kind::Fhir {
                    let done = open.pop();
                    let done = done.and_then(|done| fhir::close(done, open.last_mut()));
                    root = done.map(Parsed::Known).or(root);
                } else if let Some(done) = open.pop() {
                    let (name, node) = close(done);
                    match open.last_mut() {
                        Some(parent) => {
                            // White space between elements only indents, and must not add up to a text.
                            if parent.text.trim().is_empty() {
                                parent.text.clear();
                            }
                            let key = KEYS
                                .iter()
                                .find(|(element, _)| *element == name)
                                .map_or(name, |(_, key)| (*key).to_owned());
                            parent.entries.push((key, node.place.clone(), node));
                        }
                        None => root = Some(Parsed::Known(node)),
                    }
                }
            }
            Event::Text(part) => {
                let part = part.xml10_content();
                if depth == 0 && !part.trim_matches(strict::SPACE).is_empty() {
                    return Err(damaged(place, "XML: text outside the root element"));
                }
                append(&mut open, &part, &place, limits)?;
            }
            Event::CData(part) => {
                if depth == 0 {
                    return Err(damaged(place, "XML: text outside the root element"));
                }
                append(&mut open, &part.xml10_content(), &place, limits)?;
            }
            Event::GeneralRef(reference) => {
                let name = reference.xml10_content().into_owned();
                let resolved = match reference.resolve_char_ref() {
                    Ok(Some(c)) if is_xml_char(c) => Some(c.to_string()),
                    Ok(Some(_)) | Err(_) => None,
                    Ok(None) => quick_xml::escape::resolve_xml_entity(&name).map(str::to_owned),
                };
                match resolved {
                    Some(part) if depth > 0 => append(&mut open, &part, &place, limits)?,
                    Some(_) | None => {
                        return Err(damaged(place, format!("XML: &{name}; is not known")));
                    }
                }
            }
            Event::DocType(_) => {
                return Err(damaged(
                    place,
                    "XML: a document type declaration (DOCTYPE) is refused",
                ));
            }
            Event::Decl(_) if at > 0 => {
                return Err(damaged(place, "XML: the XML declaration must come first"));
            }
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) | Event::Empty(_) => {}
            Event::Eof => break,
        }
    }
    if depth > 0 {
        let name = open
            .last()
            .map_or_else(String::new, |open| format!(" <{}>", open.name));
        return Err(damaged(
            lines.place(text.len()),
            format!("XML: the file ends before the element{name} is closed"),
        ));
    }
    root.ok_or_else(|| damaged(lines.place(text.len()), "XML: no root element"))
}

/// The namespace of an element, none, or a prefix that is not declared.
fn bound(resolved: &ResolveResult<'_>) -> Result<Option<String>, String> {
    match resolved {
        ResolveResult::Bound(namespace) => Ok(Some(namespace.as_ref().to_owned())),
        ResolveResult::Unbound => Ok(None),
        ResolveResult::Unknown(prefix) => Err(prefix.clone()),
    }
}

fn attributes(
    element: &BytesStart<'_>,
    place: &Place,
    limits: &Limits,
    kind: Kind,
) -> Result<Vec<(String, Place, Node)>, Finding> {
    let mut found = Vec::new();
    for attribute in element.attributes() {
        let attribute =
            attribute.map_err(|error| damaged(place.clone(), format!("XML: {error}")))?;
        let key = attribute.key.as_ref();
        if found.len() >= limits.values {
            let more = format!("> {}", limits.values);
            return Err(too_large(
                place.clone(),
                "limit-values",
                limits.values,
                more,
            ));
        }
        if attribute.value.contains('<') {
            return Err(damaged(
                place.clone(),
                format!("XML: < in the value of {key:?}"),
            ));
        }
        short_enough(&attribute.value, place, limits)?;
        let value = attribute
            .normalized_value(quick_xml::XmlVersion::Implicit1_0)
            .map_err(|error| damaged(place.clone(), format!("XML: {error}")))?;
        if key == "xmlns"
            || key.starts_with("xmlns:")
            || key.starts_with("xml:")
            || key.starts_with("xsi:")
        {
            continue;
        }
        // FHIR knows no escapes but those of XML.
        let text = match kind {
            Kind::Ours | Kind::Other => unescape(&value).into_owned(),
            Kind::Fhir => value.into_owned(),
        };
        let node = Node {
            place: place.clone(),
            value: NodeValue::Text(text),
        };
        found.push((key.to_owned(), place.clone(), node));
    }
    Ok(found)
}

fn append(open: &mut [Open], part: &str, place: &Place, limits: &Limits) -> Result<(), Finding> {
    let Some(element) = open.last_mut() else {
        return Ok(());
    };
    element.text.push_str(part);
    short_enough(&element.text, place, limits)
}

/// An element without attributes and children is a text; one with both keeps its text under `value`.
fn close(mut open: Open) -> (String, Node) {
    let blank = open.text.trim().is_empty();
    let text = unescape(&open.text).into_owned();
    let value = if open.entries.is_empty() {
        NodeValue::Text(text)
    } else {
        if !blank {
            let node = Node {
                place: open.place.clone(),
                value: NodeValue::Text(text),
            };
            open.entries
                .push(("value".to_owned(), open.place.clone(), node));
        }
        NodeValue::Map(group(open.entries))
    };
    (
        open.name,
        Node {
            place: open.place,
            value,
        },
    )
}

/// Elements that stand several times become one list under their key.
fn group(entries: Vec<(String, Place, Node)>) -> Vec<(String, Place, Node)> {
    let repeated = |key: &str| KEYS.iter().any(|(_, plural)| *plural == key);
    let mut grouped: Vec<(String, Place, Node)> = Vec::new();
    for (key, place, node) in entries {
        if !repeated(&key) {
            grouped.push((key, place, node));
            continue;
        }
        match grouped.iter_mut().find(|(known, _, _)| *known == key) {
            Some((
                _,
                _,
                Node {
                    value: NodeValue::List(list),
                    ..
                },
            )) => list.push(node),
            Some(_) | None => {
                let list = Node {
                    place: place.clone(),
                    value: NodeValue::List(vec![node]),
                };
                grouped.push((key, place, list));
            }
        }
    }
    grouped
}
