//! Answers: the few words a form knows, and the numbers of items.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::language::Language;
use crate::text::{fold, may_have_digit};

/// What was answered.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    #[allow(missing_docs)] // one documented variant would turn the JSON Schema's enum into a oneOf
    Yes,
    #[allow(missing_docs)]
    No,
    #[allow(missing_docs)]
    Na,
    #[allow(missing_docs)]
    SeeNote,
}

impl Answer {
    /// All answers, in the order forms print them.
    pub const ALL: [Answer; 4] = [Answer::Yes, Answer::No, Answer::Na, Answer::SeeNote];

    /// The name in JSON, TOML and XML.
    pub fn code(self) -> &'static str {
        match self {
            Answer::Yes => "yes",
            Answer::No => "no",
            Answer::Na => "na",
            Answer::SeeNote => "see-note",
        }
    }

    /// The answer of this code, if it is one.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|answer| answer.code() == code)
    }

    /// The word that a form in this language prints.
    pub fn word(self, language: Language) -> &'static str {
        match (self, language) {
            (Answer::Yes, Language::Ja) => "はい",
            (Answer::No, Language::Ja) => "いいえ",
            (Answer::Na, Language::Ja) => "対象外",
            (Answer::SeeNote, Language::Ja) => "備考参照",
            (Answer::Yes, Language::En) => "Yes",
            (Answer::No, Language::En) => "No",
            (Answer::Na, Language::En) => "N/A",
            (Answer::SeeNote, Language::En) => "See Note",
        }
    }
}

/// How an item was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    #[allow(missing_docs)]
    Answered,
    #[allow(missing_docs)]
    Unanswered,
    #[allow(missing_docs)]
    Conflicting,
    #[allow(missing_docs)]
    Unknown,
}

impl State {
    /// The name in JSON, TOML and XML.
    pub fn code(self) -> &'static str {
        match self {
            State::Answered => "answered",
            State::Unanswered => "unanswered",
            State::Conflicting => "conflicting",
            State::Unknown => "unknown",
        }
    }

    /// The state of this code, if it is one.
    pub fn from_code(code: &str) -> Option<Self> {
        [
            State::Answered,
            State::Unanswered,
            State::Conflicting,
            State::Unknown,
        ]
        .into_iter()
        .find(|state| state.code() == code)
    }
}

/// The number of an item, as forms print it: `4.1.1`, `AUDT-2.8.1`.
///
/// Numbers are text: `4.10` and `4.1` are two numbers.
///
/// ```
/// use kaijisho::ItemNumber;
/// let number = |text| ItemNumber::parse(text).map(|number| number.to_string());
/// assert_eq!(number("（４．１０）").as_deref(), Some("4.10"));
/// assert_eq!(number("audt-2.8").as_deref(), Some("AUDT-2.8"));
/// assert!(ItemNumber::parse("備考1").is_none());
/// ```
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct ItemNumber(String);

impl ItemNumber {
    /// A number exactly as given, for form files.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// A number as sheets write it: full-width, in brackets, with a trailing dot.
    ///
    /// `None` where the text is not a dotted number with at most one group of letters before it.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > 64 || !may_have_digit(text) {
            return None;
        }
        if is_plain(text) {
            return Some(Self(text.to_owned()));
        }
        let folded = fold(&enumerators_apart(text)).to_uppercase();
        let folded = folded.trim_matches(|c| {
            matches!(
                c,
                '(' | ')'
                    | '['
                    | ']'
                    | '【'
                    | '】'
                    | '〔'
                    | '〕'
                    | '<'
                    | '>'
                    | ':'
                    | '.'
                    | '、'
                    | '。'
            )
        });
        let folded = without_name(folded);
        // 4.1(2) is the second under 4.1.
        let folded = &folded
            .replace(['(', '〔', '['], ".")
            .replace([')', '〕', ']'], "");
        let (letters, digits) = match folded.find(|c: char| c.is_ascii_digit()) {
            Some(start) => folded.split_at(start),
            None => return None,
        };
        // Letters belong to a number only with a dash between: DOC-1 is one, Note 1 is not.
        let letters = match letters.strip_suffix('-') {
            Some(head) => head,
            None if letters.is_empty() => letters,
            None => return None,
        };
        if !letters.chars().all(|c| c.is_ascii_uppercase()) || letters.len() > 8 {
            return None;
        }
        let digits = digits.replace('-', ".");
        let groups: Vec<&str> = digits.split('.').collect();
        if groups.len() > 8
            || groups
                .iter()
                .any(|g| g.is_empty() || g.len() > 3 || !g.bytes().all(|b| b.is_ascii_digit()))
        {
            return None;
        }
        let digits = groups.join(".");
        Some(Self(if letters.is_empty() {
            digits
        } else {
            format!("{letters}-{digits}")
        }))
    }

    /// The number as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The group of letters before the dash, or an empty text.
    pub fn group(&self) -> &str {
        self.0.split_once('-').map_or("", |(group, _)| group)
    }

    /// The number one level up by its dots, if there is a dot.
    pub fn parent(&self) -> Option<ItemNumber> {
        self.0
            .rsplit_once('.')
            .map(|(parent, _)| Self(parent.to_owned()))
    }
}

