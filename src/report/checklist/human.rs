//! Text for a terminal: the items, then who has not sent a disclosure, then what is left to do.

use anstyle::{AnsiColor, Color, Style as Ansi};

use super::model::{CellInfo, ChecklistReport, ConfirmedInfo, ItemLine};
use super::table::{evidence, number, reason, title};
use crate::checklist::Status;
use crate::finding::Severity;
use crate::report::model::FindingInfo;
use crate::report::terminal::{bold, colour_of, dim, labelled, paragraph};
use crate::report::{Style, words};
use crate::text::show;

/// Things left to do that are listed without `-v`.
const LISTED: usize = 40;

pub(super) fn render(report: &ChecklistReport, style: &Style) -> String {
    let mut page = Page {
        text: String::new(),
        report,
        style,
    };
    page.head();
    page.unread();
    for item in &report.items {
        page.item(item);
    }
    page.text.push('\n');
    page.not_sent();
    page.todo();
    page.unmatched();
    page.findings();
    page.text
}

struct Page<'p> {
    text: String,
    report: &'p ChecklistReport,
    style: &'p Style,
}

impl Page<'_> {
    fn head(&mut self) {
        let report = self.report;
        self.line(0, &report.year.title, bold());
        let facility = &report.facility.name;
        let line = format!(
            "{facility}　{}: {}",
            self.label("checklist-judged-on"),
            report.date
        );
        self.line(2, &line, Ansi::new());
        let counts: Vec<String> = Status::ALL
            .into_iter()
            .map(|status| {
                let word = self.label(&format!("status-{}", status.code()));
                format!("{word} {}", report.summary.of(status))
            })
            .collect();
        self.line(2, &counts.join("　"), bold());
        self.text.push('\n');
        for note in &report.notes {
            self.line(0, &format!("! {note}"), dim());
        }
        self.text.push('\n');
    }

    fn unread(&mut self) {
        for document in self.report.documents.iter().filter(|d| d.form.is_none()) {
            self.line(0, &document.file, bold());
            let line = self.label("not-recognised");
            self.line(2, &line, colour_of(Severity::Error));
            for finding in document.findings.iter().flatten() {
                self.finding(finding);
            }
            self.text.push('\n');
        }
    }

    fn item(&mut self, item: &ItemLine) {
        let language = self.report.language;
        let line = format!(
            "{} {}  {}  {}",
            sign(item.whole.status),
            self.label(&format!("status-{}", item.whole.status.code())),
            number(item, language),
            title(item, language)
        );
        self.line(0, &line, colour(item.whole.status));
        self.cell(&item.whole, 5);
        for cell in &item.systems {
            // The rest is said for the whole, and stands in the reports with its evidence.
            let worth_telling = cell.status == Status::No || cell.disputed;
            if !self.style.verbose && (!worth_telling || cell.why == item.whole.why) {
                continue;
            }
            let Some(system) = cell.system else { continue };
            let name = show(&self.report.systems[system].name, 40);
            let status = self.label(&format!("status-{}", cell.status.code()));
            let line = format!("{} {status}  {name}", sign(cell.status));
            self.line(5, &line, Ansi::new());
            self.cell(cell, 9);
        }
    }

    fn cell(&mut self, cell: &CellInfo, indent: usize) {
        let language = self.report.language;
        let mut about = reason(cell, language);
        for part in self.dates(cell) {
            about.push_str(" / ");
            about.push_str(&part);
        }
        self.line(indent, &about, dim());
        let all = evidence(self.report, cell);
        if self.style.verbose {
            for line in &all {
                self.line(indent, &format!("- {}", show(line, 200)), dim());
            }
        } else if !all.is_empty() {
            let count = all.len().to_string();
            let values = [("count", count.as_str())];
            let line = language.label_with("checklist-evidence-count", &values);
            self.line(indent, &line, dim());
        }
    }

    fn dates(&self, cell: &CellInfo) -> Vec<String> {
        let confirmed = |key: &str, one: &ConfirmedInfo| {
            let answer = one.answer.word(self.report.language);
            format!("{}: {answer} {}", self.label(key), one.date)
        };
        let first = cell
            .first
            .as_ref()
            .map(|one| confirmed("checklist-first", one));
        let target = cell.target.as_ref();
        let target = target.map(|target| format!("{}: {target}", self.label("checklist-target")));
        let second = cell
            .second
            .as_ref()
            .map(|one| confirmed("checklist-second", one));
        [first, target, second].into_iter().flatten().collect()
    }

    fn not_sent(&mut self) {
        let waiting: Vec<_> = self
            .report
            .vendors
            .iter()
            .filter(|vendor| !vendor.not_sent.is_empty())
            .collect();
        if waiting.is_empty() {
            return;
        }
        self.heading("checklist-not-sent", waiting.len());
        for vendor in waiting {
            let systems: Vec<String> = vendor
                .not_sent
                .iter()
                .map(|at| show(&self.report.systems[*at].name, 40))
                .collect();
            let contact = vendor.contact.as_deref().unwrap_or("");
            let line = format!("{}: {}", show(&vendor.name, 60), systems.join(", "));
            self.line(2, &line, Ansi::new());
            if !contact.is_empty() {
                self.line(6, &show(contact, 120), dim());
            }
        }
        self.text.push('\n');
    }

    fn todo(&mut self) {
        let todo = &self.report.todo;
        if todo.is_empty() {
            return;
        }
        self.heading("checklist-todo", todo.len());
        let listed = if self.style.verbose {
            todo.len()
        } else {
            LISTED
        };
        for one in todo.iter().take(listed) {
            let kind = self.label(&format!("todo-{}", one.kind.code()));
            let system = one
                .system
                .map(|at| format!(" {}", show(&self.report.systems[at].name, 40)))
                .unwrap_or_default();
            self.line(2, &format!("[{kind}]{system}: {}", one.text), Ansi::new());
        }
        if todo.len() > listed {
            let count = (todo.len() - listed).to_string();
            let line = self
                .report
                .language
                .label_with("checklist-more-lines", &[("count", &count)]);
            self.line(2, &line, dim());
        }
        self.text.push('\n');
    }

    fn unmatched(&mut self) {
        let unmatched = &self.report.unmatched;
        if unmatched.is_empty() {
            return;
        }
        self.heading("checklist-unmatched", unmatched.len());
        for at in unmatched {
            let document = &self.report.documents[*at];
            let name = words::name(document);
            let file = words::file_and_sheet(document);
            self.line(2, &format!("{name} ({file})"), Ansi::new());
        }
        let help = self.label("checklist-unmatched-help");
        self.line(2, &help, dim());
        self.text.push('\n');
    }

    fn findings(&mut self) {
        if self.report.findings.is_empty() {
            return;
        }
        self.heading("checklist-findings", self.report.findings.len());
        for finding in &self.report.findings {
            self.finding(finding);
        }
    }

    fn finding(&mut self, finding: &FindingInfo) {
        let place = words::place(finding.place.as_ref());
        let line = format!("{} {place} {}", finding.code, finding.message);
        self.line(2, &line, colour_of(finding.severity));
        let help = self.label("help");
        labelled(&mut self.text, self.style, &help, &finding.help);
    }

    fn heading(&mut self, key: &str, count: usize) {
        let heading = self.label(key);
        self.line(0, &format!("{heading} ({count})"), bold().underline());
    }

    fn label(&self, key: &str) -> String {
        self.report.language.label(key)
    }

    fn line(&mut self, indent: usize, text: &str, ansi: Ansi) {
        paragraph(&mut self.text, self.style, indent, text, ansi);
    }
}

/// The sign that stands beside the word, so that colour is never alone.
fn sign(status: Status) -> &'static str {
    match status {
        Status::Yes => "○",
        Status::No => "×",
        Status::Check => "△",
        Status::Open => "？",
        Status::NotNeeded => "－",
    }
}

fn colour(status: Status) -> Ansi {
    let colour = match status {
        Status::Yes => AnsiColor::Green,
        Status::No => AnsiColor::Red,
        Status::Check => AnsiColor::Yellow,
        Status::Open => AnsiColor::Magenta,
        Status::NotNeeded => AnsiColor::Cyan,
    };
    Ansi::new().bold().fg_color(Some(Color::Ansi(colour)))
}
