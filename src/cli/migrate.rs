//! `kaijisho migrate`: answers carried to another edition or family; what could not be carried is listed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use kaijisho::crosswalk::Crosswalk;
use kaijisho::migrate::list::{LeftOut, ListFormat, OldFile, list};
use kaijisho::migrate::migrate;
use kaijisho::report::Format;
use kaijisho::write::{Origin, Target, write};
use kaijisho::{
    Catalog, Disclosure, Error, Examined, Form, Language, Result, Severity, Source, examine, fold,
};

use super::arguments::{Common, usage};
use super::{Ended, message, output};

#[derive(Debug, Args)]
pub(super) struct Migrate {
    /// The file to read; - is standard input
    #[arg(value_name = "IN")]
    input: PathBuf,
    /// The form to carry the answers to: an id, or a form file (.toml)
    #[arg(long = "to", value_name = "ID|FILE")]
    target_form: String,
    /// The sheet to read, where the file has several disclosures
    #[arg(long = "sheet", value_name = "NAME")]
    of_sheet: Option<String>,
    /// A crosswalk of your own (.toml); goes before the bundled ones
    #[arg(long, value_name = "FILE")]
    crosswalk: Vec<PathBuf>,
    /// Write the list of what is left to do as a file as well (.csv, .md or .json)
    #[arg(long, value_name = "FILE")]
    list: Option<PathBuf>,
}

pub(super) fn run(verb: &Migrate, common: &Common, language: Language) -> Result<Ended> {
    let outputs = Outputs::new(verb, common, language)?;
    let to_forms = common.form_catalog(&verb.target_form)?;
    let to = to_forms.forms().first().ok_or_else(|| Error::UnknownForm {
        name: verb.target_form.clone(),
        known: Vec::new(),
    })?;
    let options = common.options()?;
    let source = if verb.input == Path::new("-") {
        Source::standard_input(&options.limits)?
    } else {
        Source::open(&verb.input, &options.limits)?
    };
    let examined = examine(&source, &options);
    tell(&examined, common, language);
    if examined.disclosures.is_empty() {
        return Ok(Ended::Impossible);
    }
    let at = chosen(&examined, to, verb.of_sheet.as_deref(), language)?;
    let old = &examined.disclosures[at];
    tell_findings(&examined, at, common, language);
    let crosswalks = crosswalks(&verb.crosswalk, old, to, common, language)?;
    let migration = migrate(old, to, &crosswalks);
    let others = examined.disclosures.iter().enumerate();
    let left_out = others
        .filter(|(other, _)| *other != at)
        .map(|(_, other)| LeftOut {
            sheet: other.sheet.as_deref().map(str::to_owned),
            form: other.form.id.clone(),
        });
    let file = OldFile {
        file: &examined.file,
        sha256: &examined.sha256,
        left_out: left_out.collect(),
    };
    let list = list(old, &migration, file, language);
    let origin = Origin {
        file: &examined.file,
        sha256: &examined.sha256,
    };
    let disclosures = [migration.disclosure.clone()];
    if let Some((path, target)) = &outputs.sheet {
        let bytes = write(&disclosures, &origin, *target, language)?;
        output::file(path, &bytes, common.force)?;
    }
    if let Some((path, format)) = &outputs.list {
        output::file(path, &list.render(*format)?, common.force)?;
    }
    if !common.quiet {
        let shown = list.render(outputs.shown)?;
        output::page(&String::from_utf8_lossy(&shown));
    }
    for path in [
        outputs.sheet.map(|(path, _)| path),
        outputs.list.map(|(path, _)| path),
    ] {
        output::tell_written(path, common, language);
    }
    Ok(Ended::findings(migration.is_open()))
}

