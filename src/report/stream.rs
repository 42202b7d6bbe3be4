//! A report written piece by piece, so that a hundred thousand files take no more memory than one.
//!
//! Head, one part for each file, tail: put one after the other they are what [`super::render`] gives for
//! the whole.

use super::lines::Inputs;
use super::model::{Document, Report};
use super::{Format, Style, csv, human, json, lines};
use crate::error::Result;

/// A report in a format that can be written piece by piece.
#[derive(Debug)]
pub struct Stream {
    way: Way,
    style: Style,
    /// The report without a document.
    empty: Report,
}

/// How the pieces are written.
#[derive(Clone, Copy, Debug)]
enum Way {
    Human,
    Json,
    Lines,
    Csv,
}

impl Stream {
    /// A stream; `empty` is the report without a document and without counts. `None` for formats that
    /// are made from the whole.
    pub fn new(format: Format, style: Style, empty: Report) -> Option<Self> {
        let way = match format {
            Format::Human => Way::Human,
            Format::Json => Way::Json,
            Format::JsonLines => Way::Lines,
            Format::Csv => Way::Csv,
            Format::Sarif | Format::Junit | Format::Markdown | Format::Html | Format::Xlsx => {
                return None;
            }
        };
        Some(Self { way, style, empty })
    }

    /// What stands before the first file.
    ///
    /// # Errors
    /// [`crate::Error::Format`] if it cannot be written in the format; so for the other pieces.
    pub fn head(&self) -> Result<Vec<u8>> {
        match self.way {
            Way::Csv => csv::head(&self.empty),
            Way::Human => Ok(human::head(&self.empty, &self.style).into_bytes()),
            Way::Json => Ok(json::around(&self.empty)?.0),
            Way::Lines => Ok(Vec::new()),
        }
    }

    /// The documents of one file; `input` is its position in the list of files, from 1.
    ///
    /// # Errors
    /// As of [`Stream::head`].
    pub fn part(&self, documents: &[Document], input: usize) -> Result<Vec<u8>> {
        match self.way {
            Way::Csv => csv::part(&self.empty, documents),
            Way::Human => Ok(human::part(&self.empty, documents, &self.style).into_bytes()),
            Way::Json => json::part(documents),
            Way::Lines => lines::part(self.empty.schema, documents, input),
        }
    }

    /// A part of a file that has another position now than when the part was made.
    pub fn moved(&self, part: Vec<u8>, input: usize) -> Vec<u8> {
        match self.way {
            Way::Lines => lines::moved(&part, input),
            Way::Human | Way::Json | Way::Csv => part,
        }
    }

    /// What stands between the parts of two files.
    pub fn between(&self) -> &'static [u8] {
        match self.way {
            Way::Json => b",",
            Way::Human | Way::Lines | Way::Csv => b"",
        }
    }

    /// What stands after the last file; `end` is the report without a document, but with the counts.
    ///
    /// # Errors
    /// As of [`Stream::head`].
    pub fn tail(&self, end: &Report, parts: &Parts) -> Result<Vec<u8>> {
        match self.way {
            Way::Csv => csv::tail(end),
            Way::Human => Ok(human::tail(end, parts.unrecognised, &self.style).into_bytes()),
            Way::Json if parts.is_empty() => {
                let tail = json::around(end)?.1;
                Ok(tail.trim_ascii_start().to_vec())
            }
            Way::Json => Ok(json::around(end)?.1),
            Way::Lines => lines::tail(end, parts.inputs.clone(), parts.shard.clone()),
        }
    }
}

/// What is known of the parts once all are written.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// The files, counted.
    pub inputs: Inputs,
    /// Files in which no disclosure was found.
    pub unrecognised: usize,
    /// The share of the list that was done, such as `2/8`.
    pub shard: Option<String>,
}

impl Parts {
    /// True if no file had a part.
    pub fn is_empty(&self) -> bool {
        self.inputs.files == self.inputs.other
    }
}
