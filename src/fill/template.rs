//! The template: the workbook to be filled, with where each of its items stands.

use super::FillOptions;
use super::pairing;
use crate::disclosure::{At, Disclosure, Page, Standing, recognise_standing};
use crate::form::{Catalog, FormSource};
use crate::language::{Language, Localised};
use crate::patch::Package;
use crate::patch::book::Book;
use crate::patch::formats::Formats;
use crate::patch::sheet::Styles;
use crate::read::grid::Workbook;
use crate::read::{self, Content};
use crate::source::Source;

/// A workbook to be filled.
pub(super) struct Template<'s> {
    pub(super) source: &'s Source,
    pub(super) workbook: Workbook,
    pub(super) disclosures: Vec<Disclosure>,
    /// In the order of the disclosures.
    pub(super) standings: Vec<Standing>,
    /// The form that the tables were held to be of, where they do not tell theirs.
    pub(super) held: Option<Catalog>,
    pub(super) book: Book,
    pub(super) formats: Formats,
    /// The styles of the cells of each sheet, where they can be told.
    pub(super) styles: Vec<Option<Styles>>,
}

impl<'s> Template<'s> {
    /// Reads a template for some answers.
    pub(super) fn read(
        source: &'s Source,
        options: &FillOptions<'_>,
        answers: &[Disclosure],
    ) -> Result<Self, Localised> {
        if !source.bytes.starts_with(b"PK") {
            return Err(Localised::label("fill-not-xlsx", &[]));
        }
        let mut package = Package::open(&source.bytes, &options.read.limits)?;
        let Ok(book) = Book::of(&mut package) else {
            return Err(Localised::label("fill-not-xlsx", &[]));
        };
        let formats = Formats::of(&mut package, &book)?;
        let workbook = grid(source, options)?;
        let styles = workbook.sheets.iter().map(|sheet| {
            let part = book.sheet(&sheet.name).filter(|_| sheet.has_cells)?;
            Styles::of(&package.text(&part.part).ok()?).ok()
        });
        let styles = styles.collect();
        let mut template = Self {
            source,
            workbook,
            disclosures: Vec::new(),
            standings: Vec::new(),
            held: None,
            book,
            formats,
            styles,
        };
        template.recognise(options);
        template.hold_to_be(options, answers);
        if template.disclosures.is_empty() {
            return Err(Localised::label("fill-no-table", &[]));
        }
        Ok(template)
    }

    fn recognise(&mut self, options: &FillOptions<'_>) {
        (self.disclosures, self.standings) =
            recognised(&self.workbook, self.held.as_ref(), options);
    }

    /// A blank sheet of a form that nobody knows does not tell its form; it may be that of the answers.
    fn hold_to_be(&mut self, options: &FillOptions<'_>, answers: &[Disclosure]) {
        if options.read.forced.is_some() {
            return;
        }
        let is_open = |it: &&Disclosure| it.form.source == FormSource::Derived;
        let known = self.disclosures.len() - self.disclosures.iter().filter(is_open).count();
        let unmatched = answers.iter().find(|answers| {
            let mut targets = self.disclosures.iter();
            !targets.any(|target| pairing::agree(answers, target).is_some())
        });
        if let (Some(unmatched), 0) = (unmatched, known) {
            let before = (
                std::mem::take(&mut self.disclosures),
                std::mem::take(&mut self.standings),
            );
            self.held = Some(Catalog::of(vec![unmatched.form.clone()]));
            self.recognise(options);
            let mut targets = self.disclosures.iter();
            if !targets.any(|target| pairing::agree(unmatched, target).is_some()) {
                self.held = None;
                (self.disclosures, self.standings) = before;
            }
        }
    }

    /// The pages of the workbook.
    pub(super) fn pages(&self) -> Vec<Page<'_>> {
        self.workbook.sheets.iter().map(Page::new).collect()
    }

    /// True if a cell shows a number as a day.
    pub(super) fn shows_days(&self, sheet: usize, at: At) -> bool {
        let styles = self.styles[sheet].as_ref();
        styles.is_some_and(|styles| self.formats.is_date(styles.style(at.0, at.1)))
    }

    /// The position of a sheet of this name.
    pub(super) fn sheet(&self, name: &str) -> Option<usize> {
        let mut sheets = self.workbook.sheets.iter();
        sheets.position(|sheet| &*sheet.name == name)
    }
}

/// The cells of a workbook.
pub(super) fn grid(source: &Source, options: &FillOptions<'_>) -> Result<Workbook, Localised> {
    let reading = read::read(source, &options.read.limits);
    match reading.content {
        Content::Grid(workbook) => Ok(workbook),
        Content::Tree(_) | Content::Nothing => Err(reading.findings.first().map_or_else(
            || Localised::label("fill-not-xlsx", &[]),
            |finding| Localised {
                ja: finding.message(Language::Ja),
                en: finding.message(Language::En),
            },
        )),
    }
}

/// The disclosures of a workbook and where they stand.
pub(super) fn recognised(
    workbook: &Workbook,
    held: Option<&Catalog>,
    options: &FillOptions<'_>,
) -> (Vec<Disclosure>, Vec<Standing>) {
    let (recognised, standings) = recognise_standing(
        workbook,
        &options.read.catalog,
        held.or(options.read.forced.as_ref()),
        options.read.layouts.as_ref(),
    );
    (recognised.disclosures, standings)
}
