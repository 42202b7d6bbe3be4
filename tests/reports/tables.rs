//! CSV and the workbook: no cell is a formula, every cell is there.

use std::io::{Cursor, Read};

use calamine::{Data, Reader as _, Xlsx};
use kaijisho::report::Format;
use kaijisho::report::model::{self, Kind, Report};
use kaijisho::{Language, Profile};

use crate::inputs::{all_reports, hostile, plain, rendered, report, requirements, text};

/// Every cell with something in it: sheet, zero-based row, text.
pub(crate) fn cells(bytes: &[u8]) -> Vec<(String, usize, String)> {
    let mut workbook: Xlsx<_> =
        calamine::open_workbook_from_rs(Cursor::new(bytes)).expect("a workbook");
    let mut all = Vec::new();
    for name in workbook.sheet_names() {
        assert!(
            workbook.worksheet_formula(&name).unwrap().is_empty(),
            "a formula on {name}"
        );
        let range = workbook.worksheet_range(&name).unwrap();
        for (row, values) in range.rows().enumerate() {
            for value in values {
                match value {
                    Data::Empty => {}
                    Data::String(text) => all.push((name.clone(), row, text.clone())),
                    Data::Float(number) => all.push((name.clone(), row, number.to_string())),
                    other => panic!("{name} row {row}: {other:?}"),
                }
            }
        }
    }
    all
}

pub(crate) fn part(bytes: &[u8], name: &str) -> String {
    let mut package = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    package
        .by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

#[test]
fn workbook_holds_hostile_text_as_text() {
    for language in Language::ALL {
        let report = report(Kind::Report, &[hostile()], Some(&requirements()), language);
        let bytes = rendered(&report, Format::Xlsx);
        let all = cells(&bytes);
        for text in [
            "=cmd|'/c calc'!A0",
            "＝1+1",
            "+1",
            "@SUM(A1)",
            "-2+3",
            "_x003D_1",
            "<script>alert(1)</script>",
        ] {
            assert!(all.iter().any(|(_, _, cell)| cell == text), "{text}");
        }
        assert!(all.iter().any(|(_, _, cell)| cell == "⟨U+001B⟩[31mred"));
        let bad = |cell: &str| {
            cell.chars()
                .any(|c| c.is_control() && c != '\n' && c != '\t')
        };
        assert_eq!(all.iter().find(|(_, _, cell)| bad(cell)), None);
        let mut package = zip::ZipArchive::new(Cursor::new(&bytes[..])).unwrap();
        for at in 0..package.len() {
            let name = package.by_index(at).unwrap().name().unwrap().into_owned();
            assert!(
                !name.contains("externalLink") && !name.contains("worksheets/_rels"),
                "{name}"
            );
            if name.starts_with("xl/worksheets/") {
                let xml = part(&bytes, &name);
                assert!(!xml.contains("<f>") && !xml.contains("<f "), "{name}");
            }
        }
    }
}

#[test]
fn workbook_sheets_by_kind() {
    let names = |kind, against: Option<&Profile>, language| {
        let bytes = rendered(&report(kind, &[hostile()], against, language), Format::Xlsx);
        let workbook: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
        workbook.sheet_names()
    };
    let profile = requirements();
    assert_eq!(
        names(Kind::Report, Some(&profile), Language::Ja),
        [
            "まとめ",
            "指摘",
            "要求との照合",
            "リスク評価",
            "回答",
            "開示書",
            "シートの扱い"
        ]
    );
    assert_eq!(
        names(Kind::Report, None, Language::En),
        ["Summary", "Findings", "Answers", "Disclosures", "Sheets"]
    );
    let check = names(Kind::Check, None, Language::Ja);
    assert_eq!(check, ["まとめ", "指摘", "開示書", "シートの扱い"]);
}

#[test]
fn workbook_findings_lead_to_their_answers() {
    let bytes = rendered(
        &report(Kind::Report, &[plain()], None, Language::Ja),
        Format::Xlsx,
    );
    let all = cells(&bytes);
    let row = all
        .iter()
        .find(|(sheet, _, cell)| sheet == "回答" && cell == "一部対応")
        .map(|(_, row, _)| row + 1)
        .unwrap();
    let findings = part(&bytes, "xl/worksheets/sheet2.xml");
    assert!(
        findings.contains(&format!("location=\"'回答'!A{row}\"")),
        "{row}"
    );
    assert!(
        all.iter()
            .any(|(sheet, _, cell)| sheet == "指摘" && cell == "× エラー")
    );
    assert!(all.iter().any(|(sheet, _, cell)| sheet == "まとめ" && cell.starts_with("× 直すところがあります")));
}

#[test]
fn workbook_is_ready_to_print_and_to_filter() {
    let bytes = rendered(
        &report(Kind::Report, &[plain()], None, Language::Ja),
        Format::Xlsx,
    );
    let sheet = part(&bytes, "xl/worksheets/sheet2.xml");
    for needed in [
        "<autoFilter ref=\"A1:J",
        "state=\"frozen\"",
        "paperSize=\"9\"",
        "orientation=\"landscape\"",
        "fitToHeight=\"0\"",
        "&amp;P / &amp;N",
    ] {
        assert!(sheet.contains(needed), "{needed}");
    }
    assert!(part(&bytes, "xl/workbook.xml").contains("_xlnm.Print_Titles"));
    let properties = part(&bytes, "docProps/core.xml");
    assert!(properties.contains("2000-01-01T00:00:00Z"), "{properties}");
}

#[test]
fn workbook_cells_hold_no_more_than_excel_allows() {
    let mut report = report(Kind::Report, &[plain()], None, Language::Ja);
    report.documents[0].items.as_mut().unwrap()[0].remark = Some("𠮷".repeat(20_000));
    let all = cells(&rendered(&report, Format::Xlsx));
    let longest = all
        .iter()
        .map(|(_, _, cell)| cell.encode_utf16().count())
        .max()
        .unwrap();
    assert!((32_700..=32_767).contains(&longest), "{longest}");
}

fn csv_rows(report: &Report) -> Vec<Vec<String>> {
    let bytes = rendered(report, Format::Csv);
    let text = bytes
        .strip_prefix(b"\xEF\xBB\xBF")
        .expect("byte order mark");
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text);
    let rows = reader.records().map(|row| row.expect("rows of one length"));
    rows.map(|row| row.iter().map(str::to_owned).collect())
        .collect()
}

