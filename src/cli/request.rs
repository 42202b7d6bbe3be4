//! `kaijisho request`: the sheet to send out with a call for bids.

use clap::Args;
use kaijisho::write::{Target, Texts};
use kaijisho::{Field, Language, Result, profile, request};

use super::arguments::{Common, usage};
use super::{Ended, new, output};

/// The form that is sent out where none is named.
const FORM: &str = "mds-reference";

#[derive(Debug, Args)]
pub(super) struct Request {
    /// The profile: a name, or a profile file (.toml)
    #[arg(value_name = "PROFILE")]
    pub(super) profile: String,
    /// Language of questions and help: ja, en or both (default: --lang)
    #[arg(long, value_name = "ja|en|both")]
    texts: Option<Texts>,
    /// A field of the head to fill in, such as product=NAME (date, manufacturer, product, model, version)
    #[arg(long, value_name = "FIELD=VALUE", value_parser = new::field)]
    set: Vec<(Field, String)>,
}

pub(super) fn run(verb: &Request, common: &Common, language: Language) -> Result<Ended> {
    let Some(path) = &common.output else {
        return Err(usage(language.label("error-request-output")));
    };
    if Target::of_name(&path.to_string_lossy()) != Some(Target::Xlsx) {
        return Err(usage(language.label("error-request-output")));
    }
    output::refuse_existing(Some(path), common.force)?;
    let forms = common.form_catalog(common.form.as_deref().unwrap_or(FORM))?;
    let profile = profile::load(&verb.profile, &common.catalog().with(&forms))?;
    let texts = verb.texts.unwrap_or(Texts::One(language));
    // A form file may hold several editions, the current one first.
    let form = forms
        .forms()
        .first()
        .ok_or_else(|| usage(language.label("error-request-output")))?;
    let wishes = request::wishes(&profile, form);
    output::file(
        path,
        &request::request(&profile, form, texts, &verb.set)?,
        common.force,
    )?;
    if !common.quiet {
        let count = |is: fn(&&request::Wish) -> bool| wishes.iter().filter(is).count().to_string();
        let (asked, not_asked) = (
            count(|wish| wish.number.is_some()),
            count(|wish| wish.number.is_none()),
        );
        let path = path.display().to_string();
        let values = [
            ("path", path.as_str()),
            ("form", form.id.as_str()),
            ("asked", asked.as_str()),
            ("not_asked", not_asked.as_str()),
        ];
        output::complain(&format!(
            "{}\n",
            language.label_with("request-line", &values)
        ));
    }
    Ok(Ended::Clean)
}
