//! Conditions: for which systems a requirement is meant.
//!
//! Every test of a condition has to hold; a list of categories holds if one of them does. A fact that
//! nobody knows makes the condition neither hold nor fail, unless another test already fails.

use std::collections::BTreeSet;

use super::facts::{Facts, Origin};
use crate::answer::ItemNumber;
use crate::language::Language;

/// For which systems a requirement is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// Facts, and whether each has to hold.
    pub facts: Vec<(String, bool)>,
    /// Categories of which the system has to belong to one; empty for any.
    pub categories: Vec<String>,
    /// A condition that must not hold.
    pub not: Option<Box<Condition>>,
}

/// Who says whether a fact holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactSource {
    /// The facility.
    Facility(Origin),
    /// The sheet, by its answer to an item.
    Sheet(ItemNumber),
    /// Nobody.
    Nobody,
}

/// A fact or category that a condition looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    /// The name of the fact or category.
    pub name: String,
    /// True for a category.
    pub is_category: bool,
    /// Whether it holds; `None` where nobody says.
    pub holds: Option<bool>,
    /// Who says so.
    pub source: FactSource,
}

/// What is known of a system: facts by name, and its categories.
pub trait Known {
    /// Whether a fact holds, and who says so.
    fn fact(&self, id: &str) -> (Option<bool>, FactSource);
    /// The categories named; `None` where nothing is said.
    fn categories(&self) -> Option<&BTreeSet<String>>;
    /// Where the categories are said.
    fn categories_from(&self) -> Origin;
}

impl Condition {
    /// Whether it holds, and what decided: for a condition that fails what makes it fail, for one that
    /// is open what is not known, otherwise all that it looked at.
    pub fn evaluate(&self, known: &impl Known) -> (Option<bool>, Vec<Ground>) {
        let mut parts: Vec<(Option<bool>, Vec<Ground>)> = Vec::new();
        for (id, wanted) in &self.facts {
            let (holds, source) = known.fact(id);
            let ground = Ground {
                name: id.clone(),
                is_category: false,
                holds,
                source,
            };
            parts.push((holds.map(|holds| holds == *wanted), vec![ground]));
        }
        if !self.categories.is_empty() {
            parts.push(any_category(&self.categories, known));
        }
        if let Some(not) = &self.not {
            let (holds, grounds) = not.evaluate(known);
            parts.push((holds.map(|holds| !holds), grounds));
        }
        let whole = if parts.iter().any(|(holds, _)| *holds == Some(false)) {
            Some(false)
        } else if parts.iter().any(|(holds, _)| holds.is_none()) {
            None
        } else {
            Some(true)
        };
        let grounds = parts
            .into_iter()
            .filter(|(holds, _)| *holds == whole)
            .flat_map(|(_, grounds)| grounds)
            .filter(|ground| whole.is_some() || ground.holds.is_none())
            .collect();
        (whole, grounds)
    }

    /// The condition in words: `リモートメンテナンスを行う: はい`, joined by commas.
    pub fn words(&self, language: Language) -> String {
        let facts = Facts::bundled();
        let mut parts: Vec<String> = Vec::new();
        for (id, wanted) in &self.facts {
            let title = facts
                .fact(id)
                .map_or(id.as_str(), |fact| fact.title.text(language));
            parts.push(format!("{title}: {}", truth(*wanted, language)));
        }
        if !self.categories.is_empty() {
            let names: Vec<&str> = self
                .categories
                .iter()
                .map(|id| category_title(id, language))
                .collect();
            parts.push(language.label_with("when-category", &[("categories", &names.join(" / "))]));
        }
        if let Some(not) = &self.not {
            parts.push(language.label_with("when-not", &[("condition", &not.words(language))]));
        }
        parts.join(&language.label("when-and"))
    }
}

/// Whether the system belongs to one of several categories.
fn any_category(wanted: &[String], known: &impl Known) -> (Option<bool>, Vec<Ground>) {
    let grounds: Vec<Ground> = wanted.iter().map(|id| category(id, known)).collect();
    let whole = if grounds.iter().any(|ground| ground.holds == Some(true)) {
        Some(true)
    } else if grounds.iter().any(|ground| ground.holds.is_none()) {
        None
    } else {
        Some(false)
    };
    let grounds = grounds
        .into_iter()
        .filter(|ground| ground.holds == whole)
        .collect();
    (whole, grounds)
}

fn category(id: &str, known: &impl Known) -> Ground {
    let named = known.categories();
    let fact = Facts::bundled()
        .category(id)
        .and_then(|category| category.fact.as_deref());
    let from = FactSource::Facility(known.categories_from());
    let (holds, source) = match (named, fact) {
        (Some(named), _) if named.contains(id) => (Some(true), from),
        // Its fact tells more than that the category is not among those named.
        (_, Some(fact)) => known.fact(fact),
        (Some(_), None) => (Some(false), from),
        (None, None) => (None, FactSource::Nobody),
    };
    Ground {
        name: id.to_owned(),
        is_category: true,
        holds,
        source,
    }
}

fn category_title(id: &str, language: Language) -> &str {
    Facts::bundled()
        .category(id)
        .map_or(id, |category| category.title.text(language))
}

fn truth(holds: bool, language: Language) -> String {
    language.label(if holds { "fact-true" } else { "fact-false" })
}

impl Ground {
    /// What it is about.
    pub fn title(&self, language: Language) -> String {
        if self.is_category {
            let title = category_title(&self.name, language);
            return language.label_with("ground-category", &[("title", title)]);
        }
        Facts::bundled().fact(&self.name).map_or_else(
            || self.name.clone(),
            |fact| fact.title.text(language).to_owned(),
        )
    }

    /// The ground in words: what, whether it holds, and who says so.
    pub fn words(&self, language: Language) -> String {
        let title = self.title(language);
        let truth = self.holds.map(|holds| truth(holds, language));
        let truth = truth.unwrap_or_else(|| language.label("fact-not-known"));
        match &self.source {
            FactSource::Facility(origin) => {
                let key = match origin {
                    Origin::Profile => "ground-facility",
                    Origin::FacilityFile => "ground-facility-file",
                    Origin::Asked => "ground-asked",
                };
                language.label_with(key, &[("title", &title), ("truth", &truth)])
            }
            FactSource::Sheet(item) => language.label_with(
                "ground-sheet",
                &[
                    ("title", &title),
                    ("truth", &truth),
                    ("item", item.as_str()),
                ],
            ),
            FactSource::Nobody => {
                language.label_with("ground-nobody", &[("title", &title), ("truth", &truth)])
            }
        }
    }
}
