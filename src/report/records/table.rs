//! What a register says, as one CSV table: of what was asked for.

use super::human::status_word;
use super::model::{EventInfo, FileInfo, Records, StepInfo, SystemInfo};
use crate::error::Result;
use crate::report::csv;
use crate::text::harmless;

const SYSTEMS: &[&str] = &[
    "register-system",
    "register-name",
    "register-category",
    "register-vendor",
    "field-product",
    "register-status",
    "register-due",
    "register-files",
    "register-received-on",
    "register-disclosed-on",
    "register-errors",
    "register-warnings",
];
const FILES: &[&str] = &[
    "register-entry",
    "file",
    "register-at",
    "register-by",
    "field-manufacturer",
    "field-product",
    "field-version",
    "field-date",
    "register-form",
    "register-systems",
    "register-current",
    "register-errors",
    "register-warnings",
    "register-hash",
];
const VENDORS: &[&str] = &[
    "register-vendor",
    "register-name",
    "register-contact",
    "register-status",
];
const EVENTS: &[&str] = &[
    "register-entry",
    "register-at",
    "register-by",
    "register-event",
    "item",
    "register-old",
    "register-new",
];
const ADDED: &[&str] = &[
    "file",
    "register-became",
    "register-systems",
    "register-remark",
    "register-entry",
    "register-errors",
    "register-hash",
];
const PROBLEMS: &[&str] = &["register-problem", "register-entry", "register-remark"];

pub(super) fn csv(records: &Records) -> Result<Vec<u8>> {
    let (head, rows) = table(records);
    let head: Vec<String> = head.iter().map(|key| records.language.label(key)).collect();
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|row| row.iter().map(|cell| harmless(cell)).collect())
        .collect();
    csv::of_rows(&head, &rows)
}

fn table(records: &Records) -> (&'static [&'static str], Vec<Vec<String>>) {
    let language = records.language;
    let entry = |entry: Option<u64>| entry.map(|entry| entry.to_string()).unwrap_or_default();
    if let Some(problems) = &records.problems {
        let rows = problems.iter();
        let rows = rows.map(|one| vec![one.kind.clone(), entry(one.entry), one.text.clone()]);
        return (PROBLEMS, rows.collect());
    }
    if let Some(events) = &records.events {
        let steps = records.steps.iter().flatten();
        let events = events.iter().map(event);
        return (EVENTS, events.chain(steps.flat_map(step)).collect());
    }
    if let Some(added) = &records.added {
        let rows = added.iter().map(|one| {
            vec![
                one.name.clone(),
                language.label(&format!("register-became-{}", one.became)),
                one.systems.join(", "),
                one.remark.clone().unwrap_or_default(),
                entry(one.entry),
                one.errors.to_string(),
                one.sha256.clone(),
            ]
        });
        return (ADDED, rows.collect());
    }
    if let Some(vendors) = &records.vendors {
        let rows = vendors.iter().map(|vendor| {
            let counts = vendor.statuses.iter();
            let counts: Vec<String> = counts
                .map(|(status, count)| format!("{} {count}", status_word(status, language)))
                .collect();
            vec![
                vendor.id.clone(),
                vendor.name.clone(),
                vendor.contact.clone().unwrap_or_default(),
                counts.join(", "),
            ]
        });
        return (VENDORS, rows.collect());
    }
    match (&records.files, &records.systems) {
        (Some(files), _) => (FILES, files.iter().flat_map(file).collect()),
        (None, Some(systems)) => {
            let rows = systems.iter().map(|one| system(one, records));
            (SYSTEMS, rows.collect())
        }
        (None, None) => (SYSTEMS, Vec::new()),
    }
}

fn system(system: &SystemInfo, records: &Records) -> Vec<String> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    vec![
        system.id.clone(),
        system.name.clone(),
        text(&system.category),
        text(&system.vendor_name),
        text(&system.product),
        status_word(&system.status, records.language),
        text(&system.due),
        system.files.to_string(),
        text(&system.received),
        text(&system.disclosed),
        system.errors.to_string(),
        system.warnings.to_string(),
    ]
}

/// A row for each disclosure; a file without one has a row, too.
fn file(file: &FileInfo) -> Vec<Vec<String>> {
    let row = |cells: [String; 7]| {
        let [maker, product, version, date, form, systems, current] = cells;
        vec![
            file.entry.to_string(),
            file.name.clone(),
            file.at.clone(),
            file.by.clone(),
            maker,
            product,
            version,
            date,
            form,
            systems,
            current,
            file.errors.to_string(),
            file.warnings.to_string(),
            file.sha256.clone(),
        ]
    };
    if file.disclosures.is_empty() {
        let mut cells = [const { String::new() }; 7];
        cells[5] = file.systems.join(", ");
        return vec![row(cells)];
    }
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let rows = file.disclosures.iter().map(|sheet| {
        row([
            text(&sheet.manufacturer),
            text(&sheet.product),
            text(&sheet.version),
            text(&sheet.date),
            format!("{} {}", sheet.form, sheet.edition),
            sheet.systems.join(", "),
            sheet.counts_for.join(", "),
        ])
    });
    rows.collect()
}

fn event(event: &EventInfo) -> Vec<String> {
    let none = String::new();
    vec![
        event.entry.to_string(),
        event.at.clone(),
        event.by.clone(),
        event.text.clone(),
        none.clone(),
        none.clone(),
        none,
    ]
}

fn step(step: &StepInfo) -> impl Iterator<Item = Vec<String>> + '_ {
    step.changes.iter().map(|change| {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        vec![
            step.new.to_string(),
            String::new(),
            String::new(),
            change.title.clone(),
            text(&change.item),
            text(&change.old),
            text(&change.new),
        ]
    })
}
