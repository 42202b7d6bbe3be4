//! `--resume LEDGER`: what was done, so that a run that was stopped can be taken up again.
//!
//! A file that only grows. Its first line holds the settings; then comes a record for each file that was done:
//!
//! ```text
//! {"file":"a.xlsx","sha256":"…","outcome":{…},"bytes":1234}     one line: whose record it is
//! …                                                            so many bytes: its part of the output
//! 3f2a9c0d11e4b785                                             a hash of both
//! ```
//!
//! A record that is torn, because the program or the machine stopped while it was written, ends what is
//! known: it and what follows is cut off, and done again.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use kaijisho::{Error, Language, Result};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use super::settings::Settings;
use crate::cli::arguments::usage;

/// The first line of a ledger starts so.
const START: &str = r#"{"schema":"kaijisho/ledger/1""#;
/// Bytes of a line at most; what is longer is no ledger's.
const LINE: u64 = 16 * 1024 * 1024;
/// Digits of the hash behind a record.
const DIGITS: usize = 16;
/// Between two times that the disk is told to keep what was written.
const PAUSE: Duration = Duration::from_secs(2);

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    schema: String,
    settings: Settings,
}

/// Whose record it is.
#[derive(Debug, Serialize, Deserialize)]
struct Written<O> {
    file: String,
    sha256: String,
    outcome: O,
    bytes: u64,
}

/// Where a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At(u64);

/// What was done before: the records, by name and content of their files.
#[derive(Debug, Default)]
pub(super) struct Known(HashMap<[u8; 16], At>);

/// A ledger that is open, and locked against other runs.
#[derive(Debug)]
pub(super) struct Ledger {
    path: PathBuf,
    file: File,
    /// Where the next record goes.
    end: u64,
    synced: Instant,
    /// True if a torn record was cut off.
    pub(super) mended: bool,
}

impl Known {
    /// The record of a file of this name and content.
    pub(super) fn find(&self, file: &str, sha256: &str) -> Option<At> {
        self.0.get(&key(file, sha256)).copied()
    }

    /// How many files were done.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

fn key(file: &str, sha256: &str) -> [u8; 16] {
    let mut hash = Sha256::new();
    hash.update(sha256.as_bytes());
    hash.update(file.as_bytes());
    hash.finalize()[..16].try_into().expect("a hash is longer")
}

fn digits(hash: Sha256) -> String {
    let bytes = hash.finalize();
    let digits = bytes.iter().take(DIGITS / 2);
    digits.map(|byte| format!("{byte:02x}")).collect()
}

impl Ledger {
    /// Opens a ledger, or begins one.
    ///
    /// # Errors
    /// If the file is no ledger, or one of other settings, or another run has it open.
    pub(super) fn open(
        path: &Path,
        settings: Settings,
        language: Language,
    ) -> Result<(Self, Known)> {
        let fail = |source| Error::Write {
            path: path.to_owned(),
            source,
        };
        let mut options = OpenOptions::new();
        let options = options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(path).map_err(fail)?;
        let named =
            |key: &str| usage(language.label_with(key, &[("path", &path.display().to_string())]));
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Err(named("ledger-busy"));
        }
        let head = Head {
            schema: "kaijisho/ledger/1".to_owned(),
            settings,
        };
        let mut first =
            serde_json::to_string(&head).map_err(|error| Error::Format(error.to_string()))?;
        first.push('\n');
        let mut reader = BufReader::with_capacity(1 << 16, &mut file);
        let line = read_line(&mut reader).map_err(fail)?;
        let (known, end) = match line {
            // Nothing was recorded: the file is new, or was torn while it was begun.
            Line::Torn(start)
                if first.as_bytes().starts_with(&start) || start.starts_with(START.as_bytes()) =>
            {
                (None, 0)
            }
            Line::Torn(_) => return Err(named("ledger-other-file")),
            Line::Whole(line) => {
                let begun: Head =
                    serde_json::from_slice(&line).map_err(|_| named("ledger-other-file"))?;
                if begun.schema != head.schema {
                    return Err(named("ledger-other-file"));
                }
                let other = head.settings.other_than(&begun.settings, language);
                if !other.is_empty() {
                    let values = [("path", path.display().to_string()), ("settings", other)];
                    let values: Vec<(&str, &str)> = values
                        .iter()
                        .map(|(name, value)| (*name, value.as_str()))
                        .collect();
                    return Err(usage(language.label_with("ledger-other-settings", &values)));
                }
                let start = line.len() as u64 + 1;
                let (known, end) = read_records(&mut reader, start).map_err(fail)?;
                (Some(known), end)
            }
        };
        let size = file.metadata().map_err(fail)?.len();
        file.set_len(end).map_err(fail)?;
        file.seek(SeekFrom::Start(end)).map_err(fail)?;
        let mut ledger = Self {
            path: path.to_owned(),
            file,
            end,
            synced: Instant::now(),
            mended: size > end && known.is_some(),
        };
        if known.is_none() {
            ledger.append(first.as_bytes())?;
        }
        Ok((ledger, known.unwrap_or_default()))
    }

