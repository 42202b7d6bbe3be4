//! Text for a terminal: the ranking first, then where the bids differ, then what to ask.

use anstyle::{AnsiColor, Color, Style as Ansi};

use super::model::{BidInfo, Bids, HoldInfo, HoldKind, Row};
use crate::assess::Verdict;
use crate::finding::Severity;
use crate::language::Language;
use crate::profile::Level;
use crate::report::model::{Document, FindingInfo, PlaceInfo};
use crate::report::terminal::{bold, colour_of, dim, labelled, paragraph, verdict_colour};
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
        let unread: Vec<&Document> = self
            .bids
            .documents
            .iter()
            .filter(|d| d.form.is_none())
            .collect();
        for document in unread {
            self.unread(document);
        }
        if !self.bids.bids.is_empty() {
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
                let failed = bid.failed_musts.join(", ");
                let count = bid.failed_musts.len().to_string();
                let line = self
                    .language
                    .label_with("compare-failed", &[("count", &count), ("names", &failed)]);
                self.line(6, &line, verdict_colour(Verdict::Unmet));
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
            let line = hold_line(step, self.bids);
            self.line(2, &line, Ansi::new());
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
                    .map(PlaceInfo::label)
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
                .label_with("compare-questions", &[("name", &name(bid))]);
            self.line(0, &format!("{}. {heading}", letter(at)), bold());
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

/// What a bid is called in tables: A, B … Z, A1 …
pub(super) fn letter(at: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(at % 26).expect("below 26"));
    match at / 26 {
        0 => letter.to_string(),
        round => format!("{letter}{round}"),
    }
}

/// The product, or the file where none is named.
pub(super) fn name(bid: &BidInfo) -> String {
    show(bid.product.as_deref().unwrap_or(&bid.file), 40)
}

/// The file, with the sheet where the disclosure stands on one.
pub(super) fn file(bid: &BidInfo) -> String {
    match &bid.sheet {
        Some(sheet) => format!("{} [{sheet}]", bid.file),
        None => bid.file.clone(),
    }
}

pub(super) fn rank_of(bid: &BidInfo, language: Language) -> String {
    match bid.rank {
        Some(rank) => language.label_with("compare-rank", &[("rank", &rank.to_string())]),
        None => language.label("compare-unqualified"),
    }
}

pub(super) fn score_of(score: Option<f64>) -> String {
    score.map_or_else(|| "–".to_owned(), |score| format!("{score:.1}"))
}

/// Whether the order of two bids holds, in words.
pub(super) fn hold_line(step: &HoldInfo, bids: &Bids) -> String {
    let key = match step.holds {
        HoldKind::Tie => "hold-tie",
        HoldKind::Holds => "hold-holds",
        HoldKind::TurnsByOne => "hold-turns-by-one",
        HoldKind::TurnsTogether => "hold-turns-together",
        HoldKind::Unknown => "hold-unknown",
    };
    let of = |at: usize| format!("{}. {}", letter(at), name(&bids.bids[at]));
    let by = step.turned_by.join(", ");
    let (above, below) = (of(step.above), of(step.below));
    let values = [
        ("above", above.as_str()),
        ("below", below.as_str()),
        ("by", by.as_str()),
    ];
    bids.language.label_with(key, &values)
}

fn colour(bid: &BidInfo) -> Ansi {
    let colour = match bid.rank {
        Some(1) => AnsiColor::Green,
        Some(_) => AnsiColor::Cyan,
        None => AnsiColor::Red,
    };
    Ansi::new().bold().fg_color(Some(Color::Ansi(colour)))
}
