//! Product source files: which answer counts, when one is stale, and many disclosures in one run.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use jiff::civil::{Date, date};
use kaijisho::products::{self, Made, Open, Products};
use kaijisho::schema::Published;
use kaijisho::write::{Origin, Target, write};
use kaijisho::{Answer, Catalog, Enabled, ItemNumber, Language, Options, Source, State, examine};
use serde_json::Value;

const TODAY: Date = date(2026, 10, 1);

fn parse(text: &str) -> Products {
    let forms = Catalog::bundled();
    products::parse(text, "products.toml", Path::new("."), &forms).unwrap_or_else(|error| {
        let kaijisho::Error::Invalid { findings, .. } = &error else {
            panic!("{error}")
        };
        let told = findings
            .iter()
            .map(|f| format!("{} {}", f.place, f.message(Language::En)));
        panic!("{:#?}", told.collect::<Vec<_>>())
    })
}

fn make(products: &Products) -> Vec<Made> {
    let planned = products.planned();
    planned
        .iter()
        .map(|one| products.make(one, TODAY))
        .collect()
}

fn answer(made: &Made, item: &str) -> Option<Answer> {
    made.disclosure
        .entry(&ItemNumber::new(item))
        .unwrap()
        .answer
}

/// One answer in each of six places, or none: control and item, common, of the product and of the version.
fn six(said: [Option<&str>; 6]) -> String {
    let row = |scope: &str, control: Option<&str>, item: Option<&str>| {
        let mut text = String::new();
        if let Some(answer) = control {
            let _ = writeln!(
                text,
                "[[{scope}]]\ncontrol = \"auth.two-factor\"\nanswer = \"{answer}\""
            );
        }
        if let Some(answer) = item {
            let _ = writeln!(
                text,
                "[[{scope}]]\nform = \"mds-reference\"\nitem = \"39.2\"\nanswer = \"{answer}\""
            );
        }
        text
    };
    format!(
        "schema = \"kaijisho/products/1\"\nmanufacturer = \"見本\"\n{}[[product]]\nid = \"a\"\nname = \"A\"\nforms = [\"mds-reference\"]\n{}[[product.version]]\nversion = \"1\"\ndate = 2026-09-30\n{}",
        row("answer", said[0], said[1]),
        row("product.answer", said[2], said[3]),
        row("product.version.answer", said[4], said[5]),
    )
}

#[test]
fn the_narrowest_scope_wins_and_in_it_the_item() {
    let (y, n, a) = (Some("yes"), Some("no"), Some("na"));
    use Answer::{Na, No, Yes};
    for (said, wanted) in [
        ([None, None, None, None, None, None], None),
        ([y, None, None, None, None, None], Some(Yes)),
        ([y, n, None, None, None, None], Some(No)),
        ([None, n, None, None, None, None], Some(No)),
        ([y, y, n, None, None, None], Some(No)),
        ([y, y, n, a, None, None], Some(Na)),
        ([y, y, None, a, None, None], Some(Na)),
        ([y, y, y, y, n, None], Some(No)),
        ([y, y, y, y, n, a], Some(Na)),
        ([y, y, y, n, None, None], Some(No)),
        ([None, y, None, None, n, None], Some(No)),
        ([None, None, None, y, None, n], Some(No)),
    ] {
        let made = make(&parse(&six(said)));
        assert_eq!(answer(&made[0], "39.2"), wanted, "{said:?}");
        // Nothing else is answered by it.
        assert_eq!(
            made[0].answered(),
            usize::from(wanted.is_some()),
            "{said:?}"
        );
    }
}

