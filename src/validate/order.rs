//! Order: whether the rows stand as on the form.

use crate::disclosure::{Disclosure, Entry};
use crate::finding::{Finding, Value, rule};

/// How many items a finding names.
const NAMED: usize = 12;

pub(super) fn check(disclosure: &Disclosure, findings: &mut Vec<Finding>) {
    let mut seen = vec![false; disclosure.form.items.len()];
    let rows: Vec<(usize, &Entry)> = disclosure
        .entries
        .iter()
        .filter_map(|entry| Some((entry.item?, entry)))
        .filter(|(item, _)| !std::mem::replace(&mut seen[*item], true))
        .collect();
    let items: Vec<usize> = rows.iter().map(|(item, _)| *item).collect();
    let moved = moved(&items);
    let Some(first) = moved.first() else {
        return;
    };
    let mut names: Vec<&str> = moved
        .iter()
        .take(NAMED)
        .map(|at| rows[*at].1.number.as_str())
        .collect();
    if moved.len() > NAMED {
        names.push("…");
    }
    findings.push(
        Finding::new(
            rule::ITEM_ORDER_CHANGED,
            rows[*first].1.number_place.clone(),
        )
        .with("count", Value::plain(moved.len()))
        .with("items", Value::plain(names.join(", "))),
    );
}

/// The fewest of the rows that need to be moved to have all in order: those outside a longest rising chain.
fn moved(items: &[usize]) -> Vec<usize> {
    // `ends[n]` is the row where the chain of n + 1 rows with the lowest end has its end.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let length = ends.partition_point(|end| items[*end] < *item);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut kept = vec![false; items.len()];
    let mut at = ends.last().copied();
    while let Some(row) = at {
        kept[row] = true;
        at = before[row];
    }
    (0..items.len()).filter(|row| !kept[*row]).collect()
}

#[cfg(test)]
mod tests {
    use super::moved;

    #[test]
    fn the_fewest_rows_are_moved() {
        assert!(moved(&[]).is_empty());
        assert!(moved(&[0, 1, 2, 5, 9]).is_empty());
        assert_eq!(moved(&[0, 3, 1, 2]), [1]);
        assert_eq!(moved(&[1, 2, 3, 0]), [3]);
        assert_eq!(moved(&[2, 1, 0]).len(), 2);
    }
}
