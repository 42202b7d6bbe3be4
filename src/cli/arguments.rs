//! What can be said on the command line.
//!
//! The help texts here are English; `localise` puts the Japanese ones over them (labels `cli-…`).

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use jiff::civil::Date;
use kaijisho::{
    Catalog, Error, Family, GivenLayouts, Language, Limits, Localised, Options, Result, Rules,
    Severity,
};

use super::batch::Batch;

/// Read, check and compare the security disclosure sheets of Japanese healthcare (MDS/SDS, MDS2).
#[derive(Debug, Parser)]
#[command(name = "kaijisho", version, arg_required_else_help = true)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) common: Common,
    #[command(subcommand)]
    pub(super) verb: Verb,
}

#[derive(Debug, Args)]
pub(super) struct Common {
    /// Output format: human, json, jsonl, sarif, junit, md, csv, html, xlsx
    #[arg(long, global = true, value_name = "FORMAT")]
    pub(super) format: Option<kaijisho::report::Format>,
    /// Write to a file instead of standard output
    #[arg(short, long, global = true, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Language of texts: ja or en
    #[arg(long, global = true, value_name = "ja|en")]
    pub(super) lang: Option<kaijisho::Language>,
    /// The form of the sheets: an id, or a form file (.toml)
    #[arg(long, global = true, value_name = "ID|FILE")]
    pub(super) form: Option<String>,
    /// A layout file (.toml) that says where items, answers and remarks stand on sheets that are not read by themselves
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) layout: Option<PathBuf>,
    /// The least severity that makes the exit code 1
    #[arg(long, global = true, value_name = "SEVERITY", default_value = "error")]
    pub(super) fail_on: FailOn,
    /// The day on which dates and waivers are judged (default: today)
    #[arg(long, global = true, value_name = "YYYY-MM-DD")]
    pub(super) date: Option<Date>,
    /// Say nothing but errors; the exit code tells
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// Show every note, verdict and reason
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
    /// Colours: auto, always or never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: When,
    /// How many files are read at once (default: as many as there are processors)
    #[arg(long, global = true, value_name = "N")]
    pub(super) jobs: Option<usize>,
    /// Replace existing files
    #[arg(long, global = true)]
    pub(super) force: bool,
    /// Another limit on what is read, such as cells=100000 (kaijisho --help lists them)
    #[arg(long, global = true, value_name = "NAME=NUMBER", value_parser = limit)]
    pub(super) limit: Vec<(String, u64)>,
    #[command(flatten)]
    pub(super) told: super::system::Told,
    /// The bundled forms and the user's own, once they have been read.
    #[arg(skip)]
    pub(super) known: Option<Catalog>,
}

/// The names of the limits, as `--limit` takes them.
const LIMITS: [&str; 14] = [
    "file-bytes",
    "entries",
    "part-bytes",
    "total-bytes",
    "ratio",
    "cells",
    "cell-chars",
    "text-bytes",
    "memory",
    "items",
    "depth",
    "values",
    "sheets",
    "objects",
];

