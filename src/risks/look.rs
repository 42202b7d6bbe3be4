//! What assessments say of risks: which answers call for an entry, and which no longer do.

use std::collections::{BTreeMap, BTreeSet};

use super::{Key, key};
use crate::assess::{Assessment, Outcome, Verdict, Why};
use crate::control::Controls;
use crate::disclosure::Disclosure;
use crate::examine::Examined;
use crate::form::Field;
use crate::language::Language;
use crate::profile::Target;
use crate::text::show;

/// Characters of what a sheet says that an entry repeats.
const STATED: usize = 300;

/// An answer whose risk is to be assessed.
#[derive(Clone, Debug, PartialEq)]
pub struct Cause {
    /// Whose product or service it is.
    pub manufacturer: String,
    /// The product or service.
    pub product: String,
    /// The requirement, by id.
    pub requirement: String,
    /// The item, where there is one.
    pub item: String,
    /// The control, by id, where there is one.
    pub control: String,
    /// What is asked.
    pub title: String,
    /// What the sheet says, in words.
    pub stated: String,
    /// Where: file and place.
    pub place: String,
}

/// A disclosure whose head names no product, so that no entry can be kept for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nameless {
    /// The file.
    pub file: String,
    /// How many answers call for an entry.
    pub count: usize,
}

/// What assessments say of risks.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// One for each entry that is to be there, in the order of the disclosures and of the profile.
    pub causes: Vec<Cause>,
    /// Disclosures for which no entry can be kept.
    pub nameless: Vec<Nameless>,
    /// What is met now, in every disclosure of the product that was looked at.
    pub(crate) met: BTreeSet<Key>,
}

/// Looks at assessed files; one list of assessments for each file, one for each of its disclosures.
pub fn look(files: &[Examined], assessments: &[Vec<Assessment<'_>>], language: Language) -> Look {
    let mut found = Look::default();
    let mut standing: BTreeMap<Key, bool> = BTreeMap::new();
    // Several sheets of one product have one entry.
    let mut seen: BTreeSet<Key> = BTreeSet::new();
    for (file, assessments) in files.iter().zip(assessments) {
        for (disclosure, assessment) in file.disclosures.iter().zip(assessments) {
            let at_risk = assessment.outcomes.iter().filter(|o| o.assess_risk);
            let (manufacturer, product) = (
                name(disclosure, Field::Manufacturer),
                name(disclosure, Field::Product),
            );
            if product.is_empty() {
                let count = at_risk.count();
                if count > 0 {
                    let file = file.file.clone();
                    found.nameless.push(Nameless { file, count });
                }
                continue;
            }
            for outcome in at_risk {
                let key = key(&manufacturer, &product, &outcome.requirement.id);
                standing.insert(key.clone(), true);
                if seen.insert(key) {
                    found.causes.push(cause(
                        outcome,
                        &manufacturer,
                        &product,
                        &file.file,
                        language,
                    ));
                }
            }
            for outcome in &assessment.outcomes {
                let key = key(&manufacturer, &product, &outcome.requirement.id);
                if is_met(outcome) {
                    standing.entry(key).or_insert(false);
                } else if outcome.verdict != Verdict::NotApplicable {
                    standing.insert(key, true);
                }
            }
        }
    }
    let met = standing.into_iter().filter(|(_, stands)| !stands);
    found.met = met.map(|(key, _)| key).collect();
    found
}

/// True if the sheet itself says that nothing is wrong any more; that it does not ask says nothing.
fn is_met(outcome: &Outcome<'_>) -> bool {
    match outcome.verdict {
        Verdict::Met => true,
        Verdict::NotApplicable => outcome.why == Why::SwitchedOff,
        Verdict::Unmet | Verdict::Undecided | Verdict::Waived => false,
    }
}

fn name(disclosure: &Disclosure, field: Field) -> String {
    let value = disclosure.field(field);
    value.map_or_else(String::new, |value| value.written.trim().to_owned())
}

fn cause(
    outcome: &Outcome<'_>,
    manufacturer: &str,
    product: &str,
    file: &str,
    language: Language,
) -> Cause {
    let control = match &outcome.requirement.target {
        Target::Control(id) => Some(id.as_str()),
        Target::Item { .. } | Target::OneOf(_) | Target::Question(_) => {
            outcome.item.and_then(|item| item.control())
        }
    };
    let of_item = outcome.item.map(|item| &item.title);
    let known = control.and_then(|id| Controls::bundled().get(id));
    let title = match &outcome.requirement.target {
        Target::Control(_) => known.map(|known| &known.title).or(of_item),
        Target::Item { .. } => of_item,
        Target::OneOf(_) | Target::Question(_) => None,
    };
    let title = title.map_or_else(
        || outcome.requirement.topic(language),
        |title| title.text(language).to_owned(),
    );
    let entry = outcome.entry;
    let answer = entry.and_then(|entry| entry.answer);
    let said = match (answer, entry.map(|entry| entry.written.trim())) {
        (Some(answer), _) => answer.word(language).to_owned(),
        (None, Some(written)) if !written.is_empty() => written.to_owned(),
        (None, _) => language.label("risk-nothing-stated"),
    };
    let remark = entry.and_then(|entry| entry.remark.text.as_deref());
    let stated = remark.map_or(said.clone(), |remark| {
        language.label_with("risk-stated", &[("answer", &said), ("remark", remark)])
    });
    let place = entry.map_or_else(String::new, |entry| entry.place.to_string());
    Cause {
        manufacturer: manufacturer.to_owned(),
        product: product.to_owned(),
        requirement: outcome.requirement.id.clone(),
        item: outcome
            .item
            .map_or_else(String::new, |item| item.number.to_string()),
        control: control.unwrap_or_default().to_owned(),
        title,
        stated: show(&stated, STATED),
        place: format!("{file} {place}").trim_end().to_owned(),
    }
}
