//! What is to be written, and in which ways it can be.

use std::collections::{HashMap, HashSet};

use super::change::Change;
use super::habits::Habits;
use super::outcome::{Fate, Outcome, Subject};
use super::pairing::{self, Pair};
use super::template::Template;
use super::{answer, header, remark};
use crate::answer::{Answer, State};
use crate::disclosure::{Disclosure, Entry, Page, Site, Standing, language_of, parse_date};
use crate::form::{Item, Kind};
use crate::language::{Language, Localised};
use crate::text::{fold, is_blank};

/// What must be read back for a task to be done.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expected {
    Answer(Answer),
    /// Ids of methods, sorted.
    Methods(Vec<String>),
    Text(String),
    Remark(String),
    Field(String),
}

/// Something that is to be written.
#[derive(Debug)]
pub(super) struct Task {
    /// The disclosure it belongs to, by position among the pairs.
    pub(super) document: usize,
    /// The entry of the template's disclosure that it belongs to.
    pub(super) entry: Option<usize>,
    pub(super) expected: Expected,
    pub(super) outcome: Outcome,
    ways: Vec<Vec<Change>>,
    way: usize,
    unsure: bool,
}

impl Task {
    /// What is to be changed now; nothing where the task is done or given up.
    pub(super) fn changes(&self) -> &[Change] {
        match self.outcome.fate {
            Fate::Placed => self.ways.get(self.way).map_or(&[], Vec::as_slice),
            Fate::Same | Fate::Kept | Fate::NotPlaced | Fate::Failed => &[],
        }
    }

    /// True where something is to be written.
    pub(super) fn is_open(&self) -> bool {
        self.outcome.fate == Fate::Placed
    }

    /// The last reading was not as meant.
    pub(super) fn is_unsure(&self) -> bool {
        self.is_open() && self.unsure
    }

    /// Notes how the reading went.
    pub(super) fn note(&mut self, read_as_meant: bool) {
        self.unsure = !read_as_meant;
    }

    /// Goes on to the next way, or gives up; `why` says why this way does not work.
    pub(super) fn next_way(&mut self, why: Option<Localised>) {
        self.way += 1;
        if self.way >= self.ways.len() {
            match why {
                Some(reason) => {
                    self.outcome.fate = Fate::NotPlaced;
                    self.outcome.reason = Some(reason);
                }
                None => self.give_up(),
            }
        }
    }

    /// Nothing was written there, but what was written elsewhere changes how it is read.
    pub(super) fn besides(&mut self) {
        self.outcome.fate = Fate::Failed;
        self.outcome.reason = Some(Localised::label("fill-besides", &[]));
    }

    /// Gives up: what was written was not read as meant.
    pub(super) fn give_up(&mut self) {
        self.outcome.fate = Fate::Failed;
        self.outcome.reason = Some(Localised::label("fill-read-otherwise", &[]));
    }
}

/// A disclosure of the template, with all that is needed to write into it.
pub(super) struct Target<'t> {
    pub(super) template: &'t Template<'t>,
    pub(super) pages: Vec<Page<'t>>,
    pub(super) disclosure: &'t Disclosure,
    pub(super) standing: &'t Standing,
    pub(super) answers: &'t Disclosure,
    /// How each table is filled so far.
    pub(super) habits: Vec<Habits>,
    pub(super) language: Language,
    pub(super) force: bool,
    /// Texts that stand in most of the answer cells until something is chosen, folded.
    placeholders: HashSet<String>,
    entries: HashMap<String, usize>,
}

impl<'t> Target<'t> {
    fn new(template: &'t Template<'t>, pair: &Pair<'t>, force: bool) -> Self {
        let disclosure = &template.disclosures[pair.target];
        let standing = &template.standings[pair.target];
        let pages = template.pages();
        let tables = 0..standing.tables.len();
        let habits = tables
            .map(|table| Habits::of(&pages, disclosure, standing, table))
            .collect();
        let mut entries = HashMap::new();
        for (at, entry) in disclosure.entries.iter().enumerate() {
            entries.entry(entry.number.to_string()).or_insert(at);
        }
        Self {
            template,
            pages,
            disclosure,
            standing,
            answers: pair.answers,
            habits,
            language: language(disclosure),
            force,
            placeholders: placeholders(disclosure),
            entries,
        }
    }

    /// The position of the entry of the template that has the number of an answer.
    fn counterpart(&self, entry: &Entry) -> Option<usize> {
        let known = pairing::counterpart(entry, self.disclosure)?;
        self.entries.get(known.number.as_str()).copied()
    }

