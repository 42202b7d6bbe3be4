//! From what is written in one answer to a typed answer.

use super::{Answer, State};
use crate::form::{Item, Kind};
use crate::text::is_blank;
use crate::vocabulary::{Mark, Vocabulary};

/// A typed answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Resolved {
    pub(super) answer: Option<Answer>,
    pub(super) options: Vec<String>,
    pub(super) state: State,
}

impl Resolved {
    pub(super) fn state(state: State) -> Self {
        Self {
            answer: None,
            options: Vec::new(),
            state,
        }
    }

    pub(super) fn answer(answer: Answer) -> Self {
        Self {
            answer: Some(answer),
            options: Vec::new(),
            state: State::Answered,
        }
    }
}

/// Resolves the text of one answer. `item` is `None` for a number the form does not have.
pub(super) fn resolve(item: Option<&Item>, written: &str) -> Resolved {
    if is_blank(written) {
        return Resolved::state(State::Unanswered);
    }
    match item.map_or(Kind::Choice, |item| item.kind) {
        Kind::Text | Kind::Date => Resolved::state(State::Answered),
        Kind::Multiple => multiple(item.expect("only items have kinds"), written),
        Kind::Choice => choice(written),
    }
}

fn choice(written: &str) -> Resolved {
    let words = Vocabulary::get();
    if let Some(answer) = words.answer(written) {
        return Resolved::answer(answer);
    }
    if let Some(ticked) = boxes(written) {
        let on: Vec<Answer> = ticked
            .iter()
            .filter(|(mark, _)| *mark == Mark::On)
            .filter_map(|(_, word)| words.answer(word))
            .collect();
        let known = ticked.iter().all(|(_, word)| words.answer(word).is_some());
        return match (known, on.as_slice()) {
            (true, []) => Resolved::state(State::Unanswered),
            (true, [answer]) => Resolved::answer(*answer),
            (true, _) => Resolved::state(State::Conflicting),
            (false, _) => Resolved::state(State::Unknown),
        };
    }
    // Two answer words side by side are two answers: はい・いいえ.
    let parts: Vec<Option<Answer>> = written
        .split(['・', '/', '／', '、', ',', '，', '\n'])
        .filter(|part| !is_blank(part))
        .map(|part| words.answer(part))
        .collect();
    let mut answers: Vec<Answer> = parts.iter().flatten().copied().collect();
    answers.dedup();
    if parts.len() > 1 && parts.iter().all(Option::is_some) && answers.len() > 1 {
        return Resolved::state(State::Conflicting);
    }
    Resolved::state(State::Unknown)
}

/// Methods ticked: as boxes (`■知識 □生体`), or as a list of words.
fn multiple(item: &Item, written: &str) -> Resolved {
    if let Some(answer) = Vocabulary::get()
        .answer(written)
        .filter(|answer| item.choices.contains(answer))
    {
        return Resolved::answer(answer);
    }
    let words: Vec<String> = match boxes(written) {
        Some(ticked) => ticked
            .into_iter()
            .filter(|(mark, _)| *mark == Mark::On)
            .map(|(_, word)| word)
            .collect(),
        None => written
            .split(['・', '、', ',', '，', '\n', ';', '；'])
            .map(|word| word.trim().to_owned())
            .filter(|word| !is_blank(word))
            .collect(),
    };
    if words.is_empty() {
        return Resolved::state(State::Unanswered);
    }
    let mut options = Vec::new();
    let mut unknown = false;
    for word in &words {
        match item.options.iter().find(|option| option.is_meant_by(word)) {
            Some(option) if !options.contains(&option.id) => options.push(option.id.clone()),
            Some(_) => {}
            None => unknown = true,
        }
    }
    Resolved {
        answer: None,
        options,
        state: if unknown {
            State::Unknown
        } else {
            State::Answered
        },
    }
}

/// Boxes in one cell: `■はい　□いいえ`. `None` where the text does not start with a box.
fn boxes(written: &str) -> Option<Vec<(Mark, String)>> {
    let mark = |c: char| match c {
        '■' | '☑' | '☒' | '●' | '◉' | '✓' | '✔' | '✅' => Some(Mark::On),
        '□' | '☐' | '○' | '◯' | '〇' => Some(Mark::Off),
        _ => None,
    };
    let first = written.trim_start().chars().next()?;
    // A circle alone is a mark, not a box: only squares say for sure that circles are empty ones.
    mark(first)?;
    let mut found: Vec<(Mark, String)> = Vec::new();
    for c in written.trim().chars() {
        match mark(c) {
            Some(mark) => found.push((mark, String::new())),
            None => found.last_mut()?.1.push(c),
        }
    }
    for (_, word) in &mut found {
        *word = word.trim().to_owned();
    }
    (found.len() > 1 && found.iter().all(|(_, word)| !word.is_empty())).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices() {
        assert_eq!(resolve(None, " はい "), Resolved::answer(Answer::Yes));
        assert_eq!(resolve(None, "　"), Resolved::state(State::Unanswered));
        assert_eq!(resolve(None, "一部対応"), Resolved::state(State::Unknown));
        assert_eq!(
            resolve(None, "はい・いいえ"),
            Resolved::state(State::Conflicting)
        );
        assert_eq!(resolve(None, "N/A"), Resolved::answer(Answer::Na));
    }

    #[test]
    fn boxes_within_a_cell() {
        assert_eq!(
            resolve(None, "■はい　□いいえ　□対象外"),
            Resolved::answer(Answer::Yes)
        );
        assert_eq!(
            resolve(None, "□はい　□いいえ　□対象外"),
            Resolved::state(State::Unanswered)
        );
        assert_eq!(
            resolve(None, "■はい　■いいえ　□対象外"),
            Resolved::state(State::Conflicting)
        );
        assert_eq!(
            resolve(None, "■たぶん □いいえ"),
            Resolved::state(State::Unknown)
        );
    }
}
