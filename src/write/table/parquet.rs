//! Apache Parquet: groups of rows, each column of a group deflated by itself.
//!
//! A group is written when it is full, so that no more is held. Texts that come again and again (the file, the
//! product, a question) are held once for each group.

use std::collections::HashMap;
use std::fmt;
use std::fmt::Write as _;
use std::io::{Error, Result, Write};
use std::sync::Arc;

use jiff::civil::{Date, date};
use parquet::basic::{Compression, GzipLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;

use super::{Cell, Column, Holds, Rows, Table};

/// Rows of a group, unless their texts are long.
const ROWS: usize = 100_000;
/// Bytes of different texts of a group.
const BYTES: usize = 16 << 20;

/// Rows in groups.
pub(super) struct Groups<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    columns: Vec<Values>,
    rows: usize,
    bytes: usize,
}

impl<W: Write + Send> fmt::Debug for Groups<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Groups({} rows waiting)", self.rows)
    }
}

impl<W: Write + Send> Groups<W> {
    pub(super) fn new(table: Table, out: W) -> Result<Self> {
        let told = |key: &str, value: &str| KeyValue::new(key.to_owned(), value.to_owned());
        let level = GzipLevel::try_new(6).map_err(failed)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::GZIP(level))
            .set_created_by(concat!("kaijisho version ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_key_value_metadata(Some(vec![told("schema", table.shape())]))
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .build();
        let schema = parse_message_type(&schema(table)).map_err(failed)?;
        let writer = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties));
        Ok(Self {
            writer: writer.map_err(failed)?,
            columns: table.columns().iter().map(Values::new).collect(),
            rows: 0,
            bytes: 0,
        })
    }

    fn write_group(&mut self) -> Result<()> {
        let mut group = self.writer.next_row_group().map_err(failed)?;
        for values in &mut self.columns {
            let mut column = group
                .next_column()
                .map_err(failed)?
                .expect("the file has the columns of the table");
            values.write(&mut column).map_err(failed)?;
            column.close().map_err(failed)?;
        }
        group.close().map_err(failed)?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

/// What the system said, where it was the system that failed.
fn failed(error: ParquetError) -> Error {
    match error {
        ParquetError::External(source) => match source.downcast::<Error>() {
            Ok(error) => *error,
            Err(other) => Error::other(other.to_string()),
        },
        other => Error::other(other.to_string()),
    }
}

/// The table in Parquet's language of schemas.
fn schema(table: Table) -> String {
    let mut text = String::from("message table {\n");
    for column in table.columns() {
        let name = &column.name;
        let nullable = if column.null { "optional" } else { "required" };
        let line = match column.kind {
            Holds::Text => format!("{nullable} binary {name} (STRING);"),
            Holds::Number => format!("{nullable} int32 {name};"),
            Holds::Share => format!("{nullable} double {name};"),
            Holds::Truth => format!("{nullable} boolean {name};"),
            Holds::Day => format!("{nullable} int32 {name} (DATE);"),
            Holds::Texts => format!(
                "required group {name} (LIST) {{ repeated group list {{ required binary element (STRING); }} }}"
            ),
        };
        writeln!(text, "  {line}").expect("a text takes all");
    }
    text.push('}');
    text
}

impl<W: Write + Send> Rows for Groups<W> {
    fn add(&mut self, row: &[Cell<'_>]) -> Result<()> {
        for (values, cell) in self.columns.iter_mut().zip(row) {
            self.bytes += values.add(cell)?;
        }
        self.rows += 1;
        if self.rows >= ROWS || self.bytes >= BYTES {
            self.write_group()?;
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        if self.rows > 0 {
            self.write_group()?;
        }
        self.writer.finish().map_err(failed)?;
        self.writer.inner_mut().flush()
    }
}

/// The values of a column in a group.
struct Values {
    /// For each row, or each text of a list, 1 if there is one; empty in a column without nulls.
    present: Vec<i16>,
    /// For each text of a list, 0 if a row begins with it.
    repeats: Vec<i16>,
    is_list: bool,
    is_nullable: bool,
    kind: Kind,
}

enum Kind {
    Texts(Texts),
    Numbers(Vec<i32>),
    Shares(Vec<f64>),
    Truths(Vec<bool>),
}

impl Values {
    fn new(column: &Column) -> Self {
        Self {
            present: Vec::new(),
            repeats: Vec::new(),
            is_list: column.kind == Holds::Texts,
            is_nullable: column.null,
            kind: match column.kind {
                Holds::Text | Holds::Texts => Kind::Texts(Texts::default()),
                Holds::Number | Holds::Day => Kind::Numbers(Vec::new()),
                Holds::Share => Kind::Shares(Vec::new()),
                Holds::Truth => Kind::Truths(Vec::new()),
            },
        }
    }

    /// Takes a value, and gives the bytes that it takes.
    fn add(&mut self, cell: &Cell<'_>) -> Result<usize> {
        if self.is_list {
            return self.add_list(cell);
        }
        if self.is_nullable {
            self.present.push(i16::from(*cell != Cell::Nothing));
        }
        match (&mut self.kind, cell) {
            (_, Cell::Nothing) if self.is_nullable => {}
            (Kind::Texts(texts), Cell::Text(text)) => return Ok(texts.add(text)),
            (Kind::Numbers(numbers), Cell::Number(number)) => numbers.push(*number),
            (Kind::Numbers(numbers), Cell::Day(day)) => numbers.push(days(*day)),
            (Kind::Shares(shares), Cell::Share(share)) => shares.push(*share),
            (Kind::Truths(truths), Cell::Truth(truth)) => truths.push(*truth),
            (_, other) => return Err(Error::other(format!("not of its column: {other:?}"))),
        }
        Ok(0)
    }

    fn add_list(&mut self, cell: &Cell<'_>) -> Result<usize> {
        let (Kind::Texts(texts), Cell::Texts(list)) = (&mut self.kind, cell) else {
            return Err(Error::other(format!("no list: {cell:?}")));
        };
        if list.is_empty() {
            self.present.push(0);
            self.repeats.push(0);
        }
        let mut bytes = 0;
        for (at, text) in list.iter().enumerate() {
            self.present.push(1);
            self.repeats.push(i16::from(at > 0));
            bytes += texts.add(text);
        }
        Ok(bytes)
    }

    /// Writes the values and forgets them.
    fn write(
        &mut self,
        column: &mut SerializedColumnWriter<'_>,
    ) -> std::result::Result<(), ParquetError> {
        let present = (self.is_nullable || self.is_list).then_some(self.present.as_slice());
        let repeats = self.is_list.then_some(self.repeats.as_slice());
        match &mut self.kind {
            Kind::Texts(texts) => {
                let values = texts.take();
                let column = column.typed::<ByteArrayType>();
                column.write_batch(&values, present, repeats)?;
            }
            Kind::Numbers(numbers) => {
                let column = column.typed::<Int32Type>();
                column.write_batch(numbers, present, repeats)?;
                numbers.clear();
            }
            Kind::Shares(shares) => {
                let column = column.typed::<DoubleType>();
                column.write_batch(shares, present, repeats)?;
                shares.clear();
            }
            Kind::Truths(truths) => {
                let column = column.typed::<BoolType>();
                column.write_batch(truths, present, repeats)?;
                truths.clear();
            }
        }
        self.present.clear();
        self.repeats.clear();
        Ok(())
    }
}

/// Days since 1970-01-01, as Parquet counts them.
fn days(day: Date) -> i32 {
    let epoch = date(1970, 1, 1);
    let span = day.duration_since(epoch);
    i32::try_from(span.as_hours() / 24).expect("a calendar of 20,000 years has fewer days")
}

/// Texts, each held once.
#[derive(Default)]
struct Texts {
    known: HashMap<Box<str>, u32>,
    different: Vec<ByteArray>,
    rows: Vec<u32>,
}

impl Texts {
    fn add(&mut self, text: &str) -> usize {
        // Most rows say the same as the one before.
        if let Some(last) = self.rows.last()
            && self.different[*last as usize].data() == text.as_bytes()
        {
            self.rows.push(*last);
            return 0;
        }
        if let Some(known) = self.known.get(text) {
            self.rows.push(*known);
            return 0;
        }
        let next = u32::try_from(self.different.len()).expect("a group is smaller");
        self.rows.push(next);
        self.different
            .push(ByteArray::from(text.as_bytes().to_vec()));
        self.known.insert(text.into(), next);
        text.len()
    }

    fn take(&mut self) -> Vec<ByteArray> {
        let rows = std::mem::take(&mut self.rows);
        let values = rows.iter().map(|at| self.different[*at as usize].clone());
        let values = values.collect();
        self.known.clear();
        self.different.clear();
        values
    }
}
