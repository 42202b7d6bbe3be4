//! `kaijisho convert`: between xlsx, xml, json, toml, csv and FHIR.

use std::path::{Path, PathBuf};

use kaijisho::report::Format;
use kaijisho::write::{Origin, Target, write};
use kaijisho::{Disclosure, Examined, Language, Result, Severity, Source, examine};

use super::arguments::{Common, Convert, usage};
use super::batch::folder::{Made, Making};
use super::batch::settings::Settings;
use super::{Ended, batch, message, output};

/// A format to write, as `--to` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum To {
    Xlsx,
    Xml,
    Json,
    Toml,
    Csv,
    Fhir,
}

impl To {
    /// The format, with what the name of the file says where that leaves a choice.
    fn target(self, by_name: Option<Target>) -> Option<Target> {
        match (self, by_name) {
            (To::Xlsx, _) => Some(Target::Xlsx),
            (To::Xml, _) => Some(Target::Xml),
            (To::Json, _) => Some(Target::Json),
            (To::Toml, _) => Some(Target::Toml),
            (To::Csv, _) => Some(Target::Csv),
            (To::Fhir, Some(target)) => target.as_fhir(),
            (To::Fhir, None) => Some(Target::FhirJson),
        }
    }
}

pub(super) fn run(verb: &Convert, common: &Common, language: Language) -> Result<Ended> {
    if verb.to.is_some() && common.output.is_some() {
        return Err(usage(language.label("error-two-outputs")));
    }
    let input = match &verb.input {
        Some(input) if verb.batch.files_from.is_none() && !input.is_dir() => input,
        Some(_) | None => return folder(verb, common, language),
    };
    if verb.batch.resume.is_some() || verb.batch.shard.is_some() {
        return Err(usage(language.label("convert-one-file")));
    }
    let to = verb
        .to
        .as_deref()
        .or(common.output.as_deref())
        .filter(|path| *path != Path::new("-"));
    output::refuse_existing(to, common.force)?;
    let by_name = to.and_then(|path| Target::of_name(&path.to_string_lossy()));
    let target = match (to, common.format) {
        _ if let Some(format) = verb.to_format => format.target(by_name).ok_or_else(|| {
            let path = to.map(|path| path.to_string_lossy()).unwrap_or_default();
            usage(language.label_with("error-fhir-ending", &[("path", &path)]))
        })?,
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
    let source = if input == Path::new("-") {
        Source::standard_input(&options.limits)?
    } else {
        Source::open(input, &options.limits)?
    };
    let examined = examine(&source, &options);
    // What the reader has to say is no obstacle to carrying the answers over, but must be heard.
    for finding in examined.findings.iter().filter(|_| !common.quiet) {
        let info = kaijisho::report::model::finding_info(finding, language);
        let told = message::mistake(&examined.file, &info, language);
        output::complain(&message::wrapped(&told, common.width()));
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
        Some(path) => {
            output::file(path, &bytes, common.force)?;
            output::tell_written(Some(path), common, language);
        }
        None => output::write(&bytes, common)?,
    }
    Ok(if examined.is_unreadable() {
        Ended::Impossible
    } else {
        Ended::Clean
    })
}

/// The same for every file of a folder or of a list, into a folder.
fn folder(verb: &Convert, common: &Common, language: Language) -> Result<Ended> {
    let to = batch::folder::required(verb.to.as_deref().or(common.output.as_deref()), language)?;
    let target = match (verb.to_format, common.format) {
        (Some(format), _) => format.target(None),
        (None, Some(Format::Xlsx)) => Some(Target::Xlsx),
        (None, Some(Format::Csv)) => Some(Target::Csv),
        (None, Some(Format::Json)) => Some(Target::Json),
        (None, _) => None,
    };
    let target = target.ok_or_else(|| usage(language.label("folder-format")))?;
    let options = common.options()?;
    let format = format!("{target:?}").to_lowercase();
    let files: Vec<PathBuf> = verb.input.iter().cloned().collect();
    let making = Making {
        files: &files,
        batch: &verb.batch,
        to,
        ending: target.ending().trim_start_matches('.'),
        options: &options,
        settings: Settings::of_run("convert", &format, None, None, common, language)?,
    };
    let make = |examined: Examined| {
        let origin = Origin {
            file: &examined.file,
            sha256: &examined.sha256,
        };
        let bytes = match examined.disclosures.is_empty() {
            true => None,
            false => Some(write(&examined.disclosures, &origin, target, language)?),
        };
        let ended = match examined.is_unreadable() {
            true => Ended::Impossible,
            false => Ended::Clean,
        };
        // Of many files, what matters: what could not be read, and what may have been lost.
        let grave = examined.findings.iter();
        let grave = grave.filter(|finding| finding.severity() > Severity::Note);
        let told = grave.map(|finding| (finding.rule.to_owned(), finding.message(language)));
        Ok(Made {
            bytes,
            ended,
            told: told.collect(),
        })
    };
    batch::folder::run(making, make, common, language)
}

/// Says that there is content which no form asks for, and where it goes.
fn tell_kept(disclosures: &[Disclosure], language: Language) {
    let kept: usize = disclosures.iter().map(|one| one.kept.len()).sum();
    let omitted: usize = disclosures.iter().map(|one| one.kept_omitted).sum();
    let told = [("convert-kept", kept), ("convert-kept-omitted", omitted)];
    for (key, count) in told.into_iter().filter(|(_, count)| *count > 0) {
        let note = language.label("severity-note");
        let text = language.label_with(key, &[("count", &count.to_string())]);
        output::complain(&format!("{note}: {text}\n"));
    }
}
