//! The sheet to send out with a call for bids: what it wants, and that answers to it come straight back in.

mod support;

use kaijisho::fill::{FillOptions, fill};
use kaijisho::request::{request, wishes};
use kaijisho::write::Texts;
use kaijisho::{
    Answer, Catalog, Language, Level, Options, Profile, Source, Target, Verdict, assess, examine,
    profile,
};
use support::TODAY;

fn bundled(name: &str) -> Profile {
    profile::load(name, &Catalog::bundled()).expect("a profile")
}

const ALL_TEXTS: [Texts; 3] = [
    Texts::One(Language::Ja),
    Texts::One(Language::En),
    Texts::Both,
];

#[test]
fn what_goes_out_reads_as_a_blank_sheet() {
    for (name, _) in profile::BUNDLED {
        let profile = bundled(name);
        for form in Catalog::bundled().forms() {
            for texts in ALL_TEXTS {
                let bytes = request(&profile, form, texts, &[]).expect("a workbook");
                assert_eq!(
                    bytes,
                    request(&profile, form, texts, &[]).expect("the same again")
                );
                let read = examine(&Source::new("request.xlsx", bytes), &Options::new(TODAY));
                assert_eq!(read.disclosures.len(), 1, "{name} {} {texts}", form.id);
                // Questions of the facility's own stand behind the form's.
                let own = profile.requirements.iter();
                let own = own.filter(|one| matches!(one.target, Target::Question(_)));
                let own = own.count();
                assert_eq!(read.disclosures[0].entries.len(), form.items.len() + own);
                // They and their heading belong to the form that came back: no row is left over.
                let kept = &read.disclosures[0].kept;
                assert!(kept.is_empty(), "{kept:?}");
                let known = &read.disclosures[0].form.items;
                assert_eq!(known.len(), form.items.len() + own);
                for finding in read.all_findings() {
                    assert!(
                        ["answer-missing", "header-missing"].contains(&finding.rule),
                        "{name} {} {texts}: {} {:?}",
                        form.id,
                        finding.rule,
                        finding.place
                    );
                }
            }
        }
    }
}

#[test]
fn what_is_wanted_by_hand() {
    let profile = bundled("small-hospital");
    let catalog = Catalog::bundled();
    let mds = catalog.form("mds-reference").expect("bundled");
    let wanted = wishes(&profile, &mds);
    let of = |title: &str| {
        let found = wanted.iter().find(|wish| wish.title.ja.contains(title));
        found.unwrap_or_else(|| panic!("{title}"))
    };
    let two_factor = of("二要素認証");
    assert_eq!(
        two_factor
            .number
            .as_ref()
            .map(ToString::to_string)
            .as_deref(),
        Some("39.2")
    );
    assert_eq!(two_factor.level, Level::Must);
    assert!(two_factor.answers.contains(&Answer::Yes));
    // In the order of the form, and each requirement that concerns products once.
    let numbers: Vec<usize> = wanted
        .iter()
        .filter_map(|wish| mds.position(wish.number.as_ref()?))
        .collect();
    assert!(numbers.is_sorted(), "{numbers:?}");
    // The imported form asks less: what it does not ask about is told, and what is for services only is not.
    let mds2 = catalog.form("mds2-2019").expect("bundled");
    let wanted = wishes(&profile, &mds2);
    assert!(wanted.iter().any(|wish| wish.number.is_none()));
    let restore = wanted
        .iter()
        .find(|wish| wish.title.ja.contains("復元する手段"));
    assert_eq!(restore.map(|wish| wish.number.clone()), Some(None));
    // A rule over everything wants what the form asks, and nothing beside it.
    let rule = bundled("gl7-outsourced");
    let everything = wishes(&rule, &mds2);
    let by_name = rule
        .requirements
        .iter()
        .filter(|requirement| !requirement.from_rule);
    let missing = everything
        .iter()
        .filter(|wish| wish.number.is_none())
        .count();
    assert!(
        everything.len() > 50 && missing <= by_name.count(),
        "{missing}"
    );
}

