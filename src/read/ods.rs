//! OpenDocument spreadsheets (`.ods`), also those in one XML file (`.fods`).
//!
//! One pass over `content.xml`. What the format repeats with a number (columns, rows) is counted before it is
//! copied; what repeats nothing costs nothing. Deleted content of tracked changes is not read.

mod cell;
mod drawn;
mod styles;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use quick_xml::events::BytesStart;

use self::cell::Written;
use self::drawn::Drawn;
use self::styles::{Partial, Styles};
use super::beside::{Choices, Comment, Look};
use super::budget::{Budget, MAX_COLUMNS, MAX_ROWS, empty_sheet, settle};
use super::grid::{Area, CellValue, Sheet, Workbook};
use super::members::Members;
use super::pull::{Pull, Space, Token};
use super::{Content, Reading, broken, damaged, not_read};
use crate::finding::{Finding, Value, rule};
use crate::limits::Limits;
use crate::place::Place;

/// The width of a column without a style, in points.
const COLUMN_WIDTH: f64 = 64.0;
/// The height of a row without a style, in points.
const ROW_HEIGHT: f64 = 12.8;
/// Reads a package.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Reading {
    let mut members = match Members::open(bytes, limits) {
        Ok(members) => members,
        Err(finding) => return Reading::refused(finding),
    };
    let has_macros = members.names().any(|name| {
        name.starts_with("Basic/")
            && !name.ends_with("script-lc.xml")
            && !name.ends_with("script-lb.xml")
            && name.ends_with(".xml")
    });
    let mut reading = package(&mut members, limits).unwrap_or_else(Reading::refused);
    if has_macros {
        reading
            .findings
            .push(Finding::new(rule::FILE_MACRO, Place::File));
    }
    reading
}

fn package(members: &mut Members<'_>, limits: &Limits) -> Result<Reading, Finding> {
    // NOTE: an encrypted document is an ordinary zip whose manifest says how its members are encrypted;
    // newer ones hold a single encrypted member.
    let manifest = members.get("META-INF/manifest.xml")?.unwrap_or_default();
    let word = b"encryption-data";
    let is_encrypted = manifest.windows(word.len()).any(|window| window == word);
    if is_encrypted || members.names().any(|name| name == "encrypted-package") {
        return Err(Finding::new(rule::FILE_ENCRYPTED, Place::File));
    }
    let mut styles = Styles::default();
    if let Some(text) = members.text("styles.xml")? {
        styles.read(&mut Pull::of_part(&text, limits))?;
    }
    let Some(text) = members.text("content.xml")? else {
        return Err(not_read("detail-zip"));
    };
    let held = text.len();
    document(Pull::of_part(&text, limits), styles, held, limits)
}

/// Reads the decoded text of a document in one file.
pub(super) fn flat(text: &str, limits: &Limits) -> Reading {
    let pull = Pull::of_file(text, limits);
    document(pull, Styles::default(), text.len(), limits).unwrap_or_else(Reading::refused)
}

fn document(
    pull: Pull<'_>,
    styles: Styles,
    held: usize,
    limits: &Limits,
) -> Result<Reading, Finding> {
    let mut book = Book {
        pull,
        budget: Budget::new(held, limits),
        limits,
        styles,
        lists: HashMap::new(),
        links: Vec::new(),
    };
    let Some(sheets) = book.sheets()? else {
        return Err(not_read("detail-other"));
    };
    if sheets.is_empty() {
        return Err(broken(Place::File, "detail-no-sheet"));
    }
    let mut reading = Reading::of(Content::Grid(Workbook {
        sheets,
        ..Workbook::default()
    }));
    reading.findings = book.budget.left_out().collect();
    reading
        .findings
        .extend(book.links.into_iter().map(|target| {
            Finding::new(rule::FILE_EXTERNAL_LINK, Place::File)
                .with("target", Value::quoted(target))
        }));
    Ok(reading)
}

struct Book<'t, 'l> {
    pull: Pull<'t>,
    budget: Budget<'l>,
    limits: &'l Limits,
    styles: Styles,
    /// The words of each list to choose from.
    lists: HashMap<String, Vec<String>>,
    links: Vec<String>,
}

/// A row while it is read: its cells, each with how often it is repeated.
#[derive(Default)]
struct Row {
    cells: Vec<Written>,
    column: u32,
    style: Option<Partial>,
}

/// A sheet while it is read.
struct Table {
    sheet: Sheet,
    row: u32,
    column: u32,
    column_styles: Vec<(u32, u32, Partial)>,
    lists: Vec<(String, Area)>,
    drawn: Drawn,
}

const TABLE: Space = Space::Table;

