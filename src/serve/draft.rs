//! Drafts: a sheet between the fields of a page and a disclosure.
//!
//! A draft becomes a file of the project's own shape, read and checked like any other: the page has no rules of its
//! own. What a file says beyond what the page can hold is named, never dropped without a word.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::disclosure::{Disclosure, Entry};
use crate::form::{Field, Form, Item, Kind};
use crate::language::{Language, Localised};
use crate::source::Source;
use crate::text::show;

/// Things left behind that are named one by one.
const NAMED: usize = 50;

/// What somebody has filled in so far.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) form: Arc<Form>,
    head: BTreeMap<Field, String>,
    items: BTreeMap<usize, Said>,
}

/// What is said about an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// The answer chosen.
    pub(super) answer: Option<Answer>,
    /// The methods ticked, by id.
    pub(super) options: Vec<String>,
    /// The text, of an item that asks for one.
    pub(super) text: String,
    /// The remark.
    pub(super) remark: String,
    /// What a file said here that is none of the answers.
    pub(super) written: String,
}

impl Draft {
    /// A sheet in which nothing is filled in.
    pub(super) fn new(form: Arc<Form>) -> Self {
        Self {
            form,
            head: BTreeMap::new(),
            items: BTreeMap::new(),
        }
    }

    /// The fields of a page: `head-FIELD`, and for each item by its number `a-` its answer, `o-` a method ticked,
    /// `t-` its text, `r-` its remark, `w-` what a file said. What no item of the form takes comes back.
    pub(super) fn of_fields<'f>(
        form: Arc<Form>,
        fields: impl Iterator<Item = (&'f str, &'f str)>,
    ) -> (Self, Vec<String>) {
        let mut draft = Self::new(form);
        let mut unknown = Vec::new();
        for (name, value) in fields {
            if !value.trim().is_empty() && !draft.take(name, value) {
                unknown.push(name.to_owned());
            }
        }
        (draft, unknown)
    }

    /// Takes a field; false if the form has none such.
    fn take(&mut self, name: &str, value: &str) -> bool {
        if let Some(field) = name.strip_prefix("head-") {
            let field = Field::from_code(field);
            return field
                .map(|field| self.head.insert(field, one_line(value)))
                .is_some();
        }
        let Some((kind, number)) = name.split_once('-') else {
            return false;
        };
        let form = Arc::clone(&self.form);
        let at = form
            .items
            .iter()
            .position(|item| item.number.as_str() == number);
        let Some((at, item)) = at.map(|at| (at, &form.items[at])) else {
            return false;
        };
        let said = self.items.entry(at).or_default();
        match kind {
            "a" => match Answer::from_code(value).filter(|answer| item.choices.contains(answer)) {
                Some(answer) => said.answer = Some(answer),
                None => return false,
            },
            "o" => match item.options.iter().any(|option| option.id == value) {
                true => said.options.push(value.to_owned()),
                false => return false,
            },
            "t" => said.text = lines(value),
            "r" => said.remark = lines(value),
            "w" => said.written = lines(value),
            _ => return false,
        }
        true
    }

    /// What a disclosure says, and what of it the page cannot hold.
    pub(super) fn of(disclosure: &Disclosure) -> (Self, LeftBehind) {
        let mut draft = Self::new(Arc::clone(&disclosure.form));
        let mut left = LeftBehind::default();
        for value in &disclosure.header {
            if !value.written.is_empty() {
                draft.head.insert(value.field, value.value());
            }
        }
        for (at, entry) in disclosure.entries.iter().enumerate() {
            let known = entry
                .item
                .filter(|item| disclosure.entry_position(*item) == Some(at));
            match known {
                Some(item) => {
                    let said = said(entry, &disclosure.form.items[item]);
                    if said != Said::default() {
                        draft.items.insert(item, said);
                    }
                }
                None => left.entry(entry),
            }
        }
        for note in disclosure.notes.iter().filter(|note| !note.referenced) {
            left.text(&note.label, &note.text);
        }
        for kept in &disclosure.kept {
            left.text(&kept.label, &kept.text);
        }
        (draft, left)
    }

    /// What is said in a field of the head.
    pub(super) fn head(&self, field: Field) -> &str {
        self.head.get(&field).map_or("", String::as_str)
    }

    /// What is said about the item at this position of the form.
    pub(super) fn said(&self, item: usize) -> Said {
        self.items.get(&item).cloned().unwrap_or_default()
    }

    /// The draft as a file, which is read like any other; `language` is that of the questions.
    pub(super) fn source(&self, name: &str, language: Language) -> Source {
        let head = self.head.iter();
        let head: Map<String, Value> = head
            .map(|(field, text)| (field.code().to_owned(), Value::from(text.as_str())))
            .collect();
        let items = self.form.items.iter().enumerate();
        let items: Vec<Value> = items
            .map(|(at, item)| written(item, &self.said(at), language))
            .collect();
        let document = json!({
            "schema": "kaijisho/disclosure/1",
            "form": { "id": self.form.id, "edition": self.form.edition },
            "header": head,
            "items": items,
        });
        Source::new(format!("{name}.json"), document.to_string().into_bytes())
    }

    /// A name for a file of it: what it is about, else the form.
    pub(super) fn name(&self) -> String {
        let about = match self.head(Field::Product) {
            "" => &self.form.id,
            product => product,
        };
        let is_plain = |c: char| !c.is_control() && !"/\\:*?\"<>|".contains(c);
        let plain: String = about.chars().filter(|c| is_plain(*c)).take(60).collect();
        match plain.trim_matches(['.', ' ']) {
            "" => "-".to_owned(),
            name => name.to_owned(),
        }
    }
}

