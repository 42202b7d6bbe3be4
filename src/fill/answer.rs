//! The ways in which an answer can be written into the cells of its item.

use super::boxes;
use super::change::{Change, To};
use super::date;
use super::marks;
use super::plan::{Expected, Target};
use crate::answer::Answer;
use crate::disclosure::{
    Answers, At, Page, boxed_words, is_default_label, methods_in_words, parse_date, printed_words,
    resolve,
};
use crate::form::Item;
use crate::language::Localised;
use crate::patch::sheet::Stretch;
use crate::read::beside::CheckBox;
use crate::text::{fold, is_blank};
use crate::vocabulary::Vocabulary;

/// The ways, the likeliest first.
pub(super) fn ways(
    target: &Target<'_>,
    at: usize,
    expected: &Expected,
) -> Result<Vec<Vec<Change>>, Localised> {
    match &target.site(at).slot.answers {
        Answers::Word(cell) => word(target, at, *cell, expected),
        Answers::Marks(cells) => match expected {
            Expected::Answer(answer) => marks::ways(target, at, cells, *answer),
            Expected::Methods(_) | Expected::Text(_) | Expected::Remark(_) | Expected::Field(_) => {
                let first = cells.first().map(|(_, cell)| *cell);
                let first = first.ok_or_else(|| Localised::label("fill-no-cell", &[]))?;
                word(target, at, first, expected)
            }
        },
    }
}

/// True for a word that means what is expected.
fn means(target: &Target<'_>, at: usize, expected: &Expected, word: &str) -> bool {
    let item = target.item(at);
    let table = &target.standing.tables[target.site(at).table];
    match expected {
        Expected::Answer(answer) => {
            let meant = table.layout.legend.answer(word);
            let meant = meant.or_else(|| Vocabulary::get().answer(word));
            meant.or_else(|| resolve(item, word).answer) == Some(*answer)
        }
        Expected::Methods(methods) => item.is_some_and(|item| {
            let mut options = item.options.iter();
            options.any(|option| methods.contains(&option.id) && option.is_meant_by(word))
        }),
        Expected::Text(text) => fold(text) == fold(word),
        Expected::Remark(_) | Expected::Field(_) => false,
    }
}

/// The ways to write into one cell.
fn word(
    target: &Target<'_>,
    at: usize,
    cell: At,
    expected: &Expected,
) -> Result<Vec<Vec<Change>>, Localised> {
    let (sheet, page) = target.page(at);
    let change = |to: To| Change {
        sheet,
        at: cell,
        to,
    };
    let meant = |word: &str| means(target, at, expected, word);
    let text = page.text(cell.0, cell.1);
    let controls = page.boxes_at(cell);
    if !controls.is_empty() {
        return Ok(vec![ticks(sheet, controls, &text, meant)?]);
    }
    if let Expected::Text(text) = expected {
        return Ok(texts(target, sheet, cell, text));
    }
    let habits = &target.habits[target.site(at).table];
    let mut ways = Vec::new();
    if let Some(boxed) = boxes::ticked(&text, habits.ticked, meant) {
        ways.push(vec![change(To::Text(boxed))]);
    } else if boxed_words(&text).is_some() {
        return Err(Localised::label("fill-no-box", &[]));
    }
    if let Some(stretches) = underlined(&text, target.item(at), meant) {
        ways.push(vec![change(To::Stretches(stretches))]);
    }
    if let (Some(listed), true) = (choices(page, cell), ways.is_empty()) {
        let methods = matches!(expected, Expected::Methods(methods) if methods.len() > 1);
        let found = listed.iter().find(|word| meant(word));
        match found {
            Some(found) if !methods => return Ok(vec![vec![change(typed(found))]]),
            Some(_) => {}
            None => {
                let words: Vec<&str> = listed.iter().map(String::as_str).take(12).collect();
                let words = words.join(" / ");
                return Err(Localised::label("fill-not-listed", &[("words", &words)]));
            }
        }
    }
    let words = match expected {
        Expected::Answer(answer) => answer_words(target, at, *answer),
        Expected::Methods(methods) => {
            let form = &target.disclosure.form;
            vec![methods_in_words(form, target.item(at), methods)]
        }
        Expected::Text(_) | Expected::Remark(_) | Expected::Field(_) => Vec::new(),
    };
    ways.extend(words.iter().map(|word| vec![change(typed(word))]));
    ways.dedup();
    Ok(ways)
}

