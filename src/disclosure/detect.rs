//! Detection: the tables of items on a sheet, found by content.
//!
//! No position is assumed. A sheet is cut into [`region`]s by its [`heading`]s; in each of them the
//! [`numbers`] are found, then the [`columns`]; a sheet of little blocks, one a question, is read as [`card`]s.

mod card;
pub(super) mod columns;
mod heading;
mod leading;
mod neighbours;
pub(super) mod numbers;
mod printed;
mod region;
mod section;
pub(super) mod stated;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use self::columns::{Found, Search};
use self::heading::HeaderRow;
use self::numbers::{Numbered, Numbering};
use self::region::Region;
use super::layout::{Answers, Layout, Question, Slot};
use super::legend::Legend;
use super::page::Page;
use super::resolve::answer_in;
use crate::answer::{Answer, ItemNumber};
use crate::read::grid::{Cell, CellValue};
use crate::text::is_blank;
use crate::vocabulary::{Role, Vocabulary};

/// The tables of a sheet, in order; none where there is no table of items.
pub(super) fn layouts(page: &Page<'_>) -> Vec<Layout> {
    let headers = heading::header_rows(page);
    let regions = regions(page, &headers);
    let mut found: Vec<Layout> = Vec::new();
    for run in alike(&regions) {
        // Headings printed again on every page head one table; where the numbers begin anew, they head several.
        let whole = (run.len() > 1).then(|| joined(run));
        let one = whole
            .and_then(|region| layout(page, &region))
            .filter(counts_once);
        match one {
            Some(one) => found.push(one),
            None => found.extend(run.iter().filter_map(|region| layout(page, region))),
        }
    }
    if found.is_empty() && !headers.is_empty() {
        // What looked like headings headed nothing.
        found.extend(layout(page, &Region::new(None, u32::MAX, (0, u32::MAX))));
    }
    let answered: usize = found.iter().map(|layout| layout.answered).sum();
    let asked: usize = found.iter().map(|layout| layout.slots.len()).sum();
    if let Some(cards) = card::layout(page)
        && (cards.answered > answered || answered == 0 && asked > 0 && cards.slots.len() >= asked)
    {
        return vec![cards];
    }
    found
}

/// The cards of a sheet, also where nothing is answered on them.
pub(super) fn cards(page: &Page<'_>) -> Option<Layout> {
    card::layout(page)
}

/// Runs of regions with the same headings over the same columns.
fn alike(regions: &[Region]) -> impl Iterator<Item = &[Region]> {
    regions.chunk_by(|one, next| match (&one.header, &next.header) {
        (Some(header), Some(again)) => one.band == next.band && header.is_same(again),
        (_, _) => false,
    })
}

/// One region of several that follow each other.
fn joined(run: &[Region]) -> Region {
    let mut whole = run[0].clone();
    for next in &run[1..] {
        whole.to = next.to;
        if let Some(header) = &next.header {
            whole.repeated.extend(header.top..=header.row);
        }
    }
    whole
}

/// True if nearly all numbers stand there once.
fn counts_once(layout: &Layout) -> bool {
    let numbers: Vec<&ItemNumber> = layout
        .slots
        .iter()
        .filter_map(|slot| slot.number.as_ref())
        .collect();
    let once: BTreeSet<&ItemNumber> = numbers.iter().copied().collect();
    once.len() * 10 >= numbers.len() * 9
}

/// How many headings of a sheet count at most.
const MOST_HEADINGS: usize = 300;