/// What is to be written, checked before the work starts.
struct Outputs<'a> {
    /// The new sheet.
    sheet: Option<(&'a Path, Target)>,
    /// The list as a file.
    list: Option<(&'a Path, ListFormat)>,
    /// The list on standard output.
    shown: ListFormat,
}

impl<'a> Outputs<'a> {
    fn new(verb: &'a Migrate, common: &'a Common, language: Language) -> Result<Self> {
        let ending = |key: &str, path: &Path| {
            let name = path.to_string_lossy();
            usage(language.label_with(key, &[("path", &name)]))
        };
        let sheet = common.output.as_deref().map(|path| {
            Target::of_name(&path.to_string_lossy())
                .map(|target| (path, target))
                .ok_or_else(|| ending("error-convert-ending", path))
        });
        let list = verb.list.as_deref().map(|path| {
            ListFormat::of_name(&path.to_string_lossy())
                .map(|format| (path, format))
                .ok_or_else(|| ending("error-migrate-list", path))
        });
        let shown = match common.format {
            Some(Format::Human) | None => ListFormat::Human {
                width: common.width(),
                colour: common.colour(),
                verbose: common.verbose,
            },
            Some(Format::Json) => ListFormat::Json,
            Some(Format::Csv) => ListFormat::Csv,
            Some(Format::Markdown) => ListFormat::Markdown,
            Some(_) => return Err(usage(language.label("error-migrate-format"))),
        };
        let outputs = Self {
            sheet: sheet.transpose()?,
            list: list.transpose()?,
            shown,
        };
        output::refuse_existing(outputs.sheet.map(|(path, _)| path), common.force)?;
        output::refuse_existing(outputs.list.map(|(path, _)| path), common.force)?;
        Ok(outputs)
    }
}

/// What the reader has to say about the file.
fn tell(examined: &Examined, common: &Common, language: Language) {
    for finding in examined.findings.iter().filter(|_| !common.quiet) {
        let info = kaijisho::report::model::finding_info(finding, language);
        let told = message::mistake(&examined.file, &info, language);
        output::complain(&message::wrapped(&told, common.width()));
    }
}

/// How many mistakes the old sheet has: they are carried over with its answers.
fn tell_findings(examined: &Examined, at: usize, common: &Common, language: Language) {
    let findings = &examined.disclosure_findings[at];
    let count = |severity| {
        let found = findings.iter().filter(|f| f.severity() == severity);
        found.count().to_string()
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if common.quiet || (errors == "0" && warnings == "0") {
        return;
    }
    let values = [("errors", errors.as_str()), ("warnings", warnings.as_str())];
    let text = language.label_with("migrate-source-findings", &values);
    let form = common.form.as_ref();
    let form = form.map_or_else(String::new, |form| format!(" --form {form}"));
    // The command stands on a line of its own, whole, to be copied.
    output::complain(&message::wrapped(&text, common.width()));
    output::complain(&format!("  kaijisho check {}{form}\n", examined.file));
}

/// The disclosure to carry over: the one on the sheet named, else the only one that the form suits.
fn chosen(
    examined: &Examined,
    to: &Form,
    sheet: Option<&str>,
    language: Language,
) -> Result<usize> {
    let all = &examined.disclosures;
    let those = |wanted: &dyn Fn(&Disclosure) -> bool| -> Vec<usize> {
        (0..all.len()).filter(|at| wanted(&all[*at])).collect()
    };
    let found = match sheet {
        Some(name) => those(&|one| {
            let sheet = one.sheet.as_deref();
            sheet.is_some_and(|sheet| fold(sheet) == fold(name))
        }),
        None => {
            let groups = [
                those(&|one| one.form.family == to.family),
                those(&|one| one.form.family.is_service() == to.family.is_service()),
                those(&|_| true),
            ];
            let first = groups.into_iter().find(|group| !group.is_empty());
            first.unwrap_or_default()
        }
    };
    if let [only] = found[..] {
        return Ok(only);
    }
    let names: Vec<String> = all
        .iter()
        .map(|one| match &one.sheet {
            Some(sheet) => format!("{sheet} ({})", one.form.id),
            None => one.form.id.clone(),
        })
        .collect();
    let names = names.join(", ");
    Err(usage(match sheet {
        Some(sheet) if found.is_empty() => language.label_with(
            "error-migrate-no-sheet",
            &[("sheet", sheet), ("names", &names)],
        ),
        Some(_) | None => language.label_with("error-migrate-several", &[("names", &names)]),
    }))
}

/// The user's own crosswalks, which go first, and the bundled ones.
fn crosswalks(
    paths: &[PathBuf],
    old: &Disclosure,
    to: &Arc<Form>,
    common: &Common,
    language: Language,
) -> Result<Vec<Crosswalk>> {
    let both = Catalog::of(vec![Arc::clone(&old.form), Arc::clone(to)]);
    let known = common.catalog().with(&both);
    let mut crosswalks = Vec::new();
    for path in paths {
        let crosswalk = Crosswalk::load(path, &known)?;
        if !crosswalk.is_between(&old.form, to) {
            let values = [
                ("file", crosswalk.name.as_str()),
                ("from", crosswalk.from.as_str()),
                ("to", crosswalk.to.as_str()),
            ];
            return Err(usage(language.label_with("error-crosswalk-other", &values)));
        }
        crosswalks.push(crosswalk);
    }
    crosswalks.extend(Crosswalk::bundled().iter().cloned());
    Ok(crosswalks)
}
