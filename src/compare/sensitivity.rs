//! Whether the ranking holds if the weights were a fifth more or less.
//!
//! Weights are in tenths here (8, 10 or 12 for each unit), so everything stays whole.

use super::{Bid, Place, Score};
use crate::assess::Verdict;
use crate::profile::{Level, Requirement};

/// A bid and the next below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The upper bid, by position in the list given.
    pub above: usize,
    /// The lower one.
    pub below: usize,
    /// Whether their order holds.
    pub hold: Hold,
}

/// Whether the order of two bids holds under weights up to 20 % more or less.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hold {
    /// The scores are equal: there is no order.
    Tie,
    /// Whatever the weights, the upper one stays above or level.
    Holds,
    /// The weight of each of these requirements alone turns it, by position in the profile.
    TurnsByOne(Vec<usize>),
    /// No single weight turns it, but several together do.
    TurnsTogether,
    /// No weights that turn it were found, nor is it sure that there are none.
    Unknown,
}

/// What a requirement is to a bid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    weight: u64,
    applies: bool,
    met: bool,
}

pub(super) fn steps(bids: &[Bid], requirements: &[Requirement], places: &[Place]) -> Vec<Step> {
    let parts = |bid: usize| parts(&bids[bid], requirements);
    let ranked: Vec<&Place> = places.iter().filter(|place| place.rank.is_some()).collect();
    let pairs = ranked.windows(2).map(|pair| {
        let [above, below] = [pair[0].bid, pair[1].bid];
        Step {
            above,
            below,
            hold: if pair[0].score == pair[1].score {
                Hold::Tie
            } else {
                hold(&parts(above), &parts(below))
            },
        }
    });
    pairs.collect()
}

fn parts(bid: &Bid, requirements: &[Requirement]) -> Vec<Part> {
    let part = |(requirement, verdict): (&Requirement, &Verdict)| Part {
        weight: u64::from(requirement.weight),
        applies: requirement.level != Level::Info && *verdict != Verdict::NotApplicable,
        met: requirement.level != Level::Info && *verdict == Verdict::Met,
    };
    requirements.iter().zip(&bid.verdicts).map(part).collect()
}

fn score(parts: &[Part], tenths: impl Fn(usize, &Part) -> u64) -> Score {
    let mut score = Score::default();
    for (at, part) in parts.iter().enumerate().filter(|(_, part)| part.applies) {
        let weight = part.weight * tenths(at, part);
        score.of += weight;
        if part.met {
            score.points += weight;
        }
    }
    score
}

fn hold(above: &[Part], below: &[Part]) -> Hold {
    // What applies to only one of them leaves the other's score alone, so each side is bounded by itself.
    let least = score(above, |_, part| if part.met { 8 } else { 12 });
    let most = score(below, |_, part| if part.met { 12 } else { 8 });
    if least >= most {
        return Hold::Holds;
    }
    let turned = |tenths: &dyn Fn(usize) -> u64| {
        score(below, |at, _| tenths(at)) > score(above, |at, _| tenths(at))
    };
    // One weight moves both sums by a fifth of itself, so the others need not be added up again.
    let (here, there) = (score(above, |_, _| 10), score(below, |_, _| 10));
    let turns_alone = |one: usize| {
        [8, 12]
            .into_iter()
            .any(|tenths| moved(there, &below[one], tenths) > moved(here, &above[one], tenths))
    };
    let alone: Vec<usize> = (0..above.len()).filter(|one| turns_alone(*one)).collect();
    if !alone.is_empty() {
        return Hold::TurnsByOne(alone);
    }
    if (0..4).any(|round| {
        let weights = favouring(above, below, round);
        turned(&|at| weights[at])
    }) {
        return Hold::TurnsTogether;
    }
    // Where the same requirements apply to both, the score below the line is one, and the worst case exact.
    let alike = above
        .iter()
        .zip(below)
        .all(|(above, below)| above.applies == below.applies);
    if alike || nothing_turns(above, below, [least, most]) {
        Hold::Holds
    } else {
        Hold::Unknown
    }
}

/// Into how many pieces the scores between both bids are cut, and how many mixtures are tried on each.
const PIECES: u32 = 128;
const MIXTURES: u32 = 16;

/// True if it can be shown that no weights bring the lower bid above the upper one.
///
/// Weights that did would give some score `t` that the upper one does not exceed and the lower one reaches:
/// `met - t * applies` is at most nought for the one and at least nought for the other. Both are sums over the
/// requirements, so if for every `t` some mixture of the two is positive at its least, there are none. The least of a
/// sum over a box of weights is found part by part; `t` is taken in pieces, the worse end of each for either side.
/// `least` is the upper bid's least score by itself, `most` the lower one's most.
fn nothing_turns(above: &[Part], below: &[Part], [least, most]: [Score; 2]) -> bool {
    let share_of = |score: Score| score.points as f64 / (score.of as f64).max(1.0);
    // No other score is one that the upper bid can be down to and the lower one up to.
    let (least, most) = (share_of(least) - 1e-9, share_of(most) + 1e-9);
    let piece = |at: u32| least + (most - least) * f64::from(at) / f64::from(PIECES);
    (0..PIECES).all(|at| {
        let (low, high) = (piece(at), piece(at + 1));
        (0..=MIXTURES).any(|mixture| {
            let share = f64::from(mixture) / f64::from(MIXTURES);
            let parts = above.iter().zip(below).map(|(above, below)| {
                let mut pull = 0.0;
                if above.applies {
                    pull += share * (f64::from(u8::from(above.met)) - high);
                }
                if below.applies {
                    pull += (1.0 - share) * (low - f64::from(u8::from(below.met)));
                }
                let tenths = if pull > 0.0 { 8.0 } else { 12.0 };
                pull * tenths * above.weight as f64
            });
            parts.sum::<f64>() > 1e-6
        })
    })
}

