//! How styles make a text look: fonts, fills and colours, as far as a person would take them for a mark.

use std::collections::HashMap;

use super::tags::{raw, tags};
use super::{Piece, attribute, is_true, walk};
use crate::read::beside::Run;
use crate::read::serial::{self, Kind};
use crate::returned::marks;

/// Office's own theme, for workbooks without one: light and dark first, as colours are counted.
const THEME: [[u8; 3]; 12] = [
    [255, 255, 255],
    [0, 0, 0],
    [0xee, 0xec, 0xe1],
    [0x1f, 0x49, 0x7d],
    [0x4f, 0x81, 0xbd],
    [0xc0, 0x50, 0x4d],
    [0x9b, 0xbb, 0x59],
    [0x80, 0x64, 0xa2],
    [0x4b, 0xac, 0xc6],
    [0xf7, 0x96, 0x46],
    [0, 0, 0xff],
    [0x80, 0, 0x80],
];
/// The order of the theme's colours in styles. NOTE: light and dark are swapped against the theme part.
const SLOTS: [&str; 12] = [
    "lt1", "dk1", "lt2", "dk2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6",
    "hlink", "folHlink",
];
/// The indexed colours from 8 on; those before repeat the first eight. Source: ECMA-376 part 1, 18.8.27.
const INDEXED: [u32; 56] = [
    0x000000, 0xffffff, 0xff0000, 0x00ff00, 0x0000ff, 0xffff00, 0xff00ff, 0x00ffff, 0x800000,
    0x008000, 0x000080, 0x808000, 0x800080, 0x008080, 0xc0c0c0, 0x808080, 0x9999ff, 0x993366,
    0xffffcc, 0xccffff, 0x660066, 0xff8080, 0x0066cc, 0xccccff, 0x000080, 0xff00ff, 0xffff00,
    0x00ffff, 0x800080, 0x800000, 0x008080, 0x0000ff, 0x00ccff, 0xccffff, 0xccffcc, 0xffff99,
    0x99ccff, 0xff99cc, 0xcc99ff, 0xffcc99, 0x3366ff, 0x33cccc, 0x99cc00, 0xffcc00, 0xff9900,
    0xff6600, 0x666699, 0x969696, 0x003366, 0x339966, 0x003300, 0x333300, 0x993300, 0x993366,
    0x333399, 0x333333,
];
/// How many fonts, fills and formats are kept. Excel itself allows 65,490 formats.
const FORMATS: usize = 65_536;

/// The colours that styles name by number.
#[derive(Debug, Clone)]
pub(super) struct Palette {
    theme: [[u8; 3]; 12],
    indexed: Vec<[u8; 3]>,
}

impl Default for Palette {
    fn default() -> Self {
        Self {
            theme: THEME,
            indexed: Vec::new(),
        }
    }
}

impl Palette {
    /// Takes the colours of a theme part.
    pub(super) fn read_theme(&mut self, text: &str) {
        let mut slot = None;
        walk(text, |piece| {
            match piece {
                Piece::Open(element) => {
                    let name = element.local_name();
                    if let Some(at) = SLOTS.iter().position(|known| *known == name.as_ref()) {
                        slot = Some(at);
                    } else if let Some(slot) = slot
                        && let Some(colour) = attribute(element, "lastClr")
                            .or_else(|| attribute(element, "val"))
                            .as_deref()
                            .and_then(rgb)
                    {
                        self.theme[slot] = colour;
                    }
                }
                Piece::Close("clrScheme") => return false,
                Piece::Close(_) | Piece::Text(_) => {}
            }
            true
        });
    }

    /// Takes the workbook's own indexed colours, which stand behind the formats in the styles part.
    pub(super) fn read_indexed(&mut self, text: &str) {
        self.indexed = tags(text)
            .filter(|tag| tag.name == "rgbColor")
            .take(256)
            .map(|tag| {
                raw(tag.attributes(), "rgb")
                    .and_then(rgb)
                    .unwrap_or_default()
            })
            .collect();
    }

    /// The colour that an element names; `None` where it is automatic or cannot be told.
    pub(super) fn colour(&self, element: &quick_xml::events::BytesStart<'_>) -> Option<[u8; 3]> {
        if attribute(element, "auto").is_some_and(|value| is_true(&value)) {
            return None;
        }
        let number = |name| attribute(element, name).and_then(|n| n.parse::<usize>().ok());
        let colour = if let Some(text) = attribute(element, "rgb") {
            rgb(&text)?
        } else if let Some(theme) = number("theme") {
            *self.theme.get(theme)?
        } else {
            let at = number("indexed")?;
            match self.indexed.get(at) {
                Some(colour) => *colour,
                None => {
                    let at = at.checked_sub(8).unwrap_or(at);
                    let [_, red, green, blue] = INDEXED.get(at)?.to_be_bytes();
                    [red, green, blue]
                }
            }
        };
        let tint = attribute(element, "tint").and_then(|tint| tint.parse::<f64>().ok());
        Some(tinted(colour, tint.unwrap_or(0.0)))
    }
}

