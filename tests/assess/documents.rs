//! Small documents for each rule of the header of `src/assess.rs`.

use kaijisho::{Catalog, Disclosure};

use super::{disclosure, document, found, mds, one};

/// Rules 2 and 7: an answer that is accepted, and one that is not.
#[test]
fn unclear_answers_are_undecided() {
    let asked = one("control = 'ops.backup'\nanswers = ['yes']");
    for (answer, expected) in [
        ("はい", "met answered 31"),
        ("いいえ", "unmet other-answer 31"),
        ("対象外", "unmet other-answer 31"),
        ("", "undecided unanswered 31"),
        ("□はい □いいえ", "undecided unanswered 31"),
        ("はい・いいえ", "undecided unclear 31"),
        ("一部対応", "undecided unclear 31"),
        ("備考参照", "undecided see-note 31"),
    ] {
        let sheet = mds(&[("31", answer, "")]);
        assert_eq!(found(&sheet, &asked), expected, "{answer}");
    }
    assert_eq!(found(&mds(&[]), &asked), "undecided item-missing 31");
}

#[test]
fn an_accepted_see_note_is_met() {
    let asked = one("control = 'soft.sbom'\nanswers = ['yes', 'see-note']\nremark = 'required'");
    let sheet = |remark| document("mds2-2019", &[("SBOM-1", "See Note", remark)]);
    assert_eq!(found(&sheet("on request"), &asked), "met answered SBOM-1");
    assert_eq!(found(&sheet(""), &asked), "unmet no-remark SBOM-1");
}

/// A remark that says nothing is none, in a text file as on a sheet.
#[test]
fn an_empty_phrase_is_no_remark() {
    let asked = one("control = 'ops.backup'\nanswers = ['yes']\nremark = 'required'");
    for (remark, expected) in [
        ("毎日", "met answered 31"),
        ("", "unmet no-remark 31"),
        ("　", "unmet no-remark 31"),
        ("なし", "unmet no-remark 31"),
        ("―", "unmet no-remark 31"),
        ("__", "unmet no-remark 31"),
    ] {
        let sheet = mds(&[("31", "はい", remark)]);
        assert_eq!(found(&sheet, &asked), expected, "{remark}");
    }
}

/// Rule 4 comes before rule 7: what is not used needs no remark either.
#[test]
fn a_missing_remark_on_what_is_not_used_is_not_a_gap() {
    let asked = one("control = 'maint.remote-log'\nanswers = ['yes', 'na']\nremark = 'required'");
    let unused = mds(&[("29", "いいえ", ""), ("29.2", "対象外", "")]);
    assert_eq!(found(&unused, &asked), "not-applicable switched-off 29.2");
    let used = mds(&[("29", "はい", ""), ("29.2", "はい", "")]);
    assert_eq!(found(&used, &asked), "unmet no-remark 29.2");
}

/// Rules 4 and 5: why an item is not asked decides, also when the reason lies further up.
#[test]
fn what_switches_an_item_off_decides() {
    let strict = |control: &str| one(&format!("control = '{control}'\nanswers = ['yes']"));
    let lenient = |control: &str| one(&format!("control = '{control}'\nanswers = ['yes', 'na']"));
    let isolated = strict("ops.backup-isolated");
    for (base, child, expected) in [
        ("いいえ", "", "unmet base-missing 31.2"),
        ("いいえ", "対象外", "unmet base-missing 31.2"),
        ("いいえ", "いいえ", "unmet base-missing 31.2"),
        // A good thing that is "not applicable" is no more there than one that is missing.
        ("対象外", "対象外", "unmet base-missing 31.2"),
        ("対象外", "", "unmet base-missing 31.2"),
        // Without a clear answer above, the item stands for itself.
        ("", "", "undecided unanswered 31.2"),
        ("", "対象外", "unmet other-answer 31.2"),
        ("備考参照", "", "undecided unanswered 31.2"),
        ("はい", "", "undecided unanswered 31.2"),
    ] {
        let sheet = mds(&[("31", base, ""), ("31.2", child, "")]);
        assert_eq!(found(&sheet, &isolated), expected, "{base} / {child}");
    }
    // Where na is accepted, an empty child under a base that is na says as much.
    let sheet = mds(&[("31", "対象外", ""), ("31.2", "", "")]);
    let asked = lenient("ops.backup-isolated");
    assert_eq!(found(&sheet, &asked), "not-applicable switched-off 31.2");
    // Two levels: no access control, so password management is na, so reuse is na. All of it is missing.
    let reuse = strict("auth.password-reuse");
    for (middle, lowest) in [("対象外", "対象外"), ("", ""), ("いいえ", "対象外")] {
        let sheet = mds(&[
            ("39", "いいえ", ""),
            ("39.3", middle, ""),
            ("39.3.1", lowest, ""),
        ]);
        assert_eq!(found(&sheet, &reuse), "unmet base-missing 39.3.1");
    }
    // Facts, whatever they answer, make what refines them not applicable.
    for fact in ["いいえ", "対象外"] {
        let sheet = mds(&[("35", fact, ""), ("35.2", "いいえ", "")]);
        assert_eq!(
            found(&sheet, &strict("net.encryption")),
            "not-applicable switched-off 35.2"
        );
    }
}

