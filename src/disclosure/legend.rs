//! Legends: what the codes of an answer column mean, where the sheet says so.
//!
//! `1：はい　2：いいえ　3：対象外` or `○＝対応　×＝未対応　－＝該当なし`, in the heading of the column or beside
//! the table. Only what the sheet itself says counts.

use std::collections::HashMap;

use crate::answer::Answer;
use crate::text::fold;
use crate::vocabulary::Vocabulary;

/// Codes and the answers they stand for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Legend {
    codes: HashMap<String, Answer>,
    /// The codes as they are spelled, in their order.
    spelled: Vec<(String, Answer)>,
}

impl Legend {
    /// A legend of these codes.
    pub(crate) fn of(codes: impl IntoIterator<Item = (String, Answer)>) -> Self {
        let spelled: Vec<(String, Answer)> = codes.into_iter().collect();
        let folded = spelled.iter().map(|(code, answer)| (fold(code), *answer));
        Self {
            codes: folded.collect(),
            spelled,
        }
    }

    /// The code of an answer, as it is spelled; the first of several.
    pub(crate) fn code(&self, answer: Answer) -> Option<&str> {
        let mut codes = self.spelled.iter();
        let found = codes.find(|(_, meant)| *meant == answer);
        found.map(|(code, _)| code.as_str())
    }

    /// The answer of a code.
    pub(crate) fn answer(&self, code: &str) -> Option<Answer> {
        if self.codes.is_empty() || code.len() > 32 {
            return None;
        }
        self.codes.get(&fold(code)).copied()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// Takes a legend out of a text; `None` where it holds none, or where a code would mean two things.
    pub(crate) fn in_text(text: &str) -> Option<Self> {
        if text.len() > 600 || !text.contains(EQUALS) {
            return None;
        }
        let mut codes: HashMap<String, Answer> = HashMap::new();
        let mut spelled = Vec::new();
        for piece in pieces(text) {
            // What stands before the first pair may end in such a sign itself: `回答：1＝はい`.
            let parts: Vec<&str> = piece.split(EQUALS).collect();
            let mut sides = parts.windows(2).map(|sides| (sides[0], sides[1]));
            let found =
                sides.find_map(|(left, right)| pair(left, right).or_else(|| pair(right, left)));
            let Some((code, answer)) = found else {
                continue;
            };
            spelled.push((code.to_owned(), answer));
            if codes
                .insert(fold(code), answer)
                .is_some_and(|known| known != answer)
            {
                return None;
            }
        }
        let answers: std::collections::BTreeSet<Answer> = codes.values().copied().collect();
        (answers.len() >= 2).then_some(Self { codes, spelled })
    }
}

/// Signs between a code and its meaning.
const EQUALS: [char; 8] = [':', '：', '=', '＝', '→', '⇒', '…', '‥'];

/// `code` stands for the answer that `word` is.
fn pair<'t>(code: &'t str, word: &str) -> Option<(&'t str, Answer)> {
    let words = Vocabulary::get();
    let answer = words.answer(word)?;
    // What is an answer by itself needs no legend, and one that turns it round is none.
    let folded = fold(code);
    let is_code =
        !folded.is_empty() && folded.chars().count() <= 2 && words.answer(&folded).is_none();
    is_code.then_some((code.trim(), answer))
}

/// A text taken apart where one code ends and the next begins.
fn pieces(text: &str) -> Vec<String> {
    let inner = text.replace(
        ['(', '（', ')', '）', '[', ']', '【', '】', '「', '」'],
        "\n",
    );
    // Spaces around the sign belong to the pair.
    let mut joined = String::new();
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        if EQUALS.contains(&c) {
            while joined.ends_with([' ', '　']) {
                joined.pop();
            }
            joined.push(c);
            while chars.next_if(|c| matches!(c, ' ' | '　')).is_some() {}
        } else {
            joined.push(c);
        }
    }
    joined
        .split([
            '\n', ' ', '　', '、', ',', '，', '/', '／', ';', '；', '・', '\t',
        ])
        .filter(|piece| !piece.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legends_as_people_write_them() {
        for text in [
            "回答（1：はい　2：いいえ　3：対象外）",
            "1=はい, 2=いいえ, 3=対象外",
            "回答：1＝はい　2＝いいえ　3＝対象外",
            "はい：1、いいえ：2、対象外：3",
            "凡例\n１ ： はい\n２ ： いいえ\n３ ： 該当なし",
        ] {
            let legend = Legend::in_text(text).expect(text);
            assert_eq!(legend.answer("1"), Some(Answer::Yes), "{text}");
            assert_eq!(legend.answer("２"), Some(Answer::No), "{text}");
            assert_eq!(legend.answer("3"), Some(Answer::Na), "{text}");
            assert_eq!(legend.answer("4"), None);
        }
        let legend = Legend::in_text("○：対応　×：未対応　－：対象外").expect("a legend");
        assert_eq!(legend.answer("○"), Some(Answer::Yes));
        assert_eq!(legend.answer("−"), Some(Answer::Na));
    }

    #[test]
    fn no_legends() {
        for text in [
            "回答（はい・いいえ）",
            "作成日：2026-09-30",
            "1：はい 1：いいえ",
            "製品名：見本　版：3",
        ] {
            assert_eq!(Legend::in_text(text), None, "{text}");
        }
    }
}
