//! Holds what was read against the key: every item's answer, state, remark and places, the head, the findings.

use std::collections::BTreeSet;

use kaijisho::{
    Disclosure, Entry, Examined, Finding, Options, Place, Severity, Source, State, examine,
};
use serde_json::json;

use super::{Drawn, Key, KeyRow, Spot};
use crate::support;

/// How bad a difference is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Something else was read than is written, and nobody is told.
    Silent,
    /// Something was not read, and a finding says so.
    Told,
    /// The answer is right, and its place, its remark, the head or a finding is not.
    Other,
}

/// A difference between a key and what was read.
#[derive(Clone, Debug)]
pub(crate) struct Difference {
    pub(crate) kind: Kind,
    pub(crate) text: String,
}

fn difference(kind: Kind, text: String) -> Difference {
    Difference { kind, text }
}

/// A text without its spaces and line ends, which a reader may join in another way.
fn packed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Rule and item of each finding above a note.
pub(crate) type Grave = BTreeSet<(String, String)>;

/// What is to be found in each disclosure: what is found in the same disclosure as a document.
pub(crate) fn expected(drawn: &Drawn) -> Vec<Grave> {
    let keys = drawn.keys.iter();
    keys.map(|key| grave(twin(key).all_findings())).collect()
}

/// All differences.
pub(crate) fn differences(
    drawn: &Drawn,
    expected: &[Grave],
    examined: &Examined,
    with_sheets: bool,
) -> Vec<Difference> {
    let mut found = Vec::new();
    if examined.disclosures.len() != drawn.keys.len() {
        let kind = if examined.is_unreadable() {
            Kind::Told
        } else {
            Kind::Silent
        };
        let rules: Vec<String> = examined
            .all_findings()
            .take(5)
            .map(|f| format!("{} {}", f.rule, f.place))
            .collect();
        let text = format!(
            "{} disclosures, not {}: {rules:?}",
            examined.disclosures.len(),
            drawn.keys.len()
        );
        found.push(difference(kind, text));
    }
    for finding in examined
        .findings
        .iter()
        .filter(|finding| finding.severity() > Severity::Note)
    {
        found.push(difference(
            Kind::Other,
            format!("of the file: {} at {}", finding.rule, finding.place),
        ));
    }
    let read = examined
        .disclosures
        .iter()
        .zip(&examined.disclosure_findings);
    for ((key, expected), (disclosure, findings)) in drawn.keys.iter().zip(expected).zip(read) {
        let judge = Judge {
            drawn,
            key,
            disclosure,
            findings,
            with_sheets,
        };
        judge.items(&mut found);
        judge.head(&mut found);
        judge.findings(expected, &mut found);
    }
    found
}

struct Judge<'j> {
    drawn: &'j Drawn,
    key: &'j Key,
    disclosure: &'j Disclosure,
    findings: &'j [Finding],
    with_sheets: bool,
}

