//! How long a sheet takes, as ratios measured in one run: checking it against calamine's bare cell stream,
//! and, where python3 has openpyxl, against a plain loop over its cells.
//!
//! `cargo bench` prints one line a workbook. The MDS2 workbook is measured where `../shared` holds it.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use calamine::{Reader, Xlsx};
use kaijisho::{Options, Source, examine};

const ROUNDS: usize = 41;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files: [PathBuf; 3] = [
        root.join("examples/02-hospital/minato-karte.xlsx"),
        root.join("examples/02-hospital/aozora-yoyaku.xlsx"),
        root.join("../shared/corpus/mds2/nema-example-hn1-2019.xlsx"),
    ];
    println!("medians of {ROUNDS} rounds, taken in turn");
    for file in files.iter().filter(|file| file.is_file()) {
        let bytes = std::fs::read(file).unwrap();
        let source = Source::new("bench.xlsx", bytes.clone());
        let options = Options::new(jiff::civil::date(2026, 10, 1));
        let (mut bare, mut checked) = (Vec::new(), Vec::new());
        let mut seen = (0, 0);
        for _ in 0..ROUNDS {
            bare.push(timed(|| seen.0 = stream(&bytes)));
            checked.push(timed(|| {
                seen.1 = examine(&source, &options).disclosures.len()
            }));
        }
        assert!(seen.0 > 0 && seen.1 > 0, "nothing was read");
        let (bare, checked) = (median(bare), median(checked));
        let name = file.file_name().unwrap().to_string_lossy();
        let ratio = checked.as_secs_f64() / bare.as_secs_f64();
        print!(
            "{name}: read and checked in {checked:.2?}, calamine's cell stream {bare:.2?}, ratio {ratio:.2}"
        );
        match openpyxl(file) {
            Some(python) => {
                let ratio = python.as_secs_f64() / checked.as_secs_f64();
                println!(", openpyxl's loop {python:.2?}, {ratio:.0} times ours");
            }
            None => println!(", openpyxl not here"),
        }
    }
}

/// Every cell of every sheet, and nothing done with it.
fn stream(bytes: &[u8]) -> usize {
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

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// The median of five plain loops over all cells, start of the interpreter not counted.
fn openpyxl(file: &Path) -> Option<Duration> {
    let script = "import sys,time,warnings,statistics\nwarnings.simplefilter('ignore')\nimport openpyxl\ntimes=[]\nfor _ in range(5):\n s=time.perf_counter()\n n=0\n for sheet in openpyxl.load_workbook(sys.argv[1]):\n  for row in sheet.iter_rows():\n   for cell in row:\n    n+=cell.value is not None\n times.append(time.perf_counter()-s)\nprint(statistics.median(times))";
    let output = Command::new("python3")
        .args(["-c", script])
        .arg(file)
        .output()
        .ok()?;
    let seconds: f64 = String::from_utf8(output.stdout).ok()?.trim().parse().ok()?;
    Some(Duration::from_secs_f64(seconds))
}
