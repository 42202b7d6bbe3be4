//! A page: a sheet as a person sees it, with the check boxes, comments and looks that its cells do not hold.

use std::borrow::Cow;
use std::collections::HashMap;

use super::layout::At;
use super::resolve::answer_in;
use crate::answer::Answer;
use crate::form::Item;
use crate::read::beside::{CheckBox, Look, Run, Shape, ShapeKind};
use crate::read::grid::Sheet;
use crate::text::{fold, is_blank};
use crate::vocabulary::Vocabulary;

/// A sheet, and what stands beside its cells by address.
#[derive(Debug)]
pub(crate) struct Page<'s> {
    pub(crate) sheet: &'s Sheet,
    boxes: HashMap<At, Vec<&'s CheckBox>>,
    comments: HashMap<At, &'s str>,
    looks: HashMap<At, &'s Look>,
    shapes: HashMap<At, &'s Shape>,
}

impl std::ops::Deref for Page<'_> {
    type Target = Sheet;

    fn deref(&self) -> &Sheet {
        self.sheet
    }
}

/// What stands before the word of a box whose state cannot be read.
const UNREADABLE_BOX: &str = "?";

impl<'s> Page<'s> {
    pub(crate) fn new(sheet: &'s Sheet) -> Self {
        let beside = &sheet.beside;
        let anchor = |at: At| sheet.anchor(at.0, at.1);
        let mut boxes: HashMap<At, Vec<&CheckBox>> = HashMap::new();
        for check_box in &beside.boxes {
            boxes
                .entry(anchor(check_box.middle))
                .or_default()
                .push(check_box);
        }
        Self {
            sheet,
            boxes,
            comments: beside
                .comments
                .iter()
                .map(|comment| (anchor((comment.row, comment.column)), comment.text.as_str()))
                .collect(),
            looks: beside
                .looks
                .iter()
                .map(|look| ((look.row, look.column), look))
                .collect(),
            shapes: beside
                .shapes
                .iter()
                .filter(|shape| shape.kind != ShapeKind::Picture)
                .map(|shape| (anchor(shape.middle), shape))
                .collect(),
        }
    }

    /// The cells with check boxes.
    pub(crate) fn boxed(&self) -> impl Iterator<Item = (At, &[&'s CheckBox])> {
        self.boxes.iter().map(|(at, boxes)| (*at, boxes.as_slice()))
    }

    /// The check boxes over a cell.
    pub(crate) fn boxes_at(&self, at: At) -> &[&'s CheckBox] {
        let boxes = self.boxes.get(&self.anchor(at.0, at.1));
        boxes.map_or(&[], Vec::as_slice)
    }

    /// The comment on a cell.
    pub(crate) fn comment(&self, at: At) -> Option<&'s str> {
        if self.comments.is_empty() {
            return None;
        }
        let comment = self.comments.get(&self.anchor(at.0, at.1)).copied();
        comment.filter(|text| !is_blank(text))
    }

    /// The cells of a row, within some columns, that have comments.
    pub(crate) fn comments_of(&self, row: u32, band: (u32, u32)) -> impl Iterator<Item = At> {
        let comments = &self.sheet.beside.comments;
        let from = comments.partition_point(|comment| comment.row < row);
        comments[from..]
            .iter()
            .take_while(move |comment| comment.row == row)
            .filter(move |comment| (band.0..=band.1).contains(&comment.column))
            .map(|comment| (comment.row, comment.column))
    }

