//! What the sheet says while it is filled: formulas of each item, and what they give for the answers that stand there.
//!
//! The formulas follow `form::condition` and `validate`: an item is asked, not asked or open; an answer is missing,
//! contradicts, or lacks its remark. Results are written with them, because reading evaluates no formula.

use super::place::{ANSWER, ASKED, CODE, LACKS, METHODS, REMARK, Rows, SAID, cell};
use crate::answer::{Answer, State as Answered};
use crate::disclosure::{Disclosure, Entry};
use crate::form::{Choice, Condition, Enabled, Item, Kind, OnDisabled};
use crate::text::is_blank;

/// The longest formula that is written; Excel takes 8,192 characters.
const LONGEST: usize = 4_000;

/// Names of lists of words in the workbook, by answer, and of remarks that say nothing.
pub(super) const NAMES: [(Answer, &str); 4] = [
    (Answer::Yes, "kaijisho_yes"),
    (Answer::No, "kaijisho_no"),
    (Answer::Na, "kaijisho_na"),
    (Answer::SeeNote, "kaijisho_see_note"),
];
/// The name of the list of remarks that say nothing.
pub(super) const NOTHING: &str = "kaijisho_nothing";

/// What is still to be done with an item; its number stands in the hidden column, its word in the one that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing is known: the answer of another item comes first.
    Open = 0,
    Unanswered = 1,
    NotAsked = 2,
    NotUnderstood = 3,
    Contradicts = 4,
    LacksRemark = 5,
    Done = 6,
}

/// A formula and what it gives.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) formula: String,
    pub(super) result: String,
}

fn given(formula: String, result: impl ToString) -> Given {
    Given {
        formula,
        result: result.to_string(),
    }
}

/// The hidden cells of one item.
#[derive(Debug)]
pub(super) struct Hidden {
    pub(super) said: Given,
    pub(super) asked: Given,
    pub(super) lacks: Given,
    pub(super) code: Given,
    pub(super) methods: Option<Given>,
    pub(super) state: State,
}

/// Counts over a sheet.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) answered: usize,
    pub(super) unanswered: usize,
    pub(super) remarks: usize,
    pub(super) care: usize,
}

/// The formulas of a sheet.
pub(super) struct Logic<'d> {
    disclosure: &'d Disclosure,
    /// The row of each item of the form that is on the sheet.
    rows: Vec<Option<u32>>,
    /// Whether each item is asked.
    enabled: Vec<Enabled>,
}

impl<'d> Logic<'d> {
    pub(super) fn new(disclosure: &'d Disclosure, rows: &Rows) -> Self {
        let mut of_items = vec![None; disclosure.form.items.len()];
        for (entry, (row, _)) in disclosure.entries.iter().zip(&rows.entries) {
            if let Some(at) = entry.item {
                of_items[at].get_or_insert(*row);
            }
        }
        let enabled = (0..of_items.len()).map(|at| disclosure.enabled(at));
        Self {
            disclosure,
            enabled: enabled.collect(),
            rows: of_items,
        }
    }

    /// The hidden cells of an entry; none where it is no item of the form, or one that stood above already.
    pub(super) fn hidden(&self, entry: &Entry, row: u32) -> Option<Hidden> {
        let at = entry.item.filter(|at| self.rows[*at] == Some(row))?;
        let item = &self.disclosure.form.items[at];
        let asked = match &self.enabled[at] {
            Enabled::Yes => "1",
            Enabled::No { .. } => "0",
            Enabled::Undetermined { .. } => "0.5",
        };
        let condition = match &item.enable {
            None => "1".to_owned(),
            Some(condition) => self
                .asked(condition)
                // One that cannot be said in a formula leaves it open, and nothing is coloured.
                .unwrap_or_else(|| "0.5".to_owned()),
        };
        let state = self.state(entry, at);
        let (lacks, lacks_now) = lacks(item, entry, row);
        let methods = (item.kind == Kind::Multiple).then(|| methods(row, &entry.written));
        Some(Hidden {
            said: given(said_formula(item, row), said(entry, item)),
            asked: given(condition, asked),
            lacks: given(lacks, u8::from(lacks_now)),
            code: given(self.code(item, row), state as u8),
            methods,
            state,
        })
    }

