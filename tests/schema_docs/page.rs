//! `schemas/disclosure.md`: its tables say what the schemas say, and its documents are read as it says.

use std::collections::{BTreeMap, BTreeSet};

use jsonschema::Validator;
use kaijisho::schema::Published;
use kaijisho::write::{Origin, Target, write};
use kaijisho::{Examined, Language, Options, Source, examine};
use serde_json::Value;

use super::xsd::{self, Part};
use super::{none, schema, text};

const PAGE: &str = "schemas/disclosure.md";

/// The rows of the tables under a heading, cell by cell, without the headings.
fn rows(heading: &str) -> Vec<Vec<String>> {
    let page = text(PAGE);
    let (_, section) = page
        .split_once(&format!("\n{heading}"))
        .unwrap_or_else(|| panic!("no {heading}"));
    let section = section.split("\n## ").next().unwrap();
    let mut rows = Vec::new();
    let mut lines = section.lines().peekable();
    while let Some(line) = lines.next() {
        let is_heading = lines.peek().is_some_and(|next| next.starts_with("|---"));
        if !line.starts_with("| ") || is_heading {
            continue;
        }
        let cells = line.trim_matches('|').split('|');
        rows.push(cells.map(|cell| cell.trim().to_owned()).collect());
    }
    assert!(!rows.is_empty(), "{heading}");
    rows
}

fn code(text: &str) -> String {
    text.trim_matches('`').to_owned()
}

#[test]
fn the_table_of_elements_is_that_of_the_xsd() {
    let parts = xsd::parts();
    let elements: Vec<&Part> = parts.iter().filter(|part| part.kind == "element").collect();
    let mut declared = BTreeSet::new();
    for element in &elements {
        declared.insert((
            format!("<{}>", element.name),
            element.times(),
            element.type_name().to_owned(),
        ));
    }
    for attribute in parts.iter().filter(|part| part.kind == "attribute") {
        // The root's type has no name of its own, and so its attributes are owned by the root.
        let of: Vec<&&Part> = elements
            .iter()
            .filter(|element| {
                element.type_name() == attribute.owner
                    || (element.owner.is_empty() && element.name == attribute.owner)
            })
            .collect();
        assert!(!of.is_empty(), "nothing has {attribute:?}");
        for element in of {
            declared.insert((
                format!("{}@{}", element.name, attribute.name),
                attribute.times(),
                attribute.type_name().to_owned(),
            ));
        }
    }
    let told: BTreeSet<(String, String, String)> = rows("## 2.")
        .into_iter()
        .filter(|row| row.len() == 7)
        .map(|row| (code(&row[0]), row[1].clone(), row[2].clone()))
        .collect();
    assert_eq!(told, declared);
}

#[test]
fn the_table_of_values_is_that_of_the_xsd() {
    let mut declared: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for part in xsd::parts() {
        match part.kind.as_str() {
            "enumeration" => {
                declared.entry(part.owner).or_default().insert(part.name);
            }
            "simpleType" => {
                declared.entry(part.name).or_default();
            }
            "complexType" => assert!(text(PAGE).contains(&part.name), "{} is not told", part.name),
            _ => {}
        }
    }
    let mut told: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut of = String::new();
    for row in rows("## 3.") {
        if !row[0].is_empty() {
            of.clone_from(&row[0]);
        }
        let values = told.entry(of.clone()).or_default();
        if row[1].starts_with('`') {
            values.insert(code(&row[1]));
        }
        assert!(row[2..].iter().all(|cell| !cell.is_empty()), "{row:?}");
    }
    assert_eq!(told, declared);
}

/// Paths of the properties under a shape, and whether each is required.
fn paths(shape: &Value, types: &Value, path: &str, found: &mut BTreeMap<String, bool>) {
    if let Some(name) = shape["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return paths(&types[name], types, path, found);
    }
    for several in ["anyOf", "oneOf"] {
        for one in shape[several].as_array().into_iter().flatten() {
            paths(one, types, path, found);
        }
    }
    if shape["items"].is_object() {
        let before = found.len();
        paths(&shape["items"], types, &format!("{path}[]"), found);
        // A list of objects is named by what stands in it, a list of texts by itself.
        if found.len() > before {
            let required = found.remove(path).unwrap();
            found.insert(format!("{path}[]"), required);
        }
    }
    for (name, property) in shape["properties"].as_object().into_iter().flatten() {
        let path = match path {
            "" => name.clone(),
            path => format!("{path}.{name}"),
        };
        let required = shape["required"].as_array();
        let required = required.is_some_and(|names| names.contains(&Value::from(name.as_str())));
        found.insert(path.clone(), required);
        paths(property, types, &path, found);
    }
}

#[test]
fn the_tables_of_keys_are_those_of_the_json_schema() {
    let schema = schema(Published::Disclosure);
    let types = &schema["$defs"];
    let mut declared = BTreeMap::new();
    paths(&types["WrittenDocuments"], types, "", &mut declared);
    assert!(declared.len() > 30, "{declared:?}");
    let mut told = BTreeSet::new();
    let mut problems = Vec::new();
    for row in rows("## 2.") {
        let (path, times) = match row.len() {
            7 => (code(&row[3]), None),
            _ => (code(&row[0]), Some(row[1].as_str())),
        };
        if path.starts_with('(') {
            continue;
        }
        if let Some(times) = times.filter(|_| !path.ends_with("[]"))
            && declared.get(&path) != Some(&(times == "1"))
        {
            problems.push(format!("{path} {times}"));
        }
        told.insert(path);
    }
    none(&problems);
    assert_eq!(told, declared.into_keys().collect());
}

