//! Recognition: which sheets of a workbook are disclosures, and of which form.

use std::sync::Arc;

use super::build::build;
use super::detect::{self, Layout};
use super::head::from_covers;
use super::{Disclosure, plain};
use crate::finding::{Finding, Severity, Value, rule};
use crate::form::{Catalog, DerivedRow, Family, Form, derive};
use crate::language::Localised;
use crate::place::Place;
use crate::read::grid::{CellValue, Sheet, Workbook};
use crate::text::{fold, likeness};
use crate::vocabulary::{Vocabulary, contains_word};

/// What became of a sheet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SheetFate {
    pub(crate) name: Arc<str>,
    pub(crate) is_disclosure: bool,
    pub(crate) reason: Localised,
}

/// The disclosures of a file, what became of its sheets, and what is to be said about both.
#[derive(Debug, Default)]
pub(crate) struct Recognised {
    pub(crate) disclosures: Vec<Disclosure>,
    pub(crate) sheets: Vec<SheetFate>,
    pub(crate) findings: Vec<Finding>,
}

/// Recognises the disclosures of a workbook. `forced` is a form the user named.
pub(crate) fn recognise(
    workbook: &Workbook,
    catalog: &Catalog,
    forced: Option<&Catalog>,
) -> Recognised {
    let mut recognised = Recognised::default();
    let speaks_of_disclosure = workbook.sheets.iter().any(|sheet| {
        titles(sheet, None)
            .iter()
            .any(|text| Vocabulary::get().is_title(text))
    });
    let layouts: Vec<Option<Layout>> = workbook
        .sheets
        .iter()
        .map(|sheet| {
            if sheet.has_cells {
                plain::layout(sheet).or_else(|| detect::layout(sheet))
            } else {
                None
            }
        })
        .collect();
    let mut unrecognised: Option<Place> = None;
    for (sheet, layout) in workbook.sheets.iter().zip(&layouts) {
        let fate = match layout {
            _ if !sheet.has_cells => Err("sheet-not-cells"),
            _ if sheet.cells.is_empty() => Err("sheet-empty"),
            Some(_) if !sheet.visible => Err("sheet-hidden-table"),
            None if !sheet.visible => Err("sheet-hidden"),
            None => Err("sheet-no-table"),
            Some(layout) => match choose(sheet, layout, catalog, forced, speaks_of_disclosure) {
                Some(form) => Ok((form, layout)),
                None => {
                    unrecognised.get_or_insert(Place::Sheet(sheet.name.clone()));
                    Err("sheet-unrecognised")
                }
            },
        };
        let name = sheet.name.clone();
        match fate {
            Ok((form, layout)) => {
                let reason = Localised::label("sheet-disclosure", &[("form", &form.id)]);
                recognised.sheets.push(SheetFate {
                    name,
                    is_disclosure: true,
                    reason,
                });
                recognised.disclosures.push(build(sheet, layout, form));
            }
            Err(key) => {
                let reason = Localised::label(key, &[]);
                let mut ignored = Finding::new(rule::SHEET_IGNORED, Place::Sheet(name.clone()))
                    .with("sheet", Value::plain(&name))
                    .with("reason", Value::Local(reason.clone()));
                if key == "sheet-hidden-table" {
                    // A table of answers that nobody sees is not a list of choices.
                    ignored = ignored.at_severity(Severity::Warning);
                }
                recognised.findings.push(ignored);
                recognised.sheets.push(SheetFate {
                    name,
                    is_disclosure: false,
                    reason,
                });
            }
        }
    }
    from_covers(workbook, &layouts, &mut recognised.disclosures);
    if recognised.disclosures.is_empty() {
        recognised.findings.push(match unrecognised {
            Some(place) => {
                let known = catalog
                    .forms()
                    .iter()
                    .map(|form| Localised::same(form.id.clone()))
                    .collect();
                let detail = layouts
                    .iter()
                    .flatten()
                    .map(|layout| layout.rows.len())
                    .max()
                    .unwrap_or(0);
                Finding::new(rule::FORM_UNRECOGNISED, place)
                    .with("expected", Value::Words(known))
                    .with(
                        "detail",
                        Value::Local(Localised::label(
                            "detail-rows",
                            &[("count", &detail.to_string())],
                        )),
                    )
            }
            None => Finding::new(rule::NOTHING_RECOGNISED, Place::File).with(
                "detail",
                Value::Local(Localised::label("sheet-no-table", &[])),
            ),
        });
    }
    recognised
}

