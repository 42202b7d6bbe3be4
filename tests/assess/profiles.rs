//! What a profile says beyond the answer: plans, risks, waivers, and mistakes that would void verdicts.

use std::path::Path;

use jiff::civil::date;
use kaijisho::profile::{load, parse};
use kaijisho::{Catalog, Error, Language, Verdict, assess, waiver_findings};

use super::{TODAY, checked, headed, judge, mds};

#[test]
fn planned_two_factor() {
    let profile = load("small-hospital", &Catalog::bundled()).unwrap();
    for (answer, remark, expected, planned) in [
        ("いいえ", "次期更新で対応予定", "met planned 39.2", true),
        ("はい", "2027年3月に対応予定", "met planned 39.2", true),
        (
            "いいえ",
            "対応の予定はありません",
            "unmet other-answer 39.2",
            false,
        ),
        (
            "いいえ",
            "対応時期は未定、予定も未定",
            "unmet other-answer 39.2",
            false,
        ),
        (
            "いいえ",
            "導入を計画しているが、まだ検討中",
            "unmet other-answer 39.2",
            false,
        ),
        ("いいえ", "", "unmet other-answer 39.2", false),
        ("いいえ", "別紙を参照", "unmet other-answer 39.2", false),
        (
            "対象外",
            "次期更新で対応予定",
            "unmet other-answer 39.2",
            false,
        ),
        ("", "次期更新で対応予定", "undecided unanswered 39.2", false),
        (
            "予定",
            "次期更新で対応予定",
            "undecided unclear 39.2",
            false,
        ),
    ] {
        let sheet = mds(&[("39", "はい", ""), ("39.2", answer, remark)]);
        let found = judge(&sheet, &profile, "two-factor", TODAY);
        assert_eq!(found.summary(), expected, "{answer} {remark}");
        assert_eq!(found.planned, planned, "{answer} {remark}");
        // A plan that counts is no risk to assess; a no without one is, and so is silence.
        assert_eq!(
            found.risk,
            found.verdict == Verdict::Undecided
                || answer == "いいえ" && found.verdict == Verdict::Unmet,
            "{answer} {remark}"
        );
    }
}

/// Nobody who writes one of these has a plan.
#[test]
fn refusals_are_not_plans() {
    let profile = load("gl7-outsourced", &Catalog::bundled()).unwrap();
    let taken: Vec<&str> = [
        "対応予定：なし",
        "予定（なし）",
        "予定は今のところありません",
        "対応予定は特にございません",
        "対応予定でしたが中止しました",
        "計画は見送りました",
        "計画停止のときだけ停止します",
        "障害時は事業継続計画に従い紙で運用します",
        "There isn't anything planned",
        "It is not being planned",
        "Planned: no",
        "It was planned but has been cancelled",
    ]
    .into_iter()
    .filter(|remark| {
        let sheet = mds(&[("39", "はい", ""), ("39.2", "いいえ", remark)]);
        judge(&sheet, &profile, "gl7-two-factor", TODAY).verdict == Verdict::Met
    })
    .collect();
    assert!(taken.is_empty(), "taken for plans: {taken:#?}");
}

#[test]
fn each_no_opens_a_risk() {
    let gl7 = load("gl7-outsourced", &Catalog::bundled()).unwrap();
    let sheet = mds(&[
        ("7", "いいえ", ""),
        ("29", "いいえ", ""),
        ("29.2", "いいえ", ""),
        ("31", "いいえ", ""),
        ("31.2", "いいえ", ""),
        ("49", "はい", ""),
        ("50", "", ""),
    ]);
    for (requirement, expected, risk) in [
        ("gl7:ops.backup", "unmet other-answer 31", true),
        ("gl7:ops.backup-isolated", "unmet base-missing 31.2", true),
        (
            "gl7:maint.remote-log",
            "not-applicable switched-off 29.2",
            false,
        ),
        ("gl7:log.access", "met answered 49", false),
        // Where nothing is stated, the guideline wants the risk assessed as well.
        ("gl7:log.time", "undecided unanswered 50", true),
        // The premise of the volume has no on_no: it is not one more risk.
        ("gl7-premise", "unmet other-answer 7", false),
    ] {
        let found = judge(&sheet, &gl7, requirement, TODAY);
        assert_eq!(found.summary(), expected);
        assert_eq!(found.risk, risk, "{requirement}");
    }
}

