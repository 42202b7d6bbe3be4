//! Blank sheets: what `new` writes is read with nothing to say but what is still to be filled.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::sync::Arc;

use kaijisho::write::{Target, Texts, blank, to_fill, write};
use kaijisho::{
    Catalog, Examined, Field, Form, Language, Limits, Options, Source, State, examine, import,
};

const TARGETS: [(Target, &str); 4] = [
    (Target::Xlsx, "xlsx"),
    (Target::Xml, "xml"),
    (Target::Json, "json"),
    (Target::Toml, "toml"),
];
const TEXTS: [Texts; 3] = [
    Texts::One(Language::Ja),
    Texts::One(Language::En),
    Texts::Both,
];

fn read(form: &Arc<Form>, ending: &str, bytes: Vec<u8>) -> Examined {
    let mut options = Options::new(jiff::civil::date(2026, 10, 1));
    options.catalog = options.catalog.with(&Catalog::of(vec![Arc::clone(form)]));
    examine(&Source::new(format!("a.{ending}"), bytes), &options)
}

fn names(examined: &Examined) -> BTreeSet<&str> {
    examined
        .all_findings()
        .map(|finding| finding.rule)
        .collect()
}

fn forms() -> Vec<Arc<Form>> {
    let golden = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/golden/form.toml"
    ));
    let golden = Catalog::parse(&golden.unwrap(), "form.toml").unwrap();
    let bundled = Catalog::bundled();
    let mut forms: Vec<Arc<Form>> = bundled.forms().to_vec();
    forms.extend(golden.forms().iter().cloned());
    forms.push(conditions());
    forms.push(imported());
    forms
}

/// A made-up form with every kind of item and condition.
fn conditions() -> Arc<Form> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/new/form.toml"));
    let catalog = Catalog::parse(&text.unwrap(), "form.toml").unwrap();
    Arc::clone(&catalog.forms()[0])
}

/// A form learned from the blank sheet of the examples.
fn imported() -> Arc<Form> {
    let blank = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/04-form/blank.xlsx");
    let source = Source::new("blank.xlsx", std::fs::read(blank).unwrap());
    let wanted = import::Wanted::default();
    let mut drafts = import::learn(&source, &wanted, &Limits::default()).unwrap();
    let catalog = Catalog::parse(&drafts.remove(0).to_toml(), "imported.toml").unwrap();
    Arc::clone(&catalog.forms()[0])
}

/// The members of a workbook by name.
fn members(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut member = archive.by_index(at).unwrap();
            let name = member.name().unwrap().into_owned();
            let mut text = String::new();
            member.read_to_string(&mut text).unwrap();
            (name, text)
        })
        .collect()
}

/// The cells of a sheet of a workbook: formula and value as they stand in the file, texts resolved.
fn cells(members: &BTreeMap<String, String>) -> BTreeMap<String, (String, String)> {
    let inside = |text: &str, from: &str, to: &str| {
        let text = text.split_once(from)?.1;
        Some(text.split_once(to)?.0.to_owned())
    };
    let strings: Vec<String> = members["xl/sharedStrings.xml"]
        .split("<si>")
        .skip(1)
        .map(|text| {
            let parts = text.split("<t").skip(1);
            parts.filter_map(|part| inside(part, ">", "</t>")).collect()
        })
        .collect();
    let mut cells = BTreeMap::new();
    for cell in members["xl/worksheets/sheet1.xml"].split("<c r=").skip(1) {
        let cell = cell.split("</c>").next().unwrap();
        let at = inside(cell, "\"", "\"").unwrap();
        let formula = inside(cell, "<f>", "</f>").unwrap_or_default();
        let mut value = inside(cell, "<v>", "</v>").unwrap_or_default();
        if cell.contains("t=\"s\"") {
            value.clone_from(&strings[value.parse::<usize>().unwrap()]);
        }
        cells.insert(at, (formula, value));
    }
    cells
}

