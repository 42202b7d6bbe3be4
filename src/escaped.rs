//! Texts of others, made safe for the format they are written in: no formula, no hidden character, no broken quote.

mod csv;
mod json;
mod toml;

pub(crate) use csv::guarded;
pub use json::json_text;
pub(crate) use json::{on_one_line, pretty};
pub(crate) use toml::{is_hidden, quoted, quoted_on_one_line};
