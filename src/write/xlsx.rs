//! The workbook: one sheet for each disclosure, in the words of its form, to be read and to be filled.
//!
//! Title, the form's id, the head, how far it is, a table of number, question, answer, remark and state, and
//! the remark texts. The sheet names its form, so that it is read back as what it is (`disclosure::plain`). What
//! vendors wrote is text, item numbers too: 4.10 stays 4.10, and no text of a vendor becomes a formula. The
//! formulas are this tool's own, with their results ([`logic`]).

mod choices;
mod kept;
mod logic;
mod look;
mod place;
mod sheet;
mod wishes;
pub(super) mod words;

use std::collections::{BTreeMap, HashMap, HashSet};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

use super::texts::Texts;
use crate::answer::{Answer, ItemNumber, State};
use crate::disclosure::{Disclosure, language_of};
use crate::error::{Error, Result};
use crate::language::{Language, Localised};
use crate::limits::Limits;
use crate::profile::Level;
use crate::read::xstring;
use crate::request::Wish;
use crate::vocabulary::Vocabulary;

/// The longest name of a sheet, in UTF-16 units.
const NAME_LIMIT: usize = 31;

/// Writes the disclosures of a file as a workbook. `language` is that of the file's properties.
///
/// # Errors
/// [`Error::Format`] if Excel's limits are exceeded.
pub(super) fn write(disclosures: &[Disclosure], language: Language) -> Result<Vec<u8>> {
    workbook(disclosures, language, None, &Request::default()).map_err(|error| refused(&error))
}

/// Writes a workbook to be filled: protected but for what is to be filled, and with answers to choose from.
///
/// # Errors
/// [`Error::Format`] if Excel's limits are exceeded.
pub(super) fn to_fill(disclosures: &[Disclosure], texts: Texts) -> Result<Vec<u8>> {
    workbook(
        disclosures,
        texts.languages()[0],
        Some(texts),
        &Request::default(),
    )
    .map_err(|error| refused(&error))
}

/// What a facility asks for, where it asks for bids.
#[derive(Default)]
struct Request<'r> {
    title: Option<&'r Localised>,
    wishes: &'r [Wish],
    asked: BTreeMap<ItemNumber, Level>,
}

/// Writes a workbook to be filled with the items marked that a facility asks about, and a list of what it wants.
///
/// # Errors
/// [`Error::Format`] if Excel's limits are exceeded.
pub(super) fn requested(
    disclosure: &Disclosure,
    texts: Texts,
    title: &Localised,
    wishes: &[Wish],
) -> Result<Vec<u8>> {
    let mut asked: BTreeMap<ItemNumber, Level> = BTreeMap::new();
    for wish in wishes {
        if let Some(number) = &wish.number {
            let level = asked.entry(number.clone()).or_insert(wish.level);
            *level = (*level).min(wish.level);
        }
    }
    let request = Request {
        title: Some(title),
        wishes,
        asked,
    };
    let disclosures = std::slice::from_ref(disclosure);
    workbook(disclosures, texts.languages()[0], Some(texts), &request)
        .map_err(|error| refused(&error))
}

/// Why Excel would not take the workbook.
fn refused(error: &XlsxError) -> Error {
    let allowed = Limits::default().cell_chars;
    match error {
        XlsxError::MaxStringLengthExceeded => Error::TooLong {
            place: "xlsx".to_owned(),
            found: format!("> {allowed}"),
            allowed,
        },
        other => Error::Format(format!("xlsx: {other}")),
    }
}

fn workbook(
    disclosures: &[Disclosure],
    language: Language,
    to_fill: Option<Texts>,
    request: &Request<'_>,
) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The same input gives the same bytes, so the time of writing is none of the file's business.
    let properties = DocProperties::new()
        .set_title(language.label("convert-title"))
        .set_author(env!("CARGO_PKG_NAME"))
        .set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?);
    workbook.set_properties(&properties);
    let look = look::Look::new();
    let mut names = Names::default();
    let mut first = String::new();
    for disclosure in disclosures {
        let name = sheet_name(disclosure, &mut names);
        let mut sheet = Worksheet::new();
        sheet.set_name(&name)?;
        if first.is_empty() {
            first = name;
        }
        let own = language_of(&disclosure.form);
        let texts = to_fill.unwrap_or(Texts::One(own));
        let words = match texts {
            Texts::One(language) => language,
            Texts::Both => own,
        };
        let writer = sheet::Writer {
            sheet: &mut sheet,
            look: &look,
            disclosure,
            speech: choices::Speech {
                texts,
                words,
                strict: to_fill.is_some(),
            },
            to_fill: to_fill.is_some(),
            widths: sheet::widths(&disclosure.form),
            asked: &request.asked,
        };
        writer.write()?;
        workbook.push_worksheet(sheet);
    }
    if let (Some(title), Some(texts), [disclosure]) = (request.title, to_fill, disclosures) {
        let rows = sheet::rows(disclosure);
        let place = |wish: &Wish| {
            let of = disclosure.entries.iter().zip(&rows);
            let row = of.filter(|(entry, _)| Some(&entry.number) == wish.number.as_ref());
            let row = row.map(|(_, row)| row).next()?;
            Some(format!(
                "internal:'{}'!C{}",
                first.replace('\'', "''"),
                row + 1
            ))
        };
        let sheet = workbook.add_worksheet();
        wishes::write(sheet, &look, texts, title, request.wishes, place)?;
    }
    lists(&mut workbook, disclosures)?;
    workbook.save_to_buffer()
}

