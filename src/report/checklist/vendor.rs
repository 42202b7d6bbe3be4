//! The form for a vendor: the items that vendors are asked, filled with what their disclosures say, to be confirmed.

use std::fmt::Write as _;

use rust_xlsxwriter::{DocProperties, Workbook, XlsxError};

use super::book::{Form, Line};
use super::model::{CellInfo, ChecklistReport, EvidenceInfo, EvidenceKind, ItemLine, VendorInfo};
use super::table::number;
use crate::answer::Answer;
use crate::checklist::Status;
use crate::error::{Error, Result};
use crate::report::markdown;
use crate::report::model::PlaceInfo;
use crate::report::words;
use crate::report::xlsx as workbook;

/// A question to a vendor.
#[derive(Clone, Debug, PartialEq)]
pub struct VendorRow {
    /// Number of the item, or that it was not verified.
    pub number: String,
    /// Name of the system.
    pub system: String,
    /// The question.
    pub question: String,
    /// Yes or no, where the disclosures of the system say only that.
    pub answer: Option<Answer>,
    /// What the disclosures say, with their places.
    pub source: String,
}

/// The form for one vendor.
#[derive(Clone, Debug)]
pub struct VendorForm {
    /// Name of the vendor in the facility file.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The questions.
    pub rows: Vec<VendorRow>,
}

/// The forms for all vendors with a system under contract, in the order of the facility file.
pub fn forms(report: &ChecklistReport) -> Vec<VendorForm> {
    let forms = report.vendors.iter().map(|vendor| form(report, vendor));
    forms.filter(|form| !form.rows.is_empty()).collect()
}

fn form(report: &ChecklistReport, vendor: &VendorInfo) -> VendorForm {
    let mut rows = Vec::new();
    for system in vendor.systems.iter().copied() {
        if !report.systems[system].contract {
            continue;
        }
        for item in &report.items {
            let Some(question) = &item.vendor else {
                continue;
            };
            let cell = item.systems.get(system).unwrap_or(&item.whole);
            if cell.status == Status::NotNeeded {
                continue;
            }
            rows.push(row(report, item, question, cell, system));
        }
    }
    VendorForm {
        id: vendor.id.clone(),
        name: vendor.name.clone(),
        rows,
    }
}

fn row(
    report: &ChecklistReport,
    item: &ItemLine,
    question: &str,
    cell: &CellInfo,
    system: usize,
) -> VendorRow {
    let said: Vec<&EvidenceInfo> = cell
        .evidence
        .iter()
        .filter(|one| one.kind == EvidenceKind::Disclosure && one.system == Some(system))
        .collect();
    let answer = match said.first() {
        // The disclosure itself is what is asked for.
        Some(first) if first.item.is_none() => Some(Answer::Yes),
        Some(first) => first
            .answer
            // A no with a remark may be a plan or another way: the vendor says which.
            .filter(|answer| {
                *answer == Answer::Yes
                    || *answer == Answer::No && said.iter().all(|one| one.remark.is_none())
            })
            .filter(|answer| said.iter().all(|one| one.answer == Some(*answer))),
        None => None,
    };
    let source: Vec<String> = said.iter().map(|one| source(report, one)).collect();
    VendorRow {
        number: number(item, report.language),
        system: report.systems[system].name.clone(),
        question: question.to_owned(),
        answer,
        source: source.join("\n"),
    }
}

fn source(report: &ChecklistReport, said: &EvidenceInfo) -> String {
    let language = report.language;
    let file = said
        .document
        .map(|at| words::name_and_sheet(&report.documents[at]))
        .unwrap_or_default();
    let Some(item) = &said.item else {
        return file;
    };
    let answer = said.answer.map_or_else(
        || language.label("state-unanswered"),
        |answer| answer.word(language).to_owned(),
    );
    let place = said
        .place
        .as_ref()
        .map(PlaceInfo::label)
        .unwrap_or_default();
    let item = language.label_with("returned-item", &[("item", item)]);
    let remark = words::text(said.remark.as_deref());
    format!("{item}: {answer} {remark} ({file} {place})")
}

impl VendorForm {
    /// The form as an Excel workbook, to print on A4.
    ///
    /// # Errors
    /// [`Error::Format`] if the workbook cannot be written.
    pub fn workbook(&self, report: &ChecklistReport) -> Result<Vec<u8>> {
        let make = || -> std::result::Result<Vec<u8>, XlsxError> {
            let language = report.language;
            let label = |key: &str| language.label(key);
            let mut book = Workbook::new();
            let tool = format!("{} {}", report.tool.name, report.tool.version);
            let properties: DocProperties =
                workbook::document_properties("checklist-vendor-title", &tool, language)?;
            book.set_properties(&properties);
            let form = Form {
                tab: label("checklist-vendor-tab"),
                title: self.title(report),
                about: self.about(report),
                heads: self.heads(report),
                widths: vec![11.0, 16.0, 44.0, 10.0, 13.0, 28.0, 44.0],
                answers: vec![3],
                dates: vec![4],
                lines: self.rows.iter().map(|row| line(row, report)).collect(),
            };
            form.write(book.add_worksheet(), language)?;
            book.save_to_buffer()
        };
        make().map_err(|error| Error::Format(format!("xlsx: {error}")))
    }

    /// The form in Markdown.
    pub fn markdown(&self, report: &ChecklistReport) -> String {
        let mut text = format!("# {}\n\n", markdown(&self.title(report)));
        for line in self.about(report) {
            let _ = writeln!(text, "- {}", markdown(&line));
        }
        let heads = self.heads(report);
        let _ = writeln!(text, "\n| {} |", heads.join(" | "));
        let _ = writeln!(text, "|{}", " --- |".repeat(heads.len()));
        for row in &self.rows {
            let answer = row.answer.map(|answer| answer.word(report.language));
            let cells = [
                row.number.as_str(),
                &row.system,
                &row.question,
                answer.unwrap_or_default(),
                "",
                "",
                &row.source,
            ];
            let cells = cells.map(markdown);
            let _ = writeln!(text, "| {} |", cells.join(" | "));
        }
        text
    }

    fn title(&self, report: &ChecklistReport) -> String {
        let title = report.language.label("checklist-vendor-title");
        format!("{title}: {}", self.name)
    }

    fn about(&self, report: &ChecklistReport) -> Vec<String> {
        let language = report.language;
        vec![
            format!(
                "{}: {}",
                language.label("checklist-facility"),
                report.facility.name
            ),
            format!(
                "{}: {}",
                language.label("checklist-year"),
                report.year.title
            ),
            format!("{}: {}", language.label("checklist-made-on"), report.date),
            language.label("checklist-vendor-ask"),
            language.label("checklist-vendor-own"),
        ]
    }

    fn heads(&self, report: &ChecklistReport) -> Vec<String> {
        let keys = [
            "checklist-number",
            "checklist-system",
            "checklist-question",
            "answer",
            "checklist-first-date",
            "remark",
            "checklist-vendor-source",
        ];
        keys.map(|key| report.language.label(key)).to_vec()
    }
}

fn line(row: &VendorRow, report: &ChecklistReport) -> Line {
    let answer = row.answer.map(|answer| answer.word(report.language));
    Line {
        tone: None,
        cells: vec![
            row.number.clone(),
            row.system.clone(),
            row.question.clone(),
            answer.unwrap_or_default().to_owned(),
            String::new(),
            String::new(),
            row.source.clone(),
        ],
    }
}
