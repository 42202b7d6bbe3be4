//! `kaijisho compare`: bids side by side, with scores and a ranking.

use std::path::PathBuf;

use clap::Args;
use kaijisho::checklist::Systems;
use kaijisho::report::Format;
use kaijisho::report::compare::{Entrant, render, report_of};
use kaijisho::{Examined, Language, Result};

use super::arguments::{Common, FailOn};
use super::check::style;
use super::system::{self, Chosen};
use super::{Ended, inputs, output};

#[derive(Debug, Args)]
pub(super) struct Compare {
    /// Files or folders; - is standard input
    #[arg(required = true, value_name = "FILE|DIR")]
    pub(super) files: Vec<PathBuf>,
    /// The profile: a name, or a profile file (.toml)
    #[arg(long, value_name = "PROFILE")]
    pub(super) against: String,
    /// The facility file (.toml): each disclosure is judged by the facts of the system that it is of
    #[arg(long = "facility", value_name = "FILE")]
    pub(super) systems: Option<PathBuf>,
    /// Leave out requirements on which all bids come to the same
    #[arg(long)]
    pub(super) differences: bool,
}

pub(super) fn run(verb: &Compare, common: &Common, language: Language) -> Result<Ended> {
    output::refuse_unwritable(common.output.as_deref(), common.force)?;
    let format = common.format_or_ending(language)?;
    let facility = system::facility(verb.systems.as_deref())?;
    let options = common.options_with(facility.as_ref())?;
    let mut catalog = options.catalog.clone();
    if let Some(forced) = &options.forced {
        catalog = catalog.with(forced);
    }
    let profile = common.profile(&verb.against, &catalog)?;
    let inputs = inputs::gather(&verb.files, language)?;
    let examined: Vec<Examined> = inputs::each(&inputs, &options, common, language, |examined| {
        examined.with_severities(&profile.severity)
    })?;
    let entrants: Vec<Entrant<'_>> = examined.iter().map(|file| Entrant { file }).collect();
    let systems = facility
        .as_ref()
        .map(|one| Systems::new(one, &profile.system));
    let chosen = Chosen::of(systems.as_ref(), &examined);
    let said = |file: usize, at: usize| chosen.said(&profile, file, at);
    let (date, differences) = (common.today(), verb.differences);
    let mut bids = report_of(&entrants, &profile, said, date, differences, language);
    let findings = chosen.judged(&examined, &profile, date);
    bids.notes
        .extend(findings.iter().map(|finding| finding.message(language)));
    if !common.quiet || common.output.is_some() || format != Format::Human {
        output::write(&render(&bids, format, &style(common))?, common)?;
        output::tell_written(common.output.as_deref(), common, language);
    }
    if examined.iter().any(Examined::is_unreadable) {
        return Ok(Ended::Impossible);
    }
    // The best bid may be taken; nobody qualified is what needs someone to act.
    let none = bids.bids.iter().all(|bid| !bid.qualified);
    let reached = bids
        .profile_findings
        .iter()
        .any(|finding| common.fail_on.reaches(finding.severity));
    let fails = common.fail_on != FailOn::Never && none;
    Ok(Ended::findings(fails || reached))
}
