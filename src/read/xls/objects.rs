//! What lies over the cells of a sheet or belongs to them: comments, check boxes, lists to choose from.
//!
//! An object is told in a row of records: where it lies (drawing), what it is (object), its text.

use std::collections::HashMap;

use super::super::beside::{CheckBox, Choices, Comment, Shape, ShapeKind};
use super::super::budget::Budget;
use super::super::grid::{Area, Sheet};
use super::super::runs::without_author;
use super::Globals;
use super::record::{self, Reader, Record};
use super::sheet::areas;
use crate::finding::Finding;
use crate::place::Place;

/// Areas of a list at most.
const AREAS: usize = 10_000;

/// The objects of a sheet while they are read.
#[derive(Default)]
pub(super) struct Objects {
    found: Vec<Object>,
    /// Who wrote the comments, each by its cell.
    authors: HashMap<(u32, u32), String>,
    /// Where the next object lies, and what shape it has.
    anchor: Option<(Anchor, u16)>,
}

struct Object {
    kind: u16,
    number: u16,
    anchor: Option<(Anchor, u16)>,
    ticked: Option<bool>,
    text: String,
}

/// Corners in columns, rows and parts of them (1,024 of a column, 256 of a row).
#[derive(Clone, Copy)]
struct Anchor {
    first: [u16; 4],
    last: [u16; 4],
}

const LINE: u16 = 1;
const OVAL: u16 = 3;
const PICTURE: u16 = 8;
const CHECK_BOX: u16 = 0x0b;
const OPTION_BUTTON: u16 = 0x0c;
const COMMENT: u16 = 0x19;

