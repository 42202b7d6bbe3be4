//! From a tree of this project's own format (XML, JSON, TOML), or of FHIR ([`super::fhir`]), to disclosures.
//!
//! The shape is the `kaijisho/disclosure/1` that `convert` writes; a hand-written file may leave out
//! everything but the form, the head and each item's number and answer. What several keys of an item say
//! is brought into one text, the answer as written, which then means what it would mean on a sheet
//! ([`mod@super::resolve`], [`super::remark`]): so a disclosure is the same in every format.

mod besides;
mod entry;

use std::sync::Arc;

use super::fhir;
use super::head::value_of;
use super::kept::{self, Kept};
use super::recognise::{Recognised, SheetFate, named};
use super::remark::Notes;
use super::resolve::{language_of, resolve};
use super::{Disclosure, Entry, HeaderValue, Placed, Remark, RemarkNote};
use crate::answer::ItemNumber;
use crate::finding::{Finding, Value, rule};
use crate::form::{Catalog, DerivedRow, Field, Form};
use crate::language::{Language, Localised};
use crate::limits::Limits;
use crate::place::Place;
use crate::read::tree::{Node, NodeValue};
use crate::read::{too_large, xml};
use crate::syntax::other_kind;
use crate::text::{is_blank, show};
use crate::vocabulary::Vocabulary;

/// Keys that the tool writes about a file and does not read back.
const ABOUT: [&str; 10] = [
    "schema", "tool", "language", "date", "file", "sha256", "sheets", "counts", "findings",
    "summary",
];
const DOCUMENT: [&str; 8] = [
    "form", "edition", "source", "sheet", "header", "items", "remarks", "kept",
];
const FORM: [&str; 6] = ["id", "edition", "source", "family", "title", "provenance"];
/// How many unused keys and values are told one by one.
pub(super) const TOLD: usize = 500;
const NOTE: [&str; 5] = ["key", "label", "text", "value", "referenced"];

/// The highest number of a remark text: four digits are read on sheets.
const LAST_KEY: u32 = 9999;

/// Reads the disclosures of a tree. `forced` is a form the user named.
pub(crate) fn from_tree(
    root: &Node,
    catalog: &Catalog,
    forced: Option<&Catalog>,
    limits: &Limits,
) -> Recognised {
    if let Some(finding) = other_version(root) {
        return Recognised {
            findings: vec![finding],
            ..Recognised::default()
        };
    }
    let mut reader = DocumentReader {
        catalog,
        forced,
        recognised: Recognised::default(),
        limits,
        items: 0,
        unused: 0,
        kept: Vec::new(),
    };
    if fhir::is_resource(root) {
        let translated = fhir::translate(root, forced.unwrap_or(catalog), limits);
        reader.recognised.findings = translated.findings;
        match translated.documents {
            Some(documents) => reader.read(&documents),
            None => reader.recognised.findings.push(fhir::nothing(root)),
        }
    } else {
        reader.read(root);
    }
    reader.recognised
}

/// A file of another version says so, instead of being read with the meanings of this one.
fn other_version(root: &Node) -> Option<Finding> {
    let schema = root.get("schema")?;
    let version = schema.text()?.trim().strip_prefix("kaijisho/disclosure/")?;
    (version != xml::VERSION).then(|| {
        Finding::new(rule::NOTHING_RECOGNISED, schema.place.clone())
            .with("detail", Value::Local(xml::other_version(version)))
    })
}

/// The text of a key, where anything visible is written there.
fn said<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    node.get(key)
        .and_then(Node::text)
        .filter(|text| !is_blank(text))
}

/// The place of a key, or of the whole.
fn place_of(node: &Node, key: &str) -> Place {
    node.get(key)
        .map_or(&node.place, |node| &node.place)
        .clone()
}

struct DocumentReader<'c> {
    catalog: &'c Catalog,
    forced: Option<&'c Catalog>,
    recognised: Recognised,
    limits: &'c Limits,
    /// Items so far, also those that a document has not and its form has.
    items: usize,
    unused: usize,
    /// What unknown keys hold, until the disclosure is made that keeps it.
    kept: Vec<Kept>,
}