#[test]
fn an_answer_is_fresh_until_the_same_day_of_the_month() {
    for (reviewed, months, until) in [
        (date(2025, 10, 1), 12, date(2026, 10, 1)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
    ] {
        assert_eq!(products::deadline(reviewed, months), Some(until));
    }
    assert_eq!(products::deadline(date(9999, 12, 31), 1), None);
    // Own day, the version's, the product's, the file's.
    let source = r#"
schema = "kaijisho/products/1"
manufacturer = "見本"
reviewed = 2025-01-31
answer = [{ control = "log.access", answer = "yes" }, { control = "log.time", answer = "yes", reviewed = 2026-09-01 }]
stale = { months = 13 }
[[product]]
id = "a"
name = "A"
forms = ["mds-reference"]
reviewed = 2025-08-31
answer = [{ control = "log.audit", answer = "yes" }, { control = "doc.bcp-procedure", answer = "no" }]
version = [{ version = "1", date = 2026-09-30, reviewed = "2025-09-01", answer = [{ control = "net.tls", answer = "yes" }] }]
"#;
    let products = parse(source);
    let stale = |today: Date| -> Vec<&str> {
        let kept = products.answers.iter();
        let stale = kept.filter(|kept| products.is_stale(kept, today));
        let subject = |kept: &products::Kept| match &kept.subject {
            products::Subject::Control(control) => control.clone(),
            products::Subject::Item { .. } => String::new(),
        };
        let controls = [
            "log.access",
            "log.time",
            "log.audit",
            "doc.bcp-procedure",
            "net.tls",
        ];
        stale
            .map(|kept| *controls.iter().find(|c| **c == subject(kept)).unwrap())
            .collect()
    };
    assert_eq!(stale(date(2026, 2, 28)), Vec::<&str>::new());
    assert_eq!(stale(date(2026, 3, 1)), ["log.access"]);
    assert_eq!(stale(date(2026, 9, 30)), ["log.access"]);
    assert_eq!(
        stale(date(2026, 10, 1)),
        ["log.access", "log.audit", "doc.bcp-procedure"]
    );
    assert_eq!(stale(date(2026, 10, 2)).len(), 4);
    assert_eq!(stale(date(2027, 10, 2)).len(), 5);
}

#[test]
fn what_does_not_fit_stays_open_with_its_reason() {
    let form = r#"
schema = "kaijisho/form/1"
id = "kinds"
family = "mds"
edition = "1"
title = { ja = "種類", en = "Kinds" }
provenance = { ja = "試験用", en = "For a test" }
choices = ["yes", "no"]
remarks = "block"
[recognise]
titles = ["種類"]
[[section]]
id = "1"
title = { ja = "一", en = "One" }
[[item]]
number = "1"
section = "1"
title = { ja = "二要素", en = "Two factors" }
control = "auth.two-factor"
kind = "multiple"
choices = ["na"]
options = [{ id = "card", title = { ja = "カード", en = "Card" } }, { id = "bio", title = { ja = "生体", en = "Biometrics" } }]
[[item]]
number = "2"
section = "1"
title = { ja = "記録を残す", en = "A log is kept" }
control = "log.access"
[[item]]
number = "2.1"
section = "1"
parent = "2"
title = { ja = "記録を見直す", en = "The log is reviewed" }
control = "log.review"
[[item]]
number = "3"
section = "1"
title = { ja = "サーバのバックアップ", en = "Backups of servers" }
control = "ops.backup"
[[item]]
number = "4"
section = "1"
title = { ja = "端末のバックアップ", en = "Backups of clients" }
control = "ops.backup"
[[item]]
number = "5"
section = "1"
title = { ja = "不確か", en = "Uncertain" }
control = "net.tls"
confidence = 0.6
[[item]]
number = "6"
section = "1"
title = { ja = "対象外のない項目", en = "No n/a here" }
control = "net.encryption"
"#;
    let forms = Catalog::bundled().with(&Catalog::parse(form, "kinds.toml").unwrap());
    let source = |two_factor: &str, backup: &str| {
        format!(
            r#"
schema = "kaijisho/products/1"
manufacturer = "見本"
evidence_in_remark = true
answer = [
    {{ control = "auth.two-factor", {two_factor} }},
    {{ control = "log.access", answer = "いいえ", remark = {{ ja = "次の版で", en = "Next" }} }},
    {{ control = "ops.backup", answer = "{backup}", evidence = [{{ title = "手順書", link = "https://example.jp/b", date = 2026-04-01 }}] }},
    {{ control = "net.tls", answer = "yes" }},
    {{ control = "net.encryption", answer = "na" }},
]
product = [{{ id = "a", name = "A", forms = ["kinds"], version = [{{ version = "1", date = 2026-09-30 }}] }}]
"#
        )
    };
    let made = |two_factor: &str, backup: &str| {
        let text = source(two_factor, backup);
        let products = products::parse(&text, "p.toml", Path::new("."), &forms).unwrap();
        make(&products).remove(0)
    };
    let one = made("answer = \"yes\"", "yes");
    let open = |made: &Made| -> Vec<Option<Open>> {
        made.items.iter().map(|item| item.open.clone()).collect()
    };
    let (three, four) = (ItemNumber::new("3"), ItemNumber::new("4"));
    // A yes does not say which methods; a no above is enough for 2.1; backup is asked twice; 5 is a guess.
    assert_eq!(
        open(&one),
        [
            Some(Open::NotTaken),
            None,
            None,
            Some(Open::Shared(vec![four])),
            Some(Open::Shared(vec![three])),
            Some(Open::NoControl),
            Some(Open::NotTaken),
        ]
    );
    let child = one.disclosure.entry_at(2).unwrap();
    assert_eq!(child.state, State::Unanswered);
    assert!(matches!(one.disclosure.enabled(2), Enabled::No { .. }));
    assert_eq!((one.answered(), one.open()), (1, 5));
    // Remarks of a form with a block stand there, under numbers.
    let entry = one.disclosure.entry_at(1).unwrap();
    assert_eq!(entry.remark.reference.as_deref(), Some("備考1"));
    assert_eq!(entry.remark.text.as_deref(), Some("次の版で"));
    // Methods by their titles, a no to both items, and the evidence behind the remark.
    let two = made("answer = \"yes\", options = [\"カード\", \"bio\"]", "no");
    assert_eq!(two.disclosure.entry_at(0).unwrap().options, ["card", "bio"]);
    assert_eq!(
        (answer(&two, "3"), answer(&two, "4")),
        (Some(Answer::No), Some(Answer::No))
    );
    let told = two.disclosure.entry_at(3).unwrap().remark.text.clone();
    assert_eq!(
        told.as_deref(),
        Some("根拠: 手順書（2026-04-01） https://example.jp/b")
    );
    let three = made("options = [\"card\", \"iris\"]", "no");
    assert_eq!(open(&three)[0], Some(Open::NotTaken));
}

/// So many products, each with two versions and three forms.
fn many(products: usize) -> String {
    let mut text = String::from(
        "schema = \"kaijisho/products/1\"\nmanufacturer = { ja = \"見本\", en = \"Sample\" }\nreviewed = 2026-09-01\n\
         answer = [{ control = \"log.access\", answer = \"yes\", remark = { ja = \"五年\", en = \"Five years\" } }]\n",
    );
    for product in 0..products {
        let said = if product % 2 == 0 { "yes" } else { "no" };
        let _ = write!(
            text,
            "[[product]]\nid = \"p{product}\"\nname = \"製品{product}\"\n\
             forms = [\"mds-reference\", \"sds-reference\", \"mds2-2019\"]\n\
             answer = [{{ control = \"auth.two-factor\", answer = \"{said}\" }}]\n\
             version = [{{ version = \"1\", date = 2026-09-30 }}, {{ version = \"2\", date = 2026-09-30, \
             answer = [{{ control = \"auth.two-factor\", answer = \"na\", remark = \"単独\" }}] }}]\n"
        );
    }
    text
}

#[test]
fn two_hundred_products_are_made() {
    let products = parse(&many(200));
    let planned = products.planned();
    assert_eq!(planned.len(), 1200);
    // The last is made as the first is: nothing depends on how many there are.
    for (at, product) in [(0, Answer::Yes), (1194, Answer::No)] {
        let made = products.make(&planned[at], TODAY);
        assert_eq!(answer(&made, "39.2"), Some(product));
    }
    let names: std::collections::BTreeSet<&str> = planned.iter().map(|one| one.file).collect();
    assert_eq!(names.len(), 1200);
}

#[test]
fn a_file_says_what_was_made() {
    let options = Options::new(TODAY);
    let products = parse(&many(1));
    let origin = Origin {
        file: "products.toml",
        sha256: "",
    };
    for made in make(&products) {
        let disclosures = std::slice::from_ref(&made.disclosure);
        for (target, name) in [
            (Target::Xlsx, "a.xlsx"),
            (Target::Toml, "a.toml"),
            (Target::Xml, "a.xml"),
            (Target::Json, "a.json"),
        ] {
            let bytes = write(disclosures, &origin, target, Language::Ja).unwrap();
            assert_eq!(
                bytes,
                write(disclosures, &origin, target, Language::Ja).unwrap()
            );
            let back = examine(&Source::new(name, bytes), &options);
            assert!(back.disclosures[0].same_content(&made.disclosure), "{name}");
            let codes = |findings: &[kaijisho::Finding]| {
                let mut codes: Vec<&str> = findings.iter().map(|finding| finding.code()).collect();
                codes.sort_unstable();
                codes.join(" ")
            };
            assert_eq!(
                codes(&back.disclosure_findings[0]),
                codes(&made.findings),
                "{name}"
            );
        }
    }
}

fn room(name: &str) -> PathBuf {
    let room = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("products-{name}"));
    if room.exists() {
        fs::remove_dir_all(&room).unwrap();
    }
    fs::create_dir_all(&room).unwrap();
    room
}

