//! The verbs as people use them: words in both languages, JSON of the published shape, CSV, exit codes.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use kaijisho::schema::Published;
use serde_json::Value;

use super::*;

fn place(name: &str) -> PathBuf {
    let place = folder(name);
    let received = place.join("received");
    std::fs::create_dir_all(received.join("2025")).expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(place.join(name), text).expect("written");
    write("facility.toml", FACILITY);
    write("received/2025/karte.toml", &karte("2025-03-01", "いいえ"));
    write("received/karte.toml", &karte("2026-03-01", "はい"));
    write(
        "received/iji.toml",
        &sheet("丙社", "乙医事", "2026-03-01", "はい"),
    );
    write("received/notes.json", "{\"nothing\": \"of the kind\"}");
    place
}

fn run(place: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kaijisho"))
        .args(words)
        .current_dir(place)
        .env_clear()
        .env("COLUMNS", "80")
        .env("KAIJISHO_BY", "町田")
        .output()
        .expect("runs")
}

/// Runs a verb of the register on a day; the exit code and what was shown.
fn register(place: &Path, words: &[&str]) -> (Option<i32>, String, String) {
    let mut all = vec!["register"];
    all.extend(words);
    all.extend(["--date", "2026-10-01"]);
    let output = run(place, &all);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

const AT: [&str; 2] = ["--at", "2026-03-02T09:00:00+09:00"];

fn filled(name: &str) -> PathBuf {
    let place = place(name);
    let (code, _, told) = register(&place, &["facility", "facility.toml", AT[0], AT[1]]);
    assert_eq!(code, Some(0), "{told}");
    let (code, shown, told) = register(&place, &["add", "received", AT[0], AT[1]]);
    assert_eq!(code, Some(1), "{shown}{told}");
    place
}

#[test]
fn a_day_with_the_register_in_both_languages() {
    for language in ["ja", "en"] {
        let place = filled(&format!("day-{language}"));
        let does = |words: &[&str], code: i32| {
            let mut all = words.to_vec();
            all.extend(["--lang", language]);
            let (ended, shown, told) = register(&place, &all);
            assert_eq!(ended, Some(code), "{words:?}: {shown}{told}");
            assert!(
                !shown.contains('<') && !told.contains('<'),
                "a label is missing: {shown}{told}"
            );
            assert!(
                !shown.contains('{') && !told.contains('{'),
                "a value is missing: {shown}{told}"
            );
            for line in shown.lines().chain(told.lines()) {
                assert!(unicode_width::UnicodeWidthStr::width(line) <= 80, "{line}");
            }
            shown + &told
        };
        let word = |ja: &'static str, en: &'static str| if language == "ja" { ja } else { en };
        let told = does(
            &["add", "received/iji.toml", "--system", "iji", AT[0], AT[1]],
            0,
        );
        assert!(
            told.contains(word("システムを変更", "moved to a system")),
            "{told}"
        );
        does(
            &[
                "request",
                "iji",
                "--due",
                "2026-09-30",
                "--note",
                "電話",
                AT[0],
                AT[1],
            ],
            0,
        );
        let told = does(&["list"], 1);
        assert!(told.contains(word("期限超過", "overdue")), "{told}");
        does(
            &[
                "return",
                "karte",
                "--why",
                "備考",
                "--due",
                "2026-10-31",
                AT[0],
                AT[1],
            ],
            0,
        );
        let told = does(&["show", "karte"], 0);
        assert!(told.contains(word("差し戻し中", "sent back")), "{told}");
        assert!(told.contains("2025/karte.toml"), "{told}");
        does(
            &[
                "accept", "karte", "--why", "よい", "--except", "項目 1", AT[0], AT[1],
            ],
            0,
        );
        does(&["assess", "--against", "small-hospital", AT[0], AT[1]], 1);
        let told = does(&["history", "karte"], 0);
        assert!(
            told.contains('▲') && told.contains(word("いいえ → はい", "No → Yes")),
            "{told}"
        );
        does(&["list", "--vendors"], 0);
        does(&["list", "--files", "--search", "甲カルテ"], 0);
        let told = does(&["verify"], 0);
        assert!(told.contains(word("問題はありません", "Sound")), "{told}");
        does(&["export", "folder"], 0);
        does(&["import", "folder", "--register", "again.db"], 0);
        does(&["verify", "--register", "folder"], 0);
    }
}

#[test]
fn what_cannot_be_done_says_why_in_japanese() {
    let place = filled("refusals");
    let cases: [(&[&str], &str); 8] = [
        (&["list", "--register", "none.db"], "none.db"),
        (
            &["list", "--register", "facility.toml"],
            "台帳ではありません",
        ),
        (&["request", "kart"], "「kart」というシステムはありません"),
        (
            &["accept", "iji", "--why", "よい"],
            "まだ記録されていません",
        ),
        (&["accept", "karte", "--why", " "], "理由がありません"),
        (&["add", "received", "--by", " "], "誰が記録するのか"),
        (
            &["import", "received", "--register", "new.db"],
            "register.json",
        ),
        (&["list", "--format", "sarif"], "sarif"),
    ];
    for (words, wanted) in cases {
        let (code, shown, told) = register(&place, words);
        assert_eq!(code, Some(2), "{words:?}: {shown}{told}");
        assert!(told.contains(wanted), "{words:?}: {told}");
    }
    assert!(!place.join("new.db").exists() && !place.join("none.db").exists());
}

#[test]
fn every_answer_in_json_is_of_the_published_shape() {
    let place = filled("json");
    let schema: Value = serde_json::from_str(&Published::Register.json_schema()).expect("JSON");
    let judge = jsonschema::validator_for(&schema).expect("a schema");
    register(
        &place,
        &["request", "iji", "--due", "2026-11-30", AT[0], AT[1]],
    );
    register(&place, &["return", "karte", "--why", "備考", AT[0], AT[1]]);
    let cases: [&[&str]; 8] = [
        &["add", "received", AT[0], AT[1]],
        &[
            "assess",
            "karte",
            "--against",
            "small-hospital",
            AT[0],
            AT[1],
        ],
        &["list"],
        &["list", "--files"],
        &["list", "--vendors"],
        &["show", "karte"],
        &["history", "karte"],
        &["verify"],
    ];
    for words in cases {
        let mut all = words.to_vec();
        all.extend(["--format", "json"]);
        let (code, shown, told) = register(&place, &all);
        assert!(code.is_some_and(|code| code < 2), "{words:?}: {told}");
        let value: Value = serde_json::from_str(&shown).expect("JSON");
        assert_eq!(value["schema"], "kaijisho/register/1");
        let mistakes: Vec<String> = judge
            .iter_errors(&value)
            .map(|error| error.to_string())
            .collect();
        assert!(mistakes.is_empty(), "{words:?}: {mistakes:?}");
        all.truncate(words.len());
        all.extend(["--format", "csv"]);
        let (_, shown, _) = register(&place, &all);
        let table = shown
            .strip_prefix('\u{feff}')
            .expect("a mark of byte order");
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        assert!(reader.headers().expect("a head").len() >= 3);
        for row in reader.records() {
            row.expect("as long as the head");
        }
    }
}

#[test]
fn every_entry_of_a_folder_is_of_the_published_shape() {
    let place = filled("entries");
    let schema: Value =
        serde_json::from_str(&Published::RegisterEntry.json_schema()).expect("JSON");
    let judge = jsonschema::validator_for(&schema).expect("a schema");
    let verbs: [&[&str]; 5] = [
        &["request", "iji", "--due", "2026-11-30"],
        &["assess", "karte", "--against", "small-hospital"],
        &["return", "karte", "--why", "備考"],
        &["add", "received", "--system", "iji"],
        &["export", "folder"],
    ];
    for words in verbs {
        let mut all = words.to_vec();
        if words[0] != "export" {
            all.extend(AT);
        }
        let (code, _, told) = register(&place, &all);
        assert!(code.is_some_and(|code| code < 2), "{words:?}: {told}");
    }
    let mut kinds = std::collections::BTreeSet::new();
    for file in std::fs::read_dir(place.join("folder/log/00000")).expect("a folder") {
        let text = std::fs::read_to_string(file.expect("a file").path()).expect("a text");
        let mut value: Value = serde_json::from_str(&text).expect("JSON");
        let mistakes: Vec<String> = judge
            .iter_errors(&value)
            .map(|error| error.to_string())
            .collect();
        assert!(mistakes.is_empty(), "{text}: {mistakes:?}");
        kinds.insert(value["kind"].as_str().expect("a text").to_owned());
        value["body"]["more"] = Value::from(1);
        assert!(!judge.is_valid(&value), "nothing unknown is in {text}");
    }
    let wanted = [
        "assessed",
        "assigned",
        "decided",
        "facility",
        "received",
        "requested",
    ];
    assert_eq!(kinds.iter().collect::<Vec<_>>(), wanted);
}

#[test]
fn what_is_known_is_skipped_and_what_is_left_out_is_told() {
    let place = filled("known");
    let (code, shown, told) = register(
        &place,
        &["add", "received", AT[0], AT[1], "--format", "json"],
    );
    assert_eq!(code, Some(0), "{told}");
    let value: Value = serde_json::from_str(&shown).expect("JSON");
    let became: Vec<(&str, &str)> = value["added"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            (
                one["name"].as_str().expect("a name"),
                one["became"].as_str().expect("a word"),
            )
        })
        .collect();
    let known = [
        ("2025/karte.toml", "known"),
        ("iji.toml", "known"),
        ("karte.toml", "known"),
        ("notes.json", "left-out"),
    ];
    assert_eq!(became, known);
    assert_eq!(value["entries"], 4);
}

