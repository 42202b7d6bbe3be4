//! What is recorded, and where systems stand because of it.

use jiff::civil::date;
use kaijisho::crosswalk::Crosswalk;
use kaijisho::register::{
    Assessable, Became, Comparing, Decision, FileQuery, Register, Status, SystemQuery,
};
use kaijisho::{Catalog, Language, Options, profile};

use super::*;

#[test]
fn a_sheet_finds_its_system_by_product_and_maker() {
    let mut register = register();
    let added = add(
        &mut register,
        "karte.toml",
        &karte("2026-03-01", "はい"),
        "2026-03-02",
    );
    assert_eq!(added.became, Became::Recorded(vec!["karte".into()]));
    assert_eq!(status(&register, "karte"), "received");
    // The maker differs: that is for somebody to say.
    let other = sheet("丙社", "乙医事", "2026-03-01", "はい");
    let added = add(&mut register, "iji.toml", &other, "2026-03-02");
    assert_eq!(added.became, Became::Unassigned(vec!["iji".into()]));
    assert_eq!(status(&register, "iji"), "missing");
    let said = register.add(
        &[prepared("iji.toml", &other)],
        Some("iji"),
        &stamp("2026-03-03"),
    );
    assert_eq!(
        said.expect("recorded")[0].became,
        Became::Assigned("iji".into())
    );
    assert_eq!(status(&register, "iji"), "received");
    // Said once more it changes nothing, and nothing is recorded.
    let entries = register.head().expect("a head").0;
    let again = register.add(
        &[prepared("iji.toml", &other)],
        Some("iji"),
        &stamp("2026-03-04"),
    );
    assert_eq!(
        again.expect("told")[0].became,
        Became::Known("iji.toml".into())
    );
    assert_eq!(register.head().expect("a head").0, entries);
    is_sound(&register);
}

#[test]
fn a_system_that_nobody_named_is_refused_and_nothing_is_recorded() {
    let mut register = register();
    let before = register.head().expect("a head");
    let files = [prepared("karte.toml", &karte("2026-03-01", "はい"))];
    let refused = register.add(&files, Some("kart"), &stamp("2026-03-02"));
    let error = refused.expect_err("no such system").to_string();
    assert!(error.contains("karte") && error.contains("iji"), "{error}");
    assert_eq!(register.head().expect("a head"), before);
}

#[test]
fn a_new_sheet_supersedes_by_its_date_and_the_old_one_stays() {
    let mut register = register();
    let (new, old) = (karte("2026-03-01", "はい"), karte("2025-03-01", "いいえ"));
    let first = add(&mut register, "2026.toml", &new, "2026-03-02").entry;
    // What came later but is older does not count.
    add(&mut register, "2025.toml", &old, "2026-03-03");
    let counting = |register: &Register| {
        let query = FileQuery {
            system: Some("karte".into()),
            ..FileQuery::default()
        };
        let files = register.files(&query).expect("asked").lines;
        let counts = files
            .iter()
            .filter(|file| !file.disclosures[0].counts_for.is_empty());
        (
            files.len(),
            counts.map(|file| file.name.clone()).collect::<Vec<_>>(),
        )
    };
    assert_eq!(counting(&register), (2, vec!["2026.toml".to_owned()]));
    // A slip of the year is no reason to stay for ever: it counts as the day of receipt.
    add(
        &mut register,
        "2062.toml",
        &karte("2062-03-01", "はい"),
        "2026-03-04",
    );
    assert_eq!(counting(&register), (3, vec!["2062.toml".to_owned()]));
    add(
        &mut register,
        "2026-05.toml",
        &karte("2026-05-01", "いいえ"),
        "2026-05-02",
    );
    assert_eq!(counting(&register), (4, vec!["2026-05.toml".to_owned()]));
    let (name, bytes) = {
        let file = register.files(&FileQuery::default()).expect("asked").lines;
        let oldest = file
            .iter()
            .find(|file| Some(file.entry) == first)
            .expect("still there");
        register
            .original(&oldest.sha256[..8])
            .expect("asked")
            .expect("kept")
    };
    assert_eq!((name, bytes), ("2026.toml".to_owned(), new.into_bytes()));
    is_sound(&register);
}

#[test]
fn history_says_what_changed_from_sheet_to_sheet() {
    let mut register = register();
    add(
        &mut register,
        "b.toml",
        &karte("2026-03-01", "いいえ"),
        "2026-03-02",
    );
    add(
        &mut register,
        "a.toml",
        &karte("2025-03-01", "はい"),
        "2026-03-03",
    );
    let options = Options::new(TODAY);
    let how = Comparing {
        options: &options,
        crosswalks: Crosswalk::bundled(),
        profile: None,
        language: Language::En,
    };
    let steps = register.steps("karte", how).expect("compared");
    assert_eq!(steps.len(), 1);
    // In the order of their dates, whichever came first.
    assert_eq!(
        (&*steps[0].old_name, &*steps[0].new_name),
        ("a.toml", "b.toml")
    );
    let answers: Vec<_> = steps[0]
        .changes
        .iter()
        .filter(|change| change.item.is_some())
        .collect();
    assert_eq!(answers.len(), 1);
    assert_eq!(answers[0].item.as_deref(), Some("1"));
    let kinds: Vec<String> = register
        .events("karte", Language::En)
        .expect("asked")
        .into_iter()
        .map(|event| event.kind)
        .collect();
    assert_eq!(kinds, ["facility", "received", "received"]);
}

