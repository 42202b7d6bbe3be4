//! How far a run is: a bar on a terminal, lines elsewhere, and a line for each file that failed.
//!
//! All of it goes to standard error.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use kaijisho::Language;

use crate::cli::arguments::Common;
use crate::cli::{message, output};

/// So many files are worth a bar.
const WORTH_A_BAR: usize = 20;
/// Between two lines, where there is no terminal.
const PAUSE: Duration = Duration::from_secs(5);

/// What is shown of a run.
#[derive(Debug)]
pub(in crate::cli) struct Progress {
    shown: Shown,
    /// True if failing files are told.
    failing: bool,
    files: usize,
    done: usize,
    begun: Instant,
    told: Instant,
    width: usize,
    language: Language,
}

#[derive(Debug)]
enum Shown {
    Nothing,
    Bar(ProgressBar),
    Lines,
}

/// Why a file could not be read: the finding's name, and its words.
pub(in crate::cli) struct Failing<'f> {
    pub(in crate::cli) file: &'f str,
    pub(in crate::cli) name: &'f str,
    pub(in crate::cli) words: &'f str,
}

impl Failing<'_> {
    /// Path, name of the finding, words; one line.
    pub(super) fn line(&self) -> String {
        let file = kaijisho::show(self.file, 400);
        format!("{file}: {}: {}\n", self.name, self.words)
    }
}

impl Progress {
    /// For a run over so many files; `wanted` shows it where standard error is no terminal, too.
    pub(in crate::cli) fn new(
        files: usize,
        wanted: bool,
        common: &Common,
        language: Language,
    ) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let shown = match (terminal, wanted) {
            _ if common.quiet && !wanted => Shown::Nothing,
            (true, _) if wanted || files >= WORTH_A_BAR => Shown::Bar(bar(files)),
            (false, true) => Shown::Lines,
            (_, false) | (true, true) => Shown::Nothing,
        };
        let now = Instant::now();
        Self {
            failing: wanted || (terminal && files >= WORTH_A_BAR && !common.quiet),
            shown,
            files,
            done: 0,
            begun: now,
            told: now,
            width: common.width(),
            language,
        }
    }

    /// No bar where the report itself goes to the terminal: each would stand in the other's lines.
    pub(super) fn beside_output(mut self, on_terminal: bool) -> Self {
        if on_terminal {
            self.shown = Shown::Nothing;
            self.failing = false;
        }
        self
    }

    /// One more file is done.
    pub(in crate::cli) fn step(&mut self, failing: Option<&Failing<'_>>) {
        self.done += 1;
        if let Some(failing) = failing.filter(|_| self.failing) {
            self.tell(failing);
        }
        match &self.shown {
            Shown::Nothing => {}
            Shown::Bar(bar) => bar.inc(1),
            Shown::Lines if self.told.elapsed() >= PAUSE => {
                self.told = Instant::now();
                output::complain(&self.line());
            }
            Shown::Lines => {}
        }
    }

    /// Tells why a file could not be read.
    pub(in crate::cli) fn tell(&self, failing: &Failing<'_>) {
        self.say(&message::wrapped(&failing.line(), usize::MAX));
    }

    /// The language it speaks.
    pub(super) fn language(&self) -> Language {
        self.language
    }

    /// Says something beside a bar.
    pub(in crate::cli) fn say(&self, text: &str) {
        match &self.shown {
            Shown::Bar(bar) => bar.suspend(|| output::complain(text)),
            Shown::Nothing | Shown::Lines => output::complain(text),
        }
    }

    /// Takes the bar away, or says how long it took.
    pub(in crate::cli) fn finish(&mut self) {
        match &self.shown {
            Shown::Nothing => {}
            Shown::Bar(bar) => bar.finish_and_clear(),
            Shown::Lines => output::complain(&self.line()),
        }
        self.shown = Shown::Nothing;
    }

    /// Files done, rate, time left; at the end the time it took.
    fn line(&self) -> String {
        let passed = self.begun.elapsed().as_secs_f64().max(0.001);
        let rate = self.done as f64 / passed;
        let left = self.files.saturating_sub(self.done);
        let (key, seconds) = match left {
            0 => ("batch-progress-end", passed),
            left => ("batch-progress", left as f64 / rate.max(0.001)),
        };
        let values = [
            ("done", self.done.to_string()),
            ("files", self.files.to_string()),
            ("rate", format!("{rate:.1}")),
            ("time", time(seconds)),
        ];
        let values: Vec<(&str, &str)> = values
            .iter()
            .map(|(name, value)| (*name, &**value))
            .collect();
        let line = self.language.label_with(key, &values);
        message::wrapped(&line, self.width)
    }
}

/// `1:02:03`, `02:03`
fn time(seconds: f64) -> String {
    let seconds = seconds.round() as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes:02}:{seconds:02}"),
        hours => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// A bar for so many files, where standard error is a terminal and the work is long.
pub(in crate::cli) fn bar_for(files: usize, common: &Common) -> ProgressBar {
    match files >= WORTH_A_BAR && !common.quiet && std::io::stderr().is_terminal() {
        true => bar(files),
        false => ProgressBar::hidden(),
    }
}

fn bar(files: usize) -> ProgressBar {
    let bar = ProgressBar::new(files as u64);
    let template = "{bar:30} {pos}/{len}  {per_sec}  {eta_precise}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_a_clock() {
        assert_eq!(time(0.4), "00:00");
        assert_eq!(time(62.0), "01:02");
        assert_eq!(time(36_000.0), "10:00:00");
    }
}
