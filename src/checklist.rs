//! Checklist: the ministry's yearly checklist of a facility, filled from its own file and the disclosures received.
//!
//! Pure: no clock, no files. How an item comes about, for the facility or for each system:
//! 1. Not needed: no system is in use, there is no contract with a vendor (where the item says so), or the system
//!    has none of the devices asked about.
//! 2. A fact decides where there is one: a disclosure of the product was received and can be read, a safety
//!    manager is named, the facility and the vendor say the same about remote maintenance. An answer of the
//!    facility's own that says otherwise makes it *to be checked*.
//! 3. Else the facility's own answer of this fiscal year; a second look that has taken place goes before the first.
//! 4. Else what disclosures say is shown as evidence and the item is *to be checked*: that a product can do
//!    something does not mean that the facility does it.
//! 5. Else it is *open*.
//!
//! The whole of an item asked of each system is no if any is no, else open, to be checked, and yes only if all are.

mod answer;
mod concern;
mod facility;
mod facts;
mod findings;
mod matching;
mod mistakes;
mod systems;
mod year;

pub use concern::Concern;
pub(crate) use facility::WrittenFacility;
pub use facility::{Facility, Own, Second, System, TEMPLATE as FACILITY_TEMPLATE, Vendor};
pub(crate) use matching::{Names, matched_names};
pub use systems::{Belonging, Systems};
pub(crate) use year::WrittenYear;
pub use year::{BUNDLED as YEARS, Fact, Item, ItemArea, ItemSubject, Per, Year};

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::disclosure::{Disclosure, Entry};
use crate::examine::Examined;
use crate::finding::Finding;

/// A disclosure that was received.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    /// The file it came in.
    pub file: &'a Examined,
    /// Its position among the file's disclosures.
    pub at: usize,
    /// The disclosure.
    pub disclosure: &'a Disclosure,
}

/// Why it is not certain that a disclosure is of a system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The product is the same, but one side names no manufacturer.
    ManufacturerMissing,
    /// The product is the same, the manufacturer another.
    ManufacturerDiffers,
    /// The manufacturer is the same, the product's name only alike.
    ProductDiffers,
}

impl Doubt {
    /// The name in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Doubt::ManufacturerMissing => "manufacturer-missing",
            Doubt::ManufacturerDiffers => "manufacturer-differs",
            Doubt::ProductDiffers => "product-differs",
        }
    }
}

/// A disclosure that is, or may be, of a system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matched {
    /// The disclosure, by position among those received.
    pub sheet: usize,
    /// Why it is not certain; `None` where it is.
    pub doubt: Option<Doubt>,
}

/// A disclosure of a system, with what is doubtful about it.
#[derive(Clone, Debug)]
pub struct Received {
    /// Which one.
    pub matched: Matched,
    /// True if it is the one that counts: certain, and the latest of its kind (product or service).
    pub current: bool,
    /// What to look at.
    pub concerns: Vec<Concern>,
}

/// What an item comes to: はい, いいえ, 要確認 (something speaks to it, but the facility has to answer), 未確認
/// (nothing does), 記入不要.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    #[allow(missing_docs)] // one documented variant would turn the JSON Schema's enum into a oneOf
    Yes,
    #[allow(missing_docs)]
    No,
    #[allow(missing_docs)]
    Check,
    #[allow(missing_docs)]
    Open,
    #[allow(missing_docs)]
    NotNeeded,
}

impl Status {
    /// All, in the order of counts.
    pub const ALL: [Status; 5] = [
        Status::Yes,
        Status::No,
        Status::Check,
        Status::Open,
        Status::NotNeeded,
    ];

    /// The name in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Status::Yes => "yes",
            Status::No => "no",
            Status::Check => "check",
            Status::Open => "open",
            Status::NotNeeded => "not-needed",
        }
    }
}

/// Why an item comes to what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The facility's own answer.
    Own,
    /// A fact of the facility file.
    Fact,
    /// A fact of the facility file speaks to it, but the facility has to answer.
    FactOnly,
    /// The facility's own answer says otherwise than a fact.
    AgainstFact,
    /// The facility answered in another fiscal year only.
    OtherYear,
    /// Disclosures say yes.
    SaysYes,
    /// Disclosures say no.
    SaysNo,
    /// Disclosures say neither or both.
    SaysMixed,
    /// A disclosure is there and can be read.
    Arrived,
    /// No disclosure is there.
    NotArrived,
    /// There may be a disclosure.
    PerhapsArrived,
    /// Facility and vendor say the same.
    Agreed,
    /// Facility and vendor do not say the same.
    Disagreed,
    /// Nothing speaks to it.
    Nothing,
    /// No system is in use.
    NotInUse,
    /// There is no contract with a vendor.
    NoContract,
    /// The system has no such device.
    NoDevice,
    /// As its systems come to.
    Systems,
}

