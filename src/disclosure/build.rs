//! From a workbook to disclosures: which form a sheet is, and what it says item by item.

use std::collections::HashMap;
use std::sync::Arc;

use super::detect::{self, AnswerColumns, Layout};
use super::resolve::{Resolved, resolve};
use super::{
    Ambiguous, Disclosure, Entry, HeaderValue, Placed, Remark, RemarkNote, Unmatched, date,
};
use crate::answer::{Answer, ItemNumber, State};
use crate::finding::{Finding, Value, rule};
use crate::form::{Catalog, Family, Field, Form, Kind, derive};
use crate::language::{Language, Localised};
use crate::place::Place;
use crate::read::grid::{CellValue, Sheet, Workbook};
use crate::text::{fold, is_blank, similarity};
use crate::vocabulary::{Mark, Vocabulary, contains_word};

/// What became of a sheet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SheetFate {
    pub(crate) name: Arc<str>,
    pub(crate) is_disclosure: bool,
    pub(crate) reason: Localised,
}

/// The disclosures of a file, what became of its sheets, and what is to be said about both.
#[derive(Debug, Default)]
pub(crate) struct Recognised {
    pub(crate) disclosures: Vec<Disclosure>,
    pub(crate) sheets: Vec<SheetFate>,
    pub(crate) findings: Vec<Finding>,
}

fn reason(key: &str, values: &[(&str, &str)]) -> Localised {
    Localised {
        ja: Language::Ja.label_with(key, values),
        en: Language::En.label_with(key, values),
    }
}

/// Recognises the disclosures of a workbook. `forced` is a form the user named.
pub(crate) fn recognise(
    workbook: &Workbook,
    catalog: &Catalog,
    forced: Option<&Catalog>,
) -> Recognised {
    let mut recognised = Recognised::default();
    let speaks_of_disclosure = workbook.sheets.iter().any(|sheet| {
        titles(sheet, None)
            .iter()
            .any(|text| Vocabulary::get().is_title(text))
    });
    let layouts: Vec<Option<Layout>> = workbook
        .sheets
        .iter()
        .map(|sheet| {
            if sheet.has_cells {
                detect::layout(sheet)
            } else {
                None
            }
        })
        .collect();
    let mut unrecognised: Option<Place> = None;
    for (sheet, layout) in workbook.sheets.iter().zip(&layouts) {
        let fate = match layout {
            _ if !sheet.has_cells => Err("sheet-not-cells"),
            _ if sheet.cells.is_empty() => Err("sheet-empty"),
            Some(_) if !sheet.visible => Err("sheet-hidden-table"),
            None if !sheet.visible => Err("sheet-hidden"),
            None => Err("sheet-no-table"),
            Some(layout) => match choose(sheet, layout, catalog, forced, speaks_of_disclosure) {
                Some(form) => Ok((form, layout)),
                None => {
                    unrecognised.get_or_insert(Place::Sheet(sheet.name.clone()));
                    Err("sheet-unrecognised")
                }
            },
        };
        let name = sheet.name.clone();
        match fate {
            Ok((form, layout)) => {
                let reason = reason("sheet-disclosure", &[("form", &form.id)]);
                recognised.sheets.push(SheetFate {
                    name,
                    is_disclosure: true,
                    reason,
                });
                recognised.disclosures.push(build(sheet, layout, form));
            }
            Err(key) => {
                let reason = reason(key, &[]);
                recognised.findings.push(
                    Finding::new(rule::SHEET_IGNORED, Place::Sheet(name.clone()))
                        .with("sheet", Value::plain(&name))
                        .with("reason", Value::Local(reason.clone())),
                );
                recognised.sheets.push(SheetFate {
                    name,
                    is_disclosure: false,
                    reason,
                });
            }
        }
    }
    from_covers(workbook, &layouts, &mut recognised.disclosures);
    if recognised.disclosures.is_empty() {
        recognised.findings.push(match unrecognised {
            Some(place) => {
                let known = catalog
                    .forms()
                    .iter()
                    .map(|form| Localised::same(form.id.clone()))
                    .collect();
                let detail = layouts
                    .iter()
                    .flatten()
                    .map(|layout| layout.rows.len())
                    .max()
                    .unwrap_or(0);
                Finding::new(rule::FORM_UNRECOGNISED, place)
                    .with("expected", Value::Words(known))
                    .with("detail", Value::plain(detail))
            }
            None => Finding::new(rule::NOTHING_RECOGNISED, Place::File)
                .with("detail", Value::Local(reason("sheet-no-table", &[]))),
        });
    }
    recognised
}

