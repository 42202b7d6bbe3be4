//! A cell as XML.

use super::super::At;
use super::super::spans::{self, escape};
use super::Content;
use crate::place::address;
use crate::read::xstring;

/// A cell that was not there.
pub(super) fn new(prefix: &str, at: At, style: Option<u32>, content: &Content) -> String {
    let style = style.map_or_else(String::new, |style| format!(" s=\"{style}\""));
    let tag = format!("<{prefix}c r=\"{}\"{style}>", address(at.0, at.1));
    filled(prefix, &tag, content)
}

/// A cell with other content. `tag` is the opening tag that it has.
pub(super) fn changed(prefix: &str, tag: &str, style: Option<u32>, content: &Content) -> String {
    // NOTE: `cm` and `vm` tie the cell to a dynamic array or to a rich value that it no longer holds.
    let tag = spans::without_attributes(&spans::opened(tag), &["t", "cm", "vm"]);
    let tag = match style {
        Some(style) => spans::with_attribute(&tag, "s", &style.to_string()),
        None => tag,
    };
    filled(prefix, &tag, content)
}

fn filled(prefix: &str, tag: &str, content: &Content) -> String {
    let p = prefix;
    match content {
        Content::Text(text) => {
            let tag = spans::with_attribute(tag, "t", "inlineStr");
            // A carriage return would be read as a line feed.
            let text = xstring::escape(text, |c| xstring::is_xml_char(c) && c != '\r');
            let text = escape(&text);
            format!("{tag}<{p}is><{p}t xml:space=\"preserve\">{text}</{p}t></{p}is></{p}c>")
        }
        Content::Number(value) => format!("{tag}<{p}v>{value}</{p}v></{p}c>"),
        Content::Nothing => {
            let body = tag.strip_suffix('>').unwrap_or(tag);
            format!("{body}/>")
        }
    }
}
