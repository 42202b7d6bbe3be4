//! JSON: the published shapes as they are.

use serde::Serialize;

use super::model::Report;
use crate::error::{Error, Result};

pub(super) fn render(report: &Report) -> Result<Vec<u8>> {
    of(report)
}

/// Any of the published shapes.
pub(super) fn of<T: Serialize>(report: &T) -> Result<Vec<u8>> {
    let mut bytes =
        serde_json::to_vec_pretty(report).map_err(|error| Error::Format(error.to_string()))?;
    bytes.push(b'\n');
    Ok(bytes)
}
