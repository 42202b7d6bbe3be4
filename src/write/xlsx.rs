//! A plain workbook: one sheet for each disclosure, in the words of its form's language.
//!
//! Title, the form's id, the head, a table of number, question, answer and remark, and the remark texts.
//! The sheet names its form, so that it is read back as what it is (`disclosure::plain`). Everything is
//! a text, item numbers too: 4.10 stays 4.10, and no text of a vendor becomes a formula.

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
    XlsxError,
};

use super::plain;
use crate::disclosure::{Disclosure, Entry, FORM_LABEL, language_of};
use crate::error::{Error, Result};
use crate::form::{Family, Field};
use crate::language::Language;
use crate::read::xstring;

/// The longest name of a sheet, in UTF-16 units.
const NAME_LIMIT: usize = 31;

/// Writes the disclosures of a file as a workbook. `language` is that of the file's properties.
///
/// # Errors
/// [`Error::Format`] if Excel's limits are exceeded.
pub(super) fn write(disclosures: &[Disclosure], language: Language) -> Result<Vec<u8>> {
    workbook(disclosures, language).map_err(|error| Error::Format(format!("xlsx: {error}")))
}

fn workbook(
    disclosures: &[Disclosure],
    language: Language,
) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The same input gives the same bytes, so the time of writing is none of the file's business.
    let properties = DocProperties::new()
        .set_title(language.label("convert-title"))
        .set_author(env!("CARGO_PKG_NAME"))
        .set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?);
    workbook.set_properties(&properties);
    let formats = Formats::new();
    let mut names: Vec<String> = Vec::new();
    for disclosure in disclosures {
        let name = sheet_name(disclosure, &names);
        let mut sheet = Worksheet::new();
        sheet.set_name(&name)?;
        names.push(name);
        Writer {
            sheet: &mut sheet,
            formats: &formats,
            row: 0,
        }
        .disclosure(disclosure)?;
        workbook.push_worksheet(sheet);
    }
    workbook.save_to_buffer()
}

struct Formats {
    title: Format,
    label: Format,
    heading: Format,
    text: Format,
    value: Format,
}

impl Formats {
    fn new() -> Self {
        // The number format of texts keeps what people type afterwards as typed: 4.10, 3-1.
        let text = Format::new()
            .set_num_format("@")
            .set_text_wrap()
            .set_align(FormatAlign::Top);
        let boxed = text.clone().set_border(FormatBorder::Thin);
        Self {
            title: Format::new().set_bold().set_font_size(14),
            label: Format::new().set_bold().set_align(FormatAlign::Top),
            heading: boxed
                .clone()
                .set_bold()
                .set_background_color(Color::RGB(0x00D9_E2F3)),
            value: text,
            text: boxed,
        }
    }
}

struct Writer<'s> {
    sheet: &'s mut Worksheet,
    formats: &'s Formats,
    row: u32,
}

impl Writer<'_> {
    fn disclosure(&mut self, disclosure: &Disclosure) -> std::result::Result<(), XlsxError> {
        let form = &disclosure.form;
        let language = language_of(form);
        let formats = self.formats;
        for (column, width) in [(0, 14), (1, 60), (2, 18), (3, 50)] {
            self.sheet.set_column_width(column, width)?;
        }
        let title = form
            .titles
            .first()
            .map_or_else(|| form.title.text(language), String::as_str);
        self.line(&[(title, &formats.title)])?;
        let id = match language {
            Language::Ja => FORM_LABEL[0],
            Language::En => FORM_LABEL[1],
        };
        self.line(&[
            (id, &formats.label),
            (&plain::form_id(form), &formats.value),
        ])?;
        for field in Field::ALL {
            let asked = form.headers.iter().find(|asked| asked.field == field);
            let value = disclosure.field(field);
            // A field that is an item of the form stands among the items.
            let is_item = asked.is_some_and(|asked| asked.item.is_some());
            if !is_item && (asked.is_some() || value.is_some()) {
                let value = value.map(|value| value.value()).unwrap_or_default();
                let label = label(field, form.family, language);
                self.line(&[(label, &formats.label), (&value, &formats.value)])?;
            }
        }
        self.row += 1;
        let header_row = self.row;
        self.line(&headings(language).map(|heading| (heading, &formats.heading)))?;
        for entry in &disclosure.entries {
            self.item(entry)?;
        }
        if !disclosure.notes.is_empty() {
            self.row += 1;
            self.line(&[(block_title(language), &formats.label)])?;
            for note in &disclosure.notes {
                self.line(&[(&note.label, &formats.value), (&note.text, &formats.value)])?;
            }
        }
        let kept = plain::kept(disclosure, language);
        self.row += u32::from(!kept.is_empty());
        for (at, cells) in kept.iter().enumerate() {
            let format = match at {
                0 => &formats.label,
                1 => &formats.heading,
                _ => &formats.value,
            };
            let cells: Vec<_> = cells.iter().map(|text| (text.as_str(), format)).collect();
            self.line(&cells)?;
        }
        self.sheet.set_freeze_panes(header_row + 1, 0)?;
        self.sheet.set_repeat_rows(header_row, header_row)?;
        self.sheet.set_paper_size(9).set_landscape();
        self.sheet.set_print_fit_to_pages(1, 0);
        self.sheet.set_footer("&C&P / &N");
        Ok(())
    }

    fn item(&mut self, entry: &Entry) -> std::result::Result<(), XlsxError> {
        let text = entry.text.as_ref().map_or("", |text| text.text.as_str());
        let remark = entry
            .remark
            .reference
            .as_ref()
            .or(entry.remark.text.as_ref());
        let format = &self.formats.text;
        self.line(&[
            (entry.number.as_str(), format),
            (text, format),
            (&entry.written, format),
            (remark.map_or("", String::as_str), format),
        ])
    }

    /// Writes a row of texts; an empty one leaves a cell to fill.
    fn line(&mut self, cells: &[(&str, &Format)]) -> std::result::Result<(), XlsxError> {
        for (column, (text, format)) in (0u16..).zip(cells) {
            if text.is_empty() {
                self.sheet.write_blank(self.row, column, format)?;
            } else {
                // NOTE: Excel reads `_x000D_` as a character; rust_xlsxwriter escapes characters but not such texts.
                let text = xstring::escape(text, |c| xstring::is_xml_char(c) && c != '\r');
                self.sheet
                    .write_string_with_format(self.row, column, text, format)?;
            }
        }
        self.row += 1;
        Ok(())
    }
}

