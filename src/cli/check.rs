//! `kaijisho check`: is it a sound sheet?

use kaijisho::report::Style;
use kaijisho::report::model::Kind;
use kaijisho::{Language, Result};

use super::arguments::{Check, Common};
use super::batch::flow::{self, Asked};
use super::{Ended, output};

pub(super) fn run(verb: &Check, common: &Common, language: Language) -> Result<Ended> {
    output::refuse_unwritable(common.output.as_deref(), common.force)?;
    let asked = Asked {
        kind: Kind::Check,
        files: &verb.files,
        batch: &verb.batch,
        against: None,
        format: common.format_or_ending(language)?,
        style: style(common),
    };
    flow::run(&asked, common, language)
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
