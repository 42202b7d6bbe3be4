//! Return sheets: the sender's workbook goes back marked, nothing else in it changes, and what was mended is told.

// A test that cannot go on says where it stopped; the panic is the message.
#![allow(clippy::unwrap_used)]

mod support;

#[path = "support/layouts/mod.rs"]
mod layouts;

#[path = "returned/package.rs"]
mod package;

#[path = "returned/vendor.rs"]
mod vendor;

use std::collections::BTreeSet;

use kaijisho::{
    Assessment, Catalog, Examined, Finding, Language, Options, ReturnOptions, ReturnSheet, Source,
    assess, examine, profile, return_sheet,
};
use layouts::catalogue;
use layouts::logic::{Logic, UNKNOWN};
use layouts::random::Random;
use package::{
    Change, fill, fill_in, members, mended, prefixed, sheet_parts, text, unmarked, with,
};
use rust_xlsxwriter::Workbook;
use support::formats::{Format, write};
use vendor::vendors;

fn options() -> Options {
    Options::new(support::TODAY)
}

fn source(bytes: Vec<u8>) -> Source {
    Source::new("受け取った開示書.xlsx", bytes)
}

fn returned(bytes: &[u8], wanted: &ReturnOptions<'_>) -> ReturnSheet {
    let source = source(bytes.to_vec());
    return_sheet(&source, &examine(&source, &options()), wanted).unwrap()
}

fn back(bytes: &[u8]) -> Vec<u8> {
    returned(bytes, &ReturnOptions::default()).bytes
}

fn read(bytes: &[u8]) -> Examined {
    examine(&source(bytes.to_vec()), &options())
}

/// A finding in one line, with its place.
fn told(finding: &Finding) -> String {
    format!(
        "{} {} {}",
        finding.code(),
        finding.place,
        finding.message(Language::Ja)
    )
}

/// All findings but those that only a return sheet has.
fn findings(examined: &Examined) -> Vec<String> {
    let list = examined.returned.as_ref().map(|returned| &*returned.sheet);
    examined
        .all_findings()
        .filter(|finding| finding.rule != "finding-returned")
        .filter(|finding| finding.rule != "sheet-ignored" || finding.place.sheet() != list)
        .map(told)
        .collect()
}

/// Sends a workbook back; all must hold of it that must hold of any.
fn check(name: &str, bytes: &[u8]) -> ReturnSheet {
    let old = read(bytes);
    let marked = return_sheet(&source(bytes.to_vec()), &old, &ReturnOptions::default());
    let marked = marked.unwrap_or_else(|error| panic!("{name}: {error}"));
    let (before, order) = members(bytes);
    let (after, new_order) = members(&marked.bytes);
    assert_eq!(new_order[..order.len()], order, "{name}");
    let parts = sheet_parts(bytes);
    let sheets: BTreeSet<&String> = parts.values().collect();
    for (member, old) in &before {
        let new = &after[member];
        let is_lead = [
            "xl/workbook.xml",
            "xl/_rels/workbook.xml.rels",
            "xl/styles.xml",
            "[Content_Types].xml",
        ]
        .contains(&member.as_str());
        let of_marks = member.ends_with(".vml")
            || member.contains("comments")
            || member.starts_with("xl/worksheets/_rels/");
        if sheets.contains(member) {
            let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(new));
            assert_eq!(unmarked(&old), unmarked(&new), "{name}: {member}");
        } else if !is_lead && !of_marks {
            assert!(old == new, "{name}: {member} changed");
        }
    }
    let new = read(&marked.bytes);
    assert_eq!(old.disclosures.len(), new.disclosures.len(), "{name}");
    for (old, new) in old.disclosures.iter().zip(&new.disclosures) {
        assert!(old.same_content(new), "{name}: something is read otherwise");
    }
    assert_eq!(findings(&old), findings(&new), "{name}");
    let to_mend: Vec<&Finding> = old
        .all_findings()
        .filter(|finding| finding.severity() > kaijisho::Severity::Note)
        .collect();
    assert_eq!(marked.findings, to_mend.len(), "{name}");
    let list = new
        .returned
        .as_ref()
        .unwrap_or_else(|| panic!("{name}: no list"));
    assert_eq!((list.listed, list.mended), (to_mend.len(), 0), "{name}");
    let listed = text(&marked.bytes, &sheet_parts(&marked.bytes)[&*list.sheet]);
    for finding in to_mend {
        let (Some(sheet), Some(cell)) = (finding.place.sheet(), finding.place.cell()) else {
            continue;
        };
        let fill = fill_in(
            std::str::from_utf8(&after[&parts[sheet]]).unwrap(),
            std::str::from_utf8(&after["xl/styles.xml"]).unwrap(),
            &cell,
        );
        assert!(fill.contains("FFFFD7A3"), "{name}: {sheet}!{cell}: {fill}");
        let quoted = sheet.replace('\'', "''");
        let link = format!("location=\"'{quoted}'!{cell}\"");
        assert!(listed.contains(&link), "{name}: no {link}");
    }
    // Marked again, it is the same, byte for byte.
    let again = return_sheet(
        &source(marked.bytes.clone()),
        &new,
        &ReturnOptions::default(),
    );
    assert_eq!(members(&again.unwrap().bytes), (after, new_order), "{name}");
    marked
}

