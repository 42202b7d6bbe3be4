//! Small sheets, each with one thing that vendors' and hospitals' own workbooks have.

use std::io::{Cursor, Write};

use kaijisho::fill::{Fate, FillOptions, Filled, Outcome, Subject, fill};
use kaijisho::{Field, ItemNumber, Options, Source, examine};
use rust_xlsxwriter::{DataValidation, Formula, Workbook, Worksheet};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{parts, support};

/// The row of the headings, from zero; the items stand below.
const TABLE: u32 = 9;

const ANSWERS: &str = r#"
form = "mds-reference"
header = { date = 2026-09-30, manufacturer = "見本メディカル株式会社", product = "見本カルテ", version = "3.2" }
items = [
    { number = "1", answer = "はい", remark = "_x0041_ と _x000D_ はそのまま" },
    { number = "2", answer = "いいえ", remark = "次期版で対応" },
    { number = "3", answer = "対象外", remark = "該当する機能がない" },
]
"#;

fn put(sheet: &mut Worksheet, row: u32, column: u16, text: &str) {
    sheet.write(row, column, text).expect("fits");
}

/// A blank sheet of ten items with something special about it.
fn book(special: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let form = kaijisho::Catalog::bundled()
        .form("mds-reference")
        .expect("bundled");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("MDS").expect("a name");
    put(sheet, 0, 0, "製造業者による医療情報セキュリティ開示書");
    for (row, label) in (2..).zip(["作成日", "製造業者名", "製品名", "バージョン"])
    {
        put(sheet, row, 0, label);
    }
    for (column, heading) in (0..).zip(["項番", "質問事項", "回答", "備考"]) {
        put(sheet, TABLE, column, heading);
    }
    for (row, item) in (TABLE + 1..).zip(form.items.iter().take(10)) {
        put(sheet, row, 0, item.number.as_str());
        put(sheet, row, 1, &item.title.ja);
    }
    special(sheet);
    book.save_to_buffer().expect("written")
}

fn run(template: &[u8], force: bool) -> Filled {
    let options = Options::new(support::TODAY);
    let answers = Source::new("answers.toml", ANSWERS.as_bytes().to_vec());
    let how = FillOptions {
        read: &options,
        force,
        sheet: None,
    };
    let template = Source::new("template.xlsx", template.to_vec());
    fill(&examine(&answers, &options).disclosures, &template, &how).expect("filled")
}

fn outcome(filled: &Filled, subject: Subject) -> &Outcome {
    let mut outcomes = filled.documents[0].outcomes.iter();
    outcomes.find(|it| it.subject == subject).expect("told")
}

fn answer(number: &str) -> Subject {
    Subject::Answer(ItemNumber::new(number))
}

/// The XML of a cell of the sheet.
fn cell(bytes: &[u8], address: &str) -> String {
    let text = String::from_utf8(parts(bytes)["xl/worksheets/sheet1.xml"].clone()).expect("UTF-8");
    let at = text.find(&format!("<c r=\"{address}\"")).expect(address);
    let end = text[at..].find("</c>").expect("a cell");
    text[at..at + end].to_owned()
}

/// The workbook with another text of its sheet.
fn with_sheet(bytes: &[u8], change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts(bytes) {
        let text = String::from_utf8_lossy(&content).into_owned();
        let content = match name == "xl/worksheets/sheet1.xml" {
            true => change(&text).into_bytes(),
            false => content,
        };
        writer
            .start_file(&*name, SimpleFileOptions::default())
            .expect("started");
        writer.write_all(&content).expect("written");
    }
    writer.finish().expect("written").into_inner()
}

#[test]
fn a_formula_that_shows_nothing_is_kept_unless_forced() {
    let template = book(|sheet| {
        let empty = Formula::new("=IF(A1=\"\",\"はい\",\"\")").set_result(" ");
        sheet.write(TABLE + 1, 2, &empty).expect("fits");
        sheet.write(TABLE + 2, 3, &empty).expect("fits");
        sheet.write(4, 1, &empty).expect("fits");
    });
    let kept = run(&template, false);
    let remark = Subject::Remark(ItemNumber::new("2"));
    for (subject, place) in [
        (answer("1"), "C11"),
        (remark, "D12"),
        (Subject::Header(Field::Product), "B5"),
    ] {
        let outcome = outcome(&kept, subject);
        assert_eq!(outcome.fate, Fate::Kept, "{place}");
        let reason = outcome.reason.as_ref().expect("a reason");
        assert!(reason.en.contains("formula"), "{}", reason.en);
        assert_eq!(cell(&kept.bytes, place), cell(&template, place));
    }
    assert_eq!(outcome(&kept, answer("2")).fate, Fate::Placed);
    let forced = run(&template, true);
    assert!(forced.is_complete());
    assert!(cell(&forced.bytes, "C11").ends_with(">はい</t></is>"));
}

#[test]
fn the_words_of_a_list_behind_an_address_in_a_text_are_written() {
    let template = book(|sheet| {
        for (row, word) in (30..).zip(["有", "無", "非該当"]) {
            put(sheet, row, 8, word);
        }
        let list = Formula::new("=INDIRECT(\"$I$31:$I$33\")");
        let list = DataValidation::new().allow_list_formula(list);
        sheet
            .add_data_validation(TABLE + 1, 2, TABLE + 10, 2, &list)
            .expect("fits");
    });
    let filled = run(&template, false);
    assert!(filled.is_complete(), "{:?}", filled.documents[0].outcomes);
    for (place, word) in [("C11", "有"), ("C12", "無"), ("C13", "非該当")] {
        let cell = cell(&filled.bytes, place);
        assert!(cell.contains(&format!(">{word}<")), "{cell}");
    }
}

