//! JSON, SARIF and JUnit: formats that other programs read.

use kaijisho::Language;
use kaijisho::report::Format;
use kaijisho::report::model::{Kind, PlaceInfo};
use kaijisho::schema::Published;

use crate::inputs::{
    HOSTILE, all_reports, examined, hostile, plain, rendered, report, requirements, text,
};

#[test]
fn json_has_the_published_shape() {
    let schema = serde_json::from_str(&Published::Report.json_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for report in all_reports() {
        let instance: serde_json::Value =
            serde_json::from_slice(&rendered(report, Format::Json)).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&instance)
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{:?}: {errors:?}", report.schema);
        let mut broken = instance;
        broken["documents"][0]["sha256"] = 1.into();
        assert!(
            !validator.is_valid(&broken),
            "the schema lets anything through"
        );
    }
}

#[test]
fn json_keeps_what_was_written() {
    let report = report(Kind::Report, &[hostile()], None, Language::En);
    let json: serde_json::Value = serde_json::from_slice(&rendered(&report, Format::Json)).unwrap();
    for (at, text) in HOSTILE.iter().enumerate() {
        assert_eq!(json["documents"][0]["items"][at]["remark"], *text);
    }
}

#[test]
fn sarif_rules_results_and_places_fit_together() {
    for report in all_reports() {
        let sarif: serde_json::Value =
            serde_json::from_slice(&rendered(report, Format::Sarif)).unwrap();
        assert_eq!(sarif["version"], "2.1.0");
        let run = &sarif["runs"][0];
        assert_eq!(run["columnKind"], "unicodeCodePoints");
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let results = run["results"].as_array().unwrap();
        assert!(!results.is_empty());
        let mut fingerprints = std::collections::HashSet::new();
        for result in results {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(rules[index]["id"], result["ruleId"]);
            assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
            assert!(!result["message"]["text"].as_str().unwrap().is_empty());
            let place = &result["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            assert!(
                uri.bytes()
                    .all(|b| b.is_ascii_graphic() && !b"<>\"|=\\".contains(&b)),
                "{uri}"
            );
            for at in ["startLine", "startColumn"] {
                let number = &place["region"][at];
                assert!(number.is_null() || number.as_u64().unwrap() >= 1);
            }
            let print = result["partialFingerprints"]["kaijisho/v1"]
                .as_str()
                .unwrap();
            assert!(fingerprints.insert(print.to_owned()), "{result}");
        }
        for rule in rules {
            let help = rule["help"]["text"].as_str().unwrap();
            assert!(!help.is_empty() && !help.contains('{'), "{help}");
        }
    }
}

#[test]
fn sarif_shows_a_cell_as_region_and_logical_location() {
    let mut report = report(Kind::Check, &[plain()], None, Language::Ja);
    let findings = report.documents[0].findings.as_mut().unwrap();
    findings.truncate(2);
    findings[0].place = Some(PlaceInfo::Cell {
        sheet: "MDS".to_owned(),
        cell: Some("D13".to_owned()),
    });
    findings[1].place = None;
    let sarif: serde_json::Value =
        serde_json::from_slice(&rendered(&report, Format::Sarif)).unwrap();
    let location = |at: usize| &sarif["runs"][0]["results"][at]["locations"][0];
    let region = &location(0)["physicalLocation"]["region"];
    assert_eq!(
        *region,
        serde_json::json!({ "startLine": 13, "startColumn": 4 })
    );
    let logical = &location(0)["logicalLocations"][0];
    assert_eq!(
        *logical,
        serde_json::json!({ "fullyQualifiedName": "MDS!D13", "kind": "element" })
    );
    assert!(location(1)["physicalLocation"]["region"].is_null());
    assert!(location(1)["logicalLocations"].is_null());
}

