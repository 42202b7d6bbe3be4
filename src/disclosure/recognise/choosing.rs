//! Which tables belong together, and of which form they are.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Group, is_aside};
use crate::answer::ItemNumber;
use crate::disclosure::build::Part;
use crate::disclosure::layout::{Layout, Slot};
use crate::disclosure::page::Page;
use crate::disclosure::{kept, plain};
use crate::form::{Catalog, DerivedRow, Family, Form, FormSource, Item, derive};
use crate::read::grid::CellValue;
use crate::text::{fold, likeness};
use crate::vocabulary::{Vocabulary, contains_word};

/// Texts that may be a sheet's title: its name and what stands above the table.
pub(in crate::disclosure) fn titles(page: &Page<'_>, layout: Option<&Layout>) -> Vec<String> {
    let end = layout.map_or(30, Layout::first_row);
    let mut titles = vec![page.name.to_string()];
    let cells = page.sheet.cells.iter();
    let above = cells.take_while(|cell| cell.row < end).take(200);
    titles.extend(above.filter_map(|cell| match &cell.value {
        CellValue::Text(text) if text.len() < 1000 => Some(text.to_string()),
        CellValue::Text(_)
        | CellValue::Number(_)
        | CellValue::Bool(_)
        | CellValue::Date(_)
        | CellValue::Error(_) => None,
    }));
    let boxes = page.beside.shapes.iter().map(|shape| shape.text.clone());
    titles.extend(
        boxes
            .filter(|text| !text.is_empty() && text.len() < 1000)
            .take(50),
    );
    titles
}

/// Whom the titles speak of; the title proper decides before the sheet's name.
pub(in crate::disclosure) fn family(titles: &[String]) -> Option<Family> {
    let words = Vocabulary::get();
    let proper = titles
        .iter()
        .skip(1)
        .filter(|text| words.is_title(text))
        .find_map(|text| words.family(text));
    proper.or_else(|| titles.first().and_then(|name| words.family(name)))
}

/// The numbers and questions of tables that belong together.
fn rows_of(parts: &[Part<'_>]) -> Vec<(Option<ItemNumber>, String)> {
    let rows = parts.iter().flat_map(|part| part.layout.rows());
    rows.map(|(number, question)| (number.cloned(), question.to_owned()))
        .collect()
}

/// A row of a sheet whose form is not known.
fn derived_row(slot: &Slot) -> Option<DerivedRow> {
    let question = slot.question.as_ref();
    let text = question.map_or_else(String::new, |question| question.text.clone());
    let mut row = DerivedRow::new(slot.number.clone()?, text);
    row.section = slot
        .section
        .iter()
        .map(|section| section.to_string())
        .collect();
    row.reference = slot.reference.as_deref().unwrap_or_default().to_owned();
    Some(row)
}

/// How well a form fits some tables; `None` where it does not.
fn fit(form: &Form, rows: &[(Option<ItemNumber>, String)], titles: &[String]) -> Option<f64> {
    let mut matched = 0usize;
    let (mut alike, mut exact) = (0usize, 0usize);
    let mut seen = vec![false; form.items.len()];
    for (number, question) in rows {
        let Some(at) = number.as_ref().and_then(|number| form.position(number)) else {
            continue;
        };
        matched += 1;
        seen[at] = true;
        let title = &form.items[at].title;
        if form.compare_text {
            let likeness = likeness(question, title);
            alike += usize::from(likeness >= 0.5);
            exact += usize::from(likeness >= 1.0);
        }
    }
    let precision = matched as f64 / rows.len().max(1) as f64;
    let coverage =
        seen.iter().filter(|seen| **seen).count() as f64 / form.items.len().max(1) as f64;
    let named = titles.iter().any(|title| {
        form.titles
            .iter()
            .any(|name| contains_word(&fold(title), &fold(name)))
    });
    let edition = titles
        .iter()
        .any(|title| !form.edition.is_empty() && fold(title).contains(&fold(&form.edition)));
    // Among forms with the same numbers and much the same questions, the very words decide; of equals, the user's own.
    let exact = exact as f64 / matched.max(1) as f64;
    let own = form.source == FormSource::Imported;
    let alike = if form.compare_text {
        alike as f64 / matched.max(1) as f64
    } else {
        1.0
    };
    // Numbers alone do not make a form where its texts can be compared: an official form has the same 1, 2, 3.
    let fits = precision >= 0.5 && alike >= 0.5 && (named && coverage >= 0.1 || coverage >= 0.3);
    fits.then_some({
        precision
            + coverage
            + alike
            + if named { 0.5 } else { 0.0 }
            + if edition { 0.25 } else { 0.0 }
            + exact / 2.0
            + if own { 0.25 } else { 0.0 }
    })
}

/// How many sheets one disclosure is spread over at most.
const MOST_CHAPTERS: usize = 60;

/// What decides which form a table is of.
pub(super) struct Chooser<'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) forced: Option<&'c Catalog>,
    pub(super) speaks_of_disclosure: bool,
}

