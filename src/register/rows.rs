//! From a log entry to the rows of tables: the same for writing, for `verify` and for a folder that is read in.

use rusqlite::types::Value;

use super::event::{
    Assessed, Assigned, Decided, Event, FacilityFile, Object, ReceivedFile, RiskList,
};
use crate::text::fold;

/// A row of a table.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) table: &'static str,
    pub(super) columns: &'static [&'static str],
    pub(super) values: Vec<Value>,
}

/// The tables whose rows follow from the log, with what each is written with.
pub(super) const TABLES: [&str; 19] = [
    "object",
    "facility",
    "form_file",
    "vendor",
    "contact",
    "system",
    "device",
    "received",
    "disclosure",
    "finding",
    "assignment",
    "request",
    "decision",
    "exception",
    "assessment",
    "verdict",
    "waiver",
    "risk_list",
    "risk",
];

/// As many characters of a name are searched.
const SEARCHED: usize = 400;

/// A text that can be searched: names folded, one after the other.
pub(super) fn search_text<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let mut text = String::new();
    for name in names.into_iter().filter(|name| !name.is_empty()) {
        let short: String = name.chars().take(SEARCHED).collect();
        text.push_str(&fold(&short));
        text.push('\n');
    }
    text
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn maybe(text: Option<&String>) -> Value {
    text.map_or(Value::Null, |text| Value::Text(text.clone()))
}

