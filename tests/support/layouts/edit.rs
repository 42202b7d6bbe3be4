//! What people do to a sheet after it was drawn: rows and columns put in, taken out, moved, merged, made bold.
//!
//! An edit changes the paper and the key together, so that the key says where everything stands now,
//! and which answers and remarks were taken out.

use super::random::Random;
use super::{Drawn, Spot};
use crate::support::paper::{Page, Stretch, Written};

/// Rows or columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Axis {
    Row,
    Column,
}

/// Does something to the sheet that holds the most, and says what.
pub(crate) fn edit(drawn: &mut Drawn, random: &mut Random) -> String {
    let sheets = drawn.paper.sheets.iter().enumerate();
    let sheet = sheets
        .max_by_key(|(_, page)| page.cells.len())
        .map_or(0, |(at, _)| at);
    let page = &drawn.paper.sheets[sheet];
    let rows = page.cells.iter().map(|ink| ink.row).max().unwrap_or(0) + 2;
    let columns = page.cells.iter().map(|ink| ink.column).max().unwrap_or(0) + 2;
    let row = below(random, rows);
    let column = below(random, columns);
    match random.below(9) {
        0 | 1 => {
            shift(drawn, sheet, Axis::Row, &|at| {
                Some(if at >= row { at + 1 } else { at })
            });
            format!("a row before row {}", row + 1)
        }
        2 => {
            shift(drawn, sheet, Axis::Column, &|at| {
                Some(if at >= column { at + 1 } else { at })
            });
            format!("a column before column {}", column + 1)
        }
        3 => {
            shift(drawn, sheet, Axis::Row, &|at| without(at, row));
            format!("without row {}", row + 1)
        }
        4 => {
            shift(drawn, sheet, Axis::Column, &|at| without(at, column));
            format!("without column {}", column + 1)
        }
        5 => {
            let other = below(random, columns);
            if spans_columns(&drawn.paper.sheets[sheet]) {
                return "nothing: merged cells do not let columns be moved".to_owned();
            }
            let swapped = |at| {
                if at == column {
                    other
                } else if at == other {
                    column
                } else {
                    at
                }
            };
            shift(drawn, sheet, Axis::Column, &|at| Some(swapped(at)));
            format!("columns {} and {} swapped", column + 1, other + 1)
        }
        6 => merge(&mut drawn.paper.sheets[sheet], row, column),
        _ => restyle(&mut drawn.paper.sheets[sheet], random),
    }
}

/// The same on squared paper: each cell is so many columns wide and rows high, merged.
pub(crate) fn on_squared_paper(drawn: &mut Drawn, wide: u32, high: u32) {
    for sheet in 0..drawn.paper.sheets.len() {
        // Merged areas are stretched here, all else is moved below.
        let page = &mut drawn.paper.sheets[sheet];
        let mut merges = std::mem::take(&mut page.merges);
        let inside = |row: u32, column: u32, (top, left, bottom, right): &(u32, u32, u32, u32)| {
            (*top..=*bottom).contains(&row) && (*left..=*right).contains(&column)
        };
        for ink in &page.cells {
            if !merges.iter().any(|area| inside(ink.row, ink.column, area)) {
                merges.push((ink.row, ink.column, ink.row, ink.column));
            }
        }
        shift(drawn, sheet, Axis::Row, &|row| Some(row * high));
        shift(drawn, sheet, Axis::Column, &|column| Some(column * wide));
        let stretched = merges.iter().map(|(top, left, bottom, right)| {
            (
                top * high,
                left * wide,
                bottom * high + high - 1,
                right * wide + wide - 1,
            )
        });
        drawn.paper.sheets[sheet].merges = stretched.collect();
    }
}

fn below(random: &mut Random, end: u32) -> u32 {
    u32::try_from(random.below(usize::try_from(end).expect("small"))).expect("small")
}

fn without(at: u32, gone: u32) -> Option<u32> {
    match at.cmp(&gone) {
        std::cmp::Ordering::Less => Some(at),
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(at - 1),
    }
}