#[test]
fn nothing_but_what_is_to_be_filled() {
    for form in forms() {
        for texts in TEXTS {
            for (target, ending) in TARGETS {
                let what = format!("{} {texts} {ending}", form.id);
                let disclosure = blank(&form, texts, &[]);
                let bytes = to_fill(&[disclosure], target, texts).unwrap();
                let examined = read(&form, ending, bytes);
                let names = names(&examined);
                let to_fill = BTreeSet::from(["answer-missing", "header-missing"]);
                assert!(names.is_subset(&to_fill), "{what}: {names:?}");
                assert!(names.contains("answer-missing"), "{what}");
                let [read] = examined.disclosures.as_slice() else {
                    panic!("{what}: not one disclosure");
                };
                assert_eq!(read.form.id, form.id, "{what}");
                let numbers = read.entries.iter().map(|entry| &entry.number);
                assert!(
                    numbers.eq(form.items.iter().map(|item| &item.number)),
                    "{what}"
                );
            }
        }
    }
}

#[test]
fn the_head_may_be_filled_in_beforehand() {
    let values = [
        (Field::Date, "2026-09-30".to_owned()),
        (Field::Manufacturer, "見本メディカル".to_owned()),
        (Field::Product, "=見本".to_owned()),
        (Field::Model, "A-1".to_owned()),
        (Field::Version, "4.10".to_owned()),
    ];
    for form in forms() {
        for (target, ending) in TARGETS {
            let disclosure = blank(&form, Texts::Both, &values);
            let bytes = to_fill(&[disclosure], target, Texts::Both).unwrap();
            let examined = read(&form, ending, bytes);
            let what = format!("{} {ending}", form.id);
            assert_eq!(
                names(&examined),
                BTreeSet::from(["answer-missing"]),
                "{what}"
            );
            for (field, value) in &values {
                let read = examined.disclosures[0].field(*field).unwrap();
                assert_eq!(read.value(), *value, "{what}");
            }
        }
    }
}

#[test]
fn the_sheet_helps_to_fill_it() {
    let form = Catalog::bundled().form("mds-reference").unwrap();
    let disclosure = blank(&form, Texts::One(Language::Ja), &[]);
    let bytes = to_fill(&[disclosure], Target::Xlsx, Texts::One(Language::Ja)).unwrap();
    let members = members(&bytes);
    let sheet = &members["xl/worksheets/sheet1.xml"];
    for part in [
        "\"はい,いいえ,対象外\"",
        "回答が「対象外」のとき",
        "<sheetProtection sheet=\"1\"",
        "formatColumns=\"0\"",
        "<autoFilter ref=",
        "<pane xSplit=\"1\"",
        "paperSize=\"9\"",
        "fitToHeight=\"0\"",
        "type=\"date\"",
        "type=\"textLength\"",
    ] {
        assert!(sheet.contains(part), "{part}");
    }
    // One rule for all rows: the rules do not grow with the form.
    assert!(sheet.matches("<cfRule").count() < 15);
    assert!(sheet.matches("<dataValidation ").count() < 60);
    assert!(members["xl/workbook.xml"].contains("kaijisho_yes"));
    let cells = cells(&members);
    let shown: Vec<&str> = cells.values().map(|(_, value)| value.as_str()).collect();
    assert!(shown.contains(&"規程類と文書"), "no section");
    let asked = form
        .items
        .iter()
        .filter(|item| item.enable.is_none())
        .count();
    let progress = format!("回答 0 / {asked}　備考不足 0　要確認 0");
    assert!(shown.contains(&progress.as_str()), "{progress}");
}

#[test]
fn words_too_long_for_a_list_stand_beside_it() {
    let form = conditions();
    let texts = Texts::One(Language::En);
    let bytes = to_fill(&[blank(&form, texts, &[])], Target::Xlsx, texts).unwrap();
    let members = members(&bytes);
    let cells = cells(&members);
    let item = form.items.last().unwrap();
    let (at, _) = cells
        .iter()
        .find(|(at, (_, value))| at.starts_with('A') && *value == item.number.as_str())
        .unwrap();
    let row = &at[1..];
    let list = format!("<formula1>$K${row}:$O${row}</formula1>");
    assert!(
        members["xl/worksheets/sheet1.xml"].contains(&list),
        "{list}"
    );
    for (column, method) in ["K", "L", "M", "N", "O"].iter().zip(&item.options) {
        assert_eq!(cells[&format!("{column}{row}")].1, method.title.en);
    }
}

