//! Layouts that are more than one table on one sheet.

use super::answers::{self, At};
use super::draw::{self, Pen};
use super::head;
use super::logic::Logic;
use super::random::Random;
use super::style::{Column, Style};
use super::{Drawn, Key, KeyRow};
use crate::support::paper::{Page, Written};

fn page(name: &str) -> Page {
    Page {
        name: name.to_owned(),
        ..Page::default()
    }
}

/// A table for each chapter, the heading each time anew; the columns in another order if asked.
pub(crate) fn chapter_tables(logic: &Logic, random: &mut Random, turned: bool) -> Drawn {
    let style = Style::plain();
    let other = Style {
        columns: vec![
            Column::Number,
            Column::Answer,
            Column::Question,
            Column::Remark,
        ],
        ..Style::plain()
    };
    let mut page = page("開示書");
    page.text(0, 0, logic.title());
    let (mut row, head) = head::draw(&mut page, 0, 2, 0, &style, logic);
    let mut rows = Vec::new();
    for (at, chapter) in logic.chapters().into_iter().enumerate() {
        page.text(row + 1, 0, format!("【{}】", chapter[0].section));
        let style = if turned && at % 2 == 1 {
            &other
        } else {
            &style
        };
        let mut pen = Pen::new(&mut page, 0, style, logic, random);
        (row, _) = pen.table(chapter, row + 2, 0);
        rows.append(&mut pen.rows);
    }
    one(vec![page], logic, rows, head)
}

fn one(sheets: Vec<Page>, logic: &Logic, rows: Vec<KeyRow>, head: head::HeadKey) -> Drawn {
    let mut drawn = Drawn::default();
    drawn.paper.sheets = sheets;
    drawn.keys.push(Key {
        logic: logic.clone(),
        rows,
        head,
        allowed: Vec::new(),
    });
    drawn
}

/// A sheet for each chapter, the head on the first.
pub(crate) fn chapter_sheets(logic: &Logic, random: &mut Random) -> Drawn {
    let style = Style::plain();
    let mut cover = page("表紙");
    cover.text(0, 0, logic.title());
    let (_, head) = head::draw(&mut cover, 0, 2, 0, &style, logic);
    let mut sheets = vec![cover];
    let mut rows = Vec::new();
    for chapter in logic.chapters() {
        let sheet = sheets.len();
        let mut page = page(&format!("{}.{}", sheet, chapter[0].section));
        page.text(0, 0, &chapter[0].section);
        let mut pen = Pen::new(&mut page, sheet, &style, logic, random);
        pen.table(chapter, 2, 0);
        rows.append(&mut pen.rows);
        sheets.push(page);
    }
    one(sheets, logic, rows, head)
}

/// The first half of the items to the left, the second to the right.
pub(crate) fn side_by_side(logic: &Logic, random: &mut Random) -> Drawn {
    let style = Style::plain();
    let mut page = page("開示書");
    page.text(0, 0, logic.title());
    let (row, head) = head::draw(&mut page, 0, 2, 0, &style, logic);
    let (one_half, other) = logic.items.split_at(logic.items.len() / 2);
    let mut pen = Pen::new(&mut page, 0, &style, logic, random);
    let (_, right) = pen.table(one_half, row + 1, 0);
    pen.table(other, row + 1, right + 1);
    let rows = pen.rows;
    one(vec![page], logic, rows, head)
}

/// Each question a little block, its labels to the left.
pub(crate) fn cards(logic: &Logic, _: &mut Random) -> Drawn {
    let style = Style::plain();
    let mut page = page("開示書");
    page.text(0, 0, logic.title());
    let (end, head) = head::draw(&mut page, 0, 2, 0, &style, logic);
    let mut row = end + 1;
    let mut rows = Vec::new();
    for item in &logic.items {
        page.text(row, 0, "設問");
        page.text(row, 1, &item.number);
        page.text(row, 2, &item.question);
        page.text(row + 1, 0, "回答");
        let at = At {
            sheet: 0,
            row: row + 1,
            column: 1,
        };
        let mut key = answers::draw(&mut page, at, &style, &item.said);
        page.text(row + 2, 0, "備考");
        page.text(row + 2, 1, item.remark.clone().unwrap_or_default());
        key.number.clone_from(&item.number);
        key.remark.clone_from(&item.remark);
        key.remark_places.push((0, row + 2, 1));
        rows.push(key);
        row += 4;
    }
    one(vec![page], logic, rows, head)
}

