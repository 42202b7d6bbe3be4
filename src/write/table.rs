//! Tidy tables over any number of disclosures, for engines that read tables: DuckDB, Spark, Trino, pandas.
//!
//! Two tables, whose columns `schemas/tables.toml` names and explains: the answers, a row for each item of each
//! disclosure, and the verdicts of a profile, a row for each requirement and disclosure. Rows come in the order of the
//! files, the disclosures in them, and the items or requirements; the same input gives the same bytes. No more is held
//! than one group of rows, however many files there are.

mod answers;
mod delimited;
mod lines;
mod parquet;
mod verdicts;

use std::borrow::Cow;
use std::fmt::Debug;
use std::io::{Result, Write};
use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

use crate::disclosure::Disclosure;

use crate::examine::Examined;
use crate::form::Field;
use crate::language::Localised;
pub use verdicts::{Judgement, judge};

/// One of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// A row for each item of each disclosure.
    Answers,
    /// A row for each requirement of a profile and each disclosure.
    Verdicts,
}

impl Table {
    /// The name of its shape, such as `kaijisho/answers/1`.
    pub fn shape(self) -> &'static str {
        match self {
            Table::Answers => "kaijisho/answers/1",
            Table::Verdicts => "kaijisho/verdicts/1",
        }
    }

    /// Its columns, in order.
    ///
    /// ```
    /// use kaijisho::write::table::Table;
    /// assert_eq!(Table::Answers.columns()[0].name, "disclosure");
    /// ```
    pub fn columns(self) -> &'static [Column] {
        static WRITTEN: LazyLock<Columns> = LazyLock::new(|| {
            toml::from_str(include_str!("../../schemas/tables.toml"))
                .expect("a test reads the same file")
        });
        match self {
            Table::Answers => &WRITTEN.answers,
            Table::Verdicts => &WRITTEN.verdicts,
        }
    }
}

/// The file of columns.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Columns {
    answers: Vec<Column>,
    verdicts: Vec<Column>,
}

/// A column of a table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What stands in it.
    pub kind: Holds,
    /// True if it may be null.
    #[serde(default)]
    pub null: bool,
    /// What it says.
    pub about: Localised,
}

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Holds {
    /// A text in UTF-8.
    Text,
    /// A whole number of 32 bits.
    Number,
    /// A number with a fraction, of 64 bits.
    Share,
    /// True or false.
    Truth,
    /// A day of the calendar.
    Day,
    /// A list of texts.
    Texts,
}

/// A value in a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell<'a> {
    Nothing,
    Text(Cow<'a, str>),
    Number(i32),
    Share(f64),
    Truth(bool),
    Day(Date),
    Texts(&'a [String]),
}

impl<'a> Cell<'a> {
    fn text(text: &'a str) -> Self {
        Cell::Text(Cow::Borrowed(text))
    }

    fn of(text: Option<&'a str>) -> Self {
        text.map_or(Cell::Nothing, Cell::text)
    }

    /// Null where nothing is written.
    fn written(text: &'a str) -> Self {
        Cell::of(Some(text).filter(|text| !text.is_empty()))
    }

    /// A count, from 1, of something before it.
    fn position(at: usize) -> Self {
        Cell::Number(i32::try_from(at + 1).unwrap_or(i32::MAX))
    }
}

/// A format of tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Apache Parquet, which keeps types and nulls: the one for engines.
    Parquet,
    /// JSON Lines: an object for each row, with all types and nulls.
    Lines,
    /// CSV for spreadsheet programs: texts that one would take for a formula have an apostrophe before them.
    Csv,
}

impl Format {
    /// The format of a file name's ending.
    ///
    /// ```
    /// use kaijisho::write::table::Format;
    /// assert_eq!(Format::of_name("answers.parquet"), Some(Format::Parquet));
    /// assert_eq!(Format::of_name("answers.xlsx"), None);
    /// ```
    pub fn of_name(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "parquet" => Some(Format::Parquet),
            "jsonl" | "ndjson" => Some(Format::Lines),
            "csv" => Some(Format::Csv),
            _ => None,
        }
    }
}

