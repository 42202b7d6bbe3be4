//! What is to be said about the facility's own answers: days still to come, targets that have passed or lie outside
//! the fiscal year, answers that nothing uses.

use jiff::civil::Date;

use super::facility::{Facility, Own};
use super::year::Year;
use super::{Cell, Line, Status};
use crate::finding::{Finding, Value, rule};

pub(super) fn findings(
    year: &Year,
    facility: &Facility,
    lines: &[Line<'_>],
    today: Date,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for own in &facility.answers {
        findings.extend(days_to_come(own, facility, today));
        // Answers of other years stay in the file as its history.
        if !year.holds(own.checked) {
            continue;
        }
        let line = lines.iter().find(|line| line.item.id == own.item);
        if line.is_none_or(|line| is_unused(line, own)) {
            findings.push(
                about(rule::CHECKLIST_ANSWER_UNUSED, own, facility)
                    .with("year", Value::Local(year.title.clone())),
            );
            continue;
        }
        let Some(target) = own.target else { continue };
        if !year.holds(target) {
            let finding = at_target(rule::TARGET_OUTSIDE_YEAR, own, facility);
            findings.push(
                finding
                    .with("target", Value::plain(target))
                    .with("last", Value::plain(year.last_day)),
            );
        }
        if !own.yes && target < today && own.second.is_none() {
            let finding = at_target(rule::TARGET_PASSED, own, facility);
            findings.push(
                finding
                    .with("target", Value::plain(target))
                    .with("date", Value::plain(today)),
            );
        }
    }
    findings.sort_by_cached_key(|finding| finding.sort_key(&[]));
    findings
}

fn days_to_come(own: &Own, facility: &Facility, today: Date) -> Option<Finding> {
    let days = [Some(own.checked), own.second.map(|second| second.date)];
    let day = days.into_iter().flatten().find(|day| *day > today)?;
    Some(
        about(rule::CHECK_DATE_FUTURE, own, facility)
            .with("checked", Value::plain(day))
            .with("date", Value::plain(today)),
    )
}

/// True if no cell that the answer could fill is asked.
fn is_unused(line: &Line<'_>, own: &Own) -> bool {
    let unused = |cell: &Cell<'_>| cell.status == Status::NotNeeded;
    match own.system {
        // An item that is answered once takes no answer about a system.
        Some(system) => line.systems.get(system).is_none_or(unused),
        None => unused(&line.whole),
    }
}

fn about(rule: &'static str, own: &Own, facility: &Facility) -> Finding {
    finding(rule, own, facility, own.place.clone())
}

fn at_target(rule: &'static str, own: &Own, facility: &Facility) -> Finding {
    finding(rule, own, facility, own.target_at.clone())
}

fn finding(rule: &'static str, own: &Own, facility: &Facility, place: crate::Place) -> Finding {
    let system = own.system.map(|at| facility.systems[at].id.as_str());
    let answer = match system {
        Some(system) => format!("{} ({system})", own.item),
        None => own.item.clone(),
    };
    Finding::new(rule, place).with("answer", Value::plain(answer))
}
