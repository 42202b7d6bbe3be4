//! Numbers that only their neighbours make whole: counted anew under each number, or cut by Excel.

use std::collections::{BTreeSet, HashMap};

use super::leading::is_circled;
use super::numbers::{Numbered, in_order};
use crate::answer::ItemNumber;

/// How a number is written that only counts within the one above it: `①`, `(1)`, `1)`.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Enumerator {
    Circled,
    InBrackets,
    Closed,
}

fn enumerator(row: &Numbered) -> Option<Enumerator> {
    let text = row.written.trim();
    let number = row.number.as_ref()?;
    if number.as_str().contains(['.', '-']) {
        return None;
    }
    let closes = text.ends_with([')', '）', '〕', ']', '】']);
    match text.chars().next()? {
        c if is_circled(c) => Some(Enumerator::Circled),
        '(' | '（' | '[' | '【' | '〔' if closes => Some(Enumerator::InBrackets),
        _ if closes => Some(Enumerator::Closed),
        _ => None,
    }
}

/// Numbers that count anew under each number above them become children of it.
///
/// Only where they cannot stand for themselves: taken as they are, they would repeat or go back.
pub(super) fn relative(rows: &mut [Numbered]) {
    let ways: Vec<Option<Enumerator>> = rows.iter().map(enumerator).collect();
    let first = ways.iter().position(Option::is_some);
    if first.is_none() {
        return;
    }
    let disorder = |numbers: &[Option<ItemNumber>]| {
        let known: Vec<&ItemNumber> = numbers.iter().flatten().collect();
        known
            .windows(2)
            .filter(|pair| in_order(pair[0]) >= in_order(pair[1]))
            .count()
    };
    let plain: Vec<Option<ItemNumber>> = rows.iter().map(|row| row.number.clone()).collect();
    let before = disorder(&plain);
    if before == 0 {
        return;
    }
    // The numbers above, each with the way it is written; a way that comes back ends what stands below it.
    let mut above: Vec<(Option<Enumerator>, ItemNumber)> = Vec::new();
    let mut children = Vec::with_capacity(rows.len());
    let mut counted = Counted::default();
    for (row, way) in rows.iter().zip(&ways) {
        let Some(number) = &row.number else {
            children.push(None);
            continue;
        };
        let dotted = number.as_str().contains(['.', '-']);
        if let Some(level) = above.iter().position(|(known, _)| known == way) {
            above.truncate(level);
        } else if way.is_none() || dotted {
            above.clear();
        }
        let whole = match above.last() {
            Some((_, parent)) => {
                counted.add(parent, number);
                ItemNumber::parse(&format!("{parent}.{number}"))
            }
            None => Some(number.clone()),
        };
        above.extend(whole.clone().map(|whole| (*way, whole)));
        children.push(whole);
    }
    if counted.is_sound() && disorder(&children) < before {
        for (row, number) in rows.iter_mut().zip(children) {
            row.number = number;
        }
    }
}

/// How the numbers under each number count: 1, 2, 3 is a count, 17, 30, 45 under 45.1 is none.
#[derive(Default)]
struct Counted {
    last: HashMap<ItemNumber, u32>,
    steps: usize,
    jumps: usize,
}

impl Counted {
    fn add(&mut self, parent: &ItemNumber, number: &ItemNumber) {
        let number: u32 = number.as_str().parse().unwrap_or(0);
        let last = self.last.insert(parent.clone(), number).unwrap_or(0);
        self.steps += 1;
        self.jumps += usize::from(number != last + 1);
    }

    /// True where hardly a number is left out: rows may have been removed.
    fn is_sound(&self) -> bool {
        self.jumps * 8 <= self.steps
    }
}

/// Numbers that Excel stored as numbers and cut: 4.1 behind 4.9 was 4.10.
pub(super) fn lost_zeros(rows: &mut [Numbered]) {
    let mut seen: BTreeSet<ItemNumber> = BTreeSet::new();
    let mut last: Option<ItemNumber> = None;
    for row in rows {
        if let (Some(number), Some(last), true) = (&row.number, &last, row.numeric)
            && let Some((head, tail)) = number.as_str().rsplit_once('.')
        {
            let (_, groups) = in_order(last);
            let under = last
                .as_str()
                .strip_prefix(head)
                .is_some_and(|rest| rest.starts_with('.'));
            let ten = ItemNumber::new(format!("{head}.{tail}0"));
            let next = format!("{tail}0").parse::<u32>().ok();
            let follows = groups.get(1).map(|group| group + 1) == next;
            if under && follows && !seen.contains(&ten) {
                row.number = Some(ten);
                row.numeric = false;
            }
        }
        if let Some(number) = &row.number {
            seen.insert(number.clone());
            last = Some(number.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(written: &[&str]) -> Vec<Numbered> {
        let row = |(at, text): (usize, &&str)| Numbered {
            at: (u32::try_from(at).expect("few"), 0),
            number: ItemNumber::parse(text),
            written: (*text).to_owned(),
            numeric: text.parse::<f64>().is_ok(),
            rest: None,
        };
        written.iter().enumerate().map(row).collect()
    }

    fn numbers(rows: &[Numbered]) -> Vec<&str> {
        rows.iter()
            .map(|row| row.number.as_ref().map_or("-", ItemNumber::as_str))
            .collect()
    }

    #[test]
    fn enumerators_belong_to_the_number_above() {
        let mut some = rows(&["1", "①", "②", "2", "①"]);
        relative(&mut some);
        assert_eq!(numbers(&some), ["1", "1.1", "1.2", "2", "2.1"]);
        let mut deep = rows(&["1", "(1)", "①", "②", "(2)", "2", "(1)", "①"]);
        relative(&mut deep);
        let deep = numbers(&deep);
        assert_eq!(
            deep,
            ["1", "1.1", "1.1.1", "1.1.2", "1.2", "2", "2.1", "2.1.1"]
        );
        let mut all = rows(&["①", "②", "③"]);
        relative(&mut all);
        assert_eq!(numbers(&all), ["1", "2", "3"]);
        let mut own = rows(&["1", "(2)", "3", "(4)"]);
        relative(&mut own);
        assert_eq!(numbers(&own), ["1", "2", "3", "4"]);
        let mut sorted_otherwise = rows(&["36)", "16)", "45.1)", "17)", "30)", "45)"]);
        relative(&mut sorted_otherwise);
        assert_eq!(
            numbers(&sorted_otherwise),
            ["36", "16", "45.1", "17", "30", "45"]
        );
    }

    #[test]
    fn zeros_come_back_behind_nine() {
        let mut cut = rows(&["4", "4.1", "4.8", "4.9", "4.1", "4.11"]);
        lost_zeros(&mut cut);
        assert_eq!(numbers(&cut), ["4", "4.1", "4.8", "4.9", "4.10", "4.11"]);
    }
}
