//! From the table of a sheet to a disclosure, item by item.

use std::collections::HashMap;
use std::sync::Arc;

use super::detect::{AnswerColumns, Layout};
use super::head;
use super::resolve::{Resolved, resolve};
use super::{Ambiguous, Disclosure, Entry, Placed, Remark, RemarkNote, Unmatched};
use crate::answer::{Answer, ItemNumber, State};
use crate::form::{Form, Kind};
use crate::language::Language;
use crate::place::Place;
use crate::read::grid::Sheet;
use crate::text::is_blank;
use crate::vocabulary::{Mark, Vocabulary};

/// Builds the disclosure of a sheet whose table and form are known.
pub(super) fn build(sheet: &Sheet, layout: &Layout, form: Arc<Form>) -> Disclosure {
    let notes = notes(sheet, layout);
    let mut by_key: HashMap<u32, usize> = HashMap::new();
    for (at, note) in notes.iter().enumerate() {
        by_key.entry(note.key).or_insert(at);
    }
    let mut builder = Builder {
        sheet,
        layout,
        form: &form,
        notes,
        by_key,
    };
    let (numbers, ambiguous) = builder.numbers();
    let entries: Vec<Entry> = numbers
        .into_iter()
        .map(|(row, number)| builder.entry(row, number))
        .collect();
    let header = head::header(sheet, layout, &form, &entries);
    let unmatched = builder.unmatched();
    let notes = std::mem::take(&mut builder.notes);
    let mut disclosure = Disclosure::new(
        form.clone(),
        Some(sheet.name.clone()),
        header,
        entries,
        notes,
    );
    disclosure.unmatched = unmatched;
    disclosure.ambiguous = ambiguous;
    disclosure
}

struct Builder<'s> {
    sheet: &'s Sheet,
    layout: &'s Layout,
    form: &'s Form,
    notes: Vec<RemarkNote>,
    by_key: HashMap<u32, usize>,
}

