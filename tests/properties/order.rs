//! Order decides nothing: the order of members in a package, of cells in a part, of files in a batch; and a report is
//! the same bytes each time.

use std::io::{Cursor, Read, Write};

use kaijisho::report::model::{Kind, build};
use kaijisho::report::{Format as ReportFormat, Style, render};
use kaijisho::{Examined, Language};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::draw::Draw;
use crate::support::formats::{self, Format};
use crate::{examined, seeds, told};

/// The members of a package.
pub(crate) fn members(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut member = archive.by_index(at).unwrap();
            let name = member.name().unwrap().to_string();
            let mut content = Vec::new();
            member.read_to_end(&mut content).unwrap();
            (name, content)
        })
        .collect()
}

/// A package of these members.
pub(crate) fn package(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        let stored = SimpleFileOptions::default();
        writer.start_file(name.as_str(), stored).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The pieces of a text that begin with `open` and end with `close`, put in another order in their place.
fn shuffled(text: &str, open: &str, close: &str, draw: &mut Draw) -> String {
    let (Some(from), Some(to)) = (text.find(open), text.rfind(close)) else {
        return text.to_owned();
    };
    let to = to + close.len();
    let mut pieces: Vec<&str> = text[from..to].split_inclusive(close).collect();
    for at in (1..pieces.len()).rev() {
        pieces.swap(at, draw.below(at + 1));
    }
    format!("{}{}{}", &text[..from], pieces.concat(), &text[to..])
}

#[test]
fn the_order_of_members_decides_nothing() {
    for seed in seeds(12) {
        let mut draw = Draw::new(seed ^ 0xffff);
        let drawn = Draw::new(seed).sheet();
        for format in [Format::Xlsx, Format::Xlsb, Format::Ods] {
            let bytes = formats::write(&drawn.paper, format);
            let mut members = members(&bytes);
            let before = told(&examined(format.file_name(), bytes));
            // The type of an OpenDocument file must be its first member.
            let from = usize::from(format == Format::Ods);
            for at in (from + 1..members.len()).rev() {
                members.swap(at, from + draw.below(at + 1 - from));
            }
            let after = told(&examined(format.file_name(), package(&members)));
            assert_eq!(before, after, "seed {seed}, {format:?}");
        }
    }
}

#[test]
fn the_order_of_rows_and_cells_in_a_part_decides_nothing() {
    for seed in seeds(12) {
        let mut draw = Draw::new(seed ^ 0xffff);
        let drawn = Draw::new(seed).sheet();
        let bytes = formats::write(&drawn.paper, Format::Xlsx);
        let mut members = members(&bytes);
        let before = told(&examined("a.xlsx", bytes));
        for (name, content) in &mut members {
            if name == "xl/worksheets/sheet1.xml" {
                let text = String::from_utf8(content.clone()).unwrap();
                let other = shuffled(&text, "<row ", "</row>", &mut draw);
                assert_ne!(text, other, "seed {seed}: nothing was put in another order");
                *content = other.into_bytes();
            }
        }
        let after = told(&examined("a.xlsx", package(&members)));
        assert_eq!(before, after, "seed {seed}");
    }
}

/// Files of a batch, each with a name of its own.
fn batch() -> Vec<Examined> {
    seeds(6)
        .map(|seed| {
            let bytes = formats::write(&Draw::new(seed).sheet().paper, Format::Xlsx);
            examined(&format!("{seed}.xlsx"), bytes)
        })
        .collect()
}

#[test]
fn the_order_of_files_decides_only_the_order_of_a_report() {
    let (mut one, mut other) = (batch(), batch());
    other.reverse();
    for language in Language::ALL {
        let [first, second] = [&one, &other].map(|files| {
            let report = build(Kind::Check, files, None, language);
            let bytes = render(&report, ReportFormat::Json, &Style::default()).unwrap();
            serde_json::from_slice::<serde_json::Value>(&bytes).unwrap()
        });
        let mut documents = second["documents"].as_array().unwrap().clone();
        documents.reverse();
        assert_eq!(first["documents"].as_array().unwrap(), &documents);
        assert_eq!(first["summary"], second["summary"]);
    }
    // Nobody in a batch changes what is said of another.
    let alone = told(&one.remove(0));
    assert_eq!(alone, told(&other.remove(other.len() - 1)));
}

#[test]
fn a_report_is_the_same_bytes_each_time() {
    for format in [
        ReportFormat::Human,
        ReportFormat::Json,
        ReportFormat::Sarif,
        ReportFormat::Junit,
        ReportFormat::Markdown,
        ReportFormat::Csv,
        ReportFormat::Html,
        ReportFormat::Xlsx,
    ] {
        let [first, second] = [batch(), batch()].map(|files| {
            let report = build(Kind::Check, &files, None, Language::Ja);
            render(&report, format, &Style::default()).unwrap()
        });
        assert!(!first.is_empty() && first == second, "{format:?}");
    }
}
