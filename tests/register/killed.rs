//! Killed at any moment, and two at once: what is in the register is whole.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use kaijisho::register::{FileQuery, Register};

use super::*;

/// Files in a folder: now and then a sheet, of another day each; else scans, which are quickly seen to be none.
fn received(place: &Path, count: u32) -> PathBuf {
    let folder = place.join("received");
    std::fs::create_dir_all(&folder).expect("a folder");
    for at in 0..count {
        if at % 25 != 0 {
            let scan = format!("%PDF-1.7 {at}");
            std::fs::write(folder.join(format!("{at:04}.pdf")), scan).expect("written");
            continue;
        }
        let day = format!("20{:02}-{:02}-{:02}", at % 20, at % 12 + 1, at % 28 + 1);
        let text = karte(&day, "はい");
        let text = format!("{text}# {at}\n");
        std::fs::write(folder.join(format!("{at:04}.toml")), text).expect("written");
    }
    std::fs::write(place.join("facility.toml"), FACILITY).expect("written");
    folder
}

fn kaijisho(register: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kaijisho"));
    command
        .arg("register")
        .args(words)
        .args([
            "--by",
            "町田",
            "--at",
            "2026-03-02T09:00:00+09:00",
            "--quiet",
            "--register",
        ])
        .arg(register)
        .env_remove("KAIJISHO_REGISTER")
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

fn start(register: &Path, folder: &Path) -> Child {
    let folder = folder.display().to_string();
    kaijisho(register, &["add", &folder, "--jobs", "2"])
        .spawn()
        .expect("starts")
}

#[test]
fn a_kill_at_any_moment_leaves_a_sound_register_and_the_next_run_goes_on() {
    const FILES: u32 = 400;
    let place = folder("killed");
    let folder = received(&place, FILES);
    let path = place.join("register.db");
    let facility = place.join("facility.toml").display().to_string();
    let done = kaijisho(&path, &["facility", &facility])
        .status()
        .expect("runs");
    assert!(done.success());
    let mut last = 0;
    let mut in_the_middle = 0;
    // Each run lives a little longer, until one gets to its end.
    for round in 1..120_u64 {
        let mut child = start(&path, &folder);
        std::thread::sleep(Duration::from_millis(20 * round));
        let ended = child.try_wait().expect("asked").is_some();
        child.kill().expect("killed");
        child.wait().expect("gone");
        let register = Register::open(&path).expect("opens after a kill");
        is_sound(&register);
        let count = register.files(&FileQuery::default()).expect("asked").total;
        assert!(count >= last, "what was recorded stays");
        in_the_middle += u32::from(count > 0 && count < u64::from(FILES));
        last = count;
        if ended {
            break;
        }
    }
    assert_eq!(last, u64::from(FILES));
    assert!(in_the_middle > 0, "no kill fell between two batches");
}

#[test]
fn two_writers_at_once_record_each_file_once() {
    const FILES: u32 = 300;
    let place = folder("two");
    let folder = received(&place, FILES);
    // None of them finds the register there: both start it.
    let path = place.join("register.db");
    let writers = [
        start(&path, &folder),
        start(&path, &folder),
        start(&path, &folder),
    ];
    for writer in writers {
        let output = writer.wait_with_output().expect("ends");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        // Sheets of no system are something to act on; one that came late finds all recorded. None failed.
        assert!(output.status.code().is_some_and(|code| code < 2), "{told}");
    }
    let register = Register::open(&path).expect("opens");
    is_sound(&register);
    assert_eq!(
        register.files(&FileQuery::default()).expect("asked").total,
        u64::from(FILES)
    );
    assert_eq!(register.head().expect("a head").0, u64::from(FILES));
}

#[test]
fn one_reads_while_another_writes() {
    let place = folder("reader");
    let folder = received(&place, 100);
    let path = place.join("register.db");
    Register::open_or_create(&path).expect("a register");
    let mut writer = start(&path, &folder);
    let mut seen = 0;
    while writer.try_wait().expect("asked").is_none() {
        let register = Register::open(&path).expect("opens");
        let count = register.files(&FileQuery::default()).expect("asked").total;
        assert!(count >= seen);
        seen = count;
        is_sound(&register);
    }
    let register = Register::open(&path).expect("opens");
    assert_eq!(
        register.files(&FileQuery::default()).expect("asked").total,
        100
    );
}
