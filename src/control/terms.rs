//! Terms: the ideas a question names, from `schemas/terms.toml`, and reading a text into them.
//!
//! Reading knows no control. It is one pass over the text, the longest word at each place.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

/// How many characters of a text are looked at; no question is that long.
const LONGEST: usize = 500;

/// A term, as an index into the list of all terms.
pub(super) type TermId = usize;

/// One idea and the words for it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Term {
    /// How much it says about the topic.
    #[serde(default = "one")]
    pub(super) weight: f64,
    /// True if it turns a question round where a control does not expect it.
    #[serde(default)]
    pub(super) reverses: bool,
    /// True for something nobody wants, which a question must speak against.
    #[serde(default)]
    pub(super) wrong: bool,
    /// True for what stands against something nobody wants.
    #[serde(default)]
    pub(super) prevents: bool,
    /// True if a heading with it changes what the questions under it are about.
    #[serde(default)]
    pub(super) scope: bool,
    /// Japanese words.
    pub(super) ja: Vec<String>,
    /// English words; a star stands for any ending.
    pub(super) en: Vec<String>,
}

fn one() -> f64 {
    1.0
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    ja: Vec<String>,
    en: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[allow(dead_code)]
    schema: String,
    term: BTreeMap<String, Term>,
    /// Words that say nothing about the topic.
    neutral: Words,
    /// Words that deny what stands before or after them.
    negation: Words,
    /// How a question ends (Japanese) or begins (English) that asks for a value.
    value: Words,
}

/// A word to look for.
#[derive(Debug)]
struct Word {
    text: Vec<char>,
    /// Any ending may follow.
    open: bool,
    /// The terms it carries; none for a neutral word.
    terms: Vec<TermId>,
}

/// All terms, with their words by first letter, the longest first.
#[derive(Debug)]
pub(super) struct Terms {
    pub(super) names: Vec<String>,
    pub(super) terms: Vec<Term>,
    words: HashMap<char, Vec<Word>>,
    /// Endings that deny a Japanese question.
    endings: Vec<Vec<char>>,
    /// English words that deny.
    denials: Vec<String>,
    /// Ends and beginnings of questions that ask for a value.
    value_ends: Vec<Vec<char>>,
    value_starts: Vec<Vec<char>>,
}

/// A text, read.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// The words that carry terms, each once, in the order of the text.
    pub(super) words: Vec<Spoken>,
    /// How many words with a meaning of their own are no term.
    pub(super) unread: usize,
    /// True if the text asks for the absence of something.
    pub(super) denied: bool,
    /// True if it asks for a value, which no yes or no can be.
    pub(super) for_value: bool,
}

/// A word of a text.
#[derive(Debug)]
pub(super) struct Spoken {
    /// As it stands there, folded.
    pub(super) text: String,
    /// The terms it carries.
    pub(super) terms: Vec<TermId>,
    /// True if it stands in brackets only, as an example or explanation.
    pub(super) aside: bool,
}

impl Reading {
    /// For each term the word that names it, one outside brackets before one inside.
    pub(super) fn named(&self) -> Vec<Option<&Spoken>> {
        let mut named: Vec<Option<&Spoken>> = vec![None; Terms::bundled().terms.len()];
        for word in &self.words {
            for term in &word.terms {
                if named[*term].is_none_or(|first| first.aside && !word.aside) {
                    named[*term] = Some(word);
                }
            }
        }
        named
    }

    fn speak(&mut self, text: &[char], terms: &[TermId], aside: bool) {
        let text: String = text.iter().collect();
        match self.words.iter_mut().find(|word| word.terms == terms) {
            Some(word) => word.aside &= aside,
            None => self.words.push(Spoken {
                text,
                terms: terms.to_vec(),
                aside,
            }),
        }
    }
}

static BUNDLED: LazyLock<Terms> = LazyLock::new(|| {
    let written: Written = toml::from_str(include_str!("../../schemas/terms.toml"))
        .expect("schemas/terms.toml is checked by tests");
    Terms::new(written)
});

