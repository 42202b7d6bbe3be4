//! Item numbers: in one column, spread over several, or in front of the questions.
//!
//! Every way in which the cells of a table can be read as numbers is tried; the one that gives the most
//! numbers, each once and in order, is how the sheet numbers its items.

use std::collections::{BTreeMap, BTreeSet};

use super::heading::HeaderRow;
use super::leading::before_questions;
pub(in crate::disclosure) use super::leading::leading_number;
use super::neighbours::{lost_zeros, relative};
use super::region::Region;
use crate::answer::ItemNumber;
use crate::disclosure::layout::At;
use crate::disclosure::page::Page;
use crate::read::grid::{Cell, CellValue};
use crate::vocabulary::{Role, Vocabulary};

/// How a table numbers its items.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Numbering {
    /// In one column.
    Column(u32),
    /// Whole numbers, each in the column of its level: `4`, `4.1`, `4.1.2`.
    Levels(Vec<u32>),
    /// A part in each column: 4, 1, 2 are 4.1.2.
    Parts(Vec<u32>),
    /// In front of the question.
    Question(u32),
}

impl Numbering {
    pub(super) fn columns(&self) -> Vec<u32> {
        match self {
            Numbering::Column(column) | Numbering::Question(column) => vec![*column],
            Numbering::Levels(columns) | Numbering::Parts(columns) => columns.clone(),
        }
    }
}

/// A row with a number.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Numbered {
    pub(super) at: At,
    /// `None` for a date, or a number that no item has.
    pub(super) number: Option<ItemNumber>,
    pub(super) written: String,
    pub(super) numeric: bool,
    /// In [`Numbering::Question`]: the question behind the number.
    pub(super) rest: Option<String>,
}

/// The item number in a cell, if it can be one.
pub(in crate::disclosure) fn number_in(cell: &Cell) -> Option<(ItemNumber, bool)> {
    match &cell.value {
        CellValue::Text(text) => {
            let number = ItemNumber::parse(text)?;
            let is_remark = Vocabulary::get().remark_key(text, false).is_some();
            (!is_remark).then_some((number, false))
        }
        CellValue::Number(number) if *number > 0.0 && *number < 1000.0 => {
            ItemNumber::parse(&cell.value.text()).map(|number| (number, true))
        }
        CellValue::Number(_) | CellValue::Bool(_) | CellValue::Date(_) | CellValue::Error(_) => {
            None
        }
    }
}

/// How a region numbers its items, and the rows with a number. `None` where nothing looks like numbers.
pub(super) fn numbering(
    page: &Page<'_>,
    region: &Region,
    header: Option<&HeaderRow>,
) -> Option<(Numbering, Vec<Numbered>)> {
    let columns = candidates(page, region, header);
    let mut best: Option<Scored> = None;
    let mut running: Vec<(u32, usize)> = Vec::new();
    let mut most = 0;
    for column in &columns {
        let way = Numbering::Column(*column);
        let rows = in_column(page, region, *column);
        let scored = Scored::new(way, rows, header);
        most = most.max(scored.rows.len());
        if scored.running {
            running.push((*column, scored.rows.len()));
        }
        if best.as_ref().is_none_or(|best| scored.beats(best)) {
            best = Some(scored);
        }
    }
    for length in [2, 3] {
        for window in columns.windows(length) {
            // What counts on over all rows is not the last part of a number.
            let counts_on = |column: &u32| {
                let own = running.iter().find(|(known, _)| known == column);
                own.is_some_and(|(_, rows)| rows * 5 >= most * 4)
            };
            let last = window.last().is_some_and(counts_on);
            if last || (counts_on(&window[0]) && stand_together(page, region, window)) {
                continue;
            }
            let ways = [
                (
                    Numbering::Parts(window.to_vec()),
                    parts(page, region, window),
                ),
                (
                    Numbering::Levels(window.to_vec()),
                    levels(page, region, window),
                ),
            ];
            for (way, rows) in ways {
                let Some(rows) = rows else { continue };
                let scored = Scored::new(way, rows, header);
                if best.as_ref().is_none_or(|best| scored.beats(best)) {
                    best = Some(scored);
                }
            }
        }
    }
    if let Some((way, rows)) = before_questions(page, region, header) {
        let found = Scored::new(way, rows, header);
        let better = |best: &Scored| {
            // A mere running number, a score or the like gives way to the numbers that the questions have.
            let own = best.running && !found.running && found.score > 0.8 * best.score;
            own || found.score > 1.2 * best.score + 1.0
        };
        if best.as_ref().is_none_or(better) {
            best = Some(found);
        }
    }
    best.map(|best| {
        let mut rows = best.rows;
        relative(&mut rows);
        lost_zeros(&mut rows);
        (best.way, rows)
    })
}

