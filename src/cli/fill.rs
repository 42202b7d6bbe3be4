//! `kaijisho fill`: answers into a workbook of the user's own.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use kaijisho::fill::report::{FillCounts, report};
use kaijisho::fill::{Fate, FillOptions, Filled, FilledDisclosure, Outcome, Subject, fill};
use kaijisho::report::Format;
use kaijisho::{Language, Limits, Result, Source, examine, show};

use super::arguments::{Common, usage};
use super::{Ended, message, output};

#[derive(Debug, Args)]
pub(super) struct Fill {
    /// The answers: toml, json, xml, csv, or a filled sheet
    #[arg(value_name = "ANSWERS")]
    answers: PathBuf,
    /// The workbook to fill (.xlsx, .xlsm); the file itself is not changed
    #[arg(long, value_name = "TEMPLATE.xlsx")]
    into: PathBuf,
    /// The sheet to fill, where there are several
    #[arg(long = "sheet", value_name = "NAME")]
    only_sheet: Option<String>,
}

/// How many outcomes with one reason are shown before the rest is only counted.
const SHOWN: usize = 12;
/// How many items left blank are named.
const NAMED: usize = 30;
/// How many characters of an answer or remark are shown.
const QUOTED: usize = 40;

pub(super) fn run(verb: &Fill, common: &Common, language: Language) -> Result<Ended> {
    let to = common.output.as_deref().filter(|it| *it != Path::new("-"));
    let to = to.ok_or_else(|| usage(language.label("error-fill-output")))?;
    if !matches!(common.format, None | Some(Format::Human | Format::Json)) {
        return Err(usage(language.label("error-fill-format")));
    }
    output::refuse_existing(Some(to), common.force)?;
    let options = common.options()?;
    let answers = open(&verb.answers, &options.limits)?;
    let template = open(&verb.into, &options.limits)?;
    let examined = examine(&answers, &options);
    if examined.disclosures.is_empty() {
        for finding in &examined.findings {
            let info = kaijisho::report::model::finding_info(finding, language);
            let told = message::mistake(&examined.file, &info, language);
            output::complain(&message::wrapped(&told, common.width()));
        }
        return Ok(Ended::Impossible);
    }
    let how = FillOptions {
        read: &options,
        force: common.force,
        sheet: verb.only_sheet.as_deref(),
    };
    let filled = fill(&examined.disclosures, &template, &how)?;
    output::file(to, &filled.bytes, common.force)?;
    let written = Source::new(to.display().to_string(), filled.bytes.clone());
    let files = [&answers, &template, &written];
    match common.format {
        Some(Format::Json) => {
            let report = report(&filled, files, language);
            output::page(&kaijisho::write::json_text(&report)?);
        }
        _ if common.quiet => {}
        _ => {
            let mut page = Page {
                text: String::new(),
                language,
                width: common.width(),
                all: common.verbose,
            };
            page.whole(&filled, files);
            output::page(&page.text);
        }
    }
    Ok(Ended::findings(!filled.is_complete()))
}

fn open(path: &Path, limits: &Limits) -> Result<Source> {
    match path == Path::new("-") {
        true => Source::standard_input(limits),
        false => Source::open(path, limits),
    }
}

struct Page {
    text: String,
    language: Language,
    width: usize,
    all: bool,
}

impl Page {
    fn whole(&mut self, filled: &Filled, [answers, template, written]: [&Source; 3]) {
        for (key, file) in [
            ("fill-from", answers),
            ("fill-into", template),
            ("fill-to", written),
        ] {
            let line = self.language.label_with(key, &[("file", &file.name)]);
            self.line(0, &line);
        }
        for document in &filled.documents {
            self.document(document);
        }
        if !filled.without_table.is_empty() {
            let forms = filled.without_table.join(", ");
            let line = self
                .language
                .label_with("fill-without-table", &[("forms", &forms)]);
            self.text.push('\n');
            self.line(2, &line);
        }
    }

    fn document(&mut self, document: &FilledDisclosure) {
        let sheet = document.sheet.as_deref().unwrap_or("-");
        let form = format!("{} {}", document.form.id, document.form.edition);
        let values = [("sheet", sheet), ("form", form.trim())];
        let line = self.language.label_with("fill-sheet", &values);
        self.line(2, &line);
        self.counts(&FillCounts::of(document));
        let left: Vec<&Outcome> = document
            .outcomes
            .iter()
            .filter(|it| !it.is_done())
            .collect();
        if left.is_empty() {
            let line = self.language.label("fill-all-done");
            self.line(4, &line);
        } else {
            let count = left.len().to_string();
            let line = self.language.label_with("fill-left", &[("count", &count)]);
            self.text.push('\n');
            self.line(2, &line);
            self.left(&left);
        }
        self.blank(document);
    }

