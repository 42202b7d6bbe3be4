//! The form as a Questionnaire.

use super::names;
use super::outline::{Outline, link, section_link};
use super::resource::{
    Element, Fields, code_of, coding, extension, string, text_extension, translated,
};
use crate::answer::{Answer, ItemNumber};
use crate::disclosure::language_of;
use crate::form::{Condition, Field, Form, FormSource, Item, Kind};
use crate::language::{Language, Localised};

/// Builds the questionnaire of a form.
pub(super) fn build(form: &Form, outline: &Outline, version: &str) -> Element {
    let language = language_of(form);
    let status = match (form.source, &form.superseded_by) {
        (FormSource::Derived, _) => "unknown",
        (_, Some(_)) => "retired",
        (FormSource::Bundled | FormSource::Imported | FormSource::Given, None) => "active",
    };
    let writer = Writer {
        form,
        outline,
        language,
    };
    let sections = (0..form.sections.len()).filter_map(|at| writer.section(at));
    Fields::default()
        .code("language", language.code())
        .code("url", names::form_url(&form.id))
        .text("version", version)
        .with(both(&form.title, language), |fields, title| {
            fields.element("title", title)
        })
        .code("status", status)
        .with(both(&form.provenance, language), |fields, text| {
            fields.element("description", text)
        })
        .list(
            "item",
            writer.header().into_iter().chain(sections).collect(),
        )
        .resource("Questionnaire")
}

/// A text in the form's language, with its translation into the other one if that differs.
fn both(text: &Localised, language: Language) -> Option<Element> {
    let other = match language {
        Language::Ja => Language::En,
        Language::En => Language::Ja,
    };
    let (own, foreign) = (text.text(language), text.text(other));
    if own.is_empty() {
        return (!foreign.is_empty()).then(|| string(foreign));
    }
    let element = string(own);
    Some(if foreign.is_empty() || foreign == own {
        element
    } else {
        translated(element, other.code(), foreign)
    })
}

/// The fields that are asked in the head and not as items.
pub(super) fn head_fields(form: &Form) -> impl Iterator<Item = Field> {
    Field::ALL.into_iter().filter(|field| {
        let asked = form.headers.iter().find(|asked| asked.field == *field);
        asked.is_none_or(|asked| asked.item.is_none())
    })
}

struct Writer<'f> {
    form: &'f Form,
    outline: &'f Outline,
    language: Language,
}

