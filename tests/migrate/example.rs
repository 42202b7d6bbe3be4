//! The published MDS2 example carried to the reference form, item by item, and a filled reference form carried back.

use std::collections::BTreeMap;

use kaijisho::{Limits, Severity};
use serde::Deserialize;

use super::*;

/// `mds2-example.toml`: what is expected of each item.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    carried: Vec<Carried>,
    not_asked: Vec<NotAsked>,
    open: Vec<Open>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Carried {
    item: String,
    from: String,
    old: String,
    answer: String,
    #[serde(default)]
    remark: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NotAsked {
    item: String,
    by: String,
    old: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Open {
    item: String,
    reason: String,
    #[serde(default)]
    old: Vec<String>,
}

/// What the old sheet says to a step, `NUMBER answer`, in the order of the form.
fn said(old: &Disclosure, step: &Step) -> Vec<String> {
    let entries = step.entries.iter().map(|at| &old.entries[*at]);
    entries
        .map(|entry| {
            format!("{} {}", entry.number, entry.written)
                .trim_end()
                .to_owned()
        })
        .collect()
}

#[test]
fn the_published_example_becomes_what_a_person_made_of_it() {
    let Some(folder) = support::shared("corpus/mds2") else {
        return;
    };
    let path = folder.join("nema-example-hn1-2019.xlsx");
    let source = Source::open(&path, &Limits::default()).unwrap();
    let examined = examine(&source, &Options::new(support::TODAY));
    let old = &examined.disclosures[0];
    let to = Catalog::bundled().form("mds-reference").unwrap();
    let migration = migrate(old, &to, Crosswalk::bundled());
    let text = support::text(&support::project().join("tests/migrate/mds2-example.toml"));
    let expected: Expected = toml::from_str(&text).unwrap();

    let mut wrong: Vec<String> = Vec::new();
    let mut seen = 0;
    let mut differ = |item: &str, found: String, expected: String| {
        seen += 1;
        if found != expected {
            wrong.push(format!("{item}: found {found}, expected {expected}"));
        }
    };
    for key in &expected.carried {
        let entry = entry(&migration, &key.item);
        let from = match step(&migration, &key.item).outcome {
            Outcome::Carried {
                entry: Some(at), ..
            } => {
                format!("{} {}", old.entries[at].number, old.entries[at].written)
            }
            _ => String::new(),
        };
        let remark = entry.remark.text.clone().unwrap_or_default();
        let own = remark.split('〔').next().unwrap_or_default().trim_end();
        let found = (from, entry.answer, own.to_owned());
        let wanted = (
            format!("{} {}", key.from, key.old),
            Answer::from_code(&key.answer),
            key.remark.clone(),
        );
        differ(&key.item, format!("{found:?}"), format!("{wanted:?}"));
        assert!(
            remark.contains(&format!("{}「{}」", key.from, key.old)),
            "{remark}"
        );
    }
    for key in &expected.not_asked {
        let step = step(&migration, &key.item);
        let by = match &step.outcome {
            Outcome::Carried { .. } => None,
            Outcome::Left(reason) => reason.item().map(ToString::to_string),
        };
        let mut old = said(old, step);
        old.sort();
        let mut wanted = key.old.clone();
        wanted.sort();
        let found = (reason(&migration, &key.item), by, old);
        let wanted = ("not-asked", Some(key.by.clone()), wanted);
        differ(&key.item, format!("{found:?}"), format!("{wanted:?}"));
    }
    for key in &expected.open {
        let mut old = said(old, step(&migration, &key.item));
        old.sort();
        let mut wanted = key.old.clone();
        wanted.sort();
        let found = (reason(&migration, &key.item), old);
        let wanted = (key.reason.as_str(), wanted);
        differ(&key.item, format!("{found:?}"), format!("{wanted:?}"));
    }
    assert_eq!(seen, to.items.len(), "every item has an expectation");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));

    // Every one of the 240 answers is carried, in the list, or a field of the head.
    let listed: usize = migration
        .steps
        .iter()
        .filter(|step| step.item.is_none())
        .count();
    assert!(listed > 150, "{listed}");
    assert!(
        migration.notes.is_empty(),
        "every note of the example is referred to"
    );
    assert_eq!(
        migration.disclosure.field(Field::Product).unwrap().written,
        "Handheld Blood Glucose Monitor"
    );
}

