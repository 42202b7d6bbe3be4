//! The facility file in the register: its systems and vendors, and which sheets are of which.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension};

use super::event::{Assigned, Event, FacilityFile, FormFile, SystemSaid, VendorSaid};
use super::log::{self, Stamp};
use super::object::{self, Content};
use super::{Cached, Register, standing};
use crate::checklist::{Belonging, Facility, Names, System, Systems, Year, matched_names};
use crate::error::Result;
use crate::examine::Options;
use crate::form::Catalog;
use crate::profile::Profile;

/// How a disclosure came to its system: product and maker are the same, or the facility file names the file.
pub(super) const BY_PRODUCT: &str = "product";
/// Somebody said so.
pub(super) const NAMED: &str = "named";

impl Register {
    /// Records a facility file, which must be checked already; `text` is its text, `forms` are the names and texts
    /// of its form files. Sheets that were of no system are matched anew. Gives the numbers of systems and of sheets that found their system, or `None` where the
    /// file is the one that counts already.
    ///
    /// # Errors
    /// [`crate::Error::Register`] if the register cannot be written.
    pub fn record_facility(
        &mut self,
        facility: &Facility,
        text: &str,
        forms: &[(String, String)],
        stamp: &Stamp,
    ) -> Result<Option<(usize, usize)>> {
        self.write(|connection, cached| {
            let mut contents = vec![Content::text(text, "facility", "toml")];
            let of_forms = forms
                .iter()
                .map(|(_, text)| Content::text(text, "form", "toml"));
            contents.extend(of_forms);
            let hashes: Vec<String> = contents
                .iter()
                .map(|content| content.object.sha256.clone())
                .collect();
            if let Some((_, now)) = current_hash(connection)? {
                let mut known = vec![now];
                known.extend(form_files(connection)?.into_iter().map(|(_, hash)| hash));
                if known == hashes {
                    return Ok(None);
                }
            }
            let mut file = said(facility, &hashes[0]);
            let of_forms = forms.iter().zip(&hashes[1..]);
            file.forms = of_forms
                .map(|((name, _), hash)| FormFile {
                    file: file_name(name),
                    content: hash.clone(),
                })
                .collect();
            log::append(connection, stamp, &Event::Facility(file), &contents)?;
            cached.facility = None;
            let mut touched: BTreeSet<String> = standing::known(connection)?;
            touched.extend(facility.systems.iter().map(|system| system.id.clone()));
            let matched = match_again(connection, cached, stamp, &mut touched)?;
            standing::refresh(connection, &touched)?;
            Ok(Some((facility.systems.len(), matched)))
        })
    }

    /// How files are read, with the forms that stand beside the facility file that counts.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] if a form file has mistakes.
    pub fn options(&self, mut options: Options) -> Result<Options> {
        let forms = self.read(|connection| {
            let files = form_files(connection)?.into_iter();
            let texts = files.map(|(name, hash)| Ok((name, object::text(connection, &hash)?)));
            texts.collect::<Result<Vec<(String, String)>>>()
        })?;
        for (name, text) in forms {
            options.catalog = options.catalog.with(&Catalog::parse(&text, &name)?);
        }
        Ok(options)
    }

    /// A profile with what the facility file that counts says of a system, beside what the profile itself says.
    pub(super) fn profile_of(&self, profile: &Profile, system: &str) -> Result<Profile> {
        let text = self.read(|connection| {
            let now = current_hash(connection)?;
            now.map(|(_, hash)| object::text(connection, &hash))
                .transpose()
        })?;
        let mut of_system = profile.clone();
        if let Some(text) = text {
            let facility = Facility::parse_systems(&text, "facility")?;
            let at = facility.systems.iter().position(|one| one.id == system);
            if let Some(at) = at {
                let systems = Systems::new(&facility, &profile.system);
                of_system.system = systems.said(&Belonging::Of(at)).clone();
            }
        }
        Ok(of_system)
    }

    /// The facility file that counts, read for a year's checklist, with the files of each system named as
    /// [`Register::current`] names them; `None` where none was recorded.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] if the file does not fit the year.
    pub fn facility(&self, year: &Year) -> Result<Option<Facility>> {
        self.read(|connection| {
            let Some((_, hash)) = current_hash(connection)? else {
                return Ok(None);
            };
            let text = object::text(connection, &hash)?;
            let sql = "SELECT file FROM facility WHERE log = (SELECT MAX(log) FROM facility)";
            let file: String = connection.query_row(sql, [], |row| row.get(0))?;
            let mut facility = Facility::parse(&text, &file, year)?;
            for system in &mut facility.systems {
                system.disclosures = standing::current_names(connection, &system.id)?;
            }
            Ok(Some(facility))
        })
    }
}

/// The form files beside the facility file that counts: names and hashes.
fn form_files(connection: &Connection) -> Result<Vec<(String, String)>> {
    let sql = "SELECT file, content FROM form_file \
               WHERE log = (SELECT MAX(log) FROM facility) ORDER BY ordinal";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The entry and the hash of the facility file that counts.
fn current_hash(connection: &Connection) -> Result<Option<(u64, String)>> {
    let sql = "SELECT log, content FROM facility WHERE log = (SELECT MAX(log) FROM facility)";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement
        .query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.map(|(log, hash)| (u64::try_from(log).unwrap_or(0), hash)))
}

