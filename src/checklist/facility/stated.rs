//! What a facility file says of a system for profiles: its categories, and the facts on which requirements depend.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use super::written::WrittenSystem;
use crate::checklist::mistakes::Mistakes;
use crate::profile::{CATEGORY, Facts};
use crate::text::{is_blank, nearest, show};

/// The fact that has a key of its own, since the checklist asks for it too.
pub(super) const REMOTE: &str = "remote_maintenance";
/// Categories of one system at most.
const CATEGORIES: usize = 20;

/// What is said of a system.
#[derive(Debug, Default)]
pub(super) struct Stated {
    pub(super) category: Option<String>,
    pub(super) categories: Option<BTreeSet<String>>,
    pub(super) strange: Vec<String>,
    pub(super) facts: BTreeMap<String, bool>,
}

/// What is said of a system; names that no fact has are mistakes, words that no category has are kept aside, since
/// a facility may call its systems what it likes.
pub(super) fn stated(written: &WrittenSystem, mistakes: &mut Mistakes<'_>) -> Stated {
    let mut stated = Stated::default();
    if let Some(category) = &written.category {
        categories(category, &mut stated, mistakes);
    }
    for (name, value) in &written.facts {
        if let Some(holds) = fact(name, value, mistakes) {
            stated.facts.insert(name.as_ref().clone(), holds);
        }
    }
    if let Some(remote) = written.remote_maintenance {
        let other = stated.facts.insert(REMOTE.to_owned(), remote);
        let at = written.facts.keys().find(|name| name.as_ref() == REMOTE);
        if let (Some(at), true) = (at, other.is_some_and(|other| other != remote)) {
            mistakes.wrong(at.span().start, "facility-fact-twice", &[("fact", REMOTE)]);
        }
    }
    if let Some(at) = &written.category {
        contradictions(at.span().start, &stated, mistakes);
    }
    stated
}

fn categories(written: &Spanned<toml::Value>, stated: &mut Stated, mistakes: &mut Mistakes<'_>) {
    let at = written.span().start;
    let words: Vec<Option<&str>> = match written.as_ref() {
        toml::Value::Array(several) => several.iter().map(toml::Value::as_str).collect(),
        one => vec![one.as_str()],
    };
    mistakes.at_most_at(at, words.len(), CATEGORIES, CATEGORY);
    let mut shown = Vec::new();
    let mut known = BTreeSet::new();
    for word in words.into_iter().take(CATEGORIES) {
        let Some(word) = word else {
            mistakes.wrong(at, "facility-category-value", &[]);
            continue;
        };
        let word = mistakes.long(at, word);
        if is_blank(&word) {
            continue;
        }
        match Facts::bundled().category_meant(&word) {
            Some(category) => {
                known.insert(category.id.clone());
            }
            None => stated.strange.push(word.clone()),
        }
        shown.push(word);
    }
    stated.category = (!shown.is_empty()).then(|| shown.join(" / "));
    // A word that is not known may stand for any of the others: none can be said not to hold.
    stated.categories = (!known.is_empty() && stated.strange.is_empty()).then_some(known);
}

fn fact(name: &Spanned<String>, value: &toml::Value, mistakes: &mut Mistakes<'_>) -> Option<bool> {
    let at = name.span().start;
    let facts = Facts::bundled();
    if facts.fact(name.as_ref()).is_none() {
        let names = facts.fact_names();
        // A name of any length must not cost more than a short one.
        let short = show(name.as_ref(), 100);
        let known =
            nearest(names.iter().copied(), &short).map_or_else(|| names.join(", "), str::to_owned);
        mistakes.wrong(
            at,
            "facility-fact-unknown",
            &[("found", &short), ("known", &known)],
        );
        return None;
    }
    let holds = value.as_bool();
    if holds.is_none() {
        mistakes.wrong(at, "cfg-fact-value", &[]);
    }
    holds
}

/// A category that is the same as a fact cannot hold where the fact does not.
fn contradictions(at: usize, stated: &Stated, mistakes: &mut Mistakes<'_>) {
    for id in stated.categories.iter().flatten() {
        let category = Facts::bundled().category(id);
        let fact = category.and_then(|category| category.fact.as_deref());
        if let Some(fact) = fact.filter(|fact| stated.facts.get(*fact) == Some(&false)) {
            let values = [("fact", fact), ("category", id.as_str())];
            mistakes.wrong(at, "cfg-fact-and-category", &values);
        }
    }
}
