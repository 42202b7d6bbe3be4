//! Help and usage errors in Japanese and English.
//!
//! clap's own words are English; here every heading, help text and the commonest errors are put into
//! the language asked for.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};
use kaijisho::Language;

use super::arguments::columns;
use super::{help, message, output};

/// The language asked for: `--lang`, else `KAIJISHO_LANG`, else `LANG`, else Japanese.
///
/// Looked up before the command line is parsed, because errors of parsing need it too.
pub(super) fn language(arguments: impl Iterator<Item = OsString>) -> Language {
    let arguments: Vec<String> = arguments
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    let said = arguments.iter().enumerate().find_map(|(at, argument)| {
        argument
            .strip_prefix("--lang=")
            .map(str::to_owned)
            .or_else(|| {
                (argument == "--lang")
                    .then(|| arguments.get(at + 1).cloned())
                    .flatten()
            })
    });
    let environment = || {
        ["KAIJISHO_LANG", "LANG"]
            .into_iter()
            .filter_map(|name| std::env::var(name).ok())
    };
    said.into_iter()
        .chain(environment())
        .find_map(|name| name.parse().ok())
        .unwrap_or_default()
}

/// Puts the texts of a language over clap's.
pub(super) fn command(command: Command, language: Language) -> Command {
    localised(command, "kaijisho", &[], language)
}

/// A verb with the texts of a language; `common` are the options of the program, which every verb takes.
fn localised(command: Command, path: &str, common: &[Arg], language: Language) -> Command {
    let verbs: Vec<String> = command
        .get_subcommands()
        .map(|verb| verb.get_name().to_owned())
        .collect();
    let arguments: Vec<String> = command
        .get_arguments()
        .map(|argument| argument.get_id().to_string())
        .collect();
    let mut command = command
        .about(language.label(&format!("cli-verb-{path}")))
        .subcommand_help_heading(language.label("cli-commands"))
        .subcommand_value_name(language.label("cli-command"))
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .action(clap::ArgAction::Help)
                .help(language.label("cli-arg-help"))
                .help_heading(language.label("cli-options")),
        );
    if path == "kaijisho" {
        command = command.disable_version_flag(true).arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(clap::ArgAction::Version)
                .help(language.label("cli-arg-version"))
                .help_heading(language.label("cli-options")),
        );
    }
    for id in arguments {
        let help = language.label(&format!("cli-arg-{}", id.replace('_', "-")));
        command = command.mut_arg(&id, |argument| {
            let positional = argument.is_positional();
            let heading = language.label(if positional {
                "cli-arguments"
            } else {
                "cli-options"
            });
            let listed = argument.get_action().takes_values();
            let argument = argument.help(help).help_heading(heading);
            // The help texts name the values; clap would list them once more, in English.
            if listed {
                argument.hide_possible_values(true).hide_default_value(true)
            } else {
                argument
            }
        });
    }
    let common: Vec<Arg> = if path == "kaijisho" {
        command
            .get_arguments()
            .filter(|arg| arg.is_global_set())
            .cloned()
            .collect()
    } else {
        common.to_vec()
    };
    for verb in verbs {
        let path = if path == "kaijisho" {
            verb.clone()
        } else {
            format!("{path}-{verb}")
        };
        command = command.mut_subcommand(verb, |inner| localised(inner, &path, &common, language));
    }
    let page = help::page(&command, path, &common, language);
    command.override_help(page)
}

/// The verb that a command line asks for, as it is typed: `kaijisho form import`.
pub(super) fn asked(command: &Command, arguments: impl Iterator<Item = OsString>) -> String {
    let mut at = command;
    let mut words = vec!["kaijisho".to_owned()];
    for argument in arguments.skip(1) {
        if let Some(verb) = at.find_subcommand(&argument) {
            words.push(verb.get_name().to_owned());
            at = verb;
        }
    }
    words.join(" ")
}

/// Says what is wrong with a command line, or shows the help asked for; `asked` is the verb.
pub(super) fn refuse(error: &clap::Error, asked: &str, language: Language) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            output::page(&error.to_string());
            return ExitCode::SUCCESS;
        }
        _ => {}
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        || language == Language::En
    {
        output::complain(&error.to_string());
        return ExitCode::from(2);
    }
    let told = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let key = match error.kind() {
        ErrorKind::UnknownArgument => "cli-error-unknown-argument",
        ErrorKind::InvalidSubcommand => "cli-error-unknown-command",
        ErrorKind::MissingRequiredArgument => "cli-error-missing-argument",
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => "cli-error-invalid-value",
        ErrorKind::MissingSubcommand => "cli-error-missing-command",
        _ => "cli-error-other",
    };
    let value = told(ContextKind::InvalidValue);
    let key = match key {
        "cli-error-invalid-value" if value.is_empty() => "cli-error-no-value",
        other => other,
    };
    let subject = if error.kind() == ErrorKind::InvalidSubcommand {
        ContextKind::InvalidSubcommand
    } else {
        ContextKind::InvalidArg
    };
    let values = [("argument", told(subject)), ("value", value)];
    let values: Vec<(&str, &str)> = values
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let mut text = format!(
        "{}: {}\n",
        language.label("severity-error"),
        language.label_with(key, &values)
    );
    let valid = told(ContextKind::ValidValue);
    if !valid.is_empty() {
        text.push_str(&format!("  {}: {valid}\n", language.label("expected")));
    }
    let suggested = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ]
    .map(|kind| match error.get(kind) {
        // The likeliest comes last.
        Some(ContextValue::Strings(texts)) => texts.last().cloned().unwrap_or_default(),
        Some(_) | None => told(kind),
    });
    let suggested = suggested.iter().find(|text| !text.is_empty());
    if let Some(suggested) = suggested {
        text.push_str(&format!(
            "  {}\n",
            language.label_with("cli-error-suggestion", &[("value", suggested)])
        ));
    }
    if matches!(
        error.kind(),
        ErrorKind::ValueValidation | ErrorKind::InvalidValue
    ) {
        let option = values[0].1.trim_start_matches("--");
        let option = option.split([' ', '=']).next().unwrap_or_default();
        let valid = language.known_label(&format!("cli-valid-{option}"));
        let source = std::error::Error::source(error).map(ToString::to_string);
        if let Some(valid) = valid.or(source) {
            text.push_str(&format!("  {valid}\n"));
        }
    }
    let help = language.label_with("cli-error-help", &[("command", asked)]);
    text.push_str(&format!("  {help}\n"));
    output::complain(&message::wrapped(&text, columns()));
    ExitCode::from(2)
}
