//! Assessment: a disclosure held against a profile, on a date.
//!
//! Pure: no clock, no files. Each requirement gets one verdict, with the item and place it rests on.
//!
//! How a verdict comes about, in this order:
//! 0. A requirement that another profile has set aside, or that is meant for other systems by a fact that is
//!    known, is not applicable. Where the fact is not known it is judged, and the reason says so: nothing is
//!    set aside silently. What the facility says of its system goes before what the sheet answers.
//! 1. A requirement on an item of another form, or on a control of the other subject (product or
//!    service), is not applicable.
//! 2. The answer is among those required (and the remark, the evidence and a method are there, where asked for): met.
//!    A "not applicable" that is accepted, but is there only because something good above it says no, falls
//!    under 5, except under a rule over everything.
//! 3. The answer is no, but the remark says that it is planned, where the requirement accepts that: met,
//!    and shown as planned. A planned yes is met by 2 and shown so too. A plan and a denial side by side
//!    are undecided: a person has to read them.
//! 4. The item is switched off by a fact (no remote maintenance, so no remote log), or is switched off and
//!    its control refines a fact of the catalogue that says no: not applicable.
//! 5. The item is switched off by something good that is missing (no backup, so none kept apart): unmet.
//!    Something good that is said to be not applicable is missing too, unless the requirement accepts that
//!    answer and the item itself is left empty.
//!    Where the item that switches it off has no control, a no is undecided: it may be a gap or a fact.
//! 6. Nothing clear is answered, or the form has no item for the control, or only one that was recognised by
//!    its words without being sure, or several recognised so that disagree: undecided, with the reason. A rule
//!    over all controls does not apply to those that the form does not ask about.
//!    Two different answers, an answer that the item does not offer, and methods ticked where yes or no is
//!    required are not clear.
//! 7. Otherwise: unmet.
//!
//! Of several controls of which one is enough the best verdict counts. A question of the facility's own is judged
//! by the row that carries its words; a sheet without them leaves it undecided.
//!
//! Where what switches an item off is itself switched off, the reason further up counts.
//! Where several items answer one control, the best verdict counts (under a rule over everything the worst), but an accepted "not applicable" comes
//! after an unmet one: not having one of two ways does not stand in for the other.
//!
//! A waiver in force turns unmet and undecided into waived.

mod applies;
mod asked;
mod facts;
mod item;
mod judge;
mod question;
mod verdict;
mod waivers;

pub use applies::{Applies, Knowledge, applies};
pub use facts::{ProfileUse, profile_findings};
pub use verdict::{Verdict, Why};
pub use waivers::{expired_waivers, waiver_findings};

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::disclosure::{Disclosure, Entry};
use crate::form::Item;
use crate::language::Language;
use crate::profile::{Ground, Level, Profile, Requirement, System, Target, Waiver};
use judge::judge;

/// The result of one requirement on one disclosure.
#[derive(Clone, Debug)]
pub struct Outcome<'a> {
    /// The requirement.
    pub requirement: &'a Requirement,
    /// What it comes to.
    pub verdict: Verdict,
    /// Why.
    pub why: Why,
    /// The item the verdict rests on.
    pub item: Option<&'a Item>,
    /// The entry the verdict rests on.
    pub entry: Option<&'a Entry>,
    /// True if it is met because it is planned.
    pub planned: bool,
    /// True if the answer no is to be entered in the list of risks to assess.
    pub assess_risk: bool,
    /// The waiver in force, if the verdict is [`Verdict::Waived`].
    pub waiver: Option<&'a Waiver>,
    /// What of the system decided whether the requirement is meant for it, where it depends on that.
    pub grounds: Vec<Ground>,
}

impl<'a> Outcome<'a> {
    /// A verdict that rests on no item.
    fn plain(requirement: &'a Requirement, verdict: Verdict, why: Why) -> Self {
        Self {
            requirement,
            verdict,
            why,
            item: None,
            entry: None,
            planned: false,
            assess_risk: false,
            waiver: None,
            grounds: Vec::new(),
        }
    }

    fn resting_on(self, entry: Option<&'a Entry>) -> Self {
        Self { entry, ..self }
    }

