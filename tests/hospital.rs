//! The worked example of a hospital, `examples/14-hospital`: the verdicts derived by hand in its README are those of the
//! tool, each disclosure is of the system it should be, and the steps leave what the binder's list says.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use kaijisho::checklist::Facility;
use kaijisho::{Error, Language};
use serde_json::Value;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const EXAMPLE: &str = "examples/14-hospital";

fn readme() -> String {
    fs::read_to_string(Path::new(ROOT).join(EXAMPLE).join("README.md")).expect("the README")
}

/// A copy of the example to work in.
fn workplace(name: &str) -> PathBuf {
    let place = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("hospital-{name}"));
    if place.exists() {
        fs::remove_dir_all(&place).expect("an old copy goes");
    }
    copy(&Path::new(ROOT).join(EXAMPLE), &place.join(EXAMPLE));
    place
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

fn run(words: &[&str], place: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kaijisho"));
    command.args(words).current_dir(place).env_clear();
    command.output().expect("the program starts")
}

/// What the tool says of a folder or file of the example.
fn judged(place: &Path, what: &str, more: &[&str]) -> Value {
    let what = format!("{EXAMPLE}/{what}");
    let against = format!("{EXAMPLE}/requirements.toml");
    let facility = format!("{EXAMPLE}/facility.toml");
    let mut words = vec![
        "diff",
        &what,
        "--against",
        &against,
        "--facility",
        &facility,
    ];
    words.extend(["--date", "2026-01-20", "--format", "json", "--lang", "ja"]);
    words.extend(more);
    let output = run(&words, place);
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// The document of a file, by the end of its name.
fn document<'v>(report: &'v Value, file: &str) -> &'v Value {
    let documents = report["documents"].as_array().expect("documents");
    let mut found = documents
        .iter()
        .filter(|one| text(one, "file").ends_with(file));
    let document = found.next().unwrap_or_else(|| panic!("{file}: {report}"));
    assert!(found.next().is_none(), "{file} twice");
    document
}

/// The tables under a heading of the README, without their heads: rows of cells.
fn tables(heading: &str) -> Vec<Vec<Vec<String>>> {
    let readme = readme();
    let after = readme.split(&format!("\n### {heading}")).nth(1);
    let section = after.unwrap_or_else(|| panic!("no heading {heading}"));
    let section = section.split("\n### ").next().expect("a part");
    let mut tables: Vec<Vec<Vec<String>>> = Vec::new();
    let mut inside = false;
    for line in section.lines() {
        if !line.starts_with('|') {
            inside = false;
            continue;
        }
        if !inside {
            tables.push(Vec::new());
            inside = true;
        }
        let cells = line.trim_matches('|').split('|');
        let cells: Vec<String> = cells.map(|cell| cell.trim().to_owned()).collect();
        tables.last_mut().expect("one was begun").push(cells);
    }
    // The head and the line below it.
    for table in &mut tables {
        table.drain(..2);
    }
    tables
}

/// The facts of a document as the README writes them.
fn facts(document: &Value) -> Vec<Vec<String>> {
    let facts = document["facts"].as_array().expect("facts");
    let row = |fact: &Value| {
        let holds = match &fact["holds"] {
            Value::Bool(true) => "はい",
            Value::Bool(false) => "いいえ",
            _ => "–",
        };
        let source = match text(fact, "source") {
            "facility" => "施設ファイル".to_owned(),
            "sheet" => format!("開示書 項目{}", text(fact, "item")),
            other => other.to_owned(),
        };
        vec![text(fact, "name").to_owned(), holds.to_owned(), source]
    };
    facts.iter().map(row).collect()
}