impl Chooser<'_> {
    /// The tables of a workbook, those of one disclosure together, each with its form.
    pub(super) fn groups<'a>(
        &self,
        pages: &'a [Page<'a>],
        layouts: &'a [Vec<Layout>],
    ) -> Vec<Group<'a>> {
        let mut groups: Vec<Group<'a>> = Vec::new();
        for (at, (page, layouts)) in pages.iter().zip(layouts).enumerate() {
            // What the user names is read on a hidden sheet too.
            if !page.visible && layouts.iter().all(|layout| layout.given.is_none()) {
                continue;
            }
            let mut on_sheet: Vec<Group<'a>> = Vec::new();
            let mut known: HashSet<&ItemNumber> = HashSet::new();
            for layout in layouts {
                let part = Part {
                    page,
                    layout,
                    given_from: 0,
                };
                let new: HashSet<&ItemNumber> = numbers_of(&part).collect();
                // A table that names its form goes on with none.
                let apart = goes_on(&known, &new) && layout.named.is_none();
                if !apart {
                    known.clear();
                }
                known.extend(new);
                match on_sheet.last_mut().filter(|_| apart) {
                    Some(group) => group.parts.push(part),
                    None => {
                        // A second disclosure on the sheet begins below the first.
                        let from = on_sheet.last().map_or(0, |group| {
                            let last = group.parts.iter().map(|part| part.layout.last_row());
                            last.max().unwrap_or(0) + 1
                        });
                        on_sheet.push(Group {
                            parts: vec![Part {
                                given_from: from.min(layout.first_row()),
                                ..part
                            }],
                            sheets: vec![at],
                            form: None,
                        });
                    }
                }
            }
            groups.extend(on_sheet);
        }
        for group in &mut groups {
            group.form = self.choose(&group.parts).map(|(form, _)| form);
        }
        // An example or an older edition beside the real sheet is none of its own.
        let is_aside = |group: &Group<'_>| group.parts.iter().any(|part| is_aside(part.page));
        if groups
            .iter()
            .any(|group| group.form.is_some() && !is_aside(group))
        {
            groups.retain(|group| !is_aside(group));
        }
        // Among more tables than a form has chapters, none is a chapter.
        if groups.len() > MOST_CHAPTERS {
            return groups;
        }
        self.joined(groups)
    }

    /// Joins what is spread over several sheets: tables with other numbers, which fit a form better together.
    fn joined<'a>(&self, groups: Vec<Group<'a>>) -> Vec<Group<'a>> {
        let mut joined: Vec<Group<'a>> = Vec::new();
        for group in groups {
            let partner = joined.iter().position(|other| self.belong(other, &group));
            match partner {
                Some(at) => {
                    let other = &mut joined[at];
                    other.parts.extend(group.parts);
                    other.sheets.extend(group.sheets);
                    other.form = self.choose(&other.parts).map(|(form, _)| form);
                }
                None => joined.push(group),
            }
        }
        joined
    }

    /// True if the tables of two groups are one disclosure on several sheets.
    fn belong(&self, one: &Group<'_>, other: &Group<'_>) -> bool {
        let on_other_sheets = one.sheets.iter().all(|sheet| !other.sheets.contains(sheet));
        if !on_other_sheets || !other.parts.iter().all(|part| are_apart(&one.parts, part)) {
            return false;
        }
        let is_named =
            |group: &Group<'_>| group.parts.iter().any(|part| part.layout.named.is_some());
        if is_named(one) || is_named(other) {
            return false;
        }
        let both: Vec<Part<'_>> = one.parts.iter().chain(&other.parts).copied().collect();
        let Some((form, together)) = self.choose(&both) else {
            return false;
        };
        if form.source == FormSource::Derived {
            // Nothing but the numbers tells: the sheets go on where the ones before ended, under one title.
            let titled = |group: &Group<'_>| {
                let mut texts = group
                    .parts
                    .iter()
                    .flat_map(|part| titles(part.page, Some(part.layout)).into_iter().skip(1));
                texts.any(|text| Vocabulary::get().is_title(&text))
            };
            let bundled = |group: &Group<'_>| {
                let form = group.form.as_ref();
                form.is_some_and(|form| form.source != FormSource::Derived)
            };
            return !titled(other) && !bundled(one) && !bundled(other);
        }
        let alone = |group: &Group<'_>| {
            let chosen = self.choose(&group.parts);
            chosen.filter(|(own, _)| own.source != FormSource::Derived)
        };
        [one, other].into_iter().all(|group| {
            alone(group).is_none_or(|(own, score)| {
                // Chapters of a form that the user names may each be too small to tell it.
                let fits_better = score < together || self.forced.is_some() && score <= together;
                own.id == form.id && fits_better
            })
        })
    }

    /// The form of some tables, and how well it fits.
    fn choose(&self, parts: &[Part<'_>]) -> Option<(Arc<Form>, f64)> {
        let mut titles: Vec<String> = Vec::new();
        for part in parts {
            titles.extend(self::titles(part.page, Some(part.layout)));
        }
        let family = family(&titles);
        let rows = rows_of(parts);
        let best = |forms: &Catalog, family: Option<Family>| {
            let fitting = forms
                .of_family(family)
                .filter_map(|form| fit(form, &rows, &titles).map(|score| (form.clone(), score)));
            // The first of equals: the current edition stands first in its file.
            fitting.reduce(|best, next| if next.1 > best.1 { next } else { best })
        };
        let known = || -> Vec<DerivedRow> {
            let slots = parts.iter().flat_map(|part| &part.layout.slots);
            let mut rows: Vec<DerivedRow> = slots.filter_map(derived_row).collect();
            for part in parts {
                if let Some(named) = &part.layout.named {
                    kept::describe(&mut rows, &plain::kept(part.page.sheet, named));
                }
            }
            rows
        };
        // A sheet that names its form is one of that form; the user's word counts more.
        if let Some(named) = parts.iter().find_map(|part| part.layout.named.as_ref()) {
            let form = match self.forced {
                Some(forced) => forced.form(&named.form).ok(),
                None => self::named(&named.form, self.catalog, known),
            };
            if let Some(form) = form {
                return Some((form, f64::MAX));
            }
        }
        if let Some(forced) = self.forced {
            // The user's word counts: the best of the form's editions, or the current one if none fits well.
            let first = || forced.forms().first().cloned().map(|form| (form, 0.0));
            return best(forced, None).or_else(first);
        }
        best(self.catalog, family).or_else(|| {
            let answered: usize = parts.iter().map(|part| part.layout.answered).sum();
            let enough = answered >= 3 && answered * 4 >= rows.len();
            // A table that the user describes is one, whatever it looks like.
            let given = parts.iter().any(|part| part.layout.given.is_some());
            if !given && !enough {
                return None;
            }
            let form = derive(family.unwrap_or(Family::Mds), &known());
            let speaks = given || self.speaks_of_disclosure || asks_of_security(&form);
            speaks.then(|| (Arc::new(form), 0.0))
        })
    }
}

