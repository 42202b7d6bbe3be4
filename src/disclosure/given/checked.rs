//! The step that reads a layout file and checks it: every key is known, every column and row is one.

use toml::de::DeTable;

use super::LARGEST;
use super::values::{Reader, Written};
use crate::answer::Answer;
use crate::disclosure::detect::stated::Stated;
use crate::disclosure::layout::Columns;
use crate::finding::Finding;
use crate::form::Field;
use crate::place::column_letters;
use crate::text::{fold, is_blank, show};

const SCHEMA: &str = "kaijisho/layout/1";
const ROOT: [&str; 2] = ["schema", "table"];
const TABLE: [&str; 15] = [
    "sheet",
    "header_row",
    "first_row",
    "last_row",
    "number",
    "question",
    "answer",
    "marks",
    "remark",
    "section",
    "reference",
    "answer_row",
    "remark_row",
    "codes",
    "head",
];
/// Tables, and codes of one table, at most.
const TABLES: usize = 100;
const CODES: usize = 100;
/// Bytes of a code at most, as long as one can be recognised.
const CODE: usize = 32;

/// The tables of a layout file, or every mistake in it.
pub(super) fn tables(text: &str) -> Result<Vec<Stated>, Vec<Finding>> {
    let mut reader = Reader::new(text);
    if text.len() as u64 > LARGEST {
        reader.wrong(0, "large", "large", &[]);
        return Err(reader.mistakes());
    }
    let (root, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        for error in errors {
            let at = error.span().map_or(0, |span| span.start);
            reader.no_toml(at, error.message());
        }
        return Err(reader.mistakes());
    }
    let root = root.get_ref();
    reader.keys(root, &ROOT);
    schema(&mut reader, root);
    let tables = written_tables(&mut reader, root);
    let mut stated: Vec<(usize, Stated)> = Vec::new();
    for table in tables {
        if let Some(fields) = reader.table("table", table, "tables") {
            let at = table.span().start;
            stated.push((
                at,
                Checker {
                    reader: &mut reader,
                    fields,
                    at,
                }
                .table(),
            ));
        }
    }
    overlaps(&mut reader, &stated);
    let mistakes = reader.mistakes();
    if mistakes.is_empty() {
        Ok(stated.into_iter().map(|(_, table)| table).collect())
    } else {
        Err(mistakes)
    }
}

fn schema<'t>(reader: &mut Reader<'t>, root: &DeTable<'t>) {
    match root.get("schema") {
        None => reader.wrong(0, "missing", "schema", &[("key", "schema")]),
        Some(value) => {
            let named = reader.text("schema", value, "schema");
            if let Some(named) = named.filter(|named| named != SCHEMA) {
                let values = [("key", "schema"), ("found", &*show(&named, 40))];
                reader.wrong(value.span().start, "value", "schema", &values);
            }
        }
    }
}

