//! The comparison in sentences: who is first, what stands in the way of the others, whether the order holds.

use super::model::{BidInfo, HoldInfo, HoldKind};
use crate::assess::Verdict;
use crate::language::Language;
use crate::text::show;

/// How many titles and names a sentence repeats before the rest is only counted.
const NAMED: usize = 5;

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

/// Letter and name: `A. 見本カルテ`.
pub(super) fn lettered(at: usize, bid: &BidInfo) -> String {
    format!("{}. {}", letter(at), name(bid))
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
        None if is_open(bid) => language.label("compare-open"),
        None => language.label("compare-unqualified"),
    }
}

/// True for a bid that has no rank only because musts are undecided: an answer of the bidder may give it one.
pub(super) fn is_open(bid: &BidInfo) -> bool {
    !bid.qualified
        && bid
            .failed
            .iter()
            .all(|must| must.verdict == Verdict::Undecided)
}

pub(super) fn score_of(score: Option<f64>) -> String {
    score.map_or_else(|| "–".to_owned(), |score| format!("{score:.1}"))
}

/// Names or titles in a row, the rest of a long list counted.
pub(super) fn named(texts: &[String], language: Language) -> String {
    let mut shown: Vec<String> = texts.iter().take(NAMED).cloned().collect();
    if texts.len() > NAMED {
        let more = (texts.len() - NAMED).to_string();
        shown.push(language.label_with("hold-more", &[("count", &more)]));
    }
    match language {
        Language::Ja => shown.join("、"),
        Language::En => shown.join(", "),
    }
}

/// What a director reads: how many qualify, who is first and for sure, and who would qualify once asked.
pub(super) fn conclusion(bids: &[BidInfo], holds: &[HoldInfo], language: Language) -> Vec<String> {
    if bids.is_empty() {
        return Vec::new();
    }
    let qualified = bids.iter().filter(|bid| bid.qualified).count();
    let (all, some) = (bids.len().to_string(), qualified.to_string());
    let values = [("bids", all.as_str()), ("qualified", some.as_str())];
    let mut lines = vec![language.label_with("compare-conclusion-count", &values)];
    lines.push(first(bids, language));
    // Whether the first stays first: the step down from the last of those who share the rank.
    let decisive = holds.iter().find(|step| step.holds != HoldKind::Tie);
    let of_first = decisive.filter(|step| bids[step.above].rank == Some(1));
    lines.extend(of_first.map(|step| step.words.clone()));
    let told = lines.len();
    for (at, bid) in bids.iter().enumerate() {
        if is_open(bid) {
            let (name, count) = (lettered(at, bid), bid.failed.len().to_string());
            let values = [("name", name.as_str()), ("count", count.as_str())];
            lines.push(language.label_with("compare-conclusion-open", &values));
        }
    }
    // Who is open is told of a few; of two hundred bids the table tells it.
    lines.truncate(told + NAMED);
    lines
}

fn first(bids: &[BidInfo], language: Language) -> String {
    let of_rank = |bid: &&BidInfo| bid.rank == Some(1);
    let leaders: Vec<String> = bids
        .iter()
        .take_while(of_rank)
        .enumerate()
        .map(|(at, bid)| lettered(at, bid))
        .collect();
    let names = named(&leaders, language);
    let score = score_of(bids[0].score);
    let values = [("names", names.as_str()), ("score", score.as_str())];
    let key = match (leaders.len(), bids[0].score) {
        (0, _) => "compare-conclusion-none",
        (_, None) => "compare-conclusion-no-score",
        (1, Some(_)) => "compare-conclusion-first",
        (_, Some(_)) => "compare-conclusion-tie",
    };
    language.label_with(key, &values)
}

/// Whether the order of two bids holds, in words.
pub(super) fn hold(
    holds: HoldKind,
    above: String,
    below: String,
    turned_by: &[String],
    language: Language,
) -> String {
    let key = match holds {
        HoldKind::Tie => "hold-tie",
        HoldKind::Holds => "hold-holds",
        HoldKind::TurnsByOne => "hold-turns-by-one",
        HoldKind::TurnsTogether => "hold-turns-together",
        HoldKind::Unknown => "hold-unknown",
    };
    let titles: Vec<String> = turned_by
        .iter()
        .map(|title| match language {
            Language::Ja => format!("「{title}」"),
            Language::En => format!("“{title}”"),
        })
        .collect();
    let by = named(&titles, language);
    let values = [
        ("above", above.as_str()),
        ("below", below.as_str()),
        ("by", by.as_str()),
    ];
    language.label_with(key, &values)
}
