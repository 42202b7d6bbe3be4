//! Formats: one sheet on paper, written in every format we know, must be read as the same disclosure.

mod support;

use jiff::civil::Date;
use kaijisho::write::{Origin, Target, write};
use kaijisho::{Language, Options, Source, examine};
use support::formats::{self, Format};
use support::paper::{Page, Paper, Written};

/// A sheet with texts, a date, numbers, booleans, merged areas, a hidden row, and a second sheet.
fn paper() -> Paper {
    let mut page = Page {
        name: "MDS".to_owned(),
        ..Page::default()
    };
    page.text(0, 0, "医療情報セキュリティ開示書");
    page.merges.push((0, 0, 0, 4));
    page.text(1, 0, "作成日");
    page.put(1, 1, Written::Date(2026, 9, 30));
    page.text(2, 0, "製造業者");
    page.text(2, 1, "見本メディカル\"株\"");
    page.text(3, 0, "製品名");
    page.text(3, 1, "見本カルテ");
    page.text(4, 0, "バージョン");
    page.put(4, 1, Written::Number(3.5));
    for (column, head) in (0..).zip(["No.", "項目", "回答", "備考"]) {
        page.text(6, column, head);
    }
    let items = [
        ("1", "リモート保守を行うか", "はい", "備考, 二つの\n行"),
        (
            "2",
            "監査証跡を記録するか",
            "いいえ",
            "<次版で対応> & その後",
        ),
        ("3", "二要素認証に対応するか", "対象外", ""),
        ("4.10", "暗号化通信を行うか", "はい", ""),
    ];
    for (row, (number, text, answer, remark)) in (7..).zip(items) {
        for (column, content) in (0..).zip([number, text, answer, remark]) {
            page.text(row, column, content);
        }
    }
    page.put(11, 0, Written::Number(5.0));
    page.text(11, 1, "データのバックアップを取れるか");
    page.put(11, 2, Written::Bool(true));
    page.merges.push((7, 3, 8, 3));
    page.cells.retain(|ink| (ink.row, ink.column) != (8, 3));
    page.hidden_rows.push(9);
    page.hidden_columns.push(6);
    let mut notes = Page {
        name: "記入要領".to_owned(),
        hidden: true,
        ..Page::default()
    };
    notes.text(0, 0, "記入のしかた");
    Paper {
        sheets: vec![page, notes],
    }
}

/// The documents read from the bytes, as `convert` writes them, without what differs by name.
fn documents(bytes: Vec<u8>, format: Format) -> serde_json::Value {
    let today: Date = support::TODAY;
    let source = Source::new(format.file_name(), bytes);
    let examined = examine(&source, &Options::new(today));
    let findings: Vec<_> = examined
        .findings
        .iter()
        .map(|f| (f.rule, &f.place))
        .collect();
    assert!(
        !examined.disclosures.is_empty(),
        "{format:?}: nothing read: {findings:?}"
    );
    let origin = Origin {
        file: "book",
        sha256: "",
    };
    let json = write(&examined.disclosures, &origin, Target::Json, Language::Ja)
        .expect("it can be written");
    let sheet = if format.holds().sheets { "MDS" } else { "book" };
    let json = String::from_utf8(json)
        .expect("JSON is text")
        .replace(&format!("\"sheet\": \"{sheet}\""), "\"sheet\": \"-\"");
    serde_json::from_str(&json).expect("JSON")
}

/// The documents without what a format without sheets and kinds of values cannot say.
fn as_table(mut documents: serde_json::Value) -> serde_json::Value {
    let list = documents["documents"].as_array_mut().expect("documents");
    for document in list.iter_mut() {
        document.as_object_mut().expect("a map").remove("sheets");
        for item in document["items"].as_array_mut().expect("items") {
            let place = item["place"].as_object_mut().expect("a map");
            place.remove("sheet");
            item["written"] = serde_json::Value::Null;
        }
        // The origin of other content names the sheet, too; its cell stays.
        for kept in document["kept"].as_array_mut().expect("other content") {
            let origin = kept["origin"].as_str().expect("an origin").to_owned();
            let cell = origin.rsplit('!').next().expect("a part");
            kept["origin"] = cell.into();
        }
    }
    documents
}

#[test]
fn every_format_gives_the_same_disclosure() {
    let read = |paper: &Paper, format| documents(formats::write(paper, format), format);
    let wanted = read(&paper(), Format::Xlsx);
    let items = wanted["documents"][0]["items"].as_array().expect("items");
    assert_eq!(items.len(), 5, "{wanted:#}");
    assert_eq!(items[1]["remark"], items[0]["remark"], "one merged cell");
    let mut apart = paper();
    apart.sheets[0].merges.clear();
    let wanted_apart = as_table(read(&apart, Format::Xlsx));
    for format in Format::ALL {
        let found = read(&paper(), format);
        if format.holds().sheets {
            assert_eq!(found, wanted, "{format:?}");
        } else {
            assert_eq!(as_table(found), wanted_apart, "{format:?}");
        }
    }
}

/// Writes the sheet in every format into the folder that `KAIJISHO_FORMATS` names, for other programs to open.
#[test]
fn files_for_other_programs() {
    let Some(folder) = std::env::var_os("KAIJISHO_FORMATS") else {
        return;
    };
    let mut paper = paper();
    // Programs make numbers of booleans, each in its own way.
    paper.sheets[0].put(11, 2, Written::Text("はい".to_owned()));
    for format in Format::ALL {
        let folder = std::path::Path::new(&folder).join(format!("{format:?}").to_lowercase());
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(
            folder.join(format.file_name()),
            formats::write(&paper, format),
        )
        .expect("a file");
    }
}