fn run(room: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kaijisho"))
        .args(words)
        .args(["--date", "2026-10-01"])
        .current_dir(room)
        .env_clear()
        .env("COLUMNS", "80")
        .output()
        .unwrap()
}

fn json(output: &Output) -> Value {
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    let schema = serde_json::from_str(&Published::Products.json_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mistakes: Vec<String> = validator
        .iter_errors(&value)
        .map(|e| e.instance_path().to_string())
        .collect();
    assert_eq!(mistakes, Vec::<String>::new());
    value
}

#[test]
fn all_disclosures_in_one_run() {
    let room = room("all");
    fs::write(room.join("products.toml"), many(3)).unwrap();
    let all = [
        "new",
        "--from",
        "products.toml",
        "--all",
        "-o",
        "out",
        "--format",
        "json",
    ];
    let first = run(&room, &all);
    assert_eq!(
        first.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&first.stderr)
    );
    let told = json(&first);
    assert_eq!(told["summary"]["written"], 18);
    let options = Options::new(TODAY);
    for made in told["disclosures"].as_array().unwrap() {
        let file = room.join(made["file"].as_str().unwrap());
        let read = examine(&Source::open(&file, &options.limits).unwrap(), &options);
        let disclosure = &read.disclosures[0];
        assert_eq!(disclosure.form.id, made["form"]);
        let asked = disclosure.form.items_of("auth.two-factor").next().unwrap();
        let wanted = match (made["version"].as_str(), made["product"].as_str()) {
            (Some("2"), _) => Answer::Na,
            (_, Some("p1")) => Answer::No,
            (_, _) => Answer::Yes,
        };
        let entry = disclosure.entry(&asked.number).unwrap();
        assert_eq!(entry.answer, Some(wanted), "{}", file.display());
        let logged = disclosure.form.items_of("log.access").next().unwrap();
        let english = disclosure.form.id == "mds2-2019";
        let remark = disclosure
            .entry(&logged.number)
            .unwrap()
            .remark
            .text
            .clone();
        assert_eq!(
            remark.as_deref(),
            Some(if english { "Five years" } else { "五年" })
        );
        let counts = ["answered", "open", "not_asked"].map(|key| made[key].as_u64().unwrap());
        assert_eq!(Some(counts.iter().sum::<u64>()), made["items"].as_u64());
    }
    // A second run writes nothing; a changed source keeps what is there unless told otherwise.
    assert_eq!(json(&run(&room, &all))["summary"]["unchanged"], 18);
    let changed = many(3).replace("五年", "七年");
    fs::write(room.join("products.toml"), changed).unwrap();
    let kept = run(&room, &all);
    assert_eq!(kept.status.code(), Some(2));
    let told = json(&kept);
    assert_eq!(
        (&told["summary"]["kept"], &told["summary"]["unchanged"]),
        (&12.into(), &6.into())
    );
    let forced = run(&room, &[&all[..], &["--force"]].concat());
    assert_eq!(json(&forced)["summary"]["written"], 12);
}

