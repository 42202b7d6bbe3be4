//! Text: folded copies for comparing, shortened copies for showing.
//!
//! What a vendor wrote is stored as written; only copies are folded.

use unicode_normalization::UnicodeNormalization;

use crate::language::Localised;

/// A copy for comparing: NFKC, lower case, dashes and dots unified, white space removed.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        // The common case by far in English sheets, and the same result.
        return text
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| c.to_ascii_lowercase())
            .collect();
    }
    composed(text)
        .chars()
        .filter(|c| !c.is_whitespace() && !is_invisible(*c))
        .map(|c| match c {
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '－' | '─' => '-',
            '〜' => '~',
            '’' | '‘' => '\'',
            '“' | '”' => '"',
            c => c,
        })
        .collect()
}

/// The text in NFKC and lower case.
pub(crate) fn composed(text: &str) -> String {
    let mut composed = String::with_capacity(text.len());
    for c in text.chars() {
        match single(c) {
            Some(c) => composed.push(c),
            None => return text.nfkc().flat_map(char::to_lowercase).collect(),
        }
    }
    composed
}

/// What a character is in NFKC and lower case, for those of which most sheets are made: one character each, which
/// nothing before or after it changes.
fn single(c: char) -> Option<char> {
    match c {
        '\0'..='\u{7f}' => Some(c.to_ascii_lowercase()),
        // 、。「」【】〜 and the like; hiragana and katakana without marks to combine; Chinese characters.
        '\u{3001}'..='\u{3003}' | '\u{3005}'..='\u{301e}' | '\u{3041}'..='\u{3096}' => Some(c),
        '\u{30a1}'..='\u{30fe}' | '\u{4e00}'..='\u{9fff}' => Some(c),
        // Boxes, circles and other shapes.
        '\u{2500}'..='\u{266f}' => Some(c),
        '\u{3000}' => Some(' '),
        // The wide copies of ASCII.
        '\u{ff01}'..='\u{ff5e}' => {
            let narrow = char::from_u32(u32::from(c) - 0xfee0)?;
            Some(narrow.to_ascii_lowercase())
        }
        _ => None,
    }
}

/// True for zero-width characters, which people do not see and must not matter.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe0e}' | '\u{fe0f}' | '\u{00ad}'
    )
}

/// True if nothing visible is written.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// A copy for showing: control and direction characters made visible, cut at `limit` characters.
pub fn show(text: &str, limit: usize) -> String {
    let mut shown = String::new();
    for (count, c) in text.trim().chars().enumerate() {
        if count == limit {
            shown.push('…');
            break;
        }
        match c {
            '\n' => shown.push('⏎'),
            '\r' => {}
            '\t' => shown.push(' '),
            c if c.is_control() || is_direction(c) => {
                shown.push_str(&format!("\\u{{{:x}}}", u32::from(c)))
            }
            c => shown.push(c),
        }
    }
    shown
}

/// The same text with control characters (line feeds and tabs apart) made visible; nothing is cut.
pub fn harmless(text: &str) -> String {
    if !text
        .chars()
        .any(|c| (c.is_control() && c != '\n' && c != '\t') || is_direction(c))
    {
        return text.to_owned();
    }
    text.chars()
        .filter(|c| *c != '\r')
        .map(|c| match c {
            '\n' | '\t' => c.to_string(),
            c if c.is_control() || is_direction(c) => format!("\\u{{{:x}}}", u32::from(c)),
            c => c.to_string(),
        })
        .collect()
}

/// Characters that turn the direction of text round, and so can make a report show something else.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

/// How alike two texts are, 0.0 to 1.0: Dice's coefficient over pairs of letters of the folded texts.
///
/// Punctuation and the question ending か do not count.
pub(crate) fn similarity(left: &str, right: &str) -> f64 {
    let (left, right) = (letters(left), letters(right));
    if left == right {
        return 1.0;
    }
    let (mut a, mut b) = (pairs(&left), pairs(&right));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    a.sort_unstable();
    b.sort_unstable();
    let (mut i, mut j, mut shared) = (0, 0, 0usize);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                shared += 1;
                i += 1;
                j += 1;
            }
        }
    }
    2.0 * shared as f64 / (a.len() + b.len()) as f64
}

/// How alike a text is to a title in either language; English is only looked at where Japanese does not settle it.
pub(crate) fn likeness(text: &str, title: &Localised) -> f64 {
    let ja = similarity(text, &title.ja);
    if ja > 0.9 {
        ja
    } else {
        ja.max(similarity(text, &title.en))
    }
}

fn letters(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = fold(text).chars().filter(|c| c.is_alphanumeric()).collect();
    if letters.last() == Some(&'か') {
        letters.pop();
    }
    letters
}

fn pairs(letters: &[char]) -> Vec<(char, char)> {
    letters.windows(2).map(|w| (w[0], w[1])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_characters_are_what_unicode_says() {
        let mut count = 0;
        for c in '\0'..=char::MAX {
            let Some(single) = single(c) else {
                continue;
            };
            count += 1;
            let text = c.to_string();
            let composed: String = text.nfkc().flat_map(char::to_lowercase).collect();
            assert_eq!(composed, single.to_string(), "{c:?}");
            // Nothing but a mark, which is no such character, joins with the one before it.
            for before in ['か', 'a', 'ー', '一', 'ウ', '○'] {
                let pair = format!("{before}{c}");
                let whole: String = pair.nfkc().flat_map(char::to_lowercase).collect();
                assert_eq!(composed_of(&pair), whole, "{pair:?}");
            }
        }
        assert!(count > 21_000);
        // Marks and all else go the long way.
        assert_eq!(composed("ｶﾞ か\u{3099} Ⅷ ㈱ É"), "ガ が viii (株) é");
    }

    fn composed_of(text: &str) -> String {
        let single: Option<String> = text.chars().map(single).collect();
        single.expect("all are single")
    }

    #[test]
    fn folding_unifies_what_people_see_as_one() {
        assert_eq!(fold("　Ｎｏ．１ "), "no.1");
        assert_eq!(fold("ﾊﾞｯｸｱｯﾌﾟ"), "バックアップ");
        assert_eq!(fold("TLS−1\u{200b}"), "tls-1");
        assert_eq!(fold(" See\tNote 5\r\n"), "seenote5");
    }

    #[test]
    fn shown_text_is_short_and_harmless() {
        assert_eq!(show("a\u{1b}[31mb\nc", 20), "a\\u{1b}[31mb⏎c");
        assert_eq!(show("あいうえお", 3), "あいう…");
        assert_eq!(harmless("x\u{202e}y"), "x\\u{202e}y");
    }

    #[test]
    fn a_question_is_like_its_title() {
        assert!(similarity("通信を暗号化する", "通信を暗号化するか。") > 0.99);
        assert!(similarity("通信を暗号化する", "時刻の正確さを保つか") < 0.3);
    }
}
