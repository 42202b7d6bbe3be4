//! Tables that this tool wrote as separated text: they say so, and their texts are undone as they were guarded.
//!
//! A spreadsheet program takes `4.10` in a CSV file for the number 4.1 and `=1` for a formula, and a CSV file
//! cannot hold every character. What [`crate::write`] puts before or in place of such texts is taken away here:
//! an apostrophe at the beginning, and `_x000D_` ([`super::xstring`]). It is done only where the third cell of
//! an early row is [`MARK`], and then in whatever format a person saved the table afterwards.

use super::grid::{CellValue, Sheet};
use super::xstring::unescape;

/// What the third cell of an early row says in a table of this kind.
pub(crate) const MARK: &str = "kaijisho/disclosure/1";
/// What is put before a text that a spreadsheet program would take for something else.
pub(crate) const GUARD: char = '\'';

/// Rows in which the mark may stand.
const SEARCHED: usize = 40;
/// Bytes of a text in which it may stand.
const SEARCHED_BYTES: usize = 16 * 1024;

/// The separator of a text that bears the mark, which no content can outvote.
pub(super) fn separator(text: &str) -> Option<char> {
    let bytes = &text.as_bytes()[..text.len().min(SEARCHED_BYTES)];
    let mark = MARK.as_bytes();
    let at = bytes.windows(mark.len()).position(|found| found == mark)?;
    let before = text[..at].trim_end_matches('"').chars().next_back()?;
    [',', ';', '\t'].contains(&before).then_some(before)
}

/// Gives a sheet that bears the mark the texts that were written.
pub(super) fn restore(sheet: &mut Sheet) {
    let is_mark = |value: &CellValue| matches!(value, CellValue::Text(text) if text.trim() == MARK);
    let is_marked = sheet
        .rows()
        .take(SEARCHED)
        .any(|cells| cells.get(2).is_some_and(|cell| is_mark(&cell.value)));
    if !is_marked {
        return;
    }
    for cell in &mut sheet.cells {
        let CellValue::Text(text) = &mut cell.value else {
            continue;
        };
        if text.starts_with(GUARD) || text.contains("_x") {
            let bare = text.strip_prefix(GUARD).unwrap_or(text);
            *text = unescape(bare).into();
        }
    }
    sheet
        .cells
        .retain(|cell| !matches!(&cell.value, CellValue::Text(text) if text.is_empty()));
}
