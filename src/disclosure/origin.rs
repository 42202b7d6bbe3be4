//! Origin notes: what `migrate` writes behind a remark, so that an answer says where it comes from.
//!
//! A note stands at the end of a remark: `〔移行元: mds2-2019 HN 1-2019 AUTH-1「Yes」、確度 1.0〕`. It is the tool's and not the
//! vendor's word: where a rule asks for a remark, one that is nothing but origin notes is none.

use std::sync::LazyLock;

use crate::language::Language;
use crate::text::{is_blank, show};

/// The label with the form of words, in each language.
const LABEL: &str = "migrate-origin";
/// How much of the old answer a note quotes, in characters.
const QUOTED: usize = 40;

/// Where an answer was carried over from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'a> {
    /// The form of the old sheet, with its edition.
    pub(crate) form: &'a str,
    /// The item of that form.
    pub(crate) item: &'a str,
    /// The old answer as written.
    pub(crate) answer: &'a str,
    /// How sure it is that both items ask the same, above 0 and at most 1.
    pub(crate) confidence: f64,
}

impl Origin<'_> {
    /// The note in the words of a language.
    pub(crate) fn note(&self, language: Language) -> String {
        // No part may look like the end of the note.
        let part = |text: &str| -> String {
            show(text, QUOTED)
                .chars()
                .map(|c| match c {
                    '〔' | '[' => '(',
                    '〕' | ']' => ')',
                    '「' | '」' | '"' | '{' | '}' => '\'',
                    c => c,
                })
                .collect()
        };
        let values = [
            ("form", part(self.form)),
            ("item", part(self.item)),
            ("answer", part(self.answer)),
            ("confidence", certainty(self.confidence)),
        ];
        let values: Vec<(&str, &str)> = values
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        language.label_with(LABEL, &values)
    }
}

/// A confidence in figures: at most two digits behind the point, never more than it is.
pub(crate) fn certainty(confidence: f64) -> String {
    let hundredths = (confidence * 100.0 + 1e-9).floor() / 100.0;
    let text = format!("{hundredths:.2}");
    text.strip_suffix('0').unwrap_or(&text).to_owned()
}

/// How a note begins and ends, in each language.
static MARKS: LazyLock<[(String, String); 2]> = LazyLock::new(|| {
    Language::ALL.map(|language| {
        let label = language.label(LABEL);
        let (start, _) = label.split_once('{').unwrap_or((&label, ""));
        let (_, end) = label.rsplit_once('}').unwrap_or(("", &label));
        let end = end.chars().next_back().map(String::from);
        (start.trim_end().to_owned(), end.unwrap_or_default())
    })
});

/// A remark without the origin notes at its end: what the vendor says; nothing where the notes are all there is.
pub(crate) fn own_words(remark: &str) -> &str {
    let mut rest = remark;
    while let Some(before) = MARKS
        .iter()
        .find_map(|(start, end)| without_last(rest, start, end))
    {
        rest = before;
    }
    rest
}

/// What stands before the note with which a text ends; `None` where it ends with something else.
fn without_last<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    let inside = text
        .trim_end_matches(|c: char| is_blank(c.encode_utf8(&mut [0; 4])))
        .strip_suffix(end)?;
    let at = inside.rfind(start)?;
    (!inside[at..].contains(end)).then(|| &inside[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(answer: &str, language: Language) -> String {
        let origin = Origin {
            form: "mds-4.1",
            item: "4.1",
            answer,
            confidence: 1.0,
        };
        origin.note(language)
    }

    #[test]
    fn a_note_is_recognised_whatever_it_quotes() {
        for answer in ["はい", "Yes", "〕x", "a]b[c", "{form}", "一行\n二行", ""] {
            for language in Language::ALL {
                let note = note(answer, language);
                assert_eq!(own_words(&note), "", "{note}");
                assert_eq!(own_words(&format!("説明\n{note}\n")), "説明\n", "{note}");
                let twice = format!("{note} {note}");
                assert!(own_words(&twice).trim().is_empty(), "{twice}");
            }
        }
        let expected = "〔移行元: mds-4.1 4.1「はい」、確度 1.0〕";
        assert_eq!(note("はい", Language::Ja), expected);
    }

    #[test]
    fn the_vendors_words_stay() {
        for remark in [
            "説明",
            "〔移行元: 途中",
            "移行元〕",
            "〔別の括弧〕",
            "〔移行元: a〕のあとに説明",
            "",
        ] {
            assert_eq!(own_words(remark), remark);
        }
        // Text in brackets before a note is the vendor's.
        let both = format!("〔注〕{}", note("はい", Language::Ja));
        assert_eq!(own_words(&both), "〔注〕");
    }

    #[test]
    fn figures_never_say_more_than_they_know() {
        let figures = [1.0, 0.96875, 0.996, 0.7, 0.85].map(certainty);
        assert_eq!(figures, ["1.0", "0.96", "0.99", "0.7", "0.85"]);
    }
}
