//! `kaijisho profile show`: the requirements, which of them apply to a system, and why.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use kaijisho::profile::{Facts, System, Waiver};
use kaijisho::report::Format;
use kaijisho::{
    Applies, Catalog, Disclosure, Field, Knowledge, Language, Profile, Requirement, Result, Source,
    Target, applies, examine,
};

use super::super::arguments::Common;
use super::super::form::{json, titled};
use super::super::output;
use super::summary;

#[derive(Debug, Args)]
pub(in crate::cli) struct Show {
    /// A name, or a profile file (.toml)
    #[arg(value_name = "PROFILE")]
    profile: String,
    /// Show what applies to the system of this disclosure, whose answers tell facts
    #[arg(long = "for", value_name = "SHEET")]
    for_sheet: Option<PathBuf>,
}

pub(super) fn run(
    asked: &Show,
    catalog: &Catalog,
    common: &Common,
    language: Language,
) -> Result<()> {
    let profile = common.profile(&asked.profile, catalog)?;
    let examined = match &asked.for_sheet {
        Some(path) => {
            let options = common.options()?;
            Some(examine(&Source::open(path, &options.limits)?, &options))
        }
        None => None,
    };
    let disclosures: Vec<Option<&Disclosure>> = match &examined {
        Some(examined) if !examined.disclosures.is_empty() => {
            examined.disclosures.iter().map(Some).collect()
        }
        Some(_) | None => vec![None],
    };
    if common.format == Some(Format::Json) {
        return json(&published(&profile, disclosures[0], language), common);
    }
    let mut page = Page {
        text: titled(&profile.id, profile.title.text(language), common),
        width: common.width(),
        language,
    };
    page.paragraph(4, profile.provenance.text(language).trim());
    for disclosure in disclosures {
        page.text.push('\n');
        let file = examined.as_ref().map_or("", |examined| &examined.file);
        page.system(&profile.system, disclosure, file);
        page.requirements(&profile, disclosure, common.verbose);
    }
    for waiver in &profile.waivers {
        page.waiver(waiver);
    }
    output::plain(&page.text, common)
}

/// The page as it grows, broken to the width of the terminal.
struct Page {
    text: String,
    width: usize,
    language: Language,
}

impl Page {
    fn paragraph(&mut self, indent: usize, text: &str) {
        let first = " ".repeat(indent);
        let next = " ".repeat(indent.max(4));
        let options = textwrap::Options::new(self.width)
            .initial_indent(&first)
            .subsequent_indent(&next);
        let _ = writeln!(self.text, "{}", textwrap::fill(text, options));
    }

    fn labelled(&mut self, key: &str, text: &str) {
        let label = self.language.label(key);
        self.paragraph(6, &format!("{label}: {text}"));
    }

    fn system(&mut self, system: &System, disclosure: Option<&Disclosure>, file: &str) {
        let language = self.language;
        if let Some(disclosure) = disclosure {
            let product = disclosure.field(Field::Product);
            let product = product.map_or_else(String::new, |value| value.value());
            let values = [("product", product.as_str()), ("file", file)];
            self.paragraph(0, &language.label_with("show-for", &values));
        }
        if !system.is_empty() {
            let facts = told(system, language).join(&language.label("when-and"));
            self.paragraph(0, &language.label_with("show-system", &[("facts", &facts)]));
        }
    }

    fn requirements(&mut self, profile: &Profile, disclosure: Option<&Disclosure>, verbose: bool) {
        let language = self.language;
        let known = Knowledge::new(&profile.system, disclosure);
        let judged: Vec<(&Requirement, Applies)> = profile
            .requirements
            .iter()
            .map(|requirement| (requirement, applies(requirement, &known)))
            .collect();
        let depends = judged
            .iter()
            .any(|(requirement, _)| requirement.when.is_some() || requirement.off.is_some());
        if depends {
            let count = |is: &dyn Fn(&Applies) -> bool| {
                judged.iter().filter(|(_, one)| is(one)).count().to_string()
            };
            let values = [
                ("applies", count(&|one| one.not.is_none() && !one.is_open())),
                ("not", count(&|one| one.not.is_some())),
                ("open", count(&Applies::is_open)),
            ];
            let values: Vec<(&str, &str)> = values
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            self.paragraph(0, &language.label_with("show-applies", &values));
        }
        self.text.push('\n');
        for (requirement, applies) in &judged {
            self.requirement(requirement, applies, verbose);
        }
    }

    fn requirement(&mut self, requirement: &Requirement, applies: &Applies, verbose: bool) {
        let language = self.language;
        let level = language.label(&format!("level-{}", requirement.level.code()));
        let answers: Vec<&str> = requirement
            .answers
            .iter()
            .map(|answer| answer.word(language))
            .collect();
        let line = format!(
            "[{level}] {} = {}  ({})",
            requirement.topic(language),
            answers.join(" / "),
            requirement.id
        );
        self.paragraph(0, &line);
        let more = requirement.remark_required
            || requirement.evidence_required
            || requirement.planned.is_some()
            || !requirement.methods.is_empty();
        if more || verbose {
            self.labelled("rule-applied", &requirement.demand(language));
        }
        if requirement.when.is_some() || requirement.off.is_some() {
            self.labelled("show-when", &why(requirement, applies, language));
        }
        for change in &requirement.changes {
            let values = [
                ("profile", change.profile.as_str()),
                ("reason", change.reason.text(language)),
            ];
            self.labelled(
                "show-changed",
                &language.label_with("show-changed-by", &values),
            );
        }
        if verbose {
            self.labelled("purpose", requirement.reason.text(language));
            if !requirement.references.is_empty() {
                self.labelled("references", &requirement.references.join(" / "));
            }
        }
    }

