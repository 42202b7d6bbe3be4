//! Templates: what the HTML and the Markdown report share, the context and the engine's limits.
//!
//! The templates stand in `templates/` and may be replaced by the user's own, so they are treated
//! as untrusted: a template can neither read a file nor run without end. What a template is given is
//! described in `templates/README.md`; every text in it is harmless (control and direction
//! characters shown), and is escaped by the name's ending: HTML for `.html`, nothing for `.md`.

use std::collections::{BTreeMap, HashMap};
use std::error::Error as _;

use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;

use super::model::{FindingInfo, Report, ResultInfo, fixes};
use crate::error::{Error, Result};
use crate::language::Language;
use crate::text::harmless;

/// How deep templates may nest loops, conditions and macros.
const RECURSION: usize = 120;
/// Fuel that every rendering gets.
const FUEL: u64 = 2_000_000;
/// Fuel for each row (finding, item, result, sheet); the bundled templates need well below a tenth.
const FUEL_PER_ROW: u64 = 2_000;
/// Fuel for each pair of a document and an entry of `risks` or `fixes`, which templates filter by document.
const FUEL_PER_PAIR: u64 = 200;

/// A risk to assess, for the list of all documents.
#[derive(Serialize)]
struct Risk<'r> {
    document: usize,
    file: &'r str,
    result: &'r ResultInfo,
}

/// Findings of one kind in one document: what to do first.
#[derive(Serialize)]
struct Fix<'r> {
    document: usize,
    severity: &'static str,
    code: &'r str,
    name: &'r str,
    message: &'r str,
    help: &'r str,
    count: usize,
    places: Vec<String>,
}

/// How the verdicts of one area came out in one document.
#[derive(Serialize)]
struct Area<'r> {
    document: usize,
    area: &'r str,
    total: usize,
    /// How many of each verdict; none where there is none.
    counts: BTreeMap<&'static str, usize>,
}

/// The look of every page, which templates print as `style`. It is ours, so it needs no escaping.
const STYLE: &str = include_str!("../../templates/style.css");

/// Renders a report with a template; `name` is `report.html` or `report.md` and decides the escaping.
pub(super) fn render(report: &Report, name: &'static str, template: &str) -> Result<String> {
    let risks = risks(report);
    let fixes = fixes_of(report);
    let areas = areas_of(report);
    let fuel = fuel(report, risks.len() + fixes.len() + areas.len());
    let context = serde_json::json!({
        "report": report,
        "t": report.language.labels(),
        "lang": report.language.code(),
        "risks": risks,
        "fixes": fixes,
        "areas": areas,
    });
    page(name, template, context, fuel)
}

/// Renders a page of as many rows as said with a template of this name, which decides the escaping.
pub(super) fn of_rows<T: Serialize>(
    report: &T,
    language: Language,
    rows: usize,
    name: &'static str,
    template: &str,
) -> Result<String> {
    let context = serde_json::json!({
        "report": report,
        "t": language.labels(),
        "lang": language.code(),
    });
    page(name, template, context, FUEL + FUEL_PER_ROW * rows as u64)
}

fn page(
    name: &'static str,
    template: &str,
    context: serde_json::Value,
    fuel: u64,
) -> Result<String> {
    let failed = |error: minijinja::Error| Error::Template {
        name: name.to_owned(),
        detail: describe(&error),
    };
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_recursion_limit(RECURSION);
    environment.set_auto_escape_callback(|name| {
        if name.ends_with(".html") {
            AutoEscape::Html
        } else {
            AutoEscape::None
        }
    });
    environment.add_function("place", |place: &Value| place_label(place));
    // The place in a text file as people say it, by a label that the template passes.
    environment.add_function("place_words", |place: &Value, label: &str| {
        place_words(place, label)
    });
    environment.add_filter("md", |text: &Value| markdown(&text.to_string()));
    environment.set_fuel(Some(fuel));
    environment.add_global("style", Value::from_safe_string(STYLE.to_owned()));
    environment.add_template(name, template).map_err(failed)?;
    let mut text = environment
        .get_template(name)
        .and_then(|template| template.render(Serde(shown(context))))
        .map_err(failed)?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}

/// The style of every page, and what these templates add to it.
pub(super) fn styles(templates: &[&str]) -> String {
    let mut styles = STYLE.to_owned();
    for template in templates {
        let added = template.split_once("{{ style }}");
        let added = added.and_then(|(_, rest)| rest.split_once("</style>"));
        styles.extend(added.map(|(added, _)| added));
    }
    styles
}

/// What a page of a bundled template shows, to be put into another page: that one has its own head and landmarks.
pub(crate) fn inside(page: &str) -> String {
    let body = page.split_once("<body>").map_or(page, |(_, body)| body);
    let body = body.rsplit_once("</body>").map_or(body, |(body, _)| body);
    // These stand in the templates once each, alone; a value that says so is escaped.
    let landmarks = [
        (
            "<header id=\"top\">",
            "<div class=\"report-top\" id=\"top\">",
        ),
        ("</header>", "</div>"),
        ("<main>", "<div class=\"report-body\">"),
        ("</main>", "</div>"),
        ("<footer>", "<div class=\"report-end\">"),
        ("</footer>", "</div>"),
    ];
    landmarks
        .into_iter()
        .fold(body.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn risks(report: &Report) -> Vec<Risk<'_>> {
    let mut risks = Vec::new();
    for (at, document) in report.documents.iter().enumerate() {
        let results = document.results.iter().flatten();
        risks.extend(
            results
                .filter(|result| result.assess_risk)
                .map(|result| Risk {
                    document: at + 1,
                    file: &document.file,
                    result,
                }),
        );
    }
    risks
}

fn fixes_of(report: &Report) -> Vec<Fix<'_>> {
    let mut all = Vec::new();
    for (at, document) in report.documents.iter().enumerate() {
        let findings: &[FindingInfo] = document.findings.as_deref().unwrap_or_default();
        all.extend(fixes(findings).into_iter().map(|(finding, places)| {
            Fix {
                document: at + 1,
                severity: finding.severity.code(),
                code: &finding.code,
                name: &finding.name,
                message: &finding.message,
                help: &finding.help,
                count: places.len(),
                places: places
                    .into_iter()
                    .filter(|place| !place.is_empty())
                    .collect(),
            }
        }));
    }
    all
}

