//! Changes to a workbook, and the package written with them.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::header;
use super::plan::Task;
use super::template::Template;
use crate::disclosure::At;
use crate::form::Field;
use crate::language::Localised;
use crate::limits::Limits;
use crate::patch::sheet::{SheetPatch, Stretch};
use crate::patch::{Package, calc_chain, controls};
use crate::read::beside::BoxSource;

/// A change to a cell, or to a control over one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Change {
    /// The sheet, by position in the workbook.
    pub(super) sheet: usize,
    pub(super) at: At,
    pub(super) to: To,
}

/// What a cell is changed to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum To {
    Text(String),
    Number(f64),
    Bool(bool),
    Stretches(Vec<Stretch>),
    /// A field behind its label within the text of the cell.
    Behind(Field, String),
    Tick {
        source: BoxSource,
        on: bool,
        /// The cell that shows the state.
        linked: Option<At>,
        /// Which of the options of its group it is, from one.
        ordinal: u32,
    },
    Nothing,
}

/// Writes what the tasks ask for. A task that cannot be written goes on to its next way.
pub(super) fn write(
    template: &Template<'_>,
    tasks: &mut [Task],
    limits: &Limits,
) -> Result<Vec<u8>, Localised> {
    let mut package = Package::open(&template.source.bytes, limits)?;
    let mut sheets: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, task) in tasks.iter().enumerate() {
        let mut known = HashSet::new();
        for change in task.changes() {
            if known.insert(change.sheet) {
                sheets.entry(change.sheet).or_default().push(at);
            }
        }
    }
    let mut removed: HashSet<(u32, At)> = HashSet::new();
    let mut with_formulas = false;
    for (sheet, on_sheet) in sheets {
        let name = &template.workbook.sheets[sheet].name;
        let part = template.book.sheet(name);
        let part = part.ok_or_else(|| Localised::label("patch-no-part", &[("part", name)]))?;
        let text = package.text(&part.part)?;
        let mut patch = SheetPatch::new(&text)?;
        with_formulas |= patch.has_formulas();
        let mut writer = Writer {
            template,
            package: &mut package,
            sheet,
            patch: &mut patch,
            behind: HashMap::new(),
        };
        for at in on_sheet {
            let changes = tasks[at].changes().to_vec();
            let own = changes.iter().filter(|change| change.sheet == sheet);
            let written: Result<Vec<()>, Localised> =
                own.map(|change| writer.write(change)).collect();
            if let Err(reason) = written {
                tasks[at].next_way(Some(reason));
            }
        }
        let id = part.id;
        let name = part.part.clone();
        if !patch.is_empty() {
            let patched = patch.apply()?;
            removed.extend(patched.formulas_removed.into_iter().map(|at| (id, at)));
            package.replace(&name, patched.bytes);
        }
    }
    calc_chain::forget(&mut package, &template.book, &removed)?;
    if with_formulas {
        template.book.recalculate(&mut package)?;
    }
    package.finish()
}

struct Writer<'w, 't, 'b, 'p> {
    template: &'w Template<'t>,
    package: &'w mut Package<'b>,
    sheet: usize,
    patch: &'w mut SheetPatch<'p>,
    /// Texts of cells in which several fields are written one after the other.
    behind: HashMap<At, String>,
}

impl Writer<'_, '_, '_, '_> {
    fn write(&mut self, change: &Change) -> Result<(), Localised> {
        let (row, column) = change.at;
        match &change.to {
            To::Text(text) => self.patch.set_text(row, column, text),
            To::Number(value) => self.patch.set_number(row, column, *value),
            To::Bool(value) => self.patch.set_bool(row, column, *value),
            To::Nothing => self.patch.clear(row, column),
            To::Stretches(stretches) => {
                let font = self.template.formats.font(self.patch.style(row, column));
                self.patch
                    .set_stretches(row, column, stretches.clone(), font)
            }
            To::Behind(field, value) => {
                let before = || self.template.workbook.sheets[self.sheet].text(row, column);
                let text = self.behind.get(&change.at).cloned();
                let text = text.unwrap_or_else(|| before().into_owned());
                let text = header::behind_label(&text, *field, value)
                    .ok_or_else(|| Localised::label("fill-no-field", &[]))?;
                self.patch.set_text(row, column, &text)?;
                self.behind.insert(change.at, text);
                Ok(())
            }
            To::Tick {
                source,
                on,
                linked,
                ordinal,
            } => self.tick(source, *on, *linked, *ordinal),
        }
    }

    fn tick(
        &mut self,
        source: &BoxSource,
        on: bool,
        linked: Option<At>,
        ordinal: u32,
    ) -> Result<(), Localised> {
        let name = &self.template.workbook.sheets[self.sheet].name;
        let part = self.template.book.sheet(name);
        let part = part.ok_or_else(|| Localised::label("patch-no-control", &[]))?;
        let kind = controls::tick(self.package, part, source, on)?;
        match (linked, kind) {
            (Some((row, column)), controls::Control::Check) => self.patch.set_bool(row, column, on),
            (Some((row, column)), controls::Control::Option) if on => {
                self.patch.set_number(row, column, f64::from(ordinal))
            }
            (Some(_), controls::Control::Option) | (None, _) => Ok(()),
        }
    }
}
