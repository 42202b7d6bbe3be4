//! Crosswalks: which item of one form answers which item of another.
//!
//! Items meet through the controls they answer, through the words of their questions where no control tells them
//! apart, and through `schemas/crosswalks/*.toml` where items split, merge or only touch. A file is read in two steps, as written and then checked, so that every mistake is
//! told with its line and column. Nothing here looks at an answer.
//!
//! ```
//! use kaijisho::crosswalk::{self, Crosswalk, LinkKind};
//! use kaijisho::{Catalog, ItemNumber};
//!
//! let forms = Catalog::bundled();
//! let (mds2, mds) = (forms.form("mds2-2019")?, forms.form("mds-reference")?);
//! let links = crosswalk::links(&mds2, &mds, Crosswalk::bundled());
//! let lockout = ItemNumber::new("PAUT-3");
//! let link = links.links.iter().find(|link| link.from == [lockout.clone()]).expect("a link");
//! assert_eq!((link.kind, link.to[0].as_str()), (LinkKind::Same, "39.4"));
//! # Ok::<(), kaijisho::Error>(())
//! ```

mod catalog;
mod checked;
mod linking;
pub mod table;
mod texts;
mod written;

pub use linking::links;
pub(crate) use written::WrittenCrosswalk;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::answer::ItemNumber;
use crate::language::Localised;

/// What a link between items of two forms means, seen from the form that is left.
///
/// `same`, `split` and `merge` are whole answers: the items ask the same, one by one or taken together.
/// The others are not: `narrower` means that a yes there is a yes here, and so a no here is a no there;
/// `wider` that a yes here is a yes there; `related` that neither follows from the other.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum LinkKind {
    #[allow(missing_docs)] // one documented variant would turn the JSON Schema's enum into a oneOf
    Same,
    #[allow(missing_docs)]
    Split,
    #[allow(missing_docs)]
    Merge,
    #[allow(missing_docs)]
    Narrower,
    #[allow(missing_docs)]
    Wider,
    #[allow(missing_docs)]
    Related,
}

impl LinkKind {
    /// All kinds, whole answers first.
    pub const ALL: [LinkKind; 6] = [
        LinkKind::Same,
        LinkKind::Split,
        LinkKind::Merge,
        LinkKind::Narrower,
        LinkKind::Wider,
        LinkKind::Related,
    ];

    /// The name in JSON and TOML.
    pub fn code(self) -> &'static str {
        match self {
            LinkKind::Same => "same",
            LinkKind::Split => "split",
            LinkKind::Merge => "merge",
            LinkKind::Narrower => "narrower",
            LinkKind::Wider => "wider",
            LinkKind::Related => "related",
        }
    }

    /// True if the items of the link, taken together, ask the same on both sides.
    pub fn is_whole(self) -> bool {
        match self {
            LinkKind::Same | LinkKind::Split | LinkKind::Merge => true,
            LinkKind::Narrower | LinkKind::Wider | LinkKind::Related => false,
        }
    }

    /// The same link, seen from the other form.
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            LinkKind::Split => LinkKind::Merge,
            LinkKind::Merge => LinkKind::Split,
            LinkKind::Narrower => LinkKind::Wider,
            LinkKind::Wider => LinkKind::Narrower,
            LinkKind::Same | LinkKind::Related => self,
        }
    }
}

/// How the answers of the several items of a split or merge make the answer of the one, either way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Combine {
    #[allow(missing_docs)] // one documented variant would turn the JSON Schema's enum into a oneOf
    All,
    #[allow(missing_docs)]
    Any,
}

impl Combine {
    /// Both ways.
    pub const ALL: [Combine; 2] = [Combine::All, Combine::Any];

    /// The name in JSON and TOML.
    pub fn code(self) -> &'static str {
        match self {
            Combine::All => "all",
            Combine::Any => "any",
        }
    }
}

/// A link as a crosswalk file declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// Items of the one form.
    pub from: Vec<ItemNumber>,
    /// Items of the other.
    pub to: Vec<ItemNumber>,
    /// What the link means.
    pub kind: LinkKind,
    /// For split and merge: how the answers combine; `None` where a person must decide.
    pub combine: Option<Combine>,
    /// What to heed when an answer is carried over.
    pub note: Option<Localised>,
}

/// A crosswalk file, checked: what the controls do not say about two forms. It is read both ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crosswalk {
    /// Its file or bundled name.
    pub name: String,
    /// The one form, by id.
    pub from: String,
    /// The other form, by id.
    pub to: String,
    /// The links, in the order of the file.
    pub links: Vec<Declared>,
}

/// What a link rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// Both sides answer this control.
    Control(String),
    /// A crosswalk of this name declares it.
    Crosswalk(String),
    /// Both sides ask it in the same words, in the same place.
    Text,
}

/// Items of one form that are answered by items of another.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Items of the form that is left, in its order.
    pub from: Vec<ItemNumber>,
    /// Items of the form that is reached, in its order.
    pub to: Vec<ItemNumber>,
    /// What the link means.
    pub kind: LinkKind,
    /// For split and merge: how the answers combine; `None` where a person must decide.
    pub combine: Option<Combine>,
    /// What it rests on.
    pub by: By,
    /// How sure it is, above 0 and at most 1: the product of how sure the items' controls are; 1 where a file says so.
    pub confidence: f64,
    /// What to heed when an answer is carried over.
    pub note: Option<Localised>,
}

/// All links from one form to another, and what has none.
#[derive(Clone, Debug, PartialEq)]
pub struct Links {
    /// The links, in the order of the form that is left.
    pub links: Vec<Link>,
    /// Items of the form that is left without a link.
    pub unlinked_from: Vec<ItemNumber>,
    /// Items of the form that is reached without a link.
    pub unlinked_to: Vec<ItemNumber>,
    /// Items of the form that is reached that more than one link leads to; at most one of these is a whole answer.
    pub shared_to: Vec<ItemNumber>,
}
