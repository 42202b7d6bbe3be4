//! CSV: one table, as Excel opens it (UTF-8 with a byte order mark, CRLF).
//!
//! One table for each kind, its head in the report's language:
//! - check: one row for each finding;
//! - diff: one row for each result; a file that could not be read, and each finding about the
//!   profile, has a row with the finding where the verdict and its reason stand;
//! - report and disclosure: one row for each item, with its findings and verdicts joined. What belongs
//!   to no item on the sheet (a missing item, the head, the file, a requirement without an item) has a
//!   row of its own after the items of its document.
//!
//! Cells that a spreadsheet program could take for a formula get a leading apostrophe.

use super::model::{Document, FindingInfo, ItemInfo, Kind, Report, ResultInfo};
use super::{register, words};
use crate::error::{Error, Result};
use crate::escaped::guarded;
use crate::language::Language;

/// What stands between several values in one cell.
const JOINT: &str = " / ";

pub(super) fn render(report: &Report) -> Result<Vec<u8>> {
    let mut bytes = head(report)?;
    bytes.extend(part(report, &report.documents)?);
    bytes.extend(tail(report)?);
    Ok(bytes)
}

/// The head of the table.
pub(super) fn head(report: &Report) -> Result<Vec<u8>> {
    let head = match report.schema {
        Kind::Check => CHECK,
        Kind::Diff => DIFF,
        Kind::Report | Kind::Disclosure => ITEMS,
    };
    let labels = head.iter().map(|key| report.language.label(key));
    of_rows(&labels.collect::<Vec<_>>(), &[])
}

/// The rows of documents.
pub(super) fn part(report: &Report, documents: &[Document]) -> Result<Vec<u8>> {
    let language = report.language;
    rows_of(&match report.schema {
        Kind::Check => check(documents, language),
        Kind::Diff => diff(documents, language),
        Kind::Report | Kind::Disclosure => items(documents, language),
    })
}

/// The rows after the documents: the profile, and the risk register.
pub(super) fn tail(report: &Report) -> Result<Vec<u8>> {
    rows_of(&match report.schema {
        Kind::Check => check_end(report),
        Kind::Diff => diff_end(report),
        Kind::Report | Kind::Disclosure => items_end(report),
    })
}

/// One table: a head and rows of texts, each guarded against being taken for a formula.
pub(super) fn of_rows(head: &[String], rows: &[Vec<String>]) -> Result<Vec<u8>> {
    let failed = |error: csv::Error| Error::Format(error.to_string());
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(b"\xEF\xBB\xBF".to_vec());
    writer.write_record(head).map_err(failed)?;
    let mut bytes = writer
        .into_inner()
        .map_err(|error| Error::Format(error.to_string()))?;
    bytes.extend(rows_of(rows)?);
    Ok(bytes)
}

/// Rows without a head.
fn rows_of(rows: &[Vec<String>]) -> Result<Vec<u8>> {
    let failed = |error: csv::Error| Error::Format(error.to_string());
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(Vec::new());
    for row in rows {
        writer
            .write_record(row.iter().map(|cell| guarded(cell)))
            .map_err(failed)?;
    }
    writer
        .into_inner()
        .map_err(|error| Error::Format(error.to_string()))
}

type Rows = Vec<Vec<String>>;

const CHECK: &[&str] = &[
    "file", "sheet", "severity", "code", "rule", "item", "place", "finding", "found", "expected",
    "help",
];

fn check(documents: &[Document], language: Language) -> Rows {
    let mut rows = Vec::new();
    for document in documents {
        let sheet = document.sheet.as_deref().unwrap_or_default();
        let findings = document.findings.iter().flatten();
        rows.extend(findings.map(|one| check_row(&document.file, sheet, one, language)));
    }
    rows
}

fn check_end(report: &Report) -> Rows {
    let profile = report.profile.as_ref().map_or("", |profile| &profile.id);
    let findings = report.profile_findings.iter();
    findings
        .map(|finding| check_row(profile, "", finding, report.language))
        .collect()
}

fn check_row(file: &str, sheet: &str, finding: &FindingInfo, language: Language) -> Vec<String> {
    vec![
        words::text(Some(file)),
        words::text(Some(sheet)),
        words::severity(finding.severity, language),
        finding.code.clone(),
        finding.name.clone(),
        words::text(finding.item.as_deref()),
        words::place(finding.place.as_ref()),
        words::text(Some(&finding.message)),
        words::text(finding.found.as_deref()),
        words::text(Some(&finding.expected.join(JOINT))),
        words::text(Some(&finding.help)),
    ]
}

