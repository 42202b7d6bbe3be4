//! Hostile files in every format: far corners, cut off, damaged. Each comes back and says something.

mod support;

use kaijisho::{Examined, Options, Severity, Source, examine};
use support::formats::{self, Format};
use support::paper::{Page, Paper, Written};

fn examined(format: Format, bytes: Vec<u8>) -> Examined {
    examine(
        &Source::new(format.file_name(), bytes),
        &Options::new(support::TODAY),
    )
}

/// A sheet with three items.
fn small() -> Paper {
    let mut page = Page {
        name: "MDS".to_owned(),
        ..Page::default()
    };
    page.text(0, 0, "製造業者による医療情報セキュリティ開示書（MDS）");
    for (column, head) in (0..).zip(["No.", "項目", "回答", "備考"]) {
        page.text(1, column, head);
    }
    for (row, number) in (2..).zip(["1", "2", "3"]) {
        page.text(row, 0, number);
        page.text(row, 1, format!("質問{number}に当たるか"));
        page.text(row, 2, "はい");
    }
    page.put(6, 1, Written::Date(2026, 9, 30));
    page.merges.push((7, 0, 8, 3));
    page.hidden_rows.push(9);
    Paper { sheets: vec![page] }
}

/// Numbers that are the same in every run (Knuth's MMIX generator).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % end
    }
}

#[test]
fn far_corners_cost_nothing() {
    for format in Format::ALL {
        let corner = match format {
            Format::Xls => (65_535, 255),
            Format::Xlsx | Format::Xlsb | Format::Ods | Format::SpreadsheetXml => {
                (1_048_575, 16_383)
            }
            // Separated text has to be written up to its corner.
            Format::Csv | Format::CsvUtf16 | Format::CsvShiftJis | Format::Tsv => (9_000, 20),
        };
        let mut paper = small();
        paper.sheets[0].text(corner.0, corner.1, "はい");
        let bytes = formats::write(&paper, format);
        // Where a table as large as the corner were made, there would be no memory for it.
        let found = examined(format, bytes);
        assert_eq!(
            found.disclosures.len(),
            1,
            "{format:?}: {:?}",
            found.findings
        );
    }
}

#[test]
fn a_file_cut_off_is_told() {
    for format in Format::ALL {
        let whole = formats::write(&small(), format);
        for part in 1..40 {
            let length = whole.len() * part / 40;
            let found = examined(format, whole[..length].to_vec());
            let told = found
                .all_findings()
                .any(|finding| finding.severity() == Severity::Error);
            // A text may be cut anywhere between two fields.
            let is_text = !format.holds().sheets;
            assert!(
                told || is_text,
                "{format:?}: {length} bytes of {}",
                whole.len()
            );
        }
    }
}

#[test]
fn damaged_bytes_never_end_the_run() {
    let mut numbers = Numbers(20_261_001);
    for format in Format::ALL {
        let whole = formats::write(&small(), format);
        for _ in 0..150 {
            let mut bytes = whole.clone();
            for _ in 0..=numbers.below(8) {
                let at = numbers.below(bytes.len());
                bytes[at] = u8::try_from(numbers.below(256)).expect("a byte");
            }
            let found = examined(format, bytes);
            let said = !found.disclosures.is_empty() || found.all_findings().next().is_some();
            assert!(said, "{format:?}: nothing read, and nothing said");
        }
    }
}

#[test]
fn what_a_file_is_counts_and_not_its_name() {
    for (name, format) in [
        ("a.xlsx", Format::Xls),
        ("a.xls", Format::Xlsx),
        ("a.xls", Format::SpreadsheetXml),
        ("a.xls", Format::Tsv),
        ("a.xls", Format::CsvUtf16),
        ("a.xlsx", Format::Ods),
        ("a.dat", Format::CsvShiftJis),
    ] {
        let source = Source::new(name, formats::write(&small(), format));
        let found = examine(&source, &Options::new(support::TODAY));
        assert_eq!(
            found.disclosures.len(),
            1,
            "{name} {format:?}: {:?}",
            found.findings
        );
    }
    let page = "<html><body><table><tr><td>No.</td></tr></table></body></html>";
    for text in [page.to_owned(), format!("\u{feff}\r\n{page}")] {
        let source = Source::new("a.xls", text.into_bytes());
        let found = examine(&source, &Options::new(support::TODAY));
        assert_eq!(found.findings[0].rule, "nothing-recognised");
    }
}
