//! The ways in which an answer can be marked where each answer has a cell of its own.

use super::answer::set_boxes;
use super::boxes;
use super::change::{Change, To};
use super::plan::Target;
use crate::answer::Answer;
use crate::disclosure::{At, marked_word};
use crate::language::Localised;
use crate::patch::sheet::Stretch;
use crate::read::beside::CheckBox;
use crate::read::grid::CellValue;
use crate::text::is_blank;
use crate::vocabulary::{Mark, Vocabulary};

/// The mark that is written where the sheet shows no other.
const CIRCLE: &str = "○";

/// What stands in a cell for one answer.
#[derive(Clone, Debug, PartialEq)]
enum There {
    Nothing,
    /// TRUE or FALSE.
    Bool(bool),
    /// The printed word of the answer, alone.
    Word(String),
    /// A box and the word.
    Boxed(String),
    /// A mark, or anything else.
    Other(String),
}

/// The ways to mark an answer; marks of other answers are taken away.
pub(super) fn ways(
    target: &Target<'_>,
    at: usize,
    cells: &[(Answer, At)],
    answer: Answer,
) -> Result<Vec<Vec<Change>>, Localised> {
    if !cells.iter().any(|(column, _)| *column == answer) {
        return Err(Localised::label("fill-no-column", &[]));
    }
    let (sheet, page) = target.page(at);
    let controls: Vec<(&CheckBox, bool)> = cells
        .iter()
        .flat_map(|(column, cell)| {
            let boxes = page.boxes_at(*cell).iter();
            boxes.map(move |control| (*control, *column == answer))
        })
        .collect();
    if controls.iter().any(|(_, on)| *on) {
        return Ok(vec![set_boxes(sheet, controls.into_iter())?]);
    }
    let there: Vec<(Answer, At, There)> = cells
        .iter()
        .map(|(column, cell)| {
            let value = page.cell(cell.0, cell.1).map(|cell| &cell.value);
            (*column, *cell, there(value, *column))
        })
        .collect();
    let habits = &target.habits[target.site(at).table];
    let mut ways = vec![marked(sheet, &there, answer, |it| match it {
        There::Bool(_) => To::Bool(true),
        There::Boxed(text) => boxes_ticked(text, habits.ticked),
        There::Word(text) => stretch(text),
        There::Nothing | There::Other(_) => match &habits.mark {
            Some((mark, true)) => mark.parse().map_or(To::Text(mark.clone()), To::Number),
            Some((mark, false)) => To::Text(mark.clone()),
            None => {
                let layout = &target.standing.tables[target.site(at).table].layout;
                To::Text(layout.legend.code(answer).unwrap_or(CIRCLE).to_owned())
            }
        },
    })];
    // Where every cell prints its word and looks do not tell: the word alone is left.
    ways.push(only_the_word(sheet, &there, answer));
    ways.push(marked(sheet, &there, answer, |_| {
        To::Text(CIRCLE.to_owned())
    }));
    ways.dedup();
    Ok(ways)
}

/// The changes that mark one cell and take the marks of the others away.
fn marked(
    sheet: usize,
    there: &[(Answer, At, There)],
    answer: Answer,
    mark: impl Fn(&There) -> To,
) -> Vec<Change> {
    let change = |(column, at, it): &(Answer, At, There)| {
        let to = if *column == answer {
            Some(mark(it))
        } else {
            match it {
                There::Bool(true) => Some(To::Bool(false)),
                There::Boxed(text) => emptied(text).map(To::Text),
                There::Other(text) if is_mark(text) => Some(To::Nothing),
                There::Nothing | There::Bool(false) | There::Word(_) | There::Other(_) => None,
            }
        };
        to.map(|to| Change { sheet, at: *at, to })
    };
    there.iter().filter_map(change).collect()
}

fn only_the_word(sheet: usize, there: &[(Answer, At, There)], answer: Answer) -> Vec<Change> {
    let others = there.iter().filter(|(column, _, it)| {
        *column != answer && matches!(it, There::Word(_) | There::Boxed(_) | There::Other(_))
    });
    let others = others.map(|(_, at, _)| Change {
        sheet,
        at: *at,
        to: To::Nothing,
    });
    let own = there.iter().find(|(column, _, _)| *column == answer);
    let own = own.map(|(column, at, it)| {
        let word = match it {
            There::Word(word) => word.clone(),
            There::Nothing | There::Bool(_) | There::Boxed(_) | There::Other(_) => {
                column.word(crate::language::Language::Ja).to_owned()
            }
        };
        Change {
            sheet,
            at: *at,
            to: To::Text(word),
        }
    });
    others.chain(own).collect()
}

fn there(value: Option<&CellValue>, answer: Answer) -> There {
    let Some(value) = value else {
        return There::Nothing;
    };
    if let CellValue::Bool(value) = value {
        return There::Bool(*value);
    }
    let text = value.text();
    if is_blank(&text) {
        return There::Nothing;
    }
    let text = text.into_owned();
    match marked_word(&text) {
        Some((Some(_), word)) if Vocabulary::get().answer(word) == Some(answer) => {
            There::Boxed(text)
        }
        Some((None, word)) if Vocabulary::get().answer(word) == Some(answer) => There::Word(text),
        Some(_) | None => There::Other(text),
    }
}

fn is_mark(text: &str) -> bool {
    Vocabulary::get().mark(text) == Some(Mark::On) || text.trim() == "1"
}

/// The word underlined, as all of the text.
fn stretch(text: &str) -> To {
    To::Stretches(vec![Stretch {
        text: text.to_owned(),
        marked: true,
    }])
}

/// A box before a word, ticked.
fn boxes_ticked(text: &str, sign: Option<char>) -> To {
    To::Text(with_box(text, true, sign).unwrap_or_else(|| text.to_owned()))
}

/// A box before a word, empty; `None` where it is empty already.
fn emptied(text: &str) -> Option<String> {
    with_box(text, false, None).filter(|changed| changed != text)
}

fn with_box(text: &str, on: bool, sign: Option<char>) -> Option<String> {
    // Boxes are told from other signs where two stand together.
    let twice = format!("{text}　□＊");
    let ticked = boxes::ticked(&twice, sign, |word| (word != "＊") == on)?;
    let end = ticked.rfind("　")?;
    Some(ticked[..end].to_owned())
}
