//! Sheets as people in hospitals and at vendors draw them by hand, each with its key.
//!
//! A [`Logic`] is what a disclosure says; a layout draws it on paper and writes down where it drew what
//! ([`Drawn`]). Layouts know no file format; `tests/layouts.rs` writes the paper in each and compares.
#![allow(dead_code)]

pub(crate) mod answers;
pub(crate) mod catalogue;
pub(crate) mod draw;
pub(crate) mod edit;
pub(crate) mod head;
pub(crate) mod judge;
pub(crate) mod logic;
pub(crate) mod numbers;
pub(crate) mod random;
pub(crate) mod special;
pub(crate) mod style;

use kaijisho::{Answer, Field, State};

use crate::support::paper::Paper;
use logic::Logic;

/// A cell: the position of its sheet in the workbook, row and column from zero.
pub(crate) type Spot = (usize, u32, u32);

/// A workbook and what a perfect reader sees in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Drawn {
    pub(crate) paper: Paper,
    pub(crate) keys: Vec<Key>,
}

/// What a perfect reader sees of one disclosure.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) logic: Logic,
    pub(crate) rows: Vec<KeyRow>,
    /// Each field with its value in one spelling and the cells it may be said to stand in.
    pub(crate) head: Vec<(Field, String, Vec<Spot>)>,
    /// Rules that may have something to say about such a sheet.
    pub(crate) allowed: Vec<&'static str>,
}

/// An item on the sheet.
#[derive(Clone, Debug)]
pub(crate) struct KeyRow {
    pub(crate) number: String,
    pub(crate) answer: Option<Answer>,
    /// More than one where a reader may see it so or so, and a finding either way.
    pub(crate) states: Vec<State>,
    /// Where the answer stands; for an item without one, where it might.
    pub(crate) places: Vec<Spot>,
    pub(crate) remark: Option<String>,
    pub(crate) remark_places: Vec<Spot>,
    /// True if a cell of the answer was taken out.
    pub(crate) answer_cut: bool,
    /// True if a cell of the remark was taken out.
    pub(crate) remark_cut: bool,
}

/// What a layout needs of a file format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Needs {
    pub(crate) sheets: bool,
    pub(crate) comments: bool,
    pub(crate) looks: bool,
    pub(crate) drawings: bool,
    /// Merged areas that carry a meaning.
    pub(crate) merges: bool,
    pub(crate) hidden: bool,
}
