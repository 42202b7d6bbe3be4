//! Mistakes in the two files that people write for a checklist, each with its line and column.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::de::DeserializeOwned;
use toml::Spanned;

use crate::disclosure::parse_date;
use crate::error::{Error, Result};
use crate::finding::{Finding, Value, rule};
use crate::language::Localised;
use crate::place::{Lines, Place};
use crate::syntax::in_words;
use crate::text::is_blank;

/// How many mistakes are told one by one; the rest are counted.
const TOLD: usize = 100;
/// Characters of a text at most.
const CHARACTERS: usize = 2_000;

/// The mistakes found so far in one file.
pub(super) struct Mistakes<'t> {
    lines: Lines<'t>,
    told: Vec<Finding>,
    more: usize,
}

impl<'t> Mistakes<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            lines: Lines::new(text),
            told: Vec::new(),
            more: 0,
        }
    }

    /// The first step: TOML with the right fields.
    pub(super) fn read<T: DeserializeOwned>(&mut self, text: &str) -> Option<T> {
        match toml::from_str(text) {
            Ok(written) => Some(written),
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                self.push(at, in_words(error.message()));
                None
            }
        }
    }

    /// What was checked, if there was nothing wrong.
    pub(super) fn unless_any<T>(mut self, name: &str, checked: Option<T>) -> Result<T> {
        if self.more > 0 {
            let count = self.more.to_string();
            let detail = Localised::label("checklist-more", &[("count", &count)]);
            self.told.push(
                Finding::new(rule::CHECKLIST_FILE_INVALID, Place::File)
                    .with("detail", Value::Local(detail)),
            );
        }
        match checked {
            Some(checked) if self.told.is_empty() => Ok(checked),
            Some(_) | None => {
                self.told
                    .sort_by_cached_key(|finding| finding.sort_key(&[]));
                Err(Error::Invalid {
                    name: name.to_owned(),
                    findings: self.told,
                })
            }
        }
    }

    pub(super) fn place(&self, at: usize) -> Place {
        self.lines.place(at)
    }

    /// `key` is the label that says what is wrong.
    pub(super) fn wrong(&mut self, at: usize, key: &str, values: &[(&str, &str)]) {
        self.push(at, Localised::label(key, values));
    }

    /// What is wrong, in both languages.
    pub(super) fn push(&mut self, at: usize, detail: Localised) {
        if self.told.len() == TOLD {
            self.more += 1;
            return;
        }
        let finding = Finding::new(rule::CHECKLIST_FILE_INVALID, self.lines.place(at));
        self.told.push(finding.with("detail", Value::Local(detail)));
    }

    /// A text that must be there; without the spaces around it.
    pub(super) fn text(&mut self, written: &Spanned<String>, key: &str) -> String {
        if is_blank(written.as_ref()) {
            self.wrong(written.span().start, "checklist-blank", &[("key", key)]);
        }
        self.bounded(written)
    }

    /// A text that may be left out; a blank one is none.
    pub(super) fn text_if(&mut self, written: Option<&Spanned<String>>) -> Option<String> {
        let text = self.bounded(written?);
        (!is_blank(&text)).then_some(text)
    }

    fn bounded(&mut self, written: &Spanned<String>) -> String {
        self.long(written.span().start, written.as_ref())
    }

    /// A text without the spaces around it; one that is too long is a mistake.
    pub(super) fn long(&mut self, at: usize, text: &str) -> String {
        if text.chars().count() > CHARACTERS {
            let limit = CHARACTERS.to_string();
            self.wrong(at, "checklist-long", &[("limit", &limit)]);
        }
        text.trim().to_owned()
    }

    /// A name that no other of its kind may have.
    pub(super) fn once(
        &mut self,
        written: &Spanned<String>,
        key: &str,
        first: &mut HashMap<String, usize>,
    ) -> String {
        let name = self.text(written, key);
        let at = written.span().start;
        if let Some(first) = first.insert(name.clone(), at)
            && !name.is_empty()
        {
            let place = self.place(first).to_string();
            let values = [("found", name.as_str()), ("place", place.as_str())];
            self.wrong(at, "checklist-twice", &values);
        }
        name
    }

    /// Texts of which each must be there.
    pub(super) fn texts(
        &mut self,
        written: &[Spanned<String>],
        key: &str,
        limit: usize,
    ) -> Vec<String> {
        let written = written.iter().take(limit);
        written.map(|text| self.text(text, key)).collect()
    }

    pub(super) fn at_most(&mut self, count: usize, limit: usize, key: &str) {
        self.at_most_at(0, count, limit, key);
    }

    pub(super) fn at_most_at(&mut self, at: usize, count: usize, limit: usize, key: &str) {
        if count > limit {
            let (count, limit) = (count.to_string(), limit.to_string());
            let values = [
                ("key", key),
                ("count", count.as_str()),
                ("limit", limit.as_str()),
            ];
            self.wrong(at, "checklist-many", &values);
        }
    }

    /// A date, bare or in quotes.
    pub(super) fn day(&mut self, written: &Spanned<toml::Value>) -> Option<Date> {
        let text = match written.as_ref() {
            toml::Value::String(text) => text.clone(),
            toml::Value::Datetime(date) => date.to_string(),
            other => other.to_string(),
        };
        let day = parse_date(&text);
        if day.is_none() {
            self.wrong(
                written.span().start,
                "checklist-date",
                &[("found", text.as_str())],
            );
        }
        day
    }

    pub(super) fn day_if(&mut self, written: Option<&Spanned<toml::Value>>) -> Option<Date> {
        self.day(written?)
    }
}
