//! The changes of cells made in the bytes of a sheet's part.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use super::super::spans::{self, Splices, Tag};
use super::super::{At, Refusal};
use super::facts::{Facts, Position};
use super::{Content, Edit, Patched, cell};
use crate::place::{address, parse_address};
use crate::read::ooxml::attribute;

/// Where in the part something that changes stands.
#[derive(Debug, Default)]
struct Found {
    /// Opening tag and whole of the cells that change.
    cells: HashMap<At, (Range<usize>, Range<usize>)>,
    /// Opening tags of the rows that get cells, with whether they hold nothing.
    rows: HashMap<u32, (Range<usize>, bool)>,
    /// Before what in its row a cell is to stand.
    in_row: HashMap<At, usize>,
    /// Before what a row is to stand.
    between_rows: HashMap<u32, usize>,
    /// The opening tag of the table, with whether it holds nothing.
    table: Option<(Range<usize>, bool)>,
    dimension: Option<Range<usize>>,
    reference: Option<String>,
}

pub(super) fn apply(
    text: &str,
    facts: &Facts,
    edits: &BTreeMap<At, Edit>,
) -> Result<Patched, Refusal> {
    let found = find(text, edits)?;
    let mut splices = Splices::default();
    let mut formulas_removed = Vec::new();
    // Cells that were not there, by row.
    let mut new_cells: BTreeMap<u32, Vec<(At, String)>> = BTreeMap::new();
    for (at, edit) in edits {
        match (found.cells.get(at), &edit.content) {
            (Some((tag, whole)), Some(content)) => {
                let cell = cell::changed(&facts.prefix, &text[tag.clone()], edit.style, content);
                splices.put(whole.clone(), cell);
                formulas_removed.extend(facts.has_formula(*at).then_some(*at));
            }
            (Some((tag, _)), None) => {
                if let Some(style) = edit.style {
                    let changed = &text[tag.clone()];
                    let changed = spans::with_attribute(changed, "s", &style.to_string());
                    splices.put(tag.clone(), changed);
                }
            }
            (None, Some(Content::Nothing)) if edit.style.is_none() => {}
            (None, content) => {
                let content = content.as_ref().unwrap_or(&Content::Nothing);
                let style = edit.style.or_else(|| facts.inherited(*at));
                let cell = cell::new(&facts.prefix, *at, style, content);
                new_cells.entry(at.0).or_default().push((*at, cell));
            }
        }
    }
    insert(text, facts, &found, &new_cells, &mut splices);
    dimension(text, edits, &found, &mut splices);
    Ok(Patched {
        bytes: splices.apply(text).into_bytes(),
        formulas_removed,
    })
}

/// Puts cells that were not there into their rows, and rows that were not there into the table.
fn insert(
    text: &str,
    facts: &Facts,
    found: &Found,
    new_cells: &BTreeMap<u32, Vec<(At, String)>>,
    splices: &mut Splices,
) {
    let p = &facts.prefix;
    let mut all_rows = String::new();
    for (row, cells) in new_cells {
        let joined = || {
            cells
                .iter()
                .map(|(_, cell)| cell.as_str())
                .collect::<String>()
        };
        match found.rows.get(row) {
            Some((tag, true)) => {
                let open = spans::opened(&wider(&text[tag.clone()], cells));
                splices.put(tag.clone(), format!("{open}{}</{p}row>", joined()));
            }
            Some((tag, false)) => {
                let open = wider(&text[tag.clone()], cells);
                if open != text[tag.clone()] {
                    splices.put(tag.clone(), open);
                }
                for (at, cell) in cells {
                    let before = found.in_row.get(at).copied().unwrap_or(tag.end);
                    splices.put(before..before, cell.clone());
                }
            }
            None => {
                let number = u64::from(*row) + 1;
                let whole = format!("<{p}row r=\"{number}\">{}</{p}row>", joined());
                match found.between_rows.get(row) {
                    Some(before) => splices.put(*before..*before, whole),
                    None => all_rows.push_str(&whole),
                }
            }
        }
    }
    // Rows stay over only where the table was empty and closed itself.
    if let (Some((tag, _)), false) = (&found.table, all_rows.is_empty()) {
        let open = spans::opened(&text[tag.clone()]);
        splices.put(tag.clone(), format!("{open}{all_rows}</{p}sheetData>"));
    }
}

