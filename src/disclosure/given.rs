//! Layouts that a user describes, for sheets in which nothing is found by content.
//!
//! A layout file is read field by field ([`checked`], in the shape of [`written`]); its tables are laid over the
//! sheets here. The user's word counts: a sheet that a table names is read as described, also where it is
//! hidden. A table that is not there becomes a finding, and the sheet is read as if nobody had described it.

mod checked;
mod values;
mod written;

use std::collections::HashMap;
use std::path::Path;

pub(crate) use self::written::WrittenLayouts;
use super::detect;
use super::detect::stated::{self, Absent, Bounds, Stated};
use super::layout::Layout;
use super::page::Page;
use super::plain;
use crate::error::{Error, Result};
use crate::finding::{Finding, Value, rule};
use crate::language::Localised;
use crate::place::{Place, column_letters};
use crate::source::data_text;
use crate::text::{fold, show};

/// Bytes of a layout file at most.
const LARGEST: u64 = 1024 * 1024;
/// Sheets that a message names at most.
const NAMED: usize = 8;

/// The tables of a layout file (`kaijisho/layout/1`), for [`Options::layouts`](crate::Options).
///
/// ```
/// use kaijisho::{GivenLayouts, Options, Source, examine};
/// let layouts = GivenLayouts::parse(
///     "schema = \"kaijisho/layout/1\"\n[[table]]\nfirst_row = 1\nnumber = \"A\"\nanswer = \"C\"\n",
///     "layout.toml",
/// )?;
/// let mut options = Options::new(jiff::civil::date(2026, 10, 1));
/// options.layouts = Some(layouts);
/// let examined = examine(&Source::new("a.csv", "1,記録を残す,はい\n2,暗号化する,いいえ\n".into()), &options);
/// assert_eq!(examined.disclosures[0].entries[1].answer, Some(kaijisho::Answer::No));
/// # Ok::<(), kaijisho::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct GivenLayouts {
    tables: Vec<Stated>,
}

impl GivenLayouts {
    /// The tables in a layout file of at most 1 MiB.
    ///
    /// # Errors
    /// [`Error::Read`] if the file cannot be read, [`Error::Invalid`] with every mistake in it.
    pub fn load(path: &Path) -> Result<Self> {
        Self::parse(&data_text(path)?, &path.display().to_string())
    }

    /// The tables in the text of a layout file; `name` stands in the error.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every mistake in it, each with line and column.
    pub fn parse(text: &str, name: &str) -> Result<Self> {
        checked::tables(text)
            .map(|tables| Self { tables })
            .map_err(|findings| Error::Invalid {
                name: name.to_owned(),
                findings,
            })
    }

