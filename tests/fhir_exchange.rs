//! FHIR resources written and read: nothing is lost, R4's rules hold, and what others write is read or told.
//!
//! That disclosures survive chains of conversions through FHIR is tested in `tests/convert.rs` with the other
//! formats; `tests/extended/fhir.py` holds the resources against models that are not ours.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

#[path = "fhir_exchange/others.rs"]
mod others;
#[path = "fhir_exchange/r4.rs"]
mod r4;

use std::path::PathBuf;

use kaijisho::write::{Origin, Target, write};
use kaijisho::{
    Answer, Catalog, Disclosure, Examined, Field, FormSource, Language, Limits, Options, Source,
    State, examine,
};
use serde_json::{Value, json};

fn options() -> Options {
    Options::new(jiff::civil::date(2026, 10, 1))
}

fn with_form(text: &str) -> Options {
    Options {
        catalog: Catalog::parse(text, "form.toml").unwrap(),
        ..options()
    }
}

fn golden_options() -> Options {
    with_form(&support::text(
        &support::project().join("tests/golden/form.toml"),
    ))
}

fn read(name: &str, bytes: impl Into<Vec<u8>>, options: &Options) -> Examined {
    examine(&Source::new(name, bytes.into()), options)
}

fn read_json(value: &Value) -> Examined {
    read("a.json", value.to_string(), &options())
}

fn written(disclosures: &[Disclosure], target: Target) -> Vec<u8> {
    let origin = Origin {
        file: "a.xlsx",
        sha256: "",
    };
    write(disclosures, &origin, target, Language::Ja).unwrap()
}

fn bundle(disclosures: &[Disclosure]) -> Value {
    serde_json::from_slice(&written(disclosures, Target::FhirJson)).unwrap()
}

/// Rules and values of what is told about the file.
fn told(examined: &Examined) -> Vec<(&str, String)> {
    let findings = examined.findings.iter();
    findings
        .map(|finding| (finding.rule, finding.found().unwrap_or_default()))
        .collect()
}

fn examples() -> Vec<PathBuf> {
    let root = support::project().join("examples");
    let folders = ["01-vendor", "02-hospital", "04-form"];
    let files = folders
        .iter()
        .flat_map(|folder| support::files(&root.join(folder)));
    files
        .filter(|file| file.extension().is_some_and(|ending| ending == "xlsx"))
        .collect()
}

/// Every disclosure at hand with the options to read it: examples, the golden one, and blank forms.
fn disclosures() -> Vec<(String, Examined, Options)> {
    let mut all = Vec::new();
    for file in examples() {
        let bytes = std::fs::read(&file).unwrap();
        let examined = read("a.xlsx", bytes, &options());
        if !examined.disclosures.is_empty() {
            all.push((file.display().to_string(), examined, options()));
        }
    }
    assert!(all.len() >= 3, "{} examples", all.len());
    let source = support::text(&support::project().join("tests/golden/source.toml"));
    let golden = read("source.toml", source, &golden_options());
    all.push(("golden".to_owned(), golden, golden_options()));
    for form in Catalog::bundled().forms() {
        let text = format!("form = '{}'\nitems = []", form.id);
        all.push((form.id.clone(), read("a.toml", text, &options()), options()));
    }
    all
}

#[test]
fn json_and_xml_say_the_same() {
    for (name, start, options) in disclosures() {
        let texts =
            [Target::FhirJson, Target::FhirXml].map(|target| written(&start.disclosures, target));
        for text in &texts {
            let again = read("a.txt.fhir", text.clone(), &options);
            assert_eq!(told(&again), [], "{name}");
            assert_eq!(again.disclosures.len(), start.disclosures.len(), "{name}");
            for (one, other) in start.disclosures.iter().zip(&again.disclosures) {
                assert!(one.same_content(other), "{name}");
                assert_eq!(one.sheet, other.sheet, "{name}");
            }
            // The headings of a sheet whose form is not known are in its questionnaire, and not in what is read back.
            if start
                .disclosures
                .iter()
                .any(|one| one.form.source == FormSource::Derived)
            {
                continue;
            }
            let anew = [Target::FhirJson, Target::FhirXml]
                .map(|target| written(&again.disclosures, target));
            assert!(anew == texts, "{name}");
        }
    }
}

