//! Return sheets: a sender's workbook with what is to be mended marked and listed, and what came of it.
//!
//! What goes back stays the sender's own file: cells get a colour and a comment, a first sheet lists them.
//! When it comes back, [`recall`] looks past all that and says which of the listed findings were mended.

mod issue;
mod list;
pub(crate) mod marks;
pub(crate) mod recall;
mod rows;

use jiff::civil::Date;

pub use recall::{Listed, Returned};

use crate::assess::Assessment;
use crate::disclosure::{Disclosure, language_of};
use crate::error::{Error, Result};
use crate::examine::Examined;
use crate::form::Field;
use crate::language::{Language, Localised};
use crate::limits::Limits;
use crate::source::Source;

/// What a cell of the list says where there is nothing to say.
pub(crate) const NONE: &str = "–";

/// How a sheet goes back to its sender.
#[derive(Clone, Debug, Default)]
pub struct ReturnOptions<'a> {
    /// The language of the list and of comments; without one, that of the form.
    pub language: Option<Language>,
    /// The day that the list names.
    pub date: Option<Date>,
    /// What a facility requires, held against each disclosure; what is open is asked in a block of its own.
    pub assessments: &'a [Assessment<'a>],
    /// True to list notes too.
    pub notes: bool,
    /// How much is read at most.
    pub limits: Limits,
}

/// A sheet that goes back to its sender.
#[derive(Clone, Debug)]
pub struct ReturnSheet {
    /// The workbook.
    pub bytes: Vec<u8>,
    /// How many findings it lists.
    pub findings: usize,
    /// How many questions.
    pub questions: usize,
    /// How many cells have a colour.
    pub coloured: usize,
    /// How many of these have a comment; where a thread of comments hangs, only the list speaks.
    pub commented: usize,
    /// True if the workbook may hold macros: Excel opens it only under a name that ends in `.xlsm`.
    pub has_macros: bool,
}

/// The sender's own workbook with a colour and a comment on each cell to mend, and a list as its first sheet.
///
/// All else stays as it is. What an earlier return put there is replaced.
///
/// ```
/// use kaijisho::{Limits, Options, ReturnOptions, Source, examine, return_sheet};
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/01-vendor/disclosure.xlsx");
/// let source = Source::open(path.as_ref(), &Limits::default())?;
/// let options = Options::new(jiff::civil::date(2026, 10, 1));
/// let back = return_sheet(&source, &examine(&source, &options), &ReturnOptions::default())?;
/// assert_eq!((back.findings, back.coloured), (4, 4));
/// let again = examine(&Source::new("returned.xlsx", back.bytes), &options);
/// assert_eq!(again.returned.expect("a list").open.len(), 4);
/// # Ok::<(), kaijisho::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotReturned`] where the file is no workbook of Excel's present format, holds no disclosure, or
/// cannot be changed without harm (a password, a signature).
pub fn return_sheet(
    source: &Source,
    examined: &Examined,
    options: &ReturnOptions<'_>,
) -> Result<ReturnSheet> {
    let refused = |reason: Localised| Error::NotReturned {
        name: source.name.clone(),
        reason,
    };
    let Some(first) = examined.disclosures.first() else {
        return Err(refused(unread(examined)));
    };
    if !source.bytes.starts_with(b"PK\x03\x04") {
        return Err(refused(Localised::label("return-not-xlsx", &[])));
    }
    let language = options.language.unwrap_or_else(|| language_of(&first.form));
    let findings = rows::findings(examined, options.notes, language);
    let questions = rows::questions(examined, options.assessments, &findings, language);
    let head = list::Head {
        products: examined
            .disclosures
            .iter()
            .map(product)
            .filter(|it| !it.is_empty())
            .collect(),
        file: source
            .name
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or_default()
            .to_owned(),
        date: options.date.map(|date| date.to_string()),
    };
    let wanted = issue::Wanted {
        findings: &findings,
        questions: &questions,
        head: &head,
        earlier: examined.returned.as_ref().map(|returned| &*returned.sheet),
        language,
    };
    let marked = issue::issue(&source.bytes, &wanted, &options.limits).map_err(refused)?;
    Ok(ReturnSheet {
        bytes: marked.bytes,
        findings: findings.len(),
        questions: questions.len(),
        coloured: marked.coloured,
        commented: marked.commented,
        has_macros: marked.has_macros,
    })
}

/// Why nothing was read: what the gravest finding says, and what to do about it.
fn unread(examined: &Examined) -> Localised {
    let gravest = examined
        .findings
        .iter()
        .max_by_key(|finding| finding.severity());
    let told = |language| {
        let stop = match language {
            Language::Ja => "。",
            Language::En => "; ",
        };
        let told = gravest.map(|it| format!("{}{stop}{}", it.message(language), it.help(language)));
        let detail = told.unwrap_or_default();
        language.label_with("return-no-disclosure", &[("detail", &detail)])
    };
    Localised {
        ja: told(Language::Ja),
        en: told(Language::En),
    }
}

/// The maker, product and version of a disclosure, as far as it says them.
fn product(disclosure: &Disclosure) -> String {
    let said = |field| {
        let value = disclosure.field(field).map(|value| value.value());
        value.filter(|value| !value.trim().is_empty())
    };
    let fields = [
        Field::Manufacturer,
        Field::Product,
        Field::Model,
        Field::Version,
    ];
    let said: Vec<String> = fields.into_iter().filter_map(said).collect();
    said.join(" / ")
}
