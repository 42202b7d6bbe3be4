//! The sheets after the summary: findings, requirements, risks, answers, disclosures, sheets read.

use std::collections::HashMap;

use super::look::Tone;
use super::tab;
use super::table::{Cell, Column, Table};
use crate::answer::State;
use crate::assess::Verdict;
use crate::control::Controls;
use crate::finding::Severity;
use crate::form::FormSource;
use crate::language::Language;
use crate::report::model::{
    Document, FindingInfo, FormInfo, ItemInfo, PlaceInfo, Report, ResultInfo, Role,
};
use crate::report::{register, words};

/// The tables of a report, in the order of the tabs.
pub(super) fn tables(report: &Report) -> Vec<Table> {
    let rows = AnswerRows::of(report);
    [
        findings(report, &rows),
        gaps(report, &rows),
        risks(report, &rows),
        register::table(report, tab("register", report.language)),
        answers(report),
        Some(documents(report)),
        sheets(report),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The document's number and name, so that rows of several documents can be told apart.
fn numbered(at: usize, document: &Document) -> String {
    format!("{}. {}", at + 1, words::name(document))
}

fn column(head: String, narrowest: usize, widest: usize) -> Column {
    Column {
        head,
        narrowest,
        widest,
    }
}

fn text(text: Option<&str>) -> Cell {
    Cell::Text(words::text(text))
}

fn severity(severity: Severity, language: Language) -> Cell {
    let word = words::severity(severity, language);
    let sign = words::severity_sign(severity);
    Cell::Word(Tone::of_severity(severity), format!("{sign} {word}"))
}

fn verdict(verdict: Verdict, language: Language) -> Cell {
    let word = words::verdict(verdict, language);
    let sign = words::verdict_sign(verdict);
    Cell::Word(Tone::of_verdict(verdict), format!("{sign} {word}"))
}

/// The row of every item on the sheet of answers, for links.
struct AnswerRows<'r> {
    tab: String,
    by_place: HashMap<(usize, String), usize>,
    by_number: HashMap<(usize, &'r str), usize>,
}

impl<'r> AnswerRows<'r> {
    fn of(report: &'r Report) -> Self {
        let mut rows = Self {
            tab: tab("answers", report.language),
            by_place: HashMap::new(),
            by_number: HashMap::new(),
        };
        // The first row is the head; Excel counts from one.
        let mut row = 2;
        for (at, document) in report.documents.iter().enumerate() {
            for item in document.items.iter().flatten() {
                if let Some(place) = &item.place {
                    rows.by_place.entry((at, place.label())).or_insert(row);
                }
                rows.by_number.entry((at, &item.number)).or_insert(row);
                row += 1;
            }
            row += document.remarks.iter().filter(|r| !r.referenced).count();
        }
        rows
    }

    /// The item's number, leading to its answer where that has a row.
    fn link(&self, at: usize, item: Option<&str>, place: Option<&PlaceInfo>) -> Cell {
        let by_place = place.and_then(|place| self.by_place.get(&(at, place.label())));
        let by_number = || item.and_then(|item| self.by_number.get(&(at, item)));
        match (item, by_place.or_else(by_number)) {
            (Some(item), Some(row)) => Cell::Link(
                words::text(Some(item)),
                format!("internal:'{}'!A{row}", self.tab),
            ),
            (item, _) => text(item),
        }
    }
}

fn findings(report: &Report, answers: &AnswerRows<'_>) -> Option<Table> {
    let language = report.language;
    let label = |key: &str| language.label(key);
    let looked_for = report
        .documents
        .iter()
        .any(|document| document.findings.is_some());
    if !looked_for && report.profile_findings.is_empty() {
        return None;
    }
    let columns = vec![
        column(label("disclosure"), 12, 16),
        column(label("severity"), 10, 11),
        column(label("item"), 7, 13),
        column(label("place"), 9, 14),
        column(label("finding"), 24, 36),
        column(label("found"), 12, 18),
        column(label("right"), 10, 14),
        column(label("help"), 24, 50),
        column(label("code"), 9, 14),
        column(label("file"), 12, 20),
    ];
    let row = |name: String, item: Cell, file: String, finding: &FindingInfo| {
        vec![
            Cell::Text(name),
            severity(finding.severity, language),
            item,
            Cell::Text(words::place(finding.place.as_ref())),
            text(Some(&finding.message)),
            text(finding.found.as_deref()),
            text(Some(&finding.expected.join(joint(language)))),
            text(Some(&finding.help)),
            Cell::Text(format!("{}\n{}", finding.code, finding.name)),
            Cell::Text(file),
        ]
    };
    let mut rows = Vec::new();
    for (at, document) in report.documents.iter().enumerate() {
        for finding in document.findings.iter().flatten() {
            let item = answers.link(at, finding.item.as_deref(), finding.place.as_ref());
            let file = words::text(Some(&document.file));
            rows.push(row(numbered(at, document), item, file, finding));
        }
    }
    for finding in &report.profile_findings {
        let profile = report.profile.as_ref().map(|profile| profile.id.as_str());
        let item = text(finding.item.as_deref());
        rows.push(row(label("profile"), item, words::text(profile), finding));
    }
    if rows.is_empty() {
        let mut nothing = vec![Cell::Text(String::new()); columns.len()];
        nothing[4] = Cell::Word(Tone::Good, format!("○ {}", label("no-findings")));
        rows.push(nothing);
    }
    Some(Table {
        name: tab("findings", language),
        colour: Tone::Bad.colours().0,
        columns,
        rows,
        frozen: 1,
        height: 0.0,
    })
}

fn gaps(report: &Report, answers: &AnswerRows<'_>) -> Option<Table> {
    report.profile.as_ref()?;
    let language = report.language;
    let label = |key: &str| language.label(key);
    let columns = vec![
        column(label("disclosure"), 12, 16),
        column(label("level"), 7, 8),
        column(label("verdict"), 12, 13),
        column(label("title"), 20, 26),
        column(label("item"), 7, 12),
        column(label("answer"), 9, 12),
        column(label("accepted"), 9, 10),
        column(label("remark"), 16, 26),
        column(label("reason"), 16, 20),
        column(label("waiver"), 16, 22),
        column(label("purpose"), 20, 28),
        column(label("references"), 12, 18),
        column(label("place"), 9, 12),
        column(label("requirement"), 10, 14),
        column(label("rule-applied"), 16, 24),
        column(label("to-ask"), 16, 26),
    ];
    let mut rows = Vec::new();
    for (at, document) in report.documents.iter().enumerate() {
        let mut results: Vec<&ResultInfo> = document.results.iter().flatten().collect();
        // What needs work first, the gravest level first; within that the profile's order.
        results.sort_by_key(|result| (result.verdict, result.level));
        for result in results {
            let mut reason = words::text(Some(&result.reason));
            if result.planned {
                reason.push_str(&format!(" ({})", label("planned")));
            }
            if let Some(percent) = result.doubt_percent() {
                let percent = percent.to_string();
                let sure = language.label_with("confidence", &[("percent", &percent)]);
                reason.push_str(&format!(" ({sure})"));
            }
            let waiver = result.waiver.as_ref();
            rows.push(vec![
                Cell::Text(numbered(at, document)),
                Cell::Text(words::level(result.level, language)),
                verdict(result.verdict, language),
                text(Some(&result.title)),
                answers.link(at, result.item.as_deref(), result.place.as_ref()),
                Cell::Text(words::result_answer(result, language)),
                Cell::Text(words::answers(&result.accepted, language)),
                text(result.remark.as_deref()),
                Cell::Text(reason),
                Cell::Text(
                    waiver
                        .map(|w| words::waiver(w, language))
                        .unwrap_or_default(),
                ),
                text(Some(&result.purpose)),
                text(Some(&result.clauses().collect::<Vec<_>>().join("\n"))),
                Cell::Text(words::place(result.place.as_ref())),
                text(Some(&result.requirement)),
                text(Some(&result.rule)),
                text(result.question.as_deref()),
            ]);
        }
    }
    let table = Table {
        name: tab("gaps", language),
        colour: Tone::Care.colours().0,
        columns,
        rows,
        frozen: 1,
        height: 0.0,
    };
    Some(table.without_empty("waiver", language))
}

/// The list of risks to assess, with columns to fill in; only when there are any.
fn risks(report: &Report, answers: &AnswerRows<'_>) -> Option<Table> {
    // A register is filled in by hand itself.
    if report.risk_register.is_some() {
        return None;
    }
    let language = report.language;
    let label = |key: &str| language.label(key);
    let mut rows = Vec::new();
    for (at, document) in report.documents.iter().enumerate() {
        let results = document.results.iter().flatten();
        for result in results.filter(|result| result.assess_risk) {
            let item = result.item.as_deref();
            let mut row = vec![
                Cell::Text(numbered(at, document)),
                Cell::Text(words::level(result.level, language)),
                text(Some(&result.title)),
                answers.link(at, item, result.place.as_ref()),
                Cell::Text(words::result_answer(result, language)),
                text(result.remark.as_deref()),
                verdict(result.verdict, language),
            ];
            row.extend(vec![Cell::FillIn; 4]);
            rows.push(row);
        }
    }
    (!rows.is_empty()).then(|| Table {
        name: tab("risks", language),
        colour: Tone::Waived.colours().0,
        columns: vec![
            column(label("disclosure"), 12, 16),
            column(label("level"), 7, 8),
            column(label("title"), 20, 28),
            column(label("item"), 7, 12),
            column(label("answer"), 8, 12),
            column(label("remark"), 16, 26),
            column(label("verdict"), 12, 13),
            column(label("risk-assessor"), 13, 13),
            column(label("risk-date"), 12, 12),
            column(label("risk-decision"), 18, 18),
            column(label("risk-measures"), 30, 30),
        ],
        rows,
        frozen: 1,
        height: 54.0,
    })
}

fn answers(report: &Report) -> Option<Table> {
    let language = report.language;
    let label = |key: &str| language.label(key);
    let looked_for = report
        .documents
        .iter()
        .any(|document| document.items.is_some());
    if !looked_for {
        return None;
    }
    let mut rows = Vec::new();
    for (at, document) in report.documents.iter().enumerate() {
        let name = numbered(at, document);
        for item in document.items.iter().flatten() {
            let answer = words::answer_of(item, language);
            rows.push(vec![
                text(Some(&item.number)),
                text(item.section.as_deref()),
                text(item.title.as_deref()),
                text(item.text.as_deref()),
                match item.state {
                    State::Answered => Cell::Text(answer),
                    State::Unanswered | State::Conflicting | State::Unknown => {
                        Cell::Word(Tone::Bad, format!("× {answer}"))
                    }
                },
                text(item.written.as_deref()),
                text(Some(&item.options.join(joint(language)))),
                Cell::Text(words::remark(item)),
                Cell::Text(words::place(item.place.as_ref())),
                found_on(document, item),
                recognised(document, item, language),
                Cell::Text(name.clone()),
            ]);
        }
        for remark in document.remarks.iter().filter(|remark| !remark.referenced) {
            let mut row = vec![Cell::Text(String::new()); 12];
            row[0] = text(Some(&remark.label));
            row[2] = Cell::Text(label("remarks-unreferenced"));
            row[7] = text(Some(&remark.text));
            row[11] = Cell::Text(name.clone());
            rows.push(row);
        }
    }
    let table = Table {
        name: tab("answers", language),
        colour: super::look::BRAND,
        columns: vec![
            column(label("item"), 7, 14),
            column(label("section"), 10, 16),
            column(label("title"), 20, 32),
            column(label("question"), 20, 32),
            column(label("answer"), 9, 14),
            column(label("written"), 9, 12),
            column(label("methods"), 8, 16),
            column(label("remark"), 16, 34),
            column(label("place"), 9, 14),
            column(label("finding-count"), 8, 8),
            column(label("recognised-as"), 14, 24),
            column(label("disclosure"), 12, 16),
        ],
        rows,
        frozen: 1,
        height: 0.0,
    };
    let table = table.without_empty("methods", language);
    Some(table.without_empty("recognised-as", language))
}

/// The control that a question was recognised as, where the sheet describes itself; elsewhere the form knows.
fn recognised(document: &Document, item: &ItemInfo, language: Language) -> Cell {
    let derived = |form: &&FormInfo| form.source == FormSource::Derived;
    if document.form.as_ref().filter(derived).is_none() {
        return Cell::Text(String::new());
    }
    let known = |id: &String| {
        let control = Controls::bundled().get(id)?;
        Some(control.title.text(language).to_owned())
    };
    match &item.control {
        Some(id) => Cell::Text(known(id).unwrap_or_else(|| id.clone())),
        None => Cell::Word(
            Tone::Care,
            format!("？ {}", language.label("recognised-as-none")),
        ),
    }
}

/// How many findings an item has, coloured by the gravest.
fn found_on(document: &Document, item: &ItemInfo) -> Cell {
    let of_item = document
        .findings
        .iter()
        .flatten()
        .filter(|finding| finding.item.as_deref() == Some(item.number.as_str()));
    let severities: Vec<Severity> = of_item.map(|finding| finding.severity).collect();
    match severities.iter().max() {
        Some(gravest) => Cell::Word(
            Tone::of_severity(*gravest),
            format!("{} {}", words::severity_sign(*gravest), severities.len()),
        ),
        None => Cell::Text(String::new()),
    }
}

fn documents(report: &Report) -> Table {
    let language = report.language;
    let label = |key: &str| language.label(key);
    let field = |value: Option<&String>| text(value.map(String::as_str));
    let mut rows = Vec::new();
    for (at, document) in report.documents.iter().enumerate() {
        let header = document.header.as_ref();
        let form = document.form.as_ref();
        let mut row = vec![
            Cell::Number(at + 1),
            field(header.and_then(|header| header.manufacturer.as_ref())),
            field(header.and_then(|header| header.product.as_ref())),
            field(header.and_then(|header| header.model.as_ref())),
            field(header.and_then(|header| header.version.as_ref())),
            field(header.and_then(|header| header.date.as_ref())),
            match form {
                Some(form) => text(Some(&form.title)),
                None => Cell::Word(Tone::Bad, format!("× {}", label("not-recognised"))),
            },
            text(form.map(|form| form.edition.as_str())),
            Cell::Text(
                form.map(|form| words::source(form.source, language))
                    .unwrap_or_default(),
            ),
            text(form.map(|form| form.provenance.as_str())),
        ];
        for count in [
            document.counts.as_ref().map(|counts| counts.remarks),
            document.counts.as_ref().map(|counts| counts.hidden),
            document.counts.as_ref().map(|counts| counts.unmatched_rows),
        ] {
            row.push(count.map_or(Cell::Text(String::new()), Cell::Number));
        }
        row.extend([
            text(Some(&document.file)),
            text(document.sheet.as_deref()),
            text(Some(&document.sha256)),
        ]);
        rows.push(row);
    }
    Table {
        name: tab("documents", language),
        colour: super::look::BRAND,
        columns: vec![
            column("No.".to_owned(), 5, 6),
            column(label("field-manufacturer"), 12, 18),
            column(label("field-product"), 12, 18),
            column(label("field-model"), 8, 12),
            column(label("field-version"), 8, 12),
            column(label("field-date"), 11, 12),
            column(label("form"), 14, 20),
            column(label("edition"), 7, 10),
            column(label("form-source"), 10, 14),
            column(label("provenance"), 24, 36),
            column(label("count-remarks"), 8, 8),
            column(label("count-hidden"), 8, 8),
            column(label("count-unmatched"), 8, 8),
            column(label("file"), 14, 22),
            column(label("sheet"), 7, 12),
            column(label("sha256"), 18, 18),
        ],
        rows,
        frozen: 1,
        height: 0.0,
    }
}

/// Every sheet of every workbook, read or not; files that have no sheets do not appear.
fn sheets(report: &Report) -> Option<Table> {
    let language = report.language;
    let label = |key: &str| language.label(key);
    let mut rows = Vec::new();
    let mut last: Option<&Document> = None;
    for document in &report.documents {
        // Disclosures of one workbook stand one after the other and list the same sheets.
        let same = last.is_some_and(|last| {
            last.file == document.file
                && last.sha256 == document.sha256
                && last.sheets.len() == document.sheets.len()
        });
        last = Some(document);
        if same {
            continue;
        }
        for sheet in &document.sheets {
            rows.push(vec![
                text(Some(&document.file)),
                text(Some(&sheet.name)),
                match sheet.role {
                    Role::Disclosure => {
                        Cell::Word(Tone::Good, format!("○ {}", label("sheet-read")))
                    }
                    Role::Ignored => {
                        Cell::Word(Tone::Quiet, format!("－ {}", label("sheet-ignored")))
                    }
                },
                text(Some(&sheet.reason)),
            ]);
        }
    }
    (!rows.is_empty()).then(|| Table {
        name: tab("sheets", language),
        colour: Tone::Quiet.colours().0,
        columns: vec![
            column(label("file"), 20, 60),
            column(label("sheet"), 14, 32),
            column(label("sheet-use"), 16, 18),
            column(label("sheet-why"), 30, 70),
        ],
        rows,
        frozen: 0,
        height: 0.0,
    })
}

fn joint(language: Language) -> &'static str {
    match language {
        Language::Ja => "／",
        Language::En => " / ",
    }
}
