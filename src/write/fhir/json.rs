//! FHIR resources as JSON: extensions of a primitive stand beside it, under its name with an underscore.

use serde_json::{Map, Value};

use super::resource::{Element, Field, Scalar};
use crate::escaped::json_text;

/// A resource as JSON text.
pub(super) fn render(resource: &Element) -> Vec<u8> {
    let text = json_text(&value(resource)).expect("a tree of texts is JSON");
    text.into_bytes()
}

fn value(element: &Element) -> Value {
    match element {
        Element::Primitive(scalar, _) => scalar_value(scalar),
        Element::Complex(fields) => Value::Object(object(fields)),
        Element::List(elements) => Value::Array(elements.iter().map(value).collect()),
        Element::Resource(name, fields) => {
            let mut map = Map::new();
            map.insert("resourceType".to_owned(), Value::from(*name));
            map.extend(object(fields));
            Value::Object(map)
        }
    }
}

fn scalar_value(scalar: &Scalar) -> Value {
    match scalar {
        Scalar::Text(text) => Value::from(text.as_str()),
        Scalar::Boolean(value) => Value::from(*value),
        Scalar::Integer(number) => Value::from(*number),
    }
}

fn object(fields: &[Field]) -> Map<String, Value> {
    let mut map = Map::new();
    for (name, element) in fields {
        let Element::Primitive(scalar, extensions) = element else {
            map.insert((*name).to_owned(), value(element));
            continue;
        };
        map.insert((*name).to_owned(), scalar_value(scalar));
        if !extensions.is_empty() {
            let mut beside = Map::new();
            let extensions = extensions.iter().map(value).collect();
            beside.insert("extension".to_owned(), Value::Array(extensions));
            map.insert(format!("_{name}"), Value::Object(beside));
        }
    }
    map
}