    /// Whether a condition holds, as a number: 1, 0, or 0.5 where it is open. `None` where it is too long to say.
    fn asked(&self, condition: &Condition) -> Option<String> {
        let formula = match condition {
            Condition::Is { item, is } => {
                let row = self.row(item)?;
                let said = cell(row, SAID);
                let decided = [Answer::Yes, Answer::No, Answer::Na];
                let mut formula = format!("IF({}=0,0,0.5)", cell(row, ASKED));
                let off: Vec<Answer> = decided.into_iter().filter(|a| !is.contains(a)).collect();
                if !off.is_empty() {
                    formula = format!("IF({},0,{formula})", one_of(&said, &off));
                }
                if is.is_empty() {
                    formula
                } else {
                    format!("IF({},1,{formula})", one_of(&said, is))
                }
            }
            Condition::Ticked { item, ticked } => {
                let row = self.row(item)?;
                let at = self.disclosure.form.position(item)?;
                let methods = &self.disclosure.form.items[at].options;
                let wanted = methods.iter().filter(|method| ticked.contains(&method.id));
                let hits: Vec<String> = wanted.map(|method| hit(row, method)).collect();
                let any = match hits.as_slice() {
                    [] => "FALSE".to_owned(),
                    hits => format!("OR({})", hits.join(",")),
                };
                let said = cell(row, SAID);
                format!(
                    "IF({said}=\"m\",IF({any},1,0),IF({},0,IF({}=0,0,0.5)))",
                    one_of(&said, &Answer::ALL),
                    cell(row, ASKED)
                )
            }
            Condition::All(parts) | Condition::Any(parts) => {
                let parts: Vec<String> = parts
                    .iter()
                    .map(|part| self.asked(part))
                    .collect::<Option<_>>()?;
                let least = matches!(condition, Condition::All(_));
                match (parts.is_empty(), least) {
                    (true, _) => "1".to_owned(),
                    (false, true) => format!("MIN({})", parts.join(",")),
                    (false, false) => format!("MAX({})", parts.join(",")),
                }
            }
        };
        Some(formula).filter(|formula| formula.len() <= LONGEST)
    }

    /// What the item says that switches this one off.
    fn deciding(&self, condition: &Condition) -> Option<String> {
        let formula = match condition {
            Condition::Is { item, .. } | Condition::Ticked { item, .. } => {
                cell(self.row(item)?, SAID)
            }
            Condition::All(parts) => {
                let mut formula = "\"\"".to_owned();
                for part in parts.iter().rev() {
                    let (off, says) = (self.asked(part)?, self.deciding(part)?);
                    formula = format!("IF({off}=0,{says},{formula})");
                }
                formula
            }
            Condition::Any(parts) => self.deciding(parts.first()?)?,
        };
        Some(formula).filter(|formula| formula.len() <= LONGEST)
    }

    fn row(&self, number: &crate::answer::ItemNumber) -> Option<u32> {
        self.rows[self.disclosure.form.position(number)?]
    }

    /// The state of an item as a number.
    fn code(&self, item: &Item, row: u32) -> String {
        let said = cell(row, SAID);
        let asked = cell(row, ASKED);
        let open = if item.required { 1 } else { 0 };
        let mut wrong = vec![format!("{said}=\"x\"")];
        let outside = Answer::ALL
            .into_iter()
            .filter(|a| !item.choices.contains(a));
        if matches!(item.kind, Kind::Choice | Kind::Multiple) {
            wrong.extend(outside.map(|answer| format!("{said}=\"{}\"", answer.code())));
        }
        let contradicts = match (&item.enable, item.on_disabled) {
            (Some(condition), OnDisabled::Contradict) => self.deciding(condition),
            (Some(_), OnDisabled::Tolerate) | (None, _) => None,
        };
        let contradicts = contradicts.map_or_else(
            || "FALSE".to_owned(),
            |deciding| {
                format!(
                    "AND({asked}=0,OR({said}=\"yes\",{said}=\"m\"),\
                     ISNUMBER(MATCH({deciding},{{\"yes\",\"no\",\"see-note\",\"m\"}},0)))"
                )
            },
        );
        format!(
            "IF({said}=\"\",IF({asked}=1,{open},IF({asked}=0,2,0)),\
             IF(OR({}),3,IF({contradicts},4,IF({}=1,5,6))))",
            wrong.join(","),
            cell(row, LACKS)
        )
    }

