//! The published shape `kaijisho/migration/1`: the list to work through after a migration.

mod csv;
mod human;
mod markdown;

use std::collections::{BTreeMap, HashSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::reason::ReasonCode;
use super::{Migration, Outcome, Step};
use crate::answer::{Answer, ItemNumber, State};
use crate::crosswalk::table::{ByKind, FormSide, ItemTitle};
use crate::crosswalk::{By, Combine, Link, LinkKind};
use crate::disclosure::{Disclosure, Entry, KeptKind, NotReadKind};
use crate::error::Result;
use crate::form::{Field, Form};
use crate::language::Language;
use crate::report::Style;
use crate::report::model::{PlaceInfo, Tool, place_info};
use crate::write::json_text;

/// Which of the published shapes it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum ListSchema {
    /// `kaijisho migrate --format json`
    #[serde(rename = "kaijisho/migration/1")]
    Migration1,
}

/// A migration, item by item.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct List {
    /// Always `kaijisho/migration/1`.
    pub schema: ListSchema,
    /// What wrote it.
    pub tool: Tool,
    /// The language of titles and reasons.
    pub language: Language,
    /// The old file.
    pub file: String,
    /// SHA-256 of the old file, in hexadecimal.
    pub sha256: String,
    /// The sheet of the old file.
    pub sheet: Option<String>,
    /// The form of the old sheet.
    pub from: FormSide,
    /// The form of the new sheet.
    pub to: FormSide,
    /// Other disclosures of the file, which were not carried over.
    pub left_out: Vec<LeftOut>,
    /// The fields of the old head, and those that the new form requires.
    pub header: Vec<HeaderInfo>,
    /// How many of each.
    pub counts: Counts,
    /// One for each item of the new form, then one for each old answer that leads nowhere.
    pub steps: Vec<StepInfo>,
    /// Remark texts that no item of the old sheet refers to, and what it holds that no form asks for.
    pub other: Vec<OtherInfo>,
}

/// A disclosure of the old file that was not carried over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LeftOut {
    /// Its sheet.
    pub sheet: Option<String>,
    /// Its form, by id.
    pub form: String,
}

/// A field of the old head.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HeaderInfo {
    /// Which: `date`, `manufacturer`, `product`, `model` or `version`.
    #[schemars(with = "String")]
    pub field: Field,
    /// What it says; empty where it says nothing.
    pub written: String,
    /// True if it was carried. The date never is: the new sheet is a new statement.
    pub carried: bool,
    /// What became of it, in words.
    pub fate: String,
}

/// Something on the old sheet that belongs to no answer, and was not carried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OtherInfo {
    /// `remark` for a remark text that no item refers to; else what kind of content it is, as in a disclosure.
    pub kind: String,
    /// The kind in words.
    pub what: String,
    /// Its label as written.
    pub label: String,
    /// The item in whose row it stands.
    pub item: Option<ItemNumber>,
    /// What it says.
    pub text: String,
    /// Where it stands, such as `MDS!D13`; empty where that is not known.
    pub place: String,
}

/// How many of each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// Items of the new form.
    pub items: usize,
    /// Items whose answer was carried.
    pub carried: usize,
    /// Of these, the ones to confirm: it is not quite sure that both items ask the same.
    pub to_confirm: usize,
    /// Items left to a person.
    pub open: usize,
    /// Items with nothing to answer, by an answer that was carried, and the date.
    pub not_asked: usize,
    /// Old answers that lead nowhere.
    pub dropped: usize,
    /// Steps without a carried answer, by the code of the reason.
    pub reasons: BTreeMap<String, usize>,
}

/// What became of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeCode {
    #[allow(missing_docs)] // one documented variant would turn the JSON Schema's enum into a oneOf
    Carried,
    #[allow(missing_docs)]
    Open,
    #[allow(missing_docs)]
    NotAsked,
    #[allow(missing_docs)]
    Dropped,
}

