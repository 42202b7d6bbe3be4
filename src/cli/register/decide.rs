//! What people record beside files: the facility, requests, assessments, decisions, lists of risks.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;
use kaijisho::checklist;
use kaijisho::register::{Assessable, Decision, Register, Stamp, SystemQuery};
use kaijisho::{Error, Language, Result, profile};

use super::super::Ended;
use super::super::arguments::{Common, FailOn, usage};
use super::{Kept, Signed, answer, records, tell};

#[derive(Debug, Args)]
pub(super) struct Facility {
    /// The facility file (.toml), as checklist reads it
    #[arg(value_name = "FILE")]
    facility_file: PathBuf,
    #[command(flatten)]
    kept: Kept,
    #[command(flatten)]
    signed: Signed,
}

#[derive(Debug, Args)]
pub(super) struct Request {
    /// Systems, by their names in the facility file
    #[arg(required_unless_present = "missing", value_name = "SYSTEM")]
    asked_systems: Vec<String>,
    /// Every system of which no sheet was asked for and none came
    #[arg(long, conflicts_with = "asked_systems")]
    missing: bool,
    /// The day by which it is due
    #[arg(long, value_name = "YYYY-MM-DD")]
    due: Option<Date>,
    /// What to remember about it
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    #[command(flatten)]
    kept: Kept,
    #[command(flatten)]
    signed: Signed,
}

#[derive(Debug, Args)]
pub(super) struct Assess {
    /// Systems (default: all with a sheet)
    #[arg(value_name = "SYSTEM")]
    of_systems: Vec<String>,
    /// The profile: a name, or a profile file (.toml)
    #[arg(long, value_name = "PROFILE")]
    against: String,
    #[command(flatten)]
    kept: Kept,
    #[command(flatten)]
    signed: Signed,
}

#[derive(Debug, Args)]
pub(super) struct Accept {
    /// The system, by its name in the facility file
    #[arg(value_name = "SYSTEM")]
    of_system: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    why: String,
    /// Something for which it is not accepted; may be said several times
    #[arg(long, value_name = "TEXT")]
    except: Vec<String>,
    #[command(flatten)]
    kept: Kept,
    #[command(flatten)]
    signed: Signed,
}

#[derive(Debug, Args)]
pub(super) struct Return {
    /// The system, by its name in the facility file
    #[arg(value_name = "SYSTEM")]
    of_system: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    why: String,
    /// The day by which a corrected sheet is due
    #[arg(long, value_name = "YYYY-MM-DD")]
    due: Option<Date>,
    #[command(flatten)]
    kept: Kept,
    #[command(flatten)]
    signed: Signed,
}

#[derive(Debug, Args)]
pub(super) struct Risks {
    /// The risk register (.toml)
    #[arg(value_name = "FILE")]
    risk_file: PathBuf,
    #[command(flatten)]
    kept: Kept,
    #[command(flatten)]
    signed: Signed,
}

pub(super) fn facility(verb: &Facility, common: &Common, language: Language) -> Result<Ended> {
    let stamp = verb.signed.stamp(language)?;
    let mut register = verb.kept.open_or_create(common, language)?;
    record_facility(&mut register, &verb.facility_file, &stamp, common, language)?;
    let mut said = records(&register, common, language)?;
    said.statuses = Some(register.statuses(common.today())?);
    answer(&said, common, language)?;
    Ok(Ended::Clean)
}

/// Records a facility file and says so.
pub(super) fn record_facility(
    register: &mut Register,
    path: &Path,
    stamp: &Stamp,
    common: &Common,
    language: Language,
) -> Result<()> {
    let text = text_of(path)?;
    let facility = checklist::Facility::parse_systems(&text, &path.display().to_string())?;
    // Proved before they are kept: a form file with mistakes would make every later reading fail.
    facility.forms()?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut forms = Vec::new();
    for file in &facility.form_files {
        forms.push((file.clone(), text_of(&folder.join(file))?));
    }
    match register.record_facility(&facility, &text, &forms, stamp)? {
        Some((systems, matched)) => {
            let values = [
                ("systems", &*systems.to_string()),
                ("matched", &*matched.to_string()),
            ];
            tell("register-facility-recorded", &values, common, language);
        }
        None => tell("register-facility-same", &[], common, language),
    }
    Ok(())
}

fn text_of(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|source| Error::Read {
        path: path.to_owned(),
        source,
    })
}

