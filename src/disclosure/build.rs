//! From the table of a sheet to a disclosure, item by item.

use std::sync::Arc;

use super::detect::{AnswerColumns, Layout};
use super::head;
use super::remark::Notes;
use super::resolve::{Resolved, resolve};
use super::{Ambiguous, Disclosure, Entry, OtherColumns, Placed, Remark, RemarkNote, Unmatched};
use crate::answer::{Answer, ItemNumber, State};
use crate::form::{Form, Item, Kind};
use crate::language::Language;
use crate::place::{Place, column_letters};
use crate::read::grid::{CellValue, Sheet};
use crate::text::{fold, is_blank};
use crate::vocabulary::{Mark, Vocabulary};

/// Builds the disclosure of a sheet whose table and form are known.
pub(super) fn build(sheet: &Sheet, layout: &Layout, form: Arc<Form>) -> Disclosure {
    let mut builder = Builder {
        sheet,
        layout,
        form: &form,
        notes: Notes::new(notes(sheet, layout)),
        crosses_deny: crosses_deny(sheet, layout),
    };
    let (numbers, ambiguous, unclear) = builder.numbers();
    let entries: Vec<Entry> = numbers
        .into_iter()
        .enumerate()
        .map(|(at, (row, number))| {
            let mut entry = builder.entry(row, number);
            if unclear.contains(&at) {
                // Which item it answers is open, so it answers none.
                entry.item = None;
            }
            entry
        })
        .collect();
    let header = head::header(sheet, layout, &form, &entries);
    let unmatched = builder.unmatched();
    let notes = std::mem::take(&mut builder.notes).into_inner();
    let mut disclosure = Disclosure::new(
        form.clone(),
        Some(sheet.name.clone()),
        header,
        entries,
        notes,
    );
    disclosure.unmatched = unmatched;
    disclosure.ambiguous = ambiguous;
    if let (AnswerColumns::Word(used), [first, ..]) =
        (&layout.answers, layout.other_answers.as_slice())
    {
        let row = layout.header_row.unwrap_or(layout.first_row());
        disclosure.other_columns = Some(OtherColumns {
            place: sheet.place(row, *first),
            used: column_letters(*used),
            others: layout
                .other_answers
                .iter()
                .map(|other| column_letters(*other))
                .collect(),
        });
    }
    disclosure
}

struct Builder<'s> {
    sheet: &'s Sheet,
    layout: &'s Layout,
    form: &'s Form,
    notes: Notes,
    /// True if the sheet ticks with circles or checks, so that a cross is no tick.
    crosses_deny: bool,
}