/// The question merged over the row, answer and remark in the row below it.
pub(crate) fn two_rows_each(logic: &Logic, _: &mut Random) -> Drawn {
    let style = Style::plain();
    let mut page = page("開示書");
    page.text(0, 0, logic.title());
    let (end, head) = head::draw(&mut page, 0, 2, 0, &style, logic);
    let mut row = end + 1;
    let mut rows = Vec::new();
    for item in &logic.items {
        page.text(row, 0, &item.number);
        page.text(row, 1, &item.question);
        page.merges.push((row, 1, row, 4));
        page.text(row + 1, 1, "回答：");
        let at = At {
            sheet: 0,
            row: row + 1,
            column: 2,
        };
        let mut key = answers::draw(&mut page, at, &style, &item.said);
        page.text(row + 1, 3, "備考：");
        page.text(row + 1, 4, item.remark.clone().unwrap_or_default());
        key.number.clone_from(&item.number);
        key.remark.clone_from(&item.remark);
        key.remark_places.push((0, row + 1, 4));
        rows.push(key);
        row += 2;
    }
    one(vec![page], logic, rows, head)
}

/// Both forms in one workbook, with a cover, instructions, a history and a hidden list around them.
pub(crate) fn both(logic: &Logic, random: &mut Random) -> Drawn {
    let mut drawn = Drawn::default();
    let mut cover = page("はじめに");
    cover.text(0, 0, "医療情報セキュリティ開示書 ご提出資料一式");
    cover.text(2, 0, "記入要領");
    cover.text(3, 0, "1");
    cover.text(3, 1, "回答は「はい」「いいえ」「対象外」から選んでください");
    cover.text(4, 0, "2");
    cover.text(4, 1, "「対象外」の場合は理由を備考に記入してください");
    drawn.paper.sheets.push(cover);
    draw::sheet(&mut drawn, "MDS", &Style::plain(), logic, random);
    let other = if logic.form.family.is_service() {
        "mds-reference"
    } else {
        "sds-reference"
    };
    let other = Logic::of(other, 77);
    draw::sheet(&mut drawn, "SDS", &Style::plain(), &other, random);
    if logic.form.family.is_service() {
        for (page, name) in drawn.paper.sheets[1..].iter_mut().zip(["SDS", "MDS"]) {
            page.name = name.to_owned();
        }
    }
    let mut history = page("改訂履歴");
    for (column, text) in (0..).zip(["版", "改訂日", "内容"]) {
        history.text(0, column, text);
    }
    for (row, text) in (1..).zip(["初版", "回答を更新", "項目31を「はい」に変更"])
    {
        history.put(row, 0, Written::Number(f64::from(row)));
        history.put(
            row,
            1,
            Written::Date(2026, 4, i8::try_from(row).expect("small")),
        );
        history.text(row, 2, text);
    }
    drawn.paper.sheets.push(history);
    let mut lists = page("リスト");
    lists.hidden = true;
    for (row, word) in (0..).zip(["はい", "いいえ", "対象外"]) {
        lists.text(row, 0, word);
    }
    drawn.paper.sheets.push(lists);
    drawn
}

/// Two products in one workbook: the same form twice.
pub(crate) fn two_products(logic: &Logic, random: &mut Random) -> Drawn {
    let mut drawn = Drawn::default();
    draw::sheet(&mut drawn, "製品A", &Style::plain(), logic, random);
    let mut other = Logic::of(&logic.form.id, 991);
    other.head.product = "見本ビューア".to_owned();
    draw::sheet(&mut drawn, "製品B", &Style::plain(), &other, random);
    drawn
}
