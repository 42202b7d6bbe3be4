//! Profiles that fit a real facility: facts of the system, changes of what is extended, one of several
//! controls, evidence, questions of the facility's own, and the days of a waiver.

#![allow(clippy::unwrap_used)] // a test may stop

use std::path::Path;

use jiff::civil::{Date, date};
use kaijisho::profile::{Facts, Start, System, TEMPLATE, load, names_evidence, parse, system_of};
use kaijisho::{
    Catalog, Controls, Disclosure, Error, Language, Level, Options, Profile, Source, Verdict,
    assess, examine, profile_findings,
};

const TODAY: Date = date(2026, 10, 1);

fn written(text: &str) -> Result<Profile, Error> {
    let text = format!(
        "schema = 'kaijisho/profile/1'\nid = 't'\ntitle = {{ ja = '題', en = 'title' }}\n{text}"
    );
    parse(&text, "test", Path::new("."), &Catalog::bundled())
}

fn checked(text: &str) -> Profile {
    written(text).unwrap_or_else(|error| panic!("{error:?}\n{text}"))
}

/// The rules that a profile breaks.
fn broken(text: &str) -> Vec<&'static str> {
    match written(text) {
        Err(Error::Invalid { findings, .. }) => findings.iter().map(|one| one.rule).collect(),
        other => panic!("accepted: {other:?}"),
    }
}

/// A requirement on backups with more fields.
fn one(more: &str) -> String {
    format!(
        "[[requirement]]\nid = 'only'\nlevel = 'must'\nreason = {{ ja = '理', en = 'why' }}\n{more}\n"
    )
}

fn sheet(items: &[(&str, &str, &str)]) -> Disclosure {
    let items: Vec<String> = items
        .iter()
        .map(|(number, answer, remark)| {
            format!("{{ number = '{number}', answer = '{answer}', remark = '{remark}' }}")
        })
        .collect();
    read(&items.join(",\n"))
}

fn read(items: &str) -> Disclosure {
    let text = format!(
        "form = 'mds-reference'\nheader = {{ date = 2026-09-30, manufacturer = '見本メディカル', product = '見本カルテ', version = '1' }}\nitems = [\n{items}\n]"
    );
    let mut examined = examine(&Source::new("t.toml", text.into()), &Options::new(TODAY));
    examined.disclosures.remove(0)
}

/// Verdict, reason and item of the requirement `only`.
fn found(disclosure: &Disclosure, profile: &Profile) -> String {
    let assessment = assess(disclosure, profile, TODAY);
    let outcomes = &assessment.outcomes;
    let outcome = outcomes.iter().find(|one| one.requirement.id == "only");
    let outcome = outcome.unwrap();
    let item = outcome.item.map_or("-", |item| item.number.as_str());
    format!("{} {} {item}", outcome.verdict.code(), outcome.why.label())
}