/// Texts that may be a sheet's title: its name and what stands above the table.
fn titles(sheet: &Sheet, layout: Option<&Layout>) -> Vec<String> {
    let end = layout.map_or(30, Layout::first_row);
    let mut titles = vec![sheet.name.to_string()];
    let above = sheet
        .cells
        .iter()
        .take_while(|cell| cell.row < end)
        .take(200);
    titles.extend(above.filter_map(|cell| match &cell.value {
        CellValue::Text(text) if text.len() < 1000 => Some(text.to_string()),
        CellValue::Text(_)
        | CellValue::Number(_)
        | CellValue::Bool(_)
        | CellValue::Date(_)
        | CellValue::Error(_) => None,
    }));
    titles
}

/// Whom the titles speak of; the title proper decides before the sheet's name.
fn family(titles: &[String]) -> Option<Family> {
    let words = Vocabulary::get();
    let proper = titles
        .iter()
        .skip(1)
        .filter(|text| words.is_title(text))
        .find_map(|text| words.family(text));
    proper.or_else(|| titles.first().and_then(|name| words.family(name)))
}

/// How well a form fits a sheet; `None` where it does not.
fn fit(
    form: &Form,
    layout: &Layout,
    questions: &[String],
    titles: &[String],
    family: Option<Family>,
) -> Option<f64> {
    if family.is_some_and(|family| family != form.family) {
        return None;
    }
    let mut matched = 0usize;
    let mut alike = 0usize;
    let mut seen = vec![false; form.items.len()];
    for (row, question) in layout.rows.iter().zip(questions) {
        let Some(at) = row.number.as_ref().and_then(|number| form.position(number)) else {
            continue;
        };
        matched += 1;
        seen[at] = true;
        let title = &form.items[at].title;
        if form.compare_text && likeness(question, title) >= 0.5 {
            alike += 1;
        }
    }
    let precision = matched as f64 / layout.rows.len().max(1) as f64;
    let coverage =
        seen.iter().filter(|seen| **seen).count() as f64 / form.items.len().max(1) as f64;
    let named = titles.iter().any(|title| {
        form.titles
            .iter()
            .any(|name| contains_word(&fold(title), &fold(name)))
    });
    let edition = titles
        .iter()
        .any(|title| fold(title).contains(&fold(&form.edition)));
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
    })
}

fn choose(
    sheet: &Sheet,
    layout: &Layout,
    catalog: &Catalog,
    forced: Option<&Catalog>,
    speaks_of_disclosure: bool,
) -> Option<Arc<Form>> {
    let titles = titles(sheet, Some(layout));
    let family = family(&titles);
    let questions: Vec<String> = layout
        .rows
        .iter()
        .map(|row| {
            layout.question_column.map_or_else(String::new, |column| {
                sheet.text(row.row, column).into_owned()
            })
        })
        .collect();
    let best = |forms: &[Arc<Form>], family: Option<Family>| {
        let fitting = forms.iter().filter_map(|form| {
            fit(form, layout, &questions, &titles, family).map(|score| (form.clone(), score))
        });
        // The first of equals: the current edition stands first in its file.
        fitting
            .reduce(|best, next| if next.1 > best.1 { next } else { best })
            .map(|(form, _)| form)
    };
    let rows = || -> Vec<DerivedRow> {
        let numbered = layout.rows.iter().zip(&questions);
        numbered
            .filter_map(|(row, text)| {
                Some(DerivedRow {
                    answered: layout.is_answered(sheet, row.row),
                    ..DerivedRow::new(row.number.clone()?, text.clone())
                })
            })
            .collect()
    };
    // A sheet that names its form is one of that form; the user's word counts more.
    if let Some(named) = &layout.named {
        let form = match forced {
            Some(forced) => forced.form(&named.form).ok(),
            None => self::named(&named.form, catalog, rows),
        };
        if form.is_some() {
            return form;
        }
    }
    if let Some(forced) = forced {
        // The user's word counts: the best of the form's editions, or the current one if none fits well.
        return best(forced.forms(), None).or_else(|| forced.forms().first().cloned());
    }
    best(catalog.forms(), family).or_else(|| {
        let answered = layout.answered_rows >= 3 && layout.answered_rows * 4 >= layout.rows.len();
        (speaks_of_disclosure && answered)
            .then(|| Arc::new(derive(family.unwrap_or(Family::Mds), &rows())))
    })
}

/// The form of this id: one that is known, or one derived from the numbers and questions at hand.
pub(super) fn named(
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
