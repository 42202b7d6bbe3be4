//! Text: folded copies for comparing, shortened copies for showing.
//!
//! What a vendor wrote is stored as written; only copies are folded.

use unicode_normalization::UnicodeNormalization;

use crate::language::Localised;

/// A copy for comparing: NFKC, lower case, dashes and dots unified, white space removed.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match single(c) {
            Some(c) => push_folded(&mut folded, c),
            None => {
                folded.clear();
                for c in text.nfkc().flat_map(char::to_lowercase) {
                    push_folded(&mut folded, c);
                }
                break;
            }
        }
    }
    folded
}

/// A folded copy of a text that may be a word of at most `longest` bytes; `None` as soon as it is longer.
///
/// What `is_trimmed` says of does not count at either end, and the word may end where `is_end` says so. So a question
/// is folded no further than a word reaches, and what is `None` could be no word whole, trimmed or cut.
pub(crate) fn fold_word(
    text: &str,
    longest: usize,
    is_trimmed: impl Fn(char) -> bool,
    is_end: impl Fn(char) -> bool,
) -> Option<String> {
    let mut folded = String::with_capacity(text.len().min(longest + 8));
    let (mut start, mut ended) = (None, false);
    for c in text.chars() {
        let Some(c) = single(c) else {
            return Some(fold(text));
        };
        let before = folded.len();
        push_folded(&mut folded, c);
        if folded.len() == before || ended {
            continue;
        }
        ended = is_end(c);
        if !ended && !is_trimmed(c) {
            let start = *start.get_or_insert(before);
            if folded.len() - start > longest {
                return None;
            }
        }
    }
    Some(folded)
}

/// False for a text in which no character becomes a digit of 0 to 9 when it is folded; true if one does or may.
pub(crate) fn may_have_digit(text: &str) -> bool {
    let mut bytes = text.bytes();
    if bytes.all(|byte| byte < 0x80) {
        return text.bytes().any(|byte| byte.is_ascii_digit());
    }
    text.chars()
        .any(|c| single(c).is_none_or(|c| c.is_ascii_digit()))
}

fn push_folded(folded: &mut String, c: char) {
    match c {
        '!'..='~' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fe}' | '\u{4e00}'..='\u{9fff}' => {
            folded.push(c);
        }
        c if c.is_whitespace() || is_invisible(c) => {}
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '－' | '─' => folded.push('-'),
        '〜' => folded.push('~'),
        '’' | '‘' => folded.push('\''),
        '“' | '”' => folded.push('"'),
        c => folded.push(c),
    }
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

/// A copy for showing: what people would not see made visible, cut at `limit` characters.
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
            c => push_visible(&mut shown, c),
        }
    }
    shown
}

/// The same text with what people would not see (line feeds and tabs apart) made visible, as `⟨U+202E⟩`; nothing is
/// cut.
///
/// ```
/// assert_eq!(kaijisho::harmless("a\u{1b}[31m"), "a⟨U+001B⟩[31m");
/// ```
pub fn harmless(text: &str) -> String {
    let is_kept = |c: char| matches!(c, '\n' | '\t');
    if text.chars().all(|c| is_kept(c) || !is_unseen(c)) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars().filter(|c| *c != '\r') {
        match is_kept(c) {
            true => shown.push(c),
            false => push_visible(&mut shown, c),
        }
    }
    shown
}

fn push_visible(shown: &mut String, c: char) {
    match is_unseen(c) {
        true => shown.push_str(&format!("⟨U+{:04X}⟩", u32::from(c))),
        false => shown.push(c),
    }
}

