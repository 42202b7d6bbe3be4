//! Proving the register: every hash anew, the chain, every row against the log, and the file itself.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension};

use super::log::{self, Entry, START};
use super::object;
use super::rows::{self, Row, TABLES};
use super::standing::{self, COLUMNS};
use super::{Register, canonical};
use crate::error::{Error, Result};
use crate::language::Localised;
use crate::source::sha256;

/// Problems that are told at most; the rest is counted.
const TOLD: usize = 1_000;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// SQLite says that the file is damaged, or something in it cannot be read.
    Damaged,
    /// The tables, indexes or guards are not those that this tool makes.
    Schema,
    /// An entry does not have the hash that is kept with it.
    EntryChanged,
    /// An entry does not follow the one before it.
    ChainBroken,
    /// A number is missing among the entries.
    EntryMissing,
    /// An entry is of a kind that this tool does not know.
    EntryUnknown,
    /// Bytes do not have the hash under which they are kept.
    BytesChanged,
    /// Bytes that an entry names are not there.
    BytesMissing,
    /// A row is not as the log says.
    RowChanged,
    /// There are more rows than the log says.
    RowsAdded,
    /// Where a system stands is not what follows from its history.
    Standing,
    /// The hash written down elsewhere is of no entry.
    HeadUnknown,
}

impl ProblemKind {
    /// The name in JSON.
    pub fn code(self) -> &'static str {
        match self {
            ProblemKind::Damaged => "damaged",
            ProblemKind::Schema => "schema",
            ProblemKind::EntryChanged => "entry-changed",
            ProblemKind::ChainBroken => "chain-broken",
            ProblemKind::EntryMissing => "entry-missing",
            ProblemKind::EntryUnknown => "entry-unknown",
            ProblemKind::BytesChanged => "bytes-changed",
            ProblemKind::BytesMissing => "bytes-missing",
            ProblemKind::RowChanged => "row-changed",
            ProblemKind::RowsAdded => "rows-added",
            ProblemKind::Standing => "standing",
            ProblemKind::HeadUnknown => "head-unknown",
        }
    }
}

/// Something that is not as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub kind: ProblemKind,
    /// The entry it is about, where it is known.
    pub entry: Option<u64>,
    /// What is wrong, in words.
    pub text: Localised,
}

/// What a proof found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Entries of the log that were looked at.
    pub entries: u64,
    /// Objects whose bytes were hashed.
    pub objects: u64,
    /// The hash of the last entry: written down elsewhere, it proves later that nothing was cut off.
    pub head: String,
    /// What is wrong; empty for a sound register.
    pub problems: Vec<Problem>,
    /// How many more problems there are than are told.
    pub omitted: u64,
}

impl Register {
    /// Looks at everything that is kept. `head` is a hash of the last entry written down earlier: it must be of an
    /// entry still.
    ///
    /// What is wrong is never an error: it is told.
    ///
    /// # Errors
    /// [`Error::Register`] if the register cannot be read at all.
    pub fn verify(&self, head: Option<&str>) -> Result<Verified> {
        self.read(|connection| {
            let mut look = Look::new(connection, head);
            let done = look.file();
            look.or_damaged(done);
            let done = look.schema();
            look.or_damaged(done);
            let done = look.entries();
            look.or_damaged(done);
            let done = look.objects();
            look.or_damaged(done);
            let done = look.counts();
            look.or_damaged(done);
            let done = look.standings();
            look.or_damaged(done);
            look.told_head();
            Ok(look.found)
        })
    }
}

struct Look<'c> {
    connection: &'c Connection,
    found: Verified,
    /// Rows that follow from the log, by table.
    expected: BTreeMap<&'static str, u64>,
    /// Objects that entries name, with the first that does.
    named: BTreeMap<String, u64>,
    wanted: Option<String>,
    has_wanted: bool,
}

impl<'c> Look<'c> {
    fn new(connection: &'c Connection, head: Option<&str>) -> Self {
        Self {
            connection,
            found: Verified {
                entries: 0,
                objects: 0,
                head: START.to_owned(),
                problems: Vec::new(),
                omitted: 0,
            },
            expected: BTreeMap::new(),
            named: BTreeMap::new(),
            wanted: head.map(|head| head.trim().to_ascii_lowercase()),
            has_wanted: false,
        }
    }

    fn tell(&mut self, kind: ProblemKind, entry: Option<u64>, values: &[(&str, &str)]) {
        if self.found.problems.len() >= TOLD {
            self.found.omitted += 1;
            return;
        }
        let text = Localised::label(&format!("register-problem-{}", kind.code()), values);
        self.found.problems.push(Problem { kind, entry, text });
    }

