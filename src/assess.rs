//! Assessment: a disclosure held against a profile, on a date.
//!
//! Pure: no clock, no files. Each requirement gets one verdict, with the item and place it rests on.
//!
//! How a verdict comes about, in this order:
//! 1. A requirement on an item of another form, or on a control of the other subject (product or
//!    service), is not applicable.
//! 2. The answer is among those required (and the remark and a method are there, where asked for): met.
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
//! Where what switches an item off is itself switched off, the reason further up counts.
//! Where several items answer one control, the best verdict counts (under a rule over everything the worst), but an accepted "not applicable" comes
//! after an unmet one: not having one of two ways does not stand in for the other.
//!
//! A waiver in force turns unmet and undecided into waived.

mod question;
mod verdict;

pub use verdict::{Verdict, Why};

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::answer::{Answer, ItemNumber, State};
use crate::control::{Controls, Polarity, Subject};
use crate::disclosure::{Disclosure, Entry, own_words};
use crate::finding::{Finding, Value, rule};
use crate::form::{Enabled, Form, FormSource, Item};
use crate::language::Language;
use crate::profile::{Level, Plan, Profile, Requirement, Target, Waiver};
use crate::vocabulary::Vocabulary;

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
}

impl Outcome<'_> {
    /// The reason in words.
    pub fn reason(&self, language: Language) -> String {
        language.label(self.why.label())
    }
}

/// A disclosure held against a profile.
#[derive(Clone, Debug)]
pub struct Assessment<'a> {
    /// One result for each requirement, in the profile's order.
    pub outcomes: Vec<Outcome<'a>>,
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

    /// True if no must is unmet or undecided.
    pub fn is_qualified(&self) -> bool {
        !self.outcomes.iter().any(|outcome| {
            outcome.requirement.level == Level::Must
                && matches!(outcome.verdict, Verdict::Unmet | Verdict::Undecided)
        })
    }
}