#[test]
fn facts_switch_requirements_on_and_off() {
    let asked = |system: &str, when: &str| {
        let requirement = one(&format!(
            "control = 'ops.backup'\nanswers = ['yes']\nwhen = {when}"
        ));
        checked(&format!("{system}\n{requirement}"))
    };
    let (on, off) = (
        "unmet why-other-answer 31",
        "not-applicable why-not-for-system -",
    );
    let remote = "{ remote_maintenance = true }";
    let no_remote = "{ not = { remote_maintenance = true } }";
    for (system, when, answer, expected) in [
        // What the facility says goes before what the sheet answers.
        ("[system]\nremote_maintenance = true", remote, "いいえ", on),
        ("[system]\nremote_maintenance = false", remote, "はい", off),
        // Otherwise the sheet tells.
        ("", remote, "はい", on),
        ("", remote, "いいえ", off),
        ("", remote, "対象外", off),
        ("", no_remote, "はい", off),
        ("", no_remote, "いいえ", on),
        // What nobody knows leaves it on, negated or not.
        ("", remote, "", on),
        ("", no_remote, "", on),
        ("", remote, "備考参照", on),
        ("", "{ patient_data = true }", "はい", on),
        ("", "{ patient_data = false }", "はい", on),
        // All of them have to hold: one that fails is enough, whatever is not known.
        (
            "",
            "{ patient_data = true, remote_maintenance = true }",
            "いいえ",
            off,
        ),
        // Any of a list of categories; a category that is a fact is told by the sheet as well.
        (
            "[system]\ncategory = 'ehr'",
            "{ category = ['ehr', 'cloud'] }",
            "",
            on,
        ),
        (
            "[system]\ncategory = 'imaging'",
            "{ category = ['ehr', 'cloud'] }",
            "",
            off,
        ),
        ("", "{ category = 'cloud' }", "はい", on),
        ("", "{ category = 'remote-maintenance' }", "いいえ", off),
        (
            "[system]\ncategory = 'ehr'",
            "{ category = ['remote-maintenance'] }",
            "はい",
            on,
        ),
        (
            "[system]\ncategory = ['remote-maintenance']",
            remote,
            "いいえ",
            on,
        ),
    ] {
        let sheet = sheet(&[("29", answer, ""), ("31", "いいえ", "")]);
        let profile = asked(system, when);
        assert_eq!(
            found(&sheet, &profile),
            expected,
            "{system} {when} {answer}"
        );
    }
}

#[test]
fn the_reason_names_the_fact_and_who_tells_it() {
    let profile = checked(&format!(
        "{}{}",
        one("control = 'ops.backup'\nanswers = ['yes']\nwhen = { remote_maintenance = true }"),
        "[[requirement]]\nid = 'open'\nlevel = 'must'\nreason = { ja = '理' }\ncontrol = 'ops.backup'\nanswers = ['yes']\nwhen = { stops_care = true }"
    ));
    let sheet = sheet(&[("29", "いいえ", ""), ("31", "はい", "")]);
    let assessment = assess(&sheet, &profile, TODAY);
    let reasons: Vec<String> = assessment
        .outcomes
        .iter()
        .map(|outcome| outcome.reason(Language::Ja))
        .collect();
    assert_eq!(
        reasons,
        [
            "このシステムには求めません（リモートメンテナンスを行う: いいえ、開示書の項目29）",
            "求める回答です（「止まると診療ができなくなる」が分からないため、求めるものとして判定）",
        ]
    );
    let findings = profile_findings(
        &profile,
        &[&sheet],
        std::slice::from_ref(&assessment),
        TODAY,
    );
    let rules: Vec<&str> = findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["fact-unknown"]);
}

#[test]
fn one_of_several_controls_is_enough() {
    let asked = checked(&one(
        "one_of = ['ops.backup', 'maint.remote-log']\nanswers = ['yes']",
    ));
    for (backup, log, expected) in [
        ("はい", "いいえ", "met why-answered 31"),
        ("いいえ", "はい", "met why-answered 29.2"),
        ("いいえ", "いいえ", "unmet why-other-answer 31"),
        // What is not known may be the one that is enough.
        ("いいえ", "", "undecided why-unanswered 29.2"),
    ] {
        let sheet = sheet(&[("29", "はい", ""), ("29.2", log, ""), ("31", backup, "")]);
        assert_eq!(found(&sheet, &asked), expected, "{backup} {log}");
    }
    for wrong in ["['ops.backup']", "['ops.backup', 'ops.backup']", "[]"] {
        let text = one(&format!("one_of = {wrong}\nanswers = ['yes']"));
        assert_eq!(broken(&text), ["requirement-invalid"], "{wrong}");
    }
}

#[test]
fn evidence_is_a_document_an_address_or_a_section() {
    let asked = checked(&one(
        "control = 'ops.backup'\nanswers = ['yes']\nevidence = 'required'",
    ));
    for (remark, there) in [
        ("運用マニュアルのとおり", true),
        ("https://example.jp/backup", true),
        ("第3章を参照", true),
        ("3.2節", true),
        ("See section 4", true),
        ("毎日実施しています", false),
        ("章立ては未定", false),
        ("手順書はありません", false),
        ("手順書は作成中です", false),
        ("", false),
    ] {
        assert_eq!(names_evidence(remark), there, "{remark}");
        let expected = if there {
            "met why-answered 31"
        } else {
            "unmet why-no-evidence 31"
        };
        assert_eq!(
            found(&sheet(&[("31", "はい", remark)]), &asked),
            expected,
            "{remark}"
        );
    }
}

