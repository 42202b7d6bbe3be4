//! The sender's workbook with marks on its cells and the list as its first sheet.
//!
//! What an earlier return put there is replaced. Every part that nothing is said about stays as it is packed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::list::{self, Head};
use super::marks::{ASK, COMMENT_START, MEND};
use super::rows::{About, Row};
use crate::language::Language;
use crate::limits::Limits;
use crate::patch::book::{Book, SheetPart};
use crate::patch::sheet::SheetPatch;
use crate::patch::styles::Styles;
use crate::patch::{
    At, Package, Refusal, comments, content_types, elements, legacy, relations, vml, workbook,
};
use crate::place::parse_address;

const SHEET_KIND: &str =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";
const STYLES_KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml";
const COMMENTS_KIND: &str =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";
const DRAWING_KIND: &str = "application/vnd.openxmlformats-officedocument.vmlDrawing";

/// Characters of a comment; whoever needs more reads the list.
const COMMENT_CHARS: usize = 1_200;

/// What goes into a workbook.
pub(super) struct Wanted<'w> {
    pub(super) findings: &'w [Row],
    pub(super) questions: &'w [Row],
    pub(super) head: &'w Head,
    /// The sheet with the list of an earlier return.
    pub(super) earlier: Option<&'w str>,
    pub(super) language: Language,
}

/// A workbook with marks.
#[derive(Debug)]
pub(super) struct Marked {
    pub(super) bytes: Vec<u8>,
    /// Cells that got a colour.
    pub(super) coloured: usize,
    /// Cells that got a comment.
    pub(super) commented: usize,
    /// True if the workbook may hold macros, and so is to be called `.xlsm`.
    pub(super) has_macros: bool,
}

/// What is said at a cell.
struct Mark {
    colour: [u8; 3],
    text: String,
}

/// Marks a workbook.
pub(super) fn issue(bytes: &[u8], wanted: &Wanted<'_>, limits: &Limits) -> Result<Marked, Refusal> {
    let mut package = Package::open(bytes, limits)?;
    let mut book = Book::of(&mut package)?;
    if let Some(earlier) = wanted.earlier {
        take_out(&mut package, &mut book, earlier)?;
    }
    let styles_part = styles_part(&mut package, &book)?;
    let text = package.text(&styles_part).ok();
    let mut styles = Styles::open(text.as_deref()).ok_or_else(|| not_readable(&styles_part))?;
    for sheet in book.sheets.iter().filter(|sheet| sheet.has_cells) {
        styles.reach(&package.text(&sheet.part)?);
    }
    let marks = marks(wanted);
    let none = BTreeMap::new();
    let mut issuer = Issuer {
        taken: highest(&mut package),
        package: &mut package,
        styles: &mut styles,
        originals: HashMap::new(),
        coloured: 0,
        commented: 0,
    };
    for sheet in book.sheets.iter().filter(|sheet| sheet.has_cells) {
        issuer.sheet(sheet, marks.get(&*sheet.name).unwrap_or(&none))?;
    }
    let (coloured, commented) = (issuer.coloured, issuer.commented);
    put_first(&mut package, &book, wanted, &mut styles)?;
    package.replace(&styles_part, styles.finish().into_bytes());
    let has_macros = package
        .text("[Content_Types].xml")?
        .contains("macroEnabled");
    Ok(Marked {
        bytes: package.finish()?,
        coloured,
        commented,
        has_macros,
    })
}

fn not_readable(part: &str) -> Refusal {
    Refusal::label("patch-no-part", &[("part", part)])
}

/// What is said, by sheet and cell. A cell to mend keeps that colour where something is asked there too.
fn marks<'w>(wanted: &Wanted<'w>) -> HashMap<&'w str, BTreeMap<At, Mark>> {
    let mut marks: HashMap<&str, BTreeMap<At, Mark>> = HashMap::new();
    let rows = wanted.findings.iter().take(list::MOST);
    for row in rows.chain(wanted.questions.iter().take(list::MOST)) {
        let (Some(sheet), Some(at)) = (row.listed.sheet.as_deref(), row.at) else {
            continue;
        };
        let colour = match row.about {
            About::Finding(_) => MEND,
            About::Question(_) => ASK,
        };
        let said = crate::text::harmless(&format!("・{}\n　→ {}", row.wrong, row.repair));
        let mark = marks.entry(sheet).or_default().entry(at).or_insert(Mark {
            colour,
            text: String::new(),
        });
        let gap = if mark.text.is_empty() { "" } else { "\n" };
        if mark.text.chars().count() + said.chars().count() <= COMMENT_CHARS {
            mark.text.push_str(gap);
            mark.text.push_str(&said);
        } else if !mark.text.ends_with('…') {
            let rest = COMMENT_CHARS.saturating_sub(mark.text.chars().count());
            mark.text.push_str(gap);
            mark.text.extend(said.chars().take(rest));
            mark.text.push('…');
        }
    }
    marks
}

