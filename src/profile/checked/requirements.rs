//! Requirements: each has one target, answers that meet it, and a name of its own.

use std::collections::HashSet;

use toml::Spanned;

use super::Checker;
use crate::answer::Answer;
use crate::control::{Controls, Polarity};
use crate::finding::{Value, rule};
use crate::language::Localised;
use crate::profile::written::{ControlSet, OnNo, RemarkNeed, WrittenRequirement};
use crate::profile::{Planned, Requirement, Target};
use crate::text::{fold, is_blank};

impl Checker<'_> {
    pub(super) fn requirements(
        &mut self,
        written: &[Spanned<WrittenRequirement>],
        profile: &str,
    ) -> Vec<Requirement> {
        let named: Vec<&str> = written
            .iter()
            .filter_map(|requirement| requirement.as_ref().control.as_ref())
            .map(|control| control.as_ref().as_str())
            .collect();
        let mut ids: HashSet<String> = HashSet::new();
        let mut all = Vec::new();
        for requirement in written {
            let id = &requirement.as_ref().id;
            let own = self.requirement(requirement, profile, &named);
            // A rule's own name is taken as well as those it is expanded to.
            let mut names: Vec<&String> = own.iter().map(|one| &one.id).collect();
            if !names.contains(&id.as_ref()) {
                names.push(id.as_ref());
            }
            for name in names {
                if !ids.insert(name.clone()) {
                    self.wrong(
                        rule::REQUIREMENT_DUPLICATE,
                        id.span().start,
                        &[("found", Value::quoted(name))],
                    );
                }
            }
            all.extend(own);
        }
        all
    }

    /// One written requirement; a rule over controls becomes one requirement for each control.
    fn requirement(
        &mut self,
        spanned: &Spanned<WrittenRequirement>,
        profile: &str,
        named: &[&str],
    ) -> Vec<Requirement> {
        let (at, written) = (spanned.span().start, spanned.as_ref());
        let id = written.id.as_ref();
        let invalid = |this: &mut Self, key: &str| {
            this.wrong(
                rule::REQUIREMENT_INVALID,
                at,
                &[
                    ("found", Value::quoted(id)),
                    ("detail", Value::Local(Localised::label(key, &[]))),
                ],
            );
        };
        let expanded = written.controls.is_some() || written.items.is_some();
        let targets: Vec<(String, Target)> = match (
            &written.control,
            &written.item,
            written.controls,
            &written.items,
        ) {
            (Some(control), None, None, None) => {
                if Controls::bundled().get(control.as_ref()).is_none() {
                    self.unknown_control(control);
                }
                vec![(id.clone(), Target::Control(control.as_ref().clone()))]
            }
            (None, Some(item), None, None) => vec![(id.clone(), self.item(item, written))],
            (None, None, Some(set), None) => Controls::bundled()
                .iter()
                .filter(|control| match set {
                    ControlSet::All => true,
                    ControlSet::Good => control.polarity == Polarity::Good,
                })
                .filter(|control| !named.contains(&control.id.as_str()))
                .map(|control| {
                    let target = Target::Control(control.id.clone());
                    (format!("{id}:{}", control.id), target)
                })
                .collect(),
            (None, None, None, Some(list)) => self.listed(id, list),
            (None, None, None, None) => {
                invalid(self, "cfg-no-target");
                Vec::new()
            }
            (_, _, _, _) => {
                invalid(self, "cfg-two-targets");
                Vec::new()
            }
        };
        if written.answers.is_empty() && written.methods.is_empty() {
            invalid(self, "cfg-no-answers");
        }
        if is_blank(id) {
            invalid(self, "cfg-no-id");
        }
        if *written.weight.as_ref() > 10 {
            let detail = Value::Local(Localised::label("cfg-weight", &[]));
            let values = [("found", Value::quoted(id)), ("detail", detail)];
            self.wrong(
                rule::REQUIREMENT_INVALID,
                written.weight.span().start,
                &values,
            );
        }
        if let Some(planned) = &written.planned {
            // An empty word stands in every remark, and would make a plan of each or of none.
            let mut words = planned.words.iter().chain(&planned.unless);
            if planned.words.is_empty() || words.any(|word| fold(word).is_empty()) {
                invalid(self, "cfg-planned");
            }
        }
        let mut answers = Vec::new();
        for answer in &written.answers {
            match Answer::from_code(answer.as_ref()) {
                Some(answer) => answers.push(answer),
                None => {
                    self.not_a_choice(answer, &Answer::ALL);
                }
            }
        }
        let planned = written.planned.as_ref().map(|planned| Planned {
            words: planned.words.clone(),
            unless: planned.unless.clone(),
        });
        targets
            .into_iter()
            .map(|(id, target)| Requirement {
                id,
                target,
                level: written.level,
                weight: *written.weight.as_ref(),
                answers: answers.clone(),
                methods: written
                    .methods
                    .iter()
                    .map(|method| method.as_ref().clone())
                    .collect(),
                remark_required: matches!(written.remark, RemarkNeed::Required),
                reason: written.reason.clone(),
                references: written.references.clone(),
                assess_risk_on_no: matches!(written.on_no, Some(OnNo::RiskAssessment)),
                planned: planned.clone(),
                profile: profile.to_owned(),
                from_rule: expanded,
            })
            .collect()
    }
}
