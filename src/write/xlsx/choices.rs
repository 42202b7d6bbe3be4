//! What a cell takes: lists to choose from, and hints that show while it is chosen.

use std::collections::HashMap;

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Formula,
    Worksheet, XlsxError,
};

use super::place::{ANSWER, LIST, REMARK, cell, letters};
use crate::form::{Form, Item, Kind};
use crate::language::Language;
use crate::write::guide;
use crate::write::texts::Texts;

/// Characters of a hint or of a list, in UTF-16 units. Source: Microsoft, "Excel specifications and limits".
const LIMIT: usize = 255;
/// Areas that one rule covers; Excel refuses lists of areas that are much longer.
const AREAS: usize = 200;

/// What one or more cells take.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Taken {
    rule: Rule,
    hint: String,
    column: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Rule {
    /// One of these words.
    Words(Vec<String>),
    /// Words to choose from, which stand in hidden cells of the row; several may be written.
    Cells { row: u32, count: u16 },
    /// Words to choose from, several of which may be written.
    Offered(Vec<String>),
    /// Anything.
    Free,
    /// A day.
    Day,
}

/// The rules of a sheet, those that say the same gathered.
#[derive(Debug, Default)]
pub(super) struct Choices {
    rules: Vec<(Taken, Vec<u32>)>,
    /// Where in the rules each stands.
    known: HashMap<Taken, usize>,
    /// The last column with words that are too long for a list itself.
    pub(super) last_column: u16,
}

/// How rules speak and how much they insist.
#[derive(Clone, Copy, Debug)]
pub(super) struct Speech {
    pub(super) texts: Texts,
    /// The language of the words to choose from.
    pub(super) words: Language,
    /// True if a word that is not on the list is refused.
    pub(super) strict: bool,
}

impl Choices {
    /// Adds the rules of an item. Words that go over the limit of a list are written to hidden cells of its row.
    pub(super) fn item(
        &mut self,
        sheet: &mut Worksheet,
        form: &Form,
        item: &Item,
        row: u32,
        speech: Speech,
    ) -> Result<(), XlsxError> {
        let words = words(item, speech.words);
        let rule = match item.kind {
            Kind::Text => Rule::Free,
            Kind::Date => Rule::Day,
            Kind::Choice if fits(&words) => Rule::Words(words),
            Kind::Multiple if fits(&words) => Rule::Offered(words),
            Kind::Choice | Kind::Multiple => {
                let mut count = 0;
                for word in words.iter().take(200) {
                    sheet.write_string(row, LIST + count, word)?;
                    count += 1;
                }
                self.last_column = self.last_column.max(LIST + count);
                Rule::Cells { row, count }
            }
        };
        self.add(
            Taken {
                rule,
                hint: hint(form, item, speech.texts),
                column: ANSWER,
            },
            row,
        );
        let lines = speech.texts.languages().iter();
        let lines: Vec<String> = lines
            .filter_map(|language| guide::remark(item, *language))
            .collect();
        if !lines.is_empty() {
            let remark = Taken {
                rule: Rule::Free,
                hint: cut(&lines.join("\n")),
                column: REMARK,
            };
            self.add(remark, row);
        }
        Ok(())
    }

    fn add(&mut self, taken: Taken, row: u32) {
        let at = *self.known.entry(taken.clone()).or_insert_with(|| {
            self.rules.push((taken, Vec::new()));
            self.rules.len() - 1
        });
        self.rules[at].1.push(row);
    }

    /// Writes the rules.
    pub(super) fn write(&self, sheet: &mut Worksheet, speech: Speech) -> Result<(), XlsxError> {
        for (taken, rows) in &self.rules {
            let areas = areas(rows);
            for areas in areas.chunks(AREAS) {
                let named: Vec<String> = areas
                    .iter()
                    .map(|(first, last)| {
                        format!(
                            "{}:{}",
                            cell(*first, taken.column),
                            cell(*last, taken.column)
                        )
                    })
                    .collect();
                let rule = taken.validation(speech)?;
                let rule = match named.len() {
                    1 => rule,
                    _ => rule.set_multi_range(named.join(" ")),
                };
                let (first, last) = areas[0];
                sheet.add_data_validation(first, taken.column, last, taken.column, &rule)?;
            }
        }
        Ok(())
    }
}

impl Taken {
    fn validation(&self, speech: Speech) -> Result<DataValidation, XlsxError> {
        let rule = DataValidation::new().set_input_message(self.hint.as_str())?;
        let style = if speech.strict {
            DataValidationErrorStyle::Stop
        } else {
            DataValidationErrorStyle::Warning
        };
        Ok(match &self.rule {
            Rule::Words(words) => {
                let list = words.join(match speech.texts.languages()[0] {
                    Language::Ja => "、",
                    Language::En => ", ",
                });
                let languages = speech.texts.languages().iter();
                let lines: Vec<String> = languages
                    .map(|language| language.label_with("new-not-listed", &[("words", &list)]))
                    .collect();
                rule.allow_list_strings(words)?
                    .set_error_style(style)
                    .set_error_message(cut(&lines.join("\n")))?
            }
            Rule::Offered(words) => rule.allow_list_strings(words)?.show_error_message(false),
            Rule::Cells { row, count } => {
                let last = letters(LIST + count.saturating_sub(1));
                let first = letters(LIST);
                let row = row + 1;
                let list = Formula::new(format!("=${first}${row}:${last}${row}"));
                rule.allow_list_formula(list).show_error_message(false)
            }
            Rule::Free => rule.allow_any_value(),
            Rule::Day => day(rule, speech.texts)?,
        })
    }
}

