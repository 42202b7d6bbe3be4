//! A vendor's own workbook with everything in it that a writer of workbooks would lose: macros, a table, a chart,
//! notes, lists, conditional formats, names, formulas, a part of another tool.

use std::io::{Cursor, Write};

use kaijisho::fill::{Fate, FillOptions, Filled, Outcome, Subject, fill};
use kaijisho::{Disclosure, Error, Field, Options, Result, Source, examine};
use rust_xlsxwriter::{
    Chart, ChartType, ConditionalFormatCell, ConditionalFormatCellRule, DataValidation, Format,
    Formula, Note, Table, TableColumn, Workbook, Worksheet,
};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::{changed_parts, parts, support};

const ANSWERS: &str = r#"
form = "mds-reference"
header = { date = 2026-09-30, manufacturer = "見本メディカル株式会社", product = "見本カルテ", model = "KJ-100", version = "3.2" }
items = [
    { number = "1", answer = "はい", remark = "=HYPERLINK(\"x\") ではじまる備考" },
    { number = "2", answer = "いいえ", remark = "次期版で対応" },
    { number = "3", answer = "対象外", remark = "該当する機能がない" },
    { number = "4", answer = "はい" },
    { number = "99", answer = "はい" },
]
"#;

/// The items that the workbook asks, in the words of the form.
fn questions() -> Vec<(String, String)> {
    let form = kaijisho::Catalog::bundled()
        .form("mds-reference")
        .expect("bundled");
    let items = form.items.iter().take(40);
    items
        .map(|item| (item.number.to_string(), item.title.ja.clone()))
        .collect()
}

fn put(sheet: &mut Worksheet, row: u32, column: u16, text: &str) {
    sheet.write(row, column, text).expect("fits");
}

/// The workbook, with a block for remarks by number of so many rows, if any.
fn house(block: Option<u32>) -> Vec<u8> {
    let mut book = Workbook::new();
    let date = Format::new().set_num_format("yyyy/m/d");
    let sheet = book.add_worksheet();
    sheet.set_name("MDS").expect("a name");
    put(
        sheet,
        0,
        0,
        "製造業者による医療情報セキュリティ開示書（当社書式）",
    );
    for (row, label) in (1..).zip(["作成日", "製造業者", "製品名：", "型式", "バージョン"])
    {
        put(sheet, row, 0, label);
    }
    sheet.write_blank(1, 1, &date).expect("fits");
    let remark = if block.is_some() {
        "備考番号"
    } else {
        "備考"
    };
    for (column, heading) in (0..).zip(["No.", "質問", "回答", remark]) {
        put(sheet, 7, column, heading);
    }
    let questions = questions();
    let last = 7 + u32::try_from(questions.len()).expect("few");
    for (row, (number, question)) in (8..).zip(&questions) {
        put(sheet, row, 0, number);
        put(sheet, row, 1, question);
    }
    // Answered already, otherwise.
    put(sheet, 9, 2, "対応済");
    put(
        sheet,
        9,
        3,
        if block.is_some() {
            "備考1"
        } else {
            "前の備考"
        },
    );
    let list = DataValidation::new()
        .allow_list_strings(&["対応済", "未対応", "対象外"])
        .expect("short");
    sheet
        .add_data_validation(8, 2, last, 2, &list)
        .expect("fits");
    let red = ConditionalFormatCell::new()
        .set_rule(ConditionalFormatCellRule::EqualTo("未対応"))
        .set_format(Format::new().set_bold());
    sheet
        .add_conditional_format(8, 2, last, 2, &red)
        .expect("fits");
    sheet
        .insert_note(8, 2, &Note::new("ここから選ぶ").set_author("見本"))
        .expect("fits");
    let count = Formula::new(format!("=COUNTIF(C9:C{},\"対応済\")", last + 1)).set_result("1");
    sheet.write(6, 3, count).expect("fits");
    if let Some(rows) = block {
        put(sheet, last + 2, 0, "備考記載欄");
        for number in 1..=rows {
            put(sheet, last + 2 + number, 0, &format!("備考{number}"));
        }
        put(sheet, last + 3, 1, "前の備考");
        put(sheet, last + 4 + rows, 0, "以上");
    }
    let other = book.add_worksheet();
    other.set_name("集計").expect("a name");
    let table = Table::new().set_columns(&[
        TableColumn::new().set_header("月"),
        TableColumn::new().set_header("件数"),
    ]);
    other.add_table(0, 0, 3, 1, &table).expect("fits");
    let mut chart = Chart::new(ChartType::Column);
    chart.add_series().set_values("集計!$B$2:$B$4");
    other.insert_chart(5, 0, &chart).expect("fits");
    book.define_name("回答欄", "=MDS!$C$9:$C$48")
        .expect("a name");
    with_parts(&book.save_to_buffer().expect("written"))
}

