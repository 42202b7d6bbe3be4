//! XML as a stream of tokens, with what quick-xml leaves to its users: depth, entities, namespaces, the end.
//!
//! For sheets that are XML: XML Spreadsheet 2003 and OpenDocument. A document type declaration is refused,
//! and no entity but the five of XML is known.

use std::borrow::Cow;

use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

use super::xml::strict;
use super::{broken, damaged, too_large};
use crate::finding::Finding;
use crate::limits::Limits;
use crate::place::{Lines, Place};

/// The namespaces that the readers know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// XML Spreadsheet 2003.
    Spreadsheet,
    /// Its settings of sheets.
    Excel,
    /// Its looks within texts.
    Html,
    Office,
    Table,
    Text,
    Style,
    Fo,
    Draw,
    Svg,
    Form,
    Calc,
    Meta,
    None,
    Other,
}

const ODF: &str = "urn:oasis:names:tc:opendocument:xmlns:";

impl Space {
    fn of(uri: &str) -> Self {
        if let Some(rest) = uri.strip_prefix(ODF) {
            return match rest {
                "office:1.0" => Space::Office,
                "table:1.0" => Space::Table,
                "text:1.0" => Space::Text,
                "style:1.0" => Space::Style,
                "xsl-fo-compatible:1.0" => Space::Fo,
                "drawing:1.0" => Space::Draw,
                "svg-compatible:1.0" => Space::Svg,
                "form:1.0" => Space::Form,
                "meta:1.0" => Space::Meta,
                _ => Space::Other,
            };
        }
        match uri {
            "urn:schemas-microsoft-com:office:spreadsheet" => Space::Spreadsheet,
            "urn:schemas-microsoft-com:office:excel" => Space::Excel,
            "http://www.w3.org/TR/REC-html40" | "http://www.w3.org/1999/xhtml" => Space::Html,
            "http://purl.org/dc/elements/1.1/" => Space::Meta,
            _ if uri.starts_with("urn:org:documentfoundation:names:experimental:calc") => {
                Space::Calc
            }
            _ => Space::Other,
        }
    }

    fn resolved(result: &ResolveResult<'_>) -> Self {
        match result {
            ResolveResult::Bound(namespace) => Space::of(namespace.as_ref()),
            ResolveResult::Unbound => Space::None,
            ResolveResult::Unknown(_) => Space::Other,
        }
    }
}

/// What comes next.
pub(super) enum Token<'t> {
    Start(Space, BytesStart<'t>),
    End(Space, String),
    Text(Cow<'t, str>),
}

/// A stream of tokens over a decoded text.
pub(super) struct Pull<'t> {
    reader: NsReader<&'t [u8]>,
    /// `None` where the text is a part of a package, whose lines nobody can look at.
    lines: Option<Lines<'t>>,
    depth: usize,
    /// True once the root element has begun.
    begun: bool,
    limit: usize,
    /// Characters of a cell.
    characters: usize,
}

impl<'t> Pull<'t> {
    /// A file that is XML itself: mistakes have a line and a column.
    pub(super) fn of_file(text: &'t str, limits: &Limits) -> Self {
        Self::new(text, Some(Lines::new(text)), limits)
    }

    /// A part of a package.
    pub(super) fn of_part(text: &'t str, limits: &Limits) -> Self {
        Self::new(text, None, limits)
    }

