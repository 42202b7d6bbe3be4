//! Injected failures: whatever goes wrong outside, an output is whole or absent, the message names path and
//! reason, and the exit code is the documented one.

mod support;

#[path = "faults/inputs.rs"]
mod inputs;
#[path = "faults/killed.rs"]
mod killed;
#[path = "faults/outputs.rs"]
mod outputs;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Every way of writing a file; `{out}` is the file.
const WRITING: [(&str, &str); 34] = [
    (
        "check",
        "check examples/01-vendor/disclosure.xlsx -o {out}.json --format json --fail-on never",
    ),
    (
        "check sarif",
        "check examples/01-vendor/disclosure.xlsx -o {out}.sarif --format sarif --fail-on never",
    ),
    (
        "diff",
        "diff examples/02-hospital --against small-hospital -o {out}.csv --format csv --fail-on never",
    ),
    (
        "report html",
        "report examples/02-hospital --against small-hospital -o {out}.html --fail-on never",
    ),
    (
        "report xlsx",
        "report examples/02-hospital --against small-hospital -o {out}.xlsx --fail-on never",
    ),
    (
        "report md",
        "report examples/02-hospital -o {out}.md --fail-on never",
    ),
    ("show-template", "report --show-template -o {out}.html"),
    (
        "return sheet",
        "report examples/01-vendor/disclosure.xlsx --return-sheet -o {out}.xlsx --fail-on never",
    ),
    (
        "risks",
        "diff examples/02-hospital --against gl7-outsourced --risks {out}.toml --fail-on never -q",
    ),
    (
        "compare",
        "compare examples/02-hospital --against small-hospital -o {out}.html --fail-on never",
    ),
    (
        "compare xlsx",
        "compare examples/02-hospital --against small-hospital -o {out}.xlsx --fail-on never",
    ),
    (
        "changes",
        "changes examples/12-changes/kawabe-2025.toml examples/12-changes/kawabe-2026.toml -o {out}.xlsx --fail-on never",
    ),
    (
        "checklist",
        "checklist --year r7 --facility examples/13-checklist/facility.toml examples/13-checklist/received -o {out}.xlsx --fail-on never",
    ),
    ("facility", "checklist --new -o {out}.toml"),
    (
        "convert xlsx",
        "convert examples/02-hospital/minato-karte.xlsx {out}.xlsx",
    ),
    (
        "convert xml",
        "convert examples/02-hospital/minato-karte.xlsx {out}.xml",
    ),
    (
        "convert json",
        "convert examples/02-hospital/minato-karte.xlsx {out}.json",
    ),
    (
        "convert toml",
        "convert examples/02-hospital/minato-karte.xlsx {out}.toml",
    ),
    (
        "convert csv",
        "convert examples/02-hospital/minato-karte.xlsx {out}.csv",
    ),
    (
        "convert fhir",
        "convert examples/02-hospital/minato-karte.xlsx {out}.json --to fhir",
    ),
    (
        "migrate",
        "migrate examples/09-migrate/minato-kensa-2022.xlsx --form examples/09-migrate/old-form.toml --to mds-reference -o {out}.xlsx --fail-on never",
    ),
    (
        "migrate list",
        "migrate examples/09-migrate/minato-kensa-2022.xlsx --form examples/09-migrate/old-form.toml --to mds-reference --list {out}.csv --fail-on never",
    ),
    (
        "fill",
        "fill examples/06-fill/minato-karte.toml --into examples/06-fill/blank-kaede.xlsx -o {out}.xlsx",
    ),
    ("request", "request small-hospital -o {out}.xlsx"),
    ("new xlsx", "new --form mds-reference -o {out}.xlsx"),
    ("new toml", "new --form mds-reference -o {out}.toml"),
    (
        "products",
        "new --from examples/10-products/products.toml --product karte --version 3.2 --form mds-reference -o {out}.xlsx --fail-on never",
    ),
    (
        "form import",
        "form import examples/04-form/blank.xlsx --accept -o {out}.toml",
    ),
    (
        "form table",
        "form import examples/04-form/blank.xlsx --accept --table {out}.xlsx -o {out}-form.toml",
    ),
    ("profile new", "profile new -o {out}.toml"),
    ("explain", "explain MDS503 -o {out}.txt"),
    ("schema", "schema form -o {out}.json"),
    ("completions", "completions bash -o {out}.bash"),
    ("man", "man -o {out}.1"),
];

/// Verbs that make the folder they write into.
const MAKING_FOLDERS: [&str; 2] = ["products", "form import"];

/// An empty folder of a test's own.
fn place(name: &str) -> PathBuf {
    let place = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("faults-{name}"));
    if place.exists() {
        fs::remove_dir_all(&place).expect("an old folder goes");
    }
    fs::create_dir_all(&place).expect("a folder");
    place
}

/// The program with arguments, in an environment that says nothing.
fn command(arguments: &[String]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kaijisho"));
    prepare(&mut command);
    command.args(arguments);
    command
}

fn prepare(command: &mut Command) {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("faults-home");
    command
        .current_dir(support::project())
        .env_clear()
        .env("PATH", path)
        // Where a line is folded hangs on the length of paths, so none is.
        .env("COLUMNS", "10000")
        .env("KAIJISHO_CONFIG", home)
        .stdin(Stdio::null());
}

/// The words of a command line with `{out}` and the day filled in.
fn words(line: &str, out: &Path) -> Vec<String> {
    let out = out.to_str().expect("our own names are UTF-8");
    let words = line.split(' ').map(|word| word.replace("{out}", out));
    words
        .chain(["--date".to_owned(), "2026-10-01".to_owned()])
        .collect()
}

/// The file that a command line writes.
fn target(line: &str, out: &Path) -> PathBuf {
    let word = line
        .split(' ')
        .find(|word| word.contains("{out}"))
        .expect("each of them writes");
    let out = out.to_str().expect("our own names are UTF-8");
    PathBuf::from(word.replace("{out}", out))
}

/// Runs a command that must come back by itself.
fn run(command: &mut Command) -> Output {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // What it says is taken while it runs, or a full pipe would hold it up.
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let stdout = std::thread::spawn(move || all(stdout));
    let stderr = std::thread::spawn(move || all(stderr));
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            break status;
        }
        if started.elapsed() > Duration::from_secs(120) {
            child.kill().expect("it can be ended");
            panic!("{command:?} did not come back");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    Output {
        status,
        stdout: stdout.join().expect("standard output"),
        stderr: stderr.join().expect("standard error"),
    }
}

fn all(pipe: Option<impl std::io::Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        pipe.read_to_end(&mut bytes).expect("what it says");
    }
    bytes
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

/// What was said on standard error, and by the verb that lists what it made, on one line.
fn said(output: &Output) -> String {
    let listed = match output.stdout.starts_with(b"{") {
        true => &[],
        false => output.stdout.as_slice(),
    };
    let text = String::from_utf8_lossy(&[&output.stderr, listed].concat()).into_owned();
    text.lines().map(str::trim).collect::<Vec<_>>().concat()
}

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
