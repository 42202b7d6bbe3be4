//! Risk registers: what is entered, what is marked, and that nothing a person wrote changes.

mod support;

use std::path::PathBuf;
use std::process::{Command, Output};

use jiff::civil::{Date, date};
use kaijisho::risks::{CauseState, Look, Register, Updated, look};
use kaijisho::{
    Catalog, Error, Examined, Language, Options, Profile, Source, assess, examine, profile,
};
use support::TODAY;

const PROFILE: &str = r#"
schema = "kaijisho/profile/1"
id = "clinic"
title = { ja = "診療所", en = "Clinic" }

[[requirement]]
id = "backup"
control = "ops.backup"
level = "must"
answers = ["yes"]
reason = { ja = "消えると困るため", en = "We cannot lose them" }
on_no = "risk-assessment"

[[requirement]]
id = "two-factor"
control = "auth.two-factor"
level = "must"
answers = ["yes"]
reason = { ja = "なりすましを防ぐ", en = "Nobody poses" }
on_no = "risk-assessment"

[[requirement]]
id = "sbom"
control = "soft.sbom"
level = "info"
answers = ["yes"]
reason = { ja = "知りたい", en = "To know" }
"#;

fn wanted() -> Profile {
    let catalog = Catalog::bundled();
    profile::parse(PROFILE, "clinic.toml", &PathBuf::from("."), &catalog).expect("a profile")
}

fn number(control: &str) -> String {
    let form = Catalog::bundled().form("mds-reference").expect("bundled");
    let item = form.items_of(control).next().expect("an item");
    item.number.to_string()
}

/// A sheet that answers backup and two factors, and says nothing of all else.
fn sheet(product: &str, backup: &str, two_factor: &str) -> Examined {
    let text = format!(
        "form = 'mds-reference'\nheader = {{ manufacturer = '見本', product = '{product}' }}\n\
         [[items]]\nnumber = '{}'\nanswer = '{backup}'\nremark = \"次の\\n\\\"更新\\\" \u{202e}\"\n\
         [[items]]\nnumber = '{}'\nanswer = '{two_factor}'\n",
        number("ops.backup"),
        number("auth.two-factor"),
    );
    examine(&Source::new("a.toml", text.into()), &Options::new(TODAY))
}

fn seen(files: &[Examined]) -> Look {
    let profile = wanted();
    let assessments: Vec<_> = files
        .iter()
        .map(|file| {
            file.disclosures
                .iter()
                .map(|d| assess(d, &profile, TODAY))
                .collect()
        })
        .collect();
    look(files, &assessments, Language::Ja)
}

fn register(text: &str) -> Register {
    Register::parse(text, "risks.toml").expect("a register")
}

fn update(text: &str, files: &[Examined], day: Date) -> Updated {
    let updated = register(text).update(&seen(files), day, Language::Ja);
    updated.expect("a register that can be added to")
}

/// A file as people leave it: comments, odd spacing, keys of their own, another order, Windows line ends.
const BY_HAND: &str = "\u{feff}# 当院の登録簿\r\nschema='kaijisho/risks/1'\r\nmeeting = [ 2026-10-01,\r\n  2026-11-01 ] # 委員会\r\n\r\n\
[[risk]]\r\nowner=\"情報係 \\\"夜間\\\"\"   # 交代制\r\nproduct = 'みほん　カルテ'\r\nmanufacturer = '見本'\r\n\
  requirement = \"backup\"\t# 去年から\r\nroom = { floor = 3 }\r\nstatus=\"対応中\"\r\n\r\n\
[[risk]]\r\nid = \"手作り\"\r\nthreat = '''\r\n停電\r\n'''\r\n\r\n[risk.notes]\r\na = 1";

