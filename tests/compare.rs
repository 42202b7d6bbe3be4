//! Bids side by side: scores worked out by hand, ranks, and what must not change anything.

mod support;

use std::fmt::Write as _;

use kaijisho::report::compare::{Bids, Entrant, HoldKind, render, report};
use kaijisho::report::{Format, Style};
use kaijisho::{Catalog, Examined, Language, Options, Profile, Source, Verdict, examine, profile};
use support::TODAY;

/// Four requirements: 10 and 6 must, 4 should, 9 for information only.
fn wanted() -> Profile {
    let mut text = String::from(
        "schema = 'kaijisho/profile/1'\nid = 'p'\ntitle = { ja = '試', en = 'p' }\nprovenance = { ja = '試', en = 'p' }\nextends = []\n",
    );
    for (id, control, level, weight, answers) in [
        ("two-factor", "auth.two-factor", "must", 10, "['yes']"),
        ("backup", "ops.backup", "must", 6, "['yes']"),
        ("lockout", "auth.lockout", "should", 4, "['yes']"),
        ("remote-log", "maint.remote-log", "should", 5, "['yes']"),
        ("disposal", "info.disposal", "info", 9, "['yes']"),
    ] {
        let _ = write!(
            text,
            "[[requirement]]\nid = '{id}'\ncontrol = '{control}'\nlevel = '{level}'\nweight = {weight}\nanswers = {answers}\nremark = 'optional'\nreason = {{ ja = '試', en = 'p' }}\nreferences = []\n"
        );
    }
    let folder = std::path::Path::new(".");
    profile::parse(&text, "p.toml", folder, &Catalog::bundled()).expect("a profile")
}

/// The number of the item of `mds-reference` that answers a control.
fn number(control: &str) -> String {
    let form = Catalog::bundled().form("mds-reference").expect("bundled");
    let item = form.items_of(control).next();
    item.unwrap_or_else(|| panic!("{control}"))
        .number
        .to_string()
}

/// A bid that answers two-factor, backup, lock-out, remote maintenance, its log, and disposal.
fn bid(name: &str, answers: [&str; 6]) -> Examined {
    let controls = [
        "auth.two-factor",
        "ops.backup",
        "auth.lockout",
        "maint.remote",
        "maint.remote-log",
        "info.disposal",
    ];
    let mut text = format!(
        "form = 'mds-reference'\nheader = {{ manufacturer = '甲社', product = '{name}' }}\n"
    );
    for (control, answer) in controls.iter().zip(answers) {
        let _ = write!(
            text,
            "[[items]]\nnumber = '{}'\nanswer = '{answer}'\n",
            number(control)
        );
    }
    examine(
        &Source::new(format!("{name}.toml"), text.into()),
        &Options::new(TODAY),
    )
}

fn compared(bids: &[Examined], only_differences: bool) -> Bids {
    let entrants: Vec<Entrant<'_>> = bids.iter().map(|file| Entrant { file }).collect();
    report(&entrants, &wanted(), TODAY, only_differences, Language::Ja)
}

/// Product, rank, points, of, score.
type Standing = (String, Option<usize>, u64, u64, Option<f64>);

fn standings(bids: &Bids) -> Vec<Standing> {
    let one = |bid: &kaijisho::report::compare::BidInfo| {
        let product = bid.product.clone().unwrap_or_default();
        (product, bid.rank, bid.points, bid.of, bid.score)
    };
    bids.bids.iter().map(one).collect()
}

const YES: &str = "はい";
const NO: &str = "いいえ";