/// Takes rows, and writes them when enough have come.
trait Rows: Debug {
    fn add(&mut self, row: &[Cell<'_>]) -> Result<()>;
    fn finish(&mut self) -> Result<()>;
}

/// A table that is being written.
#[derive(Debug)]
pub struct Writer<'w> {
    rows: Box<dyn Rows + 'w>,
    table: Table,
    count: u64,
}

impl<'w> Writer<'w> {
    /// Begins a table.
    ///
    /// # Errors
    /// If the output takes nothing.
    pub fn new(table: Table, format: Format, out: impl Write + Send + 'w) -> Result<Self> {
        let rows: Box<dyn Rows + 'w> = match format {
            Format::Parquet => Box::new(parquet::Groups::new(table, out)?),
            Format::Lines => Box::new(lines::Lines::new(table, out)),
            Format::Csv => Box::new(delimited::Delimited::new(table, out)?),
        };
        Ok(Self {
            rows,
            table,
            count: 0,
        })
    }

    /// Adds the answers of a file, in the order of its disclosures and their items.
    ///
    /// # Errors
    /// If the output takes no more.
    pub fn answers(&mut self, file: &Examined) -> Result<()> {
        for (at, disclosure) in file.disclosures.iter().enumerate() {
            let about = About::new(file, at, disclosure);
            for (position, entry) in disclosure.entries.iter().enumerate() {
                self.add(&answers::row(&about, position, entry))?;
            }
        }
        Ok(())
    }

    /// Adds what the disclosures of a file come to, by [`judge`].
    ///
    /// # Errors
    /// If the output takes no more.
    pub fn verdicts(&mut self, file: &Examined, judgement: &Judgement<'_>) -> Result<()> {
        for (at, (disclosure, results)) in
            file.disclosures.iter().zip(&judgement.results).enumerate()
        {
            let about = About::new(file, at, disclosure);
            for (position, result) in results.iter().enumerate() {
                let row = verdicts::row(&about, judgement, position, result);
                self.add(&row)?;
            }
        }
        Ok(())
    }

    fn add(&mut self, row: &[Cell<'_>]) -> Result<()> {
        debug_assert_eq!(row.len(), self.table.columns().len());
        self.count += 1;
        self.rows.add(row)
    }

    /// Rows so far.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// If the output takes no more.
    pub fn finish(mut self) -> Result<u64> {
        self.rows.finish()?;
        Ok(self.count)
    }
}

/// What stands in each row of a disclosure.
#[derive(Debug)]
struct About<'a> {
    key: String,
    file: &'a Examined,
    at: usize,
    disclosure: &'a Disclosure,
}

/// Columns that both tables begin with.
const ABOUT: usize = 15;

impl<'a> About<'a> {
    fn new(file: &'a Examined, at: usize, disclosure: &'a Disclosure) -> Self {
        Self {
            key: format!("{}#{}", file.sha256, at + 1),
            file,
            at,
            disclosure,
        }
    }

    fn cells(&'a self) -> [Cell<'a>; ABOUT] {
        let form = &self.disclosure.form;
        let field = |field| self.disclosure.field(field);
        let written = |of| match field(of) {
            Some(value) => Cell::written(&value.written),
            None => Cell::Nothing,
        };
        [
            Cell::text(&self.key),
            Cell::text(&self.file.file),
            Cell::text(&self.file.sha256),
            Cell::position(self.at),
            Cell::of(self.disclosure.sheet.as_deref()),
            Cell::text(form.family.code()),
            Cell::text(&form.id),
            Cell::text(&form.edition),
            Cell::text(form.source.code()),
            written(Field::Manufacturer),
            written(Field::Product),
            written(Field::Model),
            written(Field::Version),
            field(Field::Date)
                .and_then(|value| value.date)
                .map_or(Cell::Nothing, Cell::Day),
            written(Field::Date),
        ]
    }
}

impl Cell<'_> {
    /// An empty text says nothing.
    fn or_nothing(self) -> Self {
        match self {
            Cell::Text(text) if text.is_empty() => Cell::Nothing,
            other => other,
        }
    }
}
