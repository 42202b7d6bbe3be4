//! What is recorded: the bodies of log entries. All else in a register follows from them.
//!
//! The shapes are kept in files for years: a key is added with a default, none is renamed or taken away.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum Event {
    /// A facility file was recorded.
    Facility(FacilityFile),
    /// A file was received.
    Received(ReceivedFile),
    /// A disclosure was given to systems.
    Assigned(Assigned),
    /// A sheet was asked for.
    Requested(Requested),
    /// Something was decided about files.
    Decided(Decided),
    /// A disclosure was held against a profile.
    Assessed(Assessed),
    /// A list of risks was recorded.
    Risks(RiskList),
}

impl Event {
    /// The name of the kind in the log.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Event::Facility(_) => "facility",
            Event::Received(_) => "received",
            Event::Assigned(_) => "assigned",
            Event::Requested(_) => "requested",
            Event::Decided(_) => "decided",
            Event::Assessed(_) => "assessed",
            Event::Risks(_) => "risks",
        }
    }

    /// Reads the body of an entry of a kind; what is wrong with it comes back in serde's words.
    pub(super) fn read(kind: &str, body: &str) -> Result<Self, String> {
        fn of<'b, T: Deserialize<'b>>(body: &'b str) -> Result<T, String> {
            serde_json::from_str(body).map_err(|error| error.to_string())
        }
        match kind {
            "facility" => of(body).map(Event::Facility),
            "received" => of(body).map(Event::Received),
            "assigned" => of(body).map(Event::Assigned),
            "requested" => of(body).map(Event::Requested),
            "decided" => of(body).map(Event::Decided),
            "assessed" => of(body).map(Event::Assessed),
            "risks" => of(body).map(Event::Risks),
            other => Err(format!("unknown kind {other:?}")),
        }
    }
}

/// Bytes that an entry brings or refers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Object {
    /// SHA-256 of the bytes.
    pub(super) sha256: String,
    /// `original`, `reading`, `findings`, `facility`, `profile`, `results` or `risks`.
    pub(super) kind: String,
    /// The ending of a file with these bytes.
    pub(super) ending: String,
    /// How many bytes.
    pub(super) size: u64,
}

/// A facility file, as `checklist` reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FacilityFile {
    /// The facility.
    pub(super) name: String,
    /// What kind of facility it is.
    pub(super) kind: Option<String>,
    /// The manager of information safety.
    pub(super) safety_manager: Option<String>,
    /// Who fills the checklist.
    pub(super) filled_by: Option<String>,
    /// The name of the file.
    pub(super) file: String,
    /// The text itself, by hash.
    pub(super) content: String,
    /// The form files that stand beside it.
    pub(super) forms: Vec<FormFile>,
    /// Vendors, each once.
    pub(super) vendors: Vec<VendorSaid>,
    /// Systems in the order of the file.
    pub(super) systems: Vec<SystemSaid>,
}

/// A form file that the facility file names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FormFile {
    /// The name of the file.
    pub(super) file: String,
    /// The text itself, by hash.
    pub(super) content: String,
}

/// A vendor of the facility file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VendorSaid {
    /// Its name in the facility file.
    pub(super) id: String,
    /// Its name.
    pub(super) name: String,
    /// Other names of it.
    pub(super) aliases: Vec<String>,
    /// Whom to ask.
    pub(super) contact: Option<String>,
}

/// A system of the facility file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SystemSaid {
    /// Its name in the facility file.
    pub(super) id: String,
    /// Its name.
    pub(super) name: String,
    /// What it is for.
    pub(super) category: Option<String>,
    /// The vendor, by its name in the facility file.
    pub(super) vendor: Option<String>,
    /// The maker, where it is not the vendor.
    pub(super) manufacturer: Option<String>,
    /// The product or service.
    pub(super) product: Option<String>,
    /// Its version.
    pub(super) version: Option<String>,
    /// Whether there is a contract with the vendor.
    pub(super) contract: bool,
    /// What is true of it.
    pub(super) facts: std::collections::BTreeMap<String, bool>,
    /// How many devices of a kind there are.
    pub(super) devices: std::collections::BTreeMap<String, u32>,
}

/// A file that was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReceivedFile {
    /// Its name.
    pub(super) name: String,
    /// SHA-256 of its bytes.
    pub(super) sha256: String,
    /// How many bytes.
    pub(super) size: u64,
    /// False where no disclosure could be read.
    pub(super) readable: bool,
    /// What read it.
    pub(super) tool: String,
    /// The disclosures as read (`kaijisho/disclosure/1`), by hash; none where there are none.
    pub(super) reading: Option<String>,
    /// The findings (`kaijisho/check/1`), by hash.
    pub(super) findings: String,
    /// Rules that were broken.
    pub(super) broken: Vec<Broken>,
    /// The disclosures in it.
    pub(super) disclosures: Vec<Read>,
    /// To which systems each disclosure belongs, or the file as a whole where it has none.
    pub(super) systems: Vec<Vec<String>>,
    /// How that is known: `product`, `named` or `none`.
    pub(super) how: String,
}

