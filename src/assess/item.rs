//! One requirement held against one item: steps 2 to 7 of a verdict.

use jiff::civil::Date;

use super::{Outcome, Verdict, Why};
use crate::answer::{Answer, ItemNumber, State};
use crate::control::{Controls, Polarity};
use crate::disclosure::{Disclosure, Entry, own_words};
use crate::form::{Enabled, Item};
use crate::profile::{Plan, Requirement, names_evidence};
use crate::vocabulary::Vocabulary;

/// Holds a requirement against the item at a position of the form.
pub(super) fn judge_item<'a>(
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
        grounds: Vec::new(),
    };
    let remark = entry.and_then(own_remark);
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
    let evident = !requirement.evidence_required || remark.is_some_and(names_evidence);
    if satisfied && (remark.is_some() || !requirement.remark_required) && evident {
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
        let why = if remark.is_some() || !requirement.remark_required {
            Why::NoEvidence
        } else {
            Why::NoRemark
        };
        return outcome(Verdict::Unmet, why);
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

/// What the sender says in a remark; `None` where it says nothing.
pub(super) fn own_remark(entry: &Entry) -> Option<&str> {
    let text = entry.remark.text.as_deref().map(own_words)?;
    (!Vocabulary::get().is_empty_remark(text)).then_some(text)
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
pub(super) fn is_clear(disclosure: &Disclosure, at: usize, entry: &Entry) -> bool {
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
