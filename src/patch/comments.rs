//! The comments part of a sheet: what this tool says is put in, replaced or taken out; what people said stays.
//!
//! A cell has one comment. Where a person wrote one, ours stands below theirs in a frame of its own. Where a
//! thread hangs on a cell, its note only stands in for the thread, and nothing is changed there.

use std::collections::{BTreeMap, BTreeSet};

use super::At;
use super::elements::{Edits, Element, append, escape, root};
use crate::place::{address, parse_address};
use crate::read::xstring;
use crate::returned::marks::{AUTHOR, COMMENT_END, COMMENT_START, framed};

/// A comments part, changed.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Changed {
    /// The part; `None` where it stays as it is.
    pub(crate) xml: Option<String>,
    /// Cells with a comment that had none: each needs a shape.
    pub(crate) added: BTreeSet<At>,
    /// Cells whose comment is gone with what this tool said: its shape goes too.
    pub(crate) removed: BTreeSet<At>,
    /// Cells on which a thread hangs, so that nothing could be said there.
    pub(crate) threaded: BTreeSet<At>,
}

/// An empty comments part.
const EMPTY: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<comments xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><authors/><commentList/></comments>";

/// Says these texts, by cell, and nothing else of ours. `threads` are the cells that a thread part names.
///
/// `None` where the part is not one of comments, and so is left alone.
pub(crate) fn say(
    part: Option<&str>,
    texts: &BTreeMap<At, String>,
    threads: &BTreeSet<At>,
) -> Option<Changed> {
    if part.is_none() && texts.keys().all(|at| threads.contains(at)) {
        return Some(Changed {
            threaded: texts.keys().copied().collect(),
            ..Changed::default()
        });
    }
    let text = part.unwrap_or(EMPTY);
    let comments = root(text).filter(|root| root.name() == "comments")?;
    let authors = comments.child("authors")?;
    let list = comments.child("commentList")?;
    let names: Vec<String> = authors
        .children()
        .iter()
        .map(|author| plain(author.inner()))
        .collect();
    let own = names.iter().position(|name| name == AUTHOR);
    let prefix = comments.prefix();
    let mut edits = Edits::default();
    let mut changed = Changed::default();
    let mut standing: BTreeSet<At> = BTreeSet::new();
    for comment in list.children() {
        let Some(at) = comment.attribute("ref").as_deref().and_then(parse_address) else {
            continue;
        };
        let author = comment
            .attribute("authorId")
            .and_then(|id| id.parse::<usize>().ok());
        let author = author
            .and_then(|id| names.get(id))
            .map_or("", String::as_str);
        if threads.contains(&at) || author.starts_with("tc=") {
            if texts.contains_key(&at) {
                changed.threaded.insert(at);
            }
            standing.insert(at);
            continue;
        }
        let kept = without_ours(&comment);
        let is_blank = kept
            .as_ref()
            .is_some_and(|kept| visible(kept).trim().is_empty());
        let ours = texts.get(&at).filter(|_| !standing.contains(&at));
        match (ours, kept) {
            (Some(ours), kept) => {
                standing.insert(at);
                let inner = kept.filter(|_| !is_blank);
                let is_alone = inner.is_none() && is_blank;
                edit(
                    &mut edits,
                    &comment,
                    inner.as_deref(),
                    ours,
                    prefix,
                    is_alone,
                );
            }
            (None, Some(_)) if is_blank => {
                changed.removed.insert(at);
                edits.replace(comment.span.clone(), "");
            }
            (None, Some(kept)) => {
                standing.insert(at);
                replace_text(&mut edits, &comment, &kept);
            }
            (None, None) => {
                standing.insert(at);
            }
        }
    }
    let author = own.unwrap_or(names.len());
    let mut new = String::new();
    for (at, ours) in texts {
        if threads.contains(at) {
            changed.threaded.insert(*at);
        } else if !standing.contains(at) {
            changed.added.insert(*at);
            let reference = address(at.0, at.1);
            new.push_str(&format!(
                "<{prefix}comment ref=\"{reference}\" authorId=\"{author}\" shapeId=\"0\"><{prefix}text>{}</{prefix}text></{prefix}comment>",
                run(ours, prefix)
            ));
        }
    }
    if !new.is_empty() {
        append(&mut edits, &list, &new);
        if own.is_none() {
            let author = format!("<{prefix}author>{AUTHOR}</{prefix}author>");
            append(&mut edits, &authors, &author);
        }
    }
    let xml = edits.apply(text);
    changed.xml = (xml != text).then_some(xml);
    Some(changed)
}