    fn new(text: &'t str, lines: Option<Lines<'t>>, limits: &Limits) -> Self {
        let mut reader = NsReader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            lines,
            depth: 0,
            begun: false,
            limit: limits.depth.min(Limits::DEEPEST),
            characters: limits.cell_chars,
        }
    }

    /// The next token; `None` at the end of a complete document.
    pub(super) fn next(&mut self) -> Result<Option<Token<'t>>, Finding> {
        loop {
            let at = self.position();
            let (space, event) = match self.reader.read_resolved_event() {
                Ok((result, event)) => (Space::resolved(&result), event),
                Err(error) => {
                    let at = usize::try_from(self.reader.error_position()).unwrap_or(at);
                    return Err(damaged(self.place(at), format!("XML: {error}")));
                }
            };
            strict::check(&event)
                .map_err(|reason| damaged(self.place(at), format!("XML: {reason}")))?;
            return Ok(Some(match event {
                Event::Start(_) if self.depth == 0 && self.begun => {
                    return Err(damaged(self.place(at), "XML: more than one root element"));
                }
                Event::Start(element) => {
                    strict::prefixes(&element, self.reader.resolver())
                        .map_err(|reason| damaged(self.place(at), format!("XML: {reason}")))?;
                    self.begun = true;
                    self.depth += 1;
                    if self.depth > self.limit {
                        let found = format!("> {}", self.limit);
                        return Err(too_large(self.place(at), "limit-depth", self.limit, found));
                    }
                    Token::Start(space, element)
                }
                Event::End(element) => {
                    self.depth = self.depth.saturating_sub(1);
                    Token::End(space, element.local_name().as_ref().to_owned())
                }
                Event::Text(text) => Token::Text(text.xml10_content()),
                Event::CData(text) => Token::Text(text.xml10_content()),
                Event::GeneralRef(reference) => {
                    let name = reference.xml10_content().into_owned();
                    let text = match reference.resolve_char_ref() {
                        Ok(Some(c)) => Some(c.to_string()),
                        Err(_) => None,
                        Ok(None) => quick_xml::escape::resolve_xml_entity(&name).map(str::to_owned),
                    };
                    match text {
                        Some(text) => Token::Text(text.into()),
                        None => {
                            let detail = format!("XML: &{name}; is not known");
                            return Err(damaged(self.place(at), detail));
                        }
                    }
                }
                Event::DocType(_) => return Err(broken(self.place(at), "detail-doctype")),
                Event::Eof if self.depth > 0 => {
                    let detail = "XML: the file ends before its elements are closed";
                    return Err(damaged(self.place(at), detail));
                }
                Event::Eof => return Ok(None),
                Event::Empty(_) | Event::Comment(_) | Event::PI(_) | Event::Decl(_) => continue,
            }));
        }
    }

    /// The value of an attribute; one without a prefix counts as the element's own.
    pub(super) fn attribute(
        &self,
        element: &BytesStart<'_>,
        space: Space,
        local: &str,
    ) -> Option<String> {
        element
            .attributes()
            .with_checks(false)
            .flatten()
            .find(|attribute| {
                attribute.key.local_name().as_ref() == local && {
                    let (result, _) = self.reader.resolver().resolve_attribute(attribute.key);
                    matches!(Space::resolved(&result), found if found == space || found == Space::None)
                }
            })
            .and_then(|attribute| {
                let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
                value.ok().map(std::borrow::Cow::into_owned)
            })
    }

    /// Refuses to put more text to one of this many bytes than a cell may have, before it is copied.
    pub(super) fn fits(&self, written: usize, part: &str) -> Result<(), Finding> {
        let allowed = self.characters;
        // No character is longer than four bytes.
        if written.saturating_add(part.len()) / 4 <= allowed {
            return Ok(());
        }
        let found = format!("> {allowed}");
        Err(too_large(self.here(), "limit-cell", allowed, found))
    }

    /// Goes past everything up to the end of the element that was just begun.
    pub(super) fn skip(&mut self) -> Result<(), Finding> {
        let outside = self.depth - 1;
        while self.depth > outside {
            if self.next()?.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// The text of the element that was just begun, elements within it left away.
    pub(super) fn text(&mut self) -> Result<String, Finding> {
        let outside = self.depth - 1;
        let mut text = String::new();
        while self.depth > outside {
            match self.next()? {
                Some(Token::Text(part)) => {
                    self.fits(text.len(), &part)?;
                    text.push_str(&part);
                }
                Some(Token::Start(..) | Token::End(..)) => {}
                None => break,
            }
        }
        Ok(text)
    }

    /// Where the last token ended.
    pub(super) fn here(&self) -> Place {
        self.place(self.position())
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    fn place(&self, at: usize) -> Place {
        match &self.lines {
            Some(lines) => lines.place(at),
            None => Place::File,
        }
    }
}

/// Namespace and local name of the root element of a text, as far as its start can be read.
pub(super) fn root(text: &str, limits: &Limits) -> Option<(Space, String)> {
    let mut pull = Pull::of_part(text, limits);
    loop {
        match pull.next() {
            Ok(Some(Token::Start(space, element))) => {
                return Some((space, element.local_name().as_ref().to_owned()));
            }
            Ok(Some(Token::Text(_))) => {}
            Ok(Some(Token::End(..)) | None) | Err(_) => return None,
        }
    }
}
