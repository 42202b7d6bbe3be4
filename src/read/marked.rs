//! Tables that this tool wrote as separated text: they say so, and their texts are undone as they were guarded.
//!
//! A spreadsheet program takes `4.10` in a CSV file for the number 4.1 and `=1` for a formula, and a CSV file
//! cannot hold every character. What [`crate::write`] puts before or in place of such texts is taken away here:
//! an apostrophe at the beginning, and `_x000D_` ([`super::xstring`]). It is done only where [`MARK`] stands in an
//! early row behind a form's id and its label, and then in whatever format a person saved the table afterwards.

use super::grid::{Cell, CellValue, Sheet};
use super::xstring::unescape;
use crate::text::fold;

/// What marks the list of what is wanted beside a sheet to fill; it holds no disclosure.
pub(crate) const REQUEST_ID: &str = "kaijisho/request/1";

/// The label of the cell to the left of the form's id, on every sheet that this tool writes.
pub(crate) const FORM_LABEL: [&str; 2] = ["様式ID", "Form ID"];

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

/// True for the label of a form's id.
pub(crate) fn is_form_label(cell: &Cell) -> bool {
    matches!(&cell.value, CellValue::Text(text)
        if text.len() < 200 && FORM_LABEL.iter().any(|label| fold(label) == fold(text)))
}

/// True for a row that names a form and bears the mark. No row of an item, a remark or the like begins with that label.
pub(crate) fn is_mark(cells: &[Cell]) -> bool {
    let [label, _, mark] = cells else {
        return false;
    };
    mark.value.text().trim() == MARK && is_form_label(label)
}

/// Gives a sheet that bears the mark the texts that were written.
pub(super) fn restore(sheet: &mut Sheet) {
    if !sheet.rows().take(SEARCHED).any(is_mark) {
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
