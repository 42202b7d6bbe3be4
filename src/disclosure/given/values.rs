//! Single values of a layout file, and the mistakes in them.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::disclosure::layout::At;
use crate::finding::{Finding, Value, rule};
use crate::language::Localised;
use crate::place::{Lines, parse_address};
use crate::syntax::in_words;
use crate::text::{fold, is_blank, show};

/// Rows and columns of a sheet.
const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;
/// Columns of one kind at most, and rows between the parts of a card.
const SEVERAL: usize = 20;
const OFFSET: u32 = 100;
/// Mistakes that are told one by one.
const TOLD: usize = 100;
/// Characters of the file that a message quotes.
const QUOTED: usize = 40;

/// A value with its place.
pub(super) type Written<'t> = Spanned<DeValue<'t>>;

/// A layout file while it is read: its text, and the mistakes found so far.
pub(super) struct Reader<'t> {
    text: &'t str,
    lines: Lines<'t>,
    mistakes: Vec<Finding>,
    more: usize,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            lines: Lines::new(text),
            mistakes: Vec::new(),
            more: 0,
        }
    }

    /// All mistakes in the order of the file; of very many, how many more there are.
    pub(super) fn mistakes(mut self) -> Vec<Finding> {
        if self.more > 0 {
            let count = self.more.to_string();
            self.more = 0;
            let end = self.text.len();
            self.mistakes.truncate(TOLD);
            self.push(end, "more", "more", &[("count", &count)]);
        }
        self.mistakes.sort_by_key(|finding| finding.sort_key(&[]));
        self.mistakes
    }

    /// A mistake: what is wrong (`layout-bad-…`) and how it is repaired (`layout-fix-…`), by labels.
    pub(super) fn wrong(&mut self, at: usize, bad: &str, fix: &str, values: &[(&str, &str)]) {
        if self.mistakes.len() < TOLD {
            self.push(at, bad, fix, values);
        } else {
            self.more += 1;
        }
    }

    /// Something is wrong that the parser of TOML tells.
    pub(super) fn no_toml(&mut self, at: usize, message: &str) {
        if self.mistakes.len() < TOLD {
            let repair = Localised::label("layout-fix-toml", &[]);
            self.tell(at, in_words(message), repair);
        } else {
            self.more += 1;
        }
    }

    fn push(&mut self, at: usize, bad: &str, fix: &str, values: &[(&str, &str)]) {
        let detail = Localised::label(&format!("layout-bad-{bad}"), values);
        let repair = Localised::label(&format!("layout-fix-{fix}"), values);
        self.tell(at, detail, repair);
    }

    fn tell(&mut self, at: usize, detail: Localised, repair: Localised) {
        self.mistakes.push(
            Finding::new(rule::LAYOUT_INVALID, self.lines.place(at))
                .with("detail", Value::Local(detail))
                .with("repair", Value::Local(repair)),
        );
    }

    /// The value of a key is not what it may be.
    fn value(&mut self, key: &str, value: &Written<'t>, fix: &str) {
        let found = self.text.get(value.span()).unwrap_or_default();
        let found = show(found, QUOTED);
        self.wrong(
            value.span().start,
            "value",
            fix,
            &[("key", key), ("found", &found)],
        );
    }

    /// Keys that nothing here is called.
    pub(super) fn keys(&mut self, table: &DeTable<'t>, known: &[&str]) {
        for (key, _) in table {
            if !known.contains(&key.get_ref().as_ref()) {
                let found = show(key.get_ref(), QUOTED);
                let values = [("found", found.as_str()), ("allowed", &known.join(", "))];
                self.wrong(key.span().start, "key", "key", &values);
            }
        }
    }

    /// The table in a value.
    pub(super) fn table<'v>(
        &mut self,
        key: &str,
        value: &'v Written<'t>,
        fix: &str,
    ) -> Option<&'v DeTable<'t>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.value(key, value, fix);
        }
        table
    }

    /// A text with something in it.
    pub(super) fn text(&mut self, key: &str, value: &Written<'t>, fix: &str) -> Option<String> {
        let text = value.get_ref().as_str().filter(|text| !is_blank(text));
        if text.is_none() {
            self.value(key, value, fix);
        }
        text.map(str::to_owned)
    }

    /// A row, zero-based, from its number in Excel.
    pub(super) fn row(&mut self, key: &str, value: &Written<'t>) -> Option<u32> {
        let row = whole(value).filter(|row| (1..=ROWS).contains(row));
        if row.is_none() {
            self.value(key, value, "row");
        }
        row.map(|row| row - 1)
    }

    /// How many rows below the number something stands.
    pub(super) fn offset(&mut self, key: &str, value: &Written<'t>) -> Option<u32> {
        let offset = whole(value).filter(|offset| *offset <= OFFSET);
        if offset.is_none() {
            self.value(key, value, "offset");
        }
        offset
    }

    /// A column, zero-based, from its letters.
    pub(super) fn column(&mut self, key: &str, value: &Written<'t>) -> Option<u32> {
        let letters = value.get_ref().as_str();
        let column = letters.and_then(column);
        if column.is_none() {
            self.value(key, value, "column");
        }
        column
    }

    /// A column or a list of them, each once.
    pub(super) fn columns(&mut self, key: &str, value: &Written<'t>) -> Vec<u32> {
        let Some(list) = value.get_ref().as_array() else {
            return self.column(key, value).into_iter().collect();
        };
        if list.is_empty() || list.len() > SEVERAL {
            self.value(key, value, "columns");
            return Vec::new();
        }
        let mut columns: Vec<u32> = Vec::new();
        for value in list {
            match self.column(key, value) {
                Some(column) if columns.contains(&column) => self.value(key, value, "columns"),
                Some(column) => columns.push(column),
                None => {}
            }
        }
        columns
    }

    /// The address of a cell.
    pub(super) fn cell(&mut self, key: &str, value: &Written<'t>) -> Option<At> {
        let text = value.get_ref().as_str().unwrap_or_default();
        let address = parse_address(&folded(text).replace('$', ""));
        let address = address.filter(|at| at.0 < ROWS && at.1 < COLUMNS);
        if address.is_none() {
            self.value(key, value, "cell");
        }
        address
    }
}

/// Letters in one spelling: `Ｂ` and `b` are B. Longer texts are no letters.
fn folded(text: &str) -> String {
    if text.len() > 64 {
        return String::new();
    }
    fold(text).to_ascii_uppercase()
}

/// Zero-based column of letters.
fn column(letters: &str) -> Option<u32> {
    let (_, column) = parse_address(&format!("{}1", folded(letters)))
        .filter(|_| folded(letters).bytes().all(|b| b.is_ascii_uppercase()))?;
    (column < COLUMNS).then_some(column)
}

/// A whole number that is not negative.
fn whole(value: &Written<'_>) -> Option<u32> {
    let number = value.get_ref().as_integer()?;
    u32::from_str_radix(number.as_str(), number.radix()).ok()
}
