//! Conversions lose nothing: a disclosure is the same in xlsx, XML, JSON, TOML, CSV and FHIR, and after any chain of
//! them.
//!
//! The golden documents in `tests/golden` are written from `source.toml` there and compared byte by byte;
//! `KAIJISHO_UPDATE=1 cargo test --test convert` writes them anew, and their diff is to be read.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that panics has failed"
)]

use std::path::{Path, PathBuf};

use kaijisho::write::{Origin, Target, write};
use kaijisho::{Answer, Catalog, Examined, Language, Options, State};

#[path = "support/conversions.rs"]
mod conversions;
#[path = "convert/refusals.rs"]
mod refusals;
#[path = "convert/sheets.rs"]
mod sheets;

use conversions::{TARGETS, assert_same, read, written};

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name)
}

fn options() -> Options {
    Options::new(jiff::civil::date(2026, 10, 1))
}

/// Options with the golden form among the forms known, and nothing else.
fn golden_options() -> Options {
    let form = std::fs::read_to_string(golden("form.toml")).unwrap();
    Options {
        catalog: Catalog::parse(&form, "form.toml").unwrap(),
        ..options()
    }
}

/// What is said about the disclosures, places left out.
fn judged(examined: &Examined) -> Vec<(String, String)> {
    let mut judged: Vec<(String, String)> = examined
        .disclosure_findings
        .iter()
        .flatten()
        // Only a sheet of cells has hidden rows, rows without a number and numbers stored as numbers.
        .filter(|finding| !["row-hidden", "item-number-ambiguous"].contains(&finding.rule))
        // What stood beside the items of the original is other content afterwards.
        .filter(|finding| {
            !["rows-unmatched", "text-not-read", "content-kept"].contains(&finding.rule)
        })
        .filter(|finding| !(finding.rule == "item-unknown" && finding.item.is_none()))
        .map(|finding| {
            let item = finding.item.as_ref().map(ToString::to_string);
            (finding.rule.to_owned(), item.unwrap_or_default())
        })
        .collect();
    judged.sort();
    judged
}

/// Writes and reads in every format, in every chain of so many.
fn assert_every_chain(start: &Examined, options: &Options, what: &str, hops: usize) {
    assert!(!start.disclosures.is_empty(), "{what}: nothing read");
    chain(start, start, options, what, hops);
}

fn chain(start: &Examined, from: &Examined, options: &Options, what: &str, hops: usize) {
    for (target, ending) in TARGETS {
        let what = format!("{what} → {ending}");
        let bytes = written(&from.disclosures, target);
        let again = read(&format!("a.{ending}"), bytes, options);
        let about: Vec<_> = again
            .findings
            .iter()
            .map(|f| f.message(Language::En))
            .collect();
        assert_eq!(
            about,
            Vec::<String>::new(),
            "{what}: findings about the file"
        );
        assert_same(&start.disclosures, &again.disclosures, &what);
        assert_eq!(judged(start), judged(&again), "{what}");
        // FHIR ends a chain; what goes on from it is tested in a chain of its own.
        let is_fhir = target.as_fhir() == Some(target);
        let left = if is_fhir { 0 } else { hops - 1 };
        if left > 0 {
            chain(start, &again, options, &what, left);
        }
    }
}

/// Writes and reads in these formats, one after the other.
fn assert_chain(start: &Examined, options: &Options, what: &str, targets: &[usize]) {
    let Some((first, rest)) = targets.split_first() else {
        return;
    };
    let (target, ending) = TARGETS[*first];
    let what = format!("{what} → {ending}");
    let bytes = written(&start.disclosures, target);
    let again = read(&format!("a.{ending}"), bytes, options);
    assert_same(&start.disclosures, &again.disclosures, &what);
    assert_chain(&again, options, &what, rest);
}

fn oddities() -> Examined {
    let source = std::fs::read(golden("source.toml")).unwrap();
    read("source.toml", source, &golden_options())
}

#[test]
fn oddities_survive_every_chain() {
    assert_every_chain(&oddities(), &golden_options(), "source.toml", 3);
    assert_chain(
        &oddities(),
        &golden_options(),
        "source.toml",
        &[5, 0, 6, 1, 5, 4, 6],
    );
}

