//! `--files-from LIST`: names of files, one a line, or each with a NUL character behind it.
//!
//! Names are bytes where the system has them so: a name that is no UTF-8 is a name like any other.

use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};

use kaijisho::{Error, Language, Result};

use crate::cli::arguments::usage;

/// Bytes of a list that are read at most: some ten million names.
const MOST: u64 = 1024 * 1024 * 1024;

/// The names in a list; `-` is standard input.
pub(super) fn read(list: &Path, null: bool, language: Language) -> Result<Vec<PathBuf>> {
    let fail = |source| Error::Read {
        path: list.to_owned(),
        source,
    };
    let mut bytes = Vec::new();
    let read = if list == Path::new("-") {
        std::io::stdin()
            .lock()
            .take(MOST + 1)
            .read_to_end(&mut bytes)
    } else {
        std::fs::File::open(list).and_then(|file| file.take(MOST + 1).read_to_end(&mut bytes))
    };
    let read = read.map_err(fail)? as u64;
    if read > MOST {
        return Err(fail(std::io::ErrorKind::FileTooLarge.into()));
    }
    let named = |key| usage(language.label_with(key, &[("path", &list.display().to_string())]));
    let names = names(&bytes, null).map_err(|key| named(key))?;
    if names.is_empty() {
        return Err(named("list-empty"));
    }
    Ok(names)
}

/// The names in the bytes of a list, or the label that says what is wrong with it.
fn names(bytes: &[u8], null: bool) -> std::result::Result<Vec<PathBuf>, &'static str> {
    let decoded = utf16(bytes);
    let bytes = decoded.as_deref().unwrap_or(bytes);
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if !null && bytes.contains(&0) {
        return Err("list-with-nul");
    }
    let end = if null { 0 } else { b'\n' };
    let parts = bytes.split(|byte| *byte == end).map(|name| match null {
        true => name,
        false => name.strip_suffix(b"\r").unwrap_or(name),
    });
    parts
        .filter(|name| !name.is_empty())
        .map(|name| match os_string(name) {
            // Standard input holds the list, or one file: in a list the name is that of a file.
            Some(name) if name == "-" => Ok("./-".into()),
            Some(name) => Ok(name.into()),
            None => Err("list-not-utf8"),
        })
        .collect()
}

/// A list in UTF-16, as PowerShell writes it, as UTF-8.
fn utf16(bytes: &[u8]) -> Option<Vec<u8>> {
    let (encoding, _) = encoding_rs::Encoding::for_bom(bytes)?;
    let wide = encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE;
    wide.then(|| encoding.decode(bytes).0.into_owned().into_bytes())
}

#[cfg(unix)]
#[allow(
    clippy::unnecessary_wraps,
    reason = "other systems have names that are no bytes"
)]
fn os_string(name: &[u8]) -> Option<OsString> {
    Some(std::os::unix::ffi::OsStringExt::from_vec(name.to_vec()))
}

#[cfg(not(unix))]
fn os_string(name: &[u8]) -> Option<OsString> {
    String::from_utf8(name.to_vec()).ok().map(OsString::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], null: bool) -> Vec<String> {
        let names = names(bytes, null).expect("a list");
        names
            .iter()
            .map(|name| name.display().to_string())
            .collect()
    }

    #[test]
    fn lists_of_every_system() {
        assert_eq!(read(b"a.xlsx\nb c.xlsx", false), ["a.xlsx", "b c.xlsx"]);
        assert_eq!(
            read(b"\xEF\xBB\xBFa\r\n\r\n\xE6\x9C\xAC\r\n", false),
            ["a", "本"]
        );
        assert_eq!(read(b"a\n1\0b\r\0\0", true), ["a\n1", "b\r"]);
        assert_eq!(read(b"\xFF\xFEa\0\r\0\n\0\x2C\x67\n\0", false), ["a", "本"]);
        assert_eq!(read(b"-\n", false), ["./-"]);
        assert_eq!(names(b"a\0b\0", false), Err("list-with-nul"));
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_no_utf8_are_names() {
        use std::os::unix::ffi::OsStrExt;
        let names = names(b"\x8aJ.xlsx\n", false).expect("a list");
        assert_eq!(names[0].as_os_str().as_bytes(), b"\x8aJ.xlsx");
    }
}
