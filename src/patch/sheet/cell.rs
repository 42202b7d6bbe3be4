//! A cell as XML.

use super::super::At;
use super::super::spans::{self, escape};
use super::{Content, Stretch};
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
            format!("{tag}<{p}is>{}</{p}is></{p}c>", written(p, text))
        }
        Content::Stretches(stretches, font) => {
            let tag = spans::with_attribute(tag, "t", "inlineStr");
            let run = |stretch: &Stretch| {
                // The font stands in the main namespace too.
                let font = font.replace('<', &format!("<{p}"));
                let marks = match stretch.marked {
                    true => format!("<{p}b/><{p}u/>"),
                    false => String::new(),
                };
                let text = written(p, &stretch.text);
                format!("<{p}r><{p}rPr>{marks}{font}</{p}rPr>{text}</{p}r>")
            };
            let runs: String = stretches.iter().map(run).collect();
            format!("{tag}<{p}is>{runs}</{p}is></{p}c>")
        }
        Content::Number(value) => format!("{tag}<{p}v>{value}</{p}v></{p}c>"),
        Content::Bool(value) => {
            let tag = spans::with_attribute(tag, "t", "b");
            format!("{tag}<{p}v>{}</{p}v></{p}c>", u8::from(*value))
        }
        Content::Nothing => {
            let body = tag.strip_suffix('>').unwrap_or(tag);
            format!("{body}/>")
        }
    }
}

/// A text as the content of a cell.
fn written(prefix: &str, text: &str) -> String {
    // A carriage return would be read as a line feed.
    let text = xstring::escape(text, |c| xstring::is_xml_char(c) && c != '\r');
    let text = escape(&text);
    format!("<{prefix}t xml:space=\"preserve\">{text}</{prefix}t>")
}
