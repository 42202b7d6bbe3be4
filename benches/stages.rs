//! Where the time of a sheet goes, stage by stage, as ratios to calamine's bare cell stream in the same run.
//!
//! `cargo bench --bench stages` prints a line for each layout of the generator (`support/sheets.rs`), for an example,
//! and for the published MDS2 workbook where `../shared` holds it. Columns:
//!
//! | column | what is done |
//! |---|---|
//! | bare | calamine opens the workbook and tells every cell; nothing is done with them |
//! | inflate | every part is inflated, as the limits ask |
//! | read | the file read: cells, merges, lists, hidden rows, looks, comments |
//! | examine | read, recognised, built, checked |
//! | check | the rules alone |
//! | assess | held against the profile `small-hospital` |
//! | json, html | the report of both, rendered |
//!
//! `-- --bare FILE…` prints for each file the milliseconds of the cell stream and of reading, which `versus.py` asks for.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

mod support;

use std::hint::black_box;
use std::io::{Cursor, Read};
use std::path::Path;

use calamine::{Reader, Xlsx};
use kaijisho::report::model::{Judged, Kind, build};
use kaijisho::report::{Format, Style, render};
use kaijisho::{
    Language, Limits, Options, Source, assess, count_cells, examine, profile, validate,
};
use support::measure::{Work, in_turn};

const ROUNDS: usize = 25;

fn main() {
    if let Some(at) = std::env::args().position(|argument| argument == "--bare") {
        return side_by_side(&std::env::args().skip(at + 1).collect::<Vec<_>>());
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<(String, Vec<u8>)> = (0..6)
        .map(|number| support::workbook(1, number, 250))
        .collect();
    for file in [
        "examples/02-hospital/minato-karte.xlsx",
        "../shared/corpus/mds2/nema-example-hn1-2019.xlsx",
    ] {
        if let Ok(bytes) = std::fs::read(root.join(file)) {
            let name = file.rsplit('/').next().unwrap_or(file);
            files.push((name.to_owned(), bytes));
        }
    }
    println!("the least of {ROUNDS} rounds, taken in turn; ratios to calamine's cell stream");
    for (name, bytes) in &files {
        stages(name, bytes);
    }
}

/// For `versus.py`: calamine's cell stream and our reading of each file, in milliseconds.
fn side_by_side(files: &[String]) {
    for file in files {
        let bytes = std::fs::read(file).unwrap();
        let source = Source::new("bench.xlsx", bytes.clone());
        let mut works: Vec<Work<'_>> = vec![
            ("bare", Box::new(|| assert!(bare(&bytes) > 0))),
            (
                "read",
                Box::new(|| assert!(count_cells(&source, &Limits::default()).0 > 0)),
            ),
        ];
        let times = in_turn(ROUNDS, &mut works);
        println!(
            "{} {}",
            times[0].as_secs_f64() * 1e3,
            times[1].as_secs_f64() * 1e3
        );
    }
}

fn stages(name: &str, bytes: &[u8]) {
    let day = jiff::civil::date(2026, 10, 1);
    let options = Options::new(day);
    let profile = profile::load("small-hospital", &options.catalog).unwrap();
    let source = Source::new("bench.xlsx", bytes.to_vec());
    let examined = [examine(&source, &options)];
    let disclosure = &examined[0].disclosures[0];
    let judged = Judged {
        profile: &profile,
        date: day,
        assessments: vec![vec![assess(disclosure, &profile, day)]],
        findings: Vec::new(),
    };
    let report = build(Kind::Report, &examined, Some(&judged), Language::Ja);
    let style = Style::default();
    let mut works: Vec<Work<'_>> = vec![
        ("bare", Box::new(|| assert!(bare(bytes) > 0))),
        ("inflate", Box::new(|| assert!(inflate(bytes) > 0))),
        (
            "read",
            Box::new(|| assert!(count_cells(&source, &Limits::default()).0 > 0)),
        ),
        (
            "examine",
            Box::new(|| drop(black_box(examine(&source, &options)))),
        ),
        (
            "check",
            Box::new(|| drop(black_box(validate(disclosure, day)))),
        ),
        (
            "assess",
            Box::new(|| drop(black_box(assess(disclosure, &profile, day)))),
        ),
        (
            "json",
            Box::new(|| drop(render(&report, Format::Json, &style).unwrap())),
        ),
        (
            "html",
            Box::new(|| drop(render(&report, Format::Html, &style).unwrap())),
        ),
    ];
    let times = in_turn(ROUNDS, &mut works);
    let floor = times[0].as_secs_f64();
    print!("{name:<34} bare {:>6.2} ms", floor * 1e3);
    for ((work, _), time) in works.iter().zip(&times).skip(1) {
        print!("  {work} {:.2}", time.as_secs_f64() / floor);
    }
    println!();
}

/// Every cell of every sheet, and nothing done with it.
fn bare(bytes: &[u8]) -> usize {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let mut count = 0;
    for name in workbook.sheet_names() {
        let mut cells = workbook.worksheet_cells_reader(&name).unwrap();
        while cells.next_cell().unwrap().is_some() {
            count += 1;
        }
    }
    count
}

/// Every byte of every part.
fn inflate(bytes: &[u8]) -> u64 {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut buffer = Vec::new();
    let mut count = 0;
    for index in 0..archive.len() {
        buffer.clear();
        let mut part = archive.by_index(index).unwrap();
        count += part.read_to_end(&mut buffer).unwrap() as u64;
    }
    count
}
