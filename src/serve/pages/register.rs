//! The pages of the register: systems and where they stand, files, one system with its history, and the checklist.
//!
//! What is shown comes from the queries of `register`, what is changed goes through its verbs; nothing is decided
//! here. Without a register every address here says how to start the page with one.

mod checklist;
mod files;
mod record;
mod shown;
mod system;

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use serde::{Deserialize, Serialize};

use self::shown::{Light, Pages, SystemShown, lights};
use crate::register::{Status, SystemQuery};
use crate::serve::problem::Problem;
use crate::serve::work::PAGE;
use crate::serve::{Routes, Service, Visit, view};

/// Lines of a list on a page.
const LINES: u64 = 50;
/// Characters that are searched for.
const WORDS: usize = 200;

pub(super) fn routes() -> Routes {
    Router::new()
        .route("/register", get(list))
        .merge(system::routes())
        .merge(files::routes())
        .merge(record::routes())
        .merge(checklist::routes())
}

/// What stands in the address of a list.
#[derive(Clone, Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    page: u64,
}

impl Asked {
    /// The words that are searched for.
    fn words(&self) -> Option<String> {
        let words: String = self.q.chars().take(WORDS).collect();
        (!words.trim().is_empty()).then_some(words)
    }
}

/// The list of systems.
#[derive(Serialize)]
struct Listed {
    q: String,
    status: String,
    lights: Vec<Light>,
    systems: Vec<SystemShown>,
    total: u64,
    pages: Pages,
    unassigned: u64,
    has_facility: bool,
    by: Option<String>,
    today: String,
}

async fn list(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    service.desk()?;
    let admission = service.work.weighing(PAGE).await?;
    let language = visit.language;
    let statuses: Vec<Status> = asked.status.parse().into_iter().collect();
    let listed = admission.run(move |_| {
        let today = (service.setup.today)();
        let desk = service.desk()?;
        desk.read(|register| {
            let pages = |total| Pages::of("/register", &asked, total, LINES);
            let query = SystemQuery {
                text: asked.words(),
                statuses,
                limit: Some(LINES),
                offset: asked.page.saturating_mul(LINES),
                ..SystemQuery::default()
            };
            let page = register.systems(&query, today)?;
            let counts = register.statuses(today)?;
            let unassigned = files::unassigned(register)?;
            Ok::<_, Problem>(Listed {
                has_facility: !counts.is_empty() || page.total > 0,
                lights: lights(&counts, &asked, language),
                pages: pages(page.total),
                total: page.total,
                systems: page
                    .lines
                    .into_iter()
                    .map(|one| SystemShown::of(one, language))
                    .collect(),
                unassigned,
                by: desk.by().map(ToOwned::to_owned),
                today: today.to_string(),
                q: asked.q,
                status: asked.status,
            })
        })
    });
    view::page("register.html", &visit, listed.await??)
}
