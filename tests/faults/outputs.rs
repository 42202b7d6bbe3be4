//! Outputs that cannot be written.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use super::{
    MAKING_FOLDERS, WRITING, code, command, names, place, prepare, run, said, target, words,
};

/// What each verb does when its output cannot be written: exit code 2, the path and the reason, nothing left over.
fn refused(name: &str, line: &str, out: &Path, reasons: [&str; 2]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (language, reason) in ["ja", "en"].into_iter().zip(reasons) {
        // The words are the same for all verbs; in English a few of them are enough.
        if language == "en" && !["check", "convert csv", "form import", "explain"].contains(&name) {
            continue;
        }
        let mut words = words(line, out);
        words.extend(["--lang".to_owned(), language.to_owned()]);
        let output = run(&mut command(&words));
        let said = said(&output);
        if code(&output) != Some(2) {
            wrong.push(format!("{name} ({language}): {:?} {said}", output.status));
        }
        let path = target(line, out);
        // Long paths are broken into lines, so the name alone is looked for.
        let file = path.file_name().expect("a name").to_string_lossy();
        let file: String = file.chars().take(20).collect();
        if !said.contains(&file) || !said.replace(' ', "").contains(&reason.replace(' ', "")) {
            wrong.push(format!("{name} ({language}): {said}"));
        }
    }
    wrong
}