pub(super) fn request(verb: &Request, common: &Common, language: Language) -> Result<Ended> {
    let stamp = verb.signed.stamp(language)?;
    let mut register = verb.kept.open_or_create(common, language)?;
    let systems = if verb.missing {
        let query = SystemQuery {
            statuses: vec![kaijisho::register::Status::Missing],
            ..SystemQuery::default()
        };
        let missing = register.systems(&query, common.today())?.lines;
        missing.into_iter().map(|system| system.id).collect()
    } else {
        verb.asked_systems.clone()
    };
    for system in &systems {
        register.request(system, verb.due, verb.note.as_deref(), &stamp)?;
    }
    tell(
        "register-requested",
        &[("systems", &systems.join(", "))],
        common,
        language,
    );
    standing(&register, &systems, common, language)?;
    Ok(Ended::Clean)
}

/// Shows where systems stand now.
fn standing(
    register: &Register,
    systems: &[String],
    common: &Common,
    language: Language,
) -> Result<()> {
    let mut said = records(register, common, language)?;
    let mut lines = Vec::with_capacity(systems.len());
    for system in systems {
        lines.extend(register.system(system, common.today())?);
    }
    said.systems = Some(lines);
    answer(&said, common, language)
}

pub(super) fn accept(verb: &Accept, common: &Common, language: Language) -> Result<Ended> {
    let decision = Decision::Accepted(verb.except.clone());
    let of = (&*verb.of_system, &*verb.why);
    decide(of, &decision, (&verb.kept, &verb.signed), common, language)
}

pub(super) fn send_back(verb: &Return, common: &Common, language: Language) -> Result<Ended> {
    let decision = Decision::Returned(verb.due);
    let of = (&*verb.of_system, &*verb.why);
    decide(of, &decision, (&verb.kept, &verb.signed), common, language)
}

fn decide(
    (system, why): (&str, &str),
    decision: &Decision,
    (kept, signed): (&Kept, &Signed),
    common: &Common,
    language: Language,
) -> Result<Ended> {
    if why.trim().is_empty() {
        return Err(usage(language.label("error-register-why")));
    }
    let stamp = signed.stamp(language)?;
    let mut register = Register::open(&kept.path())?;
    let files = register.decide(system, decision, why, &stamp)?;
    let files: Vec<String> = files.iter().map(|file| kaijisho::show(file, 120)).collect();
    let values = [("system", system), ("files", &*files.join(", "))];
    let key = match decision {
        Decision::Accepted(_) => "register-accepted",
        Decision::Returned(_) => "register-returned",
    };
    tell(key, &values, common, language);
    standing(&register, &[system.to_owned()], common, language)?;
    Ok(Ended::Clean)
}

pub(super) fn assess(verb: &Assess, common: &Common, language: Language) -> Result<Ended> {
    let stamp = verb.signed.stamp(language)?;
    let mut register = Register::open(&verb.kept.path())?;
    let options = register.options(common.options()?)?;
    let mut catalog = options.catalog.clone();
    if let Some(forced) = &options.forced {
        catalog = catalog.with(forced);
    }
    let judge = common.profile(&verb.against, &catalog)?;
    let text = match profile::bundled_text(&verb.against) {
        Some(text) => Some(text.to_owned()),
        None => std::fs::read_to_string(&verb.against).ok(),
    };
    let systems = if verb.of_systems.is_empty() {
        let all = register
            .systems(&SystemQuery::default(), common.today())?
            .lines;
        let with = all.into_iter().filter(|system| system.files > 0);
        with.map(|system| system.id).collect()
    } else {
        verb.of_systems.clone()
    };
    let of = Assessable {
        profile: &judge,
        text: text.as_deref(),
        date: common.today(),
    };
    let mut open = false;
    for system in &systems {
        let found = register.assess(system, of, &options, &stamp)?;
        if found.is_empty() {
            tell(
                "register-nothing-to-assess",
                &[("system", system)],
                common,
                language,
            );
        }
        open |= found.iter().any(|(_, qualified)| !qualified);
    }
    standing(&register, &systems, common, language)?;
    Ok(Ended::findings(open && common.fail_on != FailOn::Never))
}

pub(super) fn risks(verb: &Risks, common: &Common, language: Language) -> Result<Ended> {
    let stamp = verb.signed.stamp(language)?;
    let list = kaijisho::risks::Register::load(&verb.risk_file)?;
    let mut register = verb.kept.open_or_create(common, language)?;
    match register.record_risks(&list, &stamp)? {
        Some(count) => {
            let values = [("count", &*count.to_string())];
            tell("register-risks-recorded", &values, common, language);
        }
        None => tell("register-risks-same", &[], common, language),
    }
    answer(&records(&register, common, language)?, common, language)?;
    Ok(Ended::Clean)
}