#[test]
fn oddities_are_read_as_what_they_are() {
    let source = oddities();
    let [mds, sds] = source.disclosures.as_slice() else {
        panic!("{:?}", source.findings);
    };
    let entry = |at: usize| &mds.entries[at];
    assert_eq!(entry(0).written, "はい");
    assert_eq!(
        entry(0).remark.text.as_deref(),
        Some("一つ目の備考\n二行目")
    );
    assert_eq!(entry(1).answer, Some(Answer::Yes));
    assert_eq!(entry(1).written, "対応済み");
    assert_eq!(entry(2).number.as_str(), "1.10");
    assert_eq!(entry(3).options, ["knowledge", "token"]);
    assert_eq!(
        (entry(4).state, entry(4).options.len()),
        (State::Unknown, 1)
    );
    assert_eq!((entry(5).answer, entry(5).written.as_str()), (None, "yes"));
    assert_eq!(entry(6).remark.text.as_deref(), Some(""));
    assert_eq!(entry(7).number.as_str(), "5");
    assert_eq!(
        (entry(7).state, entry(7).written.as_str()),
        (State::Conflicting, "はい・いいえ")
    );
    assert_eq!(entry(8).state, State::Unknown);
    assert_eq!(entry(8).remark.reference.as_deref(), Some("1"));
    assert_eq!(entry(9).item, None);
    assert_eq!(entry(9).remark.reference.as_deref(), Some("備考9"));
    assert_eq!(entry(10).state, State::Conflicting);
    assert_eq!(entry(10).remark.text, None);
    let referenced: Vec<bool> = mds.notes.iter().map(|note| note.referenced).collect();
    assert_eq!(referenced, [true, false, true, false]);
    assert_eq!(sds.form.id, "derived-sds");
    let answers: Vec<_> = sds
        .entries
        .iter()
        .map(|entry| (entry.answer, entry.state))
        .collect();
    assert_eq!(
        answers,
        [
            (Some(Answer::SeeNote), State::Answered),
            (Some(Answer::Na), State::Answered),
            (None, State::Conflicting),
            (Some(Answer::No), State::Answered),
            (None, State::Unanswered),
        ]
    );
    // The label and the key of a note, and nothing else, is put right; nothing is said where nothing is wrong.
    let about: Vec<_> = source
        .findings
        .iter()
        .map(|f| f.message(Language::En))
        .collect();
    assert_eq!(about, Vec::<String>::new());
}

#[test]
fn golden_documents() {
    let source = oddities();
    for (target, ending) in TARGETS.into_iter().filter(|(target, ending)| {
        *target != Target::Xlsx && Target::of_name(&format!("a.{ending}")) == Some(*target)
    }) {
        let path = golden(&format!("disclosure.{ending}"));
        let bytes = written(&source.disclosures, target);
        let text = String::from_utf8(bytes).unwrap();
        // The version of the tool stands first in the JSON, and changes with every release.
        let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
        let text = text.replacen(&version, "\"version\": \"0.0.0\"", 1);
        if std::env::var_os("KAIJISHO_UPDATE").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == text,
            "{} is not what is written now; KAIJISHO_UPDATE=1 writes it anew",
            path.display()
        );
        let again = read(
            &format!("a.{ending}"),
            committed.into_bytes(),
            &golden_options(),
        );
        assert_same(&source.disclosures, &again.disclosures, ending);
    }
}

#[test]
fn the_same_bytes_every_time() {
    let source = oddities();
    for (target, ending) in TARGETS {
        let (one, two) = (
            written(&source.disclosures, target),
            written(&source.disclosures, target),
        );
        assert!(one == two, "{ending}");
    }
}

