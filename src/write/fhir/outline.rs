//! The tree of a form: sections, the items in them, and the items under those.
//!
//! The same for the questionnaire and for every response to it, as FHIR demands.

use crate::answer::ItemNumber;
use crate::form::Form;

/// How deep items nest. Each level costs four levels of JSON, of which 64 are read.
const DEEPEST: usize = 8;

/// Which items stand where in the tree.
#[derive(Debug)]
pub(super) struct Outline {
    /// The items at the top of each section, by position in the form.
    pub(super) sections: Vec<Vec<usize>>,
    /// The items under each item.
    pub(super) children: Vec<Vec<usize>>,
    /// True for items that stand under their parent.
    pub(super) nested: Vec<bool>,
}

impl Outline {
    /// An item stands under its parent if that comes before it in the same section; else at the top.
    pub(super) fn of(form: &Form) -> Self {
        let mut outline = Self {
            sections: vec![Vec::new(); form.sections.len()],
            children: vec![Vec::new(); form.items.len()],
            nested: vec![false; form.items.len()],
        };
        let mut depths = vec![0; form.items.len()];
        for (at, item) in form.items.iter().enumerate() {
            let parent = item
                .parent
                .as_ref()
                .and_then(|parent| form.position(parent));
            let parent = parent.filter(|parent| {
                *parent < at
                    && form.items[*parent].section == item.section
                    && depths[*parent] + 1 < DEEPEST
            });
            match parent {
                Some(parent) => {
                    depths[at] = depths[parent] + 1;
                    outline.nested[at] = true;
                    outline.children[parent].push(at);
                }
                None => outline.sections[item.section].push(at),
            }
        }
        outline
    }

    /// All items in the order of the tree.
    pub(super) fn order(&self) -> Vec<usize> {
        let mut order = Vec::with_capacity(self.children.len());
        let mut open: Vec<usize> = self.sections.iter().flatten().rev().copied().collect();
        while let Some(at) = open.pop() {
            order.push(at);
            open.extend(self.children[at].iter().rev());
        }
        order
    }
}

/// The link of a section: its id, or its place where the id is no plain word.
pub(super) fn section_link(form: &Form, at: usize) -> String {
    let id = &form.sections[at].id;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_');
    if !id.is_empty() && id.bytes().all(plain) {
        format!("section-{id}")
    } else {
        format!("section--{}", at + 1)
    }
}

/// The link of an item.
pub(super) fn link(number: &ItemNumber) -> String {
    number.as_str().to_owned()
}
