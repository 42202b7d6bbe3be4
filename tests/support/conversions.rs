//! What the tests of conversions share: the formats, writing and reading, and sameness.
//!
//! A new format is one line in [`TARGETS`]: every test of conversions then goes through it.

use kaijisho::write::{Origin, Target, write};
use kaijisho::{Disclosure, Examined, Language, Options, Source, examine};

/// Every format that is written, and the ending of its files.
pub(crate) const TARGETS: [(Target, &str); 7] = [
    (Target::Xlsx, "xlsx"),
    (Target::Xml, "xml"),
    (Target::Json, "json"),
    (Target::Toml, "toml"),
    (Target::Csv, "csv"),
    (Target::FhirJson, "json"),
    (Target::FhirXml, "xml"),
];

pub(crate) fn read(name: &str, bytes: Vec<u8>, options: &Options) -> Examined {
    examine(&Source::new(name, bytes), options)
}

pub(crate) fn written(disclosures: &[Disclosure], target: Target) -> Vec<u8> {
    let origin = Origin {
        file: "元のファイル.xlsx",
        sha256: "0123456789abcdef",
    };
    write(disclosures, &origin, target, Language::Ja).expect("it can be written")
}

pub(crate) fn assert_same(left: &[Disclosure], right: &[Disclosure], what: &str) {
    assert_eq!(left.len(), right.len(), "{what}: number of disclosures");
    for (left, right) in left.iter().zip(right) {
        for (a, b) in left.entries.iter().zip(&right.entries) {
            let view = |e: &kaijisho::Entry| {
                let text = e.text.as_ref().map(|text| text.text.clone());
                format!(
                    "{} {text:?} {:?} {:?} {:?} {:?} {:?}",
                    e.number, e.answer, e.options, e.state, e.written, e.remark
                )
            };
            assert_eq!(view(a), view(b), "{what}");
        }
        // What is held against a profile is the same, also where a sheet describes itself.
        let controls = |d: &Disclosure| {
            let items = d.form.items.iter();
            items
                .map(|item| (item.number.to_string(), item.control().map(str::to_owned)))
                .collect::<Vec<_>>()
        };
        assert_eq!(controls(left), controls(right), "{what}");
        let notes = |d: &Disclosure| {
            format!(
                "{:?}",
                d.notes
                    .iter()
                    .map(|n| (&n.label, &n.text))
                    .collect::<Vec<_>>()
            )
        };
        assert_eq!(notes(left), notes(right), "{what}");
        let kept = |d: &Disclosure| {
            d.kept
                .iter()
                .map(|k| format!("{:?}", (k.kind, &k.item, &k.label, &k.text, k.origin())))
                .collect::<Vec<_>>()
        };
        assert_eq!(kept(left), kept(right), "{what}");
        let header = |d: &Disclosure| {
            d.header
                .iter()
                .map(|h| (h.field, h.value()))
                .collect::<Vec<_>>()
        };
        assert!(
            left.same_content(right),
            "{what}: {} entries and {}, head {:?} and {:?}",
            left.entries.len(),
            right.entries.len(),
            header(left),
            header(right),
        );
    }
}
