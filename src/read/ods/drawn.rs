//! What is drawn over the cells of an OpenDocument spreadsheet: check boxes and shapes.
//!
//! They lie at a length from the corner of the sheet, or of the cell they belong to; the widths of columns and
//! heights of rows tell over which cells that is.

use std::collections::HashMap;

use quick_xml::events::BytesStart;

use super::super::beside::{CheckBox, Shape, ShapeKind};
use super::super::budget::{Budget, MAX_COLUMNS, MAX_ROWS};
use super::super::grid::{Area, Sheet};
use super::super::pull::{Pull, Space, Token};
use crate::finding::Finding;
use crate::place::parse_address;

/// The things drawn over a sheet while it is read.
#[derive(Default)]
pub(super) struct Drawn {
    frames: Vec<Frame>,
    controls: HashMap<String, Control>,
    pub(super) columns: Track,
    pub(super) rows: Track,
}

/// Where something lies, in points, and what it is.
struct Frame {
    anchor: Option<(u32, u32)>,
    corner: (f64, f64),
    size: (f64, f64),
    kind: ShapeKind,
    control: Option<String>,
    text: String,
}

struct Control {
    label: String,
    ticked: Option<bool>,
    /// The cell that shows its state, such as `MDS.B4`.
    linked: Option<String>,
}

/// Columns or rows one after another: the first of each stretch of one size, where it begins, the size.
#[derive(Default)]
pub(super) struct Track {
    stretches: Vec<(u32, f64, f64)>,
    end: f64,
    count: u32,
}

impl Track {
    /// So many more of this size, in points.
    pub(super) fn add(&mut self, count: u32, size: f64) {
        // Most are of one size, and there may be a million of them.
        if self.stretches.last().is_none_or(|(.., last)| *last != size) {
            self.stretches.push((self.count, self.end, size));
        }
        self.count = self.count.saturating_add(count);
        self.end += f64::from(count) * size;
    }

    fn start(&self, number: u32) -> f64 {
        let at = self
            .stretches
            .partition_point(|(first, ..)| *first <= number);
        match at.checked_sub(1).map(|at| self.stretches[at]) {
            Some((first, start, size)) => start + f64::from(number - first) * size,
            None => 0.0,
        }
    }

    fn at(&self, position: f64, most: u32) -> u32 {
        let at = self
            .stretches
            .partition_point(|(_, start, _)| *start <= position);
        match at.checked_sub(1).map(|at| self.stretches[at]) {
            Some((first, start, size)) if size > 0.0 => {
                // A number too large for a row becomes the largest, which the next line cuts.
                let steps = ((position - start) / size) as u32;
                first.saturating_add(steps).min(most - 1)
            }
            Some((first, ..)) => first.min(most - 1),
            None => 0,
        }
    }
}

impl Drawn {
    /// Reads the controls of a sheet, up to the end of the element that was just begun.
    pub(super) fn controls(
        &mut self,
        pull: &mut Pull<'_>,
        budget: &mut Budget<'_>,
    ) -> Result<(), Finding> {
        while let Some(token) = pull.next()? {
            match token {
                Token::Start(Space::Form, element) => {
                    let get = |local| pull.attribute(&element, Space::Form, local);
                    let ticked = match element.local_name().as_ref() {
                        "checkbox" => {
                            let state = get("current-state").or_else(|| get("state"));
                            match state.as_deref() {
                                Some("checked") => Some(true),
                                Some("unknown") => None,
                                Some(_) | None => Some(false),
                            }
                        }
                        "radio" => {
                            let state = get("current-selected").or_else(|| get("selected"));
                            Some(state.as_deref() == Some("true"))
                        }
                        _ => continue,
                    };
                    let label = get("label").unwrap_or_default();
                    let linked = get("linked-cell");
                    if let Some(id) = get("id")
                        && budget.beside("limit-boxes", self.controls.len())
                    {
                        self.controls.insert(
                            id,
                            Control {
                                label,
                                ticked,
                                linked,
                            },
                        );
                    }
                }
                Token::End(Space::Office, name) if name == "forms" => break,
                Token::Start(..) | Token::End(..) | Token::Text(_) => {}
            }
        }
        Ok(())
    }

    /// Reads shapes up to the end of the list that was just begun.
    pub(super) fn shapes(
        &mut self,
        pull: &mut Pull<'_>,
        budget: &mut Budget<'_>,
    ) -> Result<(), Finding> {
        while let Some(token) = pull.next()? {
            match token {
                Token::Start(Space::Draw, element) => self.shape(&element, None, pull, budget)?,
                Token::End(Space::Table, _) => break,
                Token::Start(..) => pull.skip()?,
                Token::End(..) | Token::Text(_) => {}
            }
        }
        Ok(())
    }

