//! Inputs that are no files, cannot be read, or have odd names.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::{code, command, place, run, said, words};

/// Every way of naming a file to read; `{in}` is the file.
const READING: [&str; 19] = [
    "check {in}",
    "diff {in} --against small-hospital",
    "report {in}",
    "compare {in} --against small-hospital",
    "changes {in} examples/12-changes/kawabe-2026.toml",
    "changes examples/12-changes/kawabe-2025.toml {in}",
    "convert {in} --format json",
    "migrate {in} --to mds2-2019",
    "fill {in} --into examples/06-fill/blank-kaede.xlsx -o {out}",
    "fill examples/06-fill/minato-karte.toml --into {in} -o {out}",
    "report {in} --return-sheet -o {out}",
    "form import {in} -o {out}",
    "form check {in}",
    "new --from {in} --check",
    "checklist --year r7 --facility {in}",
    "check examples/01-vendor/disclosure.xlsx --layout {in}",
    "report examples/01-vendor/disclosure.xlsx --template {in} --format html",
    "diff examples/01-vendor/disclosure.xlsx --against small-hospital --system {in}",
    "migrate examples/02-hospital/minato-karte.xlsx --to mds2-2019 --crosswalk {in}",
];

/// The outcome of each way of reading a file that is none: exit code 2, its name and the reason.
fn refused(file: &Path, out: &Path, reasons: [&str; 2]) -> Vec<String> {
    let mut wrong = Vec::new();
    for line in READING {
        for (language, reason) in ["ja", "en"].into_iter().zip(reasons) {
            // The words are the same for all verbs; in English a few of them are enough.
            if language == "en" && !line.starts_with("c") {
                continue;
            }
            let line = line.replace("{in}", file.to_str().expect("UTF-8"));
            let words = words(&format!("{line} --lang {language}"), out);
            let output = run(&mut command(&words));
            let mut told = said(&output);
            told.push_str(&String::from_utf8_lossy(&output.stdout).replace('\n', ""));
            if code(&output) != Some(2) {
                wrong.push(format!("{line}: {:?} {told}", output.status));
            }
            let plain = |text: &str| text.split_whitespace().collect::<String>();
            if !plain(&told).contains(&plain(reason)) {
                wrong.push(format!("{line} ({language}): {told}"));
            }
            if out.exists() {
                wrong.push(format!("{line}: something was written"));
            }
        }
    }
    wrong
}

#[test]
#[cfg(unix)]
fn a_pipe_and_a_device_are_no_files() {
    let place = place("pipe");
    let pipe = place.join("pipe.xlsx");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.is_ok_and(|status| status.success()), "a pipe is made");
    let reasons = [
        "パイプや装置で、ファイルではありません",
        "pipe or a device, not a file",
    ];
    let mut wrong = refused(&pipe, &place.join("out.xlsx"), reasons);
    wrong.extend(refused(
        Path::new("/dev/zero"),
        &place.join("out.xlsx"),
        reasons,
    ));
    wrong.extend(refused(
        Path::new("/dev/null"),
        &place.join("out.xlsx"),
        reasons,
    ));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Profiles and forms are named by a name or a file.
    let pipe = pipe.with_extension("toml");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.is_ok_and(|status| status.success()), "a pipe is made");
    let pipe = pipe.display();
    for line in [
        format!("diff examples/01-vendor/disclosure.xlsx --against {pipe}"),
        format!("check examples/01-vendor/disclosure.xlsx --form {pipe}"),
        format!("migrate examples/02-hospital/minato-karte.xlsx --to {pipe}"),
        format!("diff examples/01-vendor/disclosure.xlsx --against small-hospital --risks {pipe}"),
        format!("checklist --year {pipe} --list"),
        format!("profile check {pipe}"),
        format!("request {pipe} -o {{out}}"),
    ] {
        let output = run(&mut command(&words(&line, &place.join("out.xlsx"))));
        assert_eq!(code(&output), Some(2), "{line}: {}", said(&output));
        assert!(
            said(&output).contains("パイプや装置"),
            "{line}: {}",
            said(&output)
        );
    }
}

