//! Changes: what differs between two disclosures of one product, item by item, also across editions.
//!
//! Pure: no clock, no files. Items of one form meet by their numbers, those of two forms through
//! [`crosswalk`](crate::crosswalk), those of two sheets that describe themselves by number and question
//! together. What cannot be compared one to one is said to be so and never judged.
//!
//! A change has a [`Direction`]. The profile decides where it asks about the item: a requirement that was
//! met and is not any more has regressed. Without one, the control decides: where yes is good, yes to no,
//! or to nothing clear, has regressed. Facts, remarks and the head are neutral.
//!
//! ```
//! use kaijisho::changes::{ChangeKind, Direction, compare};
//! use kaijisho::{Options, Source, examine};
//! let options = Options::new(jiff::civil::date(2026, 10, 1));
//! let read = |answer: &str| {
//!     let text = format!("form = 'mds-reference'\nitems = [{{ number = '39.4', answer = '{answer}' }}]");
//!     examine(&Source::new("a.toml", text.into()), &options).disclosures.remove(0)
//! };
//! let (old, new) = (read("はい"), read("いいえ"));
//! let found = compare(&old, &new, &[], None);
//! assert_eq!(found.changes.len(), 1);
//! assert_eq!((found.changes[0].kind, found.changes[0].direction), (ChangeKind::Answer, Direction::Regressed));
//! ```

mod direction;
mod pairing;
mod partners;

pub use partners::{Partner, partners};

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::assess::Verdict;
use crate::crosswalk::{Crosswalk, LinkKind};
use crate::disclosure::{Disclosure, Entry, HeaderValue};
use crate::form::Field;
use crate::language::Localised;
use crate::profile::{Level, Profile};
use crate::text::fold;
use direction::Judge;
use pairing::Pair;

/// What has changed.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    #[allow(missing_docs)] // one documented variant would turn the JSON Schema's enum into a oneOf
    Header,
    #[allow(missing_docs)]
    Answer,
    #[allow(missing_docs)]
    Remark,
    #[allow(missing_docs)]
    Question,
    #[allow(missing_docs)]
    Added,
    #[allow(missing_docs)]
    Removed,
}

impl ChangeKind {
    /// All kinds, in the order in which they are listed.
    pub const ALL: [ChangeKind; 6] = [
        ChangeKind::Header,
        ChangeKind::Answer,
        ChangeKind::Remark,
        ChangeKind::Question,
        ChangeKind::Added,
        ChangeKind::Removed,
    ];

    /// The name in JSON.
    pub fn code(self) -> &'static str {
        match self {
            ChangeKind::Header => "header",
            ChangeKind::Answer => "answer",
            ChangeKind::Remark => "remark",
            ChangeKind::Question => "question",
            ChangeKind::Added => "added",
            ChangeKind::Removed => "removed",
        }
    }
}

/// Whether a change is for the better.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    #[allow(missing_docs)] // one documented variant would turn the JSON Schema's enum into a oneOf
    Regressed,
    #[allow(missing_docs)]
    Improved,
    #[allow(missing_docs)]
    Neutral,
}

impl Direction {
    /// All directions, what needs attention first.
    pub const ALL: [Direction; 3] = [
        Direction::Regressed,
        Direction::Improved,
        Direction::Neutral,
    ];

    /// The name in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Direction::Regressed => "regressed",
            Direction::Improved => "improved",
            Direction::Neutral => "neutral",
        }
    }
}

/// What a direction rests on; the words are labels `change-by-…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Basis {
    /// What a requirement comes to has changed.
    Requirement {
        /// The requirement, by id.
        id: String,
        /// What it came to on the old sheet.
        old: Verdict,
        /// What it comes to on the new one.
        new: Verdict,
    },
    /// The requirements on the item come to the same as before.
    SameVerdict,
    /// The control: yes is good.
    Control,
    /// The control is a fact, neither good nor bad.
    Fact,
    /// No control is known for the item.
    NoControl,
    /// The answers do not say whether it is better: not applicable, or nothing clear before and a no.
    Unclear,
    /// The items do not answer each other one to one.
    Link(LinkKind),
    /// It is not sure that the items ask the same.
    Unsure,
    /// Only one of the two forms asks it.
    OtherForm,
    /// Words have changed, not an answer.
    Words,
}

