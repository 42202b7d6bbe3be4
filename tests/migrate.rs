//! Migration: what is carried to another form, and what is left to a person with the reason.
//!
//! The small forms stand here as text; each case says what an honest clerk would do by hand.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

#[path = "migrate/command.rs"]
mod command;
#[path = "migrate/conditions.rs"]
mod conditions;
#[path = "migrate/example.rs"]
mod example;
#[path = "migrate/property.rs"]
mod property;

use std::sync::Arc;

use kaijisho::crosswalk::{Crosswalk, LinkKind};
use kaijisho::migrate::{Migration, Outcome, Step, migrate};
use kaijisho::{
    Answer, Catalog, Disclosure, Entry, Field, Form, ItemNumber, Options, Source, State, examine,
    validate,
};

/// A form: its head, and its items below. Every item stands in one section.
fn form(id: &str, head: &str, items: &str) -> Arc<Form> {
    let text = format!(
        "schema = \"kaijisho/form/1\"\nid = \"{id}\"\nfamily = \"mds\"\nedition = \"1\"\n\
         title = {{ ja = \"様式\", en = \"Form\" }}\nprovenance = {{ ja = \"試験用\" }}\n\
         choices = [\"yes\", \"no\", \"na\"]\nrecognise = {{ titles = [\"様式\"] }}\n{head}\n\
         [[section]]\nid = \"A\"\ntitle = {{ ja = \"安全\", en = \"Safety\" }}\n{items}"
    );
    parsed(&text, id)
}

fn parsed(text: &str, id: &str) -> Arc<Form> {
    let forms = Catalog::parse(text, id).unwrap_or_else(|error| {
        panic!("{text}\n{}", support::case::mistakes(&error));
    });
    forms.forms()[0].clone()
}

/// An item of a form: its number, its control, further keys.
fn item(number: &str, control: &str, more: &str) -> String {
    let control = match control {
        "" => String::new(),
        control => format!("control = \"{control}\"\n"),
    };
    format!(
        "[[item]]\nnumber = \"{number}\"\nsection = \"A\"\ntitle = {{ ja = \"設問{number}\", en = \"Question {number}\" }}\n{control}{more}\n"
    )
}

/// A filled form, from the TOML of its items.
fn filled(form: &Arc<Form>, rest: &str) -> Disclosure {
    let mut options = Options::new(support::TODAY);
    options.catalog = Catalog::of(vec![form.clone()]);
    let text = format!("form = \"{}\"\n{rest}", form.id);
    let mut examined = examine(&Source::new("old.toml", text.clone().into()), &options);
    assert_eq!(
        examined.disclosures.len(),
        1,
        "{text}\n{:?}",
        examined.findings
    );
    examined.disclosures.remove(0)
}

/// A filled form from pairs of number and answer.
fn answered(form: &Arc<Form>, answers: &[(&str, &str)]) -> Disclosure {
    let rows: Vec<String> = answers
        .iter()
        .map(|(number, answer)| format!("{{ number = \"{number}\", answer = \"{answer}\" }}"))
        .collect();
    filled(form, &format!("items = [{}]", rows.join(", ")))
}

fn entry<'m>(migration: &'m Migration, number: &str) -> &'m Entry {
    migration
        .disclosure
        .entry(&ItemNumber::new(number))
        .unwrap()
}

fn step<'m>(migration: &'m Migration, number: &str) -> &'m Step {
    let at = migration.disclosure.form.position(&ItemNumber::new(number));
    migration.steps.iter().find(|step| step.item == at).unwrap()
}

/// Why nothing was carried to an item; empty if something was.
fn reason(migration: &Migration, number: &str) -> &'static str {
    match &step(migration, number).outcome {
        Outcome::Carried { .. } => "",
        Outcome::Left(reason) => {
            assert_eq!(
                entry(migration, number).state,
                State::Unanswered,
                "{number}"
            );
            assert_eq!(entry(migration, number).written, "", "{number}");
            reason.code().code()
        }
    }
}

