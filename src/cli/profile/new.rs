//! `kaijisho profile new`: a commented profile to start from, with a few questions at a terminal.

use std::collections::BTreeSet;
use std::io::{BufRead, ErrorKind, IsTerminal, Read, Write};
use std::path::Path;

use clap::Args;
use kaijisho::profile::{BUNDLED, Facts, Start, load, parse};
use kaijisho::{Catalog, Error, Language, Result};

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

/// Bytes of an answer that are read at once; a longer line is taken for several.
const LONGEST: u64 = 4_096;

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
    let text = start.text();
    // What it extends is looked for beside the file that is written; that it is not there is told now, not at first use.
    let folder = common.output.as_deref().and_then(Path::parent);
    let name = common.output.as_deref().unwrap_or(Path::new("-"));
    parse(
        &text,
        &name.display().to_string(),
        folder.unwrap_or(Path::new(".")),
        &common.catalog(),
    )?;
    output::write(text.as_bytes(), common)
}

/// Questions and answers, a line each.
struct Dialogue<I, O> {
    input: I,
    out: O,
    language: Language,
}

impl<I: BufRead, O: Write> Dialogue<I, O> {
    /// Puts what is answered into the profile to start from; the end of the input ends the questions.
    fn fill(&mut self, start: &mut Start) -> std::io::Result<()> {
        match self.ask(start) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(writeln!(self.out)?),
            other => other,
        }
    }

    fn ask(&mut self, start: &mut Start) -> std::io::Result<()> {
        let facts = Facts::bundled();
        let language = self.language;
        if start.title.is_none() {
            let title = self.line(&language.label("ask-profile-title"))?;
            start.title = (!title.is_empty()).then_some(title);
        }
        if start.extends.is_empty() {
            let names = BUNDLED.map(|(name, _)| name.to_owned());
            let catalog = Catalog::bundled();
            let titles = BUNDLED.map(|(name, _)| match load(name, &catalog) {
                Ok(profile) => format!("{name}  {}", profile.title.text(language)),
                Err(_) => name.to_owned(),
            });
            start.extends = self.several("ask-profile-extends", &names, &titles)?;
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

    /// The line typed, without what no line holds; the end of the input is an error of its own kind.
    fn line(&mut self, question: &str) -> std::io::Result<String> {
        write!(self.out, "{question} > ")?;
        self.out.flush()?;
        let mut bytes = Vec::new();
        let mut input = (&mut self.input).take(LONGEST);
        if input.read_until(b'\n', &mut bytes)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        let line = String::from_utf8_lossy(&bytes);
        let line: String = line.chars().filter(|c| !c.is_control()).collect();
        Ok(line.trim().to_owned())
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
            // Numbers are typed in full width as often as not.
            let line = digits(&self.line(&question)?);
            let words = line.split([',', '、', '，', '・', '.', ' ', '　']);
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
            match digits(&self.line(&question)?).to_lowercase().as_str() {
                "" => return Ok(None),
                "y" | "yes" | "はい" | "ｙ" => return Ok(Some(true)),
                "n" | "no" | "いいえ" | "ｎ" => return Ok(Some(false)),
                _ => writeln!(self.out, "{}", self.language.label("ask-profile-again"))?,
            }
        }
    }
}

/// A text with its full-width digits as plain ones.
fn digits(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '０'..='９' => {
                char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c)
            }
            other => other,
        })
        .collect()
}
