//! The head of a template: date, manufacturer, product, model, version.

use std::ops::Range;

use jiff::civil::Date;

use super::change::{Change, To};
use super::date;
use super::outcome::Subject;
use super::plan::{Expected, Target, Task, task};
use crate::disclosure::{At, HeaderValue, labelled};
use crate::form::Field;
use crate::language::Localised;
use crate::place::Place;
use crate::read::grid::{CellValue, Sheet};
use crate::text::{fold, is_blank};
use crate::vocabulary::Vocabulary;

/// The rows of a cover that are looked at.
const COVER_ROWS: u32 = 200;

/// The tasks of the head.
pub(super) fn tasks(target: &Target<'_>, document: usize) -> Vec<Task> {
    Field::ALL
        .into_iter()
        .filter_map(|field| {
            let value = target.answers.field(field)?;
            (!is_blank(&value.written)).then(|| field_task(target, field, value, document))
        })
        .flatten()
        .collect()
}

fn field_task(
    target: &Target<'_>,
    field: Field,
    value: &HeaderValue,
    document: usize,
) -> Option<Task> {
    let mut headers = target.disclosure.form.headers.iter();
    let item = headers
        .find(|it| it.field == field)
        .and_then(|it| it.item.as_ref());
    let answered = item.is_some_and(|item| {
        let entry = target.answers.entry(item);
        entry.is_some_and(|entry| !is_blank(&entry.written))
    });
    if answered {
        // It is the answer of an item, and written as that.
        return None;
    }
    let wanted = value.value();
    let subject = Subject::Header(field);
    let expected = Expected::Field(wanted.clone());
    let mut task = task(document, None, subject, expected, wanted.trim());
    let own = on_own_sheets(target, field);
    let there = own.as_ref().or_else(|| target.disclosure.field(field));
    task.outcome.place = there.map(|there| there.place.clone());
    if let Some(there) = there.filter(|there| !is_blank(&there.written)) {
        if is_said(there, &wanted) {
            return Some(task.same());
        }
        let waits = field == Field::Date && date::is_placeholder(&there.written);
        if !waits && !target.force {
            return Some(task.kept(&there.written));
        }
    }
    let ways = match there {
        Some(there) => at_place(target, there, value),
        None => elsewhere(target, value),
    };
    if let (None, Some(first)) = (
        &task.outcome.place,
        ways.first().and_then(|way| way.first()),
    ) {
        let sheet = &target.template.workbook.sheets[first.sheet];
        task.outcome.place = Some(sheet.place(first.at.0, first.at.1));
    }
    Some(match ways.is_empty() {
        true => task.refused(Localised::label("fill-no-field", &[])),
        false => task.written(target, ways),
    })
}

/// The empty place of a field on the sheets of the tables, where it was read on another one (a history of revisions).
fn on_own_sheets(target: &Target<'_>, field: Field) -> Option<HeaderValue> {
    let sheets = &target.template.workbook.sheets;
    let mut tables = target.standing.tables.iter();
    let known = target.disclosure.field(field)?.place.sheet()?;
    if tables.any(|table| *sheets[table.sheet].name == *known) {
        return None;
    }
    let mut places = target.standing.tables.iter().flat_map(|table| {
        let end = table.layout.first_row();
        labelled(&sheets[table.sheet], table.given_from, end)
    });
    places.find(|it| it.field == field)
}

/// True where a field says this already.
pub(super) fn is_said(there: &HeaderValue, wanted: &str) -> bool {
    fold(&there.value()) == fold(wanted)
}

