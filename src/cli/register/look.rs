//! Looking into a register: lists, one system or file, the history of a system.

use clap::Args;
use kaijisho::crosswalk::Crosswalk;
use kaijisho::register::{Comparing, FileQuery, Register, Status, SystemQuery};
use kaijisho::report::Format;
use kaijisho::{Language, Result};

use super::super::arguments::{Common, FailOn, usage};
use super::super::{Ended, output};
use super::{Kept, answer, records};

/// Lines of a list on a terminal.
const ROWS: u64 = 50;

#[derive(Debug, Args)]
pub(super) struct List {
    /// List files instead of systems, the last received first
    #[arg(long = "files")]
    of_files: bool,
    /// List vendors instead of systems
    #[arg(long, conflicts_with = "of_files")]
    vendors: bool,
    /// Words that stand in names, products, makers or hashes
    #[arg(long, value_name = "WORDS")]
    search: Option<String>,
    /// Systems of this status; may be said several times
    #[arg(long, value_name = "STATUS", conflicts_with_all = ["of_files", "vendors"])]
    status: Vec<Status>,
    /// Files with a disclosure that is of no system
    #[arg(long, requires = "of_files")]
    unassigned: bool,
    /// Files with findings of this rule, by its code
    #[arg(long, value_name = "CODE", requires = "of_files")]
    code: Option<String>,
    /// Also systems that the facility file no longer names
    #[arg(long)]
    gone: bool,
    /// As many lines at most (default: 50 on a terminal, else all)
    #[arg(long, value_name = "N")]
    rows: Option<u64>,
    /// Leave out so many lines before
    #[arg(long, value_name = "N", default_value = "0")]
    skip: u64,
    #[command(flatten)]
    kept: Kept,
}

#[derive(Debug, Args)]
pub(super) struct Show {
    /// A system by its name in the facility file, or a file by eight characters or more of its hash
    #[arg(value_name = "SYSTEM|HASH")]
    what_kept: String,
    /// Write out the file as it was received (of a system the one that counts)
    #[arg(long)]
    original: bool,
    #[command(flatten)]
    kept: Kept,
}

#[derive(Debug, Args)]
pub(super) struct History {
    /// The system, by its name in the facility file
    #[arg(value_name = "SYSTEM")]
    of_system: String,
    /// The profile that judges what is for the better: a name, or a profile file (.toml)
    #[arg(long, value_name = "PROFILE")]
    against: Option<String>,
    #[command(flatten)]
    kept: Kept,
}

pub(super) fn list(verb: &List, common: &Common, language: Language) -> Result<Ended> {
    let register = verb.kept.open()?;
    let today = common.today();
    let mut said = records(&register, common, language)?;
    let on_terminal =
        common.format_or_ending(language)? == Format::Human && common.output.is_none();
    let limit = verb.rows.or(on_terminal.then_some(ROWS));
    if verb.of_files {
        let page = register.files(&FileQuery {
            text: verb.search.clone(),
            unassigned: verb.unassigned,
            code: verb.code.clone(),
            limit,
            offset: verb.skip,
            ..FileQuery::default()
        })?;
        (said.total, said.files) = (Some(page.total), Some(page.lines));
        answer(&said, common, language)?;
        return Ok(Ended::Clean);
    }
    if verb.vendors {
        said.vendors = Some(register.vendors(verb.search.as_deref(), today)?);
        answer(&said, common, language)?;
        return Ok(Ended::Clean);
    }
    let page = register.systems(
        &SystemQuery {
            text: verb.search.clone(),
            statuses: verb.status.clone(),
            gone: verb.gone,
            limit,
            offset: verb.skip,
            ..SystemQuery::default()
        },
        today,
    )?;
    let statuses = register.statuses(today)?;
    let overdue = statuses.contains_key(Status::Overdue.code());
    said.statuses = Some(statuses);
    (said.total, said.systems) = (Some(page.total), Some(page.lines));
    answer(&said, common, language)?;
    Ok(Ended::findings(overdue && common.fail_on != FailOn::Never))
}

pub(super) fn show(verb: &Show, common: &Common, language: Language) -> Result<Ended> {
    let register = verb.kept.open()?;
    let what = &*verb.what_kept;
    if verb.original {
        return original(&register, what, common, language);
    }
    let mut said = records(&register, common, language)?;
    let query = match register.system(what, common.today())? {
        Some(system) => {
            said.systems = Some(vec![system]);
            FileQuery {
                system: Some(what.to_owned()),
                ..FileQuery::default()
            }
        }
        None => FileQuery {
            text: Some(what.to_owned()),
            limit: Some(ROWS),
            ..FileQuery::default()
        },
    };
    let files = register.files(&query)?.lines;
    if said.systems.is_none() && files.is_empty() {
        return Err(nothing(what, language));
    }
    said.files = Some(files);
    answer(&said, common, language)?;
    Ok(Ended::Clean)
}

fn nothing(what: &str, language: Language) -> kaijisho::Error {
    let what = kaijisho::show(what, 80);
    usage(language.label_with("error-register-nothing", &[("what", &what)]))
}

/// The bytes as they were received, to `-o` or standard output.
fn original(register: &Register, what: &str, common: &Common, language: Language) -> Result<Ended> {
    let bytes = match register.original(what)? {
        Some((_, bytes)) => bytes,
        None if register.system(what, common.today())?.is_some() => {
            let sources = register.sources(&[what.to_owned()])?;
            let last = sources.into_iter().next_back();
            last.ok_or_else(|| nothing(what, language))?.bytes
        }
        None => return Err(nothing(what, language)),
    };
    output::write(&bytes, common)?;
    output::tell_written(common.output.as_deref(), common, language);
    Ok(Ended::Clean)
}

pub(super) fn history(verb: &History, common: &Common, language: Language) -> Result<Ended> {
    let register = verb.kept.open()?;
    let options = register.options(common.options()?)?;
    let mut catalog = options.catalog.clone();
    if let Some(forced) = &options.forced {
        catalog = catalog.with(forced);
    }
    let profile = match &verb.against {
        Some(name) => Some(common.profile(name, &catalog)?),
        None => None,
    };
    let mut said = records(&register, common, language)?;
    said.systems = Some(
        register
            .system(&verb.of_system, common.today())?
            .into_iter()
            .collect(),
    );
    said.events = Some(register.events(&verb.of_system, language)?);
    said.steps = Some(register.steps(
        &verb.of_system,
        Comparing {
            options: &options,
            crosswalks: Crosswalk::bundled(),
            profile: profile.as_ref().map(|profile| (profile, common.today())),
            language,
        },
    )?);
    answer(&said, common, language)?;
    Ok(Ended::Clean)
}
