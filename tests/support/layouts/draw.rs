//! Draws a table of items, and what people put above, between and below.

use super::answers::{self, At};
use super::head;
use super::logic::{Logic, LogicItem, Said, UNKNOWN};
use super::numbers;
use super::random::Random;
use super::style::{Answers, Column, HeadStyle, Heading, Numbers, Remarks, Style};
use super::{Drawn, Key, KeyRow, Spot};
use crate::support::paper::{Page, Stretch, Written};

/// A remark text that stands apart from its item.
#[derive(Clone, Debug)]
struct Apart {
    label: String,
    text: String,
    /// The item's place in the key.
    item: usize,
}

/// A pen that draws tables on one sheet.
#[derive(Debug)]
pub(crate) struct Pen<'p> {
    pub(crate) page: &'p mut Page,
    /// The sheet's position in the workbook.
    pub(crate) sheet: usize,
    pub(crate) style: &'p Style,
    pub(crate) logic: &'p Logic,
    pub(crate) random: &'p mut Random,
    pub(crate) rows: Vec<KeyRow>,
    apart: Vec<Apart>,
}

/// Where each column of a table begins, and the first free column to the right.
fn columns(style: &Style, left: u32) -> (Vec<(Column, u32)>, u32) {
    let mut at = left;
    let mut columns = Vec::new();
    for column in &style.columns {
        columns.push((*column, at));
        at += match column {
            Column::Number => style.numbers.width(),
            Column::Answer => style.answers.width(),
            Column::Remark => style.remarks.width(),
            Column::Running
            | Column::Chapter
            | Column::Question
            | Column::Reference
            | Column::Score
            | Column::Previous
            | Column::Verdict
            | Column::Gap => 1,
        };
    }
    (columns, at)
}

impl<'p> Pen<'p> {
    pub(crate) fn new(
        page: &'p mut Page,
        sheet: usize,
        style: &'p Style,
        logic: &'p Logic,
        random: &'p mut Random,
    ) -> Self {
        Self {
            page,
            sheet,
            style,
            logic,
            random,
            rows: Vec::new(),
            apart: Vec::new(),
        }
    }

    fn label(&mut self, ja: &[&'static str], en: &'static str) -> &'static str {
        if self.logic.is_english() {
            en
        } else {
            self.random.of::<&str>(ja)
        }
    }

    fn answer_heading(&mut self) -> String {
        let words = answers::printed(self.style);
        match self.style.answers {
            Answers::Codes(codes) => {
                let pairs: Vec<String> = codes
                    .iter()
                    .zip(words)
                    .map(|(code, word)| format!("{code}：{word}"))
                    .collect();
                format!("回答（{}）", pairs.join("　"))
            }
            _ if self.style.heading == Heading::Unusual => "貴社ご記入欄".to_owned(),
            _ => self
                .label(&["回答", "ご回答", "回答欄", "対応状況"], "Answer")
                .to_owned(),
        }
    }

