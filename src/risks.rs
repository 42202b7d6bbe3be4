//! Risk registers: for each answer that a facility has to assess the risk of, an entry in a file that people
//! go on writing by hand.
//!
//! The file belongs to those who write in it: this tool appends entries at its end and sets one key,
//! `cause`, in entries that it knows; every other byte stays as it is ([`Register::update`]). An entry is known
//! again by manufacturer, product and requirement, compared folded, so that a new edition of the form or
//! a new file name does not open it twice.
//!
//! Pure, save [`Register::load`]: the day comes in as a parameter.

mod check;
mod look;
mod update;
mod words;
mod written;

pub use check::{Gap, findings};
pub use look::{Cause, Look, Nameless, look};
pub use update::Updated;
pub use words::{Words, draft_of};
pub(crate) use written::WrittenRegister;

use std::io::ErrorKind;
use std::path::Path;

use jiff::civil::Date;

use crate::error::{Error, Result};
use crate::finding::{Finding, Value, rule};
use crate::language::Localised;
use crate::place::Place;
use crate::source::data_text;
use crate::text::fold;

/// A risk register as read.
#[derive(Clone, Debug)]
pub struct Register {
    /// The file's name as given.
    pub file: String,
    /// The text, byte for byte.
    pub text: String,
    /// The entries in the order of the file.
    pub entries: Vec<Risk>,
}

/// An entry. A text that is not there is empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Risk {
    /// Its name in the register, such as `R001`.
    pub id: String,
    /// Whose product or service it is about.
    pub manufacturer: String,
    /// The product or service: what is at risk.
    pub product: String,
    /// The requirement that opened it; empty in an entry that people made on their own.
    pub requirement: String,
    /// The item that the answer was given to.
    pub item: String,
    /// The control, by id.
    pub control: String,
    /// What is asked.
    pub title: String,
    /// What the sheet said when the entry was opened.
    pub stated: String,
    /// Where it said so.
    pub place: String,
    /// What may happen.
    pub threat: String,
    /// How likely it is, in a word of the register.
    pub likelihood: String,
    /// How bad it would be.
    pub impact: String,
    /// Reduce, avoid, transfer or accept.
    pub treatment: String,
    /// What is done, or why the risk is borne.
    pub measures: String,
    /// Who sees to it.
    pub owner: String,
    /// The day by which it is done, as written.
    pub due: String,
    /// How far it is, in a word of the register.
    pub status: String,
    /// The day on which it was opened, as written.
    pub opened: String,
    /// What became of the answer that opened it: nothing, or as [`Risk::cause_state`] reads it.
    pub cause: String,
    /// Where the entry stands.
    pub line: Option<Place>,
    /// Where the keys stand that findings speak of.
    pub(crate) places: Vec<(&'static str, Place)>,
    /// Bytes of the value of `requirement` and of `cause`.
    pub(crate) requirement_at: Option<std::ops::Range<usize>>,
    pub(crate) cause_at: Option<std::ops::Range<usize>>,
}

/// What became of the answer that opened an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CauseState {
    /// It stands as it was.
    Present,
    /// It is gone since the day written.
    Gone,
    /// It was gone and is there again.
    Back,
}

impl CauseState {
    /// The code in reports.
    pub fn code(self) -> &'static str {
        match self {
            CauseState::Present => "present",
            CauseState::Gone => "gone",
            CauseState::Back => "back",
        }
    }
}

/// What tells entries apart: manufacturer, product, requirement, each folded.
pub(crate) type Key = (String, String, String);

pub(crate) fn key(manufacturer: &str, product: &str, requirement: &str) -> Key {
    (fold(manufacturer), fold(product), requirement.to_owned())
}

impl Risk {
    pub(crate) fn key(&self) -> Key {
        key(&self.manufacturer, &self.product, &self.requirement)
    }

    /// What became of the answer that opened it.
    pub fn cause_state(&self) -> CauseState {
        match self.cause.split_whitespace().next() {
            Some("gone") => CauseState::Gone,
            Some("back") => CauseState::Back,
            Some(_) | None => CauseState::Present,
        }
    }

    /// True if nothing is left to do: accepted or closed.
    pub fn is_closed(&self) -> bool {
        Words::bundled()
            .status(&self.status)
            .is_some_and(|status| status.closed)
    }

    /// The day by which it is to be done, where it can be read.
    pub fn due_day(&self) -> Option<Date> {
        crate::disclosure::parse_date(&self.due)
    }

    /// True if the day by which it is to be done is over and something is left to do.
    pub fn is_overdue(&self, date: Date) -> bool {
        !self.is_closed()
            && self.cause_state() != CauseState::Gone
            && self.due_day().is_some_and(|due| due < date)
    }

    /// The place of a key, or of the entry.
    pub(crate) fn place_of(&self, key: &str) -> Place {
        let known = self.places.iter().find(|(name, _)| *name == key);
        known
            .map(|(_, place)| place.clone())
            .or_else(|| self.line.clone())
            .unwrap_or(Place::File)
    }
}

impl Register {
    /// A register in which nothing stands yet.
    pub fn empty(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            text: String::new(),
            entries: Vec::new(),
        }
    }

    /// Reads the text of a register; a blank one is an empty register.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the mistake and its place.
    pub fn parse(text: &str, file: &str) -> Result<Self> {
        if text.trim_start_matches('\u{feff}').trim().is_empty() {
            return Ok(Self {
                text: text.to_owned(),
                ..Self::empty(file)
            });
        }
        let entries = written::read(text).map_err(|finding| invalid(file, finding))?;
        Ok(Self {
            file: file.to_owned(),
            text: text.to_owned(),
            entries,
        })
    }

    /// Reads a register; a file that does not exist is an empty one.
    ///
    /// # Errors
    /// [`Error::Read`], or [`Error::Invalid`] where the file is no register.
    pub fn load(path: &Path) -> Result<Self> {
        let fail = |source| Error::Read {
            path: path.to_owned(),
            source,
        };
        let name = path.display().to_string();
        if !path.try_exists().map_err(fail)? {
            return Ok(Self::empty(&name));
        }
        let told = |key: &str| {
            let detail = Value::Local(Localised::label(key, &[]));
            invalid(&name, wrong(Place::File).with("detail", detail))
        };
        let text = data_text(path).map_err(|error| match &error {
            Error::Read { source, .. } => match source.kind() {
                ErrorKind::FileTooLarge => told("risks-too-large"),
                ErrorKind::InvalidData => told("risks-not-utf8"),
                _ => error,
            },
            _ => error,
        })?;
        Self::parse(&text, &name)
    }
}

fn wrong(place: Place) -> Finding {
    Finding::new(rule::RISKS_INVALID, place)
}

fn invalid(file: &str, finding: Finding) -> Error {
    Error::Invalid {
        name: file.to_owned(),
        findings: vec![finding],
    }
}
