//! What must hold of every file that is read: twice the same, within the limits, in order, and never silent.

use kaijisho::{Cells, ReadValue, Source, cells};

use crate::LIMITS;

/// Rows and columns of the largest sheet any program has.
const SHEET: (u32, u32) = (1_048_576, 16_384);

/// Reads a file and asserts what must hold of it.
pub fn read(name: &str, bytes: Vec<u8>) -> Cells {
    crate::only_ours_end_the_run();
    crate::save(&bytes);
    let source = Source::new(name, bytes);
    let first = cells(&source, &LIMITS);
    // Once in eight times is often enough to see that it differs, and leaves the time for more inputs.
    if source
        .bytes
        .iter()
        .fold(0u8, |sum, byte| sum.wrapping_add(*byte))
        % 8
        == 0
    {
        let again = cells(&source, &LIMITS);
        // A number that is none (NaN) equals nothing, so the texts of both are compared.
        assert_eq!(
            format!("{first:?}"),
            format!("{again:?}"),
            "read twice, it differs"
        );
    }
    within_limits(&first);
    first
}

fn within_limits(read: &Cells) {
    let count: usize = read.sheets.iter().map(|sheet| sheet.cells.len()).sum();
    assert!(count <= LIMITS.cells, "{count} cells");
    let mut text = 0;
    for sheet in &read.sheets {
        for pair in sheet.cells.windows(2) {
            let [one, next] = [&pair[0], &pair[1]].map(|cell| (cell.row, cell.column));
            assert!(one < next, "cells out of order: {one:?} {next:?}");
        }
        for cell in &sheet.cells {
            assert!(
                cell.row < SHEET.0 && cell.column < SHEET.1,
                "{}",
                cell.address()
            );
            if let ReadValue::Text(written) = &cell.value {
                assert!(!written.is_empty(), "an empty text at {}", cell.address());
                assert!(
                    written.chars().count() <= LIMITS.cell_chars,
                    "{}",
                    cell.address()
                );
                text += written.len();
            }
        }
        assert!(sheet.hidden_rows.is_sorted(), "{:?}", sheet.hidden_rows);
        assert!(
            sheet.hidden_columns.is_sorted(),
            "{:?}",
            sheet.hidden_columns
        );
    }
    assert!(text <= LIMITS.text_bytes, "{text} bytes of text");
    for finding in &read.findings {
        for language in kaijisho::Language::ALL {
            let message = finding.message(language);
            assert!(!message.trim().is_empty(), "{}: {message:?}", finding.rule);
        }
    }
}

/// Reads a file that may hold no cells, as a document of our own does, and asserts that it is not silent.
pub fn told(name: &str, bytes: Vec<u8>) {
    let read = read(name, bytes.clone());
    if read.sheets.is_empty() && read.findings.is_empty() {
        // Then it is a tree of values: what becomes of it must be told.
        let found = kaijisho::examine(&Source::new(name, bytes), crate::options());
        assert!(
            !found.disclosures.is_empty() || !found.findings.is_empty(),
            "nothing read, and nothing said"
        );
    }
}
