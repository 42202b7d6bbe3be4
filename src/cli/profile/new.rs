//! `kaijisho profile new`: a commented profile to start from, with a few questions at a terminal.

use std::collections::BTreeSet;
use std::io::{BufRead, IsTerminal, Write};

use clap::Args;
use kaijisho::profile::{BUNDLED, Facts, Start};
use kaijisho::{Error, Language, Result};

use super::super::arguments::Common;
use super::super::output;

/// The facts asked for: those that switch most requirements, and those that no sheet tells.
const ASKED: [&str; 5] = [
    "remote_maintenance",
    "external_connection",
    "wireless_lan",
    "patient_data",
    "stops_care",
];

#[derive(Debug, Args)]
pub(in crate::cli) struct New {
    /// The title of the profile
    #[arg(long = "title", value_name = "TEXT")]
    profile_title: Option<String>,
    /// A profile whose requirements come first: a name, or a file (.toml)
    #[arg(long, value_name = "PROFILE")]
    extends: Vec<String>,
    /// Ask for title, categories and facts also where standard input is no terminal
    #[arg(long)]
    ask: bool,
}

pub(super) fn run(asked: &New, common: &Common, language: Language) -> Result<()> {
    output::refuse_existing(common.output.as_deref(), common.force)?;
    let mut start = Start {
        title: asked.profile_title.clone(),
        extends: asked.extends.clone(),
        system: common.told.system()?,
    };
    let nothing_said = start.title.is_none() && start.extends.is_empty() && start.system.is_empty();
    let terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    if asked.ask || terminal && nothing_said && !common.quiet {
        let mut dialogue = Dialogue {
            input: std::io::stdin().lock(),
            out: std::io::stderr().lock(),
            language,
        };
        dialogue.fill(&mut start).map_err(|source| Error::Read {
            path: "-".into(),
            source,
        })?;
    }
    output::write(start.text().as_bytes(), common)
}

/// Questions and answers, a line each.
struct Dialogue<I, O> {
    input: I,
    out: O,
    language: Language,
}

impl<I: BufRead, O: Write> Dialogue<I, O> {
    fn fill(&mut self, start: &mut Start) -> std::io::Result<()> {
        let facts = Facts::bundled();
        let language = self.language;
        if start.title.is_none() {
            let title = self.line(&language.label("ask-profile-title"))?;
            start.title = title.filter(|title| !title.is_empty());
        }
        if start.extends.is_empty() {
            let names = BUNDLED.map(|(name, _)| name.to_owned());
            start.extends = self.several("ask-profile-extends", &names, &names)?;
        }
        if start.system.categories.is_none() {
            let ids: Vec<String> = facts
                .categories()
                .iter()
                .map(|one| one.id.clone())
                .collect();
            let titles: Vec<String> = facts
                .categories()
                .iter()
                .map(|one| one.title.text(language).to_owned())
                .collect();
            let chosen = self.several("ask-profile-categories", &ids, &titles)?;
            let chosen: BTreeSet<String> = chosen.into_iter().collect();
            start.system.categories = (!chosen.is_empty()).then_some(chosen);
        }
        for id in ASKED {
            if start.system.fact(id).is_none()
                && let Some(fact) = facts.fact(id)
                && let Some(holds) = self.truth(fact.title.text(language))?
            {
                start.system.facts.insert(id.to_owned(), holds);
            }
        }
        Ok(())
    }

    /// The line typed; `None` at the end of the input.
    fn line(&mut self, question: &str) -> std::io::Result<Option<String>> {
        write!(self.out, "{question} > ")?;
        self.out.flush()?;
        let mut line = String::new();
        let read = self.input.read_line(&mut line)?;
        Ok((read > 0).then(|| line.trim().to_owned()))
    }

    fn several(
        &mut self,
        key: &str,
        ids: &[String],
        titles: &[String],
    ) -> std::io::Result<Vec<String>> {
        for (place, title) in (1..).zip(titles) {
            writeln!(self.out, "  {place}  {title}")?;
        }
        let question = self.language.label(key);
        loop {
            let Some(line) = self.line(&question)? else {
                return Ok(Vec::new());
            };
            let words = line.split([',', '、', '，', ' ', '　']);
            let chosen: Option<Vec<String>> = words
                .filter(|word| !word.is_empty())
                .map(|word| {
                    let place: usize = word.parse().ok()?;
                    ids.get(place.checked_sub(1)?).cloned()
                })
                .collect();
            match chosen {
                Some(chosen) => return Ok(chosen),
                None => writeln!(self.out, "{}", self.language.label("ask-profile-again"))?,
            }
        }
    }

    fn truth(&mut self, title: &str) -> std::io::Result<Option<bool>> {
        let question = self
            .language
            .label_with("ask-profile-fact", &[("title", title)]);
        loop {
            let Some(line) = self.line(&question)? else {
                return Ok(None);
            };
            match line.to_lowercase().as_str() {
                "" => return Ok(None),
                "y" | "yes" | "はい" => return Ok(Some(true)),
                "n" | "no" | "いいえ" => return Ok(Some(false)),
                _ => writeln!(self.out, "{}", self.language.label("ask-profile-again"))?,
            }
        }
    }
}
