//! Learning a form from a workbook: the user's own blank copy, or a filled one.
//!
//! The official forms cannot be shipped, so this is how they become known. What is learned stays with the
//! user: questions go into the form file that he keeps, and nowhere else. Which control an item answers is
//! proposed by its words, each proposal with a confidence; what is not certain is left open for a person.

mod clauses;
mod compose;
mod edition;
mod learned;
pub mod table;

pub use learned::Unsure;
pub(crate) use learned::{Learned, LearnedRow};
pub use table::control_named;

use std::sync::Arc;

use super::{Family, Form, Item, Kind, file};
use crate::control::{Controls, Question, Subject, THRESHOLD};
use crate::disclosure;
use crate::error::{Error, Result};
use crate::language::{Language, Localised};
use crate::limits::Limits;
use crate::read::{self, Content};
use crate::source::Source;

/// How many controls are proposed for an item at most.
const PROPOSED: usize = 3;

/// More items than this are no form that people fill in.
const MOST_ITEMS: usize = 5_000;

/// What the user says about the form, where the workbook is not to decide.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The form's id; by default family and edition, such as `mds-5.0`.
    pub id: Option<String>,
    /// Whom the form is about.
    pub family: Option<Family>,
    /// Its edition.
    pub edition: Option<String>,
    /// The one sheet to learn from; by default every sheet that holds a form.
    pub sheet: Option<String>,
}

/// A control that an item may answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// The control's id.
    pub control: String,
    /// How sure it is, above 0 and at most 1, in hundredths.
    pub confidence: f64,
    /// The words that decided.
    pub because: Vec<String>,
}

/// A form learned from a sheet, with what is still open.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The form; its items have the controls chosen so far.
    pub form: Form,
    /// The sheet it was learned from.
    pub sheet: Arc<str>,
    /// The controls that each item may answer, likeliest first, in the order of [`Form::items`].
    pub proposals: Vec<Vec<Proposal>>,
    /// What could not be taken over as it stands.
    pub unsure: Vec<Unsure>,
    /// The workbook's name, without folders.
    pub file: String,
    /// SHA-256 of the workbook, in hexadecimal.
    pub sha256: String,
}

/// Learns the forms of a workbook: one for each family on its sheets.
///
/// The drafts have no controls yet: [`Draft::accept`] takes the certain ones.
///
/// # Errors
/// [`Error::Invalid`] if the file cannot be read, [`Error::NotLearned`] if no sheet holds a form.
pub fn learn(source: &Source, wanted: &Wanted, limits: &Limits) -> Result<Vec<Draft>> {
    let reading = read::read(source, limits);
    let workbook = match reading.content {
        Content::Grid(workbook) => workbook,
        Content::Tree(_) => return Err(not_learned(source, "import-no-workbook", &[])),
        Content::Nothing => {
            return Err(Error::Invalid {
                name: source.name.clone(),
                findings: reading.findings,
            });
        }
    };
    // What lies behind the damage would be missing from the form, and nobody would see it.
    if reading.findings.iter().any(|it| it.stops_reading()) {
        let findings = reading.findings.into_iter().filter(|it| it.stops_reading());
        return Err(Error::Invalid {
            name: source.name.clone(),
            findings: findings.collect(),
        });
    }
    let mut found = disclosure::learn(&workbook);
    if let Some(name) = &wanted.sheet {
        found.retain(|learned| *learned.sheet == **name);
        if found.is_empty() {
            let sheets: Vec<&str> = workbook.sheets.iter().map(|sheet| &*sheet.name).collect();
            let values = [("sheet", name.as_str()), ("sheets", &sheets.join(", "))];
            return Err(not_learned(source, "import-no-sheet", &values));
        }
    }
    if found.is_empty() {
        return Err(not_learned(source, "import-no-table", &[]));
    }
    if let Some(large) = found.iter().find(|learned| learned.rows.len() > MOST_ITEMS) {
        let values = [
            ("count", large.rows.len().to_string()),
            ("most", MOST_ITEMS.to_string()),
        ];
        let values: Vec<(&str, &str)> = values
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        return Err(not_learned(source, "import-too-many", &values));
    }
    let found = one_of_each_family(found, wanted);
    let several = found.len() > 1;
    let drafts = found
        .into_iter()
        .map(|learned| compose::compose(learned, wanted, several, source));
    Ok(drafts.collect())
}

fn not_learned(source: &Source, key: &str, values: &[(&str, &str)]) -> Error {
    Error::NotLearned {
        name: source.name.clone(),
        reason: Localised::label(key, values),
    }
}