    /// What cannot be read is told, and the rest is looked at all the same.
    fn or_damaged(&mut self, done: Result<()>) {
        if let Err(error) = done {
            let detail = match &error {
                Error::Register { reason, .. } => reason.en.clone(),
                other => other.to_string(),
            };
            self.tell(ProblemKind::Damaged, None, &[("detail", &detail)]);
        }
    }

    /// What SQLite itself finds.
    fn file(&mut self) -> Result<()> {
        let mut statement = self.connection.prepare("PRAGMA integrity_check(20)")?;
        let found = statement.query_map([], |row| row.get::<_, String>(0))?;
        for line in found {
            let line = line?;
            if line != "ok" {
                self.tell(ProblemKind::Damaged, None, &[("detail", &line)]);
            }
        }
        let mut statement = self.connection.prepare("PRAGMA foreign_key_check")?;
        let found = statement.query_map([], |row| row.get::<_, String>(0))?;
        let tables: BTreeSet<String> = found.collect::<rusqlite::Result<_>>()?;
        for table in tables {
            self.tell(
                ProblemKind::RowChanged,
                None,
                &[("table", &table), ("entry", "–")],
            );
        }
        Ok(())
    }

    /// The tables, indexes and guards against those of a new register.
    fn schema(&mut self) -> Result<()> {
        let fresh = Register::in_memory()?;
        let (ours, found) = (parts(&fresh.connection)?, parts(self.connection)?);
        let differ = ours
            .iter()
            .filter(|(name, sql)| found.get(*name) != Some(sql));
        let added = found.keys().filter(|name| !ours.contains_key(*name));
        let names: BTreeSet<&String> = differ.map(|(name, _)| name).chain(added).collect();
        for name in names {
            self.tell(ProblemKind::Schema, None, &[("name", name)]);
        }
        Ok(())
    }

    fn entries(&mut self) -> Result<()> {
        let (mut last, mut former) = (0, START.to_owned());
        let connection = self.connection;
        log::each(connection, |entry| {
            if entry.seq != last + 1 {
                let (first, upto) = ((last + 1).to_string(), (entry.seq - 1).to_string());
                let values = [("first", &*first), ("last", &*upto)];
                self.tell(ProblemKind::EntryMissing, Some(entry.seq), &values);
            }
            self.entry(&entry, &former)?;
            last = entry.seq;
            self.has_wanted |= self.wanted.as_deref() == Some(entry.sha256.as_str());
            former = entry.sha256;
            self.found.entries += 1;
            Ok(())
        })?;
        self.found.head = former;
        Ok(())
    }

    fn entry(&mut self, entry: &Entry, former: &str) -> Result<()> {
        let seq = entry.seq.to_string();
        let values = [("entry", &*seq), ("at", &*entry.at), ("by", &*entry.by)];
        if entry.hash() != entry.sha256
            || !is_canonical(&entry.body)
            || !is_canonical(&entry.objects)
        {
            self.tell(ProblemKind::EntryChanged, Some(entry.seq), &values);
        }
        if entry.former != former {
            self.tell(ProblemKind::ChainBroken, Some(entry.seq), &values);
        }
        let (event, objects) = match (entry.event(), entry.objects()) {
            (Ok(event), Ok(objects)) => (event, objects),
            (Err(detail), _) | (_, Err(detail)) => {
                let values = [("entry", &*seq), ("detail", &*detail)];
                self.tell(ProblemKind::EntryUnknown, Some(entry.seq), &values);
                return Ok(());
            }
        };
        for object in &objects {
            if !self.named.contains_key(&object.sha256) {
                self.named.insert(object.sha256.clone(), entry.seq);
                self.row(entry.seq, &rows::object(entry.seq, object))?;
            }
        }
        for row in rows::rows(entry.seq, &entry.at, &event) {
            self.row(entry.seq, &row)?;
        }
        Ok(())
    }

    /// True to the log, or told.
    fn row(&mut self, seq: u64, row: &Row) -> Result<()> {
        *self.expected.entry(row.table).or_default() += 1;
        let same: Vec<String> = (1..)
            .zip(row.columns.iter().zip(&row.values))
            .map(|(at, (column, value))| match value {
                // The number is used so that every value has its place.
                Value::Null => format!("{column} IS NULL AND ?{at} IS NULL"),
                _ => format!("{column} = ?{at}"),
            })
            .collect();
        let sql = format!("SELECT 1 FROM {} WHERE {}", row.table, same.join(" AND "));
        let mut statement = self.connection.prepare_cached(&sql)?;
        if !statement.exists(rusqlite::params_from_iter(&row.values))? {
            let seq_text = seq.to_string();
            let values = [("table", row.table), ("entry", &*seq_text)];
            self.tell(ProblemKind::RowChanged, Some(seq), &values);
        }
        Ok(())
    }