/// The results of a document as the README writes them; of the rule the whole, of the reason what stands before the
/// facts.
fn results(document: &Value) -> Vec<Vec<String>> {
    let results = document["results"].as_array().expect("results");
    let row = |result: &Value| {
        let answer = match text(result, "answer") {
            "yes" => "はい",
            "no" => "いいえ",
            "na" => "対象外",
            "see-note" => "備考参照",
            _ => "–",
        };
        let verdict = match text(result, "verdict") {
            "met" => "適合",
            "unmet" => "不適合",
            "undecided" => "要確認",
            "waived" => "猶予・例外",
            "not-applicable" => "該当しない",
            other => other,
        };
        let item = result["item"].as_str().unwrap_or("–");
        let reason = text(result, "reason")
            .split('（')
            .next()
            .unwrap_or_default();
        [
            text(result, "requirement"),
            text(result, "rule"),
            item,
            answer,
            verdict,
            reason,
        ]
        .map(str::to_owned)
        .to_vec()
    };
    results.iter().map(row).collect()
}

/// Holds a document against the tables under a heading.
fn agrees(document: &Value, heading: &str) {
    let tables = tables(heading);
    let [by_hand_facts, by_hand] = tables.as_slice() else {
        panic!("{heading}: {} tables", tables.len());
    };
    assert_eq!(&facts(document), by_hand_facts, "{heading}");
    let results = results(document);
    assert_eq!(
        results.len(),
        by_hand.len(),
        "{heading}: each requirement has a row"
    );
    for (result, row) in results.iter().zip(by_hand) {
        assert_eq!(row.len(), 6, "{row:?}");
        assert!(
            !row[1].is_empty() && result[1].contains(&row[1]),
            "{heading}, {}: the rule is {:?}, not {:?}",
            row[0],
            result[1],
            row[1]
        );
        let without_rule = |row: &[String]| [&row[..1], &row[2..]].concat();
        assert_eq!(without_rule(result), without_rule(row), "{heading}");
    }
}

#[test]
fn the_verdicts_derived_by_hand_are_those_of_the_tool() {
    let place = workplace("verdicts");
    let report = judged(&place, "mails", &[]);
    agrees(document(&report, "karte-mds.xlsx"), "電子カルテ");
    agrees(document(&report, "yoyaku-sds.xlsx"), "診療予約");
}

