//! Forms learned from workbooks: written as form files, found again, and held against filled sheets.

mod support;

use std::collections::BTreeSet;
use std::path::PathBuf;

use kaijisho::import::{Draft, Wanted, learn, table};
use kaijisho::{
    Answer, Catalog, Condition, Error, Family, Field, Form, FormSource, ItemNumber, Kind, Language,
    Limits, Options, Remarks, Source, examine,
};
use support::book::{self, Package, Sheet};

/// Everything in which two forms can differ.
fn same(left: &Form, right: &Form) {
    assert_eq!(left.id, right.id);
    assert_eq!(left.family, right.family);
    assert_eq!(left.edition, right.edition);
    assert_eq!(left.superseded_by, right.superseded_by);
    assert_eq!(left.title, right.title);
    assert_eq!(left.provenance, right.provenance);
    assert_eq!(left.compare_text, right.compare_text);
    assert_eq!(left.exact_text, right.exact_text);
    assert_eq!(left.titles, right.titles);
    assert_eq!(left.free_groups, right.free_groups);
    assert_eq!(left.remarks, right.remarks);
    assert_eq!(left.headers, right.headers);
    assert_eq!(left.sections, right.sections);
    for (left, right) in left.items.iter().zip(&right.items) {
        assert_eq!(left, right);
    }
    assert_eq!(left.items.len(), right.items.len());
}

#[test]
fn a_form_written_and_read_is_the_same_form() {
    let mut forms = Catalog::bundled().forms().to_vec();
    for name in ["full", "kinds", "small", "tens"] {
        forms.push(support::form(name).forms()[0].clone());
    }
    for form in forms {
        let text = form.to_toml(&["# a\u{1b}[31m comment\nover two lines".to_owned()]);
        let again = Catalog::parse(&text, "again.toml")
            .unwrap_or_else(|error| panic!("{}\n{text}", support::case::mistakes(&error)));
        assert_eq!(again.forms().len(), 1);
        same(&again.forms()[0], &form);
        assert_eq!(again.forms()[0].to_toml(&[]), form.to_toml(&[]));
    }
}

#[test]
fn an_older_edition_is_written_under_an_id_of_its_own() {
    let editions = support::form("editions");
    let mut ids = BTreeSet::new();
    for form in editions.forms() {
        let text = form.to_toml(&[]);
        let again = Catalog::parse(&text, "again.toml")
            .unwrap_or_else(|error| panic!("{}\n{text}", support::case::mistakes(&error)));
        let mut expected = (**form).clone();
        expected.id = again.forms()[0].id.clone();
        same(&again.forms()[0], &expected);
        assert!(ids.insert(again.forms()[0].id.clone()), "{ids:?}");
    }
    assert_eq!(ids.len(), editions.forms().len());
    assert!(ids.len() > 1);
}

/// A blank form: a title, a head, sections, children, a row of methods.
const ROWS: [&[&str]; 11] = [
    &["技術的対策"],
    &["1", "利用者ごとにIDを発行しますか", "", ""],
    &["2", "二要素認証に対応していますか（6.5.C.15）", "", ""],
    &[
        "2.1",
        "「いいえ」の場合、今後の対応予定はありますか",
        "",
        "",
    ],
    &[
        "2.2",
        "認証の方式は何ですか",
        "□知識 □生体 □所持 □その他（　）",
        "",
    ],
    &["3", "通信経路を暗号化していますか", "", ""],
    &["運用的対策"],
    &["4", "データのバックアップを取得していますか", "", ""],
    &[
        "4.1",
        "バックアップをネットワークから切り離して保管していますか",
        "",
        "",
    ],
    &["5", "操作ログを記録していますか", "", ""],
    &["6", "保守の窓口を定めていますか", "", ""],
];

fn answered(rows: &[&[&str]]) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
        .collect();
    for row in rows.iter_mut().filter(|row| row.len() == 4) {
        row[2] = match row[0].as_str() {
            "2.1" => "対象外".to_owned(),
            "2.2" => "■知識 □生体 ■所持 □その他（　）".to_owned(),
            _ => "はい".to_owned(),
        };
    }
    rows
}