fn spans_columns(page: &Page) -> bool {
    page.merges.iter().any(|(_, first, _, last)| last > first)
}

/// Moves everything along an axis; what has no new place is taken out.
fn shift(drawn: &mut Drawn, sheet: usize, axis: Axis, to: &dyn Fn(u32) -> Option<u32>) {
    let place = |row: u32, column: u32| match axis {
        Axis::Row => to(row).map(|row| (row, column)),
        Axis::Column => to(column).map(|column| (row, column)),
    };
    let area = |(top, left, bottom, right): (u32, u32, u32, u32)| {
        // What is left of an area whose first or last row is taken out begins or ends beside it.
        let (first, last) = if axis == Axis::Row {
            (top, bottom)
        } else {
            (left, right)
        };
        let kept: Vec<u32> = (first..=last).filter_map(to).collect();
        let (first, last) = (*kept.iter().min()?, *kept.iter().max()?);
        Some(if axis == Axis::Row {
            (first, left, last, right)
        } else {
            (top, first, bottom, last)
        })
    };
    let page = &mut drawn.paper.sheets[sheet];
    page.cells.retain_mut(|ink| {
        let new = place(ink.row, ink.column);
        (ink.row, ink.column) = new.unwrap_or_default();
        new.is_some()
    });
    page.merges = page
        .merges
        .drain(..)
        .filter_map(area)
        .filter(|(t, l, b, r)| (t, l) != (b, r))
        .collect();
    page.comments
        .retain_mut(|(row, column, _)| moved(row, column, &place));
    page.boxes
        .retain_mut(|(row, column, ..)| moved(row, column, &place));
    page.ellipses
        .retain_mut(|(row, column)| moved(row, column, &place));
    page.text_boxes
        .retain_mut(|(row, column, _)| moved(row, column, &place));
    page.lists = page
        .lists
        .drain(..)
        .filter_map(|(top, left, bottom, right, words)| {
            let (top, left, bottom, right) = area((top, left, bottom, right))?;
            Some((top, left, bottom, right, words))
        })
        .collect();
    let spots = |spots: &mut Vec<Spot>| {
        let before = spots.len();
        spots.retain_mut(|(at, row, column)| *at != sheet || moved(row, column, &place));
        spots.len() < before
    };
    for key in &mut drawn.keys {
        for row in &mut key.rows {
            row.answer_cut |= spots(&mut row.places);
            row.remark_cut |= spots(&mut row.remark_places);
        }
        for (_, _, places) in &mut key.head {
            spots(places);
        }
    }
}

fn moved(row: &mut u32, column: &mut u32, place: &dyn Fn(u32, u32) -> Option<(u32, u32)>) -> bool {
    let new = place(*row, *column);
    (*row, *column) = new.unwrap_or_default();
    new.is_some()
}

/// Merges a cell with the empty one to its right.
fn merge(page: &mut Page, row: u32, column: u32) -> String {
    let holds = |column: u32| {
        page.cells
            .iter()
            .any(|ink| (ink.row, ink.column) == (row, column))
    };
    let touches = |(top, left, bottom, right): &(u32, u32, u32, u32)| {
        (*top..=*bottom).contains(&row) && *left <= column + 1 && *right >= column
    };
    if !holds(column) || holds(column + 1) || page.merges.iter().any(touches) {
        return "nothing: not to be merged".to_owned();
    }
    page.merges.push((row, column, row, column + 1));
    format!(
        "row {}, column {} merged with the next",
        row + 1,
        column + 1
    )
}

/// Makes some texts bold or grey, as people do to what they find important, or not.
fn restyle(page: &mut Page, random: &mut Random) -> String {
    let column = random.of(&page.cells).column;
    for ink in page.cells.iter_mut().filter(|ink| ink.column == column) {
        if let Written::Text(text) = &ink.value {
            let text = text.clone();
            ink.value = Written::Rich(vec![Stretch {
                text,
                bold: true,
                fill: Some([0xE2, 0xEF, 0xDA]),
                ..Stretch::default()
            }]);
        }
    }
    format!("column {} bold and green", column + 1)
}