    /// Draws the heading and returns the first row below it.
    fn heading(&mut self, top: u32, columns: &[(Column, u32)]) -> u32 {
        let style = self.style;
        let two = style.heading == Heading::Two;
        let unusual = style.heading == Heading::Unusual;
        if style.heading == Heading::None {
            return top;
        }
        for (column, at) in columns.iter().copied() {
            let text = match column {
                Column::Running => "通番".to_owned(),
                Column::Chapter => self
                    .label(&["分類", "区分", "カテゴリ"], "Category")
                    .to_owned(),
                Column::Number if style.numbers.width() == 3 => {
                    for (column, text) in (at..).zip(["大項目", "中項目", "小項目"]) {
                        self.head_cell(top, column, text);
                    }
                    continue;
                }
                Column::Number if style.numbers.width() == 0 => continue,
                Column::Number if unusual => "管理用".to_owned(),
                Column::Number => self
                    .label(&["No.", "項番", "番号", "項目番号"], "No.")
                    .to_owned(),
                Column::Question if unusual => "セキュリティ対策の内容".to_owned(),
                Column::Question => self
                    .label(&["質問", "設問", "確認事項", "チェック項目"], "Question")
                    .to_owned(),
                Column::Answer => {
                    if two {
                        let text = self.answer_heading();
                        self.head_cell(top, at, &text);
                        self.page.merges.push((top, at, top, at + 2));
                    }
                    if style.answers.has_choices_in_heading() {
                        for (column, word) in (at..).zip(answers::printed(style)) {
                            self.head_cell(top + u32::from(two), column, word);
                        }
                    } else if !two {
                        let text = self.answer_heading();
                        self.head_cell(top, at, &text);
                        if style.answers.width() > 1 {
                            self.page
                                .merges
                                .push((top, at, top, at + style.answers.width() - 1));
                        }
                    }
                    continue;
                }
                Column::Remark if style.remarks.width() == 0 => continue,
                Column::Remark => {
                    if style.remarks.width() == 2 {
                        self.head_cell(top, at + 1, "補足説明");
                    }
                    if unusual {
                        "その他ご連絡".to_owned()
                    } else {
                        self.label(&["備考", "備考欄"], "Remarks").to_owned()
                    }
                }
                Column::Reference => "ガイドライン".to_owned(),
                Column::Score => "配点".to_owned(),
                Column::Previous => "前回回答".to_owned(),
                Column::Verdict => "病院確認欄".to_owned(),
                Column::Gap => continue,
            };
            self.head_cell(top, at, &text);
            if two {
                self.page.merges.push((top, at, top + 1, at));
            }
        }
        top + 1 + u32::from(two)
    }

    fn head_cell(&mut self, row: u32, column: u32, text: &str) {
        if self.style.decor {
            let stretch = Stretch {
                text: text.to_owned(),
                bold: true,
                fill: Some([0xD9, 0xE1, 0xF2]),
                ..Stretch::default()
            };
            self.page.put(row, column, Written::Rich(vec![stretch]));
        } else {
            self.page.text(row, column, text);
        }
    }

    /// Draws these items as one table and returns the first free row below and the first free column beside.
    pub(crate) fn table(&mut self, items: &[LogicItem], top: u32, left: u32) -> (u32, u32) {
        let style = self.style;
        let (columns, right) = columns(style, left);
        let mut row = self.heading(top, &columns);
        if style.example {
            self.example(row, &columns);
            row += 1;
        }
        let mut chapter: Option<(&str, u32)> = None;
        let mut before: Option<&str> = None;
        let mut drawn: Vec<(u32, &str)> = Vec::new();
        for (at, item) in items.iter().enumerate() {
            if style
                .repeat
                .is_some_and(|repeat| at > 0 && at % repeat == 0)
            {
                row = self.heading(row, &columns);
                self.end_chapter(&mut chapter, row, &columns);
            }
            if chapter.is_none_or(|(known, _)| known != item.section) {
                self.end_chapter(&mut chapter, row, &columns);
                if style.chapter_numbers && self.logic.form.id == UNKNOWN {
                    let number = item.number.split('.').next().unwrap_or_default();
                    for (column, at) in &columns {
                        match column {
                            Column::Number => {
                                numbers::write(self.page, row, *at, style, number, None)
                            }
                            Column::Question => self.page.text(
                                row,
                                *at,
                                numbers::in_question(style, number, &item.section),
                            ),
                            _ => {}
                        }
                    }
                    row += 1;
                } else if style.chapter_rows {
                    self.page.text(row, left, format!("■ {}", item.section));
                    self.page.merges.push((row, left, row, right - 1));
                    row += 1;
                }
                chapter = Some((&item.section, row));
                for (column, at) in &columns {
                    if *column == Column::Chapter {
                        self.page.text(row, *at, &item.section);
                    }
                }
            }
            drawn.push((row, &item.number));
            row = self.item(item, at, before, row, &columns);
            before = Some(&item.number);
        }
        self.end_chapter(&mut chapter, row, &columns);
        if style.numbers == Numbers::CarriedMerged
            && style.repeat.is_none()
            && !style.chapter_rows
            && style.remarks != Remarks::RowUnder
        {
            let column = columns.iter().find(|(column, _)| *column == Column::Number);
            if let Some((_, column)) = column {
                numbers::merge_carried(self.page, *column, &drawn);
            }
        }
        (row, right)
    }

