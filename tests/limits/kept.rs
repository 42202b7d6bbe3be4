//! What is kept of a file, held against limits: items, memory, merged areas, and parts that stand twice.

use std::io::{Cursor, Write};

use kaijisho::{Language, Limits};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::files::{documents, paper};
use super::{Limit, examined, least, sheets, small, too_large};
use crate::support::formats;
use crate::support::formats::Format;

const ITEMS: Limit = Limit {
    option: "items",
    ja: "項目の数",
    en: "number of items",
    set: |limits, to| limits.items = small(to),
};
const MEMORY: Limit = Limit {
    option: "memory",
    ja: "読み取りに使うメモリー",
    en: "memory for reading",
    set: |limits, to| limits.memory = small(to),
};

#[test]
fn items_of_sheets_and_documents() {
    for (_, name, bytes) in sheets(&paper()) {
        assert_eq!(least(&ITEMS, name, &bytes), 4, "{name}");
    }
    // The items that a document does not have are judged as well.
    for (name, bytes) in documents() {
        assert_eq!(least(&ITEMS, name, &bytes), 85, "{name}");
    }
}

#[test]
fn memory_of_every_sheet() {
    for (_, name, bytes) in sheets(&paper()) {
        let memory = least(&MEMORY, name, &bytes);
        // Cells of this size take more than their text, and no more than the file and its parts several times over.
        assert!((1_000..500_000).contains(&memory), "{name}: {memory}");
    }
}

#[test]
fn merged_areas_of_a_sheet() {
    let mut paper = paper();
    for row in 20..41 {
        paper.sheets[0].merges.push((row, 1, row, 2));
    }
    let most = |objects| Limits {
        objects,
        ..Limits::default()
    };
    for (format, name, bytes) in sheets(&paper) {
        if !format.holds().merges {
            continue;
        }
        let cut = examined(name, &bytes, most(1));
        let finding = too_large(&cut).unwrap_or_else(|| panic!("{name}: areas go unsaid"));
        let message = finding.message(Language::Ja);
        assert!(message.contains("結合セル"), "{name}: {message}");
        assert!(!cut.disclosures.is_empty(), "{name}: nothing is read");
        assert!(
            too_large(&examined(name, &bytes, most(2))).is_none(),
            "{name}"
        );
    }
}

/// The members of a package, and one more; the names are as long as each other.
fn with_another(bytes: &[u8], name: &str, again: &str) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a package");
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let mut content = Vec::new();
    for at in 0..zip.len() {
        let mut member = zip.by_index(at).expect("a member");
        let path = member.name().expect("a name").to_string();
        content.clear();
        std::io::copy(&mut member, &mut content).expect("its content");
        let options = SimpleFileOptions::default();
        writer.start_file(path, options).expect("room");
        writer.write_all(&content).expect("room");
    }
    writer
        .start_file(again, SimpleFileOptions::default())
        .expect("another name");
    writer.write_all(b"<worksheet/>").expect("room");
    let mut bytes = writer.finish().expect("room").into_inner();
    assert_eq!(name.len(), again.len());
    if !name.eq_ignore_ascii_case(again) {
        // No writer gives two members the same name, so it is put in afterwards.
        for at in 0..bytes.len() - again.len() {
            if bytes[at..].starts_with(again.as_bytes()) {
                bytes[at..at + name.len()].copy_from_slice(name.as_bytes());
            }
        }
    }
    bytes
}

#[test]
fn a_part_that_stands_twice_is_refused() {
    for (format, part, others) in [
        (
            Format::Xlsx,
            "xl/worksheets/sheet1.xml",
            ["xl/worksheets/sheetX.xml", "xl/Worksheets/Sheet1.XML"],
        ),
        (Format::Ods, "content.xml", ["contenX.xml", "Content.xml"]),
    ] {
        let bytes = formats::write(&paper(), format);
        for other in others {
            let twice = with_another(&bytes, part, other);
            let examined = examined(format.file_name(), &twice, Limits::default());
            let mut findings = examined.all_findings();
            let finding = findings.find(|finding| finding.rule == "file-damaged");
            let finding = finding.unwrap_or_else(|| panic!("{other} goes unsaid"));
            let message = finding.message(Language::En);
            assert!(message.contains("two parts of one name"), "{message}");
            assert!(examined.disclosures.is_empty(), "{other} is read");
        }
    }
}
