//! The local web page and its API, asked in process: every route, and everything that a request has to pass.

// A test that cannot go on says where it stopped; the panic is the message.
#![allow(clippy::unwrap_used)]

mod support;

#[path = "serve/ask.rs"]
mod ask;
#[path = "serve/clerk.rs"]
mod clerk;
#[path = "serve/fill.rs"]
mod fill;
#[path = "serve/register.rs"]
mod register;
#[path = "serve/safety.rs"]
mod safety;

use std::collections::BTreeSet;

use ask::{Part, Visitor, file, setup, visitor};
use kaijisho::Language;
use kaijisho::serve::openapi;

const PROFILES: [&str; 4] = [
    "clinic-cloud",
    "gl7-outsourced",
    "mhlw-checklist-r5",
    "small-hospital",
];
const SHEET: &str = "examples/01-vendor/disclosure.xlsx";

fn sheet() -> Part {
    file("file", "disclosure.xlsx", SHEET)
}

#[test]
fn a_check_is_the_check_of_the_command_line_to_the_byte() {
    let folder = support::project().join("examples/01-vendor");
    for (query, lang) in [("", "ja"), ("?lang=en", "en")] {
        let path = format!("/api/v1/check{query}");
        let answer = visitor().api(&path, &[sheet(), Part::word("date", "2026-10-01")]);
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), "application/json");
        let said = ask::command(&folder, &["check", "disclosure.xlsx", "--lang", lang]);
        assert_eq!(answer.text(), said);
    }
}

#[test]
fn diff_compare_and_changes_are_those_of_the_command_line() {
    let folder = support::project().join("examples/15-procurement");
    let mut names: Vec<String> = support::files(&folder.join("bids"))
        .iter()
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .filter(|name| name.ends_with(".xlsx"))
        .collect();
    names.sort();
    assert!(names.len() > 1, "{names:?}");
    let path = |name: &String| format!("examples/15-procurement/bids/{name}");
    let against = || Part::word("against", "small-hospital");
    let mut parts: Vec<Part> = names
        .iter()
        .map(|name| file("file", name, &path(name)))
        .collect();
    parts.push(against());
    let bids = folder.join("bids");
    for verb in ["diff", "compare"] {
        let answer = visitor().api(&format!("/api/v1/{verb}"), &parts);
        let mut said = vec![verb, "--against", "small-hospital"];
        said.extend(names.iter().map(String::as_str));
        assert_eq!(answer.text(), ask::command(&bids, &said), "{verb}");
    }
    let [old, new] = [&names[0], &names[1]];
    let parts = [
        file("old", old, &path(old)),
        file("new", new, &path(new)),
        against(),
    ];
    let answer = visitor().api("/api/v1/changes", &parts);
    let said = ["changes", old, new, "--against", "small-hospital"];
    assert_eq!(answer.text(), ask::command(&bids, &said));
}

#[test]
fn a_sheet_is_converted_to_every_format_and_back() {
    for to in ["xlsx", "xml", "json", "toml", "csv", "fhir", "fhir-xml"] {
        let answer = visitor().api("/api/v1/convert", &[sheet(), Part::word("to", to)]);
        assert_eq!(answer.status, 200, "{to}");
        let ending = to
            .strip_prefix("fhir-")
            .unwrap_or(if to == "fhir" { "json" } else { to });
        let back = Part::bytes("file", &format!("back.{ending}"), answer.body);
        let again = visitor().api("/api/v1/check", &[back]).json();
        assert_eq!(again["documents"][0]["form"]["id"], "mds-reference", "{to}");
    }
}

#[test]
fn what_is_known_is_what_the_command_line_lists() {
    let folder = support::project();
    for (path, said) in [
        ("/api/v1/forms", ["form", "list"]),
        ("/api/v1/profiles", ["profile", "list"]),
    ] {
        assert_eq!(
            visitor().get(path).json(),
            serde_json::from_str::<serde_json::Value>(&ask::command(folder, &said)).unwrap()
        );
    }
}

#[test]
fn the_description_has_every_route_and_no_other() {
    let described = visitor().get("/api/v1/openapi.json").json();
    assert_eq!(described, openapi::describe(Language::Ja, &PROFILES));
    let paths = described["paths"].as_object().unwrap();
    let named: BTreeSet<&str> = paths.keys().map(String::as_str).collect();
    let wanted = [
        "changes",
        "check",
        "compare",
        "convert",
        "diff",
        "forms",
        "openapi.json",
        "profiles",
    ];
    let wanted: BTreeSet<String> = wanted.iter().map(|it| format!("/api/v1/{it}")).collect();
    assert_eq!(named, wanted.iter().map(String::as_str).collect());
    for (path, methods) in paths {
        let methods: Vec<&str> = methods
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let [method] = methods[..] else {
            panic!("{path}: {methods:?}");
        };
        // It is there in this way, and in no other.
        let (there, other) = match method {
            "get" => (visitor().get(path), visitor().api(path, &[])),
            _ => (visitor().api(path, &[]), visitor().get(path)),
        };
        assert!(
            there.status != 404 && there.status != 405,
            "{path} {}",
            there.status
        );
        assert_eq!(other.status, 405, "{path}");
    }
    assert_eq!(visitor().get("/api/v1/nothing").status, 404);
}