#[test]
fn csv_has_one_row_for_each_thing() {
    for report in all_reports() {
        let rows = csv_rows(report).len() - 1;
        let sum = |count: fn(&model::Document) -> usize| {
            report.documents.iter().map(count).sum::<usize>()
        };
        let findings =
            sum(|d| d.findings.as_ref().map_or(0, Vec::len)) + report.profile_findings.len();
        let results = sum(|d| d.results.as_ref().map_or(0, Vec::len));
        let items = sum(|d| d.items.as_ref().map_or(0, Vec::len));
        match report.schema {
            Kind::Check => assert_eq!(rows, findings),
            Kind::Diff => assert_eq!(rows, results + findings),
            // Findings about missing items and the like have rows of their own, and none is lost.
            Kind::Report | Kind::Disclosure => {
                assert!(rows > items && rows <= items + findings + results + 1)
            }
        }
    }
}

#[test]
fn csv_report_loses_no_finding() {
    let report = report(Kind::Report, &[plain()], None, Language::Ja);
    let all = csv_rows(&report).concat().join("\n");
    for finding in report.documents[0].findings.as_ref().unwrap() {
        assert!(all.contains(&finding.message), "{}", finding.message);
    }
}

#[test]
fn csv_cells_are_no_formulas() {
    let mut guarded = 0;
    for report in all_reports() {
        let raw = text(report, Format::Csv);
        assert!(raw.contains("\r\n"));
        for cell in csv_rows(report).concat() {
            let start = cell.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{200b}');
            assert!(
                !start.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']),
                "{cell:?}"
            );
            guarded += usize::from(cell == "'=cmd|'/c calc'!A0");
        }
    }
    assert!(guarded > 0, "the vendor's formula is there, as text");
}