/// A score of weights in tenths, once the weight of one part has become so many tenths of itself.
fn moved(score: Score, part: &Part, tenths: u64) -> Score {
    let other = |sum: u64| sum - part.weight * 10 + part.weight * tenths;
    Score {
        points: if part.met {
            other(score.points)
        } else {
            score.points
        },
        of: if part.applies {
            other(score.of)
        } else {
            score.of
        },
    }
}

/// Weights that favour the lower bid: those that raise it against the upper one a fifth more, the others a
/// fifth less. Exact where the same requirements apply to both; else each round starts where the last one ended.
fn favouring(above: &[Part], below: &[Part], rounds: usize) -> Vec<u64> {
    let mut weights: Vec<u64> = vec![10; above.len()];
    for _ in 0..=rounds {
        let here = score(above, |at, _| weights[at]);
        let there = score(below, |at, _| weights[at]);
        weights = above
            .iter()
            .zip(below)
            .map(|(above, below)| {
                if pull(below, there) > pull(above, here) {
                    12
                } else {
                    8
                }
            })
            .collect();
    }
    weights
}

/// How much a little more weight on a part raises the score; only the order of such numbers matters.
fn pull(part: &Part, score: Score) -> f64 {
    if !part.applies || score.of == 0 {
        return 0.0;
    }
    let of = score.of as f64;
    (f64::from(u8::from(part.met)) - score.points as f64 / of) / of
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<Part> {
        text.split(' ')
            .map(|part| {
                let (weight, said) = part.split_at(part.len() - 1);
                Part {
                    weight: weight.parse().expect("a weight"),
                    applies: said != "-",
                    met: said == "o",
                }
            })
            .collect()
    }

    #[test]
    fn by_hand() {
        // 10 of 20 against 9 of 20: one fifth less of the ten is 8 of 18, which is 0.444, against 9 of 18.
        assert_eq!(
            hold(&parts("10o 9x 1x"), &parts("10x 9o 1x")),
            Hold::TurnsByOne(vec![0, 1])
        );
        // 10 of 20 against 7 of 20: one weight alone gives 8 to 7 or 10 to 8.4, both together 8 to 8.4.
        assert_eq!(
            hold(&parts("10o 7x 3x"), &parts("10x 7o 3x")),
            Hold::TurnsTogether
        );
        // 10 against 6: at the worst 8 to 7.2.
        assert_eq!(hold(&parts("10o 6x 4x"), &parts("10x 6o 4x")), Hold::Holds);
        // Whatever is met by both cannot turn anything.
        assert_eq!(hold(&parts("5o 5o 1o"), &parts("5o 5o 1x")), Hold::Holds);
        // What does not apply to one of them: 10 of 10 against 10 of 12 cannot turn.
        assert_eq!(hold(&parts("10o 2-"), &parts("10o 2x")), Hold::Holds);
    }

    #[test]
    fn what_holds_is_never_turned_by_any_corner() {
        // All corners of the weights, for small random parts.
        let mut seed = 7_u64;
        let mut next = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % below
        };
        let mut seen = [0; 3];
        for _ in 0..400 {
            let mut side =
                || -> Vec<(bool, bool)> { (0..6).map(|_| (next(5) > 0, next(2) > 0)).collect() };
            let (one, other) = (side(), side());
            let weights: Vec<u64> = (0..6).map(|_| next(11)).collect();
            let of = |side: &[(bool, bool)]| -> Vec<Part> {
                side.iter()
                    .zip(&weights)
                    .map(|((applies, met), weight)| Part {
                        weight: *weight,
                        applies: *applies,
                        met: *applies && *met,
                    })
                    .collect()
            };
            let (mut above, mut below) = (of(&one), of(&other));
            let plain = |parts: &[Part]| score(parts, |_, _| 10);
            if plain(&above) < plain(&below) {
                std::mem::swap(&mut above, &mut below);
            }
            if plain(&above) == plain(&below) {
                continue;
            }
            let turned = (0..64_u32).any(|corner| {
                let tenths = |at: usize, _: &Part| if corner >> at & 1 == 1 { 12 } else { 8 };
                score(&below, tenths) > score(&above, tenths)
            });
            match hold(&above, &below) {
                Hold::Holds => {
                    assert!(!turned, "{above:?} {below:?}");
                    seen[0] += 1;
                }
                Hold::TurnsByOne(_) | Hold::TurnsTogether => seen[1] += 1,
                Hold::Unknown | Hold::Tie => seen[2] += 1,
            }
        }
        assert!(seen[0] > 50 && seen[1] > 20, "{seen:?}");
        // It is seldom left open, also where other requirements apply to the one than to the other.
        assert!(seen[2] < 20, "{seen:?}");
    }
}
