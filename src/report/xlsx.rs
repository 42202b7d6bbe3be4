//! The report as an Excel workbook: a summary to print, tables to filter and to work through.
//!
//! Vendor text is written as typed strings only; no cell is a formula, whatever it begins with.
//! The same report gives the same bytes: the time of creation is fixed, nothing reads the clock.

mod figures;
pub(super) mod look;
mod sheets;
mod summary;
pub(super) mod table;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::model::Report;
use crate::error::{Error, Result};
use crate::language::Language;
use look::Look;

pub(super) fn render(report: &Report) -> Result<Vec<u8>> {
    workbook(report)
        .and_then(|mut workbook| workbook.save_to_buffer())
        .map_err(|error| Error::Format(explained(&error)))
}

/// A workbook of tables; `title` is its label's key.
pub(super) fn of_tables(
    tables: &[table::Table],
    title: &str,
    language: Language,
) -> Result<Vec<u8>> {
    let make = || {
        let look = Look::new(language);
        let mut workbook = Workbook::new();
        let tool = format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
        workbook.set_properties(&document_properties(title, &tool, language)?);
        for table in tables {
            table.write(workbook.add_worksheet(), &look)?;
        }
        workbook.save_to_buffer()
    };
    make().map_err(|error| Error::Format(explained(&error)))
}

fn workbook(report: &Report) -> std::result::Result<Workbook, XlsxError> {
    let language = report.language;
    let look = Look::new(language);
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(report)?);
    summary::write(workbook.add_worksheet(), report, &look)?;
    for table in sheets::tables(report) {
        table.write(workbook.add_worksheet(), &look)?;
    }
    Ok(workbook)
}

fn properties(report: &Report) -> std::result::Result<DocProperties, XlsxError> {
    let tool = format!("{} {}", report.tool.name, report.tool.version);
    document_properties("title-report", &tool, report.language)
}

pub(super) fn document_properties(
    title: &str,
    tool: &str,
    language: Language,
) -> std::result::Result<DocProperties, XlsxError> {
    Ok(DocProperties::new()
        .set_title(language.label(title))
        .set_subject(language.label("self-declaration"))
        .set_author(tool)
        .set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?))
}

/// The name of a sheet, by the key of its label.
fn tab(key: &str, language: Language) -> String {
    language.label(&format!("tab-{key}"))
}

/// What the user can do about it.
fn explained(error: &XlsxError) -> String {
    match error {
        XlsxError::RowColumnLimitError => {
            "more rows than an Excel sheet can hold; report on fewer files at once, or use csv"
                .to_owned()
        }
        // NOTE: the crate's enum is not exhaustive; every other variant is a mistake of ours.
        other => format!("the workbook cannot be written: {other}"),
    }
}
