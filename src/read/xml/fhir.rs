//! FHIR's XML as the tree that its JSON makes, so that one reader serves both.
//!
//! `<x value="v"/>` is the text `x`; extensions of it stand under `_x`; an element that stands several times
//! is a list; a resource within a resource is a map with its `resourceType`. Narrative (XHTML) is left out:
//! it repeats for people what the resource says.

use std::collections::HashMap;

use super::Open;
use crate::place::Place;
use crate::read::tree::{Node, NodeValue};

type Entry = (String, Place, Node);

/// Closes an element: it becomes an entry of its parent, or the root if it has none.
pub(super) fn close(done: Open, parent: Option<&mut Open>) -> Option<Node> {
    let Open {
        name,
        place,
        text,
        mut entries,
    } = done;
    let is_resource = name.starts_with(|c: char| c.is_ascii_uppercase());
    let Some(parent) = parent else {
        return Some(resource(&name, place, entries));
    };
    // White space between elements only indents, and must not add up to a text.
    parent.text.clear();
    if name == "div" || name.contains(':') {
        return None;
    }
    if is_resource {
        let node = resource(&name, place.clone(), entries);
        parent.entries.push((name, place, node));
        return None;
    }
    if let [(inner, _, _)] = entries.as_slice()
        && inner.starts_with(|c: char| c.is_ascii_uppercase())
    {
        let inner = entries.remove(0).2;
        parent.entries.push((name, place, inner));
        return None;
    }
    if !text.trim().is_empty() {
        // FHIR has no text but in attributes; the reader tells what it does not know.
        let value = NodeValue::Text(text);
        let node = Node {
            place: place.clone(),
            value,
        };
        entries.push(("#text".to_owned(), place.clone(), node));
    }
    let value = entries.iter().position(|(key, _, _)| key == "value");
    // An attribute is a text; an element of the name `value` is none in R4 but of quantities.
    let value = value.filter(|at| matches!(&entries[*at].2.value, NodeValue::Text(_)));
    let is_extension = entries.iter().any(|(key, _, _)| key == "url");
    match value.filter(|_| !is_extension && !is_quantity(&entries)) {
        Some(at) => {
            let (_, _, node) = entries.remove(at);
            parent.entries.push((name.clone(), place.clone(), node));
            if !entries.is_empty() {
                let node = map(place.clone(), entries);
                parent.entries.push((format!("_{name}"), place, node));
            }
        }
        // A primitive without a value has nothing but extensions, and only a primitive has nothing else.
        None if is_bare_primitive(&name, &entries) => {
            let node = map(place.clone(), entries);
            parent.entries.push((format!("_{name}"), place, node));
        }
        None => {
            let node = map(place.clone(), entries);
            parent.entries.push((name, place, node));
        }
    }
    None
}

/// True for what has a unit beside its value.
fn is_quantity(entries: &[Entry]) -> bool {
    let has = |name: &str| entries.iter().any(|(key, _, _)| key == name);
    has("unit") || has("code") || has("system")
}

/// True for an element with nothing but extensions that is no list of elements in its own right.
fn is_bare_primitive(name: &str, entries: &[Entry]) -> bool {
    const NEVER: [&str; 4] = ["item", "answer", "extension", "modifierExtension"];
    !entries.is_empty()
        && !NEVER.contains(&name)
        && entries
            .iter()
            .all(|(key, _, _)| key == "extension" || key == "id")
}

fn resource(name: &str, place: Place, entries: Vec<Entry>) -> Node {
    let kind = Node {
        place: place.clone(),
        value: NodeValue::Text(name.to_owned()),
    };
    let mut all = vec![("resourceType".to_owned(), place.clone(), kind)];
    all.extend(entries);
    map(place, all)
}

/// Entries as a map; those of one name become a list.
fn map(place: Place, entries: Vec<Entry>) -> Node {
    let mut at: HashMap<String, usize> = HashMap::new();
    let mut grouped: Vec<Entry> = Vec::new();
    for (key, place, node) in entries {
        let Some(known) = at.get(&key) else {
            at.insert(key.clone(), grouped.len());
            grouped.push((key, place, node));
            continue;
        };
        let (_, first_place, known) = &mut grouped[*known];
        let value = &mut known.value;
        match value {
            NodeValue::List(list) => list.push(node),
            NodeValue::Null | NodeValue::Text(_) | NodeValue::Bare(_) | NodeValue::Map(_) => {
                let first = std::mem::replace(value, NodeValue::Null);
                let first = Node {
                    place: first_place.clone(),
                    value: first,
                };
                *value = NodeValue::List(vec![first, node]);
            }
        }
    }
    Node {
        place,
        value: NodeValue::Map(grouped),
    }
}
