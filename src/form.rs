//! Forms: what an edition asks, item by item.
//!
//! A form knows no file format and no sheet layout. Form files are read in two steps, as written
//! and then checked, so that every mistake is told with its line and column.

mod catalog;
mod checked;
mod condition;
mod derive;
mod file;
pub mod import;
mod lint;
mod own;
mod wording;
mod written;

pub use catalog::Catalog;
pub use condition::{Condition, Enabled, Given};
pub(crate) use derive::{DerivedRow, derive};
pub use lint::check_form;
pub(crate) use own::{OwnQuestion, is_own, number as own_number};
pub(crate) use wording::least_likeness;
pub(crate) use written::WrittenForm;

use std::collections::HashMap;

use crate::answer::{Answer, ItemNumber};
use crate::control::THRESHOLD;
use crate::language::Localised;
use crate::text::fold;

/// How a form became known; every report says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FormSource {
    #[allow(missing_docs)] // one documented variant would turn the JSON Schema's enum into a oneOf
    Bundled,
    #[allow(missing_docs)]
    Imported,
    #[allow(missing_docs)]
    Given,
    #[allow(missing_docs)]
    Derived,
}

impl FormSource {
    /// The name in JSON.
    pub fn code(self) -> &'static str {
        match self {
            FormSource::Bundled => "bundled",
            FormSource::Imported => "imported",
            FormSource::Given => "given",
            FormSource::Derived => "derived",
        }
    }
}

/// Whom a form is about.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    #[allow(missing_docs)] // one documented variant would turn the JSON Schema's enum into a oneOf
    Mds,
    #[allow(missing_docs)]
    Sds,
    #[allow(missing_docs)]
    Mds2,
}

impl Family {
    /// All families.
    pub const ALL: [Family; 3] = [Family::Mds, Family::Sds, Family::Mds2];

    /// The name in form files.
    pub fn code(self) -> &'static str {
        match self {
            Family::Mds => "mds",
            Family::Sds => "sds",
            Family::Mds2 => "mds2",
        }
    }

    /// True where the form describes a service rather than a product.
    pub fn is_service(self) -> bool {
        match self {
            Family::Sds => true,
            Family::Mds | Family::Mds2 => false,
        }
    }
}

/// A field of the head of a disclosure.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Field {
    #[allow(missing_docs)] // one documented variant would turn the JSON Schema's enum into a oneOf
    Date,
    #[allow(missing_docs)]
    Manufacturer,
    #[allow(missing_docs)]
    Product,
    #[allow(missing_docs)]
    Model,
    #[allow(missing_docs)]
    Version,
}

impl Field {
    /// All fields, in the order forms print them.
    pub const ALL: [Field; 5] = [
        Field::Date,
        Field::Manufacturer,
        Field::Product,
        Field::Model,
        Field::Version,
    ];

    /// The name in JSON, TOML and XML.
    pub fn code(self) -> &'static str {
        match self {
            Field::Date => "date",
            Field::Manufacturer => "manufacturer",
            Field::Product => "product",
            Field::Model => "model",
            Field::Version => "version",
        }
    }

    /// The field of this code, if it is one.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.code() == code)
    }
}

/// What kind of answer an item takes.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    #[allow(missing_docs)] // one documented variant would turn the JSON Schema's enum into a oneOf
    #[default]
    Choice,
    #[allow(missing_docs)]
    Multiple,
    #[allow(missing_docs)]
    Text,
    #[allow(missing_docs)]
    Date,
}

/// What an answer under a condition that is false means.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum OnDisabled {
    #[allow(missing_docs)] // one documented variant would turn the JSON Schema's enum into a oneOf
    #[default]
    Contradict,
    #[allow(missing_docs)]
    Tolerate,
}

/// Where a form has its remarks.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Remarks {
    #[allow(missing_docs)] // one documented variant would turn the JSON Schema's enum into a oneOf
    Row,
    #[allow(missing_docs)]
    Block,
}

impl Remarks {
    /// The name in form files.
    pub fn code(self) -> &'static str {
        match self {
            Remarks::Row => "row",
            Remarks::Block => "block",
        }
    }
}

/// A method to tick, of an item that takes several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its name in data.
    pub id: String,
    /// What the sheet prints.
    pub title: Localised,
    /// Other words for it.
    pub words: Vec<String>,
}

impl Choice {
    /// True if a written word means this method.
    pub fn is_meant_by(&self, word: &str) -> bool {
        let word = fold(word);
        [&self.id, &self.title.ja, &self.title.en]
            .into_iter()
            .chain(&self.words)
            .any(|name| fold(name) == word)
    }
}

