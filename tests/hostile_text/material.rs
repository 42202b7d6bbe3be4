//! What a hostile vendor sends: every field of every file holds words that mean harm.

use rust_xlsxwriter::{DataValidation, Note, Shape, Workbook};

use super::support;

/// What stands somewhere in every field.
const INNER: &str = "1+cmd|'/C calc'!A0 <script>alert(1)</script><img src=x onerror=alert(1)> \u{1b}[31m\u{9b}32m \
    \u{202e}fdp.\u{2066}\u{200f}\u{61c}\u{200b}\u{feff}\u{e0041}\u{2028} ]]></failure> [a](javascript:alert(1)) \
    `{{ report }}{% raw %}` \"'&<!--";

/// What fields begin with, in turn.
const STARTS: [&str; 12] = [
    "=",
    "+",
    "-",
    "@",
    "＝",
    "＋",
    "－",
    "＠",
    "\t=",
    "\r=",
    "\u{200b}=",
    "\" onmouseover=alert(1) x=\"",
];

/// Words for places where few characters fit.
pub(crate) const WORDS: [&str; 6] = [
    "=1+1\u{202e}",
    "\u{1b}[2Jx",
    "\u{9b}2Jx\0",
    "<script>x",
    "a\u{2066}b\u{200b}c\r",
    "\u{7}\u{e0041}",
];

/// Hostile words of a field.
fn field(number: usize) -> String {
    format!("{}{INNER}{number}", STARTS[number % STARTS.len()])
}

pub(crate) fn files() -> Vec<(&'static str, Vec<u8>)> {
    let example = |path: &str| support::text(&support::project().join(path));
    let blank = support::project().join("examples/06-fill/blank-kaede.xlsx");
    vec![
        ("vendor.xlsx", sheet()),
        ("vendor.toml", document(0)),
        ("other.toml", document(5)),
        ("vendor.csv", table()),
        ("blank.xlsx", std::fs::read(blank).expect("a workbook")),
        (
            "profile.toml",
            worded(&example("examples/profiles/minato-hospital.toml")),
        ),
        (
            "facility.toml",
            worded(&example("examples/13-checklist/facility.toml")),
        ),
        (
            "products.toml",
            worded(&example("examples/10-products/products.toml")),
        ),
        ("register.toml", register()),
    ]
}

/// A TOML file with hostile words in what people write in it.
fn worded(text: &str) -> Vec<u8> {
    const KEYS: [&str; 14] = [
        "title",
        "reason",
        "approver",
        "compensating",
        "provenance",
        "remark",
        "manufacturer",
        "contact",
        "name",
        "filled_by",
        "safety_manager",
        "ja",
        "en",
        "text",
    ];
    let mut lines = String::new();
    for (number, line) in text.lines().enumerate() {
        let key = line.split('=').next().unwrap_or_default().trim();
        let has_words = KEYS.contains(&key) && line.contains('"');
        match line.rfind('"').filter(|_| has_words) {
            Some(end) => {
                let (before, after) = line.split_at(end);
                // The first words as well, where there are two languages.
                let before = before.replacen("= \"", &format!("= \"{}", quoted(&field(number))), 1);
                lines.push_str(&format!("{before} {}{after}\n", quoted(INNER)));
            }
            None => lines.push_str(&format!("{line}\n")),
        }
    }
    lines.into_bytes()
}

/// A text as it stands between the quotes of TOML and JSON.
fn quoted(text: &str) -> String {
    let written = serde_json::to_string(text).expect("a text");
    // TOML takes no DEL or C1 as such.
    let written = written.replace('\u{9b}', "\\u009B");
    written[1..written.len() - 1].to_owned()
}

fn document(shift: usize) -> Vec<u8> {
    let text = |number: usize| quoted(&format!("{}\0", field(number + shift)));
    let mut toml = format!(
        "form = \"mds-reference\"\nsheet = \"{}\"\n[header]\ndate = \"{}\"\nmanufacturer = \"{}\"\nproduct = \"{}\"\n\
         model = \"{}\"\nversion = \"{}\"\n",
        text(0),
        text(1),
        text(2),
        text(3),
        text(4),
        text(5)
    );
    for number in 1..40 {
        let answer = match number % 4 {
            0 => text(number),
            1 => "はい".to_owned(),
            _ => "いいえ".to_owned(),
        };
        toml.push_str(&format!(
            "[[items]]\nnumber = \"{number}\"\ntext = \"{}\"\nanswer = \"{answer}\"\nremark = \"{}\"\n",
            text(number), text(number + 3)
        ));
    }
    toml.push_str(&format!(
        "[[items]]\nnumber = \"{}\"\nanswer = \"はい\"\n",
        text(7)
    ));
    toml.push_str(&format!(
        "[[remarks]]\nlabel = \"{}\"\nkey = 7\ntext = \"{}\"\n",
        text(8),
        text(9)
    ));
    toml.into_bytes()
}

fn sheet() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("=1+<b>\u{202e}\u{9b}&|").expect("a name");
    let mut put = |row: u32, column: u16, text: &str| {
        sheet.write_string(row, column, text).expect("a cell");
    };
    put(0, 0, "製造業者による医療情報セキュリティ開示書（MDS）");
    for (row, label) in (1..).zip(["作成日", "製造業者", "製品名", "型番", "バージョン"])
    {
        put(row, 0, label);
        put(row, 1, &field(usize::try_from(row).expect("a row")));
    }
    for (column, head) in (0..).zip(["No.", "項目", "回答", "備考", &field(3)]) {
        put(6, column, head);
    }
    for number in 1..20usize {
        let row = 6 + u32::try_from(number).expect("a row");
        put(row, 0, &number.to_string());
        put(row, 1, &format!("通信を暗号化するか{}", field(number)));
        put(row, 2, if number % 4 == 0 { "=1" } else { "はい" });
        put(row, 3, &field(number + 1));
        put(row, 4, &field(number + 2));
    }
    let note = Note::new(field(4)).set_author("=1\u{202e}");
    sheet.insert_note(8, 3, &note).expect("a comment");
    let shape = Shape::textbox()
        .set_text(field(5))
        .set_width(40)
        .set_height(16);
    sheet
        .insert_shape_with_offset(9, 3, &shape, 2, 1)
        .expect("a text box");
    let list = DataValidation::new().allow_list_strings(&["はい", "いいえ", "=1\u{202e}<b>"]);
    let list = list.expect("a list");
    sheet
        .add_data_validation(7, 2, 25, 2, &list)
        .expect("a list");
    let other = book.add_worksheet();
    other.set_name("@SUM(1)\u{202e}").expect("a name");
    other.write_string(0, 0, field(6)).expect("a cell");
    book.save_to_buffer().expect("a workbook")
}

fn table() -> Vec<u8> {
    let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\"").replace('\0', ""));
    let mut csv =
        String::from("\u{feff}製造業者による医療情報セキュリティ開示書,\r\nNo.,項目,回答,備考\r\n");
    for number in 1..20 {
        let question = format!("通信を暗号化するか{}", field(number));
        let cells = [
            number.to_string(),
            cell(&question),
            "はい".to_owned(),
            cell(&field(number + 1)),
        ];
        csv.push_str(&format!("{}\r\n", cells.join(",")));
    }
    csv.into_bytes()
}

/// A register with words of its own; the tool adds its entries.
fn register() -> Vec<u8> {
    format!("# {}\nschema = \"kaijisho/risks/1\"\n", WORDS[3]).into_bytes()
}
