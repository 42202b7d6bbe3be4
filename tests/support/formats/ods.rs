//! OpenDocument spreadsheets, as LibreOffice writes them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::super::paper::{Page, Paper, Stretch, Written};
use super::{hex, rows, xml};

const MIME: &str = "application/vnd.oasis.opendocument.spreadsheet";

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document-content office:version="1.3"
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2">
"#;

const STYLES: &str = r#"<number:date-style style:name="N1"><number:year number:style="long"/><number:text>/</number:text><number:month number:style="long"/><number:text>/</number:text><number:day number:style="long"/></number:date-style>
<style:style style:name="day" style:family="table-cell" style:data-style-name="N1"/>
<style:style style:name="shown" style:family="table"><style:table-properties table:display="true"/></style:style>
<style:style style:name="hidden" style:family="table"><style:table-properties table:display="false"/></style:style>
"#;

pub(super) fn write(paper: &Paper) -> Vec<u8> {
    let content = content(paper);
    let manifest = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest:manifest manifest:version=\"1.3\" \
         xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\">\
         <manifest:file-entry manifest:full-path=\"/\" manifest:media-type=\"{MIME}\"/>\
         <manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/>\
         </manifest:manifest>"
    );
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, text, options) in [
        ("mimetype", MIME, stored),
        (
            "META-INF/manifest.xml",
            &manifest,
            SimpleFileOptions::default(),
        ),
        ("content.xml", &content, SimpleFileOptions::default()),
    ] {
        zip.start_file(name, options).expect("a member");
        zip.write_all(text.as_bytes()).expect("a member");
    }
    zip.finish().expect("the zip can be finished").into_inner()
}

fn content(paper: &Paper) -> String {
    let mut looks = Looks::default();
    let mut lists = String::new();
    let mut tables = String::new();
    for (number, page) in paper.sheets.iter().enumerate() {
        for (at, (_, _, _, _, words)) in page.lists.iter().enumerate() {
            let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
            write!(
                lists,
                "<table:content-validation table:name=\"list{number}-{at}\" \
                 table:condition=\"of:cell-content-is-in-list({})\" table:base-cell-address=\"{}.A1\"/>",
                xml(&words.join(";")),
                xml(&page.name)
            )
            .expect("text");
        }
        table(&mut tables, page, number, &mut looks);
    }
    if !lists.is_empty() {
        lists = format!("<table:content-validations>{lists}</table:content-validations>");
    }
    let mut text = format!("{HEAD}<office:automatic-styles>\n{STYLES}");
    for (style, name) in &looks.0 {
        let (family, style) = style.split_once(' ').expect("a family");
        writeln!(
            text,
            "<style:style style:name=\"{name}\" style:family=\"{family}\">{style}</style:style>"
        )
        .expect("text");
    }
    text.push_str("</office:automatic-styles>\n<office:body><office:spreadsheet>");
    text.push_str(&lists);
    text.push_str(&tables);
    text.push_str("</office:spreadsheet></office:body></office:document-content>\n");
    text
}

/// Looks, each with its family, and the name of each.
#[derive(Default)]
struct Looks(BTreeMap<String, String>);

impl Looks {
    fn of(&mut self, stretch: &Stretch, family: &str) -> String {
        let mut style = format!("{family} ");
        if let (Some(fill), "table-cell") = (stretch.fill, family) {
            write!(
                style,
                "<style:table-cell-properties fo:background-color=\"#{}\"/>",
                hex(fill)
            )
            .expect("text");
        }
        style.push_str("<style:text-properties");
        if stretch.strike {
            style.push_str(" style:text-line-through-style=\"solid\"");
        }
        if stretch.underline {
            style.push_str(" style:text-underline-style=\"solid\"");
        }
        if stretch.bold {
            style.push_str(" fo:font-weight=\"bold\"");
        }
        if let Some(colour) = stretch.colour {
            write!(style, " fo:color=\"#{}\"", hex(colour)).expect("text");
        }
        style.push_str("/>");
        let next = format!("look{}", self.0.len());
        self.0.entry(style).or_insert(next).clone()
    }
}

fn table(text: &mut String, page: &Page, number: usize, looks: &mut Looks) {
    let style = if page.hidden { "hidden" } else { "shown" };
    write!(
        text,
        "<table:table table:name=\"{}\" table:style-name=\"{style}\">",
        xml(&page.name)
    )
    .expect("text");
    let rows = all(page);
    let width = rows.values().flat_map(BTreeMap::keys).max();
    let width = page.hidden_columns.iter().chain(width).max();
    for column in 0..=width.copied().unwrap_or(0) {
        let hidden = if page.hidden_columns.contains(&column) {
            " table:visibility=\"collapse\""
        } else {
            ""
        };
        write!(text, "<table:table-column{hidden}/>").expect("text");
    }
    let mut next = 0;
    for (row, cells) in rows {
        if row > next {
            write!(
                text,
                "<table:table-row table:number-rows-repeated=\"{}\"><table:table-cell/></table:table-row>",
                row - next
            )
            .expect("text");
        }
        let hidden = if page.hidden_rows.contains(&row) {
            " table:visibility=\"collapse\""
        } else {
            ""
        };
        write!(text, "<table:table-row{hidden}>").expect("text");
        let mut column = 0;
        for (at, value) in cells {
            if at > column {
                write!(
                    text,
                    "<table:table-cell table:number-columns-repeated=\"{}\"/>",
                    at - column
                )
                .expect("text");
            }
            cell(text, page, number, (row, at), value, looks);
            column = at + 1;
        }
        if column == 0 {
            text.push_str("<table:table-cell/>");
        }
        text.push_str("</table:table-row>");
        next = row + 1;
    }
    text.push_str("</table:table>");
}

