//! Where a disclosure stands in its workbook, for what writes into it.

use super::GivenLayouts;
use super::build::Part;
use super::layout::{Layout, Slot};
use super::page::Page;
use super::recognise::{Recognised, recognise_all};
use crate::form::Catalog;
use crate::limits::Limits;
use crate::read::grid::Workbook;

/// Where an entry of a disclosure stands: in which of its tables, and where in it.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// The table's position among those of the disclosure.
    pub(crate) table: usize,
    pub(crate) slot: Slot,
}

/// A table of a disclosure, and the sheet it stands on.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    /// The sheet's position in the workbook.
    pub(crate) sheet: usize,
    pub(crate) layout: Layout,
    /// The first row of the sheet that belongs to the disclosure.
    pub(crate) given_from: u32,
}

/// Where a disclosure stands: its tables, and where in them each of its entries.
#[derive(Clone, Debug, Default)]
pub(crate) struct Standing {
    pub(crate) tables: Vec<Table>,
    /// In the order of the entries.
    pub(crate) sites: Vec<Site>,
}

/// Recognises the disclosures of a workbook and tells where each stands, in the order of the disclosures. With
/// `unanswered`, what may be a sheet of remarks is held to be a table that nobody has answered yet.
pub(crate) fn recognise_standing(
    workbook: &Workbook,
    catalog: &Catalog,
    forced: Option<&Catalog>,
    given: Option<&GivenLayouts>,
    limits: &Limits,
    unanswered: bool,
) -> (Recognised, Vec<Standing>) {
    let mut standings = Vec::new();
    let recognised = recognise_all(
        workbook,
        catalog,
        forced,
        given,
        limits,
        Some(&mut standings),
        unanswered,
    );
    (recognised, standings)
}

/// The tables of a disclosure, to hand out.
pub(super) fn tables(parts: &[Part<'_>], pages: &[Page<'_>]) -> Vec<Table> {
    let table = |part: &Part<'_>| {
        let sheet = pages.iter().position(|page| std::ptr::eq(page, part.page));
        Table {
            sheet: sheet.expect("every part is on one of the pages"),
            layout: part.layout.clone(),
            given_from: part.given_from,
        }
    };
    parts.iter().map(table).collect()
}