/// The ways to write a field where the reader finds it, or would look for it.
fn at_place(target: &Target<'_>, there: &HeaderValue, value: &HeaderValue) -> Vec<Vec<Change>> {
    let Place::Cell { sheet, row, column } = &there.place else {
        return Vec::new();
    };
    let Some(at) = target.template.sheet(sheet) else {
        return Vec::new();
    };
    let page = &target.template.workbook.sheets[at];
    let mut cell = (*row, *column);
    if is_blank(&there.written) {
        cell = below_label(page, cell, value.field).unwrap_or(cell);
    }
    if behind_label(&page.text(cell.0, cell.1), value.field, "x").is_some() {
        return behind(target, at, cell, value, &there.written);
    }
    let mut ways = Vec::new();
    if let (Some(day), true) = (value.date, value.field == Field::Date)
        && let Some(pieces) = in_pieces(page, cell, day)
    {
        let change = |(cell, number): (At, f64)| Change {
            sheet: at,
            at: cell,
            to: To::Number(number),
        };
        ways.push(pieces.into_iter().map(change).collect());
    }
    ways.extend(values(target, at, cell, value, &there.written));
    // A label that ends with a colon and has nothing to its right waits for the value in its own cell.
    if let Some(label) = label_beside(page, cell, value.field) {
        let own = behind(target, at, label, value, "");
        let styles = &target.template.styles[at];
        let apart = styles
            .as_ref()
            .is_some_and(|styles| styles.style(cell.0, cell.1) != styles.style(label.0, label.1));
        match apart || page.area(cell.0, cell.1).is_some() || has_values_beside(target, page) {
            true => ways.extend(own),
            false => ways = own.into_iter().chain(ways).collect(),
        }
    }
    ways
}

/// The cell below a label, where labels stand side by side and so cannot have their values there.
fn below_label(page: &Sheet, place: At, field: Field) -> Option<At> {
    let words = Vocabulary::get();
    let row = || page.rows_between(place.0, place.0 + 1).flatten();
    let labels: Vec<u32> = row()
        .filter(|it| words.field(&it.value.text()).is_some())
        .map(|it| it.column)
        .collect();
    let behind = |column: u32| page.area(place.0, column).map_or(column, |it| it.last.1) + 1;
    let touching = labels.windows(2).any(|pair| behind(pair[0]) == pair[1]);
    let label = row().find(|it| words.field(&it.value.text()) == Some(field))?;
    let area = page.area(label.row, label.column);
    let below = (area.map_or(label.row, |it| it.last.0) + 1, label.column);
    (touching && is_blank(&page.text(below.0, below.1))).then_some(below)
}

/// A label with a colon to the left of the place of its value.
fn label_beside(page: &Sheet, cell: At, field: Field) -> Option<At> {
    let mut row = page.rows_between(cell.0, cell.0 + 1).flatten();
    let label = row.find(|it| {
        it.column < cell.1 && Vocabulary::get().field(&it.value.text()) == Some(field)
    })?;
    let ends = label.value.text().trim_end().ends_with([':', '：']);
    ends.then_some((label.row, label.column))
}

/// True where another field of the sheet stands beside its label.
fn has_values_beside(target: &Target<'_>, page: &Sheet) -> bool {
    target.disclosure.header.iter().any(|value| {
        let Place::Cell { sheet, row, column } = &value.place else {
            return false;
        };
        *sheet == page.name
            && !is_blank(&value.written)
            && behind_label(&page.text(*row, *column), value.field, "x").is_none()
    })
}

/// The spellings of a value in a cell of its own.
fn values(
    target: &Target<'_>,
    sheet: usize,
    cell: At,
    value: &HeaderValue,
    like: &str,
) -> Vec<Vec<Change>> {
    let change = |to: To| {
        vec![Change {
            sheet,
            at: cell,
            to,
        }]
    };
    let Some(day) = value.date else {
        return vec![change(To::Text(value.written.trim().to_owned()))];
    };
    let mut ways = Vec::new();
    if target.template.shows_days(sheet, cell) {
        let serial = date::serial(day, target.template.book.is_1904);
        ways.extend(serial.map(|serial| change(To::Number(serial))));
    }
    let spelled = date::spelled(day, like, target.language);
    ways.extend(spelled.into_iter().map(|text| change(To::Text(text))));
    ways
}

fn behind(
    target: &Target<'_>,
    sheet: usize,
    cell: At,
    value: &HeaderValue,
    like: &str,
) -> Vec<Vec<Change>> {
    let texts = match value.date {
        Some(day) => date::spelled(day, like, target.language),
        None => vec![value.written.trim().to_owned()],
    };
    let change = |text: String| {
        vec![Change {
            sheet,
            at: cell,
            to: To::Behind(value.field, text),
        }]
    };
    texts.into_iter().map(change).collect()
}