impl OutcomeCode {
    /// The name in JSON.
    pub fn code(self) -> &'static str {
        match self {
            OutcomeCode::Carried => "carried",
            OutcomeCode::Open => "open",
            OutcomeCode::NotAsked => "not-asked",
            OutcomeCode::Dropped => "dropped",
        }
    }
}

/// What became of an item of the new form, or of an old answer that leads nowhere.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StepInfo {
    /// The item of the new form; null for an old answer that leads nowhere.
    pub item: Option<ItemTitle>,
    /// `carried`; `open` is left to a person; `not-asked` has nothing to answer; `dropped` leads nowhere.
    pub outcome: OutcomeCode,
    /// Why it was not carried; null if it was.
    pub reason: Option<ReasonCode>,
    /// The other item of the new form that the reason names.
    pub with: Option<ItemNumber>,
    /// The reason in words.
    pub why: Option<String>,
    /// What to decide.
    pub decide: Option<String>,
    /// The answer on the new sheet.
    pub answer: Option<Answer>,
    /// The methods ticked on the new sheet, by id.
    pub options: Vec<String>,
    /// The answer on the new sheet as written.
    pub written: String,
    /// The remark on the new sheet.
    pub remark: Option<String>,
    /// How sure it is that the old item asks the same, above 0 and at most 1; null unless it was carried.
    pub confidence: Option<f64>,
    /// What the old sheet says to it.
    pub sources: Vec<SourceInfo>,
}

/// An item of the old sheet.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SourceInfo {
    /// Its number.
    pub number: ItemNumber,
    /// Its title in the form.
    pub title: String,
    /// The question as printed on the sheet.
    pub question: Option<String>,
    /// What the link between the items means; null where there is none.
    pub link: Option<LinkKind>,
    /// For split and merge: how the answers combine; null where a person decides.
    pub combine: Option<Combine>,
    /// What the link rests on.
    pub by: Option<ByKind>,
    /// How sure the link is.
    pub confidence: Option<f64>,
    /// What to heed when the answer is carried over.
    pub note: Option<String>,
    /// Its answer.
    pub answer: Option<Answer>,
    /// The methods ticked, by id.
    pub options: Vec<String>,
    /// How it was answered; null where the sheet lacks it.
    pub state: Option<State>,
    /// Its answer as written.
    pub written: String,
    /// Its remark.
    pub remark: Option<String>,
    /// Where the answer stands.
    pub place: Option<PlaceInfo>,
}

/// A format of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListFormat {
    /// Text for a terminal, of this many columns.
    Human {
        /// Columns.
        width: usize,
        /// True to colour.
        colour: bool,
        /// True to show what was carried as well.
        verbose: bool,
    },
    /// `schemas/migration.schema.json`.
    Json,
    /// A table of all items.
    Csv,
    /// Tables by reason.
    Markdown,
}

impl ListFormat {
    /// The format of a file name's ending: `.csv`, `.md` or `.json`.
    pub fn of_name(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "csv" => Some(ListFormat::Csv),
            "md" => Some(ListFormat::Markdown),
            "json" => Some(ListFormat::Json),
            _ => None,
        }
    }
}

/// The file that a migration starts from.
#[derive(Clone, Debug)]
pub struct OldFile<'a> {
    /// The file as named by the user.
    pub file: &'a str,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: &'a str,
    /// Its other disclosures.
    pub left_out: Vec<LeftOut>,
}

