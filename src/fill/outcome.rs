//! What became of everything that was to be written.

use std::sync::Arc;

use super::pairing::Pair;
use super::plan::Task;
use super::template::Template;
use crate::answer::ItemNumber;
use crate::form::{Field, Form};
use crate::language::Localised;
use crate::place::Place;

/// What an outcome is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The answer of an item.
    Answer(ItemNumber),
    /// The remark of an item.
    Remark(ItemNumber),
    /// A field of the head.
    Header(Field),
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It was written, and is read back as it was asked.
    Placed,
    /// It stood there already.
    Same,
    /// Something else stands there and was kept.
    Kept,
    /// There is no place for it, or it cannot be written there.
    NotPlaced,
    /// It was written and is read otherwise; it was taken out again.
    Failed,
}

impl Fate {
    /// The name in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Fate::Placed => "placed",
            Fate::Same => "same",
            Fate::Kept => "kept",
            Fate::NotPlaced => "not-placed",
            Fate::Failed => "failed",
        }
    }
}

/// What became of one answer, remark or field.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// What it is about.
    pub subject: Subject,
    /// What became of it.
    pub fate: Fate,
    /// Where it stands, or should stand.
    pub place: Option<Place>,
    /// What was to be written, in the words of the answers.
    pub wanted: String,
    /// What stands there instead.
    pub found: Option<String>,
    /// Why it was not placed, and what to do.
    pub reason: Option<Localised>,
    /// The question that the template prints, where it asks something else than was answered.
    pub other_question: Option<String>,
}

impl Outcome {
    /// True if nobody need look at it again.
    pub fn is_done(&self) -> bool {
        matches!(self.fate, Fate::Placed | Fate::Same) && self.other_question.is_none()
    }
}

/// What became of a disclosure.
#[derive(Debug)]
pub struct FilledDisclosure {
    /// The form as the template was recognised.
    pub form: Arc<Form>,
    /// The first sheet that it stands on.
    pub sheet: Option<Arc<str>>,
    /// What became of each answer, remark and field, in the order of the template.
    pub outcomes: Vec<Outcome>,
    /// Items of the template that the answers leave open.
    pub blank: Vec<ItemNumber>,
}

impl FilledDisclosure {
    /// How many outcomes have this fate.
    pub fn count(&self, fate: Fate) -> usize {
        self.outcomes.iter().filter(|it| it.fate == fate).count()
    }
}

/// What became of the tasks of one disclosure.
pub(super) fn of_pair(
    template: &Template<'_>,
    pair: &Pair<'_>,
    document: usize,
    tasks: &[Task],
) -> FilledDisclosure {
    let disclosure = &template.disclosures[pair.target];
    let own = tasks.iter().filter(|task| task.document == document);
    let outcomes: Vec<Outcome> = own.map(|task| task.outcome.clone()).collect();
    let told = |number: &ItemNumber| {
        outcomes
            .iter()
            .any(|it| matches!(&it.subject, Subject::Answer(told) if told == number))
    };
    let blank = disclosure
        .entries
        .iter()
        .filter(|entry| entry.state == crate::answer::State::Unanswered && !told(&entry.number));
    FilledDisclosure {
        form: disclosure.form.clone(),
        sheet: disclosure.sheet.clone(),
        blank: blank.map(|entry| entry.number.clone()).collect(),
        outcomes,
    }
}
