//! Workbooks from text: a grid in TOML becomes a real xlsx in memory.
//!
//! What a cell of the grid becomes:
//!
//! | in TOML | in the workbook |
//! |---|---|
//! | `"はい"` | a text |
//! | `""` | nothing: the cell does not exist |
//! | `4.1`, `3` | a number, as Excel stores what someone typed into a cell without the format "text" |
//! | `2026-09-30` | a date: a serial number with a date format |
//! | `true` | a boolean |
//! | `{ formula = "=A1", shows = "はい" }` | a formula with the result that the file holds |
//! | `{ blank = true }` | a cell with a border and nothing in it |

use std::io::{Cursor, Read, Write};

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatBorder, Formula, Note, Shape, Workbook, Worksheet,
};
use serde::Deserialize;
use toml::Value;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// A sheet as a case writes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sheet {
    pub(crate) name: String,
    /// The rows from row 1 on, the cells from column A on.
    pub(crate) rows: Vec<Vec<Value>>,
    /// True to hide the sheet.
    #[serde(default)]
    pub(crate) hidden: bool,
    /// Rows to hide, numbered as Excel does.
    #[serde(default)]
    pub(crate) hidden_rows: Vec<u32>,
    /// Columns to hide, by letter.
    #[serde(default)]
    pub(crate) hidden_columns: Vec<String>,
    /// Comments on cells, by address.
    #[serde(default)]
    pub(crate) comments: std::collections::BTreeMap<String, String>,
    /// Text boxes whose upper left corner lies in a cell, by address.
    #[serde(default)]
    pub(crate) text_boxes: std::collections::BTreeMap<String, String>,
    /// Areas to merge, such as `A1:D1`.
    #[serde(default)]
    pub(crate) merges: Vec<String>,
}

/// What is done to the file after it was written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Package {
    /// Members to add, by path in the package.
    #[serde(default)]
    pub(crate) add: std::collections::BTreeMap<String, String>,
    /// Texts to replace in members, for what the writer of workbooks cannot write.
    #[serde(default)]
    pub(crate) replace: Vec<Replace>,
    /// Cut the file off after this many bytes.
    pub(crate) cut: Option<usize>,
}

/// A text of a member and what stands there instead.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Replace {
    pub(crate) member: String,
    pub(crate) from: String,
    pub(crate) to: String,
}

/// The workbook of these sheets as bytes.
pub(crate) fn write(sheets: &[Sheet], package: &Package) -> Vec<u8> {
    let mut book = Workbook::new();
    let fixed = ExcelDateTime::from_ymd(2026, 1, 1).expect("a date");
    book.set_properties(&DocProperties::new().set_creation_datetime(&fixed));
    for sheet in sheets {
        fill(book.add_worksheet(), sheet);
    }
    let bytes = book.save_to_buffer().expect("the grid can be written");
    let mut bytes = add(replace(bytes, package), package);
    if let Some(cut) = package.cut {
        assert!(cut < bytes.len(), "cut = {cut} cuts nothing off");
        bytes.truncate(cut);
    }
    bytes
}

fn fill(worksheet: &mut Worksheet, sheet: &Sheet) {
    let date = Format::new().set_num_format("yyyy/mm/dd");
    let border = Format::new().set_border(FormatBorder::Thin);
    worksheet.set_name(&sheet.name).expect("a sheet's name");
    worksheet.set_hidden(sheet.hidden);
    for row in &sheet.hidden_rows {
        worksheet.set_row_hidden(row - 1).expect("a row");
    }
    for column in &sheet.hidden_columns {
        let (_, column) = address(&format!("{column}1"));
        worksheet.set_column_hidden(column).expect("a column");
    }
    for (cell, text) in &sheet.comments {
        let (row, column) = address(cell);
        worksheet
            .insert_note(row, column, &Note::new(text).add_author_prefix(false))
            .expect("a comment");
    }
    for (cell, text) in &sheet.text_boxes {
        let (row, column) = address(cell);
        // No larger than a cell, so that it lies over this one.
        let shape = Shape::textbox().set_text(text).set_width(40).set_height(16);
        worksheet
            .insert_shape_with_offset(row, column, &shape, 2, 1)
            .expect("a text box");
    }
    for area in &sheet.merges {
        let (first, last) = area.split_once(':').expect("an area such as A1:D1");
        let ((row, column), (last_row, last_column)) = (address(first), address(last));
        worksheet
            .merge_range(row, column, last_row, last_column, "", &border)
            .expect("an area");
    }
    for (row, cells) in (0..).zip(&sheet.rows) {
        for (column, cell) in (0..).zip(cells) {
            put(worksheet, row, column, cell, &date, &border);
        }
    }
}

