//! A sheet's own part: what stands before and after its rows, and what the tags of its rows say.

use memchr::memmem;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::anchor::{Axis, DIGIT, Spot};
use super::controls::{ControlReader, Controls, Named, OfSheet};
use super::looks::{Inside, Looks, Styled};
use super::rows::{Drawn, Row, Rows, Told, Workings};
use super::tags::{Cursor, holds, raw, tags};
use super::validations::{ListReader, Listed};
use super::{Gauge, Parts, Piece, attribute, comments, drawing, is_true, walk};
use crate::place::parse_address;
use crate::read::beside::Beside;
use crate::read::grid::{Area, Cell};

/// Excel's last column, one-based.
const COLUMNS: u32 = 16_384;
/// How many stretches of columns are looked at.
const STRETCHES: usize = 20_000;

/// What calamine does not tell about a sheet.
#[derive(Debug, Default, Clone)]
pub(in crate::read) struct Extras {
    /// Hidden rows, sorted.
    pub(in crate::read) hidden_rows: Vec<u32>,
    /// Merged areas, sorted.
    pub(in crate::read) merges: Vec<Area>,
    /// Hidden columns, first and last of each stretch, sorted.
    pub(in crate::read) hidden_columns: Vec<(u32, u32)>,
    /// What stands beside the cells, but for what is only known with them.
    pub(in crate::read) beside: Beside,
    /// The cells that may have a look.
    pub(in crate::read) styled: Vec<Styled>,
    /// The lists that cells offer, as written.
    pub(in crate::read) lists: Vec<Listed>,
    /// The cells, if the sheet is written so that they could be read on the way.
    pub(in crate::read) cells: Option<Vec<Cell>>,
}

impl Extras {
    /// What is kept beside the cells, in bytes of memory by estimate.
    pub(in crate::read) fn bytes(&self) -> usize {
        const EACH: usize = 96;
        let comments = self.beside.comments.iter().map(|it| it.text.len());
        let shapes = self.beside.shapes.iter().map(|it| it.text.len());
        let boxes = self.beside.boxes.iter().map(|it| it.label.len() + EACH);
        let texts = comments.chain(shapes).chain(boxes);
        let texts: usize = texts.map(|length| length + EACH).sum();
        // An area stands in a list of areas and in about two places of the index by address.
        texts + self.hidden_rows.len() * 4 + self.merges.len() * 64 + self.styled.len() * EACH
    }
}

/// Reads the part of a sheet of this name; the parts that it relates to have been read before. With `workings` its
/// cells are read on the way, if it is written as programs write it.
pub(in crate::read) fn read(
    part: &str,
    name: &str,
    text: &str,
    parts: &mut Parts,
    workings: Option<&mut Workings>,
) -> Extras {
    let (head, rows, tail) = split(text);
    let workings = workings.filter(|_| is_usual(head, &text[head.len()..]));
    let head = read_head(head);
    let mut extras = Extras {
        hidden_columns: head.hidden_columns(),
        ..Extras::default()
    };
    let floats = parts
        .of(part)
        .iter()
        .any(|relation| matches!(relation.kind.as_str(), "drawing" | "vmlDrawing"));
    let heights = in_one_pass(rows, floats, parts, &mut extras, workings)
        .unwrap_or_else(|| read_rows(rows, floats, parts, &mut extras));
    let controls = read_tail(tail, &mut parts.gauge, &mut extras);
    extras.beside.comments = comments::of_sheet(parts, part);
    if floats {
        let columns = head.axis(parts.looks.styles.digit.unwrap_or(DIGIT));
        let rows = Axis::rows(head.row_height, &heights);
        let sheet = OfSheet {
            parts,
            part,
            name,
            columns: &columns,
            rows: &rows,
        };
        let Controls { boxes, mut shapes } = sheet.join(&controls);
        shapes.extend(drawing::of_sheet(parts, part, &columns, &rows));
        extras.beside.boxes = in_order(boxes);
        extras.beside.shapes = in_order(shapes);
    }
    extras
}

fn in_order<T>(mut floats: Vec<(Spot, T)>) -> Vec<T> {
    floats.sort_by_key(|(spot, _)| spot.order());
    floats.into_iter().map(|(_, float)| float).collect()
}