#[test]
#[cfg(target_os = "linux")]
fn what_a_shell_hands_on_is_read() {
    let mut shell = Command::new("sh");
    super::prepare(&mut shell);
    let script =
        "cat examples/02-hospital/minato-karte.xlsx | \"$0\" check /dev/stdin --date 2026-10-01 -q";
    shell.args(["-c", script, env!("CARGO_BIN_EXE_kaijisho")]);
    let output = run(&mut shell);
    assert_eq!(code(&output), Some(0), "{}", said(&output));
}

#[test]
fn a_folder_in_the_place_of_a_file() {
    let place = place("folder-in");
    let folder = place.join("sheet.xlsx");
    fs::create_dir(&folder).expect("a folder");
    let mut wrong = Vec::new();
    for line in READING {
        let line = line.replace("{in}", folder.to_str().expect("UTF-8"));
        let output = run(&mut command(&words(&line, &place.join("out.xlsx"))));
        let told = said(&output);
        let reason = ["フォルダー", "読めるファイルがありません"];
        if code(&output) != Some(2) || !reason.iter().any(|reason| told.contains(reason)) {
            wrong.push(format!("{line}: {:?} {told}", output.status));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_empty_file_and_one_that_is_not_there() {
    let place = place("empty");
    let empty = place.join("empty.xlsx");
    fs::write(&empty, "").expect("a file");
    let mut wrong = Vec::new();
    for line in READING {
        for name in ["empty.xlsx", "missing.xlsx"] {
            let line = line.replace("{in}", place.join(name).to_str().expect("UTF-8"));
            let output = run(&mut command(&words(&line, &place.join("out.xlsx"))));
            let told = said(&output) + &String::from_utf8_lossy(&output.stdout);
            // A template may be empty, and so may facts; a verb that checks lists mistakes, which is its work.
            let may_be_empty = ["report", "diff", "form check", "new --from"];
            let allowed = name == "empty.xlsx"
                && may_be_empty.iter().any(|verb| line.starts_with(verb))
                && (line.contains("--template")
                    || line.contains("--system")
                    || line.contains("check"));
            if !allowed && (code(&output) != Some(2) || !told.contains(name)) {
                wrong.push(format!("{line}: {:?} {told}", output.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
#[cfg(unix)]
fn a_file_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let place = place("closed");
    let sheet = place.join("closed.xlsx");
    fs::write(&sheet, "a,b\n1,2\n").expect("a file");
    fs::set_permissions(&sheet, fs::Permissions::from_mode(0o000)).expect("permissions");
    if fs::read(&sheet).is_ok() {
        super::support::say("skipped: this user may read everything");
        return;
    }
    let reasons = ["開く権限がありません", "denied"];
    let wrong = refused(&sheet, &place.join("out.xlsx"), reasons);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
#[cfg(unix)]
fn folders_that_may_not_be_looked_into() {
    use std::os::unix::fs::PermissionsExt;
    let place = place("closed-folders");
    let sheet = super::support::project().join("examples/02-hospital/minato-karte.xlsx");
    let set = |name: &str, mode| {
        let permissions = fs::Permissions::from_mode(mode);
        fs::set_permissions(place.join(name), permissions).expect("permissions");
    };
    fs::create_dir_all(place.join("listed/inner")).expect("folders");
    fs::create_dir(place.join("closed")).expect("a folder");
    fs::copy(&sheet, place.join("sheet.xlsx")).expect("a sheet");
    // One cannot be listed; of the other the names are known, and nothing of what they name.
    set("closed", 0o000);
    set("listed", 0o444);
    if fs::read_dir(place.join("closed")).is_ok() {
        super::support::say("skipped: this user may read everything");
        return;
    }
    let line = format!("check {} --format json --fail-on never", place.display());
    let output = run(&mut command(&words(&line, &place)));
    set("closed", 0o755);
    set("listed", 0o755);
    assert_eq!(code(&output), Some(2), "{}", said(&output));
    let read: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let documents = read["documents"].as_array().expect("documents").iter();
    let files: Vec<&str> = documents.filter_map(|one| one["file"].as_str()).collect();
    for name in ["closed", "listed/inner", "sheet.xlsx"] {
        let found = files.iter().any(|file| file.ends_with(name));
        assert!(found, "{name} in {files:?}");
    }
}

#[test]
#[cfg(unix)]
fn folders_that_lead_to_themselves() {
    use std::os::unix::fs::symlink;
    let place = place("loop");
    let sheet = super::support::project().join("examples/02-hospital/minato-karte.xlsx");
    fs::create_dir(place.join("inner")).expect("a folder");
    fs::copy(&sheet, place.join("inner/sheet.xlsx")).expect("a sheet");
    symlink(&place, place.join("inner/again")).expect("a link");
    symlink(place.join("self.xlsx"), place.join("self.xlsx")).expect("a link");
    let line = format!("check {} --format json", place.display());
    let output = run(&mut command(&words(&line, &place)));
    assert_eq!(code(&output), Some(0), "{}", said(&output));
    let read: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(read["summary"]["documents"], 1);
    // A link to itself that is named is told, and the other file is read.
    let line = format!(
        "check {0}/self.xlsx {0}/inner/sheet.xlsx --format json",
        place.display()
    );
    let output = run(&mut command(&words(&line, &place)));
    assert_eq!(code(&output), Some(2), "{}", said(&output));
    let read: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(read["summary"]["documents"], 2);
    assert_eq!(read["summary"]["errors"], 1);
}

#[test]
#[cfg(target_os = "linux")]
fn names_that_are_not_utf8() {
    use std::os::unix::ffi::OsStrExt;
    let place = place("names-in");
    let name = std::ffi::OsStr::from_bytes(b"\x8a\x4a\x8e\xa6\x8f\x91.xlsx");
    let sheet = place.join(name);
    let copied = fs::copy(
        super::support::project().join("examples/02-hospital/minato-karte.xlsx"),
        &sheet,
    );
    if copied.is_err() {
        super::support::say("skipped: this file system takes no such name");
        return;
    }
    let out = |ending: &[u8]| {
        place.join(std::ffi::OsStr::from_bytes(
            &[b"\x8b\xab.", ending].concat(),
        ))
    };
    let day = ["--date", "2026-10-01"];
    for (arguments, written) in [
        (vec!["check"], None),
        (
            vec!["diff", "--against", "small-hospital", "--fail-on", "never"],
            None,
        ),
        (vec!["report", "-o"], Some(out(b"html"))),
        (vec!["convert", "-o"], Some(out(b"json"))),
        (
            vec!["report", "--return-sheet", "--fail-on", "never", "-o"],
            Some(out(b"xlsx")),
        ),
    ] {
        let mut command = command(&[]);
        command.args(&arguments);
        if let Some(written) = &written {
            command.arg(written);
        }
        command.arg(&sheet).args(day);
        let output = run(&mut command);
        assert_eq!(code(&output), Some(0), "{arguments:?}: {}", said(&output));
        assert!(
            written.is_none_or(|written| written.is_file()),
            "{arguments:?}"
        );
    }
    let folder = format!("check {} --format json --fail-on never", place.display());
    let output = run(&mut command(&words(&folder, &place)));
    let read: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let file = read["documents"][0]["file"].as_str().expect("a name");
    assert!(file.contains('\u{fffd}'), "{file}");
}

#[test]
fn a_file_that_goes_while_others_are_read() {
    let place = place("gone");
    let sheet = super::support::project().join("examples/02-hospital/minato-karte.xlsx");
    for number in 0..40 {
        fs::copy(&sheet, place.join(format!("{number:02}.xlsx"))).expect("a sheet");
    }
    let line = format!("check {} --format json --jobs 1", place.display());
    let child = command(&words(&line, &place))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    for number in (20..40).rev() {
        fs::remove_file(place.join(format!("{number:02}.xlsx"))).expect("it goes");
    }
    let output = child.wait_with_output().expect("it ends");
    // Whatever the program saw of them, it comes to an end, and says of each what it could not read.
    let read: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let (documents, errors) = (&read["summary"]["documents"], &read["summary"]["errors"]);
    let expected = if errors == 0 { 0 } else { 2 };
    assert_eq!(code(&output), Some(expected), "{errors} errors");
    assert!(
        documents
            .as_u64()
            .is_some_and(|count| (20..=40).contains(&count))
    );
}
