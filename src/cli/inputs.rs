//! Files to read: as named, from folders, or from standard input.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};
use kaijisho::{Error, Examined, Language, Localised, Options, Result, Source, examine};
use rayon::prelude::*;
use walkdir::WalkDir;

use super::arguments::{Common, usage};
use super::{message, output};

/// Endings of files that are taken from a folder. Some are not read; saying so is better than silence.
const ENDINGS: [&str; 12] = [
    "xlsx", "xlsm", "xls", "xlsb", "ods", "fods", "csv", "tsv", "xml", "json", "toml", "pdf",
];
/// Endings of files that are often something else; in a folder they count only if they are disclosures.
const OFTEN_OTHER: [&str; 5] = ["xml", "json", "toml", "csv", "tsv"];

/// A file to read.
#[derive(Clone, Debug)]
pub(super) struct Input {
    path: PathBuf,
    /// True if it was found in a folder rather than named.
    found: bool,
}

/// The files to read, and those in folders that are not read.
#[derive(Debug)]
pub(super) struct Inputs {
    files: Vec<Input>,
    left_out: Vec<PathBuf>,
}

impl Input {
    /// Where it lies.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// True for a file of a folder that is often something else than a disclosure.
    pub(super) fn is_often_other(&self) -> bool {
        self.found && has_ending(&self.path, &OFTEN_OTHER)
    }
}

impl Inputs {
    /// The files to read.
    pub(super) fn files(&self) -> &[Input] {
        &self.files
    }

    /// Those in folders that are not read.
    pub(super) fn left_out(&self) -> &[PathBuf] {
        &self.left_out
    }
}

/// The files named, and those in the folders named, in order.
pub(super) fn gather(paths: &[PathBuf], language: Language) -> Result<Inputs> {
    let mut files: Vec<Input> = Vec::new();
    let mut left_out: Vec<PathBuf> = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(Input {
                path: path.clone(),
                found: false,
            });
            continue;
        }
        for entry in WalkDir::new(path).sort_by_file_name() {
            let entry = entry.map_err(|error| {
                let at = error.path().unwrap_or(path).to_owned();
                let source = error
                    .into_io_error()
                    .unwrap_or_else(|| std::io::ErrorKind::Other.into());
                Error::Read { path: at, source }
            })?;
            let name = entry.file_name().to_string_lossy();
            // Excel's lock files and hidden files are nobody's disclosure.
            if !entry.file_type().is_file() || name.starts_with("~$") || name.starts_with('.') {
                continue;
            }
            if has_ending(entry.path(), &ENDINGS) {
                files.push(Input {
                    path: entry.into_path(),
                    found: true,
                });
            } else {
                left_out.push(entry.into_path());
            }
        }
    }
    if files.is_empty() {
        return Err(nothing(paths, language));
    }
    Ok(Inputs { files, left_out })
}

/// Folders without a single disclosure: no success.
fn nothing(paths: &[PathBuf], language: Language) -> Error {
    let names: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let values = [("names", names.join(", ")), ("endings", ENDINGS.join(", "))];
    let values: Vec<(&str, &str)> = values
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    usage(language.label_with("error-no-files", &values))
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    ending.is_some_and(|ending| endings.contains(&ending.as_str()))
}

/// Examines every file and hands each result on, in the order of the files.
///
/// `use_up` turns an examined file into what is kept of it, on the thread that examined it, so that a
/// thousand files need no more memory than their results.
pub(super) fn each<T: Send>(
    inputs: &Inputs,
    options: &Options,
    common: &Common,
    language: Language,
    use_up: impl Fn(Examined) -> T + Sync,
) -> Result<Vec<T>> {
    let bar = progress(inputs.files.len(), common);
    let work = |input: &Input| -> Result<Option<T>> {
        let source = if input.path == Path::new("-") {
            Source::standard_input(&options.limits)
        } else {
            Source::open(&input.path, &options.limits)
        };
        // A file that cannot be opened is one finding; the others are read all the same.
        let examined = match source {
            Ok(source) => examine(&source, options),
            Err(Error::Read { path, source }) => {
                let told = |language| message::io(&source, language);
                let detail = Localised {
                    ja: told(Language::Ja),
                    en: told(Language::En),
                };
                let advice = message::advice(&path, &source);
                Examined::unreadable(path.display().to_string(), detail, advice)
            }
            Err(other) => return Err(other),
        };
        bar.inc(1);
        let other = input.is_often_other() && is_something_else(&examined);
        Ok((!other).then(|| use_up(examined)))
    };
    let run = || {
        inputs
            .files
            .par_iter()
            .map(work)
            .collect::<Result<Vec<Option<T>>>>()
    };
    let results = match common.jobs {
        Some(jobs) => rayon::ThreadPoolBuilder::new()
            .num_threads(jobs.max(1))
            .build()
            .map_err(|error| usage(error.to_string()))?
            .install(run),
        None => run(),
    };
    bar.finish_and_clear();
    let results = results?;
    let others = inputs
        .files
        .iter()
        .zip(&results)
        .filter(|(_, result)| result.is_none())
        .map(|(input, _)| &input.path);
    let left_out: Vec<&PathBuf> = inputs.left_out.iter().chain(others).collect();
    tell_left_out(&left_out, common, language);
    if results.iter().all(Option::is_none) {
        let paths: Vec<PathBuf> = left_out.into_iter().cloned().collect();
        return Err(nothing(&paths, language));
    }
    Ok(results.into_iter().flatten().collect())
}

/// Files of a folder that were not read are named: a vendor's sheet may be among them.
pub(super) fn tell_left_out(paths: &[&PathBuf], common: &Common, language: Language) {
    const NAMED: usize = 5;
    if paths.is_empty() || common.quiet {
        return;
    }
    let named = if common.verbose { paths.len() } else { NAMED };
    let mut names: Vec<String> = paths
        .iter()
        .take(named)
        .map(|path| kaijisho::show(&path.display().to_string(), 200))
        .collect();
    if paths.len() > named {
        names.push("…".to_owned());
    }
    let values = [
        ("count", paths.len().to_string()),
        ("names", names.join(", ")),
    ];
    let values: Vec<(&str, &str)> = values
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let line = language.label_with("skipped-line", &values);
    output::complain(&message::wrapped(&line, common.width()));
}

/// True for a file in which nothing speaks of a disclosure.
fn is_something_else(examined: &Examined) -> bool {
    examined.disclosures.is_empty()
        && examined
            .findings
            .iter()
            .all(|finding| finding.rule == "nothing-recognised")
}

/// A bar on standard error, where that is a terminal and the work is long.
pub(super) fn progress(files: usize, common: &Common) -> ProgressBar {
    if files < 20 || common.quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(files as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    bar
}
