//! Styles of an OpenDocument spreadsheet: only what may carry an answer, and which sheets are hidden.

use std::collections::{HashMap, HashSet};

use quick_xml::events::BytesStart;

use super::super::pull::{Pull, Space, Token};
use super::super::runs::{BLACK, Style, WHITE, colour};
use super::drawn::length;
use crate::finding::Finding;

/// What a style says; what it does not say is that of the text around it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Partial {
    strike: Option<bool>,
    underline: Option<bool>,
    bold: Option<bool>,
    colour: Option<Option<[u8; 3]>>,
    fill: Option<Option<[u8; 3]>>,
}

impl Partial {
    /// This style on top of another.
    pub(super) fn over(self, base: Style) -> Style {
        Style {
            strike: self.strike.unwrap_or(base.strike),
            underline: self.underline.unwrap_or(base.underline),
            bold: self.bold.unwrap_or(base.bold),
            colour: self.colour.unwrap_or(base.colour),
            fill: self.fill.unwrap_or(base.fill),
        }
    }
}

/// The styles of cells and of text, by name.
#[derive(Debug, Default)]
pub(super) struct Styles {
    cells: HashMap<String, Partial>,
    spans: HashMap<String, Partial>,
    hidden_tables: HashSet<String>,
    /// Widths of columns and heights of rows, in points.
    sizes: HashMap<String, f64>,
}

impl Styles {
    /// The style of cells of this name.
    pub(super) fn cell(&self, name: &str) -> Option<Partial> {
        self.cells.get(name).copied()
    }

    /// The style of text of this name.
    pub(super) fn span(&self, name: &str) -> Option<Partial> {
        self.spans.get(name).copied()
    }

    /// True for the style of sheets that are not shown.
    pub(super) fn is_hidden(&self, table_style: &str) -> bool {
        self.hidden_tables.contains(table_style)
    }

    /// The width of a column or the height of a row with this style, in points.
    pub(super) fn size(&self, name: &str) -> Option<f64> {
        self.sizes.get(name).copied()
    }

    /// Reads all styles of a part.
    pub(super) fn read(&mut self, pull: &mut Pull<'_>) -> Result<(), Finding> {
        while let Some(token) = pull.next()? {
            if let Token::Start(Space::Office, element) = token
                && matches!(element.local_name().as_ref(), "styles" | "automatic-styles")
            {
                self.read_list(pull)?;
            }
        }
        Ok(())
    }

    /// Reads the styles within the element that was just begun.
    pub(super) fn read_list(&mut self, pull: &mut Pull<'_>) -> Result<(), Finding> {
        while let Some(token) = pull.next()? {
            match token {
                Token::Start(Space::Style, element) if element.local_name().as_ref() == "style" => {
                    self.style(&element, pull)?;
                }
                Token::Start(..) => pull.skip()?,
                Token::End(..) => break,
                Token::Text(_) => {}
            }
        }
        Ok(())
    }

    fn style(&mut self, element: &BytesStart<'_>, pull: &mut Pull<'_>) -> Result<(), Finding> {
        let attribute = |local| pull.attribute(element, Space::Style, local);
        let name = attribute("name").unwrap_or_default();
        let family = attribute("family").unwrap_or_default();
        // A parent stands before its children in files of the programs that write this format.
        let parent = attribute("parent-style-name").unwrap_or_default();
        let list = if family == "text" {
            &self.spans
        } else {
            &self.cells
        };
        let mut style = list.get(&parent).copied().unwrap_or_default();
        let (mut is_hidden, mut size) = (false, None);
        while let Some(token) = pull.next()? {
            match token {
                Token::Start(Space::Style, element) => {
                    match element.local_name().as_ref() {
                        "text-properties" => text(&element, pull, &mut style),
                        "table-cell-properties" => {
                            if let Some(written) =
                                pull.attribute(&element, Space::Fo, "background-color")
                            {
                                style.fill = Some(colour(&written, WHITE));
                            }
                        }
                        "table-properties" => {
                            let display = pull.attribute(&element, Space::Table, "display");
                            is_hidden = display.as_deref() == Some("false");
                        }
                        "table-column-properties" => {
                            size = pull.attribute(&element, Space::Style, "column-width");
                        }
                        "table-row-properties" => {
                            size = pull.attribute(&element, Space::Style, "row-height");
                        }
                        _ => {}
                    }
                    pull.skip()?;
                }
                Token::Start(..) => pull.skip()?,
                Token::End(..) => break,
                Token::Text(_) => {}
            }
        }
        if let Some(size) = size.as_deref().and_then(length) {
            self.sizes.insert(name.clone(), size);
        }
        match family.as_str() {
            "table-cell" => {
                self.cells.insert(name, style);
            }
            "text" => {
                self.spans.insert(name, style);
            }
            "table" if is_hidden => {
                self.hidden_tables.insert(name);
            }
            _ => {}
        }
        Ok(())
    }
}

fn text(element: &BytesStart<'_>, pull: &Pull<'_>, style: &mut Partial) {
    let line = |local| {
        let written = pull.attribute(element, Space::Style, local)?;
        Some(written != "none")
    };
    // NOTE: LibreOffice writes the type without the style for a part of a cell.
    style.strike = line("text-line-through-style")
        .or_else(|| line("text-line-through-type"))
        .or(style.strike);
    style.underline = line("text-underline-style").or(style.underline);
    if let Some(weight) = pull.attribute(element, Space::Fo, "font-weight") {
        let number = weight.parse::<u32>();
        style.bold = Some(weight == "bold" || number.is_ok_and(|number| number >= 600));
    }
    if let Some(written) = pull.attribute(element, Space::Fo, "color") {
        style.colour = Some(colour(&written, BLACK));
    }
    let window = pull.attribute(element, Space::Style, "use-window-font-color");
    if window.as_deref() == Some("true") {
        style.colour = Some(None);
    }
}