#[test]
fn an_entry_is_opened_for_each_answer_that_asks_for_one_and_only_once() {
    let first = update(
        "",
        &[sheet("みほんカルテ", "いいえ", "いいえ")],
        date(2026, 10, 1),
    );
    assert_eq!((first.opened, first.gone, first.back), (2, 0, 0));
    let entries = &first.register.entries;
    let ids: Vec<&str> = entries.iter().map(|risk| risk.id.as_str()).collect();
    assert_eq!(ids, ["R001", "R002"]);
    let backup = &entries[0];
    assert_eq!(
        (&*backup.requirement, &*backup.control),
        ("backup", "ops.backup")
    );
    assert_eq!(backup.opened, "2026-10-01");
    assert_eq!(backup.stated, "いいえ（備考: 次の⏎\"更新\" ⟨U+202E⟩）");
    assert!(backup.threat.starts_with("案: "), "{}", backup.threat);
    assert_eq!(backup.gaps().len(), 7);
    // The name in another width: the same entries.
    let wide = first.register.text.replace("みほん", "ミホン");
    let again = update(&wide, &[sheet("ﾐﾎﾝカルテ", "いいえ", "いいえ")], TODAY);
    assert_eq!(again.opened, 0, "{}", again.register.text);
}

#[test]
fn the_same_run_twice_changes_no_byte() {
    let files = [
        sheet("みほんカルテ", "いいえ", "いいえ"),
        sheet("べつ", "いいえ", "はい"),
    ];
    let first = update("", &files, date(2026, 10, 1));
    assert_eq!(first.opened, 3);
    let second = update(&first.register.text, &files, date(2027, 3, 1));
    assert_eq!((second.opened, second.gone, second.back), (0, 0, 0));
    assert_eq!(second.register.text, first.register.text);
}

#[test]
fn several_sheets_of_a_product_have_one_entry_and_it_stays_while_one_of_them_says_no() {
    let (no, yes) = (
        sheet("みほん", "いいえ", "はい"),
        sheet("みほん", "はい", "はい"),
    );
    let first = update("", &[no, sheet("みほん", "いいえ", "はい")], TODAY);
    assert_eq!(first.opened, 1);
    for files in [
        [
            sheet("みほん", "いいえ", "はい"),
            sheet("みほん", "はい", "はい"),
        ],
        [
            sheet("みほん", "はい", "はい"),
            sheet("みほん", "いいえ", "はい"),
        ],
    ] {
        assert_eq!(update(&first.register.text, &files, TODAY).gone, 0);
    }
    assert_eq!(update(&first.register.text, &[yes], TODAY).gone, 1);
}

#[test]
fn every_byte_that_a_person_wrote_stays() {
    let open = update(
        BY_HAND,
        &[sheet("みほん　カルテ", "いいえ", "いいえ")],
        date(2026, 12, 1),
    );
    assert_eq!((open.opened, open.gone), (1, 0));
    let text = &open.register.text;
    assert!(text.starts_with(BY_HAND), "{text}");
    let added = &text[BY_HAND.len()..];
    assert!(
        added.starts_with("\r\n\r\n[[risk]]\r\nid = \"R001\"\r\n"),
        "{added}"
    );
    assert!(!added.replace("\r\n", "").contains('\n'), "{added:?}");

    let gone = update(
        BY_HAND,
        &[sheet("みほん　カルテ", "はい", "はい")],
        date(2026, 12, 1),
    );
    assert_eq!((gone.opened, gone.gone), (0, 1));
    let mark = "\r\ncause = \"gone since 2026-12-01\"";
    let line = "# 去年から";
    assert_eq!(
        gone.register.text,
        BY_HAND.replace(line, &format!("{line}{mark}"))
    );
    assert_eq!(gone.register.entries[0].cause_state(), CauseState::Gone);
    assert!(gone.register.entries[0].gaps().is_empty());

    let back = update(
        &gone.register.text,
        &[sheet("みほん　カルテ", "いいえ", "はい")],
        date(2027, 1, 5),
    );
    assert_eq!((back.opened, back.gone, back.back), (0, 0, 1));
    let now = gone
        .register
        .text
        .replace("gone since 2026-12-01", "back since 2027-01-05");
    assert_eq!(back.register.text, now);
}

