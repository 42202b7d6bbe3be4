//! Assets: style and script of the page, compiled in, and nothing else.

use std::sync::LazyLock;

use axum::Router;
use axum::routing::get;

use super::{Routes, view};
use crate::report::styles;

const SCRIPT: &str = include_str!("../../templates/page/page.js");
const STYLE: &str = concat!(
    include_str!("../../templates/page/page.css"),
    include_str!("../../templates/page/clerk.css")
);
const FILL: &str = include_str!("../../templates/page/fill.js");

/// The style of the reports, then that of the page around them.
static STYLES: LazyLock<String> = LazyLock::new(|| format!("{}\n{STYLE}", styles()));

pub(super) fn routes() -> Routes {
    Router::new()
        .route(
            "/assets/page.css",
            get(|| async { view::answer(STYLES.clone().into_bytes(), "text/css; charset=utf-8") }),
        )
        .route(
            "/assets/page.js",
            get(|| async { view::answer(SCRIPT.into(), "text/javascript; charset=utf-8") }),
        )
        .route(
            "/assets/fill.js",
            get(|| async { view::answer(FILL.into(), "text/javascript; charset=utf-8") }),
        )
        .route(
            "/favicon.ico",
            get(|| async { view::answer(ICON.into(), "image/svg+xml") }),
        )
}

/// A sheet with a tick.
const ICON: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\">\
<rect x=\"2\" y=\"1\" width=\"12\" height=\"14\" rx=\"1.5\" fill=\"#1f4e79\"/>\
<path d=\"M5 8.5l2.2 2.2L11.5 6\" fill=\"none\" stroke=\"#fff\" stroke-width=\"1.6\"/></svg>\n";
