//! Layouts that a user describes: odd sheets read as described, and every mistake that a layout file can have.

mod support;

use kaijisho::{Error, Field, Finding, GivenLayouts, Language};
use support::case::{Case, Outcome};

/// A workbook of sheets in the notation of the cases, read with a layout file.
fn read(layout: &str, sheets: &str) -> Outcome {
    let layout = format!("schema = \"kaijisho/layout/1\"\n{layout}");
    let case = format!("about = \"a sheet\"\nlayout = '''\n{layout}'''\n{sheets}");
    Case::parse(&case, "a case").run("given")
}

/// Number, question, answer and remark of every item.
fn items(outcome: &Outcome) -> Vec<(String, String, String, String)> {
    let entries = outcome.disclosure().entries.iter();
    entries
        .map(|entry| {
            (
                entry.number.to_string(),
                entry
                    .text
                    .as_ref()
                    .map_or_else(String::new, |text| text.text.clone()),
                entry
                    .answer
                    .map_or(entry.state.code(), kaijisho::Answer::code)
                    .to_owned(),
                entry.remark.text.clone().unwrap_or_default(),
            )
        })
        .collect()
}

fn item(
    number: &str,
    question: &str,
    answer: &str,
    remark: &str,
) -> (String, String, String, String) {
    (number.into(), question.into(), answer.into(), remark.into())
}

fn names(outcome: &Outcome) -> Vec<String> {
    let findings = outcome.findings.iter();
    findings
        .map(|finding| format!("{} {}", finding.rule, finding.place))
        .collect()
}

#[test]
fn parts_of_numbers_codes_and_cells_of_the_head() {
    let outcome = read(
        r#"[[table]]
sheet = "回答"
header_row = 4
number = ["A", "B", "C"]
question = "D"
answer = "E"
remark = "F"
codes = { "A" = "yes", "B" = "no", "Z" = "na" }
head = { date = "C1", manufacturer = "C2", product = "$D$2", model = "D3", version = "E2" }
"#,
        r#"
[[sheet]]
name = "回答"
rows = [
    ["", "", "令和8年9月30日"],
    ["", "", "見本メディカル", "製品名：見本カルテ", "3.2"],
    [],
    ["甲", "乙", "丙", "丁", "戊", "己"],
    [4, 1, 1, "記録を残す", "A", "標準"],
    ["", "", 2, "暗号化する", "ｂ", ""],
    ["", 2, "", "時刻を合わせる", "Z", "時計なし"],
]
"#,
    );
    assert_eq!(
        items(&outcome),
        [
            item("4.1.1", "記録を残す", "yes", "標準"),
            item("4.1.2", "暗号化する", "no", ""),
            item("4.2", "時刻を合わせる", "na", "時計なし"),
        ]
    );
    let field = |field| {
        let value = outcome.disclosure().field(field).expect("a field");
        (value.value(), value.place.to_string())
    };
    let is = |value: &str, place: &str| (value.to_owned(), place.to_owned());
    assert_eq!(field(Field::Date), is("2026-09-30", "回答!C1"));
    assert_eq!(field(Field::Manufacturer), is("見本メディカル", "回答!C2"));
    assert_eq!(field(Field::Product), is("見本カルテ", "回答!D2"));
    assert_eq!(field(Field::Version), is("3.2", "回答!E2"));
    assert_eq!(field(Field::Model), is("", "回答!D3"));
    assert_eq!(outcome.disclosure().entries[1].place.to_string(), "回答!E6");
    assert_eq!(names(&outcome), ["form-derived 回答"]);
}

#[test]
fn cells_of_the_head_count_before_labels() {
    let sheet = r#"
[[sheet]]
name = "回答"
rows = [
    ["作成日", 2020-01-01, "改訂", 2026-09-30],
    ["製品名", "旧称", "新称"],
    ["1", "記録を残す", "はい"],
    ["2", "暗号化する", "いいえ"],
]
"#;
    let table = "[[table]]\nfirst_row = 3\nnumber = \"A\"\nquestion = \"B\"\nanswer = \"C\"\n";
    let value = |layout: &str, field| {
        let outcome = read(layout, sheet);
        outcome
            .disclosure()
            .field(field)
            .map(kaijisho::HeaderValue::value)
    };
    let head = format!("{table}head = {{ date = \"D1\", product = \"c2\" }}\n");
    assert_eq!(value(table, Field::Date).as_deref(), Some("2020-01-01"));
    assert_eq!(value(&head, Field::Date).as_deref(), Some("2026-09-30"));
    assert_eq!(value(&head, Field::Product).as_deref(), Some("新称"));
}

#[test]
fn cards_with_answer_and_remark_below_the_number() {
    let outcome = read(
        r#"[[table]]
first_row = 2
number = "A"
answer = "A"
answer_row = 2
remark = "B"
remark_row = 2
"#,
        r#"
[[sheet]]
name = "カード"
rows = [
    ["見本カルテ"],
    ["1.1 記録を残す"],
    ["ここから下は回答者が書く", "補足"],
    ["はい", "一年間"],
    [],
    ["1.2 暗号化する"],
    ["ここから下は回答者が書く", "補足"],
    ["", "検討中"],
    [],
    ["番号の読めない札"],
    ["ここから下は回答者が書く", "補足"],
    ["いいえ", ""],
]
"#,
    );
    assert_eq!(
        items(&outcome),
        [
            item("1.1", "記録を残す", "yes", "一年間"),
            item("1.2", "暗号化する", "unanswered", "検討中"),
        ]
    );
    // The card whose number cannot be read is not lost in silence.
    let told = names(&outcome);
    assert!(
        told.contains(&"rows-unmatched カード!A12".to_owned()),
        "{told:?}"
    );
    assert!(
        told.contains(&"answer-missing カード!A8".to_owned()),
        "{told:?}"
    );
}

