//! What is to be said about a product source file that is sound: answers not looked at for too long, forms
//! that were replaced, answers that nothing uses.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Kept, Made, Planned, Products, Subject};
use crate::finding::{Finding, Value, rule};
use crate::language::Localised;

/// The last day on which an answer reviewed on a day is still fresh: the same day so many months later, or
/// the last day of a month that has no such day. `None` beyond the year 9999.
///
/// ```
/// use jiff::civil::date;
/// use kaijisho::products::deadline;
/// assert_eq!(deadline(date(2026, 6, 1), 12), Some(date(2027, 6, 1)));
/// assert_eq!(deadline(date(2026, 8, 31), 6), Some(date(2027, 2, 28)));
/// assert_eq!(deadline(date(2024, 2, 29), 12), Some(date(2025, 2, 28)));
/// ```
pub fn deadline(reviewed: Date, months: u32) -> Option<Date> {
    reviewed.checked_add(i64::from(months).months()).ok()
}

impl Products {
    /// True if an answer was last looked at too long ago; one without a day is never stale.
    pub fn is_stale(&self, answer: &Kept, today: Date) -> bool {
        let until = answer
            .reviewed
            .and_then(|reviewed| deadline(reviewed, self.stale_months));
        until.is_some_and(|until| until < today)
    }
}

/// The findings on the source: of what was made `answer-stale` and `edition-superseded`; and, where all that
/// is planned was made, `answer-unused`. Days of review that lie in the future are told in any case.
pub fn findings(products: &Products, made: &[(&Planned<'_>, &Made)], today: Date) -> Vec<Finding> {
    let used: BTreeSet<usize> = made
        .iter()
        .flat_map(|(_, made)| made.items.iter().filter_map(|item| item.answer))
        .collect();
    let mut findings = Vec::new();
    for (at, answer) in products.answers.iter().enumerate() {
        let what = || Value::plain(products.subject(&answer.subject));
        if let Some(reviewed) = answer.reviewed.filter(|reviewed| *reviewed > today) {
            findings.push(
                Finding::new(rule::REVIEW_IN_FUTURE, answer.reviewed_at.clone())
                    .with("answer", what())
                    .with("reviewed", Value::plain(reviewed))
                    .with("date", Value::plain(today)),
            );
        }
        if used.contains(&at) && products.is_stale(answer, today) {
            let until = answer
                .reviewed
                .and_then(|reviewed| deadline(reviewed, products.stale_months));
            findings.push(
                Finding::new(rule::ANSWER_STALE, answer.reviewed_at.clone())
                    .with("answer", what())
                    .with("reviewed", day(answer.reviewed))
                    .with("months", Value::plain(products.stale_months))
                    .with("until", day(until))
                    .with("date", Value::plain(today)),
            );
        }
    }
    if made.len() == products.planned().len() {
        let unused = products.answers.iter().enumerate();
        findings.extend(
            unused
                .filter(|(at, _)| !used.contains(at))
                .map(|(_, answer)| unused_finding(products, answer, made)),
        );
    }
    let mut told = BTreeSet::new();
    for (planned, _) in made {
        if let Some(newer) = &planned.form.superseded_by
            && told.insert(planned.named.clone())
        {
            findings.push(
                Finding::new(rule::EDITION_SUPERSEDED, planned.named.clone())
                    .with("form", Value::plain(&planned.form.id))
                    .with("edition", Value::plain(&planned.form.edition))
                    .with("newer", Value::plain(newer)),
            );
        }
    }
    findings.sort_by_cached_key(|finding| finding.sort_key(&[]));
    findings
}

fn day(day: Option<Date>) -> Value {
    Value::plain(day.map_or_else(String::new, |day| day.to_string()))
}

/// Why nothing uses an answer: no form asks for it, or another answer goes before it everywhere.
fn unused_finding(products: &Products, answer: &Kept, made: &[(&Planned<'_>, &Made)]) -> Finding {
    let asked = made.iter().any(|(planned, _)| match &answer.subject {
        Subject::Control(control) => planned.form.items_of(control).next().is_some(),
        Subject::Item { form, .. } => planned.form_at == *form,
    });
    let why = if asked {
        Localised::label("products-unused-elsewhere", &[])
    } else {
        Localised::label("products-unused-not-asked", &[])
    };
    Finding::new(rule::ANSWER_UNUSED, answer.place.clone())
        .with("answer", Value::plain(products.subject(&answer.subject)))
        .with("detail", Value::Local(why))
}
