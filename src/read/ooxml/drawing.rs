//! Shapes of a drawing part: circles, text boxes, lines, ink and pictures, also within groups.
//!
//! NOTE: each check box has a hidden shape as its twin in the drawing, known by `a14:compatExt`; it is no shape of
//! its own, but its text is what is printed beside the box.

use std::collections::HashMap;

use super::anchor::{Anchor, AnchorReader, Axis, Part, Spot, WHOLE, spot};
use super::{Gauge, Parts, Piece, attribute, is_true, walk};
use crate::read::beside::{Shape, ShapeKind};

/// What a drawing holds.
#[derive(Debug, Default)]
pub(super) struct Drawing {
    shapes: Vec<Drawn>,
    /// The twins of controls by the number of their shape: what is printed beside them, and where they are.
    pub(super) twins: HashMap<String, (String, Anchor)>,
}

#[derive(Clone, Debug)]
struct Drawn {
    kind: ShapeKind,
    text: String,
    anchor: Anchor,
    part: Part,
}

/// The shapes of a sheet with where they lie.
pub(super) fn of_sheet(
    parts: &Parts,
    sheet: &str,
    columns: &Axis,
    rows: &Axis,
) -> Vec<(Spot, Shape)> {
    parts
        .targets(sheet, "drawing")
        .filter_map(|part| parts.drawings.get(part))
        .flat_map(|drawing| &drawing.shapes)
        .map(|drawn| {
            let spot = spot(&drawn.anchor, &drawn.part, columns, rows);
            let shape = Shape {
                kind: drawn.kind,
                area: spot.area,
                middle: spot.middle,
                text: drawn.text.clone(),
            };
            (spot, shape)
        })
        .collect()
}

/// Reads a drawing part.
pub(super) fn read(text: &str, gauge: &mut Gauge) -> Drawing {
    let mut reader = Reader::default();
    walk(text, |piece| {
        match piece {
            Piece::Open(element) => reader.open(element),
            Piece::Text(text) => reader.text(text),
            Piece::Close(name) => reader.close(name, gauge),
        }
        !reader.is_full
    });
    reader.drawing
}

/// A rectangle in the units of a drawing: left, top, width and height.
type Frame = [f64; 4];

/// Where something is within its group, and what its own children count from.
#[derive(Debug, Default)]
struct Transform {
    frame: Frame,
    inner: Frame,
}

#[derive(Debug)]
struct Group {
    /// What part of the anchor's span it takes; known when its transform has been read.
    part: Part,
    transform: Transform,
}

#[derive(Debug, Default)]
struct Open {
    element: String,
    preset: String,
    is_free: bool,
    is_box: bool,
    is_hidden: bool,
    twin: Option<String>,
    text: String,
    transform: Transform,
}

#[derive(Default)]
struct Reader {
    drawing: Drawing,
    anchor: Option<AnchorReader>,
    groups: Vec<Group>,
    shape: Option<Open>,
    in_text: bool,
    is_full: bool,
}

impl Reader {
    fn open(&mut self, element: &quick_xml::events::BytesStart<'_>) {
        let name = element.local_name();
        let name = name.as_ref();
        if matches!(name, "twoCellAnchor" | "oneCellAnchor" | "absoluteAnchor") {
            self.anchor = Some(AnchorReader::default());
            self.groups.clear();
            self.shape = None;
        }
        if let Some(shape) = &mut self.shape {
            shape.open(name, element);
            self.in_text |= name == "t";
            return;
        }
        match name {
            "grpSp" => self.groups.push(Group {
                part: WHOLE,
                transform: Transform::default(),
            }),
            "sp" | "cxnSp" | "pic" | "graphicFrame" | "contentPart" => {
                self.shape = Some(Open {
                    element: name.to_owned(),
                    ..Open::default()
                });
            }
            _ => match self.groups.last_mut() {
                Some(group) => group.transform.set(name, element),
                None => {
                    if let Some(anchor) = &mut self.anchor {
                        anchor.open(element);
                    }
                }
            },
        }
    }

