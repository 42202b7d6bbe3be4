//! `kaijisho report`: a file to hand on.

use std::path::Path;

use kaijisho::report::model::Kind;
use kaijisho::report::{Format, render, template_of};
use kaijisho::{Examined, Language, Result, data_text};

use super::arguments::{Common, Report, usage};
use super::batch::flow::{self, Asked};
use super::batch::folder::{self, Made, Making};
use super::batch::settings::Settings;
use super::check::style;
use super::diff::{Beside, together};
use super::{Ended, output, returned};

pub(super) fn run(verb: &Report, common: &Common, language: Language) -> Result<Ended> {
    if let Some(to) = folder::named(common.output.as_deref()) {
        return into_folder(verb, to, common, language);
    }
    output::refuse_unwritable(common.output.as_deref(), common.force)?;
    if verb.show_template {
        let format = common.format.unwrap_or(Format::Html);
        let text = template_of(format).ok_or_else(|| {
            usage(language.label_with("error-no-template", &[("format", format.name())]))
        })?;
        output::write(text.as_bytes(), common)?;
        return Ok(Ended::Clean);
    }
    if verb.return_sheet {
        return returned::run(verb, common, language);
    }
    let format = format(common, language)?;
    let mut style = style(common);
    if let Some(path) = &verb.template {
        style.template = Some(data_text(path)?);
    }
    let asked = Asked {
        kind: Kind::Report,
        files: &verb.files,
        batch: &verb.batch,
        against: verb.against.as_ref(),
        format,
        style,
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

/// A report of each file, into a folder.
fn into_folder(verb: &Report, to: &Path, common: &Common, language: Language) -> Result<Ended> {
    if verb.show_template || verb.return_sheet || verb.risks.is_some() || verb.systems.is_some() {
        return Err(usage(language.label("folder-one-report")));
    }
    let format = common.format.unwrap_or(Format::Html);
    let mut style = style(common);
    if let Some(path) = &verb.template {
        style.template = Some(data_text(path)?);
    }
    let options = common.options()?;
    let profile = verb.against.as_ref();
    let profile = profile
        .map(|name| flow::profile(name, &options, common))
        .transpose()?;
    let profile = profile.as_ref();
    let settings = Settings::of_run(
        "report",
        format.name(),
        Some(&style),
        profile,
        common,
        language,
    )?;
    let making = Making {
        files: &verb.files,
        batch: &verb.batch,
        to,
        ending: format.ending(),
        options: &options,
        settings,
    };
    let make = |examined: Examined| {
        let told = flow::failing(&examined, language);
        let (report, ended) = flow::one_report(examined, profile, common, language);
        Ok(Made {
            bytes: Some(render(&report, format, &style)?),
            ended,
            told: told.into_iter().collect(),
        })
    };
    folder::run(making, make, common, language)
}

/// The format said, else that of the file's ending, else text.
fn format(common: &Common, language: Language) -> Result<Format> {
    match (common.format, common.output.as_deref()) {
        (Some(format), _) => Ok(format),
        (None, Some(path)) if path != Path::new("-") => {
            let name = path.to_string_lossy();
            Format::of_name(&name).ok_or_else(|| {
                usage(language.label_with("error-report-ending", &[("path", &name)]))
            })
        }
        (None, Some(_) | None) => Ok(Format::Human),
    }
}
