//! Blank sheets: what `new` writes is read with nothing to say but what is still to be filled.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::collections::BTreeSet;
use std::sync::Arc;

use kaijisho::write::{Target, Texts, blank, to_fill};
use kaijisho::{Catalog, Examined, Field, Form, Language, Options, Source, examine};

const TARGETS: [(Target, &str); 4] = [
    (Target::Xlsx, "xlsx"),
    (Target::Xml, "xml"),
    (Target::Json, "json"),
    (Target::Toml, "toml"),
];
const TEXTS: [Texts; 3] = [
    Texts::One(Language::Ja),
    Texts::One(Language::En),
    Texts::Both,
];

fn read(form: &Arc<Form>, ending: &str, bytes: Vec<u8>) -> Examined {
    let mut options = Options::new(jiff::civil::date(2026, 10, 1));
    options.catalog = options.catalog.with(&Catalog::of(vec![Arc::clone(form)]));
    examine(&Source::new(format!("a.{ending}"), bytes), &options)
}

fn names(examined: &Examined) -> BTreeSet<&str> {
    examined
        .all_findings()
        .map(|finding| finding.rule)
        .collect()
}

fn forms() -> Vec<Arc<Form>> {
    let golden = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/golden/form.toml"
    ));
    let golden = Catalog::parse(&golden.unwrap(), "form.toml").unwrap();
    let bundled = Catalog::bundled();
    let forms = bundled.forms().iter().chain(golden.forms());
    forms.cloned().collect()
}

#[test]
fn nothing_but_what_is_to_be_filled() {
    for form in forms() {
        for texts in TEXTS {
            for (target, ending) in TARGETS {
                let what = format!("{} {texts} {ending}", form.id);
                let disclosure = blank(&form, texts, &[]);
                let bytes = to_fill(&[disclosure], target, texts).unwrap();
                let examined = read(&form, ending, bytes);
                let names = names(&examined);
                let to_fill = BTreeSet::from(["answer-missing", "header-missing"]);
                assert!(names.is_subset(&to_fill), "{what}: {names:?}");
                assert!(names.contains("answer-missing"), "{what}");
                let [read] = examined.disclosures.as_slice() else {
                    panic!("{what}: not one disclosure");
                };
                assert_eq!(read.form.id, form.id, "{what}");
                let numbers = read.entries.iter().map(|entry| &entry.number);
                assert!(
                    numbers.eq(form.items.iter().map(|item| &item.number)),
                    "{what}"
                );
            }
        }
    }
}

#[test]
fn the_head_may_be_filled_in_beforehand() {
    let values = [
        (Field::Date, "2026-09-30".to_owned()),
        (Field::Manufacturer, "見本メディカル".to_owned()),
        (Field::Product, "=見本".to_owned()),
        (Field::Model, "A-1".to_owned()),
        (Field::Version, "4.10".to_owned()),
    ];
    for form in forms() {
        for (target, ending) in TARGETS {
            let disclosure = blank(&form, Texts::Both, &values);
            let bytes = to_fill(&[disclosure], target, Texts::Both).unwrap();
            let examined = read(&form, ending, bytes);
            let what = format!("{} {ending}", form.id);
            assert_eq!(
                names(&examined),
                BTreeSet::from(["answer-missing"]),
                "{what}"
            );
            for (field, value) in &values {
                let read = examined.disclosures[0].field(*field).unwrap();
                assert_eq!(read.value(), *value, "{what}");
            }
        }
    }
}
