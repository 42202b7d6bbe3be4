//! Writing what is carried onto a blank disclosure of the new form.

use std::sync::Arc;

use super::{HeaderStep, Outcome, Step};
use crate::answer::{Answer, State};
use crate::disclosure::{
    Disclosure, Entry, HeaderValue, Origin, Placed, Remark, RemarkNote, in_words, language_of,
    methods_in_words,
};
use crate::form::{Form, FormSource, Kind, Remarks};
use crate::language::Language;
use crate::limits::Limits;
use crate::place::Place;

/// The most remark texts that a block numbers: four digits are read on sheets.
const NOTES: usize = 9999;

/// A disclosure of a form with every item and no answer.
pub(super) fn blank(form: &Arc<Form>) -> Disclosure {
    let language = language_of(form);
    let entries = form
        .items
        .iter()
        .enumerate()
        .map(|(at, item)| Entry {
            number: item.number.clone(),
            item: Some(at),
            number_place: Place::File,
            text: Some(Placed {
                text: item.title.text(language).to_owned(),
                place: Place::File,
            }),
            answer: None,
            options: Vec::new(),
            state: State::Unanswered,
            written: String::new(),
            remark: Remark::default(),
            remark_place: Place::File,
            place: Place::File,
            hidden: false,
            drawn: false,
        })
        .collect();
    Disclosure::new(Arc::clone(form), None, Vec::new(), entries, Vec::new())
}

/// Writes the fields of the head. One that is an item of the form stands there as well.
pub(super) fn header(new: &mut Disclosure, header: &[HeaderStep]) {
    let form = Arc::clone(&new.form);
    for value in header.iter().filter(|value| value.is_carried) {
        new.header.push(HeaderValue {
            field: value.field,
            written: value.written.clone(),
            date: None,
            place: Place::File,
        });
        let asked = form.headers.iter().find(|asked| asked.field == value.field);
        let item = asked.and_then(|asked| form.position(asked.item.as_ref()?));
        if let Some(at) = item.filter(|at| form.items[*at].kind == Kind::Text) {
            new.entries[at].written.clone_from(&value.written);
            new.entries[at].state = State::Answered;
        }
    }
}

/// Writes the answer of a step that carries one, in the words of the new form.
pub(super) fn answer(new: &mut Disclosure, old: &Disclosure, step: &Step) {
    let (
        Some(at),
        Outcome::Carried {
            entry: Some(entry), ..
        },
    ) = (step.item, &step.outcome)
    else {
        return;
    };
    let form = Arc::clone(&new.form);
    let source = &old.entries[*entry];
    let item = Some(&form.items[at]);
    let target = &mut new.entries[at];
    target.written = match source.answer.map(Answer::code) {
        Some(code) => in_words(&form, item, code),
        None if source.options.is_empty() => source.written.clone(),
        None => methods_in_words(&form, item, &source.options),
    };
    target.answer = source.answer;
    target.options.clone_from(&source.options);
    target.state = State::Answered;
}

/// Takes an answer back.
pub(super) fn clear(new: &mut Disclosure, at: usize) {
    let entry = &mut new.entries[at];
    entry.answer = None;
    entry.options = Vec::new();
    entry.state = State::Unanswered;
    entry.written = String::new();
}

/// Writes the remarks of what is carried, each with its origin, in the row or in a block as the new form has them.
pub(super) fn remarks(new: &mut Disclosure, old: &Disclosure, steps: &[Step]) {
    let language = language_of(&new.form);
    let from = name(&old.form);
    for step in steps {
        let (
            Some(at),
            Outcome::Carried {
                entry: Some(entry),
                confidence,
            },
        ) = (step.item, &step.outcome)
        else {
            continue;
        };
        let source = &old.entries[*entry];
        let origin = Origin {
            form: &from,
            item: source.number.as_str(),
            answer: &source.written,
            confidence: *confidence,
        };
        let text = joined(&source.remark, &origin.note(language));
        new.entries[at].remark = match new.form.remarks {
            Some(Remarks::Block) if new.notes.len() < NOTES => in_block(new, text, language),
            Some(Remarks::Block | Remarks::Row) | None => Remark {
                text: Some(text),
                reference: None,
            },
        };
    }
}

/// What the old form is called in a note.
fn name(form: &Form) -> String {
    if form.source == FormSource::Derived {
        return form.family.code().to_uppercase();
    }
    if form.edition.is_empty() || form.id.contains(&form.edition) {
        form.id.clone()
    } else {
        format!("{} {}", form.id, form.edition)
    }
}

/// The old remark, and behind it where the answer comes from.
///
/// A remark that leaves no room for it in a cell stays as it is: the vendor's words count for more, and the list of
/// the migration names the origin too.
fn joined(remark: &Remark, note: &str) -> String {
    // A number without a text says nothing by itself, but must not be lost.
    let text = remark.text.as_ref().or(remark.reference.as_ref());
    let Some(text) = text.filter(|text| !crate::text::is_blank(text)) else {
        return note.to_owned();
    };
    let text = text.trim_end();
    let length = text.chars().count() + note.chars().count() + 1;
    if length > Limits::default().cell_chars {
        text.to_owned()
    } else {
        format!("{text}\n{note}")
    }
}

/// Adds a text to the block and gives the remark that points to it.
fn in_block(new: &mut Disclosure, text: String, language: Language) -> Remark {
    let key = u32::try_from(new.notes.len() + 1).unwrap_or(u32::MAX);
    let label = match language {
        Language::Ja => format!("備考{key}"),
        Language::En => format!("Note {key}"),
    };
    new.notes.push(RemarkNote {
        key,
        label: label.clone(),
        text: text.clone(),
        place: Place::File,
        referenced: true,
    });
    Remark {
        text: Some(text),
        reference: Some(label),
    }
}
