//! How many values a JSON or TOML text has and how deep they lie, before any of them is kept.
//!
//! One pass over the bytes that steps over texts and comments, so that no comma of a remark counts. It need not
//! understand the format: a parser does that afterwards, with nothing to fear.

use memchr::memchr2;

use super::{out_of_memory, too_large};
use crate::finding::Finding;
use crate::limits::Limits;
use crate::place::{Lines, Place};

/// Bytes of memory that a value takes beside its text: the tree has its place and its name, too.
pub(super) const VALUE: usize = 280;
/// Bytes of memory that TOML takes for each mark, each end of a line and what stands between them while it is parsed.
const MARK: usize = 100;

/// Refuses a text with more values or deeper ones than allowed, or that would take more memory.
pub(super) fn within(text: &str, is_toml: bool, limits: &Limits) -> Result<(), Finding> {
    let bytes = text.as_bytes();
    let deepest = limits.depth.min(Limits::DEEPEST);
    let (mut at, mut values, mut depth, mut marks) = (0, 0usize, 0usize, 0usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' if *byte == b'"' || is_toml => {
                at = behind_text(bytes, at, is_toml);
                continue;
            }
            b'#' if is_toml => {
                marks += 1;
                at = memchr2(b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |end| at + end);
                continue;
            }
            b',' | b'=' => {
                values += 1;
                marks += 1;
            }
            b'.' | b'\n' | b'\r' | b' ' | b'\t' => marks += 1,
            b'[' | b'{' => {
                values += 1;
                marks += 1;
                depth += 1;
                if depth > deepest + 1 {
                    let found = format!("> {deepest}");
                    let place = Lines::new(text).place(at);
                    return Err(too_large(place, "limit-depth", deepest, found));
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    if values > limits.values {
        return Err(too_large(
            Place::File,
            "limit-values",
            limits.values,
            values,
        ));
    }
    let marks = if is_toml { marks * MARK } else { 0 };
    // The text itself, and what its values say.
    let memory = text.len() * 2 + values * VALUE + marks;
    if memory > limits.memory {
        return Err(out_of_memory(Place::File, limits));
    }
    Ok(())
}

/// Where the text that begins at a quote is over.
fn behind_text(bytes: &[u8], start: usize, is_toml: bool) -> usize {
    let quote = bytes[start];
    let is_long = is_toml && bytes[start..].starts_with(&[quote; 3]);
    let mut at = start + if is_long { 3 } else { 1 };
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' if quote == b'"' => at += 2,
            byte if *byte == quote && !is_long => return at + 1,
            byte if *byte == quote && bytes[at..].starts_with(&[quote; 3]) => {
                // A text may end in quotes of its own.
                let more = bytes[at + 3..].iter().take(2);
                return at + 3 + more.take_while(|byte| **byte == quote).count();
            }
            // Such a text ends on its line; what is no text must not hide the rest.
            b'\n' if !is_long => return at,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str, is_toml: bool) -> usize {
        let allowed = |values: usize| Limits {
            values,
            ..Limits::default()
        };
        (0..)
            .find(|count| within(text, is_toml, &allowed(*count)).is_ok())
            .expect("some number is enough")
    }

    #[test]
    fn texts_and_comments_do_not_count() {
        assert_eq!(values(r#"{"a": "b,c=[{\"d", "e": [1, 2]}"#, false), 4);
        assert_eq!(values("a = \"b,c\" # d,e\nf = 'g\\'\n", true), 2);
        assert_eq!(values("a = \"\"\"b,\n\"c\"=\"\"\"\"\nd = [1, 2]", true), 4);
        assert_eq!(values("a = '''b,\n=''''\nd = 1", true), 2);
        assert_eq!(values("a = \"open\nb = 1\nc = 2", true), 3);
        assert_eq!(values("{\"a\": \"it's\", \"b\": 1}", false), 2);
    }

    #[test]
    fn depth_is_that_of_brackets() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        let limits = Limits::default();
        assert!(within(&nested(65), false, &limits).is_ok());
        assert!(within(&nested(66), false, &limits).is_err());
        let greatest = Limits {
            depth: 1_000_000,
            ..limits
        };
        assert!(within(&nested(Limits::DEEPEST + 1), false, &greatest).is_ok());
        assert!(within(&nested(1_000_000), false, &greatest).is_err());
    }
}
