//! JSON: the published shapes as they are.

use serde::Serialize;

use super::model::{Document, Report};
use crate::error::Result;
use crate::escaped::pretty;

pub(super) fn render(report: &Report) -> Result<Vec<u8>> {
    of(report)
}

/// Any of the published shapes.
pub(super) fn of<T: Serialize>(report: &T) -> Result<Vec<u8>> {
    let mut bytes = pretty(report)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// What stands before and after the documents of a report that holds none.
pub(super) fn around(empty: &Report) -> Result<(Vec<u8>, Vec<u8>)> {
    // No text of the report can hold this: a line break inside a text is escaped.
    const NONE: &str = "\n  \"documents\": []";
    let text = String::from_utf8(of(empty)?).expect("JSON is UTF-8");
    let at = text.find(NONE).expect("a report has documents");
    let (head, tail) = text.split_at(at + NONE.len() - 1);
    Ok((head.into(), format!("\n  {tail}").into_bytes()))
}

/// Documents as they stand in a report, each on lines of its own.
pub(super) fn part(documents: &[Document]) -> Result<Vec<u8>> {
    let mut part = Vec::new();
    for (at, document) in documents.iter().enumerate() {
        if at > 0 {
            part.push(b',');
        }
        let bytes = pretty(document)?;
        for line in bytes.split(|byte| *byte == b'\n') {
            part.extend(b"\n    ");
            part.extend(line);
        }
    }
    Ok(part)
}
