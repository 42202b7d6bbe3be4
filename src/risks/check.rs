//! What is still to be done in a register: entries not filled in, overdue, closed without a treatment, and
//! words that mean nothing here.

use std::collections::HashMap;

use jiff::civil::Date;

use super::words::{self, Choice};
use super::{CauseState, Nameless, Register, Risk, Words, draft_of};
use crate::finding::{Finding, Value, rule};
use crate::language::Localised;
use crate::place::Place;
use crate::text::fold;

/// A key of an entry that people fill in and that is blank, or a threat that is still the draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap(&'static str);

impl Gap {
    /// The key in the file.
    pub fn key(self) -> &'static str {
        self.0
    }

    /// What it is called.
    pub fn label(self) -> Localised {
        Localised::label(&format!("risk-{}", self.0), &[])
    }
}

impl Risk {
    /// What is not filled in. Nothing is wanted any more once the cause is gone; who accepts a risk needs no due day.
    pub fn gaps(&self) -> Vec<Gap> {
        if self.cause_state() == CauseState::Gone {
            return Vec::new();
        }
        let filled = [
            (
                "threat",
                !self.threat.is_empty() && draft_of(&self.threat).is_none(),
            ),
            ("likelihood", !self.likelihood.is_empty()),
            ("impact", !self.impact.is_empty()),
            ("treatment", !self.treatment.is_empty()),
            ("measures", !self.measures.is_empty()),
            ("owner", !self.owner.is_empty()),
            ("due", !self.due.is_empty() || self.is_closed()),
            ("status", !self.status.is_empty()),
        ];
        let blank = filled.into_iter().filter(|(_, filled)| !filled);
        blank.map(|(key, _)| Gap(key)).collect()
    }

    /// What it is called in messages: its id, or its product and title.
    fn name(&self) -> Value {
        let parts = [&self.id, &self.product, &self.title];
        let parts: Vec<&str> = parts
            .into_iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        Value::plain(parts.join(" "))
    }
}

/// What is to be said about a register on a day, in the order of the file; `nameless` are disclosures for which no
/// entry could be opened.
pub fn findings(register: &Register, nameless: &[Nameless], date: Date) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (mut ids, mut keys) = (HashMap::new(), HashMap::new());
    for risk in &register.entries {
        let finding =
            |rule, key: &str| Finding::new(rule, risk.place_of(key)).with("entry", risk.name());
        // The same name, or the same answer, in an entry above: copied, and one of the two goes on unseen.
        let here = || risk.place_of("entry");
        let mut first = None;
        if !risk.requirement.is_empty() {
            first = keys.insert(risk.key(), here());
        }
        if !risk.id.is_empty() {
            first = ids.insert(fold(&risk.id), here()).or(first);
        }
        if let Some(first) = first {
            findings.push(finding(rule::RISK_TWICE, "entry").with("first", Value::At(first)));
        }
        findings.extend(unknown_words(risk));
        let gaps = risk.gaps();
        let closed = risk.is_closed();
        let untreated = closed && (risk.treatment.is_empty() || risk.measures.is_empty());
        if untreated {
            findings.push(
                finding(rule::RISK_CLOSED_UNTREATED, "status")
                    .with("status", Value::quoted(&risk.status)),
            );
        }
        if !gaps.is_empty() {
            let names = gaps.iter().map(|gap| gap.label()).collect();
            findings
                .push(finding(rule::RISK_INCOMPLETE, "entry").with("missing", Value::Words(names)));
        }
        if risk.is_overdue(date) {
            findings.push(
                finding(rule::RISK_OVERDUE, "due")
                    .with("due", Value::plain(&risk.due))
                    .with("date", Value::plain(date)),
            );
        }
    }
    findings.extend(nameless.iter().map(|nameless| {
        Finding::new(rule::RISK_NOT_OPENED, Place::File)
            .with("file", Value::plain(&nameless.file))
            .with("count", Value::plain(nameless.count))
    }));
    findings
}

/// Words that are none of those to choose from, and a due day that is none.
fn unknown_words(risk: &Risk) -> Vec<Finding> {
    let words = Words::bundled();
    let find = |key: &'static str, found: &str, choices: &[Choice], known: bool| {
        (!found.is_empty() && !known).then(|| {
            unknown(risk, key, found).with("expected", Value::Words(words::listed(choices)))
        })
    };
    let (status, degree, treatment) = (&words.status, &words.degree, &words.treatment);
    let mut findings: Vec<Finding> = [
        find(
            "likelihood",
            &risk.likelihood,
            degree,
            words.degree(&risk.likelihood).is_some(),
        ),
        find(
            "impact",
            &risk.impact,
            degree,
            words.degree(&risk.impact).is_some(),
        ),
        find(
            "treatment",
            &risk.treatment,
            treatment,
            words.treatment(&risk.treatment).is_some(),
        ),
        find(
            "status",
            &risk.status,
            status,
            words.status(&risk.status).is_some(),
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !risk.due.is_empty() && risk.due_day().is_none() {
        let days = vec![
            Localised::same("2026-12-31"),
            Localised {
                ja: "令和8年12月31日".to_owned(),
                en: "31 Dec 2026".to_owned(),
            },
        ];
        findings.push(unknown(risk, "due", &risk.due).with("expected", Value::Words(days)));
    }
    findings
}

fn unknown(risk: &Risk, key: &'static str, found: &str) -> Finding {
    Finding::new(rule::RISK_WORD_UNKNOWN, risk.place_of(key))
        .with("entry", risk.name())
        .with("key", Value::Local(Gap(key).label()))
        .with("found", Value::quoted(found))
}
