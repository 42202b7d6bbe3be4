//! The disclosure as a QuestionnaireResponse.

use super::names;
use super::outline::{Outline, link, section_link};
use super::questionnaire::{coded, head_fields, header_link};
use super::resource::{
    Element, Fields, code_of, coding, extension, nested, number_extension, string, text_extension,
};
use crate::answer::{Answer, ItemNumber, State};
use crate::disclosure::{
    Disclosure, Entry, Kept, Remark, in_words, language_of, methods_in_words, parse_date,
};
use crate::form::{Enabled, Field, Form, Item, Kind};
use crate::language::Language;
use crate::text::is_blank;

/// How many numbers one extension lists.
const LISTED: usize = 200;

/// Builds the response of a disclosure; `canonical` names its questionnaire.
pub(super) fn build(disclosure: &Disclosure, outline: &Outline, canonical: &str) -> Element {
    let form = &disclosure.form;
    let writer = Writer::new(disclosure, outline);
    let named = |field| field_text(disclosure, field).map(reference_to);
    let date = disclosure.field(Field::Date).and_then(|value| value.date);
    let sections = (0..form.sections.len()).filter_map(|at| writer.section(at));
    Fields::default()
        .code("language", writer.language.code())
        .list("extension", writer.extensions())
        .code("questionnaire", canonical)
        .code("status", status(disclosure))
        .with(named(Field::Product), |fields, subject| {
            fields.element("subject", subject)
        })
        .with(date, |fields, date| {
            fields.code("authored", date.to_string())
        })
        .with(named(Field::Manufacturer), |fields, author| {
            fields.element("author", author)
        })
        .list(
            "item",
            writer.header().into_iter().chain(sections).collect(),
        )
        .resource("QuestionnaireResponse")
}

/// A field of the head as written, where anything visible is.
fn field_text(disclosure: &Disclosure, field: Field) -> Option<&str> {
    let value = disclosure.field(field)?;
    Some(value.written.as_str()).filter(|text| !is_blank(text))
}

/// A reference that has only a name.
fn reference_to(text: &str) -> Element {
    Fields::default()
        .code("display", names::shown(text))
        .complex()
}

/// `completed` where nothing that is asked for is left open.
fn status(disclosure: &Disclosure) -> &'static str {
    let form = &disclosure.form;
    let open = form.items.iter().enumerate().any(|(at, item)| {
        let answered = disclosure
            .entry_at(at)
            .is_some_and(|entry| entry.state == State::Answered);
        item.required && !answered && disclosure.enabled(at) == Enabled::Yes
    });
    let headless = form
        .headers
        .iter()
        .any(|asked| asked.required && field_text(disclosure, asked.field).is_none());
    if open || headless {
        "in-progress"
    } else {
        "completed"
    }
}

struct Writer<'d> {
    disclosure: &'d Disclosure,
    form: &'d Form,
    outline: &'d Outline,
    language: Language,
    /// The entry of each item of the form; the first, where a sheet has it twice.
    entries: Vec<Option<usize>>,
    /// True if the items stand in another order than the questionnaire has.
    reordered: bool,
}

impl<'d> Writer<'d> {
    fn new(disclosure: &'d Disclosure, outline: &'d Outline) -> Self {
        let form = disclosure.form.as_ref();
        let mut entries = vec![None; form.items.len()];
        for (at, entry) in disclosure.entries.iter().enumerate() {
            // The number of an entry is the item's own, or it is another one that only resembles it.
            if let Some(item) = entry
                .item
                .filter(|item| form.items[*item].number == entry.number)
            {
                entries[item].get_or_insert(at);
            }
        }
        let order = outline.order();
        let placed: Vec<usize> = order.iter().filter_map(|item| entries[*item]).collect();
        Self {
            disclosure,
            form,
            outline,
            language: language_of(form),
            entries,
            reordered: !placed.is_sorted(),
        }
    }

