//! The languages in which a sheet to fill speaks.

use std::fmt;
use std::str::FromStr;

use crate::language::{Language, Localised};

/// The languages of questions and help on a sheet to fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texts {
    /// One language.
    One(Language),
    /// Japanese, with English below it.
    Both,
}

impl Texts {
    /// The languages, in the order in which they are printed.
    pub fn languages(self) -> &'static [Language] {
        match self {
            Texts::One(Language::Ja) => &[Language::Ja],
            Texts::One(Language::En) => &[Language::En],
            Texts::Both => &Language::ALL,
        }
    }

    /// A text in these languages with something between them; once, where both say the same.
    pub(crate) fn joined(self, text: &Localised, between: &str) -> String {
        match self {
            Texts::One(language) => text.text(language).to_owned(),
            Texts::Both if text.ja == text.en || text.en.is_empty() => text.ja.clone(),
            Texts::Both if text.ja.is_empty() => text.en.clone(),
            Texts::Both => format!("{}{between}{}", text.ja, text.en),
        }
    }

    /// A text in these languages, the second on a line of its own.
    pub(crate) fn say(self, text: &Localised) -> String {
        self.joined(text, "\n")
    }
}

impl fmt::Display for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Texts::One(language) => language.fmt(f),
            Texts::Both => f.write_str("both"),
        }
    }
}

impl FromStr for Texts {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.to_ascii_lowercase().as_str() {
            "ja" => Ok(Texts::One(Language::Ja)),
            "en" => Ok(Texts::One(Language::En)),
            "both" => Ok(Texts::Both),
            _ => Err("ja, en, both".to_owned()),
        }
    }
}
