//! The JSON API, `/api/v1`: what the page does, for programs.
//!
//! ```text
//! curl -F file=@sheet.xlsx http://127.0.0.1:7878/api/v1/check
//! ```
//!
//! Answers are the published shapes, byte for byte what the commands write with `--format json`. Every route is an
//! [`Operation`]; the same list gives the OpenAPI description.

mod known;
pub mod openapi;
mod sheets;

use std::collections::BTreeMap;

use axum::Router;
use axum::routing::MethodRouter;
use jiff::civil::Date;
use schemars::{Schema, SchemaGenerator};

use super::problem::Problem;
use super::upload::Form;
use super::{Routes, Service};

type Methods = MethodRouter<std::sync::Arc<Service>>;

/// A route of the API, and what is said of it.
pub(in crate::serve) struct Operation {
    /// `/api/v1/check`
    path: &'static str,
    /// Its name; its words are the label `api-NAME`.
    name: &'static str,
    /// Fields that hold files.
    files: &'static [FileField],
    /// Fields that hold a word.
    fields: &'static [Field],
    answer: Answer,
    methods: fn() -> Methods,
}

/// A field that holds files; its words are the label `api-file-NAME`.
struct FileField {
    name: &'static str,
    many: bool,
}

/// A field that holds a word; its words are the label `api-field-NAME`.
struct Field {
    name: &'static str,
    is_required: bool,
    choices: &'static [&'static str],
}

/// What comes back where all went well.
enum Answer {
    /// JSON of a shape.
    Json(fn(&mut SchemaGenerator) -> Schema),
    /// A file of one of these kinds.
    File(&'static [&'static str]),
    /// The description itself.
    Description,
}

impl Operation {
    fn is_post(&self) -> bool {
        !self.files.is_empty()
    }
}

/// Every route of the API.
fn operations() -> impl Iterator<Item = Operation> {
    let first = known::operations().into_iter();
    let first = first.chain(sheets::operations());
    first.chain([openapi::operation()])
}

pub(super) fn routes() -> Routes {
    // Routes of one path with several methods would be merged; today each path has one.
    let mut paths: BTreeMap<&str, Methods> = BTreeMap::new();
    for operation in operations() {
        paths.insert(operation.path, (operation.methods)());
    }
    let mut routes = Router::new();
    for (path, methods) in paths {
        routes = routes.route(path, methods);
    }
    routes
}

/// The day that a request wants its dates judged on, if it says one.
fn day(form: &Form) -> Result<Option<Date>, Problem> {
    let Some(text) = form.field("date") else {
        return Ok(None);
    };
    let wrong = |_| {
        let found = crate::text::show(text, 40);
        Problem::invalid("problem-date", &[("found", &found)])
    };
    text.parse().map(Some).map_err(wrong)
}
