//! Problems: what is said where something cannot be done, as JSON below `/api/`, else as a page.
//!
//! A problem is carried in the response until it has passed everything; there its words are chosen, so that
//! handlers need not know who asks. It says what the visitor can do, and nothing of the inside.

use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use super::safety::visit::Visit;
use super::view;
use super::work::Bounds;
use crate::error::Error;
use crate::language::{Language, Localised};
use crate::report::model::{FindingInfo, finding_info};

/// Kinds of problems; each is one thing that whoever asks can do something about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The request cannot be understood.
    Malformed,
    /// It came under a name that is none of ours.
    Host,
    /// It came from another page.
    Origin,
    /// It lacks the page's token, or has an old one.
    Token,
    /// Who asks is not known.
    Unknown,
    /// There is nothing here.
    NotFound,
    /// It cannot be asked for in this way.
    Method,
    /// It took too long to arrive.
    Slow,
    /// It is too large, or has too many files.
    TooLarge,
    /// It cannot be done with what was given.
    Invalid,
    /// It came too often.
    Often,
    /// Too much is being done already.
    Busy,
    /// The client has gone; nobody reads this.
    Gone,
    /// A mistake of ours.
    Broken,
}

impl Kind {
    /// All kinds.
    pub(super) const ALL: [Kind; 14] = [
        Kind::Malformed,
        Kind::Host,
        Kind::Origin,
        Kind::Token,
        Kind::Unknown,
        Kind::NotFound,
        Kind::Method,
        Kind::Slow,
        Kind::TooLarge,
        Kind::Invalid,
        Kind::Often,
        Kind::Busy,
        Kind::Gone,
        Kind::Broken,
    ];

    /// Its name in `urn:kaijisho:problem:NAME` and in the labels `problem-NAME`, `problem-NAME-detail`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Malformed => "malformed",
            Kind::Host => "host",
            Kind::Origin => "origin",
            Kind::Token => "token",
            Kind::Unknown => "unknown",
            Kind::NotFound => "not-found",
            Kind::Method => "method",
            Kind::Slow => "slow",
            Kind::TooLarge => "too-large",
            Kind::Invalid => "invalid",
            Kind::Often => "often",
            Kind::Busy => "busy",
            Kind::Gone => "gone",
            Kind::Broken => "broken",
        }
    }

    pub(super) fn status(self) -> StatusCode {
        match self {
            Kind::Malformed | Kind::Gone => StatusCode::BAD_REQUEST,
            Kind::Host => StatusCode::MISDIRECTED_REQUEST,
            Kind::Origin | Kind::Token => StatusCode::FORBIDDEN,
            Kind::Unknown => StatusCode::UNAUTHORIZED,
            Kind::NotFound => StatusCode::NOT_FOUND,
            Kind::Method => StatusCode::METHOD_NOT_ALLOWED,
            Kind::Slow => StatusCode::REQUEST_TIMEOUT,
            Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Kind::Often => StatusCode::TOO_MANY_REQUESTS,
            Kind::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Kind::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// Why something could not be done.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    pub(super) kind: Kind,
    /// What to do about it, where that is known better than by the kind.
    pub(super) detail: Option<Localised>,
    /// Mistakes in a file that somebody wrote.
    pub(super) findings: Vec<crate::finding::Finding>,
}

/// A problem as it is published (RFC 9457, `application/problem+json`).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ProblemInfo {
    /// The kind of problem: `urn:kaijisho:problem:NAME`.
    pub(super) r#type: String,
    /// The kind in a few words.
    pub(super) title: String,
    /// The HTTP status.
    pub(super) status: u16,
    /// What is wrong and what to do.
    pub(super) detail: String,
    /// Mistakes in a file that somebody wrote.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) findings: Vec<FindingInfo>,
}

