//! The shape of a layout file, as `kaijisho schema layout` publishes it.
//!
//! Nothing is read into these structs: `checked` reads field by field, so that all mistakes come together, each
//! with its own place. A test holds the names here and there together.

use std::collections::BTreeMap;

use schemars::JsonSchema;

use crate::answer::Answer;

/// A layout file, schema `kaijisho/layout/1`: where the parts of a disclosure stand on its sheets.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "the published shape; `checked` reads the file")]
pub(crate) struct WrittenLayouts {
    /// Always `kaijisho/layout/1`.
    schema: SchemaName,
    /// The tables, in any order.
    #[schemars(length(min = 1, max = 100))]
    table: Vec<WrittenTable>,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "the published shape; `checked` reads the file")]
enum SchemaName {
    #[schemars(rename = "kaijisho/layout/1")]
    Layout1,
}

/// One table. Rows are numbered and columns lettered as Excel shows them. `first_row` may be left out where
/// `header_row` stands. Of `answer` and `marks` one is needed.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "the published shape; `checked` reads the file")]
struct WrittenTable {
    /// The sheet's name. Without it, every visible sheet that no other table names.
    sheet: Option<String>,
    /// The row of the headings.
    #[schemars(range(min = 1, max = 1_048_576))]
    header_row: Option<u32>,
    /// The first row of items; the one below the headings where it is left out.
    #[schemars(range(min = 1, max = 1_048_576))]
    first_row: Option<u32>,
    /// The last row of items.
    #[schemars(range(min = 1, max = 1_048_576))]
    last_row: Option<u32>,
    /// The column of item numbers, or several: a part of the number in each, or a whole number in that of its
    /// level. It may be the column of the question, where the number stands before it.
    number: OneOrSeveral,
    /// The column of the question.
    question: Option<Column>,
    /// The column of the answer, where it is one.
    answer: Option<Column>,
    /// The columns of marks, each for one answer.
    marks: Option<WrittenMarks>,
    /// The columns of remarks.
    remark: Option<OneOrSeveral>,
    /// The columns of headings under which items stand.
    section: Option<OneOrSeveral>,
    /// The columns of references.
    reference: Option<OneOrSeveral>,
    /// How many rows below its number the answer stands, on a sheet of cards.
    #[schemars(range(max = 100))]
    answer_row: Option<u32>,
    /// How many rows below its number the remark stands, on a sheet of cards.
    #[schemars(range(max = 100))]
    remark_row: Option<u32>,
    /// What the codes in the column of the answer mean.
    codes: Option<BTreeMap<String, Answer>>,
    /// The cells of the head, on the same sheet.
    head: Option<WrittenHead>,
}

/// Letters of a column.
#[derive(JsonSchema)]
#[schemars(transparent)]
#[expect(dead_code, reason = "the published shape; `checked` reads the file")]
struct Column(#[schemars(regex(pattern = r"^[A-Za-z]{1,3}$"))] String);

/// An address such as `C3`.
#[derive(JsonSchema)]
#[schemars(transparent)]
#[expect(dead_code, reason = "the published shape; `checked` reads the file")]
struct Address(#[schemars(regex(pattern = r"^\$?[A-Za-z]{1,3}\$?[0-9]{1,7}$"))] String);

#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "the published shape; `checked` reads the file")]
enum OneOrSeveral {
    One(Column),
    Several(#[schemars(length(min = 1, max = 20))] Vec<Column>),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(dead_code, reason = "the published shape; `checked` reads the file")]
struct WrittenMarks {
    yes: Option<Column>,
    no: Option<Column>,
    na: Option<Column>,
    see_note: Option<Column>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "the published shape; `checked` reads the file")]
struct WrittenHead {
    date: Option<Address>,
    manufacturer: Option<Address>,
    product: Option<Address>,
    model: Option<Address>,
    version: Option<Address>,
}
