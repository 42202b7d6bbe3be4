//! The page on which a sheet is filled: a form's items by section, checked while one writes, saved as a file.
//!
//! Nothing is kept here. A draft is what stands in the page, or a file that was saved and is dropped again.

mod shown;

use std::sync::Arc;

use axum::extract::{Query, Request, State};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use serde::Deserialize;

use self::shown::{Checked, Sheet};
use super::download::{kind_of, target};
use crate::examine::{Examined, examine};
use crate::form::{Form as FormOf, FormSource};
use crate::language::{Language, Localised};
use crate::serve::draft::{Draft, LeftBehind};
use crate::serve::problem::Problem;
use crate::serve::upload::{Form, Wanted};
use crate::serve::work::PAGE;
use crate::serve::{Routes, Service, Visit, upload, view};
use crate::write::{Target, Texts, to_fill};

/// The fields of the page: which form, what to do, the head, and of each item its answer, methods, text, remark, and
/// what a file said.
const FIELDS: [&str; 8] = ["form", "to", "head-*", "a-*", "o-*", "t-*", "r-*", "w-*"];

pub(super) fn routes() -> Routes {
    Router::new()
        .route("/fill", get(start).post(filled))
        .route("/fill/open", post(open))
        .route("/fill/check", post(check))
        .route("/fill/save", post(save))
}

/// What stands in the address.
#[derive(Deserialize)]
struct Asked {
    form: Option<String>,
}

/// The choice of a form, or an empty sheet of the one that was chosen.
async fn start(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let Some(name) = asked.form.filter(|name| !name.trim().is_empty()) else {
        return view::page("fill-start.html", &visit, choices(&service, visit.language));
    };
    let form = form_named(&service, &name)?;
    let admission = service.work.weighing(PAGE).await?;
    let language = visit.language;
    let sheet = admission.run(move |_| {
        // Nothing has been looked at yet, so nothing is said about what is missing.
        Sheet::new(&Draft::new(form), None, LeftBehind::default(), language)
    });
    view::page("fill.html", &visit, sheet.await?)
}

/// The sheet as it was filled in, with what is to be said about it: without a script, a button asks for it.
async fn filled(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
    request: Request,
) -> Result<Response, Problem> {
    let admission = service
        .work
        .admit(request.headers(), &service.bounds)
        .await?;
    let form = upload::read(request, &service.bounds, Wanted::page(&[], &FIELDS, &visit)).await?;
    let language = visit.language;
    let sheet = admission.run(move |_| {
        let draft = draft(&service, &form)?;
        let examined = looked_at(&service, &draft, language);
        let none = LeftBehind::default();
        Ok::<_, Problem>(Sheet::new(&draft, Some(&examined), none, language))
    });
    view::page("fill.html", &visit, sheet.await??)
}

/// What is to be said about the sheet as it is filled in, for the script of the page.
async fn check(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
    request: Request,
) -> Result<Response, Problem> {
    let admission = service
        .work
        .admit(request.headers(), &service.bounds)
        .await?;
    let form = upload::read(request, &service.bounds, Wanted::page(&[], &FIELDS, &visit)).await?;
    let language = visit.language;
    let checked = admission.run(move |_| {
        let draft = draft(&service, &form)?;
        Ok::<_, Problem>(Checked::of(
            &looked_at(&service, &draft, language),
            language,
        ))
    });
    Ok(view::json(&checked.await??, "application/json"))
}

/// The sheet as a file: to be sent, or to go on with another day.
async fn save(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
    request: Request,
) -> Result<Response, Problem> {
    let admission = service
        .work
        .admit(request.headers(), &service.bounds)
        .await?;
    let form = upload::read(request, &service.bounds, Wanted::page(&[], &FIELDS, &visit)).await?;
    let unknown = || Problem::invalid("problem-no-wish", &[]);
    let target = form.field("to").and_then(target).ok_or_else(unknown)?;
    let language = visit.language;
    let made = admission.run(move |_| {
        let draft = draft(&service, &form)?;
        let examined = looked_at(&service, &draft, language);
        let bytes = to_fill(&examined.disclosures, target, Texts::One(language))?;
        Ok::<_, Problem>((draft.name(), bytes))
    });
    let (name, bytes) = made.await??;
    Ok(view::file(
        bytes,
        kind_of(target),
        &format!("{name}.{}", target.ending()),
    ))
}