/// The areas of each document in the order in which the profile comes to them.
fn areas_of(report: &Report) -> Vec<Area<'_>> {
    let mut all = Vec::new();
    for (at, document) in report.documents.iter().enumerate() {
        let mut order: Vec<Area<'_>> = Vec::new();
        let mut known: HashMap<&str, usize> = HashMap::new();
        for result in document.results.iter().flatten() {
            let Some(area) = result.area.as_deref() else {
                continue;
            };
            let position = *known.entry(area).or_insert_with(|| {
                order.push(Area {
                    document: at + 1,
                    area,
                    total: 0,
                    counts: BTreeMap::new(),
                });
                order.len() - 1
            });
            let of = &mut order[position];
            of.total += 1;
            *of.counts.entry(result.verdict.code()).or_default() += 1;
        }
        all.append(&mut order);
    }
    all
}

fn fuel(report: &Report, entries: usize) -> u64 {
    let rows: usize = report
        .documents
        .iter()
        .map(|document| {
            1 + document.findings.as_ref().map_or(0, Vec::len)
                + document.items.as_ref().map_or(0, Vec::len)
                + document.results.as_ref().map_or(0, Vec::len)
                + document.remarks.len()
                + document.sheets.len()
                + document
                    .returned
                    .as_ref()
                    .map_or(0, |returned| returned.open.len())
        })
        .sum();
    let register = report.risk_register.as_ref();
    let rows = rows
        + register.map_or(0, |register| {
            register.entries.len() + register.findings.len()
        });
    let pairs = report.documents.len() as u64 * entries as u64;
    FUEL + FUEL_PER_ROW * rows as u64 + FUEL_PER_PAIR * pairs
}

/// The same value with every text harmless.
fn shown(value: serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::String(text) => serde_json::Value::String(harmless(&text)),
        serde_json::Value::Array(values) => values.into_iter().map(shown).collect(),
        serde_json::Value::Object(fields) => fields
            .into_iter()
            .map(|(key, value)| (key, shown(value)))
            .collect(),
        other @ (serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)) => other,
    }
}

/// The label of a serialised place: `MDS!D13`, `MDS`, `12:5`, or nothing.
fn place_label(place: &Value) -> String {
    let part = |name: &str| {
        place
            .get_attr(name)
            .ok()
            .filter(|value| !value.is_none() && !value.is_undefined())
            .map(|value| value.to_string())
    };
    if place.is_none() || place.is_undefined() {
        return String::new();
    }
    match (part("sheet"), part("cell"), part("line"), part("column")) {
        (Some(sheet), Some(cell), _, _) => format!("{sheet}!{cell}"),
        (Some(sheet), None, _, _) => sheet,
        (None, _, Some(line), Some(column)) => format!("{line}:{column}"),
        (None, _, _, _) => String::new(),
    }
}

/// The same, but the place in a text file in the words of a label with `{line}` and `{column}`.
fn place_words(place: &Value, label: &str) -> String {
    let plain = place_label(place);
    let has = |name: &str| {
        place
            .get_attr(name)
            .is_ok_and(|value| !value.is_undefined())
    };
    match plain.split_once(':') {
        Some((line, column)) if has("line") => {
            label.replace("{line}", line).replace("{column}", column)
        }
        Some(_) | None => plain,
    }
}

/// Text made safe for a line or a table cell of Markdown.
pub(crate) fn markdown(text: &str) -> String {
    let mut safe = String::new();
    for c in harmless(text).trim().chars() {
        match c {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '\n' => safe.push_str("<br>"),
            '\t' => safe.push(' '),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '+' | '-' | '.'
            | '!' | '|' | '~' | ':' | '@' | '$' => safe.extend(['\\', c]),
            c => safe.push(c),
        }
    }
    safe
}

/// What went wrong, with the line of the template, and what lies beneath it.
fn describe(error: &minijinja::Error) -> String {
    let mut text = String::new();
    if let Some(line) = error.line() {
        text.push_str(&format!("line {line}: "));
    }
    text.push_str(&error.kind().to_string());
    if let Some(detail) = error.detail() {
        text.push_str(&format!(": {detail}"));
    }
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(&format!("; {inner}"));
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_text_means_nothing() {
        assert_eq!(
            markdown("| <b>*x*</b> |\n[a](http://b)"),
            "\\| &lt;b&gt;\\*x\\*&lt;/b&gt; \\|<br>\\[a\\]\\(http\\://b\\)"
        );
        assert_eq!(markdown("a\u{202e}b"), "a⟨U\\+202E⟩b");
    }
}
