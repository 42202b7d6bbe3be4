//! A whole sheet: title, instructions, head, table, remarks, what is below.

use super::answers;
use super::draw::Pen;
use super::head;
use super::logic::Logic;
use super::random::Random;
use super::style::{Answers, Column, HeadStyle, Remarks, Style};
use super::{Drawn, Key};
use crate::support::paper::Page;

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
