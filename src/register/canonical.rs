//! Canonical JSON: one text for one value, so that a hash of it means something.
//!
//! Keys are sorted by their characters, nothing stands between tokens, numbers are whole.

use serde::Serialize;
use serde_json::Value;

use crate::error::{Error, Result};

/// The canonical text of a value.
///
/// # Errors
/// [`Error::Format`] if it cannot be written as JSON.
pub(super) fn text_of(value: &impl Serialize) -> Result<String> {
    let value = serde_json::to_value(value).map_err(|error| Error::Format(error.to_string()))?;
    Ok(sorted(value).to_string())
}

/// The same in lines, for files that people compare: the same order of keys, a line for each value.
pub(super) fn lines_of(value: Value) -> String {
    let mut text = serde_json::to_string_pretty(&sorted(value)).expect("a value is JSON");
    text.push('\n');
    text
}

/// The value with the keys of every object in order.
pub(super) fn sorted(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut entries: Vec<(String, Value)> = object.into_iter().collect();
            entries.sort_by(|left, right| left.0.cmp(&right.0));
            let entries = entries.into_iter();
            Value::Object(entries.map(|(key, value)| (key, sorted(value))).collect())
        }
        Value::Array(values) => Value::Array(values.into_iter().map(sorted).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_at_every_depth() {
        let value = serde_json::json!({"b": [{"z": 1, "a": "二\n"}], "a": null});
        let text = text_of(&value).expect("JSON");
        assert_eq!(text, r#"{"a":null,"b":[{"a":"二\n","z":1}]}"#);
        let lines: Value = serde_json::from_str(&lines_of(value)).expect("JSON");
        assert_eq!(text_of(&lines).expect("JSON"), text);
    }
}
