//! Lists and folders held together, and the habits of the project that a machine can watch.
//!
//! A rule, form, control, profile or label that exists in one place only fails here, with its name.

// A test that cannot go on says where it stopped; the panic is the message.
#![allow(clippy::unwrap_used)]

#[path = "guard/contract.rs"]
mod contract;
mod support;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use contract::CONTRACT;
use kaijisho::{
    Answer, Catalog, Controls, Field, Form, FormSource, ItemNumber, Language, Level, Localised,
    Rules, Severity, Subject, Verdict, Why, profile,
};

/// Files over the limit of lines that are still to be taken apart; one that is short again must leave.
const TO_BE_SPLIT: [&str; 0] = [];

/// Lines that a Rust file has at most.
const LINES: usize = 600;

fn stems(folder: &str) -> BTreeSet<String> {
    let stems = support::files(&support::project().join(folder))
        .iter()
        .map(|file| support::stem(file))
        .collect();
    assert!(stems != BTreeSet::new(), "{folder} is empty");
    stems
}

fn set<'t>(names: impl IntoIterator<Item = &'t str>) -> BTreeSet<String> {
    names.into_iter().map(str::to_owned).collect()
}

fn none(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn rules_files_and_the_contract_are_one_list() {
    assert_eq!(
        stems("schemas/rules"),
        set(CONTRACT.map(|(code, _, _)| code))
    );
    let listed: Vec<&str> = Rules::bundled()
        .iter()
        .map(|rule| rule.code.as_str())
        .collect();
    assert_eq!(listed, CONTRACT.map(|(code, _, _)| code));
    for (code, name, severity) in CONTRACT {
        let rule = Rules::bundled().find(code).expect("just listed");
        assert_eq!((rule.code.as_str(), rule.name.as_str()), (code, name));
        assert_eq!(rule.severity, severity, "{code} {name}");
        let named = Rules::bundled().find(name);
        assert_eq!(named.map(|rule| rule.code.as_str()), Some(code), "{name}");
    }
}

#[test]
fn parameters_are_in_rule_files_where_the_code_asks_for_them() {
    let tuned: Vec<(&str, Vec<&str>)> = Rules::bundled()
        .iter()
        .filter(|rule| !rule.parameters.is_empty())
        .map(|rule| {
            let names = rule.parameters.keys().map(String::as_str).collect();
            (rule.name.as_str(), names)
        })
        .collect();
    let names = vec!["exact_similarity", "similarity"];
    let expected = [
        ("item-text-changed", names),
        ("waiver-too-long", vec!["most_days"]),
    ];
    assert_eq!(tuned, expected);
    let asked: usize = sources("src")
        .iter()
        .map(|(_, text)| text.matches(".parameter(").count())
        .sum();
    assert_eq!(asked, 2, "another parameter is asked for: name it above");
}

#[test]
fn forms_and_their_files_are_one_list() {
    let catalog = Catalog::bundled();
    let ids = set(catalog.forms().iter().map(|form| form.id.as_str()));
    assert_eq!(stems("schemas/forms"), ids);
    let mut problems = Vec::new();
    for form in catalog.forms() {
        for item in &form.items {
            if let Some(control) = &item.control
                && Controls::bundled().get(control).is_none()
            {
                problems.push(format!("{} {}: no control {control}", form.id, item.number));
            }
            if !filled(&item.title) {
                problems.push(format!("{} {}: no title", form.id, item.number));
            }
        }
        for text in [&form.title, &form.provenance] {
            if !filled(text) {
                problems.push(format!("{}: title or provenance is empty", form.id));
            }
        }
    }
    none(&problems);
}

#[test]
fn profiles_and_their_files_are_one_list() {
    let names = profile::BUNDLED.map(|(name, _)| name);
    assert_eq!(stems("schemas/profiles"), set(names));
    let forms = Catalog::bundled();
    for name in names {
        let profile = profile::load(name, &forms)
            .unwrap_or_else(|error| panic!("{name}: {}", support::case::mistakes(&error)));
        assert_eq!(profile.id, name);
        assert!(!profile.requirements.is_empty(), "{name}");
        assert!(
            filled(&profile.title) && filled(&profile.provenance),
            "{name}"
        );
        for requirement in &profile.requirements {
            assert!(filled(&requirement.reason), "{name} {}", requirement.id);
        }
    }
    let template = profile::parse(profile::TEMPLATE, "profile.toml", Path::new("."), &forms);
    template.unwrap_or_else(|error| panic!("{}", support::case::mistakes(&error)));
}

fn filled(text: &Localised) -> bool {
    Language::ALL
        .iter()
        .all(|language| !text.text(*language).trim().is_empty())
}

fn bundled(id: &str) -> std::sync::Arc<Form> {
    Catalog::bundled().form(id).expect("a bundled form")
}

#[test]
fn the_control_catalogue_holds_together() {
    let controls = Controls::bundled();
    let mds2 = bundled("mds2-2019");
    let mut problems = Vec::new();
    let mut wrong = |id: &str, what: &str| problems.push(format!("{id}: {what}"));
    let mut ids = BTreeSet::new();
    let mut titles = BTreeSet::new();
    let mut chapter = 0;
    for control in controls.iter() {
        let id = control.id.as_str();
        if !ids.insert(id) {
            wrong(id, "stands twice");
        }
        match &control.parent {
            Some(parent) if parent == id => wrong(id, "is its own parent"),
            Some(parent) if controls.get(parent).is_none() => {
                wrong(id, "its parent does not exist")
            }
            Some(_) | None => {}
        }
        match controls.area(control) {
            Some(area) if area.chapter < chapter => wrong(id, "its area's chapter goes back"),
            Some(area) => chapter = area.chapter,
            None => wrong(id, "its area does not exist"),
        }
        if !filled(&control.title) || !filled(&control.about) {
            wrong(id, "a text is empty");
        }
        for language in Language::ALL {
            if !titles.insert((language.code(), control.title.text(language))) {
                wrong(id, "another control has the same title");
            }
        }
        if control.patterns.is_empty() {
            wrong(id, "no pattern to recognise it by");
        }
        for item in &control.mds2 {
            let known = mds2.item(&ItemNumber::new(item.clone()));
            // Not an alias: the number itself.
            if known.is_none_or(|known| known.number.as_str() != item) {
                wrong(id, &format!("{item} is no item of mds2-2019"));
            }
        }
    }
    let areas: BTreeSet<&str> = controls
        .areas()
        .iter()
        .map(|area| area.id.as_str())
        .collect();
    assert_eq!(areas.len(), controls.areas().len(), "an area stands twice");
    for area in areas {
        if !controls.iter().any(|control| control.area == area) {
            wrong(area, "an area without a control");
        }
    }
    none(&problems);
}

/// The reference forms ask the controls of their subject in the catalogue's order. A control without a parent
/// on the form has the next whole number; a child its parent's number, a dot and its place among the children.
fn numbering(form: &Form, subjects: [Subject; 2]) -> Vec<String> {
    let controls = Controls::bundled();
    let order: HashMap<&str, usize> = controls.iter().map(|c| c.id.as_str()).zip(0..).collect();
    let mut problems = Vec::new();
    let mut numbers: BTreeMap<&str, String> = BTreeMap::new();
    let mut children: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut whole, mut last) = (0, None);
    for item in &form.items {
        let Some(control) = item.control.as_deref().and_then(|id| controls.get(id)) else {
            problems.push(format!("{} {}: no control", form.id, item.number));
            continue;
        };
        let id = control.id.as_str();
        if !subjects.contains(&control.subject) {
            problems.push(format!(
                "{} {}: {id} is asked of others",
                form.id, item.number
            ));
        }
        if last.is_some_and(|last| order[id] <= last) {
            problems.push(format!("{} {}: {id} is out of order", form.id, item.number));
        }
        last = Some(order[id]);
        let parent = control
            .parent
            .as_deref()
            .filter(|parent| numbers.contains_key(parent));
        let number = match parent {
            Some(parent) => {
                let place = children.entry(parent).or_insert(0);
                *place += 1;
                format!("{}.{place}", numbers[parent])
            }
            None => {
                whole += 1;
                whole.to_string()
            }
        };
        let parent = parent.map(|parent| numbers[parent].as_str());
        if item.number.as_str() != number || item.parent.as_ref().map(ItemNumber::as_str) != parent
        {
            problems.push(format!(
                "{}: {id} is {}, not {number}",
                form.id, item.number
            ));
        }
        numbers.insert(id, number);
    }
    problems
}

