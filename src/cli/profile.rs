//! `kaijisho profile`: what facilities require.

use std::fmt::Write as _;

use kaijisho::profile::{BUNDLED, TEMPLATE, load};
use kaijisho::report::Format;
use kaijisho::report::model::{FindingInfo, finding_info};
use kaijisho::{Answer, Catalog, Error, Finding, Language, Profile, Result, Target};

use super::arguments::{self, Common, ProfileVerb};
use super::form::{json, titled};
use super::{Ended, message, output};

pub(super) fn run(verb: &arguments::Profile, common: &Common, language: Language) -> Result<Ended> {
    let catalog = catalog(common)?;
    match &verb.verb {
        ProfileVerb::List => list(&catalog, common, language)?,
        ProfileVerb::Show { profile } => show(&load(profile, &catalog)?, common, language)?,
        ProfileVerb::New => output::write(TEMPLATE.as_bytes(), common)?,
        ProfileVerb::Check { profile } => return check(profile, &catalog, common, language),
    }
    Ok(Ended::Clean)
}

/// The forms that a profile may name: the bundled ones and the one given.
fn catalog(common: &Common) -> Result<Catalog> {
    let options = common.options()?;
    Ok(match &options.forced {
        Some(forced) => options.catalog.with(forced),
        None => options.catalog,
    })
}

fn list(catalog: &Catalog, common: &Common, language: Language) -> Result<()> {
    let profiles: Vec<Profile> = BUNDLED
        .iter()
        .map(|(name, _)| load(name, catalog))
        .collect::<Result<_>>()?;
    if common.format == Some(Format::Json) {
        let list: Vec<serde_json::Value> = profiles
            .iter()
            .map(|profile| summary(profile, language))
            .collect();
        return json(&list, common);
    }
    let mut text = String::new();
    for profile in profiles {
        let count = profile.requirements.len().to_string();
        let line = language.label_with("profile-line", &[("count", &count)]);
        text.push_str(&titled(&profile.id, profile.title.text(language), common));
        let _ = writeln!(text, "    {line}");
        let options = textwrap::Options::new(common.width())
            .initial_indent("    ")
            .subsequent_indent("    ");
        let _ = writeln!(
            text,
            "{}",
            textwrap::fill(profile.provenance.text(language).trim(), options)
        );
    }
    output::write(text.as_bytes(), common)
}

fn summary(profile: &Profile, language: Language) -> serde_json::Value {
    serde_json::json!({
        "id": profile.id,
        "title": profile.title.text(language),
        "provenance": profile.provenance.text(language),
        "sha256": profile.sha256,
        "requirements": profile.requirements.len(),
        "waivers": profile.waivers.len(),
    })
}

fn show(profile: &Profile, common: &Common, language: Language) -> Result<()> {
    if common.format == Some(Format::Json) {
        let mut whole = summary(profile, language);
        whole["requirements"] = profile
            .requirements
            .iter()
            .map(|requirement| {
                let (control, item) = match &requirement.target {
                    Target::Control(id) => (Some(id), None),
                    Target::Item { form, number } => (None, Some(format!("{form}:{number}"))),
                    Target::OneOf(_) | Target::Question(_) => (None, None),
                };
                serde_json::json!({
                    "id": requirement.id,
                    "control": control,
                    "item": item,
                    "level": requirement.level,
                    "weight": requirement.weight,
                    "answers": requirement.answers,
                    "methods": requirement.methods,
                    "remark_required": requirement.remark_required,
                    "reason": requirement.reason.text(language),
                    "references": requirement.references,
                    "profile": requirement.profile,
                })
            })
            .collect();
        return json(&whole, common);
    }
    let mut text = titled(&profile.id, profile.title.text(language), common);
    let options = textwrap::Options::new(common.width())
        .initial_indent("    ")
        .subsequent_indent("    ");
    let _ = writeln!(
        text,
        "{}\n",
        textwrap::fill(profile.provenance.text(language).trim(), options.clone())
    );
    for requirement in &profile.requirements {
        let level = language.label(&format!("level-{}", requirement.level.code()));
        let title = requirement.topic(language);
        let answers: Vec<&str> = requirement
            .answers
            .iter()
            .map(|answer: &Answer| answer.word(language))
            .collect();
        let line = format!(
            "[{level}] {title} = {}  ({})",
            answers.join(" / "),
            requirement.id
        );
        let _ = writeln!(
            text,
            "{}",
            textwrap::fill(
                &line,
                textwrap::Options::new(common.width()).subsequent_indent("    ")
            )
        );
        if common.verbose {
            let _ = writeln!(
                text,
                "{}",
                textwrap::fill(requirement.reason.text(language), options.clone())
            );
        }
    }
    for waiver in &profile.waivers {
        let values = [
            ("until", waiver.until.to_string()),
            ("approver", waiver.approver.clone()),
            ("reason", waiver.reason.text(language).to_owned()),
        ];
        let values: Vec<(&str, &str)> = values
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let line = format!(
            "{} {}: {}",
            language.label("waiver"),
            waiver.requirement,
            language.label_with("waiver-line", &values)
        );
        let _ = writeln!(
            text,
            "\n{}",
            textwrap::fill(
                &line,
                textwrap::Options::new(common.width()).subsequent_indent("    ")
            )
        );
    }
    output::write(text.as_bytes(), common)
}

/// Mistakes are what this verb is asked for, so they are output and exit code 1, not an error.
fn check(name: &str, catalog: &Catalog, common: &Common, language: Language) -> Result<Ended> {
    let (file, findings): (String, Vec<Finding>) = match load(name, catalog) {
        Ok(profile) => (name.to_owned(), {
            let mut findings = profile.notes.clone();
            findings.extend(kaijisho::expired_waivers(&profile, common.today()));
            findings
        }),
        Err(Error::Invalid { name, findings }) => (name, findings),
        Err(other) => return Err(other),
    };
    let infos: Vec<FindingInfo> = findings
        .iter()
        .map(|finding| finding_info(finding, language))
        .collect();
    let reached = findings
        .iter()
        .any(|finding| common.fail_on.reaches(finding.severity()));
    if common.format == Some(Format::Json) {
        json(
            &serde_json::json!({ "schema": "kaijisho/profile-check/1", "file": file, "findings": infos }),
            common,
        )?;
    } else if !common.quiet {
        let mut text: String = infos
            .iter()
            .map(|info| message::mistake(&file, info, language))
            .collect();
        text.push_str(&language.label_with(
            "profile-check-line",
            &[("file", &file), ("count", &infos.len().to_string())],
        ));
        text.push('\n');
        output::write(message::wrapped(&text, common.width()).as_bytes(), common)?;
    }
    Ok(Ended::findings(reached))
}