impl Writer<'_> {
    fn header(&self) -> Option<Element> {
        let fields: Vec<Element> = head_fields(self.form)
            .map(|field| {
                let title = Localised::label(&format!("field-{}", field.code()), &[]);
                let asked = self.form.headers.iter().find(|asked| asked.field == field);
                let kind = match field {
                    Field::Date => "date",
                    Field::Manufacturer | Field::Product | Field::Model | Field::Version => {
                        "string"
                    }
                };
                Fields::default()
                    .code("linkId", header_link(field))
                    .with(both(&title, self.language), |fields, title| {
                        fields.element("text", title)
                    })
                    .code("type", kind)
                    .boolean("required", asked.is_some_and(|asked| asked.required))
                    .complex()
            })
            .collect();
        let title = Localised::label("fhir-header", &[]);
        (!fields.is_empty()).then(|| self.group(names::HEADER, &title, fields))
    }

    fn section(&self, at: usize) -> Option<Element> {
        let items = &self.outline.sections[at];
        let items: Vec<Element> = items.iter().map(|item| self.item(*item)).collect();
        let title = &self.form.sections[at].title;
        (!items.is_empty()).then(|| self.group(&section_link(self.form, at), title, items))
    }

    fn group(&self, link: &str, title: &Localised, items: Vec<Element>) -> Element {
        Fields::default()
            .code("linkId", link)
            .with(both(title, self.language), |fields, title| {
                fields.element("text", title)
            })
            .code("type", "group")
            .list("item", items)
            .complex()
    }

    fn item(&self, at: usize) -> Element {
        let item = &self.form.items[at];
        let when = item.enable.as_ref().map(|condition| self.when(condition));
        let mut extensions = Vec::new();
        if let (Some(condition), Some(None)) = (&item.enable, &when) {
            extensions.push(text_extension(names::CONDITION, &in_words(condition)));
        }
        if let Some(parent) = item.parent.as_ref().filter(|_| !self.outline.nested[at]) {
            extensions.push(extension(
                names::PARENT,
                "valueString",
                code_of(link(parent)),
            ));
        }
        let control = item.control().map(|id| coding(names::CONTROL, id, None));
        let (when, together) = when.flatten().unwrap_or_default();
        let below = self.outline.children[at].iter();
        let below = std::iter::once(self.remark(item)).chain(below.map(|child| self.item(*child)));
        Fields::default()
            .list("extension", extensions)
            .code("linkId", link(&item.number))
            .list("code", control.into_iter().collect())
            .code("prefix", link(&item.number))
            .with(both(&item.title, self.language), |fields, title| {
                fields.element("text", title)
            })
            .code("type", kind(item.kind))
            .list("enableWhen", when)
            .with(together, |fields, code| fields.code("enableBehavior", code))
            .boolean("required", item.required)
            .boolean("repeats", item.kind == Kind::Multiple)
            .list("answerOption", self.options(item))
            .list("item", below.collect())
            .complex()
    }

    fn options(&self, item: &Item) -> Vec<Element> {
        let answers = item.choices.iter();
        let answers = answers.map(|answer| coded(*answer, Some(self.language)));
        let methods = item.options.iter().map(|option| {
            let title = option.title.text(self.language);
            coding(names::OPTION, &option.id, Some(title))
        });
        let all: Vec<Element> = match item.kind {
            Kind::Choice => answers.collect(),
            Kind::Multiple => methods.chain(answers).collect(),
            Kind::Text | Kind::Date => Vec::new(),
        };
        let option = |value| Fields::default().element("valueCoding", value).complex();
        all.into_iter().map(option).collect()
    }

    fn remark(&self, item: &Item) -> Element {
        let title = Localised::label("remark", &[]);
        Fields::default()
            .code("linkId", names::remark_link(item.number.as_str()))
            .with(both(&title, self.language), |fields, title| {
                fields.element("text", title)
            })
            .code("type", "text")
            .boolean("required", false)
            .boolean("repeats", false)
            .complex()
    }

    /// A condition as `enableWhen` and how several of them go together; `None` where R4 cannot say it.
    fn when(&self, condition: &Condition) -> Option<(Vec<Element>, Option<&'static str>)> {
        let single = |part: &Condition| {
            let mut all = self.alternatives(part)?;
            (all.len() == 1).then(|| all.remove(0))
        };
        let (when, together): (Vec<Element>, &str) = match condition {
            Condition::Is { .. } | Condition::Ticked { .. } => {
                (self.alternatives(condition)?, "any")
            }
            Condition::All(parts) => (parts.iter().map(single).collect::<Option<_>>()?, "all"),
            Condition::Any(parts) => {
                let all = parts.iter().map(|part| self.alternatives(part));
                (all.collect::<Option<Vec<_>>>()?.concat(), "any")
            }
        };
        if when.is_empty() {
            return None;
        }
        // One condition needs no word for how it goes with others.
        let together = (when.len() > 1).then_some(together);
        Some((when, together))
    }

    /// The answers any of which makes a simple condition true.
    fn alternatives(&self, condition: &Condition) -> Option<Vec<Element>> {
        let (item, values): (&ItemNumber, Vec<Element>) = match condition {
            Condition::Is { item, is } => {
                (item, is.iter().map(|answer| coded(*answer, None)).collect())
            }
            Condition::Ticked { item, ticked } => (
                item,
                ticked
                    .iter()
                    .map(|id| coding(names::OPTION, id, None))
                    .collect(),
            ),
            Condition::All(_) | Condition::Any(_) => return None,
        };
        let question = &self.form.item(item)?.number;
        let when = values.into_iter().map(|value| {
            Fields::default()
                .code("question", link(question))
                .code("operator", "=")
                .element("answerCoding", value)
                .complex()
        });
        Some(when.collect())
    }
}

/// The link of a field of the head.
pub(super) fn header_link(field: Field) -> String {
    format!("{}.{}", names::HEADER, field.code())
}

/// An answer as a code, with its word where a language is given.
pub(super) fn coded(answer: Answer, language: Option<Language>) -> Element {
    let word = language.map(|language| answer.word(language));
    coding(names::ANSWER, answer.code(), word)
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Choice | Kind::Multiple => "choice",
        Kind::Text => "text",
        Kind::Date => "date",
    }
}

/// A condition as form files write it.
fn in_words(condition: &Condition) -> String {
    let quoted = |words: &mut dyn Iterator<Item = &str>| {
        let words: Vec<String> = words.map(toml_text).collect();
        words.join(", ")
    };
    let parts = |parts: &[Condition]| {
        let parts: Vec<String> = parts.iter().map(in_words).collect();
        parts.join(", ")
    };
    match condition {
        Condition::Is { item, is } => {
            let is = quoted(&mut is.iter().map(|answer| answer.code()));
            format!("{{ item = {}, is = [{is}] }}", toml_text(item.as_str()))
        }
        Condition::Ticked { item, ticked } => {
            let ticked = quoted(&mut ticked.iter().map(String::as_str));
            format!(
                "{{ item = {}, ticked = [{ticked}] }}",
                toml_text(item.as_str())
            )
        }
        Condition::All(all) => format!("{{ all = [{}] }}", parts(all)),
        Condition::Any(any) => format!("{{ any = [{}] }}", parts(any)),
    }
}

fn toml_text(text: &str) -> String {
    toml::Value::from(text).to_string()
}
