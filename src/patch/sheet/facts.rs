//! What must be known of a sheet's part before a cell is written: merged areas, formulas, styles.

use std::collections::HashSet;

use super::super::spans::{self, Tag};
use super::super::{At, Refusal};
use crate::language::Localised;
use crate::place::parse_address;
use crate::read::ooxml::{attribute, is_true};

/// How many cells of a sheet are looked at.
const CELLS: usize = 4_000_000;
/// How many areas of a kind.
const AREAS: usize = 100_000;

/// Areas over no more rows than that below their first are found by their first row.
const FEW_ROWS: u32 = 16;
/// How many of the others are looked at; the reader keeps as many.
const TALL_AREAS: usize = 2_000;

/// An area of cells, corners included.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Area {
    first: At,
    last: At,
}

impl Area {
    fn holds(&self, at: At) -> bool {
        (self.first.0..=self.last.0).contains(&at.0) && (self.first.1..=self.last.1).contains(&at.1)
    }
}

/// Where in the part things stand, and what is known of cells.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// The prefix of the part's elements with its colon, or nothing.
    pub(super) prefix: String,
    /// Sorted by their first row.
    merges: Vec<Area>,
    /// Those over more than a few rows.
    tall: Vec<Area>,
    /// Areas whose formula belongs to all their cells.
    arrays: Vec<Area>,
    /// Cells with a formula that other cells share.
    masters: HashSet<At>,
    formulas: HashSet<At>,
    /// Cells with a style, sorted; of several at one address the last one counts.
    styles: Vec<(At, u32)>,
    rows: Vec<(u32, u32)>,
    columns: Vec<(u32, u32, u32)>,
}

/// Counts rows and cells, most of which say where they are.
#[derive(Debug, Default)]
pub(super) struct Position {
    pub(super) row: u32,
    next_row: u32,
    next_column: u32,
}

impl Position {
    /// A row begins.
    pub(super) fn row(&mut self, written: Option<&str>) -> u32 {
        let written = written.and_then(|r| r.parse::<u32>().ok());
        self.row = written.map_or(self.next_row, |r| r.saturating_sub(1));
        self.next_row = self.row.saturating_add(1);
        self.next_column = 0;
        self.row
    }

    /// A cell begins.
    pub(super) fn cell(&mut self, written: Option<&str>) -> At {
        let at = written.and_then(parse_address);
        let at = at.unwrap_or((self.row, self.next_column));
        self.next_column = at.1.saturating_add(1);
        at
    }
}

impl Facts {
    pub(super) fn of(text: &str) -> Result<Self, Refusal> {
        let mut facts = Facts::default();
        let mut position = Position::default();
        let (mut at, mut cells, mut has_rows, mut over) = ((0, 0), 0usize, false, false);
        let mut in_table = false;
        spans::walk(text, |tag| {
            let (element, closed) = match tag {
                Tag::Open {
                    element, closed, ..
                } => (element, closed),
                Tag::Close { local, .. } => {
                    in_table &= local != "sheetData";
                    return true;
                }
            };
            let number = |name| attribute(element, name).and_then(|it| it.parse::<u32>().ok());
            match element.local_name().as_ref() {
                "sheetData" => {
                    has_rows = true;
                    in_table = !closed;
                    facts.prefix = spans::prefix(element);
                }
                "row" => {
                    let row = position.row(attribute(element, "r").as_deref());
                    if attribute(element, "customFormat").is_some_and(|it| is_true(&it)) {
                        facts.rows.extend(number("s").map(|style| (row, style)));
                    }
                }
                "c" if in_table => {
                    at = position.cell(attribute(element, "r").as_deref());
                    facts.styles.push((at, number("s").unwrap_or(0)));
                    cells += 1;
                }
                // NOTE: lists and conditional formats behind the table have formulas by this name, too.
                "f" if in_table => facts.formula(element, at),
                "mergeCell" => {
                    let area = attribute(element, "ref").and_then(|it| area(&it));
                    facts.merges.extend(area);
                }
                "col" if !has_rows => {
                    if let (Some(min), Some(max)) = (number("min"), number("max")) {
                        let style = number("style").unwrap_or(0);
                        facts.columns.push((min.saturating_sub(1), max, style));
                    }
                }
                _ => {}
            }
            over = cells > CELLS
                || facts.merges.len() > AREAS
                || facts.arrays.len() > AREAS
                || facts.columns.len() > AREAS;
            !over
        })?;
        if over {
            return Err(Localised::label("patch-too-many", &[]));
        }
        if !has_rows {
            return Err(Localised::label("patch-no-rows", &[]));
        }
        facts.styles.sort_by_key(|(at, _)| *at);
        facts.rows.sort_by_key(|(row, _)| *row);
        facts.merges.sort_by_key(|area| area.first);
        let tall = facts
            .merges
            .iter()
            .filter(|area| area.last.0 - area.first.0 > FEW_ROWS);
        facts.tall = tall.take(TALL_AREAS).copied().collect();
        Ok(facts)
    }

