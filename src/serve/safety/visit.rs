//! Visits: who looks at the page, in which language, and the token that their forms carry.
//!
//! A visit is a random number in a cookie that scripts cannot read and other sites cannot send. A form's token is
//! made of it with this run's secret, so nothing has to be kept where no one has to log in.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use super::secret;
use crate::language::Language;
use crate::serve::Service;

/// Asks for an answer without the frame of a page around it.
const PART: &str = "x-part";

/// Who asks, and how they want to be answered.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    /// The language chosen, else that of the page.
    pub(crate) language: Language,
    /// True if only a part of a page is wanted, to be put into the page that is open.
    pub(crate) part: bool,
    /// What the page's forms carry.
    pub(crate) token: String,
    /// Who is logged in.
    pub(crate) user: Option<String>,
    /// True if visitors log in here, so that they can leave as well.
    pub(crate) can_leave: bool,
    /// True if the page has a register.
    pub(crate) has_register: bool,
    /// The number in the cookie.
    pub(super) number: String,
    /// True if the browser has no such number yet.
    is_new: bool,
}

impl Visit {
    pub(super) fn of(request: &Request, service: &Service) -> Self {
        let headers = request.headers();
        let known = cookie(headers, name(service)).filter(|it| is_number(it));
        let is_new = known.is_none();
        // Without random numbers there is no token that fits, so no form passes.
        let number = known.map_or_else(
            || secret::random_text().unwrap_or_default(),
            ToOwned::to_owned,
        );
        Self {
            language: language(request, service.setup.language),
            part: headers.contains_key(PART),
            token: service.guard.secret.sign("page", &number),
            user: None,
            can_leave: !service.setup.access.is_open(),
            has_register: service.setup.register.is_some(),
            number,
            is_new,
        }
    }

    /// Whether a token is that of this visit's pages.
    pub(in crate::serve) fn fits(&self, token: &str) -> bool {
        !self.is_new && secret::same(&self.token, token)
    }

    /// A cookie for a browser that has none.
    pub(super) fn keep(&self, response: &mut Response, service: &Service) {
        if self.is_new && !self.number.is_empty() {
            put(response, service, &self.number);
        }
    }
}

/// Gives the browser the number of a visit.
pub(in crate::serve) fn put(response: &mut Response, service: &Service, number: &str) {
    let secure = match service.setup.hosts.is_secure() {
        true => "; Secure",
        false => "",
    };
    let name = name(service);
    let cookie = format!("{name}={number}; Path=/; HttpOnly; SameSite=Strict{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// Lets the browser remember a language.
pub(in crate::serve) fn speak(response: &mut Response, language: Language) {
    let cookie = match language {
        Language::Ja => "kaijisho-language=ja; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000",
        Language::En => "kaijisho-language=en; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000",
    };
    let cookie = HeaderValue::from_static(cookie);
    response.headers_mut().append(header::SET_COOKIE, cookie);
}

/// The cookie's name; browsers take one of the first kind from nobody but this host, by https.
fn name(service: &Service) -> &'static str {
    match service.setup.hosts.is_secure() {
        true => "__Host-kaijisho-visit",
        false => "kaijisho-visit",
    }
}

fn is_number(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).iter();
    let pairs = lines.filter_map(|line| line.to_str().ok());
    let mut pairs = pairs.flat_map(|line| line.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// The language asked for in the address, else the one chosen before, else that of the page.
fn language(request: &Request, usual: Language) -> Language {
    let query = request.uri().query().unwrap_or_default();
    let mut pairs = query.split('&');
    let asked = pairs.find_map(|pair| pair.strip_prefix("lang="));
    let chosen = asked.or_else(|| cookie(request.headers(), "kaijisho-language"));
    match chosen {
        Some("ja") => Language::Ja,
        Some("en") => Language::En,
        Some(_) | None => usual,
    }
}
