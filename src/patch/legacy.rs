//! What leads from a sheet to the drawing of its comments, and where in it the box of a comment lies.

use super::At;
use super::elements::{Edits, Element, append, root};
use super::vml::{Anchor, Shape};

/// What stands behind the lead to the drawing. Source: ECMA-376 part 1, CT_Worksheet.
const BEHIND: [&str; 9] = [
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
    "AlternateContent",
];

/// The id of the relationship that leads to the drawing of the sheet's comments and controls.
pub(crate) fn lead(sheet: &str) -> Option<String> {
    let lead = root(sheet)?.child("legacyDrawing")?;
    Some(lead.attribute("id")?.into_owned())
}

/// The sheet with a lead to a drawing, which it has none of yet.
pub(crate) fn with_lead(sheet: &str, relation: &str) -> Option<String> {
    let root = root(sheet)?;
    let space = if root.tag().contains("http://purl.oclc.org/ooxml/") {
        "http://purl.oclc.org/ooxml/officeDocument/relationships"
    } else {
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    };
    let lead = format!(
        "<{}legacyDrawing xmlns:r=\"{space}\" r:id=\"{}\"/>",
        root.prefix(),
        super::spans::escape(relation)
    );
    let children = root.children();
    let rows = children.iter().position(|it| it.name() == "sheetData")?;
    let mut behind = children[rows..].iter();
    let mut edits = Edits::default();
    match behind.find(|it| BEHIND.contains(&it.name())) {
        Some(next) => edits.insert(next.span.start, lead),
        None => append(&mut edits, &root, &lead),
    }
    Some(edits.apply(sheet))
}

/// How wide the box of a comment is, in pixels.
const WIDTH: u32 = 280;
/// How high a line in it is.
const LINE: u32 = 17;
/// Half-width characters in a line of it.
const LINE_LENGTH: usize = 44;
/// Rows or columns that a box lies over at most.
const FAR: u32 = 200;

/// Boxes beside their cells, as large as their texts.
pub(crate) fn boxes<'t>(sheet: &str, texts: impl Iterator<Item = (At, &'t str)>) -> Vec<Shape> {
    let sizes = Sizes::of(sheet);
    let shape = |(at, text): (At, &str)| {
        let lines: usize = text
            .lines()
            .map(|line| {
                unicode_width::UnicodeWidthStr::width(line)
                    .div_ceil(LINE_LENGTH)
                    .max(1)
            })
            .sum();
        let height = LINE * (u32::try_from(lines).unwrap_or(FAR).min(60) + 3);
        let anchor: Anchor = {
            let column = at.1.saturating_add(1).min(16_383);
            let (right, right_offset) = reach(column, 12, WIDTH, |column| sizes.column(column));
            let (bottom, bottom_offset) = reach(at.0, 2, height, |row| sizes.row(row));
            let (right, bottom) = (right.min(16_383), bottom.min(1_048_575));
            [
                column,
                12,
                at.0,
                2,
                right,
                right_offset,
                bottom,
                bottom_offset,
            ]
        };
        Shape { at, anchor }
    };
    texts.map(shape).collect()
}

/// Where a stretch of so many pixels ends.
fn reach(first: u32, offset: u32, length: u32, size: impl Fn(u32) -> u32) -> (u32, u32) {
    let mut left = offset + length;
    for at in first..first.saturating_add(FAR) {
        let size = size(at);
        if left <= size {
            return (at, left);
        }
        left -= size;
    }
    (first.saturating_add(FAR), 0)
}

/// Sizes of rows and columns in pixels.
struct Sizes {
    row: u32,
    column: u32,
    /// Sorted by row.
    rows: Vec<(u32, u32)>,
    columns: Vec<(u32, u32, u32)>,
}

impl Sizes {
    fn of(sheet: &str) -> Self {
        let children = root(sheet).map(|root| root.children()).unwrap_or_default();
        let named = |name: &str| children.iter().find(|it| it.name() == name);
        let number = |it: &Element<'_>, name: &str| {
            let value = it.attribute(name)?.parse::<f64>().ok()?;
            (value.is_finite() && value >= 0.0).then_some(value)
        };
        let points = |value: f64| (value.min(500.0) * 4.0 / 3.0).round() as u32;
        let characters = |value: f64| (value.min(300.0) * 7.0 + 5.0).round() as u32;
        let hidden = |it: &Element<'_>| {
            it.attribute("hidden")
                .is_some_and(|it| it == "1" || it == "true")
        };
        let format = named("sheetFormatPr");
        let default = |name: &str| format.and_then(|it| number(it, name));
        let mut rows: Vec<(u32, u32)> = Vec::new();
        for row in named("sheetData")
            .map(Element::children)
            .unwrap_or_default()
        {
            let Some(at) = row.attribute("r").and_then(|r| r.parse::<u32>().ok()) else {
                continue;
            };
            if hidden(&row) {
                rows.push((at.saturating_sub(1), 0));
            } else if let Some(height) = number(&row, "ht") {
                rows.push((at.saturating_sub(1), points(height)));
            }
        }
        rows.sort_unstable();
        let columns = named("cols").map(Element::children).unwrap_or_default();
        let columns = columns.iter().filter_map(|it| {
            let at = |name: &str| it.attribute(name)?.parse::<u32>().ok();
            let width = if hidden(it) {
                0
            } else {
                characters(number(it, "width")?)
            };
            Some((at("min")?.saturating_sub(1), at("max")?, width))
        });
        Self {
            row: default("defaultRowHeight").map_or(20, points).max(1),
            column: default("defaultColWidth").map_or(64, characters).max(1),
            rows,
            columns: columns.take(1_000).collect(),
        }
    }

    fn row(&self, row: u32) -> u32 {
        let known = self.rows.binary_search_by_key(&row, |(at, _)| *at);
        known.map_or(self.row, |at| self.rows[at].1)
    }

    fn column(&self, column: u32) -> u32 {
        let mut columns = self.columns.iter();
        let known = columns.find(|(first, end, _)| (*first..*end).contains(&column));
        known.map_or(self.column, |(_, _, width)| *width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_stands_where_the_schema_has_it() {
        let sheet = "<x:worksheet xmlns:x='m'><x:sheetData/><x:pageSetup/><x:drawing/><x:tableParts/></x:worksheet>";
        let led = with_lead(sheet, "rId3").expect("a sheet");
        assert!(
            led.contains("<x:drawing/><x:legacyDrawing xmlns:r="),
            "{led}"
        );
        assert!(led.ends_with("r:id=\"rId3\"/><x:tableParts/></x:worksheet>"));
        assert_eq!((lead(sheet), lead(&led).as_deref()), (None, Some("rId3")));
        assert!(
            with_lead("<worksheet><sheetData/></worksheet>", "a")
                .is_some_and(|s| s.ends_with("/></worksheet>"))
        );
    }

    #[test]
    fn boxes_are_as_large_as_their_texts() {
        let sheet = "<worksheet><cols><col min='3' max='3' width='50'/></cols><sheetData><row r='2' ht='60'/><row r='3' hidden='1'/></sheetData></worksheet>";
        let shapes = boxes(sheet, [((1, 1), "一行"), ((1, 3), "一行")].into_iter());
        assert_eq!(shapes[0].anchor, [2, 12, 1, 2, 2, 292, 1, 70]);
        assert_eq!(shapes[1].anchor, [4, 12, 1, 2, 8, 36, 1, 70]);
    }
}