    /// Every object hashed anew.
    fn objects(&mut self) -> Result<()> {
        let mut statement = self
            .connection
            .prepare("SELECT sha256 FROM object ORDER BY log, sha256")?;
        let found = statement.query_map([], |row| row.get::<_, String>(0))?;
        let hashes: Vec<String> = found.collect::<rusqlite::Result<_>>()?;
        for hash in &hashes {
            self.found.objects += 1;
            let actual = match object::bytes(self.connection, hash) {
                Ok(Some(bytes)) => Some(sha256(&bytes)),
                Ok(None) | Err(Error::Format(_)) => None,
                Err(other) => return Err(other),
            };
            if actual.as_ref() != Some(hash) {
                let name = self.name_of(hash)?;
                let values = [("hash", hash.as_str()), ("name", &*name)];
                let entry = self.named.get(hash).copied();
                self.tell(ProblemKind::BytesChanged, entry, &values);
            }
        }
        let there: BTreeSet<&String> = hashes.iter().collect();
        let named = self.named.clone();
        for (hash, entry) in named.iter().filter(|(hash, _)| !there.contains(hash)) {
            self.tell(ProblemKind::BytesMissing, Some(*entry), &[("hash", hash)]);
        }
        Ok(())
    }

    /// What an object is, in a word: the file's name, or its kind.
    fn name_of(&self, hash: &str) -> Result<String> {
        let sql = "SELECT COALESCE((SELECT name FROM received WHERE sha256 = ?1), \
                   (SELECT kind FROM object WHERE sha256 = ?1), '')";
        Ok(self.connection.query_row(sql, [hash], |row| row.get(0))?)
    }

    /// As many rows as follow from the log, and no more.
    fn counts(&mut self) -> Result<()> {
        for table in TABLES {
            let sql = format!("SELECT COUNT(*) FROM {table}");
            let found: i64 = self.connection.query_row(&sql, [], |row| row.get(0))?;
            let found = u64::try_from(found).unwrap_or(0);
            let expected = self.expected.get(table).copied().unwrap_or(0);
            if found > expected {
                let more = (found - expected).to_string();
                let values = [("table", table), ("count", &*more)];
                self.tell(ProblemKind::RowsAdded, None, &values);
            }
        }
        Ok(())
    }

    /// Where each system stands, anew.
    fn standings(&mut self) -> Result<()> {
        let mut statement = self
            .connection
            .prepare("SELECT DISTINCT id FROM system ORDER BY id")?;
        let found = statement.query_map([], |row| row.get::<_, String>(0))?;
        let mut systems: BTreeSet<String> = found.collect::<rusqlite::Result<_>>()?;
        systems.extend(standing::known(self.connection)?);
        let sql = format!(
            "SELECT {} FROM standing WHERE system = ?1",
            COLUMNS.join(", ")
        );
        let mut statement = self.connection.prepare(&sql)?;
        for system in &systems {
            let wanted = standing::standing(self.connection, system)?;
            let found: Option<Vec<Value>> = statement
                .query_row([system], |row| {
                    (0..COLUMNS.len()).map(|at| row.get(at)).collect()
                })
                .optional()?;
            if wanted != found {
                self.tell(ProblemKind::Standing, None, &[("system", system)]);
            }
        }
        Ok(())
    }

    fn told_head(&mut self) {
        if let Some(wanted) = self.wanted.clone().filter(|_| !self.has_wanted) {
            self.tell(ProblemKind::HeadUnknown, None, &[("head", &wanted)]);
        }
    }
}

/// The parts of a schema by name, with how they were made.
fn parts(connection: &Connection) -> Result<BTreeMap<String, String>> {
    // What SQLite makes by itself (indexes of keys, statistics) has no text, or a name of its own.
    let sql = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!'";
    let mut statement = connection.prepare(sql)?;
    let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// True for a text that is its own canonical form.
fn is_canonical(text: &str) -> bool {
    let value: std::result::Result<serde_json::Value, _> = serde_json::from_str(text);
    let written = value.map(|value| canonical::sorted(value).to_string());
    written.is_ok_and(|written| written == text)
}
