//! Profiles: what a facility requires, as TOML.
//!
//! Two steps: [`written`] holds the file with its spans, and checking it gives a [`Profile`] or
//! every mistake with its line and column.

mod catalog;
mod waiver;
mod written;

pub use catalog::{BUNDLED, TEMPLATE, bundled_text, load, parse};
pub use waiver::{Scope, Waiver};
pub(crate) use written::WrittenProfile;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, ItemNumber};
use crate::finding::Severity;
use crate::language::Localised;

/// How much a requirement matters.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    #[allow(missing_docs)] // one documented variant would turn the JSON Schema's enum into a oneOf
    Must,
    #[allow(missing_docs)]
    Should,
    #[allow(missing_docs)]
    Info,
}

impl Level {
    /// All levels, the gravest first.
    pub const ALL: [Level; 3] = [Level::Must, Level::Should, Level::Info];

    /// The name in JSON and TOML.
    pub fn code(self) -> &'static str {
        match self {
            Level::Must => "must",
            Level::Should => "should",
            Level::Info => "info",
        }
    }
}

/// What a requirement looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A control, whatever the edition.
    Control(String),
    /// An item of one form edition.
    Item {
        /// The form, by id.
        form: String,
        /// The item.
        number: ItemNumber,
    },
}

/// Words of a remark by which something planned counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Words that say it is planned.
    pub words: Vec<String>,
    /// Words that take it back.
    pub unless: Vec<String>,
}

/// One requirement of a facility.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// Its name; stays the same over the years.
    pub id: String,
    /// What it looks at.
    pub target: Target,
    /// How much it matters.
    pub level: Level,
    /// Its weight when bids are compared, 0 to 10.
    pub weight: u32,
    /// Answers that satisfy it.
    pub answers: Vec<Answer>,
    /// Methods of which at least one must be ticked; empty for none.
    pub methods: Vec<String>,
    /// True if a satisfying answer also needs a remark.
    pub remark_required: bool,
    /// Why the facility asks.
    pub reason: Localised,
    /// Where it comes from.
    pub references: Vec<String>,
    /// True if each answer no is entered in the list of risks to assess.
    pub assess_risk_on_no: bool,
    /// When something planned counts as met.
    pub planned: Option<Planned>,
    /// The profile it came from.
    pub profile: String,
}

/// A facility's requirements, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: Localised,
    /// Where the requirements come from.
    pub provenance: Localised,
    /// SHA-256 of the file's text, in hexadecimal.
    pub sha256: String,
    /// The file or bundled name it was read from.
    pub file: String,
    /// Severities that differ from the rules', by the rule's name.
    pub severity: BTreeMap<String, Severity>,
    /// The requirements, those of the profiles it extends first.
    pub requirements: Vec<Requirement>,
    /// The waivers.
    pub waivers: Vec<Waiver>,
}
