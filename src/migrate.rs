//! Migration: the answers of a disclosure carried to another edition or family of forms.
//!
//! Pure: no files, clock or environment. An answer is carried only where one item of the old form asks the same as one of
//! the new ([`LinkKind::Same`](crate::crosswalk::LinkKind::Same), at least [`THRESHOLD`] sure), the old answer is clear, and
//! the new item takes it. Nothing is worked out from several answers, and nothing is filled in. Everything else is a
//! [`Step`] with a [`Reason`]: each item of the new form, and each answer of the old sheet that leads nowhere.
//!
//! Through a control, yes is taken to mean yes: a form names a control only for an item whose yes is a yes on it, and a
//! question that denies is never recognised as surely as [`THRESHOLD`] (`control::matching`).
//!
//! ```
//! use kaijisho::crosswalk::Crosswalk;
//! use kaijisho::migrate::{Outcome, migrate};
//! use kaijisho::{Answer, ItemNumber, Options, Source, examine};
//!
//! let options = Options::new(jiff::civil::date(2026, 10, 1));
//! let text = "form = 'mds2-2019'\nitems = [{ number = 'PAUT-3', answer = 'No' }, { number = 'DTBK-3', answer = 'Yes' }]";
//! let old = examine(&Source::new("old.toml", text.into()), &options);
//! let to = options.catalog.form("mds-reference")?;
//! let migration = migrate(&old.disclosures[0], &to, Crosswalk::bundled());
//!
//! let lockout = migration.disclosure.entry(&ItemNumber::new("39.4")).expect("every item is there");
//! assert_eq!(lockout.answer, Some(Answer::No));
//! assert!(lockout.remark.text.as_deref().is_some_and(|text| text.contains("PAUT-3")));
//! // Backups are asked about in two items there and in one here: a person decides.
//! let backup = migration.disclosure.entry(&ItemNumber::new("31")).expect("every item is there");
//! assert_eq!(backup.answer, None);
//! assert_eq!(migration.steps.len(), 85);
//! # Ok::<(), kaijisho::Error>(())
//! ```

mod asked;
mod carry;
mod fill;
pub mod list;
mod reason;
mod rest;

pub use reason::{Reason, ReasonCode};

use std::sync::Arc;

use carry::Rows;

use crate::answer::ItemNumber;
use crate::control::THRESHOLD;
use crate::crosswalk::{Crosswalk, Link, links};
use crate::disclosure::{Disclosure, HeaderValue, Kept, KeptKind, RemarkNote};
use crate::form::{Field, Form};

/// A disclosure carried to another form, and what is left to a person.
#[derive(Clone, Debug)]
pub struct Migration {
    /// The disclosure of the new form: every item is there, answered or not.
    pub disclosure: Disclosure,
    /// One for each item of the new form, in its order; then one for each answer of the old sheet that leads nowhere.
    pub steps: Vec<Step>,
    /// The fields of the old head, and those that the new form requires.
    pub header: Vec<HeaderStep>,
    /// Remark texts of the old sheet that no item refers to; they are not carried.
    pub notes: Vec<RemarkNote>,
    /// What the old sheet holds besides: not carried either, as it has no place on another form. What belongs to the old
    /// form itself (sections, citations) is left out.
    pub kept: Vec<Kept>,
}

impl Migration {
    /// True if anything is left to decide or to confirm.
    pub fn is_open(&self) -> bool {
        !self.notes.is_empty() || self.steps.iter().any(Step::needs_a_person)
    }
}

/// What became of an item of the new form, or of an answer of the old sheet that leads nowhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Where in the items of the new form; `None` for an answer that leads nowhere.
    pub item: Option<usize>,
    /// The links between the item and items of the old form. For an answer that leads nowhere: those of its item.
    pub links: Vec<Link>,
    /// The entries of the old sheet that speak to it, as positions in [`Disclosure::entries`].
    pub entries: Vec<usize>,
    /// What became of it.
    pub outcome: Outcome,
}

impl Step {
    /// True if a person has to decide or to confirm something.
    pub fn needs_a_person(&self) -> bool {
        match &self.outcome {
            Outcome::Carried { confidence, .. } => *confidence < 1.0,
            Outcome::Left(reason) => reason.needs_a_person(),
        }
    }
}

