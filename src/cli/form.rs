//! `kaijisho form`: the forms that are known.

use std::fmt::Write as _;
use std::path::PathBuf;

use kaijisho::report::Format;
use kaijisho::report::model::{FindingInfo, finding_info};
use kaijisho::{Controls, Finding, Form, Kind, Language, Result, Severity, data_text};

use super::arguments::{self, Common, FormVerb};
use super::{Ended, crosswalk, import, message, output};

pub(super) fn run(verb: &arguments::Form, common: &Common, language: Language) -> Result<Ended> {
    match &verb.verb {
        FormVerb::List => list(common, language)?,
        FormVerb::Show { id } => {
            for form in common.form_catalog(id)?.forms() {
                show(form, common, language)?;
            }
        }
        FormVerb::Import(verb) => import::run(verb, common, language)?,
        FormVerb::Crosswalk(verb) => crosswalk::run(verb, common, language)?,
        FormVerb::Check { form_files } => return check(form_files, common, language),
    }
    Ok(Ended::Clean)
}

/// Mistakes are what this verb is asked for, so they are output and exit code 1, not an error.
fn check(files: &[PathBuf], common: &Common, language: Language) -> Result<Ended> {
    let mut checked: Vec<(String, Vec<Finding>)> = Vec::new();
    for path in files {
        let text = data_text(path)?;
        checked.push((path.display().to_string(), kaijisho::check_form(&text)));
    }
    let reached = checked
        .iter()
        .flat_map(|(_, findings)| findings)
        .any(|finding| common.fail_on.reaches(finding.severity()));
    let infos = |findings: &[Finding]| -> Vec<FindingInfo> {
        findings
            .iter()
            .map(|finding| finding_info(finding, language))
            .collect()
    };
    if common.format == Some(Format::Json) {
        let files: Vec<serde_json::Value> = checked
            .iter()
            .map(
                |(file, findings)| serde_json::json!({ "file": file, "findings": infos(findings) }),
            )
            .collect();
        json(
            &serde_json::json!({ "schema": "kaijisho/form-check/1", "files": files }),
            common,
        )?;
    } else if !common.quiet {
        let mut text = String::new();
        for (file, findings) in &checked {
            for info in infos(findings) {
                text.push_str(&message::mistake(file, &info, language));
            }
            let mistakes = findings
                .iter()
                .filter(|finding| finding.severity() > Severity::Note)
                .count();
            let values = [
                ("file", file.clone()),
                ("count", mistakes.to_string()),
                ("notes", (findings.len() - mistakes).to_string()),
            ];
            let values: Vec<(&str, &str)> = values
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            let _ = writeln!(text, "{}", language.label_with("form-check-line", &values));
        }
        output::plain(&message::wrapped(&text, common.width()), common)?;
    }
    Ok(Ended::findings(reached))
}

fn list(common: &Common, language: Language) -> Result<()> {
    let catalog = common.catalog();
    if common.format == Some(Format::Json) {
        let forms: Vec<serde_json::Value> = catalog
            .forms()
            .iter()
            .map(|form| summary(form, language))
            .collect();
        return json(&forms, common);
    }
    let mut text = String::new();
    for form in catalog.forms() {
        let source = language.label(&format!("source-{}", form.source.code()));
        let items = language.label_with(
            "form-line",
            &[
                ("items", &form.items.len().to_string()),
                ("source", &source),
            ],
        );
        text.push_str(&titled(&form.id, form.title.text(language), common));
        let _ = writeln!(text, "    {items}");
        let _ = writeln!(text, "{}", wrapped(form.provenance.text(language), common));
    }
    output::plain(&text, common)
}

/// An id and its title, no wider than the terminal.
pub(super) fn titled(id: &str, title: &str, common: &Common) -> String {
    message::wrapped(&format!("{id}  {title}\n"), common.width())
}

fn wrapped(text: &str, common: &Common) -> String {
    let options = textwrap::Options::new(common.width())
        .initial_indent("    ")
        .subsequent_indent("    ");
    textwrap::fill(text, options)
}

