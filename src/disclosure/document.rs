//! From a tree of this project's own format (XML, JSON, TOML) to disclosures.
//!
//! The shape is the `kaijisho/disclosure/1` that `convert` writes; a hand-written file may leave out
//! everything but the form, the head and each item's number and answer.

use std::collections::HashMap;
use std::sync::Arc;

use super::recognise::{Recognised, SheetFate};
use super::resolve::resolve;
use super::{Disclosure, Entry, HeaderValue, Placed, Remark, RemarkNote, date};
use crate::answer::{Answer, ItemNumber, State};
use crate::finding::{Finding, Value, rule};
use crate::form::{Catalog, Family, Field, Form, derive};
use crate::language::Localised;
use crate::place::Place;
use crate::read::tree::{Node, NodeValue};
use crate::text::is_blank;

/// Keys that the tool writes about a file and does not read back.
const ABOUT: [&str; 10] = [
    "schema", "tool", "language", "date", "file", "sha256", "sheets", "counts", "findings",
    "summary",
];
const DOCUMENT: [&str; 6] = ["form", "edition", "sheet", "header", "items", "remarks"];
const ITEM: [&str; 12] = [
    "number",
    "control",
    "text",
    "title",
    "section",
    "answer",
    "options",
    "state",
    "written",
    "remark",
    "remark_reference",
    "place",
];

/// Reads the disclosures of a tree. `forced` is a form the user named.
pub(crate) fn from_tree(root: &Node, catalog: &Catalog, forced: Option<&Catalog>) -> Recognised {
    let mut reader = DocumentReader {
        catalog,
        forced,
        recognised: Recognised::default(),
    };
    if root.get("documents").is_none() && root.get("items").is_none() {
        let finding = Finding::new(rule::NOTHING_RECOGNISED, root.place.clone())
            .with("detail", Value::plain("documents / items / form"));
        reader.recognised.findings.push(finding);
        return reader.recognised;
    }
    match root.get("documents") {
        Some(documents) => {
            reader.unknown(root, &[&ABOUT[..], &["documents"]].concat());
            for document in documents.list() {
                reader.document(document);
            }
        }
        // A hand-written file for one disclosure needs no list of documents.
        None => reader.document(root),
    }
    if reader.recognised.disclosures.is_empty()
        && reader
            .recognised
            .findings
            .iter()
            .all(|finding| finding.rule != rule::FORM_UNRECOGNISED)
    {
        let finding = Finding::new(rule::NOTHING_RECOGNISED, root.place.clone())
            .with("detail", Value::plain("documents = []"));
        reader.recognised.findings.push(finding);
    }
    reader.recognised
}

struct DocumentReader<'c> {
    catalog: &'c Catalog,
    forced: Option<&'c Catalog>,
    recognised: Recognised,
}

