//! Files made of files: each input becomes a file in a folder, under the same path below it.
//!
//! An input that fails does not stop the others. Each file is there whole or not at all; one that exists is
//! kept, unless a run that is taken up again finds in it what it would write.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use kaijisho::{Error, Examined, Language, Options, Result, examine};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::ledger::{At, Known, Ledger};
use super::names::{self, Task};
use super::ordered::in_order;
use super::progress::Failing;
use super::settings::Settings;
use super::{Batch, Progress, jobs};
use crate::cli::arguments::{Common, usage};
use crate::cli::inputs::{Input, nothing, tell_left_out, tell_repeated};
use crate::cli::{Ended, message, output};

/// What is asked for.
pub(in crate::cli) struct Making<'a> {
    pub(in crate::cli) files: &'a [PathBuf],
    pub(in crate::cli) batch: &'a Batch,
    /// The folder to write into.
    pub(in crate::cli) to: &'a Path,
    /// The ending of the files written, without a dot.
    pub(in crate::cli) ending: &'static str,
    pub(in crate::cli) options: &'a Options,
    /// What a ledger is begun with.
    pub(in crate::cli) settings: Settings,
}

/// What is made of an examined file.
pub(in crate::cli) struct Made {
    /// Its bytes; none if there is nothing to write.
    pub(in crate::cli) bytes: Option<Vec<u8>>,
    pub(in crate::cli) ended: Ended,
    /// What is to be said of it: names of findings, and words.
    pub(in crate::cli) told: Vec<(String, String)>,
}

/// What a file came to.
#[derive(Debug, Serialize, Deserialize)]
struct Outcome {
    ended: Ended,
    other: bool,
    told: Vec<(String, String)>,
    /// SHA-256 of what was written; none if nothing was.
    written: Option<String>,
}

/// What became of a task.
enum Done {
    Now(String, String, Outcome),
    Before(String, At),
}

/// Makes a file of each input, and says how that ended.
pub(in crate::cli) fn run(
    making: Making<'_>,
    make: impl Fn(Examined) -> Result<Made> + Sync,
    common: &Common,
    language: Language,
) -> Result<Ended> {
    refuse_file(making.to)?;
    let mut inputs = making.batch.gather_all(making.files, language)?;
    let sources = names::refuse_inputs(&mut inputs, making.files, making.to, common, language)?;
    let named: Vec<PathBuf> = inputs
        .files
        .iter()
        .map(|input| input.path.clone())
        .collect();
    let mut tasks = names::plan(inputs.files, making.ending);
    if let Some(shard) = &making.batch.shard {
        tasks.retain(|task| shard.has(&task.input));
    }
    let (ledger, known) = match &making.batch.resume {
        Some(path) => {
            let (ledger, known) = Ledger::open(path, making.settings, language)?;
            super::tell_resumed(&ledger, &known, common, language);
            (Some(ledger), Some(known))
        }
        None => (None, None),
    };
    let maker = Maker {
        to: making.to,
        options: making.options,
        known: known.as_ref(),
        sources,
        force: common.force,
        language,
        make,
    };
    let mut teller = Teller {
        ledger,
        progress: Progress::new(tasks.len(), making.batch.progress, common, language),
        left_out: inputs.left_out,
        ended: Ended::Clean,
        counts: Counts::default(),
        quiet: common.quiet,
    };
    in_order(
        &tasks,
        jobs(common),
        |task| maker.of(task),
        |task, done| teller.take(&task.input, maker.to, &task.to, done?),
    )?;
    tell_left_out(&teller.left_out, common, language);
    tell_repeated(&inputs.repeated, common, language);
    names::tell_renamed(&tasks, common, language);
    if teller.counts.other == tasks.len() && making.batch.shard.is_none() {
        return Err(nothing(&named, language));
    }
    teller.finish(making.to, common, language)
}

/// A folder is written into; a file of that name is somebody's.
fn refuse_file(to: &Path) -> Result<()> {
    match to.metadata() {
        Ok(about) if !about.is_dir() => Err(Error::Write {
            path: to.to_owned(),
            source: std::io::ErrorKind::NotADirectory.into(),
        }),
        Ok(_) | Err(_) => Ok(()),
    }
}

struct Maker<'a, M> {
    to: &'a Path,
    options: &'a Options,
    known: Option<&'a Known>,
    /// The inputs as the system knows them, where files may be replaced.
    sources: HashSet<PathBuf>,
    force: bool,
    language: Language,
    make: M,
}

