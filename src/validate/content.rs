//! Answers and remarks, one item at a time.

use crate::answer::State;
use crate::disclosure::{Disclosure, Entry, own_words, parse_date};
use crate::finding::{Finding, Value, rule};
use crate::form::{Enabled, Item, Kind};
use crate::language::Localised;
use crate::text::is_blank;

pub(super) fn check(disclosure: &Disclosure, findings: &mut Vec<Finding>) {
    for entry in &disclosure.entries {
        if let Some(at) = entry.item {
            answer(disclosure, entry, at, findings);
        }
        remark(
            entry,
            entry.item.map(|at| &disclosure.form.items[at]),
            findings,
        );
    }
    for note in disclosure.notes.iter().filter(|note| !note.referenced) {
        findings.push(
            Finding::new(rule::REMARK_UNREFERENCED, note.place.clone())
                .with("found", Value::quoted(note.label.clone())),
        );
    }
}

/// What an item takes, in words.
fn expected(item: &Item) -> Value {
    match item.kind {
        Kind::Choice => Value::answers(&item.choices),
        Kind::Multiple => {
            let methods = item.options.iter().map(|option| option.title.clone());
            let Value::Words(choices) = Value::answers(&item.choices) else {
                return Value::Words(methods.collect());
            };
            Value::Words(methods.chain(choices).collect())
        }
        Kind::Text => Value::Words(vec![Localised {
            ja: "文字".to_owned(),
            en: "text".to_owned(),
        }]),
        Kind::Date => Value::Words(vec![Localised {
            ja: "日付（例 2026-09-30）".to_owned(),
            en: "a date, such as 2026-09-30".to_owned(),
        }]),
    }
}

fn answer(disclosure: &Disclosure, entry: &Entry, at: usize, findings: &mut Vec<Finding>) {
    let item = &disclosure.form.items[at];
    let finding = |rule| {
        let found = if entry.written.is_empty() {
            entry.options.join("、")
        } else {
            entry.written.clone()
        };
        Finding::new(rule, entry.place.clone())
            .about(&entry.number)
            .with("title", Value::Local(item.title.clone()))
            .with("found", Value::quoted(found))
            .with("expected", expected(item))
    };
    if entry.drawn {
        findings.push(
            Finding::new(rule::ANSWER_DRAWN, entry.place.clone())
                .about(&entry.number)
                .with("title", Value::Local(item.title.clone()))
                .with("expected", expected(item)),
        );
        return;
    }
    match entry.state {
        State::Unanswered => {
            if item.required && disclosure.enabled(at) == Enabled::Yes {
                findings.push(
                    Finding::new(rule::ANSWER_MISSING, entry.place.clone())
                        .about(&entry.number)
                        .with("title", Value::Local(item.title.clone()))
                        .with("expected", expected(item)),
                );
            }
        }
        State::Conflicting => findings.push(finding(rule::ANSWER_CONFLICTING)),
        State::Unknown if item.kind == Kind::Multiple => {
            findings.push(finding(rule::ANSWER_OUTSIDE_CHOICES))
        }
        State::Unknown => findings.push(finding(rule::ANSWER_UNKNOWN)),
        State::Answered => {
            let outside = match item.kind {
                Kind::Choice | Kind::Multiple => entry
                    .answer
                    .is_some_and(|answer| !item.choices.contains(&answer)),
                Kind::Date => {
                    // The head's date has a rule of its own.
                    let in_header = disclosure
                        .form
                        .headers
                        .iter()
                        .any(|asked| asked.item.as_ref() == Some(&item.number));
                    !in_header && parse_date(&entry.written).is_none()
                }
                Kind::Text => false,
            };
            if outside {
                findings.push(finding(rule::ANSWER_OUTSIDE_CHOICES));
            }
        }
    }
}

fn remark(entry: &Entry, item: Option<&Item>, findings: &mut Vec<Finding>) {
    let written = entry.remark.text.as_deref();
    let written = written.filter(|text| !is_blank(text));
    // Where an answer was carried over from is no explanation of it.
    let text = written.filter(|text| !is_blank(own_words(text)));
    let dangling = entry.remark.reference.as_ref();
    match (dangling.filter(|_| written.is_none()), text) {
        (Some(reference), None) => findings.push(
            Finding::new(rule::REMARK_DANGLING, entry.remark_place.clone())
                .about(&entry.number)
                .with("found", Value::quoted(reference.clone())),
        ),
        (None, None) => {
            let answer = entry
                .answer
                .filter(|answer| item.is_some_and(|item| item.remark_when.contains(answer)));
            if let Some(answer) = answer {
                let finding = Finding::new(rule::REMARK_MISSING, entry.place.clone())
                    .about(&entry.number)
                    .with("answer", Value::Answer(answer));
                findings.push(match written {
                    Some(origin) => finding.with("found", Value::quoted(origin)),
                    None => finding,
                });
            }
        }
        (Some(_) | None, Some(_)) => {}
    }
}
