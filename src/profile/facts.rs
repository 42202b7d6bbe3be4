//! The facts and categories that `schemas/facts.toml` names, and what a facility says of a system with them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::finding::{Finding, Value, rule};
use crate::language::Localised;
use crate::place::Place;
use crate::text::fold;

/// The word that stands beside facts for the categories of a system.
pub const CATEGORY: &str = "category";

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
    /// Other words that facilities use for it.
    #[serde(default)]
    pub words: Vec<String>,
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

    /// The category that a facility means by a word: its name, its title, or another word for it; widths, spaces
    /// and the signs between words make no difference.
    ///
    /// ```
    /// use kaijisho::profile::Facts;
    /// let billing = Facts::bundled().category_meant("医事会計／レセコン").expect("a bundled category");
    /// assert_eq!(billing.id, "billing");
    /// assert!(Facts::bundled().category_meant("給食").is_none());
    /// ```
    pub fn category_meant(&self, word: &str) -> Option<&Category> {
        let wanted = bare(word);
        self.categories.iter().find(|category| {
            let Localised { ja, en } = &category.title;
            let titles = [&category.id, ja, en].into_iter();
            let mut all = titles.chain(&category.words);
            !wanted.is_empty() && all.any(|known| bare(known) == wanted)
        })
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

/// A word without what people write between its parts.
fn bare(word: &str) -> String {
    const LONGEST: usize = 100;
    let short: String = word.chars().take(LONGEST).collect();
    let folded = fold(&short);
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Where a facility says something of a system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// In its profile.
    #[default]
    Profile,
    /// In its facility file, of this system.
    FacilityFile,
    /// When it asks, of all disclosures it asks about.
    Asked,
}

/// A system of a facility file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its name in the file.
    pub id: String,
    /// What the facility calls it.
    pub name: String,
    /// Where it stands in the facility file.
    pub place: Place,
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
    /// Where each fact, and under the name `category` the categories, were said, if not in the profile.
    pub origins: BTreeMap<String, Origin>,
    /// The system of a facility file that it is.
    pub named: Option<Named>,
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
                self.set_origin(fact, other.origin(fact));
            }
        }
        let kept = |id: &String| {
            let category = Facts::bundled().category(id);
            let fact = category.and_then(|category| category.fact.as_ref());
            fact.is_none_or(|fact| here.facts.get(fact) != Some(&false))
        };
        let theirs = other.categories.iter().flatten();
        let theirs: BTreeSet<String> = theirs.filter(|id| kept(id)).cloned().collect();
        if self.categories.is_none() && !theirs.is_empty() {
            self.categories = Some(theirs);
            self.set_origin(CATEGORY, other.origin(CATEGORY));
        }
        self.place = self.place.or_else(|| other.place.clone());
        self.named = self.named.or_else(|| other.named.clone());
        self
    }

    /// A category that is named though the fact that is the same is said not to hold: the fact, and the category.
    pub fn contradiction(&self) -> Option<(&str, &str)> {
        self.categories.iter().flatten().find_map(|id| {
            let fact = Facts::bundled().category(id)?.fact.as_deref()?;
            (self.facts.get(fact) == Some(&false)).then_some((fact, id.as_str()))
        })
    }

    /// The same, said elsewhere than in a profile.
    #[must_use]
    pub fn said(mut self, origin: Origin) -> System {
        let names: Vec<String> = self.facts.keys().cloned().collect();
        for name in &names {
            self.set_origin(name, origin);
        }
        if self.categories.is_some() {
            self.set_origin(CATEGORY, origin);
        }
        self
    }

    fn set_origin(&mut self, name: &str, origin: Origin) {
        if origin == Origin::Profile {
            self.origins.remove(name);
        } else {
            self.origins.insert(name.to_owned(), origin);
        }
    }

    /// Where a fact was said; for one that follows from a category, where that was.
    pub fn origin(&self, fact: &str) -> Origin {
        let name = if self.facts.contains_key(fact) {
            fact
        } else {
            CATEGORY
        };
        self.origins.get(name).copied().unwrap_or_default()
    }

    /// What was said at one place alone.
    #[must_use]
    pub fn part(&self, origin: Origin) -> System {
        let facts = self.facts.iter();
        let facts = facts.filter(|(fact, _)| self.origin(fact) == origin);
        let part = System {
            facts: facts.map(|(fact, holds)| (fact.clone(), *holds)).collect(),
            categories: (self.origin(CATEGORY) == origin)
                .then(|| self.categories.clone())
                .flatten(),
            place: self.place.clone().filter(|_| origin == Origin::Profile),
            ..System::default()
        };
        part.said(origin)
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
