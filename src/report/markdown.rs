//! Markdown: the report for a wiki or a ticket, from a template that the user may replace.

use super::model::Report;
use super::{Style, template};
use crate::error::Result;

/// The bundled template.
pub(super) const TEMPLATE: &str = include_str!("../../templates/report.md");

pub(super) fn render(report: &Report, style: &Style) -> Result<String> {
    let text = style.template.as_deref().unwrap_or(TEMPLATE);
    template::render(report, "report.md", text)
}
