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
pub(in crate::cli) struct Beside {
    path: PathBuf,
    /// Where it goes: a link stays a link.
    real: PathBuf,
    /// What is written first; none for a pipe or a device, which takes things as they come.
    beside: Option<PathBuf>,
    file: BufWriter<File>,
    force: bool,
}

impl Sink {
    /// `-o`, or standard output.
    pub(super) fn open(common: &Common) -> Result<Self> {
        let named = common.output.as_deref();
        match named.filter(|path| *path != Path::new("-")) {
            Some(path) => Beside::open(path, common.force).map(Sink::File),
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
    pub(in crate::cli) fn open(path: &Path, force: bool) -> Result<Self> {
        output::refuse_existing(Some(path), force)?;
        let fail = |source| Error::Write {
            path: path.to_owned(),
            source,
        };
        let real = match path.is_symlink() {
            true => path.canonicalize().unwrap_or_else(|_| path.to_owned()),
            false => path.to_owned(),
        };
        let (file, beside) = if path.metadata().is_ok_and(|about| !about.is_file()) {
            (File::options().write(true).open(path).map_err(fail)?, None)
        } else {
            let name = real.file_name().ok_or(ErrorKind::InvalidInput);
            let name = name.map_err(|kind| fail(kind.into()))?;
            let (file, beside) = output::beside(&real, name).map_err(fail)?;
            (file, Some(beside))
        };
        Ok(Self {
            path: path.to_owned(),
            real,
            beside,
            file: BufWriter::new(file),
            force,
        })
    }

    pub(in crate::cli) fn fail(&self, source: std::io::Error) -> Error {
        Error::Write {
            path: self.path.clone(),
            source,
        }
    }

    pub(in crate::cli) fn finish(&mut self) -> Result<()> {
        let flushed = self.file.flush();
        flushed.map_err(|error| self.fail(error))?;
        let Some(beside) = &self.beside else {
            return Ok(());
        };
        // Somebody else may have put a file there while this one was written.
        output::refuse_existing(Some(&self.path), self.force)?;
        let synced = self.file.get_ref().sync_all();
        let renamed = synced.and_then(|()| std::fs::rename(beside, &self.real));
        renamed.map_err(|error| self.fail(error))?;
        self.beside = None;
        Ok(())
    }
}

impl Write for Beside {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if let Some(beside) = &self.beside {
            // The half-written file must not stay; that it cannot be removed changes nothing for the user.
            let _ = std::fs::remove_file(beside);
        }
    }
}
