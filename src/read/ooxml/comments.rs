//! Comments on cells: notes, and threads with their replies.
//!
//! NOTE: each thread has a note as its twin for older versions of Excel, with the author `tc={…}` and a text
//! that asks to open the file in a newer one. Where the thread is there, its note is not told again.

use std::collections::HashSet;

use super::{Gauge, KEPT, Parts, Piece, attribute, walk};
use crate::place::parse_address;
use crate::read::beside::Comment;
use crate::read::xstring;

/// A note, before it is known whether it only stands in for a thread.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Note {
    comment: Comment,
    stands_in: bool,
}

/// The comments of a sheet, sorted by address.
pub(super) fn of_sheet(parts: &Parts, sheet: &str) -> Vec<Comment> {
    let threads = parts
        .targets(sheet, "threadedComment")
        .filter_map(|part| parts.threads.get(part))
        .flatten();
    let mut found: Vec<Comment> = threads.cloned().collect();
    let threaded: HashSet<(u32, u32)> = found.iter().map(|c| (c.row, c.column)).collect();
    let notes = parts
        .targets(sheet, "comments")
        .filter_map(|part| parts.notes.get(part))
        .flatten()
        .filter(|note| {
            !note.stands_in || !threaded.contains(&(note.comment.row, note.comment.column))
        });
    found.extend(notes.map(|note| note.comment.clone()));
    found.sort_by_key(|comment| (comment.row, comment.column));
    found.truncate(KEPT);
    found
}

/// The notes of a comments part.
pub(super) fn notes(text: &str, gauge: &mut Gauge) -> Vec<Note> {
    let mut authors: Vec<String> = Vec::new();
    let mut found: Vec<Note> = Vec::new();
    let mut author = None;
    let mut address = None;
    let mut written = String::new();
    // What the text belongs to: an author, a run, or nothing; phonetic guides are no text.
    let (mut in_author, mut in_text, mut in_phonetic) = (false, false, false);
    walk(text, |piece| {
        match piece {
            Piece::Open(element) => match element.local_name().as_ref() {
                "author" => {
                    in_author = true;
                    written.clear();
                }
                "comment" => {
                    address = attribute(element, "ref").as_deref().and_then(parse_address);
                    author = attribute(element, "authorId").and_then(|id| id.parse::<usize>().ok());
                    written.clear();
                }
                "t" => in_text = true,
                "rPh" => in_phonetic = true,
                _ => {}
            },
            Piece::Text(part) => {
                if in_author || (in_text && !in_phonetic) {
                    written.push_str(part);
                }
            }
            Piece::Close("author") => {
                in_author = false;
                authors.push(std::mem::take(&mut written));
            }
            Piece::Close("t") => in_text = false,
            Piece::Close("rPh") => in_phonetic = false,
            Piece::Close("comment") => {
                let author = author.take().and_then(|id| authors.get(id));
                let text = said(&written, author.map_or("", String::as_str));
                if let Some((row, column)) = address.take()
                    && !text.is_empty()
                {
                    if !gauge.admits("limit-comments", found.len(), text.len()) {
                        return false;
                    }
                    let comment = Comment { row, column, text };
                    let stands_in = author.is_some_and(|author| author.starts_with("tc="));
                    found.push(Note { comment, stands_in });
                }
                written.clear();
            }
            Piece::Close(_) => {}
        }
        authors.len() <= KEPT
    });
    found
}

/// The text of a note without the line with the author's name that Excel puts first.
fn said(written: &str, author: &str) -> String {
    let text = xstring::unescape(written)
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    let text = text.trim();
    let author = author.trim();
    let rest = text
        .strip_prefix(author)
        .filter(|_| !author.is_empty())
        .and_then(|rest| rest.strip_prefix([':', '：']))
        .map(|rest| rest.trim_start_matches([' ', '\t', '　']))
        .filter(|rest| rest.is_empty() || rest.starts_with('\n'));
    rest.unwrap_or(text).trim().to_owned()
}

