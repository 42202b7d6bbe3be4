//! What is recorded from the page: the facility file, files received, requests, assessments, decisions.
//!
//! Each is a form with the page's token; each says who records it. After it the page of the system is shown again.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Router};
use jiff::civil::Date;
use serde::Serialize;

use super::files::{Choice, choices, kept};
use super::shown::system_address;
use crate::checklist::Facility;
use crate::register::{Added, Assessable, Became, Decision, Prepared};
use crate::serve::desk::Desk;
use crate::serve::problem::Problem;
use crate::serve::upload::{Form, Wanted};
use crate::serve::{Routes, Service, Visit, upload, view};

/// Points for which a sheet is not accepted.
const EXCEPTIONS: usize = 50;

pub(super) fn routes() -> Routes {
    Router::new()
        .route("/register/facility", post(facility))
        .route("/register/add", post(add))
        .route("/register/assign", post(assign))
        .route("/register/system/{id}/{verb}", post(record))
}

/// Records the facility file: which systems there are.
async fn facility(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
    request: Request,
) -> Result<Response, Problem> {
    service.desk()?;
    let admission = service
        .work
        .admit(request.headers(), &service.bounds)
        .await?;
    let wanted = Wanted::page(&["file"], &["by"], &visit);
    let mut form = upload::read(request, &service.bounds, wanted).await?;
    let mut files = form.some_files()?;
    if files.len() > 1 {
        return Err(Problem::invalid("problem-one-file", &[]));
    }
    let stamp = service.desk()?.stamp(&visit, &form)?;
    let recorded = admission.run(move |_| {
        let source = files.remove(0).source();
        let not_text = |_| Problem::invalid("problem-register-facility", &[]);
        let text = String::from_utf8(source.bytes).map_err(not_text)?;
        let facility = Facility::parse_systems(&text, &source.name)?;
        if !facility.form_files.is_empty() {
            // They stand beside it on a disk, where a page does not reach.
            return Err(Problem::invalid("problem-register-forms", &[]));
        }
        let desk = service.desk()?;
        desk.write(|register| register.record_facility(&facility, &text, &[], &stamp))
    });
    recorded.await??;
    Ok(to("/register"))
}

/// What became of files that were to be recorded.
#[derive(Serialize)]
struct Recorded {
    files: Vec<One>,
    choices: Vec<Choice>,
    by: Option<String>,
}

#[derive(Serialize)]
struct One {
    name: String,
    sha256: String,
    /// As in the published answer of the register.
    became: &'static str,
    /// The systems it belongs to, or may belong to.
    systems: Vec<String>,
    is_readable: bool,
    is_kept: bool,
    /// How many of its disclosures are of no system.
    unassigned: usize,
    /// The name under which it was known.
    known_as: Option<String>,
    errors: u64,
}

/// Records files received, of a system that is named or of those of their products.
async fn add(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
    request: Request,
) -> Result<Response, Problem> {
    service.desk()?;
    let admission = service
        .work
        .admit(request.headers(), &service.bounds)
        .await?;
    let wanted = Wanted::page(&["file"], &["by", "system"], &visit);
    let mut form = upload::read(request, &service.bounds, wanted).await?;
    let files = form.some_files()?;
    let stamp = service.desk()?.stamp(&visit, &form)?;
    let recorded = admission.run(move |cancelled| {
        let desk = service.desk()?;
        let options = desk.read(|register| register.options(service.options(None)))?;
        let mut prepared = Vec::with_capacity(files.len());
        for file in files {
            cancelled.check()?;
            let source = file.source();
            prepared.push(Prepared::new(&source, &source.name, &options)?);
        }
        cancelled.check()?;
        let added = desk.write(|register| register.add(&prepared, form.field("system"), &stamp))?;
        let files = added.into_iter().zip(&prepared);
        Ok::<_, Problem>(Recorded {
            files: files.map(|(added, file)| one(added, file)).collect(),
            choices: desk.read(|register| choices(register, (service.setup.today)()))?,
            by: desk.by().map(ToOwned::to_owned),
        })
    });
    view::page("register-added.html", &visit, recorded.await??)
}

fn one(added: Added, file: &Prepared) -> One {
    let (became, systems, known_as) = match added.became {
        Became::Recorded(systems) => ("recorded", systems, None),
        Became::Unassigned(perhaps) => ("unassigned", perhaps, None),
        Became::Known(name) => ("known", Vec::new(), Some(name)),
        Became::Assigned(system) => ("assigned", vec![system], None),
        Became::TooLarge => ("too-large", Vec::new(), None),
    };
    One {
        is_kept: added.entry.is_some(),
        known_as: known_as.filter(|name| *name != added.name),
        name: added.name,
        sha256: added.sha256,
        became,
        systems,
        is_readable: file.is_readable(),
        unassigned: added.unassigned,
        errors: file.count(crate::finding::Severity::Error),
    }
}

