//! The head: what is required, and whether the date is one.

use jiff::civil::Date;

use crate::disclosure::{DateFormat, Disclosure};
use crate::finding::{Finding, Value, rule};
use crate::form::Field;
use crate::language::Localised;
use crate::place::Place;

pub(super) fn check(disclosure: &Disclosure, today: Date, findings: &mut Vec<Finding>) {
    for asked in &disclosure.form.headers {
        let value = disclosure.field(asked.field);
        match value {
            // A field that is an item's answer is missing as that item's answer.
            _ if asked.item.is_some() && value.is_none_or(|value| value.written.is_empty()) => {}
            Some(value) if !value.written.is_empty() => {
                if asked.field == Field::Date {
                    date(value.date, &value.written, &value.place, today, findings);
                }
            }
            Some(_) | None if asked.required => {
                let whole = disclosure.sheet.clone().map_or(Place::File, Place::Sheet);
                let place = value.map_or(whole, |value| value.place.clone());
                findings.push(
                    Finding::new(rule::HEADER_MISSING, place)
                        .with("field", Value::Local(label(asked.field))),
                );
            }
            Some(_) | None => {}
        }
    }
}

fn date(
    date: Option<Date>,
    written: &str,
    place: &Place,
    today: Date,
    findings: &mut Vec<Finding>,
) {
    match date {
        None => findings.push(
            Finding::new(rule::HEADER_DATE_UNREADABLE, place.clone())
                .with("found", Value::quoted(written))
                .with("expected", Value::plain(DateFormat::EXAMPLES)),
        ),
        Some(date) if date > today => findings.push(
            Finding::new(rule::HEADER_DATE_FUTURE, place.clone())
                .with("found", Value::quoted(written))
                .with("today", Value::plain(today)),
        ),
        Some(_) => {}
    }
}

/// The name of a field in both languages.
fn label(field: Field) -> Localised {
    Localised::label(&format!("field-{}", field.code()), &[])
}
