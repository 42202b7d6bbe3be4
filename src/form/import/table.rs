//! The table of items and controls: written for people to edit, and taken back.
//!
//! One row for each item that can answer a control. Only the columns of numbers and of controls are taken back;
//! the others help to decide, and may be moved, changed or removed.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rust_xlsxwriter::{Color, DataValidation, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::{Draft, Proposal, is_mapped};
use crate::answer::ItemNumber;
use crate::control::Controls;
use crate::error::{Error, Result};
use crate::escaped::guarded;
use crate::finding::{Finding, Value, rule};
use crate::language::{Language, Localised};
use crate::limits::Limits;
use crate::place::Place;
use crate::read::{self, Content};
use crate::source::Source;
use crate::text::{fold, is_blank};

/// The columns, as the ends of their labels `mapping-…`.
const COLUMNS: [&str; 7] = [
    "number",
    "question",
    "control",
    "title",
    "confidence",
    "because",
    "alternatives",
];
/// The widths of the columns on a sheet, in characters.
const WIDTHS: [f64; 7] = [10.0, 60.0, 28.0, 32.0, 10.0, 24.0, 60.0];
/// Where in [`COLUMNS`] the control stands.
const CONTROL: u16 = 2;

/// The table of a draft as CSV in UTF-8, with a byte order mark so that Excel knows it.
///
/// # Errors
/// [`Error::Format`] if the table cannot be written.
pub fn csv(draft: &Draft, language: Language) -> Result<Vec<u8>> {
    let fail = |error: &dyn std::fmt::Display| Error::Format(error.to_string());
    let mut writer = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
    writer
        .write_record(headings(language))
        .map_err(|error| fail(&error))?;
    for row in rows(draft, language) {
        let row = row.iter().map(|cell| guarded(cell));
        writer.write_record(row).map_err(|error| fail(&error))?;
    }
    writer.into_inner().map_err(|error| fail(&error))
}

/// The table of a draft as a workbook; controls are chosen from a list.
///
/// # Errors
/// [`Error::Format`] if the workbook cannot be written.
pub fn xlsx(draft: &Draft, language: Language) -> Result<Vec<u8>> {
    workbook(draft, language).map_err(|error| Error::Format(error.to_string()))
}

fn workbook(draft: &Draft, language: Language) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let names = [
        language.label("mapping-sheet"),
        language.label("mapping-controls"),
    ];
    let head = Format::new()
        .set_bold()
        .set_background_color(Color::RGB(0xE7_EEF5));
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let table = rows(draft, language);
    let sheet = book.add_worksheet();
    sheet.set_name(&names[0])?;
    sheet.set_freeze_panes(1, 0)?;
    for (column, (heading, width)) in (0..).zip(headings(language).iter().zip(WIDTHS)) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(0, column, heading, &head)?;
    }
    for (row, cells) in (1..).zip(&table) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string_with_format(row, column, cell, &wrapped)?;
        }
    }
    let last = u32::try_from(table.len()).unwrap_or(u32::MAX).max(1);
    let count = Controls::bundled().iter().count();
    let list = format!("='{}'!$A$2:$A${}", names[1], count + 1);
    let list = DataValidation::new().allow_list_formula(list.as_str().into());
    sheet.add_data_validation(1, CONTROL, last, CONTROL, &list)?;
    let sheet = book.add_worksheet();
    sheet.set_name(&names[1])?;
    controls(sheet, &head, language)?;
    book.save_to_buffer()
}

/// The sheet of all controls, from which the list is made.
fn controls(
    sheet: &mut Worksheet,
    head: &Format,
    language: Language,
) -> std::result::Result<(), XlsxError> {
    for (column, (key, width)) in (0..).zip([("control", 32.0), ("title", 60.0)]) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(
            0,
            column,
            language.label(&format!("mapping-{key}")),
            head,
        )?;
    }
    for (row, control) in (1..).zip(Controls::bundled().iter()) {
        sheet.write_string(row, 0, &control.id)?;
        sheet.write_string(row, 1, control.title.text(language))?;
    }
    Ok(())
}

fn headings(language: Language) -> [String; 7] {
    COLUMNS.map(|key| language.label(&format!("mapping-{key}")))
}

