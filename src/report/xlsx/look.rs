//! How the workbook looks: colours, borders, widths, and text that fits a cell.

use rust_xlsxwriter::{
    Color, Format, FormatAlign, FormatBorder, FormatUnderline, IgnoreError, Worksheet, XlsxError,
};
use unicode_width::UnicodeWidthStr;

use crate::assess::Verdict;
use crate::finding::Severity;
use crate::language::Language;
use crate::text::harmless;

/// Characters a cell can hold, in UTF-16 units.
///
/// Source: Microsoft, "Excel specifications and limits".
const CELL_LIMIT: usize = 32_767;

/// Excel's own default font in Japanese; other systems fall back to a font of theirs.
const FONT: &str = "Yu Gothic";

pub(super) const INK: u32 = 0x1C_25_30;
pub(super) const SOFT: u32 = 0x4D_58_66;
pub(super) const LINE: u32 = 0xCF_D6_DE;
pub(in crate::report) const BRAND: u32 = 0x1F_4E_79;
pub(super) const WHITE: u32 = 0xFF_FF_FF;

/// What a coloured cell says; the word always stands in it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Tone {
    Bad,
    Care,
    Waived,
    Good,
    Quiet,
    Note,
}

impl Tone {
    const ALL: [Tone; 6] = [
        Tone::Bad,
        Tone::Care,
        Tone::Waived,
        Tone::Good,
        Tone::Quiet,
        Tone::Note,
    ];

    pub(in crate::report) fn of_severity(severity: Severity) -> Self {
        match severity {
            Severity::Error => Tone::Bad,
            Severity::Warning => Tone::Care,
            Severity::Note => Tone::Note,
        }
    }

    pub(in crate::report) fn of_verdict(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Unmet => Tone::Bad,
            Verdict::Undecided => Tone::Care,
            Verdict::Waived => Tone::Waived,
            Verdict::Met => Tone::Good,
            Verdict::NotApplicable => Tone::Quiet,
        }
    }

    /// Colours of text and background.
    pub(in crate::report) fn colours(self) -> (u32, u32) {
        match self {
            Tone::Bad => (0xB3_26_1E, 0xFD_EE_EC),
            Tone::Care => (0x80_53_00, 0xFF_F4_D9),
            Tone::Waived => (0x4A_4F_A3, 0xEE_EF_FB),
            Tone::Good => (0x1B_6E_3C, 0xE8_F5_EC),
            Tone::Quiet => (0x56_60_6D, 0xEE_F0_F3),
            Tone::Note => (0x1F_5F_8B, 0xE9_F2_F8),
        }
    }
}

/// The formats of table cells, made once.
pub(in crate::report) struct Look {
    pub(in crate::report) language: Language,
    pub(in crate::report) head: Format,
    pub(in crate::report) text: Format,
    pub(in crate::report) number: Format,
    pub(in crate::report) link: Format,
    pub(in crate::report) fill_in: Format,
    tones: Vec<(Tone, Format)>,
}

impl Look {
    pub(in crate::report) fn new(language: Language) -> Self {
        let cell = bordered(plain().set_align(FormatAlign::Top).set_text_wrap());
        let toned = |tone: Tone| {
            let (ink, ground) = tone.colours();
            let format = cell.clone().set_font_color(Color::RGB(ink)).set_bold();
            (tone, format.set_background_color(Color::RGB(ground)))
        };
        Self {
            language,
            head: bordered(plain())
                .set_bold()
                .set_font_color(Color::RGB(WHITE))
                .set_background_color(Color::RGB(BRAND))
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap(),
            number: cell.clone().set_align(FormatAlign::Right),
            link: cell
                .clone()
                .set_font_color(Color::RGB(0x0B_57_A4))
                .set_underline(FormatUnderline::Single),
            fill_in: cell.clone().set_background_color(Color::RGB(0xFF_FD_F0)),
            tones: Tone::ALL.into_iter().map(toned).collect(),
            text: cell,
        }
    }

    pub(in crate::report) fn tone(&self, tone: Tone) -> &Format {
        let known = self.tones.iter().find(|(known, _)| *known == tone);
        &known.expect("every tone has a format").1
    }
}

/// The font, without border or colour.
pub(in crate::report) fn plain() -> Format {
    Format::new()
        .set_font_name(FONT)
        .set_font_size(10)
        .set_font_color(Color::RGB(INK))
}

/// The same format with a thin border.
pub(in crate::report) fn bordered(format: Format) -> Format {
    format
        .set_border(FormatBorder::Thin)
        .set_border_color(Color::RGB(LINE))
}

/// Sets up printing: A4 landscape, one page wide, page numbers.
pub(in crate::report) fn printed(sheet: &mut Worksheet, title: &str) {
    // An ampersand starts a code in headers and footers, and a name may hold one.
    let title = title.replace('&', "&&");
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0)
        .set_margins(0.4, 0.4, 0.5, 0.6, 0.25, 0.3)
        .set_footer(format!("&L&8{title}&R&8&P / &N"))
        .set_screen_gridlines(false);
}

/// Keeps Excel from marking item numbers, which are text, as mistakes.
pub(in crate::report) fn numbers_as_text(
    sheet: &mut Worksheet,
    last_row: u32,
    last_column: u16,
) -> Result<(), XlsxError> {
    let kind = IgnoreError::NumberStoredAsText;
    sheet.ignore_error_range(0, 0, last_row, last_column, kind)?;
    Ok(())
}

/// A text as a cell can hold it: harmless, and cut at Excel's limit with a word that says so.
pub(in crate::report) fn fitting(text: &str, language: Language) -> String {
    let text = harmless(text);
    if text.len() <= CELL_LIMIT || text.encode_utf16().count() <= CELL_LIMIT {
        return text;
    }
    let mark = language.label("cell-cut");
    let mut room = CELL_LIMIT - mark.encode_utf16().count();
    let mut cut = String::new();
    for c in text.chars() {
        let Some(left) = room.checked_sub(c.len_utf16()) else {
            break;
        };
        room = left;
        cut.push(c);
    }
    cut + &mark
}

/// Columns of the widest line, full-width characters counting two.
pub(in crate::report) fn width(text: &str) -> usize {
    text.lines()
        .map(UnicodeWidthStr::width_cjk)
        .max()
        .unwrap_or(0)
}

/// Height of a row with this many lines, in points; Excel's highest is 409.
pub(in crate::report) fn height(lines: usize) -> f64 {
    (5.0 + 17.0 * lines as f64).min(409.0)
}

/// How many lines a text takes in a cell of this width, wrapped.
///
/// NOTE: a column's unit is a digit of 11 points and the text has 10, which leaves a wide cell about
/// one in twenty; a narrow one loses it again where a line may not break.
pub(in crate::report) fn lines(text: &str, width: usize) -> usize {
    let room = (width + width / 20)
        .saturating_sub(1)
        .clamp(1, width.max(1));
    let lines = text
        .lines()
        .map(|line| line.width_cjk().div_ceil(room).max(1));
    lines.sum::<usize>().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_and_says_so() {
        let long = "𠮷".repeat(20_000);
        let cut = fitting(&long, Language::Ja);
        assert!(cut.encode_utf16().count() <= CELL_LIMIT);
        assert!(cut.ends_with(&Language::Ja.label("cell-cut")));
        let short = "あ".repeat(20_000);
        assert_eq!(fitting(&short, Language::Ja), short);
    }

    #[test]
    fn full_width_counts_two() {
        assert_eq!(width("備考\nabc"), 4);
        assert_eq!(lines("備考備考", 5), 2);
        assert_eq!(lines("", 4), 1);
    }
}
