//! Hostile words of a vendor in every field, through every verb and into every format: nothing of what comes out is
//! obeyed by a terminal, a browser or a spreadsheet program.

mod support;

#[path = "hostile_text/judge.rs"]
mod judge;
#[path = "hostile_text/material.rs"]
mod material;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder with everything hostile in it, made for one test.
fn place(name: &str) -> PathBuf {
    let place = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("hostile-{name}"));
    if place.exists() {
        fs::remove_dir_all(&place).expect("an old folder goes");
    }
    fs::create_dir_all(&place).expect("a folder");
    for (name, bytes) in material::files() {
        fs::write(place.join(name), bytes).expect("a file");
    }
    place
}

fn run(place: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kaijisho"));
    command.current_dir(place).env_clear().env("COLUMNS", "100");
    command.env("KAIJISHO_CONFIG", place.join("home"));
    command.args(arguments).args(["--date", "2026-10-01"]);
    command.output().expect("the program starts")
}

/// Runs a command line and judges all that it says; `{out}` is a file of the ending behind it.
fn judged(place: &Path, line: &str, wrong: &mut Vec<String>) {
    let words: Vec<&str> = line.split(' ').collect();
    let output = run(place, &words);
    let mut tell = |what: &str, found: Result<(), String>| {
        if let Err(found) = found {
            wrong.push(format!("{line}\n    {what}: {found}"));
        }
    };
    tell("standard error", judge::terminal(&output.stderr));
    if !matches!(output.status.code(), Some(0 | 1)) {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        tell("did not do the work", Err(said));
        return;
    }
    let after = |option: &str| {
        let at = words.iter().position(|word| *word == option)?;
        words.get(at + 1).copied()
    };
    tell(
        "standard output",
        judge::of(after("--format").unwrap_or("human"), &output.stdout),
    );
    for word in words.iter().filter(|word| word.starts_with("out.")) {
        match fs::read(place.join(word)) {
            Ok(bytes) => tell(word, judge::of(word.trim_start_matches("out."), &bytes)),
            Err(error) => tell(word, Err(error.to_string())),
        }
        let _ = fs::remove_file(place.join(word));
    }
}

