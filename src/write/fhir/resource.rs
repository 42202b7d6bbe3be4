//! A FHIR resource as a tree, before it is JSON or XML.
//!
//! Fields stand in the order of the R4 schema, which XML demands. An exact text that FHIR's `string` cannot
//! hold is shown as well as it can be, and kept whole in an extension.

use super::names;

/// A field of a resource: its name and what it holds.
pub(super) type Field = (&'static str, Element);

/// What a field holds.
#[derive(Clone, Debug)]
pub(super) enum Element {
    /// A primitive with its extensions.
    Primitive(Scalar, Vec<Element>),
    /// An element of further fields.
    Complex(Vec<Field>),
    /// A field that may stand several times.
    List(Vec<Element>),
    /// A resource within a resource.
    Resource(&'static str, Vec<Field>),
}

impl Element {
    /// The length of the longest text, in characters.
    pub(super) fn longest(&self) -> usize {
        match self {
            Element::Primitive(value, extensions) => {
                let own = match value {
                    Scalar::Text(text) => text.chars().count(),
                    Scalar::Boolean(_) | Scalar::Integer(_) => 0,
                };
                own.max(longest(extensions.iter()))
            }
            Element::Complex(fields) | Element::Resource(_, fields) => {
                longest(fields.iter().map(|(_, element)| element))
            }
            Element::List(elements) => longest(elements.iter()),
        }
    }
}

fn longest<'e>(elements: impl Iterator<Item = &'e Element>) -> usize {
    elements.map(Element::longest).max().unwrap_or(0)
}

/// A primitive value.
#[derive(Clone, Debug)]
pub(super) enum Scalar {
    Text(String),
    Boolean(bool),
    Integer(usize),
}

/// Fields in the making.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<Field>);

impl Fields {
    /// A code, an address or the like, which is known to be plain.
    pub(super) fn code(mut self, name: &'static str, code: impl Into<String>) -> Self {
        self.0.push((name, code_of(code)));
        self
    }

    pub(super) fn boolean(mut self, name: &'static str, value: bool) -> Self {
        let value = Element::Primitive(Scalar::Boolean(value), Vec::new());
        self.0.push((name, value));
        self
    }

    /// Any text, exactly.
    pub(super) fn text(self, name: &'static str, text: &str) -> Self {
        self.element(name, string(text))
    }

    /// Any element.
    pub(super) fn element(mut self, name: &'static str, element: Element) -> Self {
        self.0.push((name, element));
        self
    }

    /// A field that may stand several times; none of it where there is nothing.
    pub(super) fn list(mut self, name: &'static str, elements: Vec<Element>) -> Self {
        if !elements.is_empty() {
            self.0.push((name, Element::List(elements)));
        }
        self
    }

    /// What `fill` adds, where there is something to add.
    pub(super) fn with<T>(self, value: Option<T>, fill: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => fill(self, value),
            None => self,
        }
    }

    pub(super) fn complex(self) -> Element {
        Element::Complex(self.0)
    }

    pub(super) fn resource(self, name: &'static str) -> Element {
        Element::Resource(name, self.0)
    }
}

pub(super) fn code_of(code: impl Into<String>) -> Element {
    Element::Primitive(Scalar::Text(code.into()), Vec::new())
}

/// A text as a FHIR `string`, with an extension where that cannot hold it exactly.
pub(super) fn string(text: &str) -> Element {
    let shown = names::shown(text);
    if shown == text {
        return code_of(text);
    }
    let exact = extension(names::EXACT, "valueString", code_of(names::quoted(text)));
    Element::Primitive(Scalar::Text(shown), vec![exact])
}

/// The same text in another language, by FHIR's own extension.
pub(super) fn translated(text: Element, language: &'static str, other: &str) -> Element {
    match text {
        Element::Primitive(value, mut extensions) => {
            let parts = vec![
                extension("lang", "valueCode", code_of(language)),
                extension("content", "valueString", string(other)),
            ];
            extensions.push(nested(names::TRANSLATION, parts));
            Element::Primitive(value, extensions)
        }
        other @ (Element::Complex(_) | Element::List(_) | Element::Resource(..)) => other,
    }
}

/// An extension with one value.
pub(super) fn extension(url: &str, kind: &'static str, value: Element) -> Element {
    Fields::default()
        .code("url", url)
        .element(kind, value)
        .complex()
}

/// An extension with a text.
pub(super) fn text_extension(url: &str, text: &str) -> Element {
    extension(url, "valueString", string(text))
}

/// An extension with a number.
pub(super) fn number_extension(url: &str, number: usize) -> Element {
    let value = Element::Primitive(Scalar::Integer(number), Vec::new());
    extension(url, "valueInteger", value)
}

/// An extension made of extensions.
pub(super) fn nested(url: &str, parts: Vec<Element>) -> Element {
    Fields::default()
        .list("extension", parts)
        .code("url", url)
        .complex()
}

/// A code of a system with the word for it.
pub(super) fn coding(system: &str, code: &str, display: Option<&str>) -> Element {
    Fields::default()
        .code("system", system)
        .element("code", string(code))
        .with(display.filter(|word| !word.is_empty()), |fields, word| {
            fields.text("display", word)
        })
        .complex()
}
