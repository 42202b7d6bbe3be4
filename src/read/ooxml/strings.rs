//! Shared strings: where each stands in its part, and its text when a cell asks for it.
//!
//! Only parts that are written as spreadsheet programs write them are taken; of any other nothing is said, and
//! calamine reads the workbook. A text is what calamine makes of it: runs joined, phonetic guides left out, white
//! space around it dropped where it is not said to be kept.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use memchr::memmem;
use quick_xml::Reader;
use quick_xml::events::{BytesText, Event};

use super::attribute;
use super::tags::{Cursor, Ends};
use crate::read::xstring;

/// How many strings can be asked for.
const MOST: usize = 2_000_000;

/// The shared strings of a workbook.
#[derive(Debug, Default)]
pub(in crate::read) struct Strings {
    part: String,
    found: Vec<Found>,
    /// Texts in runs that were asked for, by number: many cells may ask for one of thousands of runs.
    joined: HashMap<usize, Box<str>>,
}

/// Where a string stands, in bytes.
#[derive(Clone, Copy, Debug)]
struct Found {
    start: u32,
    end: u32,
    shape: Shape,
}

/// How a string is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// What stands there is the text.
    Plain,
    /// One text, with references or spellings to undo.
    Spelled,
    /// The same, and white space around it is part of it.
    Kept,
    /// Runs and all else: the element from its name on.
    Runs,
}

impl Strings {
    /// Finds the strings of a part; `None` where it is written otherwise than programs do.
    pub(super) fn read(part: String) -> Option<Self> {
        let mut found = Vec::new();
        let mut cursor = Cursor::new(&part);
        cursor.skip_declaration()?;
        if !cursor.takes("<sst") || cursor.attributes(|_, _| Some(()))? == Ends::Itself {
            return None;
        }
        loop {
            cursor.skip_space();
            let string = if cursor.takes("<si>") {
                string(&mut cursor)?
            } else if cursor.takes("<si/>") {
                Found::of("", 0, Shape::Plain)?
            } else if cursor.takes("</sst>") {
                break;
            } else {
                return None;
            };
            // No sheet asks for more; what none asks for costs nothing.
            if found.len() < MOST {
                found.push(string);
            }
        }
        Some(Self {
            part,
            found,
            joined: HashMap::new(),
        })
    }

    /// The text of a string by its number; `None` where there is none, or it cannot be told.
    pub(in crate::read) fn text(&mut self, number: usize) -> Option<Cow<'_, str>> {
        let found = self.found.get(number)?;
        let part = &self.part[found.start as usize..found.end as usize];
        match found.shape {
            Shape::Plain => Some(Cow::Borrowed(part)),
            Shape::Spelled => spelled(part, false).map(Cow::Owned),
            Shape::Kept => spelled(part, true).map(Cow::Owned),
            Shape::Runs => {
                let text = match self.joined.entry(number) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(new) => new.insert(runs(part)?.into()),
                };
                Some(Cow::Borrowed(text))
            }
        }
    }
}

impl Found {
    fn of(text: &str, start: usize, shape: Shape) -> Option<Self> {
        Some(Self {
            start: u32::try_from(start).ok()?,
            end: u32::try_from(start + text.len()).ok()?,
            shape,
        })
    }
}

/// What follows `<si>`, up to its end.
fn string(cursor: &mut Cursor<'_>) -> Option<Found> {
    let start = cursor.at();
    if let Some(found) = single(cursor) {
        return Some(found);
    }
    cursor.go_back(start);
    let inner = cursor.up_to("</si>")?;
    // What stands in a comment or in CDATA could be taken for the end, and what begins inside has another end.
    if memmem::find(inner.as_bytes(), b"<!").is_some()
        || memmem::find(inner.as_bytes(), b"<si").is_some()
    {
        return None;
    }
    Found::of(inner, start, Shape::Runs)
}

/// A string of one text, perhaps with phonetic guides.
fn single(cursor: &mut Cursor<'_>) -> Option<Found> {
    let keeps = if cursor.takes("<t>") {
        false
    } else if cursor.takes("<t xml:space=\"preserve\">") {
        true
    } else {
        return None;
    };
    let start = cursor.at();
    let text = cursor.text();
    if !cursor.takes("</t>") {
        return None;
    }
    loop {
        if cursor.takes("</si>") {
            break;
        }
        if cursor.takes("<phoneticPr") {
            if cursor.attributes(|_, _| Some(()))? != Ends::Itself {
                return None;
            }
        } else if cursor.takes("<rPh") {
            let guide = cursor.up_to("</rPh>")?;
            if memmem::find(guide.as_bytes(), b"<!").is_some() {
                return None;
            }
        } else {
            return None;
        }
    }
    let shape = match (is_plain(text), keeps) {
        (true, _) => Shape::Plain,
        (false, false) => Shape::Spelled,
        (false, true) => Shape::Kept,
    };
    if shape == Shape::Plain && !keeps {
        let trimmed = text.trim_start_matches(SPACE);
        let start = start + text.len() - trimmed.len();
        return Found::of(trimmed.trim_end_matches(SPACE), start, shape);
    }
    Found::of(text, start, shape)
}

/// White space that is dropped around a text.
const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// True for a text in which nothing is to be undone.
pub(super) fn is_plain(text: &str) -> bool {
    memchr::memchr3(b'&', b'\r', b'_', text.as_bytes()).is_none()
}

