//! The published shapes: `kaijisho/check/1`, `kaijisho/diff/1`, `kaijisho/report/1`, `kaijisho/disclosure/1`.
//!
//! One struct serves all: a `check` has findings, a `diff` has results, a `report` has both and the
//! items, a `disclosure` has header and items. What a kind does not have is left out of its JSON.

mod build;
mod risks;
mod system;
mod tally;

pub use build::{Assembly, Judged, build, documents, finding_info, fixes};
pub(crate) use build::{form_info, place_info, result_of};
pub use risks::{RiskEntry, RiskRegister};
pub use system::{FacilityInfo, FacilitySystem, FactFrom, FactInfo};
pub use tally::Tally;
pub(crate) use tally::verdicts;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, State};
use crate::assess::Verdict;
use crate::finding::Severity;
use crate::form::{Family, FormSource};
use crate::language::Language;
use crate::profile::Level;

/// Which of the published shapes a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Kind {
    /// `kaijisho check --format json`
    #[serde(rename = "kaijisho/check/1")]
    Check,
    /// `kaijisho diff --format json`
    #[serde(rename = "kaijisho/diff/1")]
    Diff,
    /// `kaijisho report -o report.json`
    #[serde(rename = "kaijisho/report/1")]
    Report,
    /// `kaijisho convert … out.json`
    #[serde(rename = "kaijisho/disclosure/1")]
    Disclosure,
}

/// A report.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Report {
    /// Which shape it is.
    pub schema: Kind,
    /// What wrote it.
    pub tool: Tool,
    /// The language of its texts.
    pub language: Language,
    /// The profile held against the documents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<ProfileInfo>,
    /// The date on which dates and waivers were judged, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The facility file whose systems the disclosures are of, where one was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facility: Option<FacilityInfo>,
    /// One entry for each disclosure; a file without one has an entry too.
    pub documents: Vec<Document>,
    /// Findings about the profile itself, such as expired waivers, and about the systems of the facility file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profile_findings: Vec<FindingInfo>,
    /// The risk register that is kept beside, where one was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk_register: Option<RiskRegister>,
    /// Everything counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<Summary>,
}

/// What wrote a report.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Tool {
    /// Always `kaijisho`.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Tool {
    /// This library.
    pub fn this() -> Self {
        Self {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

impl Report {
    /// The facility that the cover names: that of the facility file, else the one that the profile names.
    pub fn facility_name(&self) -> Option<&str> {
        let of_profile = || self.profile.as_ref()?.facility.as_deref();
        let of_file = self
            .facility
            .as_ref()
            .map(|facility| facility.name.as_str());
        of_file.or_else(of_profile)
    }
}

/// The profile held against the documents.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ProfileInfo {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The facility whose requirements they are, where the profile names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facility: Option<String>,
    /// Where its requirements come from.
    pub provenance: String,
    /// SHA-256 of its text.
    pub sha256: String,
}

/// A disclosure, or a file in which none was found.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Document {
    /// The file as named by the user.
    pub file: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// The form it is an instance of.
    pub form: Option<FormInfo>,
    /// The sheet it stands on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Every sheet of the workbook and what became of it.
    pub sheets: Vec<SheetInfo>,
    /// What came of the findings that were listed when the file was sent back, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returned: Option<ReturnedInfo>,
    /// Its head.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<Header>,
    /// The system of the facility file that it is of, where that is certain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<FacilitySystem>,
    /// The facts and categories of the system on which requirements were judged or left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<FactInfo>,
    /// How many items are in which state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts: Option<Counts>,
    /// What is to be said about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub findings: Option<Vec<FindingInfo>>,
    /// Its items in the order of the sheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<Vec<ItemInfo>>,
    /// Remark texts in a block of their own, with what refers to them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<RemarkInfo>,
    /// What no form asks for, kept as written; in a disclosure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<KeptInfo>,
    /// One result for each requirement of the profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub results: Option<Vec<ResultInfo>>,
    /// Verdicts counted, by level and verdict.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdicts: Option<BTreeMap<String, BTreeMap<String, usize>>>,
}

/// The form of a document.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FormInfo {
    /// Its id.
    pub id: String,
    /// Its edition.
    pub edition: String,
    /// How it became known.
    pub source: FormSource,
    /// Whom it is about.
    pub family: Family,
    /// Its title.
    pub title: String,
    /// Where it comes from, and what it is not.
    pub provenance: String,
}

