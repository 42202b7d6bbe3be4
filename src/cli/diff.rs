//! `kaijisho diff`: gaps against what a facility requires.

use std::path::{Path, PathBuf};

use kaijisho::checklist::Systems;
use kaijisho::report::model::{Judged, Kind, Report, build};
use kaijisho::report::{Format, render};
use kaijisho::{
    Assessment, Disclosure, Examined, Language, Result, assess_system, profile_findings,
};

use super::arguments::{Common, Diff};
use super::check::style;
use super::system::{self, Chosen};
use super::{Ended, inputs, output, risks};

pub(super) fn run(verb: &Diff, common: &Common, language: Language) -> Result<Ended> {
    output::refuse_unwritable(common.output.as_deref(), common.force)?;
    let format = common.format_or_ending(language)?;
    let asked = Asked {
        kind: Kind::Diff,
        files: &verb.files,
        against: Some(&verb.against),
        facility: verb.systems.as_deref(),
        risks: verb.risks.as_deref(),
    };
    let judgement = judge(&asked, common, language)?;
    let bytes = render(&judgement.report, format, &style(common))?;
    judgement.write_risks(common, language)?;
    if !common.quiet || common.output.is_some() || format != Format::Human {
        output::write(&bytes, common)?;
        output::tell_written(common.output.as_deref(), common, language);
    }
    Ok(judgement.ended)
}

/// What is to be judged, and how.
pub(super) struct Asked<'a> {
    pub(super) kind: Kind,
    pub(super) files: &'a [PathBuf],
    pub(super) against: Option<&'a String>,
    pub(super) facility: Option<&'a Path>,
    pub(super) risks: Option<&'a Path>,
}

/// What came of it.
pub(super) struct Judgement {
    pub(super) report: Report,
    pub(super) ended: Ended,
    /// The risk register, not written yet.
    risks: Option<risks::After>,
}

impl Judgement {
    /// Writes the risk register, where one was named.
    pub(super) fn write_risks(&self, common: &Common, language: Language) -> Result<()> {
        match &self.risks {
            Some(register) => register.write(common, language),
            None => Ok(()),
        }
    }
}

/// Examines files, holds them against a profile if one is named, and says how that ended.
pub(super) fn judge(asked: &Asked<'_>, common: &Common, language: Language) -> Result<Judgement> {
    let Asked {
        kind,
        files,
        against,
        facility,
        risks,
    } = *asked;
    let register = risks::Before::read(risks)?;
    let facility = system::facility(facility)?;
    let options = common.options_with(facility.as_ref())?;
    let mut catalog = options.catalog.clone();
    if let Some(forced) = &options.forced {
        catalog = catalog.with(forced);
    }
    let profile = against
        .map(|name| common.profile(name, &catalog))
        .transpose()?;
    let inputs = inputs::gather(files, language)?;
    let examined: Vec<Examined> =
        inputs::each(
            &inputs,
            &options,
            common,
            language,
            |examined| match &profile {
                Some(profile) => examined.with_severities(&profile.severity),
                None => examined,
            },
        )?;
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
    let Some(profile) = &profile else {
        return Ok(Judgement {
            report: build(kind, &examined, None, language),
            ended,
            risks: None,
        });
    };
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
                    let said = chosen.said(profile, file, at);
                    assess_system(disclosure, profile, said, date)
                })
                .collect()
        })
        .collect();
    let disclosures: Vec<&Disclosure> =
        examined.iter().flat_map(|file| &file.disclosures).collect();
    let flat: Vec<Assessment<'_>> = assessments.iter().flatten().cloned().collect();
    let mut findings = profile_findings(profile, &disclosures, &flat, date);
    findings.extend(chosen.findings(&examined, &assessments));
    // A must that cannot be decided is not met: silence must not look like success.
    let open = !flat.iter().all(Assessment::is_qualified);
    let reached = findings
        .iter()
        .any(|finding| common.fail_on.reaches(finding.severity()));
    let fails = common.fail_on != super::arguments::FailOn::Never && (open || reached);
    ended = ended.max(Ended::findings(fails));
    let judged = Judged {
        profile,
        date,
        assessments,
        findings,
    };
    let mut report = build(kind, &examined, Some(&judged), language);
    if let Some(facility) = &facility {
        report = report.with_facility(facility);
    }
    let Some(register) = register else {
        return Ok(Judgement {
            report,
            ended,
            risks: None,
        });
    };
    let look = kaijisho::risks::look(&examined, &judged.assessments, language);
    let (report, reached, after) = register.follow(&look, report, common, language)?;
    Ok(Judgement {
        report,
        ended: ended.max(reached),
        risks: Some(after),
    })
}
