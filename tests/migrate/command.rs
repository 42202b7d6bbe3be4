//! The command: files, formats, exit codes, and which of several disclosures is carried.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use kaijisho::schema::Published;

use super::*;

fn place(name: &str) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("migrate-{name}"));
    if place.exists() {
        std::fs::remove_dir_all(&place).unwrap();
    }
    std::fs::create_dir_all(&place).unwrap();
    place
}

fn run(place: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kaijisho"))
        .arg("migrate")
        .args(words)
        .args(["--date", "2026-10-01"])
        .current_dir(place)
        .env_clear()
        .env("COLUMNS", "80")
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A sheet of mds-reference with every item answered はい.
fn full(place: &Path) {
    let form = Catalog::bundled().form("mds-reference").unwrap();
    let mut text = "form = \"mds-reference\"\nheader = { date = \"2026-01-01\", manufacturer = \"見本\", product = \"見本\", version = \"1\" }\n".to_owned();
    for item in &form.items {
        text.push_str(&format!(
            "[[items]]\nnumber = \"{}\"\nanswer = \"はい\"\n",
            item.number
        ));
    }
    std::fs::write(place.join("full.toml"), text).unwrap();
}

/// A sheet of MDS2 with an odd answer, a remark that looks like a formula, and an answer that leads nowhere.
fn odd(place: &Path) {
    let text = "form = \"mds2-2019\"\n[[items]]\nnumber = \"PAUT-8\"\nanswer = \"Yes\"\nremark = \"=HYPERLINK(1)\"\n\
        [[items]]\nnumber = \"SAHD-9\"\nanswer = \"partly\"\n\
        [[items]]\nnumber = \"MPII-2.4\"\nanswer = \"No\"\nremark = \"@SUM(1) \\u001b[31mred\"\n";
    std::fs::write(place.join("odd.toml"), text).unwrap();
}

#[test]
fn exit_codes_say_whether_anything_is_left() {
    let place = place("codes");
    full(&place);
    odd(&place);
    let same = run(
        &place,
        &["full.toml", "--to", "mds-reference", "-o", "new.toml"],
    );
    assert_eq!(same.status.code(), Some(0), "{}", told(&same));
    assert!(
        out(&same).contains("引き継いだ回答 85　判断が要る項目 0"),
        "{}",
        out(&same)
    );
    let open = run(
        &place,
        &["odd.toml", "--to", "mds-reference", "-o", "odd-new.xlsx"],
    );
    assert_eq!(open.status.code(), Some(1));
    assert!(place.join("odd-new.xlsx").metadata().unwrap().len() > 2000);
    for (words, message) in [
        (&["odd.toml", "--to", "no-such-form"][..], "no-such-form"),
        (&["absent.toml", "--to", "mds-reference"], "absent.toml"),
        (
            &["odd.toml", "--to", "mds-reference", "-o", "x.pdf"],
            "x.pdf",
        ),
        (
            &["odd.toml", "--to", "mds-reference", "--list", "x.xlsx"],
            "x.xlsx",
        ),
        (
            &["odd.toml", "--to", "mds-reference", "--format", "sarif"],
            "human",
        ),
        (
            &["odd.toml", "--to", "mds-reference", "-o", "new.toml"],
            "--force",
        ),
        (&["odd.toml"], "--to"),
    ] {
        let output = run(&place, words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(
            told(&output).contains(message),
            "{words:?}: {}",
            told(&output)
        );
        assert!(out(&output).is_empty(), "{words:?}");
    }
    // What exists stays as it was.
    assert!(support::text(&place.join("new.toml")).contains("mds-reference"));
    let quiet = run(&place, &["odd.toml", "--to", "mds-reference", "-q"]);
    assert_eq!(
        (quiet.status.code(), out(&quiet), told(&quiet)),
        (Some(1), String::new(), String::new())
    );
}

#[test]
fn the_new_sheet_is_sound_but_for_what_is_left() {
    let place = place("sound");
    full(&place);
    run(
        &place,
        &["full.toml", "--to", "mds-reference", "-o", "new.xlsx"],
    );
    let source = Source::new("new.xlsx", std::fs::read(place.join("new.xlsx")).unwrap());
    let examined = examine(&source, &Options::new(support::TODAY));
    let rules: Vec<&str> = examined
        .all_findings()
        .map(|finding| finding.rule)
        .collect();
    // The date is to be written anew.
    assert_eq!(rules, ["header-missing"]);
}

#[test]
fn the_list_comes_in_every_format_and_vendor_text_stays_text() {
    let place = place("formats");
    odd(&place);
    let schema: serde_json::Value =
        serde_json::from_str(&Published::Migration.json_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for language in ["ja", "en"] {
        let shown = |format: &str| {
            let output = run(
                &place,
                &[
                    "odd.toml",
                    "--to",
                    "mds-reference",
                    "--format",
                    format,
                    "--lang",
                    language,
                ],
            );
            assert_eq!(output.status.code(), Some(1), "{}", told(&output));
            out(&output)
        };
        let json: serde_json::Value = serde_json::from_str(&shown("json")).unwrap();
        let mistakes: Vec<String> = validator
            .iter_errors(&json)
            .map(|error| error.to_string())
            .collect();
        assert_eq!(mistakes, Vec::<String>::new());
        assert_eq!(json["schema"], "kaijisho/migration/1");
        let counts = &json["counts"];
        let sum = ["carried", "open", "not_asked"].map(|key| counts[key].as_u64().unwrap());
        assert_eq!(sum.iter().sum::<u64>(), counts["items"].as_u64().unwrap());
        assert_eq!(
            (counts["carried"].as_u64(), counts["dropped"].as_u64()),
            (Some(1), Some(1))
        );
        let steps = json["steps"].as_array().unwrap();
        let of = |number: &str| {
            steps
                .iter()
                .find(|step| step["item"]["number"] == number)
                .unwrap()
        };
        assert_eq!(
            (&of("39.2")["outcome"], &of("39.2")["answer"]),
            (&"carried".into(), &"yes".into())
        );
        assert_eq!(
            (&of("21")["outcome"], &of("21")["reason"]),
            (&"open".into(), &"merge".into())
        );
        assert_eq!(of("21")["sources"][0]["written"], "partly");
        let last = steps.last().unwrap();
        assert_eq!(
            (&last["item"], &last["reason"]),
            (&serde_json::Value::Null, &"dropped".into())
        );
        assert_eq!(last["sources"][0]["number"], "MPII-2.4");

        let csv = shown("csv");
        assert!(csv.starts_with('\u{feff}') && csv.contains("\r\n"));
        assert!(
            csv.contains("'=HYPERLINK") && csv.contains("'@SUM"),
            "{csv}"
        );
        let shape: Vec<usize> = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(csv.as_bytes())
            .records()
            .map(|row| row.unwrap().len())
            .collect();
        assert!(
            shape.len() > 85 && shape.iter().all(|cells| *cells == 17),
            "{shape:?}"
        );

        let markdown = shown("md");
        assert!(markdown.contains("MPII\\-2\\.4"), "{markdown}");
        for text in [&csv, &markdown, &shown("human")] {
            assert!(!text.contains('\u{1b}'), "a terminal escape");
            assert!(
                text.contains("SUM"),
                "the remark of an answer that leads nowhere"
            );
        }
    }
    for (name, needle) in [
        ("list.csv", "PAUT-8"),
        ("list.md", "PAUT"),
        ("list.json", "kaijisho/migration/1"),
    ] {
        let output = run(
            &place,
            &[
                "odd.toml",
                "--to",
                "mds-reference",
                "--list",
                name,
                "-o",
                &format!("{name}.toml"),
            ],
        );
        assert_eq!(output.status.code(), Some(1), "{}", told(&output));
        assert!(support::text(&place.join(name)).contains(needle), "{name}");
        assert!(
            out(&output).contains("MPII-2.4"),
            "the list is shown as well"
        );
    }
}

#[test]
fn lines_fit_a_terminal_of_80_columns() {
    let place = place("width");
    odd(&place);
    full(&place);
    for (file, to) in [("odd.toml", "mds-reference"), ("full.toml", "mds2-2019")] {
        for language in ["ja", "en"] {
            let text = out(&run(&place, &[file, "--to", to, "-v", "--lang", language]));
            assert!(text.lines().count() > 60);
            for line in text.lines() {
                let width: usize = line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
                assert!(width <= 82, "{width}: {line}");
            }
        }
    }
}

#[test]
fn one_of_several_disclosures_is_carried_and_the_others_are_named() {
    let place = place("several");
    let document = |form: &str, sheet: &str, answer: &str| {
        format!(
            "[[documents]]\nform = \"{form}\"\nsheet = \"{sheet}\"\n[[documents.items]]\nnumber = \"1\"\nanswer = \"{answer}\"\n"
        )
    };
    let both = document("mds-reference", "製品", "はい")
        + &document("sds-reference", "サービス", "いいえ");
    std::fs::write(place.join("both.toml"), &both).unwrap();
    let answer = |to: &str, more: &[&str]| {
        let output = run(
            &place,
            &[&["both.toml", "--to", to, "--format", "json"], more].concat(),
        );
        let json: serde_json::Value =
            serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", told(&output)));
        let left = json["left_out"][0]["sheet"].as_str().unwrap().to_owned();
        (json["steps"][0]["answer"].as_str().map(str::to_owned), left)
    };
    let is = |answer: &str, left: &str| (Some(answer.to_owned()), left.to_owned());
    assert_eq!(answer("sds-reference", &[]), is("no", "製品"));
    assert_eq!(answer("mds-reference", &[]), is("yes", "サービス"));
    assert_eq!(
        answer("mds-reference", &["--sheet", "サービス"]),
        is("no", "製品")
    );
    // MDS2 is about products.
    let output = run(&place, &["both.toml", "--to", "mds2-2019"]);
    assert!(
        out(&output).contains("移行していない開示書: サービス"),
        "{}",
        out(&output)
    );
    let absent = run(
        &place,
        &["both.toml", "--to", "mds-reference", "--sheet", "別の"],
    );
    assert_eq!(absent.status.code(), Some(2));
    assert!(told(&absent).contains("製品"), "{}", told(&absent));
    // Two of a kind: the user says which.
    let two = document("mds-reference", "甲", "はい") + &document("mds-reference", "乙", "いいえ");
    std::fs::write(place.join("both.toml"), two).unwrap();
    let several = run(&place, &["both.toml", "--to", "mds-reference"]);
    assert_eq!(several.status.code(), Some(2));
    assert!(told(&several).contains("--sheet"), "{}", told(&several));
    assert_eq!(answer("mds-reference", &["--sheet", "乙"]), is("no", "甲"));
}

#[test]
fn a_crosswalk_of_the_user_goes_first_and_must_be_of_these_forms() {
    let place = place("crosswalk");
    odd(&place);
    let write = |name: &str, to: &str, link: &str| {
        let head =
            format!("schema = \"kaijisho/crosswalk/1\"\nfrom = \"mds2-2019\"\nto = \"{to}\"\n");
        std::fs::write(place.join(name), head + link).unwrap();
    };
    write(
        "own.toml",
        "mds-reference",
        "[[link]]\nfrom = [\"PAUT-8\"]\nto = [\"39.2\"]\nkind = \"related\"\n",
    );
    write(
        "other.toml",
        "sds-reference",
        "[[link]]\nfrom = [\"PAUT-8\"]\nto = [\"44.2\"]\nkind = \"related\"\n",
    );
    let with = |file: &str| {
        run(
            &place,
            &["odd.toml", "--to", "mds-reference", "--crosswalk", file],
        )
    };
    assert!(
        out(&with("own.toml")).contains("引き継いだ回答 0"),
        "{}",
        out(&with("own.toml"))
    );
    let other = with("other.toml");
    assert_eq!(other.status.code(), Some(2));
    assert!(told(&other).contains("sds-reference"), "{}", told(&other));
}