    /// What was done, and only that.
    fn counts(&mut self, counts: &FillCounts) {
        let done = [
            ("fill-count-placed", counts.placed),
            ("fill-count-same", counts.same),
            ("fill-count-kept", counts.kept),
            ("fill-count-not-placed", counts.not_placed),
            ("fill-count-failed", counts.failed),
            ("fill-count-other-question", counts.other_question),
            ("fill-count-blank", counts.blank),
        ];
        let said = done
            .iter()
            .filter(|(_, count)| *count > 0)
            .map(|(key, count)| {
                let count = count.to_string();
                self.language.label_with(key, &[("count", &count)])
            });
        let between = match self.language {
            Language::Ja => "　",
            Language::En => ", ",
        };
        let line = said.collect::<Vec<_>>().join(between);
        self.line(4, &line);
    }

    /// What is left to do, what has the same reason together.
    fn left(&mut self, left: &[&Outcome]) {
        let language = self.language;
        let mut reasons: Vec<(Fate, String, Vec<&Outcome>)> = Vec::new();
        for outcome in left {
            let reason = match (&outcome.reason, &outcome.other_question) {
                (Some(reason), _) => reason.text(language).to_owned(),
                (None, _) => language.label("fill-other-question"),
            };
            match reasons.iter_mut().find(|(_, known, _)| *known == reason) {
                Some((_, _, outcomes)) => outcomes.push(outcome),
                None => reasons.push((outcome.fate, reason, vec![outcome])),
            }
        }
        reasons.sort_by_key(|(fate, _, _)| std::cmp::Reverse(*fate));
        for (_, reason, outcomes) in reasons {
            self.text.push('\n');
            self.line(4, &reason);
            let shown = if self.all { outcomes.len() } else { SHOWN };
            for outcome in outcomes.iter().take(shown) {
                self.outcome(outcome);
            }
            if outcomes.len() > shown {
                let count = (outcomes.len() - shown).to_string();
                let line = language.label_with("fill-more", &[("count", &count)]);
                self.line(6, &line);
            }
        }
    }

    fn outcome(&mut self, outcome: &Outcome) {
        let language = self.language;
        let item = |number: &str, what: &str| {
            let item = language.label_with("fill-item", &[("item", number)]);
            format!("{item} {}", language.label(what))
        };
        let subject = match &outcome.subject {
            Subject::Answer(number) => item(number.as_str(), "fill-what-answer"),
            Subject::Remark(number) => item(number.as_str(), "fill-what-remark"),
            Subject::Header(field) => language.label(&format!("field-{}", field.code())),
        };
        let place = outcome
            .place
            .as_ref()
            .map_or_else(String::new, |place| format!("{place} "));
        let mut line = format!("{place}{subject}: {}", quoted(&outcome.wanted, language));
        if let Some(found) = &outcome.found {
            let found = quoted(found, language);
            let found = language.label_with("fill-there", &[("found", &found)]);
            let _ = write!(line, " ← {found}");
        }
        self.line(6, &line);
        if let Some(question) = &outcome.other_question {
            let question = quoted(question, language);
            let line = language.label_with("fill-asks", &[("question", &question)]);
            self.line(8, &line);
        }
    }

    fn blank(&mut self, document: &FilledDisclosure) {
        if document.blank.is_empty() {
            return;
        }
        let named = if self.all {
            document.blank.len()
        } else {
            NAMED
        };
        let numbers = document.blank.iter().take(named);
        let mut items: Vec<String> = numbers.map(ToString::to_string).collect();
        if document.blank.len() > named {
            items.push("…".to_owned());
        }
        let items = items.join(", ");
        let line = self.language.label_with("fill-blank", &[("items", &items)]);
        self.text.push('\n');
        self.line(2, &line);
    }

    fn line(&mut self, indent: usize, text: &str) {
        let first = " ".repeat(indent);
        let rest = " ".repeat(indent + 2);
        let options = textwrap::Options::new(self.width)
            .initial_indent(&first)
            .subsequent_indent(&rest);
        let text = kaijisho::harmless(text);
        let _ = writeln!(self.text, "{}", textwrap::fill(&text, options));
    }
}

fn quoted(text: &str, language: Language) -> String {
    let text = show(text, QUOTED);
    match language {
        Language::Ja => format!("「{text}」"),
        Language::En => format!("\"{text}\""),
    }
}
