//! stub
use super::model::Report;
use crate::error::Result;
pub(super) fn render(_report: &Report) -> Result<Vec<u8>> {
    Ok(Vec::new())
}
