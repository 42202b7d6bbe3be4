//! The page of a system: where it stands, what to do, its files, what happened, and what changed.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use serde::Serialize;

use super::shown::SystemShown;
use super::shown::coded;
use crate::crosswalk::Crosswalk;
use crate::language::Language;
use crate::register::{Comparing, FileQuery, Register};
use crate::report::records::{EventInfo, FileInfo, StepInfo};
use crate::serve::problem::{Kind, Problem};
use crate::serve::work::LARGE;
use crate::serve::{Routes, Service, Visit, view};

/// Files, steps and changes of a step that the page shows; the report has all.
const FILES: u64 = 100;
const STEPS: usize = 20;
const CHANGES: usize = 200;

pub(super) fn routes() -> Routes {
    Router::new().route("/register/system/{id}", get(show))
}

#[derive(Serialize)]
struct Shown {
    system: SystemShown,
    /// The address of the page.
    href: String,
    contact: Option<String>,
    files: Vec<FileInfo>,
    more_files: u64,
    events: Vec<EventInfo>,
    steps: Vec<StepInfo>,
    levels: Vec<Level>,
    profiles: Vec<Profile>,
    by: Option<String>,
    today: String,
}

/// Verdicts of a level.
#[derive(Serialize)]
struct Level {
    word: String,
    verdicts: Vec<(String, u64)>,
}

/// A profile that can be chosen.
#[derive(Serialize)]
struct Profile {
    name: String,
    title: String,
}

async fn show(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    service.desk()?;
    let admission = service.work.weighing(LARGE).await?;
    let language = visit.language;
    let shown = admission.run(move |_| {
        let desk = service.desk()?;
        let mut shown = desk.read(|register| of(register, &service, &id, language))?;
        shown.by = desk.by().map(ToOwned::to_owned);
        Ok::<_, Problem>(shown)
    });
    view::page("register-system.html", &visit, shown.await??)
}

fn of(
    register: &Register,
    service: &Service,
    id: &str,
    language: Language,
) -> Result<Shown, Problem> {
    let today = (service.setup.today)();
    let system = register.system(id, today)?.ok_or(Kind::NotFound)?;
    let files = register.files(&FileQuery {
        system: Some(id.to_owned()),
        limit: Some(FILES),
        ..FileQuery::default()
    })?;
    let options = register.options(service.options(None))?;
    let mut steps = register.steps(
        id,
        Comparing {
            options: &options,
            crosswalks: Crosswalk::bundled(),
            profile: None,
            language,
        },
    )?;
    // The last first: that is what is asked.
    steps.reverse();
    steps.truncate(STEPS);
    for step in &mut steps {
        step.changes.truncate(CHANGES);
    }
    let mut events = register.events(id, language)?;
    events.reverse();
    let contact = system
        .vendor
        .as_ref()
        .map(|vendor| contact(register, service, vendor));
    let profiles = service
        .setup
        .profiles
        .iter()
        .map(|(name, profile)| Profile {
            name: name.clone(),
            title: profile.title.text(language).to_owned(),
        });
    Ok(Shown {
        href: format!("/register/system/{}", coded(id)),
        contact: contact.transpose()?.flatten(),
        more_files: files.total.saturating_sub(files.lines.len() as u64),
        files: files.lines,
        events,
        steps,
        levels: system
            .assessment
            .iter()
            .flat_map(|it| levels(it, language))
            .collect(),
        system: SystemShown::of(system, language),
        profiles: profiles.collect(),
        by: None,
        today: today.to_string(),
    })
}

/// Whom to call at the vendor.
fn contact(
    register: &Register,
    service: &Service,
    vendor: &str,
) -> Result<Option<String>, Problem> {
    let vendors = register.vendors(Some(vendor), (service.setup.today)())?;
    let found = vendors.into_iter().find(|one| one.id == vendor);
    Ok(found.and_then(|vendor| vendor.contact))
}

fn levels(assessment: &crate::report::records::AssessmentInfo, language: Language) -> Vec<Level> {
    let levels = ["must", "should", "info"].into_iter();
    levels
        .filter_map(|level| Some((level, assessment.verdicts.get(level)?)))
        .map(|(level, verdicts)| Level {
            word: language.label(&format!("level-{level}")),
            verdicts: verdicts
                .iter()
                .map(|(verdict, number)| (language.label(&format!("verdict-{verdict}")), *number))
                .collect(),
        })
        .collect()
}
