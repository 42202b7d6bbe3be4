//! Facts and categories: what is said of the system, and what requirements depend on.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use super::Checker;
use crate::finding::{Value, rule};
use crate::language::Localised;
use crate::profile::facts::{CATEGORY, Facts};
use crate::profile::{Condition, System};
use crate::text::nearest;

/// The name beside facts and categories for what must not hold.
const NOT: &str = "not";

/// Names with their values, as they stand in a table.
type Stated = BTreeMap<Spanned<String>, toml::Value>;

impl Checker<'_> {
    /// What is said of the system.
    pub(super) fn system(&mut self, written: &Stated) -> System {
        let mut system = System::default();
        for (name, value) in written {
            let at = name.span().start;
            system.place.get_or_insert(self.place(at));
            if name.as_ref() == CATEGORY {
                let named: BTreeSet<String> = self.categories(at, value).into_iter().collect();
                system.categories = Some(named);
            } else if let Some((fact, holds)) = self.fact(at, name.as_ref(), value) {
                system.facts.insert(fact, holds);
            }
        }
        // A category that is the same as a fact cannot hold where the fact does not.
        if let Some((fact, id)) = system.contradiction() {
            let values = [("fact", fact), ("category", id)];
            let detail = Localised::label("cfg-fact-and-category", &values);
            let at = written.keys().find(|name| name.as_ref() == fact);
            let at = at.map_or(0, |name| name.span().start);
            self.fact_invalid(at, id, detail);
        }
        system
    }

    /// For which systems a requirement is meant; `None` for an empty table.
    pub(super) fn condition(&mut self, written: &Stated) -> Option<Condition> {
        let mut condition = Condition::default();
        for (name, value) in written {
            self.wanted(name.span().start, name.as_ref(), value, &mut condition);
        }
        (!written.is_empty()).then_some(condition)
    }

    fn wanted(&mut self, at: usize, name: &str, value: &toml::Value, condition: &mut Condition) {
        if name == CATEGORY {
            condition.categories = self.categories(at, value);
        } else if name == NOT {
            let mut not = Condition::default();
            match value.as_table() {
                Some(table) if !table.is_empty() => {
                    for (name, value) in table {
                        self.wanted(at, name, value, &mut not);
                    }
                }
                Some(_) | None => {
                    self.fact_invalid(at, name, Localised::label("cfg-fact-not", &[]));
                }
            }
            condition.not = Some(Box::new(not));
        } else if let Some(fact) = self.fact(at, name, value) {
            condition.facts.push(fact);
        }
    }

    fn fact(&mut self, at: usize, name: &str, value: &toml::Value) -> Option<(String, bool)> {
        let facts = Facts::bundled();
        if facts.fact(name).is_none() {
            let detail = unknown("cfg-fact-unknown", &facts.fact_names(), name);
            self.fact_invalid(at, name, detail);
            return None;
        }
        match value.as_bool() {
            Some(holds) => Some((name.to_owned(), holds)),
            None => {
                self.fact_invalid(at, name, Localised::label("cfg-fact-value", &[]));
                None
            }
        }
    }

    fn categories(&mut self, at: usize, value: &toml::Value) -> Vec<String> {
        let words: Vec<Option<&str>> = match value {
            toml::Value::String(one) => vec![Some(one)],
            toml::Value::Array(several) if !several.is_empty() => {
                several.iter().map(toml::Value::as_str).collect()
            }
            toml::Value::Array(_)
            | toml::Value::Integer(_)
            | toml::Value::Float(_)
            | toml::Value::Boolean(_)
            | toml::Value::Datetime(_)
            | toml::Value::Table(_) => vec![None],
        };
        let facts = Facts::bundled();
        let mut known = Vec::new();
        for word in words {
            match word {
                Some(word) if facts.category(word).is_some() => known.push(word.to_owned()),
                Some(word) => {
                    let detail = unknown("cfg-category-unknown", &facts.category_names(), word);
                    self.fact_invalid(at, word, detail);
                }
                None => {
                    let detail = Localised::label("cfg-category-value", &[]);
                    self.fact_invalid(at, CATEGORY, detail);
                }
            }
        }
        known
    }

    fn fact_invalid(&mut self, at: usize, found: &str, detail: Localised) {
        let values = [
            ("found", Value::quoted(found)),
            ("detail", Value::Local(detail)),
        ];
        self.wrong(rule::FACT_INVALID, at, &values);
    }
}

/// That a name is not known: the one most like it, or all that are.
fn unknown(key: &str, names: &[&str], wanted: &str) -> Localised {
    match nearest(names.iter().copied(), wanted) {
        Some(near) => Localised::label("cfg-near", &[("near", near)]),
        None => Localised::label(key, &[("known", &names.join(", "))]),
    }
}
