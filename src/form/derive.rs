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

/// How many questions are matched to controls; no form asks more, and a hostile sheet must not take long.
const MOST_MATCHED: usize = 3000;

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
    /// True if something stands where the answer goes; a row without is a heading if it heads others and asks nothing.
    pub(crate) answered: bool,
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
            answered: true,
        }
    }

    /// True if it reads like a question rather than a title.
    fn asks(&self) -> bool {
        let text = self.text.trim_end_matches(|c: char| !c.is_alphanumeric());
        let ends = [
            "か",
            "すること",
            "であること",
            "ること",
            "ているか",
            "ている",
            "ますか",
            "の有無",
        ];
        self.text.contains(['?', '？']) || ends.iter().any(|end| text.ends_with(end))
    }
}

/// A form made of the rows found on a sheet, in order, duplicates left out.
pub(crate) fn derive(family: Family, rows: &[DerivedRow]) -> Form {
    let known = Rows::new(rows);
    let mut sections = Sections::default();
    let mut seen = HashSet::new();
    let items = rows
        .iter()
        .filter(|row| seen.insert(&row.number))
        .enumerate()
        .map(|(at, row)| match known.headings.contains(&row.number) {
            true => heading(row, sections.position(&known.path(row))),
            false => item(family, row, &known, &mut sections, at < MOST_MATCHED),
        })
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

/// The rows by number, and which of them are headings.
struct Rows<'r> {
    texts: HashMap<&'r ItemNumber, &'r str>,
    headings: HashSet<&'r ItemNumber>,
}

impl<'r> Rows<'r> {
    fn new(rows: &'r [DerivedRow]) -> Self {
        let parents: HashSet<ItemNumber> =
            rows.iter().filter_map(|row| row.number.parent()).collect();
        // Of a number that stands twice the first text counts, and any answer.
        let answered: HashSet<&ItemNumber> = rows
            .iter()
            .filter(|row| row.answered)
            .map(|row| &row.number)
            .collect();
        Self {
            texts: rows
                .iter()
                .rev()
                .map(|row| (&row.number, row.text.as_str()))
                .collect(),
            headings: rows
                .iter()
                .filter(|row| {
                    !answered.contains(&row.number) && parents.contains(&row.number) && !row.asks()
                })
                .map(|row| &row.number)
                .collect(),
        }
    }

    /// The headings above a row: those of the sheet, then the numbered ones, the outermost first.
    fn path(&self, row: &DerivedRow) -> Vec<String> {
        let mut above = Vec::new();
        let mut number = row.number.parent();
        while let Some(parent) = number {
            if let Some((heading, text)) = self.texts.get_key_value(&parent)
                && self.headings.contains(*heading)
            {
                above.push((*text).to_owned());
            }
            number = parent.parent();
        }
        above.reverse();
        row.section.iter().cloned().chain(above).collect()
    }
}

/// A row that heads others: nothing has to stand there, and nothing depends on it.
fn heading(row: &DerivedRow, section: usize) -> Item {
    Item {
        number: row.number.clone(),
        section,
        parent: None,
        title: Localised::same(row.text.clone()),
        kind: Kind::Text,
        choices: Vec::new(),
        options: Vec::new(),
        required: false,
        enable: None,
        on_disabled: OnDisabled::Contradict,
        remark_when: Vec::new(),
        aliases: Vec::new(),
        control: None,
        confidence: 1.0,
        because: Vec::new(),
        references: Vec::new(),
    }
}

fn item(
    family: Family,
    row: &DerivedRow,
    rows: &Rows<'_>,
    sections: &mut Sections,
    matched: bool,
) -> Item {
    let number = &row.number;
    let path = rows.path(row);
    let parent = number
        .parent()
        .filter(|parent| rows.texts.contains_key(parent) && !rows.headings.contains(parent));
    let heading = path.join(" ");
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
            .and_then(|parent| rows.texts.get(parent).copied()),
    };
    let best = if matched {
        Controls::likeliest(&question)
    } else {
        None
    };
    let choices = if row.choices.is_empty() {
        vec![Answer::Yes, Answer::No, Answer::Na]
    } else {
        row.choices.clone()
    };
    Item {
        number: number.clone(),
        section: sections.position(&path),
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
struct Sections {
    known: HashMap<Vec<String>, usize>,
    titles: Vec<String>,
}

impl Sections {
    fn position(&mut self, path: &[String]) -> usize {
        if let Some(at) = self.known.get(path) {
            return *at;
        }
        self.known.insert(path.to_vec(), self.titles.len());
        self.titles.push(path.join(" / "));
        self.titles.len() - 1
    }

    /// At least one section, for [`Item::section`] points into the list.
    fn finish(mut self) -> Vec<Section> {
        if self.titles.is_empty() {
            self.titles.push(String::new());
        }
        let numbered = self.titles.into_iter().zip(1_usize..);
        numbered
            .map(|(title, at)| Section {
                id: at.to_string(),
                title: Localised::same(title),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: &str, text: &str, answered: bool) -> DerivedRow {
        DerivedRow {
            answered,
            ..DerivedRow::new(ItemNumber::new(number), text.to_owned())
        }
    }

    #[test]
    fn a_row_that_heads_others_and_asks_nothing_is_a_heading() {
        let form = derive(
            Family::Mds,
            &[
                row("1", "バックアップ", false),
                row("1.1", "複数の世代を保持しているか。", true),
                row("2", "無線LANを使用するか。", false),
                row("2.1", "暗号化しているか。", true),
            ],
        );
        let item = |number: &str| form.item(&ItemNumber::new(number)).expect("a row");
        assert!(!item("1").required);
        assert_eq!(item("1.1").enable, None);
        assert_eq!(form.section_of(item("1.1")).title.ja, "バックアップ");
        assert_eq!(item("1.1").control(), Some("ops.backup-generations"));
        // A question that is left empty is no heading, and what depends on it still does.
        assert!(item("2").required);
        assert!(item("2.1").enable.is_some());
        // By itself it would ask for encryption of any network.
        assert_ne!(item("2.1").control(), Some("net.encryption"));
    }
}
