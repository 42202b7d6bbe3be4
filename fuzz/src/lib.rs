//! What the fuzz targets share: packages around a part, and what must hold of everything that is read.
//!
//! ```sh
//! python3 fuzz/seeds.py SEEDS                                # seeds for every target
//! cargo +nightly fuzz run -s none xlsx_sheet SEEDS/xlsx_sheet -- -max_len=4096 -timeout=10 -dict=fuzz/words.dict
//! tests/extended/fuzz.sh                                     # every target for a while
//! ```
//!
//! A target says more than "no panic": each function here asserts what DESIGN.md promises, and a promise that
//! is broken ends the run like a panic. A container is built around the input, so that mutation reaches what
//! reads the part and not the checks of the container.

pub mod changed;
pub mod container;
pub mod documents;
pub mod examined;
pub mod loaders;
pub mod read;
pub mod workbook;

use std::sync::OnceLock;

use kaijisho::{Limits, Options};

/// Limits low enough that small inputs reach them.
pub const LIMITS: Limits = Limits {
    file_bytes: 1 << 20,
    entries: 40,
    part_bytes: 1 << 20,
    total_bytes: 4 << 20,
    ratio: 300,
    cells: 3_000,
    cell_chars: 1_000,
    text_bytes: 200_000,
    memory: 4_000_000,
    items: 10_000,
    depth: 32,
    values: 3_000,
    sheets: 20,
    objects: 50,
};

/// How everything is examined: the bundled forms, low limits, one day as today.
pub fn options() -> &'static Options {
    static OPTIONS: OnceLock<Options> = OnceLock::new();
    OPTIONS.get_or_init(|| {
        let mut options = Options::new(jiff::civil::date(2026, 10, 1));
        options.limits = LIMITS;
        options
    })
}

/// Saves the whole file that an input becomes where `KAIJISHO_FUZZ_SAVE` names one: what a regression test wants.
pub fn save(bytes: &[u8]) {
    static PATH: OnceLock<Option<std::ffi::OsString>> = OnceLock::new();
    if let Some(path) = PATH.get_or_init(|| std::env::var_os("KAIJISHO_FUZZ_SAVE")) {
        std::fs::write(path, bytes).expect("the file can be written");
    }
}

/// Lets a parser that is not ours panic where the reader catches it; every other panic ends the run.
///
/// libFuzzer's own hook would end it for a panic that is caught, too.
pub fn only_ours_end_the_run() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(|| {
        std::panic::set_hook(Box::new(|panic| {
            let file = panic.location().map_or("", |location| location.file());
            if !file.contains("/calamine-") {
                eprintln!("{panic}");
                std::process::abort();
            }
        }));
    });
}
