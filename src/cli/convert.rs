//! `kaijisho convert`: between xlsx, xml, json, toml and csv.

use std::path::Path;

use kaijisho::report::Format;
use kaijisho::write::{Origin, Target, write};
use kaijisho::{Disclosure, Language, Result, Source, examine};

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
        (None, Some(Format::Csv)) => Target::Csv,
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
    if !common.quiet {
        tell_kept(&examined.disclosures, language);
    }
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

/// Says that there is content which no form asks for, and where it goes.
fn tell_kept(disclosures: &[Disclosure], language: Language) {
    let kept: usize = disclosures.iter().map(|one| one.kept.len()).sum();
    let omitted: usize = disclosures.iter().map(|one| one.kept_omitted).sum();
    let told = [("convert-kept", kept), ("convert-kept-omitted", omitted)];
    for (key, count) in told.into_iter().filter(|(_, count)| *count > 0) {
        let note = language.label("severity-note");
        let text = language.label_with(key, &[("count", &count.to_string())]);
        output::complain(&format!("{note}: {text}"));
    }
}
