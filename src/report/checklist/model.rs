//! The published shape, `kaijisho/checklist-report/1`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::Answer;
use crate::checklist::{ItemArea, ItemSubject, Per, Status};
use crate::language::Language;
use crate::report::model::{Document, FindingInfo, PlaceInfo, Tool};

/// The name of the shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Kind {
    /// `kaijisho checklist --format json`
    #[serde(rename = "kaijisho/checklist-report/1")]
    Checklist,
}

/// A year's checklist of a facility, filled.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ChecklistReport {
    /// Which shape it is.
    pub schema: Kind,
    /// What wrote it.
    pub tool: Tool,
    /// The language of its texts.
    pub language: Language,
    /// The year.
    pub year: YearInfo,
    /// The day on which everything was judged, `YYYY-MM-DD`.
    pub date: String,
    /// The facility.
    pub facility: FacilityInfo,
    /// What to know before one reads on.
    pub notes: Vec<String>,
    /// How many items come to what; those for reference only are left out.
    pub summary: StatusCounts,
    /// The items in the order of the form.
    pub items: Vec<ItemLine>,
    /// The systems.
    pub systems: Vec<SystemInfo>,
    /// The vendors.
    pub vendors: Vec<VendorInfo>,
    /// What is left to do.
    pub todo: Vec<Todo>,
    /// Disclosures that are of no system, by position in `documents`.
    pub unmatched: Vec<usize>,
    /// The disclosures received, and files in which none was found.
    pub documents: Vec<Document>,
    /// What is to be said about the facility's own answers.
    pub findings: Vec<FindingInfo>,
}

/// A fiscal year's checklist.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct YearInfo {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where its items come from, and what was not verified.
    pub provenance: String,
    /// First day of the fiscal year.
    pub first_day: String,
    /// Last day, inclusive.
    pub last_day: String,
}

/// The facility.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FacilityInfo {
    /// The facility file.
    pub file: String,
    /// SHA-256 of the facility file.
    pub sha256: String,
    /// Its name.
    pub name: String,
    /// Hospital, clinic and the like.
    pub kind: Option<String>,
    /// Who answers for the safety of medical information systems.
    pub safety_manager: Option<String>,
    /// Who fills in the checklist.
    pub filled_by: Option<String>,
}

/// How many items come to what.
#[derive(Clone, Copy, Debug, Default, Serialize, JsonSchema)]
pub struct StatusCounts {
    /// Yes.
    pub yes: usize,
    /// No.
    pub no: usize,
    /// To be checked.
    pub check: usize,
    /// Open.
    pub open: usize,
    /// Not needed.
    pub not_needed: usize,
}

impl StatusCounts {
    /// StatusCounts one more.
    pub(super) fn add(&mut self, status: Status) {
        match status {
            Status::Yes => self.yes += 1,
            Status::No => self.no += 1,
            Status::Check => self.check += 1,
            Status::Open => self.open += 1,
            Status::NotNeeded => self.not_needed += 1,
        }
    }

    /// The count of one status.
    pub fn of(&self, status: Status) -> usize {
        match status {
            Status::Yes => self.yes,
            Status::No => self.no,
            Status::Check => self.check,
            Status::Open => self.open,
            Status::NotNeeded => self.not_needed,
        }
    }

    /// True if nothing is left to answer.
    pub fn is_done(&self) -> bool {
        self.no + self.check + self.open == 0
    }
}

/// An item, filled.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ItemLine {
    /// Its name in files.
    pub id: String,
    /// Its number on the form; null where it was not verified.
    pub number: Option<String>,
    /// The item, in this project's words.
    pub title: String,
    /// The question to vendors; null where they are not asked.
    pub vendor: Option<String>,
    /// Part of the checklist.
    pub area: ItemArea,
    /// What it is asked of.
    pub subject: ItemSubject,
    /// Whether it is answered once or for each system.
    pub per: Per,
    /// True for the item whose no makes all others unneeded.
    pub gate: bool,
    /// True if the year only announces it for the next.
    pub reference_only: bool,
    /// False if it was not verified that this year's form has it.
    pub confirmed: bool,
    /// What it comes to for the facility.
    pub whole: CellInfo,
    /// What it comes to for each system; empty where it is answered once.
    pub systems: Vec<CellInfo>,
}

/// What an item comes to, for the facility or for one system.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CellInfo {
    /// The system, by position in `systems`; null for the facility.
    pub system: Option<usize>,
    /// What it comes to.
    pub status: Status,
    /// The name of the reason.
    pub why: String,
    /// The reason in words.
    pub reason: String,
    /// The first confirmation.
    pub first: Option<ConfirmedInfo>,
    /// The day by which a no is to become a yes.
    pub target: Option<String>,
    /// The second look.
    pub second: Option<ConfirmedInfo>,
    /// Who confirmed it.
    pub by: Option<String>,
    /// True if a disclosure says no to what the facility answers yes.
    pub disputed: bool,
    /// What it rests on.
    pub evidence: Vec<EvidenceInfo>,
    /// How many more pieces of evidence there are than are listed.
    pub evidence_omitted: usize,
}

