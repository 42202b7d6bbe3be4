//! Recognition: which sheets of a workbook are disclosures, and of which form.

mod choosing;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use choosing::Chooser;
pub(super) use choosing::{are_apart, family, named, titles};

use super::build::{Part, build};
use super::given::GivenLayouts;
use super::head::from_covers;
use super::layout::Layout;
use super::page::Page;
use super::standing::{self, Standing};
use super::{Disclosure, RemarkNote, detect, notes, plain, rest};
use crate::finding::{Finding, Severity, Value, rule};
use crate::form::{Catalog, Form};
use crate::language::Localised;
use crate::limits::Limits;
use crate::place::Place;
use crate::read::grid::Workbook;
use crate::read::marked::REQUEST_ID;
use crate::read::too_large;
use crate::vocabulary::Vocabulary;

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

/// A table on a sheet, or several that belong together.
struct Group<'a> {
    parts: Vec<Part<'a>>,
    /// The sheets, by position in the workbook.
    sheets: Vec<usize>,
    form: Option<Arc<Form>>,
}

/// Recognises the disclosures of a workbook. `forced` is a form the user named, `given` layouts the user described.
pub(crate) fn recognise(
    workbook: &Workbook,
    catalog: &Catalog,
    forced: Option<&Catalog>,
    given: Option<&GivenLayouts>,
    limits: &Limits,
) -> Recognised {
    recognise_all(workbook, catalog, forced, given, limits, None, false)
}

