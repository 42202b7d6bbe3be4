//! What filling did, as JSON (`kaijisho/fill/1`).

use schemars::JsonSchema;
use serde::Serialize;

use super::Filled;
use super::outcome::{Fate, FilledDisclosure, Outcome, Subject};
use crate::answer::ItemNumber;
use crate::form::Field;
use crate::language::Language;
use crate::report::model::{FormInfo, PlaceInfo, Tool, form_info, place_info};
use crate::source::Source;

/// The name of the shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum FillSchema {
    /// `kaijisho fill --format json`
    #[serde(rename = "kaijisho/fill/1")]
    Fill,
}

/// What filling did.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FillReport {
    /// Which shape it is.
    pub schema: FillSchema,
    /// What wrote it.
    pub tool: Tool,
    /// The language of its texts.
    pub language: Language,
    /// The file the answers came from.
    pub answers: FileInfo,
    /// The workbook that was filled.
    pub template: FileInfo,
    /// The workbook that was written.
    pub output: FileInfo,
    /// One entry for each disclosure of the answers.
    pub documents: Vec<FillDocument>,
    /// The forms of those disclosures of the answers that the workbook has no table for.
    pub without_table: Vec<String>,
    /// Everything counted.
    pub summary: FillCounts,
}

/// A file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FileInfo {
    /// Its name as given.
    pub file: String,
    /// SHA-256 of the file.
    pub sha256: String,
}

/// What became of a disclosure.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FillDocument {
    /// The first sheet that it stands on.
    pub sheet: Option<String>,
    /// The form as the workbook was recognised.
    pub form: FormInfo,
    /// How many of its answers, remarks and fields became what.
    pub counts: FillCounts,
    /// What became of each.
    pub outcomes: Vec<OutcomeInfo>,
    /// Items of the workbook that the answers leave open.
    pub blank: Vec<ItemNumber>,
}

/// How many became what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FillCounts {
    /// Written, and read back as asked.
    pub placed: usize,
    /// Stood there already.
    pub same: usize,
    /// Something else stood there and was kept.
    pub kept: usize,
    /// No place, or it cannot be written there.
    pub not_placed: usize,
    /// Would be read otherwise, and was taken back.
    pub failed: usize,
    /// Of those placed: where the workbook prints another question.
    pub other_question: usize,
    /// Items of the workbook that the answers leave open.
    pub blank: usize,
}

/// What an outcome is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum What {
    #[allow(missing_docs)]
    Answer,
    #[allow(missing_docs)]
    Remark,
    #[allow(missing_docs)]
    Header,
}

/// What became of one answer, remark or field.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OutcomeInfo {
    /// What it is.
    pub what: What,
    /// The item, of an answer or a remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemNumber>,
    /// The field, of the head.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<Field>,
    /// `placed`, `same`, `kept`, `not-placed` or `failed`.
    pub fate: String,
    /// Where it stands, or should stand.
    pub place: Option<PlaceInfo>,
    /// What was to be written.
    pub wanted: String,
    /// What stands there instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// Why it was not placed, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The question that the workbook prints, where it asks something else than was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_question: Option<String>,
}

impl FillCounts {
    /// Counts what became of a disclosure.
    pub fn of(document: &FilledDisclosure) -> Self {
        let placed = document.outcomes.iter();
        let other = placed.filter(|it| {
            matches!(it.fate, Fate::Placed | Fate::Same) && it.other_question.is_some()
        });
        Self {
            placed: document.count(Fate::Placed),
            same: document.count(Fate::Same),
            kept: document.count(Fate::Kept),
            not_placed: document.count(Fate::NotPlaced),
            failed: document.count(Fate::Failed),
            other_question: other.count(),
            blank: document.blank.len(),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            placed: self.placed + other.placed,
            same: self.same + other.same,
            kept: self.kept + other.kept,
            not_placed: self.not_placed + other.not_placed,
            failed: self.failed + other.failed,
            other_question: self.other_question + other.other_question,
            blank: self.blank + other.blank,
        }
    }
}

/// The report on what filling did. `files` are the answers, the template and the workbook written.
pub fn report(filled: &Filled, files: [&Source; 3], language: Language) -> FillReport {
    let info = |source: &Source| FileInfo {
        file: source.name.clone(),
        sha256: source.sha256.clone(),
    };
    let counts = filled.documents.iter().map(FillCounts::of);
    FillReport {
        schema: FillSchema::Fill,
        tool: Tool::this(),
        language,
        answers: info(files[0]),
        template: info(files[1]),
        output: info(files[2]),
        summary: counts.fold(FillCounts::default(), FillCounts::plus),
        without_table: filled.without_table.clone(),
        documents: filled
            .documents
            .iter()
            .map(|document| document_info(document, language))
            .collect(),
    }
}

fn document_info(document: &FilledDisclosure, language: Language) -> FillDocument {
    FillDocument {
        sheet: document.sheet.as_ref().map(|sheet| sheet.to_string()),
        form: form_info(&document.form, language),
        counts: FillCounts::of(document),
        outcomes: document
            .outcomes
            .iter()
            .map(|outcome| outcome_info(outcome, language))
            .collect(),
        blank: document.blank.clone(),
    }
}

fn outcome_info(outcome: &Outcome, language: Language) -> OutcomeInfo {
    let (what, item, field) = match &outcome.subject {
        Subject::Answer(item) => (What::Answer, Some(item.clone()), None),
        Subject::Remark(item) => (What::Remark, Some(item.clone()), None),
        Subject::Header(field) => (What::Header, None, Some(*field)),
    };
    OutcomeInfo {
        what,
        item,
        field,
        fate: outcome.fate.code().to_owned(),
        place: outcome.place.as_ref().and_then(place_info),
        wanted: outcome.wanted.clone(),
        found: outcome.found.clone(),
        reason: outcome
            .reason
            .as_ref()
            .map(|reason| reason.text(language).to_owned()),
        other_question: outcome.other_question.clone(),
    }
}
