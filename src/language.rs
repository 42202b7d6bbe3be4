//! Languages: Japanese and English texts side by side, and the labels of reports.
//!
//! Labels live in `schemas/labels.toml`; the texts of findings in the rule files.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A language the tool speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Japanese.
    #[default]
    Ja,
    /// English.
    En,
}

impl Language {
    /// Both languages, in the order of the files.
    pub const ALL: [Language; 2] = [Language::Ja, Language::En];

    /// The two-letter code.
    pub fn code(self) -> &'static str {
        match self {
            Language::Ja => "ja",
            Language::En => "en",
        }
    }

    /// The label with this key in `schemas/labels.toml`.
    ///
    /// An unknown key comes back in angle brackets; a guard test holds keys and uses together.
    pub fn label(self, key: &str) -> String {
        LABELS
            .get(key)
            .map_or_else(|| format!("<{key}>"), |text| text.text(self).to_owned())
    }

    /// The label with this key, where there is one: some words are only said of some things.
    pub fn known_label(self, key: &str) -> Option<String> {
        LABELS.get(key).map(|text| text.text(self).to_owned())
    }

    /// A label with `{name}` placeholders filled in.
    pub fn label_with(self, key: &str, values: &[(&str, &str)]) -> String {
        let mut text = self.label(key);
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    /// All labels of this language, for templates.
    pub fn labels(self) -> BTreeMap<&'static str, &'static str> {
        LABELS
            .iter()
            .map(|(key, text)| (key.as_str(), text.text(self)))
            .collect()
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.get(..2).map(str::to_ascii_lowercase).as_deref() {
            Some("ja") => Ok(Language::Ja),
            Some("en") => Ok(Language::En),
            Some(_) | None => Err(format!("unknown language {text:?}; use ja or en")),
        }
    }
}

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "WrittenText")]
pub struct Localised {
    /// Japanese.
    pub ja: String,
    /// English; the Japanese text where a file gives no English one.
    pub en: String,
}

/// A text as files write it: a facility's own need not be in English.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenText {
    /// Japanese.
    ja: String,
    /// English; the Japanese text where it is left out.
    en: Option<String>,
}

impl From<WrittenText> for Localised {
    fn from(text: WrittenText) -> Self {
        let en = text.en.unwrap_or_else(|| text.ja.clone());
        Self { ja: text.ja, en }
    }
}

impl Localised {
    /// The same text in both languages, for names and codes.
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            ja: text.clone(),
            en: text,
        }
    }

    /// The label with this key in both languages, with `{name}` placeholders filled in.
    pub fn label(key: &str, values: &[(&str, &str)]) -> Self {
        Self {
            ja: Language::Ja.label_with(key, values),
            en: Language::En.label_with(key, values),
        }
    }

    /// The text in one language.
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::Ja => &self.ja,
            Language::En => &self.en,
        }
    }
}

static LABELS: LazyLock<BTreeMap<String, Localised>> = LazyLock::new(|| {
    toml::from_str(include_str!("../schemas/labels.toml"))
        .expect("schemas/labels.toml is checked by tests")
});
