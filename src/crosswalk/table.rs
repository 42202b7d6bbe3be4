//! The published shape `kaijisho/form-crosswalk/1`: the links between two forms, with titles.

use schemars::JsonSchema;
use serde::Serialize;

use super::{By, Combine, LinkKind, Links, WrittenCrosswalk};
use crate::answer::ItemNumber;
use crate::form::{Form, FormSource};
use crate::language::Language;
use crate::report::model::Tool;

/// Which of the published shapes it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum TableSchema {
    /// `kaijisho form crosswalk --format json`
    #[serde(rename = "kaijisho/form-crosswalk/1")]
    FormCrosswalk1,
}

/// The links between two forms.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Table {
    /// Always `kaijisho/form-crosswalk/1`.
    pub schema: TableSchema,
    /// What wrote it.
    pub tool: Tool,
    /// The language of the titles.
    pub language: Language,
    /// The form that is left.
    pub from: FormSide,
    /// The form that is reached.
    pub to: FormSide,
    /// The links, in the order of the form that is left.
    pub links: Vec<LinkInfo>,
    /// Items of the form that is left without a link.
    pub unlinked_from: Vec<ItemTitle>,
    /// Items of the form that is reached without a link.
    pub unlinked_to: Vec<ItemTitle>,
    /// Items of the form that is reached that more than one link leads to.
    pub shared_to: Vec<ItemNumber>,
    /// How many links of each kind, and how many items have one.
    pub counts: Counts,
}

/// One of the two forms.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FormSide {
    /// Its id.
    pub id: String,
    /// Its edition.
    pub edition: String,
    /// How it became known.
    pub source: FormSource,
    /// Its title.
    pub title: String,
    /// How many items it has.
    pub items: usize,
}

impl FormSide {
    /// A form, its title in one language.
    pub fn of(form: &Form, language: Language) -> Self {
        Self {
            id: form.id.clone(),
            edition: form.edition.clone(),
            source: form.source,
            title: form.title.text(language).to_owned(),
            items: form.items.len(),
        }
    }
}

/// An item with its title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ItemTitle {
    /// Its number.
    pub number: ItemNumber,
    /// Its title.
    pub title: String,
}

/// A link between items.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LinkInfo {
    /// Items of the form that is left.
    pub from: Vec<ItemTitle>,
    /// Items of the form that is reached.
    pub to: Vec<ItemTitle>,
    /// `same`, `split` and `merge` are whole answers. `narrower`: a yes there is a yes here; `wider`: a yes
    /// here is a yes there; `related`: neither follows from the other.
    pub kind: LinkKind,
    /// For split and merge: the one is yes when all of the several are, or when any is; null where a person decides.
    pub combine: Option<Combine>,
    /// What it rests on.
    pub by: ByKind,
    /// The control it rests on, if it rests on one.
    pub control: Option<String>,
    /// The crosswalk that declares it, if one does.
    pub crosswalk: Option<String>,
    /// How sure it is, above 0 and at most 1.
    pub confidence: f64,
    /// What to heed when an answer is carried over.
    pub note: Option<String>,
}

/// What a link rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ByKind {
    #[allow(missing_docs)] // one documented variant would turn the JSON Schema's enum into a oneOf
    Control,
    #[allow(missing_docs)]
    Crosswalk,
    #[allow(missing_docs)]
    Text,
}

impl By {
    /// What it rests on, without its name.
    pub fn kind(&self) -> ByKind {
        match self {
            By::Control(_) => ByKind::Control,
            By::Crosswalk(_) => ByKind::Crosswalk,
            By::Text => ByKind::Text,
        }
    }
}

/// How many links and items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// All links.
    pub links: usize,
    /// Links `same`.
    pub same: usize,
    /// Links `split`.
    pub split: usize,
    /// Links `merge`.
    pub merge: usize,
    /// Links `narrower`.
    pub narrower: usize,
    /// Links `wider`.
    pub wider: usize,
    /// Links `related`.
    pub related: usize,
    /// Items of the form that is left with a link.
    pub linked_from: usize,
    /// Items of the form that is reached with a link.
    pub linked_to: usize,
}

/// What `schemas/crosswalk.schema.json` describes: a crosswalk file, or the links between two forms.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "only its schema is used")]
pub(crate) enum Document {
    File(Box<WrittenCrosswalk>),
    Table(Box<Table>),
}

/// The links between two forms as published, with titles in one language.
pub fn table(from: &Form, to: &Form, links: &Links, language: Language) -> Table {
    let titled = |form: &Form, numbers: &[ItemNumber]| -> Vec<ItemTitle> {
        numbers
            .iter()
            .filter_map(|number| form.item(number))
            .map(|item| ItemTitle {
                number: item.number.clone(),
                title: item.title.text(language).to_owned(),
            })
            .collect()
    };
    let infos = links.links.iter().map(|link| {
        let (control, crosswalk) = match &link.by {
            By::Control(control) => (Some(control.clone()), None),
            By::Crosswalk(name) => (None, Some(name.clone())),
            By::Text => (None, None),
        };
        LinkInfo {
            from: titled(from, &link.from),
            to: titled(to, &link.to),
            kind: link.kind,
            combine: link.combine,
            by: link.by.kind(),
            control,
            crosswalk,
            confidence: link.confidence,
            note: link
                .note
                .as_ref()
                .map(|note| note.text(language).to_owned()),
        }
    });
    Table {
        schema: TableSchema::FormCrosswalk1,
        tool: Tool::this(),
        language,
        from: FormSide::of(from, language),
        to: FormSide::of(to, language),
        links: infos.collect(),
        unlinked_from: titled(from, &links.unlinked_from),
        unlinked_to: titled(to, &links.unlinked_to),
        shared_to: links.shared_to.clone(),
        counts: counts(from, to, links),
    }
}

fn counts(from: &Form, to: &Form, links: &Links) -> Counts {
    let mut counts = Counts {
        links: links.links.len(),
        linked_from: from.items.len() - links.unlinked_from.len(),
        linked_to: to.items.len() - links.unlinked_to.len(),
        ..Counts::default()
    };
    for link in &links.links {
        match link.kind {
            LinkKind::Same => counts.same += 1,
            LinkKind::Split => counts.split += 1,
            LinkKind::Merge => counts.merge += 1,
            LinkKind::Narrower => counts.narrower += 1,
            LinkKind::Wider => counts.wider += 1,
            LinkKind::Related => counts.related += 1,
        }
    }
    counts
}
