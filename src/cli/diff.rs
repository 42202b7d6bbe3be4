//! `kaijisho diff`: gaps against what a facility requires.

use std::path::Path;

use kaijisho::report::model::{Judged, Kind, Report, build};
use kaijisho::report::{Format, render};
use kaijisho::{Assessment, Disclosure, Examined, Language, Result, assess, profile_findings};

use super::arguments::{Common, Diff};
use super::batch::flow::{self, Asked};
use super::check::style;
use super::{Ended, inputs, output, risks};

pub(super) fn run(verb: &Diff, common: &Common, language: Language) -> Result<Ended> {
    output::refuse_existing(common.output.as_deref(), common.force)?;
    let asked = Asked {
        kind: Kind::Diff,
        files: &verb.files,
        batch: &verb.batch,
        against: Some(&verb.against),
        format: common.format_or_ending(language)?,
        style: style(common),
    };
    match &verb.risks {
        Some(register) => with_risks(&asked, register, common, language),
        None => flow::run(&asked, common, language),
    }
}

/// The same with a risk register, which looks at all files together.
pub(super) fn with_risks(
    asked: &Asked<'_>,
    register: &Path,
    common: &Common,
    language: Language,
) -> Result<Ended> {
    let judgement = judge(asked, register, common, language)?;
    let bytes = render(&judgement.report, asked.format, &asked.style)?;
    judgement.register.write(common, language)?;
    if !common.quiet || common.output.is_some() || asked.format != Format::Human {
        output::write(&bytes, common)?;
        output::tell_written(common.output.as_deref(), common, language);
    }
    Ok(judgement.ended)
}

/// What came of it.
struct Judgement {
    report: Report,
    ended: Ended,
    /// The risk register, not written yet.
    register: risks::After,
}

/// Examines files, holds them against the profile, and says how that ended.
fn judge(
    asked: &Asked<'_>,
    register: &Path,
    common: &Common,
    language: Language,
) -> Result<Judgement> {
    let register = risks::Before::read(register)?;
    let options = common.options()?;
    let mut catalog = options.catalog.clone();
    if let Some(forced) = &options.forced {
        catalog = catalog.with(forced);
    }
    let name = asked.against.expect("a register goes with a profile");
    let profile = common.profile(name, &catalog)?;
    let inputs = asked.batch.gather(asked.files, language)?;
    let examined: Vec<Examined> = inputs::each(&inputs, &options, common, language, |examined| {
        examined.with_severities(&profile.severity)
    })?;
    let mut ended = Ended::Clean;
    for file in &examined {
        let reached = file
            .all_findings()
            .any(|finding| common.fail_on.reaches(finding.severity()));
        ended = ended.max(if file.is_unreadable() {
            Ended::Impossible
        } else {
            Ended::findings(reached)
        });
    }
    let date = common.today();
    let assessments: Vec<Vec<Assessment<'_>>> = examined
        .iter()
        .map(|file| {
            file.disclosures
                .iter()
                .map(|disclosure| assess(disclosure, &profile, date))
                .collect()
        })
        .collect();
    let disclosures: Vec<&Disclosure> =
        examined.iter().flat_map(|file| &file.disclosures).collect();
    let flat: Vec<Assessment<'_>> = assessments.iter().flatten().cloned().collect();
    let findings = profile_findings(&profile, &disclosures, &flat, date);
    // A must that cannot be decided is not met: silence must not look like success.
    let open = !flat.iter().all(Assessment::is_qualified);
    let reached = findings
        .iter()
        .any(|finding| common.fail_on.reaches(finding.severity()));
    let fails = common.fail_on != super::arguments::FailOn::Never && (open || reached);
    ended = ended.max(Ended::findings(fails));
    let judged = Judged {
        profile: &profile,
        date,
        assessments,
        findings,
    };
    let report = build(asked.kind, &examined, Some(&judged), language);
    let look = kaijisho::risks::look(&examined, &judged.assessments, language);
    let (report, reached, register) = register.follow(&look, report, common, language)?;
    Ok(Judgement {
        report,
        ended: ended.max(reached),
        register,
    })
}