/// A rule that takes a day; another text can be kept, as the reader knows more spellings than Excel.
fn day(rule: DataValidation, texts: Texts) -> Result<DataValidation, XlsxError> {
    let days = DataValidationRule::Between(
        ExcelDateTime::from_ymd(1990, 1, 1)?,
        ExcelDateTime::from_ymd(2199, 12, 31)?,
    );
    let languages = texts.languages().iter();
    let lines: Vec<String> = languages
        .map(|language| language.label("new-not-a-day"))
        .collect();
    rule.allow_date(days)
        .set_error_style(DataValidationErrorStyle::Warning)
        .set_error_message(cut(&lines.join("\n")))
}

/// The rule of the date in the head.
pub(super) fn of_date(texts: Texts) -> Result<DataValidation, XlsxError> {
    let languages = texts.languages().iter();
    let lines: Vec<String> = languages
        .map(|language| language.label("new-takes-date"))
        .collect();
    let rule = DataValidation::new().set_input_message(cut(&lines.join("\n")))?;
    day(rule, texts)
}

/// The rule of another field of the head: a name, no story.
pub(super) fn of_name(texts: Texts) -> Result<DataValidation, XlsxError> {
    const MOST: u32 = 200;
    let most = MOST.to_string();
    let languages = texts.languages().iter();
    let lines: Vec<String> = languages
        .map(|language| language.label_with("new-too-long", &[("most", &most)]))
        .collect();
    DataValidation::new()
        .allow_text_length(DataValidationRule::LessThanOrEqualTo(MOST))
        .set_error_style(DataValidationErrorStyle::Warning)
        .set_error_message(cut(&lines.join("\n")))
}

/// The words that an item takes, in the language of the sheet's answers.
fn words(item: &Item, language: Language) -> Vec<String> {
    let methods = item.options.iter();
    let methods = methods
        .map(|method| method.title.text(language).to_owned())
        .filter(|_| item.kind == Kind::Multiple);
    let answers = item.choices.iter();
    methods
        .chain(answers.map(|answer| answer.word(language).to_owned()))
        .collect()
}

/// True if words can stand in the list itself: a comma would part them, and the whole is limited.
fn fits(words: &[String]) -> bool {
    let plain = |word: &String| {
        !word.is_empty() && !word.contains([',', '"', '\n']) && !word.starts_with('=')
    };
    words.iter().all(plain) && words.join(",").encode_utf16().count() <= LIMIT
}

/// What the item takes, in words.
fn hint(form: &Form, item: &Item, texts: Texts) -> String {
    let languages = texts.languages().iter();
    let lines: Vec<String> = languages
        .flat_map(|language| {
            let language = *language;
            let mut lines = vec![match item.kind {
                Kind::Choice => {
                    let words = words(item, language).join(" / ");
                    language.label_with("new-hint-choice", &[("words", &words)])
                }
                Kind::Multiple => {
                    let words = words(item, language).join(" / ");
                    language.label_with("new-hint-methods", &[("words", &words)])
                }
                Kind::Text => language.label("new-takes-text"),
                Kind::Date => language.label("new-takes-date"),
            }];
            lines.extend(guide::asked(form, item, language));
            lines.extend(guide::remark(item, language));
            lines
        })
        .collect();
    cut(&lines.join("\n"))
}

/// A text that fits a hint.
fn cut(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|c| *c == '\n' || !c.is_control() && crate::read::xstring::is_xml_char(*c))
        .collect();
    if text.encode_utf16().count() <= LIMIT {
        return text;
    }
    let mut room = LIMIT - 1;
    let fitting = text.chars().take_while(|c| {
        let fits = c.len_utf16() <= room;
        room = room.saturating_sub(c.len_utf16());
        fits
    });
    let cut: String = fitting.collect();
    format!("{cut}…")
}

/// Rows that follow each other, as first and last.
fn areas(rows: &[u32]) -> Vec<(u32, u32)> {
    let mut areas: Vec<(u32, u32)> = Vec::new();
    for row in rows {
        match areas.last_mut() {
            Some((_, last)) if *last + 1 == *row => *last = *row,
            Some(_) | None => areas.push((*row, *row)),
        }
    }
    areas
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_follow_each_other_are_one_area() {
        assert_eq!(areas(&[3, 4, 5, 8, 10, 11]), [(3, 5), (8, 8), (10, 11)]);
    }

    #[test]
    fn hints_fit() {
        assert_eq!(cut("短い\u{1}"), "短い");
        let long = cut(&"😀".repeat(200));
        assert!(long.encode_utf16().count() <= LIMIT && long.ends_with('…'));
    }

    #[test]
    fn a_comma_parts_words() {
        let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert!(fits(&words(&["はい", "いいえ"])));
        assert!(!fits(&words(&["a,b"])));
        assert!(!fits(&words(&["あ".repeat(256).as_str()])));
    }
}
