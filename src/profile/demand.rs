//! What a requirement asks for, in a sentence: the rule that a verdict applied.

use super::{Requirement, Target};
use crate::control::Controls;
use crate::language::Language;

impl Requirement {
    /// The rule by which it is judged: what it looks at, which answers will do, and what has to stand beside them.
    pub fn demand(&self, language: Language) -> String {
        let mut parts = Vec::new();
        let mut part = |key: &str, values: &[(&str, &str)]| {
            parts.push(language.label_with(key, values));
        };
        let answers: Vec<&str> = self
            .answers
            .iter()
            .map(|answer| answer.word(language))
            .collect();
        if !answers.is_empty() {
            part("demand-answers", &[("answers", &answers.join(" / "))]);
        }
        if !self.methods.is_empty() {
            part("demand-methods", &[("methods", &self.methods.join(" / "))]);
        }
        if self.remark_required && !self.evidence_required {
            part("demand-remark", &[]);
        }
        if self.evidence_required {
            part("demand-evidence", &[]);
        }
        if let Some(planned) = &self.planned {
            let words: Vec<&str> = planned.words.iter().map(String::as_str).take(3).collect();
            part("demand-planned", &[("words", &words.join(" / "))]);
        }
        if let Some(when) = &self.when {
            part("demand-when", &[("when", &when.words(language))]);
        }
        let target = match &self.target {
            Target::Control(id) => id.clone(),
            Target::Item { form, number } => format!("{form} {number}"),
            Target::OneOf(ids) => {
                language.label_with("demand-one-of", &[("controls", &ids.join(" / "))])
            }
            Target::Question(_) => language.label("demand-question"),
        };
        format!("{target}: {}", parts.join(&language.label("demand-and")))
    }

    /// What it is about, where no item says it better.
    pub fn topic(&self, language: Language) -> String {
        let title = |id: &String| {
            Controls::bundled().get(id).map_or_else(
                || id.clone(),
                |control| control.title.text(language).to_owned(),
            )
        };
        match &self.target {
            Target::Control(id) => title(id),
            Target::Item { form, number } => format!("{form} {number}"),
            Target::OneOf(ids) => {
                let titles: Vec<String> = ids.iter().map(title).collect();
                titles.join(&language.label("demand-or"))
            }
            Target::Question(text) => text.text(language).to_owned(),
        }
    }
}