    /// The shape whose middle lies over a cell.
    pub(crate) fn shape(&self, at: At) -> Option<&'s Shape> {
        if self.shapes.is_empty() {
            return None;
        }
        self.shapes.get(&self.anchor(at.0, at.1)).copied()
    }

    /// What a cell says as an answer: its check boxes before its text, a comment where it is empty.
    pub(crate) fn said(&self, at: At) -> Cow<'_, str> {
        let at = self.anchor(at.0, at.1);
        let text = self.text(at.0, at.1);
        if let Some(boxes) = self.boxes.get(&at) {
            return in_words(boxes, &text).into();
        }
        if is_blank(&text)
            && let Some(comment) = self.comment(at)
            && is_answer(comment)
        {
            return comment.trim().into();
        }
        text
    }

    /// True if the comment on this empty cell says an answer.
    pub(crate) fn is_answered_by_comment(&self, at: At) -> bool {
        !self.boxes.contains_key(&self.anchor(at.0, at.1))
            && is_blank(&self.text(at.0, at.1))
            && self.comment(at).is_some_and(is_answer)
    }

    /// Which of the printed alternatives of a cell its look points to, in boxes: `■はい　□いいえ`.
    ///
    /// `None` where the cell prints no alternatives, or where their looks do not tell one from the others.
    pub(crate) fn chosen_by_look(&self, at: At, item: Option<&Item>) -> Option<String> {
        let at = self.anchor(at.0, at.1);
        let look = self.looks.get(&at)?;
        let text = self.text(at.0, at.1);
        let words = alternatives(&text, item)?;
        let traits: Vec<Traits> = words
            .iter()
            .map(|word| Traits::of(&look.runs, word.start, word.text.len()))
            .collect();
        let chosen = chosen(&traits)?;
        Some(as_boxes(words.iter().map(|word| word.text), &chosen))
    }

    /// True if all that the cell says is struck out.
    pub(crate) fn is_struck(&self, at: At) -> bool {
        let look = self.looks.get(&self.anchor(at.0, at.1));
        look.is_some_and(|look| {
            let mut runs = look
                .runs
                .iter()
                .filter(|run| !is_blank(&run.text))
                .peekable();
            runs.peek().is_some() && runs.all(|run| run.strike)
        })
    }

    /// Which of several cells, each printing one alternative, their look points to.
    pub(crate) fn chosen_cells(&self, cells: &[At]) -> Option<Vec<bool>> {
        let traits: Vec<Traits> = cells
            .iter()
            .map(|at| {
                let at = self.anchor(at.0, at.1);
                self.looks.get(&at).map_or_else(Traits::default, |look| {
                    let length = look.runs.iter().map(|run| run.text.len()).sum();
                    Traits {
                        fill: look.fill,
                        ..Traits::of(&look.runs, 0, length)
                    }
                })
            })
            .collect();
        chosen(&traits)
    }
}

/// Words as boxes: `■はい　□いいえ`.
fn as_boxes<'w>(words: impl Iterator<Item = &'w str>, chosen: &[bool]) -> String {
    let boxes = words
        .zip(chosen)
        .map(|(word, chosen)| format!("{}{word}", if *chosen { "■" } else { "□" }));
    boxes.collect::<Vec<_>>().join("　")
}

/// The printed alternatives of a cell, none of them chosen; `None` where it prints none.
pub(crate) fn none_chosen(text: &str, item: Option<&Item>) -> Option<String> {
    let words = alternatives(text, item)?;
    let chosen = vec![false; words.len()];
    Some(as_boxes(words.iter().map(|word| word.text), &chosen))
}

/// The words of the printed alternatives of a cell, each with where it starts, in bytes; none where it prints none.
pub(crate) fn printed_words(text: &str, item: Option<&Item>) -> Vec<(usize, String)> {
    let words = alternatives(text, item).unwrap_or_default();
    let words = words.into_iter();
    words
        .map(|word| (word.start, word.text.to_owned()))
        .collect()
}

/// True for a text that is an answer, alone or in boxes.
fn is_answer(text: &str) -> bool {
    text.len() <= 240 && answer_in(text.trim()).is_some()
}

/// True for the label that Excel gives a new box: `Check Box 3`, `チェック 3`.
pub(crate) fn is_default_label(label: &str) -> bool {
    let label = fold(label);
    let name = label.trim_end_matches(|c: char| c.is_ascii_digit());
    name.len() < label.len()
        && [
            "checkbox",
            "チェック",
            "チェックボックス",
            "optionbutton",
            "オプション",
            "オプションボタン",
            "button",
            "ボタン",
        ]
        .contains(&name)
}

