//! The block of a plain sheet with what no form asks for: kind, label, item, content and where it once stood.

use super::Named;
use crate::answer::ItemNumber;
use crate::disclosure::kept::{Kept, KeptKind};
use crate::language::Language;
use crate::read::grid::{Cell, Sheet};
use crate::text::{fold, is_blank};

/// True for the heading of the block, in either language.
pub(crate) fn is_kept_title(text: &str) -> bool {
    is_label(text, "kept-title")
}

fn is_label(text: &str, key: &str) -> bool {
    // Far longer than any label: not worth folding.
    text.len() < 200
        && Language::ALL
            .iter()
            .any(|language| fold(&language.label(key)) == fold(text))
}

/// The columns of the block.
struct Columns {
    kind: u32,
    label: u32,
    item: u32,
    text: u32,
    origin: u32,
}

impl Columns {
    /// As a row of headings names them; `None` where it is none.
    fn named(cells: &[Cell]) -> Option<Self> {
        let column = |key: &str| {
            let mut cells = cells.iter();
            let found = cells.find(|cell| is_label(&cell.value.text(), key));
            found.map(|cell| cell.column)
        };
        Some(Self {
            kind: column("kept-heading-kind")?,
            label: column("kept-heading-label")?,
            item: column("kept-heading-item")?,
            text: column("kept-heading-text")?,
            origin: column("kept-heading-origin")?,
        })
    }
}

/// The other content that a plain sheet keeps, in order.
pub(in crate::disclosure) fn kept(sheet: &Sheet, named: &Named) -> Vec<Kept> {
    let Some(title) = named.kept_row else {
        return Vec::new();
    };
    let mut rows = sheet.rows_between(title + 1, named.end).peekable();
    let headed = rows.peek().and_then(|cells| Columns::named(cells));
    if headed.is_some() {
        rows.next();
    }
    let kept = rows.map(|cells| match &headed {
        Some(columns) => piece(sheet, columns, cells),
        // The headings are gone: what is there is kept, but not understood.
        None => unknown(sheet, cells),
    });
    kept.filter(Kept::is_said).collect()
}

fn piece(sheet: &Sheet, columns: &Columns, cells: &[Cell]) -> Kept {
    let row = cells[0].row;
    let text = |column: u32| {
        let cell = cells.iter().find(|cell| cell.column == column);
        cell.map_or_else(String::new, |cell| cell.value.text().into_owned())
    };
    let Some(kind) = KeptKind::of_word(&text(columns.kind)) else {
        return unknown(sheet, cells);
    };
    let item = text(columns.item);
    let number = ItemNumber::parse(&item);
    let mut label = text(columns.label);
    if number.is_none() && !item.is_empty() {
        label = format!("{item} {label}");
    }
    Kept {
        kind,
        item: number,
        label,
        // As in every format, a text of nothing but white space says nothing.
        text: Some(text(columns.text))
            .filter(|text| !is_blank(text))
            .unwrap_or_default(),
        origin: Some(text(columns.origin)),
        place: sheet.place(row, columns.text),
    }
}

/// A row that a person added in words of his own.
fn unknown(sheet: &Sheet, cells: &[Cell]) -> Kept {
    let texts: Vec<_> = cells.iter().map(|cell| cell.value.text()).collect();
    Kept {
        kind: KeptKind::Other,
        item: None,
        label: String::new(),
        text: texts.join("\n"),
        origin: None,
        place: sheet.place(cells[0].row, cells[0].column),
    }
}
