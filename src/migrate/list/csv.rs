//! The list as CSV, as Excel opens it (UTF-8 with a byte order mark, CRLF).
//!
//! One row for each item of the new form and each old item that speaks to it, then one for each old answer that leads
//! nowhere, each field of the head, and what else the old sheet holds. Cells that a spreadsheet program could
//! take for a formula get a leading apostrophe.

use super::{List, SourceInfo, StepInfo};
use crate::disclosure::certainty;
use crate::error::{Error, Result};
use crate::escaped::guarded;
use crate::language::Language;
use crate::text::harmless;

const HEAD: [&str; 17] = [
    "migrate-outcome",
    "migrate-new-item",
    "title",
    "answer",
    "remark",
    "migrate-reason",
    "migrate-with-item",
    "help",
    "migrate-old-item",
    "migrate-old-title",
    "question",
    "migrate-old-answer",
    "state",
    "migrate-old-remark",
    "migrate-old-place",
    "migrate-link",
    "migrate-confidence",
];
/// Where in a row the old item begins.
const OLD: usize = 8;

pub(super) fn render(list: &List) -> Result<Vec<u8>> {
    let failed = |error: csv::Error| Error::Format(error.to_string());
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(b"\xEF\xBB\xBF".to_vec());
    let labels = HEAD.iter().map(|key| list.language.label(key));
    writer.write_record(labels).map_err(failed)?;
    let steps = list.steps.iter();
    let steps = steps.flat_map(|step| rows(step, list.language));
    for row in steps.chain(head(list)).chain(other(list)) {
        let cells = row.iter().map(|cell| guarded(&harmless(cell)));
        writer.write_record(cells).map_err(failed)?;
    }
    writer
        .into_inner()
        .map_err(|error| Error::Format(error.to_string()))
}

/// One row for each old item, or one for the new item alone.
fn rows(step: &StepInfo, language: Language) -> Vec<Vec<String>> {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let item = step.item.as_ref();
    let start = vec![
        language.label(&format!("migrate-outcome-{}", step.outcome.code())),
        text(item.map(|item| item.number.as_str())),
        text(item.map(|item| item.title.as_str())),
        step.written.clone(),
        text(step.remark.as_deref()),
        text(step.why.as_deref()),
        text(step.with.as_ref().map(|with| with.as_str())),
        text(step.decide.as_deref()),
    ];
    if step.sources.is_empty() {
        return vec![[start, vec![String::new(); HEAD.len() - OLD]].concat()];
    }
    let sources = step.sources.iter();
    sources
        .map(|source| [start.clone(), old(source, language)].concat())
        .collect()
}

fn old(source: &SourceInfo, language: Language) -> Vec<String> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let state = match source.state {
        Some(state) => language.label(&format!("state-{}", state.code())),
        None => language.label("migrate-not-on-sheet"),
    };
    let link = source
        .link
        .map(|link| language.label(&format!("link-{}", link.code())));
    let place = source.place.as_ref().map(|place| place.label());
    vec![
        source.number.to_string(),
        source.title.clone(),
        text(&source.question),
        source.written.clone(),
        state,
        text(&source.remark),
        text(&place),
        text(&link),
        source.confidence.map(certainty).unwrap_or_default(),
    ]
}

fn head(list: &List) -> Vec<Vec<String>> {
    let label = |key: &str| list.language.label(key);
    let row = |value: &super::HeaderInfo| {
        let mut row = vec![String::new(); HEAD.len()];
        row[2] = label(&format!("field-{}", value.field.code()));
        row[11].clone_from(&value.written);
        if value.carried {
            row[0] = label("migrate-outcome-carried");
            row[3].clone_from(&value.written);
        } else {
            row[0] = label("migrate-outcome-open");
            row[7].clone_from(&value.fate);
        }
        row
    };
    list.header.iter().map(row).collect()
}

fn other(list: &List) -> Vec<Vec<String>> {
    let row = |other: &super::OtherInfo| {
        let mut row = vec![String::new(); HEAD.len()];
        row[0] = list.language.label("migrate-outcome-dropped");
        row[5].clone_from(&other.what);
        row[OLD] = other
            .item
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        row[OLD + 1].clone_from(&other.label);
        row[OLD + 5].clone_from(&other.text);
        row[OLD + 6].clone_from(&other.place);
        row
    };
    list.other.iter().map(row).collect()
}
