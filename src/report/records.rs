//! What a register says, in every format that suits a list: for people, as JSON and as CSV.

mod human;
mod model;
mod table;

pub use model::{
    AddedInfo, AssessmentInfo, DecisionInfo, EventInfo, FileInfo, Kind, ProblemInfo, Records,
    SheetInfo, StepInfo, SystemInfo, VendorInfo,
};

use super::{Format, Style};
use crate::error::{Error, Result};

/// Renders what a register says.
///
/// # Errors
/// [`Error::Usage`] for a format that is made for sheets and not for lists.
pub fn render(records: &Records, format: Format, style: &Style) -> Result<Vec<u8>> {
    match format {
        Format::Human => Ok(human::render(records, style).into_bytes()),
        Format::Json => super::json::of(records),
        Format::Csv => table::csv(records),
        Format::JsonLines
        | Format::Markdown
        | Format::Html
        | Format::Xlsx
        | Format::Sarif
        | Format::Junit => {
            let values = [("format", format.name())];
            let text = records
                .language
                .label_with("error-register-format", &values);
            Err(Error::Usage(text))
        }
    }
}
