//! From what is written in one answer to a typed answer, and from codes to words.
//!
//! What is written says it all: in every disclosure answer, methods and state are what [`resolve`] makes
//! of [`Entry::written`](super::Entry::written). So an answer is the same in every format.

use std::ops::Range;

use super::{Answer, State};
use crate::form::{Form, Item, Kind};
use crate::language::Language;
use crate::text::{fold_word, is_blank};
use crate::vocabulary::{Mark, Vocabulary};

/// A typed answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Resolved {
    pub(crate) answer: Option<Answer>,
    pub(crate) options: Vec<String>,
    pub(crate) state: State,
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

/// The language a sheet of this form is printed in, by its own titles or questions.
pub(crate) fn language_of(form: &Form) -> Language {
    let japanese = |text: &str| {
        text.chars()
            .any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'))
    };
    let is_japanese = if form.titles.is_empty() {
        form.items.iter().any(|item| japanese(&item.title.ja))
    } else {
        form.titles.iter().any(|title| japanese(title))
    };
    if is_japanese {
        Language::Ja
    } else {
        Language::En
    }
}

/// What a bare answer means as written on the form: the code `yes` is はい there; all else is written as it is.
pub(crate) fn in_words(form: &Form, item: Option<&Item>, answer: &str) -> String {
    Answer::from_code(answer)
        .filter(|code| resolve(item, answer).answer == Some(*code))
        .map(|code| code.word(language_of(form)))
        .filter(|word| resolve(item, word) == resolve(item, answer))
        .unwrap_or(answer)
        .to_owned()
}

/// What a list of methods means as written on the form: their titles, or their ids where a title is no one word.
pub(crate) fn methods_in_words(form: &Form, item: Option<&Item>, methods: &[String]) -> String {
    let language = language_of(form);
    let by_id = methods.join("、");
    let known = item.map(|item| item.options.as_slice()).unwrap_or_default();
    let titles: Option<Vec<&str>> = methods
        .iter()
        .map(|id| {
            let option = known.iter().find(|option| option.id == *id)?;
            Some(option.title.text(language))
        })
        .collect();
    titles
        .map(|titles| titles.join("、"))
        .filter(|written| resolve(item, written) == resolve(item, &by_id))
        .unwrap_or(by_id)
}

/// Resolves the text of one answer. `item` is `None` for a number the form does not have.
pub(crate) fn resolve(item: Option<&Item>, written: &str) -> Resolved {
    if is_blank(written) {
        return Resolved::state(State::Unanswered);
    }
    match item.map_or(Kind::Choice, |item| item.kind) {
        Kind::Text | Kind::Date => Resolved::state(State::Answered),
        Kind::Multiple => multiple(item.expect("only items have kinds"), written),
        Kind::Choice => choice(written),
    }
}

/// The answer that a text gives to a question with choices, if it gives one: that of [`resolve`], without asking what
/// the text is otherwise.
pub(crate) fn answer_in(written: &str) -> Option<Answer> {
    if is_blank(written) {
        return None;
    }
    worded(written).or_else(|| ticked(written)?.answer)
}

fn choice(written: &str) -> Resolved {
    if let Some(answer) = worded(written) {
        return Resolved::answer(answer);
    }
    ticked(written).unwrap_or_else(|| {
        Resolved::state(if is_conflict(written) {
            State::Conflicting
        } else {
            State::Unknown
        })
    })
}

/// The answer that words alone give.
fn worded(written: &str) -> Option<Answer> {
    let words = Vocabulary::get();
    let word = words.answer(written).or_else(|| code(written));
    word.or_else(|| led(written)).or_else(|| {
        // See Note 5: nothing but a reference, which is an answer of its own kind.
        let key = words.remark_key(written, false);
        key.map(|_| Answer::SeeNote)
    })
}

/// The answer of a code: `see-note`.
fn code(written: &str) -> Option<Answer> {
    const LONGEST: usize = "see-note".len();
    let folded = fold_word(written, LONGEST, |_| false, |_| false)?;
    Answer::from_code(&folded)
}