/// The package with a macro project, and with a part that only its own tool knows.
fn with_parts(bytes: &[u8]) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a package");
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        writer
            .raw_copy_file(archive.by_index_raw(at).expect("a part"))
            .expect("copied");
    }
    for (name, content) in [
        ("xl/vbaProject.bin", &b"\xd0\xcf\x11\xe0 macros"[..]),
        ("customXml/item1.xml", b"<a xmlns='urn:x'>\xe6\xa8\xa9</a>"),
    ] {
        writer
            .start_file(name, SimpleFileOptions::default())
            .expect("started");
        writer.write_all(content).expect("written");
    }
    writer.finish().expect("written").into_inner()
}

fn answers(text: &str) -> Vec<Disclosure> {
    let source = Source::new("answers.toml", text.as_bytes().to_vec());
    examine(&source, &Options::new(support::TODAY)).disclosures
}

fn run(text: &str, template: &[u8], force: bool, sheet: Option<&str>) -> Result<Filled> {
    let options = Options::new(support::TODAY);
    let how = FillOptions {
        read: &options,
        force,
        sheet,
    };
    let template = Source::new("house.xlsm", template.to_vec());
    fill(&answers(text), &template, &how)
}

fn outcome(filled: &Filled, subject: Subject) -> &Outcome {
    let mut outcomes = filled.documents[0].outcomes.iter();
    let found = outcomes.find(|outcome| outcome.subject == subject);
    found.expect("told")
}

fn answer(number: &str) -> Subject {
    Subject::Answer(kaijisho::ItemNumber::new(number))
}

fn remark(number: &str) -> Subject {
    Subject::Remark(kaijisho::ItemNumber::new(number))
}

/// The XML of the sheet that is filled.
fn sheet(bytes: &[u8]) -> String {
    String::from_utf8(parts(bytes)["xl/worksheets/sheet1.xml"].clone()).expect("UTF-8")
}

#[test]
fn nothing_but_the_sheet_changes() {
    let template = house(None);
    let filled = run(ANSWERS, &template, false, None).expect("filled");
    let changed = changed_parts(&template, &filled.bytes);
    // Its formulas are worked out anew when it is opened.
    assert_eq!(changed, ["xl/worksheets/sheet1.xml"]);
    let book = String::from_utf8(parts(&filled.bytes)["xl/workbook.xml"].clone()).expect("UTF-8");
    assert!(book.contains("fullCalcOnLoad=\"1\""), "{book}");
    let text = sheet(&filled.bytes);
    // The list's own words, a date where the cell shows dates, a remark that is no formula.
    for (cell, holds) in [
        ("C9", ">対応済</t>"),
        ("C11", ">対象外</t>"),
        ("B2", "<v>46295</v>"),
        ("D9", ">=HYPERLINK("),
    ] {
        let at = text.find(&format!("r=\"{cell}\"")).expect(cell);
        let cell = text[at..].split("</c>").next().expect("a cell");
        assert!(cell.contains(holds) && !cell.contains("<f>"), "{cell}");
    }
    assert!(text.contains("<dataValidations") && text.contains("<conditionalFormatting"));
}

#[test]
fn what_stands_there_is_kept_unless_forced() {
    let template = house(None);
    let kept = run(ANSWERS, &template, false, None).expect("filled");
    assert!(!kept.is_complete());
    let item = outcome(&kept, answer("2"));
    assert_eq!(item.fate, Fate::Kept);
    assert_eq!(item.found.as_deref(), Some("対応済"));
    assert_eq!(item.place.as_ref().expect("a place").to_string(), "MDS!C10");
    assert_eq!(outcome(&kept, remark("2")).fate, Fate::Kept);
    assert_eq!(outcome(&kept, answer("99")).fate, Fate::NotPlaced);
    assert_eq!(kept.documents[0].blank.len(), 36);
    let forced = run(ANSWERS, &template, true, None).expect("filled");
    assert_eq!(outcome(&forced, answer("2")).fate, Fate::Placed);
    assert!(sheet(&forced.bytes).contains(">次期版で対応</t>"));
    let again = run(ANSWERS, &forced.bytes, false, None).expect("filled");
    let document = &again.documents[0];
    assert_eq!(
        (document.count(Fate::Placed), document.count(Fate::Kept)),
        (0, 0)
    );
    assert_eq!(changed_parts(&forced.bytes, &again.bytes), [""; 0]);
    assert_eq!(again.bytes, forced.bytes);
}

