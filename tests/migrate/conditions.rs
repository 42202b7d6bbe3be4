//! Conditions of the new form: what it does not ask, what would contradict, and remarks that it wants.

use super::*;

/// A question, and one below it that is asked when it says yes.
fn pair(id: &str, more: &str) -> Arc<Form> {
    let child = format!("parent = \"1\"\n{more}");
    form(
        id,
        "",
        &(item("1", "log.access", "") + &item("1.1", "log.review", &child)),
    )
}

/// Two questions, both always asked.
fn two() -> Arc<Form> {
    form(
        "old",
        "",
        &(item("1", "log.access", "") + &item("2", "log.review", "")),
    )
}

fn migrated(old: &Arc<Form>, to: &Arc<Form>, answers: &[(&str, &str)]) -> (Disclosure, Migration) {
    let old = answered(old, answers);
    let migration = migrate(&old, to, &[]);
    (old, migration)
}

fn rules(migration: &Migration) -> Vec<&'static str> {
    let found = validate(&migration.disclosure, support::TODAY);
    found.into_iter().map(|finding| finding.rule).collect()
}

#[test]
fn a_yes_under_a_no_leaves_both_to_a_person() {
    let (old, migration) = migrated(&two(), &pair("new", ""), &[("1", "いいえ"), ("2", "はい")]);
    assert_eq!(reason(&migration, "1"), "contradicts");
    assert_eq!(reason(&migration, "1.1"), "contradicts");
    let names = |number: &str| match &step(&migration, number).outcome {
        Outcome::Carried { .. } => panic!("{number}"),
        Outcome::Left(reason) => reason.item().map(ToString::to_string),
    };
    assert_eq!(
        (names("1").as_deref(), names("1.1").as_deref()),
        (Some("1.1"), Some("1"))
    );
    // The old answers stand in the list, not among those that lead nowhere.
    assert_eq!(
        (
            step(&migration, "1").entries.len(),
            step(&migration, "1.1").entries.len()
        ),
        (1, 1)
    );
    assert!(nowhere(&old, &migration).is_empty());
    assert!(!rules(&migration).contains(&"child-contradicts-parent"));
}

#[test]
fn what_the_new_form_does_not_ask_stays_blank() {
    for (above, below) in [
        ("いいえ", "いいえ"),
        ("いいえ", "対象外"),
        ("対象外", "いいえ"),
    ] {
        let (_, migration) = migrated(&two(), &pair("new", ""), &[("1", above), ("2", below)]);
        assert_eq!(
            (reason(&migration, "1"), reason(&migration, "1.1")),
            ("", "not-asked")
        );
        assert!(!migration.is_open(), "nothing is to be decided");
        assert!(!rules(&migration).contains(&"child-answered-under-no"));
        assert_eq!(
            step(&migration, "1.1").entries.len(),
            1,
            "the old answer is in the list"
        );
    }
    // A yes under not applicable is for a person, as it is under a no.
    let (_, migration) = migrated(&two(), &pair("new", ""), &[("1", "対象外"), ("2", "はい")]);
    assert_eq!(
        (reason(&migration, "1"), reason(&migration, "1.1")),
        ("contradicts", "contradicts")
    );
    // What is new there is not asked either.
    let to = form(
        "new",
        "",
        &(item("1", "log.access", "")
            + &item("1.1", "", "parent = \"1\"")
            + &item("1.1.1", "", "parent = \"1.1\"")),
    );
    let (_, migration) = migrated(&two(), &to, &[("1", "いいえ")]);
    assert_eq!(
        (reason(&migration, "1.1"), reason(&migration, "1.1.1")),
        ("not-asked", "not-asked")
    );
    // Under a yes, or where nothing was carried, everything is asked.
    let (_, migration) = migrated(&two(), &to, &[("1", "はい")]);
    assert_eq!(reason(&migration, "1.1"), "new");
    let (_, migration) = migrated(&two(), &to, &[]);
    assert_eq!(
        (reason(&migration, "1"), reason(&migration, "1.1")),
        ("missing", "new")
    );
}

