//! Requirements and questions: each has one target, answers that meet it, and a name of its own.

use std::collections::HashSet;

use toml::Spanned;

use super::{Checker, REQUIREMENTS};
use crate::answer::Answer;
use crate::control::{Controls, Polarity};
use crate::finding::{Value, rule};
use crate::language::Localised;
use crate::profile::written::{ControlSet, OnNo, RemarkNeed, WrittenQuestion, WrittenRequirement};
use crate::profile::{Planned, Requirement, Target};
use crate::text::{fold, is_blank};

impl Checker<'_> {
    pub(super) fn requirements(
        &mut self,
        written: &[Spanned<WrittenRequirement>],
        questions: &[Spanned<WrittenQuestion>],
        profile: &str,
    ) -> Vec<(Requirement, usize)> {
        let named: HashSet<&str> = written
            .iter()
            .flat_map(|requirement| {
                let one_of = requirement
                    .as_ref()
                    .one_of
                    .iter()
                    .flat_map(|several| several.as_ref());
                requirement.as_ref().control.iter().chain(one_of)
            })
            .map(|control| control.as_ref().as_str())
            .collect();
        let mut ids: HashSet<String> = HashSet::new();
        let mut all: Vec<(Requirement, usize)> = Vec::new();
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
            let at = id.span().start;
            all.extend(own.into_iter().map(|requirement| (requirement, at)));
            // A file of rules over all controls grows beyond every measure; that it is too large is told once.
            if all.len() > REQUIREMENTS.0 {
                return all;
            }
        }
        for question in questions {
            let id = &question.as_ref().id;
            if !ids.insert(id.as_ref().clone()) {
                let values = [("found", Value::quoted(id.as_ref()))];
                self.wrong(rule::REQUIREMENT_DUPLICATE, id.span().start, &values);
            }
            let at = id.span().start;
            all.push((self.question(question, profile), at));
        }
        all
    }

    /// One written requirement; a rule over controls becomes one requirement for each control.
    fn requirement(
        &mut self,
        spanned: &Spanned<WrittenRequirement>,
        profile: &str,
        named: &HashSet<&str>,
    ) -> Vec<Requirement> {
        let (at, written) = (spanned.span().start, spanned.as_ref());
        let id = written.id.as_ref();
        let expanded = written.controls.is_some() || written.items.is_some();
        let targets = self.targets(id, at, written, named);
        if written.answers.is_empty() && written.methods.is_empty() {
            self.invalid(at, id, "cfg-no-answers");
        }
        if is_blank(id) {
            self.invalid(at, id, "cfg-no-id");
        }
        self.weight(id, &written.weight);
        if let Some(planned) = &written.planned {
            // An empty word stands in every remark, and would make a plan of each or of none.
            let mut words = planned.words.iter().chain(&planned.unless);
            if planned.words.is_empty() || words.any(|word| fold(word).is_empty()) {
                self.invalid(at, id, "cfg-planned");
            }
        }
        let answers = self.answers(&written.answers);
        let when = self.condition(&written.when);
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
                evidence_required: matches!(written.evidence, RemarkNeed::Required),
                when: when.clone(),
                off: None,
                changes: Vec::new(),
                reason: written.reason.clone(),
                references: written.references.clone(),
                assess_risk_on_no: matches!(written.on_no, Some(OnNo::RiskAssessment)),
                planned: planned.clone(),
                profile: profile.to_owned(),
                from_rule: expanded,
            })
            .collect()
    }

    /// What a requirement looks at, with the name of each requirement that this makes.
    fn targets(
        &mut self,
        id: &str,
        at: usize,
        written: &WrittenRequirement,
        named: &HashSet<&str>,
    ) -> Vec<(String, Target)> {
        let given = [
            written.control.is_some(),
            written.item.is_some(),
            written.controls.is_some(),
            written.items.is_some(),
            written.one_of.is_some(),
        ];
        match given.into_iter().filter(|given| *given).count() {
            0 => self.invalid(at, id, "cfg-no-target"),
            1 => {}
            _ => {
                self.invalid(at, id, "cfg-two-targets");
                return Vec::new();
            }
        }
        if let Some(control) = &written.control {
            self.known_control(control);
            return vec![(id.to_owned(), Target::Control(control.as_ref().clone()))];
        }
        if let Some(item) = &written.item {
            return vec![(id.to_owned(), self.item(item, written))];
        }
        if let Some(several) = &written.one_of {
            let mut controls: Vec<String> = Vec::new();
            for control in several.as_ref() {
                self.known_control(control);
                if !controls.contains(control.as_ref()) {
                    controls.push(control.as_ref().clone());
                }
            }
            if controls.len() < 2 {
                self.invalid(several.span().start, id, "cfg-one-of");
            }
            return vec![(id.to_owned(), Target::OneOf(controls))];
        }
        if let Some(list) = &written.items {
            return self.listed(id, list);
        }
        let Some(set) = written.controls else {
            return Vec::new();
        };
        Controls::bundled()
            .iter()
            .filter(|control| match set {
                ControlSet::All => true,
                ControlSet::Good => control.polarity == Polarity::Good,
            })
            .filter(|control| !named.contains(control.id.as_str()))
            .map(|control| {
                let target = Target::Control(control.id.clone());
                (format!("{id}:{}", control.id), target)
            })
            .collect()
    }

    /// A question of the facility's own, as a requirement.
    pub(super) fn question(
        &mut self,
        spanned: &Spanned<WrittenQuestion>,
        profile: &str,
    ) -> Requirement {
        let written = spanned.as_ref();
        let id = written.id.as_ref();
        let text = written.text.as_ref();
        if is_blank(&text.ja) && is_blank(&text.en) {
            self.invalid(written.text.span().start, id, "cfg-question-text");
        }
        if is_blank(id) {
            self.invalid(written.id.span().start, id, "cfg-no-id");
        }
        if written.answers.is_empty() {
            self.invalid(written.id.span().start, id, "cfg-no-answers");
        }
        self.weight(id, &written.weight);
        Requirement {
            id: id.clone(),
            target: Target::Question(text.clone()),
            level: written.level,
            weight: *written.weight.as_ref(),
            answers: self.answers(&written.answers),
            methods: Vec::new(),
            remark_required: matches!(written.remark, RemarkNeed::Required),
            evidence_required: matches!(written.evidence, RemarkNeed::Required),
            when: self.condition(&written.when),
            off: None,
            changes: Vec::new(),
            reason: written.reason.clone(),
            references: written.references.clone(),
            assess_risk_on_no: false,
            planned: None,
            profile: profile.to_owned(),
            from_rule: false,
        }
    }

    /// The answers that satisfy; what is none is a mistake.
    pub(super) fn answers(&mut self, written: &[Spanned<String>]) -> Vec<Answer> {
        let mut answers = Vec::new();
        for answer in written {
            match Answer::from_code(answer.as_ref()) {
                Some(answer) => answers.push(answer),
                None => self.not_a_choice(answer, &Answer::ALL),
            }
        }
        answers
    }

    fn weight(&mut self, id: &str, weight: &Spanned<u32>) {
        if *weight.as_ref() > 10 {
            self.invalid(weight.span().start, id, "cfg-weight");
        }
    }

    fn known_control(&mut self, control: &Spanned<String>) {
        if Controls::bundled().get(control.as_ref()).is_none() {
            self.unknown_control(control);
        }
    }

    fn invalid(&mut self, at: usize, id: &str, key: &str) {
        let detail = Value::Local(Localised::label(key, &[]));
        let values = [("found", Value::quoted(id)), ("detail", detail)];
        self.wrong(rule::REQUIREMENT_INVALID, at, &values);
    }
}
