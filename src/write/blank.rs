//! Sheets to fill: a disclosure in which nothing is answered, and writing it with help for who fills it.
//!
//! The same help can go with answers that are already there, so that half-filled sheets are handed on as well.

use std::sync::Arc;

use super::texts::Texts;
use super::{Origin, Target, check, csv, fhir, json, toml, xlsx, xml};
use crate::answer::State;
use crate::disclosure::{Disclosure, Entry, HeaderValue, Placed, Remark, parse_date};
use crate::error::Result;
use crate::form::{Field, Form, Kind};
use crate::language::Localised;
use crate::place::Place;
use crate::request::Wish;

/// A disclosure of a form in which nothing is answered; `given` are fields of the head that are known already.
///
/// The questions are the form's titles in these languages. A field that the form asks as an item is that item's answer.
pub fn blank(form: &Arc<Form>, texts: Texts, given: &[(Field, String)]) -> Disclosure {
    let value_of = |field: Field| {
        let found = given.iter().rev().find(|(known, _)| *known == field);
        found.map_or("", |(_, value)| value.trim()).to_owned()
    };
    let header = Field::ALL
        .into_iter()
        .filter(|field| {
            let asked = form.headers.iter().any(|asked| asked.field == *field);
            asked || !value_of(*field).is_empty()
        })
        .map(|field| {
            let written = value_of(field);
            HeaderValue {
                field,
                date: (field == Field::Date)
                    .then(|| parse_date(&written))
                    .flatten(),
                written,
                place: Place::File,
            }
        })
        .collect();
    let entries = form.items.iter().map(|item| {
        let as_item = form.headers.iter();
        let field = as_item
            .filter(|asked| asked.item.as_ref() == Some(&item.number))
            .map(|asked| asked.field)
            .next();
        let written = field.map(value_of).unwrap_or_default();
        let is_said = !written.is_empty() && matches!(item.kind, Kind::Text | Kind::Date);
        let title = texts.say(&item.title);
        Entry {
            number: item.number.clone(),
            item: form.position(&item.number),
            number_place: Place::File,
            text: (!title.is_empty()).then_some(Placed {
                text: title,
                place: Place::File,
            }),
            answer: None,
            options: Vec::new(),
            state: if is_said {
                State::Answered
            } else {
                State::Unanswered
            },
            written: if is_said { written } else { String::new() },
            remark: Remark::default(),
            remark_place: Place::File,
            place: Place::File,
            hidden: false,
            drawn: false,
        }
    });
    let entries = entries.collect();
    Disclosure::new(Arc::clone(form), None, header, entries, Vec::new())
}

/// Writes disclosures to be filled: with what each item takes, as drop-downs and hints or as comments.
///
/// # Errors
/// [`Error::Format`](crate::Error::Format) if there is nothing to write, or the format cannot hold it or could not be read back.
///
/// ```
/// use kaijisho::write::{Target, Texts, blank, to_fill};
/// use kaijisho::{Catalog, Language, Options, Source, examine};
/// let form = Catalog::bundled().form("mds-reference")?;
/// let disclosure = blank(&form, Texts::One(Language::Ja), &[]);
/// let bytes = to_fill(&[disclosure], Target::Toml, Texts::One(Language::Ja))?;
/// let read = examine(&Source::new("a.toml", bytes), &Options::new(jiff::civil::date(2026, 10, 1)));
/// assert_eq!(read.disclosures[0].entries.len(), form.items.len());
/// # Ok::<(), kaijisho::Error>(())
/// ```
pub fn to_fill(disclosures: &[Disclosure], target: Target, texts: Texts) -> Result<Vec<u8>> {
    check(disclosures)?;
    let language = texts.languages()[0];
    let nothing = Origin {
        file: "",
        sha256: "",
    };
    match target {
        Target::Xlsx => xlsx::to_fill(disclosures, texts),
        Target::Xml => xml::write_with(disclosures, language, Some(texts)),
        Target::Json => Ok(json::to_fill(disclosures, language)),
        Target::Toml => toml::write_with(disclosures, &nothing, language, Some(texts)),
        Target::Csv => csv::write(disclosures),
        // A questionnaire says by itself what each item takes.
        Target::FhirJson => fhir::write(disclosures, fhir::Syntax::Json),
        Target::FhirXml => fhir::write(disclosures, fhir::Syntax::Xml),
    }
}

/// Writes a workbook to be filled in which the items are marked that a facility asks about, with a list of what it
/// wants on a second sheet.
///
/// # Errors
/// [`Error::Format`](crate::Error::Format) if Excel's limits are exceeded.
pub(crate) fn requested(
    disclosure: &Disclosure,
    texts: Texts,
    title: &Localised,
    wishes: &[Wish],
) -> Result<Vec<u8>> {
    xlsx::requested(disclosure, texts, title, wishes)
}
