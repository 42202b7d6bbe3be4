//! Separated text: the first sheet of a paper, every row from the first on.

use super::super::paper::{Paper, Written};
use super::{joined, rows};

/// How the characters become bytes.
#[derive(Clone, Copy)]
pub(super) enum Encoding {
    Utf8,
    Utf8WithMark,
    /// Little endian with a byte order mark.
    Utf16,
    ShiftJis,
}

pub(super) fn write(paper: &Paper, separator: char, encoding: Encoding) -> Vec<u8> {
    let text = table(paper, separator);
    match encoding {
        Encoding::Utf8 => text.into_bytes(),
        Encoding::Utf8WithMark => format!("\u{feff}{text}").into_bytes(),
        Encoding::Utf16 => format!("\u{feff}{text}")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect(),
        Encoding::ShiftJis => {
            let (bytes, _, lost) = encoding_rs::SHIFT_JIS.encode(&text);
            assert!(!lost, "a character that Shift_JIS has not: {text}");
            bytes.into_owned()
        }
    }
}

fn table(paper: &Paper, separator: char) -> String {
    let Some(page) = paper.sheets.first() else {
        return String::new();
    };
    let rows = rows(page);
    let width = page.cells.iter().map(|ink| ink.column + 1).max();
    let Some((last, _)) = rows.last_key_value() else {
        return String::new();
    };
    let mut text = String::new();
    for row in 0..=*last {
        for column in 0..width.unwrap_or(0) {
            if column > 0 {
                text.push(separator);
            }
            if let Some(value) = rows.get(&row).and_then(|row| row.get(&column)) {
                text.push_str(&field(&shown(value), separator));
            }
        }
        text.push_str("\r\n");
    }
    text
}

/// A value as Excel shows it in its usual look.
fn shown(value: &Written) -> String {
    match value {
        Written::Text(text) => text.clone(),
        Written::Number(number) => number.to_string(),
        Written::Bool(true) => "TRUE".to_owned(),
        Written::Bool(false) => "FALSE".to_owned(),
        Written::Date(year, month, day) => format!("{year}/{month}/{day}"),
        Written::Rich(stretches) => joined(stretches),
    }
}

fn field(text: &str, separator: char) -> String {
    if text.contains([separator, '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
