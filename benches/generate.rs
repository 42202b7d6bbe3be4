//! Writes realistic sheets into a folder, for trials with many files.
//!
//! ```text
//! cargo bench --bench generate -- DIR COUNT [--seed N] [--rows N]
//! ```
//!
//! The same seed gives the same files. Six layouts take turns (`support/sheets.rs`); a thousand files stand in
//! each folder of DIR: `DIR/042/042007-mds-own.xlsx`. `--rows` is the number of questions where the form is
//! the sheet's own; default 250. Files that stand in DIR are written over, none is removed.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod support;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use rayon::prelude::*;

/// What was asked for.
struct Task {
    folder: PathBuf,
    count: u64,
    seed: u64,
    rows: usize,
}

fn main() -> ExitCode {
    let Some(task) = task(std::env::args().skip(1)) else {
        eprintln!("cargo bench --bench generate -- DIR COUNT [--seed N] [--rows N]");
        // A run of all benches asks for nothing, and that is no mistake.
        return ExitCode::SUCCESS;
    };
    match write(&task) {
        Ok(bytes) => {
            let folder = task.folder.display();
            println!("{} sheets, {bytes} bytes, in {folder}", task.count);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}: {error}", task.folder.display());
            ExitCode::from(2)
        }
    }
}

fn task(arguments: impl Iterator<Item = String>) -> Option<Task> {
    let (mut plain, mut seed, mut rows) = (Vec::new(), 1, 250);
    let mut arguments = arguments.filter(|argument| argument != "--bench");
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--seed" => seed = arguments.next()?.parse().ok()?,
            "--rows" => rows = arguments.next()?.parse().ok()?,
            _ => plain.push(argument),
        }
    }
    let [folder, count] = plain.try_into().ok()?;
    Some(Task {
        folder: folder.into(),
        count: count.parse().ok()?,
        seed,
        rows,
    })
}

/// Writes all files, and says how many bytes they are.
fn write(task: &Task) -> std::io::Result<u64> {
    for folder in 0..task.count.div_ceil(1000) {
        let inside = support::place(folder * 1000, "");
        std::fs::create_dir_all(task.folder.join(inside))?;
    }
    let one = |number| -> std::io::Result<u64> {
        let (name, bytes) = support::workbook(task.seed, number, task.rows);
        let path: &Path = &task.folder.join(support::place(number, &name));
        std::fs::write(path, &bytes)?;
        Ok(bytes.len() as u64)
    };
    let sizes = (0..task.count).into_par_iter().map(one);
    sizes.try_reduce(|| 0, |a, b| Ok(a + b))
}
