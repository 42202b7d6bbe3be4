//! Where each system stands: follows from history, and is written anew for every system that an entry touches.
//!
//! Of the sheets of a system two can count: the latest of the product and the latest of the service. The stage
//! of the system is that of the one that is furthest behind; a file that could not be read and came after them
//! counts too.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::rows::search_text;
use crate::error::Result;

/// How far a system has come, whatever the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Nothing was asked for and nothing came.
    None,
    /// A sheet was asked for and has not come since.
    Asked,
    /// The sheet was sent back, and no other came since.
    SentBack,
    /// A sheet came.
    Received,
    /// It was held against a profile.
    Checked,
    /// It was accepted, but for what is named.
    AcceptedWithExceptions,
    /// It was accepted.
    Accepted,
}

impl Stage {
    /// All, in the order of the work.
    pub const ALL: [Stage; 7] = [
        Stage::None,
        Stage::Asked,
        Stage::SentBack,
        Stage::Received,
        Stage::Checked,
        Stage::AcceptedWithExceptions,
        Stage::Accepted,
    ];

    /// The name in the file.
    pub fn code(self) -> &'static str {
        match self {
            Stage::None => "none",
            Stage::Asked => "asked",
            Stage::SentBack => "sent-back",
            Stage::Received => "received",
            Stage::Checked => "checked",
            Stage::AcceptedWithExceptions => "accepted-with-exceptions",
            Stage::Accepted => "accepted",
        }
    }

    pub(super) fn of(code: &str) -> Self {
        let known = Self::ALL.into_iter().find(|stage| stage.code() == code);
        known.unwrap_or(Stage::None)
    }
}

/// How far a system has come on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// The day by which a sheet was due has passed.
    Overdue,
    /// Nothing was asked for and nothing came.
    Missing,
    /// A sheet was asked for, without a day.
    Asked,
    /// A sheet was asked for, and the day has not passed.
    Due,
    /// The sheet was sent back.
    SentBack,
    /// A sheet came.
    Received,
    /// It was held against a profile.
    Checked,
    /// It was accepted, but for what is named.
    AcceptedWithExceptions,
    /// It was accepted.
    Accepted,
    /// There is no contract with a vendor, and nothing came.
    NotNeeded,
}

impl Status {
    /// All, the most urgent first.
    pub const ALL: [Status; 10] = [
        Status::Overdue,
        Status::Missing,
        Status::Asked,
        Status::Due,
        Status::SentBack,
        Status::Received,
        Status::Checked,
        Status::AcceptedWithExceptions,
        Status::Accepted,
        Status::NotNeeded,
    ];

    /// The name in JSON and on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Status::Overdue => "overdue",
            Status::Missing => "missing",
            Status::Asked => "asked",
            Status::Due => "due",
            Status::SentBack => "sent-back",
            Status::Received => "received",
            Status::Checked => "checked",
            Status::AcceptedWithExceptions => "accepted-with-exceptions",
            Status::Accepted => "accepted",
            Status::NotNeeded => "not-needed",
        }
    }

    /// The status of a stage on a day. The day by which a sheet is due is still in time.
    pub(super) fn of(stage: Stage, contract: bool, due: Option<&str>, today: Date) -> Self {
        let due: Option<Date> = due.and_then(|due| due.parse().ok());
        match (stage, due) {
            (Stage::None, _) if contract => Status::Missing,
            (Stage::None, _) => Status::NotNeeded,
            (Stage::Asked | Stage::SentBack, Some(due)) if due < today => Status::Overdue,
            (Stage::Asked, Some(_)) => Status::Due,
            (Stage::Asked, None) => Status::Asked,
            (Stage::SentBack, _) => Status::SentBack,
            (Stage::Received, _) => Status::Received,
            (Stage::Checked, _) => Status::Checked,
            (Stage::AcceptedWithExceptions, _) => Status::AcceptedWithExceptions,
            (Stage::Accepted, _) => Status::Accepted,
        }
    }

    /// What to ask the register for to find systems of this status on a day: stage, and a condition on `due`
    /// and `contract` with `?1` for the day.
    pub(super) fn condition(self) -> &'static str {
        match self {
            Status::Overdue => "stage IN ('asked', 'sent-back') AND due < ?1",
            Status::Missing => "stage = 'none' AND contract = 1",
            Status::NotNeeded => "stage = 'none' AND contract = 0",
            Status::Asked => "stage = 'asked' AND due IS NULL",
            Status::Due => "stage = 'asked' AND due >= ?1",
            Status::SentBack => "stage = 'sent-back' AND (due IS NULL OR due >= ?1)",
            Status::Received => "stage = 'received'",
            Status::Checked => "stage = 'checked'",
            Status::AcceptedWithExceptions => "stage = 'accepted-with-exceptions'",
            Status::Accepted => "stage = 'accepted'",
        }
    }
}

