//! Derived forms: no definition is known, so the filled sheet describes itself.
//!
//! Numbers, questions and headings come from the sheet. What the sender removed or reworded cannot be
//! seen; the report says so. Controls are recognised by the words of the questions, each with a confidence.

use std::collections::{HashMap, HashSet};

use super::{
    Condition, Family, Field, Form, FormSource, HeaderField, Item, Kind, OnDisabled, Section,
};
use crate::answer::{Answer, ItemNumber};
use crate::control::{Controls, Question, Subject};
use crate::language::Localised;

/// A numbered row of a sheet whose form is not known.
#[derive(Clone, Debug)]
pub(crate) struct DerivedRow {
    /// Its number.
    pub(crate) number: ItemNumber,
    /// Its question.
    pub(crate) text: String,
    /// The headings above it, the outermost first.
    pub(crate) section: Vec<String>,
    /// The clauses it cites, as written; empty where there are none.
    pub(crate) reference: String,
    /// The answers offered in the row; empty where the sheet does not say.
    pub(crate) choices: Vec<Answer>,
}

impl DerivedRow {
    /// A row of which only the number and the question are known.
    pub(crate) fn new(number: ItemNumber, text: String) -> Self {
        Self {
            number,
            text,
            section: Vec::new(),
            reference: String::new(),
            choices: Vec::new(),
        }
    }
}

/// A form made of the rows found on a sheet, in order, duplicates left out.
pub(crate) fn derive(family: Family, rows: &[DerivedRow]) -> Form {
    let texts: HashMap<&ItemNumber, &str> = rows
        .iter()
        .rev()
        .map(|row| (&row.number, row.text.as_str()))
        .collect();
    let mut sections = Sections::default();
    let mut seen = HashSet::new();
    let items = rows
        .iter()
        .filter(|row| seen.insert(&row.number))
        .map(|row| item(family, row, &texts, &mut sections))
        .collect();
    let required = [Field::Date, Field::Manufacturer, Field::Product];
    Form {
        id: format!("derived-{}", family.code()),
        family,
        edition: String::new(),
        superseded_by: None,
        title: Localised {
            ja: "シート自身から読み取った様式".to_owned(),
            en: "Form read from the sheet itself".to_owned(),
        },
        provenance: Localised {
            ja: "様式の定義がないため、シートに書かれた番号と設問をそのまま使っています。送付者が削除・変更した行は分かりません".to_owned(),
            en: "No definition of the form is known, so the sheet's own numbers and questions are used; rows that the sender removed or reworded cannot be seen".to_owned(),
        },
        source: FormSource::Derived,
        compare_text: false,
        exact_text: false,
        titles: Vec::new(),
        free_groups: Vec::new(),
        remarks: None,
        headers: required.into_iter().map(|field| HeaderField { field, item: None, required: true }).collect(),
        sections: sections.finish(),
        items,
        index: HashMap::new(),
    }
    .reindex()
}

fn item<'r>(
    family: Family,
    row: &'r DerivedRow,
    texts: &HashMap<&ItemNumber, &str>,
    sections: &mut Sections<'r>,
) -> Item {
    let number = &row.number;
    let parent = number.parent().filter(|parent| texts.contains_key(parent));
    let heading = row.section.join(" ");
    let references: Vec<String> = Some(row.reference.clone())
        .filter(|text| !text.is_empty())
        .into_iter()
        .collect();
    let question = Question {
        text: &row.text,
        section: &heading,
        references: &references,
        subject: if family.is_service() {
            Subject::Service
        } else {
            Subject::Product
        },
        parent_text: parent
            .as_ref()
            .and_then(|parent| texts.get(parent).copied()),
    };
    let best = Controls::bundled()
        .match_question(&question)
        .into_iter()
        .next();
    let choices = if row.choices.is_empty() {
        vec![Answer::Yes, Answer::No, Answer::Na]
    } else {
        row.choices.clone()
    };
    Item {
        number: number.clone(),
        section: sections.position(&row.section),
        enable: parent.clone().map(|item| Condition::Is {
            item,
            is: vec![Answer::Yes],
        }),
        parent,
        title: Localised::same(row.text.clone()),
        kind: Kind::Choice,
        choices,
        options: Vec::new(),
        required: true,
        on_disabled: OnDisabled::Contradict,
        remark_when: Vec::new(),
        aliases: Vec::new(),
        confidence: best.as_ref().map_or(1.0, |best| best.confidence),
        control: best.as_ref().map(|best| best.control.id.clone()),
        because: best.map(|best| best.because).unwrap_or_default(),
        references: if references.is_empty() {
            Vec::new()
        } else {
            vec![(String::new(), references)]
        },
    }
}

/// The sections met so far; a heading that comes again is the same section.
#[derive(Default)]
struct Sections<'r> {
    known: HashMap<&'r [String], usize>,
    titles: Vec<&'r [String]>,
}

impl<'r> Sections<'r> {
    fn position(&mut self, path: &'r [String]) -> usize {
        *self.known.entry(path).or_insert_with(|| {
            self.titles.push(path);
            self.titles.len() - 1
        })
    }

    /// At least one section, for [`Item::section`] points into the list.
    fn finish(self) -> Vec<Section> {
        let none: &[String] = &[];
        let titles = if self.titles.is_empty() {
            vec![none]
        } else {
            self.titles
        };
        titles
            .into_iter()
            .zip(1..)
            .map(|(path, at): (_, usize)| Section {
                id: at.to_string(),
                title: Localised::same(path.join(" / ")),
            })
            .collect()
    }
}
