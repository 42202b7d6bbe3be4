//! The workbook: its part, and the part of each sheet, by the relationships that lead there.

use super::spans::{self, Tag};
use super::{Package, Refusal, relations};
use crate::language::Localised;
use crate::read::ooxml::{attribute, is_true};

/// Whether a sheet is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SheetState {
    Visible,
    Hidden,
    /// Hidden so that Excel's menu does not show it.
    VeryHidden,
}

/// A sheet and its parts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SheetPart {
    /// Its name as the workbook has it.
    pub(crate) name: String,
    /// The path of its part.
    pub(crate) part: String,
    /// The path of its relationships, whether there are any or not.
    pub(crate) relations: String,
    pub(crate) state: SheetState,
    /// The number by which other parts name it.
    pub(crate) id: u32,
    /// True if it has cells; charts and dialogs have none.
    pub(crate) has_cells: bool,
}

/// The workbook.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Book {
    /// The path of its part.
    pub(crate) part: String,
    /// Its sheets in order.
    pub(crate) sheets: Vec<SheetPart>,
    /// True if days are counted from 1904.
    pub(crate) is_1904: bool,
}

impl Book {
    /// Finds the workbook of a package.
    ///
    /// # Errors
    /// Where the package holds no workbook in XML, or the workbook is damaged.
    pub(crate) fn of(package: &mut Package<'_>) -> Result<Self, Refusal> {
        let root = relations::of(package, "")?;
        let part = root
            .into_iter()
            .find(|it| it.kind == "officeDocument" && !it.external)
            .map_or_else(|| "xl/workbook.xml".to_owned(), |it| it.target);
        let part = package.spelled(&part);
        if !part.to_ascii_lowercase().ends_with(".xml") || !package.has(&part) {
            return Err(Localised::label("patch-not-package", &[]));
        }
        let leads = relations::of(package, &part)?;
        let text = package.text(&part)?;
        let mut sheets = Vec::new();
        let mut is_1904 = false;
        spans::walk(&text, |tag| {
            let Tag::Open { element, .. } = tag else {
                return true;
            };
            match element.local_name().as_ref() {
                "workbookPr" => {
                    is_1904 = attribute(element, "date1904").is_some_and(|it| is_true(&it));
                }
                "sheet" => {
                    let name = attribute(element, "name").unwrap_or_default();
                    let state = match attribute(element, "state").as_deref() {
                        Some("hidden") => SheetState::Hidden,
                        Some("veryHidden") => SheetState::VeryHidden,
                        Some(_) | None => SheetState::Visible,
                    };
                    let number = attribute(element, "sheetId").and_then(|id| id.parse().ok());
                    let relation = attribute(element, "id");
                    let lead = leads.iter().find(|it| Some(&it.id) == relation.as_ref());
                    let lead = lead.map(|lead| (lead, package.spelled(&lead.target)));
                    sheets.extend(lead.map(|(lead, part)| SheetPart {
                        name,
                        relations: relations::part_of(&part),
                        part,
                        state,
                        id: number.unwrap_or(0),
                        has_cells: lead.kind == "worksheet",
                    }));
                }
                _ => {}
            }
            true
        })?;
        Ok(Self {
            part,
            sheets,
            is_1904,
        })
    }

    /// The sheet of this name.
    pub(crate) fn sheet(&self, name: &str) -> Option<&SheetPart> {
        self.sheets.iter().find(|sheet| sheet.name == name)
    }

    /// Asks Excel to work out every formula anew when it opens the workbook.
    ///
    /// # Errors
    /// Where the workbook is damaged.
    pub(crate) fn recalculate(&self, package: &mut Package<'_>) -> Result<(), Refusal> {
        let text = package.text(&self.part)?;
        let mut splices = spans::Splices::default();
        let (mut prefix, mut behind) = (String::new(), None);
        spans::walk(&text, |tag| {
            match tag {
                Tag::Open { element, span, .. } => match element.local_name().as_ref() {
                    "workbook" => prefix = spans::prefix(element),
                    "calcPr" => {
                        let tag = &text[span.clone()];
                        splices.put(span, spans::with_attribute(tag, "fullCalcOnLoad", "1"));
                    }
                    "definedNames" | "sheets" | "functionGroups" | "externalReferences" => {
                        behind = Some(span.end);
                    }
                    _ => {}
                },
                Tag::Close { local, span } => {
                    let before = [
                        "definedNames",
                        "sheets",
                        "functionGroups",
                        "externalReferences",
                    ];
                    if before.contains(&local) {
                        behind = Some(span.end);
                    }
                }
            }
            true
        })?;
        if let (true, Some(behind)) = (splices.is_empty(), behind) {
            splices.put(
                behind..behind,
                format!("<{prefix}calcPr fullCalcOnLoad=\"1\"/>"),
            );
        }
        package.replace(&self.part, splices.apply(&text).into_bytes());
        Ok(())
    }
}
