//! What every request passes before it is looked at, and every response before it is sent.
//!
//! In this order: the name it came under, the page it came from, how often, who asks. A request that does not pass
//! is answered without its body being read.

pub(super) mod access;
mod headers;
pub(super) mod host;
mod rate;
pub(super) mod secret;
pub(super) mod visit;

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};

use self::access::Visitors;
use self::rate::Rate;
use self::secret::Secret;
use self::visit::Visit;
use super::problem::{Kind, Problem};
use super::{Routes, Service, Setup};
use crate::error::Result;

/// The address that a connection came from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) IpAddr);

/// What is remembered of requests to let the next ones pass or not.
pub(super) struct Guard {
    /// The secret of this run that pages' tokens are made with.
    pub(super) secret: Secret,
    pub(super) visitors: Visitors,
    rate: Rate,
    /// Wrong passwords, of all addresses together: behind a proxy there is only one.
    pub(super) wrong: Rate,
}

impl Guard {
    pub(super) fn new(setup: &Setup) -> Result<Self> {
        Ok(Self {
            secret: Secret::new()?,
            visitors: Visitors::default(),
            rate: Rate::new(setup.bounds.burst, setup.bounds.rate),
            wrong: Rate::new(10, 1),
        })
    }
}

/// The routes behind all that a request has to pass.
pub(super) fn around(rooms: Routes, service: &Arc<Service>) -> Routes {
    let limit = DefaultBodyLimit::max(service.bounds.body_bytes);
    let pass = from_fn_with_state(Arc::clone(service), pass);
    Router::new().merge(rooms).layer(limit).layer(pass)
}

async fn pass(State(service): State<Arc<Service>>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_api = path.starts_with("/api/");
    let is_asset = path.starts_with("/assets/");
    let mut visit = Visit::of(&request, &service);
    let mut response = match let_in(&service, &request, &mut visit) {
        Ok(()) => {
            request.extensions_mut().insert(visit.clone());
            next.run(request).await
        }
        // A page that asks who you are is more use than one that says you are not known.
        Err(problem) if problem.kind == Kind::Unknown && !is_api => to("/login"),
        Err(problem) => problem.into_response(),
    };
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = problem.shown(is_api, &visit);
    }
    headers::put(&mut response, is_asset);
    if !is_api && !is_asset {
        visit.keep(&mut response, &service);
    }
    response
}

/// Sends on to another page of ours.
pub(super) fn to(path: &'static str) -> Response {
    let location = (header::LOCATION, HeaderValue::from_static(path));
    (StatusCode::SEE_OTHER, [location]).into_response()
}

fn let_in(
    service: &Service,
    request: &Request,
    visit: &mut Visit,
) -> std::result::Result<(), Problem> {
    service.setup.hosts.check_host(request)?;
    service.setup.hosts.check_origin(request)?;
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0);
    if !service.guard.rate.allows(peer) {
        return Err(Kind::Often.into());
    }
    if service.setup.access.is_open() || access::is_public(request.uri().path()) {
        return Ok(());
    }
    match access::is_known(service, request, visit) {
        true => Ok(()),
        false => Err(Kind::Unknown.into()),
    }
}
