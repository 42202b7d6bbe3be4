//! 「リスク評価の一覧」: the entries of a risk register, for the terminal, tables of workbooks and CSV.

use anstyle::Style as Ansi;

use super::Style;
use super::model::{Report, RiskEntry, RiskRegister};
use super::terminal::{self, bold, colour_of, dim};
use super::words;
use super::xlsx::look::Tone;
use super::xlsx::table::{Cell, Column, Table};
use crate::finding::Severity;
use crate::language::Language;
use crate::text::{harmless, show};

/// How many entries are shown on a terminal before the rest is only counted.
const SHOWN: usize = 20;
/// What an entry still lacks is shown with the entry, not as a finding once more.
const WITH_THE_ENTRY: &str = "risk-incomplete";

/// The register in one line: how many entries, and what is left to do.
fn counts(register: &RiskRegister, language: Language) -> String {
    let number = |n: usize| n.to_string();
    let values = [
        ("entries", number(register.entries.len())),
        ("opened", number(register.opened)),
        ("incomplete", number(register.incomplete)),
        ("overdue", number(register.overdue)),
        (
            "gone",
            number(
                register
                    .entries
                    .iter()
                    .filter(|risk| risk.cause == "gone")
                    .count(),
            ),
        ),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(key, n)| (*key, n.as_str())).collect();
    language.label_with("risks-counts", &values)
}

/// What is said of an entry beyond its own words: new, overdue, cause gone, and what is missing.
fn remarks(risk: &RiskEntry, language: Language) -> Vec<String> {
    let mut said = Vec::new();
    if risk.new {
        said.push(language.label("risk-new"));
    }
    if risk.overdue {
        said.push(language.label("risk-overdue"));
    }
    if !risk.cause_note.is_empty() {
        said.push(harmless(&risk.cause_note));
    }
    if !risk.missing.is_empty() {
        let missing = risk.missing.join(language.label("risk-joint").as_str());
        said.push(language.label_with("risk-missing", &[("missing", &missing)]));
    }
    said
}

/// The section on a terminal: what is left to do; with `verbose` every entry and its words.
pub(super) fn human(out: &mut String, report: &Report, style: &Style) {
    let (Some(register), language) = (&report.risk_register, report.language) else {
        return;
    };
    let label = |key: &str| language.label(key);
    terminal::paragraph(out, style, 0, &label("risk-list"), bold().underline());
    let line = format!("{}: {}", register.file, counts(register, language));
    terminal::paragraph(out, style, 2, &line, Ansi::new());
    let wanted = |risk: &&RiskEntry| {
        style.verbose
            || !risk.missing.is_empty()
            || risk.overdue
            || (risk.cause == "gone" && !risk.closed)
    };
    let chosen: Vec<&RiskEntry> = register.entries.iter().filter(wanted).collect();
    let shown = if style.verbose { chosen.len() } else { SHOWN };
    for risk in chosen.iter().take(shown) {
        let head = [&risk.id, &risk.product, &risk.item, &risk.title];
        let head: Vec<String> = head
            .into_iter()
            .map(|part| show(part, 60))
            .filter(|part| !part.is_empty())
            .collect();
        let colour = if risk.overdue {
            colour_of(Severity::Warning)
        } else {
            Ansi::new()
        };
        terminal::paragraph(
            out,
            style,
            2,
            &format!("- {} [{}]", head.join(" "), show(&risk.status, 20)),
            colour,
        );
        for said in remarks(risk, language) {
            terminal::paragraph(out, style, 6, &said, Ansi::new());
        }
        if style.verbose {
            for (key, value) in fields(risk) {
                if !value.is_empty() {
                    terminal::paragraph(
                        out,
                        style,
                        6,
                        &format!("{}: {}", label(key), show(value, 300)),
                        dim(),
                    );
                }
            }
        }
    }
    if chosen.len() > shown {
        let more = (chosen.len() - shown).to_string();
        terminal::paragraph(
            out,
            style,
            4,
            &language.label_with("more-line", &[("count", &more)]),
            dim(),
        );
    }
    for finding in register
        .findings
        .iter()
        .filter(|finding| finding.name != WITH_THE_ENTRY)
        .take(SHOWN)
    {
        let place = words::place(finding.place.as_ref());
        let head = format!(
            "{} {place} {}",
            words::severity(finding.severity, language),
            finding.code
        );
        out.push('\n');
        terminal::paragraph(
            out,
            style,
            2,
            &head.replace("  ", " "),
            colour_of(finding.severity),
        );
        terminal::paragraph(out, style, 4, &finding.message, Ansi::new());
        terminal::labelled(out, style, &label("help"), &finding.help);
    }
    out.push('\n');
}