/// What boxes in the text say; `None` where it has none.
fn ticked(written: &str) -> Option<Resolved> {
    let ticked = boxes(written)?;
    let on: Vec<Answer> = ticked
        .iter()
        .filter(|(mark, _)| *mark == Mark::On)
        .filter_map(|(_, word)| answer_with_mark(word))
        .collect();
    let known = ticked
        .iter()
        .all(|(_, word)| answer_with_mark(word).is_some());
    Some(match (known, on.as_slice()) {
        (true, []) => Resolved::state(State::Unanswered),
        (true, [answer]) => Resolved::answer(*answer),
        (true, _) => Resolved::state(State::Conflicting),
        (false, _) => Resolved::state(State::Unknown),
    })
}

/// The answer of a word behind its code or a mark, as lists to choose from print it: `1.はい`, `○ はい`.
fn led(written: &str) -> Option<Answer> {
    let words = Vocabulary::get();
    let text = written.trim();
    if text.len() > 120 {
        return None;
    }
    let first = text.chars().next()?;
    let rest = text[first.len_utf8()..].trim();
    let on = words.mark(first.encode_utf8(&mut [0; 4])) == Some(Mark::On);
    if on && !first.is_alphanumeric() {
        return words.answer(rest);
    }
    let code = first.is_numeric() || first.is_alphabetic();
    let apart = rest.trim_start_matches(['.', '．', ':', '：', ')', '）', '、']);
    // A letter is a code only with a sign behind it: nはい is none.
    let separated = apart.len() < rest.len() || first.is_numeric();
    (code && separated).then(|| words.answer(apart)).flatten()
}

/// True for two answer words side by side (はい・いいえ), each with a mark behind it or none (はい ○・いいえ ×).
fn is_conflict(written: &str) -> bool {
    // One kind of separator after the other, too: the stroke of N/A separates nothing.
    const SEPARATORS: [&[char]; 5] = [
        &['・', '/', '／', '、', ',', '，', '\n'],
        &['・'],
        &['、', ',', '，'],
        &['\n'],
        &['/', '／'],
    ];
    SEPARATORS.iter().any(|separators| {
        let answers: Option<Vec<Answer>> = written
            .split(*separators)
            .filter(|part| !is_blank(part))
            .map(answer_with_mark)
            .collect();
        answers.is_some_and(|answers| answers.iter().any(|answer| *answer != answers[0]))
    })
}

/// The answer of a word, or of a word and a mark.
fn answer_with_mark(text: &str) -> Option<Answer> {
    let words = Vocabulary::get();
    words.answer(text).or_else(|| led(text)).or_else(|| {
        let (word, mark) = text.trim().rsplit_once(char::is_whitespace)?;
        words
            .answer(word)
            .filter(|_| words.mark(mark) == Some(Mark::On))
    })
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
        None => listed(item, written)
            .into_iter()
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

/// Takes a list apart at its separators, but not within the name of one method (`ID・パスワード`).
fn listed<'w>(item: &Item, written: &'w str) -> Vec<&'w str> {
    const SEPARATORS: [char; 7] = ['、', ',', '，', '\n', ';', '；', '・'];
    let known = |text: &str| item.options.iter().any(|option| option.is_meant_by(text));
    let separators = |text: &str| text.matches(SEPARATORS).count();
    let names = item.options.iter().flat_map(|option| {
        let own = [option.id.as_str(), &option.title.ja, &option.title.en];
        own.into_iter()
            .chain(option.words.iter().map(String::as_str))
    });
    // No name has more separators than this, so no longer piece need be tried.
    let most = names.map(separators).max().unwrap_or(0);
    let mut ends: Vec<(usize, &str)> = written.match_indices(SEPARATORS).collect();
    ends.push((written.len(), ""));
    let mut words = Vec::new();
    let (mut start, mut piece) = (0, 0);
    while piece < ends.len() {
        let last = (piece + most).min(ends.len() - 1);
        let end = (piece..=last)
            .rev()
            .find(|end| known(&written[start..ends[*end].0]))
            .unwrap_or(piece);
        let (at, separator) = ends[end];
        words.push(&written[start..at]);
        start = at + separator.len();
        piece = end + 1;
    }
    words
}

