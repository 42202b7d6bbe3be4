//! Text for a terminal: what a clerk works from, file by file, counts last.
//!
//! Widths are those of a terminal, where a full-width character takes two columns. Vendor text comes
//! in shortened and with control characters shown, so that it cannot be a terminal escape.

use anstyle::Style as Ansi;

use super::model::{
    Document, FindingInfo, Kind, PlaceInfo, Report, ResultInfo, ReturnedInfo, Role,
};
use super::terminal::{self, bold, colour_of, dim, verdict_colour};
use super::{Style, words};
use crate::answer::Answer;
use crate::assess::Verdict;
use crate::finding::Severity;
use crate::form::FormSource;
use crate::language::Language;
use crate::profile::Level;
use crate::text::{harmless, show};

/// How many findings of one kind are shown before the rest is only counted.
const SHOWN_OF_A_KIND: usize = 20;
/// How many findings of one kind are shown with what to do; the others are a line each, since what to do is the same.
const WHOLE_OF_A_KIND: usize = 3;
/// The same for notes, which are style rather than mistakes.
const NOTES_OF_A_KIND: usize = 3;
/// How many characters of a vendor's remark are shown.
const REMARK: usize = 120;

pub(super) fn render(report: &Report, style: &Style) -> String {
    let mut text = head(report, style);
    for file in report.documents.chunk_by(|one, next| one.file == next.file) {
        text.push_str(&part(report, file, style));
    }
    let unrecognised = |document: &&Document| document.form.is_none();
    let unrecognised = report.documents.iter().filter(unrecognised).count();
    text + &tail(report, unrecognised, style)
}

/// What stands before the documents.
pub(super) fn head(report: &Report, style: &Style) -> String {
    let mut page = Page::new(report, style);
    page.profile();
    page.text
}

/// The documents of one file.
pub(super) fn part(report: &Report, documents: &[Document], style: &Style) -> String {
    let mut page = Page::new(report, style);
    page.file(documents);
    page.text
}

/// What stands after the documents, of which in so many files none was recognised.
pub(super) fn tail(report: &Report, unrecognised: usize, style: &Style) -> String {
    let mut page = Page::new(report, style);
    page.end(unrecognised);
    page.text
}

struct Page<'r> {
    text: String,
    report: &'r Report,
    style: &'r Style,
    language: Language,
}

impl<'r> Page<'r> {
    fn new(report: &'r Report, style: &'r Style) -> Self {
        Self {
            text: String::new(),
            report,
            style,
            language: report.language,
        }
    }

    fn label(&self, key: &str) -> String {
        self.language.label(key)
    }

    fn profile(&mut self) {
        if let Some(profile) = &self.report.profile {
            let date = self.report.date.as_deref().unwrap_or_default();
            // A facility file names it itself, further down.
            if let (Some(facility), None) = (&profile.facility, &self.report.facility) {
                let line = format!("{}: {}", self.label("cover-facility"), show(facility, 60));
                self.paragraph(0, &line, bold());
            }
            let line = format!(
                "{}: {} ({})",
                self.label("profile"),
                profile.title,
                profile.id
            );
            self.paragraph(0, &line, bold());
            self.paragraph(2, &format!("{}: {date}", self.label("date")), Ansi::new());
            if let Some(facility) = &self.report.facility {
                let (name, file) = (show(&facility.name, 60), show(&facility.file, REMARK));
                let line = format!("{}: {name} ({file})", self.label("facility-file"));
                self.paragraph(2, &line, Ansi::new());
            }
            self.text.push('\n');
        }
    }

    fn file(&mut self, documents: &[Document]) {
        for (at, document) in documents.iter().enumerate() {
            if at == 0 {
                self.paragraph(0, &harmless(&document.file), bold().underline());
                self.sheets(document);
            }
            self.document(document);
            self.text.push('\n');
        }
    }

    fn end(&mut self, unrecognised: usize) {
        if !self.report.profile_findings.is_empty() {
            let heading = self.label("profile-findings");
            self.paragraph(0, &heading, bold());
            self.findings(&self.report.profile_findings);
            self.text.push('\n');
        }
        super::register::human(&mut self.text, self.report, self.style);
        self.totals(unrecognised);
    }

    /// Sheets that were not read, each with the reason: nothing is passed over silently.
    fn sheets(&mut self, document: &Document) {
        for sheet in document
            .sheets
            .iter()
            .filter(|sheet| sheet.role == Role::Ignored)
        {
            let line = format!("- {}: {}", show(&sheet.name, 40), sheet.reason);
            self.paragraph(2, &line, dim());
        }
    }

