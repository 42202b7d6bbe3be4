//! JSON Lines: a line for each disclosure as it is done, and one line that sums up (`kaijisho/lines/1`).
//!
//! For many files: a reader needs no more memory than one line takes, and lines of several runs can be put
//! one after the other.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Document, FindingInfo, Kind, ProfileInfo, Report, Summary, Tool};
use crate::error::Result;
use crate::escaped::on_one_line;
use crate::language::Language;

/// A line: one for each disclosure, and one that sums up, the last.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(untagged)]
#[allow(
    clippy::large_enum_variant,
    reason = "a line is written and forgotten, never kept in numbers"
)]
pub enum Line<'d> {
    /// A disclosure, or a file in which none was found.
    Document(DocumentLine<'d>),
    /// What all of them come to; the last line.
    Summary(SummaryLine),
}

/// The shape of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Shape {
    /// This one.
    #[serde(rename = "kaijisho/lines/1")]
    One,
}

/// That a line is about a disclosure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OfDocument {
    #[allow(missing_docs)] // one documented variant would turn the JSON Schema's enum into a oneOf
    Document,
}

/// That a line sums up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OfSummary {
    #[allow(missing_docs)]
    Summary,
}

/// A disclosure, or a file in which none was found: what a document of a report has.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DocumentLine<'d> {
    /// The shape of the line.
    pub schema: Shape,
    /// What the line is.
    pub line: OfDocument,
    /// Which report the document is of.
    pub of: Kind,
    /// The position of its file in the list of files, from 1; the same on every machine that has a share of the list.
    pub input: usize,
    /// The document.
    #[serde(flatten)]
    pub document: Cow<'d, Document>,
}

/// What all lines come to.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SummaryLine {
    /// The shape of the line.
    pub schema: Shape,
    /// What the line is.
    pub line: OfSummary,
    /// Which report was made.
    pub of: Kind,
    /// What wrote it.
    pub tool: Tool,
    /// The language of its texts.
    pub language: Language,
    /// The profile held against the documents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<ProfileInfo>,
    /// The date on which dates and waivers were judged, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The share of the list that was done, such as `2/8`; left out where it was the whole list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shard: Option<String>,
    /// The files, counted.
    pub inputs: Inputs,
    /// Findings about the profile itself, from the documents of this run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profile_findings: Vec<FindingInfo>,
    /// Everything counted.
    pub summary: Summary,
}

/// The files of a run, counted; each counts under one of `done`, `unreadable` and `other`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Inputs {
    /// Files of the list, or of the share of it.
    pub files: usize,
    /// Files that were read and recognised.
    pub done: usize,
    /// Files that could not be read or recognised; each has a line that says why.
    pub unreadable: usize,
    /// Files found in folders that turned out to be something else than a disclosure; they have no line.
    pub other: usize,
    /// Names that stand for a file listed already; it is read once.
    pub repeated: usize,
}

pub(super) fn render(report: &Report) -> Result<Vec<u8>> {
    let mut lines = Vec::new();
    let files = report.documents.chunk_by(|one, next| one.file == next.file);
    let mut inputs = Inputs::default();
    for (at, documents) in files.enumerate() {
        lines.extend(part(report.schema, documents, at + 1)?);
        inputs.files += 1;
        match documents.iter().all(|document| document.form.is_some()) {
            true => inputs.done += 1,
            false => inputs.unreadable += 1,
        }
    }
    lines.extend(tail(report, inputs, None)?);
    Ok(lines)
}

/// The lines of one file.
pub(super) fn part(of: Kind, documents: &[Document], input: usize) -> Result<Vec<u8>> {
    let mut lines = Vec::new();
    for document in documents {
        let line = DocumentLine {
            schema: Shape::One,
            line: OfDocument::Document,
            of,
            input,
            document: Cow::Borrowed(document),
        };
        write(&mut lines, &Line::Document(line))?;
    }
    Ok(lines)
}

/// The lines of one file, with another position than they were written with.
pub(super) fn moved(lines: &[u8], input: usize) -> Vec<u8> {
    const NAME: &[u8] = b"\"input\":";
    let mut moved = Vec::with_capacity(lines.len() + 8);
    for line in lines.split_inclusive(|byte| *byte == b'\n') {
        // What stands before it is said by this file alone, so the first one is the position.
        match line.windows(NAME.len()).position(|bytes| bytes == NAME) {
            Some(at) => {
                let (before, after) = line.split_at(at + NAME.len());
                let digits = after.iter().take_while(|byte| byte.is_ascii_digit());
                moved.extend(before);
                moved.extend(input.to_string().bytes());
                moved.extend(&after[digits.count()..]);
            }
            None => moved.extend(line),
        }
    }
    moved
}

/// The last line.
pub(super) fn tail(report: &Report, inputs: Inputs, shard: Option<String>) -> Result<Vec<u8>> {
    let line = SummaryLine {
        schema: Shape::One,
        line: OfSummary::Summary,
        of: report.schema,
        tool: report.tool.clone(),
        language: report.language,
        profile: report.profile.clone(),
        date: report.date.clone(),
        shard,
        inputs,
        profile_findings: report.profile_findings.clone(),
        summary: report.summary.clone().unwrap_or_default(),
    };
    let mut bytes = Vec::new();
    write(&mut bytes, &Line::Summary(line))?;
    Ok(bytes)
}

fn write(lines: &mut Vec<u8>, line: &Line<'_>) -> Result<()> {
    on_one_line(lines, line)?;
    lines.push(b'\n');
    Ok(())
}
