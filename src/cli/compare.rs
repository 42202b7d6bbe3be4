//! `kaijisho compare`: bids side by side, with scores and a ranking.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;
use kaijisho::checklist::Systems;
use kaijisho::report::Format;
use kaijisho::report::compare::{Judged, Tender, render};
use kaijisho::{Examined, Finding, Language, Profile, Result};

use super::arguments::{Common, FailOn};
use super::check::style;
use super::system;
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

/// What is kept of a file: its disclosures are forgotten once they are judged.
struct OfFile {
    judged: Judged,
    unreadable: bool,
    /// What is to be said about disclosures and the systems of the facility.
    findings: Vec<Finding>,
}

impl OfFile {
    fn judged(
        file: &Examined,
        profile: &Profile,
        systems: Option<&Systems<'_>>,
        date: Date,
        language: Language,
    ) -> Self {
        let (assessments, findings) = system::judged(file, profile, systems, date);
        Self {
            judged: Judged::of(file, &assessments, profile, language),
            unreadable: file.is_unreadable(),
            findings,
        }
    }
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
    let systems = facility
        .as_ref()
        .map(|one| Systems::new(one, &profile.system));
    let date = common.today();
    let judge = |examined: Examined| {
        let examined = examined.with_severities(&profile.severity);
        OfFile::judged(&examined, &profile, systems.as_ref(), date, language)
    };
    let judged: Vec<OfFile> = inputs::each(&inputs, &options, common, language, judge)?;
    let mut tender = Tender::new(&profile, date, language);
    let mut unreadable = false;
    let mut findings: Vec<Finding> = Vec::new();
    for file in judged {
        tender.add(file.judged);
        unreadable |= file.unreadable;
        for finding in file.findings {
            // Two sheets of one system have the same to say of it.
            if !findings.contains(&finding) {
                findings.push(finding);
            }
        }
    }
    let mut bids = tender.finish(verb.differences);
    bids.notes
        .extend(findings.iter().map(|finding| finding.message(language)));
    if !common.quiet || common.output.is_some() || format != Format::Human {
        output::write(&render(&bids, format, &style(common))?, common)?;
        output::tell_written(common.output.as_deref(), common, language);
    }
    if unreadable {
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
