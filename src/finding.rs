//! Findings: what is to be said about a file, and the rules they come from.
//!
//! A finding names a rule, a place and values; its wording comes from the rule file
//! (`schemas/rules/<CODE>.toml`) when it is shown. Checks never format text.

pub(crate) mod rule;

pub use rule::{Rule, Rules, Severity};

use std::sync::Arc;

use crate::answer::{Answer, ItemNumber};
use crate::language::{Language, Localised};
use crate::place::Place;
use crate::text;

/// How much of a cell's text a message quotes, in characters.
const QUOTED: usize = 60;
/// How many entries a list in a message shows.
const LISTED: usize = 12;

/// A value that a message shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A text as it is: a number, a name, a detail.
    Plain(String),
    /// Text from the file, quoted and shortened when shown.
    Quoted(String),
    /// A text in both languages.
    Local(Localised),
    /// An answer, as the word of the language.
    Answer(Answer),
    /// Words that are allowed, each quoted when shown.
    Words(Vec<Localised>),
    /// A place, as an address.
    At(Place),
}

impl Value {
    /// A text as it is.
    pub fn plain(text: impl ToString) -> Self {
        Value::Plain(text.to_string())
    }

    /// Text from the file.
    pub fn quoted(text: impl Into<String>) -> Self {
        Value::Quoted(text.into())
    }

    /// The answers allowed.
    pub fn answers(answers: &[Answer]) -> Self {
        let word = |answer: &Answer| Localised {
            ja: answer.word(Language::Ja).to_owned(),
            en: answer.word(Language::En).to_owned(),
        };
        Value::Words(answers.iter().map(word).collect())
    }

    fn show(&self, language: Language) -> String {
        let quote = |text: &str| match language {
            Language::Ja => format!("「{}」", text::show(text, QUOTED)),
            Language::En => format!("\"{}\"", text::show(text, QUOTED)),
        };
        match self {
            Value::Plain(plain) => text::show(plain, 4 * QUOTED),
            Value::Quoted(text) => quote(text),
            Value::Local(local) => text::show(local.text(language), 4 * QUOTED),
            Value::Answer(answer) => answer.word(language).to_owned(),
            Value::Words(words) => {
                let shown: Vec<String> = words
                    .iter()
                    .take(LISTED)
                    .map(|word| quote(word.text(language)))
                    .collect();
                let more = if words.len() > LISTED { " …" } else { "" };
                match language {
                    Language::Ja => format!("{}{more}", shown.concat()),
                    Language::En => format!("{}{more}", shown.join(", ")),
                }
            }
            Value::At(place) => place.to_string(),
        }
    }

    fn words(&self, language: Language) -> Vec<String> {
        match self {
            Value::Plain(text) | Value::Quoted(text) => vec![text.clone()],
            Value::Local(local) => vec![local.text(language).to_owned()],
            Value::Answer(answer) => vec![answer.word(language).to_owned()],
            Value::Words(words) => words
                .iter()
                .map(|word| word.text(language).to_owned())
                .collect(),
            Value::At(place) => vec![place.to_string()],
        }
    }
}

/// Something to be said about a file, at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule, by name; `Rules` has its code, severity and texts.
    pub rule: &'static str,
    /// The item it is about.
    pub item: Option<ItemNumber>,
    /// Where.
    pub place: Place,
    values: Vec<(&'static str, Value)>,
    severity: Option<Severity>,
    /// Rare, so it takes no room in the many findings without it.
    advice: Option<Box<Localised>>,
}

impl Finding {
    /// A finding of a rule at a place.
    pub fn new(rule: &'static str, place: Place) -> Self {
        Self {
            rule,
            item: None,
            place,
            values: Vec::new(),
            severity: None,
            advice: None,
        }
    }

    /// Says what to do in other words than the rule's, where the cause is known better than by the rule.
    #[must_use]
    pub fn advising(mut self, advice: Localised) -> Self {
        self.advice = Some(Box::new(advice));
        self
    }

    /// Adds a value for the message.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: Value) -> Self {
        self.values.push((name, value));
        self
    }

    /// Says which item the finding is about; the message can use it as `{item}`.
    #[must_use]
    pub fn about(mut self, item: &ItemNumber) -> Self {
        self.item = Some(item.clone());
        self.values.push(("item", Value::plain(item)));
        self
    }

    /// Gives the finding another severity than its rule's, as a profile can ask.
    #[must_use]
    pub fn at_severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// The rule's code, `MDSnnn` or `CFGnnn`.
    pub fn code(&self) -> &'static str {
        &Rules::bundled().named(self.rule).code
    }

    /// How grave it is.
    pub fn severity(&self) -> Severity {
        self.severity
            .unwrap_or_else(|| Rules::bundled().named(self.rule).severity)
    }

    /// What is wrong, in one line.
    pub fn message(&self, language: Language) -> String {
        self.fill(
            &Rules::bundled().named(self.rule).text(language).message,
            language,
        )
    }

    /// What to do about it.
    pub fn help(&self, language: Language) -> String {
        if let Some(advice) = &self.advice {
            return advice.text(language).to_owned();
        }
        self.fill(
            &Rules::bundled().named(self.rule).text(language).help,
            language,
        )
    }

    /// What was found, as written, if the finding is about something written.
    pub fn found(&self) -> Option<String> {
        self.value("found")
            .map(|value| value.words(Language::Ja).join(" "))
    }

    /// What is allowed, in the words of the language.
    pub fn expected(&self, language: Language) -> Vec<String> {
        self.value("expected")
            .map(|value| value.words(language))
            .unwrap_or_default()
    }

    /// The names of the values given, for tests that compare them with the rule file.
    pub fn value_names(&self) -> impl Iterator<Item = &'static str> {
        self.values.iter().map(|(name, _)| *name)
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.values
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// Replaces `{name}`; a placeholder without a value becomes a dash, never stays a brace.
    fn fill(&self, template: &str, language: Language) -> String {
        let mut filled = String::new();
        let mut rest = template;
        while let Some(start) = rest.find('{') {
            let Some(length) = rest[start..].find('}') else {
                break;
            };
            filled.push_str(&rest[..start]);
            let name = &rest[start + 1..start + length];
            match self.value(name) {
                Some(value) => filled.push_str(&value.show(language)),
                None => filled.push('–'),
            }
            rest = &rest[start + length + 1..];
        }
        filled.push_str(rest);
        filled
    }

    /// True if it says that a file, or a sheet of it, was not read to its end.
    pub(crate) fn stops_reading(&self) -> bool {
        [rule::FILE_DAMAGED, rule::FILE_TOO_LARGE].contains(&self.rule)
    }

    /// The order in a report: sheet as read, row, column, code; findings alike in all of them stay in
    /// the order of the form, where 4.9 stands before 4.10.
    pub(crate) fn sort_key(&self, sheets: &[Arc<str>]) -> (usize, u32, u32, &'static str) {
        let sheet = |name: &Arc<str>| {
            sheets
                .iter()
                .position(|known| known == name)
                .map_or(usize::MAX, |at| at + 1)
        };
        let (sheet, row, column) = match &self.place {
            Place::File => (0, 0, 0),
            Place::Sheet(name) => (sheet(name), 0, 0),
            Place::Cell {
                sheet: name,
                row,
                column,
            } => (sheet(name), row + 1, column + 1),
            Place::Text { line, column } => (1, *line, *column),
        };
        (sheet, row, column, self.code())
    }
}