#[test]
fn a_profile_changes_what_it_extends_and_says_why() {
    let base = load("small-hospital", &Catalog::bundled()).unwrap();
    let of = |profile: &Profile, id: &str| {
        let mut all = profile.requirements.iter();
        all.find(|one| one.id == id).unwrap().clone()
    };
    let changed = checked(
        "extends = ['small-hospital']\n[[override]]\nrequirement = 'backup'\nlevel = 'should'\nweight = 2\nanswers = ['yes', 'na']\nreason = { ja = '小さいため', en = 'small' }\n[[override]]\nrequirement = 'restore'\noff = true\nreason = { ja = '業務委託先が行う', en = 'done by others' }",
    );
    let backup = of(&changed, "backup");
    assert_eq!((backup.level, backup.weight), (Level::Should, 2));
    assert_eq!(backup.changes[0].profile, "t");
    // What is not named stays.
    assert_eq!(backup.reason, of(&base, "backup").reason);
    assert_eq!(
        of(&changed, "backup-isolated"),
        of(&base, "backup-isolated")
    );
    // What is off is shown all the same.
    let sheet = sheet(&[("31", "いいえ", "")]);
    let assessment = assess(&sheet, &changed, TODAY);
    let off = assessment
        .outcomes
        .iter()
        .find(|one| one.requirement.id == "restore");
    let off = off.unwrap();
    assert_eq!(off.verdict, Verdict::NotApplicable);
    assert_eq!(
        off.reason(Language::Ja),
        "施設の判断で外しています（業務委託先が行う）"
    );
    assert_eq!(assessment.outcomes.len(), base.requirements.len());
}

#[test]
fn a_change_of_a_rule_changes_all_it_stands_for() {
    let changed = checked(
        "extends = ['gl7-outsourced']\n[[override]]\nrequirement = 'gl7'\nlevel = 'info'\nreason = { ja = '試行', en = 'trial' }",
    );
    let levels = |of_rule: bool| {
        let all = changed.requirements.iter();
        let mut levels: Vec<Level> = all
            .filter(|one| one.from_rule == of_rule)
            .map(|one| one.level)
            .collect();
        levels.dedup();
        levels
    };
    assert_eq!(levels(true), [Level::Info]);
    assert_eq!(levels(false), [Level::Must]);
}

#[test]
fn a_question_of_the_facility_is_judged_where_a_sheet_carries_it() {
    let asked = checked(
        "[[question]]\nid = 'only'\ntext = { ja = '夜間の窓口がある', en = 'Contact at night' }\nanswers = ['yes']\nlevel = 'must'\nreason = { ja = '理' }",
    );
    let without = sheet(&[("31", "はい", "")]);
    assert_eq!(found(&without, &asked), "undecided why-not-put -");
    let assessment = assess(&without, &asked, TODAY);
    assert_eq!(
        assessment.outcomes[0].question(Language::Ja).unwrap(),
        "次の質問にお答えください: 夜間の窓口がある"
    );
    for (answer, expected) in [
        ("はい", "met why-answered OWN-1"),
        ("いいえ", "unmet why-other-answer OWN-1"),
        ("", "undecided why-unanswered OWN-1"),
    ] {
        let carried = read(&format!(
            "{{ number = 'OWN-1', text = '夜間の 窓口がある', answer = '{answer}' }}"
        ));
        assert_eq!(found(&carried, &asked), expected, "{answer}");
    }
}

