//! Trees: nested values with the place of every one, whatever the text format was.

use crate::place::Place;

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) value: NodeValue,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum NodeValue {
    Null,
    /// A text.
    Text(String),
    /// A number, boolean or date, as written.
    Bare(String),
    List(Vec<Node>),
    /// Keys with the place of the key, in order; a key may stand more than once in XML.
    Map(Vec<(String, Place, Node)>),
}

impl Node {
    /// The first value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            NodeValue::Map(entries) => entries
                .iter()
                .find(|(known, _, _)| known == key)
                .map(|(_, _, node)| node),
            NodeValue::Null | NodeValue::Text(_) | NodeValue::Bare(_) | NodeValue::List(_) => None,
        }
    }

    /// Key, place of the key and value of each entry.
    pub(crate) fn entries(&self) -> &[(String, Place, Node)] {
        match &self.value {
            NodeValue::Map(entries) => entries,
            NodeValue::Null | NodeValue::Text(_) | NodeValue::Bare(_) | NodeValue::List(_) => &[],
        }
    }

    /// The values of a list, or the value itself where it stands alone.
    pub(crate) fn list(&self) -> Vec<&Node> {
        match &self.value {
            NodeValue::List(nodes) => nodes.iter().collect(),
            NodeValue::Null => Vec::new(),
            NodeValue::Text(_) | NodeValue::Bare(_) | NodeValue::Map(_) => vec![self],
        }
    }

    /// The text of a text, number, boolean or date; `None` for null, lists and maps.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            NodeValue::Text(text) | NodeValue::Bare(text) => Some(text),
            NodeValue::Null | NodeValue::List(_) | NodeValue::Map(_) => None,
        }
    }
}
