//! Tags of a sheet's rows and cells by a scan over the bytes: no event, no allocation for the many that say nothing.

use memchr::{memchr, memmem};

/// An opening tag.
#[derive(Clone, Copy)]
pub(super) struct Tag<'x> {
    /// Its local name.
    pub(super) name: &'x str,
    /// Where its bracket stands, in bytes.
    pub(super) at: usize,
    /// What follows the name.
    rest: &'x str,
}

/// The opening tags of a text in order; comments and CDATA are passed over.
pub(super) fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let at = memchr(b'<', rest.as_bytes())?;
            rest = &rest[at + 1..];
            if rest.starts_with('!') {
                let end = if rest.starts_with("![CDATA[") {
                    "]]>"
                } else if rest.starts_with("!--") {
                    "-->"
                } else {
                    continue;
                };
                let at = memmem::find(rest.as_bytes(), end.as_bytes())?;
                rest = &rest[at..];
                continue;
            }
            let end = rest
                .bytes()
                .position(|b| matches!(b, b'>' | b'/' | b'?' | b' ' | b'\t' | b'\r' | b'\n'))?;
            if end == 0 {
                continue;
            }
            let name = &rest[..end];
            rest = &rest[end..];
            let at = text.len() - rest.len() - name.len() - 1;
            let name = name.rsplit(':').next().unwrap_or(name);
            return Some(Tag { name, at, rest });
        }
    })
}

impl<'x> Tag<'x> {
    /// Its attributes as written.
    pub(super) fn attributes(&self) -> &'x str {
        let mut quote = None;
        for (at, byte) in self.rest.bytes().enumerate() {
            match (byte, quote) {
                (b'"' | b'\'', None) => quote = Some(byte),
                (byte, Some(open)) if byte == open => quote = None,
                // A bracket cannot stand in a value: the tag is broken, and is not read on to the end of the part.
                (b'>', None) | (b'<', _) => return &self.rest[..at],
                _ => {}
            }
        }
        self.rest
    }

    /// What follows its end; empty for a tag that closes itself.
    pub(super) fn content(&self, attributes: &str) -> &'x str {
        if attributes.ends_with('/') {
            return "";
        }
        self.rest.get(attributes.len() + 1..).unwrap_or_default()
    }
}

/// The value of an attribute as written: numbers, addresses and yes or no need no more.
pub(super) fn raw<'x>(attributes: &'x str, local: &str) -> Option<&'x str> {
    let mut rest = attributes;
    loop {
        let (key, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, left) = after[1..].split_once(quote)?;
        let key = key.trim();
        if key.rsplit(':').next() == Some(local) {
            return Some(value);
        }
        rest = left;
    }
}

/// True if the word stands anywhere in the text.
pub(super) fn holds(text: &str, word: &str) -> bool {
    memmem::find(text.as_bytes(), word.as_bytes()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_their_attributes() {
        let text = "<?xml version='1.0'?><x:row r='3' a=\"1>2\"><!-- <c> --><c r=\"A3\" s = '4'/><c><v>1</v></c></x:row><![CDATA[<c r='Z9'/>]]><c\nt=\"s\">";
        let found: Vec<_> = tags(text).map(|tag| tag.name).collect();
        assert_eq!(found, ["row", "c", "c", "v", "c"]);
        let all: Vec<_> = tags(text).collect();
        assert!(text[all[0].at..].starts_with("<x:row") && text[all[3].at..].starts_with("<v>"));
        assert_eq!(raw(all[0].attributes(), "a"), Some("1>2"));
        assert_eq!(raw(all[0].attributes(), "r"), Some("3"));
        assert_eq!(raw(all[1].attributes(), "s"), Some("4"));
        assert_eq!(all[1].content(all[1].attributes()), "");
        assert!(all[2].content(all[2].attributes()).starts_with("<v>1"));
        assert_eq!(raw(all[4].attributes(), "t"), Some("s"));
        assert_eq!(raw(all[4].attributes(), "s"), None);
    }

    #[test]
    fn broken_tags_take_no_more_than_their_own() {
        let text = "<c r=\"".repeat(200_000);
        let seen: usize = tags(&text).map(|tag| tag.attributes().len()).sum();
        assert!(seen < text.len());
    }

    #[test]
    fn broken_tags_end_it() {
        for text in ["<", "<c", "<c r=\"", "<!-- <c>", "< c>", "<>", "<c r='A1"] {
            for tag in tags(text) {
                let attributes = tag.attributes();
                assert_eq!(raw(attributes, "r"), None, "{text}");
                tag.content(attributes);
            }
        }
    }
}
