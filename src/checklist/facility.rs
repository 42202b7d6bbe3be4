//! The facility: its people, vendors, systems and its own answers, from a file of its own (`kaijisho/facility/1`).
//!
//! Two steps: the file as written, with its spans, and the checked [`Facility`], or every mistake with its line
//! and column. The file is about the facility and not about a year: answers name items that some year asks.

mod checked;
mod stated;
mod written;

pub(crate) use written::WrittenFacility;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use jiff::civil::Date;

use super::year::Year;
use crate::error::Result;
use crate::form::Catalog;
use crate::place::Place;
use crate::profile::{self, Named, Origin};
use crate::source::data_text;

/// The commented file to start from, which `kaijisho checklist --new` writes out.
pub const TEMPLATE: &str = include_str!("../../templates/facility.toml");

/// A vendor.
#[derive(Clone, Debug)]
pub struct Vendor {
    /// Its name in the file and in names of forms sent to it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Other names under which its disclosures come.
    pub aliases: Vec<String>,
    /// Whom to call.
    pub contact: Option<String>,
}

/// A system of the facility.
#[derive(Clone, Debug)]
pub struct System {
    /// Its name in the file.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What kind it is, as written.
    pub category: Option<String>,
    /// The categories of profiles that this names; `None` where nothing is said, or a word is not known.
    pub categories: Option<BTreeSet<String>>,
    /// Words of its category that name none of profiles.
    pub strange: Vec<String>,
    /// Facts by the names that profiles use.
    pub facts: BTreeMap<String, bool>,
    /// Its vendor, by position in [`Facility::vendors`].
    pub vendor: Option<usize>,
    /// Who made the product, where that is not the vendor.
    pub manufacturer: Option<String>,
    /// The product or service.
    pub product: Option<String>,
    /// The version in use.
    pub version: Option<String>,
    /// Number of servers, where it is known.
    pub servers: Option<u32>,
    /// Number of PCs.
    pub pcs: Option<u32>,
    /// Number of network devices.
    pub network_devices: Option<u32>,
    /// Whether remote maintenance is used.
    pub remote_maintenance: Option<bool>,
    /// Whether there is a contract with a vendor; taken as true where nothing is said.
    pub contract: bool,
    /// Files that hold its disclosure, by name, where product and manufacturer do not settle it.
    pub disclosures: Vec<String>,
    /// Where it stands in the file.
    pub place: Place,
}

impl System {
    /// What is said here for profiles: facts and categories.
    pub fn stated(&self) -> profile::System {
        let stated = profile::System {
            facts: self.facts.clone(),
            categories: self.categories.clone(),
            named: Some(Named {
                id: self.id.clone(),
                name: self.name.clone(),
                place: self.place.clone(),
            }),
            ..profile::System::default()
        };
        stated.said(Origin::FacilityFile)
    }
}

/// A second look at an item that was answered no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Second {
    /// The day.
    pub date: Date,
    /// The answer then.
    pub yes: bool,
}

/// An answer of the facility's own.
#[derive(Clone, Debug)]
pub struct Own {
    /// The item, by name.
    pub item: String,
    /// The system it is about, by position; `None` for all.
    pub system: Option<usize>,
    /// The answer.
    pub yes: bool,
    /// The day on which it was confirmed.
    pub checked: Date,
    /// The day by which a no is to become a yes.
    pub target: Option<Date>,
    /// The second look.
    pub second: Option<Second>,
    /// What it rests on: a text, the name of a document, a link.
    pub evidence: Vec<String>,
    /// Who confirmed it.
    pub by: Option<String>,
    /// Where it stands in the file.
    pub place: Place,
    /// Where its target date stands, or else the answer.
    pub target_at: Place,
}

/// A facility file, checked.
#[derive(Clone, Debug)]
pub struct Facility {
    /// The file it was read from.
    pub file: String,
    /// SHA-256 of the file's text, in hexadecimal.
    pub sha256: String,
    /// Name of the facility.
    pub name: String,
    /// Hospital, clinic and the like.
    pub kind: Option<String>,
    /// Form files, as named from the folder of this file.
    pub form_files: Vec<String>,
    /// Who answers for the safety of medical information systems.
    pub safety_manager: Option<String>,
    /// Who fills in the checklist.
    pub filled_by: Option<String>,
    /// The vendors.
    pub vendors: Vec<Vendor>,
    /// The systems.
    pub systems: Vec<System>,
    /// The facility's own answers.
    pub answers: Vec<Own>,
    /// Positions of the answers by item and system.
    index: HashMap<String, HashMap<Option<usize>, Vec<usize>>>,
}

impl Facility {
    /// Loads a facility file; `year` is the year that is asked for, whose items it may answer beside those of
    /// the bundled years.
    ///
    /// # Errors
    /// [`Error::Read`](crate::Error::Read) if it cannot be read, [`Error::Invalid`](crate::Error::Invalid) with
    /// every mistake and its place.
    pub fn load(path: &Path, year: &Year) -> Result<Self> {
        Self::parse(&data_text(path)?, &path.display().to_string(), year)
    }

    /// Checks the text of a facility file.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) with every mistake and its place.
    ///
    /// ```
    /// use kaijisho::checklist::{FACILITY_TEMPLATE, Facility, YEARS, Year};
    /// let r7 = Year::parse(YEARS[2].1, "r7")?;
    /// let facility = Facility::parse(FACILITY_TEMPLATE, "facility.toml", &r7)?;
    /// assert!(!facility.systems.is_empty());
    /// # Ok::<(), kaijisho::Error>(())
    /// ```
    pub fn parse(text: &str, name: &str, year: &Year) -> Result<Self> {
        checked::parse(text, name, Some(year))
    }

    /// Loads a facility file for its systems alone: answers to items that no bundled year asks are no mistake.
    ///
    /// # Errors
    /// As [`Facility::load`].
    pub fn load_systems(path: &Path) -> Result<Self> {
        Self::parse_systems(&data_text(path)?, &path.display().to_string())
    }

    /// Checks the text of a facility file for its systems alone.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) with every mistake and its place.
    pub fn parse_systems(text: &str, name: &str) -> Result<Self> {
        checked::parse(text, name, None)
    }

    /// The forms of its form files, which stand beside the facility file.
    ///
    /// # Errors
    /// As [`Catalog::load`], for the first that cannot be read or has mistakes.
    pub fn forms(&self) -> Result<Vec<Catalog>> {
        let folder = Path::new(&self.file).parent().unwrap_or(Path::new(""));
        let files = self.form_files.iter();
        files
            .map(|file| Catalog::load(&folder.join(file)))
            .collect()
    }

    /// The vendor of a system.
    pub fn vendor_of(&self, system: &System) -> Option<&Vendor> {
        system.vendor.map(|at| &self.vendors[at])
    }

    /// The facility's own answer to an item: one confirmed in the year goes before one that was not, and one about
    /// the system before one about all; of several the latest.
    pub fn own(&self, item: &str, system: Option<usize>, year: &Year) -> Option<&Own> {
        let of_item = self.index.get(item)?;
        let of = |system: Option<usize>| of_item.get(&system).into_iter().flatten();
        let all = of(None).filter(|_| system.is_some());
        let key = |own: &&Own| (year.holds(own.checked), own.system.is_some(), own.checked);
        let own = of(system).chain(all).map(|at| &self.answers[*at]);
        own.max_by_key(key)
    }
}
