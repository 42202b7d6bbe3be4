//! The report of bids side by side, in every format.

mod book;
mod formulas;
mod human;
mod judged;
mod model;
mod table;
mod tender;
mod words;

pub use judged::Judged;
pub use model::{
    AreaScores, Asked, BidInfo, Bids, Cell, FailedMust, HoldInfo, HoldKind, Kind, Row,
};
pub use tender::{Entrant, Tender, report, report_of};

use super::{Format, Style, template};
use crate::error::{Error, Result};

pub(super) const HTML: &str = include_str!("../../templates/compare.html");
const MARKDOWN: &str = include_str!("../../templates/compare.md");

/// Renders the comparison.
///
/// # Errors
/// [`Error::Usage`] for a format that shows findings only (SARIF, JUnit), [`Error::Format`] if the workbook
/// cannot be written.
pub fn render(bids: &Bids, format: Format, style: &Style) -> Result<Vec<u8>> {
    let page = |name, text| {
        let cells = bids.matrix.len() * (bids.bids.len() + 1);
        let rows = cells + bids.documents.len() + bids.areas.len() * (bids.bids.len() + 1);
        template::of_rows(bids, bids.language, rows, name, text).map(String::into_bytes)
    };
    match format {
        Format::Human => Ok(human::render(bids, style).into_bytes()),
        Format::Json => super::json::of(bids),
        Format::Markdown => page("compare.md", MARKDOWN),
        Format::Html => page("compare.html", HTML),
        Format::Csv => table::csv(bids),
        Format::Xlsx => book::render(bids),
        Format::JsonLines | Format::Sarif | Format::Junit => {
            let values = [("format", format.name())];
            let text = bids.language.label_with("error-changes-format", &values);
            Err(Error::Usage(text))
        }
    }
}