#[test]
fn a_waiver_holds_from_its_first_day_to_its_last() {
    let profile = checked(
        r#"
        extends = ["small-hospital"]
        [[waiver]]
        requirement = "backup"
        document = { manufacturer = "見本 メディカル", product = "見本カルテ" }
        reason = { ja = "更新待ち", en = "awaiting renewal" }
        approver = "院長"
        from = 2026-10-01
        until = 2027-03-31
        "#,
    );
    let no = mds(&[("31", "いいえ", "")]);
    let yes = mds(&[("31", "はい", "")]);
    for (day, verdict, findings) in [
        (date(2026, 9, 30), Verdict::Unmet, vec!["waiver-not-yet"]),
        (date(2026, 10, 1), Verdict::Waived, vec![]),
        (date(2027, 3, 31), Verdict::Waived, vec![]),
        (date(2027, 4, 1), Verdict::Unmet, vec!["waiver-expired"]),
    ] {
        let found = judge(&no, &profile, "backup", day);
        assert_eq!(found.verdict, verdict, "{day}");
        assert!(found.risk, "a waived no stays a risk");
        let assessments = [assess(&no, &profile, day)];
        let own: Vec<&str> = waiver_findings(&profile, &[&no], &assessments, day)
            .iter()
            .filter(|finding| {
                finding.message(Language::Ja).contains("backup")
                    && !finding.message(Language::Ja).contains("backup-isolated")
            })
            .map(|finding| finding.rule)
            .collect();
        assert_eq!(own, findings, "{day}");
    }
    // What is met needs no waiver, and what another waiver is for gets none.
    assert_eq!(judge(&yes, &profile, "backup", TODAY).verdict, Verdict::Met);
    let isolated = judge(&no, &profile, "backup-isolated", TODAY);
    assert_eq!(isolated.verdict, Verdict::Unmet);
    let missing = judge(&mds(&[]), &profile, "backup", TODAY);
    assert_eq!(missing.verdict, Verdict::Waived, "undecided is waived too");
}

#[test]
fn careless_profiles_are_refused() {
    let backup = "control = 'ops.backup'\nlevel = 'must'\nanswers = ['yes']\nreason = { ja = '理', en = 'why' }";
    let requirement = |more: &str| format!("[[requirement]]\nid = 'a'\n{backup}\n{more}");
    let waiver = |approver: &str, reason: &str| {
        let table = format!(
            "[[waiver]]\nrequirement = 'a'\napprover = '{approver}'\nreason = {{ ja = '{reason}', en = '{reason}' }}\nfrom = 2026-01-01\nuntil = 2026-12-31"
        );
        requirement(&table)
    };
    for (text, expected) in [
        // An empty word stands in every remark: each no would count as planned.
        (
            requirement("planned = { words = ['予定', ''] }"),
            "requirement-invalid",
        ),
        (
            requirement("planned = { words = ['予定'], unless = ['　'] }"),
            "requirement-invalid",
        ),
        (
            requirement("planned = { words = [] }"),
            "requirement-invalid",
        ),
        // A waiver stands for somebody's decision.
        (waiver("", "r"), "waiver-approver-missing"),
        (waiver("院長", " "), "requirement-invalid"),
        // The second would silently replace the first.
        (
            format!(
                "[[requirement]]\nid = 'a'\ncontrols = 'good'\nlevel = 'must'\nanswers = ['yes']\nreason = {{ ja = '理', en = 'why' }}\n[[requirement]]\nid = 'a:log.access'\n{backup}"
            ),
            "requirement-duplicate",
        ),
    ] {
        match parse(&headed(&text), "test", Path::new("."), &Catalog::bundled()) {
            Err(Error::Invalid { findings, .. }) => {
                let rules: Vec<&str> = findings.iter().map(|finding| finding.rule).collect();
                assert_eq!(rules, [expected], "{text}");
            }
            other => panic!("accepted: {text}\n{other:?}"),
        }
    }
    let good = [
        requirement("planned = { words = ['予定'] }"),
        waiver("院長", "r"),
    ];
    for text in good {
        checked(&text);
    }
}
