//! XML Spreadsheet 2003: what Excel 2002 to now saves as `.xml`, and many web systems as `.xls`.
//!
//! One pass over the text. Of styles only looks are taken: values say themselves what they are
//! (`ss:Type`). NOTE: an index that is not written is the one after the last; a merged area before it counts.

use std::collections::HashMap;

use quick_xml::events::BytesStart;

use super::beside::{Choices, Comment};
use super::budget::{Budget, MAX_COLUMNS, MAX_ROWS, empty_sheet, settle};
use super::grid::{Area, CellValue, Sheet, Workbook};
use super::pull::{Pull, Space, Token};
use super::runs::{BLACK, Runs, Style, WHITE, colour, without_author};
use super::{Content, Reading, broken, damaged, serial};
use crate::finding::Finding;
use crate::limits::Limits;
use crate::place::Place;

/// Reads the decoded text of a file.
pub(super) fn read(text: &str, limits: &Limits) -> Reading {
    let mut reader = Book {
        pull: Pull::of_file(text, limits),
        budget: Budget::new(text.len(), limits),
        styles: HashMap::new(),
    };
    match reader.sheets() {
        Ok(sheets) if sheets.is_empty() => Reading::refused(broken(Place::File, "detail-no-sheet")),
        Ok(sheets) => Reading {
            findings: reader.budget.left_out().collect(),
            content: Content::Grid(Workbook {
                sheets,
                ..Workbook::default()
            }),
        },
        Err(finding) => Reading::refused(finding),
    }
}

struct Book<'t, 'l> {
    pull: Pull<'t>,
    budget: Budget<'l>,
    styles: HashMap<String, Style>,
}

/// Where the reading of a table stands, zero-based.
#[derive(Default)]
struct Cursor {
    row: u32,
    column: u32,
    /// The column of the next `Column` element.
    next_column: u32,
    column_styles: Vec<(u32, u32, Style)>,
    row_style: Option<Style>,
}

/// A cell while it is read.
struct Open {
    value: Option<CellValue>,
    runs: Runs,
    style: Style,
}

const SS: Space = Space::Spreadsheet;