#[test]
fn nasty_texts_come_back_from_everywhere() {
    let texts = [
        "=1+1",
        "'apostrophe",
        "@SUM(A1)",
        "_x0041_",
        "_x005F_x000D_",
        "_x005F\u{b}",
        "_x005F\r",
        "\u{0}\u{1}\u{8}\u{c}\u{e}\u{1f}\u{7f}\u{85}",
        "\u{feff}BOM",
        "\u{fffe}\u{ffff}",
        "a\rb\r\nc\nd\te",
        "  both ends  ",
        "\nfirst line empty",
        "last line empty\n",
        "\"\"\" ''' \\ \\u0041 \\",
        "<![CDATA[x]]> <!-- --> &amp; &#65; <?xml?>",
        "{\"a\": [1]} # [table]",
        "No.",
        "回答",
        "備考記載欄",
        "様式ID",
        "Form ID",
        "製品名：別の製品　バージョン：9",
        "😀𠮷野家 e\u{301} ㍿",
        "2026-09-30",
        "4.10",
        "1e5",
        "TRUE",
        "#N/A",
        "No",
    ];
    let given = golden_options();
    for text in texts {
        let value = serde_json::Value::from(text).to_string();
        let file = format!(
            r#"{{ "form": "golden", "sheet": {value},
              "header": {{ "date": {value}, "manufacturer": {value}, "product": {value}, "model": {value}, "version": {value} }},
              "items": [
                {{ "number": "1", "text": {value}, "answer": {value}, "remark": {value} }},
                {{ "number": "2", "text": {value}, "written": {value}, "remark": {value} }},
                {{ "number": "3", "text": {value}, "written": {value}, "remark": {value} }},
                {{ "number": "77", "text": {value}, "written": {value}, "remark_reference": {value} }},
                {{ "number": "6", "answer": "yes", "remark_reference": "備考5" }}
              ],
              "remarks": [{{ "key": 5, "text": {value} }}] }}"#
        );
        let start = read("a.json", file.into_bytes(), &given);
        assert_eq!(start.findings.len(), 0, "{text:?}: {:?}", start.findings);
        let [disclosure] = start.disclosures.as_slice() else {
            panic!("{text:?}");
        };
        assert_eq!(disclosure.entries[2].written, text);
        assert_eq!(disclosure.entries[2].text.as_ref().unwrap().text, text);
        assert_eq!(disclosure.entries[4].remark.text.as_deref(), Some(text));
        assert_eq!(disclosure.header[1].written, text.trim());
        assert_every_chain(&start, &given, &format!("{text:?}"), 1);
        assert_chain(&start, &given, &format!("{text:?}"), &[0, 1, 3, 2]);
    }
}

#[test]
fn what_several_keys_say_is_brought_together_or_told() {
    // Item as written, state and text expected, and what is told.
    let cases = [
        (
            r#"answer = "yes", written = "はい""#,
            State::Answered,
            "はい",
            "",
        ),
        (
            r#"answer = "yes", written = "有""#,
            State::Answered,
            "有",
            "",
        ),
        (
            r#"answer = "no", written = "有""#,
            State::Conflicting,
            "有・いいえ",
            "",
        ),
        (
            r#"answer = "na", written = "■はい □いいえ""#,
            State::Conflicting,
            "はい・対象外",
            "",
        ),
        (
            r#"answer = "yes", written = "検討中""#,
            State::Answered,
            "はい",
            "検討中",
        ),
        (
            r#"answer = "検討中", written = "はい""#,
            State::Answered,
            "はい",
            "検討中",
        ),
        (
            r#"answer = "検討中", written = "未定""#,
            State::Unknown,
            "未定",
            "検討中",
        ),
        (
            r#"answer = "yes", state = "unknown""#,
            State::Answered,
            "はい",
            "unknown",
        ),
        (
            r#"state = "conflicting", written = "はい・いいえ""#,
            State::Conflicting,
            "はい・いいえ",
            "",
        ),
        (
            r#"answer = "yes", remark = "自分の文", remark_reference = "備考1""#,
            State::Answered,
            "はい",
            "備考1",
        ),
    ];
    for (keys, state, expected, told) in cases {
        let text = format!(
            "form = \"golden\"\nitems = [{{ number = \"1\", {keys} }}]\nremarks = [{{ key = 1, text = \"別の文\" }}]"
        );
        let start = read("a.toml", text.into_bytes(), &golden_options());
        let entry = &start.disclosures[0].entries[0];
        assert_eq!(
            (entry.state, entry.written.as_str()),
            (state, expected),
            "{keys}"
        );
        let found: Vec<_> = start.findings.iter().filter_map(|f| f.found()).collect();
        assert_eq!(
            found.concat().trim_matches(['「', '」', '"']),
            told,
            "{keys}"
        );
        assert_every_chain(&start, &golden_options(), keys, 2);
    }
}

