//! Packages copied, changed and refused.

use std::collections::HashSet;

use super::super::book::{Book, SheetState};
use super::super::{calc_chain, content_types, relations};
use super::*;

const PARTS: [(&str, &str); 7] = [
    (
        "[Content_Types].xml",
        "<Types><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/calcChain.xml\" ContentType=\"chain\"/></Types>",
    ),
    (
        "_rels/.rels",
        "<Relationships><Relationship Id=\"a\" Type=\"http://x/officeDocument\" Target=\"/XL/Book.xml\"/></Relationships>",
    ),
    (
        "xl/book.xml",
        "<x:workbook xmlns:x=\"u\" xmlns:r=\"v\"><x:workbookPr date1904=\"1\"/><x:sheets><x:sheet name=\"A&amp;B\" sheetId=\"4\" r:id=\"s1\"/><x:sheet name=\"図\" sheetId=\"5\" state=\"veryHidden\" r:id=\"s2\"/></x:sheets></x:workbook>",
    ),
    (
        "xl/_rels/Book.xml.rels",
        "<Relationships><Relationship Id=\"s1\" Type=\"http://x/worksheet\" Target=\"./odd/one.xml\"/><Relationship Id=\"s2\" Type=\"http://x/chartsheet\" Target=\"/xl/two.xml\"/><Relationship Id=\"c\" Type=\"http://x/calcChain\" Target=\"calcChain.xml\"/></Relationships>",
    ),
    ("xl/odd/one.xml", "<x:worksheet/>"),
    ("xl/two.xml", "<chartsheet/>"),
    (
        "xl/calcChain.xml",
        "<calcChain><c r=\"A1\" i=\"4\"/></calcChain>",
    ),
];

fn packed(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.set_comment("a comment").expect("short");
    for (at, (name, text)) in parts.iter().enumerate() {
        let date = DateTime::from_date_and_time(2001 + at as u16, 2, 3, 4, 5, 6).expect("a date");
        let method = match at % 2 {
            0 => CompressionMethod::Deflated,
            _ => CompressionMethod::Stored,
        };
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(date);
        writer.start_file(*name, options).expect("written");
        writer.write_all(text.as_bytes()).expect("written");
    }
    writer.finish().expect("written").into_inner()
}

#[test]
fn what_is_not_touched_is_copied() {
    let bytes = packed(&PARTS);
    let package = Package::open(&bytes, &Limits::default()).expect("sound");
    assert_eq!(package.finish().expect("written"), bytes);
    let mut package = Package::open(&bytes, &Limits::default()).expect("sound");
    package.replace("/xl/TWO.xml", b"<other/>".to_vec());
    package.add("xl/new.xml", b"<new/>".to_vec());
    package.remove("xl/calcChain.xml");
    assert_eq!(
        package.part("xl/two.xml").as_deref(),
        Some(&b"<other/>"[..])
    );
    assert!(!package.has("xl/calcchain.xml") && package.has("xl/NEW.xml"));
    let changed = package.finish().expect("written");
    let mut archive = ZipArchive::new(Cursor::new(&changed[..])).expect("sound");
    let names: Vec<_> = (0..archive.len())
        .map(|at| {
            let file = archive.by_index(at).expect("there");
            let date = file.last_modified().expect("dated");
            (file.name().expect("text").into_owned(), date.year())
        })
        .collect();
    assert_eq!(names[0], ("[Content_Types].xml".to_owned(), 2001));
    assert_eq!(names[5], ("xl/two.xml".to_owned(), 2006));
    assert_eq!(names[6], ("xl/new.xml".to_owned(), 1980));
    assert_eq!(archive.comment(), b"a comment");
}

#[test]
fn sheets_are_found_by_relationships() {
    let bytes = packed(&PARTS);
    let mut package = Package::open(&bytes, &Limits::default()).expect("sound");
    let book = Book::of(&mut package).expect("a workbook");
    assert!(book.is_1904);
    let sheet = book.sheet("A&B").expect("there");
    assert_eq!((sheet.part.as_str(), sheet.id), ("xl/odd/one.xml", 4));
    assert!(sheet.has_cells && sheet.state == SheetState::Visible);
    assert_eq!(sheet.relations, "xl/odd/_rels/one.xml.rels");
    let chart = book.sheet("図").expect("there");
    assert!(!chart.has_cells && chart.state == SheetState::VeryHidden);
    book.recalculate(&mut package).expect("sound");
    let text = package.text("xl/book.xml").expect("there");
    assert!(text.contains("</x:sheets><x:calcPr fullCalcOnLoad=\"1\"/></x:workbook>"));
}

#[test]
fn relationships_and_content_types_come_and_go() {
    let bytes = packed(&PARTS);
    let mut package = Package::open(&bytes, &Limits::default()).expect("sound");
    let book = Book::of(&mut package).expect("a workbook");
    let id = relations::add(
        &mut package,
        "xl/odd/one.xml",
        "comments",
        "xl/comments9.xml",
    );
    assert_eq!(id.expect("sound"), "rId1");
    let of_sheet = relations::of(&mut package, "xl/odd/one.xml").expect("sound");
    assert_eq!(of_sheet[0].target, "xl/comments9.xml");
    content_types::set_ending(&mut package, "vml", "drawing").expect("sound");
    assert_eq!(
        content_types::of(&mut package, "xl/a.VML")
            .expect("sound")
            .as_deref(),
        Some("drawing")
    );
    let gone = HashSet::from([(4, (0, 0))]);
    calc_chain::forget(&mut package, &book, &gone).expect("sound");
    assert!(!package.has("xl/calcChain.xml"));
    let types = package.text("[Content_Types].xml").expect("there");
    assert!(
        !types.contains("calcChain") && types.contains("vml"),
        "{types}"
    );
    let leads = relations::of(&mut package, &book.part).expect("sound");
    assert!(leads.iter().all(|it| it.kind != "calcChain"));
}

#[test]
fn what_must_not_be_changed_is_refused() {
    let signed = packed(&[PARTS[0], ("_xmlsignatures/sig1.xml", "<a/>")]);
    let reason = Package::open(&signed, &Limits::default()).expect_err("signed");
    assert!(reason.en.contains("signed"), "{}", reason.en);
    for bytes in [
        &b"PK"[..],
        &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
        b"",
    ] {
        assert!(Package::open(bytes, &Limits::default()).is_err());
    }
    let limits = Limits {
        part_bytes: 10,
        ..Limits::default()
    };
    assert!(Package::open(&packed(&PARTS), &limits).is_err());
}