fn sheet(name: &str, rows: &[Vec<String>]) -> Sheet {
    let title = if name == "SDS" {
        "サービス事業者による医療情報セキュリティ開示書 Ver.5.0"
    } else {
        "製造業者による医療情報セキュリティ開示書 Ver.5.0"
    };
    let mut all: Vec<Vec<String>> = [
        vec![title],
        vec!["作成日", "2026-09-30"],
        vec!["製造業者", "見本メディカル"],
        vec!["製品名", "見本カルテ"],
        vec!["No.", "質問", "回答", "備考"],
    ]
    .iter()
    .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
    .collect();
    all.extend(rows.iter().cloned());
    let value = |cell: String| toml::Value::String(cell);
    let rows = all
        .into_iter()
        .map(|row| row.into_iter().map(value).collect());
    Sheet {
        name: name.to_owned(),
        rows: rows.collect(),
        hidden: false,
        hidden_rows: Vec::new(),
        merges: Vec::new(),
        hidden_columns: Default::default(),
        comments: Default::default(),
        text_boxes: Default::default(),
    }
}

fn workbook(sheets: &[Sheet]) -> Source {
    Source::new("folder/form.xlsx", book::write(sheets, &Package::default()))
}

fn blank() -> Source {
    let rows: Vec<Vec<String>> = ROWS
        .iter()
        .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
        .collect();
    workbook(&[sheet("MDS", &rows)])
}

fn learned(source: &Source) -> Vec<Draft> {
    learn(source, &Wanted::default(), &Limits::default()).expect("a form")
}

fn draft() -> Draft {
    learned(&blank()).remove(0)
}

/// The bundled forms and the one learned, as it is after it was written and read as the user's own.
fn known(draft: &Draft, name: &str) -> Options {
    let folder = place(name);
    std::fs::write(folder.join("mine.toml"), draft.to_toml()).expect("written");
    let (imported, errors) = Catalog::imported(&folder);
    assert!(errors.is_empty(), "{errors:?}");
    let mut options = Options::new(support::TODAY);
    options.catalog = options.catalog.with(&imported);
    options
}

fn place(name: &str) -> PathBuf {
    let place = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("import")
        .join(name);
    if place.exists() {
        std::fs::remove_dir_all(&place).expect("an old folder goes");
    }
    std::fs::create_dir_all(&place).expect("a folder");
    place
}