impl Basis {
    /// The key of its label.
    pub fn label(&self) -> &'static str {
        match self {
            Basis::Requirement { .. } => "change-by-requirement",
            Basis::SameVerdict => "change-by-same-verdict",
            Basis::Control => "change-by-control",
            Basis::Fact => "change-by-fact",
            Basis::NoControl => "change-by-no-control",
            Basis::Unclear => "change-by-unclear",
            Basis::Link(_) => "change-by-link",
            Basis::Unsure => "change-by-unsure",
            Basis::OtherForm => "change-by-other-form",
            Basis::Words => "change-by-words",
        }
    }
}

/// One change.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    /// What has changed.
    pub kind: ChangeKind,
    /// Whether it is for the better.
    pub direction: Direction,
    /// What the direction rests on.
    pub basis: Basis,
    /// The field, for [`ChangeKind::Header`].
    pub field: Option<Field>,
    /// The field on the old and on the new sheet.
    pub header: [Option<&'a HeaderValue>; 2],
    /// The items on the old sheet: one, or several where they do not meet one to one.
    pub old: Vec<&'a Entry>,
    /// The items on the new sheet.
    pub new: Vec<&'a Entry>,
    /// The control that the items answer, where it is known.
    pub control: Option<String>,
    /// The gravest level of the requirements on the item.
    pub level: Option<Level>,
}

/// Two disclosures, compared.
#[derive(Clone, Debug)]
pub struct Comparison<'a> {
    /// The old one.
    pub old: &'a Disclosure,
    /// The new one.
    pub new: &'a Disclosure,
    /// The changes: regressions first, then improvements; the graver level first, then the order of the form.
    pub changes: Vec<Change<'a>>,
    /// Items that say the same on both sheets.
    pub unchanged: usize,
    /// What to know before one reads on: another product, another form, dates the wrong way round.
    pub notes: Vec<Localised>,
}

impl Comparison<'_> {
    /// How many changes have this direction.
    pub fn count(&self, direction: Direction) -> usize {
        let has = |change: &&Change<'_>| change.direction == direction;
        self.changes.iter().filter(has).count()
    }
}

/// Compares two disclosures. The profile is judged on the date given; without one the controls decide.
pub fn compare<'a>(
    old: &'a Disclosure,
    new: &'a Disclosure,
    crosswalks: &[Crosswalk],
    profile: Option<(&'a Profile, Date)>,
) -> Comparison<'a> {
    let judge = Judge::new(old, new, profile);
    let mut changes = header(old, new);
    let mut unchanged = 0;
    for pair in pairing::pairs(old, new, crosswalks) {
        let found = of_pair(&pair, &judge);
        if found.is_empty() {
            unchanged += 1;
        }
        changes.extend(found);
    }
    changes.sort_by_cached_key(|change| {
        let position = |entries: &[&Entry]| entries.first().and_then(|entry| entry.item);
        let number = change.new.first().or(change.old.first());
        (
            change.direction,
            change.level.unwrap_or(Level::Info),
            // Without a field first, so the head has to be turned round.
            change.field.is_none(),
            change.field,
            position(&change.new)
                .or(position(&change.old))
                .unwrap_or(usize::MAX),
            number.map(|entry| entry.number.clone()),
            change.kind,
        )
    });
    Comparison {
        old,
        new,
        changes,
        unchanged,
        notes: notes(old, new),
    }
}

fn header<'a>(old: &'a Disclosure, new: &'a Disclosure) -> Vec<Change<'a>> {
    let differs = |field: &Field| {
        let text = |disclosure: &Disclosure| {
            let value = disclosure.field(*field);
            value.map(|value| fold(&value.value())).unwrap_or_default()
        };
        text(old) != text(new)
    };
    let change = |field: Field| Change {
        kind: ChangeKind::Header,
        direction: Direction::Neutral,
        basis: Basis::Words,
        field: Some(field),
        header: [old.field(field), new.field(field)],
        old: Vec::new(),
        new: Vec::new(),
        control: None,
        level: None,
    };
    Field::ALL.into_iter().filter(differs).map(change).collect()
}

