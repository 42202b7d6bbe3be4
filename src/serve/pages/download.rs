//! Downloads: reports, the sheet to send back, and other formats of a sheet.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::post;
use axum::{Extension, Router};

use crate::examine::Examined;
use crate::language::Language;
use crate::profile::Profile;
use crate::report::model::Kind;
use crate::report::{self, Format, Style};
use crate::returned::{ReturnOptions, return_sheet};
use crate::serve::judge::{self, Read};
use crate::serve::problem::Problem;
use crate::serve::upload::Wanted;
use crate::serve::{Routes, Service, Visit, upload, view};
use crate::write::{Origin, Target, write};
use jiff::civil::Date;

pub(super) fn routes() -> Routes {
    Router::new().route("/download", post(download))
}

/// What can be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Report(Format),
    Return,
    Sheet(Target),
}

impl Wish {
    /// By the names of the page's choice; those of formats are those of `convert --to`.
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "report-html" => Wish::Report(Format::Html),
            "report-xlsx" => Wish::Report(Format::Xlsx),
            "report-csv" => Wish::Report(Format::Csv),
            "return" => Wish::Return,
            other => Wish::Sheet(target(other)?),
        })
    }
}

/// A format that sheets are converted to, by its name.
pub(in crate::serve) fn target(name: &str) -> Option<Target> {
    Some(match name {
        "xlsx" => Target::Xlsx,
        "xml" => Target::Xml,
        "json" => Target::Json,
        "toml" => Target::Toml,
        "csv" => Target::Csv,
        "fhir" => Target::FhirJson,
        "fhir-xml" => Target::FhirXml,
        _ => return None,
    })
}

/// The names of these formats.
pub(in crate::serve) const TARGETS: [&str; 7] =
    ["xlsx", "xml", "json", "toml", "csv", "fhir", "fhir-xml"];

/// What browsers call a format.
pub(in crate::serve) fn kind_of(target: Target) -> &'static str {
    match target {
        Target::Xlsx => XLSX,
        Target::Xml => "application/xml",
        Target::Json => "application/json",
        Target::Toml => "application/toml",
        Target::Csv => "text/csv; charset=utf-8",
        Target::FhirJson => "application/fhir+json",
        Target::FhirXml => "application/fhir+xml",
    }
}

pub(in crate::serve) const XLSX: &str =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A file that was made.
struct Made {
    name: String,
    kind: &'static str,
    bytes: Vec<u8>,
}

async fn download(
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
    let unknown = || Problem::invalid("problem-no-wish", &[]);
    let wish = form.field("to").and_then(Wish::of).ok_or_else(unknown)?;
    form.profile(&service)?;
    if files.len() > 1 && !matches!(wish, Wish::Report(_)) {
        return Err(Problem::invalid("problem-one-file", &[]));
    }
    let language = visit.language;
    let made = admission.run(move |cancelled| {
        let profile = form.profile(&service)?;
        let options = service.options(None);
        let read = judge::read(files, &options, profile, cancelled)?;
        let date = options.today;
        match wish {
            Wish::Report(format) => reported(&read, format, profile, date, language),
            Wish::Return => returned(&read, profile, &options, language),
            Wish::Sheet(target) => converted(&read.examined[0], target, language),
        }
    });
    let made = made.await??;
    Ok(view::file(made.bytes, made.kind, &made.name))
}

fn reported(
    read: &Read,
    format: Format,
    profile: Option<&Profile>,
    date: Date,
    language: Language,
) -> Result<Made, Problem> {
    let report = judge::report(Kind::Report, &read.examined, profile, date, language);
    let kind = match format {
        Format::Html => "text/html; charset=utf-8",
        Format::Xlsx => XLSX,
        Format::Csv => "text/csv; charset=utf-8",
        Format::Human
        | Format::Json
        | Format::JsonLines
        | Format::Sarif
        | Format::Junit
        | Format::Markdown => "application/octet-stream",
    };
    let stem = match &read.examined[..] {
        [one] => stem(&one.file).to_owned(),
        _ => language.label("page-name-all"),
    };
    let suffix = language.label("page-name-report");
    Ok(Made {
        name: format!("{stem}{suffix}.{}", format.ending()),
        kind,
        bytes: report::render(&report, format, &Style::default())?,
    })
}

fn returned(
    read: &Read,
    profile: Option<&Profile>,
    options: &crate::examine::Options,
    language: Language,
) -> Result<Made, Problem> {
    let examined = &read.examined[0];
    let assessments = judge::assessed(examined, profile, options.today);
    let wanted = ReturnOptions {
        // The list is for the sender: in the language of the form.
        language: None,
        date: Some(options.today),
        assessments: &assessments,
        notes: false,
        limits: options.limits,
    };
    let back = return_sheet(&read.sources[0], examined, &wanted)?;
    let (ending, kind) = match back.has_macros {
        true => ("xlsm", "application/vnd.ms-excel.sheet.macroEnabled.12"),
        false => ("xlsx", XLSX),
    };
    let suffix = language.label("page-name-return");
    Ok(Made {
        name: format!("{}{suffix}.{ending}", stem(&examined.file)),
        kind,
        bytes: back.bytes,
    })
}

/// A sheet in another format.
fn converted(examined: &Examined, target: Target, language: Language) -> Result<Made, Problem> {
    Ok(Made {
        name: format!("{}.{}", stem(&examined.file), target.ending()),
        kind: kind_of(target),
        bytes: convert(examined, target, language)?,
    })
}

/// The bytes of a file in another format.
pub(in crate::serve) fn convert(
    examined: &Examined,
    target: Target,
    language: Language,
) -> Result<Vec<u8>, Problem> {
    if examined.disclosures.is_empty() {
        let mut problem = Problem::invalid("problem-nothing-read", &[]);
        problem.findings = examined.findings.clone();
        return Err(problem);
    }
    let origin = Origin {
        file: &examined.file,
        sha256: &examined.sha256,
    };
    Ok(write(&examined.disclosures, &origin, target, language)?)
}

/// A name without its ending.
fn stem(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        Some(_) | None => name,
    }
}
