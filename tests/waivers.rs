//! Waivers: on which days they hold, that they stay visible in every format, and that they move no count but
//! those of unmet, undecided and waived.

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use jiff::civil::{Date, date};
use kaijisho::{
    Answer, Catalog, Controls, Disclosure, Options, Profile, Source, Verdict, assess, examine,
    profile,
};

const SHEET: &str = "form = 'mds-reference'\nheader = { date = 2026-04-01, manufacturer = '見本', product = 'みほん', version = '1' }\n";

/// Numbers without a clock: a linear congruence.
struct Dice(u64);

impl Dice {
    fn of(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 40).expect("24 bits") % sides
    }
}

fn parsed(text: &str) -> Profile {
    let text = format!("schema = 'kaijisho/profile/1'\nid = 't'\ntitle = {{ ja = '題' }}\n{text}");
    profile::parse(&text, "t.toml", Path::new("."), &Catalog::bundled())
        .unwrap_or_else(|error| panic!("{}\n{text}", support::case::mistakes(&error)))
}

fn waiver(requirement: &str, document: &str, from: &str, until: &str) -> String {
    format!(
        "[[waiver]]\nrequirement = '{requirement}'\n{document}reason = {{ ja = '更新待ち' }}\napprover = '院長 承認一郎'\nfrom = {from}\nuntil = {until}\ncompensating = {{ ja = '金庫に保管' }}\n"
    )
}

fn requirement(id: &str, control: &str, level: &str, answer: &str) -> String {
    format!(
        "[[requirement]]\nid = '{id}'\ncontrol = '{control}'\nlevel = '{level}'\nanswers = ['{answer}']\nreason = {{ ja = '理' }}\n"
    )
}

fn read(items: &str) -> Disclosure {
    let text = format!("{SHEET}{items}");
    let mut examined = examine(
        &Source::new("t.toml", text.into()),
        &Options::new(date(2026, 10, 1)),
    );
    examined.disclosures.remove(0)
}

#[test]
fn the_days_of_a_waiver_by_a_table() {
    let (no, yes) = (Verdict::Unmet, Verdict::Waived);
    let backup = number("ops.backup");
    let sheet = read(&format!(
        "[[items]]\nnumber = '{backup}'\nanswer = 'いいえ'\n"
    ));
    for (from, until, days) in [
        // One day, and a leap day.
        (
            "2026-10-01",
            "2026-10-01",
            vec![("2026-09-30", no), ("2026-10-01", yes), ("2026-10-02", no)],
        ),
        (
            "2028-02-29",
            "2028-02-29",
            vec![("2028-02-28", no), ("2028-02-29", yes), ("2028-03-01", no)],
        ),
        (
            "2024-02-28",
            "2024-03-01",
            vec![("2024-02-29", yes), ("2024-03-01", yes), ("2024-03-02", no)],
        ),
        (
            "2027-02-28",
            "2027-02-28",
            vec![("2027-02-27", no), ("2027-02-28", yes), ("2027-03-01", no)],
        ),
        // Fiscal years: R5, R6, R7.
        (
            "2023-04-01",
            "2024-03-31",
            vec![
                ("2023-03-31", no),
                ("2023-04-01", yes),
                ("2024-02-29", yes),
                ("2024-03-31", yes),
                ("2024-04-01", no),
            ],
        ),
        (
            "2024-04-01",
            "2025-03-31",
            vec![
                ("2024-03-31", no),
                ("2024-04-01", yes),
                ("2025-02-28", yes),
                ("2025-03-31", yes),
                ("2025-04-01", no),
            ],
        ),
        (
            "2025-04-01",
            "2026-03-31",
            vec![
                ("2025-03-31", no),
                ("2025-04-01", yes),
                ("2026-03-31", yes),
                ("2026-04-01", no),
            ],
        ),
        // The turn of a year.
        (
            "2026-12-31",
            "2027-01-01",
            vec![
                ("2026-12-30", no),
                ("2026-12-31", yes),
                ("2027-01-01", yes),
                ("2027-01-02", no),
            ],
        ),
    ] {
        let profile = parsed(&format!(
            "{}{}",
            requirement("only", "ops.backup", "must", "yes"),
            waiver("only", "", from, until)
        ));
        for (day, verdict) in days {
            let on: Date = day.parse().expect("a day");
            let found = assess(&sheet, &profile, on).outcomes[0].verdict;
            assert_eq!(found, verdict, "{from} {until} {day}");
        }
    }
}

fn number(control: &str) -> String {
    let form = Catalog::bundled().form("mds-reference").expect("bundled");
    let item = form.items_of(control).next().expect("an item");
    item.number.to_string()
}

