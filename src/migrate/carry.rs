//! The step that decides, item by item, whether an old answer can stand on the new form as it is.

use std::collections::HashMap;

use super::{Outcome, Reason, THRESHOLD};
use crate::answer::State;
use crate::crosswalk::{Link, LinkKind};
use crate::disclosure::{Disclosure, Entry, parse_date};
use crate::form::{Choice, Field, Form, Item, Kind};

/// The rows of a sheet that answer each item of its form, in the order of the sheet.
pub(super) struct Rows<'d> {
    of: HashMap<usize, Vec<&'d Entry>>,
}

impl<'d> Rows<'d> {
    pub(super) fn new(old: &'d Disclosure) -> Self {
        let mut of: HashMap<usize, Vec<&Entry>> = HashMap::new();
        for entry in &old.entries {
            if let Some(item) = entry.item.filter(|_| entry.state != State::Unanswered) {
                of.entry(item).or_default().push(entry);
            }
        }
        Self { of }
    }

    fn of(&self, item: usize) -> &[&'d Entry] {
        self.of.get(&item).map_or(&[], Vec::as_slice)
    }
}

/// Whether the item at this position of the new form gets an answer, and from where.
pub(super) fn decide(
    old: &Disclosure,
    rows: &Rows<'_>,
    to: &Form,
    at: usize,
    links: &[&Link],
) -> Result<Outcome, Reason> {
    let item = &to.items[at];
    let asked = to
        .headers
        .iter()
        .find(|asked| asked.item.as_ref() == Some(&item.number));
    if asked.is_some_and(|asked| asked.field == Field::Date) {
        return Err(Reason::Date);
    }
    let same = links.iter().find(|link| link.kind == LinkKind::Same);
    let Some(link) = same else {
        // The head of the old sheet answers what the new form asks as an item.
        let head = asked.and_then(|asked| old.field(asked.field));
        return match head.filter(|value| !value.written.is_empty()) {
            Some(_) if item.kind == Kind::Text => Ok(Outcome::Carried {
                entry: None,
                confidence: 1.0,
            }),
            Some(_) | None => Err(without_equal(links)),
        };
    };
    if link.confidence < THRESHOLD {
        return Err(Reason::Uncertain);
    }
    let source = link
        .from
        .first()
        .and_then(|number| old.form.position(number));
    let Some(source) = source else {
        return Err(Reason::Missing);
    };
    let entry = old.entry_position(source).ok_or(Reason::Missing)?;
    clear(old, rows.of(source), source, &old.entries[entry])?;
    fits(&old.form.items[source], &old.entries[entry], item)?;
    Ok(Outcome::Carried {
        entry: Some(entry),
        confidence: link.confidence,
    })
}

/// Why nothing can be carried where no item of the old form asks the same: the link that says most.
fn without_equal(links: &[&Link]) -> Reason {
    let most = links.iter().min_by_key(|link| link.kind);
    match most.map(|link| (link.kind, link.confidence)) {
        None => Reason::New,
        Some((LinkKind::Split, _)) => Reason::Split,
        Some((LinkKind::Merge, _)) => Reason::Merge,
        Some((LinkKind::Narrower, _)) => Reason::Narrower,
        Some((LinkKind::Wider, _)) => Reason::Wider,
        Some((LinkKind::Related, confidence)) if confidence >= THRESHOLD => Reason::Related,
        Some((LinkKind::Related | LinkKind::Same, _)) => Reason::Uncertain,
    }
}

/// Whether the old sheet answers the item once, in a way that its own form offers, to its own form's question.
fn clear(old: &Disclosure, rows: &[&Entry], source: usize, entry: &Entry) -> Result<(), Reason> {
    let item = &old.form.items[source];
    if entry.drawn {
        return Err(Reason::Unclear);
    }
    match entry.state {
        State::Unanswered if !rows.is_empty() => return Err(Reason::Unclear),
        State::Unanswered => return Err(Reason::Unanswered),
        State::Conflicting | State::Unknown => return Err(Reason::Unclear),
        State::Answered => {}
    }
    let is_offered = match item.kind {
        Kind::Choice | Kind::Multiple => entry
            .answer
            .is_none_or(|answer| item.choices.contains(&answer)),
        Kind::Date => parse_date(&entry.written).is_some(),
        Kind::Text => true,
    };
    let is_contradicted = rows.iter().any(|row| {
        (row.answer, &row.options) != (entry.answer, &entry.options)
            || (entry.answer.is_none() && row.written.trim() != entry.written.trim())
    });
    if !is_offered || is_contradicted {
        return Err(Reason::Unclear);
    }
    let asked = entry.text.as_ref();
    if asked.is_some_and(|text| old.form.is_reworded(source, &text.text)) {
        return Err(Reason::Reworded);
    }
    if entry.hidden {
        return Err(Reason::Hidden);
    }
    Ok(())
}

/// Whether the new item takes the old answer as it is.
fn fits(from: &Item, entry: &Entry, to: &Item) -> Result<(), Reason> {
    match (from.kind, to.kind) {
        (Kind::Choice, Kind::Choice) => {}
        (Kind::Text, Kind::Text) | (Kind::Date, Kind::Date) => return Ok(()),
        (Kind::Multiple, Kind::Multiple) if same_methods(&from.options, &to.options) => {}
        (Kind::Choice | Kind::Multiple | Kind::Text | Kind::Date, _) => {
            return Err(Reason::OtherKind);
        }
    }
    match entry.answer {
        Some(answer) if !to.choices.contains(&answer) => Err(Reason::OutsideChoices),
        Some(_) | None => Ok(()),
    }
}

/// True if both lists have the same methods: a method that only one of them offers makes a tick, or its lack, mean
/// something else. Ids alone do not tell, for those of a form learned from a workbook are mere numbers.
fn same_methods(from: &[Choice], to: &[Choice]) -> bool {
    from.len() == to.len()
        && from.iter().all(|method| {
            let same = to.iter().find(|other| other.id == method.id);
            same.is_some_and(|other| {
                other.is_meant_by(&method.title.ja) || method.is_meant_by(&other.title.ja)
            })
        })
}
