//! A sheet filled in on the page: what it shows, what it says beside each item, and what is saved.

use kaijisho::{Answer as Given, Examined, Options, Source, examine};
use serde_json::Value;

use super::ask::{Part, Visitor, file, visitor};
use super::support;

const FORM: &str = "mds-reference";

fn form() -> String {
    let form = kaijisho::Catalog::bundled().form(FORM).expect("bundled");
    format!("{FORM}@{}", form.edition)
}

/// The fields of a sheet of the reference form.
fn fields(said: &[(&str, &str)]) -> Vec<Part> {
    let mut parts = vec![Part::word("form", &form())];
    parts.extend(said.iter().map(|(name, text)| Part::word(name, text)));
    parts
}

fn checked(visitor: &Visitor, said: &[(&str, &str)]) -> Value {
    let answer = visitor.post("/fill/check", &fields(said));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

fn codes(said: &Value) -> Vec<&str> {
    let all = said.as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter()
        .map(|it| it["code"].as_str().expect("a code"))
        .collect()
}

fn read(name: &str, bytes: Vec<u8>) -> Examined {
    examine(&Source::new(name, bytes), &Options::new(support::TODAY))
}

#[test]
fn every_form_can_be_chosen_and_shows_all_of_its_items() {
    let visitor = visitor();
    let start = visitor.get("/fill").text();
    for form in kaijisho::Catalog::bundled().forms() {
        let name = format!("{}@{}", form.id, form.edition);
        assert!(start.contains(&format!("value=\"{name}\"")), "{name}");
        let coded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let page = visitor.get(&format!("/fill?form={coded}"));
        assert_eq!(page.status, 200);
        let text = page.text();
        assert_eq!(
            text.matches("data-item=").count(),
            form.items.len(),
            "{name}"
        );
        for item in &form.items {
            let section = form.section_of(item).title.ja.replace('/', "&#x2f;");
            assert!(text.contains(&section), "{name}: {section}");
        }
    }
    assert_eq!(visitor.get("/fill?form=no-such-form").status, 422);
}

#[test]
fn what_is_wrong_stands_beside_its_item() {
    let visitor = visitor();
    let form = kaijisho::Catalog::bundled().form(FORM).expect("bundled");
    let needs = form
        .items
        .iter()
        .find(|item| item.remark_when.contains(&Given::Na));
    let number = needs
        .expect("an item that wants a remark")
        .number
        .to_string();
    let answer = format!("a-{number}");
    let said = checked(&visitor, &[(&answer, "na"), ("head-date", "きのう")]);
    assert_eq!(codes(&said["items"][&number]), ["MDS601"]);
    assert!(
        codes(&said["whole"]).contains(&"MDS402"),
        "{}",
        said["whole"]
    );
    assert_eq!(said["answered"], 1);
    // With a remark it is right, and the counts follow.
    let remark = format!("r-{number}");
    let better = checked(
        &visitor,
        &[(&answer, "na"), (&remark, "この機能はありません")],
    );
    assert_eq!(better["items"][&number], Value::Null);
    // Without a script a button asks for the same, and what was written is still there.
    let page = visitor.post(
        "/fill",
        &fields(&[(&answer, "na"), ("head-product", "<b>カルテ")]),
    );
    let text = page.text();
    assert!(text.contains("MDS601") && text.contains("&lt;b&gt;カルテ"));
    let chosen = format!("name=\"a-{number}\" value=\"na\" checked");
    assert!(text.contains(&chosen), "the answer stays chosen");
}

#[test]
fn an_item_that_is_not_asked_is_told() {
    let form = kaijisho::Catalog::bundled().form(FORM).expect("bundled");
    let below = form
        .items
        .iter()
        .find(|item| item.enable.is_some() && item.parent.is_some());
    let below = below.expect("an item under a condition");
    let above = below.parent.as_ref().expect("a parent").to_string();
    let said = checked(&visitor(), &[(&format!("a-{above}"), "no")]);
    let not_asked = said["not_asked"].as_array().expect("a list");
    assert!(
        not_asked.contains(&Value::from(below.number.to_string())),
        "{not_asked:?}"
    );
}

#[test]
fn what_is_saved_reads_back_and_goes_on() {
    let visitor = visitor();
    let said = [
        ("head-date", "2026-09-01"),
        ("head-manufacturer", "みなと医療システム"),
        ("head-product", "みなとカルテ"),
        ("a-1", "yes"),
        ("r-1", "一行目\r\n=二行目"),
        ("a-2", "no"),
    ];
    for (to, kind) in [
        ("xlsx", super::ask::XLSX),
        ("xml", "application/xml"),
        ("toml", "application/toml"),
    ] {
        let mut parts = fields(&said);
        parts.push(Part::word("to", to));
        let answer = visitor.post("/fill/save", &parts);
        assert_eq!(answer.status, 200, "{to}: {}", answer.text());
        assert_eq!(answer.header("content-type"), kind);
        assert!(
            answer
                .header("content-disposition")
                .starts_with("attachment")
        );
        let examined = read(&format!("a.{to}"), answer.body.clone());
        let disclosure = &examined.disclosures[0];
        assert_eq!(disclosure.entries[0].answer, Some(Given::Yes), "{to}");
        assert_eq!(disclosure.entries[1].answer, Some(Given::No), "{to}");
        assert_eq!(
            disclosure.entries[0].remark.text.as_deref(),
            Some("一行目\n=二行目"),
            "{to}"
        );
        let product = disclosure.field(kaijisho::Field::Product).expect("a head");
        assert_eq!(product.written, "みなとカルテ");
        // Dropped again, it is there to go on with.
        let opened = visitor.post(
            "/fill/open",
            &[Part::bytes("file", &format!("a.{to}"), answer.body)],
        );
        assert_eq!(opened.status, 200, "{to}");
        let text = opened.text();
        assert!(text.contains("name=\"a-1\" value=\"yes\" checked"), "{to}");
        assert!(text.contains("value=\"みなとカルテ\""), "{to}");
        assert!(
            !text.contains("id=\"left\""),
            "{to}: nothing is left behind"
        );
    }
}

#[test]
fn a_sheet_from_elsewhere_goes_on_and_what_the_page_cannot_hold_is_named() {
    let visitor = visitor();
    let sheet = file(
        "file",
        "disclosure.xlsx",
        "examples/01-vendor/disclosure.xlsx",
    );
    let text = visitor.post("/fill/open", &[sheet]).text();
    // One of its answers is none of the form's: it is shown, and stays until somebody chooses.
    assert!(text.contains("一部対応") && text.contains("name=\"w-23\""));
    assert!(text.contains("MDS503"));
    let other = "form = 'mds-reference'\nitems = [{ number = '1', answer = 'はい' }, { number = '77.7', answer = 'はい' }]\n";
    let text = visitor
        .post("/fill/open", &[Part::bytes("file", "a.toml", other.into())])
        .text();
    assert!(text.contains("id=\"left\"") && text.contains("77.7"));
}

#[test]
fn what_the_page_cannot_do_is_told() {
    let visitor = visitor();
    let unknown = visitor.post("/fill/check", &fields(&[("a-999", "yes")]));
    assert_eq!(unknown.status, 422);
    let other = visitor.post("/fill/check", &fields(&[("x", "yes")]));
    assert_eq!(other.status, 422);
    let not_one = Part::bytes("file", "a.txt", b"nothing".to_vec());
    assert_eq!(visitor.post("/fill/open", &[not_one]).status, 422);
    // A form that the sheet itself tells cannot be asked for by its name.
    let derived = "項番,設問,回答,備考\n1.1,記録を残していますか,はい,\n1.2,暗号化していますか,いいえ,予定\n\
                   1.3,認証していますか,はい,\n";
    let derived = Part::bytes("file", "a.csv", derived.into());
    let told = visitor.post("/fill/open", &[derived]);
    assert_eq!(told.status, 422);
    assert!(told.text().contains("form import"), "{}", told.text());
    let bare = visitor
        .with_token("none")
        .post("/fill/save", &fields(&[("to", "xlsx")]));
    assert_eq!(bare.status, 403, "only a form of the page may save");
}
