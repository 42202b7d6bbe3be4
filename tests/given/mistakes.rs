//! Every mistake that a layout file can have: its place, what is wrong, what helps.

use kaijisho::{Error, Finding, GivenLayouts, Language};

fn mistakes(text: &str) -> Vec<Finding> {
    match GivenLayouts::parse(text, "layout.toml") {
        Ok(layouts) => panic!("no mistake: {layouts:?}\n{text}"),
        Err(Error::Invalid { findings, .. }) => findings,
        Err(other) => panic!("{other}"),
    }
}

const SOUND: &str = r#"schema = "kaijisho/layout/1"
[[table]]
sheet = "MDS"
header_row = 2
first_row = 3
last_row = 9
number = "A"
question = "B"
answer = "C"
remark = "D"
codes = { "1" = "yes" }
head = { date = "B1" }
"#;

#[test]
fn every_mistake_has_its_place_and_says_how_to_repair_it() {
    assert!(GivenLayouts::parse(SOUND, "layout.toml").is_ok());
    // What is replaced, by what; where it is told; what was found; what helps.
    let cases: &[(&str, &str, &str, &str, &str)] = &[
        (
            "kaijisho/layout/1",
            "kaijisho/layout/2",
            "1:10",
            "kaijisho/layout/2",
            "kaijisho/layout/1",
        ),
        (
            "schema = \"kaijisho/layout/1\"",
            "",
            "1:1",
            "schema",
            "kaijisho/layout/1",
        ),
        ("[[table]]", "[table]", "2:1", "[[table]]", "[[table]]"),
        ("\"MDS\"", "\"\"", "3:9", "sheet", "引用符"),
        ("\"MDS\"", "MDS", "3:9", "囲まれていません", "引用符"),
        (
            "header_row = 2",
            "header = 2",
            "4:1",
            "header",
            "header_row",
        ),
        (
            "first_row = 3",
            "first_row = 0",
            "5:13",
            "first_row",
            "1048576",
        ),
        (
            "first_row = 3",
            "first_row = \"3\"",
            "5:13",
            "\"3\"",
            "引用符を付けずに",
        ),
        (
            "first_row = 3",
            "first_row = 2",
            "5:13",
            "first_row（2）",
            "header_row",
        ),
        (
            "last_row = 9",
            "last_row = 1_048_577",
            "6:12",
            "1_048_577",
            "1048576",
        ),
        (
            "last_row = 9",
            "last_row = 2",
            "6:12",
            "last_row（2）",
            "header_row",
        ),
        ("number = \"A\"\n", "", "2:1", "number", "number = \"B\""),
        ("\"A\"", "[]", "7:10", "number", "20個"),
        ("\"A\"", "[\"A\", \"Ａ\"]", "7:16", "number", "繰り返さず"),
        ("\"A\"", "[\"A\", \"XFE\"]", "7:16", "XFE", "XFD"),
        ("\"A\"", "1", "7:10", "number", "\"F\""),
        ("\"B\"\n", "\"B3\"\n", "8:12", "B3", "\"F\""),
        ("answer = \"C\"\n", "", "2:1", "回答の列", "marks"),
        (
            "answer = \"C\"",
            "answer = \"C\"\nmarks = { yes = \"E\" }",
            "10:9",
            "marks",
            "どちらか",
        ),
        ("answer = \"C\"\n", "marks = {}\n", "9:9", "marks", "yes ="),
        (
            "remark = \"D\"",
            "remark = \"C\"",
            "10:10",
            "列 C",
            "remark_row",
        ),
        (
            "remark = \"D\"",
            "remark = \"D\"\nanswer_row = 101",
            "11:14",
            "101",
            "0～100",
        ),
        (
            "\"1\" = \"yes\"",
            "\"1\" = \"はい\"",
            "11:17",
            "はい",
            "\"yes\"",
        ),
        (
            "\"1\" = \"yes\"",
            "\"1\" = \"yes\", \"１\" = \"no\"",
            "11:24",
            "二度",
            "一つずつ",
        ),
        (
            "\"1\" = \"yes\"",
            "\"\" = \"yes\"",
            "11:11",
            "「」",
            "一つずつ",
        ),
        (
            "codes = { \"1\" = \"yes\" }",
            "codes = {}",
            "11:9",
            "codes",
            "100組",
        ),
        ("\"B1\"", "\"1B\"", "12:17", "1B", "\"C3\""),
        ("date", "day", "12:10", "day", "date, manufacturer"),
        ("{ date = \"B1\" }", "\"B1\"", "12:8", "head", "product"),
    ];
    for (from, to, place, found, help) in cases {
        assert!(SOUND.contains(from), "{from}");
        let text = SOUND.replacen(from, to, 1);
        let told = mistakes(&text);
        assert_eq!(told[0].rule, "layout-invalid");
        let first = &told[0];
        assert_eq!(
            first.place.to_string(),
            *place,
            "{to}: {}",
            first.message(Language::Ja)
        );
        assert!(
            first.message(Language::Ja).contains(found),
            "{to}: {}",
            first.message(Language::Ja)
        );
        assert!(
            first.help(Language::Ja).contains(help),
            "{to}: {}",
            first.help(Language::Ja)
        );
        // Nothing is left open in either language.
        for language in Language::ALL {
            let shown = first.message(language) + &first.help(language);
            assert!(!shown.contains('–'), "{shown}");
        }
    }
}