/// Cuts a sheet where a heading begins; the best heading tells which others count.
fn regions(page: &Page<'_>, headers: &[HeaderRow]) -> Vec<Region> {
    let Some(best) = headers.iter().map(HeaderRow::score).max() else {
        return vec![Region::new(None, u32::MAX, (0, u32::MAX))];
    };
    // A sheet of more headings than any has is read as far as these go; the last of them heads the rest.
    let good: Vec<&HeaderRow> = headers
        .iter()
        .filter(|header| header.score() + 2 >= best)
        .take(MOST_HEADINGS)
        .collect();
    let mut regions: Vec<Region> = Vec::new();
    for (at, header) in good.iter().enumerate() {
        let to = good.get(at + 1).map_or(u32::MAX, |next| next.top);
        for band in header.bands() {
            let part = header.within(band);
            regions.push(Region::new(Some(part), to, band));
        }
    }
    // A first table without a heading of its own stands above one that has it.
    let first = good[0].row;
    let above = Region {
        to: first,
        ..Region::new(None, first, (0, u32::MAX))
    };
    let numbered = numbers::numbering(page, &above, None)
        .is_some_and(|(_, rows)| rows.iter().filter(|row| row.number.is_some()).count() >= 5);
    if numbered {
        regions.insert(0, above);
    }
    regions
}

/// The table of a region.
fn layout(page: &Page<'_>, region: &Region) -> Option<Layout> {
    let mut region = region.clone();
    let header = region.header.clone();
    let end = region.to;
    let block_row = block_row(page, &region);
    if let Some(block) = block_row {
        region.to = region.to.min(block);
    }
    let (numbering, mut numbers) = numbers::numbering(page, &region, header.as_ref())?;
    let known = numbers.iter().filter(|row| row.number.is_some()).count();
    if known == 0 || (header.is_none() && known < 3) {
        return None;
    }
    let legend = legend(page, &region, header.as_ref(), &numbers);
    let search = Search::new(page, &region, &numbering, &numbers, &legend);
    let found = search.columns()?;
    // A cell in the number column that is no number matters only where the row is answered.
    numbers.retain(|row| row.number.is_some() || is_answered(page, &found, row.at.0));
    let mut layout = Layout {
        header_row: header.as_ref().map(|header| header.row),
        repeated: region.repeated.clone(),
        band: region.band,
        end,
        slots: slots(page, &numbering, &found, numbers),
        columns: found.columns,
        block_row,
        answered: found.answered,
        other_answers: found.other_answers,
        legend,
        named: None,
        given: None,
    };
    drop_sums(page, &mut layout);
    remarks_below(page, &region, &mut layout);
    section::fill(page, &region, &mut layout);
    (!layout.slots.is_empty()).then_some(layout)
}

fn is_answered(page: &Page<'_>, found: &Found, row: u32) -> bool {
    let words = Vocabulary::get();
    let by_word = found
        .columns
        .answer
        .is_some_and(|column| words.answer(&page.said((row, column))).is_some());
    let marks = &found.columns.marks;
    by_word
        || marks
            .iter()
            .any(|(_, column)| words.mark(&page.said((row, *column))).is_some())
}

fn slots(
    page: &Page<'_>,
    numbering: &Numbering,
    found: &Found,
    numbers: Vec<Numbered>,
) -> Vec<Slot> {
    let columns = &found.columns;
    let in_question = matches!(numbering, Numbering::Question(_));
    numbers
        .into_iter()
        .map(|row| {
            let at = row.at.0;
            let question = columns.question.map(|column| Question {
                at: (at, column),
                text: match row.rest {
                    Some(rest) if in_question => rest,
                    Some(_) | None => page.text(at, column).into_owned(),
                },
            });
            Slot {
                number_at: row.at,
                number: row.number,
                written_number: row.written,
                numeric: row.numeric,
                question: question.filter(|question| !is_blank(&question.text)),
                answers: match columns.answer {
                    Some(column) => Answers::Word((at, column)),
                    None => {
                        let marks = columns.marks.iter();
                        Answers::Marks(
                            marks
                                .map(|(answer, column)| (*answer, (at, *column)))
                                .collect(),
                        )
                    }
                },
                remarks: columns.remarks.iter().map(|column| (at, *column)).collect(),
                section: None,
                reference: reference(page, at, &columns.references),
            }
        })
        .collect()
}

/// What the columns of references say.
fn reference(page: &Page<'_>, row: u32, columns: &[u32]) -> Option<Arc<str>> {
    let texts: Vec<String> = columns
        .iter()
        .map(|column| page.text(row, *column).trim().to_owned())
        .filter(|text| !is_blank(text))
        .collect();
    (!texts.is_empty()).then(|| texts.join("\n").into())
}

