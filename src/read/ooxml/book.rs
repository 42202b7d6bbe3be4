//! The workbook part: its sheets in order, and how its dates count.

use super::tags::tags;
use super::{Parts, Piece, attribute, walk};

/// How many sheets are looked at.
const SHEETS: usize = 10_000;

/// What the workbook part says.
#[derive(Debug, Default)]
pub(in crate::read) struct Book {
    pub(in crate::read) sheets: Vec<Listed>,
    pub(in crate::read) is_1904: bool,
    /// False where other readers could see other sheets, for the part is broken or has alternatives.
    pub(in crate::read) is_clear: bool,
}

/// A sheet as the workbook lists it.
#[derive(Debug)]
pub(in crate::read) struct Listed {
    pub(in crate::read) name: String,
    /// The relationship that leads to its part.
    pub(in crate::read) id: String,
    /// `None` where the state is none that exists.
    pub(in crate::read) visible: Option<bool>,
}

/// Reads the workbook part.
pub(in crate::read) fn read(text: &str) -> Book {
    let mut book = Book::default();
    let is_whole = walk(text, |piece| {
        if let Piece::Open(element) = piece {
            match element.local_name().as_ref() {
                "sheet" => {
                    let value = |name| attribute(element, name);
                    let visible = match value("state").as_deref() {
                        None | Some("visible") => Some(true),
                        Some("hidden" | "veryHidden") => Some(false),
                        Some(_) => None,
                    };
                    book.sheets.push(Listed {
                        name: value("name").unwrap_or_default(),
                        id: value("id").unwrap_or_default(),
                        visible,
                    });
                }
                "workbookPr" => {
                    if let Some(value) = attribute(element, "date1904") {
                        book.is_1904 = matches!(value.as_str(), "1" | "true");
                    }
                }
                _ => {}
            }
        }
        book.sheets.len() < SHEETS
    });
    let written = tags(text).filter(|tag| tag.name == "sheet").count();
    book.is_clear = is_whole && written == book.sheets.len();
    book
}

impl Listed {
    /// The part of the sheet and the last word of its relationship's type; `None` where it has none or several.
    pub(in crate::read) fn part<'p>(&self, parts: &'p Parts) -> Option<(&'p str, &'p str)> {
        let mut found = parts
            .of("xl/workbook.xml")
            .iter()
            .filter(|relation| relation.id == self.id);
        let relation = found.next().filter(|_| self.visible.is_some())?;
        found
            .next()
            .is_none()
            .then_some((relation.target.as_str(), relation.kind.as_str()))
    }
}