/// The answers that lead nowhere: number and reason.
fn nowhere(old: &Disclosure, migration: &Migration) -> Vec<(String, &'static str)> {
    let steps = migration.steps.iter().filter(|step| step.item.is_none());
    steps
        .map(|step| {
            let number = old.entries[step.entries[0]].number.to_string();
            match &step.outcome {
                Outcome::Carried { .. } => panic!("{number} was carried to nowhere"),
                Outcome::Left(reason) => (number, reason.code().code()),
            }
        })
        .collect()
}

fn crosswalk(from: &Arc<Form>, to: &Arc<Form>, links: &str) -> Vec<Crosswalk> {
    let text = format!(
        "schema = \"kaijisho/crosswalk/1\"\nfrom = \"{}\"\nto = \"{}\"\n{links}",
        from.id, to.id
    );
    let forms = Catalog::of(vec![from.clone(), to.clone()]);
    vec![Crosswalk::parse(&text, "own", &forms).unwrap()]
}

#[test]
fn an_equal_item_gets_the_answer_the_remark_and_where_they_come_from() {
    let from = form("old", "", &item("4.1", "log.access", ""));
    let to = form("new", "", &item("7", "log.access", ""));
    let old = filled(
        &from,
        "items = [{ number = \"4.1\", answer = \"はい\", remark = \"90日分\" }]",
    );
    let migration = migrate(&old, &to, &[]);
    let entry = entry(&migration, "7");
    assert_eq!(
        (entry.answer, entry.state),
        (Some(Answer::Yes), State::Answered)
    );
    assert_eq!(entry.written, "はい");
    assert_eq!(
        entry.remark.text.as_deref(),
        Some("90日分\n〔移行元: old 1 4.1「はい」、確度 1.0〕")
    );
    assert_eq!(entry.text.as_ref().unwrap().text, "設問7");
    assert_eq!(
        step(&migration, "7").outcome,
        Outcome::Carried {
            entry: Some(0),
            confidence: 1.0
        }
    );
    assert!(!migration.is_open());
}

#[test]
fn the_answer_and_the_origin_are_in_the_language_of_the_new_form() {
    let from = form("old", "", &item("1", "log.access", ""));
    let to = parsed(
        "schema = \"kaijisho/form/1\"\nid = \"new\"\nfamily = \"mds2\"\nedition = \"2\"\ntitle = { ja = \"Form\" }\n\
          provenance = { ja = \"test\" }\nchoices = [\"yes\", \"no\"]\nrecognise = { titles = [\"Form\"] }\n\
          section = [{ id = \"A\", title = { ja = \"Safety\" } }]\n\
          item = [{ number = \"AB-1\", section = \"A\", title = { ja = \"Access is logged\" }, control = \"log.access\" }]",
        "new",
    );
    let migration = migrate(&answered(&from, &[("1", "いいえ")]), &to, &[]);
    let entry = entry(&migration, "AB-1");
    assert_eq!(
        (entry.written.as_str(), entry.answer),
        ("No", Some(Answer::No))
    );
    assert_eq!(
        entry.remark.text.as_deref(),
        Some("[Carried over from old 1 1: \"いいえ\", confidence 1.0]")
    );
}

#[test]
fn a_form_with_a_block_of_remarks_gets_them_there_and_references_become_texts() {
    let from = form(
        "old",
        "",
        &(item("1", "log.access", "") + &item("2", "log.time", "")),
    );
    let items = item("1", "log.time", "") + &item("2", "log.access", "");
    let old = filled(
        &from,
        "items = [{ number = \"1\", answer = \"はい\", remark_reference = \"備考7\" }, { number = \"2\", answer = \"はい\" }]\n\
         remarks = [{ key = 7, text = \"90日分\" }, { key = 8, text = \"どこからも参照されない\" }]",
    );
    let row = migrate(&old, &form("new", "remarks = \"row\"", &items), &[]);
    let remark = &entry(&row, "2").remark;
    assert_eq!(remark.reference, None);
    assert!(
        remark
            .text
            .as_ref()
            .unwrap()
            .starts_with("90日分\n〔移行元")
    );
    let block = migrate(&old, &form("new", "remarks = \"block\"", &items), &[]);
    let keys: Vec<(&str, u32)> = block
        .disclosure
        .notes
        .iter()
        .map(|note| (note.label.as_str(), note.key))
        .collect();
    assert_eq!(keys, [("備考1", 1), ("備考2", 2)]);
    let remark = &entry(&block, "2").remark;
    assert_eq!(remark.reference.as_deref(), Some("備考2"));
    assert_eq!(
        remark.text.as_deref(),
        Some(block.disclosure.notes[1].text.as_str())
    );
    // What no item refers to is not carried, and not lost.
    for migration in [&row, &block] {
        assert_eq!(migration.notes.len(), 1);
        assert_eq!(migration.notes[0].text, "どこからも参照されない");
        assert!(migration.is_open());
    }
}