impl<M: Fn(Examined) -> Result<Made> + Sync> Maker<'_, M> {
    /// Reads a file, makes one of it, and writes that, unless it was done before.
    fn of(&self, task: &Task) -> Result<Done> {
        let to = self.to.join(&task.to);
        let examined = match task.input.open(&self.options.limits)? {
            Ok(source) => {
                let before = self
                    .known
                    .and_then(|known| known.find(&source.name, &source.sha256));
                // Somebody may have taken away what was written before.
                if let Some(at) = before.filter(|_| to.exists()) {
                    return Ok(Done::Before(source.name, at));
                }
                examine(&source, self.options)
            }
            Err(unreadable) => unreadable,
        };
        let (file, sha256) = (examined.file.clone(), examined.sha256.clone());
        if task.input.is_something_else(&examined) {
            let outcome = Outcome {
                ended: Ended::Clean,
                other: true,
                told: Vec::new(),
                written: None,
            };
            return Ok(Done::Now(file, sha256, outcome));
        }
        let made = (self.make)(examined)?;
        let mut outcome = Outcome {
            ended: made.ended,
            other: false,
            told: made.told,
            written: None,
        };
        if let Some(bytes) = &made.bytes {
            match self.write(&to, bytes)? {
                None => outcome.written = Some(hash(bytes)),
                Some(told) => {
                    outcome.ended = Ended::Impossible;
                    outcome.told.push(told);
                }
            }
        }
        Ok(Done::Now(file, sha256, outcome))
    }

    /// Writes a file; what stands there already is kept, and told.
    fn write(&self, to: &Path, bytes: &[u8]) -> Result<Option<(String, String)>> {
        let kept = |words: String| Ok(Some(("file-kept".to_owned(), words)));
        if self.force
            && to
                .canonicalize()
                .is_ok_and(|real| self.sources.contains(&real))
        {
            let path = to.display().to_string();
            return kept(
                self.language
                    .label_with("error-output-is-input", &[("path", &path)]),
            );
        }
        if let Some(folder) = to.parent() {
            std::fs::create_dir_all(folder).map_err(|source| Error::Write {
                path: folder.to_owned(),
                source,
            })?;
        }
        match output::file(to, bytes, self.force) {
            Ok(()) => Ok(None),
            // The run that is taken up again may have been stopped between the file and its record.
            Err(Error::Exists { .. })
                if self.known.is_some() && std::fs::read(to).is_ok_and(|found| found == bytes) =>
            {
                Ok(None)
            }
            Err(error @ Error::Exists { .. }) => kept(message::told(&error, self.language)),
            Err(error) => Err(error),
        }
    }
}

#[derive(Debug, Default)]
struct Counts {
    written: usize,
    before: usize,
    failed: usize,
    other: usize,
}

/// Tells what became of each file, in their order.
struct Teller {
    ledger: Option<Ledger>,
    progress: Progress,
    left_out: Vec<PathBuf>,
    ended: Ended,
    counts: Counts,
    quiet: bool,
}

impl Teller {
    fn take(&mut self, input: &Input, folder: &Path, to: &Path, done: Done) -> Result<()> {
        let (file, outcome, before) = match done {
            Done::Now(file, sha256, outcome) => {
                // What failed is tried again, since the cause may be gone.
                let written = outcome.written.is_some();
                if let Some(ledger) = self.ledger.as_mut().filter(|_| written) {
                    ledger.add(&file, &sha256, &outcome, b"")?;
                }
                (file, outcome, false)
            }
            Done::Before(file, at) => {
                let ledger = self
                    .ledger
                    .as_mut()
                    .expect("what is known stands in the ledger");
                let (mut outcome, _) = ledger.read::<Outcome>(at)?;
                self.look_again(&mut outcome, &folder.join(to));
                (file, outcome, true)
            }
        };
        self.progress.step(None);
        for (name, words) in outcome.told.iter().filter(|_| !self.quiet) {
            let line = Failing {
                file: &file,
                name,
                words,
            }
            .line();
            self.progress.say(&line);
        }
        self.ended = self.ended.max(outcome.ended);
        match &outcome.written {
            _ if outcome.other => {
                self.counts.other += 1;
                self.left_out.push(input.path.clone());
            }
            Some(_) if before => self.counts.before += 1,
            Some(_) => self.counts.written += 1,
            None => self.counts.failed += 1,
        }
        Ok(())
    }

    /// What was written before may have been edited since: it is kept, and told.
    fn look_again(&self, outcome: &mut Outcome, to: &Path) {
        let now = std::fs::read(to).ok().map(|bytes| hash(&bytes));
        if outcome.written.is_some() && now != outcome.written {
            let error = Error::Exists {
                path: to.to_owned(),
            };
            outcome.ended = Ended::Impossible;
            outcome.written = None;
            let words = message::told(&error, self.progress.language());
            outcome.told.push(("file-kept".to_owned(), words));
        }
    }

    fn finish(mut self, to: &Path, common: &Common, language: Language) -> Result<Ended> {
        self.progress.finish();
        if let Some(ledger) = &mut self.ledger {
            ledger.sync()?;
        }
        if !common.quiet {
            let count = |number: usize| number.to_string();
            let values = [
                ("path", to.display().to_string()),
                ("written", count(self.counts.written)),
                ("before", count(self.counts.before)),
                ("failed", count(self.counts.failed)),
            ];
            let values: Vec<(&str, &str)> = values
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            let line = language.label_with("folder-line", &values);
            output::complain(&message::wrapped(&line, common.width()));
        }
        Ok(self.ended)
    }
}

fn hash(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The folder that is written into, if `-o` or OUT names one: it is there, or its name ends as a folder's.
pub(in crate::cli) fn named(path: Option<&Path>) -> Option<&Path> {
    path.filter(|path| {
        let name = path.as_os_str().as_encoded_bytes();
        path.is_dir() || name.ends_with(b"/") || (cfg!(windows) && name.ends_with(b"\\"))
    })
}

/// Refuses a run that does not say into which folder.
pub(in crate::cli) fn required<'p>(path: Option<&'p Path>, language: Language) -> Result<&'p Path> {
    path.filter(|path| *path != Path::new("-"))
        .ok_or_else(|| usage(language.label("folder-missing")))
}
