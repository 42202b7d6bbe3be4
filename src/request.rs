//! Request: the sheet to send out with a call for bids, made from a profile.
//!
//! A blank sheet of a form in which the items that the profile asks about are marked, and a second sheet that
//! lists what is wanted, with the reasons. What comes back is read like any other sheet; the list is set aside.

use std::sync::Arc;

use crate::answer::{Answer, ItemNumber};
use crate::assess::{Knowledge, applies};
use crate::control::{Controls, Subject};
use crate::error::Result;
use crate::form::{Field, Form, Item, OwnQuestion, own_number};
use crate::language::{Language, Localised};
use crate::profile::{Level, Profile, Requirement, Target};
use crate::write::{Texts, blank, requested};

/// What a requirement wants of an item.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// The item of the form; `None` where the form does not ask about it.
    pub number: Option<ItemNumber>,
    /// How much it matters.
    pub level: Level,
    /// What it is about.
    pub title: Localised,
    /// Answers that satisfy.
    pub answers: Vec<Answer>,
    /// Methods of which at least one must be ticked.
    pub methods: Vec<String>,
    /// True if a remark is wanted as well.
    pub remark: bool,
    /// True if the remark has to name a document, an address or a section.
    pub evidence: bool,
    /// Why the facility asks.
    pub reason: Localised,
    /// Where it comes from.
    pub references: Vec<String>,
}

/// What a profile wants of the items of a form: what can be answered in the order of the form, the gravest
/// first of one item, then what the form does not ask about. A rule over everything wants what the form asks;
/// what is asked of the other subject (product or service) is left out.
pub fn wishes(profile: &Profile, form: &Form) -> Vec<Wish> {
    let form = &with_questions(profile, form);
    let mut wishes: Vec<(usize, Wish)> = Vec::new();
    // What is known not to be meant for the system is not asked; what depends on its answers is.
    let known = Knowledge::new(&profile.system, None);
    let meant = |requirement: &&Requirement| applies(requirement, &known).not.is_none();
    for requirement in profile.requirements.iter().filter(meant) {
        let items = items(requirement, form);
        let wish = |item: Option<&Item>| Wish {
            number: item.map(|item| item.number.clone()),
            level: requirement.level,
            title: title(requirement, item),
            answers: requirement.answers.clone(),
            methods: requirement.methods.clone(),
            remark: requirement.remark_required,
            evidence: requirement.evidence_required,
            reason: requirement.reason.clone(),
            references: requirement.references.clone(),
        };
        if items.is_empty() && is_asked_of(requirement, form) && !requirement.from_rule {
            wishes.push((usize::MAX, wish(None)));
        }
        wishes.extend(
            items
                .into_iter()
                .map(|at| (at, wish(Some(&form.items[at])))),
        );
    }
    wishes.sort_by_key(|(at, wish)| (*at, wish.level));
    wishes.into_iter().map(|(_, wish)| wish).collect()
}

/// The workbook to send out.
///
/// # Errors
/// [`Error::Format`](crate::Error::Format) if Excel's limits are exceeded.
pub fn request(
    profile: &Profile,
    form: &Arc<Form>,
    texts: Texts,
    given: &[(Field, String)],
) -> Result<Vec<u8>> {
    let form = Arc::new(with_questions(profile, form));
    let disclosure = blank(&form, texts, given);
    requested(&disclosure, texts, &profile.title, &wishes(profile, &form))
}

/// The form with the questions of the facility's own behind its items.
fn with_questions(profile: &Profile, form: &Form) -> Form {
    let own = profile
        .requirements
        .iter()
        .filter_map(|one| match &one.target {
            Target::Question(text) => Some((text, one)),
            Target::Control(_) | Target::Item { .. } | Target::OneOf(_) => None,
        });
    // A form that was given its questions before keeps them.
    let new = own.filter(|(text, _)| !form.items.iter().any(|item| item.title == **text));
    let questions = (1..).zip(new).map(|(at, (text, requirement))| OwnQuestion {
        number: own_number(at),
        text: text.clone(),
        remark_when: if requirement.remark_required || requirement.evidence_required {
            requirement.answers.clone()
        } else {
            Vec::new()
        },
    });
    form.asking(questions.collect())
}

/// The items of a form that a requirement looks at.
fn items(requirement: &Requirement, form: &Form) -> Vec<usize> {
    match &requirement.target {
        Target::Control(id) => {
            let items = form.items.iter().enumerate();
            let asks = items.filter(|(_, item)| item.control() == Some(id));
            asks.map(|(at, _)| at).collect()
        }
        Target::Item { form: id, number } if *id == form.id => {
            form.position(number).into_iter().collect()
        }
        Target::Item { .. } => Vec::new(),
        Target::OneOf(ids) => {
            let items = form.items.iter().enumerate();
            let asks = items.filter(|(_, item)| {
                let control = item.control();
                ids.iter().any(|id| control == Some(id.as_str()))
            });
            asks.map(|(at, _)| at).collect()
        }
        Target::Question(text) => {
            let mut items = form.items.iter();
            items
                .position(|item| item.title == *text)
                .into_iter()
                .collect()
        }
    }
}

/// False for what is asked of the other subject, or of an item of another form.
fn is_asked_of(requirement: &Requirement, form: &Form) -> bool {
    let fits = |id: &String| {
        let control = Controls::bundled().get(id);
        match control.map_or(Subject::Both, |control| control.subject) {
            Subject::Both => true,
            Subject::Product => !form.family.is_service(),
            Subject::Service => form.family.is_service(),
        }
    };
    match &requirement.target {
        Target::Item { form: id, .. } => *id == form.id,
        Target::Control(id) => fits(id),
        Target::OneOf(ids) => ids.iter().any(fits),
        Target::Question(_) => true,
    }
}

fn title(requirement: &Requirement, item: Option<&Item>) -> Localised {
    match (item, &requirement.target) {
        (Some(item), _) => item.title.clone(),
        (None, Target::Control(_) | Target::OneOf(_) | Target::Question(_)) => Localised {
            ja: requirement.topic(Language::Ja),
            en: requirement.topic(Language::En),
        },
        (None, Target::Item { .. }) => Localised::same(&requirement.id),
    }
}