/// Texts that may be a sheet's title: its name and what stands above the table.
fn titles(sheet: &Sheet, layout: Option<&Layout>) -> Vec<String> {
    let end = layout.map_or(30, Layout::first_row);
    let mut titles = vec![sheet.name.to_string()];
    let above = sheet
        .cells
        .iter()
        .take_while(|cell| cell.row < end)
        .take(200);
    titles.extend(above.filter_map(|cell| match &cell.value {
        CellValue::Text(text) if text.len() < 1000 => Some(text.to_string()),
        CellValue::Text(_)
        | CellValue::Number(_)
        | CellValue::Bool(_)
        | CellValue::Date(_)
        | CellValue::Error(_) => None,
    }));
    titles
}

/// Whom the titles speak of; the title proper decides before the sheet's name.
fn family(titles: &[String]) -> Option<Family> {
    let words = Vocabulary::get();
    let proper = titles
        .iter()
        .skip(1)
        .filter(|text| words.is_title(text))
        .find_map(|text| words.family(text));
    proper.or_else(|| titles.first().and_then(|name| words.family(name)))
}

/// How well a form fits a sheet; `None` where it does not.
fn fit(
    form: &Form,
    layout: &Layout,
    questions: &[String],
    titles: &[String],
    family: Option<Family>,
) -> Option<f64> {
    if family.is_some_and(|family| family != form.family) {
        return None;
    }
    let mut matched = 0usize;
    let mut alike = 0usize;
    let mut seen = vec![false; form.items.len()];
    for (row, question) in layout.rows.iter().zip(questions) {
        let Some(at) = row.number.as_ref().and_then(|number| form.position(number)) else {
            continue;
        };
        matched += 1;
        seen[at] = true;
        let title = &form.items[at].title;
        if form.compare_text
            && similarity(question, &title.ja).max(similarity(question, &title.en)) >= 0.5
        {
            alike += 1;
        }
    }
    let precision = matched as f64 / layout.rows.len().max(1) as f64;
    let coverage =
        seen.iter().filter(|seen| **seen).count() as f64 / form.items.len().max(1) as f64;
    let named = titles.iter().any(|title| {
        form.titles
            .iter()
            .any(|name| contains_word(&fold(title), &fold(name)))
    });
    let edition = titles
        .iter()
        .any(|title| fold(title).contains(&fold(&form.edition)));
    let alike = if form.compare_text {
        alike as f64 / matched.max(1) as f64
    } else {
        1.0
    };
    // Numbers alone do not make a form where its texts can be compared: an official form has the same 1, 2, 3.
    let fits = precision >= 0.5 && alike >= 0.5 && (named && coverage >= 0.1 || coverage >= 0.3);
    fits.then(|| {
        precision
            + coverage
            + alike
            + if named { 0.5 } else { 0.0 }
            + if edition { 0.25 } else { 0.0 }
    })
}

fn choose(
    sheet: &Sheet,
    layout: &Layout,
    catalog: &Catalog,
    forced: Option<&Catalog>,
    speaks_of_disclosure: bool,
) -> Option<Arc<Form>> {
    let titles = titles(sheet, Some(layout));
    let family = family(&titles);
    let questions: Vec<String> = layout
        .rows
        .iter()
        .map(|row| {
            layout.question_column.map_or_else(String::new, |column| {
                sheet.text(row.row, column).into_owned()
            })
        })
        .collect();
    let best = |forms: &[Arc<Form>], family: Option<Family>| {
        let fitting = forms.iter().filter_map(|form| {
            fit(form, layout, &questions, &titles, family).map(|score| (form.clone(), score))
        });
        // The first of equals: the current edition stands first in its file.
        fitting
            .reduce(|best, next| if next.1 > best.1 { next } else { best })
            .map(|(form, _)| form)
    };
    if let Some(forced) = forced {
        // The user's word counts: the best of the form's editions, or the current one if none fits well.
        return best(forced.forms(), None).or_else(|| forced.forms().first().cloned());
    }
    best(catalog.forms(), family).or_else(|| {
        let answered = layout.answered_rows >= 3 && layout.answered_rows * 4 >= layout.rows.len();
        (speaks_of_disclosure && answered).then(|| {
            let rows: Vec<(ItemNumber, String)> = layout
                .rows
                .iter()
                .zip(&questions)
                .filter_map(|(row, text)| Some((row.number.clone()?, text.clone())))
                .collect();
            Arc::new(derive(family.unwrap_or(Family::Mds), &rows))
        })
    })
}

