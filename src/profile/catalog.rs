//! The catalogue of profiles: those bundled, and those a facility writes.

use std::path::{Path, PathBuf};

use super::checked::meant;
use super::{Profile, System, checked, written};
use crate::error::{Error, Result};
use crate::finding::{Finding, Value, rule};
use crate::form::Catalog;
use crate::place::Lines;
use crate::source::data_text;

/// The bundled profiles, by name. A guard test compares this list with the folder.
pub const BUNDLED: [(&str, &str); 4] = [
    (
        "clinic-cloud",
        include_str!("../../schemas/profiles/clinic-cloud.toml"),
    ),
    (
        "gl7-outsourced",
        include_str!("../../schemas/profiles/gl7-outsourced.toml"),
    ),
    (
        "mhlw-checklist-r5",
        include_str!("../../schemas/profiles/mhlw-checklist-r5.toml"),
    ),
    (
        "small-hospital",
        include_str!("../../schemas/profiles/small-hospital.toml"),
    ),
];

/// How many profiles may extend one another in a row.
const DEEPEST: usize = 16;
/// How many profiles may be read for one, those that are read again counted again.
const MOST: usize = 100;

/// The commented template that `profile new` writes out.
pub const TEMPLATE: &str = include_str!("../../templates/profile.toml");

/// The text of a bundled profile.
pub fn bundled_text(name: &str) -> Option<&'static str> {
    BUNDLED
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, text)| *text)
}

/// Loads a profile by its bundled name or from a file.
///
/// # Errors
/// [`Error::UnknownProfile`], [`Error::Read`], or [`Error::Invalid`] with every mistake and its place.
pub fn load(name: &str, forms: &Catalog) -> Result<Profile> {
    load_within(name, Path::new("."), forms, &mut Chain::default())
}

/// Checks the text of a profile; `folder` is where the files it extends are looked for.
///
/// # Errors
/// [`Error::Invalid`] with every mistake and its place.
pub fn parse(text: &str, name: &str, folder: &Path, forms: &Catalog) -> Result<Profile> {
    let mut chain = Chain {
        open: vec![name.to_owned()],
        read: 1,
    };
    parse_within(text, name, folder, forms, &mut chain)
}

/// Loads a file that says only what a system is: `[system]` of a profile by itself.
///
/// # Errors
/// [`Error::Read`], also for a file of more than 8 MiB, or [`Error::Invalid`] with every mistake and its place.
pub fn load_system(path: &Path) -> Result<System> {
    let text = data_text(path)?;
    checked::system_of(&text).map_err(|findings| Error::Invalid {
        name: path.display().to_string(),
        findings,
    })
}

/// The way from the profile asked for to the one being read.
#[derive(Default)]
struct Chain {
    /// Those whose `extends` is being followed, by name and by file.
    open: Vec<String>,
    /// How many have been read in all: two that extend the same two, and so on, read each many times.
    read: usize,
}

impl Chain {
    fn is_full(&self) -> bool {
        self.open.len() >= DEEPEST || self.read >= MOST
    }
}

fn load_within(name: &str, folder: &Path, forms: &Catalog, chain: &mut Chain) -> Result<Profile> {
    if let Some(text) = bundled_text(name) {
        chain.open.push(name.to_owned());
        chain.read += 1;
        let profile = parse_within(text, name, folder, forms, chain);
        chain.open.pop();
        return profile;
    }
    let path = folder.join(name);
    if !name.ends_with(".toml") && !path.is_file() {
        return Err(Error::UnknownProfile {
            name: name.to_owned(),
            known: BUNDLED.map(|(known, _)| known.to_owned()).to_vec(),
        });
    }
    let text = data_text(&path)?;
    chain.open.push(canonical(&path));
    chain.read += 1;
    let folder = path
        .parent()
        .map_or_else(|| PathBuf::from("."), Path::to_owned);
    let profile = parse_within(&text, name, &folder, forms, chain);
    chain.open.pop();
    profile
}

fn parse_within(
    text: &str,
    name: &str,
    folder: &Path,
    forms: &Catalog,
    chain: &mut Chain,
) -> Result<Profile> {
    let invalid = |findings: Vec<Finding>| Error::Invalid {
        name: name.to_owned(),
        findings,
    };
    let file = written::read(text).map_err(invalid)?;
    let lines = Lines::new(text);
    let mut base = Vec::new();
    for extended in &file.extends {
        let place = lines.place(extended.span().start);
        let wanted = extended.as_ref();
        let open = &chain.open;
        if open.contains(wanted) || open.contains(&canonical(&folder.join(wanted))) {
            let finding =
                Finding::new(rule::EXTENDS_CYCLE, place).with("found", Value::quoted(wanted));
            return Err(invalid(vec![finding]));
        }
        if chain.is_full() {
            let finding = Finding::new(rule::EXTENDS_TOO_DEEP, place)
                .with("found", Value::quoted(wanted))
                .with("deepest", Value::plain(DEEPEST))
                .with("most", Value::plain(MOST));
            return Err(invalid(vec![finding]));
        }
        match load_within(wanted, folder, forms, chain) {
            Ok(profile) => base.push(profile),
            Err(Error::UnknownProfile { known, .. }) => {
                let expected = known
                    .into_iter()
                    .map(crate::language::Localised::same)
                    .collect();
                let finding = Finding::new(rule::EXTENDS_UNKNOWN, place)
                    .with("found", Value::quoted(wanted))
                    .with("suggestion", meant(BUNDLED.map(|(name, _)| name), wanted))
                    .with("expected", Value::Words(expected));
                return Err(invalid(vec![finding]));
            }
            Err(Error::Read { path, source }) => {
                let finding = Finding::new(rule::EXTENDS_UNKNOWN, place)
                    .with(
                        "found",
                        Value::quoted(format!("{} ({source})", path.display())),
                    )
                    .with("suggestion", Value::plain(""))
                    .with(
                        "expected",
                        Value::Words(
                            BUNDLED
                                .iter()
                                .map(|(known, _)| crate::language::Localised::same(*known))
                                .collect(),
                        ),
                    );
                return Err(invalid(vec![finding]));
            }
            Err(other) => return Err(other),
        }
    }
    checked::check(file, text, name, folder, base, forms).map_err(invalid)
}

fn canonical(path: &Path) -> String {
    path.canonicalize()
        .unwrap_or_else(|_| path.to_owned())
        .display()
        .to_string()
}
