//! What a register says, for a terminal.

use anstyle::{AnsiColor, Color, Style as Ansi};

use super::model::{
    AddedInfo, AssessmentInfo, EventInfo, FileInfo, Records, SheetInfo, StepInfo, SystemInfo,
    VendorInfo,
};
use crate::changes::Direction;
use crate::language::Language;
use crate::report::Style;
use crate::report::terminal::{bold, dim, labelled, paragraph};
use crate::text::show;

/// Changes of a step that are shown before the rest is only counted.
const CHANGES: usize = 10;
/// Files of a batch that are shown in full.
const ADDED: usize = 20;

pub(super) fn render(records: &Records, style: &Style) -> String {
    let mut page = Page {
        out: String::new(),
        records,
        style,
        language: records.language,
    };
    page.head();
    if let Some(added) = &records.added {
        page.added(added);
    }
    // A list tells how many there are; where there is none, each is told in full.
    let full = records.total.is_none();
    for system in records.systems.iter().flatten() {
        page.system(system, full);
    }
    for vendor in records.vendors.iter().flatten() {
        page.vendor(vendor);
    }
    for file in records.files.iter().flatten() {
        page.file(file);
    }
    for event in records.events.iter().flatten() {
        page.event(event);
    }
    for step in records.steps.iter().flatten() {
        page.step(step);
    }
    page.problems();
    page.rest();
    page.out
}

struct Page<'p> {
    out: String,
    records: &'p Records,
    style: &'p Style,
    language: Language,
}

