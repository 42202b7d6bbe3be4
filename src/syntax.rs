//! What the parsers of TOML and JSON say about a file that a person wrote, in words that person can act on.
//!
//! They speak English, of "fields", "variants" and "sequences". The usual mistakes become a sentence in the
//! reader's language; a rare one stays as it is, in a frame that says what it is about.

use crate::language::{Language, Localised};
use crate::text::nearest;

/// How many names are listed.
const LISTED: usize = 12;

/// The message of the TOML parser in both languages.
pub(crate) fn in_words(message: &str) -> Localised {
    let message = message.trim();
    unknown(message)
        .or_else(|| missing(message))
        .or_else(|| wrong_type(message))
        .unwrap_or_else(|| syntax(message))
}

/// What a file of another kind of this project is, and what it is for.
pub(crate) fn other_kind(schema: &str) -> Option<Localised> {
    let kind = schema.strip_prefix("kaijisho/")?.strip_suffix("/1")?;
    let key = format!("file-kind-{kind}");
    let known = |language: Language| language.known_label(&key);
    Some(Localised {
        ja: known(Language::Ja)?,
        en: known(Language::En)?,
    })
}

/// Names between backticks.
fn names(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// ``unknown field `famili`, expected one of `id`, `family` ``, and the same for values ("variants").
fn unknown(message: &str) -> Option<Localised> {
    let (key, near_key, rest) = if let Some(rest) = message.strip_prefix("unknown field ") {
        ("toml-unknown-name", "toml-unknown-name-near", rest)
    } else {
        let rest = message.strip_prefix("unknown variant ")?;
        ("toml-unknown-value", "toml-unknown-value-near", rest)
    };
    let names = names(rest);
    let (found, known) = names.split_first()?;
    if let Some(kind) = other_kind(found) {
        return Some(kind);
    }
    let near = nearest(known.iter().copied(), found);
    let mut listed = known[..known.len().min(LISTED)].join(", ");
    if known.len() > LISTED {
        listed.push_str(" …");
    }
    let values = [("found", *found), ("known", listed.as_str())];
    Some(match near {
        Some(near) => Localised::label(near_key, &[&values[..], &[("near", near)]].concat()),
        None => Localised::label(key, &values),
    })
}

/// ``missing field `title` ``
fn missing(message: &str) -> Option<Localised> {
    let rest = message.strip_prefix("missing field ")?;
    let name = names(rest).first().copied()?;
    Some(Localised::label("toml-missing-name", &[("name", name)]))
}

/// ``invalid type: integer `5`, expected a string``
fn wrong_type(message: &str) -> Option<Localised> {
    let rest = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))?;
    let (found, expected) = rest.rsplit_once(", expected ")?;
    // A number that is too small or too large is of the right type, and yet told as of another.
    if let (Some(value), "u8" | "u16" | "u32") = (found.strip_prefix("integer "), expected) {
        let value = value.trim_matches('`');
        let key = if value.starts_with('-') {
            "toml-negative"
        } else {
            "toml-too-large"
        };
        return Some(Localised::label(key, &[("found", value)]));
    }
    let (found, expected) = (found_words(found), expected_words(expected));
    let told = |found: &str, expected: &str| {
        Localised::label(
            "toml-wrong-type",
            &[("found", found), ("expected", expected)],
        )
    };
    Some(Localised {
        ja: told(&found.ja, &expected.ja).ja,
        en: told(&found.en, &expected.en).en,
    })
}

/// What stands in the file: its kind, and the value where the parser shows it.
fn found_words(found: &str) -> Localised {
    let value = found.split_once([' ', '`']).map_or("", |(_, value)| value);
    let value = value.trim_start_matches("point ");
    let value = value.trim_matches('`').trim_matches('"');
    let kinds = [
        ("integer", "toml-found-integer"),
        ("floating", "toml-found-number"),
        ("string", "toml-found-text"),
        ("boolean", "toml-found-boolean"),
        ("sequence", "toml-found-list"),
        ("map", "toml-found-table"),
    ];
    let kind = kinds.iter().find(|(name, _)| found.starts_with(name));
    kind.map_or_else(
        || Localised::same(found),
        |(_, key)| Localised::label(key, &[("value", value)]),
    )
}

