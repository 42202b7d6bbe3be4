//! Measures the matching of questions to controls on the labelled wordings: precision, coverage, confusions.
//!
//! A turned question that is sure counts as wrong. Shared by `tests/matching.rs` and `benches/matching.rs`.

use kaijisho::{Controls, Question, Subject};
use serde::Deserialize;

/// One labelled wording.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Labelled {
    pub(crate) text: String,
    /// The control it asks about; empty where there is none.
    pub(crate) control: String,
    #[serde(default)]
    pub(crate) section: String,
    /// A yes says what a no to the control says.
    #[serde(default)]
    pub(crate) reversed: bool,
    /// Other controls that a fair reader would accept.
    #[serde(default)]
    pub(crate) also: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    question: Vec<Labelled>,
}

/// The parts to develop with, and the one only to measure on.
pub(crate) const PARTS: [(&str, &str); 5] = [
    ("seen", include_str!("seen.toml")),
    ("seen-a", include_str!("seen-a.toml")),
    ("seen-b", include_str!("seen-b.toml")),
    ("further", include_str!("further.toml")),
    ("unseen", include_str!("unseen.toml")),
];

/// The wordings of a part.
pub(crate) fn wordings(part: &str) -> Vec<Labelled> {
    let (_, text) = PARTS
        .iter()
        .find(|(name, _)| *name == part)
        .expect("a part");
    let file: File = toml::from_str(text).expect("the wordings are TOML");
    file.question
}

/// What became of a part.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    /// Wordings that ask about a control, turned ones left out.
    pub(crate) askable: usize,
    /// Sure matches, of all wordings.
    pub(crate) sure: usize,
    /// Sure matches that are right.
    pub(crate) right: usize,
    /// Sure and right matches of wordings that can be asked.
    pub(crate) covered: usize,
    /// Sure matches of turned questions, which must not be.
    pub(crate) turned: usize,
    /// The first control is right, sure or not.
    pub(crate) first: usize,
    /// One line for every sure match that is wrong.
    pub(crate) confusions: Vec<String>,
    /// One line for every askable wording without a sure match.
    pub(crate) missed: Vec<String>,
}

impl Figures {
    /// The share of the sure matches that are right, 0 to 1.
    pub(crate) fn precision(&self) -> f64 {
        self.right as f64 / self.sure.max(1) as f64
    }

    /// The share of the askable wordings that have a sure match which is right, 0 to 1.
    pub(crate) fn coverage(&self) -> f64 {
        self.covered as f64 / self.askable.max(1) as f64
    }
}

/// Matches every wording of a part and counts.
pub(crate) fn measure(wordings: &[Labelled]) -> Figures {
    let mut figures = Figures::default();
    for wording in wordings {
        let question = Question {
            section: &wording.section,
            subject: Subject::Both,
            ..Question::new(&wording.text)
        };
        let matches = Controls::bundled().match_question(&question);
        let accepted =
            |id: &str| wording.control == id || wording.also.iter().any(|also| also == id);
        let best = matches.first();
        let sure = best.filter(|best| best.is_certain());
        let told: Vec<String> = matches
            .iter()
            .take(3)
            .map(|m| {
                format!(
                    "{} {:.2} [{}]",
                    m.control.id,
                    m.confidence,
                    m.because.join(" ")
                )
            })
            .collect();
        let line = format!(
            "{:32} <- {}\n      {}",
            wording.control,
            wording.text,
            told.join(" | ")
        );
        let askable = !wording.control.is_empty() && !wording.reversed;
        figures.askable += usize::from(askable);
        figures.first +=
            usize::from(askable && best.is_some_and(|best| accepted(&best.control.id)));
        match sure {
            Some(best) => {
                let right = accepted(&best.control.id) && !wording.reversed;
                figures.sure += 1;
                figures.right += usize::from(right);
                figures.covered += usize::from(askable && right);
                figures.turned += usize::from(wording.reversed);
                if !right {
                    figures.confusions.push(line);
                }
            }
            None if askable => figures.missed.push(line),
            None => {}
        }
    }
    figures
}