#[test]
fn remarks_go_into_the_block_by_number_until_it_is_full() {
    let template = house(Some(2));
    let filled = run(ANSWERS, &template, false, None).expect("filled");
    assert_eq!(outcome(&filled, remark("1")).fate, Fate::Placed);
    let text = sheet(&filled.bytes);
    let cell = |cell: &str| {
        let at = text.find(&format!("r=\"{cell}\"")).expect(cell);
        text[at..].split("</c>").next().expect("a cell").to_owned()
    };
    // The first row of the block is taken.
    assert!(cell("D9").contains(">備考2<"), "{}", cell("D9"));
    assert!(cell("B52").contains(">=HYPERLINK("), "{}", cell("B52"));
    let full = outcome(&filled, remark("3"));
    assert_eq!(full.fate, Fate::NotPlaced);
    let reason = full.reason.as_ref().expect("a reason");
    assert!(reason.en.contains("full"), "{}", reason.en);
}

#[test]
fn a_value_stands_behind_the_colon_of_its_label() {
    let template = house(None);
    let filled = run(ANSWERS, &template, false, None).expect("filled");
    let product = outcome(&filled, Subject::Header(Field::Product));
    assert_eq!(product.fate, Fate::Placed);
    let text = sheet(&filled.bytes);
    assert!(text.contains(">製品名：見本カルテ</t>"), "{text}");
    assert!(text.contains(">KJ-100</t>"));
}

#[test]
fn what_cannot_be_filled_is_refused_with_a_reason() {
    let refused = |text: &str, template: &[u8], sheet: Option<&str>| match run(
        text, template, false, sheet,
    ) {
        Err(Error::NotFilled { reason, .. }) => reason.en,
        other => panic!("{other:?}"),
    };
    let template = house(None);
    let services = ANSWERS.replace("mds-reference", "sds-reference");
    assert!(refused(&services, &template, None).contains("kaijisho migrate"));
    assert!(refused(ANSWERS, &template, Some("集計")).contains("MDS"));
    assert!(refused(ANSWERS, b"No.,\xe8\xb3\xaa\xe5\x95\x8f", None).contains(".xlsx"));
    let mut writer = ZipWriter::new_append(Cursor::new(template)).expect("a package");
    writer
        .start_file("_xmlsignatures/sig1.xml", SimpleFileOptions::default())
        .expect("started");
    writer.write_all(b"<a/>").expect("written");
    let signed = writer.finish().expect("written").into_inner();
    assert!(refused(ANSWERS, &signed, None).contains("signed"));
}

#[test]
fn a_question_that_asks_something_else_is_told() {
    let template = house(None);
    let text = ANSWERS.replace(
        "{ number = \"4\", answer = \"はい\" }",
        "{ number = \"4\", text = \"停電のときに使える非常用電源の容量を示していますか\", answer = \"はい\" }",
    );
    let filled = run(&text, &template, false, None).expect("filled");
    let told = outcome(&filled, answer("4"));
    assert_eq!(told.fate, Fate::Placed);
    assert!(told.other_question.is_some() && !told.is_done());
}

#[test]
fn answers_of_two_forms_fill_what_there_is_a_table_for() {
    let template = house(None);
    let options = Options::new(support::TODAY);
    let how = FillOptions {
        read: &options,
        force: false,
        sheet: None,
    };
    let mut both = answers(ANSWERS);
    both.extend(answers(&ANSWERS.replace("mds-reference", "sds-reference")));
    let template = Source::new("house.xlsm", template);
    let filled = fill(&both, &template, &how).expect("filled");
    assert_eq!(filled.documents.len(), 1);
    assert_eq!(filled.without_table, ["sds-reference"]);
    assert!(!filled.is_complete());
}