/// The threads of a threaded comments part: each with its replies, one a line, in order.
pub(super) fn threads(text: &str, gauge: &mut Gauge) -> Vec<Comment> {
    let mut found: Vec<Comment> = Vec::new();
    let mut places = std::collections::HashMap::new();
    let mut address = None;
    let mut written = String::new();
    let mut in_text = false;
    let mut count = 0usize;
    walk(text, |piece| {
        match piece {
            Piece::Open(element) => match element.local_name().as_ref() {
                "threadedComment" => {
                    address = attribute(element, "ref").as_deref().and_then(parse_address);
                    written.clear();
                }
                "text" => in_text = true,
                _ => {}
            },
            Piece::Text(part) => {
                if in_text {
                    written.push_str(part);
                }
            }
            Piece::Close("text") => in_text = false,
            Piece::Close("threadedComment") => {
                let text = said(&written, "");
                if let Some((row, column)) = address.take()
                    && !text.is_empty()
                {
                    if !gauge.admits("limit-comments", count, text.len()) {
                        return false;
                    }
                    count += 1;
                    // A cell has one thread at most, so its replies are what else is at the cell.
                    let at = *places.entry((row, column)).or_insert(found.len());
                    match found.get_mut(at) {
                        Some(comment) => {
                            comment.text.push('\n');
                            comment.text.push_str(&text);
                        }
                        None => found.push(Comment { row, column, text }),
                    }
                }
            }
            Piece::Close(_) => {}
        }
        true
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comment(row: u32, column: u32, text: &str) -> Comment {
        Comment {
            row,
            column,
            text: text.to_owned(),
        }
    }

    #[test]
    fn runs_are_joined_and_the_author_dropped() {
        let text = "<comments><authors><author>山田 太郎</author><author/></authors><commentList>\
            <comment ref=\"C5\" authorId=\"0\"><text><r><rPr><b/></rPr><t>山田 太郎:</t></r><r><t xml:space=\"preserve\">\n次期更新で&#23550;応</t></r><r><t>予定&amp;検討中</t></r></text></comment>\
            <comment ref=\"A2\" authorId=\"1\"><text><t>注:読むこと</t><rPh sb=\"0\" eb=\"1\"><t>チュウ</t></rPh></text></comment>\
            <comment ref=\"A3\" authorId=\"0\"><text><t>山田 太郎:に聞く</t></text></comment>\
            <comment ref=\"A4\" authorId=\"9\"><text><t> </t></text></comment>\
            </commentList></comments>";
        let found: Vec<_> = notes(text, &mut Gauge::default())
            .into_iter()
            .map(|note| note.comment)
            .collect();
        assert_eq!(
            found,
            [
                comment(4, 2, "次期更新で対応予定&検討中"),
                comment(1, 0, "注:読むこと"),
                comment(2, 0, "山田 太郎:に聞く"),
            ]
        );
    }

    #[test]
    fn threads_take_the_place_of_their_notes() {
        let mut parts = Parts::default();
        parts.relate(
            "xl/worksheets/_rels/sheet1.xml.rels",
            b"<Relationships><Relationship Id='a' Type='http://x/comments' Target='../comments1.xml'/><Relationship Id='b' Type='http://y/threadedComment' Target='../threadedComments/t1.xml'/></Relationships>",
        );
        parts.read("xl/comments1.xml", "<comments><authors><author>tc={1}</author></authors><commentList><comment ref='B2' authorId='0'><text><t>[Threaded comment] open in a newer version</t></text></comment><comment ref='A1' authorId='0'><text><t>alone</t></text></comment></commentList></comments>".as_bytes());
        parts.read("xl/threadedcomments/t1.xml", "<ThreadedComments><threadedComment ref='B2' id='{1}'><text>対応済みですか</text></threadedComment><threadedComment ref='B2' id='{2}' parentId='{1}'><text>はい</text></threadedComment></ThreadedComments>".as_bytes());
        let found = of_sheet(&parts, "xl/worksheets/sheet1.xml");
        assert_eq!(
            found,
            [
                comment(0, 0, "alone"),
                comment(1, 1, "対応済みですか\nはい")
            ]
        );
    }

    #[test]
    fn too_many_are_told() {
        let one = "<comment ref='A1'><text><t>x</t></text></comment>";
        let text = format!("<commentList>{}</commentList>", one.repeat(KEPT + 1));
        let mut gauge = Gauge::default();
        assert_eq!(notes(&text, &mut gauge).len(), KEPT);
        assert_eq!(gauge.findings().count(), 1);
    }
}