fn summary(form: &Form, language: Language) -> serde_json::Value {
    serde_json::json!({
        "id": form.id,
        "family": form.family,
        "edition": form.edition,
        "source": form.source,
        "title": form.title.text(language),
        "provenance": form.provenance.text(language),
        "items": form.items.len(),
    })
}

fn show(form: &Form, common: &Common, language: Language) -> Result<()> {
    if common.format == Some(Format::Json) {
        let mut whole = summary(form, language);
        whole["items"] = form
            .items
            .iter()
            .map(|item| {
                serde_json::json!({
                    "number": item.number,
                    "section": form.section_of(item).title.text(language),
                    "parent": item.parent,
                    "title": item.title.text(language),
                    "kind": item.kind,
                    "choices": item.choices,
                    "options": item.options.iter().map(|option| &option.id).collect::<Vec<_>>(),
                    "required": item.required,
                    "depends_on": item.enable.as_ref().map(kaijisho::Condition::items).unwrap_or_default(),
                    "remark_when": item.remark_when,
                    "aliases": item.aliases,
                    "control": item.control,
                    "confidence": item.confidence,
                    "references": item.references.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
                })
            })
            .collect();
        return json(&whole, common);
    }
    let mut text = titled(&form.id, form.title.text(language), common);
    let _ = writeln!(text, "{}", wrapped(form.provenance.text(language), common));
    let mut section = usize::MAX;
    for item in &form.items {
        if item.section != section {
            section = item.section;
            let section = form.sections[section].title.text(language);
            let _ = writeln!(text, "\n{}", textwrap::fill(section, common.width()));
        }
        let line = format!("{}  {}", item.number, item.title.text(language));
        let indent = " ".repeat(2 + 2 * item.number.as_str().matches('.').count());
        let hang = format!("{indent}    ");
        let options = textwrap::Options::new(common.width())
            .initial_indent(&indent)
            .subsequent_indent(&hang);
        let _ = writeln!(text, "{}", textwrap::fill(&line, options));
        if common.verbose {
            let options = textwrap::Options::new(common.width())
                .initial_indent(&hang)
                .subsequent_indent(&hang);
            let details = details(item, language);
            let _ = writeln!(text, "{}", textwrap::fill(&details, options));
        }
    }
    output::plain(&text, common)
}

fn details(item: &kaijisho::Item, language: Language) -> String {
    let mut details: Vec<String> = Vec::new();
    match item.kind {
        Kind::Choice => details.push(
            item.choices
                .iter()
                .map(|answer| answer.word(language))
                .collect::<Vec<_>>()
                .join(" / "),
        ),
        Kind::Multiple => {
            details.push(
                item.options
                    .iter()
                    .map(|option| option.title.text(language))
                    .collect::<Vec<_>>()
                    .join(" / "),
            );
        }
        Kind::Text | Kind::Date => details.push(language.label(if item.kind == Kind::Text {
            "kind-text"
        } else {
            "kind-date"
        })),
    }
    details.extend(depends_on(item, language));
    if let Some(control) = item
        .control
        .as_deref()
        .and_then(|id| Controls::bundled().get(id))
    {
        details.push(control.id.clone());
    }
    for (document, clauses) in &item.references {
        details.push(format!("{document}: {}", clauses.join(", ")));
    }
    details.join("  |  ")
}

/// The items whose answers decide whether an item is asked, in words.
pub(super) fn depends_on(item: &kaijisho::Item, language: Language) -> Option<String> {
    let items: Vec<&str> = item
        .enable
        .as_ref()?
        .items()
        .iter()
        .map(|number| number.as_str())
        .collect();
    Some(language.label_with("depends-on", &[("items", &items.join(", "))]))
}

/// Writes anything as JSON.
pub(super) fn json(value: &impl serde::Serialize, common: &Common) -> Result<()> {
    output::write(pretty(value)?.as_bytes(), common)
}

/// Anything as JSON, for people to read.
pub(super) fn pretty(value: &impl serde::Serialize) -> Result<String> {
    kaijisho::write::json_text(value)
}
