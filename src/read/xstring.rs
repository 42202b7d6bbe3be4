//! Characters that XML cannot hold, written as `_x000B_`.
//!
//! NOTE: Excel writes characters that XML 1.0 cannot hold, and the carriage return, as `_x000D_`; a real
//! underscore before such a pattern as `_x005F_`. Source: ECMA-376 part 1, 22.4.2.4 (ST_Xstring). The
//! project's own XML does the same, so that no character is lost in it.

use std::borrow::Cow;

/// True for the characters of XML 1.0. Source: XML 1.0, fifth edition, production 2.
pub(crate) fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Writes the characters that `is_kept` refuses as `_xHHHH_`, and underscores that could be taken for that.
///
/// Refused characters must lie within the first 65,536, as all do that XML cannot hold.
pub(crate) fn escape(text: &str, is_kept: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains("_x") && text.chars().all(&is_kept) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        if !is_kept(c) {
            escaped.push_str(&format!("_x{:04X}_", u32::from(c)));
        } else if c == '_' && starts_pattern(&text[at..], &is_kept) {
            escaped.push_str("_x005F_");
        } else {
            escaped.push(c);
        }
    }
    Cow::Owned(escaped)
}

/// True for `_x000B_`, also where the last underscore is the first of an escape to come.
fn starts_pattern(text: &str, is_kept: &impl Fn(char) -> bool) -> bool {
    let Some(code) = text.get(2..6).filter(|_| text.starts_with("_x")) else {
        return false;
    };
    code.bytes().all(|b| b.is_ascii_hexdigit())
        && text[6..]
            .chars()
            .next()
            .is_some_and(|c| c == '_' || !is_kept(c))
}

/// The text in stretches, none of which is `_x000B` with a character behind it that has to be escaped: whoever
/// escapes characters but not such a beginning would make one pattern of both.
pub(crate) fn apart(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let is_kept = is_xml_char(c) && c != '\r';
        let before = &text[start..at];
        let begun = before
            .len()
            .checked_sub(6)
            .and_then(|from| before.get(from..));
        let is_begun = begun.is_some_and(|begun| {
            begun.starts_with("_x") && begun[2..].bytes().all(|b| b.is_ascii_hexdigit())
        });
        if !is_kept && is_begun {
            parts.push(before);
            start = at;
        }
    }
    parts.push(&text[start..]);
    parts
}

/// Undoes [`escape`].
pub(crate) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        plain.push_str(&rest[..at]);
        let code = rest
            .get(at + 2..at + 6)
            .filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        let character = code.filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
        match character
            .and_then(|code| u32::from_str_radix(code, 16).ok())
            .and_then(char::from_u32)
        {
            Some(character) => {
                plain.push(character);
                rest = &rest[at + 7..];
            }
            None => {
                plain.push_str("_x");
                rest = &rest[at + 2..];
            }
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excel_spellings() {
        assert_eq!(unescape("a_x000D_b"), "a\rb");
        assert_eq!(unescape("_x005F_x000D_"), "_x000D_");
        assert_eq!(unescape("_xあいう_x"), "_xあいう_x");
        assert_eq!(unescape("_xD800_"), "_xD800_");
        assert_eq!(escape("a\u{b}b", is_xml_char), "a_x000B_b");
        assert_eq!(escape("_x000B_", is_xml_char), "_x005F_x000B_");
        assert_eq!(escape("x_y _x12_ あ", is_xml_char), "x_y _x12_ あ");
    }

    #[test]
    fn there_and_back() {
        let parts = [
            "_", "x", "005F", "000B", "_x", "\u{b}", "\u{fffe}", "あ", "x0041_", "_xD800_", "",
        ];
        for a in parts {
            for b in parts {
                for c in parts {
                    for d in parts {
                        let text = [a, b, c, d].concat();
                        let escaped = escape(&text, is_xml_char);
                        assert!(escaped.chars().all(is_xml_char), "{escaped:?}");
                        assert_eq!(unescape(&escaped), text, "{escaped:?}");
                    }
                }
            }
        }
    }
}
