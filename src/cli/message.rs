//! Errors told on standard error, in the language asked for.

use std::path::Path;

use kaijisho::report::model::{FindingInfo, finding_info};
use kaijisho::{Error, Language, Localised, fold};

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
    if let Error::Read { path, source } = error
        && let Some(advice) = advice(path, source)
    {
        let (help, advice) = (language.label("help"), advice.text(language));
        text.push_str(&format!("  {help}: {advice}\n"));
    }
    if let Error::Invalid { name, findings } = error {
        for finding in findings {
            text.push_str(&mistake(name, &finding_info(finding, language), language));
        }
    }
    output::complain(&wrapped(&text, width));
}

/// Lines no wider than the terminal, what goes on indented.
///
/// An id such as `auth.two-factor` stays on one line, so that it can be copied.
pub(super) fn wrapped(text: &str, width: usize) -> String {
    wrapped_at(text, width, 4)
}

/// The same, with what goes on behind so many columns.
pub(super) fn wrapped_at(text: &str, width: usize, indent: usize) -> String {
    /// A hyphen behind which no line ends; one that stands in the text comes back as a plain one.
    const UNBROKEN: &str = "\u{2011}";
    let indent = " ".repeat(indent);
    let options = textwrap::Options::new(width).subsequent_indent(&indent);
    text.lines()
        .map(|line| {
            let line = line.replace('-', UNBROKEN);
            textwrap::fill(&line, &options).replace(UNBROKEN, "-") + "\n"
        })
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
                ("detail", &io_of_writing(source, language)),
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
        Error::NotLearned { name, reason }
        | Error::NotFilled { name, reason }
        | Error::NotReturned { name, reason } => {
            format!("{name}: {}", reason.text(language))
        }
        Error::Register { path, reason } => {
            format!("{}: {}", path.display(), reason.text(language))
        }
        Error::Template { name, detail } => {
            label("error-template", &[("name", name), ("detail", detail)])
        }
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
            label("error-too-long", &values)
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
        std::io::ErrorKind::Unsupported => "io-not-a-file",
        std::io::ErrorKind::ResourceBusy => "io-changed",
        std::io::ErrorKind::FileTooLarge => "io-too-large",
        std::io::ErrorKind::NotADirectory => "io-not-a-folder",
        std::io::ErrorKind::InvalidFilename => "io-bad-name",
        _ => return error.to_string(),
    };
    language.label(key)
}

/// The same of a file that is written: what is missing is its folder, what is refused is often open.
pub(super) fn io_of_writing(error: &std::io::Error, language: Language) -> String {
    let open_elsewhere = cfg!(windows) && matches!(error.raw_os_error(), Some(32 | 33));
    match error.kind() {
        std::io::ErrorKind::NotFound => language.label("io-no-folder"),
        std::io::ErrorKind::PermissionDenied => language.label("io-not-writable"),
        std::io::ErrorKind::ReadOnlyFilesystem => language.label("io-read-only"),
        std::io::ErrorKind::StorageFull => language.label("io-full"),
        std::io::ErrorKind::QuotaExceeded | std::io::ErrorKind::FileTooLarge => {
            language.label("io-quota")
        }
        std::io::ErrorKind::InvalidInput => language.label("io-no-name"),
        _ if open_elsewhere => language.label("io-not-writable"),
        _ => io(error, language),
    }
}

/// What to do about a file that the system does not give, where that is known.
pub(super) fn advice(path: &Path, error: &std::io::Error) -> Option<Localised> {
    let key = match error.kind() {
        std::io::ErrorKind::NotFound => "advice-not-found",
        std::io::ErrorKind::PermissionDenied => "advice-permission",
        std::io::ErrorKind::Unsupported => "advice-not-a-file",
        std::io::ErrorKind::ResourceBusy => "advice-changed",
        std::io::ErrorKind::IsADirectory => "advice-directory",
        _ => return None,
    };
    let mut advice = both(key, &[]);
    let similar = similar(path);
    if error.kind() == std::io::ErrorKind::NotFound && !similar.is_empty() {
        let names = similar.join(", ");
        let more = both("advice-similar", &[("names", &names)]);
        advice = Localised {
            ja: format!("{}。{}", more.ja, advice.ja),
            en: format!("{}. {}", more.en, advice.en),
        };
    }
    Some(advice)
}

fn both(key: &str, values: &[(&str, &str)]) -> Localised {
    Localised {
        ja: Language::Ja.label_with(key, values),
        en: Language::En.label_with(key, values),
    }
}

/// Files beside the one named that differ in ending, width, case or spaces only.
fn similar(path: &Path) -> Vec<String> {
    const LOOKED_AT: usize = 2000;
    const NAMED: usize = 3;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    let stem = |path: &Path| path.file_stem().map(|stem| fold(&stem.to_string_lossy()));
    let (Some(asked), Ok(entries)) = (stem(path), std::fs::read_dir(folder)) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .take(LOOKED_AT)
        .flatten()
        .filter(|entry| stem(&entry.path()).as_ref() == Some(&asked))
        .map(|entry| kaijisho::show(&entry.file_name().to_string_lossy(), 80))
        .collect();
    names.sort();
    names.truncate(NAMED);
    names
}
