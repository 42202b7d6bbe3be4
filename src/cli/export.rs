//! `kaijisho export`: the answers of any number of disclosures as one table, and what a profile makes of them.
//!
//! A verb of its own rather than a format of `convert`: it makes one file of many, and nothing reads it back. Files
//! are read on several threads and written in the order of the list, with no more held than a group of rows.

use std::io::{Stdout, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;
use kaijisho::checklist::Systems;
use kaijisho::write::table::{Format, Judgement, Table, Writer};
use kaijisho::{Error, Examined, Finding, Language, Profile, ProfileUse, Result};

use super::arguments::{Common, usage};
use super::batch::sink::Beside;
use super::batch::{self, Batch, Progress, Shard, ordered::in_order, progress::Failing};
use super::inputs::{Input, nothing, tell_left_out, tell_repeated};
use super::{Ended, message, output, system};

#[derive(Debug, Args)]
pub(super) struct Export {
    /// Files or folders; - is standard input
    #[arg(required_unless_present = "files_from", value_name = "FILE|DIR")]
    pub(super) files: Vec<PathBuf>,
    /// The profile: a name, or a profile file (.toml)
    #[arg(long, value_name = "PROFILE", requires = "verdicts")]
    pub(super) against: Option<String>,
    /// The file for the table of verdicts, with --against
    #[arg(long, value_name = "FILE", requires = "against")]
    pub(super) verdicts: Option<PathBuf>,
    /// The facility file (.toml): each disclosure is judged by the facts of the system that it is of
    #[arg(long = "facility", value_name = "FILE", requires = "against")]
    pub(super) systems: Option<PathBuf>,
    /// The format of the tables, if not by the ending of the name: parquet, jsonl or csv
    #[arg(long = "to", value_name = "FORMAT")]
    pub(super) to_format: Option<To>,
    /// A list of files or folders, one a line; - is standard input
    #[arg(long, value_name = "LIST")]
    pub(super) files_from: Option<PathBuf>,
    /// The names in the list end with a NUL character instead of a line break (find -print0)
    #[arg(short = '0', long, requires = "files_from")]
    pub(super) null: bool,
    /// Only one share of the files, such as 2/8: each of 8 machines does another one
    #[arg(long, value_name = "I/N", value_parser = batch::share)]
    pub(super) shard: Option<Shard>,
    /// Show progress and failing files on standard error, also where it is no terminal
    #[arg(long)]
    pub(super) progress: bool,
}

/// A format, as `--to` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum To {
    Parquet,
    Jsonl,
    Csv,
}

impl To {
    fn format(self) -> Format {
        match self {
            To::Parquet => Format::Parquet,
            To::Jsonl => Format::Lines,
            To::Csv => Format::Csv,
        }
    }
}

