//! Tags of a part with the bytes they take, and attributes of a tag changed without touching the others.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Refusal;
use crate::language::Localised;

/// A tag, as [`walk`] tells it. Spans are in bytes and take in the brackets.
pub(crate) enum Tag<'p, 'x> {
    /// An element begins.
    Open {
        /// Its name and attributes.
        element: &'p BytesStart<'x>,
        /// Its opening tag.
        span: Range<usize>,
        /// True if the element is empty and its tag closes it.
        closed: bool,
    },
    /// An element of this local name ends; one whose opening tag closes it is not told again.
    Close {
        /// Its local name.
        local: &'p str,
        /// Its closing tag.
        span: Range<usize>,
    },
}

/// Tells every tag in order until `visit` says false.
///
/// # Errors
/// Where the XML is damaged or has a document type declaration.
pub(crate) fn walk(text: &str, mut visit: impl FnMut(Tag<'_, '_>) -> bool) -> Result<(), Refusal> {
    let broken = |detail: &str| Localised::label("patch-xml", &[("detail", detail)]);
    let body = text.trim_start_matches('\u{feff}');
    let before = text.len() - body.len();
    let mut reader = Reader::from_str(body);
    let mut depth = 0usize;
    let position = |reader: &Reader<&[u8]>| {
        before + usize::try_from(reader.buffer_position()).unwrap_or(body.len())
    };
    let mut start = before;
    loop {
        let event = reader
            .read_event()
            .map_err(|error| broken(&error.to_string()))?;
        let span = start..position(&reader);
        start = span.end;
        let goes_on = match event {
            Event::Start(element) => {
                depth += 1;
                visit(Tag::Open {
                    element: &element,
                    span,
                    closed: false,
                })
            }
            Event::Empty(element) => visit(Tag::Open {
                element: &element,
                span,
                closed: true,
            }),
            Event::End(element) => {
                depth = depth.saturating_sub(1);
                let local = element.local_name();
                visit(Tag::Close {
                    local: local.as_ref(),
                    span,
                })
            }
            Event::DocType(_) => return Err(broken("DOCTYPE")),
            Event::Eof if depth > 0 => return Err(broken("EOF")),
            Event::Eof => return Ok(()),
            Event::Text(_)
            | Event::CData(_)
            | Event::GeneralRef(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_) => true,
        };
        if !goes_on {
            return Ok(());
        }
    }
}

/// The prefix of an element with its colon (`x:`), or nothing.
pub(crate) fn prefix(element: &BytesStart<'_>) -> String {
    let name = element.name();
    name.prefix()
        .map_or_else(String::new, |prefix| format!("{}:", prefix.as_ref()))
}

/// An attribute within a tag: all of it with the space before it, its name, its value without quotes.
struct Attribute {
    whole: Range<usize>,
    name: Range<usize>,
    value: Range<usize>,
}

/// The attributes of an opening tag, as far as they are sound.
fn attributes(tag: &str) -> Vec<Attribute> {
    let bytes = tag.as_bytes();
    let is_space = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_whitespace);
    let mut found = Vec::new();
    let mut at = bytes
        .iter()
        .position(u8::is_ascii_whitespace)
        .unwrap_or(bytes.len());
    loop {
        let begin = at;
        while is_space(at) {
            at += 1;
        }
        let name_begin = at;
        while bytes
            .get(at)
            .is_some_and(|b| !b.is_ascii_whitespace() && !matches!(b, b'=' | b'>' | b'/'))
        {
            at += 1;
        }
        let name = name_begin..at;
        while is_space(at) {
            at += 1;
        }
        if name.is_empty() || bytes.get(at) != Some(&b'=') {
            return found;
        }
        at += 1;
        while is_space(at) {
            at += 1;
        }
        let Some(quote) = bytes.get(at).filter(|b| matches!(b, b'"' | b'\'')) else {
            return found;
        };
        let value_begin = at + 1;
        let Some(length) = bytes[value_begin..].iter().position(|b| b == quote) else {
            return found;
        };
        at = value_begin + length + 1;
        found.push(Attribute {
            whole: begin..at,
            name,
            value: value_begin..value_begin + length,
        });
    }
}