    fn document(&mut self, document: &Document) {
        let Some(form) = &document.form else {
            let line = self.label("not-recognised");
            self.paragraph(2, &line, colour_of(Severity::Error));
            self.findings(document.findings.as_deref().unwrap_or_default());
            return;
        };
        let sheet = document.sheet.as_deref().map_or_else(String::new, |sheet| {
            format!("{}「{}」 ", self.label("sheet"), show(sheet, 40))
        });
        let sheet = if self.language == Language::En {
            sheet.replace(['「', '」'], "\"")
        } else {
            sheet
        };
        let edition = if form.edition.is_empty() {
            String::new()
        } else {
            format!(" {}", form.edition)
        };
        let source = self.label(&format!("source-{}", form.source.code()));
        self.paragraph(
            2,
            &format!(
                "{sheet}{}: {}{edition} ({source})",
                self.label("form"),
                form.id
            ),
            bold(),
        );
        if form.source != FormSource::Given || self.style.verbose {
            self.paragraph(4, &form.provenance, dim());
        }
        if let Some(header) = &document.header {
            let parts = [
                &header.manufacturer,
                &header.product,
                &header.model,
                &header.version,
                &header.date,
            ];
            let parts: Vec<String> = parts
                .into_iter()
                .flatten()
                .map(|part| show(part, 40))
                .collect();
            if !parts.is_empty() {
                self.paragraph(4, &parts.join(" / "), Ansi::new());
            }
        }
        self.system(document);
        if let Some(counts) = &document.counts {
            let unclear = (counts.conflicting + counts.unknown).to_string();
            let values = [
                ("items", counts.items.to_string()),
                ("answered", counts.answered.to_string()),
                ("unanswered", counts.unanswered.to_string()),
                ("unclear", unclear),
                ("missing", counts.missing.to_string()),
                ("yes", counts.yes.to_string()),
                ("no", counts.no.to_string()),
                ("na", counts.na.to_string()),
                ("see_note", counts.see_note.to_string()),
            ];
            let values: Vec<(&str, &str)> = values
                .iter()
                .map(|(key, value)| (*key, value.as_str()))
                .collect();
            for key in ["counts-line", "answers-line"] {
                let line = self.language.label_with(key, &values);
                self.paragraph(4, &line, Ansi::new());
            }
        }
        if let Some(returned) = &document.returned {
            self.returned(returned);
        }
        if let Some(findings) = &document.findings {
            // Sheets not read stand above, with their reasons.
            let shown: Vec<&FindingInfo> = findings
                .iter()
                .filter(|finding| !["sheet-ignored", "finding-returned"].contains(&&*finding.name))
                .collect();
            if shown.is_empty() && self.report.schema != Kind::Diff {
                let line = self.label("no-findings");
                self.paragraph(4, &line, verdict_colour(Verdict::Met));
            }
            self.findings(shown);
        }
        if let Some(results) = &document.results {
            self.results(results, document);
        }
    }

    /// The system it is of, and the facts on which requirements were judged or left out.
    fn system(&mut self, document: &Document) {
        if let Some(system) = self.report.system_of(document) {
            self.labelled("system-in-use", &show(&system, REMARK));
        }
        if !document.facts.is_empty() {
            let facts: Vec<&str> = document.facts.iter().map(|fact| &*fact.text).collect();
            self.labelled("facts-used", &facts.join(" / "));
        }
    }

    /// What came of the findings that were listed when the sheet was sent back.
    fn returned(&mut self, returned: &ReturnedInfo) {
        const SHOWN: usize = 20;
        let (listed, mended) = (returned.listed.to_string(), returned.mended.to_string());
        let open = returned.open.len().to_string();
        let values = [("listed", &*listed), ("mended", &*mended), ("open", &*open)];
        let line = self.language.label_with("returned-line", &values);
        let colour = match returned.open.is_empty() {
            true => verdict_colour(Verdict::Met),
            false => colour_of(Severity::Warning),
        };
        self.text.push('\n');
        self.paragraph(4, &line, colour);
        for open in returned.open.iter().take(SHOWN) {
            self.paragraph(6, &words::still_open(open, self.language), Ansi::new());
        }
        if returned.open.len() > SHOWN {
            let more = (returned.open.len() - SHOWN).to_string();
            let line = self.language.label_with("more-places", &[("count", &more)]);
            self.paragraph(6, &line, dim());
        }
    }