#[test]
fn what_is_due_is_judged_by_the_day_and_ends_when_a_sheet_comes() {
    let mut register = register();
    assert_eq!(status(&register, "karte"), "missing");
    assert_eq!(status(&register, "own"), "not-needed");
    let due = date(2026, 9, 30);
    register
        .request("karte", Some(due), Some("電話で"), &stamp("2026-09-01"))
        .expect("recorded");
    register
        .request("iji", None, None, &stamp("2026-09-01"))
        .expect("recorded");
    let on = |register: &Register, day| {
        let found = register
            .system("karte", day)
            .expect("asked")
            .expect("known");
        (found.status, found.due)
    };
    let still = Some("2026-09-30".to_owned());
    assert_eq!(on(&register, due), ("due".to_owned(), still.clone()));
    assert_eq!(
        on(&register, date(2026, 10, 1)),
        ("overdue".to_owned(), still)
    );
    assert_eq!(status(&register, "iji"), "asked");
    let overdue = SystemQuery {
        statuses: vec![Status::Overdue],
        ..SystemQuery::default()
    };
    assert_eq!(ids(&register, &overdue), ["karte"]);
    let counts = register.statuses(TODAY).expect("asked");
    assert_eq!(
        counts["overdue"] + counts["asked"] + counts["not-needed"],
        3
    );
    add(
        &mut register,
        "karte.toml",
        &karte("2026-09-29", "はい"),
        "2026-10-01",
    );
    assert_eq!(
        on(&register, date(2026, 10, 2)),
        ("received".to_owned(), None)
    );
    assert_eq!(ids(&register, &overdue), [""; 0]);
    // Asked for again, next year.
    register
        .request("karte", Some(date(2027, 9, 30)), None, &stamp("2027-09-01"))
        .expect("recorded");
    assert_eq!(on(&register, date(2027, 9, 2)).0, "due");
    is_sound(&register);
}

#[test]
fn decisions_are_about_the_sheets_that_count_and_a_new_one_opens_the_question_again() {
    let mut register = register();
    let why = "備考がない";
    let early = register.decide(
        "karte",
        &Decision::Returned(None),
        why,
        &stamp("2026-03-01"),
    );
    assert!(early.is_err(), "nothing came yet");
    add(
        &mut register,
        "first.toml",
        &karte("2026-03-01", "いいえ"),
        "2026-03-02",
    );
    let back = Decision::Returned(Some(date(2026, 4, 1)));
    let files = register
        .decide("karte", &back, why, &stamp("2026-03-05"))
        .expect("recorded");
    assert_eq!(files, ["first.toml"]);
    assert_eq!(status(&register, "karte"), "overdue");
    let within = register
        .system("karte", date(2026, 4, 1))
        .expect("asked")
        .expect("known");
    assert_eq!(within.status, "sent-back");
    assert_eq!(within.decision.expect("kept").why, why);
    add(
        &mut register,
        "mended.toml",
        &karte("2026-03-20", "はい"),
        "2026-03-21",
    );
    assert_eq!(status(&register, "karte"), "received");
    let accepted = Decision::Accepted(vec!["項目 18".into()]);
    register
        .decide("karte", &accepted, "ほかは問題ない", &stamp("2026-03-22"))
        .expect("recorded");
    let now = system(&register, "karte");
    assert_eq!(now.status, "accepted-with-exceptions");
    assert_eq!(now.decision.expect("kept").exceptions, ["項目 18"]);
    register
        .decide(
            "karte",
            &Decision::Accepted(vec![]),
            "済",
            &stamp("2026-03-23"),
        )
        .expect("recorded");
    assert_eq!(status(&register, "karte"), "accepted");
    let kinds: Vec<String> = register
        .events("karte", Language::Ja)
        .expect("asked")
        .into_iter()
        .map(|event| event.kind)
        .collect();
    let told = [
        "facility", "received", "decided", "received", "decided", "decided",
    ];
    assert_eq!(kinds, told);
    is_sound(&register);
}

#[test]
fn an_assessment_names_the_text_of_the_profile() {
    let mut register = register();
    add(
        &mut register,
        "karte.toml",
        &karte("2026-03-01", "はい"),
        "2026-03-02",
    );
    let judge = profile::load("small-hospital", &Catalog::bundled()).expect("bundled");
    let of = Assessable {
        profile: &judge,
        text: profile::bundled_text("small-hospital"),
        date: TODAY,
    };
    let options = Options::new(TODAY);
    let found = register
        .assess("karte", of, &options, &stamp("2026-03-03"))
        .expect("assessed");
    assert_eq!(found, [("karte.toml".to_owned(), false)]);
    let now = system(&register, "karte");
    assert_eq!(now.status, "checked");
    let assessment = now.assessment.expect("kept");
    assert_eq!(assessment.sha256, judge.sha256);
    let counted: u64 = assessment
        .verdicts
        .values()
        .flat_map(|verdicts| verdicts.values())
        .sum();
    assert_eq!(counted, judge.requirements.len() as u64);
    let none = register
        .assess("iji", of, &options, &stamp("2026-03-03"))
        .expect("nothing to do");
    assert_eq!(none, []);
    is_sound(&register);
}