/// True for a number that is written as it is kept: `4.1.1`, `AUDT-2.8.1`.
fn is_plain(text: &str) -> bool {
    let (letters, digits) = text.split_once('-').unwrap_or(("A", text));
    let bytes = digits.as_bytes();
    // So few bytes hold no more groups than a number may have; brackets and all else take the long way.
    matches!(letters.len(), 1..=8)
        && letters.bytes().all(|byte| byte.is_ascii_uppercase())
        && bytes.len() <= 16
        && bytes
            .split(|byte| *byte == b'.')
            .all(|group| matches!(group.len(), 1..=3) && group.iter().all(u8::is_ascii_digit))
}

/// A copy in which a circled number behind another one is a part of its own: 4① is 4.1, not 41.
fn enumerators_apart(text: &str) -> String {
    let mut apart = String::with_capacity(text.len());
    for c in text.trim().chars() {
        let circled = matches!(c, '①'..='⑳' | '㉑'..='㉟' | '㊱'..='㊿' | '❶'..='❿');
        if circled && apart.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ')' | '）')) {
            apart.push('.');
        }
        match c {
            // The filled circles have no digits of their own in NFKC.
            '❶'..='❿' => apart.push_str(&(u32::from(c) - u32::from('❶') + 1).to_string()),
            c => apart.push(c),
        }
    }
    apart
}

/// A number without the word in front of it: 問3, Q3, 項目3, No.3, 第3項.
fn without_name(folded: &str) -> &str {
    const NAMES: [&str; 12] = [
        "NO.",
        "NO",
        "#",
        "設問番号",
        "設問",
        "質問",
        "問",
        "項目番号",
        "項目",
        "項番",
        "Q.",
        "Q",
    ];
    let bare = folded
        .strip_prefix('第')
        .and_then(|bare| bare.strip_suffix(['項', '問', '号']))
        .unwrap_or(folded);
    let named = NAMES.iter().find_map(|name| bare.strip_prefix(name));
    let named = named.map(|rest| rest.trim_start_matches([':', '.']));
    named
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        .unwrap_or(bare)
}

impl fmt::Display for ItemNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_numbers_are_what_the_long_way_gives() {
        for text in [
            "1",
            "4.1",
            "4.10",
            "001.2",
            "1.2.3.4.5.6.7.8",
            "999.999",
            "AUDT-2.8.1",
            "NO-1",
            "Q-12",
            "ABCDEFGH-1",
        ] {
            let long = ItemNumber::parse(&format!("（{text}）"));
            assert_eq!(ItemNumber::parse(text), long, "{text}");
            assert!(long.is_some(), "{text}");
        }
        for text in [
            "",
            ".",
            "1.",
            "1..2",
            "1234",
            "1.2.3.4.5.6.7.8.9",
            "-1",
            "ABCDEFGHI-1",
            "A-1-2",
            "a-1",
        ] {
            let long = ItemNumber::parse(&format!("（{text}）"));
            assert_eq!(ItemNumber::parse(text), long, "{text}");
        }
    }
}