#[test]
fn the_rules_of_r4_hold() {
    for (name, start, _) in disclosures() {
        assert_eq!(r4::problems(&bundle(&start.disclosures)), [""; 0], "{name}");
    }
    let mut wrong = bundle(&disclosures()[0].1.disclosures);
    let items = wrong["entry"][1]["resource"]["item"]
        .as_array_mut()
        .unwrap();
    let group = items[1].clone();
    items[0]["item"].as_array_mut().unwrap().push(group);
    assert!(!r4::problems(&wrong).is_empty());
}

#[test]
fn the_questionnaire_of_a_bundled_form() {
    let text = "form = 'mds2-2019'\nitems = []";
    let bundle = bundle(&read("a.toml", text, &options()).disclosures);
    let questionnaire = &bundle["entry"][0]["resource"];
    assert_eq!(questionnaire["url"], "urn:kaijisho:form:mds2-2019");
    assert_eq!(questionnaire["version"], "HN 1-2019");
    assert_eq!(questionnaire["language"], "en");
    let translation = &questionnaire["_title"]["extension"][0];
    assert_eq!(
        translation["url"],
        "http://hl7.org/fhir/StructureDefinition/translation"
    );
    assert_eq!(translation["extension"][0]["valueCode"], "ja");
    let response = &bundle["entry"][1]["resource"];
    assert_eq!(response["questionnaire"], "urn:kaijisho:form:mds2-2019");
    assert_eq!(response["status"], "in-progress");
}

const FORM: &str = r#"
schema = "kaijisho/form/1"
id = "conditions"
family = "mds"
edition = "1"
title = { ja = "条件", en = "Conditions" }
provenance = { ja = "試験用", en = "For a test" }
choices = ["yes", "no", "na"]
child_rule = "none"

[recognise]
titles = ["条件の見本"]

[[section]]
id = "1"
title = { ja = "章", en = "Section" }

[[item]]
number = "1"
section = "1"
title = { ja = "方式", en = "Methods" }
kind = "multiple"
options = [{ id = "a", title = { ja = "甲", en = "A" } }, { id = "b", title = { ja = "乙", en = "B" } }]

[[item]]
number = "2"
section = "1"
title = { ja = "設問2", en = "Question 2" }
enable = { item = "1", ticked = ["a", "b"] }

[[item]]
number = "3"
section = "1"
title = { ja = "設問3", en = "Question 3" }
enable = { all = [{ item = "1", ticked = ["a"] }, { item = "2", is = ["yes"] }] }

[[item]]
number = "4"
section = "1"
title = { ja = "設問4", en = "Question 4" }
enable = { any = [{ item = "2", is = ["no", "na"] }, { item = "3", is = ["no"] }] }

[[item]]
number = "5"
section = "1"
title = { ja = "設問5", en = "Question 5" }
enable = { all = [{ item = "2", is = ["yes", "na"] }, { item = "3", is = ["yes"] }] }

[[item]]
number = "6"
section = "1"
title = { ja = "設問6", en = "Question 6" }
enable = { item = "5", is = ["yes"] }
"#;

#[test]
fn conditions_become_enable_when_or_are_kept_as_they_are() {
    let start = read(
        "a.toml",
        "form = 'conditions'\nitems = []",
        &with_form(FORM),
    );
    let bundle = bundle(&start.disclosures);
    assert_eq!(r4::problems(&bundle), [""; 0]);
    let items = bundle["entry"][0]["resource"]["item"][1]["item"]
        .as_array()
        .unwrap();
    let when = |at: usize| -> Vec<String> {
        let all = items[at]["enableWhen"].as_array().into_iter().flatten();
        all.map(|when| {
            format!("{} {}", when["question"], when["answerCoding"]["code"]).replace('"', "")
        })
        .collect()
    };
    let behaviour = |at: usize| items[at]["enableBehavior"].as_str();
    assert_eq!((when(0), behaviour(0)), (vec![], None));
    assert_eq!(
        (when(1), behaviour(1)),
        (vec!["1 a".into(), "1 b".into()], Some("any"))
    );
    assert_eq!(
        (when(2), behaviour(2)),
        (vec!["1 a".into(), "2 yes".into()], Some("all"))
    );
    let any = vec!["2 no".into(), "2 na".into(), "3 no".into()];
    assert_eq!((when(3), behaviour(3)), (any, Some("any")));
    // One of several answers, and another condition besides: R4 has one behaviour for all of them.
    assert_eq!((when(4), behaviour(4)), (vec![], None));
    let extension = &items[4]["extension"][0];
    assert_eq!(extension["url"], "urn:kaijisho:condition");
    let kept = extension["valueString"].as_str().unwrap();
    let form = FORM.replace(
        r#"{ all = [{ item = "2", is = ["yes", "na"] }, { item = "3", is = ["yes"] }] }"#,
        kept,
    );
    let again = Catalog::parse(&form, "form.toml").unwrap();
    assert_eq!(
        again.forms()[0].items[4].enable,
        start.disclosures[0].form.items[4].enable
    );
    assert_eq!((when(5), behaviour(5)), (vec!["5 yes".into()], None));
}

