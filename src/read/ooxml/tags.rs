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

/// How a tag ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    /// `>`: a closing tag follows.
    Open,
    /// `/>`.
    Itself,
}

/// A place in a text that is read strictly, from left to right: what is not expected is `None`, and nothing is
/// passed over.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'x> {
    text: &'x str,
    at: usize,
}

impl<'x> Cursor<'x> {
    pub(super) fn new(text: &'x str) -> Self {
        Self { text, at: 0 }
    }

    /// Where it stands, in bytes.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Returns to where it stood.
    pub(super) fn go_back(&mut self, at: usize) {
        self.at = at;
    }

    /// True at the end of the text.
    pub(super) fn is_done(&self) -> bool {
        self.at == self.text.len()
    }

    #[inline]
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn skip_space(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// Goes past the word if it stands here.
    #[inline]
    pub(super) fn takes(&mut self, word: &str) -> bool {
        let is_here = self.text.as_bytes()[self.at..].starts_with(word.as_bytes());
        if is_here {
            self.at += word.len();
        }
        is_here
    }

    /// Goes past the XML declaration, if there is one, of a text in UTF-8.
    pub(super) fn skip_declaration(&mut self) -> Option<()> {
        if self.takes("<?xml ") {
            let declaration = self.up_to("?>")?;
            let encoding = raw(declaration, "encoding");
            if encoding.is_some_and(|name| !name.eq_ignore_ascii_case("utf-8")) {
                return None;
            }
        }
        self.skip_space();
        Some(())
    }

    /// What stands before the word, which is gone past.
    pub(super) fn up_to(&mut self, word: &str) -> Option<&'x str> {
        let rest = &self.text[self.at..];
        let length = memmem::find(rest.as_bytes(), word.as_bytes())?;
        self.at += length + word.len();
        Some(&rest[..length])
    }

    /// The text up to the next tag.
    #[inline]
    pub(super) fn text(&mut self) -> &'x str {
        let rest = &self.text[self.at..];
        let length = memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// Tells the attributes of the tag whose name was just taken, and goes past its end. `tell` says `None` to
    /// what it does not expect.
    #[inline]
    pub(super) fn attributes(
        &mut self,
        mut tell: impl FnMut(&'x str, &'x str) -> Option<()>,
    ) -> Option<Ends> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        loop {
            let before = at;
            while matches!(bytes.get(at)?, b' ' | b'\t' | b'\r' | b'\n') {
                at += 1;
            }
            match bytes[at] {
                b'>' => {
                    self.at = at + 1;
                    return Some(Ends::Open);
                }
                b'/' if bytes.get(at + 1) == Some(&b'>') => {
                    self.at = at + 2;
                    return Some(Ends::Itself);
                }
                _ if at == before => return None,
                _ => {}
            }
            let key = at;
            while !matches!(
                bytes.get(at)?,
                b'=' | b'<' | b'>' | b'"' | b'\'' | b'/' | b' ' | b'\t' | b'\r' | b'\n'
            ) {
                at += 1;
            }
            let quote = *bytes.get(at + 1)?;
            if at == key || bytes[at] != b'=' || !matches!(quote, b'"' | b'\'') {
                return None;
            }
            let value = at + 2;
            let mut end = value;
            while *bytes.get(end)? != quote {
                if bytes[end] == b'<' {
                    return None;
                }
                end += 1;
            }
            tell(&self.text[key..at], &self.text[value..end])?;
            at = end + 1;
        }
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