impl Builder<'_> {
    /// The number of each row. A number stored as a number has lost its zeros; the form and the neighbours tell.
    fn numbers(&self) -> (Vec<(u32, ItemNumber)>, Vec<Ambiguous>) {
        let mut found: Vec<(u32, ItemNumber)> = Vec::new();
        let mut ambiguous = Vec::new();
        let rows = &self.layout.rows;
        for (at, row) in rows.iter().enumerate() {
            let written = self
                .sheet
                .text(row.row, self.layout.number_column)
                .into_owned();
            let place = self.sheet.place(row.row, self.layout.number_column);
            let Some(number) = &row.number else {
                ambiguous.push(Ambiguous {
                    place,
                    found: written,
                    candidates: Vec::new(),
                });
                continue;
            };
            let canonical = |number: &ItemNumber| {
                self.form
                    .item(number)
                    .map_or_else(|| number.clone(), |item| item.number.clone())
            };
            if !row.numeric || !number.as_str().contains('.') {
                found.push((row.row, canonical(number)));
                continue;
            }
            // 4.1 stored as a number may be 4.1, 4.10 or 4.100.
            let candidates: Vec<ItemNumber> = ["", "0", "00"]
                .iter()
                .map(|zeros| ItemNumber::new(format!("{number}{zeros}")))
                .filter(|candidate| self.form.position(candidate).is_some())
                .collect();
            let before = found
                .last()
                .and_then(|(_, number)| self.form.position(number));
            let after = rows
                .get(at + 1)
                .and_then(|next| next.number.as_ref())
                .and_then(|number| self.form.position(number));
            let fits = |candidate: &&ItemNumber| {
                let at = self.form.position(candidate);
                at.is_some()
                    && (before.map(|before| before + 1) == at
                        || after.is_some_and(|after| at.map(|at| at + 1) == Some(after)))
            };
            let fitting: Vec<&ItemNumber> = candidates.iter().filter(fits).collect();
            match (candidates.as_slice(), fitting.as_slice()) {
                ([], _) => found.push((row.row, number.clone())),
                ([only], _) => found.push((row.row, only.clone())),
                (_, [only]) => found.push((row.row, (*only).clone())),
                (_, _) => {
                    ambiguous.push(Ambiguous {
                        place,
                        found: written,
                        candidates: candidates.clone(),
                    });
                    found.push((row.row, number.clone()));
                }
            }
        }
        (found, ambiguous)
    }

    fn entry(&mut self, row: u32, number: ItemNumber) -> Entry {
        let (sheet, layout) = (self.sheet, self.layout);
        let item = self.form.position(&number);
        let text = layout.question_column.map(|column| Placed {
            text: sheet.text(row, column).into_owned(),
            place: sheet.place(row, column),
        });
        let (resolved, written, place) = self.answer(row, item);
        let (remark, remark_place) = self.remark(row, &place);
        Entry {
            number,
            item,
            number_place: sheet.place(row, layout.number_column),
            text: text.filter(|text| !is_blank(&text.text)),
            answer: resolved.answer,
            options: resolved.options,
            state: resolved.state,
            written,
            remark,
            remark_place,
            place,
            hidden: sheet.is_hidden(row),
        }
    }

    fn answer(&self, row: u32, item: Option<usize>) -> (Resolved, String, Place) {
        let sheet = self.sheet;
        let item = item.map(|at| &self.form.items[at]);
        match &self.layout.answers {
            AnswerColumns::Word(column) => {
                let written = sheet.text(row, *column).into_owned();
                (resolve(item, &written), written, sheet.place(row, *column))
            }
            AnswerColumns::Marks(columns) => {
                let typed = item.map_or(Kind::Choice, |item| item.kind);
                let filled: Vec<(Answer, u32, String)> = columns
                    .iter()
                    .map(|(answer, column)| {
                        (*answer, *column, sheet.text(row, *column).into_owned())
                    })
                    .filter(|(_, _, text)| !is_blank(text))
                    .collect();
                let first = columns.first().map_or(0, |(_, column)| *column);
                if let (Kind::Text | Kind::Date | Kind::Multiple, [(_, column, text)]) =
                    (typed, filled.as_slice())
                {
                    return (resolve(item, text), text.clone(), sheet.place(row, *column));
                }
                marks(sheet, row, &filled, first)
            }
        }
    }

    fn remark(&mut self, row: u32, answer_place: &Place) -> (Remark, Place) {
        let Some(column) = self.layout.remark_column else {
            return (Remark::default(), answer_place.clone());
        };
        let place = self.sheet.place(row, column);
        let written = self.sheet.text(row, column).into_owned();
        if Vocabulary::get().is_empty_remark(&written) {
            return (Remark::default(), place);
        }
        let Some(keys) = self.keys(&written) else {
            return (
                Remark {
                    text: Some(written),
                    reference: None,
                },
                place,
            );
        };
        let mut texts = Vec::new();
        for key in keys {
            if let Some(at) = self.by_key.get(&key) {
                self.notes[*at].referenced = true;
                texts.push(self.notes[*at].text.clone());
            }
        }
        let text = (!texts.is_empty()).then(|| texts.join("\n"));
        (
            Remark {
                text,
                reference: Some(written.trim().to_owned()),
            },
            place,
        )
    }

    /// The remark numbers in a cell that holds nothing else: `備考1`, `備考1、3`, or 1 where the block has a 1.
    fn keys(&self, written: &str) -> Option<Vec<u32>> {
        let words = Vocabulary::get();
        let whole = words.remark_key(written, false).or_else(|| {
            let bare = words.remark_key(written, true);
            bare.filter(|key| self.by_key.contains_key(key))
        });
        if let Some(key) = whole {
            return Some(vec![key]);
        }
        let parts: Vec<&str> = written
            .split(['、', ',', '，', '・', '\n', ';'])
            .filter(|part| !is_blank(part))
            .collect();
        let first = words.remark_key(parts.first()?, false)?;
        let rest: Option<Vec<u32>> = parts[1..]
            .iter()
            .map(|part| words.remark_key(part, true))
            .collect();
        let mut keys = vec![first];
        keys.extend(rest?);
        (keys.len() > 1).then_some(keys)
    }

    /// Rows within the table that are answered but have no number: what they say belongs to no item.
    fn unmatched(&self) -> Option<Unmatched> {
        let (sheet, layout) = (self.sheet, self.layout);
        let words = Vocabulary::get();
        let mut numbered = layout.rows.iter().map(|row| row.row).peekable();
        let columns: Vec<u32> = match &layout.answers {
            AnswerColumns::Word(column) => vec![*column],
            AnswerColumns::Marks(marks) => marks.iter().map(|(_, column)| *column).collect(),
        };
        let mut unmatched: Option<Unmatched> = None;
        for cells in sheet.rows() {
            let row = cells[0].row;
            while numbered.next_if(|numbered| *numbered < row).is_some() {}
            let in_table = layout
                .header_row
                .map_or(layout.first_row() <= row, |header| row > header)
                && layout.block_row.is_none_or(|block| row < block);
            if !in_table || numbered.peek() == Some(&row) {
                continue;
            }
            let found = cells
                .iter()
                .filter(|cell| columns.contains(&cell.column))
                .find(|cell| {
                    let text = cell.value.text();
                    match &layout.answers {
                        AnswerColumns::Word(_) => words.answer(&text).is_some(),
                        AnswerColumns::Marks(_) => words.mark(&text) == Some(Mark::On),
                    }
                });
            if let Some(cell) = found {
                let place = sheet.place(row, cell.column);
                let text = cells
                    .iter()
                    .map(|cell| cell.value.text())
                    .collect::<Vec<_>>()
                    .join(" ");
                unmatched
                    .get_or_insert(Unmatched {
                        place,
                        count: 0,
                        found: text,
                    })
                    .count += 1;
            }
        }
        unmatched
    }
}

