//! Whole sheets with answer keys: every item's answer, state, cell, remark and control, every field of the
//! head, every planted fault at its cell, and nothing else above a note.
//!
//! The sheets lie beside the project (`../shared`), not in it; without them the tests say so and pass.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use calamine::{Data, DataRef, Reader, Xlsx};
use kaijisho::{
    Answer, Disclosure, Examined, Field, Finding, ItemNumber, Limits, Options, Severity, Source,
    State, examine,
};
use serde::Deserialize;

/// The key of a sheet: what a perfect reader sees.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    form: String,
    header: BTreeMap<String, String>,
    items: BTreeMap<String, ItemKey>,
    faults: Vec<Fault>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemKey {
    answer: Option<String>,
    state: String,
    cell: String,
    remark: Option<String>,
    control: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    name: String,
    item: Option<String>,
    cell: String,
}

fn examined(path: &Path) -> Examined {
    let source = Source::open(path, &Limits::default()).expect("the file is there");
    examine(&source, &Options::new(support::TODAY))
}

fn on_sheet<'e>(examined: &'e Examined, sheet: &str) -> (&'e Disclosure, &'e [Finding]) {
    let at = examined
        .disclosures
        .iter()
        .position(|disclosure| disclosure.sheet.as_deref() == Some(sheet))
        .unwrap_or_else(|| panic!("{}: no disclosure on {sheet}", examined.file));
    (&examined.disclosures[at], &examined.disclosure_findings[at])
}

fn compare(disclosure: &Disclosure, findings: &[Finding], sheet: &str, key: &Key) -> Vec<String> {
    let mut problems = Vec::new();
    let mut differs = |what: String, expected: String, found: String| {
        if expected != found {
            problems.push(format!(
                "{sheet}: {what}: expected {expected}, found {found}"
            ));
        }
    };
    let family = disclosure.form.family.code().to_owned();
    differs("form".into(), key.form.clone(), family);
    for field in Field::ALL {
        let found = disclosure.field(field).map(|value| value.value());
        differs(
            field.code().into(),
            format!("{:?}", key.header.get(field.code())),
            format!("{:?}", found.filter(|value| !value.is_empty()).as_ref()),
        );
    }
    let numbers = |numbers: BTreeSet<&str>| format!("{numbers:?}");
    differs(
        "numbers".into(),
        numbers(key.items.keys().map(String::as_str).collect()),
        numbers(
            disclosure
                .entries
                .iter()
                .map(|entry| entry.number.as_str())
                .collect(),
        ),
    );
    differs(
        "entries".into(),
        key.items.len().to_string(),
        disclosure.entries.len().to_string(),
    );
    for entry in &disclosure.entries {
        let Some(wanted) = key.items.get(entry.number.as_str()) else {
            continue;
        };
        let item = entry.item.map(|at| &disclosure.form.items[at]);
        let control = item.and_then(|item| item.control.as_deref());
        differs(
            format!("item {}", entry.number),
            format!(
                "{:?} {} {} {:?} {:?}",
                wanted.answer.as_deref(),
                wanted.state,
                wanted.cell,
                wanted.remark.as_deref(),
                Some(wanted.control.as_str())
            ),
            format!(
                "{:?} {} {} {:?} {:?}",
                entry.answer.map(Answer::code),
                entry.state.code(),
                entry.place.cell().unwrap_or_default(),
                entry.remark.text.as_deref(),
                control
            ),
        );
    }
    // Faults are planted errors, warnings and notes; nothing else above a note may be found.
    let planted: BTreeSet<(String, String, String)> = key
        .faults
        .iter()
        .map(|fault| {
            (
                fault.name.clone(),
                fault.item.clone().unwrap_or_default(),
                fault.cell.clone(),
            )
        })
        .collect();
    let named = in_order(findings);
    let found: BTreeSet<(String, String, String)> = named.iter().cloned().collect();
    let grave: BTreeSet<(String, String, String)> = findings
        .iter()
        .zip(named)
        .filter(|(finding, _)| finding.severity() > Severity::Note)
        .map(|(_, fault)| fault)
        .collect();
    for fault in planted.difference(&found) {
        problems.push(format!("{sheet}: not found: {fault:?}"));
    }
    for fault in grave.difference(&planted) {
        problems.push(format!("{sheet}: not planted: {fault:?}"));
    }
    problems
}