/// Holds a disclosure against a profile on a date.
pub fn assess<'a>(disclosure: &'a Disclosure, profile: &'a Profile, date: Date) -> Assessment<'a> {
    let outcomes = profile
        .requirements
        .iter()
        .map(|requirement| {
            let mut outcome = judge(disclosure, requirement, date);
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
    Assessment { outcomes }
}

/// Findings about the waivers of a profile, once all documents were held against it.
pub fn waiver_findings(
    profile: &Profile,
    disclosures: &[&Disclosure],
    assessments: &[Assessment<'_>],
    date: Date,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for waiver in &profile.waivers {
        let finding = |rule| {
            Finding::new(rule, waiver.place.clone())
                .with("requirement", Value::plain(&waiver.requirement))
        };
        let used = assessments
            .iter()
            .flat_map(|a| &a.outcomes)
            .any(|o| o.waiver.is_some_and(|known| std::ptr::eq(known, waiver)));
        let concerns = disclosures
            .iter()
            .any(|disclosure| waiver.is_for(disclosure));
        if date > waiver.until {
            // An old waiver for documents that are not here is nobody's worry today.
            if concerns {
                let until = Value::plain(waiver.until);
                findings.push(
                    finding(rule::WAIVER_EXPIRED)
                        .with("until", until)
                        .with("date", Value::plain(date)),
                );
            }
        } else if date < waiver.from {
            findings.push(finding(rule::WAIVER_NOT_YET).with("from", Value::plain(waiver.from)));
        } else if !used {
            findings.push(finding(rule::WAIVER_UNUSED));
        }
    }
    findings
}

/// Findings about the waivers of a profile that are over, whatever documents there are.
pub fn expired_waivers(profile: &Profile, date: Date) -> Vec<Finding> {
    let over = profile.waivers.iter().filter(|waiver| waiver.until < date);
    over.map(|waiver| {
        Finding::new(rule::WAIVER_EXPIRED, waiver.place.clone())
            .with("requirement", Value::plain(&waiver.requirement))
            .with("until", Value::plain(waiver.until))
            .with("date", Value::plain(date))
    })
    .collect()
}

fn judge<'a>(disclosure: &'a Disclosure, requirement: &'a Requirement, date: Date) -> Outcome<'a> {
    let form: &Form = &disclosure.form;
    let plain = |verdict, why| Outcome {
        requirement,
        verdict,
        why,
        item: None,
        entry: None,
        planned: false,
        assess_risk: false,
        waiver: None,
    };
    match &requirement.target {
        Target::Item { form: id, number } => {
            // Another edition of the same form has its own id, `id@edition`, and the same numbers where it has them.
            if form.id != *id && form.id.split('@').next() != Some(id) {
                return plain(Verdict::NotApplicable, Why::OtherForm);
            }
            match form.position(number) {
                Some(item) => judge_item(disclosure, requirement, item, date),
                None => plain(Verdict::Undecided, Why::NotAsked),
            }
        }
        Target::Control(id) => {
            let subject = Controls::bundled()
                .get(id)
                .map_or(Subject::Both, |control| control.subject);
            let other = match subject {
                Subject::Both => false,
                Subject::Product => form.family.is_service(),
                Subject::Service => !form.family.is_service(),
            };
            if other {
                return plain(Verdict::NotApplicable, Why::OtherSubject);
            }
            let positions = form
                .items
                .iter()
                .enumerate()
                .filter(|(_, item)| item.control() == Some(id));
            let judged: Vec<Outcome<'a>> = positions
                .map(|(item, _)| judge_item(disclosure, requirement, item, date))
                .collect();
            // A rule over everything takes the worst anyway.
            let disputed = !requirement.from_rule && are_disputed(&judged);
            // A rule over everything speaks of every item; elsewhere one of several ways is enough.
            let counts = if requirement.from_rule || disputed {
                judged.into_iter().min_by_key(worst)
            } else {
                judged.into_iter().min_by_key(rank)
            };
            if disputed && let Some(outcome) = counts {
                return Outcome {
                    verdict: Verdict::Undecided,
                    why: Why::Disputed,
                    ..outcome
                };
            }
            counts.unwrap_or_else(|| match likeliest(form, id) {
                Some(item) => Outcome {
                    item: Some(item),
                    entry: form
                        .position(&item.number)
                        .and_then(|at| disclosure.entry_at(at)),
                    assess_risk: requirement.assess_risk_on_no,
                    ..plain(Verdict::Undecided, Why::Uncertain)
                },
                None => {
                    let (verdict, why) = not_asked(form, requirement);
                    plain(verdict, why)
                }
            })
        }
    }
}

/// True if questions that were only recognised by their words disagree: which of them asks the control, a person has to say.
fn are_disputed(judged: &[Outcome<'_>]) -> bool {
    let recognised = |verdict| {
        judged.iter().any(|outcome| {
            outcome.verdict == verdict && outcome.item.is_some_and(|item| item.confidence < 1.0)
        })
    };
    recognised(Verdict::Met) && recognised(Verdict::Unmet)
}

/// The item that may answer a control, where none surely does.
fn likeliest<'f>(form: &'f Form, control: &str) -> Option<&'f Item> {
    form.items
        .iter()
        .filter(|item| item.control.as_deref() == Some(control))
        .reduce(|best, next| {
            if next.confidence > best.confidence {
                next
            } else {
                best
            }
        })
}

/// What a requirement on a control comes to that no item of the form answers.
fn not_asked(form: &Form, requirement: &Requirement) -> (Verdict, Why) {
    match form.source {
        FormSource::Derived => (Verdict::Undecided, Why::Derived),
        // A rule over everything wants what the form asks, and nothing beside it.
        FormSource::Bundled | FormSource::Imported | FormSource::Given if requirement.from_rule => {
            (Verdict::NotApplicable, Why::NotAsked)
        }
        FormSource::Bundled | FormSource::Imported | FormSource::Given => {
            (Verdict::Undecided, Why::NotAsked)
        }
    }
}

/// What needs work comes first.
fn worst(outcome: &Outcome<'_>) -> u8 {
    match outcome.verdict {
        Verdict::Unmet => 0,
        Verdict::Undecided => 1,
        Verdict::Met => 2,
        Verdict::NotApplicable => 3,
        Verdict::Waived => 4,
    }
}

/// The best of several items comes first.
fn rank(outcome: &Outcome<'_>) -> u8 {
    let says_na = outcome.entry.and_then(|entry| entry.answer) == Some(Answer::Na);
    match outcome.verdict {
        Verdict::Met if !says_na => 0,
        Verdict::Undecided => 1,
        Verdict::Unmet => 2,
        Verdict::Met => 3,
        Verdict::NotApplicable => 4,
        Verdict::Waived => 5,
    }
}

fn judge_item<'a>(
    disclosure: &'a Disclosure,
    requirement: &'a Requirement,
    at: usize,
    date: Date,
) -> Outcome<'a> {
    let item = &disclosure.form.items[at];
    let entry = disclosure.entry_at(at);
    let answer = entry.and_then(|entry| entry.answer);
    let outcome = |verdict, why| Outcome {
        requirement,
        verdict,
        why,
        item: Some(item),
        entry,
        planned: why == Why::Planned,
        // A no, and silence as well: where nothing clear is stated, the risk is not known to be treated.
        assess_risk: requirement.assess_risk_on_no
            && match verdict {
                Verdict::Unmet => answer == Some(Answer::No),
                Verdict::Undecided => true,
                Verdict::Met | Verdict::NotApplicable | Verdict::Waived => false,
            },
        waiver: None,
    };
    let remark = entry
        .and_then(|entry| entry.remark.text.as_deref())
        .map(own_words)
        .filter(|text| !Vocabulary::get().is_empty_remark(text));
    let plan = match (&requirement.planned, remark) {
        (Some(planned), Some(text)) => planned.in_remark(text, date),
        (_, _) => Plan::None,
    };
    let planned = plan == Plan::Made;
    let clear = entry.filter(|entry| is_clear(disclosure, at, entry));
    // An answer to another question says nothing about this one.
    let asked = entry.and_then(|entry| entry.text.as_ref());
    if clear.is_some() && asked.is_some_and(|text| disclosure.form.is_reworded(at, &text.text)) {
        return outcome(Verdict::Undecided, Why::Reworded);
    }
    let satisfied = clear.is_some_and(|entry| satisfies(requirement, item, entry));
    // 対象外 that is there only because what it builds on is missing does not stand in for it. A rule over
    // everything takes the answers by the letter, and finds the missing base by itself.
    if satisfied
        && answer == Some(Answer::Na)
        && !requirement.from_rule
        && let Enabled::No { by } = disclosure.enabled(at)
        && disclosure.given(&by).answer == Some(Answer::No)
    {
        let (verdict, why) = switched_off(disclosure, requirement, at, by);
        if why == Why::BaseMissing {
            return outcome(verdict, why);
        }
    }
    if satisfied && (remark.is_some() || !requirement.remark_required) {
        let why = if planned { Why::Planned } else { Why::Answered };
        return outcome(Verdict::Met, why);
    }
    if clear.is_some() && answer == Some(Answer::No) {
        match plan {
            Plan::Made => return outcome(Verdict::Met, Why::Planned),
            Plan::Doubtful => return outcome(Verdict::Undecided, Why::PlanDoubtful),
            Plan::None => {}
        }
    }
    if let Enabled::No { by } = disclosure.enabled(at) {
        let (verdict, why) = switched_off(disclosure, requirement, at, by);
        return outcome(verdict, why);
    }
    let Some(entry) = entry else {
        return outcome(Verdict::Undecided, Why::ItemMissing);
    };
    if entry.state == State::Unanswered {
        return outcome(Verdict::Undecided, Why::Unanswered);
    }
    if clear.is_none() {
        return outcome(Verdict::Undecided, Why::Unclear);
    }
    if satisfied {
        return outcome(Verdict::Unmet, Why::NoRemark);
    }
    let by_method = !requirement.methods.is_empty();
    match answer {
        Some(Answer::SeeNote) => outcome(Verdict::Undecided, Why::SeeNote),
        None if !by_method => outcome(Verdict::Undecided, Why::Unclear),
        Some(answer) if !by_method || !requirement.answers.contains(&answer) => {
            outcome(Verdict::Unmet, Why::OtherAnswer)
        }
        None | Some(Answer::Yes | Answer::No | Answer::Na) => {
            outcome(Verdict::Unmet, Why::NoMethod)
        }
    }
}