impl Objects {
    pub(super) fn take(
        &mut self,
        record: &Record<'_>,
        globals: &Globals,
        sheet: &mut Sheet,
        budget: &mut Budget<'_>,
    ) -> Result<(), Finding> {
        match record.kind {
            record::DRAWING => self.anchor = anchor(&record.joined()).or(self.anchor),
            record::OBJECT => self.object(record, budget),
            record::TEXT_OBJECT => self.text(record, sheet, budget)?,
            record::NOTE => self.comment(record, globals, sheet, budget)?,
            record::VALIDATION => {
                if let Some(choices) = list(record, globals)
                    && budget.beside("limit-lists", sheet.beside.choices.len())
                {
                    for word in &choices.words {
                        budget.text(word, || Place::Sheet(sheet.name.clone()))?;
                    }
                    sheet.beside.choices.push(choices);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// An object: a list of parts, the first says what it is, another the state of a check box.
    fn object(&mut self, record: &Record<'_>, budget: &mut Budget<'_>) {
        let anchor = self.anchor.take();
        let (Some(kind), Some(number)) = (record.u16(4), record.u16(6)) else {
            return;
        };
        if record.u16(0) != Some(0x15) || !budget.beside("limit-shapes", self.found.len()) {
            return;
        }
        let mut ticked = None;
        let mut at = 0;
        while let (Some(part), Some(length)) = (record.u16(at), record.u16(at + 2)) {
            // The state of a check box: 0 empty, 1 ticked, 2 neither.
            if matches!(part, 0x0a | 0x12) {
                let state = record.u16(at + 4);
                ticked = state.filter(|state| *state < 2).map(|state| state == 1);
                if part == 0x12 {
                    break;
                }
            }
            at += 4 + usize::from(length);
        }
        self.found.push(Object {
            kind,
            number,
            anchor,
            ticked,
            text: String::new(),
        });
    }

    /// The text of the object before it, in the records that continue this one.
    fn text(
        &mut self,
        record: &Record<'_>,
        sheet: &Sheet,
        budget: &mut Budget<'_>,
    ) -> Result<(), Finding> {
        let length = usize::from(record.u16(10).unwrap_or(0));
        if let (Some(object), true) = (self.found.last_mut(), length > 0) {
            let continued = record.continued();
            let mut reader: Reader<'_, '_> = continued.reader();
            let flags = reader.u8().unwrap_or(0);
            object.text = reader.units(length, flags);
            budget.text(&object.text, || Place::Sheet(sheet.name.clone()))?;
        }
        Ok(())
    }

    fn comment(
        &mut self,
        record: &Record<'_>,
        globals: &Globals,
        sheet: &mut Sheet,
        budget: &mut Budget<'_>,
    ) -> Result<(), Finding> {
        let (Some(row), Some(column), Some(third)) = (record.u16(0), record.u16(2), record.u16(4))
        else {
            return Ok(());
        };
        let (row, column) = (u32::from(row), u32::from(column));
        let place = || Place::Cell {
            sheet: sheet.name.clone(),
            row,
            column,
        };
        let text = if globals.is_biff8 {
            let mut reader = record.reader();
            reader.skip(8);
            let author = reader.text(globals, true).content;
            budget.text(&author, place)?;
            self.authors.insert((row, column), author);
            // The text is that of an object; found when all are read.
            format!("\u{0}{}", record.u16(6).unwrap_or(0))
        } else {
            let mut reader = record.reader();
            reader.skip(6);
            let text = globals.decode(reader.bytes(third.into()));
            budget.text(&text, place)?;
            text
        };
        if budget.beside("limit-comments", sheet.beside.comments.len()) {
            sheet.beside.comments.push(Comment { row, column, text });
        }
        Ok(())
    }

    /// Gives the sheet its objects, and comments their texts.
    pub(super) fn finish(self, sheet: &mut Sheet) {
        let mut texts: HashMap<String, String> = HashMap::new();
        for object in self.found {
            match object.kind {
                COMMENT => {
                    texts.insert(format!("\u{0}{}", object.number), object.text);
                }
                CHECK_BOX | OPTION_BUTTON => {
                    if let Some((anchor, _)) = object.anchor {
                        sheet.beside.boxes.push(CheckBox {
                            area: anchor.area(),
                            middle: anchor.middle(),
                            label: object.text,
                            ticked: object.ticked,
                            linked: None,
                            source: None,
                        });
                    }
                }
                kind => {
                    if let Some((anchor, shape)) = object.anchor {
                        sheet.beside.shapes.push(Shape {
                            kind: shape_kind(kind, shape, &object.text),
                            area: anchor.area(),
                            middle: anchor.middle(),
                            text: object.text,
                        });
                    }
                }
            }
        }
        for comment in &mut sheet.beside.comments {
            if comment.text.starts_with('\u{0}') {
                let text = texts.remove(&comment.text).unwrap_or_default();
                let author = self.authors.get(&(comment.row, comment.column));
                let author = author.map_or("", String::as_str);
                comment.text = without_author(&text, author).to_owned();
            }
        }
        sheet
            .beside
            .comments
            .retain(|comment| !comment.text.is_empty());
    }
}

impl Anchor {
    fn area(&self) -> Area {
        let corner = |at: &[u16; 4]| (u32::from(at[2]), u32::from(at[0]));
        Area {
            first: corner(&self.first),
            last: corner(&self.last),
        }
    }

    /// The cell of the middle, where columns are of one width and rows of one height.
    fn middle(&self) -> (u32, u32) {
        let along = |whole: usize, parts: u32| {
            let position = |at: &[u16; 4]| u32::from(at[whole]) * parts + u32::from(at[whole + 1]);
            (position(&self.first) + position(&self.last)) / 2 / parts
        };
        (along(2, 256), along(0, 1024))
    }
}

fn shape_kind(kind: u16, shape: u16, text: &str) -> ShapeKind {
    match (kind, shape) {
        // The ellipse and the ring among the shapes (MS-ODRAW, 2.4.24).
        (OVAL, _) | (_, 3 | 23) => ShapeKind::Ellipse,
        (PICTURE, _) | (_, 75) => ShapeKind::Picture,
        _ if !text.is_empty() => ShapeKind::Text,
        // Lines, connectors and free hand.
        (LINE, _) | (_, 20 | 32..=40 | 0) => ShapeKind::Line,
        _ => ShapeKind::Other,
    }
}

/// The last anchor to cells in a drawing, and the kind of its shape. Source: MS-ODRAW, 2.2.1.
fn anchor(data: &[u8]) -> Option<(Anchor, u16)> {
    let (mut at, mut shape, mut found) = (0, 0, None);
    let number = |at: usize| {
        let two = data.get(at..at.checked_add(2)?)?;
        Some(u16::from_le_bytes([two[0], two[1]]))
    };
    while let (Some(head), Some(kind), Some(low), Some(high)) =
        (number(at), number(at + 2), number(at + 4), number(at + 6))
    {
        let length = usize::from(low) | usize::from(high) << 16;
        match kind {
            0xf00a => shape = head >> 4,
            0xf010 => {
                let corner = |place: usize| number(at + 10 + place * 2).unwrap_or(0);
                let anchor = Anchor {
                    first: [corner(0), corner(1), corner(2), corner(3)],
                    last: [corner(4), corner(5), corner(6), corner(7)],
                };
                found = Some((anchor, shape));
            }
            _ => {}
        }
        // Containers are gone into, all else is gone past.
        at += 8 + if head & 0xf == 0xf { 0 } else { length };
    }
    found
}

/// A list to choose from whose words stand in the record itself.
fn list(record: &Record<'_>, globals: &Globals) -> Option<Choices> {
    if record.u32(0)? & 0x8f != 0x83 || !globals.is_biff8 {
        return None;
    }
    let mut reader = record.reader();
    reader.skip(4);
    for _ in 0..4 {
        reader.text(globals, true);
    }
    let length = usize::from(reader.u16()?);
    reader.skip(2);
    let formula = reader.bytes(length);
    let second = usize::from(reader.u16()?);
    reader.skip(2 + second);
    let count = usize::from(reader.u16()?);
    let mut data = vec![0, 0];
    for _ in 0..count.min(AREAS) * 8 {
        data.push(reader.u8()?);
    }
    // One text, its words with a zero between them.
    let [0x17, units, flags, words @ ..] = formula else {
        return None;
    };
    let parts = [words];
    let text = Reader::over(&parts).units(usize::from(*units), *flags);
    Some(Choices {
        areas: areas(&data),
        words: text.split('\0').map(str::to_owned).collect(),
    })
}
