//! CSV for spreadsheet programs: UTF-8 with a byte order mark, CRLF, nothing that is taken for a formula.
//!
//! A list stands with `; ` between its texts, nothing as an empty field: types and nulls are Parquet's and JSON's.

use std::fmt;
use std::io::{self, Result, Write};

use super::{Cell, Rows, Table};
use crate::escaped::guarded;

/// Rows as separated text.
pub(super) struct Delimited<W: Write>(csv::Writer<W>);

impl<W: Write> fmt::Debug for Delimited<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Delimited")
    }
}

impl<W: Write> Delimited<W> {
    pub(super) fn new(table: Table, mut out: W) -> Result<Self> {
        out.write_all(b"\xEF\xBB\xBF")?;
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        let names = table.columns().iter().map(|column| &column.name);
        writer.write_record(names).map_err(failed)?;
        Ok(Self(writer))
    }
}

fn failed(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("CSV: {other:?}")),
    }
}

impl<W: Write> Rows for Delimited<W> {
    fn add(&mut self, row: &[Cell<'_>]) -> Result<()> {
        for cell in row {
            let text = match cell {
                Cell::Nothing => String::new(),
                Cell::Text(text) => guarded(text),
                Cell::Number(number) => number.to_string(),
                Cell::Share(share) => share.to_string(),
                Cell::Truth(truth) => truth.to_string(),
                Cell::Day(day) => day.to_string(),
                Cell::Texts(texts) => guarded(&texts.join("; ")),
            };
            self.0.write_field(text).map_err(failed)?;
        }
        self.0.write_record(None::<&[u8]>).map_err(failed)
    }

    fn finish(&mut self) -> Result<()> {
        self.0.flush()
    }
}
