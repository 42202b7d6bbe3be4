//! Judges of outputs: each looks at the bytes as the program that opens them would.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

type Judged = Result<(), String>;

/// The judge of a format or of the ending of a file.
pub(crate) fn of(format: &str, bytes: &[u8]) -> Judged {
    match format {
        "html" => html(bytes),
        "md" => markdown(bytes),
        "csv" => table(bytes, true),
        "written.csv" => table(bytes, false),
        "xlsx" if !bytes.starts_with(b"PK") => terminal(bytes),
        "xlsx" => workbook(bytes),
        "json" | "sarif" => json(bytes),
        "junit" => document(bytes).and_then(|()| terminal(bytes)),
        "xml" => document(bytes),
        "toml" => toml(bytes),
        _ => terminal(bytes),
    }
}

fn text(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|error| error.to_string())
}

/// The words around a place, for messages.
fn around(text: &str, at: usize) -> String {
    let start = text[..at]
        .char_indices()
        .rev()
        .nth(40)
        .map_or(0, |(at, _)| at);
    text[start..]
        .chars()
        .take(80)
        .collect::<String>()
        .escape_debug()
        .to_string()
}

/// True for what a terminal obeys or people do not see.
fn is_harmful(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
        || matches!(
            c,
            '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{e0000}'
                ..='\u{e007f}'
        )
}

pub(crate) fn terminal(bytes: &[u8]) -> Judged {
    let text = text(bytes)?;
    match text.char_indices().find(|(_, c)| is_harmful(*c)) {
        Some((at, c)) => Err(format!("U+{:04X} in {}", u32::from(c), around(text, at))),
        None => Ok(()),
    }
}

/// Walks through tags as a browser does: no script but none, no picture, no handler, no address that runs.
fn html(bytes: &[u8]) -> Judged {
    terminal(bytes)?;
    let text = text(bytes)?;
    let mut at = 0;
    while let Some(start) = text[at..].find('<').map(|found| at + found) {
        if text[start..].starts_with("<!--") {
            let end = text[start..].find("-->").ok_or("a comment has no end")?;
            at = start + end;
            continue;
        }
        let end = tag_end(&text[start..]).ok_or_else(|| around(text, start))?;
        let tag = text[start..start + end].to_ascii_lowercase();
        let name: String = tag[1..]
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '!'))
            .collect();
        if name.is_empty()
            || [
                "script", "img", "iframe", "object", "embed", "link", "base", "form",
            ]
            .contains(&name.as_str())
        {
            return Err(around(text, start));
        }
        let outside: String = tag.split('"').step_by(2).collect();
        if outside.contains(" on") || tag.contains("javascript:") && tag.contains("href") {
            return Err(around(text, start));
        }
        at = start + end;
        if name == "style" {
            at += text[at..].find("</style").ok_or("a style has no end")?;
        }
    }
    Ok(())
}

fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at + 1),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    None
}

fn markdown(bytes: &[u8]) -> Judged {
    terminal(bytes)?;
    let text = text(bytes)?;
    for mark in ["<script", "<img", "](javascript", "[a](", "</failure>"] {
        if let Some(at) = text.find(mark) {
            return Err(around(text, at));
        }
    }
    let tags = text
        .match_indices('<')
        .filter(|(at, _)| !text[*at..].starts_with("<br>"));
    for (at, _) in tags {
        let is_ours = [
            "<!--",
            "<details",
            "</details",
            "<summary",
            "</summary",
            "<a id=\"doc-",
            "</a>",
        ];
        if !is_ours.iter().any(|ours| text[at..].starts_with(ours)) {
            return Err(around(text, at));
        }
    }
    Ok(())
}

/// No cell begins as a formula does, also not behind what is not seen.
fn table(bytes: &[u8], is_page: bool) -> Judged {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.has_headers(false).flexible(true).from_reader(bytes);
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        for cell in &record {
            if is_page {
                terminal(cell.replace("\r\n", "\n").as_bytes())?;
            }
            if cell.starts_with(['\t', '\r', '\n']) {
                return Err(format!("a cell begins with {:?}", &cell[..1]));
            }
            let seen = cell.trim_start_matches(|c: char| c.is_whitespace() || is_harmful(c));
            if seen.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) {
                return Err(around(cell, 0));
            }
        }
    }
    Ok(())
}

