//! What must hold of a file that is checked, held against a profile and reported on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

use kaijisho::report::model::{Judged, Kind, build};
use kaijisho::report::{Format, Style, render};
use kaijisho::{
    Assessment, Disclosure, Examined, Finding, Language, Place, Profile, ReadValue, Source, assess,
    cells, examine, profile, profile_findings,
};

use crate::options;

/// Words that are an answer wherever they stand alone in a cell.
const ANSWERS: [&str; 3] = ["はい", "いいえ", "対象外"];

/// The profile that everything is held against.
fn hospital() -> &'static Profile {
    static PROFILE: OnceLock<Profile> = OnceLock::new();
    PROFILE.get_or_init(|| {
        profile::load("small-hospital", &options().catalog).expect("a bundled profile")
    })
}

/// Examines a file and asserts what must hold of it.
pub fn examined(name: &str, bytes: Vec<u8>) -> (Source, Examined) {
    crate::only_ours_end_the_run();
    crate::save(&bytes);
    let source = Source::new(name, bytes);
    let found = examine(&source, options());
    let again = examine(&source, options());
    assert!(told(&found) == told(&again), "examined twice, it differs");
    assert_eq!(found.disclosures.len(), found.disclosure_findings.len());
    assert!(
        !found.disclosures.is_empty() || found.all_findings().next().is_some(),
        "nothing read, and nothing said"
    );
    let order: Vec<&str> = found.sheets.iter().map(|sheet| &*sheet.name).collect();
    let twice = (1..order.len()).any(|at| order[..at].contains(&order[at]));
    if !twice {
        for findings in found.disclosure_findings.iter().chain([&found.findings]) {
            assert!(
                findings.is_sorted_by_key(|finding| key(finding, &order)),
                "not sorted"
            );
        }
        no_answer_is_lost(&source, &found);
    }
    (source, found)
}

/// All that was found, as a text to compare: forms hold maps, whose order is that of nothing.
fn told(found: &Examined) -> String {
    let mut told = format!("{:?}\n{:?}\n", found.sheets, found.findings);
    for (it, findings) in found.disclosures.iter().zip(&found.disclosure_findings) {
        told += &it.form.to_toml(&[]);
        told += &format!("{:?}\n{:?}\n{:?}\n", it.header, it.entries, it.notes);
        told += &format!("{:?}\n{:?}\n{findings:?}\n", it.kept, it.not_read);
    }
    told
}

/// The order of a report: sheet, row, column, code.
fn key(finding: &Finding, order: &[&str]) -> (usize, u32, u32, &'static str) {
    let sheet = |name: &str| {
        order
            .iter()
            .position(|known| *known == name)
            .map_or(usize::MAX, |at| at + 1)
    };
    let (sheet, row, column) = match &finding.place {
        Place::File => (0, 0, 0),
        Place::Sheet(name) => (sheet(name), 0, 0),
        Place::Cell {
            sheet: name,
            row,
            column,
        } => (sheet(name), row + 1, column + 1),
        Place::Text { line, column } => (1, *line, *column),
    };
    (sheet, row, column, finding.code())
}

/// Each answer in a cell of a sheet that is a disclosure is in the disclosure, or counted.
fn no_answer_is_lost(source: &Source, found: &Examined) {
    for sheet in cells(source, &options().limits).sheets {
        let on: Vec<&Disclosure> = found
            .disclosures
            .iter()
            .filter(|it| it.sheet.as_deref() == Some(&*sheet.name))
            .collect();
        let counted = |it: &&Disclosure| {
            it.unmatched.is_some()
                || it.other_columns.is_some()
                || it.kept_omitted > 0
                || !it.ambiguous.is_empty()
        };
        if on.is_empty() || found.disclosures.iter().any(|it| counted(&it)) {
            continue;
        }
        // Several answers in one row are the heading of a table with a column for each, or a legend.
        let mut rows: BTreeMap<u32, BTreeSet<&str>> = BTreeMap::new();
        for cell in &sheet.cells {
            if let ReadValue::Text(text) = &cell.value
                && ANSWERS.contains(&text.trim())
            {
                rows.entry(cell.row).or_default().insert(text.trim());
            }
        }
        for cell in &sheet.cells {
            let ReadValue::Text(text) = &cell.value else {
                continue;
            };
            let word = text.trim();
            if !ANSWERS.contains(&word) || rows[&cell.row].len() > 1 {
                continue;
            }
            let place = Place::Cell {
                sheet: sheet.name.clone(),
                row: cell.row,
                column: cell.column,
            };
            assert!(
                on.iter().any(|it| holds(it, &place, cell.row, word)),
                "{word} at {place} is nowhere"
            );
        }
    }
}

