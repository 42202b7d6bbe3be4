//! The semantics of conditions, held against FHIR: questionnaires with `enableWhen`, responses to them, and
//! what FHIR validators said about those (`../shared/corpus/fhir`; without it the tests say so and pass).
//!
//! A questionnaire becomes a form file and a response a document, and both go the usual way; besides, the
//! conditions are evaluated directly. Both must agree with the validator on two things: an answer that is
//! required and absent, and an answer to a question that is not enabled. How grave the second one is differs
//! on purpose (FHIR: an error; here: a note for no, a warning for yes), see `schemas/README.md`.
//!
//! NOTE: `questionnaire-enableWhenEx-test.xml` and its responses are left out: their condition is a FHIRPath
//! expression in an extension of one country, and conditions here are data, never expressions.

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use kaijisho::{
    Answer, Catalog, Condition, Disclosure, Enabled, Error, Finding, Given, ItemNumber, Options,
    Source, examine,
};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// An element of FHIR's XML, or a key of its JSON: both say the same.
#[derive(Clone, Debug, Default)]
struct Node {
    name: String,
    value: String,
    children: Vec<Node>,
}

impl Node {
    fn all<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Node> {
        self.children.iter().filter(move |node| node.name == name)
    }

    fn get(&self, name: &str) -> &str {
        let found = self.children.iter().find(|node| node.name == name);
        found.map_or("", |node| &node.value)
    }

    fn from_json(name: &str, value: &serde_json::Value) -> Vec<Node> {
        let one = |value: String, children| Node {
            name: name.to_owned(),
            value,
            children,
        };
        match value {
            serde_json::Value::Array(values) => values
                .iter()
                .flat_map(|value| Node::from_json(name, value))
                .collect(),
            serde_json::Value::Object(map) => {
                let children = map
                    .iter()
                    .flat_map(|(key, value)| Node::from_json(key, value));
                vec![one(String::new(), children.collect())]
            }
            serde_json::Value::String(text) => vec![one(text.clone(), Vec::new())],
            other => vec![one(other.to_string(), Vec::new())],
        }
    }

    fn from_xml(text: &str) -> Node {
        let open = |element: &BytesStart<'_>| Node {
            name: element.local_name().as_ref().to_owned(),
            value: element
                .attributes()
                .map(|attribute| attribute.expect("an attribute"))
                .find(|attribute| attribute.key.as_ref() == "value")
                .map(|attribute| attribute.value.into_owned())
                .unwrap_or_default(),
            children: Vec::new(),
        };
        let mut reader = Reader::from_str(text);
        let mut path = vec![Node::default()];
        loop {
            let event = reader.read_event().expect("well-formed XML");
            let closed = match &event {
                Event::Start(element) => {
                    path.push(open(element));
                    None
                }
                Event::Empty(element) => Some(open(element)),
                Event::End(_) => path.pop(),
                Event::Eof => break,
                _ => None,
            };
            if let (Some(node), Some(parent)) = (closed, path.last_mut()) {
                parent.children.push(node);
            }
        }
        let mut root = path.pop().expect("the document");
        root.children.pop().expect("a root element")
    }

    fn open(path: &Path) -> Node {
        let text = support::text(path);
        if path.extension().is_some_and(|ending| ending == "xml") {
            return Node::from_xml(&text);
        }
        let value = serde_json::from_str(&text).expect("JSON");
        Node::from_json("", &value).remove(0)
    }
}

/// How several conditions go together.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Together {
    Any,
    All,
}

/// A question with the number it gets in our form.
#[derive(Debug)]
struct Question {
    number: String,
    link: String,
    boolean: bool,
    required: bool,
    /// The questions it looks at, and the answers that enable it.
    when: Vec<(String, bool)>,
    together: Option<Together>,
}

fn questions(items: &[&Node]) -> Vec<Question> {
    items
        .iter()
        .enumerate()
        .map(|(at, item)| Question {
            number: (at + 1).to_string(),
            link: item.get("linkId").to_owned(),
            boolean: item.get("type") == "boolean",
            required: item.get("required") == "true",
            when: item
                .all("enableWhen")
                .map(|when| {
                    // STU3 knows no operator; equality is its only meaning.
                    assert!(matches!(when.get("operator"), "" | "="));
                    (
                        when.get("question").to_owned(),
                        when.get("answerBoolean") == "true",
                    )
                })
                .collect(),
            together: match item.get("enableBehavior") {
                "any" => Some(Together::Any),
                "all" => Some(Together::All),
                _ => None,
            },
        })
        .collect()
}

