//! What people see at a terminal of 80 columns: nothing wider, nothing in the words of a program.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::path::{Path, PathBuf};
use std::process::Command;

use unicode_width::UnicodeWidthStr;

/// An empty folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let place = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("terminal-{name}"));
    if place.exists() {
        std::fs::remove_dir_all(&place).unwrap();
    }
    std::fs::create_dir_all(&place).unwrap();
    place
}

/// Both streams of a command run in a folder.
fn shown(words: &[&str], language: &str, place: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_kaijisho"))
        .args(words)
        .args(["--lang", language])
        .current_dir(place)
        .env_clear()
        .env("COLUMNS", "80")
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8(text).unwrap();
    assert!(!text.is_empty(), "{words:?}");
    text
}

/// A text as if its lines had not been broken for the terminal.
fn unbroken(text: &str) -> String {
    text.lines().map(str::trim_start).collect()
}

#[test]
fn lists_and_mistakes_fit_the_terminal() {
    let place = folder("width");
    std::fs::write(
        place.join("form.toml"),
        "schema = \"kaijisho/form/1\"\nid = \"x\"\nfamili = \"mds\"\n",
    )
    .unwrap();
    std::fs::write(
        place.join("profile.toml"),
        "schema = \"kaijisho/profile/1\"\nid = \"x\"\n[[requirement]]\nlevell = \"must\"\n",
    )
    .unwrap();
    let commands: [&[&str]; 9] = [
        &["profile", "list"],
        &["profile", "show", "small-hospital", "-v"],
        &["profile", "check", "profile.toml"],
        &["form", "list"],
        &["form", "show", "mds2-2019", "-v"],
        &["form", "show", "sds-reference", "-v"],
        &["form", "check", "form.toml"],
        &["form", "check", "nowhere.toml"],
        &["check", "nowhere.xlsx"],
    ];
    for words in commands {
        for language in ["ja", "en"] {
            for line in shown(words, language, &place).lines() {
                assert!(line.width() <= 80, "{words:?} {language}: {line}");
            }
        }
    }
}

#[test]
fn mistakes_in_toml_are_told_in_the_language_of_the_reader() {
    let place = folder("toml");
    for (start, verb) in [("form", "form"), ("profile", "profile")] {
        let head = format!("schema = \"kaijisho/{start}/1\"\n");
        for (text, ja, en) in [
            (
                "idd = \"x\"\n",
                "「idd」という名前は使えません（「id」ではありませんか）",
                "did you mean id?",
            ),
            ("id = 5\n", "整数「5」が書かれています", "not the integer 5"),
            ("id = ”x”\n", "半角の", "quotation marks"),
        ] {
            std::fs::write(place.join("a.toml"), format!("{head}{text}")).unwrap();
            for (language, expected) in [("ja", ja), ("en", en)] {
                let told = unbroken(&shown(&[verb, "check", "a.toml"], language, &place));
                let expected = unbroken(expected);
                let told = told.replace(' ', "");
                assert!(told.contains(&expected.replace(' ', "")), "{told}");
                assert!(told.contains("a.toml:2:"), "{told}");
            }
        }
    }
}

/// A file of answers that someone edited: what to mend, and nothing about workbooks.
#[test]
fn a_slip_in_a_file_of_answers_is_told_where_it_is() {
    let place = folder("answers");
    for (name, text, at, reason) in [
        (
            "a.toml",
            "form = \"mds-reference\"\nitems = [\n{ number = \"1\" answer = \"yes\" }]\n",
            "3:",
            "「,」がありません",
        ),
        (
            "a.json",
            "{ \"form\": \"mds-reference\",\n \"items\": [{ \"number\": \"1\", }] }\n",
            "2:",
            "最後の「,」",
        ),
    ] {
        std::fs::write(place.join(name), text).unwrap();
        let told = unbroken(&shown(&["check", name], "ja", &place));
        assert!(told.contains(reason), "{told}");
        assert!(told.contains(&format!("エラー {at}")), "{told}");
        assert!(
            told.contains("示された行と列") && !told.contains("Excel"),
            "{told}"
        );
    }
}

