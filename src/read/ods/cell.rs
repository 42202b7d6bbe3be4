//! A cell of an OpenDocument spreadsheet: its value, the runs of its text, its comment.
//!
//! NOTE: white space in a paragraph is one space however much it is (OpenDocument 1.3 part 3, 6.1.2); more
//! than one is written as `text:s`. The reading of a word (`text:ruby-text`) is no part of the text.

use quick_xml::events::BytesStart;

use super::super::grid::CellValue;
use super::super::pull::{Space, Token};
use super::super::runs::{Runs, Style};
use super::super::{serial, spreadsheetml, too_large};
use super::drawn::Drawn;
use super::{Book, Row, Table};
use crate::finding::Finding;
use crate::place::Place;
use crate::read::grid::Area;

/// A cell as written, to be put where it stands and wherever it is repeated.
pub(super) struct Written {
    pub(super) column: u32,
    pub(super) repeat: u32,
    pub(super) value: Option<CellValue>,
    pub(super) runs: Runs,
    pub(super) fill: Option<[u8; 3]>,
    pub(super) comment: Option<String>,
    /// Rows and columns that it is merged over.
    pub(super) spans: (u32, u32),
}

/// Paragraphs while they are read.
struct Paragraphs {
    runs: Runs,
    any: bool,
    /// White space was seen that is not written yet.
    pending: bool,
    /// Nothing of this paragraph is written yet.
    at_start: bool,
}

impl Paragraphs {
    fn new() -> Self {
        Self {
            runs: Runs::default(),
            any: false,
            pending: false,
            at_start: true,
        }
    }

    fn begin(&mut self, style: Style) {
        if self.any {
            self.runs.push(style, "\n");
        }
        self.any = true;
        self.pending = false;
        self.at_start = true;
    }

    fn flush(&mut self, style: Style) {
        if self.pending && !self.at_start {
            self.runs.push(style, " ");
        }
        self.pending = false;
        self.at_start = false;
    }

    fn text(&mut self, style: Style, text: &str) {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if is_space(c) {
                self.pending = true;
                rest = rest.trim_start_matches(is_space);
            } else {
                self.flush(style);
                let end = rest.find(is_space).unwrap_or(rest.len());
                self.runs.push(style, &rest[..end]);
                rest = &rest[end..];
            }
        }
    }

    /// A character that is written as an element.
    fn element(&mut self, style: Style, text: &str) {
        self.flush(style);
        self.runs.push(style, text);
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

impl<'t> Book<'t, '_> {
    /// Reads a cell; `None` where there is nothing in it.
    pub(super) fn cell(
        &mut self,
        element: &BytesStart<'t>,
        table: &mut Table,
        row: &mut Row,
        number: u32,
    ) -> Result<Option<Written>, Finding> {
        let repeat = self.repeated(element, "number-columns-repeated");
        let column = row.column;
        row.column = column.saturating_add(repeat);
        if let Some(list) = self.attribute(element, "content-validation-name")
            && self.budget.beside("limit-lists", table.lists.len())
        {
            let last = row.column.saturating_sub(1);
            let area = Area {
                first: (number, column),
                last: (number, last),
            };
            table.lists.push((list, area));
        }
        let spans = (
            self.repeated(element, "number-rows-spanned"),
            self.repeated(element, "number-columns-spanned"),
        );
        let style = self.style_of(element, table, row, column);
        let value = Value::of(self, element);
        let mut text = Paragraphs::new();
        let mut comment = Paragraphs::new();
        let drawn = &mut table.drawn;
        self.content(style, &mut text, &mut comment, (drawn, (number, column)))?;
        let shown = text.runs.text();
        let value = value.read(shown);
        if value.is_none() && comment.runs.len() == 0 && spans == (1, 1) {
            return Ok(None);
        }
        let comment = comment.runs.text();
        Ok(Some(Written {
            column,
            repeat,
            value,
            runs: text.runs,
            fill: style.fill,
            comment: Some(comment).filter(|text| !text.is_empty()),
            spans,
        }))
    }

    /// The style of a cell: its own, else that of the row, else that of the column.
    fn style_of(&self, element: &BytesStart<'_>, table: &Table, row: &Row, column: u32) -> Style {
        let own = self
            .attribute(element, "style-name")
            .and_then(|name| self.styles.cell(&name));
        let of_column = || {
            let at = table
                .column_styles
                .partition_point(|(_, last, _)| *last < column);
            let (first, _, style) = table.column_styles.get(at)?;
            (*first <= column).then_some(*style)
        };
        own.or(row.style)
            .or_else(of_column)
            .map_or_else(Style::default, |style| style.over(Style::default()))
    }

    /// Reads what is in a cell up to its end.
    fn content(
        &mut self,
        style: Style,
        text: &mut Paragraphs,
        comment: &mut Paragraphs,
        (drawn, at): (&mut Drawn, (u32, u32)),
    ) -> Result<(), Finding> {
        while let Some(token) = self.pull.next()? {
            match token {
                Token::Start(Space::Text, element) => match element.local_name().as_ref() {
                    "p" | "h" => self.paragraph(style, text)?,
                    _ => self.pull.skip()?,
                },
                Token::Start(Space::Office, element)
                    if element.local_name().as_ref() == "annotation" =>
                {
                    self.annotation(comment)?;
                }
                Token::Start(Space::Draw, element) => {
                    drawn.shape(&element, Some(at), &mut self.pull, &mut self.budget)?;
                }
                Token::Start(..) => self.pull.skip()?,
                Token::End(Space::Table, _) => break,
                Token::End(..) | Token::Text(_) => {}
            }
        }
        Ok(())
    }

    fn annotation(&mut self, comment: &mut Paragraphs) -> Result<(), Finding> {
        while let Some(token) = self.pull.next()? {
            match token {
                Token::Start(Space::Text, element) => match element.local_name().as_ref() {
                    "p" | "h" => self.paragraph(Style::default(), comment)?,
                    // Lists hold paragraphs.
                    _ => {}
                },
                Token::Start(..) => self.pull.skip()?,
                Token::End(Space::Office, _) => break,
                Token::End(..) | Token::Text(_) => {}
            }
        }
        Ok(())
    }

    /// Reads a paragraph up to its end.
    fn paragraph(&mut self, base: Style, text: &mut Paragraphs) -> Result<(), Finding> {
        text.begin(base);
        let mut styles = vec![base];
        while let Some(style) = styles.last().copied() {
            let Some(token) = self.pull.next()? else {
                break;
            };
            match token {
                Token::Text(part) => {
                    self.pull.fits(text.runs.len(), &part)?;
                    text.text(style, &part);
                }
                Token::Start(Space::Text, element) => {
                    let mut inner = style;
                    match element.local_name().as_ref() {
                        "ruby-text" | "note" => {
                            self.pull.skip()?;
                            continue;
                        }
                        "s" => {
                            let count = self.pull.attribute(&element, Space::Text, "c");
                            let count = count.and_then(|count| count.parse().ok()).unwrap_or(1);
                            let count = self.limits.cell_chars.saturating_add(1).min(count);
                            let spaces = " ".repeat(count);
                            self.pull.fits(text.runs.len(), &spaces)?;
                            text.element(style, &spaces);
                        }
                        "tab" => text.element(style, "\t"),
                        "line-break" => text.element(style, "\n"),
                        "span" => {
                            let name = self.pull.attribute(&element, Space::Text, "style-name");
                            let span = name.and_then(|name| self.styles.span(&name));
                            inner = span.map_or(style, |span| span.over(style));
                        }
                        _ => {}
                    }
                    styles.push(inner);
                }
                Token::Start(..) => self.pull.skip()?,
                Token::End(..) => {
                    styles.pop();
                }
            }
            // Spaces are counted in the file, so a few bytes could become a very long text.
            let limit = self.limits.cell_chars;
            if text.runs.len() > limit.saturating_mul(4) {
                let found = format!("> {limit}");
                return Err(too_large(Place::File, "limit-cell", limit, found));
            }
        }
        Ok(())
    }
}