#[test]
fn a_sheet_in_another_order_with_rows_missing_doubled_and_added() {
    let text = r#"{ "form": "mds-reference", "sheet": "乱れた表",
        "header": { "date": "令和8年9月1日", "product": "見本", "manufacturer": "見本社" },
        "items": [
          { "number": "3", "answer": "いいえ", "text": "三番" },
          { "number": "1", "answer": "対応中です" },
          { "number": "500", "answer": "yes", "remark": "独自" },
          { "number": "3", "answer": "はい", "remark_reference": "備考1" },
          { "number": "13.2", "answer": "はい", "remark": "親の行がない" },
          { "number": "2", "written": "□はい □いいえ" } ],
        "remarks": [{ "key": 1, "text": "本文" }] }"#;
    let start = read("a.json", text, &options());
    assert_eq!(r4::problems(&bundle(&start.disclosures)), [""; 0]);
    for target in [Target::FhirJson, Target::FhirXml] {
        let again = read("a", written(&start.disclosures, target), &options());
        assert_eq!(told(&again), []);
        let [one, other] = [&start, &again].map(|examined| &examined.disclosures[0]);
        assert!(one.same_content(other));
        let numbers: Vec<_> = other
            .entries
            .iter()
            .map(|entry| entry.number.as_str())
            .collect();
        assert_eq!(numbers, ["3", "1", "500", "3", "13.2", "2"]);
        let date = other.field(Field::Date).unwrap();
        assert_eq!(date.written, "令和8年9月1日");
        let found = |examined: &Examined| {
            let findings = examined.disclosure_findings[0].iter();
            let mut found: Vec<_> = findings.map(|f| (f.rule, f.item.clone())).collect();
            found.sort();
            found
        };
        assert_eq!(found(&start), found(&again));
    }
}

#[test]
fn what_another_program_leaves_out_is_unanswered_and_not_missing() {
    let response = json!({
        "resourceType": "QuestionnaireResponse",
        "questionnaire": "urn:kaijisho:form:mds-reference|2026-11",
        "status": "completed",
        "item": [
            { "linkId": "header", "item": [{ "linkId": "header.product", "answer": [{ "valueString": "見本" }] }] },
            { "linkId": "section-3", "item": [{
                "linkId": "3",
                "text": "設問",
                "answer": [{
                    "valueCoding": { "system": "urn:kaijisho:answer", "code": "no" },
                    "item": [{ "linkId": "3-remark", "answer": [{ "valueString": "来年" }] }]
                }]
            }] }
        ]
    });
    let examined = read_json(&response);
    assert_eq!(told(&examined), []);
    let disclosure = &examined.disclosures[0];
    let form = Catalog::bundled().form("mds-reference").unwrap();
    let numbers: Vec<_> = disclosure
        .entries
        .iter()
        .map(|entry| &entry.number)
        .collect();
    let asked: Vec<_> = form.items.iter().map(|item| &item.number).collect();
    assert_eq!(numbers, asked);
    let three = disclosure
        .entries
        .iter()
        .find(|entry| entry.number.as_str() == "3")
        .unwrap();
    assert_eq!(
        (three.answer, three.written.as_str()),
        (Some(Answer::No), "いいえ")
    );
    assert_eq!(three.remark.text.as_deref(), Some("来年"));
    let missing = examined.disclosure_findings[0].iter();
    assert_eq!(
        missing
            .filter(|finding| finding.rule == "item-missing")
            .count(),
        0
    );
    let open = disclosure.entries.iter();
    assert_eq!(
        open.filter(|entry| entry.state == State::Unanswered)
            .count(),
        form.items.len() - 1
    );
}