    /// Merges the chapter's cell down to the row before this one.
    fn end_chapter(
        &mut self,
        chapter: &mut Option<(&str, u32)>,
        row: u32,
        columns: &[(Column, u32)],
    ) {
        // A heading in the middle of a chapter would lie within the merged cell.
        let (Some((_, first)), true) = (
            chapter.take(),
            self.style.chapter_merged && self.style.repeat.is_none(),
        ) else {
            return;
        };
        for (column, at) in columns {
            if *column == Column::Chapter && row > first + 1 {
                self.page.merges.push((first, *at, row - 1, *at));
            }
        }
    }

    fn example(&mut self, row: u32, columns: &[(Column, u32)]) {
        for (column, at) in columns {
            match column {
                Column::Number if self.style.numbers.width() > 0 => self.page.text(row, *at, "例"),
                Column::Question => self.page.text(row, *at, "（記入例）画面の閲覧を制限できる"),
                Column::Answer => {
                    let at = At {
                        sheet: self.sheet,
                        row,
                        column: *at,
                    };
                    answers::draw(self.page, at, self.style, &Said::One(kaijisho::Answer::Yes));
                }
                Column::Remark if self.style.remarks.width() > 0 => {
                    self.page.text(row, *at, "標準機能で対応")
                }
                _ => {}
            }
        }
    }

    /// Draws an item and returns the first row below it.
    fn item(
        &mut self,
        item: &LogicItem,
        running: usize,
        before: Option<&str>,
        row: u32,
        columns: &[(Column, u32)],
    ) -> u32 {
        let style = self.style;
        let mut key: Option<KeyRow> = None;
        let mut question_column = 0;
        let mut remark_column = None;
        for (column, at) in columns.iter().copied() {
            match column {
                Column::Running => {
                    let number = u32::try_from(running + 1).expect("few");
                    self.page.put(row, at, Written::Number(f64::from(number)));
                }
                Column::Chapter if !style.chapter_merged => self.page.text(row, at, &item.section),
                Column::Chapter | Column::Gap => {}
                Column::Previous => {
                    let said = Said::One(*self.random.of(&super::logic::THREE));
                    let at = At {
                        sheet: self.sheet,
                        row,
                        column: at,
                    };
                    answers::draw(
                        self.page,
                        at,
                        &Style {
                            words: style.words,
                            ..Style::plain()
                        },
                        &said,
                    );
                }
                Column::Verdict => self
                    .page
                    .text(row, at, ["適", "", "要確認", ""][running % 4]),
                Column::Number => numbers::write(self.page, row, at, style, &item.number, before),
                Column::Question => {
                    question_column = at;
                    self.page.text(
                        row,
                        at,
                        numbers::in_question(style, &item.number, &item.question),
                    );
                }
                Column::Answer => {
                    let at = At {
                        sheet: self.sheet,
                        row,
                        column: at,
                    };
                    key = Some(answers::draw(self.page, at, style, &item.said));
                    if style.decor {
                        self.pale(row, at.column, style.answers.width());
                    }
                }
                Column::Remark if style.remarks.width() > 0 => remark_column = Some(at),
                Column::Remark => {}
                Column::Reference => {
                    let clause = [
                        "6.5.C.15",
                        "14.1",
                        "システム運用編 14.1",
                        "6.2.C",
                        "8.2 ①",
                        "13.3",
                    ][running % 6];
                    self.page.text(row, at, clause);
                }
                Column::Score => {
                    let score = u32::try_from(running % 3).expect("small") + 1;
                    self.page.put(row, at, Written::Number(f64::from(score)));
                }
            }
        }
        let mut key = key.expect("every table has answers");
        key.number.clone_from(&item.number);
        key.remark.clone_from(&item.remark);
        let next = self.remark(item, &mut key, row, question_column, remark_column);
        self.rows.push(key);
        next
    }

