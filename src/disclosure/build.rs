//! From the tables of a disclosure to its items.

mod answer;
mod besides;
mod numbers;
mod stray;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use self::answer::Manner;
pub(super) use self::stray::is_example;
use super::detect::labelled_remark;
use super::head;
use super::layout::{Layout, Slot};
use super::notes;
use super::page::Page;
use super::plain;
use super::remark::Notes;
use super::standing::Site;
use super::{Disclosure, Entry, OtherColumns, Placed, Remark, RemarkNote};
use crate::answer::{Answer, ItemNumber};
use crate::form::Form;
use crate::place::{Place, column_letters};
use crate::text::is_blank;

/// A table of a disclosure; most have one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'a> {
    pub(super) page: &'a Page<'a>,
    pub(super) layout: &'a Layout,
    /// The first row of the sheet that belongs to this disclosure: below the one before.
    pub(super) given_from: u32,
}

/// Builds the disclosure of tables whose form is known. `elsewhere` are remark texts of other sheets.
/// `sites`, where they are wanted, tell where each entry stands, in the order of the entries.
pub(super) fn build(
    parts: &[Part<'_>],
    form: Arc<Form>,
    elsewhere: &[RemarkNote],
    mut sites: Option<&mut Vec<Site>>,
) -> Disclosure {
    let mut texts: Vec<RemarkNote> = Vec::new();
    for part in parts {
        for note in notes::of_table(part.page, part.layout) {
            // Side by side, two tables share what stands below them.
            if texts.iter().all(|known| known.place != note.place) {
                texts.push(note);
            }
        }
    }
    texts.extend(elsewhere.iter().cloned());
    let mut builder = Builder {
        form: &form,
        notes: Notes::new(texts),
        used_comments: Vec::new(),
    };
    let mut entries: Vec<Entry> = Vec::new();
    let mut ambiguous = Vec::new();
    let mut assumed = None;
    for (table, part) in parts.iter().enumerate() {
        let manner = Manner::of(part);
        if manner.circles_and_crosses {
            assumed = assumed.or_else(|| besides::first_answer(part));
        }
        let numbers = numbers::of(part, &form);
        for found in numbers.rows {
            let mut entry = builder.entry(part, found.slot, found.number, &manner);
            if found.unclear {
                // Which item it answers is open, so it answers none.
                entry.item = None;
            }
            entries.push(entry);
            if let Some(sites) = &mut sites {
                let slot = found.slot.clone();
                sites.push(Site { table, slot });
            }
        }
        ambiguous.extend(numbers.ambiguous);
    }
    builder.by_item_number(&mut entries);
    let header = head::header(parts, &form, &entries);
    let comments = builder.used_comments;
    let notes = builder.notes.into_inner();
    let sheet = parts.first().map(|part| part.page.name.clone());
    let mut disclosure = Disclosure::new(form.clone(), sheet, header, entries, notes);
    disclosure.unmatched = stray::unmatched(parts);
    disclosure.ambiguous = ambiguous;
    disclosure.other_columns = parts.iter().find_map(other_columns);
    disclosure.marks_assumed = assumed;
    disclosure.hidden_columns = besides::hidden_columns(parts);
    disclosure.not_read = besides::not_read(parts, &comments, &disclosure.header);
    for part in parts {
        if let Some(named) = &part.layout.named {
            disclosure.keep(plain::kept(part.page.sheet, named));
        }
    }
    disclosure
}

fn other_columns(part: &Part<'_>) -> Option<OtherColumns> {
    let used = part.layout.columns.first_answer()?;
    let first = part.layout.other_answers.first()?;
    let row = part.layout.header_row.unwrap_or(part.layout.first_row());
    let others = part.layout.other_answers.iter();
    Some(OtherColumns {
        place: part.page.place(row, *first),
        used: column_letters(used),
        others: others.map(|other| column_letters(*other)).collect(),
    })
}

struct Builder<'f> {
    form: &'f Form,
    notes: Notes,
    /// Comments that have become an answer or a remark.
    used_comments: Vec<Place>,
}

