//! Recording files: a batch in one transaction; a file that is there already is told and left.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension};

use super::event::{Assigned, Event};
use super::facility::{self, BY_PRODUCT, NAMED};
use super::log::{self, Stamp};
use super::prepare::Prepared;
use super::{Register, refused, standing};
use crate::checklist::Names;
use crate::error::{Error, Result};
use crate::language::Localised;

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Became {
    /// It was recorded, and belongs to these systems.
    Recorded(Vec<String>),
    /// It was recorded, and belongs to no system; it may be of these.
    Unassigned(Vec<String>),
    /// These bytes were recorded before, under this name.
    Known(String),
    /// These bytes were recorded before, and belong to this system from now on.
    Assigned(String),
    /// It is larger than the limit: not all of it was read, and nothing was recorded.
    TooLarge,
}

/// A file, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// Its name.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// The number of its entry, where it is in the register.
    pub entry: Option<u64>,
    /// What became of it.
    pub became: Became,
    /// How many of its disclosures belong to no system, though others do.
    pub unassigned: usize,
}

impl Register {
    /// Records files in one transaction: all of them or, where it fails, none.
    ///
    /// A file belongs to the system named, else to those of its product and maker in the facility file that counts.
    ///
    /// # Errors
    /// [`Error::Register`] if the system is not known or the register cannot be written.
    ///
    /// ```
    /// use kaijisho::register::{Became, Prepared, Register, Stamp};
    /// use kaijisho::{Options, Source};
    /// let mut register = Register::in_memory()?;
    /// let text = "form = 'mds-reference'\nitems = [{ number = '1', answer = 'はい' }]";
    /// let options = Options::new(jiff::civil::date(2026, 10, 1));
    /// let file = Prepared::new(&Source::new("a.toml", text.into()), "a.toml", &options)?;
    /// let at = "2026-10-01T09:00:00+09:00[+09:00]".parse().expect("a time");
    /// let stamp = Stamp::new("町田", &at);
    /// let first = register.add(&[file.clone()], None, &stamp)?;
    /// assert_eq!(first[0].became, Became::Unassigned(vec![]));
    /// let again = register.add(&[file], None, &stamp)?;
    /// assert_eq!(again[0].became, Became::Known("a.toml".into()));
    /// # Ok::<(), kaijisho::Error>(())
    /// ```
    pub fn add(
        &mut self,
        files: &[Prepared],
        system: Option<&str>,
        stamp: &Stamp,
    ) -> Result<Vec<Added>> {
        let path = self.path.clone();
        self.write(|connection, cached| {
            if let Some(system) = system {
                require(&path, connection, system)?;
            }
            let (names, spans) = names(files);
            let facility = facility::current(connection, cached)?;
            let matches = facility::matches(facility, &names);
            let mut touched = BTreeSet::new();
            let mut done = Vec::with_capacity(files.len());
            for (file, (from, to)) in files.iter().zip(spans) {
                let of = Belonging {
                    named: system,
                    certain: &matches.certain[from..to],
                    perhaps: &matches.perhaps[from..to],
                };
                done.push(one(connection, file, &of, stamp, &mut touched)?);
            }
            standing::refresh(connection, &touched)?;
            Ok(done)
        })
    }

    /// The number of the entry of these bytes, and the name under which they were recorded.
    ///
    /// # Errors
    /// [`Error::Register`] if the register cannot be read.
    pub fn knows(&self, sha256: &str) -> Result<Option<(u64, String)>> {
        self.read(|connection| known(connection, sha256))
    }
}

/// The names of all disclosures of files, and which of them are whose.
fn names(files: &[Prepared]) -> (Vec<Names>, Vec<(usize, usize)>) {
    let mut names = Vec::new();
    let mut spans = Vec::new();
    for file in files {
        let from = names.len();
        let heads = file.heads.iter();
        names.extend(heads.map(|[maker, product]| Names::new(&file.file.name, maker, product)));
        spans.push((from, names.len()));
    }
    (names, spans)
}

/// To which systems the disclosures of a file belong.
struct Belonging<'b> {
    named: Option<&'b str>,
    certain: &'b [Vec<String>],
    perhaps: &'b [Vec<String>],
}

