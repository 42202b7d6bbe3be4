//! The published shape `kaijisho/products-run/1`: what was made from a product source file.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Made, Open, Planned, Products, WrittenProducts};
use crate::answer::{ItemNumber, State};
use crate::finding::{Finding, Severity};
use crate::form::FormSource;
use crate::language::Language;
use crate::report::model::{FindingInfo, PlaceInfo, Tool, finding_info};

/// Which of the published shapes it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum RunSchema {
    /// `kaijisho new --from FILE --format json`
    #[serde(rename = "kaijisho/products-run/1")]
    ProductsRun1,
}

/// What was made from a product source file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Run {
    /// Always `kaijisho/products-run/1`.
    pub schema: RunSchema,
    /// What wrote it.
    pub tool: Tool,
    /// The language of the texts.
    pub language: Language,
    /// The product source file.
    pub file: String,
    /// SHA-256 of the source, in hexadecimal; empty where it has mistakes.
    pub sha256: String,
    /// The day on which it was judged.
    pub date: String,
    /// What is to be said about the source itself, sorted by place.
    pub findings: Vec<FindingInfo>,
    /// The disclosures, in the order of the source.
    pub disclosures: Vec<MadeInfo>,
    /// Everything counted.
    pub summary: Summary,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    #[allow(missing_docs)] // one documented variant would turn the JSON Schema's enum into a oneOf
    Written,
    #[allow(missing_docs)]
    Unchanged,
    #[allow(missing_docs)]
    Kept,
    #[allow(missing_docs)]
    Failed,
    #[allow(missing_docs)]
    Checked,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Outcome; 5] = [
        Outcome::Written,
        Outcome::Unchanged,
        Outcome::Kept,
        Outcome::Failed,
        Outcome::Checked,
    ];

    /// The name in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Outcome::Written => "written",
            Outcome::Unchanged => "unchanged",
            Outcome::Kept => "kept",
            Outcome::Failed => "failed",
            Outcome::Checked => "checked",
        }
    }
}

/// A disclosure that was made.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MadeInfo {
    /// Its file; where it was only checked, the name without folder and ending.
    pub file: String,
    /// `written`; `unchanged`: it was there with the same bytes; `kept`: another file of that name was there and
    /// stays; `failed`: it could not be written; `checked`: nothing was to be written.
    pub outcome: Outcome,
    /// Why it could not be written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The product, by id.
    pub product: String,
    /// The product's name.
    pub name: String,
    /// The version.
    pub version: String,
    /// The form, by id.
    pub form: String,
    /// Its edition.
    pub edition: String,
    /// How the form became known.
    pub source: FormSource,
    /// The date of the disclosure.
    pub date: String,
    /// Items of the form.
    pub items: usize,
    /// Items with an answer.
    pub answered: usize,
    /// Items that are asked and have none.
    pub open: usize,
    /// Items without an answer that are not asked, because of another answer.
    pub not_asked: usize,
    /// Answers that were last looked at too long ago.
    pub stale: usize,
    /// Errors that the check of the disclosure found, unanswered items among them.
    pub errors: usize,
    /// Its warnings.
    pub warnings: usize,
    /// Its notes.
    pub notes: usize,
    /// The open items, in the order of the form.
    pub open_items: Vec<OpenItem>,
    /// What the check of the disclosure found; places are lines of the source.
    pub findings: Vec<FindingInfo>,
}

/// An item without an answer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OpenItem {
    /// Its number.
    pub number: ItemNumber,
    /// Its title.
    pub title: String,
    /// The control that would answer it, if it has one that is certain.
    pub control: Option<String>,
    /// Why it is open.
    pub reason: OpenReason,
    /// Where an answer stands that was not used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceInfo>,
    /// Other items of the form that ask for the same control.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shared_with: Vec<ItemNumber>,
}

/// Why an item is open; what each value means stands in the published schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OpenReason {
    #[allow(missing_docs)]
    NoAnswer,
    #[allow(missing_docs)]
    NoControl,
    #[allow(missing_docs)]
    NotTaken,
    #[allow(missing_docs)]
    Shared,
}

impl OpenReason {
    /// All reasons.
    pub const ALL: [OpenReason; 4] = [
        OpenReason::NoAnswer,
        OpenReason::NoControl,
        OpenReason::NotTaken,
        OpenReason::Shared,
    ];

    /// The name in JSON.
    pub fn code(self) -> &'static str {
        match self {
            OpenReason::NoAnswer => "no-answer",
            OpenReason::NoControl => "no-control",
            OpenReason::NotTaken => "not-taken",
            OpenReason::Shared => "shared",
        }
    }
}

/// Everything counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Summary {
    /// Disclosures.
    pub disclosures: usize,
    /// Files written.
    pub written: usize,
    /// Files that were there already with the same bytes.
    pub unchanged: usize,
    /// Files that were there with other bytes and stay.
    pub kept: usize,
    /// Files that could not be written.
    pub failed: usize,
    /// Open items of all disclosures.
    pub open: usize,
    /// Stale answers of the source.
    pub stale: usize,
    /// Errors of the source and of all disclosures.
    pub errors: usize,
    /// Warnings of both.
    pub warnings: usize,
    /// Notes of both.
    pub notes: usize,
}

