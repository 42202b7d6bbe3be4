//! Asking the register: systems and where they stand, vendors, files. Every list has a page and a total.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};

use super::standing::{self, Stage, Status};
use super::{Register, add, log, object};
use crate::error::Result;
use crate::examine::{Examined, Options, examine};
use crate::report::records::{
    AssessmentInfo, DecisionInfo, FileInfo, SheetInfo, SystemInfo, VendorInfo,
};
use crate::source::Source;
use crate::text::fold;

/// Which systems, and which page of them.
#[derive(Clone, Debug, Default)]
pub struct SystemQuery {
    /// Words, all of which stand in name, id, category, vendor, maker or product; compared folded.
    pub text: Option<String>,
    /// Of these statuses; empty for all.
    pub statuses: Vec<Status>,
    /// With systems that the facility file no longer names.
    pub gone: bool,
    /// Of this vendor, by its id.
    pub vendor: Option<String>,
    /// As many at most; all where it is `None`.
    pub limit: Option<u64>,
    /// After so many.
    pub offset: u64,
}

/// Which files, and which page of them, the last received first.
#[derive(Clone, Debug, Default)]
pub struct FileQuery {
    /// Words, all of which stand in name, hash, maker, product, model, version or form; compared folded.
    pub text: Option<String>,
    /// Of this system.
    pub system: Option<String>,
    /// Only with a disclosure that is of no system.
    pub unassigned: bool,
    /// Only with findings of this rule, by its code.
    pub code: Option<String>,
    /// As many at most; all where it is `None`.
    pub limit: Option<u64>,
    /// After so many.
    pub offset: u64,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// How many there are on all pages.
    pub total: u64,
    /// Those of this page.
    pub lines: Vec<T>,
}

impl Register {
    /// The number of entries and the hash of the last one.
    ///
    /// # Errors
    /// [`crate::Error::Register`] if the register cannot be read, as for all that is asked.
    pub fn head(&self) -> Result<(u64, String)> {
        self.read(|connection| Ok(log::head(connection)?))
    }

    /// Systems in the order of the facility file, and where they stand on a day.
    ///
    /// # Errors
    /// As [`Register::head`].
    pub fn systems(&self, query: &SystemQuery, today: Date) -> Result<Page<SystemInfo>> {
        self.read(|connection| systems(connection, query, today))
    }

    /// A system with its last decision and assessment; `None` if none of this name was ever recorded.
    ///
    /// # Errors
    /// As [`Register::head`].
    pub fn system(&self, id: &str, today: Date) -> Result<Option<SystemInfo>> {
        self.read(|connection| {
            let sql = format!("{SYSTEMS} WHERE system = ?1");
            let mut statement = connection.prepare_cached(&sql)?;
            let found = statement
                .query_row([id], |row| Line::of(row, today))
                .optional()?;
            let Some(Line {
                mut info,
                decision,
                assessment,
            }) = found
            else {
                return Ok(None);
            };
            info.decision = decision.map(|log| decided(connection, log)).transpose()?;
            info.assessment = assessment
                .map(|log| assessed(connection, log))
                .transpose()?;
            Ok(Some(info))
        })
    }

    /// How many systems of the facility file that counts are of each status on a day.
    ///
    /// # Errors
    /// As [`Register::head`].
    pub fn statuses(&self, today: Date) -> Result<BTreeMap<String, u64>> {
        self.read(|connection| {
            let mut counts = BTreeMap::new();
            for status in Status::ALL {
                let sql = format!(
                    "SELECT COUNT(*) FROM standing WHERE ?1 = ?1 AND {IN_USE} AND {}",
                    status.condition()
                );
                let mut statement = connection.prepare_cached(&sql)?;
                let count: u64 = count(&mut statement, params![today.to_string()])?;
                if count > 0 {
                    counts.insert(status.code().to_owned(), count);
                }
            }
            Ok(counts)
        })
    }

    /// The vendors of the facility file that counts, with how many of their systems are of each status.
    ///
    /// # Errors
    /// As [`Register::head`].
    pub fn vendors(&self, text: Option<&str>, today: Date) -> Result<Vec<VendorInfo>> {
        self.read(|connection| vendors(connection, text, today))
    }

