//! Values of FHIR elements: exact texts, extensions, answers.

use std::collections::HashMap;

use super::names;
use super::told::Told;
use crate::answer::Answer;
use crate::disclosure::parse_date;
use crate::language::Language;
use crate::read::tree::{Node, NodeValue};

/// The text of a field, exactly: from its extension where FHIR's `string` cannot hold it.
///
/// A value that somebody changed counts more than the extension beside it.
pub(super) fn text_of(node: &Node, key: &str) -> Option<String> {
    let value = node.get(key).and_then(Node::text);
    let beside = node.get(&format!("_{key}"));
    let exact = beside
        .and_then(|beside| extension(beside, names::EXACT))
        .and_then(|extension| extension.get("valueString"))
        .and_then(Node::text)
        .and_then(names::unquoted);
    match (value, exact) {
        (value, Some(exact)) if value.unwrap_or_default() == names::shown(&exact) => Some(exact),
        (Some(value), _) => Some(value.to_owned()),
        (None, _) => None,
    }
}

/// The first extension of this name.
pub(super) fn extension<'n>(node: &'n Node, url: &str) -> Option<&'n Node> {
    extensions(node, url).next()
}

/// The extensions of this name.
pub(super) fn extensions<'n>(node: &'n Node, url: &str) -> impl Iterator<Item = &'n Node> {
    let all = node.get("extension").map(Node::list).unwrap_or_default();
    let all = all.into_iter();
    all.filter(move |extension| {
        let name = extension.get("url").and_then(Node::text);
        name == Some(url)
    })
}

/// The text of an extension with one value, and the extension itself for its place.
pub(super) fn extension_text<'n>(node: &'n Node, url: &str) -> Option<(String, &'n Node)> {
    let extension = extension(node, url)?;
    let text = text_of(extension, "valueString").or_else(|| text_of(extension, "valueInteger"))?;
    Some((text, extension))
}

/// The words of the options of a question, by code.
pub(super) type Displays = HashMap<String, String>;

/// What the answers of an item say, sorted by how it is known.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Answers by our codes, and booleans.
    pub(super) codes: Vec<Answer>,
    /// Methods by our codes.
    pub(super) options: Vec<(String, Node)>,
    /// Anything else, in words.
    pub(super) words: Vec<String>,
    /// True for a date, which may be written otherwise.
    pub(super) is_date: bool,
}

impl Said {
    /// What is said besides methods, as one text: the code of an answer, or words.
    pub(super) fn answer(&self, language: Language) -> Option<String> {
        match (self.codes.as_slice(), self.words.as_slice()) {
            ([], []) => None,
            ([code], []) => Some(code.code().to_owned()),
            ([], words) => Some(words.join("、")),
            (codes, words) => {
                let codes = codes.iter().map(|code| code.word(language));
                let all: Vec<&str> = codes.chain(words.iter().map(String::as_str)).collect();
                Some(all.join("・"))
            }
        }
    }

    /// The same, unless it says of a date no more than what is written there.
    pub(super) fn answer_beside(
        &self,
        written: Option<&str>,
        language: Language,
    ) -> Option<String> {
        let answer = self.answer(language)?;
        let same = written.is_some_and(|written| {
            self.is_date && parse_date(written).is_some_and(|date| date.to_string() == answer)
        });
        (!same).then_some(answer)
    }
}

/// Reads the answers of an item.
pub(super) fn said(answers: &[&Node], displays: Option<&Displays>, told: &mut Told) -> Said {
    let mut said = Said::default();
    for answer in answers {
        for (key, place, value) in answer.entries() {
            match key.as_str() {
                "valueBoolean" => match value.text() {
                    Some("true") => add(&mut said.codes, Answer::Yes),
                    Some("false") => add(&mut said.codes, Answer::No),
                    other => told.not_used(place, other.unwrap_or(key), &["true", "false"]),
                },
                "valueCoding" => coding(value, displays, &mut said, told),
                "valueString" | "valueUri" | "_valueString" | "_valueUri" => {
                    let name = key.trim_start_matches('_');
                    // An extension beside a value is read with the value.
                    if key != name && answer.get(name).is_some() {
                        continue;
                    }
                    said.words.extend(text_of(answer, name));
                }
                "valueDate" | "valueDateTime" | "valueTime" | "valueInteger" | "valueDecimal" => {
                    said.is_date = key == "valueDate";
                    said.words.extend(value.text().map(str::to_owned));
                }
                "valueQuantity" => match quantity(value) {
                    Some(text) => said.words.push(text),
                    None => told.not_used(place, key, &["valueString"]),
                },
                "id" | "extension" | "item" => {}
                other if other.starts_with('_') => {}
                other => told.not_used(
                    place,
                    other,
                    &["valueCoding", "valueBoolean", "valueString", "valueDate"],
                ),
            }
        }
    }
    said
}

fn add(codes: &mut Vec<Answer>, answer: Answer) {
    if !codes.contains(&answer) {
        codes.push(answer);
    }
}

fn coding(value: &Node, displays: Option<&Displays>, said: &mut Said, told: &mut Told) {
    let code = text_of(value, "code");
    let system = text_of(value, "system");
    match (system.as_deref(), code) {
        (Some(names::ANSWER), Some(code)) => match Answer::from_code(&code) {
            Some(answer) => add(&mut said.codes, answer),
            None => {
                let known: Vec<&str> = Answer::ALL.iter().map(|answer| answer.code()).collect();
                told.not_used(&value.place, &code, &known);
                said.words.push(code);
            }
        },
        (Some(names::OPTION), Some(code)) => {
            let node = Node {
                place: value.place.clone(),
                value: NodeValue::Text(code.clone()),
            };
            said.options.push((code, node));
        }
        // A code of somebody else is known by its word: here, or among the options of the question.
        (_, code) => {
            let known = code.as_deref().and_then(|code| displays?.get(code));
            let word = text_of(value, "display")
                .or_else(|| known.cloned())
                .or(code);
            said.words.extend(word);
        }
    }
}

/// A number with its unit.
fn quantity(value: &Node) -> Option<String> {
    // In XML a quantity without a unit looks like any other value.
    let number = value.text().map(str::to_owned);
    let number = number.or_else(|| text_of(value, "value"))?;
    let unit = text_of(value, "unit").or_else(|| text_of(value, "code"));
    let comparator = text_of(value, "comparator").unwrap_or_default();
    Some(match unit {
        Some(unit) => format!("{comparator}{number} {unit}"),
        None => format!("{comparator}{number}"),
    })
}
