//! From examined files to the published shapes.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{
    Counts, Document, FactInfo, FindingInfo, FormInfo, Header, ItemInfo, KeptInfo, Kind, PlaceInfo,
    ProfileInfo, RemarkInfo, Report, ResultInfo, ReturnedInfo, ReturnedOpen, Role, SheetInfo,
    Tally, Tool, WaiverInfo, verdicts,
};
use crate::answer::{Answer, State};
use crate::assess::{Assessment, Outcome};
use crate::control::Controls;
use crate::disclosure::{Disclosure, Entry, Kept};
use crate::examine::Examined;
use crate::finding::{Finding, Rules, Severity};
use crate::form::{Field, Form, Item};
use crate::language::Language;
use crate::place::Place;
use crate::profile::{Profile, Target};
use crate::returned::{Listed, Returned};
use crate::text::fold;

/// A profile held against examined files.
#[derive(Debug)]
pub struct Judged<'a> {
    /// The profile.
    pub profile: &'a Profile,
    /// The date on which waivers were judged.
    pub date: Date,
    /// For each file, for each of its disclosures.
    pub assessments: Vec<Vec<Assessment<'a>>>,
    /// Findings about the profile's waivers.
    pub findings: Vec<Finding>,
}

/// Builds a report of a kind.
pub fn build(
    kind: Kind,
    files: &[Examined],
    judged: Option<&Judged<'_>>,
    language: Language,
) -> Report {
    let mut assembly = Assembly::new(kind, language);
    for (at, file) in files.iter().enumerate() {
        assembly.add(file, judged.map(|judged| judged.assessments[at].as_slice()));
    }
    assembly.finish(judged.map(|judged| (judged.profile, judged.date, judged.findings.as_slice())))
}

/// A report that is put together file by file, so that a file can be forgotten once it is in.
#[derive(Debug)]
pub struct Assembly {
    kind: Kind,
    language: Language,
    documents: Vec<Document>,
    tally: Tally,
}

impl Assembly {
    /// An empty report of a kind.
    pub fn new(kind: Kind, language: Language) -> Self {
        Self {
            kind,
            language,
            documents: Vec::new(),
            tally: Tally::default(),
        }
    }

