//! The log: entries chained by their hashes.

use jiff::Zoned;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::json;

use super::canonical;
use super::event::{Event, Object};
use super::object::{self, Content};
use super::rows::{self, number};
use crate::error::{Error, Result};
use crate::source::sha256;

/// What stands before the first entry.
pub(super) const START: &str = "";

/// Who recorded something, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    by: String,
    at: String,
}

impl Stamp {
    /// Characters that a name has at most.
    const NAME: usize = 200;

    /// A stamp. The time is kept to the second, with its offset.
    ///
    /// Of the name control characters are left out, and what is longer than 200 characters.
    ///
    /// ```
    /// use kaijisho::register::Stamp;
    /// let at: jiff::Zoned = "2026-10-01T09:00:00+09:00[+09:00]".parse()?;
    /// assert_eq!(Stamp::new("町田", &at).at(), "2026-10-01T09:00:00+09:00");
    /// # Ok::<(), jiff::Error>(())
    /// ```
    pub fn new(by: &str, at: &Zoned) -> Self {
        let kept = by.trim().chars().filter(|c| !c.is_control());
        Self {
            by: kept.take(Self::NAME).collect(),
            at: at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        }
    }

    /// Who.
    pub fn by(&self) -> &str {
        &self.by
    }

    /// When: a time with its offset, such as `2026-10-01T09:00:00+09:00`.
    pub fn at(&self) -> &str {
        &self.at
    }
}

/// An entry as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) seq: u64,
    pub(super) at: String,
    pub(super) by: String,
    pub(super) kind: String,
    /// The objects that it brings or refers to, as canonical JSON.
    pub(super) objects: String,
    /// Canonical JSON.
    pub(super) body: String,
    pub(super) former: String,
    pub(super) sha256: String,
}

impl Entry {
    /// The hash of what the entry says; `objects` and `body` go in as the canonical texts they are.
    pub(super) fn hash(&self) -> String {
        let quoted = |text: &str| json!(text).to_string();
        let text = format!(
            r#"{{"at":{},"body":{},"by":{},"former":{},"kind":{},"objects":{},"seq":{}}}"#,
            quoted(&self.at),
            self.body,
            quoted(&self.by),
            quoted(&self.former),
            quoted(&self.kind),
            self.objects,
            self.seq
        );
        sha256(text.as_bytes())
    }

    fn of_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let seq: i64 = row.get(0)?;
        Ok(Self {
            seq: u64::try_from(seq).unwrap_or(0),
            at: row.get(1)?,
            by: row.get(2)?,
            kind: row.get(3)?,
            objects: row.get(4)?,
            body: row.get(5)?,
            former: row.get(6)?,
            sha256: row.get(7)?,
        })
    }

    /// The objects of the entry.
    pub(super) fn objects(&self) -> std::result::Result<Vec<Object>, String> {
        serde_json::from_str(&self.objects).map_err(|error| error.to_string())
    }

    /// What happened.
    pub(super) fn event(&self) -> std::result::Result<Event, String> {
        Event::read(&self.kind, &self.body)
    }
}

const ALL: &str = "SELECT seq, at, by_whom, kind, objects, body, former, sha256 FROM log";

/// The number and hash of the last entry.
pub(super) fn head(connection: &Connection) -> rusqlite::Result<(u64, String)> {
    let sql = "SELECT seq, sha256 FROM log WHERE seq = (SELECT MAX(seq) FROM log)";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement
        .query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))
        .optional()?;
    let (seq, hash) = found.unwrap_or_else(|| (0, START.to_owned()));
    Ok((u64::try_from(seq).unwrap_or(0), hash))
}

/// Adds an entry, the objects that it brings, and the rows that follow from it.
pub(super) fn append(
    connection: &Connection,
    stamp: &Stamp,
    event: &Event,
    contents: &[Content],
) -> Result<u64> {
    let (last, former) = head(connection)?;
    let objects: Vec<&Object> = contents.iter().map(|content| &content.object).collect();
    let mut entry = Entry {
        seq: last + 1,
        at: stamp.at.clone(),
        by: stamp.by.clone(),
        kind: event.kind().to_owned(),
        objects: canonical::text_of(&objects)?,
        body: canonical::text_of(event)?,
        former,
        sha256: String::new(),
    };
    entry.sha256 = entry.hash();
    insert(connection, &entry)?;
    for content in contents {
        object::put(connection, entry.seq, content)?;
    }
    project(connection, entry.seq, &entry.at, event)?;
    Ok(entry.seq)
}

/// Writes an entry as it is.
pub(super) fn insert(connection: &Connection, entry: &Entry) -> Result<()> {
    let sql = "INSERT INTO log (seq, at, by_whom, kind, objects, body, former, sha256) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    connection.prepare_cached(sql)?.execute(params![
        number(entry.seq),
        entry.at,
        entry.by,
        entry.kind,
        entry.objects,
        entry.body,
        entry.former,
        entry.sha256
    ])?;
    Ok(())
}

/// Writes the rows that follow from an entry.
pub(super) fn project(connection: &Connection, seq: u64, at: &str, event: &Event) -> Result<()> {
    for row in rows::rows(seq, at, event) {
        let places: Vec<String> = (1..=row.values.len()).map(|at| format!("?{at}")).collect();
        let sql = format!(
            "INSERT INTO {} ({}) VALUES ({})",
            row.table,
            row.columns.join(", "),
            places.join(", ")
        );
        connection
            .prepare_cached(&sql)?
            .execute(rusqlite::params_from_iter(row.values))?;
    }
    Ok(())
}

/// An entry by its number.
pub(super) fn entry(connection: &Connection, seq: u64) -> Result<Option<Entry>> {
    let mut statement = connection.prepare_cached(&format!("{ALL} WHERE seq = ?1"))?;
    Ok(statement
        .query_row([number(seq)], Entry::of_row)
        .optional()?)
}

/// Hands every entry on, in the order in which they stand.
pub(super) fn each(
    connection: &Connection,
    mut look: impl FnMut(Entry) -> Result<()>,
) -> Result<()> {
    let mut statement = connection.prepare(&format!("{ALL} ORDER BY seq"))?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        look(Entry::of_row(row)?)?;
    }
    Ok(())
}

/// For entries that cannot be read though their hash is right: a newer tool wrote them.
pub(super) fn unknown(seq: u64, detail: &str) -> Error {
    Error::Format(format!("log entry {seq}: {detail}"))
}
