//! Writing disclosures: XML, JSON, TOML and a plain workbook, without loss.
//!
//! Each format is one file; what it writes, `read` reads back to the same disclosure.

mod json;
pub(crate) mod model;
mod toml;
mod xlsx;
mod xml;

use crate::disclosure::Disclosure;
use crate::error::Result;
use crate::language::Language;

/// A format a disclosure can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// An Excel workbook, one sheet for each disclosure.
    Xlsx,
    /// The project's own XML, `schemas/disclosure.xsd`.
    Xml,
    /// JSON, `schemas/disclosure.schema.json`.
    Json,
    /// TOML of the same shape.
    Toml,
}

impl Target {
    /// The format of a file name's ending.
    pub fn of_name(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "xlsx" => Some(Target::Xlsx),
            "xml" => Some(Target::Xml),
            "json" => Some(Target::Json),
            "toml" => Some(Target::Toml),
            _ => None,
        }
    }
}

/// Where the disclosures of a file come from, for the formats that say so.
#[derive(Clone, Debug)]
pub struct Origin<'a> {
    /// The file as named by the user.
    pub file: &'a str,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: &'a str,
}

/// Writes the disclosures of a file.
///
/// # Errors
/// [`crate::Error::Format`] if the format cannot hold what is to be written.
pub fn write(
    disclosures: &[Disclosure],
    origin: &Origin<'_>,
    target: Target,
    language: Language,
) -> Result<Vec<u8>> {
    match target {
        Target::Xlsx => xlsx::write(disclosures, language),
        Target::Xml => xml::write(disclosures, language),
        Target::Json => json::write(disclosures, origin, language),
        Target::Toml => toml::write(disclosures, origin, language),
    }
}
