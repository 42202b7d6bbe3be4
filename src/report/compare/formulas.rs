//! The formulas of the workbook: score, qualification and rank of a bid over the cells of the matrix.
//!
//! They say what [`crate::compare`] computes, so that whoever changes a weight or a verdict sees what becomes of it.
//! What is left out of the matrix because all bids come to the same stands in them as a number.

use super::model::{BidInfo, Bids, FailedMust};
use crate::assess::Verdict;
use crate::language::Language;
use crate::profile::Level;
use crate::report::words;

/// The first row of requirements on the matrix, counted from nought, and the first column of verdicts.
pub(super) const FIRST_ROW: u32 = 1;
pub(super) const FIRST_BID: u16 = 5;

/// What stands for a score where there is none.
pub(super) const NO_SCORE: &str = "－";

/// The formulas in the row of a bid.
pub(super) struct OfBid {
    /// The weight of what is met.
    pub(super) had: String,
    /// The weight of what applies.
    pub(super) applies: String,
    /// How many musts are unmet or undecided.
    pub(super) failed: String,
    /// The score before rounding; -1 where there is none.
    pub(super) exact: String,
    /// The score.
    pub(super) score: String,
    /// The rank in words.
    pub(super) rank: String,
}

/// The formulas of a bid whose row on the ranking is `row`, all bids standing in the rows `first` to `last`, counted
/// from one.
pub(super) fn of_bid(bids: &Bids, at: usize, row: u32, [first, last]: [u32; 2]) -> OfBid {
    let language = bids.language;
    let rest = Rest::of(bids, at);
    let cells = Cells::of(bids, at);
    let word = |verdict| words::verdict(verdict, language);
    let level = |level| words::level(level, language);
    let (met, off) = (word(Verdict::Met), word(Verdict::NotApplicable));
    let (unmet, undecided) = (word(Verdict::Unmet), word(Verdict::Undecided));
    let (info, must) = (level(Level::Info), level(Level::Must));
    let sum = |of: String, rest: u64| match &cells {
        None => format!("={rest}"),
        Some(_) if rest == 0 => format!("=SUMPRODUCT({of})"),
        Some(_) => format!("=SUMPRODUCT({of})+{rest}"),
    };
    let Cells {
        weights,
        levels,
        verdicts,
    } = cells.clone().unwrap_or_default();
    let counted = format!("{weights}*({levels}<>\"{info}\")");
    let rank = language.label("compare-rank");
    let (before, behind) = rank.split_once("{rank}").unwrap_or(("", ""));
    let no_rank = language.label("compare-unqualified");
    let open = language.label("compare-open");
    let unmet_musts = sum(
        format!("({levels}=\"{must}\")*({verdicts}=\"{unmet}\")"),
        rest.unmet,
    );
    let unmet_musts = unmet_musts.trim_start_matches('=');
    OfBid {
        had: sum(format!("{counted}*({verdicts}=\"{met}\")"), rest.had),
        applies: sum(format!("{counted}*({verdicts}<>\"{off}\")"), rest.applies),
        failed: sum(
            format!(
                "({levels}=\"{must}\")*(({verdicts}=\"{unmet}\")+({verdicts}=\"{undecided}\"))"
            ),
            rest.failed,
        ),
        exact: format!("=IF(H{row}=0,-1,100*G{row}/H{row})"),
        // Half a tenth is exact in this order of reckoning, and goes up as it should.
        score: format!("=IF(H{row}=0,\"{NO_SCORE}\",ROUND(1000*G{row}/H{row},0)/10)"),
        rank: format!(
            "=IF(I{row}>0,IF({unmet_musts}>0,\"{no_rank}\",\"{open}\"),\"{before}\"&(1+SUMPRODUCT(($I${first}:$I${last}=0)*($J${first}:$J${last}>J{row})))&\"{behind}\")"
        ),
    }
}

/// The score of a bid before rounding, as the formula gives it.
pub(super) fn exact(bid: &BidInfo) -> f64 {
    match bid.of {
        0 => -1.0,
        of => 100.0 * bid.points as f64 / of as f64,
    }
}

/// The cells of the matrix that a bid's formulas look at.
#[derive(Clone, Default)]
struct Cells {
    weights: String,
    levels: String,
    verdicts: String,
}

impl Cells {
    /// `None` where the matrix has no rows.
    fn of(bids: &Bids, at: usize) -> Option<Self> {
        let rows = u32::try_from(bids.matrix.len())
            .ok()
            .filter(|rows| *rows > 0)?;
        let tab = bids.language.label("compare-matrix");
        let range = |column: u16| {
            let letters = rust_xlsxwriter::column_number_to_name(column);
            let (first, last) = (FIRST_ROW + 1, FIRST_ROW + rows);
            format!("'{tab}'!${letters}${first}:${letters}${last}")
        };
        Some(Self {
            weights: range(4),
            levels: range(3),
            verdicts: range(FIRST_BID + u16::try_from(at).unwrap_or(u16::MAX - FIRST_BID)),
        })
    }
}

/// What the requirements that are not on the matrix give a bid.
struct Rest {
    had: u64,
    applies: u64,
    failed: u64,
    unmet: u64,
}

impl Rest {
    fn of(bids: &Bids, at: usize) -> Self {
        let bid = &bids.bids[at];
        let is_unmet = |must: &&FailedMust| must.verdict == Verdict::Unmet;
        let mut rest = Self {
            had: bid.points,
            applies: bid.of,
            failed: bid.failed.len() as u64,
            unmet: bid.failed.iter().filter(is_unmet).count() as u64,
        };
        for row in &bids.matrix {
            let verdict = row.verdicts[at].verdict;
            let weight = match row.level {
                Level::Must | Level::Should => u64::from(row.weight),
                Level::Info => 0,
            };
            if verdict == Verdict::Met {
                rest.had -= weight;
            }
            if verdict != Verdict::NotApplicable {
                rest.applies -= weight;
            }
            let fails = matches!(verdict, Verdict::Unmet | Verdict::Undecided);
            rest.failed -= u64::from(fails && row.level == Level::Must);
            rest.unmet -= u64::from(verdict == Verdict::Unmet && row.level == Level::Must);
        }
        rest
    }
}

/// The musts that a bid fails, one on a line.
pub(super) fn failed(bid: &BidInfo, language: Language) -> String {
    let must = |must: &FailedMust| {
        let sign = words::verdict_sign(must.verdict);
        format!(
            "{sign} {}: {}",
            words::verdict(must.verdict, language),
            must.title
        )
    };
    bid.failed.iter().map(must).collect::<Vec<_>>().join("\n")
}