    fn text(&mut self, text: &str) {
        match (&mut self.shape, &mut self.anchor) {
            (Some(shape), _) if self.in_text => shape.text.push_str(text),
            (None, Some(anchor)) => anchor.text(text),
            (Some(_), _) | (None, None) => {}
        }
    }

    fn close(&mut self, name: &str, gauge: &mut Gauge) {
        match (name, &mut self.shape) {
            ("t", Some(_)) => self.in_text = false,
            ("p", Some(shape)) => shape.text.push('\n'),
            (name, Some(shape)) if name == shape.element => {
                self.in_text = false;
                if let Some(shape) = self.shape.take() {
                    self.keep(shape, gauge);
                }
            }
            (_, Some(_)) => {}
            ("grpSpPr", None) => {
                if let [.., outer, group] = self.groups.as_mut_slice() {
                    group.part = outer.place(&group.transform.frame);
                }
            }
            ("grpSp", None) => {
                self.groups.pop();
            }
            ("twoCellAnchor" | "oneCellAnchor" | "absoluteAnchor", None) => self.anchor = None,
            (_, None) => {
                if let Some(anchor) = &mut self.anchor {
                    anchor.close();
                }
            }
        }
    }

    fn keep(&mut self, shape: Open, gauge: &mut Gauge) {
        let Some(anchor) = self.anchor.as_ref().and_then(AnchorReader::anchor) else {
            return;
        };
        let text = shape.text.trim().to_owned();
        let count = self.drawing.shapes.len() + self.drawing.twins.len();
        if !gauge.admits("limit-shapes", count, text.len()) {
            self.is_full = true;
            return;
        }
        if let Some(twin) = shape.twin {
            self.drawing.twins.insert(twin, (text, anchor));
        } else if !shape.is_hidden {
            let part = match self.groups.last() {
                Some(group) => group.place(&shape.transform.frame),
                None => WHOLE,
            };
            let kind = shape.kind();
            self.drawing.shapes.push(Drawn {
                kind,
                text,
                anchor,
                part,
            });
        }
    }
}

impl Transform {
    fn set(&mut self, name: &str, element: &quick_xml::events::BytesStart<'_>) {
        let (frame, at, names) = match name {
            "off" => (&mut self.frame, 0, ["x", "y"]),
            "ext" => (&mut self.frame, 2, ["cx", "cy"]),
            "chOff" => (&mut self.inner, 0, ["x", "y"]),
            "chExt" => (&mut self.inner, 2, ["cx", "cy"]),
            _ => return,
        };
        let number = |name| attribute(element, name).and_then(|n| n.parse::<i64>().ok());
        if let (Some(a), Some(b)) = (number(names[0]), number(names[1])) {
            frame[at] = a as f64;
            frame[at + 1] = b as f64;
        }
    }
}

impl Group {
    /// The part of the anchor's span that a child takes; all of the group's where that cannot be told.
    fn place(&self, frame: &Frame) -> Part {
        let [left, top, right, bottom] = self.part;
        let [x, y, width, height] = self.transform.inner;
        if width <= 0.0 || height <= 0.0 || *frame == [0.0; 4] {
            return self.part;
        }
        let across = |at: f64| left + (right - left) * ((at - x) / width).clamp(0.0, 1.0);
        let down = |at: f64| top + (bottom - top) * ((at - y) / height).clamp(0.0, 1.0);
        [
            across(frame[0]),
            down(frame[1]),
            across(frame[0] + frame[2]),
            down(frame[1] + frame[3]),
        ]
    }
}

impl Open {
    fn open(&mut self, name: &str, element: &quick_xml::events::BytesStart<'_>) {
        match name {
            "cNvPr" => {
                self.is_hidden = attribute(element, "hidden").is_some_and(|value| is_true(&value));
            }
            "compatExt" => {
                self.twin = attribute(element, "spid").map(|spid| shape_number(&spid).to_owned());
            }
            "cNvSpPr" => {
                self.is_box = attribute(element, "txBox").is_some_and(|value| is_true(&value));
            }
            "prstGeom" => self.preset = attribute(element, "prst").unwrap_or_default(),
            "custGeom" => self.is_free = true,
            "br" => self.text.push('\n'),
            _ => self.transform.set(name, element),
        }
    }