fn answer(value: bool) -> Answer {
    if value { Answer::Yes } else { Answer::No }
}

fn number_of(questions: &[Question], link: &str) -> ItemNumber {
    let found = questions.iter().find(|question| question.link == link);
    ItemNumber::new(&found.expect("a question of the questionnaire").number)
}

/// The condition of a question; `unsaid` is how several go together where the questionnaire does not say.
fn condition(questions: &[Question], question: &Question, unsaid: Together) -> Option<Condition> {
    let mut parts: Vec<Condition> = question
        .when
        .iter()
        .map(|(link, value)| Condition::Is {
            item: number_of(questions, link),
            is: vec![answer(*value)],
        })
        .collect();
    match (parts.len(), question.together.unwrap_or(unsaid)) {
        (0, _) => None,
        (1, _) => parts.pop(),
        (_, Together::Any) => Some(Condition::Any(parts)),
        (_, Together::All) => Some(Condition::All(parts)),
    }
}

/// The form file of these questions. Without `unsaid`, conditions whose combination is not said stay a bare list.
fn form_text(questions: &[Question], unsaid: Option<Together>) -> String {
    let mut text = String::from(
        "schema = 'kaijisho/form/1'\nid = 'fhir'\nfamily = 'mds'\nedition = '1'\n\
         title = { ja = 'FHIR', en = 'FHIR' }\nprovenance = { ja = 'FHIR', en = 'FHIR' }\n\
         choices = ['yes', 'no']\nchild_rule = 'none'\nrecognise = { titles = ['FHIR'] }\n\
         [[section]]\nid = 'A'\ntitle = { ja = 'FHIR', en = 'FHIR' }\n",
    );
    for question in questions {
        text.push_str(&format!(
            "[[item]]\nnumber = '{}'\nsection = 'A'\ntitle = {{ ja = '{1}', en = '{1}' }}\nkind = '{2}'\nrequired = {3}\n",
            question.number,
            question.link,
            if question.boolean { "choice" } else { "text" },
            question.required
        ));
        let parts: Vec<String> = question
            .when
            .iter()
            .map(|(link, value)| {
                let (item, is) = (number_of(questions, link), answer(*value).code());
                format!("{{ item = '{item}', is = ['{is}'] }}")
            })
            .collect();
        let list = parts.join(", ");
        match (parts.len(), question.together.or(unsaid)) {
            (0, _) => {}
            (1, _) => text.push_str(&format!("enable = {list}\n")),
            (_, Some(Together::Any)) => text.push_str(&format!("enable = {{ any = [{list}] }}\n")),
            (_, Some(Together::All)) => text.push_str(&format!("enable = {{ all = [{list}] }}\n")),
            (_, None) => text.push_str(&format!("enable = [{list}]\n")),
        }
    }
    text
}

/// The answers of a response, by link; one group of a repeating group, or the whole response.
fn answers(items: &[&Node]) -> BTreeMap<String, bool> {
    items
        .iter()
        .filter_map(|item| {
            let answer = item.all("answer").next()?;
            Some((
                item.get("linkId").to_owned(),
                answer.get("valueBoolean") == "true",
            ))
        })
        .collect()
}

/// What a validator says of a response: the group where groups repeat, FHIR's code, and the question.
type Issue = (Option<usize>, String, String);

/// What our findings say, in FHIR's codes.
fn found(
    questions: &[Question],
    answers: &BTreeMap<String, bool>,
    unsaid: Together,
) -> Vec<(String, String)> {
    let catalog = Catalog::parse(&form_text(questions, Some(unsaid)), "fhir.toml")
        .unwrap_or_else(|error| panic!("{}", support::case::mistakes(&error)));
    let items: String = questions
        .iter()
        .map(|question| {
            let answer = answers
                .get(&question.link)
                .map_or("", |value| answer(*value).code());
            format!(
                "{{ number = '{}', answer = '{answer}' }},\n",
                question.number
            )
        })
        .collect();
    let document = format!("form = 'fhir'\nitems = [\n{items}]\n");
    let mut options = Options::new(support::TODAY);
    options.catalog = catalog;
    let examined = examine(
        &Source::new("response.toml", document.into_bytes()),
        &options,
    );
    let [disclosure] = examined.disclosures.as_slice() else {
        panic!("not one disclosure");
    };
    let by_findings: Vec<(String, String)> = examined
        .all_findings()
        .map(|finding| {
            let code = match finding.rule {
                "answer-missing" => "required",
                "child-answered-under-no" | "child-contradicts-parent" => "invalid",
                other => panic!("{other}"),
            };
            let item = finding.item.as_ref().expect("about an item");
            let question = questions
                .iter()
                .find(|question| question.number == item.as_str());
            (code.to_owned(), question.expect("a question").link.clone())
        })
        .collect();
    assert_eq!(
        by_findings,
        by_conditions(questions, answers, unsaid, disclosure)
    );
    by_findings
}