/// The documents of the page in a language of code blocks, in order.
fn documents(language: &str) -> Vec<String> {
    let page = text(PAGE);
    let found: Vec<String> = page
        .split(&format!("\n```{language}\n"))
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap().to_owned())
        .collect();
    assert_eq!(found.len(), 2, "{language}");
    found
}

fn read(name: &str, document: &str) -> Examined {
    examine(
        &Source::new(name, document.into()),
        &Options::new(jiff::civil::date(2026, 10, 1)),
    )
}

/// What a document says, as XML.
fn content(examined: &Examined) -> String {
    let origin = Origin {
        file: "",
        sha256: "",
    };
    let xml = write(&examined.disclosures, &origin, Target::Xml, Language::Ja).unwrap();
    String::from_utf8(xml).unwrap()
}

#[test]
fn the_documents_on_the_page_are_read_and_say_the_same() {
    let written = ["xml", "json", "toml"].map(|language| (language, documents(language)));
    let least = written.iter().map(|(language, found)| {
        let read = read(&format!("least.{language}"), &found[1]);
        assert_eq!((read.disclosures.len(), read.findings.len()), (1, 0));
        content(&read)
    });
    let least: BTreeSet<String> = least.collect();
    assert_eq!(least.len(), 1, "{least:?}");
    let whole = written.iter().map(|(language, found)| {
        let read = read(&format!("whole.{language}"), &found[0]);
        // That no definition of the form is known is the only thing to say about it.
        let told: Vec<&str> = read
            .findings
            .iter()
            .chain(read.disclosure_findings.iter().flatten())
            .map(|finding| finding.rule)
            .collect();
        assert_eq!(told, ["form-derived"], "{language}");
        content(&read)
    });
    let whole: BTreeSet<String> = whole.collect();
    assert_eq!(whole.len(), 1, "{whole:?}");
}

#[test]
fn the_documents_on_the_page_fit_the_json_schema() {
    let judge: Validator = jsonschema::validator_for(&schema(Published::Disclosure)).unwrap();
    for document in documents("json") {
        let value: Value = serde_json::from_str(&document).unwrap();
        judge
            .validate(&value)
            .unwrap_or_else(|error| panic!("{error}\n{document}"));
    }
    for document in documents("toml") {
        let table: toml::Table = toml::from_str(&document).unwrap();
        let value = super::json_of(toml::Value::Table(table));
        judge
            .validate(&value)
            .unwrap_or_else(|error| panic!("{error}\n{document}"));
    }
}

/// What the page says about reading holds for this project's reader.
#[test]
fn the_rules_on_the_page_are_those_of_the_reader() {
    let item = |inside: &str| {
        format!(
            r#"<kaijisho xmlns="urn:kaijisho:disclosure:1"><disclosure form="mds-reference"><item number="1">{inside}</item><note key="1">文</note></disclosure></kaijisho>"#
        )
    };
    let state = |inside: &str| {
        let read = read("a.xml", &item(inside));
        let told = read.findings.len();
        (read.disclosures[0].entries[0].state.code(), told)
    };
    for (inside, expected) in [
        ("", ("unanswered", 0)),
        ("<written> \u{200b} </written>", ("unanswered", 0)),
        ("<answer>yes</answer>", ("answered", 0)),
        (
            "<answer>yes</answer><written>対応済み</written>",
            ("answered", 0),
        ),
        (
            "<answer>yes</answer><written>いいえ</written>",
            ("conflicting", 0),
        ),
        ("<written>はい・いいえ</written>", ("conflicting", 0)),
        (
            "<answer>yes</answer><written>検討中</written>",
            ("answered", 1),
        ),
        ("<written>検討中</written>", ("unknown", 0)),
    ] {
        assert_eq!(state(inside), expected, "{inside}");
    }
    let remark = |inside: &str| {
        let read = read("a.xml", &item(inside));
        let remark = &read.disclosures[0].entries[0].remark;
        (
            remark.text.clone().unwrap_or_default(),
            remark.reference.clone().unwrap_or_default(),
            read.findings.len(),
        )
    };
    for (inside, text, reference, told) in [
        (r#"<remark reference="備考1">文</remark>"#, "文", "備考1", 0),
        (r#"<remark reference="備考1"/>"#, "文", "備考1", 0),
        (
            r#"<remark reference="備考1">別の文</remark>"#,
            "別の文",
            "",
            1,
        ),
        (r#"<remark reference="備考9"/>"#, "", "備考9", 0),
        ("<remark>備考1</remark>", "文", "備考1", 0),
        ("<remark>1</remark>", "文", "1", 0),
        ("<remark>2</remark>", "2", "", 0),
        ("<remark>なし</remark>", "", "", 0),
        ("<remark>a_x000B_b</remark>", "a\u{b}b", "", 0),
    ] {
        let expected = (text.to_owned(), reference.to_owned(), told);
        assert_eq!(remark(inside), expected, "{inside}");
    }
    let numbers = |number: &str| {
        let json =
            format!(r#"{{ "form": "mds-reference", "items": [{{ "number": "{number}" }}] }}"#);
        read("a.json", &json).disclosures[0].entries[0]
            .number
            .to_string()
    };
    assert_eq!(numbers("（４．１０）"), "4.10");
    assert_eq!(numbers("audt-2.8"), "AUDT-2.8");
}