/// How many answers in words that the vocabulary does not list the formulas know.
const MOST_OWN_WORDS: usize = 50;

/// Defines the lists of words by which the formulas understand answers.
fn lists(
    workbook: &mut Workbook,
    disclosures: &[Disclosure],
) -> std::result::Result<(), XlsxError> {
    let vocabulary = Vocabulary::get();
    for (answer, name) in logic::NAMES {
        let mut words: Vec<String> = vocabulary
            .words_of(answer)
            .into_iter()
            .map(str::to_owned)
            .collect();
        words.push(answer.code().to_owned());
        let known = words.len();
        for word in own_words(disclosures, answer) {
            if words.len() < known + MOST_OWN_WORDS && !words.contains(&word) {
                words.push(word);
            }
        }
        workbook.define_name(name, &list(&words))?;
    }
    let nothing = vocabulary.empty_remarks();
    workbook.define_name(logic::NOTHING, &list(&nothing))?;
    Ok(())
}

/// Answers as they stand on the sheets, where the vocabulary does not have their very words.
fn own_words(disclosures: &[Disclosure], answer: Answer) -> Vec<String> {
    let entries = disclosures
        .iter()
        .flat_map(|disclosure| &disclosure.entries);
    entries
        .filter(|entry| entry.state == State::Answered && entry.answer == Some(answer))
        .map(|entry| {
            let written = entry.written.chars();
            let bare: String = written.filter(|c| !matches!(c, ' ' | '　')).collect();
            bare.to_lowercase()
        })
        // Signs that stand for others, and what cannot stand in a formula, are better not understood.
        .filter(|word| word.len() < 100 && !word.contains(['*', '?', '~']))
        .filter(|word| {
            !word
                .chars()
                .any(|c| c.is_control() || crate::text::is_format(c))
        })
        .collect()
}

fn list(words: &[impl AsRef<str>]) -> String {
    let words = words.iter();
    let words: Vec<String> = words.map(|word| logic::quoted(word.as_ref())).collect();
    format!("={{{}}}", words.join(","))
}

/// The names of sheets so far. Thousands of sheets may want the same one.
#[derive(Default)]
struct Names {
    /// In lower case, as Excel compares them.
    taken: HashSet<String>,
    /// The last number given to a name that was wanted again.
    counts: HashMap<String, u32>,
}

/// The sheet's own name, made one that Excel takes and that no other sheet has.
fn sheet_name(disclosure: &Disclosure, names: &mut Names) -> String {
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
    names.give(wanted)
}

impl Names {
    /// The name, with a number behind it where it is taken.
    fn give(&mut self, wanted: &str) -> String {
        let mut name = cut(wanted, "");
        let count = self.counts.entry(name.to_lowercase()).or_insert(1);
        while !self.taken.insert(name.to_lowercase()) {
            *count += 1;
            name = cut(wanted, &format!(" ({count})"));
        }
        name
    }
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

    #[test]
    fn wanted_names_are_numbered() {
        let mut names = Names::default();
        let long = "あ".repeat(31);
        let longer = format!("{long}い");
        let wanted = [
            "MDS",
            "mds",
            "MDS (3)",
            "MDS",
            long.as_str(),
            longer.as_str(),
        ];
        let given = wanted.map(|wanted| names.give(wanted));
        let cut_off = format!("{} (2)", "あ".repeat(27));
        let expected = [
            "MDS",
            "mds (2)",
            "MDS (3)",
            "MDS (4)",
            long.as_str(),
            cut_off.as_str(),
        ];
        assert_eq!(given.each_ref().map(String::as_str), expected);
        // Linear: each goes on where the last one stopped.
        let many = (0..20_000).map(|_| names.give("SDS")).last();
        assert_eq!(many.as_deref(), Some("SDS (20000)"));
    }

    #[test]
    fn names_that_excel_takes() {
        assert_eq!(cut("'a'", ""), "'a");
        assert_eq!(cut(&"あ".repeat(40), "").chars().count(), 31);
        assert_eq!(cut(&"😀".repeat(40), " (2)").encode_utf16().count(), 30);
    }
}