    fn waiver(&mut self, waiver: &Waiver) {
        let language = self.language;
        let (from, until) = (waiver.from.to_string(), waiver.until.to_string());
        let period = language.label_with("show-period", &[("from", &from), ("until", &until)]);
        let scope: Vec<&str> = [&waiver.scope.manufacturer, &waiver.scope.product]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        let scope = if scope.is_empty() {
            language.label("show-scope-all")
        } else {
            scope.join(" / ")
        };
        let values = [
            ("until", until.as_str()),
            ("approver", waiver.approver.as_str()),
            ("reason", waiver.reason.text(language)),
        ];
        self.text.push('\n');
        let label = language.label("waiver");
        let line = language.label_with("waiver-line", &values);
        self.paragraph(0, &format!("{label} {}: {line}", waiver.requirement));
        let scope = language.label_with("show-scope", &[("scope", &scope)]);
        self.paragraph(6, &format!("{period}{}{scope}", language.label("when-and")));
        if let Some(compensating) = &waiver.compensating {
            self.labelled("compensating", compensating.text(language));
        }
    }
}

/// What a facility says of a system, in words.
fn told(system: &System, language: Language) -> Vec<String> {
    let facts = Facts::bundled();
    let categories = system.categories.iter().flatten().filter_map(|id| {
        let category = facts.category(id)?;
        Some(category.title.text(language).to_owned())
    });
    let single = system.facts.iter().filter_map(|(id, holds)| {
        let title = facts.fact(id)?.title.text(language);
        let key = if *holds { "fact-true" } else { "fact-false" };
        Some(format!("{title}: {}", language.label(key)))
    });
    categories.chain(single).collect()
}

/// Whether a requirement applies, and what decided.
fn why(requirement: &Requirement, applies: &Applies, language: Language) -> String {
    let join = language.label("when-and");
    let because = |key: &str, why: &str, because: &str| {
        language.label_with(key, &[("why", why), ("because", because)])
    };
    if let Some((_, why)) = applies.not {
        let said = language.label(why.label());
        let detail = match &requirement.off {
            Some(off) => off.reason.text(language).to_owned(),
            None => {
                let grounds = applies.grounds.iter().map(|one| one.words(language));
                grounds.collect::<Vec<_>>().join(&join)
            }
        };
        return because("why-because", &said, &detail);
    }
    let required = language.label("show-required");
    if applies.is_open() {
        let open = applies.grounds.iter().filter(|one| one.holds.is_none());
        let open: Vec<String> = open.map(|one| one.title(language)).collect();
        return because("why-fact-unknown", &required, &open.join(&join));
    }
    let grounds = applies.grounds.iter().map(|one| one.words(language));
    let grounds: Vec<String> = grounds.collect();
    because("why-because", &required, &grounds.join(&join))
}

fn published(
    profile: &Profile,
    disclosure: Option<&Disclosure>,
    language: Language,
) -> serde_json::Value {
    let known = Knowledge::new(&profile.system, disclosure);
    let mut whole = summary(profile, language);
    whole["requirements"] = profile
        .requirements
        .iter()
        .map(|requirement| {
            let (control, item, one_of, question) = match &requirement.target {
                Target::Control(id) => (Some(id), None, None, None),
                Target::Item { form, number } => {
                    (None, Some(format!("{form}:{number}")), None, None)
                }
                Target::OneOf(ids) => (None, None, Some(ids), None),
                Target::Question(text) => (None, None, None, Some(text.text(language))),
            };
            let applied = applies(requirement, &known);
            let changes = requirement.changes.iter().map(|change| {
                serde_json::json!({
                    "profile": change.profile,
                    "reason": change.reason.text(language),
                })
            });
            serde_json::json!({
                "id": requirement.id,
                "control": control,
                "item": item,
                "one_of": one_of,
                "question": question,
                "level": requirement.level,
                "weight": requirement.weight,
                "answers": requirement.answers,
                "methods": requirement.methods,
                "remark_required": requirement.remark_required,
                "evidence_required": requirement.evidence_required,
                "planned": requirement.planned.as_ref().map(|planned| &planned.words),
                "when": requirement.when.as_ref().map(|when| when.words(language)),
                "applies": applied.not.is_none(),
                "applies_because": why(requirement, &applied, language),
                "rule": requirement.demand(language),
                "reason": requirement.reason.text(language),
                "references": requirement.references,
                "profile": requirement.profile,
                "changes": changes.collect::<Vec<_>>(),
            })
        })
        .collect();
    whole
}
