//! CSV: the plain sheet as separated text (UTF-8 with a byte order mark, CRLF, one table for all disclosures).
//!
//! A text that a spreadsheet program would take for a formula, a number, a date or a truth value has an
//! apostrophe before it, and so has one that begins with an apostrophe; characters that a CSV file cannot
//! hold are written as `_x000D_` ([`crate::read::xstring`]). The mark beside the form's id says so
//! ([`crate::read::marked`]), and all of it is undone on reading. Several disclosures stand one below the other.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::plain;
use crate::disclosure::Disclosure;
use crate::error::{Error, Result};
use crate::escaped::guarded;
use crate::limits::Limits;
use crate::read::marked::GUARD;
use crate::read::xstring;

/// Columns of every row, so that the table has the same width all over.
const WIDTH: usize = 5;

/// Writes the disclosures of a file as CSV.
///
/// # Errors
/// [`Error::Format`] if a guard or an escape makes a text longer than is read.
pub(super) fn write(disclosures: &[Disclosure]) -> Result<Vec<u8>> {
    let failed = |error: csv::Error| Error::Format(format!("CSV: {error}"));
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(b"\xEF\xBB\xBF".to_vec());
    for (at, disclosure) in disclosures.iter().enumerate() {
        if at > 0 {
            writer.write_record([""; WIDTH]).map_err(failed)?;
        }
        for row in plain::rows(disclosure) {
            let mut record: Vec<String> = Vec::with_capacity(WIDTH);
            for cell in row {
                record.push(match cell.is_date {
                    true => cell.text,
                    false => written(&cell.text)?,
                });
            }
            record.resize(WIDTH, String::new());
            writer.write_record(&record).map_err(failed)?;
        }
    }
    writer
        .into_inner()
        .map_err(|error| Error::Format(format!("CSV: {error}")))
}

/// A text as it stands in a cell.
fn written(text: &str) -> Result<String> {
    // Line ends within a cell are one character each, so a carriage return needs an escape.
    let kept = |c: char| xstring::is_xml_char(c) && c != '\r';
    let text: Cow<'_, str> = xstring::escape(text, kept);
    let needs_guard = text.starts_with(GUARD)
        || matches!(guarded(&text), guarded if guarded != text)
        || is_changed(&text);
    let text = if needs_guard {
        format!("{GUARD}{text}")
    } else {
        text.into_owned()
    };
    let limit = Limits::default().cell_chars;
    if text.len() > limit && text.chars().count() > limit {
        return Err(Error::TooLong {
            place: "CSV".to_owned(),
            found: text.chars().count().to_string(),
            allowed: limit,
        });
    }
    Ok(text)
}

/// True for a text that a spreadsheet program opens as something else: a number in another spelling, a date, a truth value.
fn is_changed(text: &str) -> bool {
    if text.len() > 64 {
        return false;
    }
    let folded: String = text.nfkc().collect::<String>().trim().to_lowercase();
    if ["true", "false"].contains(&folded.as_str()) {
        return true;
    }
    let has_digit = folded.contains(|c: char| c.is_ascii_digit());
    if !has_digit || text == folded && is_plain_number(&folded) {
        return false;
    }
    let numeric = |c: char| c.is_ascii_digit() || " .,/:-%()$¥\\e+".contains(c);
    if folded.chars().all(numeric) {
        return true;
    }
    // NOTE: Excel reads MAR-1 and 1-Mar as days, and 9月30日 and R8.9.30 in Japanese.
    let letters: String = folded.chars().filter(|c| c.is_alphabetic()).collect();
    let is_month = letters
        .get(..3)
        .is_some_and(|start| MONTHS.contains(&start) && letters.is_ascii());
    let is_japanese = ["年", "月", "日", "時", "分", "am", "pm"]
        .iter()
        .any(|mark| letters.contains(mark));
    is_month || is_japanese && folded.len() < 32 || ERAS.contains(&letters.as_str())
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
/// Letters with which a date of a Japanese era begins.
const ERAS: [&str; 5] = ["m", "t", "s", "h", "r"];

/// True for a number in the spelling that a spreadsheet program shows: 4, 4.1, not 4.10, 04 or 16 digits.
fn is_plain_number(text: &str) -> bool {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "1"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && digits(decimals)
        && (whole == "0" || !whole.starts_with('0'))
        && !decimals.ends_with('0')
        && text.len() <= 11
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_change_is_guarded() {
        for text in [
            "4.10",
            "04",
            "1-2",
            "3/4",
            "1:30",
            "1e5",
            "50%",
            "１",
            "TRUE",
            "false",
            "MAR-1",
            "9月30日",
            "R8.9.30",
            "=1",
            "＝1",
            "'a",
            " 4",
            "1.2.3",
            "1,000",
            "123456789012",
        ] {
            assert_eq!(written(text).ok(), Some(format!("'{text}")), "{text}");
        }
        for text in [
            "",
            "4",
            "4.1",
            "0.5",
            "DOC-1",
            "はい",
            "備考1",
            "Yes",
            "見本カルテ 3.10 版",
        ] {
            assert_eq!(written(text).ok().as_deref(), Some(text));
        }
        assert_eq!(written("a\r\nb").ok().as_deref(), Some("a_x000D_\nb"));
    }
}