/// What became of a sheet.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SheetInfo {
    /// Its name.
    pub name: String,
    /// What it was taken for.
    pub role: Role,
    /// Why.
    pub reason: String,
}

/// What a sheet was taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    #[allow(missing_docs)] // one documented variant would turn the JSON Schema's enum into a oneOf
    Disclosure,
    #[allow(missing_docs)]
    Ignored,
}

/// What came of a list of findings that was sent back with the sheet.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReturnedInfo {
    /// The sheet with the list.
    pub sheet: String,
    /// How many findings it lists.
    pub listed: usize,
    /// How many of them are no longer there.
    pub mended: usize,
    /// Those that are still there.
    pub open: Vec<ReturnedOpen>,
}

/// A listed finding that is still there.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReturnedOpen {
    /// The rule's code.
    pub code: String,
    /// The item it is about.
    pub item: Option<String>,
    /// Where it stands now; null is the whole file.
    pub place: Option<PlaceInfo>,
}

/// The head of a disclosure; a field that is not on the sheet is null.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Header {
    /// Date of the disclosure, `YYYY-MM-DD` where it can be read, else as written.
    pub date: Option<String>,
    /// Manufacturer or service provider.
    pub manufacturer: Option<String>,
    /// Product or service.
    pub product: Option<String>,
    /// Model.
    pub model: Option<String>,
    /// Version.
    pub version: Option<String>,
}

/// How many items are in which state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// Items of the form.
    pub items: usize,
    /// Items with a clear answer, or a text where a text is asked.
    pub answered: usize,
    /// Items on the sheet without an answer.
    pub unanswered: usize,
    /// Items with several answers that exclude each other.
    pub conflicting: usize,
    /// Items with an answer that is not known.
    pub unknown: usize,
    /// Items of the form that are not on the sheet.
    pub missing: usize,
    /// Items answered yes.
    pub yes: usize,
    /// Items answered no.
    pub no: usize,
    /// Items answered not applicable.
    pub na: usize,
    /// Items answered by pointing to a note.
    pub see_note: usize,
    /// Items with a remark.
    pub remarks: usize,
    /// Items in hidden rows.
    pub hidden: usize,
    /// Rows with something like an answer that belong to no item.
    pub unmatched_rows: usize,
    /// Findings of each severity: error, warning, note.
    pub findings: BTreeMap<String, usize>,
}

/// A place: a cell of a sheet, or a line and column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum PlaceInfo {
    /// A cell, or with a null cell the whole sheet.
    Cell {
        /// The sheet.
        sheet: String,
        /// The cell's address, such as `D13`.
        cell: Option<String>,
    },
    /// A position in a text file.
    Text {
        /// One-based line.
        line: u32,
        /// One-based column in characters.
        column: u32,
    },
}

impl PlaceInfo {
    /// The place in one word: `MDS!D13`, `12:5`.
    pub fn label(&self) -> String {
        match self {
            PlaceInfo::Cell {
                sheet,
                cell: Some(cell),
            } => format!("{sheet}!{cell}"),
            PlaceInfo::Cell { sheet, cell: None } => sheet.clone(),
            PlaceInfo::Text { line, column } => format!("{line}:{column}"),
        }
    }

    /// The place as people say it: `MDS!D13`, `12行5列`.
    pub fn words(&self, language: Language) -> String {
        match self {
            PlaceInfo::Cell { .. } => self.label(),
            PlaceInfo::Text { line, column } => {
                let (line, column) = (line.to_string(), column.to_string());
                language.label_with("place-text", &[("line", &line), ("column", &column)])
            }
        }
    }
}

/// A finding.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FindingInfo {
    /// `MDSnnn` or `CFGnnn`.
    pub code: String,
    /// The rule's name.
    pub name: String,
    /// How grave it is.
    pub severity: Severity,
    /// The item it is about.
    pub item: Option<String>,
    /// Where; null is the whole file.
    pub place: Option<PlaceInfo>,
    /// What is wrong, in one line.
    pub message: String,
    /// What was found, as written.
    pub found: Option<String>,
    /// What is allowed.
    pub expected: Vec<String>,
    /// What to do.
    pub help: String,
    /// Where the rule comes from.
    pub references: Vec<String>,
}

