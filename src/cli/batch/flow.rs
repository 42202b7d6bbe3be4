//! `check`, `diff` and `report` over any number of files: examined on several threads, judged and written
//! in the order of the list, and forgotten.

use std::path::PathBuf;

use jiff::civil::Date;
use kaijisho::report::model::{Assembly, Kind, Report, Tally};
use kaijisho::report::{Format, Parts, Stream, Style, render};
use kaijisho::{
    Assessment, Examined, Finding, Language, Options, Profile, ProfileUse, Result, Severity,
    assess, examine,
};
use serde::{Deserialize, Serialize};

use super::ledger::{At, Known, Ledger};
use super::ordered::in_order;
use super::progress::Failing;
use super::settings::Settings;
use super::sink::Sink;
use super::{Batch, Progress, jobs};
use crate::cli::arguments::{Common, FailOn, usage};
use crate::cli::inputs::{Input, Inputs, nothing, tell_left_out, tell_repeated};
use crate::cli::{Ended, message, output};

/// From more files than this on it is told that a format is made from the whole, which is held until the end.
const HELD: usize = 2_000;

/// What is asked for.
pub(in crate::cli) struct Asked<'a> {
    pub(in crate::cli) kind: Kind,
    pub(in crate::cli) files: &'a [PathBuf],
    pub(in crate::cli) batch: &'a Batch,
    pub(in crate::cli) against: Option<&'a String>,
    pub(in crate::cli) format: Format,
    pub(in crate::cli) style: Style,
}

impl Asked<'_> {
    fn verb(&self) -> &'static str {
        match self.kind {
            Kind::Check => "check",
            Kind::Diff => "diff",
            Kind::Report | Kind::Disclosure => "report",
        }
    }
}

/// What a file came to, apart from its part of the output.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Outcome {
    ended: Ended,
    /// True for a file from a folder that is something else than a disclosure.
    other: bool,
    /// The name and the words of the finding, for a file that could not be read or recognised.
    failing: Option<(String, String)>,
    tally: Tally,
    profile_use: ProfileUse,
}

/// What is done with each file.
struct Judge<'a> {
    kind: Kind,
    options: &'a Options,
    profile: Option<&'a Profile>,
    date: Date,
    stream: Option<&'a Stream>,
    known: Option<&'a Known>,
    /// True if nothing is to be written.
    silent: bool,
    fail_on: FailOn,
    language: Language,
}

/// What was made of a file.
enum Made {
    /// Its name and hash, what it came to, and its part of the output.
    Part(String, String, Outcome, Vec<u8>),
    /// What it came to, and its documents, where the format is made from the whole.
    Whole(Outcome, Assembly),
    /// It was done before.
    Before(String, At),
}

/// Examines files, holds them against a profile if one is named, writes the report, and says how that ended.
pub(in crate::cli) fn run(asked: &Asked<'_>, common: &Common, language: Language) -> Result<Ended> {
    let options = common.options()?;
    let profile = asked
        .against
        .map(|name| profile(name, &options, common))
        .transpose()?;
    let date = common.today();
    let empty = Assembly::new(asked.kind, language)
        .finish(profile.as_ref().map(|profile| (profile, date, &[][..])));
    let stream = Stream::new(asked.format, asked.style.clone(), empty);
    if stream.is_none() && asked.batch.resume.is_some() {
        let values = [("format", asked.format.name())];
        return Err(usage(language.label_with("resume-format", &values)));
    }
    let inputs = asked.batch.gather(asked.files, language)?;
    if stream.is_none() && inputs.files.len() > HELD && !common.quiet {
        let values = [
            ("format", asked.format.name()),
            ("count", &*inputs.files.len().to_string()),
        ];
        let line = language.label_with("batch-held", &values);
        output::complain(&message::wrapped(&line, common.width()));
    }
    let (ledger, known) = open_ledger(asked, profile.as_ref(), common, language)?;
    let silent = common.quiet && common.output.is_none() && asked.format == Format::Human;
    let judge = Judge {
        kind: asked.kind,
        options: &options,
        profile: profile.as_ref(),
        date,
        stream: stream.as_ref(),
        known: known.as_ref(),
        silent,
        fail_on: common.fail_on,
        language,
    };
    let sink = if silent {
        Sink::Nothing
    } else {
        Sink::open(common)?
    };
    let on_terminal = matches!(sink, Sink::Standard(_)) && common.output_is_terminal();
    let progress = Progress::new(inputs.files.len(), asked.batch.progress, common, language)
        .beside_output(on_terminal && stream.is_some());
    let mut writer = Writer {
        judge: &judge,
        sink,
        ledger,
        progress,
        whole: Assembly::new(asked.kind, language),
        parts: Parts {
            shard: asked.batch.shard.map(|shard| shard.to_string()),
            ..Parts::default()
        },
        profile_use: ProfileUse::default(),
        ended: Ended::Clean,
        left_out: inputs.left_out.clone(),
    };
    in_order(
        &inputs.files,
        jobs(common),
        |input| judge.of(input),
        |input, made| writer.take(input, made?),
    )?;
    writer.finish(asked, &inputs, common)
}

