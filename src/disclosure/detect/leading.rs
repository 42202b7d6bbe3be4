//! Numbers in front of the questions, in one cell with them.

use std::collections::BTreeMap;

use super::heading::HeaderRow;
use super::numbers::{Numbered, Numbering};
use super::region::Region;
use crate::answer::ItemNumber;
use crate::disclosure::page::Page;
use crate::read::grid::CellValue;
use crate::vocabulary::Role;

/// Numbers in front of the questions, in the column that has the most.
pub(super) fn before_questions(
    page: &Page<'_>,
    region: &Region,
    header: Option<&HeaderRow>,
) -> Option<(Numbering, Vec<Numbered>)> {
    let mut found: BTreeMap<u32, Vec<Numbered>> = BTreeMap::new();
    for cell in region.cells(page) {
        let CellValue::Text(text) = &cell.value else {
            continue;
        };
        if let Some((number, rest)) = leading_number(text)
            && rest.chars().filter(|c| c.is_alphabetic()).count() >= 2
        {
            found.entry(cell.column).or_default().push(Numbered {
                at: (cell.row, cell.column),
                written: text[..text.len() - rest.len()].trim().to_owned(),
                rest: Some(rest.trim().to_owned()),
                number: Some(number),
                numeric: false,
            });
        }
    }
    let other = |column: u32| {
        header.is_some_and(|header| {
            [Role::Remark, Role::Reference, Role::Answer]
                .iter()
                .any(|role| header.columns(*role).contains(&column))
        })
    };
    found
        .into_iter()
        .filter(|(column, rows)| !other(*column) && rows.len() >= 3)
        .max_by_key(|(column, rows)| (rows.len(), std::cmp::Reverse(*column)))
        .map(|(column, rows)| (Numbering::Question(column), rows))
}

/// An item number at the start of a text, and the text behind it.
pub(in crate::disclosure) fn leading_number(text: &str) -> Option<(ItemNumber, &str)> {
    let trimmed = text.trim_start();
    // The number ends before the first sign that no number holds.
    let end = trimmed
        .char_indices()
        .take(24)
        .find(|(_, c)| {
            c.is_whitespace() || matches!(c, ':' | '：' | '、' | ')' | '）' | ']' | '】' | '〕')
        })
        .map(|(at, c)| (at, c.len_utf8()));
    if let Some((at, length)) = end {
        // A closing bracket belongs to what it closes: (1), 4.1(2).
        let inside = trimmed[..at].contains(['(', '（', '[', '【', '〔']);
        let head = &trimmed[..if inside { at + length } else { at }];
        let rest = &trimmed[at + length..];
        if let Some(number) = ItemNumber::parse(head) {
            return Some((number, rest));
        }
    }
    // 4.1通信を…: without a sign only a dotted number is one; 2要素認証 begins with none.
    let digits = trimmed
        .char_indices()
        .find(|(_, c)| !(c.is_numeric() || matches!(c, '.' | '．' | '-' | '－' | '−')))
        .map(|(at, _)| at)?;
    let (head, rest) = trimmed.split_at(digits);
    let ends_as_number = head.ends_with(['.', '．']);
    let next = rest.chars().next()?;
    let separate = next > '\u{2fff}' || ends_as_number;
    let number = ItemNumber::parse(head)?;
    let whole = number.as_str().contains('.') || ends_as_number || head.chars().all(is_circled);
    (separate && whole).then_some((number, rest))
}

pub(super) fn is_circled(c: char) -> bool {
    matches!(c, '①'..='⑳' | '㉑'..='㉟' | '㊱'..='㊿' | '❶'..='❿')
}
