//! Text for a terminal: regressions first, the neutral ones counted unless all are asked for.

use anstyle::{AnsiColor, Color, Style as Ansi};

use super::model::{ChangeInfo, Changes, Compared, ItemSaid};
use crate::changes::{ChangeKind, Direction};
use crate::finding::Severity;
use crate::language::Language;
use crate::report::Style;
use crate::report::model::{Document, FindingInfo};
use crate::report::terminal::{bold, colour_of, dim, findings, labelled, paragraph};
use crate::text::show;

/// How many characters of an answer, remark or question are shown.
const SHOWN: usize = 120;
/// How many neutral changes of an item are shown before the rest is only counted.
const NEUTRAL: usize = 10;

pub(super) fn render(changes: &Changes, style: &Style) -> String {
    let mut page = Page {
        text: String::new(),
        changes,
        style,
        language: changes.language,
    };
    page.all();
    page.text
}

struct Page<'c> {
    text: String,
    changes: &'c Changes,
    style: &'c Style,
    language: Language,
}

impl Page<'_> {
    fn all(&mut self) {
        if let Some(profile) = &self.changes.profile {
            let label = self.language.label("profile");
            let line = format!("{label}: {} ({})", profile.title, profile.id);
            self.line(0, &line, bold());
            self.text.push('\n');
        }
        findings(
            &mut self.text,
            self.style,
            &self.changes.profile_findings,
            self.language,
        );
        for document in self
            .changes
            .documents
            .iter()
            .filter(|document| document.form.is_none())
        {
            self.unread(document);
        }
        for (at, compared) in self.changes.compared.iter().enumerate() {
            self.compared(at, compared);
        }
        if let Some(line) = self.together() {
            self.line(0, &line, bold());
        }
    }

    /// A file in which nothing could be compared, and why.
    fn unread(&mut self, document: &Document) {
        self.line(0, &document.file, bold());
        let line = self.language.label("not-recognised");
        self.line(2, &line, colour_of(Severity::Error));
        let findings: &[FindingInfo] = document.findings.as_deref().unwrap_or_default();
        for finding in findings {
            self.line(
                4,
                &format!("{} {}", finding.code, finding.message),
                Ansi::new(),
            );
            self.labelled("help", &finding.help);
        }
        self.text.push('\n');
    }

    fn compared(&mut self, at: usize, compared: &Compared) {
        for (key, document) in [("change-old", compared.old), ("change-new", compared.new)] {
            let Some(document) = document.map(|at| &self.changes.documents[at]) else {
                continue;
            };
            let line = format!("{}: {}", self.language.label(key), name(document));
            self.line(0, &line, bold());
            let about = about(document);
            if !about.is_empty() {
                self.line(4, &about, Ansi::new());
            }
        }
        for note in &compared.notes {
            self.line(2, &format!("! {note}"), colour_of(Severity::Warning));
        }
        if compared.old.is_none() || compared.new.is_none() {
            let line = self.language.label("change-alone");
            self.line(2, &line, colour_of(Severity::Warning));
            self.text.push('\n');
            return;
        }
        let all: Vec<&ChangeInfo> = self
            .changes
            .changes
            .iter()
            .filter(|change| change.pair == at)
            .collect();
        if all.is_empty() {
            self.text.push('\n');
            let line = self.language.label("change-none");
            self.line(2, &line, Ansi::new());
        }
        for direction in Direction::ALL {
            let of: Vec<&ChangeInfo> = all
                .iter()
                .copied()
                .filter(|change| change.direction == direction)
                .collect();
            if of.is_empty() {
                continue;
            }
            self.text.push('\n');
            let heading = self
                .language
                .label(&format!("direction-{}", direction.code()));
            let sign = sign(direction);
            self.line(
                2,
                &format!("{sign} {heading} ({})", of.len()),
                colour(direction),
            );
            let shown = match direction {
                Direction::Neutral if !self.style.verbose => NEUTRAL,
                Direction::Regressed | Direction::Improved | Direction::Neutral => of.len(),
            };
            for (at, change) in of.iter().take(shown).enumerate() {
                if at > 0 {
                    self.text.push('\n');
                }
                self.change(change);
            }
            if of.len() > shown {
                self.text.push('\n');
                let more = (of.len() - shown).to_string();
                let line = self.language.label_with("change-more", &[("count", &more)]);
                self.line(4, &line, dim());
            }
        }
        self.text.push('\n');
        let counts = [
            ("regressed", compared.counts.regressed.to_string()),
            ("improved", compared.counts.improved.to_string()),
            ("neutral", compared.counts.neutral.to_string()),
            ("unchanged", compared.counts.unchanged.to_string()),
        ];
        let counts = counts.each_ref().map(|(key, count)| (*key, count.as_str()));
        let line = self.language.label_with("change-counts", &counts);
        self.line(0, &line, bold());
        self.text.push('\n');
    }

    fn change(&mut self, change: &ChangeInfo) {
        let kind = self
            .language
            .label(&format!("change-kind-{}", change.kind.code()));
        let items = items(change);
        let level = change.level.map_or_else(String::new, |level| {
            format!(
                " [{}]",
                self.language.label(&format!("level-{}", level.code()))
            )
        });
        let head = [kind.as_str(), items.as_str(), &show(&change.title, SHOWN)]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        self.line(4, &format!("{head}{level}"), Ansi::new());
        for (key, said, of) in [
            ("change-old", &change.old, &change.old_items),
            ("change-new", &change.new, &change.new_items),
        ] {
            let said = said.as_deref().filter(|said| !said.is_empty());
            let mut text = said.map_or_else(|| "–".to_owned(), |said| show(said, SHOWN));
            if let Some(place) = of.first().and_then(|item| item.place.as_ref()) {
                text = format!("{text}  ({})", show(&place.words(self.language), 60));
            }
            self.labelled(key, &text);
            let remark = |item: &ItemSaid| item.remark.clone();
            if change.kind != ChangeKind::Remark
                && change.direction != Direction::Neutral
                && let [item] = of.as_slice()
                && let Some(remark) = remark(item)
            {
                self.labelled("remark", &show(&remark, SHOWN));
            }
        }
        if change.direction != Direction::Neutral || self.style.verbose {
            self.labelled("reason", &change.reason);
        }
    }

    /// The counts of all pairs, where there are several.
    fn together(&self) -> Option<String> {
        if self.changes.compared.len() < 2 {
            return None;
        }
        let sum = |of: fn(&Compared) -> usize| {
            self.changes
                .compared
                .iter()
                .map(of)
                .sum::<usize>()
                .to_string()
        };
        let counts = [
            ("regressed", sum(|compared| compared.counts.regressed)),
            ("improved", sum(|compared| compared.counts.improved)),
            ("neutral", sum(|compared| compared.counts.neutral)),
            ("unchanged", sum(|compared| compared.counts.unchanged)),
        ];
        let counts = counts.each_ref().map(|(key, count)| (*key, count.as_str()));
        let line = self.language.label_with("change-counts", &counts);
        Some(format!(
            "{}: {line}",
            self.language.label("change-together")
        ))
    }

    fn line(&mut self, indent: usize, text: &str, ansi: Ansi) {
        paragraph(&mut self.text, self.style, indent, text, ansi);
    }

    fn labelled(&mut self, key: &str, text: &str) {
        labelled(&mut self.text, self.style, &self.language.label(key), text);
    }
}

