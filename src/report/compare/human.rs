//! Text for a terminal: the ranking first, then where the bids differ, then what to ask.

use anstyle::{AnsiColor, Color, Style as Ansi};

use super::model::{BidInfo, Bids, Row};
use super::words::{file, is_open, letter, lettered, name, rank_of, score_of};
use crate::assess::Verdict;
use crate::finding::Severity;
use crate::language::Language;
use crate::profile::Level;
use crate::report::model::{Document, FindingInfo};
use crate::report::terminal::{
    bold, colour_of, dim, findings, labelled, paragraph, verdict_colour,
};
use crate::report::{Style, words};
use crate::text::show;

/// How many characters of a remark or question are shown.
const SHOWN: usize = 120;

pub(super) fn render(bids: &Bids, style: &Style) -> String {
    let mut page = Page {
        text: String::new(),
        bids,
        style,
        language: bids.language,
    };
    page.all();
    page.text
}

struct Page<'b> {
    text: String,
    bids: &'b Bids,
    style: &'b Style,
    language: Language,
}

impl Page<'_> {
    fn all(&mut self) {
        let profile = &self.bids.profile;
        let line = format!(
            "{}: {} ({})",
            self.label("profile"),
            profile.title,
            profile.id
        );
        self.line(0, &line, bold());
        self.line(
            2,
            &format!("{}: {}", self.label("date"), self.bids.date),
            Ansi::new(),
        );
        self.text.push('\n');
        for note in &self.bids.notes {
            self.line(0, &format!("! {note}"), colour_of(Severity::Warning));
        }
        if !self.bids.notes.is_empty() {
            self.text.push('\n');
        }
        let unread: Vec<&Document> = self
            .bids
            .documents
            .iter()
            .filter(|d| d.form.is_none())
            .collect();
        for document in unread {
            self.unread(document);
        }
        self.profile();
        if !self.bids.bids.is_empty() {
            self.conclusion();
            self.ranking();
            self.steps();
            self.matrix();
            self.questions();
            self.formula();
        }
    }

    fn unread(&mut self, document: &Document) {
        self.line(0, &document.file, bold());
        let line = self.label("not-recognised");
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

    /// What is to be said about the profile itself.
    fn profile(&mut self) {
        findings(
            &mut self.text,
            self.style,
            &self.bids.profile_findings,
            self.language,
        );
    }

    fn conclusion(&mut self) {
        let heading = self.label("compare-conclusion");
        self.line(0, &heading, bold().underline());
        for line in &self.bids.conclusion {
            self.line(2, line, Ansi::new());
        }
        self.text.push('\n');
    }

    fn ranking(&mut self) {
        let heading = self.label("compare-ranking");
        self.line(0, &heading, bold().underline());
        for (at, bid) in self.bids.bids.iter().enumerate() {
            let rank = rank_of(bid, self.language);
            let score = score_of(bid.score);
            let values = [
                ("points", bid.points.to_string()),
                ("of", bid.of.to_string()),
            ];
            let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
            let points = self.language.label_with("compare-points", &values);
            let line = format!("{}. {rank}  {score}  {points}  {}", letter(at), name(bid));
            self.line(2, &line, colour(bid));
            let about = [&bid.manufacturer, &bid.version]
                .into_iter()
                .flatten()
                .map(|part| show(part, 40))
                .chain([show(&file(bid), 60)]);
            self.line(6, &about.collect::<Vec<_>>().join(" / "), dim());
            if !bid.failed_musts.is_empty() {
                let count = bid.failed.len().to_string();
                let line = self
                    .language
                    .label_with("compare-failed", &[("count", &count)]);
                self.line(6, &line, verdict_colour(Verdict::Unmet));
                for must in &bid.failed {
                    let sign = words::verdict_sign(must.verdict);
                    let verdict = words::verdict(must.verdict, self.language);
                    let line = format!("{sign} {verdict}  {}", show(&must.title, SHOWN));
                    self.line(8, &line, verdict_colour(must.verdict));
                }
            }
        }
        self.text.push('\n');
    }

    fn steps(&mut self) {
        if self.bids.sensitivity.is_empty() {
            return;
        }
        let heading = self.label("compare-sensitivity");
        self.line(0, &heading, bold());
        for step in &self.bids.sensitivity {
            self.line(2, &step.words, Ansi::new());
        }
        self.text.push('\n');
    }

    fn matrix(&mut self) {
        let rows: Vec<&Row> = self
            .bids
            .matrix
            .iter()
            .filter(|row| row.differs || (self.style.verbose && !self.bids.only_differences))
            .collect();
        let heading = self.label("compare-differences");
        self.line(
            0,
            &format!("{heading} ({})", rows.len()),
            bold().underline(),
        );
        if rows.is_empty() {
            let line = self.label("compare-none-differ");
            self.line(2, &line, Ansi::new());
        }
        for row in rows {
            self.text.push('\n');
            let level = words::level(row.level, self.language);
            let weight = self
                .language
                .label_with("compare-weight", &[("weight", &row.weight.to_string())]);
            let line = format!("[{level}] {} ({}, {weight})", row.title, row.requirement);
            self.line(2, &line, bold());
            for cell in &row.verdicts {
                let bid = &self.bids.bids[cell.bid];
                let verdict = words::verdict(cell.verdict, self.language);
                let sign = words::verdict_sign(cell.verdict);
                let answer = cell
                    .answer
                    .map(|answer| answer.word(self.language).to_owned())
                    .or_else(|| cell.written.as_deref().map(|written| show(written, 30)))
                    .unwrap_or_else(|| "–".to_owned());
                let place = cell
                    .place
                    .as_ref()
                    .map(|place| place.words(self.language))
                    .unwrap_or_default();
                let planned = if cell.planned {
                    format!(" ({})", self.label("planned"))
                } else {
                    String::new()
                };
                let line = format!(
                    "{}. {sign} {verdict}{planned}  {}  {answer}  {}",
                    letter(cell.bid),
                    name(bid),
                    show(&place, 40)
                );
                self.line(4, line.trim_end(), verdict_colour(cell.verdict));
                if let Some(remark) = &cell.remark {
                    self.line(9, &show(remark, SHOWN), dim());
                }
            }
        }
        self.text.push('\n');
    }

    fn questions(&mut self) {
        for (at, bid) in self.bids.bids.iter().enumerate() {
            let asked: Vec<_> = bid
                .questions
                .iter()
                .filter(|asked| asked.level != Level::Info || self.style.verbose)
                .collect();
            if asked.is_empty() {
                continue;
            }
            let heading = self
                .language
                .label_with("compare-questions", &[("name", &lettered(at, bid))]);
            self.line(0, &heading, bold());
            for asked in asked {
                self.line(2, &format!("- {}", asked.question), Ansi::new());
            }
            self.text.push('\n');
        }
    }

    fn formula(&mut self) {
        let heading = self.label("compare-formula");
        self.line(0, &heading, bold());
        for line in &self.bids.formula {
            self.line(2, &format!("- {line}"), dim());
        }
    }

    fn label(&self, key: &str) -> String {
        self.language.label(key)
    }

    fn line(&mut self, indent: usize, text: &str, ansi: Ansi) {
        paragraph(&mut self.text, self.style, indent, text, ansi);
    }

    fn labelled(&mut self, key: &str, text: &str) {
        labelled(&mut self.text, self.style, &self.language.label(key), text);
    }
}

fn colour(bid: &BidInfo) -> Ansi {
    let colour = match bid.rank {
        Some(1) => AnsiColor::Green,
        Some(_) => AnsiColor::Cyan,
        None if is_open(bid) => AnsiColor::Yellow,
        None => AnsiColor::Red,
    };
    Ansi::new().bold().fg_color(Some(Color::Ansi(colour)))
}