/// What stands before the rows, the rows, and what stands after them.
fn split(text: &str) -> (&str, &str, &str) {
    // A bracket cannot stand in a text, so the word is a tag where one leads to it through a prefix.
    let is_tag = |at: &usize, lead: &str| {
        let before = &text[..*at];
        let name = before.rfind(['<', '>']).map_or("", |open| &before[open..]);
        name.strip_prefix(lead)
            .is_some_and(|prefix| prefix.is_empty() || prefix.ends_with(':'))
    };
    let word = "sheetData";
    let Some(start) = memmem::find_iter(text.as_bytes(), word)
        .take(4)
        .find(|at| is_tag(at, "<"))
    else {
        return (text, "", text);
    };
    let head = &text[..start];
    let open = head.rfind('<').unwrap_or(0);
    match memmem::rfind_iter(text.as_bytes(), word)
        .take(4)
        .find(|at| *at > start && is_tag(at, "</"))
    {
        Some(end) => (&text[..open], &text[start..end], &text[end + word.len()..]),
        None => (&text[..open], &text[start..], &text[start..]),
    }
}

/// What stands before the rows.
#[derive(Debug, Default)]
struct Head {
    /// In characters.
    column_width: Option<f64>,
    /// In points.
    row_height: Option<f64>,
    columns: Vec<Columns>,
}

/// A stretch of columns.
#[derive(Debug)]
struct Columns {
    first: u32,
    last: u32,
    /// In characters.
    width: Option<f64>,
    hidden: bool,
}

fn read_head(head: &str) -> Head {
    let mut found = Head::default();
    let size = |attributes, name| {
        let number = raw(attributes, name).and_then(|n| n.parse::<f64>().ok());
        number.filter(|n| n.is_finite() && *n >= 0.0)
    };
    for tag in tags(head) {
        let attributes = tag.attributes();
        let is = |name| raw(attributes, name).is_some_and(is_true);
        match tag.name {
            "sheetFormatPr" => {
                found.column_width = size(attributes, "defaultColWidth");
                found.row_height = size(attributes, "defaultRowHeight");
                if is("zeroHeight") {
                    found.row_height = Some(0.0);
                }
            }
            "col" if found.columns.len() < STRETCHES => {
                let number = |name| raw(attributes, name).and_then(|n| n.parse::<u32>().ok());
                let (Some(first), Some(last)) = (number("min"), number("max")) else {
                    continue;
                };
                let last = last.min(COLUMNS);
                let width = size(attributes, "width");
                if first >= 1 && first <= last {
                    found.columns.push(Columns {
                        first: first - 1,
                        last: last - 1,
                        width,
                        hidden: is("hidden") || width == Some(0.0),
                    });
                }
            }
            _ => {}
        }
    }
    found
}

impl Head {
    /// Hidden columns; a width of nothing hides as well.
    fn hidden_columns(&self) -> Vec<(u32, u32)> {
        let hidden = self.columns.iter().filter(|columns| columns.hidden);
        let mut found: Vec<(u32, u32)> = hidden.map(|c| (c.first, c.last)).collect();
        found.sort_unstable();
        let mut joined: Vec<(u32, u32)> = Vec::new();
        for (first, last) in found {
            match joined.last_mut() {
                Some(before) if first <= before.1 + 1 => before.1 = before.1.max(last),
                _ => joined.push((first, last)),
            }
        }
        joined
    }

    fn axis(&self, digit: f64) -> Axis {
        let widths: Vec<(u32, u32, f64)> = self
            .columns
            .iter()
            .filter_map(|columns| {
                let width = if columns.hidden {
                    Some(0.0)
                } else {
                    columns.width
                };
                width.map(|width| (columns.first, columns.last, width))
            })
            .collect();
        Axis::columns(digit, self.column_width, &widths)
    }
}