/// The tables as written; a single `[table]` is none, because a second one could not follow.
fn written_tables<'t, 'v>(reader: &mut Reader<'t>, root: &'v DeTable<'t>) -> &'v [Written<'t>] {
    let Some(value) = root.get("table") else {
        reader.wrong(0, "missing", "tables", &[("key", "table")]);
        return &[];
    };
    let tables: &[Written<'t>] = value.get_ref().as_array().map_or(&[], AsRef::as_ref);
    if tables.is_empty() {
        reader.wrong(value.span().start, "tables", "tables", &[]);
    }
    if tables.len() > TABLES {
        let count = tables.len().to_string();
        reader.wrong(value.span().start, "many", "many", &[("count", &count)]);
        return &[];
    }
    tables
}

/// Tables of one sheet that claim the same rows and numbers.
fn overlaps(reader: &mut Reader<'_>, tables: &[(usize, Stated)]) {
    for (at, (place, table)) in tables.iter().enumerate() {
        let claims = |other: &Stated| {
            let inside = |one: &Stated, start: u32| {
                one.start() <= start && one.last_row.is_some_and(|last| start <= last)
            };
            other.is_beside(table)
                && other.shares_numbers(table)
                && (other.start() == table.start()
                    || inside(other, table.start())
                    || inside(table, other.start()))
        };
        if let Some(other) = tables[..at].iter().position(|(_, other)| claims(other)) {
            let values = [
                ("table", (at + 1).to_string()),
                ("other", (other + 1).to_string()),
            ];
            let values = values
                .each_ref()
                .map(|(name, value)| (*name, value.as_str()));
            reader.wrong(*place, "overlap", "overlap", &values);
        }
    }
}

/// One table while it is checked.
struct Checker<'r, 't, 'v> {
    reader: &'r mut Reader<'t>,
    fields: &'v DeTable<'t>,
    at: usize,
}

impl<'t, 'v> Checker<'_, 't, 'v> {
    fn table(mut self) -> Stated {
        self.reader.keys(self.fields, &TABLE);
        let mut stated = Stated {
            sheet: self
                .field("sheet")
                .and_then(|value| self.reader.text("sheet", value, "text")),
            columns: self.columns(),
            answer_row: self.offset("answer_row"),
            remark_row: self.offset("remark_row"),
            codes: self.codes(),
            head: self.head(),
            ..Stated::default()
        };
        self.rows(&mut stated);
        self.answers(&stated.columns);
        self.apart(&stated);
        stated
    }

    fn field(&self, key: &str) -> Option<&'v Written<'t>> {
        self.fields.get(key)
    }

    fn offset(&mut self, key: &str) -> u32 {
        let value = self.field(key);
        value
            .and_then(|value| self.reader.offset(key, value))
            .unwrap_or(0)
    }

    fn rows(&mut self, stated: &mut Stated) {
        let mut row = |key: &str| {
            let value = self.field(key)?;
            Some((value.span().start, self.reader.row(key, value)))
        };
        let (header, first, last) = (row("header_row"), row("first_row"), row("last_row"));
        stated.header_row = header.and_then(|(_, row)| row);
        stated.last_row = last.and_then(|(_, row)| row);
        match (first, stated.header_row) {
            (Some((_, row)), _) => stated.first_row = row.unwrap_or(0),
            (None, Some(header)) => stated.first_row = header + 1,
            (None, None) => self.missing("first_row", "first_row = 12"),
        }
        // A row that is none has been told already, and has no order.
        let known = |row: Option<(usize, Option<u32>)>| row.and_then(|(at, row)| Some((at, row?)));
        let pairs = [
            ("header_row", known(header), "first_row", known(first)),
            ("first_row", known(first), "last_row", known(last)),
            ("header_row", known(header), "last_row", known(last)),
        ];
        for (upper, above, lower, below) in pairs {
            let (Some((_, above)), Some((at, below))) = (above, below) else {
                continue;
            };
            if below < above || (upper == "header_row" && below == above) {
                let numbers = [(above + 1).to_string(), (below + 1).to_string()];
                let values = [
                    ("upper", upper),
                    ("above", &*numbers[0]),
                    ("lower", lower),
                    ("below", &*numbers[1]),
                ];
                self.reader.wrong(at, "rows", "rows", &values);
            }
        }
    }

    fn columns(&mut self) -> Columns {
        let mut several = |key: &str| {
            let value = self.field(key);
            value.map_or_else(Vec::new, |value| self.reader.columns(key, value))
        };
        let mut columns = Columns {
            numbers: several("number"),
            remarks: several("remark"),
            sections: several("section"),
            references: several("reference"),
            ..Columns::default()
        };
        let mut one = |key: &str| {
            let value = self.field(key)?;
            self.reader.column(key, value)
        };
        columns.question = one("question");
        columns.answer = one("answer");
        columns.marks = self.marks();
        if self.field("number").is_none() {
            self.missing("number", "number = \"B\"");
        }
        columns
    }

    fn marks(&mut self) -> Vec<(Answer, u32)> {
        let Some(fields) = self.inner("marks", "marks", &Answer::ALL.map(Answer::code)) else {
            return Vec::new();
        };
        let mut marks = Vec::new();
        for answer in Answer::ALL {
            let key = format!("marks.{}", answer.code());
            let value = fields.get(answer.code());
            let column = value.and_then(|value| self.reader.column(&key, value));
            marks.extend(column.map(|column| (answer, column)));
        }
        marks
    }

    fn codes(&mut self) -> Vec<(String, Answer)> {
        let Some(value) = self.field("codes") else {
            return Vec::new();
        };
        let Some(fields) = self.reader.table("codes", value, "codes") else {
            return Vec::new();
        };
        let at = value.span().start;
        if self.field("answer").is_none() && self.field("marks").is_some() {
            self.reader.wrong(at, "codes", "codes-marks", &[]);
        }
        if fields.is_empty() || fields.len() > CODES {
            self.reader.wrong(at, "empty", "codes", &[("key", "codes")]);
            return Vec::new();
        }
        let mut codes: Vec<(String, Answer)> = Vec::new();
        for (code, value) in fields {
            let at = code.span().start;
            let code = code.get_ref();
            let shown = show(code, CODE);
            let key = format!("codes.{shown}");
            if is_blank(code) || code.len() > CODE {
                self.reader.wrong(at, "code", "code", &[("found", &shown)]);
            }
            // 1 and １ are one code: cells are compared without regard to width and case.
            if codes.iter().any(|(known, _)| fold(known) == fold(code)) {
                self.reader
                    .wrong(at, "code-twice", "code", &[("found", &shown)]);
            }
            let Some(word) = self.reader.text(&key, value, "answer") else {
                continue;
            };
            match Answer::ALL.into_iter().find(|answer| answer.code() == word) {
                Some(answer) => codes.push((code.to_string(), answer)),
                None => {
                    let values = [("key", key.as_str()), ("found", &*show(&word, 40))];
                    self.reader
                        .wrong(value.span().start, "value", "answer", &values);
                }
            }
        }
        codes
    }

    fn head(&mut self) -> Vec<(Field, (u32, u32))> {
        let Some(fields) = self.inner("head", "head", &Field::ALL.map(Field::code)) else {
            return Vec::new();
        };
        let mut head = Vec::new();
        for field in Field::ALL {
            let key = format!("head.{}", field.code());
            let value = fields.get(field.code());
            let cell = value.and_then(|value| self.reader.cell(&key, value));
            head.extend(cell.map(|cell| (field, cell)));
        }
        head
    }

    /// A table within the table, with known keys.
    fn inner(&mut self, key: &str, fix: &str, known: &[&str]) -> Option<&'v DeTable<'t>> {
        let value = self.field(key)?;
        let fields = self.reader.table(key, value, fix)?;
        self.reader.keys(fields, known);
        if fields.is_empty() {
            self.reader
                .wrong(value.span().start, "empty", fix, &[("key", key)]);
        }
        Some(fields)
    }

    fn missing(&mut self, key: &str, example: &str) {
        let values = [("key", key), ("example", example)];
        self.reader.wrong(self.at, "missing", "missing", &values);
    }

    /// Of one column of answers and columns of marks exactly one is written.
    fn answers(&mut self, columns: &Columns) {
        match (self.field("answer"), self.field("marks")) {
            (None, None) => self.reader.wrong(self.at, "no-answer", "answers", &[]),
            (Some(_), Some(marks)) => {
                self.reader
                    .wrong(marks.span().start, "two-answers", "answers", &[]);
            }
            (Some(_), None) | (None, Some(_)) => {}
        }
        for (at, (answer, column)) in columns.marks.iter().enumerate() {
            let before = columns.marks[..at]
                .iter()
                .find(|(_, known)| known == column);
            if let (Some((known, _)), Some(value)) = (before, self.field("marks")) {
                let at = value.span().start;
                let keys = [
                    format!("marks.{}", known.code()),
                    format!("marks.{}", answer.code()),
                ];
                self.twice(at, *column, &keys[0], &keys[1]);
            }
        }
    }

    /// Answers and remarks stand in columns of their own, unless they stand in rows of their own.
    fn apart(&mut self, stated: &Stated) {
        let columns = &stated.columns;
        let answers: Vec<u32> = columns
            .marks
            .iter()
            .map(|(_, column)| *column)
            .chain(columns.answer)
            .collect();
        let question: Vec<u32> = columns.question.into_iter().collect();
        let key = if columns.answer.is_some() {
            "answer"
        } else {
            "marks"
        };
        let (answer, remark) = (stated.answer_row, stated.remark_row);
        let pairs = [
            ("number", &columns.numbers, 0, key, &answers, answer),
            ("question", &question, 0, key, &answers, answer),
            (
                "number",
                &columns.numbers,
                0,
                "remark",
                &columns.remarks,
                remark,
            ),
            ("question", &question, 0, "remark", &columns.remarks, remark),
            (key, &answers, answer, "remark", &columns.remarks, remark),
        ];
        for (one, first, above, other, second, below) in pairs {
            let common = first.iter().find(|column| second.contains(column));
            if above == below
                && let (Some(column), Some(value)) = (common, self.field(other))
            {
                self.twice(value.span().start, *column, one, other);
            }
        }
    }

    fn twice(&mut self, at: usize, column: u32, one: &str, other: &str) {
        let letters = column_letters(column);
        let values = [("column", letters.as_str()), ("one", one), ("other", other)];
        self.reader.wrong(at, "twice", "twice", &values);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_shape_has_the_keys_that_are_read() {
        let schema = schemars::schema_for!(super::super::WrittenLayouts);
        let schema = schema.as_value();
        let keys = |object: &serde_json::Value| -> Vec<String> {
            let properties = object["properties"].as_object().expect("properties");
            properties.keys().cloned().collect()
        };
        let of = |name: &str| keys(&schema["$defs"][name]);
        assert_eq!(keys(schema), ROOT);
        assert_eq!(of("WrittenTable"), TABLE);
        assert_eq!(of("WrittenMarks"), Answer::ALL.map(Answer::code));
        assert_eq!(of("WrittenHead"), Field::ALL.map(Field::code));
        assert_eq!(schema["$defs"]["SchemaName"]["enum"][0], SCHEMA);
    }
}
