//! Which cells of a sheet have been read, or are printed by the form.

mod own;

use std::collections::{HashMap, HashSet};

use crate::answer::ItemNumber;
use crate::disclosure::build::{Part, is_example};
use crate::disclosure::layout::At;
use crate::disclosure::{Disclosure, head};
use crate::form::{Field, Form, FormSource};
use crate::language::Language;
use crate::place::Place;
use crate::read::grid::{Cell, Sheet};
use crate::text::{fold, is_blank};
use crate::vocabulary::Vocabulary;

/// An item in whose row something may be left.
pub(super) struct InRow<'a> {
    /// The disclosure, by position.
    pub(super) owner: usize,
    pub(super) part: &'a Part<'a>,
    pub(super) number: ItemNumber,
}

/// A table on the sheet, and the rows that are its own; looked up by row, since there may be many.
struct Table<'a> {
    owner: usize,
    part: &'a Part<'a>,
    /// The row from which what stands outside the items belongs to its disclosure.
    from: u32,
    first_row: u32,
    last_row: u32,
    end: u32,
}

/// How many tables are looked at for a row: those side by side.
const ABREAST: usize = 8;

/// What has been read of a sheet.
pub(super) struct Used<'a> {
    sheet: &'a Sheet,
    cells: HashSet<At>,
    /// Rows that were read as a whole.
    rows: HashSet<u32>,
    items: HashMap<u32, Vec<InRow<'a>>>,
    /// The tables on the sheet, by the first row.
    tables: Vec<Table<'a>>,
    /// Rows that plain sheets have for content they kept.
    kept: Vec<(u32, u32)>,
    /// Lines of remarks, headings of items: texts that stand elsewhere in a disclosure.
    lines: HashSet<&'a str>,
    disclosures: &'a [Disclosure],
}

