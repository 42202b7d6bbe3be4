//! One sheet: head, table, remark texts, and what helps to fill them.

use std::collections::BTreeMap;

use rust_xlsxwriter::{
    ExcelDateTime, Format, Formula, IgnoreError, ProtectionOptions, Worksheet, XlsxError,
};
use unicode_width::UnicodeWidthStr;

use super::choices::{self, Choices, Speech};
use super::logic::{Counts, Given, Hidden, Logic, quoted};
use super::look::{self, LEVELS, Look};
use super::place::{
    ANSWER, ASKED, CODE, LACKS, METHODS, NUMBER, QUESTION, REMARK, Rows, SAID, STATE,
};
use super::words;
use crate::answer::ItemNumber;
use crate::disclosure::{Disclosure, Entry, HeaderValue, is_kept_title};
use crate::form::{Field, Form, Item, Kind};
use crate::language::Localised;
use crate::profile::Level;
use crate::read::xstring;
use crate::vocabulary::Vocabulary;
use crate::write::plain;
use crate::write::texts::Texts;

type Written = Result<(), XlsxError>;

/// Widths of the columns that are seen, in digits, for answers that are words.
const WIDTHS: [f64; 5] = [14.0, 56.0, 16.0, 42.0, 11.0];
/// The same for answers that are lists or texts.
const WIDTHS_OF_TEXTS: [f64; 5] = [14.0, 50.0, 28.0, 36.0, 11.0];
/// What the notice has room for on a line: all of them together, in smaller letters.
const WHOLE: usize = 165;

/// Writes a sheet.
pub(super) struct Writer<'s> {
    pub(super) sheet: &'s mut Worksheet,
    pub(super) look: &'s Look,
    pub(super) disclosure: &'s Disclosure,
    pub(super) speech: Speech,
    /// True for a sheet to fill: protected but for what is to be filled.
    pub(super) to_fill: bool,
    /// Widths of the columns that are seen.
    pub(super) widths: [f64; 5],
    /// The items that a facility asks about, with the gravest level; empty where nobody asks for bids.
    pub(super) asked: &'s BTreeMap<ItemNumber, Level>,
}

/// Widths of the columns that are seen, for the answers that a form takes.
pub(super) fn widths(form: &Form) -> [f64; 5] {
    let mut kinds = form.items.iter().map(|item| item.kind);
    match kinds.any(|kind| matches!(kind, Kind::Multiple | Kind::Text)) {
        true => WIDTHS_OF_TEXTS,
        false => WIDTHS,
    }
}

/// The fields that stand in the head: those asked, and those known; one that is an item stands among the items.
fn fields(disclosure: &Disclosure) -> Vec<Field> {
    let asked = |field: Field| {
        let mut headers = disclosure.form.headers.iter();
        headers.find(move |asked| asked.field == field)
    };
    let fields = Field::ALL.into_iter().filter(|field| {
        let asked = asked(*field);
        let is_item = asked.is_some_and(|asked| asked.item.is_some());
        !is_item && (asked.is_some() || disclosure.field(*field).is_some())
    });
    fields.collect()
}

/// The row of each entry on a sheet.
pub(super) fn rows(disclosure: &Disclosure) -> Vec<u32> {
    let fields = fields(disclosure).len().div_ceil(2) as u32;
    let rows = Rows::new(disclosure, fields).entries;
    rows.into_iter().map(|(row, _)| row).collect()
}