fn json(bytes: &[u8]) -> Judged {
    serde_json::from_slice::<serde_json::Value>(bytes).map_err(|error| error.to_string())?;
    let text = text(bytes)?;
    match text
        .char_indices()
        .find(|(_, c)| c.is_ascii_control() && *c != '\n' && *c != '\u{7f}')
    {
        Some((at, _)) => Err(around(text, at)),
        None => Ok(()),
    }
}

fn toml(bytes: &[u8]) -> Judged {
    terminal(bytes)?;
    toml::from_str::<toml::Table>(text(bytes)?)
        .map(|_| ())
        .map_err(|error| error.to_string())
}

/// Well-formed XML with nothing but characters that XML may hold.
fn document(bytes: &[u8]) -> Judged {
    let text = text(bytes)?;
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    if let Some((at, _)) = text.char_indices().find(|(_, c)| !allowed(*c)) {
        return Err(around(text, at));
    }
    let mut reader = Reader::from_str(text);
    let mut depth = 0usize;
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth = depth.checked_sub(1).ok_or("an end too many")?,
            Ok(Event::DocType(_)) => return Err("a document type".to_owned()),
            Ok(Event::Eof) if depth == 0 => return Ok(()),
            Ok(Event::Eof) => return Err("elements stay open".to_owned()),
            Ok(_) => {}
            Err(error) => return Err(error.to_string()),
        }
    }
}

/// Every part is XML; no formula is of the vendor's making; nothing leads outside.
fn workbook(bytes: &[u8]) -> Judged {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    for at in 0..zip.len() {
        let mut member = zip.by_index(at).map_err(|error| error.to_string())?;
        let name = member
            .name()
            .map_err(|error| error.to_string())?
            .to_string();
        let mut content = Vec::new();
        member
            .read_to_end(&mut content)
            .map_err(|error| error.to_string())?;
        if !name.ends_with(".xml") && !name.ends_with(".rels") {
            continue;
        }
        document(&content).map_err(|found| format!("{name}: {found}"))?;
        let text = text(&content)?;
        if text.contains("TargetMode=\"External\"") {
            return Err(format!("{name}: a link leads outside"));
        }
        for element in ["f", "formula1", "formula2", "formula"] {
            formulas(text, element).map_err(|found| format!("{name}: {found}"))?;
        }
    }
    Ok(())
}

/// Formulas hold the vendor's words only as texts, within quotes.
fn formulas(xml: &str, element: &str) -> Judged {
    let (open, close) = (format!("<{element}"), format!("</{element}>"));
    let mut rest = xml;
    while let Some(start) = rest.find(&open) {
        rest = &rest[start + open.len()..];
        if !rest.starts_with(['>', ' ']) {
            continue;
        }
        let end = rest.find(&close).ok_or("a formula has no end")?;
        let formula = rest[..end].replace("&quot;", "\"").replace("\"\"", "");
        let outside: String = formula.split('"').step_by(2).collect();
        if ["cmd", "calc", "script", "alert"]
            .iter()
            .any(|word| outside.contains(word))
        {
            return Err(outside);
        }
        rest = &rest[end..];
    }
    Ok(())
}

#[test]
fn judges_judge() {
    assert!(terminal("a\u{1b}[1m".as_bytes()).is_err());
    assert!(terminal("はい\n".as_bytes()).is_ok());
    assert!(html(b"<p title=\"<img>\">a</p>").is_ok());
    assert!(html(b"<p><img src=x></p>").is_err());
    assert!(html(b"<p x=\"\" onclick=a>a</p>").is_err());
    assert!(html(b"<p>a < b</p>").is_err());
    assert!(markdown(b"a &lt;b<br>c").is_ok());
    assert!(markdown(b"a <b>").is_err());
    assert!(table("a,\u{200b}=1\r\n".as_bytes(), false).is_err());
    assert!(table("a,'=1\r\n".as_bytes(), true).is_ok());
    assert!(json(b"{\"a\": \"\\u001b\"}").is_ok());
    assert!(document(b"<a><b></a>").is_err());
    assert!(formulas("<f>A1&amp;\"cmd\"</f>", "f").is_ok());
    assert!(formulas("<f>cmd|A1</f>", "f").is_err());
}
