//! TOML: a tree with the place of every value, from the parser's spans.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::tree::{Node, NodeValue};
use super::{Content, Reading, miswritten, short_enough, too_large, utf8};
use crate::finding::Finding;
use crate::limits::Limits;
use crate::place::{Lines, Place};
use crate::syntax;

/// Reads TOML text in UTF-8.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Reading {
    let text = match utf8(bytes, "TOML", limits) {
        Ok(text) => text,
        Err(finding) => return Reading::refused(finding),
    };
    let lines = Lines::new(text);
    let root = match DeTable::parse(text) {
        Ok(root) => root,
        Err(error) => {
            let place = lines.place(error.span().map_or(0, |span| span.start));
            let reason = syntax::in_words(error.message());
            return Reading::refused(miswritten(place, "TOML", reason));
        }
    };
    let place = lines.place(root.span().start);
    match table(root.get_ref(), place, 0, &lines, limits) {
        Ok(root) => Reading::of(Content::Tree(root)),
        Err(finding) => Reading::refused(finding),
    }
}

fn table(
    table: &DeTable<'_>,
    place: Place,
    depth: usize,
    lines: &Lines<'_>,
    limits: &Limits,
) -> Result<Node, Finding> {
    let mut map = Vec::with_capacity(table.len());
    for (key, value) in table {
        let key_place = lines.place(key.span().start);
        map.push((
            key.get_ref().to_string(),
            key_place,
            node(value, depth + 1, lines, limits)?,
        ));
    }
    Ok(Node {
        place,
        value: NodeValue::Map(map),
    })
}

fn node(
    spanned: &Spanned<DeValue<'_>>,
    depth: usize,
    lines: &Lines<'_>,
    limits: &Limits,
) -> Result<Node, Finding> {
    let place = lines.place(spanned.span().start);
    let deepest = limits.depth.min(Limits::DEEPEST);
    if depth > deepest {
        let found = format!("> {deepest}");
        return Err(too_large(place, "limit-depth", deepest, found));
    }
    let value = match spanned.get_ref() {
        DeValue::String(text) => {
            short_enough(text, &place, limits)?;
            NodeValue::Text(text.to_string())
        }
        DeValue::Integer(number) => NodeValue::Bare(number.as_str().to_owned()),
        DeValue::Float(number) => NodeValue::Bare(number.as_str().to_owned()),
        DeValue::Boolean(value) => NodeValue::Bare(value.to_string()),
        DeValue::Datetime(date) => NodeValue::Bare(date.to_string()),
        DeValue::Array(values) => NodeValue::List(
            values
                .iter()
                .map(|value| node(value, depth + 1, lines, limits))
                .collect::<Result<_, _>>()?,
        ),
        DeValue::Table(inner) => return table(inner, place, depth, lines, limits),
    };
    Ok(Node { place, value })
}