#[test]
fn the_reference_forms_are_numbered_by_the_catalogue() {
    let (mds, sds) = (bundled("mds-reference"), bundled("sds-reference"));
    let mut problems = numbering(&mds, [Subject::Product, Subject::Both]);
    problems.extend(numbering(&sds, [Subject::Service, Subject::Both]));
    none(&problems);
    assert_eq!((mds.items.len(), sds.items.len()), (85, 91));
    // What either form asks of both subjects, the other one asks too.
    let shared = |form: &Form| -> BTreeSet<String> {
        let ids = form.items.iter().filter_map(|item| item.control.clone());
        let both = |id: &String| {
            let control = Controls::bundled().get(id).expect("checked above");
            control.subject == Subject::Both
        };
        ids.filter(both).collect()
    };
    assert_eq!(shared(&mds), shared(&sds));
}

/// Every file of the project of these endings, with its path within the project.
fn tree(endings: &[&str]) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    let mut folders = vec![support::project().to_owned()];
    while let Some(folder) = folders.pop() {
        for inner in support::folders(&folder) {
            let name = inner.file_name().expect("folders have names").to_owned();
            // What the fuzzer leaves is no file of the project.
            let left = inner.ends_with("fuzz/corpus") || inner.ends_with("fuzz/artifacts");
            if name != "target" && name != ".git" && !left {
                folders.push(inner);
            }
        }
        for file in support::files(&folder) {
            let ending = file
                .extension()
                .map(|ending| ending.to_string_lossy().into_owned());
            if endings.is_empty() || ending.is_some_and(|ending| endings.contains(&&*ending)) {
                let path = file
                    .strip_prefix(support::project())
                    .expect("in the project");
                found.push((path.display().to_string(), file.clone()));
            }
        }
    }
    found.sort();
    found
}

