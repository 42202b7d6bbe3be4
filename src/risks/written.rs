//! Registers as written: TOML with the place of every key that is looked at. Keys that are not known are
//! people's own and stay unread.

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

#[derive(Deserialize)]
struct WrittenRegister {
    schema: Spanned<String>,
    #[serde(default)]
    risk: Vec<Spanned<WrittenRisk>>,
}

#[derive(Deserialize)]
struct WrittenRisk {
    id: Option<Spanned<toml::Value>>,
    manufacturer: Option<Spanned<toml::Value>>,
    product: Option<Spanned<toml::Value>>,
    requirement: Option<Spanned<toml::Value>>,
    item: Option<Spanned<toml::Value>>,
    control: Option<Spanned<toml::Value>>,
    title: Option<Spanned<toml::Value>>,
    stated: Option<Spanned<toml::Value>>,
    place: Option<Spanned<toml::Value>>,
    threat: Option<Spanned<toml::Value>>,
    likelihood: Option<Spanned<toml::Value>>,
    impact: Option<Spanned<toml::Value>>,
    treatment: Option<Spanned<toml::Value>>,
    measures: Option<Spanned<toml::Value>>,
    owner: Option<Spanned<toml::Value>>,
    due: Option<Spanned<toml::Value>>,
    status: Option<Spanned<toml::Value>>,
    opened: Option<Spanned<toml::Value>>,
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
