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
const ENDINGS: [&str; 9] = [
    "xlsx", "xlsm", "xml", "json", "toml", "xls", "xlsb", "ods", "pdf",
];
/// Endings of files that are often something else; in a folder they count only if they are disclosures.
const OFTEN_OTHER: [&str; 4] = ["xml", "json", "toml", "pdf"];

/// A file to read.
#[derive(Clone, Debug)]
pub(super) struct Input {
    path: PathBuf,
    /// True if it was found in a folder rather than named.
    found: bool,
}

/// The files named, and those in the folders named, in order and each once.
pub(super) fn gather(paths: &[PathBuf]) -> Result<Vec<Input>> {
    let mut inputs: Vec<Input> = Vec::new();
    for path in paths {
        if !path.is_dir() {
            inputs.push(Input {
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
            let skipped = name.starts_with("~$") || name.starts_with('.');
            if entry.file_type().is_file() && !skipped && has_ending(entry.path(), &ENDINGS) {
                inputs.push(Input {
                    path: entry.into_path(),
                    found: true,
                });
            }
        }
    }
    if inputs.is_empty() {
        let names: Vec<String> = paths
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        return Err(usage(format!(
            "{}: no files ({})",
            names.join(", "),
            ENDINGS.join(", ")
        )));
    }
    Ok(inputs)
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
    inputs: &[Input],
    options: &Options,
    common: &Common,
    language: Language,
    use_up: impl Fn(Examined) -> T + Sync,
) -> Result<Vec<T>> {
    let bar = progress(inputs.len(), common);
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
                Examined::unreadable(path.display().to_string(), detail)
            }
            Err(other) => return Err(other),
        };
        bar.inc(1);
        let other =
            input.found && has_ending(&input.path, &OFTEN_OTHER) && is_something_else(&examined);
        Ok((!other).then(|| use_up(examined)))
    };
    let run = || {
        inputs
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
    let others = results.iter().filter(|result| result.is_none()).count();
    if others > 0 && !common.quiet {
        let count = others.to_string();
        output::complain(&format!(
            "{}\n",
            language.label_with("skipped-line", &[("count", &count)])
        ));
        if common.verbose {
            for (input, _) in inputs
                .iter()
                .zip(&results)
                .filter(|(_, result)| result.is_none())
            {
                output::complain(&format!("  - {}\n", input.path.display()));
            }
        }
    }
    Ok(results.into_iter().flatten().collect())
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
fn progress(files: usize, common: &Common) -> ProgressBar {
    if files < 20 || common.quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(files as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    bar
}
