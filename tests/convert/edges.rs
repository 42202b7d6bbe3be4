//! The edges of conversion: nasty texts, keys that contradict, sizes, names of sheets.

use super::*;

#[test]
fn nasty_texts_come_back_from_everywhere() {
    let texts = [
        "=1+1",
        "'apostrophe",
        "@SUM(A1)",
        "_x0041_",
        "_x005F_x000D_",
        "_x005F\u{b}",
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
        assert_every_chain(&start, &given, &format!("{text:?}"), 2);
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
    let items: Vec<String> = (1..=9000)
        .map(|n| {
            format!(
                r#"{{"number": "{}.{}", "answer": "yes"}}"#,
                500 + n / 100,
                n % 100
            )
        })
        .collect();
    let many = format!(
        r#"{{ "form": "mds-reference", "items": [{}] }}"#,
        items.join(",")
    );
    let start = read("a.json", many.into_bytes(), &options());
    for (target, ending) in TARGETS {
        let again = read(
            &format!("a.{ending}"),
            written(&start.disclosures, target),
            &options(),
        );
        assert_same(&start.disclosures, &again.disclosures, ending);
    }
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
fn sheets_get_names_that_excel_takes() {
    let documents: Vec<String> = ["[a]:*?/\\", "", "History", "MDS", "mds", "あ".repeat(40).as_str(), "'q'", "\u{1}"]
        .iter()
        .map(|name| {
            let name = serde_json::Value::from(*name);
            format!(r#"{{ "form": "mds-reference", "sheet": {name}, "items": [{{"number": "1", "answer": "yes"}}] }}"#)
        })
        .collect();
    let text = format!(r#"{{ "documents": [{}] }}"#, documents.join(","));
    let start = read("a.json", text.into_bytes(), &options());
    let again = read(
        "a.xlsx",
        written(&start.disclosures, Target::Xlsx),
        &options(),
    );
    let names: Vec<_> = again
        .sheets
        .iter()
        .map(|sheet| sheet.name.to_string())
        .collect();
    let long = "あ".repeat(31);
    assert_eq!(
        names,
        [
            "_a______", "MDS", "MDS (2)", "MDS (3)", "mds (4)", &long, "q", "_"
        ]
    );
    assert_same(&start.disclosures, &again.disclosures, "names");
}

#[test]
fn a_plain_sheet_may_be_edited() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let rows: [&[&str]; 9] = [
        &["提出用", "社内で追記した行"],
        &["", "様式ＩＤ", "mds-reference"],
        &["", "製品名", "サービス"],
        &["", "バージョン"],
        &["備考", "回答", "番号", "質問"],
        &["", "", "第1章"],
        &["自由な備考", "はい", "1", "質問1"],
        &["備考2", "", "2", "質問2"],
        &["", "", "備考欄"],
    ];
    for (row, cells) in rows.into_iter().enumerate() {
        for (column, text) in cells.iter().enumerate() {
            sheet.write(row as u32, column as u16, *text).unwrap();
        }
    }
    let examined = read("a.xlsx", workbook.save_to_buffer().unwrap(), &options());
    let disclosure = &examined.disclosures[0];
    assert_eq!(disclosure.form.id, "mds-reference");
    assert_eq!(
        disclosure.field(kaijisho::Field::Product).unwrap().written,
        "サービス"
    );
    let version = disclosure.field(kaijisho::Field::Version).unwrap();
    assert_eq!(
        (version.written.as_str(), version.place.to_string().as_str()),
        ("", "Sheet1!C4")
    );
    let entries: Vec<_> = disclosure
        .entries
        .iter()
        .map(|e| {
            (
                e.number.as_str(),
                e.answer,
                e.remark.text.as_deref(),
                e.place.to_string(),
            )
        })
        .collect();
    assert_eq!(
        entries,
        [
            (
                "1",
                Some(Answer::Yes),
                Some("自由な備考"),
                "Sheet1!B7".to_owned()
            ),
            ("2", None, None, "Sheet1!B8".to_owned()),
        ]
    );
}
