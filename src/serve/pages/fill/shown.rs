//! What the page of a sheet shows: its head and items, what is filled in, and what is to be said beside each.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{SAVED, name_of};
use crate::answer::State;
use crate::disclosure::Disclosure;
use crate::examine::Examined;
use crate::finding::{Finding, Severity};
use crate::form::{Enabled, Field, Form, Item, Kind};
use crate::language::Language;
use crate::report::model::finding_info;
use crate::serve::draft::{Draft, LeftBehind};

/// Findings about one item that are shown.
const EACH: usize = 20;

/// Something to be said, beside an item or above the sheet.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Remark {
    /// `error`, `warning` or `note`.
    severity: &'static str,
    /// The same in words.
    word: String,
    code: String,
    message: String,
    help: String,
}

/// What is to be said about a sheet as it is filled in.
#[derive(Debug, Serialize)]
pub(super) struct Checked {
    /// About items, by their numbers.
    items: BTreeMap<String, Vec<Remark>>,
    /// About the sheet as a whole and its head.
    whole: Vec<Remark>,
    /// Items that the answers above leave out, by their numbers.
    not_asked: BTreeSet<String>,
    /// Items with an answer.
    answered: usize,
    /// Items that are asked.
    asked: usize,
    errors: usize,
    warnings: usize,
}

impl Checked {
    pub(super) fn of(examined: &Examined, language: Language) -> Self {
        let mut checked = Self {
            items: BTreeMap::new(),
            whole: Vec::new(),
            not_asked: BTreeSet::new(),
            answered: 0,
            asked: 0,
            errors: 0,
            warnings: 0,
        };
        for finding in examined.all_findings() {
            match finding.severity() {
                Severity::Error => checked.errors += 1,
                Severity::Warning => checked.warnings += 1,
                Severity::Note => {}
            }
            let beside = match &finding.item {
                Some(item) => checked.items.entry(item.to_string()).or_default(),
                None => &mut checked.whole,
            };
            if beside.len() < EACH {
                beside.push(remark(finding, language));
            }
        }
        if let Some(disclosure) = examined.disclosures.first() {
            checked.count(disclosure);
        }
        checked
    }

    fn count(&mut self, disclosure: &Disclosure) {
        for (at, item) in disclosure.form.items.iter().enumerate() {
            let entry = disclosure.entry_at(at);
            let is_answered = entry.is_some_and(|entry| entry.state == State::Answered);
            if matches!(disclosure.enabled(at), Enabled::No { .. }) && !is_answered {
                self.not_asked.insert(item.number.to_string());
            } else {
                self.asked += 1;
                self.answered += usize::from(is_answered);
            }
        }
    }
}

fn remark(finding: &Finding, language: Language) -> Remark {
    let info = finding_info(finding, language);
    let severity = finding.severity().code();
    Remark {
        severity,
        word: language.label(&format!("severity-{severity}")),
        code: info.code,
        message: info.message,
        help: info.help,
    }
}

/// A sheet to be filled in.
#[derive(Debug, Serialize)]
pub(super) struct Sheet {
    name: String,
    title: String,
    edition: String,
    provenance: String,
    head: Vec<Head>,
    sections: Vec<Section>,
    checked: Option<Checked>,
    /// What the file that was dropped says and the page cannot hold.
    left: Vec<String>,
    more_left: usize,
    saved: Vec<&'static str>,
}

/// A field of the head.
#[derive(Debug, Serialize)]
struct Head {
    code: &'static str,
    label: String,
    value: String,
    is_required: bool,
}

#[derive(Debug, Serialize)]
struct Section {
    at: usize,
    title: String,
    items: Vec<Row>,
}

/// An item.
#[derive(Debug, Serialize)]
struct Row {
    number: String,
    title: String,
    depth: usize,
    is_text: bool,
    is_required: bool,
    answers: Vec<Pick>,
    methods: Vec<Pick>,
    text: String,
    remark: String,
    written: String,
    /// The answers that need a remark, in words.
    remark_for: Vec<String>,
    said: Vec<Remark>,
    not_asked: bool,
}

