//! `kaijisho new`: a blank sheet of a form, to be filled by a person.

use clap::Args;
use kaijisho::write::{Target, Texts, blank, to_fill};
use kaijisho::{Disclosure, Field, Language, Result};

use super::arguments::{Common, usage};
use super::{Ended, output, products};

#[derive(Debug, Args)]
pub(super) struct New {
    /// Language of questions and help: ja, en or both (default: --lang)
    #[arg(long, value_name = "ja|en|both")]
    texts: Option<Texts>,
    /// A field of the head to fill in, such as product=NAME (date, manufacturer, product, model, version)
    #[arg(long, value_name = "FIELD=VALUE", value_parser = field)]
    set: Vec<(Field, String)>,
    #[command(flatten)]
    making: products::Making,
}

pub(super) fn field(text: &str) -> std::result::Result<(Field, String), String> {
    let known = || Field::ALL.map(Field::code).join(", ");
    let (name, value) = text.split_once('=').ok_or_else(known)?;
    let field = Field::from_code(name.trim()).ok_or_else(known)?;
    Ok((field, value.trim().to_owned()))
}

pub(super) fn run(verb: &New, common: &Common, language: Language) -> Result<Ended> {
    if verb.making.is_asked_for() {
        return products::run(&verb.making, common, language);
    }
    let Some(name) = &common.form else {
        return Err(usage(language.label("error-new-form")));
    };
    let Some(path) = &common.output else {
        return Err(usage(language.label("error-new-output")));
    };
    output::refuse_existing(Some(path), common.force)?;
    let target = Target::of_name(&path.to_string_lossy())
        .ok_or_else(|| usage(language.label("error-new-output")))?;
    let texts = verb.texts.unwrap_or(Texts::One(language));
    let catalog = common.form_catalog(name)?;
    // A form file may hold several editions, the current one first.
    let disclosures: Vec<Disclosure> = catalog
        .forms()
        .iter()
        .take(1)
        .map(|form| blank(form, texts, &verb.set))
        .collect();
    output::file(path, &to_fill(&disclosures, target, texts)?, common.force)?;
    Ok(Ended::Clean)
}
