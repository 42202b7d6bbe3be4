//! The words of registers and the drafts of threats, from `schemas/risks.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::control::Controls;
use crate::language::{Language, Localised};
use crate::text::fold;

/// A word that people choose from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its code in reports.
    pub id: String,
    /// The word that is written.
    pub title: Localised,
    /// Other words that are read.
    #[serde(default)]
    words: Vec<String>,
    /// True of a status after which nothing is left to do.
    #[serde(default)]
    pub closed: bool,
}

/// A draft of a threat, for an area or for one control.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threat {
    /// The area, by id.
    pub area: Option<String>,
    /// The control, by id.
    pub control: Option<String>,
    /// The draft.
    pub text: Localised,
}

/// The words of registers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    #[allow(dead_code)]
    schema: String,
    /// How far an entry is.
    pub status: Vec<Choice>,
    /// How likely or how bad something is.
    pub degree: Vec<Choice>,
    /// What is done about a risk.
    pub treatment: Vec<Choice>,
    /// Drafts of threats.
    pub threat: Vec<Threat>,
}

static BUNDLED: LazyLock<Words> = LazyLock::new(|| {
    toml::from_str(include_str!("../../schemas/risks.toml"))
        .expect("schemas/risks.toml is checked by tests")
});

impl Words {
    /// The bundled words.
    pub fn bundled() -> &'static Words {
        &BUNDLED
    }

    /// The status that a word means.
    pub fn status(&self, word: &str) -> Option<&Choice> {
        find(&self.status, word)
    }

    /// The degree that a word means.
    pub fn degree(&self, word: &str) -> Option<&Choice> {
        find(&self.degree, word)
    }

    /// The treatment that a word means.
    pub fn treatment(&self, word: &str) -> Option<&Choice> {
        find(&self.treatment, word)
    }

    /// The draft of a threat for a control: its own, else that of its area.
    pub fn threat(&self, control: &str) -> Option<&Localised> {
        let own = |threat: &&Threat| threat.control.as_deref() == Some(control);
        let known = Controls::bundled().get(control);
        let area = known.map(|known| known.area.as_str());
        let of_area = |threat: &&Threat| threat.area.is_some() && threat.area.as_deref() == area;
        let found = self.threat.iter().find(own);
        found
            .or_else(|| self.threat.iter().find(of_area))
            .map(|threat| &threat.text)
    }
}

fn find<'w>(choices: &'w [Choice], word: &str) -> Option<&'w Choice> {
    let word = fold(word);
    choices.iter().find(|choice| {
        [&choice.id, &choice.title.ja, &choice.title.en]
            .into_iter()
            .chain(&choice.words)
            .any(|known| fold(known) == word)
    })
}

/// The words of a list of choices, as a message names them.
pub(super) fn listed(choices: &[Choice]) -> Vec<Localised> {
    choices.iter().map(|choice| choice.title.clone()).collect()
}

/// What a text says after the word for a draft; `None` where it is no draft any more.
///
/// A threat written by this tool begins so until a person takes the word away.
pub fn draft_of(text: &str) -> Option<&str> {
    Language::ALL.into_iter().find_map(|language| {
        let mark = language.label("risk-draft");
        let rest = text
            .trim_start()
            .strip_prefix(mark.trim_end_matches([':', '：', ' ']))?;
        rest.strip_prefix([':', '：']).map(str::trim_start)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_area_has_a_draft_and_every_draft_is_of_something() {
        let (words, controls) = (Words::bundled(), Controls::bundled());
        for control in controls.iter() {
            assert!(words.threat(&control.id).is_some(), "{}", control.id);
        }
        for threat in &words.threat {
            let area = threat.area.as_ref().is_some_and(|area| {
                threat.control.is_none() && controls.areas().iter().any(|known| known.id == *area)
            });
            let control = threat
                .control
                .as_ref()
                .is_some_and(|id| threat.area.is_none() && controls.get(id).is_some());
            assert!(area || control, "{threat:?}");
        }
    }

    #[test]
    fn a_word_means_one_choice() {
        let words = Words::bundled();
        assert_eq!(words.status("対応済み").map(|s| &*s.id), Some("closed"));
        assert_eq!(words.status("Ｄｏｎｅ").map(|s| &*s.id), Some("closed"));
        assert_eq!(words.treatment("軽減").map(|s| &*s.id), Some("reduce"));
        assert!(words.degree("").is_none());
        for choices in [&words.status, &words.degree, &words.treatment] {
            let mut all: Vec<String> = Vec::new();
            for choice in choices {
                let mut own = vec![
                    fold(&choice.id),
                    fold(&choice.title.ja),
                    fold(&choice.title.en),
                ];
                own.extend(choice.words.iter().map(|word| fold(word)));
                own.sort();
                own.dedup();
                all.extend(own);
            }
            let count = all.len();
            all.sort();
            all.dedup();
            assert_eq!(all.len(), count, "{all:?}");
        }
    }

    #[test]
    fn a_draft_is_known_until_its_word_is_taken_away() {
        assert_eq!(draft_of("案: なりすまし"), Some("なりすまし"));
        assert_eq!(draft_of("Draft: posing"), Some("posing"));
        assert_eq!(draft_of("案内が届かない"), None);
    }
}
