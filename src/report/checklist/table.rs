//! The checklist as one CSV table: a row for each item, and for each item and system.

use super::model::{CellInfo, ChecklistReport, EvidenceInfo, EvidenceKind, ItemLine};
use crate::error::Result;
use crate::language::Language;
use crate::report::model::PlaceInfo;
use crate::report::{csv, words};
use crate::text::harmless;

/// The keys of the heads' labels.
pub(super) const COLUMNS: [&str; 11] = [
    "checklist-number",
    "checklist-item",
    "checklist-system",
    "checklist-status",
    "checklist-first",
    "checklist-first-date",
    "checklist-target",
    "checklist-second",
    "checklist-second-date",
    "reason",
    "checklist-evidence",
];

pub(super) fn csv(report: &ChecklistReport) -> Result<Vec<u8>> {
    let head = COLUMNS.map(|key| report.language.label(key));
    let mut rows: Vec<Vec<String>> = Vec::new();
    for item in &report.items {
        for cell in [&item.whole].into_iter().chain(&item.systems) {
            rows.push(texts(report, item, cell).into());
        }
    }
    csv::of_rows(&head, &rows)
}

/// What stands in the row of an item and system.
pub(super) fn texts(report: &ChecklistReport, item: &ItemLine, cell: &CellInfo) -> [String; 11] {
    let language = report.language;
    let answer = |confirmed: &Option<super::model::ConfirmedInfo>| {
        let word = confirmed.as_ref().map(|one| one.answer.word(language));
        word.unwrap_or_default().to_owned()
    };
    let date = |confirmed: &Option<super::model::ConfirmedInfo>| {
        let date = confirmed.as_ref().map(|one| one.date.clone());
        date.unwrap_or_default()
    };
    let system = match cell.system {
        Some(at) => words::text(Some(&report.systems[at].name)),
        None => language.label("checklist-whole"),
    };
    let evidence: Vec<String> = evidence(report, cell);
    [
        number(item, language),
        title(item, language),
        system,
        language.label(&format!("status-{}", cell.status.code())),
        answer(&cell.first),
        date(&cell.first),
        cell.target.clone().unwrap_or_default(),
        answer(&cell.second),
        date(&cell.second),
        reason(cell, language),
        evidence.join("\n"),
    ]
}

/// The number on the form, or that it was not verified.
pub(super) fn number(item: &ItemLine, language: Language) -> String {
    match &item.number {
        Some(number) => number.clone(),
        None if item.gate => language.label("checklist-gate"),
        None => language.label("checklist-no-number"),
    }
}

/// The item, with what is to be known about its standing in the year.
pub(super) fn title(item: &ItemLine, language: Language) -> String {
    let mut title = item.title.clone();
    let mut mark = |key: &str| {
        title.push_str(match language {
            Language::Ja => "",
            Language::En => " ",
        });
        title.push_str(&language.label(key));
    };
    if item.reference_only {
        mark("checklist-mark-reference");
    }
    if !item.confirmed {
        mark("checklist-mark-unconfirmed");
    }
    title
}

/// The reason, and that a disclosure says otherwise.
pub(super) fn reason(cell: &CellInfo, language: Language) -> String {
    if !cell.disputed {
        return cell.reason.clone();
    }
    format!(
        "{} / {}",
        cell.reason,
        language.label("checklist-todo-disputed")
    )
}

/// The evidence of a cell, one line each.
pub(super) fn evidence(report: &ChecklistReport, cell: &CellInfo) -> Vec<String> {
    let mut lines: Vec<String> = cell
        .evidence
        .iter()
        .map(|one| line(report, one, cell.system.is_none()))
        .collect();
    if cell.evidence_omitted > 0 {
        let count = cell.evidence_omitted.to_string();
        let values = [("count", count.as_str())];
        lines.push(
            report
                .language
                .label_with("checklist-evidence-more", &values),
        );
    }
    lines
}

fn line(report: &ChecklistReport, one: &EvidenceInfo, of_many: bool) -> String {
    let language = report.language;
    let file = one
        .document
        .map(|at| words::file_and_sheet(&report.documents[at]));
    match (one.kind, &one.item) {
        (EvidenceKind::Fact | EvidenceKind::Document, _) | (EvidenceKind::Disclosure, None) => {
            harmless(&one.text)
        }
        (EvidenceKind::Disclosure, Some(item)) => {
            let answer = one.answer.map_or_else(
                || language.label("state-unanswered"),
                |answer| answer.word(language).to_owned(),
            );
            let place = one.place.as_ref().map(PlaceInfo::label).unwrap_or_default();
            let item = language.label_with("returned-item", &[("item", item)]);
            let mut text = format!(
                "{}: {answer} ({} {item} {})",
                one.text,
                file.unwrap_or_default(),
                harmless(&place)
            );
            if let Some(system) = one.system.filter(|_| of_many) {
                text = format!("[{}] {text}", harmless(&report.systems[system].name));
            }
            if let Some(remark) = &one.remark {
                text.push_str(&format!(" {}", harmless(remark)));
            }
            text
        }
    }
}