/// Every so many layouts.
fn layouts(form: &str, seed: u64, step: usize) {
    let logic = Logic::of(form, seed);
    let mut count = 0;
    for layout in catalogue::all().step_by(step) {
        let drawn = (layout.draw)(&logic, &mut Random::new(seed));
        check(layout.name, &write(&drawn.paper, Format::Xlsx));
        count += 1;
    }
    assert!(count * step > 30, "{count}");
}

#[test]
fn a_known_form_in_any_layout_goes_back_with_nothing_changed_but_its_marks() {
    layouts("mds-reference", 1, 2);
}

#[test]
fn an_unknown_form_in_any_layout_goes_back_with_nothing_changed_but_its_marks() {
    layouts(UNKNOWN, 3, 9);
}

#[test]
fn foreign_workbooks_go_back_too() {
    let folders = ["corpus/mds2", "sheets"]
        .into_iter()
        .filter_map(support::shared);
    for file in folders.flat_map(|folder| support::files(&folder)) {
        if file.extension().is_some_and(|ending| ending == "xlsx") {
            let bytes = std::fs::read(&file).unwrap();
            check(&file.display().to_string(), &bytes);
        }
    }
}

#[test]
fn what_a_vendor_put_there_stays() {
    let bytes = vendors();
    let marked = check("a vendor's workbook", &bytes);
    assert!(!marked.has_macros);
    let book = text(&marked.bytes, "xl/workbook.xml");
    assert!(
        book.contains("<sheets><sheet name=\"指摘一覧\" sheetId=\"3\""),
        "{book}"
    );
    assert!(book.contains("activeTab=\"2\""), "{book}");
    for (name, of) in [
        ("Print_Titles", "表紙"),
        ("Print_Titles", "MDS"),
        ("Print_Area", "MDS"),
        ("総数", "MDS"),
    ] {
        let sheet = if of == "表紙" { 1 } else { 2 };
        let here = book.split("<definedName ").any(|it| {
            it.contains(name)
                && it.contains(of)
                && it.contains(&format!("localSheetId=\"{sheet}\""))
        });
        assert!(here, "{name} of {of}: {book}");
    }
    // The colours keep what was there before; the vendor's comment stays above ours.
    let part = &sheet_parts(&bytes)["MDS '26"];
    assert!(fill(&marked.bytes, part, "C9").contains("<bgColor rgb=\"FFFFFF00\"/>"));
    assert!(fill(&marked.bytes, part, "C8").contains("<bgColor indexed=\"64\"/>"));
    let comments = text(&marked.bytes, "xl/comments1.xml");
    let (vendor, ours) = comments.split_once("次期更新で対応する予定").unwrap();
    assert!(
        ours.contains("項目3の回答がありません") && !vendor.contains("kaijisho】"),
        "{comments}"
    );
    assert!(comments.contains("社内メモ"), "{comments}");
    let drawing = text(&marked.bytes, "xl/drawings/vmlDrawing1.vml");
    assert_eq!(
        drawing.matches("ObjectType=\"Note\"").count(),
        4,
        "{drawing}"
    );
}