    pub(super) fn entry(&self, at: usize) -> &'t Entry {
        &self.disclosure.entries[at]
    }

    pub(super) fn item(&self, at: usize) -> Option<&'t Item> {
        let item = self.entry(at).item?;
        Some(&self.disclosure.form.items[item])
    }

    pub(super) fn site(&self, at: usize) -> &'t Site {
        &self.standing.sites[at]
    }

    /// The sheet of an entry, by position, and its page.
    pub(super) fn page(&self, at: usize) -> (usize, &Page<'t>) {
        let sheet = self.standing.tables[self.site(at).table].sheet;
        (sheet, &self.pages[sheet])
    }

    /// True where nothing that counts stands in the answer of an entry.
    fn is_open(&self, entry: &Entry) -> bool {
        entry.state == State::Unanswered || self.placeholders.contains(&fold(&entry.written))
    }
}

/// The language that the template prints its questions in.
fn language(disclosure: &Disclosure) -> Language {
    let questions = disclosure.entries.iter().filter_map(|it| it.text.as_ref());
    let questions: Vec<&str> = questions.map(|it| it.text.as_str()).collect();
    let japanese = |text: &&&str| {
        text.chars()
            .any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'))
    };
    if questions.is_empty() {
        return language_of(&disclosure.form);
    }
    match questions.iter().filter(japanese).count() * 2 >= questions.len() {
        true => Language::Ja,
        false => Language::En,
    }
}

/// Texts that are no answer and stand in most of the cells: 選択してください.
fn placeholders(disclosure: &Disclosure) -> HashSet<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let unknown = |entry: &&Entry| entry.state == State::Unknown && !entry.drawn;
    for entry in disclosure.entries.iter().filter(unknown) {
        *counts.entry(fold(&entry.written)).or_default() += 1;
    }
    let most = |count: usize| count >= 3 && count * 2 >= disclosure.entries.len();
    let counts = counts.into_iter();
    counts
        .filter(|(_, count)| most(*count))
        .map(|(text, _)| text)
        .collect()
}

/// Everything that is to be written of one disclosure.
pub(super) fn tasks<'t>(
    template: &'t Template<'t>,
    pair: &Pair<'t>,
    document: usize,
    force: bool,
) -> Vec<Task> {
    let target = Target::new(template, pair, force);
    let mut tasks = header::tasks(&target, document);
    let mut remarks = remark::Remarks::of(&target);
    for entry in &target.answers.entries {
        tasks.extend(answer_task(&target, entry, document));
        tasks.extend(remark_task(&target, entry, document, &mut remarks));
    }
    tasks
}

/// A task that has yet to be decided.
pub(super) fn task(
    document: usize,
    entry: Option<usize>,
    subject: Subject,
    expected: Expected,
    wanted: &str,
) -> Task {
    Task {
        document,
        entry,
        expected,
        outcome: Outcome {
            subject,
            fate: Fate::NotPlaced,
            place: None,
            wanted: wanted.to_owned(),
            found: None,
            reason: None,
            other_question: None,
        },
        ways: Vec::new(),
        way: 0,
        unsure: false,
    }
}

impl Task {
    /// Nothing is written, and this is why.
    pub(super) fn refused(mut self, reason: Localised) -> Self {
        self.outcome.fate = Fate::NotPlaced;
        self.outcome.reason = Some(reason);
        self
    }

    /// It stands there already.
    pub(super) fn same(mut self) -> Self {
        self.outcome.fate = Fate::Same;
        self
    }

    /// Something else stands there and is kept.
    pub(super) fn kept(mut self, found: &str) -> Self {
        self.outcome.fate = Fate::Kept;
        self.outcome.found = Some(found.to_owned());
        self.outcome.reason = Some(Localised::label("fill-kept", &[]));
        self
    }

    /// It can be written in these ways, the likeliest first. A formula is somebody's work even where it shows
    /// nothing, and is kept as another answer is.
    pub(super) fn written(mut self, target: &Target<'_>, ways: Vec<Vec<Change>>) -> Self {
        let mut changes = ways.iter().flatten();
        let formula = changes.find(|it| target.template.has_formula(it.sheet, it.at));
        if let (Some(formula), false) = (formula, target.force) {
            let sheet = &target.template.workbook.sheets[formula.sheet];
            self.outcome.fate = Fate::Kept;
            self.outcome.place = Some(sheet.place(formula.at.0, formula.at.1));
            self.outcome.reason = Some(Localised::label("fill-formula", &[]));
            return self;
        }
        self.outcome.fate = Fate::Placed;
        self.ways = ways;
        self
    }
}

