//! JSON text in which no character goes unseen: what a terminal obeys, or what turns the direction of text round,
//! stands there as `\u009b`. The value is the same.

use std::io::{Result, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use crate::error::Error;
use crate::text::is_unseen;

/// A value as JSON on many lines, with a line feed at its end.
///
/// ```
/// let text = kaijisho::write::json_text(&["a\u{202e}b"])?;
/// assert_eq!(text, "[\n  \"a\\u202eb\"\n]\n");
/// # Ok::<(), kaijisho::Error>(())
/// ```
///
/// # Errors
/// [`Error::Format`] for a value that JSON cannot hold, such as a map with keys that are no texts.
pub fn json_text<T: Serialize + ?Sized>(value: &T) -> crate::error::Result<String> {
    let mut bytes = pretty(value)?;
    bytes.push(b'\n');
    String::from_utf8(bytes).map_err(|error| Error::Format(error.to_string()))
}

/// A value as JSON on many lines.
pub(crate) fn pretty<T: Serialize + ?Sized>(value: &T) -> crate::error::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(256);
    let mut serializer = Serializer::with_formatter(&mut bytes, Pretty(PrettyFormatter::new()));
    let written = value.serialize(&mut serializer);
    written.map_err(|error| Error::Format(error.to_string()))?;
    Ok(bytes)
}

/// A value as JSON on one line, behind what `bytes` holds.
pub(crate) fn on_one_line<T: Serialize + ?Sized>(
    bytes: &mut Vec<u8>,
    value: &T,
) -> crate::error::Result<()> {
    let mut serializer = Serializer::with_formatter(bytes, Compact(CompactFormatter));
    let written = value.serialize(&mut serializer);
    written.map_err(|error| Error::Format(error.to_string()))
}

struct Compact(CompactFormatter);

impl Formatter for Compact {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, text: &str) -> Result<()> {
        fragment(out, text)
    }
}

struct Pretty(PrettyFormatter<'static>);

impl Formatter for Pretty {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, text: &str) -> Result<()> {
        fragment(out, text)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        self.0.end_object_value(out)
    }
}

/// A piece of a text in which nothing else has to be escaped.
fn fragment<W: ?Sized + Write>(out: &mut W, text: &str) -> Result<()> {
    let mut written = 0;
    for (at, c) in text.char_indices() {
        // Nearly all texts hold ASCII, kana and Chinese characters alone.
        let is_usual = matches!(c, ' '..='~' | '\u{3000}'..='\u{9fff}');
        if is_usual || !is_unseen(c) {
            continue;
        }
        out.write_all(&text.as_bytes()[written..at])?;
        for unit in c.encode_utf16(&mut [0; 2]) {
            write!(out, "\\u{unit:04x}")?;
        }
        written = at + c.len_utf8();
    }
    out.write_all(&text.as_bytes()[written..])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of every kind: C0, DEL, C1, marks of direction, the byte order mark, a tag of two units, and joiners that stay.
    const TEXTS: [&str; 3] = [
        "a\u{1b}[31m\u{7f}\u{9b}31m\n\t\"\\",
        "日本\u{202e}語\u{2066}\u{feff}\u{e0041}",
        "👨\u{200d}👩",
    ];

    #[test]
    fn what_is_not_seen_is_escaped_and_stays_the_same_value() {
        let text = json_text(&TEXTS).expect("texts");
        let seen = |c: char| c == '\n' || !is_unseen(c);
        assert!(text.chars().all(seen), "{text:?}");
        for escape in ["\\u009b31m", "\\u202e語", "\\udb40\\udc41", "👨\u{200d}👩"] {
            assert!(text.contains(escape), "{escape} in {text}");
        }
        let again: Vec<String> = serde_json::from_str(&text).expect("JSON");
        assert_eq!(again, TEXTS);
        let mut line = Vec::new();
        on_one_line(&mut line, &TEXTS).expect("texts");
        let again: Vec<String> = serde_json::from_slice(&line).expect("JSON");
        assert_eq!(again, TEXTS);
    }

    #[test]
    fn all_else_is_written_as_ever() {
        let value = serde_json::json!({"a": [1, null, {"b": []}], "日本": "語\n", "c": {}});
        let usual = serde_json::to_string_pretty(&value).expect("JSON");
        assert_eq!(json_text(&value).expect("JSON"), usual + "\n");
        let mut line = Vec::new();
        on_one_line(&mut line, &value).expect("JSON");
        assert_eq!(line, serde_json::to_vec(&value).expect("JSON"));
    }
}
