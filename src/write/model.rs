//! The shape of a disclosure file as it is written and may be written by hand, for its JSON Schema.
//!
//! Wider than what this tool writes: a file for one disclosure needs no list of documents, a form may be
//! just its id, and an item needs no more than its number. What is read is decided in `disclosure`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::answer::State;
use crate::form::Family;
use crate::language::Language;

/// A disclosure file, `kaijisho/disclosure/1`, in JSON or TOML.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum WrittenFile {
    /// Several disclosures, as `kaijisho convert` writes them.
    Many(WrittenDocuments),
    /// One disclosure, written by hand.
    One(Box<WrittenDocument>),
}

/// A file with a list of disclosures.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenDocuments {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    schema: Option<SchemaName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tool: Option<WrittenTool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    language: Option<Language>,
    /// One for each disclosure.
    documents: Vec<WrittenDocument>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
enum SchemaName {
    #[serde(rename = "kaijisho/disclosure/1")]
    Disclosure1,
}

/// What wrote the file.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenTool {
    name: String,
    version: String,
}

/// A disclosure.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenDocument {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    schema: Option<SchemaName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    language: Option<Language>,
    /// The file it was read from; not read back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// SHA-256 of that file; not read back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    form: WrittenForm,
    /// The sheet it stands on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
    /// Every sheet of the workbook and what became of it; not read back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sheets: Vec<WrittenSheet>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    header: Option<WrittenHeader>,
    /// The items in the order of the sheet.
    items: Vec<WrittenItem>,
    /// Remark texts that items refer to by number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    remarks: Vec<WrittenRemark>,
    /// What no form asks for, kept as written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    kept: Vec<WrittenKept>,
}

/// The form of a disclosure.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum WrittenForm {
    /// Its id, such as `mds-reference`.
    Id(String),
    /// Its id, and what else is known of it.
    Described(WrittenFormInfo),
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenFormInfo {
    /// Its id, such as `mds-reference`; `derived-mds`, `derived-sds` or `derived-mds2` where no definition is known.
    id: String,
    /// Its edition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    edition: Option<String>,
    /// How it became known; not read back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<WrittenSource>,
    /// Whom it is about; not read back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    family: Option<Family>,
    /// Its title; not read back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// Where it comes from; not read back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    provenance: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum WrittenSource {
    Bundled,
    Imported,
    Given,
    Derived,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenSheet {
    name: String,
    role: WrittenRole,
    reason: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum WrittenRole {
    Disclosure,
    Ignored,
}

/// The head of a disclosure.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenHeader {
    /// Date of the disclosure: `2026-09-30`, or as written; 令和8年9月30日 is read too.
    #[serde(default)]
    date: Option<String>,
    /// Manufacturer or service provider.
    #[serde(default)]
    manufacturer: Option<String>,
    /// Product or service.
    #[serde(default)]
    product: Option<String>,
    /// Model.
    #[serde(default)]
    model: Option<String>,
    /// Version.
    #[serde(default)]
    version: Option<String>,
}

/// An item of a disclosure.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenItem {
    /// Its number. A text: 4.10 and 4.1 are two numbers.
    #[schemars(length(min = 1, max = 64))]
    number: String,
    /// The control it answers; not read back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    control: Option<String>,
    /// The question as printed on the sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// The form's title of it; not read back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// The heading it stands under; not read back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    section: Option<String>,
    /// `yes`, `no`, `na` or `see-note`; written by hand also the form's word, or the text that the item asks for.
    #[serde(default)]
    answer: Option<String>,
    /// The methods ticked, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    options: Vec<String>,
    /// How it was answered; follows from the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<State>,
    /// The answer as written on the sheet, where it is not just the form's word for `answer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    written: Option<String>,
    /// The remark's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    remark: Option<String>,
    /// The remark's number as written, where the sheet has only that: `備考3`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    remark_reference: Option<String>,
    /// Where the answer stands; not read back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<WrittenPlace>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum WrittenPlace {
    /// A cell of a sheet.
    Cell(WrittenCell),
    /// A position in a text file.
    Text(WrittenPosition),
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenCell {
    sheet: String,
    cell: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenPosition {
    line: u32,
    column: u32,
}

/// A remark text that items refer to by number.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenRemark {
    /// Its number.
    #[schemars(range(max = 9999))]
    key: u32,
    /// Its label as written, `備考3` or `Note 3`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    /// The text.
    text: String,
    /// True if an item refers to it; not read back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    referenced: Option<bool>,
}

/// A piece of content that no form asks for: kept as written and not judged.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenKept {
    /// What it is.
    kind: WrittenKeptKind,
    /// The item in whose row it stands, or with which a section begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 64))]
    item: Option<String>,
    /// Its label as written, such as `電話`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    /// What it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// Where it stood in the file it was first read from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum WrittenKeptKind {
    Line,
    Section,
    Reference,
    Cell,
    Row,
    Comment,
    TextBox,
    CheckBox,
    Key,
    Other,
}
