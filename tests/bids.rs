//! Properties of scores and ranks, over many random bids on mixed forms: what adding or turning round bids must not
//! change, that every score is what the published formula makes of the matrix, and that the same gives the same bytes.

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kaijisho::report::compare::{BidInfo, Bids, Entrant, HoldKind, render, report};
use kaijisho::report::{Format, Style};
use kaijisho::{
    Catalog, Examined, Language, Level, Options, Profile, Source, Verdict, examine, profile,
};
use support::TODAY;

/// Numbers that look random and are always the same.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % end as u64).expect("small")
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

const CONTROLS: [&str; 11] = [
    "auth.two-factor",
    "ops.backup",
    "ops.restore",
    "auth.lockout",
    "maint.remote",
    "maint.remote-log",
    "log.access",
    "equip.port-disable",
    "resp.jurisdiction",
    "soft.sbom",
    "info.disposal",
];
const FORMS: [&str; 3] = ["mds-reference", "sds-reference", "mds2-2019"];

fn parsed(text: &str) -> Profile {
    let folder = std::path::Path::new(".");
    profile::parse(text, "p.toml", folder, &Catalog::bundled()).expect("a profile")
}

fn head() -> String {
    "schema = 'kaijisho/profile/1'\nid = 'p'\ntitle = { ja = '試', en = 'p' }\nextends = []\n"
        .to_owned()
}

/// Requirements on controls, on an item of one form, and a question of one's own, with weights from nought to ten.
fn wanted(dice: &mut Dice, weights: std::ops::Range<usize>) -> Profile {
    let mut text = head();
    let weight = |dice: &mut Dice| weights.start + dice.below(weights.len());
    for control in CONTROLS {
        if dice.below(6) == 0 {
            continue;
        }
        let level = dice.pick(&["must", "should", "should", "info"]);
        let answers = dice.pick(&["['yes']", "['yes', 'na']", "['no']"]);
        let remark = dice.pick(&["optional", "optional", "required"]);
        let weight = weight(dice);
        let _ = writeln!(
            text,
            "[[requirement]]\nid = '{control}'\ncontrol = '{control}'\nlevel = '{level}'\nweight = {weight}\nanswers = {answers}\nremark = '{remark}'\nreason = {{ ja = '試', en = 'p' }}"
        );
    }
    let weight_of_item = weight(dice);
    let _ = writeln!(
        text,
        "[[requirement]]\nid = 'item'\nitem = {{ form = 'mds-reference', number = '1' }}\nlevel = 'should'\nweight = {weight_of_item}\nanswers = ['yes']\nreason = {{ ja = '試', en = 'p' }}"
    );
    let weight_of_question = weight(dice);
    let _ = writeln!(
        text,
        "[[question]]\nid = 'own'\ntext = {{ ja = '夜も電話に出る', en = 'Calls are taken at night' }}\nlevel = 'should'\nweight = {weight_of_question}\nanswers = ['yes']\nreason = {{ ja = '試', en = 'p' }}"
    );
    parsed(&text)
}

/// A bid on one of the forms that answers what is asked at random, or leaves it out.
fn bid(dice: &mut Dice, at: usize) -> Examined {
    let catalog = Catalog::bundled();
    let form = dice.pick(&FORMS);
    let known = catalog.form(form).expect("bundled");
    let mut text = format!(
        "form = '{form}'\nheader = {{ manufacturer = '甲社', product = '品{at}' }}\nitems = [\n"
    );
    for item in CONTROLS.iter().flat_map(|control| known.items_of(control)) {
        let answer = dice.pick(&["はい", "はい", "はい", "いいえ", "対象外", "一部", ""]);
        let remark = dice.pick(&["", "", "2027年に対応予定"]);
        let _ = writeln!(
            text,
            "{{ number = '{}', answer = '{answer}', remark = '{remark}' }},",
            item.number
        );
    }
    if dice.below(2) == 0 {
        let answer = dice.pick(&["はい", "いいえ", ""]);
        let _ = writeln!(
            text,
            "{{ number = 'OWN-1', text = '夜も電話に出る', answer = '{answer}' }},"
        );
    }
    text.push(']');
    let source = Source::new(format!("bid-{at:03}.toml"), text.into());
    examine(&source, &Options::new(TODAY))
}

fn compared<'a>(
    bids: impl IntoIterator<Item = &'a Examined>,
    profile: &Profile,
    differences: bool,
) -> Bids {
    let entrants: Vec<Entrant<'_>> = bids.into_iter().map(|file| Entrant { file }).collect();
    report(&entrants, profile, TODAY, differences, Language::Ja)
}

/// What a bid came to by itself.
fn own(bid: &BidInfo) -> (u64, u64, bool, Vec<String>, Vec<String>) {
    let asked = bid.questions.iter().map(|asked| asked.question.clone());
    let failed = bid.failed_musts.clone();
    (bid.points, bid.of, bid.qualified, failed, asked.collect())
}

