//! Fonts, fills and number formats of a binary workbook.

use std::collections::HashMap;

use super::super::runs::{BLACK, Runs, Style, Text, WHITE};
use super::super::serial::{self, Kind};
use super::record::{self, Data, Record, Records};
use crate::finding::Finding;

/// The looks that cells refer to.
#[derive(Debug, Default)]
pub(super) struct Styles {
    numbers: HashMap<u16, Kind>,
    fonts: Vec<Style>,
    fills: Vec<Option<[u8; 3]>>,
    /// Number format, font and fill of each cell format.
    formats: Vec<(u16, u16, u16)>,
}

impl Styles {
    pub(super) fn read(&mut self, part: &[u8]) -> Result<(), Finding> {
        let mut records = Records::new(part);
        // Formats of named styles are of the same kind, and not those that cells refer to.
        let mut of_cells = false;
        while let Some(Record { kind, mut data }) = records.next()? {
            match kind {
                record::FORMAT => {
                    let id = data.u16().unwrap_or(0);
                    self.numbers.insert(id, serial::custom(&data.text()));
                }
                record::FONT => self.fonts.push(font(data)),
                record::FILL => {
                    let pattern = data.u32();
                    let colour = colour(&mut data).filter(|colour| *colour != WHITE);
                    self.fills.push(colour.filter(|_| pattern == Some(1)));
                }
                record::BEGIN_CELL_FORMATS => of_cells = true,
                record::END_CELL_FORMATS => of_cells = false,
                record::CELL_FORMAT if of_cells => {
                    data.skip(2);
                    let mut number = || data.u16().unwrap_or(0);
                    self.formats.push((number(), number(), number()));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// What a cell format makes of a number.
    pub(super) fn kind(&self, format: u32) -> Kind {
        let id = self.format(format).0;
        let own = self.numbers.get(&id).copied();
        own.unwrap_or_else(|| serial::built_in(id))
    }

    /// The text of a cell in runs, and the fill of the cell.
    pub(super) fn runs(&self, text: &Text, format: u32) -> (Runs, Option<[u8; 3]>) {
        let (_, font, fill) = self.format(format);
        let fill = self.fills.get(usize::from(fill)).copied().flatten();
        let style = |font: u16| {
            let font = self.fonts.get(usize::from(font)).copied();
            font.unwrap_or_default()
        };
        (Runs::of(text, style(font), style), fill)
    }

    fn format(&self, number: u32) -> (u16, u16, u16) {
        let at = usize::try_from(number).unwrap_or(usize::MAX);
        self.formats.get(at).copied().unwrap_or_default()
    }
}

fn font(mut data: Data<'_>) -> Style {
    data.skip(2);
    let flags = data.u16().unwrap_or(0);
    let weight = data.u16().unwrap_or(400);
    data.skip(2);
    let underline = data.u8().unwrap_or(0);
    data.skip(3);
    Style {
        strike: flags & 8 != 0,
        underline: underline != 0,
        bold: weight >= 600,
        colour: colour(&mut data).filter(|colour| *colour != BLACK),
        fill: None,
    }
}

/// A colour: a flag whether it is given, a number of a palette or theme, a tint, and the colour itself.
fn colour(data: &mut Data<'_>) -> Option<[u8; 3]> {
    let bytes: [u8; 8] = data.bytes(8).try_into().ok()?;
    let [kind, _, _, _, red, green, blue, _] = bytes;
    let is_given = kind & 1 != 0 && kind >> 1 != 0;
    is_given.then_some([red, green, blue])
}