#[test]
fn only_equal_items_are_carried() {
    let numbers = ["1", "2", "3", "4", "5", "6", "7", "8"];
    let all: String = numbers.map(|number| item(number, "", "")).concat();
    let (from, to) = (form("old", "", &all), form("new", "", &all));
    let links = "[[link]]\nfrom = [\"1\"]\nto = [\"8\"]\nkind = \"same\"\n\
                 [[link]]\nfrom = [\"2\"]\nto = [\"1\", \"2\"]\nkind = \"split\"\ncombine = \"any\"\n\
                 [[link]]\nfrom = [\"3\", \"4\"]\nto = [\"3\"]\nkind = \"merge\"\ncombine = \"all\"\n\
                 [[link]]\nfrom = [\"5\"]\nto = [\"4\"]\nkind = \"narrower\"\n\
                 [[link]]\nfrom = [\"6\"]\nto = [\"5\"]\nkind = \"wider\"\n\
                 [[link]]\nfrom = [\"7\", \"1\"]\nto = [\"6\", \"8\"]\nkind = \"related\"\n";
    let crosswalks = crosswalk(&from, &to, links);
    let old = answered(&from, &numbers.map(|number| (number, "はい")));
    let migration = migrate(&old, &to, &crosswalks);
    let reasons = numbers.map(|number| reason(&migration, number));
    let expected = [
        "split", "split", "merge", "narrower", "wider", "related", "new", "",
    ];
    assert_eq!(reasons, expected);
    assert_eq!(
        step(&migration, "3").entries,
        [2, 3],
        "what the old sheet said stands in the list"
    );
    assert_eq!(nowhere(&old, &migration), [("8".to_owned(), "dropped")]);
    assert!(migration.is_open());
    // An answer close to one that was carried from elsewhere is not forgotten.
    let links = "[[link]]\nfrom = [\"1\"]\nto = [\"8\"]\nkind = \"same\"\n\
                 [[link]]\nfrom = [\"7\"]\nto = [\"8\"]\nkind = \"related\"\n";
    let old = answered(&from, &[("1", "はい"), ("7", "いいえ")]);
    let migration = migrate(&old, &to, &crosswalk(&from, &to, links));
    assert_eq!(nowhere(&old, &migration), [("7".to_owned(), "near")]);
    assert_eq!(step(&migration, "8").links[1].kind, LinkKind::Related);
}

#[test]
fn an_uncertain_item_is_left_and_a_fairly_sure_one_is_to_be_confirmed() {
    let with = |confidence: &str| {
        let more = format!("confidence = {confidence}");
        form("old", "", &item("1", "log.access", &more))
    };
    let to = form("new", "", &item("1", "log.access", "confidence = 0.9375"));
    let carried =
        |confidence: &str| migrate(&answered(&with(confidence), &[("1", "はい")]), &to, &[]);
    assert_eq!(reason(&carried("0.5"), "1"), "uncertain");
    // Sure enough by itself, but not together with the other side.
    assert_eq!(reason(&carried("0.71875"), "1"), "uncertain");
    let sure = carried("0.9375");
    assert_eq!(reason(&sure, "1"), "");
    assert!(sure.is_open(), "a person should look");
    let remark = entry(&sure, "1").remark.text.clone().unwrap();
    assert_eq!(remark, "〔移行元: old 1 1「はい」、確度 0.87〕");
}

