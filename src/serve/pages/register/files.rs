//! Files of the register: the list, the check of one as it was received, and its bytes.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use serde::Serialize;

use super::shown::Pages;
use super::{Asked, LINES};
use crate::examine::examine;
use crate::register::{FileQuery, Register, SystemQuery};
use crate::report::records::FileInfo;
use crate::serve::pages::check;
use crate::serve::problem::{Kind, Problem};
use crate::serve::work::{LARGE, PAGE};
use crate::serve::{Routes, Service, Visit, view};
use crate::source::Source;

/// What is asked for in `status` to see the files with a disclosure of no system.
const UNASSIGNED: &str = "unassigned";
/// Systems that can be chosen for a file.
pub(super) const CHOICES: u64 = 500;

pub(super) fn routes() -> Routes {
    Router::new()
        .route("/register/files", get(list))
        .route("/register/file/{sha256}", get(show))
        .route("/register/file/{sha256}/original", get(original))
}

/// How many files have a disclosure of no system.
pub(super) fn unassigned(register: &Register) -> crate::Result<u64> {
    let query = FileQuery {
        unassigned: true,
        limit: Some(1),
        ..FileQuery::default()
    };
    Ok(register.files(&query)?.total)
}

/// A system that a file can be given to.
#[derive(Debug, Serialize)]
pub(super) struct Choice {
    id: String,
    name: String,
}

/// The systems that a file can be given to.
pub(super) fn choices(register: &Register, today: jiff::civil::Date) -> crate::Result<Vec<Choice>> {
    let query = SystemQuery {
        limit: Some(CHOICES),
        ..SystemQuery::default()
    };
    let systems = register.systems(&query, today)?.lines.into_iter();
    Ok(systems
        .map(|one| Choice {
            id: one.id,
            name: one.name,
        })
        .collect())
}

#[derive(Serialize)]
struct Listed {
    q: String,
    is_unassigned: bool,
    files: Vec<FileInfo>,
    total: u64,
    pages: Pages,
    choices: Vec<Choice>,
    by: Option<String>,
}

async fn list(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    service.desk()?;
    let admission = service.work.weighing(PAGE).await?;
    let listed = admission.run(move |_| {
        let today = (service.setup.today)();
        let is_unassigned = asked.status == UNASSIGNED;
        let desk = service.desk()?;
        desk.read(|register| {
            let page = register.files(&FileQuery {
                text: asked.words(),
                unassigned: is_unassigned,
                limit: Some(LINES),
                offset: asked.page.saturating_mul(LINES),
                ..FileQuery::default()
            })?;
            Ok::<_, Problem>(Listed {
                pages: Pages::of("/register/files", &asked, page.total, LINES),
                total: page.total,
                files: page.lines,
                choices: choices(register, today)?,
                by: desk.by().map(ToOwned::to_owned),
                is_unassigned,
                q: asked.q,
            })
        })
    });
    view::page("register-files.html", &visit, listed.await??)
}

/// The check of a file as it was received, as the page of a check shows it.
async fn show(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
    Path(sha256): Path<String>,
) -> Result<Response, Problem> {
    service.desk()?;
    let admission = service.work.weighing(LARGE).await?;
    let language = visit.language;
    let shown = admission.run(move |_| {
        let desk = service.desk()?;
        let (source, options) = desk.read(|register| {
            let source = kept(register, &sha256)?;
            Ok::<_, Problem>((source, register.options(service.options(None))?))
        })?;
        let examined = examine(&source, &options);
        Ok::<_, Problem>(check::shown(&source, &examined, &options.limits, language))
    });
    view::page("check.html", &visit, shown.await??)
}

/// The bytes of a file as they were received.
async fn original(
    State(service): State<Arc<Service>>,
    Path(sha256): Path<String>,
) -> Result<Response, Problem> {
    service.desk()?;
    let admission = service.work.weighing(LARGE).await?;
    let source = admission.run(move |_| service.desk()?.read(|register| kept(register, &sha256)));
    let source = source.await??;
    // Saved and never shown: what came from elsewhere must not become a page of ours.
    let name = source.name.rsplit('/').next().unwrap_or("-").to_owned();
    Ok(view::file(source.bytes, "application/octet-stream", &name))
}

/// A file of the register, by its whole hash.
pub(super) fn kept(register: &Register, sha256: &str) -> Result<Source, Problem> {
    let is_hash = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_hash {
        return Err(Kind::NotFound.into());
    }
    let (name, bytes) = register.original(sha256)?.ok_or(Kind::NotFound)?;
    Ok(Source::new(name, bytes))
}
