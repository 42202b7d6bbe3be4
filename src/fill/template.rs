//! The template: the workbook to be filled, with where each of its items stands.

use std::collections::BTreeSet;

use super::FillOptions;
use super::pairing;
use crate::disclosure::{At, Disclosure, Entry, Page, Standing, recognise_standing};
use crate::finding::Finding;
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
    /// True if its sheets were held to be ones that nobody has answered.
    pub(super) unanswered: bool,
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
            unanswered: false,
            book,
            formats,
            styles,
        };
        template.recognise(options, answers);
        if template.disclosures.is_empty() {
            return Err(Localised::label("fill-no-table", &[]));
        }
        Ok(template)
    }

    /// Reads the template in the way in which most of the answers have a place: as any sheet is read, then as one
    /// that nobody has answered, then as one of the form of the answers, which a blank sheet may not tell.
    fn recognise(&mut self, options: &FillOptions<'_>, answers: &[Disclosure]) {
        let mut forms: Vec<_> = answers.iter().map(|it| it.form.clone()).collect();
        forms.dedup_by(|one, other| one.id == other.id);
        let held = options.read.forced.is_none().then(|| Catalog::of(forms));
        let ways = [
            (None, false),
            (None, true),
            (held.clone(), false),
            (held, true),
        ];
        let asked: usize = answers.iter().map(|it| said(it).count()).sum();
        let mut most = None;
        for (held, unanswered) in ways {
            let held_known = held.is_some()
                && self
                    .disclosures
                    .iter()
                    .any(|it| it.form.source != FormSource::Derived);
            let (disclosures, standings) =
                recognised(&self.workbook, held.as_ref(), unanswered, options);
            let placed = placed(answers, &disclosures);
            // What a sheet says of its form counts more than what it might be.
            let differs = held_known && forms_of(&disclosures) != forms_of(&self.disclosures);
            if most.is_none_or(|most| placed > most && !differs) {
                most = Some(placed);
                self.disclosures = disclosures;
                self.standings = standings;
                self.held = held;
                self.unanswered = unanswered;
            }
            if placed == asked {
                return;
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

    /// True if a cell holds a formula, which may show nothing.
    pub(super) fn has_formula(&self, sheet: usize, at: At) -> bool {
        let styles = self.styles[sheet].as_ref();
        styles.is_some_and(|styles| styles.has_formula(at.0, at.1))
    }

    /// The position of a sheet of this name.
    pub(super) fn sheet(&self, name: &str) -> Option<usize> {
        let mut sheets = self.workbook.sheets.iter();
        sheets.position(|sheet| &*sheet.name == name)
    }
}

/// The cells of a workbook. One that is not read to its end is not filled: what lies behind the damage is not known.
pub(super) fn grid(source: &Source, options: &FillOptions<'_>) -> Result<Workbook, Localised> {
    let reading = read::read(source, &options.read.limits);
    let stop = reading.findings.iter().find(|it| it.stops_reading());
    match (reading.content, stop) {
        (Content::Grid(workbook), None) => Ok(workbook),
        (_, stop) => Err(stop
            .or(reading.findings.first())
            .map_or_else(|| Localised::label("fill-not-xlsx", &[]), refusal)),
    }
}

/// What a finding says, with the sheet that it is about.
fn refusal(finding: &Finding) -> Localised {
    let told = |language| match finding.place.sheet() {
        Some(sheet) => format!("{sheet}: {}", finding.message(language)),
        None => finding.message(language),
    };
    Localised {
        ja: told(Language::Ja),
        en: told(Language::En),
    }
}

/// The disclosures of a workbook and where they stand.
pub(super) fn recognised(
    workbook: &Workbook,
    held: Option<&Catalog>,
    unanswered: bool,
    options: &FillOptions<'_>,
) -> (Vec<Disclosure>, Vec<Standing>) {
    let (recognised, standings) = recognise_standing(
        workbook,
        &options.read.catalog,
        held.or(options.read.forced.as_ref()),
        options.read.layouts.as_ref(),
        &options.read.limits,
        unanswered,
    );
    (recognised.disclosures, standings)
}

/// The entries that say anything.
fn said(disclosure: &Disclosure) -> impl Iterator<Item = &Entry> {
    disclosure.entries.iter().filter(|it| pairing::says(it))
}

/// How many of the answers have a place in the disclosure that suits them best.
fn placed(answers: &[Disclosure], targets: &[Disclosure]) -> usize {
    let best = |answers: &Disclosure| {
        let fitting = targets
            .iter()
            .filter(|target| pairing::agree(answers, target).is_some());
        let places = fitting.map(|target| {
            said(answers)
                .filter(|it| pairing::counterpart(it, target).is_some())
                .count()
        });
        places.max().unwrap_or(0)
    };
    answers.iter().map(best).sum()
}

fn forms_of(disclosures: &[Disclosure]) -> BTreeSet<&str> {
    let forms = disclosures.iter().map(|it| it.form.id.as_str());
    forms.collect()
}
