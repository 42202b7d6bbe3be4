//! Logging in and out, where the page asks who comes.

use std::sync::Arc;

use axum::extract::{Form, Request, State};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use serde::{Deserialize, Serialize};

use crate::serve::problem::{Kind, Problem};
use crate::serve::safety::{self, visit};
use crate::serve::{Routes, Service, Visit, upload, view};

pub(super) fn routes() -> Routes {
    Router::new()
        .route("/login", get(ask).post(enter))
        .route("/logout", post(leave))
}

/// What the page that asks shows.
#[derive(Serialize)]
struct Asked {
    has_users: bool,
    is_wrong: bool,
}

/// What somebody says who they are.
#[derive(Deserialize)]
struct Said {
    csrf: String,
    #[serde(default)]
    name: String,
    password: String,
}

async fn ask(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Problem> {
    if service.setup.access.is_open() {
        return Ok(safety::to("/"));
    }
    shown(&service, &visit, false)
}

fn shown(service: &Service, visit: &Visit, is_wrong: bool) -> Result<Response, Problem> {
    let asked = Asked {
        has_users: service.setup.access.has_users(),
        is_wrong,
    };
    view::page("login.html", visit, asked)
}

async fn enter(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
    request: Request,
) -> Result<Response, Problem> {
    if service.setup.access.is_open() {
        return Ok(safety::to("/"));
    }
    let admission = service
        .work
        .admit(request.headers(), &service.bounds)
        .await?;
    let wait = service.bounds.silence;
    let said = tokio::time::timeout(wait, read(request)).await;
    let said = said.map_err(|_| Kind::Slow)??;
    if !visit.fits(&said.csrf) {
        return Err(Kind::Token.into());
    }
    if !service.guard.wrong.allows(None) {
        return Err(Kind::Often.into());
    }
    let asking = Arc::clone(&service);
    let user = admission.run(move |_| asking.setup.access.user(&said.name, &said.password));
    let Some(user) = user.await? else {
        let mut response = shown(&service, &visit, true)?;
        *response.status_mut() = Kind::Token.status();
        return Ok(response);
    };
    // A new number: one that somebody else put into the browser lets nobody in.
    let number = service.guard.visitors.enter(user)?;
    let mut response = safety::to("/");
    visit::put(&mut response, &service, &number);
    Ok(response)
}

async fn read(request: Request) -> Result<Said, Problem> {
    use axum::extract::FromRequest;
    let form = Form::<Said>::from_request(request, &()).await;
    form.map(|Form(said)| said)
        .map_err(|_| Kind::Malformed.into())
}

async fn leave(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
    request: Request,
) -> Result<Response, Problem> {
    let wanted = upload::Wanted::page(&[], &[], &visit);
    upload::read(request, &service.bounds, wanted).await?;
    service.guard.visitors.leave(&visit);
    Ok(safety::to("/login"))
}