/// Boxes in one cell: `■はい　□いいえ`, `はい☑　いいえ☐`, `（○）はい　（　）いいえ`. `None` where the text is no row of
/// boxes and words, or where circles leave open which of them is a mark.
///
/// A circle among squares is a mark (`○はい □いいえ`); beside a filled circle it is an empty one.
fn boxes(written: &str) -> Option<Vec<(Mark, String)>> {
    let boxes = boxed_words(written)?.into_iter();
    Some(boxes.map(|found| (found.mark, found.word)).collect())
}

/// A word and its box within a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BoxedWord {
    pub(crate) mark: Mark,
    pub(crate) word: String,
    /// Where the box stands, in bytes; of a box in brackets what stands between them.
    pub(crate) span: Range<usize>,
}

/// The same, with where each box stands.
pub(crate) fn boxed_words(written: &str) -> Option<Vec<BoxedWord>> {
    if written.len() > 1000 {
        return None;
    }
    let drawn = written.contains(|c| is_filled(c) || is_empty(c));
    let drawn = drawn.then(|| paired(&drawn_boxes(written))).flatten();
    let in_brackets = || {
        let any = written.contains(['(', '（', '[', '［', '〔', '【']);
        any.then(|| paired(&bracket_boxes(written))).flatten()
    };
    drawn.or_else(in_brackets)
}

fn is_filled(c: char) -> bool {
    matches!(c, '■' | '☑' | '☒' | '●' | '◉' | '✓' | '✔' | '✅' | '🗹')
}

fn is_empty(c: char) -> bool {
    matches!(c, '□' | '☐' | '▢' | '◻')
}

/// A box and where it stands, or the text between two of them.
enum Token {
    Box(Mark, Range<usize>),
    Word(String),
}

fn push(tokens: &mut Vec<Token>, c: char) {
    match tokens.last_mut() {
        Some(Token::Word(word)) => word.push(c),
        Some(Token::Box(..)) | None => tokens.push(Token::Word(c.to_string())),
    }
}

/// Signs that are boxes by themselves.
fn drawn_boxes(written: &str) -> Vec<Token> {
    let circle = |c: char| matches!(c, '○' | '◯' | '〇');
    let circles = match (written.contains(is_empty), written.contains(is_filled)) {
        (true, _) => Some(Mark::On),
        (false, true) => Some(Mark::Off),
        (false, false) => None,
    };
    let mut tokens = Vec::new();
    for (at, c) in written.char_indices() {
        let span = at..at + c.len_utf8();
        match c {
            c if is_filled(c) => tokens.push(Token::Box(Mark::On, span)),
            c if is_empty(c) => tokens.push(Token::Box(Mark::Off, span)),
            c if circle(c) && circles.is_some() => {
                tokens.extend(circles.map(|mark| Token::Box(mark, span)));
            }
            '\u{fe0e}' | '\u{fe0f}' => {}
            c => push(&mut tokens, c),
        }
    }
    tokens
}

/// Brackets with a mark or nothing in them.
fn bracket_boxes(written: &str) -> Vec<Token> {
    let words = Vocabulary::get();
    let mut tokens = Vec::new();
    let mut rest = written;
    while let Some(c) = rest.chars().next() {
        let close: &[char] = match c {
            '(' | '（' => &[')', '）'],
            '[' | '［' | '〔' | '【' => &[']', '］', '〕', '】'],
            _ => &[],
        };
        let inside = &rest[c.len_utf8()..];
        let end = inside
            .char_indices()
            .take(4)
            .find(|(_, c)| close.contains(c));
        let mark = end.and_then(|(at, _)| {
            let content = &inside[..at];
            if is_blank(content) {
                Some(Mark::Off)
            } else {
                words.mark(content)
            }
        });
        match (mark, end) {
            (Some(mark), Some((at, end))) => {
                let start = written.len() - inside.len();
                tokens.push(Token::Box(mark, start..start + at));
                rest = &inside[at + end.len_utf8()..];
            }
            (_, _) => {
                push(&mut tokens, c);
                rest = inside;
            }
        }
    }
    tokens
}