#[test]
fn an_answer_that_is_not_clear_is_left() {
    let from = form(
        "old",
        "",
        &(item("1", "log.access", "") + &item("2", "log.time", "choices = [\"yes\", \"no\"]")),
    );
    let to = form(
        "new",
        "",
        &(item("1", "log.access", "") + &item("2", "log.time", "")),
    );
    let one = |items: &str| {
        let old = filled(&from, &format!("items = [{items}]"));
        let migration = migrate(&old, &to, &[]);
        let listed = step(&migration, "1").entries.len();
        (
            reason(&migration, "1"),
            listed,
            nowhere(&old, &migration).len(),
        )
    };
    assert_eq!(
        one("{ number = \"1\", answer = \"はい・いいえ\" }"),
        ("unclear", 1, 0)
    );
    assert_eq!(
        one("{ number = \"1\", answer = \"一部対応\" }"),
        ("unclear", 1, 0)
    );
    assert_eq!(one("{ number = \"1\" }"), ("unanswered", 1, 0));
    assert_eq!(
        one("{ number = \"2\", answer = \"はい\" }"),
        ("missing", 0, 0)
    );
    // Two rows that say different things; the same twice is no riddle.
    let row = |answer: &str| format!("{{ number = \"1\", answer = \"{answer}\" }}");
    assert_eq!(
        one(&format!("{}, {}", row("はい"), row("いいえ"))),
        ("unclear", 1, 1)
    );
    assert_eq!(
        one(&format!("{}, {}", row(""), row("いいえ"))),
        ("unclear", 1, 1)
    );
    assert_eq!(
        one(&format!("{}, {}", row("はい"), row("はい"))),
        ("", 1, 0)
    );
    // An answer that its own form does not offer.
    let migration = migrate(&answered(&from, &[("2", "対象外")]), &to, &[]);
    assert_eq!(reason(&migration, "2"), "unclear");
    // A number that its own form does not have.
    let old = answered(&from, &[("9.9", "はい")]);
    let migration = migrate(&old, &to, &[]);
    assert_eq!(
        nowhere(&old, &migration),
        [("9.9".to_owned(), "unknown-item")]
    );
    // A hidden row: perhaps nobody meant it to be there.
    let mut old = answered(&from, &[("1", "はい")]);
    old.entries[0].hidden = true;
    assert_eq!(reason(&migrate(&old, &to, &[]), "1"), "hidden");
    old.entries[0].hidden = false;
    old.entries[0].drawn = true;
    assert_eq!(reason(&migrate(&old, &to, &[]), "1"), "unclear");
}

#[test]
fn a_question_that_was_changed_on_the_sheet_is_left() {
    let title = |text: &str| format!("title = {{ ja = \"{text}\" }}\n");
    let item = |text: &str| {
        format!(
            "[[item]]\nnumber = \"1\"\nsection = \"A\"\n{}control = \"log.access\"\n",
            title(text)
        )
    };
    let from = form(
        "old",
        "compare_text = true",
        &item("利用者の操作を記録しているか"),
    );
    let to = form("new", "", &item("アクセスログを残しているか"));
    let asked = |text: &str| {
        let old = filled(
            &from,
            &format!("items = [{{ number = \"1\", text = \"{text}\", answer = \"はい\" }}]"),
        );
        reason(&migrate(&old, &to, &[]), "1")
    };
    assert_eq!(asked("利用者の操作を記録しているか。"), "");
    assert_eq!(asked("利用者の操作を記録していないか"), "reworded");
    assert_eq!(asked("保守員の端末を台帳で管理しているか"), "reworded");
}

#[test]
fn an_answer_that_the_new_item_does_not_take_is_left() {
    let from = form(
        "old",
        "",
        &(item(
            "1",
            "log.access",
            "choices = [\"yes\", \"no\", \"na\", \"see-note\"]",
        ) + &item("2", "log.time", "")),
    );
    let to = form(
        "new",
        "",
        &(item("1", "log.access", "") + &item("2", "log.time", "choices = [\"yes\", \"no\"]")),
    );
    let migration = migrate(
        &answered(&from, &[("1", "備考参照"), ("2", "対象外")]),
        &to,
        &[],
    );
    assert_eq!(reason(&migration, "1"), "outside-choices");
    assert_eq!(reason(&migration, "2"), "outside-choices");
    let takes = form(
        "new",
        "",
        &item("1", "log.access", "choices = [\"see-note\"]"),
    );
    let migration = migrate(&answered(&from, &[("1", "備考参照")]), &takes, &[]);
    assert_eq!(entry(&migration, "1").answer, Some(Answer::SeeNote));
}

