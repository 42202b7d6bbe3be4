//! Disclosures: what was read, typed where it could be and always as written.
//!
//! The only place where file contents and forms meet. A disclosure comes from a sheet ([`page`], [`detect`],
//! [`layout`], [`build`]) or from a document of this project's own format ([`document`]).

mod build;
mod date;
mod detect;
mod document;
mod fhir;
mod given;
mod head;
mod kept;
mod layout;
mod learn;
mod legend;
mod notes;
mod origin;
mod page;
mod plain;
mod recognise;
mod remark;
mod resolve;
mod rest;
mod standing;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use date::{DateFormat, parse_date};
pub(crate) use detect::columns::marked_word;
pub(crate) use document::from_tree;
pub(crate) use fhir::names as fhir_names;
pub use given::GivenLayouts;
pub(crate) use given::WrittenLayouts;
pub(crate) use head::labelled;
pub use kept::{Kept, KeptKind};
pub(crate) use layout::{Answers, At, Layout};
pub(crate) use learn::learn;
pub(crate) use notes::key as remark_label;
pub(crate) use origin::{Origin, certainty, own_words};
pub(crate) use page::{Page, is_default_label, printed_words};
pub(crate) use plain::is_kept_title;
pub(crate) use recognise::{Recognised, recognise};
pub(crate) use resolve::{boxed_words, in_words, language_of, methods_in_words, resolve};
pub(crate) use standing::{Site, Standing, recognise_standing};

use jiff::civil::Date;

use crate::answer::{Answer, ItemNumber, State};
use crate::form::{Condition, Enabled, Field, Form, Given, OwnQuestion, is_own};
use crate::language::Localised;
use crate::place::Place;
use crate::text::is_blank;

/// A text with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// The text as written.
    pub text: String,
    /// Where it stands, or where it should stand.
    pub place: Place,
}

/// A field of the head.
#[derive(Clone, Debug, PartialEq)]
pub struct HeaderValue {
    /// Which field.
    pub field: Field,
    /// The value as written, without the label.
    pub written: String,
    /// The date, for [`Field::Date`], where it can be read.
    pub date: Option<Date>,
    /// Where the value stands, or where it should stand.
    pub place: Place,
}

impl HeaderValue {
    /// The value in one spelling: a date that can be read as `YYYY-MM-DD`, all else as written.
    pub fn value(&self) -> String {
        self.date
            .map_or_else(|| self.written.clone(), |date| date.to_string())
    }
}

/// The remark of an item.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Remark {
    /// The text that counts: the cell's own, or the text a number points to.
    pub text: Option<String>,
    /// The reference as written (`備考3`), where the cell holds one.
    pub reference: Option<String>,
}

/// An answered, or unanswered, item of a disclosure.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its number, in the form's spelling where the form knows it.
    pub number: ItemNumber,
    /// Where in [`Form::items`] it stands; `None` for a number the form does not have.
    pub item: Option<usize>,
    /// Where the number stands.
    pub number_place: Place,
    /// The question as printed on the sheet.
    pub text: Option<Placed>,
    /// The clear answer, if there is one.
    pub answer: Option<Answer>,
    /// The methods ticked, by id.
    pub options: Vec<String>,
    /// How it was answered.
    pub state: State,
    /// The answer as written; empty where nothing is.
    ///
    /// It says all by itself: answer, options and state are what it means for this item. A mark in a
    /// column of its own stands here as the heading of the column (`はい`), several as `はい ○・いいえ ○`;
    /// a code of a document (`yes`) as the word that the form prints.
    pub written: String,
    /// Its remark.
    pub remark: Remark,
    /// Where the remark stands, or should stand.
    pub remark_place: Place,
    /// Where the answer stands, or should stand.
    pub place: Place,
    /// True if the row is hidden.
    pub hidden: bool,
    /// True if a shape is drawn where the answer should stand.
    pub drawn: bool,
}

/// A remark text in a block of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct RemarkNote {
    /// Its number.
    pub key: u32,
    /// The label as written (`備考36`).
    pub label: String,
    /// The text.
    pub text: String,
    /// Where the label stands.
    pub place: Place,
    /// True if an item refers to it.
    pub referenced: bool,
}