/// Boxes and words in turns, the box first in all pairs or last in all.
fn paired(tokens: &[Token]) -> Option<Vec<BoxedWord>> {
    let trimmed = |word: &str| {
        let separator = |c: char| {
            c.is_whitespace() || matches!(c, '/' | '／' | '・' | '、' | ',' | '，' | '|' | '｜')
        };
        word.trim_matches(separator).to_owned()
    };
    // What separates the pairs is no word.
    let said: Vec<&Token> = tokens
        .iter()
        .filter(|token| !matches!(token, Token::Word(word) if trimmed(word).is_empty()))
        .collect();
    let boxed = |mark: &Mark, span: &Range<usize>, word: &str| BoxedWord {
        mark: *mark,
        word: trimmed(word),
        span: span.clone(),
    };
    let pairs = said.chunks(2).map(|pair| match pair {
        [Token::Box(mark, span), Token::Word(word)] => Some((true, boxed(mark, span, word))),
        [Token::Word(word), Token::Box(mark, span)] => Some((false, boxed(mark, span, word))),
        _ => None,
    });
    let pairs: Vec<(bool, BoxedWord)> = pairs.collect::<Option<_>>()?;
    let same = pairs.windows(2).all(|pair| pair[0].0 == pair[1].0);
    (same && pairs.len() > 1).then(|| pairs.into_iter().map(|(_, boxed)| boxed).collect())
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
        assert_eq!(
            resolve(None, "○はい　□いいえ　□対象外"),
            Resolved::answer(Answer::Yes)
        );
        assert_eq!(
            resolve(None, "○はい　●いいえ"),
            Resolved::answer(Answer::No)
        );
        assert_eq!(
            resolve(None, "○はい　○対象外"),
            Resolved::state(State::Unknown)
        );
        assert_eq!(
            resolve(None, "See Note 5"),
            Resolved::answer(Answer::SeeNote)
        );
        for answer in Answer::ALL {
            assert_eq!(resolve(None, answer.code()), Resolved::answer(answer));
        }
    }

    #[test]
    fn answers_side_by_side() {
        for written in [
            "はい ○・いいえ ×",
            "Yes ✓・N/A ✓",
            "はい/いいえ",
            "はい、いいえ・対象外",
        ] {
            assert_eq!(
                resolve(None, written),
                Resolved::state(State::Conflicting),
                "{written}"
            );
        }
        for written in [
            "はい ○・はい ○",
            "はい: △",
            "はい ○・いいえ: 検討中",
            "はい -・いいえ ○",
        ] {
            assert_eq!(
                resolve(None, written),
                Resolved::state(State::Unknown),
                "{written}"
            );
        }
    }

    #[test]
    fn words_behind_codes_and_marks() {
        for (written, answer) in [
            ("1.はい", Answer::Yes),
            ("２：いいえ", Answer::No),
            ("③対象外", Answer::Na),
            ("○ はい", Answer::Yes),
            ("✓いいえ", Answer::No),
            ("a) Yes", Answer::Yes),
        ] {
            assert_eq!(
                resolve(None, written),
                Resolved::answer(answer),
                "{written}"
            );
        }
        assert_eq!(
            resolve(None, "1.はい・2.いいえ"),
            Resolved::state(State::Conflicting)
        );
        for written in ["□はい", "1.はい 2.いいえ", "nはい", "1"] {
            assert_eq!(
                resolve(None, written),
                Resolved::state(State::Unknown),
                "{written}"
            );
        }
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
        for written in [
            "はい☑　いいえ☐　対象外☐",
            "（○）はい　（　）いいえ　（　）対象外",
            "[x]Yes [ ]No [ ]N/A",
            "☑はい / ☐いいえ / ☐対象外",
        ] {
            assert_eq!(
                resolve(None, written),
                Resolved::answer(Answer::Yes),
                "{written}"
            );
        }
        assert_eq!(
            resolve(None, "■たぶん □いいえ"),
            Resolved::state(State::Unknown)
        );
    }
}