#[test]
fn all_mistakes_come_together_in_the_order_of_the_file() {
    let text = SOUND
        .replace("\"MDS\"", "7")
        .replace("first_row = 3", "first_row = -3")
        .replace("question = \"B\"", "question = \"?\"")
        .replace("\"yes\"", "\"oui\"")
        + "[[table]]\nsheet = \"別\"\nfoo = 1\n";
    let told = mistakes(&text);
    let places: Vec<String> = told
        .iter()
        .map(|finding| finding.place.to_string())
        .collect();
    assert_eq!(
        places,
        [
            "3:9", "5:13", "8:12", "11:17", "13:1", "13:1", "13:1", "15:1"
        ]
    );
}

#[test]
fn tables_that_claim_the_same_rows() {
    let again = SOUND.replace("schema = \"kaijisho/layout/1\"\n", "");
    let told = mistakes(&format!("{SOUND}{again}"));
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].place.to_string(), "13:1");
    let below = again
        .replace("header_row = 2", "header_row = 12")
        .replace("first_row = 3\nlast_row = 9\n", "");
    assert!(GivenLayouts::parse(&format!("{SOUND}{below}"), "layout.toml").is_ok());
}

#[test]
fn hostile_layout_files_are_refused_in_bounds() {
    let many = "[[table]]\n".repeat(101);
    let told = mistakes(&format!("schema = \"kaijisho/layout/1\"\n{many}"));
    assert_eq!(told.len(), 1);
    let unknown: String = (0..5000).map(|at| format!("k{at} = 1\n")).collect();
    let told = mistakes(&format!("{SOUND}{unknown}"));
    assert_eq!(told.len(), 101);
    assert!(told[100].message(Language::En).contains("4900 more"));
    let deep = format!(
        "{SOUND}remark_row = {}{}",
        "[".repeat(5000),
        "]".repeat(5000)
    );
    assert!(!mistakes(&deep).is_empty());
    assert_eq!(mistakes(&"#".repeat(1024 * 1024 + 1)).len(), 1);
    assert_eq!(mistakes("").len(), 2);
    // Far corners are addresses like others.
    let far = SOUND
        .replace("\"B1\"", "\"XFD1048576\"")
        .replace("last_row = 9", "last_row = 1048576")
        + "answer_row = 100\n";
    assert!(GivenLayouts::parse(&far, "layout.toml").is_ok());
}
