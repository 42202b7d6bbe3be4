//! From the cells of one item to its answer as written.

use super::Part;
use crate::answer::{Answer, State};
use crate::disclosure::layout::{Answers, At};
use crate::disclosure::page::none_chosen;
use crate::disclosure::resolve::{Resolved, resolve};
use crate::disclosure::{detect, layout::Slot};
use crate::form::{Item, Kind};
use crate::language::Language;
use crate::place::Place;
use crate::text::{fold, is_blank};
use crate::vocabulary::{Mark, Vocabulary};

/// What stands before the text of an answer over which a shape is drawn, so that it is never taken for an answer.
const DRAWN: &str = "〔図形〕";

/// What stands before an answer that is struck out, so that it is never taken for one.
const STRUCK: &str = "〔取消線〕";

/// Circles that are empty beside a filled one.
const EMPTY_CIRCLES: [char; 3] = ['○', '◯', '〇'];

/// How a sheet answers: what has to be known of all its items to read one.
#[derive(Debug, Default)]
pub(super) struct Manner {
    /// True if the sheet ticks with circles or checks, so that a cross is no tick.
    crosses_deny: bool,
    /// True if one column holds ○ and × and no legend: they are read as yes and no, and it is told.
    pub(super) circles_and_crosses: bool,
    /// The alternatives that most answer cells print; a cell with nothing else is not answered yet.
    printed: Option<String>,
    /// True if most rows print a word in each column of marks.
    printed_marks: bool,
    /// True if the sheet fills circles (●はい ○いいえ): a row of empty ones is not answered.
    fills_circles: bool,
    /// True if the answers stand in comments on empty cells.
    by_comment: bool,
}

impl Manner {
    pub(super) fn of(part: &Part<'_>) -> Self {
        let slots = &part.layout.slots;
        let words = Vocabulary::get();
        let mut manner = Self::default();
        let mut printed: std::collections::HashMap<String, usize> =
            std::collections::HashMap::new();
        let (mut circles, mut crosses, mut worded) = (0usize, 0usize, 0usize);
        let mut full_rows = 0usize;
        let (mut commented, mut empty) = (0usize, 0usize);
        let mut filled_circles = 0usize;
        for slot in slots {
            match &slot.answers {
                Answers::Word(at) => {
                    let text = part.page.said(*at);
                    filled_circles +=
                        usize::from(text.contains(['●', '◉']) && text.contains(EMPTY_CIRCLES));
                    commented += usize::from(part.page.is_answered_by_comment(*at));
                    empty += usize::from(is_blank(&part.page.text(at.0, at.1)));
                    if is_circle(&text) {
                        circles += 1;
                    } else if is_cross(&text) {
                        crosses += 1;
                    } else if text.len() <= 240 && words.answer(&text).is_some() {
                        worded += 1;
                    }
                    if none_chosen(&text, None).is_some() {
                        *printed.entry(fold(&text)).or_default() += 1;
                    }
                }
                Answers::Marks(cells) => {
                    let own = |(answer, at): &(Answer, At)| {
                        let text = part.page.said(*at);
                        let word = detect::columns::marked_word(&text);
                        word.is_some_and(|(_, word)| words.answer(word) == Some(*answer))
                    };
                    full_rows += usize::from(cells.iter().all(own));
                    manner.crosses_deny |= cells.iter().any(|(_, at)| {
                        let text = part.page.said(*at);
                        words.mark(&text) == Some(Mark::On) && !is_cross(&text)
                    });
                }
            }
        }
        let most = printed
            .into_iter()
            .max_by(|a, b| (a.1, &b.0).cmp(&(b.1, &a.0)));
        manner.printed = most
            .filter(|(_, count)| *count >= 2 && count * 2 >= slots.len())
            .map(|(text, _)| text);
        manner.fills_circles = filled_circles >= 2;
        manner.by_comment = commented >= 2 && commented * 2 > empty;
        manner.printed_marks = full_rows >= 2 && full_rows * 2 >= slots.len();
        manner.circles_and_crosses = part.layout.legend.is_empty()
            && circles > 0
            && crosses > 0
            && (circles + crosses) * 2 > slots.len()
            && worded <= circles + crosses;
        manner
    }
}

/// An answer as read from its cells.
pub(super) struct Read {
    pub(super) resolved: Resolved,
    pub(super) written: String,
    pub(super) place: Place,
    /// True if a shape seems to be the answer.
    pub(super) drawn: bool,
    /// True if the comment on the cell is the answer.
    pub(super) by_comment: bool,
}

