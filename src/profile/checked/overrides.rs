//! Overrides: what a profile changes of the requirements of those it extends.

use toml::Spanned;

use super::Checker;
use crate::finding::{Value, rule};
use crate::language::Localised;
use crate::profile::written::{RemarkNeed, WrittenOverride};
use crate::profile::{Change, Requirement};
use crate::text::is_blank;

impl Checker<'_> {
    /// Changes those requirements that an override names; `inherited` are all that can be changed.
    pub(super) fn change(
        &mut self,
        spanned: &Spanned<WrittenOverride>,
        profile: &str,
        inherited: &mut [Requirement],
    ) {
        let written = spanned.as_ref();
        let id = written.requirement.as_ref();
        let at = written.requirement.span().start;
        let invalid = |this: &mut Self, at: usize, key: &str| {
            let detail = Localised::label(key, &[]);
            let values = [
                ("found", Value::quoted(id)),
                ("detail", Value::Local(detail)),
            ];
            this.wrong(rule::OVERRIDE_INVALID, at, &values);
        };
        // A rule's name stands for all that it was expanded to.
        let of_rule = format!("{id}:");
        let named = |requirement: &Requirement| {
            requirement.id == *id || requirement.from_rule && requirement.id.starts_with(&of_rule)
        };
        if !inherited.iter().any(named) {
            invalid(self, at, "cfg-override-unknown");
        }
        if is_blank(&written.reason.ja) && is_blank(&written.reason.en) {
            invalid(self, at, "cfg-override-reason");
        }
        let changes_something = written.off
            || written.level.is_some()
            || written.weight.is_some()
            || written.answers.is_some()
            || written.remark.is_some()
            || written.evidence.is_some()
            || written.when.is_some();
        if !changes_something {
            invalid(self, at, "cfg-override-nothing");
        }
        if let Some(weight) = &written.weight
            && *weight.as_ref() > 10
        {
            invalid(self, weight.span().start, "cfg-weight");
        }
        let answers = written.answers.as_ref().map(|answers| {
            if answers.is_empty() {
                invalid(self, at, "cfg-no-answers");
            }
            self.answers(answers)
        });
        let when = written.when.as_ref().map(|when| self.condition(when));
        let change = Change {
            profile: profile.to_owned(),
            reason: written.reason.clone(),
        };
        for requirement in inherited.iter_mut().filter(|one| named(one)) {
            requirement.level = written.level.unwrap_or(requirement.level);
            if let Some(weight) = &written.weight {
                requirement.weight = *weight.as_ref();
            }
            if let Some(answers) = &answers {
                requirement.answers.clone_from(answers);
            }
            let needs = |need: Option<RemarkNeed>, now: bool| {
                need.map_or(now, |need| matches!(need, RemarkNeed::Required))
            };
            requirement.remark_required = needs(written.remark, requirement.remark_required);
            requirement.evidence_required = needs(written.evidence, requirement.evidence_required);
            if let Some(when) = &when {
                requirement.when.clone_from(when);
            }
            requirement.off = written.off.then(|| change.clone());
            requirement.changes.push(change.clone());
        }
    }
}