/// An opening tag with an attribute set, or added as the last one. `name` is compared whole.
pub(crate) fn with_attribute(tag: &str, name: &str, value: &str) -> String {
    let value = escape(value);
    let known = attributes(tag)
        .into_iter()
        .find(|attribute| &tag[attribute.name.clone()] == name);
    if let Some(attribute) = known {
        let range = attribute.value;
        let quote = &tag[range.end..=range.end];
        let value = value.replace('\'', "&apos;");
        debug_assert!(quote == "\"" || quote == "'");
        return format!("{}{value}{}", &tag[..range.start], &tag[range.end..]);
    }
    let body = tag.strip_suffix("/>").or_else(|| tag.strip_suffix('>'));
    let body = body.unwrap_or(tag).trim_end();
    format!("{body} {name}=\"{value}\"{}", &tag[tag_end(tag)..])
}

/// An opening tag without these attributes.
pub(crate) fn without_attributes(tag: &str, names: &[&str]) -> String {
    let mut kept = String::with_capacity(tag.len());
    let mut from = 0;
    for attribute in attributes(tag) {
        if names.contains(&&tag[attribute.name.clone()]) {
            kept.push_str(&tag[from..attribute.whole.start]);
            from = attribute.whole.end;
        }
    }
    kept.push_str(&tag[from..]);
    kept
}

/// An opening tag that leaves its element open.
pub(crate) fn opened(tag: &str) -> String {
    let body = tag.strip_suffix("/>").map(str::trim_end);
    body.map_or_else(|| tag.to_owned(), |body| format!("{body}>"))
}

fn tag_end(tag: &str) -> usize {
    let closing = if tag.ends_with("/>") { 2 } else { 1 };
    tag.len().saturating_sub(closing)
}

/// A text in which no character is markup, for texts and for values in double quotes.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Stretches of a text replaced.
#[derive(Debug, Default)]
pub(crate) struct Splices(Vec<(Range<usize>, String)>);

impl Splices {
    /// Puts a text in the place of a stretch; at an empty one, before what stands there.
    pub(crate) fn put(&mut self, span: Range<usize>, text: impl Into<String>) {
        self.0.push((span, text.into()));
    }

    /// True if nothing changes.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text with all stretches replaced. Of two that overlap the later one is left out.
    pub(crate) fn apply(mut self, text: &str) -> String {
        self.0.sort_by_key(|(span, _)| (span.start, span.end));
        let mut whole = String::with_capacity(text.len() + 256);
        let mut from = 0;
        for (span, replacement) in self.0 {
            if span.start < from {
                continue;
            }
            whole.push_str(&text[from..span.start]);
            whole.push_str(&replacement);
            from = span.end;
        }
        whole.push_str(&text[from..]);
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_those_of_the_tags() {
        let text = "\u{feff}<?xml version='1.0'?>\r\n<x:a  b='1'><!-- <c> --><x:c/>t&amp;<d k=\">\">\u{e9}</d></x:a >";
        let mut told = Vec::new();
        walk(text, |tag| {
            let span = match tag {
                Tag::Open { span, .. } | Tag::Close { span, .. } => span,
            };
            told.push(text[span].to_owned());
            true
        })
        .expect("sound");
        assert_eq!(
            told,
            ["<x:a  b='1'>", "<x:c/>", "<d k=\">\">", "</d>", "</x:a >"]
        );
    }

    #[test]
    fn broken_parts_are_refused() {
        for text in ["<a>", "<a></b>", "<!DOCTYPE a><a/>", "<a"] {
            assert!(walk(text, |_| true).is_err(), "{text}");
        }
    }

    #[test]
    fn attributes_change_alone() {
        let tag = "<x:c r='B2' s = \"5\"\n t=\"s\" />";
        assert_eq!(
            with_attribute(tag, "s", "7"),
            "<x:c r='B2' s = \"7\"\n t=\"s\" />"
        );
        assert_eq!(
            with_attribute("<c/>", "s", "a\"<"),
            "<c s=\"a&quot;&lt;\"/>"
        );
        assert_eq!(with_attribute("<c r='A1'>", "s", "7"), "<c r='A1' s=\"7\">");
        assert_eq!(without_attributes(tag, &["s", "t"]), "<x:c r='B2' />");
        assert_eq!(opened("<row r='1' />"), "<row r='1'>");
        assert_eq!(opened("<row r='1'>"), "<row r='1'>");
    }

    #[test]
    fn splices_in_order() {
        let mut splices = Splices::default();
        splices.put(3..3, "1");
        splices.put(3..4, "D");
        splices.put(3..3, "2");
        splices.put(0..1, "");
        assert_eq!(splices.apply("abcdef"), "bc12Def");
    }
}
