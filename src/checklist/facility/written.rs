//! Facility files as written. The spans of all parts that can be wrong are kept; `checked` uses them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

/// A facility file, schema `kaijisho/facility/1`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenFacility {
    /// Always `kaijisho/facility/1`.
    #[allow(dead_code)]
    pub(super) schema: FacilitySchema,
    /// Name of the facility.
    #[schemars(with = "String")]
    pub(super) name: Spanned<String>,
    /// Hospital, clinic and the like.
    #[schemars(with = "Option<String>")]
    pub(super) kind: Option<Spanned<String>>,
    /// Form files beside this one, of forms that are known besides the bundled ones.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) form_files: Vec<Spanned<String>>,
    /// The people who answer for it.
    #[serde(default)]
    pub(super) people: WrittenPeople,
    /// The vendors.
    #[serde(default)]
    #[schemars(with = "Vec<WrittenVendor>")]
    pub(super) vendor: Vec<Spanned<WrittenVendor>>,
    /// The systems.
    #[serde(default)]
    #[schemars(with = "Vec<WrittenSystem>")]
    pub(super) system: Vec<Spanned<WrittenSystem>>,
    /// The facility's own answers.
    #[serde(default)]
    #[schemars(with = "Vec<WrittenOwn>")]
    pub(super) answer: Vec<Spanned<WrittenOwn>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub(super) enum FacilitySchema {
    #[serde(rename = "kaijisho/facility/1")]
    Facility1,
}

/// The people who answer for the facility.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenPeople {
    /// Who answers for the safety of medical information systems.
    #[schemars(with = "Option<String>")]
    pub(super) safety_manager: Option<Spanned<String>>,
    /// Who fills in the checklist.
    #[schemars(with = "Option<String>")]
    pub(super) filled_by: Option<Spanned<String>>,
}

/// A vendor.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenVendor {
    /// Its name in this file and in names of forms sent to it.
    #[schemars(with = "String")]
    pub(super) id: Spanned<String>,
    /// Its name, as on its disclosures.
    #[schemars(with = "String")]
    pub(super) name: Spanned<String>,
    /// Other names under which its disclosures come.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) aliases: Vec<Spanned<String>>,
    /// Whom to call.
    #[schemars(with = "Option<String>")]
    pub(super) contact: Option<Spanned<String>>,
}

/// A system of the facility.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenSystem {
    /// Its name in this file.
    #[schemars(with = "String")]
    pub(super) id: Spanned<String>,
    /// Its name.
    #[schemars(with = "String")]
    pub(super) name: Spanned<String>,
    /// What kind it is, or of which kinds.
    #[schemars(with = "Option<OneOrSeveral>")]
    pub(super) category: Option<Spanned<toml::Value>>,
    /// The vendor, by its id.
    #[schemars(with = "Option<String>")]
    pub(super) vendor: Option<Spanned<String>>,
    /// Who made the product, where that is not the vendor.
    #[schemars(with = "Option<String>")]
    pub(super) manufacturer: Option<Spanned<String>>,
    /// The product or service, as on its disclosure.
    #[schemars(with = "Option<String>")]
    pub(super) product: Option<Spanned<String>>,
    /// The version in use, in quotation marks.
    #[schemars(with = "Option<String>")]
    pub(super) version: Option<Spanned<toml::Value>>,
    /// Number of servers.
    pub(super) servers: Option<u32>,
    /// Number of PCs.
    pub(super) pcs: Option<u32>,
    /// Number of network devices.
    pub(super) network_devices: Option<u32>,
    /// Whether remote maintenance is used.
    pub(super) remote_maintenance: Option<bool>,
    /// Facts about it, by the names that profiles use, on which requirements depend.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, bool>")]
    pub(super) facts: BTreeMap<Spanned<String>, toml::Value>,
    /// Whether there is a contract with a vendor; true where it is left out.
    pub(super) contract: Option<bool>,
    /// Files that hold its disclosure, by name, where product and manufacturer do not settle it.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) disclosures: Vec<Spanned<String>>,
}

/// A word, or several.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)] // for the JSON Schema only
enum OneOrSeveral {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

/// An answer of the facility's own.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenOwn {
    /// The item, by its name in the year's file.
    #[schemars(with = "String")]
    pub(super) item: Spanned<String>,
    /// The system it is about, by its id; all where it is left out.
    #[schemars(with = "Option<String>")]
    pub(super) system: Option<Spanned<String>>,
    pub(super) answer: YesNo,
    /// The day on which it was confirmed.
    #[schemars(with = "String")]
    pub(super) checked: Spanned<toml::Value>,
    /// The day by which a no is to become a yes.
    #[schemars(with = "Option<String>")]
    pub(super) target: Option<Spanned<toml::Value>>,
    /// The second look.
    pub(super) second: Option<WrittenSecond>,
    /// What it rests on.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) evidence: Vec<Spanned<String>>,
    /// Who confirmed it.
    #[schemars(with = "Option<String>")]
    pub(super) by: Option<Spanned<String>>,
}

/// A second look at an item that was answered no.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenSecond {
    /// The day.
    #[schemars(with = "String")]
    pub(super) date: Spanned<toml::Value>,
    pub(super) answer: YesNo,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum YesNo {
    #[serde(alias = "はい")]
    Yes,
    #[serde(alias = "いいえ")]
    No,
}
