//! Waivers: for a requirement that is there, with a reason, an approver and days in order.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use super::{Checker, meant};
use crate::finding::{Finding, Value, rule};
use crate::profile::written::WrittenWaiver;
use crate::profile::{Scope, Waiver};
use crate::text::is_blank;

/// Waivers of which another, which stands before, holds on the same day for the same requirement and documents: the
/// first is the one that is shown, so what the other says would go unread.
pub(super) fn overlaps(waivers: &[Waiver]) -> Vec<Finding> {
    let mut by_requirement: BTreeMap<&str, Vec<&Waiver>> = BTreeMap::new();
    let mut notes = Vec::new();
    for waiver in waivers {
        let before = by_requirement.entry(&waiver.requirement).or_default();
        if let Some(first) = before.iter().find(|first| first.overlaps(waiver)) {
            let (from, until) = (first.from.max(waiver.from), first.until.min(waiver.until));
            notes.push(
                Finding::new(rule::WAIVER_OVERLAPS, waiver.place.clone())
                    .with("requirement", Value::plain(&waiver.requirement))
                    .with("first", Value::At(first.place.clone()))
                    .with("from", Value::plain(from))
                    .with("until", Value::plain(until)),
            );
        }
        before.push(waiver);
    }
    notes
}

impl Checker<'_> {
    pub(super) fn waiver(
        &mut self,
        spanned: &Spanned<WrittenWaiver>,
        ids: &BTreeSet<&str>,
    ) -> Option<Waiver> {
        let written = spanned.as_ref();
        let requirement = written.requirement.as_ref();
        if !ids.contains(requirement.as_str()) {
            let values = [
                ("found", Value::quoted(requirement)),
                ("suggestion", meant(ids.iter().copied(), requirement)),
            ];
            self.wrong(
                rule::WAIVER_UNKNOWN_REQUIREMENT,
                written.requirement.span().start,
                &values,
            );
        }
        let says_why = !is_blank(&written.reason.ja) || !is_blank(&written.reason.en);
        if !says_why {
            let values = [
                ("found", Value::quoted(requirement)),
                ("detail", Value::plain("waiver: reason = \"\"")),
            ];
            self.wrong(rule::REQUIREMENT_INVALID, spanned.span().start, &values);
        }
        if is_blank(&written.approver) {
            let values = [("requirement", Value::plain(requirement))];
            let at = spanned.span().start;
            self.wrong(rule::WAIVER_APPROVER_MISSING, at, &values);
        }
        let (from, until) = (self.day(&written.from)?, self.day(&written.until)?);
        if from > until {
            let values = [("from", Value::plain(from)), ("until", Value::plain(until))];
            self.wrong(
                rule::WAIVER_DATES_REVERSED,
                written.from.span().start,
                &values,
            );
        }
        let scope = written.document.as_ref();
        Some(Waiver {
            requirement: requirement.clone(),
            scope: Scope {
                manufacturer: scope.and_then(|scope| scope.manufacturer.clone()),
                product: scope.and_then(|scope| scope.product.clone()),
            },
            reason: written.reason.clone(),
            approver: written.approver.clone(),
            from,
            until,
            compensating: written.compensating.clone(),
            place: self.place(spanned.span().start),
        })
    }
}
