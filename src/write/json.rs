//! JSON: the published shape `kaijisho/disclosure/1`, as reports build it.

use super::Origin;
use super::model::WrittenFile;
use crate::escaped::json_text;
use serde_json::{Value, json};

use crate::disclosure::{Disclosure, Entry, in_words, methods_in_words};
use crate::error::Result;
use crate::examine::{Examined, SheetOutcome};
use crate::language::{Language, Localised};
use crate::report::model::{self, Kind, Report};

/// Writes the disclosures of a file as JSON.
pub(super) fn write(
    disclosures: &[Disclosure],
    origin: &Origin<'_>,
    language: Language,
) -> Result<Vec<u8>> {
    let report = report(disclosures, origin, language);
    Ok(json_text(&report)?.into_bytes())
}

/// Writes disclosures to be filled: what follows from something else is left out, so that an answer is changed in one place.
pub(super) fn to_fill(disclosures: &[Disclosure], language: Language) -> Vec<u8> {
    let documents: Vec<Value> = disclosures.iter().map(document).collect();
    let mut whole = json!({
        "schema": "kaijisho/disclosure/1",
        "language": language,
        "documents": documents,
    });
    if disclosures.len() == 1 {
        let mut alone = whole["documents"][0].take();
        alone["schema"] = whole["schema"].take();
        alone["language"] = whole["language"].take();
        whole = alone;
    }
    // By way of the shape, so that keys stand in its order and nothing is written that it does not know.
    let file: WrittenFile = serde_json::from_value(whole).expect("of the shape that is published");
    let text = json_text(&file).expect("a disclosure is JSON");
    text.into_bytes()
}

fn document(disclosure: &Disclosure) -> Value {
    let form = &disclosure.form;
    let asked_as_item = |field| {
        let mut asked = form.headers.iter();
        asked.any(|asked| asked.field == field && asked.item.is_some())
    };
    let header: serde_json::Map<String, Value> = disclosure
        .header
        .iter()
        .filter(|value| !asked_as_item(value.field))
        .map(|value| (value.field.code().to_owned(), value.value().into()))
        .collect();
    let mut document = json!({
        "form": { "id": form.id, "edition": form.edition },
        "items": disclosure.entries.iter().map(|entry| item(disclosure, entry)).collect::<Vec<_>>(),
    });
    if !header.is_empty() {
        document["header"] = header.into();
    }
    if let Some(sheet) = &disclosure.sheet {
        document["sheet"] = (**sheet).into();
    }
    if !disclosure.notes.is_empty() {
        let notes = disclosure.notes.iter();
        let notes =
            notes.map(|note| json!({ "key": note.key, "label": note.label, "text": note.text }));
        document["remarks"] = notes.collect::<Vec<_>>().into();
    }
    if !disclosure.kept.is_empty() {
        let kept = disclosure.kept.iter().map(|kept| {
            json!({
                "kind": kept.kind.code(),
                "item": kept.item,
                "label": kept.label,
                "text": kept.text,
                "origin": kept.origin(),
            })
        });
        document["kept"] = kept.collect::<Vec<_>>().into();
    }
    document
}

fn item(disclosure: &Disclosure, entry: &Entry) -> Value {
    let form = &disclosure.form;
    let item = entry.item.map(|at| &form.items[at]);
    let mut value = json!({ "number": entry.number });
    if let Some(text) = &entry.text {
        value["text"] = text.text.clone().into();
    }
    let implied = match entry.answer {
        Some(answer) => {
            value["answer"] = answer.code().into();
            in_words(form, item, answer.code())
        }
        None if entry.options.is_empty() => {
            value["answer"] = entry.written.clone().into();
            entry.written.clone()
        }
        None => {
            value["options"] = entry.options.clone().into();
            methods_in_words(form, item, &entry.options)
        }
    };
    if implied != entry.written {
        value["written"] = entry.written.clone().into();
    }
    match (&entry.remark.reference, &entry.remark.text) {
        (Some(reference), _) => value["remark_reference"] = reference.clone().into(),
        (None, text) => value["remark"] = text.clone().unwrap_or_default().into(),
    }
    value
}

/// The published shape of some disclosures, with nothing said about the file but what they tell.
fn report(disclosures: &[Disclosure], origin: &Origin<'_>, language: Language) -> Report {
    let reason = |disclosure: &Disclosure| {
        let form = disclosure.form.id.as_str();
        Localised {
            ja: Language::Ja.label_with("sheet-disclosure", &[("form", form)]),
            en: Language::En.label_with("sheet-disclosure", &[("form", form)]),
        }
    };
    let examined = Examined {
        file: origin.file.to_owned(),
        sha256: origin.sha256.to_owned(),
        sheets: disclosures
            .iter()
            .filter_map(|disclosure| {
                Some(SheetOutcome {
                    name: disclosure.sheet.clone()?,
                    is_disclosure: true,
                    reason: reason(disclosure),
                })
            })
            .collect(),
        disclosures: disclosures.to_vec(),
        returned: None,
        findings: Vec::new(),
        disclosure_findings: vec![Vec::new(); disclosures.len()],
    };
    model::build(Kind::Disclosure, &[examined], None, language)
}
