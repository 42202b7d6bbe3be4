//! The figures of the summary: what its tiles and badges say, apart from how they are laid out.

use super::look::Tone;
use crate::assess::Verdict;
use crate::finding::Severity;
use crate::form::FormSource;
use crate::language::Language;
use crate::profile::Level;
use crate::report::model::{Document, Report};

/// A number with its meaning, for one look.
pub(super) struct Tile {
    pub(super) label: String,
    pub(super) value: String,
    pub(super) tone: Option<Tone>,
}

/// The numbers that matter; a nought is good news only if everything could be judged.
pub(super) fn tiles(report: &Report) -> Vec<Tile> {
    let language = report.language;
    let total = report.documents.len();
    let unread = report
        .documents
        .iter()
        .filter(|document| document.form.is_none())
        .count();
    let tile = |key: &str, sign: &str, value: usize, tone: Tone, known: bool| Tile {
        label: language.label(key),
        value: match (value, known) {
            (0, true) => "○ 0".to_owned(),
            (0, false) => "－".to_owned(),
            (value, _) => format!("{sign} {value}"),
        },
        tone: match (value, known) {
            (0, true) => Some(Tone::Good),
            (0, false) => None,
            (_, _) => Some(tone),
        },
    };
    let mut tiles = vec![Tile {
        label: language.label("tile-documents"),
        value: total.to_string(),
        tone: None,
    }];
    if unread > 0 {
        tiles.push(tile("tile-unread", "×", unread, Tone::Bad, true));
    }
    let checked = report
        .documents
        .iter()
        .all(|document| document.findings.is_some());
    if checked {
        let count = |severity| report.documents.iter().map(|d| found(d, severity)).sum();
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        tiles.push(tile("tile-errors", "×", errors, Tone::Bad, unread == 0));
        tiles.push(tile(
            "tile-warnings",
            "！",
            warnings,
            Tone::Care,
            unread == 0,
        ));
    }
    if report.profile.is_some() {
        let judged: Vec<&Document> = report
            .documents
            .iter()
            .filter(|document| document.results.is_some())
            .collect();
        let known = judged.len() == total;
        let of_must = |verdict| {
            judged
                .iter()
                .map(|d| verdicts(d, Level::Must, verdict))
                .sum()
        };
        if total > 1 {
            let qualified = judged
                .iter()
                .filter(|document| is_qualified(document))
                .count();
            let tone = match qualified {
                all if all == total => Tone::Good,
                0 => Tone::Bad,
                _ => Tone::Care,
            };
            tiles.push(Tile {
                label: language.label("tile-qualified"),
                value: match language {
                    Language::Ja => format!("{qualified}{}", counted(language, "of-total", total)),
                    Language::En => format!("{qualified} {}", counted(language, "of-total", total)),
                },
                tone: Some(tone),
            });
        }
        let unmet = of_must(Verdict::Unmet);
        let undecided = of_must(Verdict::Undecided);
        let risks = judged.iter().map(|document| risks(document)).sum();
        tiles.push(tile("tile-unmet", "×", unmet, Tone::Bad, known));
        tiles.push(tile("tile-undecided", "？", undecided, Tone::Care, known));
        tiles.push(tile("tile-risks", "！", risks, Tone::Care, known));
    }
    tiles
}

/// How a sheet is filled in, in words.
pub(super) fn soundness(document: &Document, language: Language) -> (Tone, String) {
    let errors = found(document, Severity::Error);
    let warnings = found(document, Severity::Warning);
    match &document.form {
        None => (Tone::Bad, format!("× {}", language.label("not-recognised"))),
        Some(_) if document.findings.is_none() => (Tone::Quiet, "－".to_owned()),
        Some(_) if errors > 0 => (
            Tone::Bad,
            format!("× {}", counted(language, "sound-errors", errors)),
        ),
        Some(_) if warnings > 0 => (
            Tone::Care,
            format!("！ {}", counted(language, "sound-warnings", warnings)),
        ),
        Some(form) if form.source == FormSource::Derived => {
            (Tone::Note, format!("ⓘ {}", language.label("sound-derived")))
        }
        Some(_) => (Tone::Good, format!("○ {}", language.label("sound-yes"))),
    }
}

/// Whether the must requirements are met, in words.
pub(super) fn musts(document: &Document, language: Language) -> (Tone, String) {
    let of = |verdict| verdicts(document, Level::Must, verdict);
    let (unmet, undecided, waived) = (
        of(Verdict::Unmet),
        of(Verdict::Undecided),
        of(Verdict::Waived),
    );
    let total = unmet + undecided + waived + of(Verdict::Met) + of(Verdict::NotApplicable);
    if document.results.is_none() {
        return (
            Tone::Care,
            format!("？ {}", language.label("must-unjudged")),
        );
    }
    match (total, unmet, undecided, waived) {
        (0, _, _, _) => (Tone::Quiet, format!("－ {}", language.label("must-none"))),
        (_, 0, 0, 0) => (
            Tone::Good,
            format!("○ {}", counted(language, "must-met", total)),
        ),
        (_, 0, 0, waived) => {
            let text = counted(language, "must-waived", total);
            let text = text.replace("{waived}", &waived.to_string());
            (Tone::Good, format!("○ {text}"))
        }
        (_, 0, undecided, _) => (
            Tone::Care,
            format!("？ {}", counted(language, "must-undecided", undecided)),
        ),
        (_, unmet, 0, _) => (
            Tone::Bad,
            format!("× {}", counted(language, "must-unmet", unmet)),
        ),
        (_, unmet, undecided, _) => {
            let text = counted(language, "must-open", undecided);
            let text = text.replace("{unmet}", &unmet.to_string());
            (Tone::Bad, format!("× {text}"))
        }
    }
}

/// A label with its `{count}` filled in.
pub(super) fn counted(language: Language, key: &str, count: usize) -> String {
    language.label_with(key, &[("count", &count.to_string())])
}

/// How many results of a level have a verdict.
pub(super) fn verdicts(document: &Document, level: Level, verdict: Verdict) -> usize {
    let results = document.results.iter().flatten();
    results
        .filter(|result| result.level == level && result.verdict == verdict)
        .count()
}

fn found(document: &Document, severity: Severity) -> usize {
    let findings = document.findings.iter().flatten();
    findings
        .filter(|finding| finding.severity == severity)
        .count()
}

fn risks(document: &Document) -> usize {
    let results = document.results.iter().flatten();
    results.filter(|result| result.assess_risk).count()
}

fn is_qualified(document: &Document) -> bool {
    verdicts(document, Level::Must, Verdict::Unmet)
        + verdicts(document, Level::Must, Verdict::Undecided)
        == 0
}
