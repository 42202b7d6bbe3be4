//! The report of a filled checklist, in every format, and the forms for vendors.

mod book;
mod build;
mod human;
mod model;
mod table;
mod vendor;

pub use build::report;
pub use model::{
    CellInfo, ChecklistReport, ConcernInfo, ConfirmedInfo, EvidenceInfo, EvidenceKind,
    FacilityInfo, ItemLine, Kind, ReceivedInfo, StatusCounts, SystemInfo, Todo, TodoKind,
    VendorInfo, YearInfo,
};
pub use vendor::{VendorForm, forms};

use super::{Format, Style, template};
use crate::error::{Error, Result};

pub(super) const HTML: &str = include_str!("../../templates/checklist.html");
const MARKDOWN: &str = include_str!("../../templates/checklist.md");

/// Renders the checklist.
///
/// # Errors
/// [`Error::Usage`] for a format that shows findings only (SARIF, JUnit), [`Error::Format`] if the workbook
/// cannot be written.
pub fn render(report: &ChecklistReport, format: Format, style: &Style) -> Result<Vec<u8>> {
    let page = |name, text| {
        let rows = report.rows();
        template::of_rows(report, report.language, rows, name, text).map(String::into_bytes)
    };
    match format {
        Format::Human => Ok(human::render(report, style).into_bytes()),
        Format::Json => super::json::of(report),
        Format::Markdown => page("checklist.md", MARKDOWN),
        Format::Html => page("checklist.html", HTML),
        Format::Csv => table::csv(report),
        Format::Xlsx => book::render(report),
        Format::JsonLines | Format::Sarif | Format::Junit => {
            let values = [("format", format.name())];
            let text = report.language.label_with("error-changes-format", &values);
            Err(Error::Usage(text))
        }
    }
}