/// What is needed there.
fn expected_words(expected: &str) -> Localised {
    let kinds = [
        ("datetime", "toml-type-date"),
        ("writtentext", "toml-type-languages"),
        ("string", "toml-type-text"),
        ("bool", "toml-type-boolean"),
        ("sequence", "toml-type-list"),
        ("struct", "toml-type-table"),
        ("map", "toml-type-table"),
        ("table", "toml-type-table"),
        ("f64", "toml-type-number"),
        ("u32", "toml-type-integer"),
        ("u16", "toml-type-integer"),
        ("u64", "toml-type-integer"),
        ("i64", "toml-type-integer"),
        ("usize", "toml-type-integer"),
        ("integer", "toml-type-integer"),
    ];
    let kind = kinds
        .iter()
        .find(|(name, _)| expected.to_ascii_lowercase().contains(name));
    kind.map_or_else(
        || Localised::same(expected),
        |(_, key)| Localised::label(key, &[]),
    )
}

/// A text that is no TOML.
fn syntax(message: &str) -> Localised {
    let causes = [
        ("string values must be quoted", "toml-unquoted"),
        ("opening quote", "toml-quote"),
        ("closing quote", "toml-quote"),
        ("invalid basic string", "toml-quote"),
        ("invalid literal string", "toml-quote"),
        ("key with no value", "toml-no-value"),
        ("missing value", "toml-no-value"),
        ("unclosed array table", "toml-open-heading"),
        ("unclosed table", "toml-open-heading"),
        ("unclosed array", "toml-open-list"),
        ("unclosed inline table", "toml-open-table"),
        ("missing comma", "toml-comma"),
        ("leading zero", "toml-leading-zero"),
        ("invalid date", "toml-date"),
        ("duplicate key", "toml-duplicate"),
        ("unexpected key or value", "toml-two-on-a-line"),
        ("expected nothing", "toml-extra"),
    ];
    let cause = causes.iter().find(|(said, _)| message.contains(said));
    cause.map_or_else(
        || Localised::label("toml-other", &[("detail", message)]),
        |(_, key)| Localised::label(key, &[]),
    )
}