impl std::str::FromStr for Status {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let known = Self::ALL.into_iter().find(|status| status.code() == text);
        known.ok_or_else(|| Self::ALL.map(Self::code).join(", "))
    }
}

/// A disclosure of a system, or a file of it without one.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    pub(super) received: i64,
    pub(super) position: i64,
    pub(super) service: Option<bool>,
    pub(super) disclosure_day: Option<String>,
    pub(super) received_day: String,
    errors: i64,
    warnings: i64,
}

impl Sheet {
    /// By which the latest is known: the day on it, but not one after it was received; of equals the last received.
    fn key(&self) -> (&str, i64, i64) {
        let day = self.disclosure_day.as_deref().unwrap_or(&self.received_day);
        (
            day.min(self.received_day.as_str()),
            self.received,
            self.position,
        )
    }

    fn of_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            received: row.get(0)?,
            position: row.get(1)?,
            service: row.get(2)?,
            disclosure_day: row.get(3)?,
            received_day: row.get(4)?,
            errors: row.get(5)?,
            warnings: row.get(6)?,
        })
    }
}

/// All sheets of a system, in the order in which they were received.
pub(super) fn sheets(connection: &Connection, system: &str) -> Result<Vec<Sheet>> {
    let sql = "SELECT a.received, a.position, d.service, d.day, r.day, r.errors, r.warnings \
               FROM assignment a JOIN received r ON r.log = a.received \
               LEFT JOIN disclosure d ON d.log = a.received AND d.position = a.position \
               WHERE a.system = ?1 AND a.log = (SELECT MAX(b.log) FROM assignment b \
               WHERE b.received = a.received AND b.position = a.position) \
               ORDER BY a.received, a.position";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map([system], Sheet::of_row)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The sheets of the product or of the service, from the first to the one that counts.
pub(super) fn in_order(sheets: Vec<Sheet>, service: bool) -> Vec<Sheet> {
    let of = sheets
        .into_iter()
        .filter(|sheet| sheet.service == Some(service));
    let mut of: Vec<Sheet> = of.collect();
    of.sort_by(|left, right| left.key().cmp(&right.key()));
    of
}

/// The sheets of a system that count.
#[derive(Clone, Debug, Default)]
pub(super) struct Counting<'s> {
    pub(super) product: Option<&'s Sheet>,
    pub(super) service: Option<&'s Sheet>,
    /// The last file that could not be read, if it came after those.
    unread: Option<&'s Sheet>,
}

pub(super) fn counting(sheets: &[Sheet]) -> Counting<'_> {
    let latest = |service: bool| {
        let of = sheets.iter().filter(|sheet| sheet.service == Some(service));
        of.max_by_key(|sheet| sheet.key())
    };
    let (product, service) = (latest(false), latest(true));
    let last = product
        .into_iter()
        .chain(service)
        .map(|sheet| sheet.received)
        .max();
    let unread = sheets.iter().filter(|sheet| sheet.service.is_none());
    Counting {
        product,
        service,
        unread: unread
            .max_by_key(|sheet| sheet.received)
            .filter(|sheet| Some(sheet.received) > last),
    }
}

impl<'s> Counting<'s> {
    pub(super) fn all(&self) -> impl Iterator<Item = &'s Sheet> + use<'s> {
        [self.product, self.service, self.unread]
            .into_iter()
            .flatten()
    }