/// A colour made lighter (to white at 1) or darker (to black at -1).
fn tinted(colour: [u8; 3], tint: f64) -> [u8; 3] {
    let tint = tint.clamp(-1.0, 1.0);
    colour.map(|channel| {
        let channel = f64::from(channel);
        let mixed = if tint < 0.0 {
            channel * (1.0 + tint)
        } else {
            channel + (255.0 - channel) * tint
        };
        mixed.round() as u8
    })
}

/// `RRGGBB` or `AARRGGBB`.
fn rgb(text: &str) -> Option<[u8; 3]> {
    let digits = match text.len() {
        6 => text,
        8 => text.get(2..)?,
        _ => return None,
    };
    let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    Some([red, green, blue])
}

/// How the text of a cell looks as a whole.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Style {
    /// The fill, where it is not white.
    pub(super) fill: Option<[u8; 3]>,
    /// A run without a text.
    pub(super) font: Run,
}

/// The formats of a workbook by the number that cells name.
#[derive(Debug, Default)]
pub(super) struct Styles {
    formats: Vec<Style>,
    /// How wide a digit of the workbook's first font is in pixels; columns are measured in it.
    pub(super) digit: Option<f64>,
    /// True if any format is one to be told.
    pub(super) tells: bool,
}

impl Styles {
    /// The format of this number, if it is one to be told.
    pub(super) fn told(&self, format: u32) -> Option<&Style> {
        let style = self.formats.get(usize::try_from(format).ok()?)?;
        (*style != Style::default()).then_some(style)
    }
}

/// Sets what an element of a font or of a run's properties says. Black and automatic are no colour.
pub(super) fn set(run: &mut Run, element: &quick_xml::events::BytesStart<'_>, palette: &Palette) {
    let on = || {
        let value = attribute(element, "val");
        value.is_none_or(|value| is_true(&value))
    };
    match element.local_name().as_ref() {
        "strike" => run.strike = on(),
        "b" => run.bold = on(),
        "u" => run.underline = attribute(element, "val").is_none_or(|value| value != "none"),
        "color" => run.colour = palette.colour(element).filter(|c| *c != [0, 0, 0]),
        _ => {}
    }
}

/// Reads the styles part.
pub(super) fn read(text: &str, palette: &Palette) -> Styles {
    let mut fonts: Vec<Run> = Vec::new();
    let mut fills: Vec<Option<[u8; 3]>> = Vec::new();
    let mut styles = Styles::default();
    // The list that is open: fonts and fills stand in differential formats too, which are no cell's.
    let mut list = String::new();
    let mut solid = false;
    let mut second = Second::default();
    // Name and size in points of the first font.
    let mut first = (String::new(), 11.0);
    walk(text, |piece| {
        match piece {
            Piece::Open(element) => {
                let name = element.local_name();
                match (list.as_str(), name.as_ref()) {
                    ("", "fonts" | "fills" | "cellXfs" | "dxfs") => {
                        list = name.as_ref().to_owned();
                    }
                    ("fonts", "font") => fonts.push(Run::default()),
                    ("fonts", own) => {
                        if fonts.len() == 1 && matches!(own, "name" | "sz") {
                            let value = attribute(element, "val").unwrap_or_default();
                            if own == "name" {
                                first.0 = value;
                            } else {
                                first.1 = value.parse().unwrap_or(first.1);
                            }
                        }
                        if let Some(font) = fonts.last_mut() {
                            set(font, element, palette);
                        }
                    }
                    ("fills", "fill") => fills.push(None),
                    ("fills", "patternFill") => {
                        solid = attribute(element, "patternType").as_deref() == Some("solid");
                    }
                    ("fills", "fgColor") if solid => {
                        let colour = palette.colour(element).filter(|c| *c != [255; 3]);
                        if let Some(fill) = fills.last_mut() {
                            *fill = colour;
                        }
                    }
                    ("fills", "bgColor") if solid => second.note(&mut fills, element, palette),
                    ("cellXfs", "xf") => {
                        let at = |name| {
                            let number = attribute(element, name);
                            number.and_then(|n| n.parse::<usize>().ok()).unwrap_or(0)
                        };
                        let style = Style {
                            fill: fills.get(at("fillId")).copied().flatten(),
                            font: fonts.get(at("fontId")).cloned().unwrap_or_default(),
                        };
                        styles.tells |= style != Style::default();
                        styles.formats.push(style);
                    }
                    _ => {}
                }
            }
            Piece::Close(name) => {
                if name == "fills" && list == "fills" {
                    second.put_back(&mut fills);
                }
                if name == list {
                    list.clear();
                }
            }
            Piece::Text(_) => {}
        }
        fonts.len().max(fills.len()).max(styles.formats.len()) < FORMATS
    });
    styles.digit = (!fonts.is_empty()).then(|| digit(&first.0, first.1));
    styles
}