impl<'a> Used<'a> {
    pub(super) fn new(
        sheet: &'a Sheet,
        groups: &[&'a [Part<'a>]],
        disclosures: &'a [Disclosure],
    ) -> Self {
        let mut tables: Vec<Table<'_>> = groups
            .iter()
            .enumerate()
            .flat_map(|(owner, parts)| parts.iter().map(move |part| (owner, part)))
            .filter(|(_, part)| std::ptr::eq(part.page.sheet, sheet))
            .map(|(owner, part)| Table::new(owner, part))
            .collect();
        let named = tables
            .iter()
            .filter_map(|table| table.part.layout.named.as_ref());
        let mut used = Self {
            sheet,
            cells: HashSet::new(),
            rows: HashSet::new(),
            items: HashMap::new(),
            kept: named
                .filter_map(|named| Some((named.kept_row?, named.end)))
                .collect(),
            tables: Vec::new(),
            lines: HashSet::new(),
            disclosures,
        };
        for of_owner in tables.chunk_by(|one, next| one.owner == next.owner) {
            let owner = of_owner[0].owner;
            let numbers = numbers(&disclosures[owner]);
            for table in of_owner {
                used.table(owner, table.part, &numbers);
            }
            used.besides(&disclosures[owner]);
        }
        tables.sort_by_key(|table| table.first_row);
        used.tables = tables;
        used
    }

    fn take(&mut self, at: At) {
        self.cells.insert(self.sheet.anchor(at.0, at.1));
    }

    /// Takes what a table holds.
    fn table(&mut self, owner: usize, part: &'a Part<'a>, numbers: &HashMap<Place, &ItemNumber>) {
        let layout = part.layout;
        // A derived form keeps its headings; those of a form that is known are content where they are not its own.
        let form = &self.disclosures[owner].form;
        let derived = form.source == FormSource::Derived;
        let titles: HashSet<String> = form
            .sections
            .iter()
            .flat_map(|section| Language::ALL.map(|language| fold(section.title.text(language))))
            .collect();
        for slot in &layout.slots {
            let place = self.sheet.place(slot.number_at.0, slot.number_at.1);
            if let Some(number) = numbers.get(&place) {
                self.items.entry(slot.row()).or_default().push(InRow {
                    owner,
                    part,
                    number: (*number).clone(),
                });
            }
            self.take(slot.number_at);
            let question = slot.question.iter().map(|question| question.at);
            let cells = question.chain(slot.answers.cells());
            for at in cells.chain(slot.remarks.iter().copied()) {
                self.take(at);
            }
            for column in layout
                .columns
                .references
                .iter()
                .chain(&layout.columns.sections)
            {
                self.take((slot.row(), *column));
            }
            for column in layout.columns.numbers.iter() {
                self.take((slot.row(), *column));
            }
            if let Some(section) = &slot.section
                && (derived || titles.contains(&fold(section)))
            {
                self.lines.extend(section.lines().map(str::trim));
            }
        }
        self.rows.extend(layout.header_row);
        self.rows.extend(layout.repeated.iter().copied());
        self.rows
            .extend(layout.named.as_ref().map(|named| named.row));
    }

    /// Takes the head and the remarks of a disclosure.
    fn besides(&mut self, disclosure: &'a Disclosure) {
        let on_sheet = |place: &Place| match place {
            Place::Cell { sheet, row, column } if **sheet == *self.sheet.name => {
                Some((*row, *column))
            }
            Place::Cell { .. } | Place::File | Place::Sheet(_) | Place::Text { .. } => None,
        };
        let heads = disclosure.header.iter().map(|value| &value.place);
        let heads: Vec<At> = heads.filter_map(on_sheet).collect();
        let notes = disclosure.notes.iter().map(|note| &note.place);
        let remarks = disclosure.entries.iter().map(|entry| &entry.remark_place);
        let remarks: Vec<At> = notes.chain(remarks).filter_map(on_sheet).collect();
        self.cells.extend(heads);
        for at in remarks {
            self.cells.insert(at);
            // A remark text in a block has its row for itself.
            if !self.items.contains_key(&at.0) {
                self.rows.insert(at.0);
            }
        }
        let texts = disclosure.notes.iter().map(|note| note.text.as_str());
        let remarks = disclosure.entries.iter();
        let remarks = remarks.filter_map(|entry| entry.remark.text.as_deref());
        for text in texts.chain(remarks) {
            self.lines.extend(text.lines().map(str::trim));
        }
    }

    /// True for a row that was read as a whole, or that a plain sheet has for content it kept.
    pub(super) fn skips(&self, row: u32) -> bool {
        let last = self.kept.partition_point(|(from, _)| *from <= row);
        let kept = last.checked_sub(1).is_some_and(|at| row < self.kept[at].1);
        kept || self.rows.contains(&row)
    }

    /// The items of a row.
    pub(super) fn items_of(&self, row: u32) -> Option<&[InRow<'a>]> {
        self.items.get(&row).map(Vec::as_slice)
    }

    /// The cells of a row that nobody has read.
    pub(super) fn left<'c>(&self, cells: &'c [Cell]) -> Vec<&'c Cell> {
        if is_example(cells) {
            return Vec::new();
        }
        let row = cells[0].row;
        let is_item = self.items.contains_key(&row);
        let left: Vec<&Cell> = cells
            .iter()
            .filter(|cell| {
                let text = cell.value.text();
                !is_blank(&text)
                    && !self
                        .cells
                        .contains(&self.sheet.anchor(cell.row, cell.column))
                    && !self.is_said(&text)
                    && !self.is_printed(cell, &text, is_item)
            })
            .collect();
        if is_item {
            return left;
        }
        // A label of the head goes with its value; one without is left where a value stands beside it.
        let is_field = |cell: &Cell| {
            let text = cell.value.text();
            text.len() <= 240 && Vocabulary::get().field(&text).is_some()
        };
        let mut next = cells.iter().skip(1);
        let mut rest = left.iter().copied().peekable();
        let mut found = Vec::with_capacity(left.len());
        for cell in cells {
            let beside = next.next();
            let Some(own) = rest.next_if(|left| left.column == cell.column) else {
                continue;
            };
            // Its value is the next cell, if nobody has read that.
            let has_value = rest.peek().is_some_and(|left| {
                beside.is_some_and(|beside| beside.column == left.column) && !is_field(left)
            });
            if !is_field(own) || has_value {
                found.push(own);
            }
        }
        found
    }

    /// True for a text of which every line stands in a remark or heads items.
    fn is_said(&self, text: &str) -> bool {
        text.lines().all(|line| self.lines.contains(line.trim()))
    }

    /// True for what the form prints, and for what is part of a value of the head.
    fn is_printed(&self, cell: &Cell, text: &str, is_item: bool) -> bool {
        let words = Vocabulary::get();
        // The notice of a sheet to fill, in both languages, is the longest of them.
        if text.len() > 4000 {
            return false;
        }
        if is_item {
            let table = self.items[&cell.row].first().map(|item| item.part.layout);
            let Some((row, table)) = table.and_then(|table| Some((table.header_row?, table)))
            else {
                return words.is_empty_remark(text);
            };
            let heading = self.sheet.text(row, cell.column);
            let is_helper =
                table.named.is_some() && own::is_helper(self.sheet, cell.column, &heading);
            return is_helper || words.is_running_number(&heading) || words.is_empty_remark(text);
        }
        // Headings may stand in several rows, and again within the table.
        let in_table = self.near(cell.row + 2).next().is_some();
        if in_table && (!words.roles(text).is_empty() || words.is_block_title(text)) {
            return true;
        }
        let owner = &self.disclosures[self.owner_of(cell.row)];
        let is_own = self
            .near(u32::MAX)
            .any(|table| table.part.layout.named.is_some());
        if is_own && own::is_printed(&owner.form, text) {
            return true;
        }
        if is_title(&owner.form, text) || !head::inline(text).is_empty() {
            return true;
        }
        // 2026 | 年 | 9 | 月 | 30 | 日
        owner
            .field(Field::Date)
            .is_some_and(|date| match &date.place {
                Place::Cell { row, column, .. } => {
                    *row == cell.row && *column < cell.column && date.written.contains(text.trim())
                }
                Place::File | Place::Sheet(_) | Place::Text { .. } => false,
            })
    }

    /// The tables that begin at or above a row, the nearest first.
    fn near(&self, row: u32) -> impl Iterator<Item = &Table<'a>> {
        let begun = self.tables.partition_point(|table| table.first_row <= row);
        self.tables[..begun].iter().rev().take(ABREAST)
    }

    /// The disclosure to which a row outside the items belongs: the last that has begun.
    pub(super) fn owner_of(&self, row: u32) -> usize {
        let begun = self.tables.partition_point(|table| table.from <= row);
        self.tables
            .get(begun.saturating_sub(1))
            .map_or(0, |table| table.owner)
    }

    /// True for a row between the items of a table.
    pub(super) fn is_between(&self, row: u32) -> bool {
        self.near(row)
            .any(|table| table.first_row < row && row < table.last_row)
    }

    /// True for a row within a table that says something in the column of answers or remarks.
    pub(super) fn is_row(&self, row: u32, left: &[&Cell]) -> bool {
        self.near(row).any(|table| {
            let columns = &table.part.layout.columns;
            table.first_row < row
                && row < table.end
                && left.iter().any(|cell| {
                    columns.is_answer(cell.column) || columns.remarks.contains(&cell.column)
                })
        })
    }
}

impl<'a> Table<'a> {
    fn new(owner: usize, part: &'a Part<'a>) -> Self {
        let layout = part.layout;
        let named = layout.named.as_ref();
        Self {
            owner,
            part,
            // The title of a plain sheet stands above the form that it names.
            from: named.map_or(part.given_from, |named| named.row.saturating_sub(1)),
            first_row: layout.first_row(),
            last_row: layout.last_row(),
            end: layout.end.min(layout.block_row.unwrap_or(u32::MAX)),
        }
    }
}

/// The numbers of a disclosure's items by the place where they stand.
pub(super) fn numbers(disclosure: &Disclosure) -> HashMap<Place, &ItemNumber> {
    let entries = disclosure.entries.iter();
    entries
        .map(|entry| (entry.number_place.clone(), &entry.number))
        .collect()
}

/// True for the title of a form that is known, and for the very title of any.
pub(super) fn is_title(form: &Form, text: &str) -> bool {
    if form.source != FormSource::Derived && Vocabulary::get().is_title(text) {
        return true;
    }
    let folded = fold(text);
    let own = form.titles.iter().map(String::as_str);
    own.chain(Language::ALL.map(|language| form.title.text(language)))
        .any(|title| fold(title) == folded)
}