/// The label of a field of the head, in words that are read back (`schemas/vocabulary.toml`).
pub(super) fn label(field: Field, family: Family, language: Language) -> &'static str {
    match (language, field, family.is_service()) {
        (Language::Ja, Field::Date, _) => "作成日",
        (Language::Ja, Field::Manufacturer, false) => "製造業者",
        (Language::Ja, Field::Manufacturer, true) => "サービス事業者",
        (Language::Ja, Field::Product, false) => "製品名",
        (Language::Ja, Field::Product, true) => "サービス名",
        (Language::Ja, Field::Model, _) => "型式",
        (Language::Ja, Field::Version, _) => "バージョン",
        (Language::En, Field::Date, _) => "Date",
        (Language::En, Field::Manufacturer, false) => "Manufacturer",
        (Language::En, Field::Manufacturer, true) => "Service provider",
        (Language::En, Field::Product, false) => "Product",
        (Language::En, Field::Product, true) => "Service",
        (Language::En, Field::Model, _) => "Model",
        (Language::En, Field::Version, _) => "Version",
    }
}

pub(super) fn headings(language: Language) -> [&'static str; 4] {
    match language {
        Language::Ja => ["No.", "項目", "回答", "備考"],
        Language::En => ["ID", "Question", "Answer", "Remark"],
    }
}

pub(super) fn block_title(language: Language) -> &'static str {
    match language {
        Language::Ja => "備考記載欄",
        Language::En => "Notes",
    }
}

/// The sheet's own name, made one that Excel takes and that no other sheet has.
fn sheet_name(disclosure: &Disclosure, taken: &[String]) -> String {
    let family = disclosure.form.family.code().to_uppercase();
    let wanted: String = disclosure
        .sheet
        .as_deref()
        .unwrap_or(&family)
        .chars()
        .map(|c| match c {
            '[' | ']' | ':' | '*' | '?' | '/' | '\\' => '_',
            c if c.is_control() || !xstring::is_xml_char(c) => '_',
            c => c,
        })
        .collect();
    let wanted = wanted.trim().trim_matches('\'');
    // NOTE: Excel keeps the name History for itself.
    let wanted = if wanted.is_empty() || wanted.eq_ignore_ascii_case("history") {
        &family
    } else {
        wanted
    };
    let mut name = cut(wanted, "");
    let mut count = 1u32;
    while taken
        .iter()
        .any(|known| known.to_lowercase() == name.to_lowercase())
    {
        count += 1;
        name = cut(wanted, &format!(" ({count})"));
    }
    name
}

/// The name with an ending, the name cut so that both fit.
fn cut(name: &str, ending: &str) -> String {
    let mut left = NAME_LIMIT - ending.encode_utf16().count();
    let fitting = name.chars().take_while(|c| {
        let fits = c.len_utf16() <= left;
        left = left.saturating_sub(c.len_utf16());
        fits
    });
    let cut: String = fitting.collect();
    format!("{}{ending}", cut.trim_end_matches('\''))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::{Role, Vocabulary};

    #[test]
    fn labels_are_read_back() {
        let words = Vocabulary::get();
        for language in Language::ALL {
            for field in Field::ALL {
                for family in [Family::Mds, Family::Sds, Family::Mds2] {
                    assert_eq!(words.field(label(field, family, language)), Some(field));
                }
            }
            let roles = [Role::Number, Role::Question, Role::Answer, Role::Remark];
            for (heading, role) in headings(language).into_iter().zip(roles) {
                assert!(words.roles(heading).contains(&role), "{heading}");
            }
            assert!(words.is_block_title(block_title(language)));
        }
    }

    #[test]
    fn names_that_excel_takes() {
        assert_eq!(cut("'a'", ""), "'a");
        assert_eq!(cut(&"あ".repeat(40), "").chars().count(), 31);
        assert_eq!(cut(&"😀".repeat(40), " (2)").encode_utf16().count(), 30);
    }
}
