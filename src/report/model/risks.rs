//! The published shape of a risk register: its entries, and what is still to be done.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::{FindingInfo, PlaceInfo, Report, finding_info, place_info};
use crate::finding::Severity;
use crate::language::Language;
use crate::risks::{Nameless, Risk, Updated, findings};

/// A risk register, as it stands after the run.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RiskRegister {
    /// The file as named by the user.
    pub file: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Entries that this run opened.
    pub opened: usize,
    /// Entries whose cause this run found gone.
    pub gone: usize,
    /// Entries whose cause was gone and that this run found there again.
    pub back: usize,
    /// Entries in which something is still to be filled in.
    pub incomplete: usize,
    /// Entries whose due day is over.
    pub overdue: usize,
    /// The entries in the order of the file.
    pub entries: Vec<RiskEntry>,
    /// What is to be said about the register.
    pub findings: Vec<FindingInfo>,
}

/// An entry of a risk register; a text that is not there is empty.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RiskEntry {
    /// Its name in the register.
    pub id: String,
    /// Whose product or service it is about.
    pub manufacturer: String,
    /// The product or service: what is at risk.
    pub product: String,
    /// The requirement that opened it.
    pub requirement: String,
    /// The item that the answer was given to.
    pub item: String,
    /// The control, by id.
    pub control: String,
    /// What is asked.
    pub title: String,
    /// What the sheet said when the entry was opened.
    pub stated: String,
    /// Where it said so.
    pub source: String,
    /// What may happen; a draft until a person takes the word for that away.
    pub threat: String,
    /// How likely it is.
    pub likelihood: String,
    /// How bad it would be.
    pub impact: String,
    /// The kind of treatment: reduce, avoid, transfer or accept.
    pub treatment: String,
    /// What is done, or why the risk is borne.
    pub measures: String,
    /// Who sees to it.
    pub owner: String,
    /// The day by which it is done, as written.
    pub due: String,
    /// How far it is, as written.
    pub status: String,
    /// The day on which it was opened.
    pub opened: String,
    /// What became of the answer that opened it: present, gone or back.
    pub cause: String,
    /// The same with its day, in words; empty while it is present.
    pub cause_note: String,
    /// True if it was opened by this run.
    pub new: bool,
    /// True if nothing is left to do.
    pub closed: bool,
    /// True if the due day is over.
    pub overdue: bool,
    /// What is not filled in yet, in words.
    pub missing: Vec<String>,
    /// Where it stands in the file.
    pub place: Option<PlaceInfo>,
}

impl RiskRegister {
    /// What is published of a register brought up to date, judged on a day.
    pub fn of(updated: &Updated, nameless: &[Nameless], date: Date, language: Language) -> Self {
        let register = &updated.register;
        let first_new = register.entries.len() - updated.opened;
        let entries: Vec<RiskEntry> = register
            .entries
            .iter()
            .enumerate()
            .map(|(at, risk)| entry(risk, at >= first_new, date, language))
            .collect();
        let findings = findings(register, nameless, date);
        Self {
            file: register.file.clone(),
            sha256: crate::source::sha256(register.text.as_bytes()),
            opened: updated.opened,
            gone: updated.gone,
            back: updated.back,
            incomplete: entries
                .iter()
                .filter(|risk| !risk.missing.is_empty())
                .count(),
            overdue: entries.iter().filter(|risk| risk.overdue).count(),
            findings: findings
                .iter()
                .map(|finding| finding_info(finding, language))
                .collect(),
            entries,
        }
    }

    /// The gravest of its findings.
    pub fn gravest(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }
}

impl Report {
    /// The report with a risk register, whose findings count with the others.
    #[must_use]
    pub fn with_risk_register(mut self, register: RiskRegister) -> Self {
        if let Some(summary) = &mut self.summary {
            let count = |severity| {
                let of = register.findings.iter();
                of.filter(|finding| finding.severity == severity).count()
            };
            summary.errors += count(Severity::Error);
            summary.warnings += count(Severity::Warning);
            summary.notes += count(Severity::Note);
        }
        self.risk_register = Some(register);
        self
    }
}

fn entry(risk: &Risk, new: bool, date: Date, language: Language) -> RiskEntry {
    let cause = risk.cause_state();
    let since = risk.cause.split_whitespace().last().unwrap_or_default();
    let note = match cause {
        crate::risks::CauseState::Present => String::new(),
        crate::risks::CauseState::Gone => language.label_with("risk-gone", &[("date", since)]),
        crate::risks::CauseState::Back => language.label_with("risk-back", &[("date", since)]),
    };
    RiskEntry {
        id: risk.id.clone(),
        manufacturer: risk.manufacturer.clone(),
        product: risk.product.clone(),
        requirement: risk.requirement.clone(),
        item: risk.item.clone(),
        control: risk.control.clone(),
        title: risk.title.clone(),
        stated: risk.stated.clone(),
        source: risk.place.clone(),
        threat: risk.threat.clone(),
        likelihood: risk.likelihood.clone(),
        impact: risk.impact.clone(),
        treatment: risk.treatment.clone(),
        measures: risk.measures.clone(),
        owner: risk.owner.clone(),
        due: risk.due.clone(),
        status: risk.status.clone(),
        opened: risk.opened.clone(),
        cause: cause.code().to_owned(),
        cause_note: note,
        new,
        closed: risk.is_closed(),
        overdue: risk.is_overdue(date),
        missing: risk
            .gaps()
            .into_iter()
            .map(|gap| gap.label().text(language).to_owned())
            .collect(),
        place: risk.line.as_ref().and_then(place_info),
    }
}
