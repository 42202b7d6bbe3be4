//! Changes between two disclosures: every kind by hand, both directions, across forms, and in every format.

mod support;

use std::fmt::Write as _;

use jiff::civil::date;
use kaijisho::changes::{Basis, ChangeKind, Comparison, Direction, compare, partners};
use kaijisho::crosswalk::Crosswalk;
use kaijisho::report::changes::{Of, Party, render, report};
use kaijisho::report::{Format, Style};
use kaijisho::{
    Catalog, Disclosure, Examined, Language, Options, Profile, Source, Verdict, examine, profile,
};
use support::TODAY;

use Direction::{Improved, Neutral, Regressed};

/// Examines a document of items `number = answer | remark`.
fn read(form: &str, header: &str, items: &str) -> Examined {
    let none = if items.trim().is_empty() {
        "items = []"
    } else {
        ""
    };
    let mut text = format!("form = '{form}'\nheader = {{ {header} }}\n{none}\n");
    for line in items.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (number, said) = line.split_once(" =").expect("number = answer");
        let (answer, remark) = said.split_once(" | ").unwrap_or((said, ""));
        let _ = writeln!(
            text,
            "[[items]]\nnumber = '{number}'\nanswer = '{}'\nremark = '{}'",
            answer.trim(),
            remark.trim()
        );
    }
    examine(&Source::new("a.toml", text.into()), &Options::new(TODAY))
}

fn mds(items: &str) -> Disclosure {
    let mut examined = read("mds-reference", "product = 'みほん'", items);
    examined.disclosures.remove(0)
}

/// Kind, item, direction of every change.
fn told(found: &Comparison<'_>) -> Vec<(ChangeKind, String, Direction)> {
    let change = |change: &kaijisho::changes::Change<'_>| {
        let number = change.new.first().or(change.old.first());
        let number = number.map(|entry| entry.number.to_string());
        (change.kind, number.unwrap_or_default(), change.direction)
    };
    found.changes.iter().map(change).collect()
}

fn bundled(name: &str) -> Profile {
    profile::load(name, &Catalog::bundled()).expect("a profile")
}

/// A profile of one requirement.
fn wanting(requirement: &str) -> Profile {
    let text = format!(
        r#"schema = "kaijisho/profile/1"
id = "p"
title = {{ ja = "試", en = "p" }}
provenance = {{ ja = "試", en = "p" }}
extends = []
[[requirement]]
id = "r"
level = "must"
weight = 5
remark = "optional"
reason = {{ ja = "試", en = "p" }}
references = []
{requirement}
"#
    );
    let folder = std::path::Path::new(".");
    profile::parse(&text, "p.toml", folder, &Catalog::bundled()).expect("a profile")
}

#[test]
fn the_controls_decide_without_a_profile() {
    // 13 asks for a fact; 39.x and 32 are controls whose yes is good.
    let old = mds(
        "13 = はい\n32 = はい\n39.1 = いいえ\n39.2 = はい\n39.4 = \n39.5 = はい\n40 = いいえ\n41 = 対象外\n44 = 一部対応\n15 = はい",
    );
    let new = mds(
        "13 = いいえ\n32 = いいえ\n39.1 = はい\n39.2 = 対象外\n39.4 = はい\n39.5 = \n40 = \n41 = いいえ\n44 = はい\n15 = はい",
    );
    let found = compare(&old, &new, &[], None);
    let expected = [
        ("32", Regressed),
        ("39.5", Regressed),
        ("39.1", Improved),
        ("39.4", Improved),
        ("44", Improved),
        ("13", Neutral),
        ("39.2", Neutral),
        ("40", Neutral),
        ("41", Neutral),
    ]
    .map(|(item, direction)| (ChangeKind::Answer, item.to_owned(), direction));
    assert_eq!(told(&found), expected);
    assert_eq!(found.unchanged, 1);
    let basis = |item: &str| {
        let change = found
            .changes
            .iter()
            .find(|change| change.new[0].number.as_str() == item);
        change.map(|change| change.basis.clone())
    };
    assert_eq!(basis("13"), Some(Basis::Fact));
    assert_eq!(basis("39.2"), Some(Basis::Unclear));
}