/// The file, and the sheet where the disclosure stands on one.
fn name(document: &Document) -> String {
    match &document.sheet {
        Some(sheet) => format!("{} [{}]", document.file, show(sheet, 40)),
        None => document.file.clone(),
    }
}

/// Form and head in one line.
fn about(document: &Document) -> String {
    let form = document.form.as_ref();
    let form = form.map(|form| format!("{} {}", form.id, form.edition).trim().to_owned());
    let header = document.header.as_ref();
    let parts = header.map(|header| {
        [
            &header.manufacturer,
            &header.product,
            &header.model,
            &header.version,
            &header.date,
        ]
    });
    let parts = parts.into_iter().flatten().flatten();
    let parts = parts.map(|part| show(part, 40));
    form.into_iter()
        .chain(parts)
        .collect::<Vec<_>>()
        .join(" / ")
}

/// The numbers of the items: `39.4`, or `AUTH-1 → 14.1` where they differ.
pub(super) fn items(change: &ChangeInfo) -> String {
    let numbers = |items: &[ItemSaid]| {
        let numbers: Vec<&str> = items.iter().map(|item| item.number.as_str()).collect();
        numbers.join(", ")
    };
    let (old, new) = (numbers(&change.old_items), numbers(&change.new_items));
    match (old.as_str(), new.as_str()) {
        (same, other) if same == other => old,
        ("", _) => new,
        (_, "") => old,
        (old, new) => format!("{old} → {new}"),
    }
}

/// The sign beside a direction, so that colour is never alone.
pub(super) fn sign(direction: Direction) -> &'static str {
    match direction {
        Direction::Regressed => "▼",
        Direction::Improved => "▲",
        Direction::Neutral => "・",
    }
}

fn colour(direction: Direction) -> Ansi {
    let colour = match direction {
        Direction::Regressed => AnsiColor::Red,
        Direction::Improved => AnsiColor::Green,
        Direction::Neutral => AnsiColor::Cyan,
    };
    Ansi::new().bold().fg_color(Some(Color::Ansi(colour)))
}
