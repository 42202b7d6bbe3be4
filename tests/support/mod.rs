//! What the test rooms share: cases as text, workbooks from text, and the way to files from outside.
//!
//! Each test file uses a part of it, so unused parts are no mistake here.
#![allow(dead_code)]

pub(crate) mod book;
pub(crate) mod case;
pub(crate) mod formats;
pub(crate) mod paper;

use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use kaijisho::Catalog;

/// The day that counts as today in every test that does not say otherwise.
pub(crate) const TODAY: Date = date(2026, 10, 1);

/// The project's folder.
pub(crate) fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder beside the project with files that nobody here may copy into it; `None` where it is not there.
///
/// A test that gets `None` has said so and passes.
pub(crate) fn shared(folder: &str) -> Option<PathBuf> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared")).join(folder);
    if path.is_dir() {
        return Some(path);
    }
    say(&format!("skipped: no corpus ({folder})"));
    None
}

/// The files of a folder, sorted by name, so that the order of a file system never matters.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = entries(folder)
        .into_iter()
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files
}

/// The folders in a folder, sorted by name.
pub(crate) fn folders(folder: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = entries(folder)
        .into_iter()
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("the folder can be listed").path())
        .collect()
}

/// The name of a file or folder, without the ending.
pub(crate) fn stem(path: &Path) -> String {
    path.file_stem()
        .expect("files have names")
        .to_string_lossy()
        .into_owned()
}

/// A text file of the project.
pub(crate) fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The text of a form of our own, `tests/forms/<name>.toml`.
pub(crate) fn form_text(name: &str) -> String {
    text(&project().join(format!("tests/forms/{name}.toml")))
}

/// A form of our own as the only one that can be recognised.
pub(crate) fn form(name: &str) -> Catalog {
    let text = form_text(name);
    Catalog::parse(&text, name).unwrap_or_else(|error| {
        panic!(
            "tests/forms/{name}.toml: {error}\n{}",
            case::mistakes(&error)
        )
    })
}

/// Says something to whoever runs the tests with `--nocapture`.
#[allow(clippy::print_stdout)]
pub(crate) fn say(text: &str) {
    println!("{text}");
}