fn rows(draft: &Draft, language: Language) -> Vec<[String; 7]> {
    let title = |id: &str| {
        let control = Controls::bundled().get(id);
        control.map_or_else(String::new, |control| {
            control.title.text(language).to_owned()
        })
    };
    let described = |proposal: &Proposal| {
        format!(
            "{} {} ({})",
            proposal.control,
            title(&proposal.control),
            proposal.confidence
        )
    };
    let items = draft.form.items.iter().zip(&draft.proposals);
    items
        .filter(|(item, _)| is_mapped(item))
        .map(|(item, proposals)| {
            let control = item.control.as_deref().unwrap_or_default();
            let chosen = proposals
                .iter()
                .find(|proposal| proposal.control == control);
            let others = proposals
                .iter()
                .filter(|proposal| proposal.control != control);
            [
                item.number.to_string(),
                item.title.ja.clone(),
                control.to_owned(),
                title(control),
                if control.is_empty() {
                    String::new()
                } else {
                    item.confidence.to_string()
                },
                chosen.map_or_else(String::new, |chosen| chosen.because.join(" ")),
                others.map(described).collect::<Vec<_>>().join("\n"),
            ]
        })
        .collect()
}

/// A row of an edited table: an item and the control that a person says it answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    number: String,
    control: String,
    number_place: Place,
    control_place: Place,
}

/// Reads an edited table: CSV in UTF-8, or a workbook with the table on its first sheet that has one.
///
/// # Errors
/// [`Error::Invalid`] if it cannot be read or has no column of numbers or of controls.
pub fn read(source: &Source, limits: &Limits) -> Result<Vec<Row>> {
    let invalid = |findings| Error::Invalid {
        name: source.name.clone(),
        findings,
    };
    let sheets = if source.bytes.starts_with(b"PK\x03\x04") {
        let reading = read::read(source, limits);
        let Content::Grid(workbook) = reading.content else {
            return Err(invalid(reading.findings));
        };
        let cells = |sheet: &read::grid::Sheet| -> Vec<Cell> {
            let cell = |cell: &read::grid::Cell| Cell {
                text: cell.value.text().into_owned(),
                row: cell.row,
                place: sheet.place(cell.row, cell.column),
                column: cell.column,
            };
            sheet.cells.iter().map(cell).collect()
        };
        workbook.sheets.iter().map(cells).collect()
    } else {
        vec![csv_cells(source, limits).map_err(|finding| invalid(vec![finding]))?]
    };
    sheets
        .iter()
        .find_map(|cells| table(cells))
        .ok_or_else(|| invalid(vec![mistake(Place::File, "mapping-no-columns", &[])]))
}

/// A cell of an edited table.
struct Cell {
    text: String,
    row: u32,
    column: u32,
    place: Place,
}

fn csv_cells(source: &Source, limits: &Limits) -> std::result::Result<Vec<Cell>, Finding> {
    if source.size > limits.file_bytes {
        return Err(mistake(Place::File, "mapping-too-large", &[]));
    }
    let bytes = source
        .bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(&source.bytes);
    let text =
        std::str::from_utf8(bytes).map_err(|_| mistake(Place::File, "mapping-not-utf8", &[]))?;
    let sheet: Arc<str> = "CSV".into();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut cells = Vec::new();
    for (row, record) in (0..).zip(reader.records()) {
        let record = record.map_err(|error| {
            mistake(
                Place::File,
                "mapping-not-csv",
                &[("detail", &error.to_string())],
            )
        })?;
        for (column, text) in (0..).zip(&record) {
            if cells.len() >= limits.cells || text.len() > limits.cell_chars * 4 {
                return Err(mistake(Place::File, "mapping-too-large", &[]));
            }
            cells.push(Cell {
                // What guards a text against being taken for a formula is no part of it.
                text: text.strip_prefix('\'').unwrap_or(text).to_owned(),
                row,
                column,
                place: Place::Cell {
                    sheet: sheet.clone(),
                    row,
                    column,
                },
            });
        }
    }
    Ok(cells)
}

