//! What is recorded: the bodies of log entries. All else in a register follows from them.
//!
//! The shapes are kept in files for years: a key is added with a default, none is renamed or taken away.

use serde::{Deserialize, Serialize};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Event {
    Facility(FacilityFile),
    Received(ReceivedFile),
    Assigned(Assigned),
    Requested(Requested),
    Decided(Decided),
    Assessed(Assessed),
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FacilityFile {
    pub(super) name: String,
    pub(super) kind: Option<String>,
    pub(super) safety_manager: Option<String>,
    pub(super) filled_by: Option<String>,
    pub(super) file: String,
    /// The text itself, by hash.
    pub(super) content: String,
    /// The form files that stand beside it.
    pub(super) forms: Vec<FormFile>,
    pub(super) vendors: Vec<VendorSaid>,
    pub(super) systems: Vec<SystemSaid>,
}

/// A form file that the facility file names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FormFile {
    pub(super) file: String,
    /// The text itself, by hash.
    pub(super) content: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VendorSaid {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) aliases: Vec<String>,
    pub(super) contact: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SystemSaid {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) category: Option<String>,
    pub(super) vendor: Option<String>,
    pub(super) manufacturer: Option<String>,
    pub(super) product: Option<String>,
    pub(super) version: Option<String>,
    pub(super) contract: bool,
    pub(super) facts: std::collections::BTreeMap<String, bool>,
    pub(super) devices: std::collections::BTreeMap<String, u32>,
}

/// A file that was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReceivedFile {
    pub(super) name: String,
    pub(super) sha256: String,
    pub(super) size: u64,
    pub(super) readable: bool,
    /// What read it.
    pub(super) tool: String,
    /// The disclosures as read (`kaijisho/disclosure/1`), by hash; none where there are none.
    pub(super) reading: Option<String>,
    /// The findings (`kaijisho/check/1`), by hash.
    pub(super) findings: String,
    pub(super) broken: Vec<Broken>,
    pub(super) disclosures: Vec<Read>,
    /// To which systems each disclosure belongs, or the file as a whole where it has none.
    pub(super) systems: Vec<Vec<String>>,
    /// How that is known: `product`, `named` or `none`.
    pub(super) how: String,
}

/// How often a rule was broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Broken {
    pub(super) code: String,
    pub(super) severity: String,
    pub(super) number: u64,
}

/// A disclosure as read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Read {
    pub(super) sheet: Option<String>,
    pub(super) form: String,
    pub(super) edition: String,
    pub(super) form_source: String,
    pub(super) family: String,
    pub(super) service: bool,
    pub(super) manufacturer: Option<String>,
    pub(super) product: Option<String>,
    pub(super) model: Option<String>,
    pub(super) version: Option<String>,
    /// The day on the sheet, where it can be read.
    pub(super) day: Option<String>,
    pub(super) items: u64,
    pub(super) answered: u64,
}

/// That disclosures of a file recorded before belong to other systems than was known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Assigned {
    /// The file, by the number of its entry.
    pub(super) received: u64,
    pub(super) position: u64,
    pub(super) systems: Vec<String>,
    pub(super) how: String,
}

/// That a sheet was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Requested {
    pub(super) system: String,
    pub(super) due: Option<String>,
    pub(super) note: Option<String>,
}

/// What was decided about the files of a system that count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Decided {
    pub(super) system: String,
    /// The files, by the numbers of their entries.
    pub(super) received: Vec<u64>,
    /// `accepted`, `accepted-with-exceptions` or `returned`.
    pub(super) decision: String,
    pub(super) why: String,
    pub(super) exceptions: Vec<String>,
    pub(super) due: Option<String>,
}

/// A disclosure held against a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Assessed {
    pub(super) received: u64,
    pub(super) position: u64,
    pub(super) system: Option<String>,
    pub(super) profile: String,
    pub(super) profile_sha256: String,
    /// The text of the profile, by hash, where it is at hand.
    pub(super) profile_text: Option<String>,
    pub(super) day: String,
    pub(super) qualified: bool,
    pub(super) verdicts: Vec<VerdictCount>,
    pub(super) waivers: Vec<WaiverSaid>,
    /// The results (`kaijisho/diff/1`), by hash.
    pub(super) results: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VerdictCount {
    pub(super) level: String,
    pub(super) verdict: String,
    pub(super) number: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WaiverSaid {
    pub(super) requirement: String,
    pub(super) manufacturer: Option<String>,
    pub(super) product: Option<String>,
    pub(super) reason: String,
    pub(super) approver: String,
    pub(super) first_day: String,
    pub(super) last_day: String,
    /// True if it set aside something of this disclosure.
    pub(super) applied: bool,
}

/// A list of risks as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RiskList {
    pub(super) file: String,
    /// The text itself, by hash.
    pub(super) content: String,
    pub(super) risks: Vec<RiskSaid>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RiskSaid {
    pub(super) id: String,
    pub(super) manufacturer: String,
    pub(super) product: String,
    pub(super) requirement: String,
    pub(super) item: String,
    pub(super) treatment: String,
    pub(super) owner: String,
    pub(super) due: String,
    pub(super) status: String,
}