    /// Adds a record: what a file came to, and its part of the output.
    pub(super) fn add(
        &mut self,
        file: &str,
        sha256: &str,
        outcome: &impl Serialize,
        part: &[u8],
    ) -> Result<()> {
        let written = Written {
            file: file.to_owned(),
            sha256: sha256.to_owned(),
            outcome,
            bytes: part.len() as u64,
        };
        let mut record =
            serde_json::to_vec(&written).map_err(|error| Error::Format(error.to_string()))?;
        record.push(b'\n');
        record.extend(part);
        let mut hash = Sha256::new();
        hash.update(&record);
        record.push(b'\n');
        record.extend(digits(hash).bytes());
        record.push(b'\n');
        self.append(&record)
    }

    fn append(&mut self, bytes: &[u8]) -> Result<()> {
        let written = self.file.write_all(bytes);
        written.map_err(|source| self.fail(source))?;
        self.end += bytes.len() as u64;
        if self.synced.elapsed() >= PAUSE {
            self.sync()?;
        }
        Ok(())
    }

    /// Has the disk keep what was written.
    pub(super) fn sync(&mut self) -> Result<()> {
        self.synced = Instant::now();
        let synced = self.file.sync_data();
        synced.map_err(|source| self.fail(source))
    }

    /// Reads a record that was there when the ledger was opened.
    pub(super) fn read<O: DeserializeOwned>(&mut self, at: At) -> Result<(O, Vec<u8>)> {
        let read = self.read_at(at);
        // The next record goes to the end again.
        let back = self.file.seek(SeekFrom::Start(self.end));
        let (line, part) = read
            .and_then(|read| back.map(|_| read))
            .map_err(|source| self.fail(source))?;
        let written: Written<O> =
            serde_json::from_slice(&line).map_err(|error| Error::Format(error.to_string()))?;
        Ok((written.outcome, part))
    }

    fn read_at(&mut self, At(at): At) -> std::io::Result<(Vec<u8>, Vec<u8>)> {
        self.file.seek(SeekFrom::Start(at))?;
        let mut reader = BufReader::with_capacity(1 << 15, &self.file);
        let Line::Whole(line) = read_line(&mut reader)? else {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        };
        let bytes = length(&line).ok_or(std::io::ErrorKind::InvalidData)?;
        let mut part = Vec::new();
        reader.take(bytes).read_to_end(&mut part)?;
        if part.len() as u64 != bytes {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        Ok((line, part))
    }

    fn fail(&self, source: std::io::Error) -> Error {
        Error::Write {
            path: self.path.clone(),
            source,
        }
    }
}

/// A line without its end, or what there is of one.
enum Line {
    Whole(Vec<u8>),
    Torn(Vec<u8>),
}

fn read_line(reader: &mut impl BufRead) -> std::io::Result<Line> {
    let mut line = Vec::new();
    reader.take(LINE).read_until(b'\n', &mut line)?;
    Ok(match line.pop() {
        Some(b'\n') => Line::Whole(line),
        Some(last) => {
            line.push(last);
            Line::Torn(line)
        }
        None => Line::Torn(line),
    })
}

fn length(line: &[u8]) -> Option<u64> {
    let written: Written<serde::de::IgnoredAny> = serde_json::from_slice(line).ok()?;
    Some(written.bytes)
}

/// Every whole record, and where the last of them ends.
fn read_records(reader: &mut impl BufRead, start: u64) -> std::io::Result<(Known, u64)> {
    let (mut known, mut end) = (Known::default(), start);
    while let Line::Whole(line) = read_line(reader)? {
        let Ok(written) = serde_json::from_slice::<Written<serde::de::IgnoredAny>>(&line) else {
            break;
        };
        let mut hash = Sha256::new();
        hash.update(&line);
        hash.update(b"\n");
        let mut part = reader.by_ref().take(written.bytes);
        let mut buffer = [0; 1 << 14];
        loop {
            match part.read(&mut buffer)? {
                0 => break,
                count => hash.update(&buffer[..count]),
            }
        }
        if part.limit() > 0 {
            break;
        }
        let mut last = [0; DIGITS + 2];
        match reader.read_exact(&mut last) {
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => break,
            read => read?,
        }
        if last != *format!("\n{}\n", digits(hash)).as_bytes() {
            break;
        }
        known.0.insert(key(&written.file, &written.sha256), At(end));
        end += line.len() as u64 + 1 + written.bytes + last.len() as u64;
    }
    Ok((known, end))
}

#[cfg(test)]
mod tests;