impl Writer<'_> {
    pub(super) fn write(mut self) -> Written {
        // A formula that gives nothing gives an empty text, not a nought.
        self.sheet.set_formula_result_default("");
        let fields = fields(self.disclosure);
        let rows = Rows::new(self.disclosure, fields.len().div_ceil(2) as u32);
        for (column, width) in (NUMBER..).zip(self.widths) {
            self.sheet.set_column_width(column, width)?;
        }
        let logic = Logic::new(self.disclosure, &rows);
        let counts = self.table(&rows, &logic)?;
        self.head(&rows, &fields, counts)?;
        let below = self.notes(rows.last + 2)?;
        self.kept(below)?;
        if !self.disclosure.entries.is_empty() {
            look::colours(self.sheet, &rows)?;
            self.sheet
                .autofilter(rows.heading, NUMBER, rows.last, STATE)?;
        }
        let title = self.title();
        look::page(self.sheet, &title, &rows)?;
        self.sheet.set_freeze_panes(rows.first(), QUESTION)?;
        let numbers = IgnoreError::NumberStoredAsText;
        self.sheet
            .ignore_error_range(0, NUMBER, rows.last + 1, REMARK, numbers)?;
        if let Some((row, _)) = rows.entries.first() {
            self.sheet.set_selection(*row, ANSWER, *row, ANSWER)?;
        }
        if self.to_fill {
            self.sheet.protect_with_options(&ProtectionOptions {
                format_columns: true,
                format_rows: true,
                use_autofilter: true,
                ..ProtectionOptions::default()
            });
        }
        Ok(())
    }

    fn title(&self) -> String {
        let form = &self.disclosure.form;
        match self.speech.texts {
            _ if !self.to_fill => form.titles.first().map_or_else(
                || form.title.text(self.speech.words).to_owned(),
                String::clone,
            ),
            texts => texts.joined(&form.title, "　"),
        }
    }

    fn head(&mut self, rows: &Rows, fields: &[Field], counts: Counts) -> Written {
        let (look, form) = (self.look, &self.disclosure.form);
        let texts = self.speech.texts;
        let title = self.title();
        self.text(0, NUMBER, &title, &look.title)?;
        self.sheet.set_row_height(0, 28)?;
        let mut notice = words::notice(&form.provenance, texts, self.to_fill);
        if !self.asked.is_empty() {
            notice.push('\n');
            notice.push_str(&texts.say(&Localised::label("request-colours", &[])));
        }
        let lines = lines(&notice, WHOLE);
        self.sheet
            .merge_range(1, NUMBER, 1, STATE, "", &look.notice)?;
        self.text(1, NUMBER, &notice, &look.notice)?;
        self.sheet
            .set_row_height(1, (lines as f64 * 14.0 + 4.0).min(200.0))?;
        let label = words::form_label(self.speech.words);
        self.text(rows.id, NUMBER, label, &look.label)?;
        self.text(rows.id, QUESTION, &plain::form_id(form), &look.id)?;
        self.progress(rows, counts)?;
        for (at, field) in fields.iter().enumerate() {
            let row = rows.id + 1 + at as u32 / 2;
            let column = if at % 2 == 0 { NUMBER } else { ANSWER };
            let label = words::label(*field, form.family, texts);
            self.text(row, column, &label, &look.label)?;
            self.field(*field, row, column + 1)?;
        }
        for row in rows.id..rows.heading - 1 {
            let tall = texts == Texts::Both;
            self.sheet
                .set_row_height(row, if tall { 30.0 } else { 20.0 })?;
        }
        self.sheet.set_row_height(rows.heading - 1, 6)?;
        for (column, heading) in (NUMBER..).zip(words::headings(texts)) {
            self.text(rows.heading, column, &heading, &look.heading)?;
        }
        self.sheet.set_row_height(rows.heading, 24)?;
        Ok(())
    }

    /// A value of the head, with what it takes.
    fn field(&mut self, field: Field, row: u32, column: u16) -> Written {
        let look = self.look;
        let asked = self.disclosure.form.headers.iter();
        let is_required = asked
            .clone()
            .any(|asked| asked.field == field && asked.required);
        let value = self.disclosure.field(field);
        let day = value.and_then(day);
        let rule = match field {
            Field::Date => choices::of_date(self.speech.texts)?,
            Field::Manufacturer | Field::Product | Field::Model | Field::Version => {
                choices::of_name(self.speech.texts)?
            }
        };
        self.sheet
            .add_data_validation(row, column, row, column, &rule)?;
        if is_required {
            look::needed(self.sheet, row, column)?;
        }
        if let Some(day) = day {
            self.sheet
                .write_datetime_with_format(row, column, day, &look.date)?;
            return Ok(());
        }
        let format = match field {
            Field::Date => &look.date,
            Field::Manufacturer | Field::Product | Field::Model | Field::Version => &look.value,
        };
        let text = value.map(HeaderValue::value).unwrap_or_default();
        self.text(row, column, &text, format)
    }

    /// How far it is: counts that go on while it is filled.
    fn progress(&mut self, rows: &Rows, counts: Counts) -> Written {
        let texts = self.speech.texts;
        let label = texts.joined(&Localised::label("new-progress", &[]), " / ");
        let formulas = counts.formulas(rows);
        let template = texts.say(&Localised::label("new-progress-line", &[]));
        let (mut formula, mut result) = (quoted(&template), template);
        for (
            name,
            Given {
                formula: count,
                result: now,
            },
        ) in &formulas
        {
            let place = format!("{{{name}}}");
            formula = formula.replace(&place, &format!("\"&{count}&\""));
            result = result.replace(&place, now);
        }
        self.text(rows.id, ANSWER, &label, &self.look.label)?;
        self.sheet
            .merge_range(rows.id, REMARK, rows.id, STATE, "", &self.look.progress)?;
        let formula = Formula::new(formula).set_result(result);
        self.sheet
            .write_formula_with_format(rows.id, REMARK, formula, &self.look.progress)?;
        Ok(())
    }

    fn table(&mut self, rows: &Rows, logic: &Logic<'_>) -> Result<Counts, XlsxError> {
        let disclosure = self.disclosure;
        let states = words::states(self.speech.texts);
        let mut choices = Choices::default();
        let mut counts = Counts::default();
        for (entry, (row, section)) in disclosure.entries.iter().zip(&rows.entries) {
            if let Some(section) = section {
                self.section(*section, row - 1)?;
            }
            let item = entry.item.map(|at| &disclosure.form.items[at]);
            self.entry(entry, item, *row)?;
            let hidden = logic.hidden(entry, *row);
            match &hidden {
                Some(hidden) => {
                    counts.add(entry, hidden);
                    self.hidden(hidden, *row, &states)?;
                }
                None => self.text(*row, STATE, "", &self.look.state)?,
            }
            if let Some(item) = item {
                choices.item(self.sheet, &disclosure.form, item, *row, self.speech)?;
            }
        }
        choices.write(self.sheet, self.speech)?;
        let last = choices.last_column.max(METHODS);
        self.sheet.set_column_range_hidden(SAID, last)?;
        Ok(counts)
    }

    /// The heading of a section, over the whole width. Where it could be read as an item, it stands a column further.
    fn section(&mut self, section: usize, row: u32) -> Written {
        let title = &self.disclosure.form.sections[section].title;
        let title = if self.to_fill {
            self.speech.texts.joined(title, " / ")
        } else {
            title.text(self.speech.words).to_owned()
        };
        let title = title.replace(['\r', '\n'], " ");
        let vocabulary = Vocabulary::get();
        let harmless = ItemNumber::parse(&title).is_none()
            && !vocabulary.is_block_title(&title)
            && !is_kept_title(&title);
        for column in NUMBER..=STATE {
            self.text(row, column, "", &self.look.band)?;
        }
        let column = if harmless { NUMBER } else { QUESTION };
        self.text(row, column, &title, &self.look.band)?;
        self.sheet.set_row_height(row, 21)?;
        Ok(())
    }

    fn entry(&mut self, entry: &Entry, item: Option<&Item>, row: u32) -> Written {
        let look = self.look;
        let asked = self.asked.get(&entry.number);
        let number = asked.map_or(&look.number, |level| look.level(*level));
        self.text(row, NUMBER, entry.number.as_str(), number)?;
        self.question(entry, item, row)?;
        let format = match item.map(|item| item.kind) {
            Some(Kind::Choice) | None => &look.answer,
            Some(Kind::Multiple | Kind::Text) => &look.answer_text,
            Some(Kind::Date) => &look.answer_date,
        };
        self.text(row, ANSWER, &entry.written, format)?;
        let remark = entry.remark.reference.as_ref();
        let remark = remark.or(entry.remark.text.as_ref());
        let remark = remark.map_or("", String::as_str);
        self.text(row, REMARK, remark, &look.remark)?;
        let question = entry.text.as_ref().map_or("", |text| text.text.as_str());
        let both = usize::from(self.speech.texts == Texts::Both) + 1;
        let lines = lines(question, self.room(QUESTION))
            .max(lines(&entry.written, self.room(ANSWER)))
            .max(lines(remark, self.room(REMARK)))
            .max(if item.is_some() { both } else { 1 });
        self.height(row, lines)
    }

    /// What a column has room for on a line. Its unit is a digit of 11 points and the text has 10.
    fn room(&self, column: u16) -> usize {
        (self.widths[usize::from(column)] * 1.1) as usize
    }

    /// Sets the height of a row with several lines. One with a line is left to Excel, which lets it grow with what is typed.
    pub(super) fn height(&mut self, row: u32, lines: usize) -> Written {
        if lines > 1 {
            let points = (lines as f64 * 13.5 + 5.0).min(409.0);
            self.sheet.set_row_height(row, points)?;
        }
        Ok(())
    }

    /// The question, indented by its depth; the English below the Japanese is smaller.
    fn question(&mut self, entry: &Entry, item: Option<&Item>, row: u32) -> Written {
        let look = self.look;
        let mut depth = 0;
        let mut above = item.and_then(|item| item.parent.as_ref());
        while let Some(number) = above.filter(|_| depth + 1 < LEVELS) {
            depth += 1;
            let parent = self.disclosure.form.item(number);
            above = parent.and_then(|parent| parent.parent.as_ref());
        }
        let format = &look.questions[depth];
        let text = entry.text.as_ref().map_or("", |text| text.text.as_str());
        let parts = item.and_then(|item| {
            let rest = text
                .strip_prefix(item.title.ja.as_str())?
                .strip_prefix('\n')?;
            (rest == item.title.en).then_some((item.title.ja.as_str(), rest))
        });
        match parts.filter(|(ja, en)| !ja.is_empty() && !en.is_empty()) {
            Some((ja, en)) => {
                let (ja, en) = (stretch(ja), stretch(&format!("\n{en}")));
                let parts = [(&look.japanese, ja.as_str()), (&look.english, en.as_str())];
                self.sheet
                    .write_rich_string_with_format(row, QUESTION, &parts, format)?;
                Ok(())
            }
            None => self.text(row, QUESTION, text, format),
        }
    }

    /// What is still to be done, and the hidden cells that say it.
    fn hidden(&mut self, hidden: &Hidden, row: u32, states: &[String; 6]) -> Written {
        let code = super::place::cell(row, CODE);
        let list: Vec<String> = states.iter().map(|word| quoted(word)).collect();
        let shown = format!("IF({code}=0,\"\",CHOOSE({code},{}))", list.join(","));
        let now = match (hidden.state as usize).checked_sub(1) {
            Some(at) => states[at].as_str(),
            None => "",
        };
        let shown = Formula::new(shown).set_result(now);
        self.sheet
            .write_formula_with_format(row, STATE, shown, &self.look.state)?;
        let cells = [
            (SAID, Some(&hidden.said)),
            (ASKED, Some(&hidden.asked)),
            (LACKS, Some(&hidden.lacks)),
            (CODE, Some(&hidden.code)),
            (METHODS, hidden.methods.as_ref()),
        ];
        for (column, given) in cells {
            let Some(Given { formula, result }) = given else {
                continue;
            };
            match formula.parse::<f64>() {
                Ok(number) => self.sheet.write_number(row, column, number)?,
                Err(_) => {
                    let formula = Formula::new(formula).set_result(result);
                    self.sheet.write_formula(row, column, formula)?
                }
            };
        }
        Ok(())
    }

    /// The remark texts, below the table. Gives the next row but one.
    fn notes(&mut self, from: u32) -> Result<u32, XlsxError> {
        let look = self.look;
        if self.disclosure.notes.is_empty() {
            return Ok(from);
        }
        let title = words::block_title(self.speech.words);
        self.text(from, NUMBER, title, &look.block)?;
        let mut last = from;
        for note in &self.disclosure.notes {
            last += 1;
            self.text(last, NUMBER, &note.label, &look.note)?;
            self.text(last, QUESTION, &note.text, &look.note)?;
            self.height(last, lines(&note.text, self.room(QUESTION)))?;
        }
        Ok(last + 2)
    }

    /// Writes a text; an empty one leaves a cell to fill.
    pub(super) fn text(&mut self, row: u32, column: u16, text: &str, format: &Format) -> Written {
        if text.is_empty() {
            self.sheet.write_blank(row, column, format)?;
        } else {
            let parts = xstring::apart(text);
            if parts.len() > 1 {
                let plain = Format::default();
                let parts: Vec<String> = parts.into_iter().map(stretch).collect();
                let parts: Vec<(&Format, &str)> =
                    parts.iter().map(|part| (&plain, part.as_str())).collect();
                self.sheet
                    .write_rich_string_with_format(row, column, &parts, format)?;
            } else {
                self.sheet
                    .write_string_with_format(row, column, text, format)?;
            }
        }
        Ok(())
    }
}

/// A stretch of a text of several.
///
/// NOTE: rust_xlsxwriter leaves `_x000D_` in stretches as it is, which Excel reads as a character.
fn stretch(text: &str) -> String {
    xstring::escape(text, |_| true).into_owned()
}

/// How many lines a text takes in a column of this width.
pub(super) fn lines(text: &str, width: usize) -> usize {
    let lines = text.lines();
    lines
        .map(|line| line.width_cjk().div_ceil(width).max(1))
        .sum()
}

/// A date of the head as Excel holds it; its calendar begins in 1900 and ends in 9999.
fn day(value: &HeaderValue) -> Option<ExcelDateTime> {
    let date = value.date?;
    let year = u16::try_from(date.year())
        .ok()
        .filter(|year| *year > 1900)?;
    let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
    ExcelDateTime::from_ymd(year, month, day).ok()
}
