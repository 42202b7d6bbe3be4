//! Filling: the answers of disclosures put into a workbook of the user's own, with nothing else of it changed.
//!
//! The template is read as any sheet is ([`template`]); each disclosure is paired with one of its tables
//! ([`pairing`]); for every answer, remark and field of the head there is a list of ways to write it, the
//! likeliest first ([`plan`]). The workbook is patched, read back by the same reader, and what was not read as it
//! was meant is written in the next way, or listed as failed. So no answer is written that `check` would
//! read otherwise. Pure: bytes and disclosures in, bytes and outcomes out.

mod answer;
mod block;
mod boxes;
mod change;
mod date;
mod habits;
mod header;
mod marks;
mod outcome;
mod pairing;
mod plan;
mod remark;
pub mod report;
mod template;
mod verify;

use crate::disclosure::Disclosure;
use crate::error::{Error, Result};
use crate::examine::Options;
use crate::language::Localised;
use crate::source::Source;

pub use outcome::{Fate, FilledDisclosure, Outcome, Subject};

use plan::Task;
use template::Template;

/// How often what was not read back as meant is tried in another way.
const ROUNDS: usize = 6;

/// How a workbook is filled.
#[derive(Clone, Copy, Debug)]
pub struct FillOptions<'o> {
    /// How files are read: forms, layouts, limits.
    pub read: &'o Options,
    /// True if other answers, remarks and fields that stand there already are replaced.
    pub force: bool,
    /// The sheet to fill, where several could be meant.
    pub sheet: Option<&'o str>,
}

/// A workbook that was filled.
#[derive(Debug)]
pub struct Filled {
    /// The workbook.
    pub bytes: Vec<u8>,
    /// What became of each disclosure, in the order of the answers.
    pub documents: Vec<FilledDisclosure>,
}

impl Filled {
    /// True if everything stands in the workbook as it was asked.
    pub fn is_complete(&self) -> bool {
        let mut outcomes = self
            .documents
            .iter()
            .flat_map(|document| &document.outcomes);
        outcomes.all(Outcome::is_done)
    }
}

/// Puts the answers of disclosures into a workbook (`.xlsx`, `.xlsm`).
///
/// # Errors
/// [`Error::NotFilled`] where the template is no such workbook, cannot be changed in place, holds no table of
/// the form that was answered, or more than one and nobody said which.
pub fn fill(
    answers: &[Disclosure],
    template: &Source,
    options: &FillOptions<'_>,
) -> Result<Filled> {
    let refuse = |reason: Localised| Error::NotFilled {
        name: template.name.clone(),
        reason,
    };
    let read = Template::read(template, options, answers).map_err(refuse)?;
    let pairs = pairing::pairs(answers, &read, options.sheet).map_err(refuse)?;
    let mut tasks: Vec<Task> = Vec::new();
    for (document, pair) in pairs.iter().enumerate() {
        tasks.extend(plan::tasks(&read, pair, document, options.force));
    }
    let bytes = write(&read, &pairs, &mut tasks, options).map_err(refuse)?;
    let documents = pairs
        .iter()
        .enumerate()
        .map(|(document, pair)| outcome::of_pair(&read, pair, document, &tasks))
        .collect();
    Ok(Filled { bytes, documents })
}

/// Writes the tasks, each in the first of its ways that is read back as meant.
fn write(
    template: &Template<'_>,
    pairs: &[pairing::Pair<'_>],
    tasks: &mut Vec<Task>,
    options: &FillOptions<'_>,
) -> std::result::Result<Vec<u8>, Localised> {
    let limits = &options.read.limits;
    for round in 0..ROUNDS * 2 {
        let bytes = change::write(template, tasks, limits)?;
        if verify::check(template, pairs, tasks, &bytes, options)? == 0 {
            let besides = verify::side_effects(template, pairs, tasks, &bytes, options)?;
            tasks.extend(besides);
            return Ok(bytes);
        }
        for task in tasks.iter_mut().filter(|task| task.is_unsure()) {
            match round < ROUNDS {
                true => task.next_way(None),
                // What is still not read as meant is taken out again.
                false => task.give_up(),
            }
        }
    }
    Err(Localised::label("fill-unstable", &[]))
}