/// The same. `standings`, where they are wanted, tell where each disclosure stands; with `unanswered`, what may
/// be a sheet of remarks is held to be a table that nobody has answered yet.
pub(super) fn recognise_all(
    workbook: &Workbook,
    catalog: &Catalog,
    forced: Option<&Catalog>,
    given: Option<&GivenLayouts>,
    limits: &Limits,
    mut standings: Option<&mut Vec<Standing>>,
    unanswered: bool,
) -> Recognised {
    let mut recognised = Recognised::default();
    let pages: Vec<Page<'_>> = workbook.sheets.iter().map(Page::new).collect();
    let too_long = too_long(&pages);
    let mut described = given.map_or_else(HashMap::new, |given| {
        given.layouts(&pages, &mut recognised.findings)
    });
    let mut items = 0usize;
    let layouts: Vec<Vec<Layout>> = pages
        .iter()
        .enumerate()
        .map(|(at, page)| {
            let given = described.remove(&at);
            // What lies beyond the limit of items is not looked for.
            let found = given.unwrap_or_else(|| match too_long[at] || items > limits.items {
                true => Vec::new(),
                false => layouts(page, unanswered),
            });
            items += found.iter().map(|layout| layout.slots.len()).sum::<usize>();
            found
        })
        .collect();
    if let Some(finding) = too_many_items(&pages, &layouts, limits) {
        recognised.findings.push(finding);
        return recognised;
    }
    let speaks_of_disclosure = pages.iter().any(|page| {
        let mut titles = titles(page, None).into_iter();
        titles.any(|text| Vocabulary::get().is_title(&text))
    });
    let chooser = Chooser {
        catalog,
        forced,
        speaks_of_disclosure,
    };
    let groups = chooser.groups(&pages, &layouts);
    if let Some(finding) = too_many_judged(&groups, limits) {
        recognised.findings.push(finding);
        return recognised;
    }
    let remark_sheets: Vec<Vec<RemarkNote>> = pages
        .iter()
        .zip(&layouts)
        .zip(&too_long)
        .map(|((page, layouts), too_long)| {
            if layouts.is_empty() && page.has_cells && !too_long && !is_request(page) {
                notes::of_sheet(page)
            } else {
                Vec::new()
            }
        })
        .collect();
    let mut taken: HashMap<usize, Arc<Form>> = HashMap::new();
    for group in &groups {
        let Some(form) = &group.form else { continue };
        for sheet in &group.sheets {
            taken.entry(*sheet).or_insert_with(|| Arc::clone(form));
        }
        let elsewhere: Vec<RemarkNote> = remark_sheets.iter().flatten().cloned().collect();
        let mut sites = standings.is_some().then(Vec::new);
        let disclosure = build(&group.parts, Arc::clone(form), &elsewhere, sites.as_mut());
        recognised.disclosures.push(disclosure);
        if let (Some(standings), Some(sites)) = (&mut standings, sites) {
            let tables = standing::tables(&group.parts, &pages);
            standings.push(Standing { tables, sites });
        }
    }
    share_remarks(&mut recognised.disclosures, &remark_sheets);
    for (at, page) in pages.iter().enumerate() {
        let fate = match taken.get(&at) {
            _ if !page.has_cells => Err("sheet-not-cells"),
            _ if page.cells.is_empty() && page.beside.shapes.is_empty() => Err("sheet-empty"),
            _ if too_long[at] => Err("sheet-too-long"),
            Some(form) => Ok(Localised::label("sheet-disclosure", &[("form", &form.id)])),
            None if is_request(page) => Ok(Localised::label("sheet-request", &[])),
            None if !remark_sheets[at].is_empty() && !recognised.disclosures.is_empty() => {
                Ok(Localised::label("sheet-remarks", &[]))
            }
            None if !layouts[at].is_empty() && !page.visible => Err("sheet-hidden-table"),
            None if !page.visible => Err("sheet-hidden"),
            None if !layouts[at].is_empty() && is_aside(page) => Err("sheet-aside"),
            None if layouts[at].is_empty() => Err("sheet-no-table"),
            None => Err("sheet-unrecognised"),
        };
        recognised.note(page, fate);
    }
    let covers = pages.iter().enumerate().filter(|(at, page)| {
        layouts[*at].is_empty()
            && !too_long[*at]
            && page.visible
            && page.has_cells
            && remark_sheets[*at].is_empty()
            && !is_request(page)
    });
    let covers = covers.map(|(_, page)| page.sheet);
    from_covers(covers.clone(), &mut recognised.disclosures);
    let found = groups.iter().filter(|group| group.form.is_some());
    let tables: Vec<&[Part<'_>]> = found.map(|group| group.parts.as_slice()).collect();
    rest::keep(&tables, covers, &mut recognised.disclosures);
    if recognised.disclosures.is_empty() {
        recognised
            .findings
            .push(unrecognised(&pages, &layouts, catalog));
    }
    recognised
}

impl Recognised {
    /// Notes what became of a sheet.
    fn note(&mut self, page: &Page<'_>, fate: Result<Localised, &'static str>) {
        let name = page.name.clone();
        let (is_disclosure, reason) = match fate {
            Ok(reason) => (true, reason),
            Err(key) => {
                let reason = Localised::label(key, &[]);
                let mut ignored = Finding::new(rule::SHEET_IGNORED, Place::Sheet(name.clone()))
                    .with("sheet", Value::plain(&name))
                    .with("reason", Value::Local(reason.clone()));
                if key == "sheet-hidden-table" {
                    // A table of answers that nobody sees is not a list of choices.
                    ignored = ignored.at_severity(Severity::Warning);
                }
                self.findings.push(ignored);
                (false, reason)
            }
        };
        self.sheets.push(SheetFate {
            name,
            is_disclosure,
            reason,
        });
    }
}

/// True for the list of what is wanted that this tool puts beside a sheet to fill.
fn is_request(page: &Page<'_>) -> bool {
    let mut above = page.sheet.cells.iter().take_while(|cell| cell.row < 5);
    above.any(|cell| cell.value.text() == REQUEST_ID)
}

/// How many rows a sheet of a disclosure has at most; no form asks a hundredth of it.
const MOST_ROWS: usize = 50_000;

/// How many cells a sheet of a disclosure has at most; what this tool itself writes may hold twice as many.
const MOST_CELLS: usize = 100_000;
/// How many cells are looked at on all sheets together; the sheets that go beyond it are too long.
const ALL_CELLS: usize = 2 * MOST_CELLS;

/// Which sheets have more rows or cells than any disclosure.
fn too_long(pages: &[Page<'_>]) -> Vec<bool> {
    let mut seen = 0;
    let is_too_long = |page: &Page<'_>| {
        let cells = page.cells.len();
        let alone = cells > 2 * MOST_CELLS
            || cells > MOST_CELLS && plain::layouts(page.sheet).is_empty()
            || cells > MOST_ROWS && page.sheet.rows().nth(MOST_ROWS).is_some();
        if !alone {
            seen += cells;
        }
        alone || seen > ALL_CELLS
    };
    pages.iter().map(is_too_long).collect()
}

/// The tables of a sheet that no layout of the user describes: as this tool writes them, or found by content.
fn layouts(page: &Page<'_>, unanswered: bool) -> Vec<Layout> {
    if !page.has_cells || is_request(page) {
        return Vec::new();
    }
    let own = plain::layouts(page.sheet);
    if !own.is_empty() {
        return own;
    }
    let mut found = detect::layouts(page);
    if found.is_empty() && unanswered {
        // Cards without answers look like nothing else, either.
        found.extend(detect::cards(page));
    }
    // Texts that begin with numbers are no items on a sheet of remarks.
    let answered = found.iter().any(|layout| layout.answered > 0);
    if !answered && !unanswered && !notes::of_sheet(page).is_empty() {
        return Vec::new();
    }
    found
}

/// Texts on a sheet of remarks that a second disclosure of the workbook refers to are not unused.
fn share_remarks(disclosures: &mut [Disclosure], sheets: &[Vec<RemarkNote>]) {
    if disclosures.len() < 2 || sheets.iter().all(Vec::is_empty) {
        return;
    }
    let shared: HashSet<Place> = sheets
        .iter()
        .flatten()
        .map(|note| note.place.clone())
        .collect();
    let used: HashSet<Place> = disclosures
        .iter()
        .flat_map(|disclosure| &disclosure.notes)
        .filter(|note| note.referenced)
        .map(|note| note.place.clone())
        .collect();
    for (at, disclosure) in disclosures.iter_mut().enumerate() {
        // One that nobody refers to is told once.
        disclosure.notes.retain(|note| {
            note.referenced
                || !shared.contains(&note.place)
                || (at == 0 && !used.contains(&note.place))
        });
    }
}

/// More items than are judged: what stands on one table after another, up to the one that goes beyond.
fn too_many_items(pages: &[Page<'_>], layouts: &[Vec<Layout>], limits: &Limits) -> Option<Finding> {
    let mut items = 0;
    let beyond = pages.iter().zip(layouts).find(|(_, layouts)| {
        let slots = layouts.iter().map(|layout| layout.slots.len());
        items += slots.sum::<usize>();
        items > limits.items
    });
    let (page, _) = beyond?;
    let place = Place::Sheet(page.name.clone());
    // What comes after is not counted.
    let found = format!("> {}", limits.items);
    Some(too_large(place, "limit-items", limits.items, found))
}

/// The same, with the items that sheets do not have and their forms have.
fn too_many_judged(groups: &[Group<'_>], limits: &Limits) -> Option<Finding> {
    let judged = |group: &Group<'_>| {
        let slots = group.parts.iter().map(|part| part.layout.slots.len());
        let asked = group.form.as_ref().map_or(0, |form| form.items.len());
        slots.sum::<usize>().max(asked)
    };
    let items: usize = groups.iter().map(judged).sum();
    let too_many = items > limits.items;
    too_many.then(|| too_large(Place::File, "limit-items", limits.items, items))
}

/// Nothing was recognised: what was looked for, and what was found.
fn unrecognised(pages: &[Page<'_>], layouts: &[Vec<Layout>], catalog: &Catalog) -> Finding {
    let tables = pages.iter().zip(layouts);
    let largest = tables
        .flat_map(|(page, layouts)| layouts.iter().map(move |layout| (page, layout)))
        .filter(|(page, _)| page.visible)
        .max_by_key(|(_, layout)| layout.slots.len());
    let Some((page, layout)) = largest else {
        return Finding::new(rule::NOTHING_RECOGNISED, Place::File).with(
            "detail",
            Value::Local(Localised::label("sheet-no-table", &[])),
        );
    };
    let known = catalog.ids();
    let count = layout.slots.len().to_string();
    Finding::new(rule::FORM_UNRECOGNISED, Place::Sheet(page.name.clone()))
        .with(
            "expected",
            Value::Words(known.map(Localised::same).collect()),
        )
        .with(
            "detail",
            Value::Local(Localised::label("detail-rows", &[("count", &count)])),
        )
}

/// True for a sheet that by its name shows how to fill in another, or what was said before.
fn is_aside(page: &Page<'_>) -> bool {
    let words = Vocabulary::get();
    words.names_example(&page.name) || words.is_stale(&page.name)
}
