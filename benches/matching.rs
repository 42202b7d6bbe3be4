//! How well and how fast questions of unknown forms are matched to controls.
//!
//! `cargo bench --bench matching` prints precision, coverage and every sure match that is wrong, for each part of
//! the labelled wordings, and how long 100 questions take against reading a sheet of the examples.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::path::Path;
use std::time::{Duration, Instant};

use kaijisho::{Controls, Options, Question, Source, examine};

#[path = "../tests/matching/measure.rs"]
mod measure;

const ROUNDS: usize = 21;

fn main() {
    for (part, _) in measure::PARTS {
        let wordings = measure::wordings(part);
        let figures = measure::measure(&wordings);
        println!(
            "{part}: {} wordings, {} about a control; precision {:.3} ({} of {} sure), coverage {:.3}, turned but sure {}, not sure {}, first right {}",
            wordings.len(),
            figures.askable,
            figures.precision(),
            figures.right,
            figures.sure,
            figures.coverage(),
            figures.turned,
            figures.missed.len(),
            figures.first,
        );
        for line in &figures.confusions {
            println!("  {line}");
        }
    }
    println!("medians of {ROUNDS} rounds, taken in turn");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/02-hospital/minato-karte.xlsx");
    let source = Source::new("bench.xlsx", std::fs::read(file).unwrap());
    let options = Options::new(jiff::civil::date(2026, 10, 1));
    let wordings = measure::wordings("seen");
    let (mut matching, mut reading) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        matching.push(timed(|| {
            for wording in wordings.iter().take(100) {
                let question = Question::new(&wording.text);
                std::hint::black_box(Controls::bundled().match_question(&question));
            }
        }));
        reading.push(timed(|| {
            std::hint::black_box(examine(&source, &options));
        }));
    }
    let (matching, reading) = (median(matching), median(reading));
    println!(
        "100 questions {:.2} ms, reading and checking a sheet {:.2} ms: {:.2} times",
        matching.as_secs_f64() * 1e3,
        reading.as_secs_f64() * 1e3,
        matching.as_secs_f64() / reading.as_secs_f64()
    );
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
