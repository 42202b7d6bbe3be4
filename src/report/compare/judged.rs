//! What a comparison keeps of a file once it was held against the profile: verdicts and what stands in the matrix, not
//! the disclosure. So ten thousand bids take the memory of their verdicts.

use std::collections::BTreeMap;

use crate::assess::{Assessment, Outcome, ProfileUse};
use crate::compare::Bid;
use crate::control::Controls;
use crate::disclosure::Disclosure;
use crate::examine::Examined;
use crate::form::{Field, Form};
use crate::language::Language;
use crate::profile::{Profile, Target};
use crate::report::model::{self, Document};

use super::model::{Asked, Cell};

/// A file held against a profile, with one bid for each of its disclosures.
#[derive(Clone, Debug)]
pub struct Judged {
    pub(super) file: String,
    pub(super) sha256: String,
    pub(super) documents: Vec<Document>,
    /// In the order of the documents.
    pub(super) bids: Vec<JudgedBid>,
    pub(super) profile_use: ProfileUse,
}

/// A disclosure held against the profile. Lists are in the order of its requirements.
#[derive(Clone, Debug)]
pub(super) struct JudgedBid {
    pub(super) about: Bid,
    pub(super) family: &'static str,
    pub(super) manufacturer: Option<String>,
    pub(super) product: Option<String>,
    pub(super) version: Option<String>,
    pub(super) verdicts: BTreeMap<String, BTreeMap<String, usize>>,
    pub(super) questions: Vec<Asked>,
    pub(super) cells: Vec<Cell>,
    pub(super) topics: Vec<Topic>,
    /// The area of each score, by position in the catalogue.
    pub(super) areas: Vec<Option<usize>>,
}

/// What a requirement is about, in the words of the form that a bid is on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Topic {
    pub(super) title: String,
    pub(super) area: Option<String>,
}

impl Judged {
    /// What is kept of a file; one assessment for each of its disclosures.
    pub fn of(
        file: &Examined,
        assessments: &[Assessment<'_>],
        profile: &Profile,
        language: Language,
    ) -> Self {
        let mut documents = model::documents(file, language);
        let bids = file.disclosures.iter().zip(assessments).enumerate();
        let bids = bids.map(|(at, (disclosure, assessment))| {
            documents[at].set_system(assessment, language);
            JudgedBid::of(&file.file, disclosure, assessment, language)
        });
        Self {
            bids: bids.collect(),
            file: file.file.clone(),
            sha256: file.sha256.clone(),
            documents,
            profile_use: ProfileUse::of(profile, &file.disclosures, assessments),
        }
    }
}

impl JudgedBid {
    fn of(
        file: &str,
        disclosure: &Disclosure,
        assessment: &Assessment<'_>,
        language: Language,
    ) -> Self {
        let outcomes = &assessment.outcomes;
        let (cells, topics) = outcomes
            .iter()
            .map(|outcome| published(outcome, &disclosure.form, language))
            .unzip();
        let mut questions: Vec<Asked> = outcomes
            .iter()
            .filter_map(|outcome| asked(outcome, language))
            .collect();
        questions.sort_by_key(|asked| asked.level);
        Self {
            about: Bid::of(file, disclosure, assessment),
            family: disclosure.form.family.code(),
            manufacturer: field(disclosure, Field::Manufacturer),
            product: field(disclosure, Field::Product),
            version: field(disclosure, Field::Version),
            verdicts: model::verdicts(assessment.counts()),
            questions,
            cells,
            topics,
            areas: outcomes.iter().map(area_of).collect(),
        }
    }
}

/// What stands in the matrix, and what it is about. The bid is numbered once it has its rank.
fn published(outcome: &Outcome<'_>, form: &Form, language: Language) -> (Cell, Topic) {
    let result = model::result_of(outcome, form, language);
    let cell = Cell {
        bid: 0,
        verdict: result.verdict,
        item: result.item,
        answer: result.answer,
        written: result.written,
        remark: result.remark,
        place: result.place,
        reason: result.reason,
        confidence: result.confidence,
        planned: result.planned,
    };
    let topic = Topic {
        title: result.title,
        area: result.area,
    };
    (cell, topic)
}

fn asked(outcome: &Outcome<'_>, language: Language) -> Option<Asked> {
    Some(Asked {
        requirement: outcome.requirement.id.clone(),
        level: outcome.requirement.level,
        item: outcome.item.map(|item| item.number.to_string()),
        question: outcome.question(language)?,
    })
}

fn field(disclosure: &Disclosure, field: Field) -> Option<String> {
    let value = disclosure.field(field).map(|value| value.value());
    value.filter(|value| !value.trim().is_empty())
}

/// The area that a requirement counts for.
fn area_of(outcome: &Outcome<'_>) -> Option<usize> {
    let control = match &outcome.requirement.target {
        Target::Control(id) => Some(id.as_str()),
        Target::OneOf(ids) => ids.first().map(String::as_str),
        Target::Item { .. } => outcome.item.and_then(|item| item.control()),
        Target::Question(_) => None,
    };
    let controls = Controls::bundled();
    let control = controls.get(control?)?;
    controls
        .areas()
        .iter()
        .position(|area| area.id == control.area)
}
