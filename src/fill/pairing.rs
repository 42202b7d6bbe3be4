//! Which disclosure of the answers goes into which table of the template.

use std::collections::HashSet;

use super::template::Template;
use crate::answer::ItemNumber;
use crate::disclosure::{Disclosure, Entry};
use crate::form::{Field, Form, FormSource};
use crate::language::Localised;
use crate::text::{fold, is_blank, likeness};

/// From which likeness on two questions ask the same.
const ALIKE: f64 = 0.5;

/// A disclosure of the answers, and the one of the template that it goes into.
#[derive(Debug)]
pub(super) struct Pair<'a> {
    pub(super) answers: &'a Disclosure,
    /// The position among the template's disclosures.
    pub(super) target: usize,
}

/// How well answers fit a table: the share of them that has a place there. `None` where the forms differ.
pub(super) fn agree(answers: &Disclosure, target: &Disclosure) -> Option<f64> {
    let said: Vec<&Entry> = answers.entries.iter().filter(|entry| says(entry)).collect();
    let placed: Vec<(&Entry, &Entry)> = said
        .iter()
        .filter_map(|entry| Some((*entry, counterpart(entry, target)?)))
        .collect();
    let share = placed.len() as f64 / said.len().max(1) as f64;
    let (own, other) = (&answers.form, &target.form);
    let derived = [own, other]
        .iter()
        .any(|it| it.source == FormSource::Derived);
    if own.id == other.id && !derived {
        return (said.is_empty() || !placed.is_empty()).then_some(share);
    }
    if !derived && !has_the_same_items(own, other) {
        return None;
    }
    let compared: Vec<bool> = placed
        .iter()
        .filter_map(|(one, other)| same_question(answers, one, target, other))
        .collect();
    let alike = compared.iter().filter(|same| **same).count();
    (share >= 0.5 && alike * 2 >= compared.len()).then_some(share)
}

fn has_the_same_items(one: &Form, other: &Form) -> bool {
    let numbers = |form: &Form| -> HashSet<ItemNumber> {
        form.items.iter().map(|item| item.number.clone()).collect()
    };
    one.items.len() == other.items.len() && numbers(one) == numbers(other)
}

/// True for an entry that says anything.
pub(super) fn says(entry: &Entry) -> bool {
    !is_blank(&entry.written) || entry.remark.text.is_some() || entry.remark.reference.is_some()
}

/// The entry of the template that has the number of an answer.
pub(super) fn counterpart<'t>(entry: &Entry, target: &'t Disclosure) -> Option<&'t Entry> {
    target
        .entry(&entry.number)
        .or_else(|| target.entries.iter().find(|it| it.number == entry.number))
}

/// Whether two entries ask the same; `None` where one of them prints no question.
pub(super) fn same_question(
    answers: &Disclosure,
    one: &Entry,
    target: &Disclosure,
    other: &Entry,
) -> Option<bool> {
    let printed = other.text.as_ref().map(|text| text.text.as_str())?;
    let own = one.text.as_ref().map(|text| text.text.as_str());
    let title = one
        .item
        .filter(|_| answers.form.compare_text || answers.form.source == FormSource::Derived)
        .map(|item| &answers.form.items[item].title);
    let asked = other.item.map(|item| &target.form.items[item].title);
    let likenesses = [
        own.map(|own| likeness(printed, &Localised::same(own))),
        title
            .filter(|title| !is_blank(&title.ja))
            .map(|title| likeness(printed, title)),
        // Where the sheet words it in its own way, what the form asks may still be what was answered.
        own.zip(asked).map(|(own, asked)| likeness(own, asked)),
    ];
    if likenesses[0].is_none() && likenesses[1].is_none() {
        return None;
    }
    let best = likenesses.into_iter().flatten().fold(0.0, f64::max);
    Some(best >= ALIKE)
}

