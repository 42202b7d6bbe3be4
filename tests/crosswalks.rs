//! Crosswalks: the bundled files, the links they and the controls give, and what an item may stand in.

// A test that cannot go on says where it stopped; the panic is the message.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use kaijisho::crosswalk::table::table;
use kaijisho::crosswalk::{By, Combine, Crosswalk, Link, LinkKind, Links, links};
use kaijisho::schema::Published;
use kaijisho::{Catalog, Error, Form, ItemNumber, Language};

fn bundled(id: &str) -> Arc<Form> {
    Catalog::bundled().form(id).expect("a bundled form")
}

fn between(from: &str, to: &str) -> Links {
    links(&bundled(from), &bundled(to), Crosswalk::bundled())
}

/// The links that lead to an item.
fn to<'l>(links: &'l Links, item: &str) -> Vec<&'l Link> {
    let item = ItemNumber::new(item);
    let reaches = |link: &&Link| link.to.contains(&item);
    links.links.iter().filter(reaches).collect()
}

fn numbers(items: &[ItemNumber]) -> Vec<&str> {
    items.iter().map(ItemNumber::as_str).collect()
}

/// Every two bundled forms, both ways.
fn pairs() -> Vec<(Arc<Form>, Arc<Form>)> {
    let forms = Catalog::bundled();
    let both = |from: &Arc<Form>| -> Vec<(Arc<Form>, Arc<Form>)> {
        let others = forms.forms().iter().filter(|to| to.id != from.id);
        others.map(|to| (from.clone(), to.clone())).collect()
    };
    forms.forms().iter().flat_map(both).collect()
}

#[test]
fn crosswalks_and_their_files_are_one_list() {
    let folder = support::project().join("schemas/crosswalks");
    let stems: Vec<String> = support::files(&folder)
        .iter()
        .map(|file| support::stem(file))
        .collect();
    let names: Vec<&str> = Crosswalk::bundled()
        .iter()
        .map(|crosswalk| crosswalk.name.as_str())
        .collect();
    assert_eq!(stems, names);
    let mut pairs = HashSet::new();
    for crosswalk in Crosswalk::bundled() {
        let (from, to) = (&crosswalk.from, &crosswalk.to);
        assert_eq!(crosswalk.name, format!("{from}--{to}"));
        assert!(!crosswalk.links.is_empty(), "{}", crosswalk.name);
        let pair: BTreeSet<&String> = [from, to].into();
        assert!(pairs.insert(pair), "{}: two files", crosswalk.name);
    }
}

#[test]
fn every_declared_number_is_its_own_and_every_declared_link_is_used() {
    for crosswalk in Crosswalk::bundled() {
        let name = &crosswalk.name;
        let text =
            support::text(&support::project().join(format!("schemas/crosswalks/{name}.toml")));
        let found = between(&crosswalk.from, &crosswalk.to);
        for declared in &crosswalk.links {
            // Not an alias: the number itself stands in the file.
            for number in declared.from.iter().chain(&declared.to) {
                assert!(text.contains(&format!("\"{number}\"")), "{name} {number}");
            }
            let set =
                |items: &[ItemNumber]| -> BTreeSet<ItemNumber> { items.iter().cloned().collect() };
            let used = found.links.iter().any(|link| {
                link.by == By::Crosswalk(name.clone())
                    && set(&link.from) == set(&declared.from)
                    && set(&link.to) == set(&declared.to)
                    && link.kind == declared.kind
            });
            assert!(used, "{name}: {declared:?}");
        }
    }
}

#[test]
fn an_item_is_in_one_link_of_a_kind_and_in_one_whole_answer() {
    for (from, to) in pairs() {
        let found = links(&from, &to, Crosswalk::bundled());
        for of in [
            (|link: &Link| link.from.clone()) as fn(&Link) -> Vec<ItemNumber>,
            |link: &Link| link.to.clone(),
        ] {
            let mut seen = HashSet::new();
            for link in &found.links {
                let class = (!link.kind.is_whole()).then_some(link.kind);
                for item in of(link) {
                    let first = seen.insert((class, item.clone()));
                    assert!(first, "{} {}: {item} {:?}", from.id, to.id, link.kind);
                }
            }
        }
        let twice: Vec<&ItemNumber> = to
            .items
            .iter()
            .map(|item| &item.number)
            .filter(|item| self::to(&found, item.as_str()).len() > 1)
            .collect();
        assert_eq!(found.shared_to.iter().collect::<Vec<_>>(), twice);
    }
}