/// On MDS2 the log of remote work stands under the log, not under remote service; both count.
#[test]
fn a_fact_of_the_catalogue_comes_before_a_missing_base() {
    let asked = one("control = 'maint.remote-log'\nanswers = ['yes']");
    for (remote, expected) in [
        ("No", "not-applicable switched-off AUDT-2.8.1"),
        ("Yes", "unmet base-missing AUDT-2.8.1"),
        ("", "unmet base-missing AUDT-2.8.1"),
    ] {
        let sheet = document(
            "mds2-2019",
            &[
                ("AUDT-2", "No", ""),
                ("AUDT-2.8", "N/A", ""),
                ("AUDT-2.8.1", "N/A", ""),
                ("RMOT-1", remote, ""),
            ],
        );
        assert_eq!(found(&sheet, &asked), expected, "RMOT-1 {remote}");
    }
}

/// Several items for one control: each alone is enough, but "not applicable" is not a backup.
#[test]
fn several_items_for_one_control() {
    let asked = one("control = 'ops.backup'\nanswers = ['yes', 'na']");
    for (remote, local, expected) in [
        ("No", "Yes", "met answered DTBK-4"),
        ("Yes", "No", "met answered DTBK-3"),
        ("No", "No", "unmet other-answer DTBK-3"),
        ("No", "N/A", "unmet other-answer DTBK-3"),
        ("N/A", "No", "unmet other-answer DTBK-4"),
        ("N/A", "N/A", "met answered DTBK-3"),
        ("N/A", "", "undecided unanswered DTBK-4"),
        ("", "No", "undecided unanswered DTBK-3"),
        ("N/A", "Yes", "met answered DTBK-4"),
    ] {
        let sheet = document(
            "mds2-2019",
            &[("DTBK-3", remote, ""), ("DTBK-4", local, "")],
        );
        assert_eq!(found(&sheet, &asked), expected, "{remote} / {local}");
    }
}

/// A sheet that answers an item twice, differently, has not answered it.
#[test]
fn an_item_answered_twice() {
    let asked = one("control = 'ops.backup'\nanswers = ['yes']");
    for (second, expected) in [
        ("はい", "met answered 31"),
        ("いいえ", "undecided unclear 31"),
        // An empty second row says nothing else.
        ("", "met answered 31"),
    ] {
        let sheet = mds(&[("31", "はい", ""), ("31", second, "")]);
        assert_eq!(found(&sheet, &asked), expected, "{second}");
    }
}

/// Rule 1.
#[test]
fn other_subjects_and_other_forms() {
    let service = one("control = 'log.audit'\nanswers = ['yes']");
    assert_eq!(found(&mds(&[]), &service), "not-applicable other-subject -");
    assert_eq!(
        found(&document("sds-reference", &[("56", "はい", "")]), &service),
        "met answered 56"
    );
    let item = one("item = { form = 'mds2-2019', number = 'SAHD-15' }\nanswers = ['yes']");
    assert_eq!(found(&mds(&[]), &item), "not-applicable other-form -");
    // The number as the standard's own worksheet misprints it.
    let device = document("mds2-2019", &[("SHAD-15", "Yes", "")]);
    assert_eq!(found(&device, &item), "met answered SAHD-15");
}