#[test]
fn a_form_may_tolerate_answers_that_are_not_asked() {
    let to = pair("new", "on_disabled = \"tolerate\"");
    let (_, migration) = migrated(&two(), &to, &[("1", "いいえ"), ("2", "はい")]);
    assert_eq!(
        (reason(&migration, "1"), reason(&migration, "1.1")),
        ("", "")
    );
}

#[test]
fn what_the_old_sheet_says_unasked_is_carried_unless_it_contradicts() {
    let old = pair("old", "");
    for (above, below) in [
        ("いいえ", "いいえ"),
        ("いいえ", "対象外"),
        ("対象外", "はい"),
    ] {
        let (_, migration) = migrated(&old, &pair("new", ""), &[("1", above), ("1.1", below)]);
        assert_eq!(
            (reason(&migration, "1"), reason(&migration, "1.1")),
            ("", ""),
            "{above} {below}"
        );
    }
    let (_, migration) = migrated(&old, &pair("new", ""), &[("1", "いいえ"), ("1.1", "はい")]);
    assert_eq!(
        (reason(&migration, "1"), reason(&migration, "1.1")),
        ("contradicts", "contradicts")
    );
}

#[test]
fn taking_one_answer_back_may_open_others() {
    // 3 is asked when 2 says no, and 2 only when 1 says yes.
    let to = form(
        "new",
        "",
        &(item("1", "log.access", "")
            + &item("2", "log.review", "parent = \"1\"")
            + &item("3", "log.time", "enable = { item = \"2\", is = [\"no\"] }")),
    );
    let old = form(
        "old",
        "",
        &(item("1", "log.access", "") + &item("2", "log.review", "") + &item("3", "log.time", "")),
    );
    let (_, migration) = migrated(
        &old,
        &to,
        &[("1", "いいえ"), ("2", "いいえ"), ("3", "いいえ")],
    );
    assert_eq!(
        ["1", "2", "3"].map(|number| reason(&migration, number)),
        ["", "not-asked", "not-asked"]
    );
    let (_, migration) = migrated(
        &old,
        &to,
        &[("1", "いいえ"), ("2", "いいえ"), ("3", "はい")],
    );
    // 2 is blank, so what speaks against 3 is 1.
    assert_eq!(
        ["1", "2", "3"].map(|number| reason(&migration, number)),
        ["contradicts", "", "contradicts"]
    );
    assert!(!rules(&migration).contains(&"child-contradicts-parent"));
}

#[test]
fn where_an_answer_comes_from_does_not_stand_in_for_a_remark() {
    let to = form(
        "new",
        "remark_rule = [{ when = [\"na\"] }]",
        &item("1", "log.access", ""),
    );
    let old = two();
    let (_, migration) = migrated(&old, &to, &[("1", "対象外")]);
    assert_eq!(reason(&migration, "1"), "");
    assert!(rules(&migration).contains(&"remark-missing"));
    let block = form(
        "new",
        "remarks = \"block\"\nremark_rule = [{ when = [\"na\"] }]",
        &item("1", "log.access", ""),
    );
    let (_, migration) = migrated(&old, &block, &[("1", "対象外")]);
    assert!(rules(&migration).contains(&"remark-missing"));
    assert!(!rules(&migration).contains(&"remark-dangling"));
    // Carried once more, it is still no remark; the vendor's own words are.
    let again = migrate(&migration.disclosure, &to, &[]);
    let remark = entry(&again, "1").remark.text.clone().unwrap();
    assert_eq!(remark.matches("移行元").count(), 2, "{remark}");
    assert!(rules(&again).contains(&"remark-missing"));
    let explained = filled(
        &old,
        "items = [{ number = \"1\", answer = \"対象外\", remark = \"画面がない\" }]",
    );
    let migration = migrate(&explained, &to, &[]);
    assert!(!rules(&migration).contains(&"remark-missing"));
}

#[test]
fn a_remark_without_room_for_its_origin_stays_whole() {
    let text = "あ".repeat(32_760);
    let old = filled(
        &two(),
        &format!("items = [{{ number = \"1\", answer = \"はい\", remark = \"{text}\" }}]"),
    );
    let migration = migrate(&old, &pair("new", ""), &[]);
    assert_eq!(
        entry(&migration, "1").remark.text.as_deref(),
        Some(text.as_str())
    );
}