impl<'t> Book<'t, '_> {
    fn attribute(&self, element: &BytesStart<'_>, local: &str) -> Option<String> {
        self.pull.attribute(element, TABLE, local)
    }

    /// How often an element stands there; at least once.
    fn repeated(&self, element: &BytesStart<'_>, local: &str) -> u32 {
        let written = self.attribute(element, local);
        let count = written.and_then(|count| count.trim().parse::<u64>().ok());
        u32::try_from(count.unwrap_or(1).max(1)).unwrap_or(u32::MAX)
    }

    /// All sheets; `None` where the document is no spreadsheet.
    fn sheets(&mut self) -> Result<Option<Vec<Sheet>>, Finding> {
        let mut sheets = None;
        while let Some(token) = self.pull.next()? {
            let Token::Start(space, element) = token else {
                continue;
            };
            match (space, element.local_name().as_ref()) {
                (Space::Office, "spreadsheet") => sheets = Some(Vec::new()),
                (Space::Office, "styles" | "automatic-styles") => {
                    self.styles.read_list(&mut self.pull)?;
                }
                (TABLE, "content-validation") => self.list(&element)?,
                (TABLE, "tracked-changes" | "data-pilot-tables") => self.pull.skip()?,
                (TABLE, "table") => {
                    if let Some(sheets) = &mut sheets {
                        sheets.push(self.table(&element)?);
                    }
                }
                _ => {}
            }
        }
        Ok(sheets)
    }

    /// A list to choose from, such as `of:cell-content-is-in-list("はい";"いいえ")`.
    fn list(&mut self, element: &BytesStart<'t>) -> Result<(), Finding> {
        let name = self.attribute(element, "name");
        let condition = self.attribute(element, "condition").unwrap_or_default();
        self.budget.text(&condition, || Place::File)?;
        let inner = condition
            .split_once("cell-content-is-in-list(")
            .and_then(|(_, rest)| rest.strip_suffix(')'));
        if let (Some(name), Some(inner)) = (name, inner)
            && self.budget.beside("limit-lists", self.lists.len())
        {
            let words = inner.split(';').filter_map(|word| {
                let word = word.trim().strip_prefix('"')?.strip_suffix('"')?;
                Some(word.replace("\"\"", "\""))
            });
            self.lists.insert(name, words.collect());
        }
        Ok(())
    }

    fn table(&mut self, element: &BytesStart<'t>) -> Result<Sheet, Finding> {
        self.budget.sheet()?;
        let name = self.attribute(element, "name").unwrap_or_default();
        let style = self.attribute(element, "style-name").unwrap_or_default();
        let mut table = Table {
            sheet: empty_sheet(&name, !self.styles.is_hidden(&style)),
            row: 0,
            column: 0,
            column_styles: Vec::new(),
            lists: Vec::new(),
            drawn: Drawn::default(),
        };
        while let Some(token) = self.pull.next()? {
            match token {
                Token::Start(TABLE, element) => match element.local_name().as_ref() {
                    "table-column" => self.column(&element, &mut table),
                    "table-row" => self.row(&element, &mut table)?,
                    "table-source" => self.source(&element)?,
                    "shapes" => (table.drawn).shapes(&mut self.pull, &mut self.budget)?,
                    // Rows and columns may stand in groups and headings.
                    "table-rows"
                    | "table-header-rows"
                    | "table-row-group"
                    | "table-columns"
                    | "table-header-columns"
                    | "table-column-group" => {}
                    _ => self.pull.skip()?,
                },
                Token::Start(Space::Office, element)
                    if element.local_name().as_ref() == "forms" =>
                {
                    (table.drawn).controls(&mut self.pull, &mut self.budget)?;
                }
                Token::Start(..) => self.pull.skip()?,
                Token::End(TABLE, name) if name == "table" => break,
                Token::End(..) | Token::Text(_) => {}
            }
        }
        Ok(self.finish(table))
    }

    fn finish(&self, table: Table) -> Sheet {
        let mut sheet = table.sheet;
        // Hidden rows below everything written say nothing.
        let last = sheet.cells.iter().map(|cell| cell.row).max();
        sheet
            .hidden_rows
            .retain(|row| last.is_some_and(|last| *row <= last));
        let mut areas: HashMap<&str, Vec<Area>> = HashMap::new();
        for (name, area) in &table.lists {
            areas.entry(name).or_default().push(*area);
        }
        let mut names: Vec<&str> = areas.keys().copied().collect();
        names.sort_unstable();
        for name in names {
            if let (Some(words), Some(areas)) = (self.lists.get(name), areas.remove(name)) {
                sheet.beside.choices.push(Choices {
                    areas,
                    words: words.clone(),
                });
            }
        }
        table.drawn.finish(&mut sheet);
        settle(&mut sheet);
        sheet
    }

    fn source(&mut self, element: &BytesStart<'t>) -> Result<(), Finding> {
        // The attribute is xlink's; no other of the element ends so.
        if let Some(target) = self.pull.attribute(element, Space::Other, "href") {
            self.budget.text(&target, || Place::File)?;
            if !self.links.contains(&target) && self.links.len() < 100 {
                self.links.push(target);
            }
        }
        self.pull.skip()
    }

    fn column(&mut self, element: &BytesStart<'t>, table: &mut Table) {
        let count = self.repeated(element, "number-columns-repeated");
        let first = table.column;
        table.column = first.saturating_add(count);
        let last = table.column.min(MAX_COLUMNS).saturating_sub(1);
        if first > last {
            return;
        }
        let is_hidden = self.is_hidden(element);
        let size = self.size(element, is_hidden, COLUMN_WIDTH);
        table.drawn.columns.add(last - first + 1, size);
        if is_hidden {
            table.sheet.hidden_columns.push((first, last));
        }
        if let Some(style) = self.default_style(element) {
            table.column_styles.push((first, last, style));
        }
    }

    /// The width of a column or the height of a row, in points.
    fn size(&self, element: &BytesStart<'_>, is_hidden: bool, usual: f64) -> f64 {
        if is_hidden {
            return 0.0;
        }
        let style = self.attribute(element, "style-name");
        let size = style.and_then(|style| self.styles.size(&style));
        size.unwrap_or(usual)
    }

    fn is_hidden(&self, element: &BytesStart<'_>) -> bool {
        let visibility = self.attribute(element, "visibility");
        matches!(visibility.as_deref(), Some("collapse" | "filter"))
    }

    fn default_style(&self, element: &BytesStart<'_>) -> Option<Partial> {
        let name = self.attribute(element, "default-cell-style-name")?;
        self.styles.cell(&name)
    }

    fn row(&mut self, element: &BytesStart<'t>, table: &mut Table) -> Result<(), Finding> {
        let count = self.repeated(element, "number-rows-repeated");
        let first = table.row;
        table.row = first.saturating_add(count);
        let is_hidden = self.is_hidden(element);
        let size = self.size(element, is_hidden, ROW_HEIGHT);
        table.drawn.rows.add(count, size);
        if is_hidden {
            let hidden = first.min(MAX_ROWS)..table.row.min(MAX_ROWS);
            table.sheet.hidden_rows.extend(hidden);
        }
        let mut row = Row {
            style: self.default_style(element),
            ..Row::default()
        };
        while let Some(token) = self.pull.next()? {
            match token {
                Token::Start(TABLE, element) => match element.local_name().as_ref() {
                    "table-cell" | "covered-table-cell" => {
                        let written = self.cell(&element, table, &mut row, first)?;
                        row.cells.extend(written);
                    }
                    _ => self.pull.skip()?,
                },
                Token::Start(..) => self.pull.skip()?,
                Token::End(TABLE, name) if name == "table-row" => break,
                Token::End(..) | Token::Text(_) => {}
            }
        }
        self.copy(row, first, count, table)
    }

    /// Puts the cells of a row into the sheet, as often as they are repeated.
    fn copy(&mut self, row: Row, first: u32, count: u32, table: &mut Table) -> Result<(), Finding> {
        let sheet = &mut table.sheet;
        for written in row.cells {
            let copies = u64::from(count) * u64::from(written.repeat);
            let last = (
                first.saturating_add(count - 1),
                written.column.saturating_add(written.repeat - 1),
            );
            if last.0 >= MAX_ROWS || last.1 >= MAX_COLUMNS {
                let detail = format!("Cell {}", crate::place::address(last.0, last.1));
                return Err(damaged(Place::Sheet(sheet.name.clone()), detail));
            }
            if copies > 1 {
                self.budget.copies(copies, || Place::Cell {
                    sheet: sheet.name.clone(),
                    row: first,
                    column: written.column,
                })?;
            }
            let look = match &written.value {
                Some(CellValue::Text(_)) => written.runs.clone().look(0, 0, written.fill),
                Some(_) | None => None,
            };
            for row in first..=last.0 {
                for column in written.column..=last.1 {
                    self.place(&written, row, column, sheet)?;
                    let look = look.clone();
                    let look = look.map(|look| Look {
                        row,
                        column,
                        ..look
                    });
                    self.budget.look(sheet, look)?;
                }
            }
        }
        Ok(())
    }

    fn place(
        &mut self,
        written: &Written,
        row: u32,
        column: u32,
        sheet: &mut Sheet,
    ) -> Result<(), Finding> {
        if let Some(text) = &written.comment {
            let place = || Place::Cell {
                sheet: sheet.name.clone(),
                row,
                column,
            };
            self.budget.text(text, place)?;
            if (self.budget).beside("limit-comments", sheet.beside.comments.len()) {
                sheet.beside.comments.push(Comment {
                    row,
                    column,
                    text: text.clone(),
                });
            }
        }
        let (rows, columns) = written.spans;
        if rows > 1 || columns > 1 {
            let last = (
                row.saturating_add(rows - 1).min(MAX_ROWS - 1),
                column.saturating_add(columns - 1).min(MAX_COLUMNS - 1),
            );
            let first = (row, column);
            self.budget.merge(sheet, Area { first, last });
        }
        if let Some(value) = &written.value {
            self.budget.put(sheet, row, column, value.clone())?;
        }
        Ok(())
    }
}
