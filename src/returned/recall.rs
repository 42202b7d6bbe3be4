//! A list of findings that comes back: read from its sheet, and held against what is found now.
//!
//! Rows may have moved meanwhile, so a finding is known again by its rule and its item, and by its cell only
//! where there is no item or several are alike.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::marks::{self, LIST_ID};
use crate::disclosure::Disclosure;
use crate::finding::{Finding, Rules, Value, rule};
use crate::language::{Language, Localised};
use crate::place::Place;
use crate::read::grid::{Sheet, Workbook};
use crate::text::{fold, show};

/// Rows in which the name of the list may stand.
const SEARCHED: usize = 20;
/// How many findings a list holds at most.
pub(crate) const MOST: usize = 10_000;
/// How many of the findings that are still there a message names.
const NAMED: usize = 8;

/// A finding as a list names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Listed {
    /// The rule's code.
    pub code: String,
    /// The item, where it is about one.
    pub item: Option<String>,
    /// The sheet it stands on.
    pub sheet: Option<String>,
    /// The cell's address.
    pub cell: Option<String>,
}

impl Listed {
    pub(crate) fn of(finding: &Finding) -> Self {
        Self {
            code: finding.code().to_owned(),
            item: finding.item.as_ref().map(ToString::to_string),
            sheet: finding.place.sheet().map(str::to_owned),
            cell: finding.place.cell(),
        }
    }

    /// The item and its place, or what else there is, for a message.
    fn named(&self, language: Language) -> String {
        let place = match (&self.sheet, &self.cell) {
            (Some(sheet), Some(cell)) => format!("{}!{cell}", show(sheet, 31)),
            (Some(sheet), None) => show(sheet, 31),
            (None, _) => String::new(),
        };
        let name = match &self.item {
            Some(item) => language.label_with("returned-item", &[("item", item)]),
            None => Rules::bundled().find(&self.code).map_or_else(
                || self.code.clone(),
                |rule| rule.text(language).title.clone(),
            ),
        };
        if place.is_empty() {
            name
        } else {
            format!("{name} ({place})")
        }
    }
}

/// What came of a list of findings that was sent back.
#[derive(Clone, Debug, PartialEq)]
pub struct Returned {
    /// The sheet with the list.
    pub sheet: Arc<str>,
    /// How many findings it lists.
    pub listed: usize,
    /// How many of them are no longer there.
    pub mended: usize,
    /// Those that are still there, where they stand now.
    pub open: Vec<Listed>,
}

/// A sheet with a list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct List {
    pub(crate) sheet: Arc<str>,
    /// Where the sheet stands in the workbook.
    pub(crate) position: usize,
    pub(crate) rows: Vec<Listed>,
}

/// Takes the lists out of a workbook, and what this tool put on its other sheets: nobody else's words are read.
pub(crate) fn set_aside(workbook: &mut Workbook) {
    let mut lists = Vec::new();
    let mut kept = Vec::new();
    for (position, sheet) in workbook.sheets.drain(..).enumerate() {
        if is_list(&sheet) {
            lists.push(List {
                rows: rows(&sheet),
                sheet: sheet.name,
                position,
            });
        } else {
            kept.push(sheet);
        }
    }
    workbook.sheets = kept;
    workbook.returned = lists;
    for sheet in &mut workbook.sheets {
        look_past(sheet);
    }
}

/// True for a sheet on which this tool lists findings.
fn is_list(sheet: &Sheet) -> bool {
    let mut rows = sheet.rows().take(SEARCHED).flatten();
    rows.any(|cell| cell.value.text().trim_end().ends_with(LIST_ID))
}

/// Drops our colours and what we say in comments.
fn look_past(sheet: &mut Sheet) {
    for look in &mut sheet.beside.looks {
        look.fill = look.fill.filter(|colour| !marks::is_ours(*colour));
    }
    let is_plain = |run: &crate::read::beside::Run| {
        !run.strike && !run.underline && !run.bold && run.colour.is_none()
    };
    sheet
        .beside
        .looks
        .retain(|look| look.fill.is_some() || !look.runs.iter().all(is_plain));
    for comment in &mut sheet.beside.comments {
        if comment.text.contains(marks::COMMENT_START) {
            comment.text = marks::said_by_people(&comment.text);
        }
    }
    sheet
        .beside
        .comments
        .retain(|comment| !comment.text.is_empty());
}

/// The findings of a list, by the headings of its columns.
fn rows(sheet: &Sheet) -> Vec<Listed> {
    let keys = ["return-code", "return-item", "return-sheet", "return-cell"];
    let words: Vec<[String; 2]> = keys
        .iter()
        .map(|key| Language::ALL.map(|language| fold(&language.label(key))))
        .collect();
    let mut columns: Option<Vec<Option<u32>>> = None;
    let mut found = Vec::new();
    for cells in sheet.rows() {
        let headings: Vec<Option<u32>> = words
            .iter()
            .map(|words| {
                let heading = cells
                    .iter()
                    .find(|cell| words.contains(&fold(&cell.value.text())));
                heading.map(|cell| cell.column)
            })
            .collect();
        if headings[0].is_some() && headings[1].is_some() {
            columns = Some(headings);
            continue;
        }
        let Some(columns) = &columns else { continue };
        let text = |at: usize| {
            let cell = cells.iter().find(|cell| Some(cell.column) == columns[at])?;
            let text = cell.value.text().trim().to_owned();
            (!text.is_empty() && text != super::NONE).then_some(text)
        };
        let known = |code: &String| {
            code.starts_with("MDS")
                && Rules::bundled()
                    .find(code)
                    .is_some_and(|rule| rule.code == *code)
        };
        let Some(code) = text(0).filter(known) else {
            continue;
        };
        found.push(Listed {
            code,
            item: text(1),
            sheet: text(2),
            cell: text(3),
        });
        if found.len() == MOST {
            break;
        }
    }
    found
}

