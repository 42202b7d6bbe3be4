//! Reports: what is published, in every format.
//!
//! `model` holds the published shapes; each format is one file that turns them into bytes.
//! Internal types are never serialised.

pub mod changes;
pub mod checklist;
pub mod compare;
mod csv;
mod html;
mod human;
mod json;
mod junit;
pub mod lines;
mod markdown;
pub mod model;
pub mod records;
mod register;
mod sarif;
mod stream;
mod template;
mod terminal;
mod words;
mod xlsx;

use std::str::FromStr;

use crate::error::Result;
use model::Report;
pub use stream::{Parts, Stream};
pub(crate) use template::markdown;
pub(crate) use terminal::paragraph;

/// How a report is shown.
#[derive(Clone, Debug)]
pub struct Style {
    /// Columns of the terminal, for [`Format::Human`].
    pub width: usize,
    /// True to colour, for [`Format::Human`].
    pub colour: bool,
    /// True to show every note and every verdict, for [`Format::Human`].
    pub verbose: bool,
    /// The user's own template, for [`Format::Html`] and [`Format::Markdown`].
    pub template: Option<String>,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            width: 80,
            colour: false,
            verbose: false,
            template: None,
        }
    }
}

/// A report format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text for a terminal.
    Human,
    /// JSON of the published shape.
    Json,
    /// JSON Lines: a line for each disclosure, and one that sums up.
    JsonLines,
    /// SARIF 2.1.0, findings only.
    Sarif,
    /// JUnit XML, findings only.
    Junit,
    /// Markdown.
    Markdown,
    /// CSV with a byte order mark, as Excel opens it.
    Csv,
    /// One HTML file without script or outside resources.
    Html,
    /// An Excel workbook.
    Xlsx,
}

impl Format {
    /// The format of a file name's ending, if it is one of a report's.
    pub fn of_name(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "json" => Some(Format::Json),
            "jsonl" | "ndjson" => Some(Format::JsonLines),
            "sarif" => Some(Format::Sarif),
            "md" => Some(Format::Markdown),
            "csv" => Some(Format::Csv),
            "html" | "htm" => Some(Format::Html),
            "xlsx" => Some(Format::Xlsx),
            "txt" => Some(Format::Human),
            "xml" => Some(Format::Junit),
            _ => None,
        }
    }
}

impl Format {
    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::Human => "human",
            Format::Json => "json",
            Format::JsonLines => "jsonl",
            Format::Sarif => "sarif",
            Format::Junit => "junit",
            Format::Markdown => "md",
            Format::Csv => "csv",
            Format::Html => "html",
            Format::Xlsx => "xlsx",
        }
    }
}

impl Format {
    /// The ending of its files, without a dot.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Human => "txt",
            Format::Junit => "xml",
            Format::Json
            | Format::JsonLines
            | Format::Sarif
            | Format::Markdown
            | Format::Csv
            | Format::Html
            | Format::Xlsx => self.name(),
        }
    }
}

/// The bundled template of a format that has one.
pub fn template_of(format: Format) -> Option<&'static str> {
    match format {
        Format::Html => Some(html::TEMPLATE),
        Format::Markdown => Some(markdown::TEMPLATE),
        Format::Human
        | Format::Json
        | Format::JsonLines
        | Format::Sarif
        | Format::Junit
        | Format::Csv
        | Format::Xlsx => None,
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        match text {
            "human" => Ok(Format::Human),
            "json" => Ok(Format::Json),
            "jsonl" => Ok(Format::JsonLines),
            "sarif" => Ok(Format::Sarif),
            "junit" => Ok(Format::Junit),
            "md" => Ok(Format::Markdown),
            "csv" => Ok(Format::Csv),
            "html" => Ok(Format::Html),
            "xlsx" => Ok(Format::Xlsx),
            _ => Err(format!(
                "unknown format {text:?}; use human, json, jsonl, sarif, junit, md, csv, html or xlsx"
            )),
        }
    }
}

/// Any of the published shapes as JSON, as the command line writes it.
pub(crate) fn json_of(shape: &impl serde::Serialize) -> Result<Vec<u8>> {
    json::of(shape)
}

/// The style of the HTML reports, for a page that shows them inside.
pub(crate) fn styles() -> String {
    template::styles(&[compare::HTML, changes::HTML, checklist::HTML])
}

pub(crate) use template::inside;

/// Renders a report.
///
/// # Errors
/// [`crate::Error::Template`] if the user's template fails, [`crate::Error::Format`] if the
/// workbook cannot be written.
pub fn render(report: &Report, format: Format, style: &Style) -> Result<Vec<u8>> {
    match format {
        Format::Human => Ok(human::render(report, style).into_bytes()),
        Format::Json => json::render(report),
        Format::JsonLines => lines::render(report),
        Format::Sarif => sarif::render(report),
        Format::Junit => Ok(junit::render(report).into_bytes()),
        Format::Markdown => markdown::render(report, style).map(String::into_bytes),
        Format::Csv => csv::render(report),
        Format::Html => html::render(report, style).map(String::into_bytes),
        Format::Xlsx => xlsx::render(report),
    }
}