/// True if many rows hold a number in the first column and in another one: a running number beside other numbers.
fn stand_together(page: &Page<'_>, region: &Region, window: &[u32]) -> bool {
    let (mut first, mut both) = (0usize, 0usize);
    for cells in region.rows(page) {
        let holds = |column: &u32| {
            let cell = cells.iter().find(|cell| cell.column == *column);
            cell.is_some_and(|cell| number_in(cell).is_some() || leading_part(cell).is_some())
        };
        if holds(&window[0]) {
            first += 1;
            both += usize::from(window[1..].iter().any(holds));
        }
    }
    both * 5 > first
}

/// A way of numbering, and how well it does.
struct Scored {
    way: Numbering,
    rows: Vec<Numbered>,
    score: f64,
    headed: bool,
    /// Nothing but 1, 2, 3 to the end, or headed as such.
    running: bool,
    dotted: bool,
}

impl Scored {
    fn new(way: Numbering, rows: Vec<Numbered>, header: Option<&HeaderRow>) -> Self {
        let numbers: Vec<&ItemNumber> = rows.iter().filter_map(|row| row.number.as_ref()).collect();
        let distinct = numbers.iter().collect::<BTreeSet<_>>().len();
        let rising = numbers
            .windows(2)
            .filter(|pair| in_order(pair[0]) < in_order(pair[1]))
            .count();
        let steps = numbers.len().saturating_sub(1).max(1);
        #[allow(clippy::cast_precision_loss)] // rows of a sheet
        let score = distinct as f64 * (0.5 + 0.5 * rising as f64 / steps as f64)
            - (numbers.len() - distinct) as f64;
        let one_more = numbers.windows(2).filter(|pair| {
            let (one, next) = (
                pair[0].as_str().parse::<u32>(),
                pair[1].as_str().parse::<u32>(),
            );
            matches!((one, next), (Ok(one), Ok(next)) if one + 1 == next)
        });
        let consecutive = numbers.len() >= 3 && one_more.count() * 20 >= steps * 19;
        let columns = way.columns();
        let named = |header: &HeaderRow| {
            columns
                .iter()
                .any(|column| header.is_only(*column, Role::Number))
        };
        let called_running =
            |header: &HeaderRow| columns.iter().all(|column| header.running.contains(column));
        Self {
            headed: header.is_some_and(named),
            running: consecutive || header.is_some_and(called_running),
            dotted: numbers
                .iter()
                .any(|number| number.as_str().contains(['.', '-'])),
            score,
            way,
            rows,
        }
    }

    /// Whether this way fits better; the one found first wins among equals.
    fn beats(&self, other: &Scored) -> bool {
        let several = |way: &Numbering| !matches!(way, Numbering::Column(_));
        if several(&self.way) != several(&other.way) {
            // Several columns only where one alone leaves rows out or repeats itself.
            return if several(&self.way) {
                self.score > other.score * 1.15 + 1.0
                    || (other.running && self.dotted && self.score > other.score * 0.8)
            } else {
                self.score * 1.15 + 1.0 >= other.score
            };
        }
        if several(&self.way) {
            let parts = |way: &Numbering| way.columns().len();
            return self.score > other.score
                || (self.score >= other.score && parts(&self.way) > parts(&other.way));
        }
        if self.running != other.running {
            let (plain, running) = if self.running {
                (other, self)
            } else {
                (self, other)
            };
            // A running number gives way to numbers of items beside it, if those are sound.
            let sound = plain.score > 0.8 * running.score && (plain.dotted || plain.headed);
            if sound {
                return !self.running;
            }
        }
        (self.headed, self.score) > (other.headed, other.score)
    }
}

/// The groups of a number, so that 10 comes after 9.
pub(in crate::disclosure) fn in_order(number: &ItemNumber) -> (&str, Vec<u32>) {
    let text = number.as_str();
    let digits = text.rsplit_once('-').map_or(text, |(_, digits)| digits);
    let groups = digits.split('.').filter_map(|group| group.parse().ok());
    (number.group(), groups.collect())
}

/// How many columns with numbers are tried, alone and together with their neighbours.
const MOST_COLUMNS: usize = 24;

/// The columns with numbers, from left to right, without those that the heading gives to something else.
fn candidates(page: &Page<'_>, region: &Region, header: Option<&HeaderRow>) -> Vec<u32> {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for cell in region.cells(page) {
        if number_in(cell).is_some() || leading_part(cell).is_some() {
            *counts.entry(cell.column).or_default() += 1;
        }
    }
    let other = |column: &u32| {
        header.is_some_and(|header| {
            let choice = header.choices.len() >= 2
                && header.choices.iter().any(|(_, choice)| choice == column);
            let roles = [Role::Answer, Role::Remark, Role::Reference];
            let named = roles
                .iter()
                .any(|role| header.columns(*role).contains(column));
            choice || (named && !header.columns(Role::Number).contains(column))
        })
    };
    let columns = counts.into_keys().filter(|column| !other(column));
    columns.take(MOST_COLUMNS).collect()
}