/// True if what stands before the rows, and their tag, are as programs write them.
fn is_usual(head: &str, rows: &str) -> bool {
    let mut cursor = Cursor::new(head.strip_prefix('\u{feff}').unwrap_or(head));
    if !rows.starts_with("<sheetData") || cursor.skip_declaration().is_none() {
        return false;
    }
    let mut reader = Reader::from_str(head);
    reader.config_mut().check_end_names = false;
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => return true,
            Ok(Event::Start(element) | Event::Empty(element)) => {
                let name = element.local_name();
                // Other readers go by what it says.
                let is_sound = name.as_ref() != "dimension"
                    || attribute(&element, "ref").is_some_and(|area| {
                        parse_area(&area).is_some() || parse_address(&area).is_some()
                    });
                if !is_sound {
                    return false;
                }
            }
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

/// How many heights of rows are kept: no sheet has more rows.
const MAX_HEIGHTS: usize = 1_048_576;

/// What is noted while rows are read.
struct Noted<'p> {
    looks: &'p mut Looks,
    gauge: &'p mut Gauge,
    with_cells: bool,
    with_heights: bool,
    heights: Vec<(u32, f64)>,
    hidden_rows: Vec<u32>,
    styled: Vec<Styled>,
}

impl Told for Noted<'_> {
    fn row(&mut self, row: &Row<'_>) {
        if row.is_hidden {
            self.hidden_rows.push(row.row);
        }
        if self.with_heights && self.heights.len() < MAX_HEIGHTS {
            let height = if row.is_hidden {
                Some(0.0)
            } else {
                row.height.and_then(|height| height.parse().ok())
            };
            let height = height.filter(|height: &f64| height.is_finite());
            self.heights.extend(height.map(|height| (row.row, height)));
        }
    }

    fn cell(&mut self, cell: &Drawn<'_>) {
        if self.with_cells {
            let (style, inside) = (cell.style, cell.inside);
            let styled = self.looks.styled(style, inside, cell.address, self.gauge);
            self.styled.extend(styled);
        }
    }
}

/// What the tags of rows and cells say, the heights of rows in points, and the cells; `None` where the rows have to be
/// read in another way.
fn in_one_pass(
    rows: &str,
    with_heights: bool,
    parts: &mut Parts,
    extras: &mut Extras,
    workings: Option<&mut Workings>,
) -> Option<Vec<(u32, f64)>> {
    let workings = workings?;
    let before = (parts.gauge.clone(), parts.looks.cells);
    let with_cells = parts.looks.can_tell(rows);
    let mut noted = Noted {
        looks: &mut parts.looks,
        gauge: &mut parts.gauge,
        with_cells,
        with_heights,
        heights: Vec::new(),
        hidden_rows: Vec::new(),
        styled: Vec::new(),
    };
    let cells = Rows::read(rows, workings, &mut noted);
    let Noted {
        heights,
        mut hidden_rows,
        styled,
        ..
    } = noted;
    if cells.is_none() {
        // The rows will be read again, so what was counted of them does not count.
        (parts.gauge, parts.looks.cells) = before;
        return None;
    }
    hidden_rows.sort_unstable();
    hidden_rows.dedup();
    extras.hidden_rows = hidden_rows;
    extras.styled = styled;
    extras.cells = cells;
    Some(heights)
}

/// What the tags of rows and cells say, and the heights of rows in points. They are looked at only where the bytes
/// say that there is something to find.
fn read_rows(
    rows: &str,
    with_heights: bool,
    parts: &mut Parts,
    extras: &mut Extras,
) -> Vec<(u32, f64)> {
    let mut heights = Vec::new();
    let with_cells = parts.looks.can_tell(rows);
    if !with_cells && !with_heights && !holds(rows, "hidden=") {
        return heights;
    }
    let (mut row, mut next, mut column) = (0u32, 0u32, 0u32);
    for tag in tags(rows) {
        match tag.name {
            "row" => {
                let attributes = tag.attributes();
                row = raw(attributes, "r")
                    .and_then(|r| r.parse::<u32>().ok())
                    .map_or(next, |r| r.saturating_sub(1));
                next = row.saturating_add(1);
                column = 0;
                let hidden = raw(attributes, "hidden").is_some_and(is_true);
                if hidden {
                    extras.hidden_rows.push(row);
                }
                if heights.len() >= MAX_HEIGHTS {
                    // No sheet has more rows.
                } else if with_heights && hidden {
                    heights.push((row, 0.0));
                } else if with_heights {
                    let height = raw(attributes, "ht").and_then(|ht| ht.parse().ok());
                    heights.extend(height.filter(|ht: &f64| ht.is_finite()).map(|ht| (row, ht)));
                }
            }
            "c" if with_cells => {
                let attributes = tag.attributes();
                let address = raw(attributes, "r").and_then(parse_address);
                let address = address.unwrap_or((row, column));
                column = address.1.saturating_add(1);
                let style = raw(attributes, "s").and_then(|s| s.parse().ok());
                let style = style.unwrap_or(0);
                if parts.looks.may_tell(style) {
                    let inside = Inside::of(&tag, attributes);
                    let looks = &mut parts.looks;
                    let styled = looks.styled(style, inside, address, &mut parts.gauge);
                    extras.styled.extend(styled);
                }
            }
            _ => {}
        }
    }
    extras.hidden_rows.sort_unstable();
    extras.hidden_rows.dedup();
    heights
}