#[test]
fn sarif_fingerprints_outlive_moved_rows() {
    let prints = |text: &str| {
        let report = report(Kind::Check, &[examined("a.toml", text)], None, Language::Ja);
        let sarif: serde_json::Value =
            serde_json::from_slice(&rendered(&report, Format::Sarif)).unwrap();
        let results = sarif["runs"][0]["results"].as_array().unwrap().clone();
        let of_item = results
            .into_iter()
            .find(|r| r["ruleId"] == "MDS503")
            .unwrap();
        (
            of_item["partialFingerprints"].clone(),
            of_item["locations"].clone(),
        )
    };
    let head = "form = \"mds-reference\"\n";
    let item = "[[items]]\nnumber = \"4\"\nanswer = \"一部対応\"\n";
    let (first, here) = prints(&format!("{head}{item}"));
    let (second, there) = prints(&format!("{head}\n\n# moved\n{item}"));
    assert_eq!(first, second);
    assert_ne!(here, there);
}

#[test]
fn sarif_suppresses_what_is_waived() {
    let profile = requirements();
    let mut file = hostile();
    // A waived verdict needs an answer that does not satisfy.
    file.disclosures[0].entries[4].answer = Some(kaijisho::Answer::No);
    // The hostile texts are other questions than the form's, which no verdict would rest on.
    for entry in &mut file.disclosures[0].entries {
        entry.text = None;
    }
    let report = report(Kind::Diff, &[file], Some(&profile), Language::En);
    let sarif: serde_json::Value =
        serde_json::from_slice(&rendered(&report, Format::Sarif)).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let waived: Vec<_> = results
        .iter()
        .filter(|r| r["ruleId"] == "requirement-waived")
        .collect();
    assert_eq!(waived.len(), 1);
    assert!(
        waived[0]["suppressions"][0]["justification"]
            .as_str()
            .unwrap()
            .contains("2027-03-31")
    );
    let unmet = results
        .iter()
        .filter(|r| r["ruleId"] == "requirement-unmet");
    assert!(unmet.clone().count() > 0 && unmet.clone().all(|r| r["suppressions"].is_null()));
}

#[test]
fn junit_is_well_formed_and_counts_right() {
    for report in all_reports() {
        let xml = text(report, Format::Junit);
        let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        assert_eq!(xml.chars().find(|c| !allowed(*c)), None);
        let mut reader = quick_xml::Reader::from_str(&xml);
        reader.config_mut().check_end_names = true;
        let (mut depth, mut cases, mut failures, mut skipped) = (0, 0, 0, 0);
        loop {
            let event = reader.read_event().expect("well-formed");
            let name = match &event {
                quick_xml::events::Event::Start(start) => {
                    depth += 1;
                    start.name().as_ref().to_owned()
                }
                quick_xml::events::Event::Empty(start) => start.name().as_ref().to_owned(),
                quick_xml::events::Event::End(_) => {
                    depth -= 1;
                    continue;
                }
                quick_xml::events::Event::Eof => break,
                _ => continue,
            };
            match name.as_str() {
                "testcase" => cases += 1,
                "failure" => failures += 1,
                "skipped" => skipped += 1,
                "testsuites" | "testsuite" | "system-out" => {}
                other => panic!("unknown element {other}"),
            }
        }
        assert_eq!(depth, 0);
        let head =
            format!("tests=\"{cases}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\"");
        assert!(xml.lines().nth(1).unwrap().contains(&head), "{head}");
        let errors: usize = report
            .documents
            .iter()
            .flat_map(|d| d.findings.iter().flatten())
            .chain(&report.profile_findings)
            .filter(|f| f.severity == kaijisho::Severity::Error)
            .count();
        let unmet: usize = report
            .documents
            .iter()
            .flat_map(|d| d.results.iter().flatten())
            .filter(|r| {
                let open = [kaijisho::Verdict::Unmet, kaijisho::Verdict::Undecided];
                open.contains(&r.verdict) && r.level == kaijisho::Level::Must
            })
            .count();
        assert_eq!(failures, errors + unmet);
    }
}

#[test]
fn junit_passes_a_document_about_which_nothing_is_said() {
    let mut report = report(Kind::Check, &[plain()], None, Language::Ja);
    report.documents[0].findings = Some(Vec::new());
    let xml = text(&report, Format::Junit);
    assert!(
        xml.contains("<testcase classname=\"kaijisho\" name=\"指摘はありません\"/>"),
        "{xml}"
    );
    assert!(xml.contains("tests=\"1\" failures=\"0\""));
}
