//! The shape of a disclosure file as it is written and may be written by hand.

use schemars::JsonSchema;
use serde::Serialize;

/// stub
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct WrittenFile {
    /// stub
    pub(crate) schema: String,
}
