//! Proving a register, and moving it: `verify`, `export`, `import`.

use std::path::PathBuf;

use clap::Args;
use kaijisho::register::Register;
use kaijisho::report::records::ProblemInfo;
use kaijisho::{Error, Language, Result};

use super::super::Ended;
use super::super::arguments::Common;
use super::{Kept, answer, records, tell};

#[derive(Debug, Args)]
pub(super) struct Verify {
    /// The hash of the last entry, as it was written down elsewhere
    #[arg(long, value_name = "HASH")]
    head: Option<String>,
    #[command(flatten)]
    kept: Kept,
}

#[derive(Debug, Args)]
pub(super) struct Export {
    /// The folder: empty, not there yet, or with an earlier state of the same register
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[command(flatten)]
    kept: Kept,
}

#[derive(Debug, Args)]
pub(super) struct Import {
    /// A folder that export has written
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[command(flatten)]
    kept: Kept,
}

pub(super) fn verify(verb: &Verify, common: &Common, language: Language) -> Result<Ended> {
    let register = verb.kept.open()?;
    let verified = register.verify(verb.head.as_deref())?;
    let mut said = records(&register, common, language)?;
    said.total = Some(verified.problems.len() as u64 + verified.omitted).filter(|total| *total > 0);
    let problems = verified.problems.iter().map(|problem| ProblemInfo {
        kind: problem.kind.code().to_owned(),
        entry: problem.entry,
        text: problem.text.text(language).to_owned(),
    });
    said.problems = Some(problems.collect());
    let sound = verified.problems.is_empty();
    answer(&said, common, language)?;
    Ok(Ended::findings(!sound))
}

pub(super) fn export(verb: &Export, common: &Common, language: Language) -> Result<Ended> {
    let register = verb.kept.open()?;
    let exported = register.export(&verb.folder)?;
    let values = [
        ("path", &*verb.folder.display().to_string()),
        ("entries", &*exported.entries.to_string()),
        ("written", &*exported.written.to_string()),
    ];
    tell("register-exported", &values, common, language);
    answer(&records(&register, common, language)?, common, language)?;
    Ok(Ended::Clean)
}

pub(super) fn import(verb: &Import, common: &Common, language: Language) -> Result<Ended> {
    let path = verb.kept.path();
    if path.exists() {
        // Never into a register that is there, whatever is asked: two histories do not make one.
        return Err(Error::Exists { path });
    }
    let imported = Register::open_or_create(&path).and_then(|mut register| {
        let entries = register.import(&verb.folder)?;
        Ok((register, entries))
    });
    match imported {
        Ok((register, entries)) => {
            let values = [
                ("path", &*path.display().to_string()),
                ("entries", &*entries.to_string()),
            ];
            tell("register-imported", &values, common, language);
            answer(&records(&register, common, language)?, common, language)?;
            Ok(Ended::Clean)
        }
        Err(error) => {
            for ending in ["", "-wal", "-shm"] {
                let mut name = path.clone().into_os_string();
                name.push(ending);
                // It was made by this run and is empty; that it cannot be removed changes nothing for the user.
                let _ = std::fs::remove_file(name);
            }
            Err(error)
        }
    }
}
