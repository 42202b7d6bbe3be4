//! How the sheet looks: fonts, borders and colours, and what colours while it is filled.

use rust_xlsxwriter::{
    Color, ConditionalFormatFormula, Format, FormatAlign, FormatBorder, Worksheet, XlsxError,
};

use super::logic::State;
use super::place::{ANSWER, ASKED, CODE, LACKS, NUMBER, REMARK, Rows, SAID, STATE, letters};

use crate::profile::Level;

const FONT: &str = "Yu Gothic";
const INK: u32 = 0x1C_25_30;
const SOFT: u32 = 0x5B_66_73;
const LINE: u32 = 0xB8_C2_CC;
const BRAND: u32 = 0x1F_4E_79;
const WHITE: u32 = 0xFF_FF_FF;
const BAND: u32 = 0xDC_E4_EC;
const SHEET: u32 = 0xF4_F6_F8;

/// To be answered; a remark to be written; a contradiction; not asked; done.
const TO_ANSWER: (u32, u32) = (INK, 0xDC_EC_FA);
const TO_REMARK: (u32, u32) = (0x6B_4A_00, 0xFF_F0_B3);
const WRONG: (u32, u32) = (0x9C_1C_14, 0xFB_D5_D1);
const QUIET: (u32, u32) = (0x8A_93_9D, 0xEC_EE_F1);
const DONE: (u32, u32) = (0x1B_6E_3C, 0xE6_F4_EA);

/// The levels that questions are indented by.
pub(super) const LEVELS: usize = 4;

/// The formats of cells.
pub(super) struct Look {
    pub(super) title: Format,
    pub(super) notice: Format,
    pub(super) label: Format,
    pub(super) id: Format,
    pub(super) value: Format,
    pub(super) date: Format,
    pub(super) progress: Format,
    pub(super) heading: Format,
    pub(super) band: Format,
    pub(super) number: Format,
    pub(super) questions: Vec<Format>,
    pub(super) english: Format,
    pub(super) japanese: Format,
    pub(super) answer: Format,
    pub(super) answer_date: Format,
    pub(super) answer_text: Format,
    pub(super) remark: Format,
    pub(super) state: Format,
    pub(super) block: Format,
    pub(super) note: Format,
    pub(super) link: Format,
    /// A text of a list that is not to be filled.
    pub(super) listed: Format,
    /// The number of an item that a facility asks about, by level.
    levels: [Format; 3],
}

impl Look {
    pub(super) fn new() -> Self {
        let plain = || {
            Format::new()
                .set_font_name(FONT)
                .set_font_size(10)
                .set_font_color(Color::RGB(INK))
                .set_align(FormatAlign::VerticalCenter)
        };
        let boxed = |format: Format| {
            format
                .set_border(FormatBorder::Thin)
                .set_border_color(Color::RGB(LINE))
        };
        let ground = |format: Format, colour: u32| format.set_background_color(Color::RGB(colour));
        // The number format of texts keeps what people type as typed: 4.10, 3-1.
        let text = || boxed(plain()).set_num_format("@").set_text_wrap();
        let open = || text().set_unlocked();
        let label = ground(boxed(plain()).set_bold().set_text_wrap(), SHEET);
        let date = open()
            .set_num_format("yyyy-mm-dd")
            .set_align(FormatAlign::Left);
        let questions = (0..LEVELS).map(|level| text().set_indent(level as u8));
        Self {
            title: plain()
                .set_bold()
                .set_font_size(16)
                .set_font_color(Color::RGB(BRAND)),
            notice: plain()
                .set_font_size(9)
                .set_font_color(Color::RGB(SOFT))
                .set_align(FormatAlign::Top)
                .set_text_wrap(),
            id: ground(text().set_font_color(Color::RGB(SOFT)), SHEET),
            value: open(),
            date: date.clone(),
            progress: boxed(plain()).set_bold().set_text_wrap(),
            heading: ground(boxed(plain()), BRAND)
                .set_bold()
                .set_font_color(Color::RGB(WHITE))
                .set_text_wrap(),
            band: ground(plain(), BAND)
                .set_bold()
                .set_font_size(11)
                .set_num_format("@")
                .set_border_top(FormatBorder::Thin)
                .set_border_bottom(FormatBorder::Thin)
                .set_border_color(Color::RGB(LINE)),
            number: text(),
            questions: questions.collect(),
            english: Format::new()
                .set_font_name(FONT)
                .set_font_size(9)
                .set_font_color(Color::RGB(SOFT)),
            japanese: Format::new()
                .set_font_name(FONT)
                .set_font_size(10)
                .set_font_color(Color::RGB(INK)),
            answer: open().set_align(FormatAlign::Center),
            answer_date: date,
            answer_text: open(),
            remark: open(),
            state: boxed(plain())
                .set_font_size(9)
                .set_align(FormatAlign::Center)
                .set_text_wrap(),
            block: plain().set_bold().set_font_size(11),
            note: open(),
            link: text()
                .set_font_color(Color::RGB(0x0B_57_A4))
                .set_underline(rust_xlsxwriter::FormatUnderline::Single),
            listed: text().set_align(FormatAlign::Top),
            levels: [
                ground(
                    text().set_bold().set_font_color(Color::RGB(WRONG.0)),
                    WRONG.1,
                ),
                ground(
                    text().set_bold().set_font_color(Color::RGB(TO_REMARK.0)),
                    TO_REMARK.1,
                ),
                text().set_bold(),
            ],
            label,
        }
    }
}