/// The same by evaluating each condition directly; the disclosure must see every question enabled alike.
fn by_conditions(
    questions: &[Question],
    answers: &BTreeMap<String, bool>,
    unsaid: Together,
    disclosure: &Disclosure,
) -> Vec<(String, String)> {
    let mut issues = Vec::new();
    for (at, question) in questions.iter().enumerate() {
        let enabled = enabled(questions, question, answers, unsaid);
        assert_eq!(disclosure.enabled(at), enabled, "{}", question.link);
        let answered = answers.contains_key(&question.link);
        let code = match enabled {
            Enabled::Yes if question.required && !answered => "required",
            Enabled::No { .. } if answered => "invalid",
            Enabled::Yes | Enabled::No { .. } | Enabled::Undetermined { .. } => continue,
        };
        issues.push((code.to_owned(), question.link.clone()));
    }
    issues
}

fn enabled(
    questions: &[Question],
    question: &Question,
    answers: &BTreeMap<String, bool>,
    unsaid: Together,
) -> Enabled {
    let by_number = |number: &ItemNumber| {
        let found = questions
            .iter()
            .find(|question| question.number == number.as_str());
        found.expect("a question")
    };
    let given = |number: &ItemNumber| Given {
        answer: answers
            .get(&by_number(number).link)
            .map(|value| answer(*value)),
        ticked: None,
    };
    let above = |number: &ItemNumber| enabled(questions, by_number(number), answers, unsaid);
    condition(questions, question, unsaid)
        .map_or(Enabled::Yes, |condition| condition.evaluate(&given, &above))
}

/// The issues of an OperationOutcome about a response.
fn outcome(path: &Path, repeating: bool) -> Vec<Issue> {
    Node::open(path)
        .all("issue")
        .map(|issue| {
            let text = issue
                .all("details")
                .next()
                .expect("details")
                .get("text")
                .to_owned();
            let link = text.split('\'').nth(1).expect("the question's link");
            let group = issue
                .get("expression")
                .split_once("item[")
                .and_then(|(_, rest)| rest.split_once(']'))
                .and_then(|(group, _)| group.parse().ok());
            (
                group.filter(|_| repeating),
                issue.get("code").to_owned(),
                link.to_owned(),
            )
        })
        .collect()
}

fn corpus() -> Option<std::path::PathBuf> {
    support::shared("corpus/fhir")
}

#[test]
fn required_and_disabled_answers_are_seen_as_a_validator_sees_them() {
    let Some(folder) = corpus() else { return };
    for (questionnaire, response, result) in [
        (
            "questionnaire-enableWhen-test.xml",
            "questionnaireResponse-enableWhen-test.xml",
            "outcomes__java__R4.questionnaireResponse-enableWhen-test-base.json",
        ),
        (
            "questionnaire-enableWhen-test.xml",
            "questionnaireResponse-enableWhen-test-fail.xml",
            "outcomes__java__R4.questionnaireResponse-enableWhen-test-fail-base.json",
        ),
        (
            "questionnaire-enableWhen-test3.xml",
            "questionnaireResponse-enableWhen-test3.xml",
            "outcomes__java__R3.questionnaireResponse-enableWhen-test3-base.json",
        ),
    ] {
        let questionnaire = Node::open(&folder.join(questionnaire));
        let questions = questions(&questionnaire.all("item").collect::<Vec<_>>());
        assert_eq!(questions.len(), 2);
        let node = Node::open(&folder.join(response));
        let answers = answers(&node.all("item").collect::<Vec<_>>());
        let found: Vec<Issue> = found(&questions, &answers, Together::Any)
            .into_iter()
            .map(|(code, link)| (None, code, link))
            .collect();
        assert_eq!(found, outcome(&folder.join(result), false), "{response}");
    }
}