impl Builder<'_> {
    /// The number of each row. A number stored as a number has lost its zeros; the form and the neighbours tell.
    fn numbers(&self) -> (Vec<(u32, ItemNumber)>, Vec<Ambiguous>, Vec<usize>) {
        let mut found: Vec<(u32, ItemNumber)> = Vec::new();
        let mut ambiguous = Vec::new();
        let mut unclear = Vec::new();
        let rows = &self.layout.rows;
        for (at, row) in rows.iter().enumerate() {
            let written = self
                .sheet
                .text(row.row, self.layout.number_column)
                .into_owned();
            let place = self.sheet.place(row.row, self.layout.number_column);
            let Some(number) = &row.number else {
                // NOTE: Excel makes a date of 8-1 or 8.1 typed into a cell; month and day are the number.
                let number = self.number_of_date(row.row).filter(|number| {
                    rows.iter()
                        .all(|other| other.number.as_ref() != Some(number))
                });
                ambiguous.push(Ambiguous {
                    place,
                    found: written,
                    candidates: number.clone().into_iter().collect(),
                });
                found.extend(number.map(|number| (row.row, number)));
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
                ([], _) => found.push((row.row, canonical(number))),
                ([only], _) => found.push((row.row, canonical(only))),
                (_, [only]) => found.push((row.row, canonical(only))),
                (_, _) => {
                    ambiguous.push(Ambiguous {
                        place,
                        found: written,
                        candidates: candidates.clone(),
                    });
                    unclear.push(found.len());
                    found.push((row.row, number.clone()));
                }
            }
        }
        (found, ambiguous, unclear)
    }

    /// The item whose number a date in the column of numbers was before Excel changed it.
    fn number_of_date(&self, row: u32) -> Option<ItemNumber> {
        let cell = self.sheet.cell(row, self.layout.number_column)?;
        let CellValue::Date(date) = &cell.value else {
            return None;
        };
        let number = ItemNumber::new(format!("{}.{}", date.month(), date.day()));
        self.form.item(&number).map(|item| item.number.clone())
    }

    fn entry(&mut self, row: u32, number: ItemNumber) -> Entry {
        let (sheet, layout) = (self.sheet, self.layout);
        let item = self.form.position(&number);
        let text = layout.question_column.map(|column| Placed {
            text: sheet.text(row, column).into_owned(),
            place: sheet.place(row, column),
        });
        let (resolved, written, place) = self.answer(row, item);
        let (mut remark, mut remark_place) = self.remark(row, &place);
        if resolved.answer == Some(Answer::SeeNote) && remark == Remark::default() {
            // The answer itself may say which note: See Note 5.
            let named = self.notes.remark(&written);
            if named.reference.is_some() {
                (remark, remark_place) = (named, place.clone());
            }
        }
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
        let (written, column) = match &self.layout.answers {
            AnswerColumns::Word(column) => (sheet.text(row, *column).into_owned(), *column),
            AnswerColumns::Marks(columns) => self.marked(row, item, columns),
        };
        let written = if is_blank(&written) {
            String::new()
        } else {
            written
        };
        (resolve(item, &written), written, sheet.place(row, column))
    }

    /// A row of marks in words that say the same without the columns, and the column to blame.
    fn marked(&self, row: u32, item: Option<&Item>, columns: &[(Answer, u32)]) -> (String, u32) {
        let words = Vocabulary::get();
        let filled: Vec<Filled> = columns
            .iter()
            .map(|(answer, column)| Filled {
                answer: *answer,
                column: *column,
                heading: self.heading(*answer, *column),
                text: self.sheet.text(row, *column).trim().to_owned(),
            })
            .filter(|cell| !is_blank(&cell.text))
            .collect();
        // ○ here and × there: where the sheet ticks with ○, the × says "not this one".
        let denied = |cell: &Filled| self.crosses_deny && is_cross(&cell.text);
        let filled: Vec<Filled> = if filled.iter().any(|cell| cell.is_on() && !denied(cell)) {
            filled.into_iter().filter(|cell| !denied(cell)).collect()
        } else {
            filled
        };
        if let ([cross], true) = (filled.as_slice(), self.crosses_deny)
            && is_cross(&cross.text)
        {
            // A cross alone says what it is not, and leaves open what it is.
            return (format!("{}: {}", cross.heading, cross.text), cross.column);
        }
        let first = columns.first().map_or(0, |(_, column)| *column);
        if let (Some(Kind::Text | Kind::Date | Kind::Multiple), [only]) =
            (item.map(|item| item.kind), filled.as_slice())
            && words.mark(&only.text).is_none()
        {
            return (only.text.clone(), only.column);
        }
        let on: Vec<&Filled> = filled.iter().filter(|cell| cell.is_on()).collect();
        let odd = filled
            .iter()
            .find(|cell| !cell.is_on() && words.mark(&cell.text) != Some(Mark::Off));
        match (on.as_slice(), odd) {
            ([], None) => (String::new(), first),
            ([only], None) => (only.heading.clone(), only.column),
            ([several, ..], None) => {
                let marks: Vec<String> = on.iter().map(|cell| cell.in_words()).collect();
                let written = marks.join("・");
                let choice = item.is_none_or(|item| item.kind == Kind::Choice);
                if choice && resolve(item, &written).state != State::Conflicting {
                    let answers = on.iter().map(|cell| cell.answer.word(Language::Ja));
                    return (answers.collect::<Vec<_>>().join("・"), several.column);
                }
                (written, several.column)
            }
            (_, Some(odd)) => {
                // What is neither a mark nor the column's word is no clear answer, whatever stands beside it.
                let cells = filled
                    .iter()
                    .filter(|cell| cell.is_on() || words.mark(&cell.text).is_none());
                let written: Vec<String> = cells.map(Filled::in_words).collect();
                (written.join("・"), odd.column)
            }
        }
    }

    /// The heading of a column of marks, where it stands in one cell.
    fn heading(&self, answer: Answer, column: u32) -> String {
        let heading = self.layout.header_row.map_or_else(String::new, |row| {
            self.sheet.text(row, column).trim().to_owned()
        });
        if Vocabulary::get().answer(&heading) == Some(answer) {
            heading
        } else {
            answer.word(Language::Ja).to_owned()
        }
    }

    fn remark(&mut self, row: u32, answer_place: &Place) -> (Remark, Place) {
        let Some(column) = self.layout.remark_column else {
            return (Remark::default(), answer_place.clone());
        };
        let written = self.sheet.text(row, column);
        (self.notes.remark(&written), self.sheet.place(row, column))
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
            // Headings repeated within the table, and a legend of the answers, belong to no item and lose nothing.
            let heading = cells.iter().any(|cell| {
                let text = cell.value.text();
                !words.roles(&text).is_empty() || is_legend(&text)
            });
            let inside = row < layout.last_row() && !heading;
            let found = cells.iter().find(|cell| {
                let text = cell.value.text();
                let answered = match &layout.answers {
                    AnswerColumns::Word(_) => words.answer(&text).is_some(),
                    AnswerColumns::Marks(_) => words.mark(&text) == Some(Mark::On),
                };
                let said = !is_blank(&text) && sheet.area(row, cell.column).is_none();
                let answer = columns.contains(&cell.column) && (answered || inside && said);
                let remark = Some(cell.column) == layout.remark_column
                    && inside
                    && said
                    && !words.is_empty_remark(&text);
                answer || remark
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

/// True for a text that lists the answers to choose from.
fn is_legend(text: &str) -> bool {
    let words = Vocabulary::get();
    let mut answers: Vec<Answer> = text
        .split([',', '、', '・', '/', '／', '\n', ' ', '　'])
        .filter_map(|part| words.answer(part))
        .collect();
    answers.dedup();
    answers.len() > 1
}

/// True for a cross, which ticks on some sheets and denies on others.
fn is_cross(text: &str) -> bool {
    matches!(
        fold(text).as_str(),
        "×" | "x" | "✕" | "✖" | "✗" | "✘" | "☒" | "ｘ" | "╳"
    )
}

/// True if any cell of the columns of marks is ticked by something other than a cross.
fn crosses_deny(sheet: &Sheet, layout: &Layout) -> bool {
    let AnswerColumns::Marks(columns) = &layout.answers else {
        return false;
    };
    let words = Vocabulary::get();
    layout.rows.iter().any(|row| {
        columns.iter().any(|(_, column)| {
            let text = sheet.text(row.row, *column);
            words.mark(&text) == Some(Mark::On) && !is_cross(&text)
        })
    })
}

/// A cell of a row of marks that holds something.
struct Filled {
    answer: Answer,
    column: u32,
    heading: String,
    text: String,
}

impl Filled {
    /// True if the column was chosen: by a mark, or by its own word.
    fn is_on(&self) -> bool {
        let words = Vocabulary::get();
        words.mark(&self.text) == Some(Mark::On) || words.answer(&self.text) == Some(self.answer)
    }

    /// Heading and mark; a text that is no mark stands after a colon, so that it is never taken for an answer.
    fn in_words(&self) -> String {
        let words = Vocabulary::get();
        if words.mark(&self.text) == Some(Mark::On) {
            format!("{} {}", self.heading, self.text)
        } else if self.is_on() {
            self.heading.clone()
        } else {
            format!("{}: {}", self.heading, self.text)
        }
    }
}

/// The remark texts below the table, or in a block with a heading of its own.
fn notes(sheet: &Sheet, layout: &Layout) -> Vec<RemarkNote> {
    let words = Vocabulary::get();
    let mut notes: Vec<RemarkNote> = Vec::new();
    // Where the label of the last remark stands, and the last row of its text.
    let mut last: Option<(u32, u32)> = None;
    let start = layout.block_row.unwrap_or(layout.last_row());
    for cells in sheet.rows().filter(|cells| cells[0].row > start) {
        let label = cells[0].value.text();
        let rest: Vec<String> = cells[1..]
            .iter()
            .map(|cell| cell.value.text().into_owned())
            .filter(|text| !is_blank(text))
            .collect();
        let place = sheet.place(cells[0].row, cells[0].column);
        let (row, column) = (cells[0].row, cells[0].column);
        if let (Some((labels, above)), Some(note)) = (last, notes.last_mut())
            && column > labels
            && row == above + 1
        {
            // The text of the remark above goes on: nothing stands where its label stands.
            let lines = std::iter::once(label.into_owned()).chain(rest);
            for line in lines.filter(|line| !is_blank(line)) {
                note.text.push('\n');
                note.text.push_str(&line);
            }
            last = Some((labels, row));
            continue;
        }
        if let Some(key) = words.remark_key(&label, layout.block_row.is_some()) {
            let text = rest.join("\n");
            last = Some((column, row));
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
                last = Some((column, row));
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