/// Rows of a sheet that belong to no item but hold something that looks like an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Unmatched {
    /// Where the first of them is.
    pub place: Place,
    /// How many.
    pub count: usize,
    /// What the first says.
    pub found: String,
}

/// A number on a sheet that may be one of several items (`4.1`, stored as a number, may be 4.10).
#[derive(Clone, Debug, PartialEq)]
pub struct Ambiguous {
    /// Where it stands.
    pub place: Place,
    /// As written.
    pub found: String,
    /// What it may be.
    pub candidates: Vec<ItemNumber>,
}

/// Columns of answers beside the one that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct OtherColumns {
    /// Where the heading of the first of the others stands, or its first answer.
    pub place: Place,
    /// Letters of the column that was read.
    pub used: String,
    /// Letters of the others.
    pub others: Vec<String>,
}

/// A column with answers, remarks or the like that nobody sees.
#[derive(Clone, Debug, PartialEq)]
pub struct HiddenColumn {
    /// Its heading, or its first cell with something.
    pub place: Place,
    /// Its letters.
    pub column: String,
}

/// What kind of text was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotReadKind {
    /// A comment on a cell.
    Comment,
    /// A text in a shape over the cells.
    TextBox,
    /// A ticked box that belongs to no item.
    CheckBox,
}

/// Something on a sheet that says something and belongs to no item.
#[derive(Clone, Debug, PartialEq)]
pub struct NotRead {
    /// What it is.
    pub kind: NotReadKind,
    /// Where it is.
    pub place: Place,
    /// What it says.
    pub text: String,
}

/// A disclosure: one filled form of one product or service.
#[derive(Clone, Debug)]
pub struct Disclosure {
    /// The form it is an instance of.
    pub form: Arc<Form>,
    /// The sheet it stands on, in a workbook.
    pub sheet: Option<Arc<str>>,
    /// Its head.
    pub header: Vec<HeaderValue>,
    /// Its items in the order of the sheet.
    pub entries: Vec<Entry>,
    /// Its remark texts in a block of their own.
    pub notes: Vec<RemarkNote>,
    /// Rows that belong to no item.
    pub unmatched: Option<Unmatched>,
    /// Numbers that may be one of several items.
    pub ambiguous: Vec<Ambiguous>,
    /// Columns of answers beside the one that was read: its letters, and those of the others.
    pub other_columns: Option<OtherColumns>,
    /// Where ○ and × were read as yes and no although the sheet does not say that they mean it.
    pub marks_assumed: Option<Place>,
    /// Columns that were read and are hidden.
    pub hidden_columns: Vec<HiddenColumn>,
    /// What stands beside the cells and belongs to no item.
    pub not_read: Vec<NotRead>,
    /// What no form asks for, as written: carried from format to format, and not judged.
    pub kept: Vec<Kept>,
    /// How many more pieces of such content there were than are kept.
    pub kept_omitted: usize,
    by_item: Vec<Option<usize>>,
}

impl Disclosure {
    pub(crate) fn new(
        form: Arc<Form>,
        sheet: Option<Arc<str>>,
        header: Vec<HeaderValue>,
        mut entries: Vec<Entry>,
        notes: Vec<RemarkNote>,
    ) -> Self {
        let form = with_own_questions(form, &mut entries);
        let mut by_item = vec![None; form.items.len()];
        for (at, entry) in entries.iter().enumerate() {
            if let Some(item) = entry.item {
                by_item[item].get_or_insert(at);
            }
        }
        Self {
            form,
            sheet,
            header,
            entries,
            notes,
            unmatched: None,
            ambiguous: Vec::new(),
            other_columns: None,
            marks_assumed: None,
            hidden_columns: Vec::new(),
            not_read: Vec::new(),
            kept: Vec::new(),
            kept_omitted: 0,
            by_item,
        }
    }

    /// The entry of the item at this position of the form; the first, where a sheet has it twice.
    pub fn entry_at(&self, item: usize) -> Option<&Entry> {
        self.entry_position(item).map(|at| &self.entries[at])
    }

