//! What the benches share: sheets as vendors send them, made from a seed, and measures taken in turn.
//!
//! ```text
//! layout, seed, rows ─sheets::draw▶ Page ─package::write▶ bytes of an .xlsx
//! ```
//!
//! The same layout, seed and number of rows give the same bytes, on every machine.

#![allow(dead_code)]

pub(crate) mod measure;
pub(crate) mod package;
#[path = "../../tests/support/layouts/random.rs"]
pub(crate) mod random;
pub(crate) mod sheets;
pub(crate) mod words;

use std::path::PathBuf;

use self::sheets::Layout;

/// The workbook of this number: its name and its bytes. Layouts take turns.
pub(crate) fn workbook(seed: u64, number: u64, rows: usize) -> (String, Vec<u8>) {
    let layouts = Layout::ALL.len() as u64;
    let layout = Layout::ALL[usize::try_from(number % layouts).expect("a few")];
    let bytes = package::write(&sheets::draw(layout, seed ^ (number << 8), rows));
    (format!("{number:06}-{}.xlsx", layout.name()), bytes)
}

/// Where the workbook of this number is put, so that no folder holds more than a thousand.
pub(crate) fn place(number: u64, name: &str) -> PathBuf {
    PathBuf::from(format!("{:03}", number / 1000)).join(name)
}
