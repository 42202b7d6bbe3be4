//! Lines of a terminal: wrapped by the rules of line breaking, coloured where asked.
//!
//! Widths are those of a terminal, where a full-width character takes two columns. Every text leaves here
//! harmless: none can be a terminal escape, and colours are added afterwards.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Color, Style as Ansi};
use unicode_width::UnicodeWidthStr;

use super::Style;
use super::model::FindingInfo;
use super::words::severity_sign;
use crate::assess::Verdict;
use crate::finding::Severity;
use crate::language::Language;
use crate::text::{harmless, show};

/// Adds a label and a text, the text hanging behind the label.
pub(super) fn labelled(out: &mut String, style: &Style, label: &str, text: &str) {
    let first = format!("    {label}: ");
    let hang = " ".repeat(6);
    let width = style.width.max(24);
    let options = textwrap::Options::new(width)
        .initial_indent(&first)
        .subsequent_indent(&hang)
        .line_ending(textwrap::LineEnding::LF);
    let room = width.saturating_sub(UnicodeWidthStr::width(first.as_str()));
    out.push_str(&fill(text, options, room));
    out.push('\n');
}

/// Adds a paragraph, its further lines hanging.
pub(crate) fn paragraph(out: &mut String, style: &Style, indent: usize, text: &str, ansi: Ansi) {
    let indent = " ".repeat(indent);
    let hang = format!("{indent}  ");
    let width = style.width.max(24);
    let options = textwrap::Options::new(width)
        .initial_indent(&indent)
        .subsequent_indent(&hang)
        .line_ending(textwrap::LineEnding::LF);
    let wrapped = fill(text, options, width.saturating_sub(hang.len()));
    if style.colour && ansi != Ansi::new() {
        for line in wrapped.lines() {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{}{line}{}", ansi.render(), ansi.render_reset());
        }
    } else {
        out.push_str(&wrapped);
        out.push('\n');
    }
}

/// Adds the findings about a profile under a heading, each with its place and what to do; nothing where there are none.
pub(super) fn findings(
    out: &mut String,
    style: &Style,
    findings: &[FindingInfo],
    language: Language,
) {
    if findings.is_empty() {
        return;
    }
    paragraph(out, style, 0, &language.label("profile-findings"), bold());
    for finding in findings {
        let place = finding.place.as_ref().map(|place| place.words(language));
        let sign = severity_sign(finding.severity);
        let place = place.map_or_else(String::new, |place| format!(" ({})", show(&place, 60)));
        let line = format!("{sign} {} {}{place}", finding.code, finding.message);
        paragraph(out, style, 2, &line, colour_of(finding.severity));
        labelled(out, style, &language.label("help"), &finding.help);
    }
    out.push('\n');
}

/// Wraps by the rules of line breaking; a single word wider than the line is cut at its letters.
fn fill(text: &str, options: textwrap::Options<'_>, narrowest: usize) -> String {
    let options = options
        .word_separator(textwrap::WordSeparator::Custom(words))
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit)
        .break_words(narrowest > 8);
    // Titles, reasons and waivers come from files as well; colours are added afterwards.
    textwrap::fill(&harmless(text), options)
}

/// The words of a line by the rules of line breaking, but dates, ids and file names stay whole.
fn words(line: &str) -> Box<dyn Iterator<Item = textwrap::core::Word<'_>> + '_> {
    let mut starts: Vec<usize> = Vec::new();
    let mut at = 0;
    for word in textwrap::WordSeparator::UnicodeBreakProperties.find_words(line) {
        if !line[..at].ends_with(['-', '/']) {
            starts.push(at);
        }
        at += word.word.len() + word.whitespace.len();
    }
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([line.len()]).collect();
    Box::new(
        starts
            .into_iter()
            .zip(ends)
            .map(move |(start, end)| textwrap::core::Word::from(&line[start..end])),
    )
}

pub(super) fn bold() -> Ansi {
    Ansi::new().bold()
}

pub(super) fn dim() -> Ansi {
    Ansi::new().dimmed()
}

pub(super) fn colour_of(severity: Severity) -> Ansi {
    let colour = match severity {
        Severity::Error => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Note => AnsiColor::Cyan,
    };
    Ansi::new().bold().fg_color(Some(Color::Ansi(colour)))
}

pub(super) fn verdict_colour(verdict: Verdict) -> Ansi {
    let colour = match verdict {
        Verdict::Met => AnsiColor::Green,
        Verdict::Unmet => AnsiColor::Red,
        Verdict::Undecided => AnsiColor::Yellow,
        Verdict::Waived => AnsiColor::Magenta,
        Verdict::NotApplicable => AnsiColor::Cyan,
    };
    Ansi::new().bold().fg_color(Some(Color::Ansi(colour)))
}