fn none_wrong(name: &str, lines: &[String]) {
    let place = place(name);
    let mut wrong = Vec::new();
    for line in lines {
        judged(&place, line, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const PAGES: [&str; 8] = [
    "human", "json", "sarif", "junit", "md", "csv", "html", "xlsx",
];
const SHEETS: [&str; 3] = ["vendor.xlsx", "vendor.toml", "vendor.csv"];

#[test]
fn check_diff_and_report() {
    let mut lines = Vec::new();
    for format in PAGES {
        for sheet in SHEETS {
            lines.push(format!("check {sheet} --format {format} -v"));
        }
        lines.push(format!(
            "diff vendor.toml --against profile.toml --format {format} -v"
        ));
        lines.push(format!(
            "report vendor.xlsx --against profile.toml --format {format} --lang en"
        ));
    }
    lines.push("diff vendor.toml --against profile.toml --risks register.toml -v".to_owned());
    lines.push(
        "report vendor.toml --against profile.toml --risks register.toml -o out.html".to_owned(),
    );
    lines.push(
        "report vendor.toml --against profile.toml --risks register.toml -o out.xlsx".to_owned(),
    );
    none_wrong("report", &lines);
}

#[test]
fn compare_and_changes() {
    let mut lines = Vec::new();
    for format in PAGES {
        if !["sarif", "junit"].contains(&format) {
            lines.push(format!(
                "compare vendor.xlsx vendor.toml --against profile.toml --format {format}"
            ));
            lines.push(format!(
                "changes vendor.toml other.toml --against profile.toml --format {format} -v"
            ));
        }
    }
    none_wrong("compare", &lines);
}

#[test]
fn conversions_and_sheets_to_send() {
    let mut lines = Vec::new();
    for sheet in SHEETS {
        for ending in ["xlsx", "xml", "json", "toml"] {
            lines.push(format!("convert {sheet} out.{ending}"));
        }
        lines.push(format!("convert {sheet} out.written.csv"));
        lines.push(format!("convert {sheet} out.json --to fhir"));
        lines.push(format!("convert {sheet} out.xml --to fhir"));
    }
    for format in ["human", "json", "md", "csv"] {
        lines.push(format!(
            "migrate vendor.toml --to sds-reference --format {format} -v"
        ));
    }
    lines.push("migrate vendor.toml --to sds-reference -o out.xlsx --list out.csv".to_owned());
    lines.push("report vendor.xlsx --return-sheet -o out.xlsx".to_owned());
    lines.push("fill vendor.toml --into blank.xlsx -o out.xlsx -v".to_owned());
    lines.push("fill vendor.toml --into blank.xlsx -o out.xlsx --format json".to_owned());
    lines.push("request profile.toml -o out.xlsx".to_owned());
    none_wrong("sent", &lines);
}

#[test]
fn checklists() {
    let checklist = "checklist --year r7 --facility facility.toml vendor.toml vendor.xlsx";
    let mut lines: Vec<String> = ["human", "json", "md", "csv", "html", "xlsx"]
        .iter()
        .map(|format| format!("{checklist} --format {format}"))
        .collect();
    lines.push(format!("{checklist} -o out.xlsx --vendor-forms forms"));
    none_wrong("checklist", &lines);
}

#[test]
fn forms_profiles_and_products() {
    let lines = [
        "profile show profile.toml",
        "profile show profile.toml --format json",
        "profile check profile.toml",
        "form import vendor.xlsx --accept --id own -o out.toml",
        "form import vendor.xlsx --accept --id own -o own.toml --table out.xlsx --force",
        "form show own.toml -v",
        "form show own.toml --format json",
        "form check own.toml",
        "new --form own.toml -o out.xlsx",
        "new --form own.toml -o out.toml",
        "check vendor.xlsx --form own.toml",
        "form crosswalk own.toml mds-reference",
        "new --from products.toml --check",
        "new --from products.toml --check --format json",
        "new --from products.toml --product karte --version 3.2 --form mds-reference -o out.xlsx",
    ];
    none_wrong("forms", &lines.map(str::to_owned));
}

#[test]
fn words_of_the_user_are_shown_the_same_way() {
    let place = place("words");
    for word in material::WORDS {
        let word = word.replace('\0', "");
        for arguments in [
            vec!["check", word.as_str()],
            vec!["explain", word.as_str()],
            vec!["check", "vendor.toml", "--form", word.as_str()],
            vec!["diff", "vendor.toml", "--against", word.as_str()],
            vec!["report", "vendor.toml", "--format", word.as_str()],
            vec!["report", "vendor.toml", "-o", word.as_str()],
            vec!["convert", "vendor.toml", word.as_str()],
            vec![
                "checklist",
                "--year",
                word.as_str(),
                "--facility",
                "facility.toml",
            ],
            vec![word.as_str()],
        ] {
            let output = run(&place, &arguments);
            for said in [&output.stdout, &output.stderr] {
                if let Err(found) = judge::terminal(said) {
                    panic!("{arguments:?}: {found}");
                }
            }
        }
    }
}

#[test]
fn nothing_is_written_outside_the_folder() {
    let outer = place("names");
    let place = outer.join("inner");
    fs::create_dir(&place).expect("a folder");
    for (name, bytes) in material::files() {
        fs::write(place.join(name), bytes).expect("a file");
    }
    let before = tree(&outer);
    let hostile = [
        "../up",
        "/abs",
        "..\\\\up",
        "C:\\\\up",
        "a\\u0000b",
        "con",
        "nul.x",
        "\\u202egnp",
        ".hidden",
        "a:b",
        "~root",
        "$HOME",
        "..",
        ".",
        "aux",
        "a/../../up",
    ];
    let long = "長".repeat(300);
    for name in hostile.into_iter().chain([long.as_str()]) {
        let text = support::text(&support::project().join("examples/10-products/products.toml"));
        let products = text.replace("version = \"3.2\"", &format!("version = \"{name}\""));
        fs::write(place.join("products.toml"), products).expect("a file");
        run(
            &place,
            &[
                "new",
                "--from",
                "products.toml",
                "--all",
                "-o",
                "made",
                "--to",
                "toml",
                "-q",
            ],
        );
        let text = support::text(&support::project().join("examples/13-checklist/facility.toml"));
        let facility = text.replace("\"minato\"", &format!("\"{name}\""));
        fs::write(place.join("facility.toml"), facility).expect("a file");
        let checklist = [
            "checklist",
            "--year",
            "r7",
            "--facility",
            "facility.toml",
            "--format",
            "md",
        ];
        run(
            &place,
            &[&checklist[..], &["--vendor-forms", "made", "-q", "--force"]].concat(),
        );
    }
    let after: Vec<PathBuf> = tree(&outer)
        .into_iter()
        .filter(|path| !before.contains(path))
        .collect();
    assert!(after.len() > 20, "{after:?}");
    for path in &after {
        let inside = path
            .strip_prefix(&place)
            .ok()
            .and_then(|path| path.strip_prefix("made").ok());
        let inside = inside.unwrap_or_else(|| panic!("{} is outside", path.display()));
        for part in inside.iter() {
            let part = part.to_str().expect("UTF-8");
            assert!(judge::terminal(part.as_bytes()).is_ok(), "{part:?}");
            let is_plain = !part.starts_with('.') && !part.ends_with('.') && part.len() < 240;
            assert!(
                is_plain && !part.contains(['\\', ':', '*', '?', '"', '<', '>', '|']),
                "{part:?}"
            );
            let stem = part.split('.').next().unwrap_or(part).to_lowercase();
            assert!(
                !["con", "nul", "aux", "prn"].contains(&stem.as_str()),
                "{part:?}"
            );
        }
    }
}

/// All files and folders in a folder.
fn tree(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path.clone());
            }
            found.push(path);
        }
    }
    found.retain(|path| path.file_name().is_some_and(|name| name != "made"));
    found
}
