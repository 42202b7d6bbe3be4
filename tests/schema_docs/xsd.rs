//! What the XSD declares and says about it, read from its text.

use std::collections::BTreeMap;

use kaijisho::schema::XSD;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// A named part of the XSD.
#[derive(Debug, Default)]
pub(crate) struct Part {
    /// `element`, `attribute`, `complexType`, `simpleType` or `enumeration`.
    pub(crate) kind: String,
    /// Its name, or the value of an enumeration.
    pub(crate) name: String,
    /// The type in whose declaration it stands; empty at the top.
    pub(crate) owner: String,
    /// Its other attributes: `type`, `minOccurs`, `maxOccurs`, `use`.
    pub(crate) says: BTreeMap<String, String>,
    /// Its documentation, by language.
    pub(crate) texts: BTreeMap<String, String>,
}

impl Part {
    /// How often it stands there, as tables print it.
    pub(crate) fn times(&self) -> String {
        let says = |key: &str| self.says.get(key).map(String::as_str);
        let least = match (self.kind.as_str(), says("use"), says("minOccurs")) {
            ("attribute", Some("required"), _) => "1",
            ("attribute", _, _) => "0",
            (_, _, least) => least.unwrap_or("1"),
        };
        let most = match says("maxOccurs") {
            Some("unbounded") => "n",
            Some(most) => most,
            None => "1",
        };
        if least == most {
            least.to_owned()
        } else {
            format!("{least}..{most}")
        }
    }

    /// The name of its type, without a prefix.
    pub(crate) fn type_name(&self) -> &str {
        let name = self.says.get("type").map_or("", String::as_str);
        name.strip_prefix("xs:").unwrap_or(name)
    }
}

const PARTS: [&str; 5] = [
    "element",
    "attribute",
    "complexType",
    "simpleType",
    "enumeration",
];

fn attributes(element: &BytesStart<'_>) -> BTreeMap<String, String> {
    element
        .attributes()
        .map(|attribute| {
            let attribute = attribute.expect("an attribute");
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .expect("a value");
            (attribute.key.as_ref().to_owned(), value.into_owned())
        })
        .collect()
}

/// Every part of the XSD that has a name or a value, in its order.
pub(crate) fn parts() -> Vec<Part> {
    let mut reader = Reader::from_str(XSD);
    reader.config_mut().expand_empty_elements = true;
    let mut done: Vec<(usize, Part)> = Vec::new();
    // Open elements: the place of a part among all, or none.
    let mut open: Vec<Option<Part>> = Vec::new();
    let mut order = Vec::new();
    let mut language = None;
    let mut count = 0;
    loop {
        match reader.read_event().expect("the XSD is XML") {
            Event::Start(element) => {
                let name = element.local_name().as_ref().to_owned();
                let mut says = attributes(&element);
                let named = says.remove("name").or_else(|| says.remove("value"));
                language = (name == "documentation").then(|| says["xml:lang"].clone());
                let part = named.filter(|_| PARTS.contains(&name.as_str()));
                let owner = open.iter().flatten().next();
                let owner = owner.map(|part| part.name.clone()).unwrap_or_default();
                order.push(count);
                count += 1;
                open.push(part.map(|named| Part {
                    kind: name,
                    name: named,
                    owner,
                    says,
                    texts: BTreeMap::new(),
                }));
            }
            Event::Text(text) => say(&mut open, language.as_deref(), &text.xml10_content()),
            Event::GeneralRef(name) => {
                let name = name.xml10_content();
                let text = quick_xml::escape::resolve_xml_entity(&name).expect("an entity of XML");
                say(&mut open, language.as_deref(), text);
            }
            Event::End(_) => {
                let at = order.pop().expect("what ends was open");
                if let Some(part) = open.pop().flatten() {
                    done.push((at, part));
                }
                language = None;
            }
            Event::Eof => break,
            _ => {}
        }
    }
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, part)| part).collect()
}

/// Adds a text to the part whose annotation it stands in.
fn say(open: &mut [Option<Part>], language: Option<&str>, text: &str) {
    let Some(language) = language else { return };
    // documentation, annotation, and what is annotated.
    let at = open.len().checked_sub(3).and_then(|at| open[at].as_mut());
    if let Some(part) = at {
        part.texts
            .entry(language.to_owned())
            .or_default()
            .push_str(text);
    }
}
