//! Fonts, fills and cell formats of a paper, for the binary formats that number them.

use super::super::paper::{Stretch, Written};

/// Everything numbered, in the order of first use. Font 0, fill 0 and format 0 are plain.
pub(super) struct Looks {
    pub(super) fonts: Vec<Stretch>,
    pub(super) fills: Vec<[u8; 3]>,
    /// Font, and fill if there is one (counted from 0), and whether it is a date.
    pub(super) formats: Vec<(usize, Option<usize>, bool)>,
}

impl Looks {
    pub(super) fn new() -> Self {
        Self {
            fonts: vec![Stretch::default()],
            fills: Vec::new(),
            formats: vec![(0, None, false)],
        }
    }

    /// The number of the font of a stretch.
    pub(super) fn font(&mut self, stretch: &Stretch) -> usize {
        let font = Stretch {
            text: String::new(),
            fill: None,
            ..stretch.clone()
        };
        number(&mut self.fonts, font)
    }

    /// The number of the format of a cell.
    pub(super) fn format(&mut self, value: &Written) -> usize {
        let format = match value {
            Written::Date(..) => (0, None, true),
            Written::Rich(stretches) => {
                let font = match stretches.as_slice() {
                    [only] => self.font(only),
                    _ => 0,
                };
                let fill = stretches.first().and_then(|first| first.fill);
                let fill = fill.map(|fill| number(&mut self.fills, fill));
                (font, fill, false)
            }
            Written::Text(_) | Written::Number(_) | Written::Bool(_) => (0, None, false),
        };
        number(&mut self.formats, format)
    }

    /// Where in a text which font begins, in UTF-16 units; nothing where it is of one look.
    pub(super) fn runs(&mut self, value: &Written) -> Vec<(u16, usize)> {
        let Written::Rich(stretches) = value else {
            return Vec::new();
        };
        if stretches.len() < 2 {
            return Vec::new();
        }
        let mut at = 0;
        let mut runs = Vec::new();
        for stretch in stretches {
            runs.push((at, self.font(stretch)));
            at += u16::try_from(stretch.text.encode_utf16().count()).expect("a short text");
        }
        runs
    }
}

fn number<T: PartialEq>(list: &mut Vec<T>, item: T) -> usize {
    match list.iter().position(|known| *known == item) {
        Some(at) => at,
        None => {
            list.push(item);
            list.len() - 1
        }
    }
}
