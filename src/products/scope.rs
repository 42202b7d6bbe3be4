//! Scopes: the answers common to all products, of one product, of one version, and which of them counts.

use std::collections::HashMap;

use super::{Planned, Products, Subject};

/// The answers of one scope, as indices into [`Products::answers`].
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    answers: HashMap<Subject, usize>,
}

impl Scope {
    /// Takes an answer in; gives back the one that answers the same thing already, which stays.
    pub(super) fn add(&mut self, subject: Subject, answer: usize) -> Option<usize> {
        match self.answers.entry(subject) {
            std::collections::hash_map::Entry::Occupied(known) => Some(*known.get()),
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(answer);
                None
            }
        }
    }

    /// The answer to an item: its own, else that to its control.
    fn find(&self, item: &Subject, control: Option<&Subject>) -> Option<usize> {
        let answer = self.answers.get(item);
        answer
            .or_else(|| control.and_then(|control| self.answers.get(control)))
            .copied()
    }
}

impl Products {
    /// The answer that counts for an item of a planned disclosure: the narrowest scope that speaks of it,
    /// and within it the item before its control.
    pub(super) fn answer_of(&self, planned: &Planned<'_>, item: usize) -> Option<usize> {
        let form = planned.form_at;
        let control = self.forms[form].items[item].control();
        let control = control.map(|control| Subject::Control(control.to_owned()));
        let item = Subject::Item { form, item };
        [&planned.version.scope, &planned.product.scope, &self.common]
            .into_iter()
            .find_map(|scope| scope.find(&item, control.as_ref()))
    }
}