/// The answer of a row of marks. `filled` are the columns that hold something.
fn marks(
    sheet: &Sheet,
    row: u32,
    filled: &[(Answer, u32, String)],
    first: u32,
) -> (Resolved, String, Place) {
    let words = Vocabulary::get();
    let on = |(answer, _, text): &&(Answer, u32, String)| {
        words.mark(text) == Some(Mark::On) || words.answer(text) == Some(*answer)
    };
    let off = |text: &str| words.mark(text) == Some(Mark::Off);
    let marked: Vec<&(Answer, u32, String)> = filled.iter().filter(on).collect();
    let odd: Vec<&(Answer, u32, String)> = filled
        .iter()
        .filter(|cell| !on(cell) && !off(&cell.2))
        .collect();
    match (marked.as_slice(), odd.as_slice()) {
        ([(answer, column, text)], []) => (
            Resolved::answer(*answer),
            text.clone(),
            sheet.place(row, *column),
        ),
        ([], []) => (
            Resolved::state(State::Unanswered),
            String::new(),
            sheet.place(row, first),
        ),
        ([], [(_, column, text), ..]) | ([_], [(_, column, text), ..]) => (
            Resolved::state(State::Unknown),
            text.clone(),
            sheet.place(row, *column),
        ),
        ([(_, column, _), ..], _) => {
            let written: Vec<String> = marked
                .iter()
                .map(|(answer, _, text)| format!("{}:{text}", answer.word(Language::Ja)))
                .collect();
            (
                Resolved::state(State::Conflicting),
                written.join(" "),
                sheet.place(row, *column),
            )
        }
    }
}

/// The remark texts below the table, or in a block with a heading of its own.
fn notes(sheet: &Sheet, layout: &Layout) -> Vec<RemarkNote> {
    let words = Vocabulary::get();
    let mut notes = Vec::new();
    let start = layout.block_row.unwrap_or(layout.last_row());
    for cells in sheet.rows().filter(|cells| cells[0].row > start) {
        let label = cells[0].value.text();
        let rest: Vec<String> = cells[1..]
            .iter()
            .map(|cell| cell.value.text().into_owned())
            .filter(|text| !is_blank(text))
            .collect();
        let place = sheet.place(cells[0].row, cells[0].column);
        if let Some(key) = words.remark_key(&label, layout.block_row.is_some()) {
            let text = rest.join("\n");
            notes.push(RemarkNote {
                key,
                label: label.trim().to_owned(),
                text,
                place,
                referenced: false,
            });
        } else if let Some((head, tail)) =
            label.split_once([':', '：', '　', ' ', '\n', ')', '）', '.'])
        {
            // Label and text in one cell: 備考1：…
            if let Some(key) = words
                .remark_key(head, layout.block_row.is_some())
                .filter(|_| !is_blank(tail))
            {
                let text = std::iter::once(tail.trim().to_owned())
                    .chain(rest)
                    .collect::<Vec<_>>()
                    .join("\n");
                notes.push(RemarkNote {
                    key,
                    label: head.trim().to_owned(),
                    text,
                    place,
                    referenced: false,
                });
            }
        }
    }
    notes
}
