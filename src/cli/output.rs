//! Where output goes: standard output, standard error, or a file that is never half written.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use clap::ArgMatches;
use kaijisho::report::Format;
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
            to_stdout(&for_terminal(bytes, common));
            Ok(())
        }
    }
}

/// What a terminal may be given: data formats carry what a vendor wrote, and a terminal would obey it.
fn for_terminal<'b>(bytes: &'b [u8], common: &Common) -> Cow<'b, [u8]> {
    let is_page = matches!(common.format, None | Some(Format::Human));
    match std::str::from_utf8(bytes) {
        Ok(text) if std::io::stdout().is_terminal() => {
            if is_page && common.colour() {
                // The page is harmless already; its colours are escapes of our own.
                let escapes = text.split('\u{1b}').map(kaijisho::harmless);
                let text = escapes.collect::<Vec<_>>().join("\u{1b}");
                return Cow::Owned(text.into_bytes());
            }
            Cow::Owned(kaijisho::harmless(text).into_bytes())
        }
        Ok(_) | Err(_) => Cow::Borrowed(bytes),
    }
}

/// Refuses a folder, and a file that exists, before the work starts. A pipe or a device is written to as it is.
pub(super) fn refuse_existing(path: Option<&Path>, force: bool) -> Result<()> {
    let Some(path) = path.filter(|path| *path != Path::new("-")) else {
        return Ok(());
    };
    match path.metadata() {
        Ok(about) if about.is_dir() => Err(Error::Write {
            path: path.to_owned(),
            source: ErrorKind::IsADirectory.into(),
        }),
        Ok(about) if about.is_file() && !force => Err(Error::Exists {
            path: path.to_owned(),
        }),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Arguments that name a file to write.
const WRITTEN: [&str; 5] = ["output", "to", "list", "table", "verdicts"];

/// Refuses an output that is also an input, or another output: `--force` is for replacing results, not sources.
pub(super) fn refuse_inputs(matches: &ArgMatches, language: Language) -> Result<()> {
    let mut matches = matches;
    while let Some((_, inner)) = matches.subcommand() {
        matches = inner;
    }
    let files = |id: &clap::Id| -> Vec<(PathBuf, PathBuf)> {
        let values = matches.try_get_raw(id.as_str()).ok().flatten();
        let paths = values.into_iter().flatten().map(PathBuf::from);
        let files = paths.filter_map(|path| Some((path.canonicalize().ok()?, path)));
        files.filter(|(real, _)| real.is_file()).collect()
    };
    let is_written = |id: &clap::Id| WRITTEN.contains(&id.as_str());
    for written in matches.ids().filter(|id| is_written(id)) {
        for (real, path) in files(written) {
            let other = matches
                .ids()
                .filter(|id| *id != written)
                .find(|id| files(id).iter().any(|(other, _)| *other == real));
            if let Some(other) = other {
                let key = match is_written(other) {
                    true => "error-output-twice",
                    false => "error-output-is-input",
                };
                let path = path.display().to_string();
                return Err(Error::Usage(language.label_with(key, &[("path", &path)])));
            }
        }
    }
    Ok(())
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
            let why = folder.metadata().err();
            Err(Error::Write {
                path: path.to_owned(),
                source: why.unwrap_or_else(|| ErrorKind::NotADirectory.into()),
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

/// Writes a file beside its place and renames it: it is there whole, or as it was. A link stays a link; a pipe or a
/// device is written to, never replaced.
pub(super) fn file(path: &Path, bytes: &[u8], force: bool) -> Result<()> {
    refuse_existing(Some(path), force)?;
    let fail = |source| Error::Write {
        path: path.to_owned(),
        source,
    };
    if path.metadata().is_ok_and(|about| !about.is_file()) {
        let device = File::options().write(true).open(path);
        return device
            .and_then(|mut device| device.write_all(bytes))
            .map_err(fail);
    }
    let real = match path.is_symlink() {
        true => path.canonicalize().unwrap_or_else(|_| path.to_owned()),
        false => path.to_owned(),
    };
    let name = real
        .file_name()
        .ok_or_else(|| fail(ErrorKind::InvalidInput.into()))?;
    let (mut file, beside) = beside(&real, name).map_err(fail)?;
    let written = file
        .write_all(bytes)
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::rename(&beside, &real));
    written.map_err(|source| {
        // The half-written file must not stay; that it cannot be removed changes nothing for the user.
        let _ = std::fs::remove_file(&beside);
        fail(source)
    })
}

/// How often a name beside is tried while other runs write the same file.
const TRIES: u32 = 100;
/// Bytes of a file name that is kept in the name beside; systems take 255.
const NAME_BYTES: usize = 200;
/// How the name of a file that is being written ends.
const BESIDE: &str = ".kaijisho.tmp";

/// The file that is written first, `.NAME.RUN.kaijisho.tmp`: empty, and locked as long as the run goes on.
pub(super) fn beside(real: &Path, name: &OsStr) -> std::io::Result<(File, PathBuf)> {
    sweep(real);
    let short = match name.len() {
        0..=NAME_BYTES => name.to_owned(),
        // The name of a file may be as long as the system takes; this one has to be shorter.
        _ => {
            let mut hasher = DefaultHasher::new();
            name.hash(&mut hasher);
            format!("{:016x}", hasher.finish()).into()
        }
    };
    for attempt in 0..TRIES {
        let mut beside = OsString::from(".");
        beside.push(&short);
        beside.push(format!(".{}-{attempt}{BESIDE}", std::process::id()));
        let beside = real.with_file_name(beside);
        match File::options().write(true).create_new(true).open(&beside) {
            Ok(file) => {
                // Where files cannot be locked, nothing is ever taken for left behind.
                let _ = file.lock();
                // Another run may have taken it for left behind before it was locked.
                if beside.exists() {
                    return Ok((file, beside));
                }
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// Folders in which nothing of earlier runs is left.
static SWEPT: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Removes what runs that were killed have left half written beside a file, once for each folder.
///
/// The system takes away the lock of a run that ended, however it did; what still has one is being written.
fn sweep(real: &Path) {
    let folder = match real.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    let Ok(mut swept) = SWEPT.lock() else { return };
    if !swept.insert(folder.to_owned()) {
        return;
    }
    // A folder that cannot be looked into can still be written into.
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_ours = name.as_encoded_bytes().ends_with(BESIDE.as_bytes());
        if is_ours
            && entry.file_type().is_ok_and(|kind| kind.is_file())
            && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok())
        {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Says on standard error which file was written.
pub(super) fn tell_written(path: Option<&Path>, common: &Common, language: Language) {
    if let (Some(path), false) = (path.filter(|path| *path != Path::new("-")), common.quiet) {
        let path = path.display().to_string();
        let line = language.label_with("written-line", &[("path", &path)]);
        complain(&message::wrapped(&line, common.width()));
    }
}

/// Writes a page for people to `-o`, or to standard output, with nothing in it that a terminal obeys.
pub(super) fn plain(text: &str, common: &Common) -> Result<()> {
    write(kaijisho::harmless(text).as_bytes(), common)
}

/// Writes text to standard output.
pub(super) fn page(text: &str) {
    to_stdout(text.as_bytes());
}

/// Writes text to standard error.
pub(super) fn complain(text: &str) {
    // Where nobody can be told, there is nobody to tell that; the exit code still says how it went.
    let _ = std::io::stderr().write_all(kaijisho::harmless(text).as_bytes());
}

fn to_stdout(bytes: &[u8]) {
    let mut out = std::io::stdout().lock();
    if let Err(error) = out.write_all(bytes).and_then(|()| out.flush()) {
        stop_writing(&error);
    }
}

/// Ends the program because standard output takes no more.
pub(super) fn stop_writing(error: &std::io::Error) -> ! {
    // The reader has seen enough (head, a pager that was left): that is no failure.
    let code = i32::from(error.kind() != ErrorKind::BrokenPipe) * 2;
    if code != 0 {
        let language = super::localise::language(std::env::args_os());
        let detail = message::io_of_writing(error, language);
        let told = language.label_with("error-stdout", &[("detail", &detail)]);
        let error = language.label("severity-error");
        complain(&format!("{error}: {told}\n"));
    }
    std::process::exit(code);
}
