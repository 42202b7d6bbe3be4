//! The step that checks a profile as written: everything named exists, nothing stands twice, dates make sense.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use jiff::civil::Date;
use toml::Spanned;

use super::written::{
    ControlSet, OnNo, RemarkNeed, WrittenItemList, WrittenItemTarget, WrittenProfile,
    WrittenRequirement, WrittenWaiver,
};
use super::{Planned, Profile, Requirement, Scope, Target, Waiver};
use crate::answer::{Answer, ItemNumber};
use crate::control::{Controls, Polarity};
use crate::finding::{Finding, Rules, Value, rule};
use crate::form::{Catalog, Form};
use crate::language::Localised;
use crate::place::{Lines, Place};
use crate::text::{fold, is_blank, similarity};

/// The second step: everything named exists, nothing stands twice, dates make sense.
///
/// `base` are the profiles it extends, already checked. All mistakes come back together.
pub(super) fn check(
    written: WrittenProfile,
    text: &str,
    file: &str,
    folder: &Path,
    base: Vec<Profile>,
    forms: &Catalog,
) -> Result<Profile, Vec<Finding>> {
    let mut checker = Checker {
        lines: Lines::new(text),
        folder,
        forms,
        mistakes: Vec::new(),
    };
    let mut requirements: Vec<Requirement> = Vec::new();
    let mut severity = BTreeMap::new();
    let mut sha256 = crate::source::sha256(text.as_bytes());
    for profile in base {
        // The hash is of all that the requirements come from.
        sha256 = crate::source::sha256(format!("{sha256}{}", profile.sha256).as_bytes());
        // A requirement of the same name in a later profile replaces the earlier one.
        for requirement in profile.requirements {
            requirements.retain(|known| known.id != requirement.id);
            requirements.push(requirement);
        }
        // Its waivers stay behind: who allows a deviation allows it for one facility.
        severity.extend(profile.severity);
    }
    let own = checker.requirements(&written.requirement, &written.id);
    for requirement in own {
        requirements.retain(|known| known.id != requirement.id);
        requirements.push(requirement);
    }
    for (name, level) in &written.severity {
        match Rules::bundled().find(name.as_ref()) {
            Some(rule) => {
                severity.insert(rule.name.clone(), *level);
            }
            None => checker.wrong(
                rule::SEVERITY_UNKNOWN_RULE,
                name.span().start,
                &[("found", Value::quoted(name.as_ref()))],
            ),
        }
    }
    let ids: Vec<&str> = requirements
        .iter()
        .map(|requirement| requirement.id.as_str())
        .collect();
    let waivers = written
        .waiver
        .iter()
        .filter_map(|waiver| checker.waiver(waiver, &ids))
        .collect();
    if checker.mistakes.is_empty() {
        Ok(Profile {
            id: written.id,
            title: written.title,
            provenance: written.provenance,
            sha256,
            file: file.to_owned(),
            severity,
            requirements,
            waivers,
        })
    } else {
        Err(checker.mistakes)
    }
}

struct Checker<'t> {
    lines: Lines<'t>,
    folder: &'t Path,
    forms: &'t Catalog,
    mistakes: Vec<Finding>,
}

