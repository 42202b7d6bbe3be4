//! The report of what changed between disclosures, in every format.

mod human;
mod model;
mod table;

pub use model::{
    ChangeInfo, Changes, Compared, CountsOfChanges, ItemSaid, Kind, Of, Party, report,
};

use super::{Format, Style, template};
use crate::error::{Error, Result};

pub(super) const HTML: &str = include_str!("../../templates/changes.html");
const MARKDOWN: &str = include_str!("../../templates/changes.md");

/// Renders the changes.
///
/// # Errors
/// [`Error::Format`] for a format that shows findings only (SARIF, JUnit), or if the workbook cannot be written.
pub fn render(changes: &Changes, format: Format, style: &Style) -> Result<Vec<u8>> {
    let page = |name, text| {
        let rows = changes.changes.len() + changes.documents.len() + changes.compared.len();
        template::of_rows(changes, changes.language, rows, name, text).map(String::into_bytes)
    };
    match format {
        Format::Human => Ok(human::render(changes, style).into_bytes()),
        Format::Json => super::json::of(changes),
        Format::Markdown => page("changes.md", MARKDOWN),
        Format::Html => page("changes.html", HTML),
        Format::Csv => table::csv(changes),
        Format::Xlsx => table::xlsx(changes),
        Format::JsonLines | Format::Sarif | Format::Junit => {
            let values = [("format", format.name())];
            let text = changes.language.label_with("error-changes-format", &values);
            Err(Error::Usage(text))
        }
    }
}
