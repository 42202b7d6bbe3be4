//! Forms: everything the form model carries, proved on sheets and on TOML documents alike, and every
//! mistake a form file can have.
//!
//! The forms stand in `tests/forms/`; `full.toml` has one item for each thing an official form does.

mod support;

use kaijisho::{Answer, Catalog, Disclosure, Enabled, Error, Finding, ItemNumber, Language, State};
use support::case::{Case, Outcome};

/// The items of the form `full` with answers that give no finding: number, question, answer, remark.
const CLEAN: [[&str; 4]; 11] = [
    ["1", "利用者を認証する方法", "知識・生体", ""],
    ["1.1", "二つの要素を組み合わせて認証する", "はい", ""],
    ["1.2", "その他の認証方法の名前", "", ""],
    [
        "2",
        "リモートメンテナンスを行う",
        "はい",
        "専用線を使います",
    ],
    ["2.1", "リモート接続の記録を残す", "はい", ""],
    ["2.2", "接続先を最後に見直した日", "2026年4月1日", ""],
    ["3", "無線LANを使う", "いいえ", ""],
    ["4", "無線LAN経由の保守を止められる", "", ""],
    ["5", "端末を識別して接続を制限する", "はい", ""],
    ["7", "ログインの失敗が続くと利用を止める", "はい", ""],
    ["7.1", "止まった利用を管理者が戻せる", "", ""],
];

