//! Waivers: a requirement set aside for a time, with a reason and a name under it.

use jiff::civil::Date;

use crate::language::Localised;
use crate::place::Place;
use crate::text::fold;

/// Which documents a waiver is for; a field left out is any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// The manufacturer or service provider.
    pub manufacturer: Option<String>,
    /// The product or service.
    pub product: Option<String>,
}

/// A requirement set aside for a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiver {
    /// The requirement, by id.
    pub requirement: String,
    /// For which documents.
    pub scope: Scope,
    /// Why.
    pub reason: Localised,
    /// Who allowed it.
    pub approver: String,
    /// First day.
    pub from: Date,
    /// Last day, inclusive.
    pub until: Date,
    /// What is done instead.
    pub compensating: Option<Localised>,
    /// Where it stands in the profile.
    pub place: Place,
}

impl Waiver {
    /// True on the first day, the last day and every day between.
    pub fn is_in_force(&self, date: Date) -> bool {
        self.from <= date && date <= self.until
    }

    /// True if there is a day on which both hold, and a document for which both may be.
    pub fn overlaps(&self, other: &Waiver) -> bool {
        let same = |one: &Option<String>, other: &Option<String>| match (one, other) {
            (Some(one), Some(other)) => fold(one) == fold(other),
            (None, _) | (_, None) => true,
        };
        self.requirement == other.requirement
            && self.from.max(other.from) <= self.until.min(other.until)
            && same(&self.scope.manufacturer, &other.scope.manufacturer)
            && same(&self.scope.product, &other.scope.product)
    }
}