#[test]
fn columns_of_marks_without_a_heading() {
    let outcome = read(
        r#"[[table]]
sheet = "回答"
first_row = 1
last_row = 3
number = "B"
question = "B"
marks = { yes = "E", no = "D", na = "C" }
reference = ["F", "G"]
section = "A"
"#,
        r#"
[[sheet]]
name = "回答"
rows = [
    ["記録", "1 記録を残す", "", "", "○", "a"],
    ["", "1.1 記録を見直す", "", "レ"],
    ["通信", "2 暗号化する", "✓", "", "○"],
    ["", "3 表の外の行", "", "○"],
]
"#,
    );
    assert_eq!(
        items(&outcome),
        [
            item("1", "記録を残す", "yes", ""),
            item("1.1", "記録を見直す", "no", ""),
            item("2", "暗号化する", "conflicting", ""),
        ]
    );
    // A row behind the last one that looks like an answer is told.
    let told = names(&outcome);
    assert!(
        told.contains(&"rows-unmatched 回答!D4".to_owned()),
        "{told:?}"
    );
}

#[test]
fn whole_numbers_by_level_and_in_one_column() {
    let rows = r#"
[[sheet]]
name = "回答"
rows = [
    ["4", "", "記録", "はい"],
    ["", "4.1", "見直し", "いいえ"],
    ["5", "", "通信", "はい"],
]
"#;
    let table = |number: &str| {
        format!("[[table]]\nfirst_row = 1\nnumber = {number}\nquestion = \"C\"\nanswer = \"D\"\n")
    };
    let numbers = |number: &str| -> Vec<String> {
        let outcome = read(&table(number), rows);
        items(&outcome).into_iter().map(|item| item.0).collect()
    };
    assert_eq!(numbers("[\"A\", \"B\"]"), ["4", "4.1", "5"]);
    assert_eq!(numbers("\"A\""), ["4", "5"]);
    let mixed = rows
        .replace("\"4.1\"", "\"1\"")
        .replace("[\"5\", \"\"", "[\"5.1\", \"2\"");
    let outcome = read(&table("[\"A\", \"B\"]"), &mixed);
    let told = outcome
        .findings
        .iter()
        .find(|finding| finding.rule == "layout-unmatched");
    let message = told.expect("told").message(Language::En);
    assert!(message.contains("neither parts"), "{message}");
}

/// Two tables with numbers of their own, the second on a hidden sheet.
const TWO_SHEETS: &str = r#"
[[sheet]]
name = "前半"
rows = [["1", "記録を残す", "はい"], ["2", "暗号化する", "いいえ"]]

[[sheet]]
name = "後半"
hidden = true
rows = [["3", "時刻を合わせる", "はい"], ["4", "更新する", "いいえ"]]
"#;

fn plain_table(sheet: &str) -> String {
    format!("[[table]]\n{sheet}first_row = 1\nnumber = \"A\"\nquestion = \"B\"\nanswer = \"C\"\n")
}

#[test]
fn a_hidden_sheet_is_read_where_it_is_named() {
    let named = plain_table("sheet = \"前半\"\n") + &plain_table("sheet = \"後半\"\n");
    let outcome = read(&named, TWO_SHEETS);
    let numbers: Vec<String> = items(&outcome).into_iter().map(|item| item.0).collect();
    assert_eq!(numbers, ["1", "2", "3", "4"]);
    let outcome = read(&plain_table(""), TWO_SHEETS);
    assert_eq!(items(&outcome).len(), 2);
    assert!(names(&outcome).contains(&"sheet-ignored 後半".to_owned()));
}

#[test]
fn a_table_without_a_sheet_leaves_other_sheets_alone() {
    let sheets = r#"
[[sheet]]
name = "手順"
rows = [["1", "開く"], ["2", "書く"], ["3", "送る"], ["4", "待つ"]]

[[sheet]]
name = "回答"
rows = [["1", "記録を残す", "はい"], ["2", "暗号化する", "いいえ"]]
"#;
    let outcome = read(&plain_table(""), sheets);
    assert_eq!(outcome.disclosure().sheet.as_deref(), Some("回答"));
    assert_eq!(items(&outcome).len(), 2);
}

#[test]
fn tables_below_and_beside_each_other() {
    let outcome = read(
        r#"[[table]]
first_row = 2
number = "A"
question = "B"
answer = "C"
[[table]]
header_row = 5
number = "A"
question = "C"
answer = "B"
[[table]]
first_row = 2
last_row = 6
number = "F"
question = "G"
answer = "H"
"#,
        r#"
[[sheet]]
name = "回答"
rows = [
    ["甲", "", "", "", "", "乙"],
    ["1", "記録を残す", "はい", "", "", "21", "遠くから直す", "対象外"],
    ["2", "暗号化する", "いいえ", "", "", "22", "鍵を掛ける", "はい"],
    [],
    ["丙"],
    ["11", "はい", "時刻を合わせる"],
    ["12", "いいえ", "更新する"],
]
"#,
    );
    let mut found = items(&outcome);
    found.sort();
    assert_eq!(
        found,
        [
            item("1", "記録を残す", "yes", ""),
            item("11", "時刻を合わせる", "yes", ""),
            item("12", "更新する", "no", ""),
            item("2", "暗号化する", "no", ""),
            item("21", "遠くから直す", "na", ""),
            item("22", "鍵を掛ける", "yes", ""),
        ]
    );
}

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
        ("\"MDS\"", "MDS", "3:9", "TOML", "引用符"),
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