/// The clean answers with some of them changed: number, answer, remark.
fn changed<'t>(changes: &[(&'t str, &'t str, &'t str)]) -> Vec<[&'t str; 4]> {
    for (number, _, _) in changes {
        assert!(
            CLEAN.iter().any(|row| row[0] == *number),
            "no item {number}"
        );
    }
    let change = |row: [&'t str; 4]| {
        let change = changes.iter().find(|(number, _, _)| *number == row[0]);
        change.map_or(row, |(number, answer, remark)| {
            [*number, row[1], *answer, *remark]
        })
    };
    CLEAN.map(change).to_vec()
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// The rows on a sheet.
fn on_sheet(title: &str, rows: &[[&str; 4]]) -> Outcome {
    let rows: String = rows
        .iter()
        .map(|row| format!("[{}],\n", row.map(quoted).join(", ")))
        .collect();
    let text = format!(
        r#"
        about = "a sheet"
        form = "full"
        [[sheet]]
        name = "SDS"
        rows = [
            [{}],
            ["作成日", "2026-09-30"],
            ["サービス事業者", "見本クラウド"],
            ["サービス名", "見本電子カルテ"],
            ["番号", "項目", "回答", "備考"],
            {rows}
        ]"#,
        quoted(title)
    );
    Case::parse(&text, "a sheet in forms.rs").run("forms")
}

/// The rows in a TOML document of the form of this name.
fn in_document(form: &str, rows: &[[&str; 4]]) -> Outcome {
    let items: String = rows
        .iter()
        .map(|[number, _, answer, remark]| {
            format!(
                "{{ number = {}, answer = {}, remark = {} }},\n",
                quoted(number),
                quoted(answer),
                quoted(remark)
            )
        })
        .collect();
    let text = format!(
        "about = 'a document'\nform = 'full'\n[text]\nname = 'sheet.toml'\ncontent = '''\nform = {}\n\
         header = {{ date = 2026-09-30, manufacturer = '見本クラウド', product = '見本電子カルテ' }}\n\
         items = [\n{items}]\n'''\n",
        quoted(form)
    );
    Case::parse(&text, "a document in forms.rs").run("forms")
}

const TITLE: &str = "サービス事業者による医療情報セキュリティ開示書";

/// The clean answers with changes, once on a sheet and once in a document.
fn both(changes: &[(&str, &str, &str)]) -> [Outcome; 2] {
    let rows = changed(changes);
    [on_sheet(TITLE, &rows), in_document("full", &rows)]
}

/// What is found: name and item, in order.
fn names(outcome: &Outcome) -> Vec<String> {
    outcome
        .findings
        .iter()
        .map(|finding| match &finding.item {
            Some(item) => format!("{} {item}", finding.rule),
            None => finding.rule.to_owned(),
        })
        .collect()
}

/// Both ways of writing the answers down must give these findings and no other.
fn finds(changes: &[(&str, &str, &str)], expected: &[&str]) {
    for outcome in both(changes) {
        let mut found = names(&outcome);
        found.sort();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(
            found,
            expected,
            "{changes:?}\n{}",
            support::case::shown(&outcome.findings)
        );
    }
}

fn number(text: &str) -> ItemNumber {
    ItemNumber::new(text)
}

fn enabled(disclosure: &Disclosure, item: &str) -> Enabled {
    let at = disclosure.form.position(&number(item));
    disclosure.enabled(at.expect("an item of the form"))
}

#[test]
fn every_form_of_our_own_is_sound() {
    let folder = support::project().join("tests/forms");
    let forms = support::files(&folder);
    assert!(!forms.is_empty());
    for file in forms {
        let name = support::stem(&file);
        let catalog = support::form(&name);
        assert_eq!(catalog.forms()[0].id, name, "the file is named by its id");
    }
}

#[test]
fn the_clean_answers_give_no_finding() {
    finds(&[], &[]);
}

#[test]
fn answers_of_every_kind_are_typed_and_kept_as_written() {
    for outcome in both(&[
        ("1", "知識・その他", ""),
        ("1.1", "", ""),
        ("1.2", "顔写真との照合", ""),
    ]) {
        let disclosure = outcome.disclosure();
        let entry = |item: &str| disclosure.entry(&number(item)).expect("an entry");
        let methods = entry("1");
        assert_eq!(methods.answer, None);
        assert_eq!(methods.options, ["knowledge", "other"]);
        assert_eq!(methods.state, State::Answered);
        assert_eq!(methods.written, "知識・その他");
        let text = entry("1.2");
        assert_eq!((text.answer, text.state), (None, State::Answered));
        assert_eq!(text.written, "顔写真との照合");
        let date = entry("2.2");
        assert_eq!((date.answer, date.state), (None, State::Answered));
        assert_eq!(date.written, "2026年4月1日");
        let choice = entry("2");
        assert_eq!(choice.answer, Some(Answer::Yes));
        assert_eq!(choice.remark.text.as_deref(), Some("専用線を使います"));
        assert_eq!(names(&outcome), Vec::<String>::new());
    }
}

#[test]
fn methods_are_ticked_in_many_ways() {
    for (written, expected) in [
        ("生体", vec!["biometrics"]),
        ("知識、生体", vec!["knowledge", "biometrics"]),
        ("パスワード, 指紋, 顔", vec!["knowledge", "biometrics"]),
        ("ﾊﾟｽﾜｰﾄﾞ", vec!["knowledge"]),
        ("Biometrics", vec!["biometrics"]),
        ("■知識　□生体　■所持", vec!["knowledge", "token"]),
        ("☑ID・パスワード ☐生体", vec!["knowledge"]),
        ("●知識\n○生体\n●所持", vec!["knowledge", "token"]),
    ] {
        for outcome in both(&[("1", written, "")]) {
            let entry = outcome.disclosure().entry(&number("1")).expect("an entry");
            assert_eq!(entry.options, expected, "{written}");
            assert_eq!(entry.state, State::Answered, "{written}");
        }
    }
    // Boxes without a tick are no answer; a method that is not there is kept and blamed.
    finds(
        &[("1", "□知識　□生体　□所持", ""), ("1.1", "", "")],
        &["answer-missing 1"],
    );
    finds(&[("1", "生体・署名", "")], &["answer-outside-choices 1"]);
    finds(&[("1", "はい", "")], &["answer-outside-choices 1"]);
    // Beside the methods the item takes "not applicable", which needs a remark as everywhere.
    finds(
        &[
            ("1", "対象外", "認証のない公開情報だけを扱います"),
            ("1.1", "", ""),
        ],
        &[],
    );
    finds(
        &[("1", "対象外", ""), ("1.1", "", "")],
        &["remark-missing 1"],
    );
}

#[test]
fn a_method_whose_name_holds_a_dot_is_one_method() {
    for outcome in both(&[("1", "ID・パスワード、生体", "")]) {
        let entry = outcome.disclosure().entry(&number("1")).expect("an entry");
        assert_eq!(entry.options, ["knowledge", "biometrics"]);
        assert_eq!(entry.state, State::Answered);
    }
}

#[test]
fn a_condition_on_methods_asks_where_one_of_them_is_ticked() {
    // 1.1 is asked for biometrics or token, 1.2 for other.
    finds(
        &[("1", "生体", ""), ("1.1", "", "")],
        &["answer-missing 1.1"],
    );
    finds(&[("1", "所持", ""), ("1.1", "いいえ", "")], &[]);
    finds(&[("1", "知識", ""), ("1.1", "", "")], &[]);
    finds(
        &[("1", "その他", ""), ("1.1", "", "")],
        &["answer-missing 1.2"],
    );
    // Nobody knows which methods there are, so nothing below is missing; the blank above it is.
    finds(&[("1", "", ""), ("1.1", "", "")], &["answer-missing 1"]);
    for outcome in both(&[("1", "知識", ""), ("1.1", "", "")]) {
        let disclosure = outcome.disclosure();
        assert_eq!(enabled(disclosure, "1.1"), Enabled::No { by: number("1") });
    }
    for outcome in both(&[("1", "", ""), ("1.1", "", "")]) {
        let disclosure = outcome.disclosure();
        assert_eq!(
            enabled(disclosure, "1.1"),
            Enabled::Undetermined { by: number("1") }
        );
    }
}

#[test]
fn a_yes_under_methods_that_switch_it_off_is_a_contradiction() {
    finds(
        &[("1", "知識", ""), ("1.1", "はい", "")],
        &["child-contradicts-parent 1.1"],
    );
}

#[test]
fn a_child_follows_its_parent() {
    finds(&[("2.1", "", "")], &["answer-missing 2.1"]);
    finds(&[("2.2", "", "")], &["answer-missing 2.2"]);
    let off = [("2", "いいえ", ""), ("2.2", "", ""), ("5", "", "")];
    finds(&[&off[..], &[("2.1", "", "")]].concat(), &[]);
    finds(
        &[&off[..], &[("2.1", "はい", "")]].concat(),
        &["child-contradicts-parent 2.1"],
    );
    finds(
        &[&off[..], &[("2.1", "いいえ", "")]].concat(),
        &["child-answered-under-no 2.1"],
    );
    finds(
        &[&off[..], &[("2.1", "対象外", "保守をしません")]].concat(),
        &[],
    );
    // A parent left blank: its own blank is missing, and it is said that children are answered.
    finds(
        &[("2", "", "")],
        &["answer-missing 2", "parent-unanswered 2"],
    );
    // 2.2 takes a date, and only days that exist.
    finds(
        &[("2.2", "2026年4月31日", "")],
        &["answer-outside-choices 2.2"],
    );
    finds(&[("2.2", "春ごろ", "")], &["answer-outside-choices 2.2"]);
}

#[test]
fn all_and_any_look_at_several_items() {
    // 4 is asked when 2 and 3 say yes.
    finds(&[("3", "はい", "")], &["answer-missing 4"]);
    finds(&[("3", "はい", ""), ("4", "いいえ", "")], &[]);
    finds(&[("4", "はい", "")], &["child-contradicts-parent 4"]);
    finds(&[("4", "いいえ", "")], &["child-answered-under-no 4"]);
    // With one of them blank it cannot be said, unless the other one says no.
    finds(&[("3", "", "")], &["answer-missing 3"]);
    for (second, third, expected) in [
        ("はい", "はい", Enabled::Yes),
        ("はい", "いいえ", Enabled::No { by: number("3") }),
        ("いいえ", "はい", Enabled::No { by: number("2") }),
        ("いいえ", "いいえ", Enabled::No { by: number("2") }),
        ("", "いいえ", Enabled::No { by: number("3") }),
        ("いいえ", "", Enabled::No { by: number("2") }),
        ("はい", "", Enabled::Undetermined { by: number("3") }),
        ("", "はい", Enabled::Undetermined { by: number("2") }),
    ] {
        for outcome in both(&[("2", second, ""), ("3", third, "")]) {
            assert_eq!(
                enabled(outcome.disclosure(), "4"),
                expected,
                "{second} {third}"
            );
        }
    }
    // 5 is asked when 2 or 3 says yes or a token is ticked.
    for (first, second, third, expected) in [
        ("知識", "いいえ", "いいえ", Enabled::No { by: number("2") }),
        ("所持", "いいえ", "いいえ", Enabled::Yes),
        ("知識", "いいえ", "はい", Enabled::Yes),
        ("知識", "はい", "", Enabled::Yes),
        (
            "知識",
            "いいえ",
            "",
            Enabled::Undetermined { by: number("3") },
        ),
        (
            "",
            "いいえ",
            "いいえ",
            Enabled::Undetermined { by: number("1") },
        ),
    ] {
        for outcome in both(&[("1", first, ""), ("2", second, ""), ("3", third, "")]) {
            assert_eq!(
                enabled(outcome.disclosure(), "5"),
                expected,
                "{first} {second} {third}"
            );
        }
    }
}

#[test]
fn some_answers_need_a_remark() {
    // For every item: not applicable. For item 2 also: yes.
    finds(&[("2", "はい", "")], &["remark-missing 2"]);
    finds(&[("3", "対象外", "")], &["remark-missing 3"]);
    finds(&[("3", "対象外", "無線の機器がありません")], &[]);
    finds(&[("5", "いいえ", "")], &[]);
}

#[test]
fn a_remark_that_says_nothing_is_none() {
    finds(&[("2", "はい", "なし")], &["remark-missing 2"]);
}

#[test]
fn an_item_may_be_left_out_or_answered_anyway() {
    finds(&[("7.1", "", "")], &[]);
    finds(
        &[("7", "いいえ", ""), ("7.1", "はい", "")],
        &["child-answered-under-no 7.1"],
    );
    finds(
        &[("7.1", "対象外", "ありません")],
        &["answer-outside-choices 7.1"],
    );
}

#[test]
fn an_alias_is_the_item() {
    for alias in ["3.0", "３．０", "3"] {
        let mut rows = changed(&[]);
        rows[6][0] = alias;
        for outcome in [on_sheet(TITLE, &rows), in_document("full", &rows)] {
            assert_eq!(names(&outcome), Vec::<String>::new(), "{alias}");
            let entry = outcome.disclosure().entry(&number("3.0"));
            assert_eq!(entry.expect("an entry").number.as_str(), "3", "{alias}");
        }
    }
}

#[test]
fn numbers_of_a_free_group_are_welcome() {
    let mut rows = changed(&[]);
    rows.push(["ETC-1", "自由に書ける欄", "はい", ""]);
    for outcome in [on_sheet(TITLE, &rows), in_document("full", &rows)] {
        assert_eq!(names(&outcome), Vec::<String>::new());
        let last = outcome.disclosure().entries.last().expect("an entry");
        assert_eq!((last.item, last.answer), (None, Some(Answer::Yes)));
    }
    rows[11][0] = "XYZ-1";
    for outcome in [on_sheet(TITLE, &rows), in_document("full", &rows)] {
        assert_eq!(names(&outcome), ["item-unknown XYZ-1"]);
    }
}

/// The rows of the older edition: without 7 and 7.1, with 6.
fn older() -> Vec<[&'static str; 4]> {
    let mut rows = changed(&[]);
    rows.truncate(9);
    rows.push(["6", "パスワードを定期的に変更させる", "はい", ""]);
    rows
}

#[test]
fn the_items_tell_the_edition() {
    let current = on_sheet(TITLE, &changed(&[]));
    let form = &current.disclosure().form;
    assert_eq!(
        (form.id.as_str(), form.edition.as_str()),
        ("full", "第2.0版")
    );
    assert_eq!(form.superseded_by, None);
    assert!(form.item(&number("6")).is_none() && form.item(&number("7")).is_some());

    for outcome in [
        on_sheet(TITLE, &older()),
        in_document("full@第1.0版", &older()),
    ] {
        let form = &outcome.disclosure().form;
        assert_eq!(form.edition, "第1.0版");
        assert_eq!(form.superseded_by.as_deref(), Some("第2.0版"));
        assert!(form.item(&number("6")).is_some() && form.item(&number("7")).is_none());
        assert_eq!(names(&outcome), ["form-edition-old"]);
    }
}

#[test]
fn the_title_tells_the_edition_where_the_items_do_not() {
    let mut rows = changed(&[]);
    rows.truncate(9);
    let missing = |outcome: &Outcome| {
        names(outcome)
            .into_iter()
            .filter(|name| name.starts_with("item-missing"))
            .collect::<Vec<_>>()
    };
    let outcome = on_sheet(&format!("{TITLE} 第1.0版"), &rows);
    assert_eq!(outcome.disclosure().form.edition, "第1.0版");
    assert_eq!(missing(&outcome), ["item-missing 6"]);
    let outcome = on_sheet(&format!("{TITLE} 第2.0版"), &rows);
    assert_eq!(outcome.disclosure().form.edition, "第2.0版");
    assert_eq!(missing(&outcome), ["item-missing 7", "item-missing 7.1"]);
}

/// A mistake in a form file, from `tests/mistakes/form.toml`.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Mistake {
    /// The text replaced in the form `small`, once.
    from: String,
    to: String,
    /// The text at whose start the finding must stand; the start of the file where it is left out.
    #[serde(default)]
    at: String,
    /// What the message must say.
    #[serde(default)]
    says: String,
    /// How many mistakes come of it, all at the same item; one where it is left out.
    count: Option<usize>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Mistakes {
    mistake: Vec<Mistake>,
}

/// One-based line and column, in characters, of the first occurrence of a text in another.
fn position(text: &str, part: &str) -> String {
    let at = text
        .find(part)
        .unwrap_or_else(|| panic!("{part:?} stands nowhere"));
    let line = text[..at].matches('\n').count() + 1;
    let column = text[..at].chars().rev().take_while(|c| *c != '\n').count() + 1;
    format!("{line}:{column}")
}

fn mistakes(text: &str) -> Vec<Finding> {
    match Catalog::parse(text, "form.toml") {
        Ok(_) => Vec::new(),
        Err(Error::Invalid { name, findings }) => {
            assert_eq!(name, "form.toml");
            findings
        }
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn every_mistake_in_a_form_file_is_told_with_its_place() {
    let table = support::text(&support::project().join("tests/mistakes/form.toml"));
    let table: Mistakes = toml::from_str(&table).expect("tests/mistakes/form.toml");
    let sound = support::form_text("small");
    assert!(mistakes(&sound).is_empty());
    let mut problems = Vec::new();
    for mistake in table.mistake {
        let Mistake {
            from,
            to,
            at,
            says,
            count,
        } = mistake;
        assert!(
            sound.contains(&from),
            "{from:?} stands nowhere in small.toml"
        );
        let text = sound.replacen(&from, &to, 1);
        let place = position(&text, &at);
        let found = mistakes(&text);
        let told = found.first().is_some_and(|finding| {
            finding.rule == "form-invalid"
                && finding.place.to_string() == place
                && Language::ALL
                    .iter()
                    .all(|language| finding.message(*language).contains(&says))
        });
        if !told || found.len() != count.unwrap_or(1) {
            problems.push(format!(
                "{from:?} → {to:?}: expected at {place}, saying {says:?}; found:{}",
                support::case::shown(&found)
            ));
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn mistakes_that_only_the_whole_form_shows() {
    let text = support::form_text("small");
    for (from, to) in [
        // A method that stands twice: nobody can say which one was ticked.
        (
            "number = \"3\"\n",
            "number = \"3\"\nkind = \"multiple\"\noptions = [{ id = \"a\", title = { ja = \"甲\", en = \"A\" } }, \
             { id = \"a\", title = { ja = \"乙\", en = \"B\" } }]\n",
        ),
        // A field of the head that stands twice.
        ("field = \"version\"", "field = \"product\""),
        // An answer that needs a remark but is none of the item's.
        (
            "number = \"4\"\n",
            "number = \"4\"\nremark_when = [\"see-note\"]\n",
        ),
        // A condition on an answer that the other item cannot have.
        (
            "number = \"3\"\n",
            "number = \"3\"\nenable = { item = \"4\", is = [\"na\"] }\n",
        ),
    ] {
        assert!(text.contains(from), "{from:?} stands nowhere in small.toml");
        assert!(!mistakes(&text.replacen(from, to, 1)).is_empty(), "{to}");
    }
}

#[test]
fn all_mistakes_of_a_form_file_come_together() {
    let text = support::form_text("small")
        .replace("parent = \"2\"", "parent = \"9\"")
        .replace("control = \"ops.backup\"\n", "control = \"ops.bakup\"\n");
    let found = mistakes(&text);
    assert_eq!(found.len(), 2, "{}", support::case::shown(&found));
}

#[test]
fn a_condition_on_an_item_of_the_other_edition_is_a_mistake() {
    let text = support::form_text("full").replace(
        "number = \"7\"\n",
        "number = \"7\"\nenable = { item = \"6\", is = [\"yes\"] }\n",
    );
    let found = mistakes(&text);
    assert_eq!(found.len(), 1, "{}", support::case::shown(&found));
    assert!(found[0].message(Language::En).contains("\"6\""));
}
