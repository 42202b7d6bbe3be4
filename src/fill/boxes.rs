//! Boxes drawn within a text (`□はい　□いいえ`): the right one ticked, the others empty, all else as it is.

use crate::disclosure::boxed_words;
use crate::vocabulary::Mark;

/// Empty boxes and what they become when they are ticked.
const SIGNS: [(char, char); 8] = [
    ('□', '■'),
    ('☐', '☑'),
    ('▢', '■'),
    ('◻', '◼'),
    ('○', '●'),
    ('◯', '●'),
    ('〇', '●'),
    ('◇', '◆'),
];
/// Circles, which are empty boxes where a text has nothing but them.
const CIRCLES: [char; 3] = ['○', '◯', '〇'];

/// The text with exactly those boxes ticked whose word is meant; `None` where it holds no boxes, or none is meant.
///
/// `sign` is the sign that the sheet ticks with elsewhere.
pub(super) fn ticked(
    text: &str,
    sign: Option<char>,
    is_meant: impl Fn(&str) -> bool,
) -> Option<String> {
    let circles = text.matches(CIRCLES).count() > 1;
    // Nothing but empty circles: they are read as empty boxes.
    let squares = text.replace(CIRCLES, "□");
    let mut boxes =
        boxed_words(text).or_else(|| circles.then(|| boxed_words(&squares)).flatten())?;
    if !boxes.iter().any(|it| is_meant(&it.word)) {
        return None;
    }
    boxes.sort_by_key(|it| it.span.start);
    let mut written = String::with_capacity(text.len() + 4);
    let mut from = 0;
    for found in &boxes {
        written.push_str(&text[from..found.span.start]);
        let there = &text[found.span.clone()];
        let on = is_meant(&found.word);
        let is_on = found.mark == Mark::On && !(circles && there.contains(CIRCLES));
        match on == is_on {
            true => written.push_str(there),
            false => written.push_str(&turned(there, on, sign)),
        }
        from = found.span.end;
    }
    written.push_str(&text[from..]);
    Some(written)
}

/// A box the other way: a sign, or what stands between brackets.
fn turned(there: &str, on: bool, sign: Option<char>) -> String {
    let drawn = there.chars().next().filter(|c| {
        SIGNS.iter().any(|(empty, full)| c == empty || c == full)
            || matches!(c, '☒' | '◉' | '✓' | '✔')
    });
    match (drawn, on) {
        (Some(c), true) => {
            let own = SIGNS.iter().find(|(empty, _)| *empty == c);
            let own = own.map_or('■', |(_, full)| *full);
            sign.unwrap_or(own).to_string()
        }
        (Some(c), false) => {
            let empty = SIGNS.iter().find(|(_, full)| *full == c);
            empty.map_or('☐', |(empty, _)| *empty).to_string()
        }
        // As wide as what stands there, so that the words do not move.
        (None, true) if there.contains('　') => "○".to_owned(),
        (None, true) => "x".to_owned(),
        (None, false) if there.is_ascii() => " ".to_owned(),
        (None, false) => "　".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_box_is_ticked() {
        let no = |text: &str, sign| ticked(text, sign, |word| word == "いいえ" || word == "No");
        for (text, sign, expected) in [
            ("□はい　□いいえ　□対象外", None, "□はい　■いいえ　□対象外"),
            ("□はい　□いいえ", Some('☑'), "□はい　☑いいえ"),
            ("■はい　□いいえ", None, "□はい　■いいえ"),
            ("はい☐　いいえ☐", None, "はい☐　いいえ☑"),
            ("○はい　○いいえ　○対象外", None, "○はい　●いいえ　○対象外"),
            ("●はい　○いいえ", None, "○はい　●いいえ"),
            ("（　）はい　（　）いいえ", None, "（　）はい　（○）いいえ"),
            ("[ ]Yes [ ]No [ ]N/A", None, "[ ]Yes [x]No [ ]N/A"),
            ("[x]Yes [ ]No", None, "[ ]Yes [x]No"),
        ] {
            assert_eq!(no(text, sign).as_deref(), Some(expected), "{text}");
        }
        for text in ["はい・いいえ", "□はい　□対象外", ""] {
            assert_eq!(no(text, None), None, "{text}");
        }
    }
}
