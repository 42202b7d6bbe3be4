//! Opening: the settings of the connection, and migrations by `user_version`, each in one transaction.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::{Register, broken, refused};
use crate::error::{Error, Result};
use crate::language::Localised;

/// The steps from one version of the tables to the next; one that was published is never changed.
pub(super) const MIGRATIONS: [&str; 3] = [
    include_str!("../../schemas/register/1-records.sql"),
    include_str!("../../schemas/register/2-guards.sql"),
    include_str!("../../schemas/register/3-search.sql"),
];

/// The version of the tables that this tool writes: the number of migrations.
pub const VERSION: u32 = MIGRATIONS.len() as u32;

/// What marks an SQLite file as a register: `kjsR`.
const APPLICATION: i32 = 0x6b6a_7352;

/// How long a writer waits for another.
const PATIENCE: Duration = Duration::from_secs(60);

impl Register {
    /// Opens a register that exists.
    ///
    /// # Errors
    /// [`Error::Read`] if there is none, [`Error::Register`] if it is something else, damaged, or written by a
    /// newer tool.
    pub fn open(path: &Path) -> Result<Self> {
        if let Err(source) = std::fs::metadata(path) {
            return Err(Error::Read {
                path: path.to_owned(),
                source,
            });
        }
        Self::with(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    /// Opens a register, or starts one where there is none.
    ///
    /// # Errors
    /// As [`Register::open`], and if the file cannot be made.
    pub fn open_or_create(path: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        Self::with(path, flags)
    }

    /// A register that is gone when it is dropped.
    ///
    /// # Errors
    /// [`Error::Register`] if memory is short.
    ///
    /// ```
    /// let register = kaijisho::register::Register::in_memory()?;
    /// assert!(register.verify(None)?.problems.is_empty());
    /// # Ok::<(), kaijisho::Error>(())
    /// ```
    pub fn in_memory() -> Result<Self> {
        let path = Path::new(":memory:");
        let connection = Connection::open_in_memory().map_err(|error| broken(path, &error))?;
        Self::prepared(path, connection)
    }

    fn with(path: &Path, flags: OpenFlags) -> Result<Self> {
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection =
            Connection::open_with_flags(path, flags).map_err(|error| broken(path, &error))?;
        Self::prepared(path, connection)
    }

    fn prepared(path: &Path, mut connection: Connection) -> Result<Self> {
        let set = settings(&connection).and_then(|()| version(&connection));
        let (application, version) = set.map_err(|error| broken(path, &error))?;
        let is_ours = application == APPLICATION;
        let is_new = application == 0 && version == 0 && is_empty(&connection);
        if !is_ours && !is_new {
            return Err(refused(
                path,
                Localised::label("register-not-one", &[("detail", "SQLite")]),
            ));
        }
        refuse_newer(path, version)?;
        if version < VERSION {
            migrate(path, &mut connection)?;
        }
        wal(&connection).map_err(|error| broken(path, &error))?;
        Ok(Self {
            path: path.to_owned(),
            connection,
            facility: None,
        })
    }
}

/// A file that a newer tool wrote is left alone: it may hold what this one would not keep.
fn refuse_newer(path: &Path, version: u32) -> Result<()> {
    if version <= VERSION {
        return Ok(());
    }
    let (found, known) = (version.to_string(), VERSION.to_string());
    let values = [("found", &*found), ("known", &*known)];
    Err(refused(path, Localised::label("register-newer", &values)))
}

fn settings(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    // The file may come from anywhere: its schema gets no say in what functions run, and cannot be rewritten.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // What was said to be recorded is there after a power cut, too.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// Readers go on while one writes. The setting stays in the file; where two processes set it at once, it is tried again.
fn wal(connection: &Connection) -> rusqlite::Result<()> {
    let set = || connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()));
    for _ in 0..100 {
        match set() {
            Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) => {
                std::thread::sleep(Duration::from_millis(20));
            }
            other => return other,
        }
    }
    set()
}

fn version(connection: &Connection) -> rusqlite::Result<(i32, u32)> {
    let application = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    // A negative number is none that any tool wrote.
    Ok((application, u32::try_from(version).unwrap_or(u32::MAX)))
}

fn is_empty(connection: &Connection) -> bool {
    let tables = connection.query_row("SELECT COUNT(*) FROM sqlite_schema", [], |row| row.get(0));
    tables == Ok(0_i64)
}

/// Brings the tables up to this tool's version; another process may have done so meanwhile.
fn migrate(path: &Path, connection: &mut Connection) -> Result<()> {
    for (step, sql) in (1_u32..).zip(MIGRATIONS) {
        let run = |connection: &mut Connection| -> rusqlite::Result<u32> {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let (_, now) = version(&transaction)?;
            if now < step {
                transaction.execute_batch(sql)?;
                transaction.pragma_update(None, "application_id", APPLICATION)?;
                transaction.pragma_update(None, "user_version", step)?;
            }
            transaction.commit()?;
            Ok(now)
        };
        let now = run(connection).map_err(|error| broken(path, &error))?;
        refuse_newer(path, now)?;
    }
    Ok(())
}