/// A field of the head, as a form asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderField {
    /// Which field.
    pub field: Field,
    /// The item whose answer is this field, where the form has no head of its own.
    pub item: Option<ItemNumber>,
    /// True if a disclosure without it is not sound.
    pub required: bool,
}

/// A chapter of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its name in the form file.
    pub id: String,
    /// Its heading.
    pub title: Localised,
}

/// One question of a form.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Its number in this edition.
    pub number: ItemNumber,
    /// The section it stands in, as an index into [`Form::sections`].
    pub section: usize,
    /// The item above it.
    pub parent: Option<ItemNumber>,
    /// Its title, in this project's words or, for a user's own form, in the form's.
    pub title: Localised,
    /// What kind of answer it takes.
    pub kind: Kind,
    /// The answers it takes, for [`Kind::Choice`] and beside the methods of [`Kind::Multiple`].
    pub choices: Vec<Answer>,
    /// The methods to tick, for [`Kind::Multiple`].
    pub options: Vec<Choice>,
    /// True if it must be answered while it is enabled.
    pub required: bool,
    /// When it is asked at all; `None` is always.
    pub enable: Option<Condition>,
    /// What an answer means while it is not asked.
    pub on_disabled: OnDisabled,
    /// Answers that need a remark.
    pub remark_when: Vec<Answer>,
    /// Other numbers under which sheets print it.
    pub aliases: Vec<ItemNumber>,
    /// The control it answers, by id; see [`Item::control`].
    pub control: Option<String>,
    /// How sure it is that it answers that control, above 0 and at most 1: 1 where the form says so.
    pub confidence: f64,
    /// The words of the question by which the control was recognised; none where the form names it.
    pub because: Vec<String>,
    /// Clauses it cites, by document.
    pub references: Vec<(String, Vec<String>)>,
}

impl Item {
    /// The control it answers, if that is certain.
    pub fn control(&self) -> Option<&str> {
        self.control.as_deref().filter(|_| self.is_certain())
    }

    /// True if the form names the control, or its words leave no doubt.
    pub fn is_certain(&self) -> bool {
        self.confidence >= THRESHOLD
    }
}

/// A form edition: what is asked, in which words, and when.
#[derive(Clone, Debug)]
pub struct Form {
    /// Its id, `id` or `id@edition` where a file holds several editions.
    pub id: String,
    /// Whom it is about.
    pub family: Family,
    /// Its edition.
    pub edition: String,
    /// The edition that replaced it, if one did.
    pub superseded_by: Option<String>,
    /// Its title.
    pub title: Localised,
    /// Where it comes from; every report repeats it.
    pub provenance: Localised,
    /// How it became known.
    pub source: FormSource,
    /// True if the questions of a sheet can be compared with the titles.
    pub compare_text: bool,
    /// True if the titles are the form's own questions, so that every change of them is told.
    pub exact_text: bool,
    /// Titles by which a sheet is recognised.
    pub titles: Vec<String>,
    /// Groups whose numbers are welcome beyond the listed items.
    pub free_groups: Vec<String>,
    /// Where its remarks stand, if that is known: in the row, or by number in a block below.
    pub remarks: Option<Remarks>,
    /// The fields of its head.
    pub headers: Vec<HeaderField>,
    /// Its sections in order.
    pub sections: Vec<Section>,
    /// Its items in order.
    pub items: Vec<Item>,
    index: HashMap<ItemNumber, usize>,
}

impl Form {
    /// The item of this number or alias.
    pub fn item(&self, number: &ItemNumber) -> Option<&Item> {
        self.position(number).map(|at| &self.items[at])
    }

    /// Where in [`Form::items`] the item of this number or alias stands.
    pub fn position(&self, number: &ItemNumber) -> Option<usize> {
        self.index.get(number).copied()
    }

    /// The items that are sure to answer a control.
    pub fn items_of<'f>(&'f self, control: &'f str) -> impl Iterator<Item = &'f Item> {
        self.items
            .iter()
            .filter(move |item| item.control() == Some(control))
    }

    /// The section of an item.
    pub fn section_of(&self, item: &Item) -> &Section {
        &self.sections[item.section]
    }

    pub(crate) fn reindex(mut self) -> Self {
        self.index = HashMap::new();
        for (at, item) in self.items.iter().enumerate() {
            for number in item.aliases.iter().chain([&item.number]) {
                self.index.insert(number.clone(), at);
            }
        }
        self
    }
}