/// Gives a file that is kept to a system.
async fn assign(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
    request: Request,
) -> Result<Response, Problem> {
    service.desk()?;
    let admission = service
        .work
        .admit(request.headers(), &service.bounds)
        .await?;
    let wanted = Wanted::page(&[], &["by", "system", "sha256"], &visit);
    let form = upload::read(request, &service.bounds, wanted).await?;
    let stamp = service.desk()?.stamp(&visit, &form)?;
    let none = || Problem::invalid("problem-register-system", &[]);
    let system = form.field("system").ok_or_else(none)?.to_owned();
    let sha256 = form.field("sha256").unwrap_or_default().to_owned();
    let href = system_address(&system);
    let assigned = admission.run(move |_| {
        let desk = service.desk()?;
        let (source, options) = desk.read(|register| {
            let options = register.options(service.options(None))?;
            Ok::<_, Problem>((kept(register, &sha256)?, options))
        })?;
        let file = Prepared::new(&source, &source.name, &options)?;
        desk.write(|register| register.add(&[file], Some(&system), &stamp))
    });
    assigned.await??;
    Ok(to(&href))
}

/// What can be recorded of a system.
enum Verb {
    Request {
        due: Option<Date>,
        note: Option<String>,
    },
    Assess {
        profile: String,
    },
    Decide {
        decision: Decision,
        why: String,
    },
}

impl Verb {
    fn of(name: &str, form: &Form) -> Result<Self, Problem> {
        let text = |field: &str| form.field(field).map(ToOwned::to_owned);
        let why = || text("why").ok_or_else(|| Problem::invalid("problem-register-why", &[]));
        Ok(match name {
            "request" => Verb::Request {
                due: day(form)?,
                note: text("note"),
            },
            "assess" => Verb::Assess {
                profile: text("against").unwrap_or_default(),
            },
            "accept" => {
                let except = text("except").unwrap_or_default();
                let except = except
                    .lines()
                    .map(str::trim)
                    .filter(|line| !line.is_empty());
                Verb::Decide {
                    decision: Decision::Accepted(
                        except.take(EXCEPTIONS).map(ToOwned::to_owned).collect(),
                    ),
                    why: why()?,
                }
            }
            "return" => Verb::Decide {
                decision: Decision::Returned(day(form)?),
                why: why()?,
            },
            _ => return Err(crate::serve::problem::Kind::NotFound.into()),
        })
    }

    /// Records it.
    fn run(
        &self,
        id: &str,
        service: &Service,
        desk: &Desk,
        stamp: &crate::register::Stamp,
        form: &Form,
    ) -> Result<(), Problem> {
        match self {
            Verb::Request { due, note } => {
                desk.write(|register| register.request(id, *due, note.as_deref(), stamp))?;
            }
            Verb::Decide { decision, why } => {
                desk.write(|register| register.decide(id, decision, why, stamp))?;
            }
            Verb::Assess { profile } => {
                let judge = form.some_profile(service)?;
                let options = desk.read(|register| register.options(service.options(None)))?;
                let of = Assessable {
                    profile: judge,
                    text: crate::profile::bundled_text(profile),
                    date: options.today,
                };
                let found = desk.write(|register| register.assess(id, of, &options, stamp))?;
                if found.is_empty() {
                    let values = [("system", id)];
                    return Err(Problem::invalid("register-nothing-to-assess", &values));
                }
            }
        }
        Ok(())
    }
}

/// The day in the field `due`, if one is there.
fn day(form: &Form) -> Result<Option<Date>, Problem> {
    let Some(text) = form.field("due") else {
        return Ok(None);
    };
    let found = crate::text::show(text, 40);
    let wrong = |_| Problem::invalid("problem-register-day", &[("found", found.as_str())]);
    text.parse().map(Some).map_err(wrong)
}

/// Records something of a system.
async fn record(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
    Path((id, verb)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    service.desk()?;
    let admission = service
        .work
        .admit(request.headers(), &service.bounds)
        .await?;
    let fields = ["by", "due", "note", "against", "why", "except"];
    let form = upload::read(request, &service.bounds, Wanted::page(&[], &fields, &visit)).await?;
    let stamp = service.desk()?.stamp(&visit, &form)?;
    let verb = Verb::of(&verb, &form)?;
    let href = system_address(&id);
    let done = admission.run(move |_| {
        let desk = service.desk()?;
        verb.run(&id, &service, desk, &stamp, &form)
    });
    done.await??;
    Ok(to(&href))
}

/// Sends on to a page of ours, so that going back or loading it again records nothing twice.
fn to(href: &str) -> Response {
    let place = HeaderValue::from_str(href).unwrap_or(HeaderValue::from_static("/register"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response()
}