#[test]
fn methods_and_words_of_one_item_are_brought_together() {
    let cases: [(&str, State, &str, &[&str], bool); 6] = [
        (
            r#"options = ["knowledge", "token"]"#,
            State::Answered,
            "知識、物（カード・トークン）",
            &["knowledge", "token"],
            false,
        ),
        (
            r#"options = ["knowledge", "biometrics"]"#,
            State::Answered,
            "知識、生体",
            &["knowledge", "biometrics"],
            false,
        ),
        (
            r#"options = ["knowledge"], answer = "yes""#,
            State::Answered,
            "知識",
            &["knowledge"],
            false,
        ),
        (
            r#"options = ["knowledge"], answer = "no""#,
            State::Answered,
            "いいえ",
            &[],
            true,
        ),
        (
            r#"options = ["knowledge"], written = "生体""#,
            State::Answered,
            "生体",
            &["biometrics"],
            true,
        ),
        (r#"options = ["iris"]"#, State::Unknown, "iris", &[], false),
    ];
    for (keys, state, expected, methods, is_told) in cases {
        let text = format!("form = \"golden\"\nitems = [{{ number = \"2\", {keys} }}]");
        let start = read("a.toml", text.into_bytes(), &golden_options());
        let entry = &start.disclosures[0].entries[0];
        assert_eq!(
            (entry.state, entry.written.as_str()),
            (state, expected),
            "{keys}"
        );
        assert_eq!(entry.options, methods, "{keys}");
        assert_eq!(start.findings.len(), usize::from(is_told), "{keys}");
        assert_every_chain(&start, &golden_options(), keys, 1);
    }
}

#[test]
fn a_head_that_is_asked_as_items_is_their_answers() {
    let text = r#"{ "form": "mds2-2019", "header": { "manufacturer": "ACME", "product": "P", "version": "1.2" },
        "items": [{ "number": "DOC-2", "answer": "" }, { "number": "SHAD-15", "answer": "no" }] }"#;
    let start = read("a.json", text.into(), &options());
    let numbers: Vec<_> = start.disclosures[0]
        .entries
        .iter()
        .map(|e| e.number.as_str())
        .collect();
    assert_eq!(numbers, ["DOC-1", "DOC-2", "SAHD-15"]);
    assert_eq!(start.disclosures[0].entries[1].written, "P");
    assert_every_chain(&start, &options(), "mds2", 2);

    let text = r#"{ "form": "mds2-2019", "header": { "manufacturer": "ACME" },
        "items": [{ "number": "DOC-1", "answer": "Other" }] }"#;
    let start = read("a.json", text.into(), &options());
    assert_eq!(start.findings.len(), 1, "{:?}", start.findings);
    assert_eq!(start.disclosures[0].header[0].written, "Other");
}

#[test]
fn small_and_large_disclosures() {
    let empty = r#"{ "form": "mds-reference", "header": { "product": "P" }, "items": [] }"#;
    assert_every_chain(
        &read("a.json", empty.into(), &options()),
        &options(),
        "empty",
        2,
    );
    // So many that the white space between their elements would go over the limit of a text.
    let items: Vec<String> = (1..=7000)
        .map(|n| {
            let number = format!("{}.{}", 500 + n / 100, n % 100);
            format!(r#"{{"number": "{number}", "answer": "yes"}}"#)
        })
        .collect();
    let many = format!(
        r#"{{ "form": "mds-reference", "items": [{}] }}"#,
        items.join(",")
    );
    let many = read("a.json", many.into_bytes(), &options());
    assert_chain(&many, &options(), "many", &[1]);
    let long = format!(
        r#"{{ "form": "mds-reference", "items": [{{"number": "1", "answer": "yes", "remark": "{}"}}] }}"#,
        "あ".repeat(32_767)
    );
    assert_every_chain(
        &read("a.json", long.into_bytes(), &options()),
        &options(),
        "long",
        2,
    );
}

#[test]
fn what_cannot_be_written_is_refused() {
    let origin = Origin {
        file: "a",
        sha256: "",
    };
    for (target, _) in TARGETS {
        assert!(write(&[], &origin, target, Language::Ja).is_err());
        let notes = "x".repeat(20_000);
        let text = format!(
            r#"{{ "form": "mds-reference", "items": [{{"number": "1", "remark": "備考1、2"}}],
                "remarks": [{{"key": 1, "text": "{notes}"}}, {{"key": 2, "text": "{notes}"}}] }}"#
        );
        let start = read("a.json", text.into_bytes(), &options());
        let error = write(&start.disclosures, &origin, target, Language::Ja).unwrap_err();
        assert!(error.to_string().contains("40001 characters"), "{error}");
    }
}