const OWN_FORM: &str = r#"
schema = "kaijisho/form/1"
id = "own"
family = "mds"
edition = "1"
language = "ja"
title = { ja = "自作", en = "own" }
provenance = { ja = "試験", en = "test" }
choices = ["yes", "no"]
child_rule = "parent-yes"
[recognise]
titles = ["自作"]
[[section]]
id = "1"
title = { ja = "一", en = "one" }
[[item]]
number = "1"
section = "1"
title = { ja = "認証の方法", en = "means of authentication" }
kind = "multiple"
choices = ["no"]
options = [
  { id = "password", title = { ja = "パスワード", en = "password" } },
  { id = "two-factor", title = { ja = "二要素", en = "two factors" } },
]
control = "auth.two-factor"
[[item]]
number = "2"
section = "1"
title = { ja = "バックアップ", en = "backup" }
control = "ops.backup"
"#;

#[test]
fn methods_to_tick() {
    let asked = one("control = 'auth.two-factor'\nanswers = ['yes']\nmethods = ['二要素']");
    for (item, expected) in [
        ("answer = 'パスワード、二要素'", "met answered 1"),
        ("answer = 'パスワード'", "unmet no-method 1"),
        ("answer = ''", "undecided unanswered 1"),
        ("answer = 'no'", "unmet other-answer 1"),
    ] {
        assert_eq!(
            found(&own(&format!("number = '1', {item}")), &asked),
            expected
        );
    }
    // A method is neither yes nor no: a requirement that names no method cannot be decided by it.
    let plain = one("control = 'auth.two-factor'\nanswers = ['yes', 'na']");
    let ticked = own("number = '1', answer = '二要素'");
    assert_eq!(found(&ticked, &plain), "undecided unclear 1");
    let no = own("number = '1', answer = 'いいえ'");
    assert_eq!(found(&no, &plain), "unmet other-answer 1");
}

/// 対象外 where the form offers only yes and no is an error of the sheet, not a way out.
#[test]
fn an_answer_that_the_item_does_not_offer() {
    let asked = one("control = 'ops.backup'\nanswers = ['yes', 'na']");
    for (answer, expected) in [
        ("はい", "met answered 2"),
        ("いいえ", "unmet other-answer 2"),
        ("対象外", "undecided unclear 2"),
    ] {
        let sheet = own(&format!("number = '2', answer = '{answer}'"));
        assert_eq!(found(&sheet, &asked), expected, "{answer}");
    }
}

fn own(item: &str) -> Disclosure {
    let forms = Catalog::parse(OWN_FORM, "own.toml").unwrap();
    disclosure("own", &format!("{{ {item} }}"), forms)
}

/// Without a definition a verdict rests on a question only where its words leave no doubt.
#[test]
fn questions_of_an_unknown_form_are_judged_where_they_are_recognised() {
    let sheet = |items: &[(&str, &str, &str)]| {
        let items: Vec<String> = items
            .iter()
            .map(|(number, text, answer)| {
                format!("{{ number = '{number}', text = '{text}', answer = '{answer}' }}")
            })
            .collect();
        disclosure("derived-mds", &items.join(",\n"), Catalog::bundled())
    };
    let logs = one("control = 'log.access'\nanswers = ['yes']");
    let asked = |items: &[(&str, &str, &str)]| found(&sheet(items), &logs);
    let clear = "アクセスログを記録しているか。";
    let turned = "アクセスログを記録しない設定か。";
    assert_eq!(asked(&[("1", clear, "はい")]), "met answered 1");
    assert_eq!(asked(&[("1", clear, "いいえ")]), "unmet other-answer 1");
    // A yes to the reverse must never be a met, and a no no gap.
    assert_eq!(asked(&[("1", turned, "はい")]), "undecided uncertain 1");
    assert_eq!(asked(&[("1", turned, "いいえ")]), "undecided uncertain 1");
    // What is clear decides before what is not.
    let both = [("1", turned, "はい"), ("2", clear, "いいえ")];
    assert_eq!(asked(&both), "unmet other-answer 2");
    // Two that are as clear and disagree.
    let again = "利用者の操作ログを取得しているか。";
    let both = [("1", again, "はい"), ("2", clear, "いいえ")];
    assert_eq!(asked(&both), "undecided disputed 2");
    let none = [("1", "会社の資本金はいくらか。", "はい")];
    assert_eq!(asked(&none), "undecided derived -");
}
