//! What an item takes, in words for the person who answers it: answers, methods, remark, condition.
//!
//! Sheets say it in the hint of a cell, text formats in comments.

use super::texts::Texts;
use crate::answer::Answer;
use crate::form::{Condition, Form, Item, Kind};
use crate::language::Language;

/// The answers an item takes, each by its name in data and its word: `"yes" はい、"no" いいえ`.
fn codes(item: &Item, language: Language) -> String {
    let answers = item.choices.iter();
    let answers = answers.map(|answer| format!("\"{}\" {}", answer.code(), answer.word(language)));
    let separator = match language {
        Language::Ja => "、",
        Language::En => ", ",
    };
    answers.collect::<Vec<_>>().join(separator)
}

/// When a remark is needed, if ever.
pub(super) fn remark(item: &Item, language: Language) -> Option<String> {
    let can_be_said = |answer: &&Answer| item.choices.contains(answer);
    let answers: Vec<Answer> = match item.kind {
        Kind::Choice | Kind::Multiple => item
            .remark_when
            .iter()
            .filter(can_be_said)
            .copied()
            .collect(),
        Kind::Text | Kind::Date => Vec::new(),
    };
    if answers.is_empty() {
        return None;
    }
    let values = [("answers", quoted(&answers, language))];
    Some(language.label_with("new-remark-when", &[(values[0].0, &values[0].1)]))
}

/// When the item is asked at all, where that depends on another answer.
pub(super) fn asked(form: &Form, item: &Item, language: Language) -> Option<String> {
    let condition = item.enable.as_ref()?;
    let when = |item: &str, answers: &str| {
        language.label_with("new-asked-when", &[("item", item), ("answers", answers)])
    };
    Some(match condition {
        Condition::Is { item, is } => when(item.as_str(), &quoted(is, language)),
        Condition::Ticked { item, ticked } => {
            let known = form.item(item).map(|item| item.options.as_slice());
            let titles: Vec<String> = known
                .unwrap_or_default()
                .iter()
                .filter(|method| ticked.contains(&method.id))
                .map(|method| quote(method.title.text(language), language))
                .collect();
            when(item.as_str(), &titles.join(or(language)))
        }
        Condition::All(_) | Condition::Any(_) => {
            let items: Vec<&str> = condition.items().iter().map(|item| item.as_str()).collect();
            language.label_with("depends-on", &[("items", &items.join(", "))])
        }
    })
}

fn quoted(answers: &[Answer], language: Language) -> String {
    let words = answers.iter();
    let words: Vec<String> = words
        .map(|answer| quote(answer.word(language), language))
        .collect();
    words.join(or(language))
}

fn quote(text: &str, language: Language) -> String {
    match language {
        Language::Ja => format!("「{text}」"),
        Language::En => text.to_owned(),
    }
}

fn or(language: Language) -> &'static str {
    match language {
        Language::Ja => "か",
        Language::En => " or ",
    }
}

/// What an item takes as lines of a comment in a text format.
pub(super) fn comment(form: &Form, item: &Item, texts: Texts) -> Vec<String> {
    let languages = texts.languages().iter();
    languages
        .flat_map(|language| in_language(form, item, *language))
        .collect()
}

fn in_language(form: &Form, item: &Item, language: Language) -> Vec<String> {
    let mut lines = Vec::new();
    let label = |key: &str| language.label_with(key, &[("answers", &codes(item, language))]);
    match item.kind {
        Kind::Choice => lines.push(label("new-takes")),
        Kind::Multiple => {
            lines.push(language.label("new-takes-options"));
            for method in &item.options {
                lines.push(format!(
                    "  \"{}\" {}",
                    method.id,
                    method.title.text(language)
                ));
            }
            if !item.choices.is_empty() {
                lines.push(label("new-takes-instead"));
            }
        }
        Kind::Text => lines.push(language.label("new-takes-text")),
        Kind::Date => lines.push(language.label("new-takes-date")),
    }
    lines.extend(asked(form, item, language));
    lines.extend(remark(item, language));
    lines
}

/// The heading over an item.
pub(super) fn section(form: &Form, item: &Item, texts: Texts) -> String {
    texts.joined(&form.section_of(item).title, " / ")
}
