//! Asking the page: visitors, forms, answers; and the command line beside it.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, header};
use kaijisho::serve::{Hosts, Service, Setup, router};
use tower::ServiceExt;

use crate::support;

pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// The name the page is asked for by.
pub(crate) const HOST: &str = "127.0.0.1:7878";
const EDGE: &str = "kaijisho-test-edge";

/// A page that listens here, on the tests' day.
pub(crate) fn setup() -> Setup {
    let hosts = Hosts::of(HOST.parse().expect("an address"), &[]).expect("names");
    Setup::new(hosts, || support::TODAY)
}

/// Somebody who has opened the page, or a program.
#[derive(Clone)]
pub(crate) struct Visitor {
    pub(crate) router: Router,
    cookies: String,
    token: String,
}

/// A part of a form.
pub(crate) struct Part {
    name: String,
    file: Option<String>,
    bytes: Vec<u8>,
}

impl Part {
    pub(crate) fn word(name: &str, text: &str) -> Self {
        Self {
            name: name.to_owned(),
            file: None,
            bytes: text.into(),
        }
    }

    pub(crate) fn bytes(name: &str, file: &str, bytes: Vec<u8>) -> Self {
        Self {
            name: name.to_owned(),
            file: Some(file.to_owned()),
            bytes,
        }
    }
}

/// A file of the project under another name.
pub(crate) fn file(field: &str, name: &str, path: &str) -> Part {
    let path = support::project().join(path);
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Part::bytes(field, name, bytes)
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: axum::http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).map(|it| it.to_str().expect("ASCII"));
        value.unwrap_or_default()
    }

    pub(crate) fn cookies(&self) -> Vec<&str> {
        let all = self.headers.get_all(header::SET_COOKIE).iter();
        all.map(|it| it.to_str().expect("ASCII")).collect()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("UTF-8")
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

/// Somebody who has opened a page that is open to all.
pub(crate) fn visitor() -> Visitor {
    Visitor::of(setup())
}

/// A form of these parts, and what kind it says it is.
pub(crate) fn form(parts: &[Part]) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for part in parts {
        let file = part
            .file
            .as_ref()
            .map(|name| format!("; filename=\"{name}\""));
        let kind = part
            .file
            .as_ref()
            .map_or("", |_| "Content-Type: application/octet-stream\r\n");
        let head = format!(
            "--{EDGE}\r\nContent-Disposition: form-data; name=\"{}\"{}\r\n{kind}\r\n",
            part.name,
            file.unwrap_or_default()
        );
        body.extend(head.as_bytes());
        body.extend(&part.bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{EDGE}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={EDGE}"), body)
}

impl Visitor {
    pub(crate) fn of(setup: Setup) -> Self {
        Self::at(router(Service::new(setup).expect("random numbers")))
    }

    /// Opens the first page, and remembers what a browser would.
    pub(crate) fn at(router: Router) -> Self {
        let new = Self {
            router,
            cookies: String::new(),
            token: String::new(),
        };
        let page = new.get("/");
        new.having(&page)
    }

    /// The same with the cookies and the token of a page.
    pub(crate) fn having(&self, page: &Answer) -> Self {
        let cookies = page.cookies().into_iter();
        let pairs: Vec<&str> = cookies.filter_map(|it| it.split(';').next()).collect();
        let cookies = match pairs.is_empty() {
            true => self.cookies.clone(),
            false => pairs.join("; "),
        };
        let text = page.text();
        let token = text.split("name=\"csrf\" value=\"").nth(1);
        let token = token.and_then(|rest| rest.split('"').next());
        Self {
            router: self.router.clone(),
            cookies,
            token: token.unwrap_or(&self.token).to_owned(),
        }
    }

    pub(crate) fn with_cookie(&self, cookie: &str) -> Self {
        Self {
            cookies: format!("{}; {cookie}", self.cookies),
            ..self.clone()
        }
    }

    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self {
            token: token.to_owned(),
            ..self.clone()
        }
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// A request as a browser of this visitor would make it; change it before it is sent.
    pub(crate) fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let mut builder = Request::builder().method(method).uri(path);
        builder = builder.header(header::HOST, HOST);
        if !self.cookies.is_empty() {
            builder = builder.header(header::COOKIE, &self.cookies);
        }
        builder
    }

    pub(crate) fn send(&self, request: Request<Body>) -> Answer {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build();
        runtime.expect("a runtime").block_on(async {
            let answer = self
                .router
                .clone()
                .oneshot(request)
                .await
                .expect("an answer");
            let (parts, body) = answer.into_parts();
            Answer {
                status: parts.status.as_u16(),
                headers: parts.headers,
                body: to_bytes(body, usize::MAX).await.expect("a body").into(),
            }
        })
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        let request = self.request(Method::GET, path).body(Body::empty());
        self.send(request.expect("a request"))
    }

    /// A form of the page: its token first.
    pub(crate) fn post(&self, path: &str, parts: &[Part]) -> Answer {
        self.send(self.posting(path, parts, &[]))
    }

    /// The same, for a part of a page.
    pub(crate) fn part(&self, path: &str, parts: &[Part]) -> Answer {
        self.send(self.posting(path, parts, &[("x-part", "1")]))
    }

    /// A form of the page with more headers.
    pub(crate) fn posting(
        &self,
        path: &str,
        parts: &[Part],
        more: &[(&str, &str)],
    ) -> Request<Body> {
        let (kind, rest) = form(parts);
        let (_, mut body) = form(&[Part::word("csrf", &self.token)]);
        body.truncate(body.len() - format!("--{EDGE}--\r\n").len());
        body.extend(rest);
        self.posted(path, &kind, body, more)
    }

    /// A request of a program: without a token.
    pub(crate) fn api(&self, path: &str, parts: &[Part]) -> Answer {
        let (kind, body) = form(parts);
        self.send(self.posted(path, &kind, body, &[]))
    }

    pub(crate) fn posted(
        &self,
        path: &str,
        kind: &str,
        body: Vec<u8>,
        more: &[(&str, &str)],
    ) -> Request<Body> {
        let mut builder = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, kind)
            .header(header::CONTENT_LENGTH, body.len());
        for (name, value) in more {
            builder = builder.header(*name, *value);
        }
        builder.body(Body::from(body)).expect("a request")
    }
}

/// What the command line says in JSON, on the tests' day.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_kaijisho"))
        .args(arguments)
        .args(["--format", "json", "--date", "2026-10-01"])
        .current_dir(folder)
        .env_clear()
        .output()
        .expect("the command");
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(
        !said.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    said
}

/// A page with other bounds.
pub(crate) fn bounded(change: impl FnOnce(&mut kaijisho::serve::Bounds)) -> Visitor {
    let mut setup = setup();
    change(&mut setup.bounds);
    Visitor::of(setup)
}

/// A page itself, to be asked over a socket.
pub(crate) fn service(setup: Setup) -> Arc<Service> {
    Service::new(setup).expect("random numbers")
}
