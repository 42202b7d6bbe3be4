//! What goes back to the sender, one row each: findings to mend, and questions about what is required.

use std::collections::{HashMap, HashSet};

use super::recall::Listed;
use crate::answer::ItemNumber;
use crate::assess::{Assessment, Outcome, Verdict};
use crate::disclosure::{Disclosure, Entry};
use crate::examine::Examined;
use crate::finding::{Finding, Severity, rule};
use crate::language::Language;
use crate::place::Place;
use crate::profile::{Level, Target};

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum About {
    /// A mistake of this gravity.
    Finding(Severity),
    /// A requirement of this level that is not met, or not known to be.
    Question(Level),
}

/// A row of the list.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) about: About,
    /// Rule or requirement, item, sheet and cell.
    pub(super) listed: Listed,
    /// Where, if that is a cell.
    pub(super) at: Option<(u32, u32)>,
    /// The question as printed on the sheet.
    pub(super) question: String,
    /// What stands there now.
    pub(super) written: String,
    /// What is wrong, or why it is asked.
    pub(super) wrong: String,
    /// How to repair it, or how to answer.
    pub(super) repair: String,
}

/// The findings of a file, in its order. Notes only where they are asked for.
pub(super) fn findings(examined: &Examined, notes: bool, language: Language) -> Vec<Row> {
    let wanted = |finding: &&Finding| {
        let list = examined.returned.as_ref().map(|returned| &*returned.sheet);
        let ours = finding.rule == rule::FINDING_RETURNED
            || (finding.rule == rule::SHEET_IGNORED && finding.place.sheet() == list);
        !ours && (notes || finding.severity() > Severity::Note)
    };
    let mut rows: Vec<Row> = examined
        .findings
        .iter()
        .filter(wanted)
        .map(|finding| row(finding, None, language))
        .collect();
    for (disclosure, findings) in examined
        .disclosures
        .iter()
        .zip(&examined.disclosure_findings)
    {
        let entries: HashMap<&ItemNumber, &Entry> = disclosure
            .entries
            .iter()
            .rev()
            .map(|entry| (&entry.number, entry))
            .collect();
        rows.extend(findings.iter().filter(wanted).map(|finding| {
            let entry = finding
                .item
                .as_ref()
                .and_then(|item| entries.get(item))
                .copied();
            row(finding, Some((disclosure, entry)), language)
        }));
    }
    rows
}

fn row(finding: &Finding, of: Option<(&Disclosure, Option<&Entry>)>, language: Language) -> Row {
    let entry = of.and_then(|(_, entry)| entry);
    let title = || {
        let (disclosure, _) = of?;
        let item = disclosure.form.position(finding.item.as_ref()?)?;
        Some(disclosure.form.items[item].title.text(language).to_owned())
    };
    let question = entry
        .and_then(|entry| entry.text.as_ref())
        .map(|text| text.text.clone());
    Row {
        about: About::Finding(finding.severity()),
        listed: Listed::of(finding),
        at: cell(&finding.place),
        question: question.or_else(title).unwrap_or_default(),
        written: written(finding, of).unwrap_or_default(),
        wrong: finding.message(language),
        repair: finding.help(language),
    }
}

/// What stands at the place of a finding.
fn written(finding: &Finding, of: Option<(&Disclosure, Option<&Entry>)>) -> Option<String> {
    let (disclosure, entry) = of?;
    if let Some(entry) = entry {
        if entry.place == finding.place {
            return Some(entry.written.clone());
        }
        if entry.remark_place == finding.place {
            return entry
                .remark
                .reference
                .clone()
                .or_else(|| entry.remark.text.clone());
        }
    }
    let header = disclosure
        .header
        .iter()
        .find(|value| value.place == finding.place);
    finding
        .found()
        .or_else(|| header.map(|value| value.written.clone()))
}

fn cell(place: &Place) -> Option<(u32, u32)> {
    match place {
        Place::Cell { row, column, .. } => Some((*row, *column)),
        Place::File | Place::Sheet(_) | Place::Text { .. } => None,
    }
}

/// What is required and not known to be there. What is open only because of a finding is asked by that.
pub(super) fn questions(
    examined: &Examined,
    assessments: &[Assessment<'_>],
    findings: &[Row],
    language: Language,
) -> Vec<Row> {
    let listed: HashSet<(Option<&str>, Option<&str>)> = findings
        .iter()
        .map(|row| (row.listed.sheet.as_deref(), row.listed.item.as_deref()))
        .collect();
    let mut rows = Vec::new();
    for (disclosure, assessment) in examined.disclosures.iter().zip(assessments) {
        for outcome in &assessment.outcomes {
            let is_open = match outcome.verdict {
                Verdict::Unmet | Verdict::Undecided => outcome.requirement.level != Level::Info,
                Verdict::Met | Verdict::Waived | Verdict::NotApplicable => false,
            };
            if !is_open {
                continue;
            }
            let row = question(disclosure, outcome, language);
            let key = (row.listed.sheet.as_deref(), row.listed.item.as_deref());
            let has_finding = row.listed.item.is_some() && listed.contains(&key);
            if !(outcome.verdict == Verdict::Undecided && has_finding) {
                rows.push(row);
            }
        }
    }
    rows
}

fn question(disclosure: &Disclosure, outcome: &Outcome<'_>, language: Language) -> Row {
    let requirement = outcome.requirement;
    let place = outcome.entry.map(|entry| &entry.place);
    let printed = outcome.entry.and_then(|entry| entry.text.as_ref());
    let title = || match (&requirement.target, outcome.item) {
        (Target::Item { .. }, Some(item)) => item.title.text(language).to_owned(),
        (Target::Item { number, .. }, None) => number.to_string(),
        (Target::Control(_) | Target::OneOf(_) | Target::Question(_), _) => {
            requirement.topic(language)
        }
    };
    let sheet = place.and_then(Place::sheet).or(disclosure.sheet.as_deref());
    let purpose = requirement.reason.text(language);
    let reason = outcome.reason(language);
    Row {
        about: About::Question(requirement.level),
        listed: Listed {
            code: requirement.id.clone(),
            item: outcome.item.map(|item| item.number.to_string()),
            sheet: sheet.map(str::to_owned),
            cell: place.and_then(Place::cell),
        },
        at: place.and_then(cell),
        question: printed.map_or_else(title, |text| text.text.clone()),
        written: outcome
            .entry
            .map(|entry| entry.written.clone())
            .unwrap_or_default(),
        wrong: if purpose.is_empty() {
            reason
        } else {
            format!(
                "{reason}\n{}",
                language.label_with("return-purpose", &[("purpose", purpose)])
            )
        },
        repair: language.label("return-answer"),
    }
}