impl Look {
    /// The format of an item's number that a facility asks about.
    pub(super) fn level(&self, level: Level) -> &Format {
        match level {
            Level::Must => &self.levels[0],
            Level::Should => &self.levels[1],
            Level::Info => &self.levels[2],
        }
    }
}

fn toned((ink, ground): (u32, u32)) -> Format {
    Format::new()
        .set_font_color(Color::RGB(ink))
        .set_background_color(Color::RGB(ground))
}

/// Colours the table by what the hidden columns say, each rule for all rows at once.
pub(super) fn colours(sheet: &mut Worksheet, rows: &Rows) -> Result<(), XlsxError> {
    let (first, last) = (rows.first(), rows.last);
    let at = |column: u16| format!("${}{}", letters(column), first + 1);
    let (said, asked, code) = (at(SAID), at(ASKED), at(CODE));
    let is = |state: State| format!("AND({code}<>\"\",{code}={})", state as u8);
    let wrong = format!("OR({code}=3,{code}=4)");
    let not_asked = format!("AND({asked}<>\"\",{asked}=0,{said}=\"\")");
    let rules = [
        (NUMBER, STATE, not_asked, QUIET),
        (ANSWER, ANSWER, is(State::Unanswered), TO_ANSWER),
        (ANSWER, ANSWER, wrong.clone(), WRONG),
        (REMARK, REMARK, format!("{}=1", at(LACKS)), TO_REMARK),
        (STATE, STATE, is(State::Unanswered), TO_ANSWER),
        (STATE, STATE, wrong, WRONG),
        (STATE, STATE, is(State::LacksRemark), TO_REMARK),
        (STATE, STATE, is(State::Done), DONE),
    ];
    for (from, to, rule, tone) in rules {
        let rule = ConditionalFormatFormula::new()
            .set_rule(rule.as_str())
            .set_format(toned(tone));
        sheet.add_conditional_format(first, from, last, to, &rule)?;
    }
    Ok(())
}

/// Colours a field of the head that is needed and empty.
pub(super) fn needed(sheet: &mut Worksheet, row: u32, column: u16) -> Result<(), XlsxError> {
    let rule = format!("LEN(TRIM(${}${}))=0", letters(column), row + 1);
    let rule = ConditionalFormatFormula::new()
        .set_rule(rule.as_str())
        .set_format(toned(TO_ANSWER));
    sheet.add_conditional_format(row, column, row, column, &rule)?;
    Ok(())
}

/// Sets up the page: A4 landscape, one page wide, headings on each page, page numbers.
pub(super) fn page(sheet: &mut Worksheet, title: &str, rows: &Rows) -> Result<(), XlsxError> {
    // An ampersand starts a code in a footer; a footer holds at most 255 characters.
    let title: String = title
        .chars()
        .take(60)
        .collect::<String>()
        .replace('&', "&&");
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0)
        .set_print_center_horizontally(true)
        .set_margins(0.4, 0.4, 0.5, 0.6, 0.25, 0.3)
        .set_footer(format!("&L&8 {title}&R&8 &P / &N"))
        .set_screen_gridlines(false);
    sheet.set_repeat_rows(rows.heading, rows.heading)?;
    Ok(())
}