impl DocumentReader<'_> {
    /// Says which keys are not known; what they hold is kept in the file but not judged.
    fn unknown(&mut self, node: &Node, known: &[&str]) {
        for (key, place, _) in node.entries() {
            if !known.contains(&key.as_str()) {
                let expected = known.iter().map(|key| Localised::same(*key)).collect();
                self.recognised.findings.push(
                    Finding::new(rule::CONTENT_UNRECOGNISED, place.clone())
                        .with("found", Value::quoted(key.clone()))
                        .with("expected", Value::Words(expected)),
                );
            }
        }
    }

    fn document(&mut self, node: &Node) {
        self.unknown(node, &[&ABOUT[..], &DOCUMENT[..]].concat());
        let items: Vec<&Node> = node.get("items").map(Node::list).unwrap_or_default();
        let Some(form) = self.form(node, &items) else {
            return;
        };
        let sheet = node
            .get("sheet")
            .and_then(Node::text)
            .filter(|name| !name.is_empty())
            .map(Arc::from);
        let entries: Vec<Entry> = items
            .iter()
            .filter_map(|item| self.entry(item, &form))
            .collect();
        let header = self.header(node.get("header"), &form, &entries);
        let notes = self.notes(node.get("remarks"));
        if let Some(name) = &sheet {
            let reason = Localised {
                ja: crate::Language::Ja.label_with("sheet-disclosure", &[("form", &form.id)]),
                en: crate::Language::En.label_with("sheet-disclosure", &[("form", &form.id)]),
            };
            self.recognised.sheets.push(SheetFate {
                name: Arc::clone(name),
                is_disclosure: true,
                reason,
            });
        }
        self.recognised
            .disclosures
            .push(Disclosure::new(form, sheet, header, entries, notes));
    }

    /// The form that the document names, that the user names, or that its items tell.
    fn form(&mut self, node: &Node, items: &[&Node]) -> Option<Arc<Form>> {
        if let Some(form) = self.forced.and_then(|forced| forced.forms().first()) {
            return Some(Arc::clone(form));
        }
        let named = node.get("form").and_then(|form| {
            form.text().map(|id| (id, &form.place)).or_else(|| {
                let id = form.get("id")?;
                id.text().map(|text| (text, &id.place))
            })
        });
        let Some((id, place)) = named else {
            self.unrecognised(&node.place, "form");
            return None;
        };
        match self.catalog.form(id) {
            Ok(form) => Some(form),
            Err(_) if id.starts_with("derived-") => {
                let rows: Vec<(ItemNumber, String)> = items
                    .iter()
                    .filter_map(|item| {
                        let number = ItemNumber::parse(item.get("number")?.text()?)?;
                        Some((
                            number,
                            item.get("text")
                                .and_then(Node::text)
                                .unwrap_or_default()
                                .to_owned(),
                        ))
                    })
                    .collect();
                let family = if id == "derived-sds" {
                    Family::Sds
                } else if id == "derived-mds2" {
                    Family::Mds2
                } else {
                    Family::Mds
                };
                Some(Arc::new(derive(family, &rows)))
            }
            Err(_) => {
                self.unrecognised(place, id);
                None
            }
        }
    }

    fn unrecognised(&mut self, place: &Place, detail: &str) {
        let known = self
            .catalog
            .forms()
            .iter()
            .map(|form| Localised::same(form.id.clone()))
            .collect();
        self.recognised.findings.push(
            Finding::new(rule::FORM_UNRECOGNISED, place.clone())
                .with("expected", Value::Words(known))
                .with("detail", Value::plain(detail)),
        );
    }

    fn entry(&mut self, node: &Node, form: &Form) -> Option<Entry> {
        self.unknown(node, &ITEM);
        let written_number = node.get("number").and_then(Node::text).unwrap_or_default();
        let number_place = node
            .get("number")
            .map_or(&node.place, |number| &number.place)
            .clone();
        let Some(number) = ItemNumber::parse(written_number) else {
            self.recognised.findings.push(
                Finding::new(rule::CONTENT_UNRECOGNISED, number_place)
                    .with("found", Value::quoted(written_number))
                    .with(
                        "expected",
                        Value::Words(vec![Localised::same("number = \"4.1\"")]),
                    ),
            );
            return None;
        };
        let item = form.position(&number);
        let number = item.map_or(number, |at| form.items[at].number.clone());
        let text_of = |key: &str| node.get(key).and_then(Node::text).map(str::to_owned);
        let answer_node = node.get("answer");
        let answer_text = answer_node.and_then(Node::text).unwrap_or_default();
        let place = answer_node
            .or_else(|| node.get("written"))
            .map_or(&node.place, |answer| &answer.place)
            .clone();
        let written = text_of("written").unwrap_or_else(|| answer_text.to_owned());
        let from_written = resolve(item.map(|at| &form.items[at]), &written);
        let declared = Answer::from_code(answer_text);
        let options: Vec<String> = node
            .get("options")
            .map(|options| {
                options
                    .list()
                    .iter()
                    .filter_map(|o| o.text().map(str::to_owned))
                    .collect()
            })
            .unwrap_or_default();
        let state = node
            .get("state")
            .and_then(Node::text)
            .and_then(State::from_code);
        let (answer, options, state) = match (state, declared, from_written.answer) {
            // Two clear answers that differ: neither may win.
            (_, Some(declared), Some(written)) if declared != written => {
                (None, Vec::new(), State::Conflicting)
            }
            (
                Some(state @ (State::Unanswered | State::Conflicting | State::Unknown)),
                None,
                None,
            ) => {
                let ticked = if options.is_empty() {
                    from_written.options
                } else {
                    options
                };
                (None, ticked, state)
            }
            (_, Some(declared), _) => (Some(declared), options, State::Answered),
            (_, None, _) if !options.is_empty() && is_blank(&written) => {
                let joined = resolve(item.map(|at| &form.items[at]), &options.join("、"));
                (joined.answer, joined.options, joined.state)
            }
            (_, None, _) => (
                from_written.answer,
                from_written.options,
                from_written.state,
            ),
        };
        let remark_node = node.get("remark");
        let remark = Remark {
            text: remark_node
                .and_then(Node::text)
                .filter(|text| !is_blank(text))
                .map(str::to_owned),
            reference: text_of("remark_reference").filter(|text| !is_blank(text)),
        };
        Some(Entry {
            number,
            item,
            number_place,
            text: node
                .get("text")
                .and_then(|text| {
                    Some(Placed {
                        text: text.text()?.to_owned(),
                        place: text.place.clone(),
                    })
                })
                .filter(|text| !is_blank(&text.text)),
            answer,
            options,
            state,
            written: if from_written.state == State::Unanswered && declared.is_none() {
                String::new()
            } else {
                written
            },
            remark,
            remark_place: remark_node.map_or(&place, |remark| &remark.place).clone(),
            place,
            hidden: false,
        })
    }

    fn header(&mut self, node: Option<&Node>, form: &Form, entries: &[Entry]) -> Vec<HeaderValue> {
        let mut found: Vec<HeaderValue> = Vec::new();
        if let Some(node) = node {
            let known: Vec<&str> = Field::ALL.iter().map(|field| field.code()).collect();
            self.unknown(node, &known);
            for (key, _, value) in node.entries() {
                if let (Some(field), Some(text)) = (Field::from_code(key), value.text()) {
                    let date = if field == Field::Date {
                        date::parse_date(text)
                    } else {
                        None
                    };
                    found.push(HeaderValue {
                        field,
                        written: text.trim().to_owned(),
                        date,
                        place: value.place.clone(),
                    });
                }
            }
        }
        for asked in &form.headers {
            let entry = asked
                .item
                .as_ref()
                .and_then(|number| entries.iter().find(|entry| entry.number == *number));
            if let (Some(entry), true) =
                (entry, found.iter().all(|value| value.field != asked.field))
            {
                let written = entry.written.trim().to_owned();
                let date = if asked.field == Field::Date {
                    date::parse_date(&written)
                } else {
                    None
                };
                found.push(HeaderValue {
                    field: asked.field,
                    written,
                    date,
                    place: entry.place.clone(),
                });
            }
        }
        found
    }

    fn notes(&mut self, node: Option<&Node>) -> Vec<RemarkNote> {
        let mut keys: HashMap<u32, ()> = HashMap::new();
        let mut notes = Vec::new();
        for note in node.map(Node::list).unwrap_or_default() {
            self.unknown(note, &["key", "label", "text", "value", "referenced"]);
            let text = note
                .get("text")
                .or_else(|| note.get("value"))
                .and_then(Node::text)
                .unwrap_or_default()
                .to_owned();
            let key = note
                .get("key")
                .and_then(Node::text)
                .and_then(|key| key.parse().ok());
            let Some(key) = key.filter(|key| keys.insert(*key, ()).is_none()) else {
                let found = if let NodeValue::Map(_) = note.value {
                    text
                } else {
                    note.text().unwrap_or_default().to_owned()
                };
                self.recognised.findings.push(
                    Finding::new(rule::CONTENT_UNRECOGNISED, note.place.clone())
                        .with("found", Value::quoted(found))
                        .with("expected", Value::Words(vec![Localised::same("key = 1")])),
                );
                continue;
            };
            let label = note
                .get("label")
                .and_then(Node::text)
                .map_or_else(|| format!("備考{key}"), str::to_owned);
            let referenced = note.get("referenced").and_then(Node::text) == Some("true");
            notes.push(RemarkNote {
                key,
                label,
                text,
                place: note.place.clone(),
                referenced,
            });
        }
        notes
    }
}
