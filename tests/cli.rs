//! The command line: exit codes, languages, standard input, files that are kept, batches that go on.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const SOUND: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/examples/02-hospital/minato-karte.xlsx"
);
const FAULTY: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/examples/01-vendor/disclosure.xlsx"
);

fn place(name: &str) -> PathBuf {
    let place = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    if place.exists() {
        fs::remove_dir_all(&place).expect("an old folder goes");
    }
    fs::create_dir_all(&place).expect("a folder");
    place
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kaijisho"));
    // No line is folded: where one is hangs on the length of paths.
    command.args(arguments).env_clear().env("COLUMNS", "10000");
    command
}

fn run(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the program starts")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn exit_codes_of_check() {
    let day = ["--date", "2026-10-01"];
    let check = |more: &[&str]| code(&run(&[&["check"], more, &day].concat()));
    assert_eq!(check(&[SOUND]), 0);
    assert_eq!(check(&[FAULTY]), 1);
    assert_eq!(check(&[FAULTY, "--fail-on", "never"]), 0);
    assert_eq!(check(&[SOUND, "--fail-on", "note"]), 1);
    assert_eq!(check(&["no-such-file.xlsx"]), 2);
    assert_eq!(check(&["no-such-file.xlsx", "--fail-on", "never"]), 2);
    assert_eq!(check(&[SOUND, "--form", "no-such-form"]), 2);
    assert_eq!(code(&run(&["check"])), 2);
    assert_eq!(code(&run(&["no-such-verb"])), 2);
    assert_eq!(code(&run(&["validate", SOUND, "--date", "2026-10-01"])), 0);
}

#[test]
fn a_batch_with_an_unreadable_file_finishes_the_others() {
    let output = run(&["check", "--format", "json", "no-such-file.xlsx", SOUND]);
    assert_eq!(code(&output), 2);
    let report = json(&output);
    let documents = report["documents"].as_array().expect("documents");
    assert_eq!(documents.len(), 2);
    assert_eq!(documents[0]["findings"][0]["name"], "file-damaged");
    assert_eq!(documents[1]["form"]["id"], "mds-reference");
}

#[test]
fn json_of_check_keeps_the_contract() {
    let report = json(&run(&[
        "check",
        "--format",
        "json",
        FAULTY,
        "--date",
        "2026-10-01",
    ]));
    assert_eq!(report["schema"], "kaijisho/check/1");
    assert_eq!(report["tool"]["name"], "kaijisho");
    assert_eq!(report["language"], "ja");
    let document = &report["documents"][0];
    assert_eq!(document["sha256"].as_str().map(str::len), Some(64));
    assert_eq!(document["form"]["source"], "bundled");
    assert_eq!(document["sheets"][0]["role"], "disclosure");
    assert_eq!(document["counts"]["items"], 85);
    let findings = document["findings"].as_array().expect("findings");
    let missing = findings
        .iter()
        .find(|finding| finding["name"] == "answer-missing")
        .expect("a finding");
    assert_eq!(missing["code"], "MDS501");
    assert_eq!(missing["severity"], "error");
    assert_eq!(missing["item"], "32");
    assert_eq!(
        missing["place"],
        serde_json::json!({ "sheet": "MDS", "cell": "D60" })
    );
    assert_eq!(
        missing["expected"],
        serde_json::json!(["はい", "いいえ", "対象外"])
    );
    assert_eq!(report["summary"]["errors"], 2);
    assert_eq!(report["summary"]["warnings"], 2);
}

#[test]
fn languages() {
    let ja = text(&run(&["check", FAULTY]).stdout);
    assert!(ja.contains("項目32の回答がありません"), "{ja}");
    let en = text(&run(&["check", FAULTY, "--lang", "en"]).stdout);
    assert!(en.contains("tem 32") && !en.contains("エラー"), "{en}");
    let environment = command(&["check", FAULTY])
        .env("LANG", "en_US.UTF-8")
        .output()
        .expect("starts");
    assert_eq!(text(&environment.stdout), en);
    let overruled = command(&["check", FAULTY])
        .env("LANG", "en_US.UTF-8")
        .env("KAIJISHO_LANG", "ja")
        .output()
        .expect("starts");
    assert_eq!(text(&overruled.stdout), ja);
    let neutral = command(&["check", FAULTY])
        .env("LANG", "C.UTF-8")
        .output()
        .expect("starts");
    assert_eq!(text(&neutral.stdout), ja);
    assert!(text(&run(&["--help"]).stdout).contains("使い方"));
    assert!(text(&run(&["--help", "--lang", "en"]).stdout).contains("Usage"));
    assert!(text(&run(&["check"]).stderr).contains("指定してください"));
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for file in [SOUND, FAULTY] {
        for arguments in [
            vec!["check", file, "-v"],
            vec!["diff", file, "--against", "small-hospital", "-v"],
        ] {
            let output = command(&arguments).env("COLUMNS", "80").output();
            let shown = text(&output.expect("the program starts").stdout);
            for line in shown.lines().filter(|line| !line.contains(".xlsx")) {
                assert!(unicode_width::UnicodeWidthStr::width(line) <= 80, "{line}");
            }
        }
    }
}

