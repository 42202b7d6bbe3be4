//! Excel binary workbooks (`.xlsb`): a zip package like `.xlsx`, its parts in records.
//!
//! Source of the records: MS-XLSB.

mod record;
mod sheet;
mod styles;

use std::collections::HashMap;

use self::record::{Record, Records};
use self::styles::Styles;
use super::budget::{Budget, empty_sheet, held_by, settle, too_many_strings};
use super::grid::Workbook;
use super::members::Members;
use super::pull::{Pull, Space, Token};
use super::runs::Text;
use super::{Content, Reading, broken};
use crate::finding::{Finding, Value, rule};
use crate::limits::Limits;
use crate::place::Place;

/// Reads a package with a binary workbook in it.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Reading {
    workbook(bytes, limits).unwrap_or_else(Reading::refused)
}

fn workbook(bytes: &[u8], limits: &Limits) -> Result<Reading, Finding> {
    let mut members = Members::open(bytes, limits)?;
    let relations = relations(&mut members, "xl/_rels/workbook.bin.rels", limits)?;
    let mut book = Book {
        is_1904: false,
        styles: Styles::default(),
        strings: Vec::new(),
    };
    let part = members.get("xl/workbook.bin")?.unwrap_or_default();
    let bounds = book.bounds(&part, &mut Budget::new(bytes.len(), limits))?;
    if bounds.is_empty() {
        return Err(broken(Place::File, "detail-no-sheet"));
    }
    if let Some(part) = members.get("xl/styles.bin")? {
        book.styles.read(&part)?;
    }
    if let Some(part) = members.get("xl/sharedStrings.bin")? {
        book.strings(&part, limits)?;
    }
    // The longest sheet is held while its cells are taken.
    let held = bytes.len() + members.longest("xl/worksheets/");
    let mut reading = book.sheets(&mut members, &bounds, &relations, held, limits);
    beside_sheets(&mut members, limits, &mut reading)?;
    Ok(reading)
}

/// Macros, and files that values are from.
fn beside_sheets(
    members: &mut Members<'_>,
    limits: &Limits,
    reading: &mut Reading,
) -> Result<(), Finding> {
    let names: Vec<String> = members.names().map(str::to_ascii_lowercase).collect();
    if names
        .iter()
        .any(|name| name.ends_with("vbaproject.bin") || name.contains("macrosheets/"))
    {
        reading
            .findings
            .push(Finding::new(rule::FILE_MACRO, Place::File));
    }
    for name in names
        .iter()
        .filter(|name| name.contains("externallinks/_rels/"))
    {
        for (_, relation) in relations(members, name, limits)? {
            reading.findings.push(
                Finding::new(rule::FILE_EXTERNAL_LINK, Place::File)
                    .with("target", Value::quoted(relation.target)),
            );
        }
    }
    Ok(())
}

/// What a part says about another.
struct Relation {
    target: String,
    kind: String,
}

fn relations(
    members: &mut Members<'_>,
    name: &str,
    limits: &Limits,
) -> Result<HashMap<String, Relation>, Finding> {
    let mut found = HashMap::new();
    let Some(text) = members.text(name)? else {
        return Ok(found);
    };
    let mut pull = Pull::of_part(&text, limits);
    while let Some(token) = pull.next()? {
        if let Token::Start(_, element) = token
            && element.local_name().as_ref() == "Relationship"
            && let Some(id) = pull.attribute(&element, Space::None, "Id")
        {
            let attribute = |local| {
                let value = pull.attribute(&element, Space::None, local);
                value.unwrap_or_default()
            };
            let relation = Relation {
                target: attribute("Target"),
                kind: attribute("Type"),
            };
            found.insert(id, relation);
        }
    }
    Ok(found)
}

/// The path of a part that a part in `folder` names.
fn path(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut folders: Vec<&str> = folder.split('/').collect();
    let mut rest = target;
    while let Some(up) = rest.strip_prefix("../") {
        folders.pop();
        rest = up;
    }
    folders.push(rest.trim_start_matches("./"));
    folders.join("/")
}