/// The findings of a filled sheet, each with its item and cell.
fn found(options: &Options, rows: &[Vec<String>]) -> Vec<String> {
    let examined = examine(&workbook(&[sheet("MDS", rows)]), options);
    assert_eq!(examined.disclosures.len(), 1);
    let form = &examined.disclosures[0].form;
    assert_eq!(
        (form.id.as_str(), form.source),
        ("mds-5.0", FormSource::Imported)
    );
    examined
        .all_findings()
        .map(|finding| {
            let item = finding.item.as_ref().map_or("", ItemNumber::as_str);
            let cell = finding.place.cell().unwrap_or_default();
            let words = [finding.rule, item, &cell];
            words
                .into_iter()
                .filter(|word| !word.is_empty())
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect()
}

#[test]
fn a_blank_sheet_tells_its_form() {
    let draft = draft();
    let form = &draft.form;
    assert_eq!(
        (form.id.as_str(), form.edition.as_str()),
        ("mds-5.0", "Ver.5.0")
    );
    assert_eq!(form.family, Family::Mds);
    assert_eq!(form.remarks, Some(Remarks::Row));
    let fields: Vec<Field> = form.headers.iter().map(|header| header.field).collect();
    assert_eq!(fields, [Field::Date, Field::Manufacturer, Field::Product]);
    let sections: Vec<&str> = form
        .sections
        .iter()
        .map(|section| section.title.ja.as_str())
        .collect();
    assert_eq!(sections, ["技術的対策", "運用的対策"]);
    let numbers: Vec<&str> = form.items.iter().map(|item| item.number.as_str()).collect();
    assert_eq!(numbers, ["1", "2", "2.1", "2.2", "3", "4", "4.1", "5", "6"]);
    let item = |number: &str| form.item(&ItemNumber::new(number)).expect(number);
    assert_eq!(item("4.1").parent, Some(ItemNumber::new("4")));
    let when = |answer| {
        let item = ItemNumber::new("2");
        Some(Condition::Is {
            item,
            is: vec![answer],
        })
    };
    assert_eq!(item("2.1").enable, when(Answer::No));
    assert_eq!(item("2.2").enable, when(Answer::Yes));
    assert_eq!(item("2.2").kind, Kind::Multiple);
    let methods: Vec<&str> = item("2.2")
        .options
        .iter()
        .map(|method| method.title.ja.as_str())
        .collect();
    assert_eq!(methods, ["知識", "生体", "所持", "その他"]);
    assert_eq!(item("1").choices, [Answer::Yes, Answer::No, Answer::Na]);
    assert_eq!(
        item("2").references,
        [("guideline".to_owned(), vec!["6.5.C.15".to_owned()])]
    );
    assert_eq!(draft.unsure, []);
    assert_eq!(draft.file, "form.xlsx");
    let text = draft.to_toml();
    assert!(
        text.contains(&draft.sha256) && text.contains("再配布しないでください"),
        "{text}"
    );
    let again = Catalog::parse(&text, "again.toml").expect("a form file");
    same(&again.forms()[0], form);
}

#[test]
fn a_filled_sheet_tells_the_same_form() {
    let filled = learned(&workbook(&[sheet("MDS", &answered(&ROWS))])).remove(0);
    same(&filled.form, &draft().form);
}

#[test]
fn a_sheet_as_it_was_learned_has_no_finding() {
    let options = known(&draft(), "clean");
    assert_eq!(found(&options, &answered(&ROWS)), Vec::<String>::new());
}

#[test]
fn rows_removed_added_reworded_and_moved_are_told() {
    let options = known(&draft(), "changed");
    let mut rows = answered(&ROWS);
    rows.remove(9); // 5
    rows.push(
        ["7", "新しく足した質問ですか", "はい", ""]
            .map(str::to_owned)
            .to_vec(),
    );
    rows[5][1] = "通信経路を暗号化する予定ですか".to_owned();
    assert_eq!(
        found(&options, &rows),
        [
            "item-missing 5",
            "item-text-changed 3 B11",
            "item-unknown 7 A16"
        ]
    );
    let mut rows = answered(&ROWS);
    rows.swap(5, 7); // 3 and 4
    assert_eq!(found(&options, &rows), ["item-order-changed A11"]);
    // One word is enough, where the questions are the form's own.
    let mut rows = answered(&ROWS);
    rows[10][1] = "保守の窓口を決めていますか".to_owned();
    assert_eq!(found(&options, &rows), ["item-text-changed 6 B16"]);
}

#[test]
fn two_forms_of_one_workbook() {
    let rows = answered(&ROWS);
    let source = workbook(&[
        sheet("MDS", &rows),
        sheet("SDS", &rows),
        sheet("記入例", &rows[..8]),
    ]);
    let drafts = learned(&source);
    let ids: Vec<&str> = drafts.iter().map(|draft| draft.form.id.as_str()).collect();
    assert_eq!(ids, ["mds-5.0", "sds-5.0"]);
    assert_eq!(drafts[0].unsure.len(), 1, "{:?}", drafts[0].unsure);
    assert_eq!(drafts[0].unsure[0].place.sheet(), Some("記入例"));
    let wanted = |id: Option<&str>, sheet: Option<&str>| Wanted {
        id: id.map(str::to_owned),
        sheet: sheet.map(str::to_owned),
        ..Wanted::default()
    };
    let named = learn(&source, &wanted(Some("own"), None), &Limits::default()).expect("forms");
    assert_eq!(
        (named[0].form.id.as_str(), named[1].form.id.as_str()),
        ("own-mds", "own-sds")
    );
    let one = learn(
        &source,
        &wanted(Some("own"), Some("SDS")),
        &Limits::default(),
    )
    .expect("a form");
    assert_eq!((one.len(), one[0].form.id.as_str()), (1, "own"));
    let none = learn(&source, &wanted(None, Some("XXX")), &Limits::default());
    assert!(matches!(none, Err(Error::NotLearned { reason, .. }) if reason.ja.contains("記入例")));
}

#[test]
fn what_cannot_be_taken_over_is_told() {
    let mut rows = answered(&ROWS);
    rows.push(
        ["6", "同じ番号の質問ですか", "はい", ""]
            .map(str::to_owned)
            .to_vec(),
    );
    rows.insert(
        8,
        ["", "番号のない質問ですか", "はい", ""]
            .map(str::to_owned)
            .to_vec(),
    );
    let draft = learned(&workbook(&[sheet("MDS", &rows)])).remove(0);
    let told: Vec<String> = draft
        .unsure
        .iter()
        .map(|unsure| format!("{} {}", unsure.place, unsure.what.ja))
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].starts_with("MDS!B14") && told[0].contains("番号のない質問"),
        "{told:?}"
    );
    assert!(
        told[1].starts_with("MDS!A18") && told[1].contains('6'),
        "{told:?}"
    );
    let nothing = Source::new("a.xlsx", Vec::new());
    assert!(matches!(
        learn(&nothing, &Wanted::default(), &Limits::default()),
        Err(Error::Invalid { .. })
    ));
    let tree = Source::new("a.toml", b"form = 'mds-reference'".to_vec());
    assert!(matches!(
        learn(&tree, &Wanted::default(), &Limits::default()),
        Err(Error::NotLearned { .. })
    ));
}

