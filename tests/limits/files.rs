//! The files that are held against limits: a sheet of four items, and the same in documents.

use super::support::paper::{Page, Paper, Written};

/// The most characters of a text in the files here.
pub(crate) const LONGEST: usize = 300;

/// A sheet of four items, with one long remark.
pub(crate) fn paper() -> Paper {
    let mut page = Page {
        name: "MDS".to_owned(),
        ..Page::default()
    };
    page.text(0, 0, "製造業者による医療情報セキュリティ開示書（MDS）");
    for (column, head) in (0..).zip(["No.", "項目", "回答", "備考"]) {
        page.text(1, column, head);
    }
    for (row, number) in (2..).zip(["1", "2", "3", "4"]) {
        page.text(row, 0, number);
        page.text(row, 1, format!("質問{number}に当たるか"));
        page.text(row, 2, "はい");
        page.text(row, 3, format!("備考{number}"));
    }
    page.text(2, 3, "長".repeat(LONGEST));
    page.put(7, 1, Written::Date(2026, 9, 30));
    Paper { sheets: vec![page] }
}

/// Files that are no sheets but documents, by name.
pub(crate) fn documents() -> [(&'static str, Vec<u8>); 3] {
    let remark = "長".repeat(LONGEST);
    let toml = format!(
        "form = \"mds-reference\"\nheader = {{ product = \"見本カルテ\" }}\n\
         items = [{{ number = \"1\", answer = \"はい\", remark = \"{remark}\" }}]\n"
    );
    let json = format!(
        "{{\"form\": \"mds-reference\", \"header\": {{\"product\": \"見本カルテ\"}},\n\
         \"items\": [{{\"number\": \"1\", \"answer\": \"はい\", \"remark\": \"{remark}\"}}]}}\n"
    );
    let xml = format!(
        "<kaijisho xmlns=\"urn:kaijisho:disclosure:1\"><disclosure form=\"mds-reference\"><header>\
         <product>見本カルテ</product></header><item number=\"1\"><answer>yes</answer>\
         <remark>{remark}</remark></item></disclosure></kaijisho>\n"
    );
    [
        ("a.toml", toml.into_bytes()),
        ("a.json", json.into_bytes()),
        ("a.xml", xml.into_bytes()),
    ]
}