impl From<Kind> for Problem {
    fn from(kind: Kind) -> Self {
        Self {
            kind,
            detail: None,
            findings: Vec::new(),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let findings = match &error {
            Error::Invalid { findings, .. } => findings.clone(),
            Error::Read { .. }
            | Error::Write { .. }
            | Error::Exists { .. }
            | Error::UnknownForm { .. }
            | Error::UnknownProfile { .. }
            | Error::NotLearned { .. }
            | Error::NotFilled { .. }
            | Error::NotReturned { .. }
            | Error::Register { .. }
            | Error::Template { .. }
            | Error::TooLong { .. }
            | Error::Format(_)
            | Error::Usage(_) => Vec::new(),
        };
        Self {
            kind: Kind::Invalid,
            detail: Some(words(&error)),
            findings,
        }
    }
}

/// What an error of the library says; those that name files of this computer cannot come of an upload.
fn words(error: &Error) -> Localised {
    match error {
        Error::NotLearned { reason, .. }
        | Error::NotFilled { reason, .. }
        | Error::NotReturned { reason, .. }
        | Error::Register { reason, .. } => reason.clone(),
        Error::TooLong {
            place,
            found,
            allowed,
        } => {
            let allowed = allowed.to_string();
            let values = [
                ("place", place.as_str()),
                ("found", found),
                ("allowed", &allowed),
            ];
            Localised::label("error-too-long", &values)
        }
        Error::UnknownForm { name, known } | Error::UnknownProfile { name, known } => {
            let known = known.join(", ");
            let values = [("name", name.as_str()), ("known", &known)];
            Localised::label("problem-no-such", &values)
        }
        Error::Read { .. }
        | Error::Write { .. }
        | Error::Exists { .. }
        | Error::Invalid { .. }
        | Error::Template { .. }
        | Error::Format(_)
        | Error::Usage(_) => Localised::label("problem-not-made", &[]),
    }
}

impl Problem {
    /// A problem of a kind, with what to do about it.
    pub(super) fn saying(kind: Kind, key: &str, values: &[(&str, &str)]) -> Self {
        Self {
            kind,
            detail: Some(Localised::label(key, values)),
            findings: Vec::new(),
        }
    }

    /// What cannot be done with what was given.
    pub(super) fn invalid(key: &str, values: &[(&str, &str)]) -> Self {
        Self::saying(Kind::Invalid, key, values)
    }

    /// A request over the limit of bytes.
    pub(super) fn too_large(bounds: &Bounds) -> Self {
        let most = (bounds.body_bytes / (1024 * 1024)).max(1).to_string();
        Self::saying(Kind::TooLarge, "problem-body", &[("most", &most)])
    }

    /// The published shape.
    pub(super) fn told(&self, language: Language) -> ProblemInfo {
        let name = self.kind.name();
        let detail = match &self.detail {
            Some(detail) => detail.text(language).to_owned(),
            None => language.label(&format!("problem-{name}-detail")),
        };
        ProblemInfo {
            r#type: format!("urn:kaijisho:problem:{name}"),
            title: language.label(&format!("problem-{name}")),
            status: self.kind.status().as_u16(),
            detail,
            findings: self
                .findings
                .iter()
                .map(|finding| finding_info(finding, language))
                .collect(),
        }
    }

    /// The response, in the words of a visitor.
    pub(super) fn shown(&self, is_api: bool, visit: &Visit) -> Response {
        let told = self.told(visit.language);
        let mut response = match is_api {
            true => view::json(&told, "application/problem+json"),
            false => view::problem(visit, &told),
        };
        *response.status_mut() = self.kind.status();
        let headers = response.headers_mut();
        if [Kind::Busy, Kind::Often].contains(&self.kind) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        if self.kind == Kind::Unknown && is_api {
            let ask = HeaderValue::from_static("Bearer");
            headers.insert(header::WWW_AUTHENTICATE, ask);
        }
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.kind.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Where nothing is.
pub(super) async fn not_found() -> Problem {
    Kind::NotFound.into()
}

/// Where something is, but not in this way.
pub(super) async fn not_allowed(method: Method, uri: Uri) -> Problem {
    // What is posted is the answer to a form; a link to it, or its address typed, is no mistake of anybody.
    match method == Method::GET && !uri.path().starts_with("/api/") {
        true => Problem::saying(Kind::Method, "problem-method-page", &[]),
        false => Kind::Method.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_words_in_both_languages() {
        for kind in Kind::ALL {
            for language in Language::ALL {
                let told = Problem::from(kind).told(language);
                assert!(!told.title.starts_with('<'), "{}", told.title);
                assert!(!told.detail.starts_with('<'), "{}", told.detail);
                assert!(told.status >= 400);
            }
        }
    }
}
