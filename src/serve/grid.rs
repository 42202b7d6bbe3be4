//! Pictures of sheets: the cells around what was found, as a table with the faulty cells marked.
//!
//! A picture is bounded. Rows and columns in which nothing stands are left out, and of a long sheet those far from
//! any finding; where rows were left out, the picture says so.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::finding::{Finding, Severity};
use crate::limits::Limits;
use crate::place::Place;
use crate::read::grid::{Area, Sheet};
use crate::read::{self, Content};
use crate::source::Source;
use crate::text::show;

/// Sheets, rows of a sheet, columns, and characters of a cell that are shown at most.
const SHEETS: usize = 12;
const ROWS: usize = 240;
const COLUMNS: usize = 24;
const CHARS: usize = 160;
/// Rows that are shown before and after one with a finding, where not all are.
const AROUND: u32 = 2;
/// Rows at the top that are always shown: the head of the sheet.
const HEAD: usize = 12;

/// A sheet as a table.
#[derive(Debug, Serialize)]
pub(super) struct Picture {
    /// Its position in the file, for anchors.
    pub(super) at: usize,
    pub(super) sheet: String,
    is_hidden: bool,
    columns: Vec<String>,
    rows: Vec<Row>,
    /// Rows with something in them that are not shown.
    more_rows: usize,
    /// Columns with something in them that are not shown.
    more_columns: usize,
    marks: usize,
}

impl Picture {
    /// Whether a cell can be seen on it.
    pub(super) fn shows(&self, address: &str) -> bool {
        let mut cells = self.rows.iter().flat_map(|row| &row.cells);
        cells.any(|cell| cell.address == address)
    }
}

/// A row of a picture.
#[derive(Debug, Serialize)]
struct Row {
    number: u32,
    is_hidden: bool,
    /// Rows left out before this one.
    left_out: usize,
    cells: Vec<Cell>,
}

/// A cell of a picture.
#[derive(Debug, Serialize)]
struct Cell {
    address: String,
    text: String,
    across: usize,
    /// The gravest finding on it.
    severity: Option<&'static str>,
    /// Findings on it, by their position in the list.
    findings: Vec<usize>,
}

/// Findings on cells: sheet, row, column to the gravest and their positions.
type Marks = BTreeMap<(u32, u32), (Severity, Vec<usize>)>;

/// The pictures of a file's sheets; none of a file without cells.
pub(super) fn pictures(source: &Source, limits: &Limits, findings: &[&Finding]) -> Vec<Picture> {
    let Content::Grid(workbook) = read::read(source, limits).content else {
        return Vec::new();
    };
    let sheets = workbook.sheets.iter().enumerate();
    let drawn = sheets.filter(|(_, sheet)| sheet.has_cells && !sheet.cells.is_empty());
    let mut all: Vec<Picture> = drawn
        .map(|(at, sheet)| picture(at, sheet, &marks(sheet, findings)))
        .collect();
    // Of many sheets, those with findings first; in their order all the same.
    if all.len() > SHEETS {
        let mut order: Vec<(bool, usize)> = all.iter().map(|it| (it.marks == 0, it.at)).collect();
        order.sort_unstable();
        let kept: BTreeSet<usize> = order.iter().take(SHEETS).map(|(_, at)| *at).collect();
        all.retain(|picture| kept.contains(&picture.at));
    }
    all
}

fn marks(sheet: &Sheet, findings: &[&Finding]) -> Marks {
    let mut marks = Marks::new();
    for (at, finding) in findings.iter().enumerate() {
        if let Place::Cell {
            sheet: name,
            row,
            column,
        } = &finding.place
            && *name == sheet.name
        {
            let severity = finding.severity();
            let mark = marks
                .entry((*row, *column))
                .or_insert((severity, Vec::new()));
            mark.0 = mark.0.max(severity);
            mark.1.push(at);
        }
    }
    marks
}

fn picture(at: usize, sheet: &Sheet, marks: &Marks) -> Picture {
    let used: BTreeSet<u32> = sheet.cells.iter().map(|cell| cell.column).collect();
    let marked: BTreeSet<u32> = marks.keys().map(|(_, column)| *column).collect();
    let columns = columns(&used, &marked);
    let all: BTreeSet<u32> = sheet.cells.iter().map(|cell| cell.row).collect();
    let rows = rows(&all, marks);
    let mut drawn = Vec::with_capacity(rows.len());
    let mut before: Option<u32> = None;
    for row in &rows {
        let from = before.map_or(0, |before| before + 1);
        let left_out = all.range(from..*row).count();
        drawn.push(Row {
            number: row + 1,
            is_hidden: sheet.is_hidden(*row),
            left_out,
            cells: cells(sheet, *row, &columns, marks),
        });
        before = Some(*row);
    }
    let shown: BTreeSet<u32> = rows.iter().copied().collect();
    Picture {
        at,
        sheet: sheet.name.to_string(),
        is_hidden: !sheet.visible,
        columns: columns
            .iter()
            .map(|column| crate::place::column_letters(*column))
            .collect(),
        rows: drawn,
        more_rows: all.difference(&shown).count(),
        more_columns: used.len().saturating_sub(columns.len()),
        marks: marks.len(),
    }
}