/// Check boxes as text: `☑はい　☐いいえ`. A box without a label stands before the text of its cell.
fn in_words(boxes: &[&CheckBox], text: &str) -> String {
    let mark = |ticked: Option<bool>| match ticked {
        Some(true) => "☑",
        Some(false) => "☐",
        None => UNREADABLE_BOX,
    };
    let label = |check_box: &CheckBox| {
        if is_blank(&check_box.label) || is_default_label(&check_box.label) {
            String::new()
        } else {
            check_box.label.trim().to_owned()
        }
    };
    if let [only] = boxes
        && label(only).is_empty()
    {
        // The linked cell says TRUE or FALSE, which the box says already.
        let text = match fold(text).as_str() {
            "true" | "false" => "",
            _ => text.trim(),
        };
        return format!("{}{text}", mark(only.ticked));
    }
    let boxes = boxes
        .iter()
        .map(|check_box| format!("{}{}", mark(check_box.ticked), label(check_box)));
    boxes.collect::<Vec<_>>().join("　")
}

/// A word printed in a cell, and where in the text it starts, in bytes.
struct Printed<'t> {
    start: usize,
    text: &'t str,
}

/// The alternatives that a cell prints: two or more answers, or methods of the item, and nothing else.
fn alternatives<'t>(text: &'t str, item: Option<&Item>) -> Option<Vec<Printed<'t>>> {
    if text.len() > 400 {
        return None;
    }
    // The stroke of N/A separates nothing, so strokes are tried last.
    const SEPARATORS: [&[char]; 3] = [
        &[' ', '　', '\n', '\t', '・', '、', ',', '，', '|', '｜'],
        &['\n', '・', '、', ',', '，', '|', '｜'],
        &[
            ' ', '　', '\n', '\t', '・', '、', ',', '，', '|', '｜', '/', '／',
        ],
    ];
    // The last are all of them: what none separates is one word, and no choice.
    if !text.contains(SEPARATORS[2]) {
        return None;
    }
    SEPARATORS
        .iter()
        .find_map(|separators| printed(text, separators, item))
}

fn printed<'t>(
    text: &'t str,
    separators: &[char],
    item: Option<&Item>,
) -> Option<Vec<Printed<'t>>> {
    let words = Vocabulary::get();
    let brackets = ['(', ')', '（', '）', '[', ']', '【', '】'];
    let mut found = Vec::new();
    let mut start = 0;
    for part in text.split(separators) {
        let at = start;
        start += part.len();
        start += text[start..].chars().next().map_or(0, char::len_utf8);
        let inner = part.trim_matches(|c: char| c.is_whitespace() || brackets.contains(&c));
        if is_blank(inner) {
            continue;
        }
        let known = words.answer(inner).is_some()
            || item.is_some_and(|item| item.options.iter().any(|option| option.is_meant_by(inner)));
        if !known {
            return None;
        }
        let offset = part.find(inner).unwrap_or(0);
        found.push(Printed {
            start: at + offset,
            text: inner,
        });
    }
    let answers: Vec<Option<Answer>> = found.iter().map(|word| words.answer(word.text)).collect();
    let repeated =
        (1..answers.len()).any(|at| answers[at].is_some() && answers[..at].contains(&answers[at]));
    (found.len() >= 2 && !repeated).then_some(found)
}

/// How a stretch of text looks, where all of it looks so.
#[derive(Clone, Debug, Default, PartialEq)]
struct Traits {
    strike: bool,
    underline: bool,
    bold: bool,
    colour: Option<[u8; 3]>,
    fill: Option<[u8; 3]>,
}

impl Traits {
    fn of(runs: &[Run], start: usize, length: usize) -> Self {
        let mut at = 0;
        let touching: Vec<&Run> = runs
            .iter()
            .filter(|run| {
                let (from, to) = (at, at + run.text.len());
                at = to;
                from < start + length && to > start && !is_blank(&run.text)
            })
            .collect();
        if touching.is_empty() {
            return Self::default();
        }
        let colour = touching[0].colour;
        Self {
            strike: touching.iter().all(|run| run.strike),
            underline: touching.iter().all(|run| run.underline),
            bold: touching.iter().all(|run| run.bold),
            colour: colour.filter(|_| touching.iter().all(|run| run.colour == colour)),
            fill: None,
        }
    }
}

