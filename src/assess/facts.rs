//! What is to be said about a profile once documents were held against it: its waivers, and the facts it rests on.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Assessment, Knowledge, waiver_findings};
use crate::disclosure::Disclosure;
use crate::finding::{Finding, Value, rule};
use crate::form::Field;
use crate::language::{Language, Localised};
use crate::place::Place;
use crate::profile::{Facts, Origin, Profile, System};

/// Findings about a profile: its notes, its waivers ([`waiver_findings`]), facts of the system that a sheet
/// contradicts, and facts that nobody knows although requirements depend on them.
pub fn profile_findings(
    profile: &Profile,
    disclosures: &[&Disclosure],
    assessments: &[Assessment<'_>],
    date: Date,
) -> Vec<Finding> {
    let mut findings = profile.notes.clone();
    findings.extend(waiver_findings(profile, disclosures, assessments, date));
    for (disclosure, assessment) in disclosures.iter().zip(assessments) {
        findings.extend(contradicted(assessment.system, disclosure));
    }
    findings.extend(unknown(profile, assessments));
    findings
}

/// The facts that the facility says and a sheet denies, or the other way round.
fn contradicted(system: &System, disclosure: &Disclosure) -> Vec<Finding> {
    let known = Knowledge::new(system, Some(disclosure));
    let truth = |holds: bool| {
        let key = if holds { "fact-true" } else { "fact-false" };
        Value::Local(Localised::label(key, &[]))
    };
    let product = disclosure.field(Field::Product);
    let product = product.map_or_else(String::new, |value| value.value());
    Facts::bundled()
        .facts()
        .iter()
        .filter_map(|fact| {
            let said = system.fact(&fact.id)?;
            // Only a place in the profile can be told by itself.
            let place = system.place.clone();
            let place = place.filter(|_| system.origin(&fact.id) == Origin::Profile);
            let (told, number) = known.on_sheet(&fact.id)?;
            (said != told).then(|| {
                Finding::new(rule::FACT_CONTRADICTED, place.unwrap_or(Place::File))
                    .with("fact", Value::Local(fact.title.clone()))
                    .with("name", Value::plain(&fact.id))
                    .with("said", truth(said))
                    .with("told", truth(told))
                    .with("number", Value::plain(number))
                    .with("product", Value::quoted(&product))
            })
        })
        .collect()
}

/// The facts that nobody knows, with the number of requirements that are judged for want of each.
fn unknown(profile: &Profile, assessments: &[Assessment<'_>]) -> Vec<Finding> {
    let mut open: BTreeMap<(bool, &str), std::collections::BTreeSet<&str>> = BTreeMap::new();
    let mut titles: BTreeMap<&str, Localised> = BTreeMap::new();
    // Of a system of a facility file it is told with its name, by the facility file.
    let unnamed = assessments.iter().filter(|one| one.system.named.is_none());
    for outcome in unnamed.flat_map(|one| &one.outcomes) {
        for ground in outcome.grounds.iter().filter(|one| one.holds.is_none()) {
            open.entry((ground.is_category, &ground.name))
                .or_default()
                .insert(&outcome.requirement.id);
            titles.entry(&ground.name).or_insert_with(|| Localised {
                ja: ground.title(Language::Ja),
                en: ground.title(Language::En),
            });
        }
    }
    let place = profile.system.place.clone().unwrap_or(Place::File);
    open.into_iter()
        .map(|((is_category, name), requirements)| {
            let written = if is_category {
                format!("category = [\"{name}\"]")
            } else {
                format!("{name} = true")
            };
            Finding::new(rule::FACT_UNKNOWN, place.clone())
                .with("fact", Value::Local(titles[name].clone()))
                .with("count", Value::plain(requirements.len()))
                .with("written", Value::plain(written))
        })
        .collect()
}
