//! Form controls of a VML part, the only place where older files have them.
//!
//! NOTE: the comments of a sheet have shapes here too (`ObjectType="Note"`), and their texts stand elsewhere.

use super::anchor::{Anchor, Corner, PIXEL};
use super::controls::{Kind, State};
use super::drawing::shape_number;
use super::{Gauge, Piece, attribute, walk};

/// A form control of a VML part.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Control {
    /// The number of its shape.
    pub(super) shape: String,
    pub(super) kind: Kind,
    pub(super) state: State,
    pub(super) anchor: Option<Anchor>,
    /// What is printed beside it.
    pub(super) label: String,
    pub(super) is_hidden: bool,
}

#[derive(Default)]
struct Open {
    shape: String,
    kind: Option<Kind>,
    state: State,
    anchor: Option<Anchor>,
    label: String,
    is_hidden: bool,
    in_label: bool,
    value: String,
}

/// Reads the controls of a VML part.
pub(super) fn read(text: &str, gauge: &mut Gauge) -> Vec<Control> {
    let mut found: Vec<Control> = Vec::new();
    let mut open: Option<Open> = None;
    walk(text, |piece| {
        match piece {
            Piece::Open(element) => {
                let name = element.local_name();
                if name.as_ref() == "shape" {
                    open = Some(begun(element));
                } else if let Some(open) = &mut open {
                    open.value.clear();
                    match name.as_ref() {
                        "textbox" => open.in_label = true,
                        "br" if open.in_label => open.label.push('\n'),
                        "ClientData" => {
                            let kind = attribute(element, "ObjectType").unwrap_or_default();
                            open.kind = Kind::of(&kind);
                        }
                        _ => {}
                    }
                }
            }
            Piece::Text(text) => match &mut open {
                Some(open) if open.in_label => add(&mut open.label, text),
                Some(open) => open.value.push_str(text),
                None => {}
            },
            Piece::Close("shape") => {
                if let Some((open, kind)) = open.take().and_then(|mut open| {
                    let kind = open.kind.take()?;
                    Some((open, kind))
                }) {
                    if !gauge.admits("limit-boxes", found.len(), open.label.len()) {
                        return false;
                    }
                    found.push(Control {
                        shape: open.shape,
                        kind,
                        state: open.state,
                        anchor: open.anchor,
                        label: lines(&open.label),
                        is_hidden: open.is_hidden,
                    });
                }
            }
            Piece::Close(name) => {
                if let Some(open) = &mut open {
                    open.close(name);
                }
            }
        }
        true
    });
    found
}

fn begun(element: &quick_xml::events::BytesStart<'_>) -> Open {
    let named = |name: &str| attribute(element, name).filter(|id| id.contains("_s"));
    // `o:spid` has the number where `id` has the name; both are `id` or `spid` by local name.
    let shape = named("spid").or_else(|| named("id")).unwrap_or_default();
    let style = attribute(element, "style").unwrap_or_default();
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
    Open {
        shape: shape_number(&shape).to_owned(),
        is_hidden: style.contains("visibility:hidden"),
        // Where the client data have an anchor, that one counts.
        anchor: styled(&style),
        ..Open::default()
    }
}

impl Open {
    fn close(&mut self, name: &str) {
        let value = self.value.trim();
        match name {
            "textbox" => self.in_label = false,
            "div" if self.in_label => self.label.push('\n'),
            "Checked" => {
                self.state.ticked = match value {
                    "" | "1" => Some(true),
                    "0" => Some(false),
                    _ => None,
                };
            }
            "FmlaLink" => self.state.link = Some(value.to_owned()),
            "Anchor" => self.anchor = anchor(value).or(self.anchor),
            _ => {}
        }
        self.value.clear();
    }
}

/// The place that a style gives in points, from the corner of the sheet.
fn styled(style: &str) -> Option<Anchor> {
    let length = |names: [&str; 2]| {
        let mut properties = style.split(';').filter_map(|part| part.split_once(':'));
        let (_, value) = properties.find(|(name, _)| names.contains(name))?;
        let points: f64 = value.strip_suffix("pt")?.parse().ok()?;
        Some((points.clamp(0.0, 1e9) * 12_700.0).round() as i64)
    };
    let left = length(["margin-left", "left"])?;
    let top = length(["margin-top", "top"])?;
    let width = length(["width", "width"]).unwrap_or_default();
    let height = length(["height", "height"]).unwrap_or_default();
    Some(Anchor::Free((left, top), (width, height)))
}

