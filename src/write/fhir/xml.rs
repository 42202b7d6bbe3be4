//! FHIR resources as XML: every primitive is an element with its value as an attribute.

use quick_xml::Writer;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, Event};
use quick_xml::name::QName;

use super::resource::{Element, Field, Scalar};
use crate::error::{Error, Result};
use crate::read::xml::FHIR;

/// A resource as XML text.
///
/// # Errors
/// [`Error::Format`] if the writer fails, which it does not on memory.
pub(super) fn render(resource: &Element) -> Result<Vec<u8>> {
    let mut out = Elements {
        writer: Writer::new_with_indent(Vec::new(), b' ', 2),
    };
    out.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    out.element("", resource)?;
    let mut text = out.writer.into_inner();
    text.push(b'\n');
    Ok(text)
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

    fn element(&mut self, name: &str, element: &Element) -> Result<()> {
        match element {
            Element::Primitive(scalar, extensions) => {
                let start = start(name, [("value", text_of(scalar).as_str())].into_iter());
                if extensions.is_empty() {
                    return self.event(Event::Empty(start));
                }
                self.event(Event::Start(start))?;
                for extension in extensions {
                    self.element("extension", extension)?;
                }
                self.event(Event::End(BytesEnd::new(name)))
            }
            Element::List(elements) => {
                for element in elements {
                    self.element(name, element)?;
                }
                Ok(())
            }
            Element::Complex(fields) => self.complex(name, fields),
            Element::Resource(kind, fields) => {
                if !name.is_empty() {
                    self.event(Event::Start(BytesStart::new(name)))?;
                }
                // Within another resource the namespace is that of the root, and may be said again.
                self.event(Event::Start(start(kind, [("xmlns", FHIR)].into_iter())))?;
                self.fields(fields)?;
                self.event(Event::End(BytesEnd::new(*kind)))?;
                if name.is_empty() {
                    return Ok(());
                }
                self.event(Event::End(BytesEnd::new(name)))
            }
        }
    }

    /// The address of an extension is an attribute; it is the only one that the elements written here have.
    fn complex(&mut self, name: &str, fields: &[Field]) -> Result<()> {
        let is_url = |field: &&Field| name == "extension" && field.0 == "url";
        let url = fields.iter().find(is_url).and_then(|(_, url)| match url {
            Element::Primitive(scalar, _) => Some(text_of(scalar)),
            Element::Complex(_) | Element::List(_) | Element::Resource(..) => None,
        });
        let attributes = url.iter().map(|url| ("url", url.as_str()));
        self.event(Event::Start(start(name, attributes)))?;
        for (key, field) in fields.iter().filter(|field| !is_url(field)) {
            self.element(key, field)?;
        }
        self.event(Event::End(BytesEnd::new(name)))
    }

    fn fields(&mut self, fields: &[Field]) -> Result<()> {
        for (name, element) in fields {
            self.element(name, element)?;
        }
        Ok(())
    }
}

fn text_of(scalar: &Scalar) -> String {
    match scalar {
        Scalar::Text(text) => text.clone(),
        Scalar::Boolean(value) => value.to_string(),
        Scalar::Integer(number) => number.to_string(),
    }
}

fn start<'a>(
    name: &str,
    attributes: impl Iterator<Item = (&'a str, &'a str)>,
) -> BytesStart<'static> {
    let mut start = BytesStart::new(name.to_owned());
    for (key, value) in attributes {
        start.push_attribute(Attribute {
            key: QName(key),
            value: escape(value).into(),
        });
    }
    start
}

/// A text as it stands in an attribute: white space other than spaces would not come back as written.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c if c.is_control() || crate::text::is_format(c) => {
                escaped.push_str(&format!("&#x{:X};", u32::from(c)));
            }
            c => escaped.push(c),
        }
    }
    escaped
}