#[test]
fn there_and_back_is_the_same_link_reversed() {
    for (from, to) in pairs() {
        let there = links(&from, &to, Crosswalk::bundled());
        let back = links(&to, &from, Crosswalk::bundled());
        assert_eq!(there.links.len(), back.links.len());
        assert_eq!(there.unlinked_from, back.unlinked_to);
        assert_eq!(there.unlinked_to, back.unlinked_from);
        for link in &there.links {
            let reversed = Link {
                from: link.to.clone(),
                to: link.from.clone(),
                kind: link.kind.reversed(),
                ..link.clone()
            };
            assert!(back.links.contains(&reversed), "{reversed:?}");
        }
        assert_eq!(there, links(&from, &to, Crosswalk::bundled()));
    }
}

#[test]
fn every_item_is_linked_or_listed() {
    for (from, to) in pairs() {
        let found = links(&from, &to, Crosswalk::bundled());
        let left: HashSet<&ItemNumber> = found.links.iter().flat_map(|link| &link.from).collect();
        let reached: HashSet<&ItemNumber> = found.links.iter().flat_map(|link| &link.to).collect();
        assert_eq!(left.len() + found.unlinked_from.len(), from.items.len());
        assert_eq!(reached.len() + found.unlinked_to.len(), to.items.len());
        assert!(found.unlinked_from.iter().all(|item| !left.contains(item)));
        assert!(found.unlinked_to.iter().all(|item| !reached.contains(item)));
    }
}

#[test]
fn mds2_and_the_reference_form() {
    let found = between("mds2-2019", "mds-reference");
    // By a control alone.
    let [lockout] = to(&found, "39.4")[..] else {
        panic!("{:?}", to(&found, "39.4"))
    };
    assert_eq!(numbers(&lockout.from), ["PAUT-3"]);
    assert_eq!(lockout.kind, LinkKind::Same);
    assert_eq!(lockout.by, By::Control("auth.lockout".to_owned()));
    // One asks what two ask, and the control that joins one of them is not said as well.
    let [split] = to(&found, "13.1")[..] else {
        panic!("{:?}", to(&found, "13.1"))
    };
    assert_eq!(numbers(&split.from), ["TXCF-2"]);
    assert_eq!(numbers(&split.to), ["13.1", "35.2"]);
    assert_eq!(
        (split.kind, split.combine),
        (LinkKind::Split, Some(Combine::All))
    );
    assert_eq!(to(&found, "35.2"), [split]);
    // Several answer one.
    let [backup] = to(&found, "31")[..] else {
        panic!("{:?}", to(&found, "31"))
    };
    assert_eq!(numbers(&backup.from), ["DTBK-3", "DTBK-4"]);
    assert_eq!(
        (backup.kind, backup.combine),
        (LinkKind::Merge, Some(Combine::Any))
    );
    // Two of our own forms: the controls say nearly all.
    let found = between("mds-reference", "sds-reference");
    let same = found
        .links
        .iter()
        .filter(|link| link.kind == LinkKind::Same);
    assert_eq!(same.count(), 84);
    assert_eq!(numbers(&found.unlinked_to), ["6", "9", "10", "56"]);
}

/// A form of these items: number, control, confidence.
fn form(id: &str, items: &[(&str, &str, f64)]) -> Arc<Form> {
    let mut text = format!(
        "schema = \"kaijisho/form/1\"\nid = \"{id}\"\nfamily = \"mds\"\nedition = \"1\"\n\
         title = {{ ja = \"様式\" }}\nprovenance = {{ ja = \"試験用\" }}\nchoices = [\"yes\", \"no\"]\n\
         recognise = {{ titles = [\"様式\"] }}\nsection = [{{ id = \"A\", title = {{ ja = \"安全\" }} }}]\n"
    );
    for (number, control, confidence) in items {
        text.push_str(&format!(
            "[[item]]\nnumber = \"{number}\"\nsection = \"A\"\ntitle = {{ ja = \"問{number}\" }}\n\
             control = \"{control}\"\nconfidence = {confidence}\n"
        ));
    }
    let forms = Catalog::parse(&text, id).unwrap_or_else(|error| {
        panic!("{}", support::case::mistakes(&error));
    });
    forms.forms()[0].clone()
}

fn told(links: &Links) -> Vec<(Vec<&str>, Vec<&str>, LinkKind)> {
    let told = |link| -> (Vec<&str>, Vec<&str>, LinkKind) {
        let link: &Link = link;
        (numbers(&link.from), numbers(&link.to), link.kind)
    };
    links.links.iter().map(told).collect()
}

