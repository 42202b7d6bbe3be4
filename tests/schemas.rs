//! The published schemas: fresh, sound, and true of what the tool ships, writes and reads.
//!
//! `schemas/*.schema.json` are made from the structs; `KAIJISHO_UPDATE=1 cargo test --test schemas` writes
//! them anew.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::path::{Path, PathBuf};

use jsonschema::Validator;
use kaijisho::report::model::{Judged, Kind, build};
use kaijisho::report::{Format, Style, render};
use kaijisho::schema::{Published, XSD};
use kaijisho::write::{Origin, Target, write};
use kaijisho::{
    Catalog, Examined, GivenLayouts, Language, Options, Source, assess, examine, profile,
    waiver_findings,
};
use serde_json::Value;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn validator(published: Published) -> Validator {
    let schema: Value = serde_json::from_str(&published.json_schema()).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

fn assert_valid(published: Published, value: &Value, what: &str) {
    let mistakes: Vec<String> = validator(published)
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(mistakes, Vec::<String>::new(), "{what}");
}

/// TOML as the JSON of the same shape; dates become texts.
fn json_of_toml(text: &str) -> Value {
    fn json(value: toml::Value) -> Value {
        match value {
            toml::Value::String(text) => Value::from(text),
            toml::Value::Integer(number) => Value::from(number),
            toml::Value::Float(number) => Value::from(number),
            toml::Value::Boolean(value) => Value::from(value),
            toml::Value::Datetime(date) => Value::from(date.to_string()),
            toml::Value::Array(values) => values.into_iter().map(json).collect(),
            toml::Value::Table(table) => {
                let entries = table.into_iter().map(|(key, value)| (key, json(value)));
                Value::Object(entries.collect())
            }
        }
    }
    json(toml::Value::Table(toml::from_str(text).unwrap()))
}

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(root().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{folder}");
    files
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// A disclosure with findings of many kinds.
fn examined() -> Examined {
    let form = text(&root().join("tests/golden/form.toml"));
    let mut forms = Options::new(jiff::civil::date(2026, 10, 1));
    forms.catalog = Catalog::parse(&form, "form.toml").unwrap();
    let source = std::fs::read(root().join("tests/golden/source.toml")).unwrap();
    examine(&Source::new("source.toml", source), &forms)
}

#[test]
fn committed_schemas_are_fresh() {
    for published in Published::ALL {
        let path = root().join(format!("schemas/{}.schema.json", published.name()));
        let now = published.json_schema();
        if std::env::var_os("KAIJISHO_UPDATE").is_some() {
            std::fs::write(&path, &now).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == now,
            "{} is not what the structs say now; KAIJISHO_UPDATE=1 writes it anew",
            path.display()
        );
    }
    let committed: Vec<PathBuf> = files("schemas", "json");
    assert_eq!(committed.len(), Published::ALL.len(), "{committed:?}");
}

#[test]
fn schemas_are_schemas() {
    for published in Published::ALL {
        let schema: Value = serde_json::from_str(&published.json_schema()).unwrap();
        assert_eq!(
            schema["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
        assert!(jsonschema::meta::is_valid(&schema), "{}", published.name());
    }
}

#[test]
fn bundled_forms_and_profiles_fit_their_schemas() {
    for path in files("schemas/forms", "toml") {
        assert_valid(
            Published::Form,
            &json_of_toml(&text(&path)),
            &path.display().to_string(),
        );
    }
    for path in files("schemas/profiles", "toml") {
        assert_valid(
            Published::Profile,
            &json_of_toml(&text(&path)),
            &path.display().to_string(),
        );
    }
}

#[test]
fn product_source_files_fit_their_schema_and_slips_do_not() {
    for path in [
        "templates/products.toml",
        "examples/10-products/products.toml",
    ] {
        let sound = text(&root().join(path));
        assert_valid(Published::Products, &json_of_toml(&sound), path);
        for (from, to) in [
            (
                "control = \"auth.two-factor\"",
                "contol = \"auth.two-factor\"",
            ),
            ("[[product.version]]", "[[product.versions]]"),
            ("version = \"3.2\"", "version = 3.2"),
            ("months = 12", "months = 0"),
        ] {
            assert!(sound.contains(from), "{path}: {from}");
            let slip = json_of_toml(&sound.replace(from, to));
            assert!(!validator(Published::Products).is_valid(&slip), "{to}");
        }
    }
}

#[test]
fn layout_files_fit_their_schema_and_mistakes_do_not() {
    let sound = text(&root().join("examples/05-layout/kawabe-gazo.layout.toml"));
    assert_valid(Published::Layout, &json_of_toml(&sound), "the example");
    GivenLayouts::parse(&sound, "layout.toml").unwrap();
    for (from, to) in [
        ("kaijisho/layout/1", "kaijisho/layout/2"),
        ("number = \"A\"", "number = 1"),
        ("number = \"A\"", "nummer = \"A\""),
        ("number = \"A\"", "number = []"),
        ("first_row = 9", "first_row = 0"),
        ("date = \"C3\"", "date = \"3C\""),
        ("\"1\" = \"yes\"", "\"1\" = \"ja\""),
    ] {
        assert!(sound.contains(from), "{from}");
        let wrong = sound.replacen(from, to, 1);
        let json = json_of_toml(&wrong);
        assert!(!validator(Published::Layout).is_valid(&json), "{to}");
        assert!(GivenLayouts::parse(&wrong, "layout.toml").is_err(), "{to}");
    }
}

#[test]
fn golden_documents_fit_their_schema() {
    let json: Value =
        serde_json::from_str(&text(&root().join("tests/golden/disclosure.json"))).unwrap();
    assert_valid(Published::Disclosure, &json, "disclosure.json");
    // The JSON of a disclosure is one of the shapes of a report, too.
    assert_valid(Published::Report, &json, "disclosure.json as a report");
    for name in ["disclosure.toml", "source.toml"] {
        let toml = json_of_toml(&text(&root().join("tests/golden").join(name)));
        assert_valid(Published::Disclosure, &toml, name);
    }
}

#[test]
fn the_least_that_is_read_fits_the_schema() {
    let least = [
        r#"{ "form": "mds-reference", "items": [] }"#,
        r#"{ "form": "mds-reference", "items": [{ "number": "1", "answer": "はい" }] }"#,
        r#"{ "documents": [{ "form": { "id": "mds-reference" }, "items": [{ "number": "1" }] }] }"#,
        r#"{ "form": "mds-reference", "header": { "date": null }, "items": [{ "number": "1", "answer": null, "remark_reference": "備考1" }],
             "remarks": [{ "key": 1, "text": "文" }] }"#,
    ];
    for text in least {
        assert_valid(
            Published::Disclosure,
            &serde_json::from_str(text).unwrap(),
            text,
        );
        let read = examine(
            &Source::new("a.json", text.into()),
            &Options::new(jiff::civil::date(2026, 10, 1)),
        );
        assert_eq!(
            (read.disclosures.len(), read.findings.len()),
            (1, 0),
            "{text}"
        );
    }
}

#[test]
fn what_the_reader_does_not_know_the_schema_refuses() {
    let wrong = [
        (
            r#"{ "form": "mds-reference", "items": [{ "number": "1", "anser": "yes" }] }"#,
            "anser",
        ),
        (
            r#"{ "form": "mds-reference", "itemz": [], "items": [] }"#,
            "itemz",
        ),
        (
            r#"{ "form": "mds-reference", "header": { "maker": "x" }, "items": [] }"#,
            "maker",
        ),
        (
            r#"{ "form": { "id": "mds-reference", "name": "x" }, "items": [] }"#,
            "name",
        ),
        (
            r#"{ "form": "mds-reference", "items": [], "remarks": [{ "key": 1, "text": "", "txt": "" }] }"#,
            "txt",
        ),
        (
            r#"{ "form": "mds-reference", "items": [{ "number": "1", "answer": "yes", "state": "done" }] }"#,
            "done",
        ),
        (
            r#"{ "form": "mds-reference", "items": [], "remarks": [{ "key": 10000, "text": "" }] }"#,
            "10000",
        ),
    ];
    for (text, told) in wrong {
        let value: Value = serde_json::from_str(text).unwrap();
        assert!(!validator(Published::Disclosure).is_valid(&value), "{text}");
        let read = examine(
            &Source::new("a.json", text.into()),
            &Options::new(jiff::civil::date(2026, 10, 1)),
        );
        let found: Vec<_> = read
            .findings
            .iter()
            .filter(|finding| finding.rule == "content-unrecognised")
            .filter_map(|finding| finding.found())
            .collect();
        assert!(
            found.len() == 1 && found[0].contains(told),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn a_file_of_another_version_is_refused_and_not_misread() {
    let later = [
        (
            "a.json",
            r#"{ "schema": "kaijisho/disclosure/2", "form": "mds-reference", "items": [{ "number": "1", "answer": "yes" }] }"#,
        ),
        (
            "a.toml",
            "schema = \"kaijisho/disclosure/2\"\nform = \"mds-reference\"\nitems = [{ number = \"1\", answer = \"yes\" }]\n",
        ),
        (
            "a.xml",
            r#"<kaijisho xmlns="urn:kaijisho:disclosure:2"><disclosure form="mds-reference"><item number="1"/></disclosure></kaijisho>"#,
        ),
    ];
    for (name, text) in later {
        let read = examine(
            &Source::new(name, text.into()),
            &Options::new(jiff::civil::date(2026, 10, 1)),
        );
        assert!(read.disclosures.is_empty(), "{name}");
        assert_eq!(read.findings.len(), 1, "{name}: {:?}", read.findings);
        let finding = &read.findings[0];
        assert_eq!(finding.rule, "nothing-recognised", "{name}");
        for language in Language::ALL {
            let message = finding.message(language);
            assert!(message.contains('2') && message.contains('1'), "{message}");
        }
        // The same, said to be of this version, is read.
        let text = text.replace("disclosure/2", "disclosure/1");
        let text = text.replace("disclosure:2", "disclosure:1");
        let read = examine(
            &Source::new(name, text.into()),
            &Options::new(jiff::civil::date(2026, 10, 1)),
        );
        assert_eq!(read.disclosures.len(), 1, "{name}: {:?}", read.findings);
    }
}

#[test]
fn reports_of_every_kind_fit_their_schema() {
    let files = [
        examined(),
        examine(
            &Source::new("empty.xlsx", Vec::new()),
            &Options::new(jiff::civil::date(2026, 10, 1)),
        ),
    ];
    let profile = profile::load("small-hospital", &Catalog::bundled()).unwrap();
    let date = jiff::civil::date(2026, 10, 1);
    for language in Language::ALL {
        let judged = Judged {
            profile: &profile,
            date,
            assessments: files
                .iter()
                .map(|file| {
                    let judge = |d| assess(d, &profile, date);
                    file.disclosures.iter().map(judge).collect()
                })
                .collect(),
            findings: waiver_findings(&profile, &[], &[], date),
        };
        for kind in [Kind::Check, Kind::Diff, Kind::Report, Kind::Disclosure] {
            let judged = (matches!(kind, Kind::Diff | Kind::Report)).then_some(&judged);
            let report = build(kind, &files, judged, language);
            let value = serde_json::to_value(&report).unwrap();
            assert_valid(Published::Report, &value, &format!("{kind:?}"));
            if kind != Kind::Disclosure {
                let lines = render(&report, Format::JsonLines, &Style::default()).unwrap();
                let lines = String::from_utf8(lines).unwrap();
                assert_eq!(lines.lines().count(), report.documents.len() + 1);
                for line in lines.lines() {
                    let line = serde_json::from_str(line).unwrap();
                    assert_valid(Published::Lines, &line, &format!("{kind:?}"));
                }
            }
        }
    }
}

#[test]
fn what_convert_writes_fits_the_schema() {
    let examined = examined();
    let origin = Origin {
        file: &examined.file,
        sha256: &examined.sha256,
    };
    for language in Language::ALL {
        let json = write(&examined.disclosures, &origin, Target::Json, language).unwrap();
        assert_valid(
            Published::Disclosure,
            &serde_json::from_slice(&json).unwrap(),
            "json",
        );
        let toml = write(&examined.disclosures, &origin, Target::Toml, language).unwrap();
        let toml = json_of_toml(&String::from_utf8(toml).unwrap());
        assert_valid(Published::Disclosure, &toml, "toml");
    }
}

#[test]
fn the_xsd_names_what_the_xml_has() {
    let golden = text(&root().join("tests/golden/disclosure.xml"));
    let names = |quote: &str| -> std::collections::BTreeSet<String> {
        golden
            .split(quote)
            .skip(1)
            .map(|rest| {
                rest.chars()
                    .take_while(|c| c.is_ascii_lowercase())
                    .collect::<String>()
            })
            .filter(|name| !name.is_empty())
            .collect()
    };
    let elements = names("<");
    assert!(elements.len() > 10, "{elements:?}");
    for name in elements.iter().filter(|name| *name != "xml") {
        assert!(
            XSD.contains(&format!("<xs:element name=\"{name}\"")),
            "{name}"
        );
    }
    assert!(XSD.contains("targetNamespace=\"urn:kaijisho:disclosure:1\""));
}
