//! Every rule, by sheets: `tests/rules/<CODE>/pass*.toml` and `fail*.toml`.
//!
//! A sheet is text, turned into a real file in memory and read by the real reader. It lists every finding
//! that must come, in order, and nothing else may. The format is explained in `tests/README.md`.

mod support;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::LazyLock;

use kaijisho::{Finding, Language, Rule, Rules, Severity};
use support::case::{Case, Outcome};

/// A sheet of a rule, and what came of it.
struct Sheet {
    /// The rule's code: the folder's name.
    code: String,
    /// `MDS501/fail.toml`.
    name: String,
    /// True if the rule must be broken.
    fails: bool,
    case: Case,
    outcome: Outcome,
}

/// Every sheet, read once for all tests.
static SHEETS: LazyLock<Vec<Sheet>> = LazyLock::new(|| {
    let mut sheets = Vec::new();
    for folder in support::folders(&room()) {
        let code = support::stem(&folder);
        for file in support::files(&folder) {
            let stem = support::stem(&file);
            let case = Case::open(&file);
            let outcome = case.run(&format!("{code}-{stem}"));
            sheets.push(Sheet {
                code: code.clone(),
                name: format!("{code}/{stem}.toml"),
                fails: stem.starts_with("fail"),
                case,
                outcome,
            });
        }
    }
    sheets
});

fn room() -> PathBuf {
    support::project().join("tests/rules")
}

fn none(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}", problems.join("\n\n"));
}

#[test]
fn every_rule_has_a_folder_with_a_passing_and_a_failing_sheet() {
    let codes: BTreeSet<String> = Rules::bundled()
        .iter()
        .map(|rule| rule.code.clone())
        .collect();
    let folders: BTreeSet<String> = support::folders(&room())
        .iter()
        .map(|folder| support::stem(folder))
        .collect();
    assert_eq!(folders, codes);
    for code in codes {
        let stems: Vec<String> = support::files(&room().join(&code))
            .iter()
            .map(|file| {
                assert!(
                    file.extension().is_some_and(|ending| ending == "toml"),
                    "{}: only .toml files live here",
                    file.display()
                );
                support::stem(file)
            })
            .collect();
        for wanted in ["pass", "fail"] {
            assert!(
                stems.iter().any(|stem| stem == wanted),
                "{code}: no {wanted}.toml"
            );
        }
        for stem in &stems {
            let kind = stem.split('-').next();
            assert!(
                matches!(kind, Some("pass" | "fail")),
                "{code}/{stem}.toml: names are pass.toml, fail.toml, pass-WORD.toml, fail-WORD.toml"
            );
        }
    }
}

#[test]
fn every_sheet_gives_the_findings_it_lists_and_no_other() {
    let problems: Vec<String> = SHEETS
        .iter()
        .filter_map(|sheet| {
            let mut wrong = sheet.case.misread(&sheet.outcome);
            wrong.extend(sheet.outcome.difference(&sheet.case.finding));
            (!wrong.is_empty()).then(|| {
                let about = &sheet.case.about;
                format!("tests/rules/{}: {about}\n{}", sheet.name, wrong.join("\n"))
            })
        })
        .collect();
    none(&problems);
}

