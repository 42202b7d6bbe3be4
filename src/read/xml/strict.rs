//! What XML demands of the text of its tokens and quick-xml lets pass: names, white space between attributes,
//! quotation marks, references, the XML declaration, `]]>`.
//!
//! Source: XML 1.0 (fifth edition) and Namespaces in XML 1.0. Held against libxml2 by the extended suite.

use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{NamespaceResolver, ResolveResult};

use crate::read::xstring::is_xml_char;

/// White space of XML, which is less than that of Unicode.
pub(in crate::read) const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// What is wrong with a token, if anything.
///
/// # Errors
/// The mistake in words.
pub(in crate::read) fn check(event: &Event<'_>) -> Result<(), String> {
    match event {
        Event::Start(tag) | Event::Empty(tag) => start(tag),
        Event::End(tag) => {
            let name = tag.trim_end_matches(SPACE);
            qualified(name)
        }
        Event::Text(text) if text.contains("]]>") => {
            Err("]]> may not stand in a text; write ]]&gt;".to_owned())
        }
        Event::GeneralRef(name) => reference(name),
        Event::PI(instruction) => target(instruction.target()),
        Event::Decl(declaration) => declared(declaration),
        Event::Text(_) | Event::CData(_) | Event::Comment(_) | Event::DocType(_) | Event::Eof => {
            Ok(())
        }
    }
}

/// The prefix of an attribute that is declared nowhere, in words.
///
/// # Errors
/// The mistake in words.
pub(in crate::read) fn prefixes(
    tag: &BytesStart<'_>,
    known: &NamespaceResolver,
) -> Result<(), String> {
    for attribute in tag.attributes().with_checks(false).flatten() {
        if attribute.key.prefix().is_some()
            && let (ResolveResult::Unknown(prefix), _) = known.resolve_attribute(attribute.key)
        {
            return Err(format!("prefix {} is not declared", quoted(&prefix)));
        }
    }
    Ok(())
}

/// A name and its attributes: `a b="1" c='2'`.
fn start(tag: &str) -> Result<(), String> {
    let end = tag.find(SPACE).unwrap_or(tag.len());
    let (name, mut rest) = tag.split_at(end);
    qualified(name)?;
    loop {
        let trimmed = rest.trim_start_matches(SPACE);
        if trimmed.is_empty() {
            return Ok(());
        }
        if trimmed.len() == rest.len() {
            return Err(format!("white space is missing before {}", quoted(trimmed)));
        }
        rest = attribute(trimmed)?;
    }
}

/// One attribute; what follows it.
fn attribute(text: &str) -> Result<&str, String> {
    let end = text
        .find(|c: char| c == '=' || SPACE.contains(&c))
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    qualified(name)?;
    let Some(rest) = rest.trim_start_matches(SPACE).strip_prefix('=') else {
        return Err(format!("the attribute {} has no value", quoted(name)));
    };
    let (value, rest) = literal(rest.trim_start_matches(SPACE))
        .ok_or_else(|| format!("the value of {} is not in quotation marks", quoted(name)))?;
    if name.starts_with("xmlns:") && value.is_empty() {
        return Err(format!("{} names no namespace", quoted(name)));
    }
    references(value)?;
    Ok(rest)
}

/// A text in quotation marks of either kind, and what follows it.
fn literal(text: &str) -> Option<(&str, &str)> {
    let mark = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    text[1..].split_once(mark)
}

/// Every reference in the value of an attribute.
fn references(value: &str) -> Result<(), String> {
    for after in value.split('&').skip(1) {
        match after.split_once(';') {
            Some((name, _)) => reference(name)?,
            None => return Err("& without ; in the value of an attribute".to_owned()),
        }
    }
    Ok(())
}

/// What stands between `&` and `;`.
fn reference(name: &str) -> Result<(), String> {
    let wrong = || Err(format!("&{}; is not known", shortened(name)));
    let Some(number) = name.strip_prefix('#') else {
        return match name {
            "amp" | "lt" | "gt" | "quot" | "apos" => Ok(()),
            _ => wrong(),
        };
    };
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let digits_only = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    let code = u32::from_str_radix(digits, radix)
        .ok()
        .filter(|_| digits_only);
    match code.and_then(char::from_u32) {
        Some(c) if is_xml_char(c) => Ok(()),
        Some(_) | None => wrong(),
    }
}

/// The target of a processing instruction.
fn target(name: &str) -> Result<(), String> {
    if name.eq_ignore_ascii_case("xml") {
        return Err("the XML declaration must come first, as <?xml".to_owned());
    }
    simple(name)
}