pub(super) fn run(verb: &Export, common: &Common, language: Language) -> Result<Ended> {
    if common.format.is_some() {
        return Err(usage(language.label("export-format")));
    }
    let named = common.output.as_deref();
    let answers_to = named.filter(|path| *path != Path::new("-"));
    let verdicts_to = verb.verdicts.as_deref();
    for path in [answers_to, verdicts_to] {
        output::refuse_unwritable(path, common.force)?;
    }
    let answers_format = format(answers_to, verb, language)?;
    let verdicts_format = format(verdicts_to, verb, language)?;
    let facility = system::facility(verb.systems.as_deref())?;
    let options = common.options_with(facility.as_ref())?;
    let mut catalog = options.catalog.clone();
    if let Some(forced) = &options.forced {
        catalog = catalog.with(forced);
    }
    let profile = verb.against.as_ref();
    let profile = profile.map(|name| common.profile(name, &catalog));
    let profile = profile.transpose()?;
    let systems = facility
        .as_ref()
        .zip(profile.as_ref())
        .map(|(facility, profile)| Systems::new(facility, &profile.system));
    let date = common.today();
    let asked = Batch {
        files_from: verb.files_from.clone(),
        null: verb.null,
        resume: None,
        shard: verb.shard,
        progress: verb.progress,
    };
    let inputs = asked.gather(&verb.files, language)?;
    let mut answers_out = Sink::open(answers_to, common)?;
    let mut verdicts_out = verdicts_to
        .map(|path| Sink::open(Some(path), common))
        .transpose()?;
    let begun = Writer::new(Table::Answers, answers_format, &mut answers_out);
    let answers = begun.map_err(|error| unwritten(answers_to, error))?;
    let verdicts = verdicts_out
        .as_mut()
        .map(|out| Writer::new(Table::Verdicts, verdicts_format, out))
        .transpose()
        .map_err(|error| unwritten(verdicts_to, error))?;
    let work = |input: &Input| -> Result<(Examined, Option<Judged<'_>>)> {
        let examined = input.examine(&options)?;
        let judge = |profile| Judged::of(&examined, profile, systems.as_ref(), date, language);
        let judged = profile.as_ref().map(judge);
        Ok((examined, judged))
    };
    let mut tables = Tables {
        answers,
        verdicts,
        to: [answers_to, verdicts_to],
        progress: Progress::new(inputs.files.len(), verb.progress, common, language),
        left_out: inputs.left_out.clone(),
        disclosures: 0,
        failed: 0,
        quiet: common.quiet,
        language,
    };
    let mut of_profile = OfProfile::default();
    in_order(&inputs.files, batch::jobs(common), work, |input, made| {
        let (examined, judged) = made?;
        let judgement = judged.as_ref().map(|judged| &judged.judgement);
        tables.take(input, &examined, judgement)?;
        of_profile.absorb(judged);
        Ok(())
    })?;
    tables.progress.finish();
    tell_left_out(&tables.left_out, common, language);
    tell_repeated(&inputs.repeated, common, language);
    let none = tables.disclosures + tables.failed == 0 && !inputs.files.is_empty();
    if none {
        return Err(nothing(&tables.left_out, language));
    }
    let done = tables.finish()?;
    answers_out.finish()?;
    if let Some(out) = verdicts_out {
        out.finish()?;
    }
    let reached = profile.as_ref();
    let reached = reached.is_some_and(|profile| of_profile.tell(profile, date, common, language));
    done.tell(common, language);
    Ok(match done.failed {
        0 => Ended::findings(reached),
        _ => Ended::Impossible,
    })
}

/// What a profile made of a file.
struct Judged<'p> {
    judgement: Judgement<'p>,
    profile_use: ProfileUse,
    /// What is to be said about disclosures and the systems of the facility.
    findings: Vec<Finding>,
}

impl<'p> Judged<'p> {
    fn of(
        file: &Examined,
        profile: &'p Profile,
        systems: Option<&Systems<'_>>,
        date: Date,
        language: Language,
    ) -> Self {
        let (assessments, findings) = system::judged(file, profile, systems, date);
        Self {
            judgement: Judgement::of(&assessments, profile, date, language),
            profile_use: ProfileUse::of(profile, &file.disclosures, &assessments),
            findings,
        }
    }
}

/// What is to be said about the profile and the facility once all files were judged; no row of a table holds it.
#[derive(Default)]
struct OfProfile {
    profile_use: ProfileUse,
    findings: Vec<Finding>,
}

impl OfProfile {
    fn absorb(&mut self, judged: Option<Judged<'_>>) {
        let Some(judged) = judged else { return };
        self.profile_use.absorb(judged.profile_use);
        for finding in judged.findings {
            // Two sheets of one system have the same to say of it.
            if !self.findings.contains(&finding) {
                self.findings.push(finding);
            }
        }
    }

    /// Tells it; true if anything reaches `--fail-on`.
    fn tell(self, profile: &Profile, date: Date, common: &Common, language: Language) -> bool {
        let mut findings = self.profile_use.findings(profile, date);
        findings.extend(self.findings);
        for finding in findings.iter().filter(|_| !common.quiet) {
            let text = finding.message(language);
            let line = format!("{}: {}: {text}", finding.rule, profile.id);
            output::complain(&message::wrapped(&line, common.width()));
        }
        let mut findings = findings.iter();
        findings.any(|finding| common.fail_on.reaches(finding.severity()))
    }
}

/// The format said, else that of the file's ending; standard output is JSON Lines.
fn format(path: Option<&Path>, verb: &Export, language: Language) -> Result<Format> {
    match (verb.to_format, path) {
        (Some(to), _) => Ok(to.format()),
        (None, None) => Ok(Format::Lines),
        (None, Some(path)) => {
            let name = path.to_string_lossy();
            Format::of_name(&name)
                .ok_or_else(|| usage(language.label_with("export-ending", &[("path", &name)])))
        }
    }
}

