//! Excel 97 to 2003 (`.xls`, BIFF8) and Excel 5.0 and 95 (BIFF5), whose texts are in Shift_JIS in Japan.
//!
//! Records are read one after another; nothing is asked of the file before it was looked at. NOTE: calamine
//! makes a dense table of every sheet when it opens such a file, so cells in A1 and IV65536 would cost it
//! half a gigabyte. Source of the records: MS-XLS.

mod look;
mod objects;
mod record;
mod sheet;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use encoding_rs::{Encoding, SHIFT_JIS, WINDOWS_1252};

use self::look::Looks;
use self::record::{Record, Records};
use super::budget::{Budget, empty_sheet, held_by, settle, too_many_strings};
use super::compound::Compound;
use super::grid::Workbook;
use super::runs::Text;
use super::serial::{self, Kind};
use super::{Content, Reading, broken, damaged};
use crate::finding::{Finding, Value, rule};
use crate::limits::Limits;
use crate::place::Place;

/// Reads a compound file that holds a workbook.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Reading {
    workbook(bytes, limits).unwrap_or_else(Reading::refused)
}

fn workbook(bytes: &[u8], limits: &Limits) -> Result<Reading, Finding> {
    let file = Compound::open(bytes)?;
    let stream = match file.stream("Workbook")? {
        Some(stream) => stream,
        None => file
            .stream("Book")?
            .ok_or_else(|| broken(Place::File, "detail-compound"))?,
    };
    let globals = Globals::read(&stream, limits)?;
    if globals.sheets.is_empty() {
        return Err(broken(Place::File, "detail-no-sheet"));
    }
    let mut reading = sheets(&stream, &globals, limits);
    if file.names().any(|name| name == "_VBA_PROJECT_CUR") || globals.has_macros() {
        reading
            .findings
            .push(Finding::new(rule::FILE_MACRO, Place::File));
    }
    for target in globals.links {
        reading.findings.push(
            Finding::new(rule::FILE_EXTERNAL_LINK, Place::File)
                .with("target", Value::quoted(target)),
        );
    }
    Ok(reading)
}

fn sheets(stream: &[u8], globals: &Globals, limits: &Limits) -> Reading {
    // The file, and the stream that was put together from it.
    let held = stream.len() * 2 + held_by(&globals.strings);
    let mut budget = Budget::new(held, limits);
    let mut findings = Vec::new();
    let mut sheets = Vec::new();
    // Sheets may say that they begin within each other; all together they cannot be longer than this.
    let mut left = stream.len().saturating_mul(2);
    for bound in &globals.sheets {
        if let Err(finding) = budget.sheet() {
            return Reading::refused(finding);
        }
        let mut sheet = empty_sheet(&bound.name, bound.visible);
        sheet.has_cells = bound.kind == 0;
        if sheet.has_cells
            && let Err(finding) = sheet::read(
                stream,
                bound.start,
                globals,
                &mut sheet,
                &mut budget,
                &mut left,
            )
        {
            let whole_file = finding.rule == rule::FILE_TOO_LARGE;
            findings.push(finding);
            if whole_file {
                return Reading {
                    content: Content::Nothing,
                    findings,
                };
            }
        }
        settle(&mut sheet);
        sheets.push(sheet);
    }
    findings.extend(budget.left_out());
    Reading {
        content: Content::Grid(Workbook {
            sheets,
            ..Workbook::default()
        }),
        findings,
    }
}

/// What all sheets of a workbook share.
struct Globals {
    is_biff8: bool,
    encoding: Option<&'static Encoding>,
    is_1904: bool,
    formats: HashMap<u16, Kind>,
    looks: Looks,
    strings: Vec<Text>,
    sheets: Vec<Bound>,
    links: Vec<String>,
}

/// A sheet as the workbook lists it.
struct Bound {
    start: usize,
    name: String,
    visible: bool,
    /// 0 is a sheet of cells, 1 one of old macros, 2 a chart.
    kind: u8,
}

