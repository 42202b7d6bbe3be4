//! Many files: lists of them, shares of a list, output as it comes, and runs that are taken up again.
//!
//! Whatever the number of files and of threads, results come in the order of the list, and no more of them
//! are held than a window (`ordered`). What was done stands in a ledger (`ledger`), if one is asked for.

pub(super) mod flow;
pub(super) mod folder;
mod ledger;
mod list;
mod names;
pub(super) mod ordered;
pub(super) mod progress;
pub(super) mod settings;
mod shard;
pub(super) mod sink;

use std::path::{Path, PathBuf};

use clap::Args;
use kaijisho::{Language, Result};

use super::arguments::{Common, usage};
use super::inputs::{Gathering, Inputs};
use super::{message, output};
pub(super) use progress::{Progress, bar_for as bar};
pub(super) use shard::{Shard, parse as share};

/// What can be said of many files.
#[derive(Debug, Default, Args)]
pub(super) struct Batch {
    /// A list of files or folders, one a line; - is standard input
    #[arg(long, value_name = "LIST")]
    pub(super) files_from: Option<PathBuf>,
    /// The names in the list end with a NUL character instead of a line break (find -print0)
    #[arg(short = '0', long, requires = "files_from")]
    pub(super) null: bool,
    /// A ledger of what is done, so that a run that was stopped can be taken up again
    #[arg(long, value_name = "LEDGER")]
    pub(super) resume: Option<PathBuf>,
    /// Only one share of the files, such as 2/8: each of 8 machines does another one
    #[arg(long, value_name = "I/N", value_parser = shard::parse)]
    pub(super) shard: Option<Shard>,
    /// Show progress and failing files on standard error, also where it is no terminal
    #[arg(long)]
    pub(super) progress: bool,
}

impl Batch {
    /// The files named, those in folders named, and those of the list, each once and in order; of a
    /// share only its files.
    pub(super) fn gather(&self, paths: &[PathBuf], language: Language) -> Result<Inputs> {
        let mut inputs = self.gather_all(paths, language)?;
        if let Some(shard) = &self.shard {
            inputs.files.retain(|input| shard.has(input));
        }
        Ok(inputs)
    }

    /// The same, whatever the share.
    fn gather_all(&self, paths: &[PathBuf], language: Language) -> Result<Inputs> {
        let mut gathering = Gathering::each_once();
        for path in paths {
            gathering.add(path);
        }
        let mut named = paths.to_vec();
        if let Some(list) = &self.files_from {
            let standard = Path::new("-");
            if list == standard && paths.iter().any(|path| path == standard) {
                return Err(usage(language.label("list-and-sheet")));
            }
            for path in list::read(list, self.null, language)? {
                gathering.add(&path);
            }
            named.push(list.clone());
        }
        gathering.finish(&named, language)
    }
}

/// Says what is taken up again.
fn tell_resumed(
    ledger: &ledger::Ledger,
    known: &ledger::Known,
    common: &Common,
    language: Language,
) {
    if common.quiet || (known.len() == 0 && !ledger.mended) {
        return;
    }
    let values = [("count", &*known.len().to_string())];
    let mut told = language.label_with("resumed-line", &values);
    if ledger.mended {
        told.push('\n');
        told.push_str(&language.label("ledger-mended"));
    }
    output::complain(&message::wrapped(&told, common.width()));
}

/// How many threads read files.
pub(super) fn jobs(common: &Common) -> usize {
    const MOST: usize = 512;
    let processors = || std::thread::available_parallelism().map_or(1, usize::from);
    common.jobs.unwrap_or_else(processors).clamp(1, MOST)
}
