//! A file made ready to be recorded: read, examined, its documents written. Pure, so that many can be made at once.

use std::collections::BTreeMap;

use super::canonical;
use super::event::{Broken, Read, ReceivedFile};
use super::object::Content;
use crate::disclosure::Disclosure;
use crate::error::Result;
use crate::examine::{Examined, Options, examine};
use crate::finding::{Rules, Severity, rule};
use crate::form::Field;
use crate::language::Language;
use crate::report::model::{Kind, Tool, build};
use crate::source::Source;

/// Characters of a name or a field of the head that are kept to be shown and searched; the bytes keep all.
const NAME: usize = 400;
/// Bytes of a document about a file; a longer one is kept without its findings or items, which the file itself
/// still tells.
const DOCUMENT: usize = 64 << 20;

/// A file, ready to be recorded.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub(super) file: ReceivedFile,
    pub(super) contents: Vec<Content>,
    /// Names by which the disclosures are matched to systems: maker and product.
    pub(super) heads: Vec<[String; 2]>,
    whole: bool,
    other: bool,
}

impl Prepared {
    /// Reads and examines a file. `name` is the name under which it is kept.
    ///
    /// Nothing is written; what cannot be read is a finding. A file that is larger than the limit holds more
    /// than was read of it, and is not recorded: see [`Prepared::is_whole`].
    ///
    /// # Errors
    /// [`crate::Error::Format`] if a document cannot be written as JSON.
    pub fn new(source: &Source, name: &str, options: &Options) -> Result<Self> {
        let named = Source {
            name: short(name),
            ..source.clone()
        };
        let examined = examine(&named, options);
        Self::of(&named, &examined)
    }

    /// The same of a file that has been examined already.
    ///
    /// # Errors
    /// [`crate::Error::Format`] if a document cannot be written as JSON.
    pub fn of(source: &Source, examined: &Examined) -> Result<Self> {
        let files = std::slice::from_ref(examined);
        let document = |kind, name| -> Result<Option<Content>> {
            // Japanese, whatever the user reads: what is kept must not depend on who recorded it.
            let text = canonical::text_of(&build(kind, files, None, Language::Ja))?;
            Ok((text.len() <= DOCUMENT).then(|| Content::text(&text, name, "json")))
        };
        let findings = match document(Kind::Check, "findings")? {
            Some(findings) => findings,
            None => Content::text("{}", "findings", "json"),
        };
        let reading = if examined.disclosures.is_empty() {
            None
        } else {
            document(Kind::Disclosure, "reading")?
        };
        let tool = Tool::this();
        let disclosures: Vec<Read> = examined.disclosures.iter().map(read).collect();
        let file = ReceivedFile {
            name: short(&source.name),
            sha256: source.sha256.clone(),
            size: source.bytes.len() as u64,
            readable: !examined.is_unreadable(),
            tool: format!("{} {}", tool.name, tool.version),
            reading: reading
                .as_ref()
                .map(|content| content.object.sha256.clone()),
            findings: findings.object.sha256.clone(),
            broken: broken(examined),
            systems: vec![Vec::new(); disclosures.len().max(1)],
            disclosures,
            how: "none".to_owned(),
        };
        let original = Content::original(&source.bytes, &ending(&source.name));
        let heads = examined.disclosures.iter().map(|disclosure| {
            let written = |field| {
                let value = disclosure.field(field);
                value.map(|value| value.written.clone()).unwrap_or_default()
            };
            [written(Field::Manufacturer), written(Field::Product)]
        });
        Ok(Self {
            heads: heads.collect(),
            contents: [Some(original), reading, Some(findings)]
                .into_iter()
                .flatten()
                .collect(),
            file,
            whole: source.size == source.bytes.len() as u64,
            other: examined.disclosures.is_empty()
                && examined
                    .findings
                    .iter()
                    .all(|finding| finding.rule == rule::NOTHING_RECOGNISED),
        })
    }

    /// True for a file in which nothing speaks of a disclosure.
    pub fn is_something_else(&self) -> bool {
        self.other
    }

    /// False for a file larger than the limit: not all of it was read, and it is not recorded.
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// SHA-256 of the file, in hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.file.sha256
    }

    /// The name under which it is kept.
    pub fn name(&self) -> &str {
        &self.file.name
    }

    /// True if the file could be read as a disclosure.
    pub fn is_readable(&self) -> bool {
        self.file.readable
    }

    /// How many findings of a severity there are.
    pub fn count(&self, severity: Severity) -> u64 {
        let broken = self.file.broken.iter();
        let of = broken.filter(|broken| broken.severity == severity.code());
        of.map(|broken| broken.number).sum()
    }
}

/// A text of at most [`NAME`] characters, without control characters.
pub(super) fn short(text: &str) -> String {
    let kept = text.chars().filter(|c| !c.is_control());
    kept.take(NAME).collect()
}

/// The ending of a file as kept: letters and digits only, since a name is made of it.
fn ending(name: &str) -> String {
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase());
    let safe = |ending: &String| {
        (1..=5).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    ending.filter(safe).unwrap_or_else(|| "bin".to_owned())
}

fn broken(examined: &Examined) -> Vec<Broken> {
    let mut counts: BTreeMap<(String, &'static str), u64> = BTreeMap::new();
    for finding in examined.all_findings() {
        let code = Rules::bundled().named(finding.rule).code.clone();
        *counts.entry((code, finding.severity().code())).or_default() += 1;
    }
    let counts = counts.into_iter();
    counts
        .map(|((code, severity), number)| Broken {
            code,
            severity: severity.to_owned(),
            number,
        })
        .collect()
}

fn read(disclosure: &Disclosure) -> Read {
    let field = |field| {
        let value = disclosure.field(field)?;
        Some(short(&value.value())).filter(|value| !value.is_empty())
    };
    let form = &disclosure.form;
    let answered = disclosure.entries.iter();
    let answered = answered.filter(|entry| entry.state == crate::answer::State::Answered);
    Read {
        sheet: disclosure.sheet.as_deref().map(short),
        form: form.id.clone(),
        edition: form.edition.clone(),
        form_source: form.source.code().to_owned(),
        family: form.family.code().to_owned(),
        service: form.family.is_service(),
        manufacturer: field(Field::Manufacturer),
        product: field(Field::Product),
        model: field(Field::Model),
        version: field(Field::Version),
        day: disclosure
            .field(Field::Date)
            .and_then(|value| value.date)
            .map(|date| date.to_string()),
        items: form.items.len() as u64,
        answered: answered.count() as u64,
    }
}
