//! The items of a fiscal year's checklist, from `schemas/checklists/` or a file of the same shape.

use std::collections::HashMap;
use std::path::Path;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::mistakes::Mistakes;
use crate::control::Controls;
use crate::error::{Error, Result};
use crate::language::{Language, Localised};
use crate::source::data_text;
use crate::text::{fold, is_blank};

/// The bundled years, by name. A guard test compares this list with the folder.
pub const BUNDLED: [(&str, &str); 3] = [
    ("r5", include_str!("../../schemas/checklists/r5.toml")),
    ("r6", include_str!("../../schemas/checklists/r6.toml")),
    ("r7", include_str!("../../schemas/checklists/r7.toml")),
];

/// Items of one year at most.
const ITEMS: usize = 200;

/// A checklist of one fiscal year, schema `kaijisho/checklist/1`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenYear {
    /// Always `kaijisho/checklist/1`.
    #[allow(dead_code)]
    schema: YearSchema,
    /// Name of the year, such as `r5`.
    #[schemars(with = "String")]
    id: Spanned<String>,
    title: Localised,
    /// Where the items come from, and what was not verified.
    provenance: Localised,
    /// First day of the fiscal year.
    #[schemars(with = "String")]
    first_day: Spanned<toml::Value>,
    /// Last day of the fiscal year.
    #[schemars(with = "String")]
    last_day: Spanned<toml::Value>,
    #[schemars(with = "Vec<WrittenYearItem>")]
    item: Vec<Spanned<WrittenYearItem>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
enum YearSchema {
    #[serde(rename = "kaijisho/checklist/1")]
    Checklist1,
}

/// An item of a checklist.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenYearItem {
    /// Its name in files; the same in every year that asks it.
    #[schemars(with = "String")]
    id: Spanned<String>,
    /// Its number on the form, only where that is verified.
    number: Option<String>,
    area: ItemArea,
    subject: ItemSubject,
    per: Per,
    /// True for the item whose no makes all others unneeded.
    #[serde(default)]
    gate: bool,
    /// True if nothing has to be answered where there is no contract with a vendor.
    #[serde(default)]
    not_needed_without_contract: bool,
    /// True if the year only announces it for the next.
    #[serde(default)]
    reference_only: bool,
    /// False if it was not verified that this year's form has it.
    #[serde(default = "yes")]
    confirmed: bool,
    /// Facts of the facility file that speak to it.
    #[serde(default)]
    facts: Vec<Fact>,
    /// Controls whose answers on disclosures are evidence.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    controls: Vec<Spanned<String>>,
    title: Localised,
    /// The question to vendors; left out where vendors are not asked.
    vendor: Option<Localised>,
}

fn yes() -> bool {
    true
}

/// Part of the checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ItemArea {
    #[allow(missing_docs)] // one documented variant would turn the JSON Schema's enum into a oneOf
    Gate,
    #[allow(missing_docs)]
    Organisation,
    #[allow(missing_docs)]
    Systems,
    #[allow(missing_docs)]
    Attack,
    #[allow(missing_docs)]
    Rules,
}

impl ItemArea {
    /// The name in data.
    pub fn code(self) -> &'static str {
        match self {
            ItemArea::Gate => "gate",
            ItemArea::Organisation => "organisation",
            ItemArea::Systems => "systems",
            ItemArea::Attack => "attack",
            ItemArea::Rules => "rules",
        }
    }
}

/// What an item is asked of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ItemSubject {
    #[allow(missing_docs)]
    Organisation,
    #[allow(missing_docs)]
    Systems,
    #[allow(missing_docs)]
    Devices,
    #[allow(missing_docs)]
    Server,
    #[allow(missing_docs)]
    Pc,
    #[allow(missing_docs)]
    Network,
}

/// Whether the facility answers once or for each system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Per {
    #[allow(missing_docs)]
    Facility,
    #[allow(missing_docs)]
    System,
}

/// A fact of the facility file, or of what was received, that speaks to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fact {
    #[allow(missing_docs)]
    InUse,
    #[allow(missing_docs)]
    SafetyManager,
    #[allow(missing_docs)]
    Inventory,
    #[allow(missing_docs)]
    RemoteMaintenance,
    #[allow(missing_docs)]
    Disclosure,
    #[allow(missing_docs)]
    Contacts,
}

/// An item of a checklist, checked.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its name in files.
    pub id: String,
    /// Its number on the form, where that is verified.
    pub number: Option<String>,
    /// The part of the checklist.
    pub area: ItemArea,
    /// What it is asked of.
    pub subject: ItemSubject,
    /// Whether it is answered once or for each system.
    pub per: Per,
    /// True for the item whose no makes all others unneeded.
    pub gate: bool,
    /// True if nothing has to be answered where there is no contract with a vendor.
    pub not_needed_without_contract: bool,
    /// True if the year only announces it for the next.
    pub reference_only: bool,
    /// False if it was not verified that this year's form has it.
    pub confirmed: bool,
    /// Facts that speak to it.
    pub facts: Vec<Fact>,
    /// Controls whose answers on disclosures are evidence.
    pub controls: Vec<String>,
    /// The item in this project's words.
    pub title: Localised,
    /// The question to vendors, where they are asked.
    pub vendor: Option<Localised>,
}