#[test]
fn a_new_facility_file_matches_what_was_of_no_system_and_keeps_systems_that_went() {
    let mut register = Register::in_memory().expect("a register");
    let added = add(
        &mut register,
        "karte.toml",
        &karte("2026-03-01", "はい"),
        "2026-03-02",
    );
    assert_eq!(added.became, Became::Unassigned(vec![]));
    let recorded =
        register.record_facility(&facility(FACILITY), FACILITY, &[], &stamp("2026-03-03"));
    assert_eq!(recorded.expect("recorded"), Some((3, 1)));
    assert_eq!(status(&register, "karte"), "received");
    let same = register.record_facility(&facility(FACILITY), FACILITY, &[], &stamp("2026-03-04"));
    assert_eq!(same.expect("told"), None);
    // The chart is replaced by a service of another name.
    let next = FACILITY.replace("id = \"karte\"", "id = \"karte2\"");
    register
        .record_facility(&facility(&next), &next, &[], &stamp("2026-06-01"))
        .expect("recorded");
    assert_eq!(
        ids(&register, &SystemQuery::default()),
        ["karte2", "iji", "own"]
    );
    let gone = SystemQuery {
        gone: true,
        ..SystemQuery::default()
    };
    assert_eq!(ids(&register, &gone), ["karte2", "iji", "own", "karte"]);
    assert!(!system(&register, "karte").in_use);
    assert_eq!(status(&register, "karte2"), "missing");
    is_sound(&register);
}

#[test]
fn a_search_takes_words_as_people_write_them() {
    let mut register = register();
    add(
        &mut register,
        "100%_a.toml",
        &karte("2026-03-01", "はい"),
        "2026-03-02",
    );
    let found = |text: &str| {
        let query = FileQuery {
            text: Some(text.into()),
            ..FileQuery::default()
        };
        register.files(&query).expect("asked").total
    };
    // Widths and cases are one; what LIKE takes specially stands for itself.
    for text in ["甲カルテ", "ＭＤＳ", "mds 甲", "100%_a", "", "  "] {
        assert_eq!(found(text), 1, "{text:?}");
    }
    for text in ["1%a", "100_", "乙", "'; DROP TABLE log; --"] {
        assert_eq!(found(text), 0, "{text:?}");
    }
    let by = |text: &str| {
        let query = SystemQuery {
            text: Some(text.into()),
            ..SystemQuery::default()
        };
        ids(&register, &query)
    };
    assert_eq!(by("カルテ"), ["karte"]);
    assert_eq!(by("乙社"), ["iji"]);
    assert_eq!(by("%"), [""; 0]);
}

#[test]
fn pages_of_a_list_meet_without_a_gap() {
    let mut register = register();
    for day in 1..=7 {
        let text = karte(&format!("2026-03-{day:02}"), "はい");
        add(&mut register, &format!("{day}.toml"), &text, "2026-04-01");
    }
    let page = |offset| {
        let query = FileQuery {
            limit: Some(3),
            offset,
            ..FileQuery::default()
        };
        let page = register.files(&query).expect("asked");
        assert_eq!(page.total, 7);
        page.lines
            .into_iter()
            .map(|file| file.name)
            .collect::<Vec<_>>()
    };
    let all: Vec<String> = [0, 3, 6, 9].into_iter().flat_map(page).collect();
    let names: Vec<String> = (1..=7).rev().map(|day| format!("{day}.toml")).collect();
    assert_eq!(all, names);
}

#[test]
fn a_file_that_is_no_disclosure_is_kept_and_told() {
    let mut register = register();
    let file = prepared("scan.pdf", "%PDF-1.7 not a sheet");
    let added = register
        .add(&[file], Some("karte"), &stamp("2026-03-02"))
        .expect("recorded");
    assert_eq!(added[0].became, Became::Recorded(vec!["karte".into()]));
    let files = register.files(&FileQuery::default()).expect("asked").lines;
    assert!(!files[0].readable && files[0].systems == ["karte"]);
    assert_eq!(status(&register, "karte"), "received");
    is_sound(&register);
}

#[test]
fn a_list_of_risks_is_kept_as_it_stood() {
    let mut register = register();
    let text = "schema = \"kaijisho/risks/1\"\n[[risk]]\nid = \"R001\"\nproduct = \"甲カルテ\"\n";
    let list = kaijisho::risks::Register::parse(text, "risks.toml").expect("a list");
    assert_eq!(
        register
            .record_risks(&list, &stamp("2026-03-02"))
            .expect("recorded"),
        Some(1)
    );
    assert_eq!(
        register
            .record_risks(&list, &stamp("2026-03-03"))
            .expect("told"),
        None
    );
    is_sound(&register);
}