/// The Rust files below a folder, with their text.
fn sources(folder: &str) -> Vec<(String, String)> {
    let sources: Vec<(String, String)> = tree(&["rs"])
        .into_iter()
        .filter(|(path, _)| path.starts_with(&format!("{folder}/")))
        .map(|(path, file)| (path, support::text(&file)))
        .collect();
    assert!(!sources.is_empty(), "no Rust file below {folder}");
    sources
}

/// The text of a Rust file before its tests, without comments.
fn code(text: &str) -> String {
    text.lines()
        .take_while(|line| line.trim() != "#[cfg(test)]")
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn every_rust_file_is_short_and_says_what_it_is() {
    let mut problems = Vec::new();
    for (path, file) in tree(&["rs"]) {
        let text = support::text(&file);
        let lines = text.lines().count();
        match (lines > LINES, TO_BE_SPLIT.contains(&path.as_str())) {
            (true, false) => problems.push(format!("{path}: {lines} lines, at most {LINES}")),
            (false, true) => problems.push(format!("{path}: short again, take it off the list")),
            (true, true) | (false, false) => {}
        }
        if !text.starts_with("//! ") {
            problems.push(format!("{path}: no header"));
        }
    }
    none(&problems);
}

#[test]
fn code_gives_reasons_where_it_may_panic() {
    let mut problems = Vec::new();
    for (path, text) in sources("src") {
        let code = code(&text);
        for forbidden in [
            ".unwrap()",
            "unwrap_err()",
            "todo!(",
            "unimplemented!(",
            "dbg!(",
        ] {
            if code.contains(forbidden) {
                problems.push(format!("{path}: {forbidden}"));
            }
        }
    }
    none(&problems);
}

/// True if a word stands in a text by itself; case does not count.
fn says(text: &str, word: &str) -> bool {
    let letter = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, found)| {
        !text[..at].chars().next_back().is_some_and(letter)
            && !text[at + found.len()..].chars().next().is_some_and(letter)
    })
}

#[test]
fn the_project_speaks_of_the_field_and_not_of_how_it_was_written() {
    // Taken apart, so that this file does not say them itself.
    let words = [concat!("help", "er"), concat!("help", "ers")];
    let field_words = [concat!("sess", "ion"), concat!("sess", "ions")];
    let paths = [concat!("/", "work"), concat!("/", "tmp")];
    let mut problems = Vec::new();
    for (path, file) in tree(&[]) {
        let Ok(text) = std::fs::read_to_string(&file) else {
            continue;
        };
        if path == "Cargo.lock" {
            continue;
        }
        let text = text.to_lowercase();
        let mut found: Vec<&str> = words.into_iter().filter(|word| says(&text, word)).collect();
        // Remote maintenance has them: the data files may speak of those.
        if !path.starts_with("schemas/") && !path.starts_with("tests/matching/") {
            found.extend(field_words.into_iter().filter(|word| says(&text, word)));
        }
        found.extend(paths.into_iter().filter(|absolute| {
            text.match_indices(absolute).any(|(at, word)| {
                let before = text[..at].chars().next_back();
                let after = text[at + word.len()..].chars().next();
                !before.is_some_and(|c| c.is_alphanumeric() || "._-~}".contains(c))
                    && !after.is_some_and(|c| c.is_alphanumeric() || c == '-')
            })
        }));
        if !found.is_empty() {
            problems.push(format!("{path}: {found:?}"));
        }
    }
    none(&problems);
}

fn labels() -> BTreeMap<String, Localised> {
    let text = support::text(&support::project().join("schemas/labels.toml"));
    toml::from_str(&text).expect("schemas/labels.toml")
}

