//! The ways in which a remark can be written: in the row of its item, or by number in a block of remark texts.

use super::block::Block;
use super::change::{Change, To};
use super::plan::Target;
use crate::disclosure::At;
use crate::language::Localised;
use crate::text::{fold, is_blank};
use crate::vocabulary::Vocabulary;

/// The blocks of remark texts of a template, each with what is still free in it.
#[derive(Debug)]
pub(super) struct Remarks {
    /// One for each table that gives its remarks by number.
    blocks: Vec<Option<Block>>,
}

impl Remarks {
    /// Finds the blocks.
    pub(super) fn of(target: &Target<'_>) -> Self {
        let tables = target.standing.tables.iter().enumerate();
        let blocks = tables.map(|(at, table)| {
            let page = &target.pages[table.sheet];
            let block = Block::of(page, &table.layout)?;
            let gives_numbers =
                block.is_labelled() && refers(target, at) || is_headed_by_number(target, at);
            gives_numbers.then_some(block)
        });
        Self {
            blocks: blocks.collect(),
        }
    }

    /// The ways, the likeliest first.
    pub(super) fn ways(
        &mut self,
        target: &Target<'_>,
        at: usize,
        text: &str,
    ) -> Result<Vec<Vec<Change>>, Localised> {
        let (sheet, page) = target.page(at);
        let site = target.site(at);
        let there = target.entry(at);
        let block = self.blocks[site.table].as_mut();
        let change = |at: At, to: To| Change { sheet, at, to };
        if let (Some(reference), None) = (&there.remark.reference, &there.remark.text) {
            // The row has its number already: the text belongs to that number.
            let free = block.and_then(|block| block.take(reference));
            let free = free.ok_or_else(|| Localised::label("fill-no-block-row", &[]))?;
            return Ok(vec![vec![change(free.text_at, To::Text(text.to_owned()))]]);
        }
        let cell = own_cell(target, at);
        let cell = cell.ok_or_else(|| Localised::label("fill-no-remark-cell", &[]))?;
        let written = page.text(cell.0, cell.1);
        if let (Some(block), true) = (block, is_empty(&written)) {
            let free = block.next();
            let free = free.ok_or_else(|| Localised::label("fill-block-full", &[]))?;
            let mut changes = vec![
                change(cell, To::Text(free.label.clone())),
                change(free.text_at, To::Text(text.to_owned())),
            ];
            if free.is_new {
                changes.push(change(free.at, To::Text(free.label)));
            }
            return Ok(vec![changes]);
        }
        let text = text.replace("\r\n", "\n");
        let mut ways = vec![vec![change(cell, To::Text(text.clone()))]];
        let label = written.trim_end();
        if label.ends_with([':', '：']) {
            let behind = format!("{label}{text}");
            ways.insert(0, vec![change(cell, To::Text(behind))]);
        }
        // Further columns of remarks say something of their own, which the new remark takes the place of.
        if target.force {
            let others = site.slot.remarks.iter().filter(|other| **other != cell);
            let others = others.filter(|other| !is_blank(&page.text(other.0, other.1)));
            let cleared: Vec<Change> = others.map(|other| change(*other, To::Nothing)).collect();
            if !cleared.is_empty() {
                let mut all = ways[0].clone();
                all.extend(cleared);
                ways.insert(0, all);
            }
        }
        Ok(ways)
    }
}

/// The first cell for the remark of an entry that is not also that of its answer.
fn own_cell(target: &Target<'_>, at: usize) -> Option<At> {
    let (_, page) = target.page(at);
    let slot = &target.site(at).slot;
    let answers: Vec<At> = slot.answers.cells();
    let answers: Vec<At> = answers.iter().map(|it| page.anchor(it.0, it.1)).collect();
    let mut cells = slot.remarks.iter().copied();
    cells.find(|cell| !answers.contains(&page.anchor(cell.0, cell.1)))
}

fn is_empty(text: &str) -> bool {
    Vocabulary::get().is_empty_remark(text)
}

/// True where an item of the table refers to a remark by its number.
fn refers(target: &Target<'_>, table: usize) -> bool {
    let entries = target.disclosure.entries.iter().zip(&target.standing.sites);
    let mut own = entries.filter(|(_, site)| site.table == table);
    own.any(|(entry, _)| entry.remark.reference.is_some())
}

/// True where the column of remarks is headed as one of their numbers.
fn is_headed_by_number(target: &Target<'_>, table: usize) -> bool {
    let table = &target.standing.tables[table];
    let (Some(row), Some(column)) = (
        table.layout.header_row,
        table.layout.columns.remarks.first(),
    ) else {
        return false;
    };
    let heading = fold(&target.pages[table.sheet].text(row, *column));
    heading.contains("番号")
        || heading.contains("no") && !heading.starts_with("note")
        || heading.contains('#')
}
