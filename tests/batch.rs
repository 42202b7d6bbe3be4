//! Many files: lists, order, JSON Lines, runs that were stopped, shares of a list.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

#[path = "batch/folders.rs"]
mod folders;
#[path = "batch/resume.rs"]
mod resume;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const FORM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/forms/small.toml");
const DAY: &str = "2026-10-01";

fn place(name: &str) -> PathBuf {
    let place = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("batch")
        .join(name);
    if place.exists() {
        fs::remove_dir_all(&place).unwrap();
    }
    fs::create_dir_all(&place).unwrap();
    place
}

/// A sheet as a text: with a mistake in every third, unlike every other.
fn sheet(number: usize) -> String {
    let answer = ["はい", "いいえ", "たぶん"][number % 3];
    format!(
        "form = \"small\"\nheader = {{ date = 2026-09-01, manufacturer = \"見本{}\", product = \"製品{number}\", version = \"1\" }}\n\
         items = [{{ number = \"1\", answer = \"{answer}\" }}, {{ number = \"2\", answer = \"はい\", remark = \"備考,{number}\" }}]\n",
        number % 5
    )
}

/// A folder of sheets, one that is damaged, one that is something else and one that nobody reads.
fn filled(name: &str, sheets: usize) -> PathBuf {
    let place = place(name);
    for number in 0..4 {
        fs::create_dir_all(place.join(format!("病院{number}"))).unwrap();
    }
    for number in 0..sheets {
        let folder = place.join(format!("病院{}", number % 4));
        fs::write(
            folder.join(format!("開示書 {number:04}.toml")),
            sheet(number),
        )
        .unwrap();
    }
    fs::write(place.join("病院1/damaged.xlsx"), b"PK\x03\x04 no more").unwrap();
    fs::write(
        place.join("病院2/package.json"),
        b"{ \"name\": \"something\" }",
    )
    .unwrap();
    fs::write(place.join("read.me"), b"text").unwrap();
    place
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kaijisho"));
    command
        .args(arguments)
        .args(["--date", DAY, "--form", FORM])
        .current_dir(folder)
        .env_clear()
        // Where a line is folded hangs on the length of paths, so none is.
        .env("COLUMNS", "10000");
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn lines(bytes: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'));
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn names(lines: &[Value]) -> Vec<&str> {
    let documents = lines.iter().filter(|line| line["line"] == "document");
    documents
        .map(|line| line["file"].as_str().unwrap())
        .collect()
}

#[test]
fn threads_change_nothing() {
    let place = filled("threads", 40);
    let runs: [(&[&str], &[&str]); 3] = [
        (&["check"], &["human", "jsonl", "sarif"]),
        (
            &["diff", "--against", "small-hospital"],
            &["json", "csv", "junit"],
        ),
        (&["report", "--against", "small-hospital"], &["jsonl"]),
    ];
    for (verb, formats) in runs {
        for format in formats {
            let once = |jobs: &str| {
                let more = [".", "--format", format, "--jobs", jobs];
                run(&place, &[verb, &more].concat())
            };
            let (one, eight) = (once("1"), once("8"));
            assert_eq!(code(&one), 2, "{}", told(&one));
            assert_eq!(code(&eight), 2);
            assert!(one.stdout.len() > 1000, "{verb:?} {format}");
            assert!(one.stdout == eight.stdout, "{verb:?} {format}");
            assert_eq!(told(&one), told(&eight));
        }
    }
}

#[test]
fn lines_hold_what_the_report_holds() {
    let place = filled("lines", 30);
    let whole = run(&place, &["check", ".", "--format", "json"]);
    let whole: Value = serde_json::from_slice(&whole.stdout).unwrap();
    let streamed = run(&place, &["check", ".", "--format", "jsonl"]);
    let lines = lines(&streamed.stdout);
    let (last, documents) = lines.split_last().unwrap();
    assert_eq!(documents.len(), 31);
    let mut positions = Vec::new();
    for (line, document) in documents.iter().zip(whole["documents"].as_array().unwrap()) {
        assert_eq!(line["schema"], "kaijisho/lines/1");
        assert_eq!(line["of"], "kaijisho/check/1");
        positions.push(line["input"].as_u64().unwrap());
        let mut line = line.as_object().unwrap().clone();
        for key in ["schema", "line", "of", "input"] {
            line.shift_remove(key);
        }
        assert_eq!(Value::Object(line), *document);
    }
    assert!(positions.is_sorted_by(|one, next| one < next));
    assert_eq!(last["line"], "summary");
    assert_eq!(last["summary"], whole["summary"]);
    let inputs = &last["inputs"];
    let count = |name: &str| inputs[name].as_u64().unwrap();
    assert_eq!(
        (
            count("files"),
            count("done"),
            count("unreadable"),
            count("other"),
            count("repeated")
        ),
        (32, 30, 1, 1, 0)
    );
}

#[test]
fn what_is_written_to_a_file_is_what_goes_to_standard_output() {
    let place = filled("file", 12);
    for format in ["json", "jsonl", "csv"] {
        let output = run(&place, &["check", ".", "--format", format]);
        let name = format!("../out.{format}");
        let _ = fs::remove_file(place.join(&name));
        let written = run(&place, &["check", ".", "-o", &name]);
        assert_eq!(code(&written), 2, "{}", told(&written));
        assert!(written.stdout.is_empty());
        assert!(
            fs::read(place.join(&name)).unwrap() == output.stdout,
            "{format}"
        );
        let again = run(&place, &["check", ".", "-o", &name]);
        assert_eq!(code(&again), 2);
        assert!(told(&again).contains("--force"), "{}", told(&again));
    }
}

#[test]
fn lists_name_files_and_folders() {
    let place = filled("lists", 8);
    let list = "病院1/開示書 0005.toml\r\n\r\n病院0\r\nno such file.xlsx\r\n病院0/../病院1/開示書 0005.toml\r\n";
    fs::write(place.join("list.txt"), list).unwrap();
    let output = run(
        &place,
        &["check", "--files-from", "list.txt", "--format", "jsonl"],
    );
    assert_eq!(code(&output), 2);
    let lines_of = lines(&output.stdout);
    let expected = [
        "病院1/開示書 0005.toml",
        "病院0/開示書 0000.toml",
        "病院0/開示書 0004.toml",
        "no such file.xlsx",
    ];
    assert_eq!(names(&lines_of), expected);
    assert_eq!(lines_of.last().unwrap()["inputs"]["repeated"], 1);
    assert!(told(&output).contains("1 件"), "{}", told(&output));

    let mut child = command(
        &place,
        &[
            "check",
            "--files-from",
            "-",
            "-0",
            "--format",
            "jsonl",
            "病院3",
        ],
    )
    .stdin(Stdio::piped())
    .stdout(Stdio::piped())
    .stderr(Stdio::piped())
    .spawn()
    .unwrap();
    let zeroed = list.replace("\r\n", "\0");
    child
        .stdin
        .take()
        .unwrap()
        .write_all(zeroed.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let lines_of = lines(&output.stdout);
    let first = ["病院3/開示書 0003.toml", "病院3/開示書 0007.toml"];
    assert_eq!(names(&lines_of), [&first[..], &expected[..]].concat());

    fs::write(place.join("zeros.txt"), zeroed).unwrap();
    fs::write(place.join("none.txt"), "\n\n").unwrap();
    for (list, hint) in [
        ("zeros.txt", "--null"),
        ("none.txt", "none.txt"),
        ("gone.txt", "gone.txt"),
    ] {
        let output = run(&place, &["check", "--files-from", list]);
        assert_eq!(code(&output), 2, "{list}");
        assert!(told(&output).contains(hint), "{}", told(&output));
        assert!(output.stdout.is_empty());
    }
    assert_eq!(code(&run(&place, &["check", "-0", "病院0"])), 2);
    assert_eq!(code(&run(&place, &["check", "-", "--files-from", "-"])), 2);
}

#[cfg(unix)]
#[test]
fn links_that_lead_in_circles_and_names_that_are_no_utf8() {
    use std::os::unix::ffi::OsStringExt;
    use std::os::unix::fs::symlink;
    let place = filled("links", 4);
    symlink("..", place.join("病院0/up")).unwrap();
    symlink("../病院3", place.join("病院2/across")).unwrap();
    symlink("開示書 0000.toml", place.join("病院0/same.toml")).unwrap();
    symlink("nowhere.xlsx", place.join("病院1/dangling.xlsx")).unwrap();
    // As a file server gives names that were written in Shift_JIS.
    let strange = std::ffi::OsString::from_vec(b"\x8aJ\x8e\xa6.toml".to_vec());
    let has_strange = fs::write(place.join(&strange), sheet(9)).is_ok();
    let output = run(&place, &["check", ".", "--format", "jsonl"]);
    assert_eq!(code(&output), 2);
    let lines_of = lines(&output.stdout);
    let mut expected = vec![
        "./病院0/same.toml",
        "./病院1/damaged.xlsx",
        "./病院1/開示書 0001.toml",
        "./病院2/across/開示書 0003.toml",
        "./病院2/開示書 0002.toml",
    ];
    if has_strange {
        expected.insert(0, "./\u{fffd}J\u{fffd}\u{fffd}.toml");
    }
    let mut found = names(&lines_of);
    found.sort_unstable();
    let mut sorted = expected.clone();
    sorted.sort_unstable();
    assert_eq!(found, sorted);
    assert_eq!(lines_of.last().unwrap()["inputs"]["repeated"], 2);
}

#[test]
fn shares_are_disjoint_complete_and_come_together_as_the_whole() {
    let place = filled("shares", 90);
    let whole = run(&place, &["check", ".", "--format", "jsonl"]);
    let whole = lines(&whole.stdout);
    let mut merged: Vec<Value> = Vec::new();
    let (mut errors, mut files) = (0, 0);
    for which in 1..=4 {
        // Each machine has the folder elsewhere.
        let elsewhere = place.parent().unwrap().join(format!("shares-{which}"));
        let _ = fs::remove_dir_all(&elsewhere);
        let (folder, root): (&Path, &str) = match which {
            1 => (&place, "."),
            _ => {
                fs::rename(&place, &elsewhere).unwrap();
                (place.parent().unwrap(), elsewhere.to_str().unwrap())
            }
        };
        let shard = format!("{which}/4");
        let output = run(
            folder,
            &["check", root, "--format", "jsonl", "--shard", &shard],
        );
        if which > 1 {
            fs::rename(&elsewhere, &place).unwrap();
        }
        let mut share = lines(&output.stdout);
        let last = share.pop().unwrap();
        assert_eq!(last["shard"], *shard);
        assert!((9..40).contains(&share.len()), "{} of 91", share.len());
        errors += last["summary"]["errors"].as_u64().unwrap();
        files += last["inputs"]["files"].as_u64().unwrap();
        for line in &mut share {
            let name = line["file"].as_str().unwrap().replacen(root, ".", 1);
            line["file"] = name.into();
        }
        merged.extend(share);
    }
    merged.sort_by_key(|line| line["input"].as_u64());
    let (last, documents) = whole.split_last().unwrap();
    assert_eq!(merged, documents);
    assert_eq!(last["summary"]["errors"], errors);
    assert_eq!(last["inputs"]["files"], files);
    for wrong in ["0/4", "5/4", "1", "a/b"] {
        let output = run(&place, &["check", ".", "--shard", wrong]);
        assert_eq!(code(&output), 2, "{wrong}");
        assert!(told(&output).contains("1/8"), "{}", told(&output));
    }
    // A share with nothing in it is done, too.
    let one = run(
        &place,
        &[
            "check",
            "病院0/開示書 0000.toml",
            "--format",
            "jsonl",
            "--shard",
            "1/2",
        ],
    );
    let other = run(
        &place,
        &[
            "check",
            "病院0/開示書 0000.toml",
            "--format",
            "jsonl",
            "--shard",
            "2/2",
        ],
    );
    let mut counts = [lines(&one.stdout).len(), lines(&other.stdout).len()];
    counts.sort_unstable();
    assert_eq!(counts, [1, 2]);
}

#[test]
fn progress_and_failing_files_go_to_standard_error() {
    let place = filled("progress", 5);
    let plain = run(&place, &["check", ".", "--format", "jsonl"]);
    let shown = run(
        &place,
        &[
            "check",
            ".",
            "--format",
            "jsonl",
            "--progress",
            "--lang",
            "en",
        ],
    );
    assert!(!told(&plain).contains("file-damaged"), "{}", told(&plain));
    let told = told(&shown);
    let failing: Vec<&str> = told
        .lines()
        .filter(|line| line.contains("damaged.xlsx"))
        .collect();
    assert_eq!(failing.len(), 1, "{told}");
    assert!(
        failing[0].contains("/damaged.xlsx: file-damaged: "),
        "{told}"
    );
    assert!(told.contains("7/7 files"), "{told}");
    let english = run(&place, &["check", ".", "--format", "jsonl", "--lang", "en"]);
    assert!(shown.stdout == english.stdout);
}

#[test]
fn formats_made_from_the_whole_and_other_reports_say_so() {
    let place = filled("refusals", 3);
    for format in ["html", "md", "xlsx", "sarif", "junit"] {
        let output = run(
            &place,
            &["check", ".", "--format", format, "--resume", "ledger"],
        );
        assert_eq!(code(&output), 2, "{format}");
        assert!(told(&output).contains("jsonl"), "{}", told(&output));
        assert!(!place.join("ledger").exists());
    }
    let output = run(&place, &["changes", "病院0", "病院1", "--format", "jsonl"]);
    assert_eq!(code(&output), 2);
}
