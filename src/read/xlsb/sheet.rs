//! The cells of a sheet, what is said about its rows and columns, its comments.

use super::super::beside::Comment;
use super::super::budget::{Budget, MAX_COLUMNS, MAX_ROWS};
use super::super::grid::{Area, CellValue, Sheet};
use super::super::runs::Text;
use super::super::{broken, damaged, serial};
use super::Book;
use super::record::{self, Data, Record, Records};
use crate::finding::Finding;
use crate::place::Place;

/// Reads the part of a sheet.
pub(super) fn cells(
    book: &Book,
    part: &[u8],
    sheet: &mut Sheet,
    budget: &mut Budget<'_>,
) -> Result<(), Finding> {
    let cut = |sheet: &Sheet| {
        let place = Place::Sheet(sheet.name.clone());
        damaged(place, "xlsb: a part ends before its end")
    };
    let mut records = Records::new(part);
    let (mut row, mut has_ended) = (0, false);
    loop {
        let record = records.next().map_err(|_| cut(sheet))?;
        let Some(Record { kind, mut data }) = record else {
            break;
        };
        match kind {
            record::ROW => {
                row = data.u32().unwrap_or(u32::MAX);
                if row >= MAX_ROWS {
                    return Err(broken(
                        Place::Sheet(sheet.name.clone()),
                        "detail-contradictory",
                    ));
                }
                data.skip(7);
                if data.u8().unwrap_or(0) & 0x10 != 0 {
                    sheet.hidden_rows.push(row);
                }
            }
            record::END_SHEET_DATA => has_ended = true,
            record::COLUMNS => columns(data, sheet),
            record::MERGE => {
                if let Some(area) = area(data) {
                    budget.merge(sheet, area);
                }
            }
            _ => cell(book, kind, data, row, sheet, budget).unwrap_or(Ok(()))?,
        }
    }
    if has_ended { Ok(()) } else { Err(cut(sheet)) }
}

/// `None` for records that are no cells, or too short to be one.
fn cell(
    book: &Book,
    kind: u16,
    mut data: Data<'_>,
    row: u32,
    sheet: &mut Sheet,
    budget: &mut Budget<'_>,
) -> Option<Result<(), Finding>> {
    let is_cell = (record::RK..=record::FORMULA_ERROR).contains(&kind);
    if !is_cell && kind != record::RICH_STRING {
        return None;
    }
    let column = data.u32().filter(|column| *column < MAX_COLUMNS)?;
    // The format in three bytes; the fourth holds flags.
    let format = data.u32()? & 0x00ff_ffff;
    let number = |number: f64| serial::value(number, book.styles.kind(format), book.is_1904);
    let own;
    let value = match kind {
        record::RK => number(serial::packed(data.u32()?)),
        record::REAL | record::FORMULA_NUMBER => number(data.f64()?),
        record::BOOL | record::FORMULA_BOOL => CellValue::Bool(data.u8()? != 0),
        record::ERROR | record::FORMULA_ERROR => CellValue::Error(serial::error(data.u8()?)),
        _ => {
            let text = match kind {
                record::SHARED_STRING => {
                    let at = usize::try_from(data.u32()?).ok()?;
                    match book.strings.get(at) {
                        Some(text) => text,
                        None => {
                            let place = Place::Cell {
                                sheet: sheet.name.clone(),
                                row,
                                column,
                            };
                            return Some(Err(broken(place, "detail-contradictory")));
                        }
                    }
                }
                record::RICH_STRING => {
                    own = data.rich_text();
                    &own
                }
                record::STRING | record::FORMULA_STRING => {
                    own = Text {
                        content: data.text(),
                        runs: Vec::new(),
                    };
                    &own
                }
                _ => return None,
            };
            let (runs, fill) = book.styles.runs(text, format);
            if let Err(finding) = budget.look(sheet, runs.look(row, column, fill)) {
                return Some(Err(finding));
            }
            CellValue::Text(text.content.as_str().into())
        }
    };
    Some(budget.put(sheet, row, column, value))
}

fn columns(mut data: Data<'_>, sheet: &mut Sheet) {
    let (Some(first), Some(last)) = (data.u32(), data.u32()) else {
        return;
    };
    data.skip(8);
    let last = last.min(MAX_COLUMNS - 1);
    if data.u16().unwrap_or(0) & 1 != 0 && first <= last {
        sheet.hidden_columns.push((first, last));
    }
}

fn area(mut data: Data<'_>) -> Option<Area> {
    let (top, bottom, left, right) = (data.u32()?, data.u32()?, data.u32()?, data.u32()?);
    let is_area = top <= bottom && left <= right && bottom < MAX_ROWS && right < MAX_COLUMNS;
    is_area.then_some(Area {
        first: (top, left),
        last: (bottom, right),
    })
}

/// Reads the part with the comments of a sheet.
pub(super) fn comments(
    part: &[u8],
    sheet: &mut Sheet,
    budget: &mut Budget<'_>,
) -> Result<(), Finding> {
    let mut records = Records::new(part);
    let mut at = None;
    while let Some(Record { kind, mut data }) = records.next()? {
        match kind {
            record::COMMENT => {
                data.skip(4);
                at = area(data).map(|area| area.first);
            }
            record::COMMENT_TEXT => {
                let text = data.rich_text().content;
                if let (Some((row, column)), false) = (at.take(), text.is_empty()) {
                    budget.text(&text, || Place::Cell {
                        sheet: sheet.name.clone(),
                        row,
                        column,
                    })?;
                    if budget.beside("limit-comments", sheet.beside.comments.len()) {
                        sheet.beside.comments.push(Comment { row, column, text });
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}
