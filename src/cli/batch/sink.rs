//! Where a report goes piece by piece: standard output, or a file that is there whole or not at all.

use std::fs::File;
use std::io::{BufWriter, ErrorKind, StdoutLock, Write};
use std::path::{Path, PathBuf};

use kaijisho::{Error, Result};

use crate::cli::arguments::Common;
use crate::cli::output;

/// A report that is being written.
#[derive(Debug)]
pub(super) enum Sink {
    Nothing,
    Standard(BufWriter<StdoutLock<'static>>),
    File(Beside),
}

/// A file written beside its place, to be renamed when it is whole.
#[derive(Debug)]
pub(super) struct Beside {
    path: PathBuf,
    beside: PathBuf,
    file: BufWriter<File>,
    force: bool,
    whole: bool,
}

impl Sink {
    /// `-o`, or standard output.
    pub(super) fn open(common: &Common) -> Result<Self> {
        match common
            .output
            .as_deref()
            .filter(|path| *path != Path::new("-"))
        {
            Some(path) => {
                output::refuse_existing(Some(path), common.force)?;
                let fail = |source| Error::Write {
                    path: path.to_owned(),
                    source,
                };
                let beside = output::beside(path).map_err(fail)?;
                let file = BufWriter::new(File::create(&beside).map_err(fail)?);
                Ok(Sink::File(Beside {
                    path: path.to_owned(),
                    beside,
                    file,
                    force: common.force,
                    whole: false,
                }))
            }
            None => Ok(Sink::Standard(BufWriter::new(std::io::stdout().lock()))),
        }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        match self {
            Sink::Nothing => Ok(()),
            Sink::Standard(out) => {
                standard(out.write_all(bytes));
                Ok(())
            }
            Sink::File(file) => file.file.write_all(bytes).map_err(|error| file.fail(error)),
        }
    }

    /// Hands on what was written so far, where somebody reads along.
    pub(super) fn flush(&mut self) {
        if let Sink::Standard(out) = self {
            standard(out.flush());
        }
    }

    /// Nothing follows: the file takes its name.
    pub(super) fn finish(mut self) -> Result<()> {
        self.flush();
        match self {
            Sink::Nothing | Sink::Standard(_) => Ok(()),
            Sink::File(mut file) => file.finish(),
        }
    }
}

/// A closed pipe ends the program quietly: the reader has seen enough.
fn standard(written: std::io::Result<()>) {
    if let Err(error) = written {
        output::stop_writing(&error);
    }
}

impl Beside {
    fn fail(&self, source: std::io::Error) -> Error {
        Error::Write {
            path: self.path.clone(),
            source,
        }
    }

    fn finish(&mut self) -> Result<()> {
        let synced = self
            .file
            .flush()
            .and_then(|()| self.file.get_ref().sync_all());
        synced.map_err(|error| self.fail(error))?;
        // Somebody else may have put a file there while this one was written.
        output::refuse_existing(Some(&self.path), self.force)?;
        std::fs::rename(&self.beside, &self.path).map_err(|error| self.fail(error))?;
        self.whole = true;
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.whole {
            // A half-written file must not stay; that it is gone already is what is wanted.
            if let Err(error) = std::fs::remove_file(&self.beside)
                && error.kind() != ErrorKind::NotFound
            {
                output::complain(&format!("{}: {error}\n", self.beside.display()));
            }
        }
    }
}
