//! The page's own routes: one file for each group, and the first page here.

mod check;
pub(super) mod download;
mod enter;
mod fill;
mod register;
mod reports;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use serde::Serialize;

use super::problem::{Kind, Problem};
use super::safety::{self, visit};
use super::upload::Form;
use super::work::Bounds;
use super::{Routes, Service, Visit, view};
use crate::language::Language;
use crate::profile::Profile;

pub(super) fn routes() -> Routes {
    Router::new()
        .route("/", get(start))
        .route("/about", get(about))
        .route("/language/{code}", get(language))
        .merge(check::routes())
        .merge(reports::routes())
        .merge(download::routes())
        .merge(enter::routes())
        .merge(fill::routes())
        .merge(register::routes())
}

/// What the first page shows.
#[derive(Serialize)]
struct Start<'a> {
    profiles: Vec<Choice<'a>>,
    /// Files and MiB of a request at most.
    files: usize,
    mebibytes: usize,
    bytes: usize,
}

/// A profile that can be chosen.
#[derive(Serialize)]
struct Choice<'a> {
    name: &'a str,
    title: &'a str,
    requirements: usize,
}

async fn start(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Problem> {
    let Bounds {
        files, body_bytes, ..
    } = service.bounds;
    let profiles = service.setup.profiles.iter();
    let profiles = profiles.map(|(name, profile)| Choice {
        name,
        title: profile.title.text(visit.language),
        requirements: profile.requirements.len(),
    });
    let start = Start {
        profiles: profiles.collect(),
        files,
        mebibytes: body_bytes / (1024 * 1024),
        bytes: body_bytes,
    };
    view::page("start.html", &visit, start)
}

async fn about(Extension(visit): Extension<Visit>) -> Result<Response, Problem> {
    view::page("about.html", &visit, env!("CARGO_PKG_VERSION"))
}

/// Another language from now on, and back to the first page.
async fn language(Path(code): Path<String>) -> Result<Response, Problem> {
    let mut languages = Language::ALL.into_iter();
    let chosen = languages.find(|language| language.code() == code);
    let chosen = chosen.ok_or(Kind::NotFound)?;
    let mut response = safety::to("/");
    visit::speak(&mut response, chosen);
    Ok(response)
}

impl Form {
    /// The profile that was chosen, if one was.
    ///
    /// # Errors
    /// [`Kind::Invalid`] if there is none of this name; its words name those there are.
    pub(super) fn profile<'s>(&self, service: &'s Service) -> Result<Option<&'s Profile>, Problem> {
        let Some(name) = self.field("against") else {
            return Ok(None);
        };
        let unknown = || {
            let known = service.setup.profiles.iter().map(|(name, _)| name.as_str());
            let known = known.collect::<Vec<_>>().join(", ");
            let found = crate::text::show(name, 60);
            let values = [("name", found.as_str()), ("known", &known)];
            Problem::invalid("problem-no-such", &values)
        };
        service.profile(name).map(Some).ok_or_else(unknown)
    }

    /// The profile that was chosen.
    ///
    /// # Errors
    /// [`Kind::Invalid`] if none was, or if there is none of this name.
    pub(super) fn some_profile<'s>(&self, service: &'s Service) -> Result<&'s Profile, Problem> {
        let none = || Problem::invalid("problem-no-profile", &[]);
        self.profile(service)?.ok_or_else(none)
    }
}