#[test]
fn a_control_joins_by_how_many_items_answer_it() {
    let from = form(
        "a",
        &[
            ("1", "ops.backup", 1.0),
            ("2", "ops.backup", 1.0),
            ("3", "log.access", 1.0),
            ("4", "log.time", 1.0),
            ("5", "log.time", 1.0),
            ("6", "soft.sbom", 1.0),
        ],
    );
    let to = form(
        "b",
        &[
            ("1", "log.time", 1.0),
            ("2", "log.time", 1.0),
            ("3", "ops.backup", 1.0),
            ("4", "log.access", 1.0),
            ("5", "log.access", 1.0),
        ],
    );
    let found = links(&from, &to, &[]);
    let expected = [
        (vec!["1", "2"], vec!["3"], LinkKind::Merge),
        (vec!["3"], vec!["4", "5"], LinkKind::Split),
        (vec!["4", "5"], vec!["1", "2"], LinkKind::Related),
    ];
    assert_eq!(told(&found), expected);
    assert_eq!(numbers(&found.unlinked_from), ["6"]);
    assert!(found.unlinked_to.is_empty() && found.shared_to.is_empty());
}

#[test]
fn an_uncertain_control_never_makes_a_whole_answer() {
    let from = form(
        "a",
        &[
            ("1", "ops.backup", 0.96875),
            ("2", "ops.backup", 0.25),
            ("3", "log.access", 0.25),
        ],
    );
    let to = form(
        "b",
        &[("1", "ops.backup", 0.96875), ("2", "log.access", 1.0)],
    );
    let found = links(&from, &to, &[]);
    let expected = [
        (vec!["1"], vec!["1"], LinkKind::Same),
        (vec!["2"], vec!["1"], LinkKind::Related),
        (vec!["3"], vec!["2"], LinkKind::Related),
    ];
    assert_eq!(told(&found), expected);
    let confidences: Vec<f64> = found.links.iter().map(|link| link.confidence).collect();
    assert_eq!(confidences, [0.96875 * 0.96875, 0.25 * 0.96875, 0.25]);
    assert_eq!(numbers(&found.shared_to), ["1"]);
}

/// Where one form asks for more than the other, an answer must not be carried as if both asked the same.
#[test]
fn links_that_hold_one_way_only_are_no_equals() {
    for (form, items) in [
        (
            "mds-reference",
            ["39.1", "41", "50", "38", "5", "29.2", "17", "15"],
        ),
        (
            "sds-reference",
            ["44.1", "46", "55", "43", "5", "32.2", "21", "19"],
        ),
    ] {
        let found = between("mds2-2019", form);
        let expected = [
            ("PAUT-1", LinkKind::Wider),
            ("ALOF-1", LinkKind::Wider),
            ("AUDT-4.1.1", LinkKind::Wider),
            ("MLDP-5", LinkKind::Wider),
            ("DOC-10", LinkKind::Narrower),
            ("AUDT-2.8.1", LinkKind::Narrower),
            ("MLDP-2", LinkKind::Related),
            ("SGUD-2", LinkKind::Related),
        ];
        for ((from, kind), item) in expected.into_iter().zip(items) {
            let [link] = to(&found, item)[..] else {
                panic!("{form} {item}: {:?}", to(&found, item))
            };
            assert_eq!(numbers(&link.from), [from], "{form} {item}");
            assert_eq!(link.kind, kind, "{form} {item}");
        }
    }
}

/// A form without controls: number, parent, heading, question.
fn unmapped(id: &str, items: &[(&str, Option<&str>, &str, &str)]) -> Arc<Form> {
    let mut headings: Vec<&str> = items.iter().map(|item| item.2).collect();
    headings.dedup();
    let mut text = format!(
        "schema = \"kaijisho/form/1\"\nid = \"{id}\"\nfamily = \"mds\"\nedition = \"1\"\n\
         title = {{ ja = \"様式\" }}\nprovenance = {{ ja = \"試験用\" }}\nchoices = [\"yes\", \"no\"]\n\
         recognise = {{ titles = [\"様式\"] }}\n"
    );
    for (at, heading) in headings.iter().enumerate() {
        text.push_str(&format!(
            "[[section]]\nid = \"s{at}\"\ntitle = {{ ja = \"{heading}\" }}\n"
        ));
    }
    for (number, parent, heading, question) in items {
        let at = headings.iter().position(|known| known == heading).unwrap();
        let parent = parent.map_or_else(String::new, |above| format!("parent = \"{above}\"\n"));
        text.push_str(&format!(
            "[[item]]\nnumber = \"{number}\"\nsection = \"s{at}\"\n{parent}title = {{ ja = \"{question}\" }}\n"
        ));
    }
    let forms = Catalog::parse(&text, id).unwrap_or_else(|error| {
        panic!("{}", support::case::mistakes(&error));
    });
    forms.forms()[0].clone()
}

