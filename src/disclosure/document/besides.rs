//! What a document says besides form, head, items and remarks: the content it keeps, and keys that nobody knows.

use super::{DocumentReader, place_of, said};
use crate::answer::ItemNumber;
use crate::disclosure::kept::{Kept, KeptKind};
use crate::limits::Limits;
use crate::place::Place;
use crate::read::tree::{Node, NodeValue};
use crate::text::is_blank;

const KEPT: [&str; 6] = ["kind", "item", "label", "text", "value", "origin"];

impl DocumentReader<'_> {
    /// Says which keys are not known; what they hold is not judged, but kept. `under` is put before their names.
    pub(super) fn unknown(
        &mut self,
        node: &Node,
        known: &[&str],
        under: &str,
        item: Option<&ItemNumber>,
    ) {
        let mut seen: Vec<&str> = Vec::new();
        for (key, place, value) in node.entries() {
            let is_known = known.contains(&key.as_str());
            // An element of XML may stand twice, and only the first is read; a field of the head tells that itself.
            let is_again = is_known && seen.contains(&key.as_str()) && under != "header.";
            if is_known && !is_again {
                seen.push(key);
                continue;
            }
            self.not_used(place.clone(), key, known);
            self.keep_key(&format!("{under}{key}"), place, value, item);
        }
    }

    /// Keeps what stands under a key that is not known.
    fn keep_key(&mut self, label: &str, place: &Place, value: &Node, item: Option<&ItemNumber>) {
        self.kept.push(Kept {
            kind: KeptKind::Key,
            item: item.cloned(),
            label: label.to_owned(),
            text: as_text(value),
            origin: None,
            place: place.clone(),
        });
    }

    /// Keeps an item whose number cannot be read, which is none of the items.
    pub(super) fn keep_item(&mut self, node: &Node) {
        self.keep_key("items", &node.place, node, None);
    }

    /// The content that a document keeps.
    pub(super) fn kept_content(&mut self, node: Option<&Node>) -> Vec<Kept> {
        let mut found = Vec::new();
        for node in node.map(Node::list).unwrap_or_default() {
            let exact = |key: &str| node.get(key).and_then(Node::text).unwrap_or_default();
            let item = said(node, "item").and_then(|written| {
                let number = ItemNumber::parse(written);
                if number.is_none() {
                    self.not_used(place_of(node, "item"), written, &["item = \"4.1\""]);
                }
                number
            });
            let code = said(node, "kind").unwrap_or_default();
            let kind = KeptKind::from_code(code).unwrap_or_else(|| {
                let known: Vec<&str> = KeptKind::ALL.iter().map(|kind| kind.code()).collect();
                self.not_used(place_of(node, "kind"), code, &known);
                KeptKind::Other
            });
            let kept = Kept {
                kind,
                item,
                label: exact("label").to_owned(),
                text: said(node, "text")
                    .or_else(|| said(node, "value"))
                    .or_else(|| node.text().filter(|text| !is_blank(text)))
                    .unwrap_or_default()
                    .to_owned(),
                origin: Some(exact("origin").to_owned()),
                place: node.place.clone(),
            };
            self.unknown(node, &KEPT, "kept.", kept.item.as_ref());
            if kept.is_said() {
                found.push(kept);
            }
        }
        found
    }
}

/// A value as a text: one that is a text as written, all else as JSON. Cut at the longest text that can be written.
pub(super) fn as_text(node: &Node) -> String {
    let text = match node.text() {
        Some(text) if is_blank(text) => String::new(),
        Some(text) => text.to_owned(),
        None => json(node).to_string(),
    };
    let limit = Limits::default().cell_chars;
    match text.char_indices().nth(limit) {
        Some((end, _)) => text[..end].to_owned(),
        None => text,
    }
}

fn json(node: &Node) -> serde_json::Value {
    match &node.value {
        NodeValue::Null => serde_json::Value::Null,
        NodeValue::Text(text) | NodeValue::Bare(text) => text.as_str().into(),
        NodeValue::List(nodes) => nodes.iter().map(json).collect(),
        NodeValue::Map(entries) => {
            let entries = entries
                .iter()
                .map(|(key, _, node)| (key.clone(), json(node)));
            serde_json::Value::Object(entries.collect())
        }
    }
}
