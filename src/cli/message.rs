//! Errors told on standard error, in the language asked for.

use kaijisho::report::model::{FindingInfo, finding_info};
use kaijisho::{Error, Language};

use super::output;

/// Tells an error; mistakes in a profile or form file come one by one, with line and column.
pub(super) fn error(error: &Error, language: Language, width: usize) {
    tell(error, "severity-error", language, width);
}

/// Tells of a form file of the user's own that cannot be read; the work goes on without it.
pub(super) fn left_out(error: &Error, language: Language, width: usize) {
    tell(error, "severity-warning", language, width);
}

fn tell(error: &Error, severity: &str, language: Language, width: usize) {
    let mut text = format!("{}: {}\n", language.label(severity), told(error, language));
    if let Error::Invalid { name, findings } = error {
        for finding in findings {
            text.push_str(&mistake(name, &finding_info(finding, language), language));
        }
    }
    output::complain(&wrapped(&text, width));
}

/// Lines no wider than the terminal, what goes on indented.
pub(super) fn wrapped(text: &str, width: usize) -> String {
    let options = textwrap::Options::new(width).subsequent_indent("    ");
    text.lines()
        .map(|line| textwrap::fill(line, &options) + "\n")
        .collect()
}

/// One mistake: place, code, what is wrong, what to do.
pub(super) fn mistake(name: &str, finding: &FindingInfo, language: Language) -> String {
    let place = finding
        .place
        .as_ref()
        .map(|place| format!(":{}", place.label()))
        .unwrap_or_default();
    let severity = language.label(&format!("severity-{}", finding.severity));
    format!(
        "  {name}{place} {severity} {} {}\n    {}\n    {}: {}\n",
        finding.code,
        finding.name,
        finding.message,
        language.label("help"),
        finding.help
    )
}

/// What an error says, in one line or a few.
pub(super) fn told(error: &Error, language: Language) -> String {
    if language == Language::En {
        return error.to_string();
    }
    let label = |key: &str, values: &[(&str, &str)]| language.label_with(key, values);
    match error {
        Error::Read { path, source } => label(
            "error-read",
            &[
                ("path", &path.display().to_string()),
                ("detail", &io(source, language)),
            ],
        ),
        Error::Write { path, source } => label(
            "error-write",
            &[
                ("path", &path.display().to_string()),
                ("detail", &io(source, language)),
            ],
        ),
        Error::Exists { path } => label("error-exists", &[("path", &path.display().to_string())]),
        Error::UnknownForm { name, known } => label(
            "error-unknown-form",
            &[("name", name), ("known", &known.join("、"))],
        ),
        Error::UnknownProfile { name, known } => label(
            "error-unknown-profile",
            &[("name", name), ("known", &known.join("、"))],
        ),
        Error::Invalid { name, findings } => label(
            "error-invalid",
            &[("name", name), ("count", &findings.len().to_string())],
        ),
        Error::NotLearned { name, reason } => format!("{name}: {}", reason.text(language)),
        Error::Template { name, detail } => {
            label("error-template", &[("name", name), ("detail", detail)])
        }
        Error::Format(detail) => label("error-format", &[("detail", detail)]),
        Error::Usage(detail) => detail.clone(),
    }
}

/// What the system said, in plain words where it is one of the usual things.
pub(super) fn io(error: &std::io::Error, language: Language) -> String {
    let key = match error.kind() {
        std::io::ErrorKind::NotFound => "io-not-found",
        std::io::ErrorKind::PermissionDenied => "io-permission",
        std::io::ErrorKind::IsADirectory => "io-directory",
        std::io::ErrorKind::InvalidData => "io-not-utf8",
        _ => return error.to_string(),
    };
    language.label(key)
}