#[test]
fn scores_and_ranks_by_hand() {
    let bids = [
        // Everything: 25 of 25.
        bid("甲", [YES, YES, YES, YES, YES, NO]),
        // No lock-out: 21 of 25, 84.
        bid("乙", [YES, YES, NO, YES, YES, YES]),
        // No remote maintenance, so its log does not apply: 16 of 20, 80.
        bid("丙", [YES, YES, NO, NO, "", YES]),
        // The log is missing: 20 of 25, 80 as well.
        bid("丁", [YES, YES, YES, YES, NO, YES]),
        // A must is unmet: 15 of 25, and no rank, although 60 is a score.
        bid("戊", [NO, YES, YES, YES, YES, YES]),
        // A must is not answered: undecided, and no rank either.
        bid("己", [YES, "", YES, YES, YES, YES]),
    ];
    let found = compared(&bids, false);
    let expected = [
        ("甲", Some(1), 25, 25, Some(100.0)),
        ("乙", Some(2), 21, 25, Some(84.0)),
        ("丁", Some(3), 20, 25, Some(80.0)),
        ("丙", Some(3), 16, 20, Some(80.0)),
        ("己", None, 19, 25, Some(76.0)),
        ("戊", None, 15, 25, Some(60.0)),
    ]
    .map(|(name, rank, points, of, score)| (name.to_owned(), rank, points, of, score));
    // Ties stand in the order of their file names.
    assert_eq!(standings(&found), expected);
    assert_eq!(found.bids[4].failed_musts, ["backup"]);
    assert_eq!(found.bids[5].failed_musts, ["two-factor"]);
    // Level with one another, so there is no order that could turn.
    assert_eq!(found.sensitivity.len(), 3);
    assert_eq!(found.sensitivity[2].holds, HoldKind::Tie);
    assert_eq!(found.sensitivity[0].holds, HoldKind::Holds);
    // The unanswered must is a question to the bidder.
    let asked = &found.bids[4].questions;
    assert!(
        asked[0].requirement == "backup" && asked[0].question.contains(&number("ops.backup")),
        "{asked:?}"
    );
}

#[test]
fn the_matrix_shows_where_they_differ() {
    let bids = [
        bid("甲", [YES, YES, YES, YES, YES, YES]),
        bid("乙", [YES, YES, NO, YES, YES, YES]),
    ];
    let found = compared(&bids, true);
    assert_eq!(found.matrix.len(), 1);
    let row = &found.matrix[0];
    assert_eq!((row.requirement.as_str(), row.weight), ("lockout", 4));
    let verdicts: Vec<Verdict> = row.verdicts.iter().map(|cell| cell.verdict).collect();
    assert_eq!(verdicts, [Verdict::Met, Verdict::Unmet]);
    assert!(row.verdicts[1].place.is_some());
    assert_eq!(compared(&bids, false).matrix.len(), 5);
    assert!(compared(&bids[..1], true).matrix.is_empty());
}

#[test]
fn another_bid_changes_no_score_and_no_order_matters() {
    let picks = [YES, NO, "対象外", "", "一部"];
    let many: Vec<Examined> = (0..40)
        .map(|at: usize| {
            let pick = |shift: usize| {
                picks[(at / 5_usize.pow(u32::try_from(shift).expect("small")) + at * shift) % 5]
            };
            bid(
                &format!("品{at:02}"),
                [pick(0), pick(1), pick(2), YES, pick(1), pick(2)],
            )
        })
        .collect();
    let all = compared(&many, false);
    let score = |bids: &Bids, name: &str| {
        let found = bids
            .bids
            .iter()
            .find(|bid| bid.product.as_deref() == Some(name));
        let found = found.expect("the bid");
        (
            found.points,
            found.of,
            found.qualified,
            found.failed_musts.clone(),
        )
    };
    for (at, one) in many.iter().enumerate() {
        let alone = compared(std::slice::from_ref(one), false);
        let name = format!("品{at:02}");
        assert_eq!(score(&alone, &name), score(&all, &name));
    }
    let mut turned = many;
    turned.reverse();
    let back = compared(&turned, false);
    assert_eq!(standings(&all), standings(&back));
    let qualified = all.bids.iter().filter(|bid| bid.qualified).count();
    assert!(qualified > 0 && qualified < 40, "{qualified}");
    // Nobody who is qualified stands below one who is not, and ranks follow the exact scores.
    for pair in all.bids.windows(2) {
        assert!(pair[0].qualified >= pair[1].qualified);
        if pair[1].qualified {
            let (left, right) = (pair[0].points * pair[1].of, pair[1].points * pair[0].of);
            assert!(left >= right);
            assert_eq!(left == right, pair[0].rank == pair[1].rank);
        }
    }
}

