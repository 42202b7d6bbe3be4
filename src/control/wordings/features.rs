//! Features: what two wordings can have in common, as numbered slots with a weight.
//!
//! Three kinds: letters and words, the terms that are named and pairs of them, and what says yes or no (endings,
//! kana, small English words). A slot is a hash; two features may share one, which only adds a little noise.

use crate::control::terms::{Reading, is_latin};

/// How many slots there are, as a power of two.
const BITS: u32 = 18;
/// How many slots there are.
pub(super) const SLOTS: usize = 1 << BITS;
/// How much each kind counts: letters and words, terms, yes and no.
pub(super) const KINDS: [f32; 3] = [1.0, 0.5, 0.4];

/// English words that say nothing about the topic.
const SMALL: [&str; 29] = [
    "a", "an", "the", "is", "are", "be", "of", "to", "in", "on", "at", "by", "for", "from", "with",
    "and", "or", "it", "its", "this", "that", "do", "does", "can", "your", "you", "we", "our",
    "any",
];

/// The features of a text, by kind; each slot once, with the number of times it occurs.
pub(super) type Features = [Vec<(u32, f32)>; 3];

/// A hash that is the same on every machine (FNV-1a over the letters).
struct Hash(u64);

impl Hash {
    fn new(kind: char) -> Self {
        Self(0xcbf2_9ce4_8422_2325).letter(kind)
    }

    fn letter(self, letter: char) -> Self {
        self.number(letter as u64)
    }

    fn number(self, number: u64) -> Self {
        Self((self.0 ^ number).wrapping_mul(0x0000_0100_0000_01b3))
    }

    fn letters(self, letters: &[char]) -> Self {
        letters
            .iter()
            .fold(self, |hash, letter| hash.letter(*letter))
    }

    fn slot(self) -> u32 {
        let mixed = (self.0 ^ (self.0 >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> (64 - BITS)) as u32
    }
}

/// The features of a text that was read.
pub(super) fn features(letters: &[char], reading: &Reading) -> Features {
    let letters = unnumbered(letters);
    // About as many as a letter has features, so that the lists need not grow.
    let mut slots = [2, 1, 3].map(|each| Vec::with_capacity(letters.len() * each + 16));
    let words = latin_words(letters);
    topic(letters, &words, &mut slots[0]);
    terms(reading, &mut slots[1]);
    polarity(letters, &words, &mut slots[2]);
    slots.map(counted)
}

/// The text without the number of the item in front.
fn unnumbered(letters: &[char]) -> &[char] {
    let skip = letters
        .iter()
        .take_while(|c| matches!(c, '0'..='9' | '.' | '-' | '(' | ' ' | ')'))
        .count();
    if skip == letters.len() {
        letters
    } else {
        &letters[skip..]
    }
}

fn counted(mut slots: Vec<u32>) -> Vec<(u32, f32)> {
    slots.sort_unstable();
    let runs = slots.chunk_by(|a, b| a == b);
    runs.map(|run| (run[0], 1.0 + (run.len() as f32).ln()))
        .collect()
}

fn latin_words(letters: &[char]) -> Vec<&[char]> {
    letters
        .split(|c| !is_latin(*c))
        .filter(|word| !word.is_empty())
        .collect()
}

/// Words and the beginnings of words, pairs of words, and two and three Japanese letters that stand together.
fn topic(letters: &[char], words: &[&[char]], slots: &mut Vec<u32>) {
    let small = |word: &&&[char]| {
        !SMALL
            .iter()
            .any(|small| small.chars().eq(word.iter().copied()))
    };
    let words: Vec<&[char]> = words.iter().filter(small).copied().collect();
    for word in &words {
        slots.push(Hash::new('w').letters(word).slot());
        if word.len() > 5 {
            slots.push(Hash::new('s').letters(&word[..5]).slot());
        }
    }
    for pair in words.windows(2) {
        slots.push(
            Hash::new('b')
                .letters(pair[0])
                .letter(' ')
                .letters(pair[1])
                .slot(),
        );
    }
    for run in letters.split(|c| is_latin(*c) || !c.is_alphanumeric() && *c != 'ー') {
        for length in [2, 3] {
            let grams = run
                .windows(length)
                .filter(|gram| !gram.iter().all(|c| is_hiragana(*c)));
            slots.extend(grams.map(|gram| Hash::new('g').letters(gram).slot()));
        }
    }
}

/// The terms that are named, and every pair of them.
fn terms(reading: &Reading, slots: &mut Vec<u32>) {
    let mut named: Vec<usize> = reading
        .words
        .iter()
        .flat_map(|word| word.terms.iter().copied())
        .collect();
    named.sort_unstable();
    named.dedup();
    for (at, term) in named.iter().enumerate() {
        slots.push(Hash::new('t').number(*term as u64).slot());
        for other in &named[at + 1..] {
            slots.push(
                Hash::new('p')
                    .number(*term as u64)
                    .number(*other as u64)
                    .slot(),
            );
        }
    }
}

/// How the text ends, its kana, and every English word with the next one.
fn polarity(letters: &[char], words: &[&[char]], slots: &mut Vec<u32>) {
    let mut plain: Vec<char> = Vec::with_capacity(letters.len());
    let mut depth = 0usize;
    for letter in letters {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            letter if depth == 0 => plain.push(*letter),
            _ => {}
        }
    }
    while matches!(plain.last(), Some('。' | '?' | '!' | '、' | 'か' | ' ')) {
        plain.pop();
    }
    for length in [2, 3, 4, 6] {
        if let Some(start) = plain.len().checked_sub(length) {
            slots.push(Hash::new('e').letters(&plain[start..]).slot());
        }
    }
    for length in [2, 3, 4] {
        for gram in plain.windows(length) {
            let kana = gram.iter().filter(|c| is_hiragana(**c)).count();
            let joined = gram
                .iter()
                .all(|c| !c.is_ascii() && !matches!(c, '、' | '。'));
            if joined && kana + 1 >= length {
                slots.push(Hash::new('h').letters(gram).slot());
            }
        }
    }
    slots.extend(words.iter().map(|word| Hash::new('v').letters(word).slot()));
    for pair in words.windows(2) {
        slots.push(
            Hash::new('u')
                .letters(pair[0])
                .letter(' ')
                .letters(pair[1])
                .slot(),
        );
    }
}

fn is_hiragana(c: char) -> bool {
    ('\u{3041}'..='\u{3093}').contains(&c)
}