    fn findings<'f>(&mut self, findings: impl IntoIterator<Item = &'f FindingInfo>) {
        let findings: Vec<&FindingInfo> = findings.into_iter().collect();
        for severity in [Severity::Error, Severity::Warning, Severity::Note] {
            let of_severity: Vec<&FindingInfo> = findings
                .iter()
                .copied()
                .filter(|finding| finding.severity == severity)
                .collect();
            let mut kinds: Vec<(&str, usize)> = Vec::new();
            for finding in &of_severity {
                let seen = match kinds.iter_mut().find(|(code, _)| *code == finding.code) {
                    Some((_, seen)) => {
                        *seen += 1;
                        *seen
                    }
                    None => {
                        kinds.push((&finding.code, 1));
                        1
                    }
                };
                if self.style.verbose || seen <= WHOLE_OF_A_KIND.min(cap(severity)) {
                    self.text.push('\n');
                    self.finding(finding);
                } else if seen <= cap(severity) {
                    if seen == WHOLE_OF_A_KIND + 1 {
                        self.text.push('\n');
                    }
                    self.brief(finding);
                }
            }
            for (code, seen) in kinds {
                if !self.style.verbose && seen > WHOLE_OF_A_KIND && seen <= cap(severity) {
                    let line = self.language.label("brief-line");
                    self.paragraph(4, &format!("{code}: {line}"), dim());
                }
                if !self.style.verbose && seen > cap(severity) {
                    let more = (seen - cap(severity)).to_string();
                    let line = self.language.label_with("more-line", &[("count", &more)]);
                    self.paragraph(4, &format!("{code}: {line}"), dim());
                }
            }
        }
    }

    /// Severity, place and code of a finding, in one line.
    fn heading(&self, finding: &FindingInfo) -> String {
        let place = finding
            .place
            .as_ref()
            .map(PlaceInfo::label)
            .unwrap_or_default();
        let severity = self.label(&format!("severity-{}", finding.severity));
        let head = format!("{severity} {} {}", show(&place, 60), finding.code);
        head.replace("  ", " ").trim_end().to_owned()
    }

    /// One more finding of a kind that has been told in full.
    fn brief(&mut self, finding: &FindingInfo) {
        let line = format!("{} {}", self.heading(finding), finding.message);
        self.paragraph(2, &line, Ansi::new());
    }

    fn finding(&mut self, finding: &FindingInfo) {
        let head = self.heading(finding);
        let item = finding.item.as_ref().map_or_else(String::new, |item| {
            format!(" {} {item}", self.label("item"))
        });
        self.paragraph(2, &format!("{head}{item}"), colour_of(finding.severity));
        self.paragraph(4, &finding.message, Ansi::new());
        if let Some(found) = finding
            .found
            .as_deref()
            .filter(|_| !finding.expected.is_empty())
        {
            self.labelled("found", &show(found, REMARK));
        }
        if !finding.expected.is_empty() {
            let expected: Vec<String> = finding
                .expected
                .iter()
                .take(12)
                .map(|word| show(word, 60))
                .collect();
            let label = words::expected(&finding.name, self.language);
            self.said(&label, &expected.join(" / "));
        }
        if finding.severity != Severity::Note || self.style.verbose {
            self.labelled("help", &finding.help);
        }
    }

    fn results(&mut self, results: &[ResultInfo], document: &Document) {
        for verdict in [Verdict::Unmet, Verdict::Undecided, Verdict::Waived] {
            for level in Level::ALL {
                for result in results
                    .iter()
                    .filter(|result| result.verdict == verdict && result.level == level)
                {
                    self.result(result);
                }
            }
        }
        for result in results.iter().filter(|result| result.planned) {
            self.result(result);
        }
        if self.style.verbose {
            let rest = |result: &&ResultInfo| {
                matches!(result.verdict, Verdict::Met | Verdict::NotApplicable) && !result.planned
            };
            for result in results.iter().filter(rest) {
                self.result(result);
            }
        }
        self.risks(results);
        self.text.push('\n');
        for level in Level::ALL {
            let Some(verdicts) = document
                .verdicts
                .as_ref()
                .and_then(|all| all.get(level.code()))
            else {
                continue;
            };
            let count = |verdict: Verdict| {
                verdicts
                    .get(verdict.code())
                    .copied()
                    .unwrap_or(0)
                    .to_string()
            };
            let values = [
                ("level", self.label(&format!("level-{}", level.code()))),
                ("met", count(Verdict::Met)),
                ("unmet", count(Verdict::Unmet)),
                ("undecided", count(Verdict::Undecided)),
                ("waived", count(Verdict::Waived)),
                ("not_applicable", count(Verdict::NotApplicable)),
            ];
            let values: Vec<(&str, &str)> = values
                .iter()
                .map(|(key, value)| (*key, value.as_str()))
                .collect();
            let line = self.language.label_with("verdict-line", &values);
            self.paragraph(4, &line, Ansi::new());
        }
        let qualified = !results.iter().any(ResultInfo::is_open_must);
        let line = self.label(if qualified {
            "qualified-yes"
        } else {
            "qualified-no"
        });
        self.paragraph(
            4,
            &line,
            if qualified {
                verdict_colour(Verdict::Met)
            } else {
                verdict_colour(Verdict::Unmet)
            },
        );
    }

    fn result(&mut self, result: &ResultInfo) {
        self.text.push('\n');
        let verdict = self.label(&format!("verdict-{}", result.verdict.code()));
        let planned = if result.planned {
            format!(" ({})", self.label("planned"))
        } else {
            String::new()
        };
        let level = self.label(&format!("level-{}", result.level.code()));
        let place = result.place.as_ref().map_or_else(String::new, |place| {
            format!(" {}", show(&place.label(), 60))
        });
        let item = result.item.as_ref().map_or_else(String::new, |item| {
            format!(" {} {item}", self.label("item"))
        });
        self.paragraph(
            2,
            &format!("{verdict}{planned} [{level}]{place}{item}"),
            verdict_colour(result.verdict),
        );
        self.paragraph(
            4,
            &format!("{} ({})", result.title, result.requirement),
            Ansi::new(),
        );
        let word = |answer: &Answer| answer.word(self.language).to_owned();
        let answer = result
            .answer
            .as_ref()
            .map(word)
            .or_else(|| result.written.as_deref().map(|text| show(text, 60)));
        let accepted: Vec<String> = result.accepted.iter().map(word).collect();
        let answer = answer.unwrap_or_else(|| "–".to_owned());
        let line = format!(
            "{answer}  ({}: {})",
            self.label("accepted"),
            accepted.join(" / ")
        );
        self.labelled("answer", &line);
        if let Some(remark) = &result.remark {
            self.labelled("remark", &show(remark, REMARK));
        }
        self.labelled("reason", &result.reason);
        if let Some(percent) = result.doubt_percent() {
            let line = self
                .language
                .label_with("confidence", &[("percent", &percent.to_string())]);
            self.paragraph(6, &line, Ansi::new());
            if self.style.verbose && !result.because.is_empty() {
                let words = result.because.join(" + ");
                let line = self
                    .language
                    .label_with("match-words", &[("words", &words)]);
                self.paragraph(6, &line, Ansi::new());
            }
        }
        if let Some(waiver) = &result.waiver {
            let values = [
                ("until", waiver.until.as_str()),
                ("approver", waiver.approver.as_str()),
                ("reason", waiver.reason.as_str()),
            ];
            let line = self.language.label_with("waiver-line", &values);
            self.labelled("waiver", &line);
            if let Some(compensating) = &waiver.compensating {
                self.labelled("compensating", compensating);
            }
        }
        if self.style.verbose {
            self.labelled("purpose", &result.purpose);
            self.labelled("rule-applied", &result.rule);
            let references: Vec<&str> = result.clauses().collect();
            if !references.is_empty() {
                self.labelled("references", &references.join(" / "));
            }
            if let Some(question) = &result.question {
                self.labelled("to-ask", question);
            }
        }
    }

    fn risks(&mut self, results: &[ResultInfo]) {
        let risks: Vec<&ResultInfo> = results.iter().filter(|result| result.assess_risk).collect();
        if risks.is_empty() {
            return;
        }
        self.text.push('\n');
        let heading = format!("{}: {}", self.label("risks"), risks.len());
        self.paragraph(2, &heading, bold());
        for result in risks {
            let item = result.item.as_deref().unwrap_or_default();
            self.paragraph(4, &format!("- {item} {}", result.title), Ansi::new());
        }
    }

    fn totals(&mut self, unreadable: usize) {
        let Some(summary) = &self.report.summary else {
            return;
        };
        let also = match unreadable {
            0 => String::new(),
            count => self
                .language
                .label_with("unreadable-part", &[("count", &count.to_string())]),
        };
        let values = [
            ("documents", (summary.documents - unreadable).to_string()),
            ("unreadable", also),
            ("errors", summary.errors.to_string()),
            ("warnings", summary.warnings.to_string()),
            ("notes", summary.notes.to_string()),
        ];
        let values: Vec<(&str, &str)> = values
            .iter()
            .map(|(key, value)| (*key, value.as_str()))
            .collect();
        let line = self.language.label_with("total-line", &values);
        self.paragraph(0, &line, bold());
    }

    /// A label and a text, the text hanging behind the label.
    fn labelled(&mut self, key: &str, text: &str) {
        self.said(&self.label(key), text);
    }

    fn said(&mut self, label: &str, text: &str) {
        terminal::labelled(&mut self.text, self.style, label, text);
    }

    fn paragraph(&mut self, indent: usize, text: &str, ansi: Ansi) {
        terminal::paragraph(&mut self.text, self.style, indent, text, ansi);
    }
}

fn cap(severity: Severity) -> usize {
    match severity {
        Severity::Error | Severity::Warning => SHOWN_OF_A_KIND,
        Severity::Note => NOTES_OF_A_KIND,
    }
}