/// What stands in the column of the states and in the line of the progress, where answers are there already.
#[test]
fn results_stand_beside_the_formulas() {
    let form = conditions();
    let text = r#"
        form = "conditions"
        header = { product = "見本" }
        items = [
            { number = "1", answer = "no" },
            { number = "1.1", options = ["face", "password"] },
            { number = "1.2" },
            { number = "1.3", answer = "yes" },
            { number = "2", answer = "na" },
            { number = "2.1" },
            { number = "2.2", answer = "yes" },
            { number = "2.2.1" },
            { number = "2.2.1.1" },
            { number = "3", answer = "na" },
            { number = "4", answer = "だいたい" },
            { number = "5" },
            { number = "6", answer = "どこか" },
        ]
    "#;
    let examined = read(&form, "toml", text.into());
    for to_be_filled in [false, true] {
        let texts = Texts::One(Language::Ja);
        let bytes = if to_be_filled {
            to_fill(&examined.disclosures, Target::Xlsx, texts).unwrap()
        } else {
            let origin = kaijisho::write::Origin {
                file: "a.toml",
                sha256: "",
            };
            write(&examined.disclosures, &origin, Target::Xlsx, Language::Ja).unwrap()
        };
        let members = members(&bytes);
        let cells = cells(&members);
        let states: Vec<(&str, &str)> = form
            .items
            .iter()
            .map(|item| {
                let number = item.number.as_str();
                let found = cells.iter().find(|(at, (_, value))| {
                    at.starts_with('A')
                        && value == number
                        && cells.contains_key(&format!("F{}", &at[1..]))
                });
                let (at, _) = found.unwrap();
                (number, cells[&format!("E{}", &at[1..])].1.as_str())
            })
            .collect();
        assert_eq!(
            states,
            [
                ("1", "済"),
                ("1.1", "矛盾"),
                ("1.2", "未回答"),
                ("1.3", "済"),
                ("2", "備考が必要"),
                ("2.1", "回答不要"),
                ("2.2", "済"),
                ("2.2.1", "未回答"),
                ("2.2.1.1", ""),
                ("3", "要確認"),
                ("4", "済"),
                ("5", ""),
                ("6", "要確認"),
            ]
        );
        let progress = "回答 7 / 9　備考不足 2　要確認 3";
        let shown = cells.values().any(|(_, value)| value == progress);
        assert!(shown, "{:?}", cells["D3"]);
        let protected = members["xl/worksheets/sheet1.xml"].contains("<sheetProtection");
        assert_eq!(protected, to_be_filled);
        let again = read(&form, "xlsx", bytes);
        assert!(again.disclosures[0].same_content(&examined.disclosures[0]));
    }
}

#[test]
fn a_value_of_the_head_may_be_any_word() {
    let form = Catalog::bundled().form("mds-reference").unwrap();
    for word in [
        "No.",
        "回答",
        "製品名",
        "型式",
        "様式ID",
        "Form ID",
        "進み具合",
        "備考",
        "バージョン",
    ] {
        let values = [
            (Field::Manufacturer, word.to_owned()),
            (Field::Product, "回答".to_owned()),
            (Field::Model, word.to_owned()),
        ];
        let disclosure = blank(&form, Texts::Both, &values);
        let bytes = to_fill(std::slice::from_ref(&disclosure), Target::Xlsx, Texts::Both).unwrap();
        let examined = read(&form, "xlsx", bytes);
        assert!(examined.disclosures[0].same_content(&disclosure), "{word}");
        let missing = names(&examined);
        assert_eq!(
            missing,
            BTreeSet::from(["answer-missing", "header-missing"]),
            "{word}"
        );
    }
}

#[test]
fn a_method_may_have_a_name_that_holds_what_separates_names() {
    let form = conditions();
    let text = "form = 'conditions'\nitems = [{ number = '1.1', options = ['password', 'finger'] }, \
                { number = '6', options = ['p1', 'p3'] }]";
    let start = read(&form, "toml", text.into());
    let texts = Texts::One(Language::Ja);
    let bytes = to_fill(&start.disclosures, Target::Xlsx, texts).unwrap();
    let again = read(&form, "xlsx", bytes);
    let entries = &again.disclosures[0].entries;
    assert_eq!(entries[0].written, "ID・パスワード、顔と指");
    assert_eq!(entries[0].options, ["password", "finger"]);
    assert_eq!(entries[1].options, ["p1", "p3"]);
    assert_eq!(entries[1].state, State::Answered);
    assert!(again.disclosures[0].same_content(&start.disclosures[0]));
}