impl<'t> Book<'t, '_> {
    fn attribute(&self, element: &BytesStart<'_>, local: &str) -> Option<String> {
        self.pull.attribute(element, SS, local)
    }

    fn number(&self, element: &BytesStart<'_>, local: &str) -> Option<u32> {
        self.attribute(element, local)?.trim().parse().ok()
    }

    fn sheets(&mut self) -> Result<Vec<Sheet>, Finding> {
        let mut sheets = Vec::new();
        while let Some(token) = self.pull.next()? {
            let Token::Start(SS, element) = token else {
                continue;
            };
            match element.local_name().as_ref() {
                "Style" => self.style(&element)?,
                "Worksheet" => {
                    let name = self.attribute(&element, "Name").unwrap_or_default();
                    self.budget.sheet()?;
                    let mut sheet = empty_sheet(&name, true);
                    self.sheet(&mut sheet)?;
                    settle(&mut sheet);
                    sheets.push(sheet);
                }
                _ => {}
            }
        }
        Ok(sheets)
    }

    /// A style, on top of the one it is made from.
    fn style(&mut self, element: &BytesStart<'t>) -> Result<(), Finding> {
        let Some(id) = self.attribute(element, "ID") else {
            return self.pull.skip();
        };
        let parent = self.attribute(element, "Parent");
        let mut style = parent
            .and_then(|parent| self.styles.get(&parent).copied())
            .unwrap_or_default();
        while let Some(token) = self.pull.next()? {
            match token {
                Token::Start(SS, element) => match element.local_name().as_ref() {
                    "Font" => self.font(&element, &mut style),
                    "Interior" => {
                        let solid = self.attribute(&element, "Pattern").as_deref() == Some("Solid");
                        let written = self.attribute(&element, "Color").filter(|_| solid);
                        style.fill = written.and_then(|written| colour(&written, WHITE));
                    }
                    _ => {}
                },
                Token::End(SS, name) if name == "Style" => break,
                Token::Start(..) | Token::End(..) | Token::Text(_) => {}
            }
        }
        self.styles.insert(id, style);
        Ok(())
    }

    fn font(&self, element: &BytesStart<'_>, style: &mut Style) {
        let is = |local| self.attribute(element, local).map(|value| value != "0");
        style.bold = is("Bold").unwrap_or(style.bold);
        style.strike = is("StrikeThrough").unwrap_or(style.strike);
        if let Some(line) = self.attribute(element, "Underline") {
            style.underline = line != "None";
        }
        if let Some(written) = self.attribute(element, "Color") {
            style.colour = colour(&written, BLACK);
        }
    }

    fn sheet(&mut self, sheet: &mut Sheet) -> Result<(), Finding> {
        let mut at = Cursor::default();
        while let Some(token) = self.pull.next()? {
            match token {
                Token::Start(SS, element) => match element.local_name().as_ref() {
                    "Column" => self.column(&element, sheet, &mut at),
                    "Row" => self.row(&element, sheet, &mut at)?,
                    "Cell" => self.cell(&element, sheet, &mut at)?,
                    _ => {}
                },
                Token::Start(Space::Excel, element) => match element.local_name().as_ref() {
                    "Visible" => sheet.visible = self.pull.text()?.trim() == "SheetVisible",
                    "DataValidation" => self.validation(sheet)?,
                    _ => {}
                },
                Token::End(SS, name) => match name.as_str() {
                    "Row" => at.row = at.row.saturating_add(1),
                    "Worksheet" => break,
                    _ => {}
                },
                Token::Start(..) | Token::End(..) | Token::Text(_) => {}
            }
        }
        Ok(())
    }

    fn column(&mut self, element: &BytesStart<'t>, sheet: &mut Sheet, at: &mut Cursor) {
        let first = self
            .number(element, "Index")
            .map_or(at.next_column, |index| index.saturating_sub(1));
        let span = self.number(element, "Span").unwrap_or(0);
        let last = first.saturating_add(span).min(MAX_COLUMNS - 1);
        if first > last {
            return;
        }
        at.next_column = last + 1;
        let hidden = self.attribute(element, "Hidden").as_deref() == Some("1");
        if hidden && sheet.hidden_columns.len() < MAX_COLUMNS as usize {
            sheet.hidden_columns.push((first, last));
        }
        if let Some(style) = self.look_of(element)
            // Columns stand in order; so the one of a cell is found without looking at all of them.
            && at.column_styles.last().is_none_or(|(_, before, _)| *before < first)
        {
            at.column_styles.push((first, last, style));
        }
    }

    fn look_of(&self, element: &BytesStart<'_>) -> Option<Style> {
        let id = self.attribute(element, "StyleID")?;
        self.styles.get(&id).copied()
    }

    fn row(
        &mut self,
        element: &BytesStart<'t>,
        sheet: &mut Sheet,
        at: &mut Cursor,
    ) -> Result<(), Finding> {
        if let Some(index) = self.number(element, "Index") {
            at.row = index.saturating_sub(1);
        }
        at.column = 0;
        at.row_style = self.look_of(element);
        // Rows that say the same as the one before are counted, not written.
        let span = self.number(element, "Span").unwrap_or(0);
        let last = at.row.saturating_add(span);
        if last >= MAX_ROWS {
            let detail = format!("Row {}", u64::from(last) + 1);
            return Err(damaged(self.pull.here(), detail));
        }
        if self.attribute(element, "Hidden").as_deref() == Some("1") {
            let from = sheet.hidden_rows.last().map_or(0, |row| row + 1);
            sheet.hidden_rows.extend(at.row.max(from)..=last);
        }
        at.row = last;
        Ok(())
    }

    fn cell(
        &mut self,
        element: &BytesStart<'t>,
        sheet: &mut Sheet,
        at: &mut Cursor,
    ) -> Result<(), Finding> {
        if let Some(index) = self.number(element, "Index") {
            at.column = index.saturating_sub(1);
        }
        let (row, column) = (at.row, at.column);
        let across = self.number(element, "MergeAcross").unwrap_or(0);
        let down = self.number(element, "MergeDown").unwrap_or(0);
        let last = (row.saturating_add(down), column.saturating_add(across));
        if last.0 >= MAX_ROWS || last.1 >= MAX_COLUMNS {
            let detail = format!("Cell {}", crate::place::address(last.0, last.1));
            return Err(damaged(self.pull.here(), detail));
        }
        if across > 0 || down > 0 {
            let first = (row, column);
            self.budget.merge(sheet, Area { first, last });
        }
        at.column = last.1 + 1;
        let of_column = || {
            let styles = &at.column_styles;
            let next = styles.partition_point(|(first, _, _)| *first <= column);
            let (_, last, style) = styles[..next].last()?;
            (column <= *last).then_some(*style)
        };
        let style = self.look_of(element).or(at.row_style).or_else(of_column);
        let mut open = Open {
            value: None,
            runs: Runs::default(),
            style: style.unwrap_or_default(),
        };
        while let Some(token) = self.pull.next()? {
            match token {
                Token::Start(SS, element) => match element.local_name().as_ref() {
                    "Data" => self.data(&element, &mut open)?,
                    "Comment" => {
                        let author = self.attribute(&element, "Author").unwrap_or_default();
                        self.comment(&author, sheet, row, column)?;
                    }
                    // A phonetic guide is not part of the text.
                    _ => self.pull.skip()?,
                },
                Token::Start(..) => self.pull.skip()?,
                Token::End(SS, name) if name == "Cell" => break,
                Token::End(..) | Token::Text(_) => {}
            }
        }
        if let Some(value) = open.value {
            if matches!(value, CellValue::Text(_)) {
                let look = open.runs.look(row, column, open.style.fill);
                self.budget.look(sheet, look)?;
            }
            self.budget.put(sheet, row, column, value)?;
        }
        Ok(())
    }

    fn data(&mut self, element: &BytesStart<'t>, open: &mut Open) -> Result<(), Finding> {
        let kind = self.attribute(element, "Type").unwrap_or_default();
        self.rich(&mut open.runs, open.style)?;
        let text = open.runs.text();
        open.value = Some(typed(&kind, text));
        Ok(())
    }

    /// The text of the element that was just begun, in runs: HTML elements say how it looks.
    fn rich(&mut self, runs: &mut Runs, base: Style) -> Result<(), Finding> {
        let mut styles = vec![base];
        while let Some(style) = styles.last().copied() {
            let Some(token) = self.pull.next()? else {
                break;
            };
            match token {
                Token::Text(text) => {
                    self.pull.fits(runs.len(), &text)?;
                    runs.push(style, &text);
                }
                Token::Start(space, element) => {
                    let mut inner = style;
                    if space == Space::Html {
                        self.html(&element, &mut inner);
                    }
                    styles.push(inner);
                }
                Token::End(..) => {
                    styles.pop();
                }
            }
        }
        Ok(())
    }

    fn html(&self, element: &BytesStart<'_>, style: &mut Style) {
        match element.local_name().as_ref() {
            "B" => style.bold = true,
            "U" => style.underline = true,
            "S" => style.strike = true,
            "Font" => {
                if let Some(written) = self.pull.attribute(element, Space::Html, "Color") {
                    style.colour = colour(&written, BLACK);
                }
            }
            _ => {}
        }
    }

    fn comment(
        &mut self,
        author: &str,
        sheet: &mut Sheet,
        row: u32,
        column: u32,
    ) -> Result<(), Finding> {
        let text = self.pull.text()?;
        let text = without_author(text.trim(), author);
        let place = || Place::Cell {
            sheet: sheet.name.clone(),
            row,
            column,
        };
        self.budget.text(text, place)?;
        let kept = sheet.beside.comments.len();
        if !text.is_empty() && self.budget.beside("limit-comments", kept) {
            sheet.beside.comments.push(Comment {
                row,
                column,
                text: text.to_owned(),
            });
        }
        Ok(())
    }

    /// A list to choose from; those whose words stand in cells are left out.
    fn validation(&mut self, sheet: &mut Sheet) -> Result<(), Finding> {
        let (mut range, mut kind, mut value) = (String::new(), String::new(), String::new());
        while let Some(token) = self.pull.next()? {
            match token {
                Token::Start(Space::Excel, element) => match element.local_name().as_ref() {
                    "Range" => range = self.pull.text()?,
                    "Type" => kind = self.pull.text()?,
                    "Value" => value = self.pull.text()?,
                    _ => self.pull.skip()?,
                },
                Token::End(Space::Excel, name) if name == "DataValidation" => break,
                Token::Start(..) | Token::End(..) | Token::Text(_) => {}
            }
        }
        self.budget
            .text(&value, || Place::Sheet(sheet.name.clone()))?;
        let words = value
            .trim()
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'));
        let areas: Vec<Area> = range.split(',').filter_map(area).collect();
        if let (Some(words), "List", false) = (words, kind.trim(), areas.is_empty())
            && (self.budget).beside("limit-lists", sheet.beside.choices.len())
        {
            sheet.beside.choices.push(Choices {
                areas,
                words: words
                    .split(',')
                    .map(|word| word.trim().to_owned())
                    .collect(),
            });
        }
        Ok(())
    }
}