/// Name, item and cell of each finding.
fn in_order(findings: &[Finding]) -> Vec<(String, String, String)> {
    findings
        .iter()
        .map(|finding| {
            let item = finding.item.as_ref().map(ToString::to_string);
            (
                finding.rule.to_owned(),
                item.unwrap_or_default(),
                finding.place.cell().unwrap_or_default(),
            )
        })
        .collect()
}

#[test]
fn every_item_of_every_sheet_is_read_as_its_key_says() {
    let Some(folder) = support::shared("sheets") else {
        return;
    };
    let mut problems = Vec::new();
    let mut sheets = 0;
    for path in support::files(&folder) {
        if path.extension().is_none_or(|ending| ending != "xlsx") {
            continue;
        }
        let key = support::text(&path.with_extension("key.json"));
        let key: BTreeMap<String, Key> = serde_json::from_str(&key).expect("a key");
        let examined = examined(&path);
        let name = support::stem(&path);
        for (sheet, key) in &key {
            let (disclosure, findings) = on_sheet(&examined, sheet);
            let found = compare(disclosure, findings, sheet, key);
            problems.extend(
                found
                    .into_iter()
                    .map(|problem| format!("{name}: {problem}")),
            );
            sheets += 1;
        }
        if examined.disclosures.len() != key.len() {
            problems.push(format!(
                "{name}: {} disclosures, not {}",
                examined.disclosures.len(),
                key.len()
            ));
        }
        // What belongs to the file as a whole: sheets that are no disclosures, and nothing graver.
        for finding in &examined.findings {
            if finding.rule != "sheet-ignored" {
                problems.push(format!("{name}: {} at {}", finding.rule, finding.place));
            }
        }
    }
    assert!(sheets >= 4, "only {sheets} sheets");
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn a_clean_workbook_has_nothing_above_a_note() {
    let Some(folder) = support::shared("sheets") else {
        return;
    };
    let examined = examined(&folder.join("clean-both.xlsx"));
    let grave: Vec<String> = examined
        .all_findings()
        .filter(|finding| finding.severity() > Severity::Note)
        .map(|finding| format!("{} at {}", finding.rule, finding.place))
        .collect();
    assert_eq!(grave, Vec::<String>::new());
    assert!(!examined.is_unreadable());
    let sheets: Vec<(&str, bool)> = examined
        .sheets
        .iter()
        .map(|sheet| (&*sheet.name, sheet.is_disclosure))
        .collect();
    assert_eq!(sheets.len(), 4, "{sheets:?}");
    assert_eq!(
        sheets.iter().filter(|(_, read)| *read).count(),
        2,
        "{sheets:?}"
    );
}

/// The cells of a sheet, read without any of our code.
fn cells(path: &Path, sheet: &str) -> BTreeMap<(u32, u32), String> {
    let bytes = std::fs::read(path).expect("the file is there");
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).expect("a workbook");
    let mut reader = book.worksheet_cells_reader(sheet).expect("the sheet");
    let mut cells = BTreeMap::new();
    while let Some(cell) = reader.next_cell().expect("a cell") {
        let text = match cell.get_value() {
            DataRef::Empty => continue,
            DataRef::String(text) => text.clone(),
            DataRef::SharedString(text) => (*text).to_owned(),
            other => Data::from(other.clone()).to_string(),
        };
        cells.insert(cell.get_position(), text);
    }
    cells
}

