//! Blocks of remark texts: below a table, beside it, or on a sheet of their own.

use super::RemarkNote;
use super::layout::Layout;
use super::page::Page;
use crate::answer::ItemNumber;
use crate::read::grid::Cell;
use crate::text::is_blank;
use crate::vocabulary::Vocabulary;

/// The remark texts below and beside the table of a sheet.
pub(super) fn of_table(page: &Page<'_>, layout: &Layout) -> Vec<RemarkNote> {
    let start = layout.block_row.unwrap_or_else(|| layout.last_row());
    let has_title = layout.block_row.is_some();
    let below = page
        .sheet
        .rows_between(start + 1, layout.end)
        .map(|cells| within(cells, layout.band))
        .filter(|cells| !cells.is_empty());
    let mut notes = read(page, below, has_title);
    // A plain sheet has its remark texts below, and other content beside them.
    let beside = beside(page, layout).filter(|_| layout.named.is_none());
    if let Some((row, column)) = beside {
        let rows = page
            .sheet
            .rows()
            .filter(|cells| cells[0].row > row)
            .map(|cells| within(cells, (column, u32::MAX)))
            .filter(|cells| !cells.is_empty());
        notes.extend(read(page, rows, true));
    }
    notes
}

/// The remark texts of a sheet that holds nothing else; none where it is no such sheet.
pub(super) fn of_sheet(page: &Page<'_>) -> Vec<RemarkNote> {
    let words = Vocabulary::get();
    let titled = |text: &str| text.len() <= 240 && words.is_block_title(text);
    let title = page
        .sheet
        .rows()
        .take(20)
        .find(|cells| cells.len() <= 2 && cells.iter().any(|cell| titled(&cell.value.text())));
    // 備考一覧（別紙） and the like: what the sheet is called counts like a title on it.
    let named = page
        .name
        .split(['(', '（', '_', '-', ' ', '　'])
        .any(titled);
    let start = title.map_or(0, |cells| cells[0].row + 1);
    let rows = page.sheet.rows().filter(|cells| cells[0].row >= start);
    read(page, rows, named || title.is_some())
}

/// The heading of a block to the right of the table.
fn beside(page: &Page<'_>, layout: &Layout) -> Option<(u32, u32)> {
    let words = Vocabulary::get();
    let columns = &layout.columns;
    let last = [
        columns.last_answer(),
        columns.question,
        columns.remarks.last().copied(),
    ]
    .into_iter()
    .flatten()
    .max()?;
    let last_row = layout.last_row();
    let cell = page.sheet.cells.iter().find(|cell| {
        cell.column > last
            && cell.row <= last_row
            && Some(cell.row) != layout.header_row.filter(|_| columns.remarks.is_empty())
            && words.is_block_title(&cell.value.text())
    })?;
    Some((cell.row, cell.column))
}

fn within(cells: &[Cell], band: (u32, u32)) -> &[Cell] {
    let from = cells.partition_point(|cell| cell.column < band.0);
    let to = cells.partition_point(|cell| cell.column <= band.1);
    &cells[from..to]
}

/// Reads rows of a label and a text. `titled`: a bare number is a label too.
fn read<'p>(
    page: &Page<'_>,
    rows: impl Iterator<Item = &'p [Cell]>,
    titled: bool,
) -> Vec<RemarkNote> {
    let mut notes: Vec<RemarkNote> = Vec::new();
    // Where the label of the last remark stands, and the last row of its text.
    let mut last: Option<(u32, u32)> = None;
    for cells in rows {
        // The label stands first, or behind its text.
        let first = &cells[0];
        let usual = last.map(|(column, _)| column);
        let labelled = cells.iter().find(|cell| {
            let at_home = usual.is_none_or(|usual| usual == cell.column);
            at_home && key(&cell.value.text(), titled).is_some()
        });
        let own = labelled.filter(|_| in_one_cell(&first.value.text(), &[], titled).is_none());
        let cell = own.unwrap_or(first);
        let label = cell.value.text();
        let rest: Vec<String> = cells
            .iter()
            .filter(|other| other.column != cell.column)
            .map(|cell| cell.value.text().into_owned())
            .filter(|text| !is_blank(text))
            .collect();
        let (row, column) = (cell.row, cell.column);
        if let (Some((labels, above)), Some(note)) = (last, notes.last_mut())
            && column > labels
            && row == above + 1
        {
            // The text of the remark above goes on: nothing stands where its label stands.
            let lines = std::iter::once(label.into_owned()).chain(rest);
            for line in lines.filter(|line| !is_blank(line)) {
                note.text.push('\n');
                note.text.push_str(&line);
            }
            last = Some((labels, row));
            continue;
        }
        let Some((key, label, text)) = key(&label, titled)
            .map(|key| (key, label.trim().to_owned(), rest.join("\n")))
            .or_else(|| in_one_cell(&label, &rest, titled))
        else {
            continue;
        };
        last = Some((column, row));
        notes.push(RemarkNote {
            key,
            label,
            text,
            place: page.place(row, column),
            referenced: false,
        });
    }
    notes
}

/// The number of a label. In a block with a title the number of an item is a label too; it has no number of a remark.
pub(crate) fn key(label: &str, titled: bool) -> Option<u32> {
    let key = Vocabulary::get().remark_key(label, titled);
    key.or_else(|| {
        let item = ItemNumber::parse(label).filter(|_| titled)?;
        // 項目13 counts by its number, 13.1 has none.
        Some(item.as_str().parse().unwrap_or(0))
    })
}

/// Label and text in one cell: `備考1：…`.
fn in_one_cell(cell: &str, rest: &[String], titled: bool) -> Option<(u32, String, String)> {
    let (head, tail) = cell.split_once([':', '：', '　', ' ', '\n', ')', '）'])?;
    let key = key(head, titled).filter(|_| !is_blank(tail))?;
    let text = std::iter::once(tail.trim())
        .chain(rest.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join("\n");
    Some((key, head.trim().to_owned(), text))
}