/// The heading of a block of remark texts: alone in its row, below the heading of the table or below some items.
fn block_row(page: &Page<'_>, region: &Region) -> Option<u32> {
    let items = if region.header.is_some() { LEAST } else { 0 };
    block_title(page, region, items)
}

/// How many items stand above a block of remark texts at least, where no heading stands above them.
const LEAST: usize = 3;

/// The first row with nothing but the title of a block of remark texts, below some items; `items` are known already.
fn block_title(page: &Page<'_>, region: &Region, mut items: usize) -> Option<u32> {
    let words = Vocabulary::get();
    // A remark between items, under a label of its own, ends no table.
    let answered = |cells: &&[Cell]| {
        let says = |cell: &Cell| {
            let text = cell.value.text();
            text.len() <= 240
                && words.remark_key(&text, false).is_none()
                && (words.mark(&text).is_some() || answer_in(&text).is_some())
        };
        cells.iter().any(heading::is_of_item) && cells.iter().any(says)
    };
    // Few sheets have such a title, so that is asked first, and the last answered row is looked for from below.
    let titles: Vec<u32> = region
        .rows(page)
        .filter(|cells| is_block_title(cells))
        .map(|cells| cells[0].row)
        .collect();
    if titles.is_empty() {
        return None;
    }
    let last = region.rows(page).rev().find(answered);
    let first = last.map_or(0, |cells| cells[0].row + 1);
    for cells in region.rows(page) {
        let row = cells[0].row;
        if items >= LEAST && row >= first && titles.binary_search(&row).is_ok() {
            return Some(row);
        }
        items += usize::from(cells.iter().any(heading::is_of_item));
    }
    None
}

/// True for a row with nothing but the title of a block, also over its two columns: 番号 | 備考.
fn is_block_title(cells: &[Cell]) -> bool {
    let words = Vocabulary::get();
    let title =
        |cell: &Cell| matches!(&cell.value, CellValue::Text(text) if words.is_block_title(text));
    match cells {
        [first] => title(first),
        [first, second] => {
            let text = first.value.text();
            let number = text.len() <= 60 && words.roles(&text).contains(&Role::Number);
            title(first) || (number && title(second))
        }
        _ => false,
    }
}

/// The legend of a table: in its headings, or anywhere outside the rows of items.
fn legend(
    page: &Page<'_>,
    region: &Region,
    header: Option<&HeaderRow>,
    numbers: &[Numbered],
) -> Legend {
    let rows: BTreeSet<u32> = numbers.iter().map(|row| row.at.0).collect();
    let texts = || {
        around(page, region, &rows).filter_map(|cell| match &cell.value {
            CellValue::Text(text) => Some((cell.row, text)),
            CellValue::Number(_)
            | CellValue::Bool(_)
            | CellValue::Date(_)
            | CellValue::Error(_) => None,
        })
    };
    // The heading's own word counts before what stands elsewhere.
    let heading = header.and_then(|header| {
        let mut own = texts().filter(|(row, _)| (header.top..=header.row).contains(row));
        own.find_map(|(_, text)| Legend::in_text(text))
    });
    heading
        .or_else(|| texts().find_map(|(_, text)| Legend::in_text(text)))
        .or_else(|| legend_in_cells(around(page, region, &rows)))
        .unwrap_or_default()
}

/// How many cells above a table, and below it, are looked through for what belongs to it.
const AROUND: usize = 500;

/// The cells above the first item, the nearest first, then those beside and below the items that are in no row of one.
fn around<'p>(
    page: &Page<'p>,
    region: &Region,
    items: &'p BTreeSet<u32>,
) -> impl Iterator<Item = &'p Cell> {
    let cells = &page.sheet.cells;
    let first = items.first().copied().unwrap_or(region.from);
    let start = cells.partition_point(|cell| cell.row < first);
    let outside = |cell: &&Cell| !items.contains(&cell.row);
    let above = cells[..start].iter().rev().take(AROUND);
    above.chain(cells[start..].iter().filter(outside).take(AROUND))
}

