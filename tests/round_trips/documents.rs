//! Random documents of the project's own format.

use kaijisho::{Catalog, Examined, Field, Form, KeptKind};
use serde_json::{Map, Value, json};

use super::random::Random;

/// A file of one to three disclosures.
pub(crate) fn document(random: &mut Random, catalog: &Catalog) -> Value {
    let count = 1 + random.below(3);
    let documents: Vec<Value> = (0..count).map(|_| disclosure(random, catalog)).collect();
    json!({ "schema": "kaijisho/disclosure/1", "documents": documents })
}

fn disclosure(random: &mut Random, catalog: &Catalog) -> Value {
    let ids = [
        "mds-reference",
        "sds-reference",
        "mds2-2019",
        "golden",
        "derived-mds",
        "derived-sds",
    ];
    let id = random.pick(&ids);
    let form = catalog.form(id).ok();
    let mut fields = Map::new();
    // Where the form asks its head as items, the items say it.
    let asks_items = form
        .as_ref()
        .is_some_and(|form| form.headers.iter().any(|asked| asked.item.is_some()));
    for field in Field::ALL.into_iter().filter(|_| !asks_items) {
        let value = match random.below(4) {
            0 => continue,
            1 if field == Field::Date => random
                .pick(&[
                    "令和8年9月30日",
                    "R8.9.30",
                    "2026/9/30",
                    "30.9.2026",
                    "あとで",
                    " 2026-09-30 ",
                ])
                .to_owned(),
            2 => String::new(),
            _ => random.text(),
        };
        fields.insert(field.code().to_owned(), value.into());
    }
    let count = random.below(16);
    let items: Vec<Value> = (0..count).map(|_| item(random, form.as_deref())).collect();
    let remarks: Vec<Value> = (0..random.below(4))
        .map(|_| json!({ "key": random.below(6), "text": random.text() }))
        .collect();
    let kept: Vec<Value> = (0..random.below(6)).map(|_| kept(random)).collect();
    let mut document = json!({
        "form": { "id": id }, "header": fields, "items": items, "remarks": remarks, "kept": kept,
    });
    if random.one_in(2) {
        document["sheet"] = random.text().into();
    }
    if random.one_in(4) {
        document["担当部署"] = random.text().into();
    }
    document
}

fn item(random: &mut Random, form: Option<&Form>) -> Value {
    let known = form.filter(|_| !random.one_in(5)).map(|form| {
        let at = random.below(form.items.len());
        form.items[at].number.to_string()
    });
    let number = known.unwrap_or_else(|| {
        let (a, b) = (1 + random.below(99), random.below(30));
        match random.below(4) {
            0 => format!("{a}"),
            1 => format!("{a}.{b}"),
            2 => format!("{a}.{b}.10"),
            _ => format!("{}-{a}", random.pick(&["DOC", "MAR", "SEP", "OTHR", "Z"])),
        }
    });
    let mut item = json!({ "number": number });
    if random.one_in(2) {
        item["text"] = random.text().into();
    }
    match random.below(6) {
        0 => item["answer"] = random.pick(&["yes", "no", "na", "see-note"]).into(),
        1 => {
            item["answer"] = random
                .pick(&["はい", "いいえ", "対象外", "Yes", "有", "×"])
                .into()
        }
        2 => {
            item["written"] = random
                .pick(&["はい・いいえ", "□", "■はい □いいえ", "検討中", "－"])
                .into()
        }
        3 => item["options"] = json!([random.pick(&["knowledge", "token", "iris", "生体"])]),
        4 => item["written"] = random.text().into(),
        _ => {}
    }
    match random.below(4) {
        0 => item["remark"] = random.text().into(),
        1 => {
            item["remark_reference"] = random
                .pick(&["備考1", "備考2、3", "Note 4", "1", "※5"])
                .into()
        }
        _ => {}
    }
    item
}

fn kept(random: &mut Random) -> Value {
    let kind = KeptKind::ALL[random.below(KeptKind::ALL.len())].code();
    let mut kept = json!({ "kind": kind, "text": random.text() });
    for key in ["label", "origin"] {
        if random.one_in(2) {
            kept[key] = random.text().into();
        }
    }
    if random.one_in(2) {
        kept["item"] = random.pick(&["1", "4.10", "DOC-1", "7.2.1"]).into();
    }
    kept
}

/// What was read is what was written: no item, remark text or other content is left out.
pub(crate) fn assert_read(document: &Value, read: &Examined, what: &str) {
    let documents = document["documents"].as_array().unwrap();
    assert_eq!(documents.len(), read.disclosures.len(), "{what}");
    for (document, disclosure) in documents.iter().zip(&read.disclosures) {
        let length = |key: &str| document[key].as_array().unwrap().len();
        assert_eq!(length("items"), disclosure.entries.len(), "{what}");
        assert_eq!(length("remarks"), disclosure.notes.len(), "{what}");
        for (item, entry) in document["items"]
            .as_array()
            .unwrap()
            .iter()
            .zip(&disclosure.entries)
        {
            let written = item["written"].as_str().filter(|text| is_seen(text));
            if let Some(written) = written {
                assert_eq!(entry.written, written, "{what}");
            }
        }
        let texts = document["kept"]
            .as_array()
            .unwrap()
            .iter()
            .map(|kept| kept["text"].as_str().unwrap());
        for text in texts.filter(|text| is_seen(text)) {
            assert!(
                disclosure.kept.iter().any(|kept| kept.text == text),
                "{what}: {text:?}"
            );
        }
    }
}

/// True if a letter, a digit or a sign is among the characters; a text of white space says nothing.
fn is_seen(text: &str) -> bool {
    text.chars()
        .any(|c| c.is_alphanumeric() || c.is_ascii_punctuation())
}