/// The first text in quotation marks after each occurrence of `call`.
fn arguments(text: &str, call: &str) -> Vec<String> {
    text.split(call)
        .skip(1)
        .filter_map(|rest| rest.trim_start().strip_prefix('"'))
        .filter_map(|rest| rest.split_once('"'))
        .map(|(argument, _)| argument.to_owned())
        .collect()
}

/// Keys that are put together from a code: `field-` and the field's name.
fn built() -> Vec<String> {
    let of = |kind: &str, codes: Vec<&str>| -> Vec<String> {
        codes.iter().map(|code| format!("{kind}-{code}")).collect()
    };
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    let sources = [
        FormSource::Bundled,
        FormSource::Imported,
        FormSource::Given,
        FormSource::Derived,
    ];
    let mut keys = of("field", Field::ALL.map(Field::code).to_vec());
    keys.extend(of("answer", Answer::ALL.map(Answer::code).to_vec()));
    keys.extend(of("level", Level::ALL.map(Level::code).to_vec()));
    keys.extend(of("verdict", Verdict::ALL.map(Verdict::code).to_vec()));
    keys.extend(of("severity", severities.map(Severity::code).to_vec()));
    keys.extend(of("source", sources.map(FormSource::code).to_vec()));
    keys.extend(Why::ALL.map(|why| why.label().to_owned()));
    keys
}

/// The templates, which look labels up as `t["key"]`.
fn templates() -> Vec<(String, String)> {
    let templates: Vec<(String, String)> = tree(&["html", "md"])
        .into_iter()
        .filter(|(path, _)| path.starts_with("templates/") && !path.ends_with("README.md"))
        .map(|(path, file)| (path, support::text(&file)))
        .collect();
    assert!(!templates.is_empty(), "no template");
    templates
}

#[test]
fn every_label_that_is_used_exists() {
    let labels = labels();
    let mut problems = Vec::new();
    let mut used = 0;
    for (path, text) in sources("src") {
        let code = code(&text);
        for call in [".label(", ".label_with(", " reason("] {
            for key in arguments(&code, call) {
                used += 1;
                if !labels.contains_key(&key) {
                    problems.push(format!("{path}: no label {key:?}"));
                }
            }
        }
    }
    for (path, text) in templates() {
        for key in arguments(&text, "t[") {
            used += 1;
            // "level-" ~ level: the rest comes from the data.
            let known = match key.strip_suffix('-') {
                Some(_) => labels.keys().any(|label| label.starts_with(&key)),
                None => labels.contains_key(&key),
            };
            if !known {
                problems.push(format!("{path}: no label {key:?}"));
            }
        }
    }
    for key in built() {
        if !labels.contains_key(&key) {
            problems.push(format!("no label {key:?}"));
        }
    }
    assert!(
        used > 20,
        "only {used} uses found: has the way of asking changed?"
    );
    none(&problems);
}

#[test]
fn labels_say_the_same_in_both_languages() {
    let placeholders = |text: &str| -> BTreeSet<String> {
        text.split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
            .map(|(name, _)| name.to_owned())
            .collect()
    };
    let mut problems = Vec::new();
    for (key, label) in labels() {
        if !filled(&label) {
            problems.push(format!("{key}: empty"));
        }
        if placeholders(&label.ja) != placeholders(&label.en) {
            problems.push(format!("{key}: not the same placeholders"));
        }
    }
    none(&problems);
}

#[test]
fn every_label_is_used() {
    let mut text: String = sources("src")
        .into_iter()
        .map(|(_, text)| code(&text))
        .collect();
    text.extend(templates().into_iter().map(|(_, text)| text));
    // What stands between two marks, found once: the text is long, and labels are many.
    let mut whole: BTreeSet<&str> = BTreeSet::new();
    let mut starts: BTreeSet<&str> = BTreeSet::new();
    for mark in ['"', '\''] {
        let mut parts = text.split(mark).skip(1).peekable();
        while let Some(part) = parts.next() {
            whole.insert(part);
            // format!("level-{…}") and "level-" ~ level.
            if let Some((start, _)) = part.split_once('{') {
                starts.insert(start);
            }
            if parts.peek().is_some_and(|next| next.starts_with(" ~")) {
                starts.insert(part);
            }
        }
    }
    let used = |key: &str| {
        let built = || {
            let mut dashes = key.match_indices('-');
            dashes.any(|(at, _)| starts.contains(&key[..=at]))
        };
        whole.contains(key) || built() || says(&text, &format!("t.{key}"))
    };
    let unused: Vec<String> = labels().into_keys().filter(|key| !used(key)).collect();
    none(&unused);
}