impl Checker<'_> {
    fn wrong(&mut self, rule: &'static str, at: usize, values: &[(&'static str, Value)]) {
        let mut finding = Finding::new(rule, self.lines.place(at));
        for (name, value) in values {
            finding = finding.with(name, value.clone());
        }
        self.mistakes.push(finding);
    }

    fn requirements(
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

    /// The items that a file beside the profile lists, one requirement each.
    fn listed(&mut self, id: &str, list: &Spanned<WrittenItemList>) -> Vec<(String, Target)> {
        let (at, list) = (list.span().start, list.as_ref());
        let path = self.folder.join(&list.file);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => {
                let detail = format!("{}: {error}", path.display());
                self.wrong(
                    rule::PROFILE_UNREADABLE,
                    at,
                    &[("detail", Value::plain(detail))],
                );
                return Vec::new();
            }
        };
        let form = self.forms.form(&list.form).ok();
        let mut targets: Vec<(String, Target)> = Vec::new();
        for line in text.lines() {
            let word = line.split('#').next().unwrap_or(line).trim();
            if word.is_empty() {
                continue;
            }
            let number = ItemNumber::parse(word);
            let known = number
                .as_ref()
                .and_then(|number| form.as_ref()?.item(number).map(|item| item.number.clone()));
            match known {
                Some(number) => {
                    let name = format!("{id}:{number}");
                    if targets.iter().all(|(known, _)| *known != name) {
                        let form = list.form.clone();
                        targets.push((name, Target::Item { form, number }));
                    }
                }
                None => self.unknown_item(at, word, &list.form),
            }
        }
        targets
    }

    fn unknown_control(&mut self, control: &Spanned<String>) {
        let nearest = Controls::bundled()
            .iter()
            .map(|known| (similarity(&known.id, control.as_ref()), &known.id))
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .filter(|(alike, _)| *alike > 0.5)
            .map_or_else(String::new, |(_, id)| id.clone());
        self.wrong(
            rule::REQUIREMENT_UNKNOWN_CONTROL,
            control.span().start,
            &[
                ("found", Value::quoted(control.as_ref())),
                ("suggestion", Value::plain(nearest)),
            ],
        );
    }

    fn item(
        &mut self,
        target: &Spanned<WrittenItemTarget>,
        requirement: &WrittenRequirement,
    ) -> Target {
        let (at, written) = (target.span().start, target.as_ref());
        let number = ItemNumber::new(written.number.clone());
        match self.forms.form(&written.form) {
            Ok(form) => match form.item(&number) {
                Some(_) => self.fits(&form, &number, requirement),
                None => self.unknown_item(at, &written.number, &written.form),
            },
            Err(_) => self.unknown_form(at, requirement.id.as_ref(), &written.form),
        }
        Target::Item {
            form: written.form.clone(),
            number,
        }
    }

    fn not_a_choice(&mut self, answer: &Spanned<String>, choices: &[Answer]) {
        let expected = choices
            .iter()
            .map(|answer| Localised::same(answer.code()))
            .collect();
        let values = [
            ("found", Value::quoted(answer.as_ref())),
            ("expected", Value::Words(expected)),
        ];
        self.wrong(rule::ANSWER_NOT_A_CHOICE, answer.span().start, &values);
    }

    fn unknown_form(&mut self, at: usize, requirement: &str, form: &str) {
        let known: Vec<&str> = self
            .forms
            .forms()
            .iter()
            .map(|form| form.id.as_str())
            .collect();
        let detail = Localised::label(
            "cfg-unknown-form",
            &[("form", form), ("known", &known.join(", "))],
        );
        let values = [
            ("found", Value::quoted(requirement)),
            ("detail", Value::Local(detail)),
        ];
        self.wrong(rule::REQUIREMENT_INVALID, at, &values);
    }

    fn unknown_item(&mut self, at: usize, number: &str, form: &str) {
        let values = [
            ("found", Value::quoted(number)),
            ("form", Value::plain(form)),
        ];
        self.wrong(rule::REQUIREMENT_UNKNOWN_ITEM, at, &values);
    }

    /// Answers and methods of a requirement on an item must be among the item's.
    fn fits(&mut self, form: &Form, number: &ItemNumber, requirement: &WrittenRequirement) {
        let Some(item) = form.item(number) else {
            return;
        };
        for answer in &requirement.answers {
            let known = Answer::from_code(answer.as_ref());
            if known.is_some_and(|answer| !item.choices.contains(&answer)) {
                self.not_a_choice(answer, &item.choices);
            }
        }
        for method in &requirement.methods {
            if !item
                .options
                .iter()
                .any(|option| option.is_meant_by(method.as_ref()))
            {
                let expected = item
                    .options
                    .iter()
                    .map(|option| option.title.clone())
                    .collect();
                self.wrong(
                    rule::METHOD_UNKNOWN,
                    method.span().start,
                    &[
                        ("found", Value::quoted(method.as_ref())),
                        ("expected", Value::Words(expected)),
                    ],
                );
            }
        }
    }

    fn waiver(&mut self, spanned: &Spanned<WrittenWaiver>, ids: &[&str]) -> Option<Waiver> {
        let written = spanned.as_ref();
        let requirement = written.requirement.as_ref();
        if !ids.contains(&requirement.as_str()) {
            let values = [("found", Value::quoted(requirement))];
            self.wrong(
                rule::WAIVER_UNKNOWN_REQUIREMENT,
                written.requirement.span().start,
                &values,
            );
        }
        let says_why = !is_blank(&written.reason.ja) || !is_blank(&written.reason.en);
        for (there, detail) in [
            (!is_blank(&written.approver), "waiver: approver = \"\""),
            (says_why, "waiver: reason = \"\""),
        ] {
            if !there {
                let values = [
                    ("found", Value::quoted(requirement)),
                    ("detail", Value::plain(detail)),
                ];
                self.wrong(rule::REQUIREMENT_INVALID, spanned.span().start, &values);
            }
        }
        let (from, until) = (self.day(&written.from)?, self.day(&written.until)?);
        if from > until {
            let values = [("from", Value::plain(from)), ("until", Value::plain(until))];
            self.wrong(
                rule::WAIVER_DATES_REVERSED,
                written.from.span().start,
                &values,
            );
        }
        let scope = written.document.as_ref();
        Some(Waiver {
            requirement: requirement.clone(),
            scope: Scope {
                manufacturer: scope.and_then(|scope| scope.manufacturer.clone()),
                product: scope.and_then(|scope| scope.product.clone()),
            },
            reason: written.reason.clone(),
            approver: written.approver.clone(),
            from,
            until,
            compensating: written.compensating.clone(),
            place: self.place(spanned.span().start),
        })
    }

    fn place(&self, at: usize) -> Place {
        self.lines.place(at)
    }

    fn day(&mut self, written: &Spanned<toml::value::Datetime>) -> Option<Date> {
        let found = match written.as_ref() {
            toml::value::Datetime {
                date: Some(date),
                time: None,
                offset: None,
            } => {
                let part = |n: u8| i8::try_from(n).ok();
                i16::try_from(date.year)
                    .ok()
                    .zip(part(date.month))
                    .zip(part(date.day))
                    .and_then(|((y, m), d)| Date::new(y, m, d).ok())
            }
            _ => None,
        };
        if found.is_none() {
            let detail = format!("{}: YYYY-MM-DD", written.as_ref());
            self.wrong(
                rule::PROFILE_UNREADABLE,
                written.span().start,
                &[("detail", Value::plain(detail))],
            );
        }
        found
    }
}