/// What the formats of cells make of numbers; `None` where the part is cut off.
pub(super) fn kinds(text: &str) -> Option<Vec<Kind>> {
    let mut own: HashMap<u16, Kind> = HashMap::new();
    let mut kinds = Vec::new();
    // The list that is open: differential formats have formats of numbers too, which are no cell's.
    let mut list = "";
    for tag in tags(text) {
        match (list, tag.name) {
            ("numFmts", "numFmt") => {
                let attributes = tag.attributes();
                let id = raw(attributes, "numFmtId").and_then(|id| id.parse().ok());
                let code = raw(attributes, "formatCode");
                if let (Some(id), Some(code)) = (id, code) {
                    own.insert(id, serial::custom(&quick_xml::escape::unescape(code).ok()?));
                }
            }
            ("cellXfs", "xf") => {
                let id = raw(tag.attributes(), "numFmtId").and_then(|id| id.parse().ok());
                let kind = id.map_or(Kind::Number, |id| {
                    own.get(&id)
                        .copied()
                        .unwrap_or_else(|| serial::built_in(id))
                });
                kinds.push(kind);
            }
            (_, "numFmts" | "fonts" | "fills" | "borders" | "cellStyleXfs" | "cellXfs")
            | (_, "cellStyles" | "dxfs" | "tableStyles" | "colors" | "extLst") => list = tag.name,
            _ => {}
        }
    }
    text.trim_end().ends_with("styleSheet>").then_some(kinds)
}

/// What cells were filled with before this tool coloured them: the second colour of their fill says it.
///
/// NOTE: LibreOffice writes second colours of its own. Where none of ours is as we write it for a cell that
/// was not filled (the list of findings has one such), none is believed.
#[derive(Default)]
struct Second {
    is_kept: bool,
    /// Numbers of fills, and what was there before.
    before: Vec<(usize, [u8; 3])>,
}

impl Second {
    /// Looks at the second colour of the last fill.
    fn note(
        &mut self,
        fills: &mut [Option<[u8; 3]>],
        element: &quick_xml::events::BytesStart<'_>,
        palette: &Palette,
    ) {
        let number = fills.len().saturating_sub(1);
        let Some(fill) = fills
            .last_mut()
            .filter(|fill| fill.is_some_and(marks::is_ours))
        else {
            return;
        };
        if attribute(element, "indexed").as_deref() == Some("64") {
            self.is_kept |= *fill == Some(marks::MEND);
        } else if let Some(colour) = palette.colour(element)
            && ![marks::PATTERN, [255; 3]].contains(&colour)
        {
            self.before.push((number, colour));
        }
        *fill = None;
    }

    /// Takes what cells were filled with for what they are filled with.
    fn put_back(&self, fills: &mut [Option<[u8; 3]>]) {
        for (number, colour) in self.before.iter().filter(|_| self.is_kept) {
            if let Some(fill) = fills.get_mut(*number) {
                *fill = Some(*colour);
            }
        }
    }
}