    fn kind(&self) -> ShapeKind {
        const ROUND: [&str; 4] = ["ellipse", "flowChartConnector", "donut", "smileyFace"];
        let preset = self.preset.as_str();
        let is_line = self.is_free
            || preset.starts_with("line")
            || preset.contains("Connector") && preset != "flowChartConnector"
            || preset.ends_with("Arrow")
            || preset == "arc";
        match self.element.as_str() {
            "pic" => ShapeKind::Picture,
            "cxnSp" | "contentPart" => ShapeKind::Line,
            "graphicFrame" => ShapeKind::Other,
            _ if ROUND.contains(&preset) => ShapeKind::Ellipse,
            _ if self.is_box || !self.text.trim().is_empty() => ShapeKind::Text,
            _ if is_line => ShapeKind::Line,
            _ => ShapeKind::Other,
        }
    }
}

/// The number in a shape's name: `1025` of `_x0000_s1025`.
pub(super) fn shape_number(name: &str) -> &str {
    let at = name.rfind(|c: char| !c.is_ascii_digit());
    at.map_or(name, |at| {
        let after = &name[at..];
        after.trim_start_matches(|c: char| !c.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::ooxml::anchor::DIGIT;

    /// Kind, middle and text of the shapes of a drawing on a sheet of equal cells of 90 by 20 pixels.
    fn shapes(text: &str) -> Vec<(ShapeKind, (u32, u32), String)> {
        let drawing = read(text, &mut Gauge::default());
        let columns = Axis::columns(DIGIT, Some(11.25), &[]);
        let rows = Axis::rows(Some(15.0), &[]);
        let told = |drawn: &Drawn| {
            let spot = spot(&drawn.anchor, &drawn.part, &columns, &rows);
            (drawn.kind, spot.middle, drawn.text.clone())
        };
        drawing.shapes.iter().map(told).collect()
    }

    fn anchored(what: &str) -> String {
        format!(
            "<xdr:wsDr><xdr:twoCellAnchor><xdr:from><xdr:col>2</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>4</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>4</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>5</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>{what}<xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"
        )
    }

    #[test]
    fn kinds_of_shapes() {
        let shape = |inside: &str| anchored(&format!("<xdr:sp>{inside}</xdr:sp>"));
        let body = "<xdr:txBody><a:bodyPr/><a:p><a:r><a:t>対応</a:t></a:r><a:br/><a:r><a:t>済&amp;可</a:t></a:r></a:p><a:p><a:fld><a:t>注</a:t></a:fld></a:p></xdr:txBody>";
        let cases = [
            (
                shape("<xdr:spPr><a:prstGeom prst='ellipse'/></xdr:spPr>"),
                ShapeKind::Ellipse,
                "",
            ),
            (
                shape(&format!(
                    "<xdr:spPr><a:prstGeom prst='rect'/></xdr:spPr>{body}"
                )),
                ShapeKind::Text,
                "対応\n済&可\n注",
            ),
            (
                shape("<xdr:nvSpPr><xdr:cNvSpPr txBox='1'/></xdr:nvSpPr>"),
                ShapeKind::Text,
                "",
            ),
            (
                shape(
                    "<xdr:spPr><a:custGeom><a:cxnLst><a:cxn><a:pos x='1' y='2'/></a:cxn></a:cxnLst></a:custGeom></xdr:spPr>",
                ),
                ShapeKind::Line,
                "",
            ),
            (
                shape("<xdr:spPr><a:prstGeom prst='rect'/></xdr:spPr>"),
                ShapeKind::Other,
                "",
            ),
            (
                anchored("<xdr:cxnSp><xdr:spPr><a:prstGeom prst='line'/></xdr:spPr></xdr:cxnSp>"),
                ShapeKind::Line,
                "",
            ),
            (
                anchored(
                    "<mc:AlternateContent><mc:Choice Requires='xdr14'><xdr14:contentPart/></mc:Choice><mc:Fallback><xdr:pic/></mc:Fallback></mc:AlternateContent>",
                ),
                ShapeKind::Line,
                "",
            ),
            (anchored("<xdr:pic/>"), ShapeKind::Picture, ""),
        ];
        for (text, kind, words) in cases {
            assert_eq!(shapes(&text), [(kind, (4, 3), words.to_owned())], "{text}");
        }
    }

    #[test]
    fn other_anchors() {
        let one = "<xdr:wsDr><xdr:oneCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:colOff>95250</xdr:colOff><xdr:row>2</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:ext cx='285750' cy='95250'/><xdr:sp><xdr:spPr><a:xfrm><a:off x='9' y='9'/><a:ext cx='9999999' cy='9999999'/></a:xfrm></xdr:spPr></xdr:sp></xdr:oneCellAnchor><xdr:absoluteAnchor><xdr:pos x='1714500' y='190500'/><xdr:ext cx='95250' cy='95250'/><xdr:pic/></xdr:absoluteAnchor></xdr:wsDr>";
        let found = shapes(one);
        assert_eq!(found[0].1, (2, 1));
        assert_eq!((found[1].0, found[1].1), (ShapeKind::Picture, (1, 2)));
    }

    #[test]
    fn children_of_groups_keep_their_places() {
        // Two children side by side, the right one in a group of its own that takes the right half.
        let group = "<xdr:grpSp><xdr:nvGrpSpPr><xdr:cNvPr id='1' name='g'/></xdr:nvGrpSpPr><xdr:grpSpPr><a:xfrm><a:off x='500' y='0'/><a:ext cx='200' cy='50'/><a:chOff x='1000' y='100'/><a:chExt cx='200' cy='50'/></a:xfrm></xdr:grpSpPr>\
            <xdr:sp><xdr:spPr><a:xfrm><a:off x='1000' y='100'/><a:ext cx='100' cy='50'/></a:xfrm><a:prstGeom prst='ellipse'/></xdr:spPr></xdr:sp>\
            <xdr:grpSp><xdr:grpSpPr><a:xfrm><a:off x='1100' y='100'/><a:ext cx='100' cy='50'/><a:chOff x='0' y='0'/><a:chExt cx='10' cy='10'/></a:xfrm></xdr:grpSpPr><xdr:pic><xdr:spPr><a:xfrm><a:off x='2' y='2'/><a:ext cx='8' cy='8'/></a:xfrm></xdr:spPr></xdr:pic></xdr:grpSp>\
            <xdr:cxnSp/></xdr:grpSp>";
        let found = shapes(&anchored(group));
        let places: Vec<_> = found
            .iter()
            .map(|(kind, middle, _)| (*kind, *middle))
            .collect();
        assert_eq!(
            places,
            [
                (ShapeKind::Ellipse, (4, 2)),
                (ShapeKind::Picture, (4, 3)),
                (ShapeKind::Line, (4, 3)),
            ]
        );
    }

    #[test]
    fn twins_and_hidden_shapes_are_no_shapes() {
        let twin = anchored(
            "<mc:AlternateContent><mc:Choice Requires='a14'><xdr:sp><xdr:nvSpPr><xdr:cNvPr id='1025' name='Check Box 1' hidden='1'><a:extLst><a:ext uri='{6}'><a14:compatExt spid='_x0000_s1025'/></a:ext></a:extLst></xdr:cNvPr></xdr:nvSpPr><xdr:txBody><a:p><a:r><a:t>はい</a:t></a:r></a:p></xdr:txBody></xdr:sp></mc:Choice><mc:Fallback/></mc:AlternateContent>",
        );
        let drawing = read(&twin, &mut Gauge::default());
        assert!(drawing.shapes.is_empty());
        assert_eq!(drawing.twins["1025"].0, "はい");
        assert!(
            shapes(&anchored(
                "<xdr:sp><xdr:nvSpPr><xdr:cNvPr hidden='1'/></xdr:nvSpPr></xdr:sp>"
            ))
            .is_empty()
        );
        assert_eq!(
            (
                shape_number("_x0000_s1025"),
                shape_number("7"),
                shape_number("a")
            ),
            ("1025", "7", "")
        );
    }
}
