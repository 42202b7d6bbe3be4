//! Bringing a register up to date: entries appended at the end, `cause` set where an answer is gone or back.
//!
//! Texts are cut and joined by the places of values, so that no byte that a person wrote is written anew. The
//! result is read again and compared before it is given away: if an entry would not be what it was, nothing is changed.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use jiff::civil::Date;

use super::written::{ENTRIES, SCHEMA};
use super::{Cause, CauseState, Key, Look, Register, Risk, Words, invalid, key, wrong};
use crate::error::Result;
use crate::escaped::quoted_on_one_line;
use crate::finding::Value;
use crate::language::{Language, Localised};
use crate::place::Place;

/// A register brought up to date.
#[derive(Clone, Debug)]
pub struct Updated {
    /// The register as it is to be written; the same text where nothing changed.
    pub register: Register,
    /// How many entries were opened; they stand last.
    pub opened: usize,
    /// How many entries were marked because the answer that opened them is gone.
    pub gone: usize,
    /// How many marks were taken back because the answer is there again.
    pub back: usize,
}

impl Register {
    /// The register with an entry for each cause, and with a mark where the cause of an entry is gone.
    ///
    /// Entries of products and requirements that were not looked at stay as they are.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] where entries stand in the file in a way that they cannot be added to.
    pub fn update(&self, look: &Look, date: Date, language: Language) -> Result<Updated> {
        let causes: BTreeMap<Key, &Cause> =
            look.causes.iter().map(|cause| (of(cause), cause)).collect();
        let known: BTreeSet<Key> = self.entries.iter().map(Risk::key).collect();
        let mut edits = Vec::new();
        let (mut gone, mut back) = (0, 0);
        for risk in self
            .entries
            .iter()
            .filter(|risk| !risk.requirement.is_empty())
        {
            let key = risk.key();
            let mark = match risk.cause_state() {
                CauseState::Gone if causes.contains_key(&key) => {
                    back += 1;
                    format!("back since {date}")
                }
                CauseState::Present | CauseState::Back if look.met.contains(&key) => {
                    gone += 1;
                    format!("gone since {date}")
                }
                CauseState::Gone | CauseState::Present | CauseState::Back => continue,
            };
            edits.extend(self.edit(risk, &mark));
        }
        let new: Vec<&Cause> = look
            .causes
            .iter()
            .filter(|cause| !known.contains(&of(cause)))
            .collect();
        let text = self.append(&self.edited(edits), &new, date, language);
        let register = self.read_again(text, new.len(), gone + back)?;
        Ok(Updated {
            register,
            opened: new.len(),
            gone,
            back,
        })
    }

