//! Layouts that a user describes: odd sheets read as described; the mistakes of layout files in `given/`.

#[path = "given/mistakes.rs"]
mod mistakes;
mod support;

use kaijisho::{Field, Language};
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

/// The program with the example of a layout, and what it ended with.
fn program(arguments: &[&str]) -> (Option<i32>, String) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_kaijisho"))
        .args(arguments)
        .args(["--date", "2026-10-01", "--lang", "en"])
        .current_dir(support::project())
        .env_clear()
        .env("COLUMNS", "10000")
        .output()
        .expect("the program starts");
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.code(),
        String::from_utf8_lossy(&text).into_owned(),
    )
}

#[test]
fn every_command_that_reads_sheets_takes_a_layout() {
    let sheet = "examples/05-layout/kawabe-gazo.csv";
    let layout = "examples/05-layout/kawabe-gazo.layout.toml";
    assert_eq!(program(&["check", sheet]).0, Some(2));
    let (code, told) = program(&["check", sheet, "--layout", layout]);
    assert_eq!(code, Some(0), "{told}");
    let (_, told) = program(&[
        "diff",
        sheet,
        "--against",
        "small-hospital",
        "--layout",
        layout,
    ]);
    assert!(told.contains("かわべ画像ビューア"), "{told}");
    let (code, told) = program(&["report", sheet, "--format", "md", "--layout", layout]);
    assert!(
        code == Some(0) && told.contains("かわべ画像ビューア"),
        "{told}"
    );
    let (code, told) = program(&["convert", sheet, "--layout", layout]);
    assert!(code == Some(0) && told.contains("TLS 1.3"), "{told}");
    let (code, told) = program(&["check", sheet, "--layout", "no-such.toml"]);
    assert!(code == Some(2) && told.contains("no-such.toml"), "{told}");
    let (code, told) = program(&[
        "check",
        sheet,
        "--layout",
        "examples/profiles/minato-hospital.toml",
    ]);
    assert!(code == Some(2) && told.contains("CFG020"), "{told}");
    // A file that is laid out otherwise is read as ever, and it is told.
    let other = "examples/02-hospital/minato-karte.xlsx";
    let (code, told) = program(&["check", other, "--layout", layout]);
    assert!(code == Some(0) && told.contains("CFG021"), "{told}");
    assert!(told.contains("answers stand elsewhere"), "{told}");
}
