//! Excel workbooks (`.xlsx`, `.xlsm`): cells taken while the package is inflated, or from calamine's cell stream.
//!
//! A workbook that is written as spreadsheet programs write them is read in one pass over each part. Any other is
//! calamine's: it takes more spellings, and says what is wrong with a broken one. Both tell the same of what both read.
//!
//! NOTE: never `worksheet_range`: it makes a dense table, and a file of 1,470 bytes with cells in A1 and
//! XFD1048576 makes that abort the process (tafia/calamine#693).

use std::collections::HashSet;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::budget::{CELL, MAX_COLUMNS, MAX_ROWS, sort_cells, text_bytes};
use super::grid::{Cell, CellValue, Sheet, Workbook};
use super::merged::Merged;
use super::ooxml::validations::{self, Listed};
use super::serial::from_serial;
use super::{Content, Reading, broken, damaged, not_read, out_of_memory, package, too_large};
use crate::finding::{Finding, Value, rule};
use crate::limits::Limits;
use crate::place::Place;

/// Reads a workbook from the bytes of a zip package.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Reading {
    read_so(bytes, limits, true)
}

fn read_so(bytes: &[u8], limits: &Limits, on_the_way: bool) -> Reading {
    let mut package = match package::inspect(bytes, limits, on_the_way) {
        Ok(package) => package,
        Err(finding) => return Reading::refused(finding),
    };
    if let (Some(kind), false) = (package.other_kind, package.is_workbook) {
        return Reading::refused(not_read(kind));
    }
    if !package.is_workbook {
        return Reading::refused(not_read("detail-zip"));
    }
    let mut reading = match package.quick.take() {
        Some(sheets) => quick(sheets, &package),
        // A parser's panic on a hostile file is that file's fault, and must not end a batch.
        None => catch_unwind(AssertUnwindSafe(|| workbook(bytes, &package, limits)))
            .unwrap_or_else(|_| Reading::refused(broken(Place::File, "detail-contradictory"))),
    };
    if package.has_macros {
        reading
            .findings
            .push(Finding::new(rule::FILE_MACRO, Place::File));
    }
    reading.findings.extend(package.left_out);
    for target in &package.external_links {
        reading.findings.push(
            Finding::new(rule::FILE_EXTERNAL_LINK, Place::File)
                .with("target", Value::quoted(target.clone())),
        );
    }
    reading
}

/// A workbook whose cells were read when its parts were inflated.
fn quick(taken: Vec<package::Quick>, package: &package::Package) -> Reading {
    let mut sheets = Vec::with_capacity(taken.len());
    let mut lists = Vec::with_capacity(taken.len());
    for quick in taken {
        let mut extras = quick.extras;
        let cells = quick.cells.unwrap_or_default();
        extras.beside.looks = package.looks.of_cells(&extras.styled, &cells);
        lists.push(extras.lists);
        sheets.push(Sheet {
            name: quick.name.as_str().into(),
            visible: quick.visible,
            has_cells: quick.has_cells,
            cells,
            hidden_rows: extras.hidden_rows,
            hidden_columns: extras.hidden_columns,
            beside: extras.beside,
            merged: Merged::of(&extras.merges),
            merges: extras.merges,
        });
    }
    let mut workbook = Workbook {
        sheets,
        ..Workbook::default()
    };
    let findings = choices(&mut workbook, &lists, package);
    Reading {
        content: Content::Grid(workbook),
        findings: findings.into_iter().collect(),
    }
}