/// The columns that are shown: all, or those with findings and the first of the others.
fn columns(used: &BTreeSet<u32>, marked: &BTreeSet<u32>) -> Vec<u32> {
    let mut shown: BTreeSet<u32> = marked.iter().copied().take(COLUMNS).collect();
    for column in used {
        if shown.len() >= COLUMNS {
            break;
        }
        shown.insert(*column);
    }
    shown.into_iter().collect()
}

/// The rows that are shown: all, or the head, those with findings and what stands around them.
fn rows(all: &BTreeSet<u32>, marks: &Marks) -> Vec<u32> {
    let marked: BTreeSet<u32> = marks.keys().map(|(row, _)| *row).collect();
    let together: BTreeSet<u32> = all.union(&marked).copied().collect();
    if together.len() <= ROWS {
        return together.into_iter().collect();
    }
    let mut shown: BTreeSet<u32> = together.iter().copied().take(HEAD).collect();
    for row in &marked {
        if shown.len() >= ROWS {
            break;
        }
        let near = row.saturating_sub(AROUND)..=row.saturating_add(AROUND);
        shown.extend(together.range(near));
    }
    // What is left goes to the top of the sheet.
    for row in &together {
        if shown.len() >= ROWS {
            break;
        }
        shown.insert(*row);
    }
    shown.into_iter().take(ROWS + 2 * AROUND as usize).collect()
}

fn cells(sheet: &Sheet, row: u32, columns: &[u32], marks: &Marks) -> Vec<Cell> {
    let mut drawn = Vec::with_capacity(columns.len());
    let mut at = 0;
    while at < columns.len() {
        let column = columns[at];
        let area = sheet.area(row, column);
        let across = across(area, row, column, &columns[at..]);
        let is_first = area.is_none_or(|area| area.first == (row, column));
        let text = match is_first {
            true => sheet.text(row, column),
            false => "".into(),
        };
        let mark = marks.get(&(row, column));
        drawn.push(Cell {
            address: crate::place::address(row, column),
            text: show(&text, CHARS),
            across,
            severity: mark.map(|(severity, _)| severity.code()),
            findings: mark.map(|(_, all)| all.clone()).unwrap_or_default(),
        });
        at += across;
    }
    drawn
}

/// Columns shown over which a merged area goes in its first row; anywhere else each cell stands by itself.
fn across(area: Option<Area>, row: u32, column: u32, columns: &[u32]) -> usize {
    match area {
        Some(area) if area.first == (row, column) => {
            let within = columns.iter().take_while(|at| **at <= area.last.1);
            within.count().max(1)
        }
        Some(_) | None => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::rule;

    fn finding(sheet: &str, row: u32, column: u32) -> Finding {
        let place = Place::Cell {
            sheet: sheet.into(),
            row,
            column,
        };
        Finding::new(rule::ANSWER_MISSING, place)
    }

    #[test]
    fn a_marked_cell_is_shown_though_nothing_stands_in_it() {
        let source = Source::new("a.csv", b"No.,answer\n1,\n".to_vec());
        let name = match read::read(&source, &Limits::default()).content {
            Content::Grid(book) => book.sheets[0].name.clone(),
            Content::Tree(_) | Content::Nothing => "".into(),
        };
        let found = finding(&name, 1, 1);
        let pictures = pictures(&source, &Limits::default(), &[&found]);
        let [picture] = &pictures[..] else {
            panic!("one sheet, not {pictures:?}");
        };
        assert_eq!(picture.columns, ["A", "B"]);
        let cell = &picture.rows[1].cells[1];
        assert_eq!(
            (cell.address.as_str(), cell.severity),
            ("B2", Some("error"))
        );
        assert_eq!(cell.findings, [0]);
    }

    #[test]
    fn a_long_wide_sheet_is_shown_around_its_findings() {
        let line = vec!["x"; 100].join(",") + "\n";
        let source = Source::new("a.csv", line.repeat(5_000).into_bytes());
        let name = match read::read(&source, &Limits::default()).content {
            Content::Grid(book) => book.sheets[0].name.clone(),
            Content::Tree(_) | Content::Nothing => "".into(),
        };
        let found = finding(&name, 4_000, 90);
        let pictures = pictures(&source, &Limits::default(), &[&found]);
        let picture = &pictures[0];
        assert_eq!(picture.columns.len(), COLUMNS);
        assert!(picture.columns.contains(&"CM".to_owned()));
        assert_eq!(picture.rows.len(), ROWS);
        assert!(
            picture
                .rows
                .iter()
                .any(|row| row.number == 4_001
                    && row.cells.iter().any(|cell| cell.severity.is_some()))
        );
        assert_eq!(picture.more_rows, 5_000 - ROWS);
        assert!(picture.rows.iter().any(|row| row.left_out > 0));
    }
}
