//! Texts as TOML strings that come back as they were.

use crate::text::is_format;

/// A TOML string: over several lines where the text has them, everything that is not seen escaped.
pub(crate) fn quoted(text: &str) -> String {
    string(text, text.contains('\n'))
}

/// A TOML string on one line, for tables that stand on one line themselves.
pub(crate) fn quoted_on_one_line(text: &str) -> String {
    string(text, false)
}

fn string(text: &str, over_lines: bool) -> String {
    let mut quoted = String::from(if over_lines { "\"\"\"\n" } else { "\"" });
    for (at, c) in text.char_indices() {
        match c {
            '\n' if over_lines => quoted.push('\n'),
            '\n' => quoted.push_str("\\n"),
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\t' => quoted.push_str("\\t"),
            // White space before a line's end would be lost in many an editor.
            ' ' if over_lines && matches!(text[at + 1..].chars().next(), None | Some('\n')) => {
                quoted.push_str("\\u0020")
            }
            c if is_hidden(c) && u32::from(c) > 0xffff => {
                quoted.push_str(&format!("\\U{:08X}", u32::from(c)));
            }
            c if is_hidden(c) => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push_str(if over_lines { "\"\"\"" } else { "\"" });
    quoted
}

/// True for a character that a reader of the file would not see.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control() || is_format(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_come_back() {
        for text in [
            "",
            "a\"b\\c\td",
            "一行目\n二行目 \n\n",
            "\n",
            "\r\n",
            "\u{0}\u{1b}[31m\u{7f}\u{85}",
            "\u{202e}abc\u{feff}\u{200b}",
            "\u{fffe}\u{10ffff}",
            "\"\"\"\n\"\"\"",
            " \n ",
        ] {
            let written = format!("a = {}", quoted(text));
            let read: ::toml::Table = ::toml::from_str(&written).expect(&written);
            assert_eq!(read["a"].as_str(), Some(text), "{written}");
            let written = format!("a = {}", quoted_on_one_line(text));
            assert_eq!(written.lines().count(), 1, "{written}");
            let read: ::toml::Table = ::toml::from_str(&written).expect(&written);
            assert_eq!(read["a"].as_str(), Some(text), "{written}");
        }
    }
}