    /// Adds a file, with one assessment for each of its disclosures where a profile is held against it.
    pub fn add(&mut self, file: &Examined, assessments: Option<&[Assessment<'_>]>) {
        let documents = of_file(file, assessments, self.kind, self.language);
        self.tally.count(file, &documents, assessments);
        self.documents.extend(documents);
    }

    /// Adds all that another report of the same kind holds.
    pub fn absorb(&mut self, other: Assembly) {
        self.documents.extend(other.documents);
        self.tally.absorb(&other.tally);
    }

    /// Counts documents that stand elsewhere, because they have been written already.
    pub fn count(&mut self, tally: &Tally) {
        self.tally.absorb(tally);
    }

    /// The documents and their counts, for a report that is written piece by piece.
    pub fn into_parts(self) -> (Vec<Document>, Tally) {
        (self.documents, self.tally)
    }

    /// The report; the profile, the date of judgement and findings about the profile's waivers go in last.
    pub fn finish(mut self, profile: Option<(&Profile, Date, &[Finding])>) -> Report {
        let language = self.language;
        let own = profile.map(|(_, _, findings)| findings).unwrap_or_default();
        self.tally.of_findings(own);
        let summary = self.tally.summary(profile.is_some());
        Report {
            schema: self.kind,
            tool: Tool::this(),
            language,
            profile: profile.map(|(profile, _, _)| ProfileInfo::of(profile, language)),
            date: profile.map(|(_, date, _)| date.to_string()),
            facility: None,
            documents: self.documents,
            profile_findings: own
                .iter()
                .map(|finding| finding_info(finding, language))
                .collect(),
            risk_register: None,
            summary: (self.kind != Kind::Disclosure).then_some(summary),
        }
    }
}

impl ProfileInfo {
    /// What is told of a profile, in the words of a language.
    pub fn of(profile: &Profile, language: Language) -> Self {
        Self {
            id: profile.id.clone(),
            title: profile.title.text(language).to_owned(),
            facility: (!profile.facility.is_empty()).then(|| profile.facility.clone()),
            provenance: profile.provenance.text(language).to_owned(),
            sha256: profile.sha256.clone(),
        }
    }
}

/// The disclosures of a file, each with its form and head only; a file without one says why.
pub fn documents(file: &Examined, language: Language) -> Vec<Document> {
    of_file(file, None, Kind::Diff, language)
}

fn of_file(
    file: &Examined,
    assessments: Option<&[Assessment<'_>]>,
    kind: Kind,
    language: Language,
) -> Vec<Document> {
    let (has_items, has_findings) = match kind {
        Kind::Check => (false, true),
        Kind::Diff => (false, false),
        Kind::Report => (true, true),
        Kind::Disclosure => (true, false),
    };
    let sheets: Vec<SheetInfo> = file
        .sheets
        .iter()
        .map(|sheet| SheetInfo {
            name: sheet.name.to_string(),
            role: if sheet.is_disclosure {
                Role::Disclosure
            } else {
                Role::Ignored
            },
            reason: sheet.reason.text(language).to_owned(),
        })
        .collect();
    let empty = |findings: Option<Vec<FindingInfo>>| Document {
        file: file.file.clone(),
        sha256: file.sha256.clone(),
        form: None,
        sheet: None,
        sheets: sheets.clone(),
        returned: None,
        header: None,
        system: None,
        facts: Vec::new(),
        counts: None,
        findings,
        items: None,
        remarks: Vec::new(),
        kept: Vec::new(),
        results: None,
        verdicts: None,
    };
    let of_the_file = || {
        file.findings
            .iter()
            .map(|finding| finding_info(finding, language))
    };
    if file.disclosures.is_empty() {
        // A file without a disclosure still says why, in every kind.
        return vec![empty(Some(of_the_file().collect()))];
    }
    let documents = file
        .disclosures
        .iter()
        .zip(&file.disclosure_findings)
        .enumerate();
    documents
        .map(|(at, (disclosure, findings))| {
            // What is said about the file as a whole stands with its first disclosure.
            let whole = if at == 0 {
                file.findings.as_slice()
            } else {
                &[]
            };
            let mut document = empty(None);
            document.returned = file
                .returned
                .as_ref()
                .filter(|_| at == 0)
                .map(returned_info);
            document.form = Some(form_info(&disclosure.form, language));
            document.sheet = disclosure.sheet.as_deref().map(str::to_owned);
            if has_findings {
                let all: Vec<&Finding> = whole.iter().chain(findings).collect();
                document.counts = Some(counts(disclosure, &all));
                document.findings = Some(
                    all.into_iter()
                        .map(|finding| finding_info(finding, language))
                        .collect(),
                );
            }
            document.header = Some(header(disclosure));
            if has_items {
                document.items = Some(
                    disclosure
                        .entries
                        .iter()
                        .map(|entry| item_info(disclosure, entry, kind, language))
                        .collect(),
                );
                document.remarks = disclosure
                    .notes
                    .iter()
                    .map(|n| RemarkInfo {
                        key: n.key,
                        label: n.label.clone(),
                        text: n.text.clone(),
                        referenced: n.referenced,
                    })
                    .collect();
            }
            if kind == Kind::Disclosure {
                document.kept = disclosure.kept.iter().map(kept_info).collect();
            }
            if let Some(assessment) = assessments.and_then(|assessments| assessments.get(at)) {
                document.results = Some(
                    assessment
                        .outcomes
                        .iter()
                        .map(|o| result_of(o, &disclosure.form, language))
                        .collect(),
                );
                document.verdicts = Some(verdicts(assessment.counts()));
                document.set_system(assessment, language);
            }
            document
        })
        .collect()
}

fn kept_info(kept: &Kept) -> KeptInfo {
    KeptInfo {
        kind: kept.kind.code().to_owned(),
        item: kept.item.as_ref().map(ToString::to_string),
        label: kept.label.clone(),
        text: kept.text.clone(),
        origin: kept.origin(),
    }
}

fn returned_info(returned: &Returned) -> ReturnedInfo {
    let open = |listed: &Listed| ReturnedOpen {
        code: listed.code.clone(),
        item: listed.item.clone(),
        place: listed.sheet.clone().map(|sheet| PlaceInfo::Cell {
            sheet,
            cell: listed.cell.clone(),
        }),
    };
    ReturnedInfo {
        sheet: returned.sheet.to_string(),
        listed: returned.listed,
        mended: returned.mended,
        open: returned.open.iter().map(open).collect(),
    }
}

pub(crate) fn form_info(form: &Form, language: Language) -> FormInfo {
    FormInfo {
        id: form.id.clone(),
        edition: form.edition.clone(),
        source: form.source,
        family: form.family,
        title: form.title.text(language).to_owned(),
        provenance: form.provenance.text(language).to_owned(),
    }
}

/// A place as it is published; `None` for the whole file.
pub(crate) fn place_info(place: &Place) -> Option<PlaceInfo> {
    match place {
        Place::File => None,
        Place::Sheet(sheet) => Some(PlaceInfo::Cell {
            sheet: sheet.to_string(),
            cell: None,
        }),
        Place::Cell { sheet, .. } => Some(PlaceInfo::Cell {
            sheet: sheet.to_string(),
            cell: place.cell(),
        }),
        Place::Text { line, column } => Some(PlaceInfo::Text {
            line: *line,
            column: *column,
        }),
    }
}

/// A finding in the words of a language.
pub fn finding_info(finding: &Finding, language: Language) -> FindingInfo {
    let rule = Rules::bundled().named(finding.rule);
    FindingInfo {
        code: rule.code.clone(),
        name: rule.name.clone(),
        severity: finding.severity(),
        item: finding.item.as_ref().map(ToString::to_string),
        place: place_info(&finding.place),
        message: finding.message(language),
        found: finding.found(),
        expected: finding.expected(language),
        help: finding.help(language),
        references: rule
            .references
            .iter()
            .map(|reference| match &reference.clause {
                Some(clause) => format!("{} {clause}", reference.source),
                None => reference.source.clone(),
            })
            .collect(),
    }
}

fn header(disclosure: &Disclosure) -> Header {
    let value = |field| {
        disclosure
            .field(field)
            .map(|value| value.value())
            .filter(|value| !value.is_empty())
    };
    Header {
        date: value(Field::Date),
        manufacturer: value(Field::Manufacturer),
        product: value(Field::Product),
        model: value(Field::Model),
        version: value(Field::Version),
    }
}

fn item_info(disclosure: &Disclosure, entry: &Entry, kind: Kind, language: Language) -> ItemInfo {
    let item = entry.item.map(|at| &disclosure.form.items[at]);
    let for_people = item.filter(|_| kind == Kind::Report);
    ItemInfo {
        number: entry.number.to_string(),
        control: item.and_then(Item::control).map(str::to_owned),
        text: entry.text.as_ref().map(|text| text.text.clone()),
        title: for_people.map(|item| item.title.text(language).to_owned()),
        section: for_people.map(|item| {
            disclosure
                .form
                .section_of(item)
                .title
                .text(language)
                .to_owned()
        }),
        answer: entry.answer,
        options: entry.options.clone(),
        state: entry.state,
        written: Some(entry.written.clone()).filter(|written| !written.is_empty()),
        remark: entry.remark.text.clone(),
        remark_reference: entry.remark.reference.clone(),
        place: place_info(&entry.place),
    }
}

/// What a requirement comes to, as it is published.
pub(crate) fn result_of(outcome: &Outcome<'_>, form: &Form, language: Language) -> ResultInfo {
    let requirement = outcome.requirement;
    let control = outcome.control();
    let controls = Controls::bundled();
    let known = control.and_then(|id| controls.get(id));
    let title = match (&requirement.target, outcome.item) {
        (Target::Item { .. }, Some(item)) => item.title.text(language).to_owned(),
        (Target::Item { number, .. }, None) => number.to_string(),
        (Target::Control(_) | Target::OneOf(_) | Target::Question(_), _) => {
            requirement.topic(language)
        }
    };
    let grounds = outcome.grounds.iter();
    let facts: Vec<FactInfo> = grounds.map(|one| FactInfo::of(one, language)).collect();
    let question = outcome.entry.and_then(|entry| entry.text.as_ref());
    let question = question
        .map(|text| text.text.clone())
        .filter(|text| fold(text) != fold(&title) && !text.is_empty());
    ResultInfo {
        requirement: requirement.id.clone(),
        control: control.map(str::to_owned),
        title,
        area: known
            .and_then(|control| controls.area(control))
            .map(|area| area.title.text(language).to_owned())
            .or_else(|| {
                outcome
                    .item
                    .map(|item| form.section_of(item).title.text(language).to_owned())
            }),
        level: requirement.level,
        weight: requirement.weight,
        verdict: outcome.verdict,
        item: outcome.item.map(|item| item.number.to_string()),
        answer: outcome.entry.and_then(|entry| entry.answer),
        written: outcome
            .entry
            .map(|entry| entry.written.clone())
            .filter(|written| !written.is_empty()),
        asked: question,
        accepted: requirement.answers.clone(),
        remark: outcome.entry.and_then(|entry| entry.remark.text.clone()),
        place: outcome.entry.and_then(|entry| place_info(&entry.place)),
        reason: outcome.reason(language),
        purpose: requirement.reason.text(language).to_owned(),
        references: requirement.references.clone(),
        item_references: outcome.item.map(item_references).unwrap_or_default(),
        rule: rule_of(outcome, &facts, language),
        facts,
        question: outcome.question(language),
        confidence: outcome.item.map(|item| item.confidence),
        because: outcome
            .item
            .map(|item| item.because.clone())
            .unwrap_or_default(),
        planned: outcome.planned,
        assess_risk: outcome.assess_risk,
        waiver: outcome.waiver.map(|waiver| WaiverInfo {
            reason: waiver.reason.text(language).to_owned(),
            approver: waiver.approver.clone(),
            from: waiver.from.to_string(),
            until: waiver.until.to_string(),
            compensating: waiver
                .compensating
                .as_ref()
                .map(|text| text.text(language).to_owned()),
        }),
    }
}

/// The rule in words, with the facts of the system for which it applies.
fn rule_of(outcome: &Outcome<'_>, facts: &[FactInfo], language: Language) -> String {
    let demand = outcome.requirement.demand(language);
    if facts.is_empty() {
        return demand;
    }
    let facts: Vec<&str> = facts.iter().map(|fact| &*fact.text).collect();
    let values = [("rule", &*demand), ("facts", &*facts.join(" / "))];
    language.label_with("rule-with-facts", &values)
}

/// The clauses that an item cites, each with its document.
fn item_references(item: &Item) -> Vec<String> {
    item.references
        .iter()
        .map(|(document, clauses)| format!("{document} {}", clauses.join(", ")))
        .collect()
}

fn counts(disclosure: &Disclosure, findings: &[&Finding]) -> Counts {
    let entries: Vec<&Entry> = (0..disclosure.form.items.len())
        .filter_map(|at| disclosure.entry_at(at))
        .collect();
    let state = |state| entries.iter().filter(|entry| entry.state == state).count();
    let answer = |answer| {
        entries
            .iter()
            .filter(|entry| entry.answer == Some(answer))
            .count()
    };
    let mut of_severity = BTreeMap::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let count = findings
            .iter()
            .filter(|finding| finding.severity() == severity)
            .count();
        of_severity.insert(severity.code().to_owned(), count);
    }
    Counts {
        items: disclosure.form.items.len(),
        answered: state(State::Answered),
        unanswered: state(State::Unanswered),
        conflicting: state(State::Conflicting),
        unknown: state(State::Unknown),
        missing: disclosure.form.items.len() - entries.len(),
        yes: answer(Answer::Yes),
        no: answer(Answer::No),
        na: answer(Answer::Na),
        see_note: answer(Answer::SeeNote),
        remarks: entries
            .iter()
            .filter(|entry| entry.remark.text.is_some())
            .count(),
        hidden: entries.iter().filter(|entry| entry.hidden).count(),
        unmatched_rows: disclosure
            .unmatched
            .as_ref()
            .map_or(0, |unmatched| unmatched.count),
        findings: of_severity,
    }
}

/// Findings of one document by kind, the gravest first, each with its places: what to do first.
pub fn fixes(findings: &[FindingInfo]) -> Vec<(&FindingInfo, Vec<String>)> {
    let mut fixes: Vec<(&FindingInfo, Vec<String>)> = Vec::new();
    for finding in findings
        .iter()
        .filter(|finding| finding.severity != Severity::Note)
    {
        let place = finding
            .place
            .as_ref()
            .map(PlaceInfo::label)
            .unwrap_or_default();
        let label = match &finding.item {
            Some(item) if place.is_empty() => item.clone(),
            Some(_) | None => place,
        };
        match fixes
            .iter_mut()
            .find(|(known, _)| known.code == finding.code)
        {
            Some((_, places)) => places.push(label),
            None => fixes.push((finding, vec![label])),
        }
    }
    fixes.sort_by_key(|(finding, _)| (std::cmp::Reverse(finding.severity), finding.code.clone()));
    fixes
}