#[test]
fn kinds_and_methods_must_be_the_same() {
    let methods = |ids: &[(&str, &str)]| {
        let options: Vec<String> = ids
            .iter()
            .map(|(id, title)| format!("{{ id = \"{id}\", title = {{ ja = \"{title}\" }} }}"))
            .collect();
        format!(
            "kind = \"multiple\"\nchoices = [\"na\"]\noptions = [{}]",
            options.join(", ")
        )
    };
    let two = methods(&[("password", "知識"), ("token", "所持")]);
    let from = form(
        "old",
        "",
        &(item("1", "auth.identification", &two)
            + &item("2", "log.time", "kind = \"text\"")
            + &item("3", "soft.end-of-support", "kind = \"date\"")),
    );
    let old = answered(
        &from,
        &[("1", "所持"), ("2", "NTP で毎時"), ("3", "令和8年9月30日")],
    );
    let to = |kind: &str| {
        let to = form("new", "", &item("5", "auth.identification", kind));
        migrate(&old, &to, &[])
    };
    let same = to(&two);
    assert_eq!(entry(&same, "5").options, ["token"]);
    assert_eq!(
        (reason(&same, "5"), entry(&same, "5").written.as_str()),
        ("", "所持")
    );
    let turned = methods(&[("token", "所持"), ("password", "知識")]);
    assert_eq!(reason(&to(&turned), "5"), "");
    // Another method to choose makes a missing tick mean something else; numbers are no names.
    let three = methods(&[("password", "知識"), ("token", "所持"), ("bio", "生体")]);
    assert_eq!(reason(&to(&three), "5"), "other-kind");
    let crossed = methods(&[("token", "知識"), ("password", "所持")]);
    assert_eq!(reason(&to(&crossed), "5"), "other-kind");
    assert_eq!(reason(&to("kind = \"text\""), "5"), "other-kind");
    assert_eq!(reason(&to(""), "5"), "other-kind");
    // Texts and dates go to their own kind as they are written.
    let to = form(
        "new",
        "",
        &(item("1", "log.time", "kind = \"text\"")
            + &item("2", "soft.end-of-support", "kind = \"date\"")),
    );
    let migration = migrate(&old, &to, &[]);
    assert_eq!(entry(&migration, "1").written, "NTP で毎時");
    assert_eq!(entry(&migration, "2").written, "令和8年9月30日");
}

#[test]
fn the_head_is_carried_but_not_its_date() {
    let head = "[[header]]\nfield = \"date\"\nrequired = true\n[[header]]\nfield = \"version\"\nrequired = true\n";
    let (from, to) = (
        form("old", head, &item("1", "log.access", "")),
        form("new", head, &item("1", "log.access", "")),
    );
    let old = filled(
        &from,
        "header = { date = \"2024-04-01\", manufacturer = \"見本\", product = \"見本カルテ\" }\nitems = [{ number = \"1\", answer = \"はい\" }]",
    );
    let migration = migrate(&old, &to, &[]);
    let value = |field| migration.disclosure.field(field).map(|value| value.value());
    assert_eq!(value(Field::Date), None);
    assert_eq!(value(Field::Product).as_deref(), Some("見本カルテ"));
    assert_eq!(value(Field::Manufacturer).as_deref(), Some("見本"));
    let told: Vec<(Field, &str, bool)> = migration
        .header
        .iter()
        .map(|step| (step.field, step.written.as_str(), step.is_carried))
        .collect();
    let expected = [
        (Field::Date, "2024-04-01", false),
        (Field::Manufacturer, "見本", true),
        (Field::Product, "見本カルテ", true),
        // The new form wants it, and the old sheet does not have it.
        (Field::Version, "", false),
    ];
    assert_eq!(told, expected);
    let found = validate(&migration.disclosure, support::TODAY);
    let missing = found
        .iter()
        .filter(|finding| finding.rule == "header-missing");
    assert_eq!(missing.count(), 2);
}

