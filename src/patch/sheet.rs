//! Cells of one sheet changed in the bytes of its part; all other bytes stay as they are.
//!
//! Texts are written into the cell itself (`inlineStr`), so that the table of shared strings, which other
//! sheets use, need not change. A cell keeps its style; one that was not there gets the style of its row or
//! column, as when somebody types into it.

mod cell;
mod facts;
mod write;

use std::collections::BTreeMap;

use self::facts::Facts;
use super::{At, Refusal};
use crate::language::Localised;

/// Characters that a cell holds. Source: Excel specifications and limits.
const CELL_CHARS: usize = 32_767;
/// Rows of a sheet.
const ROWS: u32 = 1_048_576;
/// Columns of a sheet.
const COLUMNS: u32 = 16_384;

/// What is to stand in a cell.
#[derive(Clone, Debug, PartialEq)]
enum Content {
    Text(String),
    Number(f64),
    Bool(bool),
    /// Stretches of one text, and the font of the cell as the children of a run's properties.
    Stretches(Vec<Stretch>, String),
    Nothing,
}

/// A stretch of a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stretch {
    pub(crate) text: String,
    /// True for the one that stands out: bold and underlined.
    pub(crate) marked: bool,
}

/// What changes about a cell.
#[derive(Clone, Debug, Default, PartialEq)]
struct Edit {
    content: Option<Content>,
    style: Option<u32>,
}

/// Changes to the cells of a sheet. Rows and columns count from zero.
#[derive(Debug)]
pub(crate) struct SheetPatch<'t> {
    text: &'t str,
    facts: Facts,
    edits: BTreeMap<At, Edit>,
}

/// The styles of the cells of a sheet, and which of them hold formulas.
#[derive(Debug)]
pub(crate) struct Styles(Facts);

impl Styles {
    /// Looks at the part of a sheet.
    ///
    /// # Errors
    /// As [`SheetPatch::new`].
    pub(crate) fn of(text: &str) -> Result<Self, Refusal> {
        Ok(Self(Facts::of(text)?))
    }

    /// The style of a cell; none where that is the default.
    pub(crate) fn style(&self, row: u32, column: u32) -> Option<u32> {
        self.0.style(self.0.anchor((row, column)))
    }

    /// True if the cell holds a formula.
    pub(crate) fn has_formula(&self, row: u32, column: u32) -> bool {
        self.0.has_formula(self.0.anchor((row, column)))
    }
}

/// A part that was changed.
#[derive(Debug)]
pub(crate) struct Patched {
    /// What the part holds now.
    pub(crate) bytes: Vec<u8>,
    /// Cells whose formula is gone; the calculation chain must forget them.
    pub(crate) formulas_removed: Vec<At>,
}

impl<'t> SheetPatch<'t> {
    /// Looks at the part of a sheet.
    ///
    /// # Errors
    /// Where the XML is damaged, has no table of cells, or holds more than is looked at.
    pub(crate) fn new(text: &'t str) -> Result<Self, Refusal> {
        Ok(Self {
            text,
            facts: Facts::of(text)?,
            edits: BTreeMap::new(),
        })
    }

    /// The cell that is written for this one: the first of a merged area, else itself.
    pub(crate) fn anchor(&self, row: u32, column: u32) -> At {
        self.facts.anchor((row, column))
    }

    /// The style of a cell, or the one that it gets when it is written; none where that is the default.
    pub(crate) fn style(&self, row: u32, column: u32) -> Option<u32> {
        let at = self.anchor(row, column);
        let edited = self.edits.get(&at).and_then(|edit| edit.style);
        edited.or_else(|| self.facts.style(at))
    }

    /// The cells that name a style, with it.
    pub(crate) fn styled(&self) -> impl Iterator<Item = (At, u32)> {
        self.facts.styled()
    }

    /// True if the cell holds a formula.
    pub(crate) fn has_formula(&self, row: u32, column: u32) -> bool {
        self.facts.has_formula(self.anchor(row, column))
    }

    /// True if any cell of the sheet holds a formula.
    pub(crate) fn has_formulas(&self) -> bool {
        self.facts.has_formulas()
    }

    /// Puts a text into a cell. One that looks like a formula stays a text.
    ///
    /// # Errors
    /// Where the cell cannot be written without harm to others, or cannot hold the text.
    pub(crate) fn set_text(&mut self, row: u32, column: u32, text: &str) -> Result<(), Refusal> {
        if text.len() > CELL_CHARS && text.chars().count() > CELL_CHARS {
            return Err(Localised::label("patch-long", &[]));
        }
        self.set(row, column, Content::Text(text.to_owned()))
    }

    /// Puts a number into a cell; the serial number of a day where the style of the cell shows a date.
    ///
    /// # Errors
    /// Where the cell cannot be written without harm to others.
    pub(crate) fn set_number(&mut self, row: u32, column: u32, value: f64) -> Result<(), Refusal> {
        self.set(row, column, Content::Number(value))
    }

    /// Puts TRUE or FALSE into a cell.
    ///
    /// # Errors
    /// Where the cell cannot be written without harm to others.
    pub(crate) fn set_bool(&mut self, row: u32, column: u32, value: bool) -> Result<(), Refusal> {
        self.set(row, column, Content::Bool(value))
    }

    /// Puts a text into a cell of which some stretches stand out. `font` is the font of the cell, as
    /// [`Formats::font`](super::formats::Formats::font) tells it.
    ///
    /// # Errors
    /// Where the cell cannot be written without harm to others.
    pub(crate) fn set_stretches(
        &mut self,
        row: u32,
        column: u32,
        stretches: Vec<Stretch>,
        font: String,
    ) -> Result<(), Refusal> {
        self.set(row, column, Content::Stretches(stretches, font))
    }

    /// Empties a cell; its style stays.
    ///
    /// # Errors
    /// Where the cell cannot be written without harm to others.
    pub(crate) fn clear(&mut self, row: u32, column: u32) -> Result<(), Refusal> {
        self.set(row, column, Content::Nothing)
    }

    /// Gives a cell another style, by its position in the list of styles.
    ///
    /// # Errors
    /// Where the cell is outside of a sheet.
    pub(crate) fn set_style(&mut self, row: u32, column: u32, style: u32) -> Result<(), Refusal> {
        let at = self.within(row, column)?;
        self.edits.entry(at).or_default().style = Some(style);
        Ok(())
    }

    fn set(&mut self, row: u32, column: u32, content: Content) -> Result<(), Refusal> {
        let at = self.within(row, column)?;
        self.facts.may_write(at)?;
        self.edits.entry(at).or_default().content = Some(content);
        Ok(())
    }

    fn within(&self, row: u32, column: u32) -> Result<At, Refusal> {
        if row >= ROWS || column >= COLUMNS {
            return Err(Localised::label("patch-outside", &[]));
        }
        Ok(self.anchor(row, column))
    }

    /// True if nothing is to change.
    pub(crate) fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// Makes all changes in one pass.
    ///
    /// # Errors
    /// Where the XML is damaged.
    pub(crate) fn apply(self) -> Result<Patched, Refusal> {
        write::apply(self.text, &self.facts, &self.edits)
    }
}

#[cfg(test)]
mod tests;
