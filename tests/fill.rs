//! Answers filled into workbooks: every layout, blank and filled again; nothing else of the package changes.

mod support;

#[path = "support/layouts/mod.rs"]
mod layouts;

#[path = "fill/house.rs"]
mod house;
#[path = "fill/quirks.rs"]
mod quirks;

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use kaijisho::fill::{Fate, FillOptions, Filled, Outcome, Subject, fill};
use kaijisho::{Answer, Disclosure, Examined, Language, Options, Source, examine};
use layouts::catalogue::{self, Layout};
use layouts::logic::{Logic, Said};
use layouts::random::Random;
use layouts::{Drawn, Spot};
use support::formats::{Format, write};
use support::paper::Written;

const SEED: u64 = 11;

/// Layouts with no place for remarks until somebody adds one, or with none for a field of the head.
const WITHOUT_PLACE: &[&str] = &[
    // Nothing says which of two empty columns is for answers, and which for remarks.
    "no heading",
    "unusual headings",
    // The answers are read from a sheet that does not tell them.
    "chosen cell circled",
    "two products in one workbook",
    "both forms in one workbook",
    // The blank sheet has no cell for a remark.
    "remarks by item below",
    "remarks in comments",
    "remarks in the row below",
    // A blank sheet of it looks like a table whose answers stand in the column of the labels.
    "two rows for each item",
];

fn options() -> Options {
    Options::new(support::TODAY)
}

fn read(bytes: &[u8]) -> Examined {
    examine(&Source::new("filled.xlsx", bytes.to_vec()), &options())
}

fn filled(answers: &[Disclosure], template: &[u8], force: bool) -> kaijisho::Result<Filled> {
    let read = options();
    let options = FillOptions {
        read: &read,
        force,
        sheet: None,
    };
    let template = Source::new("template.xlsx", template.to_vec());
    fill(answers, &template, &options)
}

/// The same sheet before anybody wrote on it.
fn blank(layout: &Layout, logic: &Logic) -> Vec<u8> {
    let mut blank = logic.clone();
    for item in &mut blank.items {
        item.said = Said::Nothing;
        item.remark = None;
    }
    let mut drawn = (layout.draw)(&blank, &mut Random::new(SEED));
    let heads: Vec<Spot> = drawn
        .keys
        .iter()
        .flat_map(|key| key.head.iter().flat_map(|(_, _, spots)| spots.clone()))
        .collect();
    for spot in heads {
        take_out(&mut drawn, spot);
    }
    write(&drawn.paper, Format::Xlsx)
}

/// Takes out a value of the head; behind a label in the same cell the value alone.
fn take_out(drawn: &mut Drawn, (sheet, row, column): Spot) {
    let page = &mut drawn.paper.sheets[sheet];
    let pieces = page.cells.iter().any(|ink| {
        (ink.row, ink.column) == (row, column + 1)
            && matches!(&ink.value, Written::Text(text) if text == "年")
    });
    let columns: &[u32] = if pieces { &[0, 2, 4] } else { &[0] };
    for aside in columns {
        let here = |ink: &&mut support::paper::Ink| (ink.row, ink.column) == (row, column + aside);
        let Some(ink) = page.cells.iter_mut().find(here) else {
            continue;
        };
        if let Written::Text(text) = &mut ink.value
            && text.contains('：')
        {
            let lines = text.lines().map(|line| {
                let end = line
                    .find('：')
                    .map_or(line.len(), |at| at + '：'.len_utf8());
                line[..end].to_owned()
            });
            *text = lines.collect::<Vec<_>>().join("\n");
            continue;
        }
        page.cells
            .retain(|ink| (ink.row, ink.column) != (row, column + aside));
    }
}

/// The parts of a package.
fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a package");
    (0..zip.len())
        .map(|at| {
            let mut file = zip.by_index(at).expect("a part");
            let name = file.name().expect("a name").into_owned();
            let mut content = Vec::new();
            file.read_to_end(&mut content).expect("sound");
            (name, content)
        })
        .collect()
}

/// Parts that changed, came or went.
fn changed_parts(before: &[u8], after: &[u8]) -> Vec<String> {
    let (before, after) = (parts(before), parts(after));
    let mut names: Vec<String> = before.keys().chain(after.keys()).cloned().collect();
    names.sort();
    names.dedup();
    names.retain(|name| before.get(name) != after.get(name));
    names
}

/// What a disclosure says of each item, and in its head.
fn said(disclosure: &Disclosure) -> BTreeMap<String, String> {
    let mut said = BTreeMap::new();
    for entry in &disclosure.entries {
        said.insert(
            format!("answer {}", entry.number),
            format!("{:?} {:?} {:?}", entry.answer, entry.options, entry.state),
        );
        let remark = entry.remark.text.as_deref().unwrap_or_default();
        said.insert(
            format!("remark {}", entry.number),
            remark.trim().replace("\r\n", "\n"),
        );
    }
    for value in &disclosure.header {
        said.insert(
            format!("header {:?}", value.field),
            kaijisho::fold(&value.value()),
        );
    }
    said
}

