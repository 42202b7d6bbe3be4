//! What the commands do with files, done with uploads: examined, held against a profile, compared.
//!
//! The same calls as the command line makes, so that both say the same to the byte. All of it is blocking work.

use jiff::civil::Date;

use super::problem::Problem;
use super::upload::File;
use super::work::Cancelled;
use crate::assess::{Assessment, assess, assess_system, profile_findings};
use crate::changes::{compare, partners};
use crate::crosswalk::Crosswalk;
use crate::disclosure::Disclosure;
use crate::examine::{Examined, Options, examine};
use crate::language::Language;
use crate::profile::Profile;
use crate::report::changes::{Changes, Of, Party};
use crate::report::compare::{Bids, Entrant};
use crate::report::model::{Judged, Kind, Report, build};
use crate::source::Source;

/// Files as they came, and what was found in them.
pub(super) struct Read {
    pub(super) sources: Vec<Source>,
    pub(super) examined: Vec<Examined>,
}

/// Examines files one by one; between two it is asked whether anybody still waits.
///
/// # Errors
/// [`super::problem::Kind::Gone`].
pub(super) fn read(
    files: Vec<File>,
    options: &Options,
    profile: Option<&Profile>,
    cancelled: &Cancelled,
) -> Result<Read, Problem> {
    let mut read = Read {
        sources: Vec::with_capacity(files.len()),
        examined: Vec::with_capacity(files.len()),
    };
    for file in files {
        cancelled.check()?;
        let source = file.source();
        let examined = examine(&source, options);
        read.examined.push(match profile {
            Some(profile) => examined.with_severities(&profile.severity),
            None => examined,
        });
        read.sources.push(source);
    }
    cancelled.check()?;
    Ok(read)
}

/// The assessments of each disclosure of each file.
pub(super) fn assessments<'a>(
    examined: &'a [Examined],
    profile: &'a Profile,
    date: Date,
) -> Vec<Vec<Assessment<'a>>> {
    let of = |file: &'a Examined| {
        let disclosures = file.disclosures.iter();
        disclosures.map(|one| assess(one, profile, date)).collect()
    };
    examined.iter().map(of).collect()
}

/// A report of a kind, held against a profile if there is one.
pub(super) fn report(
    kind: Kind,
    examined: &[Examined],
    profile: Option<&Profile>,
    date: Date,
    language: Language,
) -> Report {
    let Some(profile) = profile else {
        return build(kind, examined, None, language);
    };
    let assessments = assessments(examined, profile, date);
    let disclosures: Vec<&Disclosure> = examined.iter().flat_map(|it| &it.disclosures).collect();
    let flat: Vec<Assessment<'_>> = assessments.iter().flatten().cloned().collect();
    let judged = Judged {
        profile,
        date,
        findings: profile_findings(profile, &disclosures, &flat, date),
        assessments,
    };
    build(kind, examined, Some(&judged), language)
}

/// Bids side by side.
pub(super) fn bids(
    examined: &[Examined],
    profile: &Profile,
    date: Date,
    language: Language,
) -> Bids {
    let entrants: Vec<Entrant<'_>> = examined.iter().map(|file| Entrant { file }).collect();
    let said = |_, _| &profile.system;
    crate::report::compare::report_of(&entrants, profile, said, date, false, language)
}

/// What changed from one file to another.
pub(super) fn changes(
    [old, new]: [&Examined; 2],
    profile: Option<&Profile>,
    date: Date,
    language: Language,
) -> Changes {
    let crosswalks = Crosswalk::bundled();
    let judged = profile.map(|profile| (profile, date));
    let pairs = partners(&old.disclosures, &new.disclosures).into_iter();
    let pairs: Vec<Of<'_>> = pairs
        .map(|partner| {
            let both = partner.old.zip(partner.new);
            Of {
                old: partner.old,
                new: partner.new,
                comparison: both.map(|(before, after)| {
                    let [before, after] = [&old.disclosures[before], &new.disclosures[after]];
                    compare(before, after, crosswalks, judged)
                }),
            }
        })
        .collect();
    let files = [Party { file: old }, Party { file: new }];
    crate::report::changes::report(files, &pairs, judged, language)
}

/// The assessments of one file, for a sheet of return.
pub(super) fn assessed<'a>(
    examined: &'a Examined,
    profile: Option<&'a Profile>,
    date: Date,
) -> Vec<Assessment<'a>> {
    let of = |profile: &'a Profile| {
        let disclosures = examined.disclosures.iter();
        disclosures.map(move |one| assess_system(one, profile, &profile.system, date))
    };
    profile.into_iter().flat_map(of).collect()
}
