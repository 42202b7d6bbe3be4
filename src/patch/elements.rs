//! Elements of a part as stretches of its text, so that a change leaves every other byte as it is.
//!
//! For parts that hold few and small elements: the workbook, styles, comments. Sheets are changed in a stream.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

/// An element: where it stands in the text it was found in, and what is written there.
#[derive(Clone, Debug)]
pub(crate) struct Element<'t> {
    text: &'t str,
    /// The whole element, in bytes of the text it was found in.
    pub(crate) span: Range<usize>,
    /// The opening tag; all of it where the element closes itself.
    pub(crate) head: Range<usize>,
    /// What stands between the tags; empty where the element closes itself.
    pub(crate) content: Range<usize>,
}

impl<'t> Element<'t> {
    /// The name with its prefix.
    pub(crate) fn qualified(&self) -> &'t str {
        let tag = &self.text[self.head.start + 1..self.head.end];
        let end = tag.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'));
        &tag[..end.unwrap_or(tag.len())]
    }

    /// The name without its prefix.
    pub(crate) fn name(&self) -> &'t str {
        let name = self.qualified();
        name.rsplit(':').next().unwrap_or(name)
    }

    /// The prefix with its colon; empty where there is none.
    pub(crate) fn prefix(&self) -> &'t str {
        let name = self.qualified();
        name.rfind(':').map_or("", |at| &name[..=at])
    }

    /// True if it has no closing tag.
    pub(crate) fn closes_itself(&self) -> bool {
        self.head.end == self.span.end
    }

    /// The opening tag as written.
    pub(crate) fn tag(&self) -> &'t str {
        &self.text[self.head.clone()]
    }

    /// The whole element as written.
    pub(crate) fn whole(&self) -> &'t str {
        &self.text[self.span.clone()]
    }

    /// What stands between the tags, as written.
    pub(crate) fn inner(&self) -> &'t str {
        &self.text[self.content.clone()]
    }

    /// The value of an attribute by its local name, entities resolved.
    pub(crate) fn attribute(&self, local: &str) -> Option<Cow<'t, str>> {
        let (_, value) = attribute_span(self.tag(), local)?;
        let value = &self.tag()[value];
        Some(quick_xml::escape::unescape(value).unwrap_or(Cow::Borrowed(value)))
    }

    /// The elements in it; their stretches are in the same text as its own.
    pub(crate) fn children(&self) -> Vec<Element<'t>> {
        found(self.text, self.content.clone())
    }

    /// The first element in it of a local name.
    pub(crate) fn child(&self, name: &str) -> Option<Element<'t>> {
        self.children().into_iter().find(|it| it.name() == name)
    }
}

/// The outermost element of a part.
pub(crate) fn root(text: &str) -> Option<Element<'_>> {
    found(text, 0..text.len()).into_iter().next()
}

/// The elements side by side in a stretch of a text; broken XML ends them.
fn found(text: &str, mut within: Range<usize>) -> Vec<Element<'_>> {
    // NOTE: the reader skips a byte order mark and does not count it.
    if text[within.clone()].starts_with('\u{feff}') {
        within.start += '\u{feff}'.len_utf8();
    }
    let mut reader = Reader::from_str(&text[within.clone()]);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let offset = within.start;
    let mut elements = Vec::new();
    let mut depth = 0usize;
    let mut open: Option<Range<usize>> = None;
    let position = |reader: &Reader<&[u8]>| {
        usize::try_from(reader.buffer_position()).map_or(usize::MAX, |at| at + offset)
    };
    loop {
        let start = position(&reader);
        let Ok(event) = reader.read_event() else {
            return elements;
        };
        match event {
            Event::Start(_) => {
                if depth == 0 {
                    open = Some(start..position(&reader));
                }
                depth += 1;
            }
            Event::Empty(_) if depth == 0 => {
                let span = start..position(&reader);
                elements.push(Element {
                    text,
                    head: span.clone(),
                    content: span.end..span.end,
                    span,
                });
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                if depth == 0
                    && let Some(head) = open.take()
                {
                    let end = position(&reader);
                    elements.push(Element {
                        text,
                        span: head.start..end,
                        content: head.end..start,
                        head,
                    });
                }
            }
            Event::Eof => return elements,
            _ => {}
        }
    }
}

/// Where an attribute stands in an opening tag, and where its value does.
fn attribute_span(tag: &str, local: &str) -> Option<(Range<usize>, Range<usize>)> {
    let name = tag.find(|c: char| c.is_ascii_whitespace())?;
    let mut at = name;
    loop {
        let rest = &tag[at..];
        let start = at + (rest.len() - rest.trim_start().len());
        let equals = start + tag[start..].find('=')?;
        let value = &tag[equals + 1..];
        let open = equals + 1 + (value.len() - value.trim_start().len());
        let quote = tag[open..]
            .chars()
            .next()
            .filter(|c| matches!(c, '"' | '\''))?;
        let end = open + 1 + tag[open + 1..].find(quote)?;
        let key = tag[start..equals].trim_end();
        let is_namespace = key.starts_with("xmlns:") && !local.starts_with("xmlns");
        if !is_namespace && key.rsplit(':').next() == Some(local) {
            return Some((start..end + 1, open + 1..end));
        }
        at = end + 1;
    }
}