#[test]
fn a_filled_reference_form_becomes_an_mds2() {
    let catalog = Catalog::bundled();
    let (mds, mds2) = (
        catalog.form("mds-reference").unwrap(),
        catalog.form("mds2-2019").unwrap(),
    );
    let answers: Vec<(String, &str)> = mds
        .items
        .iter()
        .map(|item| {
            (
                item.number.to_string(),
                if item.parent.is_some() {
                    "対象外"
                } else {
                    "はい"
                },
            )
        })
        .collect();
    let answers: Vec<(&str, &str)> = answers.iter().map(|(n, a)| (n.as_str(), *a)).collect();
    let old = answered(&mds, &answers);
    let migration = migrate(&old, &mds2, Crosswalk::bundled());
    let carried: BTreeMap<&str, Option<Answer>> = migration
        .disclosure
        .entries
        .iter()
        .filter(|entry| entry.state == State::Answered)
        .map(|entry| (entry.number.as_str(), entry.answer))
        .collect();
    let (yes, na) = (Some(Answer::Yes), Some(Answer::Na));
    // The equal pairs of the two forms, seen from the other side.
    let expected = BTreeMap::from([
        ("AUDT-2", yes),
        ("AUDT-6", na),
        ("AUTH-1", yes),
        ("CONN-1.1.1", yes),
        ("CSUP-10.1", yes),
        ("EMRG-1", yes),
        ("MPII-3.7", yes),
        ("NAUT-1", na),
        ("NAUT-2", yes),
        ("PAUT-3", na),
        ("PAUT-8", na),
        ("PAUT-10", yes),
        ("RDMP-3", yes),
        ("SBOM-1", yes),
    ]);
    assert_eq!(carried, expected);
    let remark = entry(&migration, "PAUT-8").remark.text.clone().unwrap();
    assert_eq!(
        remark,
        "[Carried over from mds-reference 2026-11 39.2: \"対象外\", confidence 1.0]"
    );
    assert_eq!(reason(&migration, "TXCF-2"), "merge");
    assert_eq!(reason(&migration, "DTBK-3"), "split");
    assert_eq!(reason(&migration, "PAUT-1"), "narrower");
    assert_eq!(reason(&migration, "DOC-10"), "wider");
    assert_eq!(reason(&migration, "MPII-1"), "new");
}

#[test]
fn a_sound_sheet_carried_to_its_own_form_keeps_every_answer() {
    let path = support::project().join("examples/02-hospital/minato-karte.xlsx");
    let source = Source::open(&path, &Limits::default()).unwrap();
    let examined = examine(&source, &Options::new(support::TODAY));
    let old = &examined.disclosures[0];
    let errors = examined.disclosure_findings[0].iter();
    assert_eq!(
        errors
            .filter(|finding| finding.severity() == Severity::Error)
            .count(),
        0
    );
    let migration = migrate(old, &old.form, Crosswalk::bundled());
    assert!(!migration.is_open());
    for (at, item) in old.form.items.iter().enumerate() {
        let (before, after) = (old.entry_at(at).unwrap(), &migration.disclosure.entries[at]);
        assert_eq!(
            (before.answer, &before.options, before.state),
            (after.answer, &after.options, after.state),
            "{}",
            item.number
        );
        let remark = after.remark.text.as_deref().unwrap();
        let own = before.remark.text.as_deref().unwrap_or_default();
        assert!(remark.starts_with(own), "{}", item.number);
    }
}