/// Our frame around a text, as one run.
fn run(text: &str, prefix: &str) -> String {
    let framed = format!("{COMMENT_START}\n{text}\n{COMMENT_END}");
    let text = xstring::escape(&framed, xstring::is_xml_char);
    format!(
        "<{prefix}r><{prefix}rPr><{prefix}sz val=\"9\"/><{prefix}color indexed=\"81\"/></{prefix}rPr><{prefix}t xml:space=\"preserve\">{}</{prefix}t></{prefix}r>",
        escape(&text)
    )
}

/// Puts ours below what a person said, or alone.
fn edit(
    edits: &mut Edits,
    comment: &Element<'_>,
    kept: Option<&str>,
    ours: &str,
    prefix: &str,
    is_alone: bool,
) {
    let said = comment.child("text");
    let inner = kept
        .or_else(|| said.as_ref().map(Element::inner))
        .unwrap_or_default();
    let inner = if is_alone {
        run(ours, prefix)
    } else {
        below(inner, ours, prefix)
    };
    replace_text(edits, comment, &inner);
}

/// What stands in the text of a comment, with ours behind its runs.
fn below(inner: &str, ours: &str, prefix: &str) -> String {
    let whole = format!("<t>{inner}</t>");
    let mut edits = Edits::default();
    let mut end = whole.len() - "</t>".len();
    for piece in root(&whole).map(|root| root.children()).unwrap_or_default() {
        match piece.name() {
            // A text without runs and a run beside it are not one text to every program.
            "t" => edits.replace(
                piece.span.clone(),
                format!("<{prefix}r>{}</{prefix}r>", piece.whole()),
            ),
            "rPh" | "phoneticPr" => end = end.min(piece.span.start),
            _ => {}
        }
    }
    let gap =
        format!("<{prefix}r><{prefix}t xml:space=\"preserve\">&#10;&#10;</{prefix}t></{prefix}r>");
    let gap = if inner.trim().is_empty() { "" } else { &gap };
    edits.insert(end, format!("{gap}{}", run(ours, prefix)));
    let whole = edits.apply(&whole);
    root(&whole).map_or_else(String::new, |root| root.inner().to_owned())
}

fn replace_text(edits: &mut Edits, comment: &Element<'_>, inner: &str) {
    match comment.child("text") {
        Some(text) if !text.closes_itself() => edits.replace(text.content.clone(), inner),
        Some(text) => append(edits, &text, inner),
        None => {
            let prefix = comment.prefix();
            append(
                edits,
                comment,
                &format!("<{prefix}text>{inner}</{prefix}text>"),
            );
        }
    }
}

/// What stands in the text of a comment without what this tool said; `None` where it said nothing.
fn without_ours(comment: &Element<'_>) -> Option<String> {
    let said = comment.child("text")?;
    let inner = said.inner();
    if !inner.contains("kaijisho") {
        return None;
    }
    let whole = format!("<x>{inner}</x>");
    let stretches = stretches(&whole);
    let all: String = stretches.iter().map(|(_, text)| text.as_str()).collect();
    let (start, end) = framed(&all)?;
    let mut edits = Edits::default();
    let mut at = 0;
    for (element, text) in &stretches {
        let from = start.clamp(at, at + text.len()) - at;
        let to = end.clamp(at, at + text.len()) - at;
        at += text.len();
        if from < to {
            let rest = [&text[..from], &text[to..]].concat();
            if rest.is_empty() {
                edits.replace(element.clone(), "");
            } else {
                let held = xstring::escape(&rest, xstring::is_xml_char);
                edits.replace(
                    element.clone(),
                    kept_text(&whole[element.clone()], &escape(&held)),
                );
            }
        }
    }
    let whole = edits.apply(&whole);
    root(&whole).map(|root| root.inner().to_owned())
}

/// A run or a bare text with another text in it.
fn kept_text(element: &str, text: &str) -> String {
    let Some(element) = root(element) else {
        return String::new();
    };
    let held = if element.name() == "t" {
        Some(element.clone())
    } else {
        element.child("t")
    };
    let Some(held) = held else {
        return element.whole().to_owned();
    };
    let mut edits = Edits::default();
    edits.replace(held.content.clone(), text);
    edits.apply(element.whole())
}