fn workbook(bytes: &[u8], package: &package::Package, limits: &Limits) -> Reading {
    let mut workbook: Xlsx<_> = match Xlsx::new(Cursor::new(bytes)) {
        Ok(workbook) => workbook,
        Err(XlsxError::Password) => {
            return Reading::refused(Finding::new(rule::FILE_ENCRYPTED, Place::File));
        }
        Err(_) if package.has_macro_sheets => {
            return Reading::refused(broken(Place::File, "detail-macro-sheet"));
        }
        Err(error) => return Reading::refused(damaged(Place::File, error)),
    };
    let is_1904 = workbook.has_1904_epoch();
    let metadata: Vec<_> = workbook.sheets_metadata().to_vec();
    if metadata.is_empty() {
        return Reading::refused(broken(Place::File, "detail-no-sheet"));
    }
    if metadata.len() > limits.sheets {
        let found = metadata.len();
        return Reading::refused(too_large(Place::File, "limit-sheets", limits.sheets, found));
    }
    let mut findings = Vec::new();
    let mut budget = Budget {
        cells: 0,
        text: 0,
        is_1904,
        memory: package.memory,
        limits,
    };
    let mut parts = HashSet::new();
    let mut sheets = Vec::new();
    let mut lists = Vec::new();
    for meta in metadata {
        let extras = package.extras(&meta.name);
        let mut sheet = Sheet {
            name: meta.name.as_str().into(),
            visible: meta.visible == SheetVisible::Visible,
            has_cells: meta.typ == SheetType::WorkSheet,
            cells: Vec::new(),
            hidden_rows: extras.hidden_rows,
            hidden_columns: extras.hidden_columns,
            beside: extras.beside,
            merged: Merged::of(&extras.merges),
            merges: extras.merges,
        };
        if sheet.has_cells {
            // A part that several sheets claim to be would be read again and again.
            let part = package.part(&meta.name);
            let read = if part.is_none_or(|part| parts.insert(part)) {
                budget.cells(&mut workbook, &mut sheet)
            } else {
                let place = Place::Sheet(sheet.name.clone());
                Err(Stop::Finding(broken(place, "detail-contradictory")))
            };
            // Also what was read of a damaged sheet: out of order or twice, the last one written counts, as in Excel.
            sort_cells(&mut sheet.cells);
            match read {
                Ok(()) => {}
                Err(Stop::NotCells) => sheet.has_cells = false,
                Err(Stop::Finding(finding)) => {
                    let whole_file = finding.rule == rule::FILE_TOO_LARGE;
                    findings.push(finding);
                    if whole_file {
                        return Reading {
                            content: Content::Nothing,
                            findings,
                        };
                    }
                }
            }
        }
        sheet.beside.looks = package.looks.of_cells(&extras.styled, &sheet.cells);
        lists.push(extras.lists);
        sheets.push(sheet);
    }
    let mut workbook = Workbook {
        sheets,
        ..Workbook::default()
    };
    findings.extend(choices(&mut workbook, &lists, package));
    Reading {
        content: Content::Grid(workbook),
        findings,
    }
}

/// Tells which words cells offer, now that all cells are read.
fn choices(
    workbook: &mut Workbook,
    lists: &[Vec<Listed>],
    package: &package::Package,
) -> Option<Finding> {
    let (choices, left_out) = validations::resolve(lists, &package.names, workbook);
    for (sheet, choices) in workbook.sheets.iter_mut().zip(choices) {
        sheet.beside.choices = choices;
    }
    let allowed = validations::EFFORT;
    left_out.then(|| {
        let found = format!("> {allowed}");
        too_large(Place::File, "limit-choices", allowed, found)
    })
}

/// What has been taken from a workbook so far, against the limits.
struct Budget<'l> {
    cells: usize,
    text: usize,
    is_1904: bool,
    /// Bytes of memory that may still be taken.
    memory: usize,
    limits: &'l Limits,
}

enum Stop {
    NotCells,
    Finding(Finding),
}

