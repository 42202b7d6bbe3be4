//! Controls: topics that outlive editions, from `schemas/controls.toml`.

mod evidence;
mod matching;
mod patterns;
mod remembered;
mod terms;
mod wordings;

pub use matching::{Match, Question, THRESHOLD};

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use terms::Terms;

use crate::language::{Language, Localised};

/// Whom a control is asked of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Subject {
    /// A product on the facility's site.
    Product,
    /// A cloud or managed service.
    Service,
    /// Either.
    Both,
}

/// Whether yes is what one hopes for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Polarity {
    /// Yes is good.
    Good,
    /// A fact, neither good nor bad.
    Fact,
}

/// A chapter of the guideline's system operation volume.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// Its name in data.
    pub id: String,
    /// Its chapter in editions 6.0 and 7.0.
    pub chapter: u32,
    /// Its title.
    pub title: Localised,
}

/// A topic of security that forms of every edition ask about.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// Its name in data.
    pub id: String,
    /// The area it belongs to, by id.
    pub area: String,
    /// Whom it is asked of.
    pub subject: Subject,
    /// Whether yes is what one hopes for.
    pub polarity: Polarity,
    /// The control it refines.
    pub parent: Option<String>,
    /// Its title.
    pub title: Localised,
    /// What it is for, and what to look at when the answer is no.
    pub about: Localised,
    /// Related items of MDS2 (HN 1-2019).
    pub mds2: Vec<String>,
    /// Patterns of terms by which the topic is recognised in a question; every term of a pattern must be named.
    pub patterns: Vec<String>,
    /// Terms that often stand beside, and so do not speak for another topic.
    #[serde(default)]
    pub with: String,
}

/// The control catalogue.
#[derive(Debug)]
pub struct Controls {
    areas: Vec<Area>,
    controls: Vec<Control>,
    index: HashMap<String, usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[allow(dead_code)]
    schema: String,
    area: Vec<Area>,
    control: Vec<Control>,
}

static BUNDLED: LazyLock<Controls> = LazyLock::new(|| {
    let written: Written = toml::from_str(include_str!("../schemas/controls.toml"))
        .expect("schemas/controls.toml is checked by tests");
    let index = written
        .control
        .iter()
        .enumerate()
        .map(|(at, control)| (control.id.clone(), at))
        .collect();
    Controls {
        areas: written.area,
        controls: written.control,
        index,
    }
});

impl Control {
    /// The patterns by which it is recognised, each as the first words of its terms, such as `ログ + 一覧`.
    pub fn patterns_in(&self, language: Language) -> Vec<String> {
        let terms = Terms::bundled();
        let word = |name: &str| {
            let term = terms.id(name).map(|id| &terms.terms[id]);
            let words = term.map(|term| match language {
                Language::Ja => &term.ja,
                Language::En => &term.en,
            });
            let first = words.and_then(|words| words.first());
            first.map_or_else(
                || name.to_owned(),
                |word| word.trim_end_matches('*').to_owned(),
            )
        };
        let pattern = |names: &String| names.split(' ').map(word).collect::<Vec<_>>().join(" + ");
        self.patterns.iter().map(pattern).collect()
    }
}

impl Controls {
    /// The bundled catalogue.
    pub fn bundled() -> &'static Controls {
        &BUNDLED
    }

    /// The control of this id.
    pub fn get(&self, id: &str) -> Option<&Control> {
        self.index.get(id).map(|at| &self.controls[*at])
    }

    /// The id that is most alike to one that no control has; the first of equals.
    pub(crate) fn nearest(&self, id: &str) -> &str {
        let mut best = ("", 0.0);
        for control in &self.controls {
            let likeness = crate::text::similarity(&control.id, id);
            if likeness > best.1 {
                best = (&control.id, likeness);
            }
        }
        best.0
    }

    /// The area of a control.
    pub fn area(&self, control: &Control) -> Option<&Area> {
        self.areas.iter().find(|area| area.id == control.area)
    }

    /// All controls in order.
    pub fn iter(&self) -> impl Iterator<Item = &Control> {
        self.controls.iter()
    }

    /// All areas in order.
    pub fn areas(&self) -> &[Area] {
        &self.areas
    }
}
