//! Random sheets as vendors make them, with more on them than any form asks for.

use rust_xlsxwriter::{Note, Shape, Workbook, Worksheet};

use super::random::Random;

/// A workbook, and the texts of its vendor that no conversion may lose.
pub(crate) struct Sheet {
    pub(crate) bytes: Vec<u8>,
    pub(crate) texts: Vec<String>,
}

struct Writer<'s> {
    sheet: &'s mut Worksheet,
    row: u32,
    texts: Vec<String>,
}

impl Writer<'_> {
    /// A text that stands nowhere else.
    fn own(&mut self, start: &str) -> String {
        let text = format!("{start}〔{}〕", self.texts.len() + 100);
        self.texts.push(text.clone());
        text
    }

    fn line(&mut self, cells: &[(u16, &str)]) {
        for (column, text) in cells {
            self.sheet.write(self.row, *column, *text).unwrap();
        }
        self.row += 1;
    }
}

/// A sheet with lines above and below the table, a column of the vendor's own, rows without a number, comments, text boxes.
pub(crate) fn sheet(random: &mut Random) -> Sheet {
    let mut workbook = Workbook::new();
    let mut out = Writer {
        sheet: workbook.add_worksheet().set_name("MDS").unwrap(),
        row: 0,
        texts: Vec::new(),
    };
    out.line(&[(0, "製造業者による医療情報セキュリティ開示書")]);
    head(&mut out, random);
    table(&mut out, random);
    if random.one_in(2) {
        out.row += 1;
        let text = out.own("※ 記入例は別紙のとおりです");
        out.line(&[(1, &text)]);
    }
    if random.one_in(2) {
        let text = out.own("図形の説明");
        let shape = Shape::textbox().set_text(&text);
        out.sheet.insert_shape(0, 7, &shape).unwrap();
    }
    let texts = out.texts;
    let bytes = workbook.save_to_buffer().unwrap();
    Sheet { bytes, texts }
}

fn head(out: &mut Writer<'_>, random: &mut Random) {
    out.line(&[(0, "作成日"), (1, "2026-09-30")]);
    let maker = out.own("見本メディカル");
    let product = out.own("見本カルテ");
    out.line(&[(0, "製造業者"), (1, &maker)]);
    out.line(&[(0, "製品名"), (1, &product)]);
    for label in ["担当部署", "連絡先", "電話番号"] {
        let value = out.own("記入");
        match random.below(4) {
            0 => out.line(&[(0, label), (1, &value)]),
            1 => out.line(&[(0, &format!("{label}：{value}"))]),
            2 => {
                let second = out.own("窓口");
                out.line(&[(0, label), (1, &value), (2, "窓口"), (3, &second)]);
            }
            _ => out.line(&[(2, &value)]),
        }
    }
    out.row += 1;
}

fn table(out: &mut Writer<'_>, random: &mut Random) {
    let own_column = random.one_in(2);
    let mut headings = vec![(0, "No."), (1, "項目"), (2, "回答"), (3, "備考")];
    if own_column {
        headings.push((4, "確認者"));
    }
    out.line(&headings);
    for (number, question) in [
        ("1", "利用者ごとにIDを発行する"),
        ("2", "データのバックアップを取る"),
        ("2.1", "バックアップを切り離して保管する"),
        ("2.10", "復元の手順を試す"),
        ("3", "通信を暗号化する"),
        ("4", "操作の記録を残す"),
        ("5", "不正なソフトウェアを検出する"),
    ] {
        if random.one_in(4) {
            let heading = out.own("章の見出し");
            out.line(&[(0, &heading)]);
        }
        let remark = out.own("備考の文");
        // Some clear answers make a disclosure of a sheet that no form knows.
        let answer = match number {
            "1" | "2" | "2.1" | "3" => random.pick(&["はい", "いいえ", "対象外"]),
            _ => random.pick(&["はい", "対象外", "検討中", ""]),
        };
        let mut cells = vec![
            (0, number),
            (1, question),
            (2, answer),
            (3, remark.as_str()),
        ];
        let person = own_column.then(|| out.own("確認"));
        if let Some(person) = &person {
            cells.push((4, person));
        }
        out.line(&cells);
        if random.one_in(5) {
            let text = out.own("番号のない行");
            out.line(&[(1, &text), (2, "はい")]);
        }
        if random.one_in(5) {
            let text = out.own("コメント");
            let note = Note::new(&text).add_author_prefix(false);
            out.sheet.insert_note(out.row - 1, 2, &note).unwrap();
        }
    }
}