/// The facility file that counts, from memory where it is the same still.
pub(super) fn current<'c>(
    connection: &Connection,
    cached: &'c mut Cached,
) -> Result<Option<&'c Facility>> {
    let Some((log, hash)) = current_hash(connection)? else {
        return Ok(None);
    };
    if cached
        .facility
        .as_ref()
        .is_none_or(|(known, _)| *known != log)
    {
        let text = object::text(connection, &hash)?;
        let facility = Facility::parse_systems(&text, "facility")?;
        cached.facility = Some((log, facility));
    }
    Ok(cached.facility.as_ref().map(|(_, facility)| facility))
}

/// The systems of sheets.
#[derive(Debug)]
pub(super) struct Matches {
    /// Those of which each certainly is.
    pub(super) certain: Vec<Vec<String>>,
    /// Those of which each may be.
    pub(super) perhaps: Vec<Vec<String>>,
}

pub(super) fn matches(facility: Option<&Facility>, names: &[Names]) -> Matches {
    let mut found = Matches {
        certain: vec![Vec::new(); names.len()],
        perhaps: vec![Vec::new(); names.len()],
    };
    let Some(facility) = facility else {
        return found;
    };
    for (system, matched) in facility.systems.iter().zip(matched_names(facility, names)) {
        for one in &matched {
            let kept = match one.doubt {
                None => &mut found.certain,
                Some(_) => &mut found.perhaps,
            };
            kept[one.sheet].push(system.id.clone());
        }
    }
    found
}

/// Sheets of no system are held against the systems of today. Gives how many found one.
fn match_again(
    connection: &Connection,
    cached: &mut Cached,
    stamp: &Stamp,
    touched: &mut BTreeSet<String>,
) -> Result<usize> {
    let sql = "SELECT a.received, a.position, r.name, COALESCE(d.manufacturer, ''), COALESCE(d.product, '') \
               FROM assignment a JOIN received r ON r.log = a.received \
               JOIN disclosure d ON d.log = a.received AND d.position = a.position \
               WHERE a.system IS NULL AND a.log = (SELECT MAX(b.log) FROM assignment b \
               WHERE b.received = a.received AND b.position = a.position) \
               ORDER BY a.received, a.position";
    let mut statement = connection.prepare(sql)?;
    let found = statement.query_map([], |row| {
        let text = |at| row.get::<_, String>(at);
        Ok((
            (row.get::<_, i64>(0)?, row.get::<_, i64>(1)?),
            [text(2)?, text(3)?, text(4)?],
        ))
    })?;
    let unassigned: Vec<((i64, i64), [String; 3])> = found.collect::<rusqlite::Result<_>>()?;
    let names: Vec<Names> = unassigned
        .iter()
        .map(|(_, [file, maker, product])| Names::new(file, maker, product))
        .collect();
    let systems = matches(current(connection, cached)?, &names).certain;
    let mut matched = 0;
    for (((received, position), _), systems) in unassigned.iter().zip(systems) {
        if systems.is_empty() {
            continue;
        }
        touched.extend(systems.iter().cloned());
        let event = Event::Assigned(Assigned {
            received: u64::try_from(*received).unwrap_or(0),
            position: u64::try_from(*position).unwrap_or(0),
            systems,
            how: BY_PRODUCT.to_owned(),
        });
        log::append(connection, stamp, &event, &[])?;
        matched += 1;
    }
    Ok(matched)
}

fn said(facility: &Facility, content: &str) -> FacilityFile {
    FacilityFile {
        name: facility.name.clone(),
        kind: facility.kind.clone(),
        safety_manager: facility.safety_manager.clone(),
        filled_by: facility.filled_by.clone(),
        file: file_name(&facility.file),
        content: content.to_owned(),
        forms: Vec::new(),
        vendors: facility
            .vendors
            .iter()
            .map(|vendor| VendorSaid {
                id: vendor.id.clone(),
                name: vendor.name.clone(),
                aliases: vendor.aliases.clone(),
                contact: vendor.contact.clone(),
            })
            .collect(),
        systems: facility
            .systems
            .iter()
            .map(|system| system_said(facility, system))
            .collect(),
    }
}

fn system_said(facility: &Facility, system: &System) -> SystemSaid {
    let devices = [
        ("servers", system.servers),
        ("pcs", system.pcs),
        ("network-devices", system.network_devices),
    ];
    let devices = devices.into_iter();
    let mut facts: BTreeMap<String, bool> = system.facts.clone();
    if let Some(holds) = system.remote_maintenance {
        facts.insert("remote_maintenance".to_owned(), holds);
    }
    SystemSaid {
        id: system.id.clone(),
        name: system.name.clone(),
        category: system.category.clone(),
        vendor: facility.vendor_of(system).map(|vendor| vendor.id.clone()),
        manufacturer: system.manufacturer.clone(),
        product: system.product.clone(),
        version: system.version.clone(),
        contract: system.contract,
        facts,
        devices: devices
            .filter_map(|(kind, devices)| Some((kind.to_owned(), devices?)))
            .collect(),
    }
}

/// The last part of a path: where a file lay on somebody's disk is nobody's business.
fn file_name(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    super::prepare::short(name)
}
