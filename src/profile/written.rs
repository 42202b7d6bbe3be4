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
    /// Name of the facility, as it stands on the cover of reports.
    #[serde(default)]
    pub(super) facility: String,
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
    /// Facts about the system, true or false, and its categories.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Stated>")]
    pub(super) system: BTreeMap<Spanned<String>, toml::Value>,
    /// Changes to requirements of the profiles it extends.
    #[serde(default, rename = "override")]
    #[schemars(with = "Vec<WrittenOverride>")]
    pub(super) overrides: Vec<Spanned<WrittenOverride>>,
    /// Questions of the facility's own.
    #[serde(default)]
    #[schemars(with = "Vec<WrittenQuestion>")]
    pub(super) question: Vec<Spanned<WrittenQuestion>>,
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
    /// Controls of which one is enough.
    #[schemars(with = "Option<Vec<String>>")]
    pub(super) one_of: Option<Spanned<Vec<Spanned<String>>>>,
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
    /// Whether the remark has to name a document, an address or a section.
    #[serde(default)]
    pub(super) evidence: RemarkNeed,
    /// For which systems it is meant: facts, categories, not.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Wanted>")]
    pub(super) when: BTreeMap<Spanned<String>, toml::Value>,
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

#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
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
    #[serde(default)]
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

/// A change to a requirement of a profile that is extended; what is left out stays.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenOverride {
    /// The requirement, by id, or the rule with all requirements it stands for.
    #[schemars(with = "String")]
    pub(super) requirement: Spanned<String>,
    pub(super) level: Option<Level>,
    /// Another weight, 0 to 10.
    #[schemars(with = "Option<u32>")]
    pub(super) weight: Option<Spanned<u32>>,
    /// Other answers that satisfy.
    #[schemars(with = "Option<Vec<String>>")]
    pub(super) answers: Option<Vec<Spanned<String>>>,
    pub(super) remark: Option<RemarkNeed>,
    pub(super) evidence: Option<RemarkNeed>,
    /// Other systems that it is meant for.
    #[schemars(with = "Option<BTreeMap<String, Wanted>>")]
    pub(super) when: Option<BTreeMap<Spanned<String>, toml::Value>>,
    /// True sets it aside: it is shown, and not required.
    #[serde(default)]
    pub(super) off: bool,
    /// Why.
    pub(super) reason: Localised,
}

/// A question of the facility's own.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenQuestion {
    #[schemars(with = "String")]
    pub(super) id: Spanned<String>,
    /// The question, in the words in which a sheet carries it.
    #[schemars(with = "Localised")]
    pub(super) text: Spanned<Localised>,
    /// Answers that satisfy.
    #[schemars(with = "Vec<String>")]
    pub(super) answers: Vec<Spanned<String>>,
    pub(super) level: Level,
    /// Weight when bids are compared, 0 to 10.
    #[serde(default = "one")]
    #[schemars(with = "u32")]
    pub(super) weight: Spanned<u32>,
    #[serde(default)]
    pub(super) remark: RemarkNeed,
    #[serde(default)]
    pub(super) evidence: RemarkNeed,
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Wanted>")]
    pub(super) when: BTreeMap<Spanned<String>, toml::Value>,
    pub(super) reason: Localised,
    #[serde(default)]
    pub(super) references: Vec<String>,
}

/// What is said of a system under one name.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)] // the shape is read as a TOML value, so that mistakes are told in words; this publishes it
enum Stated {
    /// Whether the fact holds.
    Fact(bool),
    /// A category.
    Category(String),
    /// Categories.
    Categories(Vec<String>),
}

/// What a condition wants under one name.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)] // as above
enum Wanted {
    /// Whether the fact has to hold.
    Fact(bool),
    /// The category it has to belong to.
    Category(String),
    /// Categories of which it has to belong to one.
    Categories(Vec<String>),
    /// What must not hold, under the name not.
    Not(BTreeMap<String, Wanted>),
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenScope {
    pub(super) manufacturer: Option<String>,
    pub(super) product: Option<String>,
}

/// A file that only says what a system is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenSystem {
    pub(super) system: BTreeMap<Spanned<String>, toml::Value>,
}

/// The facts of a system, by themselves.
pub(super) fn read_system(text: &str) -> Result<WrittenSystem, Vec<Finding>> {
    parsed(text)
}

/// The first step: TOML with the right fields.
pub(super) fn read(text: &str) -> Result<WrittenProfile, Vec<Finding>> {
    parsed(text)
}

fn parsed<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Vec<Finding>> {
    toml::from_str(text).map_err(|error| {
        let place = Lines::new(text).place(error.span().map_or(0, |span| span.start));
        vec![
            Finding::new(rule::PROFILE_UNREADABLE, place)
                .with("detail", Value::Local(in_words(error.message()))),
        ]
    })
}