    /// The control that the requirement looks at, by id.
    pub fn control(&self) -> Option<&'a str> {
        match &self.requirement.target {
            Target::Control(id) => Some(id.as_str()),
            Target::OneOf(ids) => self
                .item
                .and_then(Item::control)
                .or_else(|| ids.first().map(String::as_str)),
            Target::Item { .. } | Target::Question(_) => self.item.and_then(Item::control),
        }
    }

    /// The reason in words: why, and what of the system decided.
    pub fn reason(&self, language: Language) -> String {
        let why = language.label(self.why.label());
        let because = |key: &str, detail: &str| {
            language.label_with(key, &[("why", &why), ("because", detail)])
        };
        if let (Why::SetAside, Some(off)) = (self.why, &self.requirement.off) {
            return because("why-because", off.reason.text(language));
        }
        let named: Vec<String> = match self.why {
            Why::NotForSystem => self.grounds.iter().map(|one| one.words(language)).collect(),
            _ => {
                let open = self.grounds.iter().filter(|one| one.holds.is_none());
                open.map(|one| one.title(language)).collect()
            }
        };
        let named = named.join(&language.label("when-and"));
        match self.why {
            _ if named.is_empty() => why,
            Why::NotForSystem => because("why-because", &named),
            _ => because("why-fact-unknown", &named),
        }
    }
}

/// A disclosure held against a profile.
#[derive(Clone, Debug)]
pub struct Assessment<'a> {
    /// One result for each requirement, in the profile's order.
    pub outcomes: Vec<Outcome<'a>>,
    /// What the facility says of the system.
    pub system: &'a System,
}

impl Assessment<'_> {
    /// How many requirements of each level came to each verdict.
    pub fn counts(&self) -> BTreeMap<(Level, Verdict), usize> {
        let mut counts = BTreeMap::new();
        for outcome in &self.outcomes {
            *counts
                .entry((outcome.requirement.level, outcome.verdict))
                .or_default() += 1;
        }
        counts
    }

    /// The facts and categories on which a requirement was judged or left out, each once: facts first, by name.
    pub fn grounds(&self) -> Vec<&Ground> {
        let all = self.outcomes.iter().flat_map(|one| &one.grounds);
        let mut grounds: Vec<&Ground> = all.collect();
        grounds.sort_by_key(|ground| (ground.is_category, &ground.name));
        grounds.dedup_by_key(|ground| (ground.is_category, &ground.name));
        grounds
    }

    /// True if no must is unmet or undecided.
    pub fn is_qualified(&self) -> bool {
        !self.outcomes.iter().any(|outcome| {
            outcome.requirement.level == Level::Must
                && matches!(outcome.verdict, Verdict::Unmet | Verdict::Undecided)
        })
    }
}

/// Holds a disclosure against a profile on a date, with what the profile says of the system.
pub fn assess<'a>(disclosure: &'a Disclosure, profile: &'a Profile, date: Date) -> Assessment<'a> {
    assess_system(disclosure, profile, &profile.system, date)
}

/// Holds a disclosure against a profile on a date, with what is said of the one system that it is of.
pub fn assess_system<'a>(
    disclosure: &'a Disclosure,
    profile: &'a Profile,
    system: &'a System,
    date: Date,
) -> Assessment<'a> {
    let known = Knowledge::new(system, Some(disclosure));
    let outcomes = profile
        .requirements
        .iter()
        .map(|requirement| {
            let applies = applies(requirement, &known);
            let mut outcome = match applies.not {
                Some((verdict, why)) => Outcome::plain(requirement, verdict, why),
                None => judge(disclosure, requirement, date),
            };
            outcome.grounds = applies.grounds;
            if matches!(outcome.verdict, Verdict::Unmet | Verdict::Undecided) {
                let waiver = profile.waivers.iter().find(|waiver| {
                    waiver.requirement == requirement.id
                        && waiver.is_for(disclosure)
                        && waiver.is_in_force(date)
                });
                if waiver.is_some() {
                    outcome.verdict = Verdict::Waived;
                    outcome.waiver = waiver;
                }
            }
            outcome
        })
        .collect();
    Assessment { outcomes, system }
}