#[test]
fn each_repetition_of_a_group_is_judged_by_its_own_answers() {
    let Some(folder) = corpus() else { return };
    // Forms here have no repeating groups: each repetition is a disclosure of its own.
    let questionnaire = Node::open(&folder.join("questionnaire-enableWhen-test-nested.xml"));
    let group = questionnaire.all("item").next().expect("a group");
    assert_eq!((group.get("type"), group.get("repeats")), ("group", "true"));
    let questions = questions(&group.all("item").collect::<Vec<_>>());
    let response = Node::open(&folder.join("questionnaireResponse-enableWhen-test-nested.xml"));
    let mut issues: Vec<Issue> = Vec::new();
    let mut groups = 0;
    for (at, group) in response.all("item").enumerate() {
        let answers = answers(&group.all("item").collect::<Vec<_>>());
        let found = found(&questions, &answers, Together::Any);
        issues.extend(found.into_iter().map(|(code, link)| (Some(at), code, link)));
        groups += 1;
    }
    assert_eq!(groups, 5);
    let path =
        folder.join("outcomes__java__R4.questionnaireResponse-enableWhen-test-nested-base.json");
    assert_eq!(issues, outcome(&path, true));
}

#[test]
fn several_conditions_of_stu3_are_any() {
    let Some(folder) = corpus() else { return };
    let questionnaire = Node::open(&folder.join("questionnaire-enablewhen-combination-stu3.json"));
    let questions = questions(&questionnaire.all("item").collect::<Vec<_>>());
    let mut told_apart = 0;
    for file in support::files(&folder) {
        let name = support::stem(&file);
        let Some(kind) = name.strip_prefix("questionnaireresponse-enablewhen-combination-stu3-")
        else {
            continue;
        };
        // The file's name says whether a validator accepts it.
        let valid = !kind.ends_with("-invalid");
        let response = Node::open(&file);
        let answers = answers(&response.all("item").collect::<Vec<_>>());
        let issues = found(&questions, &answers, Together::Any);
        assert_eq!(issues.is_empty(), valid, "{name}: {issues:?}");
        assert!(
            issues.iter().all(|(_, link)| link == "S2"),
            "{name}: {issues:?}"
        );
        // One of them is judged otherwise if all had to hold: the files do tell any from all.
        told_apart += usize::from(found(&questions, &answers, Together::All).is_empty() != valid);
    }
    assert_eq!(told_apart, 1);
}

fn refused(text: &str) -> Vec<Finding> {
    match Catalog::parse(text, "fhir.toml") {
        Err(Error::Invalid { findings, .. }) => findings,
        other => panic!("{other:?}"),
    }
}

#[test]
fn several_conditions_must_say_how_they_go_together() {
    let Some(folder) = corpus() else { return };
    let questionnaire = Node::open(&folder.join("questionnaire-enableWhen-dw.json"));
    let questions = questions(&questionnaire.all("item").collect::<Vec<_>>());
    // The validator's complaint (que-12) is about one item, and so is ours.
    let result =
        Node::open(&folder.join("outcomes__java__R4.questionnaire-enableWhen-dw-base.json"));
    let expressions: Vec<&str> = result
        .all("issue")
        .map(|issue| issue.get("expression"))
        .collect();
    assert_eq!(expressions, ["Questionnaire.item[3]"]);
    let text = form_text(&questions, None);
    let list = text.find("enable = [").expect("a bare list");
    let line = u32::try_from(text[..list].matches('\n').count() + 1).expect("a line");
    let findings = refused(&text);
    assert_eq!(findings.len(), 1);
    assert!(
        matches!(findings[0].place, kaijisho::Place::Text { line: at, .. } if at == line),
        "{:?}",
        findings[0].place
    );
    assert!(
        text[..list]
            .ends_with("title = { ja = '4', en = '4' }\nkind = 'choice'\nrequired = false\n")
    );

    // Said either way it is a form, and the two ways differ.
    let enabled_4 = |answers: &[(&str, bool)], unsaid| {
        let answers = answers
            .iter()
            .map(|(link, value)| ((*link).to_owned(), *value));
        let answers: BTreeMap<String, bool> = answers.collect();
        found(&questions, &answers, unsaid);
        enabled(&questions, &questions[3], &answers, unsaid)
    };
    let no = |item: &str| Enabled::No {
        by: ItemNumber::new(item),
    };
    let (any, all) = (Together::Any, Together::All);
    assert_eq!(enabled_4(&[("1", false), ("2", true)], any), Enabled::Yes);
    assert_eq!(enabled_4(&[("1", false), ("2", true)], all), no("2"));
    assert_eq!(enabled_4(&[("1", false), ("2", false)], all), Enabled::Yes);
    // Question 2 is not asked when 1 says yes: its absence switches off what looks at it.
    assert_eq!(enabled_4(&[("1", true)], any), no("1"));
    assert_eq!(enabled_4(&[("1", true)], all), no("1"));
}

