//! Fonts, fills and number formats of cells.

use super::super::runs::{BLACK, Runs, Style, Text, WHITE};
use super::record::Record;

/// The looks that cells refer to.
#[derive(Debug)]
pub(super) struct Looks {
    fonts: Vec<Font>,
    formats: Vec<CellFormat>,
    palette: Vec<[u8; 3]>,
}

#[derive(Clone, Copy, Debug)]
struct Font {
    style: Style,
    /// The number of its colour.
    colour: u16,
}

#[derive(Clone, Copy, Debug)]
struct CellFormat {
    font: u16,
    number: u16,
    /// The number of the colour it is filled with.
    fill: Option<u16>,
}

/// The first colour of the palette has this number.
const FIRST_COLOUR: u16 = 8;

/// Excel's palette where a workbook has none of its own (MS-XLS, 2.5.161).
const PALETTE: [u32; 56] = [
    0x000000, 0xffffff, 0xff0000, 0x00ff00, 0x0000ff, 0xffff00, 0xff00ff, 0x00ffff, 0x800000,
    0x008000, 0x000080, 0x808000, 0x800080, 0x008080, 0xc0c0c0, 0x808080, 0x9999ff, 0x993366,
    0xffffcc, 0xccffff, 0x660066, 0xff8080, 0x0066cc, 0xccccff, 0x000080, 0xff00ff, 0xffff00,
    0x00ffff, 0x800080, 0x800000, 0x008080, 0x0000ff, 0x00ccff, 0xccffff, 0xccffcc, 0xffff99,
    0x99ccff, 0xff99cc, 0xcc99ff, 0xffcc99, 0x3366ff, 0x33cccc, 0x99cc00, 0xffcc00, 0xff9900,
    0xff6600, 0x666699, 0x969696, 0x003366, 0x339966, 0x003300, 0x333300, 0x993300, 0x993366,
    0x333399, 0x333333,
];

impl Default for Looks {
    fn default() -> Self {
        let colour = |number: &u32| {
            let [_, red, green, blue] = number.to_be_bytes();
            [red, green, blue]
        };
        Self {
            fonts: Vec::new(),
            formats: Vec::new(),
            palette: PALETTE.iter().map(colour).collect(),
        }
    }
}

impl Looks {
    pub(super) fn font(&mut self, record: &Record<'_>) {
        let flags = record.u16(2).unwrap_or(0);
        let weight = record.u16(6).unwrap_or(400);
        let underline = record.data().get(10).copied().unwrap_or(0);
        self.fonts.push(Font {
            style: Style {
                strike: flags & 8 != 0,
                underline: underline != 0,
                bold: weight >= 600,
                ..Style::default()
            },
            colour: record.u16(4).unwrap_or(u16::MAX),
        });
    }

    pub(super) fn cell_format(&mut self, record: &Record<'_>, is_biff8: bool) {
        let (pattern, colour) = if is_biff8 {
            (
                record.u32(14).unwrap_or(0) >> 26,
                record.u16(18).unwrap_or(0),
            )
        } else {
            (
                record.u32(8).unwrap_or(0) >> 16 & 0x3f,
                record.u16(8).unwrap_or(0),
            )
        };
        self.formats.push(CellFormat {
            font: record.u16(0).unwrap_or(0),
            number: record.u16(2).unwrap_or(0),
            fill: (pattern == 1).then_some(colour & 0x7f),
        });
    }

    /// Colours of the workbook's own.
    pub(super) fn palette(&mut self, record: &Record<'_>) {
        let colours = record.data().get(2..).unwrap_or_default().chunks_exact(4);
        for (own, four) in self.palette.iter_mut().zip(colours) {
            *own = [four[0], four[1], four[2]];
        }
    }

    /// The number of a cell format's number format.
    pub(super) fn number_format(&self, format: u16) -> u16 {
        self.formats
            .get(usize::from(format))
            .map_or(0, |format| format.number)
    }

    /// The text of a cell in runs, and the fill of the cell.
    pub(super) fn runs(&self, text: &Text, format: u16) -> (Runs, Option<[u8; 3]>) {
        let format = self.formats.get(usize::from(format));
        let base = format.map_or_else(Style::default, |format| self.style(format.font));
        let fill = format
            .and_then(|format| self.colour(format.fill?))
            .filter(|colour| *colour != WHITE);
        (Runs::of(text, base, |font| self.style(font)), fill)
    }

    /// The style of a font. NOTE: no font has the number 4; later ones stand one place before their number.
    fn style(&self, number: u16) -> Style {
        let at = if number > 4 { number - 1 } else { number };
        let font = self.fonts.get(usize::from(at));
        font.map_or_else(Style::default, |font| Style {
            colour: self.colour(font.colour).filter(|colour| *colour != BLACK),
            ..font.style
        })
    }

    fn colour(&self, number: u16) -> Option<[u8; 3]> {
        let at = number.checked_sub(FIRST_COLOUR)?;
        self.palette.get(usize::from(at)).copied()
    }
}
