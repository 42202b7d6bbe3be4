//! What is to be said about the waivers of a profile.

use jiff::civil::Date;

use super::{Assessment, ProfileUse};
use crate::disclosure::Disclosure;
use crate::finding::{Finding, Rules, Value, rule};
use crate::form::Field;
use crate::profile::{Profile, Waiver};
use crate::text::fold;

impl Waiver {
    /// True if it is for this document; names are compared folded.
    pub fn is_for(&self, disclosure: &Disclosure) -> bool {
        let agrees = |wanted: &Option<String>, field: Field| match wanted {
            None => true,
            Some(wanted) => disclosure
                .field(field)
                .is_some_and(|value| fold(&value.written) == fold(wanted)),
        };
        agrees(&self.scope.manufacturer, Field::Manufacturer)
            && agrees(&self.scope.product, Field::Product)
    }
}

/// Findings about the waivers of a profile, once all documents were held against it.
pub fn waiver_findings(
    profile: &Profile,
    disclosures: &[&Disclosure],
    assessments: &[Assessment<'_>],
    date: Date,
) -> Vec<Finding> {
    ProfileUse::of(profile, disclosures.iter().copied(), assessments).of_waivers(profile, date)
}

/// The same, from what is known of each waiver by its position in the profile.
pub(super) fn findings(
    profile: &Profile,
    used: impl Fn(usize) -> bool,
    concerns: impl Fn(usize) -> bool,
    date: Date,
) -> Vec<Finding> {
    let mut findings = too_long(profile);
    for (at, waiver) in profile.waivers.iter().enumerate() {
        let finding = |rule| {
            Finding::new(rule, waiver.place.clone())
                .with("requirement", Value::plain(&waiver.requirement))
        };
        if date > waiver.until {
            // An old waiver for documents that are not here is nobody's worry today.
            if concerns(at) {
                let until = Value::plain(waiver.until);
                findings.push(
                    finding(rule::WAIVER_EXPIRED)
                        .with("until", until)
                        .with("date", Value::plain(date)),
                );
            }
        } else if date < waiver.from {
            findings.push(finding(rule::WAIVER_NOT_YET).with("from", Value::plain(waiver.from)));
        } else if !used(at) {
            findings.push(finding(rule::WAIVER_UNUSED));
        }
    }
    findings
}

/// Findings about the waivers of a profile that are over, whatever documents there are.
pub fn expired_waivers(profile: &Profile, date: Date) -> Vec<Finding> {
    let mut findings = too_long(profile);
    let over = profile.waivers.iter().filter(|waiver| waiver.until < date);
    findings.extend(over.map(|waiver| {
        Finding::new(rule::WAIVER_EXPIRED, waiver.place.clone())
            .with("requirement", Value::plain(&waiver.requirement))
            .with("until", Value::plain(waiver.until))
            .with("date", Value::plain(date))
    }));
    findings
}

/// Waivers that hold for longer than one may without being looked at again.
fn too_long(profile: &Profile) -> Vec<Finding> {
    let most = Rules::bundled()
        .named(rule::WAIVER_TOO_LONG)
        .parameter("most_days");
    let days = |waiver: &Waiver| waiver.from.duration_until(waiver.until).as_hours() / 24 + 1;
    profile
        .waivers
        .iter()
        .filter(|waiver| days(waiver) as f64 > most)
        .map(|waiver| {
            Finding::new(rule::WAIVER_TOO_LONG, waiver.place.clone())
                .with("requirement", Value::plain(&waiver.requirement))
                .with("days", Value::plain(days(waiver)))
                .with("most", Value::plain(most))
        })
        .collect()
}