#[test]
fn the_profile_decides_where_it_asks() {
    let old = mds("39.2 = いいえ | 次期更新で対応予定\n13 = いいえ\n32 = はい");
    let new = mds("39.2 = はい\n13 = はい\n32 = いいえ");
    // Planned was met already, so it is no improvement; the hospital wants no to a fact.
    let planned = wanting(
        "control = 'auth.two-factor'\nanswers = ['yes']\nplanned = { words = ['予定'], unless = [] }",
    );
    let found = compare(&old, &new, &[], Some((&planned, TODAY)));
    let two_factor = found
        .changes
        .iter()
        .find(|change| change.control.as_deref() == Some("auth.two-factor"));
    let two_factor = two_factor.expect("a change of answer");
    assert_eq!(
        (two_factor.direction, &two_factor.basis),
        (Neutral, &Basis::SameVerdict)
    );

    let number = old.form.items[old.entries[1].item.expect("an item")]
        .number
        .clone();
    let fact = wanting(&format!(
        "item = {{ form = 'mds-reference', number = '{number}' }}\nanswers = ['no']"
    ));
    let found = compare(&old, &new, &[], Some((&fact, TODAY)));
    let change = &found.changes[0];
    assert_eq!(change.new[0].number.as_str(), "13", "the must goes first");
    let turned = Basis::Requirement {
        id: "r".to_owned(),
        old: Verdict::Met,
        new: Verdict::Unmet,
    };
    assert_eq!((change.direction, &change.basis), (Regressed, &turned));
    // What the profile does not ask about is still judged by its control.
    assert!(told(&found).contains(&(ChangeKind::Answer, "32".to_owned(), Regressed)));
}

#[test]
fn a_remark_can_be_what_makes_it_worse() {
    let profile = wanting("control = 'auth.two-factor'\nanswers = ['yes']");
    let profile_asking = {
        let mut changed = profile.clone();
        changed.requirements[0].remark_required = true;
        changed
    };
    let (old, new) = (mds("39.2 = はい | ICカードと暗証番号"), mds("39.2 = はい"));
    let found = compare(&old, &new, &[], Some((&profile_asking, TODAY)));
    assert_eq!(
        told(&found),
        [(ChangeKind::Remark, "39.2".to_owned(), Regressed)]
    );
    let found = compare(&old, &new, &[], Some((&profile, TODAY)));
    assert_eq!(
        told(&found),
        [(ChangeKind::Remark, "39.2".to_owned(), Neutral)]
    );
    // Width and spaces are no change of words.
    let (old, new) = (
        mds("39.2 = はい | ICカード ２枚"),
        mds("39.2 = はい | ＩＣカード　2枚"),
    );
    assert_eq!(told(&compare(&old, &new, &[], None)), []);
}

#[test]
fn an_item_counts_once_though_answer_and_remark_have_changed() {
    let profile = wanting("control = 'auth.two-factor'\nanswers = ['yes']");
    let (old, new) = (mds("39.2 = いいえ | 未定"), mds("39.2 = はい | ICカード"));
    for judged in [None, Some((&profile, TODAY))] {
        let found = compare(&old, &new, &[], judged);
        let number = || "39.2".to_owned();
        assert_eq!(
            told(&found),
            [
                (ChangeKind::Answer, number(), Improved),
                (ChangeKind::Remark, number(), Neutral)
            ]
        );
    }
}

#[test]
fn rows_that_come_and_go() {
    let (old, new) = (
        mds("15 = はい\n32 = いいえ"),
        mds("15.9 = はい\n13 = はい\n32 = いいえ"),
    );
    let found = compare(&old, &new, &[], None);
    assert_eq!(
        told(&found),
        [
            (ChangeKind::Removed, "15".to_owned(), Regressed),
            (ChangeKind::Added, "13".to_owned(), Neutral),
            (ChangeKind::Added, "15.9".to_owned(), Neutral),
        ]
    );
    // A number given twice meets its like in order.
    let (old, new) = (mds("15 = はい\n15 = いいえ"), mds("15 = はい\n15 = はい"));
    assert_eq!(told(&compare(&old, &new, &[], None)).len(), 1);
}

