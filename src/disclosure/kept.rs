//! What a disclosure holds besides form, head, items and remarks: kept as written, and not judged.
//!
//! A vendor writes who answers for the sheet, the section that is asked back, a column of his own. No form
//! asks for it and no rule looks at it, but a conversion must not lose it. It is found while a sheet is
//! read, written in every format, and read back from there with the place where it first stood.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::Disclosure;
use crate::answer::ItemNumber;
use crate::form::DerivedRow;
use crate::language::{Language, Localised};
use crate::place::Place;
use crate::text::{fold, is_blank};

/// How many pieces of other content a disclosure keeps; what is beyond is counted.
pub(crate) const MOST_KEPT: usize = 20_000;

/// What kind of content was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeptKind {
    /// A line outside the table: a label and its value, or a sentence.
    Line,
    /// A heading within the table; where no form is known, of the items from this one on.
    Section,
    /// What a derived form's sheet cites for an item.
    Reference,
    /// A cell in the row of an item, in a column that is none of item, answer and remark.
    Cell,
    /// A row of the table that belongs to no item.
    Row,
    /// A comment on a cell.
    Comment,
    /// A text in a shape over the cells.
    TextBox,
    /// A ticked box that belongs to no item.
    CheckBox,
    /// A key, an element or an attribute that this project's own format does not have.
    Key,
    /// Anything else, such as a kind that a later version writes.
    Other,
}

impl KeptKind {
    /// Every kind.
    pub const ALL: [KeptKind; 10] = [
        KeptKind::Line,
        KeptKind::Section,
        KeptKind::Reference,
        KeptKind::Cell,
        KeptKind::Row,
        KeptKind::Comment,
        KeptKind::TextBox,
        KeptKind::CheckBox,
        KeptKind::Key,
        KeptKind::Other,
    ];

    /// The name in XML, JSON and TOML.
    pub fn code(self) -> &'static str {
        match self {
            KeptKind::Line => "line",
            KeptKind::Section => "section",
            KeptKind::Reference => "reference",
            KeptKind::Cell => "cell",
            KeptKind::Row => "row",
            KeptKind::Comment => "comment",
            KeptKind::TextBox => "text-box",
            KeptKind::CheckBox => "check-box",
            KeptKind::Key => "key",
            KeptKind::Other => "other",
        }
    }

    /// The kind of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The word for it on a sheet.
    pub fn word(self) -> Localised {
        let key = match self {
            KeptKind::Line => "kept-line",
            KeptKind::Section => "kept-section",
            KeptKind::Reference => "kept-reference",
            KeptKind::Cell => "kept-cell",
            KeptKind::Row => "kept-row",
            KeptKind::Comment => "kept-comment",
            KeptKind::TextBox => "kept-text-box",
            KeptKind::CheckBox => "kept-check-box",
            KeptKind::Key => "kept-key",
            KeptKind::Other => "kept-other",
        };
        Localised::label(key, &[])
    }

    /// The kind that a word on a sheet names, in either language.
    pub(crate) fn of_word(word: &str) -> Option<Self> {
        static KINDS: LazyLock<HashMap<String, KeptKind>> = LazyLock::new(|| {
            let of_kind = |kind: KeptKind| {
                let word = kind.word();
                Language::ALL.map(|language| (fold(word.text(language)), kind))
            };
            KeptKind::ALL.into_iter().flat_map(of_kind).collect()
        });
        KINDS.get(&fold(word)).copied()
    }

    /// True for what a check of the original tells, since it may have been meant as an answer or a remark.
    pub(crate) fn is_unread(self) -> bool {
        matches!(
            self,
            KeptKind::Row | KeptKind::Comment | KeptKind::TextBox | KeptKind::CheckBox
        )
    }
}

/// A piece of content that no form asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// What it is.
    pub kind: KeptKind,
    /// The item in whose row it stands, or with which a section begins.
    pub item: Option<ItemNumber>,
    /// Its label as written: the cell before it, the heading of its column, the name of a key. May be empty.
    pub label: String,
    /// What it says, as written.
    pub text: String,
    /// In a file that was converted: where it stood in the file it was first read from (`MDS!B3`).
    pub origin: Option<String>,
    /// Where it stands in this file.
    pub place: Place,
}

impl Kept {
    /// Where it stood in the file it was first read from; white space says nothing.
    pub fn origin(&self) -> String {
        match &self.origin {
            Some(origin) if is_blank(origin) => String::new(),
            Some(origin) => origin.clone(),
            None => self.place.to_string(),
        }
    }

    /// True if anything visible is said, or a section ends here.
    pub(super) fn is_said(&self) -> bool {
        !is_blank(&self.text) || !is_blank(&self.label) || self.item.is_some()
    }
}

impl Disclosure {
    /// Keeps more content, in its order, up to the bound of pieces.
    pub(crate) fn keep(&mut self, kept: impl IntoIterator<Item = Kept>) {
        for kept in kept {
            if self.kept.len() < MOST_KEPT {
                self.kept.push(kept);
            } else {
                self.kept_omitted += 1;
            }
        }
    }

    /// True if both keep the same, wherever it stands now.
    pub(super) fn keeps_the_same(&self, other: &Disclosure) -> bool {
        let same = |(one, other): (&Kept, &Kept)| {
            (one.kind, &one.item, &one.label, &one.text)
                == (other.kind, &other.item, &other.label, &other.text)
                && one.origin() == other.origin()
        };
        self.kept.len() == other.kept.len() && self.kept.iter().zip(&other.kept).all(same)
    }
}

/// Gives the rows of a derived form the headings and citations that were kept, which help to recognise its items.
pub(super) fn describe(rows: &mut [DerivedRow], kept: &[Kept]) {
    let mut said: HashMap<(KeptKind, &ItemNumber), &str> = HashMap::new();
    for kept in kept {
        if let Some(item) = &kept.item {
            said.entry((kept.kind, item)).or_insert(&kept.text);
        }
    }
    let mut seen: HashSet<ItemNumber> = HashSet::new();
    let mut section = "";
    for row in rows {
        // A number that stands twice is the item where it stands first.
        if !seen.insert(row.number.clone()) {
            continue;
        }
        if let Some(text) = said.get(&(KeptKind::Section, &row.number)) {
            section = text;
        }
        if !section.is_empty() {
            row.section = vec![section.to_owned()];
        }
        if let Some(text) = said.get(&(KeptKind::Reference, &row.number)) {
            (*text).clone_into(&mut row.reference);
        }
    }
}