/// Takes the list of an earlier return out.
fn take_out(package: &mut Package<'_>, book: &mut Book, name: &str) -> Result<(), Refusal> {
    let Some(position) = book.sheets.iter().position(|sheet| sheet.name == name) else {
        return Ok(());
    };
    let text = package.text(&book.part)?;
    let Some(text) = workbook::remove(&text, name) else {
        return Ok(());
    };
    let sheet = book.sheets.remove(position);
    package.replace(&book.part, text.into_bytes());
    relations::remove(package, &book.part, &sheet.part)?;
    content_types::remove(package, &sheet.part)?;
    package.remove(&sheet.part);
    package.remove(&sheet.relations);
    Ok(())
}

/// The path of the styles; a part is named where there is none.
fn styles_part(package: &mut Package<'_>, book: &Book) -> Result<String, Refusal> {
    let known = relations::of(package, &book.part)?
        .into_iter()
        .find(|it| it.kind == "styles");
    if let Some(known) = known {
        return Ok(known.target);
    }
    let part = free(package, "xl/styles", ".xml");
    relations::add(package, &book.part, "styles", &part)?;
    content_types::set_part(package, &part, STYLES_KIND)?;
    Ok(part)
}

/// A path that no part has yet.
fn free(package: &Package<'_>, start: &str, end: &str) -> String {
    (1..)
        .map(|number| format!("{start}{number}{end}"))
        .find(|path| !package.has(path))
        .expect("numbers do not end")
}

/// The highest stretch of numbers that a drawing of the workbook uses.
fn highest(package: &mut Package<'_>) -> usize {
    let names: Vec<String> = package
        .names()
        .filter(|name| name.to_ascii_lowercase().ends_with(".vml"))
        .map(str::to_owned)
        .collect();
    let of = |name: &String| package.text(name).map_or(0, |text| vml::highest(&text));
    names.iter().map(of).max().unwrap_or(0)
}

struct Issuer<'p, 'b> {
    package: &'p mut Package<'b>,
    styles: &'p mut Styles,
    /// What a format was before it was coloured, by format.
    originals: HashMap<u32, Option<u32>>,
    taken: usize,
    coloured: usize,
    commented: usize,
}

impl Issuer<'_, '_> {
    /// Marks the cells of a sheet, and takes earlier marks off.
    fn sheet(&mut self, sheet: &SheetPart, marks: &BTreeMap<At, Mark>) -> Result<(), Refusal> {
        if marks.is_empty() && !self.styles.has_marks() && !self.has_comments(sheet)? {
            return Ok(());
        }
        let text = self.package.text(&sheet.part)?;
        let mut patch = SheetPatch::new(&text)?;
        let styled: Vec<(At, u32)> = patch.styled().collect();
        for ((row, column), style) in styled {
            if let Some(original) = self.original(style) {
                patch.set_style(row, column, original)?;
            }
        }
        for ((row, column), mark) in marks {
            let style = patch.style(*row, *column).unwrap_or(0);
            let style = self.styles.coloured(style, mark.colour);
            patch.set_style(*row, *column, style)?;
            self.coloured += 1;
        }
        let anchored: BTreeMap<At, String> = marks
            .iter()
            .map(|(at, mark)| (patch.anchor(at.0, at.1), mark.text.clone()))
            .collect();
        let changed = if patch.is_empty() {
            text
        } else {
            let bytes = patch.apply()?.bytes;
            String::from_utf8(bytes).map_err(|_| not_readable(&sheet.part))?
        };
        let changed = self.comments(sheet, changed, &anchored)?;
        let before = self.package.text(&sheet.part)?;
        if changed != before {
            self.package.replace(&sheet.part, changed.into_bytes());
        }
        Ok(())
    }

    fn original(&mut self, style: u32) -> Option<u32> {
        let styles = &mut *self.styles;
        *self
            .originals
            .entry(style)
            .or_insert_with(|| styles.original(style))
    }

    /// True if an earlier return says something in the comments of a sheet.
    fn has_comments(&mut self, sheet: &SheetPart) -> Result<bool, Refusal> {
        let leads = relations::of(self.package, &sheet.part)?;
        let comments = leads.into_iter().find(|it| it.kind == "comments");
        let text = comments.and_then(|it| self.package.text(&it.target).ok());
        Ok(text.is_some_and(|text| text.contains(COMMENT_START)))
    }

