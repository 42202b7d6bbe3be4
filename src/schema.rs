//! Published schemas: JSON Schema of every kind, and the XSD.
//!
//! Shapes and English come from the structs; Japanese, examples and the meanings of values from
//! `schemas/descriptions/`.

mod described;

use schemars::generate::SchemaSettings;
use schemars::schema_for;

use crate::checklist::{WrittenFacility, WrittenYear};
use crate::crosswalk::table::Document;
use crate::disclosure::WrittenLayouts;
use crate::fill::report::FillReport;
use crate::form::WrittenForm;
use crate::migrate::list::List;
use crate::profile::WrittenProfile;
use crate::report::changes::Changes;
use crate::report::checklist::ChecklistReport;
use crate::report::compare::Bids;
use crate::report::lines::Line;
use crate::report::model::Report;
use crate::report::records::Records;
use crate::risks::WrittenRegister;

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
    /// The list that `migrate` writes.
    Migration,
    /// A product source file, and what `new --from` writes of a run.
    Products,
    /// The reports of `check`, `diff` and `report`.
    Report,
    /// The lines of `check`, `diff` and `report` over many files.
    Lines,
    /// The report of `changes`.
    Changes,
    /// The report of `fill`.
    Fill,
    /// The report of `compare`.
    Compare,
    /// The items of a year's checklist.
    Checklist,
    /// A facility file.
    Facility,
    /// The report of `checklist`.
    ChecklistReport,
    /// What `register` says.
    Register,
    /// An entry in a folder that `register export` writes.
    RegisterEntry,
    /// A risk register.
    Risks,
}

impl Published {
    /// All published schemas.
    pub const ALL: [Published; 18] = [
        Published::Disclosure,
        Published::Form,
        Published::Layout,
        Published::Profile,
        Published::Crosswalk,
        Published::Migration,
        Published::Products,
        Published::Report,
        Published::Lines,
        Published::Changes,
        Published::Fill,
        Published::Compare,
        Published::Checklist,
        Published::Facility,
        Published::ChecklistReport,
        Published::Register,
        Published::RegisterEntry,
        Published::Risks,
    ];

    /// Its name on the command line, and the stem of its file in `schemas/`.
    pub fn name(self) -> &'static str {
        match self {
            Published::Disclosure => "disclosure",
            Published::Form => "form",
            Published::Layout => "layout",
            Published::Profile => "profile",
            Published::Crosswalk => "crosswalk",
            Published::Migration => "migration",
            Published::Products => "products",
            Published::Report => "report",
            Published::Lines => "lines",
            Published::Changes => "changes",
            Published::Fill => "fill",
            Published::Compare => "compare",
            Published::Checklist => "checklist",
            Published::Facility => "facility",
            Published::ChecklistReport => "checklist-report",
            Published::Register => "register",
            Published::RegisterEntry => "register-entry",
            Published::Risks => "risks",
        }
    }

    /// The name of the published schema itself, for references to it.
    ///
    /// It names the major version of the format; no file can be fetched by it.
    pub fn id(self) -> String {
        format!("urn:kaijisho:schema:{}:1", self.name())
    }

    /// What is said about it beyond the structs; where two files say something, the last one counts.
    fn words(self) -> &'static [&'static str] {
        macro_rules! words {
            ($($name:literal),*) => {
                &[$(include_str!(concat!("../schemas/descriptions/", $name, ".toml"))),*]
            };
        }
        match self {
            Published::Disclosure => words!("common", "disclosure"),
            Published::Form => words!("common", "form"),
            Published::Layout => words!("common", "layout"),
            Published::Profile => words!("common", "profile"),
            Published::Crosswalk => words!("common", "crosswalk"),
            Published::Report => words!("common", "report"),
            Published::Lines => words!("common", "report", "lines"),
            Published::Changes => words!("common", "changes"),
            Published::Migration => words!("common", "migration"),
            Published::Products => words!("common", "products"),
            Published::Fill => words!("common", "fill"),
            Published::Compare => words!("common", "compare"),
            Published::Checklist => words!("common", "checklist"),
            Published::Facility => words!("common", "facility"),
            Published::ChecklistReport => words!("common", "checklist-report"),
            // It tells changes as `changes` does.
            Published::Register => words!("common", "changes", "register"),
            Published::RegisterEntry => words!("register-entry"),
            Published::Risks => words!("common", "risks"),
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
            Published::Products => schema_for!(crate::products::run::Document),
            // Reports and lists are only written: what may be left out is what serialising leaves out.
            Published::Migration => written_schema::<List>(),
            Published::Report => written_schema::<Report>(),
            Published::Lines => written_schema::<Line<'_>>(),
            Published::Changes => written_schema::<Changes>(),
            Published::Fill => written_schema::<FillReport>(),
            Published::Compare => written_schema::<Bids>(),
            Published::Checklist => schema_for!(WrittenYear),
            Published::Facility => schema_for!(WrittenFacility),
            Published::ChecklistReport => written_schema::<ChecklistReport>(),
            Published::Register => written_schema::<Records>(),
            Published::RegisterEntry => schema_for!(crate::register::RegisterEntry),
            Published::Risks => schema_for!(WrittenRegister),
        };
        // Serialised, because its keys are in the usual order only then.
        let shape = serde_json::to_value(&shape).expect("a schema is JSON");
        let schema = described::describe(shape, &self.id(), self.words());
        let mut text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
        text.push('\n');
        text
    }
}

fn written_schema<T: schemars::JsonSchema>() -> schemars::Schema {
    SchemaSettings::default()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<T>()
}