/// What people write in an entry, by the key of its label.
fn fields(risk: &RiskEntry) -> [(&'static str, &str); 9] {
    [
        ("risk-stated-head", &risk.stated),
        ("risk-threat", &risk.threat),
        ("risk-likelihood", &risk.likelihood),
        ("risk-impact", &risk.impact),
        ("risk-treatment", &risk.treatment),
        ("risk-measures", &risk.measures),
        ("risk-owner", &risk.owner),
        ("risk-due", &risk.due),
        ("risk-status", &risk.status),
    ]
}

/// The table of entries; nothing without a register.
pub(super) fn table(report: &Report, name: String) -> Option<Table> {
    let register = report.risk_register.as_ref()?;
    let language = report.language;
    let column = |key: &str, narrowest: usize, widest: usize| Column {
        head: language.label(key),
        narrowest,
        widest,
    };
    let columns = vec![
        column("risk-id", 7, 9),
        column("disclosure", 12, 18),
        column("title", 18, 26),
        column("item", 7, 10),
        column("risk-stated-head", 12, 24),
        column("risk-threat", 20, 32),
        column("risk-likelihood", 7, 9),
        column("risk-impact", 7, 9),
        column("risk-treatment", 7, 10),
        column("risk-measures", 20, 32),
        column("risk-owner", 10, 14),
        column("risk-due", 11, 13),
        column("risk-status", 8, 10),
        column("risk-todo", 16, 26),
        column("requirement", 10, 18),
        column("risk-opened", 11, 12),
    ];
    let text = |text: &str| Cell::Text(words::text(Some(text)));
    let rows = register.entries.iter().map(|risk| {
        let todo = remarks(risk, language).join("\n");
        let open = risk.overdue || !risk.missing.is_empty();
        let [
            stated,
            threat,
            likelihood,
            impact,
            treatment,
            measures,
            owner,
            due,
            status,
        ] = fields(risk).map(|(_, value)| text(value));
        vec![
            text(&risk.id),
            text(&risk.product),
            text(&risk.title),
            text(&risk.item),
            stated,
            threat,
            likelihood,
            impact,
            treatment,
            measures,
            owner,
            due,
            status,
            match (open, todo.is_empty()) {
                (true, _) => Cell::Word(Tone::Care, format!("！ {todo}")),
                (false, true) => Cell::Word(Tone::Good, "○".to_owned()),
                (false, false) => Cell::Text(todo),
            },
            text(&risk.requirement),
            text(&risk.opened),
        ]
    });
    Some(Table {
        name,
        colour: Tone::Waived.colours().0,
        columns,
        rows: rows.collect(),
        frozen: 1,
        height: 0.0,
    })
}

/// An entry for a row of CSV: manufacturer, product, requirement, title, item, line of the file, what the sheet
/// said, and all that people wrote, each with its label.
pub(super) struct Row {
    pub(super) file: String,
    pub(super) manufacturer: String,
    pub(super) product: String,
    pub(super) requirement: String,
    pub(super) title: String,
    pub(super) item: String,
    pub(super) place: String,
    pub(super) stated: String,
    pub(super) written: String,
}

/// The entries as rows of CSV.
pub(super) fn rows(report: &Report) -> Vec<Row> {
    let language = report.language;
    let text = |text: &str| words::text(Some(text));
    let Some(register) = &report.risk_register else {
        return Vec::new();
    };
    let row = |risk: &RiskEntry| {
        let mut parts = vec![format!("{} {}", language.label("risk-entry"), risk.id)];
        let told = fields(risk)
            .into_iter()
            .skip(1)
            .filter(|(_, value)| !value.is_empty());
        parts.extend(told.map(|(key, value)| format!("{}: {value}", language.label(key))));
        parts.extend(remarks(risk, language));
        Row {
            file: text(&register.file),
            manufacturer: text(&risk.manufacturer),
            product: text(&risk.product),
            requirement: text(&risk.requirement),
            title: text(&risk.title),
            item: text(&risk.item),
            place: words::place(risk.place.as_ref()),
            stated: text(&risk.stated),
            written: text(&parts.join(" / ")),
        }
    };
    register.entries.iter().map(row).collect()
}