/// An opening tag with an attribute set to a value, which stands where it stood or last.
pub(crate) fn with_attribute(tag: &str, local: &str, value: &str) -> String {
    let value = escape(value);
    match attribute_span(tag, local) {
        Some((_, old)) => format!("{}{value}{}", &tag[..old.start], &tag[old.end..]),
        None => {
            let end = tag.trim_end_matches(['/', '>']).trim_end().len();
            let close = if tag.ends_with("/>") { "/>" } else { ">" };
            format!("{} {local}=\"{value}\"{close}", &tag[..end])
        }
    }
}

/// An opening tag without an attribute.
pub(crate) fn without_attribute(tag: &str, local: &str) -> String {
    match attribute_span(tag, local) {
        Some((whole, _)) => {
            let before = tag[..whole.start].trim_end();
            format!("{before}{}", &tag[whole.end..])
        }
        None => tag.to_owned(),
    }
}

/// A text as XML holds it, in an element or an attribute. Characters that XML cannot hold are left out.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            c if crate::read::xstring::is_xml_char(c) => escaped.push(c),
            _ => {}
        }
    }
    escaped
}

/// Changes to a text, each a stretch and what stands there instead.
#[derive(Debug, Default)]
pub(crate) struct Edits {
    changes: Vec<(Range<usize>, String)>,
}

impl Edits {
    /// Puts a text in the place of a stretch.
    pub(crate) fn replace(&mut self, span: Range<usize>, text: impl Into<String>) {
        self.changes.push((span, text.into()));
    }

    /// Puts a text before what stands at a position; several there keep their order.
    pub(crate) fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.replace(at..at, text);
    }

    /// The text with all changes. One that begins within another is left out.
    pub(crate) fn apply(mut self, text: &str) -> String {
        self.changes.sort_by_key(|(span, _)| (span.start, span.end));
        let mut changed = String::with_capacity(text.len() + 256);
        let mut at = 0;
        for (span, new) in self.changes {
            if span.start < at {
                continue;
            }
            changed.push_str(&text[at..span.start]);
            changed.push_str(&new);
            at = span.end;
        }
        changed.push_str(&text[at..]);
        changed
    }
}

/// Puts elements at the end of another, which may close itself.
pub(crate) fn append(edits: &mut Edits, element: &Element<'_>, new: &str) {
    if element.closes_itself() {
        let tag = element.tag().trim_end_matches('>').trim_end_matches('/');
        let whole = format!("{}>{new}</{}>", tag.trim_end(), element.qualified());
        edits.replace(element.span.clone(), whole);
    } else {
        edits.insert(element.content.end, new);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_and_attributes() {
        let text = "<?xml version='1.0'?><x:a xmlns:id='q' r:id = 'x&amp;y'>\n<x:b/><!-- <c> --><x:b n=\"1\">t</x:b></x:a>";
        let root = root(text).expect("a root");
        assert_eq!((root.name(), root.prefix()), ("a", "x:"));
        assert_eq!(root.attribute("id").as_deref(), Some("x&y"));
        let children = root.children();
        assert_eq!(children.len(), 2);
        assert!(children[0].closes_itself());
        assert_eq!(
            (children[1].whole(), children[1].inner()),
            ("<x:b n=\"1\">t</x:b>", "t")
        );
        assert_eq!(children[1].attribute("m"), None);
    }

    #[test]
    fn a_byte_order_mark_is_before_the_root() {
        let text = "\u{feff}<a><b>x</b></a>";
        let root = root(text).expect("a root");
        assert_eq!((root.whole(), root.name()), ("<a><b>x</b></a>", "a"));
        assert_eq!(root.child("b").expect("a child").inner(), "x");
    }

    #[test]
    fn tags_change_in_one_place() {
        assert_eq!(
            with_attribute("<a b='1' c=\"2\"/>", "b", "<"),
            "<a b='&lt;' c=\"2\"/>"
        );
        assert_eq!(with_attribute("<a/>", "b", "1"), "<a b=\"1\"/>");
        assert_eq!(with_attribute("<a c='1' >", "b", "1"), "<a c='1' b=\"1\">");
        assert_eq!(without_attribute("<a b='1' c='2'>", "b"), "<a c='2'>");
        assert_eq!(without_attribute("<a b='1'/>", "c"), "<a b='1'/>");
    }

    #[test]
    fn edits_leave_all_else() {
        let text = "<a><b/><c>x</c></a>";
        let root = root(text).expect("a root");
        let mut edits = Edits::default();
        append(&mut edits, &root.children()[0], "<n/>");
        append(&mut edits, &root.children()[1], "<m/>");
        append(&mut edits, &root, "<z/>");
        assert_eq!(edits.apply(text), "<a><b><n/></b><c>x<m/></c><z/></a>");
    }

    #[test]
    fn broken_text_ends_it() {
        for text in ["", "<", "<a", "<a b=", "<a><b", "</a>", "<a b='1"] {
            if let Some(root) = root(text) {
                assert!(root.children().is_empty());
            }
        }
        for tag in ["<a b=>", "<a b='>", "<a =''>", "<a"] {
            let _ = with_attribute(tag, "b", "1");
        }
    }
}