    /// What has no place among the items.
    fn extensions(&self) -> Vec<Element> {
        let mut extensions = Vec::new();
        if let Some(sheet) = &self.disclosure.sheet {
            extensions.push(text_extension(names::SHEET, sheet));
        }
        let absent: Vec<&str> = self
            .form
            .items
            .iter()
            .zip(&self.entries)
            .filter(|(_, entry)| entry.is_none())
            .map(|(item, _)| item.number.as_str())
            .collect();
        for numbers in absent.chunks(LISTED) {
            extensions.push(text_extension(names::ABSENT, &numbers.join(" ")));
        }
        let mut placed = vec![false; self.disclosure.entries.len()];
        for entry in self.entries.iter().flatten() {
            placed[*entry] = true;
        }
        for (at, entry) in self.disclosure.entries.iter().enumerate() {
            if !placed[at] {
                extensions.push(beside(at, entry));
            }
        }
        for note in &self.disclosure.notes {
            let mut parts = vec![
                number_extension("key", note.key as usize),
                text_extension("label", &note.label),
            ];
            if !is_blank(&note.text) {
                parts.push(text_extension("text", &note.text));
            }
            extensions.push(nested(names::NOTE, parts));
        }
        extensions.extend(self.disclosure.kept.iter().map(kept));
        extensions
    }

    fn header(&self) -> Option<Element> {
        let fields = Field::ALL.into_iter().filter_map(|field| {
            let value = self.disclosure.field(field)?;
            let asked = head_fields(self.form).any(|asked| asked == field);
            if !asked || is_blank(&value.written) {
                return None;
            }
            let (answer, written) = match field {
                Field::Date => dated(&value.written, value.date.map(|date| date.to_string())),
                Field::Manufacturer | Field::Product | Field::Model | Field::Version => {
                    (Some(("valueString", string(&value.written))), None)
                }
            };
            let answers =
                answer.map(|(kind, value)| Fields::default().element(kind, value).complex());
            Some(
                Fields::default()
                    .list("extension", written.into_iter().collect())
                    .code("linkId", header_link(field))
                    .list("answer", answers.into_iter().collect())
                    .complex(),
            )
        });
        let fields: Vec<Element> = fields.collect();
        (!fields.is_empty()).then(|| group(names::HEADER, fields))
    }

    fn section(&self, at: usize) -> Option<Element> {
        let items = self.outline.sections[at].iter();
        let items: Vec<Element> = items.filter_map(|item| self.item(*item)).collect();
        (!items.is_empty()).then(|| group(&section_link(self.form, at), items))
    }

    /// An item with all that stands under it; `None` where neither is on the sheet.
    fn item(&self, at: usize) -> Option<Element> {
        let item = &self.form.items[at];
        let entry = self.entries[at].map(|entry| (entry, &self.disclosure.entries[entry]));
        let children = self.outline.children[at].iter();
        let children: Vec<Element> = children.filter_map(|child| self.item(*child)).collect();
        if entry.is_none() && children.is_empty() {
            return None;
        }
        let mut extensions = Vec::new();
        let mut values = Vec::new();
        let mut below = Vec::new();
        if let Some((position, entry)) = entry {
            if self.reordered {
                extensions.push(number_extension(names::POSITION, position));
            }
            let (found, written) = self.answers(item, entry);
            values = found;
            extensions.extend(written);
            below.extend(remark(&entry.number.to_string(), &entry.remark));
        }
        below.extend(children);
        let said = entry.is_some_and(|(_, entry)| !is_blank(&entry.written));
        let text = entry.and_then(|(_, entry)| entry.text.as_ref());
        Some(
            Fields::default()
                .list("extension", extensions)
                .code("linkId", link(&item.number))
                .with(text, |fields, text| fields.text("text", &text.text))
                .list("answer", answer_elements(values, below, said))
                .complex(),
        )
    }

    /// The coded answers of an item, and what is written there where they do not say it all.
    fn answers(&self, item: &Item, entry: &Entry) -> (Vec<Value>, Option<Element>) {
        let written = (!is_blank(&entry.written)).then_some(entry.written.as_str());
        let kept = |usual: Option<String>| {
            let other = written.filter(|written| Some(*written) != usual.as_deref());
            other.map(|written| text_extension(names::WRITTEN, written))
        };
        match item.kind {
            Kind::Text => {
                let value = written.map(|text| ("valueString", string(text)));
                (value.into_iter().collect(), None)
            }
            Kind::Date => {
                let date = parse_date(&entry.written).map(|date| date.to_string());
                let (value, written) = match written {
                    Some(written) => dated(written, date),
                    None => (None, None),
                };
                (value.into_iter().collect(), written)
            }
            Kind::Choice | Kind::Multiple => {
                let methods = entry.options.iter().map(|id| {
                    let known = item.options.iter().find(|option| option.id == *id);
                    let title = known.map(|option| option.title.text(self.language));
                    ("valueCoding", coding(names::OPTION, id, title))
                });
                let mut values: Vec<Value> = methods.collect();
                let usual = match entry.answer {
                    Some(answer) if values.is_empty() => {
                        values.push(("valueCoding", coded(answer, Some(self.language))));
                        Some(in_words(self.form, Some(item), answer.code()))
                    }
                    Some(_) | None if values.is_empty() => None,
                    Some(Answer::No | Answer::Na | Answer::SeeNote) => None,
                    Some(Answer::Yes) | None => {
                        Some(methods_in_words(self.form, Some(item), &entry.options))
                    }
                };
                (values, kept(usual))
            }
        }
    }
}

