//! Examining a file: read, recognise, build, validate, in one step.

use std::sync::Arc;

use jiff::civil::Date;

use crate::disclosure::{self, Disclosure, GivenLayouts};
use crate::finding::{Finding, Severity, Value, rule};
use crate::form::Catalog;
use crate::language::Localised;
use crate::limits::Limits;
use crate::place::Place;
use crate::read::{self, Content};
use crate::returned::Returned;
use crate::returned::recall::{self, List};
use crate::source::Source;
use crate::validate::validate;

/// How files are examined.
#[derive(Clone, Debug)]
pub struct Options {
    /// The forms that can be recognised.
    pub catalog: Catalog,
    /// A form that the user named: its editions.
    pub forced: Option<Catalog>,
    /// Layouts that the user described.
    pub layouts: Option<GivenLayouts>,
    /// The day after which a date lies in the future.
    pub today: Date,
    /// How much is read at most.
    pub limits: Limits,
}

impl Options {
    /// The bundled forms, default limits, and this day as today.
    pub fn new(today: Date) -> Self {
        Self {
            catalog: Catalog::bundled(),
            forced: None,
            layouts: None,
            today,
            limits: Limits::default(),
        }
    }
}

/// What became of a sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetOutcome {
    /// Its name.
    pub name: Arc<str>,
    /// True if it was read as a disclosure.
    pub is_disclosure: bool,
    /// Why, in words.
    pub reason: Localised,
}

/// Reads a file and makes nothing of it: how many cells hold something, and what is to be said about the file.
///
/// For measuring and trying the readers alone. A document of nested values has no cells.
///
/// ```
/// use kaijisho::{Limits, Source, count_cells};
/// let source = Source::new("a.csv", "項番,回答\n1,はい\n2,\n".into());
/// assert_eq!(count_cells(&source, &Limits::default()), (5, Vec::new()));
/// ```
pub fn count_cells(source: &Source, limits: &Limits) -> (usize, Vec<Finding>) {
    let reading = read::read(source, limits);
    let cells = match &reading.content {
        Content::Grid(workbook) => workbook.sheets.iter().map(|sheet| sheet.cells.len()).sum(),
        Content::Tree(_) | Content::Nothing => 0,
    };
    (cells, reading.findings)
}

/// A file, examined.
#[derive(Debug)]
pub struct Examined {
    /// The file's name as given.
    pub file: String,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// Every sheet and what became of it.
    pub sheets: Vec<SheetOutcome>,
    /// The disclosures in it.
    pub disclosures: Vec<Disclosure>,
    /// What came of the findings that this tool listed when the file was sent back, if it was.
    pub returned: Option<Returned>,
    /// Findings about the file as a whole, sorted.
    pub findings: Vec<Finding>,
    /// Findings of each disclosure, sorted, in the order of `disclosures`.
    pub disclosure_findings: Vec<Vec<Finding>>,
}

impl Examined {
    /// True if the file could not be read or recognised at all: exit code 2, whatever `--fail-on` says.
    pub fn is_unreadable(&self) -> bool {
        self.disclosures.is_empty()
            || self.findings.iter().any(|finding| {
                [
                    rule::FILE_DAMAGED,
                    rule::FILE_ENCRYPTED,
                    rule::FILE_TOO_LARGE,
                    rule::FORM_UNRECOGNISED,
                    rule::NOTHING_RECOGNISED,
                ]
                .contains(&finding.rule)
            })
    }

    /// A file that the system would not give: it has its finding like any other that cannot be read.
    ///
    /// `advice` says what to do where that is known better than by the rule.
    pub fn unreadable(
        file: impl Into<String>,
        detail: Localised,
        advice: Option<Localised>,
    ) -> Self {
        let finding = Finding::new(rule::FILE_DAMAGED, crate::Place::File)
            .with("detail", crate::Value::Local(detail));
        let finding = match advice {
            Some(advice) => finding.advising(advice),
            None => finding,
        };
        Self {
            file: file.into(),
            sha256: String::new(),
            sheets: Vec::new(),
            disclosures: Vec::new(),
            returned: None,
            findings: vec![finding],
            disclosure_findings: Vec::new(),
        }
    }