/// An answer and the day on which it was confirmed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ConfirmedInfo {
    /// The answer, yes or no.
    pub answer: Answer,
    /// The day.
    pub date: String,
}

/// What a piece of evidence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EvidenceKind {
    #[allow(missing_docs)] // one documented variant would turn the JSON Schema's enum into a oneOf
    Fact,
    #[allow(missing_docs)]
    Document,
    #[allow(missing_docs)]
    Disclosure,
}

/// A piece of evidence.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EvidenceInfo {
    /// What it is.
    pub kind: EvidenceKind,
    /// In words.
    pub text: String,
    /// The disclosure, by position in `documents`.
    pub document: Option<usize>,
    /// The system it is about, by position in `systems`.
    pub system: Option<usize>,
    /// The control.
    pub control: Option<String>,
    /// The item of the disclosure.
    pub item: Option<String>,
    /// What the disclosure answers.
    pub answer: Option<Answer>,
    /// The remark.
    pub remark: Option<String>,
    /// Where the answer stands.
    pub place: Option<PlaceInfo>,
}

/// A system.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SystemInfo {
    /// Its name in the facility file.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What kind it is.
    pub category: Option<String>,
    /// Its vendor, by position in `vendors`.
    pub vendor: Option<usize>,
    /// The product or service.
    pub product: Option<String>,
    /// The version in use.
    pub version: Option<String>,
    /// Whether there is a contract with a vendor.
    pub contract: bool,
    /// Its disclosures.
    pub received: Vec<ReceivedInfo>,
    /// What the items asked of each system come to for it.
    pub counts: StatusCounts,
}

/// A disclosure that is, or may be, of a system.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReceivedInfo {
    /// The disclosure, by position in `documents`.
    pub document: usize,
    /// True if it is the one that counts: certain, and the latest of its kind.
    pub current: bool,
    /// Why it is not certain that it is of this system, in words.
    pub doubt: Option<String>,
    /// What to look at.
    pub concerns: Vec<ConcernInfo>,
}

/// Something to look at on a disclosure.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ConcernInfo {
    /// Its name.
    pub kind: String,
    /// In words.
    pub text: String,
}

/// A vendor.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct VendorInfo {
    /// Its name in the facility file.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whom to call.
    pub contact: Option<String>,
    /// Its systems, by position in `systems`.
    pub systems: Vec<usize>,
    /// Those under contract of which no disclosure was received.
    pub not_sent: Vec<usize>,
}

/// What kind of thing is left to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TodoKind {
    #[allow(missing_docs)] // one documented variant would turn the JSON Schema's enum into a oneOf
    NotSent,
    #[allow(missing_docs)]
    Unread,
    #[allow(missing_docs)]
    Uncertain,
    #[allow(missing_docs)]
    Concern,
    #[allow(missing_docs)]
    Disputed,
    #[allow(missing_docs)]
    TargetMissing,
}

impl TodoKind {
    /// All, in their order.
    pub const ALL: [TodoKind; 6] = [
        TodoKind::NotSent,
        TodoKind::Unread,
        TodoKind::Uncertain,
        TodoKind::Concern,
        TodoKind::Disputed,
        TodoKind::TargetMissing,
    ];

    /// The name in JSON.
    pub fn code(self) -> &'static str {
        match self {
            TodoKind::NotSent => "not-sent",
            TodoKind::Unread => "unread",
            TodoKind::Uncertain => "uncertain",
            TodoKind::Concern => "concern",
            TodoKind::Disputed => "disputed",
            TodoKind::TargetMissing => "target-missing",
        }
    }
}

/// Something left to do.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Todo {
    /// What kind.
    pub kind: TodoKind,
    /// The vendor, by position in `vendors`.
    pub vendor: Option<usize>,
    /// The system, by position in `systems`.
    pub system: Option<usize>,
    /// The item, by its name.
    pub item: Option<String>,
    /// In words.
    pub text: String,
}

impl ChecklistReport {
    /// How many rows a page of it has at most.
    pub(super) fn rows(&self) -> usize {
        let cells = self.items.len() * (self.systems.len() + 1);
        let evidence: usize = self
            .items
            .iter()
            .flat_map(|item| item.systems.iter().chain([&item.whole]))
            .map(|cell| cell.evidence.len())
            .sum();
        cells + evidence + self.documents.len() + self.todo.len() + self.vendors.len()
    }
}
