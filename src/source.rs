//! Sources: the bytes of a file, its name and its hash.

use std::io::Read;
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
    /// [`Error::Read`] if it cannot be opened or read.
    pub fn open(path: &Path, limits: &Limits) -> Result<Self> {
        let fail = |source| Error::Read {
            path: path.to_owned(),
            source,
        };
        let file = std::fs::File::open(path).map_err(fail)?;
        let size = file.metadata().map_err(fail)?.len();
        let bytes = read_limited(file, limits).map_err(fail)?;
        let mut source = Self::new(path.display().to_string(), bytes);
        source.size = source.size.max(size);
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
    let mut bytes = Vec::new();
    reader.take(limits.file_bytes + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