    /// The state of an item as the formula gives it.
    fn state(&self, entry: &Entry, at: usize) -> State {
        let item = &self.disclosure.form.items[at];
        match entry.state {
            Answered::Unanswered => match &self.enabled[at] {
                Enabled::Yes if item.required => State::Unanswered,
                Enabled::No { .. } => State::NotAsked,
                Enabled::Yes | Enabled::Undetermined { .. } => State::Open,
            },
            Answered::Conflicting | Answered::Unknown => State::NotUnderstood,
            Answered::Answered => {
                let outside = entry
                    .answer
                    .is_some_and(|answer| !item.choices.contains(&answer));
                if outside {
                    State::NotUnderstood
                } else if self.contradicts(entry, at) {
                    State::Contradicts
                } else if is_lacking(item, entry) {
                    State::LacksRemark
                } else {
                    State::Done
                }
            }
        }
    }

    /// As `validate::consistency` sees it.
    fn contradicts(&self, entry: &Entry, at: usize) -> bool {
        let Enabled::No { by } = &self.enabled[at] else {
            return false;
        };
        let says_yes = entry.answer == Some(Answer::Yes) || !entry.options.is_empty();
        let governor = self.disclosure.entry(by);
        let denies = governor.is_some_and(|governor| match governor.answer {
            Some(answer) => answer != Answer::Na,
            None => !governor.options.is_empty(),
        });
        says_yes && denies && self.disclosure.form.items[at].on_disabled == OnDisabled::Contradict
    }
}

impl Counts {
    /// Adds an item.
    pub(super) fn add(&mut self, entry: &Entry, hidden: &Hidden) {
        self.answered += usize::from(entry.state == Answered::Answered);
        self.unanswered += usize::from(hidden.state == State::Unanswered);
        self.remarks += usize::from(hidden.lacks.result == "1");
        let care = matches!(hidden.state, State::NotUnderstood | State::Contradicts);
        self.care += usize::from(care);
    }

    /// The counts as formulas, by the names that the label of the progress has for them.
    pub(super) fn formulas(&self, rows: &Rows) -> [(&'static str, Given); 4] {
        let said = rows.range(SAID);
        let code = rows.range(CODE);
        let answered = format!(
            "SUMPRODUCT(COUNTIF({said},{{\"yes\",\"no\",\"na\",\"see-note\",\"m\",\"t\"}}))"
        );
        let unanswered = format!("COUNTIF({code},1)");
        [
            (
                "all",
                given(
                    format!("({answered}+{unanswered})"),
                    self.answered + self.unanswered,
                ),
            ),
            ("answered", given(answered, self.answered)),
            (
                "remarks",
                given(format!("SUM({})", rows.range(LACKS)), self.remarks),
            ),
            (
                "care",
                given(format!("(COUNTIF({code},3)+COUNTIF({code},4))"), self.care),
            ),
        ]
    }
}

/// A text within a formula.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\"")).replace('\n', "\"&CHAR(10)&\"")
}

fn one_of(said: &str, answers: &[Answer]) -> String {
    let parts = answers.iter();
    let parts: Vec<String> = parts
        .map(|answer| format!("{said}=\"{}\"", answer.code()))
        .collect();
    format!("OR({})", parts.join(","))
}

/// What is written, without the spaces that make no difference.
fn bare(at: &str) -> String {
    format!("SUBSTITUTE(SUBSTITUTE({at},\" \",\"\"),\"　\",\"\")")
}

