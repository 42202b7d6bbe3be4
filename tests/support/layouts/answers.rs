//! Answers as people give them: a word, a mark, a box, a look, a comment, a code.

use kaijisho::{Answer, State};

use super::logic::{Said, THREE};
use super::style::{Answers, Chosen, ENGLISH, Style, USUAL, Words};
use super::{KeyRow, Spot};
use crate::support::paper::{Page, Stretch, Written};

/// Where an answer is drawn: the sheet's position, the row, the first column of the answers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At {
    pub(crate) sheet: usize,
    pub(crate) row: u32,
    pub(crate) column: u32,
}

impl At {
    fn spot(self, aside: u32) -> Spot {
        (self.sheet, self.row, self.column + aside)
    }
}

fn word(words: Words, answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => words[0],
        Answer::No => words[1],
        Answer::Na | Answer::SeeNote => words[2],
    }
}

/// The words that are printed beside marks and boxes.
pub(crate) fn printed(style: &Style) -> Words {
    if style.words == ENGLISH {
        ENGLISH
    } else {
        USUAL
    }
}

/// The key of an answer without number and remark.
fn key(said: &Said, places: Vec<Spot>) -> KeyRow {
    let (answer, state) = said.read();
    KeyRow {
        number: String::new(),
        answer,
        states: vec![state],
        places,
        remark: None,
        remark_places: Vec::new(),
        answer_cut: false,
        remark_cut: false,
    }
}

/// Draws an answer, and says what was drawn: a tick box cannot say 一部対応.
pub(crate) fn draw(page: &mut Page, at: At, style: &Style, said: &Said) -> KeyRow {
    match style.answers {
        Answers::Word => in_words(page, at, style.words, said, "・"),
        Answers::DropDown => {
            let words = style.words.iter().map(|word| (*word).to_owned()).collect();
            page.lists
                .push((at.row, at.column, at.row, at.column, words));
            in_words(page, at, style.words, said, "・")
        }
        Answers::Codes(codes) | Answers::CodesAbove(codes) => {
            let mut key = in_words(page, at, codes, said, "、");
            if let Said::Both(..) = said {
                key.states = vec![State::Conflicting, State::Unknown];
            }
            if let (Said::One(answer), Ok(code)) = (said, codes[0].parse::<u32>()) {
                let place = THREE
                    .iter()
                    .position(|known| known == answer)
                    .expect("one of three");
                let code = code + u32::try_from(place).expect("small");
                page.put(at.row, at.column, Written::Number(f64::from(code)));
            }
            key
        }
        Answers::Marks(on, off) => marks(page, at, said, Some((on, off))),
        Answers::Ones => marks(page, at, said, None),
        Answers::Bools => {
            if let Said::Word(word) = said {
                page.text(at.row, at.column, *word);
                return key(said, vec![at.spot(0)]);
            }
            for (aside, answer) in (0..).zip(THREE) {
                let ticked = Written::Bool(said.ticks(answer));
                page.put(at.row, at.column + aside, ticked);
            }
            in_columns(at, said)
        }
        Answers::Boxes(on, off, between) => {
            let words = printed(style);
            let one = |answer| {
                format!(
                    "{}{}",
                    if said.ticks(answer) { on } else { off },
                    word(words, answer)
                )
            };
            in_one_cell(page, at, said, &THREE.map(one).join(between))
        }
        Answers::BoxesBehind(on, off) => {
            let words = printed(style);
            let one = |answer| {
                format!(
                    "{}{}",
                    word(words, answer),
                    if said.ticks(answer) { on } else { off }
                )
            };
            in_one_cell(page, at, said, &THREE.map(one).join("　"))
        }
        Answers::BoxesBracketed(open, on, close) => {
            let words = printed(style);
            let blank = if open == "（" { "　" } else { " " };
            let one = |answer| {
                let mark = if said.ticks(answer) { on } else { blank };
                format!("{open}{mark}{close}{}", word(words, answer))
            };
            in_one_cell(page, at, said, &THREE.map(one).join(blank))
        }
        Answers::Pick(chosen) => pick(page, at, printed(style), said, chosen),
        Answers::PickColumn(chosen) => pick_column(page, at, printed(style), said, chosen),
        Answers::MarkBeside(mark) => {
            let words = printed(style);
            for (aside, answer) in (0..).step_by(2).zip(THREE) {
                page.text(at.row, at.column + aside, word(words, answer));
                page.text(
                    at.row,
                    at.column + aside + 1,
                    if said.ticks(answer) { mark } else { "" },
                );
            }
            let mut key = in_columns(at, said);
            // The mark, its word, or all of the row where nothing is marked.
            let twice = key.places.iter().flat_map(|(sheet, row, column)| {
                let first = at.column + 2 * (column - at.column);
                [(*sheet, *row, first), (*sheet, *row, first + 1)]
            });
            key.places = twice.collect();
            key
        }
        Answers::BoxColumns(on, off) => {
            let words = printed(style);
            for (aside, answer) in (0..).zip(THREE) {
                let mark = if said.ticks(answer) { on } else { off };
                page.text(
                    at.row,
                    at.column + aside,
                    format!("{mark}{}", word(words, answer)),
                );
            }
            in_columns(at, said)
        }
        Answers::Comment => {
            let key = in_words(page, at, style.words, said, "・");
            let written = page
                .cells
                .iter()
                .position(|ink| (ink.row, ink.column) == (at.row, at.column));
            if let Some(Written::Text(text)) = written.map(|place| page.cells.remove(place).value) {
                page.comments.push((at.row, at.column, text));
            }
            key
        }
        Answers::Controls => {
            for (aside, answer) in (0..).zip(THREE) {
                page.boxes
                    .push((at.row, at.column + aside, String::new(), said.ticks(answer)));
            }
            in_columns(at, said)
        }
        Answers::ControlsInCell => {
            let words = printed(style);
            for answer in THREE {
                page.boxes.push((
                    at.row,
                    at.column,
                    word(words, answer).to_owned(),
                    said.ticks(answer),
                ));
            }
            key(&without_words(said), vec![at.spot(0)])
        }
    }
}