fn limit(text: &str) -> std::result::Result<(String, u64), String> {
    let (name, number) = text
        .split_once('=')
        .ok_or_else(|| format!("NAME=NUMBER: {}", LIMITS.join(", ")))?;
    if !LIMITS.contains(&name) {
        return Err(format!("{name:?}: {}", LIMITS.join(", ")));
    }
    let number = number
        .replace('_', "")
        .parse()
        .map_err(|error| format!("{number:?}: {error}"))?;
    Ok((name.to_owned(), number))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

impl FailOn {
    /// True if a finding of this severity makes the exit code 1.
    pub(super) fn reaches(self, severity: Severity) -> bool {
        match self {
            FailOn::Error => severity >= Severity::Error,
            FailOn::Warning => severity >= Severity::Warning,
            FailOn::Note => severity >= Severity::Note,
            FailOn::Never => false,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Is it a sound sheet? Findings, cell by cell
    #[command(alias = "validate")]
    Check(Check),
    /// Gaps against what a facility requires
    Diff(Diff),
    /// Bids side by side, with scores and a ranking
    Compare(super::compare::Compare),
    /// What changed between two disclosures
    Changes(super::changes::Changes),
    /// The ministry's checklist of a year, filled from the disclosures received
    Checklist(super::checklist::Checklist),
    /// What was asked for, received and decided, kept with its history
    Register(super::register::Register),
    /// A local web page for all this: in the browser, without a terminal
    Serve(super::serve::Serve),
    /// A report to hand on: HTML, Excel, Markdown, CSV, JSON
    Report(Report),
    /// Between xlsx, xml, json, toml and csv, without loss
    Convert(Convert),
    /// The answers of any number of disclosures as one table for DuckDB, Spark or pandas
    Export(super::export::Export),
    /// The sheet to send out with a call for bids
    Request(super::request::Request),
    /// A blank sheet to fill: Excel with drop-downs, or TOML, XML, JSON, CSV
    New(super::new::New),
    /// Answers carried to another edition or family; what could not be carried is listed
    Migrate(super::migrate::Migrate),
    /// Answers into a workbook of your own, with nothing else of it changed
    Fill(super::fill::Fill),
    /// The forms that are known
    Form(Form),
    /// The profiles of requirements that are known
    Profile(Profile),
    /// What a finding, a control or an item means
    Explain(Explain),
    /// The published schemas
    Schema(Schema),
    /// Completions for a shell
    Completions(Completions),
    /// The manual page
    Man,
}

impl Verb {
    /// True for a verb that looks at forms, so that the user's own have to be read.
    pub(super) fn needs_forms(&self) -> bool {
        match self {
            Verb::Schema(_) | Verb::Completions(_) | Verb::Man => false,
            // A finding is told without them.
            Verb::Explain(Explain { what, .. }) => {
                let rule = what.as_deref().and_then(|what| Rules::bundled().find(what));
                what.is_some() && rule.is_none()
            }
            Verb::Check(_)
            | Verb::Diff(_)
            | Verb::Compare(_)
            | Verb::Changes(_)
            | Verb::Checklist(_)
            | Verb::Register(_)
            | Verb::Serve(_)
            | Verb::Report(_)
            | Verb::Convert(_)
            | Verb::Export(_)
            | Verb::Request(_)
            | Verb::New(_)
            | Verb::Migrate(_)
            | Verb::Fill(_)
            | Verb::Form(_)
            | Verb::Profile(_) => true,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct Check {
    /// Files or folders; - is standard input
    #[arg(required_unless_present = "files_from", value_name = "FILE|DIR")]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) batch: Batch,
}

#[derive(Debug, Args)]
pub(super) struct Diff {
    /// Files or folders; - is standard input
    #[arg(required_unless_present = "files_from", value_name = "FILE|DIR")]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) batch: Batch,
    /// The profile: a name, or a profile file (.toml)
    #[arg(long, value_name = "PROFILE")]
    pub(super) against: String,
    /// The facility file (.toml): each disclosure is judged by the facts of the system that it is of
    #[arg(long = "facility", value_name = "FILE", conflicts_with = "resume")]
    pub(super) systems: Option<PathBuf>,
    /// Your risk register (.toml): an entry is opened for each answer whose risk is to be assessed, and nothing you wrote changes
    #[arg(long, value_name = "FILE", conflicts_with_all = ["resume", "shard"])]
    pub(super) risks: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Report {
    /// Files or folders; - is standard input
    #[arg(required_unless_present_any = ["show_template", "files_from"], value_name = "FILE|DIR")]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) batch: Batch,
    /// The profile: a name, or a profile file (.toml)
    #[arg(long, value_name = "PROFILE")]
    pub(super) against: Option<String>,
    /// The facility file (.toml): each disclosure is judged by the facts of the system that it is of
    #[arg(
        long = "facility",
        value_name = "FILE",
        requires = "against",
        conflicts_with = "resume"
    )]
    pub(super) systems: Option<PathBuf>,
    /// Your risk register (.toml): an entry is opened for each answer whose risk is to be assessed, and nothing you wrote changes
    #[arg(long, value_name = "FILE", requires = "against", conflicts_with_all = ["return_sheet", "show_template", "resume", "shard"])]
    pub(super) risks: Option<PathBuf>,
    /// Your own template for HTML or Markdown
    #[arg(long, value_name = "FILE")]
    pub(super) template: Option<PathBuf>,
    /// Write out the bundled template (html, or md with --format md) to start your own from
    #[arg(long)]
    pub(super) show_template: bool,
    /// The sender's own workbook (.xlsx, .xlsm) with each cell to mend marked and listed, to send back
    #[arg(long, conflicts_with_all = ["template", "show_template", "format", "files_from", "resume", "shard"])]
    pub(super) return_sheet: bool,
}

#[derive(Debug, Args)]
pub(super) struct Convert {
    /// The file or folder to read; - is standard input
    #[arg(required_unless_present = "files_from", value_name = "IN")]
    pub(super) input: Option<PathBuf>,
    /// The file to write: .xlsx, .xml, .json, .toml or .csv; of a folder, the folder to write
    #[arg(value_name = "OUT")]
    pub(super) to: Option<PathBuf>,
    #[command(flatten)]
    pub(super) batch: Batch,
    /// The format to write, if not by the ending of OUT; FHIR R4 is JSON or, where OUT ends in .xml, XML
    #[arg(long = "to", value_name = "FORMAT")]
    pub(super) to_format: Option<super::convert::To>,
}

#[derive(Debug, Args)]
pub(super) struct Form {
    #[command(subcommand)]
    pub(super) verb: FormVerb,
}

#[derive(Debug, Subcommand)]
pub(super) enum FormVerb {
    /// The forms that are known, and how
    List,
    /// The items of a form
    Show {
        /// An id, or a form file (.toml)
        #[arg(value_name = "ID|FILE")]
        id: String,
    },
    /// Learn a form from your own blank (or filled) workbook
    Import(Import),
    /// Which items of one form answer which of another
    Crosswalk(Crosswalk),
    /// Find mistakes in a form file, with line and column
    Check {
        /// Form files (.toml)
        #[arg(required = true, value_name = "FORM.toml")]
        form_files: Vec<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(super) struct Import {
    /// The blank form, a workbook
    #[arg(value_name = "BLANK.xlsx")]
    pub(super) workbook: PathBuf,
    /// The form's id (default: family and edition, such as mds-5.0)
    #[arg(long = "id", value_name = "ID")]
    pub(super) new_id: Option<String>,
    /// Whom the form is about: mds, sds or mds2 (default: as its title says)
    #[arg(long, value_name = "FAMILY", value_parser = family)]
    pub(super) family: Option<Family>,
    /// The form's edition (default: as its title says)
    #[arg(long, value_name = "EDITION")]
    pub(super) edition: Option<String>,
    /// The sheet to learn from (default: every sheet with a form)
    #[arg(long, value_name = "NAME")]
    pub(super) sheet: Option<String>,
    /// Take the controls that are certain and ask nothing
    #[arg(long, conflicts_with = "review")]
    pub(super) accept: bool,
    /// Ask about uncertain controls, also where standard input is no terminal
    #[arg(long)]
    pub(super) review: bool,
    /// Write the table of items and controls to edit (.csv or .xlsx)
    #[arg(long, value_name = "FILE")]
    pub(super) table: Option<PathBuf>,
    /// Take the controls from an edited table (.csv or .xlsx)
    #[arg(long, value_name = "FILE", conflicts_with = "review")]
    pub(super) mapping: Option<PathBuf>,
}

fn family(text: &str) -> std::result::Result<Family, String> {
    Family::ALL
        .into_iter()
        .find(|family| family.code() == text)
        .ok_or_else(|| Family::ALL.map(Family::code).join(", "))
}

#[derive(Debug, Args)]
pub(super) struct Crosswalk {
    /// The form that is left: an id, or a form file (.toml)
    #[arg(value_name = "FROM")]
    pub(super) from_form: String,
    /// The form that is reached: an id, or a form file (.toml)
    #[arg(value_name = "TO")]
    pub(super) to_form: String,
    /// A crosswalk of your own (.toml); goes before the bundled ones
    #[arg(long, value_name = "FILE")]
    pub(super) crosswalk: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Profile {
    #[command(subcommand)]
    pub(super) verb: ProfileVerb,
}

#[derive(Debug, Subcommand)]
pub(super) enum ProfileVerb {
    /// The profiles that are bundled
    List,
    /// The requirements of a profile, which of them apply to a system, and why
    Show(super::profile::Show),
    /// Write out a commented profile to start from
    New(super::profile::New),
    /// Find mistakes in a profile, with line and column
    Check {
        /// A name, or a profile file (.toml)
        #[arg(value_name = "PROFILE")]
        profile: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// A code (MDS501), a name (answer-missing), a control or an item; nothing lists all codes
    #[arg(value_name = "CODE|CONTROL|ITEM")]
    pub(super) what: Option<String>,
    /// A question of any form: the controls it may ask about, and the words that decided
    #[arg(long, value_name = "TEXT", conflicts_with = "what")]
    pub(super) question: Option<String>,
    /// The heading over the question
    #[arg(long, value_name = "TEXT", requires = "question")]
    pub(super) section: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Schema {
    /// disclosure, form, layout, profile, crosswalk, migration, products, fill, report, lines, changes, compare, checklist, facility, checklist-report, risks, register or register-entry
    #[arg(value_name = "KIND")]
    pub(super) kind: SchemaKind,
    /// The XSD of the XML instead of the JSON Schema (disclosure only)
    #[arg(long)]
    pub(super) xsd: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaKind {
    Disclosure,
    Form,
    Layout,
    Profile,
    Crosswalk,
    Migration,
    Products,
    Report,
    Lines,
    Changes,
    Fill,
    Compare,
    Checklist,
    Facility,
    ChecklistReport,
    Register,
    RegisterEntry,
    Risks,
}

#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(super) shell: Shell,
}

impl Common {
    /// The catalogue that knows the bundled forms and the one given.
    pub(super) fn options(&self) -> Result<Options> {
        let mut options = Options::new(self.today());
        options.limits = self.limits();
        options.catalog = self.catalog();
        if let Some(name) = &self.form {
            options.forced = Some(self.form_catalog(name)?);
        }
        if let Some(path) = &self.layout {
            options.layouts = Some(GivenLayouts::load(path)?);
        }
        Ok(options)
    }

    /// The forms that are known: the bundled ones and the user's own.
    pub(super) fn catalog(&self) -> Catalog {
        self.known.clone().unwrap_or_else(Catalog::bundled)
    }

    /// A form by its id, or the forms of a form file.
    pub(super) fn form_catalog(&self, name: &str) -> Result<Catalog> {
        const BOOKS: [&str; 6] = ["xlsx", "xlsm", "xlsb", "xls", "ods", "fods"];
        let ending = name
            .rsplit_once('.')
            .map(|(_, ending)| ending.to_ascii_lowercase());
        if ending.is_some_and(|ending| BOOKS.contains(&ending.as_str())) {
            return Err(Error::NotLearned {
                name: name.to_owned(),
                reason: Localised::label("form-is-a-book", &[("name", name)]),
            });
        }
        match self.catalog().form(name) {
            Ok(form) => Ok(Catalog::of(vec![form])),
            Err(_) if name.ends_with(".toml") || std::path::Path::new(name).is_file() => {
                Catalog::load(std::path::Path::new(name))
            }
            Err(error) => Err(error),
        }
    }

    /// The limits: the defaults, with those given on the command line.
    pub(super) fn limits(&self) -> Limits {
        let mut limits = Limits::default();
        for (name, number) in &self.limit {
            let small = usize::try_from(*number).unwrap_or(usize::MAX);
            match name.as_str() {
                "file-bytes" => limits.file_bytes = *number,
                "entries" => limits.entries = small,
                "part-bytes" => limits.part_bytes = *number,
                "total-bytes" => limits.total_bytes = *number,
                "ratio" => limits.ratio = *number,
                "cells" => limits.cells = small,
                "cell-chars" => limits.cell_chars = small,
                "text-bytes" => limits.text_bytes = small,
                "memory" => limits.memory = small,
                "items" => limits.items = small,
                "values" => limits.values = small,
                "sheets" => limits.sheets = small,
                "objects" => limits.objects = small,
                _ => limits.depth = small.min(Limits::DEEPEST),
            }
        }
        limits
    }

    /// The day of judgement: as given, else the local day.
    pub(super) fn today(&self) -> Date {
        self.date.unwrap_or_else(local_day)
    }

    /// The format said, else that of the ending of `-o`, else text.
    ///
    /// # Errors
    /// If the file has an ending that promises something else, such as `.pdf`.
    pub(super) fn format_or_ending(&self, language: Language) -> Result<kaijisho::report::Format> {
        use kaijisho::report::Format;
        let named = self
            .output
            .as_deref()
            .filter(|path| *path != Path::new("-"));
        match (self.format, named) {
            (Some(format), _) => Ok(format),
            (None, Some(path)) if path.extension().is_some() => {
                let name = path.to_string_lossy();
                Format::of_name(&name).ok_or_else(|| {
                    usage(language.label_with("error-report-ending", &[("path", &name)]))
                })
            }
            (None, Some(_) | None) => Ok(Format::Human),
        }
    }

    /// True if standard output is to be coloured.
    pub(super) fn colour(&self) -> bool {
        match self.color {
            When::Always => true,
            When::Never => false,
            When::Auto => {
                self.output.is_none()
                    && self.output_is_terminal()
                    && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            }
        }
    }

    /// True if standard output is a terminal.
    pub(super) fn output_is_terminal(&self) -> bool {
        std::io::stdout().is_terminal()
    }

    /// Columns of the terminal, 80 where there is none.
    pub(super) fn width(&self) -> usize {
        columns()
    }
}

/// Columns to write in: what `COLUMNS` says, which may be so many that no line is folded; else those of the
/// terminal, at most 120, since longer lines are hard to read; 80 where there is none.
pub(super) fn columns() -> usize {
    let told = std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse::<usize>().ok());
    if let Some(told) = told {
        return told.clamp(40, 10_000);
    }
    let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    terminal.unwrap_or(80).clamp(40, 120)
}

/// The local calendar day, from the system's clock and the offset of its time zone.
pub(super) fn local_day() -> Date {
    let now = jiff::Timestamp::now();
    match own_zone() {
        Some(zone) => now.to_zoned(zone).date(),
        None => now.to_zoned(jiff::tz::TimeZone::system()).date(),
    }
}

/// The zone that the system is set to, where its own file says so: no folder of all zones is looked through then.
fn own_zone() -> Option<jiff::tz::TimeZone> {
    let named = std::env::var_os("TZ");
    if named.is_some() || !cfg!(unix) {
        return None;
    }
    let bytes = std::fs::read("/etc/localtime").ok()?;
    jiff::tz::TimeZone::tzif("localtime", &bytes).ok()
}

/// A usage error that clap cannot see.
pub(super) fn usage(text: impl Into<String>) -> Error {
    Error::Usage(text.into())
}