#[test]
fn the_published_mds2_example_is_read_item_by_item() {
    let Some(folder) = support::shared("corpus/mds2") else {
        return;
    };
    let path = folder.join("nema-example-hn1-2019.xlsx");
    let examined = examined(&path);
    let [disclosure] = examined.disclosures.as_slice() else {
        panic!("not one disclosure");
    };
    assert_eq!(disclosure.form.id, "mds2-2019");
    assert_eq!(disclosure.form.items.len(), 240);
    let read = disclosure
        .entries
        .iter()
        .filter(|entry| entry.item.is_some())
        .count();
    assert_eq!(read, 240);

    // Column A holds the id, C the answer, D the note.
    let cells = cells(&path, "mds2-form");
    let text = |row: u32, column: u32| cells.get(&(row, column)).map_or("", String::as_str);
    let mut rows: BTreeMap<String, u32> = BTreeMap::new();
    for ((row, column), text) in &cells {
        let number = ItemNumber::parse(text).filter(|_| *column == 0);
        if let Some(number) = number.filter(|number| disclosure.form.position(number).is_some()) {
            let item = disclosure.form.item(&number).expect("just looked up");
            assert_eq!(rows.insert(item.number.to_string(), *row), None, "{number}");
        }
    }
    assert_eq!(rows.len(), 240);
    let mut answers = BTreeMap::new();
    for entry in disclosure
        .entries
        .iter()
        .filter(|entry| entry.item.is_some())
    {
        let row = rows[entry.number.as_str()];
        let written = text(row, 2);
        assert_eq!(
            entry.place.cell(),
            Some(format!("C{}", row + 1)),
            "{}",
            entry.number
        );
        if entry.number.as_str() == "DOC-7" {
            // The only date: a serial number in the file, a day in the disclosure.
            let value = disclosure.field(Field::Date).expect("a date");
            assert_eq!(value.date, kaijisho::parse_date(&entry.written));
            assert!(value.date.is_some());
        } else {
            assert_eq!(entry.written, written, "{}", entry.number);
        }
        let expected = match written.trim() {
            "Yes" => Some(Answer::Yes),
            "No" => Some(Answer::No),
            "N/A" => Some(Answer::Na),
            "See Note" | "See Notes" => Some(Answer::SeeNote),
            _ => None,
        };
        assert_eq!(entry.answer, expected, "{}: {written:?}", entry.number);
        let state = if written.trim().is_empty() {
            State::Unanswered
        } else {
            State::Answered
        };
        assert_eq!(entry.state, state, "{}: {written:?}", entry.number);
        let note = text(row, 3);
        let says_nothing = note.chars().all(|c| c == '_' || c.is_whitespace());
        if says_nothing {
            assert_eq!(entry.remark, Default::default(), "{}", entry.number);
        } else {
            let remark = &entry.remark;
            let kept = remark.text.as_deref() == Some(note)
                || remark.reference.as_deref() == Some(note.trim());
            assert!(kept, "{}: {note:?} became {remark:?}", entry.number);
        }
        *answers.entry(entry.answer).or_insert(0) += 1;
    }
    support::say(&format!("{answers:?}"));

    let count = |rule: &str| {
        examined
            .all_findings()
            .filter(|finding| finding.rule == rule)
            .map(|finding| {
                let item = finding.item.as_ref().map(ToString::to_string);
                item.unwrap_or_default()
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(count("answer-missing"), ["DOC-10"]);
    assert_eq!(count("child-contradicts-parent"), ["MLDP-2.5"]);
    assert_eq!(count("child-answered-under-no").len(), 21);
    let grave: Vec<String> = examined
        .all_findings()
        .filter(|finding| finding.severity() > Severity::Note)
        .filter(|finding| !["answer-missing", "child-contradicts-parent"].contains(&finding.rule))
        .map(|finding| format!("{} {:?} {}", finding.rule, finding.item, finding.place))
        .collect();
    assert_eq!(grave, Vec::<String>::new());
}