/// An item in the project's own shape.
fn written(item: &Item, said: &Said, language: Language) -> Value {
    let mut value = Map::new();
    let mut put = |key: &str, text: &str| {
        if !text.is_empty() {
            value.insert(key.to_owned(), Value::from(text));
        }
    };
    put("number", item.number.as_str());
    put("text", item.title.text(language));
    match (said.answer, item.kind) {
        (_, Kind::Text | Kind::Date) => put("answer", &said.text),
        (Some(answer), Kind::Choice | Kind::Multiple) => put("answer", answer.code()),
        // What a file said stays until somebody chooses.
        (None, Kind::Choice | Kind::Multiple) if said.options.is_empty() => {
            put("written", &said.written);
        }
        (None, Kind::Choice | Kind::Multiple) => {}
    }
    put("remark", &said.remark);
    if !said.options.is_empty() {
        value.insert("options".to_owned(), json!(said.options));
    }
    Value::Object(value)
}

fn said(entry: &Entry, item: &Item) -> Said {
    let is_text = matches!(item.kind, Kind::Text | Kind::Date);
    let is_clear = entry.answer.is_some() || !entry.options.is_empty();
    let written = |wanted: bool| match wanted {
        true => entry.written.clone(),
        false => String::new(),
    };
    let remark = entry
        .remark
        .text
        .as_ref()
        .or(entry.remark.reference.as_ref());
    Said {
        answer: entry.answer.filter(|answer| item.choices.contains(answer)),
        options: entry.options.clone(),
        text: written(is_text),
        remark: remark.cloned().unwrap_or_default(),
        written: written(!is_text && !is_clear),
    }
}

/// What a file says that the page cannot hold.
#[derive(Debug, Default)]
pub(super) struct LeftBehind {
    /// The first of it.
    pub(super) told: Vec<Localised>,
    /// How much more there is.
    pub(super) more: usize,
}

impl LeftBehind {
    fn entry(&mut self, entry: &Entry) {
        let remark = entry.remark.text.as_deref().unwrap_or_default();
        if !entry.written.is_empty() || !remark.is_empty() {
            self.text(
                entry.number.as_str(),
                &format!("{} {remark}", entry.written),
            );
        }
    }

    fn text(&mut self, label: &str, text: &str) {
        let said = [label, text].map(|part| show(part, 80));
        let said = said.into_iter().filter(|part| !part.trim().is_empty());
        let said = said.collect::<Vec<_>>().join(": ");
        match self.told.len() < NAMED {
            true => self.told.push(Localised::same(said)),
            false => self.more += 1,
        }
    }

    /// Something that is told in words of its own.
    pub(super) fn say(&mut self, words: Localised) {
        self.told.push(words);
    }
}

/// A text of a field without a line's end.
fn one_line(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    text.trim().to_owned()
}

/// A text of several lines, as browsers send it, with plain ends of lines.
fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let kept = text
        .chars()
        .filter(|c| !c.is_control() || *c == '\n' || *c == '\t');
    kept.collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examine::{Examined, Options, examine};
    use crate::form::Catalog;

    fn form() -> Arc<Form> {
        Catalog::bundled().form("mds-reference").expect("bundled")
    }

    fn read(source: &Source) -> Examined {
        examine(source, &Options::new(jiff::civil::date(2026, 10, 1)))
    }

    #[test]
    fn a_draft_goes_into_a_file_and_comes_back() {
        let fields = [
            ("head-product", "みなと\nカルテ"),
            ("a-1", "yes"),
            ("r-1", "一行目\r\n二行目"),
            ("w-2", "一部対応"),
        ];
        let (draft, unknown) = Draft::of_fields(form(), fields.into_iter());
        assert_eq!(unknown, [""; 0]);
        assert_eq!(draft.name(), "みなと カルテ");
        let examined = read(&draft.source("a", Language::Ja));
        let disclosure = &examined.disclosures[0];
        assert_eq!(disclosure.entries.len(), draft.form.items.len());
        let (back, left) = Draft::of(disclosure);
        assert!(left.told.is_empty());
        assert_eq!(back.head, draft.head);
        assert_eq!(back.items, draft.items);
        assert_eq!(back.said(0).remark, "一行目\n二行目");
        assert_eq!(
            back.said(1).written,
            "一部対応",
            "kept until somebody chooses"
        );
        assert!(back.said(1).answer.is_none());
    }

    #[test]
    fn a_field_that_the_form_does_not_have_is_told() {
        let fields = [
            ("a-1", "maybe"),
            ("a-999", "yes"),
            ("x-1", "yes"),
            ("o-1", "x"),
            ("t", "y"),
        ];
        let (draft, unknown) = Draft::of_fields(form(), fields.into_iter());
        assert_eq!(unknown, ["a-1", "a-999", "x-1", "o-1", "t"]);
        assert_eq!(draft.said(0), Said::default());
    }

    #[test]
    fn what_the_page_cannot_hold_is_named() {
        let text = "form = 'mds-reference'\nunknown = 'むかしの欄'\nitems = [{ number = '1', answer = 'はい' }, \
                    { number = '1', answer = 'いいえ' }, { number = '77.7', answer = 'はい' }]\n";
        let examined = read(&Source::new("a.toml", text.into()));
        let (draft, left) = Draft::of(&examined.disclosures[0]);
        assert_eq!(draft.said(0).answer, Some(Answer::Yes));
        let told: Vec<&str> = left.told.iter().map(|it| it.text(Language::Ja)).collect();
        assert!(
            told.iter().any(|it| it.starts_with("77.7: はい")),
            "{told:?}"
        );
        assert!(told.iter().any(|it| it.contains("いいえ")), "{told:?}");
        assert!(told.iter().any(|it| it.contains("むかしの欄")), "{told:?}");
    }
}
