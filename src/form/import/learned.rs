//! What a workbook shows of a form, before it is put into the shape of one.
//!
//! Filled by the disclosure side, which knows sheets; put together by `compose`, which knows forms.

use std::sync::Arc;

use crate::answer::{Answer, ItemNumber};
use crate::form::{Family, Field, Remarks};
use crate::language::Localised;
use crate::place::Place;

/// A table of questions found on a sheet.
#[derive(Clone, Debug)]
pub(crate) struct Learned {
    pub(crate) sheet: Arc<str>,
    /// Texts that name the form, the title proper first.
    pub(crate) titles: Vec<String>,
    /// Other short texts above the table, in one of which the edition may stand.
    pub(crate) above: Vec<String>,
    /// Whom the titles speak of, if they say so.
    pub(crate) family: Option<Family>,
    /// The fields of the head, in the order of [`Field::ALL`].
    pub(crate) headers: Vec<Field>,
    /// The answers offered to all rows: by columns of their own, or by the heading of the answers.
    pub(crate) choices: Vec<Answer>,
    pub(crate) remarks: Option<Remarks>,
    pub(crate) rows: Vec<LearnedRow>,
    /// What could not be taken over, each with its place.
    pub(crate) unsure: Vec<Unsure>,
}

/// A row with a number.
#[derive(Clone, Debug)]
pub(crate) struct LearnedRow {
    pub(crate) place: Place,
    pub(crate) number: ItemNumber,
    pub(crate) text: String,
    /// The heading it stands under, if there is one.
    pub(crate) section: Option<String>,
    /// What stands in columns of references, each with the heading of its column.
    pub(crate) cited: Vec<(String, String)>,
    /// Words to choose from: of a drop-down list, or behind boxes.
    pub(crate) offered: Vec<String>,
    /// False for a row that only heads the rows below it: there is nowhere to answer.
    pub(crate) is_asked: bool,
}

/// Something on a sheet that could not be taken over as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Unsure {
    /// Where it stands.
    pub place: Place,
    /// What it is, and what was made of it.
    pub what: Localised,
}

impl Unsure {
    /// `what` is a label `import-…` with its values filled in.
    pub(crate) fn new(place: Place, what: Localised) -> Self {
        Self { place, what }
    }
}
