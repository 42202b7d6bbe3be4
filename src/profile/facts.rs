//! The facts and categories that `schemas/facts.toml` names, and what a facility says of a system with them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::finding::{Finding, Value, rule};
use crate::language::Localised;
use crate::place::Place;

/// The word that stands beside facts for the categories of a system.
pub(crate) const CATEGORY: &str = "category";

/// Something about a system that is so or not.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Its name in profiles.
    pub id: String,
    /// What it says.
    pub title: Localised,
    /// The control whose answer on a sheet tells it.
    pub control: Option<String>,
}

/// A kind of system.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Its name in profiles.
    pub id: String,
    /// What it is called.
    pub title: Localised,
    /// The fact that is the same thing said otherwise.
    pub fact: Option<String>,
}

/// All facts and categories.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    #[allow(dead_code)]
    schema: String,
    #[serde(rename = "fact")]
    facts: Vec<Fact>,
    #[serde(rename = "category")]
    categories: Vec<Category>,
}

static BUNDLED: LazyLock<Facts> = LazyLock::new(|| {
    toml::from_str(include_str!("../../schemas/facts.toml"))
        .expect("schemas/facts.toml is checked by tests")
});

impl Facts {
    /// Those that are bundled.
    ///
    /// ```
    /// use kaijisho::profile::Facts;
    /// let remote = Facts::bundled().fact("remote_maintenance").expect("a bundled fact");
    /// assert_eq!(remote.control.as_deref(), Some("maint.remote"));
    /// ```
    pub fn bundled() -> &'static Facts {
        &BUNDLED
    }

    /// All facts, in the order of the file.
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// All categories, in the order of the file.
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// The fact of this name.
    pub fn fact(&self, id: &str) -> Option<&Fact> {
        self.facts.iter().find(|fact| fact.id == id)
    }

    /// The category of this name.
    pub fn category(&self, id: &str) -> Option<&Category> {
        self.categories.iter().find(|category| category.id == id)
    }

    /// The names of all facts.
    pub fn fact_names(&self) -> Vec<&str> {
        self.facts.iter().map(|fact| fact.id.as_str()).collect()
    }

    /// The names of all categories.
    pub fn category_names(&self) -> Vec<&str> {
        let names = self.categories.iter();
        names.map(|category| category.id.as_str()).collect()
    }
}

/// What a facility says of a system.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct System {
    /// Facts by name: true, or false.
    pub facts: BTreeMap<String, bool>,
    /// The categories it belongs to; `None` where nothing is said.
    pub categories: Option<BTreeSet<String>>,
    /// Where it is said in the profile.
    pub place: Option<Place>,
}

impl System {
    /// What is told in single facts and categories, by names that are known.
    ///
    /// # Errors
    /// A finding where a fact is told to hold and not to hold, or is the same as a category and told not to hold.
    pub fn told(facts: &[(String, bool)], categories: &[String]) -> Result<Self, Finding> {
        let mut system = System {
            categories: (!categories.is_empty()).then(|| categories.iter().cloned().collect()),
            ..System::default()
        };
        let wrong = |found: &str, key: &str, values: &[(&str, &str)]| {
            Finding::new(rule::FACT_INVALID, Place::File)
                .with("found", Value::quoted(found))
                .with("detail", Value::Local(Localised::label(key, values)))
        };
        for (fact, holds) in facts {
            if system.facts.insert(fact.clone(), *holds) == Some(!holds) {
                return Err(wrong(fact, "cfg-fact-twice", &[]));
            }
        }
        match system.contradiction() {
            Some((fact, id)) => {
                let values = [("fact", fact), ("category", id)];
                Err(wrong(id, "cfg-fact-and-category", &values))
            }
            None => Ok(system),
        }
    }

    /// What is said here, over what another says. Where a category is the same as a fact, the one that is said here
    /// goes before the other said there.
    #[must_use]
    pub fn over(mut self, other: &System) -> System {
        let here = self.clone();
        for (fact, holds) in &other.facts {
            if here.fact(fact).is_none() {
                self.facts.insert(fact.clone(), *holds);
            }
        }
        let kept = |id: &String| {
            let category = Facts::bundled().category(id);
            let fact = category.and_then(|category| category.fact.as_ref());
            fact.is_none_or(|fact| here.facts.get(fact) != Some(&false))
        };
        let theirs = other.categories.iter().flatten();
        let theirs: BTreeSet<String> = theirs.filter(|id| kept(id)).cloned().collect();
        self.categories = self
            .categories
            .or_else(|| (!theirs.is_empty()).then_some(theirs));
        self.place = self.place.or_else(|| other.place.clone());
        self
    }

    /// A category that is named though the fact that is the same is said not to hold: the fact, and the category.
    pub fn contradiction(&self) -> Option<(&str, &str)> {
        self.categories.iter().flatten().find_map(|id| {
            let fact = Facts::bundled().category(id)?.fact.as_deref()?;
            (self.facts.get(fact) == Some(&false)).then_some((fact, id.as_str()))
        })
    }

    /// True if nothing is said.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty() && self.categories.is_none()
    }

    /// Whether a fact holds, as far as it is said or follows from a category.
    pub fn fact(&self, id: &str) -> Option<bool> {
        self.facts.get(id).copied().or_else(|| {
            let named = self.categories.as_ref()?;
            let mut same = Facts::bundled().categories.iter();
            same.any(|category| {
                category.fact.as_deref() == Some(id) && named.contains(&category.id)
            })
            .then_some(true)
        })
    }
}
