//! Writing disclosures: XML, JSON, TOML, CSV, FHIR and a plain workbook, without loss.
//!
//! Each format is one file; what it writes, `read` reads back to the same disclosure
//! ([`Disclosure::same_content`]), from any format to any other and on. What is not content stays
//! behind: places, hidden rows, sheets that are no disclosures.

mod blank;
mod csv;
mod fhir;
mod guide;
mod json;
pub(crate) mod model;
mod plain;
pub mod table;
mod texts;
pub(crate) mod toml;
mod xlsx;
mod xml;

pub use crate::escaped::json_text;
pub(crate) use blank::requested;
pub use blank::{blank, to_fill};
pub use texts::Texts;

use crate::disclosure::Disclosure;
use crate::error::{Error, Result};
use crate::finding::Severity;
use crate::language::Language;
use crate::limits::Limits;
use crate::place::Place;

/// A format a disclosure can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// An Excel workbook, one sheet for each disclosure.
    Xlsx,
    /// The project's own XML, `schemas/disclosure.xsd`.
    Xml,
    /// JSON, `schemas/disclosure.schema.json`.
    Json,
    /// TOML of the same shape.
    Toml,
    /// The plain sheet as separated text, all disclosures in one table.
    Csv,
    /// A FHIR R4 Bundle of Questionnaires and QuestionnaireResponses, as JSON.
    FhirJson,
    /// The same as XML.
    FhirXml,
}

impl Target {
    /// The format of a file name's ending. FHIR has none of its own; see [`Target::as_fhir`].
    pub fn of_name(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "xlsx" => Some(Target::Xlsx),
            "xml" => Some(Target::Xml),
            "json" => Some(Target::Json),
            "toml" => Some(Target::Toml),
            "csv" => Some(Target::Csv),
            _ => None,
        }
    }

    /// FHIR in this format, which must be JSON or XML.
    pub fn as_fhir(self) -> Option<Self> {
        match self {
            Target::Json | Target::FhirJson => Some(Target::FhirJson),
            Target::Xml | Target::FhirXml => Some(Target::FhirXml),
            Target::Xlsx | Target::Toml | Target::Csv => None,
        }
    }

    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Target::Xlsx => "xlsx",
            Target::Xml | Target::FhirXml => "xml",
            Target::Json | Target::FhirJson => "json",
            Target::Toml => "toml",
            Target::Csv => "csv",
        }
    }
}

/// Where the disclosures of a file come from, for the formats that say so.
#[derive(Clone, Debug)]
pub struct Origin<'a> {
    /// The file as named by the user.
    pub file: &'a str,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: &'a str,
}

/// Writes the disclosures of a file.
///
/// # Errors
/// [`Error::Format`] if there is nothing to write, or the format cannot hold it or could not be read back.
///
/// ```
/// use kaijisho::write::{Origin, Target, write};
/// use kaijisho::{Language, Options, Source, examine};
/// let options = Options::new(jiff::civil::date(2026, 10, 1));
/// let text = "form = 'mds-reference'\nitems = [{ number = '1', answer = 'はい' }]";
/// let given = examine(&Source::new("a.toml", text.into()), &options);
/// let origin = Origin { file: &given.file, sha256: &given.sha256 };
/// let bytes = write(&given.disclosures, &origin, Target::Xlsx, Language::Ja)?;
/// let back = examine(&Source::new("a.xlsx", bytes), &options);
/// assert!(back.disclosures[0].same_content(&given.disclosures[0]));
/// # Ok::<(), kaijisho::Error>(())
/// ```
pub fn write(
    disclosures: &[Disclosure],
    origin: &Origin<'_>,
    target: Target,
    language: Language,
) -> Result<Vec<u8>> {
    check(disclosures)?;
    few_enough(disclosures, language)?;
    let bytes = match target {
        Target::Xlsx => xlsx::write(disclosures, language),
        Target::Xml => xml::write(disclosures, language),
        Target::Json => json::write(disclosures, origin, language),
        Target::Toml => toml::write(disclosures, origin, language),
        Target::Csv => csv::write(disclosures),
        Target::FhirJson => fhir::write(disclosures, fhir::Syntax::Json),
        Target::FhirXml => fhir::write(disclosures, fhir::Syntax::Xml),
    }?;
    if is_large(disclosures) {
        can_be_read(&bytes, target, language)?;
    }
    Ok(bytes)
}

/// Whether there are no more items than a file is read with.
fn few_enough(disclosures: &[Disclosure], language: Language) -> Result<()> {
    let items: usize = disclosures.iter().map(|one| one.entries.len()).sum();
    let allowed = Limits::default().items;
    if items <= allowed {
        return Ok(());
    }
    let finding = crate::read::too_large(Place::File, "limit-items", allowed, items);
    Err(Error::Format(finding.message(language)))
}

/// Rows from which on a file may go over a limit of reading, which counts values or cells.
const LARGE: usize = 5_000;

fn is_large(disclosures: &[Disclosure]) -> bool {
    let rows = disclosures
        .iter()
        .map(|one| one.header.len() + one.entries.len() + one.notes.len() + one.kept.len());
    rows.sum::<usize>() > LARGE
}

/// Whether a large file stays within the limits of reading, which each format meets in a way of its own.
fn can_be_read(bytes: &[u8], target: Target, language: Language) -> Result<()> {
    let name = format!("a.{}", target.ending());
    let written = crate::source::Source::new(&name, bytes.to_vec());
    let reading = crate::read::read(&written, &Limits::default());
    let mut errors = reading.findings.iter();
    // A text that looks like a link is a note and no obstacle.
    match errors.find(|finding| finding.severity() == Severity::Error) {
        Some(finding) => Err(Error::Format(finding.message(language))),
        None => Ok(()),
    }
}

/// Whether everything can be read back: a disclosure is there, and no text goes over the limit of reading.
fn check(disclosures: &[Disclosure]) -> Result<()> {
    if disclosures.is_empty() {
        return Err(Error::Format("there is no disclosure to write".to_owned()));
    }
    let limit = Limits::default().cell_chars;
    let fits = |what: &dyn std::fmt::Display, text: &str| {
        // Bytes bound characters from above, so most texts need no counting.
        if text.len() <= limit || text.chars().count() <= limit {
            return Ok(());
        }
        Err(Error::TooLong {
            place: what.to_string(),
            found: text.chars().count().to_string(),
            allowed: limit,
        })
    };
    for disclosure in disclosures {
        for value in &disclosure.header {
            fits(&value.field.code(), &value.written)?;
        }
        for entry in &disclosure.entries {
            let text = entry.text.as_ref().map(|text| &text.text);
            let texts = [
                text,
                Some(&entry.written),
                entry.remark.text.as_ref(),
                entry.remark.reference.as_ref(),
            ];
            for text in texts.into_iter().flatten() {
                fits(&entry.number, text)?;
            }
        }
        for note in &disclosure.notes {
            fits(&note.label, &note.text)?;
        }
        for kept in &disclosure.kept {
            for text in [&kept.label, &kept.text, &kept.origin()] {
                fits(&kept.kind.code(), text)?;
            }
        }
    }
    Ok(())
}
