//! Looks of texts: runs gathered while a cell is read, and whether they are worth telling.

use super::beside::{Look, Run};

/// How text looks, as far as an answer may be given by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Style {
    pub(super) strike: bool,
    pub(super) underline: bool,
    pub(super) bold: bool,
    /// The colour, where it is not black.
    pub(super) colour: Option<[u8; 3]>,
    /// The fill of the cell, where it is not white.
    pub(super) fill: Option<[u8; 3]>,
}

impl Style {
    fn is_plain(self) -> bool {
        !self.strike && !self.underline && !self.bold && self.colour.is_none()
    }
}

/// A text of a binary file, and where in it (in UTF-16 units) which font begins.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    pub(super) content: String,
    pub(super) runs: Vec<(u16, u16)>,
}

/// The text of a cell in runs of one look each.
#[derive(Clone, Debug, Default)]
pub(super) struct Runs {
    parts: Vec<(Style, String)>,
    bytes: usize,
}

impl Runs {
    /// A text that begins in one style and goes on in those of its fonts.
    pub(super) fn of(text: &Text, base: Style, style: impl Fn(u16) -> Style) -> Self {
        let mut runs = Self::default();
        let (mut current, mut at, mut start) = (base, 0u32, 0);
        let mut next = text.runs.iter().peekable();
        for (byte, c) in text.content.char_indices() {
            while let Some((_, font)) = next.next_if(|(from, _)| u32::from(*from) <= at) {
                runs.push(current, &text.content[start..byte]);
                start = byte;
                current = style(*font);
            }
            at += u32::try_from(c.len_utf16()).unwrap_or(1);
        }
        runs.push(current, &text.content[start..]);
        runs
    }

    /// Adds text; it joins the run before it if that looks the same.
    pub(super) fn push(&mut self, style: Style, text: &str) {
        if text.is_empty() {
            return;
        }
        self.bytes += text.len();
        match self.parts.last_mut() {
            Some((last, written)) if *last == style => written.push_str(text),
            Some(_) | None => self.parts.push((style, text.to_owned())),
        }
    }

    /// All text, joined.
    pub(super) fn text(&self) -> String {
        self.parts.iter().map(|(_, text)| text.as_str()).collect()
    }

    /// Bytes of all text.
    pub(super) fn len(&self) -> usize {
        self.bytes
    }

    /// The look of the cell, if anything about it is remarkable.
    pub(super) fn look(self, row: u32, column: u32, fill: Option<[u8; 3]>) -> Option<Look> {
        let plain = self.parts.iter().all(|(style, _)| style.is_plain());
        if self.parts.is_empty() || plain && fill.is_none() {
            return None;
        }
        let runs = self
            .parts
            .into_iter()
            .map(|(style, text)| Run {
                text,
                strike: style.strike,
                underline: style.underline,
                bold: style.bold,
                colour: style.colour,
            })
            .collect();
        Some(Look {
            row,
            column,
            fill,
            runs,
        })
    }
}

/// The text of a comment without its first line, where that only names its author as Excel does.
pub(super) fn without_author<'t>(text: &'t str, author: &str) -> &'t str {
    let rest = text.strip_prefix(author).filter(|_| !author.is_empty());
    rest.and_then(|rest| rest.strip_prefix(':'))
        .and_then(|rest| rest.strip_prefix('\n'))
        .unwrap_or(text)
}

/// A colour such as `#FF0000`; `None` where it is no colour or the one that texts or cells have anyway.
pub(super) fn colour(written: &str, usual: [u8; 3]) -> Option<[u8; 3]> {
    let digits = written.strip_prefix('#')?;
    if digits.len() != 6 {
        return None;
    }
    let number = u32::from_str_radix(digits, 16).ok()?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some([red, green, blue]).filter(|colour| *colour != usual)
}

pub(super) const BLACK: [u8; 3] = [0, 0, 0];
pub(super) const WHITE: [u8; 3] = [255, 255, 255];
