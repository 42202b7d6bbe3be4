//! What holds of every migration: nothing is lost, nothing is invented, and what is written is read back.

use std::collections::HashSet;

use kaijisho::crosswalk::LinkKind;
use kaijisho::migrate::list::{ListFormat, OldFile, list};
use kaijisho::write::{Origin, Target, write};
use kaijisho::{Kind, THRESHOLD};

use super::*;

#[path = "../support/layouts/random.rs"]
#[allow(dead_code)]
mod random;

use random::Random;

/// Words that stand in answer cells: clear, unclear, and nothing.
const WORDS: [&str; 10] = [
    "はい",
    "はい",
    "いいえ",
    "いいえ",
    "対象外",
    "備考参照",
    "",
    "一部対応",
    "はい・いいえ",
    "Yes",
];
const REMARKS: [&str; 5] = ["", "", "標準で対応", "備考1", "別紙を参照\n二行目"];

/// The bundled forms, and small ones with methods, blocks and conditions.
fn forms() -> Vec<Arc<Form>> {
    let mut forms = Catalog::bundled().forms().to_vec();
    for name in ["full", "kinds", "small", "tens", "editions"] {
        forms.extend(support::form(name).forms().iter().cloned());
    }
    forms
}

/// A sheet filled at random: answers, remarks, rows that lack or stand twice, a number that no form has.
fn sheet(form: &Arc<Form>, random: &mut Random) -> Disclosure {
    let mut rows: Vec<String> = Vec::new();
    for item in &form.items {
        if random.once_in(12) {
            continue;
        }
        let times = if random.once_in(15) { 2 } else { 1 };
        for _ in 0..times {
            let answer = match item.kind {
                Kind::Multiple if !item.options.is_empty() => random.of(&item.options).id.clone(),
                Kind::Choice | Kind::Multiple | Kind::Text | Kind::Date => {
                    (*random.of(&WORDS)).to_owned()
                }
            };
            let remark = random.of(&REMARKS).replace('\n', "\\n");
            rows.push(format!(
                "{{ number = \"{}\", answer = \"{answer}\", remark = \"{remark}\" }}",
                item.number
            ));
        }
    }
    rows.push("{ number = \"99.9\", answer = \"はい\" }".to_owned());
    filled(
        form,
        &format!(
            "header = {{ date = \"2025-04-01\", product = \"見本\" }}\nremarks = [{{ key = 1, text = \"本文\" }}]\nitems = [{}]",
            rows.join(", ")
        ),
    )
}

/// Every item of the new form has one step, and an answer only where a step says from which old answer.
fn nothing_is_invented(old: &Disclosure, migration: &Migration) {
    let new = &migration.disclosure;
    let positions: Vec<usize> = migration
        .steps
        .iter()
        .filter_map(|step| step.item)
        .collect();
    assert_eq!(positions, (0..new.form.items.len()).collect::<Vec<_>>());
    for step in &migration.steps {
        let Some(at) = step.item else { continue };
        let entry = &new.entries[at];
        match &step.outcome {
            Outcome::Left(_) => {
                assert_eq!((entry.answer, entry.state), (None, State::Unanswered));
                assert_eq!((entry.written.as_str(), entry.options.len()), ("", 0));
                assert_eq!(entry.remark.text, None);
            }
            Outcome::Carried { entry: None, .. } => {
                let field = new
                    .header
                    .iter()
                    .any(|value| value.written == entry.written);
                assert!(field && !entry.written.is_empty(), "{}", entry.number);
            }
            Outcome::Carried {
                entry: Some(from),
                confidence,
            } => {
                let source = &old.entries[*from];
                assert_eq!(source.state, State::Answered);
                assert_eq!(
                    (entry.answer, &entry.options),
                    (source.answer, &source.options)
                );
                assert!(*confidence >= THRESHOLD && *confidence <= 1.0);
                let same = step
                    .links
                    .iter()
                    .find(|link| link.kind == LinkKind::Same)
                    .unwrap();
                assert_eq!(same.from, std::slice::from_ref(&source.number));
                assert!(
                    entry
                        .answer
                        .is_none_or(|answer| new.form.items[at].choices.contains(&answer))
                );
                assert!(
                    entry
                        .remark
                        .text
                        .as_ref()
                        .unwrap()
                        .contains(source.number.as_str())
                );
            }
        }
    }
}