    /// Reads a shape that was just begun; of a group nothing but its members.
    pub(super) fn shape(
        &mut self,
        element: &BytesStart<'_>,
        anchor: Option<(u32, u32)>,
        pull: &mut Pull<'_>,
        budget: &mut Budget<'_>,
    ) -> Result<(), Finding> {
        let name = element.local_name().as_ref().to_owned();
        if name == "g" {
            return Ok(());
        }
        let svg = |local| {
            let written = pull.attribute(element, Space::Svg, local);
            written.and_then(|written| length(&written))
        };
        let mut corner = (svg("x").unwrap_or(0.0), svg("y").unwrap_or(0.0));
        let mut size = (svg("width").unwrap_or(0.0), svg("height").unwrap_or(0.0));
        if let (Some(x), Some(y), Some(far_x), Some(far_y)) =
            (svg("x1"), svg("y1"), svg("x2"), svg("y2"))
        {
            corner = (x.min(far_x), y.min(far_y));
            size = ((x - far_x).abs(), (y - far_y).abs());
        }
        let mut kind = match name.as_str() {
            "ellipse" | "circle" => ShapeKind::Ellipse,
            "line" | "connector" | "path" | "polyline" => ShapeKind::Line,
            _ => ShapeKind::Other,
        };
        let control = pull
            .attribute(element, Space::Draw, "control")
            .filter(|_| name == "control");
        let mut text = String::new();
        let mut depth = 1usize;
        while depth > 0 {
            let Some(token) = pull.next()? else {
                break;
            };
            match token {
                Token::Start(space, element) => {
                    depth += 1;
                    let geometry = || pull.attribute(&element, Space::Draw, "type");
                    match (space, element.local_name().as_ref()) {
                        // A picture within the file.
                        (Space::Office, "binary-data") => {
                            pull.skip()?;
                            depth -= 1;
                        }
                        (Space::Text, "p") if !text.is_empty() => text.push('\n'),
                        (Space::Draw, "image") => kind = ShapeKind::Picture,
                        (Space::Draw, "enhanced-geometry") if geometry().is_some_and(is_round) => {
                            kind = ShapeKind::Ellipse;
                        }
                        _ => {}
                    }
                }
                Token::Text(part) => {
                    pull.fits(text.len(), &part)?;
                    text.push_str(&part);
                }
                Token::End(..) => depth -= 1,
            }
        }
        let text = text.trim().to_owned();
        if kind == ShapeKind::Other && !text.is_empty() {
            kind = ShapeKind::Text;
        }
        if budget.beside("limit-shapes", self.frames.len()) {
            self.frames.push(Frame {
                anchor,
                corner,
                size,
                kind,
                control,
                text,
            });
        }
        Ok(())
    }

    /// Gives the sheet what lies over its cells.
    pub(super) fn finish(mut self, sheet: &mut Sheet) {
        for frame in std::mem::take(&mut self.frames) {
            let (row, column) = frame.anchor.unwrap_or((0, 0));
            let x = self.columns.start(column) + frame.corner.0;
            let y = self.rows.start(row) + frame.corner.1;
            let cell = |part: f64| {
                (
                    self.rows.at(y + frame.size.1 * part, MAX_ROWS),
                    self.columns.at(x + frame.size.0 * part, MAX_COLUMNS),
                )
            };
            let area = Area {
                first: cell(0.0),
                last: cell(1.0),
            };
            let middle = cell(0.5);
            match frame.control {
                None => sheet.beside.shapes.push(Shape {
                    kind: frame.kind,
                    area,
                    middle,
                    text: frame.text,
                }),
                Some(id) => {
                    if let Some(control) = self.controls.remove(&id) {
                        sheet.beside.boxes.push(CheckBox {
                            area,
                            middle,
                            label: control.label,
                            ticked: control.ticked,
                            linked: control.linked.and_then(|it| linked(&it, &sheet.name)),
                            source: None,
                        });
                    }
                }
            }
        }
    }
}

/// The cell of this sheet that an address such as `$MDS.$B$4` means.
fn linked(address: &str, sheet: &str) -> Option<(u32, u32)> {
    let plain = address.replace('$', "");
    let (on, cell) = plain.rsplit_once('.').unwrap_or(("", &plain));
    let is_here = on.is_empty() || on.trim_matches('\'') == sheet;
    parse_address(cell).filter(|_| is_here)
}

/// True for ellipses and rings, also those taken over from Excel.
fn is_round(geometry: String) -> bool {
    ["ellipse", "ring", "donut", "flowchart-connector"]
        .iter()
        .any(|name| {
            geometry
                .trim_start_matches("ooxml-")
                .eq_ignore_ascii_case(name)
        })
}

/// A length such as `0.83in` or `2.1cm` in points, within what a sheet can be.
pub(super) fn length(written: &str) -> Option<f64> {
    let digits = written.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: f64 = digits.trim().parse().ok()?;
    let points = match &written[digits.len()..] {
        "in" => 72.0,
        "cm" => 72.0 / 2.54,
        "mm" => 7.2 / 2.54,
        "pt" => 1.0,
        "pc" => 12.0,
        "px" => 0.75,
        _ => return None,
    };
    let length = number * points;
    (length.is_finite() && length.abs() < 1e9).then_some(length)
}