#[test]
fn a_file_that_is_not_there_is_told_with_what_helps_to_find_it() {
    let place = folder("missing");
    std::fs::write(place.join("開示書 ABC.xml"), "").unwrap();
    // Another ending, and full-width letters and space.
    let told = unbroken(&shown(&["check", "開示書　ＡＢＣ.xlsx"], "ja", &place));
    assert!(told.contains("その名前のファイルがありません"), "{told}");
    assert!(
        told.contains("よく似た名前のファイルがあります: 開示書 ABC.xml"),
        "{told}"
    );
    // Nothing is said of files that are there and cannot be read.
    assert!(
        !told.contains("UTF-8") && !told.contains("作成元"),
        "{told}"
    );
    for verb in ["form", "profile"] {
        let told = unbroken(&shown(&[verb, "check", "nowhere.toml"], "ja", &place));
        assert!(told.contains("対処: ファイル名のつづり"), "{told}");
    }
    let told = unbroken(&shown(&["check", "nowhere.xlsx"], "en", &place));
    assert!(
        told.contains("no file of this name") && told.contains("its ending"),
        "{told}"
    );
}

#[test]
fn what_would_be_right_is_named_after_what_it_is() {
    let place = folder("expected");
    let unknown = r#"{ "form": "mds-reference", "items": [{ "number": "1", "anser": "yes" }] }"#;
    std::fs::write(place.join("name.json"), unknown).unwrap();
    let form = r#"{ "form": "nobody-knows", "items": [{ "number": "1" }] }"#;
    std::fs::write(place.join("form.json"), form).unwrap();
    for (file, label, other) in [
        ("name.json", "ここで使えるもの", "Can be used here"),
        ("form.json", "知っている様式", "Forms that are known"),
    ] {
        for format in ["human", "md", "html"] {
            for (language, label) in [("ja", label), ("en", other)] {
                let words = ["check", file, "--format", format];
                let told = shown(&words, language, &place);
                assert!(told.contains(label), "{file} {format}: {told}");
            }
        }
    }
    // The choices of an answer keep the words for choices.
    let answer = shown(&["check", "name.json"], "ja", &place);
    assert!(
        answer.contains("記入できる内容: はい / いいえ / 対象外"),
        "{answer}"
    );
}

#[test]
fn a_form_without_an_edition_leaves_no_gap() {
    let place = folder("edition");
    let derived = r#"{ "form": "derived-mds", "items": [{ "number": "1", "text": "通信を暗号化する", "answer": "yes" }] }"#;
    std::fs::write(place.join("a.json"), derived).unwrap();
    let known = r#"{ "form": "mds-reference", "items": [{ "number": "1", "answer": "yes" }] }"#;
    std::fs::write(place.join("b.json"), known).unwrap();
    for (format, language, edition) in [
        ("md", "ja", "版 "),
        ("md", "en", "edition "),
        ("html", "ja", "版 "),
        ("html", "en", "edition "),
    ] {
        let without = shown(&["report", "a.json", "--format", format], language, &place);
        assert!(!without.contains(edition), "{format} {language}");
        let with = shown(&["report", "b.json", "--format", format], language, &place);
        assert!(with.contains(edition), "{format} {language}");
    }
}

