//! What is to be said about a profile once documents were held against it: its waivers, and the facts it rests on.
//!
//! What that rests on is gathered document by document, so that the documents need not be held.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Assessment, Knowledge, waivers};
use crate::disclosure::Disclosure;
use crate::finding::{Finding, Value, rule};
use crate::form::Field;
use crate::language::{Language, Localised};
use crate::place::Place;
use crate::profile::{FactSource, Facts, Ground, Origin, Profile, System};

/// What documents made of a profile: the waivers they used, the facts they contradict, and those nobody knows.
///
/// That of several files is added up in their order ([`ProfileUse::absorb`]).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileUse {
    /// Waivers that turned a verdict, by position in the profile.
    waivers_used: BTreeSet<usize>,
    /// Waivers that are for a document, by position in the profile.
    waivers_concerning: BTreeSet<usize>,
    contradicted: Vec<Contradicted>,
    /// For each fact or category that nobody knows, the requirements that depend on it, by position.
    unknown: BTreeSet<(bool, String, usize)>,
}

/// A fact that the facility says and a sheet denies, or the other way round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Contradicted {
    fact: String,
    /// True if the profile says it, so that its place there can be told.
    in_profile: bool,
    said: bool,
    number: String,
    product: String,
}

impl ProfileUse {
    /// What documents made of a profile; one assessment for each disclosure.
    pub fn of<'d>(
        profile: &Profile,
        disclosures: impl IntoIterator<Item = &'d Disclosure>,
        assessments: &[Assessment<'_>],
    ) -> Self {
        let mut made = Self::default();
        for (at, disclosure) in disclosures.into_iter().enumerate() {
            let concerning = profile.waivers.iter().enumerate();
            let concerning = concerning.filter(|(_, waiver)| waiver.is_for(disclosure));
            made.waivers_concerning.extend(concerning.map(|(at, _)| at));
            if let Some(assessment) = assessments.get(at) {
                let found = contradicted(assessment.system, disclosure);
                made.contradicted.extend(found);
            }
        }
        for assessment in assessments {
            for (at, outcome) in assessment.outcomes.iter().enumerate() {
                let used = outcome.waiver.and_then(|used| {
                    let mut known = profile.waivers.iter();
                    known.position(|waiver| std::ptr::eq(waiver, used))
                });
                made.waivers_used.extend(used);
                // Of a system of a facility file it is told with its name, by the facility file.
                if assessment.system.named.is_some() {
                    continue;
                }
                let open = outcome.grounds.iter().filter(|one| one.holds.is_none());
                made.unknown
                    .extend(open.map(|ground| (ground.is_category, ground.name.clone(), at)));
            }
        }
        made
    }

    /// Adds what the documents that come after made of it.
    pub fn absorb(&mut self, other: ProfileUse) {
        self.waivers_used.extend(other.waivers_used);
        self.waivers_concerning.extend(other.waivers_concerning);
        self.contradicted.extend(other.contradicted);
        self.unknown.extend(other.unknown);
    }

    /// What is to be said about the profile: its notes, its waivers, facts of the system that a sheet
    /// contradicts, and facts that nobody knows although requirements depend on them.
    pub fn findings(&self, profile: &Profile, date: Date) -> Vec<Finding> {
        let mut findings = profile.notes.clone();
        findings.extend(self.of_waivers(profile, date));
        let place = profile.system.place.clone().unwrap_or(Place::File);
        findings.extend(self.contradicted.iter().map(|one| one.finding(profile)));
        findings.extend(self.unknown_facts(&place));
        findings
    }

    /// The part of it that is about waivers.
    pub(super) fn of_waivers(&self, profile: &Profile, date: Date) -> Vec<Finding> {
        let used = |at| self.waivers_used.contains(&at);
        let concerns = |at| self.waivers_concerning.contains(&at);
        waivers::findings(profile, used, concerns, date)
    }

    /// The facts that nobody knows, with the number of requirements that are judged for want of each.
    fn unknown_facts(&self, place: &Place) -> Vec<Finding> {
        let mut counted: Vec<(bool, &str, usize)> = Vec::new();
        for (is_category, name, _) in &self.unknown {
            match counted.last_mut() {
                Some((known, last, count)) if known == is_category && last == name => *count += 1,
                Some(_) | None => counted.push((*is_category, name, 1)),
            }
        }
        let finding = |(is_category, name, count): (bool, &str, usize)| {
            let ground = Ground {
                name: name.to_owned(),
                is_category,
                holds: None,
                source: FactSource::Nobody,
            };
            let title = Localised {
                ja: ground.title(Language::Ja),
                en: ground.title(Language::En),
            };
            let written = if is_category {
                format!("category = [\"{name}\"]")
            } else {
                format!("{name} = true")
            };
            Finding::new(rule::FACT_UNKNOWN, place.clone())
                .with("fact", Value::Local(title))
                .with("count", Value::plain(count))
                .with("written", Value::plain(written))
        };
        counted.into_iter().map(finding).collect()
    }
}

/// Findings about a profile once all documents were held against it; see [`ProfileUse::findings`].
pub fn profile_findings(
    profile: &Profile,
    disclosures: &[&Disclosure],
    assessments: &[Assessment<'_>],
    date: Date,
) -> Vec<Finding> {
    ProfileUse::of(profile, disclosures.iter().copied(), assessments).findings(profile, date)
}

/// The facts that the facility says and a sheet denies, or the other way round.
fn contradicted(system: &System, disclosure: &Disclosure) -> Vec<Contradicted> {
    let known = Knowledge::new(system, Some(disclosure));
    let product = disclosure.field(Field::Product);
    let product = product.map_or_else(String::new, |value| value.value());
    Facts::bundled()
        .facts()
        .iter()
        .filter_map(|fact| {
            let said = system.fact(&fact.id)?;
            let (told, number) = known.on_sheet(&fact.id)?;
            (said != told).then(|| Contradicted {
                fact: fact.id.clone(),
                in_profile: system.origin(&fact.id) == Origin::Profile,
                said,
                number: number.to_string(),
                product: product.clone(),
            })
        })
        .collect()
}

impl Contradicted {
    fn finding(&self, profile: &Profile) -> Finding {
        let place = profile.system.place.clone();
        let place = place.filter(|_| self.in_profile).unwrap_or(Place::File);
        let truth = |holds: bool| {
            let key = if holds { "fact-true" } else { "fact-false" };
            Value::Local(Localised::label(key, &[]))
        };
        let title = match Facts::bundled().fact(&self.fact) {
            Some(fact) => Value::Local(fact.title.clone()),
            None => Value::plain(&self.fact),
        };
        Finding::new(rule::FACT_CONTRADICTED, place)
            .with("fact", title)
            .with("name", Value::plain(&self.fact))
            .with("said", truth(self.said))
            .with("told", truth(!self.said))
            .with("number", Value::plain(&self.number))
            .with("product", Value::quoted(&self.product))
    }
}