#[test]
fn each_disclosure_is_of_its_system() {
    let place = workplace("systems");
    let report = judged(&place, "mails", &[]);
    let documents = report["documents"].as_array().expect("documents");
    let systems: Vec<(&str, &str)> = documents
        .iter()
        .map(|one| {
            let file = text(one, "file").rsplit('/').next().unwrap_or_default();
            (file, text(&one["system"], "id"))
        })
        .collect();
    assert_eq!(
        systems,
        [
            ("shohosen-sds.xml", "shohosen"),
            ("karte-mds.xlsx", "karte"),
            ("pacs-mds2.json", "pacs"),
            ("hikari-lis.csv", "kensa"),
            ("yakuzai.xlsx", "yakuzai"),
            ("yakuzai.xlsx", "yakuzai"),
            ("yoyaku-sds.xlsx", "yoyaku"),
            ("shikaku-mds.xlsx", ""),
        ]
    );
    assert_eq!(text(&report["facility"], "name"), "みどり台総合病院");
    let codes: Vec<&str> = report["profile_findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|finding| text(finding, "code"))
        .collect();
    // The facility says no remote maintenance of 電子処方箋, its sheet yes; two systems have facts nobody says.
    assert_eq!(codes, ["CFG032", "CFG058", "CFG058"]);
    // The old form is known by the facility file, and its edition is told.
    let old = document(&report, "hikari-lis.csv");
    assert_eq!(text(&old["form"], "id"), "kensa-old");
    assert_eq!(text(&old["form"], "source"), "given");
}

#[test]
fn a_fact_told_for_the_run_goes_before_the_facility_file_and_is_told() {
    let place = workplace("told");
    let file = "mails/2025-06-03-minato/karte-mds.xlsx";
    let report = judged(&place, file, &["--fact", "stops_care=false"]);
    let karte = document(&report, "karte-mds.xlsx");
    let fact = facts(karte)
        .into_iter()
        .find(|fact| fact[0] == "stops_care");
    let fact = fact.expect("the fact");
    assert_eq!(fact[1..], ["いいえ".to_owned(), "asked".to_owned()]);
    let isolated = &karte["results"][1];
    assert_eq!(text(isolated, "requirement"), "backup-isolated");
    assert_eq!(text(isolated, "verdict"), "not-applicable");
    let findings = report["profile_findings"].as_array().expect("findings");
    let overruled = findings.iter().find(|one| text(one, "code") == "CFG059");
    let message = text(overruled.expect("it is told"), "message");
    assert!(
        message.contains("「いいえ」として判定しました"),
        "{message}"
    );
}

/// What is left to do names who has not sent a sheet, the file that cannot be read, and each sheet with its fault.
#[test]
fn the_checklist_says_what_is_left_to_do() {
    let place = workplace("checklist");
    let facility = format!("{EXAMPLE}/facility.toml");
    let mails = format!("{EXAMPLE}/mails");
    let mut words = vec!["checklist", "--year", "r7", "--facility", &facility, &mails];
    words.extend(["--date", "2026-01-20", "--format", "json", "--lang", "ja"]);
    let output = run(&words, &place);
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let systems = report["systems"].as_array().expect("systems");
    let todo = report["todo"].as_array().expect("todo");
    let told = |kind: &str, system: &str, words: &str| {
        todo.iter().any(|todo| {
            let at = todo["system"]
                .as_u64()
                .and_then(|at| systems.get(at as usize));
            let id = at.map_or("", |system| text(system, "id"));
            text(todo, "kind") == kind && id == system && text(todo, "text").contains(words)
        })
    };
    for (kind, system, words) in [
        ("not-sent", "iji", "見つかりません"),
        ("not-sent", "shikaku", "見つかりません"),
        ("unread", "", "shikaku-mds.xlsx"),
        ("concern", "karte", "誤りが1件"),
        ("concern", "pacs", "使っているバージョン 4.0 と違う 3.2"),
        ("concern", "kensa", "新しい版 mds-reference 2026-11"),
        ("concern", "shohosen", "2024-12-10 から1年を過ぎています"),
    ] {
        assert!(told(kind, system, words), "{kind} {system}: {todo:#?}");
    }
    // Nothing is said against the sheet with two tables.
    assert!(!told("concern", "yakuzai", ""), "{todo:#?}");
}

/// Order of the files, and which of them are there, change nothing about a disclosure.
#[test]
fn one_file_alone_comes_to_the_same() {
    let place = workplace("alone");
    let all = judged(&place, "mails", &[]);
    let one = judged(&place, "mails/2025-09-15-aozora/yoyaku-sds.xlsx", &[]);
    let yoyaku = "yoyaku-sds.xlsx";
    assert_eq!(document(&all, yoyaku), document(&one, yoyaku));
}

/// The commands of the README leave everything that the binder's list names, and the register keeps what was written.
#[test]
fn the_steps_fill_the_binder() {
    let place = workplace("binder");
    let readme = readme();
    let commands = readme
        .lines()
        .filter_map(|line| line.strip_prefix("$ kaijisho "));
    let mut count = 0;
    for command in commands {
        let words: Vec<&str> = command.split_whitespace().collect();
        let output = run(&words, &place);
        assert_ne!(output.status.code(), None, "{command}");
        count += 1;
    }
    assert!(count >= 10, "{count}");
    let binder = place.join(EXAMPLE).join("binder");
    let list = fs::read_to_string(binder.join("README.md")).expect("the list");
    let named = list.lines().filter(|line| line.starts_with("| `"));
    let named: BTreeSet<String> = named
        .flat_map(|line| line.split('|').nth(1).unwrap_or_default().split('`'))
        .filter(|name| name.contains('.') || name.ends_with('/'))
        .map(|name| name.trim_end_matches('/').to_owned())
        .collect();
    let there: BTreeSet<String> = fs::read_dir(&binder)
        .expect("the binder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| name != "README.md")
        .collect();
    assert_eq!(there, named);
    let before = fs::read_to_string(Path::new(ROOT).join(EXAMPLE).join("risks.toml"));
    let before = before.expect("the register");
    let after = fs::read_to_string(place.join(EXAMPLE).join("risks.toml")).expect("the register");
    assert!(
        after.starts_with(before.trim_end()),
        "what was written stays"
    );
    let opened = after.matches("[[risk]]").count();
    assert!(opened > 3, "{opened}");
    // The risk that was opened last year is not opened again.
    let twice = after.matches("requirement = \"remote-log\"").count();
    assert_eq!(twice, 1);
}

/// What is wrong with the facts of a system, by place and words.
fn mistakes(system: &str) -> Vec<(String, String)> {
    let text = format!(
        "schema = \"kaijisho/facility/1\"\nname = \"見本病院\"\n[[system]]\nid = \"a\"\nname = \"見本\"\n{system}\n"
    );
    match Facility::parse_systems(&text, "facility.toml") {
        Ok(_) => Vec::new(),
        Err(Error::Invalid { findings, .. }) => {
            let told = findings.iter().map(|finding| {
                let message = finding.message(Language::Ja);
                (finding.place.to_string(), message)
            });
            told.collect()
        }
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn a_mistake_in_the_facts_of_a_system_has_its_place() {
    for (written, place, words) in [
        (
            "facts = { wireles_lan = true }",
            "6:11",
            "使える名前: wireless_lan",
        ),
        (
            "facts = { wireless_lan = \"はい\" }",
            "6:11",
            "true か false",
        ),
        (
            "remote_maintenance = true\nfacts = { remote_maintenance = false }",
            "7:11",
            "食い違っています",
        ),
        ("category = 3", "6:12", "文字列"),
        (
            "category = \"リモートメンテナンスあり\"\nremote_maintenance = false",
            "6:12",
            "remote_maintenance を false としながら",
        ),
    ] {
        let told = mistakes(written);
        assert_eq!(told.len(), 1, "{written}: {told:?}");
        assert_eq!(told[0].0, place, "{written}: {told:?}");
        assert!(told[0].1.contains(words), "{written}: {told:?}");
    }
    assert_eq!(
        mistakes("remote_maintenance = true\nfacts = { remote_maintenance = true }"),
        []
    );
    assert_eq!(mistakes("category = [\"PACS\", \"ｸﾗｳﾄﾞ\", \"給食\"]"), []);
}

/// A word that no category has leaves all of them open; without one, what is named holds and the others do not.
#[test]
fn a_category_is_known_by_its_usual_words() {
    let of = |category: &str| {
        let text = format!(
            "schema = \"kaijisho/facility/1\"\nname = \"見本病院\"\n[[system]]\nid = \"a\"\nname = \"見本\"\ncategory = {category}\n"
        );
        let facility = Facility::parse_systems(&text, "facility.toml").expect("no mistake");
        let system = &facility.systems[0];
        let known = system.categories.clone();
        let known = known.map(|known| known.into_iter().collect::<Vec<_>>().join(" "));
        (known, system.strange.join(" "))
    };
    let some = |known: &str| Some(known.to_owned());
    assert_eq!(
        of("\"医事会計/レセコン\""),
        (some("billing"), String::new())
    );
    assert_eq!(
        of("[\"電子ｶﾙﾃ\", \"cloud\"]"),
        (some("cloud ehr"), String::new())
    );
    assert_eq!(
        of("\"Electronic Health Record\""),
        (some("ehr"), String::new())
    );
    assert_eq!(of("[\"電子カルテ\", \"給食\"]"), (None, "給食".to_owned()));
    assert_eq!(of("\"\""), (None, String::new()));
}
