//! What to ask a vendor where a verdict cannot be given, or rests on too little.

use super::{Outcome, Verdict, Why};
use crate::language::Language;
use crate::profile::Target;
use crate::text::{fold, show};

/// How many characters of a question or an answer are repeated.
const SHOWN: usize = 120;

impl Outcome<'_> {
    /// The question to put to the vendor; `None` where nothing has to be asked.
    pub fn question(&self, language: Language) -> Option<String> {
        let asked = matches!(self.verdict, Verdict::Undecided)
            || (self.verdict == Verdict::Unmet
                && matches!(self.why, Why::NoRemark | Why::NoMethod | Why::NoEvidence));
        // A question in the very words of the control need not be asked back.
        let estimated =
            self.item.is_some_and(|item| item.confidence < 1.0) && !self.is_in_words_of_control();
        let key = match self.why {
            _ if !asked && estimated && self.verdict != Verdict::NotApplicable => "ask-estimated",
            _ if !asked => return None,
            Why::PlanDoubtful => "ask-plan",
            Why::NoRemark => "ask-remark",
            Why::NoEvidence => "ask-evidence",
            Why::NoMethod => "ask-method",
            Why::NotPut => "ask-own",
            Why::Unanswered | Why::ItemMissing => "ask-answer",
            Why::Unclear => "ask-clear",
            Why::Reworded => "ask-reworded",
            Why::SeeNote => "ask-note",
            Why::NotAsked | Why::Derived => "ask-topic",
            Why::Uncertain => "ask-estimated",
            Why::Disputed => "ask-disputed",
            Why::BaseUnclear => "ask-base",
            Why::Answered
            | Why::Planned
            | Why::OtherAnswer
            | Why::OtherSubject
            | Why::OtherForm
            | Why::SwitchedOff
            | Why::BaseMissing
            | Why::NotForSystem
            | Why::SetAside => return None,
        };
        let entry_text = self.entry.and_then(|entry| entry.text.as_ref());
        let topic = self.topic(language);
        let title = entry_text.map_or_else(
            || {
                let item = self.item;
                item.map_or_else(
                    || topic.clone(),
                    |item| item.title.text(language).to_owned(),
                )
            },
            |text| show(&text.text, SHOWN),
        );
        let number = self
            .item
            .map(|item| item.number.to_string())
            .unwrap_or_default();
        let written = self.entry.map(|entry| show(&entry.written, SHOWN));
        let values = [
            ("item", number.as_str()),
            ("title", title.as_str()),
            ("topic", topic.as_str()),
            ("written", written.as_deref().unwrap_or_default()),
        ];
        Some(language.label_with(key, &values))
    }

    /// True if the sheet asks in the words in which the control is named.
    fn is_in_words_of_control(&self) -> bool {
        let text = self.entry.and_then(|entry| entry.text.as_ref());
        text.is_some_and(|text| {
            let asked = fold(&text.text);
            Language::ALL
                .into_iter()
                .any(|language| fold(&self.topic(language)) == asked)
        })
    }

    /// What the requirement is about: the control's title, or the item's.
    fn topic(&self, language: Language) -> String {
        match (&self.requirement.target, self.item) {
            (Target::Item { .. }, Some(item)) => item.title.text(language).to_owned(),
            (Target::Item { number, .. }, None) => number.to_string(),
            (Target::Control(_) | Target::OneOf(_) | Target::Question(_), _) => {
                self.requirement.topic(language)
            }
        }
    }
}