/// The text of one `<t>`.
fn spelled(text: &str, keeps: bool) -> Option<String> {
    let text = resolved(text)?;
    let text = if keeps {
        &text
    } else {
        text.trim_matches(SPACE)
    };
    unescaped(text)
}

/// Undoes Excel's spelling of characters. Halves of characters are left to calamine, which joins them.
pub(super) fn unescaped(text: &str) -> Option<String> {
    let has_half = memmem::find_iter(text.as_bytes(), b"_x")
        .any(|at| matches!(text.as_bytes().get(at + 2), Some(b'D' | b'd')));
    (!has_half).then(|| xstring::unescape(text).into_owned())
}

/// A text with its references resolved and its lines ended by a line feed.
pub(super) fn resolved(text: &str) -> Option<String> {
    let mut resolved = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        resolved.push_str(&lines(&rest[..at]));
        let (name, after) = rest[at + 1..].split_once(';')?;
        match name.strip_prefix('#') {
            Some(number) => resolved.push(character(number)?),
            None => resolved.push_str(quick_xml::escape::resolve_xml_entity(name)?),
        }
        rest = after;
    }
    resolved.push_str(&lines(rest));
    Some(resolved)
}

fn lines(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'\r', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(BytesText::from_escaped(text).xml10_content().into_owned())
}

/// The character of a reference such as `#x88FD`.
fn character(number: &str) -> Option<char> {
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let code = u32::from_str_radix(digits, radix).ok()?;
    char::from_u32(code).filter(|c| *c != '\0')
}

/// The text of a string that is written in runs; `None` where it is broken.
pub(super) fn runs(inner: &str) -> Option<String> {
    let mut reader = Reader::from_str(inner);
    reader.config_mut().expand_empty_elements = true;
    let mut all = String::new();
    let mut text = String::new();
    // Whether white space around the text at hand is kept, while there is one.
    let mut keeps = None;
    let mut in_guide = false;
    loop {
        match reader.read_event().ok()? {
            Event::Start(element) => match (element.local_name().as_ref(), keeps) {
                ("rPh", None) => in_guide = true,
                ("t", None) if !in_guide => {
                    text.clear();
                    keeps = Some(attribute(&element, "space").as_deref() == Some("preserve"));
                }
                (_, None) => {}
                // No program writes elements into a text.
                (_, Some(_)) => return None,
            },
            Event::End(element) => match (element.local_name().as_ref(), keeps) {
                ("rPh", None) => in_guide = false,
                ("t", Some(keeps_space)) => {
                    keeps = None;
                    let text = if keeps_space {
                        &text
                    } else {
                        text.trim_matches(SPACE)
                    };
                    all.push_str(&unescaped(text)?);
                }
                _ => {}
            },
            Event::Text(part) if keeps.is_some() => text.push_str(&part.xml10_content()),
            Event::GeneralRef(reference) if keeps.is_some() => {
                let name: &str = reference.as_ref();
                match name.strip_prefix('#') {
                    Some(number) => text.push(character(number)?),
                    None => text.push_str(quick_xml::escape::resolve_xml_entity(name)?),
                }
            }
            Event::Eof => return keeps.is_none().then_some(all),
            Event::Text(_) | Event::GeneralRef(_) => {}
            Event::Empty(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(strings: &str) -> Option<Strings> {
        Strings::read(format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<sst xmlns=\"m\" count='1'>{strings}</sst>"
        ))
    }

    fn texts(strings: &str) -> Vec<Option<String>> {
        let mut strings = read(strings).expect("as programs write it");
        (0..strings.found.len())
            .map(|at| strings.text(at).map(Cow::into_owned))
            .collect()
    }

    #[test]
    fn texts_are_what_they_say() {
        let found = texts(
            "<si><t> はい\n</t></si><si/>\n<si><t xml:space=\"preserve\"> a&amp;&#35069;&#x88FD; </t></si><si><t>a_x000D_b_c</t><phoneticPr fontId=\"1\"/></si><si><t>製造</t><rPh sb=\"0\" eb=\"2\"><t>セイゾウ</t></rPh><phoneticPr fontId=\"1\"/></si><si><r><rPr><b/></rPr><t>は</t></r><rPh><t>X</t></rPh><r><t xml:space='preserve'>い </t></r></si><si><t/></si><si><t>1\r\n2</t></si>",
        );
        let expected = [
            "はい",
            "",
            " a&製製 ",
            "a\rb_c",
            "製造",
            "はい ",
            "",
            "1\n2",
        ];
        let found: Vec<_> = found.iter().map(|text| text.as_deref()).collect();
        assert_eq!(found, expected.map(Some));
    }

    #[test]
    fn what_no_program_writes_is_left() {
        for strings in [
            "<si><t>a</t>",
            "<!-- --><si><t>a</t></si>",
            "<si><!-- </si> --><t>a</t></si>",
            "<si a='1'><t>a</t></si>",
            "<x:si><t>a</t></x:si>",
            "a<si/>",
        ] {
            assert!(read(strings).is_none(), "{strings}");
        }
        // Numbers must not slip: only the text that cannot be told is left out.
        let found = texts(
            "<si><t>a&x;</t></si><si><t>&#xD800;</t></si><si><t>_xD83D_</t></si><si><t>b</t></si>",
        );
        assert_eq!(found, [None, None, None, Some("b".to_owned())]);
        assert!(read("<si/>").expect("read").text(1).is_none());
    }
}