    /// Fills cells to write in with a pale colour that means nothing.
    fn pale(&mut self, row: u32, column: u32, width: u32) {
        for column in column..column + width {
            let ink = self
                .page
                .cells
                .iter_mut()
                .find(|ink| (ink.row, ink.column) == (row, column));
            match ink.map(|ink| &mut ink.value) {
                None => {
                    let blank = Stretch {
                        fill: Some([0xFF, 0xF2, 0xCC]),
                        ..Stretch::default()
                    };
                    self.page.put(row, column, Written::Rich(vec![blank]));
                }
                Some(Written::Text(text)) => {
                    let filled = Stretch {
                        text: text.clone(),
                        fill: Some([0xFF, 0xF2, 0xCC]),
                        ..Stretch::default()
                    };
                    self.page.put(row, column, Written::Rich(vec![filled]));
                }
                Some(_) => {}
            }
        }
    }

    fn remark(
        &mut self,
        item: &LogicItem,
        key: &mut KeyRow,
        row: u32,
        question: u32,
        column: Option<u32>,
    ) -> u32 {
        let spot = |row: u32, column: u32| -> Spot { (self.sheet, row, column) };
        key.remark_places
            .extend(column.map(|column| spot(row, column)));
        let Some(text) = &item.remark else {
            if let (Some(column), Remarks::Cell, true) =
                (column, self.style.remarks, self.random.once_in(9))
            {
                self.page.text(
                    row,
                    column,
                    *self.random.of(&["－", "なし", "特になし", "-"]),
                );
            }
            return row + 1;
        };
        match self.style.remarks {
            Remarks::Cell => self.page.text(row, column.expect("a column"), text),
            Remarks::TwoCells => {
                let column = column.expect("a column");
                key.remark_places.push(spot(row, column + 1));
                let (first, second) = text.split_once('\n').unwrap_or((text, ""));
                let aside = u32::from(second.is_empty() && self.random.once_in(2));
                self.page.text(row, column + aside, first);
                self.page
                    .text(row, column + 1, if aside == 1 { first } else { second });
            }
            Remarks::Below(before) | Remarks::Beside(before) | Remarks::OtherSheet(before) => {
                let label = format!("{before}{}", self.apart.len() + 1);
                self.page.text(row, column.expect("a column"), &label);
                self.apart.push(Apart {
                    label,
                    text: text.clone(),
                    item: self.rows.len(),
                });
            }
            Remarks::ByItem => self.apart.push(Apart {
                label: item.number.clone(),
                text: text.clone(),
                item: self.rows.len(),
            }),
            Remarks::Comment => {
                let (sheet, row, column) = key.places[0];
                self.page.comments.push((row, column, text.clone()));
                key.remark_places.push((sheet, row, column));
            }
            Remarks::RowUnder => {
                self.page.text(row + 1, question, format!("備考：{text}"));
                key.remark_places.push(spot(row + 1, question));
                return row + 2;
            }
        }
        row + 1
    }

    /// Draws the remark texts that stand apart: their title, then label and text.
    pub(crate) fn remarks(&mut self, top: u32, left: u32) -> u32 {
        if self.apart.is_empty() {
            return top;
        }
        self.page.text(top, left, "備考記載欄");
        let mut row = top + 1;
        for apart in std::mem::take(&mut self.apart) {
            self.page.text(row, left, apart.label);
            self.page.text(row, left + 1, apart.text);
            let places = &mut self.rows[apart.item].remark_places;
            places.extend([(self.sheet, row, left), (self.sheet, row, left + 1)]);
            row += 1;
        }
        row
    }

