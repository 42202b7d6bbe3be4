//! `kaijisho checklist`: the ministry's checklist of a year, filled from the facility file and the disclosures received.

use std::path::{Path, PathBuf};

use clap::Args;
use kaijisho::checklist::{FACILITY_TEMPLATE, Facility, Year};
use kaijisho::register::Register;
use kaijisho::report::Format;
use kaijisho::report::checklist::{ChecklistReport, forms, render, report};
use kaijisho::{Examined, Language, Result};

use super::arguments::{Common, FailOn, usage};
use super::check::style;
use super::{Ended, home, inputs, output};

#[derive(Debug, Args)]
pub(super) struct Checklist {
    /// Files or folders with the disclosures received; - is standard input
    #[arg(value_name = "FILE|DIR")]
    pub(super) files: Vec<PathBuf>,
    /// The fiscal year: r5, r6, r7, or a file of your own (.toml)
    #[arg(long, value_name = "YEAR")]
    pub(super) year: Option<String>,
    /// The facility file (.toml): systems, vendors, people, your own answers
    #[arg(long, value_name = "FILE")]
    pub(super) facility: Option<PathBuf>,
    /// Take the facility file and the disclosures that count from a register, or from a folder exported of one
    #[arg(long, value_name = "FILE|DIR", conflicts_with = "files")]
    pub(super) register: Option<PathBuf>,
    /// A folder for a form to each vendor, filled with what its disclosures say
    #[arg(long, value_name = "DIR")]
    pub(super) vendor_forms: Option<PathBuf>,
    /// Write out a commented facility file to start from
    #[arg(long = "new", conflicts_with_all = ["files", "year", "facility", "register", "vendor_forms"])]
    pub(super) new_facility: bool,
    /// List the items of the year and their names
    #[arg(long = "list", requires = "year", conflicts_with_all = ["files", "facility", "register", "vendor_forms"])]
    pub(super) list_items: bool,
}

pub(super) fn run(verb: &Checklist, common: &Common, language: Language) -> Result<Ended> {
    output::refuse_existing(common.output.as_deref(), common.force)?;
    if verb.new_facility {
        output::write(FACILITY_TEMPLATE.as_bytes(), common)?;
        return Ok(Ended::Clean);
    }
    let Some(name) = &verb.year else {
        return Err(usage(language.label("error-checklist-needs")));
    };
    let year = Year::load(name, language)?;
    if verb.list_items {
        output::write(listed(&year, language).as_bytes(), common)?;
        return Ok(Ended::Clean);
    }
    let (facility, examined) = given(verb, &year, common, language)?;
    let filled = report(&year, &facility, &examined, common.today(), language);
    let format = common.format_or_ending(language)?;
    let bytes = render(&filled, format, &style(common))?;
    if let Some(folder) = &verb.vendor_forms {
        write_forms(&filled, folder, format, common)?;
    }
    if !common.quiet || common.output.is_some() || format != Format::Human {
        output::write(&bytes, common)?;
    }
    if examined.iter().any(Examined::is_unreadable) {
        return Ok(Ended::Impossible);
    }
    let never = common.fail_on == FailOn::Never;
    let grave = reaches(&filled, common);
    Ok(Ended::findings(
        !never && (grave || !filled.summary.is_done()),
    ))
}

/// The facility and the disclosures received: from files, or from a register.
fn given(
    verb: &Checklist,
    year: &Year,
    common: &Common,
    language: Language,
) -> Result<(Facility, Vec<Examined>)> {
    let needs = || usage(language.label("error-checklist-needs"));
    if let Some(path) = &verb.register {
        let register = Register::open_any(path)?;
        let recorded = register.facility(year)?;
        let facility = match &verb.facility {
            Some(path) => Facility::load(path, year)?,
            None => recorded.ok_or_else(needs)?,
        };
        let options = register.options(common.options()?)?;
        return Ok((facility, register.current(&[], &options)?));
    }
    let facility = Facility::load(verb.facility.as_ref().ok_or_else(needs)?, year)?;
    // Nothing received yet is no mistake: that is what the checklist then says.
    if verb.files.is_empty() {
        return Ok((facility, Vec::new()));
    }
    let options = common.options_with(Some(&facility))?;
    let inputs = inputs::gather(&verb.files, language)?;
    let examined = inputs::each(&inputs, &options, common, language, |examined| examined)?;
    Ok((facility, examined))
}

/// True if a finding about the facility's own answers reaches the severity asked for.
fn reaches(filled: &ChecklistReport, common: &Common) -> bool {
    let mut findings = filled.findings.iter();
    findings.any(|finding| common.fail_on.reaches(finding.severity))
}

/// A form for each vendor: a workbook, or Markdown where that is the format asked for.
fn write_forms(
    filled: &ChecklistReport,
    folder: &Path,
    format: Format,
    common: &Common,
) -> Result<()> {
    let markdown = format == Format::Markdown;
    let ending = if markdown { "md" } else { "xlsx" };
    let forms = forms(filled);
    let paths: Vec<PathBuf> = (1..)
        .zip(&forms)
        .map(|(number, form)| folder.join(file_name(number, &form.id, ending)))
        .collect();
    for path in &paths {
        output::refuse_existing(Some(path), common.force)?;
    }
    for (form, path) in forms.iter().zip(&paths) {
        let bytes = if markdown {
            form.markdown(filled).into_bytes()
        } else {
            form.workbook(filled)?
        };
        home::make_folder_of(path)?;
        output::file(path, &bytes, common.force)?;
    }
    Ok(())
}

/// A name that every system takes and that leads out of no folder; the number keeps names apart that differ in
/// nothing but letters that were taken out.
fn file_name(number: usize, id: &str, ending: &str) -> String {
    let safe: String = id
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
        .take(60)
        .collect();
    format!("{number:02}-{safe}.{ending}")
}

/// Name, number and words of each item.
fn listed(year: &Year, language: Language) -> String {
    let mut text = format!("{}\n", year.title.text(language));
    for item in &year.items {
        let number = match &item.number {
            Some(number) => number.clone(),
            None if item.gate => language.label("checklist-gate"),
            None => language.label("checklist-no-number"),
        };
        let title = item.title.text(language);
        text.push_str(&format!("  {:<26} {number}  {title}\n", item.id));
    }
    text
}
