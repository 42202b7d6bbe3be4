//! Published schemas: JSON Schema of every kind, and the XSD.
//!
//! Shapes and English come from the structs; Japanese, examples and the meanings of values from
//! `schemas/descriptions/`.

mod described;

use schemars::generate::SchemaSettings;
use schemars::schema_for;

use crate::crosswalk::table::Document;
use crate::disclosure::WrittenLayouts;
use crate::form::WrittenForm;
use crate::profile::WrittenProfile;
use crate::report::changes::Changes;
use crate::report::compare::Bids;
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
    /// The report of `changes`.
    Changes,
    /// The report of `compare`.
    Compare,
}

impl Published {
    /// All published schemas.
    pub const ALL: [Published; 8] = [
        Published::Disclosure,
        Published::Form,
        Published::Layout,
        Published::Profile,
        Published::Crosswalk,
        Published::Report,
        Published::Changes,
        Published::Compare,
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
            Published::Changes => "changes",
            Published::Compare => "compare",
        }
    }

    /// The name of the published schema itself, for references to it.
    ///
    /// It names the major version of the format; no file can be fetched by it.
    pub fn id(self) -> String {
        format!("urn:kaijisho:schema:{}:1", self.name())
    }

    /// What its words say beyond the structs.
    fn words(self) -> &'static str {
        match self {
            Published::Disclosure => include_str!("../schemas/descriptions/disclosure.toml"),
            Published::Form => include_str!("../schemas/descriptions/form.toml"),
            Published::Layout => include_str!("../schemas/descriptions/layout.toml"),
            Published::Profile => include_str!("../schemas/descriptions/profile.toml"),
            Published::Crosswalk => include_str!("../schemas/descriptions/crosswalk.toml"),
            Published::Report => include_str!("../schemas/descriptions/report.toml"),
            Published::Changes => include_str!("../schemas/descriptions/changes.toml"),
            Published::Compare => include_str!("../schemas/descriptions/compare.toml"),
        }
    }

    /// The JSON Schema (draft 2020-12), as committed in `schemas/<name>.schema.json`.
    ///
    /// Every property is described in English and Japanese, with examples.
    pub fn json_schema(self) -> String {
        let shape = match self {
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
            Published::Changes => SchemaSettings::default()
                .for_serialize()
                .into_generator()
                .into_root_schema_for::<Changes>(),
            Published::Compare => SchemaSettings::default()
                .for_serialize()
                .into_generator()
                .into_root_schema_for::<Bids>(),
        };
        // Serialised, because its keys are in the usual order only then.
        let shape = serde_json::to_value(&shape).expect("a schema is JSON");
        let schema = described::describe(shape, &self.id(), self.words());
        let mut text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
        text.push('\n');
        text
    }
}