fn in_words(page: &mut Page, at: At, words: Words, said: &Said, between: &str) -> KeyRow {
    let text = match said {
        Said::Nothing => String::new(),
        Said::One(answer) => word(words, *answer).to_owned(),
        Said::Both(one, other) => format!("{}{between}{}", word(words, *one), word(words, *other)),
        Said::Word(word) => (*word).to_owned(),
    };
    page.text(at.row, at.column, text);
    key(said, vec![at.spot(0)])
}

fn in_one_cell(page: &mut Page, at: At, said: &Said, boxes: &str) -> KeyRow {
    // A word that is none of the choices was typed over them.
    let text = if let Said::Word(word) = said {
        word
    } else {
        boxes
    };
    page.text(at.row, at.column, text);
    key(said, vec![at.spot(0)])
}

fn without_words(said: &Said) -> Said {
    match said {
        Said::Word(_) => Said::Nothing,
        other => other.clone(),
    }
}

/// The key of an answer in three columns.
fn in_columns(at: At, said: &Said) -> KeyRow {
    let said = without_words(said);
    let ticked: Vec<Spot> = (0..)
        .zip(THREE)
        .filter(|(_, answer)| said.ticks(*answer))
        .map(|(aside, _)| at.spot(aside))
        .collect();
    let places = if ticked.is_empty() {
        (0..3).map(|aside| at.spot(aside)).collect()
    } else {
        ticked
    };
    key(&said, places)
}

fn marks(page: &mut Page, at: At, said: &Said, marks: Option<(&str, &str)>) -> KeyRow {
    if let Said::Word(word) = said {
        page.text(at.row, at.column, *word);
        return key(said, vec![at.spot(0)]);
    }
    for (aside, answer) in (0..).zip(THREE) {
        let (row, column) = (at.row, at.column + aside);
        match (marks, said.ticks(answer)) {
            (Some((on, _)), true) => page.text(row, column, on),
            // Nobody strokes through the cells of a question that is still open.
            (Some((_, off)), false) if *said != Said::Nothing => page.text(row, column, off),
            (None, true) => page.put(row, column, Written::Number(1.0)),
            (Some(_) | None, false) => {}
        }
    }
    in_columns(at, said)
}

/// The look of a printed word.
fn look(text: &str, chosen: Chosen, ticked: bool, any: bool) -> Stretch {
    let mut stretch = Stretch {
        text: text.to_owned(),
        ..Stretch::default()
    };
    match chosen {
        Chosen::Underlined => stretch.underline = ticked,
        Chosen::Red => stretch.colour = ticked.then_some([0xFF, 0, 0]),
        Chosen::Bold => stretch.bold = ticked,
        Chosen::Filled => stretch.fill = ticked.then_some([0xFF, 0xFF, 0]),
        Chosen::OthersDeleted if any && !ticked => stretch.text.clear(),
        Chosen::OthersDeleted => {}
        Chosen::OthersStruck => stretch.strike = any && !ticked,
        Chosen::Circled => {}
    }
    stretch
}

fn pick(page: &mut Page, at: At, words: Words, said: &Said, chosen: Chosen) -> KeyRow {
    if let Said::Word(word) = said {
        page.text(at.row, at.column, *word);
        return key(said, vec![at.spot(0)]);
    }
    let any = *said != Said::Nothing;
    let mut runs = Vec::new();
    for answer in THREE {
        if !runs.is_empty() {
            runs.push(Stretch {
                text: "　・　".to_owned(),
                ..Stretch::default()
            });
        }
        runs.push(look(word(words, answer), chosen, said.ticks(answer), any));
    }
    page.put(at.row, at.column, Written::Rich(runs));
    key(said, vec![at.spot(0)])
}

fn pick_column(page: &mut Page, at: At, words: Words, said: &Said, chosen: Chosen) -> KeyRow {
    let any = *said != Said::Nothing;
    for (aside, answer) in (0..).zip(THREE) {
        let ticked = said.ticks(answer);
        let run = look(
            word(words, answer),
            chosen,
            ticked,
            any && !matches!(said, Said::Word(_)),
        );
        if chosen == Chosen::Circled && ticked {
            page.ellipses.push((at.row, at.column + aside));
        }
        if !run.text.is_empty() {
            page.put(at.row, at.column + aside, Written::Rich(vec![run]));
        }
    }
    in_columns(at, said)
}
