//! Views: pages from the templates, and the bytes of other answers.
//!
//! Templates stand in `templates/page/`, are compiled in and escape every value. They look labels up as
//! `t["key"]`; each is read when it is asked for.

use std::sync::{Arc, LazyLock};

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use minijinja::value::{Enumerator, Object, Serde, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;

use super::problem::{Kind, Problem, ProblemInfo};
use super::safety::visit::Visit;
use crate::language::Language;
use crate::report::json_of;

/// The templates by name; a file that is not named here is not part of the page.
const TEMPLATES: [(&str, &str); 16] = [
    (
        "layout.html",
        include_str!("../../templates/page/layout.html"),
    ),
    ("part.html", include_str!("../../templates/page/part.html")),
    (
        "start.html",
        include_str!("../../templates/page/start.html"),
    ),
    (
        "check.html",
        include_str!("../../templates/page/check.html"),
    ),
    (
        "report.html",
        include_str!("../../templates/page/report.html"),
    ),
    (
        "login.html",
        include_str!("../../templates/page/login.html"),
    ),
    (
        "problem.html",
        include_str!("../../templates/page/problem.html"),
    ),
    (
        "about.html",
        include_str!("../../templates/page/about.html"),
    ),
    (
        "fill-start.html",
        include_str!("../../templates/page/fill-start.html"),
    ),
    ("fill.html", include_str!("../../templates/page/fill.html")),
    (
        "register-parts.html",
        include_str!("../../templates/page/register-parts.html"),
    ),
    (
        "register.html",
        include_str!("../../templates/page/register.html"),
    ),
    (
        "register-system.html",
        include_str!("../../templates/page/register-system.html"),
    ),
    (
        "register-files.html",
        include_str!("../../templates/page/register-files.html"),
    ),
    (
        "register-added.html",
        include_str!("../../templates/page/register-added.html"),
    ),
    (
        "register-checklist.html",
        include_str!("../../templates/page/register-checklist.html"),
    ),
];

static PAGES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    for (name, text) in TEMPLATES {
        let added = environment.add_template(name, text);
        added.expect("the templates are compiled in, and tests render each");
    }
    environment
});

/// The labels of a language as templates see them.
#[derive(Debug)]
struct Labels(Language);

impl Object for Labels {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.0.known_label(key.as_str()?).map(Value::from)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }
}

/// A page of a template, given what it shows: `visit` words, `t` labels, `csrf` the hidden field of forms.
///
/// # Errors
/// [`Kind::Broken`] if the template asks for what it is not given.
pub(super) fn page(
    template: &str,
    visit: &Visit,
    shown: impl Serialize,
) -> Result<Response, Problem> {
    let field = format!(
        "<input type=\"hidden\" name=\"csrf\" value=\"{}\">",
        visit.token
    );
    let context = minijinja::context! {
        t => Value::from_object(Labels(visit.language)),
        lang => visit.language.code(),
        other => match visit.language { Language::Ja => "en", Language::En => "ja" },
        csrf => Value::from_safe_string(field),
        frame => if visit.part { "part.html" } else { "layout.html" },
        user => visit.user.clone(),
        can_leave => visit.can_leave,
        has_register => visit.has_register,
        it => Value::from(Serde(shown)),
    };
    let rendered = PAGES
        .get_template(template)
        .and_then(|template| template.render(context));
    let html = rendered.map_err(|_| Problem::from(Kind::Broken))?;
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind)], html).into_response())
}

/// The page that tells a problem.
pub(super) fn problem(visit: &Visit, told: &ProblemInfo) -> Response {
    page("problem.html", visit, told).unwrap_or_else(|_| told.title.clone().into_response())
}

/// HTML that is ours and escaped already, to be shown as it is.
pub(super) fn safe(html: String) -> Value {
    Value::from_safe_string(html)
}

/// A published shape as JSON, as the command line writes it.
pub(super) fn json(shape: &impl Serialize, kind: &'static str) -> Response {
    match json_of(shape) {
        Ok(bytes) => answer(bytes, kind),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Bytes of a kind.
pub(super) fn answer(bytes: Vec<u8>, kind: &'static str) -> Response {
    let kind = HeaderValue::from_static(kind);
    ([(header::CONTENT_TYPE, kind)], Body::from(bytes)).into_response()
}

/// Bytes to be saved as a file of this name.
pub(super) fn file(bytes: Vec<u8>, kind: &'static str, name: &str) -> Response {
    let mut response = answer(bytes, kind);
    if let Ok(value) = HeaderValue::from_str(&disposition(name)) {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// The name for old programs in ASCII, and as it is (RFC 6266, RFC 8187).
fn disposition(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    let plain: String = name
        .chars()
        .map(|c| if is_plain(c) { c } else { '_' })
        .collect();
    let coded: String = name
        .bytes()
        .map(|byte| match char::from(byte) {
            c if is_plain(c) => c.to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{coded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_downloads_cannot_leave_their_header() {
        let told = disposition("開示書\"; x=\r\n.html");
        assert!(told.is_ascii() && !told.contains(['\r', '\n']));
        assert_eq!(
            disposition("開.x"),
            "attachment; filename=\"_.x\"; filename*=UTF-8''%E9%96%8B.x"
        );
    }

    #[test]
    fn every_template_is_well_formed() {
        for (name, _) in TEMPLATES {
            assert!(PAGES.get_template(name).is_ok(), "{name}");
        }
    }
}
