//! Recognition: which sheets of a workbook are disclosures, and of which form.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::build::{Part, build};
use super::given::GivenLayouts;
use super::head::from_covers;
use super::layout::{Layout, Slot};
use super::page::Page;
use super::standing::{self, Standing};
use super::{Disclosure, RemarkNote, detect, notes, plain};
use crate::answer::ItemNumber;
use crate::finding::{Finding, Severity, Value, rule};
use crate::form::{Catalog, DerivedRow, Family, Form, FormSource, Item, derive};
use crate::language::Localised;
use crate::place::Place;
use crate::read::grid::{CellValue, Workbook};
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
) -> Recognised {
    recognise_all(workbook, catalog, forced, given, None, false)
}

/// The same. `standings`, where they are wanted, tell where each disclosure stands; with `unanswered`, what may
/// be a sheet of remarks is held to be a table that nobody has answered yet.
pub(super) fn recognise_all(
    workbook: &Workbook,
    catalog: &Catalog,
    forced: Option<&Catalog>,
    given: Option<&GivenLayouts>,
    mut standings: Option<&mut Vec<Standing>>,
    unanswered: bool,
) -> Recognised {
    let mut recognised = Recognised::default();
    let pages: Vec<Page<'_>> = workbook.sheets.iter().map(Page::new).collect();
    let mut described = given.map_or_else(HashMap::new, |given| {
        given.layouts(&pages, &mut recognised.findings)
    });
    let layouts: Vec<Vec<Layout>> = pages
        .iter()
        .enumerate()
        .map(|(at, page)| {
            let given = described.remove(&at);
            given.unwrap_or_else(|| layouts(page, unanswered))
        })
        .collect();
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
    let remark_sheets: Vec<Vec<RemarkNote>> = pages
        .iter()
        .zip(&layouts)
        .map(|(page, layouts)| {
            if layouts.is_empty() && page.has_cells {
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
            _ if is_too_long(page) => Err("sheet-too-long"),
            Some(form) => Ok(Localised::label("sheet-disclosure", &[("form", &form.id)])),
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
        layouts[*at].is_empty() && page.visible && page.has_cells && remark_sheets[*at].is_empty()
    });
    from_covers(
        covers.map(|(_, page)| page.sheet),
        &mut recognised.disclosures,
    );
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

/// How many rows a sheet of a disclosure has at most; no form asks a hundredth of it.
const MOST_ROWS: usize = 50_000;

fn is_too_long(page: &Page<'_>) -> bool {
    page.cells.len() > MOST_ROWS && page.sheet.rows().nth(MOST_ROWS).is_some()
}

/// The tables of a sheet that no layout of the user describes: as this tool writes them, or found by content.
fn layouts(page: &Page<'_>, unanswered: bool) -> Vec<Layout> {
    if !page.has_cells || is_too_long(page) {
        return Vec::new();
    }
    match plain::layout(page.sheet) {
        Some(layout) => vec![layout],
        None => {
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
    }
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
    let known = catalog.forms().iter();
    let count = layout.slots.len().to_string();
    Finding::new(rule::FORM_UNRECOGNISED, Place::Sheet(page.name.clone()))
        .with(
            "expected",
            Value::Words(known.map(|form| Localised::same(form.id.clone())).collect()),
        )
        .with(
            "detail",
            Value::Local(Localised::label("detail-rows", &[("count", &count)])),
        )
}

/// Texts that may be a sheet's title: its name and what stands above the table.
pub(super) fn titles(page: &Page<'_>, layout: Option<&Layout>) -> Vec<String> {
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
pub(super) fn family(titles: &[String]) -> Option<Family> {
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
fn fit(
    form: &Form,
    rows: &[(Option<ItemNumber>, String)],
    titles: &[String],
    family: Option<Family>,
) -> Option<f64> {
    if family.is_some_and(|family| family != form.family) {
        return None;
    }
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
struct Chooser<'c> {
    catalog: &'c Catalog,
    forced: Option<&'c Catalog>,
    speaks_of_disclosure: bool,
}

impl Chooser<'_> {
    /// The tables of a workbook, those of one disclosure together, each with its form.
    fn groups<'a>(&self, pages: &'a [Page<'a>], layouts: &'a [Vec<Layout>]) -> Vec<Group<'a>> {
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
                let apart = goes_on(&known, &new);
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
        let best = |forms: &[Arc<Form>], family: Option<Family>| {
            let fitting = forms.iter().filter_map(|form| {
                fit(form, &rows, &titles, family).map(|score| (form.clone(), score))
            });
            // The first of equals: the current edition stands first in its file.
            fitting.reduce(|best, next| if next.1 > best.1 { next } else { best })
        };
        let known = || -> Vec<DerivedRow> {
            let slots = parts.iter().flat_map(|part| &part.layout.slots);
            slots.filter_map(derived_row).collect()
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
            return best(forced.forms(), None).or_else(first);
        }
        best(self.catalog.forms(), family).or_else(|| {
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

/// True for a sheet that by its name shows how to fill in another, or what was said before.
fn is_aside(page: &Page<'_>) -> bool {
    let words = Vocabulary::get();
    words.names_example(&page.name) || words.is_stale(&page.name)
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
pub(super) fn are_apart(parts: &[Part<'_>], next: &Part<'_>) -> bool {
    let known: HashSet<&ItemNumber> = parts.iter().flat_map(numbers_of).collect();
    goes_on(&known, &numbers_of(next).collect())
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
