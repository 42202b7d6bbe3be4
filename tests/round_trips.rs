//! Random disclosures through every format and back: the same content, and the same bytes the second time.
//!
//! The generator is seeded, so every run does the same; `SEED=7 COUNT=2000 cargo test --test round_trips`
//! goes further. A failure names the seed of its disclosure.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::path::Path;
use std::sync::Arc;

use kaijisho::write::Target;
use kaijisho::{Catalog, Examined, Form, Options};
use rayon::prelude::*;

#[path = "support/conversions.rs"]
mod conversions;
#[path = "round_trips/documents.rs"]
mod documents;
#[path = "round_trips/random.rs"]
mod random;
#[path = "round_trips/sheets.rs"]
mod sheets;

use conversions::{TARGETS, assert_same, read, written};
use random::Random;

/// A number from the environment.
fn number(name: &str, otherwise: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.map_or(otherwise, |text| text.parse().expect("a number"))
}

/// The seeds of a run: so many, from `SEED` on.
fn seeds(count: u64) -> Vec<u64> {
    let first = number("SEED", 1);
    (first..first + number("COUNT", count)).collect()
}

/// Every bundled form, and the golden one with its methods and aliases.
fn options() -> Options {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/form.toml");
    let golden = Catalog::parse(&std::fs::read_to_string(path).unwrap(), "form.toml").unwrap();
    let bundled = Catalog::bundled();
    let forms: Vec<Arc<Form>> = bundled
        .forms()
        .iter()
        .chain(golden.forms())
        .cloned()
        .collect();
    Options {
        catalog: Catalog::of(forms),
        ..Options::new(jiff::civil::date(2026, 10, 1))
    }
}

/// Writes in a format and reads what was written.
fn through(from: &Examined, at: usize, options: &Options) -> (Vec<u8>, Examined) {
    let (target, ending) = TARGETS[at];
    let bytes = written(&from.disclosures, target);
    let again = read(&format!("a.{ending}"), bytes.clone(), options);
    (bytes, again)
}

/// Every format there and back, every pair of formats, and a longer chain.
fn assert_round_trips(start: &Examined, options: &Options, random: &mut Random, what: &str) {
    for (first, (target, ending)) in TARGETS.into_iter().enumerate() {
        let (bytes, again) = through(start, first, options);
        let what = format!("{what} → {ending}");
        assert_same(&start.disclosures, &again.disclosures, &what);
        // In JSON each item has its place in the file that was read, which is another one the second time.
        if target != Target::Json {
            let same = if target == Target::Csv {
                written(&again.disclosures, target) == bytes
            } else {
                // A sheet without a name has got one.
                let (bytes, again) = through(&again, first, options);
                written(&again.disclosures, target) == bytes
            };
            assert!(same, "{what}: other bytes the second time");
        }
        for (second, (_, ending)) in TARGETS.into_iter().enumerate() {
            let (_, again) = through(&again, second, options);
            assert_same(
                &start.disclosures,
                &again.disclosures,
                &format!("{what} → {ending}"),
            );
        }
    }
    let mut last = None;
    let mut path = what.to_owned();
    for _ in 0..4 {
        let at = random.below(TARGETS.len());
        path.push_str(&format!(" → {}", TARGETS[at].1));
        let (_, again) = through(last.as_ref().unwrap_or(start), at, options);
        assert_same(&start.disclosures, &again.disclosures, &path);
        last = Some(again);
    }
}

#[test]
fn random_documents_come_back_from_everywhere() {
    let options = options();
    seeds(16).into_par_iter().for_each(|seed| {
        let mut random = Random::new(seed);
        let document = documents::document(&mut random, &options.catalog);
        let start = read("a.json", document.to_string().into_bytes(), &options);
        let what = format!("SEED={seed}");
        documents::assert_read(&document, &start, &what);
        assert_round_trips(&start, &options, &mut random, &what);
    });
}

#[test]
fn random_sheets_lose_nothing_on_the_way() {
    let (all, bundled) = (options(), Options::new(jiff::civil::date(2026, 10, 1)));
    seeds(12).into_par_iter().for_each(|seed| {
        // With the golden form the sheet is an instance of it; without, it describes itself.
        let options = if seed % 2 == 0 { &all } else { &bundled };
        let mut random = Random::new(seed);
        let sheet = sheets::sheet(&mut random);
        let start = read("a.xlsx", sheet.bytes, options);
        let what = format!("SEED={seed}");
        assert_eq!(start.disclosures.len(), 1, "{what}: {:?}", start.findings);
        let json = String::from_utf8(written(&start.disclosures, Target::Json)).unwrap();
        for text in &sheet.texts {
            assert!(json.contains(text), "{what}: {text} is lost");
        }
        assert_round_trips(&start, options, &mut random, &what);
    });
}

#[test]
fn the_longest_texts_come_back() {
    let options = options();
    let long = "あ".repeat(32_767);
    let document = serde_json::json!({
        "form": "golden",
        "items": [{ "number": "1", "text": long, "written": long, "remark": long }],
        "kept": [{ "kind": "line", "label": long, "text": long, "origin": long }],
    });
    let start = read("a.json", document.to_string().into_bytes(), &options);
    assert_eq!(start.disclosures[0].kept[0].text, long);
    assert_round_trips(&start, &options, &mut Random::new(1), "the longest texts");
}