/// Reads the answer of an item.
pub(super) fn read(part: &Part<'_>, slot: &Slot, item: Option<&Item>, manner: &Manner) -> Read {
    let by_comment = match &slot.answers {
        Answers::Word(at) => {
            let empty = is_blank(&part.page.text(at.0, at.1));
            part.page.is_answered_by_comment(*at) || manner.by_comment && empty
        }
        Answers::Marks(_) => false,
    };
    let (written, at, drawn) = match &slot.answers {
        Answers::Word(at) => word(part, *at, item, manner),
        Answers::Marks(cells) => marked(part, cells, item, manner),
    };
    let written = if is_blank(&written) {
        String::new()
    } else {
        written
    };
    Read {
        resolved: resolve(item, &written),
        written,
        place: part.page.place(at.0, at.1),
        drawn,
        by_comment,
    }
}

/// The answer in one cell.
fn word(part: &Part<'_>, at: At, item: Option<&Item>, manner: &Manner) -> (String, At, bool) {
    let page = part.page;
    let mut text = page.said(at).into_owned();
    if manner.by_comment && is_blank(&text) {
        text = page.comment(at).unwrap_or_default().trim().to_owned();
    }
    let is_text = item.is_some_and(|item| matches!(item.kind, Kind::Text | Kind::Date));
    if is_text {
        return (text, at, false);
    }
    if !is_blank(&text) && page.is_struck(at) {
        // Struck out as a whole: it holds no longer, and what holds instead is not said here.
        return (format!("{STRUCK}{}", text.trim()), at, false);
    }
    if let Some(answer) = part.layout.legend.answer(&text) {
        return (answer.word(Language::Ja).to_owned(), at, false);
    }
    if manner.fills_circles && !text.contains(['●', '◉']) && text.matches(EMPTY_CIRCLES).count() > 1
    {
        return (text.replace(EMPTY_CIRCLES, "□"), at, false);
    }
    if manner.circles_and_crosses {
        let meant = [
            (is_circle(&text), Answer::Yes),
            (is_cross(&text), Answer::No),
        ];
        if let Some((_, answer)) = meant.iter().find(|(is, _)| *is) {
            return (answer.word(Language::Ja).to_owned(), at, false);
        }
    }
    if let Some(chosen) = page.chosen_by_look(at, item) {
        return (chosen, at, false);
    }
    let printed = manner.printed.as_ref() == Some(&fold(&text));
    let open = is_blank(&text) || printed;
    if open && page.shape(at).is_some() {
        return (format!("{DRAWN}{}", text.trim()), at, true);
    }
    if printed && let Some(empty) = none_chosen(&text, item) {
        return (empty, at, false);
    }
    (text, at, false)
}

/// A row of marks in words that say the same without the columns, and the cell to blame.
fn marked(
    part: &Part<'_>,
    cells: &[(Answer, At)],
    item: Option<&Item>,
    manner: &Manner,
) -> (String, At, bool) {
    let words = Vocabulary::get();
    let first = cells.first().map_or((0, 0), |(_, at)| *at);
    let filled: Vec<Filled> = cells
        .iter()
        .map(|(answer, at)| Filled {
            answer: *answer,
            at: *at,
            heading: heading(part, *answer, *at),
            text: part.page.said(*at).trim().to_owned(),
        })
        .filter(|cell| !is_blank(&cell.text))
        .collect();
    let drawn = cells.iter().find(|(_, at)| part.page.shape(*at).is_some());
    let all_words = cells.len() >= 3 && filled.len() == cells.len();
    if (manner.printed_marks || all_words) && filled.iter().all(Filled::is_plain_word) {
        // Every cell prints its word, so the word says nothing.
        let places: Vec<At> = filled.iter().map(|cell| cell.at).collect();
        if let Some(chosen) = part.page.chosen_cells(&places) {
            let chosen: Vec<Filled> = filled
                .into_iter()
                .zip(chosen)
                .filter_map(|(cell, chosen)| chosen.then_some(cell))
                .collect();
            let (written, at) = several(&chosen, item, first);
            return (written, at, false);
        }
        return match drawn {
            Some((_, at)) => (DRAWN.to_owned(), *at, true),
            None => (String::new(), first, false),
        };
    }
    if let (true, Some((_, at))) = (filled.is_empty(), drawn) {
        return (DRAWN.to_owned(), *at, true);
    }
    // ○ here and × there: where the sheet ticks with ○, the × says "not this one".
    let denied = |cell: &Filled| manner.crosses_deny && is_cross(&cell.text);
    let filled: Vec<Filled> = if filled.iter().any(|cell| cell.is_on() && !denied(cell)) {
        filled.into_iter().filter(|cell| !denied(cell)).collect()
    } else {
        filled
    };
    if let ([cross], true) = (filled.as_slice(), manner.crosses_deny)
        && is_cross(&cross.text)
    {
        // A cross alone says what it is not, and leaves open what it is.
        let written = format!("{}: {}", cross.heading, cross.text);
        return (written, cross.at, false);
    }
    if let (Some(Kind::Text | Kind::Date | Kind::Multiple), [only]) =
        (item.map(|item| item.kind), filled.as_slice())
        && words.mark(&only.text).is_none()
    {
        return (only.text.clone(), only.at, false);
    }
    let (written, at) = several(&filled, item, first);
    (written, at, false)
}