#[test]
fn nobody_else_and_no_order_changes_a_bid() {
    for seed in 0..12 {
        let mut dice = Dice(seed);
        let wanted = wanted(&mut dice, 0..11);
        let bids: Vec<Examined> = (0..9).map(|at| bid(&mut dice, at)).collect();
        let all = compared(&bids, &wanted, false);
        let of_file: BTreeMap<&str, _> = all
            .bids
            .iter()
            .map(|bid| (bid.file.as_str(), own(bid)))
            .collect();
        for count in 1..=bids.len() {
            for bid in &compared(&bids[..count], &wanted, false).bids {
                assert_eq!(own(bid), of_file[bid.file.as_str()], "seed {seed}");
            }
        }
        // Turned round and shuffled: all that does not tell the position of a document is the same, byte for byte.
        let csv = |bids: &Bids| render(bids, Format::Csv, &Style::default()).expect("a table");
        let text = |bids: &Bids| render(bids, Format::Human, &Style::default()).expect("a text");
        let mut order: Vec<usize> = (0..bids.len()).collect();
        for _ in 0..3 {
            let other = compared(order.iter().map(|at| &bids[*at]), &wanted, false);
            assert_eq!(csv(&other), csv(&all), "seed {seed}: {order:?}");
            assert_eq!(text(&other), text(&all), "seed {seed}: {order:?}");
            order.rotate_left(2);
            order.swap(0, 5);
        }
    }
}

#[test]
fn every_score_is_the_formula_over_the_matrix() {
    let mut kinds = BTreeMap::new();
    for seed in 100..112 {
        let mut dice = Dice(seed);
        let wanted = wanted(&mut dice, 0..11);
        let bids: Vec<Examined> = (0..8).map(|at| bid(&mut dice, at)).collect();
        let found = compared(&bids, &wanted, false);
        for (at, bid) in found.bids.iter().enumerate() {
            let (mut points, mut of, mut failed) = (0, 0, Vec::new());
            for row in &found.matrix {
                let verdict = row.verdicts[at].verdict;
                *kinds.entry(verdict).or_insert(0) += 1;
                if row.level == Level::Must
                    && [Verdict::Unmet, Verdict::Undecided].contains(&verdict)
                {
                    failed.push(row.requirement.clone());
                }
                if row.level != Level::Info && verdict != Verdict::NotApplicable {
                    of += u64::from(row.weight);
                    points += u64::from(row.weight) * u64::from(verdict == Verdict::Met);
                }
            }
            assert_eq!((bid.points, bid.of), (points, of), "seed {seed}");
            assert_eq!(bid.failed_musts, failed);
            assert_eq!(bid.qualified, failed.is_empty());
            let titles: Vec<&str> = bid.failed.iter().map(|must| must.title.as_str()).collect();
            assert!(titles.iter().all(|title| !title.is_empty()), "{titles:?}");
            // A rank is one more than how many qualified bids have a greater score.
            let above = found.bids.iter().filter(|other| {
                other.qualified
                    && match (other.of, of) {
                        (0, _) => false,
                        (_, 0) => true,
                        (other_of, of) => other.points * of > points * other_of,
                    }
            });
            assert_eq!(bid.rank, bid.qualified.then_some(above.count() + 1));
        }
        // With the differing rows only, nothing but the rows is less.
        let fewer = compared(&bids, &wanted, true);
        assert!(fewer.matrix.iter().all(|row| row.differs));
        for (bid, other) in fewer.bids.iter().zip(&found.bids) {
            assert_eq!(own(bid), own(other));
            assert_eq!(bid.rank, other.rank);
        }
    }
    assert_eq!(
        kinds.len(),
        4,
        "every verdict but waived comes up: {kinds:?}"
    );
}

#[test]
fn the_same_bids_give_the_same_bytes() {
    let mut dice = Dice(7);
    let wanted = wanted(&mut dice, 1..11);
    let bids: Vec<Examined> = (0..5).map(|at| bid(&mut dice, at)).collect();
    for differences in [false, true] {
        for format in [
            Format::Human,
            Format::Json,
            Format::Markdown,
            Format::Csv,
            Format::Html,
            Format::Xlsx,
        ] {
            let bytes = || {
                let found = compared(&bids, &wanted, differences);
                render(&found, format, &Style::default()).expect("a report")
            };
            assert_eq!(bytes(), bytes(), "{}", format.name());
        }
    }
}

#[test]
fn weights_of_nought_decide_nothing() {
    let mut dice = Dice(3);
    let wanted = wanted(&mut dice, 0..1);
    let bids: Vec<Examined> = (0..6).map(|at| bid(&mut dice, at)).collect();
    let found = compared(&bids, &wanted, false);
    assert!(found.bids.iter().all(|bid| bid.score.is_none()));
    let ranked: Vec<usize> = found.bids.iter().filter_map(|bid| bid.rank).collect();
    assert!(ranked.iter().all(|rank| *rank == 1), "{ranked:?}");
    let ties = found.sensitivity.iter();
    assert!(
        ties.map(|step| step.holds)
            .all(|hold| hold == HoldKind::Tie)
    );
}

