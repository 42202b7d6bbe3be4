//! The head of a sheet: title, date, manufacturer, product, model, version.

use kaijisho::Field;

use super::logic::{Head, Logic};
use super::numbers::full_width;
use super::style::{DateStyle, HeadStyle, Style};
use super::{Drawn, Spot};
use crate::support::paper::{Page, Written};

/// The head as the key holds it.
pub(crate) type HeadKey = Vec<(Field, String, Vec<Spot>)>;

fn labels(logic: &Logic) -> [(Field, &'static str); 5] {
    if logic.is_english() {
        return [
            (Field::Date, "Date"),
            (Field::Manufacturer, "Manufacturer"),
            (Field::Product, "Product name"),
            (Field::Model, "Model"),
            (Field::Version, "Version"),
        ];
    }
    if logic.form.family.is_service() {
        return [
            (Field::Date, "記入日"),
            (Field::Manufacturer, "サービス事業者"),
            (Field::Product, "サービス名称"),
            (Field::Model, "型番"),
            (Field::Version, "版数"),
        ];
    }
    [
        (Field::Date, "作成日"),
        (Field::Manufacturer, "製造業者"),
        (Field::Product, "製品名"),
        (Field::Model, "型式"),
        (Field::Version, "バージョン"),
    ]
}

fn iso(head: &Head) -> String {
    let (year, month, day) = head.date;
    format!("{year:04}-{month:02}-{day:02}")
}

/// The date as text; `None` where it is a date cell.
fn date_text(style: DateStyle, head: &Head) -> Option<String> {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let (year, month, day) = head.date;
    let era = year - 2018;
    Some(match style {
        DateStyle::Cell => return None,
        DateStyle::Iso | DateStyle::Apart => iso(head),
        DateStyle::Spaced => format!("{year} 年 {month} 月 {day} 日"),
        DateStyle::Slashes => format!("{year}/{month}/{day}"),
        DateStyle::Japanese => format!("{year}年{month}月{day}日"),
        DateStyle::Era => format!("令和{era}年{month}月{day}日"),
        DateStyle::EraShort => format!("R{era}.{month}.{day}"),
        DateStyle::FullWidth => full_width(&format!("令和{era}年{month}月{day}日")),
        DateStyle::Weekday => {
            let date = jiff::civil::date(year, month, day);
            let names = ["月", "火", "水", "木", "金", "土", "日"];
            let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).expect("small");
            format!("{year}年{month}月{day}日（{}）", names[weekday])
        }
        DateStyle::English => format!(
            "{} {day}, {year}",
            MONTHS[usize::try_from(month).expect("small") - 1]
        ),
    })
}

fn text_of(field: Field, style: DateStyle, head: &Head) -> Option<String> {
    match field {
        Field::Date => date_text(style, head),
        Field::Manufacturer => Some(head.manufacturer.clone()),
        Field::Product => Some(head.product.clone()),
        Field::Model => Some(head.model.clone()),
        Field::Version => Some(head.version.clone()),
    }
}

/// Writes a value.
fn value(page: &mut Page, row: u32, column: u32, field: Field, style: DateStyle, head: &Head) {
    if field == Field::Date && style == DateStyle::Apart {
        let (year, month, day) = head.date;
        let parts = [f64::from(year), f64::from(month), f64::from(day)];
        for ((column, part), unit) in (column..).step_by(2).zip(parts).zip(["年", "月", "日"]) {
            page.put(row, column, Written::Number(part));
            page.text(row, column + 1, unit);
        }
        return;
    }
    match text_of(field, style, head) {
        Some(text) => page.text(row, column, text),
        None => page.put(
            row,
            column,
            Written::Date(head.date.0, head.date.1, head.date.2),
        ),
    }
}

fn in_one_spelling(field: Field, head: &Head) -> String {
    if field == Field::Date {
        iso(head)
    } else {
        text_of(field, DateStyle::Iso, head).expect("a text")
    }
}

/// Draws the head from this row on and returns the first free row below it, and its key.
pub(crate) fn draw(
    page: &mut Page,
    sheet: usize,
    top: u32,
    left: u32,
    style: &Style,
    logic: &Logic,
) -> (u32, HeadKey) {
    let head = &logic.head;
    let mut key = HeadKey::new();
    let mut put = |page: &mut Page, row: u32, column: u32, field: Field| {
        value(page, row, column, field, style.date, head);
        key.push((
            field,
            in_one_spelling(field, head),
            vec![(sheet, row, column)],
        ));
    };
    let labels = labels(logic);
    let end = match style.head {
        HeadStyle::Right
        | HeadStyle::Gap
        | HeadStyle::Merged
        | HeadStyle::Spaced
        | HeadStyle::Cover => {
            let aside = match style.head {
                HeadStyle::Gap => 2,
                HeadStyle::Merged => 2,
                _ => 1,
            };
            for (row, (field, label)) in (top..).zip(labels) {
                let spaced: Vec<String> = label.chars().map(String::from).collect();
                let label = if style.head == HeadStyle::Spaced {
                    spaced.join("　")
                } else {
                    label.to_owned()
                };
                page.text(row, left, label);
                put(page, row, left + aside, field);
                if style.head == HeadStyle::Merged {
                    page.merges.push((row, left, row, left + 1));
                    page.merges.push((row, left + 2, row, left + 4));
                }
            }
            top + 5
        }
        HeadStyle::Pairs => {
            for (at, (field, label)) in (0..).zip(labels) {
                let (row, column) = (top + at / 2, left + 3 * (at % 2));
                page.text(row, column, label);
                put(page, row, column + 1, field);
            }
            top + 3
        }
        HeadStyle::Below => {
            for (column, (field, label)) in (left..).zip(labels) {
                page.text(top, column, label);
                put(page, top + 1, column, field);
            }
            top + 2
        }
        HeadStyle::OneCell | HeadStyle::AllInOne => {
            let date = if style.date == DateStyle::Cell {
                DateStyle::Iso
            } else {
                style.date
            };
            let lines: Vec<String> = labels
                .iter()
                .map(|(field, label)| {
                    format!(
                        "{label}：{}",
                        text_of(*field, date, head).unwrap_or_default()
                    )
                })
                .collect();
            let one = style.head == HeadStyle::AllInOne;
            if one {
                page.text(top, left, lines.join("\n"));
            }
            for ((at, line), (field, _)) in (0..).zip(&lines).zip(labels) {
                let row = if one { top } else { top + at };
                if !one {
                    page.text(row, left, line);
                }
                key.push((
                    field,
                    in_one_spelling(field, head),
                    vec![(sheet, row, left)],
                ));
            }
            if one { top + 1 } else { top + 5 }
        }
    };
    (end, key)
}

/// Draws the head on a cover sheet of its own before all others.
pub(crate) fn cover(drawn: &mut Drawn, style: &Style, logic: &Logic) -> HeadKey {
    let sheet = drawn.paper.sheets.len();
    let mut page = Page {
        name: "表紙".to_owned(),
        ..Page::default()
    };
    page.text(1, 1, logic.title());
    let (_, key) = draw(&mut page, sheet, 4, 1, style, logic);
    drawn.paper.sheets.push(page);
    key
}