#[test]
fn what_was_not_looked_at_is_not_marked() {
    let first = update("", &[sheet("みほん", "いいえ", "いいえ")], TODAY);
    // Another product, no product at all, an answer that is missing, and a requirement that is no longer there.
    for files in [
        vec![sheet("べつ", "はい", "はい")],
        vec![],
        vec![sheet("みほん", "", "")],
    ] {
        let later = update(&first.register.text, &files, TODAY);
        assert_eq!((later.gone, later.back), (0, 0));
    }
    let other = first
        .register
        .text
        .replace("requirement = \"backup\"", "requirement = \"old\"");
    assert_eq!(
        update(&other, &[sheet("みほん", "はい", "いいえ")], TODAY).gone,
        0
    );
}

#[test]
fn entries_in_one_line_are_marked_and_ones_that_cannot_be_added_to_are_left_alone() {
    let inline = "schema = 'kaijisho/risks/1'\nrisk = [{ manufacturer = '見本', product = 'みほん', requirement = 'backup' }]\n";
    let marked = update(
        inline,
        &[sheet("みほん", "はい", "はい")],
        date(2026, 12, 1),
    );
    assert_eq!(
        marked.register.text,
        inline.replace(
            "'backup' }",
            "'backup', cause = \"gone since 2026-12-01\" }"
        )
    );
    let refused = register(inline).update(
        &seen(&[sheet("みほん", "いいえ", "いいえ")]),
        TODAY,
        Language::Ja,
    );
    match refused {
        Err(Error::Invalid { findings, .. }) => assert_eq!(findings[0].rule, "risks-invalid"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_sheet_without_a_product_is_told_and_not_entered() {
    let look = seen(&[sheet("", "いいえ", "いいえ")]);
    assert!(look.causes.is_empty());
    assert_eq!((look.nameless.len(), look.nameless[0].count), (1, 2));
}

fn kaijisho(folder: &std::path::Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kaijisho"))
        .args(arguments)
        .current_dir(folder)
        .env("KAIJISHO_LANG", "ja")
        // No line is folded: where one is hangs on the length of paths.
        .env("COLUMNS", "10000")
        .output()
        .expect("the binary runs")
}

#[test]
fn the_file_is_written_whole_and_one_with_a_mistake_is_not_touched() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("risks");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    let sheet = support::project().join("examples/02-hospital/minato-karte.xlsx");
    let sheet = sheet.display().to_string();
    let run = |risks: &str| {
        kaijisho(
            &folder,
            &[
                "diff",
                &sheet,
                "--against",
                "gl7-outsourced",
                "--date",
                "2026-10-01",
                "--risks",
                risks,
            ],
        )
    };
    let first = run("risks.toml");
    assert_eq!(first.status.code(), Some(1));
    let path = folder.join("risks.toml");
    let written = std::fs::read_to_string(&path).expect("the register");
    assert!(written.contains("[[risk]]\nid = \"R001\"\n"), "{written}");
    let told = String::from_utf8_lossy(&first.stdout);
    assert!(
        told.contains("R001") && told.contains("リスク評価の一覧"),
        "{told}"
    );
    run("risks.toml");
    assert_eq!(
        std::fs::read_to_string(&path).expect("the register"),
        written
    );
    // No other file stays behind.
    assert_eq!(std::fs::read_dir(&folder).expect("a folder").count(), 1);

    let broken = format!("{written}\nowner = \"情報係\n");
    std::fs::write(&path, &broken).expect("a broken register");
    let refused = run("risks.toml");
    assert_eq!(refused.status.code(), Some(2));
    let told = String::from_utf8_lossy(&refused.stderr);
    let line = broken.lines().count();
    assert!(
        told.contains("CFG050") && told.contains(&format!(":{line}:")),
        "{told}"
    );
    assert_eq!(
        std::fs::read_to_string(&path).expect("the register"),
        broken
    );
}

#[test]
fn registers_and_their_published_schema_are_one() {
    let schema = kaijisho::schema::Published::Risks.json_schema();
    let schema = serde_json::from_str(&schema).expect("JSON");
    let judge = jsonschema::validator_for(&schema).expect("a schema");
    let written = update("", &[sheet("みほん", "いいえ", "いいえ")], TODAY);
    let as_json = |text: &str| {
        let value: toml::Value = toml::from_str(text.trim_start_matches('\u{feff}')).expect("TOML");
        let plain = serde_json::to_string(&value).expect("JSON");
        // A day of TOML is a text in JSON.
        let mut value: serde_json::Value = serde_json::from_str(&plain).expect("JSON");
        for risk in value["risk"].as_array_mut().expect("entries") {
            for (_, value) in risk.as_object_mut().expect("an entry") {
                if let Some(day) = value.get("$__toml_private_datetime") {
                    *value = day.clone();
                }
            }
        }
        value
    };
    for text in [written.register.text.as_str(), BY_HAND] {
        let told = judge
            .validate(&as_json(text))
            .map_err(|error| error.to_string());
        assert_eq!(told, Ok(()), "{text}");
    }
    let no_text = BY_HAND.replace("status=\"対応中\"", "status = [1]");
    assert!(judge.validate(&as_json(&no_text)).is_err());
    assert!(Register::parse(&no_text, "risks.toml").is_err());
}

/// Numbers without a clock: a linear congruence.
fn next(state: &mut u64) -> usize {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*state >> 40).expect("24 bits")
}

#[test]
fn a_register_shuffled_and_edited_by_hand_keeps_every_line_and_opens_nothing_twice() {
    let both = || {
        [
            sheet("みほん", "いいえ", "いいえ"),
            sheet("べつ", "いいえ", "いいえ"),
        ]
    };
    let first = update("", &both(), date(2026, 10, 1));
    let parts: Vec<&str> = first.register.text.split("[[risk]]\n").collect();
    let (head, entries) = parts.split_first().expect("a head");
    let mut state = 1;
    for round in 0..60 {
        // Entries in another order, keys within an entry in another order, and what people add.
        let mut entries: Vec<String> = entries.iter().map(|entry| (*entry).to_owned()).collect();
        for entry in &mut entries {
            let mut lines: Vec<&str> = entry.lines().filter(|line| !line.is_empty()).collect();
            for at in (1..lines.len()).rev() {
                lines.swap(at, next(&mut state) % (at + 1));
            }
            let note = [
                "# 委員会で確認\n",
                "memo = \"備考 令和\"\n",
                "\n\n",
                "委員 = 1\n",
            ][next(&mut state) % 4];
            let note = note.replace("委員 =", "\"委員\" =");
            *entry = format!("[[risk]]\n{}\n{note}", lines.join("\n"));
        }
        for at in (1..entries.len()).rev() {
            entries.swap(at, next(&mut state) % (at + 1));
        }
        let mut text = format!("{head}{}", entries.concat());
        if round % 2 == 1 {
            text = text.replace('\n', "\r\n");
        }
        let same = update(&text, &both(), date(2027, 1, 1));
        assert_eq!((same.opened, same.gone, same.back), (0, 0, 0));
        assert_eq!(same.register.text, text);
        // A requirement is met now: its two entries are marked, and without the marks the file is what it was.
        let mended = [
            sheet("みほん", "はい", "いいえ"),
            sheet("べつ", "はい", "いいえ"),
        ];
        let marked = update(&text, &mended, date(2027, 1, 1));
        assert_eq!((marked.opened, marked.gone), (0, 2));
        let newline = if round % 2 == 1 { "\r\n" } else { "\n" };
        let mark = format!("{newline}cause = \"gone since 2027-01-01\"");
        assert_eq!(marked.register.text.matches(&mark).count(), 2);
        assert_eq!(marked.register.text.replace(&mark, ""), text);
    }
}
