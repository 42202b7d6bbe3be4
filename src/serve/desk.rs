//! The register behind the page: one who writes at a time, and readers beside.
//!
//! A connection to a register is used by one thread at a time. Those that read are kept for the next who asks; as
//! many are open as files are worked on at once. What is done here is blocking work.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Zoned;

use super::problem::Problem;
use super::upload::Form;
use super::{Service, Visit};
use crate::error::Result;
use crate::register::{Register, Stamp};

/// Connections that are kept for the next who reads.
const KEPT: usize = 8;
/// Characters of the name of whoever records something.
const NAME: usize = 80;

/// A register for the page.
pub struct Desk {
    path: PathBuf,
    now: Box<dyn Fn() -> Zoned + Send + Sync>,
    by: Option<String>,
    writer: Mutex<Register>,
    readers: Mutex<Vec<Register>>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Desk {
    /// Opens the register at this path, or starts one where there is none. `by` is who records where nobody logs in
    /// and nobody says so; `now` is asked at each record.
    ///
    /// # Errors
    /// As [`Register::open_or_create`].
    pub fn open(
        path: PathBuf,
        by: Option<String>,
        now: impl Fn() -> Zoned + Send + Sync + 'static,
    ) -> Result<Self> {
        Ok(Self {
            writer: Mutex::new(Register::open_or_create(&path)?),
            readers: Mutex::new(Vec::new()),
            path,
            now: Box::new(now),
            by,
        })
    }

    /// Looks something up, beside others who do and beside one who writes.
    pub(super) fn read<T, E>(
        &self,
        work: impl FnOnce(&Register) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, Problem>
    where
        Problem: From<E>,
    {
        let kept = locked(&self.readers).pop();
        let register = match kept {
            Some(register) => register,
            None => Register::open(&self.path)?,
        };
        let found = work(&register)?;
        let mut readers = locked(&self.readers);
        if readers.len() < KEPT {
            readers.push(register);
        }
        Ok(found)
    }

    /// Records something; whoever else does waits.
    pub(super) fn write<T, E>(
        &self,
        work: impl FnOnce(&mut Register) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, Problem>
    where
        Problem: From<E>,
    {
        Ok(work(&mut locked(&self.writer))?)
    }

    /// Who records something, and when: who is logged in, else who a form names, else who the run names.
    pub(super) fn stamp(&self, visit: &Visit, form: &Form) -> std::result::Result<Stamp, Problem> {
        let said = form.field("by").map(|by| by.chars().take(NAME).collect());
        let by = visit.user.clone().or(said).or_else(|| self.by.clone());
        let stamp = Stamp::new(by.as_deref().unwrap_or_default(), &(self.now)());
        match stamp.by().is_empty() {
            true => Err(Problem::invalid("problem-register-by", &[])),
            false => Ok(stamp),
        }
    }

    /// Who records where nobody says so.
    pub(super) fn by(&self) -> Option<&str> {
        self.by.as_deref()
    }
}

impl Service {
    /// The register, where there is one.
    ///
    /// # Errors
    /// A problem in words where the page was started without one.
    pub(super) fn desk(&self) -> std::result::Result<&Desk, Problem> {
        let none = || Problem::saying(super::problem::Kind::NotFound, "problem-register-none", &[]);
        self.setup.register.as_ref().ok_or_else(none)
    }
}

/// What a lock holds. Where somebody broke while holding it, what they began was undone by the end of their
/// transaction.
fn locked<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
