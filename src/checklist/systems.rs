//! Which system of a facility each disclosure is of, and what the facility says of it, for whoever judges disclosures.
//!
//! Pure, and file by file: what one file comes to depends on no other. Nothing is guessed. A disclosure that is
//! certainly of one system is judged by what is said of that system. Where none is found, or several, or one that is
//! merely alike, that is told, and what the facility file says of its systems is not used for it.

use std::collections::BTreeSet;

use super::facility::Facility;
use super::{Doubt, Matched, Sheet, matching};
use crate::assess::Assessment;
use crate::disclosure::Disclosure;
use crate::examine::Examined;
use crate::finding::{Finding, Value, rule};
use crate::form::Field;
use crate::language::{Language, Localised};
use crate::place::Place;
use crate::profile::{CATEGORY, Facts, Ground, Origin, System};
use crate::text::show;

/// How many systems are named in a message.
const NAMED: usize = 5;

/// Which system a disclosure is of, by position in [`Facility::systems`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Belonging {
    /// Certainly this one.
    Of(usize),
    /// One of several, all of which have its product, or name its file.
    Several(Vec<usize>),
    /// Perhaps one of these; each with why that is not certain.
    Doubtful(Vec<(usize, Doubt)>),
    /// None.
    Nowhere,
}

/// The systems of a facility, with what is said of each for a profile.
#[derive(Debug)]
pub struct Systems<'a> {
    facility: &'a Facility,
    /// One for each system, with what is asked and what the profile says.
    merged: Vec<System>,
    /// What is said where the system is not known.
    without: System,
}

impl<'a> Systems<'a> {
    /// What is said of each system: `said`, as a profile carries it, is split into what was asked, which goes before
    /// the facility file, and what the profile says, which goes behind it.
    pub fn new(facility: &'a Facility, said: &System) -> Self {
        let asked = said.part(Origin::Asked);
        let profile = said.part(Origin::Profile);
        let systems = facility.systems.iter();
        Self {
            facility,
            merged: systems
                .map(|system| asked.clone().over(&system.stated()).over(&profile))
                .collect(),
            without: said.clone(),
        }
    }