/// True if a disclosure says what stands in a cell.
fn holds(it: &Disclosure, place: &Place, row: u32, word: &str) -> bool {
    let on_row = |at: &Place| matches!(at, Place::Cell { row: at, .. } if *at == row);
    it.entries.iter().any(|entry| {
        [&entry.place, &entry.number_place, &entry.remark_place].contains(&place)
            || entry.text.as_ref().is_some_and(|text| text.place == *place)
            || on_row(&entry.place) && entry.written.contains(word)
    }) || it
        .header
        .iter()
        .any(|value| value.place == *place || on_row(&value.place))
        || it
            .notes
            .iter()
            .any(|note| on_row(&note.place) || note.text.contains(word))
        || it
            .kept
            .iter()
            .any(|kept| kept.text.contains(word) || kept.label.contains(word))
        || it.not_read.iter().any(|left| left.text.contains(word))
}

/// Holds a file against a profile and writes every report of it.
pub fn reported(found: Examined, workbook: bool) {
    let profile = hospital();
    let date = options().today;
    let files = [found];
    let assessments: Vec<Vec<Assessment<'_>>> = files
        .iter()
        .map(|file| {
            file.disclosures
                .iter()
                .map(|it| assess(it, profile, date))
                .collect()
        })
        .collect();
    for assessment in assessments.iter().flatten() {
        assert_eq!(
            assessment.outcomes.len(),
            profile.requirements.len(),
            "a requirement without a verdict"
        );
    }
    let disclosures: Vec<&Disclosure> = files.iter().flat_map(|file| &file.disclosures).collect();
    let flat: Vec<Assessment<'_>> = assessments.iter().flatten().cloned().collect();
    let findings = profile_findings(profile, &disclosures, &flat, date);
    let judged = Judged {
        profile,
        date,
        assessments,
        findings,
    };
    for language in Language::ALL {
        let report = build(Kind::Diff, &files, Some(&judged), language);
        for format in [
            Format::Human,
            Format::Json,
            Format::Sarif,
            Format::Junit,
            Format::Markdown,
            Format::Csv,
            Format::Html,
            Format::Xlsx,
        ] {
            if format == Format::Xlsx && !workbook {
                continue;
            }
            let bytes =
                render(&report, format, &Style::default()).expect("a report can be written");
            sound(format, &bytes);
        }
    }
}

/// What can be told of a report without reading all of it.
fn sound(format: Format, bytes: &[u8]) {
    if format == Format::Xlsx {
        return;
    }
    let text = std::str::from_utf8(bytes).expect("a report is UTF-8");
    match format {
        Format::Json | Format::Sarif => {
            serde_json::from_str::<serde_json::Value>(text).expect("JSON");
        }
        Format::JsonLines => {
            for line in text.lines() {
                serde_json::from_str::<serde_json::Value>(line).expect("JSON");
            }
        }
        Format::Human => assert!(
            !text.chars().any(|c| c.is_control() && c != '\n'),
            "a control character reaches the terminal"
        ),
        Format::Html => assert!(!text.contains("<script"), "a script in the page"),
        Format::Junit => {
            let read = cells(
                &Source::new("report.xml", bytes.to_vec()),
                &kaijisho::Limits::default(),
            );
            let damaged = read
                .findings
                .iter()
                .find(|finding| finding.rule == "file-damaged");
            assert!(damaged.is_none(), "XML that is none: {damaged:?}");
        }
        Format::Markdown | Format::Csv | Format::Xlsx => {}
    }
}

/// A folder that is not there, for what a file may name.
pub fn nowhere() -> &'static Path {
    Path::new("/nonexistent/folder")
}