/// A legend with a code and its meaning in two cells side by side, in rows of their own.
fn legend_in_cells<'p>(cells: impl Iterator<Item = &'p Cell>) -> Option<Legend> {
    let words = Vocabulary::get();
    let mut cells: Vec<&Cell> = cells.collect();
    cells.sort_by_key(|cell| (cell.row, cell.column));
    let mut codes: Vec<(String, Answer)> = Vec::new();
    for pair in cells.windows(2) {
        let code = pair[0].value.text();
        let short = code.chars().count() <= 2 && !is_blank(&code) && words.answer(&code).is_none();
        let beside = pair[0].row == pair[1].row && pair[0].column + 1 == pair[1].column;
        if short
            && beside
            && let Some(answer) = words.answer(&pair[1].value.text())
        {
            codes.push((code.into_owned(), answer));
        }
    }
    let answers: BTreeSet<_> = codes.iter().map(|(_, answer)| *answer).collect();
    let unique: BTreeSet<_> = codes.iter().map(|(code, _)| code.clone()).collect();
    (answers.len() >= 2 && unique.len() == codes.len()).then(|| Legend::of(codes))
}

/// Takes out rows that only seem to have a number, a sum below the items: nothing is asked or answered there, and the
/// number stands in another row, or the row stands apart.
fn drop_sums(page: &Page<'_>, layout: &mut Layout) {
    let mut rows_of: BTreeMap<ItemNumber, usize> = BTreeMap::new();
    for number in layout.slots.iter().filter_map(|slot| slot.number.clone()) {
        *rows_of.entry(number).or_default() += 1;
    }
    let mut last: Option<u32> = None;
    layout.slots.retain(|slot| {
        let cells = slot
            .answers
            .cells()
            .into_iter()
            .chain(slot.remarks.iter().copied());
        let empty = slot.question.is_none() && cells.into_iter().all(|at| is_blank(&page.said(at)));
        let number = slot.number.as_ref();
        let again = number.is_some_and(|number| rows_of.get(number).is_some_and(|rows| *rows > 1));
        let apart = last.is_some_and(|last| slot.row() > last + 1);
        last = Some(slot.row());
        !(empty && (again || apart))
    });
}

/// Rows below an item that hold its remark: `備考：…`, or the label and the text side by side.
fn remarks_below(page: &Page<'_>, region: &Region, layout: &mut Layout) {
    // Where remarks have a column of their own, a row of remarks speaks of more than the item above it.
    if !layout.columns.remarks.is_empty() {
        return;
    }
    let words = Vocabulary::get();
    let mut last: Option<usize> = None;
    let mut at = 0;
    for cells in region.rows(page) {
        let row = cells[0].row;
        if let Some(slot) = layout.slots.get(at).filter(|slot| slot.row() <= row) {
            if slot.row() == row {
                last = Some(at);
            }
            at += 1;
            while layout.slots.get(at).is_some_and(|slot| slot.row() <= row) {
                last = Some(at);
                at += 1;
            }
            continue;
        }
        let Some(item) = last else { continue };
        let found = cells.iter().enumerate().find_map(|(index, cell)| {
            let text = cell.value.text();
            if labelled_remark(&text).is_some() {
                return Some((row, cell.column));
            }
            let label = text.trim().trim_end_matches([':', '：']);
            let is_label = text.len() <= 60 && words.roles(label).contains(&Role::Remark);
            let value = cells.get(index + 1)?;
            is_label.then_some((row, value.column))
        });
        // A heading or another row ends what belongs to the item above.
        match found {
            Some(cell) if row <= layout.slots[item].row() + 3 => {
                layout.slots[item].remarks.push(cell)
            }
            Some(_) | None => last = None,
        }
    }
}

/// The remark behind its label in one cell: `備考：…`.
pub(super) fn labelled_remark(text: &str) -> Option<&str> {
    let (label, remark) = text.split_once([':', '：'])?;
    let is_label = label.len() <= 60 && Vocabulary::get().roles(label).contains(&Role::Remark);
    let remark = remark.trim();
    (is_label && !is_blank(remark)).then_some(remark)
}
