//! A register as a folder: a file for each entry and each object, so that it can live in git or move.
//!
//! ```text
//! register.json                 how many entries, and the hash of the last
//! log/00000/00000001.json       an entry: keys in order, a line for each value
//! objects/ab/abcd….xlsx         bytes under their hash: files as received, texts made of them
//! ```
//! Written twice it is the same to the byte; of a register that has grown, files are only added (and
//! `register.json` says the new end).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::event::{Event, Object};
use super::log::{self, Entry, START};
use super::object::{self, Content, MOST};
use super::{Register, canonical, refused, standing};
use crate::error::{Error, Result};
use crate::language::Localised;
use crate::source::sha256;

const SCHEMA: &str = "kaijisho/register-folder/1";
/// Entries in one folder.
const PER_FOLDER: u64 = 1_000;
/// Bytes that the text of an entry has at most.
const ENTRY: u64 = 64 << 20;

/// What was written into a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exported {
    /// Entries of the register.
    pub entries: u64,
    /// Files that were not there before.
    pub written: u64,
}

/// `register.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    schema: String,
    entries: u64,
    head: String,
}

/// The file of an entry, for its JSON Schema: what [`WrittenEntry`] takes apart only once its hash is proved.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "only its shape is used")]
pub(crate) struct RegisterEntry {
    /// Its number; the first is 1.
    seq: u64,
    /// When it was recorded, with the offset from UTC.
    at: String,
    /// Who recorded it.
    by: String,
    /// `facility`, `received`, `assigned`, `requested`, `decided`, `assessed` or `risks`.
    kind: String,
    /// Bytes that it brings or refers to; they lie under `objects/`.
    objects: Vec<Object>,
    /// What happened, as the kind says.
    body: Event,
    /// The hash of the entry before; empty in the first.
    former: String,
    /// The hash of this entry.
    sha256: String,
}

/// The file of an entry.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenEntry {
    seq: u64,
    at: String,
    by: String,
    kind: String,
    objects: Value,
    body: Value,
    former: String,
    sha256: String,
}

impl Register {
    /// Writes the register into a folder, which is empty, not there, or holds an earlier state of this register.
    ///
    /// # Errors
    /// [`Error::Write`], or [`Error::Register`] where the folder holds something else.
    pub fn export(&self, folder: &Path) -> Result<Exported> {
        let mut written = 0;
        let (entries, head) = self.read(|connection| {
            may_hold(folder, connection)?;
            let mut seen = BTreeSet::new();
            log::each(connection, |entry| {
                for object in entry
                    .objects()
                    .map_err(|detail| log::unknown(entry.seq, &detail))?
                {
                    if seen.insert(object.sha256.clone()) {
                        let path = folder.join(object_path(&object)?);
                        if !path.exists() {
                            write(&path, &sound(connection, &object)?)?;
                            written += 1;
                        }
                    }
                }
                let path = folder.join(entry_path(entry.seq));
                let text = lines(&entry)?;
                match std::fs::read(&path) {
                    Ok(there) if there == text.as_bytes() => Ok(()),
                    Ok(_) => Err(other(&path)),
                    Err(_) => {
                        written += 1;
                        write(&path, text.as_bytes())
                    }
                }
            })?;
            Ok(log::head(connection)?)
        })?;
        let whole = json!({ "schema": SCHEMA, "entries": entries, "head": head });
        write(
            &folder.join("register.json"),
            canonical::lines_of(whole).as_bytes(),
        )?;
        Ok(Exported { entries, written })
    }

    /// Reads a folder into this register, which must be empty; every hash is proved on the way. All or nothing.
    /// Gives the number of entries.
    ///
    /// # Errors
    /// [`Error::Read`], or [`Error::Register`] where something in the folder is not as it was recorded.
    pub fn import(&mut self, folder: &Path) -> Result<u64> {
        let whole = whole(folder)?;
        let path = self.path.clone();
        self.write(|connection, _| {
            if log::head(connection)?.0 > 0 {
                return Err(refused(&path, Localised::label("register-not-empty", &[])));
            }
            let mut former = START.to_owned();
            let mut seen = BTreeSet::new();
            for seq in 1..=whole.entries {
                let (entry, event, objects) = read_entry(folder, seq, &former)?;
                log::insert(connection, &entry)?;
                // Under the name by which the first entry calls it, as it was written.
                for object in objects {
                    if !seen.insert(object.sha256.clone()) {
                        continue;
                    }
                    let content = read_object(folder, object)?;
                    object::put(connection, seq, &content)?;
                }
                log::project(connection, seq, &entry.at, &event)?;
                former = entry.sha256;
            }
            if former != whole.head {
                return Err(changed(&folder.join("register.json")));
            }
            let mut statement = connection.prepare("SELECT DISTINCT id FROM system")?;
            let found = statement.query_map([], |row| row.get(0))?;
            let systems: BTreeSet<String> = found.collect::<rusqlite::Result<_>>()?;
            standing::refresh(connection, &systems)?;
            Ok(whole.entries)
        })
    }

