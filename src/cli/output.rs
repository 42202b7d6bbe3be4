//! Where output goes: standard output, standard error, or a file that is never half written.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use kaijisho::{Error, Language, Result};

use super::arguments::Common;
use super::message;

/// Writes bytes to `-o`, or to standard output. A closed pipe ends the program quietly.
pub(super) fn write(bytes: &[u8], common: &Common) -> Result<()> {
    match common
        .output
        .as_deref()
        .filter(|path| *path != Path::new("-"))
    {
        Some(path) => file(path, bytes, common.force),
        None => {
            to_stdout(bytes);
            Ok(())
        }
    }
}

/// Refuses a file that exists, before the work starts.
pub(super) fn refuse_existing(path: Option<&Path>, force: bool) -> Result<()> {
    match path.filter(|path| *path != Path::new("-") && !force && path.exists()) {
        Some(path) => Err(Error::Exists {
            path: path.to_owned(),
        }),
        None => Ok(()),
    }
}

/// Refuses a file that exists, or whose folder does not, before the work starts: what is written beside it (a risk
/// register) must not change for a report that then comes to nothing.
pub(super) fn refuse_unwritable(path: Option<&Path>, force: bool) -> Result<()> {
    refuse_existing(path, force)?;
    let folder = path
        .filter(|path| *path != Path::new("-"))
        .and_then(Path::parent);
    match (path, folder) {
        (Some(path), Some(folder)) if folder != Path::new("") && !folder.is_dir() => {
            Err(Error::Write {
                path: path.to_owned(),
                source: ErrorKind::NotFound.into(),
            })
        }
        (Some(_) | None, _) => Ok(()),
    }
}

/// Writes a file that people edit too: `old` is what was read of it, `None` if it was not there. Where something else
/// stands there by now, it is left alone. A link stays a link, and the file keeps its permissions.
pub(super) fn edited(
    path: &Path,
    old: Option<&[u8]>,
    bytes: &[u8],
    language: Language,
) -> Result<()> {
    let Some(old) = old else {
        return file(path, bytes, false);
    };
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let now = std::fs::read(&real).unwrap_or_default();
    if now != old {
        let path = path.display().to_string();
        let told = language.label_with("error-changed-meanwhile", &[("path", &path)]);
        return Err(Error::Usage(told));
    }
    let permissions = std::fs::metadata(&real).map(|metadata| metadata.permissions());
    file(&real, bytes, true)?;
    if let Ok(permissions) = permissions {
        // The content is safe; permissions that cannot be set are those of any new file.
        let _ = std::fs::set_permissions(&real, permissions);
    }
    Ok(())
}

/// Writes a file beside its place and renames it: it is there whole, or as it was.
pub(super) fn file(path: &Path, bytes: &[u8], force: bool) -> Result<()> {
    refuse_existing(Some(path), force)?;
    let fail = |source| Error::Write {
        path: path.to_owned(),
        source,
    };
    let mut name = path
        .file_name()
        .ok_or_else(|| fail(ErrorKind::InvalidInput.into()))?
        .to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let beside: PathBuf = path.with_file_name(name);
    let written = std::fs::File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written
        .and_then(|()| std::fs::rename(&beside, path))
        .map_err(|source| {
            // The half-written file must not stay; that it cannot be removed changes nothing for the user.
            let _ = std::fs::remove_file(&beside);
            fail(source)
        })
}

/// Says on standard error which file was written.
pub(super) fn tell_written(path: Option<&Path>, common: &Common, language: Language) {
    if let (Some(path), false) = (path.filter(|path| *path != Path::new("-")), common.quiet) {
        let path = path.display().to_string();
        let line = language.label_with("written-line", &[("path", &path)]);
        complain(&message::wrapped(&line, common.width()));
    }
}

/// Writes text to standard output.
pub(super) fn page(text: &str) {
    to_stdout(text.as_bytes());
}

/// Writes text to standard error.
pub(super) fn complain(text: &str) {
    eprint!("{}", kaijisho::harmless(text));
}

fn to_stdout(bytes: &[u8]) {
    let mut out = std::io::stdout().lock();
    if let Err(error) = out.write_all(bytes).and_then(|()| out.flush()) {
        // The reader has seen enough (head, a pager that was left): that is no failure.
        let code = i32::from(error.kind() != ErrorKind::BrokenPipe) * 2;
        if code != 0 {
            complain(&format!("kaijisho: {error}\n"));
        }
        std::process::exit(code);
    }
}
