//! The published schemas explain themselves: every name in both languages, with examples that are valid;
//! and `schemas/disclosure.md` says all that the schemas have, and nothing else.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

#[path = "schema_docs/page.rs"]
mod page;
#[path = "schema_docs/xsd.rs"]
mod xsd;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use kaijisho::schema::Published;
use serde_json::{Map, Value, json};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn none(problems: &[String]) {
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn is_japanese(text: &str) -> bool {
    text.chars()
        .any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'))
}

/// English words in front, Japanese behind: `Its number. / 項目番号。`
fn speaks_both(description: &str) -> bool {
    description
        .split_once(" / ")
        .is_some_and(|(english, rest)| {
            english.bytes().filter(u8::is_ascii_alphabetic).count() > 1 && is_japanese(rest)
        })
}

fn schema(published: Published) -> Value {
    serde_json::from_str(&published.json_schema()).unwrap()
}

/// TOML as the JSON of the same shape; dates become texts.
fn json_of(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::from(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Boolean(value) => Value::from(value),
        toml::Value::Datetime(date) => Value::from(date.to_string()),
        toml::Value::Array(values) => values.into_iter().map(json_of).collect(),
        toml::Value::Table(table) => {
            let entries = table.into_iter().map(|(key, value)| (key, json_of(value)));
            Value::Object(entries.collect())
        }
    }
}

/// Every object of a schema that says what a value is, with the path to it.
fn shapes<'v>(value: &'v Value, path: String, found: &mut Vec<(String, &'v Map<String, Value>)>) {
    match value {
        Value::Object(object) => {
            found.push((path.clone(), object));
            for (key, value) in object {
                if !["examples", "default", "enum", "const"].contains(&key.as_str()) {
                    shapes(value, format!("{path}/{key}"), found);
                }
            }
        }
        Value::Array(values) => {
            for (at, value) in values.iter().enumerate() {
                shapes(value, format!("{path}/{at}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The properties of a schema, with the path to each.
fn properties(schema: &Value) -> Vec<(String, &Map<String, Value>)> {
    let mut found = Vec::new();
    shapes(schema, String::new(), &mut found);
    let mut properties = Vec::new();
    for (path, shape) in found {
        if path.ends_with("/properties") {
            for (name, property) in shape {
                properties.push((format!("{path}/{name}"), property.as_object().unwrap()));
            }
        }
    }
    properties
}

/// True where a value of this shape is one text, number or boolean, or a list of such.
fn is_plain(shape: &Map<String, Value>) -> bool {
    let types: Vec<&str> = match shape.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => return false,
    };
    let plain = |name: &&str| ["string", "integer", "number", "boolean", "null"].contains(name);
    types.iter().all(|name| {
        plain(name)
            || (*name == "array"
                && shape["items"]
                    .as_object()
                    .is_some_and(|item| item.contains_key("type") && is_plain(item)))
    })
}

#[test]
fn every_property_and_type_is_described_in_both_languages() {
    let mut problems = Vec::new();
    for published in Published::ALL {
        let name = published.name();
        let schema = schema(published);
        let mut described = properties(&schema);
        assert!(described.len() > 5, "{name}");
        described.push(("(the whole)".into(), schema.as_object().unwrap()));
        for (type_name, shape) in schema["$defs"].as_object().unwrap() {
            described.push((type_name.clone(), shape.as_object().unwrap()));
        }
        for (path, shape) in described {
            let description = shape.get("description").and_then(Value::as_str);
            if !description.is_some_and(speaks_both) {
                problems.push(format!("{name}: {path}: {description:?}"));
            }
        }
    }
    none(&problems);
}

#[test]
fn every_value_of_a_list_is_described_in_both_languages() {
    let mut problems = Vec::new();
    for published in Published::ALL {
        let name = published.name();
        let schema = schema(published);
        let mut found = Vec::new();
        shapes(&schema, String::new(), &mut found);
        for (path, shape) in found {
            let told = shape.get("description").and_then(Value::as_str);
            if shape.contains_key("const") && !told.is_some_and(speaks_both) {
                problems.push(format!("{name}: {path}: {told:?}"));
            }
            let Some(Value::Array(values)) = shape.get("enum") else {
                continue;
            };
            // The one name of a format says what it is.
            for value in values
                .iter()
                .filter_map(Value::as_str)
                .filter(|_| values.len() > 1)
            {
                let meaning = told.and_then(|told| told.split_once(&format!("`{value}`: ")));
                let meaning = meaning.map(|(_, rest)| rest.split(';').next().unwrap());
                if !meaning.is_some_and(speaks_both) {
                    problems.push(format!("{name}: {path}: {value}: {told:?}"));
                }
            }
        }
    }
    none(&problems);
}

#[test]
fn plain_properties_have_examples_and_all_examples_are_valid() {
    let mut problems = Vec::new();
    for published in Published::ALL {
        let name = published.name();
        let schema = schema(published);
        for (path, property) in properties(&schema) {
            let examples = property.get("examples").and_then(Value::as_array);
            if is_plain(property) && examples.is_none_or(Vec::is_empty) {
                problems.push(format!("{name}: {path} has no example"));
            }
            let mut alone = property.clone();
            alone.insert("$defs".into(), schema["$defs"].clone());
            let judge = jsonschema::validator_for(&Value::Object(alone)).unwrap();
            for example in examples.into_iter().flatten() {
                if let Err(error) = judge.validate(example) {
                    problems.push(format!("{name}: {path}: {error}"));
                }
            }
        }
    }
    none(&problems);
}

/// The tables of a file in `schemas/descriptions/`.
fn descriptions(name: &str) -> BTreeMap<String, toml::Table> {
    toml::from_str(&text(&format!("schemas/descriptions/{name}.toml"))).unwrap()
}

/// Every text of a description file, with the type and property it belongs to.
fn said(tables: &BTreeMap<String, toml::Table>) -> Vec<(String, String, String)> {
    fn texts(value: &toml::Value, found: &mut Vec<String>) {
        match value {
            toml::Value::String(text) => found.push(text.clone()),
            toml::Value::Table(table) => {
                for (_, value) in table.iter().filter(|(key, _)| *key != "examples") {
                    texts(value, found);
                }
            }
            _ => {}
        }
    }
    let mut all = Vec::new();
    for (name, table) in tables {
        for (key, value) in table {
            let mut found = Vec::new();
            texts(value, &mut found);
            all.extend(
                found
                    .into_iter()
                    .map(|text| (name.clone(), key.clone(), text)),
            );
        }
    }
    all
}

#[test]
fn every_description_is_used() {
    let mut problems = Vec::new();
    let mut schemas = String::new();
    for published in Published::ALL {
        let schema = published.json_schema();
        for (name, key, text) in said(&descriptions(published.name())) {
            // As it stands in JSON; English that a comment of the struct replaces is not there either.
            if !schema.contains(json!(text).to_string().trim_matches('"')) {
                problems.push(format!("{}: {name}.{key}: {text}", published.name()));
            }
        }
        schemas.push_str(&schema);
    }
    for (name, key, text) in said(&descriptions("common")) {
        if !schemas.contains(json!(text).to_string().trim_matches('"')) {
            problems.push(format!("common: {name}.{key}: {text}"));
        }
    }
    none(&problems);
}

#[test]
fn every_part_of_the_xsd_is_explained_in_both_languages() {
    let parts = xsd::parts();
    assert!(parts.len() > 40, "{}", parts.len());
    let mut problems = Vec::new();
    for part in parts {
        for (language, example) in [("ja", "例: "), ("en", "Example: ")] {
            let told = part.texts.get(language).map_or("", |text| text.trim());
            let is_named = ["element", "attribute"].contains(&part.kind.as_str());
            if told.is_empty()
                || is_japanese(told) != (language == "ja")
                || (is_named && !told.contains(example))
            {
                problems.push(format!("{} {} {language}: {told:?}", part.kind, part.name));
            }
        }
    }
    none(&problems);
}

#[test]
fn schemas_have_names_of_their_own() {
    let ids: BTreeSet<String> = Published::ALL.into_iter().map(Published::id).collect();
    assert_eq!(ids.len(), Published::ALL.len());
    for published in Published::ALL {
        let schema = schema(published);
        assert_eq!(schema["$id"], json!(published.id()));
        // The names of Rust's types are nobody else's business at the head of a file.
        let title = schema["title"].as_str().unwrap();
        assert!(
            title.starts_with("kaijisho/") && is_japanese(title),
            "{title}"
        );
    }
}
