//! HTML and Markdown: what a vendor writes is text, and a user's own template is kept within bounds.

use kaijisho::report::model::Kind;
use kaijisho::report::{Format, Style, render};
use kaijisho::{Error, Language};

use crate::inputs::{all_reports, hostile, plain, report, text};

#[test]
fn html_has_no_script_and_no_outside_resource() {
    for report in all_reports() {
        let html = text(report, Format::Html);
        let policy = "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"";
        assert!(html.contains(policy));
        let small = html.to_lowercase();
        for bad in [
            "<script",
            "<img",
            "<iframe",
            "<object",
            "<link",
            "src=x onerror=alert(1)>",
            " src=\"",
            "url(",
            "@import",
            "javascript:",
        ] {
            assert!(!small.contains(bad), "{bad} in {:?}", report.schema);
        }
        assert_eq!(small.find("=\"http"), None, "an attribute with an address");
        for (at, _) in html.match_indices("href=\"") {
            assert!(html[at + 6..].starts_with('#'), "{}", &html[at..at + 30]);
        }
        for tag in ["td", "tr", "table", "section", "details", "li"] {
            let opened = html.matches(&format!("<{tag}>")).count()
                + html.matches(&format!("<{tag} ")).count();
            assert_eq!(opened, html.matches(&format!("</{tag}>")).count(), "{tag}");
        }
        let name = &report.documents[0].file;
        assert!(html.contains(name.as_str()));
        assert!(
            !html.contains("none</") && !html.contains("undefined"),
            "a missing value is printed"
        );
    }
}

#[test]
fn html_shows_hostile_text_as_text() {
    let html = text(
        &report(Kind::Report, &[hostile()], None, Language::Ja),
        Format::Html,
    );
    assert!(html.contains("&lt;script&gt;alert(1)&lt;"));
    assert!(html.contains("⟨U+202E⟩fdp.exe"));
    assert!(html.contains("{{ report }}{% raw %}"));
}

#[test]
fn markdown_tables_keep_their_columns() {
    for report in all_reports() {
        let markdown = text(report, Format::Markdown);
        let mut columns = None;
        for line in markdown.lines() {
            if !line.starts_with('|') {
                columns = None;
                continue;
            }
            let mut escaped = false;
            let mut pipes = 0;
            for c in line.chars() {
                pipes += usize::from(c == '|' && !escaped);
                escaped = c == '\\' && !escaped;
            }
            assert_eq!(*columns.get_or_insert(pipes), pipes, "{line}");
        }
        for bad in ["<script", "<img", "](http", "<td"] {
            assert!(!markdown.contains(bad), "{bad}");
        }
    }
}

#[test]
fn a_template_that_fails_says_where() {
    let report = report(Kind::Report, &[plain()], None, Language::Ja);
    let endless =
        "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}";
    let deep = "{% macro again(n) %}{{ again(n + 1) }}{% endmacro %}\n{{ again(0) }}";
    for (template, expected) in [
        ("one\n{{ report.tool.nothing }}", "line 2"),
        ("one\ntwo\n{% if %}", "line 3"),
        ("{{ t[\"no-such-label\"] }}", "undefined"),
        ("{% include \"/etc/hostname\" %}", "include"),
        (endless, "fuel"),
        (deep, "recursion"),
    ] {
        for format in [Format::Html, Format::Markdown] {
            let style = Style {
                template: Some(template.to_owned()),
                ..Style::default()
            };
            match render(&report, format, &style) {
                Err(Error::Template { name, detail }) => {
                    assert!(name.starts_with("report."));
                    assert!(detail.contains(expected), "{template}: {detail}");
                }
                other => panic!("{template}: {other:?}"),
            }
        }
    }
}

#[test]
fn a_users_template_is_escaped_by_its_format() {
    let report = report(Kind::Report, &[hostile()], None, Language::Ja);
    let of = |format, template: &str| {
        let style = Style {
            template: Some(template.to_owned()),
            ..Style::default()
        };
        String::from_utf8(render(&report, format, &style).unwrap()).unwrap()
    };
    let first = "{{ report.documents[0][\"items\"][0].remark }}";
    assert_eq!(
        of(Format::Html, first),
        "&lt;script&gt;alert(1)&lt;&#x2f;script&gt;\n"
    );
    let safe = "{{ report.documents[0][\"items\"][0].remark | md }}";
    assert_eq!(
        of(Format::Markdown, safe),
        "&lt;script&gt;alert\\(1\\)&lt;/script&gt;\n"
    );
}