/// The rows below the headings; `None` where no row heads both columns.
fn table(cells: &[Cell]) -> Option<Vec<Row>> {
    let means = |cell: &Cell, key: &str| {
        Language::ALL
            .iter()
            .any(|language| fold(&language.label(&format!("mapping-{key}"))) == fold(&cell.text))
    };
    let by_row: Vec<&[Cell]> = cells.chunk_by(|a, b| a.row == b.row).collect();
    let (at, number, control) = by_row.iter().take(20).enumerate().find_map(|(at, cells)| {
        let column = |key| {
            cells
                .iter()
                .find(|cell| means(cell, key))
                .map(|cell| cell.column)
        };
        Some((at, column("number")?, column("control")?))
    })?;
    let rows = by_row[at + 1..].iter().filter_map(|cells| {
        let of = |column| cells.iter().find(|cell: &&Cell| cell.column == column);
        let number = of(number).filter(|cell| !is_blank(&cell.text))?;
        let control = of(control);
        Some(Row {
            number: number.text.trim().to_owned(),
            control: control.map_or_else(String::new, |cell| cell.text.trim().to_owned()),
            number_place: number.place.clone(),
            control_place: control.unwrap_or(number).place.clone(),
        })
    });
    Some(rows.collect())
}

fn mistake(place: Place, key: &str, values: &[(&str, &str)]) -> Finding {
    Finding::new(rule::MAPPING_INVALID, place)
        .with("detail", Value::Local(Localised::label(key, values)))
}

impl Draft {
    /// Takes the controls of an edited table. An item that the table leaves out keeps what it has. Returns how many
    /// items have a control then.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every mistake in the table, each with its cell; the draft is then as before.
    pub fn apply(&mut self, rows: &[Row], name: &str) -> Result<usize> {
        let names = Names::new();
        let mut findings = Vec::new();
        let mut seen: HashSet<usize> = HashSet::new();
        let mut chosen: Vec<(usize, Option<String>)> = Vec::new();
        for row in rows {
            let item =
                ItemNumber::parse(&row.number).and_then(|number| self.form.position(&number));
            let Some(item) = item else {
                let values = [("found", row.number.as_str())];
                findings.push(mistake(
                    row.number_place.clone(),
                    "mapping-unknown-item",
                    &values,
                ));
                continue;
            };
            if !seen.insert(item) {
                let values = [("found", row.number.as_str())];
                findings.push(mistake(
                    row.number_place.clone(),
                    "mapping-item-twice",
                    &values,
                ));
                continue;
            }
            match names.control(&row.control) {
                Ok(control) => chosen.push((item, control)),
                Err(near) => {
                    let values = [("found", row.control.as_str()), ("near", near)];
                    findings.push(mistake(
                        row.control_place.clone(),
                        "mapping-unknown-control",
                        &values,
                    ));
                }
            }
        }
        if !findings.is_empty() {
            return Err(Error::Invalid {
                name: name.to_owned(),
                findings,
            });
        }
        for (item, control) in chosen {
            // What a person left as it was proposed is as sure as it was.
            if self.form.items[item].control != control {
                self.choose(item, control.as_deref());
            }
        }
        Ok(self
            .form
            .items
            .iter()
            .filter(|item| item.control.is_some())
            .count())
    }
}

/// The control that a person writes by its id or title, none for an empty text or a dash.
///
/// # Errors
/// The id that is most alike, where there is no such control.
pub fn control_named(written: &str) -> std::result::Result<Option<String>, &'static str> {
    Names::new().control(written)
}

/// The controls by what a person may write for them.
struct Names {
    names: HashMap<String, &'static str>,
}

impl Names {
    fn new() -> Self {
        let mut names = HashMap::new();
        for control in Controls::bundled().iter() {
            for name in [&control.id, &control.title.ja, &control.title.en] {
                names.entry(fold(name)).or_insert(control.id.as_str());
            }
        }
        Self { names }
    }

    /// The control of an id or a title, none for an empty cell or a dash; else the id that is most alike.
    fn control(&self, written: &str) -> std::result::Result<Option<String>, &'static str> {
        let folded = fold(written);
        if folded.chars().all(|c| c == '-') {
            return Ok(None);
        }
        if let Some(id) = self.names.get(&folded) {
            return Ok(Some((*id).to_owned()));
        }
        let mut near: Vec<(&String, &&'static str)> = self.names.iter().collect();
        near.sort();
        let score = |name: &str| crate::text::similarity(name, written);
        let best = near
            .into_iter()
            .max_by(|a, b| score(a.0).total_cmp(&score(b.0)))
            .map_or("", |(_, id)| id);
        Err(best)
    }
}
