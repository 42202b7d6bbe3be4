//! Sources: the bytes of a file, its name and its hash.

use std::fs::{File, Metadata};
use std::io::{Error as IoError, ErrorKind, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::limits::Limits;

/// A file to be read: its bytes, its name as given, and its hash.
#[derive(Clone)]
pub struct Source {
    /// The name as given, for messages and reports; `-` for standard input.
    pub name: String,
    /// The bytes; at most one more than the limit, so that "too large" can be told without reading all.
    pub bytes: Vec<u8>,
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
    /// Size in bytes of the file, which may be more than was read.
    pub size: u64,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source")
            .field("name", &self.name)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

impl Source {
    /// A source from bytes already in memory.
    ///
    /// ```
    /// let source = kaijisho::Source::new("a.toml", b"form = 'x'".to_vec());
    /// assert_eq!(source.sha256.len(), 64);
    /// ```
    pub fn new(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        let sha256 = sha256(&bytes);
        let size = bytes.len() as u64;
        Self {
            name: name.into(),
            bytes,
            sha256,
            size,
        }
    }

    /// Reads a file; never more than the limit and one byte.
    ///
    /// # Errors
    /// [`Error::Read`] if it cannot be opened or read, is no file (a folder, a pipe, a device), or changes
    /// while it is read.
    pub fn open(path: &Path, limits: &Limits) -> Result<Self> {
        let fail = |source| Error::Read {
            path: path.to_owned(),
            source,
        };
        let file = open(path).map_err(fail)?;
        let before = file.metadata().map_err(fail)?;
        let bytes = unchanging(&file, &before, limits.file_bytes, || path.metadata());
        let mut source = Self::new(path.display().to_string(), bytes.map_err(fail)?);
        source.size = source.size.max(before.len());
        Ok(source)
    }

    /// Reads standard input; never more than the limit and one byte.
    ///
    /// # Errors
    /// [`Error::Read`] if it cannot be read.
    pub fn standard_input(limits: &Limits) -> Result<Self> {
        let bytes =
            read_limited(std::io::stdin().lock(), limits).map_err(|source| Error::Read {
                path: "-".into(),
                source,
            })?;
        Ok(Self::new("-", bytes))
    }
}

fn read_limited(reader: impl Read, limits: &Limits) -> std::io::Result<Vec<u8>> {
    bounded(reader, limits.file_bytes)
}

/// At most one byte more than said, so that "too large" can be told without reading all.
fn bounded(reader: impl Read, most: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader
        .take(most.saturating_add(1))
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Where programs are handed what is open already, as by `<(…)` in a shell.
const HANDED_ON: [&str; 3] = ["/dev/fd", "/dev/stdin", "/proc/self/fd"];

/// Opens a file. A pipe that nobody writes into would keep the program waiting, a device would never end.
fn open(path: &Path) -> std::io::Result<File> {
    let about = path.metadata()?;
    if about.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    if !about.is_file() && !HANDED_ON.iter().any(|handed| path.starts_with(handed)) {
        return Err(IoError::new(
            ErrorKind::Unsupported,
            "it is a pipe or a device, not a file",
        ));
    }
    File::open(path)
}

/// Reads a file that is the same before and after: what is half old and half new was never sent by anybody.
fn unchanging(
    reader: impl Read,
    before: &Metadata,
    most: u64,
    after: impl Fn() -> std::io::Result<Metadata>,
) -> std::io::Result<Vec<u8>> {
    let bytes = bounded(reader, most)?;
    if !before.is_file() {
        return Ok(bytes);
    }
    let after = after()?;
    // A system that tells no time of a change still tells the size.
    let time = |about: &Metadata| about.modified().ok();
    let whole = before.len() > most || bytes.len() as u64 == before.len() || before.len() == 0;
    if whole && after.len() == before.len() && time(&after) == time(before) {
        return Ok(bytes);
    }
    Err(IoError::new(
        ErrorKind::ResourceBusy,
        "the file changed while it was read",
    ))
}

/// Bytes of a data file that people write (a form, a profile, a facility file …) at most.
pub(crate) const DATA_FILE: u64 = 8 * 1024 * 1024;

/// The text of a data file that people write: a form, a profile, a facility file, a template, at most 8 MiB in
/// UTF-8.
///
/// # Errors
/// [`Error::Read`] if it cannot be read, is no file or not UTF-8, is too large, or changes while it is read.
pub fn data_text(path: &Path) -> Result<String> {
    data_text_of(path, DATA_FILE)
}

/// The same with another limit in bytes.
pub(crate) fn data_text_of(path: &Path, most: u64) -> Result<String> {
    let fail = |source| Error::Read {
        path: path.to_owned(),
        source,
    };
    let file = open(path).map_err(fail)?;
    let before = file.metadata().map_err(fail)?;
    let bytes = unchanging(&file, &before, most, || path.metadata()).map_err(fail)?;
    if bytes.len() as u64 > most {
        let told = format!("it is larger than {most} bytes, the most that is read of such a file");
        return Err(fail(IoError::new(ErrorKind::FileTooLarge, told)));
    }
    String::from_utf8(bytes).map_err(|error| {
        fail(IoError::new(
            ErrorKind::InvalidData,
            format!(
                "not UTF-8 from byte {} on",
                error.utf8_error().valid_up_to()
            ),
        ))
    })
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader that does something to its file after the first bytes.
    struct Meddled<'f, F: FnMut()> {
        file: &'f File,
        meddle: Option<F>,
    }

    impl<F: FnMut()> Read for Meddled<'_, F> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let few = buffer.len().min(4);
            let count = self.file.read(&mut buffer[..few])?;
            if let Some(mut meddle) = self.meddle.take() {
                meddle();
            }
            Ok(count)
        }
    }

    fn read_while(name: &str, meddle: impl Fn(&Path)) -> std::io::Result<Vec<u8>> {
        let folder = std::env::temp_dir().join(format!("kaijisho-source-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join(name);
        std::fs::write(&path, "a text of 24 characters.").expect("a file");
        let file = open(&path).expect("it is there");
        let before = file.metadata().expect("it is there");
        let reader = Meddled {
            file: &file,
            meddle: Some(|| meddle(&path)),
        };
        let read = unchanging(reader, &before, 1000, || path.metadata());
        let _ = std::fs::remove_file(&path);
        read
    }

    #[test]
    fn a_file_that_changes_while_it_is_read_is_told() {
        let kind = |read: std::io::Result<Vec<u8>>| read.expect_err("it changed").kind();
        let shorter = read_while("shorter", |path| {
            let file = File::options().write(true).open(path);
            file.and_then(|file| file.set_len(6)).expect("shorter");
        });
        assert_eq!(kind(shorter), ErrorKind::ResourceBusy);
        let longer = read_while("longer", |path| {
            std::fs::write(path, "a text of 24 characters. And more.").expect("longer");
        });
        assert_eq!(kind(longer), ErrorKind::ResourceBusy);
        let rewritten = read_while("rewritten", |path| {
            std::fs::write(path, "A TEXT OF 24 CHARACTERS!").expect("rewritten");
            let file = File::options().write(true).open(path).expect("it is there");
            let later = std::time::SystemTime::now() + std::time::Duration::from_secs(60);
            file.set_modified(later).expect("a time");
        });
        assert_eq!(kind(rewritten), ErrorKind::ResourceBusy);
        let gone = read_while("gone", |path| {
            std::fs::remove_file(path).expect("removed");
        });
        assert_eq!(kind(gone), ErrorKind::NotFound);
        let quiet = read_while("quiet", |_| {});
        assert_eq!(quiet.expect("unchanged"), b"a text of 24 characters.");
    }

    #[test]
    fn no_more_is_read_than_allowed() {
        let limits = Limits {
            file_bytes: 10,
            ..Limits::default()
        };
        let read = |bytes: &[u8]| read_limited(bytes, &limits).expect("bytes").len();
        assert_eq!(read(b"0123456789"), 10);
        assert_eq!(read(b"0123456789abcdef"), 11);
    }
}