#[test]
fn the_description_is_sound() {
    for language in Language::ALL {
        let described = openapi::describe(language, &PROFILES);
        // Every reference leads somewhere.
        let text = described.to_string();
        for found in text.split("\"$ref\":\"#").skip(1) {
            let pointer = found.split('"').next().unwrap();
            assert!(described.pointer(pointer).is_some(), "{pointer}");
        }
        assert!(!text.contains("\"<"), "a label is missing: {text}");
        // What is answered fits what is described.
        for (path, parts) in [
            ("/api/v1/check", vec![sheet()]),
            (
                "/api/v1/diff",
                vec![sheet(), Part::word("against", "small-hospital")],
            ),
            (
                "/api/v1/compare",
                vec![sheet(), Part::word("against", "small-hospital")],
            ),
        ] {
            let answer = visitor().api(path, &parts).json();
            let pointer = format!(
                "/paths/{}/post/responses/200/content/application~1json/schema",
                path.replace('/', "~1")
            );
            let mut schema = described.pointer(&pointer).unwrap().clone();
            schema["components"] = described["components"].clone();
            let validator = jsonschema::validator_for(&schema).unwrap();
            let wrong: Vec<String> = validator
                .iter_errors(&answer)
                .map(|it| it.to_string())
                .collect();
            assert!(wrong.is_empty(), "{path}: {wrong:?}");
        }
    }
}

#[test]
fn problems_are_told_in_words_with_what_to_do() {
    let told = |path: &str, parts: &[Part]| {
        let answer = visitor().api(path, parts);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let told = answer.json();
        assert_eq!(told["status"], answer.status);
        (answer.status, told["detail"].as_str().unwrap().to_owned())
    };
    let (status, detail) = told("/api/v1/check", &[Part::word("date", "2026-10-01")]);
    assert_eq!(status, 422);
    assert!(detail.contains("ファイルが選ばれていません"), "{detail}");
    let (status, detail) = told("/api/v1/diff", &[sheet(), Part::word("against", "nobody")]);
    assert_eq!(status, 422);
    assert!(
        detail.contains("nobody") && detail.contains("small-hospital"),
        "{detail}"
    );
    let (status, detail) = told("/api/v1/check", &[sheet(), Part::word("dat", "2026-10-01")]);
    assert_eq!(status, 422);
    assert!(
        detail.contains("dat") && detail.contains("date"),
        "{detail}"
    );
    let (status, detail) = told("/api/v1/check", &[sheet(), Part::word("date", "tomorrow")]);
    assert_eq!(status, 422);
    assert!(detail.contains("tomorrow"), "{detail}");
    let (status, detail) = told(
        "/api/v1/convert",
        &[sheet(), sheet(), Part::word("to", "xml")],
    );
    assert_eq!(status, 422);
    assert!(detail.contains("1つ"), "{detail}");
    // What is no disclosure is a finding of a check, and a problem of a conversion.
    let nothing = || Part::bytes("file", "memo.csv", b"a,b\n".to_vec());
    let checked = visitor().api("/api/v1/check", &[nothing()]).json();
    assert_eq!(
        checked["documents"][0]["findings"][0]["name"],
        "nothing-recognised"
    );
    let answer = visitor().api("/api/v1/convert", &[nothing(), Part::word("to", "xml")]);
    assert_eq!(answer.status, 422);
    assert_eq!(answer.json()["findings"][0]["name"], "nothing-recognised");
}

