//! The rows of a plain sheet: what a disclosure says, cell by cell, as `disclosure::plain` reads it back.
//!
//! Title, the form's id, the head, a table of number, question, answer and remark, the remark texts, and
//! what no form asks for. The words are those of the form's language.

use super::texts::Texts;
use super::xlsx::words::{block_title, form_label, headings, label};
use crate::disclosure::{Disclosure, Entry, language_of};
use crate::form::{Field, Form};
use crate::language::Language;
use crate::read::marked::MARK;

/// What stands in front of content that no form asks for.
const KEPT_HEADINGS: [&str; 5] = [
    "kept-heading-kind",
    "kept-heading-label",
    "kept-heading-item",
    "kept-heading-text",
    "kept-heading-origin",
];

/// A cell, and whether it is a date that is read in every spelling.
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) is_date: bool,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self {
            text,
            is_date: false,
        }
    }
}

/// The rows of a disclosure; its form's id stands beside the mark of a table of separated text.
pub(super) fn rows(disclosure: &Disclosure) -> Vec<Vec<Cell>> {
    let form = &disclosure.form;
    let language = language_of(form);
    let mut rows: Vec<Vec<Cell>> = vec![
        vec![title(form, language).into()],
        vec![
            form_label(language).into(),
            form_id(form).into(),
            MARK.into(),
        ],
    ];
    rows.extend(head(disclosure, language));
    rows.push(Vec::new());
    // The state of an item is worked out on a sheet of its own only.
    let [number, question, answer, remark, _] = headings(Texts::One(language));
    rows.push([number, question, answer, remark].map(Cell::from).into());
    rows.extend(disclosure.entries.iter().map(item));
    if !disclosure.notes.is_empty() {
        rows.push(Vec::new());
        rows.push(vec![block_title(language).into()]);
        for note in &disclosure.notes {
            rows.push(vec![note.label.as_str().into(), note.text.as_str().into()]);
        }
    }
    let kept = kept(disclosure, language);
    if !kept.is_empty() {
        rows.push(Vec::new());
        for cells in kept {
            rows.push(cells.into_iter().map(Cell::from).collect());
        }
    }
    rows
}

fn title(form: &Form, language: Language) -> &str {
    let own = form.titles.first().map(String::as_str);
    own.unwrap_or_else(|| form.title.text(language))
}

/// The form's id, with its edition where a newer one has the same id.
pub(super) fn form_id(form: &Form) -> String {
    if form.superseded_by.is_some() && !form.edition.is_empty() {
        format!("{}@{}", form.id, form.edition)
    } else {
        form.id.clone()
    }
}

fn head(disclosure: &Disclosure, language: Language) -> Vec<Vec<Cell>> {
    let form = &disclosure.form;
    let row = |field: Field| {
        let asked = form.headers.iter().find(|asked| asked.field == field);
        let value = disclosure.field(field);
        // A field that is an item of the form stands among the items.
        let is_item = asked.is_some_and(|asked| asked.item.is_some());
        (!is_item && (asked.is_some() || value.is_some())).then(|| {
            let cell = Cell {
                text: value.map(|value| value.value()).unwrap_or_default(),
                is_date: value.is_some_and(|value| value.date.is_some()),
            };
            vec![label(field, form.family, Texts::One(language)).into(), cell]
        })
    };
    Field::ALL.into_iter().filter_map(row).collect()
}

fn item(entry: &Entry) -> Vec<Cell> {
    let remark = &entry.remark;
    let remark = remark.reference.as_deref().or(remark.text.as_deref());
    vec![
        entry.number.as_str().into(),
        entry
            .text
            .as_ref()
            .map_or("", |text| text.text.as_str())
            .into(),
        entry.written.as_str().into(),
        remark.unwrap_or_default().into(),
    ]
}

/// Content that no form asks for: the heading of its block, the headings of its columns, and a row for each.
pub(super) fn kept(disclosure: &Disclosure, language: Language) -> Vec<Vec<String>> {
    if disclosure.kept.is_empty() {
        return Vec::new();
    }
    let mut rows = vec![
        vec![language.label("kept-title")],
        KEPT_HEADINGS.map(|key| language.label(key)).to_vec(),
    ];
    rows.extend(disclosure.kept.iter().map(|kept| {
        let item = kept.item.as_ref().map(ToString::to_string);
        vec![
            kept.kind.word().text(language).to_owned(),
            kept.label.clone(),
            item.unwrap_or_default(),
            kept.text.clone(),
            kept.origin(),
        ]
    }));
    rows
}