#[test]
fn nothing_to_score_and_the_same_product_twice() {
    let sds = |name: &str| {
        let text = format!("form = 'sds-reference'\nheader = {{ product = '{name}' }}\nitems = []");
        examine(&Source::new("s.toml", text.into()), &Options::new(TODAY))
    };
    let mut only_info = wanted();
    only_info
        .requirements
        .retain(|requirement| requirement.id == "disposal");
    let bids = [bid("甲", [YES; 6]), sds("乙")];
    let entrants: Vec<Entrant<'_>> = bids.iter().map(|file| Entrant { file }).collect();
    let found = report(&entrants, &only_info, TODAY, false, Language::En);
    assert!(
        found
            .bids
            .iter()
            .all(|bid| bid.score.is_none() && bid.rank == Some(1))
    );
    let twice = compared(&[bid("甲", [YES; 6]), bid("甲", [NO; 6])], false);
    assert_eq!(twice.notes.len(), 1);
    // A file that is none is told, and the others are compared.
    let odd = examine(
        &Source::new("x.txt", b"hello".to_vec()),
        &Options::new(TODAY),
    );
    let found = compared(&[odd, bid("甲", [YES; 6])], false);
    assert_eq!((found.bids.len(), found.documents.len()), (1, 2));
    assert_eq!(found.bids[0].document, 1);
}

#[test]
fn a_waiver_qualifies_and_earns_nothing() {
    let mut lenient = wanted();
    let waiver = r#"
[[waiver]]
requirement = "two-factor"
reason = { ja = "次年度まで", en = "until next year" }
approver = "院長"
from = 2026-01-01
until = 2026-12-31
compensating = { ja = "IC", en = "IC" }
"#;
    let text = include_str!("../schemas/profiles/small-hospital.toml");
    let folder = std::path::Path::new(".");
    let other = profile::parse(
        &format!("{text}{waiver}"),
        "p.toml",
        folder,
        &Catalog::bundled(),
    )
    .expect("a profile");
    lenient.waivers = other.waivers;
    let bids = [bid("甲", [NO, YES, YES, YES, YES, YES])];
    let entrants = [Entrant { file: &bids[0] }];
    let found = report(&entrants, &lenient, TODAY, false, Language::Ja);
    let one = &found.bids[0];
    assert_eq!((one.rank, one.points, one.of), (Some(1), 15, 25));
    assert_eq!(one.verdicts["must"]["waived"], 1);
}

#[test]
fn every_format_says_it_and_stays_harmless() {
    let hostile = bid(
        "<script>=1+1</script>\u{202e}",
        [YES, YES, NO, YES, YES, YES],
    );
    let bids = [hostile, bid("乙", [YES; 6])];
    for language in Language::ALL {
        let entrants: Vec<Entrant<'_>> = bids.iter().map(|file| Entrant { file }).collect();
        let found = report(&entrants, &wanted(), TODAY, false, language);
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
            if !matches!(format, Format::Xlsx | Format::Json) {
                assert!(!text.contains('\u{202e}'), "{}", format.name());
                assert!(text.contains("lockout"), "{}", format.name());
            }
            if matches!(format, Format::Html | Format::Markdown) {
                assert!(!text.contains("<script>"), "{}", format.name());
            }
        }
        assert!(render(&found, Format::Junit, &Style::default()).is_err());
        let schema = kaijisho::schema::Published::Compare.json_schema();
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
