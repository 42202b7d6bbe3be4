//! A row of the table of verdicts: one requirement held against one disclosure.

use jiff::civil::Date;

use super::{ABOUT, About, Cell};
use crate::answer::Answer;
use crate::assess::{Assessment, Outcome, Verdict, assess_system};
use crate::examine::Examined;
use crate::language::Language;
use crate::profile::{Profile, System};

/// What the disclosures of a file come to.
#[derive(Debug)]
pub struct Judgement<'p> {
    profile: &'p Profile,
    date: Date,
    /// For each disclosure, one for each requirement.
    pub(super) results: Vec<Vec<Judged>>,
}

/// What a requirement comes to for a disclosure, kept without the disclosure.
#[derive(Debug)]
pub(super) struct Judged {
    control: Option<String>,
    verdict: Verdict,
    planned: bool,
    item: Option<String>,
    answer: Option<Answer>,
    written: Option<String>,
    remark: Option<String>,
    place: Option<String>,
    confidence: Option<f64>,
    reason: String,
}

/// Holds the disclosures of a file against a profile on a day, each as one of the system that is said of it, by
/// position in the file. Pure, so that files can be judged on many threads and written by one.
pub fn judge<'p>(
    file: &Examined,
    profile: &'p Profile,
    systems: impl Fn(usize) -> &'p System,
    date: Date,
    language: Language,
) -> Judgement<'p> {
    let disclosures = file.disclosures.iter().enumerate();
    let assessments: Vec<Assessment<'_>> = disclosures
        .map(|(at, disclosure)| assess_system(disclosure, profile, systems(at), date))
        .collect();
    Judgement::of(&assessments, profile, date, language)
}

impl<'p> Judgement<'p> {
    /// The same of assessments that were made already, one for each disclosure of a file.
    pub fn of(
        assessments: &[Assessment<'_>],
        profile: &'p Profile,
        date: Date,
        language: Language,
    ) -> Self {
        let of = |assessment: &Assessment<'_>| {
            let outcomes = assessment.outcomes.iter();
            outcomes.map(|outcome| judged(outcome, language)).collect()
        };
        Self {
            profile,
            date,
            results: assessments.iter().map(of).collect(),
        }
    }
}

fn judged(outcome: &Outcome<'_>, language: Language) -> Judged {
    let entry = outcome.entry;
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    Judged {
        control: outcome.control().map(str::to_owned),
        verdict: outcome.verdict,
        planned: outcome.planned,
        item: outcome.item.map(|item| item.number.to_string()),
        answer: entry.and_then(|entry| entry.answer),
        written: entry.and_then(|entry| some(entry.written.clone())),
        remark: entry.and_then(|entry| entry.remark.text.clone()),
        place: entry.and_then(|entry| some(entry.place.to_string())),
        confidence: outcome.item.map(|item| item.confidence),
        reason: outcome.reason(language),
    }
}

/// Columns of a verdict.
const OWN: usize = 17;

/// The row of a requirement; `position` is its place in the profile.
pub(super) fn row<'a>(
    about: &'a About<'a>,
    judgement: &'a Judgement<'_>,
    position: usize,
    judged: &'a Judged,
) -> [Cell<'a>; ABOUT + OWN] {
    let requirement = &judgement.profile.requirements[position];
    let own: [Cell<'a>; OWN] = [
        Cell::text(&judgement.profile.id),
        Cell::text(&judgement.profile.sha256),
        Cell::Day(judgement.date),
        Cell::position(position),
        Cell::text(&requirement.id),
        Cell::of(judged.control.as_deref()),
        Cell::text(requirement.level.code()),
        Cell::Number(i32::try_from(requirement.weight).unwrap_or(i32::MAX)),
        Cell::text(judged.verdict.code()),
        Cell::Truth(judged.planned),
        Cell::of(judged.item.as_deref()),
        Cell::of(judged.answer.map(Answer::code)),
        Cell::of(judged.written.as_deref()),
        Cell::of(judged.remark.as_deref()),
        Cell::of(judged.place.as_deref()),
        judged.confidence.map_or(Cell::Nothing, Cell::Share),
        Cell::text(&judged.reason),
    ];
    let mut cells = about.cells().into_iter().chain(own);
    std::array::from_fn(|_| cells.next().expect("as many as both have"))
}