fn answer_task(target: &Target<'_>, entry: &Entry, document: usize) -> Option<Task> {
    if is_blank(&entry.written) || entry.state == State::Unanswered {
        return None;
    }
    let kind = entry
        .item
        .map_or(Kind::Choice, |item| target.answers.form.items[item].kind);
    let expected = match (kind, entry.answer) {
        (Kind::Text | Kind::Date, _) => Expected::Text(entry.written.trim().to_owned()),
        (Kind::Choice | Kind::Multiple, Some(answer)) => Expected::Answer(answer),
        (Kind::Choice | Kind::Multiple, None) => {
            let mut methods = entry.options.clone();
            methods.sort();
            Expected::Methods(methods)
        }
    };
    let at = target.counterpart(entry);
    let subject = Subject::Answer(entry.number.clone());
    let mut task = task(document, at, subject, expected, entry.written.trim());
    if entry.state != State::Answered {
        return Some(task.refused(Localised::label("fill-unclear", &[])));
    }
    let Some(at) = at else {
        return Some(task.refused(Localised::label("fill-no-item", &[])));
    };
    let there = target.entry(at);
    task.outcome.place = Some(there.place.clone());
    if pairing::same_question(target.answers, entry, target.disclosure, there) == Some(false) {
        task.outcome.other_question = there.text.as_ref().map(|text| text.text.clone());
    }
    let ambiguous = target.disclosure.ambiguous.iter();
    if ambiguous.clone().any(|it| it.place == there.number_place) && there.item.is_none() {
        return Some(task.refused(Localised::label("fill-number-ambiguous", &[])));
    }
    if is_said(&task.expected, there) {
        return Some(task.same());
    }
    if !target.is_open(there) && !target.force {
        return Some(task.kept(&there.written));
    }
    Some(match answer::ways(target, at, &task.expected) {
        Ok(ways) => task.written(target, ways),
        Err(reason) => task.refused(reason),
    })
}

/// True where an entry says what is expected.
pub(super) fn is_said(expected: &Expected, entry: &Entry) -> bool {
    let answered = entry.state == State::Answered;
    match expected {
        Expected::Answer(answer) => answered && entry.answer == Some(*answer),
        Expected::Methods(methods) => {
            let mut options = entry.options.clone();
            options.sort();
            answered && entry.answer.is_none() && options == *methods
        }
        Expected::Text(text) => {
            let day = parse_date(text);
            same_text(&entry.written, text) || day.is_some() && parse_date(&entry.written) == day
        }
        Expected::Remark(text) => entry
            .remark
            .text
            .as_deref()
            .is_some_and(|there| same_text(there, text)),
        Expected::Field(_) => false,
    }
}

/// True for texts that differ in nothing but the ends of lines and what surrounds them.
pub(super) fn same_text(one: &str, other: &str) -> bool {
    let lines = |text: &str| text.trim().replace("\r\n", "\n").replace('\r', "\n");
    lines(one) == lines(other)
}

fn remark_task(
    target: &Target<'_>,
    entry: &Entry,
    document: usize,
    remarks: &mut remark::Remarks,
) -> Option<Task> {
    let text = match (&entry.remark.text, &entry.remark.reference) {
        (Some(text), _) => text.trim(),
        (None, Some(reference)) => reference.trim(),
        (None, None) => return None,
    };
    let at = target.counterpart(entry);
    let subject = Subject::Remark(entry.number.clone());
    let expected = Expected::Remark(text.to_owned());
    let mut task = task(document, at, subject, expected, text);
    if entry.remark.text.is_none() {
        return Some(task.refused(Localised::label("fill-remark-dangling", &[])));
    }
    let Some(at) = at else {
        return Some(task.refused(Localised::label("fill-no-item", &[])));
    };
    let there = target.entry(at);
    task.outcome.place = Some(there.remark_place.clone());
    let cell = remark::own_text(target, at);
    let in_cell = cell.as_deref().is_some_and(|there| same_text(there, text));
    if in_cell || is_said(&task.expected, there) {
        return Some(task.same());
    }
    match (&there.remark.text, cell) {
        // A comment on a cell of the row is read as a remark, too, and stays there.
        (Some(beside), Some(cell)) if is_blank(&cell) => {
            task.expected = Expected::Remark(format!("{text}\n{beside}"));
        }
        (Some(found), _) if !target.force => return Some(task.kept(found)),
        (Some(_) | None, _) => {}
    }
    Some(match remarks.ways(target, at, text) {
        Ok(ways) => task.written(target, ways),
        Err(reason) => task.refused(reason),
    })
}
