//! Runs that are killed: the output is the old one or the new one, and what is left beside it goes.

use std::fs::{self, File};
use std::process::Stdio;
use std::time::Duration;

use super::{code, command, names, place, run, said, words};

#[test]
fn killed_at_any_moment_the_output_is_old_or_new() {
    let place = place("killed");
    for (line, file) in [
        (
            "report examples/02-hospital --against small-hospital -o {out}.html --force --fail-on never",
            "out.html",
        ),
        (
            "convert examples/02-hospital/minato-karte.xlsx {out}.xlsx --force",
            "out.xlsx",
        ),
        (
            "diff examples/02-hospital --against gl7-outsourced --risks {out}.toml --fail-on never",
            "out.toml",
        ),
    ] {
        let (out, file) = (place.join("out"), place.join(file));
        let words = words(line, &out);
        let whole = run(&mut command(&words));
        assert_eq!(code(&whole), Some(0), "{}", said(&whole));
        let new = fs::read(&file).expect("it was written");
        let is_register = file.extension().is_some_and(|ending| ending == "toml");
        let mut ended = 0;
        for step in 0..24u64 {
            let old = (!is_register).then(|| b"what stood there".to_vec());
            match &old {
                Some(old) => fs::write(&file, old).expect("an old file"),
                None => {
                    let _ = fs::remove_file(&file);
                }
            }
            let mut child = command(&words)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("the program starts");
            std::thread::sleep(Duration::from_millis(step * step / 2));
            ended += u32::from(child.try_wait().expect("it can be asked").is_none());
            let _ = child.kill();
            child.wait().expect("it ends");
            let stands = fs::read(&file).ok();
            assert!(
                stands == old || stands.as_ref() == Some(&new),
                "{line}: killed after {} ms, something else stands there",
                step * step / 2
            );
        }
        assert!(ended > 0, "no run was killed");
        let _ = fs::remove_file(&file);
        let again = run(&mut command(&words));
        assert_eq!(code(&again), Some(0), "{}", said(&again));
        assert!(fs::read(&file).expect("it was written") == new);
        fs::remove_file(&file).expect("it goes");
    }
    assert_eq!(names(&place), [""; 0], "half-written files stay");
}

#[test]
fn what_a_killed_run_left_goes_and_what_is_being_written_stays() {
    let place = place("left");
    let left = place.join(".other.html.999999-0.kaijisho.tmp");
    let live = place.join(".out.json.999998-0.kaijisho.tmp");
    let foreign = place.join(".vendor.kaijisho.tmp.txt");
    for file in [&left, &live, &foreign] {
        fs::write(file, "half of some").expect("a file");
    }
    let held = File::open(&live).expect("a file");
    held.lock().expect("a lock");
    let line = "schema form -o {out}.json";
    let output = run(&mut command(&words(line, &place.join("out"))));
    assert_eq!(code(&output), Some(0), "{}", said(&output));
    let names = names(&place);
    assert_eq!(
        names,
        [
            ".out.json.999998-0.kaijisho.tmp",
            ".vendor.kaijisho.tmp.txt",
            "out.json"
        ]
    );
}

#[test]
fn a_folder_that_is_read_takes_no_half_written_file_for_a_sheet() {
    let place = place("half");
    let sheet = super::support::project().join("examples/02-hospital/minato-karte.xlsx");
    fs::copy(&sheet, place.join("sheet.xlsx")).expect("a sheet");
    fs::write(place.join(".sheet.xlsx.999999-0.kaijisho.tmp"), "PK").expect("a file");
    let output = run(&mut command(&words("check {out} --format json", &place)));
    assert_eq!(code(&output), Some(0), "{}", said(&output));
    let read: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(read["summary"]["documents"], 1);
    assert_eq!(said(&output), "");
}