impl Page<'_> {
    fn label(&self, key: &str) -> String {
        self.language.label(key)
    }

    fn with(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.language.label_with(key, values)
    }

    fn line(&mut self, indent: usize, text: &str, ansi: Ansi) {
        paragraph(&mut self.out, self.style, indent, text, ansi);
    }

    fn named(&mut self, key: &str, text: &str) {
        let label = self.label(key);
        labelled(&mut self.out, self.style, &label, text);
    }

    fn head(&mut self) {
        let entries = self.records.entries.to_string();
        let values = [
            ("register", &*self.records.register),
            ("entries", &*entries),
            ("date", &*self.records.date),
        ];
        let head = self.with("register-head", &values);
        self.line(0, &head, bold());
        if let Some(statuses) = &self.records.statuses {
            let counts: Vec<String> = crate::register::Status::ALL
                .into_iter()
                .filter_map(|status| {
                    let count = statuses.get(status.code())?;
                    Some(format!(
                        "{} {count}",
                        status_word(status.code(), self.language)
                    ))
                })
                .collect();
            if !counts.is_empty() {
                self.line(2, &counts.join(&self.label("register-joint")), Ansi::new());
            }
        }
        self.out.push('\n');
    }

    fn added(&mut self, added: &[AddedInfo]) {
        let count = |became: &str| added.iter().filter(|one| one.became == became).count();
        let kinds = [
            "recorded",
            "unassigned",
            "assigned",
            "known",
            "too-large",
            "unread",
            "left-out",
        ];
        let counts: Vec<String> = kinds
            .into_iter()
            .filter(|kind| count(kind) > 0)
            .map(|kind| {
                format!(
                    "{} {}",
                    self.label(&format!("register-became-{kind}")),
                    count(kind)
                )
            })
            .collect();
        self.line(0, &counts.join(&self.label("register-joint")), bold());
        let shown = if self.style.verbose {
            added.len()
        } else {
            ADDED
        };
        // What somebody has to look at goes first.
        let urgent = |one: &&AddedInfo| !["recorded", "known"].contains(&one.became.as_str());
        let rest = added.iter().filter(|one| !urgent(one));
        let all: Vec<&AddedInfo> = added.iter().filter(urgent).chain(rest).collect();
        for one in all.iter().take(shown) {
            self.added_one(one);
        }
        self.more(all.len().saturating_sub(shown) as u64);
    }

    fn added_one(&mut self, one: &AddedInfo) {
        let word = self.label(&format!("register-became-{}", one.became));
        let mut text = format!("{word}: {}", show(&one.name, 120));
        if !one.systems.is_empty() && one.became != "unassigned" {
            text.push_str(&format!(" → {}", one.systems.join(", ")));
        }
        if one.errors > 0 {
            let errors = one.errors.to_string();
            text.push_str(&self.with("register-with-errors", &[("errors", &errors)]));
        }
        let tone = match one.became.as_str() {
            "recorded" | "assigned" => Ansi::new(),
            "known" | "left-out" => dim(),
            _ => colour(AnsiColor::Yellow),
        };
        self.line(2, &text, tone);
        if let Some(remark) = &one.remark {
            self.line(6, remark, Ansi::new());
        }
    }

    fn system(&mut self, system: &SystemInfo, full: bool) {
        let word = status_word(&system.status, self.language);
        let mut head = format!(
            "{} {word}  {} {}",
            light(&system.status),
            system.id,
            show(&system.name, 60)
        );
        if !system.in_use {
            head.push_str(&self.label("register-not-in-use"));
        }
        self.line(0, &head, tone(&system.status));
        let product = system.product.as_deref().map(|text| show(text, 60));
        let vendor = system.vendor_name.as_deref().map(|text| show(text, 60));
        let errors = (system.errors > 0).then(|| system.errors.to_string());
        let mut parts: Vec<String> = product.into_iter().chain(vendor).collect();
        let mut add = |key: &str, text: Option<&String>| {
            if let Some(text) = text {
                parts.push(format!("{} {text}", self.language.label(key)));
            }
        };
        add("register-due", system.due.as_ref());
        add("register-received-on", system.received.as_ref());
        add("register-disclosed-on", system.disclosed.as_ref());
        add("register-errors", errors.as_ref());
        if !parts.is_empty() {
            self.line(4, &parts.join(" / "), Ansi::new());
        }
        if full {
            self.said_of(system);
            self.out.push('\n');
        }
    }

    fn said_of(&mut self, system: &SystemInfo) {
        if let Some(decision) = &system.decision {
            let word = self.label(&format!("register-decision-{}", decision.decision));
            let text = format!(
                "{word} ({} {}) {}",
                time(&decision.at),
                decision.by,
                decision.why
            );
            self.named("register-decision", &text);
            for exception in &decision.exceptions {
                self.line(6, &format!("- {exception}"), Ansi::new());
            }
        }
        if let Some(assessment) = &system.assessment {
            let text = self.assessment(assessment);
            self.named("register-assessment", &text);
        }
    }

    fn assessment(&self, assessment: &AssessmentInfo) -> String {
        let key = if assessment.qualified {
            "register-qualified"
        } else {
            "register-unqualified"
        };
        let hash: String = assessment.sha256.chars().take(12).collect();
        let open = assessment.verdicts.get("must").map_or(0, |verdicts| {
            let number = |verdict: &str| verdicts.get(verdict).copied().unwrap_or(0);
            number("unmet") + number("undecided")
        });
        let values = [
            ("profile", &*assessment.profile),
            ("hash", &*hash),
            ("day", &*assessment.day),
            ("open", &*open.to_string()),
            ("waivers", &*assessment.waivers.to_string()),
        ];
        self.with(key, &values)
    }

    fn vendor(&mut self, vendor: &VendorInfo) {
        let counts: Vec<String> = vendor
            .statuses
            .iter()
            .map(|(status, count)| format!("{} {count}", status_word(status, self.language)))
            .collect();
        self.line(
            0,
            &format!("{} {}", vendor.id, show(&vendor.name, 80)),
            bold(),
        );
        if !counts.is_empty() {
            self.line(4, &counts.join(&self.label("register-joint")), Ansi::new());
        }
        if let Some(contact) = &vendor.contact {
            self.named("register-contact", &show(contact, 200));
        }
    }

    fn file(&mut self, file: &FileInfo) {
        let head = format!("#{} {}", file.entry, show(&file.name, 100));
        let ansi = if file.readable {
            bold()
        } else {
            colour(AnsiColor::Red)
        };
        self.line(0, &head, ansi);
        let (errors, warnings) = (file.errors.to_string(), file.warnings.to_string());
        let values = [
            ("at", &*time(&file.at)),
            ("by", &*file.by),
            ("errors", &*errors),
            ("warnings", &*warnings),
        ];
        let line = self.with("register-file-line", &values);
        self.line(4, &line, Ansi::new());
        if self.style.verbose {
            self.line(4, &format!("SHA-256 {}", file.sha256), dim());
        }
        if file.disclosures.is_empty() {
            let text = self.label("register-no-disclosure");
            self.line(
                4,
                &format!("{text} {}", file.systems.join(", ")),
                Ansi::new(),
            );
        }
        for sheet in &file.disclosures {
            self.sheet(sheet);
        }
    }

    fn sheet(&mut self, sheet: &SheetInfo) {
        let names = [
            &sheet.manufacturer,
            &sheet.product,
            &sheet.version,
            &sheet.date,
        ];
        let names: Vec<String> = names
            .into_iter()
            .flatten()
            .map(|text| show(text, 60))
            .collect();
        let counts = format!(
            "{} {} ({}/{})",
            sheet.form, sheet.edition, sheet.answered, sheet.items
        );
        self.line(
            4,
            &format!("- {} / {counts}", names.join(" / ")),
            Ansi::new(),
        );
        let systems: Vec<String> = sheet
            .systems
            .iter()
            .map(|system| {
                if sheet.counts_for.contains(system) {
                    self.with("register-counts-for", &[("system", system)])
                } else {
                    self.with("register-superseded-for", &[("system", system)])
                }
            })
            .collect();
        let text = if systems.is_empty() {
            self.label("register-of-no-system")
        } else {
            systems.join(&self.label("register-joint"))
        };
        self.line(6, &text, Ansi::new());
    }

    fn event(&mut self, event: &EventInfo) {
        self.line(
            0,
            &format!("#{} {} {}", event.entry, time(&event.at), event.by),
            dim(),
        );
        self.line(4, &event.text, Ansi::new());
    }

    fn step(&mut self, step: &StepInfo) {
        self.out.push('\n');
        let (old, new) = (format!("#{}", step.old), format!("#{}", step.new));
        let values = [
            ("old", &*format!("{old} {}", show(&step.old_name, 60))),
            ("new", &*format!("{new} {}", show(&step.new_name, 60))),
        ];
        let head = self.with("register-step", &values);
        self.line(0, &head, bold());
        let number = |number: u64| number.to_string();
        let values = [
            ("regressed", &*number(step.regressed)),
            ("improved", &*number(step.improved)),
            ("neutral", &*number(step.neutral)),
            ("unchanged", &*number(step.unchanged)),
        ];
        let counts = self.with("register-step-counts", &values);
        self.line(2, &counts, Ansi::new());
        for remark in &step.remarks {
            self.line(4, remark, Ansi::new());
        }
        let shown = if self.style.verbose {
            step.changes.len()
        } else {
            CHANGES
        };
        for change in step.changes.iter().take(shown) {
            let (mark, ansi) = match change.direction {
                Direction::Regressed => ("▼", colour(AnsiColor::Red)),
                Direction::Improved => ("▲", colour(AnsiColor::Green)),
                Direction::Neutral => ("・", Ansi::new()),
            };
            let said = |text: &Option<String>| show(text.as_deref().unwrap_or("–"), 60);
            let item = change.item.as_deref().unwrap_or_default();
            let text = format!(
                "{mark} {item} {}: {} → {}",
                show(&change.title, 60),
                said(&change.old),
                said(&change.new)
            );
            self.line(4, &text, ansi);
        }
        self.more(step.changes.len().saturating_sub(shown) as u64);
    }

    fn problems(&mut self) {
        let Some(problems) = &self.records.problems else {
            return;
        };
        if problems.is_empty() {
            let sound = self.label("register-sound");
            self.line(0, &sound, colour(AnsiColor::Green));
        } else {
            let count = problems.len().to_string();
            let head = self.with("register-not-sound", &[("count", &count)]);
            self.line(0, &head, colour(AnsiColor::Red));
        }
        for problem in problems {
            self.line(2, &format!("- {}", problem.text), Ansi::new());
        }
        let head = self.with("register-write-down", &[("head", &self.records.head)]);
        self.line(0, &head, Ansi::new());
    }

    /// What is on other pages is counted.
    fn rest(&mut self) {
        let records = self.records;
        let shown = records.systems.as_ref().map_or(0, Vec::len)
            + records.files.as_ref().map_or(0, Vec::len)
            + records.problems.as_ref().map_or(0, Vec::len);
        if let Some(total) = records.total {
            if total == 0 {
                let none = self.label("register-nothing-found");
                self.line(0, &none, Ansi::new());
            }
            self.more(total.saturating_sub(shown as u64));
        }
    }

    fn more(&mut self, more: u64) {
        if more > 0 {
            let text = self.with("register-more", &[("count", &more.to_string())]);
            self.line(2, &text, dim());
        }
    }
}

/// The word of a status.
pub(super) fn status_word(code: &str, language: Language) -> String {
    language.label(&format!("register-status-{code}"))
}

/// A time without seconds and offset: the day and the hour that the clock there showed.
pub(super) fn time(at: &str) -> String {
    at.chars().take(16).collect::<String>().replace('T', " ")
}

/// A mark that says without colour how urgent a status is.
fn light(status: &str) -> &'static str {
    match status {
        "overdue" | "missing" => "×",
        "asked" | "due" | "sent-back" => "△",
        "received" | "checked" => "▷",
        _ => "○",
    }
}

fn tone(status: &str) -> Ansi {
    match status {
        "overdue" | "missing" => colour(AnsiColor::Red),
        "asked" | "due" | "sent-back" => colour(AnsiColor::Yellow),
        "received" | "checked" => colour(AnsiColor::Cyan),
        _ => colour(AnsiColor::Green),
    }
}

fn colour(colour: AnsiColor) -> Ansi {
    Ansi::new().bold().fg_color(Some(Color::Ansi(colour)))
}
