//! Remarks: a text of its own, or a number that points to a text in a block.
//!
//! One reading for sheets and documents: what stands in the remark of an item is a reference if it is
//! nothing but remark numbers, nothing if it says nothing, and otherwise the remark itself.

use std::collections::{HashMap, HashSet};

use super::{Remark, RemarkNote};
use crate::place::Place;
use crate::text::is_blank;
use crate::vocabulary::Vocabulary;

/// The remark texts of a block, which remember whether an item refers to them.
#[derive(Debug, Default)]
pub(super) struct Notes {
    notes: Vec<RemarkNote>,
    by_key: HashMap<u32, usize>,
}

impl Notes {
    /// The first of a number counts; a second one is kept.
    pub(super) fn new(mut notes: Vec<RemarkNote>) -> Self {
        let mut by_key = HashMap::new();
        for (at, note) in notes.iter_mut().enumerate() {
            note.referenced = false;
            by_key.entry(note.key).or_insert(at);
        }
        Self { notes, by_key }
    }

    pub(super) fn into_inner(self) -> Vec<RemarkNote> {
        self.notes
    }

    /// The texts that no item refers to so far.
    pub(super) fn unreferenced(&self) -> Vec<RemarkNote> {
        let notes = self.notes.iter().filter(|note| !note.referenced);
        notes.cloned().collect()
    }

    /// Takes out the texts whose labels stand here.
    pub(super) fn remove(&mut self, places: &HashSet<Place>) {
        self.notes.retain(|note| !places.contains(&note.place));
        self.by_key.clear();
        for (at, note) in self.notes.iter().enumerate() {
            self.by_key.entry(note.key).or_insert(at);
        }
    }

    /// What is written as the remark of an item.
    pub(super) fn remark(&mut self, written: &str) -> Remark {
        if Vocabulary::get().is_empty_remark(written) {
            return Remark::default();
        }
        let Some(keys) = self.keys(written) else {
            return Remark {
                text: Some(written.to_owned()),
                reference: None,
            };
        };
        for key in &keys {
            if let Some(at) = self.by_key.get(key) {
                self.notes[*at].referenced = true;
            }
        }
        Remark {
            text: self.text(&keys),
            reference: Some(written.trim().to_owned()),
        }
    }

    /// The text that a reference points to; `None` where it is no reference.
    pub(super) fn text_of(&self, reference: &str) -> Option<String> {
        self.keys(reference).and_then(|keys| self.text(&keys))
    }

    fn text(&self, keys: &[u32]) -> Option<String> {
        let texts: Vec<&str> = keys
            .iter()
            .filter_map(|key| self.by_key.get(key))
            .map(|at| self.notes[*at].text.as_str())
            .collect();
        (!texts.is_empty()).then(|| texts.join("\n"))
    }

    /// The remark numbers in a text that holds nothing else: `備考1`, `備考1、3`, or 1 where the block has a 1.
    fn keys(&self, written: &str) -> Option<Vec<u32>> {
        let words = Vocabulary::get();
        let whole = words.remark_key(written, false).or_else(|| {
            let bare = words.remark_key(written, true);
            bare.filter(|key| self.by_key.contains_key(key))
        });
        if let Some(key) = whole {
            return Some(vec![key]);
        }
        let parts: Vec<&str> = written
            .split(['、', ',', '，', '・', '\n', ';'])
            .filter(|part| !is_blank(part))
            .collect();
        let first = words.remark_key(parts.first()?, false)?;
        let rest: Option<Vec<u32>> = parts[1..]
            .iter()
            .map(|part| words.remark_key(part, true))
            .collect();
        let mut keys = vec![first];
        keys.extend(rest?);
        (keys.len() > 1).then_some(keys)
    }
}
