//! The facts and categories that `schemas/facts.toml` names, and what a facility says of a system with them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::language::Localised;
use crate::place::Place;
use crate::text::similarity;

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

/// The name most like one that is not known, if one is.
pub(super) fn nearest<'n>(names: &[&'n str], wanted: &str) -> Option<&'n str> {
    let alike = names.iter().map(|name| (similarity(name, wanted), *name));
    alike
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(alike, _)| *alike > 0.5)
        .map(|(_, name)| name)
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
    /// What is said here, over what another says.
    #[must_use]
    pub fn over(mut self, other: &System) -> System {
        for (fact, holds) in &other.facts {
            self.facts.entry(fact.clone()).or_insert(*holds);
        }
        self.categories = self.categories.or_else(|| other.categories.clone());
        self.place = self.place.or_else(|| other.place.clone());
        self
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
