//! The words of the field that the reader understands, from `schemas/vocabulary.toml`.
//!
//! Everything is compared folded ([`crate::text::fold`]).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::answer::Answer;
use crate::form::{Family, Field};
use crate::text::{fold, fold_word, may_have_digit};

/// What a column of a sheet holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    Number,
    Question,
    Answer,
    Remark,
    Reference,
    Section,
}

/// A mark in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    On,
    Off,
}

/// The words, ready for looking up.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    longest: Longest,
    answers: HashMap<String, Answer>,
    marks: HashMap<String, Mark>,
    columns: HashMap<String, Vec<Role>>,
    running: HashSet<String>,
    stale: Vec<String>,
    secondary: HashSet<String>,
    reader: Vec<String>,
    examples: Vec<String>,
    endings: Vec<(String, Role)>,
    header: HashMap<String, Field>,
    other_labels: HashSet<String>,
    blocks: HashSet<String>,
    prefixes: Vec<String>,
    empty: HashSet<String>,
    disclosure: Vec<String>,
    product: Vec<String>,
    service: Vec<String>,
}

/// How long the longest words are, in bytes: what is longer need not be looked up, nor folded to its end.
#[derive(Debug)]
struct Longest {
    answer: usize,
    mark: usize,
    column: usize,
    block: usize,
}

