//! The published shape, `kaijisho/changes/1`.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::{Answer, State};
use crate::assess::{Assessment, assess, profile_findings};
use crate::changes::{Basis, Change, ChangeKind, Comparison, Direction};
use crate::control::Controls;
use crate::disclosure::{Disclosure, Entry};
use crate::examine::Examined;
use crate::language::Language;
use crate::profile::{Level, Profile};
use crate::report::model::{self, Document, FindingInfo, PlaceInfo, ProfileInfo, Tool};
use crate::report::words;

/// The name of the shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Kind {
    /// `kaijisho changes --format json`
    #[serde(rename = "kaijisho/changes/1")]
    Changes,
}

/// What changed between the disclosures of two files.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Changes {
    /// Which shape it is.
    pub schema: Kind,
    /// What wrote it.
    pub tool: Tool,
    /// The language of its texts.
    pub language: Language,
    /// The profile that judged the directions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<ProfileInfo>,
    /// The date on which waivers were judged, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// What is to be said about the profile: waivers that are over or not used, facts that a new sheet contradicts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profile_findings: Vec<FindingInfo>,
    /// The disclosures of the old file, then those of the new one.
    pub documents: Vec<Document>,
    /// Which disclosure was compared with which.
    pub compared: Vec<Compared>,
    /// The changes of all pairs, regressions first within each.
    pub changes: Vec<ChangeInfo>,
}

/// Two disclosures that were compared, or one that found no partner.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Compared {
    /// The old one, by position in `documents`.
    pub old: Option<usize>,
    /// The new one, by position in `documents`.
    pub new: Option<usize>,
    /// What to know before one reads on.
    pub notes: Vec<String>,
    /// How many changes there are.
    pub counts: CountsOfChanges,
}

/// Changes counted by direction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CountsOfChanges {
    /// For the worse.
    pub regressed: usize,
    /// For the better.
    pub improved: usize,
    /// Neither.
    pub neutral: usize,
    /// Items that say the same.
    pub unchanged: usize,
}

/// One change.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ChangeInfo {
    /// The pair, by position in `compared`.
    pub pair: usize,
    /// The item: its number on the new sheet, else on the old one; null for the head.
    pub item: Option<String>,
    /// The field of the head.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What the item is about.
    pub title: String,
    /// The control that the item answers.
    pub control: Option<String>,
    /// What has changed.
    pub kind: ChangeKind,
    /// What the old sheet says, in words.
    pub old: Option<String>,
    /// What the new sheet says, in words.
    pub new: Option<String>,
    /// Whether it is for the better.
    pub direction: Direction,
    /// What the direction rests on.
    pub reason: String,
    /// The gravest level of the requirements on the item.
    pub level: Option<Level>,
    /// The items on the old sheet.
    pub old_items: Vec<ItemSaid>,
    /// The items on the new sheet.
    pub new_items: Vec<ItemSaid>,
}

/// An item as a sheet has it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ItemSaid {
    /// Its number.
    pub number: String,
    /// The question as printed.
    pub text: Option<String>,
    /// The clear answer, or null.
    pub answer: Option<Answer>,
    /// The methods ticked.
    pub options: Vec<String>,
    /// How it was answered.
    pub state: State,
    /// The answer as written.
    pub written: Option<String>,
    /// The remark's text.
    pub remark: Option<String>,
    /// Where the answer stands.
    pub place: Option<PlaceInfo>,
}

/// One of the two files.
#[derive(Clone, Copy, Debug)]
pub struct Party<'a> {
    /// The file, examined.
    pub file: &'a Examined,
}

/// A pair to report on: positions in the old and the new file, and what the comparison found.
#[derive(Debug)]
pub struct Of<'a> {
    /// In the old file.
    pub old: Option<usize>,
    /// In the new file.
    pub new: Option<usize>,
    /// The comparison, where both are there.
    pub comparison: Option<Comparison<'a>>,
}