fn one(
    connection: &Connection,
    file: &Prepared,
    of: &Belonging<'_>,
    stamp: &Stamp,
    touched: &mut BTreeSet<String>,
) -> Result<Added> {
    let told = |entry, became| Added {
        name: file.file.name.clone(),
        sha256: file.file.sha256.clone(),
        entry,
        became,
        unassigned: 0,
    };
    if !file.is_whole() {
        return Ok(told(None, Became::TooLarge));
    }
    if let Some((entry, name)) = known(connection, &file.file.sha256)? {
        let became = match of.named {
            Some(system) if assign(connection, entry, system, stamp)? => {
                touched.insert(system.to_owned());
                touched.extend(formerly(connection, entry)?);
                Became::Assigned(system.to_owned())
            }
            Some(_) | None => Became::Known(name),
        };
        return Ok(told(Some(entry), became));
    }
    let mut record = file.file.clone();
    if let Some(system) = of.named {
        record.systems = vec![vec![system.to_owned()]; record.systems.len()];
        record.how = NAMED.to_owned();
    } else if of.certain.iter().any(|systems| !systems.is_empty()) {
        record.systems = of.certain.to_vec();
        record.how = BY_PRODUCT.to_owned();
    }
    let unassigned = record
        .systems
        .iter()
        .filter(|systems| systems.is_empty())
        .count();
    let systems: BTreeSet<String> = record.systems.iter().flatten().cloned().collect();
    let entry = log::append(connection, stamp, &Event::Received(record), &file.contents)?;
    let became = if systems.is_empty() {
        let perhaps: BTreeSet<&String> = of.perhaps.iter().flatten().collect();
        Became::Unassigned(perhaps.into_iter().cloned().collect())
    } else {
        touched.extend(systems.iter().cloned());
        Became::Recorded(systems.into_iter().collect())
    };
    let unassigned = match &became {
        Became::Recorded(_) => unassigned,
        _ => 0,
    };
    Ok(Added {
        unassigned,
        ..told(Some(entry), became)
    })
}

fn known(connection: &Connection, sha256: &str) -> Result<Option<(u64, String)>> {
    let sql = "SELECT log, name FROM received WHERE sha256 = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement
        .query_row([sha256], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.map(|(log, name)| (u64::try_from(log).unwrap_or(0), name)))
}

/// Gives all disclosures of a file to a system; false if they are its already.
fn assign(connection: &Connection, received: u64, system: &str, stamp: &Stamp) -> Result<bool> {
    let sql = "SELECT DISTINCT position FROM assignment WHERE received = ?1 ORDER BY position";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map([super::rows::number(received)], |row| row.get::<_, i64>(0))?;
    let positions: Vec<i64> = found.collect::<rusqlite::Result<_>>()?;
    let mut any = false;
    for position in positions {
        let position = u64::try_from(position).unwrap_or(0);
        if now(connection, received, position)? == [system.to_owned()] {
            continue;
        }
        let event = Event::Assigned(Assigned {
            received,
            position,
            systems: vec![system.to_owned()],
            how: NAMED.to_owned(),
        });
        log::append(connection, stamp, &event, &[])?;
        any = true;
    }
    Ok(any)
}

/// The systems to which a disclosure belongs.
pub(super) fn now(connection: &Connection, received: u64, position: u64) -> Result<Vec<String>> {
    let sql = "SELECT system FROM assignment a WHERE a.received = ?1 AND a.position = ?2 \
               AND a.system IS NOT NULL AND a.log = (SELECT MAX(b.log) FROM assignment b \
               WHERE b.received = a.received AND b.position = a.position) ORDER BY a.ordinal";
    let mut statement = connection.prepare_cached(sql)?;
    let numbers = [super::rows::number(received), super::rows::number(position)];
    let found = statement.query_map(rusqlite::params_from_iter(numbers), |row| row.get(0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// All systems to which a file ever belonged.
fn formerly(connection: &Connection, received: u64) -> Result<Vec<String>> {
    let sql = "SELECT DISTINCT system FROM assignment WHERE received = ?1 AND system IS NOT NULL";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map([super::rows::number(received)], |row| row.get(0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Refuses a system that no facility file names.
pub(super) fn require(path: &std::path::Path, connection: &Connection, system: &str) -> Result<()> {
    let sql = "SELECT 1 FROM standing WHERE system = ?1";
    if connection.prepare_cached(sql)?.exists([system])? {
        return Ok(());
    }
    let mut statement =
        connection.prepare_cached("SELECT system FROM standing ORDER BY ordinal LIMIT 20")?;
    let known = statement.query_map([], |row| row.get(0))?;
    let known: Vec<String> = known.collect::<rusqlite::Result<_>>()?;
    let key = if known.is_empty() {
        "register-no-systems"
    } else {
        "register-unknown-system"
    };
    let system = crate::text::show(system, 80);
    let values = [("system", &*system), ("known", &*known.join(", "))];
    Err::<(), Error>(refused(path, Localised::label(key, &values)))
}