impl Terms {
    /// The bundled terms.
    pub(super) fn bundled() -> &'static Terms {
        &BUNDLED
    }

    fn new(written: Written) -> Self {
        let (names, terms): (Vec<String>, Vec<Term>) = written.term.into_iter().unzip();
        let mut by_text: BTreeMap<(Vec<char>, bool), Vec<TermId>> = BTreeMap::new();
        for (id, term) in terms.iter().enumerate() {
            for word in term.ja.iter().chain(&term.en) {
                let carried = by_text.entry(spell(word)).or_default();
                if !carried.contains(&id) {
                    carried.push(id);
                }
            }
        }
        for word in written.neutral.ja.iter().chain(&written.neutral.en) {
            by_text.entry(spell(word)).or_default();
        }
        let mut words: HashMap<char, Vec<Word>> = HashMap::new();
        for ((text, open), terms) in by_text {
            let Some(first) = text.first().copied() else {
                continue;
            };
            words
                .entry(first)
                .or_default()
                .push(Word { text, open, terms });
        }
        for list in words.values_mut() {
            // A word that is closed is the better fit of two with the same letters.
            list.sort_by_key(|word| (std::cmp::Reverse(word.text.len()), word.open));
        }
        Self {
            names,
            terms,
            words,
            endings: written.negation.ja.iter().map(|w| spell(w).0).collect(),
            denials: written.negation.en,
            value_ends: written.value.ja.iter().map(|w| spell(w).0).collect(),
            value_starts: written.value.en.iter().map(|w| spell(w).0).collect(),
        }
    }

    /// The term of this name.
    pub(super) fn id(&self, name: &str) -> Option<TermId> {
        self.names
            .binary_search_by(|known| known.as_str().cmp(name))
            .ok()
    }

    /// Reads a text into the terms it names.
    pub(super) fn read(&self, text: &str) -> Reading {
        self.read_letters(&letters(text))
    }

    /// Reads the letters of a text.
    pub(super) fn read_letters(&self, letters: &[char]) -> Reading {
        let mut reading = Reading::default();
        let mut covered = vec![false; letters.len()];
        let mut at = 0;
        let mut unread_before = false;
        let mut depth = 0usize;
        while at < letters.len() {
            match letters[at] {
                '(' | '[' => depth += 1,
                ')' | ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if let Some((word, end)) = self.word_at(letters, at) {
                if !word.terms.is_empty() {
                    // A term that turns a question round does not take its denial away.
                    let turns = word.terms.iter().any(|term| self.terms[*term].reverses);
                    covered[at..end].fill(!turns);
                    reading.speak(&letters[at..end], &word.terms, depth > 0);
                }
                unread_before = false;
                at = end;
                continue;
            }
            let end = if is_latin(letters[at]) {
                word_end(letters, at)
            } else {
                at + 1
            };
            if is_latin(letters[at]) {
                let denies = self
                    .denials
                    .iter()
                    .any(|word| word.chars().eq(letters[at..end].iter().copied()));
                reading.denied |= denies;
                reading.unread += usize::from(end - at > 2 && !denies && depth == 0);
                unread_before = false;
            } else {
                // A run of Chinese characters or katakana is one word.
                let has_meaning = is_content(letters[at]);
                reading.unread += usize::from(has_meaning && !unread_before && depth == 0);
                unread_before = has_meaning;
            }
            at = end;
        }
        reading.denied |= self.ends_denied(letters, &covered);
        reading.for_value = self.asks_for_value(letters);
        reading
    }

    /// The longest word that stands at a place, and where it ends.
    fn word_at(&self, letters: &[char], at: usize) -> Option<(&Word, usize)> {
        let inside = |left: usize| {
            left > 0
                && left < letters.len()
                && is_latin(letters[left - 1])
                && is_latin(letters[left])
        };
        if inside(at) {
            return None;
        }
        self.words.get(&letters[at])?.iter().find_map(|word| {
            let end = at + word.text.len();
            // Many words begin alike; most differ in the second letter.
            let second = word.text.get(1);
            let fits = second.is_none_or(|second| letters.get(at + 1) == Some(second))
                && letters.get(at..end)? == word.text.as_slice();
            if !fits || (inside(end) && !word.open) {
                return None;
            }
            let end = if word.open && inside(end) {
                word_end(letters, end)
            } else {
                end
            };
            Some((word, end))
        })
    }

    fn asks_for_value(&self, letters: &[char]) -> bool {
        let marks = letters.iter().rev().take_while(|c| !c.is_alphanumeric());
        let text = &letters[..letters.len() - marks.count()];
        let starts = |start: &Vec<char>| {
            text.starts_with(start) && text.get(start.len()).is_none_or(|next| !is_latin(*next))
        };
        self.value_ends.iter().any(|end| text.ends_with(end))
            || self.value_starts.iter().any(starts)
    }

    /// True if the last verb of a Japanese question is denied, and no term takes the denial as its own.
    fn ends_denied(&self, letters: &[char], covered: &[bool]) -> bool {
        let mut end = letters.len();
        // An explanation in brackets at the end is not the verb; one is enough, and keeps this linear.
        let mut explained = false;
        while end > 0 && (!letters[end - 1].is_alphanumeric() || letters[end - 1] == 'か') {
            let opened = letters[..end].iter().rposition(|c| *c == '(');
            end = match opened.filter(|_| letters[end - 1] == ')' && !explained) {
                Some(opened) => {
                    explained = true;
                    opened
                }
                None => end - 1,
            };
        }
        self.endings.iter().any(|ending| {
            letters[..end].ends_with(ending)
                && covered[end - ending.len()..end]
                    .iter()
                    .any(|covered| !covered)
        })
    }
}

/// A word of the list as letters, and whether any ending may follow.
fn spell(word: &str) -> (Vec<char>, bool) {
    match word.strip_suffix('*') {
        Some(stem) => (letters(stem), true),
        None => (letters(word), false),
    }
}

/// The letters of a text for reading: NFKC, lower case, no white space but between Latin words.
pub(super) fn letters(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = Vec::with_capacity(text.len().min(4 * LONGEST) / 2);
    let mut gap = false;
    let start = text
        .char_indices()
        .nth(LONGEST)
        .map_or(text, |(end, _)| &text[..end]);
    for c in crate::text::composed(start).chars().take(LONGEST) {
        let c = match c {
            '’' | '\'' | '・' | '\u{200b}'..='\u{200f}' | '\u{feff}' => continue,
            c if c.is_whitespace() => ' ',
            '-' | '‐' | '‑' | '–' | '—' => ' ',
            c => c,
        };
        if c == ' ' {
            gap = true;
            continue;
        }
        if gap && is_latin(c) && letters.last().copied().is_some_and(is_latin) {
            letters.push(' ');
        }
        gap = false;
        letters.push(c);
    }
    letters
}

/// True for the letters and figures of English words.
pub(super) fn is_latin(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

fn word_end(letters: &[char], from: usize) -> usize {
    let length = letters[from..].iter().take_while(|c| is_latin(**c)).count();
    from + length.max(1)
}

/// True for Chinese characters and katakana, which carry the meaning of a Japanese sentence.
fn is_content(c: char) -> bool {
    matches!(c, '\u{30a1}'..='\u{30fa}' | 'ー' | '\u{3400}'..='\u{9fff}' | '々')
}
