//! What is doubtful about a disclosure that was received: its age, its edition, its version, its soundness.

use jiff::civil::Date;

use super::Sheet;
use super::facility::System;
use crate::finding::Severity;
use crate::form::Field;
use crate::language::Language;
use crate::products::deadline;
use crate::text::{fold, show};

/// Months after which a disclosure is old.
const OLD_MONTHS: u32 = 12;

/// Something to look at on a disclosure that was received.
#[derive(Clone, Debug, PartialEq)]
pub enum Concern {
    /// Its edition was replaced.
    Superseded {
        /// The edition it is on.
        edition: String,
        /// The one that replaced it.
        newer: String,
    },
    /// It is of another version than the one in use.
    OtherVersion {
        /// The version in use.
        in_use: String,
        /// The version disclosed.
        disclosed: String,
    },
    /// It does not say of which version it is, though one is known to be in use.
    VersionNotStated,
    /// It is older than a year.
    Old {
        /// Its date.
        date: Date,
    },
    /// It has no date that can be read.
    DateMissing,
    /// Its date is still to come.
    DateFuture {
        /// Its date.
        date: Date,
    },
    /// It has findings that are errors.
    Unsound {
        /// How many.
        errors: usize,
    },
}

impl Concern {
    /// The name in JSON.
    pub fn code(&self) -> &'static str {
        match self {
            Concern::Superseded { .. } => "superseded",
            Concern::OtherVersion { .. } => "other-version",
            Concern::VersionNotStated => "version-not-stated",
            Concern::Old { .. } => "old",
            Concern::DateMissing => "date-missing",
            Concern::DateFuture { .. } => "date-future",
            Concern::Unsound { .. } => "unsound",
        }
    }

    /// In words.
    pub fn text(&self, language: Language) -> String {
        let say = |values: &[(&str, &str)]| {
            language.label_with(&format!("concern-{}", self.code()), values)
        };
        match self {
            Concern::Superseded { edition, newer } => {
                say(&[("edition", edition), ("newer", newer)])
            }
            Concern::OtherVersion { in_use, disclosed } => say(&[
                ("in_use", &show(in_use, 40)),
                ("disclosed", &show(disclosed, 40)),
            ]),
            Concern::VersionNotStated | Concern::DateMissing => say(&[]),
            Concern::Old { date } | Concern::DateFuture { date } => {
                say(&[("date", &date.to_string())])
            }
            Concern::Unsound { errors } => say(&[("count", &errors.to_string())]),
        }
    }
}

/// What there is to look at on a sheet of a system on a day.
pub(super) fn concerns(sheet: &Sheet<'_>, system: &System, today: Date) -> Vec<Concern> {
    let mut concerns = Vec::new();
    let form = &sheet.disclosure.form;
    if let Some(newer) = &form.superseded_by {
        concerns.push(Concern::Superseded {
            edition: form.edition.clone(),
            newer: newer.clone(),
        });
    }
    let disclosed = sheet.disclosure.field(Field::Version);
    let disclosed = disclosed.map(|value| value.written.trim()).unwrap_or("");
    match &system.version {
        Some(_) if disclosed.is_empty() => concerns.push(Concern::VersionNotStated),
        Some(in_use) if version(in_use) != version(disclosed) => {
            concerns.push(Concern::OtherVersion {
                in_use: in_use.clone(),
                disclosed: disclosed.to_owned(),
            });
        }
        Some(_) | None => {}
    }
    match date_of(sheet) {
        None => concerns.push(Concern::DateMissing),
        Some(date) if date > today => concerns.push(Concern::DateFuture { date }),
        Some(date) if is_old(date, today) => concerns.push(Concern::Old { date }),
        Some(_) => {}
    }
    let findings = sheet.file.disclosure_findings.get(sheet.at);
    let errors = findings
        .into_iter()
        .flatten()
        .filter(|finding| finding.severity() == Severity::Error)
        .count();
    if errors > 0 {
        concerns.push(Concern::Unsound { errors });
    }
    concerns
}

/// The date of a sheet, if it can be read.
pub(super) fn date_of(sheet: &Sheet<'_>) -> Option<Date> {
    sheet.disclosure.field(Field::Date)?.date
}

/// True if more than a year has passed: the same day a year later, or the last day of February, is not yet.
fn is_old(date: Date, today: Date) -> bool {
    deadline(date, OLD_MONTHS).is_some_and(|last| last < today)
}

/// A version without the word in front or behind: `Ver.5.1` is 5.1.
fn version(text: &str) -> String {
    let folded = fold(text);
    let mut rest = folded.as_str();
    for word in ["version", "バージョン", "ver.", "ver", "v", "第"] {
        if let Some(after) = rest.strip_prefix(word) {
            let after = after.trim_start_matches(['.', ':']);
            if after.starts_with(|c: char| c.is_ascii_digit()) {
                rest = after;
                break;
            }
        }
    }
    rest.strip_suffix('版').unwrap_or(rest).to_owned()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_year_ends_on_the_same_day_and_february_is_short() {
        for (made, last) in [
            (date(2024, 2, 29), date(2025, 2, 28)),
            (date(2023, 2, 28), date(2024, 2, 28)),
            (date(2023, 3, 31), date(2024, 3, 31)),
            (date(2023, 8, 31), date(2024, 8, 31)),
        ] {
            assert!(!is_old(made, last), "{made}");
            let next = last.tomorrow().expect("a day");
            assert!(is_old(made, next), "{made}");
        }
    }

    #[test]
    fn words_around_a_version_do_not_matter() {
        for text in [
            "5.1",
            "Ver.5.1",
            "Ｖｅｒ ５．１",
            "version 5.1",
            "V5.1",
            "第5.1版",
        ] {
            assert_eq!(version(text), "5.1", "{text}");
        }
        assert_ne!(version("5.10"), version("5.1"));
        assert_eq!(version("vista"), "vista");
    }
}