#[test]
fn a_failing_sheet_breaks_its_rule_and_a_passing_one_breaks_none() {
    let mut problems = Vec::new();
    for sheet in SHEETS.iter() {
        let rule = Rules::bundled()
            .find(&sheet.code)
            .expect("folders are codes");
        let own: Vec<&Finding> = sheet
            .outcome
            .findings
            .iter()
            .filter(|finding| finding.rule == rule.name)
            .collect();
        if sheet.fails == own.is_empty() {
            problems.push(format!("{}: {} times {}", sheet.name, own.len(), rule.name));
        }
        if own
            .iter()
            .any(|finding| finding.severity() != rule.severity)
        {
            problems.push(format!("{}: not of the rule's severity", sheet.name));
        }
        let grave = |finding: &&Finding| finding.severity() > Severity::Note;
        if !sheet.fails && sheet.outcome.findings.iter().any(|finding| grave(&finding)) {
            problems.push(format!(
                "{}: a sheet that passes has only notes",
                sheet.name
            ));
        }
        // What a reader of the report sees is part of the sheet, in both languages.
        let worded = sheet.case.finding.iter().any(|expected| {
            expected.name == rule.name && expected.ja.is_some() && expected.en.is_some()
        });
        if sheet.name.ends_with("/fail.toml") && !worded {
            problems.push(format!(
                "{}: say the message of {} in ja and en:\n{}",
                sheet.name,
                rule.name,
                support::case::shown(&sheet.outcome.findings)
            ));
        }
    }
    none(&problems);
}

/// The placeholders of a text.
fn placeholders(text: &str) -> BTreeSet<String> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name.to_owned())
        .collect()
}

fn params(rule: &Rule) -> BTreeSet<String> {
    rule.params.iter().cloned().collect()
}

#[test]
fn both_languages_show_the_same_values_and_every_value_that_the_rule_names() {
    let mut problems = Vec::new();
    for rule in Rules::bundled().iter() {
        let shown = |language: Language| {
            let text = rule.text(language);
            &placeholders(&text.message) | &placeholders(&text.help)
        };
        let (ja, en) = (shown(Language::Ja), shown(Language::En));
        if ja != en || ja != params(rule) {
            problems.push(format!(
                "{}: params {:?}, in Japanese {ja:?}, in English {en:?}",
                rule.code, rule.params
            ));
        }
        for language in Language::ALL {
            let text = rule.text(language);
            for (name, fixed) in [("title", &text.title), ("why", &text.why)] {
                if fixed.is_empty() || fixed.contains(['{', '}']) {
                    problems.push(format!("{} {language} {name}: {fixed:?}", rule.code));
                }
            }
            // One line without a full stop: messages stand in tables.
            for (name, line) in [("title", &text.title), ("message", &text.message)] {
                if line.contains('\n') || line.ends_with(['。', '.']) {
                    problems.push(format!("{} {language} {name}: {line:?}", rule.code));
                }
            }
        }
    }
    none(&problems);
}

#[test]
fn findings_give_every_value_that_their_texts_show() {
    let mut problems = BTreeSet::new();
    for sheet in SHEETS.iter() {
        for finding in &sheet.outcome.findings {
            let rule = Rules::bundled()
                .find(finding.rule)
                .expect("findings name rules");
            let given: BTreeSet<String> = finding.value_names().map(str::to_owned).collect();
            let missing: Vec<String> = params(rule).difference(&given).cloned().collect();
            if !missing.is_empty() {
                problems.insert(format!("{} ({}): {missing:?}", rule.code, sheet.name));
            }
            for language in Language::ALL {
                for text in [finding.message(language), finding.help(language)] {
                    assert!(!text.contains('\n'), "{}: {text:?}", sheet.name);
                }
            }
        }
    }
    assert!(problems.is_empty(), "values not given: {problems:#?}");
}

#[test]
fn japanese_messages_name_limits_and_kinds_of_files_in_japanese() {
    let mut problems = Vec::new();
    for sheet in SHEETS.iter() {
        for finding in &sheet.outcome.findings {
            if !["file-too-large", "nothing-recognised"].contains(&finding.rule) {
                continue;
            }
            // Names of formats (PDF) stay; words of small letters are English.
            let message = finding.message(Language::Ja);
            let english = message
                .split(|c: char| !c.is_ascii_alphabetic())
                .any(|word| word.len() > 1 && word.bytes().all(|b| b.is_ascii_lowercase()));
            if english {
                problems.push(format!("{}: {message}", sheet.name));
            }
        }
    }
    none(&problems);
}
