//! `kaijisho register`: what was asked for, received, checked and decided, kept in one file with its history.

mod add;
mod decide;
mod keep;
mod look;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::Zoned;
use jiff::civil::Time;
use jiff::fmt::temporal::Pieces;
use jiff::tz::TimeZone;
use kaijisho::register::{self, Stamp};
use kaijisho::report::Format;
use kaijisho::report::records::{Records, render};
use kaijisho::{Language, Result};

use super::arguments::{Common, usage};
use super::check::style;
use super::{Ended, output};

#[derive(Debug, Args)]
pub(super) struct Register {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Record the facility file: systems, vendors, contacts
    Facility(decide::Facility),
    /// Record files received, each with its bytes, what was read and what was found
    Add(add::Add),
    /// Systems and where they stand, vendors, or files
    List(look::List),
    /// A system with its files, or a file
    Show(look::Show),
    /// What happened to a system, and what changed from sheet to sheet
    History(look::History),
    /// Record that a sheet was asked for
    Request(decide::Request),
    /// Hold the sheets that count against a profile, and record what came of it
    Assess(decide::Assess),
    /// Record that the sheets of a system are accepted
    Accept(decide::Accept),
    /// Record that the sheets of a system go back
    Return(decide::Return),
    /// Record a list of risks as it stands
    Risks(decide::Risks),
    /// Prove that everything is as it was recorded
    Verify(keep::Verify),
    /// Write the register as a folder of JSON and files
    Export(keep::Export),
    /// Read such a folder into a new register
    Import(keep::Import),
}

/// Which register.
#[derive(Debug, Args)]
struct Kept {
    /// The register (default: KAIJISHO_REGISTER, else register.db)
    #[arg(long, value_name = "FILE")]
    register: Option<PathBuf>,
}

/// Who records something, and when.
#[derive(Debug, Args)]
struct Signed {
    /// Who records it (default: KAIJISHO_BY, else the name of the user)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// When (default: now)
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: Option<Zoned>,
}

pub(super) fn run(verb: &Register, common: &Common, language: Language) -> Result<Ended> {
    output::refuse_existing(common.output.as_deref(), common.force)?;
    match &verb.verb {
        Verb::Facility(verb) => decide::facility(verb, common, language),
        Verb::Add(verb) => add::run(verb, common, language),
        Verb::List(verb) => look::list(verb, common, language),
        Verb::Show(verb) => look::show(verb, common, language),
        Verb::History(verb) => look::history(verb, common, language),
        Verb::Request(verb) => decide::request(verb, common, language),
        Verb::Assess(verb) => decide::assess(verb, common, language),
        Verb::Accept(verb) => decide::accept(verb, common, language),
        Verb::Return(verb) => decide::send_back(verb, common, language),
        Verb::Risks(verb) => decide::risks(verb, common, language),
        Verb::Verify(verb) => keep::verify(verb, common, language),
        Verb::Export(verb) => keep::export(verb, common, language),
        Verb::Import(verb) => keep::import(verb, common, language),
    }
}

impl Kept {
    fn path(&self) -> PathBuf {
        let told = || std::env::var_os("KAIJISHO_REGISTER").filter(|value| !value.is_empty());
        let path = self.register.clone().or_else(|| told().map(PathBuf::from));
        path.unwrap_or_else(|| "register.db".into())
    }

    /// A register to look into, or a folder that was written of one.
    fn open(&self) -> Result<register::Register> {
        register::Register::open_any(&self.path())
    }

    /// A register to write into; one that is not there is started, and that is said.
    fn open_or_create(&self, common: &Common, language: Language) -> Result<register::Register> {
        let path = self.path();
        let is_new = !path.exists();
        let register = register::Register::open_or_create(&path)?;
        if is_new {
            tell(
                "register-started",
                &[("path", &path.display().to_string())],
                common,
                language,
            );
        }
        Ok(register)
    }
}

impl Signed {
    fn stamp(&self, language: Language) -> Result<Stamp> {
        let variable = |name: &str| std::env::var(name).ok();
        let told = || {
            ["KAIJISHO_BY", "USER", "USERNAME"]
                .into_iter()
                .find_map(variable)
        };
        let by = self.by.clone().or_else(told).unwrap_or_default();
        let stamp = Stamp::new(&by, &self.at.clone().unwrap_or_else(Zoned::now));
        if stamp.by().is_empty() {
            return Err(usage(language.label("error-register-by")));
        }
        Ok(stamp)
    }
}

/// A day, or a day and a time, with or without an offset; without one it is the time of this computer's zone.
fn time(text: &str) -> std::result::Result<Zoned, String> {
    let pieces = Pieces::parse(text).map_err(|error| error.to_string())?;
    let clock = pieces
        .date()
        .to_datetime(pieces.time().unwrap_or(Time::midnight()));
    let zone = match pieces.to_numeric_offset() {
        Some(offset) => TimeZone::fixed(offset),
        None => TimeZone::system(),
    };
    clock.to_zoned(zone).map_err(|error| error.to_string())
}

/// What a register says, to be filled in.
fn records(register: &register::Register, common: &Common, language: Language) -> Result<Records> {
    let name = register.path().display().to_string();
    Ok(Records::new(
        &name,
        common.today().to_string(),
        register.head()?,
        language,
    ))
}

/// Shows what a register says.
fn answer(records: &Records, common: &Common, language: Language) -> Result<()> {
    let format = common.format_or_ending(language)?;
    if !common.quiet || common.output.is_some() || format != Format::Human {
        output::write(&render(records, format, &style(common))?, common)?;
        output::tell_written(common.output.as_deref(), common, language);
    }
    Ok(())
}

/// Says on standard error what was done.
fn tell(key: &str, values: &[(&str, &str)], common: &Common, language: Language) {
    if !common.quiet {
        let line = language.label_with(key, values);
        output::complain(&super::message::wrapped(&line, common.width()));
    }
}