#[test]
fn answers_to_it_are_judged() {
    let profile = bundled("small-hospital");
    let form = Catalog::bundled().form("mds-reference").expect("bundled");
    let wanted = wishes(&profile, &form);
    let mut text = String::from(
        "form = 'mds-reference'\nheader = { manufacturer = '甲社', product = '甲', version = '1', date = 2026-09-01 }\n",
    );
    for item in &form.items {
        let wish = wanted
            .iter()
            .find(|wish| wish.number.as_ref() == Some(&item.number));
        let answer = wish
            .and_then(|wish| wish.answers.first())
            .unwrap_or(&Answer::Yes);
        let answer = if item.choices.contains(answer) {
            *answer
        } else {
            Answer::Yes
        };
        text.push_str(&format!(
            "[[items]]\nnumber = '{}'\nanswer = '{}'\nremark = '説明します'\n",
            item.number,
            answer.code()
        ));
    }
    let answers = examine(&Source::new("a.toml", text.into()), &Options::new(TODAY));
    for texts in ALL_TEXTS {
        let bytes = request(&profile, &form, texts, &[]).expect("a workbook");
        let template = Source::new("request.xlsx", bytes);
        let read = Options::new(TODAY);
        let options = FillOptions {
            read: &read,
            force: false,
            sheet: None,
        };
        let filled = fill(&answers.disclosures, &template, &options);
        let filled = filled.expect("a workbook that can be filled");
        let back = examine(
            &Source::new("back.xlsx", filled.bytes),
            &Options::new(TODAY),
        );
        let assessment = assess(&back.disclosures[0], &profile, TODAY);
        assert!(assessment.is_qualified(), "{texts}");
        let met = assessment
            .outcomes
            .iter()
            .filter(|outcome| outcome.verdict == Verdict::Met);
        assert!(met.count() > 15);
        assert!(
            back.all_findings()
                .all(|finding| finding.severity() < kaijisho::Severity::Error)
        );
    }
}

#[test]
fn a_question_of_our_own_comes_back_as_an_answer_to_it() {
    let text = r#"
schema = "kaijisho/profile/1"
id = "p"
title = { ja = "試", en = "p" }
[[question]]
id = "night"
text = { ja = "夜も電話に出る", en = "Calls are taken at night" }
level = "must"
answers = ["yes"]
evidence = "required"
reason = { ja = "試", en = "p" }
[[question]]
id = "branch"
text = { ja = "分院でも使える", en = "Can be used in the branch" }
level = "should"
answers = ["yes"]
remark = "required"
reason = { ja = "試", en = "p" }
"#;
    let folder = std::path::Path::new(".");
    let catalog = Catalog::bundled();
    let profile = profile::parse(text, "p.toml", folder, &catalog).expect("a profile");
    let form = catalog.form("mds-reference").expect("bundled");
    let wanted = wishes(&profile, &form);
    let told: Vec<(bool, bool)> = wanted
        .iter()
        .map(|one| (one.remark, one.evidence))
        .collect();
    assert_eq!(told, [(false, true), (true, false)]);
    let answers = "form = 'mds-reference'\nitems = [\n{ number = 'OWN-1', text = '夜も電話に出る', answer = 'はい', remark = '保守仕様書 3章' },\n{ number = 'OWN-2', text = '分院でも使える', answer = '' }]";
    let answers = examine(&Source::new("a.toml", answers.into()), &Options::new(TODAY));
    for texts in ALL_TEXTS {
        let bytes = request(&profile, &form, texts, &[]).expect("a workbook");
        let read = Options::new(TODAY);
        let options = FillOptions {
            read: &read,
            force: false,
            sheet: None,
        };
        let template = Source::new("request.xlsx", bytes);
        let filled = fill(&answers.disclosures, &template, &options).expect("it can be filled");
        let back = examine(&Source::new("back.xlsx", filled.bytes), &read);
        let unknown = back.all_findings().filter(|one| one.rule == "item-unknown");
        assert_eq!(unknown.count(), 0, "{texts}");
        // What is not answered is told like any other item.
        let missing = back.all_findings().any(|one| {
            one.rule == "answer-missing"
                && one.item.as_ref().is_some_and(|at| at.as_str() == "OWN-2")
        });
        assert!(missing, "{texts}");
        let verdicts: Vec<Verdict> = assess(&back.disclosures[0], &profile, TODAY)
            .outcomes
            .iter()
            .map(|outcome| outcome.verdict)
            .collect();
        assert_eq!(verdicts, [Verdict::Met, Verdict::Undecided], "{texts}");
    }
    // A row that only bears such a number asks nothing, and is no item.
    let bare = "form = 'mds-reference'\nitems = [{ number = 'OWN-1', answer = 'はい' }]";
    let bare = examine(&Source::new("b.toml", bare.into()), &Options::new(TODAY));
    assert!(bare.all_findings().any(|one| one.rule == "item-unknown"));
}