pub(super) fn in_column(page: &Page<'_>, region: &Region, column: u32) -> Vec<Numbered> {
    let cells = region.cells(page).filter(|cell| cell.column == column);
    cells
        .filter_map(|cell| {
            let found = number_in(cell);
            let odd = matches!(&cell.value, CellValue::Date(_) | CellValue::Number(_));
            (found.is_some() || odd).then(|| Numbered {
                at: (cell.row, cell.column),
                numeric: found.as_ref().is_none_or(|(_, numeric)| *numeric),
                number: found.map(|(number, _)| number),
                written: cell.value.text().into_owned(),
                rest: None,
            })
        })
        .collect()
}

/// A number without a dot at the start of a cell: `4`, `④`, `4. アクセス管理`.
fn leading_part(cell: &Cell) -> Option<String> {
    if let Some((number, _)) = number_in(cell) {
        return (!number.as_str().contains(['.', '-'])).then(|| number.as_str().to_owned());
    }
    let CellValue::Text(text) = &cell.value else {
        return None;
    };
    let (number, _) = leading_number(text)?;
    (!number.as_str().contains(['.', '-'])).then(|| number.as_str().to_owned())
}

/// Rows of columns that hold a part of the number each; a part not written is that of the row above.
pub(super) fn parts(page: &Page<'_>, region: &Region, columns: &[u32]) -> Option<Vec<Numbered>> {
    let mut carried: Vec<Option<String>> = vec![None; columns.len()];
    let mut rows = Vec::new();
    let mut whole = 0usize;
    for cells in region.rows(page) {
        let written: Vec<Option<&Cell>> = columns
            .iter()
            .map(|column| cells.iter().find(|cell| cell.column == *column))
            .collect();
        // Whole numbers are no parts; one above the table, a version, is no number of an item.
        let is_whole = |cell: &&Cell| {
            number_in(cell).is_some_and(|(number, _)| number.as_str().contains(['.', '-']))
        };
        if written.iter().flatten().any(is_whole) {
            whole += 1;
            continue;
        }
        let found: Vec<Option<String>> = written
            .iter()
            .map(|cell| cell.and_then(leading_part))
            .collect();
        let Some(last) = found.iter().rposition(Option::is_some) else {
            continue;
        };
        let first = found.iter().position(Option::is_some).unwrap_or(last);
        for (at, part) in found.into_iter().enumerate() {
            match part {
                Some(part) => carried[at] = Some(part),
                None if at > first => carried[at] = None,
                None => {}
            }
        }
        let number: Option<Vec<&str>> = carried[..=last].iter().map(Option::as_deref).collect();
        let Some(cell) = written[last] else { continue };
        let Some(number) = number.map(|parts| parts.join(".")) else {
            continue;
        };
        rows.push(Numbered {
            at: (cell.row, cell.column),
            number: ItemNumber::parse(&number),
            written: number,
            numeric: false,
            rest: None,
        });
    }
    (whole * 10 <= rows.len()).then_some(rows)
}

/// Rows of columns that hold a whole number each, by level.
pub(super) fn levels(page: &Page<'_>, region: &Region, columns: &[u32]) -> Option<Vec<Numbered>> {
    let mut rows: Vec<Numbered> = Vec::new();
    let mut dotted = false;
    for cells in region.rows(page) {
        let deepest = columns
            .iter()
            .enumerate()
            .rev()
            .find_map(|(level, column)| {
                let cell = cells.iter().find(|cell| cell.column == *column)?;
                let (number, numeric) = number_in(cell)?;
                Some((level, cell, number, numeric))
            });
        let Some((level, cell, number, numeric)) = deepest else {
            continue;
        };
        let depth = number.as_str().matches('.').count();
        dotted |= depth > 0;
        // A number of its level has a dot for each column before it.
        if level > 0 && depth == 0 {
            return None;
        }
        rows.push(Numbered {
            at: (cell.row, cell.column),
            number: Some(number),
            written: cell.value.text().into_owned(),
            numeric,
            rest: None,
        });
    }
    dotted.then_some(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leading(text: &str) -> Option<(String, &str)> {
        leading_number(text).map(|(number, rest)| (number.to_string(), rest))
    }

    fn is(number: &str, rest: &'static str) -> Option<(String, &'static str)> {
        Some((number.to_owned(), rest))
    }

    #[test]
    fn numbers_before_questions() {
        assert_eq!(
            leading("4.1　通信を暗号化する"),
            is("4.1", "通信を暗号化する")
        );
        assert_eq!(
            leading("4.1通信を暗号化する"),
            is("4.1", "通信を暗号化する")
        );
        assert_eq!(
            leading("（４）通信を暗号化する"),
            is("4", "通信を暗号化する")
        );
        assert_eq!(leading("①通信を暗号化する"), is("1", "通信を暗号化する"));
        assert_eq!(leading("7．時刻"), is("7", "時刻"));
        assert_eq!(leading("問3：時刻"), is("3", "時刻"));
        for text in [
            "2要素認証を用いる",
            "通信を暗号化する",
            "24時間対応",
            "TLS 1.3を使う",
        ] {
            assert_eq!(leading(text), None, "{text}");
        }
    }
}
