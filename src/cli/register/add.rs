//! `register add`: files are read side by side and recorded in batches, each whole or not at all.

use std::path::{Path, PathBuf};

use clap::Args;
use kaijisho::register::{Added, Became, Prepared, Register, Stamp};
use kaijisho::report::records::AddedInfo;
use kaijisho::{Error, Language, Options, Result, Severity, Source};
use rayon::prelude::*;

use super::super::arguments::{Common, usage};
use super::super::inputs::{self, Input};
use super::super::{Ended, batch, message};
use super::{Kept, Signed, answer, decide, records};

#[derive(Debug, Args)]
pub(super) struct Add {
    /// Files or folders
    #[arg(required = true, value_name = "FILE|DIR")]
    files: Vec<PathBuf>,
    /// Record this facility file first
    #[arg(long, value_name = "FILE")]
    facility: Option<PathBuf>,
    #[command(flatten)]
    kept: Kept,
    #[command(flatten)]
    signed: Signed,
}

/// Files of a batch for each that is read at once: few enough that little is lost by a kill, many enough that
/// writing them down takes less time than reading them.
const FILES_EACH: usize = 32;
/// Bytes of the files of a batch, unless one alone is larger.
const BYTES: u64 = 64 << 20;

pub(super) fn run(verb: &Add, common: &Common, language: Language) -> Result<Ended> {
    let stamp = verb.signed.stamp(language)?;
    let inputs = inputs::gather(&verb.files, language)?;
    let mut register = verb.kept.open_or_create(common, language)?;
    if let Some(path) = &verb.facility {
        decide::record_facility(&mut register, path, &stamp, common, language)?;
    }
    let options = register.options(common.options()?)?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(common.jobs.map_or(0, |jobs| jobs.max(1)))
        .build()
        .map_err(|error| usage(error.to_string()))?;
    let work = Work {
        options: &options,
        folders: &verb.files,
        // Of the verb it is the name of a system; the verbs that judge take a file there.
        system: common
            .told
            .system
            .as_deref()
            .map(|id| id.to_string_lossy().into_owned()),
        stamp: &stamp,
        language,
    };
    let bar = batch::bar(inputs.files().len(), common);
    let mut added = Vec::with_capacity(inputs.files().len());
    let most = FILES_EACH * pool.current_num_threads();
    for batch in batches(inputs.files(), most) {
        added.extend(pool.install(|| work.batch(batch, &mut register))?);
        bar.inc(batch.len() as u64);
    }
    bar.finish_and_clear();
    let left_out: Vec<&PathBuf> = inputs.left_out().iter().collect();
    inputs::tell_left_out(&left_out, common, language);
    let ended = ended(&added, common);
    let mut said = records(&register, common, language)?;
    said.statuses = Some(register.statuses(common.today())?);
    said.added = Some(added);
    answer(&said, common, language)?;
    Ok(ended)
}

/// The batches: as many files as are read before the next are recorded.
fn batches(files: &[Input], most: usize) -> impl Iterator<Item = &[Input]> {
    let mut rest = files;
    std::iter::from_fn(move || {
        let (mut bytes, mut count) = (0_u64, 0);
        for file in rest.iter().take(most) {
            let size = std::fs::metadata(file.path()).map_or(0, |metadata| metadata.len());
            bytes = bytes.saturating_add(size);
            if count > 0 && bytes > BYTES {
                break;
            }
            count += 1;
        }
        let (batch, after) = rest.split_at(count);
        rest = after;
        (count > 0).then_some(batch)
    })
}

fn ended(added: &[AddedInfo], common: &Common) -> Ended {
    let became = |word: &str| added.iter().any(|one| one.became == word);
    if became("unread") || became("too-large") {
        return Ended::Impossible;
    }
    let errors = added.iter().any(|one| one.errors > 0) && common.fail_on.reaches(Severity::Error);
    let never = common.fail_on == super::super::arguments::FailOn::Never;
    Ended::findings(!never && (became("unassigned") || errors))
}

struct Work<'w> {
    options: &'w Options,
    folders: &'w [PathBuf],
    system: Option<String>,
    stamp: &'w Stamp,
    language: Language,
}

/// A file of a batch, before it is recorded.
enum Ready {
    /// Nothing is to be recorded: what to tell.
    Told(AddedInfo),
    /// Ready to be recorded.
    File(Box<Prepared>),
}