#[test]
fn a_field_of_the_head_may_be_an_item() {
    let catalog = Catalog::bundled();
    let (mds, mds2) = (
        catalog.form("mds-reference").unwrap(),
        catalog.form("mds2-2019").unwrap(),
    );
    let old = filled(
        &mds,
        "header = { date = \"2026-04-01\", product = \"Sample ward system\" }\nitems = [{ number = \"1\", answer = \"はい\" }]",
    );
    let there = migrate(&old, &mds2, Crosswalk::bundled());
    assert_eq!(entry(&there, "DOC-2").written, "Sample ward system");
    assert_eq!(reason(&there, "DOC-7"), "date");
    assert_eq!(reason(&there, "DOC-1"), "new");
    let old = filled(
        &mds2,
        "items = [{ number = \"DOC-2\", answer = \"Sample\" }, { number = \"DOC-7\", answer = \"2026-04-01\" }, { number = \"DOC-4\", answer = \"D-1\" }]",
    );
    let back = migrate(&old, &mds, Crosswalk::bundled());
    assert_eq!(
        back.disclosure.field(Field::Product).unwrap().written,
        "Sample"
    );
    assert_eq!(back.disclosure.field(Field::Date), None);
    // The head tells the fields; only what is no field leads nowhere.
    assert_eq!(nowhere(&old, &back), [("DOC-4".to_owned(), "dropped")]);
}

#[test]
fn a_number_alone_makes_no_item_the_same() {
    let from = form(
        "old",
        "",
        &(item("1", "log.access", "") + &item("2", "log.time", "")),
    );
    let to = form(
        "new",
        "",
        &(item("1", "log.time", "") + &item("2", "ops.backup", "")),
    );
    let old = answered(&from, &[("1", "はい"), ("2", "いいえ")]);
    let migration = migrate(&old, &to, &[]);
    assert_eq!(
        entry(&migration, "1").answer,
        Some(Answer::No),
        "by its control from item 2"
    );
    assert_eq!(reason(&migration, "2"), "new");
    assert_eq!(nowhere(&old, &migration), [("1".to_owned(), "dropped")]);
}

#[test]
fn an_edition_of_the_same_form() {
    let text = "schema = \"kaijisho/form/1\"\nid = \"two\"\nfamily = \"mds\"\nedition = \"2\"\neditions = [\"2\", \"1\"]\n\
        title = { ja = \"様式\" }\nprovenance = { ja = \"試験用\" }\nchoices = [\"yes\", \"no\"]\nrecognise = { titles = [\"様式\"] }\n\
        section = [{ id = \"A\", title = { ja = \"安全\" } }]\n\
        [[item]]\nnumber = \"1\"\nsection = \"A\"\ntitle = { ja = \"施錠\" }\n\
        [[item]]\nnumber = \"2\"\nsection = \"A\"\ntitle = { ja = \"古い設問\" }\neditions = [\"1\"]\n\
        [[item]]\nnumber = \"3\"\nsection = \"A\"\ntitle = { ja = \"新しい設問\" }\neditions = [\"2\"]\n";
    let forms = Catalog::parse(text, "two").unwrap();
    let (new, old) = (forms.forms()[0].clone(), forms.forms()[1].clone());
    assert_eq!((new.edition.as_str(), old.edition.as_str()), ("2", "1"));
    let old = answered(&old, &[("1", "はい"), ("2", "いいえ")]);
    let migration = migrate(&old, &new, &[]);
    // No control, and a question too short to be told by its words: it is the same item of the same file.
    assert_eq!(entry(&migration, "1").answer, Some(Answer::Yes));
    assert_eq!(reason(&migration, "3"), "new");
    assert_eq!(nowhere(&old, &migration), [("2".to_owned(), "dropped")]);
}
