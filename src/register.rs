//! The register: what was asked for, received, checked and decided, kept in one file that is only added to.
//!
//! A register is an SQLite file (write-ahead log, strict tables, foreign keys). Its heart is a log: each entry
//! says what was recorded, by whom and when, and carries the hash of the entry before it, so that nothing can
//! be changed behind without [`verify`](Register::verify) telling. The bytes of every file are kept once, by
//! their hash. All other tables follow from the log and can be checked against it; `standing` alone is written
//! anew, and says where each system stands now.
//!
//! Nothing is overwritten: a new sheet of a system supersedes the old one, which stays. Which one counts is the
//! one with the later date on it, of equals the one that was received later; a date after the day of receipt
//! counts as that day.
//!
//! Files are read outside of the register ([`Prepared::new`], pure and as parallel as one likes) and recorded in
//! batches, each batch one transaction. Two processes may write at once: each waits for the other. A process
//! that is killed leaves what it recorded in whole batches.
//!
//! No clock and no user is asked for here: both come in as a [`Stamp`].
//!
//! # More than one file can hold
//! One SQLite file serves a hospital group: 100,000 sheets are listed and searched in milliseconds. Past that, or
//! with many people writing all day, the same tables go into PostgreSQL: `schemas/register/README.md` says which
//! words change. Queries here use nothing that is SQLite's alone.

mod add;
mod assess;
mod canonical;
mod decide;
mod event;
mod facility;
mod folder;
mod history;
mod log;
mod object;
mod open;
mod prepare;
mod query;
mod rows;
mod standing;
mod verify;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use add::{Added, Became};
pub use assess::Assessable;
pub use decide::Decision;
pub use folder::Exported;
pub(crate) use folder::RegisterEntry;
pub use history::Comparing;
pub use log::Stamp;
pub use open::VERSION;
pub use prepare::Prepared;
pub use query::{FileQuery, Page, SystemQuery};
pub use standing::{Stage, Status};
pub use verify::{Problem, ProblemKind, Verified};

use crate::checklist::Facility;
use crate::error::{Error, Result};
use crate::language::Localised;

/// An open register.
#[derive(Debug)]
pub struct Register {
    path: PathBuf,
    connection: Connection,
    /// The facility file that counts, with the number of its entry: read once.
    facility: Option<(u64, Facility)>,
}

impl Register {
    /// Where it is kept.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Looks something up.
    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        // One state of the register for all queries of the work, however many write meanwhile.
        let transaction = self
            .connection
            .unchecked_transaction()
            .map_err(|error| broken(&self.path, &error))?;
        work(&transaction).map_err(|error| named(&self.path, error))
    }

    /// Does work in one transaction, which waits for other writers; an error undoes all of it.
    fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>, &mut Cached) -> Result<T>,
    ) -> Result<T> {
        let path = self.path.clone();
        let mut cached = Cached {
            facility: self.facility.take(),
        };
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|error| broken(&path, &error))?;
        let done = work(&transaction, &mut cached).map_err(|error| named(&path, error))?;
        transaction
            .commit()
            .map_err(|error| broken(&path, &error))?;
        self.facility = cached.facility;
        Ok(done)
    }
}

/// Puts the register's name into an error that came from a query.
fn named(path: &Path, error: Error) -> Error {
    match error {
        Error::Register { path: none, reason } if none.as_os_str().is_empty() => {
            refused(path, reason)
        }
        other => other,
    }
}

/// What is kept between batches.
#[derive(Debug)]
struct Cached {
    facility: Option<(u64, Facility)>,
}

/// What SQLite says, as an error about the register.
fn broken(path: &Path, error: &rusqlite::Error) -> Error {
    use rusqlite::ErrorCode;
    let key = match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => "register-not-one",
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => "register-busy",
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => "register-read-only",
        Some(ErrorCode::DiskFull) => "register-disk-full",
        Some(ErrorCode::DatabaseCorrupt) => "register-damaged",
        _ => "register-failed",
    };
    refused(
        path,
        Localised::label(key, &[("detail", &error.to_string())]),
    )
}

/// A refusal in words.
fn refused(path: &Path, reason: Localised) -> Error {
    Error::Register {
        path: path.to_owned(),
        reason,
    }
}

/// For errors of queries, which know no path: `Register::read` and `Register::write` put it in.
impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        broken(Path::new(""), &error)
    }
}