#[test]
fn formulas_of_lists_behind_the_table_belong_to_no_cell() {
    let template = book(|_| ());
    let lists = "<extLst><ext uri=\"{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}\" xmlns:x14=\"urn:x\"><x14:dataValidations><x14:dataValidation type=\"list\"><x14:formula1><xm:f xmlns:xm=\"urn:y\">$A$1:$A$3</xm:f></x14:formula1></x14:dataValidation></x14:dataValidations></ext></extLst></worksheet>";
    let template = with_sheet(&template, |old| {
        // The last cell of the table is the one of the third remark.
        let end = old.find("<c r=\"A14\"").expect("a fourth item");
        let row = old[..end].rfind("<row ").expect("its row");
        let rows = old.find("</sheetData>").expect("a table");
        let rest = &old[rows..];
        format!("{}{}", &old[..row], rest.replace("</worksheet>", lists))
            .replace("</row></sheetData>", "<c r=\"D13\"/></row></sheetData>")
    });
    let filled = run(&template, false);
    assert!(filled.is_complete(), "{:?}", filled.documents[0].outcomes);
    assert_eq!(
        parts(&template)["xl/workbook.xml"],
        parts(&filled.bytes)["xl/workbook.xml"]
    );
}

#[test]
fn every_code_of_a_legend_is_written() {
    let template = book(|sheet| put(sheet, TABLE - 1, 0, "回答: 1＝はい 2＝いいえ 3＝対象外"));
    let filled = run(&template, false);
    for (place, code) in [("C11", "1"), ("C12", "2"), ("C13", "3")] {
        let cell = cell(&filled.bytes, place);
        assert!(cell.ends_with(&format!("<v>{code}</v>")), "{cell}");
    }
}

#[test]
fn fields_beside_a_day_in_pieces_stand_behind_their_labels() {
    let template = book(|sheet| {
        for (column, unit) in [(2, "年"), (4, "月"), (6, "日")] {
            put(sheet, 2, column, unit);
        }
    });
    let filled = run(&template, false);
    assert!(cell(&filled.bytes, "B3").ends_with("<v>2026</v>"));
    assert!(cell(&filled.bytes, "B4").ends_with(">見本メディカル株式会社</t></is>"));
    assert!(cell(&filled.bytes, "B6").ends_with(">3.2</t></is>"));
}

#[test]
fn a_colon_in_a_column_of_its_own_is_no_value() {
    let template = book(|sheet| {
        for row in 2..6 {
            put(sheet, row, 1, "：");
        }
    });
    let filled = run(&template, false);
    assert!(filled.is_complete(), "{:?}", filled.documents[0].outcomes);
    assert!(cell(&filled.bytes, "C5").ends_with(">見本カルテ</t></is>"));
    assert_eq!(cell(&filled.bytes, "B5"), cell(&template, "B5"));
}

#[test]
fn a_number_that_stands_twice_is_told() {
    let template = book(|sheet| {
        put(sheet, TABLE + 11, 0, "1");
        put(sheet, TABLE + 11, 1, "システムで扱う情報の一覧を提示できる");
    });
    let filled = run(&template, false);
    let own: Vec<&Outcome> = filled.documents[0]
        .outcomes
        .iter()
        .filter(|it| !it.is_done())
        .collect();
    assert_eq!(own.len(), 1, "{own:?}");
    assert_eq!(own[0].fate, Fate::NotPlaced);
    assert_eq!(
        own[0].place.as_ref().expect("a place").to_string(),
        "MDS!C21"
    );
    assert!(cell(&filled.bytes, "C11").ends_with(">はい</t></is>"));
}

#[test]
fn a_text_that_looks_like_an_escape_stays_one() {
    let filled = run(&book(|_| ()), false);
    let remark = outcome(&filled, Subject::Remark(ItemNumber::new("1")));
    assert_eq!(remark.fate, Fate::Placed);
    let cell = cell(&filled.bytes, "D11");
    assert!(
        cell.contains(">_x005F_x0041_ と _x005F_x000D_ はそのまま<"),
        "{cell}"
    );
}

#[test]
fn a_sheet_that_is_not_read_to_its_end_is_neither_filled_nor_learned() {
    // Row 18 points to a text that the workbook does not have: items 8 to 10 would be missing, and nobody would see it.
    let template = with_sheet(&book(|_| ()), |sheet| {
        let (before, behind) = sheet.split_once("<row r=\"18\"").expect("a row");
        format!(
            "{before}<row r=\"18\"{}",
            behind.replacen("<v>", "<v>9999", 1)
        )
    });
    let source = Source::new("blank.xlsx", template);
    let options = Options::new(support::TODAY);
    let answers = examine(&Source::new("answers.toml", ANSWERS.into()), &options).disclosures;
    let wanted = FillOptions {
        read: &options,
        force: false,
        sheet: None,
    };
    let refused = fill(&answers, &source, &wanted)
        .expect_err("refused")
        .to_string();
    assert!(refused.contains("MDS: "), "{refused}");
    let learned = kaijisho::import::learn(&source, &Default::default(), &options.limits);
    let Err(kaijisho::Error::Invalid { findings, .. }) = learned else {
        panic!("{learned:?}");
    };
    assert_eq!(findings[0].rule, "file-damaged");
    assert_eq!(findings[0].place.sheet(), Some("MDS"));
}