    /// Says the texts in comments. The sheet comes back with a lead to the drawing that they need.
    fn comments(
        &mut self,
        sheet: &SheetPart,
        text: String,
        texts: &BTreeMap<At, String>,
    ) -> Result<String, Refusal> {
        let leads = relations::of(self.package, &sheet.part)?;
        let known = leads
            .iter()
            .find(|it| it.kind == "comments")
            .map(|it| it.target.clone());
        let old = known
            .as_ref()
            .map(|part| self.package.text(part))
            .transpose()?;
        let mut threads = BTreeSet::new();
        for lead in leads.iter().filter(|it| it.kind == "threadedComment") {
            threads.extend(threaded(&self.package.text(&lead.target)?));
        }
        // A part of comments that is none is left alone, and so is its sheet.
        let Some(said) = comments::say(old.as_deref(), texts, &threads) else {
            return Ok(text);
        };
        let new = texts.iter().filter(|(at, _)| said.added.contains(at));
        let shapes = legacy::boxes(&text, new.map(|(at, text)| (*at, text.as_str())));
        let drawing = legacy::lead(&text)
            .and_then(|id| leads.iter().find(|it| it.id == id))
            .map(|it| it.target.clone());
        let drawn = drawing
            .as_ref()
            .map(|part| self.package.text(part))
            .transpose()?;
        let redrawn = vml::redraw(drawn.as_deref(), &said.removed, &shapes, self.taken);
        if !shapes.is_empty() && redrawn.is_none() {
            // Without a shape nobody sees a comment.
            return Ok(text);
        }
        self.commented += texts
            .keys()
            .filter(|at| !said.threaded.contains(at))
            .count();
        if let Some(xml) = said.xml {
            let part = match known {
                Some(part) => part,
                None => self.part(sheet, "xl/comments", ".xml", "comments")?,
            };
            content_types::set_part(self.package, &part, COMMENTS_KIND)?;
            self.package.replace(&part, xml.into_bytes());
        }
        let Some(redrawn) = redrawn else {
            return Ok(text);
        };
        self.taken = self.taken.max(vml::highest(&redrawn));
        let (part, text) = match drawing {
            Some(part) => (part, text),
            None => {
                let part = free(self.package, "xl/drawings/vmlDrawing", ".vml");
                let id = relations::add(self.package, &sheet.part, "vmlDrawing", &part)?;
                content_types::set_ending(self.package, "vml", DRAWING_KIND)?;
                let led = legacy::with_lead(&text, &id).ok_or_else(|| not_readable(&sheet.part))?;
                (part, led)
            }
        };
        self.package.replace(&part, redrawn.into_bytes());
        Ok(text)
    }

    /// A new part that a sheet relates to.
    fn part(
        &mut self,
        sheet: &SheetPart,
        start: &str,
        end: &str,
        kind: &str,
    ) -> Result<String, Refusal> {
        let part = free(self.package, start, end);
        relations::add(self.package, &sheet.part, kind, &part)?;
        Ok(part)
    }
}

/// The cells on which threads hang.
fn threaded(text: &str) -> Vec<At> {
    let comments = elements::root(text)
        .map(|root| root.children())
        .unwrap_or_default();
    let cells = comments
        .iter()
        .filter_map(|it| parse_address(&it.attribute("ref")?));
    cells.collect()
}

/// Puts the list before the sender's sheets.
fn put_first(
    package: &mut Package<'_>,
    book: &Book,
    wanted: &Wanted<'_>,
    styles: &mut Styles,
) -> Result<(), Refusal> {
    let sheets: Vec<String> = book.sheets.iter().map(|sheet| sheet.name.clone()).collect();
    let taken: Vec<&str> = sheets.iter().map(String::as_str).collect();
    let name = workbook::free_name(&wanted.language.label("return-tab"), &taken);
    let written = list::write(
        wanted.head,
        wanted.findings,
        wanted.questions,
        &sheets,
        styles,
        wanted.language,
    );
    let part = free(package, "xl/worksheets/sheet", ".xml");
    package.add(&part, written.xml.into_bytes());
    content_types::set_part(package, &part, SHEET_KIND)?;
    let relation = relations::add(package, &book.part, "worksheet", &part)?;
    let sheet = workbook::quoted(&name);
    let titles = format!("{sheet}!${0}:${0}", written.heading);
    let filter = format!("{sheet}!{}", written.table);
    let names = [
        ("_xlnm._FilterDatabase", filter.as_str(), true),
        ("_xlnm.Print_Titles", titles.as_str(), false),
    ];
    let text = package.text(&book.part)?;
    let text = workbook::insert_first(&text, &name, &relation, &names)
        .ok_or_else(|| not_readable(&book.part))?;
    package.replace(&book.part, text.into_bytes());
    Ok(())
}
