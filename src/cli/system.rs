//! What is told about the system on the command line: facts, categories, or a file of them.

use std::path::PathBuf;

use clap::Args;
use kaijisho::profile::{Facts, System, load, system_of};
use kaijisho::{Catalog, Error, Profile, Result, data_text};

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
        let own = System {
            facts: self.fact.iter().cloned().collect(),
            categories: (!self.category.is_empty())
                .then(|| self.category.iter().cloned().collect()),
            place: None,
        };
        let Some(path) = &self.system else {
            return Ok(own);
        };
        let text = data_text(path)?;
        let filed = system_of(&text).map_err(|findings| Error::Invalid {
            name: path.display().to_string(),
            findings,
        })?;
        Ok(own.over(&filed))
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