/// The cells before 年, 月 and 日, where a row has a cell for each.
fn in_pieces(page: &Sheet, cell: At, day: Date) -> Option<Vec<(At, f64)>> {
    let row: Vec<_> = page.rows_between(cell.0, cell.0 + 1).flatten().collect();
    let mut found = Vec::new();
    let parts = [
        ("年", f64::from(day.year())),
        ("月", f64::from(day.month())),
        ("日", f64::from(day.day())),
    ];
    let mut from = cell.1;
    for (unit, number) in parts {
        let unit = row
            .iter()
            .find(|it| it.column >= from && it.value.text().trim() == unit)?;
        let at = page.anchor(unit.row, unit.column.checked_sub(1)?);
        from = unit.column + 1;
        found.push((at, number));
    }
    Some(found)
}

/// The ways to write a field that the reader does not find: behind a label without a value, or on a cover.
fn elsewhere(target: &Target<'_>, value: &HeaderValue) -> Vec<Vec<Change>> {
    let sheets = &target.template.workbook.sheets;
    let own = target.standing.tables.iter().map(|table| {
        let end = table.layout.first_row();
        (table.sheet, table.given_from..end)
    });
    let taken = |at: usize| {
        let mut standings = target.template.standings.iter();
        standings.any(|it| it.tables.iter().any(|table| table.sheet == at))
    };
    let covers = (0..sheets.len())
        .filter(|at| !taken(*at) && sheets[*at].visible && sheets[*at].has_cells)
        .map(|at| (at, 0..COVER_ROWS));
    let places: Vec<(usize, Range<u32>)> = own.chain(covers).collect();
    for (sheet, rows) in &places {
        for cell in sheets[*sheet].rows_between(rows.start, rows.end).flatten() {
            let CellValue::Text(text) = &cell.value else {
                continue;
            };
            let waits = text.len() <= 1000
                && value_behind(text, value.field)
                    .is_some_and(|span| is_blank(&text[span.clone()]));
            // A label alone in its cell has its value beside it, if there is a place for one.
            if waits && Vocabulary::get().field(text).is_none() {
                return behind(target, *sheet, (cell.row, cell.column), value, "");
            }
        }
    }
    for (sheet, rows) in places {
        let found = labelled(&sheets[sheet], rows.start, rows.end);
        let there = found.iter().find(|it| it.field == value.field);
        if let Some(there) = there.filter(|it| is_blank(&it.written)) {
            return at_place(target, there, value);
        }
    }
    Vec::new()
}

/// A text with a value behind the label of a field; `None` where it has no such label with a colon.
pub(super) fn behind_label(text: &str, field: Field, value: &str) -> Option<String> {
    let span = value_behind(text, field)?;
    let after = &text[span.end..];
    // Another label in the same line stays apart.
    let gap = match after.is_empty() || after.starts_with('\n') {
        true => "",
        false => "　",
    };
    Some(format!("{}{value}{gap}{after}", &text[..span.start]))
}

/// Where in a text the value of a field stands: behind its label, up to the next label or the end of the line.
fn value_behind(text: &str, field: Field) -> Option<Range<usize>> {
    let words = Vocabulary::get();
    let mut start = 0;
    let mut found: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let mut at = 0;
        for piece in content.split_inclusive(['　', '\t', ' ']) {
            let label = piece
                .split_once([':', '：'])
                .and_then(|(label, _)| words.field(label));
            match (found, label) {
                (Some(from), Some(_)) => return Some(from..start + at),
                (None, Some(label)) if label == field => {
                    let colon = piece.find([':', '：'])?;
                    let sign = piece[colon..].chars().next().map_or(1, char::len_utf8);
                    found = Some(start + at + colon + sign);
                }
                _ => {}
            }
            at += piece.len();
        }
        if let Some(from) = found {
            return Some(from..start + content.len());
        }
        start += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_behind_their_labels() {
        let put = |text: &str, field| behind_label(text, field, "X");
        assert_eq!(
            put("製品名：", Field::Product).as_deref(),
            Some("製品名：X")
        );
        assert_eq!(
            put("作成日：\n製品名：旧　型式：A\n", Field::Product).as_deref(),
            Some("作成日：\n製品名：X　型式：A\n")
        );
        assert_eq!(
            put("製品名：　　　バージョン：", Field::Version).as_deref(),
            Some("製品名：　　　バージョン：X")
        );
        assert_eq!(put("製品名", Field::Product), None);
        assert_eq!(put("備考：なし", Field::Product), None);
    }
}