#[test]
fn a_question_comes_back_from_the_sheet_that_was_sent_out() {
    let asked = load("clinic-cloud", &Catalog::bundled()).unwrap();
    let form = Catalog::bundled().form("mds-reference").unwrap();
    let wishes = kaijisho::request::wishes(&asked, &form);
    let numbers: Vec<&str> = wishes
        .iter()
        .filter_map(|wish| wish.number.as_ref().map(|number| number.as_str()))
        .collect();
    assert_eq!(numbers.last(), Some(&"OWN-1"), "{numbers:?}");
    // What the facts of the profile switch off is not asked.
    let media = &Controls::bundled()
        .get("info.removable-media")
        .unwrap()
        .title;
    assert!(wishes.iter().all(|wish| wish.title != *media));
    let texts = kaijisho::write::Texts::One(Language::Ja);
    let bytes = kaijisho::request::request(&asked, &form, texts, &[]).unwrap();
    let back = examine(&Source::new("r.xlsx", bytes), &Options::new(TODAY));
    let assessment = assess(&back.disclosures[0], &asked, TODAY);
    let question = assessment
        .outcomes
        .iter()
        .find(|one| one.requirement.id == "leaving");
    assert_eq!(question.unwrap().why.label(), "why-unanswered");
}

#[test]
fn a_waiver_moves_counts_between_unmet_undecided_and_waived_only() {
    let requirements = "extends = ['small-hospital']\n";
    let plain = checked(requirements);
    for answer in ["はい", "いいえ", "対象外", "", "備考参照"] {
        let sheet = sheet(&[("29", "いいえ", ""), ("31", answer, ""), ("39", answer, "")]);
        let before = assess(&sheet, &plain, TODAY).counts();
        for requirement in &plain.requirements {
            let waived = checked(&format!(
                "{requirements}[[waiver]]\nrequirement = '{}'\nreason = {{ ja = '理' }}\napprover = '院長'\nfrom = 2026-10-01\nuntil = 2026-10-01",
                requirement.id
            ));
            let after = assess(&sheet, &waived, TODAY).counts();
            for level in Level::ALL {
                let count = |counts: &std::collections::BTreeMap<(Level, Verdict), usize>,
                             verdict| {
                    counts.get(&(level, verdict)).copied().unwrap_or(0)
                };
                for verdict in [Verdict::Met, Verdict::NotApplicable] {
                    assert_eq!(count(&after, verdict), count(&before, verdict));
                }
                let open = |counts| {
                    count(counts, Verdict::Unmet)
                        + count(counts, Verdict::Undecided)
                        + count(counts, Verdict::Waived)
                };
                assert_eq!(open(&after), open(&before), "{} {answer}", requirement.id);
            }
        }
    }
}

#[test]
fn a_waiver_holds_on_a_leap_day_and_at_the_end_of_a_fiscal_year() {
    let waived = |from: &str, until: &str| {
        let waiver = format!(
            "[[waiver]]\nrequirement = 'only'\nreason = {{ ja = '理' }}\napprover = '院長'\nfrom = {from}\nuntil = {until}"
        );
        checked(&format!(
            "{}{waiver}",
            one("control = 'ops.backup'\nanswers = ['yes']")
        ))
    };
    let sheet = sheet(&[("31", "いいえ", "")]);
    let on = |profile: &Profile, day: Date| assess(&sheet, profile, day).outcomes[0].verdict;
    let leap = waived("2028-02-29", "2028-02-29");
    assert_eq!(on(&leap, date(2028, 2, 28)), Verdict::Unmet);
    assert_eq!(on(&leap, date(2028, 2, 29)), Verdict::Waived);
    assert_eq!(on(&leap, date(2028, 3, 1)), Verdict::Unmet);
    let year = waived("2026-04-01", "2027-03-31");
    for (day, verdict) in [
        (date(2026, 3, 31), Verdict::Unmet),
        (date(2026, 4, 1), Verdict::Waived),
        (date(2027, 3, 31), Verdict::Waived),
        (date(2027, 4, 1), Verdict::Unmet),
    ] {
        assert_eq!(on(&year, day), verdict, "{day}");
    }
    // There is no such day in a common year.
    let text = "[[waiver]]\nrequirement = 'only'\nreason = { ja = '理' }\napprover = '院長'\nfrom = 2027-02-29\nuntil = 2027-03-31";
    let wrong = format!("{}{text}", one("control = 'ops.backup'\nanswers = ['yes']"));
    assert_eq!(broken(&wrong), ["profile-unreadable"]);
}