/// The list of a migration, in one language.
pub fn list(
    old: &Disclosure,
    migration: &Migration,
    file: OldFile<'_>,
    language: Language,
) -> List {
    let new = &migration.disclosure;
    let lister = Lister { old, new, language };
    let steps: Vec<StepInfo> = migration
        .steps
        .iter()
        .map(|step| lister.step(step))
        .collect();
    List {
        schema: ListSchema::Migration1,
        tool: Tool {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
        language,
        file: file.file.to_owned(),
        sha256: file.sha256.to_owned(),
        sheet: old.sheet.as_deref().map(str::to_owned),
        from: FormSide::of(&old.form, language),
        to: FormSide::of(&new.form, language),
        left_out: file.left_out,
        header: migration
            .header
            .iter()
            .map(|value| HeaderInfo {
                field: value.field,
                written: value.written.clone(),
                carried: value.is_carried,
                fate: language.label(match (value.field, value.is_carried) {
                    (Field::Date, _) => "migrate-decide-date",
                    (_, true) => "migrate-head-carried",
                    (_, false) => "migrate-head-missing",
                }),
            })
            .collect(),
        counts: counts(&steps, new.form.items.len()),
        steps,
        other: other(old, migration, language),
    }
}

fn other(old: &Disclosure, migration: &Migration, language: Language) -> Vec<OtherInfo> {
    let notes = migration.notes.iter().map(|note| OtherInfo {
        kind: "remark".to_owned(),
        what: language.label("migrate-note"),
        label: note.label.clone(),
        item: None,
        text: note.text.clone(),
        place: note.place.to_string(),
    });
    let kept = migration.kept.iter().map(|kept| OtherInfo {
        kind: kept.kind.code().to_owned(),
        what: kept.kind.word().text(language).to_owned(),
        label: kept.label.clone(),
        item: kept.item.clone(),
        text: kept.text.clone(),
        place: kept.origin(),
    });
    // What the reader passed over, unless it is kept as well.
    let known: HashSet<&str> = migration
        .kept
        .iter()
        .map(|kept| kept.text.as_str())
        .collect();
    let passed_over = old.not_read.iter();
    let passed_over = passed_over.filter(|found| !known.contains(found.text.as_str()));
    let passed_over = passed_over.map(|found| {
        let kind = match found.kind {
            NotReadKind::Comment => KeptKind::Comment,
            NotReadKind::TextBox => KeptKind::TextBox,
            NotReadKind::CheckBox => KeptKind::CheckBox,
        };
        OtherInfo {
            kind: kind.code().to_owned(),
            what: kind.word().text(language).to_owned(),
            label: String::new(),
            item: None,
            text: found.text.clone(),
            place: found.place.to_string(),
        }
    });
    notes.chain(kept).chain(passed_over).collect()
}

fn counts(steps: &[StepInfo], items: usize) -> Counts {
    let mut counts = Counts {
        items,
        ..Counts::default()
    };
    for step in steps {
        match step.outcome {
            OutcomeCode::Carried => counts.carried += 1,
            OutcomeCode::Open => counts.open += 1,
            OutcomeCode::NotAsked => counts.not_asked += 1,
            OutcomeCode::Dropped => counts.dropped += 1,
        }
        counts.to_confirm += usize::from(step.is_to_confirm());
        if let Some(reason) = step.reason {
            *counts.reasons.entry(reason.code().to_owned()).or_default() += 1;
        }
    }
    counts
}

impl StepInfo {
    /// True if it was carried, and a person should look whether both items ask the same.
    pub fn is_to_confirm(&self) -> bool {
        self.confidence.is_some_and(|confidence| confidence < 1.0)
    }
}

impl List {
    /// The list in a format.
    ///
    /// # Errors
    /// [`Error::Format`](crate::Error::Format) if the format cannot hold it.
    pub fn render(&self, format: ListFormat) -> Result<Vec<u8>> {
        match format {
            ListFormat::Human {
                width,
                colour,
                verbose,
            } => {
                let style = Style {
                    width,
                    colour,
                    verbose,
                    ..Style::default()
                };
                Ok(human::render(self, &style).into_bytes())
            }
            ListFormat::Json => Ok(json_text(self)?.into_bytes()),
            ListFormat::Csv => csv::render(self),
            ListFormat::Markdown => Ok(markdown::render(self).into_bytes()),
        }
    }

    /// The steps of a reason, in order.
    fn of(&self, reason: ReasonCode) -> Vec<&StepInfo> {
        let steps = self.steps.iter();
        steps.filter(|step| step.reason == Some(reason)).collect()
    }
}

struct Lister<'a> {
    old: &'a Disclosure,
    new: &'a Disclosure,
    language: Language,
}