/// An item of a disclosure.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ItemInfo {
    /// Its number.
    pub number: String,
    /// The control it answers.
    pub control: Option<String>,
    /// The question as printed on the sheet.
    pub text: Option<String>,
    /// The form's title of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The heading it stands under in the form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// The clear answer, or null.
    pub answer: Option<Answer>,
    /// The methods ticked.
    pub options: Vec<String>,
    /// How it was answered.
    pub state: State,
    /// The answer as written.
    pub written: Option<String>,
    /// The remark's text.
    pub remark: Option<String>,
    /// The remark's number as written, where the cell holds only that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remark_reference: Option<String>,
    /// Where the answer stands, or should stand.
    pub place: Option<PlaceInfo>,
}

/// A remark text in a block of its own.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RemarkInfo {
    /// Its number.
    pub key: u32,
    /// Its label as written.
    pub label: String,
    /// Its text.
    pub text: String,
    /// True if an item refers to it.
    pub referenced: bool,
}

/// A piece of content that no form asks for.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct KeptInfo {
    /// What it is: `line`, `cell`, `row`, `comment` and others.
    pub kind: String,
    /// The item in whose row it stands, or with which a section begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// Its label as written.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// What it says.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Where it stood in the file it was first read from.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub origin: String,
}

/// The result of one requirement.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ResultInfo {
    /// The requirement, by id.
    pub requirement: String,
    /// The control it looks at.
    pub control: Option<String>,
    /// The title of the control or item.
    pub title: String,
    /// The area of the control, for grouping.
    pub area: Option<String>,
    /// How much it matters.
    pub level: Level,
    /// Its weight when bids are compared.
    pub weight: u32,
    /// What it comes to.
    pub verdict: Verdict,
    /// The item it rests on.
    pub item: Option<String>,
    /// The answer it rests on.
    pub answer: Option<Answer>,
    /// The answer as written.
    pub written: Option<String>,
    /// The question as printed on the sheet, where that is another text than the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<String>,
    /// Answers that satisfy.
    pub accepted: Vec<Answer>,
    /// The remark it rests on.
    pub remark: Option<String>,
    /// Where the answer stands.
    pub place: Option<PlaceInfo>,
    /// Why the verdict is what it is.
    pub reason: String,
    /// Why the facility asks.
    pub purpose: String,
    /// Where the requirement comes from.
    pub references: Vec<String>,
    /// The clauses that the item itself cites.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub item_references: Vec<String>,
    /// The rule applied: what is looked at, which answers will do, and what has to stand beside them.
    pub rule: String,
    /// The facts and categories of the system on which it depends whether this is required.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<FactInfo>,
    /// What to ask the vendor, where a verdict cannot be given or rests on too little.
    pub question: Option<String>,
    /// How sure the match of item and control is, 0 to 1; null where there is no item.
    pub confidence: Option<f64>,
    /// The words of the question by which the control was recognised; none where the form names the control.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<String>,
    /// True if it is met because the remark says it is planned.
    pub planned: bool,
    /// True if the answer no is to be entered in the list of risks to assess.
    pub assess_risk: bool,
    /// The waiver, where the verdict is waived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiver: Option<WaiverInfo>,
}

impl ResultInfo {
    /// How sure the match of item and control is, in percent, where it is not given by the form.
    pub fn doubt_percent(&self) -> Option<u32> {
        self.confidence
            .filter(|confidence| *confidence < 1.0)
            .map(|confidence| (confidence * 100.0).round() as u32)
    }

    /// The clauses behind it: those of the requirement, then those that the item cites.
    pub fn clauses(&self) -> impl Iterator<Item = &str> {
        let all = self.references.iter().chain(&self.item_references);
        all.map(String::as_str)
    }

    /// True for a must that is unmet or undecided: the document does not qualify.
    pub fn is_open_must(&self) -> bool {
        self.level == Level::Must && matches!(self.verdict, Verdict::Unmet | Verdict::Undecided)
    }
}

/// A waiver in force.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WaiverInfo {
    /// Why.
    pub reason: String,
    /// Who allowed it.
    pub approver: String,
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day, inclusive, `YYYY-MM-DD`.
    pub until: String,
    /// What is done instead.
    pub compensating: Option<String>,
}

/// Everything counted.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Summary {
    /// Disclosures, and files in which none was found.
    pub documents: usize,
    /// Findings that are errors.
    pub errors: usize,
    /// Findings that are warnings.
    pub warnings: usize,
    /// Findings that are notes.
    pub notes: usize,
    /// Verdicts counted, by level and verdict.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdicts: Option<BTreeMap<String, BTreeMap<String, usize>>>,
    /// Documents of which no must is unmet or undecided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qualified: Option<usize>,
}