/// What the filled cells of a row of marks say together.
fn several(filled: &[Filled], item: Option<&Item>, first: At) -> (String, At) {
    let on: Vec<&Filled> = filled.iter().filter(|cell| cell.is_on()).collect();
    let odd = filled.iter().find(|cell| !cell.is_on() && !cell.is_off());
    match (on.as_slice(), odd) {
        ([], None) => (String::new(), first),
        ([only], None) => (only.heading.clone(), only.at),
        ([several, ..], None) => {
            let marks: Vec<String> = on.iter().map(|cell| cell.in_words()).collect();
            let written = marks.join("・");
            let choice = item.is_none_or(|item| item.kind == Kind::Choice);
            if choice && resolve(item, &written).state != State::Conflicting {
                let answers = on.iter().map(|cell| cell.answer.word(Language::Ja));
                return (answers.collect::<Vec<_>>().join("・"), several.at);
            }
            (written, several.at)
        }
        (_, Some(odd)) => {
            // What is neither a mark nor the column's word is no clear answer, whatever stands beside it.
            let cells = filled.iter().filter(|cell| cell.is_on() || !cell.is_off());
            let written: Vec<String> = cells.map(Filled::in_words).collect();
            (written.join("・"), odd.at)
        }
    }
}

/// The heading of a column of marks, where it stands in one cell.
fn heading(part: &Part<'_>, answer: Answer, at: At) -> String {
    let heading = part.layout.header_row.map_or_else(String::new, |row| {
        part.page.text(row, at.1).trim().to_owned()
    });
    if Vocabulary::get().answer(&heading) == Some(answer) {
        heading
    } else {
        answer.word(Language::Ja).to_owned()
    }
}

/// True for a cross, which ticks on some sheets and denies on others.
pub(super) fn is_cross(text: &str) -> bool {
    text.len() <= 16
        && matches!(
            fold(text).as_str(),
            "×" | "x" | "✕" | "✖" | "✗" | "✘" | "☒" | "╳" | "❌"
        )
}

/// True for a circle.
fn is_circle(text: &str) -> bool {
    text.len() <= 16 && matches!(fold(text).as_str(), "○" | "〇" | "◯" | "⭕" | "◎")
}

/// A cell of a row of marks that holds something.
struct Filled {
    answer: Answer,
    at: At,
    heading: String,
    text: String,
}

impl Filled {
    /// The mark, alone or before the column's own word; 1 and 0 are marks here.
    fn mark(&self) -> Option<Mark> {
        let words = Vocabulary::get();
        if let Some(mark) = words.mark(&self.text) {
            return Some(mark);
        }
        match fold(&self.text).as_str() {
            "1" => return Some(Mark::On),
            "0" => return Some(Mark::Off),
            _ => {}
        }
        let (mark, word) = detect::columns::marked_word(&self.text)?;
        mark.filter(|_| words.answer(word) == Some(self.answer))
    }

    /// True if the column was chosen: by a mark, or by its own word.
    fn is_on(&self) -> bool {
        self.mark() == Some(Mark::On) || Vocabulary::get().answer(&self.text) == Some(self.answer)
    }

    fn is_off(&self) -> bool {
        self.mark() == Some(Mark::Off)
    }

    /// True for the column's own word without a mark.
    fn is_plain_word(&self) -> bool {
        self.mark().is_none() && Vocabulary::get().answer(&self.text) == Some(self.answer)
    }

    /// Heading and mark; a text that is no mark stands after a colon, so that it is never taken for an answer.
    fn in_words(&self) -> String {
        let words = Vocabulary::get();
        if words.mark(&self.text) == Some(Mark::On) {
            format!("{} {}", self.heading, self.text)
        } else if self.is_on() {
            self.heading.clone()
        } else {
            format!("{}: {}", self.heading, self.text)
        }
    }
}
