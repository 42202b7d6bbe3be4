//! What is refused on the way, and how that is told.

use super::*;

#[test]
fn what_could_not_be_read_back_is_not_written() {
    let mut generous = options();
    generous.limits.items = 50_000;
    let large = |count: u32| {
        let items = (0..count).map(|at| {
            let (group, item) = (1 + at / 900, at % 900);
            format!(r#"{{"number":"{group}.{item}","answer":"yes"}}"#)
        });
        let items: Vec<String> = items.collect();
        let text = format!(
            r#"{{"form":"mds-reference","items":[{}]}}"#,
            items.join(",")
        );
        let start = read("a.json", text.into(), &generous);
        assert_eq!(start.disclosures[0].entries.len(), items.len());
        start
    };
    let origin = Origin {
        file: "a.json",
        sha256: "",
    };
    // Whoever gets the file reads it with the limits that are usual.
    let start = large(12_000);
    for target in [Target::Json, Target::Csv] {
        let refused = write(&start.disclosures, &origin, target, Language::Ja);
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("10000"), "{refused}");
    }
    let start = large(9_000);
    for (target, name) in [(Target::Json, "a.json"), (Target::Csv, "a.csv")] {
        let written = write(&start.disclosures, &origin, target, Language::Ja).unwrap();
        let back = read(name, written, &options());
        assert_same(&start.disclosures, &back.disclosures, name);
    }
}

#[test]
fn mistakes_in_json_are_told_in_words() {
    let told = |text: &str| {
        let read = read("a.json", text.into(), &options());
        let finding = &read.findings[0];
        (finding.message(Language::Ja), finding.place.to_string())
    };
    let (message, place) = told(r#"{"form": "mds-reference", "form": "sds-reference"}"#);
    assert!(
        message.contains("「form」が一つの波かっこの中に二度"),
        "{message}"
    );
    assert_eq!(place, "1:35");
    let (message, _) = told(r#"{"form": "mds-reference", "items": [{"number": "\ud800x"}]}"#);
    assert!(message.contains("片方だけでは書けません"), "{message}");
    let (message, _) = told(r#"{"form": "mds-reference", "items": [{"answer": "yes"}]}"#);
    assert!(message.contains(r#"{"answer":"yes"}"#), "{message}");
}
