//! The step that checks a profile as written: everything named exists, nothing stands twice, dates make sense.

mod conditions;
mod overrides;
mod requirements;
mod targets;
mod waivers;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use jiff::civil::Date;
use toml::Spanned;

use super::written::WrittenProfile;
use super::{Profile, Requirement, System, Waiver};
use crate::finding::{Finding, Rules, Value, rule};
use crate::form::Catalog;
use crate::language::Localised;
use crate::place::{Lines, Place};
use crate::text::nearest;
use waivers::overlaps;

/// How many requirements a profile has at most, with those it extends; the label names them.
const REQUIREMENTS: (usize, &str) = (5_000, "requirement");
/// How many changes it makes at most.
const OVERRIDES: (usize, &str) = (1_000, "cfg-overrides");
/// How many waivers it has at most.
const WAIVERS: (usize, &str) = (1_000, "waiver");
/// How many mistakes are told one by one; the rest are counted.
const TOLD: usize = 100;

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
    let mut checker = Checker::new(text, folder, forms);
    checker.at_most(
        written.requirement.len() + written.question.len(),
        REQUIREMENTS,
    );
    checker.at_most(written.overrides.len(), OVERRIDES);
    checker.at_most(written.waiver.len(), WAIVERS);
    if !checker.mistakes.is_empty() {
        return Err(checker.mistakes);
    }
    let mut severity = BTreeMap::new();
    let mut sha256 = crate::source::sha256(text.as_bytes());
    let mut system = System::default();
    let mut notes = Vec::new();
    for (profile, named) in base.iter().zip(&written.extends) {
        // The hash is of all that the requirements come from.
        sha256 = crate::source::sha256(format!("{sha256}{}", profile.sha256).as_bytes());
        // Its waivers stay behind: who allows a deviation allows it for one facility.
        severity.extend(profile.severity.clone());
        system = profile.system.clone().over(&system);
        notes.extend(profile.notes.clone());
        if !profile.waivers.is_empty() {
            let count = profile.waivers.len();
            notes.push(
                Finding::new(rule::WAIVERS_LEFT_BEHIND, checker.place(named.span().start))
                    .with("found", Value::quoted(&profile.id))
                    .with("count", Value::plain(count)),
            );
        }
    }
    let mut requirements = checker.inherited(base, &written, &mut notes);
    for change in &written.overrides {
        checker.change(change, &written.id, &mut requirements);
    }
    let own = checker.requirements(&written.requirement, &written.question, &written.id);
    let requirements = checker.own_over(requirements, own, &mut notes);
    checker.at_most(requirements.len(), REQUIREMENTS);
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
                &[
                    ("found", Value::quoted(name.as_ref())),
                    ("suggestion", {
                        let rules = Rules::bundled().iter();
                        meant(rules.map(|rule| rule.name.as_str()), name.as_ref())
                    }),
                ],
            ),
        }
    }
    let ids: BTreeSet<&str> = requirements
        .iter()
        .map(|requirement| requirement.id.as_str())
        .collect();
    let waivers: Vec<Waiver> = written
        .waiver
        .iter()
        .filter_map(|waiver| checker.waiver(waiver, &ids))
        .collect();
    notes.extend(overlaps(&waivers));
    checker.tell_more();
    if checker.mistakes.is_empty() {
        Ok(Profile {
            id: written.id,
            title: written.title,
            facility: written.facility.trim().to_owned(),
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
    let mut checker = Checker::new(text, Path::new("."), &forms);
    let system = checker.system(&file.system);
    checker.tell_more();
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
    /// How many more there are than are told one by one.
    more: usize,
}

/// The name that was most likely meant, as a message ends with it; nothing where none is near.
pub(super) fn meant<'n>(known: impl IntoIterator<Item = &'n str>, wanted: &str) -> Value {
    match nearest(known, wanted) {
        Some(near) => Value::Local(Localised::label("cfg-meant", &[("near", near)])),
        None => Value::plain(""),
    }
}

impl<'t> Checker<'t> {
    fn new(text: &'t str, folder: &'t Path, forms: &'t Catalog) -> Self {
        Self {
            lines: Lines::new(text),
            folder,
            forms,
            mistakes: Vec::new(),
            more: 0,
        }
    }
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
            let at = named.span().start;
            let later = profile.requirements.into_iter();
            let later = later.map(|requirement| (requirement, at)).collect();
            requirements = self.over(requirements, later, &profile.id, notes);
        }
        requirements
    }

    /// The profile's own requirements behind those it inherits; one of the same name takes its place, which is said.
    fn own_over(
        &mut self,
        inherited: Vec<Requirement>,
        own: Vec<(Requirement, usize)>,
        notes: &mut Vec<Finding>,
    ) -> Vec<Requirement> {
        let later = own.first().map(|(own, _)| own.profile.clone());
        self.over(inherited, own, &later.unwrap_or_default(), notes)
    }

    /// Later requirements in the place of earlier ones of the same name; `profile` is the one that brings them.
    fn over(
        &mut self,
        mut earlier: Vec<Requirement>,
        later: Vec<(Requirement, usize)>,
        profile: &str,
        notes: &mut Vec<Finding>,
    ) -> Vec<Requirement> {
        let known: HashMap<String, usize> = earlier
            .iter()
            .map(|requirement| requirement.id.clone())
            .zip(0..)
            .collect();
        let mut replaced: BTreeSet<usize> = BTreeSet::new();
        let mut told: HashSet<(usize, String)> = HashSet::new();
        for (requirement, at) in &later {
            let Some(before) = known.get(&requirement.id) else {
                continue;
            };
            replaced.insert(*before);
            let before = &earlier[*before];
            // A rule over controls is told once, by its own name.
            let rule = requirement.id.split(':').next().unwrap_or_default();
            let name = if requirement.from_rule {
                rule
            } else {
                &requirement.id
            };
            if before.same_as(requirement) || !told.insert((*at, name.to_owned())) {
                continue;
            }
            notes.push(
                Finding::new(rule::REQUIREMENT_REPLACED, self.place(*at))
                    .with("found", Value::quoted(name))
                    .with("earlier", Value::quoted(&before.profile))
                    .with("later", Value::quoted(profile)),
            );
        }
        let mut at = 0;
        earlier.retain(|_| {
            at += 1;
            !replaced.contains(&(at - 1))
        });
        earlier.extend(later.into_iter().map(|(requirement, _)| requirement));
        earlier
    }

    fn at_most(&mut self, found: usize, (most, what): (usize, &'static str)) {
        if found > most {
            let what = Value::Local(Localised::label(what, &[]));
            let values = [
                ("what", what),
                ("found", Value::plain(found)),
                ("most", Value::plain(most)),
            ];
            self.wrong(rule::PROFILE_TOO_LARGE, 0, &values);
        }
    }

    /// Counts the mistakes that were not told one by one.
    fn tell_more(&mut self) {
        if self.more > 0 {
            let count = self.more.to_string();
            let detail = Localised::label("checklist-more", &[("count", &count)]);
            let finding = Finding::new(rule::PROFILE_UNREADABLE, Place::File);
            self.mistakes
                .push(finding.with("detail", Value::Local(detail)));
        }
    }

    fn wrong(&mut self, rule: &'static str, at: usize, values: &[(&'static str, Value)]) {
        if self.mistakes.len() >= TOLD {
            self.more += 1;
            return;
        }
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
            let detail = Value::Local(Localised::label("toml-date", &[]));
            let at = written.span().start;
            self.wrong(rule::PROFILE_UNREADABLE, at, &[("detail", detail)]);
        }
        found
    }
}