/// What an item comes to that is not asked, because of the answer of the item `by`.
fn switched_off(
    disclosure: &Disclosure,
    requirement: &Requirement,
    at: usize,
    by: ItemNumber,
) -> (Verdict, Why) {
    const NOT_USED: (Verdict, Why) = (Verdict::NotApplicable, Why::SwitchedOff);
    const UNCLEAR: (Verdict, Why) = (Verdict::Undecided, Why::BaseUnclear);
    const MISSING: (Verdict, Why) = (Verdict::Unmet, Why::BaseMissing);
    let form = &disclosure.form;
    let polarity = |number: &ItemNumber| {
        let control = form.item(number)?.control()?;
        Some(Controls::bundled().get(control)?.polarity)
    };
    // A form's conditions lead nowhere in circles; the bound is for one that does all the same.
    let mut reason = by;
    for _ in 0..form.items.len() {
        let says_no = disclosure.given(&reason).answer == Some(Answer::No);
        if says_no && polarity(&reason) == Some(Polarity::Fact) {
            return NOT_USED;
        }
        let above = form
            .position(&reason)
            .map(|position| disclosure.enabled(position));
        match above {
            Some(Enabled::No { by }) => reason = by,
            Some(Enabled::Yes | Enabled::Undetermined { .. }) | None => break,
        }
    }
    match polarity(&reason) {
        Some(Polarity::Good) => {}
        Some(Polarity::Fact) => return NOT_USED,
        // Without a control nobody can say whether the no above is a gap or a fact; a no here may be either.
        None => {
            let says_no = disclosure
                .entry_at(at)
                .is_some_and(|entry| entry.answer == Some(Answer::No));
            return if says_no { UNCLEAR } else { NOT_USED };
        }
    }
    let left_empty = disclosure
        .entry_at(at)
        .is_none_or(|entry| entry.state == State::Unanswered);
    match disclosure.given(&reason).answer {
        Some(Answer::No | Answer::Na) if refines_unused_fact(disclosure, &form.items[at]) => {
            NOT_USED
        }
        Some(Answer::Na) if left_empty && requirement.answers.contains(&Answer::Na) => NOT_USED,
        Some(Answer::No | Answer::Na) => MISSING,
        // What is there makes what would stand in for it needless.
        Some(Answer::Yes | Answer::SeeNote) | None => NOT_USED,
    }
}