    /// Their files, once each.
    pub(super) fn files(&self) -> Vec<i64> {
        let files: BTreeSet<i64> = self.all().map(|sheet| sheet.received).collect();
        files.into_iter().collect()
    }
}

/// The systems that the register knows.
pub(super) fn known(connection: &Connection) -> Result<BTreeSet<String>> {
    let mut statement = connection.prepare_cached("SELECT system FROM standing")?;
    let found = statement.query_map([], |row| row.get(0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The names of the files of a system that count, as [`super::Register::current`] gives them.
pub(super) fn current_names(connection: &Connection, system: &str) -> Result<Vec<String>> {
    let sheets = sheets(connection, system)?;
    let mut names = Vec::new();
    for file in counting(&sheets).files() {
        names.push(file_name(connection, file)?);
    }
    Ok(names)
}

/// A name that no other file of the register has: that of its entry before its own.
pub(super) fn file_name(connection: &Connection, received: i64) -> Result<String> {
    let mut statement = connection.prepare_cached("SELECT name FROM received WHERE log = ?1")?;
    let name: String = statement.query_row([received], |row| row.get(0))?;
    Ok(format!("{received}/{name}"))
}

/// Writes anew where systems stand.
pub(super) fn refresh(connection: &Connection, systems: &BTreeSet<String>) -> Result<()> {
    for system in systems {
        let row = standing(connection, system)?;
        connection
            .prepare_cached("DELETE FROM standing WHERE system = ?1")?
            .execute([system])?;
        if let Some(values) = row {
            let places: Vec<String> = (1..=COLUMNS.len()).map(|at| format!("?{at}")).collect();
            let sql = format!(
                "INSERT INTO standing ({}) VALUES ({})",
                COLUMNS.join(", "),
                places.join(", ")
            );
            connection
                .prepare_cached(&sql)?
                .execute(rusqlite::params_from_iter(values))?;
        }
    }
    Ok(())
}

/// The columns of `standing`, in the order of the table.
pub(super) const COLUMNS: [&str; 23] = [
    "system",
    "facility",
    "ordinal",
    "name",
    "category",
    "vendor",
    "vendor_name",
    "product",
    "contract",
    "stage",
    "due",
    "sheets",
    "of_product",
    "of_service",
    "newest",
    "newest_day",
    "disclosure_day",
    "errors",
    "warnings",
    "decision",
    "assessment",
    "request",
    "search",
];

/// What stands in the facility file about a system, when it last stood there.
struct Said {
    facility: i64,
    ordinal: i64,
    name: String,
    category: Option<String>,
    vendor: Option<String>,
    vendor_name: Option<String>,
    manufacturer: Option<String>,
    product: Option<String>,
    contract: bool,
}

fn said(connection: &Connection, system: &str) -> Result<Option<Said>> {
    let sql = "SELECT s.log, s.ordinal, s.name, s.category, s.vendor, v.name, s.manufacturer, s.product, s.contract \
               FROM system s LEFT JOIN vendor v ON v.log = s.log AND v.id = s.vendor \
               WHERE s.id = ?1 AND s.log = (SELECT MAX(t.log) FROM system t WHERE t.id = ?1)";
    let mut statement = connection.prepare_cached(sql)?;
    let said = statement.query_row([system], |row| {
        Ok(Said {
            facility: row.get(0)?,
            ordinal: row.get(1)?,
            name: row.get(2)?,
            category: row.get(3)?,
            vendor: row.get(4)?,
            vendor_name: row.get(5)?,
            manufacturer: row.get(6)?,
            product: row.get(7)?,
            contract: row.get(8)?,
        })
    });
    Ok(said.optional()?)
}

/// What follows from history for a system, in the order of [`COLUMNS`]; `None` for one that never was.
pub(super) fn standing(connection: &Connection, system: &str) -> Result<Option<Vec<Value>>> {
    let Some(said) = said(connection, system)? else {
        return Ok(None);
    };
    let sheets = sheets(connection, system)?;
    let counting = counting(&sheets);
    let mut stage = None;
    let (mut due, mut decision, mut assessment) = (None, None, None);
    for file in counting.files() {
        let of = of_file(connection, system, file)?;
        decision = decision.max(of.decision);
        assessment = assessment.max(of.assessment);
        if stage.is_none_or(|known| of.stage < known) {
            (stage, due) = (Some(of.stage), of.due);
        }
    }
    let request = last_request(connection, system)?;
    let last = sheets.iter().map(|sheet| sheet.received).max();
    if let Some((log, wanted)) = &request
        && Some(*log) > last
    {
        (stage, due) = (Some(Stage::Asked), wanted.clone());
    }
    let newest = counting.all().max_by_key(|sheet| sheet.key());
    let files: BTreeSet<i64> = sheets.iter().map(|sheet| sheet.received).collect();
    let worst = |of: fn(&Sheet) -> i64| counting.all().map(of).max().unwrap_or(0);
    let names = [Some(system.to_owned()), Some(said.name.clone())].into_iter();
    let names = names.chain(
        [
            &said.category,
            &said.vendor_name,
            &said.manufacturer,
            &said.product,
        ]
        .map(Clone::clone),
    );
    let names: Vec<String> = names.flatten().collect();
    let text = |text: Option<String>| text.map_or(Value::Null, Value::Text);
    let number = |number: Option<i64>| number.map_or(Value::Null, Value::Integer);
    Ok(Some(vec![
        Value::Text(system.to_owned()),
        Value::Integer(said.facility),
        Value::Integer(said.ordinal),
        Value::Text(said.name),
        text(said.category),
        text(said.vendor),
        text(said.vendor_name),
        text(said.product),
        Value::Integer(i64::from(said.contract)),
        Value::Text(stage.unwrap_or(Stage::None).code().to_owned()),
        text(due),
        Value::Integer(i64::try_from(files.len()).unwrap_or(i64::MAX)),
        number(counting.product.map(|sheet| sheet.received)),
        number(counting.service.map(|sheet| sheet.received)),
        number(newest.map(|sheet| sheet.received)),
        text(newest.map(|sheet| sheet.received_day.clone())),
        text(newest.and_then(|sheet| sheet.disclosure_day.clone())),
        Value::Integer(worst(|sheet| sheet.errors)),
        Value::Integer(worst(|sheet| sheet.warnings)),
        number(decision),
        number(assessment),
        number(request.map(|(log, _)| log)),
        Value::Text(search_text(names.iter().map(String::as_str))),
    ]))
}

/// How far a file of a system has come.
struct OfFile {
    stage: Stage,
    due: Option<String>,
    decision: Option<i64>,
    assessment: Option<i64>,
}

fn of_file(connection: &Connection, system: &str, received: i64) -> Result<OfFile> {
    let sql = "SELECT log, decision, due FROM decision WHERE system = ?1 AND received = ?2 \
               ORDER BY log DESC LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    let decided: Option<(i64, String, Option<String>)> = statement
        .query_row(params![system, received], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let sql =
        "SELECT MAX(log) FROM assessment WHERE received = ?1 AND (system IS NULL OR system = ?2)";
    let mut statement = connection.prepare_cached(sql)?;
    let assessment: Option<i64> =
        statement.query_row(params![received, system], |row| row.get(0))?;
    let stage = match decided.as_ref().map(|(_, decision, _)| decision.as_str()) {
        Some("accepted") => Stage::Accepted,
        Some("accepted-with-exceptions") => Stage::AcceptedWithExceptions,
        Some("returned") => Stage::SentBack,
        Some(_) | None if assessment.is_some() => Stage::Checked,
        Some(_) | None => Stage::Received,
    };
    let (decision, due) = match decided {
        Some((log, _, due)) => (Some(log), due.filter(|_| stage == Stage::SentBack)),
        None => (None, None),
    };
    Ok(OfFile {
        stage,
        due,
        decision,
        assessment,
    })
}

fn last_request(connection: &Connection, system: &str) -> Result<Option<(i64, Option<String>)>> {
    let sql = "SELECT log, due FROM request WHERE system = ?1 ORDER BY log DESC LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_row([system], |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(found.optional()?)
}