fn typed(kind: &str, text: String) -> CellValue {
    let plain = text.trim();
    match kind {
        "Number" => plain.parse().map_or(None, |number: f64| {
            number.is_finite().then_some(CellValue::Number(number))
        }),
        "Boolean" => match plain {
            "1" => Some(CellValue::Bool(true)),
            "0" => Some(CellValue::Bool(false)),
            _ => None,
        },
        "DateTime" => moment(plain),
        "Error" => serial::error_named(plain).map(CellValue::Error),
        _ => None,
    }
    .unwrap_or(CellValue::Text(text.into()))
}

/// A date such as `2026-09-30T00:00:00.000`. NOTE: a time of day stands on 1899-12-31, the day 0 of Excel.
pub(super) fn moment(written: &str) -> Option<CellValue> {
    let (day, time) = written.split_once('T').unwrap_or((written, ""));
    if day == "1899-12-31" || day == "1899-12-30" || day == "1904-01-01" && time != "00:00:00.000" {
        let (hours, rest) = time.split_once(':')?;
        let hours: u32 = hours.parse().ok()?;
        return Some(CellValue::Text(
            format!("{hours}:{}", rest.get(..2)?).into(),
        ));
    }
    day.parse().ok().map(CellValue::Date)
}

/// An area such as `R2C3:R9C3`, or a cell `R2C3`.
fn area(written: &str) -> Option<Area> {
    let corner = |text: &str| {
        let (row, column) = text.trim().strip_prefix('R')?.split_once('C')?;
        let (row, column): (u32, u32) = (row.parse().ok()?, column.parse().ok()?);
        Some((row.checked_sub(1)?, column.checked_sub(1)?))
    };
    let (first, last) = written.split_once(':').unwrap_or((written, written));
    let (first, last) = (corner(first)?, corner(last)?);
    (first.0 <= last.0 && first.1 <= last.1).then_some(Area { first, last })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::rule;

    fn read(body: &str) -> Reading {
        let text = format!(
            "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" \
             xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">\
             <Worksheet ss:Name=\"MDS\"><Table>{body}</Table></Worksheet></Workbook>"
        );
        crate::read::xml::read(text.as_bytes(), &Limits::default())
    }

    #[test]
    fn indexes_and_spans() {
        let reading = read(
            "<Row><Cell ss:MergeAcross=\"1\"><Data ss:Type=\"String\">a</Data></Cell>\
             <Cell><Data ss:Type=\"Number\">4.10</Data></Cell></Row>\
             <Row ss:Index=\"4\" ss:Span=\"1\" ss:Hidden=\"1\"/>\
             <Row><Cell ss:Index=\"3\"><Data ss:Type=\"DateTime\">2026-09-30T00:00:00.000</Data></Cell>\
             <Cell><Data ss:Type=\"DateTime\">1899-12-31T09:05:00.000</Data></Cell></Row>",
        );
        let Content::Grid(book) = reading.content else {
            panic!("{:?}", reading.findings);
        };
        let sheet = &book.sheets[0];
        let found: Vec<_> = sheet
            .cells
            .iter()
            .map(|cell| (cell.row, cell.column, cell.value.text().into_owned()))
            .collect();
        let expected = [
            (0, 0, "a"),
            (0, 2, "4.1"),
            (5, 2, "2026-09-30"),
            (5, 3, "9:05"),
        ];
        assert_eq!(
            found,
            expected.map(|(row, column, text)| (row, column, text.to_owned()))
        );
        assert_eq!(sheet.hidden_rows, [3, 4]);
    }

    #[test]
    fn rows_behind_the_end_of_sheets() {
        for body in [
            "<Row ss:Index=\"4000000000\"><Cell><Data ss:Type=\"String\">a</Data></Cell></Row>",
            "<Row ss:Index=\"1\" ss:Span=\"4294967295\" ss:Hidden=\"1\"/>",
            "<Row><Cell ss:Index=\"4294967295\" ss:MergeAcross=\"9\"/></Row>",
        ] {
            assert_eq!(read(body).findings[0].rule, rule::FILE_DAMAGED, "{body}");
        }
    }
}