    /// Files, the last received first.
    ///
    /// # Errors
    /// As [`Register::head`].
    pub fn files(&self, query: &FileQuery) -> Result<Page<FileInfo>> {
        self.read(|connection| files(connection, query))
    }

    /// The name and the bytes of a file as received, by its hash or the first characters of it (eight at least).
    ///
    /// # Errors
    /// As [`Register::head`].
    pub fn original(&self, sha256: &str) -> Result<Option<(String, Vec<u8>)>> {
        let hex = sha256.len() >= 8 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !hex {
            return Ok(None);
        }
        self.read(|connection| {
            // From the first hash that begins so to before the first that does not: `g` comes after every digit.
            let sql =
                "SELECT sha256, name FROM received WHERE sha256 >= ?1 AND sha256 < ?2 LIMIT 2";
            let mut statement = connection.prepare_cached(sql)?;
            let first = sha256.to_ascii_lowercase();
            let bounds = [format!("{first}g"), first];
            let found = statement.query_map([&bounds[1], &bounds[0]], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
            let found: Vec<(String, String)> = found.collect::<rusqlite::Result<_>>()?;
            match &found[..] {
                [(hash, name)] => {
                    let bytes = object::bytes(connection, hash)?;
                    Ok(bytes.map(|bytes| (name.clone(), bytes)))
                }
                // None, or several: more characters are needed.
                _ => Ok(None),
            }
        })
    }

    /// The files that count, examined again, each under a name that no other has (`12/sheet.xlsx`: entry 12).
    /// `systems` names some; else it is those of all systems of the facility, and files of no system.
    ///
    /// # Errors
    /// As [`Register::head`].
    pub fn current(&self, systems: &[String], options: &Options) -> Result<Vec<Examined>> {
        let sources = self.sources(systems)?;
        use rayon::prelude::*;
        Ok(sources
            .par_iter()
            .map(|source| examine(source, options))
            .collect())
    }

    /// The files that count, as [`Register::current`] examines them.
    ///
    /// # Errors
    /// As [`Register::head`].
    pub fn sources(&self, systems: &[String]) -> Result<Vec<Source>> {
        self.read(|connection| {
            let mut files = std::collections::BTreeSet::new();
            let all: Vec<String> = if systems.is_empty() {
                files.extend(unassigned(connection)?);
                in_use(connection)?
            } else {
                systems.to_vec()
            };
            for system in &all {
                add::require(&self.path, connection, system)?;
                let sheets = standing::sheets(connection, system)?;
                files.extend(standing::counting(&sheets).files());
            }
            let mut sources = Vec::with_capacity(files.len());
            for file in files {
                let sql = "SELECT sha256 FROM received WHERE log = ?1";
                let hash: String = connection.query_row(sql, [file], |row| row.get(0))?;
                let bytes = object::bytes(connection, &hash)?.unwrap_or_default();
                sources.push(Source::new(standing::file_name(connection, file)?, bytes));
            }
            Ok(sources)
        })
    }
}

/// Files with a disclosure that is of no system.
fn unassigned(connection: &Connection) -> Result<Vec<i64>> {
    let mut statement = connection.prepare_cached(&format!("{UNASSIGNED} ORDER BY 1"))?;
    let found = statement.query_map([], |row| row.get(0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

fn in_use(connection: &Connection) -> Result<Vec<String>> {
    let sql = format!("SELECT system FROM standing WHERE {IN_USE} ORDER BY ordinal");
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_map([], |row| row.get(0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

const SYSTEMS: &str = "SELECT system, name, category, vendor, vendor_name, product, contract, \
    facility = (SELECT MAX(log) FROM facility), stage, due, sheets, newest_day, disclosure_day, \
    errors, warnings, decision, assessment FROM standing";

const IN_USE: &str = "facility = (SELECT MAX(log) FROM facility)";

const UNASSIGNED: &str = "SELECT a.received FROM assignment a WHERE a.system IS NULL AND a.log = \
    (SELECT MAX(b.log) FROM assignment b WHERE b.received = a.received AND b.position = a.position)";

/// A system, and the entries of its last decision and assessment.
struct Line {
    info: SystemInfo,
    decision: Option<i64>,
    assessment: Option<i64>,
}

impl Line {
    fn of(row: &Row<'_>, today: Date) -> rusqlite::Result<Self> {
        let contract: bool = row.get(6)?;
        let due: Option<String> = row.get(9)?;
        let stage = Stage::of(&row.get::<_, String>(8)?);
        let status = Status::of(stage, contract, due.as_deref(), today);
        Ok(Self {
            info: SystemInfo {
                id: row.get(0)?,
                name: row.get(1)?,
                category: row.get(2)?,
                vendor: row.get(3)?,
                vendor_name: row.get(4)?,
                product: row.get(5)?,
                contract,
                in_use: row.get(7)?,
                status: status.code().to_owned(),
                due,
                files: whole(row, 10)?,
                received: row.get(11)?,
                disclosed: row.get(12)?,
                errors: whole(row, 13)?,
                warnings: whole(row, 14)?,
                decision: None,
                assessment: None,
            },
            decision: row.get(15)?,
            assessment: row.get(16)?,
        })
    }
}

/// A number that cannot be negative.
pub(super) fn whole(row: &Row<'_>, at: usize) -> rusqlite::Result<u64> {
    Ok(u64::try_from(row.get::<_, i64>(at)?).unwrap_or(0))
}

fn count(
    statement: &mut rusqlite::Statement<'_>,
    values: impl rusqlite::Params,
) -> rusqlite::Result<u64> {
    statement.query_row(values, |row| whole(row, 0))
}

/// Patterns for LIKE: one for each word, folded, with what LIKE takes specially escaped.
fn patterns(text: Option<&str>) -> Vec<String> {
    /// Words that are looked for at most.
    const WORDS: usize = 8;
    let folded: Vec<String> = text
        .unwrap_or_default()
        .split_whitespace()
        .map(fold)
        .collect();
    let words = folded.iter().filter(|word| !word.is_empty()).take(WORDS);
    words
        .map(|word| {
            let escaped = word
                .replace('!', "!!")
                .replace('%', "!%")
                .replace('_', "!_");
            format!("%{escaped}%")
        })
        .collect()
}

/// `limit` for SQL: none is more than there can be.
fn limit(limit: Option<u64>) -> i64 {
    limit
        .and_then(|limit| i64::try_from(limit).ok())
        .unwrap_or(i64::MAX)
}

/// The conditions that words and other texts make; they are numbered from `first` on.
fn alike(column: &str, patterns: &[String], first: usize) -> String {
    let one = |at| format!(" AND {column} LIKE ?{at} ESCAPE '!'");
    (first..first + patterns.len()).map(one).collect()
}

fn systems(connection: &Connection, query: &SystemQuery, today: Date) -> Result<Page<SystemInfo>> {
    let mut conditions = String::from("?1 = ?1");
    if !query.gone {
        conditions.push_str(&format!(" AND {IN_USE}"));
    }
    let statuses: Vec<String> = query
        .statuses
        .iter()
        .map(|status| format!("({})", status.condition()))
        .collect();
    if !statuses.is_empty() {
        conditions.push_str(&format!(" AND ({})", statuses.join(" OR ")));
    }
    let mut values = vec![today.to_string()];
    let patterns = patterns(query.text.as_deref());
    conditions.push_str(&alike("search", &patterns, 2));
    values.extend(patterns);
    if let Some(vendor) = &query.vendor {
        values.push(vendor.clone());
        conditions.push_str(&format!(" AND vendor = ?{}", values.len()));
    }
    let sql = format!("SELECT COUNT(*) FROM standing WHERE {conditions}");
    let total = count(&mut connection.prepare(&sql)?, params_from_iter(&values))?;
    let sql = format!(
        "{SYSTEMS} WHERE {conditions} ORDER BY facility DESC, ordinal LIMIT {} OFFSET {}",
        limit(query.limit),
        limit(Some(query.offset))
    );
    let mut statement = connection.prepare(&sql)?;
    let lines = statement.query_map(params_from_iter(&values), |row| {
        Line::of(row, today).map(|line| line.info)
    })?;
    Ok(Page {
        total,
        lines: lines.collect::<rusqlite::Result<_>>()?,
    })
}

fn decided(connection: &Connection, log: i64) -> Result<DecisionInfo> {
    let sql = "SELECT d.decision, l.at, l.by_whom, d.why FROM decision d JOIN log l ON l.seq = d.log \
               WHERE d.log = ?1 LIMIT 1";
    let mut info = connection.query_row(sql, [log], |row| {
        Ok(DecisionInfo {
            decision: row.get(0)?,
            at: row.get(1)?,
            by: row.get(2)?,
            why: row.get(3)?,
            exceptions: Vec::new(),
        })
    })?;
    let sql = "SELECT content FROM exception WHERE log = ?1 ORDER BY ordinal";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map([log], |row| row.get(0))?;
    info.exceptions = found.collect::<rusqlite::Result<_>>()?;
    Ok(info)
}

pub(super) fn assessed(connection: &Connection, log: i64) -> Result<AssessmentInfo> {
    let sql = "SELECT profile, profile_sha256, day, qualified, \
               (SELECT COUNT(*) FROM waiver w WHERE w.log = a.log AND w.applied = 1) \
               FROM assessment a WHERE log = ?1";
    let mut info = connection.query_row(sql, [log], |row| {
        Ok(AssessmentInfo {
            profile: row.get(0)?,
            sha256: row.get(1)?,
            day: row.get(2)?,
            qualified: row.get(3)?,
            verdicts: BTreeMap::new(),
            waivers: whole(row, 4)?,
        })
    })?;
    let sql = "SELECT level, verdict, number FROM verdict WHERE log = ?1 ORDER BY level, verdict";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map([log], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, String>(1)?,
            whole(row, 2)?,
        ))
    })?;
    for one in found {
        let (level, verdict, number) = one?;
        info.verdicts
            .entry(level)
            .or_default()
            .insert(verdict, number);
    }
    Ok(info)
}

fn vendors(connection: &Connection, text: Option<&str>, today: Date) -> Result<Vec<VendorInfo>> {
    let mut of_vendor: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    let sql = format!("{SYSTEMS} WHERE {IN_USE} AND vendor IS NOT NULL");
    let mut statement = connection.prepare_cached(&sql)?;
    let lines = statement.query_map([], |row| Line::of(row, today))?;
    for line in lines {
        let info = line?.info;
        let statuses = of_vendor
            .entry(info.vendor.unwrap_or_default())
            .or_default();
        *statuses.entry(info.status).or_default() += 1;
    }
    let sql = "SELECT v.id, v.name, c.content, v.aliases FROM vendor v \
               LEFT JOIN contact c ON c.log = v.log AND c.vendor = v.id \
               WHERE v.log = (SELECT MAX(log) FROM facility) ORDER BY v.id";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map([], |row| {
        let aliases: String = row.get(3)?;
        let id: String = row.get(0)?;
        Ok((
            VendorInfo {
                statuses: of_vendor.remove(&id).unwrap_or_default(),
                id,
                name: row.get(1)?,
                contact: row.get(2)?,
            },
            aliases,
        ))
    })?;
    let words: Vec<String> = text
        .unwrap_or_default()
        .split_whitespace()
        .map(fold)
        .collect();
    let mut vendors = Vec::new();
    for one in found {
        let (vendor, aliases) = one?;
        let names = fold(&format!("{} {} {aliases}", vendor.id, vendor.name));
        if words.iter().all(|word| names.contains(word)) {
            vendors.push(vendor);
        }
    }
    Ok(vendors)
}

fn files(connection: &Connection, query: &FileQuery) -> Result<Page<FileInfo>> {
    let mut conditions = String::from("1 = 1");
    let mut values = patterns(query.text.as_deref());
    conditions.push_str(&alike("r.search", &values, 1));
    if let Some(system) = &query.system {
        values.push(system.clone());
        conditions.push_str(&format!(
            " AND r.log IN (SELECT a.received FROM assignment a WHERE a.system = ?{} AND a.log = \
             (SELECT MAX(b.log) FROM assignment b WHERE b.received = a.received AND b.position = a.position))",
            values.len()
        ));
    }
    if query.unassigned {
        conditions.push_str(&format!(" AND r.log IN ({UNASSIGNED})"));
    }
    if let Some(code) = &query.code {
        values.push(code.to_ascii_uppercase());
        let at = values.len();
        conditions.push_str(&format!(
            " AND r.log IN (SELECT f.log FROM finding f WHERE f.code = ?{at})"
        ));
    }
    // The numbers alone, all of them: an index holds them with what is searched, so that one look at it gives the
    // total and the page. Rows are read for the page only.
    let sql = format!("SELECT r.log FROM received r WHERE {conditions}");
    let mut statement = connection.prepare(&sql)?;
    let found = statement.query_map(params_from_iter(&values), |row| row.get(0))?;
    let mut found: Vec<i64> = found.collect::<rusqlite::Result<_>>()?;
    found.sort_unstable_by(|one, other| other.cmp(one));
    let total = found.len() as u64;
    let [offset, limit] = [query.offset, query.limit.unwrap_or(u64::MAX)]
        .map(|number| usize::try_from(number).unwrap_or(usize::MAX));
    let page = found.into_iter().skip(offset).take(limit);
    let lines = page.map(|entry| file(connection, entry));
    Ok(Page {
        total,
        lines: lines.collect::<Result<_>>()?,
    })
}

/// A file by the number of its entry.
fn file(connection: &Connection, entry: i64) -> Result<FileInfo> {
    let sql = "SELECT r.log, r.sha256, r.name, r.size, l.at, l.by_whom, r.readable, r.errors, r.warnings, r.notes \
               FROM received r JOIN log l ON l.seq = r.log WHERE r.log = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let mut file = statement.query_row([entry], |row| {
        Ok(FileInfo {
            entry: whole(row, 0)?,
            sha256: row.get(1)?,
            name: row.get(2)?,
            size: whole(row, 3)?,
            at: row.get(4)?,
            by: row.get(5)?,
            readable: row.get(6)?,
            errors: whole(row, 7)?,
            warnings: whole(row, 8)?,
            notes: whole(row, 9)?,
            systems: Vec::new(),
            disclosures: Vec::new(),
        })
    })?;
    file.disclosures = sheets(connection, file.entry)?;
    if file.disclosures.is_empty() {
        file.systems = add::now(connection, file.entry, 0)?;
    }
    Ok(file)
}

fn sheets(connection: &Connection, entry: u64) -> Result<Vec<SheetInfo>> {
    let sql = "SELECT sheet, form, edition, manufacturer, product, version, day, items, answered, service \
               FROM disclosure WHERE log = ?1 ORDER BY position";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map([super::rows::number(entry)], |row| {
        let service: bool = row.get(9)?;
        let info = SheetInfo {
            sheet: row.get(0)?,
            form: row.get(1)?,
            edition: row.get(2)?,
            manufacturer: row.get(3)?,
            product: row.get(4)?,
            version: row.get(5)?,
            date: row.get(6)?,
            items: whole(row, 7)?,
            answered: whole(row, 8)?,
            systems: Vec::new(),
            counts_for: Vec::new(),
        };
        Ok((info, service))
    })?;
    let found: Vec<(SheetInfo, bool)> = found.collect::<rusqlite::Result<_>>()?;
    let mut sheets = Vec::with_capacity(found.len());
    for (position, (mut sheet, service)) in (0..).zip(found) {
        sheet.systems = add::now(connection, entry, position)?;
        for system in &sheet.systems {
            let column = if service { "of_service" } else { "of_product" };
            let sql = format!("SELECT 1 FROM standing WHERE system = ?1 AND {column} = ?2");
            let mut statement = connection.prepare_cached(&sql)?;
            if statement.exists(params![system, super::rows::number(entry)])? {
                sheet.counts_for.push(system.clone());
            }
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}