impl Why {
    /// The name in JSON, and of its label.
    pub fn code(self) -> &'static str {
        match self {
            Why::Own => "own",
            Why::Fact => "fact",
            Why::FactOnly => "fact-only",
            Why::AgainstFact => "against-fact",
            Why::OtherYear => "other-year",
            Why::SaysYes => "says-yes",
            Why::SaysNo => "says-no",
            Why::SaysMixed => "says-mixed",
            Why::Arrived => "arrived",
            Why::NotArrived => "not-arrived",
            Why::PerhapsArrived => "perhaps-arrived",
            Why::Agreed => "agreed",
            Why::Disagreed => "disagreed",
            Why::Nothing => "nothing",
            Why::NotInUse => "not-in-use",
            Why::NoContract => "no-contract",
            Why::NoDevice => "no-device",
            Why::Systems => "systems",
        }
    }
}

/// What a disclosure says to a control of an item.
#[derive(Clone, Debug)]
pub struct Said<'a> {
    /// The disclosure, by position among those received.
    pub sheet: usize,
    /// The system it is of.
    pub system: usize,
    /// The control.
    pub control: &'a str,
    /// What stands there.
    pub entry: &'a Entry,
}

/// An answer and the day on which it was confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// The answer.
    pub yes: bool,
    /// The day.
    pub date: Date,
}

/// What an item comes to for one system, or for the facility as a whole.
#[derive(Clone, Debug)]
pub struct Cell<'a> {
    /// What it comes to.
    pub status: Status,
    /// Why.
    pub why: Why,
    /// The first confirmation.
    pub first: Option<Confirmed>,
    /// The day by which a no is to become a yes.
    pub target: Option<Date>,
    /// The second look.
    pub second: Option<Confirmed>,
    /// The facility's own answer.
    pub own: Option<&'a Own>,
    /// What facts of the facility file say, each as a label's key and values.
    pub facts: Vec<(&'static str, Vec<(&'static str, String)>)>,
    /// What disclosures say.
    pub said: Vec<Said<'a>>,
    /// True if a disclosure says no to what the facility answers yes.
    pub disputed: bool,
}

/// An item, filled.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// The item.
    pub item: &'a Item,
    /// What it comes to for the facility.
    pub whole: Cell<'a>,
    /// What it comes to for each system, in the order of the facility file; none where it is asked once.
    pub systems: Vec<Cell<'a>>,
}

/// A checklist, filled.
#[derive(Clone, Debug)]
pub struct Filled<'a> {
    /// The items in the order of the form.
    pub lines: Vec<Line<'a>>,
    /// The disclosures of each system.
    pub received: Vec<Vec<Received>>,
    /// Disclosures that are of no system, by position.
    pub unmatched: Vec<usize>,
    /// What is to be said about the facility's own answers.
    pub findings: Vec<Finding>,
}

impl Filled<'_> {
    /// True if a readable disclosure of a system is there.
    pub fn has_disclosure(&self, system: usize) -> bool {
        self.received[system]
            .iter()
            .any(|received| received.current)
    }
}

/// Fills a year's checklist on a day.
pub fn fill<'a>(
    year: &'a Year,
    facility: &'a Facility,
    sheets: &[Sheet<'a>],
    today: Date,
) -> Filled<'a> {
    let matched = matching::matched(facility, sheets);
    let mut is_matched = vec![false; sheets.len()];
    let received: Vec<Vec<Received>> = facility
        .systems
        .iter()
        .zip(matched)
        .map(|(system, matched)| {
            for one in &matched {
                is_matched[one.sheet] = true;
            }
            received(system, matched, sheets, today)
        })
        .collect();
    let about = answer::About {
        year,
        facility,
        sheets,
        received: &received,
        today,
    };
    let lines: Vec<Line<'a>> = year.items.iter().map(|item| about.line(item)).collect();
    let findings = findings::findings(year, facility, &lines, today);
    let unmatched = (0..sheets.len()).filter(|at| !is_matched[*at]).collect();
    Filled {
        lines,
        received,
        unmatched,
        findings,
    }
}

/// The disclosures of a system; of the certain ones the latest of each kind counts, the first of equals.
fn received(
    system: &System,
    matched: Vec<Matched>,
    sheets: &[Sheet<'_>],
    today: Date,
) -> Vec<Received> {
    let latest = |service: bool| {
        let certain = matched.iter().filter(|matched| {
            matched.doubt.is_none()
                && sheets[matched.sheet].disclosure.form.family.is_service() == service
        });
        let latest = certain.max_by_key(|matched| {
            let at = matched.sheet;
            (concern::date_of(&sheets[at]), std::cmp::Reverse(at))
        });
        latest.map(|matched| matched.sheet)
    };
    let counts = [latest(false), latest(true)];
    matched
        .into_iter()
        .map(|matched| {
            let current = matched.doubt.is_none() && counts.contains(&Some(matched.sheet));
            let concerns = if current {
                concern::concerns(&sheets[matched.sheet], system, today)
            } else {
                Vec::new()
            };
            Received {
                matched,
                current,
                concerns,
            }
        })
        .collect()
}