#[test]
fn one_disclosure_and_a_check() {
    let room = room("one");
    fs::write(room.join("products.toml"), many(2)).unwrap();
    let from = ["new", "--from", "products.toml"];
    let run = |words: &[&str]| run(&room, &[&from[..], words].concat());
    let one = [
        "--product",
        "p1",
        "--version",
        "2",
        "--form",
        "mds-reference",
        "-o",
        "one.toml",
    ];
    let made = run(&one);
    assert_eq!(
        made.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    assert!(
        fs::read_to_string(room.join("one.toml"))
            .unwrap()
            .contains("製品1")
    );
    // Several disclosures do not go into one file, and something must be chosen.
    for words in [
        &["--product", "p1", "-o", "two.xlsx"][..],
        &["-o", "out"],
        &["--all"],
        &["--product", "p9", "-o", "out"],
    ] {
        assert_eq!(run(words).status.code(), Some(2), "{words:?}");
    }
    assert!(!room.join("two.xlsx").exists() && !room.join("out").exists());
    let checked = run(&["--check", "--format", "json"]);
    assert_eq!(json(&checked)["disclosures"][0]["outcome"], "checked");
    // A mistake is what a check is asked for; making cannot go on with one.
    fs::write(
        room.join("products.toml"),
        many(2).replace("log.access", "log.acess"),
    )
    .unwrap();
    let checked = run(&["--check", "--format", "json"]);
    assert_eq!(checked.status.code(), Some(1));
    let place = &json(&checked)["findings"][0]["place"];
    assert_eq!((&place["line"], &place["column"]), (&4.into(), &23.into()));
    assert_eq!(run(&["--all", "-o", "out"]).status.code(), Some(2));
    assert!(!room.join("out").exists());
}

#[test]
fn the_template_is_sound() {
    let products = parse(products::TEMPLATE);
    let planned = products.planned();
    let made = make(&products);
    let pairs: Vec<_> = planned.iter().zip(&made).collect();
    assert_eq!(products::findings(&products, &pairs, TODAY), Vec::new());
    for made in &made {
        let grave: Vec<_> = made
            .findings
            .iter()
            .filter(|f| f.rule != "answer-missing")
            .collect();
        assert!(grave.is_empty(), "{grave:#?}");
    }
}