/// What the value of a pseudo-attribute must be.
type Rule<'r> = dyn Fn(&str) -> bool + 'r;

/// `xml version="1.0" encoding="UTF-8" standalone="yes"`, the last two as one likes, in this order.
fn declared(text: &str) -> Result<(), String> {
    let mut rest = text.strip_prefix("xml").unwrap_or(text);
    let digits = |value: &str| !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    let version = |value: &str| value.strip_prefix("1.").is_some_and(digits);
    let encoding = |value: &str| {
        value.starts_with(|c: char| c.is_ascii_alphabetic())
            && value
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
    };
    let standalone = |value: &str| matches!(value, "yes" | "no");
    let wanted: [(&str, &Rule<'_>); 3] = [
        ("version", &version),
        ("encoding", &encoding),
        ("standalone", &standalone),
    ];
    for (name, is_right) in wanted {
        let trimmed = rest.trim_start_matches(SPACE);
        let value = trimmed
            .strip_prefix(name)
            .filter(|_| trimmed.len() < rest.len())
            .and_then(|value| value.trim_start_matches(SPACE).strip_prefix('='))
            .and_then(|value| literal(value.trim_start_matches(SPACE)));
        match value {
            Some((value, after)) if is_right(value) => rest = after,
            None if name != "version" => {}
            Some(_) | None => return Err(format!("the XML declaration has no sound {name}")),
        }
    }
    if rest.trim_matches(SPACE).is_empty() {
        return Ok(());
    }
    Err("the XML declaration says more than version, encoding and standalone".to_owned())
}

/// A name with at most one prefix.
fn qualified(name: &str) -> Result<(), String> {
    match name.split_once(':') {
        Some((prefix, local)) if is_simple(prefix) && is_simple(local) => Ok(()),
        None if is_simple(name) => Ok(()),
        Some(_) | None => Err(format!("{} is no name", quoted(name))),
    }
}

fn simple(name: &str) -> Result<(), String> {
    match is_simple(name) {
        true => Ok(()),
        false => Err(format!("{} is no name", quoted(name))),
    }
}

/// A name without a colon.
fn is_simple(name: &str) -> bool {
    name.starts_with(begins_name) && name.chars().all(|c| begins_name(c) || goes_on(c))
}

fn begins_name(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | '_'
        | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}' | '\u{370}'..='\u{37d}'
        | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}'
        | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}'
        | '\u{fdf0}'..='\u{fffd}' | '\u{10000}'..='\u{effff}')
}

fn goes_on(c: char) -> bool {
    matches!(c, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

fn quoted(text: &str) -> String {
    format!("{:?}", shortened(text))
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_names_and_attributes_with_space_between() {
        for right in [
            "a",
            "a:b ",
            "項目 b=\"1\"",
            "a\n b = '\"'\tc=\"&#x41;&amp;\" ",
        ] {
            assert_eq!(start(right), Ok(()), "{right}");
        }
        for wrong in [
            "",
            "1",
            "-a",
            ":a",
            "a:",
            "a:b:c",
            "a:1",
            "a b",
            "a b=",
            "a b=1",
            "a b=\"1\"c=\"2\"",
            "a b=\"1",
            "a 1=\"1\"",
            "a b=\"&\"",
            "a b=\"&x;\"",
            "a b=\"&#0;\"",
            "a b=\"&#X41;\"",
            "a b=\"&#xFFFE;\"",
            "a b=\"&#+65;\"",
            "a xmlns:b=\"\"",
            "a =\"1\"",
        ] {
            assert!(start(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_declaration_has_its_parts_in_order() {
        for right in [
            "xml version=\"1.0\"",
            "xml version='1.1' encoding='Shift_JIS' standalone='no' ",
            "xml version = \"1.0\" standalone=\"yes\"",
        ] {
            assert_eq!(declared(right), Ok(()), "{right}");
        }
        for wrong in [
            "xml",
            "xml encoding=\"UTF-8\"",
            "xml version=\"2.0\"",
            "xml version=\"1.\"",
            "xml version=\"1.0\"encoding=\"UTF-8\"",
            "xml version=\"1.0\" standalone=\"yes\" encoding=\"UTF-8\"",
            "xml version=\"1.0\" standalone=\"maybe\"",
            "xml version=\"1.0\" x=\"y\"",
            "xml version=1.0",
        ] {
            assert!(declared(wrong).is_err(), "{wrong}");
        }
    }
}
