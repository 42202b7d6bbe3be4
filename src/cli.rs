//! The command line: the only place that knows clap, the terminal, colours and exit codes.
//!
//! | exit code | meaning |
//! |---|---|
//! | 0 | done; nothing at or above `--fail-on`, no must requirement unmet or undecided |
//! | 1 | done; findings at or above `--fail-on`, or must requirements unmet or undecided |
//! | 2 | the work could not be done: usage, an unreadable file, an unknown form |

mod arguments;
mod batch;
mod changes;
mod check;
mod checklist;
mod compare;
mod convert;
mod crosswalk;
mod diff;
mod explain;
mod export;
mod fill;
mod form;
mod help;
mod home;
mod import;
mod inputs;
mod localise;
mod message;
mod migrate;
mod new;
mod output;
mod products;
mod profile;
mod register;
mod report;
mod request;
mod returned;
mod review;
mod risks;
mod schema;
mod serve;
mod shell;
mod system;

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{ArgMatches, CommandFactory, FromArgMatches};
use kaijisho::{Language, Result};

use arguments::{Arguments, Verb};

/// How a run ended.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
enum Ended {
    #[default]
    Clean,
    Findings,
    Impossible,
}

impl Ended {
    fn findings(any: bool) -> Self {
        if any { Ended::Findings } else { Ended::Clean }
    }
}

/// What the command line asks for, or the exit code where it was refused or only wanted help.
fn parsed(language: Language) -> std::result::Result<(Arguments, ArgMatches), ExitCode> {
    // A command line that is right needs no word of ours: help pages are written for those that are not.
    let error = match Arguments::command().try_get_matches_from(std::env::args_os()) {
        Ok(matches) => match Arguments::from_arg_matches(&matches) {
            Ok(arguments) => return Ok((arguments, matches)),
            Err(error) => error,
        },
        Err(error) => error,
    };
    if error.kind() == ErrorKind::DisplayVersion {
        return Err(localise::refuse(&error, "", language));
    }
    let command = localise::command(Arguments::command(), language);
    let asked = localise::asked(&command, std::env::args_os());
    command
        .try_get_matches_from(std::env::args_os())
        .and_then(|matches| Ok((Arguments::from_arg_matches(&matches)?, matches)))
        .map_err(|error| localise::refuse(&error, &asked, language))
}

/// Runs the command line and gives the exit code.
pub(crate) fn run() -> ExitCode {
    let language = localise::language(std::env::args_os());
    let (mut arguments, matches) = match parsed(language) {
        Ok(parsed) => parsed,
        Err(refused) => return refused,
    };
    if let Err(error) = output::refuse_inputs(&matches, language) {
        message::error(&error, language, arguments.common.width());
        return ExitCode::from(2);
    }
    if arguments.verb.needs_forms() {
        let known = home::catalog(&arguments.common, language);
        arguments.common.known = Some(known);
    }
    let ended = match dispatch(&arguments, language) {
        Ok(ended) => ended,
        Err(error) => {
            message::error(&error, language, arguments.common.width());
            Ended::Impossible
        }
    };
    ExitCode::from(match ended {
        Ended::Clean => 0,
        Ended::Findings => 1,
        Ended::Impossible => 2,
    })
}

fn dispatch(arguments: &Arguments, language: Language) -> Result<Ended> {
    let common = &arguments.common;
    match &arguments.verb {
        Verb::Check(verb) => check::run(verb, common, language),
        Verb::Diff(verb) => diff::run(verb, common, language),
        Verb::Compare(verb) => compare::run(verb, common, language),
        Verb::Changes(verb) => changes::run(verb, common, language),
        Verb::Checklist(verb) => checklist::run(verb, common, language),
        Verb::Register(verb) => register::run(verb, common, language),
        Verb::Serve(verb) => serve::run(verb, common, language),
        Verb::Report(verb) => report::run(verb, common, language),
        Verb::Convert(verb) => convert::run(verb, common, language),
        Verb::Export(verb) => export::run(verb, common, language),
        Verb::Request(verb) => request::run(verb, common, language),
        Verb::New(verb) => new::run(verb, common, language),
        Verb::Migrate(verb) => migrate::run(verb, common, language),
        Verb::Fill(verb) => fill::run(verb, common, language),
        Verb::Form(verb) => form::run(verb, common, language),
        Verb::Profile(verb) => profile::run(verb, common, language),
        Verb::Explain(verb) => explain::run(verb, common, language),
        Verb::Schema(verb) => schema::run(verb, common),
        Verb::Completions(verb) => shell::completions(verb, common, language),
        Verb::Man => shell::man(common, language),
    }
}