/// The words that mean an answer, the sheet's own before the form's.
fn answer_words(target: &Target<'_>, at: usize, answer: Answer) -> Vec<String> {
    let table = target.site(at).table;
    let layout = &target.standing.tables[table].layout;
    let own = [
        layout.legend.code(answer),
        target.habits[table].word(answer),
        Some(answer.word(target.language)),
    ];
    let mut words: Vec<String> = own.into_iter().flatten().map(str::to_owned).collect();
    words.dedup();
    words
}

/// A text as somebody would type it: a number is a number.
fn typed(text: &str) -> To {
    match text.parse::<f64>() {
        Ok(number) if number.to_string() == text => To::Number(number),
        Ok(_) | Err(_) => To::Text(text.to_owned()),
    }
}

/// The ways to write a text of its own: as a day where the cell shows days.
fn texts(target: &Target<'_>, sheet: usize, cell: At, text: &str) -> Vec<Vec<Change>> {
    let change = |to: To| {
        vec![Change {
            sheet,
            at: cell,
            to,
        }]
    };
    let shows_days = target.template.shows_days(sheet, cell);
    let day = parse_date(text).filter(|_| shows_days);
    let day = day.and_then(|day| date::serial(day, target.template.book.is_1904));
    let ways = [day.map(To::Number), Some(To::Text(text.to_owned()))];
    ways.into_iter().flatten().map(change).collect()
}

/// The words that a cell offers to choose from.
fn choices(page: &Page<'_>, cell: At) -> Option<Vec<String>> {
    let (row, column) = page.anchor(cell.0, cell.1);
    let offered = page.beside.choices.iter().find(|choices| {
        choices.areas.iter().any(|area| {
            (area.first.0..=area.last.0).contains(&row)
                && (area.first.1..=area.last.1).contains(&column)
        })
    });
    let words = offered.map(|choices| choices.words.clone());
    words.filter(|words| !words.is_empty())
}

/// Printed alternatives with the meant ones underlined.
pub(super) fn underlined(
    text: &str,
    item: Option<&Item>,
    is_meant: impl Fn(&str) -> bool,
) -> Option<Vec<Stretch>> {
    let words = printed_words(text, item);
    if !words.iter().any(|(_, word)| is_meant(word)) {
        return None;
    }
    let mut stretches = Vec::new();
    let mut push = |text: &str, marked: bool| {
        if !text.is_empty() {
            stretches.push(Stretch {
                text: text.to_owned(),
                marked,
            });
        }
    };
    let mut from = 0;
    for (start, word) in words {
        if !is_meant(&word) {
            continue;
        }
        push(&text[from..start], false);
        push(&word, true);
        from = start + word.len();
    }
    push(&text[from..], false);
    Some(stretches)
}

/// Check boxes over a cell, ticked or emptied by their labels; one without a label stands before the text.
fn ticks(
    sheet: usize,
    controls: &[&CheckBox],
    text: &str,
    is_meant: impl Fn(&str) -> bool,
) -> Result<Vec<Change>, Localised> {
    let label =
        |control: &CheckBox| match is_blank(&control.label) || is_default_label(&control.label) {
            true if controls.len() == 1 => text.trim().to_owned(),
            true => String::new(),
            false => control.label.trim().to_owned(),
        };
    if !controls.iter().any(|control| is_meant(&label(control))) {
        return Err(Localised::label("fill-no-box", &[]));
    }
    let states = controls.iter().map(|control| is_meant(&label(control)));
    set_boxes(sheet, controls.iter().copied().zip(states))
}

/// Boxes brought into a state; those that are in it stay as they are.
pub(super) fn set_boxes<'c>(
    sheet: usize,
    boxes: impl Iterator<Item = (&'c CheckBox, bool)>,
) -> Result<Vec<Change>, Localised> {
    let mut changes = Vec::new();
    for (ordinal, (control, on)) in (1..).zip(boxes) {
        if control.ticked == Some(on) {
            continue;
        }
        let source = control.source.clone();
        let source = source.ok_or_else(|| Localised::label("patch-no-control", &[]))?;
        changes.push(Change {
            sheet,
            at: control.middle,
            to: To::Tick {
                source,
                on,
                linked: control.linked,
                ordinal,
            },
        });
    }
    Ok(changes)
}