/// Something that can be chosen.
#[derive(Debug, Serialize)]
struct Pick {
    code: String,
    word: String,
    is_chosen: bool,
}

impl Sheet {
    pub(super) fn new(
        draft: &Draft,
        examined: Option<&Examined>,
        left: LeftBehind,
        language: Language,
    ) -> Self {
        let form = &draft.form;
        let mut checked = examined.map(|examined| Checked::of(examined, language));
        let mut sections: Vec<Section> = Vec::new();
        let mut last = None;
        for (at, item) in form.items.iter().enumerate() {
            if last != Some(item.section) {
                sections.push(Section {
                    at: sections.len() + 1,
                    title: form.section_of(item).title.text(language).to_owned(),
                    items: Vec::new(),
                });
                last = Some(item.section);
            }
            let row = row(draft, at, checked.as_mut(), language);
            if let Some(section) = sections.last_mut() {
                section.items.push(row);
            }
        }
        Self {
            name: name_of(form),
            title: form.title.text(language).to_owned(),
            edition: form.edition.clone(),
            provenance: form.provenance.text(language).to_owned(),
            head: head(draft, language),
            sections,
            checked,
            left: left
                .told
                .iter()
                .map(|it| it.text(language).to_owned())
                .collect(),
            more_left: left.more,
            saved: SAVED.iter().map(|target| target.ending()).collect(),
        }
    }
}

/// The fields that the form asks for at its head, and those that are filled in.
fn head(draft: &Draft, language: Language) -> Vec<Head> {
    let asked = |field: Field| draft.form.headers.iter().find(|asked| asked.field == field);
    let fields = Field::ALL.into_iter().filter(|field| match asked(*field) {
        Some(asked) => asked.item.is_none(),
        None => !draft.head(*field).is_empty(),
    });
    fields
        .map(|field| Head {
            code: field.code(),
            label: language.label(&format!("field-{}", field.code())),
            value: draft.head(field).to_owned(),
            is_required: asked(field).is_some_and(|asked| asked.required),
        })
        .collect()
}

fn row(draft: &Draft, at: usize, checked: Option<&mut Checked>, language: Language) -> Row {
    let item = &draft.form.items[at];
    let said = draft.said(at);
    let number = item.number.to_string();
    let (beside, not_asked) = match checked {
        Some(checked) => {
            let beside = checked.items.get(&number).cloned().unwrap_or_default();
            (beside, checked.not_asked.contains(&number))
        }
        None => (Vec::new(), false),
    };
    let answers = item.choices.iter().map(|answer| Pick {
        code: answer.code().to_owned(),
        word: answer.word(language).to_owned(),
        is_chosen: said.answer == Some(*answer),
    });
    let methods = item.options.iter().map(|option| Pick {
        code: option.id.clone(),
        word: option.title.text(language).to_owned(),
        is_chosen: said.options.contains(&option.id),
    });
    let remark_for = item.remark_when.iter();
    Row {
        title: item.title.text(language).to_owned(),
        depth: depth(&draft.form, item),
        is_text: matches!(item.kind, Kind::Text | Kind::Date),
        is_required: item.required,
        answers: answers.collect(),
        methods: methods.collect(),
        text: said.text,
        remark: said.remark,
        written: said.written,
        remark_for: remark_for.map(|it| it.word(language).to_owned()).collect(),
        said: beside,
        not_asked,
        number,
    }
}

/// How many items stand above an item; a form of a file may say anything, so there is an end to it.
fn depth(form: &Form, item: &Item) -> usize {
    const DEEPEST: usize = 4;
    let mut above = item.parent.as_ref();
    let mut depth = 0;
    while let (Some(number), true) = (above, depth < DEEPEST) {
        depth += 1;
        above = form.item(number).and_then(|item| item.parent.as_ref());
    }
    depth
}