/// The message of the JSON parser in both languages, without the place that it ends with.
pub(crate) fn json_in_words(message: &str) -> Localised {
    let causes = [
        ("EOF while parsing a string", "json-open-text"),
        ("EOF while parsing", "json-ends"),
        ("trailing comma", "json-last-comma"),
        ("expected `,` or", "json-comma"),
        ("expected `:`", "json-colon"),
        ("key must be a string", "json-key"),
        ("trailing characters", "json-rest"),
        ("expected value", "json-value"),
        ("control character", "json-control"),
        ("invalid escape", "json-escape"),
        ("unexpected end of hex escape", "json-surrogate"),
        ("lone leading surrogate", "json-surrogate"),
    ];
    let cause = causes.iter().find(|(said, _)| message.starts_with(said));
    let detail = message.rsplit_once(" at line ");
    let detail = detail.map_or(message, |(detail, _)| detail);
    cause.map_or_else(
        || Localised::label("json-other", &[("detail", detail)]),
        |(_, key)| Localised::label(key, &[]),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only mistakes are looked at")]
    struct Written {
        id: String,
        family: Option<Family>,
        required: Option<bool>,
        weight: Option<u32>,
        confidence: Option<f64>,
        titles: Option<Vec<String>>,
        until: Option<toml::value::Datetime>,
        inner: Option<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Family {
        Mds,
        Sds,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only mistakes are looked at")]
    struct Inner {
        id: String,
    }

    fn told(text: &str) -> Localised {
        let error = toml::from_str::<Written>(text).expect_err(text);
        in_words(error.message())
    }

    /// Each mistake as the parser of today tells it: a new one may use other words.
    #[test]
    fn usual_mistakes_are_told_in_both_languages() {
        let mut wrong = Vec::new();
        for (text, ja, en) in [
            (
                "id = \"x\"\nfamili = \"mds\"",
                "「famili」という名前は使えません（「family」ではありませんか）",
                "did you mean family?",
            ),
            (
                "id = \"x\"\nzzz = 1",
                "使える名前: id, family",
                "id, family",
            ),
            (
                "id = \"x\"\nfamily = \"mdss\"",
                "「mdss」は使えません（「mds」ではありませんか）",
                "did you mean mds?",
            ),
            (
                "id = \"x\"\nfamily = \"q\"",
                "使える値: mds, sds",
                "mds, sds",
            ),
            ("family = \"mds\"", "「id」がありません", "id is missing"),
            (
                "id = 5",
                "文字列（\" \" で囲んだもの）を書く所に、整数「5」が",
                "a text in \" \" is needed, not the integer 5",
            ),
            ("id = 4.10", "小数「4.1", "the number 4.1"),
            ("id = true", "所に、「true」が", "not true"),
            ("id = [\"a\"]", "一覧（[ ]）が書かれています", "not a list"),
            (
                "id = \"x\"\nrequired = \"yes\"",
                "true か falseを書く所に、文字列「yes」",
                "true or false is needed",
            ),
            (
                "id = \"x\"\nweight = \"3\"",
                "整数を書く所に",
                "an integer is needed",
            ),
            ("id = \"x\"\nweight = -3", "0 以上の整数", "of 0 or more"),
            (
                "id = \"x\"\nconfidence = \"1\"",
                "小数を書く所に",
                "a number is needed",
            ),
            (
                "id = \"x\"\ntitles = \"a\"",
                "一覧（[ ] で囲んだもの）を書く所に",
                "a list in square brackets is needed",
            ),
            (
                "id = \"x\"\nuntil = \"2027-03-31\"",
                "日付（2027-03-31 のように、引用符なし）を書く所に",
                "a date, written 2027-03-31 without",
            ),
            (
                "id = \"x\"\ninner = \"a\"",
                "表を書く所に",
                "a table is needed",
            ),
            (
                "id = \"x\"\nweight = 99999999999",
                "大きすぎます",
                "too large",
            ),
            ("id = = \"x\"", "余分な", "too much"),
            ("id = x", "文字列が半角の", "quotation marks"),
            ("id = \"x", "引用符", "quotation mark"),
            ("id", "値がありません", "no value"),
            ("id =", "後に値がない", "no value"),
            ("id = \"x\"\ntitles = [\"a\"", "]", "]"),
            (
                "id = \"x\"\ntitles = [\"a\" \"b\"]",
                "「,」がありません",
                "comma",
            ),
            (
                "id = \"x\"\ninner = { id = \"a\"",
                "かっこが閉じられていません",
                "bracket",
            ),
            ("id = \"x\"\n[inner", "見出し", "heading"),
            ("id = \"x\"\nid = \"y\"", "二度", "twice"),
            ("id = \"x\"\nweight = 03", "先頭", "leading"),
        ] {
            let told = told(text);
            for (told, expected) in [(told.ja, ja), (told.en, en)] {
                if !told.contains(expected) {
                    wrong.push(format!("{text}: {told}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn mistakes_in_json_are_told_in_both_languages() {
        let mut wrong = Vec::new();
        for (text, ja, en) in [
            (r#"{"a": "x"#, "閉じられていません", "closed"),
            (r#"{"a": 1"#, "途中で終わっています", "ends"),
            (r#"{"a": 1,}"#, "最後の「,」", "last comma"),
            (r#"{"a": 1 "b": 2}"#, "「,」", "comma"),
            (r#"{"a" 1}"#, "「:」", "colon"),
            ("{a: 1}", "名前", "a name"),
            ("{} {}", "余分", "more"),
            (r#"{"a": はい}"#, "\" \"", "quotation marks"),
            ("{\"a\": \"x\ny\"}", "\\n", "\\n"),
            (r#"{"a": "C:\Users"}"#, "\\\\", "backslash"),
            ("{\"a\": 1e999}", "JSON の書き方", "not JSON"),
        ] {
            let error = serde_json::from_str::<serde_json::Value>(text).expect_err(text);
            let told = json_in_words(&error.to_string());
            for (told, expected) in [(told.ja, ja), (told.en, en)] {
                if !told.contains(expected) || told.contains("line") && !told.contains("line break")
                {
                    wrong.push(format!("{text}: {told} ({error})"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn a_rare_mistake_keeps_the_words_of_the_parser() {
        let told = in_words("something new about `x`");
        assert!(told.ja.contains("something new") && told.ja.contains("TOML"));
        assert!(told.en.contains("something new"));
    }
}