#[test]
fn a_thread_of_comments_is_not_touched() {
    let bytes = with(
        &vendors(),
        &[
            ("xl/threadedComments/threadedComment1.xml", &|_| {
                "<ThreadedComments xmlns=\"http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments\"><threadedComment ref=\"C8\" dT=\"2026-01-01T00:00:00.00\" personId=\"{1}\" id=\"{2}\"><text>確認中</text></threadedComment></ThreadedComments>".to_owned()
            }),
            ("xl/worksheets/_rels/sheet2.xml.rels", &|old| {
                old.replace("</Relationships>", "<Relationship Id=\"rId77\" Type=\"http://schemas.microsoft.com/office/2017/10/relationships/threadedComment\" Target=\"../threadedComments/threadedComment1.xml\"/></Relationships>")
            }),
        ],
    );
    let marked = check("threads", &bytes);
    assert_eq!(marked.coloured, marked.commented + 1);
    let (before, after) = (
        text(&bytes, "xl/comments1.xml"),
        text(&marked.bytes, "xl/comments1.xml"),
    );
    let of = |text: &str| {
        text.split("ref=\"C8\"")
            .nth(1)
            .unwrap()
            .split("</comment>")
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!(of(&before), of(&after));
}

#[test]
fn parts_with_prefixes_go_back() {
    let bytes = vendors();
    let parts = [
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
        "xl/styles.xml",
        "xl/comments1.xml",
    ];
    let odd = parts.iter().fold(bytes.clone(), |odd, part| {
        let new = prefixed(&bytes, part);
        let change: Change<'_> = (part, &|_| new.clone());
        with(&odd, &[change])
    });
    let (plain, marked) = (
        returned(&bytes, &ReturnOptions::default()),
        returned(&odd, &ReturnOptions::default()),
    );
    assert_eq!(
        (marked.coloured, marked.commented),
        (plain.coloured, plain.commented)
    );
    assert_eq!(findings(&read(&odd)), findings(&read(&marked.bytes)));
    assert_eq!(read(&marked.bytes).returned, read(&plain.bytes).returned);
    for part in parts {
        let marked = text(&marked.bytes, part);
        let root = marked
            .split("<x:")
            .nth(1)
            .unwrap()
            .split([' ', '>'])
            .next()
            .unwrap();
        assert!(
            marked.trim_end().ends_with(&format!("</x:{root}>")),
            "{part}: {marked}"
        );
        assert!(
            !marked.contains("<definedName ")
                && !marked.contains("<c r")
                && !marked.contains("<xf "),
            "{part}"
        );
    }
}

#[test]
fn parts_behind_a_byte_order_mark_go_back() {
    let marked: package::Change<'_> = ("xl/worksheets/sheet2.xml", &|old| format!("\u{feff}{old}"));
    let changes = ["xl/workbook.xml", "xl/styles.xml", "xl/comments1.xml"]
        .map(|part| (part, marked.1))
        .into_iter()
        .chain([marked]);
    let changes: Vec<package::Change<'_>> = changes.collect();
    let back = check("byte order marks", &with(&vendors(), &changes));
    assert!(back.commented > 0);
}

#[test]
fn strange_numbers_in_a_workbook_do_no_harm() {
    let far = "18446744073709551615";
    let bytes = with(
        &vendors(),
        &[
            ("xl/workbook.xml", &|old| {
                old.replace(
                    "activeTab=\"1\"",
                    &format!("activeTab=\"{far}\" firstSheet=\"-1\""),
                )
                .replace("localSheetId=\"0\"", &format!("localSheetId=\"{far}\""))
                .replace("sheetId=\"2\"", "sheetId=\"4294967295\"")
            }),
            ("xl/drawings/vmlDrawing1.vml", &|old| {
                old.replace("data=\"", &format!("data=\"{far},"))
            }),
            ("xl/worksheets/sheet2.xml", &|old| {
                old.replace("<row r=\"9\"", "<row r=\"9\" ht=\"1e308\"")
                    .replace(" s=\"1\"", " s=\"4294967295\"")
            }),
        ],
    );
    let marked = returned(&bytes, &ReturnOptions::default());
    assert_eq!(read(&marked.bytes).returned.unwrap().open.len(), 3);
}

#[test]
fn macros_ask_for_their_ending() {
    let bytes = with(
        &vendors(),
        &[
            ("[Content_Types].xml", &|old| {
                old.replace("spreadsheetml.sheet.main+xml", "x").replace(
                    "application/vnd.openxmlformats-officedocument.x",
                    "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                )
            }),
            ("xl/vbaProject.bin", &|_| "any bytes".to_owned()),
        ],
    );
    assert!(check("macros", &bytes).has_macros);
}

#[test]
fn no_text_of_a_sender_becomes_a_formula_or_markup() {
    let marked = returned(&vendors(), &ReturnOptions::default());
    let list = text(&marked.bytes, &sheet_parts(&marked.bytes)["指摘一覧"]);
    assert!(!list.contains("<f>") && !list.contains("<f "), "{list}");
    assert!(list.contains("=HYPERLINK(&quot;http://x&quot;)"), "{list}");
    assert!(
        list.contains("=見本メディカル / &lt;見本&gt;カルテ &amp; &quot;試&quot;"),
        "{list}"
    );
    assert!(list.contains("location=\"'MDS ''26'!C8\""), "{list}");
}

#[test]
fn what_was_mended_is_told() {
    let bytes = vendors();
    let part = sheet_parts(&bytes)["MDS '26"].clone();
    let sent = back(&bytes);
    let came = mended(&sent, &part, &[("C8", "はい"), ("C9", "はい")]);
    let examined = read(&came);
    let returned = examined.returned.as_ref().unwrap();
    let open: Vec<_> = returned
        .open
        .iter()
        .map(|open| (open.code.as_str(), open.cell.as_deref()))
        .collect();
    assert_eq!((returned.listed, returned.mended), (3, 2));
    assert_eq!(open, [("MDS501", Some("C10"))]);
    let told: Vec<String> = examined
        .all_findings()
        .filter(|finding| finding.rule == "finding-returned")
        .map(|finding| finding.message(Language::Ja))
        .collect();
    assert_eq!(
        told,
        ["一覧の指摘3件のうち2件が直っています(残り: 項目5 (MDS '26!C10))"]
    );
    // An answer that is none again, and a row that is gone, are not mended.
    let unsure = mended(
        &sent,
        &part,
        &[("C8", "はい"), ("C9", "？？"), ("C10", "未定です")],
    );
    let still = read(&unsure).returned.unwrap();
    let cells: Vec<_> = still.open.iter().map(|open| open.cell.as_deref()).collect();
    assert_eq!((still.listed, still.mended), (3, 1), "{still:?}");
    assert_eq!(cells, [Some("C9"), Some("C10")]);
    let gone = with(
        &sent,
        &[(&part, &|old| {
            let start = old.find("<row r=\"10\"").unwrap();
            let end = start + old[start..].find("</row>").unwrap() + "</row>".len();
            format!("{}{}", &old[..start], &old[end..])
        })],
    );
    let left = read(&gone).returned.unwrap();
    assert!(
        left.open
            .iter()
            .any(|open| open.item.as_deref() == Some("5")),
        "{left:?}"
    );
    assert_eq!(left.mended, 0, "{left:?}");
    // Sent back again, only what is left is marked, and the cells that were mended look as they did at first.
    let again = back(&came);
    let check_back = read(&again);
    assert_eq!(check_back.returned.unwrap().listed, 1);
    assert!(!fill(&again, &part, "C8").contains("FFD7A3"));
    assert!(fill(&again, &part, "C9").contains("<fgColor rgb=\"FFFFFF00\"/>"));
    assert!(fill(&again, &part, "C10").contains("FFD7A3"));
    let comments = text(&again, "xl/comments1.xml");
    assert!(
        comments.contains("次期更新で対応する予定")
            && comments.matches("【kaijisho】").count() == 1,
        "{comments}"
    );
    let drawing = text(&again, "xl/drawings/vmlDrawing1.vml");
    assert_eq!(
        drawing.matches("ObjectType=\"Note\"").count(),
        3,
        "{drawing}"
    );
    // All mended: nothing of ours is left but an empty list.
    let done = back(&mended(&again, &part, &[("C10", "対象外")]));
    let styles = text(&done, "xl/styles.xml");
    assert!(
        !text(&done, "xl/comments1.xml").contains("kaijisho】"),
        "{styles}"
    );
    assert!(read(&done).returned.unwrap().open.is_empty());
}

#[test]
fn what_a_hospital_requires_is_asked_apart() {
    let bytes = vendors();
    let source = source(bytes.clone());
    let examined = examine(&source, &options());
    let profile = profile::load("small-hospital", &Catalog::bundled()).unwrap();
    let assessments: Vec<Assessment<'_>> = examined
        .disclosures
        .iter()
        .map(|it| assess(it, &profile, support::TODAY))
        .collect();
    let wanted = ReturnOptions {
        assessments: &assessments,
        language: Some(Language::En),
        date: Some(support::TODAY),
        ..ReturnOptions::default()
    };
    let marked = return_sheet(&source, &examined, &wanted).unwrap();
    assert!(marked.questions > 0, "{marked:?}");
    let list = text(&marked.bytes, &sheet_parts(&marked.bytes)["Findings"]);
    assert!(
        list.contains(">Questions<") && list.contains("Date: 2026-10-01"),
        "{list}"
    );
    // Item 2 says no to backups: asked, in the other colour, and not counted as a finding.
    let part = &sheet_parts(&bytes)["MDS '26"];
    assert!(fill(&marked.bytes, part, "C7").contains("FFBDE3F7"));
    assert!(fill(&marked.bytes, part, "C8").contains("FFFFD7A3"));
    assert_eq!(read(&marked.bytes).returned.unwrap().listed, 3);
    assert_eq!(findings(&read(&bytes)), findings(&read(&marked.bytes)));
}

#[test]
fn what_cannot_go_back_says_why() {
    let refused = |bytes: &[u8]| {
        let source = source(bytes.to_vec());
        let error = return_sheet(
            &source,
            &examine(&source, &options()),
            &ReturnOptions::default(),
        );
        error.expect_err("refused").to_string()
    };
    let logic = Logic::of("mds-reference", 1);
    let drawn = (catalogue::all().next().unwrap().draw)(&logic, &mut Random::new(1));
    for format in [Format::Xls, Format::SpreadsheetXml, Format::Csv] {
        let told = refused(&write(&drawn.paper, format));
        assert!(told.contains("save it as an Excel workbook"), "{told}");
    }
    let told = refused(&write(&drawn.paper, Format::Ods));
    assert!(told.contains("xlsx"), "{told}");
    let mut empty = Workbook::new();
    empty.add_worksheet();
    assert!(refused(&empty.save_to_buffer().unwrap()).contains("no disclosure"));
}

fn run(arguments: &[&str]) -> (i32, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_kaijisho"));
    // No line is folded: where one is hangs on the length of paths.
    let command = command.args(arguments).env_clear().env("COLUMNS", "10000");
    let output = command.output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), told)
}