/// A profile, a sheet and waivers by chance; whatever they are, a waiver moves unmet and undecided to waived and
/// nothing else, and only for its own requirement.
#[test]
fn a_waiver_moves_nothing_but_unmet_and_undecided() {
    let controls: Vec<&str> = Controls::bundled()
        .iter()
        .map(|control| control.id.as_str())
        .collect();
    let form = Catalog::bundled().form("mds-reference").expect("bundled");
    let mut dice = Dice(7);
    let mut waived_in_all = 0;
    for round in 0..150 {
        let items: String = form
            .items
            .iter()
            .map(|item| {
                let answer = ["はい", "いいえ", "対象外", "", "一部"][dice.of(5)];
                format!(
                    "[[items]]\nnumber = '{}'\nanswer = '{answer}'\n",
                    item.number
                )
            })
            .collect();
        let sheet = read(&items);
        let count = 1 + dice.of(12);
        let requirements: String = (0..count)
            .map(|at| {
                let level = ["must", "should", "info"][dice.of(3)];
                let answer = Answer::ALL[dice.of(3)].code();
                requirement(
                    &format!("r{at}"),
                    controls[dice.of(controls.len())],
                    level,
                    answer,
                )
            })
            .collect();
        let waivers: String = (0..dice.of(8))
            .map(|_| {
                let document = [
                    "",
                    "document = { product = 'みほん' }\n",
                    "document = { manufacturer = '別' }\n",
                ][dice.of(3)];
                let (from, until) = [
                    ("2026-04-01", "2027-03-31"),
                    ("2026-10-01", "2026-10-01"),
                    ("2027-04-01", "2028-03-31"),
                ][dice.of(3)];
                waiver(&format!("r{}", dice.of(count)), document, from, until)
            })
            .collect();
        let (plain, waived) = (
            parsed(&requirements),
            parsed(&format!("{requirements}{waivers}")),
        );
        let today = date(2026, 10, 1);
        let (before, after) = (
            assess(&sheet, &plain, today),
            assess(&sheet, &waived, today),
        );
        let mut moved: BTreeMap<&str, usize> = BTreeMap::new();
        for (old, new) in before.outcomes.iter().zip(&after.outcomes) {
            assert_eq!(old.requirement.id, new.requirement.id);
            assert_eq!(
                (old.why, old.assess_risk),
                (new.why, new.assess_risk),
                "round {round}"
            );
            if new.verdict == Verdict::Waived {
                assert!(
                    matches!(old.verdict, Verdict::Unmet | Verdict::Undecided),
                    "round {round}"
                );
                let by = new.waiver.expect("the waiver is named");
                assert_eq!(by.requirement, new.requirement.id);
                assert!(by.is_in_force(today) && by.is_for(&sheet));
                *moved.entry(&new.requirement.id).or_default() += 1;
            } else {
                assert_eq!(old.verdict, new.verdict, "round {round}");
            }
        }
        waived_in_all += moved.len();
    }
    assert!(
        waived_in_all > 50,
        "{waived_in_all}: the chance tests something"
    );
}

fn kaijisho(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kaijisho"))
        .args(arguments)
        .current_dir(folder)
        .env("KAIJISHO_LANG", "ja")
        // No line is folded: where one is hangs on the length of paths.
        .env("COLUMNS", "10000")
        .output()
        .expect("the binary runs")
}

/// The texts of all parts of a workbook.
fn parts(bytes: Vec<u8>) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a zip");
    let mut all = String::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).expect("a part");
        let _ = std::io::Read::read_to_string(&mut part, &mut all);
    }
    all
}

#[test]
fn what_is_waived_is_seen_in_every_format_on_its_days_and_expired_after() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("waivers");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    let items = format!(
        "[[items]]\nnumber = '{}'\nanswer = 'いいえ'\n",
        number("ops.backup")
    );
    std::fs::write(folder.join("sheet.toml"), format!("{SHEET}{items}")).expect("written");
    let profile = format!(
        "schema = 'kaijisho/profile/1'\nid = 't'\ntitle = {{ ja = '題' }}\n{}{}",
        requirement("only", "ops.backup", "must", "yes"),
        waiver("only", "", "2026-04-01", "2027-03-31")
    );
    std::fs::write(folder.join("t.toml"), profile).expect("written");
    for format in [
        "human", "json", "md", "csv", "html", "xlsx", "sarif", "junit",
    ] {
        let run = |day: &str| {
            let arguments = [
                "diff",
                "sheet.toml",
                "--against",
                "t.toml",
                "--fail-on",
                "never",
                "--date",
                day,
                "--format",
                format,
                "-v",
            ];
            let output = kaijisho(&folder, &arguments);
            let error = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(0), "{format} {day} {error}");
            match format {
                "xlsx" => parts(output.stdout),
                // Markdown escapes what it could take for its own.
                "md" => String::from_utf8(output.stdout)
                    .expect("text")
                    .replace("\\-", "-"),
                _ => String::from_utf8(output.stdout)
                    .expect("text")
                    .replace("\n      ", ""),
            }
        };
        for day in ["2026-04-01", "2027-03-31"] {
            let text = run(day);
            for word in ["院長 承認一郎", "更新待ち", "2027-03-31"] {
                assert!(text.contains(word), "{format} {day}: no {word} in\n{text}");
            }
        }
        let after = run("2027-04-01");
        assert!(
            after.contains("猶予は2027-03-31で終わ") || after.contains("waiver-expired"),
            "{format}\n{after}"
        );
        let before = run("2026-03-31");
        assert!(
            before.contains("2026-04-01") || before.contains("waiver-not-yet"),
            "{format}"
        );
    }
}