/// Pairs every disclosure of the answers with one of the template.
pub(super) fn pairs<'a>(
    answers: &'a [Disclosure],
    template: &Template<'_>,
    sheet: Option<&str>,
) -> Result<Vec<Pair<'a>>, Localised> {
    let on_sheet = |target: usize| {
        let names = template.standings[target].tables.iter();
        let mut names = names.map(|table| &template.workbook.sheets[table.sheet].name);
        sheet.is_none_or(|sheet| names.any(|name| fold(name) == fold(sheet)))
    };
    let targets: Vec<usize> = (0..template.disclosures.len())
        .filter(|target| on_sheet(*target))
        .collect();
    if let (true, Some(sheet)) = (targets.is_empty(), sheet) {
        let known = sheet_names(template, 0..template.disclosures.len());
        return Err(Localised::label(
            "fill-no-sheet",
            &[("sheet", sheet), ("known", &known)],
        ));
    }
    let mut pairs: Vec<Pair<'a>> = Vec::new();
    let mut refused = None;
    for one in answers {
        let free = targets
            .iter()
            .copied()
            .filter(|target| pairs.iter().all(|pair| pair.target != *target));
        let fitting: Vec<usize> = free
            .filter(|target| agree(one, &template.disclosures[*target]).is_some())
            .collect();
        match chosen(one, answers, template, &fitting) {
            Ok(Some(target)) => pairs.push(Pair {
                answers: one,
                target,
            }),
            Ok(None) => refused = refused.or(Some(one)),
            Err(reason) => return Err(reason),
        }
    }
    match refused {
        // With a sheet named, only what goes there is wanted.
        Some(one) if sheet.is_none() || pairs.is_empty() => {
            Err(forms_differ(one, template, &targets))
        }
        Some(_) | None => Ok(pairs),
    }
}

/// Which of several tables is meant: the only one, or the one for this product.
fn chosen(
    one: &Disclosure,
    answers: &[Disclosure],
    template: &Template<'_>,
    fitting: &[usize],
) -> Result<Option<usize>, Localised> {
    let rivals = answers
        .iter()
        .filter(|it| it.form.id == one.form.id)
        .count();
    match fitting {
        [] => Ok(None),
        [only] if rivals == 1 => Ok(Some(*only)),
        several => {
            let value = |it: &Disclosure, field| {
                let value = it.field(field).map(|value| fold(&value.written));
                value.filter(|value| !value.is_empty())
            };
            let same_product = |target: &usize| {
                let target = &template.disclosures[*target];
                let product = value(one, Field::Product);
                product.is_some() && product == value(target, Field::Product)
            };
            let same_sheet = |target: &usize| {
                let target = &template.disclosures[*target];
                one.sheet.is_some() && one.sheet == target.sheet
            };
            let only = |test: &dyn Fn(&usize) -> bool| {
                let mut found = several.iter().filter(|target| test(target));
                found.next().copied().filter(|_| found.next().is_none())
            };
            let found = only(&same_product).or_else(|| only(&same_sheet));
            found.map(Some).ok_or_else(|| {
                let sheets = sheet_names(template, several.iter().copied());
                Localised::label("fill-ambiguous", &[("sheets", &sheets)])
            })
        }
    }
}

/// The first sheets of some disclosures, as a list.
fn sheet_names(template: &Template<'_>, targets: impl Iterator<Item = usize>) -> String {
    let names = targets.filter_map(|target| template.disclosures[target].sheet.clone());
    let names: Vec<String> = names.map(|name| name.to_string()).collect();
    names.join(", ")
}

fn forms_differ(one: &Disclosure, template: &Template<'_>, targets: &[usize]) -> Localised {
    let forms: Vec<&str> = targets
        .iter()
        .map(|target| template.disclosures[*target].form.id.as_str())
        .collect();
    let mut forms: Vec<&str> = forms.into_iter().collect();
    forms.dedup();
    Localised::label(
        "fill-forms-differ",
        &[("answers", &one.form.id), ("template", &forms.join(", "))],
    )
}