fn longest<'w>(words: impl Iterator<Item = &'w String>) -> usize {
    words.map(String::len).max().unwrap_or(0)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[allow(dead_code)]
    schema: String,
    answers: BTreeMap<Answer, Vec<String>>,
    marks: Marks,
    columns: BTreeMap<Role, Vec<String>>,
    running: Vec<String>,
    rows: Rows,
    headings: Headings,
    endings: BTreeMap<Role, Vec<String>>,
    header: BTreeMap<Field, Vec<String>>,
    head: Head,
    remark: Remark,
    titles: Titles,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Marks {
    on: Vec<String>,
    off: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Headings {
    stale: Vec<String>,
    secondary: Vec<String>,
    reader: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    example: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    other_labels: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Remark {
    block: Vec<String>,
    prefixes: Vec<String>,
    empty: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Titles {
    disclosure: Vec<String>,
    product: Vec<String>,
    service: Vec<String>,
}

static WORDS: LazyLock<Vocabulary> = LazyLock::new(|| {
    let written: Written = toml::from_str(include_str!("../schemas/vocabulary.toml"))
        .expect("schemas/vocabulary.toml is checked by tests");
    Vocabulary::new(written)
});

fn folded(words: Vec<String>) -> impl Iterator<Item = String> {
    words.into_iter().map(|word| fold(&word))
}

impl Vocabulary {
    pub(crate) fn get() -> &'static Vocabulary {
        &WORDS
    }

    fn new(written: Written) -> Self {
        let mut answers = HashMap::new();
        for (answer, words) in written.answers {
            answers.extend(folded(words).map(|word| (word, answer)));
        }
        let mut columns: HashMap<String, Vec<Role>> = HashMap::new();
        for (role, words) in written.columns {
            for word in folded(words) {
                columns.entry(word).or_default().push(role);
            }
        }
        let mut endings: Vec<(String, Role)> = Vec::new();
        for (role, words) in written.endings {
            endings.extend(folded(words).map(|word| (word, role)));
        }
        endings.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        let mut header = HashMap::new();
        for (field, words) in written.header {
            header.extend(folded(words).map(|word| (word, field)));
        }
        let on = folded(written.marks.on).map(|word| (word, Mark::On));
        let off = folded(written.marks.off).map(|word| (word, Mark::Off));
        let marks: HashMap<String, Mark> = on.chain(off).collect();
        let blocks: HashSet<String> = folded(written.remark.block).collect();
        let mut prefixes: Vec<String> = folded(written.remark.prefixes).collect();
        prefixes.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Self {
            longest: Longest {
                answer: longest(answers.keys()),
                mark: longest(marks.keys()),
                column: longest(columns.keys()),
                block: longest(blocks.iter()),
            },
            answers,
            marks,
            columns,
            running: folded(written.running).collect(),
            stale: folded(written.headings.stale).collect(),
            secondary: folded(written.headings.secondary).collect(),
            reader: folded(written.headings.reader).collect(),
            examples: folded(written.rows.example).collect(),
            endings,
            header,
            other_labels: folded(written.head.other_labels).collect(),
            blocks,
            prefixes,
            empty: folded(written.remark.empty).collect(),
            disclosure: folded(written.titles.disclosure).collect(),
            product: folded(written.titles.product).collect(),
            service: folded(written.titles.service).collect(),
        }
    }

    /// The answer a word means.
    pub(crate) fn answer(&self, text: &str) -> Option<Answer> {
        if is_no_word(text) {
            return None;
        }
        let around = |c: char| matches!(c, '.' | '。' | '、' | ',' | '「' | '」' | '(' | ')');
        let folded = fold_word(text, self.longest.answer, around, |_| false)?;
        let trimmed = folded.trim_matches(around);
        self.answers
            .get(&folded)
            .or_else(|| self.answers.get(trimmed))
            .copied()
    }

    /// The folded words that mean an answer, in order.
    pub(crate) fn words_of(&self, answer: Answer) -> Vec<&str> {
        let words = self.answers.iter();
        let mut words: Vec<&str> = words
            .filter(|(_, means)| **means == answer)
            .map(|(word, _)| word.as_str())
            .collect();
        words.sort_unstable();
        words
    }

    /// The folded words of a remark that says nothing, in order.
    pub(crate) fn empty_remarks(&self) -> Vec<&str> {
        let mut words: Vec<&str> = self.empty.iter().map(String::as_str).collect();
        words.sort_unstable();
        words
    }

    /// The mark a cell holds, if it holds nothing else.
    pub(crate) fn mark(&self, text: &str) -> Option<Mark> {
        if is_no_word(text) {
            return None;
        }
        let folded = fold_word(text, self.longest.mark, |_| false, |_| false)?;
        self.marks.get(&folded).copied()
    }

    /// The roles a header word can have.
    pub(crate) fn roles(&self, text: &str) -> &[Role] {
        if is_no_word(text) {
            return &[];
        }
        let ends = |c: char| matches!(c, '(' | '[' | '※');
        let Some(folded) = fold_word(text, self.longest.column, |_| false, ends) else {
            return &[];
        };
        let bare = folded.split(ends).next().unwrap_or(&folded);
        self.columns
            .get(&folded)
            .or_else(|| self.columns.get(bare))
            .map_or(&[], Vec::as_slice)
    }

    /// The role that a heading seems to have by how its words end: 「セキュリティ確認事項」.
    pub(crate) fn loose_role(&self, text: &str) -> Option<Role> {
        if is_no_word(text) {
            return None;
        }
        let folded = fold(text);
        let bare = folded.split(['(', '[', '※']).next().unwrap_or(&folded);
        let bare = bare.trim_end_matches([':', '。', '*']);
        // A heading is a few words; a sentence that ends so is none.
        if bare.chars().count() > 20 || bare.contains(['。', '、', '?']) {
            return None;
        }
        let ending = self
            .endings
            .iter()
            .find(|(word, _)| bare.ends_with(word.as_str()));
        ending.map(|(_, role)| *role)
    }

    /// True for a heading of what was written at another time: 前回の回答.
    pub(crate) fn is_stale(&self, heading: &str) -> bool {
        if is_no_word(heading) {
            return false;
        }
        let folded = fold(heading);
        let mut words = self.stale.iter();
        words.any(|word| contains_word(&folded, word))
    }

    /// True for the name of a sheet that shows how to fill in another one: 記入例, MDS記入例.
    pub(crate) fn names_example(&self, name: &str) -> bool {
        let folded = fold(name);
        let words = self
            .examples
            .iter()
            .filter(|word| word.chars().count() >= 3);
        words
            .filter(|word| word.chars().all(char::is_alphanumeric))
            .any(|word| contains_word(&folded, word))
    }

    /// True for a heading that speaks of whoever reads the sheet: 当院コメント.
    pub(crate) fn is_readers(&self, heading: &str) -> bool {
        if is_no_word(heading) {
            return false;
        }
        let folded = fold(heading);
        self.reader
            .iter()
            .any(|word| folded.contains(word.as_str()))
    }

    /// True for a heading of answers that may head the marks of whoever reads the sheet: 判定, 確認.
    pub(crate) fn is_secondary(&self, heading: &str) -> bool {
        if is_no_word(heading) {
            return false;
        }
        let folded = fold(heading);
        let bare = folded.split(['(', '[', '※']).next().unwrap_or(&folded);
        self.secondary.contains(bare)
    }

    /// True for a cell that says that its row is an example: the word alone, or in brackets before the rest.
    pub(crate) fn is_example(&self, text: &str) -> bool {
        if text.len() > 600 {
            return false;
        }
        let folded = fold(text);
        self.examples.iter().any(|word| {
            let rest = folded.strip_prefix(word.as_str());
            let bracketed = word.starts_with(['(', '【', '<']);
            rest.is_some_and(|rest| rest.is_empty() || bracketed || rest.starts_with([':', ')']))
        })
    }

    /// True for the heading of a column of running numbers, which need not be those of the items.
    pub(crate) fn is_running_number(&self, text: &str) -> bool {
        !is_no_word(text) && self.running.contains(&fold(text))
    }

    /// True for a label of the head whose value is no field of it: 担当者, 電話番号.
    pub(crate) fn is_other_label(&self, label: &str) -> bool {
        if is_no_word(label) {
            return false;
        }
        let folded = fold(label);
        let bare = folded
            .trim_matches(|c| matches!(c, ':' | '【' | '】' | '[' | ']' | '■' | '・' | '*' | '※'));
        self.other_labels.contains(bare)
    }

    /// The field of the head a label names.
    pub(crate) fn field(&self, label: &str) -> Option<Field> {
        if is_no_word(label) {
            return None;
        }
        let folded = fold(label);
        let label = folded
            .trim_matches(|c| matches!(c, ':' | '【' | '】' | '[' | ']' | '■' | '・' | '*' | '※'));
        let bare = label.split('(').next().unwrap_or(label);
        self.header
            .get(label)
            .or_else(|| self.header.get(bare))
            .copied()
    }

    /// True for the heading of a block of remark texts.
    pub(crate) fn is_block_title(&self, text: &str) -> bool {
        let around = |c: char| {
            matches!(
                c,
                ':' | '【' | '】' | '[' | ']' | '■' | '<' | '>' | '(' | ')'
            )
        };
        let folded = fold_word(text, self.longest.block, around, |_| false);
        folded.is_some_and(|folded| self.blocks.contains(folded.trim_matches(around)))
    }

    /// The number of a remark, where a text is nothing but a reference to one: `備考3`, `※3`, `See Note 3`.
    ///
    /// With `bare`, a number alone counts too.
    pub(crate) fn remark_key(&self, text: &str, bare: bool) -> Option<u32> {
        if text.len() > 64 || !may_have_digit(text) {
            return None;
        }
        let folded = fold(text);
        let mut rest = folded.trim_matches(|c| {
            matches!(
                c,
                '(' | ')' | '[' | ']' | '【' | '】' | '「' | '」' | '.' | ':' | '。'
            )
        });
        let mut prefixed = false;
        for prefix in &self.prefixes {
            if let Some(tail) = rest.strip_prefix(prefix.as_str()) {
                rest = tail;
                prefixed = true;
                break;
            }
        }
        let rest =
            rest.trim_matches(|c| matches!(c, '(' | ')' | '[' | ']' | '.' | ':' | '#' | '-'));
        let rest = rest
            .strip_suffix("参照")
            .or_else(|| rest.strip_suffix("を参照"))
            .unwrap_or(rest);
        let digits =
            !rest.is_empty() && rest.len() <= 4 && rest.bytes().all(|b| b.is_ascii_digit());
        (digits && (prefixed || bare))
            .then(|| rest.parse().ok())
            .flatten()
    }

    /// True for a remark that says nothing, such as `__`.
    pub(crate) fn is_empty_remark(&self, text: &str) -> bool {
        let folded = fold(text);
        folded.is_empty()
            || self.empty.contains(&folded)
            || folded
                .chars()
                .all(|c| matches!(c, '_' | '-' | 'ー' | '.' | '・'))
    }

    /// True if a text speaks of a security disclosure at all.
    pub(crate) fn is_title(&self, text: &str) -> bool {
        let folded = fold(text);
        self.disclosure
            .iter()
            .any(|word| contains_word(&folded, word))
    }

    /// Whom a title speaks of, if it says so.
    pub(crate) fn family(&self, text: &str) -> Option<Family> {
        let folded = fold(text);
        if contains_word(&folded, "mds2") {
            return Some(Family::Mds2);
        }
        let product = self.product.iter().any(|word| contains_word(&folded, word));
        let service = self.service.iter().any(|word| contains_word(&folded, word));
        match (product, service) {
            (true, false) => Some(Family::Mds),
            (false, true) => Some(Family::Sds),
            (true, true) | (false, false) => None,
        }
    }
}

/// True for a text too long to be one word of the vocabulary, so that sentences need not be folded.
///
/// White space does not count when words are compared, so the bound is generous.
fn is_no_word(text: &str) -> bool {
    text.len() > 240
}

/// True if `word` occurs in `text`; a word of Latin letters must stand by itself.
pub(crate) fn contains_word(text: &str, word: &str) -> bool {
    let latin = |c: char| c.is_ascii_alphanumeric();
    let alone = word.chars().all(|c| c.is_ascii_alphanumeric());
    text.match_indices(word).any(|(at, found)| {
        !alone
            || (!text[..at].chars().next_back().is_some_and(latin)
                && !text[at + found.len()..].chars().next().is_some_and(latin))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_as_people_write_them() {
        let words = Vocabulary::get();
        assert_eq!(words.answer("ﾊｲ"), Some(Answer::Yes));
        assert_eq!(words.answer("いいえ。"), Some(Answer::No));
        assert_eq!(words.answer("Ｎ／Ａ"), Some(Answer::Na));
        assert_eq!(words.answer("See Notes "), Some(Answer::SeeNote));
        assert_eq!(words.answer("一部対応"), None);
        assert_eq!(words.mark("〇"), Some(Mark::On));
        assert_eq!(words.field("製品名/サービス名"), Some(Field::Product));
    }

    #[test]
    fn remark_numbers() {
        let words = Vocabulary::get();
        for text in [
            "備考3",
            "備考３",
            "※3",
            "See Note 3",
            "Note 3",
            "注3)",
            "備考3参照",
        ] {
            assert_eq!(words.remark_key(text, false), Some(3), "{text}");
        }
        assert_eq!(words.remark_key("3", false), None);
        assert_eq!(words.remark_key("(3)", true), Some(3));
        assert_eq!(words.remark_key("備考3を見てください", false), None);
        assert!(words.is_empty_remark("__"));
    }

    #[test]
    fn a_title_of_latin_letters_stands_alone() {
        assert!(contains_word("開示書(mds)", "mds"));
        assert!(!contains_word("amds2", "mds"));
    }
}