#[test]
fn what_the_format_does_not_know_is_told_and_kept() {
    let xml = r#"<kaijisho xmlns="urn:kaijisho:disclosure:1" xmlns:x="urn:example">
        <disclosure form="golden" x:desk="情報部">
          <header><product>見本</product><fax>00-0000</fax></header>
          <item number="1"><answer>yes</answer><x:note><x:by>山田</x:by></x:note></item>
        </disclosure></kaijisho>"#;
    let start = read("a.xml", xml.into(), &golden_options());
    let told: Vec<_> = start.findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(told, ["content-unrecognised"; 3]);
    let kept: Vec<_> = start.disclosures[0]
        .kept
        .iter()
        .map(|kept| (kept.label.as_str(), kept.text.as_str(), kept.item.is_some()))
        .collect();
    assert_eq!(
        kept,
        [
            ("x:desk", "情報部", false),
            ("x:note", r#"{"x:by":"山田"}"#, true),
            ("header.fax", "00-0000", false),
        ]
    );
    assert_every_chain(&start, &golden_options(), "foreign elements", 2);
}

#[test]
fn a_csv_file_that_excel_saved_says_the_same() {
    let text = r#"{ "form": "golden", "header": { "date": "2026-09-30", "version": "3.10" },
        "items": [{ "number": "1.10", "answer": "yes", "remark": "=1+1" }, { "number": "1.1", "answer": "no" }],
        "kept": [{ "kind": "line", "label": "電話", "text": "03-0000", "origin": "MDS!A4" }] }"#;
    let start = read("a.json", text.into(), &golden_options());
    let csv = String::from_utf8(written(&start.disclosures, Target::Csv)).unwrap();
    assert!(
        csv.starts_with("\u{feff}見本の開示書,,,,\r\n様式ID,golden,kaijisho/disclosure/1,,\r\n")
    );
    assert!(csv.contains("\r\n'1.10,,はい,'=1+1,\r\n"), "{csv}");
    assert!(csv.contains("バージョン,'3.10,"), "{csv}");
    // Excel shows days in its own way, and saves with the separator and the encoding of the office.
    let saved = csv.replace("2026-09-30", "2026/9/30");
    let tabs = saved.replace(',', "\t");
    let utf16: Vec<u8> = tabs.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let shift_jis = encoding_rs::SHIFT_JIS
        .encode(saved.trim_start_matches('\u{feff}'))
        .0
        .into_owned();
    let semicolons = saved.replace(',', ";").into_bytes();
    for (what, bytes) in [
        ("tabs", utf16),
        ("Shift_JIS", shift_jis),
        ("semicolons", semicolons),
    ] {
        let again = read("a.csv", bytes, &golden_options());
        assert_same(&start.disclosures, &again.disclosures, what);
    }
}

#[test]
fn what_stood_beside_the_items_is_told_after_a_conversion_too() {
    let text = r#"{ "form": "golden", "items": [{ "number": "1", "answer": "yes" }],
        "kept": [{ "kind": "comment", "text": "次の版で対応", "origin": "MDS!C9" }] }"#;
    let start = read("a.json", text.into(), &golden_options());
    for (at, (_, ending)) in TARGETS.into_iter().enumerate() {
        let bytes = written(&start.disclosures, TARGETS[at].0);
        let again = read(&format!("a.{ending}"), bytes, &golden_options());
        let mut told = again.disclosure_findings[0].iter();
        assert!(
            told.any(|finding| finding.rule == "content-kept"),
            "{ending}"
        );
    }
}

#[test]
fn an_answer_that_is_the_number_of_a_note_refers_to_it_in_every_format() {
    let text = r#"{ "form": "mds-reference", "items": [
        { "number": "1", "written": "備考1" },
        { "number": "2", "written": "備考1", "remark": "なし" },
        { "number": "3", "answer": "see-note" }
    ], "remarks": [{ "key": 1, "text": "別紙を参照" }] }"#;
    let start = read("a.json", text.into(), &options());
    let remarks: Vec<Option<&str>> = start.disclosures[0]
        .entries
        .iter()
        .map(|entry| entry.remark.text.as_deref())
        .collect();
    assert_eq!(remarks, [Some("別紙を参照"), Some("別紙を参照"), None]);
    assert_every_chain(&start, &options(), "an answer that is a number", 2);
}