/// Which alternatives are chosen: what is left when others are struck out, or what stands out.
///
/// `None` where looks do not tell one from another. Where two stand out, in one way or in two, both are chosen:
/// which of them holds is not for the reader to say.
fn chosen(traits: &[Traits]) -> Option<Vec<bool>> {
    let tells = |flags: &[bool]| flags.contains(&true) && flags.contains(&false);
    let left: Vec<bool> = traits.iter().map(|look| !look.strike).collect();
    if left.contains(&false) {
        return tells(&left).then_some(left);
    }
    let ways: [Vec<bool>; 4] = [
        traits.iter().map(|look| look.underline).collect(),
        standing_out(traits.iter().map(|look| look.colour).collect()),
        traits.iter().map(|look| look.bold).collect(),
        standing_out(traits.iter().map(|look| look.fill).collect()),
    ];
    let mut found: Option<Vec<bool>> = None;
    for way in ways.iter().filter(|way| tells(way)) {
        let known = found.get_or_insert_with(|| vec![false; way.len()]);
        for (known, flag) in known.iter_mut().zip(way) {
            *known |= flag;
        }
    }
    found
}

/// Which of the colours is not the usual one: with a colour for all but one, that one.
fn standing_out(colours: Vec<Option<[u8; 3]>>) -> Vec<bool> {
    let grey = |colour: &[u8; 3]| {
        colour
            .iter()
            .max()
            .zip(colour.iter().min())
            .is_some_and(|(a, b)| a - b < 12)
    };
    let greyed: Vec<bool> = colours
        .iter()
        .map(|colour| colour.as_ref().is_some_and(grey))
        .collect();
    if greyed.contains(&true) && greyed.contains(&false) {
        // Greyed out is the opposite of chosen.
        return greyed.iter().map(|grey| !grey).collect();
    }
    if colours.iter().all(Option::is_some) {
        let odd =
            |colour: &Option<[u8; 3]>| colours.iter().filter(|other| *other == colour).count() == 1;
        if colours.len() > 2 {
            return colours.iter().map(odd).collect();
        }
    }
    colours.iter().map(Option::is_some).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(runs: &[(&str, &str)]) -> Vec<Run> {
        runs.iter()
            .map(|(text, how)| Run {
                text: (*text).to_owned(),
                strike: how.contains('s'),
                underline: how.contains('u'),
                bold: how.contains('b'),
                colour: how.contains('r').then_some([255, 0, 0]),
            })
            .collect()
    }

    fn choice(runs: &[(&str, &str)]) -> Option<Vec<bool>> {
        let runs = look(runs);
        let text: String = runs.iter().map(|run| run.text.as_str()).collect();
        let words = alternatives(&text, None)?;
        let traits: Vec<Traits> = words
            .iter()
            .map(|word| Traits::of(&runs, word.start, word.text.len()))
            .collect();
        chosen(&traits)
    }

    #[test]
    fn looks_point_to_one_alternative() {
        let yes = Some(vec![true, false, false]);
        assert_eq!(choice(&[("はい", "u"), ("・いいえ・対象外", "")]), yes);
        assert_eq!(choice(&[("はい", "r"), ("　いいえ　対象外", "")]), yes);
        assert_eq!(
            choice(&[("はい", ""), ("／", ""), ("いいえ／対象外", "s")]),
            yes
        );
        assert_eq!(choice(&[("はい", "bu"), ("・いいえ・対象外", "")]), yes);
    }

    #[test]
    fn looks_that_do_not_tell() {
        let both = Some(vec![true, true, false]);
        let two = [("はい", "u"), ("・", ""), ("いいえ", "b"), ("・対象外", "")];
        assert_eq!(choice(&two), both);
        assert_eq!(choice(&[("はい・いいえ・対象外", "u")]), None);
        assert_eq!(choice(&[("はい・いいえ・対象外", "s")]), None);
        assert_eq!(choice(&[("はい・いいえ・その他", "")]), None);
    }

    #[test]
    fn a_stroke_within_a_word() {
        let text = "Yes / No / N/A";
        assert!(alternatives(text, None).is_none_or(|words| words.len() == 3));
        let words = alternatives("Yes・No・N/A", None).expect("three");
        assert_eq!(words[2].text, "N/A");
    }
}