impl Work<'_> {
    fn batch(&self, batch: &[Input], register: &mut Register) -> Result<Vec<AddedInfo>> {
        let sources: Vec<std::result::Result<Source, Error>> = batch
            .par_iter()
            .map(|input| Source::open(input.path(), &self.options.limits))
            .collect();
        let mut known = Vec::with_capacity(sources.len());
        for source in &sources {
            let hash = source.as_ref().map(|source| source.sha256.as_str());
            // With a system named, what is known may have to change hands.
            let look = hash.ok().filter(|_| self.system.is_none());
            known.push(look.map(|hash| register.knows(hash)).transpose()?.flatten());
        }
        let ready: Vec<Ready> = batch
            .par_iter()
            .zip(sources)
            .zip(known)
            .map(|((input, source), known)| self.ready(input, source, known))
            .collect::<Result<_>>()?;
        let files: Vec<Prepared> = ready
            .iter()
            .filter_map(|one| match one {
                Ready::File(file) => Some((**file).clone()),
                Ready::Told(_) => None,
            })
            .collect();
        let recorded = register.add(&files, self.system.as_deref(), self.stamp)?;
        let mut recorded = recorded.iter().zip(&files);
        let told = ready.into_iter().filter_map(|one| match one {
            Ready::Told(info) => Some(info),
            Ready::File(_) => recorded.next().map(|(added, file)| self.told(added, file)),
        });
        Ok(told.collect())
    }

    fn ready(
        &self,
        input: &Input,
        source: Result<Source>,
        known: Option<(u64, String)>,
    ) -> Result<Ready> {
        let name = self.name(input.path());
        let told = |became: &str, sha256: &str, entry, remark| {
            Ready::Told(AddedInfo {
                name: name.clone(),
                sha256: sha256.to_owned(),
                entry,
                became: became.to_owned(),
                systems: Vec::new(),
                remark,
                errors: 0,
            })
        };
        let source = match source {
            Ok(source) => source,
            Err(error) => {
                let why = message::told(&error, self.language);
                return Ok(told("unread", "", None, Some(why)));
            }
        };
        if let Some((entry, former)) = known {
            let remark = (former != name).then(|| self.known_as(&former));
            return Ok(told("known", &source.sha256, Some(entry), remark));
        }
        let prepared = Prepared::new(&source, &name, self.options)?;
        if input.is_often_other() && prepared.is_something_else() {
            return Ok(told("left-out", &source.sha256, None, None));
        }
        Ok(Ready::File(Box::new(prepared)))
    }

    /// The name under which a file is kept: its own, after the folders below the one that was named.
    fn name(&self, path: &Path) -> String {
        let folders = self.folders.iter().filter(|folder| folder.is_dir());
        let below = folders.filter_map(|folder| path.strip_prefix(folder).ok());
        let shortest = below.min_by_key(|path| path.as_os_str().len());
        let own = shortest
            .map(Path::to_path_buf)
            .or_else(|| path.file_name().map(PathBuf::from));
        own.unwrap_or_else(|| path.to_owned())
            .display()
            .to_string()
            .replace('\\', "/")
    }

    fn known_as(&self, name: &str) -> String {
        let name = kaijisho::show(name, 120);
        self.language
            .label_with("register-known-as", &[("name", &name)])
    }

    fn told(&self, added: &Added, file: &Prepared) -> AddedInfo {
        let label = |key: &str| self.language.label(key);
        let unread = || (!file.is_readable()).then(|| label("register-not-readable"));
        let (became, systems, remark) = match &added.became {
            Became::Recorded(systems) => {
                let alone = (added.unassigned > 0).then(|| {
                    let count = added.unassigned.to_string();
                    self.language
                        .label_with("register-some-unassigned", &[("count", &count)])
                });
                ("recorded", systems.clone(), alone.or_else(unread))
            }
            Became::Unassigned(perhaps) => {
                let key = if perhaps.is_empty() {
                    "register-of-none"
                } else {
                    "register-perhaps-of"
                };
                let values = [("systems", &*perhaps.join(", "))];
                let remark = self.language.label_with(key, &values);
                ("unassigned", perhaps.clone(), unread().or(Some(remark)))
            }
            Became::Known(name) => {
                let remark = (*name != added.name).then(|| self.known_as(name));
                ("known", Vec::new(), remark)
            }
            Became::Assigned(system) => ("assigned", vec![system.clone()], None),
            Became::TooLarge => ("too-large", Vec::new(), Some(label("register-too-large"))),
        };
        AddedInfo {
            name: added.name.clone(),
            sha256: added.sha256.clone(),
            entry: added.entry,
            became: became.to_owned(),
            systems,
            remark,
            errors: match added.became {
                Became::Recorded(_) | Became::Unassigned(_) => file.count(Severity::Error),
                Became::Known(_) | Became::Assigned(_) | Became::TooLarge => 0,
            },
        }
    }
}