/// Holds a list against what is found now. `sheets` are the names of the workbook's sheets; `disclosures` what is
/// read from them.
pub(crate) fn compare(
    list: &List,
    now: &[&Finding],
    sheets: &[Arc<str>],
    disclosures: &[Disclosure],
) -> Returned {
    let now: Vec<Listed> = now.iter().map(|finding| Listed::of(finding)).collect();
    let mut is_taken = vec![false; now.len()];
    let mut open: Vec<Option<usize>> = vec![None; list.rows.len()];
    // The very same, then the same on this sheet, then, where the sheet has another name now, the same anywhere.
    let passes: [fn(&Listed) -> Listed; 3] = [
        Listed::clone,
        |listed| Listed {
            cell: None,
            ..listed.clone()
        },
        |listed| Listed {
            cell: None,
            sheet: None,
            ..listed.clone()
        },
    ];
    for (pass, key) in passes.iter().enumerate() {
        let mut by_key: HashMap<Listed, Vec<usize>> = HashMap::new();
        for (at, found) in now.iter().enumerate().rev() {
            if !is_taken[at] {
                by_key.entry(key(found)).or_default().push(at);
            }
        }
        for (at, listed) in list.rows.iter().enumerate() {
            let is_here = || {
                let name = listed.sheet.as_deref();
                name.is_none_or(|name| sheets.iter().any(|sheet| **sheet == *name))
            };
            if open[at].is_some() || (pass == 2 && is_here()) {
                continue;
            }
            open[at] = by_key.get_mut(&key(listed)).and_then(Vec::pop);
            if let Some(found) = open[at] {
                is_taken[found] = true;
            }
        }
    }
    let worse = Worse::of(&now, &is_taken);
    for (listed, open) in list.rows.iter().zip(&mut open) {
        *open = open.or_else(|| worse.find(listed, &now));
    }
    // Where no form is known nobody misses a row that was taken out.
    let entries = disclosures.iter().flat_map(|it| &it.entries);
    let items: HashSet<String> = entries.map(|it| it.number.to_string()).collect();
    let is_gone = |listed: &&Listed| {
        let mut items_of = listed.item.iter();
        is_about_row(listed) && items_of.any(|item| !items.contains(item))
    };
    let open: Vec<Listed> = list
        .rows
        .iter()
        .zip(open)
        .filter_map(|(listed, open)| {
            let gone = || Some(listed).filter(is_gone);
            open.map(|at| &now[at]).or_else(gone).cloned()
        })
        .collect();
    Returned {
        sheet: list.sheet.clone(),
        listed: list.rows.len(),
        mended: list.rows.len() - open.len(),
        open,
    }
}

/// What stands in the way of calling a finding mended although it is no longer there itself: the item is gone, or
/// its answer is still none.
struct Worse {
    by_item: HashMap<String, Vec<usize>>,
    missing: String,
}

/// How many findings of one item are looked at.
const OF_ITEM: usize = 8;

impl Worse {
    fn of(now: &[Listed], is_taken: &[bool]) -> Self {
        let missing = Rules::bundled().find(rule::ITEM_MISSING);
        let missing = missing.map(|rule| rule.code.clone()).unwrap_or_default();
        let mut by_item: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, found) in now.iter().enumerate() {
            let counts = found.code == missing || (is_about_answer(found) && !is_taken[at]);
            if let (Some(item), true) = (&found.item, counts) {
                let known = by_item.entry(item.clone()).or_default();
                if known.len() < OF_ITEM {
                    known.push(at);
                }
            }
        }
        Self { by_item, missing }
    }

    fn find(&self, listed: &Listed, now: &[Listed]) -> Option<usize> {
        let known = self.by_item.get(listed.item.as_ref()?)?;
        let mut here = known.iter().copied().filter(|at| {
            let sheet = &now[*at].sheet;
            sheet.is_none() || listed.sheet.is_none() || *sheet == listed.sheet
        });
        here.find(|at| {
            now[*at].code == self.missing || (is_about_answer(listed) && is_about_answer(&now[*at]))
        })
    }
}

/// True for the findings about answers, remarks and how answers go together, which a row that is gone does not mend.
fn is_about_row(listed: &Listed) -> bool {
    let codes = ["MDS5", "MDS6", "MDS7"];
    codes.iter().any(|codes| listed.code.starts_with(codes))
}

/// True for the findings about answers, whose codes are 501 and on: one of them after another is no mending.
fn is_about_answer(listed: &Listed) -> bool {
    listed.code.starts_with("MDS5")
}

impl Returned {
    /// The finding that tells what came of the list.
    pub(crate) fn finding(&self) -> Finding {
        let named = |language: Language| {
            let mut names: Vec<String> = self
                .open
                .iter()
                .take(NAMED)
                .map(|open| open.named(language))
                .collect();
            if self.open.len() > NAMED {
                names.push("…".to_owned());
            }
            let names = names.join(match language {
                Language::Ja => "、",
                Language::En => ", ",
            });
            let key = if self.open.is_empty() {
                "returned-none-open"
            } else {
                "returned-open"
            };
            language.label_with(key, &[("names", &names)])
        };
        let open = Localised {
            ja: named(Language::Ja),
            en: named(Language::En),
        };
        Finding::new(rule::FINDING_RETURNED, Place::Sheet(self.sheet.clone()))
            .with("listed", Value::plain(self.listed))
            .with("mended", Value::plain(self.mended))
            .with("open", Value::Local(open))
    }
}