#[test]
fn the_command_says_what_it_needs() {
    let place = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("returned");
    if place.exists() {
        std::fs::remove_dir_all(&place).unwrap();
    }
    std::fs::create_dir_all(&place).unwrap();
    let vendor = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/examples/01-vendor/disclosure.xlsx"
    );
    let at = |name: &str| place.join(name).display().to_string();
    let to = at("return.xlsx");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/05-layout");
    let (table, layout) = (
        format!("{folder}/kawabe-gazo.csv"),
        format!("{folder}/kawabe-gazo.layout.toml"),
    );
    let refused = [
        (vec![vendor, vendor, "-o", &to], "ファイルを1つだけ"),
        (
            vec![place.to_str().unwrap(), "-o", &to],
            "ファイルを1つだけ",
        ),
        (vec![vendor], "-o return.xlsx"),
        (vec![vendor, "-o", "return.html"], ".xlsx にしてください"),
        (vec![&table, "--layout", &layout, "-o", &to], "Excelブック"),
        (vec!["no-such.xlsx", "-o", &to], "no-such.xlsx"),
        (vec![vendor, "-o", &to, "--format", "md"], "--return-sheet"),
    ];
    for (arguments, told) in refused {
        let (code, error) = run(&[&["report", "--return-sheet"], arguments.as_slice()].concat());
        assert_eq!(code, 2, "{arguments:?}: {error}");
        assert!(error.contains(told), "{arguments:?}: {error}");
    }
    let arguments = [
        "report",
        "--return-sheet",
        vendor,
        "--force",
        "-o",
        &to,
        "--date",
        "2026-10-01",
    ];
    let (code, told) = run(&arguments);
    assert_eq!(code, 1, "{told}");
    assert!(
        told.contains("4件") && told.contains("コメント 4"),
        "{told}"
    );
    let (code, told) = run(&["report", "--return-sheet", vendor, "-o", &to]);
    assert_eq!(code, 2, "an existing file is kept: {told}");
}
