//! JSON Lines: an object for each row, every column in it, null where there is nothing.

use std::fmt;
use std::io::{Result, Write};

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Cell, Column, Rows, Table};
use crate::escaped::on_one_line;

/// Rows as lines.
pub(super) struct Lines<W> {
    columns: &'static [Column],
    out: W,
    line: Vec<u8>,
}

impl<W> fmt::Debug for Lines<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lines")
    }
}

impl<W: Write> Lines<W> {
    pub(super) fn new(table: Table, out: W) -> Self {
        Self {
            columns: table.columns(),
            out,
            line: Vec::new(),
        }
    }
}

impl<W: Write> Rows for Lines<W> {
    fn add(&mut self, row: &[Cell<'_>]) -> Result<()> {
        self.line.clear();
        let row = Row(self.columns, row);
        on_one_line(&mut self.line, &row).expect("a row is JSON");
        self.line.push(b'\n');
        self.out.write_all(&self.line)
    }

    fn finish(&mut self) -> Result<()> {
        self.out.flush()
    }
}

struct Row<'a>(&'static [Column], &'a [Cell<'a>]);

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (column, cell) in self.0.iter().zip(self.1) {
            map.serialize_entry(&column.name, cell)?;
        }
        map.end()
    }
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Cell::Nothing => serializer.serialize_none(),
            Cell::Text(text) => serializer.serialize_str(text),
            Cell::Number(number) => serializer.serialize_i32(*number),
            Cell::Share(share) => serializer.serialize_f64(*share),
            Cell::Truth(truth) => serializer.serialize_bool(*truth),
            Cell::Day(day) => serializer.collect_str(day),
            Cell::Texts(texts) => texts.serialize(serializer),
        }
    }
}