#[test]
fn a_chain_of_conditions_ends_where_a_question_is_not_asked() {
    let Some(folder) = corpus() else { return };
    let questionnaire = Node::open(&folder.join("questionnaire-enableWhen-dw.json"));
    let questions = questions(&questionnaire.all("item").collect::<Vec<_>>());
    let answers = BTreeMap::from([("1".to_owned(), true)]);
    let states: Vec<bool> = questions
        .iter()
        .map(|question| enabled(&questions, question, &answers, Together::Any) == Enabled::Yes)
        .collect();
    assert_eq!(states, [true, false, false, false, false, false]);
    let answers = BTreeMap::from([
        ("1".to_owned(), false),
        ("2".to_owned(), true),
        ("4".to_owned(), false),
    ]);
    let states: Vec<bool> = questions
        .iter()
        .map(|question| enabled(&questions, question, &answers, Together::Any) == Enabled::Yes)
        .collect();
    assert_eq!(states, [true, true, true, true, false, true]);
}

#[test]
fn the_order_of_questions_does_not_matter() {
    let Some(folder) = corpus() else { return };
    // The validator only warns that the target comes after the question; here that is allowed.
    let result = Node::open(
        &folder.join("outcomes__java__R4.questionnaire-enableWhen-test-order-base.json"),
    );
    let severities: Vec<&str> = result
        .all("issue")
        .map(|issue| issue.get("severity"))
        .collect();
    assert_eq!(severities, ["warning"]);
    let read = |name: &str| {
        let questionnaire = Node::open(&folder.join(name));
        questions(&questionnaire.all("item").collect::<Vec<_>>())
    };
    let (forward, backward) = (
        read("questionnaire-enableWhen-test.xml"),
        read("questionnaire-enableWhen-test-order.xml"),
    );
    assert_eq!(forward[0].link, backward[1].link);
    for answers in [
        vec![("condition", true), ("enable-when", false)],
        vec![("condition", false), ("enable-when", false)],
        vec![("condition", true)],
        vec![("condition", false)],
    ] {
        let answers: BTreeMap<String, bool> = answers
            .into_iter()
            .map(|(link, value)| (link.to_owned(), value))
            .collect();
        assert_eq!(
            found(&forward, &answers, Together::Any),
            found(&backward, &answers, Together::Any),
            "{answers:?}"
        );
    }
}

#[test]
fn a_group_cannot_depend_on_a_question_inside_it() {
    let Some(folder) = corpus() else { return };
    let result = Node::open(
        &folder.join("outcomes__java__R4.questionnaire-enableWhen-test-invalid-base.json"),
    );
    let severities: Vec<&str> = result
        .all("issue")
        .map(|issue| issue.get("severity"))
        .collect();
    assert_eq!(severities, ["error"]);
    let questionnaire = Node::open(&folder.join("questionnaire-enableWhen-test-invalid.xml"));
    let group = questionnaire.all("item").next().expect("a group");
    // The group becomes an item, the questions in it its children.
    let flat: Vec<&Node> = std::iter::once(group).chain(group.all("item")).collect();
    let questions = questions(&flat);
    let text = form_text(&questions, Some(Together::Any))
        .replace("number = '2'\n", "number = '2'\nparent = '1'\n")
        .replace("number = '3'\n", "number = '3'\nparent = '1'\n");
    let findings = refused(&text);
    assert!(
        findings.iter().any(|finding| {
            finding
                .message(kaijisho::Language::En)
                .contains("item 1: its condition or parent leads back to itself")
        }),
        "{}",
        support::case::shown(&findings)
    );
}