/// What a cell says its value is, beside the text it shows.
struct Value {
    kind: String,
    written: String,
    is_error: bool,
}

impl Value {
    fn of(book: &Book<'_, '_>, element: &BytesStart<'_>) -> Self {
        let office = |local| book.pull.attribute(element, Space::Office, local);
        let kind = office("value-type").unwrap_or_default();
        let written = match kind.as_str() {
            "float" | "percentage" | "currency" => office("value"),
            "date" => office("date-value"),
            "time" => office("time-value"),
            "boolean" => office("boolean-value"),
            _ => office("string-value"),
        };
        let calc = book.pull.attribute(element, Space::Calc, "value-type");
        Self {
            kind,
            written: written.unwrap_or_default(),
            is_error: calc.as_deref() == Some("error"),
        }
    }

    /// The value; what cannot be read as what it says it is remains the text shown.
    fn read(self, shown: String) -> Option<CellValue> {
        let written = self.written.trim();
        let typed = match (self.kind.as_str(), shown.as_str()) {
            _ if self.is_error => serial::error_named(shown.trim()).map(CellValue::Error),
            // NOTE: LibreOffice makes numbers of the booleans of Excel, and still shows them as such.
            ("float", "TRUE") => Some(CellValue::Bool(true)),
            ("float", "FALSE") => Some(CellValue::Bool(false)),
            ("float" | "percentage" | "currency", _) => written
                .parse()
                .ok()
                .filter(|number: &f64| number.is_finite())
                .map(CellValue::Number),
            ("date", _) => spreadsheetml::moment(written),
            ("time", _) => time(written),
            ("boolean", _) => match written {
                "true" => Some(CellValue::Bool(true)),
                "false" => Some(CellValue::Bool(false)),
                _ => None,
            },
            ("string", "") => Some(CellValue::Text(self.written.clone().into())),
            _ => None,
        };
        typed
            .or_else(|| Some(CellValue::Text(shown.into())))
            .filter(|value| !matches!(value, CellValue::Text(text) if text.is_empty()))
    }
}

/// A time such as `PT12H30M00S`: of a day as text, a longer one as days.
fn time(written: &str) -> Option<CellValue> {
    let (hours, rest) = written.strip_prefix("PT")?.split_once('H')?;
    let (minutes, _) = rest.split_once('M')?;
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    Some(if hours < 24 {
        CellValue::Text(format!("{hours}:{minutes:02}").into())
    } else {
        CellValue::Number(f64::from(hours) / 24.0 + f64::from(minutes) / 1440.0)
    })
}
