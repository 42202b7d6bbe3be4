//! JSON: a tree with the place of every value, from serde_json's raw values.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::tree::{Node, NodeValue};
use super::{Content, Reading, miswritten, short_enough, too_large, utf8};
use crate::finding::Finding;
use crate::language::Localised;
use crate::limits::Limits;
use crate::place::{Lines, Place};
use crate::syntax;

/// Reads JSON text in UTF-8.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Reading {
    let text = match utf8(bytes, "JSON", limits) {
        Ok(text) => text,
        Err(finding) => return Reading::refused(finding),
    };
    // One pass tells syntax errors with their place, and depth, before any tree is built.
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        let reason = syntax::json_in_words(&error.to_string());
        return Reading::refused(miswritten(syntax_place(text, &error), "JSON", reason));
    }
    let lines = Lines::new(text);
    match node(text, text, 0, &lines, limits) {
        Ok(root) => Reading::of(Content::Tree(root)),
        Err(finding) => Reading::refused(finding),
    }
}

/// serde_json counts lines and bytes of a line; a line's bytes become characters here.
fn syntax_place(text: &str, error: &serde_json::Error) -> Place {
    let start: usize = text
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum();
    Lines::new(text).place(start + error.column().saturating_sub(1))
}

fn node(
    raw: &str,
    text: &str,
    depth: usize,
    lines: &Lines<'_>,
    limits: &Limits,
) -> Result<Node, Finding> {
    // Raw values are slices of the text, so their offset in it is their place.
    let offset = raw.as_ptr() as usize - text.as_ptr() as usize;
    let skipped = raw.len() - raw.trim_start().len();
    let (raw, place) = (raw.trim(), lines.place(offset + skipped));
    let deepest = limits.depth.min(Limits::DEEPEST);
    if depth > deepest {
        let found = format!("> {deepest}");
        return Err(too_large(place, "limit-depth", deepest, found));
    }
    let broken = |error: serde_json::Error| {
        let reason = syntax::json_in_words(&error.to_string());
        miswritten(place.clone(), "JSON", reason)
    };
    let value = match raw.as_bytes().first() {
        Some(b'{') => {
            let mut deserializer = serde_json::Deserializer::from_str(raw);
            let entries = deserializer.deserialize_map(Entries).map_err(broken)?;
            let mut map: Vec<(String, Place, Node)> = Vec::with_capacity(entries.len());
            let mut keys = HashSet::with_capacity(entries.len());
            for (key, value) in entries {
                let node = node(value.get(), text, depth + 1, lines, limits)?;
                if !keys.insert(key.clone()) {
                    let reason = Localised::label("json-duplicate", &[("name", &key)]);
                    return Err(miswritten(node.place, "JSON", reason));
                }
                map.push((key, node.place.clone(), node));
            }
            NodeValue::Map(map)
        }
        Some(b'[') => {
            let mut deserializer = serde_json::Deserializer::from_str(raw);
            let values = deserializer.deserialize_seq(Values).map_err(broken)?;
            let nodes = values
                .into_iter()
                .map(|value| node(value.get(), text, depth + 1, lines, limits));
            NodeValue::List(nodes.collect::<Result<_, _>>()?)
        }
        Some(b'"') => {
            let text: String = serde_json::from_str(raw).map_err(broken)?;
            short_enough(&text, &place, limits)?;
            NodeValue::Text(text)
        }
        Some(b'n') => NodeValue::Null,
        Some(_) | None => NodeValue::Bare(raw.to_owned()),
    };
    Ok(Node { place, value })
}

/// Collects an object's entries in order, duplicates included.
struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(entries)
    }
}

/// Collects an array's values.
struct Values;

impl<'de> Visitor<'de> for Values {
    type Value = Vec<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = access.next_element()? {
            values.push(value);
        }
        Ok(values)
    }
}
