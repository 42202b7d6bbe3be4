//! Why an answer was not carried; the words are labels `migrate-reason-…` and `migrate-decide-…`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::ItemNumber;

/// Why nothing was carried to an item, or why an answer leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// What was carried to two items contradicts: this one, and the other.
    Contradicts {
        /// The other item of the new form.
        with: ItemNumber,
    },
    /// Several old items make this one.
    Merge,
    /// One old item is several here.
    Split,
    /// This item asks for more than the old one: only a no would follow.
    Narrower,
    /// This item asks for less than the old one: only a yes would follow.
    Wider,
    /// The old item is about the same topic only.
    Related,
    /// It is not sure enough that the old item asks the same.
    Uncertain,
    /// The question printed on the old sheet is not the one of its form.
    Reworded,
    /// The old answer cannot be read, or the sheet answers twice and differently.
    Unclear,
    /// The old row is hidden, so nobody can be sure that its answer is meant.
    Hidden,
    /// The old answer is none that this item takes.
    OutsideChoices,
    /// The old item takes another kind of answer, or other methods.
    OtherKind,
    /// The old item is not answered.
    Unanswered,
    /// The old sheet lacks the item.
    Missing,
    /// Nothing in the old form asks this.
    New,
    /// The new form does not ask this, by an answer that was carried.
    NotAsked {
        /// The item of the new form whose answer decides.
        by: ItemNumber,
    },
    /// The date of the sheet: the new sheet is a new statement.
    Date,
    /// The new form has nothing that asks this.
    Dropped,
    /// What the old answer is close to was carried from another item.
    Near,
    /// The old form has no item of this number.
    UnknownItem,
    /// The item stands on the old sheet a second time.
    Duplicate,
}

/// A reason without the item it names, as it is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // documented variants would turn the JSON Schema's enum into a oneOf
pub enum ReasonCode {
    Contradicts,
    Merge,
    Split,
    Narrower,
    Wider,
    Related,
    Uncertain,
    Reworded,
    Unclear,
    Hidden,
    OutsideChoices,
    OtherKind,
    Unanswered,
    Missing,
    New,
    NotAsked,
    Date,
    Dropped,
    Near,
    UnknownItem,
    Duplicate,
}

impl ReasonCode {
    /// All reasons, in the order of the list.
    pub const ALL: [ReasonCode; 21] = [
        ReasonCode::Contradicts,
        ReasonCode::Merge,
        ReasonCode::Split,
        ReasonCode::Narrower,
        ReasonCode::Wider,
        ReasonCode::Related,
        ReasonCode::Uncertain,
        ReasonCode::Reworded,
        ReasonCode::Unclear,
        ReasonCode::Hidden,
        ReasonCode::OutsideChoices,
        ReasonCode::OtherKind,
        ReasonCode::Unanswered,
        ReasonCode::Missing,
        ReasonCode::New,
        ReasonCode::NotAsked,
        ReasonCode::Date,
        ReasonCode::Dropped,
        ReasonCode::Near,
        ReasonCode::UnknownItem,
        ReasonCode::Duplicate,
    ];

    /// The name in JSON, and the end of its labels' keys.
    pub fn code(self) -> &'static str {
        match self {
            ReasonCode::Contradicts => "contradicts",
            ReasonCode::Merge => "merge",
            ReasonCode::Split => "split",
            ReasonCode::Narrower => "narrower",
            ReasonCode::Wider => "wider",
            ReasonCode::Related => "related",
            ReasonCode::Uncertain => "uncertain",
            ReasonCode::Reworded => "reworded",
            ReasonCode::Unclear => "unclear",
            ReasonCode::Hidden => "hidden",
            ReasonCode::OutsideChoices => "outside-choices",
            ReasonCode::OtherKind => "other-kind",
            ReasonCode::Unanswered => "unanswered",
            ReasonCode::Missing => "missing",
            ReasonCode::New => "new",
            ReasonCode::NotAsked => "not-asked",
            ReasonCode::Date => "date",
            ReasonCode::Dropped => "dropped",
            ReasonCode::Near => "near",
            ReasonCode::UnknownItem => "unknown-item",
            ReasonCode::Duplicate => "duplicate",
        }
    }
}

impl Reason {
    /// The reason without the item it names.
    pub fn code(&self) -> ReasonCode {
        match self {
            Reason::Contradicts { .. } => ReasonCode::Contradicts,
            Reason::Merge => ReasonCode::Merge,
            Reason::Split => ReasonCode::Split,
            Reason::Narrower => ReasonCode::Narrower,
            Reason::Wider => ReasonCode::Wider,
            Reason::Related => ReasonCode::Related,
            Reason::Uncertain => ReasonCode::Uncertain,
            Reason::Reworded => ReasonCode::Reworded,
            Reason::Unclear => ReasonCode::Unclear,
            Reason::Hidden => ReasonCode::Hidden,
            Reason::OutsideChoices => ReasonCode::OutsideChoices,
            Reason::OtherKind => ReasonCode::OtherKind,
            Reason::Unanswered => ReasonCode::Unanswered,
            Reason::Missing => ReasonCode::Missing,
            Reason::New => ReasonCode::New,
            Reason::NotAsked { .. } => ReasonCode::NotAsked,
            Reason::Date => ReasonCode::Date,
            Reason::Dropped => ReasonCode::Dropped,
            Reason::Near => ReasonCode::Near,
            Reason::UnknownItem => ReasonCode::UnknownItem,
            Reason::Duplicate => ReasonCode::Duplicate,
        }
    }

    /// The item of the new form that the reason names.
    pub fn item(&self) -> Option<&ItemNumber> {
        match self {
            Reason::Contradicts { with } => Some(with),
            Reason::NotAsked { by } => Some(by),
            Reason::Merge
            | Reason::Split
            | Reason::Narrower
            | Reason::Wider
            | Reason::Related
            | Reason::Uncertain
            | Reason::Reworded
            | Reason::Unclear
            | Reason::Hidden
            | Reason::OutsideChoices
            | Reason::OtherKind
            | Reason::Unanswered
            | Reason::Missing
            | Reason::New
            | Reason::Date
            | Reason::Dropped
            | Reason::Near
            | Reason::UnknownItem
            | Reason::Duplicate => None,
        }
    }

    /// False where there is nothing to decide: the item is not asked, or it is the date, which is always new.
    pub fn needs_a_person(&self) -> bool {
        !matches!(self, Reason::NotAsked { .. } | Reason::Date)
    }
}