#[test]
fn the_head_and_what_to_know_beforehand() {
    let read = |header: &str| {
        read("mds-reference", header, "15 = はい")
            .disclosures
            .remove(0)
    };
    let old = read("product = 'みほんＰＡＣＳ', version = '2', date = 2026-09-30");
    let new = read("product = 'みほんPACS', version = '3', date = 2026-09-01");
    let found = compare(&old, &new, &[], None);
    let fields: Vec<_> = found
        .changes
        .iter()
        .map(|change| change.field.expect("a field").code())
        .collect();
    assert_eq!(fields, ["date", "version"]);
    assert_eq!(found.notes.len(), 1, "{:?}", found.notes);
    assert!(found.notes[0].ja.contains("2026-09-01"));
    let other = read("product = '別の製品', date = 2026-10-01");
    assert!(
        compare(&old, &other, &[], None).notes[0]
            .ja
            .contains("別の製品")
    );
}

#[test]
fn two_forms_meet_through_the_crosswalk() {
    let old = read(
        "mds2-2019",
        "",
        "PAUT-3 = No\nTXCF-2 = Yes\nSBOM-1 = Yes\nOTHR-1 = Yes",
    )
    .disclosures
    .remove(0);
    let new = mds("39.4 = はい\n13.1 = いいえ\n35.2 = はい\n23 = いいえ");
    let found = compare(&old, &new, Crosswalk::bundled(), None);
    let change = |old: &str| {
        let has = |change: &&kaijisho::changes::Change<'_>| {
            change.old.iter().any(|entry| entry.number.as_str() == old) && !change.new.is_empty()
        };
        found
            .changes
            .iter()
            .find(has)
            .unwrap_or_else(|| panic!("{old}"))
    };
    assert_eq!(
        (
            change("PAUT-3").direction,
            change("PAUT-3").new[0].number.as_str()
        ),
        (Improved, "39.4")
    );
    assert_eq!(change("SBOM-1").direction, Regressed);
    let split = change("TXCF-2");
    assert_eq!((split.direction, split.new.len()), (Neutral, 2));
    assert!(matches!(split.basis, Basis::Link(_)));
    // Nothing of the old sheet is lost: what has no partner is told as gone.
    for entry in &old.entries {
        let in_changes = found
            .changes
            .iter()
            .any(|change| change.old.iter().any(|other| other.number == entry.number));
        assert!(in_changes || found.unchanged > 0, "{}", entry.number);
    }
    assert!(found.notes.iter().any(|note| note.en.contains("mds2-2019")));
}

#[test]
fn sheets_that_describe_themselves_meet_by_their_questions() {
    let csv = |rows: &str| {
        let text = format!(
            "製造業者による医療情報セキュリティ開示書\n製品名,みほん\nNo.,質問,回答,備考\n{rows}"
        );
        let mut examined = examine(&Source::new("a.csv", text.into()), &Options::new(TODAY));
        assert_eq!(examined.disclosures.len(), 1, "{:?}", examined.findings);
        examined.disclosures.remove(0)
    };
    let questions = [
        "利用者を識別し認証する機能がありますか",
        "操作の記録を取得していますか",
        "データのバックアップを取得できますか",
        "不正ソフトウェア対策を実施していますか",
        "通信を暗号化していますか",
    ];
    let rows = |order: &[usize], answers: &[&str]| {
        let mut text = String::new();
        for (at, (question, answer)) in order.iter().zip(answers).enumerate() {
            let _ = writeln!(text, "{},{},{answer},", at + 1, questions[*question]);
        }
        text
    };
    let old = csv(&rows(&[0, 1, 2, 3], &["はい", "はい", "いいえ", "はい"]));
    // A new row at the top moves every number; the answers must not slip.
    let new = csv(&rows(
        &[4, 0, 1, 2, 3],
        &["はい", "はい", "いいえ", "いいえ", "はい"],
    ));
    let found = compare(&old, &new, &[], None);
    let answers: Vec<_> = found
        .changes
        .iter()
        .filter(|change| change.kind == ChangeKind::Answer)
        .collect();
    assert_eq!(answers.len(), 1, "{:?}", told(&found));
    assert_eq!(answers[0].old[0].number.as_str(), "2");
    assert_eq!(answers[0].new[0].number.as_str(), "3");
    let added: Vec<_> = found
        .changes
        .iter()
        .filter(|change| change.kind == ChangeKind::Added)
        .collect();
    assert_eq!(added[0].new[0].number.as_str(), "1");
    assert_eq!(found.unchanged, 3);
}