impl Builder<'_> {
    fn entry(
        &mut self,
        part: &Part<'_>,
        slot: &Slot,
        number: ItemNumber,
        manner: &Manner,
    ) -> Entry {
        let page = part.page;
        let position = self.form.position(&number);
        let item = position.map(|at| &self.form.items[at]);
        let read = answer::read(part, slot, item, manner);
        let (mut remark, mut remark_place) = self.remark(part, slot, &read);
        if read.resolved.answer == Some(Answer::SeeNote) && remark == Remark::default() {
            // The answer itself may say which note: See Note 5.
            let named = self.notes.remark(&read.written);
            if named.reference.is_some() {
                (remark, remark_place) = (named, read.place.clone());
            }
        }
        let question = slot
            .question
            .as_ref()
            .filter(|question| !is_blank(&question.text));
        Entry {
            number,
            item: position,
            number_place: page.place(slot.number_at.0, slot.number_at.1),
            text: question.map(|question| Placed {
                text: question.text.clone(),
                place: page.place(question.at.0, question.at.1),
            }),
            answer: read.resolved.answer,
            options: read.resolved.options,
            state: read.resolved.state,
            written: read.written,
            remark,
            remark_place,
            place: read.place,
            hidden: page.is_hidden(slot.row()),
            drawn: read.drawn,
        }
    }

    /// The remark of an item, from its cells and from the comments on them.
    fn remark(&mut self, part: &Part<'_>, slot: &Slot, answer: &answer::Read) -> (Remark, Place) {
        let page = part.page;
        let mut remark = Remark::default();
        let mut place = None;
        // A remark merged with the answer holds the answer.
        let answers: Vec<(u32, u32)> = slot.answers.cells();
        let answers: Vec<(u32, u32)> = answers.iter().map(|at| page.anchor(at.0, at.1)).collect();
        for at in &slot.remarks {
            if answers.contains(&page.anchor(at.0, at.1)) {
                continue;
            }
            let text = page.text(at.0, at.1);
            let own_row = at.0 == slot.row();
            let text = labelled_remark(&text).filter(|_| !own_row).unwrap_or(&text);
            let found = self.notes.remark(text);
            if found != Remark::default() {
                place.get_or_insert(page.place(at.0, at.1));
                remark = joined(remark, found);
            }
        }
        let mut seen = Vec::new();
        for at in page.comments_of(slot.row(), part.layout.band) {
            let at = page.anchor(at.0, at.1);
            let Some(comment) = page.comment(at).filter(|_| !seen.contains(&at)) else {
                continue;
            };
            seen.push(at);
            self.used_comments.push(page.place(at.0, at.1));
            if answer.by_comment && slot.answers.cells().contains(&at) {
                continue;
            }
            let found = self.notes.remark(comment);
            if found != Remark::default() {
                place.get_or_insert(page.place(at.0, at.1));
                remark = joined(remark, found);
            }
        }
        let first = slot.remarks.first();
        let place = place
            .or_else(|| first.map(|at| page.place(at.0, at.1)))
            .unwrap_or_else(|| answer.place.clone());
        (remark, place)
    }

    /// A block that names its texts by the numbers of items, where no item refers to a remark number.
    fn by_item_number(&mut self, entries: &mut [Entry]) {
        let texts = self.notes.unreferenced();
        let refers = entries.iter().any(|entry| entry.remark.reference.is_some());
        if refers || texts.is_empty() {
            return;
        }
        let mut at: HashMap<String, usize> = HashMap::new();
        for (index, entry) in entries.iter().enumerate() {
            at.entry(entry.number.to_string()).or_insert(index);
        }
        let known: Vec<Option<usize>> = texts
            .iter()
            .map(|note| {
                let number = ItemNumber::parse(&note.label)?;
                at.get(number.as_str()).copied()
            })
            .collect();
        if known.iter().filter(|known| known.is_some()).count() * 5 < texts.len() * 4 {
            return;
        }
        let mut taken = HashSet::new();
        for (note, index) in texts.iter().zip(known) {
            let Some(index) = index else { continue };
            let entry = &mut entries[index];
            let had_none = entry.remark == Remark::default();
            entry.remark = joined(
                std::mem::take(&mut entry.remark),
                Remark {
                    text: Some(note.text.clone()),
                    reference: None,
                },
            );
            if had_none {
                entry.remark_place = note.place.clone();
            }
            taken.insert(note.place.clone());
        }
        self.notes.remove(&taken);
    }
}

/// Two remarks of one item as one.
fn joined(one: Remark, other: Remark) -> Remark {
    let join = |one: Option<String>, other: Option<String>, with: &str| match (one, other) {
        (Some(one), Some(other)) if one == other => Some(one),
        (Some(one), Some(other)) => Some(format!("{one}{with}{other}")),
        (one, other) => one.or(other),
    };
    Remark {
        text: join(one.text, other.text, "\n"),
        reference: join(one.reference, other.reference, "、"),
    }
}
