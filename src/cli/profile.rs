//! `kaijisho profile`: what facilities require.

mod new;
mod show;

use std::fmt::Write as _;

pub(super) use new::New;
pub(super) use show::Show;

use kaijisho::profile::{BUNDLED, load};
use kaijisho::report::Format;
use kaijisho::report::model::{FindingInfo, finding_info};
use kaijisho::{Catalog, Error, Finding, Language, Profile, Result, Severity};

use super::arguments::{self, Common, ProfileVerb};
use super::form::{json, titled};
use super::{Ended, message, output};

pub(super) fn run(verb: &arguments::Profile, common: &Common, language: Language) -> Result<Ended> {
    let catalog = catalog(common)?;
    match &verb.verb {
        ProfileVerb::List => list(&catalog, common, language)?,
        ProfileVerb::Show(asked) => show::run(asked, &catalog, common, language)?,
        ProfileVerb::New(asked) => new::run(asked, common, language)?,
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
    output::plain(&text, common)
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
        let is_wrong = |finding: &&Finding| finding.severity() == Severity::Error;
        let wrong = findings.iter().filter(is_wrong).count();
        let values = [("file", file.as_str()), ("count", &wrong.to_string())];
        text.push_str(&language.label_with("profile-check-line", &values));
        if findings.len() > wrong {
            let count = (findings.len() - wrong).to_string();
            text.push_str(&language.label_with("profile-check-more", &[("count", &count)]));
        }
        text.push('\n');
        output::plain(&message::wrapped(&text, common.width()), common)?;
    }
    Ok(Ended::findings(reached))
}