/// What all sheets share.
struct Book {
    is_1904: bool,
    styles: Styles,
    strings: Vec<Text>,
}

/// A sheet as the workbook lists it.
struct Bound {
    name: String,
    visible: bool,
    relation: String,
}

impl Book {
    fn bounds(&mut self, part: &[u8], budget: &mut Budget<'_>) -> Result<Vec<Bound>, Finding> {
        let mut bounds = Vec::new();
        let mut records = Records::new(part);
        while let Some(Record { kind, mut data }) = records.next()? {
            match kind {
                record::WORKBOOK => self.is_1904 = data.u32().unwrap_or(0) & 1 != 0,
                record::SHEET => {
                    budget.sheet()?;
                    let state = data.u32().unwrap_or(0);
                    data.skip(4);
                    let relation = data.text();
                    bounds.push(Bound {
                        name: data.text(),
                        visible: state == 0,
                        relation,
                    });
                }
                _ => {}
            }
        }
        Ok(bounds)
    }

    fn strings(&mut self, part: &[u8], limits: &Limits) -> Result<(), Finding> {
        let mut records = Records::new(part);
        while let Some(Record { kind, mut data }) = records.next()? {
            if kind == record::SHARED_ITEM {
                too_many_strings(self.strings.len(), limits)?;
                self.strings.push(data.rich_text());
            }
        }
        Ok(())
    }

    fn sheets(
        &self,
        members: &mut Members<'_>,
        bounds: &[Bound],
        relations: &HashMap<String, Relation>,
        held: usize,
        limits: &Limits,
    ) -> Reading {
        let mut budget = Budget::new(held + held_by(&self.strings), limits);
        let mut findings = Vec::new();
        let mut sheets = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for bound in bounds {
            let mut sheet = empty_sheet(&bound.name, bound.visible);
            let relation = relations.get(&bound.relation);
            let part = relation.map(|relation| path("xl", &relation.target));
            let part = part.filter(|part| part.to_ascii_lowercase().contains("worksheets/"));
            sheet.has_cells = part.is_some();
            if let Some(part) = part {
                // A part that two sheets claim to be would be read again and again.
                let read = if seen.insert(part.clone()) {
                    self.sheet(members, &part, &mut sheet, &mut budget, limits)
                } else {
                    Err(broken(
                        Place::Sheet(sheet.name.clone()),
                        "detail-contradictory",
                    ))
                };
                if let Err(finding) = read {
                    let whole_file = finding.rule == rule::FILE_TOO_LARGE;
                    findings.push(finding);
                    if whole_file {
                        return Reading {
                            content: Content::Nothing,
                            findings,
                        };
                    }
                }
            }
            settle(&mut sheet);
            sheets.push(sheet);
        }
        findings.extend(budget.left_out());
        Reading {
            content: Content::Grid(Workbook {
                sheets,
                ..Workbook::default()
            }),
            findings,
        }
    }

    fn sheet(
        &self,
        members: &mut Members<'_>,
        part: &str,
        sheet: &mut super::grid::Sheet,
        budget: &mut Budget<'_>,
        limits: &Limits,
    ) -> Result<(), Finding> {
        let Some(content) = members.get(part)? else {
            let place = Place::Sheet(sheet.name.clone());
            return Err(broken(place, "detail-contradictory"));
        };
        sheet::cells(self, &content, sheet, budget)?;
        drop(content);
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let relations = relations(members, &format!("{folder}/_rels/{file}.rels"), limits)?;
        let comments = relations
            .values()
            .find(|relation| relation.kind.ends_with("/comments"));
        if let Some(relation) = comments
            && let Some(content) = members.get(&path(folder, &relation.target))?
        {
            sheet::comments(&content, sheet, budget)?;
        }
        Ok(())
    }
}
