//! What is refused on the way, and how that is told.

use super::*;

#[test]
fn what_could_not_be_read_back_is_not_written() {
    let items = (0..45_000u32).map(|at| {
        let (group, item) = (1 + at / 900, at % 900);
        format!(r#"{{"number":"{group}.{item}","answer":"yes"}}"#)
    });
    let items: Vec<String> = items.collect();
    let text = format!(
        r#"{{"form":"mds-reference","items":[{}]}}"#,
        items.join(",")
    );
    let start = read("a.json", text.into(), &options());
    assert_eq!(start.disclosures[0].entries.len(), items.len());
    let origin = Origin {
        file: "a.json",
        sha256: "",
    };
    let write = |target| write(&start.disclosures, &origin, target, Language::Ja);
    // JSON as it is written here says more of each item than what was read.
    let refused = write(Target::Json).unwrap_err().to_string();
    assert!(refused.contains("200000"), "{refused}");
    let csv = write(Target::Csv).unwrap();
    let back = read("a.csv", csv, &options());
    assert_same(&start.disclosures, &back.disclosures, "csv");
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