#[test]
fn standard_input() {
    let mut child = command(&["check", "--format", "json", "-", "--date", "2026-10-01"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let bytes = fs::read(SOUND).expect("the example");
    child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(&bytes)
        .expect("written");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(code(&output), 0);
    assert_eq!(json(&output)["documents"][0]["file"], "-");
}

#[test]
fn existing_files_are_kept() {
    let place = place("kept");
    let target = place.join("report.json");
    fs::write(&target, "mine").expect("written");
    let name = target.to_str().expect("UTF-8");
    assert_eq!(code(&run(&["report", SOUND, "-o", name])), 2);
    assert_eq!(fs::read_to_string(&target).expect("read"), "mine");
    assert_eq!(
        code(&run(&[
            "report",
            SOUND,
            "-o",
            name,
            "--force",
            "--date",
            "2026-10-01"
        ])),
        0
    );
    assert!(
        fs::read_to_string(&target)
            .expect("read")
            .contains("kaijisho/report/1")
    );
    assert_eq!(
        fs::read_dir(&place).expect("a folder").count(),
        1,
        "a temporary file was left"
    );
}

#[test]
fn a_folder_is_walked() {
    let place = place("walked");
    fs::create_dir_all(place.join("2026/vendor")).expect("a folder");
    fs::copy(SOUND, place.join("2026/vendor/b.xlsx")).expect("copied");
    fs::copy(FAULTY, place.join("2026/a.xlsx")).expect("copied");
    fs::write(place.join("~$a.xlsx"), "lock").expect("written");
    fs::write(place.join("package.json"), "{\"name\": 1}").expect("written");
    let output = run(&["check", "--format", "json", place.to_str().expect("UTF-8")]);
    assert_eq!(code(&output), 1);
    let report = json(&output);
    let documents = report["documents"].as_array().expect("documents");
    let files: Vec<&str> = documents
        .iter()
        .filter_map(|document| document["file"].as_str())
        .collect();
    assert_eq!(files.len(), 2);
    assert!(
        files[0].ends_with("a.xlsx") && files[1].ends_with("b.xlsx"),
        "{files:?}"
    );
    assert!(
        text(&output.stderr).contains("1 件"),
        "the file left out is counted"
    );
}

#[test]
fn the_number_of_jobs_changes_nothing() {
    let one = run(&["check", "--format", "json", "--jobs", "1", SOUND, FAULTY]);
    let four = run(&["check", "--format", "json", "--jobs", "4", SOUND, FAULTY]);
    assert_eq!(one.stdout, four.stdout);
}

#[test]
fn a_wrong_profile_is_told_with_line_and_column() {
    let place = place("profile");
    let file = place.join("p.toml");
    let wrong = "schema = \"kaijisho/profile/1\"\nid = \"p\"\ntitle = { ja = \"p\", en = \"p\" }\n\n[[requirement]]\nid = \"a\"\ncontrol = \"auth.two-facto\"\nlevel = \"must\"\nanswers = [\"yes\"]\nreason = { ja = \"r\", en = \"r\" }\n";
    fs::write(&file, wrong).expect("written");
    let name = file.to_str().expect("UTF-8");
    let output = run(&["profile", "check", name]);
    assert_eq!(code(&output), 1);
    let told = text(&output.stdout);
    assert!(
        told.contains(":7:11") && told.contains("CFG002") && told.contains("auth.two-factor"),
        "{told}"
    );
    let used = run(&["diff", SOUND, "--against", name]);
    assert_eq!(code(&used), 2);
    assert!(text(&used.stderr).contains(":7:11"));
    assert!(used.stdout.is_empty());
}

#[test]
fn the_template_of_a_profile_is_valid_as_it_stands() {
    let place = place("template");
    let file = place.join("mine.toml");
    let name = file.to_str().expect("UTF-8");
    assert_eq!(code(&run(&["profile", "new", "-o", name])), 0);
    assert_eq!(code(&run(&["profile", "check", name])), 0);
    assert_eq!(
        code(&run(&[
            "diff",
            SOUND,
            "--against",
            name,
            "--fail-on",
            "never"
        ])),
        0
    );
}

#[test]
fn every_rule_control_and_item_is_explained() {
    for rule in kaijisho::Rules::bundled().iter() {
        for language in ["ja", "en"] {
            let output = run(&["explain", &rule.code, "--lang", language]);
            assert_eq!(code(&output), 0, "{}", rule.code);
            assert!(text(&output.stdout).contains(&rule.name));
        }
    }
    assert!(text(&run(&["explain", "auth.two-factor"]).stdout).contains("PAUT-8"));
    assert!(text(&run(&["explain", "SHAD-15"]).stdout).contains("SAHD-15"));
    assert_eq!(code(&run(&["explain", "no-such-thing"])), 2);
}

#[test]
fn a_question_is_explained_by_the_words_that_decided() {
    let explain = |more: &[&str]| run(&[&["explain", "--question"], more].concat());
    let clear = explain(&["監査ログを外部へ出力できるか。", "--lang", "ja"]);
    assert_eq!(code(&clear), 0);
    let clear = text(&clear.stdout);
    assert!(
        clear.contains("log.export") && clear.contains("監査ログ + 外部 + 出力"),
        "{clear}"
    );
    // A question turned round is never sure, and one about nothing has no control.
    let turned = text(&explain(&["Can audit logs not be exported?", "--lang", "en"]).stdout);
    assert!(
        turned.contains("stays undecided") && !turned.contains("certain enough"),
        "{turned}"
    );
    let none = text(&explain(&["会社の資本金", "--lang", "ja"]).stdout);
    assert!(none.contains("見つかりません"), "{none}");
    assert_eq!(code(&run(&["explain", "MDS501", "--question", "x"])), 2);
    // A form may say how sure its controls are.
    let form = std::fs::read_to_string("tests/forms/small.toml").expect("a form");
    let control = "control = \"ops.backup\"";
    let form = form.replacen(control, &format!("{control}\nconfidence = 0.6"), 1);
    let path = std::env::temp_dir().join(format!("kaijisho-unsure-{}.toml", std::process::id()));
    std::fs::write(&path, form).expect("a file");
    let name = path.to_string_lossy();
    let item = run(&["explain", "2", "--form", &name, "--lang", "en"]);
    let item = text(&item.stdout);
    assert!(
        item.contains("60% (estimated)") && item.contains("undecided"),
        "{item}"
    );
    std::fs::remove_file(&path).expect("the file is there");
}

#[test]
fn completions_and_manual() {
    for shell in ["bash", "zsh", "fish"] {
        let output = run(&["completions", shell]);
        assert!(code(&output) == 0 && text(&output.stdout).contains("kaijisho"));
    }
    assert!(text(&run(&["man"]).stdout).contains(".TH"));
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let mut child = command(&["form", "show", "mds2-2019", "-v"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn nothing_is_written_beside_the_input() {
    let place = place("beside");
    let copy = place.join("in.xlsx");
    fs::copy(Path::new(SOUND), &copy).expect("copied");
    run(&["check", copy.to_str().expect("UTF-8")]);
    assert_eq!(fs::read_dir(&place).expect("a folder").count(), 1);
}

#[test]
fn requirements_on_the_items_that_a_file_lists() {
    let place = place("annex");
    let profile = place.join("annex.toml");
    let list = place.join("annex.txt");
    let text = "schema = \"kaijisho/profile/1\"\nid = \"annex\"\ntitle = { ja = \"別添\" }\n[[requirement]]\nid = \"a\"\nitems = { form = \"mds-reference\", file = \"annex.txt\" }\nlevel = \"must\"\nanswers = [\"yes\", \"na\"]\nreason = { ja = \"別添の項目\" }\n";
    fs::write(&profile, text).expect("written");
    fs::write(&list, "1\n8.1  # a comment\n\n３１．２\n").expect("written");
    let name = profile.to_str().expect("UTF-8");
    let output = run(&["diff", SOUND, "--against", name, "--format", "json"]);
    assert_eq!(code(&output), 1);
    let report = json(&output);
    let results = report["documents"][0]["results"]
        .as_array()
        .expect("results");
    let verdicts: Vec<(&str, &str)> = results
        .iter()
        .filter_map(|result| Some((result["item"].as_str()?, result["verdict"].as_str()?)))
        .collect();
    assert_eq!(
        verdicts,
        [("1", "met"), ("8.1", "unmet"), ("31.2", "unmet")]
    );
    fs::write(&list, "1\n999\n").expect("written");
    let told = text_of_check(name);
    assert!(
        told.contains(":6:9") && told.contains("CFG003") && told.contains("999"),
        "{told}"
    );
    fs::remove_file(&list).expect("removed");
    assert!(
        text_of_check(name).contains("CFG001"),
        "a list that is not there is a mistake"
    );
}

fn text_of_check(profile: &str) -> String {
    let output = run(&["profile", "check", profile]);
    assert_eq!(code(&output), 1);
    text(&output.stdout)
}

#[test]
fn the_language_of_a_facility_is_enough() {
    // The profile above has no English text; what it says is shown as it is.
    let place = place("ja-only");
    let profile = place.join("p.toml");
    let text_of_it = "schema = \"kaijisho/profile/1\"\nid = \"p\"\ntitle = { ja = \"当院の要求\" }\n[[requirement]]\nid = \"a\"\ncontrol = \"ops.backup\"\nlevel = \"should\"\nanswers = [\"yes\"]\nreason = { ja = \"必要なため\" }\n";
    fs::write(&profile, text_of_it).expect("written");
    let name = profile.to_str().expect("UTF-8");
    let output = run(&["diff", SOUND, "--against", name, "--lang", "en"]);
    assert_eq!(code(&output), 0);
    assert!(text(&output.stdout).contains("当院の要求"));
}

#[test]
fn a_folder_without_a_disclosure_is_no_success() {
    let place = place("nothing");
    fs::write(place.join("note.txt"), "x").expect("written");
    assert_eq!(code(&run(&["check", place.to_str().expect("UTF-8")])), 2);
    fs::write(place.join("a.json"), "{}").expect("written");
    assert_eq!(code(&run(&["check", place.to_str().expect("UTF-8")])), 2);
}

/// The command with a folder of the user's own.
fn at_home(home: &Path, arguments: &[&str]) -> Command {
    let mut command = command(arguments);
    command.env("KAIJISHO_CONFIG", home);
    command
}

#[test]
fn a_form_is_imported_and_used() {
    let home = place("home");
    let at_home = |arguments: &[&str]| at_home(&home, arguments).output().expect("starts");
    let import = [
        "form",
        "import",
        SOUND,
        "--id",
        "mine-1.0",
        "--edition",
        "1.0",
        "--accept",
    ];
    let output = at_home(&import);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("mine-1.0"));
    let file = home.join("forms/mine-1.0.toml");
    let name = file.to_str().expect("UTF-8");
    assert!(file.is_file());
    assert_eq!(code(&at_home(&import)), 2, "an existing form is kept");
    assert_eq!(code(&at_home(&[&import[..], &["--force"]].concat())), 0);

    assert!(text(&at_home(&["form", "list"]).stdout).contains("mine-1.0"));
    assert!(text(&at_home(&["form", "show", "mine-1.0"]).stdout).contains("規程類"));
    assert_eq!(code(&at_home(&["form", "check", name])), 0);
    let checked = json(&at_home(&["form", "check", name, "--format", "json"]));
    assert_eq!(checked["schema"], "kaijisho/form-check/1");
    let report = json(&at_home(&[
        "check",
        SOUND,
        "--format",
        "json",
        "--date",
        "2026-10-01",
    ]));
    let form = &report["documents"][0]["form"];
    assert_eq!(
        (&form["id"], &form["source"]),
        (&"mine-1.0".into(), &"imported".into())
    );
    let elsewhere = json(&run(&[
        "check",
        SOUND,
        "--format",
        "json",
        "--date",
        "2026-10-01",
    ]));
    assert_eq!(elsewhere["documents"][0]["form"]["id"], "mds-reference");
    let facts = |report: &serde_json::Value| {
        let document = &report["documents"][0];
        (document["counts"].clone(), document["findings"].clone())
    };
    assert_eq!(facts(&report).0["yes"], facts(&elsewhere).0["yes"]);

    // A file that is no form stops nothing, and is told with its line and column.
    fs::write(
        home.join("forms/broken.toml"),
        "schema = \"kaijisho/form/1\"\nid = 1\n",
    )
    .expect("written");
    let output = at_home(&["check", SOUND, "--date", "2026-10-01"]);
    assert_eq!(code(&output), 0);
    let told = text(&output.stderr);
    assert!(
        told.contains("broken.toml:2:6") && told.contains("警告"),
        "{told}"
    );
    assert!(at_home(&["check", SOUND, "-q"]).stderr.is_empty());
    let broken = home.join("forms/broken.toml");
    let output = at_home(&["form", "check", broken.to_str().expect("UTF-8")]);
    assert_eq!(code(&output), 1);
    assert!(text(&output.stdout).contains("broken.toml:2:6"));
}

#[test]
fn an_imported_form_goes_where_it_is_told_to() {
    let place = place("import-to");
    let to = |more: &[&str]| run(&[&["form", "import", SOUND, "--accept"], more].concat());
    let output = to(&["-o", "-"]);
    assert_eq!(code(&output), 0);
    assert!(text(&output.stdout).contains("schema = \"kaijisho/form/1\""));
    assert!(text(&output.stderr).contains("85"));
    assert_eq!(
        code(&to(&[])),
        2,
        "no folder of the user's own is known here"
    );
    let folder = place.to_str().expect("UTF-8");
    assert_eq!(
        code(&to(&["-o", folder, "--id", "x", "--format", "json"])),
        0
    );
    assert!(place.join("x.toml").is_file());
    assert_eq!(code(&to(&["-o", folder, "--id", "Not An Id"])), 2);
    assert_eq!(
        code(&to(&[
            "-o",
            folder,
            "--id",
            "y",
            "--sheet",
            "no-such-sheet"
        ])),
        2
    );
    assert_eq!(code(&run(&["form", "import", "no-such-file.xlsx"])), 2);
    assert_eq!(fs::read_dir(&place).expect("a folder").count(), 1);
}

#[test]
fn controls_are_reviewed_at_the_terminal() {
    let place = place("review");
    let file = place.join("f.toml");
    let name = file.to_str().expect("UTF-8");
    let mut child = command(&["form", "import", SOUND, "--id", "f", "--review", "-o", name])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let typed = b"nonsense\n1\n\nauth.two-factor\nq\n";
    // The program may end before it has read all.
    let _ = child.stdin.take().expect("a pipe").write_all(typed);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let form = kaijisho::Catalog::load(&file).expect("a form");
    assert_eq!(form.forms()[0].items.len(), 85);
}

#[test]
fn a_table_of_controls_is_edited_and_taken_back() {
    let place = place("mapping");
    let path = |name: &str| place.join(name).to_str().expect("UTF-8").to_owned();
    let import = |more: &[&str]| {
        let force = ["form", "import", SOUND, "--id", "f", "--accept", "--force"];
        run(&[&force[..], more].concat())
    };
    let (form, csv, xlsx) = (path("f.toml"), path("t.csv"), path("t.xlsx"));
    assert_eq!(code(&import(&["-o", &form, "--table", &csv])), 0);
    assert_eq!(code(&import(&["-o", &form, "--table", &xlsx])), 0);
    assert_eq!(code(&import(&["-o", &form, "--table", &path("t.txt")])), 2);
    assert_eq!(code(&import(&["-o", &form, "--mapping", &xlsx])), 0);
    fs::write(&csv, "番号,管理策\n1,ops.backup\n2,no.such\n").expect("written");
    let output = import(&["-o", &form, "--mapping", &csv]);
    assert_eq!(code(&output), 2);
    let told = text(&output.stderr);
    assert!(
        told.contains("B3") && told.contains("CFG017") && told.contains("no.such"),
        "{told}"
    );
    fs::write(&csv, "番号,管理策\n1,ops.backup\n").expect("written");
    assert_eq!(code(&import(&["-o", &form, "--mapping", &csv])), 0);
    let forms = kaijisho::Catalog::load(Path::new(&form)).expect("a form");
    assert_eq!(
        forms.forms()[0].items[0].control.as_deref(),
        Some("ops.backup")
    );
}