/// Merged areas, lists and controls, from what stands after the rows.
fn read_tail(tail: &str, gauge: &mut Gauge, extras: &mut Extras) -> Vec<Named> {
    let mut controls = ControlReader::default();
    let mut lists = ListReader::default();
    walk(tail, |piece| {
        controls.take(&piece, gauge);
        lists.take(&piece, gauge);
        if let Piece::Open(element) = piece
            && element.local_name().as_ref() == "mergeCell"
        {
            let area = attribute(element, "ref").as_deref().and_then(parse_area);
            if extras.merges.len() < gauge.merges() {
                extras.merges.extend(area);
            } else if area.is_some() {
                gauge.note("limit-merges", gauge.merges());
            }
        }
        true
    });
    extras.merges.sort_unstable();
    extras.lists = lists.found;
    controls.found
}

/// An area of more than one cell: `A1:B2`.
pub(super) fn parse_area(reference: &str) -> Option<Area> {
    let (first, last) = reference.split_once(':')?;
    let (first, last) = (parse_address(first)?, parse_address(last)?);
    (first.0 <= last.0 && first.1 <= last.1).then_some(Area { first, last })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Extras {
        super::read(
            "xl/worksheets/sheet1.xml",
            "MDS",
            text,
            &mut Parts::default(),
            None,
        )
    }

    #[test]
    fn hidden_columns_are_joined() {
        let extras = read(
            "<worksheet><cols><col min='4' max='4' width='0'/><col min=\"2\" max=\"3\" width=\"9\" hidden=\"1\"/><col min='5' max='5' width='12'/><col min='7' max='16384' hidden='true'/><col min='9' max='2' hidden='1'/></cols><sheetData/></worksheet>",
        );
        assert_eq!(extras.hidden_columns, [(1, 3), (6, 16_383)]);
        assert!(extras.hidden_rows.is_empty());
    }

    #[test]
    fn hidden_rows_and_merges_with_and_without_a_prefix() {
        let plain = "<worksheet><sheetData><row r='2' hidden='1'><c r='A2' t='inlineStr'><is><t>sheetData</t></is></c></row><row hidden='true'/><row/></sheetData><mergeCells><mergeCell ref='B2:C3'/><mergeCell ref='A1:A2'/></mergeCells><controls><anchor><from><xdr:row>4</xdr:row></from></anchor></controls></worksheet>";
        let prefixed = plain
            .replace("<xdr:", "<@xdr:")
            .replace("</", "</x:")
            .replace('<', "<x:")
            .replace("<x:/x:", "</x:")
            .replace("<x:@xdr:", "<xdr:")
            .replace("</x:xdr:", "</xdr:");
        for text in [plain, &prefixed] {
            let extras = read(text);
            assert_eq!(extras.hidden_rows, [1, 2], "{text}");
            let first: Vec<_> = extras.merges.iter().map(|area| area.first).collect();
            assert_eq!(first, [(0, 0), (1, 1)], "{text}");
        }
    }

    #[test]
    fn sheets_without_rows() {
        assert_eq!(split("<a><b/></a>"), ("<a><b/></a>", "", "<a><b/></a>"));
        let (head, _, tail) = split("<w><cols/><sheetData/><mergeCells/></w>");
        assert_eq!(head, "<w><cols/>");
        assert!(tail.contains("mergeCells"));
    }
}