/// Left column and pixels in it, top row and pixels, right column and pixels, bottom row and pixels.
fn anchor(written: &str) -> Option<Anchor> {
    let numbers: Vec<i64> = written
        .split(',')
        .take(9)
        .map(|number| number.trim().parse::<i64>().ok().map(|n| n.max(0)))
        .collect::<Option<_>>()?;
    let corner = |column: i64, x: i64, row: i64, y: i64| Corner {
        column: u32::try_from(column).unwrap_or(u32::MAX),
        x: x.min(1 << 20) * PIXEL,
        row: u32::try_from(row).unwrap_or(u32::MAX),
        y: y.min(1 << 20) * PIXEL,
    };
    match *numbers.as_slice() {
        [c1, x1, r1, y1, c2, x2, r2, y2] => {
            let (from, to) = (corner(c1, x1, r1, y1), corner(c2, x2, r2, y2));
            Some(Anchor::Corners(from, to))
        }
        _ => None,
    }
}

/// Adds a stretch of a text in HTML, where any white space is one blank.
fn add(label: &mut String, text: &str) {
    for c in text.chars() {
        if !matches!(c, ' ' | '\t' | '\r' | '\n') {
            label.push(c);
        } else if !label.ends_with([' ', '\n']) && !label.is_empty() {
            label.push(' ');
        }
    }
}

fn lines(label: &str) -> String {
    let lines: Vec<&str> = label
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_and_no_comments() {
        let text = "<xml xmlns:v='urn:v'><v:shapetype id='_x0000_t201'/>\
            <v:shape id='_x0000_s1025' type='#_x0000_t201' style='position:absolute;visibility:visible'><v:textbox style='x'><div style='text-align:left'><font face='MS PGothic'>は\r\n   い</font></div><div>二<br>行目</div></v:textbox><x:ClientData ObjectType='Checkbox'><x:SizeWithCells/><x:Anchor>\n    1, 15, 3, 2, 2, 31, 4, 1</x:Anchor><x:Checked>1</x:Checked><x:FmlaLink>$D$5</x:FmlaLink></x:ClientData></v:shape>\
            <v:shape id='Option_x0020_Button_x0020_2' o:spid='_x0000_s1026' style='visibility: hidden'><x:ClientData ObjectType='Radio'><x:Checked>2</x:Checked></x:ClientData></v:shape>\
            <v:shape id='_x0000_s1027'><v:textbox><div/></v:textbox><x:ClientData ObjectType='Note'><x:Anchor>1,2</x:Anchor></x:ClientData></v:shape>\
            <v:shape id='_x0000_s1028'><x:ClientData ObjectType='Checkbox'/></v:shape></xml>";
        let found = read(text, &mut Gauge::default());
        assert_eq!(found.len(), 3);
        let first = &found[0];
        assert_eq!((first.shape.as_str(), first.kind), ("1025", Kind::Box));
        assert_eq!(first.label, "は い\n二\n行目");
        assert_eq!(first.state.ticked, Some(true));
        assert_eq!(first.state.link.as_deref(), Some("$D$5"));
        let from = Corner {
            column: 1,
            x: 15 * PIXEL,
            row: 3,
            y: 2 * PIXEL,
        };
        let Some(Anchor::Corners(corner, _)) = first.anchor else {
            panic!("no corners");
        };
        assert_eq!(corner, from);
        assert!(!first.is_hidden && found[1].is_hidden);
        assert_eq!(
            (found[1].shape.as_str(), found[1].state.ticked),
            ("1026", None)
        );
        assert_eq!(found[2].state.ticked, Some(false));
    }

    #[test]
    fn a_place_in_points() {
        let text = "<v:shape style='position:absolute; margin-left:1.5pt;\n margin-top:15pt;width:60pt;height:12pt'><x:ClientData ObjectType='Checkbox'/></v:shape>";
        let found = read(text, &mut Gauge::default());
        let place = Anchor::Free((19_050, 190_500), (762_000, 152_400));
        assert_eq!(found[0].anchor, Some(place));
        assert_eq!(styled("margin-left:auto;margin-top:1pt"), None);
    }

    #[test]
    fn anchors_that_are_none() {
        for text in ["", "1,2,3", "a,b,c,d,e,f,g,h", "1,2,3,4,5,6,7,8,9,10"] {
            assert_eq!(anchor(text), None, "{text}");
        }
        assert!(anchor("-1,0,99999999999,0,5,6,7,8").is_some());
    }
}
