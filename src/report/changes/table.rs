//! The changes as one table, for CSV and Excel.

use super::human::{items, sign};
use super::model::{ChangeInfo, Changes, ItemSaid};
use crate::changes::Direction;
use crate::error::Result;
use crate::language::Language;
use crate::report::words;
use crate::report::xlsx::look::{BRAND, Tone};
use crate::report::xlsx::table::{Cell, Column, Table};
use crate::report::{csv as text, xlsx as book};

/// The columns: the key of the head's label, and how narrow and wide the column may get.
const COLUMNS: [(&str, usize, usize); 14] = [
    ("change-direction", 12, 20),
    ("change-what", 8, 12),
    ("item", 10, 22),
    ("change-title", 24, 44),
    ("level", 6, 10),
    ("change-old", 12, 34),
    ("change-new", 12, 34),
    ("change-old-remark", 12, 34),
    ("change-new-remark", 12, 34),
    ("reason", 20, 40),
    ("change-control", 12, 26),
    ("change-old-place", 10, 24),
    ("change-new-place", 10, 24),
    ("file", 12, 40),
];

pub(super) fn csv(changes: &Changes) -> Result<Vec<u8>> {
    let head: Vec<String> = COLUMNS
        .iter()
        .map(|(key, _, _)| changes.language.label(key))
        .collect();
    let rows: Vec<Vec<String>> = changes
        .changes
        .iter()
        .map(|change| row(change, changes).into())
        .collect();
    text::of_rows(&head, &rows)
}

pub(super) fn xlsx(changes: &Changes) -> Result<Vec<u8>> {
    let language = changes.language;
    let columns = COLUMNS.iter().map(|(key, narrowest, widest)| Column {
        head: language.label(key),
        narrowest: *narrowest,
        widest: *widest,
    });
    let rows = changes.changes.iter().map(|change| {
        let mut cells: Vec<Cell> = row(change, changes).map(Cell::Text).into();
        cells[0] = Cell::Word(tone(change.direction), direction(change, language));
        cells
    });
    let table = Table {
        name: language.label("tab-changes"),
        colour: BRAND,
        columns: columns.collect(),
        rows: rows.collect(),
        frozen: 4,
        height: 0.0,
    };
    // Columns in which nothing stands only make the print small.
    let mut table = table;
    for key in ["level", "change-old-remark", "change-new-remark"] {
        table = table.without_empty(key, language);
    }
    if changes.compared.len() == 1 {
        table = table.without("file", language);
    }
    book::of_tables(&[table, compared(changes)], "title-changes", language)
}

/// What was compared, with counts and what to know beforehand.
fn compared(changes: &Changes) -> Table {
    let language = changes.language;
    let heads = [
        ("change-old", 20, 50),
        ("change-new", 20, 50),
        ("direction-regressed", 8, 14),
        ("direction-improved", 8, 14),
        ("direction-neutral", 8, 14),
        ("change-unchanged", 8, 14),
        ("change-notes", 30, 70),
    ];
    let name = |at: Option<usize>| {
        let document = at.map(|at| &changes.documents[at]);
        document.map_or_else(|| language.label("change-alone"), words::file_and_sheet)
    };
    let rows = changes.compared.iter().map(|compared| {
        let counts = &compared.counts;
        vec![
            Cell::Text(name(compared.old)),
            Cell::Text(name(compared.new)),
            Cell::Number(counts.regressed),
            Cell::Number(counts.improved),
            Cell::Number(counts.neutral),
            Cell::Number(counts.unchanged),
            Cell::Text(compared.notes.join("\n")),
        ]
    });
    Table {
        name: language.label("tab-compared"),
        colour: BRAND,
        columns: heads
            .map(|(key, narrowest, widest)| Column {
                head: language.label(key),
                narrowest,
                widest,
            })
            .into(),
        rows: rows.collect(),
        frozen: 0,
        height: 0.0,
    }
}

fn row(change: &ChangeInfo, changes: &Changes) -> [String; 14] {
    let language = changes.language;
    let remark = |items: &[ItemSaid]| {
        let remarks = items.iter().filter_map(|item| item.remark.as_deref());
        remarks.collect::<Vec<_>>().join("\n")
    };
    let place = |items: &[ItemSaid]| {
        let places = items.iter().filter_map(|item| item.place.as_ref());
        places
            .map(|place| place.words(language))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let file = changes.compared[change.pair]
        .new
        .map(|at| words::file_and_sheet(&changes.documents[at]));
    [
        direction(change, language),
        language.label(&format!("change-kind-{}", change.kind.code())),
        words::text(Some(&items(change))),
        words::text(Some(&change.title)),
        change
            .level
            .map_or_else(String::new, |level| words::level(level, language)),
        words::text(change.old.as_deref()),
        words::text(change.new.as_deref()),
        words::text(Some(&remark(&change.old_items))),
        words::text(Some(&remark(&change.new_items))),
        change.reason.clone(),
        change.control.clone().unwrap_or_default(),
        words::text(Some(&place(&change.old_items))),
        words::text(Some(&place(&change.new_items))),
        file.unwrap_or_default(),
    ]
}

fn direction(change: &ChangeInfo, language: Language) -> String {
    let word = language.label(&format!("direction-{}", change.direction.code()));
    format!("{} {word}", sign(change.direction))
}

fn tone(direction: Direction) -> Tone {
    match direction {
        Direction::Regressed => Tone::Bad,
        Direction::Improved => Tone::Good,
        Direction::Neutral => Tone::Quiet,
    }
}
