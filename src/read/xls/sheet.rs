//! The cells of a sheet, and what is said about its rows and columns.

use super::super::budget::Budget;
use super::super::grid::{Area, CellValue, Sheet};
use super::super::runs::Text;
use super::super::serial;
use super::super::{broken, damaged};
use super::Globals;
use super::objects::Objects;
use super::record::{self, Record, Records};
use crate::finding::Finding;
use crate::place::Place;

/// Reads the records of a sheet that begins at `start`; `left` is how many bytes may be gone past.
pub(super) fn read(
    stream: &[u8],
    start: usize,
    globals: &Globals,
    sheet: &mut Sheet,
    budget: &mut Budget<'_>,
    left: &mut usize,
) -> Result<(), Finding> {
    let place = Place::Sheet(sheet.name.clone());
    let mut records = Records::new(stream, start);
    let mut reader = Reader {
        globals,
        budget,
        formula: None,
        objects: Objects::default(),
    };
    // Charts within a sheet have cells of their own, which are not the sheet's.
    let mut depth = 0usize;
    let done = loop {
        let before = records.at();
        let record = match records.next() {
            Ok(record) => record,
            Err(detail) => break Err(damaged(place, detail)),
        };
        *left = left.saturating_sub(records.at() - before);
        if *left == 0 {
            break Err(broken(place, "detail-contradictory"));
        }
        match record.kind {
            record::BOF => depth += 1,
            _ if depth == 0 => break Err(damaged(place, "xls: no beginning")),
            record::EOF if depth == 1 => break Ok(()),
            record::EOF => depth -= 1,
            _ if depth == 1 => {
                if let Err(finding) = reader.take(&record, sheet) {
                    break Err(finding);
                }
            }
            _ => {}
        }
    };
    reader.objects.finish(sheet);
    done
}

struct Reader<'g, 'b, 'l> {
    globals: &'g Globals,
    budget: &'b mut Budget<'l>,
    /// The cell of a formula whose text comes in a record of its own.
    formula: Option<(u16, u16, u16)>,
    objects: Objects,
}