/// The sheet with the most items of each family; the others are told.
fn one_of_each_family(found: Vec<Learned>, wanted: &Wanted) -> Vec<Learned> {
    let family = |learned: &Learned| compose::family(learned, wanted);
    let mut kept: Vec<Learned> = Vec::new();
    for learned in found {
        let of_family = kept
            .iter()
            .position(|other| family(other) == family(&learned));
        let Some(at) = of_family else {
            kept.push(learned);
            continue;
        };
        let mut left = learned;
        if left.rows.len() > kept[at].rows.len() {
            std::mem::swap(&mut left, &mut kept[at]);
        }
        let count = left.rows.len().to_string();
        let values = [("sheet", &*left.sheet), ("count", count.as_str())];
        let what = Localised::label("import-other-sheet", &values);
        let place = crate::place::Place::Sheet(left.sheet.clone());
        kept[at].unsure.push(Unsure::new(place, what));
    }
    kept
}

impl Draft {
    /// Takes the likeliest control of every item that has none, where it is certain. Returns how many were taken.
    pub fn accept(&mut self) -> usize {
        let mut taken = 0;
        for at in 0..self.form.items.len() {
            if self.form.items[at].control.is_some() {
                continue;
            }
            let certain = self.proposals[at]
                .first()
                .filter(|best| best.confidence >= THRESHOLD)
                .cloned();
            if let Some(best) = certain {
                self.form.items[at].control = Some(best.control);
                self.form.items[at].confidence = best.confidence;
                taken += 1;
            }
        }
        taken
    }

    /// The items, as positions in [`Form::items`], that have no control yet but may answer one.
    pub fn open(&self) -> Vec<usize> {
        let open =
            |at: &usize| self.form.items[*at].control.is_none() && is_mapped(&self.form.items[*at]);
        (0..self.form.items.len()).filter(open).collect()
    }

    /// Says which control an item answers, or that it answers none. A person's word leaves no doubt.
    pub fn choose(&mut self, item: usize, control: Option<&str>) {
        let item = &mut self.form.items[item];
        item.control = control.map(str::to_owned);
        item.confidence = 1.0;
    }

    /// The form file: its head says where it comes from, and items without a control name those that may be meant.
    pub fn to_toml(&self) -> String {
        let hash = &self.sha256;
        let values = [
            ("file", self.file.as_str()),
            ("sheet", &self.sheet),
            ("sha256", hash),
        ];
        let mut comments: Vec<String> = Vec::new();
        for language in Language::ALL {
            let text = language.label_with("import-preface", &values);
            comments.extend(text.lines().map(str::to_owned));
        }
        file::write(&self.form, &comments, &|at| self.candidates(at))
    }

    /// The proposals of an item that has no control, as comments beside it.
    fn candidates(&self, at: usize) -> Vec<String> {
        let proposals = &self.proposals[at];
        if self.form.items[at].control.is_some() || proposals.is_empty() {
            return Vec::new();
        }
        let each = proposals
            .iter()
            .map(|proposal| format!("{} ({})", proposal.control, proposal.confidence));
        vec![format!("control? {}", each.collect::<Vec<_>>().join(", "))]
    }
}

/// True for an item whose answer can be one on a control.
fn is_mapped(item: &Item) -> bool {
    match item.kind {
        Kind::Choice | Kind::Multiple => true,
        Kind::Text | Kind::Date => false,
    }
}

/// The controls that the items of a form may answer.
fn proposals(form: &Form) -> Vec<Vec<Proposal>> {
    let subject = if form.family.is_service() {
        Subject::Service
    } else {
        Subject::Product
    };
    let of = |item: &Item| -> Vec<Proposal> {
        if !is_mapped(item) {
            return Vec::new();
        }
        let references: Vec<String> = item
            .references
            .iter()
            .flat_map(|(_, clauses)| clauses.iter().cloned())
            .collect();
        let parent = item.parent.as_ref().and_then(|parent| form.item(parent));
        let question = Question {
            text: &item.title.ja,
            section: &form.section_of(item).title.ja,
            references: &references,
            subject,
            parent_text: parent.map(|parent| parent.title.ja.as_str()),
        };
        let matches = Controls::bundled().match_question(&question);
        matches
            .into_iter()
            .take(PROPOSED)
            .map(|found| Proposal {
                control: found.control.id.clone(),
                // Rounded down: what is written must not look surer than it is.
                confidence: (found.confidence * 100.0).floor().max(1.0) / 100.0,
                because: found.because,
            })
            .collect()
    };
    form.items.iter().map(of).collect()
}
