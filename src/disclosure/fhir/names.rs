//! The names that FHIR resources of this project carry, for writing and for reading.
//!
//! All are `urn:kaijisho:…`: no address of the web is made up. What FHIR has a name for goes by FHIR's.

use std::borrow::Cow;

use crate::read::xstring;

/// Codes of answers: `yes`, `no`, `na`, `see-note`.
pub(crate) const ANSWER: &str = "urn:kaijisho:answer";
/// Codes of methods to tick, by the form's ids.
pub(crate) const OPTION: &str = "urn:kaijisho:option";
/// Codes of controls.
pub(crate) const CONTROL: &str = "urn:kaijisho:control";
/// Forms are `urn:kaijisho:form:<id>`.
const FORM: &str = "urn:kaijisho:form:";

/// A text that FHIR's `string` cannot hold as it is, in quotes and with escapes.
pub(crate) const EXACT: &str = "urn:kaijisho:exact";
/// What is written where an answer stands, if the coded answer does not say all of it.
pub(crate) const WRITTEN: &str = "urn:kaijisho:written";
/// The remark's number as written.
pub(crate) const REFERENCE: &str = "urn:kaijisho:reference";
/// The sheet a disclosure stands on.
pub(crate) const SHEET: &str = "urn:kaijisho:sheet";
/// Numbers of items that the disclosure does not have, with spaces between.
pub(crate) const ABSENT: &str = "urn:kaijisho:absent";
/// Where an item stands on the sheet, counted from 0, if the form has another order.
pub(crate) const POSITION: &str = "urn:kaijisho:position";
/// An item that the form does not have, or that stands twice.
pub(crate) const ITEM: &str = "urn:kaijisho:item";
/// A remark text that items refer to by number.
pub(crate) const NOTE: &str = "urn:kaijisho:note";
/// A piece of content that no form asks for.
pub(crate) const KEPT: &str = "urn:kaijisho:kept";
/// A condition that `enableWhen` cannot say, as form files write it.
pub(crate) const CONDITION: &str = "urn:kaijisho:condition";
/// The item above, where the tree does not show it.
pub(crate) const PARENT: &str = "urn:kaijisho:parent";

/// FHIR's extension for a text in another language.
pub(crate) const TRANSLATION: &str = "http://hl7.org/fhir/StructureDefinition/translation";
/// FHIR's extension for a value that is not there.
pub(crate) const ABSENT_REASON: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// The group of the head; its fields are `header.date` and so on.
pub(crate) const HEADER: &str = "header";
/// What the item of a remark adds to the number.
pub(crate) const REMARK: &str = "-remark";

/// The address of a form.
pub(crate) fn form_url(id: &str) -> String {
    let mut url = FORM.to_owned();
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'@') {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url
}

/// The form's id and version in a canonical address of ours, `urn:kaijisho:form:mds-reference|2026-11`.
pub(crate) fn form_of(canonical: &str) -> Option<(String, Option<&str>)> {
    let (url, version) = match canonical.split_once('|') {
        Some((url, version)) => (url, Some(version).filter(|version| !version.is_empty())),
        None => (canonical, None),
    };
    let id = url.trim().strip_prefix(FORM)?;
    Some((decoded(id), version))
}

/// Undoes `%2F` and the like.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|code| u8::from_str_radix(code, 16).ok());
        plain.push(code.unwrap_or(bytes[at]));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// The item of a remark.
pub(crate) fn remark_link(number: &str) -> String {
    format!("{number}{REMARK}")
}

/// A text as FHIR's `string` may hold it: no control characters, no white space at the ends, and not empty.
pub(crate) fn shown(text: &str) -> String {
    let text: Cow<'_, str> = if text.chars().all(is_kept) {
        Cow::Borrowed(text)
    } else {
        let replaced = text
            .chars()
            .map(|c| if is_kept(c) { c } else { '\u{fffd}' });
        Cow::Owned(replaced.collect())
    };
    match text.trim() {
        "" => "\u{fffd}".to_owned(),
        text => text.to_owned(),
    }
}

/// The characters of FHIR's `string`, and of XML.
fn is_kept(c: char) -> bool {
    xstring::is_xml_char(c) && !matches!(c, '\u{7f}')
}

/// A text so that nothing is lost: between quotes, which keep its ends, with escapes like `_x000B_`.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", xstring::escape(text, is_kept))
}

/// Undoes [`quoted`].
pub(crate) fn unquoted(text: &str) -> Option<String> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    Some(xstring::unescape(inner).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_forms() {
        assert_eq!(form_url("mds-reference"), "urn:kaijisho:form:mds-reference");
        for id in ["a@2", "様式 1", "50%", "x|y"] {
            let url = form_url(id);
            assert!(
                url.bytes().all(|b| b.is_ascii_graphic() && b != b'|'),
                "{url}"
            );
            assert_eq!(form_of(&url), Some((id.to_owned(), None)), "{url}");
            assert_eq!(
                form_of(&format!("{url}|2")),
                Some((id.to_owned(), Some("2")))
            );
        }
        assert_eq!(form_of("http://example.org/Questionnaire/1"), None);
    }

    #[test]
    fn any_text_comes_back_from_its_quotes() {
        for text in [
            "",
            " ",
            "a ",
            "\"",
            "_x000B_",
            "\u{b}",
            "\u{3000}全角　",
            "_x\u{0}_",
        ] {
            let quoted = quoted(text);
            assert!(quoted.chars().all(is_kept), "{quoted:?}");
            assert_eq!(unquoted(&quoted).as_deref(), Some(text));
        }
        assert_eq!(shown(" a\u{0}b\u{3000}"), "a\u{fffd}b");
        assert_eq!(shown(" \n"), "\u{fffd}");
    }
}