/// The width of a digit in pixels. NOTE: 7 for Calibri 11, 8 for Yu Gothic and MS PGothic 11, 9 for Meiryo 11.
fn digit(font: &str, points: f64) -> f64 {
    let of_height = match font {
        "Calibri" | "Aptos Narrow" => 0.507,
        "メイリオ" | "Meiryo" => 0.62,
        _ => 0.55,
    };
    let pixels = points.clamp(1.0, 100.0) * 96.0 / 72.0;
    (pixels * of_height).round().max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLES: &str = "<styleSheet><fonts><font><sz val='11'/><color theme='1'/></font><font><b/><strike/><color rgb='FFFF0000'/></font><font><u val='none'/><strike val='0'/><color indexed='8'/></font><font><u/><color theme='4'/></font></fonts>\
        <fills><fill><patternFill patternType='none'/></fill><fill><patternFill patternType='gray125'/></fill><fill><patternFill patternType='solid'><fgColor theme='0' tint='-0.2'/><bgColor indexed='64'/></patternFill></fill><fill><patternFill patternType='solid'><fgColor rgb='FFFFFFFF'/></patternFill></fill></fills>\
        <cellStyleXfs><xf fontId='1'/></cellStyleXfs><cellXfs><xf fontId='0' fillId='0'/><xf fontId='1' fillId='1'/><xf fontId='2' fillId='3'/><xf fontId='3' fillId='2'/><xf fontId='99'/></cellXfs>\
        <dxfs><dxf><font><b/></font></dxf></dxfs></styleSheet>";

    #[test]
    fn our_colours_are_looked_past() {
        let fill = |first: &str, second: &str| {
            format!(
                "<fill><patternFill patternType='solid'><fgColor rgb='{first}'/><bgColor {second}/></patternFill></fill>"
            )
        };
        let book = |legend: &str| {
            let fills = [
                fill("FFFFD7A3", legend),
                fill("FFFFD7A3", "rgb='FF00FF00'"),
                fill("FFBDE3F7", "rgb='FF010101'"),
                fill("FF123456", "rgb='FF00FF00'"),
            ];
            let formats = (0..4)
                .map(|at| format!("<xf fillId='{at}'/>"))
                .collect::<String>();
            let text = format!(
                "<styleSheet><fills>{}</fills><cellXfs>{formats}</cellXfs></styleSheet>",
                fills.concat()
            );
            let styles = read(&text, &Palette::default());
            [0, 1, 2, 3].map(|at| styles.told(at).and_then(|style| style.fill))
        };
        let other = Some([0x12, 0x34, 0x56]);
        assert_eq!(book("indexed='64'"), [None, Some([0, 255, 0]), None, other]);
        assert_eq!(book("rgb='FFFFE1E1'"), [None, None, None, other]);
    }

    #[test]
    fn formats_that_are_told() {
        let mut palette = Palette::default();
        palette.read_theme("<a:theme><a:clrScheme><a:dk1><a:sysClr val='windowText' lastClr='000000'/></a:dk1><a:lt1><a:sysClr val='window' lastClr='FFFFFF'/></a:lt1><a:accent1><a:srgbClr val='4472C4'/></a:accent1></a:clrScheme></a:theme>");
        let styles = read(STYLES, &palette);
        assert!(styles.tells);
        assert_eq!(styles.told(0), None);
        let red = styles.told(1).expect("bold, struck, red");
        assert!(red.font.bold && red.font.strike && !red.font.underline);
        assert_eq!((red.font.colour, red.fill), (Some([255, 0, 0]), None));
        assert_eq!(styles.told(2), None);
        let accent = styles.told(3).expect("underlined, accent, filled");
        assert!(accent.font.underline && !accent.font.bold);
        assert_eq!(accent.font.colour, Some([0x44, 0x72, 0xc4]));
        assert_eq!(accent.fill, Some([204; 3]));
        assert_eq!((styles.told(4), styles.told(5)), (None, None));
    }

    fn own_digit(fonts: &str) -> Option<f64> {
        let text = format!("<styleSheet><fonts>{fonts}</fonts></styleSheet>");
        read(&text, &Palette::default()).digit
    }

    #[test]
    fn colours_by_number() {
        let text = "<styleSheet><fonts><font><color indexed='10'/></font><font><color indexed='2'/></font><font><color indexed='64'/></font><font><color auto='1'/></font></fonts><cellXfs><xf fontId='0'/><xf fontId='1'/><xf fontId='2'/><xf fontId='3'/></cellXfs><colors><indexedColors><rgbColor rgb='00000000'/><rgbColor rgb='00FFFFFF'/><rgbColor rgb='00123456'/></indexedColors></colors></styleSheet>";
        let mut palette = Palette::default();
        let styles = read(text, &palette);
        let colour = |styles: &Styles, at| styles.told(at).and_then(|style| style.font.colour);
        assert_eq!(colour(&styles, 0), Some([255, 0, 0]));
        assert_eq!(colour(&styles, 1), Some([255, 0, 0]));
        assert_eq!((colour(&styles, 2), colour(&styles, 3)), (None, None));
        palette.read_indexed(text);
        assert_eq!(own_digit("<font/>"), Some(8.0));
        assert_eq!(
            own_digit(
                "<font><sz val='11'/><name val='Calibri'/></font><font><name val='Meiryo'/></font>"
            ),
            Some(7.0)
        );
        assert_eq!(own_digit(""), None);
        let own = read(text, &palette);
        assert_eq!(colour(&own, 1), Some([0x12, 0x34, 0x56]));
    }
}