/// What became of a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The answer was carried.
    Carried {
        /// The entry it comes from; `None` for a field of the head that is an item of the new form.
        entry: Option<usize>,
        /// How sure it is that both items ask the same, at least [`THRESHOLD`].
        confidence: f64,
    },
    /// Nothing was carried.
    Left(Reason),
}

/// What became of a field of the old head.
#[derive(Clone, Debug, PartialEq)]
pub struct HeaderStep {
    /// Which field.
    pub field: Field,
    /// What the old head says; empty where it says nothing.
    pub written: String,
    /// True if it was carried. The date never is: the new sheet is a new statement.
    pub is_carried: bool,
}

/// Carries the answers of a disclosure to another form.
///
/// Crosswalks go before controls, in the order given. Every answer of the old sheet is carried or in a step, every
/// item of the new form has a step, and no answer is other than the old one.
pub fn migrate(old: &Disclosure, to: &Arc<Form>, crosswalks: &[Crosswalk]) -> Migration {
    let found = links(&old.form, to, crosswalks).links;
    let mut by_target: Vec<Vec<&Link>> = vec![Vec::new(); to.items.len()];
    for link in &found {
        for at in link.to.iter().filter_map(|number| to.position(number)) {
            by_target[at].push(link);
        }
    }
    let mut header = header(old);
    let rows = Rows::new(old);
    let mut steps: Vec<Step> = by_target
        .iter()
        .enumerate()
        .map(|(at, links)| step(old, &rows, to, at, links))
        .collect();
    let mut disclosure = fill::blank(to);
    fill::header(&mut disclosure, &header);
    for step in &steps {
        fill::answer(&mut disclosure, old, step);
    }
    asked::settle(&mut disclosure, old, &mut steps);
    fill::remarks(&mut disclosure, old, &steps);
    steps.extend(rest::steps(old, &found, &steps));
    let is_required = |field| {
        let asked = to.headers.iter().find(|asked| asked.field == field);
        asked.is_some_and(|asked| asked.required)
    };
    header.retain(|value| !value.written.is_empty() || is_required(value.field));
    Migration {
        disclosure,
        steps,
        header,
        notes: old
            .notes
            .iter()
            .filter(|note| !note.referenced)
            .cloned()
            .collect(),
        kept: old.kept.iter().filter(is_vendors).cloned().collect(),
    }
}

/// True for what a vendor wrote, and not the form that he wrote it on.
fn is_vendors(kept: &&Kept) -> bool {
    match kept.kind {
        KeptKind::Section | KeptKind::Reference => false,
        KeptKind::Line
        | KeptKind::Cell
        | KeptKind::Row
        | KeptKind::Comment
        | KeptKind::TextBox
        | KeptKind::CheckBox
        | KeptKind::Key
        | KeptKind::Other => true,
    }
}

/// The fields of the old head, and what becomes of each.
fn header(old: &Disclosure) -> Vec<HeaderStep> {
    let value = |field| old.field(field).map(HeaderValue::value);
    Field::ALL
        .into_iter()
        .map(|field| {
            let written = value(field).unwrap_or_default();
            HeaderStep {
                is_carried: field != Field::Date && !written.is_empty(),
                field,
                written,
            }
        })
        .collect()
}

fn step(old: &Disclosure, rows: &Rows<'_>, to: &Form, at: usize, links: &[&Link]) -> Step {
    let outcome = match carry::decide(old, rows, to, at, links) {
        Ok(carried) => carried,
        Err(reason) => Outcome::Left(reason),
    };
    Step {
        item: Some(at),
        links: links.iter().map(|link| (*link).clone()).collect(),
        entries: entries(old, links.iter().flat_map(|link| &link.from)),
        outcome,
    }
}

/// The entries of some items of the old form, each once.
fn entries<'n>(old: &Disclosure, numbers: impl Iterator<Item = &'n ItemNumber>) -> Vec<usize> {
    let mut items: Vec<usize> = numbers
        .filter_map(|number| old.form.position(number))
        .collect();
    items.sort_unstable();
    items.dedup();
    items
        .into_iter()
        .filter_map(|item| old.entry_position(item))
        .collect()
}