    /// Where in [`Disclosure::entries`] the item at this position of the form stands; the first, where a sheet has it twice.
    pub fn entry_position(&self, item: usize) -> Option<usize> {
        self.by_item.get(item).copied().flatten()
    }

    /// The entry of this number or alias.
    pub fn entry(&self, number: &ItemNumber) -> Option<&Entry> {
        self.form
            .position(number)
            .and_then(|item| self.entry_at(item))
    }

    /// A field of the head.
    pub fn field(&self, field: Field) -> Option<&HeaderValue> {
        self.header.iter().find(|value| value.field == field)
    }

    /// What a condition sees of an item.
    pub fn given(&self, number: &ItemNumber) -> Given {
        self.entry(number)
            .map_or_else(Given::default, |entry| Given {
                answer: entry.answer,
                ticked: (entry.state == State::Answered && !entry.options.is_empty()
                    || entry.answer.is_some())
                .then(|| entry.options.clone()),
            })
    }

    /// Whether the item at this position of the form is asked, by the answers given.
    pub fn enabled(&self, item: usize) -> Enabled {
        let governing = |number: &ItemNumber| {
            self.form
                .position(number)
                .map_or(Enabled::Yes, |at| self.enabled(at))
        };
        match &self.form.items[item].enable {
            None => Enabled::Yes,
            Some(condition) => condition.evaluate(&|number| self.given(number), &governing),
        }
    }

    /// The items an item's condition looks at.
    pub fn governors(&self, item: usize) -> Vec<&ItemNumber> {
        self.form.items[item]
            .enable
            .as_ref()
            .map(Condition::items)
            .unwrap_or_default()
    }

    /// True if both say the same, wherever it stands: form, head, items, remarks, and what else is kept.
    pub fn same_content(&self, other: &Disclosure) -> bool {
        let header = |d: &Disclosure| {
            let mut fields: Vec<_> = d
                .header
                .iter()
                .filter(|h| !h.written.is_empty())
                .map(|h| (h.field, h.value()))
                .collect();
            fields.sort();
            fields
        };
        let entries = |d: &Disclosure| {
            let entry = |e: &Entry| {
                let text = e.text.as_ref().map(|t| t.text.clone());
                (
                    e.number.clone(),
                    text,
                    e.answer,
                    e.options.clone(),
                    e.state,
                    e.written.clone(),
                    e.remark.clone(),
                )
            };
            d.entries.iter().map(entry).collect::<Vec<_>>()
        };
        let notes = |d: &Disclosure| {
            d.notes
                .iter()
                .map(|n| (n.key, n.label.clone(), n.text.clone(), n.referenced))
                .collect::<Vec<_>>()
        };
        self.form.id == other.form.id
            && header(self) == header(other)
            && entries(self) == entries(other)
            && notes(self) == notes(other)
            && self.keeps_the_same(other)
    }
}

/// The form, with the questions of a facility's own that the sheet carries. A row that says what it asks under such
/// a number is the answer to it; one without a question could be anything, and stays a row no form knows.
fn with_own_questions(form: Arc<Form>, entries: &mut [Entry]) -> Arc<Form> {
    let is_own = |entry: &Entry| {
        entry.item.is_none()
            && is_own(&entry.number)
            && entry
                .text
                .as_ref()
                .is_some_and(|text| !is_blank(&text.text))
    };
    let behind = form.items.len();
    let mut questions: Vec<OwnQuestion> = Vec::new();
    let mut known: BTreeMap<ItemNumber, usize> = BTreeMap::new();
    for entry in entries.iter_mut().filter(|entry| is_own(entry)) {
        let at = *known.entry(entry.number.clone()).or_insert_with(|| {
            let text = entry.text.as_ref().map(|text| text.text.as_str());
            questions.push(OwnQuestion {
                number: entry.number.clone(),
                text: Localised::same(text.unwrap_or_default()),
                remark_when: Vec::new(),
            });
            behind + questions.len() - 1
        });
        entry.item = Some(at);
    }
    if questions.is_empty() {
        return form;
    }
    Arc::new(form.asking(questions))
}
