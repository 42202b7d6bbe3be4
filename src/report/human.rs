//! stub
use super::{Style, model::Report};
pub(super) fn render(_report: &Report, _style: &Style) -> String {
    String::new()
}