    /// All findings, those of the file first.
    pub fn all_findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .chain(self.disclosure_findings.iter().flatten())
    }

    /// Gives findings the severities that a profile asks for.
    #[must_use]
    pub fn with_severities(
        mut self,
        severities: &std::collections::BTreeMap<String, Severity>,
    ) -> Self {
        let change = |finding: Finding| match severities.get(finding.rule) {
            Some(severity) => finding.at_severity(*severity),
            None => finding,
        };
        self.findings = self.findings.into_iter().map(change).collect();
        self.disclosure_findings = self
            .disclosure_findings
            .into_iter()
            .map(|findings| findings.into_iter().map(change).collect())
            .collect();
        self
    }
}

/// Examines a file. Never fails: what cannot be read is a finding.
///
/// ```
/// use kaijisho::{Options, Source, examine};
/// let text = r#"
/// form = "mds-reference"
/// header = { date = 2026-09-30, manufacturer = "見本メディカル", product = "見本カルテ", version = "3.2" }
/// items = [{ number = "1", answer = "はい" }]
/// "#;
/// let today = jiff::civil::date(2026, 10, 1);
/// let examined = examine(&Source::new("answers.toml", text.into()), &Options::new(today));
/// assert_eq!(examined.disclosures[0].entries[0].answer, Some(kaijisho::Answer::Yes));
/// assert_eq!(examined.all_findings().filter(|f| f.rule == "item-missing").count(), 84);
/// ```
pub fn examine(source: &Source, options: &Options) -> Examined {
    let reading = read::read(source, &options.limits);
    let mut findings = reading.findings;
    let recognised = match &reading.content {
        Content::Grid(workbook) => {
            let layouts = options.layouts.as_ref();
            let (catalog, forced) = (&options.catalog, options.forced.as_ref());
            disclosure::recognise(workbook, catalog, forced, layouts, &options.limits)
        }
        Content::Tree(root) => {
            let (catalog, forced) = (&options.catalog, options.forced.as_ref());
            disclosure::from_tree(root, catalog, forced, &options.limits)
        }
        Content::Nothing => disclosure::Recognised::default(),
    };
    let (mut order, lists): (Vec<Arc<str>>, Vec<List>) = match reading.content {
        Content::Grid(workbook) => {
            let names = workbook.sheets.iter().map(|sheet| sheet.name.clone());
            (names.collect(), workbook.returned)
        }
        // The names that its documents give their sheets, in order.
        Content::Tree(_) | Content::Nothing => {
            let names = recognised.sheets.iter().map(|fate| fate.name.clone());
            (names.collect(), Vec::new())
        }
    };
    findings.extend(recognised.findings);
    let disclosure_findings: Vec<Vec<Finding>> = recognised
        .disclosures
        .iter()
        .map(|disclosure| validate(disclosure, options.today))
        .collect();
    let present: Vec<&Finding> = findings
        .iter()
        .chain(disclosure_findings.iter().flatten())
        .collect();
    let returned = lists
        .first()
        .map(|list| recall::compare(list, &present, &order, &recognised.disclosures));
    findings.extend(returned.as_ref().map(Returned::finding));
    let mut sheets: Vec<SheetOutcome> = recognised
        .sheets
        .into_iter()
        .map(|fate| SheetOutcome {
            name: fate.name,
            is_disclosure: fate.is_disclosure,
            reason: fate.reason,
        })
        .collect();
    for list in &lists {
        note(list, &mut sheets, &mut order, &mut findings);
    }
    let sort = |mut findings: Vec<Finding>| {
        findings.sort_by_cached_key(|finding| finding.sort_key(&order));
        findings
    };
    let disclosure_findings = disclosure_findings.into_iter().map(sort).collect();
    Examined {
        file: source.name.clone(),
        sha256: source.sha256.clone(),
        sheets,
        disclosures: recognised.disclosures,
        returned,
        findings: sort(findings),
        disclosure_findings,
    }
}

/// Tells of a sheet with a list of findings: it is none of the sender's, and is not read as one.
fn note(
    list: &List,
    sheets: &mut Vec<SheetOutcome>,
    order: &mut Vec<Arc<str>>,
    findings: &mut Vec<Finding>,
) {
    let reason = Localised::label("sheet-returned", &[]);
    let ignored = Finding::new(rule::SHEET_IGNORED, Place::Sheet(list.sheet.clone()))
        .with("sheet", Value::plain(&list.sheet))
        .with("reason", Value::Local(reason.clone()));
    findings.push(ignored);
    order.insert(list.position.min(order.len()), list.sheet.clone());
    sheets.insert(
        list.position.min(sheets.len()),
        SheetOutcome {
            name: list.sheet.clone(),
            is_disclosure: false,
            reason,
        },
    );
}
