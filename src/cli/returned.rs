//! `kaijisho report --return-sheet`: the sender's own workbook, marked, to send back.

use std::path::Path;

use kaijisho::checklist::Systems;
use kaijisho::{
    Assessment, Examined, Language, Result, ReturnOptions, Source, assess_system, examine, profile,
    return_sheet,
};

use super::arguments::{Common, Report, usage};
use super::system::{self, Chosen};
use super::{Ended, output};

pub(super) fn run(verb: &Report, common: &Common, language: Language) -> Result<Ended> {
    let [path] = verb.files.as_slice() else {
        return Err(usage(language.label("return-one-file")));
    };
    if path.is_dir() {
        return Err(usage(language.label("return-one-file")));
    }
    let Some(to) = &common.output else {
        let ending = [("ending", ".xlsx")];
        return Err(usage(language.label_with("return-output", &ending)));
    };
    let facility = system::facility(verb.systems.as_deref())?;
    let options = common.options_with(facility.as_ref())?;
    let mut catalog = options.catalog.clone();
    if let Some(forced) = &options.forced {
        catalog = catalog.with(forced);
    }
    let profile = verb
        .against
        .as_ref()
        .map(|name| common.profile(name, &catalog))
        .transpose()?;
    let source = if path == Path::new("-") {
        Source::standard_input(&options.limits)?
    } else {
        Source::open(path, &options.limits)?
    };
    let mut examined = examine(&source, &options);
    if let Some(profile) = &profile {
        examined = examined.with_severities(&profile.severity);
    }
    let said = profile.as_ref().map(|profile| &profile.system);
    let systems = facility.as_ref().zip(said);
    let systems = systems.map(|(facility, said)| Systems::new(facility, said));
    let files = std::slice::from_ref(&examined);
    let chosen = Chosen::of(systems.as_ref(), files);
    let assessments: Vec<Assessment<'_>> = profile
        .iter()
        .flat_map(|profile| assessed(files, profile, &chosen, common))
        .collect();
    let wanted = ReturnOptions {
        language: common.lang,
        date: common.date,
        assessments: &assessments,
        notes: common.verbose,
        limits: options.limits,
    };
    let back = return_sheet(&source, &examined, &wanted)?;
    let ending = if back.has_macros { ".xlsm" } else { ".xlsx" };
    let name = to.display().to_string();
    if to != Path::new("-") && !name.to_ascii_lowercase().ends_with(ending) {
        let values = [("path", name.as_str()), ("ending", ending)];
        return Err(usage(language.label_with("return-ending", &values)));
    }
    output::write(&back.bytes, common)?;
    if !common.quiet {
        let counts = [back.findings, back.questions, back.coloured, back.commented];
        let counts = counts.map(|count| count.to_string());
        let values = [
            ("path", name.as_str()),
            ("findings", &counts[0]),
            ("questions", &counts[1]),
            ("coloured", &counts[2]),
            ("commented", &counts[3]),
        ];
        output::complain(&format!(
            "{}\n",
            language.label_with("return-line", &values)
        ));
    }
    Ok(ended(&examined, &assessments, common))
}

fn assessed<'a>(
    files: &'a [Examined],
    profile: &'a profile::Profile,
    chosen: &Chosen<'a>,
    common: &Common,
) -> Vec<Assessment<'a>> {
    let date = common.today();
    let disclosures = files.iter().flat_map(|file| &file.disclosures).enumerate();
    disclosures
        .map(|(at, disclosure)| {
            assess_system(disclosure, profile, chosen.said(profile, 0, at), date)
        })
        .collect()
}

/// As after `report`: findings, and musts that are open, are something to act on.
fn ended(examined: &Examined, assessments: &[Assessment<'_>], common: &Common) -> Ended {
    let reached = examined
        .all_findings()
        .any(|finding| common.fail_on.reaches(finding.severity()));
    let open = !assessments.iter().all(Assessment::is_qualified);
    Ended::findings(reached || (open && common.fail_on != super::arguments::FailOn::Never))
}
