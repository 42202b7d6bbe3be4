//! `kaijisho completions` and `kaijisho man`.

use clap::CommandFactory;
use kaijisho::{Error, Language, Result};

use super::arguments::{Arguments, Common, Completions};
use super::{Ended, localise, output};

pub(super) fn completions(
    verb: &Completions,
    common: &Common,
    language: Language,
) -> Result<Ended> {
    let mut command = localise::command(Arguments::command(), language);
    let mut bytes = Vec::new();
    clap_complete::generate(verb.shell, &mut command, "kaijisho", &mut bytes);
    output::write(&bytes, common)?;
    Ok(Ended::Clean)
}

pub(super) fn man(common: &Common, language: Language) -> Result<Ended> {
    let command = localise::command(Arguments::command(), language);
    let mut bytes = Vec::new();
    clap_mangen::Man::new(command)
        .render(&mut bytes)
        .map_err(|error| Error::Format(error.to_string()))?;
    output::write(&bytes, common)?;
    Ok(Ended::Clean)
}