    /// The tables of the sheets that the file speaks of, by the position of the sheet in the workbook.
    pub(super) fn layouts(
        &self,
        pages: &[Page<'_>],
        findings: &mut Vec<Finding>,
    ) -> HashMap<usize, Vec<Layout>> {
        let sheets: Vec<Option<usize>> = self
            .tables
            .iter()
            .map(|table| position(pages, table.sheet.as_ref()?))
            .collect();
        let mut found: HashMap<usize, Vec<Layout>> = HashMap::new();
        for (at, (table, sheet)) in self.tables.iter().zip(&sheets).enumerate() {
            let on_sheets = match (&table.sheet, sheet) {
                (Some(_), Some(sheet)) => self
                    .laid_over(table, &pages[*sheet])
                    .map(|layout| vec![(*sheet, layout)])
                    .map_err(|absent| (Place::Sheet(pages[*sheet].name.clone()), absent)),
                (Some(name), None) => {
                    findings.push(unmatched(at, Place::File, no_sheet(pages, name)));
                    continue;
                }
                (None, _) => {
                    let unnamed = unnamed(pages, &sheets);
                    self.on_unnamed(table, pages, unnamed)
                        .map_err(|absent| (Place::File, absent))
                }
            };
            match on_sheets {
                Ok(layouts) => {
                    for (sheet, layout) in layouts {
                        found.entry(sheet).or_default().push(layout);
                    }
                }
                Err((place, absent)) => {
                    let detail = no_number(pages, &place, table, absent);
                    findings.push(unmatched(at, place, detail));
                }
            }
        }
        found
    }

    /// A table on a sheet.
    fn laid_over(&self, table: &Stated, page: &Page<'_>) -> std::result::Result<Layout, Absent> {
        stated::layout(page, table, self.bounds(table))
    }

    /// A table that names no sheet: on those where something is answered, or where it has most numbers if nothing is.
    fn on_unnamed(
        &self,
        table: &Stated,
        pages: &[Page<'_>],
        sheets: Vec<usize>,
    ) -> std::result::Result<Vec<(usize, Layout)>, Absent> {
        let mut absent = Absent::NoNumber;
        let mut found: Vec<(usize, Layout)> = Vec::new();
        for sheet in sheets {
            match self.laid_over(table, &pages[sheet]) {
                Ok(layout) if is_meant(&pages[sheet], &layout) => found.push((sheet, layout)),
                Err(Absent::Mixed) => absent = Absent::Mixed,
                Ok(_) => absent = Absent::Elsewhere,
                Err(Absent::NoNumber | Absent::Elsewhere) => {}
            }
        }
        if found.iter().any(|(_, layout)| layout.answered > 0) {
            found.retain(|(_, layout)| layout.answered > 0);
            return Ok(found);
        }
        let most = found
            .into_iter()
            .max_by_key(|(at, layout)| (layout.slots.len(), std::cmp::Reverse(*at)));
        most.map(|most| vec![most]).ok_or(absent)
    }

    /// How far a table may reach: to the next one below, and over all columns unless another stands beside it.
    fn bounds(&self, table: &Stated) -> Bounds {
        let (first, last) = table.band();
        let mut bounds = Bounds {
            end: u32::MAX,
            band: (0, u32::MAX),
        };
        for other in self.tables.iter().filter(|other| other.is_beside(table)) {
            let (from, to) = other.band();
            let apart = to < first || last < from;
            let below = table.last_row.is_some_and(|last| last < other.start());
            let above = other.last_row.is_some_and(|last| last < table.start());
            if other.start() > table.start() && (below || !apart) {
                bounds.end = bounds.end.min(other.start());
            } else if apart && !above {
                bounds.band = (first, last);
            }
        }
        bounds
    }
}

/// Sheets that no table names and a person sees; one of this tool's own says by itself how it is read.
fn unnamed(pages: &[Page<'_>], named: &[Option<usize>]) -> Vec<usize> {
    let open = pages.iter().enumerate().filter(|(at, page)| {
        page.visible
            && page.has_cells
            && !named.contains(&Some(*at))
            && plain::layout(page.sheet).is_none()
    });
    open.map(|(at, _)| at).collect()
}

/// True if a sheet that no table names is laid out as described: a good part is answered there, or the sheet does
/// not say more by itself. In a folder many sheets have numbers in the same column, and answers elsewhere.
fn is_meant(page: &Page<'_>, layout: &Layout) -> bool {
    let by_itself = || -> usize {
        let found = detect::layouts(page);
        found.iter().map(|layout| layout.answered).sum()
    };
    let good = layout.answered > 0 && layout.answered * 4 >= layout.slots.len();
    good || layout.answered >= by_itself()
}

/// The sheet of this name; one that only differs in width or case where none is exactly so.
fn position(pages: &[Page<'_>], name: &str) -> Option<usize> {
    let exact = pages.iter().position(|page| &*page.name == name);
    exact.or_else(|| {
        let folded = fold(name);
        pages.iter().position(|page| fold(&page.name) == folded)
    })
}

/// A table that is not there; they are counted from 1.
fn unmatched(at: usize, place: Place, detail: Localised) -> Finding {
    Finding::new(rule::LAYOUT_UNMATCHED, place)
        .with("table", Value::plain(at + 1))
        .with("detail", Value::Local(detail))
}

fn no_sheet(pages: &[Page<'_>], name: &str) -> Localised {
    let mut names: Vec<String> = pages
        .iter()
        .take(NAMED)
        .map(|page| show(&page.name, 31))
        .collect();
    if pages.len() > NAMED {
        names.push("…".to_owned());
    }
    let values = [("sheet", show(name, 31)), ("sheets", names.join(" / "))];
    local("layout-no-sheet", &values)
}

fn no_number(pages: &[Page<'_>], place: &Place, table: &Stated, absent: Absent) -> Localised {
    let columns = table.columns.numbers.iter();
    let columns: Vec<String> = columns.map(|column| column_letters(*column)).collect();
    let first = u64::from(table.first_row) + 1;
    let rows = match table.last_row {
        Some(last) => format!("{first}–{}", u64::from(last) + 1),
        None => format!("{first}–…"),
    };
    // Rows of the sheet, or of all sheets where the table names none.
    let of_place = |page: &&Page<'_>| place.sheet().is_none_or(|name| *page.name == *name);
    let used = pages
        .iter()
        .filter(of_place)
        .flat_map(|page| [page.cells.first(), page.cells.last()])
        .flatten()
        .map(|cell| u64::from(cell.row) + 1);
    let used = match (used.clone().min(), used.max()) {
        (Some(from), Some(to)) => format!("{from}–{to}"),
        (_, _) => "–".to_owned(),
    };
    let values = [
        ("columns", columns.join(", ")),
        ("rows", rows),
        ("used", used),
    ];
    match absent {
        Absent::NoNumber => local("layout-no-number", &values),
        Absent::Mixed => local("layout-mixed-numbers", &values),
        Absent::Elsewhere => local("layout-answers-elsewhere", &values),
    }
}

fn local(key: &str, values: &[(&str, String)]) -> Localised {
    let values: Vec<(&str, &str)> = values
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    Localised::label(key, &values)
}
