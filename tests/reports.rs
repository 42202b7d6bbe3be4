//! Reports in every format, kind and language: what a hostile vendor writes means nothing in any of
//! them, the same input gives the same bytes, and what is published has the shape that is published.

#![allow(clippy::unwrap_used)]

#[path = "reports/inputs.rs"]
mod inputs;
#[path = "reports/machines.rs"]
mod machines;
#[path = "reports/pages.rs"]
mod pages;
#[path = "reports/tables.rs"]
mod tables;

use inputs::{
    FORMATS, HOSTILE, KINDS, all_reports, hostile, rendered, report, requirements, text, unreadable,
};
use kaijisho::Language;
use kaijisho::report::Format;
use kaijisho::report::model::Kind;
use tables::cells;

#[test]
fn the_hostile_file_is_read_as_written() {
    let report = report(Kind::Report, &[hostile()], None, Language::Ja);
    let items = report.documents[0].items.as_ref().unwrap();
    for (item, text) in items.iter().zip(HOSTILE) {
        assert_eq!(
            item.remark.as_deref(),
            Some(text),
            "the tests below rest on it"
        );
    }
}

#[test]
fn same_report_same_bytes() {
    for report in all_reports() {
        for format in FORMATS {
            let first = rendered(report, format);
            assert!(!first.is_empty(), "{format:?} of {:?}", report.schema);
            assert!(
                first == rendered(report, format),
                "{format:?} of {:?}",
                report.schema
            );
        }
    }
}

#[test]
fn no_text_format_carries_a_control_or_direction_character() {
    for report in all_reports() {
        for format in FORMATS {
            if format == Format::Xlsx {
                continue;
            }
            let shown = text(report, format);
            let bad = shown.chars().find(|c| {
                (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
                    || (format != Format::Json && matches!(c, '\u{202a}'..='\u{202e}'))
            });
            assert_eq!(bad, None, "{format:?} of {:?}", report.schema);
        }
    }
}

#[test]
fn an_unreadable_file_is_named_in_every_format_and_kind() {
    for kind in KINDS {
        let profile = requirements();
        let against = (kind != Kind::Check).then_some(&profile);
        let report = report(kind, &[unreadable()], against, Language::Ja);
        let code = report.documents[0].findings.as_ref().unwrap()[0]
            .code
            .clone();
        for format in FORMATS {
            let shown = if format == Format::Xlsx {
                cells(&rendered(&report, format))
                    .into_iter()
                    .map(|cell| cell.2)
                    .collect::<Vec<_>>()
                    .join("\n")
            } else {
                text(&report, format)
            };
            assert!(
                shown.contains("notes") && shown.contains(&code),
                "{format:?} of {kind:?}: {shown}"
            );
        }
    }
}

#[test]
fn a_report_on_nothing_can_be_written() {
    for kind in KINDS {
        let profile = requirements();
        for format in FORMATS {
            rendered(&report(kind, &[], Some(&profile), Language::En), format);
        }
    }
}
