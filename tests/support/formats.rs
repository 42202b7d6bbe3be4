//! Writers: a sheet on paper becomes a file of each format, from text and bytes we choose ourselves.
//!
//! They write what a format needs and what a test asks for, and nothing else. That they are files of the
//! format is judged by LibreOffice (`tests/extended/run`).

mod csv;
mod looks;
mod ods;
mod spreadsheetml;
mod xls;
mod xlsb;
mod xlsx;

use super::paper::{Holds, Page, Paper, Stretch, Written};

/// A format that a paper can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Format {
    Xlsx,
    Xls,
    Xlsb,
    Ods,
    /// XML Spreadsheet 2003, as Excel saves it with the ending `.xml`.
    SpreadsheetXml,
    /// UTF-8 with a byte order mark, as Excel saves "CSV UTF-8".
    Csv,
    /// UTF-16 with tabs, as Excel saves "Unicode text".
    CsvUtf16,
    /// Shift_JIS, as Excel saves "CSV" in Japan.
    CsvShiftJis,
    /// UTF-8 with tabs.
    Tsv,
}

impl Format {
    pub(crate) const ALL: [Format; 9] = [
        Format::Xlsx,
        Format::Xls,
        Format::Xlsb,
        Format::Ods,
        Format::SpreadsheetXml,
        Format::Csv,
        Format::CsvUtf16,
        Format::CsvShiftJis,
        Format::Tsv,
    ];

    /// What of a paper stands in a file of this format.
    pub(crate) fn holds(self) -> Holds {
        match self {
            Format::Xlsx => Holds {
                sheets: true,
                merges: true,
                hidden: true,
                comments: true,
                looks: true,
                drawings: true,
                lists: true,
            },
            Format::Xls | Format::Xlsb => Holds {
                comments: false,
                drawings: false,
                lists: false,
                ..Format::Xlsx.holds()
            },
            Format::Ods | Format::SpreadsheetXml => Holds {
                drawings: false,
                ..Format::Xlsx.holds()
            },
            Format::Csv | Format::CsvUtf16 | Format::CsvShiftJis | Format::Tsv => Holds {
                sheets: false,
                merges: false,
                hidden: false,
                comments: false,
                looks: false,
                drawings: false,
                lists: false,
            },
        }
    }

    /// A name with the ending that such a file has.
    pub(crate) fn file_name(self) -> &'static str {
        match self {
            Format::Xlsx => "book.xlsx",
            Format::Xls => "book.xls",
            Format::Xlsb => "book.xlsb",
            Format::Ods => "book.ods",
            Format::SpreadsheetXml => "book.xml",
            Format::Csv | Format::CsvShiftJis => "book.csv",
            Format::CsvUtf16 => "book.txt",
            Format::Tsv => "book.tsv",
        }
    }
}

/// The paper as a file of the format. What the format cannot hold ([`Format::holds`]) is left out.
pub(crate) fn write(paper: &Paper, format: Format) -> Vec<u8> {
    match format {
        Format::Xlsx => xlsx::write(paper),
        Format::Xls => xls::write(paper),
        Format::Xlsb => xlsb::write(paper),
        Format::Ods => ods::write(paper),
        Format::SpreadsheetXml => spreadsheetml::write(paper),
        Format::Csv => csv::write(paper, ',', csv::Encoding::Utf8WithMark),
        Format::CsvUtf16 => csv::write(paper, '\t', csv::Encoding::Utf16),
        Format::CsvShiftJis => csv::write(paper, ',', csv::Encoding::ShiftJis),
        Format::Tsv => csv::write(paper, '\t', csv::Encoding::Utf8),
    }
}

/// A text as XML holds it, in an element or an attribute.
fn xml(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\n', "&#10;")
}

/// The cells of a page, each row with its number, in order.
fn rows(page: &Page) -> std::collections::BTreeMap<u32, std::collections::BTreeMap<u32, &Written>> {
    let mut rows: std::collections::BTreeMap<u32, std::collections::BTreeMap<u32, &Written>> =
        std::collections::BTreeMap::new();
    for ink in &page.cells {
        rows.entry(ink.row)
            .or_default()
            .insert(ink.column, &ink.value);
    }
    rows
}

/// The text of runs, joined.
fn joined(stretches: &[Stretch]) -> String {
    stretches
        .iter()
        .map(|stretch| stretch.text.as_str())
        .collect()
}

/// Excel's serial number of a day from March 1900 on.
fn serial(year: i16, month: i8, day: i8) -> f64 {
    let epoch = jiff::civil::date(1899, 12, 30);
    let days = jiff::civil::date(year, month, day) - epoch;
    f64::from(days.get_days())
}

/// A colour as `RRGGBB`.
fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("{red:02X}{green:02X}{blue:02X}")
}
