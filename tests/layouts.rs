//! Every layout in every format: one disclosure, drawn as people draw it, written, read back, and compared with its key.

mod support;

#[path = "support/layouts/mod.rs"]
mod layouts;

use kaijisho::{Options, Source, examine};
use layouts::catalogue::{self, Layout};
use layouts::edit;
use layouts::judge::{self, Difference, Grave, Kind};
use layouts::logic::{Logic, UNKNOWN};
use layouts::random::Random;
use layouts::style::Style;
use layouts::{Drawn, Needs};
use support::formats::{Format, write};
use support::paper::{Ink, Written};

/// Formats that are not read yet.
const PENDING_FORMATS: &[Format] = &[];

/// Layouts that are not read as their key says: an ellipse around a word is told as drawn, and read by nobody.
/// They are drawn and read all the same: nothing may panic.
const PENDING: &[&str] = &["chosen cell circled"];

/// The same, where the sheet must speak for itself: there nothing says which numbers there should be.
const PENDING_UNKNOWN: &[&str] = &["chosen cell circled", "numbers as numbers"];

/// True if the format holds what the layout needs.
fn fits(needs: Needs, format: Format) -> bool {
    let holds = format.holds();
    (holds.sheets || !needs.sheets)
        && (holds.comments || !needs.comments)
        && (holds.looks || !needs.looks)
        && (holds.drawings || !needs.drawings)
        && (holds.merges || !needs.merges)
        && (holds.hidden || !needs.hidden)
}

/// Every fifth layout is read in all formats, the others in one: a format is not read otherwise for the
/// sake of a layout. `ALL_FORMATS` in the environment asks for all.
fn formats(layout: usize, needs: Needs, form: &str) -> Vec<Format> {
    let all = Format::ALL
        .iter()
        .copied()
        .filter(|format| fits(needs, *format));
    let all: Vec<Format> = all.collect();
    if layout.is_multiple_of(5) && form != UNKNOWN || std::env::var_os("ALL_FORMATS").is_some() {
        return all;
    }
    vec![all[(layout + form.len()) % all.len()]]
}

/// The format that is written quickest of those that hold what is needed, and merged cells.
fn quickest(needs: Needs) -> Format {
    if fits(needs, Format::SpreadsheetXml) {
        Format::SpreadsheetXml
    } else {
        Format::Xlsx
    }
}

/// False for Shift_JIS, where the sheet has a sign that it has not (✓, ☑).
fn is_writable(drawn: &Drawn, format: Format) -> bool {
    let text = |ink: &Ink| match &ink.value {
        Written::Text(text) => text.clone(),
        Written::Rich(runs) => runs.iter().map(|run| run.text.as_str()).collect(),
        Written::Number(_) | Written::Bool(_) | Written::Date(..) => String::new(),
    };
    let mut cells = drawn.paper.sheets.iter().flat_map(|page| &page.cells);
    format != Format::CsvShiftJis || cells.all(|ink| !encoding_rs::SHIFT_JIS.encode(&text(ink)).2)
}

/// Writes, reads and compares.
fn compared(drawn: &Drawn, expected: &[Grave], format: Format) -> Vec<Difference> {
    let source = Source::new(format.file_name(), write(&drawn.paper, format));
    let examined = examine(&source, &Options::new(support::TODAY));
    judge::differences(drawn, expected, &examined, format.holds().sheets)
}

/// The gravest differences first, a few of them.
fn summary(name: &str, differences: &mut [Difference]) -> String {
    differences.sort_by_key(|difference| difference.kind);
    let count = |kind| {
        differences
            .iter()
            .filter(|difference| difference.kind == kind)
            .count()
    };
    let mut text = format!(
        "{name}: {} silent, {} told, {} other",
        count(Kind::Silent),
        count(Kind::Told),
        count(Kind::Other)
    );
    let shown = std::env::var("SHOW")
        .ok()
        .and_then(|shown| shown.parse().ok())
        .unwrap_or(3);
    for difference in differences.iter().take(shown) {
        text.push_str(&format!("\n    {:?} {}", difference.kind, difference.text));
    }
    text
}