/// The runs of a text, and bare texts, each with where it stands and what it says.
fn stretches(whole: &str) -> Vec<(std::ops::Range<usize>, String)> {
    let pieces = root(whole).map(|root| root.children()).unwrap_or_default();
    pieces
        .iter()
        .filter_map(|piece| match piece.name() {
            "t" => Some((piece.span.clone(), unescaped(piece.inner()))),
            "r" => {
                let text = piece.child("t")?;
                Some((piece.span.clone(), unescaped(text.inner())))
            }
            _ => None,
        })
        .collect()
}

/// What a person sees of the inside of a comment's text.
fn visible(inner: &str) -> String {
    let whole = format!("<x>{inner}</x>");
    let stretches = stretches(&whole);
    stretches.into_iter().map(|(_, text)| text).collect()
}

/// Text of an element with Excel's spelling of characters undone.
fn unescaped(written: &str) -> String {
    xstring::unescape(&plain(written)).into_owned()
}

/// Text of an element with entities resolved.
fn plain(written: &str) -> String {
    quick_xml::escape::unescape(written)
        .map_or_else(|_| written.to_owned(), |text| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[(At, &str)]) -> BTreeMap<At, String> {
        texts
            .iter()
            .map(|(at, text)| (*at, (*text).to_owned()))
            .collect()
    }

    const SENDER: &str = "<x:comments xmlns:x=\"m\"><x:authors><x:author>山田</x:author><x:author>tc={1}</x:author></x:authors><x:commentList>\
        <x:comment ref=\"B2\" authorId=\"0\"><x:text><x:t>注 &lt;1&gt;</x:t><x:rPh sb=\"0\" eb=\"1\"><x:t>チュウ</x:t></x:rPh></x:text></x:comment>\
        <x:comment ref=\"C3\" authorId=\"1\"><x:text><x:t>thread</x:t></x:text></x:comment></x:commentList></x:comments>";

    #[test]
    fn a_new_part() {
        let said =
            say(None, &texts(&[((3, 2), "=1+1 <直す>")]), &BTreeSet::new()).expect("comments");
        let xml = said.xml.expect("a part");
        assert!(
            xml.contains("<author>kaijisho</author>") && xml.contains("ref=\"C4\" authorId=\"0\"")
        );
        assert!(xml.contains("=1+1 &lt;直す&gt;"), "{xml}");
        assert_eq!(said.added, [(3, 2)].into());
        assert_eq!(
            say(None, &texts(&[]), &BTreeSet::new()),
            Some(Changed::default())
        );
    }

    #[test]
    fn people_keep_their_words_and_threads_stay() {
        let wanted = texts(&[((1, 1), "直す"), ((2, 2), "スレッド"), ((5, 0), "新しい")]);
        let said = say(Some(SENDER), &wanted, &BTreeSet::new()).expect("comments");
        let xml = said.xml.expect("a part");
        assert_eq!(
            (said.added, said.threaded),
            ([(5, 0)].into(), [(2, 2)].into())
        );
        assert!(xml.contains("<x:r><x:t>注 &lt;1&gt;</x:t></x:r>"), "{xml}");
        assert!(xml.contains("【/kaijisho】</x:t></x:r><x:rPh"), "{xml}");
        assert!(
            xml.contains("<x:comment ref=\"C3\" authorId=\"1\"><x:text><x:t>thread</x:t></x:text>")
        );
        assert!(xml.contains("<x:author>kaijisho</x:author></x:authors>"));
        // Said again it is the same; said otherwise only ours changes; nothing said takes ours out.
        let again = say(Some(&xml), &wanted, &BTreeSet::new()).expect("comments");
        assert_eq!(
            (again.xml, again.added.len(), again.removed.len()),
            (None, 0, 0)
        );
        let none = say(Some(&xml), &texts(&[]), &BTreeSet::new()).expect("comments");
        let bare = none.xml.expect("a part");
        assert_eq!(none.removed, [(5, 0)].into());
        assert!(
            !bare.contains("【") && bare.contains("注 &lt;1&gt;"),
            "{bare}"
        );
    }

    #[test]
    fn a_frame_over_several_runs() {
        let text = "<comments><authors><author/></authors><commentList><comment ref='A1' authorId='0'><text><r><t>前【kaiji</t></r><r><t>sho】x</t></r><r><t>y【/kaijisho】後</t></r></text></comment></commentList></comments>";
        let said = say(Some(text), &texts(&[]), &BTreeSet::new()).expect("comments");
        let xml = said.xml.expect("a part");
        assert!(
            xml.contains("<text><r><t>前</t></r><r><t>後</t></r></text>"),
            "{xml}"
        );
    }
}
