//! What is told about systems on the command line: facts, categories, a file of them, or the facility file in which
//! each system has its own.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;
use kaijisho::checklist::{Belonging, Facility, Systems};
use kaijisho::profile::{Facts, Origin, System, load, load_system};
use kaijisho::{
    Assessment, Catalog, Error, Examined, Finding, Options, Profile, Result, assess, assess_system,
};

use super::arguments::Common;

#[derive(Debug, Default, Args)]
pub(super) struct Told {
    /// A file (.toml) with [system]: the facts of the system that the disclosures are about
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) system: Option<PathBuf>,
    /// A fact of that system, such as remote_maintenance=true
    #[arg(long, global = true, value_name = "NAME=true|false", value_parser = fact)]
    pub(super) fact: Vec<(String, bool)>,
    /// A category of that system, such as ehr or cloud
    #[arg(long, global = true, value_name = "NAME", value_parser = category)]
    pub(super) category: Vec<String>,
}

fn fact(text: &str) -> std::result::Result<(String, bool), String> {
    let facts = Facts::bundled();
    let known = || format!("NAME=true|false: {}", facts.fact_names().join(", "));
    let (name, value) = text.split_once('=').ok_or_else(known)?;
    let holds = match value.trim() {
        "true" => true,
        "false" => false,
        _ => return Err(known()),
    };
    match facts.fact(name.trim()) {
        Some(fact) => Ok((fact.id.clone(), holds)),
        None => Err(known()),
    }
}

fn category(text: &str) -> std::result::Result<String, String> {
    let facts = Facts::bundled();
    match facts.category(text.trim()) {
        Some(category) => Ok(category.id.clone()),
        None => Err(facts.category_names().join(", ")),
    }
}

impl Told {
    /// What is told: single facts go before the file.
    pub(super) fn system(&self) -> Result<System> {
        let own = System::told(&self.fact, &self.category).map_err(|finding| Error::Invalid {
            name: "--fact".to_owned(),
            findings: vec![finding],
        })?;
        let Some(path) = &self.system else {
            return Ok(own.said(Origin::Asked));
        };
        Ok(own.over(&load_system(path)?).said(Origin::Asked))
    }
}

impl Common {
    /// A profile, with what is told about the system over what it says itself.
    pub(super) fn profile(&self, name: &str, forms: &Catalog) -> Result<Profile> {
        let mut profile = load(name, forms)?;
        profile.system = self.told.system()?.over(&profile.system);
        Ok(profile)
    }
}

/// The facility file, where one is named.
pub(super) fn facility(path: Option<&Path>) -> Result<Option<Facility>> {
    path.map(Facility::load_systems).transpose()
}

impl Common {
    /// How files are read: as told, and with the forms that the facility file names.
    pub(super) fn options_with(&self, facility: Option<&Facility>) -> Result<Options> {
        let mut options = self.options()?;
        for forms in facility
            .map(Facility::forms)
            .transpose()?
            .unwrap_or_default()
        {
            options.catalog = options.catalog.with(&forms);
        }
        Ok(options)
    }
}

/// The disclosures of a file, each held against a profile as one of the system that it is of, and what is to be said
/// about them and the systems of the facility file, where there is one.
pub(super) fn judged<'a>(
    file: &'a Examined,
    profile: &'a Profile,
    systems: Option<&'a Systems<'a>>,
    date: Date,
) -> (Vec<Assessment<'a>>, Vec<Finding>) {
    let Some(systems) = systems else {
        let disclosures = file.disclosures.iter();
        let assessments = disclosures.map(|disclosure| assess(disclosure, profile, date));
        return (assessments.collect(), Vec::new());
    };
    let belongings = systems.belongings(file);
    let disclosures = file.disclosures.iter().zip(&belongings);
    let assessments: Vec<Assessment<'_>> = disclosures
        .map(|(disclosure, one)| assess_system(disclosure, profile, systems.said(one), date))
        .collect();
    let findings = systems.findings(file, &belongings, &assessments);
    (assessments, findings)
}

/// Which system each disclosure of each file is of, where there is a facility file.
pub(super) struct Chosen<'a> {
    systems: Option<&'a Systems<'a>>,
    belongings: Vec<Vec<Belonging>>,
}

impl<'a> Chosen<'a> {
    pub(super) fn of(systems: Option<&'a Systems<'a>>, files: &[Examined]) -> Self {
        let belongings = systems.map_or_else(Vec::new, |systems| {
            files.iter().map(|file| systems.belongings(file)).collect()
        });
        Self {
            systems,
            belongings,
        }
    }

    /// What is said of the system that a disclosure is of.
    pub(super) fn said(&self, profile: &'a Profile, file: usize, at: usize) -> &'a System {
        match self.systems {
            Some(systems) => systems.said(&self.belongings[file][at]),
            None => &profile.system,
        }
    }

    /// A profile for each disclosure of a file, with what is said of the system that it is of.
    pub(super) fn profiles(&self, profile: &'a Profile, file: usize, count: usize) -> Vec<Profile> {
        let of = |at| Profile {
            system: self.said(profile, file, at).clone(),
            ..profile.clone()
        };
        (0..count).map(of).collect()
    }

    /// What is to be said about disclosures and their systems.
    pub(super) fn findings(
        &self,
        files: &[Examined],
        assessments: &[Vec<Assessment<'_>>],
    ) -> Vec<Finding> {
        let Some(systems) = self.systems else {
            return Vec::new();
        };
        let mut findings: Vec<Finding> = Vec::new();
        for ((file, belongings), assessed) in files.iter().zip(&self.belongings).zip(assessments) {
            for finding in systems.findings(file, belongings, assessed) {
                // Two sheets of one system have the same to say of it.
                if !findings.contains(&finding) {
                    findings.push(finding);
                }
            }
        }
        findings
    }

    /// The same for files that somebody else assesses.
    pub(super) fn judged(
        &self,
        files: &[Examined],
        profile: &'a Profile,
        date: Date,
    ) -> Vec<Finding> {
        if self.systems.is_none() {
            return Vec::new();
        }
        let assessments: Vec<Vec<Assessment<'_>>> = files
            .iter()
            .enumerate()
            .map(|(file, one)| {
                let disclosures = one.disclosures.iter().enumerate();
                disclosures
                    .map(|(at, disclosure)| {
                        assess_system(disclosure, profile, self.said(profile, file, at), date)
                    })
                    .collect()
            })
            .collect();
        self.findings(files, &assessments)
    }
}
