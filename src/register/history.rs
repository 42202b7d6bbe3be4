//! The history of a system: what happened, in order, and what changed from one of its sheets to the next.

use jiff::civil::Date;
use rusqlite::Connection;

use super::event::Event;
use super::standing::{self, Sheet};
use super::{Register, add, decide, log, object};
use crate::changes::compare;
use crate::crosswalk::Crosswalk;
use crate::error::Result;
use crate::examine::{Examined, Options, examine};
use crate::language::Language;
use crate::profile::Profile;
use crate::report::changes::{Of, Party, report};
use crate::report::records::{EventInfo, StepInfo};
use crate::source::Source;

/// How sheets are compared.
#[derive(Clone, Copy, Debug)]
pub struct Comparing<'a> {
    /// How the files are examined.
    pub options: &'a Options,
    /// Links between forms, those of the user first.
    pub crosswalks: &'a [Crosswalk],
    /// The profile that judges what is for the better, and the day on which it judges.
    pub profile: Option<(&'a Profile, Date)>,
    /// The language of the texts.
    pub language: Language,
}

impl Register {
    /// What happened to a system, the first first.
    ///
    /// # Errors
    /// [`crate::Error::Register`] if the system is not known or the register cannot be read.
    pub fn events(&self, system: &str, language: Language) -> Result<Vec<EventInfo>> {
        self.read(|connection| {
            add::require(&self.path, connection, system)?;
            let sql = "SELECT MIN(log) FROM system WHERE id = ?1 \
                       UNION SELECT log FROM assignment WHERE system = ?1 \
                       UNION SELECT log FROM request WHERE system = ?1 \
                       UNION SELECT log FROM decision WHERE system = ?1 \
                       UNION SELECT log FROM assessment WHERE system = ?1 ORDER BY 1";
            let mut statement = connection.prepare_cached(sql)?;
            let found = statement.query_map([system], |row| row.get::<_, Option<i64>>(0))?;
            let entries: Vec<Option<i64>> = found.collect::<rusqlite::Result<_>>()?;
            let mut events = Vec::with_capacity(entries.len());
            for seq in entries.into_iter().flatten() {
                let seq = u64::try_from(seq).unwrap_or(0);
                let Some(entry) = log::entry(connection, seq)? else {
                    continue;
                };
                let event = entry.event().map_err(|detail| log::unknown(seq, &detail))?;
                let (text, file) = said(connection, seq, &event, language)?;
                events.push(EventInfo {
                    entry: seq,
                    at: entry.at,
                    by: entry.by,
                    kind: entry.kind,
                    text,
                    file,
                });
            }
            Ok(events)
        })
    }

    /// What changed from each sheet of a system to the one that superseded it: those of the product, then those
    /// of the service, the oldest first.
    ///
    /// # Errors
    /// [`crate::Error::Register`] if the system is not known or the register cannot be read.
    pub fn steps(&self, system: &str, how: Comparing<'_>) -> Result<Vec<StepInfo>> {
        let judge = match how.profile {
            Some((profile, date)) => Some((self.profile_of(profile, system)?, date)),
            None => None,
        };
        let how = Comparing {
            profile: judge.as_ref().map(|(profile, date)| (profile, *date)),
            ..how
        };
        let mut steps = Vec::new();
        for service in [false, true] {
            let sheets = self.read(|connection| {
                add::require(&self.path, connection, system)?;
                Ok(standing::in_order(
                    standing::sheets(connection, system)?,
                    service,
                ))
            })?;
            let mut former: Option<(Sheet, String, Examined)> = None;
            for sheet in sheets {
                let (name, examined) = self.examined(&sheet, how.options)?;
                if let Some((old, old_name, before)) = &former
                    && let Some(mut step) = step([(old, before), (&sheet, &examined)], how)
                {
                    step.old_name.clone_from(old_name);
                    step.new_name.clone_from(&name);
                    steps.push(step);
                }
                former = Some((sheet, name, examined));
            }
        }
        Ok(steps)
    }

    fn examined(&self, sheet: &Sheet, options: &Options) -> Result<(String, Examined)> {
        let source = self.read(|connection| {
            let sql = "SELECT sha256 FROM received WHERE log = ?1";
            let hash: String = connection.query_row(sql, [sheet.received], |row| row.get(0))?;
            let bytes = object::bytes(connection, &hash)?.unwrap_or_default();
            Ok(Source::new(
                decide::name_of(connection, sheet.received)?,
                bytes,
            ))
        })?;
        let examined = examine(&source, options);
        Ok((source.name, examined))
    }
}

