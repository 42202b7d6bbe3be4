//! `kaijisho schema`: the published schemas.

use kaijisho::Result;
use kaijisho::schema::{Published, XSD};

use super::arguments::{Common, Schema, SchemaKind, usage};
use super::{Ended, output};

pub(super) fn run(verb: &Schema, common: &Common) -> Result<Ended> {
    let published = match verb.kind {
        SchemaKind::Disclosure => Published::Disclosure,
        SchemaKind::Form => Published::Form,
        SchemaKind::Layout => Published::Layout,
        SchemaKind::Profile => Published::Profile,
        SchemaKind::Crosswalk => Published::Crosswalk,
        SchemaKind::Migration => Published::Migration,
        SchemaKind::Products => Published::Products,
        SchemaKind::Report => Published::Report,
        SchemaKind::Lines => Published::Lines,
        SchemaKind::Changes => Published::Changes,
        SchemaKind::Fill => Published::Fill,
        SchemaKind::Compare => Published::Compare,
        SchemaKind::Checklist => Published::Checklist,
        SchemaKind::Facility => Published::Facility,
        SchemaKind::ChecklistReport => Published::ChecklistReport,
        SchemaKind::Register => Published::Register,
        SchemaKind::RegisterEntry => Published::RegisterEntry,
        SchemaKind::Risks => Published::Risks,
    };
    if verb.xsd && published != Published::Disclosure {
        return Err(usage("--xsd: disclosure"));
    }
    let text = if verb.xsd {
        XSD.to_owned()
    } else {
        published.json_schema()
    };
    output::write(text.as_bytes(), common)?;
    Ok(Ended::Clean)
}
