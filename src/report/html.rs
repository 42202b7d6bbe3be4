//! stub
use super::{Style, model::Report};
use crate::error::Result;
pub(super) fn render(_report: &Report, _style: &Style) -> Result<String> {
    Ok(String::new())
}
