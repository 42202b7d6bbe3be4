//! The step that checks a profile as written: everything named exists, nothing stands twice, dates make sense.

mod conditions;
mod overrides;
mod requirements;
mod targets;
mod waivers;

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;
use toml::Spanned;

use super::written::WrittenProfile;
use super::{Profile, Requirement, System};
use crate::finding::{Finding, Rules, Value, rule};
use crate::form::Catalog;
use crate::place::{Lines, Place};

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
    let mut severity = BTreeMap::new();
    let mut sha256 = crate::source::sha256(text.as_bytes());
    let mut system = System::default();
    let mut notes = Vec::new();
    for profile in &base {
        // The hash is of all that the requirements come from.
        sha256 = crate::source::sha256(format!("{sha256}{}", profile.sha256).as_bytes());
        // Its waivers stay behind: who allows a deviation allows it for one facility.
        severity.extend(profile.severity.clone());
        system = profile.system.clone().over(&system);
        notes.extend(profile.notes.clone());
    }
    let mut requirements = checker.inherited(base, &written, &mut notes);
    for change in &written.overrides {
        checker.change(change, &written.id, &mut requirements);
    }
    let own = checker.requirements(&written.requirement, &written.question, &written.id);
    for requirement in own {
        requirements.retain(|known| known.id != requirement.id);
        requirements.push(requirement);
    }
    let own = checker.system(&written.system);
    let system = own.over(&System {
        place: None,
        ..system
    });
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
            system,
            notes,
        })
    } else {
        Err(checker.mistakes)
    }
}

/// The facts of a file that says only what a system is: `[system]` of a profile by itself.
///
/// # Errors
/// Every mistake with its place.
pub fn system_of(text: &str) -> Result<System, Vec<Finding>> {
    let file = super::written::read_system(text)?;
    let forms = Catalog::of(Vec::new());
    let mut checker = Checker {
        lines: Lines::new(text),
        folder: Path::new("."),
        forms: &forms,
        mistakes: Vec::new(),
    };
    let system = checker.system(&file.system);
    if checker.mistakes.is_empty() {
        Ok(System {
            place: None,
            ..system
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
    /// The requirements of the profiles that are extended: one that stands in several counts once, and
    /// where two differ under one name the later counts, which is said.
    fn inherited(
        &mut self,
        base: Vec<Profile>,
        written: &WrittenProfile,
        notes: &mut Vec<Finding>,
    ) -> Vec<Requirement> {
        let mut requirements: Vec<Requirement> = Vec::new();
        for (profile, named) in base.into_iter().zip(&written.extends) {
            for requirement in profile.requirements {
                let known = requirements
                    .iter()
                    .position(|known| known.id == requirement.id);
                if let Some(known) = known.map(|at| requirements.remove(at))
                    && known != requirement
                {
                    let values = [
                        ("found", Value::quoted(&requirement.id)),
                        ("earlier", Value::quoted(&known.profile)),
                        ("later", Value::quoted(&profile.id)),
                    ];
                    let mut note =
                        Finding::new(rule::REQUIREMENT_REPLACED, self.place(named.span().start));
                    for (name, value) in values {
                        note = note.with(name, value);
                    }
                    notes.push(note);
                }
                requirements.push(requirement);
            }
        }
        requirements
    }

    fn wrong(&mut self, rule: &'static str, at: usize, values: &[(&'static str, Value)]) {
        let mut finding = Finding::new(rule, self.lines.place(at));
        for (name, value) in values {
            finding = finding.with(name, value.clone());
        }
        self.mistakes.push(finding);
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