/// All cells that are to be written, also those with nothing in them.
fn all(page: &Page) -> BTreeMap<u32, BTreeMap<u32, Option<&Written>>> {
    let mut all: BTreeMap<u32, BTreeMap<u32, Option<&Written>>> = BTreeMap::new();
    for (row, cells) in rows(page) {
        let cells = cells
            .into_iter()
            .map(|(column, value)| (column, Some(value)));
        all.entry(row).or_default().extend(cells);
    }
    let areas = page
        .merges
        .iter()
        .copied()
        .chain(
            page.lists
                .iter()
                .map(|list| (list.0, list.1, list.2, list.3)),
        )
        .chain(
            page.comments
                .iter()
                .map(|(row, column, _)| (*row, *column, *row, *column)),
        );
    for (first, left, last, right) in areas {
        for row in first..=last {
            for column in left..=right {
                all.entry(row).or_default().entry(column).or_default();
            }
        }
    }
    for row in &page.hidden_rows {
        all.entry(*row).or_default();
    }
    all
}

fn cell(
    text: &mut String,
    page: &Page,
    number: usize,
    at: (u32, u32),
    value: Option<&Written>,
    looks: &mut Looks,
) {
    let within = |area: &(u32, u32, u32, u32)| {
        (area.0..=area.2).contains(&at.0) && (area.1..=area.3).contains(&at.1)
    };
    let merge = page.merges.iter().find(|area| within(area));
    let covered = merge.is_some_and(|area| (area.0, area.1) != at);
    let tag = if covered {
        "covered-table-cell"
    } else {
        "table-cell"
    };
    write!(text, "<table:{tag}").expect("text");
    if let (Some(area), false) = (merge, covered) {
        write!(
            text,
            " table:number-rows-spanned=\"{}\" table:number-columns-spanned=\"{}\"",
            area.2 - area.0 + 1,
            area.3 - area.1 + 1
        )
        .expect("text");
    }
    let list = page
        .lists
        .iter()
        .position(|list| within(&(list.0, list.1, list.2, list.3)));
    if let Some(list) = list {
        write!(
            text,
            " table:content-validation-name=\"list{number}-{list}\""
        )
        .expect("text");
    }
    let (attributes, paragraphs) = match value {
        None => (String::new(), String::new()),
        Some(value) => content_of(value, looks),
    };
    write!(text, "{attributes}>").expect("text");
    for (_, _, comment) in page.comments.iter().filter(|c| (c.0, c.1) == at) {
        write!(
            text,
            "<office:annotation><dc:date>2026-01-01T00:00:00</dc:date>{}</office:annotation>",
            paragraphs_of(&spaced(comment))
        )
        .expect("text");
    }
    write!(text, "{paragraphs}</table:{tag}>").expect("text");
}

/// The attributes of a cell, and its paragraphs.
fn content_of(value: &Written, looks: &mut Looks) -> (String, String) {
    let string = " office:value-type=\"string\"".to_owned();
    match value {
        Written::Text(text) => (string, paragraphs_of(&spaced(text))),
        Written::Number(number) => (
            format!(" office:value-type=\"float\" office:value=\"{number}\""),
            paragraphs_of(&number.to_string()),
        ),
        Written::Bool(value) => (
            format!(" office:value-type=\"boolean\" office:boolean-value=\"{value}\""),
            paragraphs_of(if *value { "TRUE" } else { "FALSE" }),
        ),
        Written::Date(year, month, day) => (
            format!(
                " table:style-name=\"day\" office:value-type=\"date\" \
                 office:date-value=\"{year:04}-{month:02}-{day:02}\""
            ),
            paragraphs_of(&format!("{year}/{month:02}/{day:02}")),
        ),
        Written::Rich(stretches) => {
            let mut attributes = string;
            let whole = Stretch {
                fill: stretches.first().and_then(|first| first.fill),
                ..match stretches.as_slice() {
                    [only] => only.clone(),
                    _ => Stretch::default(),
                }
            };
            let look = looks.of(&whole, "table-cell");
            write!(attributes, " table:style-name=\"{look}\"").expect("text");
            let mut inner = String::new();
            for stretch in stretches {
                let text = spaced(&stretch.text);
                if stretches.len() == 1 {
                    inner.push_str(&text);
                    continue;
                }
                let look = looks.of(stretch, "text");
                let open = format!("<text:span text:style-name=\"{look}\">");
                // A span ends with its paragraph.
                let broken = text.replace("</text:p>", "</text:span></text:p>");
                let broken = broken.replace("<text:p>", &format!("<text:p>{open}"));
                write!(inner, "{open}{broken}</text:span>").expect("text");
            }
            (attributes, paragraphs_of(&inner))
        }
    }
}

/// A text with its white space as elements; a line feed ends a paragraph.
fn spaced(text: &str) -> String {
    let mut spaced = String::new();
    for c in text.chars() {
        match c {
            ' ' => spaced.push_str("<text:s/>"),
            '\t' => spaced.push_str("<text:tab/>"),
            '\n' => spaced.push_str("</text:p><text:p>"),
            c => spaced.push_str(&xml(c.encode_utf8(&mut [0; 4]))),
        }
    }
    spaced
}

fn paragraphs_of(inner: &str) -> String {
    format!("<text:p>{inner}</text:p>")
}