    /// The end of lines that the file has.
    fn newline(&self) -> &'static str {
        if self.text.contains("\r\n") {
            "\r\n"
        } else {
            "\n"
        }
    }

    /// What to put where, so that the entry's `cause` says this.
    fn edit(&self, risk: &Risk, mark: &str) -> Option<(Range<usize>, String)> {
        if let Some(at) = &risk.cause_at {
            return Some((at.clone(), quoted_on_one_line(mark)));
        }
        let end = risk.requirement_at.as_ref()?.end;
        let line = self.text[end..].split('\n').next().unwrap_or_default();
        let rest = line.trim();
        let mark = format!("cause = {}", quoted_on_one_line(mark));
        // Behind the value of an entry on lines of its own stands nothing but a comment.
        if rest.is_empty() || rest.starts_with('#') {
            let at = end + line.trim_end_matches('\r').len();
            Some((at..at, format!("{}{mark}", self.newline())))
        } else {
            Some((end..end, format!(", {mark}")))
        }
    }

    fn edited(&self, mut edits: Vec<(Range<usize>, String)>) -> String {
        edits.sort_by_key(|(at, _)| at.start);
        let (mut text, mut from) = (String::with_capacity(self.text.len()), 0);
        for (at, put) in edits {
            text.push_str(&self.text[from..at.start]);
            text.push_str(&put);
            from = at.end;
        }
        text.push_str(&self.text[from..]);
        text
    }

    fn append(&self, text: &str, new: &[&Cause], date: Date, language: Language) -> String {
        let mut text = text.to_owned();
        if new.is_empty() {
            return text;
        }
        let newline = self.newline();
        let mut lines: Vec<String> = Vec::new();
        if self.entries.is_empty() && !text.contains(SCHEMA) {
            lines.extend(language.label("risks-preface").lines().map(comment));
            lines.push(format!("schema = {}", quoted_on_one_line(SCHEMA)));
        }
        let mut number = self
            .entries
            .iter()
            .filter_map(|risk| number_of(&risk.id))
            .max();
        for cause in new {
            let next = number.map_or(1, |number| number.saturating_add(1));
            number = Some(next);
            lines.push(String::new());
            lines.extend(entry(cause, &format!("R{next:03}"), date, language));
        }
        if !text.is_empty() && !text.ends_with('\n') {
            text.push_str(newline);
        }
        for line in lines {
            text.push_str(&line);
            text.push_str(newline);
        }
        text
    }

    /// The edited text as a register, if every entry is still what it was.
    fn read_again(&self, text: String, opened: usize, marked: usize) -> Result<Register> {
        let refused = |key: &str, values: &[(&str, &str)]| {
            let detail = Value::Local(Localised::label(key, values));
            let place = self.entries.first().and_then(|risk| risk.line.clone());
            invalid(
                &self.file,
                wrong(place.unwrap_or(Place::File)).with("detail", detail),
            )
        };
        if self.entries.len() + opened > ENTRIES {
            let limit = ENTRIES.to_string();
            return Err(refused("risks-too-many", &[("limit", &limit)]));
        }
        if opened + marked == 0 {
            return Ok(self.clone());
        }
        let after =
            Register::parse(&text, &self.file).map_err(|_| refused("risks-not-editable", &[]))?;
        let same = after.entries.len() == self.entries.len() + opened
            && self
                .entries
                .iter()
                .zip(&after.entries)
                .all(|(old, new)| told(old) == told(new));
        let changed = self.entries.iter().zip(&after.entries);
        let changed = changed.filter(|(old, new)| old.cause != new.cause).count();
        if same && changed == marked {
            Ok(after)
        } else {
            Err(refused("risks-not-editable", &[]))
        }
    }
}

/// All that people wrote in an entry, without where it stands and without the mark.
fn told(risk: &Risk) -> Risk {
    Risk {
        cause: String::new(),
        line: None,
        places: Vec::new(),
        requirement_at: None,
        cause_at: None,
        ..risk.clone()
    }
}

fn of(cause: &Cause) -> Key {
    key(&cause.manufacturer, &cause.product, &cause.requirement)
}

/// The number of an id of our own making: 7 of `R007`.
fn number_of(id: &str) -> Option<u32> {
    id.strip_prefix('R')?.parse().ok()
}

fn comment(line: &str) -> String {
    format!("# {line}").trim_end().to_owned()
}

/// The lines of a new entry: what is known first, then what people fill in.
fn entry(cause: &Cause, id: &str, date: Date, language: Language) -> Vec<String> {
    let words = Words::bundled();
    let choices = |choices: &[super::words::Choice]| {
        let titles = choices.iter().map(|choice| choice.title.text(language));
        titles.collect::<Vec<_>>().join(" / ")
    };
    let value = |key: &str, value: &str| format!("{key} = {}", quoted_on_one_line(value));
    let blank = |key: &str, hint: &str| format!("{key} = \"\"  # {hint}");
    let threat = words
        .threat(&cause.control)
        .map_or_else(String::new, |draft| {
            format!("{}{}", language.label("risk-draft"), draft.text(language))
        });
    let threat = format!(
        "{}  # {}",
        value("threat", &threat),
        language.label("risk-hint-threat")
    );
    let open = words.status.first();
    let status = open.map_or("", |status| status.title.text(language));
    vec![
        "[[risk]]".to_owned(),
        value("id", id),
        format!("opened = {date}"),
        value("manufacturer", &cause.manufacturer),
        value("product", &cause.product),
        value("requirement", &cause.requirement),
        value("item", &cause.item),
        value("control", &cause.control),
        value("title", &cause.title),
        value("stated", &cause.stated),
        value("place", &cause.place),
        threat,
        blank("likelihood", &choices(&words.degree)),
        blank("impact", &choices(&words.degree)),
        blank("treatment", &choices(&words.treatment)),
        blank("measures", &language.label("risk-hint-measures")),
        blank("owner", &language.label("risk-hint-owner")),
        blank("due", &language.label("risk-hint-due")),
        format!("{}  # {}", value("status", status), choices(&words.status)),
    ]
}