fn matrix(form: &str, seed: u64) {
    let logic = Logic::of(form, seed);
    let only = std::env::var("LAYOUT").ok();
    let (mut problems, mut pending, mut read) = (Vec::new(), Vec::new(), 0);
    for (at, layout) in catalogue::all().enumerate() {
        if only.as_ref().is_some_and(|only| layout.name != only) {
            continue;
        }
        let Layout { name, needs, draw } = layout;
        let drawn = draw(&logic, &mut Random::new(seed));
        let expected = judge::expected(&drawn);
        for format in formats(at, *needs, form) {
            if PENDING_FORMATS.contains(&format) || !is_writable(&drawn, format) {
                continue;
            }
            let mut differences = compared(&drawn, &expected, format);
            let waits = PENDING.contains(name) || form == UNKNOWN && PENDING_UNKNOWN.contains(name);
            if differences.is_empty() {
                read += 1;
                if waits {
                    support::say(&format!("no longer pending: {form}, {name}, {format:?}"));
                }
                continue;
            }
            let text = summary(&format!("{form}, {name}, {format:?}"), &mut differences);
            if waits {
                pending.push(text)
            } else {
                problems.push(text)
            }
        }
    }
    support::say(&format!(
        "{form}: {read} read, {} pending\n{}",
        pending.len(),
        pending.join("\n")
    ));
    assert!(
        problems.is_empty(),
        "{} wrong\n{}",
        problems.len(),
        problems.join("\n")
    );
}

#[test]
fn a_product_is_read_in_every_layout_and_format() {
    matrix("mds-reference", 1);
}

#[test]
fn a_service_is_read_in_every_layout_and_format() {
    matrix("sds-reference", 2);
}

#[test]
fn a_form_that_nobody_knows_is_read_in_every_layout() {
    matrix(UNKNOWN, 3);
}

/// A sheet in any style.
fn random_sheet(seed: u64) -> (Style, Drawn) {
    let random = &mut Random::new(seed);
    let form = *random.of(&["mds-reference", "sds-reference", UNKNOWN]);
    let logic = Logic::of(form, seed);
    let style = Style::random(random);
    let mut drawn = Drawn::default();
    layouts::whole::sheet(&mut drawn, "開示書", &style, &logic, random);
    (style, drawn)
}

/// Seeds of a test: `FROM` and `COUNT` in the environment ask for others.
fn seeds(count: u64) -> std::ops::Range<u64> {
    let asked = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|value| value.parse().ok())
    };
    let from = asked("FROM").unwrap_or(1);
    from..from + asked("COUNT").unwrap_or(count)
}

#[test]
fn any_composition_of_styles_is_read_or_reported() {
    let (mut silent, mut told, mut right) = (Vec::new(), Vec::new(), 0);
    for seed in seeds(60) {
        let (style, drawn) = random_sheet(seed);
        let format = quickest(catalogue::needs(&style));
        let mut differences = compared(&drawn, &judge::expected(&drawn), format);
        differences.sort_by_key(|difference| difference.kind);
        let text = || summary(&format!("seed {seed}, {style:?}"), &mut differences.clone());
        match differences.first().map(|difference| difference.kind) {
            None => right += 1,
            Some(Kind::Silent) => silent.push(text()),
            Some(Kind::Told | Kind::Other) => told.push(text()),
        }
    }
    support::say(&format!(
        "{right} right, {} told, {} silent",
        told.len(),
        silent.len()
    ));
    support::say(&told.join("\n"));
    assert!(silent.is_empty(), "\n{}", silent.join("\n"));
}

#[test]
fn an_edited_sheet_is_read_or_reported() {
    let (mut silent, mut right, mut told) = (Vec::new(), 0, 0);
    for seed in seeds(60) {
        let random = &mut Random::new(seed);
        let layouts: Vec<&Layout> = catalogue::all()
            .filter(|layout| !PENDING.contains(&layout.name))
            .collect();
        let layout = random.of(&layouts);
        let mut drawn = (layout.draw)(&Logic::of("mds-reference", seed), random);
        let edits: Vec<String> = (0..=random.below(2))
            .map(|_| edit::edit(&mut drawn, random))
            .collect();
        let mut differences = compared(&drawn, &judge::expected(&drawn), quickest(layout.needs));
        let wrong = differences
            .iter()
            .any(|difference| difference.kind == Kind::Silent);
        if wrong {
            silent.push(summary(
                &format!("seed {seed}, {}, {}", layout.name, edits.join(", ")),
                &mut differences,
            ));
        } else if differences.is_empty() {
            right += 1;
        } else {
            told += 1;
        }
    }
    support::say(&format!(
        "{right} right, {told} told, {} silent",
        silent.len()
    ));
    assert!(silent.is_empty(), "\n{}", silent.join("\n"));
}
