//! Runs that were stopped and are taken up again.

use std::io::{BufRead, BufReader};

use super::*;

/// The bytes of a run that nobody stopped.
fn whole(place: &Path, more: &[&str]) -> Vec<u8> {
    let output = run(place, &[&["check", "."], more].concat());
    assert_eq!(code(&output), 2);
    output.stdout
}

/// Starts a run, reads so many lines, and kills it.
fn killed(place: &Path, arguments: &[&str], after: usize) {
    let mut child = command(place, arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..after {
        let mut line = Vec::new();
        assert!(
            reader.read_until(b'\n', &mut line).unwrap() > 0,
            "it ended before"
        );
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_run_that_was_killed_gives_the_same_output_when_taken_up() {
    let place = filled("killed", 120);
    for (format, after) in [("jsonl", 40), ("json", 900), ("human", 400)] {
        let expected = whole(&place, &["--format", format]);
        let ledger = format!("../killed-{format}.ledger");
        let _ = fs::remove_file(place.join(&ledger));
        let arguments = [
            "check", ".", "--format", format, "--resume", &ledger, "--jobs", "2", "--lang", "ja",
        ];
        killed(&place, &arguments, after);
        let kept = fs::metadata(place.join(&ledger)).unwrap().len();
        assert!(kept > 1000, "nothing was kept");
        let again = run(&place, &arguments);
        assert_eq!(code(&again), 2, "{}", told(&again));
        assert!(told(&again).contains("再開"), "{}", told(&again));
        assert!(again.stdout == expected, "{format}");
    }
    // Once more, with nothing left to do.
    let ledger = place.join("../killed-jsonl.ledger");
    let size = fs::metadata(&ledger).unwrap().len();
    let arguments = [
        "check",
        ".",
        "--format",
        "jsonl",
        "--resume",
        "../killed-jsonl.ledger",
    ];
    let third = run(&place, &arguments);
    assert!(third.stdout == whole(&place, &["--format", "jsonl"]));
    assert_eq!(code(&third), 2);
    assert_eq!(fs::metadata(&ledger).unwrap().len(), size);
}

#[test]
fn a_ledger_torn_at_any_byte_of_its_last_record_is_mended() {
    let place = filled("torn", 3);
    let expected = whole(&place, &["--format", "jsonl"]);
    let arguments = [
        "check",
        ".",
        "--format",
        "jsonl",
        "--resume",
        "../torn.ledger",
    ];
    let path = place.join("../torn.ledger");
    let _ = fs::remove_file(&path);
    assert_eq!(run(&place, &arguments).stdout, expected);
    let ledger = fs::read(&path).unwrap();
    let text = String::from_utf8(ledger.clone()).unwrap();
    let last = text.rfind("{\"file\":").unwrap();
    let step = (ledger.len() - last) / 12 + 1;
    for length in (last..ledger.len()).rev().step_by(step) {
        fs::write(&path, &ledger[..length]).unwrap();
        let output = run(&place, &arguments);
        assert!(output.stdout == expected, "{length}");
        assert_eq!(told(&output).contains("切れて"), length > last, "{length}");
        assert!(fs::read(&path).unwrap() == ledger, "{length}");
    }
}

#[test]
fn files_that_changed_moved_or_came_are_done_and_no_others() {
    let place = filled("changed", 10);
    let arguments = [
        "check",
        ".",
        "--format",
        "jsonl",
        "--resume",
        "../changed.ledger",
    ];
    let path = place.join("../changed.ledger");
    let _ = fs::remove_file(&path);
    run(&place, &arguments);
    // One changed, one goes, one comes that stands first in the list, so that all others move.
    fs::write(place.join("病院0/開示書 0004.toml"), sheet(400)).unwrap();
    fs::remove_file(place.join("病院3/開示書 0003.toml")).unwrap();
    fs::write(place.join("a new one.toml"), sheet(7)).unwrap();
    let output = run(&place, &arguments);
    assert!(output.stdout == whole(&place, &["--format", "jsonl"]));
    let text = fs::read_to_string(&path).unwrap();
    let of = |name: &str| text.matches(&format!("{{\"file\":\"./{name}\"")).count();
    assert_eq!(of("病院0/開示書 0004.toml"), 2);
    assert_eq!(of("a new one.toml"), 1);
    assert_eq!(of("病院0/開示書 0000.toml"), 1);
    assert_eq!(of("病院1/damaged.xlsx"), 1);
}

#[test]
fn a_ledger_does_not_go_with_a_facility_file() {
    let place = filled("facility", 2);
    std::fs::write(place.join("f.toml"), "").expect("a file");
    for verb in ["diff", "report"] {
        let held = ["--against", "small-hospital", "--facility", "f.toml"];
        let line = [&[verb, ".", "--resume", "ledger"][..], &held].concat();
        let output = run(&place, &line);
        assert_eq!(code(&output), 2, "{verb}");
        assert!(told(&output).contains("--resume"), "{}", told(&output));
        assert!(!place.join("ledger").exists());
    }
}

#[test]
fn a_ledger_of_other_settings_is_refused_and_they_are_named() {
    let place = filled("settings", 3);
    let path = place.join("../settings.ledger");
    let _ = fs::remove_file(&path);
    let diff = |more: &[&str]| {
        let start = [
            "diff",
            ".",
            "--against",
            "small-hospital",
            "--resume",
            "../settings.ledger",
        ];
        run(&place, &[&start, more].concat())
    };
    assert_eq!(code(&diff(&["--format", "jsonl"])), 2);
    let before = fs::read(&path).unwrap();
    let others: [(&[&str], &str); 5] = [
        (&["--format", "csv"], "format"),
        (&["--format", "jsonl", "--lang", "en"], "language"),
        (&["--format", "jsonl", "--fail-on", "warning"], "fail-on"),
        (&["--format", "jsonl", "--limit", "cells=9"], "limit"),
        (
            &["--format", "jsonl", "--fact", "remote_maintenance=true"],
            "against",
        ),
    ];
    for (more, name) in others {
        let output = diff(more);
        assert_eq!(code(&output), 2);
        assert!(output.stdout.is_empty());
        assert!(told(&output).contains(name), "{name}: {}", told(&output));
        assert!(fs::read(&path).unwrap() == before);
    }
    let note = place.join("note.txt");
    fs::write(&note, "my notes\n").unwrap();
    let output = run(
        &place,
        &["check", ".", "--format", "jsonl", "--resume", "note.txt"],
    );
    assert_eq!(code(&output), 2);
    assert!(
        told(&output).contains("台帳ではありません"),
        "{}",
        told(&output)
    );
    assert_eq!(fs::read_to_string(&note).unwrap(), "my notes\n");
}
