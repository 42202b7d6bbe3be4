//! Pages of reports: gaps against a profile, bids side by side, what changed.
//!
//! They are the reports that the commands write, put into the page.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::post;
use axum::{Extension, Router};

use crate::report::model::Kind;
use crate::report::{self, Format, Style};
use crate::serve::problem::Problem;
use crate::serve::upload::Wanted;
use crate::serve::{Routes, Service, Visit, judge, upload, view};

pub(super) fn routes() -> Routes {
    Router::new()
        .route("/gaps", post(gaps))
        .route("/compare", post(compare))
        .route("/changes", post(changes))
}

async fn gaps(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
    request: Request,
) -> Result<Response, Problem> {
    let admission = service
        .work
        .admit(request.headers(), &service.bounds)
        .await?;
    let wanted = Wanted::page(&["file"], &["against", "to"], &visit);
    let mut form = upload::read(request, &service.bounds, wanted).await?;
    let files = form.some_files()?;
    form.some_profile(&service)?;
    let language = visit.language;
    let page = admission.run(move |cancelled| {
        let profile = form.some_profile(&service)?;
        let options = service.options(None);
        let read = judge::read(files, &options, Some(profile), cancelled)?;
        let examined = &read.examined;
        let report = judge::report(
            Kind::Report,
            examined,
            Some(profile),
            options.today,
            language,
        );
        let html = report::render(&report, Format::Html, &Style::default())?;
        inside(&visit, &html)
    });
    page.await?
}

async fn compare(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
    request: Request,
) -> Result<Response, Problem> {
    let admission = service
        .work
        .admit(request.headers(), &service.bounds)
        .await?;
    let wanted = Wanted::page(&["file"], &["against", "to"], &visit);
    let mut form = upload::read(request, &service.bounds, wanted).await?;
    let files = form.some_files()?;
    form.some_profile(&service)?;
    let language = visit.language;
    let page = admission.run(move |cancelled| {
        let profile = form.some_profile(&service)?;
        let options = service.options(None);
        let read = judge::read(files, &options, Some(profile), cancelled)?;
        let bids = judge::bids(&read.examined, profile, options.today, language);
        let html = report::compare::render(&bids, Format::Html, &Style::default())?;
        inside(&visit, &html)
    });
    page.await?
}

async fn changes(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
    request: Request,
) -> Result<Response, Problem> {
    let admission = service
        .work
        .admit(request.headers(), &service.bounds)
        .await?;
    let wanted = Wanted::page(&["old", "new"], &["against"], &visit);
    let mut form = upload::read(request, &service.bounds, wanted).await?;
    let files = form.old_and_new()?;
    form.profile(&service)?;
    let language = visit.language;
    let page = admission.run(move |cancelled| {
        let profile = form.profile(&service)?;
        let options = service.options(None);
        let read = judge::read(files, &options, None, cancelled)?;
        let [old, new] = &read.examined[..] else {
            return Err(Problem::invalid("problem-two-files", &[]));
        };
        let changes = judge::changes([old, new], profile, options.today, language);
        let html = report::changes::render(&changes, Format::Html, &Style::default())?;
        inside(&visit, &html)
    });
    page.await?
}

/// A report in the page.
fn inside(visit: &Visit, html: &[u8]) -> Result<Response, Problem> {
    let html = String::from_utf8_lossy(html);
    view::page("report.html", visit, view::safe(report::inside(&html)))
}
