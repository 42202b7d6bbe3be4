//! Words for published schemas: both languages and examples, from `schemas/descriptions/`.
//!
//! A file there holds a table for each type of one schema, and in it an entry for each property: `ja`,
//! `examples`, and `en` where the struct has no comment. `_type` is the type itself, `_values` its values,
//! `_1`, `_2`… its shapes where it has several, `_title` the title of the whole. `common.toml` holds the
//! types that several schemas share. What is missing, or is there in vain, `tests/schema_docs.rs` tells.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The types that several schemas share.
const COMMON: &str = include_str!("../../schemas/descriptions/common.toml");

/// The words of one schema, by type and property.
type Words = BTreeMap<String, BTreeMap<String, Entry>>;

/// What is said about a property, a type or a shape.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Entry {
    /// A title.
    Title(String),
    /// Words and examples.
    Said(Said),
    /// The values of a type.
    Values(BTreeMap<String, Said>),
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    en: Option<String>,
    ja: Option<String>,
    #[serde(default)]
    examples: Vec<Value>,
}

/// Puts words and examples into the schema of one published kind.
pub(super) fn describe(mut schema: Value, id: &str, words: &str) -> Value {
    let mut known = parse(COMMON);
    known.extend(parse(words));
    if let Some(Value::Object(types)) = schema.get_mut("$defs") {
        for (name, shape) in types {
            if let Some(words) = known.get(name) {
                describe_type(shape, words);
            }
        }
    }
    let root = schema.get("title").and_then(Value::as_str);
    if let Some(words) = root.and_then(|name| known.get(name)) {
        describe_type(&mut schema, words);
        if let (Some(Entry::Title(title)), Some(title_of)) =
            (words.get("_title"), schema.get_mut("title"))
        {
            *title_of = json!(title);
        }
    }
    if let Value::Object(schema) = &mut schema {
        schema.shift_insert(1, "$id".to_owned(), json!(id));
    }
    schema
}

fn parse(text: &str) -> Words {
    toml::from_str(text).expect("the files in schemas/descriptions are read by tests")
}

fn describe_type(shape: &mut Value, words: &BTreeMap<String, Entry>) {
    let values = match words.get("_values") {
        Some(Entry::Values(values)) => Some(values),
        Some(Entry::Title(_) | Entry::Said(_)) | None => None,
    };
    if let Some(Entry::Said(said)) = words.get("_type") {
        say(shape, said);
    }
    if let Some(values) = values {
        describe_values(shape, values);
    }
    describe_properties(shape, words);
    for key in ["anyOf", "oneOf"] {
        let Some(Value::Array(shapes)) = shape.get_mut(key) else {
            continue;
        };
        for (at, shape) in shapes.iter_mut().enumerate() {
            if let Some(Entry::Said(said)) = words.get(&format!("_{}", at + 1)) {
                say(shape, said);
            }
            describe_properties(shape, words);
        }
    }
}

fn describe_properties(shape: &mut Value, words: &BTreeMap<String, Entry>) {
    let Some(Value::Object(properties)) = shape.get_mut("properties") else {
        return;
    };
    for (name, property) in properties {
        if let Some(Entry::Said(said)) = words.get(name) {
            say(property, said);
        }
    }
}

/// A list of bare values says what they mean in its own description: an editor shows that, and a value
/// that is none is told as such, not as fitting none of several shapes.
fn describe_values(shape: &mut Value, values: &BTreeMap<String, Said>) {
    if let Some(Value::Array(variants)) = shape.get_mut("oneOf") {
        for variant in variants {
            let value = variant.get("const").and_then(Value::as_str);
            if let Some(said) = value.and_then(|value| values.get(value)) {
                say(variant, said);
            }
        }
    }
    let Some(Value::Array(listed)) = shape.get("enum") else {
        return;
    };
    let meanings: Vec<String> = listed
        .iter()
        .filter_map(Value::as_str)
        .filter_map(|value| {
            let said = values.get(value)?;
            Some(format!("`{value}`: {}", both(said.en.as_deref(), said)))
        })
        .collect();
    let told = shape.get("description").and_then(Value::as_str);
    let told = format!("{} {}", told.unwrap_or_default(), meanings.join("; "));
    if let Value::Object(shape) = shape {
        insert(shape, "description", json!(told.trim()));
    }
}

fn say(shape: &mut Value, said: &Said) {
    let Value::Object(shape) = shape else { return };
    let comment = shape.get("description").and_then(Value::as_str).map(prose);
    let told = both(comment.as_deref().or(said.en.as_deref()), said);
    insert(shape, "description", json!(told));
    if !said.examples.is_empty() {
        insert(shape, "examples", json!(said.examples));
    }
}

/// English and Japanese in one text.
fn both(english: Option<&str>, said: &Said) -> String {
    let parts = [english, said.ja.as_deref()];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    parts.join(" / ")
}

/// A comment on one line, without the program text that it may end with.
fn prose(comment: &str) -> String {
    let prose = comment.split("```").next().unwrap_or(comment);
    prose.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Replaces a key; a description that was not there goes first, as in the others.
fn insert(shape: &mut Map<String, Value>, key: &str, value: Value) {
    if let Some(known) = shape.get_mut(key) {
        *known = value;
        return;
    }
    let at = if key == "description" { 0 } else { shape.len() };
    shape.shift_insert(at, key.to_owned(), value);
}