/// True if the questions of a sheet speak for themselves: many of them surely ask for controls of the catalogue.
fn asks_of_security(form: &Form) -> bool {
    let known: HashSet<&str> = form.items.iter().filter_map(Item::control).collect();
    known.len() >= 5 && known.len() * 4 >= form.items.len()
}

/// The numbers of a table.
fn numbers_of<'a>(part: &Part<'a>) -> impl Iterator<Item = &'a ItemNumber> {
    let slots = part.layout.slots.iter();
    slots.filter_map(|slot| slot.number.as_ref())
}

/// True if a table has other numbers than those before: they go on, and do not begin anew.
fn goes_on(known: &HashSet<&ItemNumber>, new: &HashSet<&ItemNumber>) -> bool {
    new.intersection(known).count() * 5 <= new.len()
}

/// The same, of a table and those before it.
pub(in crate::disclosure) fn are_apart(parts: &[Part<'_>], next: &Part<'_>) -> bool {
    let known: HashSet<&ItemNumber> = parts.iter().flat_map(numbers_of).collect();
    goes_on(&known, &numbers_of(next).collect())
}

/// The form of this id: one that is known, or one derived from the numbers and questions at hand.
pub(in crate::disclosure) fn named(
    id: &str,
    catalog: &Catalog,
    rows: impl FnOnce() -> Vec<DerivedRow>,
) -> Option<Arc<Form>> {
    catalog.form(id).ok().or_else(|| {
        let family = [Family::Mds, Family::Sds, Family::Mds2]
            .into_iter()
            .find(|family| id.strip_prefix("derived-") == Some(family.code()))?;
        Some(Arc::new(derive(family, &rows())))
    })
}
