//! Curves: what a unit of work takes at 1, 2, 4 and 8 times its size, and each against the first. Linear is 1.00.
//!
//! `cargo bench --bench scaling` prints a line for rows, findings, files, bids and disclosures written. Files and bids
//! are whole commands, start included, so that a unit gets cheaper with their number before it levels out; the
//! other curves are calls. Deterministic sheets (`support/`), rounds taken in turn.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use kaijisho::report::model::{Kind, build};
use kaijisho::report::{Format, Style, render};
use kaijisho::write::{Origin, Target, write};
use kaijisho::{Examined, Language, Options, Source, count_cells, examine};
use support::measure::{Work, curve, in_turn};
use support::package;
use support::sheets::{Layout, draw};

const TIMES: [usize; 4] = [1, 2, 4, 8];

fn main() {
    let options = Options::new(jiff::civil::date(2026, 10, 1));
    println!("µs a unit (against the first); the least of some rounds");
    let rows = TIMES.map(|times| times * 250);
    let sheets = rows.map(|rows| own(rows, 0));
    line("rows read", 9, &rows, |at| {
        drop(count_cells(&sheets[at], &options.limits))
    });
    line("rows examined", 5, &rows, |at| {
        drop(examine(&sheets[at], &options))
    });
    let counts = TIMES.map(|times| times * 50);
    let flawed = counts.map(|count| own(1000, count));
    let found: Vec<[Examined; 1]> = flawed
        .iter()
        .map(|file| [examine(file, &options)])
        .collect();
    let findings: Vec<usize> = found
        .iter()
        .map(|file| file[0].all_findings().count())
        .collect();
    for format in [Format::Human, Format::Json, Format::Html, Format::Xlsx] {
        let name = format!("findings to {}", format.name());
        line(&name, 3, &findings, |at| {
            let report = build(Kind::Check, &found[at], None, Language::Ja);
            drop(render(&report, format, &Style::default()).unwrap());
        });
    }
    written(&options);
    commands();
}

/// A sheet of this many rows, the first `flaws` of them without an answer.
fn own(rows: usize, flaws: usize) -> Source {
    let mut page = draw(Layout::MdsOwn, 1, rows);
    let answers = page
        .cells
        .iter_mut()
        .filter(|ink| ink.column == 2 && ink.row > 8);
    for ink in answers.filter(|ink| !ink.text.is_empty()).take(flaws) {
        ink.text.clear();
    }
    Source::new("own.xlsx", package::write(&page))
}

/// Disclosures into one file.
fn written(options: &Options) {
    let source = Source::new("a.xlsx", package::write(&draw(Layout::MdsReference, 1, 0)));
    let examined = examine(&source, options);
    let origin = Origin {
        file: &examined.file,
        sha256: &examined.sha256,
    };
    // Beyond 5,000 rows a file is read back as it is written; these stay below.
    let sizes = TIMES.map(|times| times * 7);
    for target in [Target::Xlsx, Target::Json, Target::Csv] {
        let name = format!("disclosures to {}", target.ending());
        line(&name, 3, &sizes, |at| {
            let many = vec![examined.disclosures[0].clone(); sizes[at]];
            drop(write(&many, &origin, target, Language::Ja).unwrap());
        });
    }
    read_back(options, &examined);
}

/// Documents of many disclosures, read.
fn read_back(options: &Options, examined: &Examined) {
    let origin = Origin {
        file: &examined.file,
        sha256: &examined.sha256,
    };
    let sizes = TIMES.map(|times| times * 10);
    for target in [Target::Json, Target::Xml, Target::Toml] {
        let files = sizes.map(|size| {
            let many = vec![examined.disclosures[0].clone(); size];
            let bytes = write(&many, &origin, target, Language::Ja).unwrap();
            Source::new(format!("a.{}", target.ending()), bytes)
        });
        let name = format!("disclosures of {}", target.ending());
        line(&name, 3, &sizes, |at| {
            assert!(count_cells(&files[at], &options.limits).1.is_empty());
        });
    }
}

/// Whole commands over folders of sheets.
fn commands() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("scaling");
    let sizes = TIMES.map(|times| times * 12);
    let folders: Vec<PathBuf> = sizes.iter().map(|size| folder_of(&folder, *size)).collect();
    line("files checked, one job", 3, &sizes, |at| {
        run(&["check", "--jobs", "1", "--format", "json"], &folders[at]);
    });
    line("files reported, html", 3, &sizes, |at| {
        run(&["report", "--jobs", "1", "--format", "html"], &folders[at]);
    });
    line("bids compared", 3, &sizes, |at| {
        run(
            &[
                "compare",
                "--jobs",
                "1",
                "--format",
                "json",
                "--against",
                "small-hospital",
            ],
            &folders[at],
        );
    });
    std::fs::remove_dir_all(&folder).unwrap();
}

/// A folder with this many sheets of forms that are known.
fn folder_of(folder: &Path, count: usize) -> PathBuf {
    let folder = folder.join(count.to_string());
    std::fs::create_dir_all(&folder).unwrap();
    for number in 0..count {
        let layout = [Layout::MdsReference, Layout::SdsReference, Layout::Mds2][number % 3];
        let bytes = package::write(&draw(layout, number as u64, 0));
        std::fs::write(folder.join(format!("{number:04}.xlsx")), bytes).unwrap();
    }
    folder
}

fn run(arguments: &[&str], folder: &Path) {
    let status = Command::new(env!("CARGO_BIN_EXE_kaijisho"))
        .args(arguments)
        .arg(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(matches!(status.code(), Some(0 | 1)), "{arguments:?}");
}

fn line(name: &str, rounds: usize, sizes: &[usize], work: impl Fn(usize)) {
    let work = &work;
    let mut works: Vec<Work<'_>> = (0..sizes.len())
        .map(|at| -> Work<'_> { ("", Box::new(move || work(at))) })
        .collect();
    let times = in_turn(rounds, &mut works);
    println!("{}", curve(name, sizes, &times));
}