/// How often a rule was broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Broken {
    /// The rule.
    pub(super) code: String,
    /// `error`, `warning` or `note`.
    pub(super) severity: String,
    /// How often.
    pub(super) number: u64,
}

/// A disclosure as read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Read {
    /// The sheet of the workbook.
    pub(super) sheet: Option<String>,
    /// The form, by its id.
    pub(super) form: String,
    /// Its edition.
    pub(super) edition: String,
    /// How the form is known: `bundled`, `imported`, `given` or `derived`.
    pub(super) form_source: String,
    /// The family of the form.
    pub(super) family: String,
    /// True for a service, false for a product.
    pub(super) service: bool,
    /// Maker or provider.
    pub(super) manufacturer: Option<String>,
    /// Product or service.
    pub(super) product: Option<String>,
    /// Model.
    pub(super) model: Option<String>,
    /// Version.
    pub(super) version: Option<String>,
    /// The day on the sheet, where it can be read.
    pub(super) day: Option<String>,
    /// Items of the form.
    pub(super) items: u64,
    /// Items with an answer.
    pub(super) answered: u64,
}

/// That disclosures of a file recorded before belong to other systems than was known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Assigned {
    /// The file, by the number of its entry.
    pub(super) received: u64,
    /// Which of its disclosures, the first being 0.
    pub(super) position: u64,
    /// The systems; none where it is empty.
    pub(super) systems: Vec<String>,
    /// How that is known: `product` or `named`.
    pub(super) how: String,
}

/// That a sheet was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Requested {
    /// The system.
    pub(super) system: String,
    /// The day by which it is wanted.
    pub(super) due: Option<String>,
    /// A remark.
    pub(super) note: Option<String>,
}

/// What was decided about the files of a system that count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Decided {
    /// The system.
    pub(super) system: String,
    /// The files, by the numbers of their entries.
    pub(super) received: Vec<u64>,
    /// `accepted`, `accepted-with-exceptions` or `returned`.
    pub(super) decision: String,
    /// The reason.
    pub(super) why: String,
    /// What was not accepted.
    pub(super) exceptions: Vec<String>,
    /// The day by which a corrected one is wanted.
    pub(super) due: Option<String>,
}

/// A disclosure held against a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Assessed {
    /// The file, by the number of its entry.
    pub(super) received: u64,
    /// Which of its disclosures, the first being 0.
    pub(super) position: u64,
    /// The system.
    pub(super) system: Option<String>,
    /// The profile, by its id.
    pub(super) profile: String,
    /// SHA-256 of the profile's text.
    pub(super) profile_sha256: String,
    /// The text of the profile, by hash, where it is at hand.
    pub(super) profile_text: Option<String>,
    /// The day on which waivers were judged.
    pub(super) day: String,
    /// True where no must is open.
    pub(super) qualified: bool,
    /// How many verdicts of each kind there were.
    pub(super) verdicts: Vec<VerdictCount>,
    /// The waivers of the profile.
    pub(super) waivers: Vec<WaiverSaid>,
    /// The results (`kaijisho/diff/1`), by hash.
    pub(super) results: String,
}

/// How many requirements of a level had a verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VerdictCount {
    /// `must`, `should` or `info`.
    pub(super) level: String,
    /// The verdict.
    pub(super) verdict: String,
    /// How many.
    pub(super) number: u64,
}

/// A waiver of the profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WaiverSaid {
    /// The requirement that it sets aside.
    pub(super) requirement: String,
    /// Only for this maker.
    pub(super) manufacturer: Option<String>,
    /// Only for this product.
    pub(super) product: Option<String>,
    /// The reason.
    pub(super) reason: String,
    /// Who approved it.
    pub(super) approver: String,
    /// Its first day.
    pub(super) first_day: String,
    /// Its last day.
    pub(super) last_day: String,
    /// True if it set aside something of this disclosure.
    pub(super) applied: bool,
}

/// A list of risks as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RiskList {
    /// The name of the file.
    pub(super) file: String,
    /// The text itself, by hash.
    pub(super) content: String,
    /// Its entries.
    pub(super) risks: Vec<RiskSaid>,
}

/// An entry of a list of risks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RiskSaid {
    /// Its number.
    pub(super) id: String,
    /// Maker.
    pub(super) manufacturer: String,
    /// Product.
    pub(super) product: String,
    /// The requirement.
    pub(super) requirement: String,
    /// The item.
    pub(super) item: String,
    /// What is done about it.
    pub(super) treatment: String,
    /// Who answers for it.
    pub(super) owner: String,
    /// By when.
    pub(super) due: String,
    /// How far it is.
    pub(super) status: String,
}