impl Item {
    /// True if this fact speaks to it.
    pub fn has(&self, fact: Fact) -> bool {
        self.facts.contains(&fact)
    }
}

/// A checklist of one fiscal year.
#[derive(Clone, Debug)]
pub struct Year {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: Localised,
    /// Where its items come from.
    pub provenance: Localised,
    /// First day of the fiscal year.
    pub first_day: Date,
    /// Last day, inclusive.
    pub last_day: Date,
    /// Its items in the order of the form.
    pub items: Vec<Item>,
}

impl Year {
    /// A bundled year by its name, or the year in a file.
    ///
    /// # Errors
    /// [`Error::Usage`] for a name that is neither, [`Error::Read`], or [`Error::Invalid`] with every mistake
    /// and its place.
    pub fn load(name: &str, language: Language) -> Result<Self> {
        let short = short(name);
        if let Some((known, text)) = BUNDLED.iter().find(|(known, _)| *known == short) {
            return Self::parse(text, known);
        }
        let path = Path::new(name);
        if !name.ends_with(".toml") && !path.is_file() {
            let known = BUNDLED.map(|(known, _)| known).join(", ");
            let values = [("found", name), ("known", known.as_str())];
            let mut text = language.label_with("error-checklist-year", &values);
            if short == "r8" {
                text.push_str(&language.label("checklist-year-r8"));
            }
            return Err(Error::Usage(text));
        }
        Self::parse(&data_text(path)?, name)
    }

    /// Checks the text of a year's file.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every mistake and its place.
    ///
    /// ```
    /// let r5 = kaijisho::checklist::Year::parse(kaijisho::checklist::YEARS[0].1, "r5")?;
    /// assert_eq!(r5.last_day, jiff::civil::date(2024, 3, 31));
    /// # Ok::<(), kaijisho::Error>(())
    /// ```
    pub fn parse(text: &str, name: &str) -> Result<Self> {
        let mut mistakes = Mistakes::new(text);
        let year = mistakes
            .read::<WrittenYear>(text)
            .and_then(|written| checked(&written, &mut mistakes));
        mistakes.unless_any(name, year)
    }

    /// The item of this name.
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// True if a day lies in the fiscal year.
    pub fn holds(&self, day: Date) -> bool {
        self.first_day <= day && day <= self.last_day
    }
}

/// The name of a year as people write it, in the form of the bundled ones: R7, 令和7年度, Ｒ７ and
/// 2025 are r7.
fn short(name: &str) -> String {
    let folded = fold(name);
    let cut = |rest: &str| {
        let behind = ["年度分", "年度", "年"];
        let short = behind.iter().find_map(|word| rest.strip_suffix(word));
        short.unwrap_or(rest).to_owned()
    };
    // Fiscal year 2025 is that of Reiwa 7.
    if let Ok(year @ 2019..=2099) = cut(&folded).parse::<u16>() {
        return format!("r{}", year - 2018);
    }
    let rest = folded
        .strip_prefix("令和")
        .or_else(|| folded.strip_prefix('r'));
    match rest.map(cut) {
        Some(number) if !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()) => {
            format!("r{number}")
        }
        Some(_) | None => name.to_owned(),
    }
}

fn checked(written: &WrittenYear, mistakes: &mut Mistakes<'_>) -> Option<Year> {
    let first_day = mistakes.day(&written.first_day);
    let last_day = mistakes.day(&written.last_day);
    if let (Some(first), Some(last)) = (first_day, last_day)
        && first > last
    {
        let values = [("one", "first_day"), ("other", "last_day")];
        mistakes.wrong(written.last_day.span().start, "checklist-order", &values);
    }
    let id = mistakes.text(&written.id, "id");
    let mut first: HashMap<String, usize> = HashMap::new();
    let mut items = Vec::new();
    mistakes.at_most(written.item.len(), ITEMS, "item");
    for spanned in written.item.iter().take(ITEMS) {
        let item = spanned.as_ref();
        let id = mistakes.once(&item.id, "id", &mut first);
        for control in &item.controls {
            let known = Controls::bundled();
            if known.get(control.as_ref()).is_none() {
                let nearest = known.nearest(control.as_ref());
                let values = [("found", control.as_ref().as_str()), ("nearest", nearest)];
                mistakes.wrong(control.span().start, "checklist-control", &values);
            }
        }
        for text in [Some(&item.title), item.vendor.as_ref()]
            .into_iter()
            .flatten()
        {
            if is_blank(&text.ja) {
                mistakes.wrong(
                    spanned.span().start,
                    "checklist-blank",
                    &[("key", "title.ja")],
                );
            }
        }
        items.push(Item {
            id,
            number: item.number.clone(),
            area: item.area,
            subject: item.subject,
            per: item.per,
            gate: item.gate,
            not_needed_without_contract: item.not_needed_without_contract,
            reference_only: item.reference_only,
            confirmed: item.confirmed,
            facts: item.facts.clone(),
            controls: item
                .controls
                .iter()
                .map(|control| control.as_ref().clone())
                .collect(),
            title: item.title.clone(),
            vendor: item.vendor.clone(),
        });
    }
    Some(Year {
        id,
        title: written.title.clone(),
        provenance: written.provenance.clone(),
        first_day: first_day?,
        last_day: last_day?,
        items,
    })
}
