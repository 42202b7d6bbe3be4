//! Forms learned from blank sheets in every layout: the same items as on the form that was drawn, and the same
//! disclosure read with either.

mod support;

#[path = "support/layouts/mod.rs"]
mod layouts;

use std::sync::Arc;

use kaijisho::import::{Draft, Wanted, learn};
use kaijisho::{Catalog, Disclosure, FormSource, Limits, Options, Source, examine};
use layouts::catalogue::{self, Layout};
use layouts::logic::{Logic, Said};
use layouts::random::Random;
use support::formats::{Format, write};

/// Layouts whose blank sheet does not tell its form yet. They are read all the same: nothing may panic.
const PENDING: &[&str] = &[];

/// The same chance for the blank and the filled sheet, so that both are drawn in the same way.
const SEED: u64 = 11;

fn workbook(layout: &Layout, logic: &Logic) -> Source {
    let drawn = (layout.draw)(logic, &mut Random::new(SEED));
    Source::new(Format::Xlsx.file_name(), write(&drawn.paper, Format::Xlsx))
}

fn blank(logic: &Logic) -> Logic {
    let mut blank = logic.clone();
    for item in &mut blank.items {
        item.said = Said::Nothing;
        item.remark = None;
    }
    blank
}

/// What was learned otherwise than it was drawn.
fn mislearned(drafts: &[Draft], logic: &Logic) -> Option<String> {
    // A workbook may hold the form of services, too.
    let mut of_products = drafts.iter();
    let Some(draft) = of_products.find(|draft| draft.form.family == logic.form.family) else {
        return Some("no form of products".to_owned());
    };
    let learned: Vec<(&str, String)> = draft
        .form
        .items
        .iter()
        .map(|item| (item.number.as_str(), kaijisho::fold(&item.title.ja)))
        .collect();
    let drawn: Vec<(&str, String)> = logic
        .items
        .iter()
        .map(|item| (item.number.as_str(), kaijisho::fold(&item.question)))
        .collect();
    if learned.is_empty() {
        return Some("no items".to_owned());
    }
    let first = learned
        .iter()
        .zip(&drawn)
        .find(|(learned, drawn)| learned != drawn);
    if let Some((learned, drawn)) = first {
        return Some(format!("{drawn:?} was learned as {learned:?}"));
    }
    if learned.len() != drawn.len() {
        return Some(format!("{} of {} items", learned.len(), drawn.len()));
    }
    let parents = draft.form.items.iter().zip(&logic.form.items);
    let other = parents
        .into_iter()
        .find(|(learned, drawn)| learned.parent != drawn.parent);
    other.map(|(learned, drawn)| {
        format!(
            "{}: parent {:?}, not {:?}",
            drawn.number, learned.parent, drawn.parent
        )
    })
}

/// What each item says.
fn said(disclosure: &Disclosure) -> Vec<String> {
    let entries = disclosure.entries.iter();
    entries
        .map(|entry| {
            let remark = entry.remark.text.as_deref().unwrap_or_default();
            format!(
                "{} {:?} {:?} {remark}",
                entry.number, entry.answer, entry.state
            )
        })
        .collect()
}

fn read_with(catalog: Catalog, source: &Source) -> Vec<Disclosure> {
    let mut options = Options::new(support::TODAY);
    options.catalog = catalog;
    examine(source, &options).disclosures
}

/// What a layout does otherwise than it should.
fn judged(layout: &Layout, logic: &Logic) -> Option<String> {
    let source = workbook(layout, &blank(logic));
    let drafts = match learn(&source, &Wanted::default(), &Limits::default()) {
        Ok(drafts) => drafts,
        Err(error) => return Some(error.to_string()),
    };
    if let Some(problem) = mislearned(&drafts, logic) {
        return Some(problem);
    }
    let filled = workbook(layout, logic);
    let bundled = read_with(Catalog::bundled(), &filled);
    let mine = drafts
        .into_iter()
        .map(|draft| Arc::new(draft.form))
        .collect();
    let imported = read_with(Catalog::bundled().with(&Catalog::of(mine)), &filled);
    if bundled.is_empty() || bundled.len() != imported.len() {
        return Some(format!(
            "{} and {} disclosures",
            bundled.len(),
            imported.len()
        ));
    }
    for (bundled, imported) in bundled.iter().zip(&imported) {
        if imported.form.source != FormSource::Imported {
            return Some(format!("the filled sheet was read as {}", imported.form.id));
        }
        let (bundled, imported) = (said(bundled), said(imported));
        if let Some((bundled, imported)) = bundled.iter().zip(&imported).find(|(a, b)| a != b) {
            return Some(format!("{bundled} became {imported}"));
        }
        if bundled.len() != imported.len() {
            return Some(format!("{} items became {}", bundled.len(), imported.len()));
        }
    }
    None
}

#[test]
fn a_blank_sheet_in_any_layout_tells_its_form() {
    let (mut problems, mut count) = (Vec::new(), 0);
    for layout in catalogue::all() {
        let mut logic = Logic::clear("mds-reference", SEED);
        if layout.name == "English" {
            logic = logic.in_english();
        }
        let problem = judged(layout, &logic);
        count += 1;
        match (problem, PENDING.contains(&layout.name)) {
            (Some(problem), false) => problems.push(format!("{}: {problem}", layout.name)),
            (None, true) => {
                problems.push(format!("{}: learned, take it off the list", layout.name))
            }
            (Some(problem), true) => support::say(&format!("{}: {problem}", layout.name)),
            (None, false) => {}
        }
    }
    assert!(
        problems.is_empty(),
        "{} of {count}\n{}",
        problems.len(),
        problems.join("\n")
    );
}
