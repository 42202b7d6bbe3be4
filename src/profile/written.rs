//! Profiles as written. The spans of all parts that can be wrong are kept; `checked` uses them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::Level;
use crate::finding::{Finding, Severity, Value, rule};
use crate::language::Localised;
use crate::place::Lines;
use crate::syntax::in_words;

/// A profile file, schema `kaijisho/profile/1`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenProfile {
    /// Always `kaijisho/profile/1`.
    #[allow(dead_code)]
    pub(super) schema: SchemaName,
    /// Name of the profile.
    pub(super) id: String,
    pub(super) title: Localised,
    /// Where the requirements come from, and what is not here.
    #[serde(default)]
    pub(super) provenance: Localised,
    /// Names or files of profiles whose requirements come first.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) extends: Vec<Spanned<String>>,
    /// Severities of findings, by the name of the rule.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Severity>")]
    pub(super) severity: BTreeMap<Spanned<String>, Severity>,
    #[serde(default)]
    #[schemars(with = "Vec<WrittenRequirement>")]
    pub(super) requirement: Vec<Spanned<WrittenRequirement>>,
    #[serde(default)]
    #[schemars(with = "Vec<WrittenWaiver>")]
    pub(super) waiver: Vec<Spanned<WrittenWaiver>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub(super) enum SchemaName {
    #[serde(rename = "kaijisho/profile/1")]
    Profile1,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenRequirement {
    #[schemars(with = "String")]
    pub(super) id: Spanned<String>,
    /// A control, whatever the edition of the form.
    #[schemars(with = "Option<String>")]
    pub(super) control: Option<Spanned<String>>,
    /// An item of one form edition.
    #[schemars(with = "Option<WrittenItemTarget>")]
    pub(super) item: Option<Spanned<WrittenItemTarget>>,
    /// A rule over all controls, or over all whose yes is good.
    pub(super) controls: Option<ControlSet>,
    /// A rule over the items whose numbers a file lists (the annex of a guideline, say).
    #[schemars(with = "Option<WrittenItemList>")]
    pub(super) items: Option<Spanned<WrittenItemList>>,
    pub(super) level: Level,
    /// Weight when bids are compared, 0 to 10.
    #[serde(default = "one")]
    #[schemars(with = "u32")]
    pub(super) weight: Spanned<u32>,
    /// Answers that satisfy.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) answers: Vec<Spanned<String>>,
    /// Methods of which at least one must be ticked.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) methods: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) remark: RemarkNeed,
    pub(super) reason: Localised,
    #[serde(default)]
    pub(super) references: Vec<String>,
    pub(super) on_no: Option<OnNo>,
    pub(super) planned: Option<WrittenPlanned>,
}

fn one() -> Spanned<u32> {
    Spanned::new(0..0, 1)
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenItemTarget {
    pub(super) form: String,
    pub(super) number: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenItemList {
    /// The form whose items they are.
    pub(super) form: String,
    /// A text file beside the profile: one item number a line; what follows # is a comment.
    pub(super) file: String,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum ControlSet {
    Good,
    All,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum RemarkNeed {
    #[default]
    Optional,
    Required,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum OnNo {
    RiskAssessment,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenPlanned {
    /// Words of the remark that say it is planned.
    pub(super) words: Vec<String>,
    /// Words that take it back.
    #[serde(default)]
    pub(super) unless: Vec<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenWaiver {
    #[schemars(with = "String")]
    pub(super) requirement: Spanned<String>,
    pub(super) document: Option<WrittenScope>,
    pub(super) reason: Localised,
    /// Who allowed it.
    pub(super) approver: String,
    /// First day.
    #[schemars(with = "String")]
    pub(super) from: Spanned<toml::value::Datetime>,
    /// Last day, inclusive.
    #[schemars(with = "String")]
    pub(super) until: Spanned<toml::value::Datetime>,
    /// What is done instead.
    pub(super) compensating: Option<Localised>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenScope {
    pub(super) manufacturer: Option<String>,
    pub(super) product: Option<String>,
}

/// The first step: TOML with the right fields.
pub(super) fn read(text: &str) -> Result<WrittenProfile, Vec<Finding>> {
    toml::from_str(text).map_err(|error| {
        let place = Lines::new(text).place(error.span().map_or(0, |span| span.start));
        vec![
            Finding::new(rule::PROFILE_UNREADABLE, place)
                .with("detail", Value::Local(in_words(error.message()))),
        ]
    })
}
