//! Form files as written. The spans of all parts that can be wrong are kept; `checked` uses them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::{Family, Field, Kind, OnDisabled, Remarks};
use crate::answer::Answer;
use crate::language::Localised;

/// A form file, schema `kaijisho/form/1`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub(crate) struct WrittenForm {
    /// Always `kaijisho/form/1`.
    #[allow(dead_code)]
    pub(super) schema: SchemaName,
    /// Name of the form: lower-case letters, digits, dots and dashes.
    pub(super) id: String,
    pub(super) family: Family,
    /// The edition, as people call it.
    pub(super) edition: String,
    /// Where one file holds several editions: their names, the current one first.
    #[serde(default)]
    pub(super) editions: Vec<String>,
    /// The edition that replaced this one.
    pub(super) superseded_by: Option<String>,
    /// The language the sheet is printed in, `ja` or `en`.
    #[allow(dead_code)]
    pub(super) language: Option<String>,
    pub(super) title: Localised,
    /// Where the definition comes from and what it is not.
    pub(super) provenance: Localised,
    #[allow(dead_code)]
    pub(super) guideline: Option<Localised>,
    /// True if the questions printed on a sheet can be compared with the titles here.
    #[serde(default)]
    pub(super) compare_text: bool,
    /// True if the titles here are the form's own questions, so that every change of them is told.
    #[serde(default)]
    pub(super) exact_text: bool,
    /// The answers an item takes unless it says otherwise.
    pub(super) choices: Vec<Answer>,
    /// Groups of letters (`OTHR`) whose numbers are welcome beyond the listed items.
    #[serde(default)]
    pub(super) free_groups: Vec<String>,
    /// Where its remarks stand: `row`, in the row of the item, or `block`, by number in a block below.
    pub(super) remarks: Option<Remarks>,
    /// Whether a child without a condition is asked only when its parent says yes.
    #[serde(default)]
    pub(super) child_rule: ChildRule,
    pub(super) recognise: Recognise,
    #[serde(default)]
    pub(super) header: Vec<WrittenHeader>,
    /// Answers that need a remark, for every item.
    #[serde(default)]
    pub(super) remark_rule: Vec<RemarkRule>,
    #[schemars(with = "Vec<WrittenSection>")]
    pub(super) section: Vec<Spanned<WrittenSection>>,
    #[schemars(with = "Vec<WrittenItem>")]
    pub(super) item: Vec<Spanned<WrittenItem>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub(super) enum SchemaName {
    #[serde(rename = "kaijisho/form/1")]
    Form1,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ChildRule {
    /// A child is asked when its parent says yes.
    #[default]
    ParentYes,
    /// A child is always asked.
    None,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Recognise {
    /// Titles of the sheet, any of which may stand in it.
    pub(super) titles: Vec<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenHeader {
    pub(super) field: Field,
    /// The item whose answer is this field.
    #[schemars(with = "Option<String>")]
    pub(super) item: Option<Spanned<String>>,
    pub(super) required: bool,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RemarkRule {
    /// Answers that need a remark.
    pub(super) when: Vec<Answer>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenSection {
    pub(super) id: String,
    pub(super) title: Localised,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenItem {
    pub(super) number: String,
    pub(super) section: String,
    pub(super) parent: Option<String>,
    pub(super) title: Localised,
    #[serde(default)]
    pub(super) kind: Kind,
    /// The answers it takes, where they differ from the form's.
    pub(super) choices: Option<Vec<Answer>>,
    /// The methods to tick, for `kind = "multiple"`.
    #[serde(default)]
    pub(super) options: Vec<WrittenOption>,
    pub(super) required: Option<bool>,
    #[schemars(with = "Option<WrittenCondition>")]
    pub(super) enable: Option<Spanned<WrittenCondition>>,
    #[serde(default)]
    pub(super) on_disabled: OnDisabled,
    /// Answers that need a remark here, besides the form's.
    #[serde(default)]
    pub(super) remark_when: Vec<Answer>,
    /// Other numbers under which sheets print it.
    #[serde(default)]
    pub(super) aliases: Vec<String>,
    /// The control it answers, in the same sense.
    pub(super) control: Option<String>,
    /// How sure it is that it answers that control, above 0 and at most 1; 1 unless it was recognised by its words.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub(super) confidence: Option<f64>,
    /// Clauses it cites, by document.
    #[serde(default)]
    pub(super) references: BTreeMap<String, Vec<String>>,
    /// The editions that have it, where a file holds several and not all do.
    #[serde(default)]
    pub(super) editions: Vec<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenOption {
    pub(super) id: String,
    pub(super) title: Localised,
    #[serde(default)]
    pub(super) words: Vec<String>,
}

/// `{ item, is }`, `{ item, ticked }`, `{ all = […] }` or `{ any = […] }`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenCondition {
    pub(super) item: Option<String>,
    pub(super) is: Option<Vec<Answer>>,
    pub(super) ticked: Option<Vec<String>>,
    pub(super) all: Option<Vec<WrittenCondition>>,
    pub(super) any: Option<Vec<WrittenCondition>>,
}