/// True if the item's control refines a fact of the catalogue that this sheet says no to.
fn refines_unused_fact(disclosure: &Disclosure, item: &Item) -> bool {
    let controls = Controls::bundled();
    let fact = item
        .control()
        .and_then(|id| controls.get(id)?.parent.as_deref())
        .and_then(|id| controls.get(id))
        .filter(|parent| parent.polarity == Polarity::Fact);
    let Some(fact) = fact else { return false };
    let mut answers = disclosure
        .form
        .items_of(&fact.id)
        .map(|item| disclosure.given(&item.number).answer)
        .peekable();
    answers.peek().is_some() && answers.all(|answer| answer == Some(Answer::No))
}

/// True if an item is answered once, in a way that it offers.
fn is_clear(disclosure: &Disclosure, at: usize, entry: &Entry) -> bool {
    let choices = &disclosure.form.items[at].choices;
    let offered = entry
        .answer
        .is_none_or(|answer| answer == Answer::SeeNote || choices.contains(&answer));
    // A second row that is empty does not contradict the first.
    let contradicted = disclosure
        .entries
        .iter()
        .filter(|other| other.item == Some(at) && other.state != State::Unanswered)
        .any(|other| (other.answer, &other.options) != (entry.answer, &entry.options));
    entry.state == State::Answered && offered && !contradicted
}

/// True if the answer is one of those required and, where methods are named, one of them is ticked.
fn satisfies(requirement: &Requirement, item: &Item, entry: &Entry) -> bool {
    let by_answer = entry
        .answer
        .is_some_and(|answer| requirement.answers.contains(&answer));
    if requirement.methods.is_empty() {
        return by_answer;
    }
    let by_method = requirement.methods.iter().any(|wanted| {
        item.options
            .iter()
            .any(|option| option.is_meant_by(wanted) && entry.options.contains(&option.id))
    });
    // A method ticked beside an answer that will not do does not outweigh it.
    match entry.answer {
        None => by_method,
        Some(_) => by_answer && (by_method || item.options.is_empty()),
    }
}