pub(in crate::cli) fn profile(name: &str, options: &Options, common: &Common) -> Result<Profile> {
    let mut catalog = options.catalog.clone();
    if let Some(forced) = &options.forced {
        catalog = catalog.with(forced);
    }
    common.profile(name, &catalog)
}

/// The ledger, and what it says is done; what is taken up again is told.
fn open_ledger(
    asked: &Asked<'_>,
    profile: Option<&Profile>,
    common: &Common,
    language: Language,
) -> Result<(Option<Ledger>, Option<Known>)> {
    let Some(path) = &asked.batch.resume else {
        return Ok((None, None));
    };
    let (verb, format, style) = (asked.verb(), asked.format.name(), Some(&asked.style));
    let settings = Settings::of_run(verb, format, style, profile, common, language)?;
    let (ledger, known) = Ledger::open(path, settings, language)?;
    super::tell_resumed(&ledger, &known, common, language);
    Ok((Some(ledger), Some(known)))
}

impl Judge<'_> {
    /// Reads a file, and makes its part of the output unless that was done before.
    fn of(&self, input: &Input) -> Result<Made> {
        let examined = match input.open(&self.options.limits)? {
            Ok(source) => {
                let before = self
                    .known
                    .and_then(|known| known.find(&source.name, &source.sha256));
                if let Some(at) = before {
                    return Ok(Made::Before(source.name, at));
                }
                examine(&source, self.options)
            }
            Err(unreadable) => unreadable,
        };
        let examined = match self.profile {
            Some(profile) => examined.with_severities(&profile.severity),
            None => examined,
        };
        let mut assembly = Assembly::new(self.kind, self.language);
        let mut outcome = self.outcome(&examined, input, &mut assembly);
        if outcome.other {
            return Ok(Made::Part(
                examined.file,
                examined.sha256,
                outcome,
                Vec::new(),
            ));
        }
        let Some(stream) = self.stream else {
            return Ok(Made::Whole(outcome, assembly));
        };
        let (documents, tally) = assembly.into_parts();
        outcome.tally = tally;
        let part = match self.silent {
            true => Vec::new(),
            false => stream.part(&documents, input.position)?,
        };
        Ok(Made::Part(examined.file, examined.sha256, outcome, part))
    }

    fn outcome(&self, examined: &Examined, input: &Input, assembly: &mut Assembly) -> Outcome {
        if input.is_something_else(examined) {
            return Outcome {
                other: true,
                ..Outcome::default()
            };
        }
        let assessments: Option<Vec<Assessment<'_>>> = self.profile.map(|profile| {
            let disclosures = examined.disclosures.iter();
            disclosures
                .map(|disclosure| assess(disclosure, profile, self.date))
                .collect()
        });
        assembly.add(examined, assessments.as_deref());
        let assessments = assessments.unwrap_or_default();
        // A must that cannot be decided is not met: silence must not look like success.
        let open = !assessments.iter().all(Assessment::is_qualified);
        let ended = if examined.is_unreadable() {
            Ended::Impossible
        } else {
            let fails = open && self.fail_on != FailOn::Never;
            Ended::findings(fails || self.reached(examined.all_findings()))
        };
        let use_of = |profile| ProfileUse::of(profile, &examined.disclosures, &assessments);
        Outcome {
            ended,
            other: false,
            failing: failing(examined, self.language),
            tally: Tally::default(),
            profile_use: self.profile.map(use_of).unwrap_or_default(),
        }
    }

    fn reached<'f>(&self, mut findings: impl Iterator<Item = &'f Finding>) -> bool {
        findings.any(|finding| self.fail_on.reaches(finding.severity()))
    }
}

/// The report of one file, and how it ended.
pub(in crate::cli) fn one_report(
    examined: Examined,
    profile: Option<&Profile>,
    common: &Common,
    language: Language,
) -> (Report, Ended) {
    let examined = match profile {
        Some(profile) => examined.with_severities(&profile.severity),
        None => examined,
    };
    let date = common.today();
    let assessments: Option<Vec<Assessment<'_>>> = profile.map(|profile| {
        let disclosures = examined.disclosures.iter();
        disclosures
            .map(|disclosure| assess(disclosure, profile, date))
            .collect()
    });
    let mut assembly = Assembly::new(Kind::Report, language);
    assembly.add(&examined, assessments.as_deref());
    let assessments = assessments.unwrap_or_default();
    let own = profile.map(|profile| {
        ProfileUse::of(profile, &examined.disclosures, &assessments).findings(profile, date)
    });
    let own = own.unwrap_or_default();
    let open = !assessments.iter().all(Assessment::is_qualified);
    let mut findings = examined.all_findings().chain(&own);
    let reached = findings.any(|finding| common.fail_on.reaches(finding.severity()));
    let ended = if examined.is_unreadable() {
        Ended::Impossible
    } else {
        Ended::findings(reached || (open && common.fail_on != FailOn::Never))
    };
    let report = assembly.finish(profile.map(|profile| (profile, date, own.as_slice())));
    (report, ended)
}

