//! The ministry's checklist of a year, filled from the register: as a page, and as a workbook to save.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use serde::{Deserialize, Serialize};

use crate::checklist::{YEARS, Year};
use crate::language::Language;
use crate::report::checklist::{render, report};
use crate::report::{Format, Style, inside};
use crate::serve::pages::download::XLSX;
use crate::serve::problem::{Kind, Problem};
use crate::serve::work::LARGE;
use crate::serve::{Routes, Service, Visit, view};

pub(super) fn routes() -> Routes {
    Router::new()
        .route("/register/checklist", get(show))
        .route("/register/checklist/xlsx", get(save))
}

#[derive(Deserialize)]
struct Asked {
    year: Option<String>,
}

#[derive(Serialize)]
struct Shown {
    year: String,
    years: Vec<OfYear>,
    report: String,
}

#[derive(Serialize)]
struct OfYear {
    name: &'static str,
    title: String,
}

async fn show(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let language = visit.language;
    let (name, html) = filled(service, asked, Format::Html, language).await?;
    let html = String::from_utf8_lossy(&html).into_owned();
    let years = YEARS.iter().map(|(name, text)| OfYear {
        name,
        title: year(name, text).map_or_else(
            |_| (*name).to_owned(),
            |it| it.title.text(language).to_owned(),
        ),
    });
    let shown = Shown {
        years: years.collect(),
        report: inside(&html),
        year: name,
    };
    view::page("register-checklist.html", &visit, shown)
}

async fn save(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let language = visit.language;
    let (name, bytes) = filled(service, asked, Format::Xlsx, language).await?;
    let stem = language.label("page-register-checklist");
    Ok(view::file(bytes, XLSX, &format!("{stem}-{name}.xlsx")))
}

fn year(name: &str, text: &str) -> crate::Result<Year> {
    Year::parse(text, name)
}

/// The checklist of the year asked for, or of the last one there is, with its name.
async fn filled(
    service: Arc<Service>,
    asked: Asked,
    format: Format,
    language: Language,
) -> Result<(String, Vec<u8>), Problem> {
    service.desk()?;
    let admission = service.work.weighing(LARGE).await?;
    let wanted = asked.year.as_deref().unwrap_or(YEARS[YEARS.len() - 1].0);
    let known = YEARS.iter().find(|(name, _)| *name == wanted);
    let (name, text) = *known.ok_or(Kind::NotFound)?;
    let filled = admission.run(move |_| {
        let year = year(name, text)?;
        let options = service.options(None);
        service.desk()?.read(|register| {
            let none = || Problem::invalid("problem-register-no-facility", &[]);
            let facility = register.facility(&year)?.ok_or_else(none)?;
            let examined = register.current(&[], &register.options(options.clone())?)?;
            let filled = report(&year, &facility, &examined, options.today, language);
            Ok::<_, Problem>(render(&filled, format, &Style::default())?)
        })
    });
    Ok((name.to_owned(), filled.await??))
}