fn put(sheet: &mut Worksheet, row: u32, column: u16, cell: &Value, date: &Format, border: &Format) {
    let written = match cell {
        Value::String(text) if text.is_empty() => return,
        Value::String(text) => sheet.write_string(row, column, text),
        #[allow(clippy::cast_precision_loss)]
        Value::Integer(number) => sheet.write_number(row, column, *number as f64),
        Value::Float(number) => sheet.write_number(row, column, *number),
        Value::Boolean(value) => sheet.write_boolean(row, column, *value),
        Value::Datetime(day) => {
            let day = day.date.expect("a date without a time");
            let day = ExcelDateTime::from_ymd(day.year, day.month, day.day).expect("a date");
            sheet.write_datetime_with_format(row, column, &day, date)
        }
        Value::Table(table) => match (table.get("formula"), table.get("shows")) {
            (Some(Value::String(formula)), Some(Value::String(shows))) => {
                sheet.write_formula(row, column, Formula::new(formula).set_result(shows))
            }
            _ if table.contains_key("blank") => sheet.write_blank(row, column, border),
            _ => panic!("no cell: {table}"),
        },
        Value::Array(_) => panic!("no cell: {cell}"),
    };
    written.expect("the cell can be written");
}

/// Zero-based row and column of an address such as `D13`.
fn address(text: &str) -> (u32, u16) {
    let (letter, row) = text.split_at(1);
    let column = letter.bytes().next().expect("a column") - b'A';
    (row.parse::<u32>().expect("a row") - 1, u16::from(column))
}

fn replace(bytes: Vec<u8>, package: &Package) -> Vec<u8> {
    if package.replace.is_empty() {
        return bytes;
    }
    let mut old = ZipArchive::new(Cursor::new(bytes)).expect("the workbook is a zip");
    let mut new = ZipWriter::new(Cursor::new(Vec::new()));
    let mut done = 0;
    for at in 0..old.len() {
        let mut member = old.by_index(at).expect("a member");
        let name = member.name().expect("a name").to_string();
        let mut text = String::new();
        member.read_to_string(&mut text).expect("members are text");
        for replace in package.replace.iter().filter(|r| r.member == name) {
            assert!(
                text.contains(&replace.from),
                "{name} has no {:?}:\n{text}",
                replace.from
            );
            text = text.replace(&replace.from, &replace.to);
            done += 1;
        }
        new.start_file(name, SimpleFileOptions::default())
            .expect("a member can be written");
        new.write_all(text.as_bytes())
            .expect("a member can be written");
    }
    assert_eq!(
        done,
        package.replace.len(),
        "a member to change is not there"
    );
    new.finish().expect("the zip can be finished").into_inner()
}

fn add(bytes: Vec<u8>, package: &Package) -> Vec<u8> {
    if package.add.is_empty() {
        return bytes;
    }
    let mut zip = ZipWriter::new_append(Cursor::new(bytes)).expect("the workbook is a zip");
    for (name, content) in &package.add {
        zip.start_file(name, SimpleFileOptions::default())
            .expect("a member can be added");
        zip.write_all(content.as_bytes())
            .expect("a member can be written");
    }
    zip.finish().expect("the zip can be finished").into_inner()
}