/// Why a file could not be read or recognised: its first error.
pub(in crate::cli) fn failing(examined: &Examined, language: Language) -> Option<(String, String)> {
    let mut grave = examined
        .findings
        .iter()
        .filter(|finding| finding.severity() == Severity::Error);
    let grave = grave.next().filter(|_| examined.is_unreadable());
    grave.map(|finding| (finding.rule.to_owned(), finding.message(language)))
}

/// Puts together what was made of the files, in their order.
struct Writer<'a> {
    judge: &'a Judge<'a>,
    sink: Sink,
    ledger: Option<Ledger>,
    progress: Progress,
    whole: Assembly,
    parts: Parts,
    profile_use: ProfileUse,
    ended: Ended,
    left_out: Vec<PathBuf>,
}

impl Writer<'_> {
    fn take(&mut self, input: &Input, made: Made) -> Result<()> {
        match made {
            Made::Part(file, sha256, outcome, part) => {
                // What the system would not give has no hash, and is tried again.
                if let Some(ledger) = self.ledger.as_mut().filter(|_| !sha256.is_empty()) {
                    ledger.add(&file, &sha256, &outcome, &part)?;
                }
                self.part(input, &file, outcome, &part)
            }
            Made::Before(file, at) => {
                let ledger = self
                    .ledger
                    .as_mut()
                    .expect("what is known stands in the ledger");
                let (outcome, part) = ledger.read::<Outcome>(at)?;
                let part = match self.judge.stream {
                    Some(stream) => stream.moved(part, input.position),
                    None => part,
                };
                self.part(input, &file, outcome, &part)
            }
            Made::Whole(outcome, assembly) => {
                let file = input.path.display().to_string();
                self.whole.absorb(assembly);
                self.part(input, &file, outcome, &[])
            }
        }
    }

    fn part(&mut self, input: &Input, file: &str, outcome: Outcome, part: &[u8]) -> Result<()> {
        let inputs = &mut self.parts.inputs;
        inputs.files += 1;
        let failing = outcome.failing.as_ref();
        let failing = failing.map(|(name, words)| Failing { file, name, words });
        self.progress.step(failing.as_ref());
        if outcome.other {
            inputs.other += 1;
            self.left_out.push(input.path.clone());
            return Ok(());
        }
        let first = inputs.done + inputs.unreadable == 0;
        match outcome.ended {
            Ended::Impossible => inputs.unreadable += 1,
            Ended::Clean | Ended::Findings => inputs.done += 1,
        }
        self.ended = self.ended.max(outcome.ended);
        self.parts.unrecognised += outcome.tally.unrecognised;
        self.whole.count(&outcome.tally);
        self.profile_use.absorb(outcome.profile_use);
        if let Some(stream) = self.judge.stream.filter(|_| !self.judge.silent) {
            let before = match first {
                true => stream.head()?,
                false => stream.between().to_vec(),
            };
            self.sink.write(&before)?;
            self.sink.write(part)?;
            self.sink.flush();
        }
        Ok(())
    }

    /// The end of the report: the profile, and the counts.
    fn finish(mut self, asked: &Asked<'_>, inputs: &Inputs, common: &Common) -> Result<Ended> {
        let language = self.judge.language;
        self.progress.finish();
        if let Some(ledger) = &mut self.ledger {
            ledger.sync()?;
        }
        tell_left_out(&self.left_out, common, language);
        tell_repeated(&inputs.repeated, common, language);
        let counts = &mut self.parts.inputs;
        counts.repeated = inputs.repeated.len();
        // A share may be empty, or hold nothing; a whole list must not.
        if counts.files == counts.other && asked.batch.shard.is_none() {
            return Err(nothing(&self.left_out, language));
        }
        let profile = self.judge.profile.map(|profile| {
            let findings = self.profile_use.findings(profile, self.judge.date);
            (profile, findings)
        });
        if let Some((_, findings)) = &profile {
            self.ended = self
                .ended
                .max(Ended::findings(self.judge.reached(findings.iter())));
        }
        let last = profile
            .as_ref()
            .map(|(profile, findings)| (*profile, self.judge.date, findings.as_slice()));
        let end = self.whole.finish(last);
        if !self.judge.silent {
            let bytes = rest(&end, &self.parts, self.judge.stream, asked)?;
            self.sink.write(&bytes)?;
            self.sink.finish()?;
            output::tell_written(common.output.as_deref(), common, language);
        }
        Ok(self.ended)
    }
}

/// What is still to be written once all files are done.
fn rest(
    end: &Report,
    parts: &Parts,
    stream: Option<&Stream>,
    asked: &Asked<'_>,
) -> Result<Vec<u8>> {
    let Some(stream) = stream else {
        return render(end, asked.format, &asked.style);
    };
    let mut rest = Vec::new();
    if parts.is_empty() {
        rest = stream.head()?;
    }
    rest.extend(stream.tail(end, parts)?);
    Ok(rest)
}