    /// Moves the remark texts to a sheet of their own.
    pub(crate) fn take_remarks(&mut self) -> Option<Page> {
        if !matches!(self.style.remarks, Remarks::OtherSheet(_)) || self.apart.is_empty() {
            return None;
        }
        let mut page = Page {
            name: "備考".to_owned(),
            ..Page::default()
        };
        page.text(0, 0, "備考記載欄");
        page.text(1, 0, "備考番号");
        page.text(1, 1, "内容");
        for (row, apart) in (2..).zip(std::mem::take(&mut self.apart)) {
            page.text(row, 0, apart.label);
            page.text(row, 1, apart.text);
            let sheet = self.sheet + 1;
            self.rows[apart.item]
                .remark_places
                .extend([(sheet, row, 0), (sheet, row, 1)]);
        }
        Some(page)
    }

    /// Names, stamps and sums.
    pub(crate) fn below(&mut self, row: u32, left: u32) {
        let yes = self
            .rows
            .iter()
            .filter(|key| key.answer == Some(kaijisho::Answer::Yes))
            .count();
        let yes = u32::try_from(yes).expect("few");
        self.page.text(row + 1, left, "集計");
        self.page.text(row + 1, left + 1, format!("はい {yes} 件"));
        self.page.text(row + 2, left, "合計");
        self.page
            .put(row + 2, left + 2, Written::Number(f64::from(yes)));
        self.page.text(row + 4, left + 1, "承認");
        self.page.text(row + 4, left + 2, "作成");
        self.page.text(row + 5, left + 1, "見本太郎");
        self.page.text(row + 5, left + 2, "印");
        self.page.text(row + 7, left, "以上");
    }
}

/// Lines of instructions as they stand above a table: numbered, with answers in them.
const PREFACE: [&str; 8] = [
    "本書は、当社が提供する製品のセキュリティに関する対応状況を開示するものです。",
    "1. 回答欄には「はい」「いいえ」「対象外」のいずれかをご記入ください。",
    "2. 「対象外」の場合は、備考欄にその理由をご記入ください。",
    "3. ご不明な点は下記までお問い合わせください。",
    "（1）記入は黒のボールペンで行うこと",
    "※ 本書は情報の提供を目的とし、保証するものではありません。",
    "はい：対応している　いいえ：対応していない　対象外：機能を持たない",
    "お問い合わせ：医療情報システム部　TEL 03-0000-0000",
];

/// A whole sheet: title, instructions, head, table, remarks, what is below.
pub(crate) fn sheet(
    drawn: &mut Drawn,
    name: &str,
    style: &Style,
    logic: &Logic,
    random: &mut Random,
) {
    let cover = (style.head == HeadStyle::Cover).then(|| head::cover(drawn, style, logic));
    let sheet = drawn.paper.sheets.len();
    let mut page = Page {
        name: name.to_owned(),
        ..Page::default()
    };
    let left = style.left;
    page.text(0, left, logic.title());
    let mut row = 2;
    for line in 0..style.preface {
        page.text(row, left, PREFACE[line % PREFACE.len()]);
        row += 1;
    }
    let head = cover.unwrap_or_else(|| {
        let (end, key) = head::draw(&mut page, sheet, row, left, style, logic);
        row = end + 1;
        key
    });
    if let Answers::CodesAbove(codes) = style.answers {
        let words = answers::printed(style);
        let pairs: Vec<String> = codes
            .iter()
            .zip(words)
            .map(|(code, word)| format!("{code}：{word}"))
            .collect();
        page.text(row, left, format!("凡例　{}", pairs.join("　")));
        row += 1;
    }
    let mut pen = Pen::new(&mut page, sheet, style, logic, random);
    let (mut end, right) = pen.table(&logic.items, row, left);
    let other = pen.take_remarks();
    match style.remarks {
        Remarks::Beside(_) => {
            pen.remarks(row, right + 1);
        }
        _ => end = pen.remarks(end + 1, left),
    }
    if style.below {
        pen.below(end + 1, left);
    }
    let rows = pen.rows;
    drawn.paper.sheets.push(page);
    drawn.paper.sheets.extend(other);
    drawn.keys.push(Key {
        logic: logic.clone(),
        rows,
        head,
        // Two columns of answers: a reader may say which one it took.
        allowed: style
            .columns
            .contains(&Column::Previous)
            .then_some("column-ambiguous")
            .into_iter()
            .collect(),
    });
}
