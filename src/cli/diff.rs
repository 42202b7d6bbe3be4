//! `kaijisho diff`: gaps against what a facility requires.

use std::path::Path;

use kaijisho::checklist::Systems;
use kaijisho::report::model::{Judged, Kind, Report, build};
use kaijisho::report::{Format, render};
use kaijisho::{
    Assessment, Disclosure, Examined, Language, Result, assess_system, profile_findings,
};

use super::arguments::{Common, Diff};
use super::batch::flow::{self, Asked};
use super::check::style;
use super::system::{self, Chosen};
use super::{Ended, inputs, output, risks};

pub(super) fn run(verb: &Diff, common: &Common, language: Language) -> Result<Ended> {
    output::refuse_unwritable(common.output.as_deref(), common.force)?;
    let asked = Asked {
        kind: Kind::Diff,
        files: &verb.files,
        batch: &verb.batch,
        against: Some(&verb.against),
        format: common.format_or_ending(language)?,
        style: style(common),
    };
    let beside = Beside {
        facility: verb.systems.as_deref(),
        risks: verb.risks.as_deref(),
    };
    match beside.is_empty() {
        true => flow::run(&asked, common, language),
        false => together(&asked, beside, common, language),
    }
}

/// What is looked at together with all files.
#[derive(Clone, Copy, Debug)]
pub(super) struct Beside<'a> {
    pub(super) facility: Option<&'a Path>,
    pub(super) risks: Option<&'a Path>,
}

impl Beside<'_> {
    pub(super) fn is_empty(self) -> bool {
        self.facility.is_none() && self.risks.is_none()
    }
}

/// The same with a facility file or a risk register, which look at all files together.
pub(super) fn together(
    asked: &Asked<'_>,
    beside: Beside<'_>,
    common: &Common,
    language: Language,
) -> Result<Ended> {
    let judgement = judge(asked, beside, common, language)?;
    let bytes = render(&judgement.report, asked.format, &asked.style)?;
    if let Some(register) = &judgement.register {
        register.write(common, language)?;
    }
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
    register: Option<risks::After>,
}

/// Examines files, holds them against the profile, and says how that ended.
fn judge(
    asked: &Asked<'_>,
    beside: Beside<'_>,
    common: &Common,
    language: Language,
) -> Result<Judgement> {
    let register = beside.risks.map(risks::Before::read).transpose()?;
    let facility = system::facility(beside.facility)?;
    let options = common.options_with(facility.as_ref())?;
    let mut catalog = options.catalog.clone();
    if let Some(forced) = &options.forced {
        catalog = catalog.with(forced);
    }
    let name = asked
        .against
        .expect("what is looked at together goes with a profile");
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
    let systems = facility
        .as_ref()
        .map(|one| Systems::new(one, &profile.system));
    let chosen = Chosen::of(systems.as_ref(), &examined);
    let assessments: Vec<Vec<Assessment<'_>>> = examined
        .iter()
        .enumerate()
        .map(|(file, one)| {
            let disclosures = one.disclosures.iter().enumerate();
            disclosures
                .map(|(at, disclosure)| {
                    let said = chosen.said(&profile, file, at);
                    assess_system(disclosure, &profile, said, date)
                })
                .collect()
        })
        .collect();
    let disclosures: Vec<&Disclosure> =
        examined.iter().flat_map(|file| &file.disclosures).collect();
    let flat: Vec<Assessment<'_>> = assessments.iter().flatten().cloned().collect();
    let mut findings = profile_findings(&profile, &disclosures, &flat, date);
    findings.extend(chosen.findings(&examined, &assessments));
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
    let mut report = build(asked.kind, &examined, Some(&judged), language);
    if let Some(facility) = &facility {
        report = report.with_facility(facility);
    }
    let Some(register) = register else {
        return Ok(Judgement {
            report,
            ended,
            register: None,
        });
    };
    let look = kaijisho::risks::look(&examined, &judged.assessments, language);
    let (report, reached, register) = register.follow(&look, report, common, language)?;
    Ok(Judgement {
        report,
        ended: ended.max(reached),
        register: Some(register),
    })
}
