//! Profiles: what a facility requires, as TOML.
//!
//! Two steps: the file as written, with its spans, and the checked [`Profile`], or every mistake with
//! its line and column.

mod catalog;
mod checked;
mod condition;
mod demand;
mod evidence;
mod facts;
mod planned;
mod start;
mod waiver;
mod written;

pub use catalog::{BUNDLED, TEMPLATE, bundled_text, load, load_system, parse};
pub use checked::system_of;
pub use condition::{Condition, FactSource, Ground, Known};
pub use evidence::names_evidence;
pub use facts::{CATEGORY, Category, Fact, Facts, Named, Origin, System};
pub use planned::{Plan, Planned};
pub use start::Start;
pub use waiver::{Scope, Waiver};
pub(crate) use written::WrittenProfile;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, ItemNumber};
use crate::finding::{Finding, Severity};
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
    /// Controls of which one is enough; the best verdict counts.
    OneOf(Vec<String>),
    /// A question of the facility's own, which a sheet carries if its words are there.
    Question(Localised),
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
    /// True if the remark of a satisfying answer also has to name a document, an address or a section.
    pub evidence_required: bool,
    /// For which systems it is meant; `None` for all.
    pub when: Option<Condition>,
    /// Why a profile that extends the one it stands in has set it aside, and by which.
    pub off: Option<Change>,
    /// What profiles that extend the one it stands in have changed of it, and why.
    pub changes: Vec<Change>,
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
    /// True if it comes from a rule over many controls or items: what a form does not ask, it does not want.
    pub from_rule: bool,
}

impl Requirement {
    /// True if another asks for the same, whichever profile it comes from.
    pub(crate) fn same_as(&self, other: &Requirement) -> bool {
        let named = Requirement {
            profile: self.profile.clone(),
            ..other.clone()
        };
        *self == named
    }
}

/// That a profile has changed a requirement of a profile it extends.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The profile that did.
    pub profile: String,
    /// Why.
    pub reason: Localised,
}

/// A facility's requirements, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: Localised,
    /// The facility, as it stands on the cover of reports; empty where the profile names none.
    pub facility: String,
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
    /// What the facility says of the system that the disclosures are about.
    pub system: System,
    /// What is to be said of the profile itself, though it can be used.
    pub notes: Vec<Finding>,
}
