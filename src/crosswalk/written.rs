//! Crosswalk files as written. The spans of all parts that can be wrong are kept; `checked` uses them.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::{Combine, LinkKind};
use crate::language::Localised;

/// A crosswalk file, schema `kaijisho/crosswalk/1`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenCrosswalk {
    /// Always `kaijisho/crosswalk/1`.
    #[allow(dead_code)]
    pub(super) schema: SchemaName,
    /// The one form, by id.
    #[schemars(with = "String")]
    pub(super) from: Spanned<String>,
    /// The other form, by id.
    #[schemars(with = "String")]
    pub(super) to: Spanned<String>,
    #[schemars(with = "Vec<WrittenLink>")]
    pub(super) link: Vec<Spanned<WrittenLink>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub(super) enum SchemaName {
    #[serde(rename = "kaijisho/crosswalk/1")]
    Crosswalk1,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenLink {
    /// Items of the one form.
    #[schemars(with = "Vec<String>")]
    pub(super) from: Vec<Spanned<String>>,
    /// Items of the other form.
    #[schemars(with = "Vec<String>")]
    pub(super) to: Vec<Spanned<String>>,
    pub(super) kind: LinkKind,
    /// For split and merge: is the one yes when all of the several are, or when any is?
    #[schemars(with = "Option<Combine>")]
    pub(super) combine: Option<Spanned<Combine>>,
    /// What to heed when an answer is carried over.
    pub(super) note: Option<Localised>,
}