impl Budget<'_> {
    fn cells(&mut self, workbook: &mut Xlsx<Cursor<&[u8]>>, sheet: &mut Sheet) -> Result<(), Stop> {
        let stop = |name: &std::sync::Arc<str>, error: &dyn std::fmt::Display| {
            Stop::Finding(damaged(Place::Sheet(name.clone()), error))
        };
        let name = sheet.name.clone();
        let mut reader = match workbook.worksheet_cells_reader(&name) {
            Ok(reader) => reader,
            Err(XlsxError::NotAWorksheet(_)) => return Err(Stop::NotCells),
            Err(error) => return Err(stop(&name, &error)),
        };
        loop {
            let cell = match reader.next_cell() {
                Ok(Some(cell)) => cell,
                Ok(None) => break,
                Err(error) => return Err(stop(&name, &error)),
            };
            let (row, column) = cell.get_position();
            if row >= MAX_ROWS || column >= MAX_COLUMNS {
                let place = Place::Sheet(name);
                return Err(Stop::Finding(broken(place, "detail-contradictory")));
            }
            let Some(value) = self.value(cell.get_value(), &name, row, column)? else {
                continue;
            };
            self.cells += 1;
            if self.cells > self.limits.cells {
                let place = Place::Cell {
                    sheet: name,
                    row,
                    column,
                };
                return Err(Stop::Finding(too_large(
                    place,
                    "limit-cells",
                    self.limits.cells,
                    format!("> {}", self.limits.cells),
                )));
            }
            let text = match &value {
                CellValue::Text(text) => text_bytes(text.len()),
                CellValue::Number(_)
                | CellValue::Bool(_)
                | CellValue::Date(_)
                | CellValue::Error(_) => 0,
            };
            let Some(left) = self.memory.checked_sub(CELL + text) else {
                let place = Place::Cell {
                    sheet: name,
                    row,
                    column,
                };
                return Err(Stop::Finding(out_of_memory(place, self.limits)));
            };
            self.memory = left;
            sheet.cells.push(Cell { row, column, value });
        }
        Ok(())
    }

    fn value(
        &mut self,
        data: &DataRef<'_>,
        sheet: &std::sync::Arc<str>,
        row: u32,
        column: u32,
    ) -> Result<Option<CellValue>, Stop> {
        let text = match data {
            DataRef::Empty => return Ok(None),
            DataRef::Int(number) => return Ok(Some(CellValue::Number(*number as f64))),
            DataRef::Float(number) => return Ok(Some(CellValue::Number(*number))),
            DataRef::Bool(value) => return Ok(Some(CellValue::Bool(*value))),
            DataRef::DateTime(date) => {
                let serial = date.as_f64();
                if (0.0..1.0).contains(&serial) && !date.is_duration() {
                    // A time of day without a day is no date.
                    let minutes = (serial * 1440.0).round() as u32;
                    let time = format!("{}:{:02}", minutes / 60, minutes % 60);
                    return Ok(Some(CellValue::Text(time.into())));
                }
                let day = if date.is_duration() {
                    None
                } else {
                    from_serial(serial, self.is_1904)
                };
                return Ok(Some(day.map_or(CellValue::Number(serial), CellValue::Date)));
            }
            DataRef::Error(error) => return Ok(Some(CellValue::Error(error_name(error)))),
            DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
                text.as_str()
            }
            DataRef::SharedString(text) => text,
        };
        if text.is_empty() {
            return Ok(None);
        }
        let place = || Place::Cell {
            sheet: sheet.clone(),
            row,
            column,
        };
        // Bytes bound characters from above, so most texts need no counting.
        if text.len() > self.limits.cell_chars && text.chars().count() > self.limits.cell_chars {
            let found = text.chars().count();
            return Err(Stop::Finding(too_large(
                place(),
                "limit-cell",
                self.limits.cell_chars,
                found,
            )));
        }
        self.text += text.len();
        if self.text > self.limits.text_bytes {
            let found = format!("> {} bytes", self.limits.text_bytes);
            return Err(Stop::Finding(too_large(
                place(),
                "limit-text",
                format!("{} bytes", self.limits.text_bytes),
                found,
            )));
        }
        // calamine has undone Excel's spelling of characters (`_x000D_`) already.
        Ok(Some(CellValue::Text(text.into())))
    }
}

fn error_name(error: &calamine::CellErrorType) -> &'static str {
    use calamine::CellErrorType::{Div0, GettingData, NA, Name, Null, Num, Ref, Value};
    match error {
        Div0 => "#DIV/0!",
        NA => "#N/A",
        Name => "#NAME?",
        Null => "#NULL!",
        Num => "#NUM!",
        Ref => "#REF!",
        Value => "#VALUE!",
        GettingData => "#GETTING_DATA",
    }
}

#[cfg(test)]
mod tests;
