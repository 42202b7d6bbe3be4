//! The page of a check: what form each file is, what was found, and a picture of the sheet with the cells marked.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::post;
use axum::{Extension, Router};
use serde::Serialize;

use crate::examine::Examined;
use crate::finding::{Finding, Severity};
use crate::language::Language;
use crate::limits::Limits;
use crate::place::{Place, address};
use crate::report::model::{Document, FindingInfo, Kind, finding_info};
use crate::serve::grid::{Picture, pictures};
use crate::serve::problem::Problem;
use crate::serve::upload::Wanted;
use crate::serve::{Routes, Service, Visit, judge, upload, view};
use crate::source::Source;

/// Findings of a file that the page shows; the report to hand on has all.
const FINDINGS: usize = 400;

pub(super) fn routes() -> Routes {
    Router::new().route("/check", post(check))
}

/// What the page shows.
#[derive(Serialize)]
pub(super) struct Shown {
    files: Vec<FileShown>,
}

/// A file.
#[derive(Serialize)]
struct FileShown {
    name: String,
    is_unreadable: bool,
    documents: Vec<Document>,
    errors: usize,
    warnings: usize,
    notes: usize,
    findings: Vec<FindingShown>,
    more: usize,
    pictures: Vec<Picture>,
}

/// A finding, and the anchor of its cell where it is drawn.
#[derive(Serialize)]
struct FindingShown {
    /// Its position in the list from 1, as cells of the picture say it.
    number: usize,
    #[serde(flatten)]
    info: FindingInfo,
    label: String,
    cell: Option<String>,
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
    let wanted = Wanted::page(&["file"], &["against", "to"], &visit);
    let mut form = upload::read(request, &service.bounds, wanted).await?;
    let files = form.some_files()?;
    let page = admission.run(move |cancelled| {
        let options = service.options(None);
        let read = judge::read(files, &options, None, cancelled)?;
        let files = read.sources.iter().zip(&read.examined);
        let mut shown = Shown { files: Vec::new() };
        for (source, examined) in files {
            cancelled.check()?;
            shown
                .files
                .push(file(source, examined, &options.limits, visit.language));
        }
        view::page("check.html", &visit, shown)
    });
    page.await?
}

/// What the page shows of one file.
pub(super) fn shown(
    source: &Source,
    examined: &Examined,
    limits: &Limits,
    language: Language,
) -> Shown {
    Shown {
        files: vec![file(source, examined, limits, language)],
    }
}

fn file(source: &Source, examined: &Examined, limits: &Limits, language: Language) -> FileShown {
    let files = std::slice::from_ref(examined);
    let report = crate::report::model::build(Kind::Check, files, None, language);
    let mut all: Vec<&Finding> = examined.all_findings().collect();
    let count = |severity| all.iter().filter(|it| it.severity() == severity).count();
    let [errors, warnings, notes] = [Severity::Error, Severity::Warning, Severity::Note].map(count);
    // Of too many, the gravest; each severity stays in the order of the sheet.
    if all.len() > FINDINGS {
        all.sort_by_key(|finding| std::cmp::Reverse(finding.severity()));
    }
    let more = all.len().saturating_sub(FINDINGS);
    all.truncate(FINDINGS);
    let pictures = pictures(source, limits, &all);
    let findings = all.iter().zip(1..).map(|(finding, number)| {
        let info = finding_info(finding, language);
        FindingShown {
            number,
            label: info
                .place
                .as_ref()
                .map(|it| it.words(language))
                .unwrap_or_default(),
            cell: anchor(finding, &pictures),
            info,
        }
    });
    FileShown {
        name: examined.file.clone(),
        is_unreadable: examined.is_unreadable(),
        errors,
        warnings,
        notes,
        findings: findings.collect(),
        more,
        documents: report.documents,
        pictures,
    }
}

/// The anchor of the cell that a finding is about, where a picture shows it.
fn anchor(finding: &Finding, pictures: &[Picture]) -> Option<String> {
    let Place::Cell { sheet, row, column } = &finding.place else {
        return None;
    };
    let address = address(*row, *column);
    let mut of = pictures.iter().filter(|picture| picture.sheet == **sheet);
    let picture = of.find(|picture| picture.shows(&address))?;
    Some(format!("s{}-{address}", picture.at))
}
