//! A question of the facility's own: judged where a sheet carries its words.

use jiff::civil::Date;

use super::item::{judge_item, own_remark};
use super::{Outcome, Verdict, Why};
use crate::answer::{Answer, State};
use crate::disclosure::{Disclosure, Entry};
use crate::language::Localised;
use crate::profile::{Requirement, names_evidence};
use crate::text::fold;

/// Holds a question against the row that carries it, if one does.
pub(super) fn judge_question<'a>(
    disclosure: &'a Disclosure,
    requirement: &'a Requirement,
    question: &Localised,
    date: Date,
) -> Outcome<'a> {
    let plain = |verdict, why, entry| Outcome::plain(requirement, verdict, why).resting_on(entry);
    // A sheet in both languages prints the one below the other.
    let both = format!("{}\n{}", question.ja, question.en);
    let wanted = [fold(&question.ja), fold(&question.en), fold(&both)];
    let carries = |entry: &&Entry| {
        let text = entry.text.as_ref().map(|text| fold(&text.text));
        text.is_some_and(|text| wanted.contains(&text))
    };
    let mut rows = disclosure.entries.iter().filter(carries);
    let Some(entry) = rows.next() else {
        return plain(Verdict::Undecided, Why::NotPut, None);
    };
    // Two rows with the same question that say different things are not clear.
    if rows.any(|other| (other.answer, other.state) != (entry.answer, entry.state)) {
        return plain(Verdict::Undecided, Why::Unclear, Some(entry));
    }
    if let Some(at) = entry.item {
        return judge_item(disclosure, requirement, at, date);
    }
    let remark = own_remark(entry);
    match (entry.state, entry.answer) {
        (State::Unanswered, _) => plain(Verdict::Undecided, Why::Unanswered, Some(entry)),
        (_, None) => plain(Verdict::Undecided, Why::Unclear, Some(entry)),
        (_, Some(answer)) if requirement.answers.contains(&answer) => {
            let (verdict, why) = if requirement.remark_required && remark.is_none() {
                (Verdict::Unmet, Why::NoRemark)
            } else if requirement.evidence_required && !remark.is_some_and(names_evidence) {
                (Verdict::Unmet, Why::NoEvidence)
            } else {
                (Verdict::Met, Why::Answered)
            };
            plain(verdict, why, Some(entry))
        }
        (_, Some(Answer::SeeNote)) => plain(Verdict::Undecided, Why::SeeNote, Some(entry)),
        (_, Some(Answer::Yes | Answer::No | Answer::Na)) => {
            plain(Verdict::Unmet, Why::OtherAnswer, Some(entry))
        }
    }
}
