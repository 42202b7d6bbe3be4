//! The published shape, `kaijisho/register/1`: one for all that is asked of a register.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::language::Language;
use crate::report::changes::ChangeInfo;
use crate::report::model::Tool;

/// The name of the shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Kind {
    /// `kaijisho register … --format json`
    #[serde(rename = "kaijisho/register/1")]
    Register,
}

/// What a register says; what was not asked for is left out.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Records {
    /// Which shape it is.
    pub schema: Kind,
    /// What wrote it.
    pub tool: Tool,
    /// The language of its texts.
    pub language: Language,
    /// The register, as named by the user.
    pub register: String,
    /// The day on which what is due is judged, `YYYY-MM-DD`.
    pub date: String,
    /// Entries of the log.
    pub entries: u64,
    /// Hash of the last entry; empty where there is none.
    pub head: String,
    /// How many systems of the facility are of each status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statuses: Option<BTreeMap<String, u64>>,
    /// How many there are of what is listed, shown or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// Systems.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub systems: Option<Vec<SystemInfo>>,
    /// Vendors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vendors: Option<Vec<VendorInfo>>,
    /// Files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<Vec<FileInfo>>,
    /// What happened to a system, the first first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<EventInfo>>,
    /// What changed from sheet to sheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<Vec<StepInfo>>,
    /// What became of the files that were to be recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub added: Option<Vec<AddedInfo>>,
    /// What `verify` found; an empty list is a sound register.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problems: Option<Vec<ProblemInfo>>,
}

impl Records {
    /// An empty answer of a register.
    pub fn new(register: &str, date: String, head: (u64, String), language: Language) -> Self {
        Self {
            schema: Kind::Register,
            tool: Tool::this(),
            language,
            register: register.to_owned(),
            date,
            entries: head.0,
            head: head.1,
            statuses: None,
            total: None,
            systems: None,
            vendors: None,
            files: None,
            events: None,
            steps: None,
            added: None,
            problems: None,
        }
    }
}

/// A system, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SystemInfo {
    /// Its name in the facility file.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What kind it is.
    pub category: Option<String>,
    /// Its vendor, by its name in the facility file.
    pub vendor: Option<String>,
    /// Its vendor's name.
    pub vendor_name: Option<String>,
    /// The product or service.
    pub product: Option<String>,
    /// Whether there is a contract with a vendor.
    pub contract: bool,
    /// False where the facility file that counts no longer names it.
    pub in_use: bool,
    /// `overdue`, `missing`, `asked`, `due`, `sent-back`, `received`, `checked`, `accepted-with-exceptions`, `accepted` or `not-needed`.
    pub status: String,
    /// The day by which a sheet is due, `YYYY-MM-DD`.
    pub due: Option<String>,
    /// How many files of it were received.
    pub files: u64,
    /// The day on which the sheet that counts was received.
    pub received: Option<String>,
    /// The day on that sheet.
    pub disclosed: Option<String>,
    /// Errors in the sheets that count.
    pub errors: u64,
    /// Warnings in the sheets that count.
    pub warnings: u64,
    /// The last decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<DecisionInfo>,
    /// The last assessment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assessment: Option<AssessmentInfo>,
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DecisionInfo {
    /// `accepted`, `accepted-with-exceptions` or `returned`.
    pub decision: String,
    /// When it was recorded.
    pub at: String,
    /// Who recorded it.
    pub by: String,
    /// Why.
    pub why: String,
    /// For what it was not accepted.
    pub exceptions: Vec<String>,
}

/// What came of a sheet held against a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AssessmentInfo {
    /// The profile.
    pub profile: String,
    /// SHA-256 of its text.
    pub sha256: String,
    /// The day on which it was judged.
    pub day: String,
    /// True if no must requirement is open.
    pub qualified: bool,
    /// Verdicts counted, by level and verdict.
    pub verdicts: BTreeMap<String, BTreeMap<String, u64>>,
    /// How many waivers were applied.
    pub waivers: u64,
}

/// A vendor and its systems.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct VendorInfo {
    /// Its name in the facility file.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whom to call.
    pub contact: Option<String>,
    /// How many of its systems are of each status.
    pub statuses: BTreeMap<String, u64>,
}

/// A file that was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FileInfo {
    /// The number of its entry in the log.
    pub entry: u64,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its name as received.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it was recorded.
    pub at: String,
    /// Who recorded it.
    pub by: String,
    /// False for a file in which no disclosure could be read.
    pub readable: bool,
    /// Errors found in it.
    pub errors: u64,
    /// Warnings found in it.
    pub warnings: u64,
    /// Notes.
    pub notes: u64,
    /// The systems of a file without a disclosure.
    pub systems: Vec<String>,
    /// The disclosures in it.
    pub disclosures: Vec<SheetInfo>,
}

/// A disclosure in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SheetInfo {
    /// Its sheet, in a workbook.
    pub sheet: Option<String>,
    /// The form it is on.
    pub form: String,
    /// The form's edition.
    pub edition: String,
    /// Manufacturer or service provider.
    pub manufacturer: Option<String>,
    /// Product or service.
    pub product: Option<String>,
    /// Version.
    pub version: Option<String>,
    /// The day on it, where it can be read.
    pub date: Option<String>,
    /// Items of the form.
    pub items: u64,
    /// Items with a clear answer.
    pub answered: u64,
    /// The systems to which it belongs.
    pub systems: Vec<String>,
    /// The systems for which it counts; for the others it was superseded.
    pub counts_for: Vec<String>,
}

/// Something that happened to a system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EventInfo {
    /// The number of its entry in the log.
    pub entry: u64,
    /// When it was recorded.
    pub at: String,
    /// Who recorded it.
    pub by: String,
    /// `facility`, `received`, `assigned`, `requested`, `decided` or `assessed`.
    pub kind: String,
    /// What happened, in words.
    pub text: String,
    /// The file it is about, by the number of its entry.
    pub file: Option<u64>,
}

/// From one sheet of a system to the next.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StepInfo {
    /// The file of the old sheet, by the number of its entry.
    pub old: u64,
    /// Its name.
    pub old_name: String,
    /// The file of the new sheet.
    pub new: u64,
    /// Its name.
    pub new_name: String,
    /// What to know before one reads on.
    pub remarks: Vec<String>,
    /// Changes for the worse.
    pub regressed: u64,
    /// Changes for the better.
    pub improved: u64,
    /// Other changes.
    pub neutral: u64,
    /// Items that say the same.
    pub unchanged: u64,
    /// The changes, those for the worse first.
    pub changes: Vec<ChangeInfo>,
}

/// What became of a file that was to be recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AddedInfo {
    /// The file.
    pub name: String,
    /// SHA-256 of its bytes; empty where they could not be read.
    pub sha256: String,
    /// The number of its entry, where it is in the register.
    pub entry: Option<u64>,
    /// `recorded`, `unassigned`, `known`, `assigned`, `too-large`, `unread` or `left-out`.
    pub became: String,
    /// The systems to which it belongs or, for `unassigned`, may belong.
    pub systems: Vec<String>,
    /// What to know about it, in words.
    pub remark: Option<String>,
    /// Errors found in it.
    pub errors: u64,
}

/// Something in the register that is not as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProblemInfo {
    /// `bytes-changed`, `entry-changed` and the like.
    pub kind: String,
    /// The entry it is about, where it is known.
    pub entry: Option<u64>,
    /// What is wrong, in words.
    pub text: String,
}