/// What `schemas/products.schema.json` describes: a product source file, or what was made from one.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "only its schema is used")]
pub(crate) enum Document {
    File(Box<WrittenProducts>),
    Run(Box<Run>),
}

/// A run so far: `add` each disclosure, then `finish`.
#[derive(Clone, Debug)]
pub struct Assembly {
    run: Run,
}

impl Assembly {
    /// Nothing made yet. `sha256` is empty where the source has mistakes.
    pub fn new(file: &str, sha256: &str, today: Date, language: Language) -> Self {
        Self {
            run: Run {
                schema: RunSchema::ProductsRun1,
                tool: Tool {
                    name: env!("CARGO_PKG_NAME").to_owned(),
                    version: env!("CARGO_PKG_VERSION").to_owned(),
                },
                language,
                file: file.to_owned(),
                sha256: sha256.to_owned(),
                date: today.to_string(),
                findings: Vec::new(),
                disclosures: Vec::new(),
                summary: Summary::default(),
            },
        }
    }

    /// Adds a disclosure, as it was found, and what became of its file.
    pub fn add(&mut self, info: MadeInfo) {
        let summary = &mut self.run.summary;
        summary.disclosures += 1;
        match info.outcome {
            Outcome::Written => summary.written += 1,
            Outcome::Unchanged => summary.unchanged += 1,
            Outcome::Kept => summary.kept += 1,
            Outcome::Failed => summary.failed += 1,
            Outcome::Checked => {}
        }
        summary.open += info.open;
        summary.errors += info.errors;
        summary.warnings += info.warnings;
        summary.notes += info.notes;
        self.run.disclosures.push(info);
    }

    /// The run, with what is to be said about the source itself.
    pub fn finish(mut self, findings: &[Finding]) -> Run {
        let language = self.run.language;
        let counted = counts(findings);
        self.run.summary.errors += counted[0];
        self.run.summary.warnings += counted[1];
        self.run.summary.notes += counted[2];
        let stale = |finding: &&Finding| finding.rule == crate::finding::rule::ANSWER_STALE;
        self.run.summary.stale = findings.iter().filter(stale).count();
        self.run.findings = findings
            .iter()
            .map(|finding| finding_info(finding, language))
            .collect();
        self.run
    }
}

/// A disclosure as it is published.
pub fn made_info(
    products: &Products,
    planned: &Planned<'_>,
    made: &Made,
    today: Date,
    language: Language,
) -> MadeInfo {
    let form = planned.form;
    let [errors, warnings, notes] = counts(&made.findings);
    let used = made.items.iter().filter_map(|item| item.answer);
    let used: std::collections::BTreeSet<usize> = used.collect();
    let stale = used
        .into_iter()
        .filter(|at| products.is_stale(&products.answers[*at], today))
        .count();
    let unanswered = made.disclosure.entries.iter();
    let unanswered = unanswered
        .filter(|entry| entry.state == State::Unanswered)
        .count();
    MadeInfo {
        file: planned.file.to_owned(),
        outcome: Outcome::Checked,
        reason: None,
        product: planned.product.id.clone(),
        name: planned.product.name.text(language).to_owned(),
        version: planned.version.version.clone(),
        form: form.id.clone(),
        edition: form.edition.clone(),
        source: form.source,
        date: planned.date.to_string(),
        items: form.items.len(),
        answered: made.answered(),
        open: made.open(),
        not_asked: unanswered.saturating_sub(made.open()),
        stale,
        errors,
        warnings,
        notes,
        open_items: open_items(products, planned, made, language),
        findings: made
            .findings
            .iter()
            .map(|finding| finding_info(finding, language))
            .collect(),
    }
}

fn open_items(
    products: &Products,
    planned: &Planned<'_>,
    made: &Made,
    language: Language,
) -> Vec<OpenItem> {
    let items = planned.form.items.iter().zip(&made.items);
    items
        .filter_map(|(item, made)| {
            let (reason, shared_with) = match made.open.as_ref()? {
                Open::NothingSaid => (OpenReason::NoAnswer, Vec::new()),
                Open::NoControl => (OpenReason::NoControl, Vec::new()),
                Open::NotTaken => (OpenReason::NotTaken, Vec::new()),
                Open::Shared(others) => (OpenReason::Shared, others.clone()),
            };
            let refused = made.refused.map(|at| &products.answers[at].place);
            let place = refused.and_then(|place| match place {
                crate::Place::Text { line, column } => Some(PlaceInfo::Text {
                    line: *line,
                    column: *column,
                }),
                crate::Place::File | crate::Place::Sheet(_) | crate::Place::Cell { .. } => None,
            });
            Some(OpenItem {
                number: item.number.clone(),
                title: item.title.text(language).to_owned(),
                control: item.control().map(str::to_owned),
                reason,
                place,
                shared_with,
            })
        })
        .collect()
}

/// Errors, warnings and notes.
fn counts(findings: &[Finding]) -> [usize; 3] {
    let of = |severity| {
        let alike = findings
            .iter()
            .filter(|finding| finding.severity() == severity);
        alike.count()
    };
    [Severity::Error, Severity::Warning, Severity::Note].map(of)
}