fn key(outcome: &Outcome) -> String {
    match &outcome.subject {
        Subject::Answer(number) => format!("answer {number}"),
        Subject::Remark(number) => format!("remark {number}"),
        Subject::Header(field) => format!("header {field:?}"),
    }
}

/// What a layout does otherwise than it should; and what could not be placed.
fn judged(layout: &Layout, logic: &Logic) -> (Vec<String>, Vec<String>) {
    let template = blank(layout, logic);
    let drawn = (layout.draw)(logic, &mut Random::new(SEED));
    let answers = read(&write(&drawn.paper, Format::Xlsx)).disclosures;
    let (mut wrong, mut left) = (Vec::new(), Vec::new());
    let filled = match filled(&answers, &template, false) {
        Ok(filled) => filled,
        Err(error) => return (vec![error.to_string()], left),
    };
    for name in changed_parts(&template, &filled.bytes) {
        let expected = [
            "xl/worksheets/sheet",
            "xl/ctrlProps/",
            "xl/drawings/vmlDrawing",
        ];
        if !expected.iter().any(|start| name.starts_with(start)) {
            wrong.push(format!("{name} changed"));
        }
    }
    let again = read(&filled.bytes).disclosures;
    if again.len() != answers.len() {
        wrong.push(format!("{} disclosures", again.len()));
    }
    for ((asked, is), document) in answers.iter().zip(&again).zip(&filled.documents) {
        let (asked, is) = (said(asked), said(is));
        for (name, asked) in &asked {
            let is = is.get(name).map_or("", String::as_str);
            let mut outcomes = document.outcomes.iter();
            let outcome = outcomes.find(|outcome| key(outcome) == *name);
            let done = outcome.is_none_or(Outcome::is_done);
            if asked != is && done {
                wrong.push(format!("{name}: {asked} became {is}"));
            } else if asked == is && outcome.is_some_and(|it| it.fate == Fate::Failed) {
                wrong.push(format!("{name}: told as failed"));
            }
        }
        for outcome in document.outcomes.iter().filter(|it| !it.is_done()) {
            let reason = outcome.reason.as_ref().map_or("", |reason| &reason.en);
            left.push(format!("{} {:?}: {reason}", key(outcome), outcome.fate));
        }
    }
    (wrong, left)
}

#[test]
fn a_blank_sheet_in_any_layout_is_filled_and_read_back() {
    let only = std::env::var("LAYOUT").ok();
    let (mut problems, mut count) = (Vec::new(), 0);
    for layout in catalogue::all() {
        if only.as_ref().is_some_and(|only| layout.name != only) {
            continue;
        }
        let mut logic = Logic::clear("mds-reference", SEED);
        if layout.name == "English" {
            logic = logic.in_english();
        }
        let (mut wrong, left) = judged(layout, &logic);
        count += 1;
        if left.is_empty() == WITHOUT_PLACE.contains(&layout.name) {
            let some: Vec<_> = left.iter().take(4).cloned().collect();
            wrong.push(format!("{} not placed: {some:?}", left.len()));
        }
        if !wrong.is_empty() {
            wrong.truncate(8);
            problems.push(format!("{}:\n    {}", layout.name, wrong.join("\n    ")));
        }
    }
    assert!(
        problems.is_empty(),
        "{} of {count}\n{}",
        problems.len(),
        problems.join("\n")
    );
}

/// The official worksheet of MDS2, where it is at hand: every answer turned round, and back again.
#[test]
fn an_official_worksheet_is_filled_in_place() {
    let Some(path) = support::shared("corpus/mds2/nema-example-hn1-2019.xlsx") else {
        return;
    };
    let original = std::fs::read(path).expect("the worksheet");
    let answers = read(&original).disclosures;
    let mut turned = answers.clone();
    for entry in &mut turned[0].entries {
        let other = match entry.answer {
            Some(Answer::Yes) => Answer::No,
            Some(Answer::No) => Answer::Yes,
            Some(Answer::Na | Answer::SeeNote) | None => continue,
        };
        entry.answer = Some(other);
        entry.written = other.word(Language::En).to_owned();
    }
    let kept = filled(&turned, &original, false).expect("filled");
    assert_eq!(said(&read(&kept.bytes).disclosures[0]), said(&answers[0]));
    assert!(kept.documents[0].count(Fate::Kept) > 100);
    let other = filled(&turned, &original, true).expect("filled");
    assert!(other.is_complete());
    assert_eq!(said(&read(&other.bytes).disclosures[0]), said(&turned[0]));
    let changed = changed_parts(&original, &other.bytes);
    assert_eq!(changed.len(), 2, "{changed:?}");
    assert!(changed[0] == "xl/workbook.xml" && changed[1].starts_with("xl/worksheets/sheet"));
    let back = filled(&answers, &other.bytes, true).expect("filled");
    assert_eq!(said(&read(&back.bytes).disclosures[0]), said(&answers[0]));
    let again = filled(&answers, &other.bytes, true).expect("filled");
    assert_eq!(back.bytes, again.bytes);
}
