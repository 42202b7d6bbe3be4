//! The matrix as one CSV table: a row for each requirement and bid.

use super::model::{Bids, Cell, Row};
use super::words::{file, letter};
use crate::error::Result;
use crate::report::{csv, words};

/// The keys of the heads' labels.
pub(super) const COLUMNS: [&str; 15] = [
    "requirement",
    "compare-about",
    "compare-area",
    "level",
    "compare-weighs",
    "compare-bid",
    "field-product",
    "verdict",
    "answer",
    "item",
    "remark",
    "place",
    "reason",
    "compare-sure",
    "file",
];

pub(super) fn csv(bids: &Bids) -> Result<Vec<u8>> {
    let head = COLUMNS.map(|key| bids.language.label(key));
    let cells = |row: &Row| -> Vec<Vec<String>> {
        row.verdicts
            .iter()
            .map(|cell| texts(bids, row, cell).into())
            .collect()
    };
    let rows: Vec<Vec<String>> = bids.matrix.iter().flat_map(cells).collect();
    csv::of_rows(&head, &rows)
}

/// What stands in the row of a requirement and bid.
pub(super) fn texts(bids: &Bids, row: &Row, cell: &Cell) -> [String; 15] {
    let language = bids.language;
    let bid = &bids.bids[cell.bid];
    let answer = cell.answer.map(|answer| answer.word(language).to_owned());
    let planned = if cell.planned {
        format!(" ({})", language.label("planned"))
    } else {
        String::new()
    };
    [
        row.requirement.clone(),
        words::text(Some(&row.title)),
        row.area.clone().unwrap_or_default(),
        words::level(row.level, language),
        row.weight.to_string(),
        letter(cell.bid),
        words::text(bid.product.as_deref()),
        format!("{}{planned}", words::verdict(cell.verdict, language)),
        answer.unwrap_or_else(|| words::text(cell.written.as_deref())),
        words::text(cell.item.as_deref()),
        words::text(cell.remark.as_deref()),
        words::text(
            cell.place
                .as_ref()
                .map(|place| place.words(language))
                .as_deref(),
        ),
        cell.reason.clone(),
        cell.confidence
            .map_or_else(String::new, |sure| format!("{sure:.2}")),
        words::text(Some(&file(bid))),
    ]
}
