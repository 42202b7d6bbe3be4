//! Sheets drawn at random: a head, a table of items, and whatever else a person puts around and between them.
//!
//! Every text has a mark of its own (`〔17〕`), so that it can be looked for in what was read.

use crate::support::paper::{Page, Paper};

/// A sheet, and what stands on it.
pub(crate) struct Drawn {
    pub(crate) paper: Paper,
    /// The mark of each question, and the answer that was written beside it.
    pub(crate) answers: Vec<(String, &'static str)>,
}

impl Drawn {
    /// The mark of a text, where it has one.
    pub(crate) fn own<'t>(&self, text: &'t str) -> Option<&'t str> {
        let from = text.find('〔')?;
        let to = text[from..].find('〕')? + from;
        Some(&text[from..to + '〕'.len_utf8()])
    }
}

/// Numbers that are the same in every run (Knuth's MMIX generator).
pub(crate) struct Draw {
    state: u64,
    marks: u32,
}

const QUESTIONS: [&str; 6] = [
    "利用者を識別し認証するか",
    "保存する情報を暗号化するか",
    "保守のために遠隔接続を行うか",
    "操作の記録を残すか",
    "Is malware protection installed",
    "バックアップを取得するか",
];
const ANSWERS: [&str; 5] = ["はい", "いいえ", "対象外", "", "はい"];
const LINES: [&str; 5] = [
    "連絡先：技術部",
    "本書は例である",
    "改訂履歴",
    "TEL 03-0000-0000",
    "社内確認欄",
];

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        let mut draw = Self {
            state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15),
            marks: 0,
        };
        draw.below(2);
        draw
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.state >> 33).expect("31 bits") % end
    }

    /// One of a list.
    pub(crate) fn one<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.below(list.len())]
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// A mark that stands nowhere else.
    fn mark(&mut self) -> String {
        self.marks += 1;
        format!("〔{}〕", self.marks)
    }

    /// A text with a mark of its own.
    fn marked(&mut self, text: &str) -> String {
        let mark = self.mark();
        format!("{text}{mark}")
    }

    fn line(&mut self) -> String {
        let line = *self.one(&LINES);
        self.marked(line)
    }

    /// A sheet with one table.
    pub(crate) fn sheet(mut self) -> Drawn {
        let mut page = Page {
            name: "MDS".to_owned(),
            ..Page::default()
        };
        page.text(0, 0, "製造業者による医療情報セキュリティ開示書（MDS）");
        let mut row = 1;
        for (label, value) in [
            ("作成日", "2026-09-30".to_owned()),
            ("製造業者", self.marked("見本")),
            ("製品名", self.marked("見本カルテ")),
            ("バージョン", self.marked("3")),
        ] {
            page.text(row, 0, label);
            page.text(row, 1, value);
            row += 1;
            if self.once_in(8) {
                page.text(row, 0, self.line());
                row += 1;
            }
        }
        row += u32::from(self.once_in(2));
        let own_column = self.once_in(3);
        for (column, head) in (0..).zip(["No.", "項目", "回答", "備考"]) {
            page.text(row, column, head);
        }
        if own_column {
            page.text(row, 4, "社内メモ");
        }
        row += 1;
        let mut answers = Vec::new();
        let items = 3 + self.below(12);
        let (mut whole, mut child) = (0, 0);
        for _ in 0..items {
            if self.once_in(9) {
                let line = self.line();
                page.text(row, u32::from(self.once_in(2)), line);
                row += 1;
            }
            if child > 0 && self.once_in(3) || whole > 0 && self.once_in(4) {
                child += 1;
            } else {
                (whole, child) = (whole + 1, 0);
            }
            let number = match child {
                0 => whole.to_string(),
                child => format!("{whole}.{child}"),
            };
            let (question, answer) = (*self.one(&QUESTIONS), *self.one(&ANSWERS));
            let question = self.marked(question);
            let at = question.find('〔').expect("it was marked");
            answers.push((question[at..].to_owned(), answer));
            page.text(row, 0, number);
            page.text(row, 1, question);
            page.text(row, 2, answer);
            if self.once_in(3) {
                let remark = self.marked("別紙のとおり");
                page.text(row, 3, remark);
            }
            if own_column && self.once_in(2) {
                let memo = self.marked("確認済");
                page.text(row, 4, memo);
            }
            row += 1;
        }
        row += u32::from(self.once_in(2));
        for _ in 0..self.below(4) {
            let line = self.line();
            page.text(row, u32::try_from(self.below(4)).expect("a column"), line);
            row += 1;
        }
        Drawn {
            paper: Paper { sheets: vec![page] },
            answers,
        }
    }
}