/// Characters without a shape of their own, which text formats show as escapes: joiners, marks of direction, the
/// byte order mark.
pub(crate) fn is_format(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// Characters that a terminal obeys, that turn the direction of text round, or that take no room: each can make a
/// report show something else than it says. Joiners within a character are none of them.
pub(crate) fn is_unseen(c: char) -> bool {
    c.is_control() || is_format(c) && !matches!(c, '\u{200c}' | '\u{200d}')
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

/// Letters of a name that are compared, so that a name of any length costs no more than a short one.
const COMPARED: usize = 100;
/// From this likeness on a name is taken for a slip of the pen.
const NEAR: f64 = 0.55;

/// The name that was most likely meant, among those that are known: one that is alike, or one that differs by a
/// letter or two that were left out, doubled or turned round.
pub(crate) fn nearest<'n>(
    known: impl IntoIterator<Item = &'n str>,
    wanted: &str,
) -> Option<&'n str> {
    let wanted: String = wanted.chars().take(COMPARED).collect();
    let mut best: Option<(f64, &str)> = None;
    for name in known {
        let mut alike = similarity(name, &wanted);
        if alike < NEAR && is_slip(name, &wanted) {
            alike = NEAR;
        }
        if alike >= NEAR && best.is_none_or(|(most, _)| alike > most) {
            best = Some((alike, name));
        }
    }
    best.map(|(_, name)| name)
}

/// True if two names differ by one letter, or by two where they are long, neighbours turned round counting as one.
fn is_slip(name: &str, wanted: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (name.chars().collect(), wanted.chars().collect());
    let allowed = if a.len() >= 8 { 2 } else { 1 };
    if a.len() < 3 || a.len() > COMPARED || a.len().abs_diff(b.len()) > allowed {
        return false;
    }
    // Three rows of the table of distances: two above, one above, and the one being filled.
    let mut above: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let other = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + other);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(above[j - 2] + 1);
            }
        }
        above = std::mem::replace(&mut last, row);
    }
    last[b.len()] <= allowed
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
    fn a_word_is_folded_whole_or_longer_than_any() {
        let (trimmed, ends) = (|c| matches!(c, '.' | '('), |c| c == '※');
        for text in [
            "はい",
            "（はい）",
            "...... は い ......",
            "通信を暗号化するか（院内外とも）",
            "ﾊｲ、そうです",
            "か\u{3099}とても長い文である",
            "回答※下に書いた説明のとおり",
            "※",
            "",
        ] {
            let whole = fold(text);
            for longest in 0..30 {
                if let Some(folded) = fold_word(text, longest, trimmed, ends) {
                    assert_eq!(folded, whole, "{text} {longest}");
                    continue;
                }
                let bare = whole.split(ends).next().unwrap_or_default();
                assert!(
                    bare.trim_matches(trimmed).len() > longest,
                    "{text} {longest}"
                );
            }
            let limit = whole.len();
            assert_eq!(fold_word(text, limit, trimmed, ends), Some(whole), "{text}");
        }
        for text in ["問３", "④", "4", "❶", "½", "㏠", "Ⅷ4"] {
            assert!(may_have_digit(text), "{text}");
        }
        for text in ["はい", "N/A", "", "通信を（暗号化）する。"] {
            assert!(!may_have_digit(text), "{text}");
        }
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
        assert_eq!(show("a\u{1b}[31mb\nc", 20), "a⟨U+001B⟩[31mb⏎c");
        assert_eq!(show("あいうえお", 3), "あいう…");
        assert_eq!(harmless("x\u{202e}y"), "x⟨U+202E⟩y");
        assert_eq!(
            harmless("1\u{200b}\u{9b}\u{e0041}\r\n\t"),
            "1⟨U+200B⟩⟨U+009B⟩⟨U+E0041⟩\n\t"
        );
        assert_eq!(harmless("👨\u{200d}👩"), "👨\u{200d}👩");
    }

    #[test]
    fn the_name_that_was_meant_is_found() {
        let known = ["weight", "level", "remark", "requirement", "id"];
        for (slip, meant) in [
            ("wieght", Some("weight")),
            ("weigth", Some("weight")),
            ("wight", Some("weight")),
            ("levle", Some("level")),
            ("requirments", Some("requirement")),
            ("remarks", Some("remark")),
            ("di", None),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(nearest(known, slip), meant, "{slip}");
        }
        assert_eq!(nearest(known, &"weight".repeat(100_000)), None);
    }

    #[test]
    fn a_question_is_like_its_title() {
        assert!(similarity("通信を暗号化する", "通信を暗号化するか。") > 0.99);
        assert!(similarity("通信を暗号化する", "時刻の正確さを保つか") < 0.3);
    }
}
