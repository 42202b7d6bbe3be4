//! Registers as written: TOML with the place of every key that is looked at. Keys that are not known are
//! people's own and stay unread.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::{Risk, wrong};
use crate::finding::{Finding, Value};
use crate::language::Localised;
use crate::place::Lines;
use crate::syntax::in_words;

/// Entries that a register has at most.
pub(super) const ENTRIES: usize = 20_000;

/// The name of the format, as the first line of a register says it.
pub(super) const SCHEMA: &str = "kaijisho/risks/1";

/// A risk register, schema `kaijisho/risks/1`; keys beside these are people's own and stay unread.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct WrittenRegister {
    /// Always `kaijisho/risks/1`.
    #[schemars(with = "String")]
    schema: Spanned<String>,
    /// The entries, the oldest first.
    #[serde(default)]
    #[schemars(with = "Vec<WrittenRisk>")]
    risk: Vec<Spanned<WrittenRisk>>,
}

/// What stands at a key: a text, a number, or in TOML also a day without quotation marks.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)] // the shape is read as a TOML value, so that mistakes are told in words; this publishes it
enum Simple {
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// Yes or no.
    Truth(bool),
}

/// An entry; every key may be left out, and a blank text is as good as none.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct WrittenRisk {
    /// Its name in the register; the next number is taken for a new entry.
    #[schemars(with = "Option<Simple>")]
    id: Option<Spanned<toml::Value>>,
    /// Whose product or service it is about. With product and requirement it tells entries apart.
    #[schemars(with = "Option<Simple>")]
    manufacturer: Option<Spanned<toml::Value>>,
    /// The product or service: what is at risk.
    #[schemars(with = "Option<Simple>")]
    product: Option<Spanned<toml::Value>>,
    /// The requirement that opened it; left out in an entry that people made on their own.
    #[schemars(with = "Option<Simple>")]
    requirement: Option<Spanned<toml::Value>>,
    /// The item that the answer was given to.
    #[schemars(with = "Option<Simple>")]
    item: Option<Spanned<toml::Value>>,
    /// The control, by id.
    #[schemars(with = "Option<Simple>")]
    control: Option<Spanned<toml::Value>>,
    /// What is asked.
    #[schemars(with = "Option<Simple>")]
    title: Option<Spanned<toml::Value>>,
    /// What the sheet said when the entry was opened.
    #[schemars(with = "Option<Simple>")]
    stated: Option<Spanned<toml::Value>>,
    /// Where it said so: file and place.
    #[schemars(with = "Option<Simple>")]
    place: Option<Spanned<toml::Value>>,
    /// What may happen; a draft until its first word is taken away.
    #[schemars(with = "Option<Simple>")]
    threat: Option<Spanned<toml::Value>>,
    /// How likely it is: 高, 中, 低, or high, medium, low.
    #[schemars(with = "Option<Simple>")]
    likelihood: Option<Spanned<toml::Value>>,
    /// How bad it would be, in the same words.
    #[schemars(with = "Option<Simple>")]
    impact: Option<Spanned<toml::Value>>,
    /// What is done about it: reduce, avoid, transfer or accept.
    #[schemars(with = "Option<Simple>")]
    treatment: Option<Spanned<toml::Value>>,
    /// What is done, or why the risk is borne.
    #[schemars(with = "Option<Simple>")]
    measures: Option<Spanned<toml::Value>>,
    /// Who sees to it.
    #[schemars(with = "Option<Simple>")]
    owner: Option<Spanned<toml::Value>>,
    /// The day by which it is done.
    #[schemars(with = "Option<Simple>")]
    due: Option<Spanned<toml::Value>>,
    /// How far it is.
    #[schemars(with = "Option<Simple>")]
    status: Option<Spanned<toml::Value>>,
    /// The day on which it was opened.
    #[schemars(with = "Option<Simple>")]
    opened: Option<Spanned<toml::Value>>,
    /// Set by the tool: gone since a day, or back since a day.
    #[schemars(with = "Option<Simple>")]
    cause: Option<Spanned<toml::Value>>,
}

/// The entries of a register's text; the first mistake comes back with its line and column.
pub(super) fn read(text: &str) -> Result<Vec<Risk>, Finding> {
    let lines = Lines::new(text);
    let at =
        |at: usize, detail: Localised| wrong(lines.place(at)).with("detail", Value::Local(detail));
    let written: WrittenRegister = toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        at(start, in_words(error.message()))
    })?;
    if written.schema.as_ref() != SCHEMA {
        let values = [
            ("found", written.schema.as_ref().as_str()),
            ("schema", SCHEMA),
        ];
        let detail = Localised::label("risks-other-schema", &values);
        return Err(at(written.schema.span().start, detail));
    }
    if let Some(first) = written.risk.get(ENTRIES) {
        let limit = ENTRIES.to_string();
        let detail = Localised::label("risks-too-many", &[("limit", &limit)]);
        return Err(at(first.span().start, detail));
    }
    let mut entries = Vec::with_capacity(written.risk.len());
    for spanned in &written.risk {
        let mut risk = Risk {
            line: Some(lines.place(spanned.span().start)),
            ..Risk::default()
        };
        let inner = spanned.as_ref();
        risk.requirement_at = inner.requirement.as_ref().map(Spanned::span);
        risk.cause_at = inner.cause.as_ref().map(Spanned::span);
        let fields: [(&'static str, &Option<Spanned<toml::Value>>, &mut String); 19] = [
            ("id", &inner.id, &mut risk.id),
            ("manufacturer", &inner.manufacturer, &mut risk.manufacturer),
            ("product", &inner.product, &mut risk.product),
            ("requirement", &inner.requirement, &mut risk.requirement),
            ("item", &inner.item, &mut risk.item),
            ("control", &inner.control, &mut risk.control),
            ("title", &inner.title, &mut risk.title),
            ("stated", &inner.stated, &mut risk.stated),
            ("place", &inner.place, &mut risk.place),
            ("threat", &inner.threat, &mut risk.threat),
            ("likelihood", &inner.likelihood, &mut risk.likelihood),
            ("impact", &inner.impact, &mut risk.impact),
            ("treatment", &inner.treatment, &mut risk.treatment),
            ("measures", &inner.measures, &mut risk.measures),
            ("owner", &inner.owner, &mut risk.owner),
            ("due", &inner.due, &mut risk.due),
            ("status", &inner.status, &mut risk.status),
            ("opened", &inner.opened, &mut risk.opened),
            ("cause", &inner.cause, &mut risk.cause),
        ];
        let mut places = Vec::new();
        for (name, value, field) in fields {
            let Some(value) = value else { continue };
            *field = simple(value.as_ref()).ok_or_else(|| {
                let detail = Localised::label("risks-no-text", &[("key", name)]);
                at(value.span().start, detail)
            })?;
            if [
                "threat",
                "likelihood",
                "impact",
                "treatment",
                "due",
                "status",
            ]
            .contains(&name)
            {
                places.push((name, lines.place(value.span().start)));
            }
        }
        risk.places = places;
        entries.push(risk);
    }
    Ok(entries)
}

/// A text, a number or a day as people write them; `None` for a list or a table.
fn simple(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.trim().to_owned()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Float(number) => Some(number.to_string()),
        toml::Value::Datetime(day) => Some(day.to_string()),
        toml::Value::Boolean(value) => Some(value.to_string()),
        toml::Value::Array(_) | toml::Value::Table(_) => None,
    }
}