#[test]
fn the_original_comes_out_as_it_came_in() {
    let place = filled("original");
    let output = run(&place, &["register", "show", "karte", "--original"]);
    assert_eq!(output.stdout, karte("2026-03-01", "はい").into_bytes());
    let old = Source::new("x", karte("2025-03-01", "いいえ").into_bytes());
    let words = [
        "register",
        "show",
        &old.sha256[..10],
        "--original",
        "-o",
        "out.toml",
    ];
    assert!(run(&place, &words).status.success());
    assert_eq!(
        std::fs::read(place.join("out.toml")).expect("written"),
        old.bytes
    );
}

#[test]
fn the_checklist_of_a_register_is_that_of_its_files() {
    let place = filled("checklist-words");
    register(
        &place,
        &["add", "received/iji.toml", "--system", "iji", AT[0], AT[1]],
    );
    register(&place, &["export", "folder"]);
    let filled = |words: &[&str]| {
        let mut all = vec![
            "checklist",
            "--year",
            "r7",
            "--date",
            "2026-03-10",
            "--format",
            "json",
        ];
        all.extend(words);
        let output = run(&place, &all);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let mut value: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        for file in value["documents"].as_array_mut().expect("a list") {
            file["file"] = Value::Null;
        }
        value
    };
    let of_register = filled(&["--register", "register.db"]);
    assert_eq!(of_register, filled(&["--register", "folder"]));
    let received = |at: usize| of_register["systems"][at]["received"][0]["current"].clone();
    // The second sheet is its only because somebody said so.
    assert_eq!(
        (received(0), received(1)),
        (Value::Bool(true), Value::Bool(true))
    );
    assert_eq!(of_register["documents"].as_array().map(Vec::len), Some(2));
}