/// The value of an answer: the name of its field, and what it holds.
type Value = (&'static str, Element);

/// A date as FHIR has it, where it can be read, and as written, where that differs.
fn dated(written: &str, date: Option<String>) -> (Option<Value>, Option<Element>) {
    let extension =
        (date.as_deref() != Some(written)).then(|| text_extension(names::WRITTEN, written));
    (date.map(|date| ("valueDate", code_of(date))), extension)
}

/// The answers of an item; what stands under the item stands under the first of them.
///
/// What hangs from an item without a coded answer still needs an answer to hang from: one that says why it
/// has no value.
fn answer_elements(values: Vec<Value>, below: Vec<Element>, said: bool) -> Vec<Element> {
    if values.is_empty() && !below.is_empty() {
        let reason = if said { "as-text" } else { "unknown" };
        let reason = extension(names::ABSENT_REASON, "valueCode", code_of(reason));
        let answer = Fields::default()
            .list("extension", vec![reason])
            .list("item", below);
        return vec![answer.complex()];
    }
    let mut below = Some(below);
    let answer = |(kind, value): Value| {
        Fields::default()
            .element(kind, value)
            .list("item", below.take().unwrap_or_default())
            .complex()
    };
    values.into_iter().map(answer).collect()
}

fn group(link: &str, items: Vec<Element>) -> Element {
    Fields::default()
        .code("linkId", link)
        .list("item", items)
        .complex()
}

/// The remark of an item, if it has one.
fn remark(number: &str, remark: &Remark) -> Option<Element> {
    let text = remark.text.as_deref().filter(|text| !is_blank(text));
    let reference = remark.reference.as_deref();
    if text.is_none() && reference.is_none() {
        return None;
    }
    let answer = text.map(|text| Fields::default().text("valueString", text).complex());
    let reference = reference.map(|reference| text_extension(names::REFERENCE, reference));
    Some(
        Fields::default()
            .list("extension", reference.into_iter().collect())
            .code("linkId", names::remark_link(number))
            .list("answer", answer.into_iter().collect())
            .complex(),
    )
}

/// A piece of content that no form asks for.
fn kept(kept: &Kept) -> Element {
    let origin = kept.origin();
    let texts = [
        ("kind", Some(kept.kind.code())),
        ("item", kept.item.as_ref().map(ItemNumber::as_str)),
        ("label", Some(kept.label.as_str())),
        ("text", Some(kept.text.as_str())),
        ("origin", Some(origin.as_str())),
    ];
    nested(names::KEPT, texts_of(texts))
}

/// The texts that are there, as extensions.
fn texts_of<const N: usize>(texts: [(&str, Option<&str>); N]) -> Vec<Element> {
    let texts = texts.into_iter().filter_map(|(name, text)| {
        let text = text.filter(|text| !is_blank(text))?;
        Some(text_extension(name, text))
    });
    texts.collect()
}

/// An item that the questionnaire does not have, or not twice.
fn beside(at: usize, entry: &Entry) -> Element {
    let remark = &entry.remark;
    let texts = [
        ("number", Some(entry.number.as_str())),
        ("text", entry.text.as_ref().map(|text| text.text.as_str())),
        ("written", Some(entry.written.as_str())),
        ("remark", remark.text.as_deref()),
        ("reference", remark.reference.as_deref()),
    ];
    let mut parts = vec![number_extension("position", at)];
    parts.extend(texts_of(texts));
    nested(names::ITEM, parts)
}