impl Globals {
    fn read(stream: &[u8], limits: &Limits) -> Result<Self, Finding> {
        let mut globals = Self {
            is_biff8: true,
            encoding: None,
            is_1904: false,
            formats: HashMap::new(),
            looks: Looks::default(),
            strings: Vec::new(),
            sheets: Vec::new(),
            links: Vec::new(),
        };
        let mut records = Records::new(stream, 0);
        let mut is_first = true;
        loop {
            let record = records
                .next()
                .map_err(|detail| damaged(Place::File, detail))?;
            match record.kind {
                record::BOF if is_first => {
                    // NOTE: Excel 5 and 95 both write 0x0500.
                    globals.is_biff8 = record.u16(0) == Some(0x0600);
                }
                record::BOF => return Err(damaged(Place::File, "xls: no end of the first part")),
                _ if is_first => return Err(damaged(Place::File, "xls: no beginning")),
                record::EOF => break,
                _ => globals.take(&record, limits)?,
            }
            is_first = false;
        }
        Ok(globals)
    }

    fn take(&mut self, record: &Record<'_>, limits: &Limits) -> Result<(), Finding> {
        match record.kind {
            record::FILE_PASS => return Err(Finding::new(rule::FILE_ENCRYPTED, Place::File)),
            record::CODE_PAGE => self.encoding = record.u16(0).and_then(encoding),
            record::DATE_MODE => self.is_1904 = record.u16(0) == Some(1),
            record::FORMAT => {
                let mut reader = record.reader();
                if let Some(id) = reader.u16() {
                    let text = reader.text(self, self.is_biff8);
                    self.formats.insert(id, serial::custom(&text.content));
                }
            }
            record::FONT => self.looks.font(record),
            record::XF => self.looks.cell_format(record, self.is_biff8),
            record::PALETTE => self.looks.palette(record),
            // No more than tell that there are too many.
            record::BOUND_SHEET if self.sheets.len() <= limits.sheets => {
                self.sheets.extend(self.bound(record));
            }
            record::SUP_BOOK => self.links.extend(self.link(record)),
            record::STRINGS => {
                let mut reader = record.reader();
                reader.skip(8);
                while !reader.is_empty() {
                    too_many_strings(self.strings.len(), limits)?;
                    self.strings.push(reader.rich_text());
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn bound(&self, record: &Record<'_>) -> Option<Bound> {
        let mut reader = record.reader();
        let start = usize::try_from(reader.u32()?).ok()?;
        let (state, kind) = (reader.u8()?, reader.u8()?);
        let name = reader.short_text(self).content.replace('\0', "");
        Some(Bound {
            start,
            name,
            visible: state & 3 == 0,
            kind,
        })
    }

    /// The file that a workbook has values from. Its path is written with signs below the space.
    fn link(&self, record: &Record<'_>) -> Option<String> {
        let mut reader = record.reader();
        reader.skip(2);
        // Fixed numbers in the place of a length stand for the workbook itself and for functions.
        if matches!(record.u16(2)?, 0x0401 | 0x3a01) || !self.is_biff8 || self.links.len() >= 100 {
            return None;
        }
        let text = reader.text(self, true).content;
        let path: String = text
            .chars()
            .filter_map(|c| match c {
                '\u{3}' => Some('/'),
                c if c < ' ' => None,
                c => Some(c),
            })
            .collect();
        (!path.is_empty()).then_some(path)
    }

    fn has_macros(&self) -> bool {
        self.sheets.iter().any(|sheet| sheet.kind == 1)
    }

    /// A text in bytes, as Excel 5 and 95 write it.
    fn decode(&self, bytes: &[u8]) -> String {
        let encoding = self.encoding.unwrap_or_else(|| {
            let (_, malformed) = SHIFT_JIS.decode_without_bom_handling(bytes);
            if malformed { WINDOWS_1252 } else { SHIFT_JIS }
        });
        encoding.decode_without_bom_handling(bytes).0.into_owned()
    }

    /// What the format of a cell makes of its number.
    fn kind(&self, format: u16) -> Kind {
        let id = self.looks.number_format(format);
        let own = self.formats.get(&id).copied();
        own.unwrap_or_else(|| serial::built_in(id))
    }
}

/// The encoding of a code page of Windows, as far as Excel 5 and 95 were sold with it.
fn encoding(code_page: u16) -> Option<&'static Encoding> {
    let label: &[u8] = match code_page {
        932 => b"shift_jis",
        936 => b"gbk",
        949 => b"euc-kr",
        950 => b"big5",
        874 => b"windows-874",
        1250 => b"windows-1250",
        1251 => b"windows-1251",
        1252 | 0x8001 => b"windows-1252",
        10000 | 0x8000 => b"macintosh",
        _ => return None,
    };
    Encoding::for_label(label)
}