#[test]
fn a_folder_that_is_not_there() {
    let place = place("no-folder");
    let mut wrong = Vec::new();
    let making = |name: &str| MAKING_FOLDERS.contains(&name);
    for (name, line) in WRITING.into_iter().filter(|(name, _)| !making(name)) {
        let reasons = ["フォルダーがありません", "No such file or directory"];
        wrong.extend(refused(name, line, &place.join("missing/out"), reasons));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(names(&place), [""; 0]);
}

#[test]
fn a_folder_in_the_place_of_the_output() {
    let place = place("folder");
    let mut wrong = Vec::new();
    // Those that make folders write into one that they are given.
    let writing = || {
        let others = WRITING.into_iter();
        others.filter(|(name, _)| !MAKING_FOLDERS.contains(name))
    };
    for (name, line) in writing() {
        let out = place.join(name.replace(' ', "-"));
        let target = target(line, &out);
        fs::create_dir(&target).expect("a folder");
        for force in ["", " --force"] {
            let line = format!("{line}{force}");
            wrong.extend(refused(name, &line, &out, ["フォルダー", "is a directory"]));
        }
        let left = names(&target);
        assert!(left.is_empty(), "{name}: {left:?}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(names(&place).len(), writing().count());
}

#[test]
#[cfg(unix)]
fn no_room_on_the_disk() {
    let place = place("full");
    let mut wrong = Vec::new();
    for (name, line) in WRITING {
        for old in [None, Some("what stood there")] {
            let out = place.join(name.replace(' ', "-"));
            let target = target(line, &out);
            if name == "risks" && old.is_some() {
                continue;
            }
            if let Some(old) = old {
                fs::write(&target, old).expect("an old file");
            }
            // Files may not grow at all, and the program is told so instead of being ended.
            let mut limited = Command::new("sh");
            prepare(&mut limited);
            limited.args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\""]);
            limited.arg(env!("CARGO_BIN_EXE_kaijisho"));
            limited.args(words(line, &out)).arg("--force");
            let output = run(&mut limited);
            let said = said(&output);
            if code(&output) != Some(2) || !said.replace(' ', "").contains("容量の上限") {
                wrong.push(format!("{name}: {:?} {said}", output.status));
            }
            let stands = fs::read_to_string(&target).ok();
            if stands.as_deref() != old {
                wrong.push(format!("{name}: {stands:?} stands in the place of {old:?}"));
            }
            let _ = fs::remove_file(&target);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(names(&place), [""; 0], "something half written stays");
}

#[test]
#[cfg(unix)]
fn an_end_by_the_system_while_writing_leaves_no_output() {
    let place = place("ended");
    for (name, line) in WRITING {
        let out = place.join(name.replace(' ', "-"));
        let mut limited = Command::new("sh");
        prepare(&mut limited);
        // Without the trap the system ends the program as soon as it writes.
        limited.args(["-c", "ulimit -f 0; exec \"$0\" \"$@\""]);
        limited.arg(env!("CARGO_BIN_EXE_kaijisho"));
        limited.args(words(line, &out));
        let output = run(&mut limited);
        assert_ne!(code(&output), Some(0), "{name}");
        assert!(!target(line, &out).exists(), "{name}");
    }
    // What was left half written goes with the next run that writes there.
    let left = names(&place);
    assert!(
        left.iter().all(|name| name.ends_with(".kaijisho.tmp")),
        "{left:?}"
    );
    let whole = run(&mut command(&words(
        "schema form -o {out}.json",
        &place.join("whole"),
    )));
    assert_eq!(code(&whole), Some(0));
    assert_eq!(names(&place), ["whole.json"]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_device_is_written_to_and_never_replaced() {
    use std::os::unix::fs::FileTypeExt;
    for force in ["", " --force"] {
        let line = format!("schema form -o /dev/full{force}");
        for (language, reason) in [("ja", "空きがありません"), ("en", "No space left")] {
            let output = run(&mut command(&words(
                &format!("{line} --lang {language}"),
                Path::new(""),
            )));
            assert_eq!(code(&output), Some(2), "{}", said(&output));
            assert!(said(&output).contains(reason), "{}", said(&output));
            let output = run(&mut command(&words(
                &format!("schema form -o /dev/null{force}"),
                Path::new(""),
            )));
            assert_eq!(code(&output), Some(0), "{}", said(&output));
        }
    }
    for device in ["/dev/full", "/dev/null"] {
        let about = fs::metadata(device).expect("a device");
        assert!(about.file_type().is_char_device(), "{device}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn standard_output_without_room() {
    for line in [
        "check examples/01-vendor/disclosure.xlsx",
        "check examples/01-vendor/disclosure.xlsx --format sarif",
        "compare examples/02-hospital --against small-hospital",
        "convert examples/02-hospital/minato-karte.xlsx --format json",
        "explain MDS503",
        "form list",
        "profile list",
        "schema form",
        "man",
        "completions bash",
    ] {
        for (language, reason) in [
            ("ja", "標準出力に書けません（ディスクに空きが"),
            ("en", "standard output cannot"),
        ] {
            let mut command = command(&words(&format!("{line} --lang {language}"), Path::new("")));
            let full = File::options()
                .write(true)
                .open("/dev/full")
                .expect("a device");
            let child = command
                .stdout(full)
                .stderr(std::process::Stdio::piped())
                .spawn();
            let output = child
                .and_then(std::process::Child::wait_with_output)
                .expect("it ran");
            assert_eq!(code(&output), Some(2), "{line}: {}", said(&output));
            assert!(said(&output).contains(reason), "{line}: {}", said(&output));
        }
        // Where nobody can be told anything, the exit code still tells.
        let full = || {
            File::options()
                .write(true)
                .open("/dev/full")
                .expect("a device")
        };
        let mut command = command(&words(line, Path::new("")));
        let status = command
            .stdout(full())
            .stderr(full())
            .status()
            .expect("it ran");
        assert_eq!(status.code(), Some(2), "{line}");
    }
}

#[test]
fn a_closed_pipe_is_no_failure_of_any_verb() {
    for (name, line) in WRITING {
        let line = line.replace(" -o {out}.", " --no-such-").to_owned();
        let Some((line, _)) = line.split_once(" --no-such-") else {
            continue;
        };
        if [
            "form",
            "migrate",
            "fill",
            "new",
            "request",
            "return sheet",
            "products",
            "risks",
        ]
        .iter()
        .any(|writes| name.starts_with(writes))
        {
            continue;
        }
        let mut words = words(line, Path::new(""));
        words.extend(["--fail-on".to_owned(), "never".to_owned()]);
        let mut child = command(&words)
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("the program starts");
        drop(child.stdout.take());
        let status = child.wait().expect("it ends");
        assert_eq!(status.code(), Some(0), "{name}: {line}");
    }
}

#[test]
#[cfg(unix)]
fn a_folder_that_may_not_be_written_to() {
    use std::os::unix::fs::PermissionsExt;
    let place = place("read-only");
    let closed = place.join("closed");
    fs::create_dir(&closed).expect("a folder");
    let permissions = |mode| fs::Permissions::from_mode(mode);
    fs::set_permissions(&closed, permissions(0o555)).expect("permissions");
    if fs::write(closed.join("try"), "").is_ok() {
        // The system lets this user write everywhere; the extended suite uses a read-only mount.
        super::support::say("skipped: this user may write everywhere");
        return;
    }
    let mut wrong = Vec::new();
    for (name, line) in WRITING {
        let reasons = ["書き込みが許されていません", "Permission denied"];
        wrong.extend(refused(name, line, &closed.join("out"), reasons));
    }
    fs::set_permissions(&closed, permissions(0o755)).expect("permissions");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(names(&closed), [""; 0]);
}

#[test]
#[cfg(unix)]
fn a_file_in_the_place_of_a_folder_and_names_that_cannot_be() {
    let place = place("names");
    fs::write(place.join("file"), "kept").expect("a file");
    let mut wrong = Vec::new();
    for (name, line) in WRITING {
        let reasons = ["フォルダーではありません", "ot a directory"];
        wrong.extend(refused(name, line, &place.join("file/out"), reasons));
        let reasons = ["名前が長すぎる", "File name too long"];
        wrong.extend(refused(name, line, &place.join("n".repeat(300)), reasons));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(names(&place), ["file"]);
    // As long as the system takes a name.
    let long = "長".repeat(83) + "x";
    let line = "schema form -o {out}.json";
    let output = run(&mut command(&words(line, &place.join(&long))));
    assert_eq!(code(&output), Some(0), "{}", said(&output));
    assert_eq!(names(&place), ["file", &format!("{long}.json")]);
}

#[test]
fn what_is_read_is_never_written_over() {
    let place = place("same");
    let sheet = place.join("sheet.xlsx");
    let project = super::support::project();
    fs::copy(
        project.join("examples/02-hospital/minato-karte.xlsx"),
        &sheet,
    )
    .expect("a sheet");
    fs::copy(
        project.join("examples/06-fill/blank-kaede.xlsx"),
        place.join("blank.xlsx"),
    )
    .expect("a sheet");
    let before = fs::read(&sheet).expect("a sheet");
    let blank = fs::read(place.join("blank.xlsx")).expect("a sheet");
    for line in [
        "check {p}/sheet.xlsx --format xlsx -o {p}/sheet.xlsx --force",
        "check {p}/sheet.xlsx --format xlsx -o {p}/../faults-same/sheet.xlsx --force",
        "report {p}/blank.xlsx {p}/sheet.xlsx -o {p}/sheet.xlsx --force",
        "convert {p}/sheet.xlsx {p}/sheet.xlsx --force",
        "convert {p}/sheet.xlsx -o {p}/sheet.xlsx --force",
        "compare {p}/sheet.xlsx --against small-hospital -o {p}/sheet.xlsx --force",
        "changes {p}/sheet.xlsx {p}/sheet.xlsx -o {p}/sheet.xlsx --force",
        "migrate {p}/sheet.xlsx --to mds2-2019 -o {p}/sheet.xlsx --force",
        "fill {p}/sheet.xlsx --into {p}/blank.xlsx -o {p}/blank.xlsx --force",
        "fill {p}/sheet.xlsx --into {p}/blank.xlsx -o {p}/sheet.xlsx --force",
        "form import {p}/blank.xlsx --accept --table {p}/blank.xlsx --force",
    ] {
        for (language, reason) in [
            ("ja", "読むファイルでもあります"),
            ("en", "is also a file that is read"),
        ] {
            let line = line.replace("{p}", place.to_str().expect("UTF-8"));
            let output = run(&mut command(&words(
                &format!("{line} --lang {language}"),
                &place,
            )));
            assert_eq!(code(&output), Some(2), "{line}: {}", said(&output));
            assert!(said(&output).contains(reason), "{line}: {}", said(&output));
        }
        assert!(fs::read(&sheet).expect("a sheet") == before, "{line}");
        assert!(
            fs::read(place.join("blank.xlsx")).expect("a sheet") == blank,
            "{line}"
        );
    }
    assert_eq!(names(&place), ["blank.xlsx", "sheet.xlsx"]);
}

#[test]
fn two_outputs_of_one_name() {
    let place = place("twice");
    let file = place.join("out.csv");
    fs::write(&file, "old").expect("a file");
    let line = "migrate examples/02-hospital/minato-karte.xlsx --to mds2-2019 -o {out}.csv --list {out}.csv --force";
    let output = run(&mut command(&words(line, &place.join("out"))));
    assert_eq!(code(&output), Some(2));
    assert!(said(&output).contains("二つのもの"), "{}", said(&output));
    assert_eq!(fs::read_to_string(&file).expect("a file"), "old");
}

#[test]
#[cfg(unix)]
fn a_link_stays_a_link() {
    let place = place("link");
    let (real, link) = (place.join("real.json"), place.join("link.json"));
    fs::write(&real, "old").expect("a file");
    std::os::unix::fs::symlink(&real, &link).expect("a link");
    let line = "schema form -o {out}.json --force";
    let output = run(&mut command(&words(line, &place.join("link"))));
    assert_eq!(code(&output), Some(0), "{}", said(&output));
    assert!(link.is_symlink());
    assert!(
        fs::read_to_string(&real)
            .expect("a file")
            .contains("$schema")
    );
    assert_eq!(names(&place), ["link.json", "real.json"]);
}