impl Judge<'_> {
    fn is_at(&self, place: &Place, spots: &[Spot]) -> bool {
        let Place::Cell { sheet, row, column } = place else {
            return false;
        };
        spots.iter().any(|(at, r, c)| {
            (r, c) == (row, column)
                && (!self.with_sheets || self.drawn.paper.sheets[*at].name == **sheet)
        })
    }

    fn show(&self, spots: &[Spot]) -> String {
        let one = |(sheet, row, column): &Spot| Place::Cell {
            sheet: self.drawn.paper.sheets[*sheet].name.as_str().into(),
            row: *row,
            column: *column,
        };
        spots
            .iter()
            .map(|spot| one(spot).to_string())
            .collect::<Vec<_>>()
            .join("|")
    }

    /// True if a finding above a note names the item, or its row.
    fn is_told(&self, number: &str, spots: &[Spot]) -> bool {
        self.findings.iter().filter(|finding| finding.severity() > Severity::Note).any(|finding| {
            let named = finding.item.as_ref().is_some_and(|item| item.as_str() == number);
            let in_row = matches!(&finding.place, Place::Cell { row, .. } if spots.iter().any(|(_, r, _)| r == row));
            named || in_row
        })
    }

    /// True if a finding says that something of the sheet was not read.
    fn is_told_at_all(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| ["rows-unmatched", "column-ambiguous"].contains(&finding.rule))
    }

    fn items(&self, found: &mut Vec<Difference>) {
        for row in &self.key.rows {
            let entries: Vec<&Entry> = self
                .disclosure
                .entries
                .iter()
                .filter(|entry| entry.number.as_str() == row.number)
                .collect();
            let told = self.is_told(&row.number, &row.places);
            let kind = if told || self.is_told_at_all() {
                Kind::Told
            } else {
                Kind::Silent
            };
            match entries.as_slice() {
                // A clear answer that is not the one written is wrong, whatever is said of the sheet as a whole.
                [entry]
                    if !told
                        && entry.answer.is_some()
                        && entry.answer != row.answer
                        && !(row.answer_cut && row.answer.is_none()) =>
                {
                    self.item(row, entry, Kind::Silent, found);
                }
                [entry] => self.item(row, entry, kind, found),
                [] => found.push(difference(
                    kind,
                    format!("{} at {}: not read", row.number, self.show(&row.places)),
                )),
                [..] => found.push(difference(
                    kind,
                    format!("{}: read {} times", row.number, entries.len()),
                )),
            }
        }
        for entry in &self.disclosure.entries {
            if self
                .key
                .rows
                .iter()
                .all(|row| row.number != entry.number.as_str())
            {
                let kind = if self.is_told(entry.number.as_str(), &[]) {
                    Kind::Told
                } else {
                    Kind::Silent
                };
                let text = format!("{} at {}: is no item", entry.number, entry.number_place);
                found.push(difference(kind, text));
            }
        }
    }

    fn item(&self, row: &KeyRow, entry: &Entry, kind: Kind, found: &mut Vec<Difference>) {
        // Of two marks one was taken out, or the only one: what is left is not this test's to judge.
        let taken_out = row.answer_cut && (entry.answer.is_none() || row.answer.is_none());
        if !taken_out && (entry.answer != row.answer || !row.states.contains(&entry.state)) {
            let text = format!(
                "{} at {}: expected {:?} {:?}, read {:?} {:?} {:?} at {}",
                row.number,
                self.show(&row.places),
                row.answer,
                row.states,
                entry.answer,
                entry.state,
                entry.written,
                entry.place
            );
            found.push(difference(kind, text));
        } else if !self.is_at(&entry.place, &row.places) {
            let text = format!(
                "{} at {}: read at {}",
                row.number,
                self.show(&row.places),
                entry.place
            );
            found.push(difference(Kind::Other, text));
        }
        let expected = row.remark.as_deref().map(packed);
        let read = entry.remark.text.as_deref().map(packed);
        if expected != read && !(row.remark_cut && read.is_none()) {
            let text = format!(
                "{} remark at {}: expected {:?}, read {:?} {:?}",
                row.number,
                self.show(&row.remark_places),
                row.remark,
                entry.remark.text,
                entry.remark.reference
            );
            // A remark that is lost, or another one's, is as bad as a wrong answer.
            found.push(difference(kind, text));
        } else if expected.is_some() && !self.is_at(&entry.remark_place, &row.remark_places) {
            let text = format!(
                "{} remark at {}: read at {}",
                row.number,
                self.show(&row.remark_places),
                entry.remark_place
            );
            found.push(difference(Kind::Other, text));
        }
    }

    fn head(&self, found: &mut Vec<Difference>) {
        for (field, expected, spots) in &self.key.head {
            let read = self.disclosure.field(*field);
            let value = read.map(|read| read.value()).unwrap_or_default();
            if packed(&value) != packed(expected) {
                let told = value.is_empty()
                    || self
                        .findings
                        .iter()
                        .any(|f| f.rule == "header-date-unreadable");
                let kind = if told { Kind::Told } else { Kind::Silent };
                let text = format!(
                    "head {}: expected {expected:?} at {}, read {value:?}",
                    field.code(),
                    self.show(spots)
                );
                found.push(difference(kind, text));
            } else if read.is_some_and(|read| !self.is_at(&read.place, spots)) {
                let place = read.map(|read| read.place.to_string()).unwrap_or_default();
                let text = format!(
                    "head {} at {}: read at {place}",
                    field.code(),
                    self.show(spots)
                );
                found.push(difference(Kind::Other, text));
            }
        }
    }

    fn findings(&self, expected: &Grave, found: &mut Vec<Difference>) {
        let read = grave(self.findings.iter());
        let surplus = read
            .difference(expected)
            .filter(|(rule, _)| !self.key.allowed.contains(&rule.as_str()));
        for (rule, item) in surplus {
            found.push(difference(
                Kind::Other,
                format!("a finding too many: {rule} {item}"),
            ));
        }
        for (rule, item) in expected.difference(&read) {
            found.push(difference(
                Kind::Other,
                format!("a finding too few: {rule} {item}"),
            ));
        }
    }
}

/// Rule and item of each finding above a note; unclear is unclear.
fn grave<'f>(findings: impl Iterator<Item = &'f Finding>) -> Grave {
    findings
        .filter(|finding| finding.severity() > Severity::Note)
        .map(|finding| {
            let rule = match finding.rule {
                "answer-conflicting" | "answer-unknown" => "answer-unclear",
                rule => rule,
            };
            (
                rule.to_owned(),
                finding
                    .item
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
            )
        })
        .collect()
}

/// The disclosure of a key as a document.
fn twin(key: &Key) -> Examined {
    let asked = |number: &str| {
        let item = key.logic.items.iter().find(|item| item.number == number);
        item.map(|item| item.question.clone())
    };
    let items: Vec<serde_json::Value> = key
        .rows
        .iter()
        .map(|row| {
            let written = match (row.states[0], row.answer) {
                (_, Some(answer)) => answer.word(kaijisho::Language::Ja),
                (State::Conflicting, _) => "はい・いいえ",
                (State::Unknown, _) => "一部対応",
                (State::Answered | State::Unanswered, None) => "",
            };
            json!({ "number": row.number, "text": asked(&row.number), "written": written, "remark": row.remark })
        })
        .collect();
    let header: serde_json::Map<String, serde_json::Value> = key
        .head
        .iter()
        .map(|(field, value, _)| (field.code().to_owned(), json!(value)))
        .collect();
    let document = json!({ "form": key.logic.form.id, "header": header, "items": items });
    let source = Source::new("twin.json", document.to_string().into_bytes());
    let examined = examine(&source, &Options::new(support::TODAY));
    assert_eq!(examined.disclosures.len(), 1, "{:?}", examined.findings);
    examined
}