/// What an answer means.
fn said_formula(item: &Item, row: u32) -> String {
    let at = cell(row, ANSWER);
    if matches!(item.kind, Kind::Text | Kind::Date) {
        return format!("IF(TRIM({at})=\"\",\"\",\"t\")");
    }
    let mut formula = "\"x\"".to_owned();
    if item.kind == Kind::Multiple {
        let norm = cell(row, METHODS);
        let pieces = item.options.iter().map(|method| pieces(row, method));
        let pieces = pieces.collect::<Vec<_>>().join("+");
        let written = format!("LEN({norm})-LEN(SUBSTITUTE({norm},\"、\",\"\"))-1");
        if !pieces.is_empty() && pieces.len() < LONGEST {
            formula = format!("IF({pieces}={written},\"m\",\"x\")");
        }
    }
    for (answer, name) in NAMES.iter().rev() {
        if item.kind == Kind::Multiple && !item.choices.contains(answer) {
            continue;
        }
        formula = format!(
            "IF(ISNUMBER(MATCH({},{name},0)),\"{}\",{formula})",
            bare(&at),
            answer.code()
        );
    }
    format!("IF(TRIM({at})=\"\",\"\",{formula})")
}

fn said(entry: &Entry, item: &Item) -> &'static str {
    let is_text = matches!(item.kind, Kind::Text | Kind::Date);
    match (entry.state, entry.answer) {
        (Answered::Unanswered, _) => "",
        (Answered::Answered, Some(answer)) => answer.code(),
        (Answered::Answered, None) if is_text => "t",
        (Answered::Answered, None) => "m",
        (Answered::Conflicting | Answered::Unknown, _) => "x",
    }
}

/// Methods in one spelling: small letters without spaces, each between `、`.
fn methods(row: u32, written: &str) -> Given {
    let at = cell(row, ANSWER);
    let mut formula = format!("LOWER({})", bare(&at));
    for separator in ["\",\"", "\"，\"", "\";\"", "\"；\"", "\"・\"", "CHAR(10)"] {
        formula = format!("SUBSTITUTE({formula},{separator},\"、\")");
    }
    given(
        format!("\"、\"&{formula}&\"、\""),
        format!("、{}、", in_one_spelling(written)),
    )
}

fn in_one_spelling(text: &str) -> String {
    let seen = text.chars().filter(|c| !matches!(c, ' ' | '　'));
    let separated = seen.map(|c| match c {
        ',' | '，' | ';' | '；' | '・' | '\n' => '、',
        c => c,
    });
    separated.collect::<String>().to_lowercase()
}

/// The names of a method as formulas look for them; very long ones do not fit a formula.
fn names(method: &Choice) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in [&method.title.ja, &method.title.en, &method.id] {
        let name = in_one_spelling(name);
        if !name.is_empty() && name.chars().count() < 200 && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// True where this name is among the methods written.
fn is_there(row: u32, name: &str) -> String {
    let between = quoted(&format!("、{name}、"));
    format!("ISNUMBER(FIND({between},{}))", cell(row, METHODS))
}

/// True where a method is among those written.
fn hit(row: u32, method: &Choice) -> String {
    let found = names(method);
    let found: Vec<String> = found.iter().map(|name| is_there(row, name)).collect();
    match found.as_slice() {
        [] => "FALSE".to_owned(),
        found => format!("OR({})", found.join(",")),
    }
}

/// How many pieces of the list a method is, if it is there: a name may hold what separates names.
fn pieces(row: u32, method: &Choice) -> String {
    let mut formula = "0".to_owned();
    for name in names(method).iter().rev() {
        let pieces = name.matches('、').count() + 1;
        formula = format!("IF({},{pieces},{formula})", is_there(row, name));
    }
    formula
}

fn is_lacking(item: &Item, entry: &Entry) -> bool {
    let text = entry.remark.text.as_deref();
    let has_text = text.is_some_and(|text| !is_blank(text));
    let needs = entry.answer.is_some_and(|a| item.remark_when.contains(&a));
    needs && !has_text && entry.remark.reference.is_none()
}

/// Whether a remark is needed and missing.
fn lacks(item: &Item, entry: &Entry, row: u32) -> (String, bool) {
    if item.remark_when.is_empty() {
        return ("0".to_owned(), false);
    }
    let at = cell(row, REMARK);
    let formula = format!(
        "IF(AND({},OR(TRIM({at})=\"\",ISNUMBER(MATCH({},{NOTHING},0)))),1,0)",
        one_of(&cell(row, SAID), &item.remark_when),
        bare(&at)
    );
    (formula, is_lacking(item, entry))
}