/// A table could not be written; a closed pipe ends the program quietly.
fn unwritten(path: Option<&Path>, source: std::io::Error) -> Error {
    match path {
        Some(path) => Error::Write {
            path: path.to_owned(),
            source,
        },
        None => output::stop_writing(&source),
    }
}

/// Where a table goes.
#[derive(Debug)]
enum Sink {
    Standard(Stdout),
    File(Beside),
}

impl Sink {
    fn open(path: Option<&Path>, common: &Common) -> Result<Self> {
        Ok(match path {
            Some(path) => Sink::File(Beside::open(path, common.force)?),
            None => Sink::Standard(std::io::stdout()),
        })
    }

    fn finish(self) -> Result<()> {
        match self {
            Sink::Standard(mut out) => out.flush().map_err(|error| unwritten(None, error)),
            Sink::File(mut file) => file.finish(),
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Sink::Standard(out) => out.write(bytes),
            Sink::File(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Sink::Standard(out) => out.flush(),
            Sink::File(file) => file.flush(),
        }
    }
}

/// The tables of a run.
struct Tables<'w, 'p> {
    answers: Writer<'w>,
    verdicts: Option<Writer<'w>>,
    to: [Option<&'p Path>; 2],
    progress: Progress,
    left_out: Vec<PathBuf>,
    disclosures: usize,
    failed: usize,
    quiet: bool,
    language: Language,
}

impl<'p> Tables<'_, 'p> {
    fn take(
        &mut self,
        input: &Input,
        examined: &Examined,
        judgement: Option<&Judgement<'_>>,
    ) -> Result<()> {
        if input.is_something_else(examined) {
            self.left_out.push(input.path.clone());
            self.progress.step(None);
            return Ok(());
        }
        let failing = batch::flow::failing(examined, self.language);
        let failing = failing.as_ref().map(|(name, words)| Failing {
            file: &examined.file,
            name,
            words,
        });
        if let Some(failing) = &failing {
            self.failed += 1;
            if !self.quiet {
                self.progress.tell(failing);
            }
        }
        self.progress.step(None);
        self.tell_empty(examined);
        self.disclosures += examined.disclosures.len();
        let [answers_to, verdicts_to] = self.to;
        let added = self.answers.answers(examined);
        added.map_err(|error| unwritten(answers_to, error))?;
        if let (Some(verdicts), Some(judgement)) = (&mut self.verdicts, judgement) {
            let added = verdicts.verdicts(examined, judgement);
            added.map_err(|error| unwritten(verdicts_to, error))?;
        }
        Ok(())
    }

    /// A disclosure without a row must not go unseen.
    fn tell_empty(&self, examined: &Examined) {
        let mut disclosures = examined.disclosures.iter();
        if !self.quiet && disclosures.any(|one| one.entries.is_empty()) {
            let file = kaijisho::show(&examined.file, 200);
            let text = self.language.label_with("export-empty", &[("file", &file)]);
            self.progress.say(&format!("{text}\n"));
        }
    }

    fn finish(self) -> Result<Done<'p>> {
        let [answers_to, verdicts_to] = self.to;
        let ended = self.answers.finish();
        let rows = ended.map_err(|error| unwritten(answers_to, error))?;
        let mut written = vec![(answers_to, rows)];
        if let Some(verdicts) = self.verdicts {
            let ended = verdicts.finish();
            let rows = ended.map_err(|error| unwritten(verdicts_to, error))?;
            written.push((verdicts_to, rows));
        }
        Ok(Done {
            written,
            disclosures: self.disclosures,
            failed: self.failed,
        })
    }
}

/// What was written.
struct Done<'a> {
    /// Each table, with its rows.
    written: Vec<(Option<&'a Path>, u64)>,
    disclosures: usize,
    failed: usize,
}

impl Done<'_> {
    fn tell(&self, common: &Common, language: Language) {
        if common.quiet {
            return;
        }
        for (path, rows) in &self.written {
            let Some(path) = path else { continue };
            let values = [
                ("path", path.display().to_string()),
                ("disclosures", self.disclosures.to_string()),
                ("rows", rows.to_string()),
            ];
            let values = values.each_ref().map(|(name, value)| (*name, &**value));
            let line = language.label_with("export-line", &values);
            output::complain(&message::wrapped(&line, common.width()));
        }
        if self.failed > 0 {
            let values = [("count", &*self.failed.to_string())];
            let line = language.label_with("export-failed", &values);
            output::complain(&message::wrapped(&line, common.width()));
        }
    }
}