fn step(pair: [(&Sheet, &Examined); 2], how: Comparing<'_>) -> Option<StepInfo> {
    let [(old, before), (new, after)] = pair;
    let at = |sheet: &Sheet| usize::try_from(sheet.position).unwrap_or(usize::MAX);
    let (first, second) = (
        before.disclosures.get(at(old))?,
        after.disclosures.get(at(new))?,
    );
    let of = Of {
        old: Some(at(old)),
        new: Some(at(new)),
        comparison: Some(compare(first, second, how.crosswalks, how.profile)),
    };
    let parties = [Party { file: before }, Party { file: after }];
    let mut found = report(parties, &[of], how.profile, how.language);
    let compared = found.compared.pop()?;
    let entry = |sheet: &Sheet| u64::try_from(sheet.received).unwrap_or(0);
    Some(StepInfo {
        old: entry(old),
        old_name: String::new(),
        new: entry(new),
        new_name: String::new(),
        remarks: compared.notes,
        regressed: compared.counts.regressed as u64,
        improved: compared.counts.improved as u64,
        neutral: compared.counts.neutral as u64,
        unchanged: compared.counts.unchanged as u64,
        changes: found.changes,
    })
}

/// What an entry says, in words, and the file it is about.
fn said(
    connection: &Connection,
    seq: u64,
    event: &Event,
    language: Language,
) -> Result<(String, Option<u64>)> {
    let name = |received: u64| decide::name_of(connection, i64::try_from(received).unwrap_or(0));
    let with = |key: &str, values: &[(&str, &str)]| language.label_with(key, values);
    Ok(match event {
        Event::Facility(file) => (
            with("register-event-facility", &[("file", &file.file)]),
            None,
        ),
        Event::Received(file) => {
            let number = |severity: &str| {
                let of = file
                    .broken
                    .iter()
                    .filter(|broken| broken.severity == severity);
                of.map(|broken| broken.number).sum::<u64>().to_string()
            };
            let (errors, warnings) = (number("error"), number("warning"));
            let values = [
                ("file", &*file.name),
                ("errors", &*errors),
                ("warnings", &*warnings),
            ];
            let key = if file.readable {
                "register-event-received"
            } else {
                "register-event-unreadable"
            };
            (with(key, &values), Some(seq))
        }
        Event::Assigned(assigned) => {
            let systems = assigned.systems.join(", ");
            let values = [("file", &*name(assigned.received)?), ("systems", &*systems)];
            (
                with("register-event-assigned", &values),
                Some(assigned.received),
            )
        }
        Event::Requested(request) => {
            let mut text = match &request.due {
                Some(due) => with("register-event-requested-due", &[("due", due)]),
                None => language.label("register-event-requested"),
            };
            if let Some(note) = &request.note {
                text.push_str(&format!(": {note}"));
            }
            (text, None)
        }
        Event::Decided(decided) => {
            let mut names = Vec::new();
            for received in &decided.received {
                names.push(name(*received)?);
            }
            let decision = language.label(&format!("register-decision-{}", decided.decision));
            let values = [
                ("decision", &*decision),
                ("files", &*names.join(", ")),
                ("why", &*decided.why),
            ];
            let mut text = with("register-event-decided", &values);
            if !decided.exceptions.is_empty() {
                let exceptions = decided.exceptions.join(" / ");
                text.push_str(&with(
                    "register-event-exceptions",
                    &[("exceptions", &exceptions)],
                ));
            }
            if let Some(due) = &decided.due {
                text.push_str(&with("register-event-due", &[("due", due)]));
            }
            (text, decided.received.first().copied())
        }
        Event::Assessed(assessed) => {
            let key = if assessed.qualified {
                "register-event-qualified"
            } else {
                "register-event-unqualified"
            };
            let hash: String = assessed.profile_sha256.chars().take(12).collect();
            let values = [
                ("file", &*name(assessed.received)?),
                ("profile", &*assessed.profile),
                ("hash", &*hash),
            ];
            (with(key, &values), Some(assessed.received))
        }
        Event::Risks(list) => (with("register-event-risks", &[("file", &list.file)]), None),
    })
}
