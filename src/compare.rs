//! Compare: bids side by side, held against one profile.
//!
//! Pure: no clock, no files. A bid is one disclosure. Must requirements knock out first: a bid with a must
//! that is unmet or undecided is not qualified and has no rank. The others are ranked by their score.
//!
//! **Score** = 100 × Σ weight of the requirements that are met ÷ Σ weight of those that apply.
//! - Met counts its whole weight, also where it is met because it is planned; unmet, undecided and waived count
//!   nothing: a waiver is the facility's patience, not the product's merit.
//! - Not applicable is left out above and below the line. Requirements of the level info are left out, too.
//! - A bid to which nothing applies, or only weights of nought, has no score and stands last.
//!
//! Scores are kept as fractions of whole numbers, so equal is equal: bids of one score share a rank, and the
//! next rank is left out (1, 1, 3). A bid's score and qualification depend on nothing but itself and the profile.

mod sensitivity;

pub use sensitivity::{Hold, Step};

use std::cmp::Ordering;

use crate::assess::{Assessment, Verdict};
use crate::disclosure::Disclosure;
use crate::profile::{Level, Requirement};

/// A bid: no more of a disclosure than the ranking looks at, so that any number of them can be held.
#[derive(Clone, Debug)]
pub struct Bid {
    /// The file it came in.
    pub file: String,
    /// The sheet it stands on.
    pub sheet: Option<String>,
    /// What the requirements come to, in the profile's order.
    pub verdicts: Vec<Verdict>,
}

impl Bid {
    /// A disclosure of a file, held against a profile.
    pub fn of(file: &str, disclosure: &Disclosure, assessment: &Assessment<'_>) -> Self {
        let outcomes = assessment.outcomes.iter();
        Self {
            file: file.to_owned(),
            sheet: disclosure.sheet.as_deref().map(str::to_owned),
            verdicts: outcomes.map(|outcome| outcome.verdict).collect(),
        }
    }
}

/// A score: points out of those that could be had, in units of weight.
///
/// Scores are equal where the fractions are: 20 of 25 is 16 of 20.
#[derive(Clone, Copy, Debug, Default)]
pub struct Score {
    /// Weight of what is met.
    pub points: u64,
    /// Weight of what applies; 0 where nothing does, and then there is no score.
    pub of: u64,
}

impl Score {
    /// In tenths of a point, 0 to 1,000, rounded half up; `None` where there is no score.
    pub fn tenths(self) -> Option<u64> {
        (self.of > 0).then(|| (self.points * 2_000 + self.of) / (self.of * 2))
    }
}

impl PartialEq for Score {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Score {}

impl Ord for Score {
    /// By the exact fraction; no score is the least.
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.of, other.of) {
            (0, 0) => Ordering::Equal,
            (0, _) => Ordering::Less,
            (_, 0) => Ordering::Greater,
            (of, other_of) => {
                let here = u128::from(self.points) * u128::from(other_of);
                here.cmp(&(u128::from(other.points) * u128::from(of)))
            }
        }
    }
}

impl PartialOrd for Score {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Where a bid stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The bid, by position in the list given.
    pub bid: usize,
    /// Its rank from 1; `None` where it is not qualified.
    pub rank: Option<usize>,
    /// The must requirements that are unmet or undecided, by position in the profile.
    pub failed_musts: Vec<usize>,
    /// Its score.
    pub score: Score,
}

impl Place {
    /// True if no must is unmet or undecided.
    pub fn is_qualified(&self) -> bool {
        self.failed_musts.is_empty()
    }
}

/// Bids, compared.
#[derive(Clone, Debug)]
pub struct Ranking {
    /// The bids in the order of their rank, those that are not qualified last.
    pub places: Vec<Place>,
    /// For each bid and the next below it, whether other weights would turn their order.
    pub steps: Vec<Step>,
}

/// Ranks bids by the requirements of the profile that all of them were held against; the order of the bids makes no
/// difference but for the positions that are told.
pub fn rank(bids: &[Bid], requirements: &[Requirement]) -> Ranking {
    let mut places: Vec<Place> = bids
        .iter()
        .enumerate()
        .map(|(bid, about)| Place {
            bid,
            rank: None,
            failed_musts: failed_musts(about, requirements),
            score: score(about, requirements, |_| true),
        })
        .collect();
    places.sort_by(|one, other| {
        let name = |place: &Place| {
            let bid = &bids[place.bid];
            (&bid.file, &bid.sheet)
        };
        other
            .is_qualified()
            .cmp(&one.is_qualified())
            .then(other.score.cmp(&one.score))
            .then_with(|| name(one).cmp(&name(other)))
    });
    let mut above: Option<(Score, usize)> = None;
    for (at, place) in places.iter_mut().enumerate() {
        if place.is_qualified() {
            let rank = match above {
                Some((score, rank)) if score == place.score => rank,
                Some(_) | None => at + 1,
            };
            place.rank = Some(rank);
            above = Some((place.score, rank));
        }
    }
    let steps = sensitivity::steps(bids, requirements, &places);
    Ranking { places, steps }
}

/// The score of the requirements picked, by their position.
pub fn score(bid: &Bid, requirements: &[Requirement], picked: impl Fn(usize) -> bool) -> Score {
    let mut score = Score::default();
    for (at, (requirement, verdict)) in requirements.iter().zip(&bid.verdicts).enumerate() {
        let counts = requirement.level != Level::Info && picked(at);
        if counts && *verdict != Verdict::NotApplicable {
            let weight = u64::from(requirement.weight);
            score.of += weight;
            if *verdict == Verdict::Met {
                score.points += weight;
            }
        }
    }
    score
}

fn failed_musts(bid: &Bid, requirements: &[Requirement]) -> Vec<usize> {
    let judged = requirements.iter().zip(&bid.verdicts).enumerate();
    let failed = judged.filter(|(_, (requirement, verdict))| {
        requirement.level == Level::Must && matches!(verdict, Verdict::Unmet | Verdict::Undecided)
    });
    failed.map(|(at, _)| at).collect()
}
