//! What is done with sheets: `check`, `diff`, `compare`, `changes`, `convert`.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::post;

use super::{Answer, Field, FileField, Operation, day};
use crate::report::changes::Changes;
use crate::report::compare::Bids;
use crate::report::model::{Kind, Report};
use crate::serve::pages::download::{TARGETS, XLSX, convert as converted, kind_of, target};
use crate::serve::problem::Problem;
use crate::serve::upload::{self, Wanted};
use crate::serve::{Service, Visit, judge, view};

const JSON: &str = "application/json";

const DATE: Field = Field {
    name: "date",
    is_required: false,
    choices: &[],
};
const AGAINST: Field = Field {
    name: "against",
    is_required: true,
    choices: &[],
};
const FILES: &[FileField] = &[FileField {
    name: "file",
    many: true,
}];

pub(super) fn operations() -> [Operation; 5] {
    [
        Operation {
            path: "/api/v1/check",
            name: "check",
            files: FILES,
            fields: &[DATE],
            answer: Answer::Json(|generator| generator.subschema_for::<Report>()),
            methods: || post(check),
        },
        Operation {
            path: "/api/v1/diff",
            name: "diff",
            files: FILES,
            fields: &[AGAINST, DATE],
            answer: Answer::Json(|generator| generator.subschema_for::<Report>()),
            methods: || post(diff),
        },
        Operation {
            path: "/api/v1/compare",
            name: "compare",
            files: FILES,
            fields: &[AGAINST, DATE],
            answer: Answer::Json(|generator| generator.subschema_for::<Bids>()),
            methods: || post(compare),
        },
        Operation {
            path: "/api/v1/changes",
            name: "changes",
            files: &[
                FileField {
                    name: "old",
                    many: false,
                },
                FileField {
                    name: "new",
                    many: false,
                },
            ],
            fields: &[
                Field {
                    is_required: false,
                    ..AGAINST
                },
                DATE,
            ],
            answer: Answer::Json(|generator| generator.subschema_for::<Changes>()),
            methods: || post(changes),
        },
        Operation {
            path: "/api/v1/convert",
            name: "convert",
            files: &[FileField {
                name: "file",
                many: false,
            }],
            fields: &[Field {
                name: "to",
                is_required: true,
                choices: &TARGETS,
            }],
            answer: Answer::File(&[
                XLSX,
                "application/xml",
                JSON,
                "application/toml",
                "text/csv",
                "application/fhir+json",
                "application/fhir+xml",
            ]),
            methods: || post(convert),
        },
    ]
}

async fn check(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
    request: Request,
) -> Result<Response, Problem> {
    let admission = service
        .work
        .admit(request.headers(), &service.bounds)
        .await?;
    let wanted = Wanted::api(&["file"], &["date"]);
    let mut form = upload::read(request, &service.bounds, wanted).await?;
    let files = form.some_files()?;
    let day = day(&form)?;
    let language = visit.language;
    let answer = admission.run(move |cancelled| {
        let options = service.options(day);
        let read = judge::read(files, &options, None, cancelled)?;
        let report = judge::report(Kind::Check, &read.examined, None, options.today, language);
        Ok::<_, Problem>(view::json(&report, JSON))
    });
    answer.await?
}

async fn diff(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
    request: Request,
) -> Result<Response, Problem> {
    let admission = service
        .work
        .admit(request.headers(), &service.bounds)
        .await?;
    let wanted = Wanted::api(&["file"], &["against", "date"]);
    let mut form = upload::read(request, &service.bounds, wanted).await?;
    let files = form.some_files()?;
    let day = day(&form)?;
    let language = visit.language;
    let answer = admission.run(move |cancelled| {
        let profile = form.some_profile(&service)?;
        let options = service.options(day);
        let read = judge::read(files, &options, Some(profile), cancelled)?;
        let examined = &read.examined;
        let report = judge::report(Kind::Diff, examined, Some(profile), options.today, language);
        Ok::<_, Problem>(view::json(&report, JSON))
    });
    answer.await?
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
    let wanted = Wanted::api(&["file"], &["against", "date"]);
    let mut form = upload::read(request, &service.bounds, wanted).await?;
    let files = form.some_files()?;
    let day = day(&form)?;
    let language = visit.language;
    let answer = admission.run(move |cancelled| {
        let profile = form.some_profile(&service)?;
        let options = service.options(day);
        let read = judge::read(files, &options, Some(profile), cancelled)?;
        let bids = judge::bids(&read.examined, profile, options.today, language);
        Ok::<_, Problem>(view::json(&bids, JSON))
    });
    answer.await?
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
    let wanted = Wanted::api(&["old", "new"], &["against", "date"]);
    let mut form = upload::read(request, &service.bounds, wanted).await?;
    let files = form.old_and_new()?;
    let day = day(&form)?;
    let language = visit.language;
    let answer = admission.run(move |cancelled| {
        let profile = form.profile(&service)?;
        let options = service.options(day);
        let read = judge::read(files, &options, None, cancelled)?;
        let [old, new] = &read.examined[..] else {
            return Err(Problem::invalid("problem-two-files", &[]));
        };
        let changes = judge::changes([old, new], profile, options.today, language);
        Ok(view::json(&changes, JSON))
    });
    answer.await?
}

async fn convert(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
    request: Request,
) -> Result<Response, Problem> {
    let admission = service
        .work
        .admit(request.headers(), &service.bounds)
        .await?;
    let wanted = Wanted::api(&["file"], &["to"]);
    let mut form = upload::read(request, &service.bounds, wanted).await?;
    let files = form.some_files()?;
    if files.len() > 1 {
        return Err(Problem::invalid("problem-one-file", &[]));
    }
    let named = TARGETS.join(", ");
    let unknown = || Problem::invalid("problem-to", &[("known", &named)]);
    let target = form.field("to").and_then(target).ok_or_else(unknown)?;
    let language = visit.language;
    let answer = admission.run(move |cancelled| {
        let options = service.options(None);
        let read = judge::read(files, &options, None, cancelled)?;
        let bytes = converted(&read.examined[0], target, language)?;
        Ok::<_, Problem>(view::answer(bytes, kind_of(target)))
    });
    answer.await?
}