#[test]
fn weights_that_are_no_weights_are_mistakes() {
    for weight in ["11", "-1", "2.5", "1e9", "4294967296", "'viel'", "nan"] {
        let text = format!(
            "{}[[requirement]]\nid = 'r'\ncontrol = 'ops.backup'\nlevel = 'should'\nweight = {weight}\nanswers = ['yes']\nreason = {{ ja = '試', en = 'p' }}\n",
            head()
        );
        let folder = std::path::Path::new(".");
        let mistakes = profile::parse(&text, "p.toml", folder, &Catalog::bundled());
        assert!(mistakes.is_err(), "{weight}");
    }
    // No weight is one.
    let text = format!(
        "{}[[requirement]]\nid = 'r'\ncontrol = 'ops.backup'\nlevel = 'should'\nanswers = ['yes']\nreason = {{ ja = '試', en = 'p' }}\n",
        head()
    );
    assert_eq!(parsed(&text).requirements[0].weight, 1);
}

#[test]
fn two_hundred_bids_in_every_format() {
    let mut dice = Dice(11);
    let wanted = wanted(&mut dice, 1..11);
    let bids: Vec<Examined> = (0..200).map(|at| bid(&mut dice, at)).collect();
    let found = compared(&bids, &wanted, false);
    assert_eq!(found.bids.len(), 200);
    assert!(found.conclusion.len() < 12, "{:?}", found.conclusion);
    for format in [Format::Human, Format::Html, Format::Markdown, Format::Xlsx] {
        let bytes = render(&found, format, &Style::default()).expect("a report");
        assert!(!bytes.is_empty());
    }
}

#[test]
fn two_documents_of_one_workbook_are_two_bids() {
    let text = r#"
documents = [
  { form = "mds-reference", sheet = "MDS", header = { product = "甲" }, items = [{ number = "39.2", answer = "はい" }] },
  { form = "sds-reference", sheet = "SDS", header = { product = "乙" }, items = [{ number = "44.2", answer = "いいえ" }] },
]
"#;
    let both = examine(
        &Source::new("both.toml", text.as_bytes().to_vec()),
        &Options::new(TODAY),
    );
    assert_eq!(both.disclosures.len(), 2);
    let wanted = parsed(&format!(
        "{}[[requirement]]\nid = 'r'\ncontrol = 'auth.two-factor'\nlevel = 'must'\nanswers = ['yes']\nreason = {{ ja = '試', en = 'p' }}\n",
        head()
    ));
    let found = compared([&both], &wanted, false);
    let ranks: Vec<(Option<&str>, Option<usize>)> = found
        .bids
        .iter()
        .map(|bid| (bid.product.as_deref(), bid.rank))
        .collect();
    assert_eq!(ranks, [(Some("甲"), Some(1)), (Some("乙"), None)]);
    // They are of one file, which is not the same file sent twice.
    assert!(found.notes.is_empty(), "{:?}", found.notes);
    let twice = compared([&both, &both], &wanted, false);
    assert!(twice.notes[0].contains("同じ中身"), "{:?}", twice.notes);
}

#[test]
fn what_is_to_be_said_of_the_profile_is_said() {
    let text = format!(
        "{}[[requirement]]\nid = 'r'\ncontrol = 'auth.two-factor'\nlevel = 'must'\nanswers = ['yes']\nreason = {{ ja = '試', en = 'p' }}\n[[waiver]]\nrequirement = 'r'\nreason = {{ ja = '試', en = 'p' }}\napprover = '院長'\nfrom = 2020-01-01\nuntil = 2020-12-31\n",
        head()
    );
    let wanted = parsed(&text);
    let no = "form = 'mds-reference'\nheader = { product = '甲' }\nitems = [{ number = '39.2', answer = 'いいえ' }]";
    let bid = examine(&Source::new("a.toml", no.into()), &Options::new(TODAY));
    let found = compared([&bid], &wanted, false);
    let names: Vec<&str> = found
        .profile_findings
        .iter()
        .map(|finding| finding.name.as_str())
        .collect();
    assert_eq!(names, ["waiver-expired"]);
    let message = &found.profile_findings[0].message;
    let title = &found.bids[0].failed[0].title;
    for format in [Format::Human, Format::Html, Format::Markdown] {
        let style = Style {
            width: 400,
            ..Style::default()
        };
        let text = render(&found, format, &style).expect("a report");
        // Markdown puts a backslash before what would mean something.
        let text = String::from_utf8(text).expect("UTF-8").replace('\\', "");
        assert!(text.contains(message), "{}", format.name());
        assert!(text.contains(title), "{}", format.name());
    }
    // One bid: nobody to change places with, so nothing is said of it.
    assert!(found.sensitivity.is_empty());
    assert!(!found.conclusion.is_empty());
}
