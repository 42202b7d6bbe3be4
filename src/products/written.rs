//! Product source files as written. The spans of all parts that can be wrong are kept; `checked` uses them.

use std::fmt;

use schemars::JsonSchema;
use serde::de::{Error, MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use crate::form::Family;
use crate::language::Localised;

/// A product source file, schema `kaijisho/products/1`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenProducts {
    /// Always `kaijisho/products/1`.
    #[allow(dead_code)]
    pub(super) schema: SchemaName,
    /// Manufacturer or service provider of all products.
    #[schemars(with = "WrittenText")]
    pub(super) manufacturer: Spanned<WrittenText>,
    /// Pattern of file names without their ending: `{product}`, `{version}`, `{form}`, `{edition}`, `{family}`,
    /// `{date}`; a slash makes a folder.
    #[schemars(with = "Option<String>")]
    pub(super) file_name: Option<Spanned<String>>,
    /// True to put the titles and links of evidence behind the remark.
    #[serde(default)]
    pub(super) evidence_in_remark: bool,
    /// Form files of your own, beside this file.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) form_files: Vec<Spanned<String>>,
    /// After how long an answer must be looked at again.
    pub(super) stale: Option<WrittenStale>,
    /// The day on which answers without a day of their own were last looked at.
    #[schemars(with = "Option<String>")]
    pub(super) reviewed: Option<Spanned<toml::Value>>,
    /// Answers common to all products.
    #[serde(default)]
    #[schemars(with = "Vec<WrittenAnswer>")]
    pub(super) answer: Vec<Spanned<WrittenAnswer>>,
    #[schemars(with = "Vec<WrittenProduct>")]
    pub(super) product: Vec<Spanned<WrittenProduct>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub(super) enum SchemaName {
    #[serde(rename = "kaijisho/products/1")]
    Products1,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenStale {
    /// Months, 1 to 120.
    #[schemars(with = "u32", range(min = 1, max = 120))]
    pub(super) months: Spanned<i64>,
}

/// A product or service.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenProduct {
    /// Its name in this file and in file names.
    #[schemars(with = "String")]
    pub(super) id: Spanned<String>,
    /// Its name in disclosures.
    #[schemars(with = "WrittenText")]
    pub(super) name: Spanned<WrittenText>,
    #[schemars(with = "Option<String>")]
    pub(super) model: Option<Spanned<String>>,
    /// mds or mds2 for a product, sds for a service; forms of the other kind are then refused.
    pub(super) family: Option<Family>,
    /// Forms of all its versions.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) forms: Vec<Spanned<String>>,
    #[schemars(with = "Option<String>")]
    pub(super) reviewed: Option<Spanned<toml::Value>>,
    /// Answers of all its versions.
    #[serde(default)]
    #[schemars(with = "Vec<WrittenAnswer>")]
    pub(super) answer: Vec<Spanned<WrittenAnswer>>,
    #[serde(default)]
    #[schemars(with = "Vec<WrittenVersion>")]
    pub(super) version: Vec<Spanned<WrittenVersion>>,
}

/// A version of a product.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenVersion {
    /// A text, in quotes: 3.10 and 3.1 are two versions.
    #[schemars(with = "String")]
    pub(super) version: Spanned<toml::Value>,
    /// Date of its disclosures.
    #[schemars(with = "String")]
    pub(super) date: Spanned<toml::Value>,
    /// Its model, where it differs from the product's.
    #[schemars(with = "Option<String>")]
    pub(super) model: Option<Spanned<String>>,
    /// Its forms, instead of the product's.
    #[schemars(with = "Option<Vec<String>>")]
    pub(super) forms: Option<Vec<Spanned<String>>>,
    #[schemars(with = "Option<String>")]
    pub(super) reviewed: Option<Spanned<toml::Value>>,
    /// Answers of this version.
    #[serde(default)]
    #[schemars(with = "Vec<WrittenAnswer>")]
    pub(super) answer: Vec<Spanned<WrittenAnswer>>,
    /// Disclosures with a file name or a date of their own, besides `forms`.
    #[serde(default)]
    #[schemars(with = "Vec<WrittenDisclosure>")]
    pub(super) disclosure: Vec<Spanned<WrittenDisclosure>>,
}

/// A disclosure with a file name or a date of its own.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenDisclosure {
    #[schemars(with = "String")]
    pub(super) form: Spanned<String>,
    /// File name without its ending.
    #[schemars(with = "Option<String>")]
    pub(super) file: Option<Spanned<String>>,
    #[schemars(with = "Option<String>")]
    pub(super) date: Option<Spanned<toml::Value>>,
}

/// An answer: to a control, on every form, or to one item of one form.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenAnswer {
    /// A control, whatever the form.
    #[schemars(with = "Option<String>")]
    pub(super) control: Option<Spanned<String>>,
    /// The form of `item`.
    #[schemars(with = "Option<String>")]
    pub(super) form: Option<Spanned<String>>,
    /// An item of that form. A text, in quotes: 4.10 and 4.1 are two items.
    #[schemars(with = "Option<String>")]
    pub(super) item: Option<Spanned<toml::Value>>,
    /// yes, no, na or see-note, or the word of a form (はい).
    #[schemars(with = "Option<String>")]
    pub(super) answer: Option<Spanned<String>>,
    /// Methods to tick, by id or title.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) options: Vec<Spanned<String>>,
    /// The text, for items that ask for a text or a date.
    #[schemars(with = "Option<WrittenText>")]
    pub(super) text: Option<Spanned<WrittenText>>,
    #[schemars(with = "Option<WrittenText>")]
    pub(super) remark: Option<Spanned<WrittenText>>,
    /// What the answer rests on.
    #[serde(default)]
    #[schemars(with = "Vec<WrittenEvidence>")]
    pub(super) evidence: Vec<Spanned<WrittenEvidence>>,
    /// The day on which it was last looked at.
    #[schemars(with = "Option<String>")]
    pub(super) reviewed: Option<Spanned<toml::Value>>,
}

/// What an answer rests on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenEvidence {
    pub(super) title: WrittenText,
    /// An address.
    pub(super) link: Option<String>,
    /// A file of your own.
    pub(super) file: Option<String>,
    #[schemars(with = "Option<String>")]
    pub(super) date: Option<Spanned<toml::Value>>,
}

/// A text, the same on every form or in two languages.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub(super) enum WrittenText {
    /// The same on every form.
    Same(String),
    /// Japanese on Japanese forms, English on English ones.
    Both(Localised),
}

impl WrittenText {
    pub(super) fn text(&self) -> Localised {
        match self {
            WrittenText::Same(text) => Localised::same(text.as_str()),
            WrittenText::Both(text) => text.clone(),
        }
    }
}

impl<'de> Deserialize<'de> for WrittenText {
    // By hand: an untagged enum would only say that no variant fits.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = WrittenText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"…\" or { ja = \"…\", en = \"…\" }")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<WrittenText, E> {
                Ok(WrittenText::Same(text.to_owned()))
            }

            fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<WrittenText, M::Error> {
                Localised::deserialize(MapAccessDeserializer::new(map)).map(WrittenText::Both)
            }
        }
        deserializer.deserialize_any(Text)
    }
}