const DIFF: &[&str] = &[
    "file",
    "sheet",
    "field-manufacturer",
    "field-product",
    "field-version",
    "level",
    "verdict",
    "requirement",
    "title",
    "item",
    "place",
    "answer",
    "remark",
    "reason",
    "accepted",
    "purpose",
    "references",
    "waiver",
    "planned",
    "risks",
    "rule-applied",
    "item-references",
    "to-ask",
    "match",
    "question",
];

fn diff(documents: &[Document], language: Language) -> Rows {
    let mut rows = Vec::new();
    for document in documents {
        let mut start = vec![
            words::text(Some(&document.file)),
            words::text(document.sheet.as_deref()),
        ];
        start.extend(who(document));
        let with = |cells: Vec<String>| [start.clone(), cells].concat();
        let results = document.results.iter().flatten();
        rows.extend(results.map(|result| with(result_cells(result, language))));
        let findings = document.findings.iter().flatten();
        rows.extend(findings.map(|finding| with(finding_cells(finding, language))));
    }
    rows
}

fn diff_end(report: &Report) -> Rows {
    let language = report.language;
    let mut rows = Vec::new();
    for finding in &report.profile_findings {
        let profile = report.profile.as_ref().map_or("", |profile| &profile.id);
        let mut row = vec![String::new(); 5];
        row[0] = words::text(Some(profile));
        row.extend(finding_cells(finding, language));
        rows.push(row);
    }
    for entry in register::rows(report) {
        let mut row = vec![String::new(); DIFF.len()];
        let cells = [
            (0, entry.file),
            (2, entry.manufacturer),
            (3, entry.product),
            (6, language.label("risk-entry")),
            (7, entry.requirement),
            (8, entry.title),
            (9, entry.item),
            (10, entry.place),
            (11, entry.stated),
            (13, entry.written),
        ];
        for (at, cell) in cells {
            row[at] = cell;
        }
        rows.push(row);
    }
    rows.extend(register_findings(report, 0, |finding| {
        let mut row = vec![String::new(); 5];
        row.extend(finding_cells(finding, language));
        row
    }));
    rows
}

/// The cells of a result after the document's own.
fn result_cells(result: &ResultInfo, language: Language) -> Vec<String> {
    let mark = |is: bool, key: &str| {
        if is {
            language.label(key)
        } else {
            String::new()
        }
    };
    vec![
        words::level(result.level, language),
        words::verdict(result.verdict, language),
        result.requirement.clone(),
        words::text(Some(&result.title)),
        words::text(result.item.as_deref()),
        words::place(result.place.as_ref()),
        words::result_answer(result, language),
        words::text(result.remark.as_deref()),
        words::text(Some(&result.reason)),
        words::answers(&result.accepted, language),
        words::text(Some(&result.purpose)),
        words::text(Some(&result.references.join(JOINT))),
        result
            .waiver
            .as_ref()
            .map(|waiver| words::waiver(waiver, language))
            .unwrap_or_default(),
        mark(result.planned, "planned"),
        mark(result.assess_risk, "risk-assess"),
        words::text(Some(&result.rule)),
        words::text(Some(&result.item_references.join(JOINT))),
        words::text(result.question.as_deref()),
        words::estimate(result, language),
        words::text(result.asked.as_deref()),
    ]
}

/// The cells of a finding in a table of results: its severity as verdict, its message as reason.
fn finding_cells(finding: &FindingInfo, language: Language) -> Vec<String> {
    let mut cells = vec![String::new(); DIFF.len() - 5];
    cells[1] = words::severity(finding.severity, language);
    cells[4] = words::text(finding.item.as_deref());
    cells[5] = words::place(finding.place.as_ref());
    cells[8] = words::text(Some(&format!(
        "{} {}: {}",
        finding.code, finding.name, finding.message
    )));
    cells
}

const ITEMS: &[&str] = &[
    "file",
    "sheet",
    "field-manufacturer",
    "field-product",
    "field-version",
    "item",
    "section",
    "title",
    "question",
    "answer",
    "state",
    "written",
    "methods",
    "remark",
    "place",
    "findings",
    "verdicts",
];