#[test]
fn items_without_controls_meet_by_the_same_words_in_the_same_place() {
    let from = unmapped(
        "a",
        &[
            ("1", None, "1. 通信", "通信の内容を暗号化しているか"),
            ("2", None, "1. 通信", "相手を確かめる仕組みがあるか"),
            ("2.1", Some("2"), "1. 通信", "その記録を残しているか"),
            ("3", None, "2. 保存", "その他の対策があるか"),
            ("4", None, "2. 保存", "保存の期間を決めているか"),
            ("5", None, "2. 保存", "その他"),
        ],
    );
    let to = unmapped(
        "b",
        &[
            ("1", None, "3. 保存", "保存の期間を決めているか。"),
            ("2", None, "3. 保存", "保存先を決めて管理しているか"),
            ("2.1", Some("2"), "3. 保存", "その記録を残しているか"),
            ("3", None, "3. 保存", "その他"),
            ("4", None, "４　通信", "通信の内容を　暗号化しているか"),
            ("5", None, "４　通信", "その他の対策があるか"),
        ],
    );
    let found = links(&from, &to, &[]);
    // The same words under another question or heading, and words that say too little, are not enough.
    let expected = [
        (vec!["1"], vec!["4"], LinkKind::Same),
        (vec!["4"], vec!["1"], LinkKind::Same),
    ];
    assert_eq!(told(&found), expected);
    assert!(found.links.iter().all(|link| link.by == By::Text));
    let back = links(&to, &from, &[]);
    let reversed = [
        (vec!["1"], vec!["4"], LinkKind::Same),
        (vec!["4"], vec!["1"], LinkKind::Same),
    ];
    assert_eq!(told(&back), reversed);
    // Where two items ask in the same words, nobody can say which of them is meant.
    let twice = unmapped(
        "c",
        &[
            ("1", None, "通信", "通信の内容を暗号化しているか"),
            ("2", None, "通信", "通信の内容を暗号化しているか"),
        ],
    );
    assert!(links(&from, &twice, &[]).links.is_empty());
}

#[test]
fn a_form_and_itself_meet_item_by_item() {
    for form in Catalog::bundled().forms() {
        let found = links(form, form, Crosswalk::bundled());
        let same: Vec<&Link> = found
            .links
            .iter()
            .filter(|link| link.kind == LinkKind::Same)
            .collect();
        assert_eq!(same.len(), form.items.len(), "{}", form.id);
        assert!(same.iter().all(|link| link.from == link.to), "{}", form.id);
    }
}

#[test]
fn what_a_user_declares_goes_before_what_is_bundled() {
    let own = "schema = \"kaijisho/crosswalk/1\"\nfrom = \"mds-reference\"\nto = \"mds2-2019\"\n\
        [[link]]\nfrom = [\"13.1\"]\nto = [\"TXCF-2\"]\nkind = \"same\"\n\
        [[link]]\nfrom = [\"39.4\"]\nto = [\"PAUT-3\"]\nkind = \"narrower\"\n";
    let own = Crosswalk::parse(own, "own.toml", &Catalog::bundled()).unwrap();
    let mut all = vec![own];
    all.extend(Crosswalk::bundled().iter().cloned());
    let found = links(&bundled("mds2-2019"), &bundled("mds-reference"), &all);
    let [same] = to(&found, "13.1")[..] else {
        panic!("{:?}", to(&found, "13.1"))
    };
    assert_eq!(
        (numbers(&same.from), same.kind),
        (vec!["TXCF-2"], LinkKind::Same)
    );
    assert!(numbers(&found.unlinked_to).contains(&"35.2"));
    // It is read the other way round, and the control does not say otherwise.
    let [wider] = to(&found, "39.4")[..] else {
        panic!("{:?}", to(&found, "39.4"))
    };
    assert_eq!(
        (numbers(&wider.from), wider.kind),
        (vec!["PAUT-3"], LinkKind::Wider)
    );
}

#[test]
fn many_mistakes_are_counted_and_not_all_told() {
    let mut text =
        "schema = \"kaijisho/crosswalk/1\"\nfrom = \"mds2-2019\"\nto = \"mds-reference\"\n"
            .to_owned();
    text.push_str(&"[[link]]\nkind = \"related\"\nfrom = []\nto = []\n".repeat(20_000));
    let Err(Error::Invalid { findings, .. }) =
        Crosswalk::parse(&text, "own.toml", &Catalog::bundled())
    else {
        panic!("a sound file")
    };
    assert_eq!(findings.len(), 101);
    let last = findings[100].message(Language::En);
    assert!(last.contains("19900 more mistakes"), "{last}");
    assert_eq!(findings[100].place.to_string(), "404:1");
}

