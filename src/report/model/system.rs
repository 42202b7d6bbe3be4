//! The published shape of what is known of the systems that disclosures are of.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Document, PlaceInfo, Report, place_info};
use crate::assess::Assessment;
use crate::checklist::Facility;
use crate::language::Language;
use crate::profile::{FactSource, Ground, Named, Origin};

/// The facility file whose systems the disclosures are of.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FacilityInfo {
    /// Name of the facility.
    pub name: String,
    /// The file as named by the user.
    pub file: String,
    /// SHA-256 of the file.
    pub sha256: String,
}

/// A system of the facility file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FacilitySystem {
    /// Its name in the file.
    pub id: String,
    /// What the facility calls it.
    pub name: String,
    /// Where it stands in the facility file.
    pub place: Option<PlaceInfo>,
}

/// A fact of a system, or a category, on which a requirement depends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FactInfo {
    /// Its name in profiles; of a category, with `category:` in front.
    pub name: String,
    /// Whether it holds; null where nobody says.
    pub holds: Option<bool>,
    /// Who says so.
    pub source: FactFrom,
    /// The item of the sheet that says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// The same in words.
    pub text: String,
}

/// Who says whether a fact holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FactFrom {
    #[allow(missing_docs)] // one documented variant would turn the JSON Schema's enum into a oneOf
    Asked,
    #[allow(missing_docs)]
    Facility,
    #[allow(missing_docs)]
    Profile,
    #[allow(missing_docs)]
    Sheet,
    #[allow(missing_docs)]
    Nobody,
}

impl FacilityInfo {
    /// What is published of a facility file.
    pub fn of(facility: &Facility) -> Self {
        Self {
            name: facility.name.clone(),
            file: facility.file.clone(),
            sha256: facility.sha256.clone(),
        }
    }
}

impl FacilitySystem {
    fn of(named: &Named) -> Self {
        Self {
            id: named.id.clone(),
            name: named.name.clone(),
            place: place_info(&named.place),
        }
    }
}

impl FactInfo {
    /// What is published of a ground, in the words of a language.
    pub fn of(ground: &Ground, language: Language) -> Self {
        let (source, item) = match &ground.source {
            FactSource::Facility(Origin::Asked) => (FactFrom::Asked, None),
            FactSource::Facility(Origin::FacilityFile) => (FactFrom::Facility, None),
            FactSource::Facility(Origin::Profile) => (FactFrom::Profile, None),
            FactSource::Sheet(item) => (FactFrom::Sheet, Some(item.to_string())),
            FactSource::Nobody => (FactFrom::Nobody, None),
        };
        let category = if ground.is_category { "category:" } else { "" };
        Self {
            name: format!("{category}{}", ground.name),
            holds: ground.holds,
            source,
            item,
            text: ground.words(language),
        }
    }
}

impl Document {
    /// Puts in the system it is of, and the facts on which its requirements were judged.
    pub(crate) fn set_system(&mut self, assessment: &Assessment<'_>, language: Language) {
        self.system = assessment.system.named.as_ref().map(FacilitySystem::of);
        let grounds = assessment.grounds().into_iter();
        self.facts = grounds.map(|one| FactInfo::of(one, language)).collect();
    }
}

impl Report {
    /// The report with the facility file whose systems the disclosures were judged as.
    #[must_use]
    pub fn with_facility(mut self, facility: &Facility) -> Self {
        self.facility = Some(FacilityInfo::of(facility));
        self
    }

    /// The system a document is of, in words; `None` where no facility file was given.
    pub fn system_of(&self, document: &Document) -> Option<String> {
        self.facility.as_ref()?;
        document.form.as_ref()?;
        Some(match &document.system {
            Some(system) => {
                let values = [("name", &*system.name), ("id", &*system.id)];
                self.language.label_with("system-of-facility", &values)
            }
            None => self.language.label("system-of-none"),
        })
    }
}
