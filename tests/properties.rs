//! What holds of any file: nothing written is lost, the same input gives the same, and order decides nothing.
//!
//! Sheets, documents and damage are drawn from fixed seeds; `SEED=7 COUNT=500 cargo test --test properties` draws others.

// A test that cannot go on says where it stopped; the panic is the message.
#![allow(clippy::unwrap_used)]

#[path = "properties/damage.rs"]
mod damage;
#[path = "properties/draw.rs"]
mod draw;
#[path = "properties/order.rs"]
mod order;
mod support;

use kaijisho::{Disclosure, Examined, Options, Source, examine};
use support::formats::{self, Format};
use support::paper::Written;

use draw::{Draw, Drawn};

/// Seeds to go through: `COUNT` of them from `SEED` on.
fn seeds(count: u64) -> impl Iterator<Item = u64> {
    let number = |name: &str, default| {
        let given = std::env::var(name).ok();
        given.map_or(default, |text| text.parse().expect("a number"))
    };
    let first = number("SEED", 1);
    first..first + number("COUNT", count)
}

fn examined(name: &str, bytes: Vec<u8>) -> Examined {
    examine(&Source::new(name, bytes), &Options::new(support::TODAY))
}

/// All that was found in a file, without its name and hash, as a text to compare.
fn told(found: &Examined) -> String {
    let mut told = format!("{:?}\n{:?}\n", found.sheets, found.findings);
    for (it, findings) in found.disclosures.iter().zip(&found.disclosure_findings) {
        // Forms hold maps, whose order is that of nothing; their text has one.
        told += &it.form.to_toml(&[]);
        told += &format!(
            "{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n",
            it.header, it.entries, it.notes, it.unmatched, it.ambiguous, it.other_columns, findings
        );
        told += &format!(
            "{:?}\n{:?}\n{:?}\n{:?}\n{}\n",
            it.marks_assumed, it.hidden_columns, it.not_read, it.kept, it.kept_omitted
        );
    }
    told
}

/// Everything that a disclosure says, in one text.
fn said(disclosure: &Disclosure) -> String {
    let mut said: Vec<&str> = Vec::new();
    for entry in &disclosure.entries {
        said.extend(entry.text.iter().map(|text| text.text.as_str()));
        said.extend([entry.number.as_str(), entry.written.as_str()]);
        said.extend(entry.remark.text.as_deref());
        said.extend(entry.remark.reference.as_deref());
    }
    said.extend(disclosure.header.iter().map(|value| value.written.as_str()));
    for note in &disclosure.notes {
        said.extend([note.label.as_str(), note.text.as_str()]);
    }
    for kept in &disclosure.kept {
        said.extend([kept.label.as_str(), kept.text.as_str()]);
    }
    said.extend(disclosure.not_read.iter().map(|left| left.text.as_str()));
    said.join("\n")
}

/// Each text of a sheet is said by its disclosures, told as left out, or stands on a sheet that is told as ignored.
fn nothing_is_lost(drawn: &Drawn, found: &Examined, what: &str) {
    let said: Vec<String> = found.disclosures.iter().map(said).collect();
    let omitted: usize = found.disclosures.iter().map(|it| it.kept_omitted).sum();
    for page in &drawn.paper.sheets {
        let ignored = found
            .sheets
            .iter()
            .any(|sheet| *sheet.name == *page.name && !sheet.is_disclosure);
        if ignored || found.disclosures.is_empty() {
            let told = found.all_findings().next().is_some();
            assert!(told, "{what}: a sheet is left out and nothing is said");
            continue;
        }
        for ink in &page.cells {
            let Written::Text(text) = &ink.value else {
                continue;
            };
            let Some(own) = drawn.own(text) else { continue };
            let lost = omitted == 0 && !said.iter().any(|said| said.contains(own));
            assert!(
                !lost,
                "{what}: {text:?} in row {}, column {} is nowhere",
                ink.row + 1,
                ink.column + 1
            );
        }
    }
}

#[test]
fn every_text_of_a_sheet_is_somewhere() {
    let mut read = 0;
    for seed in seeds(120) {
        let drawn = Draw::new(seed).sheet();
        let format = Format::ALL[usize::try_from(seed).unwrap() % Format::ALL.len()];
        let found = examined(format.file_name(), formats::write(&drawn.paper, format));
        read += found.disclosures.len();
        nothing_is_lost(&drawn, &found, &format!("seed {seed}, {format:?}"));
    }
    assert!(read > 60, "{read}: the sheets are hardly ever recognised");
}

#[test]
fn an_answer_counts_for_its_item_only() {
    for seed in seeds(40) {
        let drawn = Draw::new(seed).sheet();
        let found = examined("a.xlsx", formats::write(&drawn.paper, Format::Xlsx));
        for entry in found.disclosures.iter().flat_map(|it| &it.entries) {
            let Some(question) = &entry.text else {
                continue;
            };
            let Some((_, answer)) = drawn
                .answers
                .iter()
                .find(|(own, _)| question.text.contains(own))
            else {
                continue;
            };
            // What was written beside this question, and nothing else.
            assert_eq!(
                entry.written, *answer,
                "seed {seed}: item {} ({})",
                entry.number, question.text
            );
        }
    }
}
