//! The local web page and its JSON API: what the commands do, for people without a terminal.
//!
//! Only this module and `cli/serve.rs` know axum, tokio and hyper. It calls the library like the commands do and
//! judges nothing itself. Nothing that is uploaded is kept: a request's files live in memory until it is answered.
//!
//! | room | what it holds |
//! |---|---|
//! | [`listen`] | sockets: connections, their number and their time limits, the end of a run |
//! | `safety` | what every request passes: Host and Origin, headers, rate, who may enter, the page's token |
//! | `upload` | a request's files and fields, within bounds |
//! | `work` | blocking work: how much at once, how much may wait, when it is given up |
//! | `problem` | what is said where something cannot be done, as JSON or as a page |
//! | `view` | pages from `templates/page/`, labels as `t["key"]` |
//! | `assets` | style and script, compiled in |
//! | `pages` | the page's own routes, one file for each group |
//! | `api` | `/api/v1`, one file for each group, and its OpenAPI description |
//!
//! A new group of routes is a file below `pages` or `api` with `pub(super) fn routes() -> Routes`, named in
//! `pages::routes` or `api::routes`; that is all. A handler takes `State<Arc<Service>>`, the `Visit` (language,
//! token, user) as `Extension<Visit>`, and the request. It reads files and fields with `upload::read`, which
//! refuses a form without the page's token, works inside `Admission::run` (never on the asynchronous threads), and
//! gives `Result<Response, Problem>`:
//!
//! ```text
//! async fn post(State(service): State<Arc<Service>>, Extension(visit): Extension<Visit>, request: Request)
//!     -> Result<Response, Problem>
//! {
//!     let admission = service.work.admit(request.headers(), &service.bounds).await?;
//!     let form = upload::read(request, &service.bounds, Wanted::page(&["file"], &["against"], &visit)).await?;
//!     let answer = admission.run(move |cancelled| …).await??;
//!     Ok(view::page("check.html", &visit, context)?)
//! }
//! ```
//!
//! A form in a template begins with `{{ csrf }}` (a hidden field; it stands before every file), posts as
//! `multipart/form-data`, and works without script. `page.js` sends a form that has `data-part` by itself and puts
//! the answer into the page; the server then leaves the frame around it away (`Visit::part`).

mod api;
mod assets;
pub mod desk;
mod draft;
mod grid;
mod judge;
pub mod listen;
mod pages;
mod problem;
mod safety;
mod upload;
mod view;
mod work;

use std::fmt;
use std::sync::Arc;

use axum::Router;
use jiff::civil::Date;

use crate::examine::Options;
use crate::language::Language;
use crate::profile::Profile;

pub use api::openapi;
pub use safety::access::{Access, hash_password};
pub use safety::host::Hosts;
pub(crate) use safety::visit::Visit;
pub use work::Bounds;

/// Routes of a group.
type Routes = Router<Arc<Service>>;

/// How the page is set up.
pub struct Setup {
    /// How files are read: forms, layouts, limits. Its day is replaced by [`Setup::today`] at each request.
    pub options: Options,
    /// The profiles that can be chosen, each with the name it is chosen by.
    pub profiles: Vec<(String, Profile)>,
    /// The language where a visitor chose none.
    pub language: Language,
    /// The day on which dates and waivers are judged.
    pub today: Box<dyn Fn() -> Date + Send + Sync>,
    /// Who may enter.
    pub access: Access,
    /// Under which names the page is asked for.
    pub hosts: Hosts,
    /// How much is taken on at once.
    pub bounds: Bounds,
    /// The register, where the page has one.
    pub register: Option<desk::Desk>,
}

impl Setup {
    /// The bundled forms and profiles, in Japanese, open to whoever reaches the address.
    ///
    /// ```
    /// # use kaijisho::serve::{Hosts, Setup};
    /// let hosts = Hosts::of("127.0.0.1:7878".parse()?, &[]).expect("no other names");
    /// let setup = Setup::new(hosts, || jiff::civil::date(2026, 10, 1));
    /// assert_eq!(setup.profiles.len(), 4);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(hosts: Hosts, today: impl Fn() -> Date + Send + Sync + 'static) -> Self {
        let options = Options::new(today());
        let profiles = crate::profile::BUNDLED.iter().map(|(name, _)| {
            let profile = crate::profile::load(name, &options.catalog);
            let profile = profile.expect("bundled profiles are checked by tests");
            ((*name).to_owned(), profile)
        });
        Self {
            profiles: profiles.collect(),
            options,
            language: Language::Ja,
            today: Box::new(today),
            access: Access::Open,
            hosts,
            bounds: Bounds::default(),
            register: None,
        }
    }
}

/// What all requests share.
pub struct Service {
    setup: Setup,
    bounds: Bounds,
    work: work::Work,
    guard: safety::Guard,
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No secret may get into a log by way of a struct.
        f.debug_struct("Service").finish_non_exhaustive()
    }
}

impl Service {
    /// A page that nobody has asked for yet.
    ///
    /// # Errors
    /// [`crate::Error::Format`] if the system gives no random numbers for the secrets of this run.
    pub fn new(setup: Setup) -> crate::Result<Arc<Self>> {
        let bounds = setup.bounds;
        Ok(Arc::new(Self {
            work: work::Work::new(&bounds),
            guard: safety::Guard::new(&setup)?,
            bounds,
            setup,
        }))
    }

    /// How files are read on this day.
    fn options(&self, day: Option<Date>) -> Options {
        Options {
            today: day.unwrap_or_else(|| (self.setup.today)()),
            ..self.setup.options.clone()
        }
    }

    /// The profile of this name.
    fn profile(&self, name: &str) -> Option<&Profile> {
        let mut all = self.setup.profiles.iter();
        all.find(|(known, _)| known == name).map(|(_, it)| it)
    }
}

/// Everything that can be asked for, behind everything that a request has to pass.
pub fn router(service: Arc<Service>) -> Router {
    let rooms = Router::new()
        .merge(assets::routes())
        .merge(pages::routes())
        .merge(api::routes())
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::not_allowed);
    safety::around(rooms, &service).with_state(service)
}
