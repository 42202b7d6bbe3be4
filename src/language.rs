//! Languages: Japanese and English texts side by side, and the labels of reports.
//!
//! Labels live in `schemas/labels.toml`; the texts of findings in the rule files.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::str::FromStr;
use std::sync::{LazyLock, OnceLock};

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
        label(key).map_or_else(|| format!("<{key}>"), |text| text.text(self).to_owned())
    }

    /// The label with this key, where there is one: some words are only said of some things.
    pub fn known_label(self, key: &str) -> Option<String> {
        label(key).map(|text| text.text(self).to_owned())
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
            .keys()
            .filter_map(|key| Some((*key, label(key)?.text(self))))
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

/// A label's line in the file, and what it says once someone asked.
struct Label {
    written: &'static str,
    text: OnceLock<Localised>,
}

/// The labels by key. A run needs few of them, so each is parsed when it is asked for.
static LABELS: LazyLock<HashMap<&'static str, Label>> =
    LazyLock::new(|| by_key(include_str!("../schemas/labels.toml")));

fn label(key: &str) -> Option<&'static Localised> {
    let label = LABELS.get(key)?;
    Some(label.text.get_or_init(|| {
        let mut read: HashMap<String, Localised> =
            toml::from_str(label.written).expect("schemas/labels.toml is checked by tests");
        read.remove(key).expect("the key that it was found by")
    }))
}

/// The labels of the file, each from its key up to the next one.
fn by_key(file: &'static str) -> HashMap<&'static str, Label> {
    let mut found = HashMap::with_capacity(4096);
    let mut begun: Option<(&str, usize)> = None;
    let mut at = 0;
    for line in file.split_inclusive('\n') {
        let is_of_key = |b: &u8| b.is_ascii_alphanumeric() || *b == b'-';
        let end = line.bytes().take_while(|b| is_of_key(b)).count();
        let (key, rest) = line.split_at(end);
        if !key.is_empty() && rest.starts_with(" = { ja = \"") {
            keep(&mut found, begun.replace((key, at)), &file[..at]);
        }
        at += line.len();
    }
    keep(&mut found, begun, file);
    found
}

fn keep(
    found: &mut HashMap<&'static str, Label>,
    begun: Option<(&'static str, usize)>,
    file: &'static str,
) {
    if let Some((key, start)) = begun {
        let label = Label {
            written: &file[start..],
            text: OnceLock::new(),
        };
        found.insert(key, label);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_is_what_the_file_says() {
        let whole: BTreeMap<String, Localised> =
            toml::from_str(include_str!("../schemas/labels.toml")).expect("TOML");
        assert_eq!(LABELS.len(), whole.len());
        for (key, text) in &whole {
            assert_eq!(label(key), Some(text), "{key}");
        }
        assert_eq!(Language::Ja.label("no-such-label"), "<no-such-label>");
    }
}
