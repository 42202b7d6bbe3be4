//! The list of what is wanted, beside a sheet to fill.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::look::Look;
use super::sheet::lines;
use crate::answer::Answer;
use crate::language::{Language, Localised};
use crate::read::marked::REQUEST_ID;
use crate::request::Wish;
use crate::write::texts::Texts;

/// Widths of the columns, in digits.
const WIDTHS: [f64; 6] = [9.0, 10.0, 46.0, 24.0, 50.0, 40.0];
/// The row of the headings.
const HEADING: u32 = 4;

/// Writes the list. `places` gives the cell of an item's answer on the other sheet, as a link.
pub(super) fn write(
    sheet: &mut Worksheet,
    look: &Look,
    texts: Texts,
    profile: &Localised,
    wishes: &[Wish],
    place: impl Fn(&Wish) -> Option<String>,
) -> Result<(), XlsxError> {
    let say = |key: &str| texts.say(&Localised::label(key, &[]));
    let joined = |key: &str| texts.joined(&Localised::label(key, &[]), " / ");
    sheet.set_name(name(texts))?;
    for (column, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    sheet.write_string_with_format(0, 0, joined("request-list"), &look.title)?;
    sheet.set_row_height(0, 28)?;
    sheet.write_string_with_format(1, 0, texts.joined(profile, " / "), &look.notice)?;
    sheet.write_string_with_format(1, 5, REQUEST_ID, &look.notice)?;
    sheet.merge_range(2, 0, 2, 5, "", &look.notice)?;
    let how = say("request-how");
    sheet.write_string_with_format(2, 0, &how, &look.notice)?;
    sheet.set_row_height(2, lines(&how, 160) as f64 * 14.0 + 4.0)?;
    let heads = [
        "level",
        "item",
        "request-about",
        "request-wanted",
        "request-why",
        "request-source",
    ];
    for (column, key) in (0..).zip(heads) {
        sheet.write_string_with_format(HEADING, column, joined(key), &look.heading)?;
    }
    for (row, wish) in (HEADING + 1..).zip(wishes) {
        let level = joined(&format!("level-{}", wish.level.code()));
        let cells = [
            (2, texts.say(&wish.title)),
            (3, wanted(wish, texts)),
            (4, texts.say(&wish.reason)),
            (5, wish.references.join("\n")),
        ];
        sheet.write_string_with_format(row, 0, level, look.level(wish.level))?;
        match (place(wish), &wish.number) {
            (Some(place), Some(number)) => {
                sheet.write_url_with_options(
                    row,
                    1,
                    place.as_str(),
                    number.as_str(),
                    "",
                    Some(&look.link),
                )?;
            }
            (_, _) => {
                sheet.write_string_with_format(row, 1, joined("request-no-item"), &look.listed)?;
            }
        }
        let mut tall = 1;
        for (column, text) in cells {
            tall = tall.max(lines(&text, (WIDTHS[usize::from(column)] * 1.1) as usize));
            sheet.write_string_with_format(row, column, text, &look.listed)?;
        }
        sheet.set_row_height(row, (tall as f64 * 13.5 + 5.0).min(409.0))?;
    }
    sheet.set_freeze_panes(HEADING + 1, 0)?;
    sheet.set_repeat_rows(HEADING, HEADING)?;
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0);
    sheet.set_footer("&C&P / &N").set_screen_gridlines(false);
    sheet.protect();
    Ok(())
}

fn name(texts: Texts) -> String {
    texts.languages()[0].label("request-tab")
}

/// What is wanted of the answer, in words: `「はい」または「対象外」、備考も`.
fn wanted(wish: &Wish, texts: Texts) -> String {
    let in_language = |language: Language| {
        let words: Vec<String> = wish
            .answers
            .iter()
            .map(|answer: &Answer| {
                language.label_with("request-answer", &[("answer", answer.word(language))])
            })
            .collect();
        let mut text = words.join(&language.label("request-or"));
        if !wish.methods.is_empty() {
            let methods = wish.methods.join(&language.label("request-or"));
            text.push_str(&language.label_with("request-methods", &[("methods", &methods)]));
        }
        // What names a document is a remark as well, so the greater wish stands for both.
        if wish.evidence {
            text.push_str(&language.label("request-evidence"));
        } else if wish.remark {
            text.push_str(&language.label("request-remark"));
        }
        text
    };
    texts.say(&Localised {
        ja: in_language(Language::Ja),
        en: in_language(Language::En),
    })
}
