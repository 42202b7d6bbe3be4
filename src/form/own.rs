//! Questions of a facility's own, behind the items of a form: numbered OWN-1, OWN-2 and so on.
//!
//! `request` puts them on the sheet that goes out; on a sheet that comes back a row with such a number and a
//! question is an item like any other. No profile is needed to read it: the sheet carries the question itself.

use super::{Form, Item, Kind, OnDisabled, Section};
use crate::answer::{Answer, ItemNumber};
use crate::language::Localised;

/// The group of their numbers. (Q1 would be read as item 1.)
const GROUP: &str = "OWN";

/// The number of the question that is asked as the so-manieth, from 1.
pub(crate) fn number(at: usize) -> ItemNumber {
    ItemNumber::new(format!("{GROUP}-{at}"))
}

/// True for the number of a question of a facility's own.
pub(crate) fn is_own(number: &ItemNumber) -> bool {
    let text = number.to_string();
    let digits = text
        .strip_prefix(GROUP)
        .and_then(|rest| rest.strip_prefix('-'));
    digits.is_some_and(|digits| {
        (1..=4).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit())
    })
}

/// A question of a facility's own.
pub(crate) struct OwnQuestion {
    pub(crate) number: ItemNumber,
    pub(crate) text: Localised,
    /// Answers that need a remark.
    pub(crate) remark_when: Vec<Answer>,
}

impl Form {
    /// The form with these questions in a section of their own behind its items.
    pub(crate) fn asking(&self, questions: Vec<OwnQuestion>) -> Form {
        let mut form = self.clone();
        if questions.is_empty() {
            return form;
        }
        let section = form.sections.len();
        form.sections.push(Section {
            id: "own-questions".to_owned(),
            title: Localised::label("own-questions", &[]),
        });
        form.items
            .extend(questions.into_iter().map(|question| Item {
                number: question.number,
                section,
                parent: None,
                title: question.text,
                kind: Kind::Choice,
                choices: vec![Answer::Yes, Answer::No, Answer::Na],
                options: Vec::new(),
                required: true,
                enable: None,
                on_disabled: OnDisabled::default(),
                remark_when: question.remark_when,
                aliases: Vec::new(),
                control: None,
                confidence: 1.0,
                because: Vec::new(),
                references: Vec::new(),
            }));
        form.reindex()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_our_own() {
        assert!(is_own(&number(1)) && is_own(&number(120)));
        for other in ["1", "OWN", "OWN-", "OWN-1.1", "OWNER-1", "OWN-12345"] {
            assert!(!is_own(&ItemNumber::new(other.to_owned())), "{other}");
        }
    }
}