impl Reader<'_, '_, '_> {
    fn take(&mut self, record: &Record<'_>, sheet: &mut Sheet) -> Result<(), Finding> {
        match record.kind {
            record::ROW => {
                if let (Some(row), Some(flags)) = (record.u16(0), record.u16(12))
                    && flags & 0x20 != 0
                {
                    sheet.hidden_rows.push(u32::from(row));
                }
                Ok(())
            }
            record::COLUMNS => {
                let hidden = record.u16(8).is_some_and(|flags| flags & 1 != 0);
                if let (Some(first), Some(last), true) = (record.u16(0), record.u16(2), hidden)
                    && first <= last
                {
                    // NOTE: Excel writes 256 for "to the last column", which is 255.
                    let last = last.min(255).max(first);
                    sheet.hidden_columns.push((first.into(), last.into()));
                }
                Ok(())
            }
            record::MERGES => {
                for area in areas(&record.joined()) {
                    self.budget.merge(sheet, area);
                }
                Ok(())
            }
            record::NOTE
            | record::OBJECT
            | record::DRAWING
            | record::TEXT_OBJECT
            | record::VALIDATION => {
                let globals = self.globals;
                self.objects.take(record, globals, sheet, self.budget)
            }
            _ => self.cell(record, sheet).unwrap_or(Ok(())),
        }
    }

    /// `None` for records that are no cells, or too short to be one.
    fn cell(&mut self, record: &Record<'_>, sheet: &mut Sheet) -> Option<Result<(), Finding>> {
        if record.kind == record::STRING {
            let at = self.formula.take()?;
            let text = record.reader().text(self.globals, true);
            return Some(self.text(at, &text, sheet));
        }
        let (row, column, format) = (record.u16(0)?, record.u16(2)?, record.u16(4)?);
        let at = (row, column, format);
        let value = match record.kind {
            record::NUMBER => self.number(record.f64(6)?, format),
            record::RK => self.number(serial::packed(record.u32(6)?), format),
            record::MANY_RK => return Some(self.many(record, sheet)),
            record::BOOL_OR_ERROR => {
                let (value, is_error) = (*record.data().get(6)?, *record.data().get(7)?);
                if is_error == 0 {
                    CellValue::Bool(value != 0)
                } else {
                    CellValue::Error(serial::error(value))
                }
            }
            record::SHARED_STRING => {
                let number = usize::try_from(record.u32(6)?).ok()?;
                let globals = self.globals;
                let Some(text) = globals.strings.get(number) else {
                    return Some(Err(broken(
                        place(sheet, row, column),
                        "detail-contradictory",
                    )));
                };
                return Some(self.text(at, text, sheet));
            }
            record::LABEL | record::RICH_STRING => {
                let mut reader = record.reader();
                reader.skip(6);
                let mut text = reader.text(self.globals, true);
                if record.kind == record::RICH_STRING && !self.globals.is_biff8 {
                    let count = reader.u8().unwrap_or(0);
                    let runs =
                        (0..count).map_while(|_| Some((reader.u8()?.into(), reader.u8()?.into())));
                    text.runs = in_characters(&text.content, runs.collect(), self.globals);
                }
                return Some(self.text(at, &text, sheet));
            }
            record::FORMULA => self.result(record, at)?,
            _ => return None,
        };
        Some(self.budget.put(sheet, row.into(), column.into(), value))
    }

    fn number(&self, number: f64, format: u16) -> CellValue {
        let kind = self.globals.kind(format);
        serial::value(number, kind, self.globals.is_1904)
    }

    /// The result of a formula; `None` where it is a text, which follows, or nothing.
    fn result(&mut self, record: &Record<'_>, at: (u16, u16, u16)) -> Option<CellValue> {
        self.formula = None;
        let data = record.data().get(6..14)?;
        if data[6..] != [0xff, 0xff] {
            return Some(self.number(record.f64(6)?, at.2));
        }
        match data[0] {
            0 => {
                self.formula = Some(at);
                None
            }
            1 => Some(CellValue::Bool(data[2] != 0)),
            2 => Some(CellValue::Error(serial::error(data[2]))),
            _ => None,
        }
    }

    fn many(&mut self, record: &Record<'_>, sheet: &mut Sheet) -> Result<(), Finding> {
        let data = record.data();
        let (Some(row), Some(first)) = (record.u16(0), record.u16(2)) else {
            return Ok(());
        };
        let cells = data
            .get(4..data.len().saturating_sub(2))
            .unwrap_or_default();
        for (column, cell) in (first..=u16::MAX).zip(cells.chunks_exact(6)) {
            let format = u16::from_le_bytes([cell[0], cell[1]]);
            let number = serial::packed(u32::from_le_bytes([cell[2], cell[3], cell[4], cell[5]]));
            let value = self.number(number, format);
            self.budget.put(sheet, row.into(), column.into(), value)?;
        }
        Ok(())
    }

    fn text(
        &mut self,
        (row, column, format): (u16, u16, u16),
        text: &Text,
        sheet: &mut Sheet,
    ) -> Result<(), Finding> {
        let (runs, fill) = self.globals.looks.runs(text, format);
        let value = CellValue::Text(text.content.as_str().into());
        self.budget.put(sheet, row.into(), column.into(), value)?;
        let look = runs.look(row.into(), column.into(), fill);
        self.budget.look(sheet, look)
    }
}

fn place(sheet: &Sheet, row: u16, column: u16) -> Place {
    Place::Cell {
        sheet: sheet.name.clone(),
        row: row.into(),
        column: column.into(),
    }
}

/// Runs that begin at bytes of the code page, as runs that begin at characters.
fn in_characters(content: &str, runs: Vec<(u16, u16)>, globals: &Globals) -> Vec<(u16, u16)> {
    if runs.is_empty() {
        return runs;
    }
    let encoding = globals.encoding.unwrap_or(encoding_rs::SHIFT_JIS);
    let mut starts = Vec::new();
    let (mut bytes, mut units) = (0, 0);
    for c in content.chars() {
        starts.push((bytes, units));
        let mut buffer = [0; 4];
        bytes += encoding.encode(c.encode_utf8(&mut buffer)).0.len();
        units += u16::try_from(c.len_utf16()).unwrap_or(1);
    }
    runs.into_iter()
        .filter_map(|(from, font)| {
            let at = starts.partition_point(|(byte, _)| *byte < usize::from(from));
            starts.get(at).map(|(_, unit)| (*unit, font))
        })
        .collect()
}

/// Areas as four numbers each: first and last row, first and last column.
pub(super) fn areas(data: &[u8]) -> Vec<Area> {
    let number = |two: &[u8]| u32::from(u16::from_le_bytes([two[0], two[1]]));
    data.get(2..)
        .unwrap_or_default()
        .chunks_exact(8)
        .map(|eight| Area {
            first: (number(&eight[..2]), number(&eight[4..6])),
            last: (number(&eight[2..4]), number(&eight[6..])),
        })
        .filter(|area| area.first.0 <= area.last.0 && area.first.1 <= area.last.1)
        .collect()
}