#[test]
fn numbers_stored_as_numbers_get_their_zeros_back() {
    let mut sheet = sheet("MDS", &[]);
    let row = |number: toml::Value| {
        let text = |text: &str| toml::Value::String(text.to_owned());
        vec![
            number.clone(),
            text(&format!("質問その{number}ですか")),
            text("はい"),
        ]
    };
    sheet.rows.push(row(toml::Value::Integer(4)));
    for tenth in 1..=9 {
        sheet
            .rows
            .push(row(toml::Value::Float(4.0 + f64::from(tenth) / 10.0)));
    }
    for number in [4.1, 4.11, 4.12, 5.0] {
        sheet.rows.push(row(toml::Value::Float(number)));
    }
    let draft = learned(&workbook(&[sheet])).remove(0);
    let numbers: Vec<&str> = draft
        .form
        .items
        .iter()
        .map(|item| item.number.as_str())
        .collect();
    assert_eq!(numbers[9..], ["4.9", "4.10", "4.11", "4.12", "5"]);
    assert_eq!(draft.unsure, []);
}

#[test]
fn a_table_is_edited_and_taken_back() {
    let mut draft = draft();
    draft.accept();
    for (name, bytes) in [
        ("t.csv", table::csv(&draft, Language::Ja).expect("a table")),
        (
            "t.xlsx",
            table::xlsx(&draft, Language::En).expect("a table"),
        ),
    ] {
        let rows = table::read(&Source::new(name, bytes), &Limits::default()).expect("a table");
        let mut again = draft.clone();
        again.apply(&rows, name).expect("as it was");
        same(&again.form, &draft.form);
    }
    let edited = "番号,管理策\n3,ops.backup\n1,\n";
    let rows = table::read(&Source::new("t.csv", edited.into()), &Limits::default()).expect("rows");
    draft.apply(&rows, "t.csv").expect("no mistake");
    let item = |number: &str| {
        draft
            .form
            .item(&ItemNumber::new(number))
            .expect(number)
            .clone()
    };
    assert_eq!(
        (item("3").control.as_deref(), item("3").confidence),
        (Some("ops.backup"), 1.0)
    );
    assert_eq!(item("1").control, None);
    let wrong = table::read(
        &Source::new("t.csv", "a,b\n1,2\n".into()),
        &Limits::default(),
    );
    assert!(matches!(wrong, Err(Error::Invalid { .. })));
}

#[test]
fn a_broken_form_file_of_the_users_own_stops_nothing() {
    let folder = place("broken");
    std::fs::write(folder.join("a.toml"), "schema = \"kaijisho/form/1\"\nid = ").expect("written");
    std::fs::write(folder.join("b.toml"), draft().to_toml()).expect("written");
    std::fs::write(folder.join("note.txt"), "x").expect("written");
    let (forms, errors) = Catalog::imported(&folder);
    assert_eq!(forms.forms().len(), 1);
    assert!(
        matches!(&errors[..], [Error::Invalid { name, findings }]
        if name.ends_with("a.toml") && findings[0].place.to_string() == "2:6"),
        "{errors:?}"
    );
    let (none, errors) = Catalog::imported(&folder.join("no-such-folder"));
    assert!(none.forms().is_empty() && errors.is_empty());
}
