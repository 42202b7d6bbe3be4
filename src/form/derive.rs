//! Derived forms: no definition is known, so the filled sheet describes itself.
//!
//! Numbers and questions come from the sheet. What the sender removed or reworded cannot be seen;
//! the report says so. No control is guessed: requirements on controls stay undecided.

use std::collections::HashMap;

use super::{
    Condition, Family, Field, Form, FormSource, HeaderField, Item, Kind, OnDisabled, Section,
};
use crate::answer::{Answer, ItemNumber};
use crate::language::Localised;

/// A form made of the numbers and questions found on a sheet, in order, duplicates left out.
pub(crate) fn derive(family: Family, rows: &[(ItemNumber, String)]) -> Form {
    let known: HashMap<&ItemNumber, ()> = rows.iter().map(|(number, _)| (number, ())).collect();
    let mut items: Vec<Item> = Vec::new();
    let mut seen = HashMap::new();
    for (number, text) in rows {
        if seen.insert(number, ()).is_some() {
            continue;
        }
        let parent = number.parent().filter(|parent| known.contains_key(parent));
        items.push(Item {
            number: number.clone(),
            section: 0,
            enable: parent.clone().map(|item| Condition::Is {
                item,
                is: vec![Answer::Yes],
            }),
            parent,
            title: Localised::same(text.clone()),
            kind: Kind::Choice,
            choices: vec![Answer::Yes, Answer::No, Answer::Na],
            options: Vec::new(),
            required: true,
            on_disabled: OnDisabled::Contradict,
            remark_when: Vec::new(),
            aliases: Vec::new(),
            control: None,
            references: Vec::new(),
        });
    }
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
        titles: Vec::new(),
        free_groups: Vec::new(),
        remarks: None,
        headers: required.into_iter().map(|field| HeaderField { field, item: None, required: true }).collect(),
        sections: vec![Section { id: "1".to_owned(), title: Localised::default() }],
        items,
        index: HashMap::new(),
    }
    .reindex()
}
