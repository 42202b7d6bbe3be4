//! The project's own XML, `schemas/disclosure.xsd`.
//!
//! Text is exact: white space at the ends and carriage returns stay, and characters that XML cannot hold
//! are written as `_x000B_` ([`crate::read::xstring`]).

use std::borrow::Cow;

use quick_xml::Writer;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use quick_xml::name::QName;

use super::guide;
use super::texts::Texts;
use crate::answer::ItemNumber;
use crate::disclosure::{Disclosure, Entry};
use crate::error::{Error, Result};
use crate::form::{Field, Item};
use crate::language::Language;
use crate::limits::Limits;
use crate::read::xml::NAMESPACE;
use crate::read::xstring;

/// Writes the disclosures of a file as XML.
///
/// # Errors
/// [`Error::Format`] if escapes make a text longer than is read.
pub(super) fn write(disclosures: &[Disclosure], language: Language) -> Result<Vec<u8>> {
    write_with(disclosures, language, None)
}

/// The same, with comments in some languages for who fills it.
pub(super) fn write_with(
    disclosures: &[Disclosure],
    language: Language,
    guide: Option<Texts>,
) -> Result<Vec<u8>> {
    let mut out = Elements {
        writer: Writer::new_with_indent(Vec::new(), b' ', 2),
    };
    out.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    out.open(
        "kaijisho",
        &[
            ("xmlns", Some(NAMESPACE)),
            ("language", Some(language.code())),
        ],
    )?;
    for disclosure in disclosures {
        document(&mut out, disclosure, guide)?;
    }
    out.close("kaijisho")?;
    let mut text = out.writer.into_inner();
    text.push(b'\n');
    Ok(text)
}

fn document(out: &mut Elements, disclosure: &Disclosure, guide: Option<Texts>) -> Result<()> {
    let form = &disclosure.form;
    for language in guide.map_or(&[][..], Texts::languages) {
        out.comment(form.title.text(*language))?;
        out.comment(form.provenance.text(*language))?;
        out.comment(&language.label("new-xml"))?;
    }
    out.open(
        "disclosure",
        &[
            ("form", Some(&form.id)),
            (
                "edition",
                Some(form.edition.as_str()).filter(|e| !e.is_empty()),
            ),
            ("source", Some(form.source.code())),
            ("sheet", disclosure.sheet.as_deref()),
        ],
    )?;
    out.open("header", &[])?;
    let is_item = |field| {
        let mut asked = form.headers.iter();
        asked.any(|asked| asked.field == field && asked.item.is_some())
    };
    for field in Field::ALL {
        // On a sheet to fill, what is asked as an item is asked once.
        if guide.is_some() && is_item(field) {
            continue;
        }
        if let Some(value) = disclosure.field(field) {
            out.text(field.code(), &[], &value.value())?;
        }
    }
    out.close("header")?;
    let mut section = None;
    for entry in &disclosure.entries {
        let item = entry.item.map(|at| &form.items[at]);
        if let (Some(texts), Some(item)) = (guide, item)
            && section != Some(item.section)
        {
            section = Some(item.section);
            out.comment(&format!("==== {} ====", guide::section(form, item, texts)))?;
        }
        self::item(out, disclosure, entry, guide)?;
    }
    for note in &disclosure.notes {
        let key = note.key.to_string();
        let referenced = note.referenced.to_string();
        let attributes = [
            ("key", Some(key.as_str())),
            ("label", Some(note.label.as_str())),
            ("referenced", Some(referenced.as_str())),
        ];
        out.text("note", &attributes, &note.text)?;
    }
    for kept in &disclosure.kept {
        let origin = kept.origin();
        let attributes = [
            ("kind", Some(kept.kind.code())),
            ("item", kept.item.as_ref().map(ItemNumber::as_str)),
            (
                "label",
                Some(kept.label.as_str()).filter(|text| !text.is_empty()),
            ),
            (
                "origin",
                Some(origin.as_str()).filter(|text| !text.is_empty()),
            ),
        ];
        out.text("kept", &attributes, &kept.text)?;
    }
    out.close("disclosure")
}

