//! Workbooks: as vendors make them, as this tool writes them, and as people change them.

use std::path::{Path, PathBuf};

use kaijisho::write::Target;
use kaijisho::{Answer, Catalog, Source, State, examine};
use rust_xlsxwriter::{Format, Workbook};

use super::{
    assert_chain, assert_every_chain, assert_same, golden_options, options, read, written,
};

/// A sheet as vendors make them: marks, dates, numbers stored as numbers, hidden rows, a cover, remarks below.
fn workbook() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let cover = workbook.add_worksheet().set_name("表紙").unwrap();
    cover.write(0, 0, "型式").unwrap();
    cover.write(0, 1, "MK-100").unwrap();
    let sheet = workbook.add_worksheet().set_name("製造業者").unwrap();
    let day = Format::new().set_num_format("yyyy/m/d");
    sheet
        .write(0, 0, "製造業者による医療情報セキュリティ開示書")
        .unwrap();
    sheet.write(1, 0, "バージョン").unwrap();
    sheet.write(1, 1, 3.5).unwrap();
    sheet.write(2, 0, "作成日").unwrap();
    sheet.write_with_format(2, 1, 46295, &day).unwrap();
    sheet
        .write(3, 0, "製品名：見本カルテ　製造業者：見本メディカル")
        .unwrap();
    for (column, heading) in ["No.", "質問", "はい", "いいえ", "N/A", "備考"]
        .into_iter()
        .enumerate()
    {
        sheet.write(5, column as u16, heading).unwrap();
    }
    let rows: [(&str, [&str; 3], &str); 12] = [
        ("１", ["○", "", ""], "備考1"),
        ("2", ["", "レ", "−"], "備考 2、3"),
        ("3", ["○", "", "×"], "備考88"),
        ("4", ["はい", "いいえ", ""], "テキスト\r\n二行"),
        ("5", ["", "検討中", ""], "__"),
        ("6", ["○", "△", ""], "1"),
        ("7", ["", "はい", ""], " 先頭の空白"),
        ("8", ["□", "□", "□"], "_x000D_"),
        ("8", ["　", "", "〇"], ""),
        ("8.1", ["", "", "N/A"], "対象外"),
        ("500", ["○", "", ""], "知らない項目"),
        ("9", ["", "", ""], ""),
    ];
    for (at, (number, marks, remark)) in rows.into_iter().enumerate() {
        let row = 6 + at as u32;
        sheet.write(row, 0, number).unwrap();
        sheet.write(row, 1, format!("質問 {number}")).unwrap();
        for (column, mark) in marks.into_iter().enumerate() {
            sheet.write(row, 2 + column as u16, mark).unwrap();
        }
        sheet.write(row, 5, remark).unwrap();
    }
    sheet.set_row_hidden(8).unwrap();
    sheet.write(18, 0, 8.1).unwrap();
    sheet.write(18, 3, "○").unwrap();
    sheet.write(20, 0, "備考記載欄").unwrap();
    for (row, (label, text)) in [
        ("備考1", "一"),
        ("(2)", " 二\n"),
        ("備考3：三", ""),
        ("注9", "九"),
    ]
    .into_iter()
    .enumerate()
    {
        sheet.write(21 + row as u32, 0, label).unwrap();
        sheet.write(21 + row as u32, 1, text).unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_of_marks_survives_every_chain() {
    let options = options();
    let start = read("vendor.xlsx", workbook(), &options);
    let [disclosure] = start.disclosures.as_slice() else {
        panic!("{:?}", start.findings);
    };
    let as_read: Vec<_> = disclosure
        .entries
        .iter()
        .map(|entry| (entry.number.as_str(), entry.written.as_str(), entry.state))
        .collect();
    use State::{Answered, Conflicting, Unanswered, Unknown};
    assert_eq!(
        as_read,
        [
            ("1", "はい", Answered),
            ("2", "いいえ", Answered),
            ("3", "はい", Answered),
            ("4", "はい・いいえ", Conflicting),
            ("5", "いいえ: 検討中", Unknown),
            ("6", "はい ○・いいえ: △", Unknown),
            ("7", "いいえ: はい", Unknown),
            ("8", "", Unanswered),
            ("8", "N/A", Answered),
            ("8.1", "N/A", Answered),
            ("500", "はい", Answered),
            ("9", "", Unanswered),
            ("8.1", "いいえ", Answered),
        ]
    );
    assert_every_chain(&start, &options, "vendor.xlsx", 3);
}

#[test]
fn the_heading_of_the_numbers_is_no_answer() {
    for headings in [
        ["No.", "Question", "Yes", "No", "N/A"],
        ["No.", "項目", "はい", "いいえ", "対象外"],
        ["項目", "No.", "Yes", "No", "N/A"],
    ] {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet().set_name("MDS").unwrap();
        sheet.write(0, 0, "見本の開示書").unwrap();
        for (column, heading) in headings.into_iter().enumerate() {
            sheet.write(1, column as u16, heading).unwrap();
        }
        let number = if headings[0] == "No." { 0 } else { 1 };
        for (row, mark) in [(2, 2), (3, 3), (4, 4)] {
            sheet
                .write(row, number, ["1", "1.1", "1.10"][row as usize - 2])
                .unwrap();
            sheet.write(row, 1 - number, "通信を暗号化する").unwrap();
            sheet.write(row, mark, "○").unwrap();
        }
        let mut options = golden_options();
        options.forced = Some(options.catalog.clone());
        let examined = read("a.xlsx", workbook.save_to_buffer().unwrap(), &options);
        let entries = &examined.disclosures[0].entries;
        let answers: Vec<_> = entries
            .iter()
            .map(|e| (e.number.as_str(), e.answer))
            .collect();
        assert_eq!(
            answers,
            [
                ("1", Some(Answer::Yes)),
                ("1.1", Some(Answer::No)),
                ("1.10", Some(Answer::Na)),
            ],
            "{headings:?}"
        );
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

#[test]
fn sheets_of_the_corpus_survive_every_chain() {
    let shared = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared"));
    let mut files: Vec<PathBuf> = ["sheets", "corpus/mds2"]
        .iter()
        .filter_map(|folder| std::fs::read_dir(shared.join(folder)).ok())
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "xlsx"))
        .collect();
    files.sort();
    if files.is_empty() {
        println!("skipped: no corpus");
        return;
    }
    for file in files {
        let start = read("a.xlsx", std::fs::read(&file).unwrap(), &options());
        let what = file.display().to_string();
        assert_every_chain(&start, &options(), &what, 1);
        for chain in [
            [0, 1, 2],
            [1, 3, 0],
            [2, 0, 3],
            [3, 2, 1],
            [0, 0, 0],
            [6, 5, 0],
        ] {
            assert_chain(&start, &options(), &what, &chain);
        }
    }
}

#[test]
fn a_remark_goes_on_in_the_rows_below_its_label() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("MDS").unwrap();
    let rows: [[&str; 4]; 11] = [
        ["製造業者による医療情報セキュリティ開示書", "", "", ""],
        ["No.", "項目", "回答", "備考"],
        ["1", "システムで扱う情報の一覧を提示できる", "はい", "備考1"],
        ["2", "運用に必要な手順書を提供できる", "はい", "備考2"],
        ["3", "非常時(BCP)の手順書を提供できる", "はい", ""],
        ["備考記載欄", "", "", ""],
        ["備考1", "一行目", "", ""],
        ["", "二行目", "", ""],
        ["備考2", "別の備考", "", ""],
        ["", "", "", ""],
        ["", "欄の外の文", "", ""],
    ];
    for (row, cells) in rows.iter().enumerate() {
        for (column, text) in cells
            .iter()
            .enumerate()
            .filter(|(_, text)| !text.is_empty())
        {
            sheet.write(row as u32, column as u16, *text).unwrap();
        }
    }
    let source = Source::new("rows.xlsx", workbook.save_to_buffer().unwrap());
    let mut options = options();
    options.forced = Some(Catalog::of(vec![
        Catalog::bundled().form("mds-reference").unwrap(),
    ]));
    let examined = examine(&source, &options);
    let remarks: Vec<Option<&str>> = examined.disclosures[0]
        .entries
        .iter()
        .map(|entry| entry.remark.text.as_deref())
        .collect();
    assert_eq!(remarks, [Some("一行目\n二行目"), Some("別の備考"), None]);
}