/// The words at the beginning of the rows of a help page that name a verb.
fn verbs(page: &str) -> Vec<String> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("  "));
    rows.filter(|row| row.starts_with(|first: char| first.is_ascii_lowercase()))
        .filter(|row| !row.starts_with("kaijisho"))
        .filter_map(|row| row.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_help_page_fits_the_terminal_and_begins_with_what_is_the_verbs_own() {
    let place = folder("help");
    for language in ["ja", "en"] {
        let overview = shown(&["--help"], language, &place);
        let mut pages: Vec<Vec<String>> = vec![Vec::new()];
        for verb in verbs(&overview) {
            let page = shown(&[&verb, "--help"], language, &place);
            pages.extend(
                verbs(&page)
                    .into_iter()
                    .map(|inner| vec![verb.clone(), inner]),
            );
            pages.push(vec![verb]);
        }
        assert!(pages.len() > 20, "{pages:?}");
        for words in &pages {
            let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
            words.push("--help");
            let page = shown(&words, language, &place);
            for line in page.lines() {
                assert!(line.width() <= 80, "{words:?} {language}: {line}");
            }
            assert!(page.contains("--help"), "{words:?} {language}: {page}");
        }
    }
    let page = shown(&["changes", "--help"], "ja", &place);
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}: {page}"));
    assert!(at("  <OLD>") < at("  <NEW>"), "{page}");
    assert!(at("--against") < at("--lang"), "{page}");
    let page = shown(&["new", "--help"], "ja", &place);
    // What a verb does not heed is not offered.
    assert!(
        !page.contains("--layout") && page.contains("--products"),
        "{page}"
    );
}

#[test]
fn mistakes_of_the_command_line_are_told_with_what_may_be_written() {
    let place = folder("command-line");
    std::fs::write(
        place.join("products.toml"),
        "schema = \"kaijisho/products/1\"\n",
    )
    .unwrap();
    let cases: [(&[&str], &[&str]); 9] = [
        (
            &["chek", "x.xlsx"],
            &["もしかして: check", "kaijisho --help"],
        ),
        (&["new", "--form"], &["値が要ります", "kaijisho new --help"]),
        (
            &["check", "x.xlsx", "--date", "2026/10/1"],
            &["2026-10-01 のように", "kaijisho check --help"],
        ),
        (
            &["check", "x.xlsx", "--format", "pdf"],
            &["使えるもの: human"],
        ),
        (
            &["check", "x.xlsx", "--color", "red"],
            &["auto, always, never"],
        ),
        (&["check", "x.xlsx", "-o", "x.pdf"], &[".html, .xlsx"]),
        (
            &["check", "x.xlsx", "--form", "blank.xlsx"],
            &["kaijisho form import blank.xlsx"],
        ),
        (
            &["new", "--form", "mds-reference", "-o", "nowhere/x.xlsx"],
            &["書く先のフォルダーがありません"],
        ),
        (
            &["check", "products.toml"],
            &["このファイルは製品ファイルです", "kaijisho new --from"],
        ),
    ];
    for (words, expected) in cases {
        let page = shown(words, "ja", &place);
        for line in page.lines() {
            assert!(line.width() <= 80, "{words:?}: {line}");
        }
        let told = unbroken(&page);
        for text in expected {
            let whole = unbroken(text);
            assert!(
                told.replace(' ', "").contains(&whole.replace(' ', "")),
                "{words:?}: {page}"
            );
        }
        assert!(
            !told.contains("unknown") && !told.contains("failed"),
            "{page}"
        );
    }
}

#[test]
fn a_file_that_is_written_is_named_with_the_next_step() {
    let place = folder("written");
    let told = shown(
        &["new", "--form", "mds-reference", "-o", "a.toml"],
        "ja",
        &place,
    );
    assert!(told.contains("a.toml に書きました"), "{told}");
    assert!(told.contains("kaijisho check a.toml で点検"), "{told}");
    let told = shown(&["convert", "a.toml", "a.csv"], "ja", &place);
    assert!(told.contains("a.csv に書きました"), "{told}");
}

#[test]
fn findings_of_one_kind_are_told_in_full_three_times_and_then_in_a_line_each() {
    let place = folder("many");
    shown(
        &["new", "--form", "mds-reference", "-o", "a.toml"],
        "ja",
        &place,
    );
    let page = shown(&["check", "a.toml"], "ja", &place);
    // Twenty of the kind: three with what to do, the others with place and message.
    let kind = page.matches("MDS501 ").count();
    assert_eq!(kind, 20, "{page}");
    assert_eq!(page.matches("備考欄に説明").count(), 3, "{page}");
    assert!(page.contains("MDS501 項目4の回答がありません"), "{page}");
    let all = shown(&["check", "a.toml", "-v"], "ja", &place);
    assert!(unbroken(&all).matches("備考欄に説明").count() > 40, "{all}");
}