#[test]
fn a_changed_answer_counts_and_contradicts_what_was_written() {
    let text = "form = 'mds-reference'\nitems = [{ number = '1', answer = '対応済み' }, { number = '2', answer = 'yes' }]\n[header]\nproduct = 'A'\ndate = '2026/9/1'";
    let start = read("a.toml", text, &options());
    let mut bundle = bundle(&start.disclosures);
    let json = bundle.to_string();
    assert_eq!(json.matches("urn:kaijisho:written").count(), 2, "{json}");
    let response = &mut bundle["entry"][1]["resource"];
    response["subject"]["display"] = json!("B");
    let items = &mut response["item"];
    items[0]["item"][0]["answer"][0]["valueDate"] = json!("2026-09-30");
    for at in [0, 1] {
        items[1]["item"][at]["answer"][0]["valueCoding"]["code"] = json!("no");
    }
    let again = read_json(&bundle);
    let disclosure = &again.disclosures[0];
    let states: Vec<_> = disclosure
        .entries
        .iter()
        .map(|e| (e.state, e.written.as_str()))
        .collect();
    assert_eq!(
        states,
        [
            (State::Conflicting, "対応済み・いいえ"),
            (State::Answered, "いいえ")
        ]
    );
    assert_eq!(disclosure.field(Field::Date).unwrap().written, "2026-09-30");
    let mut told: Vec<_> = told(&again).into_iter().map(|(_, found)| found).collect();
    told.sort();
    assert_eq!(told, ["2026/9/1", "B"]);
}

#[test]
fn a_questionnaire_alone_is_a_blank_sheet() {
    let bundle =
        bundle(&read("a.toml", "form = 'sds-reference'\nitems = []", &options()).disclosures);
    let examined = read_json(&bundle["entry"][0]["resource"]);
    assert_eq!(told(&examined), []);
    let disclosure = &examined.disclosures[0];
    assert_eq!(disclosure.form.id, "sds-reference");
    assert_eq!(disclosure.entries.len(), disclosure.form.items.len());
    assert!(
        disclosure
            .entries
            .iter()
            .all(|entry| entry.state == State::Unanswered)
    );
    let reworded = examined.disclosure_findings[0].iter();
    assert_eq!(
        reworded.filter(|f| f.rule == "item-text-changed").count(),
        0
    );
}

#[test]
fn what_is_no_disclosure_is_said_so() {
    for text in [
        r#"{ "resourceType": "OperationOutcome", "issue": [] }"#,
        r#"<Patient xmlns="http://hl7.org/fhir"><id value="1"/></Patient>"#,
        r#"<Bundle xmlns="http://hl7.org/fhir"><type value="collection"/></Bundle>"#,
    ] {
        let examined = read("a", text, &options());
        assert!(examined.is_unreadable(), "{text}");
        let last = examined.findings.last().unwrap();
        assert_eq!(last.rule, "nothing-recognised", "{text}");
        assert!(last.message(Language::Ja).contains("FHIR"), "{text}");
    }
    let unknown = r#"{ "resourceType": "QuestionnaireResponse", "questionnaire": "urn:kaijisho:form:nobody|1", "item": [] }"#;
    let examined = read("a", unknown, &options());
    assert_eq!(examined.findings[0].rule, "form-unrecognised");
    assert!(
        examined.findings[0]
            .message(Language::En)
            .contains("nobody")
    );
}

#[test]
fn many_responses_to_a_long_form_stay_within_bounds() {
    let form = Catalog::bundled().form("mds2-2019").unwrap();
    let response = json!({ "resource": {
        "resourceType": "QuestionnaireResponse", "questionnaire": "urn:kaijisho:form:mds2-2019"
    } });
    let entries = vec![response; 1000];
    let text = json!({ "resourceType": "Bundle", "entry": entries }).to_string();
    for items in [Limits::default().items, 60_000] {
        let mut bounded = options();
        bounded.limits.items = items;
        let examined = read("a.json", text.as_str(), &bounded);
        // Judging some of them would look as if those were all.
        assert_eq!(examined.disclosures.len(), 0);
        let [found] = &examined.findings[..] else {
            panic!("{:?}", examined.findings);
        };
        assert_eq!(found.rule, "file-too-large");
        assert!(found.message(Language::En).contains(&format!("> {items}")));
        assert!(examined.is_unreadable());
    }
    let mut roomy = options();
    roomy.limits.items = 1000 * form.items.len();
    let examined = read("a.json", text, &roomy);
    assert_eq!(examined.disclosures.len(), 1000);
}