/// Finds what changes; of rows and cells that stand there twice the last one counts.
fn find(text: &str, edits: &BTreeMap<At, Edit>) -> Result<Found, Refusal> {
    let mut found = Found::default();
    let mut position = Position::default();
    let mut open_rows: BTreeSet<u32> = edits.keys().map(|at| at.0).collect();
    let mut open_cells: BTreeSet<u32> = BTreeSet::new();
    let mut cell: Option<(At, Range<usize>)> = None;
    let mut in_table = false;
    spans::walk(text, |tag| {
        match tag {
            Tag::Open {
                element,
                span,
                closed,
            } => match element.local_name().as_ref() {
                "dimension" if !in_table && found.table.is_none() => {
                    found.reference = attribute(element, "ref");
                    found.dimension = Some(span);
                }
                "sheetData" => {
                    found.table = Some((span, closed));
                    in_table = !closed;
                }
                "row" if in_table => {
                    let row = position.row(attribute(element, "r").as_deref());
                    while let Some(before) = open_rows.range(..row).next().copied() {
                        open_rows.remove(&before);
                        found.between_rows.insert(before, span.start);
                    }
                    open_cells.clear();
                    let wanted = edits.range((row, 0)..=(row, u32::MAX));
                    open_cells.extend(wanted.map(|(at, _)| at.1));
                    if !open_cells.is_empty() {
                        found.rows.insert(row, (span, closed));
                    }
                }
                "c" if in_table => {
                    let at = position.cell(attribute(element, "r").as_deref());
                    while let Some(before) = open_cells.range(..at.1).next().copied() {
                        open_cells.remove(&before);
                        found.in_row.insert((position.row, before), span.start);
                    }
                    if edits.contains_key(&at) {
                        match closed {
                            true => {
                                found.cells.insert(at, (span.clone(), span));
                            }
                            false => cell = Some((at, span)),
                        }
                    }
                }
                _ => {}
            },
            Tag::Close { local, span } => match local {
                "c" => {
                    if let Some((at, tag)) = cell.take() {
                        let whole = tag.start..span.end;
                        found.cells.insert(at, (tag, whole));
                    }
                }
                "row" if in_table => {
                    for column in std::mem::take(&mut open_cells) {
                        found.in_row.insert((position.row, column), span.start);
                    }
                }
                "sheetData" => {
                    in_table = false;
                    for row in std::mem::take(&mut open_rows) {
                        found.between_rows.insert(row, span.start);
                    }
                }
                _ => {}
            },
        }
        true
    })?;
    Ok(found)
}

/// The opening tag of a row whose cells reach further than it says.
fn wider(tag: &str, cells: &[(At, String)]) -> String {
    let Some(at) = tag.find("spans=") else {
        return tag.to_owned();
    };
    let value = tag[at + 7..].split(['"', '\'']).next().unwrap_or_default();
    let ends = value
        .split_once(':')
        .and_then(|(first, last)| Some((first.parse::<u32>().ok()?, last.parse::<u32>().ok()?)));
    match ends {
        Some((first, last)) => {
            let columns = || cells.iter().map(|(at, _)| at.1 + 1);
            let low = columns().fold(first, u32::min);
            let high = columns().fold(last, u32::max);
            if (low, high) == (first, last) {
                return tag.to_owned();
            }
            spans::with_attribute(tag, "spans", &format!("{low}:{high}"))
        }
        // Several stretches: the attribute is a hint and may be left out.
        None => spans::without_attributes(tag, &["spans"]),
    }
}

/// Makes the area that the part says it uses hold the cells that are written.
fn dimension(text: &str, edits: &BTreeMap<At, Edit>, found: &Found, splices: &mut Splices) {
    let (Some(span), Some(reference)) = (&found.dimension, &found.reference) else {
        return;
    };
    let (first, last) = reference.split_once(':').unwrap_or((reference, reference));
    let (Some(mut first), Some(mut last)) = (parse_address(first), parse_address(last)) else {
        return;
    };
    let before = (first, last);
    for (at, edit) in edits {
        if edit.content.is_some() {
            first = (first.0.min(at.0), first.1.min(at.1));
            last = (last.0.max(at.0), last.1.max(at.1));
        }
    }
    if (first, last) != before {
        let reference = format!("{}:{}", address(first.0, first.1), address(last.0, last.1));
        let tag = spans::with_attribute(&text[span.clone()], "ref", &reference);
        splices.put(span.clone(), tag);
    }
}
