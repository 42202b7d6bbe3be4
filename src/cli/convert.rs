//! `kaijisho convert`: between xlsx, xml, json and toml.

use std::path::Path;

use kaijisho::report::Format;
use kaijisho::write::{Origin, Target, write};
use kaijisho::{Language, Result, Source, examine};

use super::arguments::{Common, Convert, usage};
use super::{Ended, message, output};

pub(super) fn run(verb: &Convert, common: &Common, language: Language) -> Result<Ended> {
    if verb.to.is_some() && common.output.is_some() {
        return Err(usage(language.label("error-two-outputs")));
    }
    let to = verb
        .to
        .as_deref()
        .or(common.output.as_deref())
        .filter(|path| *path != Path::new("-"));
    output::refuse_existing(to, common.force)?;
    let target = match (to, common.format) {
        (Some(path), _) => {
            let name = path.to_string_lossy();
            Target::of_name(&name).ok_or_else(|| {
                usage(language.label_with("error-convert-ending", &[("path", &name)]))
            })?
        }
        (None, Some(Format::Xlsx)) => Target::Xlsx,
        (None, Some(Format::Json) | None) => Target::Json,
        (None, Some(_)) => {
            return Err(usage(
                language.label_with("error-convert-ending", &[("path", "-")]),
            ));
        }
    };
    let options = common.options()?;
    let source = if verb.input == Path::new("-") {
        Source::standard_input(&options.limits)?
    } else {
        Source::open(&verb.input, &options.limits)?
    };
    let examined = examine(&source, &options);
    // What the reader has to say is no obstacle to carrying the answers over, but must be heard.
    for finding in examined.findings.iter().filter(|_| !common.quiet) {
        let info = kaijisho::report::model::finding_info(finding, language);
        output::complain(&message::mistake(&examined.file, &info, language));
    }
    if examined.disclosures.is_empty() {
        return Ok(Ended::Impossible);
    }
    let origin = Origin {
        file: &examined.file,
        sha256: &examined.sha256,
    };
    let bytes = write(&examined.disclosures, &origin, target, language)?;
    match to {
        Some(path) => output::file(path, &bytes, common.force)?,
        None => output::write(&bytes, common)?,
    }
    Ok(if examined.is_unreadable() {
        Ended::Impossible
    } else {
        Ended::Clean
    })
}