/// Builds the report of two files.
pub fn report(
    [old, new]: [Party<'_>; 2],
    pairs: &[Of<'_>],
    profile: Option<(&Profile, Date)>,
    language: Language,
) -> Changes {
    let mut documents = model::documents(old.file, language);
    let behind = documents.len();
    documents.extend(model::documents(new.file, language));
    let mut compared = Vec::new();
    let mut changes = Vec::new();
    for pair in pairs {
        let mut about = Compared {
            old: pair.old,
            new: pair.new.map(|at| at + behind),
            notes: Vec::new(),
            counts: CountsOfChanges::default(),
        };
        if let Some(found) = &pair.comparison {
            let notes = found.notes.iter();
            about.notes = notes.map(|note| note.text(language).to_owned()).collect();
            if old.file.sha256 == new.file.sha256 && !old.file.sha256.is_empty() {
                about.notes.push(language.label("change-note-same"));
            }
            about.counts = CountsOfChanges {
                regressed: found.count(Direction::Regressed),
                improved: found.count(Direction::Improved),
                neutral: found.count(Direction::Neutral),
                unchanged: found.unchanged,
            };
            let at = compared.len();
            changes.extend(
                found
                    .changes
                    .iter()
                    .map(|change| info(change, found, at, language)),
            );
        }
        compared.push(about);
    }
    Changes {
        schema: Kind::Changes,
        tool: Tool::this(),
        language,
        profile: profile.map(|(profile, _)| ProfileInfo::of(profile, language)),
        date: profile.map(|(_, date)| date.to_string()),
        profile_findings: profile.map_or_else(Vec::new, |(profile, date)| {
            findings(profile, date, &new.file.disclosures, language)
        }),
        documents,
        compared,
        changes,
    }
}

/// What is to be said about the profile, by the new disclosures: what the old ones needed is over.
fn findings(
    profile: &Profile,
    date: Date,
    new: &[Disclosure],
    language: Language,
) -> Vec<FindingInfo> {
    let assessments: Vec<Assessment<'_>> =
        new.iter().map(|one| assess(one, profile, date)).collect();
    let disclosures: Vec<&Disclosure> = new.iter().collect();
    profile_findings(profile, &disclosures, &assessments, date)
        .iter()
        .map(|finding| model::finding_info(finding, language))
        .collect()
}

fn info(
    change: &Change<'_>,
    found: &Comparison<'_>,
    pair: usize,
    language: Language,
) -> ChangeInfo {
    let number = change.new.first().or(change.old.first());
    let header = change
        .header
        .map(|value| Some(value?.value()).filter(|text| !text.is_empty()));
    let [old, new] = match change.kind {
        ChangeKind::Header => header,
        _ => [&change.old, &change.new].map(|entries| said(change.kind, entries, language)),
    };
    ChangeInfo {
        pair,
        item: number.map(|entry| entry.number.to_string()),
        field: change.field.map(|field| field.code().to_owned()),
        title: title(change, found, language),
        control: change.control.clone(),
        kind: change.kind,
        old,
        new,
        direction: change.direction,
        reason: reason(&change.basis, language),
        level: change.level,
        old_items: change.old.iter().map(|entry| item(entry)).collect(),
        new_items: change.new.iter().map(|entry| item(entry)).collect(),
    }
}

/// What the change is about: the question as the new sheet prints it, else the form's title, else the control's.
fn title(change: &Change<'_>, found: &Comparison<'_>, language: Language) -> String {
    if let Some(field) = change.field {
        return language.label(&format!("field-{}", field.code()));
    }
    let of = |disclosure: &Disclosure, entry: &Entry| {
        let item = entry.item.map(|at| &disclosure.form.items[at]);
        let title = item.map(|item| item.title.text(language).to_owned());
        title.or_else(|| entry.text.as_ref().map(|text| text.text.clone()))
    };
    let control = || {
        let control = change.control.as_deref()?;
        let known = Controls::bundled().get(control)?;
        Some(known.title.text(language).to_owned())
    };
    let first = |disclosure, entries: &[&Entry]| of(disclosure, entries.first()?);
    first(found.new, &change.new)
        .or_else(|| first(found.old, &change.old))
        .or_else(control)
        .unwrap_or_default()
}

fn reason(basis: &Basis, language: Language) -> String {
    match basis {
        Basis::Requirement { id, old, new } => {
            let (old, new) = (
                words::verdict(*old, language),
                words::verdict(*new, language),
            );
            let values = [("requirement", id.as_str()), ("old", &old), ("new", &new)];
            language.label_with(basis.label(), &values)
        }
        Basis::Link(kind) => {
            let kind = language.label(&format!("link-{}", kind.code()));
            language.label_with(basis.label(), &[("kind", &kind)])
        }
        _ => language.label(basis.label()),
    }
}

/// What the items of one side say that has changed; `None` where there are none.
fn said(kind: ChangeKind, entries: &[&Entry], language: Language) -> Option<String> {
    let one = |entry: &Entry| match kind {
        ChangeKind::Remark => entry.remark.text.clone().unwrap_or_default(),
        ChangeKind::Question => entry
            .text
            .as_ref()
            .map(|text| text.text.clone())
            .unwrap_or_default(),
        ChangeKind::Answer | ChangeKind::Added | ChangeKind::Removed | ChangeKind::Header => {
            answer(entry, language)
        }
    };
    match entries {
        [] => None,
        [entry] => Some(one(entry)),
        several => {
            let texts = several
                .iter()
                .map(|entry| format!("{} {}", entry.number, one(entry)));
            Some(texts.collect::<Vec<_>>().join(" / "))
        }
    }
}

/// An answer in words: the word of the form, methods and texts as written, else what is wrong with it.
fn answer(entry: &Entry, language: Language) -> String {
    match (entry.answer, entry.state) {
        (Some(answer), _) => answer.word(language).to_owned(),
        (None, State::Answered) => entry.written.clone(),
        (None, state) => {
            let state = language.label(&format!("state-{}", state.code()));
            match entry.written.as_str() {
                "" => state,
                written => format!("{state}: {written}"),
            }
        }
    }
}

fn item(entry: &Entry) -> ItemSaid {
    ItemSaid {
        number: entry.number.to_string(),
        text: entry.text.as_ref().map(|text| text.text.clone()),
        answer: entry.answer,
        options: entry.options.clone(),
        state: entry.state,
        written: Some(entry.written.clone()).filter(|written| !written.is_empty()),
        remark: entry.remark.text.clone(),
        place: model::place_info(&entry.place),
    }
}
