//! `kaijisho report`: a file to hand on.

use std::path::Path;

use kaijisho::report::model::Kind;
use kaijisho::report::{Format, render, template_of};
use kaijisho::{Language, Result, data_text};

use super::arguments::{Common, Report, usage};
use super::check::style;
use super::diff::{Asked, judge};
use super::{Ended, output, returned};

pub(super) fn run(verb: &Report, common: &Common, language: Language) -> Result<Ended> {
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
        against: verb.against.as_ref(),
        facility: verb.systems.as_deref(),
        risks: verb.risks.as_deref(),
    };
    let judgement = judge(&asked, common, language)?;
    let bytes = render(&judgement.report, format, &style)?;
    judgement.write_risks(common, language)?;
    output::write(&bytes, common)?;
    output::tell_written(common.output.as_deref(), common, language);
    Ok(judgement.ended)
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