/// Every entry that says something is carried, in a step, or a field of the head.
fn nothing_is_lost(old: &Disclosure, migration: &Migration) {
    let mut told: HashSet<usize> = HashSet::new();
    for step in &migration.steps {
        match &step.outcome {
            Outcome::Carried { entry, .. } => told.extend(entry),
            Outcome::Left(_) => told.extend(&step.entries),
        }
    }
    for (at, entry) in old.entries.iter().enumerate() {
        let says = !entry.written.is_empty() || entry.remark.text.is_some();
        if !says || told.contains(&at) {
            continue;
        }
        let in_head = old
            .form
            .headers
            .iter()
            .any(|asked| asked.item.as_ref() == Some(&entry.number));
        // A second row that says the same as the first.
        let first = entry.item.and_then(|item| old.entry_at(item));
        let again = first
            .is_some_and(|first| first.answer == entry.answer && first.options == entry.options);
        assert!(in_head || again, "{} {:?}", entry.number, entry.written);
    }
}

#[test]
fn nothing_is_lost_and_nothing_invented() {
    let forms = forms();
    let mut random = Random::new(20_261_001);
    let (mut carried, mut left) = (0, 0);
    for from in &forms {
        for to in &forms {
            let old = sheet(from, &mut random);
            let migration = migrate(&old, to, Crosswalk::bundled());
            nothing_is_invented(&old, &migration);
            nothing_is_lost(&old, &migration);
            let wrong = validate(&migration.disclosure, support::TODAY);
            let wrong: Vec<_> = wrong
                .iter()
                .filter(|finding| {
                    [
                        "child-contradicts-parent",
                        "answer-unknown",
                        "answer-conflicting",
                        "answer-outside-choices",
                        "item-missing",
                        "item-duplicate",
                        "remark-dangling",
                    ]
                    .contains(&finding.rule)
                })
                .collect();
            assert!(wrong.is_empty(), "{} {}: {wrong:?}", from.id, to.id);
            let is_carried = |step: &&Step| matches!(step.outcome, Outcome::Carried { .. });
            carried += migration.steps.iter().filter(is_carried).count();
            left += migration
                .steps
                .iter()
                .filter(|step| !is_carried(step))
                .count();
            // The same again, bit by bit.
            let again = migrate(&old, to, Crosswalk::bundled());
            assert_eq!(again.steps, migration.steps);
            assert!(again.disclosure.same_content(&migration.disclosure));
        }
    }
    assert!(carried > 300 && left > 5000, "{carried} {left}");
}

#[test]
fn what_is_written_is_read_back() {
    let mut random = Random::new(7);
    for (from, to) in [
        ("mds-reference", "sds-reference"),
        ("mds2-2019", "mds-reference"),
        ("mds-reference", "mds2-2019"),
    ] {
        let catalog = Catalog::bundled();
        let (from, to) = (catalog.form(from).unwrap(), catalog.form(to).unwrap());
        let old = sheet(&from, &mut random);
        let migration = migrate(&old, &to, Crosswalk::bundled());
        let origin = Origin {
            file: "old.toml",
            sha256: "",
        };
        let all = [migration.disclosure];
        for (target, name) in [
            (Target::Xlsx, "new.xlsx"),
            (Target::Xml, "new.xml"),
            (Target::Json, "new.json"),
            (Target::Toml, "new.toml"),
        ] {
            let bytes = write(&all, &origin, target, kaijisho::Language::Ja).unwrap();
            let read = examine(&Source::new(name, bytes), &Options::new(support::TODAY));
            assert!(
                read.disclosures[0].same_content(&all[0]),
                "{} {name}",
                to.id
            );
        }
    }
}

/// What a vendor wrote beside the form has no place on another one: it is named, not dropped in silence.
#[test]
fn what_no_form_asks_for_is_told() {
    let form = Catalog::bundled().form("mds-reference").unwrap();
    let old = filled(
        &form,
        "items = [{ number = \"1\", answer = \"はい\", owner = \"品質保証部\" }]",
    );
    let to = Catalog::bundled().form("sds-reference").unwrap();
    let migration = migrate(&old, &to, Crosswalk::bundled());
    assert!(migration.disclosure.kept.is_empty());
    let file = OldFile {
        file: "old.toml",
        sha256: "",
        left_out: Vec::new(),
    };
    let list = list(&old, &migration, file, kaijisho::Language::Ja);
    let [other] = &list.other[..] else {
        panic!("{:?}", list.other)
    };
    assert_eq!(
        (
            other.kind.as_str(),
            other.label.as_str(),
            other.text.as_str()
        ),
        ("key", "owner", "品質保証部")
    );
    for format in [
        ListFormat::Human {
            width: 80,
            colour: false,
            verbose: false,
        },
        ListFormat::Csv,
        ListFormat::Markdown,
        ListFormat::Json,
    ] {
        let text = String::from_utf8(list.render(format).unwrap()).unwrap();
        assert!(text.contains("品質保証部"), "{format:?}");
    }
}
