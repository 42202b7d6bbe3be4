//! What was written, read back by the same reader and held against what was meant.

use std::collections::HashSet;

use super::FillOptions;
use super::header;
use super::outcome::Subject;
use super::pairing::Pair;
use super::plan::{Expected, Task, is_said, task};
use super::template::{Template, grid, recognised};
use crate::answer::State;
use crate::disclosure::{Disclosure, Entry};
use crate::language::Localised;
use crate::source::Source;

/// Notes of every open task whether it is read as meant, and gives how many are not, and what was read.
pub(super) fn check(
    template: &Template<'_>,
    pairs: &[Pair<'_>],
    tasks: &mut [Task],
    bytes: &[u8],
    options: &FillOptions<'_>,
) -> Result<(usize, Vec<Disclosure>), Localised> {
    let read = read(template, bytes, options)?;
    let mut unsure = 0;
    for task in tasks.iter_mut().filter(|task| task.is_open()) {
        let written = again(template, &read, pairs[task.document].target);
        let as_meant = written.is_some_and(|written| is_read(task, template, pairs, written));
        task.note(as_meant);
        unsure += usize::from(!as_meant);
    }
    Ok((unsure, read))
}

fn read(
    template: &Template<'_>,
    bytes: &[u8],
    options: &FillOptions<'_>,
) -> Result<Vec<Disclosure>, Localised> {
    let source = Source::new(template.source.name.clone(), bytes.to_vec());
    let workbook = grid(&source, options)?;
    let held = template.held.as_ref();
    Ok(recognised(&workbook, held, template.unanswered, options).0)
}

/// A disclosure of the template as it is read now: the one at the same turn on the same sheet.
fn again<'r>(
    template: &Template<'_>,
    read: &'r [Disclosure],
    target: usize,
) -> Option<&'r Disclosure> {
    let before = &template.disclosures[target];
    let earlier = template.disclosures[..target].iter();
    let turn = earlier.filter(|it| it.sheet == before.sheet).count();
    let mut same = read.iter().filter(|it| it.sheet == before.sheet);
    same.nth(turn)
}

fn is_read(task: &Task, template: &Template<'_>, pairs: &[Pair<'_>], written: &Disclosure) -> bool {
    if let (Expected::Field(wanted), Subject::Header(field)) =
        (&task.expected, &task.outcome.subject)
    {
        let there = written.field(*field);
        return there.is_some_and(|there| header::is_said(there, wanted));
    }
    let before = &template.disclosures[pairs[task.document].target];
    let entry = task.entry.and_then(|at| counterpart(before, written, at));
    entry.is_some_and(|entry| is_said(&task.expected, entry))
}

/// The entry that an entry of the template has become; its number may be spelled in another way now.
fn counterpart<'w>(before: &Disclosure, written: &'w Disclosure, at: usize) -> Option<&'w Entry> {
    let entry = &before.entries[at];
    let same = |it: &&Entry| it.number_place == entry.number_place;
    written
        .entries
        .get(at)
        .filter(same)
        .or_else(|| written.entries.iter().find(same))
}

/// Entries that are read otherwise than before although nothing was to be written there.
pub(super) fn side_effects(
    template: &Template<'_>,
    pairs: &[Pair<'_>],
    tasks: &[Task],
    read: &[Disclosure],
) -> Vec<Task> {
    let mut found = Vec::new();
    for (document, pair) in pairs.iter().enumerate() {
        let before = &template.disclosures[pair.target];
        let Some(written) = again(template, read, pair.target) else {
            continue;
        };
        let own = tasks
            .iter()
            .filter(|it| it.is_open() && it.document == document);
        let written_to: HashSet<(usize, bool)> = own
            .filter_map(|task| {
                let answer = matches!(task.outcome.subject, Subject::Answer(_));
                Some((task.entry?, answer))
            })
            .collect();
        let touched = |at: usize, answer: bool| written_to.contains(&(at, answer));
        for (at, entry) in before.entries.iter().enumerate() {
            let now = counterpart(before, written, at);
            let number = entry.number.clone();
            let tell = |subject: Subject, was: &str, is: Option<&str>, found: &mut Vec<Task>| {
                let expected = Expected::Text(was.to_owned());
                let mut task = task(document, Some(at), subject, expected, was);
                task.outcome.place = Some(entry.place.clone());
                task.outcome.found = is.map(str::to_owned);
                task.besides();
                found.push(task);
            };
            // A row that says nothing and has the number of another row is read as part of that one.
            if now.is_none() && entry.state == State::Unanswered && entry.remark.text.is_none() {
                tell(Subject::Answer(number), "", None, &mut found);
                let twice = Localised::label("fill-twice", &[]);
                let last = found.pop().map(|task| task.refused(twice));
                found.extend(last);
                continue;
            }
            let answer = |it: &Entry| (it.answer, it.options.clone(), it.state);
            if !touched(at, true) && now.map(answer) != Some(answer(entry)) {
                let is = now.map(|now| now.written.as_str());
                tell(
                    Subject::Answer(number.clone()),
                    &entry.written,
                    is,
                    &mut found,
                );
            }
            let remark = |it: &Entry| it.remark.text.clone();
            if !touched(at, false) && now.map(remark) != Some(remark(entry)) {
                let was = entry.remark.text.as_deref().unwrap_or_default();
                let is = now.and_then(|now| now.remark.text.as_deref());
                tell(Subject::Remark(number), was, is, &mut found);
            }
        }
    }
    found
}
