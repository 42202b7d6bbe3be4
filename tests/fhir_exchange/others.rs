//! Resources that other programs wrote: read as far as they can be, and told where not.

use kaijisho::write::Target;
use kaijisho::{Answer, State};
use serde_json::json;

use super::{options, read, read_json, support, told, written};

#[test]
fn questions_and_answers_of_others() {
    let questionnaire = json!({
        "resourceType": "Questionnaire",
        "url": "http://example.org/q", "version": "2", "status": "draft",
        "title": "サービス事業者による医療情報セキュリティ開示書",
        "item": [{
            "linkId": "group", "type": "group", "text": "章",
            "item": [
                { "linkId": "1", "type": "boolean", "text": "通信を暗号化していますか" },
                { "linkId": "log", "prefix": "2)", "type": "choice", "text": "ログを残しますか",
                  "answerOption": [{ "valueCoding": { "code": "Y", "display": "はい" } }, { "valueCoding": { "code": "N", "display": "いいえ" } }] },
                { "linkId": "note", "type": "display", "text": "読むだけ" },
                { "linkId": "contact", "type": "string", "text": "連絡先",
                  "extension": [{ "url": "http://example.org/hint", "valueString": "x" }] },
                { "linkId": "4", "type": "quantity", "text": "保存期間" },
                { "linkId": "5", "type": "attachment", "text": "図面" },
                { "linkId": "6", "type": "boolean", "text": "答えなかった問い" }
            ]
        }]
    });
    let answers = json!([{ "linkId": "group", "item": [
        { "linkId": "1", "answer": [{ "valueBoolean": true }] },
        { "linkId": "log", "answer": [{ "valueCoding": { "code": "N" } }] },
        { "linkId": "contact", "answer": [{ "valueString": "内線 12" }] },
        { "linkId": "4", "answer": [{ "valueQuantity": { "value": 5, "unit": "年" } }] },
        { "linkId": "5", "answer": [{ "valueAttachment": { "url": "http://example.org/x.png" } }] }
    ] }]);
    let response = |questionnaire: &str| {
        json!({
            "resourceType": "QuestionnaireResponse", "questionnaire": questionnaire,
            "status": "completed", "item": answers
        })
    };
    let mut inside = response("#q");
    let mut own = questionnaire.clone();
    own["id"] = json!("q");
    inside["contained"] = json!([own]);
    let outside = json!({ "resourceType": "Bundle", "type": "collection", "entry": [
        { "resource": response("http://example.org/q|2") },
        { "resource": questionnaire },
        { "resource": { "resourceType": "Patient" } }
    ] });
    for (file, more) in [(inside, None), (outside, Some("Patient"))] {
        let examined = read_json(&file);
        let [disclosure] = examined.disclosures.as_slice() else {
            panic!("{:?}", examined.findings);
        };
        assert_eq!(disclosure.form.id, "derived-sds");
        let view: Vec<_> = disclosure
            .entries
            .iter()
            .map(|e| {
                (
                    e.number.as_str(),
                    e.answer,
                    e.written.as_str(),
                    e.text.as_ref().unwrap().text.as_str(),
                )
            })
            .collect();
        assert_eq!(
            view,
            [
                ("1", Some(Answer::Yes), "はい", "通信を暗号化していますか"),
                ("2", Some(Answer::No), "いいえ", "ログを残しますか"),
                ("LINK-1", None, "内線 12", "連絡先"),
                ("4", None, "5 年", "保存期間"),
                ("5", None, "", "図面"),
                ("6", None, "", "答えなかった問い"),
            ]
        );
        let mut expected = vec![
            ("content-unrecognised", "http://example.org/hint".to_owned()),
            ("content-unrecognised", "valueAttachment".to_owned()),
            ("item-renumbered", "contact".to_owned()),
            ("item-renumbered", "log".to_owned()),
        ];
        expected.extend(more.map(|kind| ("content-unrecognised", kind.to_owned())));
        expected.sort();
        let mut told = told(&examined);
        told.sort();
        assert_eq!(told, expected);
        // Read once, it goes on in our own words.
        let again = read(
            "a",
            written(&examined.disclosures, Target::FhirXml),
            &options(),
        );
        assert!(again.disclosures[0].same_content(disclosure));
    }
}

#[test]
fn xml_of_others() {
    let text = r#"<?xml version="1.0"?>
        <f:QuestionnaireResponse xmlns:f="http://hl7.org/fhir">
          <f:text><f:status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><p value="x">はい</p></div></f:text>
          <f:status value="completed"/>
          <f:item><f:linkId value="1"/><f:text value="一"/>
            <f:answer><f:valueQuantity><f:value value="3"/><f:unit value="年"/></f:valueQuantity></f:answer></f:item>
          <f:item><f:linkId value="2"/><f:text value="二&#xA;行"/>
            <f:answer><f:valueCoding><f:system value="urn:x"/><f:code value="1"/><f:display value="いいえ"/></f:valueCoding></f:answer></f:item>
        </f:QuestionnaireResponse>"#;
    let examined = read("a.xml", text, &options());
    assert_eq!(told(&examined), []);
    let view: Vec<_> = examined.disclosures[0]
        .entries
        .iter()
        .map(|e| (e.written.as_str(), e.text.as_ref().unwrap().text.as_str()))
        .collect();
    assert_eq!(view, [("3 年", "一"), ("いいえ", "二\n行")]);
    let place = examined.disclosures[0].entries[1].place.to_string();
    assert_eq!(place, "8:13");
    for broken in [
        "<!DOCTYPE a []><Bundle xmlns='http://hl7.org/fhir'/>",
        "<Bundle xmlns='http://hl7.org/fhir'><entry></Bundle>",
        "<Bundle xmlns='http://hl7.org/fhir'/><Bundle/>",
    ] {
        assert_eq!(
            read("a.xml", broken, &options()).findings[0].rule,
            "file-damaged"
        );
    }
}

#[test]
fn the_corpus_is_read_or_told() {
    let Some(folder) = support::shared("corpus/fhir") else {
        return;
    };
    let mut read_files = 0;
    for file in support::files(&folder) {
        let examined = read(
            &support::stem(&file),
            std::fs::read(&file).unwrap(),
            &options(),
        );
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("outcomes") {
            assert!(examined.is_unreadable(), "{name}");
            continue;
        }
        read_files += 1;
        let [disclosure] = examined.disclosures.as_slice() else {
            panic!("{name}: {:?}", examined.findings);
        };
        assert!(disclosure.entries.len() >= 2, "{name}");
        if name.to_lowercase().starts_with("questionnaireresponse") {
            let answered = disclosure.entries.iter();
            assert!(
                answered.filter(|e| e.answer.is_some()).count() >= 1,
                "{name}"
            );
        }
        // Every answer is a boolean; whatever links the questions have, their texts are kept.
        assert!(
            disclosure.entries.iter().all(|e| e.state != State::Unknown),
            "{name}"
        );
    }
    assert!(read_files > 10);
}