#[test]
fn files_and_tables_fit_the_published_schema() {
    let schema = serde_json::from_str(&Published::Crosswalk.json_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for crosswalk in Crosswalk::bundled() {
        let path = format!("schemas/crosswalks/{}.toml", crosswalk.name);
        let text = support::text(&support::project().join(&path));
        let file: serde_json::Value = toml::from_str(&text).unwrap();
        assert!(validator.is_valid(&file), "{path}");
    }
    for (from, to) in pairs() {
        for language in Language::ALL {
            let found = links(&from, &to, Crosswalk::bundled());
            let json = serde_json::to_value(table(&from, &to, &found, language)).unwrap();
            assert!(validator.is_valid(&json), "{} {}", from.id, to.id);
            assert_eq!(json["counts"]["links"], found.links.len());
        }
    }
    let wrong = serde_json::json!({ "schema": "kaijisho/crosswalk/1", "from": "a", "to": "b" });
    assert!(!validator.is_valid(&wrong));
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kaijisho"))
        .args(arguments)
        .env_clear()
        // No line is folded: where one is hangs on the length of paths.
        .env("COLUMNS", "10000")
        .output()
        .unwrap()
}

#[test]
fn the_command_shows_links_and_what_has_none() {
    let show = |more: &[&str]| {
        let both = ["form", "crosswalk", "mds2-2019", "mds-reference"];
        run(&[&both[..], more].concat())
    };
    let output = show(&["--lang", "en", "-v"]);
    let text = String::from_utf8(output.stdout).unwrap();
    for line in [
        "SAHD-10  Unneeded applications are all removed or off\n  → 21  Unneeded software and services are stopped\n    merge (yes when all of the several are)\n    by crosswalk mds2-2019--mds-reference\n",
        "\n    same\n    by control auth.lockout\n",
        "\nItems of mds-reference that nothing leads to: 30\n",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let ja = String::from_utf8(show(&[]).stdout).unwrap();
    assert!(
        ja.contains("    一つにまとまる（複数の側がすべて「はい」のとき「はい」）\n"),
        "{ja}"
    );
    let json: serde_json::Value =
        serde_json::from_slice(&show(&["--format", "json", "--lang", "en"]).stdout).unwrap();
    assert_eq!(json["schema"], "kaijisho/form-crosswalk/1");
    assert_eq!(json["to"]["items"], 85);
    assert_eq!(json["unlinked_to"].as_array().unwrap().len(), 30);
}

#[test]
fn the_command_takes_a_crosswalk_of_the_user() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("own-crosswalk");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("own.toml");
    let path = file.to_str().unwrap();
    let show = |link: &str| {
        let head =
            "schema = \"kaijisho/crosswalk/1\"\nfrom = \"mds2-2019\"\nto = \"mds-reference\"\n";
        std::fs::write(&file, format!("{head}{link}")).unwrap();
        let both = [
            "form",
            "crosswalk",
            "mds-reference",
            "mds2-2019",
            "--lang",
            "en",
        ];
        run(&[&both[..], &["--crosswalk", path, "-v"]].concat())
    };
    let sound_link = "[[link]]\nfrom = [\"MPII-3.2\"]\nto = [\"48\"]\nkind = \"wider\"\n";
    let sound = show(sound_link);
    assert_eq!(sound.status.code(), Some(0));
    let text = String::from_utf8(sound.stdout).unwrap();
    let link = text
        .split("\n\n")
        .find(|link| link.starts_with("48 "))
        .unwrap();
    assert!(
        link.contains("MPII-3.2") && link.contains("narrower"),
        "{link}"
    );
    let wrong = show("[[link]]\nfrom = [\"MPII-99\"]\nto = [\"48\"]\nkind = \"wider\"\n");
    assert_eq!(wrong.status.code(), Some(2));
    let told = String::from_utf8(wrong.stderr).unwrap();
    assert!(told.contains(":5:9") && told.contains("CFG019"), "{told}");
    show(sound_link);
    // A crosswalk of other forms is not passed over, and a form is not held against itself.
    let both = ["form", "crosswalk", "mds-reference", "sds-reference"];
    let other = run(&[&both[..], &["--crosswalk", path]].concat());
    assert_eq!(other.status.code(), Some(2));
    let itself = run(&["form", "crosswalk", "mds-reference", "mds-reference"]);
    assert_eq!(itself.status.code(), Some(2));
}