    /// Opens a register, or a folder that was written of one, which is read into memory.
    ///
    /// # Errors
    /// As [`Register::open`] and [`Register::import`].
    pub fn open_any(path: &Path) -> Result<Self> {
        if !path.is_dir() {
            return Self::open(path);
        }
        let mut register = Self::in_memory()?;
        register.path = path.to_owned();
        register.import(path)?;
        Ok(register)
    }
}

/// Refuses a folder with other files, or with another register.
fn may_hold(folder: &Path, connection: &rusqlite::Connection) -> Result<()> {
    let is_empty = std::fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none());
    if is_empty {
        return Ok(());
    }
    let there = whole(folder).map_err(|_| other(folder))?;
    let same = there.entries == 0
        || log::entry(connection, there.entries)?.is_some_and(|entry| entry.sha256 == there.head);
    if same { Ok(()) } else { Err(other(folder)) }
}

/// The bytes of an object, which are what was recorded: what is not must not go on as if it were.
fn sound(connection: &rusqlite::Connection, object: &Object) -> Result<Vec<u8>> {
    let bytes = object::bytes(connection, &object.sha256)?;
    bytes
        .filter(|bytes| sha256(bytes) == object.sha256)
        .ok_or_else(|| refused(Path::new(""), Localised::label("register-run-verify", &[])))
}

fn other(path: &Path) -> Error {
    refused(path, Localised::label("register-folder-other", &[]))
}

fn changed(path: &Path) -> Error {
    refused(path, Localised::label("register-folder-changed", &[]))
}

fn entry_path(seq: u64) -> PathBuf {
    let folder = format!("{:05}", seq / PER_FOLDER);
    ["log", &folder, &format!("{seq:08}.json")].iter().collect()
}

/// Where an object lies. Its hash and ending come from a file that anybody may have made: nothing leads elsewhere.
fn object_path(object: &Object) -> Result<PathBuf> {
    let hash = &object.sha256;
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_ending = (1..=5).contains(&object.ending.len())
        && object
            .ending
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric());
    if !is_hash || !is_ending {
        return Err(Error::Format(format!("{:?}", crate::text::show(hash, 80))));
    }
    let name = format!("{hash}.{}", object.ending);
    Ok(["objects", &hash[..2], &name].iter().collect())
}

fn lines(entry: &Entry) -> Result<String> {
    let value = |text: &str| -> Result<Value> {
        serde_json::from_str(text).map_err(|error| log::unknown(entry.seq, &error.to_string()))
    };
    Ok(canonical::lines_of(json!({
        "seq": entry.seq,
        "at": entry.at,
        "by": entry.by,
        "kind": entry.kind,
        "objects": value(&entry.objects)?,
        "body": value(&entry.body)?,
        "former": entry.former,
        "sha256": entry.sha256,
    })))
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let fail = |source| Error::Write {
        path: path.to_owned(),
        source,
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(fail)?;
    }
    // Beside and renamed: a file is there whole or not at all, also when the process is killed.
    let beside = path.with_extension(format!("{}.tmp", std::process::id()));
    std::fs::write(&beside, bytes)
        .and_then(|()| std::fs::rename(&beside, path))
        .map_err(fail)
}

/// Reads a file of the folder that has a bound.
fn bytes_of(path: &Path, most: u64) -> Result<Vec<u8>> {
    use std::io::Read;
    let fail = |source| Error::Read {
        path: path.to_owned(),
        source,
    };
    let file = std::fs::File::open(path).map_err(fail)?;
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes).map_err(fail)?;
    if bytes.len() as u64 > most {
        return Err(changed(path));
    }
    Ok(bytes)
}

fn whole(folder: &Path) -> Result<Whole> {
    let path = folder.join("register.json");
    let bytes = bytes_of(&path, 4096)?;
    let whole: Whole = serde_json::from_slice(&bytes).map_err(|_| changed(&path))?;
    if whole.schema != SCHEMA {
        let found = crate::text::show(&whole.schema, 80);
        let values = [("found", &*found), ("known", SCHEMA)];
        return Err(refused(&path, Localised::label("register-newer", &values)));
    }
    Ok(whole)
}

fn read_entry(folder: &Path, seq: u64, former: &str) -> Result<(Entry, Event, Vec<Object>)> {
    let path = folder.join(entry_path(seq));
    let bytes = bytes_of(&path, ENTRY)?;
    let written: WrittenEntry = serde_json::from_slice(&bytes).map_err(|_| changed(&path))?;
    let entry = Entry {
        seq: written.seq,
        at: written.at,
        by: written.by,
        kind: written.kind,
        objects: canonical::sorted(written.objects).to_string(),
        body: canonical::sorted(written.body).to_string(),
        former: written.former,
        sha256: written.sha256,
    };
    if entry.seq != seq || entry.former != former || entry.hash() != entry.sha256 {
        return Err(changed(&path));
    }
    let (Ok(event), Ok(objects)) = (entry.event(), entry.objects()) else {
        return Err(changed(&path));
    };
    Ok((entry, event, objects))
}

fn read_object(folder: &Path, object: Object) -> Result<Content> {
    let path = folder.join(object_path(&object)?);
    let bytes = bytes_of(&path, MOST)?;
    if sha256(&bytes) != object.sha256 || bytes.len() as u64 != object.size {
        return Err(changed(&path));
    }
    Ok(Content::of(object, bytes))
}