fn build(sheet: &Sheet, layout: &Layout, form: Arc<Form>) -> Disclosure {
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
    let header = header(sheet, layout, &form, &entries);
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

/// The head: from items where the form says so, otherwise from labels above the table.
fn header(sheet: &Sheet, layout: &Layout, form: &Form, entries: &[Entry]) -> Vec<HeaderValue> {
    let mut found = Vec::new();
    for asked in &form.headers {
        if let Some(number) = &asked.item {
            let entry = entries.iter().find(|entry| entry.number == *number);
            if let Some(entry) = entry {
                let value = Placed {
                    text: entry.written.trim().to_owned(),
                    place: entry.place.clone(),
                };
                found.push(value_of(asked.field, value));
            }
        }
    }
    if form.headers.iter().all(|asked| asked.item.is_none()) {
        found = labelled(sheet, 0, layout.first_row());
    }
    found
}

fn value_of(field: Field, value: Placed) -> HeaderValue {
    let date = if field == Field::Date {
        date::parse_date(&value.text)
    } else {
        None
    };
    HeaderValue {
        field,
        written: value.text,
        date,
        place: value.place,
    }
}

/// Fields named by a label, with the value to the right, below, or after a colon. Rows `from..to`.
fn labelled(sheet: &Sheet, from: u32, to: u32) -> Vec<HeaderValue> {
    let words = Vocabulary::get();
    let mut found: Vec<HeaderValue> = Vec::new();
    let mut empty: Vec<(Field, u32, u32)> = Vec::new();
    let mut value_columns: HashMap<u32, usize> = HashMap::new();
    for cells in sheet
        .rows()
        .filter(|cells| (from..to).contains(&cells[0].row))
    {
        for (at, cell) in cells.iter().enumerate() {
            let CellValue::Text(text) = &cell.value else {
                continue;
            };
            if text.len() > 1000 {
                continue;
            }
            for (label, value) in inline(text) {
                if !found.iter().any(|known| known.field == label) {
                    found.push(value_of(
                        label,
                        Placed {
                            text: value,
                            place: sheet.place(cell.row, cell.column),
                        },
                    ));
                }
            }
            let Some(field) = words.field(text) else {
                continue;
            };
            if found.iter().any(|known| known.field == field) {
                continue;
            }
            let right = cells.get(at + 1).filter(|next| !is_label(&next.value));
            let below = sheet.exact(cell.row + 1, cell.column).filter(|below| {
                below.row < to
                    && !is_label(&below.value)
                    && right.is_none()
                    && cells.get(at + 1).is_some()
            });
            match right.or(below) {
                Some(value) => {
                    *value_columns.entry(value.column).or_default() += 1;
                    let text = value.value.text().trim().to_owned();
                    found.push(value_of(
                        field,
                        Placed {
                            text,
                            place: sheet.place(value.row, value.column),
                        },
                    ));
                }
                None => empty.push((field, cell.row, cell.column)),
            }
        }
    }
    // Where a value should stand is where the other values stand.
    let usual = value_columns
        .into_iter()
        .max_by_key(|(column, count)| (*count, std::cmp::Reverse(*column)))
        .map(|(column, _)| column);
    for (field, row, column) in empty {
        if !found.iter().any(|known| known.field == field) {
            let after_label = sheet.area(row, column).map_or(column, |area| area.last.1) + 1;
            let column = usual.filter(|usual| *usual > column).unwrap_or(after_label);
            found.push(value_of(
                field,
                Placed {
                    text: String::new(),
                    place: sheet.place(row, column),
                },
            ));
        }
    }
    found
}

fn is_label(value: &CellValue) -> bool {
    matches!(value, CellValue::Text(text) if text.len() < 200 && Vocabulary::get().field(text).is_some())
}

/// Labels and values within one cell: `製品名：見本カルテ　バージョン：3.2`.
fn inline(text: &str) -> Vec<(Field, String)> {
    if !text.contains([':', '：']) {
        return Vec::new();
    }
    let words = Vocabulary::get();
    let mut found: Vec<(Field, String)> = Vec::new();
    for part in text
        .split(['\n', '　', '\t'])
        .flat_map(|part| part.split("  "))
    {
        match part
            .split_once([':', '：'])
            .and_then(|(label, value)| Some((words.field(label)?, value.trim())))
        {
            Some((field, value)) if !value.is_empty() => found.push((field, value.to_owned())),
            Some(_) => {}
            None => {
                if let Some((_, value)) = found.last_mut().filter(|_| !is_blank(part)) {
                    value.push(' ');
                    value.push_str(part.trim());
                }
            }
        }
    }
    found
}

/// Fields that a disclosure's own sheet does not name at all may stand on a cover sheet.
fn from_covers(workbook: &Workbook, layouts: &[Option<Layout>], disclosures: &mut [Disclosure]) {
    let covers: Vec<HeaderValue> = workbook
        .sheets
        .iter()
        .zip(layouts)
        .filter(|(sheet, layout)| layout.is_none() && sheet.visible && sheet.has_cells)
        .flat_map(|(sheet, _)| labelled(sheet, 0, 200))
        .filter(|value| !value.written.is_empty())
        .collect();
    for disclosure in disclosures {
        for value in &covers {
            if disclosure.field(value.field).is_none() {
                disclosure.header.push(value.clone());
            }
        }
    }
}