/// The changes of a pair; none where both say the same.
fn of_pair<'a>(pair: &Pair<'a>, judge: &Judge<'a>) -> Vec<Change<'a>> {
    let change = |kind| {
        let (direction, basis) = judge.direction(kind, pair);
        Change {
            kind,
            direction,
            basis,
            field: None,
            header: [None, None],
            old: pair.old.clone(),
            new: pair.new.clone(),
            control: judge.control(pair).map(str::to_owned),
            level: judge.level(pair),
        }
    };
    match (pair.old.as_slice(), pair.new.as_slice()) {
        ([], _) => vec![change(ChangeKind::Added)],
        (_, []) => vec![change(ChangeKind::Removed)],
        ([old], [new]) if pair.is_one_to_one() => {
            let mut found = Vec::new();
            if !says_the_same(old, new) {
                found.push(change(ChangeKind::Answer));
            }
            if remark(old) != remark(new) {
                let mut remark = change(ChangeKind::Remark);
                // The answer has said already that the item is better or worse: it counts once.
                let told = |one: &Change<'_>| one.direction != Direction::Neutral;
                if found.iter().any(told) {
                    remark.direction = Direction::Neutral;
                    remark.basis = Basis::Words;
                }
                found.push(remark);
            }
            if pair.reworded {
                found.push(change(ChangeKind::Question));
            }
            found
        }
        (old, new) => {
            // Several items against several: alike only if every answer on both sides is one and the same.
            let first = old[0];
            let all = old.iter().chain(new);
            if all.clone().all(|entry| says_the_same(first, entry)) {
                Vec::new()
            } else {
                vec![change(ChangeKind::Answer)]
            }
        }
    }
}

/// True if two items are answered alike; of unclear answers the words count.
fn says_the_same(old: &Entry, new: &Entry) -> bool {
    let ticked = |entry: &Entry| {
        let mut options = entry.options.clone();
        options.sort();
        options
    };
    old.state == new.state
        && old.answer == new.answer
        && ticked(old) == ticked(new)
        && (old.answer.is_some()
            || !old.options.is_empty()
            || fold(&old.written) == fold(&new.written))
}

/// The remark as it is compared: width, case and spaces make no difference, and neither does a number.
fn remark(entry: &Entry) -> String {
    entry.remark.text.as_deref().map(fold).unwrap_or_default()
}

fn notes(old: &Disclosure, new: &Disclosure) -> Vec<Localised> {
    let mut notes = Vec::new();
    let value = |disclosure: &Disclosure, field| {
        let value = disclosure.field(field).map(HeaderValue::value);
        value.filter(|value| !value.trim().is_empty())
    };
    for (field, key) in [
        (Field::Manufacturer, "change-note-manufacturer"),
        (Field::Product, "change-note-product"),
    ] {
        if let (Some(before), Some(after)) = (value(old, field), value(new, field))
            && fold(&before) != fold(&after)
        {
            let values = [("old", before.as_str()), ("new", after.as_str())];
            notes.push(Localised::label(key, &values));
        }
    }
    let date = |disclosure: &Disclosure| disclosure.field(Field::Date).and_then(|date| date.date);
    if let (Some(before), Some(after)) = (date(old), date(new))
        && after < before
    {
        let (before, after) = (before.to_string(), after.to_string());
        let values = [("old", before.as_str()), ("new", after.as_str())];
        notes.push(Localised::label("change-note-dates", &values));
    }
    if (&old.form.id, &old.form.edition) != (&new.form.id, &new.form.edition) {
        let name = |disclosure: &Disclosure| {
            let form = &disclosure.form;
            format!("{} {}", form.id, form.edition).trim().to_owned()
        };
        let (before, after) = (name(old), name(new));
        let values = [("old", before.as_str()), ("new", after.as_str())];
        notes.push(Localised::label("change-note-forms", &values));
    }
    notes
}