fn items(documents: &[Document], language: Language) -> Rows {
    let mut rows = Vec::new();
    for document in documents {
        let findings: Vec<&FindingInfo> = document.findings.iter().flatten().collect();
        let results: Vec<&ResultInfo> = document.results.iter().flatten().collect();
        let mut start = vec![
            words::text(Some(&document.file)),
            words::text(document.sheet.as_deref()),
        ];
        start.extend(who(document));
        let items: Vec<&ItemInfo> = document.items.iter().flatten().collect();
        let known = |number: Option<&str>| {
            number.is_some_and(|number| items.iter().any(|item| item.number == number))
        };
        for item in &items {
            let number = Some(item.number.as_str());
            let of_item = |all: &[&FindingInfo]| {
                let own = all.iter().filter(|f| f.item.as_deref() == number);
                own.map(|f| finding_line(f, language))
                    .collect::<Vec<_>>()
                    .join(JOINT)
            };
            let own = results.iter().filter(|r| r.item.as_deref() == number);
            let verdicts: Vec<String> = own.map(|r| result_line(r, language)).collect();
            let mut row = start.clone();
            row.extend([
                words::text(number),
                words::text(item.section.as_deref()),
                words::text(item.title.as_deref()),
                words::text(item.text.as_deref()),
                words::answer_of(item, language),
                words::state(item.state, language),
                words::text(item.written.as_deref()),
                words::text(Some(&item.options.join(JOINT))),
                words::remark(item),
                words::place(item.place.as_ref()),
                of_item(&findings),
                verdicts.join(JOINT),
            ]);
            rows.push(row);
        }
        let rest = |number: Option<&str>, place: String, finding: String, verdict: String| {
            let mut row = start.clone();
            row.resize(ITEMS.len(), String::new());
            row[5] = words::text(number);
            row[14] = place;
            row[15] = finding;
            row[16] = verdict;
            row
        };
        for remark in document.remarks.iter().filter(|remark| !remark.referenced) {
            let mut row = rest(None, String::new(), String::new(), String::new());
            row[7] = language.label("remarks-unreferenced");
            row[13] = words::text(Some(&format!("{} {}", remark.label, remark.text)));
            rows.push(row);
        }
        for finding in findings.iter().filter(|f| !known(f.item.as_deref())) {
            let place = words::place(finding.place.as_ref());
            let line = finding_line(finding, language);
            rows.push(rest(finding.item.as_deref(), place, line, String::new()));
        }
        for result in results.iter().filter(|r| !known(r.item.as_deref())) {
            let place = words::place(result.place.as_ref());
            let line = result_line(result, language);
            rows.push(rest(result.item.as_deref(), place, String::new(), line));
        }
    }
    rows
}

fn items_end(report: &Report) -> Rows {
    let language = report.language;
    let mut rows = Vec::new();
    for finding in &report.profile_findings {
        let mut row = vec![String::new(); ITEMS.len()];
        row[0] = report
            .profile
            .as_ref()
            .map(|profile| profile.id.clone())
            .unwrap_or_default();
        row[14] = words::place(finding.place.as_ref());
        row[15] = finding_line(finding, language);
        rows.push(row);
    }
    for entry in register::rows(report) {
        let mut row = vec![String::new(); ITEMS.len()];
        let cells = [
            (0, entry.file),
            (2, entry.manufacturer),
            (3, entry.product),
            (5, entry.item),
            (7, entry.title),
            (14, entry.place),
            (15, entry.written),
            (16, entry.requirement),
        ];
        for (at, cell) in cells {
            row[at] = cell;
        }
        rows.push(row);
    }
    rows.extend(register_findings(report, 0, |finding| {
        let mut row = vec![String::new(); ITEMS.len()];
        row[14] = words::place(finding.place.as_ref());
        row[15] = finding_line(finding, language);
        row
    }));
    rows
}

/// A row for each finding about the risk register, with its file in the column said.
fn register_findings(
    report: &Report,
    file: usize,
    cells: impl Fn(&FindingInfo) -> Vec<String>,
) -> Vec<Vec<String>> {
    let registers = report.risk_register.iter();
    let findings = registers.flat_map(|register| {
        let name = words::text(Some(&register.file));
        register
            .findings
            .iter()
            .map(move |finding| (name.clone(), finding))
    });
    findings
        .map(|(name, finding)| {
            let mut row = cells(finding);
            row[file] = name;
            row
        })
        .collect()
}

fn who(document: &Document) -> [String; 3] {
    let header = document.header.as_ref();
    let field = |value: Option<&String>| words::text(value.map(String::as_str));
    [
        field(header.and_then(|header| header.manufacturer.as_ref())),
        field(header.and_then(|header| header.product.as_ref())),
        field(header.and_then(|header| header.version.as_ref())),
    ]
}

fn finding_line(finding: &FindingInfo, language: Language) -> String {
    words::text(Some(&format!(
        "{} {} {}",
        words::severity(finding.severity, language),
        finding.code,
        finding.message
    )))
}

fn result_line(result: &ResultInfo, language: Language) -> String {
    words::text(Some(&format!(
        "{} {} {} ({})",
        words::level(result.level, language),
        words::verdict(result.verdict, language),
        result.requirement,
        reason_of(result, language)
    )))
}

/// The reason of a verdict, and how sure the match is that it rests on.
fn reason_of(result: &ResultInfo, language: Language) -> String {
    match words::estimate(result, language) {
        estimate if estimate.is_empty() => result.reason.clone(),
        estimate => format!("{}; {estimate}", result.reason),
    }
}