#[test]
fn facts_and_categories_are_one_list_with_the_catalogue_and_the_template() {
    let facts = Facts::bundled();
    for fact in facts.facts() {
        let control = fact.control.as_deref();
        assert!(
            control.is_none_or(|id| Controls::bundled().get(id).is_some()),
            "{}",
            fact.id
        );
        assert!(TEMPLATE.contains(&format!(
            "#   {}  {} / {}\n",
            fact.id, fact.title.ja, fact.title.en
        )));
        assert_ne!(fact.id, "category");
        assert_ne!(fact.id, "not");
    }
    for category in facts.categories() {
        let fact = category.fact.as_deref();
        assert!(
            fact.is_none_or(|id| facts.fact(id).is_some()),
            "{}",
            category.id
        );
        let line = format!(
            "#   {}  {} / {}\n",
            category.id, category.title.ja, category.title.en
        );
        assert!(TEMPLATE.contains(&line), "{line}");
    }
}

#[test]
fn a_profile_to_start_from_says_what_was_answered() {
    let system = system_of("[system]\ncategory = ['ehr', 'cloud']\npatient_data = true").unwrap();
    let start = Start {
        title: Some("「見本」\"診療所\"".to_owned()),
        extends: vec!["mhlw-checklist-r5".to_owned()],
        system: system.clone(),
    };
    let forms = Catalog::bundled();
    let profile = parse(&start.text(), "new.toml", Path::new("."), &forms).unwrap();
    assert_eq!(profile.title.ja, "「見本」\"診療所\"");
    assert_eq!(
        System {
            place: None,
            ..profile.system
        },
        system
    );
    assert!(
        profile
            .requirements
            .iter()
            .any(|one| one.profile == "mhlw-checklist-r5")
    );
    assert_eq!(Start::default().text(), TEMPLATE);
}

/// Requirements without an item, and so without its clauses, stand in every format beside those with one.
#[test]
fn every_format_tells_the_rule_and_the_question() {
    use kaijisho::report::model::{Judged, Kind, build};
    use kaijisho::report::{Format, Style, render};
    let profile = load("clinic-cloud", &Catalog::bundled()).unwrap();
    let text = "form = 'mds-reference'\nheader = { product = '見本カルテ' }\nitems = [{ number = '31', answer = 'はい' }]";
    let files = [examine(
        &Source::new("t.toml", text.into()),
        &Options::new(TODAY),
    )];
    let judged = Judged {
        profile: &profile,
        date: TODAY,
        assessments: vec![vec![assess(&files[0].disclosures[0], &profile, TODAY)]],
        findings: Vec::new(),
    };
    // Its CSV has the results; that of a report has the items.
    let report = build(Kind::Diff, &files, Some(&judged), Language::Ja);
    for format in [Format::Html, Format::Markdown, Format::Csv] {
        let shown = render(&report, format, &Style::default()).unwrap();
        let shown = String::from_utf8(shown).unwrap();
        assert!(shown.contains("次の質問にお答えください"), "{format:?}");
        if format != Format::Markdown {
            assert!(shown.contains("施設の質問: 回答が はい"), "{format:?}");
        }
    }
}

#[test]
fn a_profile_that_extends_another_starts_without_requirements_of_its_own() {
    for (name, _) in kaijisho::profile::BUNDLED {
        let start = Start {
            extends: vec![name.to_owned()],
            ..Start::default()
        };
        let text = start.text();
        let catalog = Catalog::bundled();
        let profile = parse(&text, "new.toml", Path::new("."), &catalog).unwrap();
        assert_eq!(profile.notes, load(name, &catalog).unwrap().notes, "{name}");
        let own = profile
            .requirements
            .iter()
            .filter(|one| one.profile == "my-hospital");
        assert_eq!(own.count(), 0, "{name}");
        // The examples are there to be used: without the signs in front it is the template again.
        let heads = |text: &str, head: &str| text.lines().filter(|line| *line == head).count();
        assert_eq!(heads(&text, "[[requirement]]"), 0, "{name}");
        let (used, example) = ("[[requirement]]", "# [[requirement]]");
        let all = heads(TEMPLATE, used) + heads(TEMPLATE, example);
        assert_eq!(heads(&text, example), all, "{name}");
    }
}

