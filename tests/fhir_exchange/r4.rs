//! The rules of FHIR R4 for questionnaires and responses that a schema cannot say, checked on JSON.
//!
//! Names are those of the specification: que-1, que-2, que-5, que-12, qrs-1.

use std::collections::HashMap;

use serde_json::Value;

/// A question as its questionnaire has it.
struct Question<'v> {
    node: &'v Value,
    above: Option<&'v str>,
}

/// What is wrong with a bundle; nothing if all is well.
pub(crate) fn problems(bundle: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    let resources: Vec<&Value> = list(bundle, "entry")
        .map(|entry| &entry["resource"])
        .collect();
    let mut known: HashMap<String, HashMap<&str, Question<'_>>> = HashMap::new();
    for resource in &resources {
        if resource["resourceType"] == "Questionnaire" {
            let mut questions = HashMap::new();
            for item in list(resource, "item") {
                question(item, None, &mut questions, &mut problems);
            }
            for one in questions.values() {
                conditions(one.node, &questions, &mut problems);
            }
            // A version that an address cannot hold is not part of it.
            let (mut name, version) = (text(resource, "url").to_owned(), text(resource, "version"));
            if version.chars().all(|c| c.is_ascii_graphic()) {
                name = format!("{name}|{version}");
            }
            assert!(
                known.insert(name, questions).is_none(),
                "a questionnaire stands twice"
            );
        }
    }
    for resource in &resources {
        if resource["resourceType"] == "QuestionnaireResponse" {
            let name = text(resource, "questionnaire");
            match known.get(name) {
                Some(questions) => {
                    for item in list(resource, "item") {
                        response(item, None, questions, &mut problems);
                    }
                }
                None => problems.push(format!("no questionnaire {name}")),
            }
        }
    }
    problems
}

fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value[key].as_array().into_iter().flatten()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn question<'v>(
    item: &'v Value,
    above: Option<&'v str>,
    questions: &mut HashMap<&'v str, Question<'v>>,
    problems: &mut Vec<String>,
) {
    let link = text(item, "linkId");
    let kind = text(item, "type");
    let mut wrong = |what: &str| problems.push(format!("{link}: {what}"));
    if link.is_empty() {
        wrong("no link");
    }
    if kind == "group" && list(item, "item").next().is_none() {
        wrong("que-1: a group without items");
    }
    if kind != "choice" && !item["answerOption"].is_null() {
        wrong("que-5: options of what is no choice");
    }
    if list(item, "enableWhen").count() > 1 && item["enableBehavior"].is_null() {
        wrong("que-12: several conditions and no behaviour");
    }
    if questions
        .insert(link, Question { node: item, above })
        .is_some()
    {
        wrong("que-2: the link stands twice");
    }
    for child in list(item, "item") {
        question(child, Some(link), questions, problems);
    }
}

/// A condition looks at a question that is there, and at an answer that it can have.
fn conditions(item: &Value, questions: &HashMap<&str, Question<'_>>, problems: &mut Vec<String>) {
    for when in list(item, "enableWhen") {
        let link = text(item, "linkId");
        if !questions.contains_key(text(when, "question")) {
            problems.push(format!("{link}: a condition on no question"));
        }
        if when["operator"] != "=" || when["answerCoding"]["code"].is_null() {
            problems.push(format!("{link}: a condition without an answer"));
        }
    }
}

fn response(
    item: &Value,
    above: Option<&str>,
    questions: &HashMap<&str, Question<'_>>,
    problems: &mut Vec<String>,
) {
    let link = text(item, "linkId");
    let mut wrong = |what: &str| problems.push(format!("{link}: {what}"));
    let Some(question) = questions.get(link) else {
        return wrong("no such question");
    };
    if question.above != above {
        wrong("stands elsewhere than in the questionnaire");
    }
    let kind = text(question.node, "type");
    let answers: Vec<&Value> = list(item, "answer").collect();
    if !answers.is_empty() && !item["item"].is_null() {
        wrong("qrs-1: items beneath both item and answer");
    }
    if kind == "group" && !answers.is_empty() {
        wrong("a group with an answer");
    }
    if kind != "group" && !item["item"].is_null() {
        wrong("the children of a question stand under its answer");
    }
    if answers.len() > 1 && question.node["repeats"] != true {
        wrong("several answers to a question that does not repeat");
    }
    for answer in &answers {
        let value = match kind {
            "choice" => "valueCoding",
            "date" => "valueDate",
            _ => "valueString",
        };
        let other = answer.as_object().into_iter().flatten();
        let other = other.filter(|(key, _)| key.starts_with("value") && *key != value);
        for (key, _) in other {
            wrong(&format!("{key} to a {kind}"));
        }
        if answer[value].is_null()
            && answer["extension"].is_null()
            && answer[format!("_{value}")].is_null()
        {
            wrong("an answer without a value or a reason");
        }
    }
    let below = answers.iter().flat_map(|answer| list(answer, "item"));
    for child in below.chain(list(item, "item")) {
        response(child, Some(link), questions, problems);
    }
}
