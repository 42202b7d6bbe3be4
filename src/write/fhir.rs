//! FHIR R4: the form as a Questionnaire, the disclosure as a QuestionnaireResponse, in one Bundle.
//!
//! The same tree of resources is written as JSON or as XML. The mapping is described in `schemas/README.md`;
//! what FHIR has no place for stands in extensions named `urn:kaijisho:…` ([`names`]), so that reading back
//! loses nothing.

mod json;
mod outline;
mod questionnaire;
mod resource;
mod response;
mod xml;

use std::collections::HashSet;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use self::outline::Outline;
use self::resource::{Element, Fields};
use crate::disclosure::Disclosure;
use crate::disclosure::fhir_names as names;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::limits::Limits;

/// How FHIR is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Syntax {
    Json,
    Xml,
}

/// Writes disclosures and their forms as a Bundle.
///
/// # Errors
/// [`Error::Format`] if it would go over the limits of reading.
pub(super) fn write(disclosures: &[Disclosure], syntax: Syntax) -> Result<Vec<u8>> {
    let mut entries = Vec::new();
    let mut known = HashSet::new();
    let mut responses = Vec::new();
    for (at, disclosure) in disclosures.iter().enumerate() {
        let form = &disclosure.form;
        let outline = Outline::of(form);
        let version = version(form);
        let canonical = canonical(form, &version);
        if known.insert(canonical.clone()) {
            let questionnaire = questionnaire::build(form, &outline, &version);
            entries.push(entry(&canonical, questionnaire));
        }
        let response = response::build(disclosure, &outline, &canonical);
        responses.push(entry(&format!("{canonical} {at}"), response));
    }
    entries.extend(responses);
    let bundle = Fields::default()
        .code("type", "collection")
        .list("entry", entries)
        .resource("Bundle");
    let bytes = match syntax {
        Syntax::Json => json::render(&bundle),
        Syntax::Xml => xml::render(&bundle)?,
    };
    can_be_read(&bundle, &bytes, syntax)?;
    Ok(bytes)
}

fn entry(name: &str, resource: Element) -> Element {
    Fields::default()
        .code("fullUrl", format!("urn:uuid:{}", uuid(name)))
        .element("resource", resource)
        .complex()
}

/// A UUID (version 8, RFC 9562) that follows from a name, so that the same file is written every time.
fn uuid(name: &str) -> String {
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&Sha256::digest(name.as_bytes())[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

/// The edition; a form without one, such as one derived from a sheet, is told by what it asks.
fn version(form: &Arc<Form>) -> String {
    if !form.edition.is_empty() {
        return form.edition.clone();
    }
    let mut digest = Sha256::new();
    for item in &form.items {
        digest.update(item.number.as_str());
        digest.update([0]);
        digest.update(&item.title.ja);
        digest.update([0]);
    }
    let digest = digest.finalize();
    digest[..6]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// What a response says of its questionnaire; an edition that an address cannot hold is left out.
fn canonical(form: &Form, version: &str) -> String {
    let url = names::form_url(&form.id);
    let fits = |c: char| c.is_ascii_graphic() && !matches!(c, '|' | '#' | '<' | '>' | '"');
    if version.chars().all(fits) {
        format!("{url}|{version}")
    } else {
        url
    }
}

/// Refuses what [`crate::read`] would refuse: too many values, or a text that escapes have made too long.
fn can_be_read(bundle: &Element, bytes: &[u8], syntax: Syntax) -> Result<()> {
    let limits = Limits::default();
    let longest = bundle.longest();
    if longest > limits.cell_chars {
        return Err(Error::TooLong {
            place: "FHIR".to_owned(),
            found: longest.to_string(),
            allowed: limits.cell_chars,
        });
    }
    let values = match syntax {
        Syntax::Json => bytes
            .iter()
            .filter(|byte| matches!(byte, b',' | b'=' | b'[' | b'{'))
            .count(),
        Syntax::Xml => bytes
            .iter()
            .filter(|byte| matches!(byte, b'<' | b'='))
            .count(),
    };
    if values > limits.values {
        return Err(Error::Format(format!(
            "FHIR: {values} values; at most {} can be read back",
            limits.values
        )));
    }
    Ok(())
}
