//! Item numbers as people write them.

use super::style::{Numbers, Style};
use crate::support::paper::{Page, Written};

/// A text in full-width digits and dots.
pub(crate) fn full_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '0'..='9' => char::from_u32(u32::from(c) - 0x30 + 0xFF10).expect("a digit"),
            '.' => '．',
            other => other,
        })
        .collect()
}

fn circled(number: &str) -> Option<char> {
    let number: u32 = number.parse().ok()?;
    (1..=20)
        .contains(&number)
        .then(|| char::from_u32(0x2460 + number - 1).expect("a circled number"))
}

/// What stands before the question, for numbers in the cell of the question.
pub(crate) fn in_question(style: &Style, number: &str, question: &str) -> String {
    match style.numbers {
        Numbers::InQuestion(between) => format!("{number}{between}{question}"),
        _ => question.to_owned(),
    }
}

/// Writes the number of an item; `before` is the one above it in the same table.
pub(crate) fn write(
    page: &mut Page,
    row: u32,
    column: u32,
    style: &Style,
    number: &str,
    before: Option<&str>,
) {
    let parts: Vec<&str> = number.split('.').collect();
    let depth = u32::try_from(parts.len()).expect("few") - 1;
    let text = match style.numbers {
        Numbers::Plain => number.to_owned(),
        Numbers::FullWidth => full_width(number),
        Numbers::Brackets => format!("（{number}）"),
        Numbers::Before(word) => format!("{word}{number}"),
        Numbers::Dashes => number.replace('.', "-"),
        Numbers::TrailingDot => format!("{number}."),
        Numbers::Indented => format!("{}{number}", "　".repeat(parts.len() - 1)),
        Numbers::Numeric => {
            if let Ok(value) = number.parse::<f64>() {
                page.put(row, column, Written::Number(value));
                return;
            }
            number.to_owned()
        }
        Numbers::Circled => match parts.as_slice() {
            [head @ .., last] if head.len() >= 2 => {
                let last = circled(last).expect("few");
                format!("{}{last}", head.join("."))
            }
            _ => number.to_owned(),
        },
        Numbers::Relative => match parts.as_slice() {
            [only] => (*only).to_owned(),
            [_, second] => format!("({second})"),
            [.., last] => circled(last).expect("few").to_string(),
            [] => String::new(),
        },
        Numbers::InQuestion(_) => return,
        Numbers::Levels => {
            page.text(row, column + depth, number);
            return;
        }
        Numbers::Components => {
            for (column, part) in (column..).zip(&parts) {
                page.put(row, column, Written::Number(part.parse().expect("digits")));
            }
            return;
        }
        Numbers::Carried | Numbers::CarriedMerged => {
            let above: Vec<&str> = before
                .map(|before| before.split('.').collect())
                .unwrap_or_default();
            let same = parts
                .iter()
                .zip(&above)
                .take_while(|(part, above)| part == above)
                .count();
            for (at, part) in parts.iter().enumerate().skip(same.min(parts.len() - 1)) {
                page.text(row, column + u32::try_from(at).expect("few"), *part);
            }
            return;
        }
    };
    page.text(row, column, text);
}

/// Merges the first component down over the items that share it: `rows` are the items' rows and numbers.
pub(crate) fn merge_carried(page: &mut Page, column: u32, rows: &[(u32, &str)]) {
    let head = |number: &str| number.split('.').next().unwrap_or_default().to_owned();
    for group in rows.chunk_by(|(_, one), (_, next)| head(one) == head(next)) {
        let (first, last) = (group[0].0, group[group.len() - 1].0);
        if last > first {
            page.merges.push((first, column, last, column));
        }
    }
}