/// A count or a position; those that no file can reach are cut.
pub(super) fn number(number: u64) -> Value {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

fn flag(flag: bool) -> Value {
    Value::Integer(i64::from(flag))
}

macro_rules! row {
    ($rows:ident, $table:literal, $($column:literal: $value:expr),* $(,)?) => {
        $rows.push(Row { table: $table, columns: &[$($column),*], values: vec![$($value),*] })
    };
}

/// The rows of an entry, in the order in which they are written. `at` is the time of the entry.
pub(super) fn rows(seq: u64, at: &str, event: &Event) -> Vec<Row> {
    let mut rows = Vec::new();
    match event {
        Event::Facility(file) => facility(seq, file, &mut rows),
        Event::Received(file) => received(seq, at, file, &mut rows),
        Event::Assigned(Assigned {
            received,
            position,
            systems,
            how,
        }) => assignment(seq, *received, *position, systems, how, &mut rows),
        Event::Requested(request) => row!(rows, "request",
            "log": number(seq), "system": text(&request.system), "due": maybe(request.due.as_ref()),
            "note": maybe(request.note.as_ref())),
        Event::Decided(decided) => decision(seq, decided, &mut rows),
        Event::Assessed(assessed) => assessment(seq, assessed, &mut rows),
        Event::Risks(list) => risks(seq, list, &mut rows),
    }
    rows
}

/// The columns of an object that follow from its entry: all but the bytes and how they are packed.
pub(super) const OBJECT: &[&str] = &["sha256", "log", "kind", "ending", "size"];

/// What the entry says of an object.
pub(super) fn object(seq: u64, object: &Object) -> Row {
    Row {
        table: "object",
        columns: OBJECT,
        values: vec![
            text(&object.sha256),
            number(seq),
            text(&object.kind),
            text(&object.ending),
            number(object.size),
        ],
    }
}

fn facility(seq: u64, file: &FacilityFile, rows: &mut Vec<Row>) {
    row!(rows, "facility",
        "log": number(seq), "name": text(&file.name), "kind": maybe(file.kind.as_ref()),
        "safety_manager": maybe(file.safety_manager.as_ref()), "filled_by": maybe(file.filled_by.as_ref()),
        "file": text(&file.file), "content": text(&file.content));
    for (ordinal, form) in (0..).zip(&file.forms) {
        row!(rows, "form_file",
            "log": number(seq), "ordinal": number(ordinal), "file": text(&form.file),
            "content": text(&form.content));
    }
    for vendor in &file.vendors {
        row!(rows, "vendor",
            "log": number(seq), "id": text(&vendor.id), "name": text(&vendor.name),
            "aliases": Value::Text(vendor.aliases.join("\n")));
        if let Some(contact) = &vendor.contact {
            row!(rows, "contact", "log": number(seq), "vendor": text(&vendor.id), "content": text(contact));
        }
    }
    for (ordinal, system) in (0..).zip(&file.systems) {
        let facts = system.facts.iter();
        let facts: Vec<String> = facts
            .map(|(name, holds)| format!("{name}={holds}"))
            .collect();
        row!(rows, "system",
            "log": number(seq), "ordinal": number(ordinal), "id": text(&system.id), "name": text(&system.name),
            "category": maybe(system.category.as_ref()), "vendor": maybe(system.vendor.as_ref()),
            "manufacturer": maybe(system.manufacturer.as_ref()), "product": maybe(system.product.as_ref()),
            "version": maybe(system.version.as_ref()), "contract": flag(system.contract),
            "facts": Value::Text(facts.join("\n")));
        for (kind, devices) in &system.devices {
            row!(rows, "device",
                "log": number(seq), "system": text(&system.id), "kind": text(kind),
                "number": number(u64::from(*devices)));
        }
    }
}

fn received(seq: u64, at: &str, file: &ReceivedFile, rows: &mut Vec<Row>) {
    let counted = |severity: &str| {
        let of = file
            .broken
            .iter()
            .filter(|broken| broken.severity == severity);
        number(of.map(|broken| broken.number).fold(0, u64::saturating_add))
    };
    let heads = file.disclosures.iter().flat_map(|read| {
        [
            &read.manufacturer,
            &read.product,
            &read.model,
            &read.version,
        ]
        .into_iter()
        .flatten()
        .chain([&read.form])
    });
    let names = [file.name.as_str(), &file.sha256].into_iter();
    let search = search_text(names.chain(heads.map(String::as_str)));
    row!(rows, "received",
        "log": number(seq), "sha256": text(&file.sha256), "name": text(&file.name),
        "size": number(file.size), "day": Value::Text(day(at)), "readable": flag(file.readable),
        "tool": text(&file.tool), "errors": counted("error"), "warnings": counted("warning"),
        "notes": counted("note"), "reading": maybe(file.reading.as_ref()),
        "findings": text(&file.findings), "search": Value::Text(search));
    for (position, read) in (0..).zip(&file.disclosures) {
        row!(rows, "disclosure",
            "log": number(seq), "position": number(position), "sheet": maybe(read.sheet.as_ref()),
            "form": text(&read.form), "edition": text(&read.edition), "form_source": text(&read.form_source),
            "family": text(&read.family), "service": flag(read.service),
            "manufacturer": maybe(read.manufacturer.as_ref()), "product": maybe(read.product.as_ref()),
            "model": maybe(read.model.as_ref()), "version": maybe(read.version.as_ref()),
            "day": maybe(read.day.as_ref()), "items": number(read.items), "answered": number(read.answered));
    }
    for broken in &file.broken {
        row!(rows, "finding",
            "log": number(seq), "code": text(&broken.code), "severity": text(&broken.severity),
            "number": number(broken.number));
    }
    for (position, systems) in (0..).zip(&file.systems) {
        assignment(seq, seq, position, systems, &file.how, rows);
    }
}

fn assignment(
    seq: u64,
    received: u64,
    position: u64,
    systems: &[String],
    how: &str,
    rows: &mut Vec<Row>,
) {
    let none = [None];
    let some: Vec<Option<&String>> = systems.iter().map(Some).collect();
    let all = if some.is_empty() { &none[..] } else { &some };
    for (ordinal, system) in (0..).zip(all) {
        row!(rows, "assignment",
            "log": number(seq), "received": number(received), "position": number(position),
            "ordinal": number(ordinal), "system": maybe(*system),
            "how": text(if system.is_some() { how } else { "none" }));
    }
}

fn decision(seq: u64, decided: &Decided, rows: &mut Vec<Row>) {
    for received in &decided.received {
        row!(rows, "decision",
            "log": number(seq), "system": text(&decided.system), "received": number(*received),
            "decision": text(&decided.decision), "why": text(&decided.why),
            "due": maybe(decided.due.as_ref()));
    }
    for (ordinal, exception) in (0..).zip(&decided.exceptions) {
        row!(rows, "exception",
            "log": number(seq), "ordinal": number(ordinal), "content": text(exception));
    }
}

fn assessment(seq: u64, assessed: &Assessed, rows: &mut Vec<Row>) {
    row!(rows, "assessment",
        "log": number(seq), "received": number(assessed.received), "position": number(assessed.position),
        "system": maybe(assessed.system.as_ref()), "profile": text(&assessed.profile),
        "profile_sha256": text(&assessed.profile_sha256),
        "profile_text": maybe(assessed.profile_text.as_ref()), "day": text(&assessed.day),
        "qualified": flag(assessed.qualified), "results": text(&assessed.results));
    for count in &assessed.verdicts {
        row!(rows, "verdict",
            "log": number(seq), "level": text(&count.level), "verdict": text(&count.verdict),
            "number": number(count.number));
    }
    for (ordinal, waiver) in (0..).zip(&assessed.waivers) {
        row!(rows, "waiver",
            "log": number(seq), "ordinal": number(ordinal), "requirement": text(&waiver.requirement),
            "manufacturer": maybe(waiver.manufacturer.as_ref()), "product": maybe(waiver.product.as_ref()),
            "reason": text(&waiver.reason), "approver": text(&waiver.approver),
            "first_day": text(&waiver.first_day), "last_day": text(&waiver.last_day),
            "applied": flag(waiver.applied));
    }
}

fn risks(seq: u64, list: &RiskList, rows: &mut Vec<Row>) {
    row!(rows, "risk_list",
        "log": number(seq), "file": text(&list.file), "content": text(&list.content));
    for (ordinal, risk) in (0..).zip(&list.risks) {
        row!(rows, "risk",
            "log": number(seq), "ordinal": number(ordinal), "id": text(&risk.id),
            "manufacturer": text(&risk.manufacturer), "product": text(&risk.product),
            "requirement": text(&risk.requirement), "item": text(&risk.item),
            "treatment": text(&risk.treatment), "owner": text(&risk.owner), "due": text(&risk.due),
            "status": text(&risk.status));
    }
}

/// The day of a time: its first ten characters.
pub(super) fn day(at: &str) -> String {
    at.chars().take(10).collect()
}