/// A sheet from a file that was dropped: a draft saved before, or a sheet filled elsewhere.
async fn open(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
    request: Request,
) -> Result<Response, Problem> {
    let admission = service
        .work
        .admit(request.headers(), &service.bounds)
        .await?;
    let wanted = Wanted::page(&["file"], &[], &visit);
    let mut form = upload::read(request, &service.bounds, wanted).await?;
    let mut files = form.some_files()?;
    if files.len() > 1 {
        return Err(Problem::invalid("problem-one-file", &[]));
    }
    let language = visit.language;
    let sheet = admission.run(move |_| {
        let source = files.remove(0).source();
        let examined = examine(&source, &service.options(None));
        let (draft, left) = opened(&service, &examined)?;
        let checked = looked_at(&service, &draft, language);
        Ok::<_, Problem>(Sheet::new(&draft, Some(&checked), left, language))
    });
    view::page("fill.html", &visit, sheet.await??)
}

/// The first disclosure of a file as a draft, if the page can have one of its form.
fn opened(service: &Service, examined: &Examined) -> Result<(Draft, LeftBehind), Problem> {
    let Some(first) = examined.disclosures.first() else {
        let mut problem = Problem::invalid("problem-nothing-read", &[]);
        problem.findings = examined.findings.clone();
        return Err(problem);
    };
    if first.form.source == FormSource::Derived
        || form_named(service, &name_of(&first.form)).is_err()
    {
        return Err(Problem::invalid("problem-form-of-file", &[]));
    }
    let (draft, mut left) = Draft::of(first);
    for other in &examined.disclosures[1..] {
        let sheet = other.sheet.as_deref().unwrap_or(&other.form.id);
        let sheet = crate::text::show(sheet, 80);
        left.say(Localised::label("page-fill-other", &[("sheet", &sheet)]));
    }
    Ok((draft, left))
}

/// What the fields of the page say.
fn draft(service: &Service, form: &Form) -> Result<Draft, Problem> {
    let of = form_named(service, form.field("form").unwrap_or_default())?;
    let fields = form
        .fields()
        .filter(|(name, _)| !["form", "to"].contains(name));
    let (draft, unknown) = Draft::of_fields(of, fields);
    match unknown.first() {
        None => Ok(draft),
        Some(name) => {
            let name = crate::text::show(name, 60);
            Err(Problem::invalid("problem-fill-field", &[("field", &name)]))
        }
    }
}

/// The draft, examined as a file.
fn looked_at(service: &Service, draft: &Draft, language: Language) -> Examined {
    let mut options = service.options(None);
    // The page names its form: what was forced upon files that are read does not matter here.
    options.forced = None;
    options.layouts = None;
    options.catalog = crate::form::Catalog::of(vec![Arc::clone(&draft.form)]);
    examine(&draft.source(&draft.name(), language), &options)
}

/// The name by which the page calls a form.
fn name_of(form: &FormOf) -> String {
    format!("{}@{}", form.id, form.edition)
}

/// A form of this run.
fn form_named(service: &Service, name: &str) -> Result<Arc<FormOf>, Problem> {
    let options = &service.setup.options;
    let forced = options
        .forced
        .as_ref()
        .and_then(|forms| forms.form(name).ok());
    match forced {
        Some(form) => Ok(form),
        None => Ok(options.catalog.form(name)?),
    }
}

/// A form that can be filled in.
#[derive(serde::Serialize)]
struct Choice {
    name: String,
    title: String,
    edition: String,
    provenance: String,
    items: usize,
}

fn choices(service: &Service, language: Language) -> Vec<Choice> {
    let options = &service.setup.options;
    let forced = options.forced.iter().flat_map(|forms| forms.forms());
    let all = forced.chain(options.catalog.forms());
    let mut seen = std::collections::BTreeSet::new();
    all.filter(|form| seen.insert(name_of(form)))
        .map(|form| Choice {
            name: name_of(form),
            title: form.title.text(language).to_owned(),
            edition: form.edition.clone(),
            provenance: form.provenance.text(language).to_owned(),
            items: form.items.len(),
        })
        .collect()
}

/// The formats in which a sheet is saved.
pub(super) const SAVED: [Target; 3] = [Target::Xlsx, Target::Xml, Target::Toml];