    /// The facility.
    pub fn facility(&self) -> &'a Facility {
        self.facility
    }

    /// Which system each disclosure of a file is of.
    pub fn belongings(&self, file: &Examined) -> Vec<Belonging> {
        let sheets: Vec<Sheet<'_>> = (0..)
            .zip(&file.disclosures)
            .map(|(at, disclosure)| Sheet {
                file,
                at,
                disclosure,
            })
            .collect();
        let mut found: Vec<Vec<(usize, Matched)>> = vec![Vec::new(); sheets.len()];
        for (system, matched) in matching::matched(self.facility, &sheets).iter().enumerate() {
            for one in matched {
                found[one.sheet].push((system, *one));
            }
        }
        found.iter().map(|found| self.belonging(found)).collect()
    }

    fn belonging(&self, found: &[(usize, Matched)]) -> Belonging {
        let certain = found.iter().filter(|(_, matched)| matched.doubt.is_none());
        let certain: Vec<usize> = certain.map(|(system, _)| *system).collect();
        // A file that is named settles what its product leaves open.
        let names_file = |at: &&usize| !self.facility.systems[**at].disclosures.is_empty();
        let named: Vec<usize> = certain.iter().filter(names_file).copied().collect();
        let certain = if named.is_empty() { certain } else { named };
        match certain.as_slice() {
            [] if found.is_empty() => Belonging::Nowhere,
            [] => Belonging::Doubtful(
                found
                    .iter()
                    .filter_map(|(system, matched)| Some((*system, matched.doubt?)))
                    .collect(),
            ),
            [one] => Belonging::Of(*one),
            _ => Belonging::Several(certain),
        }
    }

    /// What is said of the system that a disclosure is of.
    pub fn said(&self, belonging: &Belonging) -> &System {
        match belonging {
            Belonging::Of(at) => &self.merged[*at],
            Belonging::Several(_) | Belonging::Doubtful(_) | Belonging::Nowhere => &self.without,
        }
    }

    /// What is to be said about a file's disclosures and their systems.
    pub fn findings(
        &self,
        file: &Examined,
        belongings: &[Belonging],
        assessments: &[Assessment<'_>],
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (at, belonging) in belongings.iter().enumerate() {
            match belonging {
                Belonging::Of(system) => {
                    findings.extend(self.overruled(*system));
                    findings.extend(self.unknown(*system, &assessments[at]));
                }
                Belonging::Nowhere => {
                    let finding = Finding::new(rule::SYSTEM_NOT_FOUND, Place::File);
                    findings.push(self.about(finding, file, &file.disclosures[at]));
                }
                Belonging::Several(systems) => {
                    let several = systems.iter().map(|at| (*at, None)).collect();
                    findings.push(self.ambiguous(several, file, &file.disclosures[at]));
                }
                Belonging::Doubtful(systems) => {
                    let doubtful = systems.iter().map(|(at, doubt)| (*at, Some(*doubt)));
                    findings.push(self.ambiguous(doubtful.collect(), file, &file.disclosures[at]));
                }
            }
        }
        findings
    }

    /// A finding with the file and product it is about.
    fn about(&self, finding: Finding, file: &Examined, disclosure: &Disclosure) -> Finding {
        let value = |field| {
            let value = disclosure.field(field).map(|value| value.value());
            match value.filter(|value| !value.trim().is_empty()) {
                Some(value) => Value::quoted(&value),
                None => Value::Local(Localised::label("system-not-stated", &[])),
            }
        };
        finding
            .with("file", Value::plain(&file.file))
            .with("product", value(Field::Product))
            .with("manufacturer", value(Field::Manufacturer))
            .with("facility", Value::plain(&self.facility.file))
    }

    fn ambiguous(
        &self,
        systems: Vec<(usize, Option<Doubt>)>,
        file: &Examined,
        disclosure: &Disclosure,
    ) -> Finding {
        let of = |language: Language| {
            let shown = systems.iter().take(NAMED).map(|(at, doubt)| {
                let key = doubt.map_or("several", Doubt::code);
                let key = format!("system-doubt-{key}");
                language.label_with(&key, &[("system", &self.called(*at))])
            });
            let mut shown: Vec<String> = shown.collect();
            if systems.len() > NAMED {
                shown.push("…".to_owned());
            }
            shown.join(&language.label("when-and"))
        };
        let finding = Finding::new(rule::SYSTEM_AMBIGUOUS, Place::File);
        let systems = Localised {
            ja: of(Language::Ja),
            en: of(Language::En),
        };
        self.about(finding, file, disclosure)
            .with("systems", Value::Local(systems))
    }

    /// Name and id of a system, shortened.
    fn called(&self, at: usize) -> String {
        let system = &self.facility.systems[at];
        let (name, id) = (&system.name, &system.id);
        format!("{} ({})", show(name, 40), show(id, 40))
    }

    /// A finding with the system it is about, and where that stands in the facility file.
    fn of_system(&self, finding: Finding, at: usize) -> Finding {
        let system = &self.facility.systems[at];
        finding
            .with("system", Value::plain(self.called(at)))
            .with("facility", Value::plain(&self.facility.file))
            .with("at", Value::plain(&system.place))
    }

    /// What is asked of all disclosures, or said by the profile, and not so of this system.
    fn overruled(&self, at: usize) -> Vec<Finding> {
        let stated = self.facility.systems[at].stated();
        let mut findings = Vec::new();
        for other in [Origin::Asked, Origin::Profile] {
            let other = self.without.part(other);
            for fact in Facts::bundled().facts() {
                let (here, there) = (stated.fact(&fact.id), other.fact(&fact.id));
                if let (Some(here), Some(there)) = (here, there)
                    && here != there
                {
                    let what = [truth(here), truth(there)];
                    findings.push(self.contrary(at, fact.title.clone(), what, &other, &fact.id));
                }
            }
            if let (Some(here), Some(there)) = (&stated.categories, &other.categories)
                && here != there
            {
                let title = Localised::label("fact-category", &[]);
                let what = [titles(here), titles(there)];
                findings.push(self.contrary(at, title, what, &other, CATEGORY));
            }
        }
        findings
    }

    fn contrary(
        &self,
        at: usize,
        fact: Localised,
        [here, there]: [Localised; 2],
        other: &System,
        name: &str,
    ) -> Finding {
        let key = match other.origin(name) {
            Origin::Asked => "origin-asked",
            Origin::Profile | Origin::FacilityFile => "origin-profile",
        };
        let used = match other.origin(name) {
            Origin::Asked => there.clone(),
            Origin::Profile | Origin::FacilityFile => here.clone(),
        };
        let finding = Finding::new(rule::SYSTEM_FACT_OVERRULED, Place::File)
            .with("fact", Value::Local(fact))
            .with("here", Value::Local(here))
            .with("there", Value::Local(there))
            .with("source", Value::Local(Localised::label(key, &[])))
            .with("used", Value::Local(used));
        self.of_system(finding, at)
    }

    /// What nobody says of this system, though requirements depend on it.
    fn unknown(&self, at: usize, assessment: &Assessment<'_>) -> Option<Finding> {
        let open = |ground: &&Ground| ground.holds.is_none();
        let grounds: Vec<&Ground> = assessment.grounds().into_iter().filter(open).collect();
        if grounds.is_empty() {
            return None;
        }
        let requirements: BTreeSet<&str> = assessment
            .outcomes
            .iter()
            .filter(|outcome| outcome.grounds.iter().any(|ground| ground.holds.is_none()))
            .map(|outcome| outcome.requirement.id.as_str())
            .collect();
        let strange = &self.facility.systems[at].strange;
        let has_category = grounds.iter().any(|ground| ground.is_category);
        let words = |language: Language| {
            let all: Vec<String> = grounds.iter().map(|one| one.title(language)).collect();
            let all = all.join(&language.label("when-and"));
            if !has_category || strange.is_empty() {
                return all;
            }
            let shown: Vec<String> = strange.iter().map(|word| show(word, 40)).collect();
            let words = shown.join(", ");
            let values = [("facts", all.as_str()), ("words", words.as_str())];
            language.label_with("system-category-strange", &values)
        };
        let facts = grounds.iter().filter(|ground| !ground.is_category);
        let mut written: Vec<String> = facts.map(|one| format!("{} = true", one.name)).collect();
        written = match written.is_empty() {
            true => Vec::new(),
            false => vec![format!("facts = {{ {} }}", written.join(", "))],
        };
        if has_category {
            let names = grounds.iter().filter(|ground| ground.is_category);
            let names: Vec<String> = names.map(|one| format!("\"{}\"", one.name)).collect();
            written.push(format!("category = [{}]", names.join(", ")));
        }
        let finding = Finding::new(rule::SYSTEM_FACT_UNKNOWN, Place::File)
            .with(
                "facts",
                Value::Local(Localised {
                    ja: words(Language::Ja),
                    en: words(Language::En),
                }),
            )
            .with("count", Value::plain(requirements.len()))
            .with("written", Value::plain(written.join(", ")));
        Some(self.of_system(finding, at))
    }
}

fn truth(holds: bool) -> Localised {
    Localised::label(if holds { "fact-true" } else { "fact-false" }, &[])
}

/// The titles of categories.
fn titles(ids: &BTreeSet<String>) -> Localised {
    let of = |language: Language| {
        let facts = Facts::bundled();
        let titles = ids.iter().map(|id| {
            let category = facts.category(id);
            category.map_or(id.as_str(), |category| category.title.text(language))
        });
        titles.collect::<Vec<_>>().join(" / ")
    };
    Localised {
        ja: of(Language::Ja),
        en: of(Language::En),
    }
}