fn item(
    out: &mut Elements,
    disclosure: &Disclosure,
    entry: &Entry,
    guide: Option<Texts>,
) -> Result<()> {
    let item = entry.item.map(|at| &disclosure.form.items[at]);
    // What follows from the answer would have to be changed with it.
    let follows = |value| Some(value).filter(|_| guide.is_none());
    out.open(
        "item",
        &[
            ("number", Some(entry.number.as_str())),
            ("control", item.and_then(Item::control).and_then(follows)),
            ("state", follows(entry.state.code())),
        ],
    )?;
    if let Some(text) = &entry.text {
        out.text("text", &[], &text.text)?;
    }
    if let (Some(texts), Some(item)) = (guide, item) {
        for line in guide::comment(&disclosure.form, item, texts) {
            out.comment(&line)?;
        }
    }
    if let Some(answer) = entry.answer {
        out.text("answer", &[], answer.code())?;
    }
    for option in &entry.options {
        out.text("option", &[], option)?;
    }
    if !entry.written.is_empty() {
        out.text("written", &[], &entry.written)?;
    }
    let remark = &entry.remark;
    if remark.text.is_some() || remark.reference.is_some() {
        let text = remark.text.as_deref().unwrap_or_default();
        out.text(
            "remark",
            &[("reference", remark.reference.as_deref())],
            text,
        )?;
    }
    out.close("item")
}

struct Elements {
    writer: Writer<Vec<u8>>,
}

impl Elements {
    fn event(&mut self, event: Event<'_>) -> Result<()> {
        self.writer
            .write_event(event)
            .map_err(|error| Error::Format(format!("XML: {error}")))
    }

    fn start(&mut self, name: &str, attributes: &[(&str, Option<&str>)]) -> Result<BytesStart<'_>> {
        let mut start = BytesStart::new(name.to_owned());
        for (key, value) in attributes {
            if let Some(value) = value {
                start.push_attribute(Attribute {
                    key: QName(key),
                    value: escape(value, true)?.into(),
                });
            }
        }
        Ok(start)
    }

    /// A comment; what would end it, and what XML cannot hold, is changed or left out.
    fn comment(&mut self, text: &str) -> Result<()> {
        let seen =
            |c: &char| !c.is_control() && xstring::is_xml_char(*c) && !crate::text::is_format(*c);
        let text: String = text.chars().filter(seen).collect();
        let text = format!(" {} ", text.replace('-', "\u{2010}"));
        self.event(Event::Comment(BytesText::from_escaped(text)))
    }

    fn open(&mut self, name: &str, attributes: &[(&str, Option<&str>)]) -> Result<()> {
        let start = self.start(name, attributes)?.into_owned();
        self.event(Event::Start(start))
    }

    fn close(&mut self, name: &str) -> Result<()> {
        self.event(Event::End(BytesEnd::new(name)))
    }

    fn text(&mut self, name: &str, attributes: &[(&str, Option<&str>)], text: &str) -> Result<()> {
        let start = self.start(name, attributes)?.into_owned();
        if text.is_empty() {
            return self.event(Event::Empty(start));
        }
        let text = escape(text, false)?;
        self.event(Event::Start(start))?;
        self.event(Event::Text(BytesText::from_escaped(text)))?;
        self.close(name)
    }
}

/// A text as it stands in an element or an attribute.
fn escape(text: &str, in_attribute: bool) -> Result<String> {
    let limit = Limits::default().cell_chars;
    let kept: Cow<'_, str> = xstring::escape(text, xstring::is_xml_char);
    if kept.chars().count() > limit {
        return Err(Error::TooLong {
            place: "XML".to_owned(),
            found: kept.chars().count().to_string(),
            allowed: limit,
        });
    }
    let mut escaped = String::with_capacity(kept.len());
    for c in kept.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' if !in_attribute => escaped.push(c),
            // A line feed in an attribute, and a carriage return anywhere, would not come back as written.
            '\t' | '\n' | '\r' => escaped.push_str(&format!("&#{};", u32::from(c))),
            c if c.is_control() || crate::text::is_format(c) => {
                escaped.push_str(&format!("&#x{:X};", u32::from(c)));
            }
            c => escaped.push(c),
        }
    }
    Ok(escaped)
}