    fn formula(&mut self, element: &quick_xml::events::BytesStart<'_>, at: At) {
        self.formulas.insert(at);
        let area = attribute(element, "ref").and_then(|it| area(&it));
        match attribute(element, "t").as_deref() {
            Some("array" | "dataTable") => self.arrays.push(area.unwrap_or(Area {
                first: at,
                last: at,
            })),
            Some("shared") if area.is_some_and(|area| area.first != area.last) => {
                self.masters.insert(at);
            }
            Some(_) | None => {}
        }
    }

    /// The first cell of the merged area around a cell, else the cell itself.
    pub(super) fn anchor(&self, at: At) -> At {
        // Areas of a few rows can only start a few rows above; the others are few, and looked at one by one.
        let first = |area: &Area| area.first.0;
        let start = self
            .merges
            .partition_point(|it| first(it) + FEW_ROWS < at.0);
        let end = self.merges.partition_point(|it| first(it) <= at.0);
        let mut near = self.merges[start..end].iter().chain(&self.tall);
        near.find(|area| area.holds(at))
            .map_or(at, |area| area.first)
    }

    pub(super) fn style(&self, at: At) -> Option<u32> {
        let behind = self.styles.partition_point(|(known, _)| *known <= at);
        let own = behind.checked_sub(1).map(|it| self.styles[it]);
        match own.filter(|(known, _)| *known == at) {
            Some((_, style)) => Some(style).filter(|style| *style > 0),
            None => self.inherited(at),
        }
    }

    /// The cells that name a style, with it.
    pub(super) fn styled(&self) -> impl Iterator<Item = (At, u32)> {
        self.styles.iter().copied()
    }

    /// The style that a cell gets which was not there: that of its row, else of its column.
    pub(super) fn inherited(&self, at: At) -> Option<u32> {
        let row = self.rows.partition_point(|(row, _)| *row <= at.0);
        let row = row.checked_sub(1).map(|it| self.rows[it]);
        let row = row.filter(|(row, _)| *row == at.0).map(|(_, style)| style);
        let columns = || {
            let mut columns = self.columns.iter();
            let found = columns.find(|(first, end, _)| (*first..*end).contains(&at.1));
            found.map(|(_, _, style)| *style)
        };
        row.or_else(columns).filter(|style| *style > 0)
    }

    pub(super) fn has_formula(&self, at: At) -> bool {
        self.formulas.contains(&at)
    }

    pub(super) fn has_formulas(&self) -> bool {
        !self.formulas.is_empty()
    }

    /// Refuses a cell that cannot be written without harm to the formulas of others.
    pub(super) fn may_write(&self, at: At) -> Result<(), Refusal> {
        let harms = |area: &&Area| area.holds(at) && area.first != area.last;
        if self.arrays.iter().any(|area| harms(&area)) {
            return Err(Localised::label("patch-array", &[]));
        }
        if self.masters.contains(&at) {
            return Err(Localised::label("patch-shared", &[]));
        }
        Ok(())
    }
}

/// An area of cells, or one cell.
fn area(reference: &str) -> Option<Area> {
    let (first, last) = reference.split_once(':').unwrap_or((reference, reference));
    let (first, last) = (parse_address(first)?, parse_address(last)?);
    (first.0 <= last.0 && first.1 <= last.1).then_some(Area { first, last })
}