impl DocumentReader<'_> {
    /// Reads a tree of the project's own shape.
    fn read(&mut self, root: &Node) {
        if root.get("documents").is_none() && root.get("items").is_none() {
            let schema = root.get("schema").and_then(Node::text);
            let detail = schema
                .and_then(other_kind)
                .unwrap_or_else(|| Localised::label("detail-tree", &[]));
            let finding = Finding::new(rule::NOTHING_RECOGNISED, root.place.clone())
                .with("detail", Value::Local(detail));
            self.recognised.findings.push(finding);
            return;
        }
        match root.get("documents") {
            Some(documents) => {
                self.unknown(root, &[&ABOUT[..], &["documents"]].concat(), "", None);
                for document in documents.list() {
                    self.document(document);
                    if self.items > self.limits.items {
                        break;
                    }
                }
            }
            // A hand-written file for one disclosure needs no list of documents.
            None => self.document(root),
        }
        if self.recognised.disclosures.is_empty()
            && self.recognised.findings.iter().all(|finding| {
                ![rule::FORM_UNRECOGNISED, rule::FILE_TOO_LARGE].contains(&finding.rule)
            })
        {
            let finding = Finding::new(rule::NOTHING_RECOGNISED, root.place.clone())
                .with("detail", Value::Local(Localised::label("detail-tree", &[])));
            self.recognised.findings.push(finding);
        }
    }

    /// Says that something written is not used, and what could stand there.
    fn not_used(&mut self, place: Place, found: &str, expected: &[&str]) {
        // A hostile file has as many unknown keys as it likes; the last one told says that there are more.
        self.unused += 1;
        if self.unused > TOLD {
            return;
        }
        let found = if self.unused == TOLD { "…" } else { found };
        let expected = expected.iter().map(|text| Localised::same(*text)).collect();
        self.recognised.findings.push(
            Finding::new(rule::CONTENT_UNRECOGNISED, place)
                .with("found", Value::quoted(found))
                .with("expected", Value::Words(expected)),
        );
    }

    /// Counts items; false, with a finding, where there are more than are judged. Nothing is told of any of them then.
    fn has_room(&mut self, node: &Node, items: usize) -> bool {
        self.items = self.items.saturating_add(items);
        let (met, allowed) = (self.items, self.limits.items);
        if met > allowed {
            self.recognised.disclosures.clear();
            // What comes after is not counted.
            let found = format!("> {allowed}");
            let finding = too_large(place_of(node, "items"), "limit-items", allowed, found);
            self.recognised.findings.push(finding);
        }
        met <= allowed
    }

    fn document(&mut self, node: &Node) {
        self.unknown(node, &[&ABOUT[..], &DOCUMENT[..]].concat(), "", None);
        let kept = self.kept_content(node.get("kept"));
        let items: Vec<&Node> = node.get("items").map(Node::list).unwrap_or_default();
        if !self.has_room(node, items.len()) {
            return;
        }
        let Some(form) = self.form(node, &items, &kept) else {
            return;
        };
        if !self.has_room(node, form.items.len().saturating_sub(items.len())) {
            return;
        }
        let sheet: Option<Arc<str>> = said(node, "sheet").map(Arc::from);
        let mut notes = Notes::new(self.notes(node.get("remarks"), &form));
        let mut entries: Vec<Entry> = Vec::with_capacity(items.len());
        for item in items {
            entries.extend(self.entry(item, &form, &mut notes));
        }
        let header = self.header(node.get("header"), &form, &mut entries);
        if let Some(name) = &sheet {
            self.recognised.sheets.push(SheetFate {
                name: Arc::clone(name),
                is_disclosure: true,
                reason: Localised::label("sheet-disclosure", &[("form", &form.id)]),
            });
        }
        let mut disclosure = Disclosure::new(form, sheet, header, entries, notes.into_inner());
        disclosure.keep(kept);
        disclosure.keep(std::mem::take(&mut self.kept));
        self.recognised.disclosures.push(disclosure);
    }

    /// The form that the user names, that the document names, or that its items tell.
    fn form(&mut self, node: &Node, items: &[&Node], kept: &[Kept]) -> Option<Arc<Form>> {
        let asked = node.get("form");
        let id = asked.and_then(|form| form.text().map(|_| form).or_else(|| form.get("id")));
        let edition = asked
            .and_then(|form| form.get("edition"))
            .or_else(|| node.get("edition"));
        if let Some(form) = asked {
            self.unknown(form, &FORM, "form.", None);
        }
        let (name, place) = match id.and_then(|id| Some((id.text()?, &id.place))) {
            Some((name, place)) => (Some(name), place.clone()),
            None => (None, node.place.clone()),
        };
        let rows = || -> Vec<DerivedRow> {
            let numbered = items.iter().filter_map(|item| {
                let number = ItemNumber::parse(said(item, "number")?)?;
                let text = said(item, "text").unwrap_or_default().to_owned();
                Some(DerivedRow::new(number, text))
            });
            let mut rows: Vec<DerivedRow> = numbered.collect();
            kept::describe(&mut rows, kept);
            rows
        };
        let found = match (self.forced, name) {
            (Some(forced), name) => name
                .and_then(|name| forced.form(name).ok())
                .or_else(|| forced.forms().first().cloned()),
            (None, Some(name)) => {
                let exact = edition
                    .and_then(Node::text)
                    .and_then(|edition| self.catalog.form(&format!("{name}@{edition}")).ok());
                exact.or_else(|| named(name, self.catalog, rows))
            }
            (None, None) => None,
        };
        let Some(form) = found else {
            let known = self.catalog.ids();
            let finding = Finding::new(rule::FORM_UNRECOGNISED, place)
                .with(
                    "expected",
                    Value::Words(known.map(Localised::same).collect()),
                )
                .with(
                    "detail",
                    Value::Local(match name {
                        Some(name) => {
                            Localised::label("detail-form-name", &[("name", &show(name, 40))])
                        }
                        None => Localised::label("detail-form-missing", &[]),
                    }),
                );
            self.recognised.findings.push(finding);
            return None;
        };
        if let Some(edition) = edition {
            let text = edition.text().unwrap_or_default();
            if self.forced.is_none() && !is_blank(text) && text != form.edition {
                self.not_used(edition.place.clone(), text, &[&form.edition]);
            }
        }
        Some(form)
    }

    /// The head. A field that is an item of the form is that item's answer, wherever it is written.
    fn header(
        &mut self,
        node: Option<&Node>,
        form: &Form,
        entries: &mut Vec<Entry>,
    ) -> Vec<HeaderValue> {
        let mut found: Vec<HeaderValue> = Vec::new();
        if let Some(node) = node {
            let known: Vec<&str> = Field::ALL.iter().map(|field| field.code()).collect();
            self.unknown(node, &known, "header.", None);
            for (key, place, value) in node.entries() {
                if let (Some(field), Some(text)) = (Field::from_code(key), value.text()) {
                    if found.iter().any(|known| known.field == field) {
                        self.not_used(place.clone(), text, &[key]);
                        continue;
                    }
                    let text = Placed {
                        text: text.trim().to_owned(),
                        place: value.place.clone(),
                    };
                    found.push(value_of(field, text));
                }
            }
        }
        for asked in &form.headers {
            let Some(number) = &asked.item else {
                continue;
            };
            let at = found.iter().position(|value| value.field == asked.field);
            let given = at.map(|at| found.remove(at));
            let given = given.filter(|value| !value.written.is_empty());
            if let Some(value) = &given {
                answer_from_head(form, number, value, entries);
            }
            if let Some(entry) = entries.iter().find(|entry| entry.number == *number) {
                let value = Placed {
                    text: entry.written.trim().to_owned(),
                    place: entry.place.clone(),
                };
                let value = value_of(asked.field, value);
                if let Some(given) = given.filter(|given| given.value() != value.value()) {
                    self.not_used(given.place, &given.written, &[&value.written]);
                }
                found.push(value);
            }
        }
        found
    }

    fn notes(&mut self, node: Option<&Node>, form: &Form) -> Vec<RemarkNote> {
        let words = Vocabulary::get();
        let mut notes = Vec::new();
        for note in node.map(Node::list).unwrap_or_default() {
            self.unknown(note, &NOTE, "remarks.", None);
            let text = said(note, "text").or_else(|| said(note, "value"));
            let key = said(note, "key").and_then(|key| key.trim().parse::<u32>().ok());
            let Some(key) = key.filter(|key| *key <= LAST_KEY) else {
                let found = match &note.value {
                    NodeValue::Map(_) => said(note, "key").or(text),
                    NodeValue::Null
                    | NodeValue::Text(_)
                    | NodeValue::Bare(_)
                    | NodeValue::List(_) => note.text(),
                };
                self.not_used(
                    place_of(note, "key"),
                    found.unwrap_or_default(),
                    &["key = 1"],
                );
                continue;
            };
            let usual = match language_of(form) {
                Language::Ja => format!("備考{key}"),
                Language::En => format!("Note {key}"),
            };
            let label = match said(note, "label").map(str::trim) {
                Some(label) if words.remark_key(label, true) == Some(key) => label.to_owned(),
                Some(label) => {
                    self.not_used(place_of(note, "label"), label, &[&usual]);
                    usual
                }
                None => usual,
            };
            notes.push(RemarkNote {
                key,
                label,
                text: text.unwrap_or_default().to_owned(),
                place: note.place.clone(),
                referenced: false,
            });
        }
        notes
    }
}

/// Writes a field of the head as the answer of its item, where the items leave it open.
fn answer_from_head(
    form: &Form,
    number: &ItemNumber,
    value: &HeaderValue,
    entries: &mut Vec<Entry>,
) {
    let Some(position) = form.position(number) else {
        return;
    };
    let resolved = resolve(Some(&form.items[position]), &value.written);
    if let Some(entry) = entries.iter_mut().find(|entry| entry.number == *number) {
        if entry.written.is_empty() {
            entry.answer = resolved.answer;
            entry.options = resolved.options;
            entry.state = resolved.state;
            entry.written.clone_from(&value.written);
            entry.place = value.place.clone();
        }
        return;
    }
    let at = entries
        .iter()
        .position(|entry| entry.item.is_some_and(|item| item > position))
        .unwrap_or(entries.len());
    let entry = Entry {
        number: number.clone(),
        item: Some(position),
        number_place: value.place.clone(),
        text: None,
        answer: resolved.answer,
        options: resolved.options,
        state: resolved.state,
        written: value.written.clone(),
        remark: Remark::default(),
        remark_place: value.place.clone(),
        place: value.place.clone(),
        hidden: false,
        drawn: false,
    };
    entries.insert(at, entry);
}
