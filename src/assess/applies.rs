//! Whether a requirement is meant for a system: what the facility says of it, then what the sheet answers.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::item::is_clear;
use super::{Verdict, Why};
use crate::answer::{Answer, ItemNumber};
use crate::disclosure::Disclosure;
use crate::profile::{CATEGORY, FactSource, Facts, Ground, Known, Origin, Requirement, System};

/// Whether a requirement is meant for a system, and what decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Applies {
    /// The verdict and reason where it is not meant for it; `None` where it has to be judged.
    pub not: Option<(Verdict, Why)>,
    /// The facts and categories that decided; those that nobody knows where it is judged for want of them.
    pub grounds: Vec<Ground>,
}

impl Applies {
    /// True if it is judged although a fact that could switch it off is not known.
    pub fn is_open(&self) -> bool {
        self.not.is_none() && self.grounds.iter().any(|ground| ground.holds.is_none())
    }
}

/// What is known of the system that a disclosure is about; without a disclosure, what the facility says.
#[derive(Debug)]
pub struct Knowledge<'a> {
    system: &'a System,
    disclosure: Option<&'a Disclosure>,
    /// What the sheet was found to say: many requirements ask for the same fact.
    told: RefCell<BTreeMap<String, Option<(bool, ItemNumber)>>>,
}

impl<'a> Knowledge<'a> {
    /// What a facility says, and after it what a sheet answers.
    pub fn new(system: &'a System, disclosure: Option<&'a Disclosure>) -> Self {
        Self {
            system,
            disclosure,
            told: RefCell::default(),
        }
    }

    /// What the sheet by itself says about a fact, and by which item.
    pub(super) fn on_sheet(&self, id: &str) -> Option<(bool, ItemNumber)> {
        let disclosure = self.disclosure?;
        if let Some(known) = self.told.borrow().get(id) {
            return known.clone();
        }
        let control = Facts::bundled()
            .fact(id)
            .and_then(|fact| fact.control.as_deref());
        let told = control.and_then(|control| told(disclosure, control));
        self.told.borrow_mut().insert(id.to_owned(), told.clone());
        told
    }
}

impl Known for Knowledge<'_> {
    fn fact(&self, id: &str) -> (Option<bool>, FactSource) {
        if let Some(holds) = self.system.fact(id) {
            return (Some(holds), FactSource::Facility(self.system.origin(id)));
        }
        match self.on_sheet(id) {
            Some((holds, number)) => (Some(holds), FactSource::Sheet(number)),
            None => (None, FactSource::Nobody),
        }
    }

    fn categories(&self) -> Option<&BTreeSet<String>> {
        self.system.categories.as_ref()
    }

    fn categories_from(&self) -> Origin {
        self.system.origin(CATEGORY)
    }
}

/// What the items of a control say: one clear yes is enough, a no has to be said by all of them.
fn told(disclosure: &Disclosure, control: &str) -> Option<(bool, ItemNumber)> {
    let form = &disclosure.form;
    let mut denied = None;
    let mut open = false;
    for (at, item) in form.items.iter().enumerate() {
        if item.control() != Some(control) {
            continue;
        }
        let entry = disclosure
            .entry_at(at)
            .filter(|entry| is_clear(disclosure, at, entry));
        let reworded = entry
            .and_then(|entry| entry.text.as_ref())
            .is_some_and(|text| form.is_reworded(at, &text.text));
        match entry.and_then(|entry| entry.answer).filter(|_| !reworded) {
            Some(Answer::Yes) => return Some((true, item.number.clone())),
            Some(Answer::No | Answer::Na) => {
                denied.get_or_insert_with(|| item.number.clone());
            }
            Some(Answer::SeeNote) | None => open = true,
        }
    }
    denied.filter(|_| !open).map(|number| (false, number))
}

/// Whether a requirement is meant for a system.
///
/// A requirement whose condition rests on a fact that nobody knows is judged: it is never set aside silently.
pub fn applies(requirement: &Requirement, known: &impl Known) -> Applies {
    if requirement.off.is_some() {
        return Applies {
            not: Some((Verdict::NotApplicable, Why::SetAside)),
            grounds: Vec::new(),
        };
    }
    let Some(when) = &requirement.when else {
        return Applies {
            not: None,
            grounds: Vec::new(),
        };
    };
    let (holds, grounds) = when.evaluate(known);
    Applies {
        not: (holds == Some(false)).then_some((Verdict::NotApplicable, Why::NotForSystem)),
        grounds,
    }
}
