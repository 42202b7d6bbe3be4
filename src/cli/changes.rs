//! `kaijisho changes`: what changed between two disclosures.

use std::path::{Path, PathBuf};

use clap::Args;
use kaijisho::changes::{Direction, compare, partners};
use kaijisho::checklist::Systems;
use kaijisho::crosswalk::Crosswalk;
use kaijisho::report::Format;
use kaijisho::report::changes::{Of, Party, render, report};
use kaijisho::{Examined, Language, Options, Profile, Result, Source, examine};

use super::arguments::{Common, FailOn};
use super::check::style;
use super::system::{self, Chosen};
use super::{Ended, output};

#[derive(Debug, Args)]
pub(super) struct Changes {
    /// The earlier disclosure
    #[arg(value_name = "OLD")]
    pub(super) old: PathBuf,
    /// The later disclosure; - is standard input
    #[arg(value_name = "NEW")]
    pub(super) new: PathBuf,
    /// The profile that judges what is for the better: a name, or a profile file (.toml)
    #[arg(long, value_name = "PROFILE")]
    pub(super) against: Option<String>,
    /// The facility file (.toml): each disclosure is judged by the facts of the system that it is of
    #[arg(long = "facility", value_name = "FILE", requires = "against")]
    pub(super) systems: Option<PathBuf>,
    /// A crosswalk of your own (.toml); goes before the bundled ones
    #[arg(long, value_name = "FILE")]
    pub(super) crosswalk: Vec<PathBuf>,
}

pub(super) fn run(verb: &Changes, common: &Common, language: Language) -> Result<Ended> {
    output::refuse_unwritable(common.output.as_deref(), common.force)?;
    let format = common.format_or_ending(language)?;
    let facility = system::facility(verb.systems.as_deref())?;
    let options = common.options_with(facility.as_ref())?;
    let mut catalog = options.catalog.clone();
    if let Some(forced) = &options.forced {
        catalog = catalog.with(forced);
    }
    let profile = match &verb.against {
        Some(name) => Some(common.profile(name, &catalog)?),
        None => None,
    };
    let judged = profile.as_ref().map(|profile| (profile, common.today()));
    let mut crosswalks = Vec::new();
    for path in &verb.crosswalk {
        crosswalks.push(Crosswalk::load(path, &catalog)?);
    }
    // What the user says goes first.
    crosswalks.extend(Crosswalk::bundled().iter().cloned());
    let old = read(&verb.old, &options)?;
    let new = read(&verb.new, &options)?;
    let said = profile.as_ref().map(|profile| &profile.system);
    let systems = facility.as_ref().zip(said);
    let systems = systems.map(|(facility, said)| Systems::new(facility, said));
    let later = std::slice::from_ref(&new);
    let chosen = Chosen::of(systems.as_ref(), later);
    // Both sheets of a pair are judged as of the system that the later one is of.
    let of_systems: Vec<Profile> = profile
        .iter()
        .flat_map(|profile| chosen.profiles(profile, 0, new.disclosures.len()))
        .collect();
    let pairs: Vec<Of<'_>> = partners(&old.disclosures, &new.disclosures)
        .into_iter()
        .map(|partner| {
            let both = partner.old.zip(partner.new);
            Of {
                old: partner.old,
                new: partner.new,
                comparison: both.map(|(before, after)| {
                    let judged = judged.map(|(_, date)| (&of_systems[after], date));
                    compare(
                        &old.disclosures[before],
                        &new.disclosures[after],
                        &crosswalks,
                        judged,
                    )
                }),
            }
        })
        .collect();
    let files = [Party { file: &old }, Party { file: &new }];
    let mut found = report(files, &pairs, judged, language);
    let findings = judged.map(|(profile, date)| chosen.judged(later, profile, date));
    if let Some(first) = found.compared.first_mut() {
        let told = findings.iter().flatten();
        first
            .notes
            .extend(told.map(|finding| finding.message(language)));
    }
    if !common.quiet || common.output.is_some() || format != Format::Human {
        output::write(&render(&found, format, &style(common))?, common)?;
        output::tell_written(common.output.as_deref(), common, language);
    }
    if old.is_unreadable() || new.is_unreadable() {
        return Ok(Ended::Impossible);
    }
    let worse = pairs.iter().filter_map(|pair| pair.comparison.as_ref());
    let worse = worse
        .into_iter()
        .any(|found| found.count(Direction::Regressed) > 0);
    // A disclosure without a partner was not compared at all: that must not look like success.
    let alone = pairs.iter().any(|pair| pair.comparison.is_none());
    let reached = found
        .profile_findings
        .iter()
        .any(|finding| common.fail_on.reaches(finding.severity));
    let fails = common.fail_on != FailOn::Never && (worse || alone);
    Ok(Ended::findings(fails || reached))
}

fn read(path: &Path, options: &Options) -> Result<Examined> {
    let source = if path == Path::new("-") {
        Source::standard_input(&options.limits)?
    } else {
        Source::open(path, &options.limits)?
    };
    Ok(examine(&source, options))
}
