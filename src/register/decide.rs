//! What people record beside files: that a sheet was asked for, and what was decided about those that came.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rusqlite::Connection;

use super::add::require;
use super::event::{Decided, Event, Requested, RiskList, RiskSaid};
use super::log::{self, Stamp};
use super::object::Content;
use super::prepare::short;
use super::{Register, refused, standing};
use crate::error::Result;
use crate::language::Localised;
use crate::risks;

/// What is decided about the sheets of a system that count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// They are accepted, but for these; for nothing, where it is empty.
    Accepted(Vec<String>),
    /// They go back, and corrected ones are wanted by a day.
    Returned(Option<Date>),
}

/// Characters of a reason that are kept.
const WORDS: usize = 4_000;

fn words(text: &str) -> String {
    let kept = text
        .trim()
        .chars()
        .filter(|c| !c.is_control() || *c == '\n');
    kept.take(WORDS).collect()
}

impl Register {
    /// Records that a sheet of a system was asked for, with the day by which it is due.
    ///
    /// # Errors
    /// [`crate::Error::Register`] if the system is not known or the register cannot be written.
    pub fn request(
        &mut self,
        system: &str,
        due: Option<Date>,
        note: Option<&str>,
        stamp: &Stamp,
    ) -> Result<u64> {
        let path = self.path.clone();
        self.write(|connection, _| {
            require(&path, connection, system)?;
            let event = Event::Requested(Requested {
                system: system.to_owned(),
                due: due.map(|due| due.to_string()),
                note: note.map(words),
            });
            let entry = log::append(connection, stamp, &event, &[])?;
            standing::refresh(connection, &BTreeSet::from([system.to_owned()]))?;
            Ok(entry)
        })
    }

    /// Records what was decided about the sheets of a system that count, and why. Gives the names of their files.
    ///
    /// # Errors
    /// [`crate::Error::Register`] if the system is not known, has no sheet, or the register cannot be written.
    pub fn decide(
        &mut self,
        system: &str,
        decision: &Decision,
        why: &str,
        stamp: &Stamp,
    ) -> Result<Vec<String>> {
        let path = self.path.clone();
        self.write(|connection, _| {
            require(&path, connection, system)?;
            let sheets = standing::sheets(connection, system)?;
            let files = standing::counting(&sheets).files();
            if files.is_empty() {
                let system = crate::text::show(system, 80);
                let values = [("system", &*system)];
                return Err(refused(
                    &path,
                    Localised::label("register-nothing-to-decide", &values),
                ));
            }
            let (code, exceptions, due) = match decision {
                Decision::Accepted(except) if except.is_empty() => ("accepted", &except[..], None),
                Decision::Accepted(except) => ("accepted-with-exceptions", &except[..], None),
                Decision::Returned(due) => ("returned", &[][..], *due),
            };
            let event = Event::Decided(Decided {
                system: system.to_owned(),
                received: files
                    .iter()
                    .map(|file| u64::try_from(*file).unwrap_or(0))
                    .collect(),
                decision: code.to_owned(),
                why: words(why),
                exceptions: exceptions.iter().map(|except| words(except)).collect(),
                due: due.map(|due| due.to_string()),
            });
            log::append(connection, stamp, &event, &[])?;
            standing::refresh(connection, &BTreeSet::from([system.to_owned()]))?;
            files
                .iter()
                .map(|file| name_of(connection, *file))
                .collect()
        })
    }

    /// Records a list of risks as it stands; `None` where it stands so already. Gives the number of its entries.
    ///
    /// # Errors
    /// [`crate::Error::Register`] if the register cannot be written.
    pub fn record_risks(&mut self, list: &risks::Register, stamp: &Stamp) -> Result<Option<usize>> {
        self.write(|connection, _| {
            let content = Content::text(&list.text, "risks", "toml");
            let sql = "SELECT 1 FROM risk_list WHERE content = ?1 \
                       AND log = (SELECT MAX(log) FROM risk_list)";
            if connection
                .prepare_cached(sql)?
                .exists([&content.object.sha256])?
            {
                return Ok(None);
            }
            let file = list.file.rsplit(['/', '\\']).next().unwrap_or_default();
            let event = Event::Risks(RiskList {
                file: short(file),
                content: content.object.sha256.clone(),
                risks: list.entries.iter().map(risk).collect(),
            });
            log::append(connection, stamp, &event, &[content])?;
            Ok(Some(list.entries.len()))
        })
    }
}

fn risk(risk: &risks::Risk) -> RiskSaid {
    RiskSaid {
        id: short(&risk.id),
        manufacturer: short(&risk.manufacturer),
        product: short(&risk.product),
        requirement: short(&risk.requirement),
        item: short(&risk.item),
        treatment: short(&risk.treatment),
        owner: short(&risk.owner),
        due: short(&risk.due),
        status: short(&risk.status),
    }
}

/// The name of a file as it was received.
pub(super) fn name_of(connection: &Connection, received: i64) -> Result<String> {
    let mut statement = connection.prepare_cached("SELECT name FROM received WHERE log = ?1")?;
    Ok(statement.query_row([received], |row| row.get(0))?)
}