#[test]
fn every_page_shows_what_it_is_for() {
    let visitor = visitor();
    let start = visitor.get("/");
    assert_eq!(start.status, 200);
    for shown in [
        "開示書を調べる",
        "small-hospital",
        "action=\"/check\"",
        "name=\"csrf\"",
    ] {
        assert!(start.text().contains(shown), "{shown}");
    }
    let check = visitor.post("/check", &[sheet()]);
    assert_eq!(check.status, 200);
    let text = check.text();
    // The cell that a finding names is on the picture, marked, and each leads to the other.
    let marked = text.split("class=\"m-error\"").count() - 1;
    assert!(marked > 0, "no cell is marked");
    for anchor in text
        .split("href=\"#")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
    {
        assert!(
            text.contains(&format!("id=\"{anchor}\"")),
            "{anchor} leads nowhere"
        );
    }
    let against = || Part::word("against", "small-hospital");
    let gaps = visitor.post("/gaps", &[sheet(), against()]);
    assert!(
        gaps.text().contains("満たさない") || gaps.text().contains("b-unmet"),
        "no verdict"
    );
    let compare = visitor.post("/compare", &[sheet(), sheet(), against()]);
    assert!(compare.status == 200 && compare.text().contains("class=\"report\""));
    let parts = [file("old", "a.xlsx", SHEET), file("new", "b.xlsx", SHEET)];
    assert_eq!(visitor.post("/changes", &parts).status, 200);
    let about = visitor.get("/about");
    assert!(about.text().contains("/api/v1/openapi.json"));
    for page in [start, check, gaps, compare, about] {
        let text = page.text();
        // One frame, nothing inline that the policy would stop, no label without words.
        assert_eq!(text.matches("<main").count(), 1);
        assert_eq!(text.matches("<html").count(), 1);
        for inline in [
            "<style",
            " style=",
            "onclick",
            "<script>",
            "javascript:",
            "http://",
            "https://",
        ] {
            assert!(!text.contains(inline), "{inline}: {}", &text[..200]);
        }
    }
}

#[test]
fn a_part_has_no_frame() {
    let part = visitor().part("/check", &[sheet()]);
    assert_eq!(part.status, 200);
    assert!(part.text().contains("class=\"grid\"") && !part.text().contains("<html"));
    let problem = visitor().part("/gaps", &[sheet()]);
    assert_eq!(problem.status, 422);
    assert!(
        problem.text().contains("要求事項が選ばれていません") && !problem.text().contains("<html")
    );
}

#[test]
fn results_are_saved_under_names_that_say_what_they_are() {
    let visitor = visitor();
    for (to, kind, coded) in [
        (
            "report-html",
            "text/html; charset=utf-8",
            "disclosure_%E5%A0%B1%E5%91%8A%E6%9B%B8.html",
        ),
        (
            "report-xlsx",
            ask::XLSX,
            "disclosure_%E5%A0%B1%E5%91%8A%E6%9B%B8.xlsx",
        ),
        ("return", ask::XLSX, "disclosure_%E8%BF%94%E9%80%81.xlsx"),
        ("xml", "application/xml", "disclosure.xml"),
        ("fhir", "application/fhir+json", "disclosure.json"),
    ] {
        let answer = visitor.post("/download", &[sheet(), Part::word("to", to)]);
        assert_eq!(answer.status, 200, "{to}");
        assert_eq!(answer.header("content-type"), kind, "{to}");
        let disposition = answer.header("content-disposition");
        assert!(
            disposition.starts_with("attachment;") && disposition.ends_with(coded),
            "{disposition}"
        );
    }
    // What was sent back is known again.
    let back = visitor
        .post("/download", &[sheet(), Part::word("to", "return")])
        .body;
    let again = visitor
        .api("/api/v1/check", &[Part::bytes("file", "back.xlsx", back)])
        .json();
    assert_eq!(again["documents"][0]["returned"]["mended"], 0);
    let two = visitor.post("/download", &[sheet(), sheet(), Part::word("to", "return")]);
    assert_eq!(two.status, 422);
}

#[test]
fn the_language_is_that_of_the_visitor() {
    let visitor = visitor();
    let answer = visitor.get("/language/en");
    assert_eq!((answer.status, answer.header("location")), (303, "/"));
    let english = visitor.with_cookie("kaijisho-language=en");
    assert!(english.get("/").text().contains("Choose the sheets"));
    assert_eq!(visitor.get("/language/xx").status, 404);
    // Every page in English has no Japanese but names.
    let about = english.get("/about").text();
    let without_switch = about.replace("日本語", "");
    assert!(
        !without_switch.chars().any(|c| ('ぁ'..='ん').contains(&c)),
        "{about}"
    );
}

#[test]
fn a_facility_s_own_profile_can_be_chosen() {
    let mut setup = setup();
    let text = kaijisho::profile::TEMPLATE;
    let folder = std::path::Path::new(".");
    let profile =
        kaijisho::profile::parse(text, "own.toml", folder, &setup.options.catalog).unwrap();
    setup.profiles = vec![("own".to_owned(), profile)];
    let visitor = Visitor::of(setup);
    assert!(visitor.get("/").text().contains("value=\"own\""));
    let answer = visitor.api("/api/v1/diff", &[sheet(), Part::word("against", "own")]);
    assert_eq!(answer.status, 200);
    let answer = visitor.api(
        "/api/v1/diff",
        &[sheet(), Part::word("against", "small-hospital")],
    );
    assert_eq!(answer.status, 422);
}
