//! Structure: which items are there, how often, in which words, in which rows.

use crate::disclosure::{Disclosure, Kept, NotReadKind};
use crate::finding::{Finding, Severity, Value, rule};
use crate::form::FormSource;
use crate::language::Localised;
use crate::place::Place;

pub(super) fn check(disclosure: &Disclosure, findings: &mut Vec<Finding>) {
    let form = &disclosure.form;
    if form.source == FormSource::Derived {
        let place = disclosure.sheet.clone().map_or(Place::File, Place::Sheet);
        findings.push(
            Finding::new(rule::FORM_DERIVED, place).with("items", Value::plain(form.items.len())),
        );
    }
    if let Some(current) = &form.superseded_by {
        let place = disclosure.sheet.clone().map_or(Place::File, Place::Sheet);
        findings.push(
            Finding::new(rule::FORM_EDITION_OLD, place)
                .with(
                    "form",
                    Value::plain(format!("{} ({})", form.id, form.edition)),
                )
                .with("current", Value::plain(current)),
        );
    }
    missing(disclosure, findings);
    for ambiguous in &disclosure.ambiguous {
        let candidates = ambiguous
            .candidates
            .iter()
            .map(|number| Localised::same(number.as_str()))
            .collect();
        findings.push(
            Finding::new(rule::ITEM_NUMBER_AMBIGUOUS, ambiguous.place.clone())
                .with("found", Value::quoted(ambiguous.found.clone()))
                .with("candidates", Value::Words(candidates)),
        );
    }
    if let Some(columns) = &disclosure.other_columns {
        findings.push(
            Finding::new(rule::COLUMN_AMBIGUOUS, columns.place.clone())
                .with("used", Value::plain(&columns.used))
                .with("found", Value::plain(columns.others.join(", "))),
        );
    }
    beside(disclosure, findings);
    if let Some(unmatched) = &disclosure.unmatched {
        findings.push(
            Finding::new(rule::ROWS_UNMATCHED, unmatched.place.clone())
                .with("count", Value::plain(unmatched.count))
                .with(
                    "sheet",
                    Value::plain(disclosure.sheet.as_deref().unwrap_or_default()),
                )
                .with("found", Value::quoted(unmatched.found.clone())),
        );
    }
    kept(disclosure, findings);
    let mut first_of: Vec<Option<&Place>> = vec![None; form.items.len()];
    for entry in &disclosure.entries {
        let finding = |rule| Finding::new(rule, entry.number_place.clone()).about(&entry.number);
        if entry.hidden {
            findings.push(finding(rule::ROW_HIDDEN));
        }
        let Some(at) = entry.item else {
            let free = form
                .free_groups
                .iter()
                .any(|group| group == entry.number.group());
            let ambiguous = disclosure
                .ambiguous
                .iter()
                .any(|known| known.place == entry.number_place);
            if !free && !ambiguous {
                let found = entry
                    .text
                    .as_ref()
                    .map(|text| text.text.clone())
                    .unwrap_or_default();
                findings.push(finding(rule::ITEM_UNKNOWN).with("found", Value::quoted(found)));
            }
            continue;
        };
        match first_of[at] {
            Some(first) => {
                findings.push(finding(rule::ITEM_DUPLICATE).with("first", Value::At(first.clone())))
            }
            None => first_of[at] = Some(&entry.number_place),
        }
        if let Some(text) = &entry.text
            && form.is_reworded(at, &text.text)
        {
            let title = form.items[at].title.clone();
            findings.push(
                Finding::new(rule::ITEM_TEXT_CHANGED, text.place.clone())
                    .about(&entry.number)
                    .with("found", Value::quoted(text.text.clone()))
                    .with("expected", Value::Words(vec![title])),
            );
        }
    }
}

/// What a conversion carried that the original's check told: it still belongs to no item.
fn kept(disclosure: &Disclosure, findings: &mut Vec<Finding>) {
    let unread = |kept: &&Kept| kept.origin.is_some() && kept.kind.is_unread();
    let mut carried = disclosure.kept.iter().filter(unread);
    if let Some(first) = carried.next() {
        let found = format!("{} {}", first.label, first.text);
        findings.push(
            Finding::new(rule::CONTENT_KEPT, first.place.clone())
                .with("count", Value::plain(carried.count() + 1))
                .with("found", Value::quoted(found.trim())),
        );
    }
}

/// What was read in a way that a person should look at, and what was not read.
fn beside(disclosure: &Disclosure, findings: &mut Vec<Finding>) {
    for hidden in &disclosure.hidden_columns {
        findings.push(
            Finding::new(rule::COLUMN_HIDDEN, hidden.place.clone())
                .with("column", Value::plain(&hidden.column)),
        );
    }
    if let Some(place) = &disclosure.marks_assumed {
        findings.push(Finding::new(rule::MARK_MEANING_ASSUMED, place.clone()));
    }
    for text in &disclosure.not_read {
        let (kind, severity) = match text.kind {
            NotReadKind::Comment => ("not-read-comment", None),
            NotReadKind::TextBox => ("not-read-text-box", None),
            NotReadKind::CheckBox => ("not-read-check-box", Some(Severity::Warning)),
        };
        let finding = Finding::new(rule::TEXT_NOT_READ, text.place.clone())
            .with("kind", Value::Local(Localised::label(kind, &[])))
            .with("found", Value::quoted(text.text.clone()));
        findings.push(match severity {
            Some(severity) => finding.at_severity(severity),
            None => finding,
        });
    }
}

/// Items of the form that are not on the sheet, with the numbers between which they are looked for.
fn missing(disclosure: &Disclosure, findings: &mut Vec<Finding>) {
    let form = &disclosure.form;
    let whole = disclosure.sheet.clone().map_or(Place::File, Place::Sheet);
    let here = |at: &usize| disclosure.entry_at(*at).is_some();
    for (at, item) in form.items.iter().enumerate() {
        // A row whose number may be this one is told as such.
        let maybe = disclosure
            .ambiguous
            .iter()
            .any(|ambiguous| ambiguous.candidates.contains(&item.number));
        if here(&at) || maybe {
            continue;
        }
        let neighbour = |found: Option<usize>| {
            let entry = found.and_then(|at| disclosure.entry_at(at));
            entry.map_or_else(
                || Value::Local(Localised::label("neighbour-none", &[])),
                |entry| match entry.number_place.cell() {
                    Some(cell) => Value::plain(format!("{} ({cell})", entry.number)),
                    None => Value::plain(&entry.number),
                },
            )
        };
        let before = neighbour((0..at).rev().find(here));
        let after = neighbour((at + 1..form.items.len()).find(here));
        findings.push(
            Finding::new(rule::ITEM_MISSING, whole.clone())
                .about(&item.number)
                .with("title", Value::Local(item.title.clone()))
                .with("before", before)
                .with("after", after),
        );
    }
}
