//! Published schemas: JSON Schema of every kind, and the XSD.

use schemars::generate::SchemaSettings;
use schemars::schema_for;

use crate::crosswalk::table::Document;
use crate::disclosure::WrittenLayouts;
use crate::fill::report::FillReport;
use crate::form::WrittenForm;
use crate::profile::WrittenProfile;
use crate::report::model::Report;

/// The XSD of the project's own XML.
pub const XSD: &str = include_str!("../schemas/disclosure.xsd");

/// A published schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// The disclosure that `convert` writes.
    Disclosure,
    /// A form file.
    Form,
    /// A layout file.
    Layout,
    /// A profile file.
    Profile,
    /// A crosswalk file, and the links that `form crosswalk` writes.
    Crosswalk,
    /// The reports of `check`, `diff` and `report`.
    Report,
    /// The report of `fill`.
    Fill,
}

impl Published {
    /// All published schemas.
    pub const ALL: [Published; 7] = [
        Published::Disclosure,
        Published::Form,
        Published::Layout,
        Published::Profile,
        Published::Crosswalk,
        Published::Report,
        Published::Fill,
    ];

    /// Its name on the command line, and the stem of its file in `schemas/`.
    pub fn name(self) -> &'static str {
        match self {
            Published::Disclosure => "disclosure",
            Published::Form => "form",
            Published::Layout => "layout",
            Published::Profile => "profile",
            Published::Crosswalk => "crosswalk",
            Published::Report => "report",
            Published::Fill => "fill",
        }
    }

    /// The JSON Schema (draft 2020-12), as committed in `schemas/<name>.schema.json`.
    pub fn json_schema(self) -> String {
        let schema = match self {
            // One shape serves reports and disclosures; the file to read back may leave more out.
            Published::Disclosure => schema_for!(crate::write::model::WrittenFile),
            Published::Form => schema_for!(WrittenForm),
            Published::Layout => schema_for!(WrittenLayouts),
            Published::Profile => schema_for!(WrittenProfile),
            Published::Crosswalk => schema_for!(Document),
            // Reports are only written: what may be left out is what serialising leaves out.
            Published::Report => SchemaSettings::default()
                .for_serialize()
                .into_generator()
                .into_root_schema_for::<Report>(),
            Published::Fill => SchemaSettings::default()
                .for_serialize()
                .into_generator()
                .into_root_schema_for::<FillReport>(),
        };
        let mut text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
        text.push('\n');
        text
    }
}