impl Lister<'_> {
    fn step(&self, step: &Step) -> StepInfo {
        let language = self.language;
        let entry = step.item.map(|at| &self.new.entries[at]);
        let reason = match &step.outcome {
            Outcome::Carried { .. } => None,
            Outcome::Left(reason) => Some(reason),
        };
        let code = reason.map(super::Reason::code);
        let words = |code: ReasonCode| {
            let code = code.code();
            let why = language.label(&format!("migrate-reason-{code}"));
            (why, language.label(&format!("migrate-decide-{code}")))
        };
        let (why, decide) = code.map(words).unzip();
        StepInfo {
            item: step.item.map(|at| title(&self.new.form, at, language)),
            outcome: outcome(step),
            why,
            decide,
            with: reason.and_then(|reason| reason.item()).cloned(),
            reason: code,
            answer: entry.and_then(|entry| entry.answer),
            options: entry.map(|entry| entry.options.clone()).unwrap_or_default(),
            written: entry.map(|entry| entry.written.clone()).unwrap_or_default(),
            remark: entry.and_then(|entry| entry.remark.text.clone()),
            confidence: match &step.outcome {
                Outcome::Carried { confidence, .. } => Some(*confidence),
                Outcome::Left(_) => None,
            },
            sources: self.sources(step),
        }
    }

    /// The items of the old form that speak to a step: the one that was carried, or all of them.
    fn sources(&self, step: &Step) -> Vec<SourceInfo> {
        if step.item.is_none() {
            let entries = step.entries.iter().map(|at| &self.old.entries[*at]);
            return entries
                .map(|entry| self.source(&entry.number, Some(entry), step.links.first()))
                .collect();
        }
        let carried = match &step.outcome {
            Outcome::Carried { entry, .. } => Some(*entry),
            Outcome::Left(_) => None,
        };
        let mut sources = Vec::new();
        for link in &step.links {
            for number in &link.from {
                let position = self.old.form.position(number);
                let at = position.and_then(|item| self.old.entry_position(item));
                if carried.is_none_or(|entry| entry == at && link.kind == LinkKind::Same) {
                    let entry = at.map(|at| &self.old.entries[at]);
                    sources.push(self.source(number, entry, Some(link)));
                }
            }
        }
        sources
    }

    fn source(
        &self,
        number: &ItemNumber,
        entry: Option<&Entry>,
        link: Option<&Link>,
    ) -> SourceInfo {
        let form = &self.old.form;
        let title = form.item(number).map(|item| item.title.text(self.language));
        let link_note = link.and_then(|link| link.note.as_ref());
        SourceInfo {
            number: number.clone(),
            title: title.unwrap_or_default().to_owned(),
            question: entry.and_then(|entry| entry.text.as_ref().map(|text| text.text.clone())),
            link: link.map(|link| link.kind),
            combine: link.and_then(|link| link.combine),
            by: link.map(|link| By::kind(&link.by)),
            confidence: link.map(|link| link.confidence),
            note: link_note.map(|note| note.text(self.language).to_owned()),
            answer: entry.and_then(|entry| entry.answer),
            options: entry.map(|entry| entry.options.clone()).unwrap_or_default(),
            state: entry.map(|entry| entry.state),
            written: entry.map(|entry| entry.written.clone()).unwrap_or_default(),
            remark: entry.and_then(|entry| {
                let remark = &entry.remark;
                remark.text.clone().or_else(|| remark.reference.clone())
            }),
            place: entry.and_then(|entry| place_info(&entry.place)),
        }
    }
}

fn title(form: &Form, at: usize, language: Language) -> ItemTitle {
    let item = &form.items[at];
    ItemTitle {
        number: item.number.clone(),
        title: item.title.text(language).to_owned(),
    }
}

fn outcome(step: &Step) -> OutcomeCode {
    match &step.outcome {
        Outcome::Carried { .. } => OutcomeCode::Carried,
        Outcome::Left(_) if step.item.is_none() => OutcomeCode::Dropped,
        Outcome::Left(reason) if reason.needs_a_person() => OutcomeCode::Open,
        Outcome::Left(_) => OutcomeCode::NotAsked,
    }
}
