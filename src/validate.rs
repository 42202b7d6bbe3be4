//! Validation: every rule applied to a disclosure.
//!
//! Pure: no files, clock, locale or environment. The date comes in as a parameter.

mod consistency;
mod content;
mod header;
mod order;
mod structure;

use jiff::civil::Date;

use crate::disclosure::Disclosure;
use crate::finding::Finding;

/// Applies every rule to a disclosure. `today` is the day after which a date lies in the future.
///
/// Findings come back unsorted; the caller sorts them with those of the file.
pub fn validate(disclosure: &Disclosure, today: Date) -> Vec<Finding> {
    let mut findings = Vec::new();
    structure::check(disclosure, &mut findings);
    order::check(disclosure, &mut findings);
    header::check(disclosure, today, &mut findings);
    content::check(disclosure, &mut findings);
    consistency::check(disclosure, &mut findings);
    findings
}