#[test]
fn the_other_way_round_is_the_mirror() {
    let answers = ["はい", "いいえ", "対象外", "", "一部対応"];
    let profile = bundled("small-hospital");
    let numbers: Vec<String> = mds("")
        .form
        .items
        .iter()
        .map(|item| item.number.to_string())
        .collect();
    let made = |seed: usize| {
        let mut text = String::new();
        for (at, number) in numbers.iter().enumerate() {
            // Another multiplier for each sheet, so that every pair of answers meets.
            let pick = (at * (seed * 2 + 3) + seed + at / 7) % answers.len();
            if !(at + seed).is_multiple_of(11) {
                let _ = writeln!(
                    text,
                    "{number} = {} | 備考{}",
                    answers[pick],
                    (at * seed) % 3
                );
            }
        }
        mds(&text)
    };
    for seed in 0..6 {
        let (old, new) = (made(seed), made(seed + 1));
        for judged in [None, Some((&profile, date(2026, 10, 1)))] {
            let there = compare(&old, &new, &[], judged);
            let back = compare(&new, &old, &[], judged);
            assert_eq!(there.count(Regressed), back.count(Improved));
            assert_eq!(there.count(Improved), back.count(Regressed));
            assert_eq!(there.count(Neutral), back.count(Neutral));
            assert_eq!(there.unchanged, back.unchanged);
            assert!(there.count(Regressed) > 0 && there.unchanged > 0);
            let same = compare(&old, &old, &[], judged);
            assert_eq!((same.changes.len(), same.unchanged), (0, old.entries.len()));
        }
    }
}

#[test]
fn several_disclosures_find_their_partners() {
    let of = |form: &str, product: &str| {
        read(form, &format!("product = '{product}'"), "")
            .disclosures
            .remove(0)
    };
    let old = [
        of("mds-reference", "甲"),
        of("sds-reference", "甲"),
        of("mds-reference", "乙"),
    ];
    let new = [
        of("mds-reference", "乙"),
        of("sds-reference", "甲"),
        of("mds-reference", "甲"),
    ];
    let found: Vec<_> = partners(&old, &new)
        .iter()
        .map(|pair| (pair.old, pair.new))
        .collect();
    assert_eq!(
        found,
        [(Some(0), Some(2)), (Some(1), Some(1)), (Some(2), Some(0))]
    );
    // Of several alike none is picked.
    let new = [of("mds-reference", "甲"), of("mds-reference", "甲")];
    let found: Vec<_> = partners(&old, &new)
        .iter()
        .map(|pair| (pair.old, pair.new))
        .collect();
    assert_eq!(
        found,
        [
            (Some(0), None),
            (Some(1), None),
            (Some(2), None),
            (None, Some(0)),
            (None, Some(1))
        ]
    );
}