#[test]
fn what_is_told_later_goes_before_and_contradictions_are_told() {
    let system = |text: &str| system_of(&format!("[system]\n{text}")).unwrap();
    let named = |system: &System| system.categories.clone().map(Vec::from_iter);
    let remote = system("category = ['ehr', 'remote-maintenance']");
    let not_remote = system("remote_maintenance = false");
    let over = not_remote.clone().over(&remote);
    assert_eq!(over.fact("remote_maintenance"), Some(false));
    assert_eq!(named(&over), Some(vec!["ehr".to_owned()]));
    assert_eq!(over.contradiction(), None);
    let over = remote.clone().over(&not_remote);
    assert_eq!(over.fact("remote_maintenance"), Some(true));
    assert_eq!(over.contradiction(), None);
    let fact = |holds| ("remote_maintenance".to_owned(), holds);
    let category = ["remote-maintenance".to_owned()];
    assert!(System::told(&[fact(true), fact(true)], &category).is_ok());
    for (facts, categories) in [
        (vec![fact(true), fact(false)], &[][..]),
        (vec![fact(false)], &category[..]),
    ] {
        let finding = System::told(&facts, categories).unwrap_err();
        assert_eq!(finding.rule, "fact-invalid");
    }
}

#[test]
fn a_profile_beyond_measure_is_refused_at_once() {
    let requirement = |at: usize| {
        one("control = 'ops.backup'\nanswers = ['yes']").replace("only", &format!("r{at}"))
    };
    let most: String = (0..5_000).map(requirement).collect();
    assert_eq!(checked(&most).requirements.len(), 5_000);
    assert_eq!(
        broken(&format!("{most}{}", requirement(5_000))),
        ["profile-too-large"]
    );
    // Of many mistakes the first hundred are told, and how many there are besides.
    let wrong: String = (0..300)
        .map(|at| requirement(at).replace("ops.backup", "no.such"))
        .collect();
    let told = broken(&wrong);
    assert_eq!(told.len(), 101);
    assert_eq!(told[100], "profile-unreadable");
}

/// What `profile new --ask` writes where these are the answers.
fn answered(answers: &[u8]) -> String {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_kaijisho"))
        .args(["profile", "new", "--ask", "--lang", "ja"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The questions may end before the answers do.
    let _ = child.stdin.take().unwrap().write_all(answers);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn odd_answers_to_the_questions_make_a_sound_profile() {
    let read = |text: &str| parse(text, "t", Path::new("."), &Catalog::bundled()).unwrap();
    assert_eq!(answered(b""), TEMPLATE);
    let text = answered("わが病院\n４\n１、８\nはい\nｎ\n".as_bytes());
    let profile = read(&text);
    assert_eq!(profile.title.ja, "わが病院");
    assert!(text.contains("\nextends = [\"small-hospital\"]\n"));
    let named = profile.system.categories.clone().unwrap_or_default();
    assert_eq!(Vec::from_iter(named), ["cloud", "ehr"]);
    assert_eq!(profile.system.fact("remote_maintenance"), Some(true));
    assert_eq!(profile.system.fact("external_connection"), Some(false));
    assert_eq!(profile.system.fact("wireless_lan"), None);
    // Numbers that are not there, quotation marks, bytes that are no text, a line without an end.
    let long = "あ".repeat(100_000);
    for answers in ["\"\\題\"\u{7}\n9\n0\n-1\nx\n\n", "\n\n\nperhaps\n", &long] {
        read(&answered(answers.as_bytes()));
    }
    read(&answered(b"\xff\xfe\x00\n\n"));
}
