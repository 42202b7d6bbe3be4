//! `kaijisho check`: is it a sound sheet?

use kaijisho::report::model::{Assembly, Kind};
use kaijisho::report::{Format, Style, render};
use kaijisho::{Language, Result};

use super::arguments::{Check, Common};
use super::{Ended, inputs, output};

pub(super) fn run(verb: &Check, common: &Common, language: Language) -> Result<Ended> {
    output::refuse_unwritable(common.output.as_deref(), common.force)?;
    let format = common.format_or_ending(language)?;
    let options = common.options()?;
    let inputs = inputs::gather(&verb.files, language)?;
    let checked = inputs::each(&inputs, &options, common, language, |examined| {
        let reached = examined
            .all_findings()
            .any(|finding| common.fail_on.reaches(finding.severity()));
        let ended = if examined.is_unreadable() {
            Ended::Impossible
        } else {
            Ended::findings(reached)
        };
        let mut assembly = Assembly::new(Kind::Check, language);
        assembly.add(&examined, None);
        (ended, assembly)
    })?;
    let mut whole = Assembly::new(Kind::Check, language);
    let mut ended = Ended::Clean;
    for (of_file, assembly) in checked {
        ended = ended.max(of_file);
        whole.absorb(assembly);
    }
    let report = whole.finish(None);
    if !common.quiet || common.output.is_some() || format != Format::Human {
        output::write(&render(&report, format, &style(common))?, common)?;
        output::tell_written(common.output.as_deref(), common, language);
    }
    Ok(ended)
}

/// How a report is shown on this terminal.
pub(super) fn style(common: &Common) -> Style {
    Style {
        width: common.width(),
        colour: common.colour(),
        verbose: common.verbose,
        template: None,
    }
}