#[test]
fn every_format_says_it_and_stays_harmless() {
    let hostile = "<script>alert(1)</script> =HYPERLINK(\"x\") \u{1b}[31m \u{202e}";
    let old = read("mds-reference", "product = '甲'", "15 = はい\n32 = はい");
    let text = format!(
        "form = 'mds-reference'\nheader = {{ product = '甲' }}\n[[items]]\nnumber = '15'\nanswer = 'いいえ'\nremark = {}\n[[items]]\nnumber = '32'\nanswer = 'はい'\n",
        serde_json::to_string(hostile).expect("JSON")
    );
    let new = examine(&Source::new("b.toml", text.into()), &Options::new(TODAY));
    let comparison = compare(&old.disclosures[0], &new.disclosures[0], &[], None);
    assert_eq!(comparison.count(Regressed), 1);
    let pairs = [Of {
        old: Some(0),
        new: Some(0),
        comparison: Some(comparison),
    }];
    for language in Language::ALL {
        let parties = [Party { file: &old }, Party { file: &new }];
        let found = report(parties, &pairs, None, language);
        for format in [
            Format::Human,
            Format::Json,
            Format::Markdown,
            Format::Csv,
            Format::Html,
            Format::Xlsx,
        ] {
            let bytes = render(&found, format, &Style::default()).expect("a report");
            assert_eq!(
                bytes,
                render(&found, format, &Style::default()).expect("the same again")
            );
            let text = String::from_utf8_lossy(&bytes);
            if format != Format::Xlsx && format != Format::Json {
                assert!(text.contains("15"), "{}", format.name());
                assert!(
                    !text.contains('\u{1b}') && !text.contains('\u{202e}'),
                    "{}",
                    format.name()
                );
            }
            if matches!(format, Format::Html | Format::Markdown) {
                assert!(!text.contains("<script>"), "{}", format.name());
            }
        }
        assert!(render(&found, Format::Sarif, &Style::default()).is_err());
        let schema = kaijisho::schema::Published::Changes.json_schema();
        let schema: serde_json::Value = serde_json::from_str(&schema).expect("JSON");
        let json = render(&found, Format::Json, &Style::default()).expect("a report");
        let json: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
        let judge = jsonschema::validator_for(&schema).expect("a schema");
        assert!(
            judge.is_valid(&json),
            "{:?}",
            judge.iter_errors(&json).next()
        );
    }
}

#[test]
fn places_are_told_in_words_and_so_are_the_profile_and_one_file_named_twice() {
    let header = "product = 'みほん', date = 2026-09-01";
    let old = read("mds-reference", header, "39.2 = はい");
    let new = read("mds-reference", header, "39.2 = いいえ");
    let mut profile = wanting("control = 'auth.two-factor'\nanswers = ['yes']");
    // A waiver of the bundled example is for another product: not used here.
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = folder.join("examples/profiles/minato-hospital.toml");
    let other = profile::load(&path.to_string_lossy(), &Catalog::bundled()).expect("a profile");
    profile.waivers = other.waivers;
    let told = |old: &Examined, new: &Examined, language: Language, format: Format| {
        let found = compare(
            &old.disclosures[0],
            &new.disclosures[0],
            &[],
            Some((&profile, TODAY)),
        );
        let pairs = [Of {
            old: Some(0),
            new: Some(0),
            comparison: Some(found),
        }];
        let files = [Party { file: old }, Party { file: new }];
        let changes = report(files, &pairs, Some((&profile, TODAY)), language);
        let names: Vec<&str> = changes
            .profile_findings
            .iter()
            .map(|finding| finding.name.as_str())
            .collect();
        assert_eq!(names, ["waiver-unused"]);
        let style = Style {
            width: 300,
            ..Style::default()
        };
        String::from_utf8(render(&changes, format, &style).expect("a report")).expect("UTF-8")
    };
    for (language, place, verdicts) in [
        (Language::Ja, "6行10列", "「適合」から「不適合」に"),
        (Language::En, "line 6, column 10", "was met and is unmet"),
    ] {
        for format in [Format::Human, Format::Html, Format::Markdown, Format::Csv] {
            let text = told(&old, &new, language, format);
            let entry = &new.disclosures[0].entries[0].place;
            assert!(text.contains(place), "{} {entry:?}\n{text}", format.name());
            assert!(text.contains(verdicts), "{}\n{text}", format.name());
        }
        for format in [Format::Human, Format::Html, Format::Markdown] {
            let text = told(&old, &new, language, format);
            assert!(text.contains("CFG013"), "{}", format.name());
        }
        let same = told(&old, &old, language, Format::Human);
        assert!(same.contains(&language.label("change-note-same")), "{same}");
    }
}
